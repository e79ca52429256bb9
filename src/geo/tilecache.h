/* tilecache.h - keeps finished tiles in memory, the last used longest, up to a number of bytes. Thread-safe. */
#ifndef GEO_TILECACHE_H
#define GEO_TILECACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct tilecache;

struct tile_key {
    uint64_t edition; /* hash of what the tiles are made from (and for whom): other content, other key */
    uint32_t layer;   /* number of the layer, the caller's */
    uint32_t z, x, y;
};

/* Ends the process where there is no memory. */
struct tilecache *tilecache_new(size_t max_bytes);
void tilecache_free(struct tilecache *c);

/* A copy of the tile in the arena; false: not there. A tile may be empty (*len 0). */
bool tilecache_get(struct tilecache *c, const struct tile_key *key, struct arena *a, const void **data, size_t *len);

/* Keeps a copy; replaces one of the same key. Tiles larger than a quarter of the cache are not kept. */
void tilecache_put(struct tilecache *c, const struct tile_key *key, const void *data, size_t len);

struct tilecache_stats {
    uint64_t hits, misses;
    size_t tiles, bytes;
};
struct tilecache_stats tilecache_stats(struct tilecache *c);

#endif
