/* method_allocation.c - allocation of visits and ranks of places (stat/allocate.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "base/map.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "stat/allocate.h"
#include "stat/count.h"

#include <math.h>

/* --- allocation.visits ---------------------------------------------------------------------------------- */

static const struct calc_source VISITS_SOURCES[] = {
    {"main", "one row a visit that could be made: a place and a kind", true},
    {"places", "one row a place, for districts and past visits", false},
    {0},
};
static const struct calc_field VISITS[] = {
    {"place", CALC_CODES, "Place of the visit", .required = true},
    {"kind", CALC_CODES, .help = "Kind of the visit (default: one kind)"},
    {"gain", CALC_COLUMN, "Expected reduction of need", .required = true, .min = 0, .max = INFINITY},
    {"cost", CALC_COLUMN, "Cost of the visit (default: 0)", .min = 0, .max = INFINITY},
    {"name", CALC_LABELS, "Name of the place, each once", .table = "places"},
    {"district", CALC_CODES, "District of the place", .table = "places", .missing = true},
    {"since", CALC_COLUMN, "Periods since the last visit; empty: never visited", .table = "places", .missing = true, .min = 0,
     .max = INFINITY},
    {"budget", CALC_NUM, "Most that all visits may cost", .fallback = "\"Infinity\"", .min = 0, .max = INFINITY, .infinite = true},
    {"capacity", CALC_MAP, "Most visits of each kind", .min = 0, .max = 1e9},
    {"max_visits", CALC_INT, "Most visits of all kinds", .min = 0, .max = 1e9},
    {"district_least", CALC_INT, "Visits in each district, at least", .fallback = "0", .min = 0, .max = 1e6},
    {"district_most", CALC_INT, "Visits in each district, at most", .min = 0, .max = 1e6},
    {"rotation", CALC_NUM, "A place not visited for so many periods must be", .min = 0, .max = 1e6},
    {"rest", CALC_NUM, "A place visited fewer periods ago is left alone", .min = 0, .max = 1e6},
    {"random_share", CALC_NUM, "Share of the visits that is drawn by lot", .fallback = "0.15", .min = 0, .max = 1},
    {"replicates", CALC_INT, "Runs with changed gains, to see how the plan hangs on them; 0: none", .fallback = "100", .min = 0,
     .max = 100000},
    {"spread", CALC_NUM, "By how much gains are changed, up or down", .fallback = "0.2", .min = 0, .max = 1, .open = true},
    {"max_nodes", CALC_INT, "Limit of the search", .fallback = "100000", .min = 1, .max = 1e9},
    {0},
};

/* Gains and costs by place and kind; every pair once. */
static int read_visits(struct calc *c, const struct calc_values *o, struct allocate_spec *s)
{
    const struct calc_codes *place = calc_codes(o, "place"), *kind = calc_codes(o, "kind");
    const double *gain = calc_column(o, "gain"), *cost = calc_column(o, "cost");
    s->n_places = place->n;
    s->n_kinds = kind ? kind->n : 1;
    size_t n = s->n_places * s->n_kinds;
    double *g = arena_array(c->arena, n + 1, sizeof *g), *p = arena_array(c->arena, n + 1, sizeof *p);
    int rc = OK;
    for (size_t i = 0; i < n; i++)
        g[i] = NAN;
    for (size_t i = 0; i < calc_rows(c, "main"); i++) {
        size_t at = (size_t)place->code[i] * s->n_kinds + (kind ? (size_t)kind->code[i] : 0);
        if (!isnan(g[at]))
            rc = calc_wrong_row(c, o, "place", i, N_("This place and kind is there twice."));
        g[at] = gain[i];
        p[at] = cost ? cost[i] : 0;
    }
    s->gain = g;
    s->cost = p;
    return rc;
}

