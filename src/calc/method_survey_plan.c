/* method_survey_plan.c - how many to ask, with which power, in which clusters and strata. */
#include "base/arena.h"
#include "calc/method_survey.h"
#include "i18n/i18n.h"
#include "stat/survey_plan.h"

#define PLAN_FIELDS                                                                                                          \
    {"level", CALC_NUM, "Level of the interval; tests use what is left of 1", .fallback = "0.95", .min = 0, .max = 1,        \
     .open = true},                                                                                                         \
    {"deff", CALC_NUM, "Design effect", .fallback = "1", .min = 0, .max = 1000, .open = true},                               \
    {"response", CALC_NUM, "Share of those asked who answer", .fallback = "1", .min = 0.000001, .max = 1}

static struct survey_plan plan_of(const struct calc_values *o)
{
    return (struct survey_plan){.level = calc_num(o, "level"), .deff = calc_num(o, "deff"), .response = calc_num(o, "response")};
}

/* A size, unrounded and as whole people; one that cannot be had is told as refused. */
static void put_size(struct calc *c, const struct survey_size *s)
{
    bool none = !isfinite(s->gross);
    calc_put_optional(c->result, "simple", isfinite(s->simple) ? s->simple : NAN);
    calc_put_optional(c->result, "net", isfinite(s->net) ? s->net : NAN);
    calc_put_optional(c->result, "gross", none ? NAN : s->gross);
    if (none) {
        calc_put_none(c->result, "to_ask");
        calc_refuse(c, "to_ask", STAT_REASON_INFEASIBLE);
    } else {
        calc_put_num(c->result, "to_ask", survey_plan_ceiling(s->gross));
    }
}

/* --- survey.size: for a margin, or the margin of a size ------------------------------------------------------- */

const struct calc_field survey_fields_size[] = {
    {"p", CALC_NUM, "The share expected (0.5: the worst case)", .min = 0, .max = 1},
    {"sd", CALC_NUM, "or: the standard deviation of the values", .min = 0, .max = INFINITY},
    {"margin", CALC_NUM, "Half the interval that is wanted", .min = 0, .max = INFINITY, .open = true},
    {"gross", CALC_NUM, "or: people asked, to know the margin", .min = 0, .max = 1e15, .open = true},
    PLAN_FIELDS,
    {"population", CALC_NUM, "People in the population; absent: many", .min = 1, .max = 1e15},
    {0},
};

int survey_run_size(struct calc *c, const struct calc_values *o)
{
    struct survey_plan plan = plan_of(o);
    bool share = calc_has(o, "p");
    if (share == calc_has(o, "sd"))
        return calc_wrong(c, o, "p", N_("Give one of p and sd."));
    if (calc_has(o, "margin") == calc_has(o, "gross"))
        return calc_wrong(c, o, "margin", N_("Give one of margin and gross."));
    if (calc_has(o, "population"))
        plan.population = calc_num(o, "population");
    if (calc_has(o, "gross")) {
        double gross = calc_num(o, "gross");
        if (plan.population > 0 && gross > plan.population)
            return calc_wrong(c, o, "gross", N_("More people than there are."));
        calc_put_num(c->result, "margin", share ? survey_plan_share_margin(&plan, calc_num(o, "p"), gross)
                                                : survey_plan_mean_margin(&plan, calc_num(o, "sd"), gross));
        return OK;
    }
    struct survey_size s = share ? survey_plan_share(&plan, calc_num(o, "p"), calc_num(o, "margin"))
                                 : survey_plan_mean(&plan, calc_num(o, "sd"), calc_num(o, "margin"));
    put_size(c, &s);
    return OK;
}

/* --- survey.power ------------------------------------------------------------------------------------------------ */

const struct calc_field survey_fields_power[] = {
    {"p1", CALC_NUM, "Share in the first group or wave", .min = 0, .max = 1},
    {"p2", CALC_NUM, "Share in the second", .min = 0, .max = 1},
    {"difference", CALC_NUM, "or: difference of the means", .min = -INFINITY, .max = INFINITY},
    {"sd", CALC_NUM, "and the standard deviation of the values", .min = 0, .max = INFINITY, .open = true},
    {"power", CALC_NUM, "The power that is wanted", .min = 0, .max = 1, .open = true},
    {"gross", CALC_NUM, "or: people asked in each group, to know the power", .min = 0, .max = 1e15, .open = true},
    {"overlap", CALC_NUM, "Share of each wave that is in both", .fallback = "0", .min = 0, .max = 1},
    {"correlation", CALC_NUM, "Correlation of their two answers", .fallback = "0", .min = -1, .max = 1},
    PLAN_FIELDS,
    {0},
};

int survey_run_power(struct calc *c, const struct calc_values *o)
{
    struct survey_plan plan = plan_of(o);
    struct survey_overlap v = {calc_num(o, "overlap"), calc_num(o, "correlation")};
    bool share = calc_has(o, "p1") && calc_has(o, "p2"), mean = calc_has(o, "difference") && calc_has(o, "sd");
    if (share == mean)
        return calc_wrong(c, o, "p1", N_("Give p1 and p2, or difference and sd."));
    if (calc_has(o, "power") == calc_has(o, "gross"))
        return calc_wrong(c, o, "power", N_("Give one of power and gross."));
    if (v.share * v.correlation >= 1)
        return calc_wrong(c, o, "overlap", N_("Waves that are the same people with the same answers cannot differ."));
    if (calc_has(o, "gross")) {
        double gross = calc_num(o, "gross");
        calc_put_num(c->result, "power",
                     share ? survey_plan_power_shares(&plan, &v, calc_num(o, "p1"), calc_num(o, "p2"), gross)
                           : survey_plan_power_means(&plan, &v, calc_num(o, "difference"), calc_num(o, "sd"), gross));
        return OK;
    }
    double power = calc_num(o, "power");
    struct survey_size s = share ? survey_plan_compare_shares(&plan, &v, calc_num(o, "p1"), calc_num(o, "p2"), power)
                                 : survey_plan_compare_means(&plan, &v, calc_num(o, "difference"), calc_num(o, "sd"), power);
    put_size(c, &s);
    return OK;
}

