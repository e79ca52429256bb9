/* research.h - quarterly social research: the questionnaire as data, anonymous answers, the frame they are
 * weighted by.
 *
 * A fieldwork (round) belongs to one quarter. Its frame says how many adults live in each stratum (unit by
 * urban or rural); answers come from files and are kept without anything that leads to a person. */
#ifndef RESEARCH_RESEARCH_H
#define RESEARCH_RESEARCH_H

#include "base/ctx.h"
#include "module.h"
#include "research/research_sql.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const struct module research_module;

/* The questionnaire that the quarterly survey uses (instrument.code). */
#define RESEARCH_INSTRUMENT "quarterly"

/* The round of a quarter ("2025-Q3"); *found false where there was no fieldwork. */
int research_round(struct ctx *cx, const char *quarter, struct round_of_quarter_row *out, bool *found);

/* How far a fieldwork came. Unprotected counts of interviews: pages show them through stat/protect.h. */
struct research_coverage {
    int64_t answers, planned, refused; /* refused -1: not counted */
    int64_t clusters;
    int64_t units, units_with_answers;
    struct research_unit_coverage {
        int64_t unit_id, adults, planned, answers, clusters;
        const char *kato, *name; /* in cx->lang */
    } * rows;
    size_t n;
};
/* Zeros where the quarter has no round. */
int research_coverage(struct ctx *cx, const char *quarter, struct research_coverage *out);

/* ERR_CONFLICT while a closed run of the quarter stands: its answers do not change any more. */
int research_open(struct ctx *cx, const char *quarter);

#endif
