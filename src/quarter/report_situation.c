/* report_situation.c - the report's first half: summary, method, background, relations, places, disputes. */
#include "quarter/report_data.h"

#include "base/arena.h"
#include "base/str.h"
#include "geo/shape_code.h"
#include "i18n/i18n.h"
#include "report/chart.h"
#include "report/map_svg.h"
#include "setting/setting.h"
#include "stat/protect.h"
#include "stat/stat.h"

#include <math.h>

static const char TREND[] = "P1";
enum { MAP_STEPS = 4 };

static double value_of(struct opt_num v) { return v.has ? v.value : NAN; }

static const char *percent(struct ctx *cx, struct opt_num v)
{
    return v.has ? fmt_percent(cx, v.value, 1) : T(cx, N_("too little data"));
}

/* Registers an estimate as a figure of report.json and gives its id. */
static const char *estimate_figure(struct ctx *cx, const struct report_data *d, struct doc *doc, const struct estimate_of_run_row *e,
                                   const char *place)
{
    const char *id = report_figure(cx, e->id);
    doc_figure(doc, &(struct figure){.id = id, .unit = "share", .source_id = report_input(cx, d, "answers"), .place = place,
                        .period = e->period, .kind = e->indicator_code, .value = value_of(e->value), .low = value_of(e->lower),
                        .high = value_of(e->upper)});
    return id;
}

static struct cell interval_cell(struct ctx *cx, const struct estimate_of_run_row *e)
{
    if (!e || !e->lower.has)
        return cell_text("–");
    return cell_interval(e->lower.value, e->upper.value,
                         arena_printf(cx->arena, "%s – %s", fmt_num(cx, e->lower.value * 100, 1), fmt_percent(cx, e->upper.value, 1)), NULL);
}

/* --- 1-2: summary ---------------------------------------------------------------------------------------------------- */

/* How many disputes of a quarter may be shown, and how many settled: neither where it is small, nor where the rest would be. */
static void shown_totals(struct ctx *cx, const struct report_totals_row *t, struct protected_count *all, struct protected_count *settled)
{
    int64_t threshold = setting_int(cx, "protect.threshold");
    struct protected_count parts[2];
    protect_counts(cx->arena, &t->disputes, 1, false, threshold, all);
    protect_counts(cx->arena, (const int64_t[]){t->settled, t->disputes - t->settled}, 2, !all->hidden, threshold, parts);
    *settled = parts[0];
}

static const char *totals_text(struct ctx *cx, const struct report_totals_row *t)
{
    struct protected_count all, settled;
    shown_totals(cx, t, &all, &settled);
    const char *n = all.hidden ? T(cx, "protected") : fmt_int(cx, all.value);
    return settled.hidden ? TF(cx, "Disputes recorded: %s.", n)
                          : TF(cx, "Disputes recorded: %s; settled by mediation so far: %s.", n, fmt_int(cx, settled.value));
}

/* The region's change of an indicator since the quarter before; NULL where none can be told. */
static const struct estimate_of_run_row *change_of(struct ctx *cx, const struct report_data *d, const char *indicator)
{
    const struct estimate_of_run_row *e =
        report_estimate(&d->estimates, quarter_change_code(cx, indicator), d->work->region_territory);
    return e && e->value.has && e->lower.has ? e : NULL;
}

/* Does the interval of the change leave no change out? */
static bool is_clear(const struct estimate_of_run_row *change)
{
    return change && (change->lower.value > 0 || change->upper.value < 0);
}

static const char *points(struct ctx *cx, double share)
{
    return arena_printf(cx->arena, "%s%s", share > 0 ? "+" : "", fmt_num(cx, share * 100, 1));
}

