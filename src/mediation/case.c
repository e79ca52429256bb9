/* case.c - filing a dispute, reading it by right, taking a step in one transaction. */
#include "mediation/vault.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/registry.h"

const char *case_object(struct ctx *cx, int64_t id)
{
    return arena_printf(cx->arena, "dispute/%s", id_text(cx->arena, id));
}

/* --- filing
 * ----------------------------------------------------------------------------------------------------------
 */

/* Who can read a new case: whoever filed it, and those who triage there. Without either it would be lost. */
static int give_first(struct ctx *cx, const struct vault *v, int64_t unit_id, bool made_up)
{
    bool own = false;
    size_t clerks;
    if (cx->account_id)
        TRY(vault_give(cx, v, cx->account_id, &own));
    TRY(vault_give_clerks(cx, v, unit_id, &clerks));
    if (!own && !clerks && !made_up)
        return fail(cx, ERR_CONFLICT, "Nobody could read this: no clerk of the district has signed in with a password of their own yet.");
    return OK;
}

int case_file_in_tx(struct ctx *cx, const struct case_filing *f, int64_t *id, const char **number)
{
    struct dispute_next_number_row next;
    struct dispute_by_once_row before;
    struct date day;
    bool found = false;
    int64_t unit;
    TRY(dispute_by_once(cx, cx->region_id, f->once_key, &before, &found));
    if (found) {
        *id = before.id;
        *number = before.number;
        return OK;
    }
    if (!date_parse(f->occurred_on, &day))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date.", f->occurred_on);
    TRY(registry_unit_of(cx, f->territory_id, f->occurred_on, &unit));
    int64_t now = f->filed_us ? f->filed_us : time_now_us();
    int year = date_of(now, NULL).y;
    TRY(dispute_next_number(cx, cx->region_id, year, &next));
    /* The counter's row is ours now: whoever sent the same form at the same time has finished. */
    TRY(dispute_by_once(cx, cx->region_id, f->once_key, &before, &found));
    if (found)
        return fail(cx, ERR_CONFLICT, "This form has been sent already.");
    struct vault v;
    const char *const content[] = {f->summary, f->resonance_reason};
    *id = db_new_id();
    vault_new(*id, &v);
    *number = arena_printf(cx->arena, "%04d-%04lld", year, (long long)next.last);
    TRY(dispute_insert(cx,
                       &(struct dispute_insert_in){.region_id = cx->region_id,
                                                   .id = *id,
                                                   .number = *number,
                                                   .once_key = f->once_key,
                                                   .territory_id = f->territory_id,
                                                   .unit_id = unit,
                                                   .occurred_on = f->occurred_on,
                                                   .quarter = quarter_text(cx->arena, quarter_of(day)),
                                                   .filed_us = now,
                                                   .filed_by = cx->account_id,
                                                   .kind_code = f->kind,
                                                   .channel = f->channel,
                                                   .offence = f->offence,
                                                   .state = "intake",
                                                   .resonance = f->resonance,
                                                   .sealed = vault_seal(cx, &v, VAULT_CASE, *id, content),
                                                   .demo = f->demo},
                       NULL));
    for (size_t i = 0; i < f->n_parties; i++) {
        const struct case_party *p = &f->parties[i];
        int64_t ordinal = (int64_t)i + 1;
        struct bytes sealed =
            vault_seal(cx, &v, VAULT_PARTY, ordinal, (const char *[]){p->name, p->contact, p->representative});
        TRY(party_insert(cx, &(struct party_insert_in){cx->region_id, *id, ordinal, p->side, p->minor, sealed}, NULL));
    }
    TRY(vault_event(cx, &v, now, cx->account_id, "filed", "intake", ""));
    TRY(give_first(cx, &v, unit, f->demo));
    if (f->vault)
        *f->vault = v;
    return f->demo ? OK : audit_append(cx, "dispute.file", case_object(cx, *id), *number);
}

struct filing_job {
    const struct case_filing *f;
    int64_t id;
    const char *number;
};

static int file_tx(struct ctx *cx, void *arg)
{
    struct filing_job *j = arg;
    return case_file_in_tx(cx, j->f, &j->id, &j->number);
}

int case_file(struct ctx *cx, const struct case_filing *f, int64_t *id, const char **number)
{
    struct filing_job j = {.f = f};
    int rc = db_tx(cx, file_tx, &j);
    if (rc == ERR_CONFLICT) { /* the same form twice at once: the other one has filed it */
        struct dispute_by_once_row before;
        bool found = false;
        TRY(dispute_by_once(cx, cx->region_id, f->once_key, &before, &found));
        if (!found)
            return rc;
        j.id = before.id;
        j.number = before.number;
        rc = OK;
    }
    TRY(rc);
    *id = j.id;
    *number = j.number;
    return OK;
}

