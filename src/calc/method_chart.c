/* method_chart.c - charts that add up evidence (stat/detect_cusum.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "calc/method.h"
#include "calc/series.h"
#include "i18n/i18n.h"
#include "stat/detect_cusum.h"

#include <math.h>
#include <string.h>

/* --- the expected mean ------------------------------------------------------------------------ */

#define MEAN                                                                                       \
    {"season", CALC_INT, "Periods of a year", .fallback = "52", .min = 1, .max = 366},             \
        {"harmonics", CALC_INT, "Pairs of cosine and sine in the mean", .fallback = "0",           \
         .min = 0, .max = DETECT_HARMONICS},                                                       \
        {"trend", CALC_BOOL, "A trend in the mean", .fallback = "false"}
#define EXPECTED                                                                                   \
    {"expected", CALC_COLUMN,                                                                      \
     "Known means; without it they are estimated from the periods before the last ones",           \
     .min = 0, .max = INFINITY, .open = true, .missing = true}
#define DISPERSION                                                                                 \
    {"dispersion", CALC_NUM, "alpha: variance m + alpha m^2; 0: Poisson", .min = 0, .max = 1e6}
#define ESTIMATE                                                                                   \
    {"estimate_dispersion", CALC_BOOL, "Estimate alpha together with the means",                   \
     .fallback = "false"}

static struct detect_mean_options mean_options(const struct calc_values *o, bool estimate, double dispersion)
{
    return (struct detect_mean_options){.season = (size_t)calc_int(o, "season"),
                                        .harmonics = (size_t)calc_int(o, "harmonics"),
                                        .trend = calc_bool(o, "trend"),
                                        .dispersion = estimate ? -1 : dispersion};
}

/* Means of one series by column or by regression; the reason if there are none. dispersion is replaced by the
 * estimated one. */
static enum stat_reason find_mean(struct calc *c, const struct calc_series *s, size_t series,
                                  const double *expected, const struct detect_mean_options *options,
                                  double *m, double *dispersion)
{
    if (expected) {
        for (size_t t = s->first; t < s->n; t++) {
            m[t] = expected[series * s->n + t];
            if (isnan(m[t])) /* allowed where nothing is judged */
                return STAT_REASON_EMPTY;
        }
        return STAT_REASON_NONE;
    }
    struct detect_mean fit = detect_mean_fit(c->arena, s->y + series * s->n, s->n, s->first, options);
    if (fit.status == STAT_REFUSED)
        return fit.reason;
    memcpy(m, fit.mean, s->n * sizeof *m);
    *dispersion = fit.dispersion;
    return STAT_REASON_NONE;
}

/* --- detect.cusum, detect.likelihood_ratio ---------------------------------------------------- */

struct chart {
    double *statistic, *upper;
    bool *alarm;
};

/* Runs one chart; the reason if it cannot. */
typedef enum stat_reason chart_run(const struct stat_run *run, const struct calc_values *o, size_t n,
                                   const int64_t *y, const double *m, double dispersion, int64_t before,
                                   struct chart *chart);

static void put_weeks(struct calc_table *t, const struct calc_series *s, size_t k, const double *m,
                      const struct chart *h, enum stat_reason why)
{
    for (size_t i = 0; i < s->n - s->first; i++) {
        bool good = why == STAT_REASON_NONE;
        calc_series_row(t, s, k, s->first + i);
        if (m)
            calc_cell_num(t, "expected", good ? m[s->first + i] : NAN);
        calc_cell_num(t, "statistic", good ? h->statistic[i] : NAN);
        if (h->upper)
            calc_cell_optional(t, "upper", good ? h->upper[i] : NAN);
        calc_cell_bool(t, "alarm", good && h->alarm[i]);
        calc_cell_status(t, good ? STAT_OK : STAT_REFUSED, why);
    }
}

/* The progress of one series as a part of all. */
struct part {
    const struct stat_run *run;
    size_t series, count;
};

static bool go_on_part(void *arg, size_t done, size_t all)
{
    const struct part *p = arg;
    return stat_go_on(p->run, p->series * all + done, p->count * all);
}

