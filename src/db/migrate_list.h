/* migrate_list.h - migrations from a list that is given, not the program's own: for tests. */
#ifndef DB_MIGRATE_LIST_H
#define DB_MIGRATE_LIST_H

#include "base/ctx.h"
#include "base/embedded.h"

int migrate_list_up(struct ctx *cx, const struct embedded *list, size_t n, int *applied);
int migrate_list_check(struct ctx *cx, const struct embedded *list, size_t n);

#endif
