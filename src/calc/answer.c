/* answer.c - the tree of a result: built by the methods, settled (what is not a number is refused by name),
 * written as indented JSON: a table's row on a line, a list of numbers on a line. */
#include "base/arena.h"
#include "base/str.h"
#include "calc/internal.h"
#include "calc/tree.h"
#include "i18n/i18n.h"

#include <math.h>
#include <string.h>

struct calc_node *calc_root_new(struct calc_frame *f)
{
    struct calc_node *n = arena_alloc(f->cx->arena, sizeof *n);
    n->kind = CALC_NODE_OBJECT;
    n->frame = f;
    return n;
}

static struct calc_node *add(struct calc_node *at, const char *key, enum calc_node_kind kind)
{
    if ((at->kind == CALC_NODE_OBJECT) != (key != NULL))
        die("calc: a name is %s in the answer", key ? key : "missing");
    struct calc_node *n = arena_alloc(at->frame->cx->arena, sizeof *n);
    n->kind = kind;
    n->key = key;
    n->frame = at->frame;
    vec_push(at->frame->cx->arena, &at->children, n);
    return n;
}

static struct calc_cell cell_num(double v, bool optional)
{
    return isnan(v) ? (struct calc_cell){.kind = optional ? CALC_CELL_NONE : CALC_CELL_NAN}
                    : (struct calc_cell){.kind = CALC_CELL_NUM, .num = v};
}

static void put_cell(struct calc_node *at, const char *key, struct calc_cell cell)
{
    add(at, key, CALC_NODE_CELL)->cell = cell;
}

void calc_put_num(struct calc_node *at, const char *key, double v)
{
    put_cell(at, key, cell_num(v, false));
}

void calc_put_optional(struct calc_node *at, const char *key, double v)
{
    put_cell(at, key, cell_num(v, true));
}

void calc_put_int(struct calc_node *at, const char *key, int64_t v)
{
    put_cell(at, key, (struct calc_cell){.kind = CALC_CELL_INT, .i = v});
}

void calc_put_bool(struct calc_node *at, const char *key, bool v)
{
    put_cell(at, key, (struct calc_cell){.kind = CALC_CELL_BOOL, .i = v});
}

void calc_put_text(struct calc_node *at, const char *key, const char *s)
{
    put_cell(at, key, (struct calc_cell){.kind = s ? CALC_CELL_TEXT : CALC_CELL_NONE, .s = s});
}

void calc_put_none(struct calc_node *at, const char *key)
{
    put_cell(at, key, (struct calc_cell){.kind = CALC_CELL_NONE});
}

static struct calc_node *put_nums(struct calc_node *at, const char *key, const double *v, size_t n, size_t cols, bool optional)
{
    struct calc_node *list = add(at, key, cols ? CALC_NODE_MATRIX : CALC_NODE_NUMS);
    list->nums = v;
    list->n = n;
    list->cols = cols;
    list->optional = optional;
    return list;
}

void calc_put_nums(struct calc_node *at, const char *key, const double *v, size_t n)
{
    put_nums(at, key, v, n, 0, false);
}

void calc_put_optionals(struct calc_node *at, const char *key, const double *v, size_t n)
{
    put_nums(at, key, v, n, 0, true);
}

void calc_put_matrix(struct calc_node *at, const char *key, const double *v, size_t rows, size_t cols)
{
    put_nums(at, key, v, rows * cols, cols, false);
}

void calc_put_optional_matrix(struct calc_node *at, const char *key, const double *v, size_t rows, size_t cols)
{
    put_nums(at, key, v, rows * cols, cols, true);
}

void calc_put_ints(struct calc_node *at, const char *key, const int64_t *v, size_t n)
{
    struct calc_node *list = add(at, key, CALC_NODE_LINE);
    for (size_t i = 0; i < n; i++)
        calc_put_int(list, NULL, v[i]);
}

void calc_put_texts(struct calc_node *at, const char *key, const char *const *v, size_t n)
{
    struct calc_node *list = add(at, key, CALC_NODE_LINE);
    for (size_t i = 0; i < n; i++)
        calc_put_text(list, NULL, v[i]);
}

struct calc_node *calc_put_object(struct calc_node *at, const char *key)
{
    return add(at, key, CALC_NODE_OBJECT);
}

struct calc_node *calc_put_list(struct calc_node *at, const char *key)
{
    return add(at, key, CALC_NODE_LIST);
}

/* --- tables --------------------------------------------------------------------------------------- */

struct calc_table *calc_put_table(struct calc_node *at, const char *key)
{
    struct calc_node *n = add(at, key, CALC_NODE_TABLE);
    n->table = arena_alloc(at->frame->cx->arena, sizeof *n->table);
    n->table->arena = at->frame->cx->arena;
    return n->table;
}

void calc_row(struct calc_table *t)
{
    t->n++;
    t->next = 0;
}

