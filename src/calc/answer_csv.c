/* answer_csv.c - one table of an answer as CSV; an answer without tables as rows of name and value. */
#include "base/arena.h"
#include "base/csv.h"
#include "base/str.h"
#include "calc/internal.h"
#include "calc/tree.h"

#include <math.h>

struct found {
    struct arena *arena;
    const char *want; /* NULL: the first */
    const struct calc_table *table;
};

static void find_table(const struct calc_node *n, const char *path, struct found *f)
{
    if (n->kind == CALC_NODE_TABLE && !f->table && (!f->want || str_eq(f->want, path)))
        f->table = n->table;
    for (size_t i = 0; i < n->children.n && !f->table; i++)
        find_table(n->children.rows[i], calc_join(f->arena, path, n->children.rows[i], i), f);
}

static void put_num(struct csv_writer *w, double v)
{
    if (isinf(v))
        csv_put(w, v > 0 ? "Infinity" : "-Infinity");
    else
        csv_put_num(w, v);
}

static void put_cell(struct csv_writer *w, const struct calc_cell *c)
{
    switch (c->kind) {
    case CALC_CELL_NUM: put_num(w, c->num); break;
    case CALC_CELL_INT: csv_put_int(w, c->i); break;
    case CALC_CELL_BOOL: csv_put(w, c->i ? "true" : "false"); break;
    case CALC_CELL_TEXT: csv_put(w, c->s); break;
    default: csv_put(w, NULL);
    }
}

static void write_table(const struct calc_table *t, struct csv_writer *w)
{
    for (size_t j = 0; j < t->columns.n; j++)
        csv_put(w, t->columns.rows[j].name);
    csv_end_row(w);
    for (size_t i = 0; i < t->n; i++) {
        for (size_t j = 0; j < t->columns.n; j++)
            put_cell(w, calc_cell_at(&t->columns.rows[j], i));
        csv_end_row(w);
    }
}

static void write_leaves(struct arena *a, const struct calc_node *n, const char *path, struct csv_writer *w)
{
    if (n->kind == CALC_NODE_CELL) {
        csv_put(w, path);
        put_cell(w, &n->cell);
        csv_end_row(w);
    }
    for (size_t i = 0; i < n->n; i++) {
        csv_put(w, n->cols ? arena_printf(a, "%s[%zu][%zu]", path, i / n->cols, i % n->cols)
                           : arena_printf(a, "%s[%zu]", path, i));
        put_num(w, n->nums[i]);
        csv_end_row(w);
    }
    for (size_t i = 0; i < n->children.n; i++)
        write_leaves(a, n->children.rows[i], calc_join(a, path, n->children.rows[i], i), w);
}

bool calc_write_csv(struct calc_frame *f, const char *table, struct buf *out)
{
    struct csv_writer w;
    struct found found = {f->cx->arena, table ? table : f->method->table, NULL};
    find_table(f->c.result, "", &found);
    if (!found.table && (table || f->method->table))
        return !table;
    csv_begin(&w, out, ',', false);
    if (found.table) {
        write_table(found.table, &w);
        return true;
    }
    csv_put(&w, "name");
    csv_put(&w, "value");
    csv_end_row(&w);
    write_leaves(f->cx->arena, f->c.result, "", &w);
    return true;
}
