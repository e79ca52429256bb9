/* dist.c - the only file that knows libRmath. */
#include "stat/dist.h"

#define MATHLIB_STANDALONE 1
#include <Rmath.h>

#include <math.h>
#include <stdint.h>

/* Above this size the variance differs from the Poisson one by less than a double can hold. */
static const double SIZE_POISSON = 1e12;

double dist_normal_log_pdf(double x, double mean, double sd) { return dnorm4(x, mean, sd, 1); }
double dist_normal_cdf(double x, double mean, double sd) { return pnorm5(x, mean, sd, 1, 0); }
double dist_normal_upper(double x, double mean, double sd) { return pnorm5(x, mean, sd, 0, 0); }
double dist_normal_quantile(double p, double mean, double sd) { return qnorm5(p, mean, sd, 1, 0); }

double dist_t_cdf(double x, double df) { return pt(x, df, 1, 0); }
double dist_t_quantile(double p, double df) { return qt(p, df, 1, 0); }
double dist_t_noncentral_upper(double x, double df, double ncp) { return pnt(x, df, ncp, 0, 0); }

double dist_f_upper(double x, double df1, double df2) { return pf(x, df1, df2, 0, 0); }
double dist_f_quantile(double p, double df1, double df2) { return qf(p, df1, df2, 1, 0); }
double dist_chisq_upper(double x, double df) { return pchisq(x, df, 0, 0); }
double dist_chisq_quantile(double p, double df) { return qchisq(p, df, 1, 0); }

double dist_beta_cdf(double x, double a, double b) { return pbeta(x, a, b, 1, 0); }

/* The smallest double with P(X <= x) >= p, by halving the doubles between 0 and 1. */
static double beta_quantile_halving(double p, double a, double b)
{
    union {
        double x;
        uint64_t bits;
    } low = {.x = 0}, high = {.x = 1}, middle;
    while (high.bits - low.bits > 1) {
        middle.bits = low.bits + (high.bits - low.bits) / 2;
        if (pbeta(middle.x, a, b, 1, 0) < p)
            low = middle;
        else
            high = middle;
    }
    return high.x;
}

/* qbeta() loses its way where a or b is small or very large, and says so on standard output. */
double dist_beta_quantile(double p, double a, double b)
{
    if (!(p > 0 && p < 1) || (fmin(a, b) >= 1 && fmax(a, b) <= 1e7))
        return qbeta(p, a, b, 1, 0);
    return a > 0 && b > 0 ? beta_quantile_halving(p, a, b) : NAN;
}

double dist_gamma_log_pdf(double x, double shape, double rate) { return dgamma(x, shape, 1 / rate, 1); }
double dist_gamma_cdf(double x, double shape, double rate) { return pgamma(x, shape, 1 / rate, 1, 0); }
double dist_gamma_quantile(double p, double shape, double rate)
{
    return qgamma(p, shape, 1 / rate, 1, 0);
}

double dist_poisson_log_pmf(double x, double mean) { return dpois(x, mean, 1); }
double dist_poisson_cdf(double x, double mean) { return ppois(x, mean, 1, 0); }
double dist_poisson_quantile(double p, double mean) { return qpois(p, mean, 1, 0); }

double dist_negbin_log_pmf(double x, double mean, double size)
{
    return size >= SIZE_POISSON ? dpois(x, mean, 1) : dnbinom_mu(x, size, mean, 1);
}

double dist_negbin_cdf(double x, double mean, double size)
{
    return size >= SIZE_POISSON ? ppois(x, mean, 1, 0) : pnbinom_mu(x, size, mean, 1, 0);
}

double dist_negbin_upper(double x, double mean, double size)
{
    return size >= SIZE_POISSON ? ppois(x, mean, 0, 0) : pnbinom_mu(x, size, mean, 0, 0);
}

double dist_negbin_quantile(double p, double mean, double size)
{
    if (mean == 0)
        return 0;
    return size >= SIZE_POISSON ? qpois(p, mean, 1, 0) : qnbinom(p, size, size / (size + mean), 1, 0);
}

double dist_binomial_log_pmf(double x, double n, double p) { return dbinom(x, n, p, 1); }
double dist_binomial_cdf(double x, double n, double p) { return pbinom(x, n, p, 1, 0); }

double dist_bessel_i_scaled(double x, double order)
{
    if (x <= 1e4)
        return bessel_i(x, order, 2);
    /* Hankel's expansion (Abramowitz, Stegun 1964, 9.7.1); at this x three terms are exact. */
    double mu = 4 * order * order, t = 1 / (8 * x);
    return (1 - (mu - 1) * t * (1 - (mu - 9) * t / 2 * (1 - (mu - 25) * t / 3))) / sqrt(2 * acos(-1) * x);
}

double dist_lgamma(double x) { return lgammafn(x); }
double dist_digamma(double x) { return digamma(x); }
double dist_trigamma(double x) { return trigamma(x); }
