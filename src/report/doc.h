/* doc.h - the one document model of every report; docx, pdf, xlsx, html and json are drawn from it.
 *
 * The caller builds a document block by block in an arena; texts arrive translated and numbers
 * formatted, because this folder knows no languages and no database. All strings are borrowed
 * (they live as long as the arena). Two nouns are kept apart:
 *   figure   a published number with an identifier: it goes into report.json, the XLSX note, the link;
 *   picture  a chart or a map, drawn by the program ("Figure 3" for the reader).
 * Protection: the value and text of anything marked `hidden` never enter the model. A figure that
 * is hidden once is hidden everywhere in the document: see doc_seal(). */
#ifndef REPORT_DOC_H
#define REPORT_DOC_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct chart; /* report/chart.h */
struct map;   /* report/map_svg.h */

/* Words that the renderers need, translated by the caller. NULL members are read as "". */
struct doc_labels {
    const char *contents;  /* "Contents" */
    const char *table;     /* "Table %d" */
    const char *picture;   /* "Figure %d" */
    const char *page;      /* "page %d of %d" */
    const char *source;    /* "Source" */
    const char *note;      /* "Note" */
    const char *hidden;    /* "protected": stands wherever a value may not be shown */
    const char *no_data;   /* "no data" */
    const char *from, *to; /* the two columns of an interval in XLSX: "from", "to" */
    const char *figure_id; /* "Figure id": before the id in the note of an XLSX cell */
    const char *sheet;     /* "Sheet": column of the XLSX contents */
    /* The reader's number format, e.g. fmt_num of i18n; used for axes. NULL: plain "%.*f". */
    const char *(*number)(struct ctx *cx, double v, int decimals);
};

struct doc_meta {
    const char *title, *subtitle; /* subtitle: period and place, may be NULL */
    const char *author, *subject; /* author: the institution */
    const char *marking;          /* "For official use"; NULL: none. Stands in the running header */
    const char *date;      /* "2025-10-07" or "2025-10-07T09:00:00Z": the fixed creation date of every file */
    const char *date_text; /* the same for people */
    const char *banner;    /* on every page when demo is set: "Demonstration data" */
    const char *figure_href; /* before a figure's id this makes its address, "/figures/"; NULL: no links */
    bool demo;
    bool data; /* as XLSX a list for other programs: its tables alone, each with the names of its columns in the first row */
};

/* One published number. id is unique in the document; value NaN: none. */
struct figure {
    const char *id, *unit, *source_id, *place, *period, *kind;
    double value, low, high; /* low, high: NaN where there is no interval */
    bool hidden;
    struct figure *next;
};

enum run_style { RUN_PLAIN = 0, RUN_BOLD = 1, RUN_ITALIC = 2 };

/* A piece of text of one style; with a figure id it links to what the number is made of. */
struct run {
    const char *text;
    unsigned style;        /* enum run_style, or'ed */
    const char *figure_id; /* NULL: none */
    const char *href;      /* NULL: none */
    struct run *next;
};

enum column_type { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_INTERVAL };

struct column {
    const char *title;
    enum column_type type;
    int decimals;     /* of numbers and intervals, for XLSX */
    bool percent;     /* raw values are shares of 1 and shown as per cent in XLSX */
    double weight;    /* relative width; 0: 1 for numbers, 2 for text */
    const char *unit; /* of figures that the cells carry; may be NULL */
};

struct cell {
    const char *text; /* for people; NULL: empty */
    double value;     /* NaN: no number (text only) */
    double low, high; /* of an interval column */
    const char *figure_id;
    bool has_value, hidden;
};

struct table_row {
    struct cell *cells;
    bool total;
    struct table_row *next;
};

struct table {
    const char *caption, *source, *note, *sheet; /* sheet: wished XLSX sheet name, or NULL */
    struct column *columns;
    size_t n_columns;
    struct table_row *rows, *last;
    size_t n_rows;
    int number; /* "Table 3" */
    struct doc *doc;
};

struct picture {
    struct chart *chart; /* one of the two; the document's own copy */
    struct map *map;
    const char *caption, *alt, *source;
    int number;
};

