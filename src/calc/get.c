/* get.c - the checked values, for the methods. */
#include "base/arena.h"
#include "base/str.h"
#include "calc/internal.h"
#include "calc/tree.h"
#include "i18n/i18n.h"

#include <math.h>
#include <stdarg.h>

static const struct calc_value *value_of(const struct calc_values *o, const char *name)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->rows[i].field->name == name || str_eq(o->rows[i].field->name, name))
            return &o->rows[i];
    die("calc: %s has no option %s", o->path, name);
}

static const struct calc_value *typed(const struct calc_values *o, const char *name, enum calc_type a, enum calc_type b)
{
    const struct calc_value *v = value_of(o, name);
    if (v->field->type != a && v->field->type != b)
        die("calc: the option %s is of another type", v->path);
    return v;
}

bool calc_has(const struct calc_values *o, const char *name)
{
    return value_of(o, name)->json != NULL;
}

double calc_num(const struct calc_values *o, const char *name)
{
    return typed(o, name, CALC_NUM, CALC_INT)->num;
}

int64_t calc_int(const struct calc_values *o, const char *name)
{
    return typed(o, name, CALC_INT, CALC_INT)->whole;
}

bool calc_bool(const struct calc_values *o, const char *name)
{
    return typed(o, name, CALC_BOOL, CALC_BOOL)->yes;
}

const char *calc_text(const struct calc_values *o, const char *name)
{
    return typed(o, name, CALC_TEXT, CALC_CHOICE)->text;
}

int calc_choice(const struct calc_values *o, const char *name)
{
    return typed(o, name, CALC_CHOICE, CALC_CHOICE)->choice;
}

const double *calc_nums(const struct calc_values *o, const char *name, size_t *n)
{
    const struct calc_value *v = typed(o, name, CALC_NUMS, CALC_NUMS);
    *n = v->n;
    return v->nums;
}

const char *const *calc_texts(const struct calc_values *o, const char *name, size_t *n)
{
    const struct calc_value *v = typed(o, name, CALC_TEXTS, CALC_TEXTS);
    *n = v->n;
    return v->texts;
}

const struct calc_values *calc_object(const struct calc_values *o, const char *name)
{
    const struct calc_value *v = typed(o, name, CALC_OBJECT, CALC_OBJECT);
    return v->json ? v->objects[0] : NULL;
}

const struct calc_values *const *calc_objects(const struct calc_values *o, const char *name, size_t *n)
{
    const struct calc_value *v = typed(o, name, CALC_OBJECTS, CALC_OBJECTS);
    *n = v->n;
    return (const struct calc_values *const *)v->objects;
}

const struct calc_map *calc_map(const struct calc_values *o, const char *name)
{
    const struct calc_value *v = typed(o, name, CALC_MAP, CALC_MAP);
    return v->json ? &v->map : NULL;
}

double calc_map_at(const struct calc_map *m, const char *key)
{
    for (size_t i = 0; m && i < m->n; i++)
        if (str_eq(m->key[i], key))
            return m->value[i];
    return NAN;
}

const struct calc_matrix *calc_matrix(const struct calc_values *o, const char *name)
{
    const struct calc_value *v = typed(o, name, CALC_MATRIX, CALC_MATRIX);
    return v->json ? &v->matrix : NULL;
}

/* --- columns -------------------------------------------------------------------------------------- */

size_t calc_rows(const struct calc *c, const char *table)
{
    const struct calc_file *file = calc_file_named(c->frame, table);
    if (!file)
        die("calc: the method %s has no table %s", c->frame->method->name, table);
    return file->known ? file->n : 0;
}

static const struct calc_cells *cells_of(const struct calc_values *o, const char *name, enum calc_type type)
{
    return typed(o, name, type, type)->cells;
}

const double *calc_column(const struct calc_values *o, const char *name)
{
    const struct calc_cells *k = cells_of(o, name, CALC_COLUMN);
    return k ? k->num : NULL;
}

const int64_t *calc_wholes(const struct calc_values *o, const char *name)
{
    const struct calc_cells *k = cells_of(o, name, CALC_WHOLES);
    return k ? k->whole : NULL;
}

const char *const *calc_labels(const struct calc_values *o, const char *name)
{
    const struct calc_cells *k = cells_of(o, name, CALC_LABELS);
    return k ? (const char *const *)k->label : NULL;
}

const struct calc_codes *calc_codes(const struct calc_values *o, const char *name)
{
    const struct calc_cells *k = cells_of(o, name, CALC_CODES);
    return k ? &k->codes : NULL;
}

const struct calc_codes *const *calc_code_columns(const struct calc_values *o, const char *name, size_t *n)
{
    const struct calc_value *v = typed(o, name, CALC_CODE_COLUMNS, CALC_CODE_COLUMNS);
    *n = v->terms.n;
    return v->codes;
}

const char *calc_column_name(const struct calc_values *o, const char *name)
{
    const struct calc_value *v = value_of(o, name);
    return v->cells ? v->cells->name : NULL;
}

int32_t calc_code_of(const struct calc_codes *k, const char *name)
{
    for (size_t i = 0; k && i < k->n; i++)
        if (str_eq(k->name[i], name))
            return (int32_t)i;
    return -1;
}

/* The category of a factor that has no column of its own. */
static int32_t base_of(const struct calc_term *t)
{
    int32_t base = t->base ? calc_code_of(&t->cells->codes, t->base) : 0;
    return base < 0 ? 0 : base;
}

static size_t width_of(const struct calc_term *t)
{
    size_t n = t->cells->codes.n;
    return t->cells->type == CALC_CODES ? (n ? n - 1 : 0) : 1;
}

