/* sae_scale.c - the Fay-Herriot model on the arcsine, logit or logarithmic scale. */
#include "stat/sae_scale.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/rng.h"

/* --- to the scale and back ------------------------------------------------------------------------ */

static double back(enum sae_scale s, double z)
{
    if (s == SAE_SCALE_LOG)
        return exp(z);
    if (s == SAE_SCALE_LOGIT)
        return 1 / (1 + exp(-z));
    double sine = sin(fmin(fmax(z, 0), acos(0)));
    return sine * sine;
}

static double slope(enum sae_scale s, double z)
{
    double p = back(s, z);
    return s == SAE_SCALE_LOG ? p : s == SAE_SCALE_LOGIT ? p * (1 - p) : sin(2 * z);
}

/* E back(theta), theta normal with mean z and variance v. For the arcsine over the whole line, where
 * sin^2 needs no cutting; for the logit by the rule of equal steps, which for such smooth functions
 * is right to the last digits (Trefethen, Weideman 2014). */
static double expected_back(enum sae_scale s, double z, double v)
{
    if (s == SAE_SCALE_LOG)
        return exp(z + v / 2);
    if (s == SAE_SCALE_ARCSINE)
        return 0.5 - 0.5 * exp(-2 * v) * cos(2 * z);
    if (!(v > 0))
        return back(s, z);
    const double step = 0.05;
    struct num_sum sum = {0, 0}, weight = {0, 0};
    for (int k = -180; k <= 180; k++) {
        double u = k * step, w = exp(-u * u / 2);
        num_add(&sum, w * back(s, z + sqrt(v) * u));
        num_add(&weight, w);
    }
    return num_total(sum) / num_total(weight);
}

/* One area to the scale: z and its sampling variance; false: it has no place there. */
static bool to_scale(enum sae_scale s, double y, const double *variance, const double *effective,
                     double *z, double *d)
{
    double n = effective ? *effective : NAN, v = variance ? *variance : NAN;
    *z = 0;
    *d = INFINITY;
    if (effective ? n == 0 : isinf(v) && v > 0)
        return true;
    if (!isfinite(y) || (effective ? !(n > 0) || !isfinite(n) : !(v > 0)))
        return false;
    if (s == SAE_SCALE_LOG) {
        *z = log(y);
        *d = v / (y * y);
        return y > 0 && !effective;
    }
    if (y < 0 || y > 1)
        return false;
    bool end = y == 0 || y == 1;
    if (end && !effective)
        return false;
    if (s == SAE_SCALE_ARCSINE) {
        *z = asin(sqrt(y));
        *d = effective ? 1 / (4 * n) : v / (4 * y * (1 - y));
        return true;
    }
    if (end)
        y = (n * y + 0.5) / (n + 1);
    *z = log(y / (1 - y));
    *d = effective ? 1 / (n * y * (1 - y)) : v / (y * y * (1 - y) * (1 - y));
    return true;
}

/* What the normal distribution of theta about its EBLUP has as variance. */
static double g1_of(const struct sae_fit *f, size_t i, double d)
{
    return isinf(d) ? f->a : f->area[i].gamma * d;
}

/* --- the bootstrap ----------------------------------------------------------------------------------- */

enum { CHUNK = 16 }; /* replicates of one task */

struct boot {
    const struct sae_scale_options *o;
    const struct sae_fit *fit;
    size_t n, p;
    const double *x, *d;
    double *error;  /* chunks x n: sums of squared errors */
    size_t *fitted; /* chunks: replicates behind them */
};

