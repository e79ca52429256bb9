/* blob.h - files of people and of the program (uploads, reports), kept by their content.
 *
 * A file's name is the BLAKE2b-256 of its bytes (64 hexadecimal digits); rows hold that name. The
 * same content is kept once, a file never changes, and a wrong byte is found by hashing again.
 * Thread-safe. Files are readable by the program's account only. */
#ifndef DB_BLOB_H
#define DB_BLOB_H

#include "base/ctx.h"

#include <stddef.h>

/* The folder, "DATA/blobs"; made if it is missing. Once, at the start of the program. */
int blob_open(struct ctx *cx, const char *folder);

/* Keeps n bytes; on return they are on the disk. *name lives in the arena. */
int blob_put(struct ctx *cx, const void *data, size_t n, const char **name);

/* The same from a file, of any size, in constant memory. The file stays. */
int blob_put_file(struct ctx *cx, const char *path, const char **name);

/* Where a file lies; NULL if name is not of the form above (it may come from a request). */
const char *blob_path(struct ctx *cx, const char *name);

/* Its content checked against the name: ERR_NOT_FOUND, or ERR_IO if it was damaged. */
int blob_verify(struct ctx *cx, const char *name);

/* Takes a file away for which the caller has no row any more. */
int blob_remove(struct ctx *cx, const char *name);

#endif
