/* dist.h - distribution functions, the same as R's (libRmath), and nothing else of it.
 *
 * Suffix: _log_pmf/_log_pdf logarithm of the density, _cdf P(X <= x), _upper P(X > x), _quantile the smallest
 * x with P(X <= x) >= p. The negative binomial is given by its mean and its size (variance mean +
 * mean^2/size); size = INFINITY is the Poisson distribution. */
#ifndef STAT_DIST_H
#define STAT_DIST_H

double dist_normal_log_pdf(double x, double mean, double sd);
double dist_normal_cdf(double x, double mean, double sd);
double dist_normal_upper(double x, double mean, double sd);
double dist_normal_quantile(double p, double mean, double sd);

/* df = INFINITY is the normal distribution. */
double dist_t_cdf(double x, double df);
double dist_t_quantile(double p, double df);
double dist_t_noncentral_upper(double x, double df, double ncp);

double dist_f_upper(double x, double df1, double df2);
double dist_f_quantile(double p, double df1, double df2);
double dist_chisq_upper(double x, double df);
double dist_chisq_quantile(double p, double df);

double dist_beta_cdf(double x, double a, double b);
double dist_beta_quantile(double p, double a, double b);

double dist_gamma_log_pdf(double x, double shape, double rate);
double dist_gamma_cdf(double x, double shape, double rate);
double dist_gamma_quantile(double p, double shape, double rate);

double dist_poisson_log_pmf(double x, double mean);
double dist_poisson_cdf(double x, double mean);
double dist_poisson_quantile(double p, double mean);

double dist_negbin_log_pmf(double x, double mean, double size);
double dist_negbin_cdf(double x, double mean, double size);
double dist_negbin_upper(double x, double mean, double size);
double dist_negbin_quantile(double p, double mean, double size);

double dist_binomial_log_pmf(double x, double n, double p);
double dist_binomial_cdf(double x, double n, double p);
/* exp(-x) I_order(x), the modified Bessel function, order 0 or 1, x >= 0. */
double dist_bessel_i_scaled(double x, double order);
double dist_lgamma(double x);
double dist_digamma(double x);
double dist_trigamma(double x);

#endif
