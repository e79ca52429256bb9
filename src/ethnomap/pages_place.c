/* pages_place.c - the passport of a place as a page, and the form that adds a figure to it. */
#include "ethnomap/place.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "db/audit.h"
#include "ethnomap/draw.h"
#include "ethnomap/pages.h"
#include "ethnomap/place_html.h"
#include "ethnomap/tiles.h"
#include "geo/shape_code.h"
#include "i18n/i18n.h"
#include "registry/figures_sql.h"
#include "report/chart.h"

#include <math.h>
#include <string.h>

enum { CHART_WIDTH = 640 };

/* --- pictures --------------------------------------------------------------------------------------- */

static void draw_trend(struct ctx *cx, struct place_page *m)
{
    size_t n = m->p.trend.n, shown = 0;
    struct chart_point *points = arena_array(cx->arena, n + 1, sizeof *points);
    for (size_t i = 0; i < n; i++) {
        const struct place_trend *t = &m->p.trend.rows[i];
        shown += t->value.has;
        points[i] = (struct chart_point){.label = fmt_quarter_short(cx, t->period), .value = t->value.has ? t->value.value : NAN,
                                         .low = t->low.has ? t->low.value : NAN, .high = t->high.has ? t->high.value : NAN};
    }
    if (shown < 2)
        return; /* one figure is a sentence, not a line */
    struct chart_series series = {m->p.trend_name, points, n};
    struct chart chart = {.kind = CHART_LINE, .series = &series, .n_series = 1, .percent = true};
    struct buf *svg = buf_new(cx->arena, 0);
    chart_svg_page(cx, &chart, draw_labels(cx), m->p.trend_name, T(cx, N_("Survey estimates by quarter with their 95 % intervals; the table has the same figures.")),
              CHART_WIDTH, svg);
    m->trend_chart = html_raw(svg->data, svg->len);
}

/* Around a settlement about 30 km, a unit and the region as they are. */
static int small_map(struct request *rq, struct place_page *m)
{
    struct ctx *cx = rq->cx;
    const struct place_facts *f = &m->p.facts;
    struct outline_of_row outline;
    struct geo_box box = geo_box_empty();
    bool found = false;
    TRY(outline_of(cx, &(struct outline_of_in){f->level <= LEVEL_REGION ? 0 : cx->region_id, f->id, 0, f->on_date}, &outline, &found));
    if (found) {
        const struct shape *s = shape_decode(cx->arena, outline.geometry.data, outline.geometry.len);
        if (s)
            box = s->box;
    } else if (f->lon.has && f->lat.has) {
        geo_box_add(&box, geo_point_from_degrees(f->lon.value - 0.2, f->lat.value - 0.15));
        geo_box_add(&box, geo_point_from_degrees(f->lon.value + 0.2, f->lat.value + 0.15));
    }
    if (box.west > box.east)
        return OK;
    m->bounds = arena_printf(cx->arena, "%.4f,%.4f,%.4f,%.4f", geo_degrees(box.west), geo_degrees(box.south), geo_degrees(box.east),
                             geo_degrees(box.north));
    m->texts = ethnomap_texts(cx);
    return ethnomap_addresses(rq, f->on_date, NULL, &m->question);
}

/* --- the page --------------------------------------------------------------------------------------- */

static int show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct place_page *m = arena_alloc(cx->arena, sizeof *m);
    const int64_t *bodies;
    size_t n_bodies;
    int64_t id, ids[6];
    const char *day;
    TRY(rq_path_id(rq, "id", &id));
    TRY(map_date(cx, rq_query(rq, "date"), &day));
    TRY(access_bodies(rq, &bodies, &n_bodies));
    TRY(passport_load(cx, id, day, rq->account.permissions, rq_query(rq, "trend"), bodies, n_bodies, &m->p));
    for (size_t i = 0; i < m->p.path.n; i++)
        ids[i] = m->p.path.steps[i].id;
    m->may_edit = rq_may(rq, PERM_REGISTRY_EDIT) && m->p.facts.level >= LEVEL_UNIT && rq_in_scope(rq, ids, m->p.path.n);
    m->may_visits = rq_may(rq, PERM_RESEARCH_READ) && rq_in_scope(rq, ids, m->p.path.n);
    m->may_choose_point = rq_may(rq, PERM_REGISTRY_EDIT);
    m->today = date_text(cx->arena, date_today(NULL));
    m->past = !str_eq(day, m->today);
    if (m->p.sees_survey)
        TRY(map_survey_indicators(cx, cx->region_id, &m->survey));
    draw_trend(cx, m);
    TRY(small_map(rq, m));
    return respond_view(rq, &place_view, m);
}

int place_get(struct request *rq)
{
    return show(rq);
}

/* --- adding a figure -------------------------------------------------------------------------------- */

