/* log.h - one line an event to stderr, for people and for tools.
 *
 *     log_event(LOG_INFO, "http.request", log_text("route", r->pattern), log_int("status", 200));
 *     ts=2025-07-01T09:05:06.000123Z level=info request=7f3a event=http.request route=/disputes status=200
 *
 * Only identifiers, counts, durations and fixed words: never names, contents, addresses or
 * anything else about a person. Thread-safe: a line is one write. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *key;
    enum { LOG_FIELD_TEXT = 1, LOG_FIELD_INT, LOG_FIELD_NUM } type;
    const char *text;
    int64_t i;
    double num;
};
static inline struct log_field log_text(const char *key, const char *v)
{
    return (struct log_field){key, LOG_FIELD_TEXT, v ? v : "", 0, 0};
}
static inline struct log_field log_int(const char *key, int64_t v)
{
    return (struct log_field){key, LOG_FIELD_INT, NULL, v, 0};
}
static inline struct log_field log_num(const char *key, double v)
{
    return (struct log_field){key, LOG_FIELD_NUM, NULL, 0, v};
}

/* An event with any number of fields. */
#define log_event(level, event, ...)                                                               \
    log_write((level), (event), (const struct log_field[]){{0}, __VA_ARGS__},                      \
              sizeof((const struct log_field[]){{0}, __VA_ARGS__}) / sizeof(struct log_field))
/* fields[0] is not used. */
void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n);

/* Lines below this level are dropped (at first LOG_INFO); json: one object a line instead of
 * key=value. Called once at the start; file descriptor 2 unless a test says otherwise. */
void log_set(enum log_level lowest, int json);
void log_set_fd(int fd);
/* The id of the request (or job) that this thread works on; NULL: none. Kept, not copied. */
void log_set_request(const char *id);

#endif
