/* geojson.h - reads GeoJSON (RFC 7946): a FeatureCollection of points, lines and areas with flat properties.
 *
 * Strict where a mistake would put a place on the wrong spot (coordinates outside WGS 84, rings that are not closed,
 * text that is not UTF-8, a file cut short), lenient where it cannot (members we do not know, nested
 * properties: skipped; a third coordinate: ignored). Errors name line and byte. */
#ifndef GEO_GEOJSON_H
#define GEO_GEOJSON_H

#include "base/ctx.h"
#include "geo/shape.h"

#include <stddef.h>

enum geo_value { GEO_NULL, GEO_TEXT, GEO_NUM, GEO_BOOL };

struct geo_property {
    const char *name;
    enum geo_value type;
    const char *text; /* GEO_TEXT */
    double num;       /* GEO_NUM; GEO_BOOL: 0 or 1 */
};

struct geo_feature {
    const char *id;            /* NULL: none; a number as its text */
    const struct shape *shape; /* NULL: a feature without geometry */
    size_t n_properties;
    struct geo_property *properties;
    size_t line;               /* where the feature begins */
};

struct geo_collection {
    size_t n_features;
    struct geo_feature *features;
};

/* Limits that a file may not pass (ERR_LIMIT). */
enum {
    GEOJSON_MAX_FEATURES = 100000,
    GEOJSON_MAX_POINTS = 1000000,
    GEOJSON_MAX_DEPTH = 32,
    GEOJSON_MAX_MEMORY = 24 << 20, /* of the arena, so that no file can fill it (64 MB) */
};

/* Reads len bytes. ERR_INVALID or ERR_LIMIT with a sentence that names line and byte. The bytes are not kept. */
int geojson_read(struct ctx *cx, const char *bytes, size_t len, struct geo_collection **out);

/* The text of a property; NULL where it is absent or not a text. */
const char *geo_feature_text(const struct geo_feature *f, const char *name);
/* The number of a property; NaN where it is absent or not a number. */
double geo_feature_num(const struct geo_feature *f, const char *name);

#endif
