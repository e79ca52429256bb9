/* text.c - see text.h. */
#include "report/text.h"

#include "base/arena.h"
#include "base/buf.h"
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

const char *text_clean(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, 0);
    size_t left = s ? strlen(s) : 0;
    while (left) {
        size_t n = utf8_length(s, left);
        if (n && allowed(utf8_value((const unsigned char *)s, n)))
            buf_put(&b, s, n);
        else
            buf_puts(&b, "\xef\xbf\xbd");
        s += n ? n : 1;
        left -= n ? n : 1;
    }
    const char *copy = arena_strndup(a, b.data, b.len);
    buf_free(&b);
    return copy;
}
