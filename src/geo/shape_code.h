/* shape_code.h - shapes as bytes, for a BYTEA column: kind, parts, then deltas as zigzag varints.
 *
 *   v kind, v number of parts; per part: v number of points; then per point z dx, z dy in micro-degrees,
 *   relative to the point before it (the first point of the shape to 0, 0).  (v, z: base/buf.h) */
#ifndef GEO_SHAPE_CODE_H
#define GEO_SHAPE_CODE_H

#include "base/buf.h"
#include "geo/shape.h"

void shape_encode(const struct shape *s, struct buf *out);

/* The shape in the arena, or NULL where the bytes are not one (checked: they come from a database that
 * somebody may have edited). */
struct shape *shape_decode(struct arena *a, const void *data, size_t len);

#endif
