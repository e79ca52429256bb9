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

/* The same pair in two rows; a place with itself. */
static int check_pair(const struct places *p, struct map *seen, size_t row, const char *from, const char *to)
{
    if (str_eq(from, to))
        return calc_wrong_row(p->c, p->o, "to", row, N_("A place cannot be its own neighbour."));
    void **at = map_at(seen, arena_printf(p->c->arena, "%s\n%s", from, to));
    if (*at)
        return calc_wrong_row(p->c, p->o, "to", row, N_("This pair of neighbours stands in the table twice."));
    *at = p->c;
    return OK;
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
        int wrong = look_up(&p, "from", i, from[i], &a[m]);
        wrong = look_up(&p, "to", i, to[i], &b[m]) ? CALC_WRONG : wrong;
        weight[m++] = given ? given[i] : 1;
        wrong = wrong ? wrong : check_pair(&p, seen, i, from[i], to[i]);
        if (!wrong && ways == 2) {
            wrong = check_pair(&p, seen, i, to[i], from[i]);
            a[m] = b[m - 1];
            b[m] = a[m - 1];
            weight[m] = weight[m - 1];
            m++;
        }
        rc = wrong ? CALC_WRONG : rc;
    }
    TRY(rc);
    bool row = calc_choice(o, "style") == 0;
    enum stat_reason why = given ? spatial_weights_given(c->arena, n, m, a, b, weight, row, out)
                                 : spatial_weights_new(c->arena, n, m, a, b, row, out);
    return why ? calc_wrong(c, o, "from", N_("These are not neighbours of one another.")) : OK;
}
