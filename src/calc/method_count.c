/* method_count.c - counts of events (stat/count.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "base/map.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "stat/count.h"
#include "stat/dist.h"
#include "stat/hhh4.h"

#include <math.h>

/* --- count.interval --- */

static const struct calc_field INTERVAL[] = {
    {"y", CALC_WHOLES, "Counts of events", .required = true, .min = 0, .max = 1e15},
    {"exposure", CALC_COLUMN, "What the counts come from (persons, person-years): rates are given too",
     .min = 0, .max = INFINITY, .open = true},
    {"name", CALC_LABELS, .help = "Name of each count, repeated in the answer"},
    {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true},
    {"per", CALC_NUM, "Rates are per so many units of exposure", .fallback = "1", .min = 0, .max = INFINITY,
     .open = true},
    {0},
};

static int run_interval(struct calc *c, const struct calc_values *o)
{
    const int64_t *y = calc_wholes(o, "y");
    const double *exposure = calc_column(o, "exposure");
    const char *const *name = calc_labels(o, "name");
    double level = calc_num(o, "level"), per = calc_num(o, "per");
    struct calc_table *t = calc_put_table(c->result, "intervals");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        double lower, upper;
        count_poisson_interval(y[i], level, &lower, &upper);
        calc_row(t);
        if (name)
            calc_cell_text(t, "name", name[i]);
        calc_cell_int(t, "y", y[i]);
        calc_cell_num(t, "lower", lower);
        calc_cell_num(t, "upper", upper);
        if (!exposure)
            continue;
        calc_cell_num(t, "rate", (double)y[i] / exposure[i] * per);
        calc_cell_num(t, "rate_lower", lower / exposure[i] * per);
        calc_cell_num(t, "rate_upper", upper / exposure[i] * per);
    }
    return OK;
}

/* --- count.test, count.compare --- */

static const struct calc_field TEST[] = {
    {"y", CALC_WHOLES, "Counts of events", .required = true, .min = 0, .max = 1e12},
    {"exposure", CALC_COLUMN, "What the counts come from; 1 without it", .min = 0, .max = 1e300,
     .open = true},
    {"rate", CALC_NUM, "Rate that is tested", .fallback = "1", .min = 0, .max = 1e300, .open = true},
    {"name", CALC_LABELS, .help = "Name of each count, repeated in the answer"},
    {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true},
    {0},
};
static const struct calc_field COMPARE[] = {
    {"y1", CALC_WHOLES, "First count of each comparison", .required = true, .min = 0, .max = 1e12},
    {"y2", CALC_WHOLES, "Second count", .required = true, .min = 0, .max = 1e12},
    {"exposure1", CALC_COLUMN, "What the first comes from; 1 without it", .min = 0, .max = 1e300,
     .open = true},
    {"exposure2", CALC_COLUMN, "What the second comes from; 1 without it", .min = 0, .max = 1e300,
     .open = true},
    {"ratio", CALC_NUM, "Ratio of rates that is tested", .fallback = "1", .min = 0, .max = 1e300,
     .open = true},
    {"name", CALC_LABELS, .help = "Name of each comparison, repeated in the answer"},
    {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true},
    {0},
};

static void put_test(struct calc_table *t, const char *const *name, size_t i, const char *estimate,
                     const struct count_test *r)
{
    calc_row(t);
    if (name)
        calc_cell_text(t, "name", name[i]);
    calc_cell_status(t, r->status, r->reason);
    calc_cell_num(t, estimate, r->estimate);
    calc_cell_num(t, "lower", r->lower);
    calc_cell_num(t, "upper", r->upper);
    calc_cell_num(t, "p", r->p);
    calc_cell_num(t, "p_less", r->p_less);
    calc_cell_num(t, "p_greater", r->p_greater);
}

static int run_test(struct calc *c, const struct calc_values *o)
{
    const int64_t *y = calc_wholes(o, "y");
    const double *e = calc_column(o, "exposure");
    struct calc_table *t = calc_put_table(c->result, "tests");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        struct count_test r = count_rate_test(y[i], e ? e[i] : 1, calc_num(o, "rate"), calc_num(o, "level"));
        put_test(t, calc_labels(o, "name"), i, "rate", &r);
    }
    return OK;
}

