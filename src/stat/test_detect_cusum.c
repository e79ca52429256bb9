/* test_detect_cusum.c - charts against the reference files of s3, R's surveillance 1.20.3 and simulation. */
#include "stat/detect_cusum.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/test_golden.h"
#include "tap.h"

enum { FIRST = 260, WEEKS = 52, SOME = 7 };
static const size_t some[SOME] = {1, 3, 11, 23, 28, 33, 51}; /* weeks of the year that are compared */

static double largest_difference(const double *got, const double *want)
{
    double worst = 0;
    for (int i = 0; i < SOME; i++)
        worst = fmax(worst, isnan(want[i]) ? 0 : fabs(got[some[i]] - want[i]) / fmax(1, fabs(want[i])));
    return worst;
}

static void golden_rossi(const char *json, const int64_t *y, const double *m)
{
    double want[WEEKS], got[WEEKS], worst = 0;
    bool alarm[WEEKS];
    struct detect_cusum o = {1.04, 2.26, DETECT_ROSSI, 0};
    golden_get(json, "agona.cusum_rossi.statistic", want, WEEKS);
    is_num(m[0], golden_one(json, "agona.cusum_rossi.m"), 1e-12, "agona: mean before the range");
    detect_cusum(WEEKS, y, m, &o, got, NULL, alarm);
    for (int i = 0; i < WEEKS; i++)
        worst = fmax(worst, fabs(got[i] - want[i]));
    ok(worst < 1e-8, "agona: CUSUM of a year");
}

/* algo.cusum(k = .6, h = 2.26, alpha = .3, trans): statistic and upperbound. Where R's bound is
 * rounded up ("standard"), of another formula than its statistic ("anscombe2nd") or not a count
 * ("anscombeNegBin"), only the statistic is compared. R reads the hypergeometric function of
 * "anscombeNegBin" from a table and is 3e-4 off: that row is from integrate(function(t) (t + .3 *
 * t^2)^(-1/3), m, y, rel.tol = 1e-12). */
static void peer_transforms(const int64_t *y, const double *m)
{
    static const struct {
        const char *name;
        enum detect_transform transform;
        double statistic[SOME], upper[SOME];
    } peer[] = {
        {"rossi",
         DETECT_ROSSI,
         {1.67290389393684, 5.7987281650936, 0, 1.67290389393684, 2.20678926575098, 4.9175680976378,
          0.067505005836239},
         {8.22633509899309, 2.95429672503974, 8.36967125278843, 8.22633509899309, 4.09747768632968,
          3.69105259599289, 8.36967125278843}},
        {"standard",
         DETECT_STANDARD,
         {1.97968762555816, 6.93318382178222, 0, 1.97968762555816, 3.06295554758788, 6.52527032615033,
          0.0977012415793082},
         {NAN, NAN, NAN, NAN, NAN, NAN, NAN}},
        {"anscombe",
         DETECT_ANSCOMBE,
         {1.55068899428192, 5.32705172031952, 0, 1.55068899428192, 1.88987027968108, 4.29593362486976,
          0.0566526387472734},
         {8.67392723399364, 3.28591683363531, 8.81270797440081, 8.67392723399364, 4.71860951760889,
          4.46812397484365, 8.81270797440081}},
        {"anscombe2nd",
         DETECT_ANSCOMBE_2,
         {1.74894289899298, 5.72355952974164, 0, 1.74894289899298, 2.58375894616979, 5.48545705313612,
          0.155779591102803},
         {NAN, NAN, NAN, NAN, NAN, NAN, NAN}},
        {"pearsonNegBin",
         DETECT_PEARSON_NB,
         {1.22574185835055, 4.55223549794778, 0, 1.22574185835055, 1.2293816898305, 2.98304136710268, 0},
         {9.36399180074723, 4.76066399256157, 9.36399180074723, 9.36399180074723, 6.35567228028306,
          7.34735275981889, 9.36399180074723}},
        {"anscombeNegBin",
         DETECT_ANSCOMBE_NB,
         {0.810463461565722, 2.88227712365369, 0, 0.810463461565722, 0.395748203989782, 1.74742294395311, 0},
         {NAN, NAN, NAN, NAN, NAN, NAN, NAN}},
    };
    for (size_t k = 0; k < sizeof peer / sizeof *peer; k++) {
        double s[WEEKS], upper[WEEKS];
        bool alarm[WEEKS];
        struct detect_cusum o = {0.6, 2.26, peer[k].transform, 0.3};
        is_int(detect_cusum(WEEKS, y, m, &o, s, upper, alarm), STAT_REASON_NONE, peer[k].name);
        ok(largest_difference(s, peer[k].statistic) < 1e-10, "its statistic");
        ok(largest_difference(upper, peer[k].upper) < 1e-10, "its bound");
        for (int t = 0; t < WEEKS; t++) /* the bound is where the alarm begins */
            if (alarm[t] != ((double)y[t] >= upper[t] - 1e-9) && (upper[t] > 0 || y[t] > 0))
                ok(false, "alarm and bound agree");
    }
}

