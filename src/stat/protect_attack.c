/* protect_attack.c - what an attacker can say of the hidden cells of a system of sums. */
#include "stat/protect_attack.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

double protect_room_up(const struct protect_system *s, size_t cell)
{
    return s->most ? fmax(s->most[cell] - s->value[cell], 0) : INFINITY;
}

double protect_room_down(const struct protect_system *s, size_t cell)
{
    return fmax(s->value[cell] - (s->least ? s->least[cell] : 0), 0);
}

void protect_attack_open(struct arena *a, const struct protect_system *s, struct protect_attack *out)
{
    *out = (struct protect_attack){.s = s, .lp = lp_new()};
    out->dual = arena_array(a, s->n_cells + 1, sizeof *out->dual);
    for (size_t c = 0; c < s->n_cells; c++)
        lp_add_column(out->lp, 0, 0, 0);
    for (size_t r = 0; r < s->n_relations; r++)
        lp_add_row(out->lp, 0, 0, s->cell + s->start[r], s->coef + s->start[r], s->start[r + 1] - s->start[r]);
}

void protect_attack_close(struct protect_attack *k)
{
    lp_free(k->lp);
    k->lp = NULL;
}

static double scaled(double room, double hidden, double cap)
{
    return hidden > 0 ? fmin(room, cap) * hidden : 0;
}

void protect_attack_pattern(struct protect_attack *k, const double *hidden, double cap)
{
    for (size_t c = 0; c < k->s->n_cells; c++)
        lp_set_column(k->lp, c, -scaled(protect_room_down(k->s, c), hidden[c], cap),
                      scaled(protect_room_up(k->s, c), hidden[c], cap));
}

double protect_attack_reach(struct protect_attack *k, size_t cell, int sign)
{
    const struct protect_system *s = k->s;
    lp_set_cost(k->lp, cell, sign);
    enum lp_status status = lp_solve(k->lp, true);
    lp_set_cost(k->lp, cell, 0);
    if (status == LP_UNBOUNDED)
        return INFINITY;
    if (status != LP_OPTIMAL)
        return NAN;
    memset(k->dual, 0, s->n_cells * sizeof *k->dual);
    k->dual[cell] = sign;
    for (size_t r = 0; r < s->n_relations; r++) {
        double price = lp_row_dual(k->lp, r);
        for (size_t t = s->start[r]; price != 0 && t < s->start[r + 1]; t++)
            k->dual[s->cell[t]] -= price * s->coef[t];
    }
    return fmax(sign * lp_value(k->lp, cell), 0);
}

double protect_attack_weight(const struct protect_attack *k, size_t cell)
{
    double d = k->dual[cell];
    if (fabs(d) < 1e-9)
        return 0;
    return d > 0 ? d * protect_room_up(k->s, cell) : -d * protect_room_down(k->s, cell);
}

bool protect_attack_all(const struct protect_system *s, const uint8_t *cell, const struct stat_run *run,
                        struct protect_bounds *bounds)
{
    struct arena *a = arena_new((size_t)1 << 32);
    struct protect_attack k;
    double *hidden = arena_array(a, s->n_cells + 1, sizeof *hidden);
    bool good = true;
    for (size_t c = 0; c < s->n_cells; c++)
        hidden[c] = cell[c] != PROTECT_SHOWN;
    protect_attack_open(a, s, &k);
    protect_attack_pattern(&k, hidden, INFINITY);
    for (size_t c = 0; c < s->n_cells && good; c++) {
        bounds[c] = (struct protect_bounds){s->value[c], s->value[c]};
        if (!hidden[c])
            continue;
        double up = protect_attack_reach(&k, c, 1), down = protect_attack_reach(&k, c, -1);
        bounds[c] = (struct protect_bounds){s->value[c] - down, s->value[c] + up};
        good = !isnan(up) && !isnan(down) && stat_go_on(run, c, s->n_cells);
    }
    protect_attack_close(&k);
    arena_free(a);
    return good;
}

/* --- systems ---------------------------------------------------------------------------------------- */

struct protect_system protect_system_of_table(struct arena *a, size_t rows, size_t cols, const double *value)
{
    size_t height = rows + 1, width = cols + 1, terms = 2 * height * width, n = 0, r = 0;
    size_t *start = arena_array(a, height + width + 1, sizeof *start);
    uint32_t *cell = arena_array(a, terms, sizeof *cell);
    double *coef = arena_array(a, terms, sizeof *coef);
    for (size_t by_col = 0; by_col < 2; by_col++)
        for (size_t line = 0; line < (by_col ? width : height); line++) {
            size_t last = by_col ? rows : cols;
            for (size_t k = 0; k <= last; k++) {
                cell[n] = (uint32_t)(by_col ? k * width + line : line * width + k);
                coef[n++] = k == last ? -1 : 1;
            }
            start[++r] = n;
        }
    return (struct protect_system){.n_cells = height * width, .value = value, .n_relations = r,
                                   .start = start, .cell = cell, .coef = coef};
}

