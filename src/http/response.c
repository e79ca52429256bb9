/* response.c - building the answer: bodies, files, redirects, headers, compression. */
#include "base/deflate.h"
#include "base/json.h"
#include "html/html.h"
#include "http/internal.h"
#include "i18n/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char CSP[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

void respond_header(struct request *rq, const char *name, const char *value)
{
    struct arena *a = rq->cx->arena;
    if (strpbrk(value, "\r\n"))
        die("a header value with a line end: %s", name);
    for (size_t i = 0; i < rq->state->headers.n; i++) {
        struct pair *p = &rq->state->headers.rows[i];
        if (strcmp(p->name, name) == 0 && strcmp(name, "Set-Cookie") != 0) {
            p->value = arena_strdup(a, value);
            return;
        }
    }
    pairs_add(a, &rq->state->headers, arena_strdup(a, name), arena_strdup(a, value));
}

void response_security_headers(struct request *rq)
{
    struct arena *a = rq->cx->arena;
    struct pairs *h = &rq->state->headers;
    if (!pairs_get(h, "Content-Security-Policy", 0))
        pairs_add(a, h, "Content-Security-Policy", CSP);
    pairs_add(a, h, "X-Content-Type-Options", "nosniff");
    if (!pairs_get(h, "Referrer-Policy", 0))
        pairs_add(a, h, "Referrer-Policy", "same-origin");
    pairs_add(a, h, "Cross-Origin-Opener-Policy", "same-origin");
    if (!pairs_get(h, "Cache-Control", 0))
        pairs_add(a, h, "Cache-Control", "no-store");
    pairs_add(a, h, "X-Request-Id", rq->request_id);
}

void respond_cookie(struct request *rq, const char *name, const char *value, int max_age_seconds)
{
    struct buf *b = buf_new(rq->cx->arena, 8192);
    buf_printf(b, "%s=", name);
    html_percent_encode(b, value, strlen(value));
    buf_printf(b, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d", max_age_seconds);
    if (rq->state->options && rq->state->options->https)
        buf_puts(b, "; Secure");
    respond_header(rq, "Set-Cookie", b->data);
}

int respond_redirect(struct request *rq, const char *path, const char *notice)
{
    if (path[0] != '/' || !html_url_is_safe(path))
        return fail(rq->cx, ERR_INVALID, "This is not an address of ours.");
    if (notice && strlen(notice) < 1000)
        respond_cookie(rq, "notice", notice, 60);
    rq->status = 303;
    rq->state->answered = true;
    respond_header(rq, "Location", path);
    if (rq->wants_json) {
        struct json_writer w;
        json_begin(&w, rq->out);
        json_obj(&w, NULL);
        json_str(&w, "location", path);
        json_str(&w, "notice", notice);
        json_end(&w);
        rq->content_type = "application/json; charset=utf-8";
    }
    return 0;
}

/* Content-Disposition with an ASCII name for old clients and the real one (RFC 6266). */
static void offer_download(struct request *rq, const char *download)
{
    if (!download)
        return;
    struct buf *b = buf_new(rq->cx->arena, 4096);
    buf_puts(b, "attachment; filename=\"");
    for (const char *p = download; *p; p++)
        if ((*p & 0xC0) != 0x80) /* one sign for a character of several bytes */
            buf_putc(b, *p >= ' ' && *p < 127 && !strchr("\"\\/", *p) ? *p : '_');
    buf_puts(b, "\"; filename*=UTF-8''");
    html_percent_encode(b, download, strlen(download));
    respond_header(rq, "Content-Disposition", b->data);
}

int respond_bytes(struct request *rq, const char *content_type, const void *data, size_t n,
                  const char *download)
{
    buf_reset(rq->out);
    if (n > rq->out->max)
        return fail(rq->cx, ERR_LIMIT, "The answer is too large.");
    buf_put(rq->out, data, n);
    rq->content_type = content_type;
    rq->state->answered = true;
    offer_download(rq, download);
    return 0;
}

static void close_deferred(void *p)
{
    int *fd = p;
    if (*fd >= 0)
        close(*fd);
}

int respond_file(struct request *rq, const char *content_type, const char *path, const char *download)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat sb;
    if (fd < 0 || fstat(fd, &sb) || !S_ISREG(sb.st_mode)) {
        if (fd >= 0)
            close(fd);
        return fail(rq->cx, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "The file cannot be read.");
    }
    rq->state->file = fd;
    rq->state->file_len = (uint64_t)sb.st_size;
    arena_defer(rq->cx->arena, close_deferred, &rq->state->file);
    rq->content_type = content_type;
    rq->state->answered = true;
    offer_download(rq, download);
    return 0;
}