/* Poisson glm of the weeks before by season, as algo.cusum(m = "glm", k = .6, trans = "rossi"). */
static void peer_season(struct arena *a, const int64_t *y, size_t n)
{
    const double statistic[SOME] = {3.72428557940818, 10.9365179429889, 5.8186418413048, 1.76556227360778,
                                    0.00760399679460255, 1.1011073431288, 0.772718956218448};
    const double mean[SOME] = {1.66331807125117, 1.48305138549574, 1.32791505244714, 2.86587360140536,
                               4.08846042032418, 4.92089733891856, 1.911507852165};
    struct detect_mean_options o = {.harmonics = 1};
    struct detect_mean m = detect_mean_fit(a, y, n, FIRST, &o);
    struct detect_cusum c = {0.6, 2.26, DETECT_ROSSI, 0};
    double s[WEEKS];
    bool alarm[WEEKS];
    detect_cusum(WEEKS, y + FIRST, m.mean + FIRST, &c, s, NULL, alarm);
    ok(largest_difference(m.mean + FIRST, mean) < 1e-8, "means by season");
    ok(largest_difference(s, statistic) < 1e-7, "CUSUM against means by season");
    /* glm.nb(y ~ t + two harmonics), glm.control(epsilon = 1e-14); then Poisson with one harmonic */
    const double nb[6] = {1.09756456242862, -0.00131944629793173, -0.251326521243547, -0.616126730890699,
                          -0.0256167003830548, 0.0866468779317681};
    const double poisson[4] = {1.1191470163967, -0.00150753857357791, -0.27560520573172, -0.63767255661147};
    double worst = 0;
    o = (struct detect_mean_options){.harmonics = 2, .trend = true, .dispersion = -1};
    m = detect_mean_fit(a, y, n, FIRST, &o);
    for (size_t j = 0; j < m.k; j++)
        worst = fmax(worst, fabs(m.coef[j] - nb[j]));
    ok(m.k == 6 && worst < 1e-9, "negative binomial regression with trend and season");
    is_num(m.dispersion, 0.23939384451047, 1e-9, "its dispersion");
    o = (struct detect_mean_options){.harmonics = 1, .trend = true};
    m = detect_mean_fit(a, y, n, FIRST, &o);
    worst = 0;
    for (size_t j = 0; j < m.k; j++)
        worst = fmax(worst, fabs(m.coef[j] - poisson[j]));
    ok(worst < 1e-9, "Poisson regression with trend and season");
}

/* algo.glrnb: values, alarms and, where R has them as whole search results, cases. */
struct lr_peer {
    const char *name;
    struct detect_lr o;
    double mean;     /* times the mean before */
    double statistic[SOME], upper[SOME];
    int alarm[7];    /* weeks of the year from 1; 0: no more */
};

