/* detect_cusum.c - CUSUM of standardised counts, and CUSUM of likelihood ratios. */
#include "stat/detect_cusum.h"

#include <math.h>

#include "stat/dist.h"
#include "stat/parallel.h"

/* --- standardised counts ---------------------------------------------------------------------- */

/* Integral from 0 to x of (t + alpha t^2)^(-1/3): with u = alpha x/(1 + alpha x) it is alpha^(-2/3) times the
 * incomplete beta function of 2/3 and -1/3, which by parts is 3 u^(2/3) (1 - u)^(-1/3) - B_u(2/3, 2/3). */
static double anscombe_integral(double x, double alpha)
{
    static const double BETA_2_3 = 2.0533902179391803; /* B(2/3, 2/3) */
    if (alpha <= 0)
        return 1.5 * cbrt(x * x);
    double u = alpha * x / (1 + alpha * x);
    double part = 3 * cbrt(u * u) * cbrt(1 + alpha * x) - BETA_2_3 * dist_beta_cdf(u, 2.0 / 3, 2.0 / 3);
    return part / cbrt(alpha * alpha);
}

static double standardise(double x, double m, const struct detect_cusum *o)
{
    double alpha = o->dispersion;
    switch (o->transform) {
    case DETECT_ROSSI:
        return (x - 3 * m + 2 * sqrt(x * m)) / (2 * sqrt(m));
    case DETECT_STANDARD:
        return (x - m) / sqrt(m);
    case DETECT_ANSCOMBE:
        return 1.5 * (cbrt(x * x) - cbrt(m * m)) / pow(m, 1.0 / 6);
    case DETECT_ANSCOMBE_2:
        return 1.5 * (cbrt(x * x) - (cbrt(m * m) - 1 / (9 * cbrt(m)))) / pow(m, 1.0 / 6);
    case DETECT_PEARSON_NB:
        return (x - m) / sqrt(m + alpha * m * m);
    case DETECT_ANSCOMBE_NB:
        return (anscombe_integral(x, alpha) - anscombe_integral(m, alpha)) / pow(m + alpha * m * m, 1.0 / 6);
    case DETECT_PLAIN:
        break;
    }
    return x;
}

/* The count whose standardised value is `value`, at least 0: all transformations rise with the count. */
static double count_of(double value, double m, const struct detect_cusum *o)
{
    double low = 0, high = fmax(1, m);
    if (standardise(0, m, o) >= value)
        return 0;
    while (standardise(high, m, o) < value && high < 1e300)
        high *= 2;
    for (double mid; (mid = (low + high) / 2) > low && mid < high;) {
        if (standardise(mid, m, o) < value)
            low = mid;
        else
            high = mid;
    }
    return high;
}

enum stat_reason detect_cusum(size_t n, const int64_t *y, const double *m, const struct detect_cusum *o,
                              double *statistic, double *upper, bool *alarm)
{
    double s = 0;
    if (!isfinite(o->k) || !(o->h > 0) || !(o->dispersion >= 0))
        return STAT_REASON_INVALID;
    for (size_t t = 0; t < n; t++)
        if (o->transform != DETECT_PLAIN && !(m[t] > 0 && isfinite(m[t])))
            return STAT_REASON_INVALID;
    for (size_t t = 0; t < n; t++) {
        double mean = o->transform == DETECT_PLAIN ? 0 : m[t];
        if (upper)
            upper[t] = count_of(o->h + o->k - s, mean, o);
        if (y[t] >= 0)
            s = fmax(0, s + standardise((double)y[t], mean, o) - o->k);
        statistic[t] = s;
        alarm[t] = y[t] >= 0 && s >= o->h;
    }
    return STAT_REASON_NONE;
}

/* --- likelihood ratios ------------------------------------------------------------------------ */

struct chart {
    const int64_t *y;
    const double *m;
    const struct detect_lr *o;
    size_t start;       /* first week since the last alarm */
    double last;        /* count of the week in question, maybe another one than observed */
    size_t now;
};

static double count_at(const struct chart *c, size_t t)
{
    return t == c->now ? c->last : (double)c->y[t];
}

