/* protect.c - hiding small counts in lists and two-way tables. */
#include "stat/protect.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "stat/protect_lp.h"
#include "stat/protect_suppress.h"

/* --- one list and its sum ------------------------------------------------------------------------ */

static bool is_small(int64_t v, int64_t threshold)
{
    return v > 0 && v < threshold;
}

/* The cheapest count whose hiding leaves width; if none is enough alone, the largest. SIZE_MAX: none left. */
static size_t pick(const int64_t *v, size_t n, const struct protected_count *out, int64_t slack,
                   int64_t least, int64_t width)
{
    size_t best = SIZE_MAX, largest = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        if (out[i].hidden || v[i] == 0)
            continue;
        if (slack + v[i] - least >= width && (best == SIZE_MAX || v[i] < v[best]))
            best = i;
        if (largest == SIZE_MAX || v[i] > v[largest])
            largest = i;
    }
    return best != SIZE_MAX ? best : largest;
}

static bool hide_all(size_t n, struct protected_count *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (struct protected_count){true, 0};
    return false;
}

bool protect_counts(struct arena *a, const int64_t *values, size_t n, bool total_published,
                    int64_t threshold, struct protected_count *out)
{
    (void)a;
    int64_t k = threshold > 0 ? threshold : PROTECT_THRESHOLD, total = 0, hidden_sum = 0;
    size_t hidden = 0;
    bool has_zero = false;
    for (size_t i = 0; i < n; i++) {
        has_zero |= values[i] == 0;
        if (values[i] < 0 || __builtin_add_overflow(total, values[i], &total))
            return hide_all(n, out);
        bool small = is_small(values[i], k);
        out[i] = (struct protected_count){small, small ? 0 : values[i]};
        hidden += small;
        hidden_sum += small ? values[i] : 0;
    }
    if (!total_published || (hidden == 0 && !is_small(total, k)))
        return true;
    if (is_small(total, k))
        return hide_all(n, out);
    /* Readers know the sum of the hidden ones, and that none of them is 0 while zeros are shown. */
    int64_t least = 1, width = k - 1;
    while (hidden < 2 || hidden_sum - least * (int64_t)hidden < width) {
        size_t i = pick(values, n, out, hidden_sum - least * (int64_t)hidden, least, width);
        if (i == SIZE_MAX)
            break;
        out[i] = (struct protected_count){true, 0};
        hidden_sum += values[i];
        hidden++;
    }
    if (hidden >= 2 && hidden_sum - least * (int64_t)hidden >= width)
        return true;
    /* With zeros hidden, too, each may be anything from 0 to the sum. */
    hide_all(n, out);
    return has_zero && n >= 2 && total >= width;
}

enum { CHEAPEST_CELLS = 20000 };

/* --- two-way tables ------------------------------------------------------------------------------ */

struct grid {
    size_t rows, cols; /* without margins */
    size_t width, n;   /* with them */
    const int64_t *v;
    const uint8_t *fixed;
    uint8_t *state;
    uint8_t *certain; /* a rectangle proves its protection */
    int64_t least, need;
};

static int sign_of(const struct grid *g, size_t i, size_t j)
{
    return (i == g->rows ? -1 : 1) * (j == g->cols ? -1 : 1);
}

/* What readers know of a cell they do not see: unpublished cells may be 0 whatever the policy. */
static int64_t least_of(const struct grid *g, size_t c)
{
    return g->state[c] == PROTECT_ABSENT ? 0 : g->least;
}

/* The equations of the unknown cells: each row and each column, margins counting negative. */
static struct protect_lp equations(struct arena *a, const struct grid *g, uint32_t *var)
{
    size_t n_vars = 0, n_eq = 0, terms = 0, height = g->rows + 1;
    for (size_t c = 0; c < g->n; c++)
        var[c] = g->state[c] == PROTECT_SHOWN ? UINT32_MAX : (uint32_t)n_vars++;
    double *truth = arena_array(a, n_vars + 1, sizeof *truth),
           *coef = arena_array(a, 2 * n_vars + 1, sizeof *coef);
    double *least = arena_array(a, n_vars + 1, sizeof *least);
    size_t *start = arena_array(a, height + g->width + 1, sizeof *start);
    uint32_t *term = arena_array(a, 2 * n_vars + 1, sizeof *term);
    for (size_t c = 0; c < g->n; c++)
        if (var[c] != UINT32_MAX) {
            truth[var[c]] = (double)g->v[c];
            least[var[c]] = (double)least_of(g, c);
        }
    for (size_t by_col = 0; by_col < 2; by_col++)
        for (size_t line = 0; line < (by_col ? g->width : height); line++) {
            for (size_t k = 0; k < (by_col ? height : g->width); k++) {
                size_t c = by_col ? k * g->width + line : line * g->width + k;
                if (var[c] == UINT32_MAX)
                    continue;
                term[terms] = var[c];
                coef[terms++] = k == (by_col ? g->rows : g->cols) ? -1 : 1;
            }
            start[++n_eq] = terms;
        }
    return (struct protect_lp){n_vars, n_eq, truth, least, start, term, coef};
}

