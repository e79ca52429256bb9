/* Tests of the pack format: what is written is read back, damage is noticed, the carried packs keep their promises. */
#include "geo/pack.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "tap.h"

static struct ctx cx;

static struct pack *sample(void)
{
    static struct pack_source source = {"s", "Title", "Attribution", "CC BY 4.0", NULL, "none"};
    static struct pack_territory territories[] = {
        {"000000000", NULL, PACK_REPUBLIC, PACK_KIND_REPUBLIC, 0, "\xD2\x9A", "R", "E", NULL, NULL, 0},
        {"610000000", "000000000", PACK_REGION, PACK_KIND_REGION, PACK_FROM_APPROX, "k", "r", "e", "2018-06-19", NULL, 0},
        {"690000000", "000000000", PACK_REGION, PACK_KIND_REGION, 0, "k", "r", "e", NULL, "2018-06-19", 0},
    };
    static struct pack_link link = {"690000000", "610000000", PACK_RECODE, "2018-06-19", PACK_CODE_APPROX, 0};
    /* Two triangles with a common side. */
    static struct geo_point points[] = {{0, 0}, {1000, 1000}, {1000, 1000}, {1000, 0}, {0, 0},
                                        {1000, 1000}, {0, 1000}, {0, 0}};
    static uint32_t starts[] = {0, 2, 5, 8}, rings[] = {0, 2}, rings_b[] = {0, 2}, a[] = {0, 2}, b[] = {4, 0};
    static struct pack_outline outlines[] = {
        {"610000000", "2018-06-19", NULL, PACK_SHAPE_APPROX, 0, PACK_DETAIL, {600, 300}, 1, rings, a},
        {"690000000", NULL, NULL, 0, 0, PACK_DETAIL, {300, 600}, 1, rings_b, b},
    };
    static struct pack_point point = {"610000000", {68000001, -43999999}, 2, 3, 4567, PACK_AMBIGUOUS, 0, "99"};
    static struct pack_composition figures[] = {
        {"610000000", "2021", "kazakh", true, 0.7583, -1, 2075132, PACK_DEMO, 0},
        {"610000000", "2021", "uzbek", false, 0, 5, -1, 0, 0},
    };
    static struct pack p = {.name = "sample", .region = "61", .as_of = "2026-07-17", .n_sources = 1, .n_territories = 3,
                            .n_links = 1, .n_outlines = 2, .n_points = 1, .n_compositions = 2, .n_features = 1,
                            .sources = &source, .territories = territories, .links = &link, .outlines = outlines,
                            .points = &point, .compositions = figures};
    static struct pack_feature feature = {PACK_RIVERS, "Syr Darya", 2, 3.5, 0, NULL};
    struct shape *line = shape_new(cx.arena, SHAPE_LINES, 3, 1);
    line->points[1] = (struct geo_point){100, 200};
    line->points[2] = (struct geo_point){-500, 700};
    shape_close(line);
    feature.shape = line;
    p.features = &feature;
    static uint32_t none[] = {0};
    p.arcs[PACK_OVERVIEW] = (struct pack_arcs){.quantum = 100, .starts = none};
    p.arcs[PACK_DETAIL] = (struct pack_arcs){.quantum = 10, .n = 3, .starts = starts, .points = points};
    return &p;
}

static struct buf *written(const struct pack *p)
{
    struct buf *b = buf_new(cx.arena, 0);
    if (pack_write(&cx, p, b))
        printf("# %s\n", cx.err_text);
    return b;
}

static void test_round_trip(void)
{
    struct buf *b = written(sample());
    struct pack *p;
    is_int(pack_open(&cx, b->data, b->len, &p), OK, "a written pack is read");
    is_str(p->name, "sample", "its name is kept");
    ok(p->n_territories == 3 && p->territories[1].flags == PACK_FROM_APPROX && !p->territories[1].valid_to,
       "territories are kept");
    is_str(p->territories[0].kk, "\xD2\x9A", "with their Kazakh letters");
    is_str(p->territories[2].valid_to, "2018-06-19", "and dates");
    ok(p->n_links == 1 && p->links[0].kind == PACK_RECODE, "links are kept");
    ok(p->points[0].at.x == 68000001 && p->points[0].at.y == -43999999 && p->points[0].spread_m == 4567 &&
           p->points[0].flags == PACK_AMBIGUOUS,
       "points are kept to the micro-degree");
    is_num(p->compositions[0].share, 0.7583, 1e-12, "shares are kept to a hundredth of a percent");
    ok(p->compositions[0].count == -1 && p->compositions[1].count == 5 && !p->compositions[1].has_share,
       "what is absent stays absent");
    ok(p->features[0].shape->n_points == 3 && p->features[0].shape->points[2].x == -500, "the base map is kept");
    struct shape *s = pack_outline_shape(cx.arena, p, &p->outlines[1]);
    ok(s->n_points == 3 && s->points[0].x == 1000 && s->points[1].y == 1000, "an outline is joined from its arcs");
    size_t n;
    const char **codes = pack_neighbours(cx.arena, p, &p->outlines[0], "2020-01-01", &n);
    ok(n == 1 && strcmp(codes[0], "690000000") == 0, "places with a common border are neighbours");
    struct buf *again = written(p);
    ok(again->len == b->len && memcmp(again->data, b->data, b->len) == 0, "written again it is the same bytes");
}

