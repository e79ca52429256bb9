/* survey_interval.c - intervals, and the rules that decide whether a figure may be shown. */
#include <math.h>

#include "stat/dist.h"
#include "stat/num.h"
#include "stat/survey_design.h"

struct survey_rules survey_rules_default(void)
{
    return (struct survey_rules){0.95, SURVEY_INTERVAL_AUTO, 30, 8, 0.165, 0.30};
}

struct survey_rules survey_rules_none(void)
{
    return (struct survey_rules){0.95, SURVEY_INTERVAL_AUTO, 0, 0, INFINITY, INFINITY};
}

static double expit(double x) { return 1 / (1 + exp(-x)); }

/* n_eff corrected for the degrees of freedom (Korn, Graubard 1998, eq. 4). At p = 0 or 1 the design
 * effect cannot be estimated: the sample counts as simple. */
static double effective_size(double p, double se, int64_t n, double df, double level)
{
    double eff = se > 0 ? p * (1 - p) / (se * se) : (double)n, tail = (1 - level) / 2;
    if (df > 0 && n > 1) {
        double ratio = dist_t_quantile(tail, (double)n - 1) / dist_t_quantile(tail, df);
        eff *= ratio * ratio;
    }
    return eff;
}

/* Binomial log-likelihood per observation, less that at the estimate. */
static double likelihood_drop(double p, double q)
{
    double drop = 0;
    if (p > 0)
        drop += p * log(p / q);
    if (p < 1)
        drop += (1 - p) * log((1 - p) / (1 - q));
    return drop;
}

/* Where the scaled likelihood ratio reaches t^2: bisection between p and the end of the scale. */
static double likelihood_end(double p, double end, double limit)
{
    double in = p, out = end;
    for (int i = 0; i < 200 && in != out; i++) {
        double mid = (in + out) / 2;
        if (likelihood_drop(p, mid) <= limit)
            in = mid;
        else
            out = mid;
    }
    return in;
}

void survey_share_interval(enum survey_interval method, double p, double se, int64_t n, double df,
                           double level, double *lower, double *upper)
{
    survey_share_ends(method, p, se, n, df, level, NAN, lower, upper);
}

void survey_share_ends(enum survey_interval method, double p, double se, int64_t n, double df,
                       double level, double start, double *lower, double *upper)
{
    double tail = (1 - level) / 2, t = dist_t_quantile(1 - tail, df), pq = p * (1 - p);
    bool edge = !(p > 0 && p < 1) || !(se > 0);
    double eff = effective_size(p, se, n, df, level);
    if (method == SURVEY_INTERVAL_AUTO)
        method = edge || pq / (se * se) * fmin(p, 1 - p) < 10 ? SURVEY_INTERVAL_BETA : SURVEY_INTERVAL_LOGIT;
    if (edge && method != SURVEY_INTERVAL_WILSON)
        method = SURVEY_INTERVAL_BETA;
    switch (method) {
    case SURVEY_INTERVAL_LOGIT: {
        double x = log(p / (1 - p)), half = t * se / pq;
        *lower = expit(x - half);
        *upper = expit(x + half);
        break;
    }
    case SURVEY_INTERVAL_ARCSINE: {
        double x = asin(sqrt(p)), half = t * se / (2 * sqrt(pq));
        double lo = sin(fmax(x - half, 0)), hi = sin(fmin(x + half, acos(0)));
        *lower = lo * lo;
        *upper = hi * hi;
        break;
    }
    case SURVEY_INTERVAL_LIKELIHOOD:
        if (survey_profile_interval(p, se, n, t, start, lower, upper))
            break;
        /* fall through */
    case SURVEY_INTERVAL_LIKELIHOOD_EXACT: {
        double limit = t * t * se * se / (2 * pq);
        *lower = likelihood_end(p, 0, limit);
        *upper = likelihood_end(p, 1, limit);
        break;
    }
    case SURVEY_INTERVAL_WILSON: {
        double z = dist_normal_quantile(1 - tail, 0, 1), z2 = z * z;
        double mid = (p + z2 / (2 * eff)) / (1 + z2 / eff);
        double half = z / (1 + z2 / eff) * sqrt(pq / eff + z2 / (4 * eff * eff));
        *lower = fmax(mid - half, 0);
        *upper = fmin(mid + half, 1);
        break;
    }
    case SURVEY_INTERVAL_BETA:
        *lower = p > 0 ? dist_beta_quantile(tail, eff * p, eff * (1 - p) + 1) : 0;
        *upper = p < 1 ? dist_beta_quantile(1 - tail, eff * p + 1, eff * (1 - p)) : 1;
        break;
    default:
        t = method == SURVEY_INTERVAL_NORMAL ? dist_normal_quantile(1 - tail, 0, 1) : t;
        *lower = p - t * se;
        *upper = p + t * se;
    }
}

