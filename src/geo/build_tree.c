/* build_tree.c - the dated tree of territories and the links between predecessors and successors; see build.h.
 *
 * The classifier lists today's units only. What is known of earlier ones comes from the two editions of the
 * boundaries (2018, 2024) and from the dated changes below. */
#include "geo/build.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

/* Changes whose date the editions do not show. A date given as the first of January with
 * PACK_FROM_APPROX stands for the year. */
static const char REGIONS_OF_2018[] = "2018-06-19", REGIONS_OF_2022[] = "2022-06-08";
static const char BETWEEN_EDITIONS[] = "2024-01-01", AFTER_EDITIONS[] = "2024-07-01";
static const char OLD_SOUTH[] = "510000000", OLD_SHYMKENT[] = "511000000"; /* South Kazakhstan region and its centre */

static const struct build_change KNOWN[] = {
    {"613900000", "615400000", "2018-06-05", PACK_SPLIT, PACK_FROM_APPROX, false}, /* Keles */
    {"613800000", "614400000", "2018-06-05", PACK_SPLIT, PACK_FROM_APPROX, false}, /* Zhetisay */
    {"615500000", "612000000", "2021-01-01", PACK_SPLIT, PACK_FROM_APPROX, false}, /* Sauran */
};

const struct build_change *build_change_of(const struct build *b, const char *code)
{
    for (size_t i = 0; i < b->changes.n; i++)
        if (strcmp(b->changes.rows[i].code, code) == 0)
            return &b->changes.rows[i];
    return NULL;
}

static const char *region_since(const char *code)
{
    if (!strncmp(code, "61", 2) || !strncmp(code, "79", 2))
        return REGIONS_OF_2018;
    if (!strncmp(code, "10", 2) || !strncmp(code, "33", 2) || !strncmp(code, "62", 2))
        return REGIONS_OF_2022;
    return NULL;
}

/* --- what changed between the editions ------------------------------------------------------------ */

/* The area of today that carries on one of 2018 whose code is gone: the same name in the same place,
 * else whatever lies there. */
static const struct build_area *successor_of(const struct build *b, const struct build_area *old)
{
    const struct build_area *here = build_area_at(&b->now, old->label, false);
    for (size_t i = 0; i < b->now.n; i++) {
        const struct build_area *n = &b->now.rows[i];
        if (!n->is_region && strcmp(n->kk, old->kk) == 0 && strcmp(n->code, old->code) != 0 &&
            geo_box_overlaps(n->shape->box, old->shape->box) && !build_find_area(&b->before, n->code))
            return n;
    }
    return here;
}

void build_find_changes(struct build *b)
{
    struct arena *a = b->cx->arena;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        vec_push(a, &b->changes, KNOWN[i]);
    for (size_t i = 0; i < b->before.n; i++) {
        const struct build_area *old = &b->before.rows[i], *same = build_find_area(&b->now, old->code);
        bool carries_on = same && (old->is_region || shape_contains(same->shape, old->label) ||
                                   strcmp(same->kk, old->kk) == 0);
        const struct build_area *next = old->is_region || carries_on ? NULL : successor_of(b, old);
        if (!next || build_change_of(b, next->code))
            continue;
        bool reused = build_find_area(&b->before, next->code) != NULL;
        vec_push(a, &b->changes,
                 (struct build_change){next->code, old->code, REGIONS_OF_2022, PACK_RECODE, 0, reused});
    }
    for (size_t i = 0; i < b->now.n; i++) {
        const struct build_area *n = &b->now.rows[i];
        if (n->is_region || build_find_area(&b->before, n->code) || build_change_of(b, n->code))
            continue;
        const struct build_area *old = build_area_at(&b->before, n->label, false);
        if (!old)
            continue;
        const char *from = old->code; /* under the code it has today */
        for (size_t k = 0; k < b->changes.n; k++)
            if (b->changes.rows[k].kind == PACK_RECODE && strcmp(b->changes.rows[k].before, from) == 0)
                from = b->changes.rows[k].code;
        vec_push(a, &b->changes,
                 (struct build_change){n->code, from, BETWEEN_EDITIONS, PACK_SPLIT, PACK_FROM_APPROX, false});
        build_note(b, "%s (%s) is in the boundaries of 2024 but not of 2018: taken as split from %s, date to be checked.",
                   n->code, n->en, from);
    }
}

