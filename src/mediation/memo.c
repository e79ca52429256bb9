/* memo.c - see memo.h. */
#include "mediation/memo.h"

#include "base/arena.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 32, MOST_CELLS = 4096 };

/* The input is compared whole: a hash that collides must not show what another table may. */
struct memo {
    size_t rows, cols;
    int64_t threshold, width;
    bool hide_zeros, safe;
    uint64_t last_use;
    int64_t *values;
    uint8_t *cell, *fixed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct memo kept[KEPT];
static uint64_t uses;

static size_t cells_of(const struct protect_table *t)
{
    return (t->rows + 1) * (t->cols + 1);
}

static bool same(const struct memo *m, const struct protect_table *t, const struct protect_rules *r)
{
    static const uint8_t NONE[MOST_CELLS];
    size_t n = cells_of(t);
    return m->cell && m->rows == t->rows && m->cols == t->cols && m->threshold == r->threshold &&
           m->width == r->min_width && m->hide_zeros == r->hide_zeros &&
           memcmp(m->values, t->values, n * sizeof *m->values) == 0 &&
           memcmp(m->fixed, t->fixed ? t->fixed : NONE, n) == 0;
}

static bool find(struct arena *a, const struct protect_table *t, const struct protect_rules *r,
                 struct protect_result *out)
{
    bool found = false;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < KEPT && !found; i++)
        if (same(&kept[i], t, r)) {
            *out = (struct protect_result){.safe = kept[i].safe, .cell = arena_alloc(a, cells_of(t))};
            memcpy(out->cell, kept[i].cell, cells_of(t));
            kept[i].last_use = ++uses;
            found = true;
        }
    pthread_mutex_unlock(&lock);
    return found;
}

static void keep(const struct protect_table *t, const struct protect_rules *r,
                 const struct protect_result *result)
{
    size_t n = cells_of(t);
    struct memo m = {.rows = t->rows,
                     .cols = t->cols,
                     .threshold = r->threshold,
                     .width = r->min_width,
                     .hide_zeros = r->hide_zeros,
                     .safe = result->safe,
                     .values = malloc(n * sizeof *m.values),
                     .cell = malloc(n),
                     .fixed = calloc(n, 1)};
    if (!m.values || !m.cell || !m.fixed)
        die("out of memory");
    memcpy(m.values, t->values, n * sizeof *m.values);
    memcpy(m.cell, result->cell, n);
    if (t->fixed)
        memcpy(m.fixed, t->fixed, n);
    pthread_mutex_lock(&lock);
    struct memo *oldest = &kept[0];
    for (int i = 1; i < KEPT; i++)
        if (kept[i].last_use < oldest->last_use)
            oldest = &kept[i];
    struct memo old = *oldest;
    m.last_use = ++uses;
    *oldest = m;
    pthread_mutex_unlock(&lock);
    free(old.values);
    free(old.cell);
    free(old.fixed);
}

struct protect_result memo_protect_table(struct arena *a, const struct protect_table *t,
                                         const struct protect_rules *rules)
{
    struct protect_result result;
    if (t->absent || cells_of(t) > MOST_CELLS)
        return protect_table(a, t, rules);
    if (find(a, t, rules, &result))
        return result;
    result = protect_table(a, t, rules);
    keep(t, rules, &result);
    return result;
}
