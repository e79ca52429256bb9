/* buf.h - a growing byte buffer with a ceiling.
 *
 * Invariants: data is never NULL after buf_init() and data[len] is always NUL; len never passes
 * max. A write past max sets `toobig`, keeps what was there and drops the rest: callers check
 * toobig once, at the end. The memory is malloc'ed: buf_free() it, or make it with buf_new(),
 * which ties it to an arena. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct buf {
    char *data;
    size_t len, cap, max;
    bool toobig;
};

/* Starts an empty buffer that may grow to max bytes (0: 64 MB). */
void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);

/* A buffer that is freed with the arena. */
struct buf *buf_new(struct arena *a, size_t max);

/* Forgets the content, keeps the memory. */
void buf_reset(struct buf *b);

void buf_put(struct buf *b, const void *data, size_t n);
void buf_puts(struct buf *b, const char *s); /* NULL writes nothing */
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);

/* Binary formats: little-endian integers, LEB128 variable-length integers, zigzag for signed. */
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_varint(struct buf *b, uint64_t v);
void buf_zigzag(struct buf *b, int64_t v);

#endif
