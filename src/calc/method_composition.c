/* method_composition.c - how mixed places are, and how unevenly groups are spread (stat/composition.h), for
 * `shanyraq stat`. Counts of a census or register, of places; never of persons. */
#include "base/arena.h"
#include "calc/calc.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "stat/composition.h"

#include <math.h>

#define GROUPS                                                                                     \
    {"groups", CALC_COLUMNS, "One column a group: how many persons of it live in the place", .required = true, .min = 0, \
     .max = INFINITY, .least = 2}

/* --- composition.diversity ------------------------------------------------------------------------- */

static const struct calc_field DIVERSITY[] = {
    {"place", CALC_LABELS, .help = "Name of each place, repeated in the answer"},
    GROUPS,
    {"min_persons", CALC_NUM, "Places with fewer persons are refused", .fallback = "50", .min = 0, .max = INFINITY},
    {"orders", CALC_NUMS, "Orders of further Hill numbers", .min = 0, .max = 1000},
    {"rarefied", CALC_NUM, "Expected number of groups among so many persons drawn", .min = 1, .max = INFINITY},
    {"unseen", CALC_BOOL, "The counts are a sample (whole numbers): what they tell of groups nobody was drawn from",
     .fallback = "false"},
    {"level", CALC_NUM, "Level of the interval of Chao's number of groups", .fallback = "0.95", .min = 0, .max = 1, .open = true},
    {0},
};

static void put_unseen(struct calc_table *t, const double *count, size_t k, double level)
{
    struct composition_unseen u = composition_unseen(count, k, level);
    calc_cell_num(t, "seen", u.seen);
    calc_cell_num(t, "once", u.once);
    calc_cell_num(t, "twice", u.twice);
    calc_cell_num(t, "chao1", u.chao1);
    calc_cell_optional(t, "chao1_se", u.chao1_se);
    calc_cell_optional(t, "chao1_lower", u.chao1_low);
    calc_cell_optional(t, "chao1_upper", u.chao1_high);
    calc_cell_optional(t, "coverage_turing", u.coverage_turing);
    calc_cell_optional(t, "coverage", u.coverage);
    calc_cell_optional(t, "shannon_all", u.shannon);
}

static void put_place(struct calc *c, struct calc_table *t, const struct calc_values *o, const double *count, size_t k)
{
    size_t n_orders;
    const double *orders = calc_nums(o, "orders", &n_orders);
    double m = calc_num(o, "rarefied");
    struct composition r = composition_of(count, k, calc_num(o, "min_persons"));
    bool shown = r.status != STAT_REFUSED;
    calc_cell_num(t, "persons", r.persons);
    calc_cell_int(t, "groups", (int64_t)r.groups);
    calc_cell_num(t, "fractional", r.fractional);
    calc_cell_num(t, "simpson", r.simpson);
    calc_cell_num(t, "shannon", r.shannon);
    calc_cell_num(t, "hill1", r.hill1);
    calc_cell_num(t, "hill2", r.hill2);
    for (size_t i = 0; i < n_orders; i++) {
        char digits[32];
        snprintf(digits, sizeof digits, "%g", orders[i]);
        calc_cell_num(t, arena_printf(c->arena, "hill_%s", digits), shown ? composition_hill(count, k, orders[i]) : NAN);
    }
    calc_cell_optional(t, "simpson_unbiased", shown ? composition_simpson_unbiased(count, k) : NAN);
    if (!isnan(m)) {
        calc_cell_optional(t, "rarefied", shown ? composition_rarefied(count, k, m) : NAN);
        calc_cell_optional(t, "rarefied_se", shown ? composition_rarefied_se(count, k, m) : NAN);
    }
    if (shown && calc_bool(o, "unseen"))
        put_unseen(t, count, k, calc_num(o, "level"));
    calc_cell_status(t, r.status, r.reason);
}

/* Numbers of persons drawn are whole. */
static int check_whole(struct calc *c, const struct calc_values *o, const struct calc_columns *g)
{
    int rc = OK;
    for (size_t i = 0; i < calc_rows(c, NULL); i++)
        for (size_t j = 0; j < g->p; j++)
            if (g->x[i * g->p + j] != floor(g->x[i * g->p + j])) {
                rc = calc_wrong_row(c, o, "groups", i, N_("Whole numbers of persons are needed here."));
                break;
            }
    return rc;
}

static int run_diversity(struct calc *c, const struct calc_values *o)
{
    const struct calc_columns *g = calc_columns(o, "groups");
    const char *const *place = calc_labels(o, "place");
    if (calc_bool(o, "unseen"))
        TRY(check_whole(c, o, g));
    struct calc_table *t = calc_put_table(c->result, "places");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        calc_row(t);
        if (place)
            calc_cell_text(t, "place", place[i]);
        put_place(c, t, o, g->x + i * g->p, g->p);
    }
    return OK;
}

