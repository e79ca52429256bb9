/* method_protect_noise.c - the cell key method and rounding of two-way tables (stat/protect_key.h, stat/protect_round.h),
 * for `shanyraq stat`. In documents keys are whole numbers below 2^53, the upper bits of the 64 that are computed with. */
#include "base/arena.h"
#include "calc/method_protect.h"
#include "i18n/i18n.h"
#include "stat/protect_key.h"
#include "stat/protect_round.h"

#include <math.h>

enum { KEY_SHIFT = 11 };

#define KEY_TABLE_FIELDS \
    {"max_change", CALC_INT, "D: the largest change", .fallback = "5", .min = 1, .max = 1000}, \
        {"variance", CALC_NUM, "V: variance of the changes", .fallback = "3", .min = 0, .max = 1e6, .open = true}, \
    { \
        "small", CALC_INT, "js: no result from 1 to it", .fallback = "2", .min = 0, .max = 1000 \
    }

static int make_table(struct calc *c, const struct calc_values *o, struct protect_key_table *t)
{
    *t = protect_key_table(c->arena, calc_int(o, "max_change"), calc_num(o, "variance"), calc_int(o, "small"));
    if (t->status != STAT_REFUSED)
        return OK;
    if (isnan(t->least_variance))
        return calc_wrong(c, o, "small", N_("A count of %lld cannot keep its mean: every change within the limits makes it smaller."),
                          (long long)t->bad_count);
    return calc_wrong(c, o, "variance", N_("The variance of changes of a count of %lld lies between %g and %g."),
                      (long long)t->bad_count, t->least_variance, t->most_variance);
}

/* --- protect.key_table ---------------------------------------------------------------------------------------- */

const struct calc_field CALC_FIELDS_KEY_TABLE[] = {KEY_TABLE_FIELDS, {0}};

int calc_run_key_table(struct calc *c, const struct calc_values *o)
{
    struct protect_key_table k;
    TRY(make_table(c, o, &k));
    struct calc_table *t = calc_put_table(c->result, "probabilities");
    calc_put_int(c->result, "last_count", (int64_t)k.n_rows - 1);
    for (size_t i = 0; i < k.n_rows; i++)
        for (size_t j = 0; j < k.row[i].n; j++) {
            calc_row(t);
            calc_cell_int(t, "count", k.row[i].count);
            calc_cell_int(t, "shown", k.row[i].count + k.row[i].change[j]);
            calc_cell_int(t, "change", k.row[i].change[j]);
            calc_cell_num(t, "p", k.row[i].p[j]);
        }
    struct calc_table *e = calc_put_table(c->result, "rows");
    for (size_t i = 0; i < k.n_rows; i++) {
        calc_row(e);
        calc_cell_int(e, "count", k.row[i].count);
        calc_cell_num(e, "entropy", k.row[i].entropy);
    }
    return OK;
}

/* --- protect.record_keys ----------------------------------------------------------------------------------------- */

const struct calc_source CALC_SOURCES_RECORD_KEYS[] = {
    {"records", "one row a record", true},
    {"secret", "one row with the secret: kept apart, and known to nobody who publishes", true},
    {0},
};
const struct calc_field CALC_FIELDS_RECORD_KEYS[] = {
    {"record", CALC_WHOLES, "Number of the record, the same in all years", .required = true, .min = 0, .max = 9007199254740991},
    {"secret", CALC_WHOLES, "The secret", .required = true, .table = "secret", .min = 0, .max = 9007199254740991},
    {0},
};

int calc_run_record_keys(struct calc *c, const struct calc_values *o)
{
    if (calc_rows(c, "secret") != 1)
        return calc_wrong(c, o, "secret", N_("There must be one secret."));
    uint64_t secret = (uint64_t)calc_wholes(o, "secret")[0];
    struct calc_table *t = calc_put_table(c->result, "keys");
    for (size_t i = 0; i < calc_rows(c, "records"); i++) {
        int64_t record = calc_wholes(o, "record")[i];
        calc_row(t);
        calc_cell_int(t, "record", record);
        calc_cell_int(t, "key", (int64_t)(protect_record_key(secret, (uint64_t)record) >> KEY_SHIFT));
    }
    return OK;
}

/* --- protect.cell_key ------------------------------------------------------------------------------------------------ */

const struct calc_field CALC_FIELDS_CELL_KEY[] = {
    {"row", CALC_CODES, "Row of the record", .required = true, .missing = true},
    {"column", CALC_CODES, "Column of the record", .required = true, .missing = true},
    {"key", CALC_COLUMN, "Key of the record: whole below 2^53, or a fraction below 1", .required = true, .min = 0, .max = 9007199254740991},
    {"keys", CALC_CHOICE, "What the keys are", .fallback = "\"whole\"", .choices = "whole|fraction"},
    KEY_TABLE_FIELDS,
    {0},
};

