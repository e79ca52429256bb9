/* pack_load.c - writes a region pack (geo/pack.h) into the registry's tables.
 *
 * A pack has one record per period of a place. Records that differ only in what the place belongs to become
 * one territory with several dated parents; a new name or kind opens a new territory row. */
#include "registry/registry.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "geo/pack.h"
#include "geo/shape_code.h"
#include "registry/classifier.h"
#include "registry/lists.h"
#include "registry/pack_load_sql.h"

#include <stdlib.h>
#include <string.h>

/* A territory row in the making, and the periods of its parents (indexes of pack records). */
struct place {
    int64_t region_id, id;
    const struct pack_territory *first, *last;
    struct place *next; /* the row of the same code after this one */
};

struct parent_row {
    int64_t region_id, territory_id, parent_id;
    const char *valid_from, *valid_to;
};
struct word_row {
    int64_t region_id, object_id;
    const char *word;
};

enum { REGIONS = 100 }; /* codes begin with two digits; 0 is the republic */

struct loader {
    const struct pack *pack;
    struct map *by_code;   /* code -> the first struct place of that code */
    int64_t *sources[REGIONS]; /* of each region met: the ids of the pack's sources there; NULL: not met yet */
    struct map *have;          /* what the database holds of the regions met: id -> struct load_have_row */
    struct map *have_parents;  /* id and first day -> struct load_have_parents_row */
    struct map *aliases;       /* code -> other names people search for, in one text */
    VEC(const struct place *) fresh; /* new rows, written in bulk */
    VEC(struct parent_row) fresh_parents;
    VEC(struct word_row) fresh_words;
    size_t next;               /* of the list that is being written */
    int64_t region_id;     /* of a pack of one region; -1: decided by the code */
};

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* Territory kinds of the database: fewer than the pack's, because the program treats these alike. */
static const char *place_kind(const struct pack_territory *t)
{
    switch (t->kind) {
    case PACK_KIND_REPUBLIC: return "republic";
    case PACK_KIND_REGION: return "region";
    case PACK_KIND_REPUBLICAN_CITY:
    case PACK_KIND_REGIONAL_CITY:
    case PACK_KIND_CITY: return "city";
    case PACK_KIND_DISTRICT:
    case PACK_KIND_CITY_DISTRICT: return "district";
    case PACK_KIND_RURAL_OKRUG: return "okrug";
    case PACK_KIND_TOWN_OKRUG:
    case PACK_KIND_TOWN: return "town";
    default: return pack_kind_inhabited(t->kind) ? "village" : "minor";
    }
}

/* Rows of the republic and of the regions belong to region 0; all below to the region of their code. Codes that began
 * with 51 (South Kazakhstan region until 2018) are kept by the region that holds the places now. */
static int64_t place_region(const struct loader *ld, const struct pack_territory *t)
{
    if (t->level <= PACK_REGION)
        return 0;
    if (ld->region_id > 0)
        return ld->region_id;
    int64_t prefix = (t->code[0] - '0') * 10 + (t->code[1] - '0');
    return prefix == 51 ? 61 : prefix;
}

static bool same_place(const struct pack_territory *a, const struct pack_territory *b)
{
    return a->level == b->level && a->kind == b->kind && str_eq(a->kk, b->kk) && str_eq(a->ru, b->ru) && str_eq(a->en, b->en);
}

static int64_t source_of(const struct loader *ld, int64_t region_id, unsigned source)
{
    return ld->sources[region_id][source];
}

int registry_source(struct ctx *cx, const char *code, const char *title, const char *on_date, const char *licence,
                    const char *attribution, bool demo, int64_t *id)
{
    return registry_source_named(cx, code, (const char *const[]){title, title, title}, on_date, licence, attribution, demo, id);
}

