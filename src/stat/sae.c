/* sae.c - the Fay-Herriot model. */
#include "stat/sae.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/mat.h"
#include "stat/num.h"

/* Below this share of own data the figure is the model's rather than the area's. */
static const double GAMMA_FLAG = 0.1;

/* Areas with data, and room for one evaluation at a given A. */
struct model {
    size_t n, p;
    const double *y, *x, *d; /* of all areas; those with infinite d do not count */
    double m;                /* areas with data */
    double *xvx, *inv, *beta, *col;
    enum sae_method method;
};

static bool residual_likelihood(enum sae_method m)
{
    return m == SAE_REML || m == SAE_REML_ADJUSTED || m == SAE_REML_LI_LAHIRI;
}

static bool arctan_factor(enum sae_method m)
{
    return m == SAE_REML_ADJUSTED || m == SAE_ML_ADJUSTED;
}

static bool plain_factor(enum sae_method m)
{
    return m == SAE_REML_LI_LAHIRI || m == SAE_ML_LI_LAHIRI;
}

/* beta and (X'V^-1 X)^-1 at A. */
static bool solve(struct arena *a, struct model *f, double A)
{
    size_t p = f->p;
    memset(f->xvx, 0, p * p * sizeof *f->xvx);
    memset(f->col, 0, p * sizeof *f->col);
    for (size_t i = 0; i < f->n; i++) {
        double w = 1 / (A + f->d[i]);
        for (size_t j = 0; j < p && w > 0; j++) {
            f->col[j] += w * f->x[i * p + j] * f->y[i];
            for (size_t k = 0; k < p; k++)
                f->xvx[j * p + k] += w * f->x[i * p + j] * f->x[i * p + k];
        }
    }
    if (!mat_invert(a, f->xvx, p, f->inv))
        return false;
    mat_apply(p, p, f->inv, f->col, f->beta);
    return true;
}

static double fitted(const struct model *f, size_t i)
{
    double s = 0;
    for (size_t j = 0; j < f->p; j++)
        s += f->x[i * f->p + j] * f->beta[j];
    return s;
}

/* x_i' (X'V^-1 X)^-1 x_i */
static double leverage(const struct model *f, size_t i)
{
    double s = 0;
    for (size_t j = 0; j < f->p; j++)
        for (size_t k = 0; k < f->p; k++)
            s += f->x[i * f->p + j] * f->inv[j * f->p + k] * f->x[i * f->p + k];
    return s;
}

/* The derivative whose root is sought; it falls through it. */
static double slope(struct arena *a, struct model *f, double A)
{
    struct num_sum s = {0, 0};
    double g = 0, dg = 0;
    if (!solve(a, f, A))
        return NAN;
    for (size_t i = 0; i < f->n; i++) {
        double w = 1 / (A + f->d[i]), e = f->y[i] - fitted(f, i);
        if (!(w > 0))
            continue;
        if (f->method == SAE_MOMENTS) {
            num_add(&s, w * e * e);
            continue;
        }
        num_add(&s, 0.5 * w * w * e * e - 0.5 * w);
        if (residual_likelihood(f->method)) /* tr P = tr V^-1 - tr (X'V^-1 X)^-1 X'V^-2 X */
            num_add(&s, 0.5 * w * w * leverage(f, i));
        g += A * w;
        dg += f->d[i] * w * w;
    }
    double out = num_total(s);
    if (f->method == SAE_MOMENTS)
        return out - (f->m - (double)f->p);
    if (arctan_factor(f->method)) /* derivative of log arctan(sum gamma) / m */
        out += g > 0 ? dg / ((1 + g * g) * atan(g) * f->m) : INFINITY;
    if (plain_factor(f->method)) /* of log A */
        out += A > 0 ? 1 / A : INFINITY;
    return out;
}

/* The A at which the slope changes from + to -; the first one from the right end of a grid, which
 * is the only one but for odd likelihoods. 0 if the slope is never positive. */
static double find_a(struct arena *a, struct model *f, double largest_d, double spread)
{
    double high = 4 * (spread + largest_d) + 1e-300, low = 0;
    for (int i = 0; i < 60 && slope(a, f, high) > 0; i++)
        high *= 4;
    double at = high;
    for (int i = 0; i < 80; i++) { /* down a geometric grid to the first place where it rises */
        double next = i == 79 ? 0 : at * 0.6;
        if (slope(a, f, next) > 0) {
            low = next;
            high = at;
            break;
        }
        at = next;
        if (i == 79)
            return 0;
    }
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        double mid = (low + high) / 2;
        if (slope(a, f, mid) > 0)
            low = mid;
        else
            high = mid;
    }
    return (low + high) / 2;
}

static void finish_likelihood(const struct model *f, struct sae_fit *out)
{
    struct num_sum s = {0, 0};
    for (size_t i = 0; i < f->n; i++) {
        double v = out->a + f->d[i], e = f->y[i] - fitted(f, i);
        if (isfinite(v))
            num_add(&s, log(2 * acos(-1) * v) + e * e / v);
    }
    out->log_likelihood = -num_total(s) / 2;
    out->aic = -2 * out->log_likelihood + 2 * ((double)f->p + 1);
    out->bic = -2 * out->log_likelihood + log(f->m) * ((double)f->p + 1);
}

