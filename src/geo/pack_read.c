/* pack_read.c - pack_open(): from untrusted bytes to records. Every count is compared with what the section can hold before
 * memory is taken, every reference with what it refers to; the format is in pack.h. */
#include "geo/pack.h"
#include "geo/pack_format.h"

#include "base/arena.h"
#include "base/deflate.h"
#include "i18n/i18n.h"

#include <stdlib.h>
#include <string.h>

/* One section while it is read. The first thing that does not fit sets `wrong` and where; after that all reads
 * give 0, so that loops end soon and the checks stand at one place. */
struct cursor {
    struct ctx *cx;
    struct pack *pack;
    const char **strings;
    size_t n_strings;
    const unsigned char *start, *p, *end;
    const char *wrong;
    size_t wrong_at;
};

static void set_wrong(struct cursor *c, const char *what)
{
    if (c->wrong)
        return;
    c->wrong = what;
    c->wrong_at = (size_t)(c->p - c->start);
    c->p = c->end;
}

static uint64_t get_varint(struct cursor *c)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (c->p == c->end) {
            set_wrong(c, N_("it ends too early"));
            return 0;
        }
        unsigned char byte = *c->p++;
        if (shift == 63 && byte > 1)
            break;
        v |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return v;
    }
    set_wrong(c, N_("a number is too long"));
    return 0;
}

