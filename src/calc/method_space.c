/* method_space.c - are neighbouring places alike, and which stand out (stat/spatial.h, stat/spatial_rates.h), for
 * `shanyraq stat`. */
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "calc/calc.h"
#include "calc/neighbours.h"
#include "i18n/i18n.h"
#include "stat/spatial_rates.h"

#define PLACE {"place", CALC_LABELS, "Name of each place, each once", .required = true}
#define VALUES {"y", CALC_COLUMN, .help = "Values of the places", .required = true}
#define EVENTS                                                                                     \
    {"y", CALC_COLUMN, "Events of each place", .required = true, .min = 0, .max = INFINITY},       \
    {"exposure", CALC_COLUMN, "Population of each place", .required = true, .min = 0, .max = INFINITY, .open = true}
#define PERMUTATIONS                                                                               \
    {"permutations", CALC_INT, "For a p by permutation; 0: none", .fallback = "0", .min = 0, .max = 1e7}

static const struct calc_source SOURCES[] = {{"main", "one row a place", false}, CALC_NEIGHBOUR_SOURCE, {0}};

/* The weights between the places of the table. */
static int read_weights(struct calc *c, const struct calc_values *o, struct spatial_weights *w)
{
    const char *const *place = calc_labels(o, "place");
    size_t n = calc_rows(c, NULL);
    struct map *seen = map_new(c->arena);
    int rc = OK;
    for (size_t i = 0; i < n; i++) {
        void **at = map_at(seen, place[i]);
        if (*at)
            rc = calc_wrong_row(c, o, "place", i, N_("This place has a row already."));
        *at = c;
    }
    return rc ? rc : calc_neighbours(c, o, n, place, w);
}

/* --- the map as a whole ------------------------------------------------------------------------------ */

static const struct calc_field GLOBAL[] = {PLACE, VALUES, CALC_NEIGHBOUR_FIELDS, PERMUTATIONS, {0}};

static int put_global(struct calc *c, const struct spatial_global *g)
{
    if (g->status == STAT_REFUSED)
        return calc_refuse_all(c, g->reason);
    calc_put_num(c->result, "value", g->value);
    calc_put_num(c->result, "expected", g->expected);
    struct calc_node *at = calc_put_object(c->result, "randomisation");
    calc_put_num(at, "variance", g->var_random);
    calc_put_num(at, "z", g->z_random);
    calc_put_num(at, "p", g->p_random);
    at = calc_put_object(c->result, "normality");
    calc_put_optional(at, "variance", g->var_normal);
    calc_put_optional(at, "z", g->z_normal);
    calc_put_optional(at, "p", g->p_normal);
    calc_put_optional(c->result, "p_permuted", g->p_permuted);
    return OK;
}

typedef struct spatial_global global_of(struct arena *a, const struct stat_run *run, const struct spatial_weights *w,
                                        const double *x, int permutations, uint64_t seed);

static int run_global(struct calc *c, const struct calc_values *o, global_of *f)
{
    struct spatial_weights w;
    TRY(read_weights(c, o, &w));
    struct spatial_global g = f(c->arena, c->run, &w, calc_column(o, "y"), (int)calc_int(o, "permutations"), c->seed);
    return put_global(c, &g);
}

static int run_moran(struct calc *c, const struct calc_values *o)
{
    return run_global(c, o, spatial_moran);
}

static int run_geary(struct calc *c, const struct calc_values *o)
{
    return run_global(c, o, spatial_geary);
}

static int run_general_g(struct calc *c, const struct calc_values *o)
{
    const double *y = calc_column(o, "y");
    int rc = OK;
    for (size_t i = 0; i < calc_rows(c, NULL); i++)
        if (y[i] < 0)
            rc = calc_wrong_row(c, o, "y", i, N_("The general G takes no values below 0."));
    return rc ? rc : run_global(c, o, spatial_general_g);
}

/* --- place by place ---------------------------------------------------------------------------------- */

static const struct calc_field LISA[] = {
    PLACE,
    VALUES,
    CALC_NEIGHBOUR_FIELDS,
    PERMUTATIONS,
    {"fdr", CALC_CHOICE, "Which p the false discovery rate is taken of", .fallback = "\"conditional\"",
     .choices = "conditional|total|permuted"},
    {0},
};

