/* topology.c - cuts areas into shared arcs; see topology.h. Simplifying is in topology_simplify.c. */
#include "geo/topology.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

static bool same(struct geo_point a, struct geo_point b)
{
    return a.x == b.x && a.y == b.y;
}

/* --- stitching ----------------------------------------------------------------------------------- */

/* Does v lie near the inside of the segment a-b? */
static bool lies_on(struct geo_point v, struct geo_point a, struct geo_point b, int32_t tolerance)
{
    if (v.x < (a.x < b.x ? a.x : b.x) - tolerance || v.x > (a.x > b.x ? a.x : b.x) + tolerance ||
        v.y < (a.y < b.y ? a.y : b.y) - tolerance || v.y > (a.y > b.y ? a.y : b.y) + tolerance)
        return false;
    double dx = (double)b.x - a.x, dy = (double)b.y - a.y;
    double t = (((double)v.x - a.x) * dx + ((double)v.y - a.y) * dy) / (dx * dx + dy * dy);
    if (!(t > 0 && t < 1))
        return false;
    return hypot(a.x + t * dx - v.x, a.y + t * dy - v.y) <= tolerance;
}

static bool has_vertex(const struct shape *s, struct geo_point v)
{
    for (size_t i = 0; i < s->n_points; i++)
        if (same(s->points[i], v))
            return true;
    return false;
}

static double along(struct geo_point from, struct geo_point v)
{
    return hypot((double)v.x - from.x, (double)v.y - from.y);
}

struct shape *topology_stitch(struct arena *a, const struct shape *into, const struct shape *from, int32_t tolerance)
{
    struct geo_point *extra = arena_array(a, from->n_points, sizeof *extra);
    size_t n_extra = 0;
    struct geo_box near = {into->box.west - tolerance, into->box.south - tolerance, into->box.east + tolerance,
                           into->box.north + tolerance};
    for (size_t i = 0; i < from->n_points; i++)
        if (geo_box_contains(near, from->points[i]) && !has_vertex(into, from->points[i]))
            extra[n_extra++] = from->points[i];
    struct shape *out = shape_new(a, into->kind, into->n_points + n_extra, into->n_parts);
    size_t at = 0;
    for (size_t r = 0; r < into->n_parts; r++) {
        size_t first = into->starts[r], n = into->starts[r + 1] - first;
        out->starts[r] = (uint32_t)at;
        for (size_t i = 0; i < n; i++) {
            struct geo_point p = into->points[first + i], q = into->points[first + (i + 1) % n];
            out->points[at++] = p;
            size_t run = at;
            for (size_t k = 0; k < n_extra;) {
                if (!lies_on(extra[k], p, q, tolerance)) {
                    k++;
                    continue;
                }
                size_t to = at++; /* in order of the distance from p */
                for (; to > run && along(p, out->points[to - 1]) > along(p, extra[k]); to--)
                    out->points[to] = out->points[to - 1];
                out->points[to] = extra[k];
                extra[k] = extra[--n_extra];
            }
        }
    }
    out->n_points = at;
    shape_close(out);
    return out;
}

/* --- nodes --------------------------------------------------------------------------------------- */

/* A point of the map and the one or two points it is joined to; more: a junction. */
struct node {
    struct geo_point at;
    uint32_t a, b; /* neighbours + 1; 0: none */
    bool junction;
};

struct nodes {
    struct node *all;
    size_t n;
    uint32_t *slots; /* node + 1 */
    size_t n_slots;
};

static uint32_t node_of(struct nodes *t, struct geo_point p)
{
    uint64_t key = (uint64_t)(uint32_t)p.x << 32 | (uint32_t)p.y;
    size_t at = (key ^ key >> 29) * 0x9E3779B97F4A7C15u % t->n_slots;
    for (; t->slots[at]; at = (at + 1) % t->n_slots)
        if (same(t->all[t->slots[at] - 1].at, p))
            return t->slots[at] - 1;
    t->all[t->n] = (struct node){.at = p};
    t->slots[at] = (uint32_t)++t->n;
    return (uint32_t)t->n - 1;
}

static void join(struct node *n, uint32_t other)
{
    if (n->a == other + 1 || n->b == other + 1)
        return;
    if (!n->a)
        n->a = other + 1;
    else if (!n->b)
        n->b = other + 1;
    else
        n->junction = true;
}

/* --- arcs ---------------------------------------------------------------------------------------- */

/* Inner nodes of an arc have two neighbours, so an arc is known by its first step. */
struct step {
    uint32_t from, to; /* nodes */
    uint32_t ref;      /* + 1 */
};

