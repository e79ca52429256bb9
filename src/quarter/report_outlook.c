/* report_outlook.c - the report's second half: media, work done, ethnomap, forecast, problems, proposals, annexes. */
#include "quarter/report_data.h"

#include "base/arena.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include "proposals/proposals.h"
#include "quarter/words.h"
#include "report/chart.h"
#include "visits/visits.h"

#include <math.h>
#include <string.h>

/* --- 9-11: media, work, ethnomap ------------------------------------------------------------------------------------------ */

static void media(struct ctx *cx, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Media and social networks")));
    doc_para(doc, T(cx, N_("No media records were kept for this quarter.")));
}

static void work_done(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Work of the associations and public structures")));
    if (!d->meetings.n) {
        doc_para(doc, T(cx, N_("No meeting is recorded for this quarter.")));
    } else {
        const struct column columns[] = {{.title = T(cx, N_("Body")), .type = COLUMN_TEXT, .weight = 3},
                                         {.title = T(cx, N_("Meetings")), .type = COLUMN_NUMBER},
                                         {.title = T(cx, N_("People present")), .type = COLUMN_NUMBER},
                                         {.title = T(cx, N_("Decisions")), .type = COLUMN_NUMBER}};
        struct table *t = doc_table(doc, T(cx, N_("Meetings of the quarter")), columns, 4);
        for (size_t i = 0; i < d->meetings.n; i++) {
            const struct report_meetings_row *m = &d->meetings.rows[i];
            const struct cell cells[] = {cell_text(registry_name(cx, *m)), cell_num((double)m->meetings, fmt_int(cx, m->meetings), NULL),
                                         cell_num((double)m->attended, fmt_int(cx, m->attended), NULL),
                                         cell_num((double)m->decisions, fmt_int(cx, m->decisions), NULL)};
            table_row(t, cells, 4);
        }
    }
    int64_t open = 0, overdue = 0;
    for (size_t i = 0; i < d->structures.n; i++) {
        open += d->structures.rows[i].open_tasks;
        overdue += d->structures.rows[i].overdue;
    }
    doc_para(doc, TF(cx, "Tasks of the structures still open: %s; of them overdue: %s.", fmt_int(cx, open), fmt_int(cx, overdue)));
}

static void ethnomap(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Changes of the ethnomap")));
    const char *first = date_text(cx->arena, quarter_start(d->work->quarter));
    int64_t added = 0;
    for (size_t i = 0; i < d->attention.n; i++)
        added += strcmp(d->attention.rows[i].valid_from, first) >= 0;
    if (!added) {
        doc_para(doc, T(cx, N_("No settlement was added to the list under attention this quarter.")));
        return;
    }
    doc_para(doc, TN(cx, "%lld settlement was added to the list under attention this quarter.",
                     "%lld settlements were added to the list under attention this quarter.", (long long)added));
}

/* --- 12: forecast ----------------------------------------------------------------------------------------------------------- */

static const char *range(struct ctx *cx, struct opt_int low, struct opt_int high)
{
    return low.has && high.has ? arena_printf(cx->arena, "%s – %s", fmt_int(cx, low.value), fmt_int(cx, high.value)) : "–";
}

static void past_accuracy(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 2, T(cx, N_("How earlier forecasts did")));
    if (!d->ledger.n) {
        doc_para(doc, T(cx, N_("No earlier forecast has been scored yet: this one has no record to show.")));
        return;
    }
    const struct column columns[] = {{.title = T(cx, N_("Quarter foreseen")), .type = COLUMN_TEXT, .weight = 1.6},
                                     {.title = T(cx, N_("Forecasts")), .type = COLUMN_NUMBER},
                                     {.title = T(cx, N_("in the 50 % interval")), .type = COLUMN_NUMBER, .percent = true},
                                     {.title = T(cx, N_("in the 80 % interval")), .type = COLUMN_NUMBER, .percent = true},
                                     {.title = T(cx, N_("in the 95 % interval")), .type = COLUMN_NUMBER, .percent = true},
                                     {.title = T(cx, N_("log score")), .type = COLUMN_NUMBER, .decimals = 3},
                                     {.title = T(cx, N_("the same, pooled rate")), .type = COLUMN_NUMBER, .decimals = 3}};
    struct table *t = doc_table(doc, T(cx, N_("Forecasts beside what came, all districts and cities together")), columns, 7);
    for (size_t i = 0; i < d->ledger.n; i++) {
        const struct report_ledger_row *s = &d->ledger.rows[i];
        double n = (double)s->forecasts;
        const struct cell cells[] = {cell_text(fmt_quarter(cx, s->period)), cell_num(n, fmt_int(cx, s->forecasts), NULL),
                                     cell_num((double)s->inside50 / n, fmt_percent(cx, (double)s->inside50 / n, 0), NULL),
                                     cell_num((double)s->inside80 / n, fmt_percent(cx, (double)s->inside80 / n, 0), NULL),
                                     cell_num((double)s->inside95 / n, fmt_percent(cx, (double)s->inside95 / n, 0), NULL),
                                     cell_num(s->log_score / n, fmt_num(cx, s->log_score / n, 3), NULL),
                                     cell_num(s->baseline_log / n, fmt_num(cx, s->baseline_log / n, 3), NULL)};
        table_row(t, cells, 7);
    }
    table_note(t, T(cx, N_("Smaller scores are better. The pooled rate foresees for every place the region’s rate times its population.")));
}