static bool wide(double low, double high, int64_t need)
{
    return high - low >= (double)need - 1e-6;
}

/* Does the pattern as it stands protect this cell? */
static bool lp_protects(struct arena *a, const struct grid *g, size_t cell)
{
    uint32_t *var = arena_array(a, g->n + 1, sizeof *var);
    struct protect_lp p = equations(a, g, var);
    double low, high;
    return protect_lp_bound(&p, var[cell], &low, &high) && wide(low, high, g->need);
}

/* What hiding a cell costs: its information, totals far more than cells. */
static double price_of(const struct grid *g, size_t i, size_t j)
{
    size_t c = i * g->width + j;
    double big = (double)g->v[g->n - 1] + 1, one = (double)g->v[c] + 1;
    return one + (i == g->rows) * big * 10 + (j == g->cols) * big * 10;
}

static double cost_of(const struct grid *g, size_t i, size_t j)
{
    return g->state[i * g->width + j] != PROTECT_SHOWN ? 0 : price_of(g, i, j);
}

static bool usable(const struct grid *g, size_t c)
{
    if (g->state[c] != PROTECT_SHOWN)
        return true;
    return !(g->fixed && g->fixed[c]) && (g->v[c] > 0 || g->least == 0);
}

/* How far the corners of a rectangle can move together, the first corner up by d, d < 0 < d. */
static double rectangle_width(const struct grid *g, size_t i, size_t j, size_t i2, size_t j2)
{
    const size_t r[4] = {i, i, i2, i2}, c[4] = {j, j2, j, j2};
    double up = INFINITY, down = INFINITY;
    for (int k = 0; k < 4; k++) {
        int s = sign_of(g, r[k], c[k]) * (k == 1 || k == 2 ? -1 : 1);
        size_t cell = r[k] * g->width + c[k];
        double room = (double)(g->v[cell] - least_of(g, cell));
        if (s > 0)
            down = fmin(down, room);
        else
            up = fmin(up, room);
    }
    return fmax(up, 0) + fmax(down, 0);
}

/* Hides the cheapest rectangle that protects cell (i, j). False: there is none. */
static bool protect_by_rectangle(struct grid *g, size_t i, size_t j)
{
    double best = INFINITY;
    size_t bi = 0, bj = 0;
    for (size_t i2 = 0; i2 <= g->rows; i2++) {
        if (i2 == i || !usable(g, i2 * g->width + j))
            continue;
        double c0 = cost_of(g, i2, j);
        for (size_t j2 = 0; j2 <= g->cols && c0 < best; j2++) {
            if (j2 == j || !usable(g, i * g->width + j2) || !usable(g, i2 * g->width + j2))
                continue;
            double cost = c0 + cost_of(g, i, j2) + cost_of(g, i2, j2);
            if (cost < best && rectangle_width(g, i, j, i2, j2) >= (double)g->need) {
                best = cost;
                bi = i2;
                bj = j2;
            }
        }
    }
    if (!isfinite(best))
        return false;
    const size_t corner[4] = {i * g->width + j, i * g->width + bj, bi * g->width + j, bi * g->width + bj};
    for (int k = 0; k < 4; k++) {
        if (g->state[corner[k]] == PROTECT_SHOWN)
            g->state[corner[k]] = PROTECT_SECONDARY;
        g->certain[corner[k]] = 1;
    }
    return true;
}

static bool is_hidden(uint8_t state)
{
    return state == PROTECT_PRIMARY || state == PROTECT_SECONDARY;
}

static size_t count_unknown(const struct grid *g)
{
    size_t n = 0;
    for (size_t c = 0; c < g->n; c++)
        n += g->state[c] != PROTECT_SHOWN;
    return n;
}

