/* Fuzz target: region packs. Checksums and zlib would stop nearly every mutation at the door, so the
 * input is taken twice: as a file, and as a list of sections (u16 length, bytes) that are packed here. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/deflate.h"
#include "geo/pack.h"
#include "geo/pack_format.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(struct ctx *cx, const struct pack *p)
{
    for (size_t i = 0; i < p->n_outlines && i < 20; i++) {
        size_t n;
        if (pack_outline_shape(cx->arena, p, &p->outlines[i])->n_points < 3)
            die("an outline without points");
        pack_neighbours(cx->arena, p, &p->outlines[i], NULL, &n);
    }
    struct buf *again = buf_new(cx->arena, 0), *third = buf_new(cx->arena, 0);
    struct pack *second;
    if (pack_write(cx, p, again))
        return; /* written anew it may pass a limit */
    if (pack_open(cx, again->data, again->len, &second))
        die("what was written cannot be read: %s", cx->err_text);
    if (pack_write(cx, second, third) || again->len != third->len || memcmp(again->data, third->data, third->len))
        die("written twice, not the same");
}

static struct buf *as_file(struct arena *a, const uint8_t *data, size_t size)
{
    struct buf *table = buf_new(a, 0), *body = buf_new(a, 0), *out = buf_new(a, 0);
    unsigned n = 0;
    while (n < SECTION_COUNT && size >= 2) {
        size_t len = data[0] | (size_t)data[1] << 8;
        data += 2;
        size -= 2;
        if (len > size)
            len = size;
        struct packed packed = deflate_zlib(a, data, len, 1);
        buf_put(table, PACK_SECTION_NAMES[n++], 4);
        buf_u32(table, (uint32_t)body->len); /* the head's length is added below */
        buf_u32(table, (uint32_t)packed.len);
        buf_u32(table, (uint32_t)len);
        buf_u32(table, deflate_crc32(data, len));
        buf_put(body, packed.data, packed.len);
        data += len;
        size -= len;
    }
    for (unsigned i = 0; i < n; i++) {
        unsigned char *at = (unsigned char *)table->data + i * PACK_ENTRY_BYTES + 4;
        uint32_t offset = (uint32_t)(at[0] | at[1] << 8 | at[2] << 16) + PACK_HEAD_BYTES + n * PACK_ENTRY_BYTES;
        for (int k = 0; k < 4; k++)
            at[k] = (unsigned char)(offset >> (8 * k));
    }
    buf_put(out, PACK_MAGIC, PACK_MAGIC_BYTES);
    buf_u16(out, PACK_VERSION);
    buf_u16(out, (uint16_t)n);
    buf_u32(out, deflate_crc32(table->data, table->len));
    buf_put(out, table->data, table->len);
    buf_put(out, body->data, body->len);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pack *p;
    struct ctx cx = {.arena = arena_new((size_t)256 << 20)};
    if (pack_open(&cx, data, size, &p) == OK)
        use(&cx, p);
    struct buf *file = as_file(cx.arena, data, size);
    if (pack_open(&cx, file->data, file->len, &p) == OK)
        use(&cx, p);
    arena_free(cx.arena);
    return 0;
}
