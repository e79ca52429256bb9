/* stats.c - see stats.h. */
#include "mediation/stats.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"
#include "mediation/dispute_sql.h"
#include "mediation/mediation.h"
#include "registry/registry.h"
#include "setting/setting.h"
#include "stat/protect.h"

#include <string.h>

int mediation_cells(struct ctx *cx, const char *from_quarter, const char *to_quarter, struct dispute_cells_list *out)
{
    return dispute_cells(cx, cx->region_id, from_quarter, to_quarter, out);
}

/* --- periods: protected from the year down ------------------------------------------------------------------------------ */

/* A split of a known total into two parts (settled or not; performed or not), and what of it is shown. */
struct split { int64_t a, b; bool show_a, show_b, show_sum; };

/* The parts of one period alone: nothing above it is published. */
static void protect_top(struct ctx *cx, struct split *s, int64_t threshold)
{
    const int64_t values[] = {s->a, s->b};
    struct protected_count shown[2];
    s->show_sum = s->a + s->b == 0 || s->a + s->b >= threshold;
    if (!protect_counts(cx->arena, values, 2, s->show_sum, threshold, shown))
        s->show_sum = false;
    s->show_a = s->show_sum && !shown[0].hidden;
    s->show_b = s->show_sum && !shown[1].hidden;
}

/* Two halves of a period whose own split is decided already: that row is fixed. Where anything of it is hidden, nothing
 * below is shown, so that nothing adds up to it. fixed_sums: the sums of the halves are decided too (show_sum). */
static void protect_halves(struct ctx *cx, const struct split *above, struct split *halves, bool fixed_sums, int64_t threshold)
{
    bool open = above->show_a && above->show_b && above->show_sum;
    for (int i = 0; i < 2; i++) {
        halves[i].show_a = halves[i].show_b = false;
        halves[i].show_sum = fixed_sums && halves[i].show_sum;
        open = open && (!fixed_sums || halves[i].show_sum);
    }
    if (!open)
        return;
    const int64_t values[9] = {halves[0].a, halves[0].b, halves[0].a + halves[0].b, halves[1].a, halves[1].b,
                               halves[1].a + halves[1].b, above->a, above->b, above->a + above->b};
    const uint8_t fixed[9] = {0, 0, fixed_sums, 0, 0, fixed_sums, 1, 1, 1};
    struct protect_table t = {.rows = 2, .cols = 2, .values = values, .fixed = fixed};
    struct protect_rules rules = {.threshold = threshold};
    struct protect_result r = protect_table(cx->arena, &t, &rules);
    if (!r.safe)
        return;
    for (int i = 0; i < 2; i++) {
        halves[i].show_a = r.cell[3 * i] == PROTECT_SHOWN;
        halves[i].show_b = r.cell[3 * i + 1] == PROTECT_SHOWN;
        halves[i].show_sum = r.cell[3 * i + 2] == PROTECT_SHOWN;
    }
}

/* A year as a tree: 0 the year, 1-2 its halves, 3-6 its quarters. */
enum { NODES = 7 };
struct year_tree { struct split settled[NODES], performed[NODES]; };

static void protect_tree_of(struct ctx *cx, struct split *s, bool year_over, const bool *half_over, const bool *quarter_over,
                            bool fixed_sums, int64_t threshold)
{
    if (year_over)
        protect_top(cx, &s[0], threshold);
    if (year_over)
        protect_halves(cx, &s[0], &s[1], fixed_sums, threshold);
    for (int h = 0; h < 2; h++) {
        struct split *half = &s[1 + h], *quarters = &s[3 + 2 * h];
        if (!year_over && half_over[h])
            protect_top(cx, half, threshold);
        if (half_over[h])
            protect_halves(cx, half, quarters, fixed_sums, threshold);
        else if (quarter_over[2 * h])
            protect_top(cx, &quarters[0], threshold);
    }
}

static struct protected_count count_of(bool shown, int64_t v) { return (struct protected_count){!shown, shown ? v : 0}; }

static void put_period(struct ctx *cx, struct stats_period *out, const char *name, int level, const struct split *s,
                       const struct split *p)
{
    bool settled = s->show_sum && s->show_a, known = settled && p->show_sum;
    *out = (struct stats_period){.period = arena_strdup(cx->arena, name), .level = level,
                                 .cases = count_of(s->show_sum, s->a + s->b), .settled = count_of(settled, s->a),
                                 .not_settled = count_of(s->show_sum && s->show_b, s->b),
                                 .performed = count_of(known && p->show_a, p->a)};
    if (settled && s->a + s->b > 0)
        out->share = opt_num((double)s->a / (double)(s->a + s->b));
}

