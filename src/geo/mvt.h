/* mvt.h - map tiles: Mapbox Vector Tile 2.1 from an indexed set of features.
 *
 *     struct tile_layer layers[] = {{"districts", features, n}};
 *     struct tile_source *s = tile_source_new(arena, layers, 1);   // once per edition of the map
 *     struct buf *b = buf_new(cx->arena, 0);
 *     TRY(tile_make(cx, s, z, x, y, b));                           // b->len 0: nothing there (answer 204)
 * A source is never changed after it is made and may be read by many threads at once. Bytes are not
 * compressed: the caller gzips. The same source gives the same bytes. */
#ifndef GEO_MVT_H
#define GEO_MVT_H

#include "base/buf.h"
#include "base/ctx.h"
#include "geo/shape.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TILE_MAX_ZOOM = 18, TILE_EXTENT = 4096, TILE_BUFFER = 64 };

enum tile_value { TILE_TEXT, TILE_INT, TILE_NUM, TILE_BOOL };

struct tile_property {
    const char *key;
    enum tile_value type;
    const char *text; /* TILE_TEXT; NULL leaves the property out */
    int64_t i;        /* TILE_INT, TILE_BOOL */
    double num;       /* TILE_NUM; NaN leaves the property out */
};
static inline struct tile_property tile_text(const char *key, const char *text)
{
    return (struct tile_property){.key = key, .type = TILE_TEXT, .text = text};
}
static inline struct tile_property tile_int(const char *key, int64_t i)
{
    return (struct tile_property){.key = key, .type = TILE_INT, .i = i};
}
static inline struct tile_property tile_num(const char *key, double num)
{
    return (struct tile_property){.key = key, .type = TILE_NUM, .num = num};
}
static inline struct tile_property tile_bool(const char *key, bool b)
{
    return (struct tile_property){.key = key, .type = TILE_BOOL, .i = b};
}

struct tile_feature {
    uint64_t id; /* 0: none. MapLibre's setFeatureState needs whole numbers: use the KATO code */
    const struct shape *shape;
    /* Shown from min_zoom up to, not including, max_zoom (0: no end): an area may be two features, its overview outline
     * below zoom 8 and the detailed one from 8 on. */
    int min_zoom, max_zoom;
    size_t n_properties;
    const struct tile_property *properties;
};

struct tile_layer {
    const char *name;
    const struct tile_feature *features;
    size_t n_features;
};

struct tile_source;

/* Projects and indexes the features; nothing of the arguments is kept, all memory is the arena's. */
struct tile_source *tile_source_new(struct arena *a, const struct tile_layer *layers, size_t n_layers);

/* Writes the tile to out. ERR_NOT_FOUND: there is no such tile (zoom above TILE_MAX_ZOOM, x or y beyond the side). */
int tile_make(struct ctx *cx, const struct tile_source *s, int z, uint32_t x, uint32_t y, struct buf *out);

/* The box of all features, and the lowest and highest zoom with something to show, for TileJSON. */
struct geo_box tile_source_box(const struct tile_source *s);

#endif
