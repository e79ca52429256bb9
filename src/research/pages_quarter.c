/* pages_quarter.c - fieldworks by quarter, and one of them. */
#include "research/pages.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/registry.h"
#include "report/chart.h"
#include "report/doc.h"
#include "research/export.h"
#include "research/import.h"
#include "research/quarter_html.h"
#include "research/questionnaire_html.h"
#include "research/rounds_html.h"
#include "setting/setting.h"
#include "stat/protect.h"
#include "stat/stat.h"

#include <math.h>

enum { EXPORT_LARGEST = 256 << 20, CHART_WIDTH = 720 };

static struct protected_count protect_one(struct ctx *cx, int64_t n)
{
    bool small = n > 0 && n < setting_int(cx, "protect.threshold");
    return (struct protected_count){small, small ? 0 : n};
}

/* --- all fieldworks ------------------------------------------------------------------------------- */

int research_rounds_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct research_rounds_page *m = arena_alloc(cx->arena, sizeof *m);
    struct round_list_list rounds;
    TRY(round_list(cx, cx->region_id, &rounds));
    m->may_edit = rq_may(rq, PERM_RESEARCH_EDIT);
    m->list.rows = arena_array(cx->arena, rounds.n, sizeof *m->list.rows);
    for (size_t i = 0; i < rounds.n; i++) {
        const struct round_list_row *r = &rounds.rows[i];
        struct closed_run_row run;
        bool closed;
        TRY(closed_run(cx, cx->region_id, r->quarter, &run, &closed));
        m->list.rows[m->list.n++] = (struct research_round_row){.quarter = r->quarter,
                                                                .field_from = r->field_from,
                                                                .field_to = r->field_to,
                                                                .answers = protect_one(cx, r->answers),
                                                                .planned = r->planned,
                                                                .units = r->units,
                                                                .all_units = r->all_units,
                                                                .refused = r->refused,
                                                                .closed = closed,
                                                                .demo = r->demo};
    }
    return respond_view(rq, &research_rounds_view, m);
}

/* --- one fieldwork: coverage ---------------------------------------------------------------------- */

static int put_coverage(struct ctx *cx, const char *quarter, struct research_quarter_page *m)
{
    struct research_coverage c;
    TRY(research_coverage(cx, quarter, &c));
    int64_t *counts = arena_array(cx->arena, c.n, sizeof *counts);
    struct protected_count *shown = arena_array(cx->arena, c.n, sizeof *shown);
    for (size_t i = 0; i < c.n; i++)
        counts[i] = c.rows[i].answers;
    bool total = protect_counts(cx->arena, counts, c.n, true, setting_int(cx, "protect.threshold"), shown);
    m->facts.answers = total ? protect_one(cx, c.answers) : (struct protected_count){true, 0};
    m->facts.planned = c.planned;
    m->facts.clusters = c.clusters;
    m->units.rows = arena_array(cx->arena, c.n, sizeof *m->units.rows);
    for (size_t i = 0; i < c.n; i++)
        m->units.rows[m->units.n++] = (struct research_unit_row){
            c.rows[i].kato,    c.rows[i].name,    registry_place_href(cx, c.rows[i].unit_id),
            c.rows[i].adults,  c.rows[i].planned, shown[i],
            c.rows[i].clusters};
    return OK;
}

/* --- estimates of the closed quarter -------------------------------------------------------------- */

static const char *reason_text(struct ctx *cx, const char *code)
{
    for (int r = 0; r < STAT_REASON_COUNT; r++)
        if (str_eq(stat_reason_code((enum stat_reason)r), code))
            return T(cx, stat_reason_text((enum stat_reason)r));
    return code;
}

static struct research_figure figure_of(struct ctx *cx, const struct research_estimates_row *e)
{
    bool refused = str_eq(e->status, "refused");
    struct research_figure f = {.id = e->id,
                                .indicator = e->indicator_code,
                                .kato = e->kato,
                                .place = registry_name(cx, *e),
                                .href = registry_place_href(cx, e->territory_id),
                                .status = e->status,
                                .why = *e->reason ? reason_text(cx, e->reason) : "",
                                .region = e->level < LEVEL_UNIT,
                                .n = protect_one(cx, e->n)};
    if (!refused) {
        f.value = e->value;
        f.lower = e->lower;
        f.upper = e->upper;
    }
    return f;
}

static struct html drawn(struct ctx *cx, const struct chart *c, const char *title, const char *desc)
{
    struct doc_labels labels = {
        .hidden = T(cx, "protected"), .no_data = T(cx, "Too little data"), .number = fmt_num};
    struct buf *svg = buf_new(cx->arena, 0);
    chart_svg_page(cx, c, &labels, title, desc, CHART_WIDTH, svg);
    return html_raw(svg->data, svg->len);
}

static double or_nan(struct opt_num v)
{
    return v.has ? v.value : NAN;
}

