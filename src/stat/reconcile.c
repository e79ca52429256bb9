/* reconcile.c - the nearest forecasts that add up, by projection on the constraints.
 *
 * With C y = 0 for "each whole less its parts", the reconciled forecasts are y - W C'(C W C')^-1 C
 * y (Wickramasuriya et al. 2019, eq. 8 in the form of constraints): only as many equations as there
 * are sums. A bottom forecast held at 0 is one more row of C. */
#include "stat/reconcile.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/mat.h"
#include "stat/num.h"
#include "stat/parallel.h"

/* --- structures ------------------------------------------------------------------------------- */

static void start_members(struct arena *a, size_t n, struct reconcile_structure *s, const size_t *count)
{
    s->n = n;
    s->start = arena_array(a, n + 1, sizeof *s->start);
    for (size_t i = 0; i < n; i++) {
        s->start[i + 1] = s->start[i] + count[i];
        s->n_bottom += s->bottom[i];
    }
    s->member = arena_array(a, s->start[n] + 1, sizeof *s->member);
}

enum stat_reason reconcile_tree(struct arena *a, size_t n, const int32_t *parent,
                                struct reconcile_structure *out)
{
    struct reconcile_structure s = {.bottom = arena_array(a, n + 1, sizeof(bool))};
    size_t *count = arena_array(a, n + 1, sizeof *count);
    memset(s.bottom, 1, n);
    for (size_t i = 0; i < n; i++) {
        if (parent[i] < -1 || parent[i] >= (int64_t)n)
            return STAT_REASON_INVALID;
        if (parent[i] >= 0)
            s.bottom[parent[i]] = false;
    }
    for (size_t i = 0; i < n; i++) {
        size_t steps = 0;
        for (int32_t at = (int32_t)i; at >= 0; at = parent[at])
            if (steps++ > n) /* round and round */
                return STAT_REASON_INVALID;
        for (int32_t at = (int32_t)i; s.bottom[i] && at >= 0; at = parent[at])
            count[at]++;
    }
    start_members(a, n, &s, count);
    memset(count, 0, n * sizeof *count);
    for (size_t i = 0; i < n; i++)
        for (int32_t at = (int32_t)i; s.bottom[i] && at >= 0; at = parent[at])
            s.member[s.start[at] + count[at]++] = (uint32_t)i;
    *out = s;
    return n ? STAT_REASON_NONE : STAT_REASON_INVALID;
}

enum stat_reason reconcile_sums(struct arena *a, size_t n, size_t k, const int32_t *whole,
                                const int32_t *part, struct reconcile_structure *out)
{
    struct reconcile_structure s = {.bottom = arena_array(a, n + 1, sizeof(bool))};
    size_t *count = arena_array(a, n + 1, sizeof *count);
    memset(s.bottom, 1, n);
    for (size_t i = 0; i < k; i++) {
        if (whole[i] < 0 || whole[i] >= (int64_t)n || part[i] < 0 || part[i] >= (int64_t)n)
            return STAT_REASON_INVALID;
        s.bottom[whole[i]] = false;
        count[whole[i]]++;
    }
    for (size_t i = 0; i < n; i++)
        count[i] += s.bottom[i];
    start_members(a, n, &s, count);
    memset(count, 0, n * sizeof *count);
    uint8_t *used = arena_array(a, n + 1, 1);
    for (size_t i = 0; i < n; i++)
        if (s.bottom[i])
            s.member[s.start[i]] = (uint32_t)i;
    for (size_t i = 0; i < k; i++) {
        if (!s.bottom[part[i]])
            return STAT_REASON_INVALID;
        /* Ascending, by insertion: the same sums in the same order however the pairs come. */
        uint32_t *list = s.member + s.start[whole[i]];
        size_t at = count[whole[i]]++;
        for (; at > 0 && list[at - 1] > (uint32_t)part[i]; at--)
            list[at] = list[at - 1];
        list[at] = (uint32_t)part[i];
        used[part[i]] = 1;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = s.start[i] + 1; j < s.start[i + 1]; j++)
            if (s.member[j] == s.member[j - 1])
                return STAT_REASON_INVALID;
    *out = s;
    return n ? STAT_REASON_NONE : STAT_REASON_INVALID;
}

/* --- errors of the base forecasts ------------------------------------------------------------- */

struct problem {
    const struct reconcile_structure *s;
    const struct reconcile_options *o;
    double *variance;       /* by series: the diagonal of W */
    double *covariance;     /* W itself, n x n, for MINT; NULL: diagonal */
    size_t n_sums;
    uint32_t *sum;          /* the series that are sums */
    double *factor;         /* Cholesky factor of C W C' without zeros */
    size_t h;
    const double *base;
    struct reconcile_result *out;
    size_t *at_zero;        /* by column */
    enum stat_reason *why;  /* by column */
};