/* --- composition.segregation ------------------------------------------------------------------------ */

static const struct calc_field SEGREGATION[] = {
    GROUPS,
    {"cluster", CALC_CODES, .help = "Larger places that the places belong to: between and within them"},
    {"unit", CALC_LABELS, .help = "Name of each place: its own part in M is given"},
    {"replicates", CALC_INT, "What chance alone would give, by so many drawings; 0: none", .fallback = "0", .min = 0,
     .max = 1e6},
    {"margins", CALC_CHOICE, "Of the drawings: sizes of places fixed, or groups too", .fallback = "\"sizes\"",
     .choices = "sizes|both"},
    {0},
};

static void put_chance(struct calc *c, const struct segregation_chance *r)
{
    static const char *const NAMES[SEGREGATION_INDICES] = {"m", "h", "d", "r"};
    const double expected[SEGREGATION_INDICES] = {r->m, r->h, r->d, r->r};
    struct calc_table *t = calc_put_table(c->result, "by_chance");
    for (size_t i = 0; i < SEGREGATION_INDICES; i++) {
        calc_row(t);
        calc_cell_text(t, "index", NAMES[i]);
        calc_cell_num(t, "observed", r->observed[i]);
        calc_cell_num(t, "expected", expected[i]);
        calc_cell_num(t, "sd", r->sd[i]);
        calc_cell_num(t, "difference", r->difference[i]);
        calc_cell_optional(t, "relative", r->relative[i]);
        calc_cell_num(t, "p", r->p[i]);
    }
}

static void put_units(struct calc *c, const char *const *unit, const struct segregation *s)
{
    struct calc_table *t = calc_put_table(c->result, "units");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        calc_row(t);
        calc_cell_text(t, "unit", unit[i]);
        calc_cell_num(t, "share", s->unit_share[i]);
        calc_cell_optional(t, "local", s->unit[i]); /* a place without persons has none */
    }
}

static void put_clusters(struct calc *c, const struct calc_codes *k, const struct segregation *s)
{
    struct calc_table *t = calc_put_table(c->result, "clusters");
    for (size_t i = 0; i < k->n; i++) {
        calc_row(t);
        calc_cell_text(t, "cluster", k->name[i]);
        calc_cell_num(t, "share", s->cluster_share[i]);
        calc_cell_optional(t, "entropy", s->cluster_entropy[i]);
        calc_cell_optional(t, "m", s->cluster_m[i]);
        calc_cell_optional(t, "h", s->cluster_h[i]);
    }
}

static void put_groups(struct calc *c, const struct calc_columns *g, const struct segregation *s)
{
    struct calc_table *t = calc_put_table(c->result, "groups");
    for (size_t j = 0; j < g->p; j++) {
        calc_row(t);
        calc_cell_text(t, "group", g->name[j]);
        calc_cell_num(t, "share", s->share[j]);
        calc_cell_optional(t, "local", s->local[j]); /* a group without persons has none */
    }
}

static int run_segregation(struct calc *c, const struct calc_values *o)
{
    const struct calc_columns *g = calc_columns(o, "groups");
    const struct calc_codes *k = calc_codes(o, "cluster");
    size_t n = calc_rows(c, NULL);
    struct segregation s = segregation_of(c->arena, n, g->p, g->x, k ? k->code : NULL, k ? k->n : 0);
    if (s.status == STAT_REFUSED)
        return calc_refuse_all(c, s.reason);
    calc_put_num(c->result, "entropy", s.entropy);
    calc_put_num(c->result, "m", s.m);
    calc_put_num(c->result, "h", s.h);
    calc_put_num(c->result, "d", s.d);
    calc_put_num(c->result, "r", s.r);
    calc_put_num(c->result, "interaction", s.interaction);
    if (k) {
        calc_put_num(c->result, "between_m", s.between_m);
        calc_put_num(c->result, "within_m", s.within_m);
        calc_put_num(c->result, "between_h", s.between_h);
        calc_put_num(c->result, "within_h", s.within_h);
    }
    int64_t replicates = calc_int(o, "replicates");
    if (replicates) {
        TRY(check_whole(c, o, g));
        struct segregation_chance chance = segregation_by_chance(c->arena, c->run, n, g->p, g->x, (int)replicates, c->seed,
                                                                 (enum segregation_margins)calc_choice(o, "margins"));
        if (chance.status == STAT_REFUSED)
            return calc_refuse_all(c, chance.reason);
        put_chance(c, &chance);
    }
    put_groups(c, g, &s);
    if (k)
        put_clusters(c, k, &s);
    if (calc_labels(o, "unit"))
        put_units(c, calc_labels(o, "unit"), &s);
    return OK;
}

