/* build_csv.c - reads the CSV files of the sources; see build.h. */
#include "geo/build.h"

#include "base/fs.h"
#include "base/str.h"

#include <string.h>

/* One cell from *p; *p stands behind it, on a comma, a line end or the end. NULL: a quote is left open. */
static const char *read_cell(struct arena *a, const char **p, const char *end, size_t *line)
{
    if (*p == end || **p != '"') {
        const char *from = *p;
        while (*p < end && **p != ',' && **p != '\n' && **p != '\r')
            ++*p;
        return arena_strndup(a, from, (size_t)(*p - from));
    }
    char *out = arena_alloc(a, (size_t)(end - *p) < 4096 ? (size_t)(end - *p) : 4096);
    size_t n = 0;
    for (++*p; *p < end && n < 4095; ++*p) {
        if (**p == '"' && (*p + 1 == end || (*p)[1] != '"')) {
            ++*p;
            out[n] = '\0';
            return out;
        }
        if (**p == '"')
            ++*p;
        *line += **p == '\n';
        out[n++] = **p;
    }
    return NULL;
}

int build_read_csv(struct ctx *cx, const char *folder, const char *name, struct csv_table *out)
{
    struct buf *text;
    TRY(fs_read(cx, fs_join(cx->arena, folder, name), 0, &text));
    VEC(const char *) cells = {0};
    VEC(size_t) lines = {0};
    const char *p = text->data, *end = p + text->len;
    if (!utf8_valid(p, text->len))
        return fail(cx, ERR_INVALID, "%s: the file is not UTF-8.", name);
    if (str_starts(p, "\xEF\xBB\xBF"))
        p += 3;
    *out = (struct csv_table){0};
    for (size_t line = 1; p < end; line++) {
        size_t first = cells.n, from = line;
        for (;;) {
            const char *cell = read_cell(cx->arena, &p, end, &line);
            if (!cell)
                return fail(cx, ERR_INVALID, "%s, line %zu: a quote is not closed.", name, from);
            vec_push(cx->arena, &cells, cell);
            if (p == end || *p != ',')
                break;
            p++;
        }
        if (p < end && *p == '\r')
            p++;
        if (p < end && *p++ != '\n')
            return fail(cx, ERR_INVALID, "%s, line %zu: text after a closing quote.", name, from);
        if (!out->n_columns)
            out->n_columns = cells.n;
        if (cells.n - first != out->n_columns)
            return fail(cx, ERR_INVALID, "%s, line %zu: %zu columns in place of %zu.", name, from, cells.n - first,
                        out->n_columns);
        vec_push(cx->arena, &lines, from);
    }
    if (lines.n < 2)
        return fail(cx, ERR_INVALID, "%s: the file has no rows.", name);
    out->header = cells.rows;
    out->cells = cells.rows + out->n_columns;
    out->lines = lines.rows + 1;
    out->n_rows = lines.n - 1;
    return OK;
}

int build_column(struct ctx *cx, const struct csv_table *t, const char *file, const char *name, size_t *out)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(t->header[i], name) == 0) {
            *out = i;
            return OK;
        }
    return fail(cx, ERR_INVALID, "%s: the column \"%s\" is missing.", file, name);
}