/* Shrinks correlations by lambda = sum of their sampling variances / sum of their squares (Schaefer, Strimmer
 * 2005, SAGMB 4:32, table 1, target D; about 0 as Wickramasuriya et al. take them). */
static double shrink(struct arena *a, size_t n, size_t t, const double *error, double *w)
{
    struct num_sum variances = {0, 0}, squares = {0, 0};
    double periods = (double)t, *column = arena_array(a, n * t + 1, sizeof *column);
    for (size_t i = 0; i < n; i++) /* by series, standardised */
        for (size_t k = 0; k < t; k++)
            column[i * t + k] = error[k * n + i] / sqrt(w[i * n + i]);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double sum = 0, square = 0;
            for (size_t k = 0; k < t; k++) {
                double x = column[i * t + k] * column[j * t + k];
                sum += x;
                square += x * x;
            }
            num_add(&variances, (square - sum * sum / periods) / (periods * (periods - 1)));
            num_add(&squares, sum / periods * (sum / periods));
            w[i * n + j] = sum / periods;
        }
    double lambda = num_total(squares) > 0 ? num_total(variances) / num_total(squares) : 1;
    lambda = fmin(fmax(lambda, 0), 1);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            w[i * n + j] = w[j * n + i] =
                (1 - lambda) * w[i * n + j] * sqrt(w[i * n + i]) * sqrt(w[j * n + j]);
    return lambda;
}

static enum stat_reason weigh(struct arena *a, struct problem *p)
{
    const struct reconcile_options *o = p->o;
    size_t n = p->s->n, t = o->n_past, least = o->min_past ? o->min_past : 40;
    bool past = o->method == RECONCILE_VARIANCE || o->method == RECONCILE_MINT;
    p->variance = arena_array(a, n + 1, sizeof *p->variance);
    p->out->lambda = NAN;
    if (past && (t < 2 || (o->method == RECONCILE_MINT && t < least)))
        return STAT_REASON_FEW_PERIODS;
    for (size_t i = 0; i < n; i++) {
        p->variance[i] =
            o->method == RECONCILE_STRUCTURAL ? (double)(p->s->start[i + 1] - p->s->start[i]) : 1;
        if (!past)
            continue;
        struct num_sum square = {0, 0};
        for (size_t k = 0; k < t; k++)
            num_add(&square, o->error[k * n + i] * o->error[k * n + i]);
        p->variance[i] = num_total(square) / (double)t;
        if (!isfinite(p->variance[i]))
            return STAT_REASON_INVALID;
        if (!(p->variance[i] > 0)) /* never wrong so far: nothing says how far it may be */
            return STAT_REASON_SINGULAR;
    }
    if (o->method == RECONCILE_MINT) {
        p->covariance = arena_array(a, n * n, sizeof *p->covariance);
        for (size_t i = 0; i < n; i++)
            p->covariance[i * n + i] = p->variance[i];
        p->out->lambda = shrink(a, n, t, o->error, p->covariance);
    }
    return STAT_REASON_NONE;
}

/* --- projection ------------------------------------------------------------------------------- */

static double w_at(const struct problem *p, uint32_t i, uint32_t j)
{
    return p->covariance ? p->covariance[i * p->s->n + j] : i == j ? p->variance[i] : 0;
}

/* Element j of W times constraint c: below n_sums a sum less its parts, behind them zero[c -
 * n_sums] itself. */
static double w_constraint(const struct problem *p, uint32_t j, size_t c, const uint32_t *zero)
{
    const struct reconcile_structure *s = p->s;
    if (c >= p->n_sums)
        return w_at(p, j, zero[c - p->n_sums]);
    uint32_t whole = p->sum[c];
    double v = w_at(p, j, whole);
    if (!p->covariance) { /* diagonal: j itself, if it is a part */
        if (s->bottom[j])
            for (size_t k = s->start[whole]; k < s->start[whole + 1] && s->member[k] <= j; k++)
                v -= s->member[k] == j ? p->variance[j] : 0;
        return v;
    }
    for (size_t k = s->start[whole]; k < s->start[whole + 1]; k++)
        v -= w_at(p, j, s->member[k]);
    return v;
}

/* Constraint c applied to a vector with the given stride. */
static double constrain(const struct problem *p, size_t c, const uint32_t *zero, const double *y,
                        size_t stride)
{
    const struct reconcile_structure *s = p->s;
    if (c >= p->n_sums)
        return y[zero[c - p->n_sums] * stride];
    struct num_sum v = {y[p->sum[c] * stride], 0};
    for (size_t k = s->start[p->sum[c]]; k < s->start[p->sum[c] + 1]; k++)
        num_add(&v, -y[s->member[k] * stride]);
    return num_total(v);
}