static void draw_dots(struct ctx *cx, struct research_quarter_page *m, const char *title)
{
    struct chart_point *points = arena_array(cx->arena, m->figures.n, sizeof *points);
    struct chart_series series = {.name = title, .points = points};
    struct chart c = {.kind = CHART_DOTS, .series = &series, .n_series = 1, .percent = true, .decimals = 0};
    for (size_t i = 0; i < m->figures.n; i++) {
        const struct research_figure *f = &m->figures.rows[i];
        if (f->region && f->value.has) {
            c.has_reference = true;
            c.reference = f->value.value;
            c.reference_label = T(cx, "Region");
        } else if (!f->region) {
            points[series.n++] = (struct chart_point){.label = f->place,
                                                      .value = or_nan(f->value),
                                                      .low = or_nan(f->lower),
                                                      .high = or_nan(f->upper),
                                                      .figure_id = id_text(cx->arena, f->id)};
        }
    }
    if (series.n)
        m->dots = drawn(
            cx, &c, title,
            T(cx, "A dot is the estimate, the line its 95 % interval. The same figures stand in the table."));
}

static int put_trend(struct ctx *cx, struct research_quarter_page *m, int64_t region, const char *title)
{
    struct research_trend_list list;
    TRY(research_trend(cx, cx->region_id, m->facts.indicator, region, &list));
    struct chart_point *points = arena_array(cx->arena, list.n, sizeof *points);
    m->trend.rows = arena_array(cx->arena, list.n, sizeof *m->trend.rows);
    for (size_t i = 0; i < list.n; i++) {
        const struct research_trend_row *r = &list.rows[i];
        bool refused = str_eq(r->status, "refused");
        points[i] = (struct chart_point){.label = fmt_quarter_short(cx, r->period),
                                         .value = refused ? NAN : or_nan(r->value),
                                         .low = refused ? NAN : or_nan(r->lower),
                                         .high = refused ? NAN : or_nan(r->upper),
                                         .emphasis = str_eq(r->period, m->facts.quarter)};
        m->trend.rows[m->trend.n++] =
            refused ? (struct research_trend_point){.quarter = r->period}
                    : (struct research_trend_point){r->period, r->value, r->lower, r->upper};
    }
    struct chart_series series = {.name = T(cx, "Region"), .points = points, .n = list.n};
    struct chart c = {.kind = CHART_LINE, .series = &series, .n_series = 1, .percent = true};
    if (list.n > 1)
        m->line = drawn(cx, &c, title,
                        T(cx, "The band is the 95 % interval. The same figures stand in the table."));
    return OK;
}

static const struct survey_indicator_list_row *chosen_indicator(const struct research_quarter_page *m,
                                                                const char *asked)
{
    for (size_t i = 0; i < m->indicators.n; i++)
        if (str_eq(m->indicators.rows[i].code, asked))
            return &m->indicators.rows[i];
    return m->indicators.n ? &m->indicators.rows[0] : NULL;
}

static int put_estimates(struct request *rq, struct research_quarter_page *m)
{
    struct ctx *cx = rq->cx;
    struct closed_run_row run;
    struct research_estimates_list all;
    TRY(closed_run(cx, cx->region_id, m->facts.quarter, &run, &m->facts.closed));
    TRY(survey_indicator_list(cx, cx->region_id, &m->indicators));
    const struct survey_indicator_list_row *indicator = chosen_indicator(m, rq_query(rq, "indicator"));
    m->facts.indicator = indicator ? indicator->code : "";
    if (!m->facts.closed || !indicator)
        return OK;
    int64_t region = 0;
    TRY(research_estimates(cx, cx->region_id, run.id, &all));
    m->figures.rows = arena_array(cx->arena, all.n, sizeof *m->figures.rows);
    m->region.rows = arena_array(cx->arena, all.n, sizeof *m->region.rows);
    for (size_t i = 0; i < all.n; i++) {
        struct research_figure f = figure_of(cx, &all.rows[i]);
        if (f.region) {
            m->region.rows[m->region.n++] = f;
            region = all.rows[i].territory_id;
        }
        if (str_eq(f.indicator, indicator->code))
            m->figures.rows[m->figures.n++] = f;
    }
    draw_dots(cx, m, registry_name(cx, *indicator));
    return region ? put_trend(cx, m, region, registry_name(cx, *indicator)) : OK;
}

/* --- answers to one question ---------------------------------------------------------------------- */

static int put_distribution(struct request *rq, int64_t round_id, int64_t instrument,
                            struct research_quarter_page *m)
{
    struct ctx *cx = rq->cx;
    struct questionnaire *q;
    TRY(questionnaire_by_id(cx, instrument, &q));
    m->questions = q;
    const char *asked = rq_query(rq, "question");
    const struct question *x = asked ? questionnaire_question(q, code_key(cx->arena, asked)) : NULL;
    if (!x)
        x = questionnaire_question(q, "b1");
    if (!x || m->facts.answers.value == 0)
        return OK;
    TRY(research_distribution(cx, round_id, x, &m->distribution));
    const struct distribution *d = &m->distribution;
    struct chart_point *points = arena_array(cx->arena, d->list.n, sizeof *points);
    for (size_t i = 0; i < d->list.n; i++) {
        const struct distribution_row *r = &d->list.rows[i];
        points[i] = (struct chart_point){.label = r->text,
                                         .value = or_nan(r->share),
                                         .low = or_nan(r->lower),
                                         .high = or_nan(r->upper),
                                         .hidden = r->n.hidden};
    }
    struct chart_series series = {.name = d->text, .points = points, .n = d->list.n};
    struct chart c = {.kind = CHART_BARS, .series = &series, .n_series = 1, .percent = true};
    if (d->list.n)
        m->shares = drawn(
            cx, &c, d->text,
            T(cx, "The line at the end of a bar is the 95 % interval. The same figures stand in the table."));
    return OK;
}

