/* test_audit.c - the chain of the record of actions: complete, ordered, and every change is noticed. */
#include "testdb.h"

#include "db/audit.h"

#include <pthread.h>

#define NAME(what) testdb_name(t, what)
enum { THREADS = 6, EACH = 25 };

static int sql_tx(struct ctx *cx, void *sql)
{
    return db_exec(cx, sql);
}

/* After sql, verify names this entry; then undo brings the chain back. */
static void tamper(struct testdb *t, const char *sql, int64_t want, const char *undo, const char *name)
{
    int64_t entries, broken;
    testdb_must(t, db_tx(&t->cx, sql_tx, (void *)(uintptr_t)sql), sql);
    testdb_must(t, audit_verify(&t->cx, &entries, &broken), "verify");
    is_int(broken, want, NAME(name));
    testdb_must(t, db_tx(&t->cx, sql_tx, (void *)(uintptr_t)undo), undo);
}

static int append_then_fail(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(audit_append(cx, "case.open", "case/1", "x"));
    return fail(cx, ERR_DENIED, "no");
}

struct worker {
    struct testdb *t;
    int64_t region;
    int failures;
    pthread_t thread;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    struct ctx cx = {.arena = arena_new(0), .region_id = w->region, .account_id = 7};
    if (db_connect(&cx, w->t->store, &cx.db))
        die("connect: %s", cx.err_text);
    for (int i = 0; i < EACH; i++)
        if (audit_record(&cx, "export.xlsx", "quarter/2025-Q3", "rows=7")) {
            w->failures++;
            printf("# %s\n", cx.err_text);
        }
    db_disconnect(cx.db);
    arena_free(cx.arena);
    return NULL;
}

static void concurrency(struct testdb *t)
{
    struct worker w[THREADS];
    int failures = 0;
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct worker){.t = t, .region = i % 2 ? 71 : 70};
        if (pthread_create(&w[i].thread, NULL, work, &w[i]) != 0)
            die("no thread");
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(w[i].thread, NULL);
        failures += w[i].failures;
    }
    is_int(failures, 0, NAME("six writers at once all succeed"));
    int64_t entries, broken;
    t->cx.region_id = 70;
    testdb_must(t, audit_verify(&t->cx, &entries, &broken), "verify");
    ok(entries == THREADS / 2 * EACH && broken == 0, NAME("and their entries form one chain a region"));
    t->cx.region_id = 61;
}

static void cases(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t entries, broken;
    ok(audit_verify(cx, &entries, &broken) == OK && entries == 0 && broken == 0,
       NAME("an empty chain is whole"));
    for (int i = 0; i < 5; i++)
        testdb_must(t, audit_record(cx, i % 2 ? "case.view" : "case.open", "case/0G3", "n=1"), "record");
    ok(audit_verify(cx, &entries, &broken) == OK && entries == 5 && broken == 0,
       NAME("five entries are whole"));
    is_int(db_tx(cx, append_then_fail, NULL), ERR_DENIED,
           NAME("an entry goes with the transaction it belongs to"));
    ok(audit_verify(cx, &entries, &broken) == OK && entries == 5 && broken == 0,
       NAME("so a refused one leaves none"));

    tamper(t, "UPDATE audit_entry SET account_id = 9 WHERE seq = 2", 2,
           "UPDATE audit_entry SET account_id = 0 WHERE seq = 2", "another account in entry 2 is noticed");
    tamper(t, "UPDATE audit_entry SET object = 'case/0G4' WHERE seq = 4", 4,
           "UPDATE audit_entry SET object = 'case/0G3' WHERE seq = 4",
           "another object in entry 4 is noticed");
    tamper(t, "UPDATE audit_entry SET action = 'case.ope', object = 'ncase/0G3' WHERE seq = 3", 3,
           "UPDATE audit_entry SET action = 'case.open', object = 'case/0G3' WHERE seq = 3",
           "moving a letter from one field to the next is noticed");
    tamper(t, "UPDATE audit_entry SET seq = 50 WHERE seq = 1", 1,
           "UPDATE audit_entry SET seq = 1 WHERE seq = 50", "a missing first entry is noticed");
    tamper(t, "UPDATE audit_entry SET region_id = 99 WHERE seq = 5", 5,
           "UPDATE audit_entry SET region_id = 61 WHERE seq = 5", "a missing last entry is noticed");
    ok(audit_verify(cx, &entries, &broken) == OK && broken == 0, NAME("put right again, the chain is whole"));
    concurrency(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