static void sum_tree(const struct dispute_cells_list *cells, bool offence, int year, struct year_tree *t)
{
    for (size_t i = 0; i < cells->n; i++) {
        const struct dispute_cells_row *c = &cells->rows[i];
        struct quarter q;
        if (c->offence != offence || !quarter_parse(c->quarter, &q) || q.y != year)
            continue;
        const int nodes[] = {0, 1 + (q.q - 1) / 2, 3 + q.q - 1};
        for (int k = 0; k < 3; k++) {
            t->settled[nodes[k]].a += c->settled;
            t->settled[nodes[k]].b += c->n - c->settled;
            t->performed[nodes[k]].a += c->performed;
            t->performed[nodes[k]].b += c->settled - c->performed;
        }
    }
}

static void list_year(struct ctx *cx, const struct dispute_cells_list *cells, bool offence, int year, struct date today,
                      int64_t threshold, struct stats_period *out, size_t *n)
{
    struct year_tree t = {0};
    bool over[4], halves[2];
    sum_tree(cells, offence, year, &t);
    for (int q = 0; q < 4; q++)
        over[q] = date_cmp(quarter_end((struct quarter){year, q + 1}), today) < 0;
    halves[0] = over[1];
    halves[1] = over[3];
    protect_tree_of(cx, t.settled, over[3], halves, over, false, threshold);
    for (int i = 0; i < NODES; i++) /* the sum of performed and not performed is what is settled: decided above */
        t.performed[i].show_sum = t.settled[i].show_sum && t.settled[i].show_a;
    struct split before[NODES];
    memcpy(before, t.performed, sizeof before);
    protect_tree_of(cx, t.performed, over[3], halves, over, true, threshold);
    for (int i = 0; i < NODES; i++)
        if (!before[i].show_sum)
            t.performed[i] = before[i];
    if (over[3])
        put_period(cx, &out[(*n)++], arena_printf(cx->arena, "%04d", year), 0, &t.settled[0], &t.performed[0]);
    for (int h = 1; h >= 0; h--) {
        if (halves[h])
            put_period(cx, &out[(*n)++], arena_printf(cx->arena, "%04d-H%d", year, h + 1), 1, &t.settled[1 + h], &t.performed[1 + h]);
        for (int q = 2 * h + 1; q >= 2 * h; q--)
            if (over[q])
                put_period(cx, &out[(*n)++], arena_printf(cx->arena, "%04d-Q%d", year, q + 1), 2, &t.settled[3 + q], &t.performed[3 + q]);
    }
}

int stats_by_period(struct ctx *cx, bool offence, const char *today, struct stats_periods *out)
{
    struct dispute_span_row span;
    struct dispute_cells_list cells;
    struct quarter first, last;
    struct date day;
    *out = (struct stats_periods){0};
    TRY(dispute_span(cx, cx->region_id, &span));
    if (!quarter_parse(span.first_quarter, &first) || !quarter_parse(span.last_quarter, &last) || !date_parse(today, &day))
        return OK;
    TRY(mediation_cells(cx, span.first_quarter, span.last_quarter, &cells));
    out->rows = arena_array(cx->arena, (size_t)(last.y - first.y + 1) * NODES, sizeof *out->rows);
    for (int y = last.y; y >= first.y; y--)
        list_year(cx, &cells, offence, y, day, setting_int(cx, "protect.threshold"), out->rows, &out->n);
    return OK;
}

int stats_years(struct ctx *cx, const char *today, int **years, size_t *n)
{
    struct dispute_span_row span;
    struct quarter first, last;
    struct date day;
    *n = 0;
    *years = arena_array(cx->arena, 1, sizeof **years);
    TRY(dispute_span(cx, cx->region_id, &span));
    if (!quarter_parse(span.first_quarter, &first) || !quarter_parse(span.last_quarter, &last) || !date_parse(today, &day))
        return OK;
    if (last.y >= day.y)
        last.y = day.y - 1;
    if (last.y < first.y)
        return OK;
    *years = arena_array(cx->arena, (size_t)(last.y - first.y + 1), sizeof **years);
    for (int y = last.y; y >= first.y; y--)
        (*years)[(*n)++] = y;
    return OK;
}

/* --- places --------------------------------------------------------------------------------------------------------------- */

static size_t unit_index(const struct stats_table *t, int64_t id)
{
    for (size_t i = 0; i < t->units; i++)
        if (t->unit_ids[i] == id)
            return i;
    return SIZE_MAX;
}

static size_t kind_index(const struct stats_table *t, const char *code)
{
    for (size_t i = 0; i < t->kinds; i++)
        if (str_eq(t->kind_codes[i], code))
            return i;
    return SIZE_MAX;
}

