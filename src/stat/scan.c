/* scan.c - the scan of the map as it is: expectations, best zones, and what the replicates say of them. */
#include <string.h>

#include "stat/parallel.h"
#include "stat/scan_inner.h"

static const double MOST_CASES = 2e9; /* counts are kept in 32 bits */

void scan_last_sums(const struct scan *s, const double *cell, double *out)
{
    for (size_t i = 0; i < s->n; i++) {
        double sum = 0;
        for (size_t l = 0; l < s->length; l++) {
            sum += cell[i * s->m->n_periods + s->m->n_periods - 1 - l];
            out[i * s->length + l] = sum;
        }
    }
}

/* Can the ratio be above `least`? With x = c/e - 1 >= 0, (1 + x) log(1 + x) - x <= x^2/2, and outside
 * log z <= z - 1: so it is at most d^2/(2 e) + d^2/(C - e), and almost no zone needs a logarithm. */
static inline bool may_exceed(const struct scan *s, double c, double e, double least)
{
    double d = c - e;
    if (s->o.model == SCAN_BERNOULLI)
        return c * s->persons > s->total * e;
    if (d <= 0)
        return false;
    if (s->o.model == SCAN_EXPECTATION)
        return d * d > 2 * least * e;
    return d * d * (s->total + e) > 2 * least * e * (s->total - e);
}

struct scan_best scan_find_best(const struct scan *s, const double *count, double *by_centre, double *sum,
                                const uint8_t *taken)
{
    struct scan_best best = {0, 0, 0, 0};
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
                double v = scan_ratio(s, c, e);
                if (v > best.llr)
                    best = (struct scan_best){v, i, k - s->start[i] + 1, l + 1};
                top = v > top ? v : top;
            }
        }
        if (by_centre)
            by_centre[i] = top;
    }
    return best;
}

/* --- expectations ----------------------------------------------------------------------------- */

/* Cases of a place times cases of a period over all cases. */
static void expect_independent(struct arena *a, const struct scan *s)
{
    size_t periods = s->m->n_periods;
    double *by_period = arena_array(a, periods, sizeof *by_period);
    for (size_t c = 0; c < s->n * periods; c++)
        by_period[c % periods] += (double)s->m->cases[c];
    for (size_t i = 0; i < s->n; i++) {
        double of_place = 0;
        for (size_t t = 0; t < periods; t++)
            of_place += (double)s->m->cases[i * periods + t];
        for (size_t t = 0; t < periods; t++)
            s->cell[i * periods + t] = s->total > 0 ? of_place * by_period[t] / s->total : 0;
    }
}

/* Expected counts by cell as given, or persons; false where a value makes no sense. */
static bool expect_given(const struct scan *s)
{
    const struct scan_map *m = s->m;
    bool bernoulli = s->o.model == SCAN_BERNOULLI;
    const double *given = bernoulli ? m->persons : m->expected;
    for (size_t c = 0; c < s->n * m->n_periods; c++) {
        double e = given ? given[c] : m->population[c / m->n_periods];
        s->cell[c] = e;
        if (!(e >= 0 && isfinite(e)) || (bernoulli && ((double)m->cases[c] > e || e != floor(e))))
            return false;
    }
    return true;
}

static bool prepare(struct arena *a, struct scan *s)
{
    const struct scan_map *m = s->m;
    size_t cells = s->n * m->n_periods;
    double sum = 0, *cases = arena_array(a, cells + 1, sizeof *cases);
    s->cell = arena_array(a, cells + 1, sizeof *s->cell);
    for (size_t i = 0; i < s->n; i++)
        if (!(m->population[i] >= 0) || !isfinite(m->x[i]) || !isfinite(m->y[i]))
            return false;
    for (size_t c = 0; c < cells; c++) {
        if (m->cases[c] < 0)
            return false;
        s->total += cases[c] = (double)m->cases[c];
    }
    if ((s->o.model == SCAN_EXPECTATION && !m->expected) ||
        (s->o.model == SCAN_PERMUTATION && m->n_periods < 2))
        return false;
    if (s->o.model == SCAN_PERMUTATION)
        expect_independent(a, s);
    else if (!expect_given(s))
        return false;
    for (size_t c = 0; c < cells; c++)
        sum += s->cell[c];
    if (s->total > 0 && !(sum > 0))
        return false;
    s->persons = sum;
    for (size_t c = 0; c < cells; c++) {
        if (s->o.model == SCAN_POISSON)
            s->cell[c] *= s->total / sum;
        if (m->cases[c] > 0 && !(s->cell[c] > 0)) /* cases where none can be */
            return false;
        if (c % m->n_periods >= m->n_periods - s->length)
            s->window += s->cell[c];
    }
    s->count = arena_array(a, s->n * s->length + 1, sizeof *s->count);
    s->expected = arena_array(a, s->n * s->length + 1, sizeof *s->expected);
    scan_last_sums(s, cases, s->count);
    scan_last_sums(s, s->cell, s->expected);
    return true;
}

/* --- results ---------------------------------------------------------------------------------- */

