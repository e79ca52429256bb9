/* hhh4_model.c - where the unknowns of the endemic-epidemic model stand, and one pass over the data: the
 * log-likelihood with its gradient and second derivatives (Paul, Held 2011, appendix; the weights' part after
 * Meyer, Held 2014, supplement). Units are worked in fixed chunks whose sums are put together in order. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/hhh4_inner.h"
#include "stat/num.h"

enum { TABLE_MOST = 4096, THREADS_FROM_CELLS = 16384, COLUMNS_MOST = 64, COEFS_MOST = 32 };

/* --- layout --- */

static bool part_there(const struct hhh4_model *m, int p)
{
    return m->part[p].n_columns > 0 || m->part[p].random;
}

static double column_at(const struct hhh4_column *c, size_t unit, size_t t)
{
    return c->x ? c->x[unit * c->per_unit + t * c->per_period] : 1;
}

/* Whether a column changes from period to period. */
static bool moves(const struct hhh4_column *c)
{
    return c->x && c->per_period;
}

static bool weights_valid(const struct hhh4_model *m)
{
    const struct hhh4_weights *x = m->weights;
    if (!x || hhh4_weights_coefs(x) > COEFS_MOST || (x->kind == HHH4_ORDERS && !hhh4_weights_coefs(x)))
        return false;
    for (size_t j = 0; j < m->n_units; j++)
        for (size_t e = x->links.start[j]; e < x->links.start[j + 1]; e++)
            if (x->links.to[e] >= m->n_units || !(x->links.value[e] >= 0) ||
                (x->links.to[e] == j && x->kind != HHH4_GIVEN && !x->from_own))
                return false;
    return true;
}

static bool is_valid(const struct hhh4_model *m, size_t from, size_t to, size_t known)
{
    bool any = false;
    if (!m->n_units || from < 1 || to <= from || to > m->n_periods)
        return false;
    for (int p = 0; p < HHH4_PARTS; p++) {
        const struct hhh4_component *c = &m->part[p];
        any = any || part_there(m, p);
        if (c->n_columns > COLUMNS_MOST ||
            (p != HHH4_END && part_there(m, p) && from < (c->lag ? c->lag : 1)) ||
            (c->random && m->n_units < 2))
            return false;
        for (size_t i = 0; c->offset && i < m->n_units; i++)
            for (size_t t = from; t < to; t++)
                if (!(c->offset[i * m->n_periods + t] >= 0) || isinf(c->offset[i * m->n_periods + t]))
                    return false;
        for (size_t j = 0; j < c->n_columns; j++)
            for (size_t i = 0; c->column[j].x && i < m->n_units; i++)
                for (size_t t = from; t < to; t++)
                    if (!isfinite(column_at(&c->column[j], i, t)))
                        return false;
    }
    if (!any || (part_there(m, HHH4_NE) && !weights_valid(m)))
        return false;
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t t = 0; t < known; t++)
            if (m->y[i * m->n_periods + t] < 0)
                return false;
    return true;
}

static void lay_out(struct arena *a, struct hhh4_work *w)
{
    const struct hhh4_model *m = w->m;
    size_t own = 0;
    for (int p = 0; p < HHH4_PARTS; p++) {
        w->random[p] = SIZE_MAX;
        w->lag[p] = m->part[p].lag ? m->part[p].lag : 1;
        w->target[p] = arena_array(a, m->part[p].n_columns + 1, sizeof(size_t));
        w->q += m->part[p].random;
        for (size_t j = 0; j < m->part[p].n_columns; j++)
            if (!m->part[p].column[j].own)
                w->target[p][j] = w->k++;
        w->features += part_there(m, p);
        for (size_t j = 0; j < m->part[p].n_columns; j++)
            w->features += moves(&m->part[p].column[j]);
    }
    w->nd = part_there(m, HHH4_NE) ? hhh4_weights_coefs(m->weights) : 0;
    w->d_at = w->k;
    w->k += w->nd;
    w->psi = m->family == HHH4_POISSON ? SIZE_MAX : 0;
    if (m->family == HHH4_NEGBIN1)
        w->psi = w->k++;
    for (int p = 0; p < HHH4_PARTS; p++) {
        if (m->part[p].random)
            w->random[p] = w->k + own++;
    }
    for (int p = 0; p < HHH4_PARTS; p++)
        for (size_t j = 0; j < m->part[p].n_columns; j++)
            if (m->part[p].column[j].own)
                w->target[p][j] = w->k + own++;
    if (m->family == HHH4_NEGBINM)
        w->psi = w->k + own++;
    w->l = own;
    w->features += w->nd + (w->psi != SIZE_MAX);
}

