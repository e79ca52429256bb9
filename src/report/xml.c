/* xml.c - see xml.h. */
#include "report/xml.h"

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>
#include <string.h>

static uint32_t utf8_value(const unsigned char *s, size_t n)
{
    uint32_t v = n == 1 ? s[0] : s[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        v = v << 6 | (s[i] & 0x3fu);
    return v;
}

static bool allowed(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0x7f && c != 0xfffe && c != 0xffff);
}

static void write_clean(struct buf *b, const char *s, bool escape)
{
    static const char REPLACEMENT[] = "\xef\xbf\xbd";
    const unsigned char *p = (const unsigned char *)(s ? s : "");
    size_t left = strlen((const char *)p);
    while (left) {
        size_t n = utf8_length((const char *)p, left);
        uint32_t c = n ? utf8_value(p, n) : 0;
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
        left -= n ? n : 1;
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
