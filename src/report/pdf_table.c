/* pdf_table.c - tables in the PDF: breaking between rows, the header again on every page, numbers
 * to the right. */
#include "report/doc_parts.h"
#include "report/pdf_parts.h"
#include "report/table_widths.h"

#include <math.h>

static const double SIZE = 8.6, LEADING = 1.28, PAD_X = 4, PAD_Y = 2.6;

struct pdf_row {
    struct laid **cells;
    double height;
    bool total;
};

struct pdf_table {
    const struct table *table;
    struct laid *caption, *source, *note;
    double *x, *width; /* of the columns */
    struct pdf_row header, *rows;
};

static struct setting cell_setting(const struct column *c, double width, bool bold)
{
    return (struct setting){.face = FACE_SANS,
                            .size = SIZE,
                            .leading = LEADING,
                            .width = width - 2 * PAD_X,
                            .align = c->type == COLUMN_TEXT ? ALIGN_LEFT : ALIGN_RIGHT,
                            .paint = PAINT_INK,
                            .bold = bold};
}

static void row_height(struct pdf_row *row, size_t n)
{
    size_t lines = 1;
    for (size_t i = 0; i < n; i++)
        lines = laid_lines(row->cells[i]) > lines ? laid_lines(row->cells[i]) : lines;
    row->height = (double)lines * SIZE * LEADING + 2 * PAD_Y;
}

static void prepare_rows(struct setter *s, struct pdf_table *pt)
{
    const struct table *t = pt->table;
    pt->header.cells = arena_array(s->cx->arena, t->n_columns, sizeof(struct laid *));
    for (size_t i = 0; i < t->n_columns; i++) {
        struct setting set = cell_setting(&t->columns[i], pt->width[i], true);
        pt->header.cells[i] = pdf_lay_text(s->pdf, &set, t->columns[i].title);
    }
    row_height(&pt->header, t->n_columns);
    pt->rows = arena_array(s->cx->arena, t->n_rows, sizeof *pt->rows);
    size_t k = 0;
    for (const struct table_row *r = t->rows; r; r = r->next, k++) {
        pt->rows[k].total = r->total;
        pt->rows[k].cells = arena_array(s->cx->arena, t->n_columns, sizeof(struct laid *));
        for (size_t i = 0; i < t->n_columns; i++) {
            struct setting set = cell_setting(&t->columns[i], pt->width[i], r->total);
            if (r->cells[i].hidden || (r->cells[i].figure_id && !r->cells[i].has_value)) {
                set.paint = PAINT_MUTED;
                set.italic = true;
            }
            pt->rows[k].cells[i] = pdf_lay_text(s->pdf, &set, r->cells[i].text);
        }
        row_height(&pt->rows[k], t->n_columns);
    }
}

struct pdf_table *pdf_table_prepare(struct setter *s, const struct table *t)
{
    struct pdf_table *pt = arena_alloc(s->cx->arena, sizeof *pt);
    pt->table = t;
    pt->caption = setter_caption(s, s->doc->labels.table, t->number, t->caption);
    if (t->note && *t->note)
        pt->note = setter_small(s, *s->doc->labels.note
                                       ? arena_printf(s->cx->arena, "%s: %s", s->doc->labels.note, t->note)
                                       : t->note);
    pt->source = setter_small(s, doc_source(s->doc, t->source));
    pt->x = arena_array(s->cx->arena, t->n_columns, sizeof *pt->x);
    pt->width = arena_array(s->cx->arena, t->n_columns, sizeof *pt->width);
    table_widths(t, SIZE, PAD_X, PAGE_WIDTH, pt->width);
    double x = PAGE_LEFT;
    for (size_t i = 0; i < t->n_columns; x += pt->width[i], i++)
        pt->x[i] = x;
    prepare_rows(s, pt);
    return pt;
}

static const double GAP = 10, CAPTION_GAP = 4;

static void set_row(struct setter *s, const struct pdf_table *t, const struct pdf_row *row, size_t first,
                    size_t n)
{
    double y = s->y;
    s->y += PAD_Y;
    double top = s->y;
    for (size_t i = 0; i < t->table->n_columns; i++) {
        s->y = top;
        setter_set(s, row->cells[i], first, n, t->x[i] + PAD_X);
    }
    s->y = y + (double)n * SIZE * LEADING + 2 * PAD_Y;
}

