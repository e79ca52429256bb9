/* method_protect.c - disclosure control (stat/protect.h, stat/protect_primary.h), for `shanyraq stat`: lists,
 * two-way tables, hierarchies, overlapping sums, primary rules; and the table of all methods of the subject. */
#include "calc/method_protect.h"

#include "base/arena.h"
#include "base/fields.h"
#include "base/map.h"
#include "i18n/i18n.h"
#include "stat/protect_primary.h"
#include "stat/protect_suppress.h"

#include <math.h>
#include <string.h>

/* --- shared ------------------------------------------------------------------------------------------ */

const char *calc_protect_state(uint8_t cell)
{
    return cell == PROTECT_SHOWN       ? "shown"
           : cell == PROTECT_PRIMARY   ? "primary"
           : cell == PROTECT_SECONDARY ? "secondary"
                                       : "unpublished";
}

struct calc_crosstab calc_crosstab(struct calc *c, const struct calc_values *o)
{
    struct calc_crosstab x = {.row = calc_codes(o, "row"), .col = calc_codes(o, "column"), .fits = true};
    const int64_t *count = calc_wholes(o, "count");
    x.rows = x.row->n;
    x.cols = x.col->n;
    x.width = x.cols + 1;
    x.n = (x.rows + 1) * x.width;
    x.value = arena_array(c->arena, x.n, sizeof *x.value);
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        size_t r = (size_t)x.row->code[i], k = (size_t)x.col->code[i], last = x.rows * x.width;
        const size_t in[4] = {r * x.width + k, r * x.width + x.cols, last + k, last + x.cols};
        for (int s = 0; s < 4; s++)
            x.fits &= !__builtin_add_overflow(x.value[in[s]], count[i], &x.value[in[s]]);
    }
    return x;
}

void calc_crosstab_row(struct calc_table *t, const struct calc_crosstab *x, size_t cell)
{
    calc_row(t);
    calc_cell_text(t, "row", cell / x->width < x->rows ? x->row->name[cell / x->width] : NULL);
    calc_cell_text(t, "column", cell % x->width < x->cols ? x->col->name[cell % x->width] : NULL);
}

/* --- protect.counts ------------------------------------------------------------------------------------ */

#define THRESHOLD_FIELD \
    {"threshold", CALC_INT, "Counts from 1 to one less are small", .fallback = "10", .min = 2, .max = 1000000}

static const struct calc_field COUNTS[] = {
    {"count", CALC_WHOLES, "Counts", .required = true, .min = 0, .max = 1e15},
    {"name", CALC_LABELS, .help = "Name of each count, repeated in the answer"},
    THRESHOLD_FIELD,
    {"sum_published", CALC_BOOL, "Readers also see the sum of the counts", .fallback = "true"},
    {0},
};

static int run_counts(struct calc *c, const struct calc_values *o)
{
    const int64_t *count = calc_wholes(o, "count");
    const char *const *name = calc_labels(o, "name");
    int64_t threshold = calc_int(o, "threshold");
    size_t n = calc_rows(c, NULL);
    struct protected_count *out = arena_array(c->arena, n + 1, sizeof *out);
    bool sum_safe = protect_counts(c->arena, count, n, calc_bool(o, "sum_published"), threshold, out);
    calc_put_bool(c->result, "sum_may_be_shown", sum_safe);
    struct calc_table *t = calc_put_table(c->result, "counts");
    for (size_t i = 0; i < n; i++) {
        struct protect_band band = protect_band(count[i], threshold);
        calc_row(t);
        if (name)
            calc_cell_text(t, "name", name[i]);
        calc_cell_text(t, "state", calc_protect_state(!out[i].hidden                              ? PROTECT_SHOWN
                                                      : count[i] > 0 && count[i] < threshold ? PROTECT_PRIMARY
                                                                                                : PROTECT_SECONDARY));
        if (!out[i].hidden)
            calc_cell_int(t, "count", out[i].value);
        calc_cell_int(t, "band_low", band.low);
        calc_cell_int(t, "band_high", band.high);
    }
    return OK;
}

/* --- protect.table --------------------------------------------------------------------------------------- */

