/* stats.c - see stats.h. */
#include "mediation/stats.h"
#include "mediation/memo.h"

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

int mediation_cells(struct ctx *cx, const char *from_quarter, const char *to_quarter,
                    struct dispute_cells_list *out)
{
    return dispute_cells(cx, cx->region_id, from_quarter, to_quarter, out);
}

int mediation_place_quarters(struct ctx *cx, int64_t territory_id, struct mediation_quarters *out)
{
    struct dispute_newest_quarter_row newest;
    struct dispute_place_quarters_list counts;
    struct quarter q;
    out->n = 0;
    TRY(dispute_newest_quarter(cx, cx->region_id, &newest));
    if (!quarter_parse(newest.quarter, &q))
        return OK;
    const char *first = quarter_text(cx->arena, quarter_add(q, 1 - MEDIATION_QUARTERS));
    TRY(dispute_place_quarters(cx, &(struct dispute_place_quarters_in){cx->region_id, territory_id, first, newest.quarter}, &counts));
    int64_t threshold = setting_int(cx, "protect.threshold");
    for (; out->n < MEDIATION_QUARTERS; q = quarter_previous(q)) {
        const char *name = quarter_text(cx->arena, q);
        int64_t n = 0;
        for (size_t i = 0; i < counts.n; i++)
            if (str_eq(counts.rows[i].quarter, name))
                n = counts.rows[i].n;
        struct protect_band band = protect_band(n, threshold);
        out->rows[out->n++] = (struct mediation_quarter){name, band.low, band.high};
    }
    return OK;
}

/* --- periods: protected in the order in which they end
 * ------------------------------------------------------------------ */

/* A split of a total into two parts (settled or not; performed or not), and what has been decided about
 * showing each. */
enum decision { UNDECIDED, SHOW, HIDE };
struct split {
    int64_t a, b;
    enum decision show_a, show_b, show_sum;
};

static bool small(int64_t v, int64_t threshold)
{
    return v > 0 && v < threshold;
}

/* The parts of one period alone: nothing that it belongs to is published yet. */
static void protect_alone(struct split *s, int64_t threshold)
{
    if (s->show_sum == UNDECIDED)
        s->show_sum = small(s->a + s->b, threshold) ? HIDE : SHOW;
    bool parts = s->show_sum == SHOW && !small(s->a, threshold) && !small(s->b, threshold);
    s->show_a = s->show_b = parts ? SHOW : HIDE;
}

/* Two periods and their sum as a table; decided cells stand. False: what stands leaves no safe way for the
 * rest. */
static bool try_pair(struct ctx *cx, struct split *first, struct split *second, struct split *sum,
                     int64_t threshold)
{
    struct split *const rows[3] = {first, second, sum};
    enum decision *cells[9];
    int64_t values[9];
    uint8_t fixed[9];
    for (int i = 0; i < 3; i++) {
        cells[3 * i] = &rows[i]->show_a;
        cells[3 * i + 1] = &rows[i]->show_b;
        cells[3 * i + 2] = &rows[i]->show_sum;
        values[3 * i] = rows[i]->a;
        values[3 * i + 1] = rows[i]->b;
        values[3 * i + 2] = rows[i]->a + rows[i]->b;
    }
    for (int i = 0; i < 9; i++)
        fixed[i] = *cells[i] == SHOW;
    struct protect_table t = {.rows = 2, .cols = 2, .values = values, .fixed = fixed};
    struct protect_rules rules = {.threshold = threshold};
    struct protect_result r = protect_table(cx->arena, &t, &rules);
    for (int i = 0; i < 9; i++) /* what was hidden may not be given away now */
        if (!r.safe || (*cells[i] == HIDE && r.cell[i] == PROTECT_SHOWN && values[i]))
            return false;
    for (int i = 0; i < 9; i++)
        if (*cells[i] == UNDECIDED)
            *cells[i] = r.cell[i] == PROTECT_SHOWN ? SHOW : HIDE;
    return true;
}

static void hide_rest(struct split *s)
{
    enum decision *const cells[] = {&s->show_a, &s->show_b, &s->show_sum};
    for (int i = 0; i < 3; i++)
        if (*cells[i] == UNDECIDED)
            *cells[i] = HIDE;
}

/* At the end of the second half of something: the first half has been published and stays; of the new numbers
 * those of the whole come before those of its second half. Where nothing fits, what is undecided is not
 * shown. */
