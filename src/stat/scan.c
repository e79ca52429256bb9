/* scan.c - zones, likelihood ratios and Monte Carlo of the scan statistic. */
#include "stat/scan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/rng.h"

struct near {
    double distance;
    uint32_t place;
};

struct scan {
    const struct scan_map *m;
    struct scan_options o;
    size_t n, length;
    size_t *start;      /* zone of centre i: near[start[i]] .. near[start[i + 1] - 1] */
    uint32_t *near;
    double *expected;   /* by place and length - 1: of the last periods */
    double *count;      /* the same of cases */
    double *cell;       /* expected of every cell, scaled */
    double *cumulated;  /* their running sum */
    double total, population;
};

struct best {
    double llr;
    size_t centre, places, length;
};

static int by_distance(const void *pa, const void *pb)
{
    const struct near *a = pa, *b = pb;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* The k places nearest to i, nearest first, into out (room for k + 1); their number. */
static size_t find_nearest(const struct scan_map *m, size_t i, size_t k, struct near *out)
{
    size_t n = 0;
    for (size_t j = 0; j < m->n_places; j++) {
        double dx = m->x[j] - m->x[i], dy = m->y[j] - m->y[i];
        struct near one = {j == i ? -1 : sqrt(dx * dx + dy * dy), (uint32_t)j};
        if (n == k && by_distance(&one, &out[k - 1]) >= 0)
            continue;
        size_t at = n < k ? n++ : k - 1;
        for (; at > 0 && by_distance(&one, &out[at - 1]) < 0; at--)
            out[at] = out[at - 1];
        out[at] = one;
    }
    return n;
}

/* All places by distance from i. */
static size_t sort_all(const struct scan_map *m, size_t i, struct near *out)
{
    for (size_t j = 0; j < m->n_places; j++) {
        double dx = m->x[j] - m->x[i], dy = m->y[j] - m->y[i];
        out[j] = (struct near){j == i ? -1 : sqrt(dx * dx + dy * dy), (uint32_t)j};
    }
    qsort(out, m->n_places, sizeof *out, by_distance);
    return m->n_places;
}

/* Nearest places of every centre up to the population limit. */
static void find_zones(struct arena *a, struct scan *s)
{
    const struct scan_map *m = s->m;
    struct near *all = arena_array(a, s->n + 1, sizeof *all);
    size_t cap = s->n * 16 + 16, used = 0;
    uint32_t *list = malloc(cap * sizeof *list);
    s->start = arena_array(a, s->n + 2, sizeof *s->start);
    for (size_t i = 0; i < s->n; i++) {
        double people = 0;
        bool few = s->o.max_places && s->o.max_places <= 200;
        size_t most = few ? find_nearest(m, i, s->o.max_places, all) : sort_all(m, i, all);
        for (size_t k = 0; k < most && (!s->o.max_places || k < s->o.max_places); k++) {
            people += m->population[all[k].place];
            if (people > s->o.max_share * s->population)
                break;
            if (used == cap && !(list = realloc(list, (cap *= 2) * sizeof *list)))
                die("out of memory");
            list[used++] = all[k].place;
        }
        s->start[i + 1] = used;
    }
    s->near = arena_array(a, used + 1, sizeof *s->near);
    memcpy(s->near, list, used * sizeof *list);
    free(list);
}

/* Sums over the last 1 .. length periods of each place. */
static void last_sums(const struct scan *s, const double *cell, double *out)
{
    for (size_t i = 0; i < s->n; i++) {
        double sum = 0;
        for (size_t l = 0; l < s->length; l++) {
            sum += cell[i * s->m->n_periods + s->m->n_periods - 1 - l];
            out[i * s->length + l] = sum;
        }
    }
}

/* c: cases inside; e: expected (persons at risk for BERNOULLI). 0 unless there are more than expected. */
static inline double ratio_of(const struct scan *s, double c, double e)
{
    double C = s->total, N = s->population;
    if (s->o.model == SCAN_BERNOULLI) {
        if (c / e <= (C - c) / (N - e))
            return 0;
        double in = num_xlogx(c / e) * e + num_xlogx(1 - c / e) * e;
        double out = num_xlogx((C - c) / (N - e)) * (N - e) + num_xlogx(1 - (C - c) / (N - e)) * (N - e);
        return in + out - N * (num_xlogx(C / N) + num_xlogx(1 - C / N));
    }
    if (c <= e)
        return 0;
    if (s->o.model == SCAN_EXPECTATION)
        return c * log(c / e) + e - c;
    return c * log(c / e) + (C > c ? (C - c) * log((C - c) / (C - e)) : 0);
}

/* Can the ratio be above `least`? From log x <= x - 1, twice: it is at most (c - e)^2 (1/e + 1/(C - e)),
 * so that almost no zone needs a logarithm. */
static inline bool may_exceed(const struct scan *s, double c, double e, double least)
{
    double d = c - e;
    if (s->o.model == SCAN_BERNOULLI)
        return true;
    if (d <= 0)
        return false;
    return s->o.model == SCAN_EXPECTATION ? d * d > least * e : d * d * s->total > least * e * (s->total - e);
}

/* The best zone and length; by_centre may be NULL. */
static struct best find_best(const struct scan *s, const double *count, double *by_centre, double *sum,
                             const uint8_t *taken)
{
    struct best best = {0, 0, 0, 0};
    for (size_t i = 0; i < s->n; i++) {
        double top = 0;
        memset(sum, 0, 2 * s->length * sizeof *sum);
        for (size_t k = s->start[i]; k < s->start[i + 1]; k++) {
            size_t p = s->near[k];
            if (taken && taken[p])
                break;
            for (size_t l = 0; l < s->length; l++) {
                double c = sum[2 * l] += count[p * s->length + l];
                double e = sum[2 * l + 1] += s->expected[p * s->length + l];
                if (c < (double)s->o.min_cases || !may_exceed(s, c, e, by_centre ? top : best.llr))
                    continue;
                double v = ratio_of(s, c, e);
                if (v > best.llr)
                    best = (struct best){v, i, k - s->start[i] + 1, l + 1};
                top = v > top ? v : top;
            }
        }
        if (by_centre)
            by_centre[i] = top;
    }
    return best;
}

/* Cases among persons without replacement: each draw finds its place in a tree of the persons left
 * (Fenwick 1994), tree[k] holding the sum of the lowbit(k) places up to k. */
static void draw_persons(const struct scan *s, struct rng *r, double *cell, int64_t *tree)
{
    size_t top = 1;
    int64_t left = 0;
    memset(cell, 0, s->n * sizeof *cell);
    memset(tree, 0, (s->n + 1) * sizeof *tree);
    for (size_t k = 1; k <= s->n; k++) {
        int64_t people = (int64_t)s->cell[k - 1];
        left += people;
        tree[k] += people;
        if (k + (k & -k) <= s->n)
            tree[k + (k & -k)] += tree[k];
    }
    while (top * 2 <= s->n)
        top *= 2;
    for (int64_t c = (int64_t)s->total; c > 0 && left > 0; c--, left--) {
        int64_t u = (int64_t)rng_below(r, (uint64_t)left);
        size_t at = 0;
        for (size_t step = top; step > 0; step /= 2)
            if (at + step <= s->n && tree[at + step] <= u) {
                at += step;
                u -= tree[at];
            }
        cell[at] += 1;
        for (size_t k = at + 1; k <= s->n; k += k & -k)
            tree[k]--;
    }
}

/* The cell in which u lies, by halving. */
static size_t find_cell(const double *cumulated, size_t n, double u)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (cumulated[mid] > u)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

/* A map without clusters: multinomial given the total, hypergeometric for Bernoulli, Poisson if
 * expectation-based. */
static void replicate(const struct scan *s, struct rng *r, double *cell, int64_t *draw)
{
    size_t cells = s->n * s->m->n_periods;
    if (s->o.model == SCAN_EXPECTATION) {
        for (size_t c = 0; c < cells; c++)
            cell[c] = (double)rng_poisson(r, s->cell[c]);
        return;
    }
    if (s->o.model == SCAN_POISSON && s->total < 4 * (double)cells) { /* few cases: one after the other */
        memset(cell, 0, cells * sizeof *cell);
        for (double c = 0; c < s->total; c++)
            cell[find_cell(s->cumulated, cells, rng_uniform(r) * s->cumulated[cells - 1])] += 1;
        return;
    }
    if (s->o.model == SCAN_POISSON) {
        rng_multinomial(r, (int64_t)s->total, s->cell, cells, draw);
        for (size_t c = 0; c < cells; c++)
            cell[c] = (double)draw[c];
        return;
    }
    draw_persons(s, r, cell, draw);
}

static void test_clusters(struct arena *a, const struct scan *s, struct scan_result *out)
{
    size_t cells = s->n * s->m->n_periods;
    double *cell = arena_array(a, cells + 1, sizeof *cell),
           *sums = arena_array(a, s->n * s->length + 1, sizeof *sums);
    double *sum = arena_array(a, 2 * s->length, sizeof *sum), mean = 0, square = 0;
    int64_t *draw = arena_array(a, cells + 1, sizeof *draw);
    size_t *above = arena_array(a, out->n_clusters + 1, sizeof *above);
    int n = s->o.replicates;
    for (int rep = 0; rep < n; rep++) {
        struct rng r = rng_stream(s->o.seed, "scan", (uint64_t)rep);
        replicate(s, &r, cell, draw);
        last_sums(s, cell, sums);
        double v = find_best(s, sums, NULL, sum, NULL).llr;
        mean += v / n;
        square += v * v / n;
        for (size_t k = 0; k < out->n_clusters; k++)
            above[k] += v >= out->cluster[k].llr;
    }
    /* Gumbel by moments: scale sd sqrt(6)/pi, location mean - 0.5772 scale. */
    double scale = sqrt(fmax(square - mean * mean, 0) * 6) / acos(-1),
           place = mean - 0.57721566490153286 * scale;
    for (size_t k = 0; k < out->n_clusters; k++) {
        struct scan_cluster *c = &out->cluster[k];
        c->p = (double)(above[k] + 1) / (n + 1);
        c->p_gumbel = -expm1(-exp(-(c->llr - place) / scale));
        c->recurrence_days = s->o.period_days > 0 ? s->o.period_days / c->p : NAN;
    }
}

static void describe(const struct scan *s, const struct best *b, struct scan_cluster *c)
{
    *c = (struct scan_cluster){.centre = b->centre, .n_places = b->places, .length = b->length,
                               .place = s->near + s->start[b->centre], .llr = b->llr, .p = NAN,
                               .p_gumbel = NAN, .recurrence_days = NAN};
    for (size_t k = 0; k < b->places; k++) {
        c->cases += s->count[c->place[k] * s->length + b->length - 1];
        c->expected += s->expected[c->place[k] * s->length + b->length - 1];
    }
    if (s->o.model == SCAN_BERNOULLI) /* persons at risk become expected cases */
        c->expected *= s->total / s->population;
    double outside = (s->total - c->cases) / (s->total - c->expected);
    c->ratio = c->cases / c->expected / (s->o.model == SCAN_EXPECTATION ? 1 : outside);
}

/* Expected counts by cell, scaled; false where they make no sense. */
static bool prepare(struct arena *a, struct scan *s)
{
    const struct scan_map *m = s->m;
    size_t cells = s->n * m->n_periods;
    double sum = 0, *cases = arena_array(a, cells + 1, sizeof *cases);
    s->cell = arena_array(a, cells + 1, sizeof *s->cell);
    for (size_t c = 0; c < cells; c++) {
        double people = m->population[c / m->n_periods];
        s->cell[c] = m->expected && s->o.model != SCAN_BERNOULLI ? m->expected[c] : people;
        if (m->cases[c] < 0 || !(s->cell[c] >= 0) ||
            (s->o.model == SCAN_BERNOULLI && (double)m->cases[c] > people))
            return false;
        cases[c] = (double)m->cases[c];
        s->total += cases[c];
        sum += s->cell[c];
    }
    for (size_t i = 0; i < s->n; i++)
        s->population += m->population[i];
    if (!(sum > 0) || (s->o.model == SCAN_BERNOULLI && m->n_periods != 1) ||
        (s->o.model == SCAN_EXPECTATION && !m->expected))
        return false;
    for (size_t c = 0; c < cells && s->o.model == SCAN_POISSON; c++)
        s->cell[c] *= s->total / sum;
    s->cumulated = arena_array(a, cells + 1, sizeof *s->cumulated);
    for (size_t c = 0; c < cells; c++)
        s->cumulated[c] = (c ? s->cumulated[c - 1] : 0) + s->cell[c];
    s->count = arena_array(a, s->n * s->length + 1, sizeof *s->count);
    s->expected = arena_array(a, s->n * s->length + 1, sizeof *s->expected);
    last_sums(s, cases, s->count);
    last_sums(s, s->cell, s->expected);
    return true;
}

struct scan_result scan_map(struct arena *a, const struct scan_map *m, const struct scan_options *options)
{
    struct scan_result out = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID};
    struct scan s = {.m = m, .o = options ? *options : (struct scan_options){0}, .n = m->n_places};
    s.o.max_share = s.o.max_share > 0 ? s.o.max_share : 0.5;
    s.o.min_cases = s.o.min_cases ? s.o.min_cases : 3;
    s.o.max_clusters = s.o.max_clusters ? s.o.max_clusters : 1;
    s.length = s.o.max_length && s.o.max_length < m->n_periods ? s.o.max_length : m->n_periods;
    if (m->n_places < 2 || m->n_periods == 0 || !prepare(a, &s))
        return out;
    out.reason = STAT_REASON_FEW_EVENTS;
    if (s.total < (double)s.o.min_cases)
        return out;
    find_zones(a, &s);
    out.best_by_centre = arena_array(a, s.n + 1, sizeof(double));
    out.cluster = arena_array(a, s.o.max_clusters, sizeof *out.cluster);
    uint8_t *taken = arena_array(a, s.n + 1, 1);
    double *sum = arena_array(a, 2 * s.length, sizeof *sum);
    while (out.n_clusters < s.o.max_clusters) {
        bool first = out.n_clusters == 0;
        struct best b = find_best(&s, s.count, first ? out.best_by_centre : NULL, sum, first ? NULL : taken);
        if (!(b.llr > 0))
            break;
        struct scan_cluster *c = &out.cluster[out.n_clusters++];
        describe(&s, &b, c);
        for (size_t k = 0; k < c->n_places; k++)
            taken[c->place[k]] = 1;
    }
    if (s.o.replicates > 0 && out.n_clusters > 0)
        test_clusters(a, &s, &out);
    out.status = STAT_OK;
    out.reason = STAT_REASON_NONE;
    return out;
}
