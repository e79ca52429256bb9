/* protect_round.c - controlled rounding of tables. */
#include "stat/protect_round.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/lp.h"
#include "stat/num.h"

/* --- the nearest ---------------------------------------------------------------------------------------- */

/* Figures in multiples of the base: floor + step, plus or minus further ones. */
struct columns {
    double floor, part; /* value/base = floor + part, 0 <= part < 1 */
    size_t step, up, down; /* SIZE_MAX: none */
};

static bool makes_sense(const struct protect_system *s, double base)
{
    if (!(base > 0 && isfinite(base)))
        return false;
    for (size_t c = 0; c < s->n_cells; c++)
        if (!(s->value[c] >= 0 && isfinite(s->value[c])))
            return false;
    for (size_t r = 0; r < s->n_relations; r++) {
        struct num_sum sum = {0, 0};
        double size = 1;
        for (size_t t = s->start[r]; t < s->start[r + 1]; t++) {
            if (s->cell[t] >= s->n_cells)
                return false;
            num_add(&sum, s->coef[t] * s->value[s->cell[t]]);
            size += fabs(s->coef[t] * s->value[s->cell[t]]);
        }
        if (!(fabs(num_total(sum)) <= 1e-9 * size))
            return false;
    }
    return true;
}

static void add_columns(struct lp *lp, const struct protect_system *s, double base, unsigned further,
                        struct columns *x)
{
    for (size_t c = 0; c < s->n_cells; c++) {
        double multiple = s->value[c] / base, whole = floor(multiple + 1e-9), part = fmax(multiple - whole, 0);
        part = part < 1e-9 ? 0 : part;
        x[c] = (struct columns){whole, part, SIZE_MAX, SIZE_MAX, SIZE_MAX};
        if (part > 0) {
            x[c].step = lp_add_column(lp, 0, 1, 1 - 2 * part); /* |1 - part| - |part| */
            lp_binary(lp, x[c].step);
        }
        double down = fmin(further, whole);
        if (further > 0) {
            x[c].up = lp_add_column(lp, 0, further, 1);
            lp_whole(lp, x[c].up);
        }
        if (down > 0) {
            x[c].down = lp_add_column(lp, 0, down, 1);
            lp_whole(lp, x[c].down);
        }
    }
}

static void add_relations(struct arena *a, struct lp *lp, const struct protect_system *s, const struct columns *x)
{
    size_t most = 0;
    for (size_t r = 0; r < s->n_relations; r++)
        most = s->start[r + 1] - s->start[r] > most ? s->start[r + 1] - s->start[r] : most;
    uint32_t *column = arena_array(a, 3 * most + 1, sizeof *column);
    double *coef = arena_array(a, 3 * most + 1, sizeof *coef);
    for (size_t r = 0; r < s->n_relations; r++) {
        size_t n = 0;
        double right = 0;
        for (size_t t = s->start[r]; t < s->start[r + 1]; t++) {
            const struct columns *k = &x[s->cell[t]];
            const size_t of[3] = {k->step, k->up, k->down};
            right -= s->coef[t] * k->floor;
            for (int i = 0; i < 3; i++)
                if (of[i] != SIZE_MAX) {
                    column[n] = (uint32_t)of[i];
                    coef[n++] = i == 2 ? -s->coef[t] : s->coef[t];
                }
        }
        lp_add_row(lp, right, right, column, coef, n);
    }
}

static double taken(const struct lp *lp, size_t column)
{
    return column == SIZE_MAX ? 0 : lp_integer_value(lp, column);
}

struct protect_rounding protect_round_nearest(struct arena *a, const struct protect_system *s, double base,
                                              unsigned further, size_t max_nodes, const struct stat_run *run)
{
    struct protect_rounding out = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID, .distance = NAN, .bound = NAN};
    out.rounded = arena_array(a, s->n_cells + 1, sizeof *out.rounded);
    for (size_t c = 0; c < s->n_cells; c++)
        out.rounded[c] = NAN;
    if (!makes_sense(s, base))
        return out;
    struct columns *x = arena_array(a, s->n_cells + 1, sizeof *x);
    struct lp *lp = lp_new();
    add_columns(lp, s, base, further, x);
    add_relations(a, lp, s, x);
    struct lp_limits limits = {.max_nodes = max_nodes, .run = run};
    struct lp_integer found = lp_solve_integer(lp, false, &limits);
    struct num_sum distance = {0, 0}, always = {0, 0};
    bool good = found.status == LP_OPTIMAL || found.status == LP_FEASIBLE;
    for (size_t c = 0; good && c < s->n_cells; c++) {
        out.rounded[c] = base * (x[c].floor + taken(lp, x[c].step) + taken(lp, x[c].up) - taken(lp, x[c].down));
        num_add(&distance, fabs(out.rounded[c] - s->value[c]));
        num_add(&always, x[c].part);
    }
    lp_free(lp);
    out.nodes = found.nodes;
    out.status = found.status == LP_OPTIMAL ? STAT_OK : good ? STAT_FLAG : STAT_REFUSED;
    out.reason = found.status == LP_OPTIMAL      ? STAT_REASON_NONE
                 : found.status == LP_INFEASIBLE ? STAT_REASON_INFEASIBLE
                 : !good && !stat_go_on(run, 0, 0) ? STAT_REASON_STOPPED
                                                   : STAT_REASON_NOT_CONVERGED;
    if (good) {
        out.distance = num_total(distance);
        out.bound = found.status == LP_OPTIMAL ? out.distance : base * (found.bound + num_total(always));
    }
    return out;
}

