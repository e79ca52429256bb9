/* pages.h - models, forms and views of the pages about disputes. */
#ifndef MEDIATION_PAGES_H
#define MEDIATION_PAGES_H

#include "http/form.h"
#include "http/request.h"
#include "http/view.h"
#include "mediation/case.h"
#include "mediation/propose.h"
#include "mediation/triage.h"
#include "mediation/vault_sql.h"

/* --- filing --- */
enum { INTAKE_PARTIES = 8 };
struct intake_party {
    const char *side, *name, *contact, *representative;
    bool minor;
};
struct intake_values {
    const char *place, *place_id, *occurred_on, *kind, *channel, *summary, *resonance, *resonance_reason,
        *more;
    bool offence;
    struct opt_int parties;
    struct intake_party party[INTAKE_PARTIES];
};
struct intake_choice {
    int64_t id;
    const char *label;
};
struct intake_choices {
    struct intake_choice *rows;
    size_t n;
};
struct intake_page {
    struct intake_choices places, found; /* to choose from; what the typed name may mean */
    int64_t parties; /* how many sides the form shows */
};

/* --- the register --- */
struct register_filter {
    const char *state, *kind, *quarter;
    int64_t unit;
    bool mine, overdue, open_only;
};
struct register_page {
    struct register_filter filter;
    struct dispute_list_list list;
    struct {
        struct register_row *rows;
        size_t n;
    } rows;
    struct {
        int64_t total;
        const char *next, *xlsx, *csv;
        bool see_all, may_file;
    } about;
    struct {
        struct intake_choice *rows;
        size_t n;
    } units;
    struct dispute_kind_list_list kinds;
    const char **quarters; /* newest first, ending with NULL */
    const char *today;
};
struct register_row { /* the only columns of the register: nothing of the content */
    int64_t id, territory_id;
    const char *number, *occurred_on, *place, *unit, *kind, *state, *state_name, *mediator, *due_on, *clock;
    bool offence, late, demo;
};

/* --- one record --- */
struct record_step {
    const char *action, *label, *why;
}; /* why NULL: possible now */
struct record_content {
    const char *summary, *resonance_reason;
};
struct record_page {
    struct dispute_by_id_row d;
    const struct record_content *content; /* NULL: the asker may only know that it exists */
    struct case_facts facts;
    struct case_clock clock;
    struct party_list_list parties;
    struct condition_list_list conditions;
    struct meeting_sessions_list sessions;
    struct obligation_list_list obligations;
    struct dispute_event_list_list events;
    struct {
        struct record_step *rows;
        size_t n;
    } steps, later;
    const char *today, *rule_action, *rule_article;
    const char *sealed; /* why the asker cannot open the content although it is theirs; NULL */
    bool may_triage, may_take_over, may_give, rule_verified;
    unsigned roles;
};
struct step_page {
    struct dispute_by_id_row d;
    const struct case_step *step;
    const char *item, *item_text, *why; /* why not possible now; NULL */
    const char *action;                 /* where its form goes */
    struct propose_page proposed;       /* of the step "assign"; query NULL for others */
};
struct take_over_values {
    const char *reason;
};

/* --- search in the own cases --- */
enum { SEARCH_MOST_HITS = 100 };
struct search_values {
    const char *q;
};
struct search_hit {
    int64_t id;
    const char *number, *occurred_on, *place, *kind, *state, *where; /* where the words stand */
};
struct search_page { /* search_own_cases() */
    struct {
        struct search_hit *rows;
        size_t n;
    } hits;
    const char *q;        /* NULL: nothing was asked yet */
    int64_t looked, most, damaged; /* cases looked through; most: there are more than that; that did not open */
};

/* --- recovery --- */
struct recovery_page {
    struct recovery_state_row state;
    struct request_list_list requests;
    bool set;       /* there is one in force */
    bool holder;    /* the asker is one of the two */
    bool may_set;   /* may name (other) holders */
    bool may_ask;   /* keeps or mediates cases */
};
struct recovery_set_values {
    struct opt_int holder_a, holder_b;
};
struct recovery_ask_values {
    const char *reason;
};

