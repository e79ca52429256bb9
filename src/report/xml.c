/* xml.c - see xml.h. */
#include "report/xml.h"

#include "base/arena.h"

#include <stdint.h>
#include <string.h>

/* Decodes one character of s into *c and returns its length; 0: not valid UTF-8. */
static size_t utf8_char(const unsigned char *s, uint32_t *c)
{
    if (s[0] < 0x80) {
        *c = s[0];
        return 1;
    }
    size_t n = s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : 0;
    if (!n)
        return 0;
    uint32_t v = s[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (s[i] & 0x3fu);
    }
    if ((n == 3 && v < 0x800) || (n == 4 && (v < 0x10000 || v > 0x10ffff)) || (v >= 0xd800 && v <= 0xdfff))
        return 0;
    *c = v;
    return n;
}

static bool allowed(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0x7f && c != 0xfffe && c != 0xffff);
}

static void write_clean(struct buf *b, const char *s, bool escape)
{
    static const char REPLACEMENT[] = "\xef\xbf\xbd";
    const unsigned char *p = (const unsigned char *)(s ? s : "");
    while (*p) {
        uint32_t c;
        size_t n = utf8_char(p, &c);
        if (!n || !allowed(c))
            buf_puts(b, REPLACEMENT);
        else if (escape && c == '&')
            buf_puts(b, "&amp;");
        else if (escape && c == '<')
            buf_puts(b, "&lt;");
        else if (escape && c == '>')
            buf_puts(b, "&gt;");
        else if (escape && c == '"')
            buf_puts(b, "&quot;");
        else if (escape && c == '\'')
            buf_puts(b, "&#39;");
        else
            buf_put(b, p, n);
        p += n ? n : 1;
    }
}

void xml_text(struct buf *b, const char *s)
{
    write_clean(b, s, true);
}

const char *xml_clean(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, 0);
    write_clean(&b, s, false);
    const char *copy = arena_strndup(a, b.data, b.len);
    buf_free(&b);
    return copy;
}
