/* report_data.h - everything a quarter's report says, read once and used for all three languages. */
#ifndef QUARTER_REPORT_DATA_H
#define QUARTER_REPORT_DATA_H

#include "quarter/figures_sql.h"
#include "quarter/freeze_sql.h"
#include "quarter/report_sql.h"
#include "quarter/run_sql.h"
#include "quarter/work.h"
#include "registry/organisation_sql.h"
#include "report/doc.h"

struct report_data {
    struct quarter_work *work;
    enum lang asked; /* the language of who asked for the report, in which errors are told */
    struct run_by_id_row run;
    struct run_inputs_list inputs;
    struct estimate_of_run_list estimates, last, year_ago; /* of this quarter, the one before, four before */
    struct count_of_run_list counts;
    struct forecast_of_run_list forecasts;
    struct score_of_run_list scores;
    struct report_ledger_list ledger;
    struct recommendation_of_run_list recommendations;
    bool has_round;
    struct freeze_round_row round;
    struct freeze_indicators_list indicators;
    struct freeze_choices_list problems;          /* choices of the question on problems */
    struct report_questions_list questions;       /* the questionnaire, for the annex */
    struct report_population_list population;
    struct attention_list_list attention;
    struct structure_overview_list structures;
    struct report_meetings_list meetings;
    struct report_kinds_list kinds;               /* kinds of dispute that occur, in their order */
    struct report_proposals_list proposals, past; /* made this quarter; older ones that were open or answered in it */
    struct report_totals_list totals;             /* disputes and settlements of the region by quarter */
    struct outline_list_list outlines;
    struct run_differences_list differences;      /* what a reopened run changed */

};

int report_read(struct ctx *cx, struct quarter_work *w, struct report_data *out);

/* The estimate of an indicator for a place in a list, or NULL. */
const struct estimate_of_run_row *report_estimate(const struct estimate_of_run_list *list, const char *indicator, int64_t place);

/* Names in cx->lang. */
const char *report_unit_name(struct ctx *cx, const struct report_data *d, size_t unit);
const char *report_kind_name(struct ctx *cx, const struct report_data *d, const char *kind);

/* The identifier that a figure has in report.json, notes and links: "F20000001". */
const char *report_figure(struct ctx *cx, int64_t figure_id);

/* The frozen input a figure rests on, as report.json names it: "answers:3f2a9c81". */
const char *report_input(struct ctx *cx, const struct report_data *d, const char *name);

/* A count of disputes by unit and kind, as the band it lies in: the same cases are counted by year on the page of statistics, so an
 * exact number of a quarter could give a protected one away. unit = units.n: all units; kind = "": all kinds. */
struct cell report_band_cell(struct ctx *cx, const struct report_data *d, size_t unit, const char *kind, const char *figure);

/* Sections 1 to 8, and 9 to 16. */
void report_situation(struct ctx *cx, struct report_data *d, struct doc *doc);
int report_outlook(struct ctx *cx, struct report_data *d, struct doc *doc);

#endif
