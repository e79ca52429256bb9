/* csv.c - the reader of csv.h: the text is made UTF-8 first, then cut in place. */
#include "base/csv.h"

#include "base/arena.h"
#include "base/str.h"

#include <iconv.h>

struct csv_reader {
    const char *name;
    struct buf *text;
    char *at, *end, *line_start;
    int64_t line;
    const char *cells[CSV_COLUMNS];
};

/* --- encodings --- */

static int convert(struct ctx *cx, const char *name, const char *from, const char *data, size_t n,
                   struct buf *out)
{
    char piece[16 * 1024], *in = (char *)(uintptr_t)data;
    iconv_t ic = iconv_open("UTF-8", from);
    if (ic == (iconv_t)-1)
        return fail(cx, ERR_INVALID, "%s: this machine cannot read the encoding %s.", name, from);
    bool broken = false;
    while (n > 0 && !broken) {
        char *to = piece;
        size_t room = sizeof piece;
        size_t before = n;
        iconv(ic, &in, &n, &to, &room);
        buf_put(out, piece, sizeof piece - room);
        broken = n == before;
    }
    iconv_close(ic);
    if (broken)
        return fail(cx, ERR_INVALID, "%s: not correct %s at byte %td.", name, from, in - data + 1);
    return OK;
}

static bool ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Is a text of single bytes windows-1251? In such a text hardly any high byte is outside the Cyrillic
 * letters and the signs of typography, and letters do not stand inside Latin words (as those of
 * western code pages do). KOI8-R has small and capital letters the other way round. */
static bool looks_like_1251(const char *data, size_t n)
{
    static const char SIGNS[] = "\xA0\xA8\xB8\xB9\xAB\xBB\x96\x97\x93\x94\x85\x84\xB2\xB3\xB0\x91\x92";
    size_t small = 0, capital = 0, sign = 0, other = 0, mixed = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c < 0x80)
            continue;
        small += c >= 0xE0;
        capital += c >= 0xC0 && c < 0xE0;
        if (c < 0xC0 && strchr(SIGNS, c))
            sign++;
        else if (c < 0xC0)
            other++;
        bool beside = (i > 0 && ascii_letter(data[i - 1])) || (i + 1 < n && ascii_letter(data[i + 1]));
        mixed += c >= 0xC0 && beside;
    }
    size_t letters = small + capital;
    return letters > 0 && sign <= letters && other * 20 <= letters && mixed * 20 <= letters &&
           (small == 0 || small >= capital);
}

/* Line and column of the first byte that is not UTF-8. */
static int not_utf8(struct ctx *cx, const char *name, const char *data, size_t n)
{
    long line = 1, column = 1;
    for (size_t i = 0, len; i < n && (len = utf8_length(data + i, n - i)); i += len) {
        column++;
        if (data[i] == '\n') {
            line++;
            column = 1;
        }
    }
    return fail(cx, ERR_INVALID,
                "%s: line %ld, column %ld: this is neither UTF-8 nor windows-1251 text. "
                "Save the file as UTF-8 and try again.",
                name, line, column);
}

