/* record.c - one dispute: its facts and timeline, and the pages of its steps. Every opening is written to the
 * audit chain. */
#include "mediation/pages.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "mediation/record_html.h"
#include "mediation/step_html.h"
#include "mediation/vault.h"
#include "registry/registry.h"

const char *event_name(struct ctx *cx, const char *action)
{
    static const struct {
        const char *action, *name;
    } NAMES[] = {{"filed", N_("Filed")},
                 {"triaged", N_("Triage")},
                 {"stand_down", N_("The danger is over")},
                 {"hand_over", N_("Handed over")},
                 {"lawyer_allows", N_("Allowed by the lawyer")},
                 {"reopen", N_("Given to a lawyer again")},
                 {"assign", N_("Mediator assigned")},
                 {"tie", N_("A tie was declared")},
                 {"condition", N_("Condition met")},
                 {"consent", N_("Consent to mediation")},
                 {"contract", N_("Contract signed")},
                 {"session", N_("Session")},
                 {"prolong", N_("Term prolonged")},
                 {"settle", N_("Settlement signed")},
                 {"refuse_one", N_("One side refused")},
                 {"refuse_both", N_("Both sides refused")},
                 {"impossible", N_("Found impossible")},
                 {"expire", N_("Term expired")},
                 {"promise", N_("Promise recorded")},
                 {"follow", N_("Performance followed")},
                 {"performed", N_("Performed")},
                 {"done", N_("Promise kept")},
                 {"breach", N_("Breach; court advised")},
                 {"close", N_("Closed")},
                 {"note", N_("Note")},
                 {"take_over", N_("Taken over by another clerk")},
                 {"leave", N_("The mediator left the case")},
                 {"join", N_("Joined to another case")},
                 {"joined", N_("Another case was joined to this one")},
                 {"split", N_("Some sides got a case of their own")},
                 {"resume", N_("Opened again")}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(action, NAMES[i].action))
            return T(cx, NAMES[i].name);
    return action;
}

/* --- the record
 * -------------------------------------------------------------------------------------------------------- */

static int load_content(struct ctx *cx, const struct vault *v, struct record_page *m)
{
    struct record_content *content = arena_alloc(cx->arena, sizeof *content);
    TRY(vault_case(cx, v, &content->summary, &content->resonance_reason));
    m->content = content;
    TRY(vault_parties(cx, v, &m->parties));
    TRY(condition_list(cx, cx->region_id, m->d.id, &m->conditions));
    TRY(vault_sessions(cx, v, &m->sessions));
    TRY(vault_obligations(cx, v, &m->obligations));
    TRY(vault_events(cx, v, &m->events));
    if (m->d.triage_rule_id.has) {
        struct triage_rule_by_id_row rule;
        bool found = false;
        TRY(triage_rule_by_id(cx, cx->region_id, m->d.triage_rule_id.value, &rule, &found));
        m->rule_action = found ? ctx_pick(cx, rule.action_kk, rule.action_ru, rule.action_en) : NULL;
        m->rule_article = found ? rule.article : NULL;
        m->rule_verified = found && rule.verified;
    }
    return OK;
}

/* Steps of the present state: those that the asker can take now, and the others with the reason. */
static void list_steps(struct ctx *cx, struct record_page *m)
{
    VEC(struct record_step) now = {0}, later = {0};
    for (const struct case_step *s = CASE_STEPS; s->action && m->roles; s++) {
        if (!(s->from & (1u << m->facts.state)) || s->item)
            continue;
        const char *why = case_step_hinder(s, &m->facts);
        if (!(s->who & m->roles))
            why = s->who == CASE_BY_CLERK ? N_("This step belongs to the clerk.")
                                          : N_("This step belongs to the mediator of the case.");
        struct record_step row = {s->action, T(cx, s->label), why ? T(cx, why) : NULL};
        if (why)
            vec_push(cx->arena, &later, row);
        else
            vec_push(cx->arena, &now, row);
    }
    m->steps.rows = now.rows;
    m->steps.n = now.n;
    m->later.rows = later.rows;
    m->later.n = later.n;
}

/* Opens the content, or notes why it stays closed: the asker then sees what everybody in the office may. */
static int open_or_say(struct ctx *cx, const struct case_asker *a, struct record_page *m, struct vault *v,
                       enum case_right *right)
{
    struct vault_lacking lacking;
    int rc = vault_open(cx, a, &m->d, v);
    if (rc == ERR_DENIED) {
        m->sealed = cx->err_text;
        cx->err = OK;
        *right = CASE_HEAD;
        return OK;
    }
    TRY(rc);
    TRY(vault_keep_recoverable(cx, v));
    TRY(vault_lacking(cx, &m->d, &lacking));
    m->may_give = lacking.n > 0;
    return OK;
}

