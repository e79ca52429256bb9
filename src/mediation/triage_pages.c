/* triage_pages.c - the page of triage, the decision table and its editing. */
#include "mediation/pages.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "mediation/vault.h"
#include "mediation/rule_html.h"
#include "mediation/rules_html.h"
#include "mediation/triage_html.h"
#include "registry/registry.h"

#include <string.h>

/* The facts are data, the fields of a form are not: the n-th fact of the table is asked by the field f<n>. */
enum { FACTS_MOST = 40 };
struct triage_form_values {
    const char *fact[FACTS_MOST], *confirm, *note;
    struct opt_int version;
};
static const struct form_choice ANSWERS[] = {
    {"yes", N_("yes")}, {"no", N_("no")}, {"unknown", N_("Not known")}, {0}};
#define FACT(n)                                                                                              \
    {                                                                                                        \
        .name = "f" #n, .type = FORM_RADIO, .label = N_("Answer"), .choices = ANSWERS,                       \
        .offset = offsetof(struct triage_form_values, fact[n - 1])                                           \
    }
#define TEN(t)                                                                                               \
    FACT(t##1), FACT(t##2), FACT(t##3), FACT(t##4), FACT(t##5), FACT(t##6), FACT(t##7), FACT(t##8), FACT(t##9)
static const struct form_field TRIAGE_FIELDS[] = {TEN(),
                                                  FACT(10),
                                                  TEN(1),
                                                  FACT(20),
                                                  TEN(2),
                                                  FACT(30),
                                                  TEN(3),
                                                  FACT(40),
                                                  {.name = "note",
                                                   .type = FORM_TEXTAREA,
                                                   .label = N_("Note"),
                                                   .max = 2000,
                                                   .offset = offsetof(struct triage_form_values, note)},
                                                  {.name = "confirm",
                                                   .type = FORM_HIDDEN,
                                                   .label = N_("Rule"),
                                                   .offset = offsetof(struct triage_form_values, confirm)},
                                                  FORM_VERSION(triage_form_values),
                                                  {0}};
#undef TEN
#undef FACT
const struct form triage_form = {TRIAGE_FIELDS, sizeof(struct triage_form_values)};

static int load_facts(struct ctx *cx, struct triage_page *m, const struct triage_rule_list_list *rules)
{
    struct triage_fact_list_list facts;
    struct triage_answer_list_list old;
    TRY(triage_fact_list(cx, cx->region_id, &facts));
    TRY(triage_answer_list(cx, cx->region_id, m->d.id, &old));
    m->facts.rows = arena_array(cx->arena, facts.n, sizeof *m->facts.rows);
    for (size_t i = 0; i < facts.n && i < FACTS_MOST; i++) {
        struct triage_question *q = &m->facts.rows[m->facts.n++];
        *q = (struct triage_question){.code = facts.rows[i].code,
                                      .answer = "",
                                      .question =
                                          ctx_pick(cx, facts.rows[i].question_kk, facts.rows[i].question_ru,
                                                   facts.rows[i].question_en)};
        for (size_t k = 0; k < old.n; k++)
            if (str_eq(old.rows[k].fact_code, q->code))
                q->answer = old.rows[k].answer;
        /* Without a mediator there is nobody who could be tied to a side. */
        if (!*q->answer && str_eq(q->code, "mediator_tie") && !m->d.mediator_id.has)
            q->answer = "no";
        for (size_t r = 0; r < rules->n; r++) {
            const struct triage_rule_list_row *rule = &rules->rows[r];
            if (!str_eq(rule->fact_code, q->code))
                continue;
            q->article = rule->article;
            q->action = ctx_pick(cx, rule->action_kk, rule->action_ru, rule->action_en);
            q->outcome = rule->outcome;
            q->verified = rule->verified;
        }
    }
    return OK;
}

static int triage_load(struct request *rq, struct case_asker *a, struct triage_page *m,
                       struct triage_rule_list_list *rules)
{
    struct ctx *cx = rq->cx;
    struct vault v;
    const char *reason;
    enum case_right right;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, a));
    TRY(case_load(cx, a, id, &m->d, &right));
    if (right != CASE_CONTENT || !(case_roles(a, &m->d) & CASE_BY_CLERK))
        return fail(cx, ERR_NOT_FOUND, "There is no such dispute, or it is not for you to see.");
    TRY(triage_rule_list(cx, cx->region_id, date_text(cx->arena, date_today(NULL)), rules));
    TRY(vault_open(cx, a, &m->d, &v));
    TRY(vault_case(cx, &v, &m->summary, &reason));
    m->note = "";
    TRY(load_facts(cx, m, rules));
    return audit_record(cx, "dispute.open", case_object(cx, id),
                        "");
}

