/* Detection, scans and scores by document: the reference results of s3 (R's surveillance on the
 * salmonella and the meningococcal series) and s4 (SpatialEpi on the lung cancer map), by both
 * ways. */
#include "calc/test_calc.h"
#include "stat/test_golden.h"

#define S3 "s3_hhh4_influMen_farrington_agona"
#define S4 "s4_spatial_afcon_pennLC"
enum { WEEKS = 52 };

/* A path with %d in it, for row i. */
static const char *at_row(struct calc_test *t, const char *path, int i)
{
    const char *p = strstr(path, "%d");
    return arena_printf(t->cx.arena, "%.*s%d%s", (int)(p - path), path, i, p + 2);
}

/* The largest distance of a column of a table from the reference; null where the reference is null. */
static double column_miss(struct calc_test *t, const struct json *r, const char *path, const double *want,
                          int n)
{
    double worst = 0;
    for (int i = 0; i < n; i++) {
        double got = calc_test_num(r, at_row(t, path, i));
        if (isnan(want[i]) != isnan(got))
            return INFINITY;
        worst = fmax(worst, isnan(got) ? 0 : fabs(got - want[i]) / fmax(1, fabs(want[i])));
    }
    return worst;
}

static int same_alarms(struct calc_test *t, const struct json *r, const char *path, const double *want, int n)
{
    int same = 0;
    for (int i = 0; i < n; i++) {
        const struct json *j = calc_test_at(r, at_row(t, path, i));
        same += j && j->type == JSON_IS_BOOL && j->b == (want[i] == 1);
    }
    return same;
}

static void against(struct calc_test *t, const struct json *r, const char *json, const char *key,
                    const char *path, double tolerance)
{
    double want[512];
    int n = golden_get(json, key, want, 512);
    double worst = n > 0 ? column_miss(t, r, path, want, n) : INFINITY;
    if (!ok(worst <= tolerance, arena_printf(t->cx.arena, "%s, %d figures", key, n)))
        printf("# miss %g\n", worst);
}

static void alarms(struct calc_test *t, const struct json *r, const char *json, const char *key,
                   const char *path)
{
    double want[512];
    int n = golden_get(json, key, want, 512);
    is_int(same_alarms(t, r, path, want, n), n, arena_printf(t->cx.arena, "%s", key));
}

static void test_series(struct calc_test *t, const char *json)
{
    const char *data = "\"data\": \"" GOLDEN_DIR S3 "/salmonella_agona.csv\"";
    struct arena *a = t->cx.arena;
    const struct json *r =
        calc_test_both(t,
                       arena_printf(a,
                                    "{\"method\": \"detect.farrington_flexible\", %s, \"options\": {\"y\": "
                                    "\"count\", \"last\": 52, \"years\": 4, "
                                    "\"min_cases\": 0}}",
                                    data),
                       "Farrington-Flexible");
    against(t, r, json, "agona.noufaily.upperbound", "verdicts[%d].upper", 0);
    alarms(t, r, json, "agona.noufaily.alarm", "verdicts[%d].alarm");
    against(t, r, json, "agona.noufaily.expected", "verdicts[%d].expected", 1e-9);
    against(t, r, json, "agona.noufaily.mu0", "verdicts[%d].expected", 1e-9);
    against(t, r, json, "agona.noufaily.phi", "verdicts[%d].dispersion", 1e-9);
    against(t, r, json, "agona.range", "verdicts[%d].period", 0);
    r = calc_test_both(t,
                       arena_printf(a,
                                    "{\"method\": \"detect.farrington_flexible\", %s, \"options\": {\"y\": "
                                    "\"count\", \"last\": 52, \"years\": 4}}",
                                    data),
                       "where it abstains");
    against(t, r, json, "agona.noufaily_limit54.upperbound", "verdicts[%d].upper", 0);
    alarms(t, r, json, "agona.noufaily_limit54.alarm", "verdicts[%d].alarm");
    for (const char *kind = "C1\0C2\0C3\0"; *kind; kind += 3) {
        r = calc_test_both(t,
                           arena_printf(a,
                                        "{\"method\": \"detect.ears\", %s, \"options\": {\"y\": \"count\", "
                                        "\"last\": 52, \"kind\": \"%s\", \"alpha\": 0.01}}",
                                        data, kind),
                           kind);
        against(t, r, json, arena_printf(a, "agona.ears.%s.upperbound", kind), "verdicts[%d].upper", 1e-8);
        alarms(t, r, json, arena_printf(a, "agona.ears.%s.alarm", kind), "verdicts[%d].alarm");
    }
    r = calc_test_both(
        t,
        arena_printf(a, "{\"method\": \"detect.cusum\", %s, \"options\": {\"y\": \"count\", \"last\": 52}}",
                     data),
        "CUSUM");
    against(t, r, json, "agona.cusum_rossi.statistic", "periods[%d].statistic", 1e-8);
    is_num(calc_test_num(r, "periods[0].expected"), golden_one(json, "agona.cusum_rossi.m"), 1e-12,
           "agona.cusum_rossi.m");
}

