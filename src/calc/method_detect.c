/* method_detect.c - aberrations in series: Farrington and EARS (stat/detect.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "calc/method.h"
#include "calc/series.h"
#include "i18n/i18n.h"
#include "stat/detect.h"

#include <math.h>

/* --- what the methods share ------------------------------------------------------------------- */

#define FDR                                                                                        \
    {"fdr", CALC_NUM, "Rate of false discoveries over all verdicts of the document",               \
     .fallback = "0.05", .min = 0, .max = 1, .open = true}
#define ALPHA(value)                                                                               \
    {"alpha", CALC_NUM, "Of an alarm", .fallback = value, .min = 0, .max = 1, .open = true}

struct verdict {
    struct detect_result r;
    double phi, slope; /* of Farrington */
    bool trend;
};

static void put_result(struct calc_table *t, const struct detect_result *r, double adjusted, double rate)
{
    calc_cell_num(t, "expected", r->expected);
    calc_cell_num(t, "upper", r->upper);
    calc_cell_num(t, "p", r->p);
    calc_cell_num(t, "p_adjusted", adjusted);
    calc_cell_bool(t, "alarm", r->alarm);
    calc_cell_bool(t, "discovery", adjusted <= rate);
}

/* All verdicts, and what a list of so many is worth. */
static int put_verdicts(struct calc *c, const struct calc_values *o, const struct calc_series *s,
                        struct verdict *v, bool fitted)
{
    size_t each = s->n - s->first, n = s->count * each, alarms = 0, given = 0;
    struct detect_result *r = arena_array(c->arena, n + 1, sizeof *r);
    double *adjusted = arena_array(c->arena, n + 1, sizeof *adjusted), rate = calc_num(o, "fdr");
    for (size_t i = 0; i < n; i++) {
        r[i] = v[i].r;
        alarms += r[i].alarm;
        given += r[i].status != STAT_REFUSED;
    }
    size_t found = detect_fdr(c->arena, r, n, rate, adjusted);
    calc_put_int(c->result, "series", (int64_t)s->count);
    calc_put_int(c->result, "verdicts_given", (int64_t)given);
    calc_put_int(c->result, "alarms", (int64_t)alarms);
    calc_put_num(c->result, "expected_false_alarms", detect_false_alarms(r, n, calc_num(o, "alpha")));
    calc_put_int(c->result, "discoveries", (int64_t)found);
    struct calc_table *t = calc_put_table(c->result, "verdicts");
    for (size_t i = 0; i < n; i++) {
        calc_series_row(t, s, i / each, s->first + i % each);
        put_result(t, &r[i], adjusted[i], rate);
        if (fitted) {
            calc_cell_optional(t, "dispersion", v[i].phi);
            calc_cell_optional(t, "trend", v[i].slope);
        }
        calc_cell_status(t, r[i].status, r[i].reason);
    }
    return OK;
}

/* --- detect.farrington, detect.farrington_flexible -------------------------------------------- */

#define WINDOW                                                                                     \
    {"years", CALC_INT, "Years of reference", .fallback = "5", .min = 1, .max = 100},              \
        {"season", CALC_INT, "Periods of a year: 52 weeks, 12 months", .fallback = "52", .min = 1, \
         .max = 366},                                                                              \
        {"half_window", CALC_INT, "Periods before and behind the same one of earlier years",       \
         .fallback = "3", .min = 0, .max = 183}
#define REWEIGHT(limit)                                                                            \
    {"reweight", CALC_BOOL, "Periods that look like earlier outbreaks count less",                 \
     .fallback = "true"},                                                                          \
        {"weight_limit", CALC_NUM, "Standardised Anscombe residual above which they do",           \
         .fallback = limit, .min = 0, .max = INFINITY, .open = true},                              \
        {"trend", CALC_BOOL, "A trend may be kept", .fallback = "true"}
#define POWER                                                                                      \
    {"power", CALC_CHOICE, "Transformation to symmetry", .fallback = "\"2/3\"",                    \
     .choices = "2/3|1/2|none"}
#define FEW                                                                                        \
    {"min_cases", CALC_INT,                                                                        \
     "No verdict with fewer events in the last min_periods; 0: always one", .fallback = "5",       \
     .min = 0, .max = 1e9},                                                                        \
        {"min_periods", CALC_INT, "See min_cases", .fallback = "4", .min = 1, .max = 1e6},         \
        {"population", CALC_COLUMN, "Offset: counts are compared by rate", .min = 0,               \
         .max = INFINITY, .open = true}