/* --- reading
 * ---------------------------------------------------------------------------------------------------------
 */

int case_load(struct ctx *cx, const struct case_asker *a, int64_t id, struct dispute_by_id_row *d,
              enum case_right *right)
{
    bool found = false;
    TRY(dispute_by_id(cx, cx->region_id, id, d, &found));
    *right = found ? case_right_of(a, d) : CASE_UNKNOWN;
    if (*right == CASE_UNKNOWN) /* the same answer whether it exists or not */
        return fail(cx, ERR_NOT_FOUND, "There is no such dispute, or it is not for you to see.");
    return OK;
}

int case_facts_of(struct ctx *cx, const struct dispute_by_id_row *d, const char *today, struct case_facts *f)
{
    struct dispute_facts_row n;
    TRY(dispute_facts(cx, cx->region_id, d->id, today, &n));
    *f = (struct case_facts){case_state_from(d->state),
                             d->mediator_id.has,
                             n.parties,
                             n.minors,
                             n.consents,
                             n.sessions,
                             n.obligations,
                             n.undone,
                             n.overdue,
                             n.conditions,
                             d->contract_on,
                             d->due_on,
                             d->prolonged_on,
                             d->settled_on,
                             d->performed_on,
                             d->breach_on,
                             today,
                             d->joined_to.has,
                             *d->destroyed_on != 0};
    return OK;
}

/* --- a step
 * ----------------------------------------------------------------------------------------------------------
 */

struct step_job {
    const struct case_asker *asker;
    int64_t id;
    const char *action;
    const struct case_values *v;
    bool refused;
};

static int check_step(struct ctx *cx, const struct case_asker *a, struct case_change *c)
{
    enum case_right right;
    TRY(case_load(cx, a, c->id, &c->d, &right));
    if (!(case_roles(a, &c->d) & c->step->who))
        return fail(cx, ERR_DENIED, "This step belongs to the clerk or the mediator of the case.");
    if (c->v->version.has && c->v->version.value != c->d.version)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this case; look at it again.");
    TRY(case_facts_of(cx, &c->d, c->today, &c->facts));
    const char *why = case_step_hinder(c->step, &c->facts);
    return why ? fail(cx, ERR_INVALID, "Not possible now: %s", T(cx, why)) : OK;
}

/* The keys follow the case: its clerk and its mediator hold them, nobody else (but who triages, until somebody has). */
static int hand_keys(struct ctx *cx, const struct vault *v, const struct case_change *c)
{
    const struct dispute_by_id_row *d = &c->d;
    const struct dispute_change_in *set = &c->set;
    struct mediator_by_id_row m = {0};
    bool found = false, given;
    if (set->mediator_id.has)
        TRY(mediator_by_id(cx, cx->region_id, set->mediator_id.value, &m, &found));
    int64_t account = found && m.account_id.has ? m.account_id.value : 0;
    if (account && !(d->mediator_id.has && d->mediator_id.value == set->mediator_id.value))
        TRY(vault_give(cx, v, account, &given));
    /* What was written about a child is closed to the clerk too when the case ends. */
    bool child_ends = c->facts.minors && str_eq(set->state, "closed");
    return set->clerk_id.has ? vault_keep(cx, d->id, child_ends ? 0 : set->clerk_id.value, account) : OK;
}

