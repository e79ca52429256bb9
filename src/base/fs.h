/* fs.h - files: read whole, write so that nobody ever sees half a file, folders.
 *
 * Errors are sentences for the user: ERR_NOT_FOUND, ERR_DENIED, ERR_LIMIT (too large), ERR_IO
 * (a full disk says so). */
#ifndef BASE_FS_H
#define BASE_FS_H

#include "base/buf.h"
#include "base/ctx.h"

/* The whole file, at most max bytes (0: 64 MB), with a NUL behind; the buffer ends with the arena. */
int fs_read(struct ctx *cx, const char *path, size_t max, struct buf **out);

/* Writes path atomically and durably: a temporary file beside it, fsync, rename, fsync of the folder. On any
 * error the old file, if there was one, is unharmed and nothing else is left. mode: 0644, 0600 ... */
int fs_write(struct ctx *cx, const char *path, const void *data, size_t n, unsigned mode);

bool fs_exists(const char *path);
bool fs_is_folder(const char *path);
/* The folder and those above it (mode 0750); it is no error if it exists. */
int fs_mkdir(struct ctx *cx, const char *path);
/* A new, empty folder of our own (in $TMPDIR or /tmp), removed with all its content when the arena ends. */
int fs_temp_dir(struct ctx *cx, const char **path);
/* Removes a file, or a folder with all its content; it is no error if there is none. */
int fs_remove(struct ctx *cx, const char *path);
/* Names in a folder without "." and "..", sorted by bytes. */
int fs_list(struct ctx *cx, const char *path, const char ***names, size_t *n);

/* "folder/name"; the part behind the last slash; what comes behind the last point of that part, or "". */
const char *fs_join(struct arena *a, const char *folder, const char *name);
const char *fs_base(const char *path);
const char *fs_extension(const char *path);

/* The sentence for a failed call on path; gives the code. For other files of this kind. */
int fs_fail(struct ctx *cx, const char *path, int error_number);

#endif