/* --- triage --- */
struct triage_question {
    const char *code, *question, *answer, *article, *action, *outcome;
    bool verified;
};
struct triage_page {
    struct dispute_by_id_row d;
    const char *summary;
    struct {
        struct triage_question *rows;
        size_t n;
    } facts;
    const struct triage_rule_list_row *rule; /* proposed; NULL: nothing answered yet */
    const char *missing;                     /* question that is open */
    struct {
        const struct triage_rule_list_row **rows;
        size_t n;
    } conditions;
    const char *note;
};
struct rules_page {
    struct triage_rule_list_list rules;
    struct triage_fact_list_list facts;
    const char *on_date;
    bool may_edit;
};
struct rule_page {
    struct triage_rule_by_id_row rule;
    const char *question;
};
struct rule_values {
    const char *outcome, *article, *action_kk, *action_ru, *action_en, *valid_from;
    bool verified;
};

/* --- mediators --- */
struct mediators_page {
    const char *on_date;
    struct {
        struct mediator_row *rows;
        size_t n;
    } list;
    bool staff; /* sees the load */
    bool may_edit;
};
struct mediator_row { /* what a public register holds: no contacts, no account */
    int64_t id;
    const char *name, *kind, *languages, *fields, *basis, *place, *valid_from, *valid_to;
    struct opt_int open_cases, capacity;
    bool demo;
};
struct mediator_page {
    struct mediator_row m;
    bool may_edit, staff;
};
struct mediator_values {
    const char *name, *kind, *languages, *fields, *basis, *login, *valid_from;
    struct opt_int place_id, capacity;
};

extern const struct form triage_form, intake_form, step_form, take_over_form, rule_form, mediator_form, recovery_set_form, recovery_ask_form, search_form;
extern const struct view intake_view, register_view, record_view, step_view, triage_view, rules_view,
    rule_view, mediators_view, mediator_view, mediator_new_view, statistics_view, recovery_view, search_view;

/* Who asks. */
int case_asker_of(struct request *rq, struct case_asker *a);
const char *channel_name(struct ctx *cx, const char *code);
const char *resonance_name(struct ctx *cx, const char *code);
const char *side_name(struct ctx *cx, const char *code);
/* "kk uz" as "қазақша, өзбекше"; a code without a name stays as it is. */
const char *mediator_language_names(struct ctx *cx, const char *codes);
const char *mediator_kind_name(struct ctx *cx, const char *code);
const char *event_name(struct ctx *cx, const char *action);

int intake_get(struct request *rq);
int intake_post(struct request *rq);
int register_get(struct request *rq);
int register_export(struct request *rq);
int record_get(struct request *rq);
int step_get(struct request *rq);
int step_post(struct request *rq);
int take_over_post(struct request *rq);
int give_keys_post(struct request *rq);
/* Fills hits with the cases open to the asker in which all words of m->q stand, newest first. */
int search_own_cases(struct ctx *cx, const struct case_asker *a, struct search_page *m);
int search_get(struct request *rq);
int search_post(struct request *rq);
int recovery_get(struct request *rq);
int recovery_set_post(struct request *rq);
int recovery_ask_post(struct request *rq);
int recovery_agree_post(struct request *rq);
int recovery_refuse_post(struct request *rq);
int triage_get(struct request *rq);
int triage_post(struct request *rq);
int rules_get(struct request *rq);
int rule_get(struct request *rq);
int rule_post(struct request *rq);
int mediators_get(struct request *rq);
int mediator_get(struct request *rq);
int mediator_new_get(struct request *rq);
int mediator_new_post(struct request *rq);
int mediator_end_post(struct request *rq);
int statistics_get(struct request *rq);
int statistics_export(struct request *rq);

#endif
