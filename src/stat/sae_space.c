/* sae_space.c - the likelihood of the spatio-temporal small-area model and its maximum. */
#include "stat/sae_space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/mat.h"
#include "stat/num.h"
#include "stat/sae_space_inner.h"

static const double RHO_MAX = 0.999;
enum { CREEP = 12, MOST_ITERATIONS = 100 };

void sae_space_init(struct arena *a, struct space *s, const struct sae_space_model *model)
{
    size_t m = model->areas, t = model->periods, n = m * t, p = model->p;
    *s = (struct space){.model = model, .m = m, .t = t, .n = n, .p = p, .y = model->y};
    s->used[SAE_SIGMA1] = true;
    s->used[SAE_RHO1] = model->w != NULL;
    s->used[SAE_SIGMA2] = model->time_effects;
    s->used[SAE_RHO2] = model->time_effects && model->autoregressive;
    double **square[] = {&s->sum_w, &s->cross_w, &s->c_inv, &s->d_rho, &s->h, &s->work_mm[0],
                         &s->work_mm[1], &s->work_mm[2]};
    for (size_t k = 0; k < sizeof square / sizeof *square; k++)
        *square[k] = arena_array(a, m * m + 1, sizeof(double));
    for (size_t i = 0; i < m && model->w; i++)
        for (size_t k = model->w->start[i]; k < model->w->start[i + 1]; k++) {
            size_t j = model->w->to[k];
            s->sum_w[i * m + j] += model->w->weight[k];
            s->sum_w[j * m + i] += model->w->weight[k];
            for (size_t l = model->w->start[i]; l < model->w->start[i + 1]; l++)
                s->cross_w[j * m + model->w->to[l]] += model->w->weight[k] * model->w->weight[l];
        }
    s->omega = arena_array(a, t * t + 1, sizeof(double));
    s->d_omega = arena_array(a, t * t + 1, sizeof(double));
    s->b_inv = arena_array(a, n * t + 1, sizeof(double));
    s->bz = arena_array(a, n + 1, sizeof(double));
    s->g = arena_array(a, m + 1, sizeof(double));
    s->vx = arena_array(a, n * p + 1, sizeof(double));
    s->q = arena_array(a, p * p + 1, sizeof(double));
    s->beta = arena_array(a, p + 1, sizeof(double));
    s->vr = arena_array(a, n + 1, sizeof(double));
    s->work_n = arena_array(a, 2 * n + 1, sizeof(double));
    s->work_m = arena_array(a, 2 * m + t * t + 1, sizeof(double));
    for (int k = 0; k < SAE_SPACE_PARAMETERS; k++)
        s->vk[k] = arena_array(a, n * p + 1, sizeof(double));
    for (size_t i = 0; i < n; i++)
        s->observed += isfinite(model->variance[i]);
}

/* --- one evaluation ------------------------------------------------------------------------------ */

static void autoregression(struct space *s)
{
    double r = s->theta[SAE_RHO2], u = 1 / (1 - r * r), du = 2 * r * u * u;
    for (size_t i = 0; i < s->t; i++)
        for (size_t j = 0; j < s->t; j++) {
            double k = fabs((double)i - (double)j);
            s->omega[i * s->t + j] = pow(r, k) * u;
            s->d_omega[i * s->t + j] =
                s->theta[SAE_SIGMA2] * ((k > 0 ? k * pow(r, k - 1) * u : 0) + pow(r, k) * du);
        }
}

