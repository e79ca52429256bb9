/* app.h - a small program of routes that the HTTP tests and measurements serve. */
#ifndef TESTS_HTTP_APP_H
#define TESTS_HTTP_APP_H

#include "base/arena.h"
#include "html/field_html.h"
#include "html/form_errors_html.h"
#include "html/form_keys_html.h"
#include "html/html.h"
#include "http/form.h"
#include "http/server.h"
#include "i18n/i18n.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct app_row {
    int64_t id;
    const char *name;
    struct protected_count cases;
};
struct app_list {
    struct {
        struct app_row *rows;
        size_t n;
    } places;
};

static const struct field_desc APP_FIELDS[] = {
    {"id", FIELD_ID, offsetof(struct app_row, id), NULL},
    {"name", FIELD_TEXT, offsetof(struct app_row, name), NULL},
    {"cases", FIELD_COUNT, offsetof(struct app_row, cases), NULL},
};
static const struct row_desc APP_ROW = {"place", sizeof(struct app_row), 3, APP_FIELDS};

static void app_list_html(struct request *rq, struct buf *o, const void *model)
{
    const struct app_list *m = model;
    buf_puts(o, "<h1>Places</h1><ul>");
    for (size_t i = 0; i < m->places.n; i++) {
        buf_puts(o, "<li>");
        html_put(rq, o, HTML_TEXT, m->places.rows[i].name);
        buf_puts(o, ": ");
        html_put(rq, o, HTML_TEXT, m->places.rows[i].cases);
        buf_puts(o, "</li>\n");
    }
    buf_puts(o, "</ul>");
}

static const struct view_part APP_PARTS[] = {
    {"places", VIEW_LIST, offsetof(struct app_list, places), &APP_ROW}, {.name = NULL}};
static const struct view APP_LIST = {"app_places", "Places", "/places", app_list_html, APP_PARTS, 0, NULL};

static int app_places(struct request *rq)
{
    struct app_list m;
    m.places.n = (size_t)rq_query_int(rq, "n", 0, 100000, 20);
    m.places.rows = arena_array(rq->cx->arena, m.places.n + 1, sizeof *m.places.rows);
    for (size_t i = 0; i < m.places.n; i++)
        m.places.rows[i] = (struct app_row){(int64_t)i + 1, "Kentau <1>", {i % 2 == 1, i % 2 ? 0 : 12}};
    return respond_view(rq, &APP_LIST, &m);
}

struct app_values {
    const char *what;
    struct opt_int people;
    const char *day;
};
static const struct form_field APP_FORM_FIELDS[] = {
    {.name = "what",
     .type = FORM_TEXTAREA,
     .label = "What happened",
     .required = true,
     .max = 100,
     .offset = offsetof(struct app_values, what)},
    {.name = "people",
     .type = FORM_INT,
     .label = "People",
     .min = 1,
     .max = 50,
     .offset = offsetof(struct app_values, people)},
    {.name = "day", .type = FORM_DATE, .label = "Day", .offset = offsetof(struct app_values, day)},
    {.name = NULL},
};
static const struct form APP_FORM = {APP_FORM_FIELDS, sizeof(struct app_values)};

static void app_form_html(struct request *rq, struct buf *o, const void *model)
{
    (void)model;
    html_form_errors_html(rq, o, &APP_FORM);
    buf_puts(o, "<form method=\"post\">");
    html_form_keys_html(rq, o);
    html_field_html(rq, o, &APP_FORM, "what");
    html_field_html(rq, o, &APP_FORM, "people");
    html_field_html(rq, o, &APP_FORM, "day");
    buf_puts(o, "</form>");
}
static const struct view APP_FORM_VIEW = {"app_form", "Intake", "/places", app_form_html, NULL, 0, NULL};

static int app_form_page(struct request *rq)
{
    return respond_view(rq, &APP_FORM_VIEW, NULL);
}

static int app_form_post(struct request *rq)
{
    const struct app_values *v = form_values(rq);
    if (form_ok(rq) && strcmp(v->what, "taken") == 0)
        form_error(rq, "what", "This is taken.");
    if (!form_ok(rq))
        return app_form_page(rq);
    return respond_redirect(rq, "/places", "Saved.");
}

static int app_upload(struct request *rq)
{
    const struct file_part *f = rq_file(rq, "file");
    if (!f)
        return fail(rq->cx, ERR_INVALID, "No file.");
    char text[200];
    int n = snprintf(text, sizeof text, "%s %zu\n", f->name, f->size);
    return respond_bytes(rq, "text/plain", text, (size_t)n, NULL);
}

static int app_slow(struct request *rq)
{
    struct timespec t = {0, (long)rq_query_int(rq, "ms", 0, 900, 500) * 1000000};
    nanosleep(&t, NULL);
    return respond_bytes(rq, "text/plain", "slow\n", 5, NULL);
}

static int app_item(struct request *rq)
{
    const char *id = rq_path(rq, "id");
    return respond_bytes(rq, "text/plain", id, strlen(id), NULL);
}

static const struct route APP_ROUTES[] = {
    {HTTP_GET, "/places", app_places, 0, ROUTE_PUBLIC, NULL, &APP_LIST, "Places"},
    {HTTP_GET, "/item/{id}", app_item, 0, ROUTE_PUBLIC, NULL, NULL, "One"},
    {HTTP_GET, "/form", app_form_page, 0, ROUTE_PUBLIC, NULL, NULL, "A form"},
    {HTTP_POST, "/form", app_form_post, 0, ROUTE_PUBLIC, &APP_FORM, NULL, "Send it"},
    {HTTP_POST, "/upload", app_upload, 0, ROUTE_PUBLIC | ROUTE_UPLOAD | ROUTE_NO_CSRF, NULL, NULL, "A file"},
    {HTTP_GET, "/slow", app_slow, 0, ROUTE_PUBLIC, NULL, NULL, "Takes its time"},
    {HTTP_GET, "/export", app_slow, 0, ROUTE_PUBLIC | ROUTE_HEAVY, NULL, NULL, "Takes its time"},
    {HTTP_GET, "/secret", app_item, 3, 0, NULL, NULL, "For one permission"},
    {.pattern = NULL},
};
static const struct route *const APP_TABLES[] = {APP_ROUTES, NULL};
static const struct nav_item APP_NAV_ITEMS[] = {
    {"Places", "/places", 0, 1}, {"Secret", "/secret", 3, 2}, {.label = NULL}};
static const struct nav_item *const APP_NAV[] = {APP_NAV_ITEMS, NULL};

/* The cookie "session" names who asks: "clerk" has no permission, "chief" has number 3. */
static int app_authenticate(struct request *rq, struct account *out)
{
    const char *session = rq_cookie(rq, "session");
    if (!session || (strcmp(session, "clerk") != 0 && strcmp(session, "chief") != 0))
        return 0;
    *out = (struct account){
        .id = 7, .region_id = 61, .login = "clerk", .name = "Clerk", .csrf = "token-of-session"};
    if (strcmp(session, "chief") == 0)
        out->permissions = 1u << 3;
    return 0;
}

#endif
