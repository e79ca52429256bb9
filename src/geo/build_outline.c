/* build_outline.c - reads the boundary files, mends their known gaps, and makes the outlines; see build.h. */
#include "geo/build.h"

#include "base/fs.h"

#include <math.h>
#include <string.h>

/* Metres are of no use to borders: tolerances are micro-degrees of latitude (9 are a metre). */
static const struct {
    double tolerance;
    int32_t quantum;
} TOLERANCES[PACK_TOLERANCE_COUNT] = {
    [PACK_OVERVIEW] = {6000, 200}, /* about 670 m: below a pixel up to zoom 7 */
    [PACK_DETAIL] = {500, 20},     /* about 55 m: a pixel at zoom 11 */
};
enum { STITCH = 25, NOW = 1, BEFORE = 2, BELOW = 2 }; /* groups: edition, and two bits up for districts */

static const char KENTAU[] = "612000000";

const struct build_area *build_find_area(const build_areas *areas, const char *code)
{
    for (size_t i = 0; i < areas->n; i++)
        if (strcmp(areas->rows[i].code, code) == 0)
            return &areas->rows[i];
    return NULL;
}

const struct build_area *build_area_at(const build_areas *areas, struct geo_point p, bool is_region)
{
    for (size_t i = 0; i < areas->n; i++)
        if (areas->rows[i].is_region == is_region && shape_contains(areas->rows[i].shape, p))
            return &areas->rows[i];
    return NULL;
}

/* --- reading ------------------------------------------------------------------------------------- */

/* Codes that the boundary file of 2024 has wrong. */
static const char *right_code(struct build *b, const char *code)
{
    static const char *const WRONG[][2] = {{"101010000", "104100000"}, {"622010000", "622000000"}};
    for (size_t i = 0; i < 2; i++)
        if (strcmp(code, WRONG[i][0]) == 0) {
            if (build_wants(b, WRONG[i][1]))
                build_note(b, "The boundaries of 2024 give a district the code %s of its town: %s taken.", code,
                           WRONG[i][1]);
            return WRONG[i][1];
        }
    return code;
}

static int add_area(struct build *b, const char *file, const struct geo_feature *f, bool is_region, bool approximate,
                    build_areas *to)
{
    struct ctx *cx = b->cx;
    const char *code = geo_feature_text(f, "KATO"), *region = geo_feature_text(f, "ADM1_PCODE");
    if (!code || strlen(code) != 9 || strspn(code, "0123456789") != 9)
        return fail(cx, ERR_INVALID, "%s, line %zu: the property \"%s\" is missing or wrong.", file, f->line, "KATO");
    if (!region || strlen(region) != 4)
        return fail(cx, ERR_INVALID, "%s, line %zu: the property \"%s\" is missing or wrong.", file, f->line,
                    "ADM1_PCODE");
    if (!f->shape || f->shape->kind != SHAPE_AREA)
        return fail(cx, ERR_INVALID, "%s, line %zu: %s has no area.", file, f->line, code);
    if (!is_region && to == &b->now)
        code = right_code(b, code);
    if (!is_region && !build_wants(b, code))
        return OK;
    const char *en = geo_feature_text(f, is_region ? "ADM1_EN" : "ADM2_EN");
    const char *kk = geo_feature_text(f, is_region ? "ADM1_KK" : "ADM2_KK");
    const char *ru = geo_feature_text(f, is_region ? "ADM1_RU" : "ADM2_RU");
    struct build_area area = {.code = code, .region = arena_printf(cx->arena, "%s0000000", region + 2),
                              .en = en ? en : "", .kk = kk ? kk : "", .ru = ru ? ru : "", .shape = f->shape, .is_region = is_region,
                              .approximate = approximate};
    area.label = shape_label_point(cx->arena, f->shape);
    vec_push(cx->arena, to, area);
    return OK;
}

static int read_file(struct build *b, const char *name, bool is_region, bool approximate, build_areas *to)
{
    struct buf *text;
    struct geo_collection *c;
    TRY(fs_read(b->cx, fs_join(b->cx->arena, b->from, name), 0, &text));
    int rc = geojson_read(b->cx, text->data, text->len, &c);
    if (rc)
        return fail(b->cx, rc, "%s: %s", name, b->cx->err_text);
    for (size_t i = 0; i < c->n_features; i++)
        TRY(add_area(b, name, &c->features[i], is_region, approximate, to));
    return OK;
}

/* The undivided Kentau of the 2024 edition belongs to the time before Sauran was split off; today's two areas
 * come from the approximate file. */
