/* rules.c - what happens to visits and recommendations: the transactions, and the reasons in words. */
#include "visits/rules.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "db/audit.h"
#include "db/db.h"
#include "i18n/i18n.h"

#include <string.h>

const char *visit_state_name(struct ctx *cx, const char *state)
{
    return str_eq(state, "planned")     ? T(cx, N_("planned"))
           : str_eq(state, "done")      ? T(cx, N_("took place"))
           : str_eq(state, "cancelled") ? T(cx, N_("cancelled"))
           : str_eq(state, "due")       ? T(cx, N_("the day has come"))
                                        : state;
}

const char *visit_href(struct ctx *cx, int64_t id)
{
    return arena_printf(cx->arena, "/visits/%s", id_text(cx->arena, id));
}

static const char *reason_text(struct ctx *cx, const struct json *r)
{
    const char *code = json_get_str(r, "code", "");
    if (str_eq(code, "never_visited"))
        return T(cx, N_("No visit was recorded by the end of the quarter."));
    if (str_eq(code, "not_visited"))
        return TN(cx, "Not visited for %lld quarter.", "Not visited for %lld quarters.",
                  json_get_int(r, "quarters", 0));
    if (str_eq(code, "above_forecast"))
        return T(cx, N_("More disputes came in the district than the forecast's interval held."));
    if (str_eq(code, "below_region"))
        return TF(cx, N_("In the district %s see relations as friendly, in the region %s."),
                  fmt_percent(cx, json_get_num(r, "share", 0), 0),
                  fmt_percent(cx, json_get_num(r, "region", 0), 0));
    if (str_eq(code, "proposal_overdue"))
        return TN(cx, "The answer to %lld proposal about it is overdue.",
                  "The answers to %lld proposals about it are overdue.", json_get_int(r, "proposals", 0));
    return str_eq(code, "drawn") ? T(cx, N_("Drawn by lot, so that quiet places are seen too.")) : NULL;
}

int visit_reasons_of(struct ctx *cx, const char *json, struct visit_reasons *out)
{
    const struct json *list;
    VEC(const char *) texts = {0};
    TRY(json_parse(cx, json, strlen(json), 0, &list));
    for (size_t i = 0; list->type == JSON_IS_ARRAY && i < list->n; i++) {
        const char *text = reason_text(cx, &list->items[i]);
        if (text)
            vec_push(cx->arena, &texts, text);
    }
    *out = (struct visit_reasons){texts.rows, texts.n};
    return OK;
}

/* --- changes --- */

static int note(struct ctx *cx, const char *action, int64_t id)
{
    return audit_append(cx, action, arena_printf(cx->arena, "visit/%s", id_text(cx->arena, id)), "");
}

static int check_day(struct ctx *cx, const char *day)
{
    struct date d;
    return date_parse(day, &d) ? OK
                               : fail(cx, ERR_INVALID, "\"%s\" is not a date (YYYY-MM-DD).", day ? day : "");
}

struct plan_job {
    const struct visit_new *v;
    int64_t id, run_id, recommendation; /* recommendation 0: of one's own accord */
    const char *decision, *note;
};

static int plan_tx(struct ctx *cx, void *arg)
{
    struct plan_job *j = arg;
    struct visit_same_row same;
    bool found = false;
    TRY(visit_same(cx,
                   &(struct visit_same_in){cx->region_id, j->v->territory_id, j->v->on_date, j->v->purpose},
                   &same, &found));
    if (found && !j->recommendation) {
        j->id = same.id;
        return OK;
    }
    j->id = db_new_id();
    TRY(visit_insert(
        cx,
        &(struct visit_insert_in){.region_id = cx->region_id,
                                  .id = j->id,
                                  .territory_id = j->v->territory_id,
                                  .on_date = j->v->on_date,
                                  .purpose = j->v->purpose,
                                  .summary = "",
                                  .state = "planned",
                                  .account_id = cx->account_id,
                                  .recommendation_id = {j->recommendation != 0, j->recommendation}},
        NULL));
    return note(cx, "visit.plan", j->id);
}

int visit_plan(struct ctx *cx, const struct visit_new *v, int64_t *id)
{
    struct plan_job j = {.v = v};
    TRY(check_day(cx, v->on_date));
    TRY(db_tx(cx, plan_tx, &j));
    *id = j.id;
    return OK;
}

static int change_tx(struct ctx *cx, void *arg)
{
    const struct visit_change *c = arg;
    struct visit_by_id_row v;
    TRY(visit_by_id(cx, cx->region_id, c->id, &v));
    const char *day = c->on_date ? c->on_date : v.on_date, *today = date_text(cx->arena, date_today(NULL));
    TRY(check_day(cx, day));
    if (str_eq(c->state, "done") && strcmp(day, today) > 0)
        return fail(cx, ERR_INVALID, "A visit cannot have taken place on a day that has not come.");
    int64_t changed = 0;
    TRY(visit_move(cx,
                   &(struct visit_move_in){cx->region_id, c->id, c->version, c->state, day,
                                           c->purpose ? c->purpose : v.purpose, c->summary ? c->summary : ""},
                   &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this visit; look at it again.");
    return note(cx,
                str_eq(c->state, "done")        ? "visit.done"
                : str_eq(c->state, "cancelled") ? "visit.cancel"
                                                : "visit.move",
                c->id);
}

int visit_change(struct ctx *cx, const struct visit_change *c)
{
    struct visit_change copy = *c;
    return db_tx(cx, change_tx, &copy);
}

/* Only what the quarter in force proposes is decided, once. */
static int decide(struct ctx *cx, const struct plan_job *j)
{
    struct visit_recommendation_row r;
    int64_t changed = 0;
    TRY(visit_recommendation(cx, cx->region_id, j->run_id, j->recommendation, &r));
    if (!str_eq(r.run_state, "closed") && !str_eq(r.run_state, "signed"))
        return fail(cx, ERR_CONFLICT, "The quarter was computed anew meanwhile; look at its list of places.");
    TRY(visit_decide(cx,
                     &(struct visit_decide_in){cx->region_id, j->run_id, j->recommendation, j->decision,
                                               cx->account_id, time_now_us(), j->note},
                     &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody has decided about this place already.");
    return audit_append(cx, arena_printf(cx->arena, "recommendation.%s", j->decision),
                        arena_printf(cx->arena, "recommendation/%s", id_text(cx->arena, j->recommendation)),
                        arena_printf(cx->arena, "run %s", id_text(cx->arena, j->run_id)));
}

static int decide_tx(struct ctx *cx, void *arg)
{
    struct plan_job *j = arg;
    TRY(decide(cx, j));
    return j->v ? plan_tx(cx, j) : OK;
}

int visit_accept(struct ctx *cx, int64_t run_id, int64_t recommendation, const struct visit_new *v,
                 int64_t *id)
{
    struct plan_job j = {
        .v = v, .run_id = run_id, .recommendation = recommendation, .decision = "accepted", .note = ""};
    TRY(check_day(cx, v->on_date));
    TRY(db_tx(cx, decide_tx, &j));
    *id = j.id;
    return OK;
}

int visit_decline(struct ctx *cx, int64_t run_id, int64_t recommendation, const char *text)
{
    struct plan_job j = {
        .run_id = run_id, .recommendation = recommendation, .decision = "declined", .note = text};
    return db_tx(cx, decide_tx, &j);
}
