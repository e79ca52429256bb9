/* scan_replicate.c - Monte Carlo of the scan: maps without clusters, and the largest ratio of each.
 *
 * Only the last `length` periods are drawn, case by case. A replicate's largest ratio hardly
 * depends on almost any zone, so SCAN_REPS replicates are searched at once for counts that beat a
 * floor, which all but a few replicates exceed; those few are searched again in full. The figures
 * are the same as those of scan_find_best(). */
#include <stdlib.h>
#include <string.h>

#include "stat/parallel.h"
#include "stat/rng.h"
#include "stat/scan_inner.h"

enum { SCAN_REPS = 16, PILOT = 4, KEPT_THRESHOLDS = 16 << 20, NO_COUNT = 32767 };

/* One cell of the alias method: with chance share the cell itself (to[1]), else another one (to[0]). */
struct alias {
    double share;
    uint32_t to[2];
};

struct plan {
    const struct scan *s;
    size_t cells;             /* places x length: cell place * length + l is l periods before the last one */
    double *cell;             /* expected or persons of the window's cells, then of everything else */
    struct alias *alias;
    uint32_t *case_place;     /* PERMUTATION: the place of every case */
    size_t n_cases;
    size_t *by_period;        /* PERMUTATION: cases of each period of the window, the last one first */
    double floor;             /* ratio that a zone must exceed */
    double *critical;         /* count -> the largest expectation with which it exceeds the floor */
    size_t n_critical;
    int32_t *kept;            /* thresholds of all zones, NULL where they are too many to keep */
    size_t largest_zone;
    double *out;
};

/* What one thread needs. */
struct scratch {
    int32_t *drawn;           /* cells x SCAN_REPS counts, then as many bytes in the lanes' layout */
    void *counts, *sums;
    int64_t *tree;            /* BERNOULLI; also of multinomial draws */
    uint32_t *shuffled;       /* PERMUTATION */
    int32_t *threshold;       /* of one centre */
    size_t *at;
    double *expected;         /* by length */
    double *single, *sum;     /* for the full search of one replicate */
    double best[SCAN_REPS];
};

/* --- thresholds ------------------------------------------------------------------------------- */

/* Thresholds of centre i by walking up the critical expectations as the zone grows. */
static void walk_thresholds(const struct plan *p, size_t i, struct scratch *w, int32_t *out)
{
    const struct scan *s = p->s;
    size_t first = (size_t)s->o.min_cases;
    for (size_t l = 0; l < s->length; l++) {
        w->expected[l] = 0;
        w->at[l] = first;
    }
    for (size_t k = s->start[i]; k < s->start[i + 1]; k++) {
        const double *e = s->expected + s->near[k] * s->length;
        for (size_t l = 0; l < s->length; l++) {
            double sum = w->expected[l] += e[l];
            size_t c = w->at[l];
            while (c < p->n_critical && p->critical[c] <= sum)
                c++;
            w->at[l] = c;
            *out++ = (int32_t)c;
        }
    }
}

static const int32_t *zone_thresholds(const struct plan *p, size_t i, struct scratch *w)
{
    if (p->kept)
        return p->kept + p->s->start[i] * p->s->length;
    walk_thresholds(p, i, w, w->threshold);
    return w->threshold;
}

/* Expected of the zone of centre i up to its neighbour k, over l + 1 periods: summed in the same order as
 * everywhere, for the same bits. */
static double zone_expected(const struct scan *s, size_t i, size_t k, size_t l)
{
    double e = 0;
    for (size_t j = s->start[i]; j <= k; j++)
        e += s->expected[s->near[j] * s->length + l];
    return e;
}

#define SCAN_VECTOR_(name) name##_vector
#define SCAN_VECTOR(name) SCAN_VECTOR_(name)

#define SCAN_LANE_NAME search_16
#define SCAN_LANE_TYPE int16_t
#define SCAN_SPLAT(x) {x, x, x, x, x, x, x, x}
#include "stat/scan_lanes.inc"

#define SCAN_LANE_NAME search_32
#define SCAN_LANE_TYPE int32_t
#define SCAN_SPLAT(x) {x, x, x, x}
#include "stat/scan_lanes.inc"

/* The largest expectation with which c cases exceed the floor: the ratio falls with the expectation, so by
 * false position between bounds, and a little more than the root so that no zone is missed. */
