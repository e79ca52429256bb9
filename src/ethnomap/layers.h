/* layers.h - the features of one layer of the map, from the registry. */
#ifndef ETHNOMAP_LAYERS_H
#define ETHNOMAP_LAYERS_H

#include "ethnomap/tiles.h"
#include "geo/mvt.h"

/* From this zoom on outlines are drawn in detail. */
enum { DETAIL_ZOOM = 8 };

/* Makes the indexed features of a layer in arena `keep`; everything else is taken from cx->arena. m: units only. */
int layer_make(struct ctx *cx, const struct tiles_question *q, const struct map_model *m, struct arena *keep,
               struct tile_source **out);

#endif