/* Keys in 64 bits. A fraction is the share of 2^53 that a whole key would be. */
static int read_keys(struct calc *c, const struct calc_values *o, uint64_t *out)
{
    const double *key = calc_column(o, "key");
    bool fraction = calc_choice(o, "keys") == 1;
    int rc = OK;
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        double whole = fraction ? floor(key[i] * 9007199254740992.0) : key[i];
        if (fraction ? key[i] >= 1 : whole != floor(whole))
            rc = calc_wrong_row(c, o, "key", i, fraction ? N_("The key is not below 1.") : N_("The key is not a whole number."));
        else
            out[i] = (uint64_t)whole << KEY_SHIFT;
    }
    return rc;
}

int calc_run_cell_key(struct calc *c, const struct calc_values *o)
{
    const struct calc_codes *row = calc_codes(o, "row"), *col = calc_codes(o, "column");
    size_t n = calc_rows(c, NULL), cells = (row->n + 1) * (col->n + 1);
    struct protect_key_table k;
    TRY(make_table(c, o, &k));
    uint64_t *full = arena_array(c->arena, n + 1, sizeof *full);
    int64_t *count = arena_array(c->arena, cells, sizeof *count), *shown = arena_array(c->arena, cells, sizeof *shown);
    TRY(read_keys(c, o, full));
    protect_key_crosstable(c->arena, &k, n, full, row->code, row->n, col->code, col->n, count, shown);
    struct calc_crosstab x = {.row = row, .col = col, .rows = row->n, .cols = col->n, .width = col->n + 1, .n = cells};
    struct calc_table *t = calc_put_table(c->result, "cells");
    for (size_t i = 0; i < cells; i++) {
        calc_crosstab_row(t, &x, i);
        calc_cell_int(t, "shown", shown[i]);
    }
    return OK;
}

/* --- protect.round ---------------------------------------------------------------------------------------------------- */

const struct calc_field CALC_FIELDS_ROUND[] = {
    {"row", CALC_CODES, "Row of the table", .required = true},
    {"column", CALC_CODES, "Column of the table", .required = true},
    {"count", CALC_WHOLES, "Counts; those of the same row and column are added", .required = true, .min = 0, .max = 1e15},
    {"base", CALC_INT, "Every figure becomes a multiple of it", .fallback = "5", .min = 1, .max = 1e9},
    {"rounding", CALC_CHOICE, "The nearest table, or one drawn at random that keeps every expectation",
     .fallback = "\"nearest\"", .choices = "nearest|unbiased"},
    {"max_nodes", CALC_INT, "Limit of the search for the nearest", .fallback = "100000", .min = 1, .max = 1e9},
    {0},
};

static int round_nearest(struct calc *c, const struct calc_values *o, const struct calc_crosstab *x, int64_t *rounded,
                         bool *found)
{
    double *value = arena_array(c->arena, x->n, sizeof *value);
    for (size_t i = 0; i < x->n; i++)
        value[i] = (double)x->value[i];
    struct protect_system s = protect_system_of_table(c->arena, x->rows, x->cols, value);
    struct protect_rounding r = protect_round_nearest(c->arena, &s, (double)calc_int(o, "base"), 0,
                                                      (size_t)calc_int(o, "max_nodes"), c->run);
    *found = r.status != STAT_REFUSED;
    if (!*found)
        return calc_refuse_all(c, r.reason);
    if (r.status == STAT_FLAG)
        calc_warn(c, N_("The search was cut short: another solution may be better; see the bound."));
    calc_put_num(c->result, "bound", r.bound);
    calc_put_bool(c->result, "optimal", r.status == STAT_OK);
    for (size_t i = 0; i < x->n; i++)
        rounded[i] = (int64_t)r.rounded[i];
    return OK;
}

int calc_run_round(struct calc *c, const struct calc_values *o)
{
    struct calc_crosstab x = calc_crosstab(c, o);
    int64_t *rounded = arena_array(c->arena, x.n, sizeof *rounded);
    if (!x.fits || x.value[x.n - 1] > 9007199254740991)
        return calc_wrong(c, o, "count", N_("The counts add up to more than can be held."));
    if (calc_choice(o, "rounding") == 1) {
        struct rng r = rng_stream(c->seed, "controlled rounding", 0);
        enum stat_reason why = protect_round_unbiased(c->arena, x.rows, x.cols, x.value, calc_int(o, "base"), &r, rounded);
        if (why != STAT_REASON_NONE)
            return calc_refuse_all(c, why);
    } else {
        bool found;
        TRY(round_nearest(c, o, &x, rounded, &found));
        if (!found)
            return OK;
    }
    struct calc_table *t = calc_put_table(c->result, "cells");
    double distance = 0;
    for (size_t i = 0; i < x.n; i++) {
        distance += fabs((double)(rounded[i] - x.value[i]));
        calc_crosstab_row(t, &x, i);
        calc_cell_int(t, "rounded", rounded[i]);
    }
    calc_put_num(c->result, "distance", distance);
    return OK;
}
