/* test_db.c - transactions, statements, errors and identifiers, on both engines. */
#include "testdb.h"
#include "db/audit_sql.h"
#include "db/db.h"
#include "db/job_sql.h"

#include <inttypes.h>

#define NAME(what) testdb_name(t, what)

static int add(struct ctx *cx, int64_t id, const char *key)
{
    return job_add(cx,
                   &(struct job_add_in){.region_id = 61,
                                        .id = id,
                                        .kind = "test",
                                        .job_key = key,
                                        .args = "{\"көше\": \"Тәуке хан\"}",
                                        .lang = "kk",
                                        .created_us = 7},
                   NULL);
}

struct plan {
    int64_t first, second;
    int rc; /* what the outer function returns */
    bool inner_fails;
    int inner_rc;
};

static int inner(struct ctx *cx, void *arg)
{
    struct plan *p = arg;
    TRY(add(cx, p->second, ""));
    return p->inner_fails ? fail(cx, ERR_LIMIT, "inner") : OK;
}

static int outer(struct ctx *cx, void *arg)
{
    struct plan *p = arg;
    TRY(add(cx, p->first, ""));
    if (p->second)
        p->inner_rc = db_tx(cx, inner, p);
    return p->rc ? fail(cx, p->rc, "outer") : OK;
}

static int duplicate_key(struct ctx *cx, void *arg)
{
    return db_exec(cx, arg);
}

static char SAME_KEY[] =
    "INSERT INTO schema_version (version, name, checksum, applied_us) VALUES (1, '', '', 0)";

/* Makes nothing of a conflict, in the transaction itself or in a nested one. */
static int swallow(struct ctx *cx, void *arg)
{
    bool nested = arg != NULL;
    TRY(add(cx, nested ? 21 : 20, ""));
    int rc = nested ? db_tx(cx, duplicate_key, SAME_KEY) : duplicate_key(cx, SAME_KEY);
    if (rc != ERR_CONFLICT)
        return fail(cx, ERR_LIMIT, "no conflict");
    return nested ? add(cx, 22, "") : OK;
}

static bool exists(struct testdb *t, int64_t id)
{
    struct job_stop_asked_row row;
    bool found = false;
    testdb_must(t, job_stop_asked(&t->cx, 61, id, &row, &found), "read");
    return found;
}

static void transactions(struct testdb *t)
{
    struct plan p = {.first = 1};
    ok(db_tx(&t->cx, outer, &p) == OK && exists(t, 1), NAME("a transaction is visible after db_tx"));
    p = (struct plan){.first = 2, .rc = ERR_DENIED};
    is_int(db_tx(&t->cx, outer, &p), ERR_DENIED, NAME("db_tx returns the error of its function"));
    is_str(t->cx.err_text, "outer", NAME("and its message"));
    ok(!exists(t, 2), NAME("and takes the changes back"));
    p = (struct plan){.first = 3, .second = 4, .inner_fails = true};
    ok(db_tx(&t->cx, outer, &p) == OK && p.inner_rc == ERR_LIMIT,
       NAME("a nested transaction fails for itself"));
    ok(exists(t, 3) && !exists(t, 4), NAME("and only its own changes are taken back"));
    p = (struct plan){.first = 5, .second = 6, .rc = ERR_DENIED};
    ok(db_tx(&t->cx, outer, &p) == ERR_DENIED && p.inner_rc == OK && !exists(t, 5) && !exists(t, 6),
       NAME("an outer failure takes the nested transaction back too"));
    ok(db_tx(&t->cx, swallow, NULL) == ERR_DB && !exists(t, 20),
       NAME("a function that goes on after a failed statement fails"));
    ok(db_tx(&t->cx, swallow, &p) == OK && exists(t, 21) && exists(t, 22),
       NAME("unless the statement had a nested transaction of its own"));
    ok(add(&t->cx, 9, "") == ERR_DB && !exists(t, 9), NAME("a write outside of db_tx is refused"));
}

/* --- statements -------------------------------------------------------------------------------------- */

