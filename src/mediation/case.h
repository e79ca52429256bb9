/* case.h - one dispute from filing to its end: states, steps, clocks, who may read it. No HTML here. */
#ifndef MEDIATION_CASE_H
#define MEDIATION_CASE_H

#include "base/arena.h"
#include "base/ctx.h"
#include "mediation/dispute_sql.h"
#include "mediation/mediator_sql.h"

#include <stdbool.h>
#include <stdint.h>

/* The states of a dispute, in the order of its life; names are those of the database. */
enum case_state {
    CASE_INTAKE,
    CASE_EMERGENCY,
    CASE_REFERRED,
    CASE_LAWYER,
    CASE_OFFERED,
    CASE_CONTRACT,
    CASE_SESSIONS,
    CASE_SETTLED,
    CASE_REFUSED_ONE,
    CASE_REFUSED_BOTH,
    CASE_IMPOSSIBLE,
    CASE_EXPIRED,
    CASE_FOLLOW_UP,
    CASE_CLOSED,
    CASE_STATES
};
const char *case_state_code(enum case_state s);
enum case_state case_state_from(const char *code); /* CASE_STATES: no such state */
const char *case_state_label(enum case_state s);   /* msgid */
const char *case_state_class(enum case_state s);   /* of docs/style.md: "status-open" ... */

/* "dispute/01H...": a case in the audit chain. */
const char *case_object(struct ctx *cx, int64_t id);

/* What the rules of the steps look at. Dates are ISO or "". */
struct case_facts {
    enum case_state state;
    bool mediator; /* one is assigned */
    int64_t parties, minors, consents, sessions, obligations, undone, overdue,
        conditions; /* conditions: not yet met */
    const char *contract_on, *due_on, *prolonged_on, *settled_on, *performed_on, *breach_on;
    const char *today;
    bool joined;    /* into another case */
    bool destroyed; /* its content, when its term of keeping was over */
};

enum case_who { CASE_BY_CLERK = 1, CASE_BY_MEDIATOR = 2, CASE_BY_BOTH = 3 };

struct case_change;
struct vault;
struct content_key;

/* One lawful step. `to` CASE_STATES: the state stays, or the step decides. */
struct case_step {
    const char *action;
    const char *label, *done; /* msgids: on the button; said afterwards */
    unsigned from;            /* bit set of states */
    enum case_state to;
    unsigned who;                                      /* enum case_who, or'ed */
    const char *(*hinder)(const struct case_facts *f); /* msgid of why not now; NULL: possible */
    int (*apply)(struct ctx *cx, struct case_change *c);
    const char *fields[10]; /* of the step's form */
    bool item;              /* concerns one part of the case (a side, a promise), opened from there */
};
extern const struct case_step CASE_STEPS[];                 /* ends with action NULL */
const struct case_step *case_step_find(const char *action); /* NULL: none */

/* Why the step cannot be taken now (a msgid), or NULL. */
const char *case_step_hinder(const struct case_step *s, const struct case_facts *f);

/* What a step was given; texts are never NULL. */
struct case_values {
    const char *on_date, *note, *minutes, *session_kind, *side, *promise, *promise_due, *item;
    const char *tie_kin, *tie_work, *tie_help, *tie_body, *tie_state; /* "yes", "no", "" */
    const char *other; /* number of another case; or of the sides that get a case of their own ("3 4") */
    struct opt_int mediator_id, version;
    bool both, each, guardian, teacher;
};

/* A step under way, inside its transaction. */
struct case_change {
    int64_t id, account_id;
    const struct case_asker *asker;
    const struct case_step *step;
    const struct case_values *v;
    const char *today;
    const struct vault *vault; /* what the step writes is sealed by it */
    struct dispute_by_id_row d;
    struct case_facts facts;
    struct dispute_change_in set; /* as it will stand; apply changes it */
    const char *note;             /* for the timeline */
    const char *about;  /* sealed beside it: vault_event_about() */
    const char *action; /* as the timeline and the audit call it; the step's unless apply changes it */
    bool refused;       /* recorded, but the step was not taken (a tie was declared) */
};

/* Who asks, as far as cases are concerned. */
struct case_asker {
    int64_t account_id, mediator_id; /* mediator_id 0: none today */
    bool clerk, files;
    const struct content_key *key; /* opens what is sealed for the asker (vault.h); NULL: nothing */
};

/* What the asker may know of a case: nothing (answer 404), that it exists (its row of the register), its
 * content. */
enum case_right { CASE_UNKNOWN, CASE_HEAD, CASE_CONTENT };
enum case_right case_right_of(const struct case_asker *a, const struct dispute_by_id_row *d);
bool case_is_mediator(const struct case_asker *a, const struct dispute_by_id_row *d);
/* The roles in which the asker stands to the case: enum case_who, or'ed; 0: none. */
unsigned case_roles(const struct case_asker *a, const struct dispute_by_id_row *d);

