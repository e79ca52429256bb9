/* The survey methods by document: every number of the reference files of s1 within the tolerances of their page, and what
 * the methods say of documents that make no sense. The numbers of the core itself are in stat/test_survey*.c. */
#include "base/fs.h"
#include "base/str.h"
#include "calc/test_calc.h"
#include "stat/test_golden.h"

static const char FOLDER[] = "../shared/golden/s1_svy_fpc_hospital_yrbs";

static void number(const struct json *answer, const char *path, const char *json, const char *key, size_t at, double tolerance)
{
    double want[64];
    int n = golden_get(json, key, want, 64);
    is_num(calc_test_num(answer, path), n > (int)at ? want[at] : NAN, tolerance, key);
}

static const char *document(struct calc_test *t, const char *method, const char *file, const char *options)
{
    return arena_printf(t->cx.arena, "{\"method\": \"%s\", \"data\": \"%s\", \"options\": {%s}}", method, file, options);
}

static void golden_small(struct calc_test *t, const char *json)
{
    const char *fpc = arena_printf(t->cx.arena, "%s/fpc.csv", FOLDER), *hospital = arena_printf(t->cx.arena, "%s/hospital.csv", FOLDER);
    const char *design = "\"strata\": \"stratid\", \"cluster\": \"psuid\", \"weight\": \"weight\", \"nest\": true, ";
    for (int with = 0; with < 2; with++) {
        const char *o = arena_printf(t->cx.arena, "%s%s\"y\": [\"x\"]", design, with ? "\"fpc\": \"Nh\", " : "");
        const char *name = with ? "withfpc" : "nofpc";
        const struct json *a = calc_test_both(t, document(t, "survey.mean", fpc, o), name);
        number(a, "estimates[0].estimate", json, arena_printf(t->cx.arena, "fpc.%s.mean.x.est", name), 0, 1e-10);
        number(a, "estimates[0].se", json, arena_printf(t->cx.arena, "fpc.%s.mean.x.se", name), 0, 1e-10);
        number(a, "estimates[0].df", json, "fpc.degf", 0, 0);
        a = calc_test_answer(t, document(t, "survey.total", fpc, o));
        number(a, "estimates[0].estimate", json, arena_printf(t->cx.arena, "fpc.%s.total.x.est", name), 0, 1e-10);
        number(a, "estimates[0].se", json, arena_printf(t->cx.arena, "fpc.%s.total.x.se", name), 0, 1e-10);
    }
    const struct json *a = calc_test_both(t, document(t, "survey.quantile", fpc, arena_printf(t->cx.arena, "%s\"y\": [\"x\"], \"p\": [0.25, 0.5, 0.75]", design)), "quantiles");
    for (size_t i = 0; i < 3; i++)
        number(a, arena_printf(t->cx.arena, "estimates[%zu].estimate", i), json, "fpc.quantile", i, 1e-10);
    const char *h = "\"strata\": \"oblevel\", \"weight\": \"weighta\", \"fpc\": \"tothosp\", \"y\": [\"births\"]";
    a = calc_test_both(t, document(t, "survey.total", hospital, h), "hospital total");
    number(a, "estimates[0].estimate", json, "hospital.total.births.est", 0, 1e-10);
    number(a, "estimates[0].se", json, "hospital.total.births.se", 0, 1e-10);
    a = calc_test_answer(t, document(t, "survey.mean", hospital, h));
    number(a, "estimates[0].estimate", json, "hospital.mean.births.est", 0, 1e-10);
    number(a, "estimates[0].se", json, "hospital.mean.births.se", 0, 1e-10);
    a = calc_test_both(t, document(t, "survey.mean", hospital, arena_printf(t->cx.arena, "%s, \"by\": \"oblevel\"", h)), "hospital by level");
    for (size_t i = 0; i < 3; i++) {
        number(a, arena_printf(t->cx.arena, "estimates[%zu].estimate", i), json, "hospital.by.oblevel.est", i, 1e-10);
        number(a, arena_printf(t->cx.arena, "estimates[%zu].se", i), json, "hospital.by.oblevel.se", i, 1e-10);
    }
}

/* yrbs.csv with the columns that the page derives: g = psu %% 3 + 1, k = stratum %% 2 + 1. */
static const char *yrbs_file(struct calc_test *t, const char *name, double *total)
{
    char *csv = golden_file("s1_svy_fpc_hospital_yrbs", "yrbs.csv");
    size_t n;
    double *w = golden_column(csv, "weight", &n), *q = golden_column(csv, "qn8", &n);
    int64_t *psu = golden_ids(csv, "psu", &n), *stratum = golden_ids(csv, "stratum", &n);
    struct buf *b = buf_new(t->cx.arena, (size_t)64 << 20);
    buf_puts(b, "psu,stratum,weight,qn8,g,k\n");
    *total = 0;
    for (size_t i = 0; i < n; i++) {
        *total += w[i];
        buf_printf(b, "%lld,%lld,%.17g,", (long long)psu[i], (long long)stratum[i], w[i]);
        if (!isnan(q[i]))
            buf_printf(b, "%g", q[i]);
        buf_printf(b, ",%lld,%lld\n", (long long)(psu[i] % 3 + 1), (long long)(stratum[i] % 2 + 1));
    }
    FILE *f = fopen(name, "wb");
    if (!f || fwrite(b->data, 1, b->len, f) != b->len || fclose(f))
        exit(2);
    free(csv);
    free(w);
    free(q);
    free(psu);
    free(stratum);
    return name;
}