/* B^-1 of the area, spread over rows without data by 0; its log determinant added. */
static bool invert_block(struct space *s, size_t d)
{
    size_t t = s->t, c = 0, at[256];
    double *block = s->work_m + 2 * s->m, *out = s->b_inv + d * t * t;
    const double *variance = s->model->variance + d * t;
    for (size_t i = 0; i < t; i++)
        if (isfinite(variance[i]))
            at[c++] = i;
    for (size_t i = 0; i < c; i++)
        for (size_t j = 0; j < c; j++)
            block[i * c + j] =
                s->theta[SAE_SIGMA2] * s->omega[at[i] * t + at[j]] + (i == j ? variance[at[i]] : 0);
    if (!mat_cholesky(block, c))
        return false;
    s->log_v += mat_cholesky_logdet(block, c);
    mat_cholesky_invert(block, c);
    memset(out, 0, t * t * sizeof *out);
    for (size_t i = 0; i < c; i++)
        for (size_t j = 0; j < c; j++)
            out[at[i] * t + at[j]] = block[i * c + j];
    s->g[d] = 0;
    for (size_t i = 0; i < t; i++) {
        double sum = 0;
        for (size_t j = 0; j < t; j++)
            sum += out[i * t + j];
        s->bz[d * t + i] = sum;
        s->g[d] += sum;
    }
    return true;
}

/* C^-1 and H, with log |I + U G| added. */
static bool evaluate_areas(struct space *s)
{
    size_t m = s->m;
    double rho = s->theta[SAE_RHO1], sigma = s->theta[SAE_SIGMA1];
    for (size_t i = 0; i < m * m; i++)
        s->c_inv[i] = s->h[i] = rho * rho * s->cross_w[i] - rho * s->sum_w[i] + (i % (m + 1) == 0);
    for (size_t i = 0; i < m; i++)
        s->h[i * m + i] += sigma * s->g[i];
    if (!mat_cholesky(s->c_inv, m) || !mat_cholesky(s->h, m))
        return false;
    s->log_v += mat_cholesky_logdet(s->h, m) - mat_cholesky_logdet(s->c_inv, m);
    mat_cholesky_invert(s->c_inv, m);
    mat_cholesky_invert(s->h, m);
    for (size_t i = 0; i < m * m; i++)
        s->h[i] *= sigma;
    return true;
}

/* dU/drho1 = -sigma1 C^-1 C_rho C^-1; only the score needs it. */
static void differentiate_areas(struct space *s)
{
    size_t m = s->m;
    double *dc = s->work_mm[0], *half = s->work_mm[1];
    for (size_t i = 0; i < m * m; i++)
        dc[i] = -s->theta[SAE_SIGMA1] * (2 * s->theta[SAE_RHO1] * s->cross_w[i] - s->sum_w[i]);
    mat_multiply(m, m, m, s->c_inv, dc, half);
    mat_multiply(m, m, m, half, s->c_inv, s->d_rho);
}

void sae_space_solve(struct space *s, const double *in, double *out)
{
    size_t t = s->t;
    double *sum = s->work_m, *pull = s->work_m + s->m;
    for (size_t d = 0; d < s->m; d++) {
        sum[d] = 0;
        for (size_t i = 0; i < t; i++) {
            double v = 0;
            for (size_t j = 0; j < t; j++)
                v += s->b_inv[(d * t + i) * t + j] * in[d * t + j];
            out[d * t + i] = v;
            sum[d] += v;
        }
    }
    mat_apply(s->m, s->m, s->h, sum, pull);
    for (size_t d = 0; d < s->m; d++)
        for (size_t i = 0; i < t; i++)
            out[d * t + i] -= s->bz[d * t + i] * pull[d];
}

void sae_space_derivative(struct space *s, enum sae_space_parameter k, const double *in, double *out)
{
    size_t t = s->t;
    if (k == SAE_SIGMA2 || k == SAE_RHO2) {
        const double *f = k == SAE_SIGMA2 ? s->omega : s->d_omega;
        for (size_t d = 0; d < s->m; d++)
            for (size_t i = 0; i < t; i++) {
                out[d * t + i] = 0;
                for (size_t j = 0; j < t; j++)
                    out[d * t + i] += f[i * t + j] * in[d * t + j];
            }
        return;
    }
    double *sum = s->work_m, *pull = s->work_m + s->m;
    for (size_t d = 0; d < s->m; d++) {
        sum[d] = 0;
        for (size_t i = 0; i < t; i++)
            sum[d] += in[d * t + i];
    }
    mat_apply(s->m, s->m, k == SAE_SIGMA1 ? s->c_inv : s->d_rho, sum, pull);
    for (size_t d = 0; d < s->m; d++)
        for (size_t i = 0; i < t; i++)
            out[d * t + i] = pull[d];
}