static int indicator_choices(struct request *rq, struct form_choices *out)
{
    struct indicator_list_list l;
    TRY(indicator_list(rq->cx, rq->cx->region_id, &l));
    struct form_choice *rows = arena_array(rq->cx->arena, l.n + 1, sizeof *rows);
    for (size_t i = 0; i < l.n; i++) {
        const char *unit = ctx_pick(rq->cx, l.rows[i].unit_kk, l.rows[i].unit_ru, l.rows[i].unit_en), *name = registry_name(rq->cx, l.rows[i]);
        rows[i] = (struct form_choice){l.rows[i].code, *unit ? arena_printf(rq->cx->arena, "%s, %s", name, unit) : name};
    }
    *out = (struct form_choices){rows, l.n};
    return OK;
}

static const struct form_field FIGURE_FIELDS[] = {
    {.name = "indicator", .type = FORM_CHOICE, .label = N_("Figure"), .required = true, .choices_of = indicator_choices,
     .offset = offsetof(struct figure_values, indicator)},
    {.name = "value", .type = FORM_NUM, .label = N_("Value"), .required = true, .min = 0, .max = 1e9,
     .offset = offsetof(struct figure_values, value)},
    {.name = "period", .type = FORM_TEXT, .label = N_("Period"), .hint = N_("A year (2024), a quarter (2025-Q2) or a date (2025-01-01)"),
     .required = true, .max = 10, .offset = offsetof(struct figure_values, period)},
    {.name = "source", .type = FORM_TEXT, .label = N_("Source"), .hint = N_("Who counted it, and in which document"), .required = true,
     .max = 200, .offset = offsetof(struct figure_values, source)},
    {.name = NULL}};
const struct form figure_form = {FIGURE_FIELDS, sizeof(struct figure_values)};

/* A year, quarter or date that has begun. */
static bool period_ok(struct ctx *cx, const char *period)
{
    struct quarter q;
    struct date d;
    int64_t year;
    const char *today = date_text(cx->arena, date_today(NULL));
    if (quarter_parse(period, &q))
        return strcmp(date_text(cx->arena, quarter_start(q)), today) <= 0;
    if (date_parse(period, &d))
        return strcmp(period, today) <= 0;
    return strlen(period) == 4 && str_to_int(period, 1900, 9999, &year) && strncmp(period, today, 4) <= 0;
}

struct figure_change {
    int64_t place;
    const struct figure_values *v;
};

static int figure_tx(struct ctx *cx, void *arg)
{
    const struct figure_change *c = arg;
    int64_t source;
    const char *hash;
    /* The same words name the same source. */
    char *folded = str_fold(cx->arena, c->v->source);
    hash = crypto_blake2b_hex(cx->arena, folded, strlen(folded));
    TRY(registry_source(cx, arena_printf(cx->arena, "entered-%.12s", hash), c->v->source, date_text(cx->arena, date_today(NULL)), "", "",
                        false, &source));
    TRY(passport_add_figure(cx, &(struct passport_add_figure_in){cx->region_id, c->v->indicator, c->place, c->v->period, source, db_new_id(),
                                c->v->value.value}, NULL));
    return audit_append(cx, "figure.add", arena_printf(cx->arena, "place/%s", id_text(cx->arena, c->place)),
                        arena_printf(cx->arena, "%s %s", c->v->indicator, c->v->period));
}

/* Only who answers for the place may write into its passport. */
static int check_scope(struct request *rq, int64_t id)
{
    struct place_path path;
    int64_t ids[6];
    TRY(registry_path(rq->cx, id, date_text(rq->cx->arena, date_today(NULL)), &path));
    for (size_t i = 0; i < path.n; i++)
        ids[i] = path.steps[i].id;
    if (path.n == 0 || path.steps[0].level < LEVEL_UNIT)
        return fail(rq->cx, ERR_INVALID, "Figures are added to a district, city, okrug or settlement.");
    return access_in_scope(rq, ids, path.n);
}

int place_figure_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct figure_values *v = form_values(rq);
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(check_scope(rq, id));
    if (form_ok(rq)) {
        struct indicator_by_code_row indicator;
        bool found = false;
        TRY(indicator_by_code(cx, cx->region_id, v->indicator, &indicator, &found));
        if (found && str_eq(indicator.unit_en, "%") && v->value.value > 100)
            form_error(rq, "value", "A share cannot be more than 100 %%.");
        if (!period_ok(cx, v->period))
            form_error(rq, "period", "Write a year, a quarter or a date that has begun: 2024, 2025-Q2, 2025-01-01.");
    }
    if (!form_ok(rq))
        return show(rq);
    struct figure_change c = {id, v};
    int rc = db_tx(cx, figure_tx, &c);
    if (rc == ERR_CONFLICT) {
        form_error(rq, "period", "A figure of this source for this period is on record already.");
        return show(rq);
    }
    return rc ? rc : respond_redirect(rq, registry_place_href(cx, id), T(cx, N_("The figure is recorded.")));
}

/* --- the view --------------------------------------------------------------------------------------- */

