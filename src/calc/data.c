/* data.c - the tables of a document: which files, and the columns that the method's options name. */
#include "base/arena.h"
#include "base/crypto.h"
#include "base/csv.h"
#include "base/fs.h"
#include "base/map.h"
#include "base/str.h"
#include "calc/internal.h"
#include "i18n/i18n.h"

#include <math.h>
#include <string.h>

static const size_t MAX_FILE = (size_t)2 << 30;

/* --- "data" of the document ----------------------------------------------------------------------- */

struct calc_file *calc_file_named(struct calc_frame *f, const char *name)
{
    if (!name)
        return &f->files[0];
    for (size_t i = 0; i < f->n_files; i++)
        if (str_eq(f->files[i].source->name, name))
            return &f->files[i];
    return NULL;
}

static void read_missing(struct calc_frame *f, struct calc_file *file, const struct json *j, const char *where)
{
    struct arena *a = f->cx->arena;
    const char **texts = arena_array(a, j->n, sizeof *texts);
    bool fits = j->type == JSON_IS_ARRAY;
    for (size_t i = 0; fits && i < j->n; i++) {
        fits = j->items[i].type == JSON_IS_STR;
        texts[i] = fits ? j->items[i].s : "";
    }
    if (!fits)
        calc_fault(f, arena_printf(a, "%s.missing", where), T(f->cx, N_("This must be a list of texts.")));
    else {
        file->missing = texts;
        file->n_missing = j->n;
    }
}

/* "file.csv" or {"file": "file.csv", "missing": ["NA"]}. */
static void read_source(struct calc_frame *f, struct calc_file *file, const struct json *j, const char *where)
{
    struct arena *a = f->cx->arena;
    const char *name = j->type == JSON_IS_STR ? j->s : json_get_str(j, "file", NULL);
    for (size_t i = 0; j->type == JSON_IS_OBJECT && i < j->n; i++) {
        if (str_eq(j->keys[i], "missing"))
            read_missing(f, file, &j->items[i], where);
        else if (!str_eq(j->keys[i], "file"))
            calc_fault(f, arena_printf(a, "%s.%s", where, j->keys[i]), T(f->cx, N_("There is no such option.")));
    }
    if (str_empty(name)) {
        calc_fault(f, where, T(f->cx, N_("This must be the name of a CSV file.")));
        return;
    }
    file->name = name;
    file->path = name[0] == '/' || !f->rq->folder ? name : fs_join(a, f->rq->folder, name);
}

int calc_read_data(struct calc_frame *f, const struct json *data)
{
    struct arena *a = f->cx->arena;
    const struct calc_source *s = calc_sources(f->method);
    while (s[f->n_files].name)
        f->n_files++;
    f->files = arena_array(a, f->n_files, sizeof *f->files);
    for (size_t i = 0; i < f->n_files; i++)
        f->files[i].source = &s[i];
    if (!data)
        return OK;
    if (data->type != JSON_IS_OBJECT || json_get(data, "file")) {
        read_source(f, &f->files[0], data, "data");
        return OK;
    }
    for (size_t i = 0; i < data->n; i++) {
        const char *where = arena_printf(a, "data.%s", data->keys[i]);
        struct calc_file *file = calc_file_named(f, data->keys[i]);
        if (file)
            read_source(f, file, &data->items[i], where);
        else
            calc_fault(f, where, TF(f->cx, "The method has no such table. It has: %s.", calc_source_names(f)));
    }
    return OK;
}

const char *calc_source_names(struct calc_frame *f)
{
    struct buf *b = buf_new(f->cx->arena, 0);
    for (size_t i = 0; i < f->n_files; i++)
        buf_printf(b, "%s%s", i ? ", " : "", f->files[i].source->name);
    return b->data;
}

/* --- one column ----------------------------------------------------------------------------------- */

static void make_room(struct arena *a, struct calc_cells *k, size_t n)
{
    switch (k->type) {
    case CALC_COLUMN: k->num = arena_array(a, n, sizeof *k->num); break;
    case CALC_WHOLES: k->whole = arena_array(a, n, sizeof *k->whole); break;
    case CALC_LABELS: k->label = arena_array(a, n, sizeof *k->label); break;
    default:
        k->codes.code = arena_array(a, n, sizeof *k->codes.code);
        k->levels = calc_levels_new(a);
    }
}

