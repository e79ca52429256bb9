/* test_count.c - rates and forecasts of counts: against R's optimiser on the same likelihood, against
 * printed values, and by simulation with a known truth. */
#include "stat/count.h"

#include "base/arena.h"
#include "stat/hhh4.h"
#include "stat/rng.h"
#include "tap.h"

static void test_garwood(void)
{
    double lo, hi;
    count_poisson_interval(10, 0.95, &lo, &hi);
    is_num(lo, 4.7953886961324335, 1e-12, "exact interval of ten events, lower end");
    is_num(hi, 18.390356042017778, 1e-12, "upper end");
    count_poisson_interval(0, 0.95, &lo, &hi);
    ok(lo == 0, "no event: from zero");
    is_num(hi, 3.6888794541139354, 1e-12, "no event: to 3.69");
}

/* Against R's poisson.test(c(y1, y2), c(e1, e2), r), and poisson.test(y, e, r). */
static void compare(struct count_test t, double estimate, double lower, double upper, double p, const char *name)
{
    is_int(t.status, STAT_OK, name);
    if (isfinite(estimate))
        is_num(t.estimate, estimate, 1e-13, "estimate");
    is_num(t.lower, lower, 1e-12, "lower end");
    if (isfinite(upper))
        is_num(t.upper, upper, 1e-12, "upper end");
    else
        ok(isinf(t.upper), "upper end without end");
    is_num(t.p, p, 1e-11, "p");
}

static void test_rates(void)
{
    compare(count_rate_compare(11, 800, 21, 3011, 1, 0.95), 1.9714880952380953, 0.8584264033916392, 4.2772659436540712,
            0.0796686330333295, "two rates");
    compare(count_rate_compare(0, 100, 5, 120, 1, 0.95), 0, 0, 1.3095349262190550, 0.0676866334266785,
            "no event against five");
    compare(count_rate_compare(5, 100, 0, 120, 1, 0.95), INFINITY, 1.0996270287785521, INFINITY, 0.0194037913455986,
            "five against none");
    compare(count_rate_compare(300, 100, 260, 100, 1, 0.9), 1.1538461538461537, 1.0003058349967626, 1.3313897669035244,
            0.0992558700573965, "hundreds");
    compare(count_rate_test(137, 24.19893, 1, 0.95), 5.66140734321724, 4.75312480484875, 6.69270933417607,
            2.84522726411445e-56, "a rate against 1");
    compare(count_rate_test(3, 10, 0.8, 0.95), 0.3, 0.0618672122895602, 0.8767273069742323, 0.0765608137855033,
            "few against 0.8");
    compare(count_rate_test(13, 10, 0.8, 0.95), 1.3, 0.692195249100380, 2.223039591815888, 0.106177308728246,
            "many against 0.8");
    is_num(count_rate_compare(50, 1, 50, 1, 1, 0.95).p, 1, 1e-12, "the same counts: no evidence at all");
    is_int(count_rate_compare(0, 1, 0, 1, 1, 0.95).reason, STAT_REASON_EMPTY, "no event says nothing of a ratio");
    is_int(count_rate_test(-1, 1, 1, 0.95).reason, STAT_REASON_INVALID, "a negative count is refused");
}

/* R: spdep::EBlocal(y, e, nb, geoda = TRUE), every place beside the one before and after it. */
static void test_local(struct arena *a)
{
    const double e[] = {10, 20, 8, 30, 25, 12, 40, 16, 9, 22}, y[] = {0, 9, 0, 7, 2, 0, 22, 1, 1, 1};
    const double want[] = {0.1636363636363636, 0.3921428571428571, 0.2259355142386444, 0.1617252931323283,
                           0.1161257121852601, 0.1066619261366161, 0.5191217602088384, 0.1834385267769384,
                           0.0638297872340425, 0.0645161290322581};
    uint32_t from[18], to[18];
    for (uint32_t i = 0; i < 9; i++) {
        from[2 * i] = to[2 * i + 1] = i;
        to[2 * i] = from[2 * i + 1] = i + 1;
    }
    struct hhh4_links near;
    hhh4_links_new(a, 10, 18, from, to, NULL, &near);
    struct count_eb f = count_eb_local(a, 10, y, e, &near);
    double worst = 0;
    for (int i = 0; i < 10; i++)
        worst = fmax(worst, fabs(f.rate[i] / want[i] - 1));
    ok(worst < 1e-12, "rates shrunken towards the neighbourhood, as spdep's EBlocal");
    hhh4_links_new(a, 10, 0, from, to, NULL, &near);
    f = count_eb_local(a, 10, y, e, &near);
    double mean, shape;
    count_eb_moments(10, y, e, &mean, &shape);
    is_num(f.rate[6], (22 + shape) / (40 + shape / mean), 1e-13, "without neighbours: towards the mean of all");
}

