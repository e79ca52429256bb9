/* bodies.h - models of the pages about bodies: the institution, organisations, one organisation, the structures. */
#ifndef REGISTRY_BODIES_H
#define REGISTRY_BODIES_H

#include "http/form.h"
#include "http/request.h"
#include "http/view.h"
#include "registry/bodies_edit_sql.h"
#include "registry/organisation_sql.h"

/* The institution on a day, every figure counted from records. */
struct institution_page {
    const char *on_date;
    struct institution_facts {
        const char *name;
        int64_t id;
        int64_t posts, posts_region, posts_branch, posts_maintenance;
        int64_t departments, branches, associations, structures;
        int64_t associations_region, associations_city, associations_district, associations_village;
        bool demo;
    } facts;
    struct staff_by_organisation_list staff;
    struct institution_history { /* how the number of posts grew */
        struct institution_growth { const char *valid_from; int64_t opened, total; } *rows;
        size_t n;
    } history;
    struct organisation_changes_list changes;
};

struct organisations_page {
    const char *on_date, *kind, *level;
    int64_t place_id; /* ?place=: bodies of this place only; 0: all */
    struct organisation_list_list list;
    struct organisation_places { /* the places one may choose */
        struct organisation_place { int64_t id; const char *name; } *rows;
        size_t n;
    } places;
};

struct organisation_page {
    struct organisation_by_id_row body;
    const char *on_date;
    struct organisation_parts_list parts;
    struct membership_list_list members;
    struct meeting_list_list meetings;
    struct decision_list_list decisions;
    struct task_list_list tasks;
    struct organisation_changes_list changes;
    struct body_contacts_list contacts; /* the newest day first */
    const struct body_contacts_row *reach; /* what holds on the day; NULL: nothing is recorded */
    bool may_edit;
};

struct structures_page {
    const char *on_date;
    struct structure_overview_list list;
};

struct meeting_values { const char *on_date, *place, *agenda, *minutes, *number, *decision; struct opt_int attended; };
struct task_values { const char *text, *due_on; };
struct task_done_values { const char *result; struct opt_int version; };
struct member_values { const char *name, *role, *mandate, *valid_from; };
extern const struct form meeting_form, task_form, task_done_form, member_form;

extern const struct view institution_view, organisations_view, organisation_view, structures_view;

int institution_get(struct request *rq);
int organisations_get(struct request *rq);
int organisation_get(struct request *rq);
int structures_get(struct request *rq);
int meeting_post(struct request *rq);
int task_post(struct request *rq);
int task_done_post(struct request *rq);
int member_post(struct request *rq);
int member_end_post(struct request *rq);

/* The heading over bodies of a kind: "Branches". */
const char *body_kinds_name(struct ctx *cx, const char *kind);

/* The word for a kind of body, an association's level, a role: translated. */
const char *body_kind_name(struct ctx *cx, const char *kind);
const char *body_level_name(struct ctx *cx, const char *level);
const char *member_role_name(struct ctx *cx, const char *role);

#endif
