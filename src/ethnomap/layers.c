/* layers.c - see layers.h. What the sub-layers and properties are called is agreed with web/src/islands/map.ts. */
#include "ethnomap/layers.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "geo/shape_code.h"
#include "i18n/i18n.h"
#include "registry/organisation_sql.h"
#include "registry/registry.h"

#include <string.h>

static int decode(struct ctx *cx, struct bytes b, const struct shape **out)
{
    *out = shape_decode(cx->arena, b.data, b.len);
    return *out ? OK : fail(cx, ERR_DB, "An outline in the database is damaged.");
}

static const struct tile_property *keep_properties(struct ctx *cx, const struct tile_property *p, size_t n)
{
    struct tile_property *copy = arena_array(cx->arena, n, sizeof *copy);
    memcpy(copy, p, n * sizeof *copy);
    return copy;
}

static struct shape *point_shape(struct ctx *cx, struct geo_point p)
{
    struct shape *s = shape_new(cx->arena, SHAPE_POINTS, 1, 1);
    s->points[0] = p;
    shape_close(s);
    return s;
}

/* The rings of an area as closed lines: a border drawn as a filled area would be drawn along the tiles' edges too. */
static const struct shape *border_of(struct ctx *cx, const struct shape *area)
{
    struct shape *s = shape_new(cx->arena, SHAPE_LINES, area->n_points + area->n_parts, area->n_parts);
    size_t n = 0;
    for (size_t r = 0; r < area->n_parts; r++) {
        s->starts[r] = (uint32_t)n;
        for (uint32_t i = area->starts[r]; i < area->starts[r + 1]; i++)
            s->points[n++] = area->points[i];
        s->points[n++] = area->points[area->starts[r]];
    }
    shape_close(s);
    return s;
}

/* --- base ------------------------------------------------------------------------------------------- */

struct features {
    struct tile_feature *rows;
    size_t n, cap;
};

/* Natural Earth's rank: from which zoom on a thing is worth its ink. */
static int zoom_of_rank(int64_t rank)
{
    return rank <= 3 ? 0 : rank <= 6 ? 5 : rank <= 8 ? 6 : 7;
}

static int add_base(struct ctx *cx, const char *layer, struct features *out)
{
    struct basemap_list_list l;
    TRY(basemap_list(cx, 0, layer, &l));
    for (size_t i = 0; i < l.n; i++) {
        const struct basemap_list_row *r = &l.rows[i];
        /* In the reader's letters or not at all: a map does not mix alphabets. */
        const char *name = cx->lang == LANG_KK ? r->name_kk : cx->lang == LANG_RU ? r->name_ru : r->name_en;
        const struct tile_property p[] = {tile_text("name", *name ? name : NULL), tile_int("rank", r->rank)};
        const struct shape *s;
        TRY(decode(cx, r->geometry, &s));
        vec_push(cx->arena, out, (struct tile_feature){.shape = s, .min_zoom = zoom_of_rank(r->rank), .n_properties = 2,
                                                       .properties = keep_properties(cx, p, 2)});
    }
    return OK;
}

static int add_borders_of(struct ctx *cx, int64_t region_id, int level, const char *on_date, struct features *out)
{
    for (int detail = 0; detail <= 1; detail++) {
        struct outline_list_list l;
        TRY(outline_list(cx, &(struct outline_list_in){region_id, level, detail, on_date}, &l));
        for (size_t i = 0; i < l.n; i++) {
            const struct tile_property p[] = {tile_int("level", level), tile_text("name", registry_name(cx, l.rows[i]))};
            const struct shape *s;
            TRY(decode(cx, l.rows[i].geometry, &s));
            vec_push(cx->arena, out, (struct tile_feature){.shape = border_of(cx, s), .min_zoom = detail ? DETAIL_ZOOM : 0,
                                                           .max_zoom = detail ? 0 : DETAIL_ZOOM, .n_properties = 2,
                                                           .properties = keep_properties(cx, p, 2)});
        }
    }
    return OK;
}