/* A unit's own column that is not meant for it, or says nothing about it, is taken out. */
static void pin(struct arena *a, struct hhh4_work *w)
{
    const struct hhh4_model *m = w->m;
    w->pinned = arena_array(a, m->n_units * w->l + 1, sizeof *w->pinned);
    for (int p = 0; p < HHH4_PARTS; p++)
        for (size_t j = 0; j < m->part[p].n_columns; j++) {
            const struct hhh4_column *c = &m->part[p].column[j];
            for (size_t i = 0; c->own && i < m->n_units; i++) {
                bool there = false;
                for (size_t t = w->from; t < w->to && !there; t++)
                    there = (!c->which || c->which[i]) && column_at(c, i, t) != 0;
                w->pinned[i * w->l + w->target[p][j] - w->k] = !there;
            }
        }
}

/* In which units a column is measured must not matter: what its coefficient can do to a logarithm. */
static void measure(struct arena *a, struct hhh4_work *w)
{
    const struct hhh4_model *m = w->m;
    w->reach = arena_array(a, w->k + w->l + 1, sizeof *w->reach);
    w->extent = arena_array(a, w->k + w->l + 1, sizeof *w->extent);
    for (size_t j = 0; j < w->k + w->l; j++)
        w->reach[j] = w->extent[j] = 1;
    for (int p = 0; p < HHH4_PARTS; p++)
        for (size_t j = 0; j < m->part[p].n_columns; j++) {
            const struct hhh4_column *c = &m->part[p].column[j];
            double most = 0;
            for (size_t i = 0; i < (c->x && c->per_unit ? m->n_units : 1); i++)
                for (size_t t = w->from; t < (moves(c) ? w->to : w->from + 1); t++)
                    most = fmax(most, fabs(column_at(c, i, t)));
            w->extent[w->target[p][j]] = most;
            w->reach[w->target[p][j]] = most > 0 ? fmin(most, 1) : 1;
        }
}

static void read_counts(struct arena *a, struct hhh4_work *w)
{
    const struct hhh4_model *m = w->m;
    struct num_sum lf = {0, 0};
    w->y = arena_array(a, m->n_units * m->n_periods + 1, sizeof(double));
    w->most = arena_array(a, m->n_units + 1, sizeof(size_t));
    double known[64];
    for (size_t v = 0; v < 64; v++)
        known[v] = dist_lgamma((double)v + 1);
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t t = 0; t < m->n_periods; t++) {
            int64_t y = m->y[i * m->n_periods + t];
            w->y[i * m->n_periods + t] = y > 0 && t < w->known ? (double)y : 0;
            if (t < w->from || t >= w->to || t >= w->known)
                continue;
            num_add(&lf, y < 64 ? known[y] : dist_lgamma((double)y + 1));
            if ((size_t)y > w->most[i])
                w->most[i] = (size_t)y;
        }
    w->log_factorials = num_total(lf);
}

static struct hhh4_table table_new(struct arena *a, size_t n)
{
    n = (n > TABLE_MOST ? TABLE_MOST : n) + 1;
    return (struct hhh4_table){0, n, arena_array(a, n + 1, sizeof(double)),
                               arena_array(a, n + 1, sizeof(double)), arena_array(a, n + 1, sizeof(double))};
}

