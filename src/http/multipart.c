/* multipart.c - a streaming reader of multipart/form-data (RFC 7578, RFC 2046).
 *
 * Bytes come in pieces of any size; names and data of the parts go on to a sink as they come. Only
 * one line of header or one unfinished boundary is ever kept. Strict: what is not multipart/form-data as
 * browsers send it is refused, and a body without its closing boundary is incomplete. */
#include "base/str.h"
#include "http/internal.h"

#include <string.h>
#include <strings.h>

enum { MAX_LINE = 4096, MAX_BOUNDARY = 70, MAX_HEADERS = 10 };
enum phase { PREAMBLE, HEADERS, DATA, AFTER_BOUNDARY, EPILOGUE };

struct multipart {
    struct arena *arena;
    struct multipart_sink sink;
    enum phase phase;
    char boundary[MAX_BOUNDARY + 5]; /* "\r\n--" and the boundary */
    size_t boundary_len;
    size_t matched; /* bytes of the boundary seen at the end of the data so far */
    char line[MAX_LINE];
    size_t line_len;
    int headers;
    const char *name, *filename, *type;
};

/* The value of a parameter of a header, quoted or not; NULL: absent or malformed. */
static const char *header_param(struct arena *a, const char *header, const char *param)
{
    size_t n = strlen(param);
    for (const char *p = strchr(header, ';'); p; p = strchr(p, ';')) {
        p += 1 + strspn(p + 1, " \t");
        bool found = strncasecmp(p, param, n) == 0 && p[n] == '=';
        p += strcspn(p, "=;");
        if (*p != '=')
            continue;
        if (*++p != '"') {
            size_t len = strcspn(p, "; \t");
            if (found)
                return arena_strndup(a, p, len);
            continue;
        }
        char *out = arena_alloc(a, strlen(p)), *to = out;
        for (p++; *p && *p != '"'; p++) {
            if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
                p++;
            *to++ = *p;
        }
        if (*p != '"')
            return NULL;
        if (found)
            return out;
    }
    return NULL;
}

struct multipart *multipart_new(struct arena *a, const char *content_type, const struct multipart_sink *sink)
{
    const char *boundary = header_param(a, content_type, "boundary");
    size_t n = boundary ? strlen(boundary) : 0;
    if (strncasecmp(content_type, "multipart/form-data", 19) || !n || n > MAX_BOUNDARY)
        return NULL;
    struct multipart *m = arena_alloc(a, sizeof *m);
    m->arena = a;
    m->sink = *sink;
    memcpy(m->boundary, "\r\n--", 4);
    memcpy(m->boundary + 4, boundary, n);
    m->boundary_len = n + 4;
    m->matched = 2; /* the first boundary has no line end before it */
    return m;
}

bool multipart_complete(const struct multipart *m)
{
    return m->phase == EPILOGUE;
}

/* Browsers write quotes and line ends in names as %22, %0D, %0A; anything else is literal UTF-8. */
static const char *clean_name(struct arena *a, const char *s)
{
    if (!s || !utf8_valid(s, strlen(s)))
        return NULL;
    char *out = arena_strdup(a, s), *to = out;
    for (const char *p = s; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 127)
            return NULL;
        if (strncmp(p, "%22", 3) == 0) {
            *to++ = '"';
            p += 2;
        } else
            *to++ = *p;
    }
    *to = '\0';
    return out;
}

static int header_line(struct multipart *m)
{
    m->line[m->line_len] = '\0';
    if (memchr(m->line, '\0', m->line_len) || ++m->headers > MAX_HEADERS)
        return ERR_INVALID;
    if (strncasecmp(m->line, "Content-Disposition:", 20) == 0) {
        const char *v = m->line + 20 + strspn(m->line + 20, " \t");
        if (strncasecmp(v, "form-data", 9) || m->name)
            return ERR_INVALID;
        m->name = clean_name(m->arena, header_param(m->arena, v, "name"));
        const char *filename = header_param(m->arena, v, "filename");
        m->filename = clean_name(m->arena, filename);
        if (!m->name || (filename && !m->filename))
            return ERR_INVALID;
    } else if (strncasecmp(m->line, "Content-Type:", 13) == 0)
        m->type = arena_strdup(m->arena, m->line + 13 + strspn(m->line + 13, " \t"));
    else if (strncasecmp(m->line, "Content-Transfer-Encoding:", 26) == 0 && !strcasestr(m->line, "binary") &&
             !strcasestr(m->line, "8bit") && !strcasestr(m->line, "7bit"))
        return ERR_INVALID;
    return 0;
}

