/* forecast.c - counts of the quarter, the forecast of the next one, and how the last forecast did.
 *
 * For units (districts and cities) and the region only. The step of the ladder (counts alone, empirical Bayes, endemic-epidemic model) and whether there is a
 * forecast at all are decided by the data (stat/count.h); the baseline of the scores is the pooled rate times population, fitted on the same past. */
#include "quarter/work.h"

#include "base/arena.h"
#include "base/str.h"
#include "quarter/figures_sql.h"
#include "quarter/freeze_sql.h"
#include "setting/setting.h"
#include "stat/count.h"

#include <math.h>


/* --- counts ---------------------------------------------------------------------------------------------------------- */

struct sum { int64_t disputes, settled, performed; };

static int put_count(struct ctx *cx, struct quarter_work *w, size_t *position, int64_t place, const char *kind, const struct sum *s)
{
    return count_insert(cx, &(struct count_insert_in){.region_id = cx->region_id, .run_id = w->run_id,
                                .id = quarter_figure_id(STEP_COUNT, (*position)++), .territory_id = place, .kind_code = kind,
                                .period = w->name, .disputes = s->disputes, .settled = s->settled, .performed = s->performed}, NULL);
}

static void sum_add(struct sum *s, const struct freeze_dispute_cells_row *c)
{
    s->disputes += c->disputes;
    s->settled += c->settled;
    s->performed += c->performed;
}

int quarter_count(struct ctx *cx, struct quarter_work *w)
{
    struct freeze_dispute_cells_list cells;
    TRY(freeze_dispute_cells(cx, cx->region_id, w->name, w->name, &cells));
    struct sum region = {0}, *unit = arena_array(cx->arena, w->units.n, sizeof *unit);
    size_t position = 0;
    for (size_t i = 0; i < cells.n; i++) { /* a unit and a kind */
        int u = quarter_unit_index(w, cells.rows[i].unit_id);
        struct sum one = {0};
        sum_add(&one, &cells.rows[i]);
        sum_add(&region, &cells.rows[i]);
        if (u >= 0)
            sum_add(&unit[u], &cells.rows[i]);
        TRY(put_count(cx, w, &position, cells.rows[i].unit_id, cells.rows[i].kind_code, &one));
    }
    for (size_t u = 0; u < w->units.n; u++)
        TRY(put_count(cx, w, &position, w->units.rows[u].id, "", &unit[u]));
    TRY(put_count(cx, w, &position, w->region_territory, "", &region));
    for (size_t i = 0; i < cells.n; i++) { /* the region by kind: once a kind, at its first cell */
        bool first = true;
        struct sum kind = {0};
        for (size_t j = 0; j < cells.n; j++)
            if (str_eq(cells.rows[j].kind_code, cells.rows[i].kind_code)) {
                first = first && j >= i;
                sum_add(&kind, &cells.rows[j]);
            }
        if (first)
            TRY(put_count(cx, w, &position, w->region_territory, cells.rows[i].kind_code, &kind));
    }
    return OK;
}

/* --- the panel ------------------------------------------------------------------------------------------------------- */

/* Counts by unit and quarter, the last column being `last`. Without a population for a unit the units' median stands in:
 * a rate per head is not published, the exposure only says how much a count weighs. */
static int read_panel(struct ctx *cx, const struct quarter_work *w, struct quarter last, struct count_panel *out)
{
    struct freeze_first_quarter_row first;
    TRY(freeze_first_quarter(cx, cx->region_id, &first));
    struct quarter from = quarter_add(last, 1 - SERIES_QUARTERS), q0;
    if (first.quarter && quarter_parse(first.quarter, &q0) && quarter_index(q0) > quarter_index(from))
        from = q0;
    int periods = quarter_index(last) - quarter_index(from) + 1;
    *out = (struct count_panel){.n_places = w->units.n, .n_periods = periods > 0 && first.quarter ? (size_t)periods : 0,
                                .periods_per_year = 4};
    if (!out->n_periods)
        return OK;
    int64_t *y = arena_array(cx->arena, out->n_places * out->n_periods, sizeof *y);
    double *exposure = arena_array(cx->arena, out->n_places * out->n_periods, sizeof *exposure);
    struct freeze_dispute_cells_list cells;
    TRY(freeze_dispute_cells(cx, cx->region_id, quarter_text(cx->arena, from), quarter_text(cx->arena, last), &cells));
    for (size_t i = 0; i < cells.n; i++) {
        int u = quarter_unit_index(w, cells.rows[i].unit_id);
        struct quarter q;
        if (u >= 0 && quarter_parse(cells.rows[i].quarter, &q))
            y[(size_t)u * out->n_periods + (size_t)(quarter_index(q) - quarter_index(from))] += cells.rows[i].disputes;
    }
    double known = 0, n_known = 0;
    for (size_t u = 0; u < w->units.n; u++)
        if (!isnan(w->population[u]) && w->population[u] > 0) {
            known += w->population[u];
            n_known++;
        }
    double standby = n_known > 0 ? known / n_known : 1;
    for (size_t u = 0; u < w->units.n; u++)
        for (size_t t = 0; t < out->n_periods; t++)
            exposure[u * out->n_periods + t] = w->population[u] > 0 ? w->population[u] : standby;
    out->y = y;
    out->exposure = exposure;
    return OK;
}

/* --- the forecast ---------------------------------------------------------------------------------------------------- */

static struct opt_int whole(double v)
{
    return (struct opt_int){isfinite(v), isfinite(v) ? (int64_t)v : 0};
}

