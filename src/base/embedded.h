/* embedded.h - the files that are part of the binary: web assets, migrations, region packs, guide.
 *
 * tools/embed.c makes the table at build time. Everything here is constant and lives as long as
 * the process. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded {
    const char *path;          /* "assets/app-1a2b.css", "migrations/0001_kernel.sql" */
    const unsigned char *data; /* len bytes, followed by a NUL that does not count */
    size_t len;
    const unsigned char *gz;   /* the same as a gzip file; NULL where that is not smaller */
    size_t gz_len;
    const char *hash;          /* 16 hexadecimal digits of the content: for ETag */
};

/* The file of exactly this path, or NULL. */
const struct embedded *embedded_find(const char *path);

/* All files, sorted by path (byte order); *n is their number. */
const struct embedded *embedded_all(size_t *n);

#endif
