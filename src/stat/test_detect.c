/* test_detect.c - aberration detection against the reference files of s3 and by simulation. */
#include "stat/detect.h"

#include "base/arena.h"
#include "stat/parallel.h"
#include "stat/rng.h"
#include "stat/test_golden.h"
#include "tap.h"

enum { FIRST = 260, WEEKS = 52 };

static void golden_ears(const char *json, const int64_t *y, size_t n)
{
    static const char *const names[] = {"C1", "C2", "C3"};
    for (int k = 0; k < 3; k++) {
        char key[64];
        double want[WEEKS], alarm[WEEKS], worst = 0;
        int same = 0;
        snprintf(key, sizeof key, "agona.ears.%s.upperbound", names[k]);
        golden_get(json, key, want, WEEKS);
        snprintf(key, sizeof key, "agona.ears.%s.alarm", names[k]);
        golden_get(json, key, alarm, WEEKS);
        for (int i = 0; i < WEEKS; i++) {
            struct detect_result r = detect_ears(y, n, (size_t)(FIRST + i), (enum detect_ears)k, 7, 0.01, 0);
            worst = fmax(worst, fabs(r.upper - want[i]));
            same += r.alarm == (alarm[i] == 1);
        }
        ok(worst < 1e-8, "agona: EARS bounds of a year");
        is_int(same, WEEKS, "agona: EARS alarms of a year");
    }
}

static void golden_farrington(const char *json, const int64_t *y, size_t n)
{
    double upper[WEEKS], alarm[WEEKS], expected[WEEKS], phi[WEEKS], strict[WEEKS], worst = 0;
    int same = 0, same_alarm = 0, same_strict = 0;
    golden_get(json, "agona.noufaily.upperbound", upper, WEEKS);
    golden_get(json, "agona.noufaily.alarm", alarm, WEEKS);
    golden_get(json, "agona.noufaily.expected", expected, WEEKS);
    golden_get(json, "agona.noufaily.phi", phi, WEEKS);
    golden_get(json, "agona.noufaily_limit54.upperbound", strict, WEEKS);
    struct detect_farrington o = detect_farrington_default(), with_limit = o;
    o.years = with_limit.years = 4;
    o.min_cases = 0;
    for (int i = 0; i < WEEKS; i++) {
        struct arena *a = arena_new(0);
        struct detect_fit f = detect_farrington(a, y, n, (size_t)(FIRST + i), &o);
        struct detect_fit g = detect_farrington(a, y, n, (size_t)(FIRST + i), &with_limit);
        same += f.r.upper == upper[i];
        same_alarm += f.r.alarm == (alarm[i] == 1);
        same_strict += isnan(strict[i]) ? g.r.status == STAT_REFUSED : g.r.upper == strict[i];
        worst = fmax(worst, fabs(f.r.expected - expected[i]) / expected[i]);
        worst = fmax(worst, fabs(f.phi - phi[i]) / phi[i]);
        arena_free(a);
    }
    is_int(same, WEEKS, "agona: Farrington-Flexible thresholds of a year");
    is_int(same_alarm, WEEKS, "agona: its alarms");
    is_int(same_strict, WEEKS, "agona: it abstains where there were too few cases");
    printf("# largest relative difference %g\n", worst);
    ok(worst < 1e-6, "agona: its means and overdispersion");
}

/* Weeks of the same series by farringtonFlexible and algo.farrington of R's surveillance 1.20.3 (b
 * = 4, noPeriods = 10, pastWeeksNotIncluded = 26, pThresholdTrend = 1, alpha = .01, limit54 = c(0,
 * 50) unless said). */
enum { SOME = 7 };
static const size_t some[SOME] = {261, 263, 269, 284, 290, 299, 311};
struct peer {
    const char *name;
    struct detect_farrington o;
    bool original;
    double upper[SOME], p[SOME], trend[SOME];
};

