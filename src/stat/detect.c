/* detect.c - EARS, and what a list of verdicts is worth. */
#include "stat/detect.h"

#include <math.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/spatial.h"

/* Mean and standard deviation of the weeks t - lag - baseline + 1 .. t - lag; NAN if one is missing. */
static void window(const int64_t *y, size_t t, size_t lag, size_t baseline, double *mean, double *sd)
{
    double n = (double)baseline, s = 0, q = 0;
    for (size_t k = 0; k < baseline; k++)
        s += y[t - lag - k] < 0 ? NAN : (double)y[t - lag - k];
    for (size_t k = 0; k < baseline; k++)
        q += ((double)y[t - lag - k] - s / n) * ((double)y[t - lag - k] - s / n);
    *mean = s / n;
    *sd = sqrt(q / (n - 1));
}

/* What the two C2 statistics before t were above 1, together. */
static double recent_excess(const int64_t *y, size_t t, size_t baseline, double min_sd)
{
    double sum = 0;
    for (size_t k = 1; k <= 2; k++) {
        double m, s;
        window(y, t - k, 3, baseline, &m, &s);
        double c2 = ((double)y[t - k] - m) / (s > min_sd ? s : min_sd); /* 0/0: says nothing */
        sum += isnan(c2) || y[t - k] < 0 ? NAN : fmax(0, c2 - 1);
    }
    return sum;
}

struct detect_result detect_ears(const int64_t *y, size_t n, size_t t, enum detect_ears kind,
                                 size_t baseline, double alpha, double min_sd)
{
    static const size_t more[] = {[DETECT_C1] = 0, [DETECT_C2] = 2, [DETECT_C3] = 4};
    struct detect_result r = {STAT_REFUSED, STAT_REASON_INVALID, NAN, NAN, NAN, false};
    size_t lag = kind == DETECT_C1 ? 1 : 3;
    if (baseline < 3 || t >= n || t < baseline + more[kind] || !(min_sd >= 0) || !(alpha > 0 && alpha < 1))
        return r;
    double mean, sd, z = dist_normal_quantile(1 - alpha, 0, 1), now = (double)y[t];
    window(y, t, lag, baseline, &mean, &sd);
    double upper = mean + z * (sd > min_sd ? sd : min_sd);
    if (isnan(sd) || y[t] < 0) {
        r.reason = STAT_REASON_EMPTY;
        return r;
    }
    sd = fmax(sd, min_sd);
    if (kind == DETECT_C3)
        upper = now + sd * (z - recent_excess(y, t, baseline, min_sd));
    r.reason = STAT_REASON_SINGULAR; /* a baseline without any spread says nothing in C3 */
    if (isnan(upper))
        return r;
    r.status = STAT_OK;
    r.reason = STAT_REASON_NONE;
    r.expected = mean;
    r.upper = kind == DETECT_C3 ? fmax(0, upper) : upper;
    r.p = sd > 0 ? dist_normal_upper((now - mean) / sd, 0, 1) : now > mean ? 0 : 1;
    r.alarm = now > r.upper;
    return r;
}

double detect_false_alarms(const struct detect_result *r, size_t n, double alpha)
{
    double given = 0;
    for (size_t i = 0; i < n; i++)
        given += r[i].status != STAT_REFUSED;
    return given * alpha;
}

size_t detect_fdr(struct arena *a, const struct detect_result *r, size_t n, double rate, double *adjusted)
{
    double *p = arena_array(a, n + 1, sizeof *p), *q = arena_array(a, n + 1, sizeof *q);
    size_t m = 0, found = 0;
    for (size_t i = 0; i < n; i++)
        if (r[i].status != STAT_REFUSED)
            p[m++] = r[i].p;
    spatial_fdr(a, m, p, q);
    m = 0;
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = r[i].status != STAT_REFUSED ? q[m++] : NAN;
        found += adjusted[i] <= rate;
    }
    return found;
}
