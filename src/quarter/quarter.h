/* quarter.h - the close of a quarter: freeze, estimate, count, forecast, score, choose, report, sign. */
#ifndef QUARTER_QUARTER_H
#define QUARTER_QUARTER_H

#include "base/ctx.h"
#include "module.h"

extern const struct module quarter_module;

/* Closes a quarter ("2025-Q3") and gives its run. Progress goes to cx->progress; every step is kept, so that an
 * interrupted close goes on under the same run. On a quarter that is closed already nothing is computed anew: the
 * inputs are compared with the frozen ones, and the same files are written again byte by byte (ERR_CONFLICT where an
 * input has changed since: reopen it). reopen_reason (NULL: none) opens a closed quarter for a new run.
 * ERR_INVALID: not a quarter, or not over yet. */
int quarter_close(struct ctx *cx, const char *quarter, const char *reopen_reason, int64_t *run_id);

/* A named person signs a closed run off. ERR_CONFLICT: not closed, or signed already. */
int quarter_sign(struct ctx *cx, int64_t run_id, const char *name, int64_t version);

/* Copies a run's files into a folder (made if missing). */
int quarter_export(struct ctx *cx, int64_t run_id, const char *folder);

#endif
