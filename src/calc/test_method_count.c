/* test_method_count.c - counts by documents: R's poisson.test and spdep's EBlocal, the ladder, one forecast
 * by two ways, and what is wrong in a document. */
#include "calc/test_calc.h"

#include <math.h>

#define PANEL                                                                                                \
    "\"data\": {\"main\": \"docs/examples/stat/panel.csv\", \"neighbours\": "                                \
    "\"docs/examples/stat/neighbours.csv\"}"

static void test_rates(struct calc_test *t)
{
    /* poisson.test(c(11, 21), c(800, 3011)); poisson.test(3, 10, r = 0.8) */
    const struct json *a = calc_test_both(
        t,
        "{\"method\": \"count.compare\", \"options\": {\"y1\": [11, 0, 0], \"y2\": [21, 5, 0], "
        "\"exposure1\": [800, 100, 1], \"exposure2\": [3011, 120, 1]}}",
        "two rates");
    is_num(calc_test_num(a, "comparisons[0].ratio"), 1.9714880952380953, 1e-13, "ratio");
    is_num(calc_test_num(a, "comparisons[0].lower"), 0.8584264033916392, 1e-12, "lower end");
    is_num(calc_test_num(a, "comparisons[0].upper"), 4.2772659436540712, 1e-12, "upper end");
    is_num(calc_test_num(a, "comparisons[0].p"), 0.0796686330333295, 1e-11, "p");
    is_num(calc_test_num(a, "comparisons[1].upper"), 1.3095349262190550, 1e-12, "none against five");
    ok(calc_test_str(a, "comparisons[2].reason") &&
           strcmp(calc_test_str(a, "comparisons[2].reason"), "empty") == 0 &&
           isnan(calc_test_num(a, "comparisons[2].ratio")),
       "no event at all is refused");
    a = calc_test_both(
        t, "{\"method\": \"count.test\", \"options\": {\"y\": [3], \"exposure\": [10], \"rate\": 0.8}}",
        "one rate");
    is_num(calc_test_num(a, "tests[0].p"), 0.0765608137855033, 1e-11, "p of one rate");
    is_num(calc_test_num(a, "tests[0].upper"), 0.8767273069742323, 1e-12, "its interval");
}

static void test_eb(struct calc_test *t)
{
    /* spdep: EBlocal(y, e, nb, geoda = TRUE), EBest(y, e)$raw and estmm; every place beside the one before
     * and after it */
    static const char DATA[] =
        "\"y\": [0, 9, 0, 7, 2, 0, 22, 1, 1, 1], \"exposure\": [10, 20, 8, 30, 25, 12, 40, 16, 9, 22], "
        "\"name\": [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\", \"j\"]";
    struct arena *m = t->cx.arena;
    const struct json *a = calc_test_both(
        t,
        arena_printf(
            m,
            "{\"method\": \"count.eb\", \"options\": {%s, \"estimator\": \"local\", "
            "\"symmetric\": true, \"from\": [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\"], "
            "\"to\": [\"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\", \"j\"]}}",
            DATA),
        "local");
    is_num(calc_test_num(a, "rates[1].rate"), 0.3921428571428571, 1e-13, "towards the neighbours");
    is_num(calc_test_num(a, "rates[7].rate"), 0.1834385267769384, 1e-13, "of another place");
    a = calc_test_both(
        t, arena_printf(m, "{\"method\": \"count.eb\", \"options\": {%s, \"estimator\": \"moments\"}}", DATA),
        "moments");
    is_num(calc_test_num(a, "rates[1].rate"), 0.3924360787222699, 1e-13,
           "towards the mean of all, by moments");
    is_num(calc_test_num(a, "rates[9].rate"), 0.0877592991821272, 1e-13, "of another place");
    a = calc_test_both(t, arena_printf(m, "{\"method\": \"count.eb\", \"options\": {%s}}", DATA),
                       "likelihood");
    is_num(calc_test_num(a, "rates[6].rate"), 0.503290964244979988, 1e-7, "by maximum likelihood");
    a = calc_test_answer(
        t, arena_printf(m, "{\"method\": \"count.eb\", \"options\": {%s, \"estimator\": \"local\"}}", DATA));
    ok(!a && strstr(t->text, "needs neighbours"), "the local estimator asks for neighbours");
}

