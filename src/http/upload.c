/* upload.c - see upload.h. Runs on the I/O thread: it only copies and writes. */
#include "http/upload.h"

#include "http/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct upload {
    struct request *rq;
    size_t limit, received; /* of the whole body */
    size_t fields_left;     /* bytes that fields of a multipart body may still take */
    bool files_allowed;
    struct multipart *multipart;
    const char *name; /* of the part that is coming */
    struct buf *field;
    int fd; /* of the file that is coming; -1: none */
    struct file_part *file;
    int failed; /* the first error */
};

static int too_large(struct upload *u)
{
    u->rq->status = 413;
    return fail(u->rq->cx, ERR_LIMIT, "This is too large: at most %d MB can be sent here.",
                (int)((u->limit + 999999) / 1000000));
}

static void unlink_deferred(void *p)
{
    unlink(p);
}

static int file_open(struct upload *u, const char *filename)
{
    struct request_state *st = u->rq->state;
    struct arena *a = u->rq->cx->arena;
    if (!u->files_allowed || st->n_files == MAX_FILES)
        return fail(u->rq->cx, ERR_INVALID, "No file is expected here.");
    if (!st->files)
        st->files = arena_array(a, MAX_FILES, sizeof *st->files);
    const char *dir = st->options && st->options->upload_dir ? st->options->upload_dir : "/tmp";
    char *path = arena_printf(a, "%s/upload-XXXXXX", dir);
    u->fd = mkostemp(path, O_CLOEXEC);
    if (u->fd < 0)
        return fail(u->rq->cx, ERR_IO, "The file cannot be stored: %s.", strerror(errno));
    arena_defer(a, unlink_deferred, path);
    const char *slash = strpbrk(filename, "/\\") ? filename + strlen(filename) : filename;
    while (slash > filename && slash[-1] != '/' && slash[-1] != '\\')
        slash--;
    u->file = &st->files[st->n_files++];
    *u->file = (struct file_part){.field = u->name, .name = slash, .path = path};
    return 0;
}

static int part_begin(void *arg, const char *name, const char *filename, const char *content_type)
{
    struct upload *u = arg;
    (void)content_type;
    u->name = name;
    if (filename && *filename)
        return file_open(u, filename);
    if (u->rq->state->fields.n >= MAX_PAIRS)
        return fail(u->rq->cx, ERR_LIMIT, "The request has too many fields.");
    u->field = filename ? NULL : buf_new(u->rq->cx->arena, u->fields_left);
    return 0;
}

static int part_data(void *arg, const char *bytes, size_t n)
{
    struct upload *u = arg;
    if (u->fd < 0) {
        if (u->field)
            buf_put(u->field, bytes, n);
        return u->field && u->field->toobig ? too_large(u) : 0;
    }
    u->file->size += n;
    while (n) {
        ssize_t done = write(u->fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return fail(u->rq->cx, ERR_IO, "The file cannot be stored: %s.", strerror(errno));
        bytes += done;
        n -= (size_t)done;
    }
    return 0;
}

static int part_end(void *arg)
{
    struct upload *u = arg;
    if (u->fd >= 0) {
        close(u->fd);
        u->fd = -1;
        return 0;
    }
    if (!u->field)
        return 0;
    /* The same strictness as for urlencoded fields. */
    const struct buf *b = u->field;
    char *clean = arena_alloc(u->rq->cx->arena, b->len * 3 + 1), *to = clean;
    for (size_t i = 0; i < b->len; i++) {
        if (b->data[i] == '%') {
            memcpy(to, "%25", 3);
            to += 3;
        } else
            *to++ = b->data[i];
    }
    const char *value = percent_decode(u->rq->cx->arena, clean, (size_t)(to - clean), false, true);
    if (!value)
        return fail(u->rq->cx, ERR_INVALID, "The request holds characters that are not allowed.");
    u->fields_left -= b->len < u->fields_left ? b->len : u->fields_left - 1;
    pairs_add(u->rq->cx->arena, &u->rq->state->fields, u->name, value);
    return 0;
}

static void close_deferred(void *p)
{
    struct upload *u = p;
    if (u->fd >= 0)
        close(u->fd);
}

int upload_begin(struct request *rq, const struct route *route, struct upload **out)
{
    const struct server_options *opt = rq->state->options;
    size_t max_body = opt && opt->max_body ? opt->max_body : 1 << 20;
    size_t max_upload = opt && opt->max_upload ? opt->max_upload : (size_t)256 << 20;
    struct upload *u = arena_alloc(rq->cx->arena, sizeof *u);
    *out = u;
    u->rq = rq;
    u->fd = -1;
    u->files_allowed = route && (route->flags & ROUTE_UPLOAD);
    u->limit = u->files_allowed ? max_upload : max_body;
    u->fields_left = max_body;
    arena_defer(rq->cx->arena, close_deferred, u);
    const char *length = rq_header(rq, "Content-Length"), *type = rq_header(rq, "Content-Type");
    if (length && strtoull(length, NULL, 10) > u->limit)
        return u->failed = too_large(u);
    if (type && strncasecmp(type, "multipart/", 10) == 0) {
        struct multipart_sink sink = {u, part_begin, part_data, part_end};
        u->multipart = multipart_new(rq->cx->arena, type, &sink);
        if (!u->multipart)
            return u->failed = fail(rq->cx, ERR_INVALID, "The form's data is malformed.");
    } else
        rq->state->body = buf_new(rq->cx->arena, u->limit);
    return 0;
}

int upload_feed(struct upload *u, const char *bytes, size_t n)
{
    u->received += n;
    if (!u->failed && u->received > u->limit)
        u->failed = too_large(u);
    if (u->failed)
        return u->failed;
    if (!u->multipart)
        buf_put(u->rq->state->body, bytes, n);
    else if ((u->failed = multipart_feed(u->multipart, bytes, n)) && u->rq->cx->err != (enum err)u->failed)
        fail(u->rq->cx, (enum err)u->failed, "The form's data is malformed.");
    return u->failed;
}

int upload_end(struct upload *u)
{
    if (!u->failed && u->multipart && !multipart_complete(u->multipart))
        u->failed = fail(u->rq->cx, ERR_INVALID, "The form's data is malformed.");
    return u->failed;
}