static size_t fill_factor(struct arena *a, const struct calc_term *t, size_t n, size_t p, size_t at, double *x,
                          const char **name)
{
    const struct calc_codes *k = &t->cells->codes;
    int32_t base = base_of(t);
    for (size_t c = 0; c < k->n; c++) {
        if ((int32_t)c == base)
            continue;
        name[at] = arena_printf(a, "%s=%s", t->cells->name ? t->cells->name : "factor", k->name[c]);
        for (size_t i = 0; i < n; i++)
            x[i * p + at] = k->code[i] < 0 ? NAN : k->code[i] == (int32_t)c;
        at++;
    }
    return at;
}

static const struct calc_columns *make_columns(const struct calc_value *v, size_t n, bool intercept, struct arena *a)
{
    size_t p = intercept, at = 0;
    for (size_t j = 0; j < v->terms.n; j++)
        p += width_of(&v->terms.rows[j]);
    double *x = arena_array(a, n * p, sizeof *x);
    const char **name = arena_array(a, p, sizeof *name);
    if (intercept) {
        name[at] = "(Intercept)";
        for (size_t i = 0; i < n; i++)
            x[i * p] = 1;
        at++;
    }
    for (size_t j = 0; j < v->terms.n; j++) {
        const struct calc_term *t = &v->terms.rows[j];
        if (t->cells->type == CALC_CODES) {
            at = fill_factor(a, t, n, p, at, x, name);
            continue;
        }
        name[at] = t->cells->name ? t->cells->name : arena_printf(a, "x%zu", j + 1);
        for (size_t i = 0; i < n; i++)
            x[i * p + at] = t->cells->num[i];
        at++;
    }
    struct calc_columns *out = arena_alloc(a, sizeof *out);
    *out = (struct calc_columns){p, x, name};
    return out;
}

static void check_terms(struct calc_frame *f, const struct calc_value *v)
{
    for (size_t i = 0; i < v->terms.n; i++) {
        const struct calc_term *t = &v->terms.rows[i];
        if (t->base && t->cells->type == CALC_CODES && calc_code_of(&t->cells->codes, t->base) < 0)
            calc_fault(f, arena_printf(f->cx->arena, "%s[%zu].base", v->path, i),
                       TF(f->cx, "No row has the category \"%s\".", t->base));
    }
}

void calc_prepare(struct calc_frame *f, struct calc_values *o)
{
    for (size_t i = 0; i < o->n; i++) {
        struct calc_value *v = &o->rows[i];
        for (size_t j = 0; v->objects && j < v->n; j++)
            calc_prepare(f, v->objects[j]);
        if (v->field->type == CALC_TERMS)
            check_terms(f, v);
        if (v->field->type == CALC_CODE_COLUMNS && v->json) {
            v->codes = arena_array(f->cx->arena, v->terms.n, sizeof *v->codes);
            for (size_t j = 0; j < v->terms.n; j++)
                v->codes[j] = &v->terms.rows[j].cells->codes;
        }
        if (v->field->type == CALC_COLUMNS && v->json)
            v->columns = make_columns(v, v->file ? v->file->n : 0, false, f->cx->arena);
    }
}

const struct calc_columns *calc_columns(const struct calc_values *o, const char *name)
{
    return typed(o, name, CALC_COLUMNS, CALC_COLUMNS)->columns;
}

const struct calc_columns *calc_terms(const struct calc *c, const struct calc_values *o, const char *name, bool intercept)
{
    const struct calc_value *v = typed(o, name, CALC_TERMS, CALC_TERMS);
    return make_columns(v, calc_rows(c, v->field->table), intercept, c->arena);
}

/* --- what is wrong -------------------------------------------------------------------------------- */

static const char *sentence(struct calc *c, const char *msgid, va_list ap) __attribute__((format(printf, 2, 0)));
static const char *sentence(struct calc *c, const char *msgid, va_list ap)
{
    return arena_vprintf(c->arena, T(c->cx, msgid), ap);
}

int calc_wrong(struct calc *c, const struct calc_values *o, const char *name, const char *msgid, ...)
{
    va_list ap;
    va_start(ap, msgid);
    calc_fault(c->frame, name ? value_of(o, name)->path : o->path, sentence(c, msgid, ap));
    va_end(ap);
    return CALC_WRONG;
}

int calc_wrong_row(struct calc *c, const struct calc_values *o, const char *name, size_t row, const char *msgid, ...)
{
    const struct calc_value *v = value_of(o, name);
    const struct calc_cells *k = v->cells ? v->cells : v->terms.n ? v->terms.rows[0].cells : NULL;
    const char *where = v->path;
    if (k && k->name && k->file->line && row < k->file->n)
        where = TF(c->cx, "%s, line %lld, column \"%s\"", k->file->name, (long long)k->file->line[row], k->name);
    else if (k)
        where = arena_printf(c->arena, "%s[%zu]", k->path, row);
    va_list ap;
    va_start(ap, msgid);
    calc_fault(c->frame, where, sentence(c, msgid, ap));
    va_end(ap);
    return CALC_WRONG;
}

void calc_warn(struct calc *c, const char *msgid, ...)
{
    va_list ap;
    va_start(ap, msgid);
    vec_push(c->arena, &c->frame->warnings, sentence(c, msgid, ap));
    va_end(ap);
}

void calc_refuse(struct calc *c, const char *what, enum stat_reason why)
{
    struct calc_refusal r = {.what = arena_strdup(c->arena, what), .code = stat_reason_code(why),
                             .text = T(c->cx, stat_reason_text(why))};
    vec_push(c->arena, &c->frame->refusals, r);
}

int calc_refuse_all(struct calc *c, enum stat_reason why)
{
    *c->result = *calc_root_new(c->frame);
    calc_refuse(c, "result", why);
    return OK;
}
