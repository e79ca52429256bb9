/* schema.c - what a method takes, told from its table of fields: as a list, as a JSON Schema, as the tables of
 * docs/stat. */
#include "base/arena.h"
#include "base/str.h"
#include "calc/internal.h"
#include "i18n/i18n.h"

#include <math.h>
#include <string.h>

/* --- the list ------------------------------------------------------------------------------------- */

void calc_print_list(struct ctx *cx, struct buf *out, bool json)
{
    struct json_writer w;
    const struct calc_method *m;
    json_begin(&w, out);
    if (json)
        json_arr(&w, NULL);
    for (size_t i = 0; (m = calc_method_at(i)) != NULL; i++) {
        if (!json) {
            buf_printf(out, "%-28s %s\n", m->name, T(cx, m->summary));
            continue;
        }
        json_obj(&w, NULL);
        json_str(&w, "method", m->name);
        json_str(&w, "summary", m->summary);
        json_str(&w, "reference", m->reference);
        json_end(&w);
    }
    if (json) {
        json_end(&w);
        buf_putc(out, '\n');
    }
}

/* --- JSON Schema ----------------------------------------------------------------------------------
 * Keywords like "minimum" or "items" only speak about values of their type, so that a column, say, is simply of
 * the types string and array. */

static void put_types(struct json_writer *w, const char *one, const char *two, const char *three)
{
    if (!two) {
        json_str(w, "type", one);
        return;
    }
    json_arr(w, "type");
    json_str(w, NULL, one);
    json_str(w, NULL, two);
    if (three)
        json_str(w, NULL, three);
    json_end(w);
}

/* Of the object that is open in w. */
static void number_body(struct json_writer *w, const struct calc_field *f, const char *type)
{
    put_types(w, type, f->infinite ? "string" : NULL, NULL);
    if (f->infinite)
        json_str(w, "pattern", "^-?Infinity$");
    if (f->min == 0 && f->max == 0)
        return;
    if (!isinf(f->min))
        json_num(w, f->open ? "exclusiveMinimum" : "minimum", f->min);
    if (!isinf(f->max))
        json_num(w, f->open ? "exclusiveMaximum" : "maximum", f->max);
}

static void column_body(struct json_writer *w, const struct calc_field *f, bool term)
{
    put_types(w, "string", "array", term ? "object" : NULL);
    json_int(w, "minLength", 1);
    json_int(w, "minItems", 1);
    json_obj(w, "items");
    put_types(w, "number", "string", f->missing ? "null" : NULL);
    json_end(w);
}

static void factor_body(struct json_writer *w, const struct calc_field *f)
{
    json_obj(w, "properties");
    json_obj(w, "factor");
    column_body(w, f, false);
    json_end(w);
    json_raw(w, "base", "{\"type\":\"string\"}");
    json_end(w);
    json_raw(w, "required", "[\"factor\"]");
    json_bool(w, "additionalProperties", false);
}

static void term_body(struct json_writer *w, const struct calc_field *f)
{
    column_body(w, f, true);
    factor_body(w, f);
}

static void fields_body(struct ctx *cx, struct json_writer *w, const struct calc_field *fields);
static void object_body(struct ctx *cx, struct json_writer *w, const struct calc_field *fields);

static void list_body(struct ctx *cx, struct json_writer *w, const struct calc_field *f)
{
    bool columns = f->type == CALC_COLUMNS || f->type == CALC_CODE_COLUMNS;
    put_types(w, "array", columns || f->type == CALC_TERMS ? "string" : f->type == CALC_OBJECTS ? "object" : NULL,
              f->type == CALC_TERMS ? "object" : NULL); /* one alone */
    if (f->least)
        json_int(w, "minItems", (int64_t)f->least);
    if (f->most)
        json_int(w, "maxItems", (int64_t)f->most);
    json_obj(w, "items");
    switch (f->type) {
    case CALC_NUMS: number_body(w, f, "number"); break;
    case CALC_TEXTS: json_str(w, "type", "string"); break;
    case CALC_OBJECTS: object_body(cx, w, f->fields); break;
    case CALC_TERMS: term_body(w, f); break;
    default: column_body(w, f, false);
    }
    json_end(w);
    if (f->type == CALC_OBJECTS)
        fields_body(cx, w, f->fields);
    else if (f->type == CALC_TERMS)
        factor_body(w, f);
}

