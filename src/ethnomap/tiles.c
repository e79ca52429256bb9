/* tiles.c - see tiles.h: keeping sources and finished tiles, compressing, answering. */
#include "ethnomap/tiles.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/deflate.h"
#include "base/str.h"
#include "base/time.h"
#include "ethnomap/layers.h"
#include "geo/shape_code.h"
#include "geo/tilecache.h"
#include "i18n/i18n.h"
#include "registry/registry.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCES = 24, SOURCE_BYTES = 64 << 20, CACHE_BYTES = 24 << 20, GZIP_LEVEL = 4 };

/* --- sources in memory ------------------------------------------------------------------------------ */

/* One edition of a layer, shared; freed when nobody uses it and its place is wanted. */
struct source {
    uint64_t key, stamp;
    struct arena *arena;
    struct tile_source *tiles;
    int users;
    uint64_t last_use;
};

static struct {
    pthread_mutex_t lock;
    struct source *at[SOURCES];
    uint64_t clock;
    struct tilecache *cache;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct tilecache *cache(void)
{
    pthread_mutex_lock(&kept.lock);
    if (!kept.cache)
        kept.cache = tilecache_new(CACHE_BYTES);
    pthread_mutex_unlock(&kept.lock);
    return kept.cache;
}

static void source_free(struct source *s)
{
    arena_free(s->arena);
    free(s);
}

static struct source *source_find(uint64_t key)
{
    struct source *found = NULL;
    pthread_mutex_lock(&kept.lock);
    for (int i = 0; i < SOURCES && !found; i++)
        if (kept.at[i] && kept.at[i]->key == key) {
            found = kept.at[i];
            found->users++;
            found->last_use = ++kept.clock;
        }
    pthread_mutex_unlock(&kept.lock);
    return found;
}

/* Takes a new source in, in place of the one that was not used for longest; gives the one to use (another thread
 * may have made the same in the meantime). */
static struct source *source_keep(struct source *s)
{
    struct source *same = source_find(s->key);
    if (same) {
        source_free(s);
        return same;
    }
    pthread_mutex_lock(&kept.lock);
    int best = -1;
    for (int i = 0; i < SOURCES; i++) {
        if (kept.at[i] && kept.at[i]->users)
            continue;
        if (best < 0 || !kept.at[i] || (kept.at[best] && kept.at[i]->last_use < kept.at[best]->last_use))
            best = i;
    }
    s->users = 1;
    s->last_use = ++kept.clock;
    struct source *old = NULL;
    if (best >= 0) {
        old = kept.at[best];
        kept.at[best] = s;
    }
    pthread_mutex_unlock(&kept.lock);
    if (old)
        source_free(old);
    return s;
}

static void source_release(struct source *s)
{
    bool alone = true;
    pthread_mutex_lock(&kept.lock);
    s->users--;
    for (int i = 0; i < SOURCES; i++)
        alone &= kept.at[i] != s;
    bool last = alone && s->users == 0;
    pthread_mutex_unlock(&kept.lock);
    if (last) /* there was no place for it in the table */
        source_free(s);
}

void tiles_forget(void)
{
    pthread_mutex_lock(&kept.lock);
    for (int i = 0; i < SOURCES; i++)
        if (kept.at[i] && !kept.at[i]->users) {
            source_free(kept.at[i]);
            kept.at[i] = NULL;
        }
    tilecache_free(kept.cache);
    kept.cache = NULL;
    pthread_mutex_unlock(&kept.lock);
}

/* --- stamps ----------------------------------------------------------------------------------------- */

/* The lines of the region and of the republic change only when a pack is loaded. */
static int lines_stamp(struct ctx *cx, uint64_t *h)
{
    for (int i = 0; i < 2; i++) {
        struct map_lines_stamp_row lines;
        struct map_base_stamp_row base;
        TRY(map_lines_stamp(cx, i ? cx->region_id : 0, &lines));
        TRY(map_base_stamp(cx, i ? cx->region_id : 0, &base));
        const int64_t all[] = {lines.outlines, lines.bytes, lines.newest, base.features, base.newest};
        *h = map_hash(*h, all, sizeof all);
    }
    return OK;
}

/* Asked on every page with a map, so it counts rows instead of reading them all. */
static int settlements_stamp(struct ctx *cx, const struct tiles_question *q, uint64_t *h)
{
    struct map_places_stamp_row places;
    struct map_marks_stamp_row marks = {0};
    struct map_sizes_stamp_row sizes;
    TRY(map_places_stamp(cx, cx->region_id, &places));
    TRY(map_sizes_stamp(cx, cx->region_id, &sizes));
    if (q->permissions >> PERM_REGISTRY_READ & 1)
        TRY(map_marks_stamp(cx, cx->region_id, &marks));
    const int64_t all[] = {places.places, places.versions, sizes.figures, sizes.newest, marks.marks, marks.newest, marks.ended};
    *h = map_hash(*h, all, sizeof all);
    return OK;
}

int tiles_stamp(struct ctx *cx, const struct tiles_question *q, const struct map_model *m, uint64_t *stamp)
{
    const int64_t what[] = {q->layer, q->lang, cx->region_id};
    uint64_t h = map_hash(0, what, sizeof what);
    h = map_hash(h, q->on_date, strlen(q->on_date));
    if (q->layer != LAYER_SETTLEMENTS)
        TRY(lines_stamp(cx, &h));
    if (q->layer == LAYER_SETTLEMENTS)
        TRY(settlements_stamp(cx, q, &h));
    if (q->layer == LAYER_UNITS) {
        struct map_model own;
        if (!m) {
            TRY(map_model_load(cx, q->permissions, q->indicator, q->period, q->on_date, &own));
            m = &own;
        }
        uint64_t content = map_model_stamp(m, q->lang);
        h = map_hash(h, &content, sizeof content);
    }
    *stamp = h ? h : 1;
    return OK;
}

/* The permissions on which a layer depends: what is kept for one account is never given to another that may see less. */
static int64_t sees(const struct tiles_question *q)
{
    uint64_t p = q->permissions;
    if (q->layer == LAYER_SETTLEMENTS)
        return (int64_t)(p >> PERM_REGISTRY_READ & 1);
    if (q->layer == LAYER_UNITS)
        return (int64_t)((p >> PERM_RESEARCH_READ & 1) | (p >> PERM_QUARTER_READ & 1) | (p >> PERM_DISPUTE_STATS & 1) << 1);
    return 0;
}

/* The question as asked, with the stamp that stands in the address. */
static uint64_t key_of(const struct ctx *cx, const struct tiles_question *q, uint64_t stamp)
{
    const int64_t what[] = {q->layer, q->lang, cx->region_id, (int64_t)stamp, sees(q)};
    uint64_t h = map_hash(0, what, sizeof what);
    const char *const texts[] = {q->on_date, q->layer == LAYER_UNITS ? q->indicator : "", q->layer == LAYER_UNITS ? q->period : ""};
    for (size_t i = 0; i < 3; i++)
        h = map_hash(h, texts[i], strlen(texts[i]) + 1);
    return h;
}

/* --- making ----------------------------------------------------------------------------------------- */

static int source_make(struct ctx *cx, const struct tiles_question *q, struct source **out)
{
    struct map_model m = {0};
    uint64_t stamp;
    if (q->layer == LAYER_UNITS)
        TRY(map_model_load(cx, q->permissions, q->indicator, q->period, q->on_date, &m));
    TRY(tiles_stamp(cx, q, q->layer == LAYER_UNITS ? &m : NULL, &stamp));
    *out = source_find(key_of(cx, q, stamp));
    if (*out)
        return OK;
    struct source *s = calloc(1, sizeof *s);
    if (!s)
        die("out of memory");
    *s = (struct source){.key = key_of(cx, q, stamp), .stamp = stamp, .arena = arena_new(SOURCE_BYTES)};
    int rc = layer_make(cx, q, &m, s->arena, &s->tiles);
    if (rc) {
        source_free(s);
        return rc;
    }
    *out = source_keep(s);
    return OK;
}

int tiles_get(struct ctx *cx, const struct tiles_question *q, uint64_t wanted, int z, uint32_t x, uint32_t y, const void **data,
              size_t *len, uint64_t *stamp)
{
    struct tile_key key = {.edition = key_of(cx, q, wanted), .layer = q->layer, .z = (uint32_t)z, .x = x, .y = y};
    *stamp = wanted;
    *data = "";
    if (wanted && tilecache_get(cache(), &key, cx->arena, data, len))
        return OK;
    struct source *s = wanted ? source_find(key.edition) : NULL;
    if (!s)
        TRY(source_make(cx, q, &s));
    *stamp = s->stamp;
    key.edition = s->key;
    struct buf *tile = buf_new(cx->arena, 0);
    int rc = tile_make(cx, s->tiles, z, x, y, tile);
    source_release(s);
    if (rc)
        return rc;
    struct packed packed = {"", 0};
    if (tile->len)
        packed = deflate_gzip(cx->arena, tile->data, tile->len, GZIP_LEVEL);
    *data = packed.data;
    *len = packed.len;
    tilecache_put(cache(), &key, *data, *len);
    return OK;
}

int tiles_bounds(struct ctx *cx, const char *on_date, struct geo_box *box)
{
    struct outline_list_list l;
    *box = geo_box_empty();
    TRY(outline_list(cx, &(struct outline_list_in){cx->region_id, LEVEL_UNIT, 0, on_date}, &l));
    for (size_t i = 0; i < l.n; i++) {
        const struct shape *s = shape_decode(cx->arena, l.rows[i].geometry.data, l.rows[i].geometry.len);
        if (!s)
            return fail(cx, ERR_DB, "An outline in the database is damaged.");
        geo_box_add(box, (struct geo_point){s->box.west, s->box.south});
        geo_box_add(box, (struct geo_point){s->box.east, s->box.north});
    }
    return OK;
}

/* --- the address ------------------------------------------------------------------------------------ */

static bool read_layer(const char *name, enum map_layer *layer)
{
    static const char *const NAMES[] = {"base", "units", "settlements"};
    for (int i = 0; i < LAYER_COUNT; i++)
        if (str_eq(name, NAMES[i])) {
            *layer = (enum map_layer)i;
            return true;
        }
    return false;
}

static uint64_t read_stamp(const char *text)
{
    char *end;
    if (!text || strlen(text) != 16)
        return 0;
    uint64_t v = strtoull(text, &end, 16);
    return *end ? 0 : v;
}

static int plain_for_old_clients(struct request *rq, const void **data, size_t *len)
{
    const char *accept = rq_header(rq, "Accept-Encoding");
    if (*len == 0)
        return OK;
    if (accept && strstr(accept, "gzip")) {
        respond_header(rq, "Content-Encoding", "gzip");
        return OK;
    }
    struct buf *out = buf_new(rq->cx->arena, 0);
    if (!deflate_gunzip(*data, *len, out))
        return fail(rq->cx, ERR_IO, "A tile could not be unpacked.");
    *data = out->data;
    *len = out->len;
    return OK;
}

int tiles_route(struct request *rq)
{
    struct ctx *cx = rq->cx;
    static const char *const STAMPS[] = {"b", "u", "s"};
    int64_t z, x, y;
    struct tiles_question q = {.lang = lang_from_code(str_or_empty(rq_query(rq, "l"))), .permissions = rq->account.permissions,
                               .indicator = str_or_empty(rq_query(rq, "indicator")), .period = str_or_empty(rq_query(rq, "period"))};
    if (!read_layer(rq_path(rq, "layer"), &q.layer) || !str_to_int(rq_path(rq, "z"), TILES_MIN_ZOOM, TILES_MAX_ZOOM, &z) ||
        !str_to_int(rq_path(rq, "x"), 0, (INT64_C(1) << z) - 1, &x) || !str_to_int(rq_path(rq, "y"), 0, (INT64_C(1) << z) - 1, &y))
        return fail(cx, ERR_NOT_FOUND, "There is no such tile.");
    if (q.layer != LAYER_BASE && !rq_may(rq, PERM_MAP_READ))
        return fail(cx, ERR_DENIED, "You do not have the permission for this.");
    if (q.lang != LANG_COUNT)
        cx->lang = q.lang;
    q.lang = cx->lang;
    TRY(map_date(cx, rq_query(rq, "d"), &q.on_date));
    uint64_t wanted = read_stamp(rq_query(rq, STAMPS[q.layer])), stamp;
    const void *data;
    size_t len;
    TRY(tiles_get(cx, &q, wanted, (int)z, (uint32_t)x, (uint32_t)y, &data, &len, &stamp));
    bool fixed = wanted && stamp == wanted;
    if (respond_not_modified(rq, arena_printf(cx->arena, "%016llx", (unsigned long long)stamp), 0))
        return OK;
    respond_header(rq, "Cache-Control", fixed ? "private, max-age=31536000, immutable" : "private, no-cache");
    if (!len)
        return OK; /* 204: nothing is there */
    TRY(plain_for_old_clients(rq, &data, &len));
    return respond_bytes(rq, "application/vnd.mapbox-vector-tile", data, len, NULL);
}
