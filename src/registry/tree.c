/* tree.c - the dated tree: republic, regions, units, okrugs, settlements as they were on any day. */
#include "registry/tree.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "registry/export.h"
#include "registry/territories_html.h"
#include "registry/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OLD_SOUTH = 51, TURKISTAN = 61 }; /* codes that begin with 51 were replaced in 2018; see pack_load.c */

int64_t tree_region_of_code(const char *kato)
{
    int64_t prefix = strlen(kato) >= 2 ? (kato[0] - '0') * 10 + (kato[1] - '0') : 0;
    return prefix == OLD_SOUTH ? TURKISTAN : prefix;
}

static const char *code_of_id(struct ctx *cx, int64_t territory_id)
{
    return arena_printf(cx->arena, "%09lld", (long long)(territory_id / 16));
}

static struct tree_place from_row(const struct tree_list_row *r)
{
    return (struct tree_place){.id = r->id, .level = r->level, .kind = r->kind, .kato = r->kato, .name_kk = r->name_kk,
                               .name_ru = r->name_ru, .name_en = r->name_en, .valid_from = r->valid_from,
                               .valid_to = r->valid_to, .approximate = r->approximate, .parent_id = r->parent_id,
                               .parent_kato = "", .lon = r->lon, .lat = r->lat, .point_status = r->point_status};
}

/* Places by identifier, for walking up. */
struct by_id {
    const struct tree_rows *tree;
    size_t *order; /* indexes sorted by id */
};

static _Thread_local const struct tree_rows *sorted_rows; /* qsort has no argument of ours */
static int by_place_id(const void *a, const void *b)
{
    int64_t x = sorted_rows->rows[*(const size_t *)a].id, y = sorted_rows->rows[*(const size_t *)b].id;
    return (x > y) - (x < y);
}

static struct by_id index_places(struct ctx *cx, const struct tree_rows *tree)
{
    struct by_id x = {tree, arena_array(cx->arena, tree->n + 1, sizeof(size_t))};
    for (size_t i = 0; i < tree->n; i++)
        x.order[i] = i;
    sorted_rows = tree;
    qsort(x.order, tree->n, sizeof *x.order, by_place_id);
    return x;
}