/* Of the regions, and of the region's own units. */
static int add_borders(struct ctx *cx, const char *on_date, struct features *out)
{
    TRY(add_borders_of(cx, 0, LEVEL_REGION, on_date, out));
    return add_borders_of(cx, cx->region_id, LEVEL_UNIT, on_date, out);
}

/* Names of towns outside of the region only: its own are in the layer of settlements. */
static int add_places(struct ctx *cx, const char *on_date, struct features *out)
{
    struct features all = {0};
    struct outline_list_list own;
    TRY(add_base(cx, "place", &all));
    TRY(outline_list(cx, &(struct outline_list_in){cx->region_id, LEVEL_UNIT, 0, on_date}, &own));
    const struct shape **areas = arena_array(cx->arena, own.n + 1, sizeof *areas);
    for (size_t k = 0; k < own.n; k++)
        TRY(decode(cx, own.rows[k].geometry, &areas[k]));
    for (size_t i = 0; i < all.n; i++) {
        bool inside = false;
        for (size_t k = 0; k < own.n && !inside; k++)
            inside = shape_contains(areas[k], all.rows[i].shape->points[0]);
        if (!inside)
            vec_push(cx->arena, out, all.rows[i]);
    }
    return OK;
}

static int make_base(struct ctx *cx, const struct tiles_question *q, struct arena *keep, struct tile_source **out)
{
    struct features water = {0}, ways = {0}, borders = {0}, places = {0};
    TRY(add_base(cx, "water", &water));
    TRY(add_base(cx, "waterway", &ways));
    TRY(add_borders(cx, q->on_date, &borders));
    TRY(add_places(cx, q->on_date, &places));
    const struct tile_layer layers[] = {{"water", water.rows, water.n}, {"waterway", ways.rows, ways.n},
                                        {"boundary", borders.rows, borders.n}, {"place", places.rows, places.n}};
    *out = tile_source_new(keep, layers, 4);
    return OK;
}

/* --- units ------------------------------------------------------------------------------------------ */

static const struct map_row *row_of(const struct map_model *m, int64_t id)
{
    for (size_t i = 0; i < m->units.n; i++)
        if (m->units.rows[i].id == id)
            return &m->units.rows[i];
    return NULL;
}

static int make_units(struct ctx *cx, const struct tiles_question *q, const struct map_model *m, struct arena *keep,
                      struct tile_source **out)
{
    struct features areas = {0}, labels = {0};
    for (int detail = 0; detail <= 1; detail++) {
        struct outline_list_list l;
        TRY(outline_list(cx, &(struct outline_list_in){cx->region_id, LEVEL_UNIT, detail, q->on_date}, &l));
        for (size_t i = 0; i < l.n; i++) {
            const struct map_row *r = row_of(m, l.rows[i].territory_id);
            const struct shape *s;
            if (!r)
                continue;
            const struct tile_property p[] = {
                tile_text("id", id_text(cx->arena, r->id)), tile_text("name", r->name), tile_int("class", r->class_number),
                tile_text("value_text", r->hidden ? NULL : *r->value_text ? r->value_text : T(cx, "Too little data")),
                tile_bool("protected", r->hidden), tile_text("href", r->href)};
            TRY(decode(cx, l.rows[i].geometry, &s));
            vec_push(cx->arena, &areas, (struct tile_feature){.id = (uint64_t)r->id, .shape = s, .min_zoom = detail ? DETAIL_ZOOM : 0,
                                                              .max_zoom = detail ? 0 : DETAIL_ZOOM, .n_properties = 6,
                                                              .properties = keep_properties(cx, p, 6)});
            if (!detail)
                continue;
            vec_push(cx->arena, &labels,
                     (struct tile_feature){.shape = point_shape(cx, shape_label_point(cx->arena, s)), .n_properties = 1,
                                           .properties = keep_properties(cx, (struct tile_property[]){tile_text("name", r->name)}, 1)});
        }
    }
    const struct tile_layer layers[] = {{"units", areas.rows, areas.n}, {"unit_label", labels.rows, labels.n}};
    *out = tile_source_new(keep, layers, 2);
    return OK;
}

