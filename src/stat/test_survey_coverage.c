/* test_survey_coverage.c - in 2,000 samples drawn from a population whose figures are known exactly, 95 % intervals hold
 * the true figure in 95 +- 1.5 % of the samples.
 *
 * 15 strata of unequal size and mean, 4 clusters from each, 5 persons from each cluster: answers in a cluster are alike
 * (intraclass correlation about 0.2), weights are unequal. Shares, quantiles and ratios follow from normal
 * distributions; the logistic model has its margins exactly, clusters being tied by a Gaussian copula. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/rng.h"
#include "stat/survey_regress.h"
#include "stat/survey_replicate.h"
#include "stat/survey_table.h"
#include "tap.h"

enum { STRATA = 15, PSUS = 4, PEOPLE = 5, N = STRATA * PSUS * PEOPLE, RUNS = 2000 };
static const double BETWEEN = 0.5, WITHIN = 1, SHIFT = 0.4; /* variances; mean of group 1 over group 0 */
static const double CUT = 0.8, SLOPE = 0.5, LOG_SLOPE = 0.3, ODDS[] = {-0.4, 0.7};

static double mean_of[STRATA], size_of[STRATA]; /* of the population */
static double true_mean, true_share, true_small, true_median, true_lift;

/* --- the population's figures ---------------------------------------------------------------------------- */

/* Share of people below c: in group 0 or 1 (half each), in the strata by their sizes. */
static double below(double c)
{
    double s = 0, all = 0;
    for (int h = 0; h < STRATA; h++) {
        for (int g = 0; g < 2; g++)
            s += size_of[h] / 2 * dist_normal_cdf(c, mean_of[h] + SHIFT * g, sqrt(BETWEEN + WITHIN));
        all += size_of[h];
    }
    return s / all;
}

static void set_population(void)
{
    double all = 0, sum = 0;
    for (int h = 0; h < STRATA; h++) {
        size_of[h] = 500 + 137 * (h * 7 % STRATA);
        mean_of[h] = 3 + 0.06 * h;
        all += size_of[h];
        sum += size_of[h] * (mean_of[h] + SHIFT / 2);
    }
    true_mean = sum / all;
    true_share = 1 - below(true_mean + CUT);
    true_small = 1 - below(true_mean + 2.2);
    double low = 0, high = 10;
    for (int i = 0; i < 100; i++)
        *(below((low + high) / 2) < 0.5 ? &low : &high) = (low + high) / 2;
    true_median = low;
    true_lift = 0.3; /* between the waves */
}

/* --- one sample -------------------------------------------------------------------------------------------- */

struct people {
    int64_t stratum[N], psu[N];
    double w[N], y[N], later[N], x[N], even[N], over[N], small[N], chosen[N], count[N], lin[N], model[N * 2];
    int32_t group[N];
};

static void draw(struct people *s, uint64_t run)
{
    struct rng r = rng_stream(95, "coverage", run);
    double cluster = 0, choice = 0, rate = 1, lift = 0;
    for (int i = 0; i < N; i++) {
        int h = i / (PSUS * PEOPLE);
        if (i % PEOPLE == 0) {
            cluster = sqrt(BETWEEN) * rng_normal(&r);
            choice = rng_normal(&r);
            rate = rng_gamma(&r, 4, 4);
            lift = 0.3 * rng_normal(&r);
        }
        s->stratum[i] = h;
        s->psu[i] = i / PEOPLE;
        s->w[i] = size_of[h] / (PSUS * PEOPLE);
        s->group[i] = rng_uniform(&r) < 0.5;
        s->x[i] = rng_normal(&r);
        s->y[i] = mean_of[h] + SHIFT * s->group[i] + cluster + sqrt(WITHIN) * rng_normal(&r);
        s->later[i] = s->y[i] + true_lift + lift + 0.7 * rng_normal(&r);
        s->over[i] = s->y[i] > true_mean + CUT;
        s->small[i] = s->y[i] > true_mean + 2.2;
        double u = dist_normal_cdf(sqrt(0.2) * choice + sqrt(0.8) * rng_normal(&r), 0, 1);
        s->even[i] = u;
        s->chosen[i] = log(u / (1 - u)) < ODDS[0] + ODDS[1] * s->x[i];
        s->count[i] = (double)rng_poisson(&r, rate * exp(0.2 + LOG_SLOPE * s->x[i]));
        s->lin[i] = 1 + SLOPE * s->x[i] * (1 + 0.3 * rng_normal(&r)) + cluster + rng_normal(&r);
        s->model[2 * i] = 1;
        s->model[2 * i + 1] = s->x[i];
    }
}

