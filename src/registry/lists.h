/* lists.h - reference and demonstration lists: the CSV files that are part of the binary (reference/, demo/). */
#ifndef REGISTRY_LISTS_H
#define REGISTRY_LISTS_H

#include "base/table.h"

/* Calls row(cx, t, arg) for every row of the embedded file ("reference/communities.csv"); ERR_NOT_FOUND where this
 * program has no such file. */
int list_each(struct ctx *cx, const char *path, int (*row)(struct ctx *cx, const struct table *t, void *arg), void *arg);

/* A cell kept in cx->arena (table_cell() is valid for the current row only). */
const char *list_text(struct ctx *cx, const struct table *t, const char *name);

/* A cell as a whole number; 0 where it is empty or none (the files are ours and tested). */
int64_t list_int(const struct table *t, const char *name);

#endif
