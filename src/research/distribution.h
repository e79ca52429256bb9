/* distribution.h - how the region answered one question: weighted shares with intervals, small counts
 * protected. */
#ifndef RESEARCH_DISTRIBUTION_H
#define RESEARCH_DISTRIBUTION_H

#include "base/ctx.h"
#include "base/fields.h"
#include "research/questionnaire.h"

struct distribution {
    const char *code, *text, *refused; /* refused: a sentence why there are no shares; NULL: none */
    bool sensitive, several;
    struct protected_count answered; /* who gave an answer that counts */
    struct distribution_rows {
        struct distribution_row {
            const char *code, *text;
            struct protected_count n;
            struct opt_num share, lower, upper; /* absent: protected, or refused by the rules of estimates */
            const char *why;                    /* for an absent one; "" otherwise */
        } * rows;
        size_t n;
    } list;
};
extern const struct row_desc distribution_desc, distribution_row_desc;

/* For the whole region, never a part of it. Answers of the kind "not to say" and open texts have no shares;
 * of a question with more than twelve choices those that nobody named are left out. */
int research_distribution(struct ctx *cx, int64_t round_id, const struct question *q,
                          struct distribution *out);

#endif
