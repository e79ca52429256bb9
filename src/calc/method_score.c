/* method_score.c - scores and comparison of forecasts (stat/score.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "stat/score.h"

#include <math.h>

/* --- what the methods share ------------------------------------------------------------------- */

#define COUNTS                                                                                     \
    {"y", CALC_WHOLES, "What came", .required = true, .min = 0, .max = 1e15},                      \
        {"mean", CALC_COLUMN, "Means of the forecasts", .required = true, .min = 0, .max = 1e12},  \
        {"size", CALC_COLUMN,                                                                      \
         "Size: variance mean + mean^2/size; without it, or Infinity: Poisson", .min = 0,          \
         .max = INFINITY, .open = true, .infinite = true}
#define NAME {"name", CALC_LABELS, .help = "Name of each forecast, repeated in the answer"}

/* Counts as numbers. */
static double *observed(struct calc *c, const struct calc_values *o)
{
    const int64_t *y = calc_wholes(o, "y");
    size_t n = calc_rows(c, NULL);
    double *v = arena_array(c->arena, n + 1, sizeof *v);
    for (size_t i = 0; i < n; i++)
        v[i] = (double)y[i];
    return v;
}

static int no_rows(struct calc *c, const struct calc_values *o)
{
    return calc_rows(c, NULL) ? OK : calc_wrong(c, o, "y", N_("There are no rows."));
}

static void begin_row(struct calc_table *t, const struct calc_values *o, size_t i)
{
    const char *const *name = calc_labels(o, "name");
    calc_row(t);
    if (name)
        calc_cell_text(t, "name", name[i]);
}

static double mean_of(const double *v, size_t n, size_t stride)
{
    double sum = 0, lost = 0;
    for (size_t i = 0; i < n; i++) { /* compensated */
        double x = v[i * stride] - lost, next = sum + x;
        lost = isfinite(next) ? (next - sum) - x : 0; /* an infinite score makes an infinite mean */
        sum = next;
    }
    return sum / (double)n;
}

/* --- score.count ------------------------------------------------------------------------------ */

static const struct calc_field COUNT[] = {
    NAME,
    COUNTS,
    {"closed_form", CALC_BOOL, "The RPS also in closed form, as a check", .fallback = "false"},
    {0},
};

static int run_count(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    TRY(no_rows(c, o));
    const double *y = observed(c, o), *mean = calc_column(o, "mean"), *size = calc_column(o, "size");
    struct score_count *s = arena_array(c->arena, n + 1, sizeof *s);
    enum stat_reason why = score_negbin_many(c->run, n, y, mean, size, s);
    if (why != STAT_REASON_NONE)
        return calc_refuse_all(c, why);
    struct calc_node *means = calc_put_object(c->result, "mean");
    size_t stride = sizeof *s / sizeof(double);
    calc_put_num(means, "log", mean_of(&s[0].log, n, stride));
    calc_put_num(means, "rps", mean_of(&s[0].rps, n, stride));
    calc_put_num(means, "dss", mean_of(&s[0].dss, n, stride));
    calc_put_num(means, "squared", mean_of(&s[0].squared, n, stride));
    struct calc_table *t = calc_put_table(c->result, "scores");
    for (size_t i = 0; i < n; i++) {
        begin_row(t, o, i);
        calc_cell_num(t, "log", s[i].log);
        calc_cell_num(t, "rps", s[i].rps);
        calc_cell_num(t, "dss", s[i].dss);
        calc_cell_num(t, "squared", s[i].squared);
        if (calc_bool(o, "closed_form"))
            calc_cell_num(t, "rps_closed",
                          size && isfinite(size[i]) ? score_crps_negbin(y[i], mean[i], size[i])
                                                    : score_crps_poisson(y[i], mean[i]));
    }
    return OK;
}

/* --- score.expected --------------------------------------------------------------------------- */

static const struct calc_field EXPECTED[] = {
    NAME,
    {"mean", CALC_COLUMN, "Means of the forecasts", .required = true, .min = 0, .max = 1e9, .open = true},
    {"size", CALC_COLUMN, "Size: variance mean + mean^2/size; without it, or Infinity: Poisson", .min = 0,
     .max = INFINITY, .open = true, .infinite = true},
    {0},
};

