/* visits.h - visits to settlements: planned, done, cancelled; and the places that a closed quarter proposes.
 *
 * visit_last() (visit.sql) gives the visits of a place for its passport, visit_planned() what is due for Today. */
#ifndef VISITS_VISITS_H
#define VISITS_VISITS_H

#include "base/ctx.h"
#include "module.h"
#include "visits/visit_sql.h"

#include <stdbool.h>
#include <stdint.h>

extern const struct module visits_module;

/* "planned", "done", "cancelled", "due" for people. */
const char *visit_state_name(struct ctx *cx, const char *state);

/* "/visits/0J3..." in the arena. */
const char *visit_href(struct ctx *cx, int64_t id);

/* The reasons of a recommendation as sentences: reads the JSON that the choice wrote. What it does not know is left out. */
struct visit_reasons {
    const char **rows;
    size_t n;
};
int visit_reasons_of(struct ctx *cx, const char *json, struct visit_reasons *out);

#endif