/* log f(y; m1)/f(y; m) of a negative binomial with dispersion alpha, Poisson for 0. */
static double log_ratio(double y, double m, double m1, double alpha)
{
    double part = y > 0 ? y * log(m1 / m) : 0;
    if (alpha <= 0)
        return part - (m1 - m);
    return part - (y + 1 / alpha) * (log1p(alpha * m1) - log1p(alpha * m));
}

/* Sum of the log likelihood ratio of the weeks k .. now at a shift e^kappa = ratio. */
static double sum_shift(const struct chart *c, size_t k, double ratio)
{
    double sum = 0;
    for (size_t t = k; t <= c->now; t++)
        if (c->y[t] >= 0)
            sum += log_ratio(count_at(c, t), c->m[t], c->m[t] * ratio, c->o->dispersion);
    return sum;
}

/* Derivative by kappa, and minus its own derivative: the score falls with kappa, so Newton's method from
 * the solution for equal means, kept between bounds, finds its only root. */
static double shift_score(const struct chart *c, size_t k, double ratio, double *information)
{
    double s = 0, alpha = c->o->dispersion, info = 0;
    for (size_t t = k; t <= c->now; t++) {
        if (c->y[t] < 0)
            continue;
        double y = count_at(c, t), m1 = c->m[t] * ratio, d = 1 + alpha * m1;
        s += (y - m1) / d;
        info += m1 * (1 + alpha * y) / (d * d);
    }
    *information = info;
    return s;
}

static double best_shift(const struct chart *c, size_t k)
{
    double events = 0, expected = 0, info;
    for (size_t t = k; t <= c->now; t++)
        if (c->y[t] >= 0) {
            events += count_at(c, t);
            expected += c->m[t];
        }
    if (!(events > 0) || !(expected > 0))
        return 0; /* e^kappa of nothing observed */
    double kappa = log(events / expected), low = -INFINITY, high = INFINITY;
    for (int it = 0; it < 100 && c->o->dispersion > 0; it++) {
        double s = shift_score(c, k, exp(kappa), &info), next = kappa + s / info;
        if (s > 0)
            low = kappa;
        else
            high = kappa;
        if (!(next > low && next < high))
            next = isfinite(low) && isfinite(high) ? (low + high) / 2 : kappa + (s > 0 ? 1 : -1);
        if (fabs(next - kappa) < 1e-12)
            break;
        kappa = next;
    }
    return exp(kappa);
}

static double sum_epidemic(const struct chart *c, size_t k, double lambda)
{
    double sum = 0;
    for (size_t t = k; t <= c->now; t++) {
        double before = t == c->start ? (double)c->o->before : (double)c->y[t - 1];
        if (c->y[t] >= 0 && before > 0)
            sum += log_ratio(count_at(c, t), c->m[t], c->m[t] + lambda * before, c->o->dispersion);
    }
    return sum;
}

static double epidemic_score(const struct chart *c, size_t k, double lambda)
{
    double sum = 0, alpha = c->o->dispersion;
    for (size_t t = k; t <= c->now; t++) {
        double before = t == c->start ? (double)c->o->before : (double)c->y[t - 1];
        double m1 = c->m[t] + lambda * before;
        if (c->y[t] >= 0 && before > 0)
            sum += before * (count_at(c, t) - m1) / (m1 * (1 + alpha * m1));
    }
    return sum;
}

/* The lambda where the likelihood stops rising, by halving; 0 where it never rises. */
static double best_epidemic(const struct chart *c, size_t k)
{
    double low = 0, high = 1;
    if (!(epidemic_score(c, k, 0) > 0))
        return 0;
    while (epidemic_score(c, k, high) > 0 && high < 1e12)
        high *= 2;
    for (int it = 0; it < 100 && high - low > 1e-13 * high; it++) {
        double mid = (low + high) / 2;
        if (epidemic_score(c, k, mid) > 0)
            low = mid;
        else
            high = mid;
    }
    return (low + high) / 2;
}

