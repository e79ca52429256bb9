/* canvas.h - a small drawing interface with two back ends: SVG text for pages (canvas_svg.c) and
 * cairo for PDF and PNG (draw.c). The same chart and map code draws on both.
 *
 * Units are those of the canvas (points in print, px on pages); `em` is the size of normal text,
 * to which every distance is related. y grows downwards. Colours are named by what they mean:
 * pages give them a value through the classes f-<name> (fill) and s-<name> (stroke), print has its own.
 * No red: nothing here paints a people or a place as a danger. */
#ifndef REPORT_CANVAS_H
#define REPORT_CANVAS_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum paint {
    PAINT_NONE,
    PAINT_INK,
    PAINT_MUTED,
    PAINT_GRID,
    PAINT_PAPER,
    PAINT_SKY,
    PAINT_SKY_SOFT,
    PAINT_GOLD,
    PAINT_GOLD_SOFT,
    PAINT_GREY,
    PAINT_GREY_SOFT,
    PAINT_STEP1,
    PAINT_STEP2,
    PAINT_STEP3,
    PAINT_STEP4,
    PAINT_STEP5, /* sequential, light to dark */
    PAINT_PART1,
    PAINT_PART2,
    PAINT_PART3,
    PAINT_PART4,
    PAINT_PART5,
    PAINT_PART6, /* parts of a whole */
    PAINT_ON_STRONG, /* text on dark steps and parts */
    PAINT_ON_SOFT,   /* text on light ones */
    PAINT_COUNT
};

/* The class suffix ("sky") and the print colour (0xRRGGBB) of a paint. */
const char *paint_name(enum paint p);
unsigned paint_rgb(enum paint p);
/* The text colour that can be read on p. */
enum paint paint_text_on(enum paint p);

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct text_style {
    double size;
    enum paint paint;
    enum anchor anchor;
    bool bold, halo; /* halo: an outline in paper colour, for labels on maps */
};

struct point2 {
    double x, y;
};
struct ring2 {
    const struct point2 *points;
    size_t n;
};

struct canvas {
    struct arena *arena;
    double width, height, em;
    void *self; /* of the back end */
    /* Filled and/or stroked closed rings, even-odd. */
    void (*polygon)(struct canvas *c, const struct ring2 *rings, size_t n, enum paint fill, enum paint stroke,
                    double width);
    void (*polyline)(struct canvas *c, const struct point2 *points, size_t n, enum paint stroke, double width,
                     bool dashed);
    void (*circle)(struct canvas *c, double x, double y, double r, enum paint fill, enum paint stroke,
                   double width);
    void (*text)(struct canvas *c, double x, double y, const struct text_style *style, const char *text);
    double (*text_width)(struct canvas *c, const struct text_style *style, const char *text);
    /* A group with a title (shown by browsers on hover) and the figure it stands for; may be NULL. */
    void (*begin)(struct canvas *c, const char *title, const char *figure_id);
    void (*end)(struct canvas *c);
};

/* A canvas that writes SVG into out; svg_end() closes it. title and desc are read aloud. */
struct canvas *svg_begin(struct arena *a, struct buf *out, double width, double height, const char *kind,
                         const char *title, const char *desc);
void svg_end(struct canvas *c);

/* Shapes made of the above. */
void canvas_rect(struct canvas *c, double x, double y, double w, double h, enum paint fill);
void canvas_line(struct canvas *c, double x1, double y1, double x2, double y2, enum paint stroke,
                 double width);
/* Diagonal hatching inside rings: how a protected value looks everywhere. */
void canvas_hatch(struct canvas *c, const struct ring2 *rings, size_t n, double step);
void canvas_hatch_rect(struct canvas *c, double x, double y, double w, double h);
/* text cut with an ellipsis so that it fits into width. */
const char *canvas_fit(struct canvas *c, const struct text_style *style, const char *text, double width);
/* Splits at spaces into at most max lines that fit (the last one is cut); returns how many. */
size_t canvas_wrap(struct canvas *c, const struct text_style *style, const char *text, double width,
                   const char **lines, size_t max);

#endif
