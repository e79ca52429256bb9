/* record.c - the list of visits, one visit, and a new one. */
#include "visits/pages.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "visits/new_html.h"
#include "visits/visit_html.h"
#include "visits/visits_html.h"

#include <string.h>

enum { PER_PAGE = 50, OTHERS_MOST = 10 };

static const char *today(struct request *rq)
{
    return date_text(rq->cx->arena, date_today(NULL));
}

static int64_t scope_of(const struct request *rq)
{
    return rq->account.n_territories ? rq->account.id : 0;
}

/* --- the list --- */

static const char *day_of(struct request *rq, const char *name)
{
    struct date d;
    return date_parse(rq_query(rq, name), &d) ? rq_query(rq, name) : "";
}

static void read_filters(struct request *rq, struct visits_page *m)
{
    const char *state = rq_query(rq, "state");
    m->today = today(rq);
    m->state = state && (str_eq(state, "planned") || str_eq(state, "due") || str_eq(state, "done") ||
                         str_eq(state, "cancelled"))
                   ? state
                   : "";
    m->from = day_of(rq, "from");
    m->to = day_of(rq, "to");
    if (!id_parse(rq_query(rq, "place"), &m->place))
        m->place = 0;
    m->may_edit = rq_may(rq, PERM_VISIT_EDIT);
}

int visits_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct visits_page *m = arena_alloc(cx->arena, sizeof *m);
    read_filters(rq, m);
    if (m->place) {
        struct place_path path;
        TRY(registry_path(cx, m->place, m->today, &path));
        m->place_name = path.steps[0].name;
    }
    TRY(visit_counts(
        cx, &(struct visit_counts_in){cx->region_id, m->today, m->place, m->from, m->to, scope_of(rq)},
        &m->counts));
    int64_t total = str_eq(m->state, "planned") ? m->counts.planned
                    : str_eq(m->state, "due")   ? m->counts.due
                    : str_eq(m->state, "done")  ? m->counts.done
                    : *m->state                 ? m->counts.cancelled
                                                : m->counts.total;
    m->pager = component_pager(rq, total, PER_PAGE);
    TRY(visit_list(cx,
                   &(struct visit_list_in){cx->region_id, m->today, m->state, m->place, m->from, m->to,
                                           scope_of(rq), PER_PAGE, (m->pager.page - 1) * PER_PAGE},
                   &m->list));
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, m->today, &m->units));
    return respond_view(rq, &visits_view, m);
}

const struct view visits_view = {
    .name = "visits",
    .title = N_("Visits"),
    .nav = "/plan",
    .html = visits_visits_html,
    .parts = (const struct view_part[]){
        {"counts", VIEW_ROW, offsetof(struct visits_page, counts), &visit_counts_row_desc},
        {"visits", VIEW_LIST, offsetof(struct visits_page, list), &visit_list_row_desc},
        {0}}};

/* --- one visit --- */

static int visit_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct visit_page *m = arena_alloc(cx->arena, sizeof *m);
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(visit_by_id(cx, cx->region_id, id, &m->v));
    TRY(visit_in_area(rq, m->v.territory_id, &m->path));
    m->today = today(rq);
    m->due = str_eq(m->v.state, "planned") && strcmp(m->v.on_date, m->today) <= 0;
    m->may_edit = rq_may(rq, PERM_VISIT_EDIT);
    TRY(visit_last(cx, cx->region_id, m->v.territory_id, OTHERS_MOST, &m->others));
    if (rq->method != HTTP_POST)
        form_preset(rq, &visit_done_form, "on_date", m->due ? m->v.on_date : m->today);
    return respond_view(rq, &visit_view, m);
}

int visit_get(struct request *rq)
{
    return visit_show(rq);
}

const struct view visit_view = {
    .name = "visit",
    .title = N_("Visit"),
    .nav = "/plan",
    .html = visits_visit_html,
    .parts = (const struct view_part[]){
        {"visit", VIEW_ROW, offsetof(struct visit_page, v), &visit_by_id_row_desc},
        {"of_the_place", VIEW_LIST, offsetof(struct visit_page, others), &visit_last_row_desc},
        {0}}};

static const struct form_field DONE_FIELDS[] = {
    FORM_VERSION(visit_done_values),
    {.name = "on_date",
     .type = FORM_DATE,
     .label = N_("Day of the visit"),
     .required = true,
     .offset = offsetof(struct visit_done_values, on_date)},
    {.name = "summary",
     .type = FORM_TEXTAREA,
     .label = N_("What was seen and agreed"),
     .required = true,
     .max = 4000,
     .offset = offsetof(struct visit_done_values, summary),
     .hint = N_("Facts about the place. Name no private person and nobody’s community.")},
    {0}};
const struct form visit_done_form = {DONE_FIELDS, sizeof(struct visit_done_values)};

