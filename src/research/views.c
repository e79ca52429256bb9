/* views.c - what the survey's pages answer: the parts of their models by name. */
#include "research/pages.h"

#include "i18n/i18n.h"
#include "research/frame_html.h"
#include "research/import_html.h"
#include "research/quarter_html.h"
#include "research/questionnaire_html.h"
#include "research/rounds_html.h"
#include "research/upload_html.h"

static const struct field_desc ROUND_FIELDS[] = {
    FIELD(research_round_row, quarter, TEXT), FIELD(research_round_row, field_from, TEXT),
    FIELD(research_round_row, field_to, TEXT), FIELD(research_round_row, answers, COUNT),
    FIELD(research_round_row, planned, INT), FIELD(research_round_row, units, INT),
    FIELD(research_round_row, all_units, INT), FIELD(research_round_row, refused, OPT_INT),
    FIELD(research_round_row, closed, BOOL), FIELD(research_round_row, demo, BOOL)};
static ROW_DESC(ROUND, "research_round_row", research_round_row, ROUND_FIELDS);

const struct view research_rounds_view = {
    .name = "research_rounds",
    .title = N_("Research"),
    .nav = "/research",
    .html = research_rounds_html,
    .parts = (const struct view_part[]){
        {"rounds", VIEW_LIST, offsetof(struct research_rounds_page, list), &ROUND}, {0}}};

static const struct field_desc FACT_FIELDS[] = {
    FIELD(research_quarter_facts, quarter, TEXT), FIELD(research_quarter_facts, field_from, TEXT),
    FIELD(research_quarter_facts, field_to, TEXT), FIELD(research_quarter_facts, answers, COUNT),
    FIELD(research_quarter_facts, planned, INT), FIELD(research_quarter_facts, clusters, INT),
    FIELD(research_quarter_facts, refused, OPT_INT), FIELD(research_quarter_facts, closed, BOOL),
    FIELD(research_quarter_facts, indicator, TEXT), FIELD(research_quarter_facts, demo, BOOL)};
static ROW_DESC(FACTS, "research_quarter_facts", research_quarter_facts, FACT_FIELDS);
static const struct field_desc UNIT_FIELDS[] = {
    FIELD(research_unit_row, kato, TEXT), FIELD(research_unit_row, name, TEXT),
    FIELD(research_unit_row, adults, INT), FIELD(research_unit_row, planned, INT),
    FIELD(research_unit_row, answers, COUNT), FIELD(research_unit_row, clusters, INT)};
static ROW_DESC(UNIT, "research_unit_row", research_unit_row, UNIT_FIELDS);
static const struct field_desc FIGURE_FIELDS[] = {
    FIELD(research_figure, id, ID), FIELD(research_figure, indicator, TEXT), FIELD(research_figure, kato, TEXT),
    FIELD(research_figure, place, TEXT), FIELD(research_figure, region, BOOL),
    FIELD(research_figure, value, OPT_NUM), FIELD(research_figure, lower, OPT_NUM),
    FIELD(research_figure, upper, OPT_NUM), FIELD(research_figure, n, COUNT), FIELD(research_figure, status, TEXT),
    FIELD(research_figure, why, TEXT)};
static ROW_DESC(FIGURE, "research_figure", research_figure, FIGURE_FIELDS);
static const struct field_desc TREND_FIELDS[] = {
    FIELD(research_trend_point, quarter, TEXT), FIELD(research_trend_point, value, OPT_NUM),
    FIELD(research_trend_point, lower, OPT_NUM), FIELD(research_trend_point, upper, OPT_NUM)};
static ROW_DESC(TREND, "research_trend_point", research_trend_point, TREND_FIELDS);

const struct view research_quarter_view = {
    .name = "research_quarter",
    .title = N_("Fieldwork of a quarter"),
    .nav = "/research",
    .html = research_quarter_html,
    .parts = (const struct view_part[]){
        {"fieldwork", VIEW_ROW, offsetof(struct research_quarter_page, facts), &FACTS},
        {"units", VIEW_LIST, offsetof(struct research_quarter_page, units), &UNIT},
        {"imports", VIEW_LIST, offsetof(struct research_quarter_page, imports), &import_list_row_desc},
        {"region", VIEW_LIST, offsetof(struct research_quarter_page, region), &FIGURE},
        {"estimates", VIEW_LIST, offsetof(struct research_quarter_page, figures), &FIGURE},
        {"trend", VIEW_LIST, offsetof(struct research_quarter_page, trend), &TREND},
        {"distribution", VIEW_ROW, offsetof(struct research_quarter_page, distribution), &distribution_desc},
        {0}}};