static int load_record(struct request *rq, struct record_page *m)
{
    struct ctx *cx = rq->cx;
    struct case_asker a;
    enum case_right right;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, &a));
    TRY(case_load(cx, &a, id, &m->d, &right));
    m->today = date_text(cx->arena, date_today(NULL));
    m->clock = case_clock(case_state_from(m->d.state), m->d.contract_on, m->d.due_on, m->today);
    m->may_take_over = right == CASE_HEAD && a.clerk;
    struct vault v;
    if (right == CASE_CONTENT)
        TRY(open_or_say(cx, &a, m, &v, &right));
    else if (a.clerk) /* the clerk before may still hold the key, and open the case for the new one */
        TRY(vault_holds(cx, id, a.account_id, &m->may_give));
    if (right == CASE_CONTENT) {
        TRY(case_facts_of(cx, &m->d, m->today, &m->facts));
        m->roles = case_roles(&a, &m->d);
        m->may_triage =
            (m->roles & CASE_BY_CLERK) && (m->facts.state == CASE_INTAKE || m->facts.state == CASE_LAWYER);
        TRY(load_content(cx, &v, m));
        list_steps(cx, m);
    }
    return audit_record(cx, right == CASE_CONTENT ? "dispute.open" : "dispute.open_head",
                        case_object(cx, id), "");
}

static int record_show(struct request *rq)
{
    struct record_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    TRY(load_record(rq, m));
    return respond_view(rq, &record_view, m);
}

int record_get(struct request *rq)
{
    return record_show(rq);
}

static const struct form_field TAKE_OVER_FIELDS[] = {{.name = "reason",
                                                      .type = FORM_TEXT,
                                                      .label = N_("Reason"),
                                                      .hint = N_("Nothing of the case: the reason stands in the audit log."),
                                                      .required = true,
                                                      .max = 500,
                                                      .offset = offsetof(struct take_over_values, reason)},
                                                     {0}};
const struct form take_over_form = {TAKE_OVER_FIELDS, sizeof(struct take_over_values)};

int take_over_post(struct request *rq)
{
    const struct take_over_values *v = form_values(rq);
    struct case_asker a;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    if (!form_ok(rq))
        return record_show(rq);
    TRY(case_asker_of(rq, &a));
    TRY(case_take_over(rq->cx, &a, id, v->reason));
    return respond_redirect(rq, arena_printf(rq->cx->arena, "/disputes/%s", id_text(rq->cx->arena, id)),
                            T(rq->cx, N_("You keep this case now.")));
}

int give_keys_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct case_asker a;
    size_t given;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, &a));
    TRY(case_give_keys(cx, &a, id, &given));
    return respond_redirect(rq, arena_printf(cx->arena, "/disputes/%s", id_text(cx->arena, id)),
                            T(cx, given ? N_("The case is open for its clerk and its mediator now.")
                                        : N_("Nobody needed it any more.")));
}

/* --- a step
 * --------------------------------------------------------------------------------------------------------------
 */

/* The case of a step's address with its vault, for those who may take steps in it. */
static int open_case(struct request *rq, struct case_asker *a, struct dispute_by_id_row *d, struct vault *v)
{
    enum case_right right;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, a));
    TRY(case_load(rq->cx, a, id, d, &right));
    if (right != CASE_CONTENT || !case_roles(a, d))
        return fail(rq->cx, ERR_NOT_FOUND, "There is no such step, or it is not yours to take.");
    return vault_open(rq->cx, a, d, v);
}

static const char *step_path(struct ctx *cx, const struct dispute_by_id_row *d, const char *action)
{
    return arena_printf(cx->arena, "/disputes/%s/steps/%s", id_text(cx->arena, d->id), action);
}

/* Those who are proposed, in that order; whoever is set aside cannot be chosen. */
static int mediator_choices(struct request *rq, struct form_choices *out)
{
    struct ctx *cx = rq->cx;
    struct propose_page p = {0};
    struct dispute_by_id_row d;
    struct case_asker a;
    struct vault v;
    TRY(open_case(rq, &a, &d, &v));
    TRY(propose_page(rq, &d, &v, step_path(cx, &d, "assign"), &p));
    struct form_choice *rows = arena_array(cx->arena, p.rows.n + 1, sizeof *rows);
    for (size_t i = 0; i < p.rows.n; i++)
        rows[i] = (struct form_choice){id_text(cx->arena, p.rows.rows[i].id),
                                       TF(cx, "%s: %lld open cases, agreed to %lld", p.rows.rows[i].name,
                                          (long long)p.rows.rows[i].open_cases, (long long)p.rows.rows[i].capacity)};
    *out = (struct form_choices){rows, p.rows.n};
    return OK;
}

