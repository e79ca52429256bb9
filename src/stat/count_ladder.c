/* count_ladder.c - how forecasts did in the past, and which step of the ladder the data carry. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/count_inner.h"

/* A step is tried in the past with three quarters of the periods it needs now. */
static size_t origin_needs(size_t periods)
{
    return periods - periods / 4;
}

const char *count_step_code(enum count_step s)
{
    static const char *const codes[] = {"counts", "eb", "hhh4", "full"};
    return (unsigned)s < sizeof codes / sizeof *codes ? codes[s] : "unknown";
}

/* --- the past --- */

struct past {
    size_t n, origins;
    size_t *origin; /* the periods that every simple method could forecast */
    double *log_score[COUNT_METHODS];
    int32_t *period;
};

static void score_forecast(const struct count_view *v, size_t t, const struct count_forecast *f,
                           struct count_record *rec, double *log_score)
{
    static const double level[3] = {0.5, 0.8, 0.95};
    for (size_t i = 0; i < v->p->n_places; i++) {
        double y = count_view_y(v, i, t);
        struct score_count s = score_negbin(y, f->mean[i], f->size[i]);
        double *cover[3] = {&rec->cover50, &rec->cover80, &rec->cover95};
        for (int k = 0; k < 3; k++) {
            double lo, hi;
            count_forecast_interval(f->mean[i], f->size[i], level[k], &lo, &hi);
            *cover[k] += y >= lo && y <= hi;
        }
        rec->log_score += s.log;
        rec->rps += s.rps;
        rec->dss += s.dss;
        log_score[i] = s.log;
        rec->n++;
    }
}

/* The simple methods. An origin counts only if every one made a forecast: the pairs must be fair. */
static void score_past(struct count_view *v, size_t first, struct past *past, struct count_record *rec)
{
    struct count_forecast f = count_forecast_new(v->a, v->p->n_places);
    size_t n = v->p->n_places;
    for (size_t t = first; t < v->p->n_periods; t++) {
        enum stat_reason failed = STAT_REASON_NONE;
        struct count_record before[COUNT_METHODS];
        memcpy(before, rec, sizeof before);
        for (int m = 0; m < COUNT_HHH4 && !failed; m++) {
            failed = count_forecast_from(v, t, (enum count_method)m, &f);
            if (!failed)
                score_forecast(v, t, &f, &rec[m], past->log_score[m] + past->n);
            rec[m].origins++;
            rec[m].fitted++;
        }
        if (failed) {
            memcpy(rec, before, sizeof before);
            continue;
        }
        for (size_t i = 0; i < n; i++)
            past->period[past->n + i] = (int32_t)t;
        past->origin[past->origins++] = t;
        past->n += n;
    }
}

/* What stands, lowest step first. */
struct chain {
    size_t n;
    enum count_method method[COUNT_METHODS];
    size_t needs[COUNT_METHODS]; /* periods of an origin */
};

/* By the highest step that can, of the lowest n. */
static void forecast_by(struct count_view *v, size_t t, const struct chain *c, size_t n,
                        struct count_forecast *f)
{
    for (size_t k = n; k-- > 0;)
        if (t >= c->needs[k] && !count_forecast_from(v, t, c->method[k], f))
            return;
}

/* Fits of one step to the past, a period a task. */
struct step_fits {
    const struct count_view *v;
    const struct past *past;
    const struct chain *chain;
    struct count_forecast *f; /* by origin */
    bool *fitted;
};

static void fit_task(void *arg, size_t k, unsigned thread)
{
    struct step_fits *s = arg;
    size_t top = s->chain->n - 1, t = s->past->origin[k];
    (void)thread;
    s->fitted[k] =
        t >= s->chain->needs[top] && !count_hhh4_from(s->v, t, s->chain->method[top], &s->f[k]);
}

/* The past by the highest step of the chain; false: stopped. */
static bool score_step(struct count_view *v, const struct chain *c, const struct stat_run *run,
                       struct past *past, struct count_record *rec)
{
    enum count_method m = c->method[c->n - 1];
    struct count_record *r = &rec[m];
    struct step_fits s = {v, past, c, arena_array(v->a, past->origins + 1, sizeof *s.f),
                          arena_array(v->a, past->origins + 1, sizeof *s.fitted)};
    for (size_t k = 0; k < past->origins; k++)
        s.f[k] = count_forecast_new(v->a, v->p->n_places);
    if (!stat_parallel(run, past->origins, fit_task, &s))
        return false;
    for (size_t k = 0; k < past->origins; k++) {
        if (!s.fitted[k])
            forecast_by(v, past->origin[k], c, c->n - 1, &s.f[k]);
        r->fitted += s.fitted[k];
        r->origins++;
        score_forecast(v, past->origin[k], &s.f[k], r, past->log_score[m] + k * v->p->n_places);
    }
    return true;
}