static int run_compare(struct calc *c, const struct calc_values *o)
{
    const int64_t *y1 = calc_wholes(o, "y1"), *y2 = calc_wholes(o, "y2");
    const double *e1 = calc_column(o, "exposure1"), *e2 = calc_column(o, "exposure2");
    struct calc_table *t = calc_put_table(c->result, "comparisons");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        struct count_test r = count_rate_compare(y1[i], e1 ? e1[i] : 1, y2[i], e2 ? e2[i] : 1,
                                                 calc_num(o, "ratio"), calc_num(o, "level"));
        put_test(t, calc_labels(o, "name"), i, "ratio", &r);
    }
    return OK;
}

/* --- neighbours --- */

static const struct calc_source SOURCES[] = {
    {"main", "One row a place (and period)", false},
    {"neighbours", "One row a pair of places", false},
    {0},
};

#define NEIGHBOUR_FIELDS \
    {"from", CALC_LABELS, "Neighbours: a place, a row a pair", .table = "neighbours"}, \
    {"to", CALC_LABELS, "The place beside it", .table = "neighbours"}, \
    {"symmetric", CALC_BOOL, "Each pair holds both ways", .fallback = "false"}

/* NULL in *out: no pairs were given. name: of the places. */
static int read_neighbours(struct calc *c, const struct calc_values *o, size_t n, const char *const *name,
                           struct hhh4_links *links, const struct hhh4_links **out)
{
    const char *const *from = calc_labels(o, "from"), *const *to = calc_labels(o, "to");
    size_t rows = calc_rows(c, "neighbours"), pairs = 0;
    *out = NULL;
    if (!from || !to)
        return from || to ? calc_wrong(c, o, "from", N_("Give both from and to.")) : OK;
    struct map *known = map_new(c->arena), *seen = map_new(c->arena);
    for (size_t i = 0; i < n; i++)
        map_set(known, name[i], (void *)&name[i]);
    uint32_t *a = arena_array(c->arena, 2 * rows + 1, sizeof *a),
             *b = arena_array(c->arena, 2 * rows + 1, sizeof *b);
    for (size_t k = 0; k < rows; k++) {
        const char *const *x = map_get(known, from[k]), *const *y = map_get(known, to[k]);
        if (!x || !y)
            return calc_wrong_row(c, o, x ? "to" : "from", k, N_("There is no place %s."),
                                  x ? to[k] : from[k]);
        if (x == y)
            return calc_wrong_row(c, o, "to", k, N_("Place %s stands as its own neighbour."), to[k]);
        for (int turn = 0; turn < (calc_bool(o, "symmetric") ? 2 : 1); turn++) {
            uint32_t i = (uint32_t)((turn ? y : x) - name), j = (uint32_t)((turn ? x : y) - name);
            const char *key = arena_printf(c->arena, "%u %u", i, j);
            if (map_get(seen, key)) /* a pair that is given both ways counts once */
                continue;
            map_set(seen, key, (void *)name);
            a[pairs] = i;
            b[pairs++] = j;
        }
    }
    *out = links;
    return hhh4_links_new(c->arena, n, pairs, a, b, NULL, links) ? calc_refuse_all(c, STAT_REASON_INVALID)
                                                                 : OK;
}

/* --- count.eb --- */

static const struct calc_field EB[] = {
    {"y", CALC_WHOLES, "Events by place", .required = true, .min = 0, .max = 1e12},
    {"exposure", CALC_COLUMN, "Population, person-years, expected events", .required = true, .min = 0,
     .max = 1e300, .open = true},
    {"name", CALC_LABELS, .help = "Name of each place"},
    {"group", CALC_CODES, .help = "District of each place: rates are shrunken towards the district's (ml)"},
    {"estimator", CALC_CHOICE, "Maximum likelihood; moments of all; moments of the place and its neighbours",
     .fallback = "\"ml\"", .choices = "ml|moments|local"},
    NEIGHBOUR_FIELDS,
    {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true},
    {"per", CALC_NUM, "Rates are per so many units of exposure", .fallback = "1", .min = 0, .max = 1e300,
     .open = true},
    {0},
};

