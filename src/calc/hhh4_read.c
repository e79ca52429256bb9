/* hhh4_read.c - from a document's options and tables to the endemic-epidemic model. */
#include "calc/hhh4_read.h"

#include "base/arena.h"
#include "base/str.h"
#include "calc/internal.h"
#include "i18n/i18n.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COMPONENT_FIELDS \
    {"intercept", CALC_CHOICE, "One for all, one for each unit, or none", .fallback = "\"shared\"", \
     .choices = "shared|unit|none"}, \
    {"random", CALC_BOOL, "A random intercept of each unit beside it", .fallback = "false"}, \
    {"trend", CALC_BOOL, "A column t = 0, 1, ... (row of the table less one)", .fallback = "false"}, \
    {"harmonics", CALC_INT, "Pairs sin, cos(2 pi s t/season), s = 1 .. so many, shared by all units", \
     .fallback = "0", .min = 0, .max = 20}, \
    {"unit_harmonics", CALC_MAP, "Pairs for each unit with its own coefficients: {\"unit\": how many}", \
     .min = 0, .max = 20}, \
    {"covariates", CALC_COLUMNS, .help = "Columns with one coefficient each"}, \
    {"unit_trend", CALC_BOOL, "The column t with a coefficient of its own for each unit", .fallback = "false"}, \
    {"unit_covariates", CALC_COLUMNS, .help = "Columns with a coefficient of its own for each unit"}, \
    {"offset", CALC_COLUMN, "Factor of the component (a population, a share)", .min = 0, .max = 1e300}

const struct calc_field hhh4_ar_fields[] = {
    COMPONENT_FIELDS,
    {"lag", CALC_INT, "Periods back", .fallback = "1", .min = 1, .max = 1000},
    {0},
};
const struct calc_field hhh4_end_fields[] = {COMPONENT_FIELDS, {0}};

const struct calc_field hhh4_weights_fields[] = {
    {"kind", CALC_CHOICE,
     "Neighbours alike; order^-d with d estimated; a weight for each order estimated; as given",
     .fallback = "\"first\"", .choices = "first|power_law|orders|given"},
    {"from", CALC_LABELS, "Unit that acts, a row a pair", .table = "neighbours"},
    {"to", CALC_LABELS, "Unit it acts on", .table = "neighbours"},
    {"value", CALC_COLUMN,
     "Weight (given), or order or distance of the pair; orders are found from neighbours without it",
     .table = "neighbours", .min = 0, .max = 1e300},
    {"matrix", CALC_MATRIX,
     "Or weights (given) from row to column, in the order of units or with their names", .min = 0,
     .max = 1e300},
    {"symmetric", CALC_BOOL, "Each pair holds both ways", .fallback = "false"},
    {"normalise", CALC_BOOL, "Weights of a source add up to 1", .fallback = "true"},
    {"max_order", CALC_INT, "Orders beyond it have no weight; 0: all", .fallback = "0", .min = 0, .max = 30},
    {"open_end", CALC_BOOL, "orders: beyond it the weight of max_order", .fallback = "false"},
    {"from_own", CALC_BOOL, "The unit itself is of order 0: power_law with order + 1, orders from 0",
     .fallback = "false"},
    {0},
};

const struct calc_source hhh4_sources[] = {
    {"main", "One row a unit and period, or one row a period", false},
    {"neighbours", "One row a pair of units", false},
    {"weights", "A matrix of weights, a row and a column for each unit", false},
    {0},
};

/* Rows of the main table by unit and period. */
struct layout {
    struct calc *c;
    const struct calc_values *o;
    struct hhh4_document *d;
    size_t n, rows, periods; /* units, periods with data, periods of the model */
    size_t *row;             /* [unit * rows + t]; NULL: wide, row t */
    double *y;               /* [unit * rows + t], NAN: none */
};

static size_t row_at(const struct layout *l, size_t unit, size_t t)
{
    return l->row ? l->row[unit * l->rows + t] : t;
}

/* --- counts --- */