static void against_peer(const int64_t *y, size_t n, const struct peer *peer)
{
    double worst = 0;
    int trends = 0;
    for (int i = 0; i < SOME; i++) {
        struct arena *a = arena_new(0);
        struct detect_fit f = peer->original ? detect_farrington_1996(a, y, n, some[i], &peer->o)
                                             : detect_farrington(a, y, n, some[i], &peer->o);
        worst = fmax(worst, fabs(f.r.upper / peer->upper[i] - 1));
        worst = fmax(worst, fabs(f.r.p - peer->p[i]) / fmax(peer->p[i], 1e-8));
        trends += f.trend == (peer->trend[i] == 1);
        arena_free(a);
    }
    printf("# %s: largest relative difference %g\n", peer->name, worst);
    ok(worst < 1e-5, peer->name);
    is_int(trends, SOME, "the trends kept are the same");
}

static void golden_options(const int64_t *y, size_t n)
{
    static double people[312];
    struct detect_farrington o = detect_farrington_default();
    o.years = 4;
    o.min_cases = 0;
    struct peer nb = {"trend kept below p 0.05", o, false,
        {4, 4, 5, 7, 11, 11, 9},
        {0.00138410396967561, 5.24761336147137e-05, 0.482742556357985, 0.0396253011334052, 0.438678530080694,
         0.603074895834534, 0.392232017627182}, {1, 1, 1, 1, 1, 0, 1}};
    nb.o.trend_p = 0.05;
    struct peer muan = {"threshold muan", o, false,
        {5, 5, 6, 8, 13, 14, 11},
        {0.00406463005921113, 0.000193958881596993, 0.619537152090232, 0.0844656987515238, 0.612457893817087,
         0.81720925817099, 0.616148736287445}, {1, 1, 1, 1, 1, 1, 1}};
    muan.o.threshold = DETECT_MUAN;
    struct peer delta = {"threshold delta", o, false,
        {4.20730149594666, 4.09106682646161, 4.71237413500533, 7.12041797237093, 10.7490626114776,
         11.8912299464911, 9.07020302451566},
        {0.000133696826453159, 2.92906203915387e-07, 0.447597078063524, 0.0293818040244764, 0.428115423565306,
         0.611112603247407, 0.35555868918383}, {1, 1, 1, 1, 1, 1, 1}};
    delta.o.threshold = DETECT_DELTA;
    /* noPeriods = 5, reweight = FALSE, pThresholdTrend = .05, alpha = .05, powertrans = "1/2" */
    struct peer half = {"delta, power 1/2, five periods, no reweighting", o, false,
        {3.55731902256952, 3.62510707602906, 3.96839095091238, 6.03156628235049, 9.80326197983382,
         10.0344122500451, 8.3074461066001},
        {0.00273613093088221, 0.000222721095591015, 0.451543657774045, 0.0510308657180434, 0.470469026956803,
         0.564160723421389, 0.393156871987841}, {1, 1, 1, 1, 1, 0, 1}};
    half.o.threshold = DETECT_DELTA;
    half.o.power = DETECT_POWER_1_2;
    half.o.n_periods = 5;
    half.o.reweight = false;
    half.o.trend_p = half.o.alpha = 0.05;
    /* noPeriods = 1, pastWeeksNotIncluded = 3, alpha = .05, powertrans = "none" */
    struct peer one = {"delta without power, windows only",
                       o,
                       false,
                       {3.97024275429558, 3.87702270412432, 3.90643193287718, 3.90201522541551,
                        4.32436394855723, 7.0348339660179, 11.6073075171643},
                       {0.000190958576220351, 1.66726128563562e-08, 0.547474798033913, 0.00100930239834633,
                        0.071844480517898, 0.378886790449478, 0.752792448091358},
                       {1, 1, 1, 1, 1, 1, 1}};
    one.o.threshold = DETECT_DELTA;
    one.o.power = DETECT_POWER_1;
    one.o.n_periods = 1;
    one.o.skip_weeks = 3;
    one.o.alpha = 0.05;
    /* populationOffset = TRUE, population 10000 + 40 * (1:312), thresholdMethod = "muan" */
    struct peer offset = {"population offset", o, false,
        {5, 5, 6, 8, 13, 14, 11},
        {0.00384830511546069, 0.000182249085912978, 0.607845844542554, 0.0793406308905008, 0.59341213459254,
         0.802249688421044, 0.600116409666227}, {1, 1, 1, 1, 1, 1, 1}};
    for (int i = 0; i < 312; i++)
        people[i] = 10000 + 40 * (i + 1);
    offset.o.threshold = DETECT_MUAN;
    offset.o.population = people;
    const struct peer *flexible[] = {&nb, &muan, &delta, &half, &one, &offset};
    for (size_t k = 0; k < sizeof flexible / sizeof *flexible; k++)
        against_peer(y, n, flexible[k]);
}

