/* import.h - answers into the database: rounds, whole files, weights. */
#ifndef RESEARCH_IMPORT_H
#define RESEARCH_IMPORT_H

#include "base/ctx.h"
#include "research/answers.h"
#include "research/frame.h"

struct research_round_in {
    const char *quarter, *field_from, *field_to; /* days; "" where not known */
    int64_t refused;                             /* -1: not counted */
    bool demo;
    const struct frame *frame; /* NULL: computed and planned by the standard rules */
};
/* Opens the fieldwork of a quarter: its questionnaire and its frame. Inside db_tx. ERR_CONFLICT if it is
 * open. */
int research_round_open(struct ctx *cx, const struct research_round_in *in, int64_t *round_id);

/* The round of a quarter that is to be changed; opened here, with nothing known of its fieldwork, where there
 * is none (demo is for that one). Inside db_tx. ERR_CONFLICT while a closed run of the quarter stands. */
int research_round_need(struct ctx *cx, const char *quarter, bool demo, int64_t *round_id);

/* Plans the interviews of a computed frame by the standard rules (frame_plan). */
void research_plan(struct frame *f);

/* Reads and checks a file for a quarter. A quarter without a round is checked against the frame that it would
 * get. */
int research_check(struct ctx *cx, const char *quarter, const char *name, const void *data, size_t n,
                   const char *sheet, struct answers **out);

/* Writes the good rows of a checked file, all or none; opens the round where it is missing. ERR_INVALID where
 * rows are wrong and good_rows is not set; ERR_CONFLICT: the same file before, a closed quarter, or weights
 * brought by one file and computed for another. Weights that are computed make each stratum add up to its
 * adults. Inside db_tx. */
struct research_import_in {
    const char *quarter;
    const struct answers *answers;
    bool good_rows; /* leave the wrong rows out, knowing it */
    bool demo;
    int64_t at_us; /* when; 0: now */
};
int research_import(struct ctx *cx, const struct research_import_in *in, int64_t *import_id);

/* Takes a file's answers out again, and weighs the rest anew. Inside db_tx. */
int research_import_remove(struct ctx *cx, const char *quarter, int64_t import_id);

/* Gives every answer of the round the weight adults / answers of its stratum, unless files brought weights.
 * Inside db_tx. */
int research_weigh(struct ctx *cx, int64_t round_id);

#endif
