/* demo_case.c - writes one made-up dispute with everything that leads to its state. */
#include "mediation/demo.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "db/db.h"
#include "mediation/triage.h"
#include "mediation/vault.h"

#include <string.h>

struct play {
    const struct mediation_demo_case *c;
    struct rng *r;
    int64_t id, at_us; /* the last thing written happened then */
    struct date day;
    struct dispute_change_in set;
    struct vault vault;
    int64_t account; /* who acts: clerk, or 0 for a mediator without account */
};

static const char *iso(struct ctx *cx, struct date d)
{
    return date_text(cx->arena, d);
}

/* Some days on, at working hours; never after the case's last day. */
static void later(struct play *p, int64_t days)
{
    p->day = date_add_days(p->day, days);
    if (date_cmp(p->day, p->c->last) > 0)
        p->day = p->c->last;
    int64_t us = instant_of((struct civil){.date = p->day, .hour = 10 + (int)rng_below(p->r, 7)}, NULL);
    p->at_us = us > p->at_us ? us : p->at_us + 600000000;
}

static int event(struct ctx *cx, struct play *p, const char *action, const char *state)
{
    TRY(dispute_move(cx, cx->region_id, p->id, state, NULL)); /* the database checks each move */
    return vault_event(cx, &p->vault, p->at_us, p->account, action, state, "");
}

static int file(struct ctx *cx, struct play *p)
{
    static const char *const CHANNELS[] = {"visit",       "phone",  "police", "akimat",
                                           "association", "school", "court",  "letter"};
    const struct mediation_demo_case *c = p->c;
    const struct case_party parties[] = {{"first", "Тарап А (көрсетілім)", "", "", false},
                                         {"second", "Тарап Б (көрсетілім)", "", "", false}};
    char key[40];
    const char *number;
    snprintf(key, sizeof key, "demo%028d", c->order);
    struct case_filing f = {.once_key = arena_strdup(cx->arena, key),
                            .occurred_on = iso(cx, c->occurred),
                            .kind = c->kind,
                            .channel = CHANNELS[rng_below(p->r, 8)],
                            .summary = c->text,
                            .resonance = rng_uniform(p->r) < 0.05 ? "unknown" : "no",
                            .resonance_reason = "",
                            .territory_id = c->place,
                            .filed_us = c->filed_us,
                            .offence = c->offence,
                            .demo = true,
                            .parties = parties,
                            .n_parties = 2,
                            .vault = &p->vault};
    int64_t account = cx->account_id;
    cx->account_id = c->filed_by;
    int rc = case_file_in_tx(cx, &f, &p->id, &number);
    cx->account_id = account;
    p->at_us = c->filed_us;
    p->day = date_of(c->filed_us, NULL);
    return rc;
}

/* The fact that decides, for an outcome of the table. */
static const char *deciding_fact(struct play *p)
{
    switch (p->c->state) {
    case CASE_EMERGENCY:
        return "violence_now";
    case CASE_REFERRED:
        return rng_below(p->r, 2) ? "no_consent" : "domestic";
    case CASE_LAWYER:
        return rng_below(p->r, 2) ? "state_body" : "grave";
    default:
        return p->c->offence ? rng_below(p->r, 2) ? "minor_crime" : "administrative" : "ordinary";
    }
}

static int triage(struct ctx *cx, struct play *p)
{
    const char *yes = deciding_fact(p), *day = iso(cx, p->day);
    struct triage_fact_list_list facts;
    struct triage_rule_list_list rules;
    TRY(triage_fact_list(cx, cx->region_id, &facts));
    TRY(triage_rule_list(cx, cx->region_id, day, &rules));
    struct triage_fact *answers = arena_array(cx->arena, facts.n, sizeof *answers);
    for (size_t i = 0; i < facts.n; i++) {
        answers[i] = (struct triage_fact){facts.rows[i].code, str_eq(facts.rows[i].code, yes) ? "yes" : "no"};
        TRY(triage_answer_put(
            cx, &(struct triage_answer_put_in){cx->region_id, p->id, answers[i].code, answers[i].answer},
            NULL));
    }
    struct triage_proposal t = triage_decide(cx->arena, &rules, &(struct triage_answers){answers, facts.n});
    if (!t.rule)
        return fail(cx, ERR_INVALID, "The decision table has no last rule; nothing can be decided.");
    later(p, (int64_t)rng_below(p->r, 2));
    TRY(dispute_set_triage(cx, &(struct dispute_set_triage_in){cx->region_id, p->id, t.rule->id, p->at_us},
                           NULL));
    bool met = p->c->state != CASE_OFFERED; /* what went on has met its conditions */
    for (size_t i = 0; i < t.n_conditions; i++)
        TRY(condition_put(
            cx,
            &(struct condition_put_in){cx->region_id, p->id, t.conditions[i]->id, met ? iso(cx, p->day) : ""},
            NULL));
    return event(cx, p, "triaged", case_state_code(triage_state(t.rule->outcome)));
}

