/* xlsx_read.c - see xlsx_read.h. A workbook is a zip of XML parts: the list of sheets, the texts that
 * cells share, the number formats (which tell dates from numbers), and the sheet itself. */
#include "base/xlsx_read.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "base/xml.h"
#include "base/zip.h"

#include <math.h>

enum { MAX_SHARED = 2000000, MAX_FORMATS = 65536 };
static const struct xml_limits PART_LIMITS = {.bytes = (size_t)64 << 20, .nodes = 30000000};

enum cell_format { FORMAT_NUMBER, FORMAT_DATE, FORMAT_TIME };

struct book {
    struct ctx *cx;
    struct arena *a;
    const char *file;
    struct zip_reader *zip;
    bool from_1904;
    VEC(char *) shared;
    VEC(unsigned char) formats; /* enum cell_format of each cell style */
};

static void free_arena(void *a)
{
    arena_free(a);
}

/* --- texts that cells share --- */

struct shared_walk {
    struct book *book;
    struct buf *text;
    bool collecting;
    int phonetic; /* inside the reading aid of East Asian texts */
};

static int shared_start(void *arg, const char *ns, const char *name, const struct xml_attr *attrs, size_t n)
{
    struct shared_walk *w = arg;
    (void)ns, (void)attrs, (void)n;
    if (str_eq(name, "si"))
        buf_reset(w->text);
    w->phonetic += str_eq(name, "rPh");
    w->collecting = str_eq(name, "t") && w->phonetic == 0;
    return OK;
}

static int shared_end(void *arg, const char *ns, const char *name)
{
    struct shared_walk *w = arg;
    struct book *book = w->book;
    (void)ns;
    w->collecting = false;
    w->phonetic -= str_eq(name, "rPh");
    if (!str_eq(name, "si"))
        return OK;
    if (book->shared.n == MAX_SHARED)
        return fail(book->cx, ERR_LIMIT, "%s holds more than %d texts.", book->file, MAX_SHARED);
    vec_push(book->a, &book->shared, arena_strndup(book->a, w->text->data, w->text->len));
    return OK;
}

static int shared_text(void *arg, const char *s, size_t n)
{
    struct shared_walk *w = arg;
    if (w->collecting)
        buf_put(w->text, s, n);
    return OK;
}

static int read_shared(struct book *book)
{
    static const struct xml_events EVENTS = {shared_start, shared_end, shared_text};
    static const char *const PART = "xl/sharedStrings.xml";
    struct buf *part;
    if (!zip_reader_has(book->zip, PART))
        return OK; /* a workbook of numbers has none */
    TRY(zip_reader_get(book->cx, book->zip, PART, &part));
    struct shared_walk w = {.book = book, .text = buf_new(book->a, 0)};
    return xml_walk(book->cx, PART, part->data, part->len, &PART_LIMITS, &EVENTS, &w);
}

/* --- number formats --- */

/* What a format code shows: the letters of dates and times outside of quotes, brackets and escapes. */
static enum cell_format format_of_code(const char *code)
{
    bool day = false, hour = false;
    for (const char *p = code; *p && *p != ';'; p++) {
        if (*p == '"' || *p == '[') {
            bool elapsed = *p == '[' && p[1] && strchr("hms", p[1]); /* [h]:mm */
            const char *end = strchr(p + 1, *p == '"' ? '"' : ']');
            hour |= elapsed;
            if (!end)
                break;
            p = end;
        } else if ((*p == '\\' || *p == '_' || *p == '*') && p[1]) {
            p++;
        } else if (strchr("dDyY", *p)) {
            day = true;
        } else if (strchr("hHsS", *p)) {
            hour = true;
        }
    }
    return day ? FORMAT_DATE : hour ? FORMAT_TIME : FORMAT_NUMBER;
}

/* ECMA-376 part 1, 18.8.30: the formats that every program knows by number. */
static enum cell_format format_of_id(const struct xml *custom, const char *id)
{
    int64_t n;
    for (const struct xml *f = xml_child(custom, "numFmt"); f; f = xml_next(f, "numFmt"))
        if (str_eq(xml_get(f, "numFmtId"), id) && xml_get(f, "formatCode"))
            return format_of_code(xml_get(f, "formatCode"));
    if (!str_to_int(id ? id : "0", 0, MAX_FORMATS, &n))
        return FORMAT_NUMBER;
    if ((n >= 14 && n <= 17) || n == 22 || (n >= 27 && n <= 36) || (n >= 50 && n <= 58))
        return FORMAT_DATE;
    return (n >= 18 && n <= 21) || (n >= 45 && n <= 47) ? FORMAT_TIME : FORMAT_NUMBER;
}

