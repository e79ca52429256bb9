/* allocate.c - the plan of visits: a 0-1 programme, and the lots before it. */
#include "stat/allocate.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/lp.h"
#include "stat/num.h"
#include "stat/rng.h"

struct model {
    const struct allocate_spec *spec;
    struct lp *lp;
    size_t *column; /* by place and kind; SIZE_MAX: no such visit */
    size_t n_columns;
};

static size_t at(const struct allocate_spec *s, size_t place, size_t kind)
{
    return place * s->n_kinds + kind;
}

static bool rests(const struct allocate_spec *s, size_t place)
{
    return s->rest && s->rest[place];
}

static double cost_at(const struct allocate_spec *s, size_t i)
{
    return s->cost ? s->cost[i] : 0;
}

/* --- the programme --------------------------------------------------------------------------------------- */

struct row {
    uint32_t *column;
    double *coef;
    size_t n;
};

static void add(struct row *r, size_t column, double coef)
{
    if (column == SIZE_MAX)
        return;
    r->column[r->n] = (uint32_t)column;
    r->coef[r->n++] = coef;
}

static void end_row(struct model *m, struct row *r, double low, double high)
{
    if (isfinite(low) || isfinite(high))
        lp_add_row(m->lp, low, high, r->column, r->coef, r->n);
    r->n = 0;
}

static double limit(const int64_t *x, size_t i)
{
    return x && x[i] >= 0 ? (double)x[i] : INFINITY;
}

static void add_districts(struct model *m, struct row *r)
{
    const struct allocate_spec *s = m->spec;
    for (size_t d = 0; d < s->n_districts && s->district; d++) {
        for (size_t i = 0; i < s->n_places; i++)
            for (size_t k = 0; k < s->n_kinds && s->district[i] == (int32_t)d; k++)
                add(r, m->column[at(s, i, k)], 1);
        double least = s->least && s->least[d] > 0 ? (double)s->least[d] : -INFINITY;
        end_row(m, r, least, limit(s->most, d));
    }
}

static void model_open(struct arena *a, const struct allocate_spec *s, const double *gain, struct model *m)
{
    size_t n = s->n_places * s->n_kinds;
    *m = (struct model){.spec = s, .lp = lp_new()};
    m->column = arena_array(a, n + 1, sizeof *m->column);
    struct row r = {arena_array(a, n + 1, sizeof *r.column), arena_array(a, n + 1, sizeof *r.coef), 0};
    for (size_t i = 0; i < n; i++) {
        m->column[i] = SIZE_MAX;
        if (isnan(s->gain[i]) || rests(s, i / s->n_kinds))
            continue;
        m->column[i] = lp_add_column(m->lp, 0, 1, gain[i]);
        lp_binary(m->lp, m->column[i]);
    }
    for (size_t i = 0; i < s->n_places; i++) {
        for (size_t k = 0; k < s->n_kinds; k++)
            add(&r, m->column[at(s, i, k)], 1);
        end_row(m, &r, s->due && s->due[i] ? 1 : -INFINITY, 1);
    }
    for (size_t k = 0; k < s->n_kinds; k++) {
        for (size_t i = 0; i < s->n_places; i++)
            add(&r, m->column[at(s, i, k)], 1);
        end_row(m, &r, -INFINITY, limit(s->capacity, k));
    }
    for (size_t i = 0; i < n; i++)
        add(&r, m->column[i], cost_at(s, i));
    end_row(m, &r, -INFINITY, s->budget);
    for (size_t i = 0; i < n; i++)
        add(&r, m->column[i], 1);
    end_row(m, &r, -INFINITY, s->max_visits >= 0 ? (double)s->max_visits : INFINITY);
    add_districts(m, &r);
}

static bool makes_sense(const struct allocate_spec *s)
{
    for (size_t i = 0; i < s->n_places * s->n_kinds; i++) {
        if (!isnan(s->gain[i]) && !(s->gain[i] >= 0 && isfinite(s->gain[i])))
            return false;
        if (!isnan(s->gain[i]) && !(cost_at(s, i) >= 0 && isfinite(cost_at(s, i))))
            return false;
    }
    for (size_t i = 0; i < s->n_places; i++)
        if (s->district && s->district[i] >= (int64_t)s->n_districts)
            return false;
    return s->budget >= 0 && s->random_share >= 0 && s->random_share <= 1;
}

/* --- solving ---------------------------------------------------------------------------------------------- */

struct solution {
    struct lp_integer found;
    size_t n_visits;
};

/* Optimum of the programme as it stands; kind[] where there is one. */
static struct solution solve(struct model *m, int32_t *kind)
{
    const struct allocate_spec *s = m->spec;
    struct lp_limits limits = {.max_nodes = s->max_nodes, .run = s->run};
    struct solution out = {.found = lp_solve_integer(m->lp, true, &limits)};
    bool good = out.found.status == LP_OPTIMAL || out.found.status == LP_FEASIBLE;
    for (size_t i = 0; good && i < s->n_places; i++) {
        kind[i] = -1;
        for (size_t k = 0; k < s->n_kinds; k++) {
            size_t c = m->column[at(s, i, k)];
            if (c != SIZE_MAX && lp_integer_value(m->lp, c) > 0.5)
                kind[i] = (int32_t)k;
        }
        out.n_visits += kind[i] >= 0;
    }
    return out;
}