/* beta and what follows from it. */
static bool evaluate_beta(struct space *s)
{
    size_t n = s->n, p = s->p;
    const double *x = s->model->x;
    double *in = s->work_n, *out = s->work_n + n;
    for (size_t j = 0; j < p; j++) {
        for (size_t i = 0; i < n; i++)
            in[i] = x[i * p + j];
        sae_space_solve(s, in, out);
        for (size_t i = 0; i < n; i++)
            s->vx[i * p + j] = out[i];
    }
    mat_multiply_left_t(p, n, p, x, s->vx, s->q);
    if (!mat_cholesky(s->q, p))
        return false;
    s->log_xvx = mat_cholesky_logdet(s->q, p);
    mat_cholesky_invert(s->q, p);
    for (size_t i = 0; i < n; i++)
        in[i] = isfinite(s->model->variance[i]) ? s->y[i] : 0;
    double *right = s->vk[0]; /* is free until the score */
    mat_apply_t(n, p, s->vx, in, right);
    mat_apply(p, p, s->q, right, s->beta);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < p && isfinite(s->model->variance[i]); j++)
            in[i] -= x[i * p + j] * s->beta[j];
    sae_space_solve(s, in, s->vr);
    struct num_sum sum = {0, 0};
    for (size_t i = 0; i < n; i++)
        num_add(&sum, in[i] * s->vr[i]);
    s->quadratic = num_total(sum);
    return isfinite(s->quadratic) && isfinite(s->log_v);
}

bool sae_space_evaluate(struct space *s)
{
    s->log_v = 0;
    if (s->model->time_effects)
        autoregression(s);
    for (size_t d = 0; d < s->m; d++)
        if (!invert_block(s, d))
            return false;
    return evaluate_areas(s) && evaluate_beta(s);
}

double sae_space_objective(const struct space *s)
{
    return -0.5 * (s->log_v + s->quadratic + (s->model->ml ? 0 : s->log_xvx));
}

/* --- score and information ------------------------------------------------------------------------- */

/* What the traces need of the time parameter k, a figure for each area: tr B^-1 F, z'B^-1 F B^-1 z; and
 * with another, l: tr B^-1 F_k B^-1 F_l, z'B^-1 F_k B^-1 F_l B^-1 z. */
static void block_traces(struct space *s, size_t k, size_t l, size_t d, double *trace, double *pull,
                         double *trace2, double *pull2)
{
    size_t t = s->t;
    const double *f = k == SAE_SIGMA2 ? s->omega : s->d_omega, *e = l == SAE_SIGMA2 ? s->omega : s->d_omega;
    const double *b = s->b_inv + d * t * t, *z = s->bz + d * t;
    *trace = *pull = *trace2 = *pull2 = 0;
    for (size_t i = 0; i < t; i++)
        for (size_t j = 0; j < t; j++) {
            double bf = 0, be = 0, zf = 0, ez = 0;
            for (size_t h = 0; h < t; h++) {
                bf += b[i * t + h] * f[h * t + j];
                be += b[j * t + h] * e[h * t + i];
                zf += z[h] * f[h * t + i];
                ez += e[j * t + h] * z[h];
            }
            *trace += i == j ? bf : 0;
            *pull += z[i] * f[i * t + j] * z[j];
            *trace2 += bf * be;
            *pull2 += zf * b[i * t + j] * ez;
        }
}

