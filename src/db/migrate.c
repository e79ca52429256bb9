/* migrate.c - see migrate.h. */
#include "db/migrate.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/embedded.h"
#include "base/time.h"
#include "db/db_driver.h"
#include "db/migrate_list.h"
#include "db/split.h"

#include <stdlib.h>
#include <string.h>

/* These statements are written by hand: they run before there is a schema that tools/sqlc.c could use. */
static const enum db_type VERSION_TYPES[] = {DB_BIGINT, DB_TEXT};
static const bool NEVER_NULL[] = {false, false};
static const struct db_stmt TABLE_EXISTS = {
    .name = "schema_version_exists",
    .sql_sqlite = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'",
    .sql_postgres = "SELECT CASE WHEN to_regclass('schema_version') IS NULL THEN 0 ELSE 1 END",
    .columns = 1,
    .column_types = VERSION_TYPES,
    .column_nullable = NEVER_NULL};
static const struct db_stmt VERSIONS = {.name = "schema_versions",
                                        .sql =
                                            "SELECT version, checksum FROM schema_version ORDER BY version",
                                        .columns = 2,
                                        .column_types = VERSION_TYPES,
                                        .column_nullable = NEVER_NULL};
static const enum db_type INSERT_TYPES[] = {DB_BIGINT, DB_TEXT, DB_TEXT, DB_BIGINT};
static const struct db_stmt INSERT_VERSION = {
    .name = "schema_version_insert",
    .sql = "INSERT INTO schema_version (version, name, checksum, applied_us) VALUES ($1, $2, $3, $4)",
    .params = 4,
    .param_types = INSERT_TYPES};
static const char CREATE_TABLE[] = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL, "
                                   "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_us BIGINT NOT NULL, "
                                   "CONSTRAINT schema_version_pk PRIMARY KEY (version))";
/* Two programs that start at once must not both migrate; any number will do that nobody else uses. */
static const char LOCK_POSTGRES[] = "SELECT pg_advisory_xact_lock(5359105020416)";

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int64_t version_of(const struct embedded *m)
{
    return strtoll(base_name(m->path), NULL, 10);
}

static const struct embedded *own_list(size_t *n)
{
    static const char FOLDER[] = "migrations/";
    size_t all, first = 0;
    const struct embedded *list = embedded_all(&all);
    while (first < all && strncmp(list[first].path, FOLDER, sizeof FOLDER - 1) != 0)
        first++;
    for (*n = 0; first + *n < all && strncmp(list[first + *n].path, FOLDER, sizeof FOLDER - 1) == 0;)
        ++*n;
    return list + first;
}

/* --- what the database has ----------------------------------------------------------------------------- */

struct state { /* compares the database's versions, in ascending order, with the program's */
    const struct embedded *list;
    size_t n, applied; /* the first `applied` of the list are in the database */
};

static int see_flag(struct ctx *cx, void *arg, const struct db_value *v)
{
    (void)cx;
    *(bool *)arg = v[0].i > 0;
    return OK;
}

static int see_version(struct ctx *cx, void *arg, const struct db_value *v)
{
    struct state *s = arg;
    int64_t newest = s->n ? version_of(&s->list[s->n - 1]) : 0;
    if (v[0].i > newest)
        return fail(cx, ERR_INVALID,
                    "The database has version %lld, but this program knows versions up to %lld "
                    "only. Please install the newer program.",
                    (long long)v[0].i, (long long)newest);
    if (s->applied >= s->n || version_of(&s->list[s->applied]) != v[0].i)
        return fail(cx, ERR_INVALID,
                    "The database has a step %lld that this program does not know. It belongs to "
                    "another edition of the program.",
                    (long long)v[0].i);
    const struct embedded *m = &s->list[s->applied];
    if (strcmp(crypto_blake2b_hex(cx->arena, m->data, m->len), v[1].text) != 0)
        return fail(cx, ERR_INVALID,
                    "The step %s was applied to the database in another wording. It belongs to "
                    "another edition of the program.",
                    base_name(m->path));
    s->applied++;
    return OK;
}