static const struct form_choice YES_NO[] = {{"no", N_("no")}, {"yes", N_("yes")}, {0}};
static const struct form_choice SESSION_KINDS[] = {
    {"joint", N_("together")}, {"separate", N_("apart, one side at a time")}, {0}};
static const struct form_choice PROMISE_SIDES[] = {
    {"first", N_("first side")}, {"second", N_("second side")}, {"both", N_("both sides")}, {0}};

static const struct form_field STEP_FIELDS[] = {
    {FORM_OF(case_values, mediator_id), .type = FORM_ID, .label = N_("Mediator"),
     .hint = N_("In the order of the table above, with the cases in hand."), .choices_of = mediator_choices},
    {FORM_OF(case_values, tie_kin), .type = FORM_RADIO, .label = N_("Is the mediator a relative of a side?"),
     .choices = YES_NO},
    {FORM_OF(case_values, tie_work), .type = FORM_RADIO, .label = N_("Does the mediator work with or for a side?"),
     .choices = YES_NO},
    {FORM_OF(case_values, tie_help), .type = FORM_RADIO, .label = N_("Has the mediator helped a side before?"),
     .choices = YES_NO},
    {FORM_OF(case_values, tie_body), .type = FORM_RADIO, .label = N_("Is the mediator a member of a body that is a side?"),
     .choices = YES_NO},
    {FORM_OF(case_values, tie_state), .type = FORM_RADIO, .label = N_("Does the mediator hold a state function?"),
     .choices = YES_NO},
    {FORM_OF(case_values, on_date), .type = FORM_DATE, .label = N_("Date")},
    {FORM_OF(case_values, session_kind), .type = FORM_RADIO, .label = N_("How did the sides meet?"),
     .choices = SESSION_KINDS},
    {FORM_OF(case_values, minutes), .type = FORM_TEXTAREA, .label = N_("Minutes"), .max = 10000},
    {FORM_OF(case_values, both), .type = FORM_BOOL, .label = N_("Both sides have agreed to it in writing")},
    {FORM_OF(case_values, each), .type = FORM_BOOL,
     .label = N_("The side agreed freely, without pressure, and knows its rights")},
    {FORM_OF(case_values, guardian), .type = FORM_BOOL, .label = N_("The legal representative of each minor was present")},
    {FORM_OF(case_values, teacher), .type = FORM_BOOL, .label = N_("A teacher or psychologist was present"),
     .hint = N_("Needed where a side is a minor and the matter is an offence.")},
    {FORM_OF(case_values, side), .type = FORM_CHOICE, .label = N_("Who promised it?"), .choices = PROMISE_SIDES},
    {FORM_OF(case_values, promise), .type = FORM_TEXTAREA, .label = N_("What was promised?"), .max = 2000},
    {FORM_OF(case_values, promise_due), .type = FORM_DATE, .label = N_("Until when?")},
    {FORM_OF(case_values, other), .type = FORM_TEXT, .label = N_("Number"), .max = 60,
     .hint = N_("To join: the number of the case that goes on. To split: the numbers of the sides that go, as they stand in the case.")},
    {FORM_OF(case_values, note), .type = FORM_TEXTAREA, .label = N_("Note"), .max = 4000},
    {FORM_OF(case_values, item), .type = FORM_HIDDEN, .label = N_("Part")},
    {FORM_OF(case_values, version), .type = FORM_INT, .label = N_("Version"), .required = true, .min = 1, .max = 1e9},
    {0}};
const struct form step_form = {STEP_FIELDS, sizeof(struct case_values)};

/* The words of the part that a step concerns: a side, a promise, a condition. */
static int item_text(struct ctx *cx, const struct vault *v, struct step_page *m)
{
    int64_t id = 0;
    m->item_text = "";
    if (str_eq(m->step->action, "consent")) {
        struct party_list_list parties;
        TRY(vault_parties(cx, v, &parties));
        for (size_t i = 0; i < parties.n; i++)
            if (str_eq(m->item, arena_printf(cx->arena, "%lld", (long long)parties.rows[i].ordinal)))
                m->item_text = parties.rows[i].name;
    } else if (str_eq(m->step->action, "done") && id_parse(m->item, &id)) {
        struct obligation_list_list all;
        TRY(vault_obligations(cx, v, &all));
        for (size_t i = 0; i < all.n; i++)
            if (all.rows[i].id == id)
                m->item_text = all.rows[i].text;
    } else if (str_eq(m->step->action, "condition") && id_parse(m->item, &id)) {
        struct condition_list_list all;
        TRY(condition_list(cx, cx->region_id, m->d.id, &all));
        for (size_t i = 0; i < all.n; i++)
            if (all.rows[i].rule_id == id)
                m->item_text =
                    ctx_pick(cx, all.rows[i].action_kk, all.rows[i].action_ru, all.rows[i].action_en);
    }
    return m->step->item && !*m->item_text ? fail(cx, ERR_NOT_FOUND, "There is no such part of the case.")
                                           : OK;
}

