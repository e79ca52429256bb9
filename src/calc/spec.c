/* spec.c - checks the options of a document against the method's fields, and keeps them as values of their
 * types. All faults of a document are collected; nothing of the method runs before it is free of them. */
#include "base/arena.h"
#include "base/str.h"
#include "calc/internal.h"
#include "i18n/i18n.h"

#include <math.h>
#include <string.h>

/* --- ranges --------------------------------------------------------------------------------------- */

static bool limited(const struct calc_field *f)
{
    return f->min != 0 || f->max != 0;
}

bool calc_in_range(const struct calc_field *f, double v)
{
    if (isnan(v))
        return false;
    if (!limited(f))
        return true;
    if (f->infinite && isinf(v) && (v > 0 ? v == f->max : v == f->min))
        return true; /* the open end itself, asked for by name */
    return f->open ? v > f->min && v < f->max : v >= f->min && v <= f->max;
}

const char *calc_range_text(struct ctx *cx, const struct calc_field *f)
{
    char low[32], high[32];
    if (!limited(f))
        return "";
    num_shortest(low, f->min);
    num_shortest(high, f->max);
    if (isinf(f->max))
        return f->open ? TF(cx, "more than %s", low) : TF(cx, "at least %s", low);
    if (isinf(f->min))
        return f->open ? TF(cx, "less than %s", high) : TF(cx, "at most %s", high);
    return f->open ? TF(cx, "between %s and %s, the ends excluded", low, high) : TF(cx, "from %s to %s", low, high);
}

/* --- single values -------------------------------------------------------------------------------- */

struct place {
    struct calc_frame *f;
    struct calc_value *v;
    const char *path;
};

static void wrong(const struct place *p, const char *text)
{
    calc_fault(p->f, p->path, text);
}

static void check_number(const struct place *p, const struct json *j, double *to)
{
    const struct calc_field *field = p->v->field;
    struct ctx *cx = p->f->cx;
    char text[32];
    *to = j->num;
    if (j->type == JSON_IS_STR && field->infinite && calc_infinite_text(j->s, to)) {
        if (!calc_in_range(field, *to))
            wrong(p, TF(cx, "%s is outside of what is allowed here (%s).", j->s, calc_range_text(cx, field)));
        return;
    }
    bool whole = field->type == CALC_INT;
    if (j->type != JSON_IS_INT && (j->type != JSON_IS_NUM || whole))
        wrong(p, whole ? T(cx, N_("This must be a whole number.")) : T(cx, N_("This must be a number.")));
    else if (!calc_in_range(field, j->num))
        wrong(p, TF(cx, "%s is outside of what is allowed here (%s).", num_shortest(text, j->num),
                    calc_range_text(cx, field)));
}

static void check_choice(const struct place *p, const struct json *j)
{
    size_t n;
    struct ctx *cx = p->f->cx;
    char **names = str_split(cx->arena, p->v->field->choices, '|', &n);
    p->v->choice = -1;
    for (size_t i = 0; j->type == JSON_IS_STR && i < n; i++)
        if (str_eq(names[i], j->s))
            p->v->choice = (int)i;
    p->v->text = j->type == JSON_IS_STR ? j->s : "";
    if (p->v->choice >= 0)
        return;
    struct buf *b = buf_new(cx->arena, 0);
    for (size_t i = 0; i < n; i++)
        buf_printf(b, "%s\"%s\"", i ? ", " : "", names[i]);
    wrong(p, TF(cx, "This must be one of: %s.", b->data));
}

/* A list within the field's number of elements; false: told. */
static bool check_list(const struct place *p, const struct json *j)
{
    const struct calc_field *field = p->v->field;
    struct ctx *cx = p->f->cx;
    if (j->type != JSON_IS_ARRAY)
        wrong(p, T(cx, N_("This must be a list.")));
    else if (j->n < field->least)
        wrong(p, TN(cx, "The list needs at least %lld element.", "The list needs at least %lld elements.",
                    (long long)field->least));
    else if (field->most && j->n > field->most)
        wrong(p, TN(cx, "The list may have at most %lld element.", "The list may have at most %lld elements.",
                    (long long)field->most));
    else
        return true;
    return false;
}

static const char *element(const struct place *p, size_t i)
{
    return arena_printf(p->f->cx->arena, "%s[%zu]", p->path, i);
}

static const double *check_numbers(const struct place *p, const struct json *j)
{
    double *nums = arena_array(p->f->cx->arena, j->n, sizeof *nums);
    for (size_t i = 0; i < j->n; i++)
        check_number(&(struct place){p->f, p->v, element(p, i)}, &j->items[i], &nums[i]);
    return nums;
}

