/* demo.h - the demonstration's mediators and disputes; see docs/demonstration.md, "Disputes". */
#ifndef MEDIATION_DEMO_H
#define MEDIATION_DEMO_H

#include "base/ctx.h"
#include "base/time.h"
#include "mediation/case.h"
#include "stat/rng.h"

/* A made-up dispute: where its life has got to, and what is written of it. */
struct mediation_demo_case {
    struct date occurred, last,
        today; /* contract and settlement are not later than `last`, nothing than `today` */
    int64_t filed_us, place, mediator, clerk, filed_by, mediator_account;
    int order;
    bool offence, own; /* own: of the demonstration's account "mediator" */
    const char *kind, *text, *promise;
    enum case_state state; /* the furthest it got; CASE_CLOSED is said by `closed` */
    bool closed;
    int64_t contract_ago; /* days before `last` on which the contract was signed; < 0: soon after filing */
    bool prolonged;
};

/* Mediators and disputes; inside db_tx, after the registry and the accounts. */
int mediation_demo(struct ctx *cx);

/* Writes one with its triage, sides, sessions, promises and timeline. */
int mediation_demo_play(struct ctx *cx, struct rng *r, const struct mediation_demo_case *c);

#endif