/* The rolling forecasts as they stand in the reference. Its rolling.{logs,rps,dss,ses} hold the counts in
 * place of the scores; these are colMeans(scores(y, mean, size)) and calibrationTest(which = "dss") of
 * surveillance 1.20.3 from the same means and sizes. */
static void test_scores(struct calc_test *t, const char *json)
{
    double y[WEEKS], mean[WEEKS], size[WEEKS], want[10];
    struct arena *a = t->cx.arena;
    struct buf *b = buf_new(a, 0);
    golden_get(json, "men.nb_ar.rolling.logs", y, WEEKS);
    golden_get(json, "men.nb_ar.rolling.mean", mean, WEEKS);
    golden_get(json, "men.nb_ar.rolling.size", size, WEEKS);
    const double *columns[] = {y, mean, size};
    static const char *const names[] = {"y", "mean", "size"};
    for (int k = 0; k < 3; k++) {
        buf_printf(b, "%s\"%s\": [", k ? ", " : "", names[k]);
        for (int i = 0; i < WEEKS; i++)
            buf_printf(b, "%s%.17g", i ? ", " : "", columns[k][i]);
        buf_puts(b, "]");
    }
    const struct json *r = calc_test_both(
        t, arena_printf(a, "{\"method\": \"score.count\", \"options\": {%s}}", b->data), "scores");
    is_num(calc_test_num(r, "mean.log"), 2.66446348044678, 1e-13,
           "mean log score of a year of rolling forecasts");
    is_num(calc_test_num(r, "mean.rps"), 1.92332282640577, 1e-13, "RPS");
    is_num(calc_test_num(r, "mean.dss"), 3.5099438954744, 1e-13, "Dawid-Sebastiani score");
    is_num(calc_test_num(r, "mean.squared"), 11.4988436879259, 1e-13, "squared error");
    r = calc_test_both(t, arena_printf(a, "{\"method\": \"score.pit\", \"options\": {%s}}", b->data), "PIT");
    is_int(golden_get(json, "men.nb_ar.pit10", want, 10), 10, "ten bins");
    ok(column_miss(t, r, "histogram[%d].density", want, 10) < 1e-10, "men.nb_ar.pit10");
    r = calc_test_both(t, arena_printf(a, "{\"method\": \"score.calibration\", \"options\": {%s}}", b->data),
                       "calibration");
    is_num(calc_test_num(r, "z"), -0.682586839669741, 1e-12, "calibration test");
    is_num(calc_test_num(r, "p"), 0.49486795232047, 1e-12, "its p");
}

static const char *scan_document(struct calc_test *t, const char *more)
{
    return arena_printf(
        t->cx.arena,
        "{\"method\": \"scan.spatial\", \"data\": \"" GOLDEN_DIR S4 "/pennLC.csv\", \"seed\": 3, "
        "\"options\": {\"place\": \"county\", \"x\": \"x\", \"y\": \"y\", \"population\": \"pop\", "
        "\"cases\": \"cases\", \"replicates\": 99%s}}",
        more);
}

static void test_scan(struct calc_test *t, const char *json, const char *csv)
{
    double want[67];
    size_t n = 0, members = 0;
    const struct json *r = calc_test_both(t, scan_document(t, ""), "scan");
    is_num(calc_test_num(r, "clusters[0].llr"), golden_one(json, "pennLC.mlc.llr"), 1e-9, "pennLC.mlc.llr");
    is_num(calc_test_num(r, "clusters[0].cases"), golden_one(json, "pennLC.mlc.cases"), 0,
           "pennLC.mlc.cases");
    is_num(calc_test_num(r, "clusters[0].expected"), golden_one(json, "pennLC.mlc.expected"), 1e-9,
           "pennLC.mlc.expected");
    against(t, r, json, "pennLC.best_llr_by_centre", "centres[%d].best_llr", 1e-9);
    is_num(calc_test_num(r, "clusters[0].p"), 0.01, 1e-12, "no replicate is as large");
    /* The members by name: the rows of the file in the order of the reference. */
    int k = golden_get(json, "pennLC.mlc.members", want, 67);
    for (int i = 0; calc_test_num(r, arena_printf(t->cx.arena, "members[%d].cluster", i)) == 1; i++, n++)
        for (int j = 0; j < k; j++) {
            const char *line = csv;
            for (int row = 0; row < (int)want[j]; row++)
                line = strchr(line, '\n') + 1;
            const char *name = calc_test_str(r, arena_printf(t->cx.arena, "members[%d].place", i));
            members +=
                line[0] == '"' && strncmp(line + 1, name, strlen(name)) == 0 && line[1 + strlen(name)] == '"';
        }
    ok((int)n == k && (int)members == k, "pennLC.mlc.members");
    r = calc_test_both(t, scan_document(t, ", \"model\": \"bernoulli\""), "Bernoulli scan");
    is_num(calc_test_num(r, "clusters[0].llr"), golden_one(json, "pennLC.bernoulli.mlc.llr"), 1e-9,
           "pennLC.bernoulli.mlc.llr");
}

