/* rules.h - changes to visits and decisions about recommendations. */
#ifndef VISITS_RULES_H
#define VISITS_RULES_H

#include "visits/visits.h"

struct visit_new {
    int64_t territory_id;
    const char *on_date, *purpose;
};

/* Plans a visit; the same place, day and purpose again gives the one there is. ERR_INVALID: not a date. */
int visit_plan(struct ctx *cx, const struct visit_new *v, int64_t *id);

struct visit_change {
    int64_t id, version;
    const char *state;                       /* "done", "cancelled", or "planned": moved to another day */
    const char *on_date, *purpose, *summary; /* on_date, purpose NULL: as they are */
};
/* ERR_CONFLICT: changed by somebody else, or not planned any more; ERR_INVALID: a visit done in the future.
 */
int visit_change(struct ctx *cx, const struct visit_change *c);

/* A person takes up a recommendation: a visit is planned. ERR_CONFLICT: decided before, or the quarter was
 * reopened. */
int visit_accept(struct ctx *cx, int64_t run_id, int64_t recommendation, const struct visit_new *v,
                 int64_t *id);

/* Or declines it, with the reason. */
int visit_decline(struct ctx *cx, int64_t run_id, int64_t recommendation, const char *note);

#endif