static int64_t get_zigzag(struct cursor *c)
{
    uint64_t v = get_varint(c);
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* A number below `limit`. */
static unsigned get_below(struct cursor *c, uint64_t limit)
{
    uint64_t v = get_varint(c);
    if (v >= limit) {
        set_wrong(c, N_("a number is out of range"));
        return 0;
    }
    return (unsigned)v;
}

/* How many records follow; each takes at least min_bytes. */
static size_t get_count(struct cursor *c, size_t most, size_t min_bytes)
{
    uint64_t v = get_varint(c);
    if (v > most || v > (size_t)(c->end - c->p) / min_bytes) {
        set_wrong(c, N_("a count is too large"));
        return 0;
    }
    return (size_t)v;
}

static const char *get_text(struct cursor *c)
{
    size_t i = get_below(c, c->n_strings ? c->n_strings : 1);
    return c->n_strings ? c->strings[i] : "";
}

static const char *get_optional(struct cursor *c)
{
    const char *s = get_text(c);
    return *s ? s : NULL;
}

static const char *get_code(struct cursor *c, bool optional)
{
    const char *s = get_text(c);
    if (optional && !*s)
        return NULL;
    if (strlen(s) != 9 || strspn(s, "0123456789") != 9)
        set_wrong(c, N_("a code does not have nine digits"));
    return s;
}

/* "2018-06-19" or absent. */
static const char *get_date(struct cursor *c)
{
    const char *s = get_optional(c);
    if (!s)
        return NULL;
    bool good = strlen(s) == 10;
    for (int i = 0; good && i < 10; i++)
        good = i == 4 || i == 7 ? s[i] == '-' : s[i] >= '0' && s[i] <= '9';
    if (!good)
        set_wrong(c, N_("a date is not year-month-day"));
    return s;
}

static struct geo_point get_place(struct cursor *c, int64_t *x, int64_t *y, int64_t quantum)
{
    enum { MOST = 400000000 };
    int64_t dx = get_zigzag(c), dy = get_zigzag(c);
    if (dx > MOST || dx < -MOST || dy > MOST || dy < -MOST) {
        set_wrong(c, N_("a point is not on the earth"));
        return (struct geo_point){0, 0};
    }
    *x += dx;
    *y += dy;
    if (*x * quantum > 180000000 || *x * quantum < -180000000 || *y * quantum > 90000000 ||
        *y * quantum < -90000000) {
        set_wrong(c, N_("a point is not on the earth"));
        *x = *y = 0;
    }
    return (struct geo_point){(int32_t)(*x * quantum), (int32_t)(*y * quantum)};
}

static unsigned get_source(struct cursor *c)
{
    return get_below(c, c->pack->n_sources);
}

/* --- sections ------------------------------------------------------------------------------------ */

static void read_strings(struct cursor *c)
{
    struct arena *a = c->cx->arena;
    if (c->end - c->p > PACK_MAX_STRING_BYTES) {
        set_wrong(c, N_("it is too large"));
        return;
    }
    size_t n = get_count(c, PACK_MAX_STRINGS, 1);
    c->strings = arena_array(a, n, sizeof *c->strings);
    for (size_t i = 0; i < n && !c->wrong; i++) {
        size_t len = get_count(c, PACK_MAX_STRING_BYTES, 1);
        if (memchr(c->p, '\0', len))
            set_wrong(c, N_("a text contains a zero byte"));
        c->strings[i] = arena_strndup(a, (const char *)c->p, c->wrong ? 0 : len);
        c->p += c->wrong ? 0 : len;
    }
    c->n_strings = n;
    if (n == 0 || !c->strings[0] || *c->strings[0])
        set_wrong(c, N_("the first text is not empty"));
}

static void read_sources(struct cursor *c)
{
    struct pack *p = c->pack;
    p->name = get_text(c);
    p->region = get_text(c);
    p->as_of = get_text(c);
    p->n_sources = get_count(c, PACK_MAX_SOURCES, 6);
    p->sources = arena_array(c->cx->arena, p->n_sources, sizeof *p->sources);
    for (size_t i = 0; i < p->n_sources; i++) {
        struct pack_source *s = &p->sources[i];
        s->key = get_text(c);
        s->title = get_text(c);
        s->attribution = get_text(c);
        s->licence = get_text(c);
        s->licence_url = get_optional(c);
        s->changes = get_text(c);
    }
}

/* Is the code in a set of n_slots (open addressing over code numbers)? Adds it if asked. */
static bool code_set(uint32_t *slots, size_t n_slots, const char *code, bool add)
{
    uint32_t v = (uint32_t)strtoul(code, NULL, 10) + 1;
    size_t at = v * 2654435761u % n_slots;
    while (slots[at] && slots[at] != v)
        at = (at + 1) % n_slots;
    bool found = slots[at] == v;
    if (add)
        slots[at] = v;
    return found;
}

static void read_territories(struct cursor *c)
{
    struct pack *p = c->pack;
    p->n_territories = get_count(c, PACK_MAX_TERRITORIES, 11);
    p->territories = arena_array(c->cx->arena, p->n_territories, sizeof *p->territories);
    size_t n_slots = p->n_territories * 2 + 1;
    uint32_t *seen = arena_array(c->cx->arena, n_slots, sizeof *seen);
    for (size_t i = 0; i < p->n_territories && !c->wrong; i++) {
        struct pack_territory *t = &p->territories[i];
        t->code = get_code(c, false);
        t->parent = get_code(c, true);
        t->level = get_below(c, PACK_LEVEL_COUNT);
        t->kind = get_below(c, PACK_KIND_COUNT);
        t->flags = get_below(c, 1 << 16);
        t->kk = get_text(c);
        t->ru = get_text(c);
        t->en = get_text(c);
        t->valid_from = get_date(c);
        t->valid_to = get_date(c);
        t->source = get_source(c);
        if (c->wrong)
            return;
        if (t->parent && !code_set(seen, n_slots, t->parent, false))
            set_wrong(c, N_("a territory stands before its parent"));
        code_set(seen, n_slots, t->code, true);
    }
}

static void read_links(struct cursor *c)
{
    struct pack *p = c->pack;
    p->n_links = get_count(c, PACK_MAX_LINKS, 6);
    p->links = arena_array(c->cx->arena, p->n_links, sizeof *p->links);
    for (size_t i = 0; i < p->n_links && !c->wrong; i++) {
        struct pack_link *l = &p->links[i];
        l->from = get_code(c, false);
        l->to = get_code(c, false);
        l->kind = get_below(c, PACK_LINK_KIND_COUNT);
        l->date = get_date(c);
        l->flags = get_below(c, 1 << 16);
        l->source = get_source(c);
    }
}

static void read_arc_set(struct cursor *c, struct pack_arcs *a)
{
    struct arena *arena = c->cx->arena;
    a->quantum = get_below(c, 1000001);
    if (a->quantum == 0)
        set_wrong(c, N_("a quantum of zero"));
    a->n = get_count(c, PACK_MAX_ARCS, 5);
    a->starts = arena_array(arena, a->n + 1, sizeof *a->starts);
    /* The bytes left bound the points of both sets; the limit bounds them for good. */
    size_t most = (size_t)(c->end - c->p) / 2, at = 0;
    most = most < PACK_MAX_ARC_POINTS / 2 ? most : PACK_MAX_ARC_POINTS / 2;
    a->points = arena_array(arena, most, sizeof *a->points);
    int64_t x = 0, y = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t n = get_count(c, most - at, 2);
        if (n < 2)
            set_wrong(c, N_("an arc of fewer than two points"));
        if (c->wrong)
            return;
        a->starts[i] = (uint32_t)at;
        for (size_t k = 0; k < n; k++)
            a->points[at++] = get_place(c, &x, &y, a->quantum);
    }
    a->starts[a->n] = (uint32_t)at;
}