static void room(struct arena *a, struct hhh4_work *w, const struct stat_run *run)
{
    const struct hhh4_model *m = w->m;
    size_t n = m->n_units, most = 0, all = w->k + w->l, r = w->rows + 1, f = w->features;
    for (size_t i = 0; i < n; i++)
        most = w->most[i] > most ? w->most[i] : most;
    w->table = table_new(a, most);
    w->run.threads = run && n * w->rows >= THREADS_FROM_CELLS && run->threads > 1 ? run->threads : 1;
    w->run.threads = w->run.threads > STAT_MAX_THREADS ? STAT_MAX_THREADS : w->run.threads;
    w->watch = run;
    w->n_chunks = n < HHH4_CHUNKS ? n : HHH4_CHUNKS;
    for (size_t c = 0; c < w->n_chunks; c++) {
        w->chunk[c].grad = arena_array(a, w->k + 1, sizeof(double));
        w->chunk[c].info = arena_array(a, w->k * w->k + 1, sizeof(double));
    }
    w->scratch = arena_array(a, w->run.threads, sizeof *w->scratch);
    for (unsigned s = 0; s < w->run.threads; s++) {
        struct hhh4_scratch *x = &w->scratch[s];
        double **each[] = {&x->part[0], &x->part[1], &x->part[2], &x->scale, &x->d1, &x->d2,
                           &x->ds,      &x->dss,     &x->d1s,     &x->z,     &x->sum};
        for (size_t j = 0; j < sizeof each / sizeof *each; j++)
            *each[j] = arena_array(a, r, sizeof(double));
        x->value = arena_array(a, f * r + 1, sizeof(double));
        x->dmu = arena_array(a, f * r + 1, sizeof(double));
        x->dsum = arena_array(a, w->nd * r + 1, sizeof(double));
        x->ddsum = arena_array(a, w->nd * (w->nd + 1) / 2 * r + 1, sizeof(double));
        x->info = arena_array(a, f * f + 1, sizeof(double));
        x->grad = arena_array(a, f + 1, sizeof(double));
        x->expand = arena_array(a, f * all + 1, sizeof(double));
        x->product = arena_array(a, f * all + 1, sizeof(double));
        if (m->family == HHH4_NEGBINM)
            x->table = table_new(a, most);
    }
    w->grad = arena_array(a, w->k + n * w->l + 1, sizeof(double));
    w->shared = arena_array(a, w->k * w->k + 1, sizeof(double));
    w->border = arena_array(a, n * w->l * w->k + 1, sizeof(double));
    w->own = arena_array(a, n * w->l * w->l + 1, sizeof(double));
}

/* Neighbours' sums of given weights, once for all passes. */
static void sum_neighbours(struct arena *a, struct hhh4_work *w)
{
    const struct hhh4_model *m = w->m;
    size_t n = m->n_periods, lag = w->lag[HHH4_NE];
    w->ne = arena_array(a, m->n_units * n + 1, sizeof(double));
    hhh4_sources_norm(w, NULL);
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t e = w->in.start[i]; e < w->in.start[i + 1]; e++) {
            double weight, none;
            hhh4_source_weight(w, NULL, e, &weight, &none, &none);
            const double *y = w->y + w->in.from[e] * n;
            for (size_t t = lag; t < n && t < w->to; t++)
                w->ne[i * n + t] += weight * y[t - lag];
        }
}

enum stat_reason hhh4_work_new(struct arena *a, const struct hhh4_model *m, size_t from, size_t to,
                               size_t known, const struct stat_run *run, struct hhh4_work *w)
{
    if (!is_valid(m, from, to, known))
        return STAT_REASON_INVALID;
    *w = (struct hhh4_work){.m = m, .from = from, .to = to, .rows = to - from, .known = known};
    lay_out(a, w);
    read_counts(a, w);
    pin(a, w);
    measure(a, w);
    room(a, w, run);
    for (int p = 0; p < HHH4_PARTS; p++) {
        bool common = false;
        for (size_t j = 0; j < m->part[p].n_columns; j++) {
            const struct hhh4_column *c = &m->part[p].column[j];
            common = common || (!c->own && moves(c) && !c->per_unit);
        }
        w->common[p] = common ? arena_array(a, m->n_periods + 1, sizeof(double)) : NULL;
    }
    if (part_there(m, HHH4_NE)) {
        hhh4_sources_new(a, w);
        if (!w->nd)
            sum_neighbours(a, w);
    }
    return STAT_REASON_NONE;
}