static int divide_kentau(struct build *b)
{
    if (!build_wants(b, KENTAU))
        return OK;
    for (size_t i = 0; i < b->now.n; i++)
        if (strcmp(b->now.rows[i].code, KENTAU) == 0) {
            memmove(&b->now.rows[i], &b->now.rows[i + 1], (b->now.n - i - 1) * sizeof *b->now.rows);
            b->now.n--;
        }
    size_t first = b->now.n;
    TRY(read_file(b, "boundaries/turkistan_kentau_sauran_approx.geojson", false, true, &b->now));
    for (size_t i = first; i < b->now.n; i++)
        for (size_t k = 0; k < first + b->before.n; k++) {
            struct build_area *into = k < first ? &b->now.rows[k] : &b->before.rows[k - first];
            if (geo_box_overlaps(into->shape->box, b->now.rows[i].shape->box))
                into->shape = topology_stitch(b->cx->arena, into->shape, b->now.rows[i].shape, STITCH);
        }
    build_note(b, "Sauran (615500000) and Kentau (612000000) have approximate outlines: %s.",
               "no official line is published");
    return OK;
}

int build_read_areas(struct build *b)
{
    TRY(read_file(b, "boundaries/kz_adm1_2024.geojson", true, false, &b->now));
    TRY(read_file(b, "boundaries/kz_adm2_2024.geojson", false, false, &b->now));
    TRY(read_file(b, "boundaries/kz_adm1_2018.geojson", true, false, &b->before));
    TRY(read_file(b, "boundaries/kz_adm2_2018.geojson", false, false, &b->before));
    return divide_kentau(b);
}

/* --- making -------------------------------------------------------------------------------------- */

struct chosen {
    VEC(const struct shape *) shapes;
    VEC(unsigned) groups;
    VEC(struct pack_outline) heads; /* all but label, tolerance and rings */
};

/* Did the area change between the editions by more than a re-drawing of the line? Half a percent. */
static bool changed_area(const struct build_area *old, const struct build_area *now)
{
    double a = shape_area_m2(old->shape), b = shape_area_m2(now->shape);
    return fabs(a - b) > 0.005 * b;
}

/* When the outline of `code` became today's, if it had another one before. */
static const char *changed_on(const struct build *b, const char *code, unsigned *flags)
{
    *flags = 0;
    static const char *const OF_2022[] = {"630000000", "190000000", "350000000"};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(code, OF_2022[i]) == 0)
            return "2022-06-08";
    const struct build_change *c = build_change_of(b, code);
    if (c && c->kind == PACK_RECODE)
        return c->date;
    for (size_t i = 0; i < b->changes.n; i++) /* a part was split off */
        if (b->changes.rows[i].kind == PACK_SPLIT && strcmp(b->changes.rows[i].before, code) == 0 &&
            strcmp(b->changes.rows[i].date, "2018-12-31") > 0) {
            *flags = PACK_FROM_APPROX;
            return b->changes.rows[i].date;
        }
    *flags = PACK_FROM_APPROX;
    return "2024-01-01";
}

static void choose(struct build *b, struct chosen *to, const struct build_area *area, unsigned edition,
                   struct pack_outline head)
{
    head.code = area->code;
    head.source = area->approximate ? SOURCE_KENTAU_SAURAN : SOURCE_BOUNDARIES;
    head.flags |= area->approximate ? PACK_SHAPE_APPROX : 0;
    vec_push(b->cx->arena, &to->shapes, area->shape);
    vec_push(b->cx->arena, &to->groups, area->is_region ? edition : edition << BELOW);
    vec_push(b->cx->arena, &to->heads, head);
}

/* The start of the unit itself, from its territory records. */
static const struct pack_territory *first_record(const struct build *b, const char *code)
{
    for (size_t i = 0; i < b->territories.n; i++)
        if (strcmp(b->territories.rows[i].code, code) == 0)
            return &b->territories.rows[i];
    return NULL;
}