static int read_formats(struct book *book)
{
    static const char *const PART = "xl/styles.xml";
    struct buf *part;
    struct xml *root;
    if (!zip_reader_has(book->zip, PART))
        return OK;
    TRY(zip_reader_get(book->cx, book->zip, PART, &part));
    TRY(xml_parse(book->cx, PART, part->data, part->len, NULL, &root));
    const struct xml *custom = xml_child(root, "numFmts"), *styles = xml_child(root, "cellXfs");
    for (const struct xml *x = xml_child(styles, "xf"); x; x = xml_next(x, "xf")) {
        if (book->formats.n == MAX_FORMATS)
            break;
        unsigned char format = (unsigned char)format_of_id(custom, xml_get(x, "numFmtId"));
        vec_push(book->a, &book->formats, format);
    }
    return OK;
}

/* --- the sheet --- */

struct sheet_walk {
    struct book *book;
    const char *sheet;
    VEC(struct xlsx_row) rows;
    char *cells[XLSX_COLUMNS];
    size_t n, next, column; /* cells of the row; where the next may stand; the one that is open */
    int64_t line;
    size_t total;
    char type[16];
    int64_t style;
    struct buf *text;
    bool collecting;
    int phonetic;
};

/* "AB" of column 27 (from 0), for messages. */
static const char *column_name(struct arena *a, size_t column)
{
    char name[8], *p = name + sizeof name;
    *--p = '\0';
    for (size_t c = column + 1; c > 0; c = (c - 1) / 26)
        *--p = (char)('A' + (c - 1) % 26);
    return arena_strdup(a, p);
}

static int cell_fail(struct sheet_walk *w, const char *value)
{
    struct ctx *cx = w->book->cx;
    return fail(cx, ERR_INVALID, "%s, sheet \"%s\", cell %s%lld: \"%s\" cannot be read.", w->book->file,
                w->sheet, column_name(cx->arena, w->column), (long long)w->line,
                utf8_cut(cx->arena, value, 40));
}

/* The column of a reference like "AB12"; SIZE_MAX where it is none. */
static size_t column_of(const char *ref)
{
    size_t c = 0;
    if (*ref < 'A' || *ref > 'Z')
        return SIZE_MAX;
    for (; *ref >= 'A' && *ref <= 'Z'; ref++) {
        c = c * 26 + (size_t)(*ref - 'A') + 1;
        if (c > 100000)
            return c;
    }
    return c - 1;
}

static int start_row(struct sheet_walk *w, const char *number)
{
    int64_t line = w->line + 1;
    if (number && (!str_to_int(number, line, 2000000, &line)))
        return fail(w->book->cx, ERR_INVALID, "%s, sheet \"%s\": row \"%s\" is out of order.",
                    w->book->file, w->sheet, utf8_cut(w->book->cx->arena, number, 20));
    w->line = line;
    w->n = w->next = 0;
    return OK;
}

static int start_cell(struct sheet_walk *w, const struct xml_attr *attrs, size_t n)
{
    const char *ref = xml_attr_find(attrs, n, "r"), *style = xml_attr_find(attrs, n, "s");
    const char *type = xml_attr_find(attrs, n, "t");
    w->column = ref ? column_of(ref) : w->next;
    if (w->column == SIZE_MAX || w->column < w->next)
        return fail(w->book->cx, ERR_INVALID, "%s, sheet \"%s\", row %lld: cells are out of order.",
                    w->book->file, w->sheet, (long long)w->line);
    w->next = w->column + 1;
    w->style = 0;
    if (style && !str_to_int(style, 0, MAX_FORMATS, &w->style))
        return cell_fail(w, style);
    snprintf(w->type, sizeof w->type, "%s", type ? type : "n");
    buf_reset(w->text);
    return OK;
}

