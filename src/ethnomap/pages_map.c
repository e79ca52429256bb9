/* pages_map.c - the ethnomap's page, its print view, its picture, its export. */
#include "ethnomap/pages.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "ethnomap/draw.h"
#include "ethnomap/map_html.h"
#include "ethnomap/map_print_html.h"
#include "ethnomap/tiles.h"
#include "html/html.h"
#include "i18n/i18n.h"
#include "registry/registry.h"

#include <stdlib.h>
#include <string.h>

enum { PICTURE_WIDTH = 760, PAPER_WIDTH = 640 };

/* --- addresses -------------------------------------------------------------------------------------- */

static void put_parameter(struct buf *b, const char *name, const char *value)
{
    if (str_empty(value))
        return;
    buf_printf(b, "%s%s=", b->len ? "&" : "", name);
    html_percent_encode(b, value, strlen(value));
}

const char *map_link(struct request *rq, const struct map_page *m, const char *path, const char *name, const char *value)
{
    const char *const names[] = {"indicator", "period", "date", "sort"};
    const char *const values[] = {m->map.chosen.code, m->map.period, m->past ? m->map.on_date : "", m->sort};
    struct buf *b = buf_new(rq->cx->arena, 8192);
    bool known = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bool this_one = str_eq(name, names[i]);
        known |= this_one;
        put_parameter(b, names[i], this_one ? value : values[i]);
    }
    if (name && !known)
        put_parameter(b, name, value);
    return arena_printf(rq->cx->arena, "%s?%s", path, b->data);
}

/* --- the question ----------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return i18n_collate(((const struct map_row *)a)->name, ((const struct map_row *)b)->name);
}

/* Places without a shown value stand at the end, whatever the direction. */
static int by_value(const void *a, const void *b)
{
    const struct map_row *x = a, *y = b;
    if (x->value.has != y->value.has)
        return x->value.has ? -1 : 1;
    if (x->value.has && x->value.value != y->value.value)
        return x->value.value < y->value.value ? -1 : 1;
    return by_name(a, b);
}

static int by_value_down(const void *a, const void *b)
{
    const struct map_row *x = a, *y = b;
    return x->value.has && y->value.has ? by_value(b, a) : by_value(a, b);
}

static int credit_text(struct ctx *cx, struct map_page *m)
{
    struct map_credits_list l;
    struct buf *b = buf_new(cx->arena, 0);
    TRY(map_credits(cx, cx->region_id, &l));
    /* All sources of the figures, each once. */
    for (size_t i = 0; i < m->map.units.n; i++) {
        const char *s = m->map.units.rows[i].source;
        bool seen = !*s;
        for (size_t k = 0; k < i && !seen; k++)
            seen = str_eq(m->map.units.rows[k].source, s);
        if (!seen)
            buf_printf(b, "%s%s", b->len ? "; " : "", s);
    }
    const char *figures = b->len ? arena_strdup(cx->arena, b->data) : T(cx, "none");
    buf_reset(b);
    for (size_t i = 0; i < l.n; i++)
        buf_printf(b, "%s%s (%s)", i ? "; " : "", l.rows[i].attribution, l.rows[i].licence);
    m->credit = TF(cx, "Figures: %s. As of %s.", figures, fmt_date(cx, m->map.on_date));
    m->borders = b->data;
    return OK;
}

static int load_question(struct request *rq, struct map_page *m)
{
    struct ctx *cx = rq->cx;
    *m = (struct map_page){.sort = rq_query(rq, "sort") ? rq_query(rq, "sort") : ""};
    TRY(map_model_load(cx, rq->account.permissions, rq_query(rq, "indicator"), rq_query(rq, "period"), rq_query(rq, "date"), &m->map));
    m->past = !str_eq(m->map.on_date, m->map.today);
    m->attention = rq_may(rq, PERM_REGISTRY_READ);
    qsort(m->map.units.rows, m->map.units.n, sizeof *m->map.units.rows,
          str_eq(m->sort, "value") ? by_value : str_eq(m->sort, "-value") ? by_value_down : by_name);
    m->link = strchr(map_link(rq, m, "", NULL, NULL), '?') + 1;
    TRY(map_changes(cx, cx->region_id, &m->changes));
    return credit_text(cx, m);
}