/* tr V^-1 V_k, and tr V^-1 V_k V^-1 V_l for l <= k. */
static void traces(struct space *s, double *one, double *two)
{
    size_t m = s->m, P = SAE_SPACE_PARAMETERS;
    double *product[2] = {s->work_mm[0], s->work_mm[1]}, *share = s->work_mm[2];
    memset(one, 0, P * sizeof *one);
    memset(two, 0, P * P * sizeof *two);
    for (size_t i = 0; i < m; i++) /* Z'V^-1 Z */
        for (size_t j = 0; j < m; j++)
            share[i * m + j] = (i == j ? s->g[i] : 0) - s->g[i] * s->h[i * m + j] * s->g[j];
    for (size_t k = SAE_SIGMA1; k <= SAE_RHO1; k++) {
        if (!s->used[k])
            continue;
        mat_multiply(m, m, m, share, k == SAE_SIGMA1 ? s->c_inv : s->d_rho, product[k]);
        for (size_t i = 0; i < m; i++)
            one[k] += product[k][i * m + i];
        for (size_t l = SAE_SIGMA1; l <= k; l++)
            for (size_t i = 0; i < m; i++)
                for (size_t j = 0; j < m && s->used[l]; j++)
                    two[k * P + l] += product[k][i * m + j] * product[l][j * m + i];
    }
    double trace, pull, trace2, pull2, *a[2] = {s->work_n, s->work_n + m};
    for (size_t k = SAE_SIGMA2; k <= SAE_RHO2; k++) {
        if (!s->used[k])
            continue;
        for (size_t l = SAE_SIGMA2; l <= k; l++)
            for (size_t d = 0; d < m; d++) {
                block_traces(s, k, l, d, &trace, &pull, &trace2, &pull2);
                a[k - SAE_SIGMA2][d] = pull;
                one[k] += l == k ? trace - s->h[d * m + d] * pull : 0;
                two[k * P + l] += trace2 - 2 * s->h[d * m + d] * pull2;
            }
        for (size_t l = SAE_SIGMA2; l <= k; l++)
            for (size_t d = 0; d < m; d++)
                for (size_t e = 0; e < m; e++)
                    two[k * P + l] += s->h[d * m + e] * s->h[d * m + e] * a[k - SAE_SIGMA2][d] *
                                      a[l - SAE_SIGMA2][e];
        /* tr E_l K' a K with K = I - H G = G^-1 Z'V^-1 Z; an area without data has a = 0 */
        for (size_t l = SAE_SIGMA1; l <= SAE_RHO1; l++)
            for (size_t d = 0; d < m && s->used[l]; d++) {
                double kek = 0;
                for (size_t e = 0; e < m && s->g[d] > 0; e++)
                    kek += product[l][d * m + e] * share[e * m + d];
                two[k * P + l] += s->g[d] > 0 ? a[k - SAE_SIGMA2][d] * kek / (s->g[d] * s->g[d]) : 0;
            }
    }
}

/* J_k = X'V^-1 V_k V^-1 X into j[k], V_k V^-1 X into s->vk. */
static void bends(struct space *s, double *j[])
{
    size_t n = s->n, p = s->p;
    double *in = s->work_n, *out = s->work_n + n;
    for (size_t k = 0; k < SAE_SPACE_PARAMETERS; k++) {
        if (!s->used[k])
            continue;
        for (size_t c = 0; c < p; c++) {
            for (size_t i = 0; i < n; i++)
                in[i] = s->vx[i * p + c];
            sae_space_derivative(s, (enum sae_space_parameter)k, in, out);
            for (size_t i = 0; i < n; i++)
                s->vk[k][i * p + c] = out[i];
        }
        mat_multiply_left_t(p, n, p, s->vx, s->vk[k], j[k]);
    }
}

static double trace_of_product(size_t p, const double *a, const double *b)
{
    double s = 0;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            s += a[i * p + j] * b[j * p + i];
    return s;
}

/* What REML's information takes off tr V^-1 V_k V^-1 V_l: 2 tr Q N_k'V^-1 N_l - tr Q J_k Q J_l. */
static double bent(struct space *s, size_t k, size_t l, double *const qj[], double *pp)
{
    size_t n = s->n, p = s->p;
    double *in = s->work_n, *out = s->work_n + n, sum = 0;
    for (size_t c = 0; c < p; c++) {
        for (size_t i = 0; i < n; i++)
            in[i] = s->vk[l][i * p + c];
        sae_space_solve(s, in, out);
        for (size_t r = 0; r < p; r++) {
            pp[r * p + c] = 0;
            for (size_t i = 0; i < n; i++)
                pp[r * p + c] += s->vk[k][i * p + r] * out[i];
        }
    }
    sum = 2 * trace_of_product(p, s->q, pp);
    return sum - trace_of_product(p, qj[k], qj[l]);
}

