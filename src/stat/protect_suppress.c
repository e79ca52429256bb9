/* protect_suppress.c - the cheapest cells to hide in a system of sums, proven against the attacker. */
#include "stat/protect_suppress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/protect_attack.h"

enum { EXACT_CELLS = 1000, MAX_NODES = 20000, MAX_ROUNDS = 200, CLEAN_LIMIT = 40000 };
static const double EPS = 1e-6;

struct work {
    struct arena *a;
    const struct protect_system *s;
    const struct protect_suppress_spec *spec;
    struct protect_attack attack;
    double *cost;    /* of every cell */
    uint8_t *may;    /* may be hidden to hide others */
    double *hidden;  /* pattern: 1 or 0 (or between, while the bound is sought) */
    bool failed, stopped;
};

struct demand {
    double up, down, width;
};

static double at(const double *x, size_t c)
{
    return x ? x[c] : 0;
}

static bool is_primary(const struct work *w, size_t c)
{
    return w->spec->primary[c] && !(w->spec->fixed && w->spec->fixed[c]);
}

static struct demand demand_of(const struct work *w, size_t c)
{
    if (is_primary(w, c))
        return (struct demand){at(w->spec->up, c), at(w->spec->down, c), at(w->spec->width, c)};
    return (struct demand){0, 0, w->spec->secondary_width};
}

static bool demands(struct demand d)
{
    return d.up > 0 || d.down > 0 || d.width > 0;
}

struct reach {
    double up, down;
};

static struct reach reach_of(struct work *w, size_t c)
{
    struct reach r = {protect_attack_reach(&w->attack, c, 1), protect_attack_reach(&w->attack, c, -1)};
    w->failed |= isnan(r.up) || isnan(r.down);
    return r;
}

static bool meets(struct demand d, struct reach r)
{
    return r.up >= d.up - EPS && r.down >= d.down - EPS && r.up + r.down >= d.width - EPS;
}

/* Is every hidden cell protected by the pattern as it stands? Of a large table this is most of the work. */
static bool all_protected(struct work *w)
{
    protect_attack_pattern(&w->attack, w->hidden, INFINITY);
    for (size_t c = 0; c < w->s->n_cells; c++) {
        struct demand d = demand_of(w, c);
        if (w->hidden[c] > 0 && demands(d) && (!meets(d, reach_of(w, c)) || w->failed))
            return false;
        if (!stat_go_on(w->spec->run, c, w->s->n_cells)) {
            w->stopped = true;
            return false;
        }
    }
    return true;
}

static double cost_of(const struct work *w)
{
    double sum = 0;
    for (size_t c = 0; c < w->s->n_cells; c++)
        sum += w->hidden[c] > 0 && !is_primary(w, c) ? w->cost[c] : 0;
    return sum;
}

/* --- a good pattern, cell by cell --------------------------------------------------------------------- */

/* Columns 2c and 2c + 1: moves of cell c up and down; the cheapest set of moves that carries one cell far enough. */
static struct lp *moves_new(const struct work *w)
{
    const struct protect_system *s = w->s;
    struct lp *lp = lp_new();
    size_t most = 0;
    for (size_t c = 0; c < 2 * s->n_cells; c++)
        lp_add_column(lp, 0, 0, 0);
    for (size_t r = 0; r < s->n_relations; r++)
        most = s->start[r + 1] - s->start[r] > most ? s->start[r + 1] - s->start[r] : most;
    uint32_t *column = arena_array(w->a, 2 * most + 1, sizeof *column);
    double *coef = arena_array(w->a, 2 * most + 1, sizeof *coef);
    for (size_t r = 0; r < s->n_relations; r++) {
        size_t n = 0;
        for (size_t t = s->start[r]; t < s->start[r + 1]; t++)
            for (uint32_t sign = 0; sign < 2; sign++) {
                column[n] = 2 * s->cell[t] + sign;
                coef[n++] = sign ? -s->coef[t] : s->coef[t];
            }
        lp_add_row(lp, 0, 0, column, coef, n);
    }
    return lp;
}

