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

struct pairs {
    size_t n;
    uint32_t *from, *to;
    double *weight;
    bool given; /* the weights are */
};

static void make_room(struct arena *a, struct pairs *out, size_t n)
{
    out->from = arena_array(a, n, sizeof *out->from);
    out->to = arena_array(a, n, sizeof *out->to);
    out->weight = arena_array(a, n, sizeof *out->weight);
}

static int read_pairs(struct calc *c, const struct calc_values *o, const struct places *p, struct pairs *out)
{
    struct map *seen = map_new(c->arena);
    const char *const *from = calc_labels(o, "from"), *const *to = calc_labels(o, "to");
    const double *given = calc_column(o, "weights");
    size_t rows = calc_rows(c, "neighbours"), ways = calc_bool(o, "symmetric") ? 2 : 1;
    int rc = OK;
    if (!from || !to)
        return calc_wrong(c, o, "from", N_("Neighbours are needed: from and to, or a matrix."));
    make_room(c->arena, out, rows * ways);
    out->given = given != NULL;
    for (size_t i = 0; i < rows; i++) {
        uint32_t x, y;
        int wrong = look_up(p, "from", i, from[i], &x);
        wrong = look_up(p, "to", i, to[i], &y) ? CALC_WRONG : wrong;
        if (!wrong && x == y)
            wrong = calc_wrong_row(c, o, "to", i, N_("A place cannot be its own neighbour."));
        for (size_t way = 0; !wrong && way < ways; way++) {
            out->from[out->n] = way ? y : x;
            out->to[out->n] = way ? x : y;
            out->weight[out->n] = given ? given[i] : 1;
            out->n += new_pair(p, seen, ways == 2, i, out->from[out->n], out->to[out->n], &wrong);
        }
        rc = wrong ? CALC_WRONG : rc;
    }
    return rc;
}

/* The place of each row and column of the matrix: by the names above the columns if they are those of places. */
static int name_matrix(struct calc *c, const struct calc_values *o, const struct places *p, const struct calc_matrix *m,
                       uint32_t *place)
{
    bool named = false;
    for (size_t i = 0; m->name && i < m->rows; i++)
        named = named || map_has(p->by_name, m->name[i]);
    for (size_t i = 0; i < m->rows; i++) {
        size_t at = named ? (size_t)(uintptr_t)map_get(p->by_name, m->name[i]) : i + 1;
        if (!at)
            return calc_wrong(c, o, "matrix", N_("There is no place \"%s\"."), m->name[i]);
        place[i] = (uint32_t)(at - 1);
    }
    return OK;
}

static int read_matrix(struct calc *c, const struct calc_values *o, const struct places *p, size_t n, struct pairs *out)
{
    const struct calc_matrix *m = calc_matrix(o, "matrix");
    uint32_t *place = arena_array(c->arena, m->rows, sizeof *place);
    if (m->rows != n || m->cols != n)
        return calc_wrong(c, o, "matrix", N_("The matrix has %zu rows and %zu columns for %zu places."), m->rows, m->cols, n);
    TRY(name_matrix(c, o, p, m, place));
    size_t some = 0;
    for (size_t i = 0; i < n * n; i++)
        some += m->value[i] != 0;
    make_room(c->arena, out, some);
    out->given = true;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            if (m->value[i * n + j] == 0)
                continue;
            if (i == j)
                return calc_wrong(c, o, "matrix", N_("A place cannot be its own neighbour."));
            out->from[out->n] = place[i];
            out->to[out->n] = place[j];
            out->weight[out->n++] = m->value[i * n + j];
        }
    return OK;
}

int calc_neighbours(struct calc *c, const struct calc_values *o, size_t n, const char *const *name,
                    struct spatial_weights *out)
{
    struct places p = {map_new(c->arena), c, o};
    struct pairs pairs = {0};
    for (size_t i = 0; i < n; i++)
        map_set(p.by_name, name[i], (void *)(uintptr_t)(i + 1));
    bool matrix = calc_has(o, "matrix"), row = calc_choice(o, "style") == 0;
    if (matrix && (calc_has(o, "from") || calc_has(o, "to") || calc_has(o, "weights")))
        return calc_wrong(c, o, "matrix", N_("Give pairs or a matrix, not both."));
    TRY(matrix ? read_matrix(c, o, &p, n, &pairs) : read_pairs(c, o, &p, &pairs));
    enum stat_reason why =
        pairs.given ? spatial_weights_given(c->arena, n, pairs.n, pairs.from, pairs.to, pairs.weight, row, out)
                    : spatial_weights_new(c->arena, n, pairs.n, pairs.from, pairs.to, row, out);
    return why ? calc_wrong(c, o, matrix ? "matrix" : "from", N_("These are not neighbours of one another.")) : OK;
}
