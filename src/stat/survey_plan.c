/* survey_plan.c - sizes for a margin of error and for the power of a comparison. */
#include "stat/survey_plan.h"

#include <math.h>

#include "stat/dist.h"

struct neutral {
    double z, alpha, deff, response, population;
    bool good;
};

static struct neutral fill_in(const struct survey_plan *o)
{
    struct survey_plan none = {0};
    if (!o)
        o = &none;
    struct neutral v = {.alpha = 1 - (o->level != 0 ? o->level : 0.95),
                        .deff = o->deff != 0 ? o->deff : 1,
                        .response = o->response != 0 ? o->response : 1,
                        .population = o->population != 0 ? o->population : INFINITY};
    v.good = v.alpha > 0 && v.alpha < 1 && v.deff > 0 && v.response > 0 && v.response <= 1 && v.population >= 1;
    v.z = v.good ? dist_normal_quantile(1 - v.alpha / 2, 0, 1) : NAN;
    return v;
}

static struct survey_size size_of(const struct neutral *v, double simple)
{
    struct survey_size s = {simple, simple * v->deff, NAN};
    if (s.net > v->population)
        s.net = v->population;
    s.gross = s.net / v->response;
    if (s.gross > v->population * (1 + 1e-12))
        s.gross = INFINITY;
    return s;
}

static const struct survey_size NO_SIZE = {NAN, NAN, NAN};

struct survey_size survey_plan_share(const struct survey_plan *o, double p, double margin)
{
    struct neutral v = fill_in(o);
    if (!v.good || !(p >= 0 && p <= 1) || !(margin > 0))
        return NO_SIZE;
    double n0 = v.z * v.z * p * (1 - p) / (margin * margin);
    return size_of(&v, isinf(v.population) ? n0 : n0 / (1 + (n0 - 1) / v.population));
}

struct survey_size survey_plan_mean(const struct survey_plan *o, double sd, double margin)
{
    struct neutral v = fill_in(o);
    if (!v.good || !(sd >= 0) || !(margin > 0))
        return NO_SIZE;
    double n0 = v.z * v.z * sd * sd / (margin * margin);
    return size_of(&v, n0 / (1 + n0 / v.population));
}

/* The simple random sample that gross people asked are worth. */
static double worth(const struct neutral *v, double gross)
{
    return gross * v->response / v->deff;
}

double survey_plan_share_margin(const struct survey_plan *o, double p, double gross)
{
    struct neutral v = fill_in(o);
    double n = worth(&v, gross), left = isinf(v.population) ? 1 : (v.population - n) / (v.population - 1);
    if (!v.good || !(p >= 0 && p <= 1) || !(n > 0) || gross > v.population)
        return NAN;
    return v.z * sqrt(p * (1 - p) / n * left);
}

double survey_plan_mean_margin(const struct survey_plan *o, double sd, double gross)
{
    struct neutral v = fill_in(o);
    double n = worth(&v, gross);
    if (!v.good || !(sd >= 0) || !(n > 0) || gross > v.population)
        return NAN;
    return v.z * sd * sqrt((1 - n / v.population) / n);
}

double survey_plan_deff(double cluster_size, double rho, double weight_cv)
{
    if (!(cluster_size >= 1) || !(rho >= -1 && rho <= 1) || !(weight_cv >= 0))
        return NAN;
    return (1 + (cluster_size - 1) * rho) * (1 + weight_cv * weight_cv);
}

double survey_plan_cluster_size(double cost_cluster, double cost_person, double rho)
{
    if (!(cost_cluster >= 0) || !(cost_person > 0) || !(rho >= 0 && rho <= 1))
        return NAN;
    return rho > 0 ? fmax(1, sqrt(cost_cluster / cost_person * (1 - rho) / rho)) : INFINITY;
}

/* --- comparisons ------------------------------------------------------------------------------------ */

