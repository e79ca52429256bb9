/* openapi.c - /openapi.json from the same tables that route, check and answer. OpenAPI 3.0.3. */
#include "base/json.h"
#include "http/internal.h"
#include "i18n/i18n.h"

#include <stdio.h>
#include <string.h>

/* Opens {"type": ..., "nullable": ...} for one described member. */
static void write_schema(struct json_writer *w, const char *key, const struct row_desc *d);

static void write_field(struct json_writer *w, const struct field_desc *f)
{
    static const struct {
        const char *type;
        bool nullable;
    } TYPES[] = {
        [FIELD_TEXT] = {"string", true},    [FIELD_INT] = {"integer", false},
        [FIELD_ID] = {"string", true},      [FIELD_BOOL] = {"boolean", false},
        [FIELD_NUM] = {"number", true},     [FIELD_OPT_INT] = {"integer", true},
        [FIELD_OPT_NUM] = {"number", true}, [FIELD_OPT_ID] = {"string", true},
    };
    if (f->type == FIELD_ROWS) {
        json_obj(w, f->name);
        json_str(w, "type", "array");
        write_schema(w, "items", f->rows);
        json_end(w);
        return;
    }
    json_obj(w, f->name);
    if (f->type == FIELD_COUNT) { /* a number, or the word "protected" */
        json_arr(w, "oneOf");
        json_obj(w, NULL);
        json_str(w, "type", "integer");
        json_end(w);
        json_obj(w, NULL);
        json_str(w, "type", "string");
        json_arr(w, "enum");
        json_str(w, NULL, "protected");
        json_end(w);
        json_end(w);
        json_end(w);
    } else {
        json_str(w, "type", TYPES[f->type].type);
        if (TYPES[f->type].nullable)
            json_bool(w, "nullable", true);
        if (f->type == FIELD_INT || f->type == FIELD_OPT_INT)
            json_str(w, "format", "int64");
        if (f->type == FIELD_ID || f->type == FIELD_OPT_ID)
            json_str(w, "pattern", "^[0-9A-HJKMNP-TV-Z]{13}$");
    }
    json_end(w);
}

static void write_schema(struct json_writer *w, const char *key, const struct row_desc *d)
{
    json_obj(w, key);
    json_str(w, "type", "object");
    json_obj(w, "properties");
    for (size_t i = 0; d && i < d->n_fields; i++)
        write_field(w, &d->fields[i]);
    json_end(w);
    json_end(w);
}

static void write_view(struct json_writer *w, const struct view *v)
{
    json_obj(w, v->name);
    json_str(w, "type", "object");
    json_obj(w, "properties");
    for (const struct view_part *p = v->parts; p && p->name; p++) {
        if (p->kind != VIEW_LIST) {
            write_schema(w, p->name, p->desc);
            continue;
        }
        json_obj(w, p->name);
        json_str(w, "type", "array");
        write_schema(w, "items", p->desc);
        json_end(w);
    }
    json_end(w);
    json_end(w);
}

static const char *form_schema_type(enum form_type type)
{
    switch (type) {
    case FORM_INT:
        return "integer";
    case FORM_NUM:
        return "number";
    case FORM_BOOL:
        return "boolean";
    case FORM_MULTI:
        return "array";
    default:
        return "string";
    }
}

static void write_form_field(struct json_writer *w, struct request *rq, const struct form_field *fd)
{
    json_obj(w, fd->name);
    json_str(w, "type", form_schema_type(fd->type));
    if (fd->type == FORM_MULTI) {
        json_obj(w, "items");
        json_str(w, "type", "string");
    }
    if (fd->type == FORM_DATE)
        json_str(w, "format", "date");
    if (fd->type == FORM_FILE)
        json_str(w, "format", "binary");
    if (fd->choices) {
        json_arr(w, "enum");
        for (const struct form_choice *c = fd->choices; c->value; c++)
            json_str(w, NULL, c->value);
        json_end(w);
    }
    if (fd->type == FORM_MULTI)
        json_end(w);
    bool bounded = fd->max > fd->min, text = fd->type == FORM_TEXT || fd->type == FORM_TEXTAREA;
    if (bounded && (fd->type == FORM_INT || fd->type == FORM_NUM)) {
        json_num(w, "minimum", fd->min);
        json_num(w, "maximum", fd->max);
    } else if (text && fd->max > 0)
        json_int(w, "maxLength", (int64_t)fd->max);
    if (fd->label)
        json_str(w, "description", T(rq->cx, fd->label));
    json_end(w);
}

static void write_body(struct json_writer *w, struct request *rq, const struct route *route)
{
    bool any = false;
    json_obj(w, "requestBody");
    json_bool(w, "required", true);
    json_obj(w, "content");
    json_obj(w,
                (route->flags & ROUTE_UPLOAD) ? "multipart/form-data" : "application/x-www-form-urlencoded");
    json_obj(w, "schema");
    json_str(w, "type", "object");
    json_obj(w, "properties");
    for (const struct form_field *fd = route->form->fields; fd->name; fd++) {
        write_form_field(w, rq, fd);
        any |= fd->required;
    }
    json_end(w);
    if (any) { /* an empty list would not be valid */
        json_arr(w, "required");
        for (const struct form_field *fd = route->form->fields; fd->name; fd++)
            if (fd->required)
                json_str(w, NULL, fd->name);
        json_end(w);
    }
    json_end(w);
    json_end(w);
    json_end(w);
    json_end(w);
}

/* "{name*}" is "{name}" there. */
static const char *openapi_path(struct arena *a, const char *pattern)
{
    char *path = arena_strdup(a, pattern), *to = path;
    for (const char *p = pattern; *p; p++)
        if (*p != '*')
            *to++ = *p;
    *to = '\0';
    return path;
}

