/* choose.c - which settlements to visit next: proposed with reasons, decided by a person.
 *
 * Every settlement under attention is looked at. A reason is a plain fact: not visited for so long; in its unit
 * came more disputes than the forecast's 80 % interval held; in its unit fewer people than in the region see
 * relations as friendly (intervals apart); a proposal about the place is overdue. The list is the exact plan (stat/allocate.h) that
 * answers most reasons, and among such reaches those longest without a visit, with one settlement of each unit that has
 * reasons; a share is drawn by lot before, so that the list keeps learning and does not prove itself. Nothing is computed
 * about people or communities. */
#include "quarter/work.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "quarter/choose_sql.h"
#include "quarter/figures_sql.h"
#include "registry/organisation_sql.h"
#include "setting/setting.h"
#include "stat/allocate.h"
#include "stat/rng.h"

#include <math.h>
#include <stdlib.h>

enum { NEVER = 1000, NEVER_WORTH = 80, REST_QUARTERS = 2 };
static const char TREND_INDICATOR[] = "P1"; /* relations seen as friendly */

struct unit_facts {
    bool above;        /* more disputes than the forecast held */
    int64_t observed, upper;
    bool lower_trust;
    double share, region_share;
    int64_t overdue;   /* proposals about the unit */
    bool served;       /* a settlement of it has to be on the list */
};

struct candidate {
    int64_t place;
    int unit;
    int quarters;      /* since the last visit; NEVER: none recorded */
    int64_t overdue;   /* proposals about the place itself */
    int reasons;
    uint64_t lot;      /* breaks ties, the same in every run of this quarter */
    bool chosen, drawn;
};

static int candidate_order(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->reasons != y->reasons)
        return y->reasons - x->reasons;
    if (x->quarters != y->quarters)
        return y->quarters - x->quarters;
    return (x->lot > y->lot) - (x->lot < y->lot);
}

/* Unit by unit: did more come than the last forecast held? */
static int facts_of_counts(struct ctx *cx, const struct quarter_work *w, struct unit_facts *f)
{
    struct score_of_run_list scores;
    TRY(score_of_run(cx, cx->region_id, w->run_id, &scores));
    for (size_t i = 0; i < scores.n; i++) {
        int u = quarter_unit_index(w, scores.rows[i].territory_id);
        if (u < 0 || !scores.rows[i].upper80.has)
            continue;
        f[u].observed = scores.rows[i].observed;
        f[u].upper = scores.rows[i].upper80.value;
        f[u].above = f[u].observed > f[u].upper;
    }
    return OK;
}

static int facts_of_estimates(struct ctx *cx, const struct quarter_work *w, struct unit_facts *f)
{
    struct estimate_of_run_list all;
    TRY(estimate_of_run(cx, cx->region_id, w->run_id, &all));
    const struct estimate_of_run_row *region = NULL;
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.rows[i].indicator_code, TREND_INDICATOR) && all.rows[i].territory_id == w->region_territory)
            region = &all.rows[i];
    for (size_t i = 0; region && region->lower.has && i < all.n; i++) {
        const struct estimate_of_run_row *e = &all.rows[i];
        int u = quarter_unit_index(w, e->territory_id);
        if (u < 0 || !str_eq(e->indicator_code, TREND_INDICATOR) || !e->upper.has)
            continue;
        f[u].lower_trust = e->upper.value < region->lower.value;
        f[u].share = e->value.value;
        f[u].region_share = region->value.value;
    }
    return OK;
}

static int quarters_since(const struct quarter_work *w, const char *day)
{
    struct date d;
    return date_parse(day, &d) ? quarter_index(w->quarter) - quarter_index(quarter_of(d)) : NEVER;
}

static int read_candidates(struct ctx *cx, const struct quarter_work *w, struct unit_facts *f, struct candidate **out, size_t *n)
{
    struct attention_list_list places;
    struct last_visits_list visits;
    struct overdue_proposals_list overdue;
    TRY(attention_list(cx, cx->region_id, w->last_day, &places));
    TRY(last_visits(cx, cx->region_id, w->last_day, &visits));
    TRY(overdue_proposals(cx, cx->region_id, w->last_day, &overdue));
    for (size_t i = 0; i < overdue.n; i++) {
        int u = quarter_unit_index(w, overdue.rows[i].territory_id);
        if (u >= 0)
            f[u].overdue += overdue.rows[i].proposals;
    }
    struct candidate *c = arena_array(cx->arena, places.n, sizeof *c);
    *n = 0;
    for (size_t i = 0; i < places.n; i++) {
        struct candidate *one = &c[*n];
        one->place = places.rows[i].territory_id;
        one->unit = places.rows[i].unit_id.has ? quarter_unit_index(w, places.rows[i].unit_id.value) : -1;
        if (one->unit < 0)
            continue;
        one->quarters = NEVER;
        for (size_t v = 0; v < visits.n; v++)
            if (visits.rows[v].territory_id == one->place)
                one->quarters = quarters_since(w, visits.rows[v].on_date);
        for (size_t v = 0; v < overdue.n; v++)
            if (overdue.rows[v].territory_id == one->place)
                one->overdue = overdue.rows[v].proposals;
        const struct unit_facts *uf = &f[one->unit];
        one->reasons = (one->quarters > REST_QUARTERS) + uf->above + uf->lower_trust + (one->overdue + uf->overdue > 0);
        struct rng r = rng_stream((uint64_t)quarter_index(w->quarter), "visits", (uint64_t)one->place);
        one->lot = rng_u64(&r);
        (*n)++;
    }
    *out = c;
    return OK;
}