int ethnomap_addresses(struct request *rq, const char *on_date, const struct map_model *m, struct map_question *out)
{
    struct ctx *cx = rq->cx;
    uint64_t stamp[LAYER_COUNT] = {0};
    struct tiles_question q = {.lang = cx->lang, .on_date = on_date, .permissions = rq->account.permissions};
    for (q.layer = LAYER_BASE; q.layer < LAYER_COUNT; q.layer++)
        if (m || q.layer != LAYER_UNITS)
            TRY(tiles_stamp(cx, &q, m, &stamp[q.layer]));
    struct buf *b = buf_new(cx->arena, 8192);
    if (m) {
        put_parameter(b, "indicator", m->chosen.code);
        put_parameter(b, "period", m->period);
        buf_printf(b, "&u=%016llx&", (unsigned long long)stamp[LAYER_UNITS]);
    }
    buf_printf(b, "s=%016llx", (unsigned long long)stamp[LAYER_SETTLEMENTS]);
    *out = (struct map_question){.on_date = on_date, .period = m ? m->period : "", .period_text = m ? m->period_text : "",
                                 .tiles = arena_printf(cx->arena, "/tiles/{layer}/{z}/{x}/{y}?b=%016llx&l=%s&d=%s",
                                                       (unsigned long long)stamp[LAYER_BASE], lang_code(cx->lang), on_date),
                                 .query = b->data};
    return OK;
}

static int first_view(struct ctx *cx, struct map_page *m)
{
    struct geo_box box;
    TRY(tiles_bounds(cx, m->map.on_date, &box));
    if (box.west <= box.east)
        m->bounds = arena_printf(cx->arena, "%.4f,%.4f,%.4f,%.4f", geo_degrees(box.west), geo_degrees(box.south), geo_degrees(box.east),
                                 geo_degrees(box.north));
    return OK;
}

const char *ethnomap_texts(struct ctx *cx)
{
    struct json_writer w;
    struct buf *b = buf_new(cx->arena, 0);
    json_begin(&w, b);
    json_obj(&w, NULL);
    json_str(&w, "zoom_in", T(cx, N_("Closer")));
    json_str(&w, "zoom_out", T(cx, N_("Farther")));
    json_str(&w, "protected", T(cx, "protected"));
    json_str(&w, "attention", T(cx, "Settlement under attention"));
    json_str(&w, "open", T(cx, N_("Open the passport")));
    json_str(&w, "no_map", T(cx, N_("The map cannot be drawn here; the table has the same figures.")));
    json_str(&w, "map", T(cx, N_("Map")));
    json_end(&w);
    return b->data;
}

int ethnomap_get(struct request *rq)
{
    struct map_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    TRY(load_question(rq, m));
    TRY(ethnomap_addresses(rq, m->map.on_date, &m->map, &m->question));
    TRY(first_view(rq->cx, m));
    m->texts = ethnomap_texts(rq->cx);
    return respond_view(rq, &map_view, m);
}

/* --- on paper, as a picture ------------------------------------------------------------------------- */

int ethnomap_print_get(struct request *rq)
{
    struct map_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    struct buf *svg = buf_new(rq->cx->arena, 0);
    TRY(load_question(rq, m));
    m->paper = str_eq(rq_query(rq, "paper"), "a3") ? "a3" : "a4";
    TRY(draw_map(rq->cx, &m->map, 1, m->attention, NULL, PAPER_WIDTH, svg));
    m->picture = html_raw(svg->data, svg->len);
    return respond_view(rq, &map_print_view, m);
}

int ethnomap_picture_get(struct request *rq)
{
    struct map_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    struct buf *svg = buf_new(rq->cx->arena, 0), *file = buf_new(rq->cx->arena, 0);
    TRY(load_question(rq, m));
    TRY(draw_map(rq->cx, &m->map, 0, m->attention, NULL, PICTURE_WIDTH, svg));
    /* A file of its own names what it is written in; inside of a page that is known. */
    if (strstr(svg->data, "xmlns="))
        buf_put(file, svg->data, svg->len);
    else
        buf_printf(file, "<svg xmlns=\"http://www.w3.org/2000/svg\"%s", svg->data + strlen("<svg"));
    return respond_bytes(rq, "image/svg+xml", file->data, file->len, NULL);
}

/* --- export ----------------------------------------------------------------------------------------- */

