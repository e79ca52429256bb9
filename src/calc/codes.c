/* codes.c - categories of a column: texts to numbers 0 .. n-1 in a fixed order, by number where all of them
 * are numbers, else by bytes. The table is our own because it is asked once a cell: neighbouring rows mostly
 * have the same text, which is looked at first. */
#include "base/arena.h"
#include "calc/internal.h"

#include <stdlib.h>
#include <string.h>

struct level {
    const char *text;
    uint64_t hash;
    double number;
    int32_t old;
};

struct calc_levels {
    struct arena *arena;
    VEC(struct level) levels;
    uint32_t *slots; /* index + 1; 0 is free */
    size_t n_slots;
    int32_t last;
};

struct calc_levels *calc_levels_new(struct arena *a)
{
    struct calc_levels *l = arena_alloc(a, sizeof *l);
    l->arena = a;
    l->n_slots = 64;
    l->slots = arena_array(a, l->n_slots, sizeof *l->slots);
    l->last = -1;
    return l;
}

/* FNV-1a (Fowler, Noll, Vo) with a final mix, so that the low bits depend on all. */
static uint64_t hash_of(const char *s)
{
    uint64_t h = 14695981039346656037u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h ^ h >> 29;
}

static void grow(struct calc_levels *l)
{
    l->n_slots *= 4;
    l->slots = arena_array(l->arena, l->n_slots, sizeof *l->slots);
    for (size_t i = 0; i < l->levels.n; i++) {
        size_t at = l->levels.rows[i].hash & (l->n_slots - 1);
        while (l->slots[at])
            at = (at + 1) & (l->n_slots - 1);
        l->slots[at] = (uint32_t)i + 1;
    }
}

int32_t calc_levels_add(struct calc_levels *l, const char *text)
{
    if (l->last >= 0 && strcmp(l->levels.rows[l->last].text, text) == 0)
        return l->last;
    uint64_t h = hash_of(text);
    size_t at = h & (l->n_slots - 1);
    for (; l->slots[at]; at = (at + 1) & (l->n_slots - 1)) {
        const struct level *k = &l->levels.rows[l->slots[at] - 1];
        if (k->hash == h && strcmp(k->text, text) == 0)
            return l->last = (int32_t)l->slots[at] - 1;
    }
    struct level fresh = {arena_strdup(l->arena, text), h, 0, (int32_t)l->levels.n};
    vec_push(l->arena, &l->levels, fresh);
    l->slots[at] = (uint32_t)l->levels.n;
    if (l->levels.n * 2 > l->n_slots)
        grow(l);
    return l->last = (int32_t)l->levels.n - 1;
}

static int by_text(const void *x, const void *y)
{
    const struct level *a = x, *b = y;
    return strcmp(a->text, b->text);
}

static int by_number(const void *x, const void *y)
{
    const struct level *a = x, *b = y;
    return a->number < b->number ? -1 : a->number > b->number ? 1 : by_text(x, y);
}

void calc_levels_end(struct calc_levels *l, int32_t *code, size_t n, struct calc_codes *out)
{
    size_t k = l->levels.n;
    bool numbers = true;
    for (size_t i = 0; i < k && numbers; i++)
        numbers = calc_parse_num(l->levels.rows[i].text, false, &l->levels.rows[i].number);
    if (k)
        qsort(l->levels.rows, k, sizeof *l->levels.rows, numbers ? by_number : by_text);
    int32_t *fresh = arena_array(l->arena, k, sizeof *fresh);
    const char **name = arena_array(l->arena, k, sizeof *name);
    for (size_t i = 0; i < k; i++) {
        fresh[l->levels.rows[i].old] = (int32_t)i;
        name[i] = l->levels.rows[i].text;
    }
    for (size_t i = 0; i < n; i++)
        code[i] = code[i] < 0 ? -1 : fresh[code[i]];
    *out = (struct calc_codes){k, name, code};
}
