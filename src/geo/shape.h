/* shape.h - lines and areas on the earth: measure, test, simplify, clip, find neighbours.
 *
 * Coordinates are whole micro-degrees of WGS 84 (1e-6 degree, about 0.11 m): equal points compare
 * equal, so two districts that share a border share its points, and figures repeat on every machine.
 * A shape is points cut into rings (areas) or lines; a ring does not repeat its first point at the
 * end. Rings of an area may stand in any order and direction: what is inside follows from the
 * even-odd rule. All memory is the arena's. Nothing here crosses the 180th meridian. */
#ifndef GEO_SHAPE_H
#define GEO_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Longitude and latitude in micro-degrees. */
struct geo_point {
    int32_t x, y;
};

/* west <= east, south <= north; empty: west > east. */
struct geo_box {
    int32_t west, south, east, north;
};

enum shape_kind { SHAPE_POINTS = 1, SHAPE_LINES = 2, SHAPE_AREA = 3 };

struct shape {
    enum shape_kind kind;
    size_t n_points;
    struct geo_point *points;
    size_t n_parts;
    uint32_t *starts; /* n_parts + 1 indexes into points; part i is points[starts[i] .. starts[i+1]) */
    struct geo_box box;
};

/* Mean radius of the earth (IUGG R1), metres. */
#define GEO_EARTH_RADIUS_M 6371008.8

/* Rounds degrees to a point. */
struct geo_point geo_point_from_degrees(double lon, double lat);
static inline double geo_degrees(int32_t micro) { return micro / 1e6; }

struct geo_box geo_box_empty(void);
void geo_box_add(struct geo_box *b, struct geo_point p);
bool geo_box_overlaps(struct geo_box a, struct geo_box b);
bool geo_box_contains(struct geo_box b, struct geo_point p);

/* Great-circle distance in metres (haversine). */
double geo_distance_m(struct geo_point a, struct geo_point b);

/* A shape with room for n_points and n_parts; the caller fills it and calls shape_close(). */
struct shape *shape_new(struct arena *a, enum shape_kind kind, size_t n_points, size_t n_parts);
/* Sets the box (and starts[n_parts] = n_points). */
void shape_close(struct shape *s);

/* Area in square metres on the sphere of GEO_EARTH_RADIUS_M, holes taken off.
 * Chamberlain & Duquette 2007 (JPL 07-3), eq. for the spherical excess in lon and sin(lat). */
double shape_area_m2(const struct shape *s);

/* Length of all lines (or of all borders) in metres. */
double shape_length_m(const struct shape *s);

/* Even-odd rule; a point on the border belongs to one side or the other, always the same. */
bool shape_contains(const struct shape *s, struct geo_point p);

/* In how many other rings does a ring lie? Odd: it is a hole, *parent the ring around it. */
int shape_ring_depth(const struct shape *s, size_t ring, size_t *parent);

/* A copy of an area in which every outer ring is counter-clockwise (seen with north up) and followed by its holes, clockwise:
 * the order that drawing formats want. */
struct shape *shape_order_rings(struct arena *a, const struct shape *s);

/* A point well inside of an area: the pole of inaccessibility (the inner point farthest from the border),
 * to within 1 % of the box's shorter side. Garcia-Castellanos & Lombardo 2007, by quadtree. For lines and
 * points the vertex nearest to the middle of the box. */
struct geo_point shape_label_point(struct arena *a, const struct shape *s);

/* The part of an area or of lines within the box, or NULL where nothing is left. Areas by
 * Sutherland & Hodgman 1974, ring by ring (even-odd stays right; edges along the box may double). */
struct shape *shape_clip(struct arena *a, const struct shape *s, struct geo_box box);

/* Web Mercator (EPSG:3857) as the unit square: 0..1 from west to east and from north to south. */
double mercator_x(int32_t lon);
double mercator_y(int32_t lat); /* clamped at +-85.051129 degrees */
int32_t mercator_lon(double x);
int32_t mercator_lat(double y);
/* The box of a tile, widened by `margin` of its side (0.0625: a sixteenth). */
struct geo_box mercator_tile_box(int z, uint32_t x, uint32_t y, double margin);

#endif