static void peer_lr(const int64_t *y, double mean, const struct lr_peer *peer, double tolerance)
{
    double m[WEEKS], s[WEEKS], upper[WEEKS];
    bool alarm[WEEKS];
    size_t at = 0;
    int right = 0;
    for (int t = 0; t < WEEKS; t++)
        m[t] = mean * peer->mean;
    is_int(detect_lr(NULL, WEEKS, y, m, &peer->o, s, upper, alarm), STAT_REASON_NONE, peer->name);
    ok(largest_difference(s, peer->statistic) < tolerance, "its statistic");
    ok(peer->upper[0] == 0 || largest_difference(upper, peer->upper) < 1e-10, "the count for an alarm");
    for (int t = 0; t < WEEKS; t++)
        if (alarm[t])
            right += peer->alarm[at++] == t + 1;
    ok(peer->alarm[at] == 0 && right == (int)at, "its alarms");
    for (int t = 0; t < WEEKS; t++) {
        double count = (double)y[t];
        bool beyond = peer->o.decrease ? count <= upper[t] : count >= upper[t];
        if (peer->o.shift == 0 && alarm[t] != beyond)
            ok(false, "alarm and count agree");
    }
}

static void peer_charts(const int64_t *y, double mean)
{
    static const struct lr_peer peer[] = {
        {"Poisson, known shift",
         {.threshold = 5, .shift = 0.69314718055994531},
         1,
         {2.02510718699654, 7.46161592210951, 0, 2.02510718699654, 2.44658259414001, 5.64064672352325, 0},
         {11.2918631084963, 6.4486389165993, 11.2918631084963, 11.2918631084963, 7.68380262875378,
          8.07574214901124, 11.2918631084963},
         {4, 34}},
        {"negative binomial, known shift",
         {.threshold = 3, .dispersion = 0.5, .shift = 0.69314718055994531},
         1,
         {0.709632993869588, 2.58000655977563, 0, 0.709632993869588, 0.974752734896166, 2.16846493355191,
          0.0065943253238574},
         {16.8659729025931, 11.8091615402377, 16.8943785837708, 16.8659729025931, 12.7239444967046,
          12.5819160908161, 16.8943785837708},
         {35}},
        {"negative binomial, unknown shift",
         {.threshold = 3, .dispersion = 0.5},
         1,
         {0.739910754933264, 2.80718505619358, 0.206255811780915, 0.739910754933264, 1.18836710086977,
          2.41848171034609, 0.0831204796241347},
         {14, 11, NAN, 14, 13, 13, 14},
         {35}},
        {"Poisson, unknown shift",
         {.threshold = 5},
         1,
         {2.17397204292911, 8.42770958923504, 0, 2.17397204292911, 3.16884187596887, 6.50355466448365,
          0.248915004549216},
         {10, 7, 10, 10, 8, 6, 10},
         {4, 34}},
        {"negative binomial, window of 5, at least 2 weeks",
         {.threshold = 3, .dispersion = 0.5, .window = 5, .min_length = 2},
         1,
         {0.710744464573655, 2.80718505619358, 0, 0.710744464573655, 1.11874226357453, 1.67476073247605, 0},
         {0},
         {36}},
        {"negative binomial, fall",
         {.threshold = 3, .dispersion = 0.5, .decrease = true},
         2,
         {0.00111147070406419, 0, 2.68412214672547, 0.943327365781177, 1.11218089920104, 0.953616171077448,
          2.06911186375144},
         {0},
         {9, 13, 15, 17, 19, 48}},
        {"Poisson, fall",
         {.threshold = 4, .decrease = true},
         1,
         {0, 0, 3.76627114294811, 0.206405094122634, 0, 0, 1.0787176131868},
         {0},
         {13, 17}},
    };
    for (size_t k = 0; k < sizeof peer / sizeof *peer; k++)
        peer_lr(y, mean, &peer[k], 1e-7);
}

/* R's epidemic charts may miss the maximum (once its lambda is near 0 the search stays there; of negative
 * binomial counts it takes the other chart's shift): ours is it, no value of a fine grid is larger. */
