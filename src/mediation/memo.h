/* memo.h - protecting a table is a pure function and costs tenths of a second: the last results are kept in
 * memory, found again by the whole content of the table. Thread-safe. */
#ifndef MEDIATION_MEMO_H
#define MEDIATION_MEMO_H

#include "stat/protect.h"

/* As protect_table(), of which only `safe` and `cell` are set. */
struct protect_result memo_protect_table(struct arena *a, const struct protect_table *t,
                                         const struct protect_rules *rules);

#endif