static void refuse(struct survey_estimate *e, enum stat_reason r)
{
    e->status = STAT_REFUSED;
    e->reason = r;
    e->est = e->se = e->lower = e->upper = e->cv = e->deff = e->n_eff = NAN;
}

static enum survey_interval choose(const struct survey_estimate *e, bool is_share,
                                   enum survey_interval wanted)
{
    if (!is_share)
        return wanted == SURVEY_INTERVAL_NORMAL ? wanted : SURVEY_INTERVAL_T;
    bool edge = !(e->est > 0 && e->est < 1) || !(e->se > 0);
    if (edge && wanted != SURVEY_INTERVAL_WILSON)
        return SURVEY_INTERVAL_BETA;
    if (wanted != SURVEY_INTERVAL_AUTO)
        return wanted;
    double eff = e->est * (1 - e->est) / (e->se * e->se);
    return eff * fmin(e->est, 1 - e->est) < 10 ? SURVEY_INTERVAL_BETA : SURVEY_INTERVAL_LOGIT;
}

void survey_judge(struct survey_estimate *e, bool is_share, bool use_cv,
                  const struct survey_rules *rules, double start)
{
    e->level = rules->level;
    if (e->n == 0 || !(e->weight > 0)) {
        refuse(e, STAT_REASON_EMPTY);
        return;
    }
    /* Rounding may carry a share of everybody or nobody past the end of its scale. */
    if (is_share)
        e->est = fmin(fmax(e->est, 0), 1);
    e->cv = e->est != 0 ? e->se / fabs(e->est) : NAN;
    e->n_eff = (double)e->n / e->deff;
    e->interval = choose(e, is_share, rules->interval);
    if (e->n < rules->min_respondents) {
        refuse(e, STAT_REASON_FEW_RESPONDENTS);
    } else if (!isfinite(e->est)) { /* a ratio to nothing, a sum too large */
        refuse(e, STAT_REASON_INVALID);
    } else if (!(e->df > 0) || e->df < rules->min_df || !isfinite(e->se)) {
        refuse(e, STAT_REASON_FEW_DF);
    } else if (use_cv && e->est != 0 && !(e->cv <= rules->max_cv)) {
        refuse(e, STAT_REASON_CV_HIGH);
    } else {
        bool flag = use_cv && e->est != 0 && e->cv > rules->flag_cv;
        e->status = flag ? STAT_FLAG : STAT_OK;
        e->reason = flag ? STAT_REASON_CV_FLAG : STAT_REASON_NONE;
        if (is_share) {
            survey_share_ends(e->interval, e->est, e->se, e->n, e->df, e->level, start, &e->lower,
                              &e->upper);
        } else {
            double df = e->interval == SURVEY_INTERVAL_NORMAL ? INFINITY : e->df;
            double half = dist_t_quantile(0.5 + e->level / 2, df) * e->se;
            e->lower = e->est - half;
            e->upper = e->est + half;
        }
    }
}
