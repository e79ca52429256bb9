/* sae_space_mse.c - estimates of the spatio-temporal small-area model and how far they may be off.
 *
 * For a row i with target x_i' beta + w_i, c = Cov(w_i, y): b = V^-1 c,
 * g1 = Var w_i - c'b, g2 = h'Q h with h = x_i - X'b, g3 = sum I^kl (c_k - V_k b)'V^-1 (c_l - V_l b),
 * g4 = 1/2 sum I^kl (v_kl - 2 b'c_kl + b'V_kl b) (the part of the second derivative of g1 that comes from V
 * not being linear in the correlations); subscripts k, l are derivatives. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/mat.h"
#include "stat/num.h"
#include "stat/rng.h"
#include "stat/sae_space_inner.h"

static const double GAMMA_FLAG = 0.1;
static const double CORRECTION_MAX = 0.5; /* share of g1 + g2 + 2 g3 that the corrections may add or take */
enum { P = SAE_SPACE_PARAMETERS, CHUNK = 4 /* replicates of one task */ };

/* Second derivatives of V at the estimates: of areas sigma1-rho1 (d_rho/sigma1) and rho1-rho1, of
 * periods sigma2-rho2 (d_omega/sigma2) and rho2-rho2. */
struct curve {
    double *rho_rho;     /* m x m */
    double *later_later; /* t x t */
    double *inverse;     /* P x P inverse information of the parameters that count, else 0 */
    bool counts[P];
    double bias[P];      /* of the estimates of the parameters (ML) */
};

static void curve_areas(struct arena *a, struct space *s, struct curve *c)
{
    size_t m = s->m;
    double rho = s->theta[SAE_RHO1], sigma = s->theta[SAE_SIGMA1], *dc = s->work_mm[0], *half = s->work_mm[1];
    c->rho_rho = arena_array(a, m * m + 1, sizeof(double));
    for (size_t i = 0; i < m * m; i++)
        dc[i] = 2 * rho * s->cross_w[i] - s->sum_w[i];
    mat_multiply(m, m, m, s->c_inv, dc, half); /* C^-1 C_rho (C^-1 C_rho C^-1), the last as -d_rho/sigma */
    mat_multiply(m, m, m, half, s->d_rho, c->rho_rho);
    mat_multiply(m, m, m, s->c_inv, s->cross_w, half);
    mat_multiply(m, m, m, half, s->c_inv, dc);
    for (size_t i = 0; i < m * m; i++)
        c->rho_rho[i] = -2 * c->rho_rho[i] - 2 * sigma * dc[i];
}

static void curve_periods(struct arena *a, struct space *s, struct curve *c)
{
    double r = s->theta[SAE_RHO2], u = 1 / (1 - r * r), du = 2 * r * u * u,
           ddu = 2 * u * u + 8 * r * r * u * u * u;
    c->later_later = arena_array(a, s->t * s->t + 1, sizeof(double));
    for (size_t i = 0; i < s->t; i++)
        for (size_t j = 0; j < s->t; j++) {
            double k = fabs((double)i - (double)j), v = pow(r, k) * ddu;
            v += k > 0 ? 2 * k * pow(r, k - 1) * du : 0;
            v += k > 1 ? k * (k - 1) * pow(r, k - 2) * u : 0;
            c->later_later[i * s->t + j] = s->theta[SAE_SIGMA2] * v;
        }
}