static int run_expected(struct calc *c, const struct calc_values *o)
{
    const double *mean = calc_column(o, "mean"), *size = calc_column(o, "size");
    struct calc_table *t = calc_put_table(c->result, "moments");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        struct score_moments m = score_negbin_moments(mean[i], size ? size[i] : INFINITY);
        begin_row(t, o, i);
        calc_cell_num(t, "log_mean", m.log_mean);
        calc_cell_num(t, "log_variance", m.log_var);
        calc_cell_num(t, "rps_mean", m.rps_mean);
        calc_cell_num(t, "rps_variance", m.rps_var);
        calc_cell_num(t, "dss_mean", m.dss_mean);
        calc_cell_num(t, "dss_variance", m.dss_var);
    }
    return OK;
}

/* --- score.calibration ------------------------------------------------------------------------ */

static const struct calc_field CALIBRATION[] = {
    COUNTS,
    {"score", CALC_CHOICE, "The score that is compared with its expectation", .fallback = "\"dss\"",
     .choices = "log|rps|dss"},
    {"pooling", CALC_CHOICE, "joint: sums of departures and variances; each: standardised one by one",
     .fallback = "\"each\"", .choices = "joint|each"},
    {0},
};

static int run_calibration(struct calc *c, const struct calc_values *o)
{
    static const enum score_kind KINDS[] = {SCORE_LOG, SCORE_RPS, SCORE_DSS};
    static const enum score_calibration_method METHODS[] = {SCORE_JOINT, SCORE_EACH};
    TRY(no_rows(c, o));
    struct score_calibration t = score_calibration(
        c->arena, c->run, calc_rows(c, NULL), observed(c, o), calc_column(o, "mean"), calc_column(o, "size"),
        KINDS[calc_choice(o, "score")], METHODS[calc_choice(o, "pooling")]);
    if (t.status == STAT_REFUSED)
        return calc_refuse_all(c, t.reason);
    calc_put_int(c->result, "n", (int64_t)t.n);
    calc_put_num(c->result, "mean_score", t.score);
    calc_put_num(c->result, "expected_score", t.expected);
    calc_put_num(c->result, "z", t.z);
    calc_put_num(c->result, "p", t.p);
    return OK;
}

/* --- score.normal ----------------------------------------------------------------------------- */

static const struct calc_field NORMAL[] = {
    NAME,
    {"y", CALC_COLUMN, "What came", .required = true},
    {"mean", CALC_COLUMN, "Means of the forecasts", .required = true},
    {"sd", CALC_COLUMN, "Their standard deviations", .required = true, .min = 0, .max = INFINITY,
     .open = true},
    {0},
};

static int run_normal(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const double *y = calc_column(o, "y"), *mean = calc_column(o, "mean"), *sd = calc_column(o, "sd");
    struct score_normal *s = arena_array(c->arena, n + 1, sizeof *s);
    TRY(no_rows(c, o));
    for (size_t i = 0; i < n; i++)
        s[i] = score_normal(y[i], mean[i], sd[i]);
    struct calc_node *means = calc_put_object(c->result, "mean");
    size_t stride = sizeof *s / sizeof(double);
    calc_put_num(means, "log", mean_of(&s[0].log, n, stride));
    calc_put_num(means, "crps", mean_of(&s[0].crps, n, stride));
    calc_put_num(means, "dss", mean_of(&s[0].dss, n, stride));
    calc_put_num(means, "squared", mean_of(&s[0].squared, n, stride));
    struct calc_table *t = calc_put_table(c->result, "scores");
    for (size_t i = 0; i < n; i++) {
        begin_row(t, o, i);
        calc_cell_num(t, "log", s[i].log);
        calc_cell_num(t, "crps", s[i].crps);
        calc_cell_num(t, "dss", s[i].dss);
        calc_cell_num(t, "squared", s[i].squared);
    }
    return OK;
}

/* --- score.sample ----------------------------------------------------------------------------- */

static const struct calc_field SAMPLE[] = {
    NAME,
    {"y", CALC_COLUMN, "What came", .required = true},
    {"draws", CALC_COLUMNS, "The sample of each forecast: one column a draw", .required = true, .least = 2,
     .most = 100000},
    {0},
};

