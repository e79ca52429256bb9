/* draw.h - the map of a question as SVG drawn by the program, for paper and for readers without script; and its
 * document for the export. */
#ifndef ETHNOMAP_DRAW_H
#define ETHNOMAP_DRAW_H

#include "base/buf.h"
#include "ethnomap/model.h"
#include "report/doc.h"

/* detail: outlines in detail (paper) or the overview (screen). attention: settlements under attention are marked. */
int draw_map(struct ctx *cx, const struct map_model *m, int detail, bool attention, const char *credit, double width, struct buf *out);

/* One table: code, place, value, interval, number, period, source. */
struct doc *draw_document(struct ctx *cx, const struct map_model *m, const char *credit);

/* The words that drawings and documents need, translated. */
const struct doc_labels *draw_labels(struct ctx *cx);

#endif
