/* static.c - the web assets, by names that hold their hash: cached for ever, compressed at build time. */
#include "base/embedded.h"
#include "base/str.h"
#include "html/html.h"
#include "http/internal.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static const char *content_type_of(const char *path)
{
    static const char *const TYPES[][2] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".json", "application/json; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
        {".pbf", "application/x-protobuf"},
        {".ico", "image/x-icon"},
        {".map", "application/json"},
        {".txt", "text/plain; charset=utf-8"},
        {".jpg", "image/jpeg"},
        {".webmanifest", "application/manifest+json"},
    };
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (str_ends(path, TYPES[i][0]))
            return TYPES[i][1];
    return "application/octet-stream";
}

/* Is "app-1A2B3C4D.css" the hashed name of "app.css"? The hash is 8 or more letters and digits. */
static bool is_hashed_name(const char *file, const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t stem = dot ? (size_t)(dot - name) : strlen(name);
    if (strcmp(file, name) == 0)
        return true;
    if (strncmp(file, name, stem) || file[stem] != '-')
        return false;
    const char *hash = file + stem + 1;
    size_t n = strspn(hash, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return n >= 8 && strcmp(hash + n, dot ? dot : "") == 0;
}

static const char *asset_in_folder(struct request *rq, const char *dir, const char *name)
{
    const char *slash = strrchr(name, '/'), *found = "";
    size_t folder = slash ? (size_t)(slash - name) + 1 : 0;
    DIR *d = opendir(arena_printf(rq->cx->arena, "%s/%.*s", dir, (int)folder, name));
    for (struct dirent *e; d && (e = readdir(d));)
        if (is_hashed_name(e->d_name, name + folder))
            found = arena_printf(rq->cx->arena, "/assets/%.*s%s", (int)folder, name, e->d_name);
    if (d)
        closedir(d);
    return found;
}

const char *asset_url(struct request *rq, const char *name)
{
    const char *dir = rq->state->options ? rq->state->options->assets_dir : NULL;
    if (dir)
        return asset_in_folder(rq, dir, name);
    size_t n, low = 0;
    const struct embedded *all = embedded_all(&n);
    char prefix[128];
    const char *dot = strrchr(name, '.');
    int len = snprintf(prefix, sizeof prefix, "assets/%.*s", dot ? (int)(dot - name) : 100, name);
    for (size_t high = n; low < high;) { /* the first path that is not before the prefix */
        size_t middle = low + (high - low) / 2;
        if (strcmp(all[middle].path, prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < n && strncmp(all[low].path, prefix, (size_t)len) == 0; low++)
        if (is_hashed_name(all[low].path + strlen("assets/"), name))
            return arena_printf(rq->cx->arena, "/%s", all[low].path);
    return "";
}

int static_asset(struct request *rq)
{
    const char *name = rq_path(rq, "name");
    const char *dir = rq->state->options ? rq->state->options->assets_dir : NULL;
    if (strstr(name, ".."))
        return fail(rq->cx, ERR_NOT_FOUND, "There is no such page.");
    if (dir)
        return respond_file(rq, content_type_of(name), arena_printf(rq->cx->arena, "%s/%s", dir, name), NULL);
    const struct embedded *e = embedded_find(arena_printf(rq->cx->arena, "assets/%s", name));
    if (!e)
        return fail(rq->cx, ERR_NOT_FOUND, "There is no such page.");
    rq->content_type = content_type_of(name);
    rq->state->answered = true;
    char etag[40];
    snprintf(etag, sizeof etag, "\"%s\"", e->hash);
    respond_header(rq, "Cache-Control", "public, max-age=31536000, immutable");
    respond_header(rq, "ETag", etag);
    const char *have = rq_header(rq, "If-None-Match"), *accept = rq_header(rq, "Accept-Encoding");
    if (have && strstr(have, e->hash)) {
        rq->status = 304;
        return 0;
    }
    bool gz = e->gz && accept && strstr(accept, "gzip");
    rq->state->data = gz ? e->gz : e->data;
    rq->state->data_len = gz ? e->gz_len : e->len;
    if (gz)
        respond_header(rq, "Content-Encoding", "gzip");
    if (e->gz)
        respond_header(rq, "Vary", "Accept-Encoding");
    return 0;
}
