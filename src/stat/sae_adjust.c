/* sae_adjust.c - before and after the model: smoothed sampling variances, benchmarking. */
#include <math.h>

#include "base/arena.h"
#include "stat/mat.h"
#include "stat/num.h"
#include "stat/sae.h"

void sae_smooth(size_t n, const double *variance, const int64_t *respondents, double *smooth)
{
    /* A variance from k respondents has log-variance near 2/(k - 1) and bias -1/(k - 1): weight by k - 1. */
    double weights = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        double k = (double)respondents[i] - 1;
        if (k < 1 || !(variance[i] > 0))
            continue;
        weights += k;
        sum += k * (log(variance[i] * (k + 1)) + 1 / k);
    }
    double unit = weights > 0 ? exp(sum / weights) : NAN;
    for (size_t i = 0; i < n; i++)
        smooth[i] = respondents[i] > 0 ? unit / (double)respondents[i] : INFINITY;
}

/* The rows that have a variance and regressors; how many. */
static size_t gvf_rows(size_t n, size_t q, const double *variance, const double *z,
                       const double *weight, double *x, double *y, double *w)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        bool has = variance[i] > 0 && isfinite(variance[i]);
        for (size_t j = 0; j < q; j++)
            has = has && isfinite(z[i * q + j]);
        if (!has)
            continue;
        for (size_t j = 0; j < q; j++)
            x[m * q + j] = z[i * q + j];
        w[m] = weight ? weight[i] : 1;
        y[m++] = log(variance[i]);
    }
    return m;
}

struct sae_gvf sae_gvf(struct arena *a, size_t n, size_t q, const double *variance, const double *z,
                       const double *weight)
{
    struct sae_gvf out = {
        .status = STAT_REFUSED, .reason = STAT_REASON_FEW_DF, .factor = NAN, .r_squared = NAN};
    double *x = arena_array(a, n * q + 1, sizeof *x), *y = arena_array(a, n + 1, sizeof *y),
           *w = arena_array(a, n + 1, sizeof *w);
    size_t m = gvf_rows(n, q, variance, z, weight, x, y, w);
    out.smooth = arena_array(a, n + 1, sizeof *out.smooth);
    for (size_t i = 0; i < n; i++)
        out.smooth[i] = NAN;
    if (q == 0 || m <= q)
        return out;
    double sum = 0, fitted = 0, weights = 0, mean = 0, all = 0;
    struct mat_least_squares f = mat_least_squares(a, m, q, x, y, w, 0);
    out.coefficient = f.beta;
    if (f.rank < q) {
        out.reason = f.rank ? STAT_REASON_SINGULAR : STAT_REASON_INVALID;
        return out;
    }
    for (size_t i = 0; i < m; i++) {
        sum += exp(y[i]);
        fitted += exp(y[i] - f.residual[i]);
        weights += w[i];
        mean += w[i] * y[i];
    }
    mean /= weights;
    for (size_t i = 0; i < m; i++)
        all += w[i] * (y[i] - mean) * (y[i] - mean);
    out.factor = sum / fitted;
    out.r_squared = all > 0 ? 1 - f.rss / all : NAN;
    for (size_t i = 0; i < n; i++) {
        double s = 0;
        for (size_t j = 0; j < q; j++)
            s += z[i * q + j] * f.beta[j];
        out.smooth[i] = isfinite(s) ? out.factor * exp(s) : INFINITY;
    }
    out.status = STAT_OK;
    out.reason = STAT_REASON_NONE;
    return out;
}

bool sae_benchmark(size_t n, const double *estimate, const double *mse, const double *weight,
                   double target, enum sae_benchmark kind, double *out)
{
    double sum = 0, scale = 0;
    for (size_t i = 0; i < n; i++) {
        double w = weight[i];
        sum += w * estimate[i];
        scale += kind == SAE_BENCHMARK_WFQ ? w * w * mse[i] : w;
    }
    if (kind == SAE_BENCHMARK_RATIO ? sum == 0 : !(scale > 0))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (kind == SAE_BENCHMARK_RATIO)
            out[i] = estimate[i] * target / sum;
        else if (kind == SAE_BENCHMARK_DIFFERENCE)
            out[i] = estimate[i] + (target - sum) / scale;
        else
            out[i] = estimate[i] + weight[i] * mse[i] / scale * (target - sum);
    }
    return true;
}
