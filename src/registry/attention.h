/* attention.h - the dated list of settlements under attention: who is on it, since when, why. */
#ifndef REGISTRY_ATTENTION_H
#define REGISTRY_ATTENTION_H

#include "http/form.h"
#include "http/view.h"
#include "registry/attention_sql.h"

/* The settlements of a district or city; since and reason are those of the first of them, so that what all share is
 * said once. */
struct attention_group {
    int64_t unit_id; /* 0: of no district */
    const char *name, *since, *reason;
    size_t first, n; /* of attention_model.list */
};

struct attention_model {
    const char *on_date;
    int64_t unit_id; /* ?unit=: this district only; 0: all */
    struct attention_page_list list;
    struct { struct attention_group *rows; size_t n; } groups, units; /* shown; all that one may choose */
    bool demo, may_edit, editing, alike; /* alike: all districts share day and reason */
};
struct attention_values { const char *place, *valid_from, *reason; };
struct attention_end_values { const char *valid_to, *end_reason; };
extern const struct form attention_form, attention_end_form;
extern const struct view attention_view;

int attention_get(struct request *rq);
int attention_post(struct request *rq);
int attention_end_post(struct request *rq);

/* May the asker change what belongs to this place? ERR_NOT_FOUND as if there were none. */
int registry_in_scope(struct request *rq, int64_t territory_id);

#endif
