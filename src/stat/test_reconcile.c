/* test_reconcile.c - forecasts that add up: against R's matrix algebra and quadprog, and by simulation. */
#include "stat/reconcile.h"

#include <string.h>

#include "base/arena.h"
#include "stat/parallel.h"
#include "stat/rng.h"
#include "tap.h"

/* A region, districts A and B, places A1 A2 A3 B1 B2. */
enum { N = 8, PAST = 50 };
static const int32_t parent[N] = {-1, 0, 0, 1, 1, 1, 2, 2};
static double error[PAST * N];

static void make_errors(void)
{
    for (int t = 1; t <= PAST; t++)
        for (int j = 1; j <= N; j++)
            error[(t - 1) * N + j - 1] = sin(t * 1.7 + j) * (j + 1) + ((t * 7 + j * j) % 11 - 5) * .3 +
                                         (j == 2 || j == 4 || j == 5 ? cos(t * .9) * 2 : 0);
}

/* S (S' W^-1 S)^-1 S' W^-1 y by solve(), the non-negative ones by quadprog::solve.QP, in R 4.2.2;
 * the covariance shrunken by the formula of Schaefer and Strimmer. */
static const struct {
    const char *name;
    enum reconcile_method method;
    double value[N], se[N], non_negative[N];
} peer[] = {
    {"OLS",
     RECONCILE_OLS,
     {19.0655172413793, 13.8758620689655, 5.18965517241379, 4.05862068965517, 3.55862068965517,
      6.25862068965518, 1.5448275862069, 3.6448275862069},
     {0},
     {9.30769230769231, 1.96153846153846, 7.34615384615385, 0, 1.03076923076923, 0.93076923076923, 0,
      7.34615384615385}},
    {"structural",
     RECONCILE_STRUCTURAL,
     {18.4666666666667, 13.81, 4.65666666666667, 4.03666666666667, 3.53666666666667, 6.23666666666667,
      1.27833333333333, 3.37833333333333},
     {0},
     {9.10194174757282, 1.31553398058252, 7.78640776699029, 0, 0.707766990291262, 0.607766990291262, 0,
      7.78640776699029}},
    {"variances",
     RECONCILE_VARIANCE,
     {19.728528970168, 13.9207416947409, 5.8077872754271, 4.06243887864235, 3.56550126804963,
      6.29280154804895, 1.6141883405292, 4.1935989348979},
     {1.46946127234902, 2.13484981933342, 2.16977925677728, 3.61467112301576, 3.66983404812558,
      4.00778043310293, 4.29822741556825, 4.42103695676898},
     {9.64978320033487, 2.78424610529201, 6.86553709504286, 0, 1.24515701060483, 1.53908909468717, 0,
      6.86553709504286}},
    {"MinT, shrunken",
     RECONCILE_MINT,
     {19.7875956980821, 14.3791027247214, 5.40849297336071, 4.95022810264267, 3.69705706833424,
      5.7318175537445, 1.29949398484439, 4.10899898851631},
     {0.88676766705612, 1.15282973666771, 0.916513163341004, 1.16329375527599, 1.06028399275599,
      1.20741777014059, 1.05997154049185, 1.46257071736456},
     {8.83633133092272, 3.90589453186689, 4.93043679905583, 1.0134350841857, 1.94591858988527,
      0.946540857795925, 0, 4.93043679905583}},
};

static double farthest(const double *got, const double *want, size_t stride)
{
    double worst = 0;
    for (size_t i = 0; i < N; i++)
        worst = fmax(worst, fabs(got[i * stride] - want[i]));
    return worst;
}

static void test_peer(struct arena *a, const struct reconcile_structure *s)
{
    const double base[N] = {20, 13, 5, 4, 3.5, 6.2, .8, 2.9}, low[N] = {10, 2, 5, -1.5, .3, .2, -4, 9};
    for (size_t k = 0; k < sizeof peer / sizeof *peer; k++) {
        struct reconcile_options o = {.method = peer[k].method, .n_past = PAST, .error = error};
        struct reconcile_result r = reconcile(a, NULL, s, 1, base, &o);
        ok(r.status == STAT_OK && farthest(r.value, peer[k].value, 1) < 1e-11, peer[k].name);
        if (peer[k].se[0] > 0)
            ok(farthest(r.se, peer[k].se, 1) < 1e-11, "its standard errors");
        else
            ok(r.se == NULL, "no standard errors without a past");
        if (peer[k].method == RECONCILE_MINT)
            is_num(r.lambda, 0.04042457723769947, 1e-12, "the shrinkage");
        o.non_negative = true;
        r = reconcile(a, NULL, s, 1, low, &o);
        ok(farthest(r.value, peer[k].non_negative, 1) < 1e-10, "not below 0");
        is_int(r.at_zero, peer[k].method == RECONCILE_MINT ? 1 : 2, "so many at 0");
    }
    struct reconcile_options o = {.method = RECONCILE_BOTTOM_UP};
    struct reconcile_result r = reconcile(a, NULL, s, 1, base, &o);
    is_num(r.value[0], 17.4, 1e-14, "bottom-up: the sum of the places");
    is_num(r.value[1], 13.7, 1e-14, "and of a district");
}