static int run_charts(struct calc *c, const struct calc_values *o, bool estimate, bool upper, bool needs_mean,
                      chart_run *run)
{
    struct calc_series s;
    TRY(calc_series_read(c, o, &s));
    size_t each = s.n - s.first, alarms = 0;
    double given = calc_has(o, "dispersion") ? calc_num(o, "dispersion") : 0;
    const double *expected = calc_series_column(c, o, "expected", &s);
    struct detect_mean_options options = mean_options(o, estimate, given);
    if (estimate && expected)
        return calc_wrong(c, o, "estimate_dispersion",
                          N_("With known means the dispersion is to be given too."));
    double *m = arena_array(c->arena, s.n + 1, sizeof *m);
    double *dispersion = arena_array(c->arena, s.count + 1, sizeof *dispersion);
    struct chart h = {arena_array(c->arena, each + 1, sizeof(double)),
                      upper ? arena_array(c->arena, each + 1, sizeof(double)) : NULL,
                      arena_array(c->arena, each + 1, sizeof(bool))};
    struct calc_table *t = calc_put_table(c->result, "periods");
    for (size_t k = 0; k < s.count; k++) {
        const int64_t *y = s.y + k * s.n;
        dispersion[k] = given;
        enum stat_reason why =
            needs_mean ? find_mean(c, &s, k, expected, &options, m, &dispersion[k]) : STAT_REASON_NONE;
        struct part part = {c->run, k, s.count};
        struct stat_run one = {.go_on = go_on_part, .arg = &part};
        if (why == STAT_REASON_NONE)
            why = run(&one, o, each, y + s.first, m + s.first, dispersion[k],
                      s.first && y[s.first - 1] > 0 ? y[s.first - 1] : 0, &h);
        if (why == STAT_REASON_STOPPED)
            return calc_refuse_all(c, why);
        put_weeks(t, &s, k, needs_mean ? m : NULL, &h, why);
        for (size_t i = 0; i < each && why == STAT_REASON_NONE; i++)
            alarms += h.alarm[i];
    }
    calc_put_int(c->result, "alarms", (int64_t)alarms);
    if (estimate)
        calc_put_optionals(c->result, "dispersion", dispersion, s.count);
    return OK;
}

static const struct calc_field CUSUM[] = {
    CALC_SERIES_FIELDS,
    EXPECTED,
    MEAN,
    {"k", CALC_NUM, "Standardised count that is taken off each period", .fallback = "1.04", .min = -1e6,
     .max = 1e6},
    {"h", CALC_NUM, "Alarm from this sum on", .fallback = "2.26", .min = 0, .max = 1e6, .open = true},
    {"transform", CALC_CHOICE, "How counts are standardised", .fallback = "\"rossi\"",
     .choices = "rossi|standard|anscombe|anscombe_second|pearson_nb|anscombe_nb|none"},
    DISPERSION,
    {0},
};

static enum stat_reason run_one_cusum(const struct stat_run *run, const struct calc_values *o, size_t n,
                                      const int64_t *y, const double *m, double dispersion, int64_t before,
                                      struct chart *h)
{
    (void)run;
    (void)before;
    struct detect_cusum options = {.k = calc_num(o, "k"),
                                   .h = calc_num(o, "h"),
                                   .transform = (enum detect_transform)calc_choice(o, "transform"),
                                   .dispersion = dispersion};
    return detect_cusum(n, y, m, &options, h->statistic, h->upper, h->alarm);
}

static int run_cusum(struct calc *c, const struct calc_values *o)
{
    return run_charts(c, o, false, true, calc_choice(o, "transform") != DETECT_PLAIN, run_one_cusum);
}

static const struct calc_field RATIO[] = {
    CALC_SERIES_FIELDS,
    EXPECTED,
    MEAN,
    DISPERSION,
    ESTIMATE,
    {"threshold", CALC_NUM, "Alarm from this log likelihood ratio on (with a known shift: above it)",
     .fallback = "5", .min = 0, .max = 1e6, .open = true},
    {"shift", CALC_NUM,
     "Known log ratio of the mean after the change; without it the largest ratio over all shifts", .min = -50,
     .max = 50},
    {"change", CALC_CHOICE, "intercept: the mean times a factor; epidemic: plus a share of the last count",
     .fallback = "\"intercept\"", .choices = "intercept|epidemic"},
    {"direction", CALC_CHOICE, "Of an unknown shift", .fallback = "\"increase\"",
     .choices = "increase|decrease"},
    {"min_length", CALC_INT, "Periods needed to estimate the shift", .fallback = "1", .min = 1, .max = 1e6},
    {"window", CALC_INT, "Periods looked back for the onset; without it all", .min = 1, .max = 1e6},
    {"counts_for_alarm", CALC_BOOL, "Tell the count that would give an alarm: takes more time",
     .fallback = "false"},
    {0},
};

