/* record.c - the page of one proposal, and the steps that are made on it. */
#include "proposals/pages.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "proposals/record_html.h"

#include <string.h>

static const char *today(struct request *rq)
{
    return date_text(rq->cx->arena, date_today(NULL));
}

static int read_proposal(struct request *rq, struct proposal_by_id_row *p)
{
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(proposal_by_id(rq->cx, rq->cx->region_id, id, p));
    return proposal_may_see(rq, p);
}

/* The day that the sending is thought of: ?sent_on=, or what was typed, or today. */
static const char *thought_of(struct request *rq, const struct proposal_page *m)
{
    struct date d;
    const char *asked = rq_query(rq, "sent_on");
    if (!asked || !*asked)
        asked = form_raw(rq, &proposal_send_form, "sent_on");
    return date_parse(asked, &d) ? asked : m->on_date;
}

static int days_left(struct proposal_page *m)
{
    struct date due, now;
    if (date_parse(m->p.due_on, &due) && date_parse(m->on_date, &now))
        m->days = date_diff(now, due);
    return OK;
}

static int indicator_name(struct ctx *cx, struct proposal_page *m)
{
    struct proposal_indicators_list list;
    m->indicator = "";
    if (!*m->p.indicator_code)
        return OK;
    TRY(proposal_indicators(cx, cx->region_id, &list));
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.rows[i].code, m->p.indicator_code))
            m->indicator = registry_name(cx, list.rows[i]);
    return OK;
}

static int proposal_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct proposal_page *m = arena_alloc(cx->arena, sizeof *m);
    TRY(read_proposal(rq, &m->p));
    m->on_date = today(rq);
    m->overdue = proposal_overdue(m->p.state, m->p.due_on, m->on_date);
    m->may_write = rq_may(rq, PERM_PROPOSAL_EDIT);
    TRY(proposal_may_step(rq, &m->p, HAND_EITHER, &m->may_answer));
    TRY(proposal_addressee_on(cx, m->p.addressee_id, *m->p.sent_on ? m->p.sent_on : m->on_date,
                              &m->addressee_id, &m->addressee));
    TRY(days_left(m));
    m->sent_on = thought_of(rq, m);
    TRY(proposal_due_on(cx, m->sent_on, m->p.term_days, m->p.term_kind, &m->due_on));
    TRY(indicator_name(cx, m));
    TRY(proposal_evidence_list(cx, cx->region_id, m->p.id, &m->evidence));
    TRY(proposal_events(cx, cx->region_id, m->p.id, &m->events));
    TRY(proposal_replies(cx, cx->region_id, m->p.id, &m->replies));
    return respond_view(rq, &proposal_view, m);
}

int proposal_get(struct request *rq)
{
    form_preset(rq, &proposal_reply_form, "on_date", today(rq));
    return proposal_show(rq);
}

const struct view proposal_view = {
    .name = "proposal",
    .title = N_("Proposal"),
    .nav = "/proposals",
    .html = proposals_record_html,
    .parts = (const struct view_part[]){
        {"proposal", VIEW_ROW, offsetof(struct proposal_page, p), &proposal_by_id_row_desc},
        {"evidence", VIEW_LIST, offsetof(struct proposal_page, evidence), &proposal_evidence_list_row_desc},
        {"events", VIEW_LIST, offsetof(struct proposal_page, events), &proposal_events_row_desc},
        {"replies", VIEW_LIST, offsetof(struct proposal_page, replies), &proposal_replies_row_desc},
        {0}}};

/* --- steps --- */

static const struct form_field STEP_FIELDS[] = {FORM_VERSION(proposal_step_values),
                                                {.name = "note",
                                                 .type = FORM_TEXT,
                                                 .label = N_("Note"),
                                                 .max = 300,
                                                 .offset = offsetof(struct proposal_step_values, note)},
                                                {0}};
const struct form proposal_step_form = {STEP_FIELDS, sizeof(struct proposal_step_values)};

