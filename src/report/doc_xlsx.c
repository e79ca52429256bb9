/* doc_xlsx.c - the tables of the document as a workbook: a sheet of contents, then one sheet per
 * table with typed numbers; the figure's id stands in the note of its cell. The only file that knows
 * libxlsxwriter. */
#include "report/doc_parts.h"

#include "base/str.h"
#include "base/time.h"
#include "report/text.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { NAME_MAX_CHARS = 31, FORMATS_MAX = 64, TEXT_MAX_CHARS = 32000 };

struct number_format {
    int decimals;
    bool percent, total;
    lxw_format *format;
};

struct workbook {
    struct ctx *cx;
    struct doc *doc;
    lxw_workbook *book;
    lxw_format *title, *quiet, *head, *head_num, *text, *text_total, *word, *word_total, *banner, *link;
    struct number_format numbers[FORMATS_MAX];
    size_t n_numbers;
    const char **folded; /* sheet names used, folded: the format compares without case */
    size_t n_sheets;
    lxw_error error; /* the first */
};

static void check(struct workbook *w, lxw_error e)
{
    if (!w->error)
        w->error = e;
}

/* --- formats ------------------------------------------------------------------------------------------ */

static lxw_format *format_new(struct workbook *w, double size, bool bold, unsigned colour)
{
    lxw_format *f = workbook_add_format(w->book);
    format_set_font_name(f, "PT Sans");
    format_set_font_size(f, size);
    format_set_font_color(f, colour ? colour : 0x1c2530);
    if (bold)
        format_set_bold(f);
    return f;
}

