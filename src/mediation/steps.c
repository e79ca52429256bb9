/* steps.c - what each step of a case writes. Each runs inside the transaction of case_take_step(). */
#include "mediation/propose.h"
#include "mediation/vault.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "setting/setting.h"

#include <string.h>

/* The day of a step: given, not in the future, not before `from` (a date or ""). */
static int day_of(struct ctx *cx, const struct case_change *c, const char *from, const char **out)
{
    const char *day = str_empty(c->v->on_date) ? c->today : c->v->on_date;
    struct date d;
    if (!date_parse(day, &d))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date.", day);
    if (strcmp(day, c->today) > 0)
        return fail(cx, ERR_INVALID, "%s lies in the future; record it when it has happened.",
                    fmt_date(cx, day));
    if (!str_empty(from) && strcmp(day, from) < 0)
        return fail(cx, ERR_INVALID, "%s is too early: the step before it was on %s.", fmt_date(cx, day),
                    fmt_date(cx, from));
    *out = day;
    return OK;
}

static int item_id(struct ctx *cx, const struct case_change *c, int64_t *id)
{
    return id_parse(c->v->item, id)
               ? OK
               : fail(cx, ERR_INVALID, "It is not said which part of the case is meant.");
}

int step_note(struct ctx *cx, struct case_change *c)
{
    if (str_empty(c->v->note))
        return fail(cx, ERR_INVALID, "A note is needed.");
    return OK;
}

int step_assign(struct ctx *cx, struct case_change *c)
{
    const struct case_values *v = c->v;
    const char *const ties[] = {v->tie_kin, v->tie_work, v->tie_help, v->tie_body, v->tie_state};
    struct mediator_by_id_row m;
    bool found = false, tied = false;
    TRY(mediator_by_id(cx, cx->region_id, v->mediator_id.has ? v->mediator_id.value : 0, &m, &found));
    if (!found || strcmp(m.valid_from, c->today) > 0 || (*m.valid_to && strcmp(m.valid_to, c->today) <= 0))
        return fail(cx, ERR_INVALID, "Choose a mediator who is in the register today.");
    for (size_t i = 0; i < sizeof ties / sizeof *ties; i++) {
        if (!str_eq(ties[i], "yes") && !str_eq(ties[i], "no"))
            return fail(cx, ERR_INVALID, "Every question about ties must be answered with yes or no.");
        tied |= str_eq(ties[i], "yes");
    }
    const char *before;
    TRY(propose_tie_of(cx, c->vault, m.id, &before));
    if (*before)
        return fail(cx, ERR_INVALID, "%s has a tie that was declared earlier in this case (%s); choose another mediator.",
                    m.name, before);
    if (tied) { /* the declaration is kept, the mediator is not assigned */
        c->refused = true;
        c->action = "tie";
        c->about = propose_tie_about(cx, m.id, v);
        c->note = TF(cx, "%s has a tie and was not assigned. %s", m.name, v->note);
        return OK;
    }
    c->set.mediator_id = opt_int(m.id);
    c->note = TF(cx, "%s declared no tie: kinship, work, earlier help, membership, state function. %s",
                 m.name, v->note);
    return OK;
}

int step_leave(struct ctx *cx, struct case_change *c)
{
    TRY(step_note(cx, c));
    c->set.mediator_id = (struct opt_int){0};
    return OK;
}

/* Everything of the mediation that failed stays in the timeline; the case begins anew with its triage. */
int step_resume(struct ctx *cx, struct case_change *c)
{
    TRY(step_note(cx, c));
    c->set.mediator_id = (struct opt_int){0};
    c->set.contract_on = c->set.due_on = c->set.prolonged_on = c->set.closed_on = "";
    return party_consent_clear(cx, cx->region_id, c->id, NULL);
}

