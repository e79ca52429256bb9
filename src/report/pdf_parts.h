/* pdf_parts.h - shared by doc_pdf.c (the flow of pages) and pdf_table.c (tables in that flow). */
#ifndef REPORT_PDF_PARTS_H
#define REPORT_PDF_PARTS_H

#include "report/doc.h"
#include "report/draw.h"

struct pdf_table;

/* One typesetting: the flow runs twice over the same pieces, first to learn on which page each
 * heading falls and how many pages there are, then to draw. */
struct setter {
    struct ctx *cx;
    struct doc *doc;
    struct pdf *pdf;
    bool draw;
    int page, pages;
    int *heading_page; /* by heading number */
    double y;
};

extern const double PAGE_LEFT, PAGE_WIDTH, PAGE_TOP, PAGE_BOTTOM; /* of the text area */

/* Ends the page; the header and footer of the next are drawn. */
void setter_new_page(struct setter *s);
/* A new page unless height fits on this one (or the page is empty). */
void setter_need(struct setter *s, double height);
void setter_set(struct setter *s, const struct laid *l, size_t first, size_t n, double x);
void setter_line(struct setter *s, double x1, double x2, double y, enum paint paint, double width);

/* The line above a picture or table (pattern: of doc_caption), and a small one below it; NULL for no text. */
struct laid *setter_caption(struct setter *s, const char *pattern, int number, const char *caption);
struct laid *setter_small(struct setter *s, const char *text);

struct pdf_table *pdf_table_prepare(struct setter *s, const struct table *t);
double pdf_table_start(const struct pdf_table *t); /* height of caption, header and the first rows */
void pdf_table_flow(struct setter *s, const struct pdf_table *t);

#endif