struct cutter {
    struct arena *arena;
    struct topology *t;
    struct nodes nodes;
    uint32_t *node_at; /* node of every vertex of every area, in order */
    struct step *steps;
    size_t n_steps;
    size_t n_points;
};

static struct step *step_of(struct cutter *c, uint32_t from, uint32_t to)
{
    uint64_t key = (uint64_t)from << 32 | to;
    size_t at = (key ^ key >> 31) * 0x9E3779B97F4A7C15u % c->n_steps;
    while (c->steps[at].ref && (c->steps[at].from != from || c->steps[at].to != to))
        at = (at + 1) % c->n_steps;
    c->steps[at].from = from;
    c->steps[at].to = to;
    return &c->steps[at];
}

/* The arc that runs over n + 1 nodes of a ring (ring[(first + i) % len]), new or known. */
static uint32_t arc_over(struct cutter *c, const uint32_t *ring, size_t len, size_t first, size_t n)
{
    struct step *forward = step_of(c, ring[first], ring[(first + 1) % len]);
    if (forward->ref)
        return forward->ref - 1;
    uint32_t arc = (uint32_t)c->t->n_arcs++;
    c->t->starts[arc] = (uint32_t)c->n_points;
    for (size_t i = 0; i <= n; i++)
        c->t->points[c->n_points++] = c->nodes.all[ring[(first + i) % len]].at;
    c->t->starts[arc + 1] = (uint32_t)c->n_points;
    forward->ref = arc * 2 + 1;
    struct step *back = step_of(c, ring[(first + n) % len], ring[(first + n - 1) % len]);
    if (!back->ref)
        back->ref = arc * 2 + 1 + 1;
    return arc * 2;
}

static size_t lowest(const struct cutter *c, const uint32_t *ring, size_t len)
{
    size_t best = 0;
    for (size_t i = 1; i < len; i++) {
        struct geo_point p = c->nodes.all[ring[i]].at, q = c->nodes.all[ring[best]].at;
        if (p.x < q.x || (p.x == q.x && p.y < q.y))
            best = i;
    }
    return best;
}

static size_t cut_ring(struct cutter *c, const uint32_t *ring, size_t len, uint32_t *refs)
{
    size_t first = 0, n_refs = 0;
    while (first < len && !c->nodes.all[ring[first]].junction)
        first++;
    if (first == len) {
        refs[0] = arc_over(c, ring, len, lowest(c, ring, len), len);
        return 1;
    }
    for (size_t from = first; from < first + len;) {
        size_t to = from + 1;
        while (to < first + len && !c->nodes.all[ring[to % len]].junction)
            to++;
        refs[n_refs++] = arc_over(c, ring, len, from % len, to - from);
        from = to;
    }
    return n_refs;
}

static void find_nodes(struct cutter *c, const struct shape *const *areas, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < areas[i]->n_points; k++)
            c->node_at[at++] = node_of(&c->nodes, areas[i]->points[k]);
    const uint32_t *node = c->node_at;
    for (size_t i = 0; i < n; node += areas[i]->n_points, i++)
        for (size_t r = 0; r < areas[i]->n_parts; r++)
            for (size_t from = areas[i]->starts[r], to = areas[i]->starts[r + 1], k = from; k < to; k++) {
                uint32_t u = node[k], v = node[k + 1 < to ? k + 1 : from];
                join(&c->nodes.all[u], v);
                join(&c->nodes.all[v], u);
            }
    for (size_t i = 0; i < c->nodes.n; i++)
        if (!c->nodes.all[i].b) /* the tip of a spike */
            c->nodes.all[i].junction = true;
}