static bool solved(const struct solution *s)
{
    return s->found.status == LP_OPTIMAL || s->found.status == LP_FEASIBLE;
}

/* --- the lots --------------------------------------------------------------------------------------------- */

struct urn {
    size_t n, next;      /* places in the order of their lots */
    size_t *place;
    int32_t *kind;       /* of the visit that the lot means */
    size_t *drawn;       /* positions in place[] that were drawn */
    size_t n_drawn;
};

/* Everything that could be visited and is not due anyway, in random order, with a random kind each. */
static void fill_urn(struct arena *a, const struct model *m, struct urn *u)
{
    const struct allocate_spec *s = m->spec;
    u->place = arena_array(a, s->n_places + 1, sizeof *u->place);
    u->kind = arena_array(a, s->n_places + 1, sizeof *u->kind);
    u->drawn = arena_array(a, s->n_places + 1, sizeof *u->drawn);
    int32_t *possible = arena_array(a, s->n_kinds + 1, sizeof *possible);
    for (size_t i = 0; i < s->n_places; i++)
        for (size_t k = 0; k < s->n_kinds && !(s->due && s->due[i]); k++)
            if (m->column[at(s, i, k)] != SIZE_MAX) {
                u->place[u->n++] = i;
                break;
            }
    struct rng r = rng_stream(s->seed, "allocate", 0);
    rng_shuffle(&r, u->place, u->n);
    for (size_t j = 0; j < u->n; j++) {
        uint64_t n = 0;
        for (size_t k = 0; k < s->n_kinds; k++)
            if (m->column[at(s, u->place[j], k)] != SIZE_MAX)
                possible[n++] = (int32_t)k;
        struct rng own = rng_stream(s->seed, "allocate kind", u->place[j]);
        u->kind[j] = possible[rng_below(&own, n)];
    }
}

static size_t column_of(const struct model *m, const struct urn *u, size_t j)
{
    return m->column[at(m->spec, u->place[j], (size_t)u->kind[j])];
}

/* Draws until n are drawn; a lot that leaves no plan at all is put aside. */
static void draw(struct model *m, struct urn *u, size_t n)
{
    for (; u->n_drawn < n && u->next < u->n; u->next++) {
        size_t column = column_of(m, u, u->next);
        lp_set_column(m->lp, column, 1, 1);
        if (lp_solve(m->lp, true) == LP_OPTIMAL)
            u->drawn[u->n_drawn++] = u->next;
        else
            lp_set_column(m->lp, column, 0, 1);
    }
}

static size_t wanted(double share, size_t visits)
{
    return (size_t)ceil(share * (double)visits - 1e-9);
}

/* Lots first, then the best plan around them, until the share holds for the plan's own size. */
static struct solution solve_with_lots(struct arena *a, struct model *m, struct urn *u, size_t visits, int32_t *kind)
{
    struct solution best = {.n_visits = visits};
    fill_urn(a, m, u);
    for (;;) {
        draw(m, u, wanted(m->spec->random_share, best.n_visits));
        best = solve(m, kind);
        if (best.found.status == LP_INFEASIBLE && u->n_drawn > 0) { /* fractions could, whole visits cannot */
            lp_set_column(m->lp, column_of(m, u, u->drawn[--u->n_drawn]), 0, 1);
            best = solve(m, kind);
        }
        if (!solved(&best) || u->next >= u->n || u->n_drawn >= wanted(m->spec->random_share, best.n_visits))
            return best;
    }
}

static void describe(const struct allocate_spec *s, const struct solution *best, const struct urn *u,
                     struct allocate_plan *out)
{
    struct num_sum gain = {0, 0}, cost = {0, 0};
    for (size_t i = 0; i < s->n_places; i++)
        if (out->kind[i] >= 0) {
            num_add(&gain, s->gain[at(s, i, (size_t)out->kind[i])]);
            num_add(&cost, cost_at(s, at(s, i, (size_t)out->kind[i])));
        }
    for (size_t j = 0; j < u->n_drawn; j++)
        out->drawn[u->place[u->drawn[j]]] = 1;
    out->n_visits = best->n_visits;
    out->n_drawn = u->n_drawn;
    out->gain = num_total(gain);
    out->cost = num_total(cost);
    out->bound = best->found.status == LP_OPTIMAL ? out->gain : fmax(best->found.bound, out->gain);
    out->gap = out->bound > 0 ? (out->bound - out->gain) / out->bound : 0;
    out->share = out->n_visits ? (double)out->n_drawn / (double)out->n_visits : 0;
    out->status = best->found.status == LP_OPTIMAL ? STAT_OK : STAT_FLAG;
    out->reason = best->found.status == LP_OPTIMAL ? STAT_REASON_NONE : STAT_REASON_NOT_CONVERGED;
}