static int show_quarter(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct research_quarter_page *m = arena_alloc(cx->arena, sizeof *m);
    struct round_of_quarter_row round;
    const char *quarter = rq_path(rq, "quarter");
    struct quarter when;
    if (!quarter_parse(quarter, &when))
        return fail(cx, ERR_NOT_FOUND, "There is no such page.");
    TRY(research_round(cx, quarter, &round, &m->has_round));
    m->facts.quarter = quarter;
    m->may_edit = rq_may(rq, PERM_RESEARCH_EDIT);
    if (m->has_round) {
        m->facts.field_from = round.field_from;
        m->facts.field_to = round.field_to;
        m->facts.refused = round.refused;
        m->facts.demo = round.demo;
        TRY(put_coverage(cx, quarter, m));
        TRY(import_list(cx, cx->region_id, round.id, &m->imports));
        TRY(put_estimates(rq, m));
        TRY(put_distribution(rq, round.id, round.instrument_id, m));
        if (rq->method != HTTP_POST)
            form_fill(
                rq, &research_round_form,
                &(struct research_round_values){quarter, round.field_from, round.field_to, round.refused});
    }
    return respond_view(rq, &research_quarter_view, m);
}

int research_quarter_get(struct request *rq)
{
    return show_quarter(rq);
}

/* --- dates and refusals --------------------------------------------------------------------------- */

static const struct form_field ROUND_FIELDS[] = {
    {.name = "field_from",
     .type = FORM_DATE,
     .label = N_("First day in the field"),
     .offset = offsetof(struct research_round_values, field_from)},
    {.name = "field_to",
     .type = FORM_DATE,
     .label = N_("Last day in the field"),
     .offset = offsetof(struct research_round_values, field_to)},
    {.name = "refused",
     .type = FORM_INT,
     .label = N_("Refusals"),
     .hint = N_("Contacts that ended without an interview; empty where they were not counted."),
     .max = 1e6,
     .offset = offsetof(struct research_round_values, refused)},
    {0}};
const struct form research_round_form = {ROUND_FIELDS, sizeof(struct research_round_values)};

struct round_change {
    const char *quarter;
    const struct research_round_values *values;
};

static int round_tx(struct ctx *cx, void *arg)
{
    const struct round_change *c = arg;
    int64_t round;
    TRY(research_round_need(cx, c->quarter, false, &round));
    TRY(round_update(cx,
                     &(struct round_update_in){cx->region_id, round, c->values->field_from, c->values->field_to,
                                               c->values->refused},
                     NULL));
    return audit_append(cx, "research.round", arena_printf(cx->arena, "round/%s", c->quarter),
                        "dates and refusals");
}

int research_quarter_post(struct request *rq)
{
    const struct research_round_values *v = form_values(rq);
    if (form_ok(rq) && *v->field_from && *v->field_to && strcmp(v->field_from, v->field_to) > 0)
        form_error(rq, "field_to", N_("The last day is before the first."));
    if (!form_ok(rq))
        return show_quarter(rq);
    struct round_change c = {rq_path(rq, "quarter"), v};
    TRY(db_tx(rq->cx, round_tx, &c));
    return respond_redirect(rq, arena_printf(rq->cx->arena, "/research/%s", c.quarter),
                            T(rq->cx, "The fieldwork is recorded."));
}

/* --- the file for researchers --------------------------------------------------------------------- */

int research_export_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const char *quarter = rq_path(rq, "quarter");
    struct buf *out = buf_new(cx->arena, EXPORT_LARGEST);
    int64_t rows;
    TRY(research_export(cx, quarter, out, &rows));
    TRY(audit_record(cx, "export.answers", arena_printf(cx->arena, "round/%s", quarter),
                     arena_printf(cx->arena, "%lld rows", (long long)rows)));
    return respond_bytes(rq, "text/csv; charset=utf-8", out->data, out->len,
                         arena_printf(cx->arena, "answers-%s.csv", quarter));
}

/* --- the questionnaire ---------------------------------------------------------------------------- */

int research_questionnaire_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct research_questionnaire_page *m = arena_alloc(cx->arena, sizeof *m);
    struct date d;
    const char *asked = rq_query(rq, "date");
    TRY(questionnaire_on(cx, date_parse(asked, &d) ? asked : date_text(cx->arena, date_today(NULL)), &m->q));
    return respond_view(rq, &research_questionnaire_view, m);
}
