/* job.c - see job.h.
 *
 * A job is a row. Taking it (job_claim) and ending it are transactions of their own; the work between runs
 * outside, so it may commit as it goes. Who holds a job is written as "host:process:start", so that after a
 * crash the next process knows what nobody works on any more. The start is in it because after a power cut
 * another program soon has the same process number. */
#include "db/job.h"

#include "base/arena.h"
#include "base/time.h"
#include "db/db.h"
#include "db/job_sql.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A kind that gives up at its first error still gets more than one start: a power cut is no error of the work. */
enum { DEFAULT_ATTEMPTS = 3, CRASH_ATTEMPTS = 3, WORKER_SIZE = 160 };
static const int64_t SECOND_US = 1000000;
static const int64_t STORE_EVERY_US = 700 * 1000; /* progress, stop flag */
static const int64_t LOST_AFTER_US =
    INT64_C(300) * 1000000; /* a job of another host without a sign of life */
/* Between two tries at most; a job that is to wait for longer was put aside before the clock was set back. */
static const int64_t LONGEST_PAUSE_US = INT64_C(600) * 1000000;
static const size_t JOB_ARENA = (size_t)2 << 30;

static const char *const LANGS[LANG_COUNT] = {"kk", "ru", "en"};

/* When a process began, in ticks since the machine did; 0: there is none, or it has ended and only waits to be counted. */
static unsigned long long process_start(long pid)
{
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(line, 1, sizeof line - 1, f) : 0;
    if (f)
        fclose(f);
    line[n] = '\0';
    char *p = strrchr(line, ')'); /* the program's name before it may hold anything */
    if (!p || strlen(p) < 3 || p[2] == 'Z' || p[2] == 'X')
        return 0;
    for (int field = 2; p && field < 22; field++)
        p = strchr(p + 1, ' ');
    return p ? strtoull(p + 1, NULL, 10) : 0;
}

static void worker_name(char out[WORKER_SIZE])
{
    char host[100] = "";
    gethostname(host, sizeof host - 1);
    snprintf(out, WORKER_SIZE, "%s:%ld:%llu", host, (long)getpid(), process_start((long)getpid()));
}

/* --- running jobs of this process ------------------------------------------------------------------------
 */

struct running { /* on the stack of job_run_next() */
    int64_t region_id, id;
    atomic_bool stop;
    int64_t stored_us, asked_us;
    struct running *next;
};

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    unsigned long added; /* counts job_enqueue() */
    struct running *list;
} here = {.mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void running_add(struct running *r)
{
    pthread_mutex_lock(&here.mutex);
    r->next = here.list;
    here.list = r;
    pthread_mutex_unlock(&here.mutex);
}

static void running_remove(struct running *r)
{
    pthread_mutex_lock(&here.mutex);
    struct running **p = &here.list;
    while (*p != r)
        p = &(*p)->next;
    *p = r->next;
    pthread_mutex_unlock(&here.mutex);
}

static bool runs_here(int64_t region_id, int64_t id)
{
    pthread_mutex_lock(&here.mutex);
    struct running *r = here.list;
    while (r && (r->id != id || r->region_id != region_id))
        r = r->next;
    pthread_mutex_unlock(&here.mutex);
    return r != NULL;
}

static void wake_all(void)
{
    pthread_mutex_lock(&here.mutex);
    here.added++;
    pthread_cond_broadcast(&here.wake);
    pthread_mutex_unlock(&here.mutex);
}

void job_wake(void)
{
    wake_all();
}

void job_wait(int ms)
{
    struct timespec until; /* of the clock that nobody sets: a jump of the other must not make us wait a year */
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&here.mutex);
    unsigned long seen = here.added;
    while (here.added == seen && pthread_cond_clockwait(&here.wake, &here.mutex, CLOCK_MONOTONIC, &until) == 0)
        ;
    pthread_mutex_unlock(&here.mutex);
}

/* --- adding
 * ------------------------------------------------------------------------------------------------- */

struct enqueue {
    const char *kind, *key, *args;
    int64_t id;
};

static int enqueue_tx(struct ctx *cx, void *arg)
{
    struct enqueue *e = arg;
    int64_t now = time_now_us();
    for (int tries = 0; tries < 3; tries++) {
        int64_t changed;
        e->id = db_new_id();
        TRY(job_add(cx,
                    &(struct job_add_in){.region_id = cx->region_id,
                                         .id = e->id,
                                         .kind = e->kind,
                                         .job_key = e->key,
                                         .args = e->args,
                                         .account_id = cx->account_id,
                                         .lang = LANGS[cx->lang < LANG_COUNT ? cx->lang : LANG_KK],
                                         .run_after_us = now,
                                         .created_us = now},
                    &changed));
        if (changed)
            return OK;
        struct job_active_row first;
        bool found;
        TRY(job_active(cx, cx->region_id, e->kind, e->key, &first, &found));
        e->id = first.id;
        if (found)
            return OK; /* otherwise it has just ended: add again */
    }
    return fail(cx, ERR_BUSY, "The queue of work is busy. Please try again.");
}

