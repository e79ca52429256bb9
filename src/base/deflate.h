/* deflate.h - packing and unpacking bytes: gzip for the web, zlib sections for files; all of zlib's that the
 * program uses. A packing thread keeps its state for each level, because setting one up costs more than packing a
 * small page or tile. Thread-safe. */
#ifndef BASE_DEFLATE_H
#define BASE_DEFLATE_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packed {
    const void *data;
    size_t len;
};

/* The packed bytes, in the arena; level 1 (fast) to 9 (small). n may be at most DEFLATE_MAX_BYTES. */
enum { DEFLATE_MAX_BYTES = 1 << 30 };
struct packed deflate_gzip(struct arena *a, const void *data, size_t n, int level);
struct packed deflate_zlib(struct arena *a, const void *data, size_t n, int level);

/* Appends what a gzip file holds. False: it is damaged or cut; `out` then holds a part. */
bool deflate_gunzip(const void *data, size_t n, struct buf *out);

/* Unpacks zlib bytes that must give exactly n_raw bytes. */
bool deflate_unzlib(const void *data, size_t n, void *raw, size_t n_raw);

/* CRC-32 as of gzip and PNG. */
uint32_t deflate_crc32(const void *data, size_t n);

#endif
