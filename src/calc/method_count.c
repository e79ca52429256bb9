/* method_count.c - counts of events (stat/count.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "calc/method.h"
#include "stat/count.h"

#include <math.h>

/* --- count.interval -------------------------------------------------------------------------------- */

static const struct calc_field INTERVAL[] = {
    {"y", CALC_WHOLES, "Counts of events", .required = true, .min = 0, .max = 1e15},
    {"exposure", CALC_COLUMN, "What the counts come from (persons, person-years): rates are given too", .min = 0, .max = INFINITY,
     .open = true},
    {"name", CALC_LABELS, .help = "Name of each count, repeated in the answer"},
    {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true},
    {"per", CALC_NUM, "Rates are per so many units of exposure", .fallback = "1", .min = 0, .max = INFINITY, .open = true},
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

const struct calc_method calc_methods_count[] = {
    {"count.interval", "Exact interval of a Poisson mean from a count", "Garwood 1936, Biometrika 28:437", INTERVAL,
     run_interval, .table = "intervals"},
    {0},
};