static void test_damage(void)
{
    struct buf *b = written(sample());
    struct pack *p;
    size_t accepted = 0;
    for (size_t n = 0; n < b->len; n++)
        accepted += pack_open(&cx, b->data, n, &p) == OK;
    is_int(accepted, 0, "a pack that is cut off anywhere is refused");
    size_t refused_bits = 0;
    for (size_t i = 0; i < b->len; i++) {
        b->data[i] ^= 0x10;
        if (pack_open(&cx, b->data, b->len, &p) == OK) { /* padding of a zlib stream has free bits */
            struct buf *again = written(p);
            b->data[i] ^= 0x10;
            accepted += again->len != b->len || memcmp(again->data, b->data, b->len) != 0;
        } else {
            b->data[i] ^= 0x10;
            refused_bits++;
        }
    }
    ok(accepted == 0 && refused_bits > b->len * 95 / 100, "a bit turned over is noticed, or changes nothing");
    buf_putc(b, 'x');
    is_int(pack_open(&cx, b->data, b->len, &p), ERR_INVALID, "a pack with something behind it is refused");
    is_int(pack_open(&cx, "PK\3\4 something else", 20, &p), ERR_INVALID, "another file is refused");
    is_str(cx.err_text, "This is not a region pack.", "... and says so");
}

static void refused(struct pack *p, const char *message, const char *name)
{
    struct buf *b = written(p);
    struct pack *out;
    is_int(pack_open(&cx, b->data, b->len, &out), ERR_INVALID, name);
    ok(strstr(cx.err_text, message) != NULL, "... and names section and fault");
    if (!strstr(cx.err_text, message))
        printf("#   %s\n", cx.err_text);
}

static void test_wrong(void)
{
    struct pack p = *sample();
    struct pack_territory t[3];
    memcpy(t, p.territories, sizeof t);
    p.territories = t;
    t[1].parent = "770000000";
    refused(&p, "TERR, byte", "a territory without its parent is refused");
    t[1].parent = "000000000";
    t[1].code = "61";
    refused(&p, "nine digits", "a code of two digits is refused");
    t[1].code = "610000000";
    t[1].valid_from = "2018-6-19";
    refused(&p, "year-month-day", "a date in another form is refused");
    t[1].valid_from = "2018-06-19";
    t[1].source = 1;
    refused(&p, "out of range", "a source that is not there is refused");
    t[1].source = 0;
    uint32_t open[] = {2, 4};
    struct pack_outline o = p.outlines[0];
    o.arcs = open;
    p.outlines = &o;
    p.n_outlines = 1;
    refused(&p, "not closed", "a ring that does not close is refused");
}

static void test_dates(void)
{
    ok(pack_valid_on("2018-06-19", NULL, NULL) && !pack_valid_on(NULL, "2018-06-19", NULL), "what has ended is not valid now");
    ok(pack_valid_on(NULL, "2018-06-19", "2018-06-18") && !pack_valid_on(NULL, "2018-06-19", "2018-06-19"),
       "the end is the first day on which a record does not hold");
    ok(pack_valid_on("2018-06-19", NULL, "2018-06-19") && !pack_valid_on("2018-06-19", NULL, "2018-06-18"),
       "the start is the first day on which it does");
}

static struct pack *carried(const char *file)
{
    struct buf *b;
    struct pack *p = NULL;
    if (fs_read(&cx, file, 0, &b) || pack_open(&cx, b->data, b->len, &p))
        printf("# %s\n", cx.err_text);
    ok(p != NULL, file);
    if (!p)
        exit(done());
    return p;
}

/* Is the place in the tree on the date, up to the republic? */
static bool in_tree(const struct pack *p, const char *code, const char *date)
{
    for (int depth = 0; depth < 6; depth++) {
        const struct pack_territory *t = NULL;
        for (size_t i = 0; i < p->n_territories; i++)
            if (strcmp(p->territories[i].code, code) == 0 &&
                pack_valid_on(p->territories[i].valid_from, p->territories[i].valid_to, date)) {
                if (t)
                    return false; /* two records on one day */
                t = &p->territories[i];
            }
        if (!t)
            return false;
        if (!t->parent)
            return t->level == PACK_REPUBLIC;
        code = t->parent;
    }
    return false;
}

static const char *parent_on(const struct pack *p, const char *code, const char *date)
{
    for (size_t i = 0; i < p->n_territories; i++)
        if (strcmp(p->territories[i].code, code) == 0 &&
            pack_valid_on(p->territories[i].valid_from, p->territories[i].valid_to, date))
            return p->territories[i].parent;
    return NULL;
}