/* The same model by count.forecast and by hhh4.forecast. */
static void test_two_ways(struct calc_test *t)
{
    struct arena *m = t->cx.arena;
    const struct json *a =
        calc_test_both(t,
                       "{\"method\": \"count.forecast\", " PANEL ", \"options\": {\"place\": \"place\", "
                       "\"period\": \"quarter\", \"y\": \"disputes\", \"exposure\": \"population\", "
                       "\"from\": \"from\", \"to\": \"to\", "
                       "\"symmetric\": true, \"model\": \"hhh4\"}}",
                       "forecast by hhh4");
    const struct json *b = calc_test_both(
        t,
        "{\"method\": \"hhh4.forecast\", " PANEL ", \"options\": {\"unit\": \"place\", "
        "\"period\": \"quarter\", \"y\": \"disputes\", \"ar\": {}, \"ne\": {}, \"end\": {\"random\": true, "
        "\"offset\": \"population\"}, "
        "\"weights\": {\"from\": \"from\", \"to\": \"to\", \"symmetric\": true}, \"horizon\": 1}}",
        "the same by its own method");
    double worst = 0;
    for (int i = 0; i < 10; i++) {
        double x = calc_test_num(a, arena_printf(m, "forecasts[%d].mean", i)),
               y = calc_test_num(b, arena_printf(m, "forecasts[%d].mean", i));
        worst = fmax(worst, isnan(x) || isnan(y) ? INFINITY : fabs(x / y - 1));
    }
    printf("# within %.1e\n", worst);
    ok(worst < 1e-5, "the ladder's model is the model of hhh4");
    is_int((int64_t)calc_test_num(a, "period"), 17, "of the period after the last count");
}

static void test_ladder(struct calc_test *t)
{
    static const char OPTIONS[] =
        "\"place\": \"place\", \"period\": \"quarter\", \"y\": \"disputes\", \"exposure\": \"population\", "
        "\"group\": \"district\"";
    struct arena *m = t->cx.arena;
    const struct json *a = calc_test_both(
        t, arena_printf(m, "{\"method\": \"count.ladder\", " PANEL ", \"options\": {%s}}", OPTIONS),
        "ladder");
    is_int((int64_t)calc_test_num(a, "step"), 3, "sixteen quarters that live on their past carry hhh4");
    double eb = calc_test_num(a, "record[4].log_score"), hhh4 = calc_test_num(a, "record[5].log_score");
    ok(hhh4 < eb, "which scored better than empirical Bayes");
    a = calc_test_both(
        t,
        arena_printf(m, "{\"method\": \"count.ladder\", " PANEL ", \"options\": {%s, \"hhh4_periods\": 20}}",
                     OPTIONS),
        "kept low");
    ok(calc_test_num(a, "step") <= 2 && strcmp(calc_test_str(a, "record[5].why_not"), "few_periods") == 0,
       "where it may not be tried, the answer says why");
    a = calc_test_both(t,
                       arena_printf(m,
                                    "{\"method\": \"count.ladder\", " PANEL
                                    ", \"options\": {%s, \"min_events\": 100000}}",
                                    OPTIONS),
                       "few events");
    ok(strcmp(calc_test_str(a, "reason"), "few_events") == 0 && isnan(calc_test_num(a, "total.mean")) &&
           !isnan(calc_test_num(a, "forecasts[0].last_upper")),
       "too few events: the counts with their intervals, no forecast");
    ok(json_get(a, "refused")->n == 1, "told among what is refused");
}

static void wrong(struct calc_test *t, const char *options, const char *expected)
{
    const struct json *a = calc_test_answer(
        t, arena_printf(t->cx.arena, "{\"method\": \"count.forecast\", \"options\": {%s}}", options));
    if (!ok(!a && strstr(t->text, expected), expected))
        printf("# got %s\n", a ? "an answer" : t->text);
}

static void test_wrong(struct calc_test *t)
{
    wrong(t, "\"place\": [\"a\", \"a\"], \"period\": [1, 1], \"y\": [1, 2]", "twice");
    wrong(t, "\"place\": [\"a\", \"b\", \"a\"], \"period\": [1, 1, 2], \"y\": [1, 2, 3]",
          "Place b has no row of period 2.");
    wrong(t, "\"place\": [\"a\", \"a\"], \"period\": [1, 9], \"y\": [1, 2]", "consecutive");
    wrong(t, "\"place\": [\"a\", \"a\", \"a\"], \"period\": [1, 2, 3], \"y\": [1, null, 3]",
          "Only the last period");
    wrong(t, "\"place\": [\"a\", \"a\"], \"period\": [1, 2], \"y\": [1, 2], \"group\": [\"x\", \"y\"]",
          "another group");
    wrong(t,
          "\"place\": [\"a\", \"a\"], \"period\": [1, 2], \"y\": [1, 2], \"from\": [\"a\"], \"to\": [\"z\"]",
          " z");
    wrong(t, "\"place\": [\"a\", \"a\"], \"period\": [1, 2], \"y\": [1, -2]", "-2");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    test_rates(&t);
    test_eb(&t);
    test_two_ways(&t);
    test_ladder(&t);
    test_wrong(&t);
    calc_test_end(&t);
    return done();
}
