/* buf.c - see buf.h. */
#include "base/buf.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t DEFAULT_MAX = (size_t)64 << 20;

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max ? max : DEFAULT_MAX, .cap = 64};
    b->data = malloc(b->cap);
    if (!b->data)
        die("out of memory");
    b->data[0] = '\0';
}

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

static void buf_free_deferred(void *b)
{
    buf_free(b);
}

struct buf *buf_new(struct arena *a, size_t max)
{
    struct buf *b = arena_alloc(a, sizeof *b);
    buf_init(b, max);
    arena_defer(a, buf_free_deferred, b);
    return b;
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->toobig = false;
    b->data[0] = '\0';
}

/* Room for n more bytes and the NUL; how many of the n may be written. */
static size_t buf_room(struct buf *b, size_t n)
{
    if (n > b->max - b->len) {
        b->toobig = true;
        n = b->max - b->len;
    }
    if (b->len + n + 1 > b->cap) {
        size_t cap = b->cap * 2 > b->len + n + 1 ? b->cap * 2 : b->len + n + 1;
        char *data = realloc(b->data, cap);
        if (!data)
            die("out of memory");
        b->data = data;
        b->cap = cap;
    }
    return n;
}

void buf_put(struct buf *b, const void *data, size_t n)
{
    if (n == 0)
        return;
    n = buf_room(b, n);
    memcpy(b->data + b->len, data, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    if (s)
        buf_put(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        die("bad format \"%s\"", fmt);
    size_t room = buf_room(b, (size_t)n);
    vsnprintf(b->data + b->len, room + 1, fmt, again);
    b->len += room;
    va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

static void buf_little_endian(struct buf *b, uint64_t v, size_t bytes)
{
    unsigned char raw[8];
    for (size_t i = 0; i < bytes; i++)
        raw[i] = (unsigned char)(v >> (8 * i));
    buf_put(b, raw, bytes);
}

void buf_u16(struct buf *b, uint16_t v) { buf_little_endian(b, v, 2); }
void buf_u32(struct buf *b, uint32_t v) { buf_little_endian(b, v, 4); }
void buf_u64(struct buf *b, uint64_t v) { buf_little_endian(b, v, 8); }

void buf_varint(struct buf *b, uint64_t v)
{
    unsigned char raw[10];
    size_t n = 0;
    while (v >= 0x80) {
        raw[n++] = (unsigned char)(v | 0x80);
        v >>= 7;
    }
    raw[n++] = (unsigned char)v;
    buf_put(b, raw, n);
}

void buf_zigzag(struct buf *b, int64_t v)
{
    buf_varint(b, ((uint64_t)v << 1) ^ (uint64_t)(v >> 63));
}
