/* table.c - see table.h. */
#include "base/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/fs.h"
#include "base/map.h"
#include "base/str.h"
#include "base/xlsx_read.h"

#include <stdarg.h>

struct table {
    const char *name, *kind;
    bool is_sheet;
    struct csv csv;
    struct xlsx_sheet sheet;
    size_t next_row; /* of the sheet */
    const char **header;
    size_t n_header;
    struct map *columns;  /* search key -> index + 1 as a pointer */
    const char **cells;   /* of the current row, n_header of them */
    int64_t line, rows;
};

static const size_t MAX_FILE = (size_t)256 << 20;

static bool blank(char **cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (*cells[i])
            return false;
    return true;
}

/* The next row's cells, trimmed in place: both readers give memory of ours. */
static int raw_row(struct ctx *cx, struct table *t, char ***cells, size_t *n, bool *more)
{
    do {
        if (t->is_sheet) {
            *more = t->next_row < t->sheet.n;
            if (!*more)
                return OK;
            struct xlsx_row *row = &t->sheet.rows[t->next_row++];
            *cells = row->cells;
            *n = row->n;
            t->line = row->line;
        } else {
            TRY(csv_next(cx, &t->csv, more));
            if (!*more)
                return OK;
            *cells = (char **)(uintptr_t)t->csv.cells;
            *n = t->csv.n;
            t->line = t->csv.line;
        }
        for (size_t i = 0; i < *n; i++)
            (*cells)[i] = str_trim_here((*cells)[i]);
    } while (blank(*cells, *n));
    return OK;
}

static int read_header(struct ctx *cx, struct table *t)
{
    char **cells;
    size_t n;
    bool more;
    TRY(raw_row(cx, t, &cells, &n, &more));
    if (!more)
        return fail(cx, ERR_INVALID, "%s is empty.", t->name);
    while (n > 0 && !*cells[n - 1])
        n--;
    t->n_header = n;
    t->header = arena_array(cx->arena, n, sizeof *t->header);
    t->cells = arena_array(cx->arena, n, sizeof *t->cells);
    t->columns = map_new(cx->arena);
    for (size_t i = 0; i < n; i++) {
        t->header[i] = arena_strdup(cx->arena, cells[i]);
        t->cells[i] = "";
        const char *key = str_fold(cx->arena, cells[i]);
        if (!*key)
            continue; /* a column without name cannot be asked for */
        if (map_has(t->columns, key))
            return fail(cx, ERR_INVALID, "%s, line %lld: there are two columns \"%s\".", t->name,
                        (long long)t->line, cells[i]);
        map_set(t->columns, key, (void *)(i + 1));
    }
    return OK;
}

static int open_sheet(struct ctx *cx, struct table *t, const void *data, size_t n, const char *sheet)
{
    t->is_sheet = true;
    TRY(xlsx_read(cx, t->name, data, n, sheet, &t->sheet));
    t->kind = arena_printf(cx->arena, "XLSX, %s", t->sheet.name);
    return OK;
}

int table_open_bytes(struct ctx *cx, const char *name, const void *data, size_t n, const char *sheet,
                     struct table **out)
{
    struct table *t = arena_alloc(cx->arena, sizeof *t);
    t->name = arena_strdup(cx->arena, name);
    if (n >= 4 && memcmp(data, "\xD0\xCF\x11\xE0", 4) == 0)
        return fail(cx, ERR_INVALID, "%s is a workbook of the old XLS kind. Save it as XLSX or CSV.", name);
    if (n >= 4 && memcmp(data, "PK\x03\x04", 4) == 0) {
        TRY(open_sheet(cx, t, data, n, sheet));
    } else {
        TRY(csv_open(cx, name, data, n, &t->csv));
        t->kind = arena_printf(cx->arena, "CSV, %s", t->csv.encoding);
    }
    TRY(read_header(cx, t));
    *out = t;
    return OK;
}

