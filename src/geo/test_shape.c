/* Tests of shapes: measures against closed formulas, clipping, points inside, Web Mercator. */
#include "geo/shape.h"
#include "geo/shape_code.h"

#include "base/arena.h"
#include "tap.h"

static struct arena *arena;

/* A shape from degrees; parts end with a NaN. */
static struct shape *make(enum shape_kind kind, const double *v, size_t n)
{
    size_t points = 0, parts = 1;
    for (size_t i = 0; i < n; i += 2) {
        if (isnan(v[i])) {
            parts++;
            i--;
        } else {
            points++;
        }
    }
    struct shape *s = shape_new(arena, kind, points, parts);
    size_t at = 0, part = 0;
    s->starts[part++] = 0;
    for (size_t i = 0; i < n; i += 2) {
        if (isnan(v[i])) {
            s->starts[part++] = (uint32_t)at;
            i--;
        } else {
            s->points[at++] = geo_point_from_degrees(v[i], v[i + 1]);
        }
    }
    shape_close(s);
    return s;
}
#define MAKE(kind, ...) make(kind, (double[]){__VA_ARGS__}, sizeof((double[]){__VA_ARGS__}) / sizeof(double))

static const double RAD = 3.14159265358979323846 / 180;

static void test_measures(void)
{
    struct geo_point a = {68000000, 43000000}, b = {68000000, 44000000}, c = {69000000, 43000000};
    is_num(geo_distance_m(a, b), GEO_EARTH_RADIUS_M * RAD, 1e-9, "a degree of latitude is a degree of the sphere");
    double want = 2 * asin(cos(43 * RAD) * sin(0.5 * RAD)) * GEO_EARTH_RADIUS_M;
    is_num(geo_distance_m(a, c), want, 1e-9, "a degree of longitude at 43 N is shorter by the great circle");
    is_num(geo_distance_m(a, a), 0, 0, "a point is at no distance from itself");

    struct shape *cell = MAKE(SHAPE_AREA, 68, 43, 69, 43, 69, 44, 68, 44);
    double r2 = GEO_EARTH_RADIUS_M * GEO_EARTH_RADIUS_M;
    is_num(shape_area_m2(cell), r2 * RAD * (sin(44 * RAD) - sin(43 * RAD)), 1e-4,
           "the area of a degree cell is that between its parallels, to the bend of the chord");
    struct shape *ring = MAKE(SHAPE_AREA, 0, 0, 10, 0, 10, 10, 0, 10, NAN, 2, 2, 2, 8, 8, 8, 8, 2);
    struct shape *hole = MAKE(SHAPE_AREA, 2, 2, 2, 8, 8, 8, 8, 2), *whole = MAKE(SHAPE_AREA, 0, 0, 10, 0, 10, 10, 0, 10);
    is_num(shape_area_m2(ring), shape_area_m2(whole) - shape_area_m2(hole), 1e-12, "a hole is taken off the area");
    struct shape *line = MAKE(SHAPE_LINES, 68, 43, 68, 44, 68, 45);
    is_num(shape_length_m(line), 2 * GEO_EARTH_RADIUS_M * RAD, 1e-9, "the length of a line is the sum of its parts");
}

static void test_inside(void)
{
    struct shape *ring = MAKE(SHAPE_AREA, 0, 0, 10, 0, 10, 10, 0, 10, NAN, 2, 2, 2, 8, 8, 8, 8, 2);
    ok(shape_contains(ring, geo_point_from_degrees(1, 1)), "a point between the rings is inside");
    ok(!shape_contains(ring, geo_point_from_degrees(5, 5)), "a point in the hole is outside");
    ok(!shape_contains(ring, geo_point_from_degrees(11, 5)), "a point beside is outside");
    struct shape *left = MAKE(SHAPE_AREA, 0, 0, 5, 0, 5, 10, 0, 10), *right = MAKE(SHAPE_AREA, 5, 0, 10, 0, 10, 10, 5, 10);
    int both = 0, none = 0;
    for (int32_t y = 1000000; y < 9000000; y += 250000) {
        struct geo_point p = {5000000, y};
        both += shape_contains(left, p) && shape_contains(right, p);
        none += !shape_contains(left, p) && !shape_contains(right, p);
    }
    ok(both == 0 && none == 0, "a point on a shared border belongs to exactly one of two neighbours");
    struct shape *ordered = shape_order_rings(arena, MAKE(SHAPE_AREA, 2, 2, 2, 8, 8, 8, 8, 2, NAN, 0, 0, 0, 10, 10, 10, 10, 0));
    ok(ordered->n_parts == 2 && ordered->points[0].x % 10000000 == 0, "the outer ring comes first, then its hole");
}

