/* points.h - the queue of settlements with several possible points, and the page on which a person chooses one. */
#ifndef REGISTRY_POINTS_H
#define REGISTRY_POINTS_H

#include "http/form.h"
#include "http/view.h"
#include "registry/points_sql.h"
#include "registry/registry.h"

struct points_page {
    struct points_queue_list list; /* those in the asker's scope */
    struct points_counts_list counts;
};

struct point_page {
    struct territory_by_id_row place;
    struct place_path path;
    struct points_candidates_list candidates;
    const char *candidates_json; /* for the map */
    const char *bounds; /* west,south,east,north around all of them */
    bool may_edit;
};
struct point_values {
    const char *choice; /* number of a candidate, "own", or "" */
    struct opt_num lat, lon;
    struct opt_int version;
};
extern const struct form point_form;
extern const struct view points_view, point_view;

int points_get(struct request *rq);
int point_get(struct request *rq);
int point_post(struct request *rq);

#endif
