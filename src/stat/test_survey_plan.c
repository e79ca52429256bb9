/* test_survey_plan.c - sizes against R's power.prop.test and power.t.test and Cochran's formulas; allocations against
 * all possible ones of a small population. */
#include "stat/survey_plan.h"

#include <math.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "tap.h"

static void test_margins(void)
{
    struct survey_plan o = {.population = 5000};
    struct survey_size s = survey_plan_share(NULL, 0.5, 0.03);
    is_num(s.gross, 1067.0718946372565, 1e-12, "the well-known 1,068 for 3 points");
    is_num(survey_plan_ceiling(s.gross), 1068, 0, "rounded up");
    is_num(survey_plan_ceiling(3 * (0.1 + 0.2) / 0.3), 3, 0, "rounding does not fall for the last digit");
    s = survey_plan_share(&o, 0.5, 0.03);
    is_num(s.simple, 879.5410878501186, 1e-12, "fewer of 5,000 people");
    o.population = 800;
    is_num(survey_plan_mean(&o, 12, 1.5).simple, 188.0595294627902, 1e-12, "a mean, of 800 people");
    o = (struct survey_plan){.deff = 1.6, .response = 0.8, .population = 100000};
    s = survey_plan_share(&o, 0.3, 0.02);
    is_num(s.net, s.simple * 1.6, 1e-14, "the design effect multiplies the answers");
    is_num(s.gross, s.net / 0.8, 1e-14, "and non-response those who are asked");
    is_num(survey_plan_share_margin(&o, 0.3, s.gross), 0.02, 1e-12, "the margin of that size is the wanted one");
    s = survey_plan_mean(&o, 5, 0.3);
    is_num(survey_plan_mean_margin(&o, 5, s.gross), 0.3, 1e-12, "so it is of a mean");
    o.population = 500;
    o.deff = 3;
    ok(isinf(survey_plan_share(&o, 0.5, 0.01).gross), "more than everybody cannot be asked");
    o.response = 1.5;
    ok(isnan(survey_plan_share(&o, 0.5, 0.03).gross), "a response above one makes no sense");
    is_num(survey_plan_deff(11, 0.05, 0.5), 1.5 * 1.25, 1e-14, "Kish's design effect");
    is_num(survey_plan_cluster_size(900, 25, 0.1), 18, 1e-14, "the best size of a cluster");
}

static void test_power(void)
{
    struct survey_plan o = {.deff = 1.4, .response = 0.7};
    struct survey_overlap half = {0.5, 0.6};
    struct survey_size s = survey_plan_compare_shares(NULL, NULL, 0.5, 0.6, 0.9);
    is_num(s.simple, 518.0371694610164, 1e-7, "power.prop.test(p1 = .5, p2 = .6, power = .9)"); /* uniroot */
    is_num(survey_plan_power_shares(NULL, NULL, 0.3, 0.35, 500), 0.3926366986834283, 1e-12,
           "power.prop.test(n = 500, p1 = .3, p2 = .35)");
    s = survey_plan_compare_means(NULL, NULL, 1, 2.5, 0.8);
    is_num(s.simple, 99.0805650092297, 1e-9, "power.t.test(delta = 1, sd = 2.5, power = .8)");
    is_num(survey_plan_power_means(NULL, NULL, 1, 2.5, 60), 0.5843644546292897, 1e-12,
           "power.t.test(n = 60, delta = 1, sd = 2.5)");
    s = survey_plan_compare_shares(&o, &half, 0.4, 0.47, 0.8);
    struct survey_size apart = survey_plan_compare_shares(&o, NULL, 0.4, 0.47, 0.8);
    is_num(s.gross, apart.gross * 0.7, 1e-12, "half the people in both waves save 30 % here");
    is_num(survey_plan_power_shares(&o, &half, 0.4, 0.47, s.gross), 0.8, 1e-12, "the size has the wanted power");
    s = survey_plan_compare_means(&o, &half, 0.2, 1, 0.9);
    is_num(survey_plan_power_means(&o, &half, 0.2, 1, s.gross), 0.9, 1e-9, "that for means, too");
    ok(isinf(survey_plan_compare_shares(NULL, NULL, 0.4, 0.4, 0.8).gross), "no size finds no difference");
}