static void set_header(struct setter *s, const struct pdf_table *t)
{
    setter_line(s, PAGE_LEFT, PAGE_LEFT + PAGE_WIDTH, s->y, PAINT_INK, 0.9);
    set_row(s, t, &t->header, 0, (size_t)lround((t->header.height - 2 * PAD_Y) / (SIZE * LEADING)));
    setter_line(s, PAGE_LEFT, PAGE_LEFT + PAGE_WIDTH, s->y, PAINT_INK, 0.5);
}

/* Note and source under the table. */
static double below_height(const struct pdf_table *t)
{
    return 3 + (t->note ? laid_height(t->note, 0, laid_lines(t->note)) : 0) +
           (t->source ? laid_height(t->source, 0, laid_lines(t->source)) : 0);
}

/* What has to stand together at the beginning: a table of up to half a page as a whole, of a longer one a few rows. */
double pdf_table_start(const struct pdf_table *t)
{
    double page = PAGE_BOTTOM - PAGE_TOP, h = GAP + laid_height(t->caption, 0, 99) + CAPTION_GAP + t->header.height, rows = 0;
    for (size_t i = 0; i < t->table->n_rows; i++)
        rows += t->rows[i].height;
    rows += below_height(t);
    if (h + rows <= page * 0.5)
        return h + rows;
    for (size_t i = 0; i < t->table->n_rows && i < 4; i++)
        h += t->rows[i].height;
    return fmin(h, page * 0.8);
}

/* The last rows of a table that goes over pages stay together: one row alone under a heading is lost. */
static void keep_tail(struct setter *s, const struct pdf_table *t, size_t row)
{
    enum { TAIL = 3 };
    double h = below_height(t);
    if (t->table->n_rows < 2 * TAIL || row + TAIL != t->table->n_rows)
        return;
    for (size_t i = row; i < t->table->n_rows; i++)
        h += t->rows[i].height;
    if (s->y + h > PAGE_BOTTOM && h < (PAGE_BOTTOM - PAGE_TOP) * 0.4) {
        setter_new_page(s);
        set_header(s, t);
    }
}

/* Lines of one row; a row taller than what is left of the page is cut only if no page could hold it. */
static void flow_row(struct setter *s, const struct pdf_table *t, const struct pdf_row *row)
{
    size_t lines = (size_t)lround((row->height - 2 * PAD_Y) / (SIZE * LEADING)), done = 0;
    double room = PAGE_BOTTOM - PAGE_TOP - t->header.height;
    while (done < lines) {
        size_t n = lines - done;
        double height = (double)n * SIZE * LEADING + 2 * PAD_Y;
        if (s->y + height > PAGE_BOTTOM && (row->height <= room || s->y + 4 * SIZE * LEADING > PAGE_BOTTOM)) {
            setter_new_page(s);
            set_header(s, t);
        }
        double fit = (PAGE_BOTTOM - s->y - 2 * PAD_Y) / (SIZE * LEADING);
        if ((double)n > fit && row->height > room)
            n = fit < 1 ? 1 : (size_t)fit;
        if (row->total)
            setter_line(s, PAGE_LEFT, PAGE_LEFT + PAGE_WIDTH, s->y, PAINT_INK, 0.5);
        set_row(s, t, row, done, n);
        done += n;
        setter_line(s, PAGE_LEFT, PAGE_LEFT + PAGE_WIDTH, s->y, PAINT_GRID, 0.4);
        if (done < lines) {
            setter_new_page(s);
            set_header(s, t);
        }
    }
}

void pdf_table_flow(struct setter *s, const struct pdf_table *t)
{
    setter_need(s, pdf_table_start(t));
    if (s->y > PAGE_TOP)
        s->y += GAP;
    setter_set(s, t->caption, 0, laid_lines(t->caption), PAGE_LEFT);
    s->y += CAPTION_GAP;
    set_header(s, t);
    for (size_t i = 0; i < t->table->n_rows; i++) {
        keep_tail(s, t, i);
        flow_row(s, t, &t->rows[i]);
    }
    setter_line(s, PAGE_LEFT, PAGE_LEFT + PAGE_WIDTH, s->y, PAINT_INK, 0.7);
    s->y += 3;
    const struct laid *below[] = {t->note, t->source};
    for (size_t i = 0; i < 2; i++)
        if (below[i]) {
            setter_need(s, laid_height(below[i], 0, laid_lines(below[i])));
            setter_set(s, below[i], 0, laid_lines(below[i]), PAGE_LEFT);
        }
    s->y += GAP;
}
