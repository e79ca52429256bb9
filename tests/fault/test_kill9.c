/* test_kill9.c - a writer is killed in the middle of its work, again and again: whatever it had
 * acknowledged is in the database afterwards, whole, and the database opens without repair. */
#include "testdb.h"

#include "db/audit.h"
#include "db/job_sql.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

enum { ROUNDS = 6, WRITERS = 4 };

struct writer {
    struct db_store *store;
    int fd, number, round;
    pthread_t thread;
};

struct pair {
    int64_t a, b;
};

static int add_pair(struct ctx *cx, void *arg)
{
    const struct pair *p = arg;
    for (int i = 0; i < 2; i++)
        TRY(job_add(cx,
                    &(struct job_add_in){.region_id = 61,
                                         .id = i ? p->b : p->a,
                                         .kind = "kill",
                                         .job_key = "",
                                         .args = "x",
                                         .lang = "kk"},
                    NULL));
    return OK;
}

/* Two rows a transaction; their numbers go down the pipe only after db_tx returned. */
static void *write_pairs(void *arg)
{
    struct writer *w = arg;
    struct ctx cx = {.arena = arena_new(0), .region_id = 61};
    if (db_connect(&cx, w->store, &cx.db))
        die("connect: %s", cx.err_text);
    for (int64_t i = 0;; i++) {
        int64_t a = ((int64_t)w->round << 40) | ((int64_t)w->number << 32) | (i * 2);
        struct pair p = {a, a + 1};
        if (db_tx(&cx, add_pair, &p))
            die("write: %s", cx.err_text);
        if (write(w->fd, &p, sizeof p) != sizeof p)
            die("pipe");
    }
    return NULL;
}

static _Noreturn void child(struct testdb *t, int fd, int round)
{
    struct ctx cx = {.arena = arena_new(0)};
    struct db_store *st;
    struct writer w[WRITERS];
    if (db_store_open(&cx, t->conninfo, &st))
        die("open: %s", cx.err_text);
    for (int i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){.store = st, .fd = fd, .number = i, .round = round};
        if (pthread_create(&w[i].thread, NULL, write_pairs, &w[i]) != 0)
            die("thread");
    }
    pthread_join(w[0].thread, NULL);
    _exit(1);
}

/* How many acknowledged pairs are not whole in the database; *n: how many there were. */
static int missing(struct testdb *t, int fd, int *n)
{
    struct pair p;
    int lost = 0;
    for (*n = 0; read(fd, &p, sizeof p) == sizeof p; ++*n) {
        struct job_stop_asked_row row;
        bool a = false, b = false;
        testdb_must(t, job_stop_asked(&t->cx, 61, p.a, &row, &a), "read");
        testdb_must(t, job_stop_asked(&t->cx, 61, p.b, &row, &b), "read");
        lost += !a || !b;
    }
    return lost;
}

static int see_count(struct ctx *cx, void *arg, const struct db_value *v)
{
    (void)cx;
    *(int64_t *)arg = v[0].i;
    return OK;
}

static void cases(struct testdb *t)
{
    int lost = 0, all = 0;
    for (int round = 1; round <= ROUNDS; round++) {
        int fds[2], status, n;
        if (pipe(fds) != 0)
            die("pipe");
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            close(fds[0]);
            child(t, fds[1], round);
        }
        close(fds[1]);
        struct pair first;
        if (read(fds[0], &first, sizeof first) != sizeof first) /* it works: now some time, then the end */
            die("the writer did not start");
        nanosleep(&(struct timespec){0, 20000000L + 17000000L * round}, NULL);
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        lost += missing(t, fds[0], &n);
        all += n;
        close(fds[0]);
    }
    printf("# %s: %d acknowledged transactions in %d rounds\n", t->engine, all, ROUNDS);
    ok(all > ROUNDS, testdb_name(t, "the killed writers had acknowledged transactions"));
    is_int(lost, 0, testdb_name(t, "and every acknowledged transaction is there, whole"));
    static const enum db_type ONE[] = {DB_BIGINT};
    static const bool NEVER[] = {false};
    static const struct db_stmt HALVES = {
        .name = "halves",
        .columns = 1,
        .column_types = ONE,
        .column_nullable = NEVER,
        .sql = "SELECT count(*) FROM job AS a WHERE a.id % 2 = 0 AND NOT EXISTS "
               "(SELECT 1 FROM job AS b WHERE b.region_id = a.region_id AND b.id = a.id + 1)"};
    int64_t halves = -1;
    testdb_must(t, db_run(&t->cx, &HALVES, NULL, see_count, &halves, NULL), "halves");
    is_int(halves, 0, testdb_name(t, "no transaction is there by half"));
    ok(audit_record(&t->cx, "test", "", "") == OK, testdb_name(t, "and writing goes on"));
}

int main(void)
{
    testdb_both(cases);
    return done();
}