int triage_get(struct request *rq)
{
    struct triage_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    struct case_asker a;
    struct triage_rule_list_list rules;
    TRY(triage_load(rq, &a, m, &rules));
    return respond_view(rq, &triage_view, m);
}

/* First the proposal is shown with its rule; sent again with that rule, a human has confirmed it. */
int triage_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct triage_form_values *v = form_values(rq);
    struct triage_page *m = arena_alloc(cx->arena, sizeof *m);
    struct case_asker a;
    struct triage_rule_list_list rules;
    TRY(triage_load(rq, &a, m, &rules));
    struct triage_fact *rows = arena_array(cx->arena, m->facts.n, sizeof *rows);
    for (size_t i = 0; i < m->facts.n; i++) {
        m->facts.rows[i].answer = *v->fact[i] ? v->fact[i] : "unknown";
        rows[i] = (struct triage_fact){m->facts.rows[i].code, m->facts.rows[i].answer};
    }
    struct triage_answers answers = {rows, m->facts.n};
    struct triage_proposal p = triage_decide(cx->arena, &rules, &answers);
    if (!p.rule)
        return fail(cx, ERR_INVALID, "The decision table has no last rule; nothing can be decided.");
    int64_t confirmed = 0;
    if (form_ok(rq) && id_parse(v->confirm, &confirmed) && confirmed == p.rule->id) {
        struct triage_values values = {p.rule->id, v->version.value, v->note};
        TRY(triage_confirm(cx, &a, m->d.id, &answers, &values));
        return respond_redirect(rq, arena_printf(cx->arena, "/disputes/%s", id_text(cx->arena, m->d.id)),
                                T(cx, N_("The triage is recorded.")));
    }
    m->rule = p.rule;
    m->conditions.rows = p.conditions;
    m->conditions.n = p.n_conditions;
    m->note = v->note;
    for (size_t i = 0; p.missing && i < m->facts.n; i++)
        if (str_eq(m->facts.rows[i].code, p.missing))
            m->missing = m->facts.rows[i].question;
    return respond_view(rq, &triage_view, m);
}

/* --- the decision table
 * ---------------------------------------------------------------------------------------------------- */

int rules_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct rules_page *m = arena_alloc(cx->arena, sizeof *m);
    struct date day;
    const char *asked = rq_query(rq, "date");
    m->on_date = date_parse(asked, &day) ? asked : date_text(cx->arena, date_today(NULL));
    m->may_edit = rq_may(rq, PERM_DISPUTE_TRIAGE);
    TRY(triage_rule_list(cx, cx->region_id, m->on_date, &m->rules));
    TRY(triage_fact_list(cx, cx->region_id, &m->facts));
    return respond_view(rq, &rules_view, m);
}

static const struct form_choice OUTCOMES[] = {
    {"emergency", N_("Emergency: call for help now")},
    {"refer", N_("Not suitable for mediation: hand over")},
    {"lawyer", N_("A lawyer must look at it")},
    {"condition", N_("Suitable for mediation on a condition")},
    {"change_mediator", N_("Suitable for mediation with another mediator")},
    {"mediate", N_("Suitable for mediation")},
    {0}};