/* Moves cell p by far up (or down), as cheaply as it goes, and hides what had to move. */
static bool hide_for(struct work *w, struct lp *moves, size_t p, double far, bool up)
{
    for (size_t c = 0; c < w->s->n_cells; c++) {
        bool open = w->hidden[c] > 0 || w->may[c];
        double cost = w->hidden[c] > 0 ? 0 : w->cost[c] + 1e-6;
        lp_set_column(moves, 2 * c, 0, open && c != p ? protect_room_up(w->s, c) : 0);
        lp_set_column(moves, 2 * c + 1, 0, open && c != p ? protect_room_down(w->s, c) : 0);
        lp_set_cost(moves, 2 * c, cost);
        lp_set_cost(moves, 2 * c + 1, cost);
    }
    if (far > (up ? protect_room_up(w->s, p) : protect_room_down(w->s, p)) + EPS)
        return false;
    lp_set_column(moves, 2 * p + !up, far, far);
    if (lp_solve(moves, false) != LP_OPTIMAL)
        return false;
    for (size_t c = 0; c < w->s->n_cells; c++)
        if (fabs(lp_value(moves, 2 * c) - lp_value(moves, 2 * c + 1)) > EPS)
            w->hidden[c] = 1;
    return true;
}

static bool satisfy(struct work *w, struct lp *moves, size_t p)
{
    struct demand d = demand_of(w, p);
    struct reach r = reach_of(w, p);
    if (!w->failed && r.up < d.up - EPS && !hide_for(w, moves, p, d.up, true))
        return false;
    if (!w->failed && r.down < d.down - EPS && !hide_for(w, moves, p, d.down, false))
        return false;
    protect_attack_pattern(&w->attack, w->hidden, INFINITY);
    r = reach_of(w, p);
    if (w->failed || r.up + r.down >= d.width - EPS)
        return !w->failed;
    return hide_for(w, moves, p, d.width - r.down, true) || hide_for(w, moves, p, d.width - r.up, false);
}

/* Every cell in turn, until nothing new is hidden. False: some cell cannot be protected. */
static bool build_pattern(struct work *w)
{
    struct lp *moves = moves_new(w);
    bool good = true, again = true;
    protect_attack_pattern(&w->attack, w->hidden, INFINITY);
    while (again && good && !w->failed && !w->stopped) {
        again = false;
        for (size_t c = 0; c < w->s->n_cells && good && !w->failed; c++) {
            struct demand d = demand_of(w, c);
            if (!(w->hidden[c] > 0) || !demands(d))
                continue;
            if (!meets(d, reach_of(w, c))) {
                good = satisfy(w, moves, c);
                again = true;
                protect_attack_pattern(&w->attack, w->hidden, INFINITY);
            }
            w->stopped = !stat_go_on(w->spec->run, c, w->s->n_cells);
            good &= !w->stopped;
        }
    }
    lp_free(moves);
    return good && !w->failed;
}

struct priced {
    double cost;
    size_t cell;
};

static int dearest_first(const void *a, const void *b)
{
    const struct priced *x = a, *y = b;
    return x->cost != y->cost ? (x->cost < y->cost ? 1 : -1) : (x->cell > y->cell) - (x->cell < y->cell);
}

/* Shows again what turned out not to be needed, dearest first. */
static void show_needless(struct work *w)
{
    size_t n = 0, hidden = 0;
    struct priced *list = arena_array(w->a, w->s->n_cells + 1, sizeof *list);
    for (size_t c = 0; c < w->s->n_cells; c++) {
        hidden += w->hidden[c] > 0;
        if (w->hidden[c] > 0 && !is_primary(w, c))
            list[n++] = (struct priced){w->cost[c], c};
    }
    if (n * hidden > CLEAN_LIMIT)
        return;
    qsort(list, n, sizeof *list, dearest_first);
    for (size_t i = 0; i < n && !w->stopped; i++) {
        w->hidden[list[i].cell] = 0;
        if (!all_protected(w))
            w->hidden[list[i].cell] = 1;
    }
}

/* --- the 0-1 programme --------------------------------------------------------------------------------- */

struct master {
    struct lp *lp;
    size_t *column;   /* of a cell; SIZE_MAX: none, its part is settled */
    uint32_t *term;   /* scratch of a row */
    double *coef, *weight, *both; /* weights of one direction, of the two together */
    size_t cuts, rounds, nodes;
    double bound;
};

static void master_open(struct work *w, struct master *m)
{
    size_t n = w->s->n_cells;
    *m = (struct master){.lp = lp_new(), .bound = 0};
    m->column = arena_array(w->a, n + 1, sizeof *m->column);
    m->term = arena_array(w->a, n + 1, sizeof *m->term);
    m->coef = arena_array(w->a, n + 1, sizeof *m->coef);
    m->weight = arena_array(w->a, n + 1, sizeof *m->weight);
    m->both = arena_array(w->a, n + 1, sizeof *m->both);
    for (size_t c = 0; c < n; c++) {
        m->column[c] = w->may[c] ? lp_add_column(m->lp, 0, 1, w->cost[c]) : SIZE_MAX;
        if (w->may[c])
            lp_binary(m->lp, m->column[c]);
    }
}

