/* propose.h - whom the program proposes as mediator of a case. It puts facts side by side, in an order whose rule stands on
 * the page; nobody gets a score, nothing of it is kept, and a person decides. */
#ifndef MEDIATION_PROPOSE_H
#define MEDIATION_PROPOSE_H

#include "http/request.h"
#include "mediation/case.h"
#include "mediation/vault.h"

struct propose_row {
    int64_t id;
    const char *name, *languages, *fields, *place; /* languages: codes; fields: as in the register */
    const char *missing;     /* languages of the sides that the mediator does not know, for people; "" */
    const char *fits;        /* words of the field that are words of the kind of dispute; "" */
    const char *assigned_on; /* of the latest assignment, ISO; "": none since PROPOSE_YEARS */
    const char *aside;       /* why the mediator cannot have this case, for people; "" */
    struct opt_int km;       /* from the mediator's district (its point, else the middle of its settlements) to the case's
                           place, whole; absent: not known */
    int64_t open_cases, capacity, n_missing;
    bool full;    /* has as many open cases as agreed */
    bool present; /* has this case now */
};
enum { PROPOSE_YEARS = 2 }; /* how far back assignments are looked at */

struct propose_list {
    struct propose_row *rows;
    size_t n;
};

/* The mediators in the register on a day, in the order in which they are proposed: whoever is full comes last; else who
 * knows the languages (langs: codes, may be none), whose field fits, the fewest open cases for the number agreed to, the
 * nearest, who has waited longest. Equals take turns by the number of the case. `aside` gets those who are known to be in
 * conflict. `v` opens the case. */
int propose_mediators(struct ctx *cx, const struct dispute_by_id_row *d, const struct vault *v, const char *today,
                      const char *const *langs, size_t n_langs, struct propose_list *out, struct propose_list *aside);

/* The ties that a mediator was declared to have, as the sealed event keeps them beside its note. */
const char *propose_tie_about(struct ctx *cx, int64_t mediator_id, const struct case_values *v);
/* Which ties of a mediator were declared in this case before, for people ("kinship, work"); "": none. */
int propose_tie_of(struct ctx *cx, const struct vault *v, int64_t mediator_id, const char **ties);

extern const struct row_desc propose_desc; /* of struct propose_row */

/* --- the page of the step "assign" --- */
struct propose_language {
    const char *name, *href; /* href: the page with this language chosen, or no longer */
    bool on;
};
struct propose_page {
    struct propose_list rows, aside;
    struct propose_language *languages;
    size_t n_languages;
    const char *query; /* "?lang=uz" of the languages chosen, or "" */
    bool asked;        /* some are */
};
/* The proposal for the page `self` ("/disputes/0J3.../steps/assign"), with the languages of the query. */
int propose_page(struct request *rq, const struct dispute_by_id_row *d, const struct vault *v, const char *self,
                 struct propose_page *out);

#endif
