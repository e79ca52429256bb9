/* test_job.c - the queue of long work: once by key, tries, progress, stopping, after a crash. */
#include "testdb.h"

#include "base/time.h"
#include "db/job.h"
#include "db/job_sql.h"

#include <sys/wait.h>

#define NAME(what) testdb_name(t, what)

static int runs;
static char seen_args[200];
static enum lang seen_lang;
static int64_t seen_account, seen_region;

static int run_good(struct ctx *cx, int64_t job_id, const char *args)
{
    runs++;
    snprintf(seen_args, sizeof seen_args, "%s", args);
    seen_lang = cx->lang;
    seen_account = cx->account_id;
    seen_region = cx->region_id;
    ctx_progress(cx, 40, 100, "reading");
    struct job_get_row row;
    TRY(job_get(cx, cx->region_id, job_id, &row));
    return row.progress_done == 40 && strcmp(row.progress_text, "reading") == 0 &&
                   strcmp(row.state, "running") == 0
               ? OK
               : fail(cx, ERR_INVALID, "progress is not stored");
}

static int run_busy(struct ctx *cx, int64_t job_id, const char *args)
{
    (void)job_id;
    (void)args;
    runs++;
    return fail(cx, ERR_IO, "the other side does not answer");
}

static int run_wrong(struct ctx *cx, int64_t job_id, const char *args)
{
    (void)job_id;
    (void)args;
    runs++;
    return fail(cx, ERR_INVALID, "line 3: no number");
}

static int run_endless(struct ctx *cx, int64_t job_id, const char *args)
{
    (void)args;
    for (int i = 0; i < 1000; i++) {
        if (i == 1 && job_stop(cx, job_id))
            return cx->err;
        if (ctx_progress(cx, i, 0, "waiting"))
            return fail(cx, ERR_BUSY, "stopped");
    }
    return OK;
}

/* A database that is away for a moment: the first try ends with it. */
static int run_lost(struct ctx *cx, int64_t job_id, const char *args)
{
    (void)job_id;
    (void)args;
    return ++runs == 1 ? fail(cx, ERR_BUSY, "the database does not answer") : OK;
}

/* Looks for lost jobs while it runs itself. */
static int run_looking(struct ctx *cx, int64_t job_id, const char *args)
{
    (void)args;
    struct job_get_row row;
    TRY(job_recover(cx));
    TRY(job_get(cx, cx->region_id, job_id, &row));
    return strcmp(row.state, "running") == 0 ? OK : fail(cx, ERR_INVALID, "it was taken away");
}

static const struct job_kind KINDS[] = {{"good", "Good", run_good, 0},
                                        {"busy", "Busy", run_busy, 2},
                                        {"wrong", "Wrong", run_wrong, 5},
                                        {"endless", "Endless", run_endless, 1},
                                        {"lost", "Lost", run_lost, 1},
                                        {"looking", "Looking", run_looking, 1},
                                        {0}};
static const struct job_kind *const LISTS[] = {KINDS, NULL};

static int64_t enqueue(struct testdb *t, const char *kind, const char *key)
{
    int64_t id = 0;
    testdb_must(t, job_enqueue(&t->cx, kind, key, "{\"quarter\":\"2025-Q3\"}", &id), "enqueue");
    return id;
}

/* Runs one job; its state afterwards. */
static const char *step(struct testdb *t, int64_t id, bool *ran)
{
    struct job_get_row row;
    testdb_must(t, job_run_next(&t->cx, LISTS, ran), "run");
    testdb_must(t, job_get(&t->cx, 61, id, &row), "get");
    return row.state;
}

static void tries(struct testdb *t)
{
    bool ran;
    int64_t id = enqueue(t, "busy", "");
    is_str(step(t, id, &ran), "waiting", NAME("a job that failed by chance waits for another try"));
    ok(job_run_next(&t->cx, LISTS, &ran) == OK && !ran, NAME("but not at once"));
    time_set_for_tests(time_now_us() + INT64_C(3600) * 1000000);
    is_str(step(t, id, &ran), "failed", NAME("after its last try it is set aside"));
    struct job_get_row row;
    testdb_must(t, job_get(&t->cx, 61, id, &row), "get");
    is_str(row.error, "the other side does not answer", NAME("with the reason"));
    id = enqueue(t, "wrong", "");
    is_str(step(t, id, &ran), "failed", NAME("what can only fail again is set aside at once"));
    id = enqueue(t, "unknown", "");
    is_str(step(t, id, &ran), "failed", NAME("a kind that nobody knows is set aside"));
    time_set_for_tests(0);
}