static void golden_1996(const int64_t *y, size_t n)
{
    struct detect_farrington o = detect_farrington_1996_default();
    o.min_cases = 0;
    struct peer first = {"Farrington 1996",
                         o,
                         true,
                         {4.24344516513131, 4.63711802261266, 6.04182952101357, 4.70106019875192,
                          4.63112473389504, 9.33264952065398, 14.4631876369613},
                         {0.000445744946994675, 1.15123973816189e-05, 0.644175325415911, 0.00454751198759573,
                          0.0469918441581449, 0.51513083180966, 0.800631557508231},
                         {0, 0, 0, 1, 1, 0, 1}};
    first.o.years = 4;
    /* b = 5, w = 2, alpha = .01, powertrans = "none", reweight = FALSE; its first windows are cut off */
    struct peer none = {"1996 without power and reweighting", o, true,
        {6.0578904840814, 5.00322599815316, 7.30814666918633, 8.2237905210667, 15.5379933598353,
         9.92943832803784, 7.16932551539832},
        {0.000862935535778764, 3.04739566914236e-10, 0.68625390694103, 0.0673493424415174, 0.568059655489145,
         0.558411331338849, 0.15371010669715}, {0, 0, 0, 0, 0, 0, 0}};
    none.o.half_window = 2;
    none.o.alpha = 0.01;
    none.o.power = DETECT_POWER_1;
    none.o.reweight = false;
    /* b = 3, w = 4, alpha = .01, powertrans = "1/2", trend = FALSE */
    struct peer half = {"1996 with power 1/2, no trend", o, true,
        {5.64409138231899, 6.41862007850567, 6.95106291676682, 7.95550191135267, 8.94452520334282,
         10.8470073688289, 10.7667498202704},
        {0.000947730528052193, 0.000101807400260556, 0.600735779220993, 0.0323676601960546, 0.264329510401061,
         0.416874259337194, 0.219011358795925}, {0, 0, 0, 0, 0, 0, 0}};
    half.o.years = 3;
    half.o.half_window = 4;
    half.o.alpha = 0.01;
    half.o.power = DETECT_POWER_1_2;
    half.o.trend = false;
    against_peer(y, n, &first);
    against_peer(y, n, &none);
    against_peer(y, n, &half);
}

/* Series without and with an outbreak: alarms must be as rare as said, and an outbreak be seen. */
static void test_simulation(void)
{
    enum { N = 301, RUNS = 2000, CLEAN = 300 };
    static int64_t y[RUNS * N];
    static struct detect_fit one[RUNS], two[RUNS];
    int wrong = 0, found = 0, exact = 0;
    struct detect_farrington o = detect_farrington_default();
    o.min_cases = 0;
    for (uint64_t k = 0; k < RUNS; k++) {
        struct rng r = rng_stream(51, "weeks", k);
        for (int t = 0; t < N; t++)
            y[k * N + (uint64_t)t] = rng_negbin(&r, exp(1.5 + 0.4 * sin(t * 2 * acos(-1) / 52)), 8);
    }
    struct stat_run run = {.threads = 2};
    is_int(detect_farrington_many(NULL, RUNS, N, CLEAN, y, &o, one), STAT_REASON_NONE,
           "2,000 series at once");
    detect_farrington_many(&run, RUNS, N, CLEAN, y, &o, two);
    is_int(memcmp(one, two, sizeof one), 0, "two threads give the same bytes");
    for (int k = 0; k < RUNS; k++)
        wrong += one[k].r.alarm;
    /* The threshold is a whole number, so fewer than 1 % are expected; the mean is estimated, so
     * some more. */
    printf("# %d false alarms in %d\n", wrong, RUNS);
    ok(wrong <= 40, "false alarms are rare");
    for (int k = 0; k < RUNS; k++) {
        y[(size_t)k * N + CLEAN] += 25;
        exact += one[k].r.p < 0.05;
    }
    printf("# %d of p values below 0.05\n", exact);
    ok(exact >= 30 && exact <= 110, "p values are below 0.05 at most as often as they say");
    detect_farrington_many(NULL, RUNS, N, CLEAN, y, &o, one);
    for (int k = 0; k < RUNS; k++)
        found += one[k].r.alarm;
    ok(found >= 0.97 * RUNS, "a large outbreak is seen");
    o.threshold = DETECT_MUAN;
    for (int k = 0; k < RUNS; k++)
        y[(size_t)k * N + CLEAN] -= 25;
    detect_farrington_many(NULL, RUNS, N, CLEAN, y, &o, one);
    wrong = 0;
    for (int k = 0; k < RUNS; k++)
        wrong += one[k].r.alarm;
    printf("# %d with the limit of the mean\n", wrong);
    ok(wrong <= 20, "at the limit of the mean they are rarer");
}

