/* test_survey_replicate.c - replicate variances against R's as.svrepdesign (survey 4.1.1) on the sample of
 * test_survey_sample.h, and against linearisation where both must agree. */
#include "stat/survey_replicate.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/survey_table.h"
#include "stat/test_survey_sample.h"
#include "tap.h"

static struct survey_rules none;

static struct survey_replicates *replicates(struct arena *a, const struct survey_design *d, enum survey_replicate_kind kind,
                                            double rho, bool mse)
{
    struct survey_replicate_options o = {.kind = kind, .rho = rho, .mse = mse, .seed = 7, .replicates = 400};
    struct survey_replicates *r;
    is_int(survey_replicates_new(a, d, &o, &r), STAT_REASON_NONE, "the replicates are made");
    return r;
}

static double error_of(struct arena *a, const struct survey_replicates *r, enum survey_replicate_figure f,
                       const double *y, const double *x, const bool *domain)
{
    struct survey_replicate_want w = {.figure = f, .y = y, .x = x, .domain = domain, .p = 0.5};
    return survey_replicate_estimate(a, r, &w, &none, NULL, NULL).se;
}

/* The two variants of R: around the replicates' mean, and around the full sample's estimate (mse = TRUE). */
static void test_jackknife(struct arena *a, const struct sample *s)
{
    static const double want[2][8] = {
        {0.6282110800230172, 0.1070283776846883, 418.2419554914754, 0.9143352613425912, 0.5214548509677259, 0.8500018436260661,
         3.936467771948727, 0},
        {0.628211319282598, 0.107038912320985, 418.2419554914754, 0.9146140718043201, 0.5214550864807372, 0.8500134411886346,
         3.938682974583944, 0}};
    struct survey_design *d = sample_design(a, s, 1), *d0, *df;
    struct survey_spec sp = {.n = SAMPLE, .ids = {s->psu}, .weight = s->w};
    survey_design_new(a, &sp, &d0, NULL);
    sp.strata[0] = s->stratum;
    sp.fpc[0] = s->n1;
    survey_design_new(a, &sp, &df, NULL);
    for (int mse = 0; mse < 2; mse++) {
        struct survey_replicates *j = replicates(a, d, SURVEY_JKN, 0, mse);
        is_int(survey_replicates_count(j), 12, "one for every cluster");
        is_num(error_of(a, j, SURVEY_REPLICATE_MEAN, s->y, NULL, NULL), want[mse][0], 1e-12, "JKn: mean");
        is_num(error_of(a, j, SURVEY_REPLICATE_RATIO, s->y, s->x, NULL), want[mse][1], 1e-12, "JKn: ratio");
        is_num(error_of(a, j, SURVEY_REPLICATE_TOTAL, s->y, NULL, NULL), want[mse][2], 1e-12, "JKn: total");
        is_num(error_of(a, j, SURVEY_REPLICATE_MEAN, s->y, NULL, s->in_h1), want[mse][3], 1e-12, "JKn: domain");
        is_num(error_of(a, j, SURVEY_REPLICATE_VARIANCE, s->y, NULL, NULL), want[mse][6], 1e-12,
               "JKn: variance");
        j = replicates(a, df, SURVEY_JKN, 0, mse);
        is_num(error_of(a, j, SURVEY_REPLICATE_MEAN, s->y, NULL, NULL), want[mse][4], 1e-12, "JKn with population sizes");
        j = replicates(a, d0, SURVEY_JK1, 0, mse);
        is_num(error_of(a, j, SURVEY_REPLICATE_MEAN, s->y, NULL, NULL), want[mse][5], 1e-12, "JK1");
    }
    struct survey_replicate_options o = {.kind = SURVEY_JK1};
    struct survey_replicates *r;
    is_int(survey_replicates_new(a, d, &o, &r), STAT_REASON_INVALID, "JK1 is not for strata");
}

