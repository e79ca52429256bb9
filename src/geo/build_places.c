/* build_places.c - points of settlements, the base map and published composition; see build.h. */
#include "geo/build.h"

#include "base/fs.h"
#include "base/map.h"
#include "base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- points -------------------------------------------------------------------------------------- */

/* Candidates farther apart than this are for a person to decide. */
static const double SURE_WITHIN_M = 3000;

int build_points(struct build *b, const char *file, unsigned source, struct pack *into)
{
    struct ctx *cx = b->cx;
    struct csv_table csv;
    static const char *const NAMES[] = {"kato", "source_id", "lon", "lat", "candidates", "spread_km"};
    size_t col[6];
    TRY(build_read_csv(cx, b->from, file, &csv));
    for (size_t i = 0; i < 6; i++)
        TRY(build_column(cx, &csv, file, NAMES[i], &col[i]));
    into->points = arena_array(cx->arena, csv.n_rows, sizeof *into->points);
    for (size_t i = 0; i < csv.n_rows; i++) {
        const char *code = build_cell(&csv, i, col[0]);
        double lon, lat, spread;
        int64_t candidates;
        if (!build_wants(b, code))
            continue;
        if (!str_to_num(build_cell(&csv, i, col[2]), &lon) || !str_to_num(build_cell(&csv, i, col[3]), &lat) ||
            !str_to_int(build_cell(&csv, i, col[4]), 1, 10000, &candidates) ||
            !str_to_num(build_cell(&csv, i, col[5]), &spread) || fabs(lon) > 180 || fabs(lat) > 90 || spread < 0 ||
            spread > 20000)
            return fail(cx, ERR_INVALID, "%s, line %zu: a number is missing or out of range.", file, csv.lines[i]);
        into->points[into->n_points++] = (struct pack_point){
            .code = code,
            .at = geo_point_from_degrees(lon, lat),
            .candidates = (unsigned)candidates,
            .spread_m = (unsigned)lround(spread * 1000),
            .flags = spread * 1000 > SURE_WITHIN_M ? PACK_AMBIGUOUS : 0,
            .source = source,
            .source_id = build_cell(&csv, i, col[1]),
        };
    }
    return OK;
}

/* --- base map ------------------------------------------------------------------------------------ */

/* Thins a line or ring: drops points within `tolerance` micro-degrees of the last one kept. */
static const struct shape *thinned(struct arena *a, const struct shape *s)
{
    enum { QUANTUM = 100 };
    static const double TOLERANCE = 2500; /* about 280 m; the source is drawn for 1:10 million */
    struct shape *out = shape_new(a, s->kind, s->n_points, s->n_parts);
    size_t at = 0, part = 0, least = s->kind == SHAPE_AREA ? 3 : s->kind == SHAPE_LINES ? 2 : 1;
    for (size_t r = 0; r < s->n_parts; r++) {
        size_t first = at;
        for (size_t i = s->starts[r]; i < s->starts[r + 1]; i++) {
            struct geo_point p = {(int32_t)(lround((double)s->points[i].x / QUANTUM) * QUANTUM),
                                  (int32_t)(lround((double)s->points[i].y / QUANTUM) * QUANTUM)};
            bool end = i == s->starts[r] || i + 1 == s->starts[r + 1];
            if (end || hypot((double)p.x - out->points[at - 1].x, (double)p.y - out->points[at - 1].y) > TOLERANCE)
                out->points[at++] = p;
        }
        if (at - first < least)
            at = first;
        else
            out->starts[part++] = (uint32_t)first;
    }
    if (!part)
        return NULL;
    out->n_points = at;
    out->n_parts = part;
    shape_close(out);
    return out;
}