static const struct form_field SEND_FIELDS[] = {FORM_VERSION(proposal_send_values),
                                                {.name = "sent_on",
                                                 .type = FORM_DATE,
                                                 .label = N_("Day of sending"),
                                                 .required = true,
                                                 .offset = offsetof(struct proposal_send_values, sent_on)},
                                                {0}};
const struct form proposal_send_form = {SEND_FIELDS, sizeof(struct proposal_send_values)};

static const struct form_choice DECISIONS[] = {{"accepted", N_("accepted")},
                                               {"part", N_("accepted in part")},
                                               {"refused", N_("refused")},
                                               {"done", N_("carried out")},
                                               {0}};
static const struct form_field REPLY_FIELDS[] = {
    FORM_VERSION(proposal_reply_values),
    {.name = "number",
     .type = FORM_TEXT,
     .label = N_("Number of the answer"),
     .max = 60,
     .offset = offsetof(struct proposal_reply_values, number)},
    {.name = "on_date",
     .type = FORM_DATE,
     .label = N_("Date of the answer"),
     .required = true,
     .offset = offsetof(struct proposal_reply_values, on_date)},
    {.name = "decision",
     .type = FORM_RADIO,
     .label = N_("Decision"),
     .required = true,
     .choices = DECISIONS,
     .offset = offsetof(struct proposal_reply_values, decision)},
    {.name = "text",
     .type = FORM_TEXTAREA,
     .label = N_("What was answered"),
     .required = true,
     .max = 6000,
     .offset = offsetof(struct proposal_reply_values, text),
     .hint = N_("A refusal says its reasons; what was carried out says what was done.")},
    {0}};
const struct form proposal_reply_form = {REPLY_FIELDS, sizeof(struct proposal_reply_values)};

/* Runs a step that the asker may make; what does not fit is said above the form (409 where somebody was
 * faster). */
static int make_step(struct request *rq, struct proposal_change *c, const char *notice)
{
    struct proposal_by_id_row p;
    bool may = false;
    TRY(read_proposal(rq, &p));
    TRY(proposal_may_step(rq, &p, c->step->hand, &may));
    if (!may)
        return fail(rq->cx, ERR_DENIED, "This step is not yours to make.");
    TRY(proposal_in_area(rq, p.territory_id.value));
    c->id = p.id;
    if (!form_ok(rq))
        return proposal_show(rq);
    int rc = proposal_step_do(rq->cx, c);
    if (form_refused(rq, NULL, rc))
        return proposal_show(rq);
    TRY(rc);
    return respond_redirect(rq, proposal_href(rq->cx, p.id), notice);
}

int proposal_step_post(struct request *rq)
{
    const struct proposal_step_values *v = form_values(rq);
    struct proposal_change c = {
        .step = proposal_step_find(rq_path(rq, "step")), .version = v->version.value, .note = v->note};
    if (!c.step || str_eq(c.step->code, "send") ||
        str_eq(c.step->code, "reply")) /* these have addresses of their own */
        return fail(rq->cx, ERR_NOT_FOUND, "There is no such step.");
    return make_step(rq, &c, T(rq->cx, N_("The step is recorded.")));
}

int proposal_send_post(struct request *rq)
{
    const struct proposal_send_values *v = form_values(rq);
    struct proposal_change c = {
        .step = proposal_step_find("send"), .version = v->version.value, .on_date = v->sent_on};
    return make_step(rq, &c, T(rq->cx, N_("The proposal is sent; the clock for the answer runs.")));
}

int proposal_reply_post(struct request *rq)
{
    const struct proposal_reply_values *v = form_values(rq);
    struct proposal_change c = {.step = proposal_step_find("reply"),
                                .version = v->version.value,
                                .on_date = v->on_date,
                                .number = v->number,
                                .decision = v->decision,
                                .text = v->text,
                                .note = *v->number ? TF(rq->cx, N_("Answer no. %s"), v->number) : ""};
    return make_step(rq, &c, T(rq->cx, N_("The answer is recorded.")));
}