static bool curve_new(struct arena *a, struct space *s, struct curve *c)
{
    double info[P * P];
    size_t at[P], n = 0;
    *c = (struct curve){.inverse = arena_array(a, P * P, sizeof(double))};
    sae_space_score(s, true);
    for (size_t k = 0; k < P; k++) {
        bool rho = k == SAE_RHO1 || k == SAE_RHO2;
        c->counts[k] = s->used[k] && s->info[k * P + k] > 0 && (!rho || fabs(s->theta[k]) < 0.999);
        if (c->counts[k])
            at[n++] = k;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            info[i * n + j] = s->info[at[i] * P + at[j]];
    if (!mat_invert(a, info, n, info))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            c->inverse[at[i] * P + at[j]] = info[i * n + j];
    for (size_t k = 0; k < P && s->model->ml; k++)
        for (size_t l = 0; l < P; l++)
            c->bias[k] -= 0.5 * c->inverse[k * P + l] * s->bend[l];
    if (c->counts[SAE_RHO1])
        curve_areas(a, s, c);
    if (c->counts[SAE_RHO2])
        curve_periods(a, s, c);
    return true;
}

/* --- one row -------------------------------------------------------------------------------------------- */

struct row_work {
    double *cov, *b, *in, *out, *rest[P], *solved[P]; /* n each */
    double *sums, *pull;                              /* m each */
};

static void row_work_new(struct arena *a, const struct space *s, struct row_work *w)
{
    double **each[] = {&w->cov, &w->b, &w->in, &w->out};
    for (size_t k = 0; k < 4; k++)
        *each[k] = arena_array(a, s->n + 1, sizeof(double));
    for (size_t k = 0; k < P; k++) {
        w->rest[k] = arena_array(a, s->n + 1, sizeof(double));
        w->solved[k] = arena_array(a, s->n + 1, sizeof(double));
    }
    w->sums = arena_array(a, s->m + 1, sizeof(double));
    w->pull = arena_array(a, s->m + 1, sizeof(double));
}

/* out = Cov(w_i, every row) for a covariance made of the areas' matrix times scale and the periods'
 * times later (each may be NULL). */
static void column(const struct space *s, size_t i, const double *areas, double scale, const double *periods,
                   double later, double *out)
{
    size_t d = i / s->t, t = i % s->t;
    for (size_t j = 0; j < s->n; j++) {
        out[j] = areas ? scale * areas[d * s->m + j / s->t] : 0;
        if (periods && j / s->t == d)
            out[j] += later * periods[t * s->t + j % s->t];
    }
}

/* b, and g1 and g2 of row i; the estimate into r where r is not NULL. */
static double first_terms(struct space *s, struct row_work *w, size_t i, struct sae_space_row *r, double *g2)
{
    const double *x = s->model->x, *periods = s->used[SAE_SIGMA2] ? s->omega : NULL;
    double h[64], part = 0, more = 0, g1;
    column(s, i, s->c_inv, s->theta[SAE_SIGMA1], periods, s->theta[SAE_SIGMA2], w->cov);
    sae_space_solve(s, w->cov, w->b);
    struct num_sum own = {w->cov[i], 0};
    for (size_t j = 0; j < s->n; j++)
        num_add(&own, -w->cov[j] * w->b[j]);
    g1 = num_total(own);
    mat_apply_t(s->n, s->p, x, w->b, h);
    for (size_t j = 0; j < s->p; j++) {
        h[j] = x[i * s->p + j] - h[j];
        part += x[i * s->p + j] * s->beta[j];
    }
    *g2 = mat_quadratic(s->p, s->q, h);
    for (size_t j = 0; j < s->n; j++)
        more += w->cov[j] * s->vr[j];
    if (r) {
        r->synthetic_part = part;
        r->estimate = part + more;
        r->gamma = w->b[i];
    }
    return g1;
}

/* b' m b of a second derivative given by its areas' and periods' matrix. */
static double quadratic_of(const struct space *s, struct row_work *w, const double *areas,
                           const double *periods)
{
    double sum = 0;
    if (areas) {
        for (size_t d = 0; d < s->m; d++) {
            w->sums[d] = 0;
            for (size_t t = 0; t < s->t; t++)
                w->sums[d] += w->b[d * s->t + t];
        }
        return mat_quadratic(s->m, areas, w->sums);
    }
    for (size_t d = 0; d < s->m; d++)
        sum += mat_quadratic(s->t, periods, w->b + d * s->t);
    return sum;
}

/* v_kl - 2 b'c_kl + b'V_kl b */
static double second(const struct space *s, struct row_work *w, size_t i, const double *areas,
                     const double *periods)
{
    column(s, i, areas, 1, periods, 1, w->in);
    double v = w->in[i] + quadratic_of(s, w, areas, periods);
    for (size_t j = 0; j < s->n; j++)
        v -= 2 * w->b[j] * w->in[j];
    return v;
}

static double fourth_term(const struct space *s, struct row_work *w, const struct curve *c, size_t i)
{
    double g4 = 0;
    if (c->counts[SAE_RHO1]) {
        g4 += second(s, w, i, s->d_rho, NULL) / s->theta[SAE_SIGMA1] * c->inverse[SAE_SIGMA1 * P + SAE_RHO1];
        g4 += 0.5 * second(s, w, i, c->rho_rho, NULL) * c->inverse[SAE_RHO1 * P + SAE_RHO1];
    }
    if (c->counts[SAE_RHO2]) {
        g4 +=
            second(s, w, i, NULL, s->d_omega) / s->theta[SAE_SIGMA2] * c->inverse[SAE_SIGMA2 * P + SAE_RHO2];
        g4 += 0.5 * second(s, w, i, NULL, c->later_later) * c->inverse[SAE_RHO2 * P + SAE_RHO2];
    }
    return g4;
}

/* Estimate and analytic MSE of row i. */
static void full_row(struct space *s, struct row_work *w, const struct curve *c, size_t i,
                     struct sae_space_row *r)
{
    const double *of_areas[P] = {s->c_inv, s->d_rho, NULL, NULL},
                 *of_periods[P] = {NULL, NULL, s->omega, s->d_omega};
    double g2, g1 = first_terms(s, w, i, r, &g2), g3 = 0, bias = 0;
    for (size_t k = 0; k < P; k++) {
        if (!c->counts[k])
            continue;
        double gradient;
        column(s, i, of_areas[k], 1, of_periods[k], 1, w->in);
        sae_space_derivative(s, (enum sae_space_parameter)k, w->b, w->out);
        gradient = w->in[i];
        for (size_t j = 0; j < s->n; j++) {
            gradient += w->b[j] * (w->out[j] - 2 * w->in[j]);
            w->rest[k][j] = w->in[j] - w->out[j];
        }
        sae_space_solve(s, w->rest[k], w->solved[k]);
        bias += c->bias[k] * gradient;
    }
    for (size_t k = 0; k < P; k++)
        for (size_t l = 0; l < P && c->counts[k]; l++)
            for (size_t j = 0; j < s->n && c->counts[l]; j++)
                g3 += c->inverse[k * P + l] * w->rest[k][j] * w->solved[l][j];
    /* The expansion behind the corrections fails where sigma1 is next to 0 and rho1 could be anything. */
    double sum = g1 + g2 + 2 * g3, less = fourth_term(s, w, c, i) + bias;
    r->mse = sum - fmin(fmax(less, -CORRECTION_MAX * sum), CORRECTION_MAX * sum);
    r->synthetic = !isfinite(s->model->variance[i]);
    r->status = r->gamma < GAMMA_FLAG ? STAT_FLAG : STAT_OK;
    r->mse_boot = r->mse_boot_corrected = NAN;
}

/* --- the bootstrap ----------------------------------------------------------------------------------- */

struct boot {
    const struct space *fit;
    const struct sae_space_options *o;
    const double *root;       /* Cholesky factor of C^-1 */
    double *error, *terms;    /* chunks x n: squared errors; g1 + g2 of the replicate less (EBLUP - BLUP)^2 */
    size_t *fitted;
};

/* Truth and figures drawn from the fitted model. */
static void draw(const struct boot *t, struct rng *r, double *truth, double *y, double *noise)
{
    const struct space *f = t->fit;
    double rho = f->theta[SAE_RHO2];
    for (size_t d = 0; d < f->m; d++)
        noise[d] = rng_normal(r);
    for (size_t d = 0; d < f->m; d++) {
        double u = 0, v = 0;
        for (size_t e = 0; e <= d; e++)
            u += t->root[d * f->m + e] * noise[e];
        u *= sqrt(f->theta[SAE_SIGMA1]);
        for (size_t k = 0; k < f->t; k++) {
            size_t i = d * f->t + k;
            double shock = f->used[SAE_SIGMA2] ? sqrt(f->theta[SAE_SIGMA2]) * rng_normal(r) : 0;
            v = k == 0 ? shock / sqrt(1 - rho * rho) : rho * v + shock;
            truth[i] = u + v;
            for (size_t j = 0; j < f->p; j++)
                truth[i] += f->model->x[i * f->p + j] * f->beta[j];
            bool has = isfinite(f->model->variance[i]);
            y[i] = has ? truth[i] + sqrt(f->model->variance[i]) * rng_normal(r) : NAN;
        }
    }
}

static void replicate(struct boot *t, size_t b, size_t chunk)
{
    struct arena *a = arena_new((size_t)1 << 40);
    const struct space *f = t->fit;
    struct space s, known;
    struct row_work w;
    struct rng r = rng_stream(t->o->seed, "small areas in space", b);
    double *truth = arena_array(a, f->n + 1, sizeof *truth), *y = arena_array(a, f->n + 1, sizeof *y);
    sae_space_init(a, &s, f->model);
    sae_space_init(a, &known, f->model);
    row_work_new(a, &s, &w);
    draw(t, &r, truth, y, w.sums);
    s.y = known.y = y;
    memcpy(s.theta, f->theta, sizeof s.theta);
    memcpy(known.theta, f->theta, sizeof known.theta);
    if (sae_space_climb(&s) && sae_space_evaluate(&known)) {
        t->fitted[chunk]++;
        for (size_t i = 0; i < f->n; i++) {
            struct sae_space_row mine, its;
            double g2, unused, g1 = first_terms(&s, &w, i, &mine, &g2);
            first_terms(&known, &w, i, &its, &unused);
            double e = mine.estimate - truth[i], shift = mine.estimate - its.estimate;
            t->error[chunk * f->n + i] += e * e;
            t->terms[chunk * f->n + i] += g1 + g2 - shift * shift;
        }
    }
    arena_free(a);
}

static void replicate_chunk(void *arg, size_t chunk, unsigned thread)
{
    struct boot *t = arg;
    (void)thread;
    for (size_t b = chunk * CHUNK; b < (chunk + 1) * CHUNK && b < t->o->replicates; b++)
        replicate(t, b, chunk);
}

static enum stat_reason bootstrap(struct arena *a, const struct stat_run *run, struct space *s,
                                  const struct sae_space_options *o, const double *g12,
                                  struct sae_space_fit *out)
{
    size_t chunks = (o->replicates + CHUNK - 1) / CHUNK;
    double *root = arena_array(a, s->m * s->m + 1, sizeof *root);
    memcpy(root, s->c_inv, s->m * s->m * sizeof *root);
    if (!mat_cholesky(root, s->m))
        return STAT_REASON_SINGULAR;
    struct boot t = {.fit = s, .o = o, .root = root,
                     .error = arena_array(a, chunks * s->n + 1, sizeof(double)),
                     .terms = arena_array(a, chunks * s->n + 1, sizeof(double)),
                     .fitted = arena_array(a, chunks + 1, sizeof(size_t))};
    if (!stat_parallel(run, chunks, replicate_chunk, &t))
        return STAT_REASON_STOPPED;
    for (size_t c = 0; c < chunks; c++)
        out->replicates += t.fitted[c];
    if (out->replicates < o->replicates / 2 + 1)
        return STAT_REASON_NOT_CONVERGED;
    for (size_t i = 0; i < s->n; i++) {
        struct num_sum error = {0, 0}, terms = {0, 0};
        for (size_t c = 0; c < chunks; c++) {
            num_add(&error, t.error[c * s->n + i]);
            num_add(&terms, t.terms[c * s->n + i]);
        }
        out->row[i].mse_boot = num_total(error) / (double)out->replicates;
        out->row[i].mse_boot_corrected = 2 * g12[i] - num_total(terms) / (double)out->replicates;
    }
    return STAT_REASON_NONE;
}

enum stat_reason sae_space_rows(struct arena *a, const struct stat_run *run, struct space *s,
                                const struct sae_space_options *o, struct sae_space_fit *out)
{
    struct curve c;
    struct row_work w;
    double *g12 = arena_array(a, s->n + 1, sizeof *g12), g2;
    if (s->p > 64 || !(o->level > 0 && o->level < 1))
        return STAT_REASON_INVALID;
    if (!curve_new(a, s, &c))
        return STAT_REASON_SINGULAR;
    row_work_new(a, s, &w);
    out->row = arena_array(a, s->n + 1, sizeof *out->row);
    for (size_t i = 0; i < s->n; i++) {
        if (!stat_go_on(run, i, s->n))
            return STAT_REASON_STOPPED;
        g12[i] = first_terms(s, &w, i, &out->row[i], &g2);
        g12[i] += g2;
        full_row(s, &w, &c, i, &out->row[i]);
        sae_interval(out->row[i].estimate, out->row[i].mse, o->level, &out->row[i].low, &out->row[i].high);
    }
    for (size_t k = 0; k < P; k++) {
        out->used[k] = c.counts[k];
        out->theta[k] = s->theta[k];
        out->theta_se[k] = c.counts[k] ? sqrt(c.inverse[k * P + k]) : NAN;
    }
    return o->replicates > 0 ? bootstrap(a, run, s, o, g12, out) : STAT_REASON_NONE;
}
