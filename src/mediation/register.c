/* register.c - the register of disputes: rows by right, filters, pages, export. Never content. */
#include "mediation/pages.h"

#include "access/access.h"
#include "access/keys.h"
#include "base/arena.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "html/html.h"
#include "i18n/i18n.h"
#include "mediation/mediation.h"
#include "mediation/register_html.h"
#include "registry/registry.h"
#include "report/doc.h"

#include <string.h>

enum { PER_PAGE = 50, EXPORT_MOST = 20000 };

int case_asker_of(struct request *rq, struct case_asker *a)
{
    struct ctx *cx = rq->cx;
    *a = (struct case_asker){.account_id = rq->account.id,
                             .clerk = rq_may(rq, PERM_DISPUTE_TRIAGE),
                             .files = rq_may(rq, PERM_DISPUTE_FILE)};
    if (rq->account.id && rq_may(rq, PERM_CASE_MEDIATE)) {
        struct mediator_of_account_row m;
        bool found = false;
        TRY(mediator_of_account(cx, cx->region_id, rq->account.id, date_text(cx->arena, date_today(NULL)), &m,
                                &found));
        a->mediator_id = found ? m.id : 0;
    }
    return access_own_key(rq, &a->key);
}

static const char *query_text(struct request *rq, const char *name)
{
    const char *v = rq_query(rq, name);
    return v ? str_trim(rq->cx->arena, v) : "";
}

/* Filters that mean nothing are no filters. */
static void read_filter(struct request *rq, struct register_filter *f)
{
    struct quarter q;
    *f = (struct register_filter){query_text(rq, "state"),
                                  query_text(rq, "kind"),
                                  query_text(rq, "quarter"),
                                  0,
                                  rq_query(rq, "mine") != NULL,
                                  rq_query(rq, "overdue") != NULL,
                                  str_eq(query_text(rq, "state"), "open")};
    if (case_state_from(f->state) == CASE_STATES)
        f->state = "";
    if (!quarter_parse(f->quarter, &q))
        f->quarter = "";
    id_parse(rq_query(rq, "unit"), &f->unit);
}

static int count_rows(struct ctx *cx, const struct dispute_list_in *in, int64_t *total)
{
    struct dispute_count_row n;
    TRY(dispute_count(cx,
                      &(struct dispute_count_in){in->region_id, in->see_all, in->mediator_id, in->account_id,
                                                 in->state, in->unit_id, in->kind, in->quarter, in->mine,
                                                 in->overdue, in->today, in->open_only},
                      &n));
    *total = n.n;
    return OK;
}

static void make_rows(struct ctx *cx, struct register_page *m)
{
    m->rows.rows = arena_array(cx->arena, m->list.n + 1, sizeof *m->rows.rows);
    for (size_t i = 0; i < m->list.n; i++) {
        const struct dispute_list_row *d = &m->list.rows[i];
        /* The list has no day of the contract: the days left are counted from today. */
        struct case_clock k = case_clock(case_state_from(d->state), m->today, d->due_on, m->today);
        m->rows.rows[m->rows.n++] = (struct register_row){d->id,
                                                          d->territory_id,
                                                          d->number,
                                                          d->occurred_on,
                                                          ctx_pick(cx, d->place_kk, d->place_ru, d->place_en),
                                                          ctx_pick(cx, d->unit_kk, d->unit_ru, d->unit_en),
                                                          ctx_pick(cx, d->kind_kk, d->kind_ru, d->kind_en),
                                                          d->state,
                                                          mediation_state_name(cx, d->state),
                                                          d->mediator_name ? d->mediator_name : "",
                                                          d->due_on,
                                                          case_clock_text(cx, &k),
                                                          d->offence,
                                                          k.level >= CLOCK_LATE,
                                                          d->demo};
    }
}