static const char YRBS[] = "\"strata\": \"stratum\", \"cluster\": \"psu\", \"weight\": \"weight\", \"nest\": true, ";

static void golden_intervals(struct calc_test *t, const char *json, const char *file)
{
    static const struct {
        const char *interval, *key;
        double tolerance;
    } kinds[] = {{"logit", "yrbs.ciprop.logit", 1e-10}, {"beta", "yrbs.ciprop.beta", 1e-6}, {"logit", "yrbs.ciprop.xlogit", 1e-10},
                 {"arcsine", "yrbs.ciprop.asin", 1e-10}, {"likelihood", "yrbs.ciprop.likelihood", 1e-6}, {"t", "yrbs.ciprop.mean", 1e-10}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct json *a = calc_test_answer(t, document(t, "survey.shares", file, arena_printf(t->cx.arena, "%s\"category\": \"qn8\", \"interval\": \"%s\"", YRBS, kinds[i].interval)));
        number(a, "estimates[0].estimate", json, kinds[i].key, 0, 1e-10);
        number(a, "estimates[0].lower", json, kinds[i].key, 1, kinds[i].tolerance);
        number(a, "estimates[0].upper", json, kinds[i].key, 2, kinds[i].tolerance);
        number(a, "estimates[0].df", json, "yrbs.degf", 0, 0);
        for (size_t k = 0; k < 2; k++) { /* FALSE is the second category here: 2 is not 1 */
            number(a, arena_printf(t->cx.arena, "estimates[%zu].estimate", 1 - k), json, "yrbs.mean.qn8is1.est", k, 1e-10);
            number(a, arena_printf(t->cx.arena, "estimates[%zu].se", 1 - k), json, "yrbs.mean.qn8is1.se", k, 1e-10);
        }
    }
}

static void golden_raked(struct calc_test *t, const char *json, const char *file, double total)
{
    const char *rake = arena_printf(t->cx.arena,
        "\"calibrate\": [{\"kind\": \"rake\", \"margins\": [{\"column\": \"g\", \"totals\": {\"1\": %.17g, \"2\": %.17g, \"3\": %.17g}}, "
        "{\"column\": \"k\", \"totals\": {\"1\": %.17g, \"2\": %.17g}}]}]", .3 * total, .3 * total, .4 * total, .45 * total, .55 * total);
    const struct json *a = calc_test_both(t, document(t, "survey.weights", file, arena_printf(t->cx.arena, "%s%s", YRBS, rake)), "raked weights");
    number(a, "weights.sum", json, "yrbs.raked.sum_w_w2", 0, 1e-6);
    number(a, "weights.sum_of_squares", json, "yrbs.raked.sum_w_w2", 1, 1e-6);
    for (size_t i = 0; i < 20; i++)
        number(a, arena_printf(t->cx.arena, "rows[%zu].weight", i), json, "yrbs.raked.w_first20", i, 1e-6);
    /* yrbs.raked.mean.qn8is1.* are null in the reference file. In R with y$z <- ifelse(is.na(y$qn8), 0, y$qn8 == 1):
     * svymean(~z, subset(raked, !is.na(qn8))). */
    a = calc_test_answer(t, document(t, "survey.shares", file, arena_printf(t->cx.arena, "%s%s, \"category\": \"qn8\"", YRBS, rake)));
    is_num(calc_test_num(a, "estimates[0].estimate"), 0.80964766757410001, 1e-6, "raked share");
    is_num(calc_test_num(a, "estimates[0].se"), 0.01925008640646404, 1e-6, "its error");
}

static void golden_tests(struct calc_test *t, const char *json, const char *file)
{
    static const char *const kind[] = {"f", "chisq", "wald", "adjusted_wald"}, *const key[] = {"F", "Chisq", "Wald", "adjWald"};
    for (size_t i = 0; i < 4; i++) {
        const struct json *a = calc_test_answer(t, document(t, "survey.test", file, arena_printf(t->cx.arena, "%s\"row\": \"g\", \"column\": \"qn8\", \"kind\": \"%s\"", YRBS, kind[i])));
        const char *k = arena_printf(t->cx.arena, "yrbs.svychisq.g_qn8.%s", key[i]);
        number(a, "statistic", json, arena_printf(t->cx.arena, "%s.stat", k), 0, 1e-10);
        number(a, "p", json, arena_printf(t->cx.arena, "%s.p", k), 0, 1e-10);
        number(a, "df1", json, arena_printf(t->cx.arena, "%s.df", k), 0, 1e-10);
        if (i != 1)
            number(a, "df2", json, arena_printf(t->cx.arena, "%s.df", k), 1, 1e-10);
    }
}

