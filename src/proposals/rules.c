/* rules.c - the life of a proposal: one table of steps, and the transactions behind them. */
#include "proposals/rules.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "calendar/calendar.h"
#include "db/audit.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "registry/organisation_sql.h"
#include "registry/registry.h"

#include <string.h>

enum { SUCCESSIONS_MOST = 8 };

const struct proposal_step PROPOSAL_STEPS[] = {
    {"agree", N_("Agree the text"), "draft", "agreed", HAND_WRITER, N_("The text has been agreed already.")},
    {"redraft", N_("Back to draft"), "agreed", "draft", HAND_WRITER,
     N_("Only an agreed text that was not sent can go back.")},
    {"send", N_("Send"), "agreed", "sent", HAND_WRITER, N_("Only an agreed text is sent, and only once.")},
    {"register", N_("Register the receipt"), "sent", "registered", HAND_EITHER,
     N_("The receipt of a proposal is registered once, after it was sent.")},
    {"reply", N_("Record the answer"), "sent registered accepted part", "", HAND_EITHER,
     N_("An answer can be recorded once the proposal was sent and until it is refused or done.")},
    {0}};

const struct proposal_step *proposal_step_find(const char *code)
{
    for (const struct proposal_step *s = PROPOSAL_STEPS; s->code; s++)
        if (str_eq(s->code, code))
            return s;
    return NULL;
}

/* Is the word one of those in the list? */
static bool has_word(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == 0 || p[n] == ' '))
            return n > 0;
    return false;
}

bool proposal_step_fits(const struct proposal_step *s, const char *state)
{
    return has_word(s->from, state);
}

bool proposal_decision_fits(const char *state, const char *decision)
{
    if (has_word("sent registered", state))
        return has_word("accepted part refused done", decision);
    return has_word("accepted part", state) && str_eq(decision, "done");
}

const char *proposal_state_name(struct ctx *cx, const char *state)
{
    static const struct {
        const char *state, *name;
    } NAMES[] = {{"draft", N_("draft")},
                 {"agreed", N_("agreed")},
                 {"sent", N_("sent")},
                 {"registered", N_("registered")},
                 {"accepted", N_("accepted")},
                 {"part", N_("accepted in part")},
                 {"refused", N_("refused")},
                 {"done", N_("carried out")},
                 {"waiting", N_("waiting for an answer")},
                 {"overdue", N_("answer overdue")}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(state, NAMES[i].state))
            return T(cx, NAMES[i].name);
    return state;
}

bool proposal_overdue(const char *state, const char *due_on, const char *on_date)
{
    return has_word("sent registered", state) && !str_empty(due_on) && strcmp(due_on, on_date) < 0;
}

const char *proposal_standing(struct ctx *cx, const char *state, const char *due_on, const char *on_date)
{
    return proposal_state_name(cx, proposal_overdue(state, due_on, on_date) ? "overdue" : state);
}

int proposal_due_on(struct ctx *cx, const char *sent_on, int64_t days, const char *kind, const char **due_on)
{
    struct date d;
    if (!date_parse(sent_on, &d))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date (YYYY-MM-DD).", sent_on);
    if (str_eq(kind, "working"))
        return calendar_workday_add(cx, sent_on, (int)days, due_on);
    *due_on = date_text(cx->arena, date_add_days(d, days));
    return OK;
}

int proposal_addressee_on(struct ctx *cx, int64_t organisation_id, const char *on_date, int64_t *id,
                          const char **name)
{
    struct organisation_by_id_row o;
    *id = organisation_id;
    for (int i = 0; i < SUCCESSIONS_MOST; i++) {
        TRY(organisation_by_id(cx, cx->region_id, *id, &o));
        if (!*o.valid_to || strcmp(o.valid_to, on_date) > 0)
            break;
        struct proposal_successor_row next;
        bool found = false;
        TRY(proposal_successor(cx, cx->region_id, *id, on_date, &next, &found));
        if (!found)
            break;
        *id = next.to_id;
    }
    *name = registry_name(cx, o);
    return OK;
}

const char *proposal_href(struct ctx *cx, int64_t id)
{
    return arena_printf(cx->arena, "/proposals/%s", id_text(cx->arena, id));
}

/* --- changes --- */

static const char *object_of(struct ctx *cx, int64_t id)
{
    return arena_printf(cx->arena, "proposal/%s", id_text(cx->arena, id));
}

static int put_event(struct ctx *cx, int64_t id, const char *state, const char *note, int64_t at_us)
{
    return proposal_event_insert(cx,
                                 &(struct proposal_event_insert_in){.region_id = cx->region_id,
                                                                    .proposal_id = id,
                                                                    .id = db_new_id(),
                                                                    .at_us = at_us ? at_us : time_now_us(),
                                                                    .account_id = cx->account_id,
                                                                    .state = state,
                                                                    .note = note ? note : ""},
                                 NULL);
}

