/* glyphs.c - letters for the map: one font as signed distance fields in ranges of 256 code points.
 *
 *     glyphs OUTDIR STACK FONT.ttf      writes OUTDIR/STACK/0-255.pbf, 1024-1279.pbf, ...
 *
 * MapLibre asks for these files by the name of the font stack and the range. Each holds one protobuf
 * message: glyphs{ 1: fontstack{ 1: name, 2: range, 3: glyph{ 1: code point, 2: bitmap, 3: width,
 * 4: height, 5: left (zigzag), 6: top (zigzag), 7: advance } } }. Letters are drawn at 24 pixels; the
 * bitmap has three pixels more on each side than width and height say, and a byte tells how far the
 * pixel is from the outline: 191 on it, 255 well inside, down to 0 six pixels outside. */
#include <errno.h>
#include <ft2build.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include FT_FREETYPE_H
#include FT_MODULE_H

enum { SIZE = 24, BUFFER = 3, SPREAD = 8, EDGE = 191, LIMIT = 1 << 20 };

/* Latin, Latin extended, Cyrillic with the Kazakh letters, its supplement, dashes and quotes. */
static const unsigned ranges[] = {0, 256, 1024, 1280, 8192};

/* What MapLibre takes for the line's top when it centres a label; the same for every font, so that
 * labels of two weights sit on one line. */
static const int line_top = 25;

struct out {
    uint8_t *bytes;
    size_t n;
};

static void die(const char *what, const char *name)
{
    fprintf(stderr, "glyphs: %s: %s\n", what, name);
    exit(1);
}

static void put_bytes(struct out *o, const void *bytes, size_t n)
{
    if (n > LIMIT - o->n) {
        die("a range grows beyond", "1 MB");
    }
    if (n) {
        memcpy(o->bytes + o->n, bytes, n);
    }
    o->n += n;
}

static void put_varint(struct out *o, uint32_t v)
{
    do {
        uint8_t b = (uint8_t)((v & 0x7f) | (v > 0x7f ? 0x80 : 0));
        put_bytes(o, &b, 1);
        v >>= 7;
    } while (v);
}

static void put_uint(struct out *o, uint32_t field, uint32_t v)
{
    put_varint(o, field << 3);
    put_varint(o, v);
}

static void put_sint(struct out *o, uint32_t field, int32_t v)
{
    put_uint(o, field, v < 0 ? (uint32_t)(-2 * v - 1) : (uint32_t)(2 * v));
}

static void put_block(struct out *o, uint32_t field, const void *bytes, size_t n)
{
    put_varint(o, field << 3 | 2);
    put_varint(o, (uint32_t)n);
    put_bytes(o, bytes, n);
}

static struct out out_new(void)
{
    struct out o = {malloc(LIMIT), 0};
    if (!o.bytes) {
        die("no memory", "1 MB");
    }
    return o;
}

/* FreeType's field has SPREAD pixels around the letter and 128 on the outline; MapLibre wants BUFFER
 * pixels, EDGE on the outline, and the same SPREAD pixels to be 255 steps. */
static void put_bitmap(struct out *o, const FT_Bitmap *b, int width, int height)
{
    struct out pixels = out_new();
    int skip = SPREAD - BUFFER;
    for (int y = 0; y < height + 2 * BUFFER; y++) {
        for (int x = 0; x < width + 2 * BUFFER; x++) {
            int raw = b->buffer[(y + skip) * b->pitch + x + skip];
            int v = EDGE + (raw - 128) * 255 / 128;
            uint8_t byte = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
            put_bytes(&pixels, &byte, 1);
        }
    }
    put_block(o, 2, pixels.bytes, pixels.n);
    free(pixels.bytes);
}

/* False where the font has no such letter. */
static bool put_glyph(struct out *o, FT_Face face, unsigned code)
{
    FT_UInt index = FT_Get_Char_Index(face, code);
    if (index == 0 || FT_Load_Glyph(face, index, FT_LOAD_NO_HINTING)) {
        return false;
    }
    FT_GlyphSlot slot = face->glyph;
    uint32_t advance = (uint32_t)((slot->advance.x + 32) / 64);
    int width = 0, height = 0, left = 0, top = 0;
    bool drawn = slot->outline.n_points > 0 && !FT_Render_Glyph(slot, FT_RENDER_MODE_SDF) &&
                 slot->bitmap.width > 2 * SPREAD && slot->bitmap.rows > 2 * SPREAD;

    put_uint(o, 1, code);
    if (drawn) {
        width = (int)slot->bitmap.width - 2 * SPREAD;
        height = (int)slot->bitmap.rows - 2 * SPREAD;
        left = slot->bitmap_left + SPREAD;
        top = slot->bitmap_top - SPREAD;
        put_bitmap(o, &slot->bitmap, width, height);
    }
    put_uint(o, 3, (uint32_t)width);
    put_uint(o, 4, (uint32_t)height);
    put_sint(o, 5, left);
    put_sint(o, 6, top - line_top);
    put_uint(o, 7, advance);
    return true;
}

static void write_range(FT_Face face, const char *dir, const char *stack, unsigned first)
{
    char range[32], path[4096];
    snprintf(range, sizeof range, "%u-%u", first, first + 255);
    if (snprintf(path, sizeof path, "%s/%s/%s.pbf", dir, stack, range) >= (int)sizeof path) {
        die("the name is too long", dir);
    }
    struct out all = out_new(), body = out_new(), glyph = out_new();
    put_block(&body, 1, stack, strlen(stack));
    put_block(&body, 2, range, strlen(range));
    for (unsigned code = first; code < first + 256; code++) {
        glyph.n = 0;
        if (put_glyph(&glyph, face, code)) {
            put_block(&body, 3, glyph.bytes, glyph.n);
        }
    }
    put_block(&all, 1, body.bytes, body.n);

    FILE *f = fopen(path, "wb");
    if (!f || fwrite(all.bytes, 1, all.n, f) != all.n || fclose(f)) {
        die(strerror(errno), path);
    }
    free(all.bytes);
    free(body.bytes);
    free(glyph.bytes);
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) && errno != EEXIST) {
        die(strerror(errno), path);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: glyphs OUTDIR STACK FONT.ttf\n");
        return 2;
    }
    const char *dir = argv[1], *stack = argv[2], *font = argv[3];
    FT_Library library;
    FT_Face face;
    FT_UInt spread = SPREAD;
    if (FT_Init_FreeType(&library) || FT_Property_Set(library, "sdf", "spread", &spread)) {
        die("FreeType cannot make distance fields", "sdf");
    }
    if (FT_New_Face(library, font, 0, &face) || FT_Set_Pixel_Sizes(face, 0, SIZE)) {
        die("not a font that can be read", font);
    }
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", dir, stack) >= (int)sizeof path) {
        die("the name is too long", dir);
    }
    make_folder(dir);
    make_folder(path);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        write_range(face, dir, stack, ranges[i]);
    }
    FT_Done_FreeType(library);
    return 0;
}