void sae_space_score(struct space *s, bool residual_info)
{
    size_t P = SAE_SPACE_PARAMETERS, p = s->p;
    double one[SAE_SPACE_PARAMETERS], two[SAE_SPACE_PARAMETERS * SAE_SPACE_PARAMETERS];
    struct arena *a = arena_new(0);
    double *j[SAE_SPACE_PARAMETERS], *qj[SAE_SPACE_PARAMETERS], *pp = arena_array(a, p * p + 1, sizeof *pp);
    for (size_t k = 0; k < P; k++) {
        j[k] = arena_array(a, p * p + 1, sizeof(double));
        qj[k] = arena_array(a, p * p + 1, sizeof(double));
    }
    if (s->used[SAE_RHO1])
        differentiate_areas(s);
    traces(s, one, two);
    bends(s, j);
    memset(s->info, 0, sizeof s->info);
    for (size_t k = 0; k < P; k++) {
        s->score[k] = s->bend[k] = 0;
        if (!s->used[k])
            continue;
        mat_multiply(p, p, p, s->q, j[k], qj[k]);
        for (size_t i = 0; i < p; i++)
            s->bend[k] += qj[k][i * p + i];
        struct num_sum quad = {0, 0};
        sae_space_derivative(s, (enum sae_space_parameter)k, s->vr, s->work_n);
        for (size_t i = 0; i < s->n; i++)
            num_add(&quad, s->vr[i] * s->work_n[i]);
        s->score[k] = 0.5 * num_total(quad) - 0.5 * (one[k] - (s->model->ml ? 0 : s->bend[k]));
        for (size_t l = 0; l <= k; l++)
            if (s->used[l])
                s->info[k * P + l] = s->info[l * P + k] =
                    0.5 * (two[k * P + l] - (residual_info ? bent(s, k, l, qj, pp) : 0));
    }
    arena_free(a);
}

/* --- the maximum -------------------------------------------------------------------------------------- */

static double clamp(size_t k, double v)
{
    if (k == SAE_SIGMA1 || k == SAE_SIGMA2)
        return fmax(v, 0);
    return fmin(fmax(v, -RHO_MAX), RHO_MAX);
}

/* May the parameter move: not held at its border, and a correlation only where there is something to
 * be correlated. */
static bool is_free(const struct space *s, size_t k)
{
    if (!s->used[k] || !(s->info[k * SAE_SPACE_PARAMETERS + k] > 0))
        return false;
    if (k == SAE_SIGMA1 || k == SAE_SIGMA2)
        return s->theta[k] > 0 || s->score[k] > 0;
    return fabs(s->theta[k]) < RHO_MAX || s->score[k] * s->theta[k] < 0;
}

/* The scoring step over the free parameters; what it promises to win, NaN: no step. */
static double scoring_step(const struct space *s, double *step)
{
    size_t P = SAE_SPACE_PARAMETERS, at[SAE_SPACE_PARAMETERS], c = 0;
    double info[SAE_SPACE_PARAMETERS * SAE_SPACE_PARAMETERS], b[SAE_SPACE_PARAMETERS], win = 0;
    memset(step, 0, P * sizeof *step);
    for (size_t k = 0; k < P; k++)
        if (is_free(s, k))
            at[c++] = k;
    for (size_t i = 0; i < c; i++) {
        b[i] = s->score[at[i]];
        for (size_t j = 0; j < c; j++)
            info[i * c + j] = s->info[at[i] * P + at[j]];
    }
    if (!mat_cholesky(info, c))
        return NAN;
    mat_cholesky_solve(info, c, b, false);
    for (size_t i = 0; i < c; i++) {
        step[at[i]] = b[i];
        win += b[i] * s->score[at[i]];
    }
    return win;
}