static void forecast_figure(struct ctx *cx, struct report_data *d, struct doc *doc, const struct forecast_of_run_row *f, const char *place)
{
    bool some = str_eq(f->status, "ok");
    doc_figure(doc, &(struct figure){.id = report_figure(cx, f->id), .unit = "disputes", .source_id = report_input(cx, d, "disputes"),
                        .place = place, .period = f->period, .kind = "forecast", .value = some ? f->mean.value : NAN,
                        .low = some ? (double)f->lower80.value : NAN, .high = some ? (double)f->upper80.value : NAN});
}

static void forecast(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    const char *next = quarter_text(cx->arena, quarter_next(d->work->quarter));
    doc_heading(doc, 1, TF(cx, "Forecast for %s", fmt_quarter(cx, next)));
    doc_para(doc, T(cx, N_("How many disputes may be recorded in each district and city. The figures are for places; they say nothing of persons or "
                           "communities. What may raise the number: shortage of irrigation water, closed pasture, rumours; what may lower it: early "
                           "visits, agreed queues for water, a known mediator.")));
    const struct column columns[] = {{.title = T(cx, "District or city"), .type = COLUMN_TEXT, .weight = 2.2},
                                     {.title = T(cx, N_("Expected")), .type = COLUMN_NUMBER, .decimals = 1},
                                     {.title = T(cx, N_("50 % interval")), .type = COLUMN_INTERVAL},
                                     {.title = T(cx, N_("80 % interval")), .type = COLUMN_INTERVAL},
                                     {.title = T(cx, N_("95 % interval")), .type = COLUMN_INTERVAL}};
    struct table *t = doc_table(doc, TF(cx, "Disputes foreseen for %s", fmt_quarter(cx, next)), columns, 5);
    const char *why = NULL, *method = NULL;
    for (size_t i = 0; i < d->forecasts.n; i++) {
        const struct forecast_of_run_row *f = &d->forecasts.rows[i];
        int u = quarter_unit_index(d->work, f->territory_id);
        if (!str_eq(f->status, "ok")) {
            why = f->reason;
            continue;
        }
        method = f->method;
        const char *id = report_figure(cx, f->id);
        forecast_figure(cx, d, doc, f, u >= 0 ? d->work->units.rows[u].kato : "region");
        const struct cell cells[] = {
            cell_text(u >= 0 ? report_unit_name(cx, d, (size_t)u) : T(cx, "Region")), cell_num(f->mean.value, fmt_num(cx, f->mean.value, 1), id),
            cell_interval((double)f->lower50.value, (double)f->upper50.value, range(cx, f->lower50, f->upper50), NULL),
            cell_interval((double)f->lower80.value, (double)f->upper80.value, range(cx, f->lower80, f->upper80), NULL),
            cell_interval((double)f->lower95.value, (double)f->upper95.value, range(cx, f->lower95, f->upper95), NULL)};
        if (u >= 0)
            table_row(t, cells, 5);
        else
            table_total(t, cells, 5);
    }
    if (method)
        table_note(t, TF(cx, "Method: %s; chosen by the data and by its record against simpler ones.", quarter_method_word(cx, method)));
    else
        doc_note(doc, TF(cx, "The program abstains from a forecast: %s", why ? quarter_reason_word(cx, why) : T(cx, N_("there are no counts."))));
    past_accuracy(cx, d, doc);
}

/* --- 13: problems ------------------------------------------------------------------------------------------------------------- */

