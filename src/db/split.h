/* split.h - cuts an SQL script into statements; used by migrate.c and by tools/sqlc.c, so that the
 * build reads a migration exactly as the program does.
 *
 * A statement ends at a semicolon outside of quotes ('...', "...", $$...$$) and comments; in a CREATE TRIGGER with BEGIN
 * on a line of its own, at the line that begins with END. The comment line "-- only: sqlite" or "-- only: postgres"
 * before a statement keeps it to one engine. */
#ifndef DB_SPLIT_H
#define DB_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum split_only { SPLIT_BOTH, SPLIT_SQLITE, SPLIT_POSTGRES, SPLIT_UNKNOWN };

struct split_part {
    const char *text; /* borrowed, without the semicolon */
    size_t len;
    enum split_only only;
    int line; /* of its first character, from 1 */
};

/* A comment without its "--": which engine does it name? */
static inline enum split_only split_only_of(const char *s, const char *end)
{
    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    if (end - s < 5 || memcmp(s, "only:", 5) != 0)
        return SPLIT_BOTH;
    s += 5;
    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    while (end > s && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    size_t n = (size_t)(end - s);
    if (n == 6 && memcmp(s, "sqlite", n) == 0)
        return SPLIT_SQLITE;
    if (n == 8 && memcmp(s, "postgres", n) == 0)
        return SPLIT_POSTGRES;
    return SPLIT_UNKNOWN;
}

/* One token (quoted text, comment or character) forward; counts lines. */
static inline const char *split_skip(const char *p, const char *end, int *line)
{
    if (*p == '\'' || *p == '"') {
        char quote = *p++;
        for (; p < end && *p != quote; p++)
            *line += *p == '\n';
        return p < end ? p + 1 : p;
    }
    if (*p == '$' && p + 1 < end && p[1] == '$') {
        for (p += 2; p < end && !(*p == '$' && p + 1 < end && p[1] == '$'); p++)
            *line += *p == '\n';
        return p + 1 < end ? p + 2 : end;
    }
    if (*p == '-' && p + 1 < end && p[1] == '-') {
        while (p < end && *p != '\n')
            p++;
        return p;
    }
    *line += *p == '\n';
    return p + 1;
}

/* Does the line that begins at p begin with this word? */
static inline bool split_line_is(const char *p, const char *end, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(end - p) >= n && memcmp(p, word, n) == 0 && ((size_t)(end - p) == n || strchr(" \t\r\n;", p[n]));
}

/* The next statement from *pos on (start with *pos = text, *line = 1). False: there is none. */
static inline bool split_next(const char **pos, const char *end, int *line, struct split_part *out)
{
    const char *p = *pos;
    out->only = SPLIT_BOTH;
    for (;;) {
        while (p < end && strchr(" \t\r\n;", *p))
            *line += *p++ == '\n';
        if (p >= end) {
            *pos = p;
            return false;
        }
        if (!(*p == '-' && p + 1 < end && p[1] == '-'))
            break;
        const char *comment = p + 2;
        p = split_skip(p, end, line);
        enum split_only only = split_only_of(comment, p);
        if (only != SPLIT_BOTH)
            out->only = only;
    }
    out->text = p;
    out->line = *line;
    bool trigger = split_line_is(p, end, "CREATE TRIGGER"), body = false;
    while (p < end && (*p != ';' || body)) {
        bool line_begins = trigger && *p == '\n';
        p = split_skip(p, end, line);
        if (line_begins && split_line_is(p, end, "BEGIN"))
            body = true;
        else if (line_begins && split_line_is(p, end, "END"))
            body = false;
    }
    out->len = (size_t)(p - out->text);
    *pos = p < end ? p + 1 : p;
    return true;
}

#endif
