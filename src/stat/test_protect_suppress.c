/* test_protect_suppress.c - secondary suppression in systems of sums: the optimum against every pattern there
 * is, the attacker against worked tables, and heuristics that may cost more but must protect. */
#include "stat/protect_suppress.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "tap.h"

/* --- worked tables ------------------------------------------------------------------------------------ */

/* Fischetti, Salazar 2001, figure 1: investments by activity and region. */
static const double INVESTMENTS[16] = {20, 50, 10, 80, 8, 19, 22, 49, 17, 32, 12, 61, 45, 101, 44, 190};

static void test_worked(struct arena *a)
{
    struct protect_system s = protect_system_of_table(a, 3, 3, INVESTMENTS);
    uint8_t cell[16] = {0};
    cell[4] = cell[6] = cell[8] = cell[10] = PROTECT_SECONDARY;
    struct protect_bounds b[16];
    ok(protect_attack_all(&s, cell, NULL, b), "the attacker's programmes are solved");
    is_num(b[6].low, 5, 1e-9, "the 22 in a hidden square of 8, 22, 17, 12 is at least 5");
    is_num(b[6].high, 30, 1e-9, "and at most 30");
    is_num(b[0].low, 20, 1e-12, "a shown cell is known");
    uint8_t primary[16] = {0}, margins[16] = {0};
    double up[16] = {0}, down[16] = {0}, value_cost[16];
    primary[6] = 1;
    up[6] = down[6] = 3;
    for (int c = 0; c < 16; c++) {
        value_cost[c] = INVESTMENTS[c];
        margins[c] = c % 4 == 3 || c / 4 == 3;
    }
    struct protect_suppress_spec spec = {.primary = primary, .up = up, .down = down, .cost = value_cost,
                                         .fixed = margins};
    struct protect_suppression r = protect_suppress(a, &s, &spec);
    ok(r.status == STAT_OK && r.optimal && r.gap == 0, "the cheapest pattern of it is proven");
    /* squares around (2, C): with 8, 20, 10: 38; 8, 17, 12: 37; 19, 50, 10: 79; 19, 32, 12: 63 */
    is_num(r.cost, 37, 1e-9, "of four squares it is the one of 8, 17 and 12");
    ok(r.cell[4] && r.cell[8] && r.cell[10] && r.cell[6] == PROTECT_PRIMARY && r.n_secondary == 3,
       "and nothing more is hidden");
    up[6] = 9; /* 8 + 22 = 30 leaves 8 upwards */
    r = protect_suppress(a, &s, &spec);
    ok(r.optimal && r.bounds[6].high >= 31 - 1e-6, "who asks for more room gets it");
    ok(r.cost > 37, "at a higher cost");
    for (int k = 0; k < 2; k++) { /* the same table in millionths and in millions */
        double unit = k ? 1e9 : 1e-5, v[16], u[16] = {0};
        for (int c = 0; c < 16; c++)
            v[c] = INVESTMENTS[c] * unit;
        u[6] = 9 * unit;
        struct protect_system other = protect_system_of_table(a, 3, 3, v);
        struct protect_suppress_spec same = spec;
        same.up = u;
        same.down = u;
        struct protect_suppression q = protect_suppress(a, &other, &same);
        up[6] = down[6] = 9;
        r = protect_suppress(a, &s, &spec);
        ok(q.optimal && memcmp(q.cell, r.cell, 16) == 0 && fabs(q.bounds[6].high / unit - r.bounds[6].high) < 1e-6,
           "the unit of the values does not matter");
    }
    memset(margins, 1, sizeof margins);
    margins[6] = 0;
    r = protect_suppress(a, &s, &spec);
    ok(r.status == STAT_REFUSED && r.reason == STAT_REASON_NOT_PROTECTED,
       "when all else must be shown, it says that nothing can be done");
    double wrong[16];
    memcpy(wrong, INVESTMENTS, sizeof wrong);
    wrong[0] = 21;
    s.value = wrong;
    r = protect_suppress(a, &s, &spec);
    ok(r.reason == STAT_REASON_INVALID, "a table that does not add up is refused");
}

/* --- against every pattern ------------------------------------------------------------------------------ */

enum { MOST = 32 };

struct game {
    struct protect_system s;
    double value[MOST], up[MOST], down[MOST], width[MOST], cost[MOST];
    uint8_t primary[MOST], fixed[MOST];
    struct protect_suppress_spec spec;
};

static bool holds(const struct game *g, const uint8_t *cell)
{
    struct protect_bounds b[MOST];
    if (!protect_attack_all(&g->s, cell, NULL, b))
        return false;
    for (size_t c = 0; c < g->s.n_cells; c++) {
        double up = b[c].high - g->value[c], down = g->value[c] - b[c].low, v = up + down;
        if (cell[c] == PROTECT_SHOWN)
            continue;
        if (g->primary[c] && (up < g->up[c] - 1e-6 || down < g->down[c] - 1e-6 || v < g->width[c] - 1e-6))
            return false;
        if (!g->primary[c] && v < g->spec.secondary_width - 1e-6)
            return false;
    }
    return true;
}