/* Loads a case. ERR_NOT_FOUND where the asker may not know of it. */
int case_load(struct ctx *cx, const struct case_asker *a, int64_t id, struct dispute_by_id_row *d,
              enum case_right *right);
int case_facts_of(struct ctx *cx, const struct dispute_by_id_row *d, const char *today, struct case_facts *f);

/* Takes a step: one transaction with its event and audit entry. ERR_CONFLICT: somebody else changed the case
 * (version); ERR_INVALID: not possible, with the reason; ERR_DENIED: not for the asker. *refused: a tie of
 * the mediator was declared and recorded instead. */
int case_take_step(struct ctx *cx, const struct case_asker *a, int64_t id, const char *action,
                   const struct case_values *v, bool *refused);

/* Another clerk takes the case over; the reason stands in the audit chain. What is sealed stays so until somebody who
 * holds its key opens it for the new clerk (case_give_keys()), or recovery does. */
int case_take_over(struct ctx *cx, const struct case_asker *a, int64_t id, const char *reason);

/* Seals the case's key for its clerk and its mediator, where they have a key and do not hold it. *given: how many.
 * ERR_DENIED: the asker does not hold it. */
int case_give_keys(struct ctx *cx, const struct case_asker *a, int64_t id, size_t *given);

/* --- the clock --- */
enum clock_level { CLOCK_NONE, CLOCK_RUNS, CLOCK_FIRST, CLOCK_SECOND, CLOCK_LAST, CLOCK_LATE };
struct case_clock {
    enum clock_level level;
    int64_t day, term,
        left; /* days since the contract; of the whole term; until its last day (negative: late) */
};
/* The clock of a running case on a day; CLOCK_NONE for cases without one. Warnings ten and five days before
 * the end and on the last day: days 20, 25, 30, or 50, 55, 60 where prolonged. */
struct case_clock case_clock(enum case_state s, const char *contract_on, const char *due_on,
                             const char *today);
/* "12 days left", "the last day", "3 days late"; "" without a clock. */
const char *case_clock_text(struct ctx *cx, const struct case_clock *k);

/* --- filing --- */
struct case_party {
    const char *side, *name, *contact, *representative;
    bool minor;
};
struct case_filing {
    const char *once_key, *occurred_on, *kind, *channel, *summary, *resonance, *resonance_reason;
    int64_t territory_id, filed_us; /* filed_us 0: now */
    bool offence, demo;
    const struct case_party *parties;
    size_t n_parties;
    struct vault *vault; /* NULL, or where the key of the new case is put for a caller who goes on writing */
};
/* Files a dispute: number, record, sides, event, audit in one transaction. The same once_key again gives the
 * same record. */
int case_file(struct ctx *cx, const struct case_filing *f, int64_t *id, const char **number);
/* The same inside a transaction that runs already. */
int case_file_in_tx(struct ctx *cx, const struct case_filing *f, int64_t *id, const char **number);

/* --- moves --- */
struct case_move {
    enum case_state from, to;
};
/* All lawful moves, of the steps and of triage, without those that stay; in the arena. */
size_t case_moves(struct arena *a, struct case_move **out);

/* Ends running cases whose term is over, by the clock alone: state, event and audit entry, a case a transaction; those of
 * the demonstration stand still. *n: how many. Called now and then. */
int case_expire(struct ctx *cx, int64_t *n);

/* Destroys the content of cases that were closed longer ago than the setting mediation.keep_years says: texts, sides, papers
 * and keys, a case a transaction, with an audit entry each. *n: how many. Called now and then. */
int case_destroy_old(struct ctx *cx, int64_t *n);

/* --- the steps themselves (steps.c), for the table in mediation.c --- */
int step_assign(struct ctx *cx, struct case_change *c);
int step_leave(struct ctx *cx, struct case_change *c);
int step_resume(struct ctx *cx, struct case_change *c);
int step_join(struct ctx *cx, struct case_change *c);   /* join.c */
int step_split(struct ctx *cx, struct case_change *c);  /* join.c */
int step_condition(struct ctx *cx, struct case_change *c);
int step_consent(struct ctx *cx, struct case_change *c);
int step_contract(struct ctx *cx, struct case_change *c);
int step_session(struct ctx *cx, struct case_change *c);
int step_prolong(struct ctx *cx, struct case_change *c);
int step_settle(struct ctx *cx, struct case_change *c);
int step_obligation(struct ctx *cx, struct case_change *c);
int step_performed(struct ctx *cx, struct case_change *c);
int step_done(struct ctx *cx, struct case_change *c);
int step_breach(struct ctx *cx, struct case_change *c);
int step_ending(struct ctx *cx, struct case_change *c);
int step_close(struct ctx *cx, struct case_change *c);
int step_note(struct ctx *cx, struct case_change *c);

#endif
