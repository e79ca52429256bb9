/* test_allocate.c - plans of visits against every plan there is; ranks against closed forms and draws. */
#include "stat/allocate.h"

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/rng.h"
#include "tap.h"

enum { MOST = 7, KINDS = 2, DISTRICTS = 3 };

struct game {
    struct allocate_spec s;
    double gain[MOST * KINDS], cost[MOST * KINDS];
    int64_t capacity[KINDS], least[DISTRICTS], most[DISTRICTS];
    int32_t district[MOST];
    uint8_t due[MOST], rest[MOST];
};

/* The gain of a plan; -1 if it breaks a rule. */
static double judge(const struct allocate_spec *s, const int32_t *kind)
{
    double gain = 0, cost = 0;
    int64_t by_kind[KINDS] = {0}, by_district[DISTRICTS] = {0}, all = 0;
    for (size_t i = 0; i < s->n_places; i++) {
        if (s->due[i] && kind[i] < 0)
            return -1;
        if (kind[i] < 0)
            continue;
        size_t c = i * KINDS + (size_t)kind[i];
        if (s->rest[i] || isnan(s->gain[c]))
            return -1;
        gain += s->gain[c];
        cost += s->cost[c];
        by_kind[kind[i]]++;
        all++;
        if (s->district[i] >= 0)
            by_district[s->district[i]]++;
    }
    for (int k = 0; k < KINDS; k++)
        if (s->capacity[k] >= 0 && by_kind[k] > s->capacity[k])
            return -1;
    for (int d = 0; d < DISTRICTS; d++)
        if (by_district[d] < s->least[d] || (s->most[d] >= 0 && by_district[d] > s->most[d]))
            return -1;
    bool fits = cost <= s->budget + 1e-9 && (s->max_visits < 0 || all <= s->max_visits);
    return fits ? gain : -1;
}

/* The best of all plans that keep the lots; -1: there is none. */
static double best_of_all(const struct allocate_spec *s, const struct allocate_plan *lots)
{
    double best = -1;
    int32_t kind[MOST];
    int64_t plans = 1;
    for (size_t i = 0; i < s->n_places; i++)
        plans *= KINDS + 1;
    for (int64_t p = 0; p < plans; p++) {
        int64_t rest = p;
        bool kept = true;
        for (size_t i = 0; i < s->n_places; i++, rest /= KINDS + 1) {
            kind[i] = (int32_t)(rest % (KINDS + 1)) - 1;
            kept &= !lots || !lots->drawn[i] || kind[i] == lots->kind[i];
        }
        double gain = kept ? judge(s, kind) : -1;
        best = gain > best ? gain : best;
    }
    return best;
}

static void draw_game(struct rng *r, struct game *g, uint64_t seed)
{
    g->s = (struct allocate_spec){.n_places = 4 + (size_t)rng_below(r, 4), .n_kinds = KINDS, .gain = g->gain,
                                  .cost = g->cost, .capacity = g->capacity, .n_districts = DISTRICTS,
                                  .district = g->district, .least = g->least, .most = g->most, .due = g->due,
                                  .rest = g->rest, .max_visits = -1, .seed = seed};
    for (size_t i = 0; i < MOST * KINDS; i++) {
        g->gain[i] = rng_below(r, 6) == 0 ? NAN : rng_uniform(r) * 10;
        g->cost[i] = (double)(1 + rng_below(r, 5));
    }
    for (int k = 0; k < KINDS; k++)
        g->capacity[k] = (int64_t)rng_below(r, 5) - 1;
    for (int d = 0; d < DISTRICTS; d++) {
        g->least[d] = rng_below(r, 3) == 0;
        g->most[d] = (int64_t)rng_below(r, 4) - 1;
        g->most[d] = g->most[d] == 0 ? 2 : g->most[d];
    }
    for (int i = 0; i < MOST; i++) {
        g->district[i] = (int32_t)rng_below(r, DISTRICTS + 1) - 1;
        g->due[i] = rng_below(r, 10) == 0;
        g->rest[i] = rng_below(r, 10) == 0;
    }
    g->s.budget = rng_below(r, 4) == 0 ? INFINITY : (double)(3 + rng_below(r, 15));
    if (rng_below(r, 3) == 0)
        g->s.max_visits = 1 + (int64_t)rng_below(r, 5);
}

