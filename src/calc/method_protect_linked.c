/* method_protect_linked.c - systems of sums (stat/protect_suppress.h, stat/protect_round.h), for `shanyraq stat`: the table of
 * cells and the table of the relations between them. */
#include "base/arena.h"
#include "base/map.h"
#include "calc/method_protect.h"
#include "i18n/i18n.h"
#include "stat/protect_round.h"
#include "stat/protect_suppress.h"

#include <math.h>

const struct calc_source CALC_SOURCES_LINKED[] = {
    {"cells", "one row a cell, totals as well", true},
    {"relations", "one row a cell of a sum", true},
    {0},
};

#define RELATION_FIELDS \
    {"relation", CALC_CODES, "Name of the sum", .required = true, .table = "relations"}, \
        {"member", CALC_LABELS, "A cell in it", .required = true, .table = "relations"}, \
    { \
        "coefficient", CALC_COLUMN, "1 for a part, -1 for the total: they add up to 0", .required = true, .table = "relations" \
    }
#define BOUND_FIELDS \
    {"least", CALC_COLUMN, .help = "What everybody knows: a hidden cell is not less (default 0)"}, \
    { \
        "most", CALC_COLUMN, .help = "And not more (default: no bound)" \
    }

const struct calc_field CALC_FIELDS_SUPPRESS[] = {
    {"cell", CALC_LABELS, "Name of the cell, each once", .required = true},
    {"y", CALC_COLUMN, "Value of the cell", .required = true},
    {"primary", CALC_WHOLES, "1: must be hidden", .required = true, .min = 0, .max = 1},
    {"up", CALC_COLUMN, "Attacker's upper bound: at least so far above the value", .min = 0, .max = INFINITY},
    {"down", CALC_COLUMN, "Lower bound: at least so far below it", .min = 0, .max = INFINITY},
    {"width", CALC_COLUMN, "Upper less lower bound: at least", .min = 0, .max = INFINITY},
    {"cost", CALC_COLUMN, "Cost of hiding the cell (default: its size + 1)", .min = 0, .max = INFINITY},
    {"published", CALC_WHOLES, "1: cannot be hidden", .min = 0, .max = 1},
    BOUND_FIELDS,
    RELATION_FIELDS,
    {"secondary_width", CALC_NUM, "The width for cells hidden only to hide others", .fallback = "0", .min = 0, .max = INFINITY},
    {"exact_cells", CALC_INT, "Cells up to which the cheapest pattern is sought", .fallback = "1000", .min = 1, .max = 100000},
    {"max_nodes", CALC_INT, "Limit of that search", .fallback = "20000", .min = 1, .max = 1e9},
    {0},
};

const struct calc_field CALC_FIELDS_AUDIT[] = {
    {"cell", CALC_LABELS, "Name of the cell, each once", .required = true},
    {"y", CALC_COLUMN, "Value of the cell", .required = true},
    {"hidden", CALC_WHOLES, "1: readers do not see the cell", .required = true, .min = 0, .max = 1},
    BOUND_FIELDS,
    RELATION_FIELDS,
    {0},
};

const struct calc_field CALC_FIELDS_ROUND_LINKED[] = {
    {"cell", CALC_LABELS, "Name of the cell, each once", .required = true},
    {"y", CALC_COLUMN, "Value of the cell", .required = true, .min = 0, .max = 1e15},
    RELATION_FIELDS,
    {"base", CALC_NUM, "Every value becomes a multiple of it", .required = true, .min = 0, .max = 1e15, .open = true},
    {"further", CALC_INT, "Multiples beyond the two neighbours that are allowed", .fallback = "0", .min = 0, .max = 100},
    {"max_nodes", CALC_INT, "Limit of the search", .fallback = "100000", .min = 1, .max = 1e9},
    {0},
};

/* --- reading ---------------------------------------------------------------------------------------------- */

