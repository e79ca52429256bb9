/* blob.c - see blob.h. FOLDER/ab/abcdef...: 256 folders, so that none becomes large. */
#include "db/blob.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static char blob_folder[512]; /* set once, before there are threads */

int blob_open(struct ctx *cx, const char *folder)
{
    if (strlen(folder) >= sizeof blob_folder)
        return fail(cx, ERR_INVALID, "The path of the folder of files is too long.");
    snprintf(blob_folder, sizeof blob_folder, "%s", folder);
    return fs_mkdir(cx, folder);
}

const char *blob_path(struct ctx *cx, const char *name)
{
    if (!*blob_folder)
        die("blob_open was not called");
    if (!name || strlen(name) != CRYPTO_HEX_CHARS || strspn(name, "0123456789abcdef") != CRYPTO_HEX_CHARS)
        return NULL;
    return arena_printf(cx->arena, "%s/%.2s/%s", blob_folder, name, name);
}

static int blob_place(struct ctx *cx, const char *name, const char **path)
{
    *path = blob_path(cx, name);
    return fs_mkdir(cx, arena_printf(cx->arena, "%s/%.2s", blob_folder, name));
}

int blob_put(struct ctx *cx, const void *data, size_t n, const char **name)
{
    const char *path;
    *name = crypto_blake2b_hex(cx->arena, data, n);
    TRY(blob_place(cx, *name, &path));
    return fs_exists(path) ? OK : fs_write(cx, path, data, n, 0600);
}

/* Copies from to a new file and makes it durable. */
static int copy_bytes(struct ctx *cx, int from, int to, const char *path)
{
    enum { PIECE = 128 * 1024 };
    char *piece = arena_alloc(cx->arena, PIECE);
    for (ssize_t n; (n = read(from, piece, PIECE)) != 0;) {
        if (n < 0)
            return fs_fail(cx, path, errno);
        for (ssize_t done = 0, k; done < n; done += k)
            if ((k = write(to, piece + done, (size_t)(n - done))) < 0)
                return fs_fail(cx, path, errno);
    }
    return fsync(to) == 0 ? OK : fs_fail(cx, path, errno);
}

static int sync_folder(struct ctx *cx, const char *path)
{
    char *folder = arena_strndup(cx->arena, path, (size_t)(fs_base(path) - path));
    int fd = open(*folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) != 0 ? fs_fail(cx, folder, errno) : OK;
    if (fd >= 0)
        close(fd);
    return rc;
}

int blob_put_file(struct ctx *cx, const char *path, const char **name)
{
    TRY(crypto_file_hex(cx, path, name));
    const char *target;
    TRY(blob_place(cx, *name, &target));
    if (fs_exists(target))
        return OK;
    char *temporary = arena_printf(cx->arena, "%s.XXXXXX", target);
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return fs_fail(cx, path, errno);
    int to = mkostemp(temporary, O_CLOEXEC), rc;
    if (to < 0) {
        rc = fs_fail(cx, temporary, errno);
    } else {
        rc = copy_bytes(cx, from, to, temporary);
        close(to);
        const char *again = NULL; /* the file may have been changed between hashing and copying */
        if (!rc)
            rc = crypto_file_hex(cx, temporary, &again);
        if (!rc && strcmp(again, *name) != 0)
            rc = fail(cx, ERR_CONFLICT, "The file was changed while it was being read.");
        if (!rc && rename(temporary, target) != 0)
            rc = fs_fail(cx, target, errno);
        if (rc)
            unlink(temporary);
    }
    close(from);
    return rc ? rc : sync_folder(cx, target);
}

int blob_verify(struct ctx *cx, const char *name)
{
    const char *path = blob_path(cx, name), *hex;
    if (!path)
        return fail(cx, ERR_NOT_FOUND, "There is no such file.");
    TRY(crypto_file_hex(cx, path, &hex));
    return strcmp(hex, name) == 0
               ? OK
               : fail(cx, ERR_IO, "The file %s is damaged. Restore it from a backup.", name);
}

int blob_remove(struct ctx *cx, const char *name)
{
    const char *path = blob_path(cx, name);
    return path ? fs_remove(cx, path) : fail(cx, ERR_NOT_FOUND, "There is no such file.");
}