static void matrix_body(struct json_writer *w, const struct calc_field *f)
{
    put_types(w, "string", "array", NULL);
    json_int(w, "minItems", 1);
    json_obj(w, "items");
    json_str(w, "type", "array");
    json_obj(w, "items");
    number_body(w, f, "number");
    json_end(w);
    json_end(w);
}

static void choice_body(struct ctx *cx, struct json_writer *w, const struct calc_field *f)
{
    size_t n;
    char **names = str_split(cx->arena, f->choices, '|', &n);
    json_arr(w, "enum");
    for (size_t i = 0; i < n; i++)
        json_str(w, NULL, names[i]);
    json_end(w);
}

static void type_body(struct ctx *cx, struct json_writer *w, const struct calc_field *f)
{
    switch (f->type) {
    case CALC_NUM: number_body(w, f, "number"); break;
    case CALC_INT: number_body(w, f, "integer"); break;
    case CALC_BOOL: json_str(w, "type", "boolean"); break;
    case CALC_TEXT: json_str(w, "type", "string"); break;
    case CALC_CHOICE: choice_body(cx, w, f); break;
    case CALC_MAP:
        json_str(w, "type", "object");
        json_obj(w, "additionalProperties");
        number_body(w, f, "number");
        json_end(w);
        break;
    case CALC_MATRIX: matrix_body(w, f); break;
    case CALC_OBJECT: object_body(cx, w, f->fields); break;
    case CALC_NUMS:
    case CALC_TEXTS:
    case CALC_OBJECTS:
    case CALC_COLUMNS:
    case CALC_CODE_COLUMNS:
    case CALC_TERMS: list_body(cx, w, f); break;
    default: column_body(w, f, false);
    }
}

static bool some_required(const struct calc_field *fields)
{
    bool some = false;
    for (; fields->name && !some; fields++)
        some = fields->required;
    return some;
}

static void object_body(struct ctx *cx, struct json_writer *w, const struct calc_field *fields)
{
    json_str(w, "type", "object");
    fields_body(cx, w, fields);
}

static void fields_body(struct ctx *cx, struct json_writer *w, const struct calc_field *fields)
{
    json_obj(w, "properties");
    for (const struct calc_field *f = fields; f->name; f++) {
        json_obj(w, f->name);
        json_str(w, "description", f->help);
        type_body(cx, w, f);
        if (f->fallback)
            json_raw(w, "default", f->fallback);
        json_end(w);
    }
    json_end(w);
    if (some_required(fields)) {
        json_arr(w, "required");
        for (const struct calc_field *f = fields; f->name; f++)
            if (f->required)
                json_str(w, NULL, f->name);
        json_end(w);
    }
    json_bool(w, "additionalProperties", false);
}

/* A file by name, or with the texts that mean a missing value. */
static const char FILE_SCHEMA[] =
    "{\"type\":[\"string\",\"object\"],\"minLength\":1,\"properties\":{\"file\":{\"type\":\"string\",\"minLength\":1},"
    "\"missing\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},\"required\":[\"file\"],"
    "\"additionalProperties\":false}";

static void put_data(struct json_writer *w, const struct calc_method *m)
{
    json_obj(w, "data");
    json_arr(w, "anyOf");
    json_raw(w, NULL, FILE_SCHEMA);
    json_obj(w, NULL);
    json_str(w, "type", "object");
    json_obj(w, "properties");
    for (const struct calc_source *s = calc_sources(m); s->name; s++)
        json_raw(w, s->name, FILE_SCHEMA);
    json_end(w);
    json_bool(w, "additionalProperties", false);
    json_end(w);
    json_end(w);
    json_end(w);
}

