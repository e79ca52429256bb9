/* rng.c - Philox4x64-10 and the draws made from it. */
#include "stat/rng.h"

#include <math.h>

/* splitmix64's finaliser (Steele, Lea, Flood 2014): spreads the bits of a seed. */
static uint64_t mix(uint64_t z)
{
    z += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

struct rng rng_stream(uint64_t seed, const char *name, uint64_t index)
{
    uint64_t h = 0xcbf29ce484222325ULL; /* FNV-1a of the name */
    for (const char *p = name; *p; p++)
        h = (h ^ (unsigned char)*p) * 0x100000001b3ULL;
    return (struct rng){.key = {mix(seed), mix(mix(seed) ^ h)}, .counter = {0, index}, .left = 0};
}

/* Ten rounds over the counter: four numbers (Salmon et al. 2011, section 3.3 and table 2). */
static void philox(const uint64_t key[2], const uint64_t counter[4], uint64_t out[4])
{
    uint64_t k0 = key[0], k1 = key[1], x0 = counter[0], x1 = counter[1], x2 = counter[2], x3 = counter[3];
    for (int round = 0; round < 10; round++) {
        unsigned __int128 p = (unsigned __int128)0xd2e7470ee14c6c93ULL * x0;
        unsigned __int128 q = (unsigned __int128)0xca5a826395121157ULL * x2;
        x0 = (uint64_t)(q >> 64) ^ x1 ^ k0;
        x1 = (uint64_t)q;
        x2 = (uint64_t)(p >> 64) ^ x3 ^ k1;
        x3 = (uint64_t)p;
        k0 += 0x9e3779b97f4a7c15ULL;
        k1 += 0xbb67ae8584caa73bULL;
    }
    out[0] = x0, out[1] = x1, out[2] = x2, out[3] = x3;
}

uint64_t rng_u64(struct rng *r)
{
    if (r->left == 0) {
        philox(r->key, r->counter, r->block);
        r->counter[0]++; /* 2^64 blocks a stream: the other words need no carry */
        r->left = 4;
    }
    return r->block[4 - r->left--];
}

void rng_fill(struct rng *r, uint64_t *out, size_t n)
{
    size_t i = 0;
    while (i < n && r->left > 0)
        out[i++] = rng_u64(r);
    uint64_t counter[4] = {r->counter[0], r->counter[1], r->counter[2], r->counter[3]};
    for (; i + 4 <= n; i += 4, counter[0]++)
        philox(r->key, counter, out + i); /* blocks do not wait for each other */
    r->counter[0] = counter[0];
    while (i < n)
        out[i++] = rng_u64(r);
}

double rng_uniform(struct rng *r)
{
    return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

double rng_open(struct rng *r)
{
    return ((double)(rng_u64(r) >> 12) + 0.5) * 0x1p-52;
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
    unsigned __int128 m = (unsigned __int128)rng_u64(r) * n;
    if ((uint64_t)m < n) {
        uint64_t least = -n % n;
        while ((uint64_t)m < least)
            m = (unsigned __int128)rng_u64(r) * n;
    }
    return (uint64_t)(m >> 64);
}

double rng_normal(struct rng *r)
{
    /* The second value is dropped: a stream then has no hidden state beyond its position. */
    for (;;) {
        double u = 2 * rng_uniform(r) - 1, v = 2 * rng_uniform(r) - 1, s = u * u + v * v;
        if (s > 0 && s < 1)
            return u * sqrt(-2 * log(s) / s);
    }
}

double rng_gamma(struct rng *r, double shape, double rate)
{
    double boost = 1;
    if (shape < 1) { /* Gamma(a) = Gamma(a + 1) U^(1/a) */
        boost = exp(log(rng_open(r)) / shape);
        shape += 1;
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = rng_normal(r), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        double u = rng_open(r);
        if (log(u) < 0.5 * x * x + d - d * v + d * log(v))
            return boost * d * v / rate;
    }
}

static int64_t poisson_small(struct rng *r, double mean)
{
    double limit = exp(-mean), p = 1;
    int64_t k = -1;
    do {
        p *= rng_open(r);
        k++;
    } while (p > limit);
    return k;
}

int64_t rng_poisson(struct rng *r, double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean < 10)
        return poisson_small(r, mean);
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double inv_alpha = 1.1239 + 1.1328 / (b - 3.4), vr = 0.9277 - 3.6224 / (b - 2);
    int sign; /* lgamma() would leave it in a global of the C library, which threads share */
    for (;;) {
        double u = rng_uniform(r) - 0.5, v = rng_open(r), us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= vr)
            return (int64_t)k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        if (log(v * inv_alpha / (a / (us * us) + b)) <= k * log(mean) - mean - lgamma_r(k + 1, &sign))
            return (int64_t)k;
    }
}

int64_t rng_binomial(struct rng *r, int64_t n, double p)
{
    if (n <= 0 || !(p > 0))
        return 0;
    if (p >= 1)
        return n;
    int64_t base = 0;
    /* Halving by the median order statistic, a Beta(m, n + 1 - m) value, until few trials are left. */
    while (n > 16) {
        int64_t m = n / 2 + 1;
        double g = rng_gamma(r, (double)m, 1), h = rng_gamma(r, (double)(n + 1 - m), 1);
        double x = g / (g + h);
        if (x <= p) {
            base += m;
            n -= m;
            p = (p - x) / (1 - x);
        } else {
            n = m - 1;
            p = p / x;
        }
    }
    for (int64_t i = 0; i < n; i++)
        base += rng_uniform(r) < p;
    return base;
}

int64_t rng_negbin(struct rng *r, double mean, double size)
{
    if (!(mean > 0))
        return 0;
    if (!isfinite(size))
        return rng_poisson(r, mean);
    return rng_poisson(r, rng_gamma(r, size, size / mean));
}

void rng_multinomial(struct rng *r, int64_t n, const double *p, size_t k, int64_t *counts)
{
    double rest = 0;
    for (size_t i = 0; i < k; i++)
        rest += p[i];
    for (size_t i = 0; i < k; i++) {
        counts[i] = i + 1 == k ? n : rng_binomial(r, n, rest > 0 ? p[i] / rest : 0);
        n -= counts[i];
        rest -= p[i];
    }
}

void rng_shuffle(struct rng *r, size_t *x, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)rng_below(r, i), t = x[i - 1];
        x[i - 1] = x[j];
        x[j] = t;
    }
}
