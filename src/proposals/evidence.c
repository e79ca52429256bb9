/* evidence.c - the figures that a proposal can rest on: what the registry, the surveys, the forecasts and the
 * visits know about a place and what lies above it. A figure is kept by kind and id, with its label as it
 * read that day. */
#include "proposals/pages.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"

struct choices {
    VEC(struct form_choice) list;
    const char *place; /* name of the place that is being read */
};

static void put_choice(struct ctx *cx, struct choices *c, const char *kind, int64_t id, const char *label)
{
    vec_push(cx->arena, &c->list,
             (struct form_choice){arena_printf(cx->arena, "%s:%lld", kind, (long long)id), label});
}

static int put_published(struct ctx *cx, struct choices *c, int64_t place)
{
    struct proposal_observations_list obs;
    TRY(proposal_observations(cx, cx->region_id, place, &obs));
    for (size_t i = 0; i < obs.n; i++) {
        const struct proposal_observations_row *v = &obs.rows[i];
        const char *unit = ctx_pick(cx, v->unit_kk, v->unit_ru, v->unit_en);
        put_choice(cx, c, "observation", v->id,
                   arena_printf(cx->arena, "%s, %s, %s: %s%s%s", registry_name(cx, *v), c->place, v->period,
                                fmt_num(cx, v->value, (int)v->decimals), *unit ? " " : "", unit));
    }
    return OK;
}

static int put_computed(struct ctx *cx, struct choices *c, int64_t place)
{
    struct proposal_estimates_list est;
    struct proposal_forecasts_list fc;
    TRY(proposal_estimates(cx, cx->region_id, place, &est));
    for (size_t i = 0; i < est.n; i++) {
        const struct proposal_estimates_row *e = &est.rows[i];
        put_choice(cx, c, "estimate", e->id,
                   TF(cx, "%s, %s, %s: %s (interval %s to %s)", registry_name(cx, *e), c->place,
                      fmt_quarter(cx, e->period), fmt_percent(cx, e->value.value, 1),
                      e->lower.has ? fmt_percent(cx, e->lower.value, 1) : "–",
                      e->upper.has ? fmt_percent(cx, e->upper.value, 1) : "–"));
    }
    TRY(proposal_forecasts(cx, cx->region_id, place, &fc));
    for (size_t i = 0; i < fc.n; i++)
        put_choice(cx, c, "forecast", fc.rows[i].id,
                   TF(cx, "Forecast of disputes, %s, %s: %s to %s", c->place,
                      fmt_quarter(cx, fc.rows[i].period), fmt_int(cx, fc.rows[i].lower80.value),
                      fc.rows[i].upper80.has ? fmt_int(cx, fc.rows[i].upper80.value) : "–"));
    return OK;
}

static int put_visits(struct ctx *cx, struct choices *c, int64_t place)
{
    struct proposal_visits_list visits;
    TRY(proposal_visits(cx, cx->region_id, place, &visits));
    for (size_t i = 0; i < visits.n; i++)
        put_choice(cx, c, "visit", visits.rows[i].id,
                   TF(cx, "Visit to %s on %s: %s", c->place, fmt_date(cx, visits.rows[i].on_date),
                      visits.rows[i].purpose));
    return OK;
}

/* What the draft rests on already stays on offer, though the figures have gone on since. */
static int put_kept(struct request *rq, struct choices *c)
{
    int64_t id;
    struct proposal_evidence_list_list kept;
    if (!rq_path(rq, "id") || rq_path_id(rq, "id", &id))
        return OK;
    TRY(proposal_evidence_list(rq->cx, rq->cx->region_id, id, &kept));
    for (size_t i = 0; i < kept.n; i++) {
        const char *value =
            arena_printf(rq->cx->arena, "%s:%lld", kept.rows[i].kind, (long long)kept.rows[i].figure_id);
        bool have = false;
        for (size_t k = 0; k < c->list.n && !have; k++)
            have = str_eq(c->list.rows[k].value, value);
        if (!have)
            put_choice(rq->cx, c, kept.rows[i].kind, kept.rows[i].figure_id, kept.rows[i].label);
    }
    return OK;
}

int proposal_figures(struct request *rq, int64_t place, struct form_choices *out)
{
    struct ctx *cx = rq->cx;
    struct choices c = {0};
    struct place_path path;
    const char *today = date_text(cx->arena, date_today(NULL));
    bool whole = place == 0;
    if (whole)
        TRY(registry_region_territory(cx, today, &place));
    TRY(registry_path(cx, place, today, &path));
    for (size_t i = 0; i < path.n; i++) {
        if (!whole && path.steps[i].level <= LEVEL_REGION)
            break;
        c.place = path.steps[i].name;
        TRY(put_computed(cx, &c, path.steps[i].id));
        TRY(put_published(cx, &c, path.steps[i].id));
        TRY(put_visits(cx, &c, path.steps[i].id));
        if (whole)
            break;
    }
    TRY(put_kept(rq, &c));
    *out = (struct form_choices){c.list.rows, c.list.n};
    return OK;
}