static void read_arcs(struct cursor *c)
{
    if (get_varint(c) != PACK_TOLERANCE_COUNT)
        set_wrong(c, N_("another number of tolerances"));
    for (int k = 0; k < PACK_TOLERANCE_COUNT && !c->wrong; k++)
        read_arc_set(c, &c->pack->arcs[k]);
}

static struct geo_point arc_end(const struct pack_arcs *a, uint32_t ref, bool last)
{
    uint32_t arc = ref >> 1;
    bool back = ref & 1;
    return a->points[last != back ? a->starts[arc + 1] - 1 : a->starts[arc]];
}

/* Reads one ring; its arcs have to follow on each other and to close. */
static void read_ring(struct cursor *c, const struct pack_arcs *a, uint32_t *refs, size_t *n_refs, size_t *n_points)
{
    size_t n = get_count(c, PACK_MAX_OUTLINE_ARCS - *n_refs, 1), first = *n_refs, points = 0;
    if (n == 0)
        set_wrong(c, N_("a ring without arcs"));
    for (size_t k = 0; k < n && !c->wrong; k++) {
        uint32_t ref = get_below(c, 2 * (uint64_t)a->n);
        if (c->wrong)
            return;
        refs[(*n_refs)++] = ref;
        points += a->starts[(ref >> 1) + 1] - a->starts[ref >> 1] - 1;
    }
    for (size_t k = 0; k < n && !c->wrong; k++) {
        struct geo_point end = arc_end(a, refs[first + k], true);
        struct geo_point next = arc_end(a, refs[first + (k + 1) % n], false);
        if (end.x != next.x || end.y != next.y)
            set_wrong(c, N_("a ring is not closed"));
    }
    if (points < 3)
        set_wrong(c, N_("a ring of fewer than three points"));
    *n_points += points;
}

static void read_outlines(struct cursor *c)
{
    struct pack *p = c->pack;
    struct arena *arena = c->cx->arena;
    p->n_outlines = get_count(c, PACK_MAX_OUTLINES, 11);
    p->outlines = arena_array(arena, p->n_outlines, sizeof *p->outlines);
    size_t left = (size_t)(c->end - c->p), most = left < PACK_MAX_OUTLINE_ARCS ? left : PACK_MAX_OUTLINE_ARCS;
    uint32_t *refs = arena_array(arena, most, sizeof *refs);
    uint32_t *starts = arena_array(arena, most + p->n_outlines, sizeof *starts);
    size_t n_refs = 0, n_starts = 0;
    for (size_t i = 0; i < p->n_outlines && !c->wrong; i++) {
        struct pack_outline *o = &p->outlines[i];
        o->code = get_code(c, false);
        o->valid_from = get_date(c);
        o->valid_to = get_date(c);
        o->flags = get_below(c, 1 << 16);
        o->source = get_source(c);
        o->tolerance = get_below(c, PACK_TOLERANCE_COUNT);
        int64_t x = 0, y = 0;
        o->label = get_place(c, &x, &y, 1);
        o->n_rings = get_count(c, most - n_refs, 2);
        o->ring_starts = starts + n_starts;
        o->arcs = refs;
        size_t points = 0;
        for (size_t r = 0; r < o->n_rings && !c->wrong; r++) {
            starts[n_starts++] = (uint32_t)n_refs;
            read_ring(c, &p->arcs[o->tolerance], refs, &n_refs, &points);
        }
        if (o->n_rings == 0)
            set_wrong(c, N_("an outline without rings"));
        if (points > PACK_MAX_OUTLINE_POINTS)
            set_wrong(c, N_("an outline has too many points"));
        if (!c->wrong)
            starts[n_starts++] = (uint32_t)n_refs;
    }
}

