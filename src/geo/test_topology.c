/* Tests of shared borders: arcs, simplifying without gaps, joining. */
#include "geo/topology.h"

#include "base/arena.h"
#include "tap.h"

static struct arena *arena;

/* A square of the grid; every side carries n points on a wave that its neighbour shares. */
static struct geo_point wave(int x0, int y0, int x1, int y1, int i, int n)
{
    double t = (double)i / n, bend = i == 0 ? 0 : 20000 * sin(t * 9 + x0 * 2 + y0 * 3 + x1 + y1);
    return (struct geo_point){(int32_t)lround((x0 + t * (x1 - x0)) * 1e6 + (y1 != y0 ? bend : 0)),
                              (int32_t)lround((y0 + t * (y1 - y0)) * 1e6 + (x1 != x0 ? bend : 0))};
}

static void side(struct shape *s, size_t *at, int x0, int y0, int x1, int y1)
{
    enum { N = 50 };
    bool back = x1 < x0 || y1 < y0; /* a side is drawn from the same end by both squares */
    for (int i = 0; i < N; i++)
        s->points[(*at)++] = back ? (i == 0 ? wave(x0, y0, x0, y0, 0, 1) : wave(x1, y1, x0, y0, N - i, N))
                                  : wave(x0, y0, x1, y1, i, N);
}

static struct shape *square(int x, int y)
{
    struct shape *s = shape_new(arena, SHAPE_AREA, 200, 1);
    size_t at = 0;
    side(s, &at, x, y, x + 1, y);
    side(s, &at, x + 1, y, x + 1, y + 1);
    side(s, &at, x + 1, y + 1, x, y + 1);
    side(s, &at, x, y + 1, x, y);
    shape_close(s);
    return s;
}

enum { SIDE = 4, ALL = SIDE * SIDE };
static const struct shape *squares[ALL];
static unsigned groups[ALL];

static double total_area(const struct topology *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->n_areas; i++)
        sum += shape_area_m2(topology_shape(arena, t, &t->areas[i]));
    return sum;
}

static void test_cut(struct topology *t)
{
    /* 4 x 4 squares: 40 sides; at the four corners of the whole two sides meet and make one arc. */
    is_int(t->n_arcs, 2 * SIDE * (SIDE + 1) - 4, "a border between two areas is one arc");
    bool same = true;
    for (size_t i = 0; i < ALL; i++)
        same &= fabs(shape_area_m2(topology_shape(arena, t, &t->areas[i])) - shape_area_m2(squares[i])) < 1;
    ok(same, "the arcs make up the areas that were cut");
    is_int(topology_crossings(arena, t), 0, "no borders cross");
}

static void test_simplify(const struct topology *t)
{
    struct topology *thin = topology_simplify(arena, t, 3000, 100);
    ok(thin->starts[thin->n_arcs] < t->starts[t->n_arcs] / 2, "half of the points are gone");
    struct topology *whole = topology_simplify(arena, t, 3000, 100);
    size_t everything[ALL];
    for (size_t i = 0; i < ALL; i++)
        everything[i] = i;
    size_t outer = topology_dissolve(arena, whole, everything, ALL, 0);
    is_int(whole->areas[outer].n_rings, 1, "all areas together have one border");
    double sum = total_area(thin), outside = shape_area_m2(topology_shape(arena, whole, &whole->areas[outer]));
    is_num(sum, outside, 1e-12, "the simplified areas fill it without gap or overlap");
    is_int(topology_crossings(arena, thin), 0, "and none of their borders cross");
    int32_t off = 0;
    for (size_t i = 0; i < thin->starts[thin->n_arcs]; i++)
        off |= thin->points[i].x % 100 | thin->points[i].y % 100;
    ok(off == 0, "points lie on the grid");
    struct topology *coarse = topology_simplify(arena, t, 2e6, 100);
    bool rings = true;
    for (size_t i = 0; i < ALL; i++)
        rings &= coarse->areas[i].n_rings == 1 &&
                 shape_area_m2(topology_shape(arena, coarse, &coarse->areas[i])) > 0;
    ok(rings, "no area vanishes, however coarse");
    is_int(topology_crossings(arena, coarse), 0, "... and no borders cross then");
}

static void test_dissolve(struct topology *t)
{
    size_t pair[] = {0, 1};
    size_t i = topology_dissolve(arena, t, pair, 2, 0);
    is_num(shape_area_m2(topology_shape(arena, t, &t->areas[i])), shape_area_m2(squares[0]) + shape_area_m2(squares[1]),
           1e-12, "two joined neighbours have the area of both");
    size_t around[] = {0, 1, 2, SIDE, SIDE + 2, 2 * SIDE, 2 * SIDE + 1, 2 * SIDE + 2};
    i = topology_dissolve(arena, t, around, 8, 0);
    is_int(t->areas[i].n_rings, 2, "areas around another one leave a hole");
}

static void test_stitch(void)
{
    struct shape *left = shape_new(arena, SHAPE_AREA, 4, 1), *right = shape_new(arena, SHAPE_AREA, 5, 1);
    struct geo_point l[] = {{0, 0}, {1000000, 0}, {1000000, 1000000}, {0, 1000000}};
    struct geo_point r[] = {{1000000, 0}, {2000000, 0}, {2000000, 1000000}, {1000000, 1000000}, {1000007, 400000}};
    memcpy(left->points, l, sizeof l);
    memcpy(right->points, r, sizeof r);
    shape_close(left);
    shape_close(right);
    struct shape *stitched = topology_stitch(arena, left, right, 10);
    is_int(stitched->n_points, 5, "a vertex of the neighbour is put into the border");
    const struct shape *both[] = {stitched, right};
    struct topology *t = topology_build(arena, both, (unsigned[]){1, 1}, 2);
    is_int(t->n_arcs, 3, "after that the two share one border");
    is_int(topology_stitch(arena, left, right, 3)->n_points, 4, "a vertex that is too far away stays out");
}

static void test_island(void)
{
    struct shape *s = shape_new(arena, SHAPE_AREA, 8, 2);
    struct geo_point p[] = {{0, 0},       {1000000, 0},    {1000000, 1000000}, {0, 1000000},
                            {3000000, 0}, {3001000, 0},    {3001000, 1000},    {3000000, 1000}};
    memcpy(s->points, p, sizeof p);
    s->starts[1] = 4;
    shape_close(s);
    const struct shape *one[] = {s};
    struct topology *t = topology_build(arena, one, (unsigned[]){1}, 1);
    is_int(t->areas[0].n_rings, 2, "an island is a ring of its own");
    is_int(topology_simplify(arena, t, 100, 10)->areas[0].n_rings, 2, "it stays where it can be seen");
    is_int(topology_simplify(arena, t, 5000, 10)->areas[0].n_rings, 1, "and goes where it cannot");
}

int main(void)
{
    arena = arena_new(0);
    for (int i = 0; i < ALL; i++) {
        squares[i] = square(i % SIDE, i / SIDE);
        groups[i] = 1;
    }
    struct topology *t = topology_build(arena, squares, groups, ALL);
    test_cut(t);
    test_simplify(t);
    test_dissolve(t);
    test_stitch();
    test_island();
    arena_free(arena);
    return done();
}