/* How the share stands to that of the quarter before, and whether the samples can tell. */
static void against_last(struct ctx *cx, struct report_data *d, struct para *p, const struct estimate_of_run_row *last)
{
    const struct estimate_of_run_row *change = change_of(cx, d, TREND);
    const char *then = fmt_percent(cx, last->value.value, 1);
    if (!change)
        para_text(p, RUN_PLAIN, TF(cx, " A quarter before it was %s.", then));
    else if (is_clear(change))
        para_text(p, RUN_PLAIN, TF(cx, " A quarter before it was %s: a change of %s points (from %s to %s), more than the samples' error.", then,
                                   points(cx, change->value.value), points(cx, change->lower.value), points(cx, change->upper.value)));
    else
        para_text(p, RUN_PLAIN, TF(cx, " A quarter before it was %s: a change of %s points (from %s to %s), within the samples' error.", then,
                                   points(cx, change->value.value), points(cx, change->lower.value), points(cx, change->upper.value)));
}

static void summary(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    const struct estimate_of_run_row *now = report_estimate(&d->estimates, TREND, d->work->region_territory);
    const struct estimate_of_run_row *last = report_estimate(&d->last, TREND, d->work->region_territory);
    doc_heading(doc, 1, T(cx, N_("Summary")));
    struct para *p = doc_para(doc, "");
    if (now && now->value.has) {
        para_text(p, RUN_BOLD, T(cx, N_("Relations seen as friendly")));
        para_text(p, RUN_PLAIN, ": ");
        para_figure(p, estimate_figure(cx, d, doc, now, "region"), fmt_percent(cx, now->value.value, 1));
        para_text(p, RUN_PLAIN, TF(cx, " (from %s to %s; %s answers).", fmt_percent(cx, now->lower.value, 1),
                                   fmt_percent(cx, now->upper.value, 1), fmt_int(cx, now->n)));
        if (last && last->value.has)
            against_last(cx, d, p, last);
    } else {
        para_text(p, RUN_PLAIN, T(cx, N_("There are too few answers this quarter to say how people see relations.")));
    }
    struct block *list = doc_list(doc, false);
    if (d->totals.n) {
        const struct report_totals_row *t = &d->totals.rows[d->totals.n - 1];
        if (str_eq(t->quarter, d->work->name))
            list_item(doc, list, totals_text(cx, t));
    }
    const struct forecast_of_run_row *f = NULL;
    for (size_t i = 0; i < d->forecasts.n; i++)
        if (d->forecasts.rows[i].territory_id == d->work->region_territory)
            f = &d->forecasts.rows[i];
    if (f && str_eq(f->status, "ok"))
        list_item(doc, list, TF(cx, "For %s between %s and %s disputes are foreseen in the region (80 %% interval).", fmt_quarter(cx, f->period),
                                fmt_int(cx, f->lower80.value), fmt_int(cx, f->upper80.value)));
    else
        list_item(doc, list, T(cx, N_("The data do not carry a forecast for the next quarter.")));
    list_item(doc, list, TN(cx, "%lld settlement is proposed for a visit.", "%lld settlements are proposed for a visit.", (long long)d->recommendations.n));
    list_item(doc, list, TN(cx, "%lld proposal was made to state bodies.", "%lld proposals were made to state bodies.", (long long)d->proposals.n));
}

/* --- 3: method ------------------------------------------------------------------------------------------------------- */

static void method(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Aim, method, sample")));
    doc_para(doc, T(cx, N_("The aim is to see early where everyday quarrels may grow, and to help in time. The report speaks of places and "
                           "kinds of dispute, never of persons or communities as a danger.")));
    const struct estimate_of_run_row *all = report_estimate(&d->estimates, TREND, d->work->region_territory);
    if (d->has_round && all) {
        doc_para(doc, TF(cx, "Survey: %s answers from %s clusters, stratified over %s districts and cities and town/village; shares are weighted, "
                             "intervals are 95 %% and follow the design of the sample (linearised variance). Fieldwork from %s to %s.",
                         fmt_int(cx, all->n), fmt_int(cx, all->psu), fmt_int(cx, (int64_t)d->work->units.n),
                         *d->round.field_from ? fmt_date(cx, d->round.field_from) : "–", *d->round.field_to ? fmt_date(cx, d->round.field_to) : "–"));
        if (d->round.refused.has)
            doc_para(doc, TF(cx, "Refused to take part: %s people.", fmt_int(cx, d->round.refused.value)));
    } else {
        doc_para(doc, T(cx, N_("No survey was loaded for this quarter; the sections that rest on it are empty.")));
    }
    doc_note(doc, T(cx, N_("A figure is withheld where it rests on too few answers or places. Counts below the threshold are protected, and so are those "
                           "from which a protected one could be worked out.")));
}