static double variance(const double *size, const double *sd, const int64_t *n)
{
    double v = 0, all = size[0] + size[1] + size[2];
    for (int h = 0; h < 3; h++)
        v += size[h] * size[h] / all / all * sd[h] * sd[h] * (1.0 / (double)n[h] - 1 / size[h]);
    return v;
}

/* Every allocation of 3 strata that is allowed. */
static double best_variance(const double *size, const double *sd, const double *cost, int64_t total, double budget)
{
    double best = INFINITY;
    for (int64_t i = 2; i <= size[0]; i++)
        for (int64_t j = 2; j <= size[1]; j++)
            for (int64_t k = 2; k <= size[2]; k++) {
                double money = (double)i * cost[0] + (double)j * cost[1] + (double)k * cost[2];
                if (total ? i + j + k == total : money <= budget)
                    best = fmin(best, variance(size, sd, (int64_t[]){i, j, k}));
            }
    return best;
}

static void test_allocation(struct arena *a)
{
    static const double size[] = {60, 25, 12}, sd[] = {1.3, 4, 9.5}, cost[] = {1, 2.5, 6}, mean[] = {10, 30, 55};
    struct survey_allocate_spec sp = {.strata = 3, .population = size, .sd = sd, .cost = cost,
                                      .kind = SURVEY_ALLOCATE_NEYMAN, .size = 30, .minimum = 2};
    struct survey_allocated r = survey_allocate(a, &sp);
    is_int(r.total, 30, "Neyman: the wanted number");
    is_num(r.se * r.se, best_variance(size, sd, cost, 30, 0), 1e-12, "no other 30 are more precise");
    ok(r.n[2] == 12, "the scattered stratum is asked as a whole");
    ok(r.se < r.se_proportional && r.deff > 0, "and better than in proportion");
    sp.size = 0;
    sp.kind = SURVEY_ALLOCATE_COST;
    sp.budget = 100;
    r = survey_allocate(a, &sp);
    ok(r.cost <= 100, "a budget is kept");
    double best = best_variance(size, sd, cost, 0, 100);
    ok(r.se * r.se < best * 1.01 && r.se * r.se >= best * (1 - 1e-12), "at most 1 % above the best variance for it");
    sp.budget = 0;
    sp.kind = SURVEY_ALLOCATE_NEYMAN;
    sp.se = r.se;
    r = survey_allocate(a, &sp);
    ok(r.se <= sp.se * (1 + 1e-9), "a standard error is kept");
    sp = (struct survey_allocate_spec){.strata = 3, .population = size, .size = 40, .minimum = 2};
    r = survey_allocate(a, &sp);
    ok(r.n[0] == 25 && r.n[1] == 10 && r.n[2] == 5, "in proportion: 24.7, 10.3 and 4.9");
    sp.kind = SURVEY_ALLOCATE_EQUAL;
    r = survey_allocate(a, &sp);
    ok(r.n[0] == 14 && r.n[1] == 14 && r.n[2] == 12, "equal, as far as there are people");
    sp.kind = SURVEY_ALLOCATE_POWER;
    sp.sd = sd;
    sp.mean = mean;
    sp.power = 0.5;
    sp.size = 20;
    r = survey_allocate(a, &sp);
    double share[3], all = 0;
    for (int h = 0; h < 3; h++)
        all += share[h] = sqrt(size[h] * mean[h]) * sd[h] / mean[h];
    for (int h = 0; h < 3; h++)
        ok(fabs((double)r.n[h] - 20 * share[h] / all) < 1, "power allocation follows Bankier's formula");
    sp.size = 0;
    sp.se = 0.5;
    r = survey_allocate(a, &sp);
    struct survey_allocate_spec less = sp;
    less.se = 0;
    less.size = (double)r.total - 1;
    ok(r.se <= 0.5 && survey_allocate(a, &less).se > 0.5, "the smallest sample that is precise enough");
    sp.se = 0;
    sp.size = 5;
    sp.minimum = 2;
    is_int(survey_allocate(a, &sp).reason, STAT_REASON_INFEASIBLE, "5 are too few for 2 in each of 3 strata");
    sp.budget = 3;
    is_int(survey_allocate(a, &sp).reason, STAT_REASON_INVALID, "a size and a budget are one too many");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_margins();
    test_power();
    test_allocation(a);
    arena_free(a);
    return done();
}
