/* pack_load.c - writes a region pack (geo/pack.h) into the registry's tables: the regions it is about, its
 * places (pack_places.c), and what lies on them: outlines, points, shares of communities, the base map. */
#include "registry/pack_load.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "geo/shape_code.h"
#include "registry/classifier.h"
#include "registry/lists.h"
#include "registry/pack_load_sql.h"
#include "registry/registry.h"

int64_t pack_loader_source(const struct pack_loader *ld, int64_t region_id, unsigned source)
{
    return ld->sources[region_id][source];
}

const char *pack_loader_parent_key(struct ctx *cx, int64_t territory_id, const char *valid_from)
{
    return arena_printf(cx->arena, "%lld|%s", (long long)territory_id, valid_from);
}

/* What every region needs before its first row: classifiers, and the pack's sources. */
static int make_region(struct ctx *cx, struct pack_loader *ld)
{
    const struct pack *p = ld->pack;
    int64_t *ids = arena_array(cx->arena, p->n_sources + 1, sizeof *ids);
    TRY(registry_load_classifiers(cx));
    for (size_t i = 0; i < p->n_sources; i++) {
        const struct pack_source *s = &p->sources[i];
        TRY(registry_source(cx, s->key, s->title, p->as_of, s->licence, s->attribution, false, &ids[i]));
    }
    ld->sources[cx->region_id] = ids;
    struct load_have_list have;
    TRY(load_have(cx, cx->region_id, &have));
    for (size_t i = 0; i < have.n; i++)
        map_set(ld->have, id_text(cx->arena, have.rows[i].id), &have.rows[i]);
    struct load_have_parents_list parents;
    TRY(load_have_parents(cx, cx->region_id, &parents));
    for (size_t i = 0; i < parents.n; i++)
        map_set(ld->have_parents,
                pack_loader_parent_key(cx, parents.rows[i].territory_id, parents.rows[i].valid_from),
                &parents.rows[i]);
    return OK;
}

int pack_loader_enter(struct ctx *cx, struct pack_loader *ld, int64_t region_id)
{
    if (ld->sources[region_id])
        return OK;
    int64_t own = cx->region_id;
    cx->region_id = region_id;
    int rc = make_region(cx, ld);
    cx->region_id = own;
    return rc;
}

static int put_outlines(struct ctx *cx, const struct pack_loader *ld)
{
    const struct pack *p = ld->pack;
    struct buf *code = buf_new(cx->arena, 0);
    for (size_t i = 0; i < p->n_outlines; i++) {
        const struct pack_outline *o = &p->outlines[i];
        const struct packed_place *row = packed_place_during(ld, o->code, o->valid_from, o->valid_to);
        if (!row)
            continue;
        buf_reset(code);
        shape_encode(pack_outline_shape(cx->arena, p, o), code);
        TRY(load_outline(
            cx,
            &(struct load_outline_in){.region_id = row->region_id,
                                      .territory_id = row->id,
                                      .valid_from = str_or_empty(o->valid_from),
                                      .detail = o->tolerance == PACK_DETAIL,
                                      .valid_to = str_or_empty(o->valid_to),
                                      .approximate = (o->flags & PACK_SHAPE_APPROX) != 0,
                                      .geometry = {(const unsigned char *)code->data, code->len},
                                      .source_id = pack_loader_source(ld, row->region_id, o->source)},
            NULL));
    }
    return OK;
}

/* The place of a code in this pack, or (a pack of points alone) in the database. */
static int known_place(struct ctx *cx, struct pack_loader *ld, const char *code, const char *date,
                       int64_t *region_id, int64_t *id, bool *found)
{
    const struct packed_place *row = packed_place_on(ld, code, date);
    *found = row != NULL;
    if (row) {
        *region_id = row->region_id;
        *id = row->id;
        return OK;
    }
    *region_id = ld->region_id > 0 ? ld->region_id : (code[0] - '0') * 10 + (code[1] - '0');
    for (int above = 0; above < 2 && !*found; above++) { /* a region's own code stands in region 0 */
        struct territory_by_kato_row known;
        if (above)
            *region_id = 0;
        TRY(territory_by_kato(cx, *region_id, code, "", &known, found));
        if (*found)
            *id = known.id;
    }
    return *found ? pack_loader_enter(cx, ld, *region_id) : OK;
}

static int put_points(struct ctx *cx, struct pack_loader *ld)
{
    const struct pack *p = ld->pack;
    for (size_t i = 0; i < p->n_points; i++) {
        const struct pack_point *pt = &p->points[i];
        int64_t region_id, id;
        bool found;
        TRY(known_place(cx, ld, pt->code, NULL, &region_id, &id, &found));
        if (!found)
            continue;
        double lon = geo_degrees(pt->at.x), lat = geo_degrees(pt->at.y);
        int64_t source = pack_loader_source(ld, region_id, pt->source);
        if (pt->flags & PACK_AMBIGUOUS) {
            if (pt->rank == 0)
                TRY(load_point_ambiguous(
                    cx, &(struct load_point_ambiguous_in){region_id, id, lon, lat, source}, NULL));
            TRY(load_candidate(cx,
                               &(struct load_candidate_in){.region_id = region_id,
                                                           .territory_id = id,
                                                           .ordinal = pt->rank,
                                                           .lon = lon,
                                                           .lat = lat,
                                                           .source_id = source,
                                                           .note = str_or_empty(pt->source_id)},
                               NULL));
        } else if (pt->rank == 0) {
            TRY(load_point(cx, &(struct load_point_in){region_id, id, lon, lat, source}, NULL));
        }
    }
    return OK;
}