/* --- 4: background --------------------------------------------------------------------------------------------------- */

static void background(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Background")));
    const struct column columns[] = {{.title = T(cx, "District or city"), .type = COLUMN_TEXT, .weight = 2},
                                     {.title = T(cx, "Population"), .type = COLUMN_NUMBER},
                                     {.title = T(cx, "Period"), .type = COLUMN_TEXT, .weight = 0.8},
                                     {.title = T(cx, "Source"), .type = COLUMN_TEXT, .weight = 2.4}};
    struct table *t = doc_table(doc, T(cx, N_("Population of the districts and cities")), columns, 4);
    double sum = 0;
    for (size_t i = 0; i < d->population.n; i++) {
        const struct report_population_row *p = &d->population.rows[i];
        int u = quarter_unit_index(d->work, p->territory_id);
        if (u < 0 || (i && d->population.rows[i - 1].territory_id == p->territory_id))
            continue; /* two sources may give the same figure of the same year */
        const char *id = arena_printf(cx->arena, "O%lld", (long long)p->id);
        doc_figure(doc, &(struct figure){.id = id, .unit = "people", .source_id = report_input(cx, d, "population"),
                            .place = d->work->units.rows[u].kato, .period = p->period, .kind = "population", .value = p->value, .low = NAN, .high = NAN});
        const struct cell cells[] = {cell_text(report_unit_name(cx, d, (size_t)u)), cell_num(p->value, fmt_int(cx, (int64_t)p->value), id),
                                     cell_text(p->period), cell_text(ctx_pick(cx, p->source_kk, p->source_ru, p->source_en))};
        table_row(t, cells, 4);
        sum += p->value;
    }
    const struct cell total[] = {cell_text(T(cx, "Total")), cell_num(sum, fmt_int(cx, (int64_t)sum), NULL)};
    table_total(t, total, 2);
}

/* --- 5: state of relations --------------------------------------------------------------------------------------------- */

static void relations(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("State of relations")));
    if (!d->estimates.n) {
        doc_para(doc, T(cx, N_("There are no estimates for this quarter.")));
        return;
    }
    const struct column columns[] = {{.title = T(cx, N_("Indicator")), .type = COLUMN_TEXT, .weight = 3},
                                     {.title = T(cx, N_("This quarter")), .type = COLUMN_NUMBER, .percent = true, .decimals = 1},
                                     {.title = T(cx, N_("95 % interval")), .type = COLUMN_INTERVAL, .percent = true, .decimals = 1, .weight = 1.6},
                                     {.title = T(cx, N_("A quarter before")), .type = COLUMN_NUMBER, .percent = true, .decimals = 1},
                                     {.title = T(cx, N_("A year before")), .type = COLUMN_NUMBER, .percent = true, .decimals = 1},
                                     {.title = T(cx, "Answers"), .type = COLUMN_NUMBER}};
    struct table *t = doc_table(doc, T(cx, N_("Perception indicators of the region")), columns, 6);
    bool starred = false;
    for (size_t i = 0; i < d->indicators.n; i++) {
        const struct freeze_indicators_row *in = &d->indicators.rows[i];
        const struct estimate_of_run_row *e = report_estimate(&d->estimates, in->code, d->work->region_territory);
        const struct estimate_of_run_row *l = report_estimate(&d->last, in->code, d->work->region_territory);
        const struct estimate_of_run_row *y = report_estimate(&d->year_ago, in->code, d->work->region_territory);
        if (!e)
            continue;
        const char *id = estimate_figure(cx, d, doc, e, "region");
        bool clear = is_clear(change_of(cx, d, in->code));
        starred |= clear;
        const struct cell cells[] = {cell_text(registry_name(cx, *in)), cell_num(value_of(e->value), percent(cx, e->value), id), interval_cell(cx, e),
                                     l && l->value.has ? cell_num(l->value.value, clear ? arena_printf(cx->arena, "* %s", percent(cx, l->value))
                                                                                        : percent(cx, l->value), NULL) : cell_text("–"),
                                     y && y->value.has ? cell_num(y->value.value, percent(cx, y->value), NULL) : cell_text("–"),
                                     cell_num((double)e->n, fmt_int(cx, e->n), NULL)};
        table_row(t, cells, 6);
    }
    const char *note = T(cx, N_("Shares of weighted answers; “don’t know” and refusals are left out."));
    if (starred)
        note = arena_printf(cx->arena, "%s %s", note, T(cx, N_("* the change since then is more than the samples' error (95 %)")));
    table_note(t, note);
    table_source(t, TF(cx, "survey of %s", fmt_quarter(cx, d->work->name)));
}