static void protect_pair(struct ctx *cx, struct split *first, struct split *second, struct split *sum,
                         int64_t threshold)
{
    for (int wish = 0; wish < 3; wish++) {
        struct split s = *second, p = *sum;
        bool parts = wish == 0 && !small(p.a, threshold) && !small(p.b, threshold),
             whole = wish < 2 && !small(p.a + p.b, threshold);
        if (parts && p.show_a == UNDECIDED && p.show_b == UNDECIDED)
            p.show_a = p.show_b = SHOW;
        if (whole && p.show_sum == UNDECIDED)
            p.show_sum = SHOW;
        if (try_pair(cx, first, &s, &p, threshold)) {
            *second = s;
            *sum = p;
            return;
        }
    }
    if (first->show_sum == HIDE && second->show_sum == HIDE && sum->show_sum == SHOW &&
        sum->show_a == UNDECIDED)
        protect_alone(sum, threshold); /* both halves are silent: the whole stands alone */
    hide_rest(second);
    hide_rest(sum);
}

/* A year as a tree: 0 the year, 1-2 its halves, 3-6 its quarters. open[i]: the period is over, and the
 * records reach over all of it. In the order of time, and at the end of a year: the year, its second half,
 * the last quarter. */
enum { NODES = 7 };
struct year_tree {
    struct split settled[NODES], performed[NODES];
};

/* The last quarter of a half-year that is decided already. Where the half-year keeps its parts to itself, so
 * does the quarter. */
static bool last_quarter(struct ctx *cx, struct split *third, struct split *last, struct split *half,
                         int64_t threshold)
{
    if (half->show_a == SHOW && half->show_b == SHOW)
        return try_pair(cx, third, last, half, threshold);
    last->show_a = last->show_b = HIDE;
    if (last->show_sum != UNDECIDED)
        return true;
    last->show_sum = half->show_sum == SHOW && third->show_sum == SHOW ? SHOW : HIDE;
    return last->show_sum == HIDE || !small(last->a + last->b, threshold);
}

static void protect_year(struct ctx *cx, struct split *s, const bool *open, int64_t threshold)
{
    for (int q = 3; q < NODES; q++)
        if (open[q] &&
            (q % 2 == 1 || !open[(q - 1) / 2])) /* the first quarter of a half, or one without its half */
            protect_alone(&s[q], threshold);
    if (open[1])
        protect_pair(cx, &s[3], &s[4], &s[1], threshold);
    if (open[0]) {
        struct split before[NODES];
        memcpy(before, s, sizeof before);
        protect_pair(cx, &s[1], &s[2], &s[0], threshold);
        if (last_quarter(cx, &s[5], &s[6], &s[2], threshold))
            return;
        memcpy(s, before,
               sizeof before); /* the last quarter would be given away: then year and half-year are silent */
        hide_rest(&s[0]);
        hide_rest(&s[2]);
        hide_rest(&s[6]);
    } else if (open[2]) {
        protect_pair(cx, &s[5], &s[6], &s[2], threshold);
    }
}

static struct protected_count count_of(bool shown, int64_t v)
{
    return (struct protected_count){!shown, shown ? v : 0};
}