/* Rows and columns: the units and kinds of that year, named as today. */
static int name_table(struct ctx *cx, const struct dispute_cells_list *cells, const char *day, struct stats_table *t)
{
    struct territory_list_list units;
    struct dispute_kind_list_list kinds;
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, day, &units));
    TRY(dispute_kind_list(cx, cx->region_id, day, &kinds));
    t->unit_ids = arena_array(cx->arena, units.n + cells->n + 1, sizeof *t->unit_ids);
    t->unit_names = arena_array(cx->arena, units.n + cells->n + 1, sizeof *t->unit_names);
    t->kind_codes = arena_array(cx->arena, kinds.n + cells->n + 1, sizeof *t->kind_codes);
    t->kind_names = arena_array(cx->arena, kinds.n + cells->n + 1, sizeof *t->kind_names);
    for (size_t i = 0; i < units.n; i++, t->units++) {
        t->unit_ids[i] = units.rows[i].id;
        t->unit_names[i] = registry_name(cx, units.rows[i]);
    }
    for (size_t i = 0; i < kinds.n; i++, t->kinds++) {
        t->kind_codes[i] = kinds.rows[i].code;
        t->kind_names[i] = registry_name(cx, kinds.rows[i]);
    }
    for (size_t i = 0; i < cells->n; i++) { /* what has ended since keeps its row */
        if (unit_index(t, cells->rows[i].unit_id) == SIZE_MAX) {
            struct place_path path;
            TRY(registry_path(cx, cells->rows[i].unit_id, day, &path));
            t->unit_ids[t->units] = cells->rows[i].unit_id;
            t->unit_names[t->units++] = path.n ? path.steps[0].name : "";
        }
        if (kind_index(t, cells->rows[i].kind_code) == SIZE_MAX) {
            t->kind_codes[t->kinds] = cells->rows[i].kind_code;
            t->kind_names[t->kinds++] = cells->rows[i].kind_code;
        }
    }
    return OK;
}

int stats_by_place(struct ctx *cx, bool offence, int year, const char *today, struct stats_table *t)
{
    struct dispute_cells_list cells;
    const char *end = arena_printf(cx->arena, "%04d-12-31", year);
    *t = (struct stats_table){.year = arena_printf(cx->arena, "%04d", year)};
    if (strcmp(end, today) >= 0)
        return fail(cx, ERR_NOT_FOUND, "The year %d is not over yet.", year);
    TRY(mediation_cells(cx, arena_printf(cx->arena, "%04d-Q1", year), arena_printf(cx->arena, "%04d-Q4", year), &cells));
    TRY(name_table(cx, &cells, end, t));
    size_t w = t->kinds + 1, all = (t->units + 1) * w;
    int64_t *v = arena_array(cx->arena, all, sizeof *v);
    uint8_t *fixed = arena_array(cx->arena, all, 1);
    for (size_t i = 0; i < cells.n; i++) {
        if (cells.rows[i].offence != offence)
            continue;
        size_t u = unit_index(t, cells.rows[i].unit_id), k = kind_index(t, cells.rows[i].kind_code);
        v[u * w + k] += cells.rows[i].n;
        v[u * w + t->kinds] += cells.rows[i].n;
        v[t->units * w + k] += cells.rows[i].n;
        v[all - 1] += cells.rows[i].n;
    }
    int64_t threshold = setting_int(cx, "protect.threshold");
    fixed[all - 1] = v[all - 1] >= threshold; /* the year's sum is in the table of periods */
    struct protect_table in = {.rows = t->units, .cols = t->kinds, .values = v, .fixed = fixed};
    struct protect_rules rules = {.threshold = threshold};
    struct protect_result r = protect_table(cx->arena, &in, &rules);
    t->cells = arena_array(cx->arena, all, sizeof *t->cells);
    for (size_t i = 0; i < all; i++)
        t->cells[i] = count_of(r.safe && r.cell[i] == PROTECT_SHOWN, v[i]);
    return OK;
}

void stats_list_cells(struct ctx *cx, const struct stats_table *t, struct stats_cells *out)
{
    size_t w = t->kinds + 1;
    out->rows = arena_array(cx->arena, (t->units + 1) * w, sizeof *out->rows);
    out->n = 0;
    for (size_t u = 0; u <= t->units; u++)
        for (size_t k = 0; k <= t->kinds; k++)
            out->rows[out->n++] = (struct stats_cell){t->year, u < t->units ? t->unit_names[u] : T(cx, "Total"),
                                                      k < t->kinds ? t->kind_codes[k] : "", k < t->kinds ? t->kind_names[k] : T(cx, "Total"),
                                                      u < t->units ? t->unit_ids[u] : 0, t->cells[u * w + k]};
}

