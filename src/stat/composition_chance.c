/* composition_chance.c - segregation that small units show by chance alone. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/composition.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/rng.h"

enum { CHUNK = 8 /* replicates of one task */ };

struct chance {
    size_t n, k;
    const double *counts, *group; /* group: totals */
    int replicates;
    uint64_t seed;
    enum segregation_margins margins;
    const double *observed;
    struct chance_sums {
        double sum[SEGREGATION_INDICES], squares[SEGREGATION_INDICES];
        int64_t reached[SEGREGATION_INDICES];
    } *sums; /* by chunk */
};

/* How many of m drawn are of the good ones among good + bad, by inversion from the mode outwards, where
 * the probabilities follow from each other by ratios. */
static int64_t hypergeometric(struct rng *r, int64_t good, int64_t bad, int64_t m)
{
    int64_t least = m > bad ? m - bad : 0, most = m < good ? m : good;
    int64_t mode = (int64_t)((double)(m + 1) * (double)(good + 1) / (double)(good + bad + 2));
    mode = mode < least ? least : mode > most ? most : mode;
    double g = (double)good, b = (double)bad, d = (double)m, x = (double)mode;
    double p = exp(dist_lgamma(g + 1) - dist_lgamma(x + 1) - dist_lgamma(g - x + 1) + dist_lgamma(b + 1) -
                   dist_lgamma(d - x + 1) - dist_lgamma(b - d + x + 1) - dist_lgamma(g + b + 1) +
                   dist_lgamma(d + 1) + dist_lgamma(g + b - d + 1));
    double u = rng_uniform(r), up = p, down = p;
    int64_t high = mode, low = mode;
    for (u -= p; u >= 0 && (high < most || low > least);) {
        if (high < most) {
            double h = (double)high;
            up *= (g - h) * (d - h) / ((h + 1) * (b - d + h + 1));
            high++;
            u -= up;
            if (u < 0)
                return high;
        }
        if (low > least) {
            double l = (double)low;
            down *= l * (b - d + l) / ((g - l + 1) * (d - l + 1));
            low--;
            u -= down;
            if (u < 0)
                return low;
        }
    }
    return mode; /* u met the rounding of the last probabilities, or the mode itself */
}

/* A table whose units have the same sizes; with both margins fixed the same groups, too. */
static void draw_table(const struct chance *c, struct rng *r, int64_t *left, int64_t *one, double *draw)
{
    for (size_t g = 0; g < c->k; g++)
        left[g] = (int64_t)c->group[g];
    for (size_t u = 0; u < c->n; u++) {
        int64_t size = (int64_t)num_sum_array(c->counts + u * c->k, c->k), rest = 0;
        if (c->margins == SEGREGATION_SIZES_FIXED) {
            rng_multinomial(r, size, c->group, c->k, one);
        } else {
            for (size_t g = 0; g < c->k; g++)
                rest += left[g];
            for (size_t g = 0; g < c->k; g++) {
                rest -= left[g];
                one[g] = hypergeometric(r, left[g], rest, size);
                size -= one[g];
                left[g] -= one[g];
            }
        }
        for (size_t g = 0; g < c->k; g++)
            draw[u * c->k + g] = (double)one[g];
    }
}

static void indices(const struct segregation *s, double *v)
{
    v[SEGREGATION_M] = s->m;
    v[SEGREGATION_H] = s->h;
    v[SEGREGATION_D] = s->d;
    v[SEGREGATION_R] = s->r;
}

static void chance_chunk(void *arg, size_t chunk, unsigned thread)
{
    struct chance *c = arg;
    struct chance_sums *t = &c->sums[chunk];
    (void)thread;
    for (int rep = (int)chunk * CHUNK; rep < (int)(chunk + 1) * CHUNK && rep < c->replicates; rep++) {
        struct arena *a = arena_new((size_t)1 << 40);
        struct rng r = rng_stream(c->seed, "segregation by chance", (uint64_t)rep);
        double *draw = arena_array(a, c->n * c->k + 1, sizeof *draw), v[SEGREGATION_INDICES];
        int64_t *left = arena_array(a, c->k + 1, sizeof *left), *one = arena_array(a, c->k + 1, sizeof *one);
        draw_table(c, &r, left, one, draw);
        struct segregation s = segregation_of(a, c->n, c->k, draw, NULL, 0);
        indices(&s, v);
        for (int i = 0; i < SEGREGATION_INDICES; i++) {
            double e = s.status == STAT_OK ? v[i] : 0; /* all drawn of one group: nothing is uneven */
            t->sum[i] += e;
            t->squares[i] += e * e;
            t->reached[i] += e >= c->observed[i];
        }
        arena_free(a);
    }
}

static struct segregation_chance refused(enum stat_reason why)
{
    struct segregation_chance out = {
        .status = STAT_REFUSED, .reason = why, .m = NAN, .h = NAN, .d = NAN, .r = NAN};
    for (int i = 0; i < SEGREGATION_INDICES; i++)
        out.observed[i] = out.sd[i] = out.difference[i] = out.relative[i] = out.p[i] = NAN;
    return out;
}

struct segregation_chance segregation_by_chance(struct arena *a, const struct stat_run *run, size_t n,
                                                size_t k, const double *counts, int replicates, uint64_t seed,
                                                enum segregation_margins margins)
{
    struct segregation s = segregation_of(a, n, k, counts, NULL, 0);
    struct segregation_chance out = {.status = STAT_OK};
    double expected[SEGREGATION_INDICES], *group = arena_array(a, k + 1, sizeof *group);
    if (s.status == STAT_REFUSED)
        return refused(s.reason);
    for (size_t i = 0; i < n * k; i++) {
        if (counts[i] != floor(counts[i]) || counts[i] > 1e15)
            return refused(STAT_REASON_INVALID);
        group[i % k] += counts[i];
    }
    if (replicates < 1)
        return refused(STAT_REASON_INVALID);
    indices(&s, out.observed);
    size_t chunks = ((size_t)replicates + CHUNK - 1) / CHUNK;
    struct chance c = {.n = n,
                       .k = k,
                       .counts = counts,
                       .group = group,
                       .replicates = replicates,
                       .seed = seed,
                       .margins = margins,
                       .observed = out.observed,
                       .sums = arena_array(a, chunks, sizeof *c.sums)};
    if (!stat_parallel(run, chunks, chance_chunk, &c))
        return refused(STAT_REASON_STOPPED);
    for (int i = 0; i < SEGREGATION_INDICES; i++) {
        double sum = 0, squares = 0, reached = 1;
        for (size_t h = 0; h < chunks; h++) {
            sum += c.sums[h].sum[i];
            squares += c.sums[h].squares[i];
            reached += (double)c.sums[h].reached[i];
        }
        double e = expected[i] = sum / replicates, o = out.observed[i];
        out.sd[i] = replicates > 1 ? sqrt(fmax(squares - sum * e, 0) / (replicates - 1)) : NAN;
        out.difference[i] = o - e;
        out.relative[i] = i == SEGREGATION_M ? NAN : (o - e) / (1 - e);
        out.p[i] = reached / (replicates + 1);
    }
    out.m = expected[SEGREGATION_M];
    out.h = expected[SEGREGATION_H];
    out.d = expected[SEGREGATION_D];
    out.r = expected[SEGREGATION_R];
    return out;
}