int step_condition(struct ctx *cx, struct case_change *c)
{
    int64_t rule, changed = 0;
    const char *day;
    TRY(item_id(cx, c, &rule));
    TRY(day_of(cx, c, "", &day));
    TRY(condition_met(cx, &(struct condition_met_in){cx->region_id, c->id, rule, day}, &changed));
    return changed ? OK : fail(cx, ERR_CONFLICT, "This is done already; look at the case again.");
}

int step_consent(struct ctx *cx, struct case_change *c)
{
    int64_t ordinal = 0, changed = 0;
    const char *day;
    if (!c->v->each)
        return fail(cx, ERR_INVALID, "Confirm that the side agreed freely, without pressure.");
    if (!str_to_int(c->v->item, 1, 99, &ordinal))
        return fail(cx, ERR_INVALID, "It is not said which part of the case is meant.");
    TRY(day_of(cx, c, c->d.occurred_on, &day));
    TRY(party_consent(cx, &(struct party_consent_in){cx->region_id, c->id, ordinal, day}, &changed));
    c->note = TF(cx, "Side %lld", (long long)ordinal);
    return changed ? OK : fail(cx, ERR_CONFLICT, "This is done already; look at the case again.");
}

/* Days of a term as the settings had them on a day. */
static int days_on(struct ctx *cx, const char *name, const char *day, int64_t *days)
{
    const char *value;
    TRY(setting_on(cx, name, day, &value));
    return str_to_int(value, 1, 3660, days)
               ? OK
               : fail(cx, ERR_INVALID, "The setting %s is not a number of days.", name);
}

static const char *add_days(struct ctx *cx, const char *day, int64_t n)
{
    struct date d;
    return date_parse(day, &d) ? date_text(cx->arena, date_add_days(d, n)) : "";
}

int step_contract(struct ctx *cx, struct case_change *c)
{
    int64_t days;
    struct party_list_list parties;
    TRY(day_of(cx, c, c->d.occurred_on, &c->set.contract_on));
    TRY(party_list(cx, cx->region_id, c->id, &parties));
    for (size_t i = 0; i < parties.n; i++)
        if (strcmp(parties.rows[i].consent_on, c->set.contract_on) > 0)
            return fail(cx, ERR_INVALID, "A side agreed only on %s; the contract cannot be older.",
                        fmt_date(cx, parties.rows[i].consent_on));
    TRY(days_on(cx, "mediation.term_days", c->set.contract_on, &days));
    c->set.due_on = add_days(cx, c->set.contract_on, days);
    return OK;
}

int step_session(struct ctx *cx, struct case_change *c)
{
    const char *day;
    TRY(day_of(cx, c, c->d.contract_on, &day));
    if (strcmp(day, c->d.due_on) > 0)
        return fail(cx, ERR_INVALID, "The term ended on %s; a session cannot be later.",
                    fmt_date(cx, c->d.due_on));
    if (!str_eq(c->v->session_kind, "joint") && !str_eq(c->v->session_kind, "separate"))
        return fail(cx, ERR_INVALID, "Say whether the sides met together or apart.");
    /* A child does not stand alone before the other side. */
    if (c->facts.minors && !c->v->guardian)
        return fail(cx, ERR_INVALID, "A side is a minor: the legal representative must have been present.");
    if (c->facts.minors && c->d.offence && !c->v->teacher)
        return fail(cx, ERR_INVALID, "A side is a minor and the matter is an offence: a teacher or psychologist must have been present.");
    c->note = c->facts.minors
                  ? TF(cx, "Session of %s, with the minor's representative", fmt_date(cx, day))
                  : TF(cx, "Session of %s", fmt_date(cx, day));
    int64_t id = db_new_id();
    struct bytes sealed = vault_seal(cx, c->vault, VAULT_SESSION, id, &c->v->minutes);
    return session_put(cx, &(struct session_put_in){cx->region_id, c->id, id, day, c->v->session_kind, sealed}, NULL);
}