int registry_source_named(struct ctx *cx, const char *code, const char *const titles[LANG_COUNT], const char *on_date,
                          const char *licence, const char *attribution, bool demo, int64_t *id)
{
    TRY(load_source(cx, &(struct load_source_in){.region_id = cx->region_id, .id = db_new_id(), .code = code,
                        .title_kk = titles[LANG_KK], .title_ru = titles[LANG_RU], .title_en = titles[LANG_EN], .on_date = or_empty(on_date), .licence = or_empty(licence), .attribution = or_empty(attribution),
                        .demo = demo}, NULL));
    struct source_by_code_row row;
    bool found = false;
    TRY(source_by_code(cx, cx->region_id, code, &row, &found));
    if (!found)
        return fail(cx, ERR_DB, "The source %s could not be written.", code);
    *id = row.id;
    return OK;
}

static const char *parent_key(struct ctx *cx, int64_t territory_id, const char *valid_from)
{
    return arena_printf(cx->arena, "%lld|%s", (long long)territory_id, valid_from);
}

/* What every region needs before its first row: classifiers, and the pack's sources. */
static int make_region(struct ctx *cx, struct loader *ld)
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
        map_set(ld->have_parents, parent_key(cx, parents.rows[i].territory_id, parents.rows[i].valid_from), &parents.rows[i]);
    return OK;
}

static int enter_region(struct ctx *cx, struct loader *ld, int64_t region_id)
{
    if (ld->sources[region_id])
        return OK;
    int64_t own = cx->region_id;
    cx->region_id = region_id;
    int rc = make_region(cx, ld);
    cx->region_id = own;
    return rc;
}

/* A record that ends on the day on which it begins holds on no day. */
static bool is_empty_period(const struct pack_territory *t)
{
    return t->valid_from && t->valid_to && strcmp(t->valid_from, t->valid_to) >= 0;
}

/* Groups the pack's records into territory rows. */
static void collect_places(struct ctx *cx, struct loader *ld)
{
    const struct pack *p = ld->pack;
    ld->by_code = map_new(cx->arena);
    for (size_t i = 0; i < p->n_territories; i++) {
        const struct pack_territory *t = &p->territories[i];
        if (is_empty_period(t))
            continue;
        struct place *head = map_get(ld->by_code, t->code), *tail = head;
        int record = 1;
        for (; tail && tail->next; tail = tail->next)
            record++;
        if (tail && same_place(tail->last, t)) {
            tail->last = t;
            continue;
        }
        struct place *row = arena_alloc(cx->arena, sizeof *row);
        *row = (struct place){place_region(ld, t), registry_territory_id(t->code, tail ? record + 1 : 1), t, t, NULL};
        if (tail)
            tail->next = row;
        else
            map_set(ld->by_code, t->code, row);
    }
}

/* The row of a code that holds on a day (NULL: now); the newest one where none does. */
static const struct place *place_on(const struct loader *ld, const char *code, const char *date)
{
    const struct place *row = map_get(ld->by_code, code), *last = row;
    for (; row; row = row->next) {
        if (pack_valid_on(row->first->valid_from, row->last->valid_to, date))
            return row;
        last = row;
    }
    return last;
}

/* The row of a code for a record's period. An open start says nothing ("" is not "now"): then the row that
 * holds until the period's end is meant. */
static const struct place *place_during(const struct loader *ld, const char *code, const char *from, const char *to)
{
    if (from || !to)
        return place_on(ld, code, from);
    const struct place *row = map_get(ld->by_code, code), *last = row;
    for (; row; row = row->next) {
        bool begun = !row->first->valid_from || strcmp(row->first->valid_from, to) < 0;
        bool holds = !row->last->valid_to || strcmp(row->last->valid_to, to) >= 0;
        if (begun && holds)
            return row;
        last = row;
    }
    return last;
}

static bool is_approximate(const struct place *row)
{
    return (row->first->flags & PACK_FROM_APPROX) || (row->last->flags & PACK_TO_APPROX);
}