static const struct form_field CANCEL_FIELDS[] = {FORM_VERSION(visit_cancel_values),
                                                  {.name = "summary",
                                                   .type = FORM_TEXT,
                                                   .label = N_("Why it is cancelled"),
                                                   .required = true,
                                                   .max = 300,
                                                   .offset = offsetof(struct visit_cancel_values, summary)},
                                                  {0}};
const struct form visit_cancel_form = {CANCEL_FIELDS, sizeof(struct visit_cancel_values)};

static int change(struct request *rq, struct visit_change *c, const char *notice)
{
    struct visit_by_id_row v;
    struct place_path path;
    TRY(rq_path_id(rq, "id", &c->id));
    TRY(visit_by_id(rq->cx, rq->cx->region_id, c->id, &v));
    TRY(visit_in_area(rq, v.territory_id, &path));
    if (!form_ok(rq))
        return visit_show(rq);
    int rc = visit_change(rq->cx, c);
    if (form_refused(rq, NULL, rc))
        return visit_show(rq);
    TRY(rc);
    return respond_redirect(rq, visit_href(rq->cx, c->id), notice);
}

int visit_done_post(struct request *rq)
{
    const struct visit_done_values *v = form_values(rq);
    return change(
        rq,
        &(struct visit_change){
            .version = v->version.value, .state = "done", .on_date = v->on_date, .summary = v->summary},
        T(rq->cx, N_("The visit is recorded.")));
}

int visit_cancel_post(struct request *rq)
{
    const struct visit_cancel_values *v = form_values(rq);
    return change(
        rq, &(struct visit_change){.version = v->version.value, .state = "cancelled", .summary = v->summary},
        T(rq->cx, N_("The visit is cancelled.")));
}

/* --- a new one --- */

static const struct form_field NEW_FIELDS[] = {
    {.name = "on_date",
     .type = FORM_DATE,
     .label = N_("Day of the visit"),
     .required = true,
     .offset = offsetof(struct visit_values, on_date)},
    {.name = "purpose",
     .type = FORM_TEXT,
     .label = N_("Purpose"),
     .required = true,
     .max = 300,
     .offset = offsetof(struct visit_values, purpose),
     .hint = N_("For example: meeting with the elders about the irrigation turn.")},
    {0}};
const struct form visit_form = {NEW_FIELDS, sizeof(struct visit_values)};

/* The place of the address, and its unit with the settlements to choose from. */
static int new_page(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct visit_new_page *m = arena_alloc(cx->arena, sizeof *m);
    m->today = today(rq);
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, m->today, &m->units));
    if (!id_parse(rq_query(rq, "unit"), &m->unit))
        m->unit = 0;
    if (id_parse(rq_query(rq, "place"), &m->place)) {
        struct place_path path;
        TRY(visit_in_area(rq, m->place, &path));
        TRY(registry_unit_of(cx, m->place, m->today, &m->unit));
        m->place_name = path.steps[0].name;
        TRY(visit_last(cx, cx->region_id, m->place, OTHERS_MOST, &m->last));
    } else {
        m->place = 0;
    }
    struct settlement_list_list all;
    TRY(m->unit ? settlement_list(cx, cx->region_id, m->today, &all) : OK);
    for (size_t i = 0, n = m->unit ? all.n : 0; i < n; i++) {
        if (!m->settlements.n)
            m->settlements.rows = arena_array(cx->arena, all.n, sizeof *m->settlements.rows);
        if (all.rows[i].unit_id == m->unit)
            m->settlements.rows[m->settlements.n++] = all.rows[i];
    }
    return respond_view(rq, &visit_new_view, m);
}

int visit_new_get(struct request *rq)
{
    return new_page(rq);
}

int visit_new_post(struct request *rq)
{
    const struct visit_values *v = form_values(rq);
    int64_t place, id;
    struct place_path path;
    if (!id_parse(rq_query(rq, "place"), &place))
        return fail(rq->cx, ERR_INVALID, "Choose the place of the visit first.");
    TRY(visit_in_area(rq, place, &path));
    if (!form_ok(rq))
        return new_page(rq);
    TRY(visit_plan(rq->cx, &(struct visit_new){place, v->on_date, v->purpose}, &id));
    return respond_redirect(rq, visit_href(rq->cx, id), T(rq->cx, N_("The visit is planned.")));
}

const struct view visit_new_view = {
    .name = "visit_planning",
    .title = N_("Plan a visit"),
    .nav = "/plan",
    .html = visits_new_html,
    .parts = (const struct view_part[]){
        {"units", VIEW_LIST, offsetof(struct visit_new_page, units), &territory_list_row_desc},
        {"settlements", VIEW_LIST, offsetof(struct visit_new_page, settlements), &settlement_list_row_desc},
        {"of_the_place", VIEW_LIST, offsetof(struct visit_new_page, last), &visit_last_row_desc},
        {0}}};