/* Where scoring creeps (a correlation near 1): the observed information in place of the expected one, by
 * differences of the score; false, and as it was, where that is not positive definite. */
static bool observe(struct space *s)
{
    enum { P = SAE_SPACE_PARAMETERS };
    double expected[P * P], score[P], up[P], seen[P * P] = {0}, theta[P];
    memcpy(expected, s->info, sizeof expected);
    memcpy(score, s->score, sizeof score);
    memcpy(theta, s->theta, sizeof theta);
    bool good = true;
    for (size_t k = 0; k < P && good; k++) {
        if (!s->used[k])
            continue;
        bool rho = k == SAE_RHO1 || k == SAE_RHO2;
        double h = 1e-5 * (rho ? 1 - fabs(theta[k]) : theta[k]);
        good = h > 0;
        for (int side = 1; side >= -1 && good; side -= 2) {
            s->theta[k] = theta[k] + side * h;
            good = sae_space_evaluate(s);
            sae_space_score(s, !s->model->ml);
            for (size_t l = 0; l < P; l++)
                if (side > 0)
                    up[l] = s->score[l];
                else
                    seen[k * P + l] = (s->score[l] - up[l]) / (2 * h);
        }
        s->theta[k] = theta[k];
    }
    memcpy(s->score, score, sizeof score);
    double small[P * P];
    size_t c = 0, at[P];
    for (size_t k = 0; k < P; k++)
        if (s->used[k])
            at[c++] = k;
    for (size_t i = 0; i < c; i++)
        for (size_t j = 0; j < c; j++)
            small[i * c + j] = (seen[at[i] * P + at[j]] + seen[at[j] * P + at[i]]) / 2;
    good = good && sae_space_evaluate(s);
    memcpy(s->info, expected, sizeof expected);
    for (size_t i = 0; i < c && good; i++)
        for (size_t j = 0; j < c; j++)
            seen[at[i] * P + at[j]] = small[i * c + j];
    good = good && mat_cholesky(small, c);
    if (good)
        memcpy(s->info, seen, sizeof seen);
    return good;
}

/* A correlation that runs to its border drags its variance towards 0 along a narrow ridge, where steps get
 * ever shorter. Puts it on the border at once, with what it shares with the variance kept: of periods
 * sigma2/(1 - rho2^2), of areas sigma1/(1 - |rho1|)^2. Undone where that is a loss worth the name, or does
 * not last. */
static bool settle_border(struct space *s, double at)
{
    static const size_t PAIR[2][2] = {{SAE_SIGMA1, SAE_RHO1}, {SAE_SIGMA2, SAE_RHO2}};
    double from[SAE_SPACE_PARAMETERS];
    bool moved = false, stays = true;
    memcpy(from, s->theta, sizeof from);
    for (size_t i = 0; i < 2; i++) {
        size_t v = PAIR[i][0], r = PAIR[i][1];
        double rho = fabs(s->theta[r]);
        if (!s->used[r] || rho < 0.98 || rho >= RHO_MAX || s->score[r] * s->theta[r] <= 0)
            continue;
        double one = (1 - RHO_MAX) / (1 - rho), two = (1 - RHO_MAX * RHO_MAX) / (1 - rho * rho);
        s->theta[v] *= r == SAE_RHO1 ? one * one : two;
        s->theta[r] = s->theta[r] > 0 ? RHO_MAX : -RHO_MAX;
        moved = true;
    }
    if (!moved)
        return false;
    stays = sae_space_evaluate(s) && sae_space_objective(s) > at - 0.01;
    if (stays)
        sae_space_score(s, !s->model->ml);
    for (size_t i = 0; i < 2; i++) /* the likelihood would have it back inside */
        if (s->theta[PAIR[i][1]] != from[PAIR[i][1]] && s->score[PAIR[i][1]] * s->theta[PAIR[i][1]] < 0)
            stays = false;
    if (!stays) {
        memcpy(s->theta, from, sizeof from);
        sae_space_evaluate(s);
        sae_space_score(s, !s->model->ml);
    }
    return stays;
}

