/* survey_index.c - pairs of numbers to small numbers; combined cells of several margins. */
#include "stat/survey_index.h"

#include "base/arena.h"
#include "stat/survey_design.h"

struct survey_index *survey_index_new(struct arena *a, size_t most)
{
    struct survey_index *x = arena_alloc(a, sizeof *x);
    size_t size = 16;
    while (size < 2 * most)
        size *= 2;
    x->mask = size - 1;
    x->slot = arena_array(a, size, sizeof *x->slot);
    x->key = arena_array(a, most + 1, sizeof *x->key);
    return x;
}

uint32_t survey_index_get(struct survey_index *x, uint64_t group, int64_t id)
{
    uint64_t h = (group * 0x9e3779b97f4a7c15ULL) ^ ((uint64_t)id * 0xd6e8feb86659fd93ULL);
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93ULL;
    h ^= h >> 29;
    for (size_t i = (size_t)h & x->mask;; i = (i + 1) & x->mask) {
        if (!x->slot[i]) {
            x->key[x->n] = (struct survey_pair){group, id};
            x->slot[i] = (uint32_t)++x->n;
            return (uint32_t)(x->n - 1);
        }
        struct survey_pair *k = &x->key[x->slot[i] - 1];
        if (k->group == group && k->id == id)
            return x->slot[i] - 1;
    }
}

/* Few enough combinations: a number for each directly. 0: too many. */
static size_t all_combinations(size_t n, size_t n_margins, const struct survey_margin *m)
{
    size_t all = 1, most = 8 * n + 65536;
    for (size_t k = 0; k < n_margins; k++) {
        if (m[k].n_cells == 0 || all > most / m[k].n_cells)
            return 0;
        all *= m[k].n_cells;
    }
    return all;
}

struct survey_cells survey_cells_new(struct arena *a, size_t n, size_t n_margins, const struct survey_margin *m)
{
    struct survey_cells out = {.of = arena_array(a, n + 1, sizeof *out.of), .n_margins = n_margins};
    size_t all = all_combinations(n, n_margins, m);
    uint32_t *number = all ? arena_array(a, all, sizeof *number) : NULL, *first = arena_array(a, n + 1, sizeof *first);
    if (all) {
        for (size_t i = 0; i < n; i++) {
            size_t key = (size_t)m[0].cell[i];
            for (size_t k = 1; k < n_margins; k++)
                key = key * m[k].n_cells + (size_t)m[k].cell[i];
            if (!number[key]) {
                first[out.n] = (uint32_t)i;
                number[key] = (uint32_t)++out.n;
            }
            out.of[i] = number[key] - 1;
        }
    } else {
        for (size_t k = 0; k < n_margins; k++) {
            struct survey_index *x = survey_index_new(a, n);
            for (size_t i = 0; i < n; i++) {
                size_t before = x->n;
                out.of[i] = survey_index_get(x, k ? out.of[i] : 0, m[k].cell[i]);
                if (x->n > before)
                    first[before] = (uint32_t)i;
            }
            out.n = x->n;
        }
    }
    out.code = arena_array(a, out.n * n_margins + 1, sizeof *out.code);
    for (size_t c = 0; c < out.n; c++)
        for (size_t k = 0; k < n_margins; k++)
            out.code[c * n_margins + k] = m[k].cell[first[c]];
    return out;
}