static const struct calc_field TABLE[] = {
    {"row", CALC_CODES, "Row of the table", .required = true},
    {"column", CALC_CODES, "Column of the table", .required = true},
    {"count", CALC_WHOLES, "Counts; those of the same row and column are added", .required = true, .min = 0, .max = 1e15},
    {"published", CALC_WHOLES, "1: published before, cannot be hidden any more", .min = 0, .max = 1},
    THRESHOLD_FIELD,
    {"width", CALC_INT, "Narrowest interval left to an attacker (default: threshold - 1)", .min = 1, .max = 1e15},
    {"hide_zeros", CALC_BOOL, "A zero counts as small", .fallback = "false"},
    {"row_totals", CALC_BOOL, "Totals of rows are published", .fallback = "true"},
    {"column_totals", CALC_BOOL, "Totals of columns are published", .fallback = "true"},
    {"grand_total", CALC_BOOL, "The total of all is published", .fallback = "true"},
    {"cheapest", CALC_BOOL, "Seek the pattern that hides least: exactly up to 1,000 cells, a good one up to 20,000", .fallback = "true"},
    {"max_nodes", CALC_INT, "Limit of that search", .fallback = "20000", .min = 1, .max = 1e9},
    {"audit_cells", CALC_INT, "Without that: hidden cells up to which the attacker is solved exactly", .fallback = "400", .min = 1,
     .max = 100000},
    {0},
};

static uint8_t *unpublished(struct calc *c, const struct calc_values *o, const struct calc_crosstab *x)
{
    uint8_t *absent = arena_array(c->arena, x->n, 1);
    for (size_t i = 0; i < x->n; i++) {
        bool last_row = i / x->width == x->rows, last_col = i % x->width == x->cols;
        absent[i] = last_row && last_col ? !calc_bool(o, "grand_total")
                    : last_col           ? !calc_bool(o, "row_totals")
                    : last_row           ? !calc_bool(o, "column_totals")
                                         : 0;
    }
    return absent;
}

static uint8_t *published_before(struct calc *c, const struct calc_values *o, const struct calc_crosstab *x)
{
    const int64_t *published = calc_wholes(o, "published");
    uint8_t *fixed = arena_array(c->arena, x->n, 1);
    for (size_t i = 0; published && i < calc_rows(c, NULL); i++)
        fixed[(size_t)x->row->code[i] * x->width + (size_t)x->col->code[i]] |= published[i] == 1;
    return published ? fixed : NULL;
}

static void put_table_cells(struct calc *c, const struct calc_crosstab *x, const struct protect_result *r,
                            const struct protect_bounds *bounds)
{
    struct calc_table *t = calc_put_table(c->result, "cells");
    for (size_t i = 0; i < x->n; i++) {
        if (r->cell[i] == PROTECT_ABSENT)
            continue;
        calc_crosstab_row(t, x, i);
        calc_cell_text(t, "state", calc_protect_state(r->cell[i]));
        if (r->cell[i] == PROTECT_SHOWN)
            calc_cell_int(t, "count", x->value[i]);
        if (bounds) {
            calc_cell_num(t, "low", bounds[i].low);
            calc_cell_num(t, "high", bounds[i].high);
        }
    }
}

static int run_table(struct calc *c, const struct calc_values *o)
{
    struct calc_crosstab x = calc_crosstab(c, o);
    struct protect_rules rules = {.threshold = calc_int(o, "threshold"), .hide_zeros = calc_bool(o, "hide_zeros"),
                                  .lp_cells = (size_t)calc_int(o, "audit_cells"), .cheapest = calc_bool(o, "cheapest"),
                                  .max_nodes = (size_t)calc_int(o, "max_nodes"), .run = c->run};
    if (calc_has(o, "width"))
        rules.min_width = calc_int(o, "width");
    if (!x.fits)
        return calc_wrong(c, o, "count", N_("The counts add up to more than can be held."));
    struct protect_table table = {x.rows, x.cols, x.value, unpublished(c, o, &x), published_before(c, o, &x)};
    struct protect_result r = protect_table(c->arena, &table, &rules);
    if (!stat_go_on(c->run, 1, 1))
        return calc_refuse_all(c, STAT_REASON_STOPPED);
    if (!r.safe)
        return calc_refuse_all(c, STAT_REASON_NOT_PROTECTED);
    calc_put_int(c->result, "primary", (int64_t)r.n_primary);
    calc_put_int(c->result, "secondary", (int64_t)r.n_secondary);
    calc_put_bool(c->result, "audited", r.audited);
    calc_put_bool(c->result, "optimal", r.optimal);
    calc_put_num(c->result, "cost", r.cost);
    calc_put_optional(c->result, "bound", r.bound);
    calc_put_optional(c->result, "narrowest", r.audited ? r.narrowest : NAN);
    put_table_cells(c, &x, &r, r.bounds);
    return OK;
}

/* --- protect.tree ------------------------------------------------------------------------------------------ */