int sae_space_climb(struct space *s)
{
    size_t P = SAE_SPACE_PARAMETERS;
    double step[SAE_SPACE_PARAMETERS], from[SAE_SPACE_PARAMETERS];
    if (!sae_space_evaluate(s))
        return 0;
    for (int iteration = 1; iteration <= MOST_ITERATIONS; iteration++) {
        if (!stat_go_on(s->run, (size_t)iteration, MOST_ITERATIONS))
            s->stopped = true;
        if (s->stopped)
            return 0;
        double at = sae_space_objective(s), scale = 1;
        sae_space_score(s, !s->model->ml);
        if (iteration >= CREEP && (iteration - CREEP) % 10 == 0 && settle_border(s, at))
            continue;
        bool newton = iteration > CREEP && observe(s);
        double win = scoring_step(s, step);
        if (!isfinite(win))
            return 0;
        if (win < 1e-17)
            return iteration;
        memcpy(from, s->theta, sizeof from);
        bool better = false;
        int halvings = 0;
        for (; halvings < 40 && !better; halvings++, scale /= 2) {
            for (size_t k = 0; k < P; k++)
                s->theta[k] = s->used[k] ? clamp(k, from[k] + scale * step[k]) : s->theta[k];
            better = sae_space_evaluate(s) &&
                     (sae_space_objective(s) > at || (win < 1e-9 && sae_space_objective(s) > at - 1e-10));
        }
        if (better && newton && win < 1e-10 && halvings == 1)
            return iteration; /* Newton's next step would be its square */
        if (!better) {
            memcpy(s->theta, from, sizeof from);
            return sae_space_evaluate(s) && win < 1e-7 ? iteration : 0;
        }
    }
    return 0;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double typical_variance(struct arena *a, const struct space *s)
{
    double *d = arena_array(a, s->n + 1, sizeof *d);
    size_t c = 0;
    for (size_t i = 0; i < s->n; i++)
        if (isfinite(s->model->variance[i]))
            d[c++] = s->model->variance[i];
    qsort(d, c, sizeof *d, ascending);
    return d[c / 2];
}

/* Climbs from the most likely start with little and the one with much correlation of areas; keeps
 * the higher end. */
static int maximise(struct arena *a, struct space *s)
{
    static const double RHO[] = {-0.4, 0.1, 0.5, 0.85}, LATER[] = {0.1, 0.6}, SIZE[] = {0.3, 1.5};
    double d = typical_variance(a, s), best = -INFINITY, found[SAE_SPACE_PARAMETERS] = {0};
    size_t sizes = s->used[SAE_SIGMA2] ? 2 : 1, laters = s->used[SAE_RHO2] ? 2 : 1;
    int iterations = 0;
    for (size_t half = 0; half < (s->used[SAE_RHO1] ? 2 : 1); half++) {
        double start[SAE_SPACE_PARAMETERS], high = -INFINITY;
        for (size_t k = 0; k < 4 * sizes * laters; k++) {
            double try[SAE_SPACE_PARAMETERS] = {d * SIZE[k % 2],
                                                s->used[SAE_RHO1] ? RHO[2 * half + k / 2 % 2] : 0,
                                                s->used[SAE_SIGMA2] ? d * SIZE[k / 4 % sizes] : 0,
                                                s->used[SAE_RHO2] ? LATER[k / 4 / sizes] : 0};
            memcpy(s->theta, try, sizeof try);
            if (sae_space_evaluate(s) && sae_space_objective(s) > high) {
                high = sae_space_objective(s);
                memcpy(start, try, sizeof start);
            }
        }
        if (!(high > -INFINITY))
            continue;
        memcpy(s->theta, start, sizeof start);
        int took = sae_space_climb(s);
        if (took && sae_space_objective(s) > best + 1e-9) {
            best = sae_space_objective(s);
            iterations = took;
            memcpy(found, s->theta, sizeof found);
        }
    }
    memcpy(s->theta, found, sizeof found);
    return iterations && sae_space_evaluate(s) ? iterations : 0;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static enum stat_reason check(const struct sae_space_model *f)
{
    size_t observed = 0;
    if (f->areas == 0 || f->periods == 0 || f->periods > 256 || (f->time_effects && f->periods < 2) ||
        (f->w && f->w->n != f->areas))
        return STAT_REASON_INVALID;
    for (size_t i = 0; i < f->areas * f->periods; i++) {
        bool has = isfinite(f->variance[i]);
        if (!(f->variance[i] > 0) || (has && !isfinite(f->y[i])))
            return STAT_REASON_INVALID;
        for (size_t j = 0; j < f->p; j++)
            if (!isfinite(f->x[i * f->p + j]))
                return STAT_REASON_INVALID;
        observed += has;
    }
    for (size_t i = 0; i < f->areas && f->w; i++) {
        double sum = 0;
        for (size_t k = f->w->start[i]; k < f->w->start[i + 1]; k++) {
            if (!(f->w->weight[k] >= 0))
                return STAT_REASON_INVALID;
            sum += f->w->weight[k];
        }
        if (sum > 1 + 1e-9) /* I - rho W could be singular */
            return STAT_REASON_INVALID;
    }
    return observed > f->p + SAE_SPACE_PARAMETERS ? STAT_REASON_NONE : STAT_REASON_FEW_DF;
}

static void finish(struct arena *a, struct space *s, struct sae_space_fit *out)
{
    size_t parameters = s->p;
    out->log_likelihood = -0.5 * ((double)s->observed * log(2 * acos(-1)) + s->log_v + s->quadratic);
    out->beta = arena_array(a, s->p + 1, sizeof(double));
    out->beta_se = arena_array(a, s->p + 1, sizeof(double));
    for (size_t j = 0; j < s->p; j++) {
        out->beta[j] = s->beta[j];
        out->beta_se[j] = sqrt(s->q[j * s->p + j]);
    }
    for (size_t k = 0; k < SAE_SPACE_PARAMETERS; k++)
        parameters += s->used[k];
    out->aic = -2 * out->log_likelihood + 2 * (double)parameters;
    out->bic = -2 * out->log_likelihood + log((double)s->observed) * (double)parameters;
}

struct sae_space_fit sae_space(struct arena *a, const struct stat_run *run,
                               const struct sae_space_model *model, const struct sae_space_options *options)
{
    struct sae_space_fit out = {.status = STAT_REFUSED, .log_likelihood = NAN, .aic = NAN, .bic = NAN};
    struct space s;
    out.reason = check(model);
    if (out.reason)
        return out;
    sae_space_init(a, &s, model);
    s.run = run;
    out.reason = STAT_REASON_SINGULAR;
    double *x = arena_array(a, s.n * s.p + 1, sizeof *x), *y = arena_array(a, s.n + 1, sizeof *y);
    size_t rows = 0;
    for (size_t i = 0; i < s.n; i++)
        if (isfinite(model->variance[i]))
            memcpy(x + rows++ * s.p, model->x + i * s.p, s.p * sizeof *x);
    if (mat_least_squares(a, rows, s.p, x, y, NULL, 1e-10).rank < s.p)
        return out;
    out.reason = STAT_REASON_NOT_CONVERGED;
    out.iterations = maximise(a, &s);
    if (s.stopped)
        out.reason = STAT_REASON_STOPPED;
    if (!out.iterations || s.stopped)
        return out;
    if (s.theta[SAE_SIGMA1] == 0)
        s.theta[SAE_RHO1] = 0;
    if (s.theta[SAE_SIGMA2] == 0)
        s.theta[SAE_RHO2] = 0;
    if (!sae_space_evaluate(&s))
        return out;
    finish(a, &s, &out);
    out.reason = sae_space_rows(a, run, &s, options, &out);
    if (out.reason) {
        out.row = NULL;
        return out;
    }
    out.status = STAT_OK;
    return out;
}