static void replicate(struct boot *t, size_t b, size_t chunk)
{
    struct arena *a = arena_new(0);
    struct rng r = rng_stream(t->o->seed, "small areas on a scale", b);
    double *theta = arena_array(a, t->n + 1, sizeof *theta), *z = arena_array(a, t->n + 1, sizeof *z);
    for (size_t i = 0; i < t->n; i++) {
        theta[i] = t->fit->area[i].synthetic_part + sqrt(t->fit->a) * rng_normal(&r);
        z[i] = isinf(t->d[i]) ? 0 : theta[i] + sqrt(t->d[i]) * rng_normal(&r);
    }
    struct sae_fit f = sae_fay_herriot(a, t->n, t->p, z, t->x, t->d, t->o->method, t->o->adjust_zero);
    bool fitted = f.status != STAT_REFUSED;
    t->fitted[chunk] += fitted;
    for (size_t i = 0; i < t->n && fitted; i++) {
        double est = expected_back(t->o->scale, f.area[i].estimate, g1_of(&f, i, t->d[i]));
        double e = est - back(t->o->scale, theta[i]);
        t->error[chunk * t->n + i] += e * e;
    }
    arena_free(a);
}

static void replicate_chunk(void *arg, size_t chunk, unsigned thread)
{
    struct boot *t = arg;
    (void)thread;
    for (size_t b = chunk * CHUNK; b < (chunk + 1) * CHUNK && b < t->o->replicates; b++)
        replicate(t, b, chunk);
}

static enum stat_reason bootstrap(struct arena *a, const struct stat_run *run, struct boot *t,
                                  struct sae_scaled_fit *out)
{
    size_t chunks = (t->o->replicates + CHUNK - 1) / CHUNK;
    t->error = arena_array(a, chunks * t->n + 1, sizeof *t->error);
    t->fitted = arena_array(a, chunks + 1, sizeof *t->fitted);
    if (!stat_parallel(run, chunks, replicate_chunk, t))
        return STAT_REASON_STOPPED;
    for (size_t c = 0; c < chunks; c++)
        out->replicates += t->fitted[c];
    if (out->replicates < t->o->replicates / 2 + 1)
        return STAT_REASON_NOT_CONVERGED;
    for (size_t i = 0; i < t->n; i++) {
        struct num_sum s = {0, 0};
        for (size_t c = 0; c < chunks; c++)
            num_add(&s, t->error[c * t->n + i]);
        out->area[i].mse = num_total(s) / (double)out->replicates;
    }
    return STAT_REASON_NONE;
}

struct sae_scaled_fit sae_scaled(struct arena *a, const struct stat_run *run, size_t n, size_t p,
                                 const double *y, const double *x, const double *variance,
                                 const double *effective, const struct sae_scale_options *o)
{
    struct sae_scaled_fit out = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID};
    double *z = arena_array(a, n + 1, sizeof *z), *d = arena_array(a, n + 1, sizeof *d);
    if (!variance == !effective || !(o->level > 0 && o->level < 1))
        return out;
    for (size_t i = 0; i < n; i++)
        if (!to_scale(o->scale, y[i], variance ? variance + i : NULL, effective ? effective + i : NULL,
                      &z[i], &d[i]))
            return out;
    out.variance = d;
    out.fit = sae_fay_herriot(a, n, p, z, x, d, o->method, o->adjust_zero);
    out.reason = out.fit.reason;
    if (out.fit.status == STAT_REFUSED)
        return out;
    out.area = arena_array(a, n + 1, sizeof *out.area);
    for (size_t i = 0; i < n; i++) {
        const struct sae_area *f = &out.fit.area[i];
        struct sae_scaled *r = &out.area[i];
        double low, high, h = slope(o->scale, f->estimate);
        sae_interval(f->estimate, f->mse, o->level, &low, &high);
        *r = (struct sae_scaled){.status = f->status, .synthetic = f->synthetic, .gamma = f->gamma,
                                 .scale_estimate = f->estimate, .scale_mse = f->mse,
                                 .naive = back(o->scale, f->estimate), .mse = h * h * f->mse,
                                 .low = back(o->scale, low), .high = back(o->scale, high)};
        r->estimate = expected_back(o->scale, f->estimate, g1_of(&out.fit, i, d[i]));
    }
    if (o->replicates > 0) {
        struct boot t = {.o = o, .fit = &out.fit, .n = n, .p = p, .x = x, .d = d};
        out.reason = bootstrap(a, run, &t, &out);
        if (out.reason) {
            out.area = NULL;
            return out;
        }
    }
    out.status = STAT_OK;
    return out;
}