static int step_show(struct request *rq, const char *item)
{
    struct ctx *cx = rq->cx;
    struct step_page *m = arena_alloc(cx->arena, sizeof *m);
    struct case_asker a;
    struct case_facts facts;
    struct vault v;
    TRY(open_case(rq, &a, &m->d, &v));
    m->step = case_step_find(rq_path(rq, "action"));
    if (!m->step || !(case_roles(&a, &m->d) & m->step->who))
        return fail(cx, ERR_NOT_FOUND, "There is no such step, or it is not yours to take.");
    m->item = item ? item : "";
    TRY(item_text(cx, &v, m));
    TRY(case_facts_of(cx, &m->d, date_text(cx->arena, date_today(NULL)), &facts));
    m->why = case_step_hinder(m->step, &facts);
    m->action = step_path(cx, &m->d, m->step->action);
    if (str_eq(m->step->action, "assign") && !m->why) {
        TRY(propose_page(rq, &m->d, &v, m->action, &m->proposed));
        m->action = arena_printf(cx->arena, "%s%s", m->action, m->proposed.query); /* a page shown again keeps the order */
    }
    return respond_view(rq, &step_view, m);
}

int step_get(struct request *rq)
{
    form_preset(rq, &step_form, "on_date", date_text(rq->cx->arena, date_today(NULL)));
    return step_show(rq, rq_query(rq, "item"));
}

int step_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct case_values *v = form_values(rq);
    struct case_asker a;
    bool refused = false;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, &a));
    if (!form_ok(rq))
        return step_show(rq, v->item);
    int rc = case_take_step(cx, &a, id, rq_path(rq, "action"), v, &refused);
    if (form_refused(rq, NULL, rc))
        return step_show(rq, v->item);
    TRY(rc);
    const struct case_step *step = case_step_find(rq_path(rq, "action"));
    return respond_redirect(
        rq, arena_printf(cx->arena, "/disputes/%s", id_text(cx->arena, id)),
        refused ? T(cx, N_("The mediator has a tie and was not assigned. Choose another one."))
                : T(cx, step->done));
}

/* --- views
 * -----------------------------------------------------------------------------------------------------------------
 */

static const struct field_desc CONTENT_FIELDS[] = {
    FIELD(record_content, summary, TEXT), FIELD(record_content, resonance_reason, TEXT)};
static ROW_DESC(CONTENT, "dispute_content", record_content, CONTENT_FIELDS);
static const struct field_desc STEP_DESC_FIELDS[] = {
    FIELD(record_step, action, TEXT), FIELD(record_step, label, TEXT), FIELD_AS("why_not", record_step, why, TEXT)};
static ROW_DESC(STEP, "dispute_step", record_step, STEP_DESC_FIELDS);

const struct view record_view = {
    .name = "dispute",
    .title = N_("Dispute"),
    .nav = "/disputes",
    .html = mediation_record_html,
    .parts = (const struct view_part[]){
        {"dispute", VIEW_ROW, offsetof(struct record_page, d), &dispute_by_id_row_desc},
        {"content", VIEW_LINK, offsetof(struct record_page, content), &CONTENT},
        {"parties", VIEW_LIST, offsetof(struct record_page, parties), &party_list_row_desc},
        {"conditions", VIEW_LIST, offsetof(struct record_page, conditions), &condition_list_row_desc},
        {"sessions", VIEW_LIST, offsetof(struct record_page, sessions), &meeting_sessions_row_desc},
        {"obligations", VIEW_LIST, offsetof(struct record_page, obligations), &obligation_list_row_desc},
        {"events", VIEW_LIST, offsetof(struct record_page, events), &dispute_event_list_row_desc},
        {"steps", VIEW_LIST, offsetof(struct record_page, steps), &STEP},
        {"not_possible", VIEW_LIST, offsetof(struct record_page, later), &STEP},
        {0}}};

const struct view step_view = {
    .name = "dispute_step",
    .title = N_("Step"),
    .nav = "/disputes",
    .html = mediation_step_html,
    .parts = (const struct view_part[]){
        {"dispute", VIEW_ROW, offsetof(struct step_page, d), &dispute_by_id_row_desc},
        {"proposed", VIEW_LIST, offsetof(struct step_page, proposed.rows), &propose_desc},
        {"set_aside", VIEW_LIST, offsetof(struct step_page, proposed.aside), &propose_desc},
        {0}}};