int respond_json(struct request *rq, const struct buf *json)
{
    return respond_bytes(rq, "application/json; charset=utf-8", json->data, json->len, NULL);
}

int respond_too_many(struct request *rq, int retry_after_seconds)
{
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", retry_after_seconds);
    respond_header(rq, "Retry-After", seconds);
    rq->status = 429;
    return fail(rq->cx, ERR_LIMIT, "Too many attempts. Please try again later.");
}

bool respond_not_modified(struct request *rq, const char *etag, int max_age_seconds)
{
    char value[96];
    snprintf(value, sizeof value, "W/\"%.64s\"", etag);
    respond_header(rq, "ETag", value);
    char cache[64];
    snprintf(cache, sizeof cache, "private, max-age=%d", max_age_seconds);
    respond_header(rq, "Cache-Control", cache);
    const char *have = rq_header(rq, "If-None-Match");
    if (!have || (!strstr(have, value + 2) && strcmp(have, "*") != 0))
        return false;
    rq->status = 304;
    rq->state->answered = true;
    return true;
}

void response_error(struct request *rq, int status, const char *name, const char *message)
{
    buf_reset(rq->out);
    rq->status = status;
    rq->state->data = NULL;
    rq->state->answered = true;
    rq->state->rendered_page = false;
    if (rq->state->file >= 0) {
        close(rq->state->file);
        rq->state->file = -1;
    }
    if (!rq->wants_json) {
        rq->content_type = "text/html; charset=utf-8";
        view_error_page(rq, status, message);
        return;
    }
    struct json_writer w;
    json_begin(&w, rq->out);
    json_obj(&w, NULL);
    json_str(&w, "error", name);
    json_str(&w, "message", message);
    json_str(&w, "request_id", rq->request_id);
    json_end(&w);
    rq->content_type = "application/json; charset=utf-8";
}

/* --- compression: level 1 with a kept state costs about 10 us for a page of 10 KB --- */

enum { COMPRESS_FROM = 1024, COMPRESS_LEVEL = 1 };

static bool compressible(const char *type)
{
    return type && (strncmp(type, "text/", 5) == 0 || strncmp(type, "application/json", 16) == 0 ||
                    strncmp(type, "application/geo+json", 20) == 0 ||
                    strncmp(type, "image/svg+xml", 13) == 0 || strncmp(type, "application/xml", 15) == 0);
}

void response_compress(struct request *rq)
{
    if (rq->state->data || rq->state->file >= 0 || rq->out->len < COMPRESS_FROM || rq->out->len > DEFLATE_MAX_BYTES ||
        !compressible(rq->content_type) || pairs_get(&rq->state->headers, "Content-Encoding", 0))
        return;
    respond_header(rq, "Vary", "Accept-Encoding, Accept, Accept-Language, Cookie");
    const char *accept = rq_header(rq, "Accept-Encoding");
    if (!accept || !strstr(accept, "gzip") || rq->method == HTTP_HEAD)
        return;
    struct packed packed = deflate_gzip(rq->cx->arena, rq->out->data, rq->out->len, COMPRESS_LEVEL);
    rq->state->data = packed.data;
    rq->state->data_len = packed.len;
    respond_header(rq, "Content-Encoding", "gzip");
}
