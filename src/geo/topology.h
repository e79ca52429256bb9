/* topology.h - areas that share borders: cut into arcs, simplified arc by arc, so that neighbours stay without gaps.
 *
 * An arc is a line between two junctions, a junction a point where more than two border lines meet; where two areas have the
 * same border they have the same arc. Simplifying an arc changes both areas alike. (The idea is that of topological
 * data structures in cartography, Peucker & Chrisman 1975; lines are simplified after Douglas & Peucker 1973.) */
#ifndef GEO_TOPOLOGY_H
#define GEO_TOPOLOGY_H

#include "geo/shape.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rings as runs of arcs: arc number * 2 + (1: backwards). */
struct topo_rings {
    size_t n_rings;
    uint32_t *starts; /* n_rings + 1 indexes into refs */
    uint32_t *refs;
};

struct topology {
    size_t n_arcs;
    uint32_t *starts; /* n_arcs + 1 indexes into points */
    struct geo_point *points;
    size_t n_areas;
    struct topo_rings *areas;
    unsigned *groups; /* of each area */
};

/* Puts every vertex of `from` that lies within `tolerance` micro-degrees of a border of `into`, but is not one
 * of its vertices, into that border: lines that were drawn along each other meet in points again. */
struct shape *topology_stitch(struct arena *a, const struct shape *into, const struct shape *from, int32_t tolerance);

/* Cuts areas into arcs. groups[i] is a bit set: areas without a common bit may overlap (editions of
 * different years), those with one may not cross after simplifying. */
struct topology *topology_build(struct arena *a, const struct shape *const *areas, const unsigned *groups, size_t n);

/* Adds the outer border of several areas together (indexes into areas) as one more area; gives its index. */
size_t topology_dissolve(struct arena *a, struct topology *t, const size_t *areas, size_t n, unsigned group);

/* A simplified copy. No point of an arc lies farther than `tolerance` micro-degrees (of latitude) from the
 * new line; points lie on multiples of `quantum`. Arcs that would cross, and rings that would vanish, keep
 * more points. Islands smaller than the square of the tolerance are dropped if the area has a larger ring. */
struct topology *topology_simplify(struct arena *a, const struct topology *t, double tolerance, int32_t quantum);

/* Pairs of arcs with a common group that cross each other; 0 in a good result. */
size_t topology_crossings(struct arena *a, const struct topology *t);

/* The area as a shape. */
struct shape *topology_shape(struct arena *a, const struct topology *t, const struct topo_rings *rings);

#endif