static void test_every_plan(void)
{
    struct rng r = rng_stream(41, "plans", 0);
    int broken = 0, not_best = 0, not_proven = 0, wrong_refusal = 0, short_share = 0, refused = 0, lots = 0, differ = 0;
    for (int k = 0; k < 250; k++) {
        struct arena *a = arena_new(0);
        struct game g;
        draw_game(&r, &g, (uint64_t)k);
        g.s.random_share = k % 2 ? 0.3 : 0;
        struct allocate_plan p = allocate_visits(a, &g.s), again = allocate_visits(a, &g.s);
        if (p.status == STAT_REFUSED) {
            refused++;
            wrong_refusal += best_of_all(&g.s, NULL) >= 0;
        } else {
            double gain = judge(&g.s, p.kind);
            broken += gain < 0;
            not_proven += p.status != STAT_OK || p.bound != p.gain;
            not_best += fabs(gain - best_of_all(&g.s, &p)) > 1e-9 || fabs(gain - p.gain) > 1e-9;
            not_best += fabs(p.gain_without_lots - best_of_all(&g.s, NULL)) > 1e-9;
            lots += (int)p.n_drawn;
            /* too few lots only if no other place can be visited by lot */
            short_share += (double)p.n_drawn < g.s.random_share * (double)p.n_visits - 1e-9;
            differ += memcmp(p.kind, again.kind, g.s.n_places * sizeof *p.kind) != 0;
        }
        arena_free(a);
    }
    is_int(broken, 0, "every plan keeps to budget, capacities, districts, rotation and rest");
    is_int(not_proven, 0, "each is proven to be the best");
    is_int(not_best, 0, "and of all plans with its lots none gains more");
    is_int(wrong_refusal, 0, "a refusal means that no plan exists");
    is_int(differ, 0, "the same seed gives the same plan");
    ok(refused > 10 && refused < 125 && lots > 50, "the games were neither too hard nor too easy");
    ok(short_share < 15, "the share by lot holds but in a few of these crowded games");
    printf("# %d refused, %d lots, %d short\n", refused, lots, short_share);
}

static void make_region(double *gain, double *cost, int32_t *district, size_t n)
{
    struct rng r = rng_stream(42, "region", 0);
    for (size_t i = 0; i < n; i++) {
        district[i] = (int32_t)(i % 17);
        double need = rng_gamma(&r, 1.5, 0.5);
        for (size_t k = 0; k < 3; k++) {
            gain[i * 3 + k] = need * (0.3 + 0.2 * (double)k);
            cost[i * 3 + k] = (2 + rng_uniform(&r)) * (double)(k + 1);
        }
    }
}

static bool stop(void *arg, size_t done, size_t all)
{
    (void)arg;
    (void)done;
    (void)all;
    return false;
}