static const struct calc_field FLEXIBLE[] = {
    CALC_SERIES_FIELDS,
    WINDOW,
    {"season_levels", CALC_INT,
     "Parts of the year with a level of their own (noPeriods); 1: the windows alone", .fallback = "10",
     .min = 1, .max = 366},
    {"skip", CALC_INT, "Last periods left out of the reference (pastWeeksNotIncluded)", .fallback = "26",
     .min = 0, .max = 1e6},
    REWEIGHT("2.58"),
    {"trend_p", CALC_NUM, "Only if its p is below; 1: always", .fallback = "1", .min = 0, .max = 1},
    {"threshold", CALC_CHOICE, "How the limit is found", .fallback = "\"nb_plugin\"",
     .choices = "nb_plugin|muan|delta"},
    POWER,
    {"standard_error", CALC_CHOICE, "After reweighting: pearson, or as R's surveillance 1.20 computes it",
     .fallback = "\"surveillance\"", .choices = "surveillance|pearson"},
    ALPHA("0.01"),
    FDR,
    FEW,
    {0},
};

static const struct calc_field ORIGINAL[] = {
    CALC_SERIES_FIELDS,
    WINDOW,
    REWEIGHT("1"),
    {"trend_p", CALC_NUM, "Only if its p is below", .fallback = "0.05", .min = 0, .max = 1},
    POWER,
    ALPHA("0.05"),
    FDR,
    FEW,
    {0},
};

static void read_common(const struct calc_values *o, struct detect_farrington *f)
{
    static const enum detect_power POWERS[] = {DETECT_POWER_2_3, DETECT_POWER_1_2, DETECT_POWER_1};
    f->years = (size_t)calc_int(o, "years");
    f->season = (size_t)calc_int(o, "season");
    f->half_window = (size_t)calc_int(o, "half_window");
    f->reweight = calc_bool(o, "reweight");
    f->weight_limit = calc_num(o, "weight_limit");
    f->trend = calc_bool(o, "trend");
    f->trend_p = calc_num(o, "trend_p");
    f->power = POWERS[calc_choice(o, "power")];
    f->alpha = calc_num(o, "alpha");
    f->min_cases = calc_int(o, "min_cases");
    f->min_weeks = (size_t)calc_int(o, "min_periods");
}

static struct verdict verdict_of(const struct detect_fit *f)
{
    return (struct verdict){f->r, f->phi, f->slope, f->trend};
}

static int run_flexible(struct calc *c, const struct calc_values *o)
{
    static const enum detect_threshold THRESHOLDS[] = {DETECT_NB_PLUGIN, DETECT_MUAN, DETECT_DELTA};
    struct detect_farrington f = detect_farrington_default();
    struct calc_series s;
    read_common(o, &f);
    f.n_periods = (size_t)calc_int(o, "season_levels");
    f.skip_weeks = (size_t)calc_int(o, "skip");
    f.threshold = THRESHOLDS[calc_choice(o, "threshold")];
    f.pearson_se = calc_choice(o, "standard_error") == 1;
    if (f.season < 2 * f.half_window + f.n_periods)
        return calc_wrong(c, o, "season_levels",
                          N_("A year of %zu periods has no room for the window and so many levels."),
                          f.season);
    if (f.skip_weeks < f.half_window)
        return calc_wrong(c, o, "skip", N_("At least half_window: the window around now is no reference."));
    TRY(calc_series_read(c, o, &s));
    f.population = calc_series_column(c, o, "population", &s);
    size_t each = s.n - s.first, n = s.count * each;
    struct detect_fit *fit = arena_array(c->arena, n + 1, sizeof *fit);
    struct verdict *v = arena_array(c->arena, n + 1, sizeof *v);
    enum stat_reason why = detect_farrington_many(c->run, s.count, s.n, s.first, s.y, &f, fit);
    if (why != STAT_REASON_NONE)
        return calc_refuse_all(c, why);
    for (size_t i = 0; i < n; i++)
        v[i] = verdict_of(&fit[i]);
    return put_verdicts(c, o, &s, v, true);
}

static int run_original(struct calc *c, const struct calc_values *o)
{
    struct detect_farrington f = detect_farrington_1996_default();
    struct calc_series s;
    read_common(o, &f);
    if (2 * f.half_window >= f.season)
        return calc_wrong(c, o, "half_window", N_("The window is longer than the year."));
    TRY(calc_series_read(c, o, &s));
    const double *population = calc_series_column(c, o, "population", &s);
    size_t each = s.n - s.first, n = s.count * each;
    struct verdict *v = arena_array(c->arena, n + 1, sizeof *v);
    for (size_t i = 0; i < n; i++) {
        struct arena *a = arena_new(0);
        f.population = population ? population + i / each * s.n : NULL;
        struct detect_fit fit = detect_farrington_1996(a, s.y + i / each * s.n, s.n, s.first + i % each, &f);
        v[i] = verdict_of(&fit);
        arena_free(a);
        if (!stat_go_on(c->run, i, n))
            return calc_refuse_all(c, STAT_REASON_STOPPED);
    }
    return put_verdicts(c, o, &s, v, true);
}