/* --- who holds the truth --------------------------------------------------------------------------------------- */

enum {
    MEAN,
    NORMAL,
    TOTAL,
    RATIO,
    DOMAIN,
    VARIANCE,
    LOGIT,
    BETA,
    WILSON,
    ARCSINE,
    LIKELIHOOD,
    EXACT,
    SMALL_AUTO,
    MEDIAN,
    RAKED,
    JACKKNIFE,
    BOOTSTRAP,
    CHANGE,
    LINEAR,
    LOGISTIC,
    POISSON,
    KINDS
};

static const char *const NAME[KINDS] = {
    [MEAN] = "a mean", [NORMAL] = "a mean, normal interval", [TOTAL] = "a total", [RATIO] = "a ratio",
    [DOMAIN] = "the mean of a domain", [VARIANCE] = "a variance among the people",
    [LOGIT] = "a share, logit interval", [BETA] = "a share, beta interval", [WILSON] = "a share, Wilson interval",
    [ARCSINE] = "a share, arcsine interval", [LIKELIHOOD] = "a share, likelihood interval as R's",
    [EXACT] = "a share, likelihood interval", [SMALL_AUTO] = "a small share, chosen interval", [MEDIAN] = "a median",
    [RAKED] = "a raked mean", [JACKKNIFE] = "a mean by the jackknife", [BOOTSTRAP] = "a mean by the bootstrap",
    [CHANGE] = "a change between waves with the same clusters", [LINEAR] = "a regression's slope",
    [LOGISTIC] = "a logistic slope", [POISSON] = "a Poisson slope"};

static int held[KINDS];

static void hold(int kind, const struct survey_estimate *e, double truth)
{
    held[kind] += e->lower <= truth && truth <= e->upper;
}

static void shares(struct arena *a, const struct survey_design *d, const struct people *s, struct survey_rules r)
{
    static const enum survey_interval kind[] = {SURVEY_INTERVAL_LOGIT, SURVEY_INTERVAL_BETA, SURVEY_INTERVAL_WILSON,
                                                SURVEY_INTERVAL_ARCSINE, SURVEY_INTERVAL_LIKELIHOOD,
                                                SURVEY_INTERVAL_LIKELIHOOD_EXACT};
    struct survey_estimate e = survey_proportion(a, d, s->over, NULL, &r);
    for (int k = 0; k < 6; k++) {
        if (kind[k] == SURVEY_INTERVAL_LIKELIHOOD) { /* needs the weights */
            r.interval = kind[k];
            e = survey_proportion(a, d, s->over, NULL, &r);
        } else {
            survey_share_interval(kind[k], e.est, e.se, e.n, e.df, 0.95, &e.lower, &e.upper);
        }
        hold(LOGIT + k, &e, true_share);
    }
    r.interval = SURVEY_INTERVAL_AUTO;
    e = survey_proportion(a, d, s->small, NULL, &r);
    hold(SMALL_AUTO, &e, true_small);
}

static void models(struct arena *a, const struct survey_design *d, const struct people *s)
{
    static const struct {
        enum survey_family family;
        int kind;
        double slope;
    } m[] = {{SURVEY_GAUSSIAN, LINEAR, SLOPE}, {SURVEY_BINOMIAL, LOGISTIC, ODDS[1]}, {SURVEY_POISSON, POISSON, LOG_SLOPE}};
    const double *y[] = {s->lin, s->chosen, s->count};
    for (int k = 0; k < 3; k++) {
        struct survey_regress_spec sp = {.family = m[k].family, .y = y[k], .p = 2, .x = s->model};
        struct survey_regression g = survey_regress(a, d, &sp);
        held[m[k].kind] += g.coef[1].lower <= m[k].slope && m[k].slope <= g.coef[1].upper;
    }
}

