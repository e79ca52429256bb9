/* papers_pages.c - the papers of one case: making them, taking them as DOCX or PDF, adding the signed scan. */
#include "mediation/papers.h"
#include "mediation/papers_html.h"
#include "mediation/pages.h"

#include "base/arena.h"
#include "base/fs.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"

static const struct form_field FIELDS[] = {
    {FORM_OF(paper_values, place), .type = FORM_TEXT, .label = N_("Place of signing"), .max = 120},
    {FORM_OF(paper_values, subject), .type = FORM_TEXTAREA, .label = N_("Subject of the dispute"), .max = 2000},
    {FORM_OF(paper_values, cost), .type = FORM_TEXT, .label = N_("Costs"), .max = 300,
     .hint = N_("Empty: mediation is free of charge.")},
    {FORM_OF(paper_values, terms), .type = FORM_TEXTAREA, .label = N_("What the sides have agreed"), .max = 6000},
    {FORM_OF(paper_values, reason), .type = FORM_TEXT, .label = N_("Why it is handed over"), .max = 500},
    {0}};
const struct form paper_form = {FIELDS, sizeof(struct paper_values)};

struct scan_values {
    bool nothing;
};
static const struct form_field SCAN_FIELDS[] = {
    {.name = "scan", .type = FORM_FILE, .label = N_("Signed scan"), .required = true, .hint = N_("PDF, JPEG or PNG, up to 10 MB."),
     .offset = 0},
    {0}};
const struct form paper_scan_form = {SCAN_FIELDS, sizeof(struct scan_values)};

/* The fields that a kind of paper asks for. */
const char *const *paper_fields(const char *kind)
{
    static const char *const CONTRACT[] = {"place", "subject", "cost", NULL}, *const SETTLEMENT[] = {"place", "subject", "terms", NULL},
                                    *const REFERRAL[] = {"reason", NULL}, *const ENDING[] = {"subject", NULL}, *const NONE[] = {NULL};
    return str_eq(kind, "contract")     ? CONTRACT
           : str_eq(kind, "settlement") ? SETTLEMENT
           : str_eq(kind, "referral")   ? REFERRAL
           : str_eq(kind, "ending")     ? ENDING
                                        : NONE;
}

/* The case, opened for its clerk or mediator. */
static int load(struct request *rq, struct case_asker *a, struct dispute_by_id_row *d, struct vault *v)
{
    struct ctx *cx = rq->cx;
    enum case_right right;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, a));
    TRY(case_load(cx, a, id, d, &right));
    if (right != CASE_CONTENT || !case_roles(a, d))
        return fail(cx, ERR_NOT_FOUND, "There is no such dispute, or it is not for you to see.");
    return vault_open(cx, a, d, v);
}

static int show(struct request *rq, const struct paper_kind *kind)
{
    struct ctx *cx = rq->cx;
    struct papers_page *m = arena_alloc(cx->arena, sizeof *m);
    struct case_asker a;
    struct vault v;
    TRY(load(rq, &a, &m->d, &v));
    TRY(paper_list(cx, cx->region_id, m->d.id, &m->list));
    for (unsigned i = 0; PAPER_KINDS[i].code; i++)
        if (PAPER_KINDS[i].states & (1u << case_state_from(m->d.state)))
            m->can |= 1u << i;
    m->kind = kind;
    return respond_view(rq, &papers_view, m);
}

int papers_get(struct request *rq)
{
    return show(rq, NULL);
}

int paper_new_get(struct request *rq)
{
    const struct paper_kind *kind = paper_kind_find(rq_path(rq, "kind"));
    if (!kind)
        return fail(rq->cx, ERR_NOT_FOUND, "There is no such kind of paper.");
    return show(rq, kind);
}

static const char *page_of(struct request *rq)
{
    return arena_printf(rq->cx->arena, "/disputes/%s/papers", rq_path(rq, "id"));
}

