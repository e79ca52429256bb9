/* topology_simplify.c - thins the arcs of a topology and undoes what went too far; see topology.h. */
#include "geo/topology.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct thinner {
    struct arena *arena;
    const struct topology *in;
    struct topology *out;
    double *tolerance; /* of each arc; halved where the result is wrong */
    unsigned *mask;    /* groups that use each arc */
    int32_t quantum;
    bool *keep; /* scratch, one per point of the longest arc */
};

enum { MAX_ROUNDS = 12 };

static bool same(struct geo_point a, struct geo_point b)
{
    return a.x == b.x && a.y == b.y;
}

static double off_line(struct geo_point p, struct geo_point a, struct geo_point b, double scale)
{
    double ax = a.x * scale, bx = b.x * scale, px = p.x * scale;
    double dx = bx - ax, dy = (double)b.y - a.y, len = dx * dx + dy * dy;
    double t = len > 0 ? ((px - ax) * dx + ((double)p.y - a.y) * dy) / len : 0;
    t = fmax(0, fmin(1, t));
    return hypot(ax + t * dx - px, a.y + t * dy - p.y);
}

/* Marks the points of p[from..to] that have to stay (Douglas & Peucker). Recursion goes at most as deep as the arc
 * is long; borders halve quickly. */
static void mark(const struct geo_point *p, size_t from, size_t to, double tolerance, double scale, bool *keep)
{
    while (to > from + 1) {
        size_t far = from;
        double most = -1;
        for (size_t i = from + 1; i < to; i++) {
            double d = off_line(p[i], p[from], p[to], scale);
            if (d > most) {
                most = d;
                far = i;
            }
        }
        if (most <= tolerance)
            return;
        keep[far] = true;
        /* Recurse into the shorter half, go on with the longer. */
        if (far - from < to - far) {
            mark(p, from, far, tolerance, scale, keep);
            from = far;
        } else {
            mark(p, far, to, tolerance, scale, keep);
            to = far;
        }
    }
}

static struct geo_point on_grid(struct geo_point p, int32_t quantum)
{
    return (struct geo_point){(int32_t)(lround((double)p.x / quantum) * quantum),
                              (int32_t)(lround((double)p.y / quantum) * quantum)};
}

static size_t thin_arc(struct thinner *t, size_t arc, struct geo_point *to)
{
    const struct geo_point *p = t->in->points + t->in->starts[arc];
    size_t n = t->in->starts[arc + 1] - t->in->starts[arc], m = 0;
    double scale = cos(geo_degrees(p[0].y) * 3.14159265358979323846 / 180);
    memset(t->keep, 0, n * sizeof *t->keep);
    t->keep[0] = t->keep[n - 1] = true;
    mark(p, 0, n - 1, t->tolerance[arc], scale, t->keep);
    for (size_t i = 0; i < n; i++) {
        struct geo_point q = on_grid(p[i], t->quantum);
        if (t->keep[i] && (m == 0 || i == n - 1 || !same(q, to[m - 1])))
            to[m++] = q;
    }
    /* The last point repeats the one before it: drop that, but never the first. */
    if (m > 2 && same(to[m - 1], to[m - 2]))
        m--;
    return m;
}

static void thin_all(struct thinner *t)
{
    size_t at = 0;
    for (size_t i = 0; i < t->in->n_arcs; i++) {
        t->out->starts[i] = (uint32_t)at;
        at += thin_arc(t, i, t->out->points + at);
    }
    t->out->starts[t->in->n_arcs] = (uint32_t)at;
}

static int refine(struct thinner *t, size_t arc)
{
    if (t->tolerance[arc] == 0)
        return 0;
    t->tolerance[arc] = t->tolerance[arc] < t->quantum ? 0 : t->tolerance[arc] / 2;
    return 1;
}

/* --- rings that vanish ---------------------------------------------------------------------------- */