static void problems(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Problems that people name")));
    struct chart_point *points = arena_array(cx->arena, d->problems.n, sizeof *points);
    size_t n = 0;
    for (size_t i = 0; i < d->problems.n; i++) {
        const struct freeze_choices_row *c = &d->problems.rows[i];
        const struct estimate_of_run_row *e =
            report_estimate(&d->estimates, arena_printf(cx->arena, "H1=%s", c->code), d->work->region_territory);
        if (!e || !e->value.has)
            continue;
        const char *id = report_figure(cx, e->id);
        doc_figure(doc, &(struct figure){.id = id, .unit = "share", .source_id = report_input(cx, d, "answers"), .place = "region",
                            .period = e->period, .kind = e->indicator_code, .value = e->value.value, .low = e->lower.value, .high = e->upper.value});
        points[n++] = (struct chart_point){.label = ctx_pick(cx, c->text_kk, c->text_ru, c->text_en), .value = e->value.value,
                                           .low = e->lower.value, .high = e->upper.value, .figure_id = id};
    }
    for (size_t i = 1; i < n; i++) /* largest first; equal ones in the questionnaire's order */
        for (size_t j = i; j > 0 && points[j].value > points[j - 1].value; j--) {
            struct chart_point swap = points[j];
            points[j] = points[j - 1];
            points[j - 1] = swap;
        }
    if (!n) {
        doc_para(doc, T(cx, N_("There are no estimates for this quarter.")));
        return;
    }
    struct chart_series series = {NULL, points, n};
    const struct chart chart = {.kind = CHART_BARS, .series = &series, .n_series = 1, .percent = true, .decimals = 0};
    doc_chart(doc, &chart, T(cx, N_("Main problems of the settlement (up to three could be named)")),
              T(cx, N_("A bar with an interval for each problem, the most frequent first.")), TF(cx, "survey of %s", fmt_quarter(cx, d->work->name)));
}

/* --- recommendations ------------------------------------------------------------------------------------------------------------ */

static int visits(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Places proposed for visits")));
    doc_para(doc, T(cx, N_("The program proposes, a person decides. A part of the list is drawn by lot, so that it keeps learning. The order is alphabetical.")));
    if (d->recommendations.n)
        doc_para(doc, T(cx, N_("The list answers as many reasons as so many visits can, with at least one settlement of each district that has a reason.")));
    const struct column columns[] = {{.title = T(cx, "Settlement"), .type = COLUMN_TEXT, .weight = 1.2},
                                     {.title = T(cx, N_("Why")), .type = COLUMN_TEXT, .weight = 3}};
    struct table *t = doc_table(doc, T(cx, N_("Places proposed for visits")), columns, 2);
    for (size_t i = 0; i < d->recommendations.n; i++) {
        const struct recommendation_of_run_row *r = &d->recommendations.rows[i];
        struct visit_reasons reasons;
        TRY(visit_reasons_of(cx, r->reason, &reasons));
        const char *why = "";
        for (size_t k = 0; k < reasons.n; k++)
            why = k ? arena_printf(cx->arena, "%s %s", why, reasons.rows[k]) : reasons.rows[k];
        const struct cell cells[] = {cell_text(registry_name(cx, *r)), cell_text(why)};
        table_row(t, cells, 2);
    }
    return OK;
}

/* --- 14-15: proposals ------------------------------------------------------------------------------------------------------------- */

static void proposal_table(struct ctx *cx, struct report_data *d, struct doc *doc, const struct report_proposals_list *list, const char *caption)
{
    const struct column columns[] = {{.title = T(cx, N_("No.")), .type = COLUMN_TEXT, .weight = 0.8}, {.title = T(cx, N_("Problem and proposal")), .type = COLUMN_TEXT, .weight = 3.4},
                                     {.title = T(cx, N_("To whom")), .type = COLUMN_TEXT, .weight = 1.8}, {.title = T(cx, N_("Due on")), .type = COLUMN_TEXT, .weight = 1},
                                     {.title = T(cx, "State"), .type = COLUMN_TEXT, .weight = 1.2}};
    struct table *t = doc_table(doc, caption, columns, 5);
    for (size_t i = 0; i < list->n; i++) {
        const struct report_proposals_row *p = &list->rows[i];
        const struct cell cells[] = {cell_text(p->number), cell_text(arena_printf(cx->arena, "%s. %s", p->problem, p->text)), cell_text(registry_name(cx, *p)),
                                     cell_text(*p->due_on ? fmt_date(cx, p->due_on) : "–"), cell_text(proposal_standing(cx, p->state, p->due_on, d->work->last_day))};
        table_row(t, cells, 5);
    }
}

static void proposals(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, "Proposals"));
    if (d->proposals.n)
        proposal_table(cx, d, doc, &d->proposals, T(cx, N_("Proposals of the quarter")));
    else
        doc_para(doc, T(cx, N_("No proposal was made this quarter.")));
    doc_heading(doc, 1, T(cx, N_("Fulfilment of earlier proposals")));
    if (d->past.n)
        proposal_table(cx, d, doc, &d->past, T(cx, N_("Earlier proposals and what became of them")));
    else
        doc_para(doc, T(cx, N_("There are no earlier proposals.")));
}

/* --- 16: annexes -------------------------------------------------------------------------------------------------------------------- */