static void golden(struct calc_test *t)
{
    char *json = golden_file("s1_svy_fpc_hospital_yrbs", "expected.json");
    if (!json) {
        skip("the published reference samples", "../shared/golden is not there");
        return;
    }
    char name[] = "/tmp/shanyraq-yrbs-XXXXXX";
    int fd = mkstemp(name);
    double total;
    if (fd < 0)
        exit(2);
    close(fd);
    golden_small(t, json);
    const char *file = yrbs_file(t, name, &total);
    golden_intervals(t, json, file);
    golden_raked(t, json, file, total);
    golden_tests(t, json, file);
    unlink(name);
    free(json);
}

/* Each is refused as wrong, with the option's path and something of the sentence. */
static void wrong(struct calc_test *t)
{
    static const char *const bad[][3] = {
        {"survey.mean", "\"y\": [[1, 2, 3, 4]], \"weight\": [1, 1, -1, 1]", "weight"},
        {"survey.mean", "\"y\": [[1, 2, 3, 4]], \"strata\": [1, 1, 2, 2], \"cluster\": [1, 2, 2, 3]", "options.cluster"},
        {"survey.mean", "\"y\": [[1, 2, 3, 4]], \"fpc\": [10, 10, 10, 3]", "options.fpc"},
        {"survey.mean", "\"y\": [[1, 2, 3, 4]], \"domain\": {\"column\": [1, 1, 2, 2], \"in\": [\"3\"]}", "options.domain.in"},
        {"survey.mean", "\"y\": [[1, 2, 3, 4]], \"contrasts\": [{\"name\": \"a\", \"coef\": [1, -1]}]", "coef"},
        {"survey.weights", "\"weight\": [1, 1, 1, 1], \"calibrate\": [{\"kind\": \"rake\"}]", "margins"},
        {"survey.weights", "\"weight\": [1, 1, 1, 1], \"calibrate\": [{\"kind\": \"poststratify\", \"margins\": [{\"column\": [1, 1, 2, 2], \"totals\": {\"1\": 5}}]}]", "totals"},
        {"survey.weights", "\"weight\": [1, 1, 1, 1], \"calibrate\": [{\"kind\": \"linear\", \"terms\": [[1, 2, 3, 4]], \"totals\": [4]}]", "totals"},
        {"survey.weights", "\"weight\": [1, 1, 1, 1], \"trim\": {\"lower\": 3, \"upper\": 2}", "trim.lower"},
        {"survey.mean", "\"y\": [[1, 2, 3, 4]], \"strata\": [1, 1, 2, 2], \"replicates\": {\"kind\": \"jk1\"}", "replicates.kind"},
        {"survey.regression", "\"family\": \"poisson\", \"y\": [1, 2, -3, 4]", "options.y"},
        {"survey.regression", "\"family\": \"gaussian\", \"y\": [1, 2, 3, 5], \"tests\": [{\"name\": \"a\", \"coefficients\": [\"b\"]}]", "coefficients"},
        {"survey.size", "\"p\": 0.5, \"sd\": 1, \"margin\": 0.1", "options.p"},
        {"survey.power", "\"p1\": 0.5, \"p2\": 0.6", "options.power"},
        {"survey.allocation", "\"stratum\": [\"a\", \"b\"], \"population\": [10, 20], \"size\": 5, \"se\": 1", "options.size"},
        {"survey.change", "\"earlier\": {\"y\": [1, 2]}, \"later\": {\"y\": [1, 2], \"x\": [1, 2]}", "x"},
        {"survey.mixture", "\"x\": 1, \"weights\": [1], \"df\": 0.5", "options.df"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct json *a = calc_test_answer(t, arena_printf(t->cx.arena, "{\"method\": \"%s\", \"options\": {%s}}", bad[i][0], bad[i][1]));
        if (!ok(!a && t->status == CALC_WRONG && strstr(t->text, bad[i][2]) && !strchr(t->text, '\n'),
                arena_printf(t->cx.arena, "%s: wrong %s is told in one line", bad[i][0], bad[i][2])))
            printf("# %s\n", t->text);
    }
}

static bool is_refused(const struct json *a, const char *reason)
{
    const struct json *r = json_get(a, "refused");
    return r && r->n == 1 && str_eq(json_get_str(&r->items[0], "reason", ""), reason);
}

/* Answers without figures. */
static void refused(struct calc_test *t)
{
    const struct json *a = calc_test_answer(t, "{\"method\": \"survey.mean\", \"options\": {\"y\": [[1, 2, 3]], \"strata\": [1, 1, 2]}}");
    ok(is_refused(a, "single_psu") && !calc_test_at(a, "estimates"), "a stratum with one cluster is refused as a whole");
    a = calc_test_answer(t, "{\"method\": \"survey.mean\", \"options\": {\"y\": [[1, 2, 3]], \"rules\": {\"min_respondents\": 30}}}");
    ok(is_refused(a, "few_respondents") && isnan(calc_test_num(a, "estimates[0].estimate")) && calc_test_num(a, "estimates[0].n") == 3,
       "a figure under the rules is refused, its respondents are told");
    a = calc_test_answer(t, "{\"method\": \"survey.weights\", \"options\": {\"weight\": [1, 1, 1], \"calibrate\": [{\"kind\": \"bounded\", "
                            "\"terms\": [[1, 2, 3]], \"totals\": [3, 9], \"lower\": 0.9, \"upper\": 1.1}]}}");
    ok(is_refused(a, "not_converged") && !calc_test_at(a, "rows"), "weights that cannot meet the totals are refused");
    a = calc_test_answer(t, "{\"method\": \"survey.regression\", \"options\": {\"family\": \"binomial\", \"y\": [0, 0, 0, 1, 1, 1], "
                            "\"x\": [[1, 2, 3, 4, 5, 6]]}}");
    ok(is_refused(a, "not_converged") && !calc_test_at(a, "coefficients"), "groups that separate perfectly are refused");
    a = calc_test_answer(t, "{\"method\": \"survey.mean\", \"options\": {\"y\": [[1, 2, 3, 4, 5, 6]], \"strata\": [1, 1, 1, 2, 2, 2], "
                            "\"replicates\": {\"kind\": \"brr\"}}}");
    ok(is_refused(a, "not_two_clusters"), "half samples need pairs");
    a = calc_test_answer(t, "{\"method\": \"survey.size\", \"options\": {\"p\": 0.5, \"margin\": 0.01, \"deff\": 3, \"response\": 0.5, \"population\": 500}}");
    ok(is_refused(a, "infeasible"), "more people than there are cannot be asked");
    a = calc_test_answer(t, "{\"method\": \"survey.allocation\", \"options\": {\"stratum\": [\"a\", \"b\"], \"population\": [10, 20], \"size\": 3}}");
    ok(is_refused(a, "infeasible"), "three are too few for two in each of two strata");
}

/* A document does the same as the core: two of the numbers of stat/test_survey.c. */
static void same_as_core(struct calc_test *t)
{
    const struct json *a = calc_test_answer(t, "{\"method\": \"survey.mean\", \"data\": \"docs/examples/stat/respondents.csv\", \"options\": {\"strata\": "
        "\"district\", \"cluster\": \"village\", \"weight\": \"weight\", \"nest\": true, \"y\": [\"trust\"], \"by\": \"sex\"}}");
    const struct json *b = calc_test_answer(t, "{\"method\": \"survey.mean\", \"data\": \"docs/examples/stat/respondents.csv\", \"options\": {\"strata\": "
        "\"district\", \"cluster\": \"village\", \"weight\": \"weight\", \"nest\": true, \"y\": [\"trust\"], \"domain\": {\"column\": \"sex\", \"in\": [\"m\"]}}}");
    is_num(calc_test_num(a, "estimates[1].se"), calc_test_num(b, "estimates[0].se"), 1e-13, "a group is a domain");
    const struct json *k = calc_test_answer(t, "{\"method\": \"survey.mean\", \"data\": \"docs/examples/stat/respondents.csv\", \"options\": {\"strata\": "
        "\"district\", \"cluster\": \"village\", \"weight\": \"weight\", \"nest\": true, \"y\": [\"trust\"], \"by\": \"sex\", \"covariance\": true}}");
    double v = calc_test_num(k, "estimates[0].se");
    is_num(calc_test_num(k, "covariance[0][0]"), v * v, 1e-13, "covariances of groups have their variances in the diagonal");
    a = calc_test_answer(t, "{\"method\": \"survey.change\", \"options\": {\"earlier\": {\"y\": [1, 2, 4, 3]}, \"later\": {\"y\": [2, 3, 5, 5]}}}");
    double x = calc_test_num(a, "estimates[0].se"), y = calc_test_num(a, "estimates[1].se");
    is_num(calc_test_num(a, "estimates[2].se"), sqrt((x * x + y * y) * 8 / 7 * 3 / 4), 1e-12, "waves without clusters are independent rows");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    golden(&t);
    wrong(&t);
    refused(&t);
    same_as_core(&t);
    calc_test_end(&t);
    return done();
}
