/* test_every.h - a method with an option of every type, for the tests of the frame and its fuzz targets: it repeats what it was given. */
#ifndef CALC_TEST_EVERY_H
#define CALC_TEST_EVERY_H

#include "calc/method.h"

#include <math.h>

static const struct calc_field EVERY_PART[] = {
    {"column", CALC_CODES, "Categories", .required = true, .missing = true},
    {"totals", CALC_MAP, "Totals", .min = 0, .max = INFINITY},
    {0},
};
static const struct calc_field EVERY_FIELDS[] = {
    {"num", CALC_NUM, "A number", .fallback = "0.95", .min = 0, .max = 1, .open = true},
    {"wide", CALC_NUM, "Any number", .infinite = true},
    {"int", CALC_INT, "A whole number", .min = 1, .max = 10},
    {"bool", CALC_BOOL, "Yes or no", .fallback = "true"},
    {"text", CALC_TEXT, .help = "Text"},
    {"choice", CALC_CHOICE, "One of two", .choices = "left|right", .fallback = "\"left\""},
    {"nums", CALC_NUMS, "Numbers", .least = 2, .most = 3},
    {"texts", CALC_TEXTS, .help = "Texts"},
    {"matrix", CALC_MATRIX, .help = "Matrix"},
    {"part", CALC_OBJECT, "One part", .fields = EVERY_PART},
    {"parts", CALC_OBJECTS, "Parts", .fields = EVERY_PART},
    {"y", CALC_COLUMN, "Values", .missing = true},
    {"full", CALC_COLUMN, "Values without gaps", .min = 0, .max = 100},
    {"count", CALC_WHOLES, "Counts", .min = 0, .max = INFINITY},
    {"label", CALC_LABELS, "Labels", .missing = true},
    {"columns", CALC_COLUMNS, .help = "Columns"},
    {"terms", CALC_TERMS, .help = "Terms"},
    {"other", CALC_COLUMN, "Of another table", .table = "second"},
    {"fault", CALC_INT, .help = "Row that the method finds wrong"},
    {"refuse", CALC_BOOL, .help = "Refuse everything"},
    {0},
};
static const struct calc_source EVERY_SOURCES[] = {{"first", "a row", false}, {"second", "another row", false}, {0}};

static void every_part(struct calc_node *at, const char *key, const struct calc_values *part)
{
    const struct calc_codes *k = calc_codes(part, "column");
    struct calc_node *n = calc_put_object(at, key);
    calc_put_texts(n, "names", k->name, k->n);
    calc_put_num(n, "a", calc_map_at(calc_map(part, "totals"), "a"));
}

static void every_columns(struct calc_node *at, const char *key, const struct calc_columns *m, size_t rows)
{
    struct calc_node *n = calc_put_object(at, key);
    calc_put_texts(n, "names", m->name, m->p);
    calc_put_matrix(n, "x", m->x, rows, m->p);
}

static void every_rows(struct calc *c, const struct calc_values *o)
{
    struct calc_table *t = calc_put_table(c->result, "rows");
    for (size_t i = 0; i < calc_rows(c, "first"); i++) {
        calc_row(t);
        if (calc_labels(o, "label"))
            calc_cell_text(t, "label", calc_labels(o, "label")[i]);
        if (calc_column(o, "y"))
            calc_cell_num(t, "y", calc_column(o, "y")[i]);
        if (calc_wholes(o, "count"))
            calc_cell_int(t, "count", calc_wholes(o, "count")[i]);
        calc_cell_status(t, i == 1 ? STAT_REFUSED : i == 2 ? STAT_FLAG : STAT_OK, STAT_REASON_FEW_DF);
    }
}

static void every_plain(struct calc *c, const struct calc_values *o)
{
    size_t n;
    calc_put_num(c->result, "num", calc_num(o, "num"));
    calc_put_optional(c->result, "wide", calc_num(o, "wide"));
    calc_put_int(c->result, "int", calc_int(o, "int"));
    calc_put_bool(c->result, "bool", calc_bool(o, "bool"));
    calc_put_text(c->result, "text", calc_text(o, "text"));
    calc_put_int(c->result, "choice", calc_choice(o, "choice"));
    const double *nums = calc_nums(o, "nums", &n);
    calc_put_nums(c->result, "nums", nums, n);
    const char *const *texts = calc_texts(o, "texts", &n);
    calc_put_texts(c->result, "texts", texts, n);
    const struct calc_matrix *m = calc_matrix(o, "matrix");
    if (m)
        calc_put_matrix(c->result, "matrix", m->value, m->rows, m->cols);
}

static int every_run(struct calc *c, const struct calc_values *o)
{
    size_t n;
    every_plain(c, o);
    if (calc_object(o, "part"))
        every_part(c->result, "part", calc_object(o, "part"));
    const struct calc_values *const *parts = calc_objects(o, "parts", &n);
    struct calc_node *list = calc_put_list(c->result, "parts");
    for (size_t i = 0; i < n; i++)
        every_part(list, NULL, parts[i]);
    if (calc_columns(o, "columns"))
        every_columns(c->result, "columns", calc_columns(o, "columns"), calc_rows(c, NULL));
    if (calc_has(o, "terms"))
        every_columns(c->result, "terms", calc_terms(c, o, "terms", true), calc_rows(c, NULL));
    calc_put_int(c->result, "second", (int64_t)calc_rows(c, "second"));
    every_rows(c, o);
    if (calc_has(o, "fault"))
        return calc_wrong_row(c, o, "y", (size_t)calc_int(o, "fault"), "This row is wrong.");
    if (calc_bool(o, "refuse"))
        return calc_refuse_all(c, STAT_REASON_NOT_CONVERGED);
    return OK;
}

static const struct calc_method EVERY_METHOD = {"test.every", "Repeats", "Nobody 1900", EVERY_FIELDS, every_run, EVERY_SOURCES,
                                                true, .table = "rows"};

#endif
