/* test_rng.c - random numbers: fixed values (so that another machine would notice), moments. */
#include "stat/rng.h"

#include "stat/dist.h"
#include "tap.h"

static void moments(const char *name, double mean, double var, double (*draw)(struct rng *))
{
    enum { N = 200000 };
    struct rng r = rng_stream(9, name, 0);
    double s = 0, q = 0;
    for (int i = 0; i < N; i++) {
        double x = draw(&r);
        s += x;
        q += (x - mean) * (x - mean);
    }
    char text[96];
    snprintf(text, sizeof text, "%s: mean within five standard errors", name);
    ok(fabs(s / N - mean) < 5 * sqrt(var / N), text);
    snprintf(text, sizeof text, "%s: variance within 4 %%", name);
    ok(fabs(q / N / var - 1) < 0.04, text);
}

static double normal(struct rng *r) { return rng_normal(r); }
static double gamma_small(struct rng *r) { return rng_gamma(r, 0.4, 2); }
static double gamma_large(struct rng *r) { return rng_gamma(r, 7, 2); }
static double poisson_small(struct rng *r) { return (double)rng_poisson(r, 2.5); }
static double poisson_large(struct rng *r) { return (double)rng_poisson(r, 85); }
static double negbin(struct rng *r) { return (double)rng_negbin(r, 4, 1.5); }
static double binomial(struct rng *r) { return (double)rng_binomial(r, 300, 0.2); }

int main(void)
{
    struct rng a = rng_stream(1, "x", 0), b = rng_stream(1, "x", 0), c = rng_stream(1, "x", 1),
               d = rng_stream(1, "y", 0);
    uint64_t first = rng_u64(&a);
    ok(first == rng_u64(&b), "a stream of one name is the same every time");
    ok(first != rng_u64(&c) && first != rng_u64(&d), "another index or name is another stream");
    /* PCG's own demonstration (pcg64, seed 42, stream 54) starts so. */
    struct rng pcg = {0, ((unsigned __int128)54 << 1) | 1};
    rng_u64(&pcg);
    pcg.state += 42;
    rng_u64(&pcg);
    ok(rng_u64(&pcg) == 0x86b1da1d72062b68ULL, "the generator is PCG64: first value of its demonstration");
    ok(rng_u64(&pcg) == 0x1304aa46c9853d39ULL, "second value");
    moments("normal", 0, 1, normal);
    moments("gamma of small shape", 0.2, 0.1, gamma_small);
    moments("gamma of large shape", 3.5, 1.75, gamma_large);
    moments("Poisson of small mean", 2.5, 2.5, poisson_small);
    moments("Poisson of large mean", 85, 85, poisson_large);
    moments("negative binomial", 4, 4 + 16 / 1.5, negbin);
    moments("binomial", 60, 48, binomial);
    /* The Poisson generator against its probabilities. */
    enum { N = 100000, K = 30 };
    int64_t seen[K] = {0};
    double chi = 0;
    for (int i = 0; i < N; i++) {
        int64_t x = rng_poisson(&a, 14);
        seen[x < K ? x : K - 1]++;
    }
    for (int k = 3; k < K - 2; k++) {
        double want = N * exp(dist_poisson_log_pmf(k, 14));
        chi += ((double)seen[k] - want) * ((double)seen[k] - want) / want;
    }
    ok(dist_chisq_upper(chi, K - 5) > 1e-4, "Poisson frequencies fit");
    int64_t counts[3], sum[3] = {0};
    for (int i = 0; i < 1000; i++) {
        rng_multinomial(&a, 100, (const double[]){2, 3, 5}, 3, counts);
        for (int k = 0; k < 3; k++)
            sum[k] += counts[k];
    }
    is_int(sum[0] + sum[1] + sum[2], 100000, "a multinomial draw has its size");
    ok(labs(sum[0] - 20000) < 640 && labs(sum[2] - 50000) < 800, "and its shares");
    size_t order[50];
    bool there[50] = {false};
    for (size_t i = 0; i < 50; i++)
        order[i] = i;
    rng_shuffle(&a, order, 50);
    for (size_t i = 0; i < 50; i++)
        there[order[i]] = true;
    int all = 0;
    for (size_t i = 0; i < 50; i++)
        all += there[i];
    is_int(all, 50, "a shuffle keeps everything");
    return done();
}