static int put_compositions(struct ctx *cx, struct pack_loader *ld)
{
    const struct pack *p = ld->pack;
    for (size_t i = 0; i < p->n_compositions; i++) {
        const struct pack_composition *c = &p->compositions[i];
        int64_t region_id, id;
        bool found;
        TRY(known_place(cx, ld, c->code, NULL, &region_id, &id, &found));
        if (!found)
            continue;
        TRY(load_composition(
            cx,
            &(struct load_composition_in){.region_id = region_id,
                                          .territory_id = id,
                                          .on_date = c->date,
                                          .community_code = c->community,
                                          .source_id = pack_loader_source(ld, region_id, c->source),
                                          .persons = {c->count >= 0, c->count},
                                          .share = {c->has_share, c->share},
                                          .demo = (c->flags & PACK_DEMO) != 0},
            NULL));
        if (c->population >= 0)
            TRY(load_observation(
                cx,
                &(struct load_observation_in){.region_id = region_id,
                                              .indicator_code = "population",
                                              .territory_id = id,
                                              .period = c->date,
                                              .source_id = pack_loader_source(ld, region_id, c->source),
                                              .id = db_new_id(),
                                              .value = (double)c->population,
                                              .demo = (c->flags & PACK_DEMO) != 0},
                NULL));
    }
    return OK;
}

/* What a town of the base map is called in the three languages. The source names it in Latin letters only; a town that
 * reference/map_names.csv does not know is drawn in English and left without a name elsewhere. */
struct town_names {
    const char *kk, *ru, *en;
};

static int put_town_names(struct ctx *cx, const struct table *t, void *arg)
{
    struct town_names *n = arena_alloc(cx->arena, sizeof *n);
    *n = (struct town_names){list_text(cx, t, "name_kk"), list_text(cx, t, "name_ru"), list_text(cx, t, "name_en")};
    map_set(arg, list_text(cx, t, "name"), n);
    return OK;
}

static int put_basemap(struct ctx *cx, const struct pack_loader *ld)
{
    static const char *const LAYERS[PACK_LAYER_COUNT] = {[PACK_RIVERS] = "waterway",
                                                         [PACK_LAKES] = "water",
                                                         [PACK_BORDERS] = "boundary",
                                                         [PACK_PLACES] = "place"};
    const struct pack *p = ld->pack;
    if (!p->n_features)
        return OK;
    struct buf *code = buf_new(cx->arena, 0);
    struct map *towns = map_new(cx->arena);
    TRY(list_each(cx, "reference/map_names.csv", put_town_names, towns));
    TRY(load_basemap_clear(cx, 0, NULL));
    for (size_t i = 0; i < p->n_features; i++) {
        const struct pack_feature *f = &p->features[i];
        const struct town_names *town = f->layer == PACK_PLACES && f->name ? map_get(towns, f->name) : NULL;
        buf_reset(code);
        shape_encode(f->shape, code);
        TRY(load_basemap(cx,
                         &(struct load_basemap_in){.region_id = 0,
                                                   .id = (int64_t)i + 1,
                                                   .layer = LAYERS[f->layer],
                                                   .rank = f->rank,
                                                   .name_kk = town ? town->kk : "",
                                                   .name_ru = town ? town->ru : "",
                                                   .name_en = town ? town->en : str_or_empty(f->name),
                                                   .geometry = {(const unsigned char *)code->data, code->len},
                                                   .source_id = ld->sources[0][f->source]},
                         NULL));
    }
    return OK;
}

int registry_load_pack(struct ctx *cx, const struct pack *p)
{
    int64_t region = 0;
    struct pack_loader ld = {.pack = p, .region_id = str_to_int(p->region, 1, 99, &region) ? region : -1};
    int64_t own = cx->region_id;
    if (ld.region_id > 0)
        cx->region_id = ld.region_id;
    ld.have = map_new(cx->arena);
    ld.have_parents = map_new(cx->arena);
    int rc = pack_loader_enter(cx, &ld, 0);
    if (!rc)
        rc = packed_places_put(cx, &ld);
    if (!rc)
        rc = put_outlines(cx, &ld);
    if (!rc)
        rc = put_points(cx, &ld);
    if (!rc)
        rc = put_compositions(cx, &ld);
    if (!rc)
        rc = put_basemap(cx, &ld);
    cx->region_id = own;
    return rc;
}
