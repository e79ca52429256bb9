/* chart.h - the charts of pages and reports: direct labels instead of legends, intervals always
 * drawn, protected values hatched and never part of a scale. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "base/buf.h"
#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct canvas;
struct doc_labels; /* report/doc.h */

enum chart_kind {
    CHART_BARS,      /* series[0]: one horizontal bar per point, whisker for its interval */
    CHART_DOTS,      /* series[0]: one dot with interval per point (estimates by district) */
    CHART_LINE,      /* each series: a line over the points' labels (quarters) with interval band */
    CHART_STACK,     /* each series: a bar of shares of 1 (composition); points in the same order */
    CHART_MULTIPLES, /* each series: a small line chart of its own, one scale for all */
};

struct chart_point {
    const char *label; /* place, quarter or part */
    double value;      /* NaN: no data */
    double low, high;  /* interval; NaN: none */
    const char *text;  /* the value for people; NULL: formatted with chart.decimals */
    const char *figure_id;
    bool hidden;   /* protected: value, low, high and text are never read */
    bool forecast; /* drawn hollow and dashed: foreseen, not observed */
    bool emphasis; /* in gold: what the text speaks about */
};

struct chart_series {
    const char *name;
    struct chart_point *points;
    size_t n;
};

struct chart {
    enum chart_kind kind;
    struct chart_series *series;
    size_t n_series;
    const char *unit; /* axis title, e.g. "%, share of answers"; NULL: none */
    double min, max;  /* of the axis; 0, 0: from the data (bars always start at zero) */
    bool has_reference;
    double reference; /* a thin line across, e.g. the region's mean */
    const char *reference_label;
    int decimals;
    bool percent; /* values are shares of 1, shown times 100 */
};

/* Height that a chart needs on a canvas of this width and em. */
double chart_height(const struct chart *c, double width, double em);
void chart_draw(struct ctx *cx, const struct chart *c, const struct doc_labels *labels, struct canvas *cv);

/* A whole <svg class="chart"> for a page, width in px (720 suits a text column). No style attribute
 * and no script: allowed by a strict content-security policy. */
void chart_svg(struct ctx *cx, const struct chart *c, const struct doc_labels *labels, const char *title,
               const char *desc, double width, struct buf *out);

/* The same twice, for a wide window and drawn anew for a phone; the style sheet shows one of them. */
void chart_svg_page(struct ctx *cx, const struct chart *c, const struct doc_labels *labels, const char *title,
                    const char *desc, double width, struct buf *out);

/* For the document model: a copy without protected values; asks about and hides figures. */
struct chart *chart_copy(struct arena *a, const struct chart *c);
void chart_each_hidden(const struct chart *c, void (*fn)(void *work, const char *figure_id), void *work);
void chart_hide(struct chart *c, bool (*is_hidden)(void *work, const char *figure_id), void *work);

/* Round axis steps: the smallest of 1, 2, 5 times a power of ten that cuts span into <= n parts. */
double chart_step(double span, int n);

#endif
