/* protect_tree.c - hiding small counts in a hierarchy of sums, and the differencing check.
 *
 * In a tree the attacker's bounds have a closed form, so no solver is needed. A hidden node can fall
 * to its floor (what its shown descendants add up to, and the least of the hidden ones); it can rise
 * by what its hidden siblings can fall and, if its parent is hidden, by what the parent can rise. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/protect.h"

struct tree {
    size_t n;
    const int64_t *v;
    const int32_t *parent;
    uint8_t *state;
    size_t *order;       /* parents before children */
    size_t *n_children, *n_hidden;
    double *floor, *slack; /* of a hidden node; sum of slacks of hidden children */
    double *up;
    double need;
};

/* Parents first: by depth. False: a cycle or a sum that does not hold. */
static bool order_nodes(struct arena *a, struct tree *t)
{
    int64_t *sum = arena_array(a, t->n + 1, sizeof *sum);
    size_t *first = arena_array(a, t->n + 1, sizeof *first), *next = arena_array(a, t->n + 1, sizeof *next);
    size_t head = 0, tail = 0;
    memset(first, 0xff, t->n * sizeof *first);
    for (size_t i = t->n; i-- > 0;) {
        int32_t p = t->parent[i];
        if (t->v[i] < 0 || (p >= 0 && (size_t)p >= t->n))
            return false;
        if (p < 0)
            continue;
        next[i] = first[p];
        first[p] = i;
        t->n_children[p]++;
        sum[p] += t->v[i];
    }
    for (size_t i = 0; i < t->n; i++)
        if (t->parent[i] < 0)
            t->order[tail++] = i;
    for (; head < tail; head++)
        for (size_t c = first[t->order[head]]; c != SIZE_MAX; c = next[c])
            t->order[tail++] = c;
    for (size_t i = 0; i < t->n; i++)
        if (t->n_children[i] && sum[i] != t->v[i])
            return false;
    return tail == t->n;
}

static void hide(struct tree *t, size_t i, uint8_t why)
{
    t->state[i] = why;
    if (t->parent[i] >= 0)
        t->n_hidden[t->parent[i]]++;
}

/* The cheapest shown child of p (not 0, not inside); its own inner cells would have to be hidden,
 * too, so leaves come first. SIZE_MAX: none. */
static size_t cheapest_child(const struct tree *t, size_t p)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < t->n; i++) {
        if (t->parent[i] != (int32_t)p || t->state[i] != PROTECT_SHOWN || t->v[i] == 0)
            continue;
        if (best == SIZE_MAX || t->v[i] < t->v[best])
            best = i;
    }
    return best;
}

/* A hidden sum needs a hidden child, or adding up its children would tell it. */
static void hide_downwards(struct tree *t)
{
    for (size_t k = 0; k < t->n; k++) {
        size_t i = t->order[k];
        if (t->state[i] == PROTECT_SHOWN || t->n_children[i] == 0 || t->n_hidden[i] > 0)
            continue;
        size_t c = cheapest_child(t, i);
        if (c != SIZE_MAX)
            hide(t, c, PROTECT_SECONDARY);
    }
}

/* Floors from the leaves up, rises from the tops down. */
static void measure(struct tree *t)
{
    for (size_t i = 0; i < t->n; i++) {
        t->floor[i] = t->n_children[i] ? 0 : 1; /* zeros are shown, so a hidden leaf is at least 1 */
        t->slack[i] = 0;
    }
    for (size_t k = t->n; k-- > 0;) {
        size_t i = t->order[k];
        int32_t p = t->parent[i];
        if (p < 0)
            continue;
        bool shown = t->state[i] == PROTECT_SHOWN;
        t->floor[p] += shown ? (double)t->v[i] : t->floor[i];
        t->slack[p] += shown ? 0 : (double)t->v[i] - t->floor[i];
    }
    for (size_t k = 0; k < t->n; k++) {
        size_t i = t->order[k];
        int32_t p = t->parent[i];
        if (t->state[i] == PROTECT_SHOWN)
            continue;
        if (p < 0) {
            t->up[i] = INFINITY;
            continue;
        }
        bool parent_hidden = t->state[p] != PROTECT_SHOWN;
        t->up[i] = t->slack[p] - ((double)t->v[i] - t->floor[i]) + (parent_hidden ? t->up[p] : 0);
    }
}