static struct tree_place *find_place(const struct by_id *x, int64_t id)
{
    size_t low = 0, high = x->tree->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        struct tree_place *p = &x->tree->rows[x->order[mid]];
        if (p->id == id)
            return p;
        if (p->id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static int put_old_codes(struct ctx *cx, int64_t region_id, const char *on_date, const struct by_id *x)
{
    struct tree_recodes_list recodes;
    TRY(tree_recodes(cx, region_id, on_date, &recodes));
    for (size_t i = 0; i < recodes.n; i++) {
        struct tree_place *p = find_place(x, recodes.rows[i].to_id);
        if (p) {
            p->kato = code_of_id(cx, recodes.rows[i].from_id);
            p->code_approximate = true;
        }
    }
    return OK;
}

static void count_up(const struct by_id *x, const struct tree_place *p)
{
    if (str_eq(p->kind, "minor"))
        return;
    struct tree_place *above = p->parent_id.has ? find_place(x, p->parent_id.value) : NULL;
    for (int steps = 0; above && steps < LEVEL_SETTLEMENT; steps++) {
        above->units += p->level == LEVEL_UNIT;
        above->okrugs += p->level == LEVEL_OKRUG;
        above->settlements += p->level == LEVEL_SETTLEMENT;
        above = above->parent_id.has ? find_place(x, above->parent_id.value) : NULL;
    }
}

/* Regions hold their places in rows of their own; what they hold is counted by the database. A region that did not
 * exist on the day has no place below it then. */
static int count_regions(struct ctx *cx, const char *on_date, struct tree_rows *tree)
{
    struct tree_counts_list counts;
    TRY(tree_counts(cx, on_date, &counts));
    for (size_t i = 0; i < tree->n; i++) {
        struct tree_place *p = &tree->rows[i];
        for (size_t c = 0; c < counts.n; c++) {
            if (p->level == LEVEL_REGION && counts.rows[c].region_id != tree_region_of_code(p->kato))
                continue;
            p->units += counts.rows[c].level == LEVEL_UNIT ? counts.rows[c].places : 0;
            p->okrugs += counts.rows[c].level == LEVEL_OKRUG ? counts.rows[c].places : 0;
            p->settlements += counts.rows[c].level == LEVEL_SETTLEMENT ? counts.rows[c].places : 0;
        }
    }
    return OK;
}

int tree_read(struct ctx *cx, int64_t region_id, const char *on_date, struct tree_rows *out)
{
    struct tree_list_list list;
    TRY(tree_list(cx, region_id, on_date, &list));
    out->rows = arena_array(cx->arena, list.n + 1, sizeof *out->rows);
    out->n = list.n;
    for (size_t i = 0; i < list.n; i++)
        out->rows[i] = from_row(&list.rows[i]);
    struct by_id x = index_places(cx, out);
    TRY(put_old_codes(cx, region_id, on_date, &x));
    for (size_t i = 0; i < out->n; i++) {
        struct tree_place *p = &out->rows[i], *above = p->parent_id.has ? find_place(&x, p->parent_id.value) : NULL;
        p->parent_kato = above ? above->kato : p->parent_id.has ? code_of_id(cx, p->parent_id.value) : "";
        if (region_id != 0)
            count_up(&x, p);
    }
    return region_id == 0 ? count_regions(cx, on_date, out) : OK;
}

/* --- one place and what belongs to it ---------------------------------------------------------------------------- */

static void choose_children(struct ctx *cx, struct tree_page *m, const struct tree_rows *tree)
{
    m->children.rows = arena_array(cx->arena, tree->n + 1, sizeof *m->children.rows);
    for (size_t i = 0; i < tree->n; i++)
        if (tree->rows[i].parent_id.has && tree->rows[i].parent_id.value == m->place.id)
            m->children.rows[m->children.n++] = tree->rows[i];
}

static void count_children(struct tree_page *m)
{
    for (size_t i = 0; i < m->children.n; i++) {
        const struct tree_place *c = &m->children.rows[i];
        bool minor = str_eq(c->kind, "minor");
        m->place.units += c->units + (c->level == LEVEL_UNIT && !minor);
        m->place.okrugs += c->okrugs + (c->level == LEVEL_OKRUG && !minor);
        m->place.settlements += c->settlements + (c->level == LEVEL_SETTLEMENT && !minor);
    }
}

/* The days on which something changed, for stepping through time. */
static void collect_dates(struct ctx *cx, struct tree_page *m)
{
    const char **dates = arena_array(cx->arena, m->changes.n + 1, sizeof *dates);
    for (size_t i = 0; i < m->changes.n; i++)
        if (!m->n_dates || !str_eq(dates[m->n_dates - 1], m->changes.rows[i].on_date))
            dates[m->n_dates++] = m->changes.rows[i].on_date;
    m->dates = dates;
}

/* The rows that hold a place itself; its children lie in those of the region that its code names. */
static int64_t own_region(const struct tree_place *p)
{
    return p->level <= LEVEL_REGION ? 0 : tree_region_of_code(p->kato);
}

static int read_place(struct ctx *cx, int64_t id, const char *on_date, struct tree_page *m, struct tree_rows *tree)
{
    const char *code = code_of_id(cx, id);
    bool region = strcmp(code + 2, "0000000") == 0;
    TRY(tree_read(cx, region ? 0 : tree_region_of_code(code), on_date, tree));
    for (size_t i = 0; i < tree->n; i++) {
        if (tree->rows[i].id == id) {
            m->place = tree->rows[i];
            return OK;
        }
    }
    return fail(cx, ERR_NOT_FOUND, "This place did not exist on %s.", fmt_date(cx, on_date));
}

static int read_path(struct ctx *cx, struct tree_page *m)
{
    int64_t own = cx->region_id;
    cx->region_id = own_region(&m->place);
    int rc = registry_path(cx, m->place.id, m->on_date, &m->path);
    cx->region_id = own;
    return rc;
}

static int tree_show(struct request *rq, int64_t id)
{
    struct ctx *cx = rq->cx;
    struct tree_page *m = arena_alloc(cx->arena, sizeof *m);
    struct tree_rows tree;
    m->on_date = registry_asked_date(rq);
    TRY(read_place(cx, id, m->on_date, m, &tree));
    int64_t below = m->place.level == LEVEL_REGION ? tree_region_of_code(m->place.kato) : own_region(&m->place);
    if (m->place.level == LEVEL_REGION) {
        TRY(tree_read(cx, below, m->on_date, &tree));
        m->place.units = m->place.okrugs = m->place.settlements = 0;
    }
    choose_children(cx, m, &tree);
    if (m->place.level == LEVEL_REGION)
        count_children(m);
    TRY(read_path(cx, m));
    /* A region's page tells what happened in the whole region, the republic's what happened to the regions. */
    TRY(tree_changes(cx, below, m->place.level <= LEVEL_REGION ? 0 : id, &m->changes));
    collect_dates(cx, m);
    for (size_t i = 0; i < m->changes.n; i++)
        m->before_recode |= str_eq(m->changes.rows[i].kind, "recode") && strcmp(m->changes.rows[i].on_date, m->on_date) > 0;
    const char *format = export_asked(rq);
    if (format)
        return export_respond(rq, format, "territories", registry_name(cx, m->place), &TREE_PLACE_DESC, m->children.rows,
                              m->children.n);
    return respond_view(rq, &tree_view, m);
}

int tree_get(struct request *rq)
{
    int64_t id;
    TRY(registry_region_territory(rq->cx, registry_asked_date(rq), &id));
    return tree_show(rq, id);
}

int tree_place_get(struct request *rq)
{
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    return tree_show(rq, id);
}

static const struct field_desc PLACE_FIELDS[] = {
    FIELD(tree_place, id, ID), FIELD(tree_place, kato, TEXT), FIELD(tree_place, code_approximate, BOOL),
    FIELD(tree_place, level, INT), FIELD(tree_place, kind, TEXT), FIELD(tree_place, name_kk, TEXT),
    FIELD(tree_place, name_ru, TEXT), FIELD(tree_place, name_en, TEXT), FIELD(tree_place, parent_kato, TEXT),
    FIELD(tree_place, valid_from, TEXT), FIELD(tree_place, valid_to, TEXT), FIELD(tree_place, approximate, BOOL),
    FIELD(tree_place, units, INT), FIELD(tree_place, okrugs, INT), FIELD(tree_place, settlements, INT),
    FIELD(tree_place, lon, OPT_NUM), FIELD(tree_place, lat, OPT_NUM), FIELD(tree_place, point_status, TEXT)};
ROW_DESC(TREE_PLACE_DESC, "territory", tree_place, PLACE_FIELDS);

const struct view tree_view = {
    .name = "territories", .title = N_("Territories"), .nav = "/territories", .html = registry_territories_html,
    .parts = (const struct view_part[]){
        {"territory", VIEW_ROW, offsetof(struct tree_page, place), &TREE_PLACE_DESC},
        {"children", VIEW_LIST, offsetof(struct tree_page, children), &TREE_PLACE_DESC},
        {"changes", VIEW_LIST, offsetof(struct tree_page, changes), &tree_changes_row_desc},
        {0}}};

/* --- the command line ---------------------------------------------------------------------------------------------- */

int tree_export_command(struct ctx *cx, int argc, char **argv)
{
    struct tree_rows tree;
    struct date d;
    char **rest;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, &rest));
    if (!rest[0] || (rest[1] && rest[2])) {
        fail(cx, ERR_INVALID, "Name the file to write, and the day if it is not today.");
        return CLI_USAGE;
    }
    const char *day = rest[1] ? rest[1] : registry_today(cx);
    if (!date_parse(day, &d)) {
        fail(cx, ERR_INVALID, "\"%s\" is not a date; write it as 2019-01-01.", day);
        return CLI_USAGE;
    }
    TRY(cli_check_file(cx, rest[0], "csv|xlsx"));
    TRY(cli_database(cx));
    TRY(tree_read(cx, cx->region_id, day, &tree));
    TRY(export_file(cx, rest[0], "territories", T(cx, "Territories"), &TREE_PLACE_DESC, tree.rows, tree.n));
    printf("%s\n", TF(cx, "%s: %zu places as of %s.", rest[0], tree.n, fmt_date(cx, day)));
    return OK;
}
