/* protect_primary.c - primary rules over contributions. */
#include "stat/protect_primary.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "stat/num.h"

struct item {
    int32_t cell;
    int64_t who;
    size_t at; /* order of the input, so that sums do not depend on the sorting */
    double value;
};

static int by_contributor(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    if (x->who != y->who)
        return x->who < y->who ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static int by_size(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return (x->who > y->who) - (x->who < y->who);
}

/* One item for each contributor of a cell; how many. */
static size_t merge(struct item *x, size_t n)
{
    size_t out = 0;
    for (size_t i = 0; i < n;) {
        struct num_sum sum = {0, 0};
        size_t j = i;
        for (; j < n && x[j].cell == x[i].cell && x[j].who == x[i].who; j++)
            num_add(&sum, x[j].value);
        x[out] = x[i];
        x[out++].value = num_total(sum);
        i = j;
    }
    return out;
}

/* The contributors of one cell, largest first. */
static struct protect_primary judge(const struct item *x, size_t n, const struct protect_primary_rules *r)
{
    struct num_sum total = {0, 0}, top = {0, 0};
    struct protect_primary out = {0};
    for (size_t i = 0; i < n; i++) {
        num_add(&total, x[i].value);
        if (i < r->dominance_n)
            num_add(&top, x[i].value);
        out.contributors += x[i].value > 0;
    }
    out.total = num_total(total);
    out.largest = n > 0 ? x[0].value : 0;
    out.second = n > 1 ? x[1].value : 0;
    if (!(out.total > 0))
        return out;
    double q = r->q_percent > 0 ? r->q_percent : 100, range = r->range_percent > 0 ? r->range_percent : 20;
    double rest = out.total - out.largest - out.second, wanted = r->p_percent / q * out.largest;
    double dominant = r->dominance_n ? 100 / r->dominance_k * num_total(top) - out.total : 0;
    if (out.contributors < r->threshold) {
        out.broken |= PROTECT_RULE_THRESHOLD;
        out.up = range / 100 * out.total;
    }
    double dust = 1e-12 * out.total; /* sums that are equal on paper */
    if (r->p_percent > 0 && rest < wanted - dust) {
        out.broken |= PROTECT_RULE_P;
        out.up = fmax(out.up, wanted - rest);
    }
    if (r->dominance_n && dominant > dust) {
        out.broken |= PROTECT_RULE_DOMINANCE;
        out.up = fmax(out.up, dominant);
    }
    return out;
}

static bool make_sense(const struct protect_primary_rules *r)
{
    if (r->threshold < 0 || !(r->p_percent >= 0) || !(r->q_percent >= 0) || !(r->range_percent >= 0))
        return false;
    if (r->p_percent > 0 && r->q_percent > 0 && r->p_percent >= r->q_percent)
        return false;
    return r->dominance_n == 0 || (r->dominance_k > 0 && r->dominance_k < 100);
}

enum stat_reason protect_primary(struct arena *a, size_t n, const int32_t *cell, const int64_t *contributor,
                                 const double *value, size_t n_cells, const struct protect_primary_rules *rules,
                                 struct protect_primary *out, size_t *bad)
{
    struct item *x = arena_array(a, n + 1, sizeof *x);
    size_t m = 0;
    if (bad)
        *bad = SIZE_MAX;
    if (!make_sense(rules))
        return STAT_REASON_INVALID;
    for (size_t i = 0; i < n; i++) {
        if (!(value[i] >= 0 && isfinite(value[i])) || (cell[i] >= 0 && (size_t)cell[i] >= n_cells)) {
            if (bad)
                *bad = i;
            return STAT_REASON_INVALID;
        }
        if (cell[i] >= 0)
            x[m++] = (struct item){cell[i], contributor ? contributor[i] : (int64_t)i, i, value[i]};
    }
    qsort(x, m, sizeof *x, by_contributor);
    m = merge(x, m);
    qsort(x, m, sizeof *x, by_size);
    for (size_t c = 0, i = 0; c < n_cells; c++) {
        size_t first = i;
        while (i < m && (size_t)x[i].cell == c)
            i++;
        out[c] = judge(x + first, i - first, rules);
    }
    return STAT_REASON_NONE;
}