struct text_job {
    int64_t id;
    const char *args;
};

static int add_text_job(struct ctx *cx, void *arg)
{
    const struct text_job *j = arg;
    return job_add(cx,
                   &(struct job_add_in){.region_id = 61,
                                        .id = j->id,
                                        .kind = "text",
                                        .job_key = "",
                                        .args = j->args,
                                        .lang = "kk",
                                        .run_after_us = -5,
                                        .created_us = INT64_MAX},
                   NULL);
}

static void values(struct testdb *t)
{
    static const char TEXT[] = "Қазақ тілі: «ә, ғ, қ, ң, ө, ұ, ү, һ, і» \\ ' \" % $1 \t\n";
    struct ctx *cx = &t->cx;
    ok(db_tx(cx, add_text_job, &(struct text_job){100, TEXT}) == OK,
       NAME("a row with all kinds of signs is stored"));
    struct job_get_row row;
    ok(job_get(cx, 61, 100, &row) == OK && row.created_us == INT64_MAX && row.id == 100,
       NAME("large numbers come back whole"));
    ok(!row.started_us.has && !row.stop_asked, NAME("NULL and a boolean come back as such"));
    is_int(job_get(cx, 61, 101, &row), ERR_NOT_FOUND, NAME("a missing row is ERR_NOT_FOUND"));
    ok(row.id == 0 && row.kind == NULL, NAME("and leaves an empty struct"));
    is_int(job_get(cx, 62, 100, &row), ERR_NOT_FOUND, NAME("another region does not see the row"));
    struct job_recent_list list;
    ok(job_recent(cx, 99, 10, &list) == OK && list.n == 0 && list.rows,
       NAME("an empty list has rows and n = 0"));
    is_int(db_tx(cx, add_text_job, &(struct text_job){100, NULL}), ERR_INVALID,
           NAME("a missing value is ERR_INVALID"));
    is_int(db_tx(cx, add_text_job, &(struct text_job){102, "2"}), OK, NAME("and the connection goes on"));
}

static int add_head_twice(struct ctx *cx, void *arg)
{
    struct audit_entry_add_in e = {.region_id = 61,
                                   .seq = 1,
                                   .action = "a",
                                   .object = "",
                                   .detail = "",
                                   .hash = {(const unsigned char *)"\0\1\xff", 3}};
    TRY(audit_entry_add(cx, &e, NULL));
    if (arg)
        *(int *)arg = audit_entry_add(cx, &e, NULL);
    return arg ? *(int *)arg : OK;
}

static int see_bytes(struct ctx *cx, void *arg, const struct audit_chain_row *row)
{
    (void)cx;
    *(bool *)arg = row->hash.len == 3 && memcmp(row->hash.data, "\0\1\xff", 3) == 0;
    return OK;
}

static int stop_at_once(struct ctx *cx, void *arg, const struct audit_chain_row *row)
{
    (void)row;
    ++*(int *)arg;
    return fail(cx, ERR_LIMIT, "enough");
}

static int delete_entry(struct ctx *cx, void *arg)
{
    (void)arg;
    return db_exec(cx, "DELETE FROM audit_entry");
}

static void errors(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int rc = OK;
    is_int(db_tx(cx, add_head_twice, &rc), ERR_CONFLICT, NAME("a key that exists is ERR_CONFLICT"));
    is_int(db_tx(cx, add_head_twice, NULL), OK, NAME("and nothing of that transaction was kept"));
    bool fits = false;
    ok(audit_chain(cx, 61, see_bytes, &fits) == OK && fits, NAME("bytes come back as they were"));
    int seen = 0;
    ok(audit_chain(cx, 61, stop_at_once, &seen) == ERR_LIMIT && seen == 1,
       NAME("a callback can stop the reading"));
    testdb_must(t, db_tx(cx, delete_entry, NULL), "delete");
    static const struct db_stmt NONSENSE = {.name = "nonsense", .sql = "SELECT nothing FROM nowhere"};
    is_int(db_run(cx, &NONSENSE, NULL, NULL, NULL, NULL), ERR_DB, NAME("a wrong statement is ERR_DB"));
    static const enum db_type ONE[] = {DB_BIGINT};
    static const bool NEVER[] = {false};
    static const struct db_stmt NOTHING = {.name = "nothing",
                                           .sql = "SELECT CAST(NULL AS bigint) AS x",
                                           .columns = 1,
                                           .column_types = ONE,
                                           .column_nullable = NEVER};
    void *rows;
    size_t n;
    is_int(db_get_rows(cx, &NOTHING, NULL, NULL, 8, &rows, &n), ERR_DB,
           NAME("a NULL where none may be is an error, not a zero"));
}