static int put_forecast(struct ctx *cx, struct quarter_work *w, size_t *position, int64_t place, const char *period,
                        const char *method, double mean, double size, enum stat_reason reason)
{
    double lower[3], upper[3];
    static const double LEVELS[3] = {0.5, 0.8, 0.95};
    bool none = reason != STAT_REASON_NONE || isnan(mean);
    for (int i = 0; i < 3; i++) {
        lower[i] = upper[i] = NAN;
        if (!none)
            count_forecast_interval(mean, size, LEVELS[i], &lower[i], &upper[i]);
    }
    return forecast_insert(cx, &(struct forecast_insert_in){.region_id = cx->region_id, .run_id = w->run_id,
                                   .id = quarter_figure_id(STEP_FORECAST, (*position)++), .territory_id = place, .kind_code = "",
                                   .period = period, .method = method, .mean = {!none, none ? 0 : mean},
                                   .size = {!none && isfinite(size), !none && isfinite(size) ? size : 0},
                                   .lower50 = whole(lower[0]), .upper50 = whole(upper[0]), .lower80 = whole(lower[1]),
                                   .upper80 = whole(upper[1]), .lower95 = whole(lower[2]), .upper95 = whole(upper[2]),
                                   .status = none ? "abstain" : "ok", .reason = reason ? stat_reason_code(reason) : ""}, NULL);
}

int quarter_forecast(struct ctx *cx, struct quarter_work *w)
{
    struct count_panel panel;
    TRY(read_panel(cx, w, w->quarter, &panel));
    const char *next = quarter_text(cx->arena, quarter_next(w->quarter));
    struct count_rules rules = {.min_periods = (size_t)setting_int(cx, "forecast.min_quarters"),
                                .level = setting_num(cx, "forecast.level")};
    size_t position = 0;
    if (panel.n_periods < rules.min_periods) {
        for (size_t u = 0; u < w->units.n; u++)
            TRY(put_forecast(cx, w, &position, w->units.rows[u].id, next, "none", NAN, NAN, STAT_REASON_FEW_PERIODS));
        return put_forecast(cx, w, &position, w->region_territory, next, "none", NAN, NAN, STAT_REASON_FEW_PERIODS);
    }
    struct count_ladder ladder = count_ladder(cx->arena, &panel, &rules);
    enum stat_reason why = ladder.status == STAT_REFUSED ? ladder.reason : STAT_REASON_NONE;
    const char *method = ladder.status == STAT_REFUSED ? "none" : count_method_code(ladder.method);
    double total = 0, variance = 0;
    for (size_t u = 0; u < w->units.n; u++) {
        const struct count_place_forecast *f = &ladder.place[u];
        TRY(put_forecast(cx, w, &position, w->units.rows[u].id, next, method, f->mean, f->size, why));
        total += f->mean;
        variance += f->mean + (isfinite(f->size) ? f->mean * f->mean / f->size : 0);
    }
    /* the region: the sum of the units, as the negative binomial with the sum's mean and variance */
    double size = variance > total ? total * total / (variance - total) : INFINITY;
    return put_forecast(cx, w, &position, w->region_territory, next, method, total, size, why);
}

/* --- the score of the last forecast ---------------------------------------------------------------------------------- */

static int observed_of(struct ctx *cx, const struct quarter_work *w, int64_t *by_unit, int64_t *region)
{
    struct freeze_dispute_cells_list cells;
    TRY(freeze_dispute_cells(cx, cx->region_id, w->name, w->name, &cells));
    *region = 0;
    for (size_t i = 0; i < cells.n; i++) {
        int u = quarter_unit_index(w, cells.rows[i].unit_id);
        *region += cells.rows[i].disputes;
        if (u >= 0)
            by_unit[u] += cells.rows[i].disputes;
    }
    return OK;
}

static bool inside(struct opt_int lower, struct opt_int upper, int64_t y)
{
    return lower.has && upper.has && lower.value <= y && y <= upper.value;
}

int quarter_score(struct ctx *cx, struct quarter_work *w)
{
    struct forecast_for_list past;
    TRY(forecast_for(cx, cx->region_id, w->name, &past));
    if (!past.n)
        return OK;
    int64_t *observed = arena_array(cx->arena, w->units.n, sizeof *observed), region = 0;
    TRY(observed_of(cx, w, observed, &region));
    struct count_panel panel;
    struct count_forecast baseline = {0};
    TRY(read_panel(cx, w, quarter_previous(w->quarter), &panel));
    if (!panel.n_periods || count_forecast(cx->arena, &panel, COUNT_POOLED, &baseline))
        return OK;
    for (size_t i = 0; i < past.n; i++) {
        const struct forecast_for_row *f = &past.rows[i];
        int u = quarter_unit_index(w, f->territory_id);
        if (!str_eq(f->status, "ok") || u < 0)
            continue; /* abstained, or the region's sum: units are scored */
        double y = (double)observed[u], size = f->size.has ? f->size.value : INFINITY;
        struct score_count own = score_negbin(y, f->mean.value, size);
        struct score_count base = score_negbin(y, baseline.mean[u], baseline.size[u]);
        TRY(score_insert(cx, &(struct score_insert_in){.region_id = cx->region_id, .run_id = w->run_id,
                                 .forecast_run_id = f->run_id, .forecast_id = f->id, .observed = observed[u],
                                 .log_score = own.log, .rps = own.rps, .baseline_log = base.log, .baseline_rps = base.rps,
                                 .inside50 = inside(f->lower50, f->upper50, observed[u]),
                                 .inside80 = inside(f->lower80, f->upper80, observed[u]),
                                 .inside95 = inside(f->lower95, f->upper95, observed[u])}, NULL));
    }
    return OK;
}