static int add_layer(struct build *b, const char *name, enum pack_layer layer, size_t *cap)
{
    struct ctx *cx = b->cx;
    struct buf *text;
    struct geo_collection *c;
    TRY(fs_read(cx, fs_join(cx->arena, b->from, name), 0, &text));
    int rc = geojson_read(cx, text->data, text->len, &c);
    if (rc)
        return fail(cx, rc, "%s: %s", name, cx->err_text);
    struct pack *p = b->main;
    for (size_t i = 0; i < c->n_features; i++) {
        const struct geo_feature *f = &c->features[i];
        const struct shape *s = f->shape ? thinned(cx->arena, f->shape) : NULL;
        double rank = geo_feature_num(f, "scalerank"), zoom = geo_feature_num(f, "min_zoom");
        if (!s)
            continue;
        if (p->n_features == *cap)
            p->features = vec_grow(cx->arena, p->features, p->n_features, cap, sizeof *p->features);
        p->features[p->n_features++] = (struct pack_feature){
            .layer = layer,
            .name = layer == PACK_BORDERS ? NULL : geo_feature_text(f, "name"),
            .rank = rank >= 0 && rank < 100 ? (unsigned)rank : 10,
            .min_zoom = zoom >= 0 && zoom < 25 ? zoom : 7,
            .source = SOURCE_BASEMAP,
            .shape = s,
        };
    }
    return OK;
}

int build_base_map(struct build *b)
{
    size_t cap = 0;
    TRY(add_layer(b, "basemap/kz_ne_10m_rivers_lake_centerlines.geojson", PACK_RIVERS, &cap));
    TRY(add_layer(b, "basemap/kz_ne_10m_lakes.geojson", PACK_LAKES, &cap));
    TRY(add_layer(b, "basemap/kz_ne_10m_admin_0_boundary_lines_land.geojson", PACK_BORDERS, &cap));
    return add_layer(b, "basemap/kz_ne_10m_populated_places_simple.geojson", PACK_PLACES, &cap);
}

/* --- composition --------------------------------------------------------------------------------- */

static const struct {
    const char *key, *published;
} COMMUNITIES[] = {
    {"kazakh", "казахи"},         {"kazakh", "Kazakhs"},           {"russian", "русские"},
    {"russian", "Russians"},      {"uzbek", "узбеки"},             {"uzbek", "Uzbeks"},
    {"ukrainian", "украинцы"},    {"ukrainian", "Ukrainians"},     {"uyghur", "уйгуры"},
    {"uyghur", "Uyghurs"},        {"german", "немцы"},             {"german", "Germans"},
    {"tatar", "татары"},          {"tatar", "Tatars"},             {"azerbaijani", "азербайджанцы"},
    {"azerbaijani", "Azerbaijanis"}, {"korean", "корейцы"},        {"korean", "Koreans"},
    {"turk", "турки"},            {"turk", "Turks"},               {"tajik", "Tajiks"},
    {"kurd", "Kurds"},            {"kyrgyz", "Kyrgyz"},            {"other", "Other"},
    {"other", "другие"},          {"belarusian", "белорусы"},      {"dungan", "дунгане"},
    {"polish", "поляки"},         {"chechen", "чеченцы"},          {"greek", "греки"},
};

static const char *community_key(const char *published)
{
    for (size_t i = 0; i < sizeof COMMUNITIES / sizeof *COMMUNITIES; i++)
        if (strcmp(COMMUNITIES[i].published, published) == 0)
            return COMMUNITIES[i].key;
    return NULL;
}

static int bad_row(struct build *b, const char *file, const struct csv_table *csv, size_t row, const char *column)
{
    return fail(b->cx, ERR_INVALID, "%s, line %zu: the value of \"%s\" is missing or wrong.", file, csv->lines[row],
                column);
}

