/* points.c - see points.h. */
#include "registry/points.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/attention.h"
#include "registry/point_html.h"
#include "registry/points_html.h"
#include "registry/words.h"

#include <math.h>

/* The country's box, degrees: a point outside of it is a slip of the hand, most often latitude and longitude exchanged. */
static const double WEST = 46.0, EAST = 88.0, SOUTH = 40.0, NORTH = 56.0;

int points_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct points_page *m = arena_alloc(cx->arena, sizeof *m);
    TRY(points_queue(cx, cx->region_id, registry_today(cx), &m->list));
    TRY(points_counts(cx, cx->region_id, &m->counts));
    size_t kept = 0;
    for (size_t i = 0; i < m->list.n; i++) {
        const struct points_queue_row *p = &m->list.rows[i];
        const int64_t ids[] = {p->id, p->unit_id.value};
        if (rq_in_scope(rq, ids, p->unit_id.has ? 2 : 1))
            m->list.rows[kept++] = *p;
    }
    m->list.n = kept;
    return respond_view(rq, &points_view, m);
}

const struct view points_view = {
    .name = "points", .title = N_("Points to choose"), .nav = "/territories", .html = registry_points_html,
    .parts = (const struct view_part[]){
        {"settlements", VIEW_LIST, offsetof(struct points_page, list), &points_queue_row_desc},
        {"counts", VIEW_LIST, offsetof(struct points_page, counts), &points_counts_row_desc}, {0}}};

/* What the island `pick` reads. */
static const char *candidates_json(struct ctx *cx, const struct points_candidates_list *c)
{
    struct json_writer w;
    struct buf *out = buf_new(cx->arena, 0);
    json_begin(&w, out);
    json_arr(&w, NULL);
    for (size_t i = 0; i < c->n; i++) {
        json_obj(&w, NULL);
        json_num(&w, "lat", c->rows[i].lat);
        json_num(&w, "lon", c->rows[i].lon);
        json_str(&w, "name", arena_printf(cx->arena, "%zu", i + 1));
        json_end(&w);
    }
    json_end(&w);
    return out->data;
}

/* A box around the possible points with room at its sides; the country where there are none. */
static const char *bounds_of(struct ctx *cx, const struct points_candidates_list *c)
{
    double w = EAST, e = WEST, s = NORTH, n = SOUTH;
    for (size_t i = 0; i < c->n; i++) {
        w = fmin(w, c->rows[i].lon);
        e = fmax(e, c->rows[i].lon);
        s = fmin(s, c->rows[i].lat);
        n = fmax(n, c->rows[i].lat);
    }
    if (!c->n)
        return arena_printf(cx->arena, "%.1f,%.1f,%.1f,%.1f", WEST, SOUTH, EAST, NORTH);
    return arena_printf(cx->arena, "%.3f,%.3f,%.3f,%.3f", w - 0.2, s - 0.15, e + 0.2, n + 0.15);
}

static int point_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct point_page *m = arena_alloc(cx->arena, sizeof *m);
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(territory_by_id(cx, cx->region_id, id, &m->place));
    if (m->place.level != LEVEL_SETTLEMENT)
        return fail(cx, ERR_NOT_FOUND, "Only settlements have points to choose.");
    TRY(registry_in_scope(rq, id));
    TRY(registry_path(cx, id, registry_today(cx), &m->path));
    TRY(points_candidates(cx, cx->region_id, id, &m->candidates));
    m->candidates_json = candidates_json(cx, &m->candidates);
    m->bounds = bounds_of(cx, &m->candidates);
    m->may_edit = rq_may(rq, PERM_REGISTRY_EDIT);
    return respond_view(rq, &point_view, m);
}

int point_get(struct request *rq)
{
    return point_show(rq);
}

const struct view point_view = {
    .name = "point", .title = N_("Choose the point"), .nav = "/territories", .html = registry_point_html, .script = "pick",
    .parts = (const struct view_part[]){
        {"place", VIEW_ROW, offsetof(struct point_page, place), &territory_by_id_row_desc},
        {"candidates", VIEW_LIST, offsetof(struct point_page, candidates), &points_candidates_row_desc}, {0}}};

static const struct form_field FIELDS[] = {
    {.name = "choice", .type = FORM_TEXT, .label = N_("Point"), .max = 10, .offset = offsetof(struct point_values, choice)},
    {.name = "lat", .type = FORM_NUM, .label = N_("Latitude"), .offset = offsetof(struct point_values, lat)},
    {.name = "lon", .type = FORM_NUM, .label = N_("Longitude"), .offset = offsetof(struct point_values, lon)},
    FORM_VERSION(point_values),
    {0}};
const struct form point_form = {FIELDS, sizeof(struct point_values)};

/* What was chosen: a candidate by its number, or a point of one's own, which is a candidate's if it lies on one. */
static void resolve_choice(struct request *rq, const struct points_candidates_list *c, struct points_choose_in *in)
{
    const struct point_values *v = form_values(rq);
    int64_t number = 0;
    if (str_to_int(v->choice, 1, (int64_t)c->n, &number)) {
        const struct points_candidates_row *r = &c->rows[number - 1];
        in->lon = r->lon;
        in->lat = r->lat;
        in->source_id = opt_int(r->source_id);
        return;
    }
    if (!v->lat.has || !v->lon.has) {
        form_error(rq, v->lat.has ? "lon" : "lat", N_("Choose one of the points, or write latitude and longitude."));
        return;
    }
    if (v->lon.value < WEST || v->lon.value > EAST || v->lat.value < SOUTH || v->lat.value > NORTH) {
        form_error(rq, "lat", N_("This point lies outside of the country; latitude is about 40 to 56, longitude 46 to 88."));
        return;
    }
    in->lon = v->lon.value;
    in->lat = v->lat.value;
    for (size_t i = 0; i < c->n; i++)
        if (fabs(c->rows[i].lon - in->lon) < 2e-5 && fabs(c->rows[i].lat - in->lat) < 2e-5)
            in->source_id = opt_int(c->rows[i].source_id);
}

static int choose_tx(struct ctx *cx, void *arg)
{
    const struct points_choose_in *in = arg;
    int64_t changed = 0;
    TRY(points_choose(cx, in, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this settlement meanwhile; look at it again.");
    return audit_append(cx, "point.choose", arena_printf(cx->arena, "territory/%s", id_text(cx->arena, in->id)),
                        arena_printf(cx->arena, "lat=%.5f lon=%.5f", in->lat, in->lon));
}

int point_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct point_values *v = form_values(rq);
    struct points_choose_in in = {.region_id = cx->region_id, .version = v->version.value};
    struct points_candidates_list candidates;
    TRY(rq_path_id(rq, "id", &in.id));
    TRY(registry_in_scope(rq, in.id));
    TRY(points_candidates(cx, cx->region_id, in.id, &candidates));
    if (form_ok(rq))
        resolve_choice(rq, &candidates, &in);
    if (!form_ok(rq))
        return point_show(rq);
    int rc = db_tx(cx, choose_tx, &in);
    if (form_refused(rq, NULL, rc))
        return point_show(rq);
    TRY(rc);
    return respond_redirect(rq, "/points", T(cx, N_("The point is chosen.")));
}
