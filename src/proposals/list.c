/* list.c - the register of proposals, and the same as a sheet. */
#include "proposals/pages.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "proposals/proposals_html.h"
#include "registry/labels.h"

enum { PER_PAGE = 50, EXPORT_MOST = 20000 };

static const char *query_of(struct request *rq, const char *name)
{
    const char *v = rq_query(rq, name);
    return v ? v : "";
}

/* The question behind the page and the sheet alike. */
static void read_filters(struct request *rq, struct proposals_page *m, struct proposal_list_in *in)
{
    struct quarter q;
    m->on_date = date_text(rq->cx->arena, date_today(NULL));
    m->state = query_of(rq, "state");
    m->quarter = quarter_parse(rq_query(rq, "quarter"), &q) ? rq_query(rq, "quarter") : "";
    if (!id_parse(rq_query(rq, "addressee"), &m->addressee))
        m->addressee = 0;
    m->may_write = rq_may(rq, PERM_PROPOSAL_EDIT);
    struct proposal_reader r = proposal_reader_of(rq);
    m->partner = r.partner != 0;
    *in = (struct proposal_list_in){.region_id = rq->cx->region_id,
                                    .on_date = m->on_date,
                                    .state = m->state,
                                    .addressee_id = m->addressee,
                                    .quarter = m->quarter,
                                    .drafts = r.drafts,
                                    .partner = r.partner,
                                    .scoped = r.scoped,
                                    .most = PER_PAGE};
}

int proposals_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct proposals_page *m = arena_alloc(cx->arena, sizeof *m);
    struct proposal_list_in in;
    read_filters(rq, m, &in);
    TRY(proposal_counts(cx,
                        &(struct proposal_counts_in){in.region_id, in.on_date, in.addressee_id, in.quarter,
                                                     in.drafts, in.partner, in.scoped, in.state},
                        &m->counts));
    m->pager = component_pager(rq, m->counts.matching, PER_PAGE);
    in.skip = (m->pager.page - 1) * PER_PAGE;
    TRY(proposal_list(cx, &in, &m->list));
    TRY(proposal_quarters(cx, cx->region_id, &m->quarters));
    if (!m->partner)
        TRY(proposal_addressees(cx, cx->region_id, &m->addressees));
    return respond_view(rq, &proposals_view, m);
}

const struct view proposals_view = {
    .name = "proposals",
    .title = N_("Proposals"),
    .nav = "/proposals",
    .html = proposals_proposals_html,
    .parts = (const struct view_part[]){
        {"counts", VIEW_ROW, offsetof(struct proposals_page, counts), &proposal_counts_row_desc},
        {"proposals", VIEW_LIST, offsetof(struct proposals_page, list), &proposal_list_row_desc},
        {0}}};

/* --- as a sheet --- */

enum { COLUMNS = 9 };
static const char *const TITLES[COLUMNS] = {N_("Number"),    N_("Quarter"),       N_("Problem"),
                                            N_("Addressee"), N_("Place"),         N_("Written on"),
                                            N_("Sent on"),   N_("Answer due on"), N_("State")};

static void cells_of(struct ctx *cx, const struct proposals_page *m, const struct proposal_list_row *p,
                     const char *out[COLUMNS])
{
    const char *row[COLUMNS] = {p->number,
                                fmt_quarter(cx, p->quarter),
                                p->problem,
                                registry_name(cx, *p),
                                p->place_kk ? ctx_pick(cx, p->place_kk, p->place_ru, p->place_en)
                                            : T(cx, N_("the whole region")),
                                fmt_date(cx, p->created_on),
                                *p->sent_on ? fmt_date(cx, p->sent_on) : "",
                                *p->due_on ? fmt_date(cx, p->due_on) : "",
                                proposal_standing(cx, p->state, p->due_on, m->on_date)};
    for (size_t i = 0; i < COLUMNS; i++)
        out[i] = row[i];
}

static int write_xlsx(struct ctx *cx, const struct proposals_page *m, struct buf *out)
{
    bool demo = m->list.n && m->list.rows[0].demo;
    struct doc_labels labels = registry_doc_labels(cx);
    struct doc_meta meta = {.title = T(cx, "Proposals"),
                            .date = m->on_date,
                            .date_text = fmt_date(cx, m->on_date),
                            .demo = demo,
                            .banner = T(cx, "Demonstration data")};
    struct doc *d = doc_new(cx->arena, cx->lang, &meta, &labels);
    struct column columns[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (struct column){
            .title = T(cx, TITLES[i]), .type = COLUMN_TEXT, .weight = i == 2 || i == 3 ? 3 : 1};
    struct table *t = doc_table(d, T(cx, "Proposals"), columns, COLUMNS);
    for (size_t r = 0; r < m->list.n; r++) {
        const char *texts[COLUMNS];
        struct cell cells[COLUMNS];
        cells_of(cx, m, &m->list.rows[r], texts);
        for (size_t i = 0; i < COLUMNS; i++)
            cells[i] = cell_text(texts[i]);
        table_row(t, cells, COLUMNS);
    }
    return doc_xlsx(cx, d, out);
}

static void write_csv(struct ctx *cx, const struct proposals_page *m, struct buf *out)
{
    struct csv_writer w;
    csv_begin(&w, out, ';', true);
    for (size_t i = 0; i < COLUMNS; i++)
        csv_put(&w, T(cx, TITLES[i]));
    csv_end_row(&w);
    for (size_t r = 0; r < m->list.n; r++) {
        const char *texts[COLUMNS];
        cells_of(cx, m, &m->list.rows[r], texts);
        for (size_t i = 0; i < COLUMNS; i++)
            csv_put(&w, texts[i]);
        csv_end_row(&w);
    }
}

int proposals_export_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct proposals_page m = {0};
    struct proposal_list_in in;
    struct buf *out = buf_new(cx->arena, 0);
    bool csv = str_eq(rq_query(rq, "as"), "csv");
    read_filters(rq, &m, &in);
    in.most = EXPORT_MOST;
    TRY(proposal_list(cx, &in, &m.list));
    if (csv)
        write_csv(cx, &m, out);
    else
        TRY(write_xlsx(cx, &m, out));
    TRY(audit_record(cx, csv ? "export.csv" : "export.xlsx", "proposals",
                     arena_printf(cx->arena, "rows=%zu state=%s quarter=%s", m.list.n, m.state, m.quarter)));
    return respond_bytes(
        rq,
        csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        out->data, out->len, arena_printf(cx->arena, "proposals-%s.%s", m.on_date, csv ? "csv" : "xlsx"));
}