static int read_capacity(struct calc *c, const struct calc_values *o, struct allocate_spec *s)
{
    const struct calc_codes *kind = calc_codes(o, "kind");
    const struct calc_map *m = calc_map(o, "capacity");
    if (!m)
        return OK;
    if (!kind)
        return calc_wrong(c, o, "capacity", N_("Capacities are of kinds: name the column of kinds."));
    int64_t *capacity = arena_array(c->arena, s->n_kinds + 1, sizeof *capacity);
    for (size_t k = 0; k < s->n_kinds; k++)
        capacity[k] = -1;
    for (size_t i = 0; i < m->n; i++) {
        int32_t k = calc_code_of(kind, m->key[i]);
        if (k < 0)
            return calc_wrong(c, o, "capacity", N_("There is no \"%s\"."), m->key[i]);
        capacity[k] = (int64_t)floor(m->value[i]);
    }
    s->capacity = capacity;
    return OK;
}

/* Districts and rotation of the places that could be visited; others of the table stay out. */
static int read_places(struct calc *c, const struct calc_values *o, struct allocate_spec *s)
{
    const struct calc_codes *place = calc_codes(o, "place"), *district = calc_codes(o, "district");
    const char *const *name = calc_labels(o, "name");
    const double *since = calc_column(o, "since");
    double rotation = calc_num(o, "rotation"), rest = calc_num(o, "rest");
    if (!name)
        return district || since ? calc_wrong(c, o, "name", N_("The table of places needs their names.")) : OK;
    int32_t *d = arena_array(c->arena, s->n_places + 1, sizeof *d);
    uint8_t *due = arena_array(c->arena, s->n_places + 1, 1), *rests = arena_array(c->arena, s->n_places + 1, 1),
            *seen = arena_array(c->arena, s->n_places + 1, 1);
    int rc = OK;
    for (size_t p = 0; p < s->n_places; p++)
        d[p] = -1;
    for (size_t i = 0; i < calc_rows(c, "places"); i++) {
        int32_t p = calc_code_of(place, name[i]);
        if (p < 0)
            continue;
        if (seen[p])
            rc = calc_wrong_row(c, o, "name", i, N_("\"%s\" is there twice."), name[i]);
        seen[p] = 1;
        d[p] = district ? district->code[i] : -1;
        double periods = since ? (isnan(since[i]) ? INFINITY : since[i]) : NAN;
        due[p] = periods >= rotation;
        rests[p] = periods < rest;
    }
    for (size_t p = 0; p < s->n_places; p++)
        if (!seen[p])
            rc = calc_wrong(c, o, "name", N_("\"%s\" is not in the table of places."), place->name[p]);
    s->district = d;
    s->n_districts = district ? district->n : 0;
    s->due = due;
    s->rest = rests;
    return rc;
}

static void set_districts(struct calc *c, const struct calc_values *o, struct allocate_spec *s)
{
    int64_t *least = arena_array(c->arena, s->n_districts + 1, sizeof *least),
            *most = arena_array(c->arena, s->n_districts + 1, sizeof *most);
    for (size_t d = 0; d < s->n_districts; d++) {
        least[d] = calc_int(o, "district_least");
        most[d] = calc_has(o, "district_most") ? calc_int(o, "district_most") : -1;
    }
    s->least = least;
    s->most = most;
}

static void put_visits(struct calc *c, const struct calc_values *o, const struct allocate_spec *s,
                       const struct allocate_plan *p, const double *chosen)
{
    const struct calc_codes *place = calc_codes(o, "place"), *kind = calc_codes(o, "kind");
    struct calc_table *t = calc_put_table(c->result, "visits");
    for (size_t i = 0; i < s->n_places; i++) {
        if (p->kind[i] < 0)
            continue;
        size_t at = i * s->n_kinds + (size_t)p->kind[i];
        calc_row(t);
        calc_cell_text(t, "place", place->name[i]);
        if (kind)
            calc_cell_text(t, "kind", kind->name[p->kind[i]]);
        calc_cell_num(t, "gain", s->gain[at]);
        calc_cell_num(t, "cost", s->cost[at]);
        calc_cell_bool(t, "by_lot", p->drawn[i]);
        calc_cell_bool(t, "due", s->due && s->due[i]);
        if (chosen)
            calc_cell_num(t, "chosen", chosen[i]);
    }
    if (!chosen)
        return;
    t = calc_put_table(c->result, "places");
    for (size_t i = 0; i < s->n_places; i++) {
        calc_row(t);
        calc_cell_text(t, "place", place->name[i]);
        calc_cell_bool(t, "visited", p->kind[i] >= 0);
        calc_cell_num(t, "chosen", chosen[i]);
        calc_cell_text(t, "band", chosen[i] == 1 ? "always" : chosen[i] >= 0.5 ? "mostly" : chosen[i] > 0 ? "at times" : "never");
    }
}