static void check_texts(const struct place *p, const struct json *j)
{
    const char **texts = arena_array(p->f->cx->arena, j->n, sizeof *texts);
    for (size_t i = 0; i < j->n; i++) {
        texts[i] = j->items[i].type == JSON_IS_STR ? j->items[i].s : "";
        if (j->items[i].type != JSON_IS_STR)
            wrong(&(struct place){p->f, p->v, element(p, i)}, T(p->f->cx, N_("This must be a text.")));
    }
    p->v->texts = texts;
    p->v->n = j->n;
}

static void check_map(const struct place *p, const struct json *j)
{
    struct arena *a = p->f->cx->arena;
    if (j->type != JSON_IS_OBJECT) {
        wrong(p, T(p->f->cx, N_("This must be an object of names with numbers.")));
        return;
    }
    double *value = arena_array(a, j->n, sizeof *value);
    for (size_t i = 0; i < j->n; i++)
        check_number(&(struct place){p->f, p->v, arena_printf(a, "%s.%s", p->path, j->keys[i])}, &j->items[i], &value[i]);
    p->v->map = (struct calc_map){j->n, j->keys, value};
}

static void check_matrix(const struct place *p, const struct json *j)
{
    struct arena *a = p->f->cx->arena;
    if (j->type == JSON_IS_STR) { /* the name of a table */
        struct calc_file *file = calc_file_named(p->f, j->s);
        if (!file || file->matrix)
            wrong(p, TF(p->f->cx, "The method has no such table. It has: %s.", calc_source_names(p->f)));
        else
            file->matrix = p->v;
        return;
    }
    bool rows = j->type == JSON_IS_ARRAY && j->n > 0 && j->items[0].type == JSON_IS_ARRAY;
    size_t cols = rows ? j->items[0].n : 0;
    for (size_t i = 0; i < j->n && rows; i++)
        rows = j->items[i].type == JSON_IS_ARRAY && j->items[i].n == cols;
    if (!rows || cols == 0) {
        wrong(p, T(p->f->cx, N_("This must be a list of rows of equal length, or the name of a table.")));
        return;
    }
    double *v = arena_array(a, j->n * cols, sizeof *v);
    for (size_t i = 0; i < j->n; i++)
        memcpy(v + i * cols, check_numbers(&(struct place){p->f, p->v, element(p, i)}, &j->items[i]), cols * sizeof *v);
    p->v->matrix = (struct calc_matrix){j->n, cols, v, NULL};
}

/* --- columns -------------------------------------------------------------------------------------- */

bool calc_is_column(enum calc_type t)
{
    return t >= CALC_COLUMN;
}

/* The column that j names or gives; NULL: told. */
static struct calc_cells *ask_column(const struct place *p, const struct json *j, enum calc_type type)
{
    if ((j->type != JSON_IS_STR || str_empty(j->s)) && (j->type != JSON_IS_ARRAY || j->n == 0)) {
        wrong(p, T(p->f->cx, N_("This must be the name of a column or a list of its values.")));
        return NULL;
    }
    struct calc_cells *k = arena_alloc(p->f->cx->arena, sizeof *k);
    k->field = p->v->field;
    k->type = type;
    k->path = p->path;
    k->name = j->type == JSON_IS_STR ? j->s : NULL;
    k->list = j->type == JSON_IS_ARRAY ? j : NULL;
    k->file = calc_file_named(p->f, p->v->field->table);
    if (!k->file)
        die("calc: the method %s has no table %s", p->f->method->name, p->v->field->table);
    p->v->file = k->file;
    vec_push(p->f->cx->arena, &k->file->columns, k);
    return k;
}

/* {"factor": "district", "base": "A1"} */
static struct calc_term ask_term(const struct place *p, const struct json *j)
{
    struct ctx *cx = p->f->cx;
    const struct json *factor = json_get(j, "factor");
    struct calc_term t = {.base = json_get_str(j, "base", NULL)};
    if (!factor) {
        t.cells = ask_column(p, j, CALC_COLUMN);
        return t;
    }
    for (size_t i = 0; i < j->n; i++)
        if (!str_eq(j->keys[i], "factor") && !(str_eq(j->keys[i], "base") && j->items[i].type == JSON_IS_STR))
            calc_fault(p->f, arena_printf(cx->arena, "%s.%s", p->path, j->keys[i]), T(cx, N_("There is no such option.")));
    t.cells = ask_column(&(struct place){p->f, p->v, arena_printf(cx->arena, "%s.factor", p->path)}, factor, CALC_CODES);
    return t;
}

static void ask_columns(const struct place *p, const struct json *j)
{
    for (size_t i = 0; i < j->n; i++) {
        struct place one = {p->f, p->v, element(p, i)};
        struct calc_term t = {0};
        if (p->v->field->type == CALC_TERMS)
            t = ask_term(&one, &j->items[i]);
        else
            t.cells = ask_column(&one, &j->items[i], p->v->field->type == CALC_COLUMNS ? CALC_COLUMN : CALC_CODES);
        vec_push(p->f->cx->arena, &p->v->terms, t);
    }
}