static bool is_missing(const struct calc_file *file, const char *cell)
{
    if (*cell <= ' ' && !cell[strspn(cell, " \t")])
        return true;
    for (size_t i = 0; i < file->n_missing; i++)
        if (strcmp(file->missing[i], cell) == 0)
            return true;
    return false;
}

static void set_missing(struct calc_cells *k, size_t row)
{
    switch (k->type) {
    case CALC_COLUMN: k->num[row] = NAN; break;
    case CALC_WHOLES: k->whole[row] = CALC_NO_WHOLE; break;
    case CALC_LABELS: k->label[row] = ""; break;
    default: ((int32_t *)(uintptr_t)k->codes.code)[row] = -1;
    }
}

/* What is wrong with a number in a column; NULL: nothing. */
static const char *check_num(struct calc_frame *f, const struct calc_cells *k, const char *cell, double v)
{
    if (isinf(v) && !k->field->infinite)
        return TF(f->cx, "\"%s\" is not a number.", utf8_cut(f->cx->arena, cell, 40));
    if (!calc_in_range(k->field, v))
        return TF(f->cx, "%s is outside of what is allowed here (%s).", utf8_cut(f->cx->arena, cell, 40),
                  calc_range_text(f->cx, k->field));
    return NULL;
}

/* Spaces at both ends do not tell categories apart. */
static const char *trimmed(struct calc_frame *f, const char *cell)
{
    size_t n = strlen(cell);
    if (n && cell[0] != ' ' && cell[0] != '\t' && cell[n - 1] != ' ' && cell[n - 1] != '\t')
        return cell;
    return str_trim(f->cx->arena, cell);
}

/* A cell that is no number. What other programs write for a missing value is told as such. */
static const char *no_number(struct calc_frame *f, const struct calc_cells *k, const char *cell)
{
    static const char *const USUAL[] = {"NA", "N/A", "NaN", "nan", "NULL", "null", ".", "-", "#N/A"};
    for (size_t i = 0; k->field->missing && i < sizeof USUAL / sizeof *USUAL; i++)
        if (str_eq(trimmed(f, cell), USUAL[i]))
            return TF(f->cx, "\"%s\" is not a number; if it means a missing value, name it under \"missing\" beside \"file\" in data.",
                      USUAL[i]);
    return TF(f->cx, "\"%s\" is not a number.", utf8_cut(f->cx->arena, cell, 40));
}

/* Stores a cell; what is wrong with it, or NULL. */
static const char *set_cell(struct calc_frame *f, struct calc_cells *k, size_t row, const char *cell)
{
    const struct calc_file *file = k->file;
    if (is_missing(file, cell)) {
        set_missing(k, row);
        return k->field->missing ? NULL : T(f->cx, N_("The cell is empty."));
    }
    double v;
    switch (k->type) {
    case CALC_COLUMN:
        if (!calc_parse_num(cell, file->decimal_comma, &v) && !calc_infinite_text(cell, &v))
            return no_number(f, k, cell);
        k->num[row] = v;
        return check_num(f, k, cell, v);
    case CALC_WHOLES:
        if (!calc_parse_whole(cell, &k->whole[row]))
            return calc_parse_num(cell, file->decimal_comma, &v)
                       ? TF(f->cx, "\"%s\" is not a whole number.", utf8_cut(f->cx->arena, cell, 40))
                       : no_number(f, k, cell);
        return check_num(f, k, cell, (double)k->whole[row]);
    case CALC_LABELS: k->label[row] = arena_strdup(f->cx->arena, trimmed(f, cell)); return NULL;
    default:
        ((int32_t *)(uintptr_t)k->codes.code)[row] = calc_levels_add(k->levels, trimmed(f, cell));
        return NULL;
    }
}

static void end_column(struct calc_cells *k, size_t n)
{
    k->n = n;
    if (k->type == CALC_CODES)
        calc_levels_end(k->levels, (int32_t *)(uintptr_t)k->codes.code, n, &k->codes);
}

/* --- CSV files ------------------------------------------------------------------------------------ */