/* Cells mostly come in the order of the row before. */
static struct calc_table_column *column_of(struct calc_table *t, const char *name)
{
    size_t n = t->columns.n;
    for (size_t i = 0; i < n; i++) {
        size_t at = (t->next + i) % n;
        if (t->columns.rows[at].name == name || strcmp(t->columns.rows[at].name, name) == 0) {
            t->next = at + 1;
            return &t->columns.rows[at];
        }
    }
    struct calc_table_column *fresh = vec_add(t->arena, &t->columns);
    fresh->name = name;
    t->next = t->columns.n;
    return fresh;
}

static void set_cell(struct calc_table *t, const char *column, struct calc_cell cell)
{
    if (t->n == 0)
        die("calc: a cell %s before the first row", column);
    struct calc_table_column *k = column_of(t, column);
    while (k->cells.n < t->n)
        vec_push(t->arena, &k->cells, (struct calc_cell){.kind = CALC_CELL_NONE});
    k->cells.rows[t->n - 1] = cell;
}

void calc_cell_num(struct calc_table *t, const char *column, double v)
{
    set_cell(t, column, cell_num(v, false));
}

void calc_cell_optional(struct calc_table *t, const char *column, double v)
{
    set_cell(t, column, cell_num(v, true));
}

void calc_cell_int(struct calc_table *t, const char *column, int64_t v)
{
    set_cell(t, column, (struct calc_cell){.kind = CALC_CELL_INT, .i = v});
}

void calc_cell_bool(struct calc_table *t, const char *column, bool v)
{
    set_cell(t, column, (struct calc_cell){.kind = CALC_CELL_BOOL, .i = v});
}

void calc_cell_text(struct calc_table *t, const char *column, const char *s)
{
    set_cell(t, column, (struct calc_cell){.kind = s ? CALC_CELL_TEXT : CALC_CELL_NONE, .s = s});
}

void calc_cell_status(struct calc_table *t, enum stat_status status, enum stat_reason reason)
{
    static const char *const NAMES[] = {"ok", "flag", "refused"};
    calc_cell_text(t, "status", NAMES[status]);
    calc_cell_text(t, "reason", status == STAT_OK ? NULL : stat_reason_code(reason));
    if (status != STAT_OK)
        vec_push(t->arena, &t->marks, (struct calc_mark){t->n - 1, status, reason});
}

/* --- settling ------------------------------------------------------------------------------------- */

const char *calc_join(struct arena *a, const char *path, const struct calc_node *n, size_t i)
{
    if (!n->key)
        return arena_printf(a, "%s[%zu]", path, i);
    return *path ? arena_printf(a, "%s.%s", path, n->key) : n->key;
}

static void no_figure(struct calc_frame *f, const char *what, const int64_t *rows, size_t n)
{
    struct calc_refusal r = {what, "no_figure", T(f->cx, N_("The computation gave no figure here.")), rows, n};
    vec_push(f->cx->arena, &f->refusals, r);
}

/* Is the row refused? m: moves on with the rows. */
static bool refused_row(const struct calc_table *t, size_t row, size_t *m)
{
    while (*m < t->marks.n && (t->marks.rows[*m].row < row || t->marks.rows[*m].status != STAT_REFUSED))
        ++*m;
    return *m < t->marks.n && t->marks.rows[*m].row == row;
}

static void settle_column(struct calc_frame *f, const struct calc_table *t, struct calc_table_column *k, const char *path)
{
    VEC(int64_t) rows = {0};
    size_t m = 0;
    for (size_t i = 0; i < k->cells.n; i++) {
        if (k->cells.rows[i].kind != CALC_CELL_NAN)
            continue;
        if (!refused_row(t, i, &m))
            vec_push(f->cx->arena, &rows, (int64_t)i);
        k->cells.rows[i].kind = CALC_CELL_NONE;
    }
    if (rows.n)
        no_figure(f, arena_printf(f->cx->arena, "%s.%s", path, k->name), rows.rows, rows.n);
}

/* Rows of one reason together, in the order in which reasons appear. */
static void settle_marks(struct calc_frame *f, const struct calc_table *t, const char *path)
{
    struct arena *a = f->cx->arena;
    bool seen[2][STAT_REASON_COUNT] = {{false}};
    for (size_t i = 0; i < t->marks.n; i++) {
        struct calc_mark m = t->marks.rows[i];
        if (seen[m.status == STAT_REFUSED][m.reason])
            continue;
        seen[m.status == STAT_REFUSED][m.reason] = true;
        VEC(int64_t) rows = {0};
        for (size_t j = i; j < t->marks.n; j++)
            if (t->marks.rows[j].status == m.status && t->marks.rows[j].reason == m.reason)
                vec_push(a, &rows, (int64_t)t->marks.rows[j].row);
        const char *text = T(f->cx, stat_reason_text(m.reason));
        struct calc_refusal r = {path, stat_reason_code(m.reason), text, rows.rows, rows.n};
        if (m.status == STAT_REFUSED)
            vec_push(a, &f->refusals, r);
        else
            vec_push(a, &f->warnings, TF(f->cx, "%s, rows marked \"%s\" (%zu): %s", path, r.code, rows.n, text));
    }
}

