/* survey_allocate.c - whole numbers of respondents for every stratum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/survey_plan.h"

struct job {
    struct arena *a;
    const struct survey_allocate_spec *sp;
    int64_t *n, *least, *most;
    double *share; /* what the numbers should be proportional to */
    int64_t all_least, all_most;
};

static double at(const double *v, size_t h)
{
    return v ? v[h] : 1;
}

static double cost_of(const struct job *j, const int64_t *n)
{
    struct num_sum s = {0, 0};
    for (size_t h = 0; h < j->sp->strata; h++)
        num_add(&s, (double)n[h] * at(j->sp->cost, h));
    return num_total(s);
}

static double population_of(const struct survey_allocate_spec *sp)
{
    return num_sum_array(sp->population, sp->strata);
}

/* Variance of the mean. */
static double variance_of(const struct job *j, const int64_t *n)
{
    const struct survey_allocate_spec *sp = j->sp;
    struct num_sum s = {0, 0};
    double all = population_of(sp);
    for (size_t h = 0; h < sp->strata; h++) {
        double w = sp->population[h] / all, sd = at(sp->sd, h);
        if (sd > 0 && n[h] < sp->population[h])
            num_add(&s, w * w * sd * sd * (1 / (double)n[h] - 1 / sp->population[h]));
    }
    return num_total(s);
}

static bool set_bounds(struct job *j)
{
    const struct survey_allocate_spec *sp = j->sp;
    if (sp->strata == 0 || (sp->size > 0) + (sp->budget > 0) + (sp->se > 0) != 1 || sp->minimum < 0)
        return false;
    for (size_t h = 0; h < sp->strata; h++) {
        double size = sp->population[h], sd = at(sp->sd, h), mean = at(sp->mean, h);
        if (!(size >= 1 && size < 1e15) || !(sd >= 0) || !isfinite(sd) || !(at(sp->cost, h) > 0) ||
            (sp->kind == SURVEY_ALLOCATE_POWER && !(mean > 0)))
            return false;
        j->most[h] = (int64_t)floor(size);
        j->least[h] = sp->minimum > 1 ? sp->minimum : 1; /* an empty stratum would leave the mean unknown */
        if (j->least[h] > j->most[h])
            j->least[h] = j->most[h];
        j->all_least += j->least[h];
        j->all_most += j->most[h];
        switch (sp->kind) {
        case SURVEY_ALLOCATE_NEYMAN:
            j->share[h] = size * sd;
            break;
        case SURVEY_ALLOCATE_COST:
            j->share[h] = size * sd / sqrt(at(sp->cost, h));
            break;
        case SURVEY_ALLOCATE_POWER:
            j->share[h] = pow(size * mean, sp->power) * sd / mean;
            break;
        default:
            j->share[h] = sp->kind == SURVEY_ALLOCATE_EQUAL ? 1 : size;
        }
    }
    return true;
}

struct rest {
    double rest;
    size_t h;
};

static int by_rest(const void *pa, const void *pb)
{
    const struct rest *a = pa, *b = pb;
    if (a->rest != b->rest)
        return a->rest > b->rest ? -1 : 1;
    return (a->h > b->h) - (a->h < b->h);
}