/* The Cholesky factor of C W C' with n_zero zeros; false: singular. column[n] is scratch. */
static bool factorise(const struct problem *p, const uint32_t *zero, size_t n_zero, double *m, double *column)
{
    size_t k = p->n_sums + n_zero, n = p->s->n;
    for (size_t c = 0; c < k; c++) {
        for (size_t j = 0; j < n; j++)
            column[j] = w_constraint(p, (uint32_t)j, c, zero);
        for (size_t d = 0; d < k; d++)
            m[d * k + c] = constrain(p, d, zero, column, 1);
    }
    for (size_t c = 0; c < k; c++) /* symmetric to the last digit */
        for (size_t d = 0; d < c; d++)
            m[d * k + c] = m[c * k + d];
    return mat_cholesky(m, k);
}

/* out = y - W C' nu, nu = (C W C')^-1 C y. The parts of W C' nu are gathered by series. */
static void project(const struct problem *p, const double *factor, const uint32_t *zero, size_t n_zero,
                    const double *y, size_t stride, double *nu, double *combined, double *out)
{
    const struct reconcile_structure *s = p->s;
    size_t k = p->n_sums + n_zero, n = s->n;
    for (size_t c = 0; c < k; c++)
        nu[c] = constrain(p, c, zero, y, stride);
    mat_cholesky_solve(factor, k, nu, false);
    memset(combined, 0, n * sizeof *combined); /* C' nu */
    for (size_t c = 0; c < p->n_sums; c++) {
        combined[p->sum[c]] += nu[c];
        for (size_t j = s->start[p->sum[c]]; j < s->start[p->sum[c] + 1]; j++)
            combined[s->member[j]] -= nu[c];
    }
    for (size_t c = 0; c < n_zero; c++)
        combined[zero[c]] += nu[p->n_sums + c];
    for (size_t i = 0; i < n; i++) {
        double shift = 0;
        if (!p->covariance)
            shift = p->variance[i] * combined[i];
        else
            for (size_t j = 0; j < n; j++)
                shift += p->covariance[i * n + j] * combined[j];
        out[i] = y[i * stride] - shift;
    }
}

/* Sums by adding up, so that they add up to the last digit. */
static void add_up(const struct reconcile_structure *s, const double *bottom, double *out, size_t stride)
{
    for (size_t i = 0; i < s->n; i++) {
        struct num_sum v = {0, 0};
        for (size_t k = s->start[i]; k < s->start[i + 1]; k++)
            num_add(&v, bottom[s->member[k]]);
        out[i * stride] = num_total(v);
    }
}

/* --- not below 0 ------------------------------------------------------------------------------ */

/* Block principal pivoting (Judice, Pires 1994; Wickramasuriya et al. 2020, section 3): swap all that violate
 * their sign between "at 0" and "free"; when their number stops falling, only the last of them, which cannot
 * cycle. value[n] becomes the solution. */
static enum stat_reason pivot(struct arena *a, const struct problem *p, const double *y, size_t stride,
                              double *value, size_t *at_zero)
{
    const struct reconcile_structure *s = p->s;
    size_t n = s->n, most = p->n_sums + s->n_bottom, fewest = n + 1, patience = 10, n_zero = 0;
    double *m = arena_array(a, most * most + 1, sizeof *m), *nu = arena_array(a, most + 1, sizeof *nu);
    double *column = arena_array(a, n + 1, sizeof *column), scale = 0;
    uint32_t *zero = arena_array(a, s->n_bottom + 1, sizeof *zero), *bad = arena_array(a, n + 1, sizeof *bad);
    bool *held = arena_array(a, n + 1, sizeof *held);
    for (size_t i = 0; i < n; i++)
        scale = fmax(scale, fabs(y[i * stride]));
    for (size_t round = 0; round < 100 * n + 100; round++) {
        n_zero = 0;
        for (size_t i = 0; i < n; i++)
            if (held[i])
                zero[n_zero++] = (uint32_t)i;
        if (!factorise(p, zero, n_zero, m, column))
            return STAT_REASON_SINGULAR;
        project(p, m, zero, n_zero, y, stride, nu, column, value);
        size_t n_bad = 0, z = 0;
        for (size_t i = 0; i < n; i++) {
            if (!s->bottom[i])
                continue;
            bool wrong = value[i] < -1e-12 * scale;
            if (held[i]) /* its pull: positive, it would rather rise */
                wrong = -nu[p->n_sums + z++] * p->variance[i] < -1e-12 * scale;
            if (wrong)
                bad[n_bad++] = (uint32_t)i;
        }
        if (n_bad == 0) {
            for (size_t i = 0; i < n; i++)
                value[i] = held[i] ? 0 : fmax(value[i], 0);
            *at_zero = n_zero;
            return STAT_REASON_NONE;
        }
        bool all = n_bad < fewest || patience > 0;
        patience = n_bad < fewest ? 10 : patience - (patience > 0);
        fewest = n_bad < fewest ? n_bad : fewest;
        for (size_t k = all ? 0 : n_bad - 1; k < n_bad; k++)
            held[bad[k]] = !held[bad[k]];
    }
    return STAT_REASON_NOT_CONVERGED;
}

