/* spatial_rates.c - empirical Bayes rates and their autocorrelation. */
#include "stat/spatial_rates.h"

#include <math.h>

#include "base/arena.h"
#include "stat/num.h"

static enum stat_reason check(size_t n, const double *events, const double *population)
{
    for (size_t i = 0; i < n; i++)
        if (!(events[i] >= 0) || !isfinite(events[i]) || !(population[i] > 0) || !isfinite(population[i]))
            return STAT_REASON_INVALID;
    return n > 0 ? STAT_REASON_NONE : STAT_REASON_EMPTY;
}

/* Mean rate of k places (list NULL: the first k) and, where given, one more. */
static double mean_rate(size_t k, const uint32_t *list, const size_t *self, const double *events,
                        const double *population, double *people)
{
    struct num_sum y = {0, 0}, n = {0, 0};
    for (size_t j = 0; j < k + (self != NULL); j++) {
        size_t i = j == k ? *self : list ? list[j] : j;
        num_add(&y, events[i]);
        num_add(&n, population[i]);
    }
    *people = num_total(n);
    return num_total(y) / *people;
}

/* Variance of the true rates by moments (may be negative) about mean, or about each place's of means. */
static double between_rates(size_t k, const uint32_t *list, const size_t *self, const double *events,
                            const double *population, double mean, const double *means, double people)
{
    struct num_sum s = {0, 0};
    size_t all = k + (self != NULL);
    for (size_t j = 0; j < all; j++) {
        size_t i = j == k ? *self : list ? list[j] : j;
        double e = events[i] / population[i] - (means ? means[i] : mean);
        num_add(&s, population[i] * e * e);
    }
    return num_total(s) / people - mean / (people / (double)all);
}

static struct spatial_rate shrink(double events, double population, double mean, double between)
{
    struct spatial_rate r = {.raw = events / population, .mean = mean, .between = fmax(between, 0)};
    r.weight = r.between > 0 ? r.between / (r.between + mean / population) : 0;
    r.smoothed = mean + r.weight * (r.raw - mean);
    return r;
}

enum stat_reason spatial_rates_global(size_t n, const double *events, const double *population,
                                      struct spatial_rate *out)
{
    enum stat_reason why = check(n, events, population);
    double people, mean, between;
    if (why)
        return why;
    mean = mean_rate(n, NULL, NULL, events, population, &people);
    between = between_rates(n, NULL, NULL, events, population, mean, NULL, people);
    for (size_t i = 0; i < n; i++)
        out[i] = shrink(events[i], population[i], mean, between);
    return STAT_REASON_NONE;
}

enum stat_reason spatial_rates_local(struct arena *a, const struct spatial_weights *w, const double *events,
                                     const double *population, bool own_means, struct spatial_rate *out)
{
    enum stat_reason why = check(w->n, events, population);
    double *means = arena_array(a, w->n + 1, sizeof *means),
           *people = arena_array(a, w->n + 1, sizeof *people);
    if (why)
        return why;
    for (size_t i = 0; i < w->n; i++)
        means[i] =
            mean_rate(w->start[i + 1] - w->start[i], w->to + w->start[i], &i, events, population, &people[i]);
    for (size_t i = 0; i < w->n; i++) {
        double between = between_rates(w->start[i + 1] - w->start[i], w->to + w->start[i], &i, events,
                                       population, means[i], own_means ? means : NULL, people[i]);
        out[i] = shrink(events[i], population[i], means[i], between);
    }
    return STAT_REASON_NONE;
}

struct spatial_global spatial_rates_moran(struct arena *a, const struct stat_run *run,
                                          const struct spatial_weights *w, const double *events,
                                          const double *population, int permutations, uint64_t seed,
                                          double *z)
{
    double people, mean = 0, between = 0;
    enum stat_reason why = check(w->n, events, population);
    if (!why) {
        mean = mean_rate(w->n, NULL, NULL, events, population, &people);
        between = fmax(between_rates(w->n, NULL, NULL, events, population, mean, NULL, people), 0);
    }
    if (why || !(mean > 0))
        return (struct spatial_global){.status = STAT_REFUSED,
                                       .reason = why ? why : STAT_REASON_SINGULAR,
                                       .value = NAN,
                                       .expected = NAN,
                                       .var_random = NAN,
                                       .z_random = NAN,
                                       .p_random = NAN,
                                       .var_normal = NAN,
                                       .z_normal = NAN,
                                       .p_normal = NAN,
                                       .p_permuted = NAN};
    for (size_t i = 0; i < w->n; i++)
        z[i] = (events[i] / population[i] - mean) / sqrt(between + mean / population[i]);
    return spatial_moran(a, run, w, z, permutations, seed);
}
