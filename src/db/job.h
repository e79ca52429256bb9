/* job.h - the durable queue of long work. A job survives a restart, can be interrupted and goes on
 * where it stopped: its function must be able to run again from the start or from what it recorded. */
#ifndef DB_JOB_H
#define DB_JOB_H

#include "base/ctx.h"

struct job_kind {
    const char *name;  /* "quarter.close" */
    const char *title; /* msgid, shown to people */
    /* args is the JSON text given to job_enqueue(). Tell progress by ctx_progress(). */
    int (*run)(struct ctx *cx, int64_t job_id, const char *args);
    int attempts;      /* tries before it is set aside (default 3); starts that ended with the process: at least 3 */
};

/* Adds a job for cx->region_id; key (may be "") makes it unique among those not finished: a second
 * enqueue of the same key gives the first one's id. Inside or outside db_tx. */
int job_enqueue(struct ctx *cx, const char *kind, const char *key, const char *args, int64_t *id);

/* Runs one waiting job on this thread. *ran: whether there was one. */
int job_run_next(struct ctx *cx, const struct job_kind *const *kinds, bool *ran);

/* Asks a job to stop; it ends as "stopped" at its next ctx_progress(). */
int job_stop(struct ctx *cx, int64_t id);

/* Waits until a job is enqueued in this process, at most ms milliseconds (jobs of other processes are
 * found by looking again). job_wake() ends the waiting of all, e.g. at shutdown. */
void job_wait(int ms);
void job_wake(void);

/* At start, before the first job_run_next(), and after one that failed, on the thread that runs the jobs: those that
 * were running when their process ended wait again, and those of this process whose end could not be written;
 * those of other hosts after 5 minutes without a sign of life (long work calls ctx_progress() each minute).
 * What pages show (job_get, job_recent, job_counts) is in db/job_sql.h. */
int job_recover(struct ctx *cx);

#endif