static void test_epidemic(const int64_t *y, double mean)
{
    double m[WEEKS], s[WEEKS], limit[WEEKS], low = 0;
    bool alarm[WEEKS];
    struct detect_lr o = {.threshold = 1000, .dispersion = 0.5, .change = DETECT_EPIDEMIC};
    for (int t = 0; t < WEEKS; t++)
        m[t] = mean;
    detect_lr(NULL, WEEKS, y, m, &o, s, NULL, alarm);
    for (size_t n = 0; n < WEEKS; n++)
        for (size_t k = 0; k <= n; k++)
            for (double lambda = 0.02; lambda < 4; lambda += 0.02) {
                double l = 0;
                for (size_t t = k; t <= n; t++) {
                    double x = (double)y[t], m1 = mean + lambda * (t ? (double)y[t - 1] : 0);
                    l += x * log(m1 / mean) - (x + 2) * log((1 + m1 / 2) / (1 + mean / 2));
                }
                low = fmax(low, l - s[n]);
            }
    ok(low <= 1e-10, "no lambda of a grid is better");
    o.dispersion = 1e-9;
    detect_lr(NULL, WEEKS, y, m, &o, s, NULL, alarm);
    o.dispersion = 0;
    detect_lr(NULL, WEEKS, y, m, &o, limit, NULL, alarm);
    /* algo.glrnb(alpha = 0, change = "epi", M = 10, c.ARL = 3), the first two weeks with news */
    is_num(limit[1], 2.17397204292911, 1e-9, "epidemic Poisson chart of two weeks");
    is_num(limit[2], 3.17145546682878, 1e-9, "and of three");
    double worst = 0;
    for (int t = 0; t < WEEKS; t++)
        worst = fmax(worst, fabs(s[t] - limit[t]));
    ok(worst < 1e-6, "without dispersion it is the Poisson chart");
}

/* A chart in control may cross exp(-threshold) seldom: P(max of a likelihood ratio martingale >=
 * e^c) is at most e^-c for each onset (Ville 1939), so over 52 onsets at most 52 e^-c. With a rise
 * it must alarm soon. */
static void test_simulation(void)
{
    enum { RUNS = 2000 };
    int wrong = 0, found = 0, delay = 0;
    double m[WEEKS], s[WEEKS];
    bool alarm[WEEKS];
    int64_t y[WEEKS];
    struct detect_lr o = {.threshold = 6, .dispersion = 0.25, .shift = log(2)};
    for (uint64_t k = 0; k < RUNS; k++) {
        struct rng r = rng_stream(52, "chart", k);
        bool any = false;
        for (int t = 0; t < WEEKS; t++) {
            m[t] = 4 + 2 * sin(t * acos(-1) / 26);
            y[t] = rng_negbin(&r, m[t], 4);
        }
        detect_lr(NULL, WEEKS, y, m, &o, s, NULL, alarm);
        for (int t = 0; t < WEEKS; t++)
            any |= alarm[t];
        wrong += any;
        for (int t = 20; t < WEEKS; t++)
            y[t] = rng_negbin(&r, 2.5 * m[t], 4);
        detect_lr(NULL, WEEKS, y, m, &o, s, NULL, alarm);
        int at = 20;
        while (at < WEEKS && !alarm[at])
            at++;
        found += at < WEEKS;
        delay += at - 20;
    }
    printf("# %d of %d false, %d found after %.1f weeks\n", wrong, RUNS, found, (double)delay / RUNS);
    ok(wrong <= RUNS * WEEKS * exp(-6), "false alarms are below their bound");
    ok(found >= 0.95 * RUNS && delay <= 16 * RUNS, "a lasting rise is found");
}

/* Mean run lengths of a one-sided normal CUSUM with k = 0.5, h = 4 are 335.4 in control and 8.38 after
 * a shift of one standard deviation (Hawkins, Olwell 1998, Cumulative Sum Charts; again by a
 * Markov chain after Brook, Evans 1972). Counts of a million are normal enough. */