/* --- overlapping publications ------------------------------------------------------------------------ */

/* Numbers the classes of units that lie in the same sets: atom[unit]; how many. One pass for each set splits
 * the classes it cuts. */
static size_t find_atoms(struct arena *a, size_t n_units, const size_t *start, const uint32_t *members,
                         size_t n_sets, uint32_t *atom)
{
    size_t n = n_units > 0;
    uint32_t *split = arena_array(a, n_units + 2, sizeof *split), *mark = arena_array(a, n_units + 2, sizeof *mark);
    size_t *size = arena_array(a, n_units + 2, sizeof *size), *in = arena_array(a, n_units + 2, sizeof *in);
    memset(atom, 0, n_units * sizeof *atom);
    size[0] = n_units;
    for (size_t s = 0; s < n_sets; s++) {
        for (size_t m = start[s]; m < start[s + 1]; m++)
            in[atom[members[m]]]++;
        for (size_t m = start[s]; m < start[s + 1]; m++) {
            uint32_t old = atom[members[m]];
            if (mark[old] != s + 1 && in[old] < size[old]) { /* cut: its members in the set become a new class */
                mark[old] = (uint32_t)(s + 1);
                split[old] = (uint32_t)n;
                size[n++] = in[old];
            }
        }
        for (size_t m = start[s]; m < start[s + 1]; m++) {
            uint32_t old = atom[members[m]];
            if (mark[old] == s + 1)
                atom[members[m]] = split[old];
        }
        for (size_t c = 0; c < n; c++) {
            if (mark[c] == s + 1)
                size[c] -= in[c];
            in[c] = 0;
        }
    }
    return n;
}

size_t protect_overlap(struct arena *a, const int64_t *unit_value, size_t n_units, const size_t *start,
                       const uint32_t *members, size_t n_sets, int64_t threshold, double width,
                       uint8_t *exposed)
{
    int64_t limit = threshold > 0 ? threshold : PROTECT_THRESHOLD;
    uint32_t *atom = arena_array(a, n_units + 1, sizeof *atom);
    size_t n_atoms = find_atoms(a, n_units, start, members, n_sets, atom), n_cells = n_atoms + n_sets, terms = 0;
    double *value = arena_array(a, n_cells + 1, sizeof *value);
    double *coef = arena_array(a, start[n_sets] + n_sets + 1, sizeof *coef);
    uint32_t *cell = arena_array(a, start[n_sets] + n_sets + 1, sizeof *cell);
    size_t *begin = arena_array(a, n_sets + 1, sizeof *begin), *seen = arena_array(a, n_atoms + 1, sizeof *seen);
    for (size_t u = 0; u < n_units; u++)
        value[atom[u]] += (double)unit_value[u];
    for (size_t s = 0; s < n_sets; s++) {
        for (size_t m = start[s]; m < start[s + 1]; m++) {
            uint32_t c = atom[members[m]];
            if (seen[c] == s + 1)
                continue;
            seen[c] = s + 1;
            value[n_atoms + s] += value[c];
            cell[terms] = c;
            coef[terms++] = 1;
        }
        cell[terms] = (uint32_t)(n_atoms + s);
        coef[terms++] = -1;
        begin[s + 1] = terms;
    }
    struct protect_system system = {.n_cells = n_cells, .value = value, .n_relations = n_sets,
                                    .start = begin, .cell = cell, .coef = coef};
    uint8_t *pattern = arena_array(a, n_cells + 1, 1), *bad = arena_array(a, n_cells + 1, 1);
    memset(pattern, PROTECT_SECONDARY, n_atoms);
    struct protect_bounds *b = arena_array(a, n_cells + 1, sizeof *b);
    if (!protect_attack_all(&system, pattern, NULL, b))
        return SIZE_MAX;
    size_t n_bad = 0;
    for (size_t c = 0; c < n_atoms; c++) {
        bad[c] = value[c] > 0 && value[c] < (double)limit && b[c].high - b[c].low < width - 1e-6;
        n_bad += bad[c];
    }
    for (size_t u = 0; u < n_units; u++)
        exposed[u] = bad[atom[u]];
    return n_bad;
}