/* The columns of a table that is a matrix as a whole. */
static void add_matrix_columns(struct calc_frame *f, struct calc_file *file, const struct csv *csv)
{
    struct arena *a = f->cx->arena;
    for (size_t i = 0; i < csv->n; i++) {
        struct calc_cells *k = arena_alloc(a, sizeof *k);
        *k = (struct calc_cells){.field = file->matrix->field, .type = CALC_COLUMN, .path = file->matrix->path,
                                 .name = str_trim(a, csv->cells[i]), .file = file, .at = (int)i};
        vec_push(a, &file->columns, k);
    }
}

/* Finds the columns by the header; those that are not there are told and left out. */
static void find_columns(struct calc_frame *f, struct calc_file *file, const struct csv *csv)
{
    struct map *where = map_new(f->cx->arena); /* name -> place from 1; below 0: there twice */
    size_t kept = 0;
    for (size_t i = 0; i < csv->n; i++) {
        void **at = map_at(where, trimmed(f, csv->cells[i]));
        *at = (void *)(*at ? (intptr_t)-1 : (intptr_t)i + 1);
    }
    for (size_t j = 0; j < file->columns.n; j++) {
        struct calc_cells *k = file->columns.rows[j];
        intptr_t at = (intptr_t)map_get(where, k->name);
        k->at = (int)at - 1;
        if (at == 0)
            calc_fault(f, k->path, TF(f->cx, "%s has no column \"%s\".", file->name, k->name));
        else if (at < 0)
            calc_fault(f, k->path, TF(f->cx, "%s has two columns \"%s\".", file->name, k->name));
        else
            file->columns.rows[kept++] = k;
    }
    file->columns.n = kept;
    if (file->matrix)
        add_matrix_columns(f, file, csv);
}