/* --- the mean of a unit --- */

static double unknown(const struct hhh4_work *w, const double *theta, size_t unit, size_t target)
{
    return target < w->k ? theta[target] : theta[w->k + unit * w->l + target - w->k];
}

void hhh4_prepare(struct hhh4_work *w, const double *theta)
{
    const struct hhh4_model *m = w->m;
    for (int p = 0; p < HHH4_PARTS; p++)
        for (size_t t = 0; w->common[p] && t < m->n_periods; t++) {
            double eta = 0;
            for (size_t j = 0; j < m->part[p].n_columns; j++) {
                const struct hhh4_column *c = &m->part[p].column[j];
                if (!c->own && moves(c) && !c->per_unit)
                    eta += theta[w->target[p][j]] * c->x[t * c->per_period];
            }
            w->common[p][t] = exp(eta);
        }
    if (w->nd)
        hhh4_sources_norm(w, theta + w->d_at);
}

/* What eta of a part is in one unit and period, for a step in place of coefficients. */
static double eta_at(const struct hhh4_work *w, const double *step, int p, size_t i, size_t t)
{
    const struct hhh4_component *c = &w->m->part[p];
    double eta = w->random[p] == SIZE_MAX ? 0 : unknown(w, step, i, w->random[p]);
    for (size_t j = 0; j < c->n_columns; j++)
        eta += column_at(&c->column[j], i, t) * unknown(w, step, i, w->target[p][j]);
    return eta;
}

/* No change of eta in a unit is larger than this. */
static double eta_bound(const struct hhh4_work *w, const double *step, int p, size_t i)
{
    const struct hhh4_component *c = &w->m->part[p];
    double bound = w->random[p] == SIZE_MAX ? 0 : fabs(unknown(w, step, i, w->random[p]));
    for (size_t j = 0; j < c->n_columns; j++)
        bound += w->extent[w->target[p][j]] * fabs(unknown(w, step, i, w->target[p][j]));
    return bound;
}

double hhh4_change(struct hhh4_work *w, const double *step)
{
    double most = 0;
    for (int p = 0; p < HHH4_PARTS; p++) {
        bool still = true;
        for (size_t j = 0; j < w->m->part[p].n_columns; j++)
            still = still && !moves(&w->m->part[p].column[j]);
        for (size_t i = 0; part_there(w->m, p) && i < w->m->n_units; i++)
            if (eta_bound(w, step, p, i) > fmax(most, HHH4_LEAP))
                for (size_t t = w->from; t < (still ? w->from + 1 : w->to); t++)
                    most = fmax(most, fabs(eta_at(w, step, p, i, t)));
    }
    for (size_t k = 0; k < w->nd; k++)
        most = fmax(most, fabs(step[w->d_at + k]));
    for (size_t i = 0; w->psi != SIZE_MAX && i < (w->psi < w->k ? 1 : w->m->n_units); i++)
        most = fmax(most, fabs(unknown(w, step, i, w->psi)));
    return most;
}

