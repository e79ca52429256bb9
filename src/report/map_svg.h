/* map_svg.h - a printed choropleth: outlines coloured by class, labels, point symbols, legend in
 * words, scale bar and source line, on any canvas.
 *
 * Projection: Albers equal-area conic fitted to the areas shown (Snyder, J. P. 1987, Map Projections:
 * A Working Manual, eq. 14-1 to 14-6, sphere), so that areas of districts can be compared. */
#ifndef REPORT_MAP_SVG_H
#define REPORT_MAP_SVG_H

#include "base/buf.h"
#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct canvas;
struct doc_labels;

struct map_ring {
    const double *lonlat;
    size_t n;
}; /* n pairs of degrees; closed or not */

struct map_area {
    const char *name;             /* label on the map; NULL: none */
    const char *title;            /* said on hover: "Saryagash: 25.6 %"; NULL: the name */
    const struct map_ring *rings; /* holes by even-odd */
    size_t n_rings;
    int step;     /* class 0..n_steps-1; -1: no data */
    bool hidden;  /* hatched; step and title are never read */
    bool context; /* a neighbour: drawn as background, not part of the fit */
    const char *figure_id;
};

enum map_symbol { SYMBOL_DOT, SYMBOL_SQUARE, SYMBOL_DIAMOND, SYMBOL_RING };

struct map_point {
    double lon, lat;
    enum map_symbol symbol;
    double scale;      /* 1: normal */
    const char *label; /* NULL: none */
    const char *title;
};

struct map_key {
    enum map_symbol symbol;
    const char *text;
};

struct map {
    struct map_area *areas;
    size_t n_areas;
    const struct map_point *points;
    size_t n_points;
    const char *legend_title;
    const char *const *steps; /* words of the classes, light to dark; at most 5 */
    size_t n_steps;
    const struct map_key *symbols; /* legend of the points */
    size_t n_symbols;
    const char *kilometres; /* "km" */
    const char *credit;     /* source and date of outlines and data */
};

/* Height that suits the areas at this width. */
double map_height(const struct map *m, double width, double em);
void map_draw(struct ctx *cx, const struct map *m, const struct doc_labels *labels, struct canvas *cv);

/* A whole <svg class="map"> for a page. */
void map_svg(struct ctx *cx, const struct map *m, const struct doc_labels *labels, const char *title,
             const char *desc, double width, struct buf *out);

/* For the document model, as in chart.h. */
struct map *map_copy(struct arena *a, const struct map *m);
void map_each_hidden(const struct map *m, void (*fn)(void *work, const char *figure_id), void *work);
void map_hide(struct map *m, bool (*is_hidden)(void *work, const char *figure_id), void *work);

#endif