/* --- all together ----------------------------------------------------------------------------- */

static void reconcile_column(void *arg, size_t h, unsigned thread)
{
    (void)thread;
    struct problem *p = arg;
    const struct reconcile_structure *s = p->s;
    struct arena *a = arena_new((size_t)1 << 40);
    const double *y = p->base + h;
    double *value = arena_array(a, s->n + 1, sizeof *value);
    bool below = false;
    if (p->o->method == RECONCILE_BOTTOM_UP) {
        for (size_t i = 0; i < s->n; i++) {
            bool cut = s->bottom[i] && p->o->non_negative && y[i * p->h] < 0;
            value[i] = cut ? 0 : y[i * p->h];
            p->at_zero[h] += cut;
        }
    } else {
        double *nu = arena_array(a, p->n_sums + 1, sizeof *nu),
               *combined = arena_array(a, s->n + 1, sizeof *combined);
        project(p, p->factor, NULL, 0, y, p->h, nu, combined, value);
        for (size_t i = 0; i < s->n; i++)
            below |= s->bottom[i] && value[i] < 0;
        if (below && p->o->non_negative)
            p->why[h] = pivot(a, p, y, p->h, value, &p->at_zero[h]);
    }
    add_up(s, value, p->out->value + h, p->h);
    arena_free(a);
}

/* Diagonal of W - W C'(C W C')^-1 C W. */
static void standard_errors(struct arena *a, struct problem *p)
{
    size_t n = p->s->n;
    double *v = arena_array(a, p->n_sums + 1, sizeof *v);
    p->out->se = arena_array(a, n + 1, sizeof(double));
    for (size_t i = 0; i < n; i++) {
        double explained = 0;
        for (size_t c = 0; c < p->n_sums; c++)
            v[c] = w_constraint(p, (uint32_t)i, c, NULL);
        mat_cholesky_solve(p->factor, p->n_sums, v, true);
        for (size_t c = 0; c < p->n_sums; c++)
            explained += v[c] * v[c];
        p->out->se[i] = sqrt(fmax(p->variance[i] - explained, 0));
    }
}

struct reconcile_result reconcile(struct arena *a, const struct stat_run *run,
                                  const struct reconcile_structure *s, size_t h, const double *base,
                                  const struct reconcile_options *o)
{
    struct reconcile_result out = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID, .lambda = NAN};
    struct problem p = {.s = s, .o = o, .h = h, .base = base, .out = &out};
    for (size_t i = 0; i < s->n * h; i++)
        if (!isfinite(base[i]))
            return out;
    out.reason = weigh(a, &p);
    if (out.reason != STAT_REASON_NONE)
        return out;
    p.sum = arena_array(a, s->n + 1, sizeof *p.sum);
    for (size_t i = 0; i < s->n; i++)
        if (!s->bottom[i])
            p.sum[p.n_sums++] = (uint32_t)i;
    p.factor = arena_array(a, p.n_sums * p.n_sums + 1, sizeof *p.factor);
    p.at_zero = arena_array(a, h + 1, sizeof *p.at_zero);
    p.why = arena_array(a, h + 1, sizeof *p.why);
    out.reason = STAT_REASON_SINGULAR;
    if (!factorise(&p, NULL, 0, p.factor, arena_array(a, s->n + 1, sizeof(double))))
        return out;
    out.value = arena_array(a, s->n * h + 1, sizeof(double));
    out.reason = STAT_REASON_STOPPED;
    bool done = stat_parallel(run, h, reconcile_column, &p);
    for (size_t k = 0; k < h && done; k++) {
        out.at_zero += p.at_zero[k];
        if (p.why[k] != STAT_REASON_NONE) {
            out.reason = p.why[k];
            done = false;
        }
    }
    if (!done) {
        out.value = NULL;
        return out;
    }
    if (o->method == RECONCILE_VARIANCE || o->method == RECONCILE_MINT)
        standard_errors(a, &p);
    out.status = STAT_OK;
    out.reason = STAT_REASON_NONE;
    return out;
}