static void finish_means(struct count_record *rec)
{
    for (int m = 0; m < COUNT_METHODS; m++) {
        struct count_record *r = &rec[m];
        double n = (double)r->n; /* none: NAN */
        double *mean[] = {&r->log_score, &r->rps, &r->dss, &r->cover50, &r->cover80, &r->cover95};
        r->method = (enum count_method)m;
        for (size_t k = 0; k < sizeof mean / sizeof *mean; k++)
            *mean[k] /= n;
    }
}

static void compare_records(struct arena *a, const struct past *past, double level, struct count_ladder *out)
{
    out->proven = true;
    for (int m = 0; m < COUNT_METHODS; m++) {
        struct count_record *r = &out->record[m];
        r->against = (struct score_comparison){.status = STAT_REFUSED, .reason = STAT_REASON_EMPTY};
        if (r->n)
            r->against = score_compare(a, past->n, past->log_score[m], past->log_score[out->method],
                                       past->period, 1, level);
        if (m <= COUNT_LAST && r->against.better != 1)
            out->proven = false;
    }
}

static double mean_score(const struct past *past, enum count_method m)
{
    double sum = 0;
    for (size_t k = 0; k < past->n; k++)
        sum += past->log_score[m][k];
    return sum / (double)past->n;
}

/* Whether the data are there for a step, and what its origins need. */
static enum stat_reason step_allowed(const struct count_panel *p, const struct count_rules *r, int64_t events,
                                     enum count_method m, size_t *needs)
{
    size_t periods = r->hhh4_periods;
    if (m == COUNT_HHH4_SEASON) { /* no season under two full years */
        size_t years = (size_t)ceil(2 * p->periods_per_year);
        if (!(p->periods_per_year >= 3))
            return STAT_REASON_FEW_PERIODS;
        periods = years > periods ? years : periods;
    }
    if (m == COUNT_HHH4_FULL)
        periods = r->full_periods;
    *needs = origin_needs(periods);
    if (p->n_periods < periods)
        return STAT_REASON_FEW_PERIODS;
    return events < r->hhh4_events ? STAT_REASON_FEW_EVENTS : STAT_REASON_NONE;
}

/* Climbs from empirical Bayes as far as the past says; false: stopped. */
static bool climb(struct count_view *v, const struct count_rules *r, int64_t events, struct past *past,
                  struct chain *c, struct count_record *rec)
{
    for (int m = COUNT_HHH4; m < COUNT_METHODS; m++) {
        struct count_forecast f = count_forecast_new(v->a, v->p->n_places);
        enum count_method below = c->method[c->n - 1];
        size_t needs = 0;
        rec[m].why_not = r->no_hhh4 ? STAT_REASON_FEW_PERIODS
                                    : step_allowed(v->p, r, events, (enum count_method)m, &needs);
        if (rec[m].why_not)
            continue;
        c->method[c->n] = (enum count_method)m;
        c->needs[c->n++] = needs;
        if (!score_step(v, c, r->run, past, rec))
            return false;
        if (rec[m].fitted < 2)
            rec[m].why_not = STAT_REASON_NOT_CONVERGED;
        else if (!(mean_score(past, (enum count_method)m) < mean_score(past, below)))
            rec[m].why_not = STAT_REASON_NOT_BETTER;
        else if (count_forecast_from(v, v->p->n_periods, (enum count_method)m, &f))
            rec[m].why_not = STAT_REASON_NOT_CONVERGED;
        c->n -= rec[m].why_not != STAT_REASON_NONE;
    }
    return true;
}

/* --- the ladder --- */

static void counts_only(struct arena *a, const struct count_panel *p, struct count_ladder *out)
{
    size_t n = p->n_places;
    out->count_lower = arena_array(a, n + 1, sizeof(double));
    out->count_upper = arena_array(a, n + 1, sizeof(double));
    out->place = arena_array(a, n + 1, sizeof *out->place);
    for (size_t i = 0; i < n; i++) {
        count_poisson_interval(p->y[i * p->n_periods + p->n_periods - 1], out->level, &out->count_lower[i],
                               &out->count_upper[i]);
        out->place[i] = (struct count_place_forecast){NAN, NAN, NAN, NAN, NAN};
    }
    out->total_mean = out->total_lower = out->total_upper = out->kappa = NAN;
}