/* --- records ------------------------------------------------------------------------------------- */

static void add(struct build *b, struct pack_territory t)
{
    vec_push(b->cx->arena, &b->territories, t);
}

static const char *later(const char *a, const char *b)
{
    return !a ? b : !b ? a : strcmp(a, b) > 0 ? a : b;
}

/* Adds the periods of an okrug (or of a settlement right under a district): under its district of today and under the districts
 * that this one came from. */
static void add_moved(struct build *b, struct pack_territory t, const char *district, const char *until)
{
    const struct build_change *c = build_change_of(b, district);
    if (c && until && strcmp(c->date, until) >= 0)
        c = NULL; /* the code means another place since: that one's beginning says nothing of this one */
    t.parent = district;
    t.valid_to = until;
    if (!c) {
        t.valid_from = NULL;
        add(b, t);
        return;
    }
    struct pack_territory earlier = t;
    t.valid_from = c->date;
    t.flags |= c->flags & PACK_FROM_APPROX;
    add(b, t);
    earlier.flags = (earlier.flags & (unsigned)~PACK_FROM_APPROX) | PACK_CODE_APPROX;
    if (c->flags & PACK_FROM_APPROX)
        earlier.flags |= PACK_TO_APPROX;
    else
        earlier.flags &= (unsigned)~PACK_TO_APPROX;
    if (c->reused) { /* the code before is another place's own history: it ends there */
        earlier.parent = c->before;
        earlier.valid_from = NULL;
        earlier.valid_to = c->date;
        add(b, earlier);
    } else {
        add_moved(b, earlier, c->before, c->date);
    }
}

static void english_from_areas(struct build *b, struct pack_territory *t)
{
    const struct build_area *area = build_find_area(&b->now, t->code);
    if (!area || !area->en || !*area->en)
        return;
    t->en = build_english(b->cx->arena, t->kind, area->en);
    t->flags &= (unsigned)~PACK_EN_DERIVED;
}

static void add_district(struct build *b, struct pack_territory t)
{
    const struct build_change *c = build_change_of(b, t.code);
    const char *since = region_since(t.code);
    english_from_areas(b, &t);
    t.valid_from = c ? later(c->date, since) : since;
    if (c && (c->flags & PACK_FROM_APPROX) && strcmp(c->date, t.valid_from) == 0)
        t.flags |= PACK_FROM_APPROX;
    if (c && c->reused)
        t.flags |= PACK_CODE_REUSED;
    if (!c && !build_find_area(&b->now, t.code)) {
        t.valid_from = AFTER_EDITIONS;
        t.flags |= PACK_FROM_APPROX;
    }
    add(b, t);
    /* Before 2018-06-19 the districts of today's region 61 belonged to South Kazakhstan, under codes with 51. */
    if (strncmp(t.code, "61", 2) == 0 && (!c || strcmp(c->date, REGIONS_OF_2018) < 0)) {
        t.parent = OLD_SOUTH;
        t.valid_from = c ? c->date : NULL;
        t.valid_to = REGIONS_OF_2018;
        t.flags |= PACK_CODE_APPROX | (c ? c->flags : 0);
        add(b, t);
    }
}

