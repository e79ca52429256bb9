/* tiles.h - the tiles of the ethnomap: /tiles/{layer}/{z}/{x}/{y}, layers base, units, settlements.
 *
 * What a layer shows is made once into an indexed set of features (geo/mvt.h), shared by all threads, and kept under a
 * number that its content determines, its stamp. Pages put the stamp into the address of the tiles: such a tile never
 * changes and may be kept for ever; another stamp is answered with what holds now, and not kept. */
#ifndef ETHNOMAP_TILES_H
#define ETHNOMAP_TILES_H

#include "ethnomap/model.h"
#include "geo/shape.h"
#include "http/request.h"

#include <stdbool.h>
#include <stdint.h>

enum map_layer { LAYER_BASE, LAYER_UNITS, LAYER_SETTLEMENTS, LAYER_COUNT };
enum { TILES_MIN_ZOOM = 4, TILES_MAX_ZOOM = 14 };

/* What decides the content of a layer. */
struct tiles_question {
    enum map_layer layer;
    enum lang lang;
    const char *on_date;
    const char *indicator, *period; /* units */
    uint64_t permissions;           /* units: which indicators; settlements: whether attention is marked */
};

/* The stamp of a layer as it is now (for the address of its tiles). m: the model of the question, or NULL. */
int tiles_stamp(struct ctx *cx, const struct tiles_question *q, const struct map_model *m, uint64_t *stamp);

/* The box of the units of a day, for the first view of the map. */
int tiles_bounds(struct ctx *cx, const char *on_date, struct geo_box *box);

/* The tile, gzipped, in cx->arena; *len 0: nothing is there. *stamp: of the content; the caller compares it with the
 * one asked for (wanted; 0: none). */
int tiles_get(struct ctx *cx, const struct tiles_question *q, uint64_t wanted, int z, uint32_t x, uint32_t y, const void **data,
              size_t *len, uint64_t *stamp);

/* Forgets everything that is kept in memory (tests; the end of the program). */
void tiles_forget(void);

int tiles_route(struct request *rq);

#endif