/* Many columns, each its own; any number of threads; the order of the series does not matter. */
static void test_columns(struct arena *a, const struct reconcile_structure *s)
{
    enum { H = 40 };
    double base[N * H], turned[N * H], worst = 0, apart = 0;
    struct rng r = rng_stream(11, "columns", 0);
    struct stat_run two = {.threads = 2};
    int32_t back[N];
    for (int i = 0; i < N; i++) {
        back[N - 1 - i] = parent[i] < 0 ? -1 : N - 1 - parent[i];
        for (int h = 0; h < H; h++)
            turned[(N - 1 - i) * H + h] = base[i * H + h] = 2 + 3 * rng_normal(&r);
    }
    struct reconcile_options o = {
        .method = RECONCILE_MINT, .non_negative = true, .n_past = PAST, .error = error};
    struct reconcile_result one = reconcile(a, NULL, s, H, base, &o),
                            again = reconcile(a, &two, s, H, base, &o);
    is_int(memcmp(one.value, again.value, sizeof base), 0, "two threads give the same bytes");
    for (int h = 0; h < H; h++) {
        double column[N];
        for (int i = 0; i < N; i++)
            column[i] = base[i * H + h];
        struct reconcile_result alone = reconcile(a, NULL, s, 1, column, &o);
        for (int i = 0; i < N; i++)
            worst = fmax(worst, fabs(alone.value[i] - one.value[i * H + h]));
        for (int i = 3; i < N; i++)
            worst = fmax(worst, -one.value[i * H + h]);
        apart = fmax(apart, fabs(one.value[h] - one.value[H + h] - one.value[2 * H + h]));
    }
    is_num(worst, 0, 0, "a column does not depend on the others, none is below 0");
    ok(apart < 1e-13, "they add up");
    struct reconcile_structure other;
    reconcile_tree(a, N, back, &other);
    o = (struct reconcile_options){.method = RECONCILE_STRUCTURAL, .non_negative = true};
    one = reconcile(a, NULL, s, H, base, &o);
    again = reconcile(a, NULL, &other, H, turned, &o);
    worst = 0;
    for (int i = 0; i < N; i++)
        for (int h = 0; h < H; h++)
            worst = fmax(worst, fabs(one.value[i * H + h] - again.value[(N - 1 - i) * H + h]));
    ok(worst < 1e-12, "another order of the series gives the same");
}

/* Places by district and by kind: sums that cross. All columns of C y must vanish and what adds up
 * must stay. */
static void test_crossed(struct arena *a)
{
    /* 0: all, 1, 2: districts, 3, 4: kinds, 5 .. 8: district x kind */
    const int32_t whole[] = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4},
                  part[] = {8, 7, 6, 5, 5, 6, 7, 8, 5, 7, 6, 8};
    const double base[] = {30, 14, 15, 11, 20, 4, 9, 6, 10};
    struct reconcile_structure s;
    is_int(reconcile_sums(a, 9, 12, whole, part, &s), STAT_REASON_NONE, "sums that cross");
    is_int(s.n_bottom, 4, "four series at the bottom");
    struct reconcile_options o = {.method = RECONCILE_STRUCTURAL};
    struct reconcile_result r = reconcile(a, NULL, &s, 1, base, &o);
    const double *v = r.value;
    ok(fabs(v[1] + v[2] - v[0]) < 1e-13 && fabs(v[3] + v[4] - v[0]) < 1e-13 &&
           fabs(v[5] + v[7] - v[3]) < 1e-13,
       "they add up both ways");
    struct reconcile_result twice = reconcile(a, NULL, &s, 1, v, &o);
    double worst = 0;
    for (int i = 0; i < 9; i++)
        worst = fmax(worst, fabs(twice.value[i] - v[i]));
    ok(worst < 1e-13, "forecasts that add up are left as they are");
    const int32_t chain[] = {0, 1}, loop[] = {1, 2};
    is_int(reconcile_sums(a, 3, 2, chain, loop, &s), STAT_REASON_INVALID, "a part that is a whole");
    const int32_t doubled[] = {0, 0}, same[] = {1, 1};
    is_int(reconcile_sums(a, 3, 2, doubled, same, &s), STAT_REASON_INVALID, "a part named twice");
    const int32_t circle[] = {1, 2, 0}, nobody[] = {-1, 7};
    is_int(reconcile_tree(a, 3, circle, &s), STAT_REASON_INVALID, "a tree that bites its tail");
    is_int(reconcile_tree(a, 2, nobody, &s), STAT_REASON_INVALID, "a parent who is not there");
}