/* --- the questionnaire: nested lists --- */

static const struct field_desc CHOICE_FIELDS[] = {
    FIELD(choice, code, TEXT), FIELD(choice, text_kk, TEXT), FIELD(choice, text_ru, TEXT),
    FIELD(choice, text_en, TEXT), FIELD(choice, good, BOOL), FIELD(choice, missing, BOOL)};
static ROW_DESC(CHOICE, "choice", choice, CHOICE_FIELDS);
static const struct field_desc QUESTION_FIELDS[] = {
    FIELD(question, code, TEXT), FIELD(question, block, TEXT), FIELD(question, text_kk, TEXT),
    FIELD(question, text_ru, TEXT), FIELD(question, text_en, TEXT), FIELD(question, required, BOOL),
    FIELD(question, sensitive, BOOL), FIELD(question, most, INT),
    FIELD_LIST("choices", question, choices, &CHOICE)};
static ROW_DESC(QUESTION, "question", question, QUESTION_FIELDS);
static const struct field_desc QUESTIONNAIRE_FIELDS[] = {
    FIELD(questionnaire, code, TEXT), FIELD(questionnaire, version, INT), FIELD(questionnaire, title_kk, TEXT),
    FIELD(questionnaire, title_ru, TEXT), FIELD(questionnaire, title_en, TEXT),
    FIELD(questionnaire, valid_from, TEXT), FIELD(questionnaire, consent_kk, TEXT),
    FIELD(questionnaire, consent_ru, TEXT), FIELD(questionnaire, consent_en, TEXT),
    FIELD_LIST("questions", questionnaire, rows, &QUESTION)};
static ROW_DESC(QUESTIONNAIRE, "questionnaire", questionnaire, QUESTIONNAIRE_FIELDS);

const struct view research_questionnaire_view = {
    .name = "questionnaire",
    .title = N_("The questionnaire"),
    .nav = "/research",
    .html = research_questionnaire_html,
    .parts = (const struct view_part[]){
        {"questionnaire", VIEW_LINK, offsetof(struct research_questionnaire_page, q), &QUESTIONNAIRE}, {0}}};

/* --- loading --- */

static const struct field_desc UPLOAD_FIELDS[] = {
    FIELD(research_upload_facts, quarter, TEXT), FIELD(research_upload_facts, file, TEXT),
    FIELD(research_upload_facts, kind, TEXT), FIELD(research_upload_facts, refused, TEXT),
    FIELD(research_upload_facts, rows_read, INT), FIELD(research_upload_facts, good, INT),
    FIELD(research_upload_facts, bad, INT), FIELD(research_upload_facts, n_errors, INT),
    FIELD(research_upload_facts, weighted, BOOL)};
static ROW_DESC(UPLOAD, "research_upload_facts", research_upload_facts, UPLOAD_FIELDS);
static const struct field_desc ERROR_FIELDS[] = {
    FIELD(answers_error, line, INT), FIELD(answers_error, column, TEXT), FIELD(answers_error, text, TEXT),
    FIELD(answers_error, expected, TEXT)};
static ROW_DESC(ERROR_ROW, "answers_error", answers_error, ERROR_FIELDS);

const struct view research_import_view = {.name = "research_import",
                                          .title = N_("Load answers"),
                                          .nav = "/research",
                                          .html = research_import_html,
                                          .parts = (const struct view_part[]){{0}}};

const struct view research_upload_view = {
    .name = "research_upload",
    .title = N_("Check of a file of answers"),
    .nav = "/research",
    .html = research_upload_html,
    .parts = (const struct view_part[]){
        {"check", VIEW_ROW, offsetof(struct research_upload_page, facts), &UPLOAD},
        {"errors", VIEW_LIST, offsetof(struct research_upload_page, errors), &ERROR_ROW},
        {0}}};

static const struct field_desc STRATUM_FIELDS[] = {
    FIELD(stratum, code, TEXT), FIELD(stratum, kato, TEXT), FIELD(stratum, unit, TEXT), FIELD(stratum, urban, BOOL),
    FIELD(stratum, population, INT), FIELD(stratum, planned, INT), FIELD(stratum, computed, BOOL),
    FIELD(stratum, source, TEXT)};
static ROW_DESC(STRATUM, "stratum", stratum, STRATUM_FIELDS);

const struct view research_frame_view = {
    .name = "research_frame",
    .title = N_("Frame of the survey"),
    .nav = "/research",
    .html = research_frame_html,
    .parts = (const struct view_part[]){
        {"strata", VIEW_LIST, offsetof(struct research_frame_page, strata), &STRATUM}, {0}}};
