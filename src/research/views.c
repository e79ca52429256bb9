/* views.c - what the survey's pages answer: the parts of their models by name. */
#include "research/pages.h"

#include "i18n/i18n.h"
#include "research/frame_html.h"
#include "research/import_html.h"
#include "research/quarter_html.h"
#include "research/questionnaire_html.h"
#include "research/rounds_html.h"
#include "research/upload_html.h"

#define F(type, member, kind)                                                                                \
    {                                                                                                        \
#member, kind, offsetof(struct type, member), NULL                                                   \
    }
#define DESC(name, type, fields)                                                                             \
    static const struct row_desc name = {#type, sizeof(struct type), sizeof fields / sizeof *fields, fields}

static const struct field_desc ROUND_FIELDS[] = {
    F(research_round_row, quarter, FIELD_TEXT),  F(research_round_row, field_from, FIELD_TEXT),
    F(research_round_row, field_to, FIELD_TEXT), F(research_round_row, answers, FIELD_COUNT),
    F(research_round_row, planned, FIELD_INT),   F(research_round_row, units, FIELD_INT),
    F(research_round_row, all_units, FIELD_INT), F(research_round_row, refused, FIELD_OPT_INT),
    F(research_round_row, closed, FIELD_BOOL),   F(research_round_row, demo, FIELD_BOOL)};
DESC(ROUND, research_round_row, ROUND_FIELDS);

const struct view research_rounds_view = {
    .name = "research_rounds",
    .title = N_("Research"),
    .nav = "/research",
    .html = research_rounds_html,
    .parts = (const struct view_part[]){
        {"rounds", VIEW_LIST, offsetof(struct research_rounds_page, list), &ROUND}, {0}}};

static const struct field_desc FACT_FIELDS[] = {
    F(research_quarter_facts, quarter, FIELD_TEXT),    F(research_quarter_facts, field_from, FIELD_TEXT),
    F(research_quarter_facts, field_to, FIELD_TEXT),   F(research_quarter_facts, answers, FIELD_COUNT),
    F(research_quarter_facts, planned, FIELD_INT),     F(research_quarter_facts, clusters, FIELD_INT),
    F(research_quarter_facts, refused, FIELD_OPT_INT), F(research_quarter_facts, closed, FIELD_BOOL),
    F(research_quarter_facts, indicator, FIELD_TEXT),  F(research_quarter_facts, demo, FIELD_BOOL)};
DESC(FACTS, research_quarter_facts, FACT_FIELDS);
static const struct field_desc UNIT_FIELDS[] = {
    F(research_unit_row, kato, FIELD_TEXT),     F(research_unit_row, name, FIELD_TEXT),
    F(research_unit_row, adults, FIELD_INT),    F(research_unit_row, planned, FIELD_INT),
    F(research_unit_row, answers, FIELD_COUNT), F(research_unit_row, clusters, FIELD_INT)};
DESC(UNIT, research_unit_row, UNIT_FIELDS);
static const struct field_desc FIGURE_FIELDS[] = {
    F(research_figure, id, FIELD_ID),         F(research_figure, indicator, FIELD_TEXT),
    F(research_figure, kato, FIELD_TEXT),     F(research_figure, place, FIELD_TEXT),
    F(research_figure, region, FIELD_BOOL),   F(research_figure, value, FIELD_OPT_NUM),
    F(research_figure, lower, FIELD_OPT_NUM), F(research_figure, upper, FIELD_OPT_NUM),
    F(research_figure, n, FIELD_COUNT),       F(research_figure, status, FIELD_TEXT),
    F(research_figure, why, FIELD_TEXT)};
DESC(FIGURE, research_figure, FIGURE_FIELDS);
static const struct field_desc TREND_FIELDS[] = {
    F(research_trend_point, quarter, FIELD_TEXT), F(research_trend_point, value, FIELD_OPT_NUM),
    F(research_trend_point, lower, FIELD_OPT_NUM), F(research_trend_point, upper, FIELD_OPT_NUM)};
DESC(TREND, research_trend_point, TREND_FIELDS);

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
    F(choice, code, FIELD_TEXT),    F(choice, text_kk, FIELD_TEXT), F(choice, text_ru, FIELD_TEXT),
    F(choice, text_en, FIELD_TEXT), F(choice, good, FIELD_BOOL),    F(choice, missing, FIELD_BOOL)};
