/* test_dist.c - where the distribution functions are more than libRmath's. */
#include "stat/dist.h"

#include "tap.h"

int main(void)
{
    static const double P[] = {1e-12, 0.025, 0.3, 0.5, 0.975, 1 - 1e-9};
    static const double SHAPE[] = {0.003, 0.02, 0.2, 0.7, 1, 4, 300, 2e13};
    double worst_a = 0, worst_b = 0, worst = 0;
    for (size_t i = 0; i < sizeof P / sizeof *P; i++)
        for (size_t j = 0; j < sizeof SHAPE / sizeof *SHAPE; j++) {
            double s = SHAPE[j], p = P[i], x = pow(p, 1 / s), y = -expm1(log1p(-p) / s);
            if (x > 1e-300)
                worst_a = fmax(worst_a, fabs(dist_beta_quantile(p, s, 1) / x - 1));
            if (1 - y > 1e-10)
                worst_b = fmax(worst_b, fabs(dist_beta_quantile(p, 1, s) / y - 1) / (s > 1e6 ? 1e4 : 1));
        }
    for (size_t i = 1; i < 5; i++)
        for (size_t j = 0; j < sizeof SHAPE / sizeof *SHAPE; j++)
            for (size_t k = 0; k < sizeof SHAPE / sizeof *SHAPE; k++) {
                double x = dist_beta_quantile(P[i], SHAPE[j], SHAPE[k]);
                double below = dist_beta_cdf(nextafter(x, 0), SHAPE[j], SHAPE[k]), at = dist_beta_cdf(x, SHAPE[j], SHAPE[k]);
                worst = fmax(worst, fmax(below - P[i], P[i] - at)); /* it lies between its neighbours */
            }
    ok(worst_a < 1e-12, "quantiles of Beta(a, 1) are p^(1/a)");
    ok(worst_b < 1e-12, "quantiles of Beta(1, b) are 1 - (1 - p)^(1/b)");
    ok(worst < 1e-12, "quantiles of the beta distribution are where it reaches p, for small shapes too");
    printf("# %.1e %.1e %.1e\n", worst_a, worst_b, worst);
    return done();
}