static void read_points(struct cursor *c)
{
    struct pack *p = c->pack;
    int64_t x = 0, y = 0;
    p->n_points = get_count(c, PACK_MAX_POINTS, 9);
    p->points = arena_array(c->cx->arena, p->n_points, sizeof *p->points);
    for (size_t i = 0; i < p->n_points && !c->wrong; i++) {
        struct pack_point *t = &p->points[i];
        t->code = get_code(c, false);
        t->at = get_place(c, &x, &y, 1);
        t->rank = get_below(c, 100000);
        t->candidates = get_below(c, 100000);
        t->spread_m = get_below(c, 20100000);
        t->flags = get_below(c, 1 << 16);
        t->source = get_source(c);
        t->source_id = get_optional(c);
    }
}

static void read_compositions(struct cursor *c)
{
    static const uint64_t MOST = 20000000000; /* more than there are people */
    struct pack *p = c->pack;
    p->n_compositions = get_count(c, PACK_MAX_COMPOSITIONS, 8);
    p->compositions = arena_array(c->cx->arena, p->n_compositions, sizeof *p->compositions);
    for (size_t i = 0; i < p->n_compositions && !c->wrong; i++) {
        struct pack_composition *t = &p->compositions[i];
        t->code = get_code(c, false);
        t->date = get_text(c);
        t->community = get_text(c);
        unsigned share = get_below(c, 10002);
        t->has_share = share > 0;
        t->share = share ? (share - 1) / 10000.0 : 0;
        uint64_t count = get_varint(c), population = get_varint(c);
        if (count > MOST || population > MOST)
            set_wrong(c, N_("a number is out of range"));
        t->count = (int64_t)count - 1;
        t->population = (int64_t)population - 1;
        t->flags = get_below(c, 1 << 16);
        t->source = get_source(c);
    }
}

static void read_feature(struct cursor *c, struct pack_feature *f, size_t *left)
{
    f->layer = get_below(c, PACK_LAYER_COUNT);
    f->name = get_optional(c);
    f->rank = get_below(c, 1000);
    f->min_zoom = get_below(c, 300) / 10.0;
    unsigned kind = get_below(c, SHAPE_AREA + 1);
    f->source = get_source(c);
    size_t n_parts = get_count(c, *left, 3), n_points = 0;
    if (kind < SHAPE_POINTS || n_parts == 0)
        set_wrong(c, N_("a shape without parts or kind"));
    if (c->wrong)
        return;
    uint32_t *starts = arena_array(c->cx->arena, n_parts + 1, sizeof *starts);
    size_t least = kind == SHAPE_AREA ? 3 : kind == SHAPE_LINES ? 2 : 1;
    for (size_t r = 0; r < n_parts; r++) {
        starts[r] = (uint32_t)n_points;
        size_t n = get_count(c, *left, 2);
        if (n < least)
            set_wrong(c, N_("a part has too few points"));
        if (c->wrong)
            return;
        n_points += n;
        *left -= n;
    }
    if (n_points > (size_t)(c->end - c->p) / 2) {
        set_wrong(c, N_("a count is too large"));
        return;
    }
    struct shape *s = shape_new(c->cx->arena, kind, n_points, 0);
    s->starts = starts;
    s->n_parts = n_parts;
    int64_t x = 0, y = 0;
    for (size_t i = 0; i < n_points; i++)
        s->points[i] = get_place(c, &x, &y, PACK_BASE_QUANTUM);
    shape_close(s);
    f->shape = s;
}

static void read_base(struct cursor *c)
{
    struct pack *p = c->pack;
    size_t left = PACK_MAX_FEATURE_POINTS;
    p->n_features = get_count(c, PACK_MAX_FEATURES, 10);
    p->features = arena_array(c->cx->arena, p->n_features, sizeof *p->features);
    for (size_t i = 0; i < p->n_features && !c->wrong; i++)
        read_feature(c, &p->features[i], &left);
}

/* --- the file ------------------------------------------------------------------------------------ */

