/* scan_zone.c - circles: every place with its nearest neighbours. */
#include <stdlib.h>
#include <string.h>

#include "stat/scan_inner.h"

struct near {
    double distance;
    uint32_t place;
};

double scan_distance(const struct scan_map *m, size_t i, size_t j)
{
    if (m->sphere) {
        const double radians = acos(-1) / 180, earth = 6371.0088; /* km, mean radius of the Earth */
        double a = m->y[i] * radians, b = m->y[j] * radians;
        double u = sin((b - a) / 2), v = sin((m->x[j] - m->x[i]) * radians / 2);
        return 2 * earth * asin(fmin(1, sqrt(u * u + cos(a) * cos(b) * v * v))); /* haversine */
    }
    double dx = m->x[j] - m->x[i], dy = m->y[j] - m->y[i];
    return sqrt(dx * dx + dy * dy);
}

/* The centre is its own nearest, however many places share its position. */
static struct near near_of(const struct scan_map *m, size_t i, size_t j)
{
    return (struct near){j == i ? -1 : scan_distance(m, i, j), (uint32_t)j};
}

static int by_distance(const void *pa, const void *pb)
{
    const struct near *a = pa, *b = pb;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* The k places nearest to i, nearest first, into out (room for k + 1); their number. Places that are surely
 * farther than the k-th are passed by without a square root. */
static size_t find_nearest(const struct scan_map *m, size_t i, size_t k, struct near *out)
{
    size_t n = 0;
    double beyond = INFINITY;
    for (size_t j = 0; j < m->n_places; j++) {
        double dx = m->x[j] - m->x[i], dy = m->y[j] - m->y[i];
        if (dx * dx + dy * dy > beyond)
            continue;
        struct near one = near_of(m, i, j);
        if (n == k && by_distance(&one, &out[k - 1]) >= 0)
            continue;
        size_t at = n < k ? n++ : k - 1;
        for (; at > 0 && by_distance(&one, &out[at - 1]) < 0; at--)
            out[at] = out[at - 1];
        out[at] = one;
        if (n == k && !m->sphere)
            beyond = out[k - 1].distance * out[k - 1].distance * (1 + 1e-12);
    }
    return n;
}

/* All places by distance from i. */
static size_t sort_all(const struct scan_map *m, size_t i, struct near *out)
{
    for (size_t j = 0; j < m->n_places; j++)
        out[j] = near_of(m, i, j);
    qsort(out, m->n_places, sizeof *out, by_distance);
    return m->n_places;
}

void scan_find_zones(struct arena *a, struct scan *s)
{
    const struct scan_map *m = s->m;
    struct near *all = arena_array(a, s->n + 1, sizeof *all);
    size_t cap = s->n * 16 + 16, used = 0;
    double population = 0;
    uint32_t *list = malloc(cap * sizeof *list);
    s->start = arena_array(a, s->n + 2, sizeof *s->start);
    for (size_t i = 0; i < s->n; i++)
        population += m->population[i];
    for (size_t i = 0; i < s->n; i++) {
        double people = 0;
        bool few = s->o.max_places && s->o.max_places <= 200 && s->o.max_places < s->n;
        size_t most = few ? find_nearest(m, i, s->o.max_places, all) : sort_all(m, i, all);
        for (size_t k = 0; k < most && (!s->o.max_places || k < s->o.max_places); k++) {
            people += m->population[all[k].place];
            if (people > s->o.max_share * population)
                break;
            if (used == cap)
                list = realloc(list, (cap *= 2) * sizeof *list);
            if (!list)
                die("out of memory");
            list[used++] = all[k].place;
        }
        s->start[i + 1] = used;
    }
    s->near = list; /* may be large: not within the arena's ceiling, but given back with it */
    arena_defer(a, free, list);
}