static int run_visits(struct calc *c, const struct calc_values *o)
{
    struct allocate_spec s = {.budget = calc_num(o, "budget"), .random_share = calc_num(o, "random_share"), .seed = c->seed,
                              .max_visits = calc_has(o, "max_visits") ? calc_int(o, "max_visits") : -1,
                              .max_nodes = (size_t)calc_int(o, "max_nodes"), .run = c->run};
    int rc = read_visits(c, o, &s), places = read_places(c, o, &s), capacity = read_capacity(c, o, &s);
    if (rc != OK || places != OK || capacity != OK)
        return rc != OK ? rc : places != OK ? places : capacity;
    set_districts(c, o, &s);
    struct allocate_plan p = allocate_visits(c->arena, &s);
    if (p.status == STAT_REFUSED)
        return calc_refuse_all(c, p.reason);
    size_t runs = (size_t)calc_int(o, "replicates");
    double *chosen = runs ? arena_array(c->arena, s.n_places + 1, sizeof *chosen) : NULL;
    if (runs) {
        enum stat_reason why = allocate_stability(c->arena, &s, &p, runs, calc_num(o, "spread"), chosen);
        if (why != STAT_REASON_NONE)
            return calc_refuse_all(c, why);
    }
    if (p.status == STAT_FLAG)
        calc_warn(c, N_("The search was cut short: another solution may be better; see the bound."));
    if (p.share < s.random_share - 1e-9)
        calc_warn(c, N_("Only %g of the visits could be drawn by lot."), p.share);
    calc_put_int(c->result, "visits_made", (int64_t)p.n_visits);
    calc_put_int(c->result, "by_lot", (int64_t)p.n_drawn);
    calc_put_num(c->result, "random_share", p.share);
    calc_put_num(c->result, "gain", p.gain);
    calc_put_num(c->result, "bound", p.bound);
    calc_put_num(c->result, "gap", p.gap);
    calc_put_num(c->result, "gain_without_lots", p.gain_without_lots);
    calc_put_num(c->result, "cost", p.cost);
    put_visits(c, o, &s, &p, chosen);
    return OK;
}

/* --- allocation.ranks --------------------------------------------------------------------------------------- */

static const struct calc_field RANKS[] = {
    {"place", CALC_LABELS, .help = "Name of each place, repeated in the answer"},
    {"y", CALC_COLUMN, "Counts of events: the posterior is that of empirical Bayes", .min = 0, .max = INFINITY},
    {"exposure", CALC_COLUMN, "What the counts come from", .min = 0, .max = INFINITY, .open = true},
    {"group", CALC_CODES, .help = "District of the place: shrunken towards that"},
    {"shape", CALC_COLUMN, "Or: shape of a gamma posterior", .min = 0, .max = INFINITY, .open = true},
    {"rate", CALC_COLUMN, "Its rate", .min = 0, .max = INFINITY, .open = true},
    {"mean", CALC_COLUMN, .help = "Or: mean of a normal posterior"},
    {"se", CALC_COLUMN, "Its standard deviation", .min = 0, .max = INFINITY},
    {"level", CALC_NUM, "Level of the intervals of ranks", .fallback = "0.9", .min = 0, .max = 1, .open = true},
    {"top", CALC_INT, "Size of the group for P(among the first) (default: a tenth of the places)", .min = 1, .max = 1e9},
    {"replicates", CALC_INT, "Draws for intervals", .fallback = "4000", .min = 100, .max = 1e6},
    {0},
};

