/* find.c - /search: what was found, grouped by kind; the same as JSON for suggestions while typing. */
#include "registry/find.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "registry/bodies.h"
#include "registry/find_html.h"
#include "registry/registry.h"
#include "registry/search.h"
#include "registry/search_sql.h"
#include "registry/words.h"

enum { RESULTS_MOST = 100, SUGGESTIONS_MOST = 8 };

/* "Сайрам ауданы, Түркістан облысы": what a place belongs to today. */
static const char *place_above(struct ctx *cx, int64_t id)
{
    struct place_path path;
    const char *text = "";
    if (registry_path(cx, id, registry_today(cx), &path))
        return "";
    for (size_t i = 1; i < path.n; i++)
        if (path.steps[i].level > LEVEL_REPUBLIC)
            text = *text ? arena_printf(cx->arena, "%s, %s", text, path.steps[i].name) : path.steps[i].name;
    return text;
}

/* The tree on a day on which the place existed: today, or its last one. */
static const char *territory_href(struct ctx *cx, int64_t id, const char *valid_to)
{
    struct date end;
    const char *day = date_parse(valid_to, &end) ? date_text(cx->arena, date_add_days(end, -1)) : "";
    return arena_printf(cx->arena, "/territories/%s%s%s", id_text(cx->arena, id), *day ? "?date=" : "", day);
}

static int show_territory(struct ctx *cx, const struct search_hit *hit, struct find_result *r, bool *found)
{
    struct search_territory_row t;
    TRY(search_territory(cx, hit->region_id, hit->object_id, &t, found));
    if (!*found)
        return OK;
    const char *above = place_above(cx, hit->object_id);
    r->label = registry_name(cx, t);
    r->detail = arena_printf(cx->arena, "%s%s%s%s%s", place_kind_name(cx, t.kind), *above ? ", " : "", above,
                             *t.valid_to ? ", " : "", *t.valid_to ? TF(cx, "until %s", fmt_date(cx, t.valid_to)) : "");
    r->href = t.level >= LEVEL_UNIT && !*t.valid_to ? registry_place_href(cx, hit->object_id)
            : territory_href(cx, hit->object_id, t.valid_to);
    return OK;
}

static int show_organisation(struct ctx *cx, const struct search_hit *hit, struct find_result *r, bool *found)
{
    struct search_organisation_row b;
    TRY(search_organisation(cx, hit->region_id, hit->object_id, &b, found));
    if (!*found)
        return OK;
    r->label = registry_name(cx, b);
    r->detail = *b.valid_to ? arena_printf(cx->arena, "%s, %s", body_kind_name(cx, b.kind), TF(cx, "until %s", fmt_date(cx, b.valid_to)))
                            : body_kind_name(cx, b.kind);
    r->href = arena_printf(cx->arena, "/organisations/%s", id_text(cx->arena, hit->object_id));
    return OK;
}

static int show_proposal(struct ctx *cx, const struct search_hit *hit, struct find_result *r, bool *found)
{
    struct search_proposal_row p;
    TRY(search_proposal(cx, hit->region_id, hit->object_id, &p, found));
    if (!*found)
        return OK;
    r->label = utf8_cut(cx->arena, p.problem, 120);
    r->detail = arena_printf(cx->arena, "%s, %s", p.number, fmt_quarter(cx, p.quarter));
    r->href = arena_printf(cx->arena, "/proposals/%s", id_text(cx->arena, hit->object_id));
    return OK;
}

/* The kinds of things that can be found, in the order of the page; who may not read a kind does not find it. */
static const struct kind {
    const char *kind, *title;
    int need;
    int (*show)(struct ctx *cx, const struct search_hit *hit, struct find_result *r, bool *found);
} KINDS[] = {
    {"territory", N_("Places"), PERM_REGISTRY_READ, show_territory},
    {"organisation", N_("Organisations"), PERM_REGISTRY_READ, show_organisation},
    {"proposal", N_("Proposals"), PERM_PROPOSAL_EDIT, show_proposal}, /* partners see what was sent to them on /proposals only */
};

static int collect(struct request *rq, struct find_page *m, const struct search_hits *hits)
{
    struct ctx *cx = rq->cx;
    m->results.rows = arena_array(cx->arena, hits->n + 1, sizeof *m->results.rows);
    for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
        for (size_t i = 0; i < hits->n; i++) {
            struct find_result r = {.kind = T(cx, KINDS[k].title)};
            bool found = false;
            if (!str_eq(hits->rows[i].kind, KINDS[k].kind) || !rq_may(rq, KINDS[k].need))
                continue;
            TRY(KINDS[k].show(cx, &hits->rows[i], &r, &found));
            if (found)
                m->results.rows[m->results.n++] = r;
        }
    }
    return OK;
}

int find_get(struct request *rq)
{
    struct find_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    struct search_hits hits;
    size_t most = rq->wants_json ? SUGGESTIONS_MOST : RESULTS_MOST;
    m->query = utf8_cut(rq->cx->arena, registry_asked(rq, "q"), 200);
    TRY(registry_search(rq->cx, m->query, most, &hits));
    TRY(collect(rq, m, &hits));
    m->more = hits.n == most;
    return respond_view(rq, &find_view, m);
}

static const struct field_desc RESULT_FIELDS[] = {
    FIELD(find_result, kind, TEXT), FIELD(find_result, label, TEXT), FIELD(find_result, detail, TEXT),
    FIELD(find_result, href, TEXT)};
static ROW_DESC(RESULT, "find_result", find_result, RESULT_FIELDS);

const struct view find_view = {
    .name = "search", .title = N_("Search"), .nav = NULL, .html = registry_find_html,
    .parts = (const struct view_part[]){{"results", VIEW_LIST, offsetof(struct find_page, results), &RESULT}, {0}}};