static const char *indicator_name(struct ctx *cx, const struct report_data *d, const char *code)
{
    for (size_t i = 0; i < d->indicators.n; i++)
        if (str_eq(d->indicators.rows[i].code, code))
            return registry_name(cx, d->indicators.rows[i]);
        else if (str_eq(quarter_change_code(cx, d->indicators.rows[i].code), code))
            return TF(cx, "%s: change since the quarter before", registry_name(cx, d->indicators.rows[i]));
    for (size_t i = 0; i < d->problems.n; i++)
        if (str_eq(code, arena_printf(cx->arena, "H1=%s", d->problems.rows[i].code)))
            return ctx_pick(cx, d->problems.rows[i].text_kk, d->problems.rows[i].text_ru, d->problems.rows[i].text_en);
    return code;
}

static struct cell share_cell(struct ctx *cx, struct opt_num v)
{
    return v.has ? cell_num(v.value, fmt_percent(cx, v.value, 1), NULL) : cell_text("–");
}

/* What a new edition changed, estimate by estimate. */
static void difference_table(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    const struct column columns[] = {{.title = T(cx, N_("Indicator")), .type = COLUMN_TEXT, .weight = 2.4},
                                     {.title = T(cx, "District or city"), .type = COLUMN_TEXT, .weight = 2},
                                     {.title = T(cx, N_("Before")), .type = COLUMN_NUMBER, .percent = true, .decimals = 1},
                                     {.title = T(cx, N_("Now")), .type = COLUMN_NUMBER, .percent = true, .decimals = 1}};
    struct table *t = doc_table(doc, T(cx, N_("What this edition changed")), columns, 4);
    for (size_t i = 0; i < d->differences.n; i++) {
        const struct run_differences_row *r = &d->differences.rows[i];
        int u = quarter_unit_index(d->work, r->territory_id);
        const struct cell cells[] = {cell_text(indicator_name(cx, d, r->indicator_code)),
                                     cell_text(u >= 0 ? report_unit_name(cx, d, (size_t)u) : T(cx, "Region")),
                                     share_cell(cx, r->before_value), share_cell(cx, r->after_value)};
        table_row(t, cells, 4);
    }
}

static void questionnaire(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    if (!d->questions.n)
        return;
    doc_heading(doc, 2, T(cx, N_("Questionnaire")));
    const struct column columns[] = {{.title = T(cx, N_("Code")), .type = COLUMN_TEXT, .weight = 0.5},
                                     {.title = T(cx, N_("Question")), .type = COLUMN_TEXT, .weight = 5}};
    struct table *t = doc_table(doc, T(cx, N_("Questions asked")), columns, 2);
    for (size_t i = 0; i < d->questions.n; i++) {
        const struct report_questions_row *q = &d->questions.rows[i];
        const struct cell cells[] = {cell_text(q->code), cell_text(ctx_pick(cx, q->text_kk, q->text_ru, q->text_en))};
        table_row(t, cells, 2);
    }
}

static void annexes(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    doc_heading(doc, 1, T(cx, N_("Annexes")));
    doc_heading(doc, 2, T(cx, N_("What this report rests on")));
    const struct column columns[] = {{.title = T(cx, N_("Input")), .type = COLUMN_TEXT, .weight = 1.2}, {.title = T(cx, N_("Rows")), .type = COLUMN_NUMBER},
                                     {.title = T(cx, N_("Hash (BLAKE2b-256)")), .type = COLUMN_TEXT, .weight = 4}};
    struct table *t = doc_table(doc, T(cx, N_("Frozen inputs")), columns, 3);
    for (size_t i = 0; i < d->inputs.n; i++) {
        const struct cell cells[] = {cell_text(quarter_input_word(cx, d->inputs.rows[i].name)), cell_num((double)d->inputs.rows[i].n_rows, fmt_int(cx, d->inputs.rows[i].n_rows), NULL),
                                     cell_text(d->inputs.rows[i].hash)};
        table_row(t, cells, 3);
    }
    questionnaire(cx, d, doc);
    doc_heading(doc, 2, T(cx, N_("Corrections")));
    if (d->run.run_no == 1) {
        doc_para(doc, T(cx, N_("This is the first edition of the quarter.")));
        return;
    }
    doc_para(doc, TF(cx, "Edition %s. The quarter was opened again: %s", fmt_int(cx, d->run.run_no), d->run.reopened_reason));
    doc_para(doc, TN(cx, "%lld estimate differs from the edition before.", "%lld estimates differ from the edition before.", (long long)d->differences.n));
    if (d->differences.n)
        difference_table(cx, d, doc);
}

int report_outlook(struct ctx *cx, struct report_data *d, struct doc *doc)
{
    media(cx, doc);
    work_done(cx, d, doc);
    ethnomap(cx, d, doc);
    forecast(cx, d, doc);
    problems(cx, d, doc);
    TRY(visits(cx, d, doc));
    proposals(cx, d, doc);
    annexes(cx, d, doc);
    return OK;
}
