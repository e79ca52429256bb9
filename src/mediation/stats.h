/* stats.h - numbers of disputes that may be shown: one fixed family of tables, protected together.
 *
 * Offences and everyday disputes are two separate families (they share no case). In each:
 *   periods   years, half-years and quarters that are over and that the records reach over: all cases,
 * settled, not settled; of the settled: performed. Decided in the order in which periods end: what was shown
 * once stays shown, what was hidden stays hidden, and no hidden cell can be worked out from sums and
 * differences. places    for each whole year, unit by kind with its totals (stat/protect.h, protect_table).
 * There are no other tables and no filters, so there is nothing to subtract. */
#ifndef MEDIATION_STATS_H
#define MEDIATION_STATS_H

#include "base/ctx.h"
#include "base/fields.h"
#include "mediation/mediator_sql.h"

struct stats_period {
    const char *period; /* "2024", "2024-H1", "2024-Q1" */
    int level;          /* 0 year, 1 half-year, 2 quarter */
    struct protected_count cases, settled, not_settled, performed;
    struct opt_num share; /* settled of all, where both are shown */
};
struct stats_cell { /* one cell of the places table; unit_id 0 and kind "" are the totals */
    const char *period, *unit, *kind_code, *kind;
    int64_t unit_id;
    struct protected_count cases;
};
struct stats_periods {
    struct stats_period *rows;
    size_t n;
};
struct stats_cells {
    struct stats_cell *rows;
    size_t n;
};
struct stats_table { /* for showing: units x kinds with totals, cells row by row */
    const char *year;
    size_t units, kinds;
    const char **unit_names, **kind_names, **kind_codes;
    int64_t *unit_ids;
    struct protected_count *cells; /* (units + 1) x (kinds + 1) */
};

/* The periods of a family as of a day, newest first. */
int stats_by_period(struct ctx *cx, bool offence, const char *today, struct stats_periods *out);

/* The places table of a year. ERR_NOT_FOUND where the year is not over. */
int stats_by_place(struct ctx *cx, bool offence, int year, const char *today, struct stats_table *out);
void stats_list_cells(struct ctx *cx, const struct stats_table *t, struct stats_cells *out);

/* The years that are over and have cases, newest first. */
int stats_years(struct ctx *cx, const char *today, int **years, size_t *n);

#endif