static void refuse(const struct allocate_spec *s, struct allocate_plan *out, enum stat_reason why)
{
    for (size_t i = 0; i < s->n_places; i++)
        out->kind[i] = -1;
    memset(out->drawn, 0, s->n_places);
    out->status = STAT_REFUSED;
    out->reason = why;
    out->gain = out->cost = out->bound = out->gap = out->gain_without_lots = out->share = NAN;
    out->n_visits = out->n_drawn = 0;
}

static enum stat_reason why_not(enum lp_status status, const struct stat_run *run)
{
    if (status == LP_INFEASIBLE)
        return STAT_REASON_INFEASIBLE;
    return status == LP_STOPPED && !stat_go_on(run, 0, 0) ? STAT_REASON_STOPPED : STAT_REASON_NOT_CONVERGED;
}

/* The lots were drawn with the search's own limits; a caller who stopped meanwhile gets no half plan. */
struct allocate_plan allocate_visits(struct arena *a, const struct allocate_spec *spec)
{
    struct allocate_plan out = {0};
    struct model m;
    struct urn u = {0};
    out.kind = arena_array(a, spec->n_places + 1, sizeof *out.kind);
    out.drawn = arena_array(a, spec->n_places + 1, 1);
    if (!makes_sense(spec)) {
        refuse(spec, &out, STAT_REASON_INVALID);
        return out;
    }
    model_open(a, spec, spec->gain, &m);
    struct solution best = solve(&m, out.kind);
    size_t nodes = best.found.nodes;
    double without = best.found.objective;
    if (solved(&best) && spec->random_share > 0) {
        best = solve_with_lots(a, &m, &u, best.n_visits, out.kind);
        nodes += best.found.nodes;
    }
    lp_free(m.lp);
    if (!solved(&best)) {
        refuse(spec, &out, why_not(best.found.status, spec->run));
        return out;
    }
    describe(spec, &best, &u, &out);
    out.nodes = nodes;
    out.gain_without_lots = spec->random_share > 0 ? without : out.gain;
    if (!stat_go_on(spec->run, 1, 1))
        refuse(spec, &out, STAT_REASON_STOPPED);
    return out;
}

/* --- stability ---------------------------------------------------------------------------------------------- */

struct stability {
    const struct allocate_spec *spec;
    const struct allocate_plan *plan;
    double spread;
    uint8_t *chosen; /* by run and place */
    uint8_t *failed; /* by run */
};

static void one_run(void *arg, size_t run, unsigned thread)
{
    struct stability *st = arg;
    struct allocate_spec s = *st->spec;
    struct arena *a = arena_new((size_t)1 << 30);
    double *gain = arena_array(a, s.n_places * s.n_kinds + 1, sizeof *gain);
    int32_t *kind = arena_array(a, s.n_places + 1, sizeof *kind);
    struct model m;
    (void)thread;
    s.run = NULL; /* the caller is asked between runs */
    for (size_t i = 0; i < s.n_places; i++) {
        struct rng r = rng_stream(s.seed, "allocate stability", run * s.n_places + i);
        double factor = 1 + st->spread * (2 * rng_uniform(&r) - 1);
        for (size_t k = 0; k < s.n_kinds; k++)
            gain[at(&s, i, k)] = s.gain[at(&s, i, k)] * factor;
    }
    model_open(a, &s, gain, &m);
    for (size_t i = 0; i < s.n_places; i++)
        if (st->plan->drawn[i])
            lp_set_column(m.lp, m.column[at(&s, i, (size_t)st->plan->kind[i])], 1, 1);
    struct solution found = solve(&m, kind);
    st->failed[run] = !solved(&found);
    for (size_t i = 0; i < s.n_places && !st->failed[run]; i++)
        st->chosen[run * s.n_places + i] = kind[i] >= 0;
    lp_free(m.lp);
    arena_free(a);
}

enum stat_reason allocate_stability(struct arena *a, const struct allocate_spec *spec, const struct allocate_plan *plan,
                                    size_t n_runs, double spread, double *chosen)
{
    size_t n = spec->n_places;
    struct stability st = {.spec = spec, .plan = plan, .spread = spread};
    if (!makes_sense(spec) || !(spread >= 0 && spread < 1) || n_runs == 0)
        return STAT_REASON_INVALID;
    st.chosen = arena_array(a, n_runs * n + 1, 1);
    st.failed = arena_array(a, n_runs + 1, 1);
    for (size_t i = 0; i < n; i++)
        chosen[i] = NAN;
    if (plan->status == STAT_REFUSED)
        return plan->reason;
    if (!stat_parallel(spec->run, n_runs, one_run, &st))
        return STAT_REASON_STOPPED;
    for (size_t r = 0; r < n_runs; r++)
        if (st.failed[r])
            return STAT_REASON_INFEASIBLE;
    for (size_t i = 0; i < n; i++) {
        size_t times = 0;
        for (size_t r = 0; r < n_runs; r++)
            times += st.chosen[r * n + i];
        chosen[i] = (double)times / (double)n_runs;
    }
    return STAT_REASON_NONE;
}