/* Mediator, consents, contract. */
static int contract(struct ctx *cx, struct play *p)
{
    const struct mediation_demo_case *c = p->c;
    later(p, (int64_t)rng_below(p->r, 2));
    p->set.mediator_id = opt_int(c->mediator);
    TRY(event(cx, p, "assign", "offered"));
    p->account = c->mediator_account;
    if (c->contract_ago >= 0) /* a clock that stands where the pages need it */
        later(p, date_diff(p->day, date_add_days(c->last, -c->contract_ago)));
    else
        later(p, 1 + (int64_t)rng_below(p->r, 3));
    for (int side = 1; side <= 2; side++) {
        TRY(party_consent(cx, &(struct party_consent_in){cx->region_id, p->id, side, iso(cx, p->day)}, NULL));
        TRY(event(cx, p, "consent", "offered"));
    }
    p->set.contract_on = iso(cx, p->day);
    p->set.due_on = iso(cx, date_add_days(p->day, c->prolonged ? 60 : 30));
    return event(cx, p, "contract", "contract");
}

static int sessions(struct ctx *cx, struct play *p)
{
    struct date due, end = p->c->last;
    int n = 1 + (int)rng_below(p->r, 2);
    date_parse(p->set.due_on, &due);
    if (date_cmp(due, end) < 0)
        end = due;
    for (int i = 0; i < n; i++) {
        if (date_cmp(date_add_days(p->day, 4), end) <= 0)
            later(p, 2 + (int64_t)rng_below(p->r, 3));
        static const char *const MINUTES = "Тараптар тыңдалды, ұсыныстар талқыланды (көрсетілім).";
        int64_t id = db_new_id();
        TRY(session_put(cx,
                        &(struct session_put_in){cx->region_id, p->id, id, iso(cx, p->day), i ? "joint" : "separate",
                                                 vault_seal(cx, &p->vault, VAULT_SESSION, id, &MINUTES)},
                        NULL));
        TRY(event(cx, p, "session", "sessions"));
    }
    if (p->c->prolonged) {
        p->set.prolonged_on = iso(cx, p->day);
        TRY(event(cx, p, "prolong", "sessions"));
    }
    return OK;
}

/* Signed; what was promised, when it is due, and whether it was kept: closed cases mostly have it done. */
static int settlement(struct ctx *cx, struct play *p)
{
    const struct mediation_demo_case *c = p->c;
    later(p, (int64_t)rng_below(p->r, 3));
    p->set.settled_on = iso(cx, p->day);
    TRY(event(cx, p, "settle", "settled"));
    bool kept = c->closed && rng_uniform(p->r) < 0.87, own_due = c->own && c->state == CASE_FOLLOW_UP;
    struct date due =
        own_due ? date_add_days(c->last, 2) : date_add_days(p->day, 10 + (int64_t)rng_below(p->r, 15));
    kept = kept && date_cmp(due, c->today) < 0;
    if (c->state == CASE_FOLLOW_UP && !c->closed && !own_due) /* one that was not kept in time */
        due = date_add_days(c->last, -4);
    int64_t id = db_new_id();
    TRY(obligation_insert(cx,
                          &(struct obligation_insert_in){cx->region_id, p->id, id, "first", iso(cx, due),
                                                         kept ? iso(cx, due) : "",
                                                         vault_seal(cx, &p->vault, VAULT_OBLIGATION, id, &c->promise)},
                          NULL));
    TRY(event(cx, p, "promise", "settled"));
    if (c->state == CASE_SETTLED)
        return OK;
    TRY(event(cx, p, "follow", "follow_up"));
    if (!c->closed || date_cmp(due, c->today) >= 0)
        return OK;
    /* Performance may come after the period in which the case was settled. */
    p->day = due;
    p->at_us = instant_of((struct civil){.date = due, .hour = 16}, NULL);
    if (kept)
        p->set.performed_on = iso(cx, due);
    else
        p->set.breach_on = iso(cx, due);
    return event(cx, p, kept ? "done" : "breach", "follow_up");
}