static void put_eb(struct calc *c, const struct calc_values *o, const struct count_eb *f, size_t n,
                   const double *y, const double *e, const char *const *name)
{
    double per = calc_num(o, "per"), tail = (1 - calc_num(o, "level")) / 2;
    calc_put_num(c->result, "mean", f->mean * per);
    calc_put_num(c->result, "shape", f->shape);
    calc_put_optional(c->result, "group_shape", f->group_shape);
    calc_put_optional(c->result, "log_likelihood", f->log_likelihood);
    struct calc_table *t = calc_put_table(c->result, "rates");
    for (size_t i = 0; i < n; i++) {
        bool spread = isfinite(f->post_rate[i]);
        calc_row(t);
        calc_cell_text(t, "name", name[i]);
        calc_cell_num(t, "raw", y[i] / e[i] * per);
        calc_cell_num(t, "rate", f->rate[i] * per);
        calc_cell_num(t, "sd", f->sd[i] * per);
        calc_cell_num(t, "lower",
                      spread ? dist_gamma_quantile(tail, f->post_shape[i], f->post_rate[i]) * per
                             : f->rate[i] * per);
        calc_cell_num(t, "upper",
                      spread ? dist_gamma_quantile(1 - tail, f->post_shape[i], f->post_rate[i]) * per
                             : f->rate[i] * per);
        calc_cell_num(t, "own", f->own[i]);
        calc_cell_num(t, "prior_mean", f->prior_mean[i] * per);
        if (f->local_shape)
            calc_cell_num(t, "prior_shape", f->local_shape[i]);
    }
}

static int run_eb(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const int64_t *count = calc_wholes(o, "y");
    const double *e = calc_column(o, "exposure");
    const struct calc_codes *group = calc_codes(o, "group");
    const char *const *given = calc_labels(o, "name"), **name = arena_array(c->arena, n + 1, sizeof *name);
    double *y = arena_array(c->arena, n + 1, sizeof *y);
    for (size_t i = 0; i < n; i++) {
        y[i] = (double)count[i];
        name[i] = given ? given[i] : arena_printf(c->arena, "%zu", i + 1);
    }
    struct hhh4_links links;
    const struct hhh4_links *near;
    TRY(read_neighbours(c, o, n, name, &links, &near));
    int estimator = calc_choice(o, "estimator");
    if (estimator == 2 && !near)
        return calc_wrong(c, o, "estimator", N_("The local estimator needs neighbours."));
    if (estimator == 1 && hhh4_links_new(c->arena, n, 0, NULL, NULL, NULL, &links) == STAT_REASON_NONE)
        near = &links; /* nobody has neighbours: all have the prior of all */
    struct count_eb f =
        estimator ? count_eb_local(c->arena, n, y, e, near)
                  : count_eb_fit(c->arena, n, y, e, group ? group->code : NULL, group ? group->n : 0);
    if (f.status == STAT_REFUSED)
        return calc_refuse_all(c, f.reason);
    put_eb(c, o, &f, n, y, e, name);
    return OK;
}

/* --- panels --- */

#define PANEL_FIELDS \
    {"place", CALC_CODES, "Place of each row", .required = true}, \
    {"period", CALC_WHOLES, "Period of each row: consecutive whole numbers", .required = true, \
     .min = -1e15, .max = 1e15}, \
    {"y", CALC_WHOLES, "Events; empty in the period that is forecast, if it has rows", .required = true, \
     .min = 0, .max = 1e12, .missing = true}, \
    {"exposure", CALC_COLUMN, "Population of the place then; 1 without it", .min = 0, .max = 1e300, \
     .open = true}, \
    {"group", CALC_CODES, .help = "District of the place, the same in all its rows"}, \
    NEIGHBOUR_FIELDS, \
    {"periods_per_year", CALC_NUM, "4 for quarters, 52 for weeks; 0: no season", .fallback = "0", \
     .min = 0, .max = 1e6}, \
    {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true}

struct panel {
    struct count_panel p;
    struct hhh4_links links;
    const char *const *name;
    int64_t next; /* number of the period that is forecast */
};

