/* request.c - reading a request: target, query, cookies, language, what kind of answer is wanted. */
#include "base/id.h"
#include "base/str.h"
#include "http/internal.h"
#include "i18n/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

void pairs_add(struct arena *a, struct pairs *p, const char *name, const char *value)
{
    if (p->n == p->cap) {
        struct pair *more = arena_array(a, p->cap ? p->cap * 2 : 8, sizeof *more);
        if (p->n)
            memcpy(more, p->rows, p->n * sizeof *more);
        p->rows = more;
        p->cap = p->cap ? p->cap * 2 : 8;
    }
    p->rows[p->n++] = (struct pair){name, value};
}

const char *pairs_get(const struct pairs *p, const char *name, size_t nth)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->rows[i].name, name) == 0 && nth-- == 0)
            return p->rows[i].value;
    return NULL;
}

struct request *request_new(struct arena *a, struct ctx *cx)
{
    struct request *rq = arena_alloc(a, sizeof *rq);
    rq->cx = cx;
    rq->status = 200;
    rq->state = arena_alloc(a, sizeof *rq->state);
    rq->state->file = -1;
    rq->request_id = "";
    return rq;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

char *percent_decode(struct arena *a, const char *s, size_t n, bool plus, bool multiline)
{
    char *out = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (c == '%') {
            int high = i + 2 < n ? hex_digit(s[i + 1]) : -1;
            int low = i + 2 < n ? hex_digit(s[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (plus && c == '+')
            c = ' ';
        unsigned char u = (unsigned char)c;
        if ((u < ' ' && !(multiline && (u == '\n' || u == '\r' || u == '\t'))) || u == 127)
            return NULL;
        out[len++] = c;
    }
    return utf8_valid(out, len) ? out : NULL;
}

int urlencoded_read(struct ctx *cx, const char *s, size_t n, bool multiline, struct pairs *out)
{
    const char *end = s + n;
    while (s < end) {
        const char *amp = memchr(s, '&', (size_t)(end - s));
        const char *stop = amp ? amp : end;
        if (stop > s) {
            const char *eq = memchr(s, '=', (size_t)(stop - s));
            const char *name_end = eq ? eq : stop;
            char *name = percent_decode(cx->arena, s, (size_t)(name_end - s), true, false);
            char *value = eq ? percent_decode(cx->arena, eq + 1, (size_t)(stop - eq - 1), true, multiline)
                             : arena_strdup(cx->arena, "");
            if (!name || !value)
                return fail(cx, ERR_INVALID, "The request holds characters that are not allowed.");
            if (out->n >= MAX_PAIRS)
                return fail(cx, ERR_LIMIT, "The request has too many fields.");
            pairs_add(cx->arena, out, name, value);
        }
        s = amp ? amp + 1 : end;
    }
    return 0;
}

int request_read_target(struct request *rq, const char *target)
{
    struct ctx *cx = rq->cx;
    struct request_state *st = rq->state;
    st->target = target;
    size_t n = strcspn(target, "?");
    rq->path = percent_decode(cx->arena, target, n, false, false);
    if (!rq->path || target[0] != '/')
        return fail(cx, ERR_INVALID, "The request holds characters that are not allowed.");
    return target[n] ? urlencoded_read(cx, target + n + 1, strlen(target + n + 1), false, &st->query) : 0;
}

const char *rq_path(const struct request *rq, const char *name)
{
    return pairs_get(&rq->state->params, name, 0);
}

const char *rq_query(const struct request *rq, const char *name)
{
    return pairs_get(&rq->state->query, name, 0);
}

const char *rq_query_nth(const struct request *rq, const char *name, size_t n)
{
    return pairs_get(&rq->state->query, name, n);
}

const char *rq_header(const struct request *rq, const char *name)
{
    return rq->state->header ? rq->state->header(rq->state->connection, name) : NULL;
}

const char *rq_cookie(const struct request *rq, const char *name)
{
    const char *p = rq_header(rq, "Cookie");
    size_t n = strlen(name);
    while (p && *p) {
        while (*p == ' ' || *p == ';')
            p++;
        size_t len = strcspn(p, ";");
        if (len > n && p[n] == '=' && memcmp(p, name, n) == 0) {
            const char *value = p + n + 1;
            return percent_decode(rq->cx->arena, value, strcspn(value, "; "), false, false);
        }
        p += len;
    }
    return NULL;
}

int rq_path_id(struct request *rq, const char *name, int64_t *id)
{
    const char *text = rq_path(rq, name);
    if (!text || !id_parse(text, id))
        return fail(rq->cx, ERR_NOT_FOUND, "There is no such page.");
    return 0;
}

int64_t rq_query_int(const struct request *rq, const char *name, int64_t min, int64_t max, int64_t fallback)
{
    const char *text = rq_query(rq, name);
    int64_t v;
    return text && str_to_int(text, min, max, &v) ? v : fallback;
}

const struct file_part *rq_file(const struct request *rq, const char *field)
{
    for (size_t i = 0; i < rq->state->n_files; i++)
        if (strcmp(rq->state->files[i].field, field) == 0)
            return &rq->state->files[i];
    return NULL;
}

const char *rq_body(const struct request *rq, size_t *n)
{
    const struct buf *b = rq->state->body;
    *n = b ? b->len : 0;
    return b && b->len ? b->data : NULL;
}

const char *rq_once_key(struct request *rq)
{
    static const char HEX[] = "0123456789abcdef";
    const char *sent = pairs_get(&rq->state->fields, "once", 0);
    if (sent && strlen(sent) == 32 && strspn(sent, HEX) == 32)
        return sent;
    if (!rq->state->once) {
        unsigned char raw[16];
        char *key = arena_alloc(rq->cx->arena, 33);
        if (getrandom(raw, sizeof raw, 0) != (ssize_t)sizeof raw)
            die("the system gives no random numbers");
        for (size_t i = 0; i < sizeof raw; i++) {
            key[2 * i] = HEX[raw[i] >> 4];
            key[2 * i + 1] = HEX[raw[i] & 15];
        }
        rq->state->once = key;
    }
    return rq->state->once;
}

const char *rq_client(const struct request *rq)
{
    return rq->state->client;
}

bool rq_may(const struct request *rq, int permission)
{
    return permission == 0 ? rq->account.id != 0 : (rq->account.permissions >> permission & 1) != 0;
}

bool rq_in_scope(const struct request *rq, const int64_t *ids, size_t n)
{
    if (!rq->account.id)
        return false;
    if (!rq->account.n_territories)
        return true;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rq->account.n_territories; k++)
            if (ids[i] == rq->account.territories[k])
                return true;
    return false;
}

/* The quality of a media type in an Accept header, 0 where it is not named; wildcards do not count. */
static double accept_quality(const char *header, const char *type)
{
    size_t n = strlen(type);
    for (const char *p = header; p && *p;) {
        p += strspn(p, " ,");
        size_t len = strcspn(p, ",");
        if (len >= n && strncasecmp(p, type, n) == 0 && (len == n || strchr("; ", p[n]))) {
            const char *q = memmem(p, len, "q=", 2);
            return q ? strtod(q + 2, NULL) : 1;
        }
        p += len;
    }
    return 0;
}

void request_read_preferences(struct request *rq)
{
    const char *format = rq_query(rq, "format"), *accept = rq_header(rq, "Accept");
    double json = accept_quality(accept, "application/json");
    rq->wants_json = format ? strcmp(format, "json") == 0 : json > accept_quality(accept, "text/html");
    const char *asked = rq_query(rq, "lang");
    enum lang lang = asked ? lang_from_code(asked) : LANG_COUNT;
    if (lang == LANG_COUNT) {
        const char *cookie = rq_cookie(rq, "lang");
        lang = cookie ? lang_from_code(cookie) : LANG_COUNT;
    }
    if (lang == LANG_COUNT)
        lang = lang_from_accept(rq_header(rq, "Accept-Language"), LANG_KK);
    rq->cx->lang = lang;
    const char *forwarded =
        rq->state->options && rq->state->options->trust_proxy ? rq_header(rq, "X-Forwarded-For") : NULL;
    if (forwarded) { /* the last entry is the one our own proxy wrote */
        const char *last = strrchr(forwarded, ',');
        last = last ? last + 1 : forwarded;
        last += strspn(last, " ");
        snprintf(rq->state->client, sizeof rq->state->client, "%.*s", (int)strcspn(last, " "), last);
    }
}