/* One byte of the headers of a part. */
static int feed_header(struct multipart *m, char c)
{
    if (c != '\n') {
        if (m->line_len == MAX_LINE - 1)
            return ERR_LIMIT;
        m->line[m->line_len++] = c;
        return 0;
    }
    if (!m->line_len || m->line[m->line_len - 1] != '\r')
        return ERR_INVALID;
    m->line_len--;
    int rc = 0;
    if (m->line_len)
        rc = header_line(m);
    else if (!m->name)
        rc = ERR_INVALID;
    else {
        m->phase = DATA;
        m->matched = 0;
        rc = m->sink.begin(m->sink.arg, m->name, m->filename, m->type);
    }
    m->line_len = 0;
    return rc;
}

/* What follows a boundary: a line end, or "--" at the end of all. */
static int feed_after(struct multipart *m, char c)
{
    m->line[m->line_len++] = c;
    if (m->line_len < 2)
        return c == '\r' || c == '-' ? 0 : ERR_INVALID;
    if (m->line[0] == '\r' && c == '\n') {
        m->phase = HEADERS;
        m->headers = 0;
        m->name = m->filename = m->type = NULL;
    } else if (m->line[0] == '-' && c == '-')
        m->phase = EPILOGUE;
    else
        return ERR_INVALID;
    m->line_len = 0;
    return 0;
}

static int data_out(struct multipart *m, const char *bytes, size_t n)
{
    return n && m->phase == DATA ? m->sink.data(m->sink.arg, bytes, n) : 0;
}

/* Data up to the next boundary; *used bytes are dealt with. The boundary's first byte, \r, stands
 * nowhere else in it, so a failed match can only begin again at the failing byte. What lies between is handed on in
 * one piece: a file of nothing but \r must not cost a call a byte. */
static int feed_data(struct multipart *m, const char *bytes, size_t n, size_t *used)
{
    size_t i = 0, early = m->matched; /* bytes of an unfinished boundary that came before this piece */
    while (i < n) {
        if (m->matched == 0) {
            const char *cr = memchr(bytes + i, '\r', n - i);
            i = cr ? (size_t)(cr - bytes) : n;
            if (i == n)
                break;
        }
        if (bytes[i] == m->boundary[m->matched]) {
            i++;
            if (++m->matched < m->boundary_len)
                continue;
            enum phase was = m->phase;
            TRY(data_out(m, bytes, i - (m->boundary_len - early)));
            m->phase = AFTER_BOUNDARY;
            m->line_len = 0;
            *used = i;
            return was == DATA ? m->sink.end(m->sink.arg) : 0;
        }
        if (m->phase == PREAMBLE)
            return ERR_INVALID; /* no browser sends text before the first boundary */
        TRY(data_out(m, m->boundary, early));
        early = m->matched = 0;
    }
    TRY(data_out(m, bytes, i - (m->matched - early)));
    *used = i;
    return 0;
}

int multipart_feed(struct multipart *m, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t used = 1;
        switch (m->phase) {
        case PREAMBLE:
        case DATA:
            TRY(feed_data(m, bytes + i, n - i, &used));
            break;
        case HEADERS:
            TRY(feed_header(m, bytes[i]));
            break;
        case AFTER_BOUNDARY:
            TRY(feed_after(m, bytes[i]));
            break;
        case EPILOGUE:
            return 0;
        }
        i += used;
    }
    return 0;
}