static const struct calc_field TREE[] = {
    {"name", CALC_LABELS, "Name of the place, each once", .required = true},
    {"parent", CALC_LABELS, "Name of the place it is part of; empty: none", .required = true, .missing = true},
    {"count", CALC_WHOLES, "Counts; that of a place with parts is the sum of theirs", .required = true, .min = 0, .max = 1e15},
    THRESHOLD_FIELD,
    {"width", CALC_INT, "Narrowest interval left to an attacker (default: threshold - 1)", .min = 1, .max = 1e15},
    {0},
};

/* The place of every name; 0 after a fault. */
static struct map *index_names(struct calc *c, const struct calc_values *o, const char *option, const char *const *name,
                               size_t n, int *rc)
{
    struct map *m = map_new(c->arena);
    for (size_t i = 0; i < n; i++) {
        if (map_has(m, name[i]))
            *rc = calc_wrong_row(c, o, option, i, N_("\"%s\" is there twice."), name[i]);
        map_set(m, name[i], (void *)(name + i));
    }
    return m;
}

static size_t index_of(const struct map *m, const char *const *first, const char *name)
{
    const char *const *found = map_get(m, name);
    return found ? (size_t)(found - first) : SIZE_MAX;
}

static int run_tree(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const char *const *name = calc_labels(o, "name"), *const *parent_name = calc_labels(o, "parent");
    const int64_t *count = calc_wholes(o, "count");
    int rc = OK;
    struct map *names = index_names(c, o, "name", name, n, &rc);
    int32_t *parent = arena_array(c->arena, n + 1, sizeof *parent);
    for (size_t i = 0; i < n; i++) {
        size_t p = parent_name[i][0] ? index_of(names, name, parent_name[i]) : SIZE_MAX;
        parent[i] = p == SIZE_MAX ? -1 : (int32_t)p;
        if (parent_name[i][0] && p == SIZE_MAX)
            rc = calc_wrong_row(c, o, "parent", i, N_("There is no \"%s\"."), parent_name[i]);
    }
    if (rc != OK)
        return rc;
    struct protect_rules rules = {.threshold = calc_int(o, "threshold")};
    if (calc_has(o, "width"))
        rules.min_width = calc_int(o, "width");
    uint8_t *cell = arena_array(c->arena, n + 1, 1);
    if (!protect_tree(c->arena, count, parent, n, &rules, cell))
        return calc_wrong(c, o, "count", N_("A count is not the sum of those of its parts, or a place is part of itself."));
    struct calc_table *t = calc_put_table(c->result, "places");
    for (size_t i = 0; i < n; i++) {
        calc_row(t);
        calc_cell_text(t, "name", name[i]);
        calc_cell_text(t, "state", calc_protect_state(cell[i]));
        if (cell[i] == PROTECT_SHOWN)
            calc_cell_int(t, "count", count[i]);
    }
    return OK;
}

/* --- protect.differencing ------------------------------------------------------------------------------------ */

static const struct calc_source DIFFERENCING_SOURCES[] = {
    {"main", "one row a unit that a published sum covers", true},
    {"units", "one row a unit", true},
    {0},
};
static const struct calc_field DIFFERENCING[] = {
    {"sum", CALC_CODES, "Name of the published sum", .required = true},
    {"member", CALC_LABELS, "Name of a unit in it", .required = true},
    {"unit", CALC_LABELS, "Name of the unit, each once", .required = true, .table = "units"},
    {"count", CALC_WHOLES, "Count of the unit", .required = true, .min = 0, .max = 1e12, .table = "units"},
    THRESHOLD_FIELD,
    {"width", CALC_INT, "Narrowest interval left to an attacker (default: threshold - 1)", .min = 1, .max = 1e15},
    {0},
};

struct sets {
    size_t n, *start;
    uint32_t *member; /* ascending within a set, each once */
    int64_t *value;
};

