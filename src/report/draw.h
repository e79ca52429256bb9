/* draw.h - cairo and pango behind one door: text measured and set with real fonts, pages of a PDF,
 * drawings as PNG. Fonts: PT Serif for text, PT Sans for tables and drawings (Debian fonts-paratype:
 * all Kazakh letters). Lengths in points (1/72 inch), y downwards, origin at the page's top left. */
#ifndef REPORT_DRAW_H
#define REPORT_DRAW_H

#include "base/buf.h"
#include "base/ctx.h"
#include "report/canvas.h"

#include <stdbool.h>

struct run;
struct pdf;
struct laid;

/* The first of the reports' two families that is not installed (text would be set in another one), or NULL. */
const char *draw_missing_font(void);

/* Width of one line of PT Sans. */
double draw_text_width(const char *text, double size, bool bold);

enum face { FACE_SERIF, FACE_SANS };
enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct setting {
    enum face face;
    double size, width; /* width: where lines break; 0: one line */
    double leading;     /* distance of base lines in sizes, e.g. 1.35 */
    double indent;      /* of the first line */
    enum align align;
    enum paint paint;
    bool bold, italic, justify;
};

struct pdf_meta {
    const char *title, *author, *subject, *date; /* date: ISO 8601, the fixed creation date */
    enum lang lang;
};

/* A PDF of A4 pages that is appended to out by pdf_end(). */
struct pdf *pdf_begin(struct ctx *cx, const struct pdf_meta *meta, struct buf *out);
int pdf_end(struct pdf *p);
void pdf_next_page(struct pdf *p); /* finishes the current page and starts the next */

/* Breaks runs into lines. The result lives as long as the pdf. */
struct laid *pdf_lay(struct pdf *p, const struct setting *s, const struct run *runs);
struct laid *pdf_lay_text(struct pdf *p, const struct setting *s, const char *text);
size_t laid_lines(const struct laid *l);
double laid_height(const struct laid *l, size_t first, size_t n); /* of n lines from first */
double laid_width(const struct laid *l);                          /* of the widest line */
/* Sets lines first..first+n-1 with their top at y; links of runs become links of the PDF. */
void pdf_set(struct pdf *p, const struct laid *l, size_t first, size_t n, double x, double y);

/* Marks a place that links and the outline can go to; draws the rectangle as a link to a place. */
void pdf_place(struct pdf *p, const char *name, double y);
void pdf_goto(struct pdf *p, const char *name, double x, double y, double w, double h);
/* Outline entry below the last entry of the level above (1 is the top). */
void pdf_outline(struct pdf *p, int level, const char *text, const char *place);

/* A canvas over a rectangle of the current page; its coordinates start at 0, 0. */
struct canvas *pdf_canvas(struct pdf *p, double x, double y, double w, double h, double em);
void pdf_canvas_end(struct canvas *c);

/* Draws by the callback on white and appends a PNG of this many dots per inch. */
int draw_png(struct ctx *cx, double width, double height, double em, double dpi,
             void (*paint)(struct canvas *c, void *work), void *work, struct buf *out);

#endif
