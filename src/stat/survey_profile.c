/* survey_profile.c - the likelihood interval of a share as R's svyciprop gives it.
 *
 * The scaled likelihood ratio is known in closed form, but R takes it at a few steps on the logit
 * scale, lays a cubic spline through its signed root and reads the spline off by straight lines.
 * That moves the ends by about 1e-3 of their distance; to give the same figures it is done here. */
#include <math.h>

#include "stat/dist.h"
#include "stat/num.h"
#include "stat/survey_design.h"

enum { STEPS = 9, POINTS = 2 * STEPS + 1, FINE = 3 * POINTS };

struct curve {
    size_t n;
    double x[POINTS], y[POINTS], b[POINTS], c[POINTS], d[POINTS];
};

/* Half the deviance per respondent at log odds x, against the estimate p. */
static double drop_at(double p, double x)
{
    double q = 1 / (1 + exp(-x));
    return p * log(p / q) + (1 - p) * log((1 - p) / (1 - q));
}

/* The end slopes of the cubics through the first and the last four points. */
static void curve_ends(struct curve *s)
{
    const double *x = s->x;
    double *c = s->c, *d = s->d;
    size_t m = s->n - 1;
    s->b[0] = -d[0];
    s->b[m] = -d[m - 1];
    c[0] = c[m] = 0;
    if (s->n == 3)
        return;
    c[0] = c[2] / (x[3] - x[1]) - c[1] / (x[2] - x[0]);
    c[m] = c[m - 1] / (x[m] - x[m - 2]) - c[m - 2] / (x[m - 1] - x[m - 3]);
    c[0] *= d[0] * d[0] / (x[3] - x[0]);
    c[m] *= -d[m - 1] * d[m - 1] / (x[m] - x[m - 3]);
}

/* Coefficients of the cubic spline (Forsythe, Malcolm, Moler 1977, section 4.4); n >= 3. */
static void curve_fit(struct curve *s)
{
    const double *x = s->x, *y = s->y;
    double *b = s->b, *c = s->c, *d = s->d;
    size_t n = s->n;
    d[0] = x[1] - x[0];
    c[1] = (y[1] - y[0]) / d[0];
    for (size_t i = 1; i + 1 < n; i++) {
        d[i] = x[i + 1] - x[i];
        b[i] = 2 * (d[i - 1] + d[i]);
        c[i + 1] = (y[i + 1] - y[i]) / d[i];
        c[i] = c[i + 1] - c[i];
    }
    curve_ends(s);
    for (size_t i = 1; i < n; i++) {
        double t = d[i - 1] / b[i - 1];
        b[i] -= t * d[i - 1];
        c[i] -= t * c[i - 1];
    }
    c[n - 1] /= b[n - 1];
    for (size_t i = n - 1; i-- > 0;)
        c[i] = (c[i] - d[i] * c[i + 1]) / b[i];
    for (size_t i = 0; i + 1 < n; i++) {
        b[i] = (y[i + 1] - y[i]) / d[i] - d[i] * (c[i + 1] + 2 * c[i]);
        d[i] = (c[i + 1] - c[i]) / d[i];
        c[i] *= 3;
    }
}

static double curve_at(const struct curve *s, double x)
{
    size_t i = 0;
    while (i + 2 < s->n && x >= s->x[i + 1])
        i++;
    double h = x - s->x[i];
    return s->y[i] + h * (s->b[i] + h * (s->c[i] + h * s->d[i]));
}

/* Where the spline, read off at FINE points joined by straight lines, reaches the value z; NaN
 * outside. The signed root grows with the log odds. */
static double curve_inverse(const struct curve *s, double z)
{
    size_t fine = 3 * s->n;
    double from = s->x[0], step = (s->x[s->n - 1] - from) / (double)(fine - 1);
    double x0 = from, y0 = curve_at(s, from);
    for (size_t i = 1; i < fine; i++) {
        double x1 = i + 1 == fine ? s->x[s->n - 1] : from + (double)i * step, y1 = curve_at(s, x1);
        if (y0 <= z && z <= y1)
            return y1 > y0 ? x0 + (x1 - x0) * ((z - y0) / (y1 - y0)) : x0;
        x0 = x1;
        y0 = y1;
    }
    return NAN;
}

/* Per respondent, the information of the simple sample as R's glm leaves it: from the last step but
 * one of iterated least squares, stopped where the deviance changes by less than 1e-8 of itself. */
static double last_information(double p, int64_t n, double x)
{
    double before = 2 * (double)n * (drop_at(p, x) - num_xlogx(p) - num_xlogx(1 - p));
    for (int it = 1; it < 25; it++) {
        double q = 1 / (1 + exp(-x)), next = x + (p - q) / (q * (1 - q));
        double now = 2 * (double)n * (drop_at(p, next) - num_xlogx(p) - num_xlogx(1 - p));
        if (!isfinite(next) || fabs(now - before) / (fabs(now) + 0.1) < 1e-8)
            return q * (1 - q);
        before = now;
        x = next;
    }
    return p * (1 - p);
}

double survey_profile_start(double w, bool yes, double *information)
{
    double q = (w * yes + 0.5) / (w + 1);
    *information = w * q * (1 - q);
    return log(q / (1 - q)) + (yes - q) / (q * (1 - q));
}

bool survey_profile_interval(double p, double se, int64_t n, double t, double start, double *lower,
                             double *upper)
{
    double pq = p * (1 - p), size = (double)n, spread = se / pq; /* of the log odds */
    if (isnan(start)) { /* equal weights */
        double i1, i0, x1 = survey_profile_start(1, true, &i1), x0 = survey_profile_start(1, false, &i0);
        start = (p * i1 * x1 + (1 - p) * i0 * x0) / (p * i1 + (1 - p) * i0);
    }
    /* t, in units of the simple sample's error */
    double root = t * sqrt(size * last_information(p, n, start)) * spread;
    double tail = dist_normal_upper(root, 0, 1) / 2;
    double reach = -dist_t_quantile(tail / 2, size - 1), centre = log(p / (1 - p));
    double up[STEPS], down[STEPS], half = reach / 5 * spread;
    size_t n_up = 0, n_down = 0;
    struct curve s = {0};
    for (int side = -1; side <= 1; side += 2) {
        double z = 0, *to = side < 0 ? down : up;
        size_t *count = side < 0 ? &n_down : &n_up;
        while (*count < STEPS && z < reach) {
            double x = centre + side * (double)(*count + 1) * half;
            z = sqrt(fmax(2 * (size - 1) * drop_at(p, x), 0));
            to[(*count)++] = z;
        }
    }
    for (size_t i = n_down; i-- > 0; s.n++) {
        s.x[s.n] = centre - (double)(i + 1) * half;
        s.y[s.n] = -down[i];
    }
    s.x[s.n++] = centre;
    for (size_t i = 0; i < n_up; i++, s.n++) {
        s.x[s.n] = centre + (double)(i + 1) * half;
        s.y[s.n] = up[i];
    }
    if (s.n < 3 || !isfinite(reach))
        return false;
    curve_fit(&s);
    double lo = curve_inverse(&s, -root), hi = curve_inverse(&s, root);
    *lower = 1 / (1 + exp(-lo));
    *upper = 1 / (1 + exp(-hi));
    return isfinite(lo) && isfinite(hi);
}