static void choose_all(struct build *b, struct chosen *to)
{
    for (size_t i = 0; i < b->before.n; i++) {
        const struct build_area *old = &b->before.rows[i], *now = build_find_area(&b->now, old->code);
        const struct build_change *c = build_change_of(b, old->code);
        bool reused = c && c->reused;
        if (now && !reused && !changed_area(old, now))
            continue;
        unsigned flags = 0;
        const char *to_date = now ? changed_on(b, old->code, &flags) : "2022-06-08";
        choose(b, to, old, BEFORE,
               (struct pack_outline){.valid_to = to_date, .flags = (flags ? PACK_TO_APPROX : 0) |
                                                                   (reused ? PACK_CODE_REUSED : 0)});
    }
    for (size_t i = 0; i < b->now.n; i++) {
        const struct build_area *now = &b->now.rows[i], *old = build_find_area(&b->before, now->code);
        const struct pack_territory *t = first_record(b, now->code);
        struct pack_outline head = {.valid_from = t ? t->valid_from : NULL,
                                    .flags = t ? t->flags & PACK_FROM_APPROX : 0};
        if (old && changed_area(old, now))
            head.valid_from = changed_on(b, now->code, &head.flags);
        choose(b, to, now, NOW, head);
    }
}

/* --- into the pack ------------------------------------------------------------------------------- */

static void keep_arcs(struct build *b, const struct topology *t, uint32_t *number, struct pack_arcs *to)
{
    struct arena *a = b->cx->arena;
    bool *used = arena_array(a, t->n_arcs, sizeof *used);
    for (size_t i = 0; i < t->n_areas; i++)
        for (uint32_t k = 0; k < t->areas[i].starts[t->areas[i].n_rings]; k++)
            used[t->areas[i].refs[k] >> 1] = true;
    size_t at = 0;
    to->starts = arena_array(a, t->n_arcs + 1, sizeof *to->starts);
    to->points = arena_array(a, t->starts[t->n_arcs], sizeof *to->points);
    for (size_t i = 0; i < t->n_arcs; i++) {
        size_t n = t->starts[i + 1] - t->starts[i];
        if (!used[i])
            continue;
        number[i] = (uint32_t)to->n;
        to->starts[to->n++] = (uint32_t)at;
        memcpy(to->points + at, t->points + t->starts[i], n * sizeof *to->points);
        at += n;
    }
    to->starts[to->n] = (uint32_t)at;
}

static void add_outline(struct build *b, struct pack_outline o, const struct topo_rings *r, const uint32_t *number)
{
    struct arena *a = b->cx->arena;
    uint32_t *arcs = arena_array(a, r->starts[r->n_rings], sizeof *arcs);
    for (uint32_t k = 0; k < r->starts[r->n_rings]; k++)
        arcs[k] = number[r->refs[k] >> 1] * 2 + (r->refs[k] & 1);
    o.n_rings = r->n_rings;
    o.ring_starts = r->starts;
    o.arcs = arcs;
    vec_push(a, &b->outlines, o);
}

static size_t index_of(const struct chosen *c, const char *code)
{
    size_t found = c->heads.n;
    for (size_t i = 0; i < c->heads.n; i++)
        if (strcmp(c->heads.rows[i].code, code) == 0 && !c->heads.rows[i].valid_to)
            found = i;
    return found;
}

int build_outlines(struct build *b)
{
    struct arena *a = b->cx->arena;
    struct chosen c = {0};
    choose_all(b, &c);
    size_t south[2] = {index_of(&c, "610000000"), index_of(&c, "790000000")};
    if (south[0] == c.heads.n || south[1] == c.heads.n)
        return fail(b->cx, ERR_INVALID, "The boundaries of 2024 lack a region: %s.", "610000000, 790000000");
    struct topology *full = topology_build(a, c.shapes.rows, c.groups.rows, c.shapes.n);
    topology_dissolve(a, full, south, 2, 0);
    vec_push(a, &c.heads, (struct pack_outline){.code = "510000000", .valid_to = "2018-06-19",
                                                .flags = PACK_SHAPE_APPROX, .source = SOURCE_BOUNDARIES});
    for (size_t i = 0; i < c.heads.n; i++)
        c.heads.rows[i].label = shape_label_point(a, topology_shape(a, full, &full->areas[i]));
    for (int k = 0; k < PACK_TOLERANCE_COUNT; k++) {
        struct topology *t = topology_simplify(a, full, TOLERANCES[k].tolerance, TOLERANCES[k].quantum);
        uint32_t *number = arena_array(a, t->n_arcs, sizeof *number);
        keep_arcs(b, t, number, &b->main->arcs[k]);
        b->main->arcs[k].quantum = (unsigned)TOLERANCES[k].quantum;
        for (size_t i = 0; i < c.heads.n; i++) {
            c.heads.rows[i].tolerance = (enum pack_tolerance)k;
            add_outline(b, c.heads.rows[i], &t->areas[i], number);
        }
        size_t crossings = topology_crossings(a, t);
        if (crossings)
            build_note(b, "%zu borders cross in the outlines (they do in the source).", crossings);
    }
    return OK;
}