static void put_local(struct calc *c, const char *const *place, const struct spatial_local *r)
{
    static const char *const QUADRANTS[] = {"low-low", "low-high", "high-low", "high-high"};
    struct calc_table *t = calc_put_table(c->result, "places");
    for (size_t i = 0; i < calc_rows(c, NULL); i++, r++) {
        calc_row(t);
        calc_cell_text(t, "place", place[i]);
        calc_cell_optional(t, "value", r->value);
        calc_cell_optional(t, "expected", r->expected);
        calc_cell_optional(t, "variance", r->variance);
        calc_cell_optional(t, "z", r->z);
        calc_cell_optional(t, "p", r->p);
        calc_cell_optional(t, "expected_total", r->expected_total);
        calc_cell_optional(t, "variance_total", r->variance_total);
        calc_cell_optional(t, "z_total", r->z_total);
        calc_cell_optional(t, "p_total", r->p_total);
        calc_cell_optional(t, "p_permuted", r->p_permuted);
        calc_cell_optional(t, "fdr", r->fdr);
        calc_cell_text(t, "quadrant", QUADRANTS[r->quadrant]);
    }
}

static int run_lisa(struct calc *c, const struct calc_values *o)
{
    struct spatial_weights w;
    int permutations = (int)calc_int(o, "permutations");
    enum spatial_p of = (enum spatial_p)calc_choice(o, "fdr");
    if (of == SPATIAL_P_PERMUTED && permutations == 0)
        return calc_wrong(c, o, "permutations", N_("A p by permutation needs permutations."));
    TRY(read_weights(c, o, &w));
    struct spatial_local *r = arena_array(c->arena, w.n, sizeof *r);
    enum stat_reason why = spatial_lisa(c->arena, c->run, &w, calc_column(o, "y"), permutations, c->seed, of, r);
    if (why)
        return calc_refuse_all(c, why);
    put_local(c, calc_labels(o, "place"), r);
    return OK;
}

static const struct calc_field GETIS[] = {
    PLACE,
    VALUES,
    CALC_NEIGHBOUR_FIELDS,
    {"star", CALC_BOOL, "G*: the place is its own neighbour; else local G", .fallback = "true"},
    PERMUTATIONS,
    {0},
};

static int run_getis(struct calc *c, const struct calc_values *o)
{
    struct spatial_weights w;
    TRY(read_weights(c, o, &w));
    const char *const *place = calc_labels(o, "place");
    struct spatial_hot *r = arena_array(c->arena, w.n, sizeof *r);
    enum stat_reason why = spatial_getis(c->arena, c->run, &w, calc_column(o, "y"), calc_bool(o, "star"),
                                         (int)calc_int(o, "permutations"), c->seed, r);
    if (why)
        return calc_refuse_all(c, why);
    struct calc_table *t = calc_put_table(c->result, "places");
    for (size_t i = 0; i < w.n; i++) {
        calc_row(t);
        calc_cell_text(t, "place", place[i]);
        calc_cell_optional(t, "value", r[i].value);
        calc_cell_optional(t, "expected", r[i].expected);
        calc_cell_optional(t, "variance", r[i].variance);
        calc_cell_optional(t, "z", r[i].z);
        calc_cell_optional(t, "p", r[i].p);
        calc_cell_optional(t, "p_permuted", r[i].p_permuted);
        calc_cell_optional(t, "fdr", r[i].fdr);
    }
    return OK;
}

/* --- rates ------------------------------------------------------------------------------------------- */

static const struct calc_field RATES[] = {
    {"place", CALC_LABELS, .help = "Name of each place, repeated in the answer"},
    EVENTS,
    {"per", CALC_NUM, "Rates are per so many persons", .fallback = "1", .min = 0, .max = INFINITY, .open = true},
    {0},
};
static const struct calc_field RATES_LOCAL[] = {
    PLACE,
    EVENTS,
    CALC_NEIGHBOUR_FIELDS,
    {"own_means", CALC_BOOL, "Distances from the mean of each place's own neighbourhood, as spdep's EBlocal",
     .fallback = "false"},
    {"per", CALC_NUM, "Rates are per so many persons", .fallback = "1", .min = 0, .max = INFINITY, .open = true},
    {0},
};

static void put_rates(struct calc *c, const struct calc_values *o, const struct spatial_rate *r)
{
    const char *const *place = calc_labels(o, "place");
    double per = calc_num(o, "per");
    struct calc_table *t = calc_put_table(c->result, "places");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        calc_row(t);
        if (place)
            calc_cell_text(t, "place", place[i]);
        calc_cell_num(t, "raw", r[i].raw * per);
        calc_cell_num(t, "estimate", r[i].smoothed * per);
        calc_cell_num(t, "own", r[i].weight);
        calc_cell_num(t, "mean", r[i].mean * per);
        calc_cell_num(t, "between", r[i].between * per * per);
    }
}

static int run_rates(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    struct spatial_rate *r = arena_array(c->arena, n, sizeof *r);
    enum stat_reason why = spatial_rates_global(n, calc_column(o, "y"), calc_column(o, "exposure"), r);
    if (why)
        return calc_refuse_all(c, why);
    put_rates(c, o, r);
    return OK;
}