/* The cost of the cheapest pattern by trying all that cost less than limit; INFINITY: none. */
static double cheapest(const struct game *g, double limit)
{
    size_t free_cell[MOST], n = 0;
    double best = INFINITY;
    for (size_t c = 0; c < g->s.n_cells; c++)
        if (!g->primary[c] && !g->fixed[c])
            free_cell[n++] = c;
    for (uint32_t pattern = 0; pattern < (uint32_t)1 << n; pattern++) {
        uint8_t cell[MOST];
        double cost = 0;
        for (size_t c = 0; c < g->s.n_cells; c++)
            cell[c] = g->primary[c] ? PROTECT_PRIMARY : PROTECT_SHOWN;
        for (size_t k = 0; k < n; k++)
            if (pattern >> k & 1) {
                cell[free_cell[k]] = PROTECT_SECONDARY;
                cost += g->cost[free_cell[k]];
            }
        if (cost < best && cost < limit && holds(g, cell))
            best = cost;
    }
    return best;
}

/* Rows 0, 1 and their total; columns of a small hierarchy: kinds 0, 1 make group A; A and kind 2 the total. */
static void linked_system(struct arena *a, struct game *g)
{
    static const uint32_t columns[2][4] = {{0, 1, 3, 9}, {3, 2, 4, 9}};
    size_t *start = arena_array(a, 12, sizeof *start), n = 0, r = 0;
    uint32_t *cell = arena_array(a, 64, sizeof *cell);
    double *coef = arena_array(a, 64, sizeof *coef);
    for (uint32_t row = 0; row < 3; row++)
        for (int k = 0; k < 2; k++) {
            for (int t = 0; t < 3; t++) {
                cell[n] = row * 5 + columns[k][t];
                coef[n++] = t == 2 ? -1 : 1;
            }
            start[++r] = n;
        }
    for (uint32_t col = 0; col < 5; col++) {
        for (uint32_t row = 0; row < 3; row++) {
            cell[n] = row * 5 + col;
            coef[n++] = row == 2 ? -1 : 1;
        }
        start[++r] = n;
    }
    g->s = (struct protect_system){.n_cells = 15, .value = g->value, .n_relations = r, .start = start, .cell = cell,
                                   .coef = coef};
}

static void draw_game(struct rng *r, struct game *g, bool linked)
{
    size_t w = linked ? 5 : 4;
    memset(g->value, 0, sizeof g->value);
    for (size_t i = 0; i < 2; i++) {
        double v[3] = {0, 0, 0};
        for (size_t j = 0; j < 3; j++)
            v[j] = (double)rng_below(r, 25);
        double all[5] = {v[0], v[1], v[2], linked ? v[0] + v[1] : v[0] + v[1] + v[2], v[0] + v[1] + v[2]};
        for (size_t j = 0; j < w; j++) {
            g->value[i * w + j] = all[j];
            g->value[2 * w + j] += all[j];
        }
    }
    for (size_t c = 0; c < 3 * w; c++) {
        g->primary[c] = g->value[c] > 0 && g->value[c] < 5;
        g->up[c] = rng_below(r, 2) ? 2 : 0;
        g->down[c] = rng_below(r, 2) ? 1 : 0;
        g->width[c] = 4;
        g->fixed[c] = c == 3 * w - 1 || (!g->primary[c] && rng_below(r, 8) == 0);
        g->cost[c] = 1 + (double)rng_below(r, 9);
    }
    g->spec = (struct protect_suppress_spec){.primary = g->primary, .up = g->up, .down = g->down, .width = g->width,
                                             .cost = g->cost, .fixed = g->fixed,
                                             .secondary_width = rng_below(r, 2) ? 4 : 0};
}

static void test_every_pattern(bool linked, int games)
{
    struct rng r = rng_stream(21, linked ? "linked" : "plain", 0);
    int played = 0, refused = 0, not_best = 0, open = 0, not_proven = 0, worse = 0, wrong_refusal = 0;
    for (int k = 0; k < games; k++) {
        struct arena *a = arena_new((size_t)256 << 20);
        struct game g;
        if (linked)
            linked_system(a, &g);
        else
            g.s = protect_system_of_table(a, 2, 3, g.value);
        draw_game(&r, &g, linked);
        struct protect_suppression best = protect_suppress(a, &g.s, &g.spec);
        g.spec.exact_cells = 1;
        struct protect_suppression quick = protect_suppress(a, &g.s, &g.spec);
        if (best.status == STAT_REFUSED) {
            refused++;
            wrong_refusal += isfinite(cheapest(&g, INFINITY));
        } else {
            played += best.n_secondary > 0;
            open += !holds(&g, best.cell) || !holds(&g, quick.cell);
            not_proven += !best.optimal;
            worse += quick.cost < best.cost - 1e-6;
            not_best += cheapest(&g, best.cost - 1e-6) < INFINITY;
        }
        arena_free(a);
    }
    is_int(open, 0, linked ? "linked: every pattern protects" : "two ways: every pattern protects");
    is_int(not_proven, 0, "each is proven to be the cheapest");
    is_int(not_best, 0, "and trying every pattern finds none that costs less");
    is_int(worse, 0, "the quick pattern never costs less than the proven one");
    is_int(wrong_refusal, 0, "where it gives up, no pattern protects");
    ok(played > games / 3, "many games needed secondary cells");
    printf("# %d games, %d with secondary cells, %d refused\n", games, played, refused);
}