static double ring_doubled_area(const struct topology *t, const struct topo_rings *r, size_t ring, size_t *n_points)
{
    double sum = 0;
    struct geo_point first = {0, 0}, last = {0, 0};
    *n_points = 0;
    for (uint32_t k = r->starts[ring]; k < r->starts[ring + 1]; k++) {
        uint32_t from = t->starts[r->refs[k] >> 1], to = t->starts[(r->refs[k] >> 1) + 1];
        for (uint32_t i = 0; i + 1 < to - from; i++) {
            struct geo_point p = t->points[r->refs[k] & 1 ? to - 1 - i : from + i];
            if (*n_points)
                sum += (double)last.x * p.y - (double)p.x * last.y;
            else
                first = p;
            last = p;
            ++*n_points;
        }
    }
    return fabs(sum + (double)last.x * first.y - (double)first.x * last.y);
}

static int refine_vanished(struct thinner *t)
{
    int changed = 0;
    for (size_t i = 0; i < t->out->n_areas; i++) {
        const struct topo_rings *r = &t->out->areas[i];
        for (size_t ring = 0; ring < r->n_rings; ring++) {
            size_t n;
            double area = ring_doubled_area(t->out, r, ring, &n);
            if (n >= 3 && area > 0)
                continue;
            for (uint32_t k = r->starts[ring]; k < r->starts[ring + 1]; k++)
                changed += refine(t, r->refs[k] >> 1);
        }
    }
    return changed;
}

/* --- crossings ----------------------------------------------------------------------------------- */

struct segment {
    struct geo_point a, b; /* a.x <= b.x */
    uint32_t arc;
};

static int by_west(const void *x, const void *y)
{
    const struct segment *s = x, *t = y;
    if (s->a.x != t->a.x)
        return s->a.x < t->a.x ? -1 : 1;
    return s->arc < t->arc ? -1 : s->arc > t->arc;
}

static int turn(struct geo_point a, struct geo_point b, struct geo_point c)
{
    int64_t v = ((int64_t)b.x - a.x) * ((int64_t)c.y - a.y) - ((int64_t)b.y - a.y) * ((int64_t)c.x - a.x);
    return v > 0 ? 1 : v < 0 ? -1 : 0;
}

static bool cross(const struct segment *s, const struct segment *t)
{
    if ((s->a.y < s->b.y ? s->a.y : s->b.y) > (t->a.y > t->b.y ? t->a.y : t->b.y) ||
        (t->a.y < t->b.y ? t->a.y : t->b.y) > (s->a.y > s->b.y ? s->a.y : s->b.y))
        return false;
    return turn(s->a, s->b, t->a) * turn(s->a, s->b, t->b) < 0 && turn(t->a, t->b, s->a) * turn(t->a, t->b, s->b) < 0;
}

static unsigned *arc_groups(struct arena *a, const struct topology *t)
{
    unsigned *mask = arena_array(a, t->n_arcs, sizeof *mask);
    for (size_t i = 0; i < t->n_areas; i++)
        for (uint32_t k = 0; k < t->areas[i].starts[t->areas[i].n_rings]; k++)
            mask[t->areas[i].refs[k] >> 1] |= t->groups[i];
    return mask;
}

/* Calls found() for every two segments of a common group that cross. */
static size_t each_crossing(struct arena *a, const struct topology *t, const unsigned *mask,
                            void (*found)(void *to, uint32_t arc_a, uint32_t arc_b), void *to)
{
    size_t n = 0, total = t->starts[t->n_arcs], crossings = 0;
    struct segment *all = arena_array(a, total, sizeof *all);
    for (uint32_t arc = 0; arc < t->n_arcs; arc++)
        for (uint32_t i = t->starts[arc]; i + 1 < t->starts[arc + 1] && mask[arc]; i++) {
            struct geo_point p = t->points[i], q = t->points[i + 1];
            all[n++] = p.x <= q.x ? (struct segment){p, q, arc} : (struct segment){q, p, arc};
        }
    qsort(all, n, sizeof *all, by_west);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n && all[k].a.x < all[i].b.x; k++)
            if ((mask[all[i].arc] & mask[all[k].arc]) && cross(&all[i], &all[k])) {
                crossings++;
                if (found)
                    found(to, all[i].arc, all[k].arc);
            }
    return crossings;
}

size_t topology_crossings(struct arena *a, const struct topology *t)
{
    return each_crossing(a, t, arc_groups(a, t), NULL, NULL);
}

struct crossed {
    bool *arcs;
};

