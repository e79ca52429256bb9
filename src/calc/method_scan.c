/* method_scan.c - clusters of events in space and time (stat/scan.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "base/map.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "stat/scan.h"

#include <math.h>

/* --- what the methods share ------------------------------------------------------------------- */

#define PLACES                                                                                     \
    {"place", CALC_LABELS, "Name of each place", .required = true},                                \
        {"x", CALC_COLUMN, "Position: easting, or degrees of longitude", .required = true},        \
        {"y", CALC_COLUMN, "Position: northing, or degrees of latitude", .required = true},        \
        {"population", CALC_COLUMN, "For the size of circles, and for what is expected",           \
         .required = true, .min = 0, .max = INFINITY},                                             \
        {"distance", CALC_CHOICE, "In the plane, or in km over the globe",                         \
         .fallback = "\"plane\"", .choices = "plane|globe"}
#define ZONES                                                                                      \
    {"max_share", CALC_NUM, "Largest share of the population in a circle", .fallback = "0.5",      \
     .min = 1e-9, .max = 1},                                                                       \
        {"max_places", CALC_INT, "Most places in a circle; without it any number", .min = 1,       \
         .max = 1e9},                                                                              \
        {"min_cases", CALC_INT, "Fewer events are never a cluster", .fallback = "3", .min = 1,     \
         .max = 1e9},                                                                              \
        {"max_clusters", CALC_INT, "Clusters that do not overlap, best first",                     \
         .fallback = "5", .min = 1, .max = 1000},                                                  \
        {"replicates", CALC_INT, "Random maps without a cluster; 0: no p", .fallback = "999",      \
         .min = 0, .max = 1e7},                                                                    \
        {"one_by_one", CALC_BOOL, "Search them without short cuts: slow, the same figures",        \
         .fallback = "false"}

static struct scan_options read_options(struct calc *c, const struct calc_values *o)
{
    return (struct scan_options){.max_share = calc_num(o, "max_share"),
                                 .max_places =
                                     calc_has(o, "max_places") ? (size_t)calc_int(o, "max_places") : 0,
                                 .min_cases = calc_int(o, "min_cases"),
                                 .max_clusters = (size_t)calc_int(o, "max_clusters"),
                                 .replicates = (int)calc_int(o, "replicates"),
                                 .one_by_one = calc_bool(o, "one_by_one"),
                                 .seed = c->seed};
}

static void put_cluster(const struct scan_cluster *k, const char *const *place, bool time, bool tested,
                        double least, struct calc_table *t, struct calc_table *members, int64_t number)
{
    calc_row(t);
    calc_cell_int(t, "cluster", number);
    calc_cell_text(t, "centre", place[k->centre]);
    calc_cell_int(t, "places", (int64_t)k->n_places);
    calc_cell_num(t, "radius", k->radius);
    if (time)
        calc_cell_int(t, "periods", (int64_t)k->length);
    calc_cell_num(t, "cases", k->cases);
    calc_cell_num(t, "expected", k->expected);
    calc_cell_optional(t, "relative_risk", k->ratio);
    calc_cell_num(t, "llr", k->llr);
    if (tested) {
        calc_cell_num(t, "p", k->p);
        calc_cell_optional(t, "p_gumbel", k->p_gumbel);
    }
    if (tested && time) {
        calc_cell_optional(t, "recurrence_days", k->recurrence_days);
        calc_cell_optional(t, "recurrence_days_gumbel", k->recurrence_gumbel);
        if (!isnan(k->recurrence_days))
            calc_cell_bool(t, "reportable", k->recurrence_days >= least);
    }
    for (size_t j = 0; j < k->n_places; j++) {
        calc_row(members);
        calc_cell_int(members, "cluster", number);
        calc_cell_text(members, "place", place[k->place[j]]);
    }
}

static int put_scan(struct calc *c, const struct calc_values *o, const struct scan_map *m,
                    const struct scan_options *options)
{
    const char *const *place = calc_labels(o, "place");
    struct scan_result r = scan_map(c->arena, c->run, m, options);
    bool time = m->n_periods > 1, tested = r.replicate != NULL;
    if (r.status == STAT_REFUSED)
        return calc_refuse_all(c, r.reason);
    calc_put_num(c->result, "total_cases", r.total_cases);
    calc_put_int(c->result, "zones", (int64_t)r.n_zones);
    if (tested) {
        calc_put_num(c->result, "gumbel_location", r.gumbel_location);
        calc_put_num(c->result, "gumbel_scale", r.gumbel_scale);
    }
    struct calc_table *t = calc_put_table(c->result, "clusters"),
                      *members = calc_put_table(c->result, "members");
    for (size_t k = 0; k < r.n_clusters; k++)
        put_cluster(&r.cluster[k], place, time, tested, time ? calc_num(o, "min_recurrence") : 0, t, members,
                    (int64_t)k + 1);
    struct calc_table *centres = calc_put_table(c->result, "centres");
    for (size_t i = 0; i < m->n_places; i++) {
        calc_row(centres);
        calc_cell_text(centres, "place", place[i]);
        calc_cell_num(centres, "best_llr", r.best_by_centre[i]);
    }
    if (tested)
        calc_put_nums(c->result, "replicate_llr", r.replicate, (size_t)options->replicates);
    return OK;
}