static void describe(const struct scan *s, const struct scan_best *b, struct scan_cluster *c)
{
    *c = (struct scan_cluster){.centre = b->centre, .n_places = b->places, .length = b->length,
                               .place = s->near + s->start[b->centre], .llr = b->llr, .p = NAN,
                               .p_gumbel = NAN, .recurrence_days = NAN, .recurrence_gumbel = NAN};
    for (size_t k = 0; k < b->places; k++) {
        c->cases += s->count[c->place[k] * s->length + b->length - 1];
        c->expected += s->expected[c->place[k] * s->length + b->length - 1];
    }
    if (b->places > 1)
        c->radius = scan_distance(s->m, b->centre, c->place[b->places - 1]);
    if (s->o.model == SCAN_BERNOULLI) /* persons become expected cases */
        c->expected *= s->total / s->persons;
    double outside = (s->total - c->cases) / (s->total - c->expected);
    c->ratio = c->cases / c->expected / (s->o.model == SCAN_EXPECTATION ? 1 : outside);
}

/* Gumbel by moments: scale sd sqrt(6)/pi, location mean - 0.5772 scale. */
static void judge(const struct scan *s, struct scan_result *out)
{
    size_t n = (size_t)s->o.replicates;
    double mean = num_sum_array(out->replicate, n) / (double)n, square = 0;
    for (size_t i = 0; i < n; i++)
        square += (out->replicate[i] - mean) * (out->replicate[i] - mean);
    out->gumbel_scale = n > 1 ? sqrt(square / (double)(n - 1) * 6) / acos(-1) : NAN;
    out->gumbel_location = mean - 0.57721566490153286 * out->gumbel_scale;
    for (size_t k = 0; k < out->n_clusters; k++) {
        struct scan_cluster *c = &out->cluster[k];
        size_t above = 0;
        for (size_t i = 0; i < n; i++)
            above += out->replicate[i] >= c->llr;
        c->p = (double)(above + 1) / (double)(n + 1);
        c->p_gumbel = -expm1(-exp(-(c->llr - out->gumbel_location) / out->gumbel_scale));
        if (s->o.period_days > 0) {
            c->recurrence_days = s->o.period_days / c->p;
            c->recurrence_gumbel = s->o.period_days / c->p_gumbel;
        }
    }
}

static void find_clusters(struct arena *a, const struct scan *s, struct scan_result *out)
{
    uint8_t *taken = arena_array(a, s->n + 1, 1);
    double *sum = arena_array(a, 2 * s->length, sizeof *sum);
    out->best_by_centre = arena_array(a, s->n + 1, sizeof(double));
    out->cluster = arena_array(a, s->o.max_clusters, sizeof *out->cluster);
    while (out->n_clusters < s->o.max_clusters) {
        bool first = out->n_clusters == 0;
        struct scan_best b =
            scan_find_best(s, s->count, first ? out->best_by_centre : NULL, sum, first ? NULL : taken);
        if (!(b.llr > 0))
            break;
        struct scan_cluster *c = &out->cluster[out->n_clusters++];
        describe(s, &b, c);
        for (size_t k = 0; k < c->n_places; k++)
            taken[c->place[k]] = 1;
    }
}

struct scan_result scan_map(struct arena *a, const struct stat_run *run, const struct scan_map *m,
                            const struct scan_options *options)
{
    struct scan_result out = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID};
    struct scan s = {.m = m, .o = options ? *options : (struct scan_options){0}, .n = m->n_places};
    s.o.max_share = s.o.max_share > 0 ? s.o.max_share : 0.5;
    s.o.min_cases = s.o.min_cases ? s.o.min_cases : 3;
    s.o.max_clusters = s.o.max_clusters ? s.o.max_clusters : 1;
    s.length = s.o.max_length && s.o.max_length < m->n_periods ? s.o.max_length : m->n_periods;
    if (s.o.model == SCAN_PERMUTATION && !s.o.max_length)
        s.length = m->n_periods / 2;
    if (m->n_places < 2 || m->n_places > UINT32_MAX || m->n_periods == 0 || s.o.replicates < 0 ||
        s.o.min_cases < 1 || !prepare(a, &s))
        return out;
    if (s.total > MOST_CASES)
        return out;
    out.total_cases = s.total;
    out.reason = STAT_REASON_FEW_EVENTS;
    if (s.total < (double)s.o.min_cases)
        return out;
    scan_find_zones(a, &s);
    out.n_zones = s.start[s.n] * s.length;
    find_clusters(a, &s, &out);
    out.gumbel_location = out.gumbel_scale = NAN;
    if (s.o.replicates > 0 && out.n_clusters > 0) {
        out.replicate = arena_array(a, (size_t)s.o.replicates, sizeof(double));
        if (!scan_replicates(a, run, &s, out.replicate))
            return (struct scan_result){.status = STAT_REFUSED, .reason = STAT_REASON_STOPPED};
        judge(&s, &out);
    }
    out.status = STAT_OK;
    out.reason = STAT_REASON_NONE;
    return out;
}
