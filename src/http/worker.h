/* worker.h - the threads that run handlers, fed by two queues: heavy requests (exports) have their
 * own workers, so that they never take the last one from the rest. */
#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include "http/server.h"

/* A request that waits for its answer. done is called on the worker's thread. */
struct work {
    struct work *next;
    struct request *rq;
    bool heavy;
    void (*done)(struct work *w);
};

struct workers;

/* Starts the threads; an error of cx where a worker_start hook failed or threads are refused. */
int workers_start(struct ctx *cx, const struct server_options *options, struct workers **out);
/* False: the queue is full. */
bool workers_add(struct workers *ws, struct work *w);
/* Takes back what has not begun; NULL: nothing. */
struct work *workers_take_back(struct workers *ws);
/* Ends the threads after what they do now; waits until `deadline_us` (time_steady_us). False: one did
 * not end, and nothing was freed. */
bool workers_stop(struct workers *ws, int64_t deadline_us);

#endif