int build_census(struct build *b)
{
    static const char FILE_NAME[] = "ethnos/kz_national_ethnic_composition_1897_2021.csv";
    struct csv_table csv;
    size_t year, community, count;
    TRY(build_read_csv(b->cx, b->from, FILE_NAME, &csv));
    TRY(build_column(b->cx, &csv, FILE_NAME, "census_year", &year));
    TRY(build_column(b->cx, &csv, FILE_NAME, "ethnos_ru", &community));
    TRY(build_column(b->cx, &csv, FILE_NAME, "count", &count));
    struct pack *p = b->main;
    p->compositions = arena_array(b->cx->arena, csv.n_rows, sizeof *p->compositions);
    for (size_t i = 0; i < csv.n_rows; i++) {
        struct pack_composition c = {.code = "000000000", .date = build_cell(&csv, i, year), .population = -1,
                                     .source = SOURCE_CENSUS};
        int64_t checked;
        c.community = community_key(build_cell(&csv, i, community));
        if (!c.community)
            return bad_row(b, FILE_NAME, &csv, i, "ethnos_ru");
        if (!str_to_int(c.date, 1800, 2100, &checked))
            return bad_row(b, FILE_NAME, &csv, i, "census_year");
        if (!str_to_int(build_cell(&csv, i, count), 0, 1000000000, &c.count))
            return bad_row(b, FILE_NAME, &csv, i, "count");
        p->compositions[p->n_compositions++] = c;
    }
    return OK;
}

/* Each article quoted is a source of its own. */
static unsigned article_source(struct build *b, struct pack *p, struct map *known, const char *article)
{
    struct pack_source *s = map_get(known, article);
    if (!s) {
        s = &p->sources[p->n_sources++];
        *s = (struct pack_source){
            .key = arena_printf(b->cx->arena, "wikipedia-%zu", p->n_sources),
            .title = article,
            .attribution = arena_printf(b->cx->arena, "Wikipedia contributors, %s", article),
            .licence = "CC BY-SA 4.0",
            .licence_url = "https://creativecommons.org/licenses/by-sa/4.0/",
            .changes = "Shares copied out as figures; quoted there from the Bureau of National Statistics. "
                       "Incomplete: for demonstration and sanity checks only.",
        };
        map_set(known, article, s);
    }
    return (unsigned)(s - p->sources);
}

int build_shares(struct build *b, struct pack *into)
{
    static const char FILE_NAME[] = "ethnos/turkistan_district_composition_wikipedia.csv";
    struct ctx *cx = b->cx;
    struct csv_table csv;
    static const char *const NAMES[] = {"kato", "year", "population", "ethnos_en", "percent", "source_article"};
    size_t col[6];
    TRY(build_read_csv(cx, b->from, FILE_NAME, &csv));
    for (size_t i = 0; i < 6; i++)
        TRY(build_column(cx, &csv, FILE_NAME, NAMES[i], &col[i]));
    into->compositions = arena_array(cx->arena, csv.n_rows, sizeof *into->compositions);
    into->sources = arena_array(cx->arena, csv.n_rows, sizeof *into->sources);
    struct map *known = map_new(cx->arena);
    for (size_t i = 0; i < csv.n_rows; i++) {
        struct pack_composition c = {.code = build_cell(&csv, i, col[0]), .date = build_cell(&csv, i, col[1]),
                                     .has_share = true, .count = -1, .population = -1, .flags = PACK_DEMO};
        const char *population = build_cell(&csv, i, col[2]);
        double percent;
        if (!build_wants(b, c.code))
            continue;
        c.community = community_key(build_cell(&csv, i, col[3]));
        if (!c.community)
            return bad_row(b, FILE_NAME, &csv, i, "ethnos_en");
        if (*population && !str_to_int(population, 0, 1000000000, &c.population))
            return bad_row(b, FILE_NAME, &csv, i, "population");
        if (!str_to_num(build_cell(&csv, i, col[4]), &percent) || percent < 0 || percent > 100)
            return bad_row(b, FILE_NAME, &csv, i, "percent");
        c.share = percent / 100;
        c.source = article_source(b, into, known, build_cell(&csv, i, col[5]));
        into->compositions[into->n_compositions++] = c;
    }
    return OK;
}