DESC(CHOICE, choice, CHOICE_FIELDS);
static const struct field_desc QUESTION_FIELDS[] = {
    F(question, code, FIELD_TEXT),
    F(question, block, FIELD_TEXT),
    F(question, text_kk, FIELD_TEXT),
    F(question, text_ru, FIELD_TEXT),
    F(question, text_en, FIELD_TEXT),
    F(question, required, FIELD_BOOL),
    F(question, sensitive, FIELD_BOOL),
    F(question, most, FIELD_INT),
    {"choices", FIELD_ROWS, offsetof(struct question, choices), &CHOICE}};
DESC(QUESTION, question, QUESTION_FIELDS);
static const struct field_desc QUESTIONNAIRE_FIELDS[] = {
    F(questionnaire, code, FIELD_TEXT),
    F(questionnaire, version, FIELD_INT),
    F(questionnaire, title_kk, FIELD_TEXT),
    F(questionnaire, title_ru, FIELD_TEXT),
    F(questionnaire, title_en, FIELD_TEXT),
    F(questionnaire, valid_from, FIELD_TEXT),
    F(questionnaire, consent_kk, FIELD_TEXT),
    F(questionnaire, consent_ru, FIELD_TEXT),
    F(questionnaire, consent_en, FIELD_TEXT),
    {"questions", FIELD_ROWS, offsetof(struct questionnaire, rows), &QUESTION}};
DESC(QUESTIONNAIRE, questionnaire, QUESTIONNAIRE_FIELDS);

const struct view research_questionnaire_view = {
    .name = "questionnaire",
    .title = N_("The questionnaire"),
    .nav = "/research",
    .html = research_questionnaire_html,
    .parts = (const struct view_part[]){
        {"questionnaire", VIEW_LINK, offsetof(struct research_questionnaire_page, q), &QUESTIONNAIRE}, {0}}};

/* --- loading --- */

static const struct field_desc UPLOAD_FIELDS[] = {
    F(research_upload_facts, quarter, FIELD_TEXT),  F(research_upload_facts, file, FIELD_TEXT),
    F(research_upload_facts, kind, FIELD_TEXT),     F(research_upload_facts, refused, FIELD_TEXT),
    F(research_upload_facts, rows_read, FIELD_INT), F(research_upload_facts, good, FIELD_INT),
    F(research_upload_facts, bad, FIELD_INT),       F(research_upload_facts, n_errors, FIELD_INT),
    F(research_upload_facts, weighted, FIELD_BOOL)};
DESC(UPLOAD, research_upload_facts, UPLOAD_FIELDS);
static const struct field_desc ERROR_FIELDS[] = {
    F(answers_error, line, FIELD_INT), F(answers_error, column, FIELD_TEXT),
    F(answers_error, text, FIELD_TEXT), F(answers_error, expected, FIELD_TEXT)};
DESC(ERROR_ROW, answers_error, ERROR_FIELDS);

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
    F(stratum, code, FIELD_TEXT),     F(stratum, kato, FIELD_TEXT),      F(stratum, unit, FIELD_TEXT),
    F(stratum, urban, FIELD_BOOL),    F(stratum, population, FIELD_INT), F(stratum, planned, FIELD_INT),
    F(stratum, computed, FIELD_BOOL), F(stratum, source, FIELD_TEXT)};
DESC(STRATUM, stratum, STRATUM_FIELDS);

const struct view research_frame_view = {
    .name = "research_frame",
    .title = N_("Frame of the survey"),
    .nav = "/research",
    .html = research_frame_html,
    .parts = (const struct view_part[]){
        {"strata", VIEW_LIST, offsetof(struct research_frame_page, strata), &STRATUM}, {0}}};
