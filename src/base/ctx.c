/* ctx.c - see ctx.h. */
#include "base/ctx.h"

#include "base/arena.h"

#include <stdarg.h>

static const struct {
    int status;
    const char *name;
} ERRORS[ERR_COUNT] = {
    [OK] = {200, "ok"},
    [ERR_NOT_FOUND] = {404, "not_found"},
    [ERR_DENIED] = {403, "denied"},
    [ERR_INVALID] = {422, "invalid"},
    [ERR_CONFLICT] = {409, "conflict"},
    [ERR_BUSY] = {503, "busy"},
    [ERR_LIMIT] = {413, "limit"},
    [ERR_IO] = {500, "io"},
    [ERR_DB] = {500, "db"},
    [ERR_NUMERIC] = {500, "numeric"},
};

int ctx_fail(struct ctx *cx, enum err code, const char *file, int line, const char *msgid, ...)
{
    const char *fmt = cx->translate ? cx->translate(cx->lang, msgid) : msgid;
    va_list ap;
    va_start(ap, msgid);
    cx->err_text = arena_vprintf(cx->arena, fmt, ap);
    va_end(ap);
    cx->err = code;
    cx->err_file = file;
    cx->err_line = line;
    return code;
}

int err_http_status(enum err code)
{
    return (unsigned)code < ERR_COUNT ? ERRORS[code].status : 500;
}

const char *err_name(enum err code)
{
    return (unsigned)code < ERR_COUNT ? ERRORS[code].name : "unknown";
}

static bool present(const char *s)
{
    return s && *s;
}

const char *ctx_pick(const struct ctx *cx, const char *kk, const char *ru, const char *en)
{
    const char *asked = cx->lang == LANG_RU ? ru : cx->lang == LANG_EN ? en : kk;
    return present(asked) ? asked : present(kk) ? kk : present(ru) ? ru : present(en) ? en : "";
}

bool ctx_progress(struct ctx *cx, int64_t done, int64_t total, const char *doing)
{
    if (cx->progress)
        cx->progress(cx, done, total, doing);
    return cx->cancelled && cx->cancelled(cx);
}