/* total over the strata in proportion to share, within the bounds; whole numbers by largest remainders. */
static void spread(struct job *j, int64_t total)
{
    size_t strata = j->sp->strata, left = strata;
    uint8_t *fixed = arena_array(j->a, strata, 1);
    struct rest *r = arena_array(j->a, strata, sizeof *r);
    double *want = arena_array(j->a, strata, sizeof *want);
    for (bool again = true; again && left;) {
        double shares = 0, free_total = (double)total, over = 0;
        for (size_t h = 0; h < strata; h++) {
            shares += fixed[h] ? 0 : j->share[h];
            free_total -= fixed[h] ? (double)j->n[h] : 0;
        }
        /* Those pushed up by their bound and those held down: the larger side is fixed first. */
        for (size_t h = 0; h < strata; h++) {
            want[h] = fixed[h] ? (double)j->n[h] : shares > 0 ? free_total * j->share[h] / shares : 0;
            if (!fixed[h])
                over += fmax(want[h] - (double)j->most[h], 0) - fmax((double)j->least[h] - want[h], 0);
        }
        again = false;
        for (size_t h = 0; h < strata; h++) {
            bool high = !fixed[h] && over >= 0 && want[h] > (double)j->most[h];
            bool low = !fixed[h] && over <= 0 && want[h] < (double)j->least[h];
            if (!high && !low)
                continue;
            j->n[h] = high ? j->most[h] : j->least[h];
            fixed[h] = 1;
            left--;
            again = true;
        }
    }
    int64_t given = 0;
    for (size_t h = 0; h < strata; h++) {
        if (!fixed[h])
            j->n[h] = (int64_t)floor(want[h] * (1 + 1e-15));
        if (j->n[h] < j->least[h])
            j->n[h] = j->least[h];
        r[h] = (struct rest){want[h] - (double)j->n[h], h};
        given += j->n[h];
    }
    qsort(r, strata, sizeof *r, by_rest);
    for (size_t k = 0; given < total; k = (k + 1) % strata)
        if (j->n[r[k].h] < j->most[r[k].h]) {
            j->n[r[k].h]++;
            given++;
        }
    for (size_t k = strata; given > total; k = k > 1 ? k - 1 : strata)
        if (j->n[r[k - 1].h] > j->least[r[k - 1].h]) {
            j->n[r[k - 1].h]--;
            given--;
        }
}

/* --- one interview after the other ---------------------------------------------------------------------- */

struct gain {
    double gain;
    size_t h;
};

/* What one more interview in h takes off the variance of the total, per unit of what is scarce. */
static double gain_of(const struct job *j, size_t h)
{
    const struct survey_allocate_spec *sp = j->sp;
    double n = (double)j->n[h], ns = sp->population[h] * at(sp->sd, h);
    double by = sp->kind == SURVEY_ALLOCATE_COST ? at(sp->cost, h) : 1;
    return j->n[h] >= j->most[h] ? -1 : ns * ns / (n * (n + 1)) / by;
}

static bool before(struct gain a, struct gain b)
{
    return a.gain > b.gain || (a.gain == b.gain && a.h < b.h);
}

static void sink(struct gain *heap, size_t n, size_t i)
{
    for (size_t k; (k = 2 * i + 1) < n; i = k) {
        if (k + 1 < n && before(heap[k + 1], heap[k]))
            k++;
        if (!before(heap[k], heap[i]))
            return;
        struct gain t = heap[i];
        heap[i] = heap[k];
        heap[k] = t;
    }
}

/* From the least numbers upwards, always where it helps most, until the target is met. */
static bool greedy(struct job *j)
{
    const struct survey_allocate_spec *sp = j->sp;
    size_t strata = sp->strata;
    struct gain *heap = arena_array(j->a, strata, sizeof *heap);
    memcpy(j->n, j->least, strata * sizeof *j->n);
    for (size_t h = 0; h < strata; h++)
        heap[h] = (struct gain){gain_of(j, h), h};
    for (size_t i = strata / 2; i-- > 0;)
        sink(heap, strata, i);
    int64_t total = j->all_least;
    double money = cost_of(j, j->n), all = population_of(sp), target = sp->se * sp->se;
    double variance = variance_of(j, j->n);
    if (sp->budget > 0 && money > sp->budget)
        return false;
    for (;;) {
        size_t h = heap[0].h;
        bool met = sp->size > 0 ? (double)total >= sp->size : sp->se > 0 && variance <= target;
        if (met || heap[0].gain < 0 || total == j->all_most)
            break;
        double price = at(sp->cost, h);
        if (sp->budget > 0 && money + price > sp->budget * (1 + 1e-12)) {
            heap[0].gain = -1; /* another stratum may still be cheap enough */
            sink(heap, strata, 0);
            continue;
        }
        double n = (double)j->n[h], ns = sp->population[h] / all * at(sp->sd, h);
        variance -= ns * ns / (n * (n + 1));
        money += price;
        j->n[h]++;
        total++;
        heap[0].gain = gain_of(j, h);
        sink(heap, strata, 0);
    }
    return sp->budget > 0 || (sp->size > 0 ? (double)total >= sp->size : variance_of(j, j->n) <= target * (1 + 1e-9));
}