static void test_edges(void)
{
    struct arena *a = arena_new(0);
    int64_t y[320] = {0};
    is_int(detect_farrington(a, y, 200, 199, NULL).r.reason, STAT_REASON_INVALID, "four years are not five");
    is_int(detect_farrington(a, y, 320, 310, NULL).r.status, STAT_REFUSED, "no events, no verdict");
    is_int(detect_ears(y, 320, 4, DETECT_C1, 7, 0.01, 0).status, STAT_REFUSED, "four weeks are not seven");
    int64_t gap[320];
    for (int t = 0; t < 320; t++)
        gap[t] = 2 + t % 5;
    struct detect_fit whole = detect_farrington(a, gap, 320, 310, NULL);
    gap[200] = -1;
    struct detect_fit holed = detect_farrington(a, gap, 320, 310, NULL);
    ok(holed.r.status == STAT_OK && holed.r.expected != whole.r.expected, "a missing week is left out");
    for (int t = 0; t < 300; t++)
        gap[t] = (310 - t) % 52 <= 3 || (310 - t) % 52 >= 49 ? -1 : 2;
    is_int(detect_farrington(a, gap, 320, 310, NULL).r.reason, STAT_REASON_FEW_PERIODS,
           "nothing known of this time of the year");
    gap[310] = -1;
    is_int(detect_farrington(a, gap, 320, 310, NULL).r.reason, STAT_REASON_EMPTY, "no count, no verdict");
    int64_t flat[20] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 5};
    is_int(detect_ears(flat, 20, 12, DETECT_C3, 7, 0.01, 0).reason, STAT_REASON_SINGULAR, "no spread, no C3");
    is_num(detect_ears(flat, 20, 12, DETECT_C2, 7, 0.01, 0.5).upper, 3 + 0.5 * 2.3263478740408408, 1e-12,
           "the least spread counts in its place");
    struct detect_result r[3] = {{.status = STAT_OK}, {.status = STAT_REFUSED}, {.status = STAT_OK}};
    is_num(detect_false_alarms(r, 3, 0.01), 0.02, 1e-15, "expected false alarms count verdicts only");
    double adjusted[3];
    r[0].p = 0.03;
    r[2].p = 0.04;
    is_int(detect_fdr(a, r, 3, 0.05, adjusted), 2, "false discovery rate over the verdicts");
    ok(adjusted[0] == 0.04 && isnan(adjusted[1]) && adjusted[2] == 0.04, "its adjusted p values");
    arena_free(a);
}

int main(void)
{
    size_t n;
    test_edges();
    test_simulation();
    char *json = golden_file("s3_hhh4_influMen_farrington_agona", "expected.json");
    char *csv = golden_file("s3_hhh4_influMen_farrington_agona", "salmonella_agona.csv");
    if (json && csv) {
        int64_t *y = golden_ids(csv, "count", &n);
        golden_ears(json, y, n);
        golden_farrington(json, y, n);
        golden_options(y, n);
        golden_1996(y, n);
    } else {
        skip("the published salmonella series", "../shared/golden is not there");
    }
    return done();
}