static double critical_expectation(const struct plan *p, double c, double from, double most)
{
    const struct scan *s = p->s;
    double low = from, high = most, at_low = scan_ratio(s, c, low) - p->floor, at_high;
    if (!(at_low > 0))
        return from;
    at_high = scan_ratio(s, c, high) - p->floor;
    if (at_high > 0)
        return most;
    for (int it = 0, side = 0; it < 100 && high - low > 1e-12 * high; it++) {
        double mid = (low * at_high - high * at_low) / (at_high - at_low);
        if (!(mid > low && mid < high) || it > 60)
            mid = (low + high) / 2;
        double v = scan_ratio(s, c, mid) - p->floor;
        if (v > 0) {
            low = mid;
            at_low = v;
            at_high /= side == 1 ? 2 : 1;
            side = 1;
        } else {
            high = mid;
            at_high = v;
            at_low /= side == -1 ? 2 : 1;
            side = -1;
        }
    }
    return high * (1 + 1e-12);
}

/* Critical expectations up to the count that even the zone with the largest expectation may exceed. */
static void find_critical(struct arena *a, struct plan *p)
{
    const struct scan *s = p->s;
    double most = 0, last = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->start[i + 1] > s->start[i])
            most = fmax(most, zone_expected(s, i, s->start[i + 1] - 1, s->length - 1));
    most *= 1 + 1e-9; /* against the rounding of sums */
    size_t cap = 1024, n = 0;
    double *critical = malloc(cap * sizeof *critical);
    for (; critical && last < most; n++) {
        if (n == cap)
            critical = realloc(critical, (cap *= 2) * sizeof *critical);
        if (!critical)
            break;
        double c = (double)n, high = s->o.model == SCAN_BERNOULLI ? most : fmin(most, c);
        if (s->o.model != SCAN_EXPECTATION && c > s->total)
            break;
        if (c >= 1 && high > last)
            last = critical_expectation(p, c, fmax(last, c * 1e-12), high);
        critical[n] = last;
    }
    if (!critical)
        die("out of memory");
    arena_defer(a, free, critical);
    p->critical = critical;
    p->n_critical = n;
}

struct keeping {
    const struct plan *p;
    struct scratch *w;
    int32_t *kept;
};

static void keep_thresholds(void *arg, size_t task, unsigned thread)
{
    const struct keeping *k = arg;
    const struct scan *s = k->p->s;
    for (size_t i = task * 64; i < s->n && i < (task + 1) * 64; i++)
        walk_thresholds(k->p, i, &k->w[thread], k->kept + s->start[i] * s->length);
}

/* --- maps without clusters -------------------------------------------------------------------- */

/* Walker 1977 (ACM TOMS 3:253): a draw from any distribution by one number and two look-ups. */
static void build_alias(struct arena *a, struct plan *p)
{
    size_t n = p->cells, low = 0, high = n;
    uint32_t *list = arena_array(a, n + 1, sizeof *list);
    double sum = 0;
    p->alias = arena_array(a, n + 1, sizeof *p->alias);
    for (size_t c = 0; c < n; c++)
        sum += p->cell[c];
    for (size_t c = 0; c < n; c++) {
        p->alias[c] = (struct alias){sum > 0 ? p->cell[c] * (double)n / sum : 1, {(uint32_t)c, (uint32_t)c}};
        if (p->alias[c].share < 1)
            list[low++] = (uint32_t)c;
        else
            list[--high] = (uint32_t)c;
    }
    while (low > 0 && high < n) {
        uint32_t small = list[--low], large = list[high];
        p->alias[small].to[0] = large;
        p->alias[large].share -= 1 - p->alias[small].share;
        if (p->alias[large].share < 1) {
            high++;
            list[low++] = large;
        }
    }
}

/* Without a branch: half of the choices could not be foreseen by the processor. */
static inline size_t draw_cell(const struct plan *p, struct rng *r)
{
    double u = rng_uniform(r) * (double)p->cells;
    size_t c = (size_t)u;
    c = c < p->cells ? c : p->cells - 1;
    const struct alias *one = &p->alias[c];
    return one->to[u - (double)c < one->share];
}

/* Cases among persons without replacement: each draw finds its cell in a tree of the persons left
 * (Fenwick 1994), tree[k] holding the sum of the lowbit(k) cells up to k. The last cell is all that lies
 * outside the window. */
static void draw_persons(const struct plan *p, struct rng *r, int32_t *drawn, int64_t *tree)
{
    size_t top = 1, n = p->cells + 1;
    int64_t left = 0;
    memset(tree, 0, (n + 1) * sizeof *tree);
    for (size_t k = 1; k <= n; k++) {
        int64_t people = (int64_t)p->cell[k - 1];
        left += people;
        tree[k] += people;
        if (k + (k & -k) <= n)
            tree[k + (k & -k)] += tree[k];
    }
    while (top * 2 <= n)
        top *= 2;
    for (int64_t c = (int64_t)p->s->total; c > 0 && left > 0; c--, left--) {
        int64_t u = (int64_t)rng_below(r, (uint64_t)left);
        size_t at = 0;
        for (size_t step = top; step > 0; step /= 2)
            if (at + step <= n && tree[at + step] <= u) {
                at += step;
                u -= tree[at];
            }
        drawn[at]++;
        for (size_t k = at + 1; k <= n; k += k & -k)
            tree[k]--;
    }
}

