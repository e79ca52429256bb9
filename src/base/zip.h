/* zip.h - zip archives in memory: reading with limits, writing the same bytes every time. */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include "base/buf.h"
#include "base/ctx.h"

struct zip_limits {
    size_t entry_bytes; /* of one unpacked entry; 0: 64 MB */
    size_t total_bytes; /* of all entries that are read; 0: 256 MB */
    int ratio;          /* unpacked to packed, of what is larger than 1 MB; 0: 200 */
    int64_t entries;    /* 0: 10,000 */
};

/* The archive keeps pointing to data, which must live as long; it is closed with cx->arena. limits NULL:
 * the defaults. name is for messages. ERR_INVALID where it is no archive. */
struct zip_reader;
int zip_reader_open(struct ctx *cx, const char *name, const void *data, size_t n,
                    const struct zip_limits *limits, struct zip_reader **out);
int64_t zip_reader_count(const struct zip_reader *z);
/* The i-th entry's name, in the arena of the reader. */
const char *zip_reader_name(const struct zip_reader *z, int64_t i);
bool zip_reader_has(const struct zip_reader *z, const char *entry);
/* Unpacks one entry. ERR_NOT_FOUND, ERR_LIMIT (more than it may be), ERR_INVALID (damaged, encrypted). */
int zip_reader_get(struct ctx *cx, struct zip_reader *z, const char *entry, struct buf **out);

/* Packs files in the given order with a fixed time (1980-01-01): equal input gives equal bytes. */
struct zip_item {
    const char *name;
    const void *data;
    size_t n;
    bool store; /* do not compress (pictures; the first entry of some formats) */
};
int zip_write(struct ctx *cx, const struct zip_item *items, size_t n, struct buf *out);

#endif