int step_prolong(struct ctx *cx, struct case_change *c)
{
    int64_t most;
    if (!c->v->both)
        return fail(cx, ERR_INVALID, "Both sides must have agreed in writing.");
    TRY(day_of(cx, c, c->d.contract_on, &c->set.prolonged_on));
    if (strcmp(c->set.prolonged_on, c->d.due_on) > 0)
        return fail(cx, ERR_INVALID, "The term ended on %s; it cannot be prolonged afterwards.",
                    fmt_date(cx, c->d.due_on));
    TRY(days_on(cx, "mediation.max_days", c->d.contract_on, &most));
    c->set.due_on = add_days(cx, c->d.contract_on, most);
    c->note = TF(cx, "Until %s at the latest. %s", fmt_date(cx, c->set.due_on), c->v->note);
    return OK;
}

int step_settle(struct ctx *cx, struct case_change *c)
{
    struct meeting_sessions_list held;
    TRY(meeting_sessions(cx, cx->region_id, c->id, &held));
    TRY(day_of(cx, c, held.n ? held.rows[0].on_date : c->d.contract_on, &c->set.settled_on));
    if (strcmp(c->set.settled_on, c->d.due_on) > 0)
        return fail(cx, ERR_INVALID,
                    "The term ended on %s; a settlement after it is not one of this mediation.",
                    fmt_date(cx, c->d.due_on));
    return OK;
}

int step_obligation(struct ctx *cx, struct case_change *c)
{
    const struct case_values *v = c->v;
    struct date due;
    if (str_empty(v->promise))
        return fail(cx, ERR_INVALID, "Write what was promised.");
    if (!str_eq(v->side, "first") && !str_eq(v->side, "second") && !str_eq(v->side, "both"))
        return fail(cx, ERR_INVALID, "Say who promised it.");
    if (!date_parse(v->promise_due, &due) || strcmp(v->promise_due, c->d.settled_on) < 0)
        return fail(cx, ERR_INVALID, "Say until when; not before the settlement.");
    int64_t id = db_new_id();
    struct bytes sealed = vault_seal(cx, c->vault, VAULT_OBLIGATION, id, &v->promise);
    return obligation_insert(
        cx, &(struct obligation_insert_in){cx->region_id, c->id, id, v->side, v->promise_due, "", sealed}, NULL);
}

int step_performed(struct ctx *cx, struct case_change *c)
{
    return day_of(cx, c, c->d.settled_on, &c->set.performed_on);
}

int step_done(struct ctx *cx, struct case_change *c)
{
    int64_t id, changed = 0;
    const char *day;
    TRY(item_id(cx, c, &id));
    TRY(day_of(cx, c, c->d.settled_on, &day));
    TRY(obligation_done(cx, &(struct obligation_done_in){cx->region_id, c->id, id, day}, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This is done already; look at the case again.");
    if (c->facts.undone > 1)
        return OK;
    /* The last one: the settlement is performed on the day of the latest. */
    struct obligation_list_list all;
    TRY(obligation_list(cx, cx->region_id, c->id, &all));
    for (size_t i = 0; i < all.n; i++)
        if (strcmp(all.rows[i].done_on, c->set.performed_on) > 0)
            c->set.performed_on = all.rows[i].done_on;
    return OK;
}

int step_breach(struct ctx *cx, struct case_change *c)
{
    TRY(step_note(cx, c));
    return day_of(cx, c, c->d.settled_on, &c->set.breach_on);
}

int step_ending(struct ctx *cx, struct case_change *c)
{
    const char *day;
    TRY(step_note(cx, c));
    TRY(day_of(cx, c, *c->d.contract_on ? c->d.contract_on : c->d.occurred_on, &day));
    if (str_eq(c->step->action, "expire") && strcmp(day, c->d.due_on) <= 0)
        return fail(cx, ERR_INVALID, "The term runs until %s.", fmt_date(cx, c->d.due_on));
    c->note = TF(cx, "%s: %s", fmt_date(cx, day), c->v->note);
    return OK;
}

int step_close(struct ctx *cx, struct case_change *c)
{
    return day_of(cx, c, c->d.occurred_on, &c->set.closed_on);
}