/* Every hidden cell gets a proof, by what is hidden already or by hiding more. */
static bool protect_hidden(struct arena *a, struct grid *g, size_t lp_cells)
{
    for (size_t c = 0; c < g->n; c++) {
        if (!is_hidden(g->state[c]) || g->certain[c])
            continue;
        if (count_unknown(g) <= lp_cells && lp_protects(a, g, c)) {
            g->certain[c] = 1;
            continue;
        }
        if (!protect_by_rectangle(g, c / g->width, c % g->width))
            return false;
    }
    return true;
}

static bool adds_up(const struct protect_table *t)
{
    size_t w = t->cols + 1;
    for (size_t i = 0; i <= t->rows; i++) {
        __int128 sum = 0;
        for (size_t j = 0; j < t->cols; j++)
            sum += t->values[i * w + j];
        if (sum != t->values[i * w + t->cols])
            return false;
    }
    for (size_t j = 0; j <= t->cols; j++) {
        __int128 sum = 0;
        for (size_t i = 0; i < t->rows; i++)
            sum += t->values[i * w + j];
        if (sum != t->values[t->rows * w + j])
            return false;
    }
    for (size_t c = 0; c < (t->rows + 1) * w; c++)
        if (t->values[c] < 0)
            return false;
    return true;
}

/* Hides whatever may still be hidden (zeros only: before giving up on a finer pattern). */
static void hide_more(struct grid *g, bool zeros_only)
{
    for (size_t c = 0; c < g->n; c++)
        if (g->state[c] == PROTECT_SHOWN && !(g->fixed && g->fixed[c]) && (g->v[c] == 0 || !zeros_only))
            g->state[c] = PROTECT_SECONDARY;
    memset(g->certain, 0, g->n);
    g->least = 0;
}

/* The attacker's bounds of all hidden cells; false: one is too narrow or the solver failed. */
static bool audit(struct arena *a, const struct grid *g, double *narrowest, struct protect_bounds **bounds)
{
    uint32_t *var = arena_array(a, g->n + 1, sizeof *var);
    struct protect_lp p = equations(a, g, var);
    double *low = arena_array(a, p.n_vars + 1, sizeof *low),
           *high = arena_array(a, p.n_vars + 1, sizeof *high);
    *narrowest = INFINITY;
    if (!protect_lp_bounds(&p, low, high))
        return false;
    *bounds = arena_array(a, g->n, sizeof **bounds);
    for (size_t c = 0; c < g->n; c++) {
        double v = (double)g->v[c];
        bool known = var[c] == UINT32_MAX;
        (*bounds)[c] = (struct protect_bounds){known ? v : low[var[c]], known ? v : high[var[c]]};
        if (is_hidden(g->state[c]))
            *narrowest = fmin(*narrowest, (*bounds)[c].high - (*bounds)[c].low);
    }
    return *narrowest >= (double)g->need - 1e-6;
}

/* Replaces a pattern that protects by the cheapest one, which does so, too. */
static void seek_cheapest(struct arena *a, struct grid *g, const struct protect_rules *r, struct protect_result *out)
{
    double *value = arena_array(a, g->n, sizeof *value), *least = arena_array(a, g->n, sizeof *least),
           *width = arena_array(a, g->n, sizeof *width), *cost = arena_array(a, g->n, sizeof *cost);
    uint8_t *primary = arena_array(a, g->n, 1), *fixed = arena_array(a, g->n, 1);
    for (size_t c = 0; c < g->n; c++) {
        bool absent = g->state[c] == PROTECT_ABSENT;
        value[c] = (double)g->v[c];
        primary[c] = absent || g->state[c] == PROTECT_PRIMARY;
        least[c] = fmin((double)least_of(g, c), value[c]); /* zeros that stay shown */
        width[c] = absent ? 0 : (double)g->need;
        cost[c] = price_of(g, c / g->width, c % g->width);
        fixed[c] = !primary[c] && ((g->fixed && g->fixed[c]) || (g->v[c] == 0 && g->least > 0));
    }
    struct protect_system s = protect_system_of_table(a, g->rows, g->cols, value);
    s.least = least;
    struct protect_suppress_spec spec = {.primary = primary, .width = width, .secondary_width = (double)g->need,
                                         .cost = cost, .fixed = fixed, .start = g->state, .max_nodes = r->max_nodes,
                                         .run = r->run};
    struct protect_suppression best = protect_suppress(a, &s, &spec);
    if (best.status != STAT_OK)
        return;
    for (size_t c = 0; c < g->n; c++) {
        if (g->state[c] != PROTECT_ABSENT)
            g->state[c] = best.cell[c];
        if (is_hidden(g->state[c]))
            out->narrowest = fmin(out->narrowest, best.bounds[c].high - best.bounds[c].low);
    }
    out->audited = true;
    out->bounds = best.bounds;
    out->optimal = best.optimal;
    out->bound = best.bound;
}

