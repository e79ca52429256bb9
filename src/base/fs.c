/* fs.c - see fs.h. */
#include "base/fs.h"

#include "base/arena.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

int fs_fail(struct ctx *cx, const char *path, int error_number)
{
    switch (error_number) {
    case ENOENT: return fail(cx, ERR_NOT_FOUND, "There is no file %s.", path);
    case EACCES:
    case EPERM: return fail(cx, ERR_DENIED, "No permission to use %s.", path);
    case EROFS: return fail(cx, ERR_IO, "%s is on a disk that cannot be written to.", path);
    case ENOSPC:
    case EDQUOT: return fail(cx, ERR_IO, "The disk is full: %s was not written.", path);
    case EFBIG: return fail(cx, ERR_IO, "The file %s would become too large for the disk.", path);
    case EISDIR: return fail(cx, ERR_IO, "%s is a folder, not a file.", path);
    case ENOTDIR: return fail(cx, ERR_IO, "A part of %s is a file, not a folder.", path);
    default: return fail(cx, ERR_IO, "Reading or writing %s failed: %s.", path, strerror(error_number));
    }
}

int fs_read(struct ctx *cx, const char *path, size_t max, struct buf **out)
{
    char piece[64 * 1024];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fs_fail(cx, path, errno);
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        return fs_fail(cx, path, EISDIR);
    }
    struct buf *b = buf_new(cx->arena, max);
    ssize_t n;
    while (!b->toobig && (n = read(fd, piece, sizeof piece)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int error_number = errno;
            close(fd);
            return fs_fail(cx, path, error_number);
        }
        buf_put(b, piece, (size_t)n);
    }
    close(fd);
    if (b->toobig)
        return fail(cx, ERR_LIMIT, "The file %s is larger than %zu bytes.", path, b->max);
    *out = b;
    return OK;
}

static int write_all(int fd, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, data, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno;
        data += done;
        n -= (size_t)done;
    }
    return 0;
}

/* A rename is durable only when the folder is. */
static int sync_folder(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_strndup(a, path, (size_t)(slash - path) + 1) : ".";
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int error_number = fsync(fd) ? errno : 0;
    close(fd);
    return error_number == EINVAL ? 0 : error_number; /* some file systems cannot */
}

int fs_write(struct ctx *cx, const char *path, const void *data, size_t n, unsigned mode)
{
    char *temporary = arena_printf(cx->arena, "%s.XXXXXX", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return fs_fail(cx, path, errno);
    int error_number = write_all(fd, data, n);
    if (!error_number && (fchmod(fd, mode) || fsync(fd)))
        error_number = errno;
    if (close(fd) && !error_number)
        error_number = errno;
    if (!error_number && rename(temporary, path))
        error_number = errno;
    if (error_number) {
        unlink(temporary);
        return fs_fail(cx, path, error_number);
    }
    error_number = sync_folder(cx->arena, path);
    return error_number ? fs_fail(cx, path, error_number) : OK;
}

bool fs_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool fs_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int fs_mkdir(struct ctx *cx, const char *path)
{
    char *part = arena_strdup(cx->arena, path);
    for (char *p = part + 1; part[0]; p++) {
        char c = *p;
        if (c != '/' && c != '\0')
            continue;
        *p = '\0';
        if (mkdir(part, 0750) && errno != EEXIST)
            return fs_fail(cx, path, errno);
        *p = c;
        if (c == '\0')
            break;
    }
    return fs_is_folder(path) ? OK : fs_fail(cx, path, ENOTDIR);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static void remove_deferred(void *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int fs_remove(struct ctx *cx, const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
        return fs_fail(cx, path, errno);
    return OK;
}

int fs_temp_dir(struct ctx *cx, const char **path)
{
    const char *parent = getenv("TMPDIR");
    char *made = arena_printf(cx->arena, "%s/shanyraq.XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(made))
        return fs_fail(cx, made, errno);
    arena_defer(cx->arena, remove_deferred, made);
    *path = made;
    return OK;
}

static int by_bytes(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

int fs_list(struct ctx *cx, const char *path, const char ***names, size_t *n)
{
    VEC(const char *) found = {0};
    DIR *dir = opendir(path);
    if (!dir)
        return fs_fail(cx, path, errno);
    for (struct dirent *e; (e = readdir(dir));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
            vec_push(cx->arena, &found, arena_strdup(cx->arena, e->d_name));
    closedir(dir);
    if (found.n)
        qsort(found.rows, found.n, sizeof *found.rows, by_bytes);
    *names = found.rows;
    *n = found.n;
    return OK;
}

const char *fs_join(struct arena *a, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    return arena_printf(a, "%s%s%s", folder, n && folder[n - 1] != '/' ? "/" : "", name);
}

const char *fs_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *fs_extension(const char *path)
{
    const char *base = fs_base(path), *point = strrchr(base, '.');
    return point && point != base ? point + 1 : "";
}