/* Rows by place and period; SIZE_MAX where there is none. */
static int panel_rows(struct calc *c, const struct calc_values *o, const struct calc_codes *place,
                      int64_t *low, size_t *periods, size_t **row)
{
    const int64_t *period = calc_wholes(o, "period");
    size_t rows = calc_rows(c, NULL);
    int64_t high = INT64_MIN;
    *low = INT64_MAX;
    for (size_t k = 0; k < rows; k++) {
        *low = period[k] < *low ? period[k] : *low;
        high = period[k] > high ? period[k] : high;
    }
    if (!rows || (uint64_t)(high - *low) >= rows)
        return calc_wrong(c, o, "period", N_("Periods must be consecutive, with a row for every place."));
    *periods = (size_t)(high - *low) + 1;
    *row = arena_array(c->arena, place->n * *periods, sizeof **row);
    for (size_t k = 0; k < place->n * *periods; k++)
        (*row)[k] = SIZE_MAX;
    for (size_t k = 0; k < rows; k++) {
        size_t at = (size_t)place->code[k] * *periods + (size_t)(period[k] - *low);
        if ((*row)[at] != SIZE_MAX)
            return calc_wrong_row(c, o, "period", k, N_("This place and period stand in the table twice."));
        (*row)[at] = k;
    }
    for (size_t at = 0; at < place->n * *periods; at++)
        if ((*row)[at] == SIZE_MAX)
            return calc_wrong(c, o, "period", N_("Place %s has no row of period %lld."),
                              place->name[at / *periods], (long long)(*low + (int64_t)(at % *periods)));
    return OK;
}

static int panel_groups(struct calc *c, const struct calc_values *o, const size_t *row, size_t places,
                        size_t periods, struct count_panel *p)
{
    const struct calc_codes *group = calc_codes(o, "group");
    if (!group)
        return OK;
    int32_t *code = arena_array(c->arena, places, sizeof *code);
    for (size_t i = 0; i < places; i++)
        for (size_t t = 0; t < periods; t++) {
            if (t && group->code[row[i * periods + t]] != code[i])
                return calc_wrong_row(c, o, "group", row[i * periods + t],
                                      N_("The place stood in another group before."));
            code[i] = group->code[row[i * periods + t]];
        }
    p->group = code;
    p->n_groups = group->n;
    return OK;
}

static int read_panel(struct calc *c, const struct calc_values *o, struct panel *out)
{
    const struct calc_codes *place = calc_codes(o, "place");
    const int64_t *y = calc_wholes(o, "y");
    const double *e = calc_column(o, "exposure");
    size_t all = 0, *row = NULL, last = 0;
    int64_t low;
    TRY(panel_rows(c, o, place, &low, &all, &row));
    for (size_t i = 0; i < place->n; i++) /* the last period may be empty, and then gives exposures only */
        last += y[row[i * all + all - 1]] == CALC_NO_WHOLE;
    size_t periods = last == place->n ? all - 1 : all;
    int64_t *count = arena_array(c->arena, place->n * periods + 1, sizeof *count);
    double *exposure = arena_array(c->arena, place->n * periods + 1, sizeof *exposure);
    double *next = arena_array(c->arena, place->n + 1, sizeof *next);
    for (size_t i = 0; i < place->n; i++) {
        for (size_t t = 0; t < periods; t++) {
            size_t k = row[i * all + t];
            if (y[k] == CALC_NO_WHOLE)
                return calc_wrong_row(c, o, "y", k,
                                      N_("Only the last period may be without counts, for all places."));
            count[i * periods + t] = y[k];
            exposure[i * periods + t] = e ? e[k] : 1;
        }
        next[i] = e ? e[row[i * all + all - 1]] : 1;
    }
    *out = (struct panel){.p = {.n_places = place->n,
                                .n_periods = periods,
                                .y = count,
                                .exposure = exposure,
                                .next_exposure = next,
                                .periods_per_year = calc_num(o, "periods_per_year")},
                          .name = place->name,
                          .next = low + (int64_t)periods};
    TRY(panel_groups(c, o, row, place->n, all, &out->p));
    return read_neighbours(c, o, place->n, place->name, &out->links, &out->p.neighbours);
}