static int read_relations(struct calc *c, const struct calc_values *o, const struct map *names, const char *const *cell,
                          struct protect_system *s)
{
    const struct calc_codes *relation = calc_codes(o, "relation");
    const char *const *member = calc_labels(o, "member");
    const double *coefficient = calc_column(o, "coefficient");
    size_t rows = calc_rows(c, "relations"), *start = arena_array(c->arena, relation->n + 2, sizeof *start);
    uint32_t *index = arena_array(c->arena, rows + 1, sizeof *index);
    double *coef = arena_array(c->arena, rows + 1, sizeof *coef);
    int rc = OK;
    for (size_t i = 0; i < rows; i++)
        start[relation->code[i] + 2]++;
    for (size_t r = 2; r < relation->n + 2; r++)
        start[r] += start[r - 1];
    for (size_t i = 0; i < rows; i++) { /* start[r + 1] is where the next term of r goes */
        const char *const *at = map_get(names, member[i]);
        size_t to = start[relation->code[i] + 1]++;
        if (!at)
            rc = calc_wrong_row(c, o, "member", i, N_("There is no \"%s\"."), member[i]);
        index[to] = at ? (uint32_t)(at - cell) : 0;
        coef[to] = coefficient[i];
    }
    s->n_relations = relation->n;
    s->start = start;
    s->cell = index;
    s->coef = coef;
    return rc;
}

static int check_sums(struct calc *c, const struct calc_values *o, const struct protect_system *s)
{
    const struct calc_codes *relation = calc_codes(o, "relation");
    int rc = OK;
    for (size_t r = 0; r < s->n_relations; r++) {
        double sum = 0, size = 1;
        for (size_t t = s->start[r]; t < s->start[r + 1]; t++) {
            sum += s->coef[t] * s->value[s->cell[t]];
            size += fabs(s->coef[t] * s->value[s->cell[t]]);
        }
        if (!(fabs(sum) <= 1e-9 * size))
            rc = calc_wrong(c, o, "relation", N_("\"%s\" does not add up to 0: %g is left."), relation->name[r], sum);
    }
    return rc;
}

static int read_system(struct calc *c, const struct calc_values *o, bool bounds, struct protect_system *s)
{
    const char *const *cell = calc_labels(o, "cell");
    struct map *names = map_new(c->arena);
    int rc = OK;
    *s = (struct protect_system){.n_cells = calc_rows(c, "cells"), .value = calc_column(o, "y")};
    for (size_t i = 0; i < s->n_cells; i++) {
        if (map_has(names, cell[i]))
            rc = calc_wrong_row(c, o, "cell", i, N_("\"%s\" is there twice."), cell[i]);
        map_set(names, cell[i], (void *)(cell + i));
    }
    s->least = bounds ? calc_column(o, "least") : NULL;
    s->most = bounds ? calc_column(o, "most") : NULL;
    for (size_t i = 0; i < s->n_cells; i++)
        if (s->value[i] < (s->least ? s->least[i] : 0) || (s->most && s->value[i] > s->most[i]))
            rc = calc_wrong_row(c, o, "y", i, N_("%g lies outside of what everybody knows of the cell."), s->value[i]);
    int wrong = read_relations(c, o, names, cell, s);
    rc = wrong != OK ? wrong : rc;
    return rc != OK ? rc : check_sums(c, o, s);
}

static uint8_t *flags(struct calc *c, const int64_t *x, size_t n)
{
    uint8_t *out = arena_array(c->arena, n + 1, 1);
    for (size_t i = 0; x && i < n; i++)
        out[i] = x[i] == 1;
    return out;
}

/* --- the methods --------------------------------------------------------------------------------------------- */