static int read_long(struct layout *l)
{
    const struct calc_codes *unit = calc_codes(l->o, "unit");
    const int64_t *period = calc_wholes(l->o, "period"), *y = calc_wholes(l->o, "y");
    size_t rows = calc_rows(l->c, NULL);
    if (!unit || !period || !y)
        return calc_wrong(l->c, l->o, NULL, N_("Give unit, period and y, or counts."));
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (size_t k = 0; k < rows; k++) {
        low = period[k] < low ? period[k] : low;
        high = period[k] > high ? period[k] : high;
    }
    if (!rows || (uint64_t)(high - low) >= rows)
        return calc_wrong(l->c, l->o, "period",
                          N_("Periods must be consecutive, with a row for every unit."));
    l->n = unit->n;
    l->rows = (size_t)(high - low) + 1;
    l->d->first_period = low;
    l->d->unit = unit->name;
    l->row = arena_array(l->c->arena, l->n * l->rows, sizeof *l->row);
    l->y = arena_array(l->c->arena, l->n * l->rows, sizeof *l->y);
    for (size_t k = 0; k < l->n * l->rows; k++)
        l->row[k] = SIZE_MAX;
    for (size_t k = 0; k < rows; k++) {
        size_t at = (size_t)unit->code[k] * l->rows + (size_t)(period[k] - low);
        if (l->row[at] != SIZE_MAX)
            return calc_wrong_row(l->c, l->o, "period", k,
                                  N_("This unit and period stand in the table twice."));
        l->row[at] = k;
        l->y[at] = y[k] == CALC_NO_WHOLE ? NAN : (double)y[k];
    }
    for (size_t at = 0; at < l->n * l->rows; at++)
        if (l->row[at] == SIZE_MAX)
            return calc_wrong(l->c, l->o, "period", N_("Unit %s has no row of period %lld."),
                              unit->name[at / l->rows], (long long)(low + (int64_t)(at % l->rows)));
    return OK;
}

static int read_wide(struct layout *l)
{
    const struct calc_columns *x = calc_columns(l->o, "counts");
    if (calc_codes(l->o, "unit") || calc_wholes(l->o, "period") || calc_wholes(l->o, "y"))
        return calc_wrong(l->c, l->o, "counts", N_("Give unit, period and y, or counts, not both."));
    l->n = x->p;
    l->rows = calc_rows(l->c, NULL);
    l->d->first_period = 1;
    l->d->has_wide = true;
    const char **name = arena_array(l->c->arena, l->n + 1, sizeof *name);
    for (size_t i = 0; i < l->n; i++)
        name[i] = x->name && x->name[i] ? x->name[i] : arena_printf(l->c->arena, "%zu", i + 1);
    l->d->unit = name;
    l->y = arena_array(l->c->arena, l->n * l->rows + 1, sizeof *l->y);
    for (size_t t = 0; t < l->rows; t++)
        for (size_t i = 0; i < l->n; i++) {
            double v = x->x[t * x->p + i];
            if (!isnan(v) && v != floor(v))
                return calc_wrong(l->c, l->o, "counts", N_("Row %zu of %s is not a whole number."), t + 1,
                                  name[i]);
            l->y[i * l->rows + t] = v;
        }
    return OK;
}

/* Rows of the fit: `last` or the last one before the first missing count. */
static int read_range(struct layout *l, size_t ahead)
{
    struct hhh4_document *d = l->d;
    size_t full = l->rows;
    for (size_t i = 0; i < l->n; i++)
        for (size_t t = 0; t < full; t++)
            if (isnan(l->y[i * l->rows + t]))
                full = t;
    d->from = (size_t)calc_int(l->o, "first") - 1;
    d->to = calc_has(l->o, "last") ? (size_t)calc_int(l->o, "last") : full;
    if (d->to > full)
        return calc_wrong(l->c, l->o, "last", N_("There are counts of every unit for %zu periods only."),
                          full);
    if (d->to <= d->from)
        return calc_wrong(l->c, l->o, "first", N_("No row is left for the fit."));
    d->rows = l->rows;
    l->periods = d->to + ahead > l->rows ? d->to + ahead : l->rows;
    int64_t *y = arena_array(l->c->arena, l->n * l->periods, sizeof *y);
    for (size_t i = 0; i < l->n; i++)
        for (size_t t = 0; t < l->rows; t++)
            y[i * l->periods + t] = isnan(l->y[i * l->rows + t]) ? -1 : (int64_t)l->y[i * l->rows + t];
    d->m.n_units = l->n;
    d->m.n_periods = l->periods;
    d->m.y = y;
    return OK;
}

/* --- components --- */

struct columns {
    struct hhh4_column *column;
    const char **label;
    size_t n;
};

static struct hhh4_column *add(struct columns *s, const char *label)
{
    s->label[s->n] = label;
    return &s->column[s->n++];
}

