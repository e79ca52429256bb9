/* rules.h - what may happen to a proposal, in which state, by whom; and the changes themselves. */
#ifndef PROPOSALS_RULES_H
#define PROPOSALS_RULES_H

#include "http/request.h"
#include "proposals/proposals.h"

/* Who makes a step: those who write proposals, or also the body that is addressed. */
enum proposal_hand { HAND_WRITER, HAND_EITHER };

struct proposal_step {
    const char *code;  /* in the address: "agree" */
    const char *label; /* msgid of the button */
    const char *from;  /* states it starts from, separated by blanks */
    const char *to;    /* "": the state is the decision of the reply */
    enum proposal_hand hand;
    const char *why_not; /* msgid: why it cannot be done in another state */
};
extern const struct proposal_step PROPOSAL_STEPS[]; /* ends with code NULL */

const struct proposal_step *proposal_step_find(const char *code); /* NULL: none */
bool proposal_step_fits(const struct proposal_step *s, const char *state);

/* Which decisions a reply may bring in a state: accepted, part, refused, done. */
bool proposal_decision_fits(const char *state, const char *decision);

struct proposal_evidence_pick {
    const char *kind, *label;
    int64_t figure_id;
};

/* A proposal as its writer gives it. */
struct proposal_draft {
    const char *once_key, *quarter, *problem, *text, *basis, *effect, *indicator, *term_kind;
    int64_t addressee_id, territory_id, term_days; /* territory 0: the whole region */
    const struct proposal_evidence_pick *evidence;
    size_t n_evidence;
    const char *created_on; /* NULL: today */
    bool demo;
};

/* Keeps a new draft; a second call with the same once_key gives the first one's id. */
int proposal_create(struct ctx *cx, const struct proposal_draft *d, int64_t *id);

/* Writes a draft anew. ERR_CONFLICT: not a draft any more, or changed by somebody else since `version`. */
int proposal_rewrite(struct ctx *cx, int64_t id, int64_t version, const struct proposal_draft *d);

struct proposal_change {
    int64_t id, version;
    const struct proposal_step *step;
    const char *on_date;                  /* of sending, or of the reply; ISO */
    const char *note;                     /* kept with the event */
    const char *number, *decision, *text; /* of the reply */
    int64_t at_us;                        /* 0: now */
};

/* Makes a step. ERR_CONFLICT: changed by somebody else since `version`; ERR_INVALID: not possible in this
 * state, a date before the sending, a decision that does not fit. */
int proposal_step_do(struct ctx *cx, const struct proposal_change *c);

/* --- what the asker may see --- */

struct proposal_reader {
    int64_t drafts, partner, scoped; /* parameters of proposal_list() */
};
struct proposal_reader proposal_reader_of(const struct request *rq);

/* ERR_NOT_FOUND where the asker may not know of it. */
int proposal_may_see(struct request *rq, const struct proposal_by_id_row *p);

/* May the asker make this kind of step with it? */
int proposal_may_step(struct request *rq, const struct proposal_by_id_row *p, enum proposal_hand hand,
                      bool *yes);

/* 0 where the place (0: the whole region) lies in the asker's area. */
int proposal_in_area(struct request *rq, int64_t territory_id);

#endif