/* A district of 2018 whose code is gone or means another place now. */
static void add_former(struct build *b, const struct build_change *c, const struct pack_territory *successor)
{
    const struct build_area *old = build_find_area(&b->before, c->before);
    if (!old)
        return;
    struct pack_territory t = *successor;
    t.code = c->before;
    t.parent = old->region;
    const struct build_area *now = build_find_area(&b->now, successor->code);
    if (now && strcmp(now->kk, old->kk) != 0) { /* renamed too: Kapchagay, now Qonaev */
        bool city = t.kind == PACK_KIND_REGIONAL_CITY;
        t.kk = arena_printf(b->cx->arena, city ? "%s қаласы" : "%s ауданы", old->kk);
        t.ru = arena_printf(b->cx->arena, city ? "город %s" : "%s район", old->ru);
    }
    t.en = build_english(b->cx->arena, t.kind, old->en);
    t.flags = build_find_area(&b->now, c->before) ? PACK_CODE_REUSED : 0;
    t.valid_from = NULL;
    t.valid_to = c->date;
    t.source = SOURCE_BOUNDARIES;
    add(b, t);
}

static void add_links(struct build *b)
{
    struct arena *a = b->cx->arena;
    for (size_t i = 0; i < b->changes.n; i++) {
        const struct build_change *c = &b->changes.rows[i];
        if (build_wants(b, c->code))
            vec_push(a, &b->links, (struct pack_link){c->before, c->code, c->kind, c->date, c->flags, SOURCE_CHANGES});
    }
    vec_push(a, &b->links, (struct pack_link){OLD_SOUTH, "610000000", PACK_RECODE, REGIONS_OF_2018, 0, SOURCE_CHANGES});
    vec_push(a, &b->links, (struct pack_link){OLD_SOUTH, "790000000", PACK_SPLIT, REGIONS_OF_2018, 0, SOURCE_CHANGES});
    static const char *const NEW_REGIONS[][2] = {
        {"630000000", "100000000"}, {"190000000", "330000000"}, {"350000000", "620000000"}};
    for (size_t i = 0; i < 3; i++)
        vec_push(a, &b->links,
                 (struct pack_link){NEW_REGIONS[i][0], NEW_REGIONS[i][1], PACK_SPLIT, REGIONS_OF_2022, 0, SOURCE_CHANGES});
    /* The codes of 2018 with 51 in place of 61, by the rule of the classifier; Turkistan city and the districts of
     * June 2018 do not follow it. */
    for (size_t i = 0; i < b->before.n; i++) {
        const char *code = b->before.rows[i].code;
        if (strncmp(code, "61", 2) != 0 || b->before.rows[i].is_region || build_change_of(b, code) ||
            strcmp(code, "611000000") == 0)
            continue;
        vec_push(a, &b->links,
                 (struct pack_link){arena_printf(a, "51%s", code + 2), code, PACK_RECODE, REGIONS_OF_2018,
                                    PACK_CODE_APPROX, SOURCE_CHANGES});
    }
}

/* --- the classifier ------------------------------------------------------------------------------- */

/* The nearest unit above that the classifier has: codes are cut from the right. */
static const char *parent_code(struct arena *a, const struct map *codes, const char *code, enum pack_level level)
{
    static const int KEPT[] = {6, 5, 4, 2};
    for (size_t i = level == PACK_SETTLEMENT ? 0 : 2; i < 4; i++) {
        char *up = arena_strdup(a, code);
        memset(up + KEPT[i], '0', (size_t)(9 - KEPT[i]));
        if (strcmp(up, code) != 0 && map_has(codes, up))
            return up;
    }
    return "000000000";
}

static void add_row(struct build *b, struct map *codes, struct pack_territory t)
{
    struct arena *a = b->cx->arena;
    if (t.level == PACK_REGION) {
        t.parent = "000000000";
        t.valid_from = region_since(t.code);
        english_from_areas(b, &t);
        add(b, t);
        return;
    }
    t.parent = parent_code(a, codes, t.code, t.level);
    if (t.level == PACK_DISTRICT) {
        add_district(b, t);
        for (size_t i = 0; i < b->changes.n; i++)
            if (b->changes.rows[i].kind == PACK_RECODE && strcmp(b->changes.rows[i].code, t.code) == 0)
                add_former(b, &b->changes.rows[i], &t);
    } else if (strcmp(t.parent + 4, "00000") == 0) {
        add_moved(b, t, t.parent, NULL);
    } else {
        add(b, t);
    }
}