static uint32_t u32_at(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void (*const READ[SECTION_COUNT])(struct cursor *) = {
    [SECTION_STRINGS] = read_strings,         [SECTION_SOURCES] = read_sources,
    [SECTION_TERRITORIES] = read_territories, [SECTION_LINKS] = read_links,
    [SECTION_ARCS] = read_arcs,               [SECTION_OUTLINES] = read_outlines,
    [SECTION_POINTS] = read_points,           [SECTION_COMPOSITIONS] = read_compositions,
    [SECTION_BASE] = read_base,
};

/* Unpacks and reads one section; `raw` is freed by the caller. */
static int read_section(struct cursor *c, int type, const unsigned char *stored, uint32_t n_stored,
                        unsigned char *raw, uint32_t n_raw, uint32_t sum)
{
    const char *name = PACK_SECTION_NAMES[type];
    if (!deflate_unzlib(stored, n_stored, raw, n_raw) || deflate_crc32(raw, n_raw) != sum)
        return fail(c->cx, ERR_INVALID, "The region pack is damaged: section %s.", name);
    c->start = c->p = raw;
    c->end = raw + n_raw;
    READ[type](c);
    if (!c->wrong && c->p != c->end)
        set_wrong(c, N_("something follows after its end"));
    if (c->wrong)
        return fail(c->cx, ERR_INVALID, "The region pack is wrong in section %s, byte %zu: %s.", name, c->wrong_at,
                    c->cx->translate ? c->cx->translate(c->cx->lang, c->wrong) : c->wrong);
    return OK;
}

static int read_entry(struct cursor *c, const unsigned char *file, size_t len, const unsigned char *entry,
                      size_t *offset, int *last)
{
    int type = 0;
    while (type < SECTION_COUNT && memcmp(PACK_SECTION_NAMES[type], entry, 4) != 0)
        type++;
    if (type == SECTION_COUNT || type <= *last)
        return fail(c->cx, ERR_INVALID, "The region pack has an unknown, repeated or misplaced section.");
    *last = type;
    uint32_t n_stored = u32_at(entry + 8), n_raw = u32_at(entry + 12);
    if (u32_at(entry + 4) != *offset || n_stored > len - *offset)
        return fail(c->cx, ERR_INVALID, "The region pack is cut off or damaged: section %s.",
                    PACK_SECTION_NAMES[type]);
    if (n_raw > PACK_MAX_SECTION_BYTES)
        return fail(c->cx, ERR_LIMIT, "The section %s of the region pack is too large.", PACK_SECTION_NAMES[type]);
    unsigned char *raw = malloc(n_raw ? n_raw : 1);
    if (!raw)
        die("out of memory");
    int rc = read_section(c, type, file + *offset, n_stored, raw, n_raw, u32_at(entry + 16));
    free(raw);
    *offset += n_stored;
    return rc;
}

int pack_open(struct ctx *cx, const void *bytes, size_t len, struct pack **out)
{
    const unsigned char *file = bytes;
    if (len < PACK_HEAD_BYTES || memcmp(file, PACK_MAGIC, PACK_MAGIC_BYTES) != 0)
        return fail(cx, ERR_INVALID, "This is not a region pack.");
    unsigned version = file[8] | file[9] << 8;
    if (version != PACK_VERSION)
        return fail(cx, ERR_INVALID, "The region pack has format version %u; this program reads version %d.", version,
                    PACK_VERSION);
    size_t n = file[10] | file[11] << 8;
    if (n > SECTION_COUNT || len < PACK_HEAD_BYTES + n * PACK_ENTRY_BYTES ||
        deflate_crc32(file + PACK_HEAD_BYTES, n * PACK_ENTRY_BYTES) != u32_at(file + 12))
        return fail(cx, ERR_INVALID, "The region pack is damaged: its table of sections.");
    struct cursor c = {.cx = cx, .pack = arena_alloc(cx->arena, sizeof *c.pack)};
    *c.pack = (struct pack){.name = "", .region = "", .as_of = ""};
    for (int k = 0; k < PACK_TOLERANCE_COUNT; k++) /* what a missing section means */
        c.pack->arcs[k] = (struct pack_arcs){.quantum = 1, .starts = arena_alloc(cx->arena, sizeof(uint32_t))};
    size_t offset = PACK_HEAD_BYTES + n * PACK_ENTRY_BYTES;
    int last = -1;
    for (size_t i = 0; i < n; i++)
        TRY(read_entry(&c, file, len, file + PACK_HEAD_BYTES + i * PACK_ENTRY_BYTES, &offset, &last));
    if (offset != len)
        return fail(cx, ERR_INVALID, "Something follows after the end of the region pack.");
    *out = c.pack;
    return OK;
}
