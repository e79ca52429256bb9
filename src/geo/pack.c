/* pack.c - questions that are asked of an open pack; see pack.h. */
#include "geo/pack.h"

#include "base/arena.h"

#include <string.h>

bool pack_kind_inhabited(enum pack_kind kind)
{
    return kind == PACK_KIND_VILLAGE || kind == PACK_KIND_TOWN || kind == PACK_KIND_CITY || kind == PACK_KIND_STATION;
}

const char *pack_level_key(enum pack_level level)
{
    static const char *const KEYS[PACK_LEVEL_COUNT] = {"republic", "region", "district", "okrug", "settlement"};
    return KEYS[level];
}

const char *pack_kind_key(enum pack_kind kind)
{
    static const char *const KEYS[PACK_KIND_COUNT] = {
        "republic",    "region",     "republican_city", "district", "regional_city",
        "city_district", "rural_okrug", "town_okrug",   "city",     "town",
        "village",     "station",    "farm",            "wintering", "other"};
    return KEYS[kind];
}

const char *pack_link_kind_key(enum pack_link_kind kind)
{
    static const char *const KEYS[PACK_LINK_KIND_COUNT] = {"split", "merge", "rename", "recode"};
    return KEYS[kind];
}

const char *pack_layer_key(enum pack_layer layer)
{
    static const char *const KEYS[PACK_LAYER_COUNT] = {"rivers", "lakes", "borders", "places"};
    return KEYS[layer];
}

bool pack_valid_on(const char *valid_from, const char *valid_to, const char *date)
{
    if (!date)
        return valid_to == NULL;
    return (!valid_from || strcmp(valid_from, date) <= 0) && (!valid_to || strcmp(date, valid_to) < 0);
}

struct shape *pack_outline_shape(struct arena *a, const struct pack *p, const struct pack_outline *o)
{
    const struct pack_arcs *arcs = &p->arcs[o->tolerance];
    size_t n = 0;
    for (uint32_t k = o->ring_starts[0]; k < o->ring_starts[o->n_rings]; k++)
        n += arcs->starts[(o->arcs[k] >> 1) + 1] - arcs->starts[o->arcs[k] >> 1] - 1;
    struct shape *s = shape_new(a, SHAPE_AREA, n, o->n_rings);
    size_t at = 0;
    for (size_t r = 0; r < o->n_rings; r++) {
        s->starts[r] = (uint32_t)at;
        for (uint32_t k = o->ring_starts[r]; k < o->ring_starts[r + 1]; k++) {
            uint32_t from = arcs->starts[o->arcs[k] >> 1], to = arcs->starts[(o->arcs[k] >> 1) + 1];
            /* The last point of an arc is the first of the next. */
            for (uint32_t i = 0; i + 1 < to - from; i++)
                s->points[at++] = arcs->points[o->arcs[k] & 1 ? to - 1 - i : from + i];
        }
    }
    shape_close(s);
    return s;
}

const struct pack_outline *pack_find_outline(const struct pack *p, const char *code, const char *date,
                                             enum pack_tolerance tolerance)
{
    const struct pack_outline *newest = NULL;
    for (size_t i = 0; i < p->n_outlines; i++) {
        const struct pack_outline *o = &p->outlines[i];
        if (o->tolerance != tolerance || strcmp(o->code, code) != 0)
            continue;
        if (date && pack_valid_on(o->valid_from, o->valid_to, date))
            return o;
        if (!date && (!newest || !o->valid_to || (newest->valid_to && strcmp(o->valid_to, newest->valid_to) > 0)))
            newest = o;
    }
    return newest;
}

/* A border is shared from the two sides: the neighbour has the arc, in whatever direction. */
static bool shares_arc(const bool *mine, const struct pack_outline *o)
{
    for (uint32_t k = o->ring_starts[0]; k < o->ring_starts[o->n_rings]; k++)
        if (mine[o->arcs[k] >> 1])
            return true;
    return false;
}

/* Of the same level: KATO codes of regions end in seven zeros, of districts in fewer. */
static bool same_level(const char *a, const char *b)
{
    return (strcmp(a + 2, "0000000") == 0) == (strcmp(b + 2, "0000000") == 0);
}

const char **pack_neighbours(struct arena *a, const struct pack *p, const struct pack_outline *o, const char *date,
                             size_t *n)
{
    const char **codes = arena_array(a, p->n_outlines, sizeof *codes);
    bool *mine = arena_array(a, p->arcs[o->tolerance].n, sizeof *mine);
    for (uint32_t k = o->ring_starts[0]; k < o->ring_starts[o->n_rings]; k++)
        mine[o->arcs[k] >> 1] = true;
    *n = 0;
    for (size_t i = 0; i < p->n_outlines; i++) {
        const struct pack_outline *other = &p->outlines[i];
        if (other->tolerance != o->tolerance || strcmp(other->code, o->code) == 0 ||
            !same_level(other->code, o->code) || !pack_valid_on(other->valid_from, other->valid_to, date) || !shares_arc(mine, other))
            continue;
        bool known = false;
        for (size_t k = 0; k < *n; k++)
            known |= strcmp(codes[k], other->code) == 0;
        if (!known)
            codes[(*n)++] = other->code;
    }
    return codes;
}

bool pack_point_better(const struct pack *pa, const struct pack_point *a, const struct pack *pb,
                       const struct pack_point *b)
{
    bool sure_a = !(a->flags & PACK_AMBIGUOUS), sure_b = !(b->flags & PACK_AMBIGUOUS);
    if (sure_a != sure_b)
        return sure_a;
    if ((a->rank == 0) != (b->rank == 0))
        return a->rank == 0;
    bool geonames_a = strcmp(pa->sources[a->source].key, "geonames") == 0;
    bool geonames_b = strcmp(pb->sources[b->source].key, "geonames") == 0;
    if (geonames_a != geonames_b)
        return geonames_a;
    return a->rank < b->rank;
}