/* Neighbours' sums of a unit where the weights have coefficients; derivatives if asked. */
static void unit_sums(const struct hhh4_work *w, const double *theta, size_t i, size_t t0, size_t t1,
                      bool derivatives, struct hhh4_scratch *s)
{
    size_t nd = w->nd, n = t1 - t0, second = nd * (nd + 1) / 2, r = w->rows + 1;
    double weight, d[COEFS_MOST], *dd = s->product; /* product is free until the unit is expanded */
    memset(s->sum, 0, n * sizeof(double));
    for (size_t k = 0; derivatives && k < nd; k++)
        memset(s->dsum + k * r, 0, n * sizeof(double));
    for (size_t k = 0; derivatives && k < second; k++)
        memset(s->ddsum + k * r, 0, n * sizeof(double));
    for (size_t e = w->in.start[i]; e < w->in.start[i + 1]; e++) {
        const double *y = w->y + w->in.from[e] * w->m->n_periods + t0 - w->lag[HHH4_NE];
        hhh4_source_weight(w, theta + w->d_at, e, &weight, d, dd);
        if (weight == 0)
            continue;
        for (size_t t = 0; t < n; t++)
            s->sum[t] += weight * y[t];
        for (size_t k = 0; derivatives && k < nd; k++)
            for (size_t t = 0; t < n; t++)
                s->dsum[k * r + t] += d[k] * y[t];
        for (size_t k = 0; derivatives && k < second; k++)
            for (size_t t = 0; t < n; t++)
                s->ddsum[k * r + t] += dd[k] * y[t];
    }
}

void hhh4_factor(const struct hhh4_work *w, const double *theta, int p, size_t i, size_t t0, size_t t1,
                 double *out)
{
    if (!part_there(w->m, p)) {
        memset(out, 0, (t1 - t0) * sizeof *out);
        return;
    }
    const struct hhh4_component *c = &w->m->part[p];
    const double *offset = c->offset ? c->offset + i * w->m->n_periods : NULL;
    double fixed = w->random[p] == SIZE_MAX ? 0 : unknown(w, theta, i, w->random[p]);
    size_t moving[COLUMNS_MOST], n_moving = 0; /* columns that change in time and differ between units */
    for (size_t j = 0; j < c->n_columns; j++) {
        const struct hhh4_column *x = &c->column[j];
        if (!moves(x))
            fixed += column_at(x, i, 0) * unknown(w, theta, i, w->target[p][j]);
        else if (x->own || x->per_unit)
            moving[n_moving++] = j;
    }
    double level = exp(fixed);
    for (size_t t = t0; t < t1; t++) {
        double v = level;
        if (n_moving) {
            double eta = fixed;
            for (size_t k = 0; k < n_moving; k++)
                eta += column_at(&c->column[moving[k]], i, t) * unknown(w, theta, i, w->target[p][moving[k]]);
            v = exp(eta);
        }
        if (w->common[p])
            v *= w->common[p][t];
        out[t - t0] = offset ? v * offset[t] : v;
    }
}

static void unit_parts(const struct hhh4_work *w, const double *theta, size_t i, size_t t0, size_t t1,
                       bool derivatives, struct hhh4_scratch *s)
{
    const struct hhh4_model *m = w->m;
    for (int p = 0; p < HHH4_PARTS; p++) {
        hhh4_factor(w, theta, p, i, t0, t1, s->part[p]);
        const double *source = NULL;
        if (p == HHH4_AR)
            source = w->y + i * m->n_periods + t0 - w->lag[p];
        if (p == HHH4_NE && w->ne)
            source = w->ne + i * m->n_periods + t0;
        if (p == HHH4_NE && w->nd) {
            unit_sums(w, theta, i, t0, t1, derivatives, s);
            memcpy(s->scale, s->part[p], (t1 - t0) * sizeof(double));
            source = s->sum;
        }
        for (size_t t = 0; source && t < t1 - t0; t++)
            s->part[p][t] *= source[t];
    }
}

void hhh4_parts(struct hhh4_work *w, const double *theta, size_t unit, size_t t0, size_t t1,
                struct hhh4_scratch *s)
{
    unit_parts(w, theta, unit, t0, t1, false, s);
}

/* --- one count --- */

static void table_fill(struct hhh4_table *x, double size, size_t most)
{
    x->size = size;
    for (size_t y = 0; y < most && y + 1 < x->n; y++) {
        double q = 1 / (size + (double)y);
        x->log[y + 1] = x->log[y] + log1p((double)y / size);
        x->first[y + 1] = x->first[y] + q;
        x->second[y + 1] = x->second[y] - q * q;
    }
}

/* Log-likelihood of the unit's counts (without log y!), derivatives by the mean (d1, d2), by log size (ds,
 * dss), by both. False: an impossible mean. */