static void test_fit(struct arena *a)
{
    const double e[] = {10, 20, 8, 30, 25, 12, 40, 16, 9, 22}, y[] = {0, 9, 0, 7, 2, 0, 22, 1, 1, 1};
    struct count_eb f = count_eb_fit(a, 10, y, e, NULL, 0);
    is_num(f.mean, 0.168866625851, 1e-7, "maximum likelihood mean");
    is_num(f.shape, 0.943423831238, 1e-6, "and shape");
    is_num(f.log_likelihood, -21.8280005742, 1e-10, "and log-likelihood, as R's optimiser finds them");
    is_num(f.rate[6], 0.503290964244979988, 1e-7, "posterior mean of a place with many events");
    is_num(f.rate[0], 0.060527107240369943, 1e-7, "and of one with none");
    ok(f.own[6] > f.own[0], "more exposure, more weight of the place's own data");
    double mean, shape;
    count_eb_moments(10, y, e, &mean, &shape);
    is_num(mean, 0.223958333333333343, 1e-14, "Marshall's mean");
    is_num(shape, 1.530400331477633546, 1e-12, "and shape");
    const double flat[] = {2, 4, 2, 6, 5, 2, 8, 3, 2, 4};
    f = count_eb_fit(a, 10, flat, e, NULL, 0);
    ok(isinf(f.shape) && f.rate[0] == f.mean, "without spread beyond chance everybody gets the mean");
    const double none[10] = {0};
    is_int(count_eb_fit(a, 10, none, e, NULL, 0).status, STAT_REFUSED, "no events, no rates");
}

/* A panel after the design of section 5 of the methods: 62 places in 17 districts, few events. */
enum { PLACES = 62, GROUPS = 17, MOST = 13 };
struct world {
    int64_t y[PLACES * MOST], now[PLACES * MOST];
    double exposure[PLACES * MOST], truth[PLACES];
    int32_t group[PLACES];
};

static void make_world(struct world *w, struct rng *r, double group_shape, double shape, double kappa)
{
    double of_group[GROUPS];
    for (int g = 0; g < GROUPS; g++)
        of_group[g] = group_shape > 0 ? rng_gamma(r, group_shape, group_shape) : 1;
    for (int i = 0; i < PLACES; i++) {
        w->group[i] = i % GROUPS;
        double people = 1 + 9 * rng_uniform(r), rate = of_group[w->group[i]];
        rate *= shape > 0 ? rng_gamma(r, shape, shape) : 1;
        w->truth[i] = 0.07 * rate;
        for (int t = 0; t < MOST; t++) {
            w->exposure[i * MOST + t] = people;
            w->y[i * MOST + t] = rng_negbin(r, people * w->truth[i], kappa);
        }
    }
}

static struct count_panel first_periods(struct world *w, size_t periods, double *exposure)
{
    for (size_t i = 0; i < PLACES; i++)
        for (size_t t = 0; t < periods; t++) {
            w->now[i * periods + t] = w->y[i * MOST + t];
            exposure[i * periods + t] = w->exposure[i * MOST + t];
        }
    return (struct count_panel){.n_places = PLACES, .n_periods = periods, .y = w->now, .exposure = exposure,
                                .group = w->group, .n_groups = GROUPS};
}