static enum stat_reason run_one_ratio(const struct stat_run *run, const struct calc_values *o, size_t n,
                                      const int64_t *y, const double *m, double dispersion, int64_t before,
                                      struct chart *h)
{
    struct detect_lr options = {.threshold = calc_num(o, "threshold"),
                                .dispersion = dispersion,
                                .shift = calc_has(o, "shift") ? calc_num(o, "shift") : 0,
                                .change = (enum detect_change)calc_choice(o, "change"),
                                .decrease = calc_choice(o, "direction") == 1,
                                .min_length = (size_t)calc_int(o, "min_length"),
                                .window = calc_has(o, "window") ? (size_t)calc_int(o, "window") : 0,
                                .before = before};
    return detect_lr(run, n, y, m, &options, h->statistic, h->upper, h->alarm);
}

static int run_ratio(struct calc *c, const struct calc_values *o)
{
    bool epidemic = calc_choice(o, "change") == DETECT_EPIDEMIC;
    if (calc_has(o, "shift") && calc_num(o, "shift") == 0)
        return calc_wrong(c, o, "shift", N_("A shift of 0 is no change."));
    if (epidemic && (calc_has(o, "shift") || calc_choice(o, "direction") == 1))
        return calc_wrong(c, o, "change", N_("An epidemic has an unknown size and only increases."));
    if (calc_has(o, "window") && calc_int(o, "window") < calc_int(o, "min_length"))
        return calc_wrong(c, o, "window", N_("Shorter than min_length."));
    if (calc_has(o, "dispersion") && calc_bool(o, "estimate_dispersion"))
        return calc_wrong(c, o, "dispersion", N_("It is either given or estimated."));
    return run_charts(c, o, calc_bool(o, "estimate_dispersion"), calc_bool(o, "counts_for_alarm"), true,
                      run_one_ratio);
}

/* --- detect.mean ------------------------------------------------------------------------------ */

static const struct calc_field FIT[] = {
    CALC_SERIES_FIELDS,
    MEAN,
    DISPERSION,
    ESTIMATE,
    {0},
};

static void put_terms(struct calc *c, struct calc_table *t, const struct calc_series *s, size_t k,
                      const struct detect_mean *m, bool trend)
{
    for (size_t j = 0; j < m->k; j++) {
        size_t wave = j - 1 - trend;
        const char *term = j == 0 ? "(Intercept)"
                           : trend && j == 1
                               ? "t"
                               : arena_printf(c->arena, "%s%zu", wave % 2 ? "sin" : "cos", wave / 2 + 1);
        calc_row(t);
        if (s->name)
            calc_cell_text(t, "series", s->name[k]);
        calc_cell_text(t, "term", term);
        calc_cell_num(t, "est", m->coef[j]);
    }
}

static int run_mean(struct calc *c, const struct calc_values *o)
{
    struct calc_series s;
    if (calc_has(o, "dispersion") && calc_bool(o, "estimate_dispersion"))
        return calc_wrong(c, o, "dispersion", N_("It is either given or estimated."));
    TRY(calc_series_read(c, o, &s));
    struct detect_mean_options options = mean_options(
        o, calc_bool(o, "estimate_dispersion"), calc_has(o, "dispersion") ? calc_num(o, "dispersion") : 0);
    double *dispersion = arena_array(c->arena, s.count + 1, sizeof *dispersion);
    struct calc_table *t = calc_put_table(c->result, "means");
    struct calc_table *coefficients = calc_put_table(c->result, "coefficients");
    for (size_t k = 0; k < s.count; k++) {
        struct detect_mean m = detect_mean_fit(c->arena, s.y + k * s.n, s.n, s.first, &options);
        dispersion[k] = m.dispersion;
        put_terms(c, coefficients, &s, k, &m, options.trend);
        for (size_t i = s.first; i < s.n; i++) {
            calc_series_row(t, &s, k, i);
            calc_cell_num(t, "expected", m.mean ? m.mean[i] : NAN);
            calc_cell_status(t, m.status, m.reason);
        }
    }
    calc_put_optionals(c->result, "dispersion", dispersion, s.count);
    return OK;
}

const struct calc_method calc_methods_chart[] = {
    {"detect.cusum", N_("CUSUM of standardised counts"),
     "Rossi, Lampugnani, Marchi 1999, Stat. Med. 18:2111; Lucas 1985, Technometrics 27:129", CUSUM, run_cusum,
     .table = "periods"},
    {"detect.likelihood_ratio",
     N_("Likelihood-ratio CUSUM of Poisson and negative binomial counts, known or unknown shift"),
     "Hoehle, Paul 2008, CSDA 52:4357", RATIO, run_ratio, .table = "periods"},
    {"detect.mean", N_("The mean of the last periods by trend and season, from those before"),
     "McCullagh, Nelder 1989, Generalized Linear Models, ch. 6; Lawless 1987, Can. J. Stat. 15:209", FIT,
     run_mean, .table = "means"},
    {0},
};