/* sum of min(weight_i, need) y_i >= need (times y_p where p itself need not be hidden): added when the pattern at
 * hand breaks it. Cells that are hidden in any case are moved to the right side first. */
static bool add_cut(struct work *w, struct master *m, size_t p, const double *weight, double need)
{
    double right = need, left = 0;
    size_t n = 0;
    for (size_t c = 0; c < w->s->n_cells; c++)
        if (c == p || is_primary(w, c))
            right -= weight[c];
    if (!(right > EPS))
        return false;
    for (size_t c = 0; c < w->s->n_cells; c++) {
        if (m->column[c] == SIZE_MAX || c == p || !(weight[c] > 1e-9))
            continue;
        m->term[n] = (uint32_t)m->column[c];
        m->coef[n] = fmin(weight[c], right);
        left += m->coef[n++] * w->hidden[c];
    }
    bool conditional = m->column[p] != SIZE_MAX;
    if (left >= right * (conditional ? w->hidden[p] : 1) - EPS)
        return false;
    if (conditional) {
        m->term[n] = (uint32_t)m->column[p];
        m->coef[n++] = -right;
    }
    lp_add_row(m->lp, conditional ? 0 : right, INFINITY, m->term, m->coef, n);
    m->cuts++;
    return true;
}

/* Attacks one cell under the pattern at hand; what succeeds becomes rows. */
static size_t cut_cell(struct work *w, struct master *m, size_t p, struct demand d)
{
    size_t n = w->s->n_cells, added = 0;
    double share = is_primary(w, p) ? 1 : w->hidden[p], sum = 0;
    memset(m->both, 0, n * sizeof *m->both);
    for (int sign = 1; sign >= -1; sign -= 2) {
        double need = sign > 0 ? d.up : d.down, reach = protect_attack_reach(&w->attack, p, sign);
        w->failed |= isnan(reach);
        sum += reach;
        if (!isfinite(reach))
            continue; /* leaves no duals, and with it no width is lacking */
        for (size_t c = 0; c < n; c++) {
            m->weight[c] = protect_attack_weight(&w->attack, c);
            m->both[c] += m->weight[c];
        }
        if (reach < need * share - EPS)
            added += add_cut(w, m, p, m->weight, need);
    }
    return added + (sum < d.width * share - EPS ? add_cut(w, m, p, m->both, d.width) : 0);
}

/* All cells that are (partly) hidden; the number of new rows. With fractions moves are capped by the demand: the
 * rows are right whatever the cap, and without it a hundredth of a cell without bound would protect anything. */
static size_t cut_all(struct work *w, struct master *m, bool fractions)
{
    size_t added = 0;
    double cap = 0;
    for (size_t c = 0; fractions && c < w->s->n_cells; c++) {
        struct demand d = demand_of(w, c);
        cap = fmax(cap, fmax(d.width, fmax(d.up, d.down)));
    }
    protect_attack_pattern(&w->attack, w->hidden, fractions ? cap : INFINITY);
    for (size_t c = 0; c < w->s->n_cells && !w->failed; c++) {
        struct demand d = demand_of(w, c);
        if (w->hidden[c] > EPS && demands(d))
            added += cut_cell(w, m, c, d);
    }
    w->stopped = !stat_go_on(w->spec->run, m->rounds, MAX_ROUNDS);
    return added;
}

static void take_solution(struct work *w, const struct master *m, bool integer)
{
    for (size_t c = 0; c < w->s->n_cells; c++)
        if (m->column[c] != SIZE_MAX)
            w->hidden[c] = integer ? lp_integer_value(m->lp, m->column[c]) : lp_value(m->lp, m->column[c]);
}

/* Rows are added first for the best fractions, then for the best 0-1 pattern, until it holds. True: w->hidden is the
 * cheapest pattern of all; m->bound in any case. */
