/* build_csv.c - reads the CSV files of the sources; see build.h. */
#include "geo/build.h"

#include "base/csv.h"
#include "base/fs.h"

#include <string.h>

int build_read_csv(struct ctx *cx, const char *folder, const char *name, struct csv_table *out)
{
    struct buf *text;
    struct csv csv;
    bool more;
    VEC(const char *) cells = {0};
    VEC(size_t) lines = {0};
    *out = (struct csv_table){0};
    TRY(fs_read(cx, fs_join(cx->arena, folder, name), 0, &text));
    TRY(csv_open(cx, name, text->data, text->len, &csv));
    for (;;) {
        TRY(csv_next(cx, &csv, &more));
        if (!more)
            break;
        if (!out->n_columns)
            out->n_columns = csv.n;
        if (csv.n != out->n_columns)
            return fail(cx, ERR_INVALID, "%s, line %zu: %zu columns in place of %zu.", name, (size_t)csv.line, csv.n,
                        out->n_columns);
        for (size_t i = 0; i < csv.n; i++)
            vec_push(cx->arena, &cells, arena_strdup(cx->arena, csv.cells[i]));
        vec_push(cx->arena, &lines, (size_t)csv.line);
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