static bool derive(const struct hhh4_work *w, const double *y, const struct hhh4_table *x,
                   struct hhh4_scratch *s, double *log_likelihood)
{
    double ll = 0, size = x->size;
    bool poisson = !isfinite(size);
    for (size_t t = 0; t < w->rows; t++) {
        double mu = s->part[0][t] + s->part[1][t] + s->part[2][t], v = y[t];
        if (!isfinite(mu) || (mu <= 0 && v > 0))
            return false;
        if (mu <= 0) {
            s->d1[t] = s->d2[t] = s->ds[t] = s->dss[t] = s->d1s[t] = 0;
            continue;
        }
        double r = 1 / mu;
        if (v > 0)
            ll += v * log(mu);
        if (poisson) {
            ll -= mu;
            s->d1[t] = v * r - 1;
            s->d2[t] = -v * r * r;
            continue;
        }
        double q = 1 / (mu + size), lead = log1p(mu / size), c0, c1, c2;
        size_t at = (size_t)v;
        if (at < x->n) {
            c0 = x->log[at];
            c1 = x->first[at];
            c2 = x->second[at];
        } else {
            c0 = dist_lgamma(v + size) - dist_lgamma(size) - v * log(size);
            c1 = dist_digamma(v + size) - dist_digamma(size);
            c2 = dist_trigamma(v + size) - dist_trigamma(size);
        }
        ll += c0 - (v + size) * lead;
        s->d1[t] = v * r - (v + size) * q;
        s->d2[t] = (v + size) * q * q - v * r * r;
        double one = c1 - lead + (mu - v) * q, two = c2 + mu * q / size - (mu - v) * q * q;
        s->ds[t] = size * one;
        s->dss[t] = size * one + size * size * two;
        s->d1s[t] = size * (v - mu) * q * q;
    }
    *log_likelihood = ll;
    return true;
}

/* --- derivatives of a unit --- */

/* Four running sums: the same everywhere, and quicker than one. */
static double dot(const double *a, const double *b, size_t n)
{
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        s0 += a[i] * b[i];
        s1 += a[i + 1] * b[i + 1];
        s2 += a[i + 2] * b[i + 2];
        s3 += a[i + 3] * b[i + 3];
    }
    for (; i < n; i++)
        s0 += a[i] * b[i];
    return (s0 + s1) + (s2 + s3);
}

static double total(const double *a, size_t n)
{
    double s0 = 0, s1 = 0;
    size_t i = 0;
    for (; i + 2 <= n; i += 2) {
        s0 += a[i];
        s1 += a[i + 1];
    }
    return s0 + s1 + (i < n ? a[i] : 0);
}

struct features {
    size_t n, part[HHH4_PARTS + 1]; /* where the features of a part begin */
    size_t weights, psi;            /* features of weights' coefficients; SIZE_MAX: none */
};

static void expand_to(const struct hhh4_work *w, struct hhh4_scratch *s, size_t unit, size_t feature,
                      size_t target, double v)
{
    if (target >= w->k && w->pinned[unit * w->l + target - w->k])
        return;
    s->expand[feature * (w->k + w->l) + target] += v;
}