static int read_state(struct ctx *cx, struct state *s)
{
    bool exists = false;
    s->applied = 0;
    TRY(db_run(cx, &TABLE_EXISTS, NULL, see_flag, &exists, NULL));
    return exists ? db_run(cx, &VERSIONS, NULL, see_version, s, NULL) : OK;
}

/* --- applying ----------------------------------------------------------------------------------------------
 */

static int run_statement(struct ctx *cx, const struct embedded *m, const struct split_part *part)
{
    if (part->only == SPLIT_UNKNOWN)
        return fail(cx, ERR_INVALID, "%s, line %d: \"-- only:\" knows sqlite and postgres.",
                    base_name(m->path), part->line);
    enum split_only engine = db_engine(cx->db) == DB_SQLITE ? SPLIT_SQLITE : SPLIT_POSTGRES;
    if (part->only != SPLIT_BOTH && part->only != engine)
        return OK;
    int rc = db_exec(cx, arena_strndup(cx->arena, part->text, part->len));
    if (rc == ERR_DB || rc == ERR_INVALID || rc == ERR_CONFLICT) {
        const char *why = cx->err_text;
        return fail(cx, rc, "%s, line %d: %s", base_name(m->path), part->line, why);
    }
    return rc;
}

struct step {
    struct state state;
    bool more; /* something was applied: look for the next */
};

/* Applies the first step that is missing; in a transaction, which also keeps others out. */
static int apply_next(struct ctx *cx, void *arg)
{
    struct step *step = arg;
    step->more = false;
    if (db_engine(cx->db) == DB_POSTGRES)
        TRY(db_exec(cx, LOCK_POSTGRES));
    TRY(db_exec(cx, CREATE_TABLE));
    TRY(read_state(cx, &step->state));
    if (step->state.applied == step->state.n)
        return OK;
    const struct embedded *m = &step->state.list[step->state.applied];
    const char *p = (const char *)m->data, *end = p + m->len;
    int line = 1;
    for (struct split_part part; split_next(&p, end, &line, &part);)
        TRY(run_statement(cx, m, &part));
    const char *sum = crypto_blake2b_hex(cx->arena, m->data, m->len);
    const struct db_value row[] = {{.type = DB_BIGINT, .i = version_of(m)},
                                   {.type = DB_TEXT, .text = base_name(m->path)},
                                   {.type = DB_TEXT, .text = sum},
                                   {.type = DB_BIGINT, .i = time_now_us()}};
    TRY(db_run(cx, &INSERT_VERSION, row, NULL, NULL, NULL));
    step->more = true;
    return OK;
}

int migrate_list_up(struct ctx *cx, const struct embedded *list, size_t n, int *applied)
{
    int count = 0;
    for (;;) {
        struct step step = {.state = {.list = list, .n = n}};
        TRY(db_tx(cx, apply_next, &step));
        if (!step.more)
            break;
        count++;
    }
    if (count)
        TRY(db_optimize(cx));
    if (applied)
        *applied = count;
    return OK;
}

int migrate_list_check(struct ctx *cx, const struct embedded *list, size_t n)
{
    struct state s = {.list = list, .n = n};
    TRY(read_state(cx, &s));
    if (s.applied < s.n)
        return fail(cx, ERR_INVALID,
                    "The database is older than the program (missing steps: %zu). "
                    "Please run \"shanyraq migrate\".",
                    s.n - s.applied);
    return OK;
}

int migrate_up(struct ctx *cx, int *applied)
{
    size_t n;
    const struct embedded *list = own_list(&n);
    return migrate_list_up(cx, list, n, applied);
}

int migrate_check(struct ctx *cx)
{
    size_t n;
    const struct embedded *list = own_list(&n);
    return migrate_list_check(cx, list, n);
}

int migrate_latest(void)
{
    size_t n;
    const struct embedded *list = own_list(&n);
    return n ? (int)version_of(&list[n - 1]) : 0;
}