/* Days since the epoch of spreadsheets as ISO text; the 1900 system has a 29 February 1900 that never was. */
static char *date_of_serial(struct book *book, double serial, enum cell_format format)
{
    double whole = floor(serial);
    int64_t seconds = llround((serial - whole) * 86400), day = (int64_t)whole;
    if (seconds == 86400) {
        seconds = 0;
        day++;
    }
    const char *clock = arena_printf(book->a, "%02d:%02d:%02d", (int)(seconds / 3600),
                                     (int)(seconds / 60 % 60), (int)(seconds % 60));
    if (format == FORMAT_TIME && day == 0)
        return arena_strdup(book->a, clock);
    if (!book->from_1904 && day < 60)
        day++;
    struct date first = book->from_1904 ? (struct date){1904, 1, 1} : (struct date){1899, 12, 30};
    const char *text = date_text(book->a, date_add_days(first, day));
    return seconds ? arena_printf(book->a, "%sT%s", text, clock) : arena_strdup(book->a, text);
}

static int number_cell(struct sheet_walk *w, char **cell)
{
    struct book *book = w->book;
    char text[32];
    double v;
    if (!str_to_num(w->text->data, &v))
        return cell_fail(w, w->text->data);
    enum cell_format format = (size_t)w->style < book->formats.n
                                  ? (enum cell_format)book->formats.rows[w->style] : FORMAT_NUMBER;
    bool date = format != FORMAT_NUMBER && v >= 0 && v < 2958466; /* 10000-01-01 */
    *cell = date ? date_of_serial(book, v, format) : arena_strdup(book->a, num_shortest(text, v));
    return OK;
}

static int end_cell(struct sheet_walk *w)
{
    struct book *book = w->book;
    char *cell = NULL;
    int64_t index;
    if (w->text->len == 0)
        return OK; /* only a format, often to the far end of the sheet */
    if (w->column >= XLSX_COLUMNS)
        return fail(book->cx, ERR_LIMIT, "%s, sheet \"%s\", row %lld: more than %d columns.", book->file,
                    w->sheet, (long long)w->line, XLSX_COLUMNS);
    if (str_eq(w->type, "s")) {
        if (!str_to_int(w->text->data, 0, (int64_t)book->shared.n - 1, &index))
            return cell_fail(w, w->text->data);
        cell = arena_strdup(book->a, book->shared.rows[index]);
    } else if (str_eq(w->type, "b")) {
        cell = arena_strdup(book->a, str_eq(w->text->data, "1") ? "true" : "false");
    } else if (str_eq(w->type, "e")) {
        return cell_fail(w, w->text->data);
    } else if (str_eq(w->type, "n")) {
        TRY(number_cell(w, &cell));
    } else { /* str, inlineStr, d: text as it is */
        cell = arena_strndup(book->a, w->text->data, w->text->len);
    }
    while (w->n < w->column)
        w->cells[w->n++] = arena_strdup(book->a, "");
    w->cells[w->n++] = cell;
    return OK;
}

static int end_row(struct sheet_walk *w)
{
    struct book *book = w->book;
    if (w->n == 0)
        return OK;
    w->total += w->n;
    if (w->total > XLSX_CELLS)
        return fail(book->cx, ERR_LIMIT, "%s, sheet \"%s\": more than %d cells.", book->file, w->sheet,
                    XLSX_CELLS);
    struct xlsx_row row = {w->line, arena_array(book->a, w->n, sizeof(char *)), w->n};
    memcpy(row.cells, w->cells, w->n * sizeof(char *));
    vec_push(book->a, &w->rows, row);
    return OK;
}

static int sheet_start(void *arg, const char *ns, const char *name, const struct xml_attr *attrs, size_t n)
{
    struct sheet_walk *w = arg;
    (void)ns;
    w->collecting = false;
    if (str_eq(name, "row"))
        return start_row(w, xml_attr_find(attrs, n, "r"));
    if (str_eq(name, "c"))
        return start_cell(w, attrs, n);
    w->phonetic += str_eq(name, "rPh");
    w->collecting = w->phonetic == 0 && (str_eq(name, "v") || str_eq(name, "t"));
    return OK;
}