static int by_level_and_code(const void *x, const void *y)
{
    const struct pack_territory *s = x, *t = y;
    if (s->level != t->level)
        return s->level < t->level ? -1 : 1;
    int order = strcmp(s->code, t->code);
    return order ? order : strcmp(s->valid_from ? s->valid_from : "", t->valid_from ? t->valid_from : "");
}

int build_tree(struct build *b)
{
    static const char FILE_NAME[] = "kato/kato_2026-07-17.csv";
    struct ctx *cx = b->cx;
    struct csv_table csv;
    size_t kato, level, type, ru, kk;
    TRY(build_read_csv(cx, b->from, FILE_NAME, &csv));
    TRY(build_column(cx, &csv, FILE_NAME, "kato", &kato));
    TRY(build_column(cx, &csv, FILE_NAME, "level", &level));
    TRY(build_column(cx, &csv, FILE_NAME, "type_code", &type));
    TRY(build_column(cx, &csv, FILE_NAME, "name_ru", &ru));
    TRY(build_column(cx, &csv, FILE_NAME, "name_kk", &kk));
    struct map *codes = map_new(cx->arena);
    for (size_t i = 0; i < csv.n_rows; i++) {
        const char *code = build_cell(&csv, i, kato);
        if (strlen(code) != 9 || strspn(code, "0123456789") != 9)
            return fail(cx, ERR_INVALID, "%s, line %zu: \"%s\" is not a code of nine digits.", FILE_NAME,
                        csv.lines[i], code);
        if (map_has(codes, code))
            return fail(cx, ERR_INVALID, "%s, line %zu: the code %s stands there twice.", FILE_NAME, csv.lines[i], code);
        map_set(codes, code, codes);
    }
    add(b, (struct pack_territory){.code = "000000000", .level = PACK_REPUBLIC, .kind = PACK_KIND_REPUBLIC,
                                   .kk = "Қазақстан Республикасы", .ru = "Республика Казахстан",
                                   .en = "Republic of Kazakhstan", .source = SOURCE_BOUNDARIES});
    add(b, (struct pack_territory){.code = OLD_SOUTH, .parent = "000000000", .level = PACK_REGION,
                                   .kind = PACK_KIND_REGION, .kk = "Оңтүстік Қазақстан облысы",
                                   .ru = "Южно-Казахстанская область", .en = "South Kazakhstan Region",
                                   .valid_to = REGIONS_OF_2018, .source = SOURCE_CHANGES});
    if (build_wants(b, "610000000")) /* a city of South Kazakhstan before it became one of the republic's own */
        add(b, (struct pack_territory){.code = OLD_SHYMKENT, .parent = OLD_SOUTH, .level = PACK_DISTRICT,
                                       .kind = PACK_KIND_REGIONAL_CITY, .kk = "Шымкент қаласы", .ru = "город Шымкент",
                                       .en = "Shymkent City", .flags = PACK_CODE_APPROX,
                                       .valid_to = REGIONS_OF_2018, .source = SOURCE_CHANGES});
    for (size_t i = 0; i < csv.n_rows; i++) {
        struct pack_territory t = {.code = build_cell(&csv, i, kato), .source = SOURCE_KATO};
        if (!build_wants(b, t.code))
            continue;
        build_name_row(cx->arena, build_cell(&csv, i, level), build_cell(&csv, i, type), build_cell(&csv, i, ru),
                       build_cell(&csv, i, kk), &t);
        b->result->n_level[t.level] += t.kind != PACK_KIND_CITY_DISTRICT;
        b->result->n_inhabited += t.level == PACK_SETTLEMENT && pack_kind_inhabited(t.kind);
        add_row(b, codes, t);
    }
    qsort(b->territories.rows, b->territories.n, sizeof *b->territories.rows, by_level_and_code);
    add_links(b);
    return OK;
}