static void test_region(struct arena *a)
{
    enum { N = 62 };
    double gain[N * 3], cost[N * 3], chosen[N], chosen2[N];
    int32_t district[N];
    int64_t least[17], capacity[3] = {20, 10, 4};
    make_region(gain, cost, district, N);
    for (int d = 0; d < 17; d++)
        least[d] = 1;
    struct allocate_spec s = {.n_places = N, .n_kinds = 3, .gain = gain, .cost = cost, .budget = 110, .capacity = capacity,
                              .max_visits = -1, .n_districts = 17, .district = district, .least = least,
                              .random_share = ALLOCATE_RANDOM_SHARE, .seed = 1};
    struct allocate_plan p = allocate_visits(a, &s);
    ok(p.status == STAT_OK && p.gap == 0, "62 settlements of 17 districts are planned exactly");
    int64_t seen[17] = {0};
    size_t empty = 0;
    for (int i = 0; i < N; i++)
        seen[district[i]] += p.kind[i] >= 0;
    for (int d = 0; d < 17; d++)
        empty += seen[d] == 0;
    is_int(empty, 0, "every district is visited");
    ok(p.share >= ALLOCATE_RANDOM_SHARE && p.cost <= 110, "at least 15 % by lot, within the budget");
    ok(p.gain_without_lots >= p.gain, "the lots cost something, and the plan says how much");
    printf("# %zu visits, %zu by lot, gain %g of %g, %zu nodes\n", p.n_visits, p.n_drawn, p.gain, p.gain_without_lots,
           p.nodes);
    struct stat_run two = {.threads = 2};
    ok(allocate_stability(a, &s, &p, 20, 0.2, chosen) == STAT_REASON_NONE, "its stability is looked at");
    s.run = &two;
    ok(allocate_stability(a, &s, &p, 20, 0.2, chosen2) == STAT_REASON_NONE && memcmp(chosen, chosen2, sizeof chosen) == 0,
       "with the same figures on two threads");
    int sure = 0, doubtful = 0, lost = 0;
    for (int i = 0; i < N; i++) {
        sure += chosen[i] == 1;
        doubtful += chosen[i] > 0 && chosen[i] < 1;
        lost += p.drawn[i] && chosen[i] != 1;
    }
    ok(sure > 5 && doubtful > 0 && lost == 0, "some places are always on the list, some at times, the lots always");
    s.run = NULL;
    unsigned hit[N] = {0}, never = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        s.seed = seed;
        struct allocate_plan q = allocate_visits(a, &s);
        for (int i = 0; i < N; i++)
            hit[i] += q.drawn[i];
    }
    for (int i = 0; i < N; i++)
        never += hit[i] == 0;
    ok(never < 8, "over many quarters nearly every place is drawn some time");
    s.budget = 10;
    p = allocate_visits(a, &s);
    ok(p.status == STAT_REFUSED && p.reason == STAT_REASON_INFEASIBLE && p.n_visits == 0 && isnan(p.gain),
       "a budget that does not reach all districts is no plan");
    s.budget = 110;
    gain[0] = -1;
    ok(allocate_visits(a, &s).reason == STAT_REASON_INVALID, "a negative gain is refused");
    gain[0] = 1;
    struct stat_run stopping = {.go_on = stop};
    s.run = &stopping;
    ok(allocate_visits(a, &s).reason == STAT_REASON_STOPPED, "the caller can stop it");
}

/* --- ranks ----------------------------------------------------------------------------------------------------- */

static void test_rank_forms(struct arena *a)
{
    const double one[] = {1, 1}, rate[] = {1, 3};
    struct allocate_posterior p = {.n = 2, .shape = one, .rate = rate};
    struct allocate_rank r[20];
    enum stat_reason why = allocate_ranks(a, &p, NULL, r);
    is_num(r[0].expected, 1.25, 1e-12, "of two exponential needs the one with mean 1 beats that of 1/3 three times in four");
    is_num(r[1].expected, 1.75, 1e-12, "so the expected ranks are 1.25 and 1.75");
    ok(why == STAT_REASON_NOT_DISTINGUISHED && r[0].lower == 1 && r[0].upper == 2, "which the interval does not tell apart");
    is_num(r[0].top, 0.75, 0.03, "draws agree");
    const double mean[] = {0, 1, 10}, sd[] = {1, 1, 1};
    p = (struct allocate_posterior){.n = 3, .mean = mean, .sd = sd};
    why = allocate_ranks(a, &p, NULL, r);
    is_num(r[1].expected, 3 - dist_normal_cdf(1 / sqrt(2), 0, 1), 1e-9, "normal needs: the difference of two is normal");
    ok(why == STAT_REASON_NONE && r[2].band == 1 && r[2].lower == 1 && r[2].upper == 1 && r[2].position == 1,
       "one that stands out is first for sure");
    ok(r[0].band == 2 && r[1].band == 2, "the two others share a band");
    const double same[] = {2, 2, 2, 2}, none[] = {INFINITY, INFINITY, INFINITY, INFINITY};
    p = (struct allocate_posterior){.n = 4, .shape = none, .rate = same, .mean = same};
    why = allocate_ranks(a, &p, NULL, r);
    ok(why == STAT_REASON_NOT_DISTINGUISHED && r[0].expected == 2.5 && r[3].expected == 2.5,
       "without any spread all places have the same expected rank");
    ok(r[0].lower == 1 && r[0].upper == 4 && r[3].lower == 1, "and any of them may be any");
    p.n = 0;
    ok(allocate_ranks(a, &p, NULL, r) == STAT_REASON_INVALID, "no places, no ranks");
}

