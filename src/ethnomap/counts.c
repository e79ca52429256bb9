/* counts.c - see counts.h. */
#include "ethnomap/counts.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "ethnomap/map_sql.h"
#include "setting/setting.h"
#include "stat/protect.h"

#include <stdlib.h>
#include <string.h>

enum { YEAR = 4 };
static const int64_t FAR = INT64_MAX / 4; /* no bound */

struct place {
    int64_t id, unit_id;
};

struct counts {
    struct arena *arena;
    int64_t threshold;
    bool demo;
    size_t n_quarters, n_units, n_places;
    const char **quarters;
    int64_t *units;       /* ascending */
    struct place *places; /* by id; places that are not units */
    int64_t *unit_value, *place_value, *region_value;        /* [thing * n_quarters + quarter] */
    bool *unit_hidden, *place_hidden, *region_hidden;
    bool *year_hidden, *region_year_hidden;                  /* [unit * n_quarters + last quarter] */
};

static size_t find_unit(const struct counts *c, int64_t id)
{
    for (size_t i = 0; i < c->n_units; i++)
        if (c->units[i] == id)
            return i;
    return SIZE_MAX;
}

static size_t find_place(const struct counts *c, int64_t id)
{
    size_t low = 0, high = c->n_places;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->places[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n_places && c->places[low].id == id ? low : SIZE_MAX;
}

/* --- reading the cells ---------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int by_place(const void *a, const void *b)
{
    return by_id(&((const struct place *)a)->id, &((const struct place *)b)->id);
}

/* Every quarter from the first to the last, those without a dispute too: a gap would say something. */
static void list_quarters(struct counts *c, const struct counts_cell *cells, size_t n)
{
    struct quarter first = {0, 0}, last = {0, 0}, q;
    for (size_t i = 0; i < n; i++) {
        if (!quarter_parse(cells[i].quarter, &q))
            continue;
        if (!first.y || quarter_index(q) < quarter_index(first))
            first = q;
        if (!last.y || quarter_index(q) > quarter_index(last))
            last = q;
    }
    if (!first.y)
        return;
    c->n_quarters = (size_t)(quarter_index(last) - quarter_index(first)) + 1;
    c->quarters = arena_array(c->arena, c->n_quarters, sizeof *c->quarters);
    for (size_t i = 0; i < c->n_quarters; i++)
        c->quarters[i] = quarter_text(c->arena, quarter_add(first, (int)i));
}

static void list_places(struct counts *c, const struct counts_cell *cells, size_t n)
{
    c->units = arena_array(c->arena, n + 1, sizeof *c->units);
    c->places = arena_array(c->arena, n + 1, sizeof *c->places);
    for (size_t i = 0; i < n; i++) {
        if (find_unit(c, cells[i].unit_id) == SIZE_MAX)
            c->units[c->n_units++] = cells[i].unit_id;
        if (cells[i].place_id != cells[i].unit_id)
            c->places[c->n_places++] = (struct place){cells[i].place_id, cells[i].unit_id};
    }
    qsort(c->units, c->n_units, sizeof *c->units, by_id);
    qsort(c->places, c->n_places, sizeof *c->places, by_place);
    size_t kept = 0;
    for (size_t i = 0; i < c->n_places; i++)
        if (kept == 0 || c->places[kept - 1].id != c->places[i].id)
            c->places[kept++] = c->places[i];
    c->n_places = kept;
}

static void fill_values(struct counts *c, const struct counts_cell *cells, size_t n)
{
    struct quarter first, q;
    if (!c->n_quarters || !quarter_parse(c->quarters[0], &first))
        return;
    for (size_t i = 0; i < n; i++) {
        if (!quarter_parse(cells[i].quarter, &q))
            continue;
        size_t t = (size_t)(quarter_index(q) - quarter_index(first));
        c->unit_value[find_unit(c, cells[i].unit_id) * c->n_quarters + t] += cells[i].disputes;
        c->region_value[t] += cells[i].disputes;
        if (cells[i].place_id != cells[i].unit_id)
            c->place_value[find_place(c, cells[i].place_id) * c->n_quarters + t] += cells[i].disputes;
    }
}

/* --- one quarter: the tree ------------------------------------------------------------------------ */

/* Nodes: the region, the units, the places, and for each unit the disputes that are filed for no place of it. */
static void protect_quarter(struct counts *c, size_t t)
{
    size_t n = 1 + 2 * c->n_units + c->n_places, units = 1, rests = 1 + c->n_units, places = rests + c->n_units;
    int64_t *value = arena_array(c->arena, n, sizeof *value);
    int32_t *parent = arena_array(c->arena, n, sizeof *parent);
    uint8_t *cell = arena_array(c->arena, n, sizeof *cell);
    parent[0] = -1;
    value[0] = c->region_value[t];
    for (size_t u = 0; u < c->n_units; u++) {
        value[units + u] = value[rests + u] = c->unit_value[u * c->n_quarters + t];
        parent[units + u] = 0;
        parent[rests + u] = (int32_t)(units + u);
    }
    for (size_t p = 0; p < c->n_places; p++) {
        size_t u = find_unit(c, c->places[p].unit_id);
        value[places + p] = c->place_value[p * c->n_quarters + t];
        value[rests + u] -= value[places + p];
        parent[places + p] = (int32_t)(units + u);
    }
    struct protect_rules rules = {.threshold = c->threshold};
    protect_tree(c->arena, value, parent, n, &rules, cell);
    c->region_hidden[t] = cell[0] != PROTECT_SHOWN;
    for (size_t u = 0; u < c->n_units; u++)
        c->unit_hidden[u * c->n_quarters + t] = cell[units + u] != PROTECT_SHOWN;
    for (size_t p = 0; p < c->n_places; p++)
        c->place_hidden[p * c->n_quarters + t] = cell[places + p] != PROTECT_SHOWN;
}

/* --- sums of four quarters ------------------------------------------------------------------------ */

/* What an attacker knows of one unit: bounds of differences of running sums, P(j) - P(i) <= far[i * m + j]. Counts of
 * runs of quarters are such differences, so shortest paths give the exact bounds (Bellman 1958; the matrix of
 * consecutive ones is totally unimodular, so they are reached by whole numbers). */
struct knowledge {
    size_t m; /* quarters + 1 */
    int64_t *far;
};

static void learn(struct knowledge *k, size_t i, size_t j, int64_t most)
{
    if (most >= k->far[i * k->m + j])
        return;
    for (size_t a = 0; a < k->m; a++)
        for (size_t b = 0; b < k->m; b++) {
            if (k->far[a * k->m + i] >= FAR || k->far[j * k->m + b] >= FAR)
                continue;
            int64_t way = k->far[a * k->m + i] + most + k->far[j * k->m + b];
            if (way < k->far[a * k->m + b])
                k->far[a * k->m + b] = way;
        }
}

static void learn_sum(struct knowledge *k, size_t from, size_t to, int64_t sum)
{
    learn(k, from, to, sum);
    learn(k, to, from, -sum);
}

/* From the quarters alone. A hidden count is at least 1 where it is: we grant the attacker to know that. */
static struct knowledge know_quarters(const struct counts *c, size_t unit)
{
    struct knowledge k = {.m = c->n_quarters + 1};
    k.far = arena_array(c->arena, k.m * k.m, sizeof *k.far);
    for (size_t i = 0; i < k.m; i++)
        for (size_t j = 0; j < k.m; j++)
            k.far[i * k.m + j] = i == j ? 0 : FAR;
    for (size_t t = 0; t < c->n_quarters; t++) {
        int64_t v = c->unit_value[unit * c->n_quarters + t];
        if (c->unit_hidden[unit * c->n_quarters + t])
            learn(&k, t + 1, t, v > 0 ? -1 : 0);
        else
            learn_sum(&k, t, t + 1, v);
    }
    return k;
}

static int64_t narrowest(const struct counts *c, size_t unit, const struct knowledge *k)
{
    int64_t least = INT64_MAX;
    for (size_t t = 0; t < c->n_quarters; t++) {
        if (!c->unit_hidden[unit * c->n_quarters + t] || k->far[t * k->m + t + 1] >= FAR)
            continue;
        int64_t width = k->far[t * k->m + t + 1] + k->far[(t + 1) * k->m + t];
        least = width < least ? width : least;
    }
    return least;
}

static int64_t year_of(const int64_t *value, size_t t)
{
    return value[t] + value[t - 1] + value[t - 2] + value[t - 3];
}

/* Hides further sums of a year until the hidden ones cannot be worked out from the region's. */
static void complement_year(struct counts *c, size_t t)
{
    int64_t sum = 0;
    size_t hidden = 0;
    for (size_t u = 0; u < c->n_units; u++)
        if (c->year_hidden[u * c->n_quarters + t]) {
            hidden++;
            sum += year_of(c->unit_value + u * c->n_quarters, t);
        }
    while (hidden > 0 && (hidden < 2 || sum - (int64_t)hidden < c->threshold - 1)) {
        size_t best = SIZE_MAX;
        for (size_t u = 0; u < c->n_units; u++)
            if (!c->year_hidden[u * c->n_quarters + t] && year_of(c->unit_value + u * c->n_quarters, t) > 0 &&
                (best == SIZE_MAX || year_of(c->unit_value + u * c->n_quarters, t) < year_of(c->unit_value + best * c->n_quarters, t)))
                best = u;
        if (best == SIZE_MAX) { /* nothing is left to hide behind: the region's own sum goes */
            c->region_year_hidden[t] = true;
            return;
        }
        c->year_hidden[best * c->n_quarters + t] = true;
        sum += year_of(c->unit_value + best * c->n_quarters, t);
        hidden++;
    }
}

/* Sums in the order of time: what was shown once stays shown when later quarters come. */
static void protect_years(struct counts *c)
{
    struct knowledge *k = arena_array(c->arena, c->n_units, sizeof *k);
    for (size_t u = 0; u < c->n_units; u++)
        k[u] = know_quarters(c, u);
    for (size_t t = 0; t < c->n_quarters; t++) {
        bool too_early = t + 1 < YEAR;
        c->region_year_hidden[t] = too_early;
        for (size_t i = 0; i < YEAR && !too_early; i++)
            c->region_year_hidden[t] |= c->region_hidden[t - i];
        for (size_t u = 0; u < c->n_units; u++) {
            int64_t year = too_early ? 0 : year_of(c->unit_value + u * c->n_quarters, t);
            bool *hidden = &c->year_hidden[u * c->n_quarters + t];
            *hidden = too_early || (year > 0 && year < c->threshold);
            if (*hidden)
                continue;
            struct knowledge after = {.m = k[u].m, .far = arena_array(c->arena, k[u].m * k[u].m, sizeof(int64_t))};
            memcpy(after.far, k[u].far, k[u].m * k[u].m * sizeof(int64_t));
            learn_sum(&after, t + 1 - YEAR, t + 1, year);
            *hidden = narrowest(c, u, &after) < c->threshold - 1;
        }
        if (too_early)
            continue;
        complement_year(c, t);
        for (size_t u = 0; u < c->n_units; u++)
            if (!c->year_hidden[u * c->n_quarters + t])
                learn_sum(&k[u], t + 1 - YEAR, t + 1, year_of(c->unit_value + u * c->n_quarters, t));
    }
}

int64_t counts_narrowest(const struct counts *c)
{
    int64_t least = INT64_MAX;
    for (size_t u = 0; u < c->n_units; u++) {
        struct knowledge k = know_quarters(c, u);
        for (size_t t = YEAR - 1; t < c->n_quarters; t++)
            if (!c->year_hidden[u * c->n_quarters + t])
                learn_sum(&k, t + 1 - YEAR, t + 1, year_of(c->unit_value + u * c->n_quarters, t));
        int64_t width = narrowest(c, u, &k);
        least = width < least ? width : least;
    }
    return least;
}

/* --- the whole ------------------------------------------------------------------------------------ */

struct counts *counts_make(struct arena *a, const struct counts_cell *cells, size_t n, int64_t threshold)
{
    struct counts *c = arena_alloc(a, sizeof *c);
    *c = (struct counts){.arena = a, .threshold = threshold > 0 ? threshold : PROTECT_THRESHOLD};
    list_quarters(c, cells, n);
    list_places(c, cells, n);
    c->unit_value = arena_array(a, c->n_units * c->n_quarters + 1, sizeof(int64_t));
    c->place_value = arena_array(a, c->n_places * c->n_quarters + 1, sizeof(int64_t));
    c->region_value = arena_array(a, c->n_quarters + 1, sizeof(int64_t));
    c->unit_hidden = arena_array(a, c->n_units * c->n_quarters + 1, sizeof(bool));
    c->place_hidden = arena_array(a, c->n_places * c->n_quarters + 1, sizeof(bool));
    c->region_hidden = arena_array(a, c->n_quarters + 1, sizeof(bool));
    c->year_hidden = arena_array(a, c->n_units * c->n_quarters + 1, sizeof(bool));
    c->region_year_hidden = arena_array(a, c->n_quarters + 1, sizeof(bool));
    fill_values(c, cells, n);
    for (size_t t = 0; t < c->n_quarters; t++)
        protect_quarter(c, t);
    protect_years(c);
    return c;
}

int counts_load(struct ctx *cx, const char *on_date, struct counts **out)
{
    struct date d;
    if (!date_parse(on_date, &d))
        d = date_today(NULL);
    struct map_dispute_counts_list list;
    const char *over = quarter_text(cx->arena, quarter_previous(quarter_of(d)));
    TRY(map_dispute_counts(cx, cx->region_id, over, &list));
    struct counts_cell *cells = arena_array(cx->arena, list.n + 1, sizeof *cells);
    bool demo = false;
    for (size_t i = 0; i < list.n; i++) {
        cells[i] = (struct counts_cell){list.rows[i].quarter, list.rows[i].unit_id, list.rows[i].territory_id, list.rows[i].disputes};
        demo |= list.rows[i].demo != 0;
    }
    *out = counts_make(cx->arena, cells, list.n, setting_int(cx, "protect.threshold"));
    (*out)->demo = demo;
    return OK;
}

size_t counts_quarters(const struct counts *c)
{
    return c->n_quarters;
}

const char *counts_quarter(const struct counts *c, size_t i)
{
    return c->quarters[i];
}

bool counts_demo(const struct counts *c)
{
    return c->demo;
}

size_t counts_units(const struct counts *c, const int64_t **ids)
{
    *ids = c->units;
    return c->n_units;
}

static struct protected_count shown(bool hidden, int64_t value)
{
    return (struct protected_count){hidden, hidden ? 0 : value};
}

struct protected_count counts_of(const struct counts *c, int64_t place_id, size_t i)
{
    if (!place_id)
        return shown(c->region_hidden[i], c->region_value[i]);
    size_t at = find_unit(c, place_id);
    if (at != SIZE_MAX)
        return shown(c->unit_hidden[at * c->n_quarters + i], c->unit_value[at * c->n_quarters + i]);
    at = find_place(c, place_id);
    return at == SIZE_MAX ? shown(false, 0) : shown(c->place_hidden[at * c->n_quarters + i], c->place_value[at * c->n_quarters + i]);
}

struct protected_count counts_of_year(const struct counts *c, int64_t unit_id, size_t i)
{
    if (!unit_id)
        return shown(c->region_year_hidden[i], c->region_year_hidden[i] ? 0 : year_of(c->region_value, i));
    size_t at = find_unit(c, unit_id);
    if (at == SIZE_MAX)
        return shown(false, 0);
    bool hidden = c->year_hidden[at * c->n_quarters + i];
    return shown(hidden, hidden ? 0 : year_of(c->unit_value + at * c->n_quarters, i));
}