/* --- count.forecast --- */

static const struct calc_field FORECAST[] = {
    PANEL_FIELDS,
    {"model", CALC_CHOICE, "Which model", .fallback = "\"eb_overdispersed\"",
     .choices = "pooled|own_mean|last_value|eb|eb_overdispersed|hhh4|hhh4_season|hhh4_full"},
    {0},
};

static int run_forecast(struct calc *c, const struct calc_values *o)
{
    struct panel x;
    struct count_forecast f;
    TRY(read_panel(c, o, &x));
    enum stat_reason r = count_forecast(c->arena, &x.p, (enum count_method)calc_choice(o, "model"), &f);
    if (r)
        return calc_refuse_all(c, r);
    calc_put_int(c->result, "period", x.next);
    calc_put_num(c->result, "kappa", f.kappa);
    struct calc_table *t = calc_put_table(c->result, "forecasts");
    for (size_t i = 0; i < x.p.n_places; i++) {
        double lower, upper;
        count_forecast_interval(f.mean[i], f.size[i], calc_num(o, "level"), &lower, &upper);
        calc_row(t);
        calc_cell_text(t, "place", x.name[i]);
        calc_cell_num(t, "mean", f.mean[i]);
        calc_cell_num(t, "size", f.size[i]);
        calc_cell_num(t, "lower", lower);
        calc_cell_num(t, "upper", upper);
        calc_cell_optional(t, "own", f.own[i]);
    }
    return OK;
}

/* --- count.ladder --- */

static const struct calc_field LADDER[] = {
    PANEL_FIELDS,
    {"min_events", CALC_INT, "Events of the region below which there is no forecast", .fallback = "12",
     .min = 1, .max = 1e9},
    {"min_periods", CALC_INT, "Periods below which there is none", .fallback = "4", .min = 2, .max = 1e6},
    {"first_origin", CALC_INT, "Periods before the first forecast of the past", .fallback = "3", .min = 2,
     .max = 1e6},
    {"hhh4_events", CALC_INT, "Events from which the endemic-epidemic model is tried", .fallback = "100",
     .min = 1, .max = 1e9},
    {"hhh4_periods", CALC_INT, "Periods from which it is tried", .fallback = "8", .min = 4, .max = 1e6},
    {"full_periods", CALC_INT, "Periods from which all of it is tried", .fallback = "104", .min = 8,
     .max = 1e6},
    {"max_origins", CALC_INT, "The last periods that are forecast and scored", .fallback = "52", .min = 1,
     .max = 1e6},
    {0},
};

static void put_records(struct calc *c, const struct count_ladder *l)
{
    struct calc_table *t = calc_put_table(c->result, "record");
    for (int m = 0; m < COUNT_METHODS; m++) {
        const struct count_record *r = &l->record[m];
        calc_row(t);
        calc_cell_text(t, "method", count_method_code((enum count_method)m));
        calc_cell_int(t, "n", (int64_t)r->n);
        calc_cell_int(t, "periods", (int64_t)r->origins);
        calc_cell_int(t, "fitted_periods", (int64_t)r->fitted);
        calc_cell_optional(t, "log_score", r->log_score);
        calc_cell_optional(t, "rps", r->rps);
        calc_cell_optional(t, "dss", r->dss);
        calc_cell_optional(t, "cover50", r->cover50);
        calc_cell_optional(t, "cover80", r->cover80);
        calc_cell_optional(t, "cover95", r->cover95);
        bool known = r->against.status != STAT_REFUSED;
        calc_cell_optional(t, "difference", known ? r->against.difference : NAN);
        calc_cell_optional(t, "difference_lower", known ? r->against.lower : NAN);
        calc_cell_optional(t, "difference_upper", known ? r->against.upper : NAN);
        calc_cell_text(t, "why_not", r->why_not ? stat_reason_code(r->why_not) : NULL);
    }
}