static void test_calibrated(struct arena *a, const struct sample *s)
{
    static const double of_g[] = {200, 250, 180}, of_h[] = {330, 300};
    static const double want[2][3] = {{0.6541871640840213, 412.1379133729336, 0.615345830310688},
                                      {0.6542302222001519, 412.1650399860958, 0.6153735010657714}};
    struct survey_margin m[2] = {{s->g, 3, of_g}, {s->h, 2, of_h}};
    struct survey_design *d = sample_design(a, s, 1), *ps, *raked, *lin;
    survey_poststratify(a, d, m, &ps);
    survey_rake(a, d, 2, m, NULL, &raked);
    for (int mse = 0; mse < 2; mse++) {
        struct survey_replicates *j = replicates(a, ps, SURVEY_JKN, 0, mse);
        is_num(error_of(a, j, SURVEY_REPLICATE_MEAN, s->y, NULL, NULL), want[mse][0], 1e-12, "post-stratified in every replicate");
        is_num(error_of(a, j, SURVEY_REPLICATE_TOTAL, s->y, NULL, NULL), want[mse][1], 1e-12, "a total");
        j = replicates(a, raked, SURVEY_JKN, 0, mse);
        is_num(error_of(a, j, SURVEY_REPLICATE_MEAN, s->y, NULL, NULL), want[mse][2], 1e-8, "raked in every replicate");
    }
    double x[SAMPLE * 2], totals[] = {640, 7300};
    for (int i = 0; i < SAMPLE; i++) {
        x[2 * i] = 1;
        x[2 * i + 1] = s->x[i];
    }
    struct survey_calibrate_options o = {.distance = SURVEY_LINEAR};
    survey_calibrate(a, d, 2, x, totals, &o, &lin);
    struct survey_replicates *j = replicates(a, lin, SURVEY_JKN, 0, false);
    double w[SAMPLE], sum[2] = {0};
    is_int(survey_replicates_weights(j, 3, w), STAT_REASON_NONE, "a calibrated replicate");
    for (int i = 0; i < SAMPLE; i++) {
        sum[0] += w[i];
        sum[1] += w[i] * s->x[i];
    }
    ok(fabs(sum[0] - 640) < 1e-6 && fabs(sum[1] - 7300) < 1e-5, "meets the totals");
    double se = error_of(a, j, SURVEY_REPLICATE_MEAN, s->y, NULL, NULL);
    is_num(se, survey_mean(a, lin, s->y, NULL, &none).se, 0.1, "its error is near the linearised one");
}

/* Hadamard matrix of R's call: matrix(c(1,1,1,1, 1,-1,1,-1, 1,1,-1,-1, 1,-1,-1,1), 4), the one made here for 3 strata up to
 * the order of columns. */
static void test_half_samples(struct arena *a, const struct sample *s)
{
    static struct sample two;
    size_t n = 0;
    for (int i = 0; i < SAMPLE; i++) {
        if (s->psu[i] % 4 >= 2)
            continue;
        two.stratum[n] = s->stratum[i];
        two.psu[n] = s->psu[i];
        two.w[n] = s->w[i];
        two.y[n] = s->y[i];
        two.x[n++] = s->x[i];
    }
    struct survey_spec sp = {.n = n, .strata = {two.stratum}, .ids = {two.psu}, .weight = two.w};
    struct survey_design *d;
    survey_design_new(a, &sp, &d, NULL);
    struct survey_replicates *b = replicates(a, d, SURVEY_BRR, 0, false);
    is_int(survey_replicates_count(b), 4, "four half samples balance three strata");
    is_num(error_of(a, b, SURVEY_REPLICATE_TOTAL, two.y, NULL, NULL), survey_total(a, d, two.y, NULL, &none).se, 1e-12,
           "balanced half samples give the linearised error of a total");
    is_num(error_of(a, b, SURVEY_REPLICATE_MEAN, two.y, NULL, NULL), 1.340522375164019, 1e-12, "BRR: mean");
    is_num(error_of(a, b, SURVEY_REPLICATE_RATIO, two.y, two.x, NULL), 0.2430296916499404, 1e-12, "BRR: ratio");
    b = replicates(a, d, SURVEY_BRR, 0.3, false);
    is_num(error_of(a, b, SURVEY_REPLICATE_MEAN, two.y, NULL, NULL), 1.339365873362506, 1e-12, "Fay: mean");
    is_num(error_of(a, b, SURVEY_REPLICATE_RATIO, two.y, two.x, NULL), 0.2416748232450636, 1e-12, "Fay: ratio");
    b = replicates(a, d, SURVEY_BRR, 0.3, true);
    is_num(error_of(a, b, SURVEY_REPLICATE_RATIO, two.y, two.x, NULL), 0.2421797005921472, 1e-12, "Fay around the estimate");
    struct survey_replicate_options o = {.kind = SURVEY_BRR};
    struct survey_replicates *r;
    is_int(survey_replicates_new(a, sample_design(a, s, 1), &o, &r), STAT_REASON_NOT_TWO_CLUSTERS,
           "four clusters in a stratum are no pair");
}