int paper_new_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct paper_values *v = form_values(rq);
    const struct paper_kind *kind = paper_kind_find(rq_path(rq, "kind"));
    struct case_asker a;
    int64_t id, paper;
    if (!kind)
        return fail(cx, ERR_NOT_FOUND, "There is no such kind of paper.");
    for (const char *const *f = paper_fields(kind->code); *f; f++) {
        const char *value = str_eq(*f, "place")     ? v->place
                            : str_eq(*f, "subject") ? v->subject
                            : str_eq(*f, "terms")   ? v->terms
                            : str_eq(*f, "reason")  ? v->reason
                                                    : "-"; /* costs may be left empty */
        if (!*value)
            form_error(rq, *f, "Please fill this in.");
    }
    if (!form_ok(rq))
        return show(rq, kind);
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, &a));
    int rc = paper_make(cx, &a, id, kind->code, v, &paper);
    if (form_refused(rq, NULL, rc))
        return show(rq, kind);
    TRY(rc);
    return respond_redirect(rq, page_of(rq), T(cx, "The paper is ready; it is sealed with the case."));
}

int paper_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct case_asker a;
    struct dispute_by_id_row d;
    struct vault v;
    struct doc *doc;
    struct buf *out = buf_new(cx->arena, 0);
    int64_t id;
    const char *in = str_or_empty(rq_query(rq, "in"));
    bool pdf = str_eq(rq_query(rq, "as"), "pdf");
    enum lang lang = str_eq(in, "kk") ? LANG_KK : str_eq(in, "ru") ? LANG_RU : LANG_COUNT;
    TRY(load(rq, &a, &d, &v));
    TRY(rq_path_id(rq, "paper", &id));
    TRY(paper_doc(cx, &d, &v, id, lang, &doc));
    TRY(pdf ? doc_pdf(cx, doc, out) : doc_docx(cx, doc, out));
    TRY(audit_record(cx, pdf ? "export.pdf" : "export.docx", arena_printf(cx->arena, "dispute/%s", rq_path(rq, "id")), "paper"));
    return respond_bytes(rq, pdf ? "application/pdf" : "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                         out->data, out->len, arena_printf(cx->arena, "%s-%s.%s", d.number, *in ? in : "kk-ru", pdf ? "pdf" : "docx"));
}

int paper_scan_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct file_part *file = rq_file(rq, "scan");
    struct case_asker a;
    struct buf *data;
    int64_t id, paper;
    if (!file || !file->size)
        return fail(cx, ERR_INVALID, "Choose a file.");
    TRY(rq_path_id(rq, "id", &id));
    TRY(rq_path_id(rq, "paper", &paper));
    TRY(case_asker_of(rq, &a));
    if (file->size > PAPER_SCAN_BYTES)
        return fail(cx, ERR_LIMIT, "The scan is larger than 10 MB.");
    TRY(fs_read(cx, file->path, PAPER_SCAN_BYTES, &data));
    TRY(paper_scan(cx, &a, id, paper, data->data, data->len));
    return respond_redirect(rq, page_of(rq), T(cx, "The scan is sealed. Its hash stands in the audit chain."));
}

int paper_scan_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct case_asker a;
    struct dispute_by_id_row d;
    struct paper_by_id_row p;
    struct vault v;
    struct bytes scan;
    int64_t id;
    bool found;
    TRY(load(rq, &a, &d, &v));
    TRY(rq_path_id(rq, "paper", &id));
    TRY(paper_by_id(cx, cx->region_id, d.id, id, &p, &found));
    if (!found || !p.scan_us)
        return fail(cx, ERR_NOT_FOUND, "There is no such paper.");
    if (!vault_open_bytes(cx, &v, VAULT_PAPER, id, p.scan, &scan) ||
        !str_eq(crypto_blake2b_hex(cx->arena, scan.data, scan.len), p.scan_hash))
        return fail(cx, ERR_INVALID, "Sealed content of this case is damaged or stands in the wrong place.");
    TRY(audit_record(cx, "paper.read", arena_printf(cx->arena, "dispute/%s", rq_path(rq, "id")), p.scan_hash));
    const char *end = str_eq(p.scan_type, "application/pdf") ? "pdf" : str_eq(p.scan_type, "image/png") ? "png" : "jpg";
    return respond_bytes(rq, p.scan_type, scan.data, scan.len, arena_printf(cx->arena, "%s-scan.%s", d.number, end));
}

const struct view papers_view = {
    .name = "dispute_papers",
    .title = N_("Papers of the case"),
    .nav = "/disputes",
    .html = mediation_papers_html,
    .parts = (const struct view_part[]){{"dispute", VIEW_ROW, offsetof(struct papers_page, d), &dispute_by_id_row_desc},
                                        {"papers", VIEW_LIST, offsetof(struct papers_page, list), &paper_list_row_desc},
                                        {0}}};