static void put_period(struct stats_period *out, const char *name, int level, const struct split *s,
                       const struct split *p)
{
    bool all = s->show_sum == SHOW, settled = all && s->show_a == SHOW,
         known = settled && p->show_sum == SHOW;
    *out = (struct stats_period){.period = name,
                                 .level = level,
                                 .cases = count_of(all, s->a + s->b),
                                 .settled = count_of(settled, s->a),
                                 .not_settled = count_of(all && s->show_b == SHOW, s->b),
                                 .performed = count_of(known && p->show_a == SHOW, p->a)};
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

/* What the records are about: from the first to the last quarter with a case, of those that are over. */
struct span {
    int first, last;
}; /* quarter_index() */

static void list_year(struct ctx *cx, const struct dispute_cells_list *cells, bool offence, int year,
                      struct span span, int64_t threshold, struct stats_period *out, size_t *n)
{
    static const int FROM[NODES] = {1, 1, 3, 1, 2, 3, 4}, TO[NODES] = {4, 2, 4, 1, 2, 3, 4},
                     ORDER[NODES] = {0, 2, 6, 5, 1, 4, 3};
    struct year_tree t = {0};
    bool open[NODES];
    for (int i = 0; i < NODES; i++)
        open[i] = quarter_index((struct quarter){year, FROM[i]}) >= span.first &&
                  quarter_index((struct quarter){year, TO[i]}) <= span.last;
    sum_tree(cells, offence, year, &t);
    protect_year(cx, t.settled, open, threshold);
    for (int i = 0; i < NODES;
         i++) /* performed and not performed add up to what is settled: that is decided */
        t.performed[i].show_sum = t.settled[i].show_sum == SHOW && t.settled[i].show_a == SHOW ? SHOW : HIDE;
    protect_year(cx, t.performed, open, threshold);
    for (int k = 0; k < NODES; k++) {
        int i = ORDER[k];
        const char *name =
            i == 0 ? arena_printf(cx->arena, "%04d", year)
                   : arena_printf(cx->arena, "%04d-%c%d", year, i < 3 ? 'H' : 'Q', i < 3 ? i : i - 2);
        if (open[i])
            put_period(&out[(*n)++], name, i == 0 ? 0 : i < 3 ? 1 : 2, &t.settled[i], &t.performed[i]);
    }
}

/* The quarters with records that are over; false: none. */
static int find_span(struct ctx *cx, const char *today, struct span *s, int *first_year, int *last_year)
{
    struct dispute_span_row row;
    struct quarter first, last;
    struct date day;
    *s = (struct span){0, -1};
    *first_year = 1;
    *last_year = 0;
    TRY(dispute_span(cx, cx->region_id, &row));
    if (!quarter_parse(row.first_quarter, &first) || !quarter_parse(row.last_quarter, &last) ||
        !date_parse(today, &day))
        return OK;
    if (date_cmp(quarter_end(last), day) >= 0)
        last = quarter_previous(quarter_of(day));
    *s = (struct span){quarter_index(first), quarter_index(last)};
    *first_year = first.y;
    *last_year = last.y;
    return OK;
}

int stats_by_period(struct ctx *cx, bool offence, const char *today, struct stats_periods *out)
{
    struct dispute_cells_list cells;
    struct span span;
    int first, last;
    *out = (struct stats_periods){0};
    TRY(find_span(cx, today, &span, &first, &last));
    if (span.last < span.first)
        return OK;
    TRY(mediation_cells(cx, arena_printf(cx->arena, "%04d-Q1", first),
                        arena_printf(cx->arena, "%04d-Q4", last), &cells));
    out->rows = arena_array(cx->arena, (size_t)(last - first + 1) * NODES, sizeof *out->rows);
    for (int y = last; y >= first; y--)
        list_year(cx, &cells, offence, y, span, setting_int(cx, "protect.threshold"), out->rows, &out->n);
    return OK;
}

/* Whole years only. */
int stats_years(struct ctx *cx, const char *today, int **years, size_t *n)
{
    struct span span;
    int first, last;
    *n = 0;
    TRY(find_span(cx, today, &span, &first, &last));
    *years = arena_array(cx->arena, (size_t)(last >= first ? last - first + 1 : 0) + 1, sizeof **years);
    for (int y = last; y >= first; y--)
        if (quarter_index((struct quarter){y, 1}) >= span.first &&
            quarter_index((struct quarter){y, 4}) <= span.last)
            (*years)[(*n)++] = y;
    return OK;
}

/* --- places
 * ---------------------------------------------------------------------------------------------------------------
 */

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
static int name_table(struct ctx *cx, const struct dispute_cells_list *cells, const char *day,
                      struct stats_table *t)
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
    TRY(mediation_cells(cx, arena_printf(cx->arena, "%04d-Q1", year),
                        arena_printf(cx->arena, "%04d-Q4", year), &cells));
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
    struct protect_result r = memo_protect_table(cx->arena, &in, &rules);
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
            out->rows[out->n++] = (struct stats_cell){t->year,
                                                      u < t->units ? t->unit_names[u] : T(cx, "Total"),
                                                      k < t->kinds ? t->kind_codes[k] : "",
                                                      k < t->kinds ? t->kind_names[k] : T(cx, "Total"),
                                                      u < t->units ? t->unit_ids[u] : 0,
                                                      t->cells[u * w + k]};
}

/* --- for the passport of a place
 * ------------------------------------------------------------------------------------------ */

static void unit_counts(struct ctx *cx, const struct stats_table *t, size_t u,
                        struct mediation_place_counts *out)
{
    size_t w = t->kinds + 1;
    out->rows[out->n++] =
        (struct mediation_place_count){t->year, "", T(cx, "all kinds"), t->cells[u * w + t->kinds]};
    for (size_t k = 0; k < t->kinds; k++)
        if (t->cells[u * w + k].hidden || t->cells[u * w + k].value)
            out->rows[out->n++] = (struct mediation_place_count){t->year, t->kind_codes[k], t->kind_names[k],
                                                                 t->cells[u * w + k]};
}

/* A settlement within its unit, whose sum must be shown: all places of the unit are protected together. */
static int settlement_count(struct ctx *cx, const struct stats_table *t, size_t u, int64_t place,
                            struct mediation_place_counts *out)
{
    struct protected_count unit = t->cells[u * (t->kinds + 1) + t->kinds], mine = {.hidden = true};
    struct dispute_cells_list cells;
    VEC(int64_t) ids = {0};
    TRY(mediation_cells(cx, arena_printf(cx->arena, "%s-Q1", t->year),
                        arena_printf(cx->arena, "%s-Q4", t->year), &cells));
    for (size_t i = 0; i < cells.n;
         i++) { /* places without cases stay out: what is hidden must not depend on who is asked for */
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
            if (cells.rows[i].offence && cells.rows[i].unit_id == t->unit_ids[u] &&
                ids.rows[k] == cells.rows[i].territory_id)
                values[k] += cells.rows[i].n;
    if (!unit.hidden &&
        protect_counts(cx->arena, values, ids.n, true, setting_int(cx, "protect.threshold"), shown)) {
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
