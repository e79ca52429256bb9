/* build.c - pack_build(): from the published files to packs; see pack.h and build.h. */
#include "geo/build.h"

#include "base/map.h"

#include <stdarg.h>
#include <string.h>

static const struct pack_source SOURCES[SOURCE_MAIN_COUNT] = {
    [SOURCE_KATO] = {
        "kato-2026", "Classifier of administrative-territorial objects NK RK 11-2025, state of 2026-07-17",
        "Bureau of National Statistics of the Republic of Kazakhstan; compilation: siaarzh/kz-tax-rates",
        "official classifier; compilation MIT", "https://stat.gov.kz/ru/classifiers/statistical/21/",
        "Short forms written out, English names transliterated, kinds of settlements told apart."},
    [SOURCE_CHANGES] = {
        "changes", "Dates of administrative changes", "Public law of the Republic of Kazakhstan", "facts", NULL,
        "Compiled for this program; dates marked approximate are to be checked."},
    [SOURCE_BOUNDARIES] = {
        "geokz-1.0.2", "Administrative boundaries of Kazakhstan, editions 2018 and 2024",
        "\xC2\xA9 Alexander Rodionov (geokz 1.0.2), after OCHA/UNHCR common operational boundaries", "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "Cut into shared borders and simplified; two wrong codes corrected."},
    [SOURCE_KENTAU_SAURAN] = {
        "kentau-sauran", "Approximate division of Kentau and Sauran",
        "Derived from geokz 1.0.2 (\xC2\xA9 Alexander Rodionov) and GeoNames", "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/", "Approximate, not an official line; simplified."},
    [SOURCE_GEONAMES] = {
        "geonames", "Positions of settlements",
        "GeoNames (geonames.org), through Who's On First (whosonfirst.org)", "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/", "Joined to the classifier by name within the district."},
    [SOURCE_BASEMAP] = {
        "natural-earth", "Natural Earth 1:10m, version 4", "Made with Natural Earth; GeoJSON: martynafford", "public domain",
        "https://www.naturalearthdata.com/about/terms-of-use/", "Cut to the country and its surroundings, thinned."},
    [SOURCE_CENSUS] = {
        "censuses", "National population censuses 1897-2021", "Population censuses of the Russian Empire, the USSR and "
        "the Republic of Kazakhstan", "facts", NULL, "The ten largest communities; national totals."},
};

static const struct pack_source OSM = {
    "openstreetmap", "Populated places of Kazakhstan (copy of 2025)",
    "\xC2\xA9 OpenStreetMap contributors; export by the Humanitarian OpenStreetMap Team", "ODbL 1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/",
    "Joined to the classifier by name within the district. This database is made available under the Open Database "
    "License; share alike."};

bool build_is_region_code(const char *code)
{
    return strcmp(code + 2, "0000000") == 0;
}

bool build_wants(const struct build *b, const char *code)
{
    return strcmp(b->region, "all") == 0 || (strlen(code) == 9 && build_is_region_code(code)) ||
           strncmp(code, b->region, 2) == 0;
}

void build_note(struct build *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *note = arena_vprintf(b->cx->arena, fmt, ap);
    va_end(ap);
    vec_push(b->cx->arena, &b->notes, note);
}

/* --- which points go where ------------------------------------------------------------------------ */

/* The two sources disagree if their points for a place lie farther apart than this. */
static const double DISAGREE_M = 10000;

/* GeoNames points stay in the main pack; OpenStreetMap adds those that GeoNames lacks, or where it cannot decide. */
static void divide_points(struct build *b, struct pack *osm)
{
    struct map *geonames = map_new(b->cx->arena);
    size_t kept = 0, far = 0;
    for (size_t i = 0; i < b->main->n_points; i++)
        map_set(geonames, b->main->points[i].code, &b->main->points[i]);
    for (size_t i = 0; i < osm->n_points; i++) {
        struct pack_point *o = &osm->points[i], *g = map_get(geonames, o->code);
        bool disagree = g && !((g->flags | o->flags) & PACK_AMBIGUOUS) && geo_distance_m(g->at, o->at) > DISAGREE_M;
        if (disagree) {
            g->flags |= PACK_AMBIGUOUS;
            o->flags |= PACK_AMBIGUOUS;
            far++;
        }
        if (!g || (g->flags & PACK_AMBIGUOUS))
            osm->points[kept++] = *o;
    }
    osm->n_points = kept;
    if (far)
        build_note(b, "%zu settlements have points more than %g km apart in the two sources: both are ambiguous.", far,
                   DISAGREE_M / 1000);
}

/* 1: only ambiguous points, 2: a sure one. */
static void note_points(struct map *state, const struct pack *p)
{
    static char only_ambiguous, sure;
    for (size_t i = 0; i < p->n_points; i++) {
        void **at = map_at(state, p->points[i].code);
        if (!(p->points[i].flags & PACK_AMBIGUOUS))
            *at = &sure;
        else if (*at != &sure)
            *at = &only_ambiguous;
    }
    map_set(state, "sure", &sure);
}

static void count_points(struct build *b, const struct pack *osm)
{
    struct map *state = map_new(b->cx->arena), *counted = map_new(b->cx->arena);
    note_points(state, b->main);
    note_points(state, osm);
    const void *sure = map_get(state, "sure");
    for (size_t i = 0; i < b->territories.n; i++) {
        const struct pack_territory *t = &b->territories.rows[i];
        if (t->level != PACK_SETTLEMENT || !pack_kind_inhabited(t->kind) || map_has(counted, t->code))
            continue;
        const void *s = map_get(state, t->code);
        map_set(counted, t->code, state);
        if (s == sure)
            b->result->n_pointed++;
        else if (s)
            b->result->n_ambiguous++;
        else
            b->result->n_without_point++;
    }
}

static void count_outlines(struct build *b)
{
    struct map *have = map_new(b->cx->arena);
    for (size_t i = 0; i < b->outlines.n; i++)
        if (!b->outlines.rows[i].valid_to)
            map_set(have, b->outlines.rows[i].code, have);
    for (size_t i = 0; i < b->territories.n; i++) {
        const struct pack_territory *t = &b->territories.rows[i];
        if ((t->level != PACK_REGION && t->level != PACK_DISTRICT) || t->valid_to)
            continue;
        if (map_has(have, t->code)) {
            b->result->n_outlined++;
        } else {
            b->result->n_not_outlined++;
            build_note(b, "%s (%s) has no outline in the sources.", t->code, t->en);
        }
    }
}

static struct pack *new_pack(struct build *b, const char *suffix)
{
    struct pack *p = arena_alloc(b->cx->arena, sizeof *p);
    const char *base = strcmp(b->region, "61") == 0 ? "turkistan" : strcmp(b->region, "all") == 0 ? "kazakhstan"
                       : arena_printf(b->cx->arena, "region-%s", b->region);
    p->name = arena_printf(b->cx->arena, "%s%s", base, suffix);
    p->region = b->region;
    p->as_of = "2026-07-17";
    for (int k = 0; k < PACK_TOLERANCE_COUNT; k++) {
        p->arcs[k].quantum = 1;
        p->arcs[k].starts = arena_array(b->cx->arena, 1, sizeof *p->arcs[k].starts);
    }
    return p;
}

static void set_sources(struct arena *a, struct pack *p, const struct pack_source *sources, size_t n)
{
    p->sources = arena_array(a, n, sizeof *p->sources);
    memcpy(p->sources, sources, n * sizeof *sources);
    p->n_sources = n;
}

int pack_build(struct ctx *cx, const char *from, const char *region, struct pack_build_result *out)
{
    if (strcmp(region, "all") != 0 && (strlen(region) != 2 || strspn(region, "0123456789") != 2))
        return fail(cx, ERR_INVALID, "\"%s\" is not a region: two digits such as 61, or \"all\".", region);
    *out = (struct pack_build_result){0};
    struct build b = {.cx = cx, .from = from, .region = region, .result = out};
    struct pack *osm = new_pack(&b, "-osm"), *shares = new_pack(&b, "-shares");
    b.main = new_pack(&b, "");
    set_sources(cx->arena, b.main, SOURCES, SOURCE_MAIN_COUNT);
    set_sources(cx->arena, osm, &OSM, 1);
    TRY(build_read_areas(&b));
    build_find_changes(&b);
    TRY(build_tree(&b));
    if (out->n_level[PACK_DISTRICT] == 0)
        return fail(cx, ERR_NOT_FOUND, "The classifier has no region %s.", region);
    TRY(build_outlines(&b));
    TRY(build_points(&b, "settlements/kato_to_geonames.csv", SOURCE_GEONAMES, b.main));
    TRY(build_points(&b, "settlements/kato_to_osm.csv", 0, osm));
    divide_points(&b, osm);
    TRY(build_base_map(&b));
    TRY(build_census(&b));
    TRY(build_shares(&b, shares));
    b.main->territories = b.territories.rows;
    b.main->n_territories = b.territories.n;
    b.main->links = b.links.rows;
    b.main->n_links = b.links.n;
    b.main->outlines = b.outlines.rows;
    b.main->n_outlines = b.outlines.n;
    count_points(&b, osm);
    count_outlines(&b);
    out->main = b.main;
    out->osm = osm->n_points ? osm : NULL;
    out->shares = shares->n_compositions ? shares : NULL;
    out->notes = b.notes.rows;
    out->n_notes = b.notes.n;
    return OK;
}
