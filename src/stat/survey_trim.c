/* survey_trim.c - cuts weights to bounds and redistributes. */
#include "stat/survey_trim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/survey_design.h"

enum { MOST_ROUNDS = 1000 };

struct trim {
    struct arena *a;
    const struct survey_design *d;
    const struct survey_trim_options *o;
    double *w, *upper;           /* upper: by cell */
    size_t n_cells;
    double *lost, *others, *count; /* by cell */
};

static size_t cell_of(const struct trim *t, size_t i)
{
    return t->o->cell ? (size_t)t->o->cell[i] : 0;
}

static int by_size(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

/* upper as so many medians of each cell's positive weights. */
static void median_bounds(struct trim *t)
{
    double *v = arena_array(t->a, t->d->n + 1, sizeof *v);
    for (size_t c = 0; c < t->n_cells; c++) {
        size_t m = 0;
        for (size_t i = 0; i < t->d->n; i++)
            if (t->w[i] > 0 && cell_of(t, i) == c)
                v[m++] = t->w[i];
        qsort(v, m, sizeof *v, by_size);
        if (m)
            t->upper[c] = t->o->upper_medians * (v[(m - 1) / 2] + v[m / 2]) / 2;
    }
}

static double spread_of(const double *w, size_t n)
{
    struct num_sum s = {0, 0}, q = {0, 0};
    double m = 0;
    for (size_t i = 0; i < n; i++)
        if (w[i] > 0) {
            num_add(&s, w[i]);
            m++;
        }
    double mean = num_total(s) / m;
    for (size_t i = 0; i < n; i++)
        if (w[i] > 0)
            num_add(&q, (w[i] - mean) * (w[i] - mean));
    return sqrt(num_total(q) / m) / mean;
}

/* May weight i be given (or, with a negative amount, spared) some of its cell's? Strictly: only while inside. */
static bool has_part(const struct trim *t, size_t i, double amount)
{
    if (!t->o->strict)
        return true;
    return amount > 0 ? t->w[i] < t->upper[cell_of(t, i)] : t->w[i] > t->o->lower;
}

/* Gives what each cell lost to its others. False: a cell has none. */
static bool give(struct trim *t, const uint8_t *was)
{
    memset(t->others, 0, t->n_cells * sizeof *t->others);
    memset(t->count, 0, t->n_cells * sizeof *t->count);
    for (size_t i = 0; i < t->d->n; i++) {
        size_t c = cell_of(t, i);
        if (t->w[i] > 0 && !was[i] && has_part(t, i, t->lost[c])) {
            t->others[c] += t->w[i];
            t->count[c]++;
        }
    }
    for (size_t c = 0; c < t->n_cells; c++)
        if (t->lost[c] != 0 && t->count[c] == 0)
            return false;
    for (size_t i = 0; i < t->d->n; i++) {
        size_t c = cell_of(t, i);
        if (!(t->w[i] > 0) || was[i] || t->lost[c] == 0 || !has_part(t, i, t->lost[c]))
            continue;
        if (t->o->spread == SURVEY_SPREAD_EQUAL)
            t->w[i] += t->lost[c] / t->count[c];
        else
            t->w[i] *= 1 + t->lost[c] / t->others[c];
    }
    return true;
}

/* One round: how many weights were outside; -1: what was cut finds nobody. */
static int64_t one_round(struct trim *t, struct survey_trimmed *told, bool first)
{
    int64_t outside = 0;
    uint8_t *was = arena_array(t->a, t->d->n + 1, 1);
    memset(t->lost, 0, t->n_cells * sizeof *t->lost);
    for (size_t i = 0; i < t->d->n; i++) {
        size_t c = cell_of(t, i);
        double from = t->w[i], to = fmin(fmax(from, t->o->lower), t->upper[c]);
        /* The last digits of an earlier round are not worth another one. */
        if (!(from > 0) || fabs(from - to) <= 1e-14 * from)
            continue;
        was[i] = 1;
        outside++;
        if (first)
            *(to < from ? &told->cut : &told->raised) += 1;
        if (first && to < from)
            told->moved += from - to;
        t->lost[c] += from - to;
        t->w[i] = to;
    }
    return outside && t->o->spread != SURVEY_SPREAD_NONE && !give(t, was) ? -1 : outside;
}

/* In every cell the upper bound must leave room for its sum. */
static bool has_room(const struct trim *t)
{
    double *sum = arena_array(t->a, t->n_cells, sizeof *sum), *most = arena_array(t->a, t->n_cells, sizeof *most);
    for (size_t i = 0; i < t->d->n; i++)
        if (t->w[i] > 0) {
            size_t c = cell_of(t, i);
            sum[c] += t->w[i];
            most[c] += t->upper[c];
        }
    for (size_t c = 0; c < t->n_cells; c++)
        if (sum[c] > most[c] * (1 + 1e-12))
            return false;
    return true;
}

enum stat_reason survey_trim(struct arena *a, const struct survey_design *base,
                             const struct survey_trim_options *o, struct survey_design **out,
                             struct survey_trimmed *told)
{
    struct survey_trimmed ignored;
    struct trim t = {.a = a, .d = base, .o = o, .n_cells = o->cell ? o->n_cells : 1};
    told = told ? told : &ignored;
    *told = (struct survey_trimmed){0};
    *out = NULL;
    if (base->calibration || t.n_cells == 0 || !(o->lower >= 0) || !(o->upper >= 0) || !(o->upper_medians >= 0))
        return STAT_REASON_INVALID;
    for (size_t i = 0; i < base->n && o->cell; i++)
        if (o->cell[i] < 0 || (size_t)o->cell[i] >= o->n_cells)
            return STAT_REASON_INVALID;
    t.w = arena_array(a, base->n + 1, sizeof *t.w);
    t.upper = arena_array(a, t.n_cells, sizeof *t.upper);
    t.lost = arena_array(a, t.n_cells, sizeof *t.lost);
    t.others = arena_array(a, t.n_cells, sizeof *t.others);
    t.count = arena_array(a, t.n_cells, sizeof *t.count);
    memcpy(t.w, base->weight, base->n * sizeof *t.w);
    for (size_t c = 0; c < t.n_cells; c++)
        t.upper[c] = o->upper > 0 ? o->upper : INFINITY;
    if (o->upper_medians > 0)
        median_bounds(&t);
    for (size_t c = 0; c < t.n_cells; c++)
        if (o->lower > t.upper[c])
            return STAT_REASON_INVALID;
    if (o->strict && o->spread != SURVEY_SPREAD_NONE && !has_room(&t))
        return STAT_REASON_NOT_CONVERGED;
    told->cv_before = spread_of(t.w, base->n);
    int64_t outside = 1;
    for (told->rounds = 0; outside > 0 && told->rounds < (o->strict ? MOST_ROUNDS : 1); told->rounds++)
        outside = one_round(&t, told, told->rounds == 0);
    bool negative = false; /* raising many small weights by the same amounts taken off the others */
    for (size_t i = 0; i < base->n; i++)
        negative |= !(t.w[i] >= 0);
    if (outside < 0 || (o->strict && outside > 0) || negative)
        return STAT_REASON_NOT_CONVERGED;
    told->cv_after = spread_of(t.w, base->n);
    struct survey_design *d = arena_alloc(a, sizeof *d);
    *d = *base;
    d->weight = t.w;
    *out = d;
    return STAT_REASON_NONE;
}
