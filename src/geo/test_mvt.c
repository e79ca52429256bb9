/* Tests of map tiles with a small decoder of our own, after the specification and not after mvt.c. */
#include "geo/mvt.h"
#include "geo/pack.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "tap.h"

static struct ctx cx;

/* --- decoder --------------------------------------------------------------------------------------- */

struct span {
    const uint8_t *p, *end;
};

static uint64_t varint(struct span *s)
{
    uint64_t v = 0;
    for (int shift = 0; s->p < s->end && shift < 64; shift += 7) {
        v |= (uint64_t)(*s->p & 0x7F) << shift;
        if (!(*s->p++ & 0x80))
            break;
    }
    return v;
}

static int64_t zigzag(struct span *s)
{
    uint64_t v = varint(s);
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* The next field: its number, and for wire type 2 its content, else its value. */
static unsigned field(struct span *s, struct span *content, uint64_t *value)
{
    uint64_t tag = varint(s);
    *content = (struct span){0};
    if ((tag & 7) == 2) {
        uint64_t n = varint(s);
        *content = (struct span){s->p, s->p + n};
        s->p += n;
    } else if ((tag & 7) == 1) {
        memcpy(value, s->p, 8);
        s->p += 8;
    } else {
        *value = varint(s);
    }
    return (unsigned)(tag >> 3);
}

struct ring {
    int64_t x[8192], y[8192];
    size_t n;
};

struct seen {
    size_t layers, features, rings, holes, points, bad, keys, values;
    unsigned version, extent;
    int64_t min, max; /* of all coordinates */
    uint64_t last_id;
    char name[32], text[64];
    double num;
    int64_t sint;
    uint64_t boolean;
    double area; /* of the rings, in grid units */
};

static void decode_geometry(struct span g, unsigned type, struct seen *out)
{
    static struct ring r;
    int64_t x = 0, y = 0;
    double first_area = 0;
    while (g.p < g.end) {
        uint64_t command = varint(&g), count = command >> 3;
        if ((command & 7) == 7) {
            double area = 0;
            for (size_t i = 0, j = r.n - 1; i < r.n; j = i++)
                area += (double)r.x[j] * (double)r.y[i] - (double)r.x[i] * (double)r.y[j];
            out->bad += r.n < 3 || area == 0 || (first_area == 0 && area < 0); /* a polygon starts with an outer ring */
            first_area = first_area == 0 ? area : first_area;
            out->rings++;
            out->holes += area < 0;
            out->area += area / 2;
            continue;
        }
        out->bad += (command & 7) != 1 && (command & 7) != 2;
        if ((command & 7) == 1)
            r.n = 0;
        for (uint64_t i = 0; i < count; i++) {
            int64_t dx = zigzag(&g), dy = zigzag(&g);
            out->bad += (command & 7) == 2 && dx == 0 && dy == 0; /* no step of no length */
            x += dx;
            y += dy;
            out->min = x < out->min ? x : y < out->min ? y : out->min;
            out->max = x > out->max ? x : y > out->max ? y : out->max;
            out->points++;
            if (r.n < 8192) {
                r.x[r.n] = x;
                r.y[r.n++] = y;
            }
        }
    }
    out->bad += type < 1 || type > 3;
}

static void decode_value(struct span v, struct seen *out)
{
    uint64_t value = 0;
    struct span text;
    switch (field(&v, &text, &value)) {
    case 1: snprintf(out->text, sizeof out->text, "%.*s", (int)(text.end - text.p), (const char *)text.p); break;
    case 3: memcpy(&out->num, &value, 8); break;
    case 6: out->sint = (int64_t)(value >> 1) ^ -(int64_t)(value & 1); break;
    case 7: out->boolean = value; break;
    default: out->bad++;
    }
}

static void decode_feature(struct span f, struct seen *out, uint64_t *largest_tag)
{
    uint64_t value = 0;
    unsigned type = 0;
    struct span content, geometry = {0};
    out->features++;
    while (f.p < f.end) {
        switch (field(&f, &content, &value)) {
        case 1: out->last_id = value; break;
        case 2:
            while (content.p < content.end) {
                uint64_t key = varint(&content), v = varint(&content);
                largest_tag[0] = key > largest_tag[0] ? key : largest_tag[0];
                largest_tag[1] = v > largest_tag[1] ? v : largest_tag[1];
            }
            break;
        case 3: type = (unsigned)value; break;
        case 4: geometry = content; break;
        default: out->bad++;
        }
    }
    out->bad += geometry.p == geometry.end;
    decode_geometry(geometry, type, out);
}

static struct seen decode(const struct buf *b)
{
    struct seen out = {.min = INT64_MAX, .max = INT64_MIN};
    struct span tile = {(const uint8_t *)b->data, (const uint8_t *)b->data + b->len}, layer, content;
    while (tile.p < tile.end) {
        uint64_t value = 0, tags[2] = {0, 0};
        size_t keys = 0, values = 0;
        out.bad += field(&tile, &layer, &value) != 3;
        out.layers++;
        while (layer.p < layer.end) {
            switch (field(&layer, &content, &value)) {
            case 1: snprintf(out.name, sizeof out.name, "%.*s", (int)(content.end - content.p), (const char *)content.p); break;
            case 2: decode_feature(content, &out, tags); break;
            case 3: keys++; break;
            case 4: values++; decode_value(content, &out); break;
            case 5: out.extent = (unsigned)value; break;
            case 15: out.version = (unsigned)value; break;
            default: out.bad++;
            }
        }
        out.bad += (tags[0] && tags[0] >= keys) || (tags[1] && tags[1] >= values);
        out.keys += keys;
        out.values += values;
    }
    return out;
}

/* --- tests --------------------------------------------------------------------------------------- */

static struct shape *box_shape(double west, double south, double east, double north)
{
    struct shape *s = shape_new(cx.arena, SHAPE_AREA, 4, 1);
    s->points[0] = geo_point_from_degrees(west, south);
    s->points[1] = geo_point_from_degrees(west, north); /* clockwise on purpose: the tile has to turn it */
    s->points[2] = geo_point_from_degrees(east, north);
    s->points[3] = geo_point_from_degrees(east, south);
    shape_close(s);
    return s;
}

static struct shape *with_hole(void)
{
    struct shape *s = shape_new(cx.arena, SHAPE_AREA, 8, 2), *o = box_shape(0, 0, 90, 60), *h = box_shape(30, 20, 60, 40);
    memcpy(s->points, h->points, 4 * sizeof *s->points); /* the hole first, also on purpose */
    memcpy(s->points + 4, o->points, 4 * sizeof *s->points);
    s->starts[1] = 4;
    shape_close(s);
    return s;
}

static struct seen tile(const struct tile_source *s, int z, uint32_t x, uint32_t y)
{
    struct buf *b = buf_new(cx.arena, 0);
    tile_make(&cx, s, z, x, y, b);
    return decode(b);
}

static void test_encoding(void)
{
    struct tile_property p[] = {tile_text("name", "Қарнақ"), tile_int("n", -42), tile_num("share", 0.25),
                                tile_bool("draft", true), tile_text("none", NULL), tile_num("nan", NAN)};
    struct tile_feature f = {.id = 612000000, .shape = with_hole(), .n_properties = 6, .properties = p};
    struct tile_layer l = {"areas", &f, 1};
    struct tile_source *s = tile_source_new(cx.arena, &l, 1);
    struct seen t = tile(s, 0, 0, 0);
    is_int(t.bad, 0, "a tile is well-formed");
    ok(t.layers == 1 && t.version == 2 && t.extent == 4096 && strcmp(t.name, "areas") == 0, "its layer says what it is");
    ok(t.last_id == 612000000 && strcmp(t.text, "Қарнақ") == 0 && t.sint == -42 && t.num == 0.25 && t.boolean == 1,
       "id and values arrive");
    ok(t.keys == 4 && t.values == 4, "absent values are left out");
    ok(t.rings == 2 && t.holes == 1, "the outer ring comes first, clockwise; the hole after it, against the clock");
    ok(t.min >= 0 && t.max <= 4096, "coordinates are those of the tile");
    t = tile(s, 1, 1, 0);
    ok(t.bad == 0 && t.max <= 4096 + 64 && t.min >= -64, "what reaches beyond the tile is cut at its margin");
    is_int(tile(s, 2, 0, 3).features, 0, "a tile with nothing in it is empty");
    t = tile(s, 6, 40, 30);
    ok(t.rings == 1 && t.area == (4096. + 128) * (4096 + 128), "a tile within an area is filled, margin and all");
    is_int(tile(s, 6, 40, 26).features, 0, "a tile within its hole has nothing");
    struct buf *b = buf_new(cx.arena, 0);
    is_int(tile_make(&cx, s, 3, 8, 0, b), ERR_NOT_FOUND, "a tile beyond the side of the world does not exist");
    is_int(tile_make(&cx, s, 19, 0, 0, b), ERR_NOT_FOUND, "nor one beyond the largest zoom");
    is_int(tile_make(&cx, s, -1, 0, 0, b), ERR_NOT_FOUND, "nor one below zero");
    is_int(b->len, 0, "and nothing is written for it");
}

static void test_zoom_and_kinds(void)
{
    struct shape *point = shape_new(cx.arena, SHAPE_POINTS, 1, 1), *line = shape_new(cx.arena, SHAPE_LINES, 3, 1);
    point->points[0] = geo_point_from_degrees(10, 10);
    line->points[1] = geo_point_from_degrees(10, 10);
    line->points[2] = geo_point_from_degrees(20, 10);
    shape_close(point);
    shape_close(line);
    struct tile_feature f[] = {{.id = 1, .shape = point, .min_zoom = 2},
                               {.id = 2, .shape = line, .max_zoom = 2},
                               {.id = 3, .shape = box_shape(1, 1, 1.00001, 1.00001)}};
    struct tile_layer l = {"x", f, 3};
    struct tile_source *s = tile_source_new(cx.arena, &l, 1);
    struct seen t = tile(s, 0, 0, 0);
    ok(t.bad == 0 && t.features == 1 && t.last_id == 2 && t.points == 3, "below its zoom a feature is not shown");
    t = tile(s, 2, 2, 1);
    ok(t.bad == 0 && t.features == 1 && t.last_id == 1 && t.points == 1,
       "nor from its last zoom on; an area of less than a pixel is left out");
}

/* The tiles of a zoom together must have the whole: every settlement once, apart from margins. */
static void test_region(void)
{
    struct buf *b;
    struct pack *p;
    if (fs_read(&cx, "packs/turkistan.pack", 0, &b) || pack_open(&cx, b->data, b->len, &p)) {
        ok(false, "the carried pack opens");
        return;
    }
    struct tile_feature *f = arena_array(cx.arena, p->n_outlines, sizeof *f);
    size_t n = 0, bad = 0, tiles = 0, filled = 0;
    for (size_t i = 0; i < p->n_outlines; i++)
        if (!p->outlines[i].valid_to && p->outlines[i].tolerance == PACK_DETAIL &&
            strncmp(p->outlines[i].code, "61", 2) == 0 && strcmp(p->outlines[i].code, "610000000") != 0)
            f[n++] = (struct tile_feature){.id = strtoull(p->outlines[i].code, NULL, 10),
                                           .shape = pack_outline_shape(cx.arena, p, &p->outlines[i])};
    struct tile_layer l = {"districts", f, n};
    struct tile_source *s = tile_source_new(cx.arena, &l, 1);
    struct geo_box box = tile_source_box(s);
    double area = 0, whole = tile(s, 3, 5, 2).area;
    enum { Z = 9 };
    for (uint32_t x = (uint32_t)(mercator_x(box.west) * (1 << Z)); x <= (uint32_t)(mercator_x(box.east) * (1 << Z)); x++)
        for (uint32_t y = (uint32_t)(mercator_y(box.north) * (1 << Z)); y <= (uint32_t)(mercator_y(box.south) * (1 << Z)); y++) {
            struct seen t = tile(s, Z, x, y);
            bad += t.bad;
            tiles++;
            filled += t.features > 0;
            area += t.area;
        }
    is_int(bad, 0, "all tiles of the region at zoom 9 are well-formed");
    ok(tiles > 40 && filled > 30, "there are many");
    double scale = ldexp(1, 2 * (Z - 3)), margin = (4096. + 128) * (4096 + 128) / (4096. * 4096);
    ok(area > whole * scale && area < whole * scale * margin * 1.01, "together they have the area of the region, and its margins");
    struct buf *one = buf_new(cx.arena, 0), *two = buf_new(cx.arena, 0);
    tile_make(&cx, s, 6, 44, 23, one);
    tile_make(&cx, s, 6, 44, 23, two);
    ok(one->len > 500 && one->len == two->len && memcmp(one->data, two->data, one->len) == 0, "the same tile is the same bytes");
}

int main(void)
{
    cx.arena = arena_new((size_t)512 << 20);
    test_encoding();
    test_zoom_and_kinds();
    test_region();
    arena_free(cx.arena);
    return done();
}
