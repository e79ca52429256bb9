/* work.h - what the steps of a quarter's close share: the run, the units, and the steps themselves.
 *
 * Each step reads frozen inputs and writes its figures in one transaction; running it again under the same run
 * replaces them. Identifiers of figures are made of step and position, so that the same inputs give the same ids. */
#ifndef QUARTER_WORK_H
#define QUARTER_WORK_H

#include "base/ctx.h"
#include "base/time.h"
#include "registry/registry.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum quarter_step { STEP_FREEZE, STEP_ESTIMATE, STEP_COUNT, STEP_FORECAST, STEP_SCORE, STEP_CHOOSE, STEP_REPORT, STEP_COUNT_OF };

enum {
    SERIES_QUARTERS = 12, /* how far back counts are read for forecasts */
};

struct quarter_work {
    int64_t run_id;
    struct quarter quarter;
    const char *name;         /* "2025-Q3" */
    const char *last_day;     /* of the quarter */
    struct territory_list_list units; /* of that day, ordered by id: the order of all figures */
    int64_t region_territory;
    double *population;       /* by unit, the newest not after last_day; NaN where unknown */
    const char *inputs_hash;
    bool demo;                /* an input is demonstration data */
};

/* Reads the units and their populations. */
int quarter_prepare(struct ctx *cx, struct quarter_work *w);

/* The position of a unit in w->units, -1 where it is none. */
int quarter_unit_index(const struct quarter_work *w, int64_t unit_id);

/* An identifier of a figure: the run's, then the step and the position. */
int64_t quarter_figure_id(enum quarter_step step, size_t position);

/* --- the steps, in order; all inside db_tx except the hashing of the freeze ------------------------------------------ */

/* Counts and hashes what the quarter rests on; w->inputs_hash is over all of it. Writes quarter_input. */
int quarter_freeze(struct ctx *cx, struct quarter_work *w);

/* Shares of every perception indicator for the region and each unit: linearised variances, intervals, refusals; the
 * region's change since the quarter before, with the covariance of clusters that are in both samples. */
int quarter_estimate(struct ctx *cx, struct quarter_work *w);

/* The code under which the change of an indicator is kept: "P1:change". */
const char *quarter_change_code(struct ctx *cx, const char *indicator);

/* Disputes of the quarter by unit and kind. */
int quarter_count(struct ctx *cx, struct quarter_work *w);

/* Next quarter's disputes by unit and for the region, or the reason why not. */
int quarter_forecast(struct ctx *cx, struct quarter_work *w);

/* The forecasts made a quarter ago beside what came, and beside what the pooled rate would have said. */
int quarter_score(struct ctx *cx, struct quarter_work *w);

/* Settlements proposed for a visit, with reasons; some by lot. */
int quarter_choose(struct ctx *cx, struct quarter_work *w);

#endif