/* --- 6: by territory ----------------------------------------------------------------------------------------------------- */

static void trend_chart(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    struct chart_point *points = arena_array(cx->arena, d->work->units.n, sizeof *points);
    for (size_t u = 0; u < d->work->units.n; u++) {
        const struct estimate_of_run_row *e = report_estimate(&d->estimates, TREND, d->work->units.rows[u].id);
        points[u] = (struct chart_point){.label = report_unit_name(cx, d, u), .value = e ? value_of(e->value) : NAN,
                                         .low = e ? value_of(e->lower) : NAN, .high = e ? value_of(e->upper) : NAN,
                                         .figure_id = e ? report_figure(cx, e->id) : NULL};
    }
    const struct estimate_of_run_row *all = report_estimate(&d->estimates, TREND, d->work->region_territory);
    struct chart_series series = {NULL, points, d->work->units.n};
    const struct chart chart = {.kind = CHART_DOTS, .series = &series, .n_series = 1, .percent = true, .decimals = 0,
                                .min = 0, .max = 1, .has_reference = all && all->value.has, .reference = all ? value_of(all->value) : 0,
                                .reference_label = T(cx, N_("region"))};
    doc_chart(doc, &chart, T(cx, N_("Relations seen as friendly, by district and city, with 95 % intervals")),
              T(cx, N_("A dot and an interval for each district and city; a line marks the region.")),
              TF(cx, "survey of %s", fmt_quarter(cx, d->work->name)));
}

static void trend_map(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    struct map_area *areas = arena_array(cx->arena, d->outlines.n, sizeof *areas);
    size_t n = 0;
    static const double BREAKS[MAP_STEPS - 1] = {0.55, 0.65, 0.75};
    for (size_t i = 0; i < d->outlines.n; i++) {
        const struct outline_list_row *o = &d->outlines.rows[i];
        struct shape *s = shape_decode(cx->arena, o->geometry.data, o->geometry.len);
        if (!s)
            continue;
        struct map_ring *rings = arena_array(cx->arena, s->n_parts, sizeof *rings);
        for (size_t r = 0; r < s->n_parts; r++) {
            size_t from = s->starts[r], to = s->starts[r + 1];
            double *lonlat = arena_array(cx->arena, 2 * (to - from), sizeof *lonlat);
            for (size_t k = from; k < to; k++) {
                lonlat[2 * (k - from)] = geo_degrees(s->points[k].x);
                lonlat[2 * (k - from) + 1] = geo_degrees(s->points[k].y);
            }
            rings[r] = (struct map_ring){lonlat, to - from};
        }
        const struct estimate_of_run_row *e = report_estimate(&d->estimates, TREND, o->territory_id);
        int step = -1;
        if (e && e->value.has)
            for (step = 0; step < MAP_STEPS - 1 && e->value.value >= BREAKS[step];)
                step++;
        areas[n++] = (struct map_area){.name = registry_name(cx, *o), .title = e ? percent(cx, e->value) : NULL, .rings = rings,
                                       .n_rings = s->n_parts, .step = step, .figure_id = e ? report_figure(cx, e->id) : NULL};
    }
    if (!n)
        return;
    const char **steps = arena_array(cx->arena, MAP_STEPS, sizeof *steps);
    steps[0] = TF(cx, "below %s", fmt_percent(cx, BREAKS[0], 0));
    for (int i = 1; i < MAP_STEPS - 1; i++)
        steps[i] = TF(cx, "%s to %s", fmt_percent(cx, BREAKS[i - 1], 0), fmt_percent(cx, BREAKS[i], 0));
    steps[MAP_STEPS - 1] = TF(cx, "%s and more", fmt_percent(cx, BREAKS[MAP_STEPS - 2], 0));
    const struct map map = {.areas = areas, .n_areas = n, .legend_title = T(cx, N_("Relations seen as friendly")), .steps = steps,
                            .n_steps = MAP_STEPS, .kilometres = T(cx, N_("km")), .credit = T(cx, N_("Outlines: A. Rodionov, CC BY 4.0"))};
    doc_map(doc, &map, T(cx, N_("Relations seen as friendly, by district and city")),
            T(cx, N_("A map of the region; the darker a district, the larger the share. The table gives the same figures with intervals.")),
            TF(cx, "survey of %s", fmt_quarter(cx, d->work->name)));
}