static lxw_format *cell_format(struct workbook *w, bool total)
{
    lxw_format *f = format_new(w, 10, total, 0);
    format_set_bottom(f, LXW_BORDER_THIN);
    format_set_bottom_color(f, 0xd8d9d6);
    if (total)
        format_set_top(f, LXW_BORDER_THIN);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

static void formats_make(struct workbook *w)
{
    w->title = format_new(w, 13, true, 0);
    w->quiet = format_new(w, 9, false, 0x5a6572);
    w->banner = format_new(w, 10, true, 0);
    format_set_bg_color(w->banner, 0xf0dcae);
    w->head = format_new(w, 10, true, 0);
    format_set_bottom(w->head, LXW_BORDER_MEDIUM);
    format_set_text_wrap(w->head);
    format_set_bg_color(w->head, 0xe6f1f6);
    format_set_align(w->head, LXW_ALIGN_VERTICAL_BOTTOM);
    w->head_num = format_new(w, 10, true, 0);
    format_set_bottom(w->head_num, LXW_BORDER_MEDIUM);
    format_set_text_wrap(w->head_num);
    format_set_bg_color(w->head_num, 0xe6f1f6);
    format_set_align(w->head_num, LXW_ALIGN_RIGHT);
    format_set_indent(w->head_num, 1); /* air between a number and the text to its right */
    format_set_align(w->head_num, LXW_ALIGN_VERTICAL_BOTTOM);
    w->text = cell_format(w, false);
    format_set_text_wrap(w->text);
    w->text_total = cell_format(w, true);
    format_set_text_wrap(w->text_total);
    lxw_format **words[] = {&w->word, &w->word_total};
    for (int i = 0; i < 2; i++) {
        *words[i] = cell_format(w, i == 1);
        format_set_align(*words[i], LXW_ALIGN_RIGHT);
        format_set_indent(*words[i], 1);
        format_set_italic(*words[i]);
        format_set_font_color(*words[i], 0x5a6572);
    }
    w->link = format_new(w, 10, false, 0x1b74a6);
}

static lxw_format *number_format(struct workbook *w, const struct column *c, bool total)
{
    int decimals = c->decimals < 0 ? 0 : c->decimals > 9 ? 9 : c->decimals;
    for (size_t i = 0; i < w->n_numbers; i++)
        if (w->numbers[i].decimals == decimals && w->numbers[i].percent == c->percent &&
            w->numbers[i].total == total)
            return w->numbers[i].format;
    lxw_format *f = cell_format(w, total);
    char zeros[] = ".000000000";
    zeros[decimals ? decimals + 1 : 0] = '\0';
    format_set_num_format(f, arena_printf(w->cx->arena, c->percent ? "0%s%%" : "#,##0%s", zeros));
    format_set_align(f, LXW_ALIGN_RIGHT);
    format_set_indent(f, 1);
    if (w->n_numbers < FORMATS_MAX)
        w->numbers[w->n_numbers++] = (struct number_format){decimals, c->percent, total, f};
    return f;
}

/* --- names --------------------------------------------------------------------------------------------- */

/* What the format allows: at most 31 UTF-16 units, none of []:*?/\, no apostrophe at an end. */
static const char *name_legal(struct arena *a, const char *wish)
{
    char *name = arena_strdup(a, text_clean(a, wish));
    for (char *s = name; *s; s++)
        if (strchr("[]:*?/\\'\n\r\t", *s))
            *s = ' ';
    name = str_trim(a, name);
    size_t bytes = 0, units = 0;
    while (name[bytes]) {
        size_t n = utf8_length(name + bytes, strlen(name + bytes));
        size_t more = n == 4 ? 2 : 1;
        if (!n || units + more > NAME_MAX_CHARS)
            break;
        units += more;
        bytes += n;
    }
    return str_trim(a, arena_strndup(a, name, bytes));
}

static bool name_taken(const struct workbook *w, const char *folded)
{
    for (size_t i = 0; i < w->n_sheets; i++)
        if (strcmp(w->folded[i], folded) == 0)
            return true;
    return strcmp(folded, "history") == 0; /* kept by the format for itself */
}

/* Makes a sheet of that name, with a number behind it if the name is taken or empty. */
static lxw_worksheet *sheet_add(struct workbook *w, const char *wish, const char **name)
{
    struct arena *a = w->cx->arena;
    const char *base = name_legal(a, wish ? wish : "");
    if (!*base)
        base = arena_printf(a, "%zu", w->n_sheets);
    *name = base;
    for (int i = 2; name_taken(w, str_fold(a, *name)); i++) {
        const char *tail = arena_printf(a, " (%d)", i);
        const char *head = base;
        for (size_t cut = utf8_count(base); cut > 0 && utf8_count(head) + strlen(tail) > NAME_MAX_CHARS;
             cut--)
            head = arena_strndup(a, head, (size_t)(strlen(head) - 1));
        while (*head && !utf8_valid(head, strlen(head)))
            head = arena_strndup(a, head, strlen(head) - 1);
        *name = arena_printf(a, "%s%s", head, tail);
    }
    w->folded[w->n_sheets++] = str_fold(a, *name);
    lxw_worksheet *s = workbook_add_worksheet(w->book, *name);
    if (!s)
        check(w, LXW_ERROR_PARAMETER_VALIDATION);
    return s;
}

/* --- cells --------------------------------------------------------------------------------------------- */

static void put_text(struct workbook *w, lxw_worksheet *s, lxw_row_t r, lxw_col_t c, const char *text,
                     lxw_format *f)
{
    const char *clean = utf8_cut(w->cx->arena, text_clean(w->cx->arena, text), TEXT_MAX_CHARS);
    check(w, worksheet_write_string(s, r, c, clean, f));
}

static void put_note(struct workbook *w, lxw_worksheet *s, lxw_row_t r, lxw_col_t c, const char *figure_id)
{
    if (!figure_id)
        return;
    const char *label = w->doc->labels.figure_id, *id = text_clean(w->cx->arena, figure_id);
    const char *text = *label ? arena_printf(w->cx->arena, "%s: %s", label, id) : id;
    lxw_comment_options o = {.visible = LXW_COMMENT_DISPLAY_HIDDEN,
                             .author = arena_strdup(w->cx->arena, ""),
                             .x_scale = 1.2,
                             .y_scale = 0.5};
    check(w, worksheet_write_comment_opt(s, r, c, text, &o));
}

static void put_number(struct workbook *w, lxw_worksheet *s, lxw_row_t r, lxw_col_t c, double v,
                       const struct column *column, bool total, const char *otherwise)
{
    if (isfinite(v))
        check(w, worksheet_write_number(s, r, c, v, number_format(w, column, total)));
    else
        put_text(w, s, r, c, otherwise, total ? w->word_total : w->word);
}

/* An interval takes two columns, so that the reader can compute with both ends. */
static lxw_col_t columns_of(const struct column *c)
{
    return c->type == COLUMN_INTERVAL ? 2 : 1;
}

static void put_cell(struct workbook *w, lxw_worksheet *s, lxw_row_t r, lxw_col_t c,
                     const struct column *column, const struct cell *cell, bool total)
{
    if (column->type == COLUMN_TEXT) {
        put_text(w, s, r, c, cell->text, total ? w->text_total : w->text);
    } else if (column->type == COLUMN_INTERVAL) {
        put_number(w, s, r, c, cell->low, column, total, cell->text);
        put_number(w, s, r, (lxw_col_t)(c + 1), cell->high, column, total, cell->hidden ? cell->text : "");
    } else {
        put_number(w, s, r, c, cell->value, column, total, cell->text);
    }
    put_note(w, s, r, c, cell->figure_id);
}

static double column_chars(const struct table *t, size_t i)
{
    size_t most = 8;
    for (const struct table_row *r = t->rows; r; r = r->next) {
        size_t n = utf8_valid(r->cells[i].text, strlen(r->cells[i].text)) ? utf8_count(r->cells[i].text) : 20;
        most = n > most ? n : most;
    }
    double least = t->columns[i].type == COLUMN_TEXT ? 14 : 11;
    return fmin(fmax((double)most + 3, least), 60);
}

static lxw_row_t put_head(struct workbook *w, lxw_worksheet *s, const struct table *t, lxw_row_t row)
{
    const struct doc_labels *l = &w->doc->labels;
    lxw_col_t at = 0;
    for (size_t i = 0; i < t->n_columns; at = (lxw_col_t)(at + columns_of(&t->columns[i])), i++) {
        const struct column *c = &t->columns[i];
        const char *title = c->title ? c->title : "";
        lxw_col_t last = (lxw_col_t)(at + columns_of(c) - 1);
        double chars = column_chars(t, i);
        check(w, worksheet_set_column(s, at, last, c->type == COLUMN_INTERVAL ? 16 : chars, NULL));
        if (c->type == COLUMN_INTERVAL) {
            put_text(w, s, row, at, arena_printf(w->cx->arena, "%s, %s", title, l->from), w->head_num);
            put_text(w, s, row, last, arena_printf(w->cx->arena, "%s, %s", title, l->to), w->head_num);
        } else {
            put_text(w, s, row, at, title, c->type == COLUMN_TEXT ? w->head : w->head_num);
        }
    }
    worksheet_freeze_panes(s, row + 1, t->n_columns && t->columns[0].type == COLUMN_TEXT ? 1 : 0);
    worksheet_repeat_rows(s, row, row);
    return row + 1;
}

/* '&' starts a code in headers and footers and is written twice; 255 characters at most. */
static const char *header_text(struct arena *a, const char *s)
{
    char *to = arena_alloc(a, 2 * strlen(s) + 1), *p = to;
    for (; *s; s++) {
        if (*s == '&')
            *p++ = '&';
        *p++ = *s;
    }
    return utf8_cut(a, text_clean(a, to), 120);
}

static void page_setup(struct workbook *w, lxw_worksheet *s)
{
    const struct doc_meta *m = &w->doc->meta;
    const char *top = m->demo ? m->banner : m->marking;
    worksheet_set_paper(s, 9); /* A4 */
    worksheet_set_landscape(s);
    worksheet_fit_to_pages(s, 1, 0);
    if (top)
        check(w, worksheet_set_header(s, arena_printf(w->cx->arena, "&C%s", header_text(w->cx->arena, top))));
    check(w, worksheet_set_footer(s, "&R&P / &N"));
}

/* The marking and the demonstration banner above everything; the next free row. */
static lxw_row_t put_flags(struct workbook *w, lxw_worksheet *s, lxw_row_t row, size_t n_columns)
{
    if (w->doc->meta.demo) {
        if (n_columns > 1)
            check(w, worksheet_merge_range(s, row, 0, row, (lxw_col_t)(n_columns - 1), "", w->banner));
        put_text(w, s, row++, 0, w->doc->meta.banner, w->banner);
    }
    if (w->doc->meta.marking)
        put_text(w, s, row++, 0, w->doc->meta.marking, w->quiet);
    return row;
}

/* Head and rows of a table from a row on; the next free one. */
static lxw_row_t put_rows(struct workbook *w, lxw_worksheet *s, const struct table *t, lxw_row_t row)
{
    row = put_head(w, s, t, row);
    for (const struct table_row *r = t->rows; r; r = r->next, row++) {
        lxw_col_t at = 0;
        for (size_t i = 0; i < t->n_columns; at = (lxw_col_t)(at + columns_of(&t->columns[i])), i++)
            put_cell(w, s, row, at, &t->columns[i], &r->cells[i], r->total);
    }
    return row;
}

static void put_sheet(struct workbook *w, lxw_worksheet *s, const struct table *t)
{
    struct doc *d = w->doc;
    if (d->meta.data) {
        put_rows(w, s, t, 0);
        page_setup(w, s);
        return;
    }
    put_text(w, s, 0, 0, doc_caption(w->cx->arena, d->labels.table, t->number, t->caption), w->title);
    size_t n = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        n += (size_t)columns_of(&t->columns[i]);
    lxw_row_t row = put_rows(w, s, t, put_flags(w, s, 1, n) + 1) + 1;
    if (t->note && *t->note)
        put_text(w, s, row++, 0,
                 *d->labels.note ? arena_printf(w->cx->arena, "%s: %s", d->labels.note, t->note) : t->note,
                 w->quiet);
    if (doc_source(d, t->source))
        put_text(w, s, row, 0, doc_source(d, t->source), w->quiet);
    page_setup(w, s);
}

static void put_contents(struct workbook *w, lxw_worksheet *s, const char **names)
{
    const struct doc_meta *m = &w->doc->meta;
    const char *lines[] = {m->subtitle, m->author, m->date_text};
    put_text(w, s, 0, 0, m->title, w->title);
    lxw_row_t row = put_flags(w, s, 1, 2);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i])
            put_text(w, s, row++, 0, lines[i], w->quiet);
    row++;
    check(w, worksheet_set_column(s, 0, 0, 70, NULL));
    check(w, worksheet_set_column(s, 1, 1, 40, NULL));
    put_text(w, s, row, 0, w->doc->labels.contents, w->head);
    put_text(w, s, row++, 1, w->doc->labels.sheet, w->head);
    size_t k = 0;
    for (const struct block *b = w->doc->blocks; b; b = b->next) {
        if (!b->table)
            continue;
        const char *caption =
            doc_caption(w->cx->arena, w->doc->labels.table, b->table->number, b->table->caption);
        put_text(w, s, row, 0, caption, w->text);
        check(w, worksheet_write_url(s, row, 1, arena_printf(w->cx->arena, "internal:'%s'!A1", names[k]),
                                     w->link));
        put_text(w, s, row++, 1, names[k++], w->link);
    }
    page_setup(w, s);
}

