/* shape.c - points, boxes, measures and the tests on areas; see shape.h. Cutting, the label point and
 * Web Mercator are in shape_cut.c, shape_label.c and mercator.c. */
#include "geo/shape.h"

#include "base/arena.h"

#include <math.h>

static const double RADIANS = 3.14159265358979323846 / 180;

struct geo_point geo_point_from_degrees(double lon, double lat)
{
    return (struct geo_point){(int32_t)lround(lon * 1e6), (int32_t)lround(lat * 1e6)};
}

struct geo_box geo_box_empty(void)
{
    return (struct geo_box){INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
}

void geo_box_add(struct geo_box *b, struct geo_point p)
{
    if (p.x < b->west)
        b->west = p.x;
    if (p.x > b->east)
        b->east = p.x;
    if (p.y < b->south)
        b->south = p.y;
    if (p.y > b->north)
        b->north = p.y;
}

bool geo_box_overlaps(struct geo_box a, struct geo_box b)
{
    return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north;
}

bool geo_box_contains(struct geo_box b, struct geo_point p)
{
    return p.x >= b.west && p.x <= b.east && p.y >= b.south && p.y <= b.north;
}

double geo_distance_m(struct geo_point a, struct geo_point b)
{
    double lat_a = geo_degrees(a.y) * RADIANS, lat_b = geo_degrees(b.y) * RADIANS;
    double s_lat = sin((lat_b - lat_a) / 2);
    double s_lon = sin((geo_degrees(b.x) - geo_degrees(a.x)) * RADIANS / 2);
    double h = s_lat * s_lat + cos(lat_a) * cos(lat_b) * s_lon * s_lon;
    return 2 * GEO_EARTH_RADIUS_M * asin(fmin(1, sqrt(h)));
}

struct shape *shape_new(struct arena *a, enum shape_kind kind, size_t n_points, size_t n_parts)
{
    struct shape *s = arena_alloc(a, sizeof *s);
    s->kind = kind;
    s->n_points = n_points;
    s->n_parts = n_parts;
    s->points = arena_array(a, n_points, sizeof *s->points);
    s->starts = arena_array(a, n_parts + 1, sizeof *s->starts);
    s->box = geo_box_empty();
    return s;
}

void shape_close(struct shape *s)
{
    s->starts[s->n_parts] = (uint32_t)s->n_points;
    s->box = geo_box_empty();
    for (size_t i = 0; i < s->n_points; i++)
        geo_box_add(&s->box, s->points[i]);
}

/* Twice the spherical excess over radius squared, signed (counter-clockwise positive). */
static double ring_area(const struct geo_point *p, size_t n)
{
    double sum = 0;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        sum += (geo_degrees(p[i].x) - geo_degrees(p[j].x)) * RADIANS *
               (2 + sin(geo_degrees(p[i].y) * RADIANS) + sin(geo_degrees(p[j].y) * RADIANS));
    return -sum / 2 * GEO_EARTH_RADIUS_M * GEO_EARTH_RADIUS_M;
}

/* Does the ray from (x, y) to the east cross the ring an odd number of times? The half-open rule on y
 * counts a vertex once. Doubled coordinates let the caller ask for the middle of an edge. */
static bool ring_contains_doubled(const struct geo_point *p, size_t n, int64_t x2, int64_t y2)
{
    bool inside = false;
    for (size_t i = 0, j = n - 1; i < n; j = i++) {
        int64_t xi = 2 * (int64_t)p[i].x, yi = 2 * (int64_t)p[i].y;
        int64_t xj = 2 * (int64_t)p[j].x, yj = 2 * (int64_t)p[j].y;
        if ((yi > y2) == (yj > y2))
            continue;
        /* x2 < xi + (xj - xi) * (y2 - yi) / (yj - yi), without division */
        int64_t cross = (x2 - xi) * (yj - yi) - (xj - xi) * (y2 - yi);
        if (yj > yi ? cross < 0 : cross > 0)
            inside = !inside;
    }
    return inside;
}

bool shape_contains(const struct shape *s, struct geo_point p)
{
    if (s->kind != SHAPE_AREA || !geo_box_contains(s->box, p))
        return false;
    bool inside = false;
    for (size_t r = 0; r < s->n_parts; r++)
        inside ^= ring_contains_doubled(s->points + s->starts[r], s->starts[r + 1] - s->starts[r],
                                        2 * (int64_t)p.x, 2 * (int64_t)p.y);
    return inside;
}

int shape_ring_depth(const struct shape *s, size_t ring, size_t *parent)
{
    const struct geo_point *p = s->points + s->starts[ring];
    int64_t x2 = (int64_t)p[0].x + p[1].x, y2 = (int64_t)p[0].y + p[1].y;
    int depth = 0;
    double smallest = INFINITY;
    for (size_t r = 0; r < s->n_parts; r++) {
        const struct geo_point *q = s->points + s->starts[r];
        size_t n = s->starts[r + 1] - s->starts[r];
        if (r == ring || !ring_contains_doubled(q, n, x2, y2))
            continue;
        depth++;
        double area = fabs(ring_area(q, n));
        if (area < smallest) {
            smallest = area;
            *parent = r;
        }
    }
    return depth;
}

double shape_area_m2(const struct shape *s)
{
    if (s->kind != SHAPE_AREA)
        return 0;
    double sum = 0;
    for (size_t r = 0; r < s->n_parts; r++) {
        size_t parent = 0;
        double area = fabs(ring_area(s->points + s->starts[r], s->starts[r + 1] - s->starts[r]));
        sum += s->n_parts > 1 && shape_ring_depth(s, r, &parent) % 2 ? -area : area;
    }
    return sum;
}

double shape_length_m(const struct shape *s)
{
    double sum = 0;
    for (size_t r = 0; r < s->n_parts && s->kind != SHAPE_POINTS; r++) {
        const struct geo_point *p = s->points + s->starts[r];
        size_t n = s->starts[r + 1] - s->starts[r];
        for (size_t i = 1; i < n; i++)
            sum += geo_distance_m(p[i - 1], p[i]);
        if (s->kind == SHAPE_AREA)
            sum += geo_distance_m(p[n - 1], p[0]);
    }
    return sum;
}

static void ring_turn(struct geo_point *p, size_t n, bool counter_clockwise)
{
    if ((ring_area(p, n) > 0) == counter_clockwise)
        return;
    for (size_t i = 0, j = n - 1; i < j; i++, j--) {
        struct geo_point t = p[i];
        p[i] = p[j];
        p[j] = t;
    }
}

struct shape *shape_order_rings(struct arena *a, const struct shape *s)
{
    struct shape *out = shape_new(a, s->kind, s->n_points, s->n_parts);
    size_t *parent = arena_array(a, s->n_parts, sizeof *parent);
    bool *hole = arena_array(a, s->n_parts, sizeof *hole);
    for (size_t r = 0; r < s->n_parts; r++)
        hole[r] = shape_ring_depth(s, r, &parent[r]) % 2;
    size_t part = 0, at = 0;
    for (size_t outer = 0; outer < s->n_parts; outer++) {
        if (hole[outer])
            continue;
        for (size_t k = 0; k <= s->n_parts; k++) { /* k 0: the outer ring, then its holes */
            size_t r = k ? k - 1 : outer;
            if (k && (!hole[r] || parent[r] != outer))
                continue;
            size_t n = s->starts[r + 1] - s->starts[r];
            out->starts[part++] = (uint32_t)at;
            for (size_t i = 0; i < n; i++)
                out->points[at + i] = s->points[s->starts[r] + i];
            ring_turn(out->points + at, n, k == 0);
            at += n;
        }
    }
    out->n_parts = part;
    out->n_points = at;
    shape_close(out);
    return out;
}
