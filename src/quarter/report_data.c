/* report_data.c - reads what the report says, and decides once which counts may be shown. */
#include "quarter/report_data.h"

#include "base/arena.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include "setting/setting.h"
#include "stat/protect.h"

#include <string.h>

static const char PROBLEM_QUESTION[] = "H1";

/* The estimates in force of another quarter; empty where it was never closed. */
static int read_estimates_of(struct ctx *cx, struct quarter q, struct estimate_of_run_list *out)
{
    struct run_in_force_row run;
    bool found = false;
    *out = (struct estimate_of_run_list){0};
    TRY(run_in_force(cx, cx->region_id, quarter_text(cx->arena, q), &run, &found));
    return found ? estimate_of_run(cx, cx->region_id, run.id, out) : OK;
}

static int read_past(struct ctx *cx, struct quarter_work *w, struct report_data *d)
{
    const char *first = date_text(cx->arena, quarter_start(w->quarter));
    TRY(read_estimates_of(cx, quarter_previous(w->quarter), &d->last));
    TRY(read_estimates_of(cx, quarter_add(w->quarter, -4), &d->year_ago));
    TRY(report_totals(cx, cx->region_id, quarter_text(cx->arena, quarter_add(w->quarter, -7)), w->name, &d->totals));
    TRY(report_proposals(cx, &(struct report_proposals_in){cx->region_id, first, w->last_day, 0}, &d->proposals));
    TRY(report_proposals(cx, &(struct report_proposals_in){cx->region_id, first, w->last_day, 1}, &d->past));
    TRY(report_meetings(cx, cx->region_id, first, w->last_day, &d->meetings));
    struct run_before_row before;
    bool found = false;
    TRY(run_before(cx, cx->region_id, w->name, d->run.run_no, &before, &found));
    return found ? run_differences(cx, cx->region_id, w->run_id, before.id, &d->differences) : OK;
}

int report_read(struct ctx *cx, struct quarter_work *w, struct report_data *d)
{
    int64_t region = cx->region_id;
    *d = (struct report_data){.work = w};
    TRY(run_by_id(cx, region, w->run_id, &d->run));
    TRY(run_inputs(cx, region, w->run_id, &d->inputs));
    TRY(estimate_of_run(cx, region, w->run_id, &d->estimates));
    TRY(count_of_run(cx, region, w->run_id, &d->counts));
    TRY(forecast_of_run(cx, region, w->run_id, &d->forecasts));
    TRY(score_of_run(cx, region, w->run_id, &d->scores));
    TRY(report_ledger(cx, region, w->run_id, w->name, &d->ledger));
    TRY(recommendation_of_run(cx, region, w->run_id, &d->recommendations));
    TRY(freeze_round(cx, region, w->name, &d->round, &d->has_round));
    if (d->has_round) {
        TRY(freeze_indicators(cx, region, d->round.instrument_code, &d->indicators));
        TRY(freeze_choices(cx, region, d->round.instrument_id, PROBLEM_QUESTION, &d->problems));
        TRY(report_questions(cx, region, d->round.instrument_id, &d->questions));
    }
    TRY(report_population(cx, region, w->last_day, &d->population));
    TRY(attention_list(cx, region, w->last_day, &d->attention));
    TRY(structure_overview(cx, &(struct structure_overview_in){region, "structure", w->last_day,
                               arena_printf(cx->arena, "%.4s-01-01", w->last_day)}, &d->structures));
    TRY(report_kinds(cx, region, w->name, &d->kinds));
    TRY(outline_list(cx, &(struct outline_list_in){region, LEVEL_UNIT, 0, w->last_day}, &d->outlines));
    return read_past(cx, w, d);
}

const struct estimate_of_run_row *report_estimate(const struct estimate_of_run_list *list, const char *indicator, int64_t place)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->rows[i].territory_id == place && str_eq(list->rows[i].indicator_code, indicator))
            return &list->rows[i];
    return NULL;
}

const char *report_unit_name(struct ctx *cx, const struct report_data *d, size_t unit)
{
    return registry_name(cx, d->work->units.rows[unit]);
}

const char *report_kind_name(struct ctx *cx, const struct report_data *d, const char *kind)
{
    for (size_t i = 0; i < d->kinds.n; i++)
        if (str_eq(d->kinds.rows[i].code, kind))
            return registry_name(cx, d->kinds.rows[i]);
    return T(cx, N_("all kinds"));
}

const char *report_figure(struct ctx *cx, int64_t figure_id)
{
    return arena_printf(cx->arena, "F%lld", (long long)figure_id);
}

const char *report_input(struct ctx *cx, const struct report_data *d, const char *name)
{
    for (size_t i = 0; i < d->inputs.n; i++)
        if (str_eq(d->inputs.rows[i].name, name))
            return arena_printf(cx->arena, "%s:%.12s", name, d->inputs.rows[i].hash);
    return name;
}

struct cell report_band_cell(struct ctx *cx, const struct report_data *d, size_t unit, const char *kind, const char *figure)
{
    int64_t threshold = setting_int(cx, "protect.threshold"), n = 0;
    int64_t place = unit < d->work->units.n ? d->work->units.rows[unit].id : d->work->region_territory;
    for (size_t i = 0; i < d->counts.n; i++)
        if (d->counts.rows[i].territory_id == place && str_eq(d->counts.rows[i].kind_code, kind))
            n = d->counts.rows[i].disputes;
    struct protect_band band = protect_band(n, threshold);
    const char *text = band.low ? arena_printf(cx->arena, "%s–%s", fmt_int(cx, band.low), fmt_int(cx, band.high))
                                : TF(cx, "fewer than %s", fmt_int(cx, threshold));
    return cell_interval((double)band.low, (double)band.high, text, figure);
}