static void write_params(struct json_writer *w, struct arena *a, const char *pattern)
{
    json_arr(w, "parameters");
    for (const char *p = pattern; (p = strchr(p, '{')); p++) {
        json_obj(w, NULL);
        json_str(w, "name", arena_strndup(a, p + 1, strcspn(p + 1, "*}")));
        json_str(w, "in", "path");
        json_bool(w, "required", true);
        json_obj(w, "schema");
        json_str(w, "type", "string");
        json_end(w);
        json_end(w);
    }
    json_end(w);
}

static void write_operation(struct json_writer *w, struct request *rq, const struct route *route)
{
    struct arena *a = rq->cx->arena;
    json_obj(w, route->method == HTTP_POST ? "post" : route->method == HTTP_HEAD ? "head" : "get");
    json_str(w, "summary", route->summary ? T(rq->cx, route->summary) : route->pattern);
    write_params(w, a, route->pattern);
    if (route->flags & ROUTE_PUBLIC) {
        json_arr(w, "security");
        json_end(w);
    }
    if (route->form && route->method == HTTP_POST)
        write_body(w, rq, route);
    json_obj(w, "responses");
    json_obj(w, route->method == HTTP_POST ? "303" : "200");
    json_str(w, "description", route->method == HTTP_POST ? "done; Location says where to look" : "the data");
    if (route->view && route->method == HTTP_GET) {
        json_obj(w, "content");
        json_obj(w, "application/json");
        json_obj(w, "schema");
        json_str(w, "$ref", arena_printf(a, "#/components/schemas/%s", route->view->name));
        json_end(w);
        json_end(w);
        json_end(w);
    }
    json_end(w);
    json_obj(w, "default");
    json_str(w, "$ref", "#/components/responses/error");
    json_end(w);
    json_end(w);
    json_end(w);
}

static const struct route *route_at(const struct server_options *opt, size_t table, size_t i)
{
    return table == 0 ? &HTTP_ROUTES[i] : &opt->routes[table - 1][i];
}

static size_t table_count(const struct server_options *opt)
{
    size_t n = 1;
    while (opt->routes && opt->routes[n - 1])
        n++;
    return n;
}

/* Is this the first route of its pattern? Only then the pattern's object is opened. */
static bool first_of_pattern(const struct server_options *opt, size_t table, size_t i)
{
    for (size_t t = 0; t <= table; t++)
        for (size_t k = 0; (t < table || k < i) && route_at(opt, t, k)->pattern; k++)
            if (strcmp(route_at(opt, t, k)->pattern, route_at(opt, table, i)->pattern) == 0)
                return false;
    return true;
}

static void write_paths(struct json_writer *w, struct request *rq)
{
    const struct server_options *opt = rq->state->options;
    size_t tables = table_count(opt);
    json_obj(w, "paths");
    for (size_t t = 0; t < tables; t++)
        for (size_t i = 0; route_at(opt, t, i)->pattern; i++) {
            const char *pattern = route_at(opt, t, i)->pattern;
            if (!first_of_pattern(opt, t, i))
                continue;
            json_obj(w, openapi_path(rq->cx->arena, pattern));
            for (size_t u = t; u < tables; u++)
                for (size_t k = u == t ? i : 0; route_at(opt, u, k)->pattern; k++)
                    if (strcmp(route_at(opt, u, k)->pattern, pattern) == 0)
                        write_operation(w, rq, route_at(opt, u, k));
            json_end(w);
        }
    json_end(w);
}

static bool view_seen(const struct server_options *opt, size_t table, size_t i)
{
    const char *name = route_at(opt, table, i)->view->name;
    for (size_t t = 0; t <= table; t++)
        for (size_t k = 0; (t < table || k < i) && route_at(opt, t, k)->pattern; k++)
            if (route_at(opt, t, k)->view && strcmp(route_at(opt, t, k)->view->name, name) == 0)
                return true;
    return false;
}

static void write_components(struct json_writer *w, struct request *rq)
{
    const struct server_options *opt = rq->state->options;
    json_obj(w, "components");
    json_obj(w, "schemas");
    for (size_t t = 0, tables = table_count(opt); t < tables; t++)
        for (size_t i = 0; route_at(opt, t, i)->pattern; i++)
            if (route_at(opt, t, i)->view && !view_seen(opt, t, i))
                write_view(w, route_at(opt, t, i)->view);
    json_end(w);
    json_raw(
        w, "responses",
        "{\"error\":{\"description\":\"refused or failed\",\"content\":{\"application/json\":{\"schema\":{"
        "\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"string\"},\"message\":{\"type\":"
        "\"string\"},"
        "\"request_id\":{\"type\":\"string\"}}}}}}}");
    json_raw(w, "securitySchemes",
             "{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"session\"}}");
    json_end(w);
}

int openapi_write(struct request *rq, struct buf *out)
{
    const struct server_options *opt = rq->state->options;
    struct json_writer w;
    json_begin(&w, out);
    json_obj(&w, NULL);
    json_str(&w, "openapi", "3.0.3");
    json_obj(&w, "info");
    json_str(&w, "title", opt->title ? opt->title : "Shanyraq");
    json_str(&w, "version", opt->version ? opt->version : "0");
    json_end(&w);
    json_raw(&w, "security", "[{\"session\":[]}]");
    write_paths(&w, rq);
    write_components(&w, rq);
    json_end(&w);
    return out->toobig ? fail(rq->cx, ERR_LIMIT, "The answer is too large.") : 0;
}
