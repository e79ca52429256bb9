/* test_deflate.c - packing gives back what was packed; damaged bytes are noticed. */
#include "base/deflate.h"

#include "tap.h"

int main(void)
{
    struct arena *a = arena_new((size_t)16 << 20);
    enum { N = 100000 };
    unsigned char *data = arena_alloc(a, N), *raw = arena_alloc(a, N);
    for (int i = 0; i < N; i++)
        data[i] = (unsigned char)(i % 251 * (i / 997));
    for (int level = 1; level <= 9; level += 4) {
        struct packed g = deflate_gzip(a, data, N, level), z = deflate_zlib(a, data, N, level);
        struct packed again = deflate_gzip(a, data, N, level);
        struct buf *out = buf_new(a, 0);
        char text[80];
        snprintf(text, sizeof text, "gzip at level %d: what was packed comes back", level);
        ok(deflate_gunzip(g.data, g.len, out) && out->len == N && !memcmp(out->data, data, N), text);
        snprintf(text, sizeof text, "a kept state gives the same bytes again (level %d)", level);
        ok(again.len == g.len && !memcmp(again.data, g.data, g.len), text);
        snprintf(text, sizeof text, "zlib at level %d likewise, and says so when the size differs", level);
        ok(deflate_unzlib(z.data, z.len, raw, N) && !memcmp(raw, data, N) && !deflate_unzlib(z.data, z.len, raw, N - 1), text);
        buf_reset(out);
        ok(!deflate_gunzip(g.data, g.len - 9, out), "a gzip file that was cut is noticed");
    }
    struct buf *empty = buf_new(a, 0);
    struct packed none = deflate_gzip(a, "", 0, 6);
    ok(deflate_gunzip(none.data, none.len, empty) && empty->len == 0, "nothing, packed, gives nothing");
    ok(!deflate_gunzip("not gzip at all", 15, empty), "other bytes are refused");
    is_int(deflate_crc32("123456789", 9), 0xcbf43926, "the check value of CRC-32");
    arena_free(a);
    return done();
}
