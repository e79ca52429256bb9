/* backup.c - see backup.h. */
#include "db/backup.h"

#include "base/arena.h"
#include "base/fs.h"
#include "db/db_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int sync_path(struct ctx *cx, const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) != 0 ? fs_fail(cx, path, errno) : OK;
    if (fd >= 0)
        close(fd);
    return rc;
}

int db_publish(struct ctx *cx, const char *from, const char *path)
{
    char *folder = arena_strndup(cx->arena, path, (size_t)(fs_base(path) - path));
    TRY(sync_path(cx, from, O_RDONLY));
    if (rename(from, path) != 0)
        return fs_fail(cx, path, errno);
    return sync_path(cx, *folder ? folder : ".", O_RDONLY | O_DIRECTORY);
}

int db_backup(struct ctx *cx, struct db_store *st, const char *path)
{
    const char *half = arena_printf(cx->arena, "%s.part", path);
    int fd =
        open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); /* says early if the place is wrong */
    if (fd < 0)
        return fs_fail(cx, half, errno);
    close(fd);
    int rc = st->driver->backup(cx, st, half);
    if (!rc)
        rc = db_publish(cx, half, path);
    if (rc)
        unlink(half);
    return rc;
}

int db_restore(struct ctx *cx, const char *conninfo, const char *path)
{
    if (!fs_exists(path))
        return fail(cx, ERR_NOT_FOUND, "There is no backup %s.", path);
    return db_driver_for(conninfo)->restore(cx, conninfo, path);
}