static const struct field_desc FACT_FIELDS[] = {
    FIELD(place_facts, id, ID), FIELD(place_facts, level, INT), FIELD(place_facts, kind, TEXT),
    FIELD(place_facts, kato, TEXT), FIELD(place_facts, name, TEXT), FIELD(place_facts, name_kk, TEXT),
    FIELD(place_facts, name_ru, TEXT), FIELD(place_facts, name_en, TEXT), FIELD(place_facts, name_en_made, BOOL),
    FIELD(place_facts, valid_from, TEXT), FIELD(place_facts, valid_to, TEXT), FIELD(place_facts, on_date, TEXT),
    FIELD(place_facts, lon, OPT_NUM), FIELD(place_facts, lat, OPT_NUM), FIELD(place_facts, point_status, TEXT),
    FIELD(place_facts, unit_id, OPT_ID), FIELD(place_facts, unit, TEXT)};
static ROW_DESC(FACTS, "place_facts", place_facts, FACT_FIELDS);
static const struct field_desc UP_FIELDS[] = {
    FIELD(place_up, id, ID), FIELD(place_up, level, INT), FIELD(place_up, name, TEXT), FIELD(place_up, href, TEXT)};
static ROW_DESC(UP, "place_up", place_up, UP_FIELDS);
static const struct field_desc CHILD_FIELDS[] = {
    FIELD(place_child, id, ID), FIELD(place_child, level, INT), FIELD(place_child, name, TEXT),
    FIELD(place_child, href, TEXT), FIELD(place_child, kato, TEXT)};
static ROW_DESC(CHILD, "place_child", place_child, CHILD_FIELDS);
static const struct field_desc COMMUNITY_FIELDS[] = {
    FIELD(place_community, code, TEXT), FIELD(place_community, name, TEXT), FIELD(place_community, share, OPT_NUM),
    FIELD(place_community, persons, OPT_INT), FIELD_AS("protected", place_community, hidden, BOOL),
    FIELD(place_community, on_date, TEXT), FIELD(place_community, source, TEXT),
    FIELD(place_community, licence, TEXT), FIELD(place_community, demo, BOOL)};
static ROW_DESC(COMMUNITY, "place_community", place_community, COMMUNITY_FIELDS);
static const struct field_desc FIGURE_DESC_FIELDS[] = {
    FIELD(place_figure, id, ID), FIELD(place_figure, code, TEXT), FIELD(place_figure, name, TEXT),
    FIELD(place_figure, block, TEXT), FIELD(place_figure, value, NUM), FIELD(place_figure, value_text, TEXT),
    FIELD(place_figure, unit, TEXT), FIELD(place_figure, definition, TEXT), FIELD(place_figure, period, TEXT),
    FIELD(place_figure, source, TEXT), FIELD(place_figure, licence, TEXT), FIELD(place_figure, demo, BOOL)};
static ROW_DESC(FIGURE, "place_figure", place_figure, FIGURE_DESC_FIELDS);
static const struct field_desc COUNT_FIELDS[] = {
    FIELD(place_count, period, TEXT), FIELD(place_count, kind_code, TEXT), FIELD(place_count, kind, TEXT),
    FIELD(place_count, cases, COUNT)};
static ROW_DESC(COUNT, "place_count", place_count, COUNT_FIELDS);
static const struct field_desc QUARTER_FIELDS[] = {
    FIELD(place_quarter, period, TEXT), FIELD(place_quarter, low, INT), FIELD(place_quarter, high, INT)};
static ROW_DESC(QUARTER, "place_quarter", place_quarter, QUARTER_FIELDS);
static const struct field_desc TREND_FIELDS[] = {
    FIELD(place_trend, id, ID), FIELD(place_trend, period, TEXT), FIELD(place_trend, value, OPT_NUM),
    FIELD(place_trend, low, OPT_NUM), FIELD(place_trend, high, OPT_NUM), FIELD(place_trend, n, INT)};
static ROW_DESC(TREND, "place_trend", place_trend, TREND_FIELDS);

#define LIST(name, member, desc) {name, VIEW_LIST, offsetof(struct place_page, p.member), desc}
static const struct view_part PARTS[] = {
    {"place", VIEW_ROW, offsetof(struct place_page, p.facts), &FACTS},
    LIST("above", above, &UP), LIST("below", below, &CHILD), LIST("changes", changes, &territory_changes_row_desc),
    LIST("figures", figures, &FIGURE), LIST("composition", composition, &COMMUNITY), LIST("bodies", bodies, &organisation_at_row_desc),
    LIST("unit_bodies", unit_bodies, &organisation_at_row_desc), LIST("offices", offices, &passport_offices_row_desc),
    LIST("disputes", disputes, &COUNT), LIST("disputes_by_quarter", quarters, &QUARTER), LIST("visits", visits, &passport_visits_row_desc),
    LIST("proposals", proposals, &passport_proposals_row_desc), LIST("survey", trend, &TREND), {0}};
const struct view place_view = {.name = "place", .title = N_("Passport of a place"), .nav = "/map", .html = ethnomap_place_html,
                                .parts = PARTS, .script = "map"};