int job_enqueue(struct ctx *cx, const char *kind, const char *key, const char *args, int64_t *id)
{
    struct enqueue e = {.kind = kind, .key = key ? key : "", .args = args ? args : "{}"};
    TRY(db_in_tx(cx) ? enqueue_tx(cx, &e) : db_tx(cx, enqueue_tx, &e));
    if (id)
        *id = e.id;
    wake_all();
    return OK;
}

/* --- running
 * ------------------------------------------------------------------------------------------------ */

struct progress {
    struct running *job;
    int64_t done, total;
    const char *doing;
};

static int progress_tx(struct ctx *cx, void *arg)
{
    const struct progress *p = arg;
    return job_progress_set(cx,
                            &(struct job_progress_set_in){.region_id = p->job->region_id,
                                                          .id = p->job->id,
                                                          .now_us = time_now_us(),
                                                          .done = p->done,
                                                          .total = p->total,
                                                          .doing = p->doing ? p->doing : ""},
                            NULL);
}

/* Inside a transaction of the job nothing is stored: nobody would see it before the commit. */
static void job_progress(struct ctx *cx, int64_t done, int64_t total, const char *doing)
{
    struct running *job = cx->work;
    int64_t now = time_steady_us();
    if (db_in_tx(cx) || now - job->stored_us < STORE_EVERY_US)
        return;
    job->stored_us = now;
    struct ctx quiet = *cx; /* that progress could not be stored is no failure of the work */
    db_tx(&quiet, progress_tx, &(struct progress){job, done, total, doing});
}

static bool job_cancelled(struct ctx *cx)
{
    struct running *job = cx->work;
    int64_t now = time_steady_us();
    if (job->stop || now - job->asked_us < STORE_EVERY_US)
        return job->stop;
    job->asked_us = now;
    struct ctx quiet = *cx;
    struct job_stop_asked_row row;
    bool found;
    if (job_stop_asked(&quiet, job->region_id, job->id, &row, &found) == OK && (!found || row.stop_asked))
        job->stop = true;
    return job->stop;
}

struct claim {
    char worker[WORKER_SIZE];
    struct job_claim_row row;
    bool found;
};

static int claim_tx(struct ctx *cx, void *arg)
{
    struct claim *c = arg;
    int64_t now = time_now_us();
    return job_claim(cx, now, now + LONGEST_PAUSE_US, c->worker, &c->row, &c->found);
}

struct end {
    const struct claim *claim;
    const char *state, *error;
    int64_t run_after_us;
    bool finished;
};

static int end_tx(struct ctx *cx, void *arg)
{
    const struct end *e = arg;
    return job_end(
        cx,
        &(struct job_end_in){.region_id = e->claim->row.region_id,
                             .id = e->claim->row.id,
                             .worker = e->claim->worker,
                             .state = e->state,
                             .run_after_us = e->run_after_us,
                             .finished_us = e->finished ? opt_int(time_now_us()) : (struct opt_int){0},
                             .error = e->error},
        NULL);
}

static const struct job_kind *kind_find(const struct job_kind *const *kinds, const char *name)
{
    for (; *kinds; kinds++)
        for (const struct job_kind *k = *kinds; k->name; k++)
            if (strcmp(k->name, name) == 0)
                return k;
    return NULL;
}

/* 10 s, 40 s, 160 s, 600 s ... */
static int64_t pause_after(int64_t attempt)
{
    int64_t us = 10 * SECOND_US << (2 * (attempt < 4 ? attempt - 1 : 3));
    return us < LONGEST_PAUSE_US ? us : LONGEST_PAUSE_US;
}

/* Would the same thing fail the same way again? */
static bool is_final(int rc)
{
    return rc == ERR_INVALID || rc == ERR_DENIED || rc == ERR_NOT_FOUND || rc == ERR_LIMIT ||
           rc == ERR_NUMERIC;
}

static enum lang lang_of(const char *code)
{
    for (int i = 0; i < LANG_COUNT; i++)
        if (strcmp(LANGS[i], code) == 0)
            return (enum lang)i;
    return LANG_KK;
}

