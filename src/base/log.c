/* log.c - see log.h. */
#include "base/log.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/time.h"

#include <stdatomic.h>
#include <unistd.h>

static const char *const LEVELS[] = {"debug", "info", "warn", "error"};
static _Atomic int lowest_level = LOG_INFO;
static _Atomic int as_json;
static _Atomic int log_fd = 2;
static _Thread_local const char *request_id;

void log_set(enum log_level lowest, int json)
{
    lowest_level = (int)lowest;
    as_json = json;
}

void log_set_fd(int fd)
{
    log_fd = fd;
}

void log_set_request(const char *id)
{
    request_id = id;
}

/* A value as it is, or in quotes with escapes where it would not be one word. */
static void put_value(struct buf *b, const char *v)
{
    if (*v && !strpbrk(v, " =\"\\\n\r\t")) {
        buf_puts(b, v);
        return;
    }
    struct json_writer w;
    json_begin(&w, b);
    json_str(&w, NULL, v);
}

static void line_logfmt(struct buf *b, const struct log_field *f, size_t n)
{
    char text[32];
    for (size_t i = 0; i < n; i++) {
        buf_printf(b, "%s%s=", i ? " " : "", f[i].key);
        if (f[i].type == LOG_FIELD_TEXT)
            put_value(b, f[i].text);
        else if (f[i].type == LOG_FIELD_INT)
            buf_printf(b, "%lld", (long long)f[i].i);
        else
            buf_puts(b, num_shortest(text, f[i].num));
    }
}

static void line_json(struct buf *b, const struct log_field *f, size_t n)
{
    struct json_writer w;
    json_begin(&w, b);
    json_obj(&w, NULL);
    for (size_t i = 0; i < n; i++) {
        if (f[i].type == LOG_FIELD_TEXT)
            json_str(&w, f[i].key, f[i].text);
        else if (f[i].type == LOG_FIELD_INT)
            json_int(&w, f[i].key, f[i].i);
        else
            json_num(&w, f[i].key, f[i].num);
    }
    json_end(&w);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    struct log_field all[36];
    size_t used = 0;
    if ((int)level < lowest_level)
        return;
    struct arena *a = arena_new(0);
    all[used++] = log_text("ts", instant_text(a, time_machine_us()));
    all[used++] = log_text("level", LEVELS[level]);
    if (request_id)
        all[used++] = log_text("request", request_id);
    all[used++] = log_text("event", event);
    for (size_t i = 1; i < n && used < sizeof all / sizeof *all; i++)
        all[used++] = fields[i];
    struct buf *b = buf_new(a, 64 * 1024);
    if (as_json)
        line_json(b, all, used);
    else
        line_logfmt(b, all, used);
    buf_putc(b, '\n');
    ssize_t ignored = write(log_fd, b->data, b->len); /* nowhere to complain about a lost log */
    (void)ignored;
    arena_free(a);
}
