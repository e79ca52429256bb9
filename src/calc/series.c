/* series.c - rows to series. */
#include "calc/series.h"

#include "base/arena.h"
#include "i18n/i18n.h"

#include <math.h>

/* So many cells without a row are rather a mistyped period. */
enum { MOST_CELLS_A_ROW = 100, MOST_CELLS = 1000 * 1000 };

/* Places of the rows without a column of periods: in order, every series equally long. */
static int place_in_order(struct calc *c, const struct calc_values *o, struct calc_series *s,
                          const int32_t *code, size_t rows, size_t *place)
{
    size_t *length = arena_array(c->arena, s->count + 1, sizeof *length);
    for (size_t i = 0; i < rows; i++)
        place[i] = length[code ? code[i] : 0]++;
    s->n = length[0];
    for (size_t k = 0; k < s->count; k++)
        if (length[k] != s->n)
            return calc_wrong(c, o, "period",
                              N_("The series are not equally long: tell the periods of the rows."));
    s->from = 1;
    return OK;
}

static int place_by_period(struct calc *c, const struct calc_values *o, struct calc_series *s,
                           const int64_t *period, size_t rows, size_t *place)
{
    int64_t low = period[0], high = period[0];
    for (size_t i = 0; i < rows; i++) {
        low = period[i] < low ? period[i] : low;
        high = period[i] > high ? period[i] : high;
    }
    s->from = low;
    s->n = (size_t)(high - low) + 1;
    if (s->n > (MOST_CELLS + MOST_CELLS_A_ROW * rows) / s->count)
        return calc_wrong(c, o, "period",
                          N_("The periods reach from %lld to %lld: too far for so many series."),
                          (long long)low, (long long)high);
    for (size_t i = 0; i < rows; i++)
        place[i] = (size_t)(period[i] - low);
    return OK;
}

int calc_series_read(struct calc *c, const struct calc_values *o, struct calc_series *s)
{
    const struct calc_codes *codes = calc_codes(o, "series");
    const int64_t *y = calc_wholes(o, "y"), *period = calc_wholes(o, "period");
    size_t rows = calc_rows(c, NULL), *place = arena_array(c->arena, rows + 1, sizeof *place);
    int rc = OK;
    *s = (struct calc_series){.count = codes ? codes->n : 1, .name = codes ? codes->name : NULL};
    if (rows == 0)
        return calc_wrong(c, o, "y", N_("There are no rows."));
    TRY(period ? place_by_period(c, o, s, period, rows, place)
               : place_in_order(c, o, s, codes ? codes->code : NULL, rows, place));
    s->y = arena_array(c->arena, s->count * s->n + 1, sizeof *s->y);
    s->row = arena_array(c->arena, s->count * s->n + 1, sizeof *s->row);
    for (size_t i = 0; i < s->count * s->n; i++)
        s->y[i] = s->row[i] = -1;
    for (size_t i = 0; i < rows; i++) {
        size_t at = (codes ? (size_t)codes->code[i] : 0) * s->n + place[i];
        if (s->row[at] >= 0)
            rc = calc_wrong_row(c, o, "period", i, N_("The series has this period already."));
        s->row[at] = (int64_t)i;
        s->y[at] = y[i] == CALC_NO_WHOLE ? -1 : y[i];
    }
    size_t last = (size_t)calc_int(o, "last");
    if (last > s->n)
        return calc_wrong(c, o, "last", N_("There are only %zu periods."), s->n);
    s->first = s->n - last;
    return rc;
}

double *calc_series_column(struct calc *c, const struct calc_values *o, const char *name,
                           const struct calc_series *s)
{
    const double *given = calc_column(o, name);
    if (!given)
        return NULL;
    double *v = arena_array(c->arena, s->count * s->n + 1, sizeof *v);
    for (size_t i = 0; i < s->count * s->n; i++)
        v[i] = s->row[i] >= 0 ? given[s->row[i]] : NAN;
    return v;
}

void calc_series_row(struct calc_table *t, const struct calc_series *s, size_t series, size_t at)
{
    int64_t y = s->y[series * s->n + at];
    calc_row(t);
    if (s->name)
        calc_cell_text(t, "series", s->name[series]);
    calc_cell_int(t, "period", s->from + (int64_t)at);
    calc_cell_optional(t, "y", y >= 0 ? (double)y : NAN);
}
