/* tree.h - how answer.c keeps a result; for what writes it (answer.c, answer_csv.c). */
#ifndef CALC_TREE_H
#define CALC_TREE_H

#include "base/buf.h"
#include "base/vec.h"
#include "stat/stat.h"

struct calc_frame;

enum calc_cell_kind { CALC_CELL_NONE, CALC_CELL_NAN, CALC_CELL_NUM, CALC_CELL_INT, CALC_CELL_BOOL, CALC_CELL_TEXT };

struct calc_cell {
    enum calc_cell_kind kind;
    union {
        double num;
        int64_t i;
        const char *s;
    };
};

struct calc_table_column {
    const char *name;
    VEC(struct calc_cell) cells;
};

/* A row with a status of its own. */
struct calc_mark {
    size_t row;
    enum stat_status status;
    enum stat_reason reason;
};

struct calc_table {
    struct arena *arena;
    size_t n, next; /* rows; the column that is expected next */
    VEC(struct calc_table_column) columns;
    VEC(struct calc_mark) marks; /* ascending by row */
};

enum calc_node_kind {
    CALC_NODE_OBJECT,
    CALC_NODE_LIST,
    CALC_NODE_LINE, /* a list on one line */
    CALC_NODE_CELL,
    CALC_NODE_NUMS,
    CALC_NODE_MATRIX,
    CALC_NODE_TABLE,
};

struct calc_node {
    enum calc_node_kind kind;
    const char *key;
    struct calc_frame *frame;
    VEC(struct calc_node *) children;
    struct calc_cell cell;
    const double *nums;
    size_t n, cols;
    bool optional;
    struct calc_table *table;
};

/* "model.terms", "parts[2]" */
const char *calc_join(struct arena *a, const char *path, const struct calc_node *n, size_t i);
const struct calc_cell *calc_cell_at(const struct calc_table_column *k, size_t row);
void calc_write_text(const char *s, struct buf *out);

#endif