static const struct form_field RULE_FIELDS[] = {
    {FORM_OF(rule_values, outcome), .type = FORM_CHOICE, .label = N_("Outcome"), .required = true, .choices = OUTCOMES},
    {FORM_OF(rule_values, article), .type = FORM_TEXT, .label = N_("Article"), .required = true, .max = 200},
    {FORM_OF(rule_values, action_kk), .type = FORM_TEXTAREA, .label = N_("What to do, in Kazakh"), .required = true,
     .max = 600},
    {FORM_OF(rule_values, action_ru), .type = FORM_TEXTAREA, .label = N_("What to do, in Russian"), .required = true,
     .max = 600},
    {FORM_OF(rule_values, action_en), .type = FORM_TEXTAREA, .label = N_("What to do, in English"), .max = 600},
    {FORM_OF(rule_values, verified), .type = FORM_BOOL, .label = N_("Compared with the text in force")},
    {FORM_OF(rule_values, valid_from), .type = FORM_DATE, .label = N_("Holds from"), .required = true},
    {0}};
const struct form rule_form = {RULE_FIELDS, sizeof(struct rule_values)};

static int rule_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct rule_page *m = arena_alloc(cx->arena, sizeof *m);
    struct triage_fact_list_list facts;
    bool found = false;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(triage_rule_by_id(cx, cx->region_id, id, &m->rule, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such rule.");
    TRY(triage_fact_list(cx, cx->region_id, &facts));
    m->question = T(cx, N_("Anything else, or a fact is missing"));
    for (size_t i = 0; i < facts.n; i++)
        if (str_eq(facts.rows[i].code, m->rule.fact_code))
            m->question =
                ctx_pick(cx, facts.rows[i].question_kk, facts.rows[i].question_ru, facts.rows[i].question_en);
    if (!rq->form)
        form_fill(rq, &rule_form,
                  &(struct rule_values){m->rule.outcome, m->rule.article, m->rule.action_kk,
                                        m->rule.action_ru, m->rule.action_en,
                                        date_text(cx->arena, date_today(NULL)), m->rule.verified});
    return respond_view(rq, &rule_view, m);
}

int rule_get(struct request *rq)
{
    return rule_show(rq);
}

int rule_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct rule_values *v = form_values(rq);
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    if (!form_ok(rq))
        return rule_show(rq);
    struct triage_rule_values values = {v->outcome,   v->article,    v->action_kk, v->action_ru,
                                        v->action_en, v->valid_from, v->verified};
    int rc = triage_rule_change(cx, id, &values);
    if (form_refused(rq, "valid_from", rc))
        return rule_show(rq);
    TRY(rc);
    return respond_redirect(rq, "/disputes/rules", T(cx, N_("The new version of the rule is recorded.")));
}

/* --- views
 * -------------------------------------------------------------------------------------------------------------------
 */

static const struct field_desc QUESTION_FIELDS[] = {
    FIELD(triage_question, code, TEXT), FIELD(triage_question, question, TEXT),
    FIELD(triage_question, answer, TEXT), FIELD(triage_question, outcome, TEXT),
    FIELD(triage_question, article, TEXT), FIELD(triage_question, action, TEXT)};
static ROW_DESC(QUESTION, "triage_question", triage_question, QUESTION_FIELDS);

const struct view triage_view = {
    .name = "dispute_triage",
    .title = N_("Triage"),
    .nav = "/disputes",
    .html = mediation_triage_html,
    .parts = (const struct view_part[]){
        {"dispute", VIEW_ROW, offsetof(struct triage_page, d), &dispute_by_id_row_desc},
        {"facts", VIEW_LIST, offsetof(struct triage_page, facts), &QUESTION},
        {"proposed_rule", VIEW_LINK, offsetof(struct triage_page, rule), &triage_rule_list_row_desc},
        {0}}};
const struct view rules_view = {
    .name = "triage_rules",
    .title = N_("Rules of triage"),
    .nav = "/disputes",
    .html = mediation_rules_html,
    .parts = (const struct view_part[]){
        {"rules", VIEW_LIST, offsetof(struct rules_page, rules), &triage_rule_list_row_desc},
        {"facts", VIEW_LIST, offsetof(struct rules_page, facts), &triage_fact_list_row_desc},
        {0}}};
const struct view rule_view = {
    .name = "triage_rule",
    .title = N_("Rule of triage"),
    .nav = "/disputes",
    .html = mediation_rule_html,
    .parts = (const struct view_part[]){
        {"rule", VIEW_ROW, offsetof(struct rule_page, rule), &triage_rule_by_id_row_desc}, {0}}};
