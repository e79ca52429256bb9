/* Tests of the GeoJSON reader: what it takes, and what it says to what it does not. */
#include "geo/geojson.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "tap.h"

static struct ctx cx;

static int read(const char *text, struct geo_collection **c)
{
    cx.err_text = "";
    return geojson_read(&cx, text, strlen(text), c);
}

#define COLLECTION(f) "{\"type\":\"FeatureCollection\",\"features\":[\n" f "\n]}"
#define FEATURE(g) "{\"type\":\"Feature\",\"properties\":{},\"geometry\":" g "}"

static void refuses(const char *text, const char *message, const char *name)
{
    struct geo_collection *c;
    int rc = read(text, &c);
    ok(rc == ERR_INVALID || rc == ERR_LIMIT, name);
    is_str(cx.err_text, message, "... and says so");
}

static void test_reads(void)
{
    struct geo_collection *c = NULL;
    int rc = read(COLLECTION("{\"geometry\":{\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5,100],[6,5],[6,6],[5,5]]]],"
                             "\"type\":\"MultiPolygon\"},\"properties\":{\"KATO\":\"61\\u0430\\ud83d\\ude00\",\"n\":-1.5e2,"
                             "\"yes\":true,\"no\":null,\"deep\":{\"a\":[1,{}]}},\"type\":\"Feature\",\"id\":7},\n" FEATURE(
                                 "{\"type\":\"Point\",\"coordinates\":[68.5,43.25]}") "," FEATURE("null")),
                  &c);
    is_int(rc, OK, "a collection is read, whatever the order of its members");
    is_int(c->n_features, 3, "with all its features");
    const struct geo_feature *f = &c->features[0];
    ok(f->shape->kind == SHAPE_AREA && f->shape->n_parts == 2 && f->shape->n_points == 6,
       "rings are taken without their closing point");
    is_str(geo_feature_text(f, "KATO"), "61\xD0\xB0\xF0\x9F\x98\x80", "escapes become UTF-8");
    is_num(geo_feature_num(f, "n"), -150, 0, "numbers are numbers");
    ok(isnan(geo_feature_num(f, "KATO")) && !geo_feature_text(f, "n") && !geo_feature_text(f, "none"),
       "a property of another type is absent");
    is_str(f->id, "7", "the id is kept");
    is_int(f->line, 2, "and the line");
    ok(c->features[1].shape->points[0].x == 68500000 && c->features[1].shape->points[0].y == 43250000,
       "coordinates become micro-degrees");
    ok(!c->features[2].shape, "a feature may have no geometry");
    is_int(read("\xEF\xBB\xBF" COLLECTION(""), &c), OK, "a byte order mark is passed over");
}

static void test_refuses(void)
{
    refuses("{\"type\":\"FeatureCollection\",\n\"features\":[{\"type\":\"Fea",
            "The GeoJSON file is cut off: it ends in line 2, byte 53.", "a file cut in half is refused");
    refuses("{\"type\":\"Feature\"}", "The file is not a GeoJSON FeatureCollection.", "another type is refused");
    refuses(COLLECTION(FEATURE("{\"type\":\"Point\",\"coordinates\":[43.2,168.1]}")),
            "GeoJSON line 2: the coordinates 43.2, 168.1 are not longitude and latitude (WGS 84).",
            "a latitude of 168 degrees is refused");
    refuses(COLLECTION(FEATURE("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1]]]}")),
            "GeoJSON line 2: a ring is not closed, or has fewer than four positions.", "an open ring is refused");
    refuses(COLLECTION(FEATURE("{\"type\":\"Polygon\",\"coordinates\":[[0,0],[1,0],[1,1],[0,0]]}")),
            "GeoJSON line 2: the coordinates do not fit the type \"Polygon\".", "coordinates of a line are no polygon");
    refuses(COLLECTION(FEATURE("{\"type\":\"GeometryCollection\",\"geometries\":[]}")),
            "GeoJSON line 2: geometries of the type \"GeometryCollection\" are not supported.",
            "collections of geometries are refused");
    refuses(COLLECTION(FEATURE("{\"type\":\"LineString\",\"coordinates\":[[1,2]]}")),
            "GeoJSON line 2: a line has fewer than two positions.", "a line of one point is refused");
    refuses(COLLECTION("{\"type\":\"Feature\",\"properties\":{\"a\":\"\xFF\"}}"),
            "GeoJSON line 2, byte 79: the text is not UTF-8.", "bytes that are not UTF-8 are refused");
    refuses(COLLECTION("") " x", "GeoJSON line 3, byte 46: something follows after the end.", "what follows is refused");
    refuses("", "The GeoJSON file is cut off: it ends in line 1, byte 0.", "an empty file is refused");
    struct buf *b = buf_new(cx.arena, 0);
    for (int i = 0; i < 100; i++)
        buf_puts(b, "{\"a\":");
    refuses(b->data, "GeoJSON line 1: nested too deeply.", "a deep file is refused");
}

static void test_limit(void)
{
    struct arena *outer = cx.arena;
    cx.arena = arena_new(0);
    struct buf b;
    buf_init(&b, (size_t)32 << 20);
    buf_puts(&b, "{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{");
    for (int i = 0; i < 2000000; i++)
        buf_puts(&b, "\"\":0,");
    struct geo_collection *c;
    is_int(geojson_read(&cx, b.data, b.len, &c), ERR_LIMIT, "a file that would fill the memory is refused, not fatal");
    buf_free(&b);
    arena_free(cx.arena);
    cx.arena = outer;
}

static void test_real(void)
{
    static const char FILE_NAME[] = "../shared/data/boundaries/kz_adm2_2024.geojson";
    struct buf *b;
    struct geo_collection *c;
    if (!fs_exists(FILE_NAME)) {
        skip("the boundaries of 2024 are read", "../shared/data is absent");
        return;
    }
    ok(fs_read(&cx, FILE_NAME, 0, &b) == OK && geojson_read(&cx, b->data, b->len, &c) == OK && c->n_features == 224,
       "the boundaries of 2024 are read");
    ok(geojson_read(&cx, b->data, b->len / 2, &c) == ERR_INVALID && strstr(cx.err_text, "cut off"),
       "half of them are cut off");
}

int main(void)
{
    cx.arena = arena_new((size_t)256 << 20);
    test_reads();
    test_refuses();
    test_limit();
    test_real();
    arena_free(cx.arena);
    return done();
}