static void write_csv(struct ctx *cx, const struct map_page *m, struct buf *out)
{
    struct csv_writer w;
    static const char *const HEAD[] = {N_("Code"), N_("Place"), N_("Indicator"), N_("Value"), N_("lower bound"), N_("upper bound"), N_("Unit"),
                                       N_("Period"), N_("Source"), N_("Note")};
    csv_begin(&w, out, ';', true);
    for (size_t i = 0; i < sizeof HEAD / sizeof *HEAD; i++)
        csv_put(&w, T(cx, HEAD[i]));
    csv_end_row(&w);
    for (size_t i = 0; i < m->map.units.n; i++) {
        const struct map_row *r = &m->map.units.rows[i];
        csv_put(&w, r->kato);
        csv_put(&w, r->name);
        csv_put(&w, m->map.chosen.name);
        const struct opt_num values[] = {r->value, r->low, r->high};
        for (size_t k = 0; k < 3; k++)
            if (r->hidden && k == 0)
                csv_put(&w, T(cx, "protected"));
            else if (values[k].has && !r->hidden)
                csv_put_num(&w, values[k].value);
            else
                csv_put(&w, "");
        csv_put(&w, m->map.chosen.kind == MAP_SURVEY ? T(cx, N_("share of 1")) : m->map.chosen.unit);
        csv_put(&w, r->period);
        csv_put(&w, r->source);
        csv_put(&w, r->demo ? T(cx, "demonstration") : "");
        csv_end_row(&w);
    }
}

int ethnomap_export_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct map_page *m = arena_alloc(cx->arena, sizeof *m);
    struct buf *out = buf_new(cx->arena, 0);
    bool xlsx = str_eq(rq_query(rq, "format"), "xlsx");
    TRY(load_question(rq, m));
    if (xlsx)
        TRY(doc_xlsx(cx, draw_document(cx, &m->map, arena_printf(cx->arena, "%s %s %s", m->credit, T(cx, N_("Borders:")), m->borders)), out));
    else
        write_csv(cx, m, out);
    TRY(audit_record(cx, xlsx ? "export.xlsx" : "export.csv", "map",
                     arena_printf(cx->arena, "indicator %s, period %s, day %s, %zu rows", m->map.chosen.code, m->map.period, m->map.on_date,
                                  m->map.units.n)));
    return respond_bytes(rq, xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8",
                         out->data, out->len, arena_printf(cx->arena, "%s-%s-%s.%s", T(cx, N_("ethnomap")), m->map.chosen.code,
                                                           *m->map.period ? m->map.period : m->map.on_date, xlsx ? "xlsx" : "csv"));
}

/* --- views ------------------------------------------------------------------------------------------ */

static const struct field_desc QUESTION_FIELDS[] = {
    FIELD(map_question, on_date, TEXT), FIELD(map_question, period, TEXT), FIELD(map_question, period_text, TEXT),
    FIELD(map_question, tiles, TEXT), FIELD(map_question, query, TEXT)};
static ROW_DESC(QUESTION, "map_question", map_question, QUESTION_FIELDS);

static const struct view_part PARTS[] = {
    {"question", VIEW_ROW, offsetof(struct map_page, question), &QUESTION},
    {"indicator", VIEW_ROW, offsetof(struct map_page, map.chosen), &map_indicator_desc},
    {"units", VIEW_LIST, offsetof(struct map_page, map.units), &map_row_desc},
    {"classes", VIEW_LIST, offsetof(struct map_page, map.classes), &map_class_desc},
    {"indicators", VIEW_LIST, offsetof(struct map_page, map.indicators), &map_indicator_desc},
    {"periods", VIEW_LIST, offsetof(struct map_page, map.periods), &map_period_desc},
    {"changes", VIEW_LIST, offsetof(struct map_page, changes), &map_changes_row_desc},
    {0}};
const struct view map_view = {.name = "map", .title = N_("Ethnomap"), .nav = "/map", .html = ethnomap_map_html, .parts = PARTS,
                              .flags = VIEW_WIDE, .script = "map"};
const struct view map_print_view = {.name = "map_print", .title = N_("Ethnomap"), .nav = "/map", .html = ethnomap_map_print_html,
                                    .parts = PARTS, .flags = VIEW_WIDE};