static bool is_unchanged(const struct load_have_row *h, const struct place *row)
{
    const struct pack_territory *t = row->first;
    return h->level == (int64_t)t->level && str_eq(h->kind, place_kind(t)) && str_eq(h->name_kk, t->kk) && str_eq(h->name_ru, t->ru) &&
           str_eq(h->name_en, t->en) && str_eq(h->valid_from, or_empty(t->valid_from)) &&
           str_eq(h->valid_to, or_empty(row->last->valid_to)) && h->approximate == is_approximate(row);
}

/* The words under which a place is found: its names, its code, and former or colloquial names. */
static void collect_words(struct ctx *cx, struct loader *ld, const struct place *row)
{
    const struct pack_territory *t = row->first;
    const char *alias = map_get(ld->aliases, t->code);
    const char *texts[] = {t->kk, t->ru, t->en, t->code, alias};
    size_t first = ld->fresh_words.n;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t n;
        char **words = str_split(cx->arena, str_fold(cx->arena, or_empty(texts[i])), ' ', &n);
        for (size_t w = 0; w < n; w++) {
            bool known = !*words[w];
            for (size_t k = first; k < ld->fresh_words.n && !known; k++)
                known = str_eq(ld->fresh_words.rows[k].word, words[w]);
            if (!known)
                vec_push(cx->arena, &ld->fresh_words, (struct word_row){row->region_id, row->id, words[w]});
        }
    }
}

static int index_place(struct ctx *cx, const struct loader *ld, const struct place *row)
{
    const struct pack_territory *t = row->first;
    const char *const texts[] = {t->kk, t->ru, t->en, t->code, map_get(ld->aliases, t->code)};
    int64_t own = cx->region_id;
    cx->region_id = row->region_id;
    int rc = registry_search_put(cx, "territory", row->id, texts, sizeof texts / sizeof *texts);
    cx->region_id = own;
    return rc;
}

/* Rows that differ are updated one by one, new ones are kept for writing in bulk. */
static int put_place(struct ctx *cx, struct loader *ld, const struct place *row)
{
    const struct pack_territory *t = row->first;
    TRY(enter_region(cx, ld, row->region_id));
    if (t->level == PACK_REGION && !row->next && !row->last->valid_to) {
        int64_t prefix = (t->code[0] - '0') * 10 + (t->code[1] - '0');
        if (ld->region_id <= 0 || ld->region_id == prefix)
            TRY(load_region(cx, &(struct load_region_in){prefix, t->code, t->kk, t->ru, t->en}, NULL));
    }
    const struct load_have_row *have = map_get(ld->have, id_text(cx->arena, row->id));
    if (!have) {
        vec_push(cx->arena, &ld->fresh, row);
        collect_words(cx, ld, row);
        return OK;
    }
    if (is_unchanged(have, row))
        return OK;
    TRY(load_territory(cx, &(struct load_territory_in){.region_id = row->region_id, .id = row->id, .level = t->level,
                           .kind = place_kind(t), .kato = t->code, .name_kk = t->kk, .name_ru = t->ru, .name_en = t->en,
                           .name_en_made = (t->flags & PACK_EN_DERIVED) != 0, .valid_from = or_empty(t->valid_from),
                           .valid_to = or_empty(row->last->valid_to), .approximate = is_approximate(row),
                           .source_id = source_of(ld, row->region_id, t->source)}, NULL));
    return index_place(cx, ld, row);
}

/* --- new rows in bulk ---------------------------------------------------------------------------------------------- */

static struct db_value bulk_int(int64_t v) { return (struct db_value){.type = DB_BIGINT, .i = v}; }
static struct db_value bulk_text(const char *v) { return (struct db_value){.type = DB_TEXT, .text = v}; }

