/* composition.c - diversity of one place. */
#include "stat/composition.h"

#include <math.h>
#include <stdbool.h>

#include "stat/dist.h"
#include "stat/num.h"

struct composition composition_of(const double *count, size_t k, double min_persons)
{
    struct composition c = {.status = STAT_REFUSED, .reason = STAT_REASON_EMPTY};
    struct num_sum h = {0, 0}, s = {0, 0};
    c.persons = num_sum_array(count, k);
    c.fractional = c.simpson = c.shannon = c.hill1 = c.hill2 = NAN;
    for (size_t g = 0; g < k; g++) {
        if (!(count[g] >= 0)) {
            c.reason = STAT_REASON_INVALID;
            return c;
        }
        double p = count[g] / c.persons;
        c.groups += count[g] > 0;
        num_add(&h, -num_xlogx(p));
        num_add(&s, p * p);
    }
    if (!(c.persons > 0))
        return c;
    c.reason = STAT_REASON_FEW_RESPONDENTS;
    if (c.persons < min_persons)
        return c;
    c.status = STAT_OK;
    c.reason = STAT_REASON_NONE;
    c.simpson = num_total(s);
    c.fractional = 1 - c.simpson;
    c.shannon = num_total(h);
    c.hill1 = exp(c.shannon);
    c.hill2 = 1 / c.simpson;
    return c;
}

double composition_hill(const double *count, size_t k, double q)
{
    struct composition c = composition_of(count, k, 0);
    if (c.status == STAT_REFUSED || !(q >= 0))
        return NAN;
    if (q == 1)
        return c.hill1;
    double largest = 0;
    struct num_sum s = {0, 0};
    for (size_t g = 0; g < k; g++)
        largest = fmax(largest, count[g] / c.persons);
    if (isinf(q))
        return 1 / largest;
    bool near = fabs(q - 1) < 0.1;
    for (size_t g = 0; g < k; g++) {
        double p = count[g] / c.persons;
        if (p > 0) /* near q = 1 sum p^q - 1 = sum p (p^(q - 1) - 1) keeps its digits; in parts of the largest
                      none is lost */
            num_add(&s, near ? p * expm1((q - 1) * log(p)) : q < 1 ? pow(p, q) : pow(p / largest, q));
    }
    if (near)
        return exp(log1p(num_total(s)) / (1 - q));
    return pow(num_total(s), 1 / (1 - q)) * (q < 1 ? 1 : pow(largest, q / (1 - q)));
}

double composition_simpson_unbiased(const double *count, size_t k)
{
    double n = num_sum_array(count, k);
    struct num_sum s = {0, 0};
    for (size_t g = 0; g < k; g++)
        num_add(&s, count[g] * (count[g] - 1));
    return n > 1 ? 1 - num_total(s) / (n * (n - 1)) : NAN;
}

double composition_chao1(const double *count, size_t k)
{
    double seen = 0, once = 0, twice = 0;
    for (size_t g = 0; g < k; g++) {
        seen += count[g] > 0;
        once += count[g] == 1;
        twice += count[g] == 2;
    }
    return seen + once * (once - 1) / (2 * (twice + 1));
}

/* Chao and Shen's entropy: shares cut by the coverage, each weighed by its chance to be seen. */
static double chao_shen(const double *count, size_t k, double n, double coverage)
{
    struct num_sum h = {0, 0};
    for (size_t g = 0; g < k; g++) {
        double p = coverage * count[g] / n;
        if (p > 0)
            num_add(&h, -p * log(p) / -expm1(n * log1p(-p)));
    }
    return num_total(h);
}

struct composition_unseen composition_unseen(const double *count, size_t k, double level)
{
    struct composition_unseen u = {0};
    double n = num_sum_array(count, k);
    for (size_t g = 0; g < k; g++) {
        u.seen += count[g] > 0;
        u.once += count[g] == 1;
        u.twice += count[g] == 2;
    }
    u.chao1 = composition_chao1(count, k);
    /* Gradient by the numbers of groups seen once, twice, oftener, whose covariance is multinomial. */
    double g1 = 1 + (2 * u.once - 1) / (2 * (u.twice + 1)), more = u.seen - u.once - u.twice;
    double g2 = 1 - u.once * (u.once - 1) / (2 * (u.twice + 1) * (u.twice + 1));
    double all = g1 * u.once + g2 * u.twice + more, unseen = u.chao1 - u.seen;
    double v = fmax(g1 * g1 * u.once + g2 * g2 * u.twice + more - all * all / u.chao1, 0);
    u.chao1_se = u.once > 0 ? sqrt(v) : 0;
    u.chao1_low = u.chao1_high = u.chao1;
    if (unseen > 0) {
        double c = exp(dist_normal_quantile(0.5 + level / 2, 0, 1) * sqrt(log1p(v / (unseen * unseen))));
        u.chao1_low = u.seen + unseen / c;
        u.chao1_high = u.seen + unseen * c;
    }
    double f1 = u.once, f2 = u.twice, once = f1 == n ? n - 1 : f1;
    u.coverage_turing = n > 0 ? 1 - once / n : NAN;
    if (f2 == 0) { /* bias-corrected, as for the number of groups */
        f1 = fmax(f1 - 1, 0);
        f2 = 1;
    }
    u.coverage = n > 0 ? 1 - (f1 > 0 ? u.once / n * ((n - 1) * f1 / ((n - 1) * f1 + 2 * f2)) : 0) : NAN;
    u.shannon = n > 0 ? chao_shen(count, k, n, u.coverage_turing) : NAN;
    return u;
}

static double log_choose(double n, double m)
{
    return dist_lgamma(n + 1) - dist_lgamma(m + 1) - dist_lgamma(n - m + 1);
}

/* Chance that none of the group is among m of n persons. */
static double missed(double n, double group, double m)
{
    return n - group < m ? 0 : exp(log_choose(n - group, m) - log_choose(n, m));
}

double composition_rarefied(const double *count, size_t k, double m)
{
    double n = num_sum_array(count, k);
    struct num_sum all = {0, 0};
    if (!(m >= 0) || m > n)
        return NAN;
    double whole = log_choose(n, m);
    for (size_t g = 0; g < k; g++)
        if (count[g] > 0)
            num_add(&all, n - count[g] < m ? 1 : -expm1(log_choose(n - count[g], m) - whole));
    return num_total(all);
}

double composition_rarefied_se(const double *count, size_t k, double m)
{
    double n = num_sum_array(count, k);
    struct num_sum v = {0, 0};
    if (!(m >= 0) || m > n)
        return NAN;
    for (size_t g = 0; g < k; g++) {
        if (!(count[g] > 0))
            continue;
        double pg = missed(n, count[g], m);
        num_add(&v, pg * (1 - pg));
        for (size_t h = 0; h < g; h++)
            if (count[h] > 0)
                num_add(&v, 2 * (missed(n, count[g] + count[h], m) - pg * missed(n, count[h], m)));
    }
    return sqrt(fmax(num_total(v), 0));
}