int calc_run_suppress(struct calc *c, const struct calc_values *o)
{
    struct protect_system s;
    TRY(read_system(c, o, true, &s));
    struct protect_suppress_spec spec = {
        .primary = flags(c, calc_wholes(o, "primary"), s.n_cells), .up = calc_column(o, "up"), .down = calc_column(o, "down"),
        .width = calc_column(o, "width"), .secondary_width = calc_num(o, "secondary_width"), .cost = calc_column(o, "cost"),
        .fixed = flags(c, calc_wholes(o, "published"), s.n_cells), .exact_cells = (size_t)calc_int(o, "exact_cells"),
        .max_nodes = (size_t)calc_int(o, "max_nodes"), .run = c->run};
    struct protect_suppression r = protect_suppress(c->arena, &s, &spec);
    if (r.status == STAT_REFUSED)
        return calc_refuse_all(c, r.reason);
    calc_put_int(c->result, "primary", (int64_t)r.n_primary);
    calc_put_int(c->result, "secondary", (int64_t)r.n_secondary);
    calc_put_num(c->result, "cost", r.cost);
    calc_put_optional(c->result, "bound", r.bound);
    calc_put_optional(c->result, "gap", r.gap);
    calc_put_bool(c->result, "optimal", r.optimal);
    calc_put_num(c->result, "narrowest", r.narrowest);
    struct calc_table *t = calc_put_table(c->result, "cells");
    for (size_t i = 0; i < s.n_cells; i++) {
        calc_row(t);
        calc_cell_text(t, "cell", calc_labels(o, "cell")[i]);
        calc_cell_text(t, "state", calc_protect_state(r.cell[i]));
        if (r.cell[i] == PROTECT_SHOWN)
            calc_cell_num(t, "y", s.value[i]);
        calc_cell_num(t, "low", r.bounds[i].low);
        calc_cell_num(t, "high", r.bounds[i].high);
    }
    return OK;
}

int calc_run_audit(struct calc *c, const struct calc_values *o)
{
    struct protect_system s;
    TRY(read_system(c, o, true, &s));
    uint8_t *hidden = flags(c, calc_wholes(o, "hidden"), s.n_cells);
    struct protect_bounds *b = arena_array(c->arena, s.n_cells + 1, sizeof *b);
    if (!protect_attack_all(&s, hidden, c->run, b))
        return calc_refuse_all(c, stat_go_on(c->run, 1, 1) ? STAT_REASON_NOT_CONVERGED : STAT_REASON_STOPPED);
    double narrowest = INFINITY;
    size_t exact = 0;
    struct calc_table *t = calc_put_table(c->result, "cells");
    for (size_t i = 0; i < s.n_cells; i++) {
        double width = b[i].high - b[i].low;
        if (hidden[i]) {
            narrowest = fmin(narrowest, width);
            exact += width < 1e-6;
        }
        calc_row(t);
        calc_cell_text(t, "cell", calc_labels(o, "cell")[i]);
        calc_cell_bool(t, "hidden", hidden[i]);
        calc_cell_num(t, "low", b[i].low);
        calc_cell_num(t, "high", b[i].high);
        calc_cell_num(t, "width", width);
    }
    calc_put_num(c->result, "narrowest", narrowest);
    calc_put_int(c->result, "disclosed", (int64_t)exact);
    return OK;
}

int calc_run_round_linked(struct calc *c, const struct calc_values *o)
{
    struct protect_system s;
    TRY(read_system(c, o, false, &s));
    struct protect_rounding r =
        protect_round_nearest(c->arena, &s, calc_num(o, "base"), (unsigned)calc_int(o, "further"),
                              (size_t)calc_int(o, "max_nodes"), c->run);
    if (r.status == STAT_REFUSED)
        return calc_refuse_all(c, r.reason);
    if (r.status == STAT_FLAG)
        calc_warn(c, N_("The search was cut short: another solution may be better; see the bound."));
    calc_put_num(c->result, "distance", r.distance);
    calc_put_num(c->result, "bound", r.bound);
    calc_put_bool(c->result, "optimal", r.status == STAT_OK);
    struct calc_table *t = calc_put_table(c->result, "cells");
    for (size_t i = 0; i < s.n_cells; i++) {
        calc_row(t);
        calc_cell_text(t, "cell", calc_labels(o, "cell")[i]);
        calc_cell_num(t, "rounded", r.rounded[i]);
    }
    return OK;
}