static void figures(struct arena *a, struct survey_design *d, const struct people *s, struct survey_rules none)
{
    double truth_total = 0, positive[N];
    bool in[N];
    for (int h = 0; h < STRATA; h++)
        truth_total += size_of[h] * (mean_of[h] + SHIFT / 2);
    for (int i = 0; i < N; i++) {
        positive[i] = 2 + 0.5 * s->y[i];
        in[i] = s->group[i] == 1;
    }
    struct survey_estimate e = survey_mean(a, d, s->y, NULL, &none), e2 = survey_mean(a, d, s->later, NULL, &none);
    hold(MEAN, &e, true_mean);
    struct survey_estimate c = survey_change(a, d, &e, d, &e2, &none);
    hold(CHANGE, &c, true_lift);
    struct survey_rules normal = none;
    normal.interval = SURVEY_INTERVAL_NORMAL;
    e = survey_mean(a, d, s->y, NULL, &normal);
    hold(NORMAL, &e, true_mean);
    e = survey_total(a, d, s->y, NULL, &none);
    hold(TOTAL, &e, truth_total);
    e = survey_ratio(a, d, s->y, positive, NULL, &none);
    hold(RATIO, &e, true_mean / (2 + 0.5 * true_mean));
    e = survey_mean(a, d, s->y, in, &none);
    hold(DOMAIN, &e, true_mean + SHIFT / 2);
    e = survey_quantile(a, d, s->y, 0.5, NULL, &none);
    hold(MEDIAN, &e, true_median);
}

static void one_run(uint64_t run)
{
    static struct people s;
    struct arena *a = arena_new((size_t)64 << 20);
    struct survey_rules none = survey_rules_none();
    struct survey_spec sp = {.n = N, .strata = {s.stratum}, .ids = {s.psu}, .weight = s.w};
    struct survey_design *d, *raked;
    draw(&s, run);
    survey_design_new(a, &sp, &d, NULL);
    figures(a, d, &s, none);
    shares(a, d, &s, none);
    models(a, d, &s);
    double people = 0;
    for (int h = 0; h < STRATA; h++)
        people += size_of[h];
    /* Of an answer on a bounded scale, as in questionnaires; of a skewed one it takes more clusters than 60. */
    struct survey_estimate e = survey_variance(a, d, s.even, NULL, &none);
    hold(VARIANCE, &e, 1.0 / 12);
    double half[] = {people / 2, people / 2};
    struct survey_margin m[] = {{s.group, 2, half}};
    survey_rake(a, d, 1, m, NULL, &raked);
    e = survey_mean(a, raked, s.y, NULL, &none);
    hold(RAKED, &e, true_mean);
    static const enum survey_replicate_kind kind[] = {SURVEY_JKN, SURVEY_BOOTSTRAP};
    for (int k = 0; k < 2; k++) {
        struct survey_replicate_options o = {.kind = kind[k], .replicates = 200, .seed = run};
        struct survey_replicate_want want = {.figure = SURVEY_REPLICATE_MEAN, .y = s.y};
        struct survey_replicates *r;
        survey_replicates_new(a, d, &o, &r);
        e = survey_replicate_estimate(a, r, &want, &none, NULL, NULL);
        hold(k ? BOOTSTRAP : JACKKNIFE, &e, true_mean);
    }
    arena_free(a);
}

int main(void)
{
    set_population();
    for (uint64_t run = 0; run < RUNS; run++)
        one_run(run);
    for (int k = 0; k < KINDS; k++) {
        double share = (double)held[k] / RUNS;
        printf("# %5.2f %% %s\n", 100 * share, NAME[k]);
        ok(fabs(share - 0.95) <= 0.015, NAME[k]);
    }
    return done();
}
