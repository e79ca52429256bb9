/* mediation.h - disputes and their mediation: what other features may ask. Content of a case never leaves
 * this folder. */
#ifndef MEDIATION_MEDIATION_H
#define MEDIATION_MEDIATION_H

#include "base/fields.h"
#include "http/request.h"
#include "mediation/mediator_sql.h"
#include "module.h"

extern const struct module mediation_module;

/* Unprotected numbers of cases by quarter ("2025-Q1" to "2025-Q2"), unit, place, kind and offence, for
 * computing only: what is shown of them must be protected (mediation_place_counts(), stat/protect.h).
 * Quarters are those of the day on which it happened; settled and performed are as known now. */
int mediation_cells(struct ctx *cx, const char *from_quarter, const char *to_quarter,
                    struct dispute_cells_list *out);

/* A row of the published family for one place: cases that happened in a calendar year that is over. */
struct mediation_place_count {
    const char *period;    /* "2024" */
    const char *kind_code; /* "" for all kinds together */
    const char *kind;      /* its name in cx->lang */
    struct protected_count cases;
};
struct mediation_place_counts {
    struct mediation_place_count *rows;
    size_t n;
};

/* Protected counts of a unit (by kind) or a settlement (all kinds together), newest year first. They agree
 * cell by cell with the tables of /disputes/statistics, so that nothing can be worked out by comparing. Empty
 * for other places. */
int mediation_place_counts(struct ctx *cx, int64_t territory_id, struct mediation_place_counts *out);

/* The years that are over and have cases, newest first; and the protected counts of their units, all kinds
 * together, of one of the two families (offences, everyday disputes). The same cells as in the tables of
 * /disputes/statistics. */
struct mediation_unit_count {
    int64_t unit_id;
    struct protected_count cases;
};
int mediation_years(struct ctx *cx, int **years, size_t *n);
int mediation_unit_counts(struct ctx *cx, bool offence, int year, struct mediation_unit_count **rows,
                          size_t *n);

/* All cases of a place in the eight quarters up to the newest one with any, newest first, each as the band it lies in
 * (protect_band() of stat/protect.h): exact numbers of quarters could be set against those of years. */
enum { MEDIATION_QUARTERS = 8 };
struct mediation_quarter {
    const char *quarter; /* "2025-Q3" */
    int64_t low, high;
};
struct mediation_quarters {
    struct mediation_quarter rows[MEDIATION_QUARTERS];
    size_t n; /* 0 where the region has no case */
};
int mediation_place_quarters(struct ctx *cx, int64_t territory_id, struct mediation_quarters *out);

/* What waits for the asker, most urgent first; without content. */
struct mediation_due {
    const char *title;  /* "2025-0034: livestock and crop damage, Қарнақ" */
    const char *detail; /* "no triage yet", "2 days left" */
    const char *href, *action;
    const char *on_date; /* when it is due, or "" */
    bool attention, danger;
};
struct mediation_due_list {
    struct mediation_due *rows;
    size_t n;
};
int mediation_today(struct request *rq, struct mediation_due_list *out);

/* The name of a state ("offered") and of a kind, for people. */
const char *mediation_state_name(struct ctx *cx, const char *state);

#endif