static int decode(struct ctx *cx, const char *name, const char *data, size_t n, struct buf *out,
                  const char **encoding)
{
    if (n >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0)) {
        *encoding = "UTF-16";
        return convert(cx, name, data[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE", data + 2, n - 2, out);
    }
    if (n >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        data += 3;
        n -= 3;
    }
    *encoding = "UTF-8";
    if (utf8_valid(data, n)) {
        buf_put(out, data, n);
        return OK;
    }
    if (memchr(data, '\0', n) || !looks_like_1251(data, n))
        return not_utf8(cx, name, data, n);
    *encoding = "windows-1251";
    return convert(cx, name, "CP1251", data, n, out);
}

/* The separator that the first line has most of, outside of quotes. */
static char find_separator(const char *s)
{
    size_t comma = 0, semicolon = 0, tab = 0;
    bool quoted = false;
    for (; *s && (quoted || (*s != '\n' && *s != '\r')); s++) {
        if (*s == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        comma += *s == ',';
        semicolon += *s == ';';
        tab += *s == '\t';
    }
    return tab > comma && tab > semicolon ? '\t' : semicolon > comma ? ';' : ',';
}

int csv_open(struct ctx *cx, const char *name, const void *data, size_t n, struct csv *csv)
{
    struct csv_reader *r = arena_alloc(cx->arena, sizeof *r);
    r->name = arena_strdup(cx->arena, name);
    r->text = buf_new(cx->arena, n * 3 + 1);
    TRY(decode(cx, name, data, n, r->text, &csv->encoding));
    const char *zero = memchr(r->text->data, '\0', r->text->len);
    if (zero)
        return fail(cx, ERR_INVALID, "%s is not a text: there is a zero byte at %td.", name,
                    zero - r->text->data + 1);
    r->at = r->line_start = r->text->data;
    r->end = r->text->data + r->text->len;
    r->line = 1;
    csv->separator = find_separator(r->at);
    csv->reader = r;
    csv->cells = r->cells;
    csv->n = 0;
    csv->line = 0;
    return OK;
}

/* Only for messages: it walks the line. */
static long column_of(const char *line_start, const char *at)
{
    long n = 1;
    for (const char *p = line_start; p < at; p++)
        n += ((unsigned char)*p & 0xC0) != 0x80;
    return n;
}

/* A line end at *p: moves behind it and counts. */
static bool line_end(struct csv_reader *r, char **p)
{
    if (**p != '\r' && **p != '\n')
        return false;
    *p += (*p)[0] == '\r' && (*p)[1] == '\n' ? 2 : 1;
    r->line++;
    r->line_start = *p;
    return true;
}

/* A quoted cell at r->at (behind the opening quote), unescaped in place. */
static int quoted_cell(struct ctx *cx, struct csv_reader *r, char separator, const char **cell)
{
    char *in = r->at, *out = r->at;
    const char *line_start = r->line_start;
    int64_t line = r->line;
    *cell = r->at;
    for (;;) {
        if (in == r->end)
            return fail(cx, ERR_INVALID, "%s: line %lld, column %ld: the quote that starts here does not end.",
                        r->name, (long long)line, column_of(line_start, *cell - 1));
        if (*in == '"' && in[1] != '"')
            break;
        char *start = in;
        if (*in == '"') { /* two quotes are one */
            start = in + 1;
            in += 2;
        } else if (!line_end(r, &in)) {
            in++;
        }
        memmove(out, start, (size_t)(in - start));
        out += in - start;
    }
    in++;
    if (in < r->end && *in != separator && *in != '\r' && *in != '\n')
        return fail(cx, ERR_INVALID, "%s: line %lld, column %ld: text follows a closing quote.", r->name,
                    (long long)r->line, column_of(r->line_start, in));
    r->at = in;
    *out = '\0'; /* at the closing quote or before it */
    return OK;
}

static void plain_cell(struct csv_reader *r, char separator, const char **cell)
{
    *cell = r->at;
    while (r->at < r->end && *r->at != separator && *r->at != '\r' && *r->at != '\n')
        r->at++;
}

/* One line of cells at r->at; what ends a cell is looked at before it is overwritten. */
static int read_row(struct ctx *cx, struct csv *csv)
{
    struct csv_reader *r = csv->reader;
    csv->n = 0;
    csv->line = r->line;
    for (bool last = false; !last;) {
        if (csv->n == CSV_COLUMNS)
            return fail(cx, ERR_LIMIT, "%s: line %lld has more than %d cells.", r->name,
                        (long long)csv->line, CSV_COLUMNS);
        const char **cell = &r->cells[csv->n++];
        if (*r->at == '"') {
            r->at++;
            TRY(quoted_cell(cx, r, csv->separator, cell));
        } else {
            plain_cell(r, csv->separator, cell);
        }
        char *stop = r->at;
        if (stop == r->end)
            break;
        last = *stop != csv->separator;
        if (last)
            line_end(r, &r->at);
        else
            r->at++;
        *stop = '\0';
    }
    return OK;
}

int csv_next(struct ctx *cx, struct csv *csv, bool *more)
{
    struct csv_reader *r = csv->reader;
    while (r->at < r->end) {
        TRY(read_row(cx, csv));
        for (size_t i = 0; i < csv->n; i++)
            if (csv->cells[i][strspn(csv->cells[i], " \t")]) {
                *more = true;
                return OK;
            }
    }
    csv->n = 0;
    *more = false;
    return OK;
}
