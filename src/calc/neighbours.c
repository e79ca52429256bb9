/* neighbours.c - see neighbours.h. */
#include "calc/neighbours.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "calc/calc.h"
#include "i18n/i18n.h"

struct places {
    struct map *by_name; /* name -> index + 1 */
    struct calc *c;
    const struct calc_values *o;
};

static int look_up(const struct places *p, const char *field, size_t row, const char *name, uint32_t *out)
{
    size_t at = (size_t)(uintptr_t)map_get(p->by_name, name);
    *out = at ? (uint32_t)(at - 1) : 0;
    return at ? OK : calc_wrong_row(p->c, p->o, field, row, N_("There is no place \"%s\"."), name);
}

/* Is the pair new? *wrong: it is in two rows, which is right only where each row holds both ways. */
static bool new_pair(const struct places *p, struct map *seen, bool both, size_t row, uint32_t from, uint32_t to, int *wrong)
{
    void **at = map_at(seen, arena_printf(p->c->arena, "%u %u", from, to));
    if (*at && !both)
        *wrong = calc_wrong_row(p->c, p->o, "to", row, N_("This pair of neighbours stands in the table twice."));
    bool fresh = !*at;
    *at = p->c;
    return fresh;
}

int calc_neighbours(struct calc *c, const struct calc_values *o, size_t n, const char *const *name,
                    struct spatial_weights *out)
{
    struct places p = {map_new(c->arena), c, o};
    struct map *seen = map_new(c->arena);
    const char *const *from = calc_labels(o, "from"), *const *to = calc_labels(o, "to");
    const double *given = calc_column(o, "weights");
    size_t rows = calc_rows(c, "neighbours"), ways = calc_bool(o, "symmetric") ? 2 : 1, m = 0;
    uint32_t *a = arena_array(c->arena, rows * ways, sizeof *a), *b = arena_array(c->arena, rows * ways, sizeof *b);
    double *weight = arena_array(c->arena, rows * ways, sizeof *weight);
    int rc = OK;
    for (size_t i = 0; i < n; i++)
        map_set(p.by_name, name[i], (void *)(uintptr_t)(i + 1));
    for (size_t i = 0; i < rows; i++) {
        uint32_t x, y;
        int wrong = look_up(&p, "from", i, from[i], &x);
        wrong = look_up(&p, "to", i, to[i], &y) ? CALC_WRONG : wrong;
        if (!wrong && x == y)
            wrong = calc_wrong_row(c, o, "to", i, N_("A place cannot be its own neighbour."));
        for (size_t way = 0; !wrong && way < ways; way++) {
            a[m] = way ? y : x;
            b[m] = way ? x : y;
            weight[m] = given ? given[i] : 1;
            m += new_pair(&p, seen, ways == 2, i, a[m], b[m], &wrong);
        }
        rc = wrong ? CALC_WRONG : rc;
    }
    TRY(rc);
    bool row = calc_choice(o, "style") == 0;
    enum stat_reason why = given ? spatial_weights_given(c->arena, n, m, a, b, weight, row, out)
                                 : spatial_weights_new(c->arena, n, m, a, b, row, out);
    return why ? calc_wrong(c, o, "from", N_("These are not neighbours of one another.")) : OK;
}
