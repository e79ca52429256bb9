/* shape_label.c - shape_label_point(): where a name stands best in an area; see shape.h. */
#include "geo/shape.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>

/* A square of the search, in scaled micro-degrees: x is shrunk by the cosine of the latitude, so that
 * distances are the same to all sides. */
struct cell {
    double x, y, half;
    double d;   /* from the centre to the border, negative outside */
    double max; /* no point of the cell is farther from the border */
};

struct search {
    const struct shape *s;
    double scale;
    struct cell *heap; /* largest max first */
    size_t n, cap;
};

enum { MAX_CELLS = 4000 };

static double distance_squared_to_segment(double px, double py, double ax, double ay, double bx, double by)
{
    double dx = bx - ax, dy = by - ay;
    double len = dx * dx + dy * dy;
    double t = len > 0 ? ((px - ax) * dx + (py - ay) * dy) / len : 0;
    t = fmax(0, fmin(1, t));
    double ex = ax + t * dx - px, ey = ay + t * dy - py;
    return ex * ex + ey * ey;
}

static double distance_to_border(const struct search *q, double x, double y)
{
    const struct shape *s = q->s;
    double best = INFINITY;
    for (size_t r = 0; r < s->n_parts; r++) {
        const struct geo_point *p = s->points + s->starts[r];
        size_t n = s->starts[r + 1] - s->starts[r];
        for (size_t i = 0, j = n - 1; i < n; j = i++)
            best = fmin(best, distance_squared_to_segment(x, y, p[j].x * q->scale, p[j].y,
                                                          p[i].x * q->scale, p[i].y));
    }
    struct geo_point at = {(int32_t)lround(x / q->scale), (int32_t)lround(y)};
    return shape_contains(s, at) ? sqrt(best) : -sqrt(best);
}

static struct cell cell_at(const struct search *q, double x, double y, double half)
{
    struct cell c = {.x = x, .y = y, .half = half, .d = distance_to_border(q, x, y)};
    c.max = c.d + half * sqrt(2);
    return c;
}

static void heap_push(struct search *q, struct cell c)
{
    if (q->n == q->cap)
        return;
    size_t i = q->n++;
    while (i && q->heap[(i - 1) / 2].max < c.max) {
        q->heap[i] = q->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    q->heap[i] = c;
}

static struct cell heap_pop(struct search *q)
{
    struct cell top = q->heap[0], last = q->heap[--q->n];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= q->n)
            break;
        if (child + 1 < q->n && q->heap[child + 1].max > q->heap[child].max)
            child++;
        if (q->heap[child].max <= last.max)
            break;
        q->heap[i] = q->heap[child];
        i = child;
    }
    q->heap[i] = last;
    return top;
}

static struct geo_point nearest_vertex(const struct shape *s)
{
    struct geo_point mid = {(int32_t)(((int64_t)s->box.west + s->box.east) / 2),
                            (int32_t)(((int64_t)s->box.south + s->box.north) / 2)};
    struct geo_point best = mid;
    double nearest = INFINITY;
    for (size_t i = 0; i < s->n_points; i++) {
        double d = geo_distance_m(s->points[i], mid);
        if (d < nearest) {
            nearest = d;
            best = s->points[i];
        }
    }
    return best;
}

struct geo_point shape_label_point(struct arena *a, const struct shape *s)
{
    if (s->kind != SHAPE_AREA || s->n_points == 0)
        return nearest_vertex(s);
    double mid_lat = (geo_degrees(s->box.south) + geo_degrees(s->box.north)) / 2;
    struct search q = {.s = s, .scale = cos(mid_lat * 3.14159265358979323846 / 180), .cap = MAX_CELLS};
    q.heap = arena_array(a, q.cap, sizeof *q.heap);
    double west = s->box.west * q.scale, width = s->box.east * q.scale - west;
    double south = s->box.south, height = s->box.north - south;
    double side = fmin(width, height), precision = side / 100;
    if (side <= 0)
        return nearest_vertex(s);
    /* At most 16 squares along the longer side to start with. */
    side = fmax(side, fmax(width, height) / 16);
    struct cell best = {.d = -INFINITY};
    for (double x = west; x < west + width; x += side)
        for (double y = south; y < south + height; y += side) {
            struct cell c = cell_at(&q, x + side / 2, y + side / 2, side / 2);
            if (c.d > best.d)
                best = c;
            heap_push(&q, c);
        }
    for (int steps = 0; q.n && steps < MAX_CELLS; steps++) {
        struct cell c = heap_pop(&q);
        if (c.max - best.d <= precision && best.d > 0)
            break;
        for (int k = 0; k < 4; k++) {
            double h = c.half / 2;
            struct cell part = cell_at(&q, c.x + (k & 1 ? h : -h), c.y + (k & 2 ? h : -h), h);
            if (part.d > best.d)
                best = part;
            heap_push(&q, part);
        }
    }
    if (best.d <= 0)
        return nearest_vertex(s);
    return (struct geo_point){(int32_t)lround(best.x / q.scale), (int32_t)lround(best.y)};
}