static void settle(struct calc_frame *f, struct calc_node *n, const char *path)
{
    if (n->kind == CALC_NODE_CELL && n->cell.kind == CALC_CELL_NAN) {
        no_figure(f, path, NULL, 0);
        n->cell.kind = CALC_CELL_NONE;
    }
    if (n->kind == CALC_NODE_TABLE) {
        for (size_t i = 0; i < n->table->columns.n; i++)
            settle_column(f, n->table, &n->table->columns.rows[i], path);
        settle_marks(f, n->table, path);
    }
    if (n->nums && !n->optional) {
        VEC(int64_t) at = {0};
        for (size_t i = 0; i < n->n; i++)
            if (isnan(n->nums[i]))
                vec_push(f->cx->arena, &at, (int64_t)i);
        if (at.n)
            no_figure(f, path, at.rows, at.n);
    }
    for (size_t i = 0; i < n->children.n; i++)
        settle(f, n->children.rows[i], calc_join(f->cx->arena, path, n->children.rows[i], i));
}

void calc_settle(struct calc_frame *f)
{
    settle(f, f->c.result, "");
}

/* --- JSON ----------------------------------------------------------------------------------------- */

void calc_write_text(const char *s, struct buf *out)
{
    struct json_writer w;
    json_begin(&w, out);
    json_str(&w, NULL, s);
}

static void write_num(double v, struct buf *out)
{
    char text[32];
    if (isnan(v))
        buf_puts(out, "null");
    else if (isinf(v))
        buf_puts(out, v > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    else
        buf_puts(out, num_shortest(text, v));
}

static void write_cell(const struct calc_cell *c, struct buf *out)
{
    switch (c->kind) {
    case CALC_CELL_NUM: write_num(c->num, out); break;
    case CALC_CELL_INT: buf_printf(out, "%lld", (long long)c->i); break;
    case CALC_CELL_BOOL: buf_puts(out, c->i ? "true" : "false"); break;
    case CALC_CELL_TEXT: calc_write_text(c->s, out); break;
    default: buf_puts(out, "null");
    }
}

static void new_line(int indent, struct buf *out)
{
    buf_printf(out, "\n%*s", indent * 2, "");
}

static void write_nums(const double *v, size_t n, struct buf *out)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < n; i++) {
        buf_puts(out, i ? ", " : "");
        write_num(v[i], out);
    }
    buf_putc(out, ']');
}

static void write_matrix(const struct calc_node *n, int indent, struct buf *out)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < n->n; i += n->cols) {
        buf_puts(out, i ? "," : "");
        new_line(indent + 1, out);
        write_nums(n->nums + i, n->cols, out);
    }
    if (n->n)
        new_line(indent, out);
    buf_putc(out, ']');
}

const struct calc_cell *calc_cell_at(const struct calc_table_column *k, size_t row)
{
    static const struct calc_cell NONE = {.kind = CALC_CELL_NONE};
    return row < k->cells.n ? &k->cells.rows[row] : &NONE;
}

static void write_table(const struct calc_table *t, int indent, struct buf *out)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < t->n; i++) {
        buf_puts(out, i ? "," : "");
        new_line(indent + 1, out);
        buf_putc(out, '{');
        for (size_t j = 0; j < t->columns.n; j++) {
            buf_puts(out, j ? ", " : "");
            calc_write_text(t->columns.rows[j].name, out);
            buf_puts(out, ": ");
            write_cell(calc_cell_at(&t->columns.rows[j], i), out);
        }
        buf_putc(out, '}');
    }
    if (t->n)
        new_line(indent, out);
    buf_putc(out, ']');
}

static void write_children(const struct calc_node *n, int indent, struct buf *out)
{
    bool object = n->kind == CALC_NODE_OBJECT, line = n->kind == CALC_NODE_LINE;
    buf_putc(out, object ? '{' : '[');
    for (size_t i = 0; i < n->children.n; i++) {
        buf_puts(out, i ? line ? ", " : "," : "");
        if (!line)
            new_line(indent + 1, out);
        if (object) {
            calc_write_text(n->children.rows[i]->key, out);
            buf_puts(out, ": ");
        }
        calc_write_node(n->children.rows[i], indent + 1, out);
    }
    if (n->children.n && !line)
        new_line(indent, out);
    buf_putc(out, object ? '}' : ']');
}

void calc_write_node(const struct calc_node *n, int indent, struct buf *out)
{
    switch (n->kind) {
    case CALC_NODE_CELL: write_cell(&n->cell, out); break;
    case CALC_NODE_NUMS: write_nums(n->nums, n->n, out); break;
    case CALC_NODE_MATRIX: write_matrix(n, indent, out); break;
    case CALC_NODE_TABLE: write_table(n->table, indent, out); break;
    default: write_children(n, indent, out);
    }
}
