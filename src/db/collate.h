/* collate.h - the order of the Kazakh alphabet, for SQLite's ORDER BY. PostgreSQL has its own from the same library. */
#ifndef DB_COLLATE_H
#define DB_COLLATE_H

#include "base/ctx.h"

struct collation;

/* ERR_DB where this machine's ICU does not know Kazakh. Freed by collation_free(). */
int collation_new(struct ctx *cx, struct collation **out);
void collation_free(struct collation *c);

/* <0, 0, >0 as SQLite wants it; equal for ICU but not the same bytes: by bytes, as PostgreSQL does. */
int collation_compare(const struct collation *c, const char *a, int n, const char *b, int m);

/* The same without the short way, to compare with. */
int collation_compare_slow(const struct collation *c, const char *a, int n, const char *b, int m);

#endif
