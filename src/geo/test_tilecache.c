/* Tests of the tile cache: what is kept, what goes first, and many threads at once. */
#include "geo/tilecache.h"

#include "base/arena.h"
#include "tap.h"

#include <pthread.h>

static struct tile_key key(uint32_t x)
{
    return (struct tile_key){.edition = 7, .layer = 1, .z = 10, .x = x, .y = 5};
}

static bool has(struct tilecache *c, struct arena *a, uint32_t x, const void **data, size_t *len)
{
    struct tile_key k = key(x);
    return tilecache_get(c, &k, a, data, len);
}

static void test_keeps(struct arena *a)
{
    static char tile[1000];
    struct tilecache *c = tilecache_new(10000);
    const void *data;
    size_t len;
    ok(!has(c, a, 1, &data, &len), "an empty cache has nothing");
    for (uint32_t x = 1; x <= 8; x++) {
        memset(tile, (int)x, sizeof tile);
        struct tile_key k = key(x);
        tilecache_put(c, &k, tile, sizeof tile);
    }
    ok(has(c, a, 1, &data, &len) && len == 1000 && ((const char *)data)[999] == 1, "what was put is found");
    for (uint32_t x = 9; x <= 12; x++) {
        struct tile_key k = key(x);
        tilecache_put(c, &k, tile, sizeof tile);
    }
    ok(has(c, a, 1, &data, &len) && has(c, a, 12, &data, &len), "the last used and the last put stay");
    ok(!has(c, a, 2, &data, &len) && !has(c, a, 3, &data, &len), "the ones unused longest go");
    ok(tilecache_stats(c).bytes <= 10000, "the cache keeps its bound");
    struct tile_key other = key(1);
    other.edition = 8;
    ok(!tilecache_get(c, &other, a, &data, &len), "another edition is another tile");
    struct tile_key k = key(1);
    tilecache_put(c, &k, "", 0);
    ok(has(c, a, 1, &data, &len) && len == 0, "a tile may be replaced, and be empty");
    static char large[5000];
    k = key(99);
    tilecache_put(c, &k, large, sizeof large);
    ok(!has(c, a, 99, &data, &len), "one that would empty the cache is not kept");
    tilecache_free(c);
}

static struct tilecache *shared;

/* Puts and gets tiles whose every byte is their number; a mixed one is a fault. */
static void *work(void *arg)
{
    size_t faults = 0;
    uint64_t state = (uint64_t)(uintptr_t)arg + 1;
    for (int i = 0; i < 20000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        uint32_t x = (uint32_t)(state >> 40) % 200;
        struct arena *a = arena_new(0);
        const void *data;
        size_t len;
        if (has(shared, a, x, &data, &len)) {
            for (size_t k = 0; k < len; k += 37)
                faults += ((const unsigned char *)data)[k] != x;
            faults += len != 100 + x;
        } else {
            unsigned char tile[300];
            struct tile_key k = key(x);
            memset(tile, (int)x, sizeof tile);
            tilecache_put(shared, &k, tile, 100 + x);
        }
        arena_free(a);
    }
    return (void *)(uintptr_t)faults;
}

static void test_threads(void)
{
    pthread_t threads[4];
    uintptr_t faults = 0;
    shared = tilecache_new(20000);
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, work, (void *)i);
    for (int i = 0; i < 4; i++) {
        void *n;
        pthread_join(threads[i], &n);
        faults += (uintptr_t)n;
    }
    ok(faults == 0, "four threads never see half a tile");
    struct tilecache_stats s = tilecache_stats(shared);
    ok(s.hits + s.misses == 80000 && s.bytes <= 20000, "and every look-up is counted");
    tilecache_free(shared);
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_keeps(a);
    test_threads();
    arena_free(a);
    return done();
}
