/* test_db.c - transactions, statements, errors and identifiers, on both engines. */
#include "testdb.h"
#include "db/audit_sql.h"
#include "db/db.h"
#include "db/job_sql.h"

#include <inttypes.h>

#define NAME(what) testdb_name(t, what)

static int add(struct ctx *cx, int64_t id, const char *key)
{
    return job_add(cx, &(struct job_add_in){.region_id = 61, .id = id, .kind = "test", .job_key = key,
                                            .args = "{\"көше\": \"Тәуке хан\"}", .lang = "kk", .created_us = 7}, NULL);
}

struct plan {
    int64_t first, second;
    int rc;            /* what the outer function returns */
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
    ok(db_tx(&t->cx, outer, &p) == OK && p.inner_rc == ERR_LIMIT, NAME("a nested transaction fails for itself"));
    ok(exists(t, 3) && !exists(t, 4), NAME("and only its own changes are taken back"));
    p = (struct plan){.first = 5, .second = 6, .rc = ERR_DENIED};
    ok(db_tx(&t->cx, outer, &p) == ERR_DENIED && p.inner_rc == OK && !exists(t, 5) && !exists(t, 6),
       NAME("an outer failure takes the nested transaction back too"));
    ok(add(&t->cx, 9, "") == ERR_DB && !exists(t, 9), NAME("a write outside of db_tx is refused"));
}

int main(void)
{
    testdb_both(transactions);
    return done();
}
