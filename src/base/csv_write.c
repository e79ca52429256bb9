/* csv_write.c - the writer of csv.h. */
#include "base/csv.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"

#include <math.h>

void csv_begin(struct csv_writer *w, struct buf *out, char separator, bool mark)
{
    *w = (struct csv_writer){out, separator, false};
    if (mark)
        buf_puts(out, "\xEF\xBB\xBF");
}

static void put_raw(struct csv_writer *w, const char *text)
{
    if (w->some)
        buf_putc(w->out, w->separator);
    w->some = true;
    buf_puts(w->out, text);
}

static bool is_formula(const char *text)
{
    double number;
    return *text && strchr("=+-@\t\r", *text) && !str_to_num(text, &number);
}

void csv_put(struct csv_writer *w, const char *text)
{
    put_raw(w, "");
    if (!text)
        return;
    const char stops[] = {'"', '\n', '\r', w->separator, 0};
    bool quote = strpbrk(text, stops) || *text == ' ' || str_ends(text, " ");
    if (quote)
        buf_putc(w->out, '"');
    if (is_formula(text))
        buf_putc(w->out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            buf_putc(w->out, '"');
        buf_putc(w->out, *p);
    }
    if (quote)
        buf_putc(w->out, '"');
}

void csv_put_int(struct csv_writer *w, int64_t v)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)v);
    put_raw(w, text);
}

void csv_put_num(struct csv_writer *w, double v)
{
    char text[32];
    put_raw(w, isfinite(v) ? num_shortest(text, v) : "");
}

void csv_end_row(struct csv_writer *w)
{
    buf_puts(w->out, "\r\n");
    w->some = false;
}

static void put_id(struct csv_writer *w, int64_t id)
{
    char text[ID_CHARS + 1];
    csv_put(w, id ? id_write(text, id) : NULL);
}

static void put_field(struct csv_writer *w, const struct field_desc *f, const void *at)
{
    const struct opt_int *oi = at;
    const struct opt_num *on = at;
    const struct protected_count *count = at;

    switch (f->type) {
    case FIELD_TEXT: csv_put(w, *(const char *const *)at); break;
    case FIELD_INT: csv_put_int(w, *(const int64_t *)at); break;
    case FIELD_ID: put_id(w, *(const int64_t *)at); break;
    case FIELD_BOOL: csv_put_int(w, *(const bool *)at); break;
    case FIELD_NUM: csv_put_num(w, *(const double *)at); break;
    case FIELD_OPT_INT:
        if (oi->has)
            csv_put_int(w, oi->value);
        else
            csv_put(w, NULL);
        break;
    case FIELD_OPT_NUM: csv_put_num(w, on->has ? on->value : (double)NAN); break;
    case FIELD_OPT_ID: put_id(w, oi->has ? oi->value : 0); break;
    case FIELD_COUNT:
        if (count->hidden)
            csv_put(w, "protected");
        else
            csv_put_int(w, count->value);
        break;
    case FIELD_ROWS: break;
    }
}

void csv_rows(struct csv_writer *w, const struct row_desc *d, const void *rows, size_t n)
{
    for (size_t i = 0; i < d->n_fields; i++)
        if (d->fields[i].type != FIELD_ROWS)
            csv_put(w, d->fields[i].name);
    csv_end_row(w);
    for (size_t r = 0; r < n; r++) {
        for (size_t i = 0; i < d->n_fields; i++)
            put_field(w, &d->fields[i], (const char *)rows + r * d->size + d->fields[i].offset);
        csv_end_row(w);
    }
}
