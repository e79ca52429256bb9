/* papers.h - the papers of a case: mediation contract, settlement agreement, referral letter, record of the end, advice to go to
 * court. What each must say stands in dated clauses (table paper_clause, with article and mark of a lawyer); filled from the
 * case, it is sealed as a version in Kazakh and Russian. The signed scan is sealed too, and known by its hash. */
#ifndef MEDIATION_PAPERS_H
#define MEDIATION_PAPERS_H

#include "http/form.h"
#include "http/view.h"
#include "mediation/papers_sql.h"
#include "mediation/vault.h"
#include "report/doc.h"

struct paper_kind {
    const char *code, *label; /* msgid */
    unsigned states;          /* bit set of enum case_state in which it is made */
    bool signed_;             /* the sides and the mediator sign it */
};
extern const struct paper_kind PAPER_KINDS[]; /* ends with code NULL */
const struct paper_kind *paper_kind_find(const char *code);

/* What the form adds to what the case knows; texts are never NULL. */
struct paper_values {
    const char *place, *subject, *cost, *terms, *reason;
};

/* Fills the clauses valid today in both languages and keeps them as the next version. ERR_INVALID: not in this state.
 * ERR_DENIED: not for the asker. */
int paper_make(struct ctx *cx, const struct case_asker *a, int64_t dispute_id, const char *kind, const struct paper_values *v,
               int64_t *id);

/* The document of a kept version, in one language or (LANG_COUNT) in both, one after the other. */
int paper_doc(struct ctx *cx, const struct dispute_by_id_row *d, const struct vault *v, int64_t id, enum lang lang, struct doc **out);

/* Seals the signed scan of a version: PDF, JPEG or PNG, up to PAPER_SCAN_BYTES; once. */
enum { PAPER_SCAN_BYTES = 10 << 20 };
int paper_scan(struct ctx *cx, const struct case_asker *a, int64_t dispute_id, int64_t id, const void *data, size_t n);

int papers_seed(struct ctx *cx);

/* --- pages --- */
struct papers_page {
    struct dispute_by_id_row d;
    struct paper_list_list list;
    unsigned can;                   /* bit set of the kinds that can be made now */
    const struct paper_kind *kind;  /* whose form is shown; NULL: none */
};
int papers_get(struct request *rq);
int paper_new_get(struct request *rq);
int paper_new_post(struct request *rq);
int paper_get(struct request *rq);
int paper_scan_get(struct request *rq);
int paper_scan_post(struct request *rq);
/* The names of the fields that a kind of paper asks for; ends with NULL. */
const char *const *paper_fields(const char *kind);
extern const struct form paper_form, paper_scan_form;
extern const struct view papers_view;

#endif