struct topology *topology_build(struct arena *a, const struct shape *const *areas, const unsigned *groups, size_t n)
{
    size_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += areas[i]->n_points;
    struct topology *t = arena_alloc(a, sizeof *t);
    struct cutter c = {.arena = a, .t = t, .n_steps = total * 4 + 1};
    c.nodes.all = arena_array(a, total, sizeof *c.nodes.all);
    c.nodes.n_slots = total * 2 + 1;
    c.nodes.slots = arena_array(a, c.nodes.n_slots, sizeof *c.nodes.slots);
    c.node_at = arena_array(a, total, sizeof *c.node_at);
    c.steps = arena_array(a, c.n_steps, sizeof *c.steps);
    t->starts = arena_array(a, total + 1, sizeof *t->starts);
    t->points = arena_array(a, total * 2, sizeof *t->points);
    t->areas = arena_array(a, n, sizeof *t->areas);
    t->groups = arena_array(a, n, sizeof *t->groups);
    t->n_areas = n;
    find_nodes(&c, areas, n);
    const uint32_t *node = c.node_at;
    for (size_t i = 0; i < n; node += areas[i]->n_points, i++) {
        struct topo_rings *rings = &t->areas[i];
        t->groups[i] = groups[i];
        rings->n_rings = areas[i]->n_parts;
        rings->starts = arena_array(a, rings->n_rings + 1, sizeof *rings->starts);
        rings->refs = arena_array(a, areas[i]->n_points, sizeof *rings->refs);
        uint32_t at = 0;
        for (size_t r = 0; r < areas[i]->n_parts; r++) {
            rings->starts[r] = at;
            at += (uint32_t)cut_ring(&c, node + areas[i]->starts[r], areas[i]->starts[r + 1] - areas[i]->starts[r],
                                     rings->refs + at);
        }
        rings->starts[rings->n_rings] = at;
    }
    return t;
}

/* --- joining ------------------------------------------------------------------------------------- */

static struct geo_point arc_tip(const struct topology *t, uint32_t ref, bool last)
{
    uint32_t arc = ref >> 1;
    bool back = ref & 1;
    return t->points[last != back ? t->starts[arc + 1] - 1 : t->starts[arc]];
}

static size_t add_area(struct arena *a, struct topology *t, struct topo_rings rings, unsigned group)
{
    struct topo_rings *areas = arena_array(a, t->n_areas + 1, sizeof *areas);
    unsigned *groups = arena_array(a, t->n_areas + 1, sizeof *groups);
    memcpy(areas, t->areas, t->n_areas * sizeof *areas);
    memcpy(groups, t->groups, t->n_areas * sizeof *groups);
    areas[t->n_areas] = rings;
    groups[t->n_areas] = group;
    t->areas = areas;
    t->groups = groups;
    return t->n_areas++;
}

size_t topology_dissolve(struct arena *a, struct topology *t, const size_t *areas, size_t n, unsigned group)
{
    bool *odd = arena_array(a, t->n_arcs, sizeof *odd);
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        const struct topo_rings *r = &t->areas[areas[i]];
        for (uint32_t k = 0; k < r->starts[r->n_rings]; k++)
            odd[r->refs[k] >> 1] ^= true; /* a border between two of them is inside */
    }
    for (size_t i = 0; i < t->n_arcs; i++)
        left += odd[i];
    struct topo_rings out = {.starts = arena_array(a, left + 1, sizeof *out.starts),
                             .refs = arena_array(a, left, sizeof *out.refs)};
    uint32_t at = 0;
    for (size_t first = 0; first < t->n_arcs; first++) {
        if (!odd[first])
            continue;
        uint32_t ref = (uint32_t)first * 2, begin = at;
        out.starts[out.n_rings] = at;
        for (;;) {
            odd[ref >> 1] = false;
            out.refs[at++] = ref;
            struct geo_point tip = arc_tip(t, ref, true);
            if (same(tip, arc_tip(t, out.refs[begin], false)))
                break;
            size_t next = 0;
            for (; next < t->n_arcs * 2; next++)
                if (odd[next >> 1] && same(arc_tip(t, (uint32_t)next, false), tip))
                    break;
            if (next == t->n_arcs * 2)
                die("a border of joined areas does not close");
            ref = (uint32_t)next;
        }
        out.n_rings++;
    }
    out.starts[out.n_rings] = at;
    return add_area(a, t, out, group);
}

struct shape *topology_shape(struct arena *a, const struct topology *t, const struct topo_rings *rings)
{
    size_t n = 0, at = 0;
    for (uint32_t k = 0; k < rings->starts[rings->n_rings]; k++)
        n += t->starts[(rings->refs[k] >> 1) + 1] - t->starts[rings->refs[k] >> 1] - 1;
    struct shape *s = shape_new(a, SHAPE_AREA, n, rings->n_rings);
    for (size_t r = 0; r < rings->n_rings; r++) {
        s->starts[r] = (uint32_t)at;
        for (uint32_t k = rings->starts[r]; k < rings->starts[r + 1]; k++) {
            uint32_t from = t->starts[rings->refs[k] >> 1], to = t->starts[(rings->refs[k] >> 1) + 1];
            for (uint32_t i = 0; i + 1 < to - from; i++)
                s->points[at++] = t->points[rings->refs[k] & 1 ? to - 1 - i : from + i];
        }
    }
    shape_close(s);
    return s;
}