static void note_crossed(void *to, uint32_t arc_a, uint32_t arc_b)
{
    struct crossed *c = to;
    c->arcs[arc_a] = c->arcs[arc_b] = true;
}

static int refine_crossed(struct thinner *t)
{
    struct arena *scratch = arena_new(0);
    struct crossed c = {arena_array(scratch, t->in->n_arcs, sizeof(bool))};
    int changed = 0;
    each_crossing(scratch, t->out, t->mask, note_crossed, &c);
    for (size_t i = 0; i < t->in->n_arcs; i++)
        if (c.arcs[i])
            changed += refine(t, i);
    arena_free(scratch);
    return changed;
}

/* --- islands ------------------------------------------------------------------------------------- */

/* Takes small rings of one closed arc out of areas that have a larger ring. */
static void drop_islands(struct thinner *t, double tolerance)
{
    struct topology *out = t->out;
    for (size_t i = 0; i < out->n_areas; i++) {
        const struct topo_rings *r = &t->in->areas[i];
        struct topo_rings *to = &out->areas[i];
        double largest = 0;
        size_t n_points;
        for (size_t ring = 0; ring < r->n_rings; ring++)
            largest = fmax(largest, ring_doubled_area(t->in, r, ring, &n_points));
        to->starts = arena_array(t->arena, r->n_rings + 1, sizeof *to->starts);
        to->refs = arena_array(t->arena, r->starts[r->n_rings], sizeof *to->refs);
        uint32_t at = 0;
        to->n_rings = 0;
        for (size_t ring = 0; ring < r->n_rings; ring++) {
            double area = ring_doubled_area(t->in, r, ring, &n_points);
            bool closed = r->starts[ring + 1] - r->starts[ring] == 1;
            if (closed && area < largest && area < 2 * tolerance * tolerance)
                continue;
            to->starts[to->n_rings++] = at;
            for (uint32_t k = r->starts[ring]; k < r->starts[ring + 1]; k++)
                to->refs[at++] = r->refs[k];
        }
        to->starts[to->n_rings] = at;
    }
}

/* Slivers of the source that are nothing on the grid, however many points they keep. */
static void drop_slivers(struct topology *t)
{
    for (size_t i = 0; i < t->n_areas; i++) {
        struct topo_rings *r = &t->areas[i];
        uint32_t at = 0, from = 0;
        size_t kept = 0;
        for (size_t ring = 0; ring < r->n_rings; ring++) {
            size_t n;
            uint32_t to = r->starts[ring + 1];
            bool whole = ring_doubled_area(t, r, ring, &n) > 0 && n >= 3;
            if (whole) {
                r->starts[kept++] = at;
                for (uint32_t k = from; k < to; k++)
                    r->refs[at++] = r->refs[k];
            }
            from = to;
        }
        r->starts[kept] = at;
        r->n_rings = kept;
    }
}

struct topology *topology_simplify(struct arena *a, const struct topology *t, double tolerance, int32_t quantum)
{
    struct topology *out = arena_alloc(a, sizeof *out);
    size_t total = t->starts[t->n_arcs], longest = 0;
    *out = *t;
    out->starts = arena_array(a, t->n_arcs + 1, sizeof *out->starts);
    out->points = arena_array(a, total, sizeof *out->points);
    out->areas = arena_array(a, t->n_areas, sizeof *out->areas);
    for (size_t i = 0; i < t->n_arcs; i++)
        if (t->starts[i + 1] - t->starts[i] > longest)
            longest = t->starts[i + 1] - t->starts[i];
    struct thinner w = {.arena = a, .in = t, .out = out, .quantum = quantum};
    w.keep = arena_array(a, longest, sizeof *w.keep);
    w.tolerance = arena_array(a, t->n_arcs, sizeof *w.tolerance);
    for (size_t i = 0; i < t->n_arcs; i++)
        w.tolerance[i] = tolerance;
    drop_islands(&w, tolerance);
    w.mask = arc_groups(a, out);
    for (int round = 0; round < MAX_ROUNDS; round++) {
        thin_all(&w);
        if (refine_vanished(&w) + refine_crossed(&w) == 0)
            break;
    }
    drop_slivers(out);
    return out;
}
