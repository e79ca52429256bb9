/* test_survey_trim.c - trimmed weights against R's trimWeights and by what they promise. */
#include "stat/survey_trim.h"

#include <math.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/test_survey_sample.h"
#include "tap.h"

static void test_as_r(struct arena *a, const struct sample *s)
{
    static const double want[] = {11, 13.16, 13, 12.16, 14.16}; /* weights(trimWeights(D1, upper = 13, lower = 11)) */
    struct survey_rules none = survey_rules_none();
    struct survey_trim_options o = {.lower = 11, .upper = 13};
    struct survey_design *d = sample_design(a, s, 1), *t;
    struct survey_trimmed told;
    is_int(survey_trim(a, d, &o, &t, &told), STAT_REASON_NONE, "weights are trimmed");
    for (int i = 0; i < 5; i++)
        is_num(survey_weights(t)[i], want[i], 1e-12, "as R trims them");
    struct survey_estimate e = survey_mean(a, t, s->y, NULL, &none);
    is_num(e.est, 12.986089743589744, 1e-12, "the trimmed mean");
    is_num(e.se, 0.653742180318673, 1e-12, "its error");
    ok(told.cut == 19 && told.raised == 4, "it is told how many were cut and raised");
    ok(told.cv_after < told.cv_before, "weights vary less");
}

static void test_promises(struct arena *a, const struct sample *s)
{
    struct survey_design *d = sample_design(a, s, 1), *t;
    struct survey_trimmed told;
    double total = num_sum_array(survey_weights(d), SAMPLE);
    static const enum survey_redistribute kinds[] = {SURVEY_SPREAD_EQUAL, SURVEY_SPREAD_PROPORTIONAL};
    for (int k = 0; k < 2; k++) {
        struct survey_trim_options o = {.lower = 11.5, .upper = 13.5, .spread = kinds[k], .strict = true};
        is_int(survey_trim(a, d, &o, &t, &told), STAT_REASON_NONE, "strict bounds settle");
        double most = 0, least = INFINITY;
        for (int i = 0; i < SAMPLE; i++) {
            most = fmax(most, survey_weights(t)[i]);
            least = fmin(least, survey_weights(t)[i]);
        }
        ok(most <= 13.5 * (1 + 1e-13) && least >= 11.5 * (1 - 1e-13), "all weights are inside");
        is_num(num_sum_array(survey_weights(t), SAMPLE), total, 1e-13, "and their sum is kept");
    }
    double before[3] = {0}, after[3] = {0};
    struct survey_trim_options o = {.upper_medians = 1.05, .spread = SURVEY_SPREAD_PROPORTIONAL, .cell = s->g, .n_cells = 3};
    is_int(survey_trim(a, d, &o, &t, &told), STAT_REASON_NONE, "bounds may be medians of the cells");
    for (int i = 0; i < SAMPLE; i++) {
        before[s->g[i]] += survey_weights(d)[i];
        after[s->g[i]] += survey_weights(t)[i];
    }
    for (int g = 0; g < 3; g++)
        is_num(after[g], before[g], 1e-13, "within cells the sums are kept");
    o = (struct survey_trim_options){.upper = 12, .spread = SURVEY_SPREAD_NONE};
    survey_trim(a, d, &o, &t, &told);
    is_num(num_sum_array(survey_weights(t), SAMPLE), total - told.moved, 1e-13, "without redistribution the cut is lost");
    o = (struct survey_trim_options){.upper = 12, .strict = true};
    is_int(survey_trim(a, d, &o, &t, &told), STAT_REASON_NOT_CONVERGED, "bounds that cannot hold the sum are refused");
    o = (struct survey_trim_options){.lower = 14, .upper = 12};
    is_int(survey_trim(a, d, &o, &t, &told), STAT_REASON_INVALID, "and a lower bound above the upper");
    static const double of_g[] = {200, 250, 180};
    struct survey_margin m = {s->g, 3, of_g};
    struct survey_design *ps;
    survey_poststratify(a, d, &m, &ps);
    o = (struct survey_trim_options){.upper = 13};
    is_int(survey_trim(a, ps, &o, &t, &told), STAT_REASON_INVALID, "calibrated weights are not trimmed");
}

int main(void)
{
    struct arena *a = arena_new(0);
    const struct sample *s = sample_make();
    test_as_r(a, s);
    test_promises(a, s);
    arena_free(a);
    return done();
}