static void by_territory(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("By district and city")));
    if (!d->estimates.n) {
        doc_para(doc, T(cx, N_("There are no estimates for this quarter.")));
        return;
    }
    trend_map(cx, d, doc);
    trend_chart(cx, d, doc);
    for (size_t i = 0; i < d->indicators.n; i++) {
        const struct freeze_indicators_row *in = &d->indicators.rows[i];
        const struct column columns[] = {{.title = T(cx, "District or city"), .type = COLUMN_TEXT, .weight = 2.4},
                                         {.title = T(cx, N_("Share")), .type = COLUMN_NUMBER, .percent = true, .decimals = 1},
                                         {.title = T(cx, N_("95 % interval")), .type = COLUMN_INTERVAL, .percent = true, .decimals = 1, .weight = 1.6},
                                         {.title = T(cx, "Answers"), .type = COLUMN_NUMBER},
                                         {.title = T(cx, "Note"), .type = COLUMN_TEXT, .weight = 2}};
        struct table *t = doc_table(doc, registry_name(cx, *in), columns, 5);
        for (size_t u = 0; u < d->work->units.n; u++) {
            const struct estimate_of_run_row *e = report_estimate(&d->estimates, in->code, d->work->units.rows[u].id);
            if (!e)
                continue;
            const char *note = str_eq(e->status, "refused") ? T(cx, N_("withheld: too little data"))
                               : str_eq(e->status, "flag")  ? T(cx, N_("uncertain, use with care"))
                                                            : "";
            const struct cell cells[] = {
                cell_text(report_unit_name(cx, d, u)),
                e->value.has ? cell_num(e->value.value, percent(cx, e->value),
                                        estimate_figure(cx, d, doc, e, d->work->units.rows[u].kato))
                             : cell_text("–"),
                interval_cell(cx, e), cell_num((double)e->n, fmt_int(cx, e->n), NULL), cell_text(note)};
            table_row(t, cells, 5);
        }
        table_source(t, TF(cx, "survey of %s", fmt_quarter(cx, d->work->name)));
    }
}

/* --- 7: settlements under attention ---------------------------------------------------------------------------------------- */

static void attention(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Settlements under attention")));
    doc_para(doc, TN(cx, "%lld settlement is under attention.", "%lld settlements are under attention.", (long long)d->attention.n));
    const struct column columns[] = {{.title = T(cx, "District or city"), .type = COLUMN_TEXT, .weight = 2},
                                     {.title = T(cx, "Settlements"), .type = COLUMN_NUMBER},
                                     {.title = T(cx, N_("Proposed for a visit")), .type = COLUMN_NUMBER}};
    struct table *t = doc_table(doc, T(cx, N_("Settlements under attention and proposed visits, by district and city")), columns, 3);
    for (size_t u = 0; u < d->work->units.n; u++) {
        int64_t n = 0, proposed = 0;
        for (size_t i = 0; i < d->attention.n; i++) {
            const struct attention_list_row *a = &d->attention.rows[i];
            if (!a->unit_id.has || quarter_unit_index(d->work, a->unit_id.value) != (int)u)
                continue;
            n++;
            for (size_t r = 0; r < d->recommendations.n; r++)
                proposed += d->recommendations.rows[r].territory_id == a->territory_id;
        }
        const struct cell cells[] = {cell_text(report_unit_name(cx, d, u)), cell_num((double)n, fmt_int(cx, n), NULL),
                                     cell_num((double)proposed, fmt_int(cx, proposed), NULL)};
        if (n)
            table_row(t, cells, 3);
    }
}