static void test_rank_many(struct arena *a)
{
    enum { N = 40 };
    double shape[N], rate[N], sum = 0, twice = 0;
    struct rng r = rng_stream(43, "ranks", 0);
    for (int i = 0; i < N; i++) {
        shape[i] = 1 + 10 * rng_uniform(&r);
        rate[i] = 0.5 + 2 * rng_uniform(&r);
    }
    struct allocate_posterior p = {.n = N, .shape = shape, .rate = rate};
    struct stat_run two = {.threads = 2};
    struct allocate_rank_options o = {.estimates = true, .seed = 5};
    struct allocate_rank x[N], y[N];
    allocate_ranks(a, &p, &o, x);
    o.run = &two;
    allocate_ranks(a, &p, &o, y);
    ok(memcmp(x, y, sizeof x) == 0, "one thread and two give the same ranks");
    int outside = 0, order = 0, quantile = 0;
    for (int i = 0; i < N; i++) {
        sum += x[i].expected;
        outside += x[i].expected < x[i].lower || x[i].expected > x[i].upper;
        for (int j = 0; j < N; j++)
            order += x[i].position < x[j].position && x[i].estimate < x[j].estimate;
        double all = 0; /* the estimate at position k is the (n - k + 1/2)/n quantile of all together */
        for (int j = 0; j < N; j++)
            all += dist_gamma_cdf(x[i].estimate, shape[j], rate[j]);
        quantile += fabs(all / N - (N - (double)x[i].position + 0.5) / N) > 1e-9;
        twice += x[i].top;
    }
    is_num(sum, N * (N + 1) / 2.0, 1e-12, "expected ranks add up to n (n + 1)/2");
    is_num(twice, 4, 1e-9, "four of forty are among the first four");
    is_int(outside, 0, "every expected rank lies in its interval");
    is_int(order + quantile, 0, "estimates keep the order, and together have the distribution of all needs together");
    /* do the intervals hold? needs drawn from the posteriors: 90 % of the true ranks lie inside */
    int held = 0, all = 0;
    for (int k = 0; k < 500; k++) {
        double need[N];
        for (int i = 0; i < N; i++)
            need[i] = rng_gamma(&r, shape[i], rate[i]);
        for (int i = 0; i < N; i++, all++) {
            int rank = 1;
            for (int j = 0; j < N; j++)
                rank += need[j] > need[i];
            held += rank >= x[i].lower && rank <= x[i].upper;
        }
    }
    double cover = (double)held / all;
    ok(cover > 0.89 && cover < 0.95, "the 90 % intervals hold 90 % of true ranks, or little more as ranks are whole numbers");
    printf("# cover %g\n", cover);
}

int main(void)
{
    struct arena *a = arena_new((size_t)512 << 20);
    test_every_plan();
    test_region(a);
    test_rank_forms(a);
    test_rank_many(a);
    arena_free(a);
    return done();
}