/* Width of the attacker's interval around hidden node i. */
static double width_of(const struct tree *t, size_t i)
{
    int32_t p = t->parent[i];
    bool free_to_fall = p < 0 || t->n_hidden[p] > 1 || t->state[p] != PROTECT_SHOWN;
    return free_to_fall ? (double)t->v[i] - t->floor[i] + t->up[i] : 0;
}

/* Hides one more cell for the first hidden node whose interval is too narrow. False: all are wide. */
static bool widen(struct tree *t)
{
    for (size_t k = 0; k < t->n; k++) {
        size_t i = t->order[k];
        if (t->state[i] == PROTECT_SHOWN || width_of(t, i) >= t->need)
            continue;
        int32_t p = t->parent[i];
        size_t c = cheapest_child(t, (size_t)p);
        while (c == SIZE_MAX && t->state[p] != PROTECT_SHOWN) {
            p = t->parent[p]; /* a hidden top has room without end, so this stops */
            c = cheapest_child(t, (size_t)p);
        }
        hide(t, c != SIZE_MAX ? c : (size_t)p, PROTECT_SECONDARY);
        return true;
    }
    return false;
}

bool protect_tree(struct arena *a, const int64_t *values, const int32_t *parent, size_t n,
                  const struct protect_rules *rules, uint8_t *cell)
{
    int64_t threshold = rules && rules->threshold > 0 ? rules->threshold : PROTECT_THRESHOLD;
    int64_t width = rules && rules->min_width > 0 ? rules->min_width : threshold - 1;
    struct tree t = {.n = n, .v = values, .parent = parent, .state = cell, .need = (double)width};
    t.order = arena_array(a, n + 1, sizeof *t.order);
    t.n_children = arena_array(a, n + 1, sizeof *t.n_children);
    t.n_hidden = arena_array(a, n + 1, sizeof *t.n_hidden);
    t.floor = arena_array(a, n + 1, sizeof *t.floor);
    t.slack = arena_array(a, n + 1, sizeof *t.slack);
    t.up = arena_array(a, n + 1, sizeof *t.up);
    memset(cell, PROTECT_SHOWN, n);
    if (!order_nodes(a, &t)) {
        memset(cell, PROTECT_PRIMARY, n);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (values[i] > 0 && values[i] < threshold)
            hide(&t, i, PROTECT_PRIMARY);
    do {
        hide_downwards(&t);
        measure(&t);
    } while (widen(&t));
    return true;
}

/* --- differencing -------------------------------------------------------------------------------- */

/* Is sorted list x a part of sorted list y? */
static bool is_subset(const uint32_t *x, size_t nx, const uint32_t *y, size_t ny)
{
    size_t j = 0;
    for (size_t i = 0; i < nx; i++, j++) {
        while (j < ny && y[j] < x[i])
            j++;
        if (j == ny || y[j] != x[i])
            return false;
    }
    return true;
}

static bool is_disjoint(const uint32_t *x, size_t nx, const uint32_t *y, size_t ny)
{
    for (size_t i = 0, j = 0; i < nx && j < ny;) {
        if (x[i] == y[j])
            return false;
        if (x[i] < y[j])
            i++;
        else
            j++;
    }
    return true;
}

bool protect_differencing(struct arena *a, const int64_t *value, const size_t *start,
                          const uint32_t *members, size_t n_sets, int64_t threshold,
                          size_t *first, size_t *second)
{
    int64_t k = threshold > 0 ? threshold : PROTECT_THRESHOLD;
    size_t *inside = arena_array(a, n_sets + 1, sizeof *inside);
    for (size_t s = 0; s < n_sets; s++) {
        size_t n = 0;
        for (size_t t = 0; t < n_sets; t++) {
            size_t size = start[t + 1] - start[t];
            if (t == s || size >= start[s + 1] - start[s] ||
                !is_subset(members + start[t], size, members + start[s], start[s + 1] - start[s]))
                continue;
            int64_t rest = value[s] - value[t];
            bool found = rest > 0 && rest < k;
            for (size_t u = 0; u < n && !found; u++) {
                int64_t left = rest - value[inside[u]];
                found = left > 0 && left < k &&
                        is_disjoint(members + start[t], size, members + start[inside[u]],
                                    start[inside[u] + 1] - start[inside[u]]);
            }
            if (found) {
                if (first)
                    *first = s;
                if (second)
                    *second = t;
                return true;
            }
            inside[n++] = t;
        }
    }
    return false;
}
