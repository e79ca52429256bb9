/* frame.h - the sampling frame of a round: adults by stratum, where a stratum is the urban or rural part of a
 * unit. */
#ifndef RESEARCH_FRAME_H
#define RESEARCH_FRAME_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stratum {
    const char *code;        /* "615200000-r": the unit's KATO code, -u urban or -r rural */
    const char *kato, *unit; /* the unit's code and its name in cx->lang */
    int64_t unit_id;
    bool urban;
    int64_t population; /* adults */
    int64_t planned;
    bool computed;
    const char *source; /* as a person wrote it; of a computed one the period of the population figure */
    int64_t answers, clusters; /* so far */
};
struct frame {
    struct stratum *rows; /* by code of the unit, urban before rural */
    size_t n;
};

/* The frame of a round as it stands. */
int frame_of_round(struct ctx *cx, int64_t round_id, struct frame *out);

/* The frame that follows from the newest population figures: adults are a share of the residents (setting
 * research.adult_share), the urban part is a share by unit (reference/urban_shares.csv; a city without a row
 * is urban, a district without one rural). ERR_INVALID where a unit has no population figure. */
int frame_compute(struct ctx *cx, const char *quarter, struct frame *out);

/* Spreads `total` interviews: at least `least` for each unit, the rest by adults; within a unit by adults;
 * all in whole clusters of `cluster`, two at least for every stratum. */
void frame_plan(struct frame *f, int64_t total, int64_t least, int64_t cluster);

/* Writes the strata of a round; inside db_tx. */
int frame_put(struct ctx *cx, int64_t round_id, const struct frame *f);

const struct stratum *frame_stratum(const struct frame *f, const char *code);

#endif