/* The periods of the cases are shuffled; only who falls into the window's periods matters. */
static void draw_periods(const struct plan *p, struct rng *r, int32_t *drawn, uint32_t *cases)
{
    size_t at = 0;
    memcpy(cases, p->case_place, p->n_cases * sizeof *cases);
    for (size_t l = 0; l < p->s->length; l++)
        for (size_t k = 0; k < p->by_period[l]; k++, at++) {
            size_t pick = at + (size_t)rng_below(r, p->n_cases - at);
            uint32_t place = cases[pick];
            cases[pick] = cases[at];
            drawn[place * p->s->length + l]++;
        }
}

/* drawn[cells + 1]: cases by place and periods before the last one; the last cell may hold those outside. */
static void draw_map(const struct plan *p, uint64_t replicate, int32_t *drawn, struct scratch *w)
{
    const struct scan *s = p->s;
    struct rng r = rng_stream(s->o.seed, "scan", replicate);
    memset(drawn, 0, (p->cells + 1) * sizeof *drawn);
    if (s->o.model == SCAN_BERNOULLI) {
        draw_persons(p, &r, drawn, w->tree);
        return;
    }
    if (s->o.model == SCAN_PERMUTATION) {
        draw_periods(p, &r, drawn, w->shuffled);
        return;
    }
    /* All of the window's cases first: Poisson, or binomial of the total; then where each one lies. */
    int64_t events = s->o.model == SCAN_EXPECTATION ? rng_poisson(&r, s->window)
                     : s->length == s->m->n_periods ? (int64_t)s->total
                         : rng_binomial(&r, (int64_t)s->total, s->window / s->total);
    if (events > 16 * (int64_t)p->cells) {
        rng_multinomial(&r, events, p->cell, p->cells, w->tree);
        for (size_t c = 0; c < p->cells; c++)
            drawn[c] = (int32_t)w->tree[c];
        return;
    }
    for (int64_t k = 0; k < events; k++)
        drawn[draw_cell(p, &r)]++;
}

/* --- searching -------------------------------------------------------------------------------- */

/* One map by the search of the observed one. */
static double search_single(const struct plan *p, const int32_t *drawn, struct scratch *w)
{
    size_t length = p->s->length;
    for (size_t i = 0; i < p->s->n; i++) {
        double sum = 0;
        for (size_t l = 0; l < length; l++)
            w->single[i * length + l] = sum += drawn[i * length + l];
    }
    return scan_find_best(p->s, w->single, NULL, w->sum, NULL).llr;
}

/* Puts the maps side by side as sums over the last 1 .. length periods. Returns the most cases of a place. */
static int64_t lay_out(const struct plan *p, size_t n, struct scratch *w, bool wide)
{
    size_t length = p->s->length;
    int64_t most = 0;
    for (size_t i = 0; i < p->s->n; i++)
        for (size_t r = 0; r < SCAN_REPS; r++) {
            int64_t sum = 0;
            for (size_t l = 0; l < length; l++) {
                size_t at = (i * length + l) * SCAN_REPS + r;
                sum += r < n ? w->drawn[r * (p->cells + 1) + i * length + l] : 0;
                if (wide)
                    ((int32_t *)w->counts)[at] = (int32_t)sum;
                else
                    ((int16_t *)w->counts)[at] = (int16_t)sum;
            }
            most = sum > most ? sum : most;
        }
    return most;
}

static void search_task(void *arg, size_t task, unsigned thread)
{
    void **args = arg;
    const struct plan *p = args[0];
    struct scratch *w = (struct scratch *)args[1] + thread;
    size_t from = task * SCAN_REPS, all = (size_t)p->s->o.replicates;
    size_t n = all - from < SCAN_REPS ? all - from : SCAN_REPS;
    for (size_t r = 0; r < n; r++)
        draw_map(p, from + r, w->drawn + r * (p->cells + 1), w);
    memset(w->best, 0, sizeof w->best);
    /* No zone can hold more than its places times the most cases of a place. */
    if (p->s->o.one_by_one) {
        /* nothing found: all of them in full */
    } else if (lay_out(p, n, w, false) * (int64_t)p->largest_zone < NO_COUNT && p->n_critical < NO_COUNT) {
        search_16(p, w);
    } else {
        lay_out(p, n, w, true);
        search_32(p, w);
    }
    for (size_t r = 0; r < n; r++)
        p->out[from + r] =
            w->best[r] > p->floor ? w->best[r] : search_single(p, w->drawn + r * (p->cells + 1), w);
}