/* Rows of the asker's filters; most of them, from ?before= on. */
static int load(struct request *rq, int64_t most, struct register_page *m)
{
    struct ctx *cx = rq->cx;
    struct case_asker a;
    TRY(case_asker_of(rq, &a));
    read_filter(rq, &m->filter);
    m->today = date_text(cx->arena, date_today(NULL));
    struct dispute_list_in in = {.region_id = cx->region_id,
                                 .see_all = a.clerk,
                                 .mediator_id = a.mediator_id,
                                 .account_id = a.account_id ? a.account_id : -1,
                                 .state = m->filter.state,
                                 .unit_id = m->filter.unit,
                                 .kind = m->filter.kind,
                                 .quarter = m->filter.quarter,
                                 .mine = m->filter.mine,
                                 .overdue = m->filter.overdue,
                                 .today = m->today,
                                 .open_only = m->filter.open_only,
                                 .most = most + 1};
    TRY(count_rows(cx, &in, &m->about.total));
    size_t n = 0;
    char **before = rq_query(rq, "before") ? str_split(cx->arena, rq_query(rq, "before"), '-', &n) : NULL;
    if (n == 2 && id_parse(before[0], &in.before_us) && !id_parse(before[1], &in.before_id))
        in.before_us = 0;
    TRY(dispute_list(cx, &in, &m->list));
    if ((int64_t)m->list.n > most) {
        const struct dispute_list_row *last = &m->list.rows[most - 1];
        m->list.n = (size_t)most;
        m->about.next = arena_printf(cx->arena, "%s-%s", id_text(cx->arena, last->filed_us),
                                     id_text(cx->arena, last->id));
    }
    m->about.see_all = a.clerk;
    m->about.may_file = a.files;
    make_rows(cx, m);
    return OK;
}

/* The address of the export of what the filters give. */
static const char *export_url(struct request *rq, const struct register_filter *f, const char *as)
{
    struct ctx *cx = rq->cx;
    struct buf *url = buf_new(cx->arena, 0);
    buf_printf(url, "/disputes/export?as=%s&state=%s&unit=%s&quarter=%s%s%s&kind=", as,
               f->open_only ? "open" : f->state, f->unit ? id_text(cx->arena, f->unit) : "", f->quarter,
               f->mine ? "&mine=1" : "", f->overdue ? "&overdue=1" : "");
    html_percent_encode(url, f->kind, strlen(f->kind));
    return url->data;
}

/* The quarters one may ask for: from this one back to the first of the register. */
static int list_quarters(struct ctx *cx, struct register_page *m)
{
    struct dispute_first_quarter_row first;
    struct quarter from, last = quarter_of(date_today(NULL));
    TRY(dispute_first_quarter(cx, cx->region_id, &first));
    if (!quarter_parse(first.quarter, &from) || quarter_index(from) > quarter_index(last))
        from = last;
    size_t n = (size_t)(quarter_index(last) - quarter_index(from)) + 1;
    m->quarters = arena_array(cx->arena, n + 1, sizeof *m->quarters);
    for (size_t i = 0; i < n; i++, last = quarter_previous(last))
        m->quarters[i] = quarter_text(cx->arena, last);
    return OK;
}

int register_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct register_page *m = arena_alloc(cx->arena, sizeof *m);
    struct territory_list_list units;
    TRY(load(rq, PER_PAGE, m));
    TRY(list_quarters(cx, m));
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, m->today, &units));
    TRY(dispute_kind_list(cx, cx->region_id, m->today, &m->kinds));
    m->units.rows = arena_array(cx->arena, units.n, sizeof *m->units.rows);
    for (size_t i = 0; i < units.n; i++)
        m->units.rows[m->units.n++] =
            (struct intake_choice){units.rows[i].id, registry_name(cx, units.rows[i])};
    m->about.xlsx = export_url(rq, &m->filter, "xlsx");
    m->about.csv = export_url(rq, &m->filter, "csv");
    return respond_view(rq, &register_view, m);
}

/* --- export
 * ----------------------------------------------------------------------------------------------------------
 */

enum { COLUMNS = 10 };
static const char *const TITLES[COLUMNS] = {N_("Number"), N_("Date"),    N_("Place"), N_("District or city"),
                                            N_("Kind"),   N_("Offence"), N_("State"), N_("Mediator"),
                                            N_("Due on"), N_("Note")};

static void row_texts(struct ctx *cx, const struct register_row *r, const char **out)
{
    const char *const cells[COLUMNS] = {r->number,
                                        fmt_date(cx, r->occurred_on),
                                        r->place,
                                        r->unit,
                                        r->kind,
                                        r->offence ? T(cx, "yes") : T(cx, "no"),
                                        r->state_name,
                                        r->mediator,
                                        *r->due_on ? fmt_date(cx, r->due_on) : "",
                                        r->demo ? T(cx, "demonstration") : ""};
    memcpy(out, cells, sizeof cells);
}