/* What the model needs is there, and nothing that it would not look at. */
static int check_model(struct calc *c, const struct calc_values *o, enum scan_model model)
{
    bool expected = calc_has(o, "expected"), persons = calc_has(o, "persons");
    if (model == SCAN_EXPECTATION && !expected)
        return calc_wrong(c, o, "expected", N_("The expectation-based model needs the expected counts."));
    if (expected && model != SCAN_EXPECTATION && model != SCAN_POISSON)
        return calc_wrong(c, o, "expected", N_("This model has no expected counts of its own."));
    if (persons && model != SCAN_BERNOULLI)
        return calc_wrong(c, o, "persons", N_("Only the Bernoulli model counts persons."));
    return OK;
}

/* Persons are whole, and cases are among them. */
static int check_persons(struct calc *c, const struct calc_values *o, const char *column,
                         const double *persons, const int64_t *cases, size_t n)
{
    int rc = OK;
    for (size_t i = 0; i < n; i++)
        if (persons[i] != floor(persons[i]) || (double)cases[i] > persons[i])
            rc = calc_wrong_row(c, o, column, i,
                                N_("Persons are whole numbers, and at least the cases among them."));
    return rc;
}

/* --- scan.spatial ----------------------------------------------------------------------------- */

static const struct calc_field SPATIAL[] = {
    PLACES,
    {"cases", CALC_WHOLES, "Events of each place", .required = true, .min = 0, .max = 1e9},
    {"model", CALC_CHOICE, "Of the counts", .fallback = "\"poisson\"",
     .choices = "poisson|bernoulli|expectation"},
    {"expected", CALC_COLUMN, "Expected events; without it by population", .min = 0, .max = INFINITY},
    {"persons", CALC_COLUMN,
     "Of the Bernoulli model: persons among whom are the cases; without it the population", .min = 0,
     .max = 1e12},
    ZONES,
    {0},
};

static int run_spatial(struct calc *c, const struct calc_values *o)
{
    struct scan_options options = read_options(c, o);
    struct scan_map m = {.n_places = calc_rows(c, NULL),
                         .n_periods = 1,
                         .x = calc_column(o, "x"),
                         .y = calc_column(o, "y"),
                         .sphere = calc_choice(o, "distance") == 1,
                         .population = calc_column(o, "population"),
                         .cases = calc_wholes(o, "cases"),
                         .expected = calc_column(o, "expected"),
                         .persons = calc_column(o, "persons")};
    options.model = (enum scan_model)calc_choice(o, "model");
    TRY(check_model(c, o, options.model));
    if (options.model == SCAN_BERNOULLI)
        TRY(check_persons(c, o, m.persons ? "persons" : "population", m.persons ? m.persons : m.population,
                          m.cases, m.n_places));
    return put_scan(c, o, &m, &options);
}

/* --- scan.prospective ------------------------------------------------------------------------- */

static const struct calc_field PROSPECTIVE[] = {
    PLACES,
    {"case_place", CALC_LABELS, "Name of the place of a row of counts", .required = true, .table = "counts"},
    {"period", CALC_WHOLES, "Its time, in steps of one", .required = true, .table = "counts", .min = -1e9,
     .max = 1e9},
    {"cases", CALC_WHOLES, "Events of the place in the period; without a row none", .required = true,
     .table = "counts", .min = 0, .max = 1e9},
    {"expected", CALC_COLUMN, "Expected events of the row; without the column by population",
     .table = "counts", .min = 0, .max = INFINITY},
    {"persons", CALC_COLUMN,
     "Of the Bernoulli model: persons among whom are the cases; without the column the population",
     .table = "counts", .min = 0, .max = 1e12},
    {"model", CALC_CHOICE, "Of the counts", .fallback = "\"poisson\"",
     .choices = "poisson|bernoulli|expectation|permutation"},
    {"max_length", CALC_INT,
     "Most periods of a cluster, up to the last one; without it all (permutation: half of them)", .min = 1,
     .max = 1e6},
    {"period_days", CALC_NUM, "Days of a period, for the recurrence interval", .min = 0, .max = 1e6,
     .open = true},
    {"min_recurrence", CALC_NUM, "Days: a cluster that chance brings about more often is not to be reported",
     .fallback = "365", .min = 0, .max = 1e9},
    ZONES,
    {0},
};

static const struct calc_source TWO[] = {
    {"main", "a place", true}, {"counts", "a place in a period", true}, {0}};