/* Input that makes no sense is named; what cannot be said is refused, not guessed. */
static void test_wrong(struct calc_test *t)
{
    static const struct {
        const char *document, *part;
    } wrong[] = {
        {"{\"method\": \"detect.ears\", \"options\": {\"y\": [1, 2, 3], \"last\": 9}}", "options.last"},
        {"{\"method\": \"detect.ears\", \"options\": {\"y\": [1, 2, 3], \"series\": [\"a\", \"a\", \"b\"]}}",
         "options.period"},
        {"{\"method\": \"detect.ears\", \"options\": {\"y\": [1, 2], \"period\": [4, 4]}}", "options.period"},
        {"{\"method\": \"detect.farrington_flexible\", \"options\": {\"y\": [1], \"season\": 12}}",
         "options.season_levels"},
        {"{\"method\": \"detect.likelihood_ratio\", \"options\": {\"y\": [1, 2], \"shift\": 0}}",
         "options.shift"},
        {"{\"method\": \"scan.spatial\", \"options\": {\"place\": [\"a\", \"b\"], \"x\": [0, 1], \"y\": [0, "
         "1], "
         "\"population\": [5, 5], \"cases\": [7, 1], \"model\": \"bernoulli\"}}",
         "options.population"},
        {"{\"method\": \"scan.spatial\", \"options\": {\"place\": [\"a\", \"b\"], \"x\": [0, 1], \"y\": [0, "
         "1], "
         "\"population\": [5, 5], \"cases\": [7, 1], \"model\": \"expectation\"}}",
         "options.expected"},
        {"{\"method\": \"score.pit\", \"options\": {\"y\": [1], \"value\": [0.5]}}", "Give y and mean"},
        {"{\"method\": \"score.energy\", \"options\": {\"x\": [[1, 2]], \"y\": [1, 2]}}", "options.y"},
        {"{\"method\": \"score.interval\", \"options\": {\"y\": [1], \"intervals\": [{\"level\": 0.5, "
         "\"lower\": [3], "
         "\"upper\": [2]}]}}",
         "intervals[0].lower"},
        {"{\"method\": \"score.compare\", \"options\": {\"a\": [1, 2], \"b\": [1, 2], \"period\": [2, 1]}}",
         "options.period"},
        {"{\"method\": \"reconcile.forecasts\", \"options\": {\"series\": [\"a\", \"b\"], \"parent\": "
         "[\"b\", \"a\"], "
         "\"base\": [[1, 2]]}}",
         "options.parent"},
        {"{\"method\": \"reconcile.forecasts\", \"options\": {\"series\": [\"a\", \"b\"], \"parent\": [\"\", "
         "\"c\"], "
         "\"base\": [[1, 2]]}}",
         "options.parent[1]"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!ok(!calc_test_answer(t, wrong[i].document) && strstr(t->text, wrong[i].part), wrong[i].part))
            printf("# %s\n", t->text);
    const struct json *r =
        calc_test_answer(t, "{\"method\": \"detect.ears\", \"options\": {\"y\": [1, 2, 3]}}");
    is_str(calc_test_str(r, "verdicts[0].status"), "refused", "three weeks are no baseline");
    ok(isnan(calc_test_num(r, "verdicts[0].upper")), "and have no limit");
    r = calc_test_answer(t, "{\"method\": \"score.compare\", \"options\": {\"a\": [1, 2], \"b\": [1, 3]}}");
    ok(r && !calc_test_at(r, "p"), "two periods compare nothing");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    char *s3 = golden_file(S3, "expected.json"), *s4 = golden_file(S4, "expected.json"),
         *csv = golden_file(S4, "pennLC.csv");
    test_wrong(&t);
    if (s3 && s4 && csv) {
        test_series(&t, s3);
        test_scores(&t, s3);
        test_scan(&t, s4, csv);
    } else {
        skip("the reference results of s3 and s4", "../shared/golden is not here");
    }
    free(s3);
    free(s4);
    free(csv);
    calc_test_end(&t);
    return done();
}