static int put_evidence(struct ctx *cx, int64_t id, const struct proposal_draft *d)
{
    TRY(proposal_evidence_clear(cx, cx->region_id, id, NULL));
    for (size_t i = 0; i < d->n_evidence; i++)
        TRY(proposal_evidence_insert(
            cx,
            &(struct proposal_evidence_insert_in){cx->region_id, id, (int64_t)i + 1, d->evidence[i].kind,
                                                  d->evidence[i].figure_id, d->evidence[i].label},
            NULL));
    return OK;
}

/* "2025-III-04": the fourth of that quarter. Proposals are never deleted, so their number only grows. */
static int next_number(struct ctx *cx, const char *quarter, const char **number)
{
    static const char *const ROMAN[] = {"I", "II", "III", "IV"};
    struct quarter q;
    struct proposal_count_of_quarter_row have;
    if (!quarter_parse(quarter, &q))
        return fail(cx, ERR_INVALID, "\"%s\" is not a quarter (2025-Q3).", quarter);
    TRY(proposal_count_of_quarter(cx, cx->region_id, quarter, &have));
    *number = arena_printf(cx->arena, "%04d-%s-%02lld", q.y, ROMAN[q.q - 1], (long long)have.proposals + 1);
    return OK;
}

/* The proposal that this form has made already: a second press of its button makes no second one. */
static int made_before(struct ctx *cx, const char *once_key, int64_t *id, bool *found)
{
    struct proposal_by_once_row same;
    TRY(proposal_by_once(cx, cx->region_id, once_key, &same, found));
    if (*found)
        *id = same.id;
    return OK;
}

struct create_job {
    const struct proposal_draft *d;
    int64_t id;
};

static int create_tx(struct ctx *cx, void *arg)
{
    struct create_job *j = arg;
    const struct proposal_draft *d = j->d;
    bool found = false;
    TRY(made_before(cx, d->once_key, &j->id, &found));
    if (found)
        return OK;
    const char *number = "", *day = d->created_on ? d->created_on : date_text(cx->arena, date_today(NULL));
    TRY(next_number(cx, d->quarter, &number));
    j->id = db_new_id();
    TRY(proposal_insert(cx,
                        &(struct proposal_insert_in){.region_id = cx->region_id,
                                                     .id = j->id,
                                                     .number = number,
                                                     .once_key = d->once_key,
                                                     .quarter = d->quarter,
                                                     .problem = d->problem,
                                                     .text = d->text,
                                                     .addressee_id = d->addressee_id,
                                                     .territory_id = {d->territory_id != 0, d->territory_id},
                                                     .basis = d->basis,
                                                     .effect = d->effect,
                                                     .indicator_code = d->indicator,
                                                     .term_days = d->term_days,
                                                     .term_kind = d->term_kind,
                                                     .created_on = day,
                                                     .state = "draft",
                                                     .account_id = cx->account_id,
                                                     .demo = d->demo},
                        NULL));
    TRY(put_evidence(cx, j->id, d));
    struct date created;
    int64_t at =
        d->created_on && date_parse(day, &created) ? instant_of((struct civil){created, 10, 0, 0}, NULL) : 0;
    TRY(put_event(cx, j->id, "draft", "", at));
    return audit_append(cx, "proposal.create", object_of(cx, j->id), number);
}

int proposal_create(struct ctx *cx, const struct proposal_draft *d, int64_t *id)
{
    struct create_job j = {.d = d};
    int rc = db_tx(cx, create_tx, &j);
    if (rc == ERR_CONFLICT) { /* two presses at the same instant: the other one has kept it */
        bool found = false;
        TRY(made_before(cx, d->once_key, &j.id, &found));
        if (!found)
            return rc;
        rc = OK;
    }
    *id = j.id;
    return rc;
}

struct rewrite_job {
    const struct proposal_draft *d;
    int64_t id, version;
};

