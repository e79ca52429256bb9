/* method_interval.c - intervals, quantiles and calibration of forecasts (stat/score.h), for
 * `shanyraq stat`. */
#include "base/arena.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "stat/score.h"

#include <math.h>

#define NAME {"name", CALC_LABELS, .help = "Name of each forecast, repeated in the answer"}

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

/* --- score.interval: interval scores, weighted, with coverage --------------------------------- */

static const struct calc_field ONE_INTERVAL[] = {
    {"level", CALC_NUM, "Level of these central intervals", .required = true, .min = 0, .max = 1,
     .open = true},
    {"lower", CALC_COLUMN, "Lower ends", .required = true},
    {"upper", CALC_COLUMN, "Upper ends", .required = true},
    {0},
};
static const struct calc_field INTERVAL[] = {
    NAME,
    {"y", CALC_COLUMN, "What came", .required = true},
    {"median", CALC_COLUMN, .help = "Medians of the forecasts: the weighted interval score is given too"},
    {"intervals", CALC_OBJECTS, "Central intervals of one or more levels", .required = true,
     .fields = ONE_INTERVAL, .least = 1, .most = 1000},
    {0},
};

static int check_intervals(struct calc *c, const struct calc_values *o, const struct calc_values *const *part,
                           size_t k)
{
    const double *median = calc_column(o, "median");
    int rc = no_rows(c, o);
    for (size_t j = 0; j < k; j++) {
        const double *lower = calc_column(part[j], "lower"), *upper = calc_column(part[j], "upper");
        for (size_t i = 0; i < calc_rows(c, NULL); i++) {
            if (lower[i] > upper[i])
                rc = calc_wrong_row(c, part[j], "lower", i, N_("The lower end lies above the upper one."));
            else if (median && (median[i] < lower[i] || median[i] > upper[i]))
                rc = calc_wrong_row(c, o, "median", i, N_("The median lies outside of an interval."));
        }
    }
    return rc;
}

/* Coverage and mean score of each level. */
static void put_levels(struct calc *c, const double *y, const struct calc_values *const *part, size_t k)
{
    size_t n = calc_rows(c, NULL);
    struct calc_table *t = calc_put_table(c->result, "levels");
    for (size_t j = 0; j < k; j++) {
        const double *lower = calc_column(part[j], "lower"), *upper = calc_column(part[j], "upper");
        double level = calc_num(part[j], "level"), sum = 0, width = 0;
        struct score_coverage v = score_coverage(n, y, lower, upper);
        for (size_t i = 0; i < n; i++) {
            sum += score_interval(y[i], lower[i], upper[i], level);
            width += upper[i] - lower[i];
        }
        calc_row(t);
        calc_cell_num(t, "level", level);
        calc_cell_num(t, "interval_score", sum / (double)n);
        calc_cell_num(t, "width", width / (double)n);
        calc_cell_int(t, "inside", (int64_t)v.inside);
        calc_cell_num(t, "coverage", v.share);
        calc_cell_num(t, "coverage_lower", v.lower);
        calc_cell_num(t, "coverage_upper", v.upper);
    }
}

static void put_weighted(struct calc *c, const struct calc_values *o, const double *y,
                         const struct calc_values *const *part, size_t k)
{
    const double *median = calc_column(o, "median");
    double *level = arena_array(c->arena, k, sizeof *level), *lower = arena_array(c->arena, k, sizeof *lower);
    double *upper = arena_array(c->arena, k, sizeof *upper), sum[4] = {0};
    size_t n = calc_rows(c, NULL);
    struct calc_table *t = calc_put_table(c->result, "scores");
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k; j++) {
            level[j] = calc_num(part[j], "level");
            lower[j] = calc_column(part[j], "lower")[i];
            upper[j] = calc_column(part[j], "upper")[i];
        }
        struct score_weighted w = score_weighted_parts(y[i], median[i], k, level, lower, upper);
        begin_row(t, o, i);
        calc_cell_num(t, "weighted", w.score);
        calc_cell_num(t, "spread", w.spread);
        calc_cell_num(t, "under", w.under);
        calc_cell_num(t, "over", w.over);
        sum[0] += w.score;
        sum[1] += w.spread;
        sum[2] += w.under;
        sum[3] += w.over;
    }
    struct calc_node *mean = calc_put_object(c->result, "mean");
    calc_put_num(mean, "weighted", sum[0] / (double)n);
    calc_put_num(mean, "spread", sum[1] / (double)n);
    calc_put_num(mean, "under", sum[2] / (double)n);
    calc_put_num(mean, "over", sum[3] / (double)n);
}

static int run_interval(struct calc *c, const struct calc_values *o)
{
    size_t k;
    const struct calc_values *const *part = calc_objects(o, "intervals", &k);
    const double *y = calc_column(o, "y");
    TRY(check_intervals(c, o, part, k));
    put_levels(c, y, part, k);
    if (calc_column(o, "median"))
        put_weighted(c, o, y, part, k);
    return OK;
}

/* --- score.quantile --------------------------------------------------------------------------- */

static const struct calc_field ONE_QUANTILE[] = {
    {"p", CALC_NUM, "Probability of being at most the quantile", .required = true, .min = 0, .max = 1,
     .open = true},
    {"value", CALC_COLUMN, "The quantiles", .required = true},
    {0},
};
static const struct calc_field QUANTILE[] = {
    NAME,
    {"y", CALC_COLUMN, "What came", .required = true},
    {"quantiles", CALC_OBJECTS, "Quantiles of the forecasts", .required = true, .fields = ONE_QUANTILE,
     .least = 1, .most = 1000},
    {0},
};