/* The work itself, with memory of its own and the language and account of who asked for it. */
static int run_kind(struct ctx *cx, const struct job_kind *kind, const struct claim *c, bool *stopped,
                    const char **error)
{
    struct running job = {.region_id = c->row.region_id, .id = c->row.id, .stored_us = 0};
    struct ctx own = *cx;
    own.arena = arena_new(JOB_ARENA);
    own.region_id = c->row.region_id;
    own.account_id = c->row.account_id;
    own.lang = lang_of(c->row.lang);
    own.progress = job_progress;
    own.cancelled = job_cancelled;
    own.work = &job;
    own.err = OK;
    own.err_text = NULL;
    job.stop = c->row.stop_asked;
    running_add(&job);
    int rc = job.stop ? ERR_BUSY : kind->run(&own, c->row.id, c->row.args);
    running_remove(&job);
    *stopped = rc && job.stop;
    *error = arena_strdup(cx->arena, own.err_text);
    arena_free(own.arena);
    return rc;
}

int job_run_next(struct ctx *cx, const struct job_kind *const *kinds, bool *ran)
{
    struct claim c;
    worker_name(c.worker);
    *ran = false;
    TRY(db_tx(cx, claim_tx, &c));
    if (!c.found)
        return OK;
    *ran = true;
    const struct job_kind *kind = kind_find(kinds, c.row.kind);
    int attempts = kind && kind->attempts > 0 ? kind->attempts : DEFAULT_ATTEMPTS;
    int starts = attempts > CRASH_ATTEMPTS ? attempts : CRASH_ATTEMPTS; /* a lost database is no error of the work either */
    bool stopped = false;
    const char *error = "";
    int rc;
    if (!kind) {
        rc = fail(cx, ERR_INVALID, "This program does not know the work \"%s\".", c.row.kind);
        error = cx->err_text;
    } else if (c.row.attempt > starts) {
        /* each try ended the process, so none could be counted as failed */
        rc = fail(cx, ERR_LIMIT, "The work never came to an end (times started: %d).", (int)c.row.attempt - 1);
        error = cx->err_text;
    } else {
        rc = run_kind(cx, kind, &c, &stopped, &error);
    }
    struct end e = {
        .claim = &c, .error = error ? error : "", .run_after_us = time_now_us(), .finished = true};
    if (rc == OK) {
        e.state = "done";
        e.error = "";
    } else if (stopped) {
        e.state = "stopped";
    } else if (is_final(rc) || c.row.attempt >= (rc == ERR_BUSY ? starts : attempts)) {
        e.state = "failed";
    } else {
        e.state = "waiting";
        e.finished = false;
        e.run_after_us += pause_after(c.row.attempt);
    }
    return db_tx(cx, end_tx, &e);
}

/* --- stopping and recovering
 * ----------------------------------------------------------------------------------- */

static int stop_tx(struct ctx *cx, void *arg)
{
    int64_t changed;
    TRY(job_stop_set(cx, cx->region_id, *(const int64_t *)arg, time_now_us(), &changed));
    return changed ? OK : fail(cx, ERR_NOT_FOUND, "This work is not waiting or running any more.");
}

int job_stop(struct ctx *cx, int64_t id)
{
    /* First in memory: on SQLite the row may have to wait for a long transaction of the job itself. */
    pthread_mutex_lock(&here.mutex);
    for (struct running *r = here.list; r; r = r->next)
        if (r->id == id && r->region_id == cx->region_id)
            r->stop = true;
    pthread_mutex_unlock(&here.mutex);
    return db_tx(cx, stop_tx, &id);
}

/* Does nobody work on it any more? */
static bool is_lost(const struct job_running_row *r, const char *own)
{
    const char *colon = strchr(r->worker, ':'), *own_colon = strchr(own, ':');
    size_t host = colon ? (size_t)(colon - r->worker) : 0;
    if (colon && host == (size_t)(own_colon - own) && memcmp(r->worker, own, host) == 0) {
        char *end;
        long pid = strtol(colon + 1, &end, 10);
        if (strcmp(r->worker, own) == 0) /* ours: its end could not be written, the database was away */
            return !runs_here(r->region_id, r->id);
        return *end != ':' || process_start(pid) != strtoull(end + 1, NULL, 10);
    }
    return !r->heartbeat_us.has || time_now_us() - r->heartbeat_us.value > LOST_AFTER_US;
}

static int recover_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    char own[WORKER_SIZE];
    worker_name(own);
    struct job_running_list list;
    TRY(job_running(cx, &list));
    for (size_t i = 0; i < list.n; i++)
        if (is_lost(&list.rows[i], own))
            TRY(job_wait_again(cx, list.rows[i].region_id, list.rows[i].id, list.rows[i].worker, NULL));
    return OK;
}

int job_recover(struct ctx *cx)
{
    return db_tx(cx, recover_tx, NULL);
}