/* --- larger tables --------------------------------------------------------------------------------------- */

static bool stop_after(void *arg, size_t done, size_t all)
{
    (void)done;
    (void)all;
    return --*(int *)arg > 0;
}

static void test_larger(struct arena *a)
{
    enum { ROWS = 9, COLS = 6, N = (ROWS + 1) * (COLS + 1) };
    struct rng r = rng_stream(22, "larger", 0);
    double v[N] = {0}, width[N];
    uint8_t primary[N];
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLS; j++) {
            double x = (double)rng_below(&r, 90);
            v[i * (COLS + 1) + j] = x;
            v[i * (COLS + 1) + COLS] += x;
            v[ROWS * (COLS + 1) + j] += x;
            v[N - 1] += x;
        }
    for (size_t c = 0; c < N; c++) {
        primary[c] = v[c] > 0 && v[c] < 10;
        width[c] = 9;
    }
    struct protect_system s = protect_system_of_table(a, ROWS, COLS, v);
    struct protect_suppress_spec spec = {.primary = primary, .width = width, .secondary_width = 9};
    struct protect_suppression best = protect_suppress(a, &s, &spec), again = protect_suppress(a, &s, &spec);
    ok(best.optimal && best.narrowest >= 9 - 1e-6, "a table of nine districts and six kinds is solved exactly");
    ok(memcmp(best.cell, again.cell, N) == 0 && best.cost == again.cost, "twice the same");
    spec.max_nodes = 1;
    struct protect_suppression short_of = protect_suppress(a, &s, &spec);
    ok(short_of.status == STAT_OK && short_of.bound <= best.cost + 1e-6 && short_of.cost >= best.cost - 1e-6,
       "cut short, it still protects, and its bound holds");
    spec.max_nodes = 0;
    spec.exact_cells = 1;
    struct protect_suppression quick = protect_suppress(a, &s, &spec);
    ok(quick.status == STAT_OK && isnan(quick.bound) && quick.cost >= best.cost - 1e-6 &&
           quick.narrowest >= 9 - 1e-6,
       "without the programme it protects, too, and claims no bound");
    printf("# cost %g, quick %g; %zu rows in %zu rounds, %zu nodes\n", best.cost, quick.cost, best.cuts,
           best.rounds, best.nodes);
    int left = 40;
    struct stat_run run = {.go_on = stop_after, .arg = &left};
    spec.run = &run;
    struct protect_suppression stopped = protect_suppress(a, &s, &spec);
    ok(stopped.status == STAT_REFUSED && stopped.reason == STAT_REASON_STOPPED, "the caller can stop it");
}

static void test_overlap(struct arena *a)
{
    /* three districts of two places each, and a circle that takes one place of each of two districts */
    const int64_t v[] = {40, 3, 50, 60, 20, 30};
    const uint32_t members[] = {0, 1, 2, 3, 4, 5, 0, 2, 2, 3};
    size_t start[] = {0, 2, 4, 6, 8, 10}; /* 43, 110, 50, circle 90, the second district again */
    uint8_t exposed[6];
    is_int(protect_overlap(a, v, 6, start, members, 5, 10, 9, exposed), 0, "four sums leave the small place room");
    const uint32_t more[] = {0, 1, 2, 3, 4, 5, 0, 2, 2};
    size_t start2[] = {0, 2, 4, 6, 8, 9}; /* place 2 alone: then 0 = 90 - 50, and 1 = 43 - 40 */
    is_int(protect_overlap(a, v, 6, start2, more, 5, 10, 9, exposed), 1,
           "one more sum gives it away, through two subtractions of which none is of a part from its whole");
    ok(exposed[1] && !exposed[0] && !exposed[2] && !exposed[4], "and the place is named");
    int64_t values[] = {43, 110, 50, 90, 50};
    ok(!protect_differencing(a, values, start2, more, 5, 10, NULL, NULL),
       "which comparing sets in pairs does not see");
}

int main(void)
{
    struct arena *a = arena_new((size_t)512 << 20);
    test_worked(a);
    test_every_pattern(false, 300);
    test_every_pattern(true, 120);
    test_larger(a);
    test_overlap(a);
    arena_free(a);
    return done();
}
