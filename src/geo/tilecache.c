/* tilecache.c - see tilecache.h. One lock: a look-up is a hash, a few pointers and a copy of some kilobytes. */
#include "geo/tilecache.h"

#include "base/arena.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct tile_key key;
    struct entry *next_in_slot;
    struct entry *newer, *older; /* by last use */
    size_t len;
    unsigned char data[];
};

struct tilecache {
    pthread_mutex_t lock;
    struct entry **slots;
    size_t n_slots;
    struct entry *newest, *oldest;
    size_t max_bytes;
    struct tilecache_stats stats;
};

static void *must(void *p)
{
    if (!p)
        die("out of memory");
    return p;
}

struct tilecache *tilecache_new(size_t max_bytes)
{
    struct tilecache *c = must(calloc(1, sizeof *c));
    pthread_mutex_init(&c->lock, NULL);
    c->max_bytes = max_bytes;
    c->n_slots = max_bytes / 4096 + 64;
    c->slots = must(calloc(c->n_slots, sizeof *c->slots));
    return c;
}

void tilecache_free(struct tilecache *c)
{
    if (!c)
        return;
    for (struct entry *e = c->newest, *older; e; e = older) {
        older = e->older;
        free(e);
    }
    pthread_mutex_destroy(&c->lock);
    free(c->slots);
    free(c);
}

static size_t slot_of(const struct tilecache *c, const struct tile_key *k)
{
    uint64_t h = k->edition ^ (uint64_t)k->layer << 40 ^ (uint64_t)k->z << 56;
    h = (h ^ ((uint64_t)k->x << 32 | k->y)) * 0x9E3779B97F4A7C15u;
    return (h ^ h >> 32) % c->n_slots;
}

static bool same_key(const struct tile_key *a, const struct tile_key *b)
{
    return a->edition == b->edition && a->layer == b->layer && a->z == b->z && a->x == b->x && a->y == b->y;
}

static struct entry **find(struct tilecache *c, const struct tile_key *key)
{
    struct entry **at = &c->slots[slot_of(c, key)];
    while (*at && !same_key(&(*at)->key, key))
        at = &(*at)->next_in_slot;
    return at;
}

static void unlink_use(struct tilecache *c, struct entry *e)
{
    *(e->newer ? &e->newer->older : &c->newest) = e->older;
    *(e->older ? &e->older->newer : &c->oldest) = e->newer;
}

static void link_newest(struct tilecache *c, struct entry *e)
{
    e->newer = NULL;
    e->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = e;
    c->newest = e;
}

/* Takes the entry that *at points to out and frees it. */
static void drop(struct tilecache *c, struct entry **at)
{
    struct entry *e = *at;
    *at = e->next_in_slot;
    unlink_use(c, e);
    c->stats.tiles--;
    c->stats.bytes -= sizeof *e + e->len;
    free(e);
}

bool tilecache_get(struct tilecache *c, const struct tile_key *key, struct arena *a, const void **data, size_t *len)
{
    pthread_mutex_lock(&c->lock);
    struct entry *e = *find(c, key);
    if (e) {
        *data = arena_strndup(a, (const char *)e->data, e->len);
        *len = e->len;
        unlink_use(c, e);
        link_newest(c, e);
        c->stats.hits++;
    } else {
        c->stats.misses++;
    }
    pthread_mutex_unlock(&c->lock);
    return e != NULL;
}

void tilecache_put(struct tilecache *c, const struct tile_key *key, const void *data, size_t len)
{
    size_t size = sizeof(struct entry) + len;
    if (size > c->max_bytes / 4)
        return;
    struct entry *e = must(malloc(size));
    *e = (struct entry){.key = *key, .len = len};
    if (len)
        memcpy(e->data, data, len);
    pthread_mutex_lock(&c->lock);
    struct entry **same = find(c, key);
    if (*same)
        drop(c, same);
    while (c->oldest && c->stats.bytes + size > c->max_bytes)
        drop(c, find(c, &c->oldest->key));
    struct entry **slot = &c->slots[slot_of(c, key)];
    e->next_in_slot = *slot;
    *slot = e;
    link_newest(c, e);
    c->stats.tiles++;
    c->stats.bytes += size;
    pthread_mutex_unlock(&c->lock);
}

struct tilecache_stats tilecache_stats(struct tilecache *c)
{
    pthread_mutex_lock(&c->lock);
    struct tilecache_stats s = c->stats;
    pthread_mutex_unlock(&c->lock);
    return s;
}