static bool solve_exactly(struct work *w, struct master *m)
{
    size_t left = w->spec->max_nodes ? w->spec->max_nodes : MAX_NODES;
    for (; m->rounds < MAX_ROUNDS && !w->failed && !w->stopped; m->rounds++) {
        if (lp_solve(m->lp, false) != LP_OPTIMAL)
            return false;
        m->bound = fmax(m->bound, lp_objective(m->lp));
        take_solution(w, m, false);
        if (cut_all(w, m, true) == 0)
            break;
    }
    for (; m->rounds < 2 * MAX_ROUNDS && left > 0 && !w->failed && !w->stopped; m->rounds++) {
        struct lp_limits limits = {.max_nodes = left, .run = w->spec->run};
        struct lp_integer found = lp_solve_integer(m->lp, false, &limits);
        m->nodes += found.nodes;
        left -= found.nodes < left ? found.nodes : left;
        if (isfinite(found.bound))
            m->bound = fmax(m->bound, found.bound);
        if (found.status != LP_OPTIMAL)
            return false;
        take_solution(w, m, true);
        if (cut_all(w, m, false) == 0)
            return !w->failed && !w->stopped;
    }
    return false;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

static bool makes_sense(const struct protect_system *s)
{
    for (size_t c = 0; c < s->n_cells; c++) {
        double low = s->least ? s->least[c] : 0, high = s->most ? s->most[c] : INFINITY;
        if (!isfinite(s->value[c]) || s->value[c] < low || s->value[c] > high)
            return false;
    }
    for (size_t r = 0; r < s->n_relations; r++) {
        double sum = 0, size = 1;
        for (size_t t = s->start[r]; t < s->start[r + 1]; t++) {
            if (s->cell[t] >= s->n_cells)
                return false;
            sum += s->coef[t] * s->value[s->cell[t]];
            size += fabs(s->coef[t] * s->value[s->cell[t]]);
        }
        if (!(fabs(sum) <= 1e-9 * size))
            return false;
    }
    return true;
}

static void prepare(struct work *w)
{
    size_t n = w->s->n_cells;
    w->cost = arena_array(w->a, n + 1, sizeof *w->cost);
    w->may = arena_array(w->a, n + 1, 1);
    w->hidden = arena_array(w->a, n + 1, sizeof *w->hidden);
    for (size_t c = 0; c < n; c++) {
        bool moves = protect_room_up(w->s, c) > 0 || protect_room_down(w->s, c) > 0;
        w->cost[c] = w->spec->cost ? w->spec->cost[c] : 1 + fabs(w->s->value[c]);
        w->may[c] = !w->spec->primary[c] && !(w->spec->fixed && w->spec->fixed[c]) && moves;
        w->hidden[c] = is_primary(w, c);
    }
    protect_attack_open(w->a, w->s, &w->attack);
}

static void set_hidden(struct work *w, const double *from)
{
    memcpy(w->hidden, from, w->s->n_cells * sizeof *from);
}

/* The better of the pattern built here and the one that was given. Everything that may be hidden, if neither
 * protects. False: not even that does. */
static bool best_guess(struct work *w)
{
    size_t n = w->s->n_cells;
    double *built = arena_array(w->a, n + 1, sizeof *built), cost = INFINITY;
    if (build_pattern(w) && all_protected(w)) {
        show_needless(w);
        memcpy(built, w->hidden, n * sizeof *built);
        cost = cost_of(w);
    }
    for (size_t c = 0; w->spec->start && c < n; c++)
        w->hidden[c] = is_primary(w, c) || (w->may[c] && w->spec->start[c] != PROTECT_SHOWN);
    if (w->spec->start && !w->failed && !w->stopped && cost_of(w) < cost && all_protected(w))
        return true;
    if (isfinite(cost)) {
        set_hidden(w, built);
        return true;
    }
    for (size_t c = 0; c < n; c++)
        w->hidden[c] = is_primary(w, c) || w->may[c];
    return !w->failed && !w->stopped && all_protected(w);
}

static void describe(struct work *w, struct protect_suppression *out)
{
    out->narrowest = INFINITY;
    for (size_t c = 0; c < w->s->n_cells; c++) {
        out->cell[c] = !(w->hidden[c] > 0) ? PROTECT_SHOWN : is_primary(w, c) ? PROTECT_PRIMARY : PROTECT_SECONDARY;
        out->n_primary += out->cell[c] == PROTECT_PRIMARY;
        out->n_secondary += out->cell[c] == PROTECT_SECONDARY;
    }
    if (!protect_attack_all(w->s, out->cell, w->spec->run, out->bounds)) {
        w->failed = true;
        w->stopped |= !stat_go_on(w->spec->run, w->s->n_cells, w->s->n_cells);
    }
    for (size_t c = 0; c < w->s->n_cells; c++)
        if (out->cell[c] != PROTECT_SHOWN)
            out->narrowest = fmin(out->narrowest, out->bounds[c].high - out->bounds[c].low);
}

static void refuse(struct work *w, struct protect_suppression *out, enum stat_reason why)
{
    for (size_t c = 0; c < w->s->n_cells; c++)
        out->cell[c] = is_primary(w, c) ? PROTECT_PRIMARY : w->may[c] ? PROTECT_SECONDARY : PROTECT_SHOWN;
    out->status = STAT_REFUSED;
    out->reason = why;
    out->cost = out->bound = out->gap = out->narrowest = NAN;
    out->optimal = false;
}

/* The audit of the pattern that is given away: nobody else's word counts. */
static bool audited(struct work *w, const struct protect_suppression *out)
{
    for (size_t c = 0; c < w->s->n_cells; c++) {
        struct demand d = demand_of(w, c);
        struct reach r = {out->bounds[c].high - w->s->value[c], w->s->value[c] - out->bounds[c].low};
        if (out->cell[c] != PROTECT_SHOWN && !meets(d, r))
            return false;
    }
    return true;
}

static struct protect_suppression suppress(struct arena *a, const struct protect_system *s,
                                           const struct protect_suppress_spec *spec)
{
    struct protect_suppression out = {.bound = NAN, .gap = NAN};
    struct work w = {.a = a, .s = s, .spec = spec};
    out.cell = arena_array(a, s->n_cells + 1, 1);
    out.bounds = arena_array(a, s->n_cells + 1, sizeof *out.bounds);
    prepare(&w);
    bool good = makes_sense(s), guessed = good && best_guess(&w);
    double *guess = arena_array(a, s->n_cells + 1, sizeof *guess);
    memcpy(guess, w.hidden, s->n_cells * sizeof *guess);
    out.cost = cost_of(&w);
    if (guessed && s->n_cells <= (spec->exact_cells ? spec->exact_cells : EXACT_CELLS)) {
        struct master m;
        master_open(&w, &m);
        out.optimal = solve_exactly(&w, &m);
        double cost = cost_of(&w);
        if (!out.optimal || cost >= out.cost) /* proven, the guess is as good */
            set_hidden(&w, guess);
        out.cost = cost_of(&w);
        out.bound = out.optimal ? out.cost : fmin(m.bound, out.cost);
        out.cuts = m.cuts;
        out.rounds = m.rounds;
        out.nodes = m.nodes;
        out.gap = out.cost > 0 ? (out.cost - out.bound) / out.cost : 0;
        lp_free(m.lp);
    }
    if (good)
        describe(&w, &out);
    protect_attack_close(&w.attack);
    if (!good)
        refuse(&w, &out, STAT_REASON_INVALID);
    else if (w.stopped)
        refuse(&w, &out, STAT_REASON_STOPPED);
    else if (w.failed)
        refuse(&w, &out, STAT_REASON_NOT_CONVERGED);
    else if (!guessed || !audited(&w, &out))
        refuse(&w, &out, STAT_REASON_NOT_PROTECTED);
    return out;
}

/* --- units ----------------------------------------------------------------------------------------------- */

static double largest(const double *x, size_t n, double so_far)
{
    for (size_t i = 0; x && i < n; i++)
        so_far = isfinite(x[i]) ? fmax(so_far, x[i]) : so_far;
    return so_far;
}

static const double *in_units(struct arena *a, const double *x, size_t n, double unit)
{
    if (!x)
        return NULL;
    double *out = arena_array(a, n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = x[i] / unit;
    return out;
}

/* Tolerances are those of counts: what is asked for is around ten. Turnovers in tenge or in billions are brought
 * there first; counts stay the whole numbers they are. */
struct protect_suppression protect_suppress(struct arena *a, const struct protect_system *s,
                                            const struct protect_suppress_spec *spec)
{
    size_t n = s->n_cells;
    double asked = largest(spec->up, n, largest(spec->down, n, largest(spec->width, n, spec->secondary_width)));
    if (!(asked > 0) || (asked >= 1 && asked <= 1000))
        return suppress(a, s, spec);
    double unit = asked / 10, *cost = arena_array(a, n + 1, sizeof *cost);
    struct protect_system scaled = *s;
    struct protect_suppress_spec asks = *spec;
    for (size_t c = 0; c < n; c++)
        cost[c] = spec->cost ? spec->cost[c] : 1 + fabs(s->value[c]);
    scaled.value = in_units(a, s->value, n, unit);
    scaled.least = in_units(a, s->least, n, unit);
    scaled.most = in_units(a, s->most, n, unit);
    asks.up = in_units(a, spec->up, n, unit);
    asks.down = in_units(a, spec->down, n, unit);
    asks.width = in_units(a, spec->width, n, unit);
    asks.secondary_width /= unit;
    asks.cost = cost;
    struct protect_suppression out = suppress(a, &scaled, &asks);
    for (size_t c = 0; c < n; c++) {
        bool shown = out.cell[c] == PROTECT_SHOWN;
        out.bounds[c].low = shown ? s->value[c] : out.bounds[c].low * unit;
        out.bounds[c].high = shown ? s->value[c] : out.bounds[c].high * unit;
    }
    out.narrowest *= unit;
    return out;
}