enum block_type {
    BLOCK_HEADING,
    BLOCK_PARA,
    BLOCK_LIST,
    BLOCK_NOTE,
    BLOCK_TABLE,
    BLOCK_PICTURE,
    BLOCK_PAGE_BREAK,
    BLOCK_CONTENTS,
    BLOCK_SIGNATURE
};

struct block {
    enum block_type type;
    int level;    /* of a heading, 1 to 3 */
    bool ordered; /* of a list */
    int number;   /* of a heading: 1, 2, ... in the order of the document, for links */
    struct para {
        struct run *runs, *last;
        struct para *next;
        struct doc *doc;
    } * paras, *last_para; /* list: one each item */
    struct table *table;
    struct picture *picture;
    const char *role, *name, *date; /* signature */
    struct block *next;
};

struct doc {
    struct arena *arena;
    enum lang lang;
    struct doc_meta meta;
    struct doc_labels labels;
    struct block *blocks, *last;
    struct figure *figures, *last_figure, **index; /* index: open addressing by id */
    size_t n_figures, cap_index;
    int n_headings, n_tables, n_pictures;
    bool sealed;
};

/* --- building ---------------------------------------------------------------------------------- */
struct doc *doc_new(struct arena *a, enum lang lang, const struct doc_meta *meta,
                    const struct doc_labels *labels);

void doc_heading(struct doc *d, int level, const char *text);
/* An empty paragraph to be filled with para_*(); with text: a paragraph of that one plain run. */
struct para *doc_para(struct doc *d, const char *text);
struct para *doc_note(struct doc *d, const char *text);
struct block *doc_list(struct doc *d, bool ordered);
struct para *list_item(struct doc *d, struct block *list, const char *text);
void para_text(struct para *p, unsigned style, const char *text);
void para_figure(struct para *p, const char *figure_id, const char *text); /* a number in the text */
void para_link(struct para *p, const char *href, const char *text);
void doc_page_break(struct doc *d);
void doc_contents(struct doc *d);
void doc_signature(struct doc *d, const char *role, const char *name, const char *date);

/* columns are copied. Cells beyond the last column are ignored; missing ones are empty. */
struct table *doc_table(struct doc *d, const char *caption, const struct column *columns, size_t n);
void table_row(struct table *t, const struct cell *cells, size_t n);
void table_total(struct table *t, const struct cell *cells, size_t n); /* the same, set apart */
static inline void table_source(struct table *t, const char *s)
{
    t->source = s;
}
static inline void table_note(struct table *t, const char *s)
{
    t->note = s;
}
struct cell cell_text(const char *text);
struct cell cell_num(double value, const char *text, const char *figure_id); /* NaN: shown as no_data */
struct cell cell_interval(double low, double high, const char *text, const char *figure_id);
struct cell cell_hidden(const char *figure_id);

/* The chart or map is copied (its strings and outlines are borrowed). alt: what it says, for who cannot see
 * it. */
void doc_chart(struct doc *d, const struct chart *c, const char *caption, const char *alt,
               const char *source);
void doc_map(struct doc *d, const struct map *m, const char *caption, const char *alt, const char *source);

/* Registers a number for report.json (copied; the same id again: the first stays, hidden wins).
 * Cells with a figure id that nobody registered are registered by doc_seal() with what the cell knows. */
void doc_figure(struct doc *d, const struct figure *f);
const struct figure *doc_find_figure(const struct doc *d, const char *id);

/* Hides every cell and run whose figure is hidden anywhere. Every renderer calls it; calling it
 * again does nothing new unless blocks were added. */
void doc_seal(struct doc *d);

/* --- rendering: appends the whole file to out. Same document, same bytes. ----------------------- */
int doc_docx(struct ctx *cx, struct doc *d, struct buf *out);
int doc_pdf(struct ctx *cx, struct doc *d, struct buf *out);
int doc_xlsx(struct ctx *cx, struct doc *d, struct buf *out);
int doc_html(struct ctx *cx, struct doc *d, struct buf *out); /* a fragment: <article class="report"> */
int doc_json(struct ctx *cx, struct doc *d, struct buf *out); /* report.json: every figure with its source */

#endif