static size_t count_lines(const struct buf *text)
{
    size_t n = 1;
    for (const char *p = text->data, *end = p + text->len; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        n++;
    for (const char *p = text->data, *end = p + text->len; (p = memchr(p, '\r', (size_t)(end - p))) != NULL; p++)
        n += p[1] != '\n';
    return n;
}

static const char *cell_place(struct calc_frame *f, const struct calc_file *file, int64_t line, const char *column)
{
    return TF(f->cx, "%s, line %lld, column \"%s\"", file->name, (long long)line, column);
}

static void read_rows(struct calc_frame *f, struct calc_file *file, struct csv *csv, size_t n_header, size_t room)
{
    bool more;
    for (;;) {
        if (csv_next(f->cx, csv, &more)) {
            calc_fault(f, NULL, f->cx->err_text);
            return;
        }
        if (!more || f->n_faults > CALC_MAX_FAULTS)
            break;
        if (file->n == room)
            die("calc: more rows in %s than lines", file->name);
        if (csv->n != n_header) {
            calc_fault(f, TF(f->cx, "%s, line %lld", file->name, (long long)csv->line),
                       TF(f->cx, "The row has %zu cells, the first row %zu.", csv->n, n_header));
            continue;
        }
        file->line[file->n] = (uint32_t)csv->line;
        for (size_t j = 0; j < file->columns.n; j++) {
            struct calc_cells *k = file->columns.rows[j];
            const char *wrong = set_cell(f, k, file->n, csv->cells[k->at]);
            if (wrong)
                calc_fault(f, cell_place(f, file, csv->line, k->name), wrong);
        }
        file->n++;
    }
    for (size_t j = 0; j < file->columns.n; j++)
        end_column(file->columns.rows[j], file->n);
    if (file->n == 0)
        calc_fault(f, file->name, T(f->cx, N_("The table has no rows.")));
}

static void fill_matrix(struct calc_frame *f, struct calc_file *file)
{
    size_t p = file->columns.n;
    double *v = arena_array(f->cx->arena, file->n * p, sizeof *v);
    const char **name = arena_array(f->cx->arena, p, sizeof *name);
    for (size_t j = 0; j < p; j++) {
        name[j] = file->columns.rows[j]->name;
        for (size_t i = 0; i < file->n; i++)
            v[i * p + j] = file->columns.rows[j]->num[i];
    }
    file->matrix->matrix = (struct calc_matrix){file->n, p, v, name};
}

static void read_file(struct calc_frame *f, struct calc_file *file)
{
    struct ctx *cx = f->cx;
    struct buf *text;
    struct csv csv;
    bool more;
    if ((f->rq->read ? f->rq->read : fs_read)(cx, file->path, MAX_FILE, &text)) {
        calc_fault(f, arena_printf(cx->arena, "data.%s", file->source->name), cx->err_text);
        return;
    }
    file->hash = crypto_blake2b_hex(cx->arena, text->data, text->len);
    if (csv_open(cx, file->name, text->data, text->len, &csv) || csv_next(cx, &csv, &more)) {
        calc_fault(f, NULL, cx->err_text);
        return;
    }
    if (!more) {
        calc_fault(f, file->name, T(cx, N_("The table has no rows.")));
        return;
    }
    file->decimal_comma = csv.separator != ',';
    size_t header = csv.n, room = count_lines(text);
    buf_free(text);
    find_columns(f, file, &csv);
    file->line = arena_array(cx->arena, room, sizeof *file->line);
    for (size_t j = 0; j < file->columns.n; j++)
        make_room(cx->arena, file->columns.rows[j], room);
    read_rows(f, file, &csv, header, room);
    file->known = true;
    file->known_from = file->name;
    if (file->matrix && f->n_faults == 0)
        fill_matrix(f, file);
}

/* --- columns given as lists ----------------------------------------------------------------------- */

/* An element as the text of a cell; NULL: it is none. */
static const char *element_text(struct arena *a, const struct json *j)
{
    char number[32];
    switch (j->type) {
    case JSON_IS_NULL: return "";
    case JSON_IS_STR: return j->s;
    case JSON_IS_INT: return arena_printf(a, "%lld", (long long)j->i);
    case JSON_IS_NUM: return arena_strdup(a, num_shortest(number, j->num));
    default: return NULL;
    }
}

static void read_list(struct calc_frame *f, struct calc_cells *k)
{
    struct arena *a = f->cx->arena;
    struct calc_file *file = k->file;
    if (file->known && file->n != k->list->n) {
        calc_fault(f, k->path, TF(f->cx, "There are %zu values, but %zu in %s.", k->list->n, file->n, file->known_from));
        return;
    }
    if (!file->known)
        file->known_from = k->path;
    file->known = true;
    file->n = k->list->n;
    make_room(a, k, file->n);
    for (size_t i = 0; i < file->n; i++) {
        const struct json *j = &k->list->items[i];
        const char *text = element_text(a, j);
        bool number = j->type == JSON_IS_INT || j->type == JSON_IS_NUM;
        const char *wrong = !text ? T(f->cx, N_("This must be a number or a text.")) : NULL;
        if (!wrong && number && k->type == CALC_COLUMN) {
            k->num[i] = j->num;
            wrong = check_num(f, k, text, j->num);
        } else if (!wrong) {
            wrong = set_cell(f, k, i, text);
        }
        if (wrong)
            calc_fault(f, arena_printf(a, "%s[%zu]", k->path, i), wrong);
    }
    end_column(k, file->n);
}

int calc_read_files(struct calc_frame *f)
{
    for (size_t i = 0; i < f->n_files; i++) {
        struct calc_file *file = &f->files[i];
        VEC(struct calc_cells *) lists = {0};
        VEC(struct calc_cells *) named = {0};
        for (size_t j = 0; j < file->columns.n; j++)
            if (file->columns.rows[j]->list)
                vec_push(f->cx->arena, &lists, file->columns.rows[j]);
            else
                vec_push(f->cx->arena, &named, file->columns.rows[j]);
        file->columns.rows = named.rows;
        file->columns.n = named.n;
        file->columns.cap = named.cap;
        bool wanted = named.n || file->matrix || file->source->required;
        if (file->name)
            read_file(f, file);
        else if (wanted && !(lists.n && !named.n && !file->matrix))
            calc_fault(f, arena_printf(f->cx->arena, "data.%s", file->source->name),
                       named.n ? TF(f->cx, "A file is needed: %s names a column of it.", named.rows[0]->path)
                               : T(f->cx, N_("A file is needed.")));
        for (size_t j = 0; j < lists.n; j++)
            read_list(f, lists.rows[j]);
    }
    return f->n_faults ? CALC_WRONG : OK;
}