static int sheet_end(void *arg, const char *ns, const char *name)
{
    struct sheet_walk *w = arg;
    (void)ns;
    w->collecting = false;
    w->phonetic -= str_eq(name, "rPh");
    return str_eq(name, "c") ? end_cell(w) : str_eq(name, "row") ? end_row(w) : OK;
}

static int sheet_text(void *arg, const char *s, size_t n)
{
    struct sheet_walk *w = arg;
    if (w->collecting)
        buf_put(w->text, s, n);
    return OK;
}

static int read_sheet(struct book *book, const char *part_name, struct xlsx_sheet *out)
{
    static const struct xml_events EVENTS = {sheet_start, sheet_end, sheet_text};
    struct buf *part;
    TRY(zip_reader_get(book->cx, book->zip, part_name, &part));
    struct sheet_walk *w = arena_alloc(book->a, sizeof *w);
    w->book = book;
    w->sheet = out->name;
    w->text = buf_new(book->a, 0);
    TRY(xml_walk(book->cx, part_name, part->data, part->len, &PART_LIMITS, &EVENTS, w));
    out->rows = w->rows.rows;
    out->n = w->rows.n;
    return OK;
}

/* --- the workbook --- */

/* The part that a relationship of the workbook points to. */
static int part_of_relation(struct book *book, const char *id, const char **part_name)
{
    static const char *const PART = "xl/_rels/workbook.xml.rels";
    struct buf *part;
    struct xml *root;
    TRY(zip_reader_get(book->cx, book->zip, PART, &part));
    TRY(xml_parse(book->cx, PART, part->data, part->len, NULL, &root));
    for (const struct xml *r = xml_child(root, "Relationship"); r; r = xml_next(r, "Relationship")) {
        const char *target = xml_get(r, "Target");
        if (!target || !id || !str_eq(xml_get(r, "Id"), id))
            continue;
        *part_name = *target == '/' ? target + 1 : arena_printf(book->a, "xl/%s", target);
        return OK;
    }
    return fail(book->cx, ERR_INVALID, "%s: the list of sheets is damaged.", book->file);
}

static int find_sheet(struct book *book, const char *wanted, struct xlsx_sheet *out, const char **part_name)
{
    static const char *const PART = "xl/workbook.xml";
    struct ctx *cx = book->cx;
    struct buf *part;
    struct xml *root;
    if (!zip_reader_has(book->zip, PART))
        return fail(cx, ERR_INVALID, "%s is not an XLSX workbook.", book->file);
    TRY(zip_reader_get(cx, book->zip, PART, &part));
    TRY(xml_parse(cx, PART, part->data, part->len, NULL, &root));
    const char *epoch = xml_get(xml_child(root, "workbookPr"), "date1904");
    book->from_1904 = str_eq(epoch, "1") || str_eq(epoch, "true");
    const struct xml *s = xml_child(xml_child(root, "sheets"), "sheet");
    for (; s; s = xml_next(s, "sheet")) {
        const char *name = xml_get(s, "name");
        if (!name || (wanted && !str_eq(str_fold(cx->arena, wanted), str_fold(cx->arena, name))))
            continue;
        out->name = name;
        return part_of_relation(book, xml_get(s, "id"), part_name);
    }
    if (wanted)
        return fail(cx, ERR_NOT_FOUND, "%s has no sheet \"%s\".", book->file, wanted);
    return fail(cx, ERR_INVALID, "%s: the list of sheets is damaged.", book->file);
}

int xlsx_read(struct ctx *cx, const char *file, const void *data, size_t n, const char *sheet,
              struct xlsx_sheet *out)
{
    const char *part_name = NULL;
    /* XLSX_CELLS texts of at least 16 bytes with their pointers, and the texts of two 64 MB parts */
    struct arena *a = arena_new((size_t)1 << 30);
    arena_defer(cx->arena, free_arena, a);
    struct book *book = arena_alloc(a, sizeof *book);
    book->cx = cx;
    book->a = a;
    book->file = arena_strdup(a, file);
    *out = (struct xlsx_sheet){0};
    TRY(zip_reader_open(cx, file, data, n, NULL, &book->zip));
    TRY(find_sheet(book, sheet, out, &part_name));
    TRY(read_shared(book));
    TRY(read_formats(book));
    return read_sheet(book, part_name, out);
}
