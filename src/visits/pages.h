/* pages.h - models, forms and handlers of the plan and the visits. */
#ifndef VISITS_PAGES_H
#define VISITS_PAGES_H

#include "http/components.h"
#include "http/form.h"
#include "http/request.h"
#include "http/route.h"
#include "http/view.h"
#include "registry/registry.h"
#include "visits/rules.h"

extern const struct route visits_routes[];
extern const struct nav_item visits_nav[];

struct plan_place {
    struct visit_proposed_row r;
    struct visit_reasons reasons;
    const char *why; /* the reasons as one text, for JSON */
};
struct plan_page {
    const char *today, *quarter; /* quarter NULL: none is closed */
    int64_t run_id;
    bool may_edit;
    struct visit_planned_list planned;
    struct { struct plan_place *rows; size_t n; } places;
    size_t open;
};

struct visits_page {
    const char *today, *state, *from, *to;
    int64_t place;
    const char *place_name;
    bool may_edit;
    struct visit_counts_row counts;
    struct visit_list_list list;
    struct territory_list_list units;
    struct pager pager;
};

struct visit_page {
    struct visit_by_id_row v;
    const char *today;
    struct place_path path;
    bool may_edit, due;
    struct visit_last_list others; /* of the same place */
};

struct visit_new_page {
    int64_t place;           /* 0: not chosen yet */
    const char *place_name, *today;
    int64_t unit;
    struct territory_list_list units;
    struct { struct settlement_list_row *rows; size_t n; } settlements; /* of the unit */
    struct visit_last_list last;
};

struct visit_values { const char *on_date, *purpose; };
struct visit_done_values { struct opt_int version; const char *on_date, *summary; };
struct visit_cancel_values { struct opt_int version; const char *summary; };
struct visit_decline_values { const char *note; };
extern const struct form visit_form, visit_done_form, visit_cancel_form, visit_decline_form;

extern const struct view plan_view, visits_view, visit_view, visit_new_view;

int plan_get(struct request *rq);
int plan_accept_post(struct request *rq);
int plan_decline_post(struct request *rq);
int visits_get(struct request *rq);
int visit_new_get(struct request *rq);
int visit_new_post(struct request *rq);
int visit_get(struct request *rq);
int visit_done_post(struct request *rq);
int visit_cancel_post(struct request *rq);

/* 0 where the place lies in the asker's area; its path up the tree. */
int visit_in_area(struct request *rq, int64_t territory_id, struct place_path *path);

#endif