static void test_run_lengths(void)
{
    enum { RUNS = 2000, LONG = 3400 };
    static int64_t y[LONG];
    static double m[LONG], s[LONG];
    static bool alarm[LONG];
    const struct detect_cusum o = {0.5, 4, DETECT_STANDARD, 0};
    for (int shift = 0; shift <= 1; shift++) {
        int weeks = shift ? 120 : LONG;
        double sum = 0, want = shift ? 8.38 : 335.4;
        for (uint64_t k = 0; k < RUNS; k++) {
            struct rng r = rng_stream(53, shift ? "shifted" : "in control", k);
            int at = 0;
            for (int t = 0; t < weeks; t++) {
                m[t] = 1e6;
                y[t] = rng_poisson(&r, 1e6 + 1000 * shift);
            }
            detect_cusum((size_t)weeks, y, m, &o, s, NULL, alarm);
            while (at < weeks - 1 && !alarm[at])
                at++;
            sum += at + 1;
        }
        printf("# mean run length %.2f, table %.2f\n", sum / RUNS, want);
        ok(fabs(sum / RUNS / want - 1) < 0.06, "mean run length of the tables");
    }
}

static void test_edges(struct arena *a)
{
    int64_t y[10] = {3, 2, 4, -1, 3, 2, 5, 3, 2, 1};
    double m[10], s[10], upper[10];
    bool alarm[10];
    for (int t = 0; t < 10; t++)
        m[t] = 0;
    struct detect_cusum c = {1, 2, DETECT_STANDARD, 0};
    struct detect_lr o = {.threshold = 3};
    is_int(detect_cusum(10, y, m, &c, s, upper, alarm), STAT_REASON_INVALID,
           "nothing expected, nothing to compare");
    is_int(detect_lr(NULL, 10, y, m, &o, s, upper, alarm), STAT_REASON_INVALID, "neither in a likelihood ratio");
    for (int t = 0; t < 10; t++)
        m[t] = 1.5;
    is_int(detect_lr(NULL, 10, y, m, &o, s, upper, alarm), STAT_REASON_NONE, "a missing week");
    ok(s[3] == s[2] && !alarm[3] && isnan(upper[3]), "changes nothing");
    o.threshold = 0;
    is_int(detect_lr(NULL, 10, y, m, &o, s, upper, alarm), STAT_REASON_INVALID, "a threshold of nothing");
    struct detect_mean_options few = {.harmonics = 3, .trend = true};
    is_int(detect_mean_fit(a, y, 10, 8, &few).reason, STAT_REASON_FEW_PERIODS,
           "more coefficients than weeks");
    int64_t none[10] = {0};
    few = (struct detect_mean_options){0};
    is_int(detect_mean_fit(a, none, 10, 10, &few).reason, STAT_REASON_FEW_EVENTS, "no events, no mean");
    is_num(detect_mean_fit(a, y, 10, 8, &few).mean[9], 22.0 / 7, 1e-12, "the plain mean without season");
}

int main(void)
{
    size_t n;
    struct arena *a = arena_new(0);
    test_edges(a);
    test_simulation();
    test_run_lengths();
    char *json = golden_file("s3_hhh4_influMen_farrington_agona", "expected.json");
    char *csv = golden_file("s3_hhh4_influMen_farrington_agona", "salmonella_agona.csv");
    if (json && csv) {
        int64_t *y = golden_ids(csv, "count", &n);
        double m[WEEKS], mean = 0;
        for (int i = 0; i < FIRST; i++)
            mean += (double)y[i] / FIRST;
        for (int i = 0; i < WEEKS; i++)
            m[i] = mean;
        golden_rossi(json, y + FIRST, m);
        peer_transforms(y + FIRST, m);
        peer_season(a, y, n);
        peer_charts(y + FIRST, mean);
        test_epidemic(y + FIRST, mean);
    } else {
        skip("the published salmonella series", "../shared/golden is not there");
    }
    arena_free(a);
    return done();
}