/* --- preparation ------------------------------------------------------------------------------ */

static void *room(struct arena *a, size_t n, size_t size)
{
    void *memory = aligned_alloc(64, (n * size + 128) / 64 * 64);
    if (!memory)
        die("out of memory");
    arena_defer(a, free, memory); /* as large as the map: not within the arena's ceiling */
    return memory;
}

static void prepare_cells(struct arena *a, struct plan *p)
{
    const struct scan *s = p->s;
    size_t periods = s->m->n_periods, used = 0;
    p->cells = s->n * s->length;
    p->cell = arena_array(a, p->cells + 1, sizeof *p->cell);
    for (size_t i = 0; i < s->n; i++)
        for (size_t t = 0; t < periods; t++) {
            size_t l = periods - 1 - t;
            p->cell[l < s->length ? i * s->length + l : p->cells] += s->cell[i * periods + t];
        }
    for (size_t i = 0; i < s->n; i++)
        p->largest_zone = s->start[i + 1] - s->start[i] > p->largest_zone ? s->start[i + 1] - s->start[i]
                                                                         : p->largest_zone;
    if (s->o.model == SCAN_POISSON || s->o.model == SCAN_EXPECTATION)
        build_alias(a, p);
    if (s->o.model != SCAN_PERMUTATION)
        return;
    p->n_cases = (size_t)s->total;
    p->case_place = room(a, p->n_cases, sizeof *p->case_place);
    p->by_period = arena_array(a, s->length, sizeof *p->by_period);
    for (size_t i = 0; i < s->n; i++)
        for (size_t t = 0; t < periods; t++) {
            size_t cases = (size_t)s->m->cases[i * periods + t], l = periods - 1 - t;
            if (l < s->length)
                p->by_period[l] += cases;
            for (size_t k = 0; k < cases; k++)
                p->case_place[used++] = (uint32_t)i;
        }
}

static void prepare_scratch(struct arena *a, const struct plan *p, struct scratch *w)
{
    size_t length = p->s->length;
    w->drawn = room(a, (p->cells + 1) * SCAN_REPS, sizeof(int32_t));
    w->counts = room(a, p->cells * SCAN_REPS, sizeof(int32_t));
    w->sums = room(a, length * SCAN_REPS, sizeof(int32_t));
    w->tree = room(a, p->cells + 2, sizeof(int64_t));
    w->shuffled = room(a, p->n_cases, sizeof(uint32_t));
    w->threshold = room(a, p->largest_zone * length, sizeof(int32_t));
    w->at = room(a, length, sizeof(size_t));
    w->expected = room(a, length, sizeof(double));
    w->single = room(a, p->cells, sizeof(double));
    w->sum = room(a, 2 * length, sizeof(double));
}

/* A floor below nearly every replicate's largest ratio: from the first few, in full. */
static void find_floor(struct plan *p, struct scratch *w)
{
    double least = INFINITY;
    for (int r = 0; r < PILOT && r < p->s->o.replicates; r++) {
        draw_map(p, (uint64_t)r, w->drawn, w);
        least = fmin(least, search_single(p, w->drawn, w));
    }
    p->floor = 0.7 * least;
}

bool scan_replicates(struct arena *a, const struct stat_run *run, const struct scan *s, double *out)
{
    struct plan p = {.s = s, .out = out};
    unsigned threads = run && run->threads > 1 ? run->threads : 1;
    struct scratch *w = arena_array(a, threads, sizeof *w);
    prepare_cells(a, &p);
    for (unsigned t = 0; t < threads; t++)
        prepare_scratch(a, &p, &w[t]);
    find_floor(&p, &w[0]);
    find_critical(a, &p);
    struct stat_run quiet = {.threads = threads};
    size_t zones = s->start[s->n] * s->length;
    if (zones <= KEPT_THRESHOLDS) {
        struct keeping k = {&p, w, room(a, zones, sizeof(int32_t))};
        stat_parallel(&quiet, (s->n + 63) / 64, keep_thresholds, &k);
        p.kept = k.kept;
    }
    void *args[] = {&p, w};
    return stat_parallel(run, ((size_t)s->o.replicates + SCAN_REPS - 1) / SCAN_REPS, search_task, args);
}