/* --- bulk -------------------------------------------------------------------------------------------------
 */

struct feed {
    int64_t i, n;
};

static bool feed_next(void *arg, struct db_value *v)
{
    struct feed *f = arg;
    if (f->i == f->n)
        return false;
    f->i++;
    v[0].i = 61;
    v[1].i = f->i;
    v[2].i = 5;
    v[3].i = 0;
    v[4].text = "bulk\t\\N\n\r";
    v[5].text = "";
    v[6].text = "Түркістан";
    v[7].bytes = (struct bytes){(const unsigned char *)"\\\0\t", 3};
    return true;
}

static int load(struct ctx *cx, void *arg)
{
    static const char *const COLUMNS[] = {"region_id", "seq",    "at_us",  "account_id",
                                          "action",    "object", "detail", "hash"};
    static const enum db_type TYPES[] = {DB_BIGINT, DB_BIGINT, DB_BIGINT, DB_BIGINT,
                                         DB_TEXT,   DB_TEXT,   DB_TEXT,   DB_BYTEA};
    int64_t rows;
    TRY(db_bulk(cx, "audit_entry", COLUMNS, 8, TYPES, feed_next, arg, &rows));
    return rows == ((struct feed *)arg)->n ? OK : fail(cx, ERR_DB, "wrong number");
}

static int check_bulk(struct ctx *cx, void *arg, const struct audit_chain_row *r)
{
    (void)cx;
    if (strcmp(r->action, "bulk\t\\N\n\r") == 0 && !*r->object && strcmp(r->detail, "Түркістан") == 0 &&
        r->hash.len == 3 && memcmp(r->hash.data, "\\\0\t", 3) == 0)
        ++*(int *)arg;
    return OK;
}

static void bulk(struct testdb *t)
{
    struct feed f = {0, 5000};
    ok(db_tx(&t->cx, load, &f) == OK, NAME("5000 rows are loaded at once"));
    int good = 0;
    testdb_must(t, audit_chain(&t->cx, 61, check_bulk, &good), "read");
    is_int(good, 5000, NAME("and come back as they were, with tabs, backslashes and bytes"));
    f = (struct feed){0, 3};
    is_int(db_tx(&t->cx, load, &f), ERR_CONFLICT, NAME("a key that exists stops the load as ERR_CONFLICT"));
    ok(db_optimize(&t->cx) == OK, NAME("fresh statistics can be made"));
    testdb_must(t, db_tx(&t->cx, delete_entry, NULL), "delete");
}

/* --- order, identifiers, every statement ------------------------------------------------------------------
 */

static int collect(struct ctx *cx, void *arg, const struct db_value *v)
{
    char *all = arg;
    size_t n = strlen(all);
    (void)cx;
    snprintf(all + n, 200 - n, "%s ", v[0].text);
    return OK;
}

static void order(struct testdb *t)
{
    static const enum db_type TEXT[] = {DB_TEXT};
    static const bool NEVER[] = {false};
    static const struct db_stmt LETTERS = {.name = "letters",
                                           .sql = "WITH w(x) AS (VALUES ('я'), ('і'), ('қ'), ('ә'), ('Б'), "
                                                  "('к'), ('а'), ('л'), ('һ'), ('х'), ('и'), ('А')) "
                                                  "SELECT CAST(x AS text) AS x FROM w ORDER BY x COLLATE kk",
                                           .columns = 1,
                                           .column_types = TEXT,
                                           .column_nullable = NEVER};
    char got[200] = "";
    testdb_must(t, db_run(&t->cx, &LETTERS, NULL, collect, got, NULL), "letters");
    is_str(got, "а А ә Б и к қ л х һ і я ", NAME("COLLATE kk sorts as the Kazakh alphabet"));
}