static void test_simulation(void)
{
    static struct world w;
    static double exposure[PLACES * MOST];
    struct rng r = rng_stream(21, "thin counts", 0);
    double log_score[COUNT_METHODS] = {0}, rate_error = 0, own_error = 0;
    int inside = 0, n = 0, runs = 120;
    for (int k = 0; k < runs; k++) {
        make_world(&w, &r, 3, 2, 1.5);
        struct arena *a = arena_new(0);
        struct count_panel p = first_periods(&w, 8, exposure);
        for (int m = 0; m < COUNT_HHH4; m++) {
            struct count_forecast f;
            count_forecast(a, &p, (enum count_method)m, &f);
            for (int i = 0; i < PLACES; i++) {
                double y = (double)w.y[i * MOST + 8], lo, hi;
                log_score[m] += score_negbin(y, f.mean[i], f.size[i]).log / (PLACES * runs);
                if (m != COUNT_EB_OVER)
                    continue;
                count_forecast_interval(f.mean[i], f.size[i], 0.95, &lo, &hi);
                inside += y >= lo && y <= hi;
                n++;
                double own = 0;
                for (int t = 0; t < 8; t++)
                    own += (double)w.y[i * MOST + t] / w.exposure[i * MOST] / 8;
                rate_error += pow(f.mean[i] / w.exposure[i * MOST] - w.truth[i], 2);
                own_error += pow(own - w.truth[i], 2);
            }
        }
        arena_free(a);
    }
    for (int m = 0; m < COUNT_HHH4; m++)
        printf("# log score of %s: %.4f\n", count_method_code((enum count_method)m), log_score[m]);
    printf("# 95 %% intervals cover %.4f\n", (double)inside / n);
    for (int m = 0; m < COUNT_EB_OVER; m++)
        ok(log_score[COUNT_EB_OVER] < log_score[m], "empirical Bayes with overdispersion scores best");
    ok(rate_error < 0.7 * own_error, "its rates are closer to the truth than the places' own");
    double share = (double)inside / n; /* counts: at least 95 %, little more */
    ok(share > 0.94 && share < 0.99, "its 95 % intervals cover what they say");
}

static void test_ladder(void)
{
    static struct world w;
    static double exposure[PLACES * MOST];
    struct rng r = rng_stream(22, "ladder", 0);
    int used = 0, abstained = 0;
    for (int k = 0; k < 12; k++) {
        struct arena *a = arena_new(0);
        make_world(&w, &r, 3, 2, 2);
        struct count_panel p = first_periods(&w, 8, exposure);
        struct count_ladder l = count_ladder(a, &p, NULL);
        used += l.status == STAT_OK;
        if (l.status == STAT_OK && k == 0) {
            is_int(l.record[COUNT_EB_OVER].n, PLACES * 5, "five past periods were forecast and scored");
            ok(l.place[0].lower <= l.place[0].mean && l.place[0].mean <= l.place[0].upper,
               "a forecast lies in its interval");
            ok(l.total_lower < l.total_mean && l.total_mean < l.total_upper, "the region's total, too");
            ok(l.record[COUNT_POOLED].against.difference > 0, "the record says by how much");
        }
        arena_free(a);
    }
    printf("# used in %d of 12\n", used);
    ok(used >= 7, "places that differ mostly carry a forecast");
    for (int k = 0; k < 12; k++) {
        struct arena *a = arena_new(0);
        make_world(&w, &r, 0, 0, INFINITY); /* everywhere the same rate: nothing to learn */
        struct count_panel p = first_periods(&w, 8, exposure);
        struct count_ladder l = count_ladder(a, &p, NULL);
        abstained += l.status == STAT_REFUSED && l.reason == STAT_REASON_NOT_BETTER;
        ok(l.status == STAT_OK || isnan(l.place[3].mean), "a withheld forecast holds no figure");
        arena_free(a);
    }
    printf("# abstained in %d of 12\n", abstained);
    ok(abstained >= 7, "where the pooled rate is the truth it mostly abstains");
    struct arena *a = arena_new(0);
    struct count_panel p = first_periods(&w, 3, exposure);
    struct count_ladder l = count_ladder(a, &p, NULL);
    is_int(l.reason, STAT_REASON_FEW_PERIODS, "three periods are too few");
    ok(l.count_upper[0] > 0 && l.step == COUNT_STEP_COUNTS, "the counts keep their exact intervals");
    p = first_periods(&w, 6, exposure);
    memset(w.now, 0, sizeof w.now);
    w.now[5] = 11;
    is_int(count_ladder(a, &p, NULL).reason, STAT_REASON_FEW_EVENTS, "eleven events are too few");
    w.now[7] = -1;
    is_int(count_ladder(a, &p, NULL).reason, STAT_REASON_INVALID, "a negative count is refused");
    arena_free(a);
}