static void test_hadamard(struct arena *a)
{
    static const size_t least[] = {1, 2, 3, 5, 12, 13, 20, 25, 33, 45, 53, 100, 255, 1001};
    for (size_t k = 0; k < sizeof least / sizeof *least; k++) {
        size_t m = survey_hadamard(least[k], NULL), wrong = 0;
        signed char *h = arena_array(a, m * m, 1);
        survey_hadamard(least[k], h);
        for (size_t i = 0; i < m; i += m > 200 ? 17 : 1)
            for (size_t j = 0; j < m; j++) {
                long dot = 0;
                for (size_t c = 0; c < m; c++)
                    dot += h[i * m + c] * h[j * m + c];
                wrong += dot != (i == j ? (long)m : 0);
            }
        ok(wrong == 0 && m >= least[k] && h[m - 1] == 1, "rows are orthogonal, the first is all ones");
        ok(m <= 4 || m <= least[k] + 12, "and not many more than wanted");
    }
}

static void test_bootstrap(struct arena *a, const struct sample *s)
{
    struct survey_design *d = sample_design(a, s, 1), *d2 = sample_design(a, s, 2);
    struct survey_replicate_options o = {.kind = SURVEY_BOOTSTRAP, .replicates = 4000, .seed = 11};
    struct survey_replicates *r;
    survey_replicates_new(a, d, &o, &r);
    double w[SAMPLE], sums[3] = {0};
    survey_replicates_weights(r, 17, w);
    for (int i = 0; i < SAMPLE; i++) {
        double k = w[i] / s->w[i] * 3 / 4; /* n/(n-1) = 4/3 times how often */
        ok(fabs(k - round(k)) < 1e-12 && k >= 0, "factors are whole draws");
        sums[s->stratum[i]] += k / 4; /* 4 rows a cluster */
    }
    ok(sums[0] == 3 && sums[1] == 3 && sums[2] == 3, "3 clusters are drawn of 4");
    double se = error_of(a, r, SURVEY_REPLICATE_TOTAL, s->y, NULL, NULL);
    is_num(se, survey_total(a, d, s->y, NULL, &none).se, 0.03, "4,000 draws come near the linearised error");
    is_num(error_of(a, r, SURVEY_REPLICATE_TOTAL, s->y, NULL, NULL), se, 0, "the same seed gives the same bytes");
    struct survey_spec sp = {.n = SAMPLE, .strata = {s->stratum}, .ids = {s->psu}, .weight = s->w, .fpc = {s->n1}};
    survey_design_new(a, &sp, &d, NULL);
    survey_replicates_new(a, d, &o, &r);
    is_num(error_of(a, r, SURVEY_REPLICATE_TOTAL, s->y, NULL, NULL), survey_total(a, d, s->y, NULL, &none).se, 0.03,
           "also with population sizes");
    o.replicates = 300;
    survey_replicates_new(a, d2, &o, &r);
    struct survey_replicate_want q = {.figure = SURVEY_REPLICATE_QUANTILE, .y = s->y, .p = 0.5};
    struct stat_run two = {.threads = 2};
    struct survey_estimate one = survey_replicate_estimate(a, r, &q, &none, NULL, NULL);
    struct survey_estimate both = survey_replicate_estimate(a, r, &q, &none, &two, NULL);
    ok(one.se > 0 && one.se == both.se, "a median's error is the same from one thread and two");
}