/* --- survey.clusters ----------------------------------------------------------------------------------------------- */

const struct calc_field survey_fields_clusters[] = {
    {"rho", CALC_NUM, "Intraclass correlation", .required = true, .min = 0, .max = 1},
    {"size", CALC_NUM, "Respondents a cluster, for the design effect", .min = 1, .max = 1e9},
    {"weight_cv", CALC_NUM, "Coefficient of variation of the weights", .fallback = "0", .min = 0, .max = 1000},
    {"cost_cluster", CALC_NUM, "Cost of going to a cluster, for the best size", .min = 0, .max = 1e15},
    {"cost_person", CALC_NUM, "Cost of one interview there", .min = 0, .max = 1e15, .open = true},
    {0},
};

int survey_run_clusters(struct calc *c, const struct calc_values *o)
{
    double rho = calc_num(o, "rho"), cv = calc_num(o, "weight_cv"), size = calc_num(o, "size");
    if (calc_has(o, "cost_cluster") != calc_has(o, "cost_person"))
        return calc_wrong(c, o, "cost_cluster", N_("Both costs are needed, or none."));
    if (!calc_has(o, "size") && !calc_has(o, "cost_cluster"))
        return calc_wrong(c, o, "size", N_("Give a size, or costs."));
    if (calc_has(o, "size"))
        calc_put_num(c->result, "deff", survey_plan_deff(size, rho, cv));
    if (calc_has(o, "cost_cluster")) {
        double best = survey_plan_cluster_size(calc_num(o, "cost_cluster"), calc_num(o, "cost_person"), rho);
        calc_put_num(c->result, "best_size", best);
        calc_put_optional(c->result, "best_deff", isfinite(best) ? survey_plan_deff(best, rho, cv) : NAN);
    }
    return OK;
}

/* --- survey.allocation ----------------------------------------------------------------------------------------------- */

const struct calc_field survey_fields_allocation[] = {
    {"stratum", CALC_LABELS, .help = "Name of each stratum", .required = true},
    {"population", CALC_COLUMN, "People in the stratum", .required = true, .min = 1, .max = 1e15},
    {"sd", CALC_COLUMN, "Standard deviation there (of a share: the root of p (1 - p)); absent: the same in all", .min = 0,
     .max = INFINITY},
    {"cost", CALC_COLUMN, "Cost of an interview there; absent: 1", .min = 0, .max = INFINITY, .open = true},
    {"mean", CALC_COLUMN, "Mean there: for power allocation and the design effect", .min = -INFINITY, .max = INFINITY},
    {"kind", CALC_CHOICE, "In proportion; best for a size; best for the cost; nearly equal precision; equal",
     .fallback = "\"proportional\"", .choices = "proportional|neyman|cost|power|equal"},
    {"power", CALC_NUM, "power: the exponent, 0 for equal precision, 1 for Neyman's", .fallback = "0.5", .min = 0, .max = 1},
    {"size", CALC_NUM, "Respondents", .min = 1, .max = 1e9},
    {"budget", CALC_NUM, "or: money", .min = 0, .max = 1e15, .open = true},
    {"se", CALC_NUM, "or: standard error of the mean that is wanted", .min = 0, .max = INFINITY, .open = true},
    {"minimum", CALC_INT, "In every stratum at least", .fallback = "2", .min = 1, .max = 1e9},
    {0},
};

int survey_run_allocation(struct calc *c, const struct calc_values *o)
{
    const char *const *name = calc_labels(o, "stratum");
    struct survey_allocate_spec sp = {.strata = calc_rows(c, NULL), .population = calc_column(o, "population"),
                                      .sd = calc_column(o, "sd"), .cost = calc_column(o, "cost"), .mean = calc_column(o, "mean"),
                                      .kind = (enum survey_allocation)calc_choice(o, "kind"), .power = calc_num(o, "power"),
                                      .size = calc_has(o, "size") ? calc_num(o, "size") : 0,
                                      .budget = calc_has(o, "budget") ? calc_num(o, "budget") : 0,
                                      .se = calc_has(o, "se") ? calc_num(o, "se") : 0, .minimum = calc_int(o, "minimum")};
    if ((sp.size > 0) + (sp.budget > 0) + (sp.se > 0) != 1)
        return calc_wrong(c, o, "size", N_("Give one of size, budget and se."));
    struct survey_allocated r = survey_allocate(c->arena, &sp);
    if (r.reason == STAT_REASON_INVALID)
        return calc_wrong(c, o, "mean", N_("Power allocation needs positive means."));
    if (r.reason)
        return calc_refuse_all(c, r.reason);
    struct calc_table *t = calc_put_table(c->result, "strata");
    for (size_t h = 0; h < sp.strata; h++) {
        calc_row(t);
        calc_cell_text(t, "stratum", name[h]);
        calc_cell_int(t, "n", r.n[h]);
        calc_cell_num(t, "fraction", (double)r.n[h] / sp.population[h]);
    }
    calc_put_int(c->result, "total", r.total);
    calc_put_num(c->result, "cost", r.cost);
    calc_put_num(c->result, "se", r.se);
    calc_put_num(c->result, "se_proportional", r.se_proportional);
    calc_put_optional(c->result, "deff", r.deff);
    return OK;
}