static void put_places(struct calc *c, const struct panel *x, const struct count_ladder *l)
{
    struct calc_table *t = calc_put_table(c->result, "forecasts");
    for (size_t i = 0; i < x->p.n_places; i++) {
        const struct count_place_forecast *f = &l->place[i];
        calc_row(t);
        calc_cell_text(t, "place", x->name[i]);
        calc_cell_int(t, "last_y", x->p.y[i * x->p.n_periods + x->p.n_periods - 1]);
        calc_cell_num(t, "last_lower", l->count_lower[i]);
        calc_cell_num(t, "last_upper", l->count_upper[i]);
        calc_cell_optional(t, "mean", f->mean);
        calc_cell_optional(t, "size", f->size);
        calc_cell_optional(t, "lower", f->lower);
        calc_cell_optional(t, "upper", f->upper);
        calc_cell_optional(t, "own", f->expected_own);
    }
}

static int run_ladder(struct calc *c, const struct calc_values *o)
{
    struct panel x;
    TRY(read_panel(c, o, &x));
    struct count_rules rules = {.min_events = calc_int(o, "min_events"),
                                .min_periods = (size_t)calc_int(o, "min_periods"),
                                .first_origin = (size_t)calc_int(o, "first_origin"),
                                .level = calc_num(o, "level"),
                                .hhh4_events = calc_int(o, "hhh4_events"),
                                .hhh4_periods = (size_t)calc_int(o, "hhh4_periods"),
                                .full_periods = (size_t)calc_int(o, "full_periods"),
                                .max_origins = (size_t)calc_int(o, "max_origins"),
                                .run = c->run};
    struct count_ladder l = count_ladder(c->arena, &x.p, &rules);
    if (!l.place || l.reason == STAT_REASON_STOPPED)
        return calc_refuse_all(c, l.reason);
    calc_put_int(c->result, "period", x.next);
    calc_put_int(c->result, "step", (int64_t)l.step + 1);
    calc_put_text(c->result, "step_name", count_step_code(l.step));
    calc_put_text(c->result, "method", l.status == STAT_REFUSED ? NULL : count_method_code(l.method));
    calc_put_text(c->result, "reason", l.reason ? stat_reason_code(l.reason) : NULL);
    calc_put_bool(c->result, "proven", l.status != STAT_REFUSED && l.proven);
    if (l.status == STAT_REFUSED)
        calc_refuse(c, "forecasts", l.reason);
    calc_put_optional(c->result, "kappa", l.kappa);
    struct calc_node *total = calc_put_object(c->result, "total");
    calc_put_optional(total, "mean", l.total_mean);
    calc_put_optional(total, "lower", l.total_lower);
    calc_put_optional(total, "upper", l.total_upper);
    put_places(c, &x, &l);
    put_records(c, &l);
    return OK;
}

const struct calc_method calc_methods_count[] = {
    {"count.interval", N_("Exact interval of a Poisson mean from a count"), "Garwood 1936, Biometrika 28:437",
     INTERVAL, run_interval, .table = "intervals"},
    {"count.test", N_("Exact test of a rate from a count"), "Garwood 1936, Biometrika 28:437", TEST, run_test,
     .table = "tests"},
    {"count.compare", N_("Exact comparison of two rates from counts"),
     "Przyborowski, Wilenski 1940, Biometrika 31:313; Clopper, Pearson 1934, Biometrika 26:404", COMPARE,
     run_compare, .table = "comparisons"},
    {"count.eb", N_("Empirical Bayes rates by place, towards all, the district or the neighbours"),
     "Clayton, Kaldor 1987, Biometrics 43:671; Marshall 1991, Applied Statistics 40:283", EB, run_eb,
     .sources = SOURCES, .table = "rates"},
    {"count.forecast", N_("Counts of the next period by one method"),
     "Marshall 1991, Applied Statistics 40:283; Paul, Held 2011, Stat. Med. 30:1118", FORECAST, run_forecast,
     .sources = SOURCES, .table = "forecasts"},
    {"count.ladder", N_("Counts of the next period by the method that data and past carry, or none"),
     "Gneiting, Raftery 2007, JASA 102:359; Marshall 1991, Applied Statistics 40:283; Paul, Held 2011, Stat. "
     "Med. 30:1118",
     LADDER, run_ladder, .sources = SOURCES, .table = "forecasts"},
    {0},
};