/* --- detect.ears ------------------------------------------------------------------------------ */

static const struct calc_field EARS[] = {
    CALC_SERIES_FIELDS,
    {"kind", CALC_CHOICE, "C1: the periods just before; C2: two earlier; C3: adds the two last C2 above 1",
     .fallback = "\"C1\"", .choices = "C1|C2|C3"},
    {"baseline", CALC_INT, "Periods of the baseline", .fallback = "7", .min = 3, .max = 1e6},
    {"min_sd", CALC_NUM, "Least standard deviation", .fallback = "0", .min = 0, .max = INFINITY},
    ALPHA("0.001"),
    FDR,
    {0},
};

static int run_ears(struct calc *c, const struct calc_values *o)
{
    static const enum detect_ears KINDS[] = {DETECT_C1, DETECT_C2, DETECT_C3};
    struct calc_series s;
    TRY(calc_series_read(c, o, &s));
    size_t each = s.n - s.first, n = s.count * each;
    struct verdict *v = arena_array(c->arena, n + 1, sizeof *v);
    for (size_t i = 0; i < n; i++)
        v[i].r = detect_ears(s.y + i / each * s.n, s.n, s.first + i % each, KINDS[calc_choice(o, "kind")],
                             (size_t)calc_int(o, "baseline"), calc_num(o, "alpha"), calc_num(o, "min_sd"));
    return put_verdicts(c, o, &s, v, false);
}

/* --- detect.fdr ------------------------------------------------------------------------------- */

static const struct calc_field LIST[] = {
    {"p", CALC_COLUMN, "p values; missing: no verdict", .required = true, .min = 0, .max = 1,
     .missing = true},
    {"name", CALC_LABELS, .help = "Name of each, repeated in the answer"},
    ALPHA("0.01"),
    FDR,
    {0},
};

static int run_fdr(struct calc *c, const struct calc_values *o)
{
    const double *p = calc_column(o, "p");
    const char *const *name = calc_labels(o, "name");
    size_t n = calc_rows(c, NULL), alarms = 0;
    struct detect_result *r = arena_array(c->arena, n + 1, sizeof *r);
    double *adjusted = arena_array(c->arena, n + 1, sizeof *adjusted);
    for (size_t i = 0; i < n; i++) {
        r[i] = (struct detect_result){.status = isnan(p[i]) ? STAT_REFUSED : STAT_OK, .p = p[i]};
        alarms += p[i] <= calc_num(o, "alpha");
    }
    size_t found = detect_fdr(c->arena, r, n, calc_num(o, "fdr"), adjusted);
    calc_put_int(c->result, "alarms", (int64_t)alarms);
    calc_put_num(c->result, "expected_false_alarms", detect_false_alarms(r, n, calc_num(o, "alpha")));
    calc_put_int(c->result, "discoveries", (int64_t)found);
    struct calc_table *t = calc_put_table(c->result, "tests");
    for (size_t i = 0; i < n; i++) {
        calc_row(t);
        if (name)
            calc_cell_text(t, "name", name[i]);
        calc_cell_optional(t, "p", p[i]);
        calc_cell_optional(t, "p_adjusted", adjusted[i]);
        calc_cell_bool(t, "discovery", adjusted[i] <= calc_num(o, "fdr"));
    }
    return OK;
}

const struct calc_method calc_methods_detect[] = {
    {"detect.farrington_flexible",
     N_("Counts above what earlier years let expect, with a level for each part of the year"),
     "Noufaily et al. 2013, Stat. Med. 32:1206; Salmon, Schumacher, Hoehle 2016, JSS 70(10)", FLEXIBLE,
     run_flexible, .table = "verdicts"},
    {"detect.farrington", N_("Counts above those of the same weeks in earlier years, as first published"),
     "Farrington, Andrews, Beale, Catchpole 1996, JRSS A 159:547", ORIGINAL, run_original,
     .table = "verdicts"},
    {"detect.ears", N_("Counts above a short baseline: EARS C1, C2, C3"),
     "Hutwagner et al. 2003, J. Urban Health 80:i89", EARS, run_ears, .table = "verdicts"},
    {"detect.fdr", N_("Which of a list of p values to believe, and how many false alarms to expect"),
     "Benjamini, Hochberg 1995, JRSS B 57:289", LIST, run_fdr, .table = "tests"},
    {0},
};
