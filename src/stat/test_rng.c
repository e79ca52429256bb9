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
    /* Known answers of the authors' Random123 library for philox4x64-10. */
    struct rng zero = {.left = 0}, ones = {.key = {UINT64_MAX, UINT64_MAX},
                                           .counter = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    ok(rng_u64(&zero) == 0x16554d9eca36314cULL && rng_u64(&zero) == 0xdb20fe9d672d0fdcULL
           && rng_u64(&zero) == 0xd7e772cee186176bULL && rng_u64(&zero) == 0x7e68b68aec7ba23bULL,
       "the generator is Philox4x64-10: the known answer of key and counter 0");
    ok(rng_u64(&ones) == 0x87b092c3013fe90bULL && rng_u64(&ones) == 0x438c3c67be8d0224ULL
           && rng_u64(&ones) == 0x9cc7d7c69cd777b6ULL && rng_u64(&ones) == 0xa09caebf594f0ba0ULL,
       "and that of key and counter of ones");
    for (int i = 0; i < 5; i++)
        rng_u64(&b);
    struct rng jump = rng_stream(1, "x", 0);
    jump.counter[0] = 1;
    rng_u64(&jump), rng_u64(&jump);
    ok(rng_u64(&b) == rng_u64(&jump), "a later number is had from its counter, without the ones before it");
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
    struct rng by_one = rng_stream(8, "fill", 1), at_once = by_one;
    uint64_t block[23];
    bool same = rng_u64(&by_one) == rng_u64(&at_once);
    for (size_t n = 0; n <= 23; n++) {
        rng_fill(&at_once, block, n);
        for (size_t i = 0; i < n; i++)
            same = same && block[i] == rng_u64(&by_one);
    }
    ok(same, "many at once are the same numbers as one by one");
    return done();
}