static void test_label(void)
{
    /* A thin L: the middle of its box is outside, the label has to stand in an arm. */
    struct shape *l = MAKE(SHAPE_AREA, 0, 0, 10, 0, 10, 2, 2, 2, 2, 10, 0, 10);
    struct geo_point p = shape_label_point(arena, l);
    ok(shape_contains(l, p), "the label of an L-shaped area is inside");
    struct shape *square = MAKE(SHAPE_AREA, 0, 0, 2, 0, 2, 2, 0, 2);
    p = shape_label_point(arena, square);
    ok(abs(p.x - 1000000) < 25000 && abs(p.y - 1000000) < 25000, "the label of a square is its middle, within a percent");
}

static void test_clip(void)
{
    struct shape *square = MAKE(SHAPE_AREA, 0, 0, 10, 0, 10, 10, 0, 10);
    struct geo_box box = {5000000, 5000000, 20000000, 20000000};
    struct shape *part = shape_clip(arena, square, box);
    ok(part && part->n_parts == 1 && part->n_points == 4, "a square cut at a corner is a square");
    ok(part->box.west == 5000000 && part->box.south == 5000000 && part->box.east == 10000000 &&
           part->box.north == 10000000,
       "its box is the common part");
    ok(!shape_clip(arena, square, (struct geo_box){11000000, 0, 12000000, 1000000}), "what lies beside leaves nothing");
    struct shape *around = shape_clip(arena, square, (struct geo_box){1000000, 1000000, 2000000, 2000000});
    ok(around && around->n_points == 4, "a box wholly inside gives the box");
    struct shape *zigzag = MAKE(SHAPE_LINES, -1, 1, 1, 1, 1, -1, 3, -1, 3, 1, 5, 1);
    struct shape *lines = shape_clip(arena, zigzag, (struct geo_box){0, 0, 4000000, 2000000});
    ok(lines && lines->n_parts == 2, "a line that leaves the box and comes back becomes two");
    struct shape *points = MAKE(SHAPE_POINTS, 1, 1, 50, 50);
    points = shape_clip(arena, points, box);
    ok(!points, "points outside of the box are dropped");
}

static void test_mercator(void)
{
    is_num(mercator_x(0), 0.5, 0, "longitude 0 is in the middle");
    is_num(mercator_y(0), 0.5, 1e-12, "the equator is in the middle");
    is_num(mercator_y(geo_point_from_degrees(0, 85.051129).y), 0, 1e-8, "the square ends at 85.051129 degrees");
    int worst = 0;
    for (int32_t lat = -85000000; lat <= 85000000; lat += 333333)
        if (abs(mercator_lat(mercator_y(lat)) - lat) > worst)
            worst = abs(mercator_lat(mercator_y(lat)) - lat);
    ok(worst <= 1, "there and back is the same latitude");
    struct geo_box t = mercator_tile_box(1, 1, 0, 0);
    ok(t.west == 0 && t.east == 180000000 && t.south == 0 && t.north > 85000000, "tile 1/1/0 is the north-eastern quarter");
}

static void test_code(void)
{
    struct shape *ring = MAKE(SHAPE_AREA, 0, 0, 10, 0, 10, 10, 0, 10, NAN, 2, 2, 2, 8, 8, 8, 8, 2);
    struct buf *b = buf_new(arena, 0);
    shape_encode(ring, b);
    struct shape *again = shape_decode(arena, b->data, b->len);
    ok(again && again->n_points == ring->n_points && again->n_parts == 2 &&
           memcmp(again->points, ring->points, ring->n_points * sizeof *ring->points) == 0,
       "a shape as bytes comes back the same");
    bool any = false;
    for (size_t n = 0; n < b->len; n++)
        any |= shape_decode(arena, b->data, n) != NULL;
    ok(!any, "cut bytes are not a shape");
}

int main(void)
{
    arena = arena_new(0);
    test_measures();
    test_inside();
    test_label();
    test_clip();
    test_mercator();
    test_code();
    arena_free(arena);
    return done();
}