/* The largest ratio over onsets; Poisson with running sums, as its best shift is a closed form. */
static double largest_ratio(const struct chart *c)
{
    const struct detect_lr *o = c->o;
    size_t shortest = o->min_length ? o->min_length : 1, first = c->start;
    if (c->now + 1 < c->start + shortest)
        return 0;
    if (o->window && c->now - c->start > o->window)
        first = c->now - o->window;
    double best = 0, events = 0, expected = 0;
    for (size_t k = c->now + 1; k-- > first;) {
        if (c->y[k] >= 0) {
            events += count_at(c, k);
            expected += c->m[k];
        }
        if (c->now + 1 - k < shortest)
            continue;
        double v = 0;
        if (o->change == DETECT_EPIDEMIC) {
            v = sum_epidemic(c, k, best_epidemic(c, k));
        } else if ((events > expected) != o->decrease || o->dispersion > 0) {
            double ratio = o->dispersion > 0 ? best_shift(c, k) : events / expected;
            if (o->dispersion <= 0)
                v = (events > 0 ? events * log(ratio) : 0) + expected - events;
            else if ((ratio > 1) != o->decrease)
                v = sum_shift(c, k, ratio);
        }
        best = v > best ? v : best;
    }
    return best;
}

static double ratio_with(struct chart *c, double count)
{
    c->last = count;
    return largest_ratio(c);
}

/* The smallest count that gives an alarm, for a fall the largest; the ratio rises with it (falls). */
static double count_for_alarm(struct chart *c)
{
    double threshold = c->o->threshold, low, high = fmax(1, ceil(c->m[c->now]));
    if (c->o->decrease) {
        if (ratio_with(c, 0) < threshold)
            return NAN;
        for (low = 0; ratio_with(c, high) >= threshold && high < 1e15; high *= 2)
            low = high;
    } else {
        if (ratio_with(c, 0) >= threshold)
            return 0;
        for (low = 0; ratio_with(c, high) < threshold; high *= 2) {
            low = high;
            if (high > 1e15)
                return NAN;
        }
    }
    while (high - low > 1) {
        double mid = floor((low + high) / 2);
        if ((ratio_with(c, mid) >= threshold) == c->o->decrease)
            low = mid;
        else
            high = mid;
    }
    return c->o->decrease ? low : high;
}

static void known_shift(size_t n, const int64_t *y, const double *m, const struct detect_lr *o,
                        double *statistic, double *upper, bool *alarm)
{
    double s = 0, ratio = exp(o->shift);
    for (size_t t = 0; t < n; t++) {
        double still = log_ratio(0, m[t], m[t] * ratio, o->dispersion); /* of no event at all */
        double each = log_ratio(1, m[t], m[t] * ratio, o->dispersion) - still;
        if (upper)
            upper[t] = (o->threshold - s - still) / each;
        if (y[t] >= 0)
            s = fmax(0, s + still + (double)y[t] * each);
        statistic[t] = s;
        alarm[t] = y[t] >= 0 && s > o->threshold;
        if (alarm[t])
            s = 0;
    }
}

enum stat_reason detect_lr(const struct stat_run *run, size_t n, const int64_t *y, const double *m, const struct detect_lr *o,
                           double *statistic, double *upper, bool *alarm)
{
    if (!(o->threshold > 0) || !(o->dispersion >= 0) || !isfinite(o->shift) ||
        (o->change == DETECT_EPIDEMIC && (o->shift != 0 || o->decrease)) ||
        (o->window && o->window < o->min_length))
        return STAT_REASON_INVALID;
    for (size_t t = 0; t < n; t++)
        if (!(m[t] > 0 && isfinite(m[t])))
            return STAT_REASON_INVALID;
    if (o->shift != 0) {
        known_shift(n, y, m, o, statistic, upper, alarm);
        return STAT_REASON_NONE;
    }
    struct detect_lr options = *o;
    struct chart c = {.y = y, .m = m, .o = &options};
    for (size_t t = 0; t < n; t++) {
        if (!stat_go_on(run, t, n))
            return STAT_REASON_STOPPED;
        c.now = t;
        if (upper)
            upper[t] = y[t] >= 0 ? count_for_alarm(&c) : NAN;
        c.last = (double)y[t];
        statistic[t] = largest_ratio(&c);
        alarm[t] = y[t] >= 0 && statistic[t] >= o->threshold;
        if (alarm[t]) {
            c.start = t + 1;
            options.before = y[t];
        }
    }
    return STAT_REASON_NONE;
}