static bool next_place(void *arg, struct db_value *v)
{
    struct loader *ld = arg;
    if (ld->next == ld->fresh.n)
        return false;
    const struct place *row = ld->fresh.rows[ld->next++];
    const struct pack_territory *t = row->first;
    v[0] = bulk_int(row->region_id);
    v[1] = bulk_int(row->id);
    v[2] = bulk_int(t->level);
    v[3] = bulk_text(place_kind(t));
    v[4] = bulk_text(t->code);
    v[5] = bulk_text(t->kk);
    v[6] = bulk_text(t->ru);
    v[7] = bulk_text(t->en);
    v[8] = bulk_int((t->flags & PACK_EN_DERIVED) != 0);
    v[9] = bulk_text(or_empty(t->valid_from));
    v[10] = bulk_text(or_empty(row->last->valid_to));
    v[11] = bulk_int(is_approximate(row));
    v[12] = bulk_int(source_of(ld, row->region_id, t->source));
    return true;
}

static bool next_parent(void *arg, struct db_value *v)
{
    struct loader *ld = arg;
    if (ld->next == ld->fresh_parents.n)
        return false;
    const struct parent_row *p = &ld->fresh_parents.rows[ld->next++];
    v[0] = bulk_int(p->region_id);
    v[1] = bulk_int(p->territory_id);
    v[2] = bulk_text(p->valid_from);
    v[3] = bulk_text(p->valid_to);
    v[4] = bulk_int(p->parent_id);
    return true;
}

static bool next_word(void *arg, struct db_value *v)
{
    struct loader *ld = arg;
    if (ld->next == ld->fresh_words.n)
        return false;
    const struct word_row *w = &ld->fresh_words.rows[ld->next++];
    v[0] = bulk_int(w->region_id);
    v[1] = bulk_text(w->word);
    v[2] = bulk_text("territory");
    v[3] = bulk_int(w->object_id);
    return true;
}

static int put_fresh(struct ctx *cx, struct loader *ld)
{
    static const char *const PLACE[] = {"region_id", "id", "level", "kind", "kato", "name_kk", "name_ru", "name_en", "name_en_made",
                                        "valid_from", "valid_to", "approximate", "source_id"};
    static const enum db_type PLACE_TYPES[] = {DB_BIGINT, DB_BIGINT, DB_BIGINT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_BIGINT,
                                               DB_TEXT, DB_TEXT, DB_BIGINT, DB_BIGINT};
    static const char *const WORD[] = {"region_id", "word_key", "kind", "object_id"};
    static const enum db_type WORD_TYPES[] = {DB_BIGINT, DB_TEXT, DB_TEXT, DB_BIGINT};
    int64_t rows;
    ld->next = 0;
    TRY(db_bulk(cx, "territory", PLACE, sizeof PLACE / sizeof *PLACE, PLACE_TYPES, next_place, ld, &rows));
    ld->next = 0;
    return db_bulk(cx, "search_word", WORD, 4, WORD_TYPES, next_word, ld, &rows);
}

static int put_fresh_parents(struct ctx *cx, struct loader *ld)
{
    static const char *const PARENT[] = {"region_id", "territory_id", "valid_from", "valid_to", "parent_id"};
    static const enum db_type PARENT_TYPES[] = {DB_BIGINT, DB_BIGINT, DB_TEXT, DB_TEXT, DB_BIGINT};
    int64_t rows;
    ld->next = 0;
    return db_bulk(cx, "territory_parent", PARENT, 5, PARENT_TYPES, next_parent, ld, &rows);
}

/* The republic is the parent of regions whose record names none. */
static const char *parent_code(const struct pack_territory *t)
{
    return t->parent ? t->parent : t->level == PACK_REGION ? "000000000" : NULL;
}

static int put_parents(struct ctx *cx, struct loader *ld)
{
    const struct pack *p = ld->pack;
    for (size_t i = 0; i < p->n_territories; i++) {
        const struct pack_territory *t = &p->territories[i];
        const char *code = is_empty_period(t) ? NULL : parent_code(t);
        const struct place *row = place_during(ld, t->code, t->valid_from, t->valid_to);
        const struct place *parent = code ? place_during(ld, code, t->valid_from, t->valid_to) : NULL;
        if (!parent)
            continue;
        struct parent_row up = {row->region_id, row->id, parent->id, or_empty(t->valid_from), or_empty(t->valid_to)};
        const struct load_have_parents_row *have = map_get(ld->have_parents, parent_key(cx, up.territory_id, up.valid_from));
        if (!have)
            vec_push(cx->arena, &ld->fresh_parents, up);
        else if (have->parent_id != up.parent_id || !str_eq(have->valid_to, up.valid_to))
            TRY(load_parent(cx, &(struct load_parent_in){up.region_id, up.territory_id, up.valid_from, up.valid_to, up.parent_id}, NULL));
    }
    return put_fresh_parents(cx, ld);
}

