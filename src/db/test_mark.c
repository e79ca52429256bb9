/* test_mark.c - the mark of what is committed: it changes with every commit of every thread and process, on both
 * engines, and stays while nothing is committed. */
#include "testdb.h"

#include "db/job_sql.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME(what) testdb_name(t, what)

static const char *mark_of(struct testdb *t)
{
    const char *mark = NULL;
    testdb_must(t, db_mark(&t->cx, &mark), "mark");
    return mark ? mark : "none";
}

static bool moved(struct testdb *t, const char **before)
{
    const char *now = mark_of(t);
    bool other = strcmp(now, *before) != 0;
    *before = now;
    return other;
}

static int add_tx(struct ctx *cx, void *arg)
{
    const int64_t *id = arg;
    struct job_add_in row = {.region_id = 61, .id = *id, .kind = "mark", .job_key = "", .args = "{}", .lang = "kk"};
    return job_add(cx, &row, NULL);
}

static int refused_tx(struct ctx *cx, void *arg)
{
    TRY(add_tx(cx, arg));
    return fail(cx, ERR_DENIED, "refused");
}

static bool present(struct testdb *t, int64_t id)
{
    struct job_stop_asked_row row;
    bool found = false;
    testdb_must(t, job_stop_asked(&t->cx, 61, id, &row, &found), "read");
    return found;
}

/* As the command line beside a server: another process with its own store. */
static int add_alone(const char *conninfo, int64_t id)
{
    struct ctx cx = {.arena = arena_new(0), .region_id = 61};
    struct db_store *st = NULL;
    int rc = db_store_open(&cx, conninfo, &st);
    if (!rc)
        rc = db_connect(&cx, st, &cx.db);
    if (!rc)
        rc = db_tx(&cx, add_tx, &id);
    if (cx.db)
        db_disconnect(cx.db);
    if (st)
        db_store_close(st);
    arena_free(cx.arena);
    return rc ? 1 : 0;
}

static void add_in_process(struct testdb *t, int64_t id)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)id);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "test_mark", t->conninfo, number, (char *)NULL);
        _exit(2);
    }
    int status = 1;
    ok(waitpid(child, &status, 0) == child && status == 0, NAME("another process adds a row"));
}

struct late {
    struct testdb *t;
    int64_t id;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int step; /* 1: written, 2: may commit */
    pthread_t thread;
};

static int late_tx(struct ctx *cx, void *arg)
{
    struct late *l = arg;
    TRY(add_tx(cx, &l->id));
    pthread_mutex_lock(&l->lock);
    l->step = 1;
    pthread_cond_signal(&l->changed);
    while (l->step != 2)
        pthread_cond_wait(&l->changed, &l->lock);
    pthread_mutex_unlock(&l->lock);
    return 0;
}

static void *late_main(void *arg)
{
    struct late *l = arg;
    struct ctx cx = {.arena = arena_new(0), .region_id = 61};
    if (db_connect(&cx, l->t->store, &cx.db) || db_tx(&cx, late_tx, l))
        die("late: %s", cx.err_text);
    db_disconnect(cx.db);
    arena_free(cx.arena);
    return NULL;
}

/* A transaction that began first and commits last is not missed behind a later one that was quicker. */
static void overtaken(struct testdb *t, bool postgres)
{
    struct late l = {.t = t, .id = 50, .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    if (pthread_create(&l.thread, NULL, late_main, &l) != 0)
        die("no thread");
    pthread_mutex_lock(&l.lock);
    while (l.step != 1)
        pthread_cond_wait(&l.changed, &l.lock);
    pthread_mutex_unlock(&l.lock);
    const char *before = mark_of(t);
    ok(!present(t, 50), NAME("an open transaction is not seen"));
    int64_t quick = 51;
    if (postgres) /* SQLite has one writer: nobody can overtake */
        ok(db_tx(&t->cx, add_tx, &quick) == OK && moved(t, &before), NAME("one that overtakes it changes the mark"));
    pthread_mutex_lock(&l.lock);
    l.step = 2;
    pthread_cond_signal(&l.changed);
    pthread_mutex_unlock(&l.lock);
    pthread_join(l.thread, NULL);
    ok(present(t, 50) && moved(t, &before), NAME("its own commit changes the mark again"));
}

static void cases(struct testdb *t)
{
    int64_t id = 1;
    bool postgres = strcmp(t->engine, "PostgreSQL") == 0;
    const char *mark = mark_of(t);
    ok(strcmp(mark, "none") != 0, NAME("there is a mark"));
    /* Other databases of a PostgreSQL server change it too; a needless change only costs time. */
    ok(postgres || !moved(t, &mark), NAME("it stays while nothing happens"));
    ok(db_tx(&t->cx, add_tx, &id) == OK && moved(t, &mark), NAME("a commit changes it"));
    id = 9;
    ok(db_tx(&t->cx, refused_tx, &id) == ERR_DENIED && (!moved(t, &mark) || postgres), NAME("one that is taken back need not"));
    struct ctx other = {.arena = t->cx.arena, .region_id = 61};
    testdb_must(t, db_connect(&other, t->store, &other.db), "connect");
    mark = mark_of(t);
    const char *same = NULL;
    ok(db_mark(&other, &same) == OK && strcmp(same, mark) == 0, NAME("all connections of a store give the same mark"));
    id = 2;
    ok(db_tx(&other, add_tx, &id) == OK && moved(t, &mark) && present(t, 2), NAME("a commit on another connection changes it"));
    db_disconnect(other.db);
    add_in_process(t, 3);
    ok(moved(t, &mark) && present(t, 3), NAME("and the mark has changed"));
    bool all = true;
    for (id = 100; id < 160; id++)
        all &= db_tx(&t->cx, add_tx, &id) == OK && moved(t, &mark);
    ok(all, NAME("each of many commits changes it"));
    overtaken(t, postgres);
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return add_alone(argv[1], strtoll(argv[2], NULL, 10));
    testdb_both(cases);
    return done();
}