/* Factors and derivatives of the mean by what moves in one unit, and which unknowns they stand for. */
static struct features unit_features(const struct hhh4_work *w, size_t i, struct hhh4_scratch *s)
{
    const struct hhh4_model *m = w->m;
    size_t n = w->rows, r = w->rows + 1;
    struct features f = {.psi = SIZE_MAX};
    memset(s->expand, 0, w->features * (w->k + w->l) * sizeof(double));
    for (int p = 0; p < HHH4_PARTS; p++) {
        f.part[p] = f.n;
        if (!part_there(m, p))
            continue;
        size_t one = f.n++;
        for (size_t t = 0; t < n; t++)
            s->value[one * r + t] = 1;
        memcpy(s->dmu + one * r, s->part[p], n * sizeof(double));
        if (w->random[p] != SIZE_MAX)
            expand_to(w, s, i, one, w->random[p], 1);
        for (size_t j = 0; j < m->part[p].n_columns; j++) {
            const struct hhh4_column *c = &m->part[p].column[j];
            if (!moves(c)) {
                expand_to(w, s, i, one, w->target[p][j], column_at(c, i, 0));
                continue;
            }
            const double *x = c->x + i * c->per_unit;
            for (size_t t = 0; t < n; t++) {
                s->value[f.n * r + t] = x[(w->from + t) * c->per_period];
                s->dmu[f.n * r + t] = s->value[f.n * r + t] * s->part[p][t];
            }
            expand_to(w, s, i, f.n++, w->target[p][j], 1);
        }
    }
    f.part[HHH4_PARTS] = f.weights = f.n;
    for (size_t k = 0; k < w->nd; k++, f.n++) {
        for (size_t t = 0; t < n; t++)
            s->dmu[f.n * r + t] = s->scale[t] * s->dsum[k * r + t];
        expand_to(w, s, i, f.n, w->d_at + k, 1);
    }
    if (w->psi != SIZE_MAX) {
        f.psi = f.n++;
        expand_to(w, s, i, f.psi, w->psi, 1);
    }
    return f;
}

/* Gradient and minus the second derivatives by the unit's features (lower half). */
static void unit_derivatives(const struct hhh4_work *w, const struct features *f, bool poisson,
                             struct hhh4_scratch *s)
{
    size_t n = w->rows, r = w->rows + 1, d = f->n;
    for (size_t a = 0, part = 0; a < f->weights + w->nd; a++) {
        while (part < HHH4_PARTS && a >= f->part[part + 1])
            part++;
        const double *dmu = s->dmu + a * r;
        s->grad[a] = dot(s->d1, dmu, n);
        for (size_t t = 0; t < n; t++)
            s->z[t] = s->d2[t] * dmu[t];
        for (size_t b = 0; b <= a; b++)
            s->info[a * d + b] = -dot(s->z, s->dmu + b * r, n);
        for (size_t t = 0; t < n; t++)
            s->z[t] = s->d1[t] * dmu[t];
        bool weight = a >= f->weights; /* the same terms of ne hang on them */
        size_t from = f->part[weight ? HHH4_NE : part], to = weight ? f->part[HHH4_NE + 1] : a + 1;
        for (size_t b = from; b < to; b++)
            s->info[a * d + b] -= dot(s->z, s->value + b * r, n);
        size_t k = a - f->weights;
        for (size_t j = 0; weight && j <= k; j++) {
            for (size_t t = 0; t < n; t++)
                s->z[t] = s->d1[t] * s->scale[t];
            s->info[a * d + f->weights + j] -= dot(s->z, s->ddsum + (k * (k + 1) / 2 + j) * r, n);
        }
    }
    if (f->psi == SIZE_MAX)
        return;
    double *row = s->info + f->psi * d;
    s->grad[f->psi] = poisson ? 0 : total(s->ds, n);
    for (size_t b = 0; b < f->psi; b++)
        row[b] = poisson ? 0 : -dot(s->d1s, s->dmu + b * r, n);
    row[f->psi] = poisson ? 0 : -total(s->dss, n);
}

/* From the unit's features to the unknowns they stand for: E' H E. */
static void unit_expand(struct hhh4_work *w, const struct features *f, size_t i, struct hhh4_scratch *s,
                        struct hhh4_chunk *c)
{
    size_t k = w->k, l = w->l, all = k + l, d = f->n;
    double *border = w->border + i * l * k, *own = w->own + i * l * l, *grad = w->grad + k + i * l;
    for (size_t a = 0; a < d; a++)
        for (size_t b = a + 1; b < d; b++)
            s->info[a * d + b] = s->info[b * d + a];
    memset(s->product, 0, d * all * sizeof(double));
    for (size_t a = 0; a < d; a++)
        for (size_t b = 0; b < d; b++)
            for (size_t g = 0; g < all; g++)
                s->product[a * all + g] += s->info[a * d + b] * s->expand[b * all + g];
    for (size_t a = 0; a < d; a++)
        for (size_t g = 0; g < all; g++) {
            double e = s->expand[a * all + g];
            const double *x = s->product + a * all;
            if (e == 0)
                continue;
            if (g < k) {
                c->grad[g] += e * s->grad[a];
                for (size_t h = 0; h < k; h++)
                    c->info[g * k + h] += e * x[h];
                continue;
            }
            grad[g - k] += e * s->grad[a];
            for (size_t h = 0; h < k; h++)
                border[(g - k) * k + h] += e * x[h];
            for (size_t h = 0; h < l; h++)
                own[(g - k) * l + h] += e * x[k + h];
        }
}