static void test_regression(struct arena *a, const struct sample *s)
{
    static const double want[2][5] = {{0.95058824425822741, 0.09038734797709469, 1.7487657353837365, 0.1169556866245954, 1.5362113142598637},
                                      {0.95071901096974232, 0.09038996572487373, 1.7497283977996361, 0.1170968991964799, 1.5362113562302111}};
    double x[SAMPLE * 3];
    struct survey_design *d = sample_design(a, s, 1);
    for (int mse = 0; mse < 2; mse++) {
        struct survey_replicates *j = replicates(a, d, SURVEY_JKN, 0, mse);
        struct survey_regress_spec sp = {.family = SURVEY_BINOMIAL, .y = s->over, .p = 2, .x = x};
        for (int i = 0; i < SAMPLE; i++) {
            x[2 * i] = 1;
            x[2 * i + 1] = s->x[i];
        }
        size_t failed = 9;
        struct survey_regression g = survey_replicate_regress(a, j, &sp, NULL, &failed);
        is_num(g.coef[0].se, want[mse][0], 1e-8, "logistic regression: the constant's error");
        is_num(g.coef[1].se, want[mse][1], 1e-8, "the slope's");
        ok(g.df == 8 && failed == 0, "degrees of freedom as of the design");
        for (int i = 0; i < SAMPLE; i++) {
            x[3 * i] = 1;
            x[3 * i + 1] = s->x[i];
            x[3 * i + 2] = s->h[i];
        }
        sp = (struct survey_regress_spec){.family = SURVEY_GAUSSIAN, .y = s->y, .p = 3, .x = x};
        g = survey_replicate_regress(a, j, &sp, NULL, NULL);
        for (int k = 0; k < 3; k++)
            is_num(g.coef[k].se, want[mse][2 + k], 1e-10, "linear regression");
    }
}

static void test_given(struct arena *a, const struct sample *s)
{
    static const double rscale[] = {1, 1, 0.5, 1, 2, 1};
    double w[SAMPLE * 6];
    for (int i = 0; i < SAMPLE; i++)
        for (int r = 0; r < 6; r++)
            w[i * 6 + r] = (i + 1) * (r + 1) * 7 % 5 / 2.0;
    struct survey_spec sp = {.n = SAMPLE, .weight = s->w};
    struct survey_design *d;
    struct survey_replicates *r;
    survey_design_new(a, &sp, &d, NULL);
    is_int(survey_replicates_given(a, d, w, 6, false, 0.2, rscale, 5, false, &r), STAT_REASON_NONE, "given replicates are taken");
    size_t failed;
    struct survey_replicate_want want = {.figure = SURVEY_REPLICATE_MEAN, .y = s->y};
    struct survey_estimate e = survey_replicate_estimate(a, r, &want, &none, NULL, &failed);
    is_num(e.se, 0.9535705189187197, 1e-12, "as svrepdesign with a scale and rscales");
    is_num(e.lower, 10.73626894506925, 1e-12, "the interval has the given degrees of freedom");
    is_int(failed, 1, "a replicate without any weight is left out and counted");
    w[0] = -1;
    is_int(survey_replicates_given(a, d, w, 6, false, 0.2, NULL, 0, false, &r), STAT_REASON_BAD_WEIGHT, "not if negative");
}

static void test_single(struct arena *a, const struct sample *s)
{
    static const struct {
        enum survey_lonely policy;
        double se;
    } want[] = {{SURVEY_LONELY_ADJUST, 0.640582413742171},
                {SURVEY_LONELY_AVERAGE, 0.6583511147217186},
                {SURVEY_LONELY_CERTAINTY, 0.6303232036561762},
                {SURVEY_LONELY_REMOVE, 0.6303232036561762}};
    int64_t split[SAMPLE];
    for (int i = 0; i < SAMPLE; i++)
        split[i] = s->psu[i] == 11 ? 3 : s->stratum[i];
    for (int k = 0; k < 4; k++) {
        struct survey_spec sp = {.n = SAMPLE, .strata = {split}, .ids = {s->psu}, .weight = s->w, .lonely = want[k].policy};
        struct survey_design *d;
        survey_design_new(a, &sp, &d, NULL);
        struct survey_replicates *r = replicates(a, d, SURVEY_JKN, 0, false);
        is_num(error_of(a, r, SURVEY_REPLICATE_MEAN, s->y, NULL, NULL), want[k].se, 1e-12, "a single cluster under each policy");
        struct survey_replicate_options o = {.kind = SURVEY_BOOTSTRAP};
        is_int(survey_replicates_new(a, d, &o, &r), k < 2 ? STAT_REASON_SINGLE_PSU : STAT_REASON_NONE,
               "which the bootstrap knows only as certain");
    }
}

int main(void)
{
    struct arena *a = arena_new((size_t)512 << 20);
    const struct sample *s = sample_make();
    none = survey_rules_none();
    test_jackknife(a, s);
    test_calibrated(a, s);
    test_half_samples(a, s);
    test_hadamard(a);
    test_bootstrap(a, s);
    test_regression(a, s);
    test_given(a, s);
    test_single(a, s);
    arena_free(a);
    return done();
}