static int step_tx(struct ctx *cx, void *arg)
{
    struct step_job *j = arg;
    struct case_change c = {.id = j->id,
                            .account_id = j->asker->account_id,
                            .asker = j->asker,
                            .step = case_step_find(j->action),
                            .v = j->v,
                            .today = date_text(cx->arena, date_today(NULL)),
                            .note = j->v->note};
    if (!c.step)
        return fail(cx, ERR_NOT_FOUND, "There is no such step.");
    struct vault v;
    TRY(check_step(cx, j->asker, &c));
    TRY(vault_open(cx, j->asker, &c.d, &v));
    c.vault = &v;
    struct dispute_by_id_row *d = &c.d;
    c.action = c.step->action;
    c.set = (struct dispute_change_in){.region_id = cx->region_id,
                                       .id = c.id,
                                       .version = d->version,
                                       .state = d->state,
                                       .mediator_id = d->mediator_id,
                                       .clerk_id = d->clerk_id,
                                       .contract_on = d->contract_on,
                                       .due_on = d->due_on,
                                       .prolonged_on = d->prolonged_on,
                                       .settled_on = d->settled_on,
                                       .performed_on = d->performed_on,
                                       .breach_on = d->breach_on,
                                       .closed_on = d->closed_on};
    if (c.step->to != CASE_STATES)
        c.set.state = case_state_code(c.step->to);
    if (!d->clerk_id.has && j->asker->clerk) /* whoever acts first as clerk keeps the case */
        c.set.clerk_id = opt_int(j->asker->account_id);
    TRY(c.step->apply(cx, &c));
    int64_t changed = 0;
    TRY(dispute_change(cx, &c.set, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this case; look at it again.");
    TRY(vault_event_about(cx, &v, time_now_us(), c.account_id, c.action, c.set.state, c.note, c.about));
    TRY(hand_keys(cx, &v, &c));
    j->refused = c.refused;
    return audit_append(cx, arena_printf(cx->arena, "dispute.%s", c.action), case_object(cx, c.id),
                        c.set.state);
}

int case_take_step(struct ctx *cx, const struct case_asker *a, int64_t id, const char *action,
                   const struct case_values *v, bool *refused)
{
    struct step_job j = {.asker = a, .id = id, .action = action, .v = v};
    TRY(db_tx(cx, step_tx, &j));
    if (refused)
        *refused = j.refused;
    return OK;
}

struct take_over_job {
    const struct case_asker *asker;
    int64_t id;
    const char *reason;
};

static int take_over_tx(struct ctx *cx, void *arg)
{
    const struct take_over_job *j = arg;
    struct dispute_by_id_row d;
    enum case_right right;
    int64_t changed = 0;
    TRY(case_load(cx, j->asker, j->id, &d, &right));
    if (!j->asker->clerk)
        return fail(cx, ERR_DENIED, "Only a clerk can take over a case.");
    /* The reason is no content: the new clerk may not hold the key yet. */
    TRY(dispute_change(cx,
                       &(struct dispute_change_in){.region_id = cx->region_id,
                                                   .id = d.id,
                                                   .version = d.version,
                                                   .state = d.state,
                                                   .mediator_id = d.mediator_id,
                                                   .clerk_id = opt_int(j->asker->account_id),
                                                   .contract_on = d.contract_on,
                                                   .due_on = d.due_on,
                                                   .prolonged_on = d.prolonged_on,
                                                   .settled_on = d.settled_on,
                                                   .performed_on = d.performed_on,
                                                   .breach_on = d.breach_on,
                                                   .closed_on = d.closed_on},
                       &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this case; look at it again.");
    TRY(vault_event(cx, &(struct vault){.dispute_id = d.id}, time_now_us(), j->asker->account_id, "take_over", d.state, NULL));
    return audit_append(cx, "dispute.take_over", case_object(cx, d.id), j->reason);
}

int case_take_over(struct ctx *cx, const struct case_asker *a, int64_t id, const char *reason)
{
    if (str_empty(reason))
        return fail(cx, ERR_INVALID, "A reason is needed.");
    return db_tx(cx, take_over_tx, &(struct take_over_job){a, id, reason});
}

struct give_job {
    const struct case_asker *asker;
    int64_t id;
    size_t given;
};

static int give_tx(struct ctx *cx, void *arg)
{
    struct give_job *j = arg;
    struct dispute_by_id_row d;
    enum case_right right;
    struct vault v;
    struct vault_lacking lacking;
    TRY(case_load(cx, j->asker, j->id, &d, &right));
    TRY(vault_open(cx, j->asker, &d, &v)); /* whoever holds the key, the clerk before too */
    TRY(vault_lacking(cx, &d, &lacking));
    j->given = 0;
    for (size_t i = 0; i < lacking.n; i++) {
        bool given;
        TRY(vault_give(cx, &v, lacking.accounts[i], &given));
        j->given += given;
        TRY(audit_append(cx, "dispute.give_key", case_object(cx, d.id),
                         arena_printf(cx->arena, "account/%s", id_text(cx->arena, lacking.accounts[i]))));
    }
    if (d.clerk_id.has)
        TRY(vault_keep(cx, d.id, d.clerk_id.value, d.mediator_account.has ? d.mediator_account.value : 0));
    return OK;
}

int case_give_keys(struct ctx *cx, const struct case_asker *a, int64_t id, size_t *given)
{
    struct give_job j = {.asker = a, .id = id};
    TRY(db_tx(cx, give_tx, &j));
    *given = j.given;
    return OK;
}
