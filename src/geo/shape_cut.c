/* shape_cut.c - shape_clip(): the part of a shape within a box; see shape.h. */
#include "geo/shape.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

struct cut {
    struct geo_point *points;
    size_t n, cap;
    uint32_t *starts;
    size_t n_parts, cap_parts;
    struct arena *arena;
};

static void cut_add(struct cut *c, struct geo_point p)
{
    if (c->n == c->cap) {
        size_t cap = c->cap * 2;
        struct geo_point *points = arena_array(c->arena, cap, sizeof *points);
        memcpy(points, c->points, c->n * sizeof *points);
        c->points = points;
        c->cap = cap;
    }
    c->points[c->n++] = p;
}

static void cut_begin(struct cut *c)
{
    if (c->n_parts == c->cap_parts) {
        size_t cap = c->cap_parts * 2;
        uint32_t *starts = arena_array(c->arena, cap, sizeof *starts);
        memcpy(starts, c->starts, c->n_parts * sizeof *starts);
        c->starts = starts;
        c->cap_parts = cap;
    }
    c->starts[c->n_parts++] = (uint32_t)c->n;
}

/* The four half-planes of a box: side 0 west, 1 east, 2 south, 3 north. */
static int32_t side_of(struct geo_box b, int side)
{
    return side == 0 ? b.west : side == 1 ? b.east : side == 2 ? b.south : b.north;
}

static bool inside_of(struct geo_point p, int side, int32_t edge)
{
    return side == 0 ? p.x >= edge : side == 1 ? p.x <= edge : side == 2 ? p.y >= edge : p.y <= edge;
}

static struct geo_point cross_side(struct geo_point a, struct geo_point b, int side, int32_t edge)
{
    if (side < 2) {
        double t = ((double)edge - a.x) / ((double)b.x - a.x);
        return (struct geo_point){edge, (int32_t)lround(a.y + t * ((double)b.y - a.y))};
    }
    double t = ((double)edge - a.y) / ((double)b.y - a.y);
    return (struct geo_point){(int32_t)lround(a.x + t * ((double)b.x - a.x)), edge};
}

/* Sutherland & Hodgman: one ring against one side. `out` has room for 2 n points. */
static size_t ring_cut_side(const struct geo_point *in, size_t n, int side, int32_t edge,
                            struct geo_point *out)
{
    size_t m = 0;
    for (size_t i = 0, j = n - 1; i < n; j = i++) {
        bool was = inside_of(in[j], side, edge), is = inside_of(in[i], side, edge);
        if (was != is)
            out[m++] = cross_side(in[j], in[i], side, edge);
        if (is)
            out[m++] = in[i];
    }
    return m;
}

static bool same(struct geo_point a, struct geo_point b)
{
    return a.x == b.x && a.y == b.y;
}

static void cut_ring(struct cut *c, const struct geo_point *p, size_t n, struct geo_box box)
{
    struct geo_box own = geo_box_empty();
    for (size_t i = 0; i < n; i++)
        geo_box_add(&own, p[i]);
    if (!geo_box_overlaps(own, box))
        return;
    bool over[4] = {own.west < box.west, own.east > box.east, own.south < box.south, own.north > box.north};
    for (int side = 0; side < 4 && n; side++) {
        if (!over[side])
            continue;
        struct geo_point *next = arena_array(c->arena, 2 * n, sizeof *next);
        n = ring_cut_side(p, n, side, side_of(box, side), next);
        p = next;
    }
    if (n < 3)
        return;
    cut_begin(c);
    size_t first = c->n;
    for (size_t i = 0; i < n; i++)
        if (c->n == first || !same(c->points[c->n - 1], p[i]))
            cut_add(c, p[i]);
    while (c->n > first + 1 && same(c->points[c->n - 1], c->points[first]))
        c->n--;
    if (c->n - first < 3) {
        c->n = first;
        c->n_parts--;
    }
}

/* Liang & Barsky 1984: the part t0..t1 of a segment in the box; false: none. */
static bool segment_cut(struct geo_point a, struct geo_point b, struct geo_box box, double *t0, double *t1)
{
    double dx = (double)b.x - a.x, dy = (double)b.y - a.y;
    double p[4] = {-dx, dx, -dy, dy};
    double q[4] = {(double)a.x - box.west, (double)box.east - a.x, (double)a.y - box.south,
                   (double)box.north - a.y};
    *t0 = 0;
    *t1 = 1;
    for (int i = 0; i < 4; i++) {
        if (p[i] == 0) {
            if (q[i] < 0)
                return false;
            continue;
        }
        double t = q[i] / p[i];
        if (p[i] < 0 && t > *t0)
            *t0 = t;
        if (p[i] > 0 && t < *t1)
            *t1 = t;
    }
    return *t0 <= *t1;
}

static struct geo_point along(struct geo_point a, struct geo_point b, double t)
{
    return (struct geo_point){(int32_t)lround(a.x + t * ((double)b.x - a.x)),
                              (int32_t)lround(a.y + t * ((double)b.y - a.y))};
}

static void cut_line(struct cut *c, const struct geo_point *p, size_t n, struct geo_box box)
{
    bool open = false; /* is the last part still being drawn? */
    for (size_t i = 1; i < n; i++) {
        double t0, t1;
        if (!segment_cut(p[i - 1], p[i], box, &t0, &t1)) {
            open = false;
            continue;
        }
        struct geo_point a = t0 > 0 ? along(p[i - 1], p[i], t0) : p[i - 1];
        struct geo_point b = t1 < 1 ? along(p[i - 1], p[i], t1) : p[i];
        if (same(a, b)) /* touches a corner, or a repeated point */
            continue;
        if (!open) {
            cut_begin(c);
            cut_add(c, a);
        }
        cut_add(c, b);
        open = t1 >= 1;
    }
}

struct shape *shape_clip(struct arena *a, const struct shape *s, struct geo_box box)
{
    if (!geo_box_overlaps(s->box, box))
        return NULL;
    struct cut c = {.arena = a, .cap = s->n_points + 8, .cap_parts = s->n_parts + 4};
    c.points = arena_array(a, c.cap, sizeof *c.points);
    c.starts = arena_array(a, c.cap_parts, sizeof *c.starts);
    for (size_t r = 0; r < s->n_parts; r++) {
        const struct geo_point *p = s->points + s->starts[r];
        size_t n = s->starts[r + 1] - s->starts[r];
        if (s->kind == SHAPE_AREA) {
            cut_ring(&c, p, n, box);
        } else if (s->kind == SHAPE_LINES) {
            cut_line(&c, p, n, box);
        } else {
            cut_begin(&c);
            size_t before = c.n;
            for (size_t i = 0; i < n; i++)
                if (geo_box_contains(box, p[i]))
                    cut_add(&c, p[i]);
            c.n_parts -= c.n == before;
        }
    }
    if (c.n_parts == 0)
        return NULL;
    struct shape *out = shape_new(a, s->kind, 0, c.n_parts);
    out->points = c.points;
    out->n_points = c.n;
    memcpy(out->starts, c.starts, c.n_parts * sizeof *c.starts);
    shape_close(out);
    return out;
}