static int read_sets(struct calc *c, const struct calc_values *o, const int64_t *count, size_t n_units, struct sets *s)
{
    const struct calc_codes *sum = calc_codes(o, "sum");
    const char *const *member = calc_labels(o, "member"), *const *unit = calc_labels(o, "unit");
    size_t rows = calc_rows(c, "main");
    int rc = OK;
    struct map *units = index_names(c, o, "unit", unit, n_units, &rc);
    size_t *at = arena_array(c->arena, rows + 1, sizeof *at);
    for (size_t i = 0; i < rows; i++) {
        at[i] = index_of(units, unit, member[i]);
        if (at[i] == SIZE_MAX)
            rc = calc_wrong_row(c, o, "member", i, N_("There is no \"%s\"."), member[i]);
    }
    if (rc != OK)
        return rc;
    s->n = sum->n;
    s->start = arena_array(c->arena, s->n + 1, sizeof *s->start);
    s->member = arena_array(c->arena, rows + 1, sizeof *s->member);
    s->value = arena_array(c->arena, s->n + 1, sizeof *s->value);
    uint8_t *inside = arena_array(c->arena, n_units + 1, 1);
    size_t n = 0;
    for (size_t k = 0; k < s->n; k++) {
        memset(inside, 0, n_units);
        for (size_t i = 0; i < rows; i++)
            inside[at[i]] |= sum->code[i] == (int32_t)k;
        for (size_t u = 0; u < n_units; u++)
            if (inside[u]) {
                s->member[n++] = (uint32_t)u;
                s->value[k] += count[u];
            }
        s->start[k + 1] = n;
    }
    return OK;
}

static int run_differencing(struct calc *c, const struct calc_values *o)
{
    const struct calc_codes *sum = calc_codes(o, "sum");
    const char *const *unit = calc_labels(o, "unit");
    const int64_t *count = calc_wholes(o, "count");
    int64_t threshold = calc_int(o, "threshold");
    double width = calc_has(o, "width") ? (double)calc_int(o, "width") : (double)threshold - 1;
    size_t n_units = calc_rows(c, "units"), first = 0, second = 0;
    struct sets s = {0};
    TRY(read_sets(c, o, count, n_units, &s));
    bool found = protect_differencing(c->arena, s.value, s.start, s.member, s.n, threshold, &first, &second);
    uint8_t *exposed = arena_array(c->arena, n_units + 1, 1);
    size_t n = protect_overlap(c->arena, count, n_units, s.start, s.member, s.n, threshold, width, exposed);
    if (n == SIZE_MAX)
        return calc_refuse_all(c, STAT_REASON_NOT_CONVERGED);
    calc_put_bool(c->result, "safe", !found && n == 0);
    calc_put_text(c->result, "whole", found ? sum->name[first] : NULL);
    calc_put_text(c->result, "part", found ? sum->name[second] : NULL);
    calc_put_int(c->result, "exposed", (int64_t)n);
    struct calc_table *t = calc_put_table(c->result, "units");
    for (size_t u = 0; u < n_units; u++) {
        calc_row(t);
        calc_cell_text(t, "unit", unit[u]);
        calc_cell_bool(t, "exposed", exposed[u]);
    }
    return OK;
}

/* --- protect.primary ------------------------------------------------------------------------------------------- */

static const struct calc_field PRIMARY[] = {
    {"cell", CALC_CODES, "Cell of the table a contribution belongs to", .required = true},
    {"y", CALC_COLUMN, "Contributions", .required = true, .min = 0, .max = INFINITY},
    {"contributor", CALC_CODES, .help = "Whose it is; several to one cell count as one (default: each its own)"},
    {"threshold", CALC_INT, "Fewest contributors; 0: no such rule", .fallback = "3", .min = 0, .max = 1e9},
    {"p", CALC_NUM, "p of the p % rule; 0: no such rule", .fallback = "0", .min = 0, .max = 1000},
    {"q", CALC_NUM, "Percent within which everybody knows the others beforehand", .fallback = "100", .min = 0, .max = 1000,
     .open = true},
    {"n", CALC_INT, "n of the (n, k) dominance rule; 0: no such rule", .fallback = "0", .min = 0, .max = 1000},
    {"k", CALC_NUM, "k of it, percent", .fallback = "85", .min = 0, .max = 100, .open = true},
    {"range", CALC_NUM, "Protection of cells below the threshold, percent of their total", .fallback = "20", .min = 0,
     .max = 1000, .open = true},
    {0},
};

