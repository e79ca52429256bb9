/* str.c - see str.h; the foldings of spellings are in str_fold.c. */
#include "base/str.h"

#include "base/arena.h"
#include "base/vec.h"

#include <errno.h>
#include <math.h>

size_t utf8_length(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    static const struct { unsigned char first, mask; } LEAD[] = {
        {0, 0}, {0, 0}, {0xC0, 0xE0}, {0xE0, 0xF0}, {0xF0, 0xF8}};
    if (n == 0)
        return 0;
    if (p[0] < 0x80)
        return 1;
    size_t len = 2;
    while (len <= 4 && (p[0] & LEAD[len].mask) != LEAD[len].first)
        len++;
    if (len > 4 || len > n)
        return 0;
    uint32_t c = p[0] & (unsigned char)~LEAD[len].mask;
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3F);
    }
    bool overlong = c < (len == 2 ? 0x80u : len == 3 ? 0x800u : 0x10000u);
    bool outside = (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF;
    return overlong || outside ? 0 : len;
}

bool utf8_valid(const char *s, size_t n)
{
    uint64_t eight; /* plain ASCII, eight at a time: files of numbers are long */
    for (size_t i = 0, len; i < n; i += len) {
        len = 8;
        if (n - i >= 8 && (memcpy(&eight, s + i, 8), (eight & 0x8080808080808080u) == 0))
            continue;
        if (!(len = utf8_length(s + i, n - i)))
            return false;
    }
    return true;
}

size_t utf8_count(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

const char *utf8_cut(struct arena *a, const char *s, size_t max)
{
    if (max == 0 || utf8_count(s) <= max)
        return max ? s : "";
    const char *p = s;
    for (size_t n = 0; *p; p++)
        if (((unsigned char)*p & 0xC0) != 0x80 && n++ == max - 1)
            break;
    return arena_printf(a, "%.*s…", (int)(p - s), s);
}

bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_empty(const char *s)
{
    return !s || !*s;
}

const char *str_or_empty(const char *s)
{
    return s ? s : "";
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

/* Bytes of the white space at s; 0 if there is none. */
static size_t space_at(const char *s)
{
    static const char *const WIDE[] = {"\u00A0", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                       "\u2007", "\u2008", "\u2009", "\u200A", "\u200B", "\u202F",
                                       "\u3000", "\uFEFF"};
    if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
        return 1;
    if (*s != '\xC2' && *s != '\xE2' && *s != '\xE3' && *s != '\xEF')
        return 0; /* no wide space begins so: most characters end here */
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++)
        if (str_starts(s, WIDE[i]))
            return strlen(WIDE[i]);
    return 0;
}

/* Where the text begins; *n: its length. */
static const char *trimmed(const char *s, size_t *n)
{
    size_t space;
    while ((space = space_at(s)))
        s += space;
    const char *end = s;
    for (const char *p = s; *p;) {
        if ((space = space_at(p)))
            p += space;
        else
            end = ++p;
    }
    *n = (size_t)(end - s);
    return s;
}

char *str_trim(struct arena *a, const char *s)
{
    size_t n;
    s = trimmed(s, &n);
    return arena_strndup(a, s, n);
}

char *str_trim_here(char *s)
{
    size_t n;
    char *start = s + (trimmed(s, &n) - s);
    start[n] = '\0';
    return start;
}

char **str_split(struct arena *a, const char *s, char separator, size_t *n)
{
    VEC(char *) pieces = {0};
    for (;;) {
        const char *end = strchrnul(s, separator);
        vec_push(a, &pieces, arena_strndup(a, s, (size_t)(end - s)));
        if (!*end)
            break;
        s = end + 1;
    }
    *n = pieces.n;
    return pieces.rows;
}

bool str_to_int(const char *s, int64_t min, int64_t max, int64_t *v)
{
    if (!s)
        return false;
    const char *p = s + (*s == '-' || *s == '+');
    if (*p < '0' || *p > '9')
        return false;
    char *end;
    errno = 0;
    long long parsed = strtoll(s, &end, 10);
    if (errno || *end || parsed < min || parsed > max)
        return false;
    *v = parsed;
    return true;
}

/* Copies the digits before the decimal sign to *out; spaces only between groups of three. */
static const char *copy_whole_part(const char *p, char **out, size_t *room)
{
    size_t group = 0, groups = 0, n;
    for (;; p++) {
        if (*p >= '0' && *p <= '9') {
            if (*room == 0)
                return NULL;
            *(*out)++ = *p;
            --*room;
            group++;
        } else if (group > 0 && (n = space_at(p)) && p[n] >= '0' && p[n] <= '9') {
            if (group > 3 || (groups > 0 && group != 3))
                return NULL;
            p += n - 1;
            group = 0;
            groups++;
        } else {
            return groups > 0 && group != 3 ? NULL : p;
        }
    }
}

bool str_to_num(const char *s, double *v)
{
    char text[80], *out = text;
    size_t room = 60;
    if (!s)
        return false;
    size_t minus = *s == '-' ? 1 : str_starts(s, "\u2212") ? strlen("\u2212") : 0;
    if (minus)
        *out++ = '-';
    const char *p = copy_whole_part(s + (minus ? minus : *s == '+'), &out, &room);
    if (!p)
        return false;
    size_t before = 60 - room, after = 0;
    if (*p == '.' || *p == ',') {
        *out++ = '.';
        for (p++; *p >= '0' && *p <= '9'; p++, after++) {
            if (room > 0) { /* digits beyond those a double can hold do not count */
                *out++ = *p;
                room--;
            }
        }
        if (after == 0)
            return false;
    }
    if (before == 0 || ((*p == 'e' || *p == 'E') && strlen(p) > 5))
        return false;
    if (*p == 'e' || *p == 'E') {
        int64_t exponent;
        if (!str_to_int(p + 1, -400, 400, &exponent))
            return false;
        out += snprintf(out, 8, "e%d", (int)exponent);
    } else if (*p) {
        return false;
    }
    *out = '\0';
    double parsed = strtod(text, NULL);
    if (!isfinite(parsed))
        return false;
    *v = parsed;
    return true;
}
