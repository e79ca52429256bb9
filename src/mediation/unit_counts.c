/* unit_counts.c - the published counts of all units in a year, for the map. */
#include "mediation/mediation.h"
#include "mediation/stats.h"

#include "base/arena.h"
#include "base/time.h"

int mediation_years(struct ctx *cx, int **years, size_t *n)
{
    return stats_years(cx, date_text(cx->arena, date_today(NULL)), years, n);
}

int mediation_unit_counts(struct ctx *cx, bool offence, int year, struct mediation_unit_count **rows,
                          size_t *n)
{
    struct stats_table t;
    TRY(stats_by_place(cx, offence, year, date_text(cx->arena, date_today(NULL)), &t));
    *n = t.units;
    *rows = arena_array(cx->arena, t.units + 1, sizeof **rows);
    for (size_t u = 0; u < t.units; u++)
        (*rows)[u] = (struct mediation_unit_count){t.unit_ids[u], t.cells[u * (t.kinds + 1) + t.kinds]};
    return OK;
}
