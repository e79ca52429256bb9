/* json.c - the writer of json.h; the reader is json_read.c. */
#include "base/json.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"

#include <math.h>

void json_begin(struct json_writer *w, struct buf *out)
{
    *w = (struct json_writer){.out = out};
}

static void put_string(struct buf *out, const char *s, size_t n)
{
    static const char HEX[] = "0123456789abcdef";
    buf_putc(out, '"');
    size_t plain = 0; /* start of what can be copied as it is */
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        size_t len = utf8_length(s + i, n - i);
        if (len > 0 && c >= 0x20 && c != '"' && c != '\\') {
            i += len;
            continue;
        }
        buf_put(out, s + plain, i - plain);
        char escape[] = {'\\', 'u', '0', '0', HEX[c >> 4 & 15], HEX[c & 15], 0};
        if (len == 0)
            buf_puts(out, "\xEF\xBF\xBD");
        else if (c == '"' || c == '\\')
            buf_put(out, (char[]){'\\', (char)c}, 2);
        else if (c == '\n')
            buf_puts(out, "\\n");
        else
            buf_puts(out, escape);
        plain = ++i;
    }
    buf_put(out, s + plain, n - plain);
    buf_putc(out, '"');
}

/* Comma and key before a value. */
static void before(struct json_writer *w, const char *key)
{
    if (w->depth > 0 && w->object[w->depth] != (key != NULL))
        die("JSON: %s", key ? "a key inside an array" : "a member without key");
    if (w->some[w->depth])
        buf_putc(w->out, ',');
    w->some[w->depth] = true;
    if (key) {
        put_string(w->out, key, strlen(key));
        buf_putc(w->out, ':');
    }
}

static void open_level(struct json_writer *w, const char *key, bool object)
{
    before(w, key);
    if (w->depth == JSON_DEPTH)
        die("JSON: more than %d levels", JSON_DEPTH);
    w->depth++;
    w->some[w->depth] = false;
    w->object[w->depth] = object;
    buf_putc(w->out, object ? '{' : '[');
}

void json_obj(struct json_writer *w, const char *key) { open_level(w, key, true); }
void json_arr(struct json_writer *w, const char *key) { open_level(w, key, false); }

void json_end(struct json_writer *w)
{
    if (w->depth == 0)
        die("JSON: nothing to end");
    buf_putc(w->out, w->object[w->depth] ? '}' : ']');
    w->depth--;
}

void json_strn(struct json_writer *w, const char *key, const char *s, size_t n)
{
    before(w, key);
    put_string(w->out, s, n);
}

void json_str(struct json_writer *w, const char *key, const char *s)
{
    if (s)
        json_strn(w, key, s, strlen(s));
    else
        json_none(w, key);
}

void json_int(struct json_writer *w, const char *key, int64_t v)
{
    before(w, key);
    buf_printf(w->out, "%lld", (long long)v);
}

void json_id(struct json_writer *w, const char *key, int64_t id)
{
    char text[ID_CHARS + 1];
    json_str(w, key, id ? id_write(text, id) : NULL);
}

void json_num(struct json_writer *w, const char *key, double v)
{
    char text[32];
    before(w, key);
    buf_puts(w->out, isfinite(v) ? num_shortest(text, v) : "null");
}

void json_bool(struct json_writer *w, const char *key, bool v)
{
    json_raw(w, key, v ? "true" : "false");
}

void json_none(struct json_writer *w, const char *key)
{
    json_raw(w, key, "null");
}

void json_raw(struct json_writer *w, const char *key, const char *json)
{
    before(w, key);
    buf_puts(w->out, json);
}

static void write_field(struct json_writer *w, const struct field_desc *f, const void *at)
{
    const struct opt_int *oi = at;
    const struct opt_num *on = at;
    const struct protected_count *count = at;
    const struct { void *rows; size_t n; } *list = at;

    switch (f->type) {
    case FIELD_TEXT: json_str(w, f->name, *(const char *const *)at); break;
    case FIELD_INT: json_int(w, f->name, *(const int64_t *)at); break;
    case FIELD_ID: json_id(w, f->name, *(const int64_t *)at); break;
    case FIELD_BOOL: json_bool(w, f->name, *(const bool *)at); break;
    case FIELD_NUM: json_num(w, f->name, *(const double *)at); break;
    case FIELD_OPT_INT:
        oi->has ? json_int(w, f->name, oi->value) : json_none(w, f->name);
        break;
    case FIELD_OPT_NUM:
        on->has ? json_num(w, f->name, on->value) : json_none(w, f->name);
        break;
    case FIELD_OPT_ID:
        oi->has ? json_id(w, f->name, oi->value) : json_none(w, f->name);
        break;
    case FIELD_COUNT:
        count->hidden ? json_str(w, f->name, "protected") : json_int(w, f->name, count->value);
        break;
    case FIELD_ROWS: json_rows(w, f->name, f->rows, list->rows, list->n); break;
    }
}

void json_row(struct json_writer *w, const char *key, const struct row_desc *d, const void *row)
{
    if (!row) {
        json_none(w, key);
        return;
    }
    json_obj(w, key);
    for (size_t i = 0; i < d->n_fields; i++)
        write_field(w, &d->fields[i], (const char *)row + d->fields[i].offset);
    json_end(w);
}

void json_rows(struct json_writer *w, const char *key, const struct row_desc *d, const void *rows,
               size_t n)
{
    json_arr(w, key);
    for (size_t i = 0; i < n; i++)
        json_row(w, NULL, d, (const char *)rows + i * d->size);
    json_end(w);
}