/* --- settlements ------------------------------------------------------------------------------------ */

static int64_t size_of(double people)
{
    return people >= 20000 ? 5 : people >= 5000 ? 4 : people >= 2000 ? 3 : people >= 500 ? 2 : 1;
}

static double people_of(const struct map_settlement_sizes_list *l, int64_t id)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->rows[middle].territory_id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->n && l->rows[low].territory_id == id ? l->rows[low].value : 0;
}

struct symbol {
    int64_t id;
    const char *name, *href;
    double lon, lat;
    int64_t size; /* 1..5 by population */
    bool attention;
};

static int list_symbols(struct ctx *cx, const struct tiles_question *q, struct symbol **rows, size_t *n)
{
    struct settlement_list_list places;
    struct attention_list_list marked = {0};
    struct map_settlement_sizes_list sizes;
    TRY(settlement_list(cx, cx->region_id, q->on_date, &places));
    TRY(map_settlement_sizes(cx, cx->region_id, arena_printf(cx->arena, "%.4s~", q->on_date), &sizes));
    /* Which settlements are watched is the institution's own affair: partners see the map without the marks. */
    if (q->permissions >> PERM_REGISTRY_READ & 1)
        TRY(attention_list(cx, cx->region_id, q->on_date, &marked));
    bool past = strcmp(q->on_date, date_text(cx->arena, date_today(NULL))) != 0;
    *rows = arena_array(cx->arena, places.n + 1, sizeof **rows);
    *n = 0;
    for (size_t i = 0; i < places.n; i++) {
        const struct settlement_list_row *p = &places.rows[i];
        if (!p->lon.has || !p->lat.has)
            continue;
        const char *href = registry_place_href(cx, p->id);
        struct symbol *r = &(*rows)[(*n)++];
        *r = (struct symbol){.id = p->id, .name = registry_name(cx, *p), .lon = p->lon.value, .lat = p->lat.value,
                                       .href = past ? arena_printf(cx->arena, "%s?date=%s", href, q->on_date) : href,
                                       .size = str_eq(p->kind, "city") ? 5 : size_of(people_of(&sizes, p->id))};
        for (size_t k = 0; k < marked.n; k++)
            r->attention |= marked.rows[k].territory_id == p->id;
    }
    return OK;
}

static int make_settlements(struct ctx *cx, const struct tiles_question *q, struct arena *keep, struct tile_source **out)
{
    struct symbol *rows;
    size_t n;
    struct features points = {0};
    TRY(list_symbols(cx, q, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        const struct symbol *r = &rows[i];
        const struct tile_property p[] = {tile_text("id", id_text(cx->arena, r->id)), tile_text("name", r->name),
                                          tile_bool("attention", r->attention), tile_int("size", r->size), tile_text("href", r->href)};
        vec_push(cx->arena, &points, (struct tile_feature){.id = (uint64_t)r->id, .shape = point_shape(cx, geo_point_from_degrees(r->lon, r->lat)),
                                                           .min_zoom = r->attention || r->size >= 4 ? 0 : 6, .n_properties = 5,
                                                           .properties = keep_properties(cx, p, 5)});
    }
    *out = tile_source_new(keep, &(struct tile_layer){"settlements", points.rows, points.n}, 1);
    return OK;
}

int layer_make(struct ctx *cx, const struct tiles_question *q, const struct map_model *m, struct arena *keep,
               struct tile_source **out)
{
    return q->layer == LAYER_BASE ? make_base(cx, q, keep, out) : q->layer == LAYER_UNITS ? make_units(cx, q, m, keep, out)
                                                                                         : make_settlements(cx, q, keep, out);
}