/* A process that ends in the middle of a job. */
static void crash(struct testdb *t)
{
    int64_t id = enqueue(t, "good", "");
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct ctx cx = {.arena = arena_new(0), .region_id = 61};
        struct db_store *st;
        char worker[200] = "", host[100] = "";
        gethostname(host, sizeof host - 1);
        snprintf(worker, sizeof worker,
                 "UPDATE job SET state = 'running', attempt = 1, worker = '%s:%ld' WHERE id = %lld", host,
                 (long)getpid(), (long long)id);
        _exit(db_store_open(&cx, t->conninfo, &st) || db_connect(&cx, st, &cx.db) ||
              db_tx(&cx, testdb_sql_tx, worker));
    }
    int status;
    waitpid(pid, &status, 0);
    is_int(status, 0, NAME("a process takes a job and ends"));
    bool ran;
    ok(job_run_next(&t->cx, LISTS, &ran) == OK && !ran, NAME("its job is not taken by others meanwhile"));
    testdb_must(t, job_recover(&t->cx), "recover");
    is_str(step(t, id, &ran), "done", NAME("after job_recover it runs again"));

    /* After a power cut the process number soon belongs to another program; here to this test itself. */
    char host[100] = "", sql[300];
    gethostname(host, sizeof host - 1);
    id = enqueue(t, "good", "");
    snprintf(sql, sizeof sql, "UPDATE job SET state = 'running', attempt = 1, worker = '%s:%ld:1' WHERE id = %lld", host,
             (long)getpid(), (long long)id);
    testdb_must(t, db_tx(&t->cx, testdb_sql_tx, sql), "take");
    testdb_must(t, job_recover(&t->cx), "recover");
    is_str(step(t, id, &ran), "done", NAME("also where another process has the number of the one that ended"));
}

/* The database went away under a job, and came back. */
static void database_lost(struct testdb *t)
{
    bool ran;
    runs = 0;
    int64_t id = enqueue(t, "lost", "");
    is_str(step(t, id, &ran), "waiting", NAME("a lost database sets no work aside, not even one of a single try"));
    time_set_for_tests(time_now_us() + INT64_C(60) * 1000000);
    is_str(step(t, id, &ran), "done", NAME("it is done when the database is back"));
    time_set_for_tests(0);
    id = enqueue(t, "looking", "");
    is_str(step(t, id, &ran), "done", NAME("work in hand is not taken for lost"));
    /* Its end could not be written: it stands there as running, by the name of this process. */
    static const char SQL[] = "UPDATE job SET state = 'running', attempt = 1, worker = (SELECT worker FROM job WHERE id = %lld) "
                              "WHERE id = %lld";
    char sql[300];
    int64_t left = enqueue(t, "good", "");
    snprintf(sql, sizeof sql, SQL, (long long)id, (long long)left);
    testdb_must(t, db_tx(&t->cx, testdb_sql_tx, sql), "take");
    ok(job_run_next(&t->cx, LISTS, &ran) == OK && !ran, NAME("work whose end could not be written stands as running"));
    testdb_must(t, job_recover(&t->cx), "recover");
    is_str(step(t, left, &ran), "done", NAME("and runs again after job_recover"));
}

/* The clock of the machine is set back by a year while work waits. */
static void clock_set_back(struct testdb *t)
{
    bool ran;
    int64_t year = INT64_C(365) * 24 * 3600 * 1000000, now = time_now_us();
    int64_t id = enqueue(t, "good", "");
    time_set_for_tests(now - year);
    is_str(step(t, id, &ran), "done", NAME("work does not wait for a year when the clock is set back"));
    time_set_for_tests(now);
    id = enqueue(t, "busy", "");
    is_str(step(t, id, &ran), "waiting", NAME("nor does a second try"));
    time_set_for_tests(now - year);
    is_str(step(t, id, &ran), "failed", NAME("which comes at once"));
    int64_t began = time_steady_us();
    job_wait(50);
    ok(time_steady_us() - began < 5000000, NAME("and nobody sleeps longer for it"));
    time_set_for_tests(0);
}

static void cases(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    bool ran;
    runs = 0;
    ok(job_run_next(cx, LISTS, &ran) == OK && !ran, NAME("an empty queue has nothing to run"));
    cx->account_id = 5;
    cx->lang = LANG_RU;
    int64_t id = enqueue(t, "good", "q3");
    is_int(enqueue(t, "good", "q3"), id, NAME("the same key gives the same job"));
    ok(enqueue(t, "good", "q4") != id, NAME("another key gives another"));
    cx->account_id = 0;
    cx->lang = LANG_EN;
    is_str(step(t, id, &ran), "done", NAME("a job runs, and its progress is stored"));
    is_str(seen_args, "{\"quarter\":\"2025-Q3\"}", NAME("with its arguments"));
    ok(seen_lang == LANG_RU && seen_account == 5 && seen_region == 61, NAME("for who asked for it"));
    ok(enqueue(t, "good", "q3") != id, NAME("a finished job does not stop the next of its key"));
    while (job_run_next(cx, LISTS, &ran) == OK && ran)
        ;
    is_int(runs, 3, NAME("each job ran once"));
    tries(t);
    id = enqueue(t, "endless", "");
    is_str(step(t, id, &ran), "stopped", NAME("a running job stops when it is asked to"));
    id = enqueue(t, "good", "");
    ok(job_stop(cx, id) == OK && job_run_next(cx, LISTS, &ran) == OK && !ran,
       NAME("a waiting job that is stopped never runs"));
    is_int(job_stop(cx, id), ERR_NOT_FOUND, NAME("and cannot be stopped twice"));
    crash(t);
    database_lost(t);
    clock_set_back(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