/* Places on a ring that live on their own past: strong autoregression, so that hhh4 has something to win. */
static struct count_panel epidemic(struct arena *a, struct rng *r, size_t places, size_t periods, double ar, double level)
{
    int64_t *y = arena_array(a, places * periods, sizeof *y);
    double *e = arena_array(a, places * periods, sizeof *e);
    for (size_t i = 0; i < places; i++) {
        double own = level * rng_gamma(r, 3, 3);
        for (size_t t = 0; t < periods; t++) {
            e[i * periods + t] = 1;
            y[i * periods + t] = rng_negbin(r, own * (1 - ar) + (t ? ar * (double)y[i * periods + t - 1] : own * ar), 8);
        }
    }
    return (struct count_panel){.n_places = places, .n_periods = periods, .y = y, .exposure = e};
}

static void test_steps(void)
{
    struct rng r = rng_stream(23, "steps", 0);
    int up = 0, flat = 0, short_up = 0;
    for (int k = 0; k < 6; k++) {
        struct arena *a = arena_new((size_t)1 << 30);
        struct count_panel p = epidemic(a, &r, 20, 24, 0.7, 8);
        struct count_ladder l = count_ladder(a, &p, NULL);
        up += l.step == COUNT_STEP_HHH4 && l.method == COUNT_HHH4;
        if (l.method == COUNT_HHH4) {
            ok(l.record[COUNT_HHH4].log_score < l.record[COUNT_EB_OVER].log_score && l.record[COUNT_HHH4].fitted > 1,
               "the step that stands won the past");
            ok(isnan(l.place[0].expected_own) && l.place[0].mean > 0, "its forecast is its own");
        }
        is_int(l.record[COUNT_HHH4_SEASON].why_not, STAT_REASON_FEW_PERIODS, "no season without the length of a year");
        is_int(l.record[COUNT_HHH4_FULL].why_not, STAT_REASON_FEW_PERIODS, "not all of it under 104 periods");
        struct count_rules stay = {.no_hhh4 = true};
        is_int(count_ladder(a, &p, &stay).method, COUNT_EB_OVER, "the ladder can be kept at empirical Bayes");
        p = epidemic(a, &r, 20, 24, 0, 8); /* nothing but the places' rates */
        l = count_ladder(a, &p, NULL);
        flat += l.method == COUNT_HHH4;
        p = epidemic(a, &r, 20, 7, 0.7, 8);
        l = count_ladder(a, &p, NULL);
        short_up += l.method != COUNT_EB_OVER;
        is_int(l.record[COUNT_HHH4].why_not, STAT_REASON_FEW_PERIODS, "seven periods are too few for hhh4");
        arena_free(a);
    }
    printf("# rose in %d of 6 with autoregression, in %d of 6 without\n", up, flat);
    is_int(up, 6, "strong autoregression takes the ladder to hhh4");
    ok(flat <= 4, "and is not found where there is none");
    is_int(short_up, 0, "never under eight periods");
    struct arena *a = arena_new(0);
    struct count_panel p = epidemic(a, &r, 5, 9, 0, 1);
    struct count_ladder l = count_ladder(a, &p, NULL);
    is_int(l.record[COUNT_HHH4].why_not, STAT_REASON_FEW_EVENTS, "under 100 events hhh4 is not tried");
    memset((int64_t *)p.y, 0, 5 * 9 * sizeof(int64_t)); /* a place's single burst: nothing to fit from */
    ((int64_t *)p.y)[3] = 120;
    l = count_ladder(a, &p, NULL);
    ok(l.method == COUNT_EB_OVER, "what cannot be fitted falls back to empirical Bayes");
    arena_free(a);
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_garwood();
    test_rates();
    test_local(a);
    test_fit(a);
    test_simulation();
    test_ladder();
    test_steps();
    arena_free(a);
    return done();
}