static void fill_forecast(struct count_view *v, struct count_ladder *out)
{
    struct count_forecast f = count_forecast_new(v->a, v->p->n_places);
    out->reason = count_forecast_from(v, v->p->n_periods, out->method, &f);
    if (out->reason)
        return;
    double mean = 0, var = 0;
    for (size_t i = 0; i < v->p->n_places; i++) {
        struct count_place_forecast *pf = &out->place[i];
        *pf = (struct count_place_forecast){.mean = f.mean[i], .size = f.size[i], .expected_own = f.own[i]};
        count_forecast_interval(pf->mean, pf->size, out->level, &pf->lower, &pf->upper);
        mean += pf->mean;
        var += pf->mean + pf->mean * (pf->mean / pf->size);
    }
    /* The sum of the places, independent given their rates, by its first two moments. */
    double size = var > mean * (1 + 1e-12) ? mean * mean / (var - mean) : INFINITY;
    out->total_mean = mean;
    count_forecast_interval(mean, size, out->level, &out->total_lower, &out->total_upper);
    out->kappa = f.kappa;
    out->status = STAT_OK;
    out->step = out->method == COUNT_HHH4_FULL ? COUNT_STEP_FULL
                : out->method >= COUNT_HHH4    ? COUNT_STEP_HHH4
                                               : COUNT_STEP_EB;
}

static struct count_rules with_defaults(const struct count_rules *rules)
{
    struct count_rules r = rules ? *rules : (struct count_rules){0};
    r.min_events = r.min_events ? r.min_events : 12;
    r.min_periods = r.min_periods ? r.min_periods : 4;
    r.first_origin = r.first_origin ? r.first_origin : 3;
    r.level = r.level > 0 ? r.level : 0.95;
    r.hhh4_events = r.hhh4_events ? r.hhh4_events : 100;
    r.hhh4_periods = r.hhh4_periods ? r.hhh4_periods : 8;
    r.full_periods = r.full_periods ? r.full_periods : 104;
    r.max_origins = r.max_origins ? r.max_origins : 52;
    return r;
}

struct count_ladder count_ladder(struct arena *a, const struct count_panel *p,
                                 const struct count_rules *rules)
{
    struct count_rules r = with_defaults(rules);
    struct count_ladder out = {.status = STAT_REFUSED, .method = COUNT_EB_OVER, .level = r.level};
    int64_t events = 0;
    out.reason = count_panel_check(p);
    if (out.reason)
        return out;
    for (size_t k = 0; k < p->n_places * p->n_periods; k++)
        events += p->y[k];
    counts_only(a, p, &out);
    if (p->n_periods < r.min_periods || p->n_periods <= r.first_origin)
        out.reason = STAT_REASON_FEW_PERIODS;
    else if (events < r.min_events)
        out.reason = STAT_REASON_FEW_EVENTS;
    if (out.reason)
        return out;
    struct count_view v = count_view_new(a, p);
    size_t first =
        p->n_periods > r.max_origins + r.first_origin ? p->n_periods - r.max_origins : r.first_origin;
    size_t most = p->n_places * (p->n_periods - first) + 1;
    struct past past = {.period = arena_array(a, most, sizeof(int32_t)),
                        .origin = arena_array(a, p->n_periods + 1, sizeof(size_t))};
    for (int m = 0; m < COUNT_METHODS; m++)
        past.log_score[m] = arena_array(a, most, sizeof(double));
    score_past(&v, first, &past, out.record);
    out.reason = past.n ? STAT_REASON_NONE : STAT_REASON_FEW_EVENTS;
    if (out.reason)
        return out;
    struct chain chain = {1, {COUNT_EB_OVER}, {0}};
    if (!climb(&v, &r, events, &past, &chain, out.record)) {
        out.reason = STAT_REASON_STOPPED;
        return out;
    }
    out.method = chain.method[chain.n - 1];
    finish_means(out.record);
    compare_records(a, &past, out.level, &out);
    for (int m = 0; m <= COUNT_LAST; m++)
        if (!(out.record[out.method].log_score < out.record[m].log_score)) {
            out.reason = STAT_REASON_NOT_BETTER;
            return out;
        }
    fill_forecast(&v, &out);
    return out;
}