static int run_primary(struct calc *c, const struct calc_values *o)
{
    const struct calc_codes *cell = calc_codes(o, "cell"), *who = calc_codes(o, "contributor");
    struct protect_primary_rules rules = {.threshold = calc_int(o, "threshold"), .p_percent = calc_num(o, "p"),
                                          .q_percent = calc_num(o, "q"), .dominance_n = (size_t)calc_int(o, "n"),
                                          .dominance_k = calc_num(o, "k"), .range_percent = calc_num(o, "range")};
    size_t n = calc_rows(c, NULL);
    int64_t *contributor = who ? arena_array(c->arena, n + 1, sizeof *contributor) : NULL;
    for (size_t i = 0; who && i < n; i++)
        contributor[i] = who->code[i];
    if (rules.p_percent > 0 && rules.p_percent >= rules.q_percent)
        return calc_wrong(c, o, "p", N_("p must be less than q."));
    struct protect_primary *out = arena_array(c->arena, cell->n + 1, sizeof *out);
    enum stat_reason why = protect_primary(c->arena, n, cell->code, contributor, calc_column(o, "y"), cell->n, &rules, out,
                                           NULL);
    if (why != STAT_REASON_NONE)
        return calc_refuse_all(c, why);
    struct calc_table *t = calc_put_table(c->result, "cells");
    for (size_t i = 0; i < cell->n; i++) {
        calc_row(t);
        calc_cell_text(t, "cell", cell->name[i]);
        calc_cell_int(t, "contributors", out[i].contributors);
        calc_cell_num(t, "total", out[i].total);
        calc_cell_bool(t, "sensitive", out[i].broken != 0);
        calc_cell_bool(t, "below_threshold", out[i].broken & PROTECT_RULE_THRESHOLD);
        calc_cell_bool(t, "p_rule", out[i].broken & PROTECT_RULE_P);
        calc_cell_bool(t, "dominance", out[i].broken & PROTECT_RULE_DOMINANCE);
        calc_cell_num(t, "up", out[i].up);
    }
    return OK;
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

#define SUPPRESSION "Fischetti, Salazar 2001, Mathematical Programming 90:283; Hundepool et al. 2012, ch. 4"
const struct calc_method calc_methods_protect[] = {
    {"protect.counts", N_("A list of counts and its sum: which may be shown, and bands for the rest"),
     "Hundepool et al. 2012, Statistical Disclosure Control, ch. 4", COUNTS, run_counts, .table = "counts", .confidential = true},
    {"protect.table", N_("A two-way table with margins: hides small counts and the cheapest others that protect them"), SUPPRESSION,
     TABLE, run_table, .table = "cells", .confidential = true},
    {"protect.suppress", N_("Hierarchies, linked tables, tables of any number of ways: the cheapest cells to hide"), SUPPRESSION,
     CALC_FIELDS_SUPPRESS, calc_run_suppress, .sources = CALC_SOURCES_LINKED, .table = "cells", .confidential = true},
    {"protect.audit", N_("What an attacker can say of each hidden cell of linked tables"), SUPPRESSION, CALC_FIELDS_AUDIT,
     calc_run_audit, .sources = CALC_SOURCES_LINKED, .table = "cells", .confidential = true},
    {"protect.tree", N_("A hierarchy of places, each the sum of its parts: which counts may be shown"),
     "Hundepool et al. 2012, Statistical Disclosure Control, ch. 4", TREE, run_tree, .table = "places", .confidential = true},
    {"protect.differencing", N_("Published sums over overlapping sets of units: does subtracting give a small count away?"),
     "Hundepool et al. 2012, Statistical Disclosure Control, ch. 5", DIFFERENCING, run_differencing,
     .sources = DIFFERENCING_SOURCES, .table = "units", .confidential = true},
    {"protect.primary", N_("Which cells give a contributor away: threshold, p % and dominance rules"),
     "Cox 1981, JSPI 5:153; Hundepool et al. 2012, sections 4.2, 4.3", PRIMARY, run_primary, .table = "cells", .confidential = true},
    {"protect.key_table", N_("The cell key method's table of probabilities, of largest entropy"), "Giessing 2016, LNCS 9867:132",
     CALC_FIELDS_KEY_TABLE, calc_run_key_table, .table = "probabilities"},
    {"protect.record_keys", N_("Keys of records from a secret; the answer is as secret as that"),
     "Fraser, Wooton 2005, UNECE work session on confidentiality", CALC_FIELDS_RECORD_KEYS, calc_run_record_keys,
     .sources = CALC_SOURCES_RECORD_KEYS, .table = "keys", .confidential = true},
    {"protect.cell_key", N_("A two-way table from records, each count changed by the key of its cell"),
     "Fraser, Wooton 2005; Giessing 2016, LNCS 9867:132", CALC_FIELDS_CELL_KEY, calc_run_cell_key, .table = "cells", .confidential = true},
    {"protect.round", N_("Controlled rounding of a two-way table: the nearest, or at random without bias"),
     "Cox 1987, JASA 82:520", CALC_FIELDS_ROUND, calc_run_round, .seeded = true, .table = "cells", .confidential = true},
    {"protect.round_linked", N_("Controlled rounding of linked tables: the nearest"), "Cox 1987, JASA 82:520",
     CALC_FIELDS_ROUND_LINKED, calc_run_round_linked, .sources = CALC_SOURCES_LINKED, .table = "cells", .confidential = true},
    {0},
};