/* --- 8: disputes and mediation ---------------------------------------------------------------------------------------------- */

static void dispute_chart(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    struct chart_point *all = arena_array(cx->arena, d->totals.n, sizeof *all), *settled = arena_array(cx->arena, d->totals.n, sizeof *settled);
    for (size_t i = 0; i < d->totals.n; i++) {
        const struct report_totals_row *t = &d->totals.rows[i];
        struct protected_count n, done;
        shown_totals(cx, t, &n, &done);
        all[i] = (struct chart_point){.label = fmt_quarter_short(cx, t->quarter), .value = (double)n.value, .low = NAN, .high = NAN, .hidden = n.hidden};
        settled[i] = (struct chart_point){.label = fmt_quarter_short(cx, t->quarter),
                                          .value = (double)done.value,
                                          .low = NAN,
                                          .high = NAN,
                                          .hidden = done.hidden};
    }
    struct chart_series series[] = {{T(cx, N_("disputes")), all, d->totals.n}, {T(cx, N_("settled")), settled, d->totals.n}};
    const struct chart chart = {.kind = CHART_LINE, .series = series, .n_series = 2};
    doc_chart(doc, &chart, T(cx, N_("Disputes of the region and those settled by mediation, by quarter")),
              T(cx, N_("Two lines over the last eight quarters.")), T(cx, N_("register of disputes")));
}

static void disputes(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Disputes and mediation")));
    if (!d->kinds.n) {
        doc_para(doc, T(cx, N_("No dispute is recorded for this quarter.")));
        return;
    }
    dispute_chart(cx, d, doc);
    struct column columns[] = {{.title = T(cx, N_("Kind of dispute")), .type = COLUMN_TEXT, .weight = 3},
                               {.title = T(cx, N_("Disputes")), .type = COLUMN_INTERVAL}};
    struct table *t = doc_table(doc, T(cx, N_("Disputes of the region by kind")), columns, 2);
    for (size_t k = 0; k < d->kinds.n; k++) {
        const char *kind = d->kinds.rows[k].code;
        const struct cell cells[] = {cell_text(registry_name(cx, d->kinds.rows[k])),
                                     report_band_cell(cx, d, d->work->units.n, kind, arena_printf(cx->arena, "D-region-%s", kind))};
        table_row(t, cells, 2);
    }
    table_source(t, T(cx, N_("register of disputes")));
    columns[0].title = T(cx, "District or city");
    t = doc_table(doc, T(cx, N_("Disputes by district and city")), columns, 2);
    for (size_t u = 0; u < d->work->units.n; u++) {
        const struct cell cells[] = {cell_text(report_unit_name(cx, d, u)),
                                     report_band_cell(cx, d, u, "", arena_printf(cx->arena, "D-%s-all", d->work->units.rows[u].kato))};
        table_row(t, cells, 2);
    }
    table_source(t, T(cx, N_("register of disputes")));
    table_note(t, T(cx, N_("Counts of a quarter stand as bands, so that no small number can be worked out from other publications. "
                           "Ethnicity is no part of the register and of this table.")));
}

void report_situation(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    summary(cx, d, doc);
    doc_contents(doc);
    doc_page_break(doc);
    method(cx, d, doc);
    background(cx, d, doc);
    relations(cx, d, doc);
    by_territory(cx, d, doc);
    attention(cx, d, doc);
    disputes(cx, d, doc);
}