/* Non-negative solutions fulfil the conditions of Karush, Kuhn and Tucker on random problems. */
static void test_conditions(struct arena *a)
{
    enum { PLACES = 30, ALL = PLACES + 7 };
    int32_t up[ALL];
    double base[ALL], worst = 0;
    size_t zeros = 0;
    for (int i = 0; i < ALL; i++)
        up[i] = i == 0 ? -1 : i < 7 ? 0 : 1 + i % 6;
    struct reconcile_structure s;
    reconcile_tree(a, ALL, up, &s);
    for (uint64_t k = 0; k < 200; k++) {
        struct rng r = rng_stream(12, "conditions", k);
        for (int i = 0; i < ALL; i++)
            base[i] = (i == 0 ? 10 : i < 7 ? 2 : 0.2) + 2 * rng_normal(&r);
        struct reconcile_options o = {.method = RECONCILE_STRUCTURAL, .non_negative = true};
        struct reconcile_result v = reconcile(a, NULL, &s, 1, base, &o);
        zeros += v.at_zero;
        for (int i = 7; i < ALL; i++) { /* derivative of the squared distance by place i */
            int d = up[i];
            double g = (v.value[i] - base[i]) +
                       (v.value[d] - base[d]) / (double)(s.start[d + 1] - s.start[d]) +
                       (v.value[0] - base[0]) / PLACES;
            worst = fmax(worst, v.value[i] > 0 ? fabs(g) : -g);
            worst = fmax(worst, -v.value[i]);
        }
    }
    printf("# %zu at 0, conditions missed by %g\n", zeros, worst);
    ok(zeros > 500 && worst < 1e-10, "no step into the allowed side would be nearer");
}

/* Where errors are as assumed, reconciled forecasts err less, as much as their standard errors say. */
static void test_gain(struct arena *a, const struct reconcile_structure *s)
{
    enum { RUNS = 2000 };
    double before[N] = {0}, after[N] = {0}, said[N] = {0};
    for (uint64_t k = 0; k < RUNS; k++) {
        struct rng r = rng_stream(13, "gain", k);
        struct arena *own = arena_new(0);
        double past[60 * N], base[N], truth[N] = {0};
        for (int i = N - 1; i >= 0; i--) {
            truth[i] += i > 2 ? 10 : 0;
            if (parent[i] >= 0)
                truth[parent[i]] += truth[i];
        }
        for (int i = 0; i < N; i++) {
            double sd = i == 0 ? 2 : 1 + 0.1 * i;
            base[i] = truth[i] + sd * rng_normal(&r);
            for (int t = 0; t < 60; t++)
                past[t * N + i] = sd * rng_normal(&r);
        }
        struct reconcile_options o = {.method = RECONCILE_VARIANCE, .n_past = 60, .error = past};
        struct reconcile_result v = reconcile(own, NULL, s, 1, base, &o);
        for (int i = 0; i < N; i++) {
            before[i] += (base[i] - truth[i]) * (base[i] - truth[i]) / RUNS;
            after[i] += (v.value[i] - truth[i]) * (v.value[i] - truth[i]) / RUNS;
            said[i] += v.se[i] * v.se[i] / RUNS;
        }
        arena_free(own);
    }
    bool better = true, right = true;
    for (int i = 0; i < N; i++) {
        better &= after[i] < before[i];
        right &= fabs(said[i] / after[i] - 1) < 0.12;
    }
    ok(better, "every series is forecast better");
    ok(right, "squared errors are as the standard errors say, within 12 %");
    struct reconcile_options o = {.method = RECONCILE_MINT, .n_past = 39, .error = error};
    const double base[N] = {0};
    is_int(reconcile(a, NULL, s, 1, base, &o).reason, STAT_REASON_FEW_PERIODS, "MinT asks for forty periods");
    o.min_past = 20;
    is_int(reconcile(a, NULL, s, 1, base, &o).status, STAT_OK, "or as many as one says");
    double flawless[2 * N] = {0};
    o = (struct reconcile_options){.method = RECONCILE_VARIANCE, .n_past = 2, .error = flawless};
    is_int(reconcile(a, NULL, s, 1, base, &o).reason, STAT_REASON_SINGULAR,
           "who never erred has no variance");
    const double none[N] = {NAN};
    is_int(reconcile(a, NULL, s, 1, none, &o).reason, STAT_REASON_INVALID,
           "no forecast, nothing to reconcile");
}

int main(void)
{
    struct arena *a = arena_new(0);
    struct reconcile_structure s;
    make_errors();
    is_int(reconcile_tree(a, N, parent, &s), STAT_REASON_NONE, "a tree of places");
    test_peer(a, &s);
    test_columns(a, &s);
    test_crossed(a);
    test_conditions(a);
    test_gain(a, &s);
    arena_free(a);
    return done();
}
