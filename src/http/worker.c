/* worker.c - see worker.h. */
#include "http/worker.h"

#include "base/log.h"
#include "base/time.h"
#include "http/internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct queue {
    struct work *first, *last;
    unsigned n;
    pthread_cond_t wake;
};

struct workers {
    const struct server_options *options;
    pthread_mutex_t lock; /* guards all below */
    struct queue normal, heavy;
    pthread_cond_t changed; /* started, failed and running changed */
    int started, failed, running;
    bool stop;
    unsigned max_queue;
    pthread_t *threads;
    int n;
};

struct thread_start {
    struct workers *ws;
    struct queue *queue;
};

static struct work *queue_take(struct queue *q)
{
    struct work *w = q->first;
    if (w) {
        q->first = w->next;
        q->last = q->first ? q->last : NULL;
        q->n--;
    }
    return w;
}

static void work_loop(struct workers *ws, struct queue *q, struct db *db)
{
    for (;;) {
        pthread_mutex_lock(&ws->lock);
        while (!q->first && !ws->stop)
            pthread_cond_wait(&q->wake, &ws->lock);
        struct work *w = queue_take(q);
        pthread_mutex_unlock(&ws->lock);
        if (!w)
            break;
        w->rq->cx->db = db;
        log_set_request(w->rq->request_id);
        request_handle(w->rq);
        response_compress(w->rq);
        log_set_request(NULL);
        w->rq->cx->db = NULL;
        w->done(w);
    }
}

static void *worker_main(void *arg)
{
    struct thread_start start = *(struct thread_start *)arg;
    free(arg);
    struct workers *ws = start.ws;
    const struct server_options *opt = ws->options;
    struct db *db = NULL;
    int rc = opt->worker_start ? opt->worker_start(opt->arg, &db) : 0;
    pthread_mutex_lock(&ws->lock);
    ws->started++;
    ws->failed += rc != 0;
    ws->running++;
    pthread_cond_broadcast(&ws->changed);
    pthread_mutex_unlock(&ws->lock);
    if (!rc) {
        work_loop(ws, start.queue, db);
        if (opt->worker_end)
            opt->worker_end(opt->arg, db);
    }
    pthread_mutex_lock(&ws->lock);
    ws->running--;
    pthread_cond_broadcast(&ws->changed);
    pthread_mutex_unlock(&ws->lock);
    return NULL;
}

static bool thread_add(struct workers *ws, struct queue *q)
{
    struct thread_start *start = malloc(sizeof *start);
    if (!start)
        die("out of memory");
    *start = (struct thread_start){ws, q};
    if (pthread_create(&ws->threads[ws->n], NULL, worker_main, start)) {
        free(start);
        return false;
    }
    ws->n++;
    return true;
}

int workers_start(struct ctx *cx, const struct server_options *opt, struct workers **out)
{
    int normal = opt->workers > 0 ? opt->workers : (int)sysconf(_SC_NPROCESSORS_ONLN) + 1;
    int heavy = opt->heavy_workers > 0 ? opt->heavy_workers : 1;
    struct workers *ws = calloc(1, sizeof *ws);
    if (!ws || !(ws->threads = calloc((size_t)(normal + heavy), sizeof *ws->threads)))
        die("out of memory");
    ws->options = opt;
    ws->max_queue = opt->max_queue ? opt->max_queue : 512;
    pthread_mutex_init(&ws->lock, NULL);
    pthread_cond_init(&ws->normal.wake, NULL);
    pthread_cond_init(&ws->heavy.wake, NULL);
    pthread_cond_init(&ws->changed, NULL);
    bool all = true;
    for (int i = 0; i < normal + heavy && all; i++)
        all = thread_add(ws, i < normal ? &ws->normal : &ws->heavy);
    pthread_mutex_lock(&ws->lock);
    while (ws->started < ws->n)
        pthread_cond_wait(&ws->changed, &ws->lock);
    bool failed = ws->failed > 0 || !all;
    pthread_mutex_unlock(&ws->lock);
    if (failed) {
        workers_stop(ws, INT64_MAX);
        return fail(cx, ERR_IO, "The server's workers could not start.");
    }
    *out = ws;
    return 0;
}

bool workers_add(struct workers *ws, struct work *w)
{
    struct queue *q = w->heavy ? &ws->heavy : &ws->normal;
    pthread_mutex_lock(&ws->lock);
    bool room = q->n < ws->max_queue && !ws->stop;
    if (room) {
        w->next = NULL;
        if (q->last)
            q->last->next = w;
        else
            q->first = w;
        q->last = w;
        q->n++;
        pthread_cond_signal(&q->wake);
    }
    pthread_mutex_unlock(&ws->lock);
    return room;
}

struct work *workers_take_back(struct workers *ws)
{
    pthread_mutex_lock(&ws->lock);
    struct work *w = queue_take(&ws->normal);
    if (!w)
        w = queue_take(&ws->heavy);
    pthread_mutex_unlock(&ws->lock);
    return w;
}

bool workers_stop(struct workers *ws, int64_t deadline_us)
{
    pthread_mutex_lock(&ws->lock);
    ws->stop = true;
    pthread_cond_broadcast(&ws->normal.wake);
    pthread_cond_broadcast(&ws->heavy.wake);
    int64_t wait = deadline_us == INT64_MAX ? INT64_MAX : deadline_us - time_steady_us();
    struct timespec until = {0};
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (wait != INT64_MAX && wait > 0) {
        until.tv_sec += wait / 1000000;
        until.tv_nsec += wait % 1000000 * 1000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
    }
    int rc = 0;
    while (ws->running && !rc)
        rc = wait == INT64_MAX ? pthread_cond_wait(&ws->changed, &ws->lock)
                               : pthread_cond_clockwait(&ws->changed, &ws->lock, CLOCK_MONOTONIC, &until);
    bool ended = ws->running == 0;
    pthread_mutex_unlock(&ws->lock);
    if (!ended)
        return false;
    for (int i = 0; i < ws->n; i++)
        pthread_join(ws->threads[i], NULL);
    pthread_mutex_destroy(&ws->lock);
    free(ws->threads);
    free(ws);
    return true;
}