/* --- for the passport of a place ------------------------------------------------------------------------------------------ */

static void unit_counts(struct ctx *cx, const struct stats_table *t, size_t u, struct mediation_place_counts *out)
{
    size_t w = t->kinds + 1;
    out->rows[out->n++] = (struct mediation_place_count){t->year, "", T(cx, "all kinds"), t->cells[u * w + t->kinds]};
    for (size_t k = 0; k < t->kinds; k++)
        if (t->cells[u * w + k].hidden || t->cells[u * w + k].value)
            out->rows[out->n++] = (struct mediation_place_count){t->year, t->kind_codes[k], t->kind_names[k], t->cells[u * w + k]};
}

/* A settlement within its unit, whose sum must be shown: all places of the unit are protected together. */
static int settlement_count(struct ctx *cx, const struct stats_table *t, size_t u, int64_t place, struct mediation_place_counts *out)
{
    struct protected_count unit = t->cells[u * (t->kinds + 1) + t->kinds], mine = {.hidden = true};
    struct dispute_cells_list cells;
    VEC(int64_t) ids = {0};
    TRY(mediation_cells(cx, arena_printf(cx->arena, "%s-Q1", t->year), arena_printf(cx->arena, "%s-Q4", t->year), &cells));
    for (size_t i = 0; i < cells.n; i++) { /* places without cases stay out: what is hidden must not depend on who is asked for */
        bool known = cells.rows[i].unit_id != t->unit_ids[u] || !cells.rows[i].offence;
        for (size_t k = 0; k < ids.n && !known; k++)
            known = ids.rows[k] == cells.rows[i].territory_id;
        if (!known)
            vec_push(cx->arena, &ids, cells.rows[i].territory_id);
    }
    /* The order must not depend on who is asked for: ties of protection go by position. */
    for (size_t i = 1; i < ids.n; i++)
        for (size_t k = i; k > 0 && ids.rows[k - 1] > ids.rows[k]; k--) {
            int64_t swap = ids.rows[k];
            ids.rows[k] = ids.rows[k - 1];
            ids.rows[k - 1] = swap;
        }
    int64_t *values = arena_array(cx->arena, ids.n, sizeof *values);
    struct protected_count *shown = arena_array(cx->arena, ids.n, sizeof *shown);
    for (size_t i = 0; i < cells.n; i++)
        for (size_t k = 0; k < ids.n; k++)
            if (cells.rows[i].offence && cells.rows[i].unit_id == t->unit_ids[u] && ids.rows[k] == cells.rows[i].territory_id)
                values[k] += cells.rows[i].n;
    if (!unit.hidden && protect_counts(cx->arena, values, ids.n, true, setting_int(cx, "protect.threshold"), shown)) {
        mine.hidden = false;
        for (size_t k = 0; k < ids.n; k++)
            if (ids.rows[k] == place)
                mine = shown[k];
    }
    out->rows[out->n++] = (struct mediation_place_count){t->year, "", T(cx, "all kinds"), mine};
    return OK;
}

int mediation_place_counts(struct ctx *cx, int64_t territory_id, struct mediation_place_counts *out)
{
    const char *today = date_text(cx->arena, date_today(NULL));
    struct place_path path;
    int *years;
    size_t n;
    *out = (struct mediation_place_counts){0};
    TRY(registry_path(cx, territory_id, today, &path));
    if (!path.n || (path.steps[0].level != LEVEL_UNIT && path.steps[0].level != LEVEL_SETTLEMENT))
        return OK;
    TRY(stats_years(cx, today, &years, &n));
    out->rows = arena_array(cx->arena, n * 64 + 1, sizeof *out->rows);
    for (size_t i = 0; i < n; i++) {
        struct stats_table t;
        int64_t unit = territory_id;
        TRY(stats_by_place(cx, true, years[i], today, &t));
        if (t.kinds + 1 > 64)
            return fail(cx, ERR_LIMIT, "There are more than %d kinds of dispute.", 63);
        if (path.steps[0].level == LEVEL_SETTLEMENT)
            TRY(registry_unit_of(cx, territory_id, arena_printf(cx->arena, "%s-12-31", t.year), &unit));
        size_t u = unit_index(&t, unit);
        if (u == SIZE_MAX)
            continue;
        if (path.steps[0].level == LEVEL_UNIT)
            unit_counts(cx, &t, u, out);
        else
            TRY(settlement_count(cx, &t, u, territory_id, out));
    }
    return OK;
}