/* --- composition.two_groups ------------------------------------------------------------------------- */

static const struct calc_field TWO_GROUPS[] = {
    {"x", CALC_COLUMN, "Persons of the first group in each place", .required = true, .min = 0, .max = INFINITY},
    {"y", CALC_COLUMN, "Persons of the second group", .required = true, .min = 0, .max = INFINITY},
    {"others", CALC_COLUMNS, "Persons of further groups: all persons of the place are x + y + these", .min = 0, .max = INFINITY},
    {"replicates", CALC_INT, "What chance alone would give for the dissimilarity, by so many drawings; 0: none", .fallback = "0",
     .min = 0, .max = 1e6},
    {"margins", CALC_CHOICE, "Of the drawings: sizes of places fixed, or groups too", .fallback = "\"sizes\"",
     .choices = "sizes|both"},
    {0},
};

static void put_two_groups(struct calc *c, const double *x, const double *y, const double *total)
{
    size_t n = calc_rows(c, NULL);
    const double *from[] = {x, y, x, y}, *to[] = {x, y, y, x};
    static const char *const NAMES[] = {"isolation_x", "isolation_y", "exposure_x_to_y", "exposure_y_to_x"};
    calc_put_num(c->result, "dissimilarity", segregation_dissimilarity(n, x, y));
    for (int i = 0; i < 4; i++) {
        calc_put_num(c->result, NAMES[i], segregation_exposure(n, from[i], to[i], total));
        calc_put_num(c->result, arena_printf(c->arena, "%s_by_chance", NAMES[i]),
                     segregation_exposure_by_chance(n, from[i], to[i], total));
    }
    calc_put_optional(c->result, "correlation_ratio_x", segregation_correlation_ratio(n, x, total));
    calc_put_optional(c->result, "correlation_ratio_y", segregation_correlation_ratio(n, y, total));
}

static int run_two_groups(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const double *x = calc_column(o, "x"), *y = calc_column(o, "y");
    const struct calc_columns *others = calc_columns(o, "others");
    double *total = arena_array(c->arena, n, sizeof *total), sum_x = 0, sum_y = 0;
    for (size_t i = 0; i < n; i++) {
        total[i] = x[i] + y[i];
        for (size_t j = 0; others && j < others->p; j++)
            total[i] += others->x[i * others->p + j];
        sum_x += x[i];
        sum_y += y[i];
    }
    if (sum_x == 0 || sum_y == 0)
        return calc_refuse_all(c, STAT_REASON_EMPTY);
    put_two_groups(c, x, y, total);
    if (!calc_int(o, "replicates"))
        return OK;
    double *both = arena_array(c->arena, 2 * n, sizeof *both);
    for (size_t i = 0; i < n; i++) {
        both[2 * i] = x[i];
        both[2 * i + 1] = y[i];
    }
    struct segregation_chance r = segregation_by_chance(c->arena, c->run, n, 2, both, (int)calc_int(o, "replicates"), c->seed,
                                                        (enum segregation_margins)calc_choice(o, "margins"));
    if (r.status == STAT_REFUSED)
        return calc_refuse_all(c, r.reason);
    struct calc_node *at = calc_put_object(c->result, "dissimilarity_by_chance");
    calc_put_num(at, "expected", r.d);
    calc_put_optional(at, "sd", r.sd[SEGREGATION_D]);
    calc_put_num(at, "difference", r.difference[SEGREGATION_D]);
    calc_put_num(at, "relative", r.relative[SEGREGATION_D]);
    calc_put_num(at, "p", r.p[SEGREGATION_D]);
    return OK;
}

const struct calc_method calc_methods_composition[] = {
    {"composition.diversity", N_("How mixed each place is: fractionalisation, Shannon, Simpson, Hill numbers, rarefaction, Chao"),
     "Hill 1973, Ecology 54:427; Hurlbert 1971, Ecology 52:577; Chao 1987, Biometrics 43:783; Chao, Jost 2012, Ecology 93:2533",
     DIVERSITY, run_diversity,
     .table = "places"},
    {"composition.segregation", N_("How unevenly groups are spread over places: M, H, multigroup D and R, exactly parted"),
     "Theil, Finizza 1971; Reardon, Firebaugh 2002, Soc. Methodology 32:33; Mora, Ruiz-Castillo 2011, Soc. Methodology 41:159; Carrington, Troske 1997, JBES 15:402",
     SEGREGATION, run_segregation, .seeded = true, .table = "groups"},
    {"composition.two_groups", N_("Dissimilarity, isolation and exposure of two groups"),
     "Duncan, Duncan 1955, ASR 20:210; Massey, Denton 1988, Soc. Forces 67:281", TWO_GROUPS, run_two_groups, .seeded = true},
    {0},
};
