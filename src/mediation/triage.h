/* triage.h - the decision table of triage: dated data, read from top to bottom. */
#ifndef MEDIATION_TRIAGE_H
#define MEDIATION_TRIAGE_H

#include "mediation/case.h"

/* The answers to the facts, as far as given. */
struct triage_answers {
    const struct triage_fact {
        const char *code, *answer;
    } * rows; /* answer: "yes", "no", "unknown" */
    size_t n;
};
const char *triage_answer_of(const struct triage_answers *a,
                             const char *fact_code); /* "unknown" where none */

/* What the rules say. The first rule whose fact is "yes" decides, or the last resort (a rule without fact).
 * Never guess: a rule that would open mediation does not decide while a fact above it is unknown; then the
 * last resort does. */
struct triage_proposal {
    const struct triage_rule_list_row *rule; /* NULL: the table has no last resort */
    const char *missing;                     /* the first unknown fact that stood in the way; NULL: none */
    const struct triage_rule_list_row **conditions; /* of mediation, all that hold; only if it is open */
    size_t n_conditions;
};
struct triage_proposal triage_decide(struct arena *arena, const struct triage_rule_list_list *rules,
                                     const struct triage_answers *answers);

/* The state that an outcome leads to. */
enum case_state triage_state(const char *outcome);
const char *triage_outcome_label(const char *outcome); /* msgid */

/* A human confirms what the rules of today say to these answers: answers, outcome, conditions and state are
 * written, the asker becomes the clerk of the case. rule_id is what was shown: ERR_CONFLICT if the rules now
 * say something else. */
struct triage_values {
    int64_t rule_id, version;
    const char *note;
};
int triage_confirm(struct ctx *cx, const struct case_asker *a, int64_t id,
                   const struct triage_answers *answers, const struct triage_values *v);

/* A new version of a rule: the old one ends the day before, the new one holds from that day on. Audited. */
struct triage_rule_values {
    const char *outcome, *article, *action_kk, *action_ru, *action_en, *valid_from;
    bool verified;
};
int triage_rule_change(struct ctx *cx, int64_t id, const struct triage_rule_values *v);

/* The lists of reference/ into the tables of a new region; harmless when repeated. */
int mediation_seed(struct ctx *cx);

#endif
