/* survey_plan.h - before the field: how many people to ask, and how to spread them over strata.
 *
 * Sizes for a margin of error: Cochran 1977, "Sampling Techniques", chapter 4; design effects of clusters
 * and their best size: Kish 1965, "Survey Sampling", sections 5.4 and 8.3; power of comparisons: Fleiss, Levin,
 * Paik 2003, "Statistical Methods for Rates and Proportions", section 4.2 (as R's power.prop.test), and the
 * non-central t distribution (as R's power.t.test). All sizes are returned unrounded (INFINITY: not to
 * be had); survey_plan_ceiling() rounds up. Arguments that make no sense give NaN. */
#ifndef STAT_SURVEY_PLAN_H
#define STAT_SURVEY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

/* What makes a real sample larger than a simple one; zeros take the neutral value. */
struct survey_plan {
    double level;      /* of the interval, 0: 0.95; two-sided tests use 1 - level */
    double deff;       /* design effect, 0: 1 */
    double response;   /* share of those asked who answer, 0: 1 */
    double population; /* size N, 0: infinite */
};

struct survey_size {
    double simple; /* answers a simple random sample of this population would need */
    double net;    /* answers needed: times the design effect, at most the population */
    double gross;  /* people to ask: net over the response share */
};

/* For a share near p (0.5: the worst) or a mean with standard deviation sd, so that half the interval is margin. */
struct survey_size survey_plan_share(const struct survey_plan *o, double p, double margin);
struct survey_size survey_plan_mean(const struct survey_plan *o, double sd, double margin);

/* Half the interval that gross people asked will give. */
double survey_plan_share_margin(const struct survey_plan *o, double p, double gross);
double survey_plan_mean_margin(const struct survey_plan *o, double sd, double gross);

/* 1 + (size - 1) rho for clusters of this many respondents with intraclass correlation rho; times 1 + cv^2 for
 * weights with coefficient of variation cv (Kish 1992, J. Off. Stat. 8:183). */
double survey_plan_deff(double cluster_size, double rho, double weight_cv);

/* Respondents a cluster that make a given budget most precise: sqrt(cost of a cluster/cost of a respondent *
 * (1 - rho)/rho). */
double survey_plan_cluster_size(double cost_cluster, double cost_person, double rho);

/* --- comparing two groups or two waves ------------------------------------------------------------------------- */

/* Waves that ask partly the same people: the covariance takes overlap * correlation off the variance of the
 * difference (Kish 1965, section 12.4). Zeros: independent groups. */
struct survey_overlap {
    double share;       /* of each group that is in both */
    double correlation; /* of its two answers */
};

/* The size of each group that finds p1 against p2, or a difference of means, with this power. No population
 * correction: two waves are compared as what lies behind them, not as two finite lists. */
struct survey_size survey_plan_compare_shares(const struct survey_plan *o, const struct survey_overlap *v, double p1,
                                              double p2, double power);
struct survey_size survey_plan_compare_means(const struct survey_plan *o, const struct survey_overlap *v,
                                             double difference, double sd, double power);

/* The power with gross people asked in each group. */
double survey_plan_power_shares(const struct survey_plan *o, const struct survey_overlap *v, double p1, double p2,
                                double gross);
double survey_plan_power_means(const struct survey_plan *o, const struct survey_overlap *v, double difference,
                               double sd, double gross);

double survey_plan_ceiling(double size); /* up, forgiving the last digits of the computation */

/* --- allocation over strata -------------------------------------------------------------------------------------- */

enum survey_allocation {
    SURVEY_ALLOCATE_PROPORTIONAL, /* to N */
    SURVEY_ALLOCATE_NEYMAN,       /* to N S: the best for a given size (Neyman 1934, JRSS 97:558) */
    SURVEY_ALLOCATE_COST,         /* to N S/sqrt(c): the best for a given budget (Cochran 1977, section 5.5) */
    SURVEY_ALLOCATE_POWER,        /* to X^power S/mean: strata nearly alike in CV (Bankier 1988, Am. Stat. 42:174) */
    SURVEY_ALLOCATE_EQUAL,
};

struct survey_allocate_spec {
    size_t strata;
    const double *population;      /* N, positive */
    const double *sd;              /* S; NULL: 1 (shares: sqrt(p (1 - p))) */
    const double *cost;            /* of one interview; NULL: 1 */
    const double *mean;            /* POWER: mean of each stratum; NULL: 1 */
    enum survey_allocation kind;
    double power;                  /* POWER: exponent of X = N mean, 0 .. 1 */
    double size, budget, se;       /* one of them positive: respondents, money, or standard error of the mean */
    int64_t minimum;               /* in every stratum (at most its population); 2 lets variances be estimated */
};

struct survey_allocated {
    enum stat_reason reason; /* NONE; INVALID: arguments; INFEASIBLE: minimum and target cannot be had together */
    int64_t *n;              /* respondents by stratum */
    int64_t total;
    double cost;
    double se;            /* of the mean, with population correction */
    double se_proportional; /* the same number of respondents in proportion to N */
    double deff;            /* variance over that of a simple random sample of this size */
};

/* Whole numbers, none above its population. PROPORTIONAL, EQUAL and POWER by largest remainders; NEYMAN exactly
 * (Wright 2012, Stat. Probab. Lett. 82:1797: one interview after the other where it takes most off the variance), COST by
 * the same greedy rule per unit of money, which is best but for the last interview. */
struct survey_allocated survey_allocate(struct arena *a, const struct survey_allocate_spec *spec);

#endif