/* The reasons as JSON: codes with their figures; pages word them in the reader's language. */
static const char *reason_json(struct ctx *cx, const struct candidate *c, const struct unit_facts *f)
{
    struct buf *out = buf_new(cx->arena, 0);
    struct json_writer w;
    json_begin(&w, out);
    json_arr(&w, NULL);
    if (c->quarters > REST_QUARTERS) {
        json_obj(&w, NULL);
        json_str(&w, "code", c->quarters == NEVER ? "never_visited" : "not_visited");
        if (c->quarters != NEVER)
            json_int(&w, "quarters", c->quarters);
        json_end(&w);
    }
    if (f->above) {
        json_obj(&w, NULL);
        json_str(&w, "code", "above_forecast");
        json_end(&w);
    }
    if (f->lower_trust) {
        json_obj(&w, NULL);
        json_str(&w, "code", "below_region");
        json_num(&w, "share", f->share);
        json_num(&w, "region", f->region_share);
        json_end(&w);
    }
    if (c->overdue + f->overdue > 0) {
        json_obj(&w, NULL);
        json_str(&w, "code", "proposal_overdue");
        json_int(&w, "proposals", c->overdue + f->overdue);
        json_end(&w);
    }
    if (c->drawn) {
        json_obj(&w, NULL);
        json_str(&w, "code", "drawn");
        json_end(&w);
    }
    json_end(&w);
    return out->data;
}

/* What a visit is worth: reasons before all else, then the time without a visit, then the lot. A place without a
 * reason is worth less than any other; where room is left, the lot decides among such. */
static double worth(const struct candidate *c)
{
    double lot = 1 - (double)c->lot / 18446744073709551616.0;
    int quarters = c->quarters < NEVER_WORTH ? c->quarters : NEVER_WORTH;
    return c->reasons ? 1000.0 * c->reasons + 10.0 * (quarters > 0 ? quarters : 0) + lot : 0.5 + lot / 2;
}

/* Units, in the order of their best settlement, get one each as far as the visits reach. */
static void serve_units(const struct candidate *c, size_t n, size_t reasoned, struct unit_facts *f)
{
    for (size_t i = 0; i < n && reasoned > 0; i++)
        if (c[i].reasons && !f[c[i].unit].served) {
            f[c[i].unit].served = true;
            reasoned--;
        }
}

/* Marks the chosen. The plan is small (one kind of visit, so many places) and solved exactly; if it could not be, nothing is
 * proposed rather than something that only looks like the best. */
static void pick(struct ctx *cx, const struct quarter_work *w, struct candidate *c, size_t n, struct unit_facts *f)
{
    size_t places = (size_t)setting_int(cx, "visit.per_quarter");
    double share = setting_num(cx, "visit.random_share");
    size_t by_lot = (size_t)ceil((double)places * share);
    double *gain = arena_array(cx->arena, n + 1, sizeof *gain);
    int32_t *unit = arena_array(cx->arena, n + 1, sizeof *unit);
    int64_t *least = arena_array(cx->arena, w->units.n + 1, sizeof *least);
    serve_units(c, n, places > by_lot ? places - by_lot : 0, f);
    for (size_t i = 0; i < n; i++) {
        gain[i] = worth(&c[i]);
        unit[i] = c[i].unit;
    }
    for (size_t u = 0; u < w->units.n; u++)
        least[u] = f[u].served;
    struct allocate_spec spec = {.n_places = n, .n_kinds = 1, .gain = gain, .budget = INFINITY, .max_visits = (int64_t)places,
                                 .n_districts = w->units.n, .district = unit, .least = least, .random_share = share,
                                 .seed = (uint64_t)quarter_index(w->quarter)};
    struct allocate_plan plan = allocate_visits(cx->arena, &spec);
    if (plan.status != STAT_OK) {
        log_event(LOG_WARN, "quarter.choose", log_text("reason", stat_reason_code(plan.reason)), log_int("places", (int64_t)n));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        c[i].chosen = plan.kind[i] >= 0;
        c[i].drawn = c[i].chosen && (plan.drawn[i] || !c[i].reasons);
    }
}

int quarter_choose(struct ctx *cx, struct quarter_work *w)
{
    struct unit_facts *f = arena_array(cx->arena, w->units.n, sizeof *f);
    struct candidate *c;
    size_t n, position = 0;
    TRY(facts_of_counts(cx, w, f));
    TRY(facts_of_estimates(cx, w, f));
    TRY(read_candidates(cx, w, f, &c, &n));
    qsort(c, n, sizeof *c, candidate_order);
    pick(cx, w, c, n, f);
    for (size_t i = 0; i < n; i++)
        if (c[i].chosen)
            TRY(recommendation_insert(cx, &(struct recommendation_insert_in){.region_id = cx->region_id, .run_id = w->run_id,
                                              .id = quarter_figure_id(STEP_CHOOSE, position++), .territory_id = c[i].place,
                                              .reason = reason_json(cx, &c[i], &f[c[i].unit]), .drawn = c[i].drawn}, NULL));
    return OK;
}