int table_open(struct ctx *cx, const char *path, const char *sheet, struct table **out)
{
    struct buf *b;
    TRY(fs_read(cx, path, MAX_FILE, &b));
    return table_open_bytes(cx, fs_base(path), b->data, b->len, sheet, out);
}

int table_next(struct ctx *cx, struct table *t, bool *more)
{
    char **cells;
    size_t n = 0;
    TRY(raw_row(cx, t, &cells, &n, more));
    if (!*more)
        return OK;
    t->rows++;
    for (size_t i = 0; i < t->n_header; i++)
        t->cells[i] = i < n ? cells[i] : "";
    for (size_t i = t->n_header; i < n; i++)
        if (*cells[i])
            return fail(cx, ERR_INVALID, "%s, line %lld: \"%s\" stands in column %zu, which has no name.",
                        t->name, (long long)t->line, utf8_cut(cx->arena, cells[i], 40), i + 1);
    return OK;
}

const char *const *table_header(const struct table *t, size_t *n)
{
    *n = t->n_header;
    return t->header;
}

int64_t table_rows(const struct table *t) { return t->rows; }
int64_t table_line(const struct table *t) { return t->line; }
const char *table_kind(const struct table *t) { return t->kind; }

int table_column(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_header; i++)
        if (str_eq(t->header[i], name))
            return (int)i;
    struct arena *a = arena_new(1 << 20);
    size_t at = (size_t)map_get(t->columns, str_fold(a, name));
    arena_free(a);
    return (int)at - 1;
}

int table_require(struct ctx *cx, const struct table *t, ...)
{
    const char *missing;
    va_list ap;
    va_start(ap, t);
    do
        missing = va_arg(ap, const char *);
    while (missing && table_column(t, missing) >= 0);
    va_end(ap);
    if (missing)
        return fail(cx, ERR_INVALID, "%s: the column \"%s\" is missing.", t->name, missing);
    return OK;
}

const char *table_at(const struct table *t, int column)
{
    return column >= 0 && (size_t)column < t->n_header ? t->cells[column] : "";
}

const char *table_cell(const struct table *t, const char *name)
{
    return table_at(t, table_column(t, name));
}

int table_int(struct ctx *cx, const struct table *t, const char *name, int64_t min, int64_t max, int64_t *v)
{
    const char *text = table_cell(t, name);
    double number;
    if (str_to_int(text, min, max, v))
        return OK;
    /* "12 345", as people write it; never "1,000", which may be one or a thousand */
    if (!strpbrk(text, ".,eE") && str_to_num(text, &number) && number < 9e15 && number > -9e15 &&
        number >= (double)min && number <= (double)max) {
        *v = (int64_t)number;
        return OK;
    }
    return fail(cx, ERR_INVALID,
                "%s, line %lld, column \"%s\": \"%s\" is not a whole number from %lld to %lld.", t->name,
                (long long)t->line, name, utf8_cut(cx->arena, text, 40), (long long)min, (long long)max);
}

int table_num(struct ctx *cx, const struct table *t, const char *name, double *v)
{
    const char *text = table_cell(t, name);
    if (str_to_num(text, v))
        return OK;
    return fail(cx, ERR_INVALID, "%s, line %lld, column \"%s\": \"%s\" is not a number.", t->name,
                (long long)t->line, name, utf8_cut(cx->arena, text, 40));
}

int table_date(struct ctx *cx, const struct table *t, const char *name, struct date *v)
{
    const char *text = table_cell(t, name);
    if (date_parse(text, v))
        return OK;
    if (strlen(text) == 10 && text[2] == '.' && text[5] == '.') { /* the country's own form */
        char iso[11];
        snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", text + 6, text + 3, text);
        if (date_parse(iso, v))
            return OK;
    }
    return fail(cx, ERR_INVALID, "%s, line %lld, column \"%s\": \"%s\" is not a date like 2025-07-01.", t->name,
                (long long)t->line, name, utf8_cut(cx->arena, text, 40));
}