static int run_rates_local(struct calc *c, const struct calc_values *o)
{
    struct spatial_weights w;
    TRY(read_weights(c, o, &w));
    struct spatial_rate *r = arena_array(c->arena, w.n, sizeof *r);
    enum stat_reason why = spatial_rates_local(c->arena, &w, calc_column(o, "y"), calc_column(o, "exposure"),
                                               calc_bool(o, "own_means"), r);
    if (why)
        return calc_refuse_all(c, why);
    put_rates(c, o, r);
    return OK;
}

static const struct calc_field RATES_MORAN[] = {PLACE, EVENTS, CALC_NEIGHBOUR_FIELDS, PERMUTATIONS, {0}};

static int run_rates_moran(struct calc *c, const struct calc_values *o)
{
    struct spatial_weights w;
    TRY(read_weights(c, o, &w));
    double *z = arena_array(c->arena, w.n, sizeof *z);
    struct spatial_global g = spatial_rates_moran(c->arena, c->run, &w, calc_column(o, "y"), calc_column(o, "exposure"),
                                                  (int)calc_int(o, "permutations"), c->seed, z);
    if (g.status == STAT_REFUSED)
        return calc_refuse_all(c, g.reason);
    TRY(put_global(c, &g));
    const char *const *place = calc_labels(o, "place");
    struct calc_table *t = calc_put_table(c->result, "places");
    for (size_t i = 0; i < w.n; i++) {
        calc_row(t);
        calc_cell_text(t, "place", place[i]);
        calc_cell_num(t, "z", z[i]);
    }
    return OK;
}

/* --- space.fdr --------------------------------------------------------------------------------------- */

static const struct calc_field FDR[] = {
    {"name", CALC_LABELS, .help = "Name of each p, repeated in the answer"},
    {"p", CALC_COLUMN, "Values of p", .required = true, .missing = true, .min = 0, .max = 1},
    {"rate", CALC_NUM, "False discovery rate at which one is listed", .fallback = "0.1", .min = 0, .max = 1},
    {0},
};

static int run_fdr(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const double *p = calc_column(o, "p");
    const char *const *name = calc_labels(o, "name");
    double *adjusted = arena_array(c->arena, n, sizeof *adjusted);
    spatial_fdr(c->arena, n, p, adjusted);
    struct calc_table *t = calc_put_table(c->result, "values");
    for (size_t i = 0; i < n; i++) {
        calc_row(t);
        if (name)
            calc_cell_text(t, "name", name[i]);
        calc_cell_optional(t, "p", p[i]);
        calc_cell_optional(t, "fdr", adjusted[i]);
        calc_cell_bool(t, "listed", adjusted[i] <= calc_num(o, "rate"));
    }
    return OK;
}

const struct calc_method calc_methods_space[] = {
    {"space.moran", N_("Moran's I: are neighbouring places alike"), "Moran 1950, Biometrika 37:17; Cliff, Ord 1981, Spatial Processes", GLOBAL,
     run_moran, SOURCES, .seeded = true},
    {"space.geary", N_("Geary's C: do neighbouring places differ less than any two"), "Geary 1954, Inc. Statistician 5:115; Cliff, Ord 1981", GLOBAL,
     run_geary, SOURCES, .seeded = true},
    {"space.general_g", N_("General G: do large values lie beside large ones"), "Getis, Ord 1992, Geogr. Anal. 24:189", GLOBAL, run_general_g,
     SOURCES, .seeded = true},
    {"space.lisa", N_("Local Moran's I of each place, given its own value and over all, with the false discovery rate"),
     "Anselin 1995, Geogr. Anal. 27:93; Sokal, Oden, Thomson 1998, Geogr. Anal. 30:331; Caldas de Castro, Singer 2006", LISA, run_lisa,
     SOURCES, true, .table = "places"},
    {"space.getis", N_("Local G and G*: places amid large or small values"), "Ord, Getis 1995, Geogr. Anal. 27:286", GETIS, run_getis, SOURCES,
     true, .table = "places"},
    {"space.rates", N_("Rates shrunk towards that of all places"), "Marshall 1991, Applied Statistics 40:283", RATES, run_rates, .table = "places"},
    {"space.rates_local", N_("Rates shrunk towards that of the neighbourhood"), "Marshall 1991, Applied Statistics 40:283", RATES_LOCAL,
     run_rates_local, SOURCES, false, .table = "places"},
    {"space.rates_moran", N_("Moran's I of rates, which a rate of few people does not drive"), "Assuncao, Reis 1999, Stat. Med. 18:2147",
     RATES_MORAN, run_rates_moran, SOURCES, .seeded = true},
    {"space.fdr", N_("False discovery rate of many tests"), "Benjamini, Hochberg 1995, JRSS B 57:289", FDR, run_fdr, .table = "values"},
    {0},
};