/* From triage to where the case stands. */
static int live(struct ctx *cx, struct play *p)
{
    const struct mediation_demo_case *c = p->c;
    enum case_state s = c->state;
    if (s == CASE_INTAKE)
        return OK;
    TRY(triage(cx, p));
    if (s == CASE_EMERGENCY || s == CASE_REFERRED || s == CASE_LAWYER)
        return OK;
    if (s == CASE_OFFERED) {
        p->set.mediator_id = (struct opt_int){c->mediator != 0, c->mediator};
        return c->mediator ? event(cx, p, "assign", "offered") : OK;
    }
    if (s == CASE_REFUSED_BOTH) {
        later(p, 2);
        return event(cx, p, "refuse_both", "refused_both");
    }
    TRY(contract(cx, p));
    if (s == CASE_CONTRACT)
        return OK;
    TRY(sessions(cx, p));
    if (s == CASE_SETTLED || s == CASE_FOLLOW_UP)
        return settlement(cx, p);
    if (s == CASE_SESSIONS)
        return OK;
    struct date due = {0};
    date_parse(p->set.due_on, &due);
    if (s == CASE_EXPIRED && date_cmp(due, c->today) >= 0) { /* too young: a side refused instead */
        s = CASE_REFUSED_ONE;
        p->set.state = case_state_code(s);
    }
    if (s == CASE_EXPIRED) { /* the term ends whenever the period ends */
        p->day = date_add_days(due, 1);
        p->at_us = instant_of((struct civil){.date = p->day, .hour = 9}, NULL);
    } else {
        later(p, 1);
    }
    return event(cx, p,
                 s == CASE_EXPIRED      ? "expire"
                 : s == CASE_IMPOSSIBLE ? "impossible"
                                        : "refuse_one",
                 case_state_code(s));
}

/* As case_take_step() leaves them: with the clerk and the mediator. */
static int keys(struct ctx *cx, struct play *p)
{
    bool given, mediator = p->set.mediator_id.has && p->c->mediator_account;
    if (mediator)
        TRY(vault_give(cx, &p->vault, p->c->mediator_account, &given));
    return p->set.clerk_id.has ? vault_keep(cx, p->id, p->c->clerk, mediator ? p->c->mediator_account : 0) : OK;
}

int mediation_demo_play(struct ctx *cx, struct rng *r, const struct mediation_demo_case *c)
{
    struct play p = {.c = c, .r = r, .account = c->clerk};
    TRY(file(cx, &p));
    p.set = (struct dispute_change_in){.region_id = cx->region_id,
                                       .id = p.id,
                                       .version = 1,
                                       .state = case_state_code(c->state),
                                       .clerk_id = {c->clerk != 0, c->clerk},
                                       .contract_on = "",
                                       .due_on = "",
                                       .prolonged_on = "",
                                       .settled_on = "",
                                       .performed_on = "",
                                       .breach_on = "",
                                       .closed_on = ""};
    TRY(live(cx, &p));
    p.day = date_add_days(p.day, 1);
    bool waits = str_eq(p.set.state, "follow_up") && !*p.set.performed_on && !*p.set.breach_on;
    if (c->closed && !waits && date_cmp(p.day, c->today) <= 0) {
        p.at_us = instant_of((struct civil){.date = p.day, .hour = 17}, NULL);
        p.set.state = "closed";
        p.set.closed_on = iso(cx, p.day);
        p.account = c->clerk;
        TRY(event(cx, &p, "close", "closed"));
    }
    TRY(dispute_change(cx, &p.set, NULL));
    return keys(cx, &p);
}
