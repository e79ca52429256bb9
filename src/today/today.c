/* today.c - the first screen, the public front page, the page about the program; and the feature as a module.
 */
#include "today/today.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/str.h"
#include "base/time.h"
#include "base/version.h"
#include "i18n/i18n.h"
#include "today/about_html.h"
#include "today/front_html.h"
#include "today/pages.h"
#include "today/today_html.h"

static int front_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct front_page *m = arena_alloc(cx->arena, sizeof *m);
    const char *today = date_text(cx->arena, date_today(NULL));
    TRY(today_offices(cx, cx->region_id, today, &m->offices));
    TRY(today_mediators(cx, cx->region_id, today, &m->mediators));
    for (size_t i = 0; i < m->offices.n; i++) {
        const struct today_offices_row *o = &m->offices.rows[i];
        if (str_eq(o->kind, "institution"))
            m->institution = registry_name(cx, *o);
        m->branches += str_eq(o->kind, "branch");
        m->some_phone |= *o->office_phone != 0;
        m->demo |= o->demo;
    }
    return respond_view(rq, &front_view, m);
}

int today_get(struct request *rq)
{
    if (!rq->account.id)
        return front_show(rq);
    struct today_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    m->on_date = date_text(rq->cx->arena, date_today(NULL));
    TRY(today_collect(rq, m));
    return respond_view(rq, &today_view, m);
}

/* The licences of fonts and scripts that are part of the program: assets/licenses-<hash>.txt. */
static const char *licences(void)
{
    size_t n;
    const struct embedded *all = embedded_all(&n);
    for (size_t i = 0; i < n; i++)
        if (str_starts(all[i].path, "assets/licenses-"))
            return (const char *)all[i].data;
    return "";
}

int about_get(struct request *rq)
{
    struct about_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    m->version = PROGRAM_VERSION;
    m->licences = licences();
    TRY(source_list(rq->cx, rq->cx->region_id, &m->sources));
    return respond_view(rq, &about_view, m);
}

static const struct field_desc ITEM_FIELDS[] = {
    FIELD(today_item, title, TEXT), FIELD(today_item, detail, TEXT), FIELD(today_item, href, TEXT),
    FIELD(today_item, action, TEXT), FIELD(today_item, on_date, TEXT), FIELD(today_item, attention, BOOL),
    FIELD(today_item, danger, BOOL)};
static ROW_DESC(ITEM, "today_item", today_item, ITEM_FIELDS);
static const struct field_desc VERSION_FIELDS[] = {
    FIELD(about_page, version, TEXT)};
static ROW_DESC(VERSION, "program", about_page, VERSION_FIELDS);

const struct view today_view = {
    .name = "today",
    .title = N_("Today"),
    .nav = "/",
    .html = today_today_html,
    .parts = (const struct view_part[]){{"items", VIEW_LIST, offsetof(struct today_page, items), &ITEM},
                                        {"news", VIEW_LIST, offsetof(struct today_page, news), &ITEM},
                                        {"starts", VIEW_LIST, offsetof(struct today_page, starts), &ITEM},
                                        {0}}};
const struct view front_view = {
    .name = "front",
    .nav = "/",
    .html = today_front_html,
    .parts = (const struct view_part[]){
        {"offices", VIEW_LIST, offsetof(struct front_page, offices), &today_offices_row_desc}, {0}}};
const struct view about_view = {
    .name = "licences",
    .title = N_("Sources and licences"),
    .html = today_about_html,
    .parts = (const struct view_part[]){
        {"program", VIEW_ROW, 0, &VERSION},
        {"sources", VIEW_LIST, offsetof(struct about_page, sources), &source_list_row_desc},
        {0}}};

static const struct route ROUTES[] = {{HTTP_GET, "/", today_get, 0, ROUTE_PUBLIC, NULL, &today_view,
                                       N_("What needs you today; signed out: the front page")},
                                      {HTTP_GET, "/about/licences", about_get, 0, ROUTE_PUBLIC, NULL,
                                       &about_view,
                                       N_("Version of the program, sources of its data, licences")},
                                      {0}};
static const struct nav_item NAV[] = {{N_("Today"), "/", 0, 0}, {0}};

const struct module today_module = {.name = "today", .title = N_("Today"), .routes = ROUTES, .nav = NAV};