/* The largest total within the budget, or the smallest that is precise enough. */
static bool search(struct job *j)
{
    const struct survey_allocate_spec *sp = j->sp;
    if (sp->size > 0) {
        double size = ceil(sp->size);
        if (size < (double)j->all_least || size > (double)j->all_most)
            return false;
        spread(j, (int64_t)size);
        return true;
    }
    int64_t low = j->all_least, high = j->all_most;
    while (low < high) {
        int64_t mid = sp->budget > 0 ? low + (high - low + 1) / 2 : low + (high - low) / 2;
        spread(j, mid);
        bool past = sp->budget > 0 ? cost_of(j, j->n) > sp->budget * (1 + 1e-12) : variance_of(j, j->n) <= sp->se * sp->se;
        if (past)
            high = sp->budget > 0 ? mid - 1 : mid;
        else
            low = sp->budget > 0 ? mid : mid + 1;
    }
    spread(j, low);
    return sp->budget > 0 ? cost_of(j, j->n) <= sp->budget * (1 + 1e-12) : variance_of(j, j->n) <= sp->se * sp->se * (1 + 1e-9);
}

/* The errors to compare with: in proportion, and simple random. */
static void compare(const struct job *j, struct survey_allocated *out)
{
    const struct survey_allocate_spec *sp = j->sp;
    double all = population_of(sp), n = (double)out->total, within = 0, between = 0, mean = 0;
    for (size_t h = 0; h < sp->strata; h++)
        mean += sp->population[h] / all * at(sp->mean, h);
    for (size_t h = 0; h < sp->strata; h++) {
        double w = sp->population[h] / all, sd = at(sp->sd, h), m = at(sp->mean, h) - mean;
        within += w * sd * sd;
        between += w * m * m;
    }
    double left = fmax(1 - n / all, 0);
    out->se_proportional = sqrt(within * left / n);
    out->deff = out->se * out->se / ((within + between) * left / n);
}

struct survey_allocated survey_allocate(struct arena *a, const struct survey_allocate_spec *sp)
{
    struct survey_allocated out = {.se = NAN, .se_proportional = NAN, .deff = NAN, .cost = NAN};
    size_t strata = sp->strata;
    struct job j = {.a = a, .sp = sp, .n = arena_array(a, strata + 1, sizeof *j.n),
                    .least = arena_array(a, strata + 1, sizeof *j.least),
                    .most = arena_array(a, strata + 1, sizeof *j.most),
                    .share = arena_array(a, strata + 1, sizeof *j.share)};
    if (!set_bounds(&j)) {
        out.reason = STAT_REASON_INVALID;
        return out;
    }
    bool one_by_one = sp->kind == SURVEY_ALLOCATE_NEYMAN || (sp->kind == SURVEY_ALLOCATE_COST && !(sp->size > 0));
    if (sp->size > 0 && ceil(sp->size) < (double)j.all_least) {
        out.reason = STAT_REASON_INFEASIBLE;
        return out;
    }
    if (!(one_by_one ? greedy(&j) : search(&j))) {
        out.reason = STAT_REASON_INFEASIBLE;
        return out;
    }
    out.n = j.n;
    for (size_t h = 0; h < strata; h++)
        out.total += j.n[h];
    out.cost = cost_of(&j, j.n);
    out.se = sqrt(variance_of(&j, j.n));
    compare(&j, &out);
    return out;
}
