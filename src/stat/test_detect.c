/* test_detect.c - aberration detection against the reference files of s3 and by simulation. */
#include "stat/detect.h"

#include "base/arena.h"
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
            struct detect_result r = detect_ears(y, n, (size_t)(FIRST + i), (enum detect_ears)k, 7, 0.01);
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
    struct detect_farrington o = {.years = 4, .any_count = true}, with_limit = {.years = 4};
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

static void golden_cusum(const char *json, const int64_t *y, size_t n)
{
    double want[WEEKS], got[WEEKS], m = 0, worst = 0;
    golden_get(json, "agona.cusum_rossi.statistic", want, WEEKS);
    for (int i = 0; i < FIRST; i++)
        m += (double)y[i] / FIRST;
    is_num(m, golden_one(json, "agona.cusum_rossi.m"), 1e-12, "agona: mean before the range");
    detect_cusum(y, n, FIRST, 1.04, 2.26, m, DETECT_ROSSI, got, NULL);
    for (int i = 0; i < WEEKS; i++)
        worst = fmax(worst, fabs(got[i] - want[i]));
    ok(worst < 1e-8, "agona: CUSUM of a year");
}

/* Series without and with an outbreak: alarms must be as rare as said, and an outbreak be seen. */
static void test_simulation(void)
{
    enum { N = 330, RUNS = 400 };
    int64_t y[N];
    int false_alarms = 0, found = 0, verdicts = 0;
    struct detect_farrington o = {.any_count = true};
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *a = arena_new(0);
        struct rng r = rng_stream(51, "weeks", k);
        for (int t = 0; t < N; t++)
            y[t] = rng_negbin(&r, exp(1.5 + 0.4 * sin(t * 2 * acos(-1) / 52)), 8);
        for (size_t t = 290; t < 293; t++) {
            struct detect_fit f = detect_farrington(a, y, N, t, &o);
            verdicts += f.r.status == STAT_OK;
            false_alarms += f.r.alarm;
        }
        y[300] += 25;
        found += detect_farrington(a, y, N, 300, &o).r.alarm;
        arena_free(a);
    }
    printf("# %d false alarms in %d, %d of %d outbreaks\n", false_alarms, verdicts, found, RUNS);
    ok(false_alarms <= 0.03 * verdicts, "false alarms are rare");
    ok(found >= 0.97 * RUNS, "a large outbreak is seen");
}

static void test_edges(void)
{
    struct arena *a = arena_new(0);
    int64_t y[320] = {0};
    is_int(detect_farrington(a, y, 200, 199, NULL).r.reason, STAT_REASON_INVALID, "four years are not five");
    is_int(detect_farrington(a, y, 320, 310, NULL).r.status, STAT_REFUSED, "no events, no verdict");
    is_int(detect_ears(y, 320, 4, DETECT_C1, 7, 0.01).status, STAT_REFUSED, "four weeks are not seven");
    double s[10];
    is_int(detect_cusum(y, 10, 0, 1, 2, 0, DETECT_STANDARD, s, NULL), STAT_REASON_INVALID,
           "nothing expected, nothing to compare");
    struct detect_result r[3] = {{.status = STAT_OK}, {.status = STAT_REFUSED}, {.status = STAT_OK}};
    is_num(detect_false_alarms(r, 3, 0.01), 0.02, 1e-15, "expected false alarms count verdicts only");
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
        golden_cusum(json, y, n);
    } else {
        skip("the published salmonella series", "../shared/golden is not there");
    }
    return done();
}