static int export_xlsx(struct request *rq, const struct register_page *m)
{
    struct ctx *cx = rq->cx;
    struct doc_meta meta = {
        .title = T(cx, "Register of disputes"), .date = m->today, .date_text = fmt_date(cx, m->today)};
    struct doc_labels labels = {.table = "%d",
                                .hidden = T(cx, "protected"),
                                .no_data = "",
                                .sheet = T(cx, "Sheet"),
                                .from = "",
                                .to = ""};
    struct doc *d = doc_new(cx->arena, cx->lang, &meta, &labels);
    struct column columns[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        columns[i] = (struct column){.title = T(cx, TITLES[i]), .type = COLUMN_TEXT};
    struct table *t = doc_table(d, meta.title, columns, COLUMNS);
    for (size_t i = 0; i < m->rows.n; i++) {
        const char *texts[COLUMNS];
        struct cell cells[COLUMNS];
        row_texts(cx, &m->rows.rows[i], texts);
        for (int c = 0; c < COLUMNS; c++)
            cells[c] = cell_text(texts[c]);
        table_row(t, cells, COLUMNS);
    }
    struct buf *out = buf_new(cx->arena, 0);
    TRY(doc_xlsx(cx, d, out));
    return respond_bytes(rq, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", out->data,
                         out->len, arena_printf(cx->arena, "disputes-%s.xlsx", m->today));
}

static int export_csv(struct request *rq, const struct register_page *m)
{
    struct ctx *cx = rq->cx;
    struct buf *out = buf_new(cx->arena, 0);
    struct csv_writer w;
    csv_begin(&w, out, ';', true);
    for (int i = 0; i < COLUMNS; i++)
        csv_put(&w, T(cx, TITLES[i]));
    csv_end_row(&w);
    for (size_t i = 0; i < m->rows.n; i++) {
        const char *texts[COLUMNS];
        row_texts(cx, &m->rows.rows[i], texts);
        for (int c = 0; c < COLUMNS; c++)
            csv_put(&w, texts[c]);
        csv_end_row(&w);
    }
    return respond_bytes(rq, "text/csv; charset=utf-8", out->data, out->len,
                         arena_printf(cx->arena, "disputes-%s.csv", m->today));
}

/* Exactly the rows that the same address shows on its pages, without content. */
int register_export(struct request *rq)
{
    struct register_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    bool xlsx = str_eq(rq_query(rq, "as"), "xlsx");
    TRY(load(rq, EXPORT_MOST, m));
    TRY(audit_record(rq->cx, xlsx ? "export.xlsx" : "export.csv", "disputes",
                     arena_printf(rq->cx->arena, "%zu rows", m->rows.n)));
    return xlsx ? export_xlsx(rq, m) : export_csv(rq, m);
}

/* --- views
 * ------------------------------------------------------------------------------------------------------------
 */

static const struct field_desc ROW_FIELDS[] = {
    FIELD(register_row, id, ID), FIELD(register_row, number, TEXT), FIELD(register_row, occurred_on, TEXT),
    FIELD(register_row, territory_id, ID), FIELD(register_row, place, TEXT), FIELD(register_row, unit, TEXT),
    FIELD(register_row, kind, TEXT), FIELD(register_row, offence, BOOL), FIELD(register_row, state, TEXT),
    FIELD(register_row, state_name, TEXT), FIELD(register_row, mediator, TEXT), FIELD(register_row, due_on, TEXT),
    FIELD(register_row, late, BOOL), FIELD(register_row, demo, BOOL)};
static ROW_DESC(ROW, "dispute_row", register_row, ROW_FIELDS);
static const struct field_desc ABOUT_FIELDS[] = {
    FIELD_AS("total", register_page, about.total, INT), FIELD_AS("next", register_page, about.next, TEXT)};
static ROW_DESC(ABOUT, "dispute_list", register_page, ABOUT_FIELDS);

const struct view register_view = {
    .name = "disputes",
    .title = N_("Disputes"),
    .nav = "/disputes",
    .html = mediation_register_html,
    .parts = (const struct view_part[]){{"list", VIEW_ROW, 0, &ABOUT},
                                        {"disputes", VIEW_LIST, offsetof(struct register_page, rows), &ROW},
                                        {0}}};