/* One covariate; where it is the same for all units, it is kept once. */
static void read_covariate(struct layout *l, const double *x, size_t p, size_t j, struct hhh4_column *out)
{
    bool alike = true;
    for (size_t i = 1; l->row && i < l->n && alike; i++)
        for (size_t t = 0; t < l->rows && alike; t++)
            alike = x[row_at(l, i, t) * p + j] == x[row_at(l, 0, t) * p + j];
    size_t units = l->row && !alike ? l->n : 1;
    double *v = arena_array(l->c->arena, units * l->periods, sizeof *v);
    for (size_t i = 0; i < units; i++)
        for (size_t t = 0; t < l->rows; t++)
            v[i * l->periods + t] = x[row_at(l, i, t) * p + j];
    *out = (struct hhh4_column){.x = v, .per_unit = units > 1 ? l->periods : 0, .per_period = 1};
}

static const double *read_offset(struct layout *l, const double *x)
{
    if (!x)
        return NULL;
    double *v = arena_array(l->c->arena, l->n * l->periods, sizeof *v);
    for (size_t i = 0; i < l->n; i++)
        for (size_t t = 0; t < l->periods; t++) /* beyond the table: as at its end */
            v[i * l->periods + t] = x[row_at(l, i, t < l->rows ? t : l->rows - 1)];
    return v;
}

static struct hhh4_column *add_wave(struct layout *l, struct columns *s, int harmonic, bool cosine)
{
    double season = calc_num(l->o, "season"), *x = arena_array(l->c->arena, l->periods, sizeof *x);
    hhh4_wave(l->periods, season, harmonic, cosine, 0, x);
    struct hhh4_column *c =
        add(s, arena_printf(l->c->arena, "%s(%d * pi * t/%g)", cosine ? "cos" : "sin", 2 * harmonic, season));
    *c = (struct hhh4_column){.x = x, .per_period = 1};
    return c;
}

static int add_unit_waves(struct layout *l, const struct calc_values *p, struct columns *s)
{
    const struct calc_map *map = calc_map(p, "unit_harmonics");
    int most = 0;
    for (size_t k = 0; map && k < map->n; k++) {
        bool known = false;
        for (size_t i = 0; i < l->n; i++)
            known = known || str_eq(l->d->unit[i], map->key[k]);
        if (!known)
            return calc_wrong(l->c, p, "unit_harmonics", N_("There is no unit %s."), map->key[k]);
        most = map->value[k] > most ? (int)map->value[k] : most;
    }
    for (int h = 1; h <= most; h++)
        for (int cosine = 0; cosine < 2; cosine++) {
            bool *which = arena_array(l->c->arena, l->n, sizeof *which);
            for (size_t i = 0; i < l->n; i++) {
                double v = calc_map_at(map, l->d->unit[i]);
                which[i] = !isnan(v) && v >= h;
            }
            struct hhh4_column *c = add_wave(l, s, h, cosine);
            c->own = true;
            c->which = which;
        }
    return OK;
}

static void add_covariates(struct layout *l, const struct calc_columns *x, bool own, struct columns *s)
{
    for (size_t j = 0; x && j < x->p; j++) {
        bool named = x->name && x->name[j];
        struct hhh4_column *c = add(s, named ? x->name[j] : arena_printf(l->c->arena, "x%zu", j + 1));
        read_covariate(l, x->x, x->p, j, c);
        c->own = own;
        l->d->has_covariates = true;
    }
}

static int read_component(struct layout *l, const struct calc_values *p, enum hhh4_part part)
{
    struct hhh4_component *out = &l->d->m.part[part];
    if (!p)
        return OK;
    const struct calc_columns *x = calc_columns(p, "covariates"), *own_x = calc_columns(p, "unit_covariates");
    size_t most = 3 + (size_t)calc_int(p, "harmonics") * 2 + 40 + (x ? x->p : 0) + (own_x ? own_x->p : 0);
    struct columns s = {arena_array(l->c->arena, most, sizeof *s.column),
                        arena_array(l->c->arena, most, sizeof *s.label), 0};
    int intercept = calc_choice(p, "intercept");
    if (intercept < 2)
        add(&s, "1")->own = intercept == 1;
    for (int own = 0; own < 2; own++)
        if (calc_bool(p, own ? "unit_trend" : "trend")) {
            double *t = arena_array(l->c->arena, l->periods, sizeof *t);
            for (size_t k = 0; k < l->periods; k++)
                t[k] = (double)k;
            *add(&s, "t") = (struct hhh4_column){.x = t, .per_period = 1, .own = own};
        }
    for (int h = 1; h <= calc_int(p, "harmonics"); h++) {
        add_wave(l, &s, h, false);
        add_wave(l, &s, h, true);
    }
    TRY(add_unit_waves(l, p, &s));
    add_covariates(l, x, false, &s);
    add_covariates(l, own_x, true, &s);
    if (calc_bool(p, "random") && (s.n == 0 || intercept != 0))
        return calc_wrong(l->c, p, "random", N_("A random intercept needs a shared intercept beside it."));
    if (calc_bool(p, "random") && l->n < 2)
        return calc_wrong(l->c, p, "random", N_("A random intercept needs several units."));
    *out = (struct hhh4_component){s.n, s.column, calc_bool(p, "random"),
                                   read_offset(l, calc_column(p, "offset")), 0};
    if (part != HHH4_END && s.n) {
        out->lag = (size_t)calc_int(p, "lag");
        if (l->d->from < out->lag)
            return calc_wrong(l->c, l->o, "first", N_("The first row of the fit lies within the lag."));
    }
    l->d->label[part] = s.label;
    return OK;
}