/* One of the three ways to give the posterior. */
static int read_posterior(struct calc *c, const struct calc_values *o, struct allocate_posterior *p, enum stat_reason *why)
{
    bool counts = calc_has(o, "y"), gamma = calc_has(o, "shape"), normal = calc_has(o, "mean");
    *why = STAT_REASON_NONE;
    p->n = calc_rows(c, NULL);
    if (counts + gamma + normal != 1)
        return calc_wrong(c, o, NULL, N_("Give either \"y\" and \"exposure\", or \"shape\" and \"rate\", or \"mean\" and \"se\"."));
    if (!calc_has(o, counts ? "exposure" : gamma ? "rate" : "se"))
        return calc_wrong(c, o, counts ? "exposure" : gamma ? "rate" : "se", N_("This option is needed."));
    if (!counts) {
        p->shape = calc_column(o, "shape");
        p->rate = calc_column(o, "rate");
        p->mean = calc_column(o, "mean");
        p->sd = calc_column(o, "se");
        return OK;
    }
    const struct calc_codes *group = calc_codes(o, "group");
    struct count_eb eb = count_eb_fit(c->arena, p->n, calc_column(o, "y"), calc_column(o, "exposure"),
                                      group ? group->code : NULL, group ? group->n : 0);
    *why = eb.status == STAT_REFUSED ? eb.reason : STAT_REASON_NONE;
    p->shape = eb.post_shape;
    p->rate = eb.post_rate;
    p->mean = eb.rate;
    return OK;
}

static int run_ranks(struct calc *c, const struct calc_values *o)
{
    struct allocate_posterior p = {0};
    enum stat_reason why;
    TRY(read_posterior(c, o, &p, &why));
    if (why != STAT_REASON_NONE)
        return calc_refuse_all(c, why);
    struct allocate_rank *r = arena_array(c->arena, p.n + 1, sizeof *r);
    struct allocate_rank_options options = {.level = calc_num(o, "level"), .draws = (size_t)calc_int(o, "replicates"),
                                            .top = calc_has(o, "top") ? (size_t)calc_int(o, "top") : 0, .seed = c->seed,
                                            .estimates = true, .run = c->run};
    why = allocate_ranks(c->arena, &p, &options, r);
    if (why != STAT_REASON_NONE && why != STAT_REASON_NOT_DISTINGUISHED)
        return calc_refuse_all(c, why);
    if (why == STAT_REASON_NOT_DISTINGUISHED)
        calc_warn(c, N_("The places cannot be told apart: no interval of ranks lies before another. Take them in turn."));
    calc_put_bool(c->result, "distinguished", why == STAT_REASON_NONE);
    const char *const *name = calc_labels(o, "place");
    struct calc_table *t = calc_put_table(c->result, "ranks");
    for (size_t i = 0; i < p.n; i++) {
        calc_row(t);
        if (name)
            calc_cell_text(t, "place", name[i]);
        calc_cell_num(t, "expected", r[i].expected);
        calc_cell_num(t, "lower", r[i].lower);
        calc_cell_num(t, "upper", r[i].upper);
        calc_cell_int(t, "band", (int64_t)r[i].band);
        calc_cell_num(t, "top", r[i].top);
        calc_cell_num(t, "estimate", r[i].estimate);
    }
    return OK;
}

const struct calc_method calc_methods_allocation[] = {
    {"allocation.visits", N_("Which places get which kind of visit: an exact plan with its bound, part of it by lot"),
     "Martello, Toth 1990, Knapsack Problems", VISITS, run_visits, .sources = VISITS_SOURCES, .seeded = true, .table = "visits"},
    {"allocation.ranks", N_("Ranks of places by need, with intervals"),
     "Laird, Louis 1989, J. Educational Statistics 14:29; Shen, Louis 1998, JRSS B 60:455", RANKS, run_ranks, .seeded = true,
     .table = "ranks"},
    {0},
};