static int run_quantile(struct calc *c, const struct calc_values *o)
{
    size_t k, n = calc_rows(c, NULL);
    const struct calc_values *const *part = calc_objects(o, "quantiles", &k);
    const double *y = calc_column(o, "y");
    double all = 0;
    TRY(no_rows(c, o));
    struct calc_table *t = calc_put_table(c->result, "quantiles");
    for (size_t j = 0; j < k; j++) {
        const double *q = calc_column(part[j], "value");
        double p = calc_num(part[j], "p"), sum = 0, below = 0;
        for (size_t i = 0; i < n; i++) {
            sum += score_quantile(y[i], q[i], p);
            below += y[i] <= q[i];
        }
        all += sum / (double)n;
        calc_row(t);
        calc_cell_num(t, "p", p);
        calc_cell_num(t, "quantile_score", sum / (double)n);
        calc_cell_num(t, "share_at_most", below / (double)n);
    }
    calc_put_num(c->result, "mean", all / (double)k);
    struct calc_table *rows = calc_put_table(c->result, "scores");
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < k; j++)
            sum += score_quantile(y[i], calc_column(part[j], "value")[i], calc_num(part[j], "p"));
        begin_row(rows, o, i);
        calc_cell_num(rows, "mean_quantile_score", sum / (double)k);
    }
    return OK;
}

/* --- score.pit -------------------------------------------------------------------------------- */

static const struct calc_field PIT[] = {
    {"y", CALC_WHOLES, "Counts that came: with mean and size", .min = 0, .max = 1e15},
    {"mean", CALC_COLUMN, "Means of negative binomial forecasts", .min = 0, .max = 1e12},
    {"size", CALC_COLUMN, "Their sizes; without it, or Infinity: Poisson", .min = 0, .max = INFINITY,
     .open = true, .infinite = true},
    {"low", CALC_COLUMN, "In place of these: P(X <= y - 1) of any forecast of counts", .min = 0, .max = 1},
    {"high", CALC_COLUMN, "and P(X <= y)", .min = 0, .max = 1},
    {"value", CALC_COLUMN, "In place of these: P(X <= y) of continuous forecasts", .min = 0, .max = 1},
    {"bins", CALC_INT, "Bins of the histogram", .fallback = "10", .min = 2, .max = 1000},
    {0},
};

static void put_histogram(struct calc *c, const double *density, size_t bins, size_t n, size_t without)
{
    calc_put_int(c->result, "n", (int64_t)(n - without));
    calc_put_int(c->result, "impossible", (int64_t)without);
    struct calc_table *t = calc_put_table(c->result, "histogram");
    for (size_t j = 0; j < bins; j++) {
        calc_row(t);
        calc_cell_num(t, "from", (double)j / (double)bins);
        calc_cell_num(t, "to", (double)(j + 1) / (double)bins);
        calc_cell_num(t, "density", density[j]);
    }
}

static int run_pit(struct calc *c, const struct calc_values *o)
{
    const int64_t *y = calc_wholes(o, "y");
    const double *mean = calc_column(o, "mean"), *low = calc_column(o, "low"), *high = calc_column(o, "high");
    const double *value = calc_column(o, "value");
    size_t n = calc_rows(c, NULL), bins = (size_t)calc_int(o, "bins"), without;
    double *density = arena_array(c->arena, bins, sizeof *density);
    if ((y && mean) + (low && high) + (value != NULL) != 1 || !y != !mean || !low != !high)
        return calc_wrong(c, o, NULL, N_("Give y and mean, or low and high, or value."));
    if (n == 0)
        return calc_wrong(c, o, NULL, N_("There are no rows."));
    if (value) {
        without = score_pit_continuous(n, value, bins, density);
    } else {
        double *p = arena_array(c->arena, 3 * n + 1, sizeof *p);
        for (size_t i = 0; i < n && y; i++)
            p[2 * n + i] = (double)y[i];
        if (y)
            score_pit_negbin(n, p + 2 * n, mean, calc_column(o, "size"), p, p + n);
        without = score_pit(n, y ? p : low, y ? p + n : high, bins, density);
    }
    if (without == n)
        return calc_refuse_all(c, STAT_REASON_EMPTY);
    if (without > 0)
        calc_warn(c, N_("Forecasts that held impossible what came, and are not in the histogram: %zu."), without);
    put_histogram(c, density, bins, n, without);
    return OK;
}

const struct calc_method calc_methods_interval[] = {
    {"score.interval", N_("Interval score, weighted interval score and coverage of central intervals"),
     "Gneiting, Raftery 2007, JASA 102:359, eq. 43; Bracher et al. 2021, PLoS Comp. Biol. 17:e1008618",
     INTERVAL, run_interval, .table = "levels"},
    {"score.quantile", N_("Quantile score"), "Gneiting, Raftery 2007, JASA 102:359, eq. 40", QUANTILE,
     run_quantile, .table = "quantiles"},
    {"score.pit", N_("Probability integral transform: are forecasts too narrow, too wide, too low?"),
     "Czado, Gneiting, Held 2009, Biometrics 65:1254, eq. 2", PIT, run_pit, .table = "histogram"},
    {0},
};