/* The place of every row of counts; wrong: a name that is no place, a place of two rows. */
static int find_places(struct calc *c, const struct calc_values *o, size_t n_places, int32_t *place)
{
    const char *const *of_row = calc_labels(o, "case_place"), *const *name = calc_labels(o, "place");
    struct map *index = map_new(c->arena);
    int rc = OK;
    for (size_t i = 0; i < n_places; i++) {
        if (map_get(index, name[i]))
            rc = calc_wrong_row(c, o, "place", i, N_("Another place has this name."));
        map_set(index, name[i], (void *)&name[i]);
    }
    for (size_t i = 0; i < calc_rows(c, "counts"); i++) {
        const char *const *found = map_get(index, of_row[i]);
        if (!found)
            rc = calc_wrong_row(c, o, "case_place", i, N_("There is no such place."));
        place[i] = found ? (int32_t)(found - name) : 0;
    }
    return rc;
}

struct cells {
    size_t periods;
    int64_t *cases;
    double *expected, *persons;
};

static int fill_cells(struct calc *c, const struct calc_values *o, size_t n_places, struct cells *k)
{
    const int64_t *period = calc_wholes(o, "period"), *cases = calc_wholes(o, "cases");
    const double *expected = calc_column(o, "expected"), *persons = calc_column(o, "persons");
    size_t rows = calc_rows(c, "counts");
    int64_t low = INT64_MAX, high = INT64_MIN;
    int rc = OK;
    int32_t *place = arena_array(c->arena, rows + 1, sizeof *place);
    TRY(find_places(c, o, n_places, place));
    for (size_t i = 0; i < rows; i++) {
        low = period[i] < low ? period[i] : low;
        high = period[i] > high ? period[i] : high;
    }
    k->periods = rows ? (size_t)(high - low) + 1 : 0;
    if (k->periods == 0 || k->periods > 200 * 1000 * 1000 / (n_places + 1))
        return calc_wrong(c, o, "period",
                          N_("The periods reach from %lld to %lld: too far for so many places."),
                          (long long)low, (long long)high);
    size_t cells = n_places * k->periods;
    uint8_t *seen = arena_array(c->arena, cells + 1, 1);
    k->cases = arena_array(c->arena, cells + 1, sizeof *k->cases);
    k->expected = expected ? arena_array(c->arena, cells + 1, sizeof *k->expected) : NULL;
    k->persons = persons ? arena_array(c->arena, cells + 1, sizeof *k->persons) : NULL;
    for (size_t i = 0; i < rows; i++) {
        size_t at = (size_t)place[i] * k->periods + (size_t)(period[i] - low);
        if (seen[at]++)
            rc = calc_wrong_row(c, o, "period", i, N_("The place has this period already."));
        k->cases[at] = cases[i];
        if (expected)
            k->expected[at] = expected[i];
        if (persons)
            k->persons[at] = persons[i];
    }
    return rc;
}

static int run_prospective(struct calc *c, const struct calc_values *o)
{
    struct scan_options options = read_options(c, o);
    struct cells k = {0};
    size_t n = calc_rows(c, NULL);
    options.model = (enum scan_model)calc_choice(o, "model");
    options.max_length = calc_has(o, "max_length") ? (size_t)calc_int(o, "max_length") : 0;
    options.period_days = calc_has(o, "period_days") ? calc_num(o, "period_days") : 0;
    TRY(check_model(c, o, options.model));
    TRY(fill_cells(c, o, n, &k));
    if (k.periods < 2)
        return calc_wrong(c, o, "period", N_("One period only: use scan.spatial."));
    if (k.persons)
        TRY(check_persons(c, o, "persons", calc_column(o, "persons"), calc_wholes(o, "cases"),
                          calc_rows(c, "counts")));
    struct scan_map m = {.n_places = n,
                         .n_periods = k.periods,
                         .x = calc_column(o, "x"),
                         .y = calc_column(o, "y"),
                         .sphere = calc_choice(o, "distance") == 1,
                         .population = calc_column(o, "population"),
                         .cases = k.cases,
                         .expected = k.expected,
                         .persons = k.persons};
    return put_scan(c, o, &m, &options);
}

const struct calc_method calc_methods_scan[] = {
    {"scan.spatial", N_("Circles with more events than expected, and how likely by chance"),
     "Kulldorff 1997, Comm. Stat. 26:1481; Neill 2009, IJF 25:498; Abrams, Kulldorff, Kleinman 2010", SPATIAL,
     run_spatial, .seeded = true, .table = "clusters"},
    {"scan.prospective", N_("Circles and periods up to now with more events than expected"),
     "Kulldorff 2001, JRSS A 164:61; Kulldorff et al. 2005, PLoS Med. 2:e59; Neill 2009, IJF 25:498",
     PROSPECTIVE, run_prospective, .sources = TWO, .seeded = true, .table = "clusters"},
    {0},
};
