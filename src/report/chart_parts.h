/* chart_parts.h - what the chart kinds share among themselves (chart.c, chart_rows.c, chart_lines.c). */
#ifndef REPORT_CHART_PARTS_H
#define REPORT_CHART_PARTS_H

#include "report/canvas.h"
#include "report/chart.h"
#include "report/doc.h"

/* One drawing under way: the plot's rectangle and its value scale. */
struct plot {
    struct ctx *cx;
    const struct chart *chart;
    const struct doc_labels *labels;
    struct canvas *cv;
    double em, left, right, top, bottom;
    double low, high, step; /* of the scale; low < high */
};

struct text_style text_normal(const struct plot *p);
struct text_style text_small(const struct plot *p);

/* A point whose value may be drawn; a point with an interval. */
bool point_shown(const struct chart_point *pt);
bool point_has_interval(const struct chart_point *pt);

/* The value for people; for hidden and absent values the word for that. */
const char *point_text(const struct plot *p, const struct chart_point *pt);
/* "Saryagash: 25,6 %", for the hover title. */
const char *point_title(const struct plot *p, const char *series, const struct chart_point *pt);
/* A number of the axis. */
const char *axis_text(const struct plot *p, double v);

/* Fits the scale to all visible points (and zero, if asked). */
void plot_scale(struct plot *p, bool from_zero);
double plot_x(const struct plot *p, double v); /* values along x, for rows */
double plot_y(const struct plot *p, double v); /* values along y, for lines */

/* A hatched swatch with the word "protected". Returns the x behind it. */
double draw_hidden_key(const struct plot *p, double x, double y);

void chart_draw_rows(struct plot *p); /* bars, dots */
void chart_draw_stack(struct plot *p);
void chart_draw_lines(struct plot *p);
void chart_draw_multiples(struct plot *p);
double chart_stack_height(const struct chart *c, double width, double em);
double chart_multiples_height(const struct chart *c, double width, double em);

#endif