/* --- objects -------------------------------------------------------------------------------------- */

static void check_objects(const struct place *p, const struct json *j)
{
    const struct calc_field *fields = p->v->field->fields;
    bool list = p->v->field->type == CALC_OBJECTS;
    p->v->n = list ? j->n : 1;
    p->v->objects = arena_array(p->f->cx->arena, p->v->n, sizeof *p->v->objects);
    for (size_t i = 0; i < p->v->n; i++)
        p->v->objects[i] = calc_check(p->f, list ? &j->items[i] : j, fields, list ? element(p, i) : p->path);
}

/* A lone element of a list of columns or objects becomes a list of one. */
static const struct json *listed(struct arena *a, enum calc_type type, const struct json *j)
{
    bool may = type == CALC_COLUMNS || type == CALC_CODE_COLUMNS || type == CALC_TERMS || type == CALC_OBJECTS;
    if (!may || (j->type != JSON_IS_STR && j->type != JSON_IS_OBJECT))
        return j;
    struct json *list = arena_alloc(a, sizeof *list);
    *list = (struct json){.type = JSON_IS_ARRAY, .n = 1, .items = arena_array(a, 1, sizeof *list)};
    list->items[0] = *j;
    return list;
}

static void check_value(const struct place *p, const struct json *given)
{
    struct ctx *cx = p->f->cx;
    struct calc_value *v = p->v;
    const struct json *j = v->json = listed(cx->arena, v->field->type, given);
    switch (v->field->type) {
    case CALC_NUM: check_number(p, j, &v->num); break;
    case CALC_INT:
        check_number(p, j, &v->num);
        v->whole = j->i;
        break;
    case CALC_BOOL:
        v->yes = j->b;
        if (j->type != JSON_IS_BOOL)
            wrong(p, T(cx, N_("This must be true or false.")));
        break;
    case CALC_TEXT:
        v->text = j->s;
        if (j->type != JSON_IS_STR)
            wrong(p, T(cx, N_("This must be a text.")));
        break;
    case CALC_CHOICE: check_choice(p, j); break;
    case CALC_NUMS:
        if (check_list(p, j)) {
            v->nums = check_numbers(p, j);
            v->n = j->n;
        }
        break;
    case CALC_TEXTS:
        if (check_list(p, j))
            check_texts(p, j);
        break;
    case CALC_MAP: check_map(p, j); break;
    case CALC_MATRIX: check_matrix(p, j); break;
    case CALC_OBJECTS:
        if (check_list(p, j))
            check_objects(p, j);
        break;
    case CALC_OBJECT: check_objects(p, j); break;
    case CALC_COLUMNS:
    case CALC_CODE_COLUMNS:
    case CALC_TERMS:
        if (check_list(p, j))
            ask_columns(p, j);
        break;
    default: v->cells = ask_column(p, j, v->field->type);
    }
}

static const struct json *fallback_of(struct calc_frame *f, const struct calc_field *field)
{
    const struct json *j;
    if (!field->fallback)
        return NULL;
    if (json_parse(f->cx, field->fallback, strlen(field->fallback), 0, &j))
        die("calc: the default of %s is not JSON: %s", field->name, field->fallback);
    return j;
}

static size_t field_at(const struct calc_field *fields, const char *name)
{
    size_t i = 0;
    while (fields[i].name && !str_eq(fields[i].name, name))
        i++;
    return i;
}

struct calc_values *calc_check(struct calc_frame *f, const struct json *j, const struct calc_field *fields, const char *path)
{
    struct arena *a = f->cx->arena;
    struct calc_values *o = arena_alloc(a, sizeof *o);
    o->path = path;
    while (fields[o->n].name)
        o->n++;
    o->rows = arena_array(a, o->n, sizeof *o->rows);
    if (j && j->type != JSON_IS_OBJECT)
        calc_fault(f, path, T(f->cx, N_("This must be an object with options.")));
    for (size_t i = 0; j && j->type == JSON_IS_OBJECT && i < j->n; i++)
        if (!fields[field_at(fields, j->keys[i])].name)
            calc_fault(f, arena_printf(a, "%s.%s", path, j->keys[i]), T(f->cx, N_("There is no such option.")));
    for (size_t i = 0; i < o->n; i++) {
        struct calc_value *v = &o->rows[i];
        const struct json *given = json_get(j, fields[i].name);
        v->field = &fields[i];
        v->path = arena_printf(a, "%s.%s", path, fields[i].name);
        v->choice = -1;
        v->num = NAN;
        v->json = given && given->type != JSON_IS_NULL ? given : fallback_of(f, &fields[i]);
        if (v->json)
            check_value(&(struct place){f, v, v->path}, v->json);
        else if (fields[i].required)
            calc_fault(f, v->path, T(f->cx, N_("This option is needed.")));
    }
    return o;
}