/* What every area's MSE needs from all: variance and bias of the estimate of A. */
static void moments_of_a(const struct model *f, double A, double *variance, double *bias)
{
    double s1 = 0, s2 = 0, lev = 0;
    for (size_t i = 0; i < f->n; i++) {
        double w = 1 / (A + f->d[i]);
        s1 += w;
        s2 += w * w;
        lev += w > 0 ? w * w * leverage(f, i) : 0;
    }
    *variance = 2 / s2;
    *bias = 0;
    if (!residual_likelihood(f->method))
        *bias = -lev / s2;
    if (plain_factor(f->method))
        *bias += 2 / (A * s2);
    if (f->method == SAE_MOMENTS) {
        *variance = 2 * f->m / (s1 * s1);
        *bias = 2 * (f->m * s2 - s1 * s1) / (s1 * s1 * s1);
    }
}

static void finish_areas(struct arena *a, const struct model *f, struct sae_fit *out)
{
    double variance, bias, A = out->a;
    moments_of_a(f, A, &variance, &bias);
    out->area = arena_array(a, f->n + 1, sizeof *out->area);
    for (size_t i = 0; i < f->n; i++) {
        struct sae_area *r = &out->area[i];
        double d = f->d[i], v = A + d;
        bool none = !isfinite(d);
        r->synthetic = none;
        r->synthetic_part = fitted(f, i);
        r->gamma = none ? 0 : A / v;
        double rest = 1 - r->gamma, g1 = none ? A : r->gamma * d;
        double g2 = rest * rest * leverage(f, i), g3 = none ? 0 : d * d / (v * v * v) * variance;
        r->estimate = none ? r->synthetic_part : r->gamma * f->y[i] + rest * r->synthetic_part;
        /* The expansion behind the bias fails where A is next to 0: never below what beta alone costs. */
        r->mse = fmax(g1 + g2 + 2 * g3 - bias * rest * rest, g2);
        r->status = r->gamma < GAMMA_FLAG ? STAT_FLAG : STAT_OK;
    }
}

static enum stat_reason check(size_t n, size_t p, const double *y, const double *x, const double *d,
                              double *m, double *largest, double *spread)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(d[i] > 0))
            return STAT_REASON_INVALID;
        for (size_t j = 0; j < p; j++)
            if (!isfinite(x[i * p + j]))
                return STAT_REASON_INVALID;
        if (!isfinite(d[i]))
            continue;
        if (!isfinite(y[i]))
            return STAT_REASON_INVALID;
        *m += 1;
        sum += y[i];
        squares += y[i] * y[i];
        *largest = fmax(*largest, d[i]);
    }
    *spread = squares / *m - sum / *m * (sum / *m);
    return *m > (double)p + 2 ? STAT_REASON_NONE : STAT_REASON_FEW_DF;
}

struct sae_fit sae_fay_herriot(struct arena *a, size_t n, size_t p, const double *y, const double *x,
                               const double *d, enum sae_method method, bool adjust_zero)
{
    struct sae_fit out = {.status = STAT_REFUSED, .method = method, .a = NAN, .log_likelihood = NAN,
                          .aic = NAN, .bic = NAN};
    double largest = 0, spread = 0;
    struct model f = {.n = n, .p = p, .y = y, .x = x, .d = d, .method = method};
    f.xvx = arena_array(a, p * p + 1, sizeof(double));
    f.inv = arena_array(a, p * p + 1, sizeof(double));
    f.beta = arena_array(a, p + 1, sizeof(double));
    f.col = arena_array(a, p + 1, sizeof(double));
    out.reason = check(n, p, y, x, d, &f.m, &largest, &spread);
    if (out.reason)
        return out;
    out.reason = STAT_REASON_SINGULAR;
    if (!solve(a, &f, largest))
        return out;
    out.a = find_a(a, &f, largest, spread);
    out.a_zero = out.a == 0;
    if (out.a_zero && adjust_zero) {
        out.method = f.method = SAE_REML_ADJUSTED;
        out.a = find_a(a, &f, largest, spread);
    }
    if (!solve(a, &f, out.a))
        return out;
    out.beta = f.beta;
    out.beta_se = arena_array(a, p + 1, sizeof(double));
    for (size_t j = 0; j < p; j++)
        out.beta_se[j] = sqrt(f.inv[j * p + j]);
    finish_likelihood(&f, &out);
    finish_areas(a, &f, &out);
    out.status = STAT_OK;
    out.reason = STAT_REASON_NONE;
    return out;
}

void sae_interval(double estimate, double mse, double level, double *low, double *high)
{
    double half = dist_normal_quantile(0.5 + level / 2, 0, 1) * sqrt(mse);
    *low = estimate - half;
    *high = estimate + half;
}