static void test_tree(const struct pack *p)
{
    size_t districts = 0, okrugs = 0, villages = 0, all = 0, lost = 0;
    static const char *const DATES[] = {"2017-01-01", "2018-06-10", "2018-06-19", "2020-12-31", "2021-01-01", "2026-07-17"};
    for (size_t i = 0; i < p->n_territories; i++) {
        const struct pack_territory *t = &p->territories[i];
        if (t->valid_to || strncmp(t->code, "61", 2) != 0)
            continue;
        districts += t->level == PACK_DISTRICT;
        okrugs += t->level == PACK_OKRUG;
        villages += t->level == PACK_SETTLEMENT && pack_kind_inhabited(t->kind);
        for (size_t d = 0; t->level >= PACK_OKRUG && d < 6; d++) {
            all++;
            lost += !in_tree(p, t->code, DATES[d]);
        }
    }
    is_int(districts, 17, "the pack of Turkistan region has 17 units");
    is_int(okrugs, 180, "... 180 okrugs");
    is_int(villages, 804, "... and 804 villages, towns and stations");
    is_int(lost, 0, "every okrug and settlement stands in the tree on any date, once");
    ok(all > 6 * 1000, "(they were looked for)");
    is_str(parent_on(p, "615530000", "2020-06-01"), "612000000", "Shornaq belonged to Kentau in 2020");
    is_str(parent_on(p, "615530000", "2022-06-01"), "615500000", "... and belongs to Sauran since 2021");
    is_str(parent_on(p, "613900000", "2018-06-10"), "510000000", "Keles began in South Kazakhstan region");
    ok(!parent_on(p, "613900000", "2018-06-04") && parent_on(p, "610000000", "2018-06-19"), "and not before");
}

static void test_outlines(const struct pack *p)
{
    double sum = 0, region = 0;
    size_t bad_label = 0, now = 0;
    for (size_t i = 0; i < p->n_outlines; i++) {
        const struct pack_outline *o = &p->outlines[i];
        struct shape *s = pack_outline_shape(cx.arena, p, o);
        bad_label += !shape_contains(s, o->label);
        if (o->tolerance != PACK_DETAIL || o->valid_to)
            continue;
        now += strcmp(o->code + 2, "0000000") == 0;
        if (strcmp(o->code, "610000000") == 0)
            region = shape_area_m2(s) / 1e6;
        else if (strncmp(o->code, "61", 2) == 0)
            sum += shape_area_m2(s) / 1e6;
    }
    is_int(now, 20, "all 20 regions have an outline");
    is_int(bad_label, 0, "every label point lies in its area");
    is_num(region, 116280, 0.01, "the region has its published 116,280 km2, to a percent");
    is_num(sum, region, 0.005, "its units together fill the region, to half a percent");
    ok(pack_find_outline(p, "615500000", "2020-01-01", PACK_DETAIL) == NULL, "Sauran has no outline before 2021");
    const struct pack_outline *before = pack_find_outline(p, "612000000", "2020-01-01", PACK_DETAIL);
    const struct pack_outline *after = pack_find_outline(p, "612000000", NULL, PACK_DETAIL);
    double a = shape_area_m2(pack_outline_shape(cx.arena, p, before)) / 1e6;
    double b = shape_area_m2(pack_outline_shape(cx.arena, p, after)) / 1e6;
    ok(a > 7000 && b < 700 && (after->flags & PACK_SHAPE_APPROX), "Kentau lost Sauran in 2021, approximately");
    size_t n;
    const struct pack_outline *turkistan = pack_find_outline(p, "611000000", NULL, PACK_DETAIL);
    const char **codes = pack_neighbours(cx.arena, p, turkistan, NULL, &n);
    ok(n == 1 && strcmp(codes[0], "615500000") == 0, "Turkistan city lies within Sauran district");
    pack_neighbours(cx.arena, p, turkistan, "2020-01-01", &n);
    is_int(n, 1, "and lay within Kentau before");
}

static void test_licences(const struct pack *p, const struct pack *osm, const struct pack *shares)
{
    bool odbl = false, named = true;
    for (size_t i = 0; i < p->n_sources; i++) {
        odbl |= strstr(p->sources[i].licence, "ODbL") || strstr(p->sources[i].licence, "SA");
        named &= *p->sources[i].attribution && *p->sources[i].licence;
    }
    ok(!odbl && named, "the main pack holds nothing under a share-alike licence, and names all authors");
    ok(osm->n_sources == 1 && strstr(osm->sources[0].attribution, "OpenStreetMap contributors") &&
           strstr(osm->sources[0].licence, "ODbL") && osm->n_territories == 0,
       "points from OpenStreetMap lie in a pack of their own with its notice");
    bool demo = shares->n_compositions > 0;
    for (size_t i = 0; i < shares->n_compositions; i++)
        demo &= (shares->compositions[i].flags & PACK_DEMO) && strstr(shares->sources[shares->compositions[i].source].licence, "SA");
    ok(demo, "quoted shares are marked as for demonstration and lie apart");
}

int main(void)
{
    cx.arena = arena_new((size_t)512 << 20);
    test_round_trip();
    test_damage();
    test_wrong();
    test_dates();
    struct pack *p = carried("packs/turkistan.pack"), *osm = carried("packs/turkistan-osm.pack");
    test_tree(p);
    test_outlines(p);
    test_licences(p, osm, carried("packs/turkistan-shares.pack"));
    arena_free(cx.arena);
    return done();
}
