/* html.c - the escapers behind html.h. */
#include "html/html.h"

#include "i18n/i18n.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void html_escape(struct buf *o, const char *s, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *as;
        switch (s[i]) {
        case '&': as = "&amp;"; break;
        case '<': as = "&lt;"; break;
        case '>': as = "&gt;"; break;
        case '"': as = "&quot;"; break;
        case '\'': as = "&#39;"; break;
        case '\0': as = "\xEF\xBF\xBD"; break;
        default: continue;
        }
        buf_put(o, s + from, i - from);
        buf_puts(o, as);
        from = i + 1;
    }
    buf_put(o, s + from, n - from);
}

void html_percent_encode(struct buf *o, const char *s, size_t n)
{
    static const char HEX[] = "0123456789ABCDEF";
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            (c && strchr("-._~/", c)))
            buf_putc(o, (char)c);
        else
            buf_put(o, (char[]){'%', HEX[c >> 4], HEX[c & 15]}, 3);
    }
}

bool html_url_is_safe(const char *url)
{
    static const char *const SCHEMES[] = {"http", "https", "mailto", "tel"};
    /* Browsers skip leading blanks and control characters anywhere in the scheme: none are allowed. */
    for (const char *p = url; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 127)
            return false;
    size_t scheme = strcspn(url, ":/?#");
    if (url[scheme] != ':')
        return !(url[0] == '/' && (url[1] == '/' || url[1] == '\\')) && url[0] != '\\';
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++)
        if (strlen(SCHEMES[i]) == scheme && strncasecmp(url, SCHEMES[i], scheme) == 0)
            return true;
    return false;
}

void html_put_text(struct request *rq, struct buf *o, enum html_context where, const char *s)
{
    (void)rq;
    if (!s)
        return;
    switch (where) {
    case HTML_TEXT:
    case HTML_ATTR:
        html_escape(o, s, strlen(s));
        break;
    case HTML_URL:
        if (html_url_is_safe(s))
            html_escape(o, s, strlen(s));
        else
            buf_puts(o, "#unsafe-address");
        break;
    case HTML_URL_PART:
        html_percent_encode(o, s, strlen(s));
        break;
    case HTML_COMMENT:
        for (; *s; s++)
            buf_putc(o, *s == '-' || *s == '<' || *s == '>' || *s == '!' ? '.' : *s);
        break;
    }
}

void html_put_int(struct request *rq, struct buf *o, enum html_context where, int64_t v)
{
    (void)rq;
    (void)where;
    buf_printf(o, "%" PRId64, v);
}

void html_put_uint(struct request *rq, struct buf *o, enum html_context where, uint64_t v)
{
    (void)rq;
    (void)where;
    buf_printf(o, "%" PRIu64, v);
}

void html_put_num(struct request *rq, struct buf *o, enum html_context where, double v)
{
    (void)rq;
    (void)where;
    if (isfinite(v))
        buf_printf(o, "%.15g", v);
}

void html_put_opt_int(struct request *rq, struct buf *o, enum html_context where, struct opt_int v)
{
    if (v.has)
        html_put_int(rq, o, where, v.value);
}

void html_put_opt_num(struct request *rq, struct buf *o, enum html_context where, struct opt_num v)
{
    if (v.has)
        html_put_num(rq, o, where, v.value);
}

void html_put_count(struct request *rq, struct buf *o, enum html_context where, struct protected_count v)
{
    if (!v.hidden && where == HTML_TEXT)
        html_put_text(rq, o, where, fmt_int(rq->cx, v.value));
    else if (!v.hidden)
        html_put_int(rq, o, where, v.value);
    else if (where == HTML_TEXT) {
        buf_puts(o, "<span class=\"protected\">");
        html_put_text(rq, o, where, T(rq->cx, "protected"));
        buf_puts(o, "</span>");
    } else
        html_put_text(rq, o, where, T(rq->cx, "protected"));
}

void html_put_raw(struct request *rq, struct buf *o, enum html_context where, struct html v)
{
    (void)rq;
    (void)where;
    buf_put(o, v.s, v.n);
}