static int run_sample(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const double *y = calc_column(o, "y");
    const struct calc_columns *x = calc_columns(o, "draws");
    double *s = arena_array(c->arena, 3 * n + 1, sizeof *s);
    TRY(no_rows(c, o));
    for (size_t i = 0; i < n; i++) {
        const double *draws = x->x + i * x->p;
        struct arena *a = arena_new((size_t)1 << 30);
        s[3 * i] = score_crps_sample(a, y[i], draws, x->p);
        s[3 * i + 1] = score_crps_sample_fair(a, y[i], draws, x->p);
        s[3 * i + 2] = score_dss_sample(y[i], draws, x->p);
        arena_free(a);
    }
    struct calc_node *means = calc_put_object(c->result, "mean");
    calc_put_num(means, "crps", mean_of(s, n, 3));
    calc_put_num(means, "crps_fair", mean_of(s + 1, n, 3));
    calc_put_optional(means, "dss", mean_of(s + 2, n, 3));
    struct calc_table *t = calc_put_table(c->result, "scores");
    for (size_t i = 0; i < n; i++) {
        begin_row(t, o, i);
        calc_cell_num(t, "crps", s[3 * i]);
        calc_cell_num(t, "crps_fair", s[3 * i + 1]);
        calc_cell_optional(t, "dss", s[3 * i + 2]);
    }
    return OK;
}

/* --- score.energy ----------------------------------------------------------------------------- */

static const struct calc_field ENERGY[] = {
    {"x", CALC_COLUMNS, "One row a draw of the joint forecast, one column a component", .required = true,
     .least = 1},
    {"y", CALC_NUMS, "What came: a number for each component", .required = true, .least = 1},
    {0},
};

static int run_energy(struct calc *c, const struct calc_values *o)
{
    size_t d, n = calc_rows(c, NULL);
    const double *y = calc_nums(o, "y", &d);
    const struct calc_columns *x = calc_columns(o, "x");
    double energy;
    TRY(no_rows(c, o));
    if (d != x->p)
        return calc_wrong(c, o, "y", N_("%zu numbers, but the draws have %zu components."), d, x->p);
    enum stat_reason why = score_energy(c->arena, c->run, y, d, x->x, n, &energy);
    if (why != STAT_REASON_NONE)
        return calc_refuse_all(c, why);
    calc_put_int(c->result, "draws", (int64_t)n);
    calc_put_int(c->result, "components", (int64_t)d);
    calc_put_num(c->result, "energy", energy);
    return OK;
}

/* --- score.compare, score.permutation --------------------------------------------------------- */

#define PAIR                                                                                       \
    {"a", CALC_COLUMN, "Scores of the first method", .required = true},                            \
        {"b", CALC_COLUMN, "Scores of the second method on the same cases", .required = true},     \
        {"period", CALC_WHOLES,                                                                    \
         "Time of each case, ascending: means by period are compared; without it each case is one",\
         .min = -1e9, .max = 1e9}

/* Codes of the periods in their order; NULL without them. */
static int read_periods(struct calc *c, const struct calc_values *o, int32_t **out)
{
    const int64_t *period = calc_wholes(o, "period");
    size_t n = calc_rows(c, NULL);
    int rc = n ? OK : calc_wrong(c, o, "a", N_("There are no rows."));
    *out = period ? arena_array(c->arena, n + 1, sizeof **out) : NULL;
    for (size_t i = 0; i < n && period; i++) {
        (*out)[i] = (int32_t)period[i];
        if (i > 0 && period[i] < period[i - 1])
            rc = calc_wrong_row(c, o, "period", i, N_("The periods must ascend."));
    }
    return rc;
}

static const struct calc_field COMPARE[] = {
    PAIR,
    {"horizon", CALC_INT, "Steps ahead of the forecasts: errors so near each other are correlated",
     .fallback = "1", .min = 1, .max = 1e6},
    {"level", CALC_NUM, "Level of the interval", .fallback = "0.95", .min = 0, .max = 1, .open = true},
    {0},
};

