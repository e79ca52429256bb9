/* db_writer.c - see db_writer.h.
 *
 * A durable commit costs one flush of the disk, whatever it holds. So the thread takes everything that
 * waits, runs each caller's function in a savepoint of its own within one transaction, commits once and
 * only then answers all of them. A function that fails takes back its own savepoint only. If the
 * transaction as a whole is lost (disk full, a deferred constraint), its members run again one by one,
 * so that the guilty one alone gets the error. */
#include "db/db_writer.h"

#include "base/arena.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { GROUP_MAX = 512 };
static const int64_t GROUP_NS = 20 * 1000 * 1000; /* nobody waits longer than this for later comers */

struct request { /* lives on the stack of the waiting caller */
    struct ctx *cx;
    db_tx_fn *fn;
    void *arg;
    int rc;
    bool done;
    pthread_cond_t answered;
    struct request *next;
};

struct db_writer {
    struct db *db;
    bool (*in_tx)(struct db *db);
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t wake;
    struct request *first, **last;
    bool stop;
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Statements of the frame that must not hide the error of the caller's function. */
static void exec_quietly(const struct request *r, const char *sql)
{
    struct ctx quiet = *r->cx;
    db_exec(&quiet, sql);
}

static void call(struct db_writer *w, struct request *r)
{
    r->rc = db_call(r->cx, w->db, r->fn, r->arg);
}

/* One request in a transaction of its own. */
static void run_alone(struct db_writer *w, struct request *r)
{
    r->rc = db_exec(r->cx, "BEGIN IMMEDIATE");
    if (r->rc)
        return;
    call(w, r);
    if (!r->rc && !w->in_tx(w->db))
        r->rc = fail(r->cx, ERR_DB, "The database ended the transaction before its end.");
    if (!r->rc)
        r->rc = db_exec(r->cx, "COMMIT");
    if (w->in_tx(w->db))
        exec_quietly(r, "ROLLBACK");
}

/* One request within the open transaction of its group. False: that transaction is lost. */
static bool run_member(struct db_writer *w, struct request *r)
{
    if (db_exec(r->cx, "SAVEPOINT member"))
        return false;
    call(w, r);
    if (!w->in_tx(w->db))
        return false;
    if (r->rc)
        exec_quietly(r, "ROLLBACK TO SAVEPOINT member");
    exec_quietly(r, "RELEASE SAVEPOINT member");
    return true;
}

static void take_error(struct request *to, const struct request *from)
{
    to->rc = from->rc;
    to->cx->err = from->cx->err;
    to->cx->err_text = arena_strdup(to->cx->arena, from->cx->err_text);
    to->cx->err_file = from->cx->err_file;
    to->cx->err_line = from->cx->err_line;
}

/* Everything that is queued now, at most `room` requests. */
static struct request *take_queue(struct db_writer *w, int room)
{
    pthread_mutex_lock(&w->mutex);
    struct request *list = w->first, **end = &w->first;
    for (; *end && room > 0; room--)
        end = &(*end)->next;
    w->first = *end;
    *end = NULL;
    if (!w->first)
        w->last = &w->first;
    if (list == w->first)
        list = NULL;
    pthread_mutex_unlock(&w->mutex);
    return list;
}

static void group_lost(struct db_writer *w, struct request *group, const struct request *guilty)
{
    if (w->in_tx(w->db))
        exec_quietly(group, "ROLLBACK");
    for (struct request *r = group; r; r = r->next)
        if (r->rc == OK || r == guilty)
            run_alone(w, r);
}

/* Runs the list and whatever comes meanwhile; returns all of it, finished but not answered. */
static struct request *run_group(struct db_writer *w, struct request *group)
{
    int64_t until = now_ns() + GROUP_NS;
    int n = 0;
    for (struct request *r = group; r; r = r->next)
        r->cx->db = w->db;
    group->rc = db_exec(group->cx, "BEGIN IMMEDIATE");
    if (group->rc) {
        for (struct request *r = group->next; r; r = r->next)
            take_error(r, group);
        return group;
    }
    bool any = false;
    for (struct request *r = group; r; r = r->next) {
        if (!run_member(w, r)) {
            group_lost(w, group, r);
            return group;
        }
        any |= r->rc == OK;
        if (!r->next && ++n < GROUP_MAX && now_ns() < until) {
            r->next = take_queue(w, GROUP_MAX - n);
            for (struct request *m = r->next; m; m = m->next)
                m->cx->db = w->db;
        }
    }
    struct ctx quiet = *group->cx;
    if (!any)
        db_exec(&quiet, "ROLLBACK");
    else if (db_exec(&quiet, "COMMIT"))
        group_lost(w, group, NULL);
    return group;
}

static void answer(struct db_writer *w, struct request *group)
{
    pthread_mutex_lock(&w->mutex);
    for (struct request *r = group, *next; r; r = next) {
        next = r->next; /* once answered, r is gone */
        r->done = true;
        pthread_cond_signal(&r->answered);
    }
    pthread_mutex_unlock(&w->mutex);
}

static void *writer_main(void *arg)
{
    struct db_writer *w = arg;
    for (;;) {
        pthread_mutex_lock(&w->mutex);
        while (!w->first && !w->stop)
            pthread_cond_wait(&w->wake, &w->mutex);
        bool end = !w->first && w->stop;
        pthread_mutex_unlock(&w->mutex);
        if (end)
            return NULL;
        struct request *group = take_queue(w, GROUP_MAX);
        if (!group->next) {
            struct request *one = group;
            one->cx->db = w->db;
            run_alone(w, one);
        } else {
            group = run_group(w, group);
        }
        answer(w, group);
    }
}

struct db_writer *db_writer_start(struct db *db, bool (*in_tx)(struct db *db))
{
    struct db_writer *w = calloc(1, sizeof *w);
    if (!w)
        die("out of memory");
    w->db = db;
    w->in_tx = in_tx;
    w->last = &w->first;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->wake, NULL);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0)
        die("no thread for the database");
    return w;
}

void db_writer_stop(struct db_writer *w)
{
    pthread_mutex_lock(&w->mutex);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->mutex);
    free(w);
}

int db_writer_tx(struct db_writer *w, struct ctx *cx, db_tx_fn *fn, void *arg)
{
    struct db *own = cx->db;
    if (pthread_equal(pthread_self(), w->thread)) {
        /* A transaction started with another ctx inside a transaction: waiting would be for ever. */
        cx->db = w->db;
        int rc = db_tx(cx, fn, arg);
        cx->db = own;
        return rc;
    }
    struct request r = {.cx = cx, .fn = fn, .arg = arg};
    pthread_cond_init(&r.answered, NULL);
    pthread_mutex_lock(&w->mutex);
    *w->last = &r;
    w->last = &r.next;
    pthread_cond_signal(&w->wake);
    while (!r.done)
        pthread_cond_wait(&r.answered, &w->mutex);
    pthread_mutex_unlock(&w->mutex);
    pthread_cond_destroy(&r.answered);
    cx->db = own;
    return r.rc;
}
