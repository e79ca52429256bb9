/* pages.h - models, forms and handlers of the pages about proposals. */
#ifndef PROPOSALS_PAGES_H
#define PROPOSALS_PAGES_H

#include "http/components.h"
#include "http/form.h"
#include "http/request.h"
#include "http/view.h"
#include "proposals/rules.h"
#include "registry/registry.h"

extern const struct route proposals_routes[];
extern const struct nav_item proposals_nav[];

/* --- the register --- */

struct proposals_page {
    const char *on_date, *state, *quarter;
    int64_t addressee;
    bool may_write, partner;
    struct proposal_counts_row counts;
    struct proposal_list_list list;
    struct proposal_quarters_list quarters;
    struct proposal_addressees_list addressees;
    struct pager pager;
};
extern const struct view proposals_view;
int proposals_get(struct request *rq);
int proposals_export_get(struct request *rq);

/* --- one proposal --- */

struct proposal_page {
    struct proposal_by_id_row p;
    const char *on_date, *addressee; /* today; its name on the day of sending (or today) */
    int64_t addressee_id;
    bool overdue, may_write, may_answer;
    int64_t days;                    /* left until due_on (negative: late) */
    const char *sent_on, *due_on;    /* the sending as it would be */
    const char *indicator;
    struct proposal_evidence_list_list evidence;
    struct proposal_events_list events;
    struct proposal_replies_list replies;
};
extern const struct view proposal_view;
int proposal_get(struct request *rq);
int proposal_step_post(struct request *rq);
int proposal_send_post(struct request *rq);
int proposal_reply_post(struct request *rq);
int proposal_letter_get(struct request *rq);

struct proposal_step_values { struct opt_int version; const char *note; };
struct proposal_send_values { struct opt_int version; const char *sent_on; };
struct proposal_reply_values { struct opt_int version; const char *number, *on_date, *decision, *text; };
extern const struct form proposal_step_form, proposal_send_form, proposal_reply_form;

/* --- writing --- */

struct proposal_values {
    const char *quarter, *problem, *text, *basis, *effect, *indicator, *term_kind;
    const char *version_text;      /* of the draft that is written anew, as the form carries it */
    struct opt_int addressee, term_days;
    struct form_multi evidence;
};
extern const struct form proposal_form;

struct proposal_place_choice {
    int64_t id;
    const char *name;
};
struct proposal_write_page {
    int64_t id;              /* of the draft that is written anew; 0: a new one */
    const char *number, *action;
    int64_t place;           /* 0: the whole region */
    const char *place_name;
    const char *due_on;      /* if it were sent today */
    size_t n_figures;        /* that can be picked */
    struct { struct proposal_place_choice *rows; size_t n; } units, settlements;
};
extern const struct view proposal_write_view;
int proposal_new_get(struct request *rq);
int proposal_new_post(struct request *rq);
int proposal_edit_get(struct request *rq);
int proposal_edit_post(struct request *rq);

/* What can be picked as evidence about the place (0: the region), as choices "estimate:42" with their labels. */
int proposal_figures(struct request *rq, int64_t place, struct form_choices *out);

#endif