static int run_compare(struct calc *c, const struct calc_values *o)
{
    int32_t *period;
    TRY(read_periods(c, o, &period));
    struct score_comparison s =
        score_compare(c->arena, calc_rows(c, NULL), calc_column(o, "a"), calc_column(o, "b"), period,
                      (int)calc_int(o, "horizon"), calc_num(o, "level"));
    if (s.status == STAT_REFUSED)
        return calc_refuse_all(c, s.reason);
    calc_put_int(c->result, "periods", (int64_t)s.n);
    calc_put_num(c->result, "mean_a", s.mean_a);
    calc_put_num(c->result, "mean_b", s.mean_b);
    calc_put_num(c->result, "difference", s.difference);
    calc_put_num(c->result, "se", s.se);
    calc_put_num(c->result, "lower", s.lower);
    calc_put_num(c->result, "upper", s.upper);
    calc_put_num(c->result, "p", s.p);
    calc_put_text(c->result, "better", s.better < 0 ? "a" : s.better > 0 ? "b" : NULL);
    return OK;
}

static const struct calc_field PERMUTATION[] = {
    PAIR,
    {"permutations", CALC_INT, "Exchanges that are drawn; if there are no more than these, all are counted",
     .fallback = "9999", .min = 1, .max = 1e8},
    {0},
};

static int run_permutation(struct calc *c, const struct calc_values *o)
{
    int32_t *period;
    TRY(read_periods(c, o, &period));
    struct score_permutation s =
        score_permute(c->arena, calc_rows(c, NULL), calc_column(o, "a"), calc_column(o, "b"), period,
                      (size_t)calc_int(o, "permutations"), c->seed);
    if (s.status == STAT_REFUSED)
        return calc_refuse_all(c, s.reason);
    calc_put_int(c->result, "periods", (int64_t)s.n);
    calc_put_num(c->result, "difference", s.difference);
    calc_put_num(c->result, "p", s.p);
    calc_put_bool(c->result, "exact", s.exact);
    calc_put_int(c->result, "exchanges", (int64_t)s.exchanges);
    calc_put_num(c->result, "p_t", s.p_t);
    return OK;
}

const struct calc_method calc_methods_score[] = {
    {"score.count",
     N_("Log score, ranked probability score (CRPS), Dawid-Sebastiani and squared error of counts"),
     "Gneiting, Raftery 2007, JASA 102:359; Czado, Gneiting, Held 2009, Biometrics 65:1254; Wei, Held 2014, "
     "TEST 23:787",
     COUNT, run_count, .table = "scores"},
    {"score.expected", N_("Mean and variance of the scores of true forecasts of counts"),
     "Wei, Held 2014, TEST 23:787", EXPECTED, run_expected, .table = "moments"},
    {"score.calibration", N_("Are counts as their forecasts say?"),
     "Wei, Held 2014, TEST 23:787, unconditional tests", CALIBRATION, run_calibration, .table = NULL},
    {"score.normal", N_("Log score, CRPS, Dawid-Sebastiani and squared error of normal forecasts"),
     "Gneiting et al. 2005, MWR 133:1098, eq. 5; Gneiting, Raftery 2007, JASA 102:359", NORMAL, run_normal,
     .table = "scores"},
    {"score.sample", N_("CRPS and Dawid-Sebastiani score of samples"),
     "Gneiting, Raftery 2007, JASA 102:359, eq. 21; Ferro 2014, QJRMS 140:1917", SAMPLE, run_sample,
     .table = "scores"},
    {"score.energy", N_("Energy score of a sample of vectors"), "Gneiting, Raftery 2007, JASA 102:359, eq. 22",
     ENERGY, run_energy, .table = NULL},
    {"score.compare", N_("Which of two methods forecasts better: Diebold-Mariano test"),
     "Diebold, Mariano 1995, JBES 13:253; Harvey, Leybourne, Newbold 1997, IJF 13:281", COMPARE, run_compare,
     .table = NULL},
    {"score.permutation", N_("The same by exchanging their scores"),
     "Paul, Held 2011, Stat. Med. 30:1118, section 3.3", PERMUTATION, run_permutation, .seeded = true},
    {0},
};
