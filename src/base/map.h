/* map.h - from texts to pointers, in an arena.
 *
 * Walking goes in the order of insertion, so that results are the same on every run. Nothing is
 * ever removed. The hash is keyed per process: keys may come from outside. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct map_entry {
    const char *key;
    void *value;
    uint64_t hash;
};
struct map {
    struct arena *arena;
    struct map_entry *entries; /* n of them, in the order of insertion: for walking */
    size_t n, cap;
    uint32_t *slots;           /* index + 1 into entries; 0 is free; n_slots is a power of two */
    size_t n_slots;
};

struct map *map_new(struct arena *a);
/* Sets a key (copied into the arena) to a value, in place of an earlier one. */
void map_set(struct map *m, const char *key, void *value);
/* The value; NULL where the key is unknown. */
void *map_get(const struct map *m, const char *key);
bool map_has(const struct map *m, const char *key);
/* The address where the key's value is kept (new keys get NULL), valid until the next new key:
 * for counting and collecting with one look-up. */
void **map_at(struct map *m, const char *key);

#endif