static int put_changes(struct ctx *cx, const struct loader *ld)
{
    const struct pack *p = ld->pack;
    for (size_t i = 0; i < p->n_links; i++) {
        const struct pack_link *l = &p->links[i];
        const struct place *to = place_on(ld, l->to, l->date), *from = map_get(ld->by_code, l->from);
        if (!to)
            continue;
        while (from && from->next && from->next->id != to->id)
            from = from->next;
        int64_t from_id = from ? from->id : registry_territory_id(l->from, 1);
        TRY(load_change(cx, &(struct load_change_in){.region_id = to->region_id, .id = to->id * 64 + (int64_t)(i % 64),
                            .on_date = or_empty(l->date), .approximate = (l->flags & PACK_FROM_APPROX) != 0,
                            .kind = pack_link_kind_key(l->kind), .from_id = from_id, .to_id = to->id}, NULL));
    }
    return OK;
}

static int put_outlines(struct ctx *cx, const struct loader *ld)
{
    const struct pack *p = ld->pack;
    struct buf *code = buf_new(cx->arena, 0);
    for (size_t i = 0; i < p->n_outlines; i++) {
        const struct pack_outline *o = &p->outlines[i];
        const struct place *row = place_during(ld, o->code, o->valid_from, o->valid_to);
        if (!row)
            continue;
        buf_reset(code);
        shape_encode(pack_outline_shape(cx->arena, p, o), code);
        TRY(load_outline(cx, &(struct load_outline_in){.region_id = row->region_id, .territory_id = row->id,
                             .valid_from = or_empty(o->valid_from), .detail = o->tolerance == PACK_DETAIL,
                             .valid_to = or_empty(o->valid_to), .approximate = (o->flags & PACK_SHAPE_APPROX) != 0,
                             .geometry = {(const unsigned char *)code->data, code->len},
                             .source_id = source_of(ld, row->region_id, o->source)}, NULL));
    }
    return OK;
}

/* The place of a code in this pack, or (a pack of points alone) in the database. */
static int known_place(struct ctx *cx, struct loader *ld, const char *code, const char *date, int64_t *region_id,
                       int64_t *id, bool *found)
{
    const struct place *row = place_on(ld, code, date);
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
    return *found ? enter_region(cx, ld, *region_id) : OK;
}

static int put_points(struct ctx *cx, struct loader *ld)
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
        int64_t source = source_of(ld, region_id, pt->source);
        if (pt->flags & PACK_AMBIGUOUS) {
            if (pt->rank == 0)
                TRY(load_point_ambiguous(cx, &(struct load_point_ambiguous_in){region_id, id, lon, lat, source}, NULL));
            TRY(load_candidate(cx, &(struct load_candidate_in){.region_id = region_id, .territory_id = id, .ordinal = pt->rank,
                                   .lon = lon, .lat = lat, .source_id = source, .note = or_empty(pt->source_id)}, NULL));
        } else if (pt->rank == 0) {
            TRY(load_point(cx, &(struct load_point_in){region_id, id, lon, lat, source}, NULL));
        }
    }
    return OK;
}

