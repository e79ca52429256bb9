/* letter.c - the proposal as a letter: DOCX or PDF in one of the three languages, with the name that the
 * addressee bears on the day of sending. The proposal's own words stand as they were written. */
#include "proposals/pages.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/organisation_sql.h"
#include "registry/labels.h"

struct letter {
    const struct proposal_by_id_row *p;
    const char *day, *addressee, *sender;
    struct proposal_evidence_list_list evidence;
};

/* The institution's name on the day of the letter. */
static int read_sender(struct ctx *cx, struct letter *l)
{
    struct organisation_list_list list;
    TRY(organisation_list(cx, cx->region_id, "institution", l->day, &list));
    l->sender = list.n ? registry_name(cx, list.rows[0]) : "";
    return OK;
}

static void put_labelled(struct doc *d, const char *label, const char *text)
{
    if (!*text)
        return;
    struct para *p = doc_para(d, NULL);
    para_text(p, RUN_BOLD, label);
    para_text(p, RUN_PLAIN, " ");
    para_text(p, RUN_PLAIN, text);
}

/* Paragraphs as they were typed: an empty line parts them. */
static void put_text(struct ctx *cx, struct doc *d, const char *text)
{
    size_t n;
    char **lines = str_split(cx->arena, text, '\n', &n);
    for (size_t i = 0; i < n; i++)
        if (*str_trim_here(lines[i]))
            doc_para(d, str_trim_here(lines[i]));
}

static struct doc *letter_doc(struct ctx *cx, const struct letter *l)
{
    const struct proposal_by_id_row *p = l->p;
    bool sent = *p->sent_on;
    struct doc_labels labels = registry_doc_labels(cx);
    struct doc_meta meta = {.title = TF(cx, N_("Proposal no. %s"), p->number),
                            .author = l->sender,
                            .date = l->day,
                            .subtitle = sent ? NULL : T(cx, N_("draft, not sent")),
                            .date_text = fmt_date(cx, l->day),
                            .demo = p->demo,
                            .banner = T(cx, N_("Demonstration data"))};
    struct doc *d = doc_new(cx->arena, cx->lang, &meta, &labels);
    put_labelled(d, T(cx, N_("To:")), l->addressee);
    put_labelled(d, T(cx, N_("From:")), l->sender);
    if (p->place_kk)
        put_labelled(d, T(cx, N_("Place:")), ctx_pick(cx, p->place_kk, p->place_ru, p->place_en));
    doc_heading(d, 2, p->problem);
    if (l->evidence.n) {
        doc_heading(d, 3, T(cx, N_("What shows the problem")));
        struct block *list = doc_list(d, false);
        for (size_t i = 0; i < l->evidence.n; i++)
            list_item(d, list, l->evidence.rows[i].label);
    }
    doc_heading(d, 3, T(cx, N_("What we propose")));
    put_text(cx, d, p->text);
    put_labelled(d, T(cx, N_("Basis:")), p->basis);
    put_labelled(d, T(cx, N_("Expected effect:")), p->effect);
    if (sent)
        doc_para(d, TF(cx, N_("Please answer by %s at the latest"), fmt_date_long(cx, p->due_on)));
    doc_signature(d, T(cx, N_("Head of the institution")), "", sent ? fmt_date(cx, l->day) : "");
    return d;
}

int proposal_letter_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct proposal_by_id_row p;
    int64_t id, addressee;
    TRY(rq_path_id(rq, "id", &id));
    TRY(proposal_by_id(cx, cx->region_id, id, &p));
    TRY(proposal_may_see(rq, &p));
    enum lang in = lang_from_code(rq_query(rq, "in") ? rq_query(rq, "in") : "");
    if (in != LANG_COUNT)
        cx->lang = in;
    bool pdf = str_eq(rq_query(rq, "as"), "pdf");
    struct letter l = {.p = &p, .day = *p.sent_on ? p.sent_on : date_text(cx->arena, date_today(NULL))};
    TRY(proposal_addressee_on(cx, p.addressee_id, l.day, &addressee, &l.addressee));
    TRY(read_sender(cx, &l));
    TRY(proposal_evidence_list(cx, cx->region_id, p.id, &l.evidence));
    struct buf *out = buf_new(cx->arena, 0);
    struct doc *d = letter_doc(cx, &l);
    TRY(pdf ? doc_pdf(cx, d, out) : doc_docx(cx, d, out));
    TRY(audit_record(cx, pdf ? "export.pdf" : "export.docx",
                     arena_printf(cx->arena, "proposal/%s", rq_path(rq, "id")), lang_code(cx->lang)));
    return respond_bytes(
        rq,
        pdf ? "application/pdf" : "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        out->data, out->len,
        arena_printf(cx->arena, "proposal-%s-%s.%s", p.number, lang_code(cx->lang), pdf ? "pdf" : "docx"));
}