/* --- the file ------------------------------------------------------------------------------------------ */

static char *property(struct arena *a, const char *text)
{
    return arena_strdup(a, utf8_cut(a, text_clean(a, text), 250));
}

static void set_properties(struct workbook *w)
{
    const struct doc_meta *m = &w->doc->meta;
    struct arena *a = w->cx->arena;
    struct date date = {1970, 1, 1};
    if (m->date && strlen(m->date) >= 10)
        date_parse(arena_strndup(a, m->date, 10), &date);
    int64_t seconds = date_to_days(date) * 86400;
    lxw_doc_properties p = {.title = property(a, m->title),
                            .subject = property(a, m->subject),
                            .author = property(a, m->author),
                            .created = (time_t)(seconds ? seconds : 1)}; /* 0 would mean now */
    check(w, workbook_set_properties(w->book, &p));
}

static int write_book(struct ctx *cx, struct doc *d, const char *path)
{
    struct workbook w = {.cx = cx, .doc = d, .book = workbook_new(path)};
    if (!w.book)
        return fail(cx, ERR_IO, "The workbook cannot be written: %s.", "out of memory");
    w.folded = arena_array(cx->arena, (size_t)d->n_tables + 1, sizeof *w.folded);
    const char **names = arena_array(cx->arena, (size_t)d->n_tables + 1, sizeof *names), *first;
    set_properties(&w);
    formats_make(&w);
    lxw_worksheet *contents = d->meta.data ? NULL : sheet_add(&w, d->labels.contents, &first);
    size_t k = 0;
    for (const struct block *b = d->blocks; b && !w.error; b = b->next)
        if (b->table) {
            lxw_worksheet *s =
                sheet_add(&w, b->table->sheet ? b->table->sheet : b->table->caption, &names[k++]);
            if (s)
                put_sheet(&w, s, b->table);
        }
    if (contents && !w.error)
        put_contents(&w, contents, names);
    /* The library asks gmtime(), whose answer all threads share: two books at once could take each other's date. */
    static pthread_mutex_t date_lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&date_lock);
    lxw_error closed = workbook_close(w.book);
    pthread_mutex_unlock(&date_lock);
    check(&w, closed);
    if (w.error)
        return fail(cx, ERR_IO, "The workbook cannot be written: %s.", lxw_strerror(w.error));
    return OK;
}

/* The library writes to a path only: a file in memory has one, and nothing is left behind on disk. */
int doc_xlsx(struct ctx *cx, struct doc *d, struct buf *out)
{
    doc_seal(d);
    int fd = memfd_create("report.xlsx", MFD_CLOEXEC);
    if (fd < 0)
        return fail(cx, ERR_IO, "The workbook cannot be written: %s.", strerror(errno));
    int rc = write_book(cx, d, arena_printf(cx->arena, "/proc/self/fd/%d", fd));
    struct stat st;
    if (!rc && fstat(fd, &st) == 0) {
        char chunk[16384];
        ssize_t n;
        off_t at = 0;
        while ((n = pread(fd, chunk, sizeof chunk, at)) > 0) {
            buf_put(out, chunk, (size_t)n);
            at += n;
        }
        if (n < 0 || at != st.st_size)
            rc = fail(cx, ERR_IO, "The workbook cannot be written: %s.", strerror(errno));
        else if (out->toobig)
            rc = fail(cx, ERR_LIMIT, "The report is too large.");
    }
    close(fd);
    return rc;
}