static void unit_pass(struct hhh4_work *w, size_t i, struct hhh4_scratch *s, struct hhh4_chunk *c)
{
    size_t k = w->k, l = w->l;
    double *own = w->own + i * l * l, ll = 0;
    memset(w->border + i * l * k, 0, l * k * sizeof(double));
    memset(own, 0, l * l * sizeof(double));
    memset(w->grad + k + i * l, 0, l * sizeof(double));
    const struct hhh4_table *x = &w->table;
    if (w->m->family == HHH4_NEGBINM) {
        double b = unknown(w, w->theta, i, w->psi);
        table_fill(&s->table, b > HHH4_POISSON_LIMIT ? INFINITY : exp(b), w->most[i]);
        x = &s->table;
    }
    unit_parts(w, w->theta, i, w->from, w->to, true, s);
    if (!derive(w, w->y + i * w->m->n_periods + w->from, x, s, &ll)) {
        c->impossible = true;
        return;
    }
    c->log_likelihood += ll;
    struct features f = unit_features(w, i, s);
    unit_derivatives(w, &f, !isfinite(x->size), s);
    unit_expand(w, &f, i, s, c);
    for (size_t r = 0; r < l; r++) /* nothing is known of what is not there */
        if (w->pinned[i * l + r])
            own[r * l + r] = 1;
    if (w->m->family == HHH4_NEGBINM && !isfinite(x->size))
        own[(w->psi - k) * l + w->psi - k] = 1;
}

static void chunk_pass(void *arg, size_t at, unsigned thread)
{
    struct hhh4_work *w = arg;
    struct hhh4_chunk *c = &w->chunk[at];
    size_t n = w->m->n_units;
    c->log_likelihood = 0;
    c->impossible = false;
    memset(c->grad, 0, w->k * sizeof(double));
    memset(c->info, 0, w->k * w->k * sizeof(double));
    for (size_t i = at * n / w->n_chunks; i < (at + 1) * n / w->n_chunks && !c->impossible; i++)
        unit_pass(w, i, &w->scratch[thread], c);
}

bool hhh4_pass(struct hhh4_work *w, const double *theta)
{
    size_t k = w->k;
    bool negbin1 = w->m->family == HHH4_NEGBIN1;
    w->theta = theta;
    hhh4_prepare(w, theta);
    w->table.size = INFINITY;
    if (negbin1)
        table_fill(&w->table, theta[w->psi] > HHH4_POISSON_LIMIT ? INFINITY : exp(theta[w->psi]),
                   w->table.n - 1);
    stat_parallel(&w->run, w->n_chunks, chunk_pass, w);
    struct num_sum ll = {0, 0};
    memset(w->grad, 0, k * sizeof(double));
    memset(w->shared, 0, k * k * sizeof(double));
    for (size_t c = 0; c < w->n_chunks; c++) {
        if (w->chunk[c].impossible)
            return false;
        num_add(&ll, w->chunk[c].log_likelihood);
        for (size_t g = 0; g < k; g++)
            w->grad[g] += w->chunk[c].grad[g];
        for (size_t g = 0; g < k * k; g++)
            w->shared[g] += w->chunk[c].info[g];
    }
    if (negbin1 && !isfinite(w->table.size))
        w->shared[w->psi * k + w->psi] = 1;
    w->log_likelihood = num_total(ll) - w->log_factorials;
    return isfinite(w->log_likelihood);
}
