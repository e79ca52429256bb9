/* draw.c - see draw.h. */
#include "ethnomap/draw.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/vec.h"
#include "geo/shape_code.h"
#include "i18n/i18n.h"
#include "registry/labels.h"
#include "registry/organisation_sql.h"
#include "registry/registry.h"
#include "report/map_svg.h"

#include <math.h>
#include <string.h>

const struct doc_labels *draw_labels(struct ctx *cx)
{
    struct doc_labels *l = arena_alloc(cx->arena, sizeof *l);
    *l = registry_doc_labels(cx);
    l->no_data = T(cx, "Too little data");
    return l;
}

/* --- the picture ------------------------------------------------------------------------------------ */

static int rings_of(struct ctx *cx, struct bytes geometry, struct map_area *area)
{
    const struct shape *s = shape_decode(cx->arena, geometry.data, geometry.len);
    if (!s)
        return fail(cx, ERR_DB, "An outline in the database is damaged.");
    struct map_ring *rings = arena_array(cx->arena, s->n_parts, sizeof *rings);
    for (size_t r = 0; r < s->n_parts; r++) {
        size_t n = s->starts[r + 1] - s->starts[r];
        double *lonlat = arena_array(cx->arena, 2 * n, sizeof *lonlat);
        for (size_t i = 0; i < n; i++) {
            lonlat[2 * i] = geo_degrees(s->points[s->starts[r] + i].x);
            lonlat[2 * i + 1] = geo_degrees(s->points[s->starts[r] + i].y);
        }
        rings[r] = (struct map_ring){lonlat, n};
    }
    area->rings = rings;
    area->n_rings = s->n_parts;
    return OK;
}

/* Steps are the classes in their order; the row knows only the colour's number. */
static int step_of(const struct map_model *m, const struct map_row *r)
{
    for (size_t c = 0; r->class_number && c < m->classes.n; c++)
        if (m->classes.rows[c].number == r->class_number)
            return (int)c;
    return -1;
}

static int add_units(struct ctx *cx, const struct map_model *m, int detail, struct map *map)
{
    struct outline_list_list own, others;
    int64_t region;
    TRY(outline_list(cx, &(struct outline_list_in){cx->region_id, LEVEL_UNIT, detail, m->on_date}, &own));
    TRY(outline_list(cx, &(struct outline_list_in){0, LEVEL_REGION, 0, m->on_date}, &others));
    TRY(registry_region_territory(cx, m->on_date, &region));
    map->areas = arena_array(cx->arena, own.n + others.n + 1, sizeof *map->areas);
    for (size_t i = 0; i < others.n; i++) {
        if (others.rows[i].territory_id == region)
            continue;
        struct map_area *a = &map->areas[map->n_areas++];
        *a = (struct map_area){.title = registry_name(cx, others.rows[i]), .step = -1, .context = true};
        TRY(rings_of(cx, others.rows[i].geometry, a));
    }
    for (size_t i = 0; i < own.n; i++)
        for (size_t k = 0; k < m->units.n; k++) {
            const struct map_row *r = &m->units.rows[k];
            if (r->id != own.rows[i].territory_id)
                continue;
            struct map_area *a = &map->areas[map->n_areas++];
            const char *said = r->hidden ? T(cx, "protected") : r->value.has ? r->value_text : T(cx, "Too little data");
            *a = (struct map_area){.name = r->name, .title = arena_printf(cx->arena, "%s: %s", r->name, said), .step = step_of(m, r),
                                   .hidden = r->hidden};
            TRY(rings_of(cx, own.rows[i].geometry, a));
        }
    return OK;
}

static int add_attention(struct ctx *cx, const struct map_model *m, struct map *map)
{
    struct attention_list_list l;
    TRY(attention_list(cx, cx->region_id, m->on_date, &l));
    struct map_point *points = arena_array(cx->arena, l.n + 1, sizeof *points);
    for (size_t i = 0; i < l.n; i++)
        if (l.rows[i].lon.has && l.rows[i].lat.has)
            points[map->n_points++] = (struct map_point){.lon = l.rows[i].lon.value, .lat = l.rows[i].lat.value, .symbol = SYMBOL_DIAMOND,
                                                         .scale = 0.8, .title = registry_name(cx, l.rows[i])};
    map->points = points;
    if (!map->n_points)
        return OK;
    struct map_key *key = arena_alloc(cx->arena, sizeof *key);
    *key = (struct map_key){SYMBOL_DIAMOND, T(cx, "Settlement under attention")};
    map->symbols = key;
    map->n_symbols = 1;
    return OK;
}

int draw_map(struct ctx *cx, const struct map_model *m, int detail, bool attention, const char *credit, double width, struct buf *out)
{
    struct map map = {.legend_title = m->chosen.name, .kilometres = T(cx, "km"), .credit = credit};
    const char **steps = arena_array(cx->arena, m->classes.n + 1, sizeof *steps);
    for (size_t i = 0; i < m->classes.n; i++)
        steps[i] = m->classes.rows[i].text;
    map.steps = steps;
    map.n_steps = m->classes.n;
    TRY(add_units(cx, m, detail, &map));
    if (attention)
        TRY(add_attention(cx, m, &map));
    const char *title = *m->period ? arena_printf(cx->arena, "%s, %s", m->chosen.name, m->period_text) : m->chosen.name;
    map_svg(cx, &map, draw_labels(cx), title, T(cx, "The same figures stand in the table."), width, out);
    return OK;
}

/* --- the document ----------------------------------------------------------------------------------- */

struct doc *draw_document(struct ctx *cx, const struct map_model *m, const char *credit)
{
    const struct doc_meta meta = {.title = m->chosen.name, .subtitle = m->period_text, .date = m->today,
                                  .date_text = fmt_date(cx, m->today), .demo = m->demo,
                                  .banner = m->demo ? T(cx, "Demonstration data") : NULL};
    struct doc *d = doc_new(cx->arena, cx->lang, &meta, draw_labels(cx));
    bool percent = m->chosen.kind == MAP_SURVEY;
    int decimals = (int)m->chosen.decimals;
    const struct column columns[] = {
        {.title = T(cx, "Code"), .type = COLUMN_TEXT}, {.title = T(cx, "Place"), .type = COLUMN_TEXT},
        {.title = m->chosen.name, .type = COLUMN_NUMBER, .decimals = decimals, .percent = percent, .unit = m->chosen.unit},
        {.title = T(cx, "95 % interval"), .type = COLUMN_INTERVAL, .decimals = decimals, .percent = percent},
        {.title = T(cx, "Period"), .type = COLUMN_TEXT}, {.title = T(cx, "Source"), .type = COLUMN_TEXT},
        {.title = T(cx, "Note"), .type = COLUMN_TEXT}};
    struct table *t = doc_table(d, m->chosen.name, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < m->units.n; i++) {
        const struct map_row *r = &m->units.rows[i];
        const char *id = r->figure_id.has ? id_text(cx->arena, r->figure_id.value) : NULL;
        const struct cell cells[] = {
            cell_text(r->kato), cell_text(r->name),
            r->hidden ? cell_hidden(NULL) : cell_num(r->value.has ? r->value.value : NAN, r->value_text, id),
            r->low.has && r->high.has ? cell_interval(r->low.value, r->high.value, r->interval_text, NULL) : cell_text(""),
            cell_text(r->period), cell_text(r->source), cell_text(r->demo ? T(cx, "demonstration") : "")};
        table_row(t, cells, sizeof cells / sizeof *cells);
    }
    table_source(t, credit);
    return d;
}
