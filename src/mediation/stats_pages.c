/* stats_pages.c - the statistics of disputes: the protected family of tables of stats.h, as page, JSON and
 * XLSX. */
#include "mediation/stats_pages.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "mediation/pages.h"
#include "mediation/statistics_html.h"
#include "report/doc.h"
#include "setting/setting.h"

#include <string.h>

const char *stats_period_name(struct ctx *cx, const char *period)
{
    int64_t year = 0;
    if (strlen(period) == 4)
        return TF(cx, "Year %s", period);
    if (period[5] == 'Q')
        return fmt_quarter(cx, period);
    str_to_int(arena_strndup(cx->arena, period, 4), 0, 9999, &year);
    return period[6] == '1' ? TF(cx, "First half of %lld", (long long)year)
                            : TF(cx, "Second half of %lld", (long long)year);
}

static int load(struct request *rq, struct statistics_page *m)
{
    struct ctx *cx = rq->cx;
    const char *today = date_text(cx->arena, date_today(NULL));
    int *years;
    size_t n;
    m->everyday = str_eq(rq_query(rq, "of"), "everyday");
    m->threshold = setting_int(cx, "protect.threshold");
    TRY(stats_by_period(cx, !m->everyday, today, &m->periods));
    TRY(stats_years(cx, today, &years, &n));
    m->years.rows = arena_array(cx->arena, n + 1, sizeof *m->years.rows);
    for (size_t i = 0; i < n; i++)
        m->years.rows[m->years.n++] = (struct statistics_year){years[i]};
    if (!n)
        return OK;
    int64_t year = rq_query_int(rq, "year", years[n - 1], years[0], years[0]);
    TRY(stats_by_place(cx, !m->everyday, (int)year, today, &m->table));
    stats_list_cells(cx, &m->table, &m->cells);
    return OK;
}

int statistics_get(struct request *rq)
{
    struct statistics_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    TRY(load(rq, m));
    return respond_view(rq, &statistics_view, m);
}

static struct cell cell_of(struct ctx *cx, struct protected_count c)
{
    return c.hidden ? cell_hidden(NULL) : cell_num((double)c.value, fmt_int(cx, c.value), NULL);
}

static void put_periods(struct ctx *cx, struct doc *d, const struct statistics_page *m)
{
    const struct column columns[] = {
        {.title = T(cx, "Period"), .type = COLUMN_TEXT},
        {.title = m->everyday ? T(cx, N_("Everyday disputes")) : T(cx, N_("Offences")),
         .type = COLUMN_NUMBER},
        {.title = T(cx, N_("Settled")), .type = COLUMN_NUMBER},
        {.title = T(cx, N_("Not settled")), .type = COLUMN_NUMBER},
        {.title = T(cx, N_("Performed")), .type = COLUMN_NUMBER}};
    struct table *t = doc_table(d, T(cx, N_("Disputes by period")), columns, 5);
    for (size_t i = 0; i < m->periods.n; i++) {
        const struct stats_period *p = &m->periods.rows[i];
        const struct cell cells[] = {cell_text(stats_period_name(cx, p->period)), cell_of(cx, p->cases),
                                     cell_of(cx, p->settled), cell_of(cx, p->not_settled),
                                     cell_of(cx, p->performed)};
        table_row(t, cells, 5);
    }
}

static void put_places(struct ctx *cx, struct doc *d, const struct stats_table *s)
{
    size_t w = s->kinds + 1;
    struct column *columns = arena_array(cx->arena, w + 1, sizeof *columns);
    struct cell *cells = arena_array(cx->arena, w + 1, sizeof *cells);
    columns[0] = (struct column){.title = T(cx, "District or city"), .type = COLUMN_TEXT};
    for (size_t k = 0; k < w; k++)
        columns[k + 1] =
            (struct column){.title = k < s->kinds ? s->kind_names[k] : T(cx, "Total"), .type = COLUMN_NUMBER};
    struct table *t = doc_table(d, TF(cx, "Disputes by place and kind, %s", s->year), columns, w + 1);
    for (size_t u = 0; u <= s->units; u++) {
        cells[0] = cell_text(u < s->units ? s->unit_names[u] : T(cx, "Total"));
        for (size_t k = 0; k < w; k++)
            cells[k + 1] = cell_of(cx, s->cells[u * w + k]);
        if (u < s->units)
            table_row(t, cells, w + 1);
        else
            table_total(t, cells, w + 1);
    }
}

int statistics_export(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct statistics_page *m = arena_alloc(cx->arena, sizeof *m);
    TRY(load(rq, m));
    const char *today = date_text(cx->arena, date_today(NULL));
    struct doc_meta meta = {
        .title = T(cx, "Statistics of disputes"), .date = today, .date_text = fmt_date(cx, today)};
    struct doc_labels labels = {.table = "%d",
                                .hidden = T(cx, "protected"),
                                .no_data = "",
                                .sheet = T(cx, "Sheet"),
                                .from = "",
                                .to = ""};
    struct doc *d = doc_new(cx->arena, cx->lang, &meta, &labels);
    put_periods(cx, d, m);
    if (m->table.units)
        put_places(cx, d, &m->table);
    struct buf *out = buf_new(cx->arena, 0);
    TRY(doc_xlsx(cx, d, out));
    TRY(audit_record(cx, "export.xlsx", "disputes/statistics", m->everyday ? "everyday" : "offences"));
    return respond_bytes(rq, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", out->data,
                         out->len, arena_printf(cx->arena, "dispute-statistics-%s.xlsx", today));
}

static const struct field_desc PERIOD_FIELDS[] = {
    FIELD(stats_period, period, TEXT), FIELD(stats_period, cases, COUNT), FIELD(stats_period, settled, COUNT),
    FIELD(stats_period, not_settled, COUNT), FIELD(stats_period, performed, COUNT),
    FIELD(stats_period, share, OPT_NUM)};
static ROW_DESC(PERIOD, "dispute_period", stats_period, PERIOD_FIELDS);
static const struct field_desc CELL_FIELDS[] = {
    FIELD(stats_cell, period, TEXT), FIELD(stats_cell, unit_id, INT), FIELD(stats_cell, unit, TEXT),
    FIELD(stats_cell, kind_code, TEXT), FIELD(stats_cell, kind, TEXT), FIELD(stats_cell, cases, COUNT)};
static ROW_DESC(CELL, "dispute_place_cell", stats_cell, CELL_FIELDS);

const struct view statistics_view = {
    .name = "dispute_statistics",
    .title = N_("Statistics of disputes"),
    .nav = "/disputes/statistics",
    .html = mediation_statistics_html,
    .parts =
        (const struct view_part[]){{"periods", VIEW_LIST, offsetof(struct statistics_page, periods), &PERIOD},
                                   {"places", VIEW_LIST, offsetof(struct statistics_page, cells), &CELL},
                                   {0}}};
