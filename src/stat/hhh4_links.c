/* hhh4_links.c - columns of seasons, neighbourhood orders, and the weights between units with their
 * derivatives by the coefficients they depend on. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/hhh4_inner.h"

void hhh4_wave(size_t n_periods, double period, int harmonic, bool cosine, double t0, double *x)
{
    for (size_t t = 0; t < n_periods; t++) {
        double angle = 2 * acos(-1) * harmonic * ((double)t + t0) / period;
        x[t] = cosine ? cos(angle) : sin(angle);
    }
}

struct hhh4_column *hhh4_season(struct arena *a, size_t n_periods, double period, int harmonics, double t0)
{
    size_t n = 1 + 2 * (size_t)harmonics;
    struct hhh4_column *c = arena_array(a, n, sizeof *c);
    for (size_t j = 1; j < n; j++) {
        double *x = arena_array(a, n_periods + 1, sizeof *x);
        hhh4_wave(n_periods, period, (int)(j + 1) / 2, j % 2 == 0, t0, x);
        c[j] = (struct hhh4_column){.x = x, .per_period = 1};
    }
    return c;
}

/* --- pairs --- */

enum stat_reason hhh4_links_new(struct arena *a, size_t n, size_t pairs, const uint32_t *from,
                                const uint32_t *to, const double *value, struct hhh4_links *out)
{
    size_t *start = arena_array(a, n + 2, sizeof *start);
    for (size_t e = 0; e < pairs; e++) {
        if (from[e] >= n || to[e] >= n || (value && !(value[e] >= 0 && isfinite(value[e]))))
            return STAT_REASON_INVALID;
        start[from[e] + 1]++;
    }
    for (size_t i = 0; i < n; i++)
        start[i + 1] += start[i];
    uint32_t *list = arena_array(a, pairs + 1, sizeof *list);
    double *v = arena_array(a, pairs + 1, sizeof *v);
    size_t *next = arena_array(a, n + 1, sizeof *next);
    memcpy(next, start, n * sizeof *next);
    for (size_t e = 0; e < pairs; e++) {
        size_t at = next[from[e]]++;
        list[at] = to[e];
        v[at] = value ? value[e] : 1;
    }
    *out = (struct hhh4_links){start, list, v};
    return STAT_REASON_NONE;
}

/* Units by order from `i`, nearest first, into `found`; how many. order: -1 where not reached, put back. */
static size_t search_from(const struct hhh4_links *first, uint32_t i, int max_order, int *order,
                          uint32_t *found)
{
    size_t n = 0;
    found[n++] = i;
    order[i] = 0;
    for (size_t head = 0; head < n; head++) {
        uint32_t u = found[head];
        if (order[u] >= max_order)
            break;
        for (size_t e = first->start[u]; e < first->start[u + 1]; e++)
            if (order[first->to[e]] < 0) {
                order[first->to[e]] = order[u] + 1;
                found[n++] = first->to[e];
            }
    }
    return n;
}

enum stat_reason hhh4_orders(struct arena *a, size_t n, size_t pairs, const uint32_t *from,
                             const uint32_t *to, int max_order, bool own, struct hhh4_links *out)
{
    struct hhh4_links first;
    enum stat_reason r = hhh4_links_new(a, n, pairs, from, to, NULL, &first);
    if (r || max_order < 1)
        return r ? r : STAT_REASON_INVALID;
    int *order = arena_array(a, n + 1, sizeof *order);
    uint32_t *found = arena_array(a, n + 1, sizeof *found);
    size_t *start = arena_array(a, n + 2, sizeof *start), at = 0;
    for (size_t i = 0; i < n; i++)
        order[i] = -1;
    uint32_t *list = NULL;
    double *value = NULL;
    for (int round = 0; round < 2; round++) { /* count, then write */
        at = 0;
        for (size_t i = 0; i < n; i++) {
            size_t got = search_from(&first, (uint32_t)i, max_order, order, found);
            start[i] = at;
            for (size_t k = 0; k < got; k++) {
                if (list && (k || own)) {
                    list[at] = found[k];
                    value[at] = order[found[k]];
                }
                at += k || own;
                order[found[k]] = -1;
            }
        }
        if (!list) {
            list = arena_array(a, at + 1, sizeof *list);
            value = arena_array(a, at + 1, sizeof *value);
        }
    }
    start[n] = at;
    *out = (struct hhh4_links){start, list, value};
    return STAT_REASON_NONE;
}

/* --- weights --- */

size_t hhh4_weights_coefs(const struct hhh4_weights *w)
{
    if (w->kind == HHH4_GIVEN)
        return 0;
    if (w->kind == HHH4_POWER_LAW)
        return 1;
    int n = w->max_order - !w->from_own;
    return n > 0 ? (size_t)n : 0;
}

