/* map.c - see map.h: open addressing with linear probing over indexes into a list of entries. */
#include "base/map.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/vec.h"

struct map *map_new(struct arena *a)
{
    struct map *m = arena_alloc(a, sizeof *m);
    m->arena = a;
    m->n_slots = 16;
    m->slots = arena_array(a, m->n_slots, sizeof *m->slots);
    return m;
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t *slot_of(const struct map *m, const char *key, uint64_t hash)
{
    for (size_t i = hash & (m->n_slots - 1);; i = (i + 1) & (m->n_slots - 1)) {
        uint32_t at = m->slots[i];
        if (at == 0 ||
            (m->entries[at - 1].hash == hash && strcmp(m->entries[at - 1].key, key) == 0))
            return &m->slots[i];
    }
}

static void grow_slots(struct map *m)
{
    m->n_slots *= 2;
    m->slots = arena_array(m->arena, m->n_slots, sizeof *m->slots);
    for (size_t e = 0; e < m->n; e++) {
        size_t i = m->entries[e].hash & (m->n_slots - 1);
        while (m->slots[i])
            i = (i + 1) & (m->n_slots - 1);
        m->slots[i] = (uint32_t)e + 1;
    }
}

void **map_at(struct map *m, const char *key)
{
    uint64_t hash = crypto_table_hash(key, strlen(key));
    uint32_t *slot = slot_of(m, key, hash);
    if (*slot)
        return &m->entries[*slot - 1].value;
    if ((m->n + 1) * 4 > m->n_slots * 3) { /* at most three quarters full */
        grow_slots(m);
        slot = slot_of(m, key, hash);
    }
    if (m->n == m->cap)
        m->entries = vec_grow(m->arena, m->entries, m->n, &m->cap, sizeof *m->entries);
    m->entries[m->n] = (struct map_entry){arena_strdup(m->arena, key), NULL, hash};
    *slot = (uint32_t)++m->n;
    return &m->entries[m->n - 1].value;
}

void map_set(struct map *m, const char *key, void *value)
{
    *map_at(m, key) = value;
}

bool map_has(const struct map *m, const char *key)
{
    return *slot_of(m, key, crypto_table_hash(key, strlen(key))) != 0;
}

void *map_get(const struct map *m, const char *key)
{
    uint32_t at = *slot_of(m, key, crypto_table_hash(key, strlen(key)));
    return at ? m->entries[at - 1].value : NULL;
}