static void statements(struct testdb *t)
{
    int n = 0, bad = 0;
    for (const struct db_stmt *const *const *file = db_statements; *file; file++)
        for (const struct db_stmt *const *s = *file; *s; s++, n++)
            if (db_prepare(&t->cx, *s)) {
                printf("#   %s: %s\n", (*s)->name, t->cx.err_text);
                bad++;
            }
    ok(n >= 15 && bad == 0, NAME("every statement of the program is accepted"));
}

/* --- a server that ends the connection --------------------------------------------------------------------
 */

/* Ends all other connections, as a restart of the server does. */
static int end_others(struct ctx *cx, void *arg)
{
    (void)arg;
    return db_exec(cx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                       "AND backend_type = 'client backend'");
}

static void end_connection(struct testdb *t)
{
    struct ctx other = {.arena = t->cx.arena};
    testdb_must(t, db_connect(&other, t->store, &other.db), "connect");
    if (db_tx(&other, end_others, NULL))
        die("%s", other.err_text);
    db_disconnect(other.db);
}

static int add_and_lose(struct ctx *cx, void *arg)
{
    struct testdb *t = arg;
    static int calls;
    TRY(add(cx, 71, ""));
    if (++calls == 1)
        end_connection(t);
    return add(cx, 72, "");
}

static void lost_connection(struct testdb *t)
{
    if (db_engine(t->cx.db) != DB_POSTGRES)
        return;
    struct plan p = {.first = 70};
    end_connection(t);
    ok(exists(t, 1), NAME("a read on a connection that the server ended connects again"));
    end_connection(t);
    ok(db_tx(&t->cx, outer, &p) == OK && exists(t, 70), NAME("so does a transaction"));
    ok(db_tx(&t->cx, add_and_lose, t) == OK && exists(t, 71) && exists(t, 72),
       NAME("a transaction that is cut in the middle runs again as a whole"));
}

static void cases(struct testdb *t)
{
    transactions(t);
    values(t);
    errors(t);
    bulk(t);
    order(t);
    statements(t);
    lost_connection(t);
}

static void identifiers(void)
{
    bool grow = true;
    int64_t last = 0;
    for (int i = 0; i < 20000; i++) {
        int64_t id = db_new_id();
        grow &= id > last;
        last = id;
    }
    ok(grow, "20000 identifiers in a row are positive and grow");
    db_set_node(1023);
    is_int(db_new_id() >> 12 & 1023, 1023, "the number of the node is part of the identifier");
}

static void refusals(void)
{
    struct testdb t;
    struct db_store *st;
    testdb_create(&t, DB_SQLITE);
    is_int(db_store_open(&t.cx, "/nonexistent/x.db", &st), ERR_IO, "a path that does not exist is ERR_IO");
    ok(strstr(t.cx.err_text, "/nonexistent/x.db"), "and the message names it");
    FILE *f = fopen(t.conninfo, "w");
    fputs("This is a letter, not a database; it is long enough to be read as a header of one hundred bytes "
          "and more.",
          f);
    fclose(f);
    is_int(db_store_open(&t.cx, t.conninfo, &st), ERR_INVALID, "a file that is no database is ERR_INVALID");
    printf("# %s\n", t.cx.err_text);
    is_int(db_store_open(&t.cx, "host=/nonexistent dbname=x", &st), ERR_BUSY,
           "a server that is not there is ERR_BUSY");
    printf("# %s\n", t.cx.err_text);
    testdb_close(&t);
}

int main(void)
{
    testdb_both(cases);
    identifiers();
    refusals();
    return done();
}