/* The raw weight of a value, which coefficient it hangs on (-1: none), and how its logarithm changes with it.
 */
static double raw_weight(const struct hhh4_weights *w, const double *coef, double value, int *which,
                         double *slope)
{
    *which = -1;
    *slope = 0;
    if (w->kind == HHH4_GIVEN)
        return value;
    int base = w->from_own ? 0 : 1;
    if (value < base && !(w->kind == HHH4_POWER_LAW && value > 0))
        return 0;
    bool beyond = w->max_order && value > w->max_order;
    if (w->kind == HHH4_POWER_LAW) {
        if (beyond)
            return 0;
        *which = 0;
        *slope = -log(value + w->from_own);
        return exp(coef[0] * *slope);
    }
    if (beyond && !w->open_end)
        return 0;
    int order = beyond ? w->max_order : (int)(value + 0.5);
    if (order == base)
        return 1;
    *which = order - base - 1;
    *slope = 1;
    return exp(coef[*which]);
}

void hhh4_weights_at(const struct hhh4_weights *w, size_t n, const double *coef, double *weight)
{
    int which;
    double slope;
    for (size_t j = 0; j < n; j++) {
        double sum = 0;
        for (size_t e = w->links.start[j]; e < w->links.start[j + 1]; e++)
            sum += weight[e] = raw_weight(w, coef, w->links.value[e], &which, &slope);
        for (size_t e = w->links.start[j]; w->normalise && sum > 0 && e < w->links.start[j + 1]; e++)
            weight[e] /= sum;
    }
}

void hhh4_sources_new(struct arena *a, struct hhh4_work *w)
{
    const struct hhh4_links *l = &w->m->weights->links;
    size_t n = w->m->n_units, pairs = l->start[n];
    struct hhh4_sources *in = &w->in;
    in->start = arena_array(a, n + 2, sizeof *in->start);
    in->from = arena_array(a, pairs + 1, sizeof *in->from);
    in->value = arena_array(a, pairs + 1, sizeof *in->value);
    in->norm = arena_array(a, n * (1 + w->nd + w->nd * (w->nd + 1) / 2) + 1, sizeof *in->norm);
    for (size_t e = 0; e < pairs; e++)
        in->start[l->to[e] + 1]++;
    for (size_t i = 0; i < n; i++)
        in->start[i + 1] += in->start[i];
    size_t *next = arena_array(a, n + 1, sizeof *next);
    memcpy(next, in->start, n * sizeof *next);
    for (size_t j = 0; j < n; j++)
        for (size_t e = l->start[j]; e < l->start[j + 1]; e++) {
            size_t at = next[l->to[e]]++;
            in->from[at] = (uint32_t)j;
            in->value[at] = l->value[e];
        }
}

void hhh4_sources_norm(struct hhh4_work *w, const double *coef)
{
    const struct hhh4_weights *x = w->m->weights;
    size_t each = 1 + w->nd + w->nd * (w->nd + 1) / 2;
    for (size_t j = 0; j < w->m->n_units; j++) {
        double *norm = w->in.norm + j * each, slope;
        int k;
        memset(norm, 0, each * sizeof *norm);
        for (size_t e = x->links.start[j]; e < x->links.start[j + 1]; e++) {
            double r = raw_weight(x, coef, x->links.value[e], &k, &slope);
            norm[0] += r;
            if (k < 0)
                continue;
            norm[1 + k] += r * slope;
            norm[1 + w->nd + (size_t)k * ((size_t)k + 1) / 2 + (size_t)k] += r * slope * slope;
        }
    }
}

void hhh4_source_weight(const struct hhh4_work *w, const double *coef, size_t e, double *weight, double *d,
                        double *dd)
{
    size_t nd = w->nd, each = 1 + nd + nd * (nd + 1) / 2;
    int which;
    double slope, r = raw_weight(w->m->weights, coef, w->in.value[e], &which, &slope);
    const double *norm = w->in.norm + w->in.from[e] * each;
    bool scaled = w->m->weights->normalise;
    double total = scaled ? norm[0] : 1;
    *weight = total > 0 ? r / total : 0;
    for (size_t k = 0; k < nd; k++) {
        double raw = (int)k == which ? r * slope : 0;
        d[k] = total > 0 ? (raw - (scaled ? *weight * norm[1 + k] : 0)) / total : 0;
        for (size_t j = 0; j <= k; j++) {
            size_t at = k * (k + 1) / 2 + j;
            double second = k == j && (int)k == which ? r * slope * slope : 0;
            if (scaled)
                second -= d[k] * norm[1 + j] + d[j] * norm[1 + k] + *weight * norm[1 + nd + at];
            dd[at] = total > 0 ? second / total : 0;
        }
    }
}