/* Small cells become primary; unpublished ones absent. */
static void mark_primary(struct grid *g, const struct protect_table *t, const struct protect_rules *r)
{
    for (size_t c = 0; c < g->n; c++) {
        bool small = is_small(g->v[c], r->threshold) || (r->hide_zeros && g->v[c] == 0);
        if (t->absent && t->absent[c])
            g->state[c] = PROTECT_ABSENT;
        else if (small && !(g->fixed && g->fixed[c]))
            g->state[c] = PROTECT_PRIMARY;
    }
}

static struct protect_rules with_defaults(const struct protect_rules *rules)
{
    struct protect_rules r = rules ? *rules : (struct protect_rules){0};
    r.threshold = r.threshold > 0 ? r.threshold : PROTECT_THRESHOLD;
    r.min_width = r.min_width > 0 ? r.min_width : r.threshold - 1;
    r.lp_cells = r.lp_cells ? r.lp_cells : 400;
    return r;
}

struct protect_result protect_table(struct arena *a, const struct protect_table *t,
                                    const struct protect_rules *rules)
{
    struct protect_rules r = with_defaults(rules);
    struct protect_result out = {.narrowest = INFINITY, .bound = NAN};
    struct grid g = {.rows = t->rows, .cols = t->cols, .width = t->cols + 1,
                     .n = (t->rows + 1) * (t->cols + 1), .v = t->values, .fixed = t->fixed,
                     .least = r.hide_zeros ? 0 : 1, .need = r.min_width};
    g.state = out.cell = arena_array(a, g.n + 1, 1);
    g.certain = arena_array(a, g.n + 1, 1);
    mark_primary(&g, t, &r);
    if (!adds_up(t)) {
        memset(g.state, PROTECT_PRIMARY, g.n);
        out.n_primary = g.n;
        return out;
    }
    out.safe = protect_hidden(a, &g, r.lp_cells);
    if (!out.safe && g.least > 0) {
        hide_more(&g, true);
        out.safe = protect_hidden(a, &g, r.lp_cells);
    }
    if (!out.safe) {
        hide_more(&g, false);
        out.safe = protect_hidden(a, &g, SIZE_MAX);
    }
    if (out.safe && r.cheapest && g.n <= CHEAPEST_CELLS)
        seek_cheapest(a, &g, &r, &out);
    if (!out.audited && count_unknown(&g) <= r.lp_cells) {
        out.audited = true;
        out.safe = audit(a, &g, &out.narrowest, &out.bounds) && out.safe;
    }
    for (size_t c = 0; c < g.n; c++) {
        if (!out.safe && !(g.fixed && g.fixed[c]) && g.state[c] == PROTECT_SHOWN)
            g.state[c] = PROTECT_SECONDARY;
        out.n_primary += g.state[c] == PROTECT_PRIMARY;
        out.n_secondary += g.state[c] == PROTECT_SECONDARY;
        out.cost += g.state[c] == PROTECT_SECONDARY ? price_of(&g, c / g.width, c % g.width) : 0;
    }
    return out;
}

bool protect_audit(struct arena *a, const struct protect_table *t, const uint8_t *cell, double least,
                   struct protect_bounds *bounds)
{
    struct grid g = {.rows = t->rows, .cols = t->cols, .width = t->cols + 1,
                     .n = (t->rows + 1) * (t->cols + 1), .v = t->values, .least = (int64_t)least};
    uint8_t *state = arena_array(a, g.n + 1, 1);
    memcpy(state, cell, g.n);
    g.state = state;
    uint32_t *var = arena_array(a, g.n + 1, sizeof *var);
    struct protect_lp p = equations(a, &g, var);
    double *low = arena_array(a, p.n_vars + 1, sizeof *low),
           *high = arena_array(a, p.n_vars + 1, sizeof *high);
    if (!protect_lp_bounds(&p, low, high))
        return false;
    for (size_t c = 0; c < g.n; c++) {
        double v = (double)g.v[c];
        bool known = var[c] == UINT32_MAX;
        bounds[c] =
            known ? (struct protect_bounds){v, v} : (struct protect_bounds){low[var[c]], high[var[c]]};
    }
    return true;
}

struct protect_band protect_band(int64_t count, int64_t threshold)
{
    int64_t width = threshold > 0 ? threshold : PROTECT_THRESHOLD, low = count > 0 ? count / width * width : 0;
    return (struct protect_band){low, low + width - 1};
}
