/* plan.c - the plan: visits that are due, and the places that the newest closed quarter proposes, with the
 * reasons. */
#include "visits/pages.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "visits/plan_html.h"

enum { PLANNED_MOST = 200 };

int visit_in_area(struct request *rq, int64_t territory_id, struct place_path *path)
{
    int64_t ids[8];
    TRY(registry_path(rq->cx, territory_id, date_text(rq->cx->arena, date_today(NULL)), path));
    for (size_t i = 0; i < path->n; i++)
        ids[i] = path->steps[i].id;
    return access_in_scope(rq, ids, path->n);
}

static const char *join(struct ctx *cx, const struct visit_reasons *r)
{
    struct buf *b = buf_new(cx->arena, 0);
    for (size_t i = 0; i < r->n; i++) {
        buf_puts(b, i ? " " : "");
        buf_puts(b, r->rows[i]);
    }
    return b->data;
}

static int read_places(struct ctx *cx, struct plan_page *m, int64_t scoped)
{
    struct visit_plan_run_row run;
    struct visit_proposed_list list;
    bool found = false;
    TRY(visit_plan_run(cx, cx->region_id, &run, &found));
    if (!found)
        return OK;
    m->quarter = run.quarter;
    m->run_id = run.id;
    TRY(visit_proposed(cx, &(struct visit_proposed_in){cx->region_id, run.id, m->today, scoped}, &list));
    m->places.rows = arena_array(cx->arena, list.n + 1, sizeof *m->places.rows);
    for (size_t i = 0; i < list.n; i++) {
        struct plan_place *p = &m->places.rows[m->places.n++];
        p->r = list.rows[i];
        TRY(visit_reasons_of(cx, p->r.reason, &p->reasons));
        p->why = join(cx, &p->reasons);
        m->open += str_eq(p->r.state, "proposed");
    }
    return OK;
}

static int plan_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct plan_page *m = arena_alloc(cx->arena, sizeof *m);
    int64_t scoped = rq->account.n_territories ? rq->account.id : 0;
    m->today = date_text(cx->arena, date_today(NULL));
    m->may_edit = rq_may(rq, PERM_VISIT_EDIT);
    TRY(visit_planned(cx, &(struct visit_planned_in){cx->region_id, m->today, "", scoped, PLANNED_MOST},
                      &m->planned));
    TRY(read_places(cx, m, scoped));
    return respond_view(rq, &plan_view, m);
}

int plan_get(struct request *rq)
{
    return plan_show(rq);
}

static const struct field_desc PLACE_FIELDS[] = {
    FIELD_AS("run_id", plan_place, r.run_id, ID), FIELD_AS("id", plan_place, r.id, ID),
    FIELD_AS("territory_id", plan_place, r.territory_id, ID), FIELD_AS("name_kk", plan_place, r.name_kk, TEXT),
    FIELD_AS("name_ru", plan_place, r.name_ru, TEXT), FIELD_AS("name_en", plan_place, r.name_en, TEXT),
    FIELD_AS("state", plan_place, r.state, TEXT), FIELD_AS("drawn", plan_place, r.drawn, BOOL),
    FIELD_AS("note", plan_place, r.note, TEXT), FIELD_AS("last_visit", plan_place, r.last_visit, TEXT),
    FIELD_AS("reasons", plan_place, why, TEXT)};
static ROW_DESC(PLACE, "plan_place", plan_place, PLACE_FIELDS);

const struct view plan_view = {
    .name = "plan",
    .title = N_("Plan"),
    .nav = "/plan",
    .html = visits_plan_html,
    .parts = (const struct view_part[]){
        {"planned", VIEW_LIST, offsetof(struct plan_page, planned), &visit_planned_row_desc},
        {"places", VIEW_LIST, offsetof(struct plan_page, places), &PLACE},
        {0}}};

/* --- decisions --- */

static const struct form_field DECLINE_FIELDS[] = {{.name = "note",
                                                    .type = FORM_TEXT,
                                                    .label = N_("Why not"),
                                                    .required = true,
                                                    .max = 300,
                                                    .offset = offsetof(struct visit_decline_values, note)},
                                                   {0}};
const struct form visit_decline_form = {DECLINE_FIELDS, sizeof(struct visit_decline_values)};

/* The recommendation of the address; its place must lie in the asker's area. */
static int asked_recommendation(struct request *rq, int64_t *run, int64_t *id, int64_t *place)
{
    struct visit_recommendation_row r;
    struct place_path path;
    TRY(rq_path_id(rq, "run", run));
    TRY(rq_path_id(rq, "id", id));
    TRY(visit_recommendation(rq->cx, rq->cx->region_id, *run, *id, &r));
    *place = r.territory_id;
    return visit_in_area(rq, r.territory_id, &path);
}

/* After a decision: the notice, or the plan again with what was wrong. */
static int decided(struct request *rq, int rc, const char *path, const char *notice)
{
    if (form_refused(rq, NULL, rc))
        return plan_show(rq);
    TRY(rc);
    return respond_redirect(rq, path, notice);
}

int plan_accept_post(struct request *rq)
{
    int64_t run, id, place, visit = 0;
    TRY(asked_recommendation(rq, &run, &id, &place));
    if (!form_ok(rq))
        return plan_show(rq);
    const struct visit_values *v = form_values(rq);
    int rc = visit_accept(rq->cx, run, id, &(struct visit_new){place, v->on_date, v->purpose}, &visit);
    return decided(rq, rc, visit_href(rq->cx, visit), T(rq->cx, N_("The visit is planned.")));
}

int plan_decline_post(struct request *rq)
{
    int64_t run, id, place;
    TRY(asked_recommendation(rq, &run, &id, &place));
    if (!form_ok(rq))
        return plan_show(rq);
    const struct visit_decline_values *v = form_values(rq);
    int rc = visit_decline(rq->cx, run, id, v->note);
    return decided(rq, rc, "/plan", T(rq->cx, N_("Declined; the reason is kept with the place.")));
}