/* --- weights --- */

struct pairs {
    size_t n;
    uint32_t *from, *to;
    double *value; /* NULL: none given */
};

static int64_t unit_of(const struct layout *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->d->unit[i], name))
            return (int64_t)i;
    return -1;
}

/* Units by name, for tables with many pairs. */
struct named {
    const char *name;
    uint32_t unit;
};

static int compare_named(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* A pair that stands twice would count twice. */
static bool has_double(struct layout *l, const struct pairs *p)
{
    uint64_t *key = arena_array(l->c->arena, p->n + 1, sizeof *key);
    for (size_t e = 0; e < p->n; e++)
        key[e] = (uint64_t)p->from[e] << 32 | p->to[e];
    qsort(key, p->n, sizeof *key, compare_u64);
    for (size_t e = 1; e < p->n; e++)
        if (key[e] == key[e - 1])
            return true;
    return false;
}

static int read_pairs(struct layout *l, const struct calc_values *w, struct pairs *p)
{
    const char *const *from = calc_labels(w, "from"), *const *to = calc_labels(w, "to");
    const double *value = calc_column(w, "value");
    size_t rows = calc_rows(l->c, "neighbours");
    bool both = calc_bool(w, "symmetric");
    if (!from || !to)
        return calc_wrong(l->c, w, NULL, N_("Give the pairs of units: from and to, or a matrix."));
    struct named *name = arena_array(l->c->arena, l->n, sizeof *name);
    for (size_t i = 0; i < l->n; i++)
        name[i] = (struct named){l->d->unit[i], (uint32_t)i};
    qsort(name, l->n, sizeof *name, compare_named);
    p->from = arena_array(l->c->arena, 2 * rows + 1, sizeof *p->from);
    p->to = arena_array(l->c->arena, 2 * rows + 1, sizeof *p->to);
    p->value = value ? arena_array(l->c->arena, 2 * rows + 1, sizeof *p->value) : NULL;
    for (size_t k = 0; k < rows; k++) {
        struct named want[2] = {{from[k], 0}, {to[k], 0}};
        const struct named *a = bsearch(&want[0], name, l->n, sizeof *name, compare_named);
        const struct named *b = bsearch(&want[1], name, l->n, sizeof *name, compare_named);
        if (!a || !b)
            return calc_wrong_row(l->c, w, a ? "to" : "from", k, N_("There is no unit %s."),
                                  a ? to[k] : from[k]);
        for (int turn = 0; turn < 1 + (both && a != b); turn++) {
            p->from[p->n] = turn ? b->unit : a->unit;
            p->to[p->n] = turn ? a->unit : b->unit;
            if (value)
                p->value[p->n] = value[k];
            p->n++;
        }
    }
    if (has_double(l, p))
        return calc_wrong(l->c, w, "from", N_("A pair of units stands in the table twice."));
    return OK;
}

static int read_matrix(struct layout *l, const struct calc_values *w, const struct calc_matrix *x,
                       struct pairs *p)
{
    if (x->rows != l->n || x->cols != l->n)
        return calc_wrong(l->c, w, "matrix",
                          N_("The matrix must have a row and a column for each of the %zu units."), l->n);
    p->from = arena_array(l->c->arena, l->n * l->n, sizeof *p->from);
    p->to = arena_array(l->c->arena, l->n * l->n, sizeof *p->to);
    p->value = arena_array(l->c->arena, l->n * l->n, sizeof *p->value);
    uint32_t *place = arena_array(l->c->arena, l->n, sizeof *place);
    for (size_t i = 0; i < l->n; i++) {
        int64_t unit = x->name && x->name[i] ? unit_of(l, x->name[i]) : (int64_t)i;
        if (unit < 0)
            return calc_wrong(l->c, w, "matrix", N_("There is no unit %s."), x->name[i]);
        place[i] = (uint32_t)unit;
    }
    for (size_t i = 0; i < l->n; i++)
        for (size_t j = 0; j < l->n; j++)
            if (x->value[i * l->n + j] > 0) {
                p->from[p->n] = place[i];
                p->to[p->n] = place[j];
                p->value[p->n++] = x->value[i * l->n + j];
            }
    return OK;
}

static int read_weights(struct layout *l)
{
    const struct calc_values *w = calc_object(l->o, "weights");
    struct hhh4_weights *out = &l->d->weights;
    if (!l->d->m.part[HHH4_NE].n_columns)
        return OK;
    if (!w)
        return calc_wrong(l->c, l->o, "weights", N_("The component ne needs weights."));
    static const enum hhh4_weighting KIND[] = {HHH4_GIVEN, HHH4_POWER_LAW, HHH4_ORDERS, HHH4_GIVEN};
    int kind = calc_choice(w, "kind"), max_order = (int)calc_int(w, "max_order");
    const struct calc_matrix *x = calc_matrix(w, "matrix");
    struct pairs p = {0};
    *out = (struct hhh4_weights){.kind = KIND[kind],
                                 .normalise = calc_bool(w, "normalise"),
                                 .max_order = max_order,
                                 .open_end = calc_bool(w, "open_end"),
                                 .from_own = calc_bool(w, "from_own")};
    if (kind == 2 && max_order < (out->from_own ? 1 : 2))
        return calc_wrong(l->c, w, "max_order", N_("Weights by order need a largest order."));
    if (x)
        TRY(read_matrix(l, w, x, &p));
    else
        TRY(read_pairs(l, w, &p));
    if (kind == 3 && !p.value)
        return calc_wrong(l->c, w, "value", N_("Given weights need their values."));
    for (size_t e = 0; kind != 3 && !out->from_own && e < p.n; e++)
        if (p.from[e] == p.to[e])
            return calc_wrong(l->c, w, "from", N_("Unit %s stands as its own neighbour."),
                              l->d->unit[p.from[e]]);
    bool find = (kind == 1 || kind == 2) && !p.value; /* all orders where the last one has the rest */
    int reach = max_order && !out->open_end ? max_order : (int)l->n;
    enum stat_reason r =
        find ? hhh4_orders(l->c->arena, l->n, p.n, p.from, p.to, reach, out->from_own, &out->links)
             : hhh4_links_new(l->c->arena, l->n, p.n, p.from, p.to, kind ? p.value : NULL, &out->links);
    if (r)
        return calc_refuse_all(l->c, r);
    l->d->m.weights = out;
    return OK;
}

int hhh4_read(struct calc *c, const struct calc_values *o, size_t ahead, struct hhh4_document *d)
{
    struct layout l = {.c = c, .o = o, .d = d};
    *d = (struct hhh4_document){0};
    TRY(calc_columns(o, "counts") ? read_wide(&l) : read_long(&l));
    TRY(read_range(&l, ahead));
    d->m.family = (enum hhh4_family)calc_choice(o, "family");
    d->m.correlated = calc_bool(o, "correlated");
    TRY(read_component(&l, calc_object(o, "ar"), HHH4_AR));
    TRY(read_component(&l, calc_object(o, "ne"), HHH4_NE));
    TRY(read_component(&l, calc_object(o, "end"), HHH4_END));
    if (d->has_covariates && l.periods > l.rows)
        return calc_wrong(c, o, NULL,
                          N_("Covariates must reach as far as the forecast: rows with an empty count."));
    return read_weights(&l);
}

const char *hhh4_coef_name(struct arena *a, const struct hhh4_document *d, const struct hhh4_name *n)
{
    static const char *const PART[] = {"ar", "ne", "end"};
    const char *name;
    if (n->kind == HHH4_OVERDISPERSION)
        name = "overdisp";
    else if (n->kind == HHH4_WEIGHT)
        name = d->weights.kind == HHH4_POWER_LAW
                   ? "neweights.d"
                   : arena_printf(a, "neweights.%zu", n->column + (d->weights.from_own ? 1 : 2));
    else
        name = arena_printf(a, "%s.%s", PART[n->part], d->label[n->part][n->column]);
    return n->unit < 0 ? name : arena_printf(a, "%s.%s", name, d->unit[n->unit]);
}