/* --- unbiased -------------------------------------------------------------------------------------------- */

struct loose {
    size_t rows, cols; /* with margins */
    int64_t base;
    int64_t *part;     /* of each cell above a multiple, 0 .. base; 0 and base: settled */
    size_t *path;      /* cells of the walk */
    size_t *row_at, *col_at; /* when the walk was there, counted from 1; 0: never */
};

static bool is_loose(const struct loose *l, size_t c)
{
    return l->part[c] > 0 && l->part[c] < l->base;
}

/* Another loose cell in the row (or column) of c; there always is one, for the parts of a line add up to a multiple. */
static size_t other(const struct loose *l, size_t c, bool in_row)
{
    size_t i = c / l->cols, j = c % l->cols, n = in_row ? l->cols : l->rows;
    for (size_t k = 0; k < n; k++) {
        size_t d = in_row ? i * l->cols + k : k * l->cols + j;
        if (d != c && is_loose(l, d))
            return d;
    }
    return SIZE_MAX;
}

/* Walks from a loose cell along rows and columns in turn until a line comes again; the loop is
 * path[*first .. *end). False: the parts do not add up (cannot be). */
static bool find_loop(struct loose *l, size_t c, size_t *first, size_t *end)
{
    memset(l->row_at, 0, l->rows * sizeof *l->row_at);
    memset(l->col_at, 0, l->cols * sizeof *l->col_at);
    /* Line k of the walk is entered by path[k - 1] and left by path[k]; even ones are columns. */
    l->col_at[c % l->cols] = 1;
    l->path[0] = c;
    for (size_t n = 1;; n++) {
        bool in_row = n % 2 == 1;
        size_t *at = in_row ? &l->row_at[c / l->cols] : &l->col_at[c % l->cols];
        if (*at) { /* this line was met before: the loop begins with the cell that left it then */
            *first = *at - 1;
            *end = n;
            return true;
        }
        *at = n + 1;
        c = other(l, c, in_row);
        if (c == SIZE_MAX)
            return false;
        l->path[n] = c;
    }
}

static int sign_of(const struct loose *l, size_t c)
{
    return (c / l->cols == l->rows - 1 ? -1 : 1) * (c % l->cols == l->cols - 1 ? -1 : 1);
}

/* Goes around the loop by as much as one way or the other allows; the chance of each way is the length of the other. */
static void turn(struct loose *l, size_t first, size_t end, struct rng *r)
{
    int64_t up = INT64_MAX, down = INT64_MAX;
    for (size_t k = first; k < end; k++) {
        size_t c = l->path[k];
        bool grows = sign_of(l, c) * (k % 2 ? -1 : 1) > 0;
        int64_t room = l->base - l->part[c], rest = l->part[c];
        up = (grows ? room : rest) < up ? (grows ? room : rest) : up;
        down = (grows ? rest : room) < down ? (grows ? rest : room) : down;
    }
    int64_t by = rng_below(r, (uint64_t)(up + down)) < (uint64_t)down ? up : -down;
    for (size_t k = first; k < end; k++)
        l->part[l->path[k]] += by * sign_of(l, l->path[k]) * (k % 2 ? -1 : 1);
}

static bool adds_up(size_t rows, size_t cols, const int64_t *v)
{
    size_t w = cols + 1;
    for (size_t c = 0; c < (rows + 1) * w; c++)
        if (v[c] < 0)
            return false;
    for (size_t i = 0; i <= rows; i++) {
        __int128 sum = 0;
        for (size_t j = 0; j < cols; j++)
            sum += v[i * w + j];
        if (sum != v[i * w + cols])
            return false;
    }
    for (size_t j = 0; j <= cols; j++) {
        __int128 sum = 0;
        for (size_t i = 0; i < rows; i++)
            sum += v[i * w + j];
        if (sum != v[rows * w + j])
            return false;
    }
    return true;
}

enum stat_reason protect_round_unbiased(struct arena *a, size_t rows, size_t cols, const int64_t *values,
                                        int64_t base, struct rng *r, int64_t *rounded)
{
    if (base < 1 || base > INT64_MAX / 4 || !adds_up(rows, cols, values))
        return STAT_REASON_INVALID;
    struct loose l = {.rows = rows + 1, .cols = cols + 1, .base = base};
    size_t n = l.rows * l.cols;
    l.part = arena_array(a, n, sizeof *l.part);
    l.path = arena_array(a, l.rows + l.cols + 2, sizeof *l.path);
    l.row_at = arena_array(a, l.rows, sizeof *l.row_at);
    l.col_at = arena_array(a, l.cols, sizeof *l.col_at);
    for (size_t c = 0; c < n; c++)
        l.part[c] = values[c] % base;
    for (size_t c = 0; c < n; c++)
        while (is_loose(&l, c)) {
            size_t first, end;
            if (!find_loop(&l, c, &first, &end))
                return STAT_REASON_INVALID;
            turn(&l, first, end, r);
        }
    for (size_t c = 0; c < n; c++)
        rounded[c] = values[c] - values[c] % base + l.part[c];
    return STAT_REASON_NONE;
}