static int rewrite_tx(struct ctx *cx, void *arg)
{
    const struct rewrite_job *j = arg;
    const struct proposal_draft *d = j->d;
    int64_t changed = 0;
    TRY(proposal_update(cx,
                        &(struct proposal_update_in){.region_id = cx->region_id,
                                                     .id = j->id,
                                                     .version = j->version,
                                                     .quarter = d->quarter,
                                                     .problem = d->problem,
                                                     .text = d->text,
                                                     .addressee_id = d->addressee_id,
                                                     .territory_id = {d->territory_id != 0, d->territory_id},
                                                     .basis = d->basis,
                                                     .effect = d->effect,
                                                     .indicator_code = d->indicator,
                                                     .term_days = d->term_days,
                                                     .term_kind = d->term_kind},
                        &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT,
                    "Somebody else has changed this proposal meanwhile. Your text is kept below; compare it "
                    "with the record.");
    TRY(put_evidence(cx, j->id, d));
    return audit_append(cx, "proposal.rewrite", object_of(cx, j->id), "");
}

int proposal_rewrite(struct ctx *cx, int64_t id, int64_t version, const struct proposal_draft *d)
{
    struct rewrite_job j = {d, id, version};
    return db_tx(cx, rewrite_tx, &j);
}

/* What the dates of a step must satisfy. */
static int check_date(struct ctx *cx, const struct proposal_change *c, const struct proposal_by_id_row *p)
{
    struct date d;
    bool reply = str_eq(c->step->code, "reply");
    if (!reply && !str_eq(c->step->code, "send"))
        return OK;
    if (!date_parse(c->on_date, &d))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date (YYYY-MM-DD).", c->on_date);
    if (strcmp(c->on_date, reply ? p->sent_on : p->created_on) < 0)
        return reply ? fail(cx, ERR_INVALID, "The answer cannot be older than the letter of %s.",
                            fmt_date(cx, p->sent_on))
                     : fail(cx, ERR_INVALID, "The letter cannot be older than the draft of %s.",
                            fmt_date(cx, p->created_on));
    if (date_cmp(d, date_today(NULL)) > 0)
        return fail(cx, ERR_INVALID, "The date lies in the future.");
    return OK;
}

static int put_reply(struct ctx *cx, const struct proposal_change *c, const struct proposal_by_id_row *p)
{
    if (!proposal_decision_fits(p->state, c->decision))
        return fail(cx, ERR_INVALID, "This decision does not fit a proposal that is %s.",
                    proposal_state_name(cx, p->state));
    return proposal_reply_insert(cx,
                                 &(struct proposal_reply_insert_in){.region_id = cx->region_id,
                                                                    .proposal_id = p->id,
                                                                    .id = db_new_id(),
                                                                    .number = c->number ? c->number : "",
                                                                    .on_date = c->on_date,
                                                                    .decision = c->decision,
                                                                    .text = c->text,
                                                                    .account_id = cx->account_id},
                                 NULL);
}

static int step_tx(struct ctx *cx, void *arg)
{
    const struct proposal_change *c = arg;
    struct proposal_by_id_row p;
    TRY(proposal_by_id(cx, cx->region_id, c->id, &p));
    if (p.version != c->version)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this proposal; look at it again.");
    if (!proposal_step_fits(c->step, p.state))
        return fail(cx, ERR_INVALID, "%s", T(cx, c->step->why_not));
    TRY(check_date(cx, c, &p));
    const char *to = *c->step->to ? c->step->to : c->decision, *sent_on = p.sent_on, *due_on = p.due_on;
    if (str_eq(c->step->code, "send")) {
        sent_on = c->on_date;
        TRY(proposal_due_on(cx, sent_on, p.term_days, p.term_kind, &due_on));
        /* only what was sent can be found by search: a draft is known to those who write it */
        TRY(registry_search_put(cx, "proposal", p.id, (const char *const[]){p.number, p.problem}, 2));
    }
    if (!*c->step->to)
        TRY(put_reply(cx, c, &p));
    int64_t changed = 0;
    TRY(proposal_move(cx, &(struct proposal_move_in){cx->region_id, p.id, c->version, to, sent_on, due_on},
                      &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this proposal; look at it again.");
    TRY(put_event(cx, p.id, to, c->note, c->at_us));
    return audit_append(cx, arena_printf(cx->arena, "proposal.%s", c->step->code), object_of(cx, p.id), to);
}

int proposal_step_do(struct ctx *cx, const struct proposal_change *c)
{
    struct proposal_change copy = *c;
    return db_tx(cx, step_tx, &copy);
}

/* --- who may see and do what --- */

/* A partner answers what is sent to the own body and sees nothing else. */
static bool is_partner(const struct request *rq)
{
    return rq_may(rq, PERM_PROPOSAL_ANSWER) && !rq_may(rq, PERM_PROPOSAL_EDIT);
}

struct proposal_reader proposal_reader_of(const struct request *rq)
{
    return (struct proposal_reader){.drafts = rq_may(rq, PERM_PROPOSAL_EDIT),
                                    .partner = is_partner(rq) ? rq->account.id : 0,
                                    .scoped = rq->account.n_territories ? rq->account.id : 0};
}

int proposal_in_area(struct request *rq, int64_t territory_id)
{
    int64_t ids[8];
    size_t n = 0;
    if (territory_id) {
        struct place_path path;
        TRY(registry_path(rq->cx, territory_id, date_text(rq->cx->arena, date_today(NULL)), &path));
        for (; n < path.n; n++)
            ids[n] = path.steps[n].id;
    }
    return access_in_scope(rq, ids, n);
}

int proposal_may_see(struct request *rq, const struct proposal_by_id_row *p)
{
    bool yes = *p->sent_on || rq_may(rq, PERM_PROPOSAL_EDIT);
    if (yes && is_partner(rq))
        TRY(access_acts_for(rq->cx, rq->account.id, p->addressee_id, PERM_PROPOSAL_ANSWER, &yes));
    if (!yes)
        return fail(rq->cx, ERR_NOT_FOUND, "There is no such proposal, or it is not addressed to you.");
    return rq->account.n_territories ? proposal_in_area(rq, p->territory_id.value) : OK;
}

int proposal_may_step(struct request *rq, const struct proposal_by_id_row *p, enum proposal_hand hand,
                      bool *yes)
{
    *yes = rq_may(rq, PERM_PROPOSAL_EDIT);
    if (!*yes && hand == HAND_EITHER && rq_may(rq, PERM_PROPOSAL_ANSWER))
        return access_acts_for(rq->cx, rq->account.id, p->addressee_id, PERM_PROPOSAL_ANSWER, yes);
    return OK;
}