void calc_print_schema(struct ctx *cx, const struct calc_method *m, struct buf *out)
{
    struct json_writer w;
    json_begin(&w, out);
    json_obj(&w, NULL);
    json_str(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_str(&w, "title", m->name);
    json_str(&w, "description", arena_printf(cx->arena, "%s. %s", m->summary, m->reference));
    json_str(&w, "type", "object");
    json_obj(&w, "properties");
    json_obj(&w, "method");
    json_str(&w, "const", m->name);
    json_end(&w);
    put_data(&w, m);
    if (m->seeded)
        json_raw(&w, "seed", "{\"type\":\"integer\",\"minimum\":0,\"default\":1}");
    json_raw(&w, "comment", "{}");
    json_obj(&w, "options");
    object_body(cx, &w, m->fields);
    json_end(&w);
    json_end(&w);
    json_raw(&w, "required", some_required(m->fields) ? "[\"method\",\"options\"]" : "[\"method\"]");
    json_bool(&w, "additionalProperties", false);
    json_end(&w);
    buf_putc(out, '\n');
}

/* --- tables of docs/stat -------------------------------------------------------------------------- */

static const char *const TYPE_NAMES[] = {
    [CALC_NUM] = "number",      [CALC_INT] = "whole number",  [CALC_BOOL] = "true or false", [CALC_TEXT] = "text",
    [CALC_CHOICE] = "choice",   [CALC_NUMS] = "list of numbers", [CALC_TEXTS] = "list of texts",
    [CALC_MAP] = "object of numbers", [CALC_MATRIX] = "matrix", [CALC_OBJECT] = "object", [CALC_OBJECTS] = "objects",
    [CALC_COLUMN] = "column of numbers", [CALC_WHOLES] = "column of counts", [CALC_CODES] = "column of categories",
    [CALC_LABELS] = "column of texts", [CALC_COLUMNS] = "columns of numbers",
    [CALC_CODE_COLUMNS] = "columns of categories", [CALC_TERMS] = "terms",
};

static bool no_translation(const struct calc_field *f)
{
    return f->min == 0 && f->max == 0;
}

static void print_type(struct ctx *cx, const struct calc_method *m, const struct calc_field *f, struct buf *out)
{
    struct ctx english = *cx;
    english.lang = LANG_EN;
    buf_puts(out, TYPE_NAMES[f->type]);
    if (f->type == CALC_CHOICE) {
        size_t n;
        char **names = str_split(cx->arena, f->choices, '|', &n);
        for (size_t i = 0; i < n; i++)
            buf_printf(out, "%s`%s`", i ? ", " : ": ", names[i]);
    }
    if (!no_translation(f))
        buf_printf(out, ", %s", calc_range_text(&english, f));
    if (f->least && f->most)
        buf_printf(out, ", %zu to %zu of them", f->least, f->most);
    else if (f->least || f->most)
        buf_printf(out, ", %s %zu of them", f->least ? "at least" : "at most", f->least ? f->least : f->most);
    if (f->infinite)
        buf_puts(out, ", or `Infinity`");
    if (f->missing)
        buf_puts(out, ", may be missing");
    if (calc_is_column(f->type) && f->table && !str_eq(f->table, calc_sources(m)->name))
        buf_printf(out, " of table `%s`", f->table);
}

static void print_rows(struct ctx *cx, const struct calc_method *m, const struct calc_field *fields, const char *path,
                       struct buf *out)
{
    for (const struct calc_field *f = fields; f->name; f++) {
        const char *name = arena_printf(cx->arena, "%s%s", path, f->name);
        buf_printf(out, "| `%s` | ", name);
        print_type(cx, m, f, out);
        if (f->required)
            buf_puts(out, " | needed | ");
        else if (f->fallback)
            buf_printf(out, " | `%s` | ", f->fallback);
        else
            buf_puts(out, " | – | ");
        buf_printf(out, "%s |\n", f->help);
        if (f->fields)
            print_rows(cx, m, f->fields, arena_printf(cx->arena, "%s%s.", name, f->type == CALC_OBJECTS ? "[]" : ""), out);
    }
}

static bool has_columns(const struct calc_field *fields)
{
    bool some = false;
    for (; fields->name && !some; fields++)
        some = calc_is_column(fields->type) || fields->type == CALC_MATRIX || (fields->fields && has_columns(fields->fields));
    return some;
}

void calc_print_markdown(struct ctx *cx, const struct calc_method *m, struct buf *out)
{
    buf_printf(out, "### %s\n\n%s. %s.%s\n\n", m->name, m->summary, m->reference,
               m->seeded ? " Draws random numbers: `seed`." : "");
    if (has_columns(m->fields)) {
        buf_puts(out, "| table | | |\n|---|---|---|\n");
        for (const struct calc_source *s = calc_sources(m); s->name; s++)
            buf_printf(out, "| `%s` | %s | %s |\n", s->name, s->help, s->required ? "needed" : "–");
        buf_putc(out, '\n');
    }
    buf_puts(out, "| option | type | default | |\n|---|---|---|---|\n");
    print_rows(cx, m, m->fields, "", out);
}