static int put_compositions(struct ctx *cx, struct loader *ld)
{
    const struct pack *p = ld->pack;
    for (size_t i = 0; i < p->n_compositions; i++) {
        const struct pack_composition *c = &p->compositions[i];
        int64_t region_id, id;
        bool found;
        TRY(known_place(cx, ld, c->code, NULL, &region_id, &id, &found));
        if (!found)
            continue;
        TRY(load_composition(cx, &(struct load_composition_in){.region_id = region_id, .territory_id = id, .on_date = c->date,
                                 .community_code = c->community, .source_id = source_of(ld, region_id, c->source),
                                 .persons = {c->count >= 0, c->count}, .share = {c->has_share, c->share},
                                 .demo = (c->flags & PACK_DEMO) != 0}, NULL));
        if (c->population >= 0)
            TRY(load_observation(cx, &(struct load_observation_in){.region_id = region_id, .indicator_code = "population",
                                     .territory_id = id, .period = c->date, .source_id = source_of(ld, region_id, c->source),
                                     .id = db_new_id(), .value = (double)c->population,
                                     .demo = (c->flags & PACK_DEMO) != 0}, NULL));
    }
    return OK;
}

static int put_basemap(struct ctx *cx, const struct loader *ld)
{
    static const char *const LAYERS[PACK_LAYER_COUNT] = {
        [PACK_RIVERS] = "waterway", [PACK_LAKES] = "water", [PACK_BORDERS] = "boundary", [PACK_PLACES] = "place"};
    const struct pack *p = ld->pack;
    if (!p->n_features)
        return OK;
    struct buf *code = buf_new(cx->arena, 0);
    TRY(load_basemap_clear(cx, 0, NULL));
    for (size_t i = 0; i < p->n_features; i++) {
        const struct pack_feature *f = &p->features[i];
        buf_reset(code);
        shape_encode(f->shape, code);
        TRY(load_basemap(cx, &(struct load_basemap_in){.region_id = 0, .id = (int64_t)i + 1, .layer = LAYERS[f->layer],
                             .rank = f->rank, .name = or_empty(f->name),
                             .geometry = {(const unsigned char *)code->data, code->len},
                             .source_id = ld->sources[0][f->source]}, NULL));
    }
    return OK;
}

static int put_alias(struct ctx *cx, const struct table *t, void *arg)
{
    struct loader *ld = arg;
    const char *code = list_text(cx, t, "kato"), *before = map_get(ld->aliases, code);
    map_set(ld->aliases, code, arena_printf(cx->arena, "%s %s", or_empty(before), table_cell(t, "name")));
    return OK;
}

int registry_load_pack(struct ctx *cx, const struct pack *p)
{
    int64_t region = 0;
    struct loader ld = {.pack = p, .region_id = str_to_int(p->region, 1, 99, &region) ? region : -1};
    int64_t own = cx->region_id;
    if (ld.region_id > 0)
        cx->region_id = ld.region_id;
    ld.have = map_new(cx->arena);
    ld.have_parents = map_new(cx->arena);
    ld.aliases = map_new(cx->arena);
    collect_places(cx, &ld);
    int rc = list_each(cx, "reference/place_aliases.csv", put_alias, &ld);
    if (!rc) rc = enter_region(cx, &ld, 0);
    for (size_t i = 0; !rc && i < p->n_territories; i++) {
        const struct place *row = map_get(ld.by_code, p->territories[i].code);
        for (; !rc && row; row = row->next)
            if (row->first == &p->territories[i])
                rc = put_place(cx, &ld, row);
        if (!rc && i % 500 == 0 && ctx_progress(cx, (int64_t)i, (int64_t)p->n_territories, "territories"))
            rc = fail(cx, ERR_BUSY, "The import was stopped; nothing of it was kept.");
    }
    if (!rc) rc = put_fresh(cx, &ld);
    if (!rc) rc = put_parents(cx, &ld);
    if (!rc) rc = put_changes(cx, &ld);
    if (!rc) rc = put_outlines(cx, &ld);
    if (!rc) rc = put_points(cx, &ld);
    if (!rc) rc = put_compositions(cx, &ld);
    if (!rc) rc = put_basemap(cx, &ld);
    cx->region_id = own;
    return rc;
}