/* What overlap leaves of the variance of a difference; NaN for arguments that make no sense. */
static double left_by(const struct survey_overlap *v)
{
    if (!v)
        return 1;
    bool good = v->share >= 0 && v->share <= 1 && v->correlation >= -1 && v->correlation <= 1;
    double left = 1 - v->share * v->correlation;
    return good && left > 0 ? left : NAN;
}

/* Power of n independent answers in each group. */
static double share_power(const struct neutral *v, double p1, double p2, double n)
{
    double mean = (p1 + p2) / 2, spread = sqrt(p1 * (1 - p1) + p2 * (1 - p2));
    double x = sqrt(n) * fabs(p1 - p2) - v->z * sqrt(2 * mean * (1 - mean));
    return dist_normal_cdf(x / spread, 0, 1);
}

static double mean_power(const struct neutral *v, double effect, double n)
{
    double df = fmax(1e-7, 2 * n - 2);
    return dist_t_noncentral_upper(-dist_t_quantile(v->alpha / 2, df), df, sqrt(n / 2) * effect);
}

static struct survey_size both_groups(const struct neutral *v, double n, double left)
{
    double net = n * left * v->deff;
    return (struct survey_size){n * left, net, net / v->response};
}

struct survey_size survey_plan_compare_shares(const struct survey_plan *o, const struct survey_overlap *overlap,
                                              double p1, double p2, double power)
{
    struct neutral v = fill_in(o);
    double left = left_by(overlap), mean = (p1 + p2) / 2;
    if (!v.good || isnan(left) || !(p1 >= 0 && p1 <= 1 && p2 >= 0 && p2 <= 1) || !(power > 0 && power < 1))
        return NO_SIZE;
    double zb = dist_normal_quantile(power, 0, 1);
    double root = (v.z * sqrt(2 * mean * (1 - mean)) + zb * sqrt(p1 * (1 - p1) + p2 * (1 - p2))) / fabs(p1 - p2);
    return both_groups(&v, p1 == p2 ? INFINITY : fmax(root, 0) * fmax(root, 0), left);
}

struct survey_size survey_plan_compare_means(const struct survey_plan *o, const struct survey_overlap *overlap,
                                             double difference, double sd, double power)
{
    struct neutral v = fill_in(o);
    double left = left_by(overlap), effect = fabs(difference) / sd, low = 2, high = 4;
    if (!v.good || isnan(left) || !(sd > 0) || !isfinite(effect) || !(power > 0 && power < 1))
        return NO_SIZE;
    while (effect > 0 && high < 1e12 && mean_power(&v, effect, high) < power)
        high *= 2;
    if (!(high < 1e12) || effect == 0)
        return both_groups(&v, INFINITY, left);
    for (int i = 0; i < 200 && low < high; i++) {
        double mid = (low + high) / 2;
        if (mid <= low || mid >= high)
            break;
        if (mean_power(&v, effect, mid) < power)
            low = mid;
        else
            high = mid;
    }
    return both_groups(&v, high, left);
}

double survey_plan_power_shares(const struct survey_plan *o, const struct survey_overlap *overlap, double p1,
                                double p2, double gross)
{
    struct neutral v = fill_in(o);
    double left = left_by(overlap);
    if (!v.good || isnan(left) || !(p1 >= 0 && p1 <= 1 && p2 >= 0 && p2 <= 1) || !(gross > 0))
        return NAN;
    return share_power(&v, p1, p2, worth(&v, gross) / left);
}

double survey_plan_power_means(const struct survey_plan *o, const struct survey_overlap *overlap, double difference,
                               double sd, double gross)
{
    struct neutral v = fill_in(o);
    double left = left_by(overlap);
    if (!v.good || isnan(left) || !(sd > 0) || !(gross > 0))
        return NAN;
    return mean_power(&v, fabs(difference) / sd, worth(&v, gross) / left);
}

double survey_plan_ceiling(double size)
{
    return ceil(size * (1 - 1e-12));
}
