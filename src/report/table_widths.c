/* table_widths.c - see table_widths.h. */
#include "report/table_widths.h"

#include "report/draw.h"

#include <math.h>
#include <string.h>

enum { ROWS_MEASURED = 500 }; /* widths are judged by so many rows; a later wide cell wraps */

struct wish {
    double least, natural;
};

/* Width of the longest word: a column narrower than that would break inside it. */
static double longest_word(struct arena *a, const char *text, double size, bool bold)
{
    double widest = 0;
    while (*text) {
        size_t n = strcspn(text, " \n");
        widest = fmax(widest, draw_text_width(arena_strndup(a, text, n), size, bold));
        text += n + (text[n] != '\0');
    }
    return widest;
}

static struct wish column_wish(struct arena *a, const struct table *t, size_t i, double size, double pad)
{
    const char *title = t->columns[i].title ? t->columns[i].title : "";
    struct wish w = {longest_word(a, title, size, true), 0};
    w.natural = fmin(draw_text_width(title, size, true), fmax(w.least, size * 12));
    size_t n = 0;
    for (const struct table_row *r = t->rows; r && n < ROWS_MEASURED; r = r->next, n++) {
        const char *text = r->cells[i].text;
        double width = draw_text_width(text, size, r->total);
        w.natural = fmax(w.natural, width);
        w.least =
            fmax(w.least, t->columns[i].type == COLUMN_TEXT ? longest_word(a, text, size, r->total) : width);
    }
    w.least += 2 * pad;
    w.natural += 2 * pad;
    return w;
}

static double column_weight(const struct column *c)
{
    return c->weight * (c->type == COLUMN_TEXT ? 1 : 0.35);
}

/* Everybody gets what he needs at least; what is left goes by what is wished for, and what is left
 * then by weight, mostly to the text columns. Too many columns: all shrink alike. */
void table_widths(const struct table *t, double size, double pad, double total, double *widths)
{
    struct arena *scratch = arena_new((size_t)256 << 20);
    struct wish *w = arena_array(scratch, t->n_columns, sizeof *w);
    double least = 0, natural = 0, weight = 0;
    for (size_t i = 0; i < t->n_columns; i++) {
        w[i] = column_wish(scratch, t, i, size, pad);
        if (t->columns[i].type == COLUMN_TEXT)
            w[i].least = fmin(w[i].least, total * (t->n_columns <= 3 ? 0.64 : 0.4));
        w[i].natural = fmax(w[i].natural, w[i].least);
        least += w[i].least;
        natural += w[i].natural;
        weight += column_weight(&t->columns[i]);
    }
    for (size_t i = 0; i < t->n_columns; i++) {
        if (least >= total)
            widths[i] = w[i].least * total / least;
        else if (natural >= total)
            widths[i] =
                w[i].least + (total - least) * (w[i].natural - w[i].least) / fmax(natural - least, 1e-9);
        else
            widths[i] = w[i].natural + (total - natural) * column_weight(&t->columns[i]) / weight;
    }
    arena_free(scratch);
}
