/* xml.c - see xml.h. The only file that knows expat. */
#include "base/xml.h"

#include "base/arena.h"
#include "base/str.h"

#include <expat.h>
#include <limits.h>

enum { DEPTH = 64, MAX_ATTRS = 256 };

struct walk {
    struct ctx *cx;
    const char *what;
    XML_Parser parser;
    const struct xml_events *events;
    void *arg;
    int depth, max_depth;
    size_t nodes, max_nodes;
    int rc; /* what stopped the walk */
};

static void stop(struct walk *w, int rc)
{
    w->rc = rc;
    XML_StopParser(w->parser, XML_FALSE);
}

/* expat joins namespace and name by a line feed, which no name can hold. */
static const char *split_name(const char *full, char *ns, size_t size)
{
    const char *nl = strchr(full, '\n');
    snprintf(ns, size, "%.*s", nl ? (int)(nl - full) : 0, full);
    return nl ? nl + 1 : full;
}

static void XMLCALL on_start(void *arg, const XML_Char *full, const XML_Char **pairs)
{
    struct walk *w = arg;
    struct xml_attr attrs[MAX_ATTRS];
    char ns[256], spaces[MAX_ATTRS][64];
    size_t n = 0;
    if (w->rc)
        return;
    for (; pairs[n * 2] && n < MAX_ATTRS; n++) {
        attrs[n].name = split_name(pairs[n * 2], spaces[n], sizeof spaces[n]);
        attrs[n].ns = spaces[n];
        attrs[n].value = pairs[n * 2 + 1];
    }
    w->nodes += 1 + n;
    if (++w->depth > w->max_depth || w->nodes > w->max_nodes || n == MAX_ATTRS) {
        stop(w, fail(w->cx, ERR_LIMIT, "%s holds too much: stopped at line %lu.", w->what,
                     XML_GetCurrentLineNumber(w->parser)));
        return;
    }
    const char *name = split_name(full, ns, sizeof ns);
    int rc = w->events->start ? w->events->start(w->arg, ns, name, attrs, n) : OK;
    if (rc)
        stop(w, rc);
}

static void XMLCALL on_end(void *arg, const XML_Char *full)
{
    struct walk *w = arg;
    char ns[256];
    if (w->rc)
        return;
    w->depth--;
    const char *name = split_name(full, ns, sizeof ns);
    int rc = w->events->end ? w->events->end(w->arg, ns, name) : OK;
    if (rc)
        stop(w, rc);
}

static void XMLCALL on_text(void *arg, const XML_Char *s, int n)
{
    struct walk *w = arg;
    int rc = w->rc || !w->events->text ? OK : w->events->text(w->arg, s, (size_t)n);
    if (rc)
        stop(w, rc);
}

static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int internal)
{
    struct walk *w = arg;
    (void)name, (void)sysid, (void)pubid, (void)internal;
    stop(w, fail(w->cx, ERR_INVALID, "%s has a document type declaration, which is not accepted.",
                 w->what));
}

static void set_events(struct walk *w)
{
    XML_SetUserData(w->parser, w);
    XML_SetElementHandler(w->parser, on_start, on_end);
    XML_SetCharacterDataHandler(w->parser, on_text);
    XML_SetStartDoctypeDeclHandler(w->parser, on_doctype);
}

int xml_walk(struct ctx *cx, const char *what, const char *data, size_t n,
             const struct xml_limits *limits, const struct xml_events *events, void *arg)
{
    struct xml_limits l = limits ? *limits : (struct xml_limits){0};
    size_t max = l.bytes ? l.bytes : (size_t)16 << 20;
    if (n > max || n > INT_MAX)
        return fail(cx, ERR_LIMIT, "%s is larger than %zu bytes.", what, max);
    struct walk w = {.cx = cx, .what = what, .events = events, .arg = arg,
                     .max_depth = l.depth ? l.depth : DEPTH,
                     .max_nodes = l.nodes ? l.nodes : 1000000};
    w.parser = XML_ParserCreateNS(NULL, '\n');
    if (!w.parser)
        die("out of memory");
    set_events(&w);
    enum XML_Status status = XML_Parse(w.parser, data, (int)n, 1);
    int rc = w.rc;
    if (!rc && status != XML_STATUS_OK)
        rc = fail(cx, ERR_INVALID, "%s is not correct XML: line %lu, column %lu.", what,
                  XML_GetCurrentLineNumber(w.parser), XML_GetCurrentColumnNumber(w.parser) + 1);
    XML_ParserFree(w.parser);
    return rc;
}

const char *xml_attr_find(const struct xml_attr *attrs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(attrs[i].name, name))
            return attrs[i].value;
    return NULL;
}

/* --- tree --- */

/* While the tree grows, each open element remembers its last child. */
struct open_element {
    struct xml *x, *last;
    struct open_element *outer;
};

struct builder {
    struct arena *a;
    struct ctx *cx;
    struct xml *root;
    struct open_element *at;
    struct buf *text; /* collected since the last tag */
};

static void append(struct builder *b, struct xml *x)
{
    if (!b->at) {
        b->root = x;
        return;
    }
    x->parent = b->at->x;
    if (b->at->last)
        b->at->last->next = x;
    else
        b->at->x->first = x;
    b->at->last = x;
}

static void flush_text(struct builder *b)
{
    if (b->text->len == 0 || !b->at)
        return;
    struct xml *x = arena_alloc(b->a, sizeof *x);
    x->text = arena_strndup(b->a, b->text->data, b->text->len);
    append(b, x);
    buf_reset(b->text);
}

static int tree_start(void *arg, const char *ns, const char *name, const struct xml_attr *attrs, size_t n)
{
    struct builder *b = arg;
    flush_text(b);
    struct xml *x = arena_alloc(b->a, sizeof *x);
    x->name = arena_strdup(b->a, name);
    x->ns = arena_strdup(b->a, ns);
    x->n_attrs = n;
    x->attrs = arena_array(b->a, n, sizeof *x->attrs);
    for (size_t i = 0; i < n; i++)
        x->attrs[i] = (struct xml_attr){arena_strdup(b->a, attrs[i].name),
                                        arena_strdup(b->a, attrs[i].ns),
                                        arena_strdup(b->a, attrs[i].value)};
    append(b, x);
    struct open_element *open = arena_alloc(b->a, sizeof *open);
    *open = (struct open_element){x, NULL, b->at};
    b->at = open;
    return OK;
}

static int tree_end(void *arg, const char *ns, const char *name)
{
    struct builder *b = arg;
    (void)ns, (void)name;
    flush_text(b);
    b->at = b->at->outer;
    return OK;
}

static int tree_text(void *arg, const char *s, size_t n)
{
    buf_put(((struct builder *)arg)->text, s, n);
    return OK;
}

static void free_arena(void *a)
{
    arena_free(a);
}

int xml_parse(struct ctx *cx, const char *what, const char *data, size_t n,
              const struct xml_limits *limits, struct xml **root)
{
    static const struct xml_events EVENTS = {tree_start, tree_end, tree_text};
    size_t nodes = limits && limits->nodes ? limits->nodes : 1000000;
    /* an element takes less than 400 bytes; its texts and namespaces are bounded by the next two */
    struct arena *a = arena_new(nodes * 1024 + n * 4 + (1 << 20));
    arena_defer(cx->arena, free_arena, a);
    struct builder b = {.a = a, .cx = cx, .text = buf_new(a, n + 1)};
    TRY(xml_walk(cx, what, data, n, limits, &EVENTS, &b));
    *root = b.root;
    return OK;
}

struct xml *xml_next(const struct xml *x, const char *name)
{
    for (x = x ? x->next : NULL; x; x = x->next)
        if (x->name && (!name || str_eq(x->name, name)))
            return (struct xml *)(uintptr_t)x;
    return NULL;
}

struct xml *xml_child(const struct xml *x, const char *name)
{
    struct xml before = {.next = x ? x->first : NULL};
    return xml_next(&before, name);
}

const char *xml_get(const struct xml *x, const char *name)
{
    return x ? xml_attr_find(x->attrs, x->n_attrs, name) : NULL;
}

static void collect_text(struct buf *b, const struct xml *x)
{
    if (!x->name)
        buf_puts(b, x->text);
    for (const struct xml *child = x->first; child; child = child->next)
        collect_text(b, child);
}

const char *xml_text(struct arena *a, const struct xml *x)
{
    if (!x)
        return "";
    struct buf *b = buf_new(a, 0);
    collect_text(b, x);
    return b->data;
}

/* --- writing --- */

void xml_escape(struct buf *b, const char *s)
{
    for (size_t n = strlen(s), i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        size_t len = utf8_length(s + i, n - i);
        bool outside = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || str_starts(s + i, "\xEF\xBF\xBE") ||
                       str_starts(s + i, "\xEF\xBF\xBF");
        if (len == 0 || outside)
            buf_puts(b, "\xEF\xBF\xBD");
        else if (c == '&')
            buf_puts(b, "&amp;");
        else if (c == '<')
            buf_puts(b, "&lt;");
        else if (c == '>')
            buf_puts(b, "&gt;");
        else if (c == '"')
            buf_puts(b, "&quot;");
        else if (c == '\'')
            buf_puts(b, "&#39;");
        else if (c == '\r')
            buf_puts(b, "&#13;");
        else
            buf_put(b, s + i, len);
        i += len ? len : 1;
    }
}

void xml_begin(struct xml_writer *w, struct buf *out)
{
    *w = (struct xml_writer){.out = out};
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
}

static void end_start_tag(struct xml_writer *w)
{
    if (w->open)
        buf_putc(w->out, '>');
    w->open = false;
}

void xml_open(struct xml_writer *w, const char *name)
{
    if (w->depth == sizeof w->names / sizeof *w->names)
        die("XML: too many levels at <%s>", name);
    end_start_tag(w);
    buf_printf(w->out, "<%s", name);
    w->names[w->depth++] = name;
    w->open = true;
}

void xml_attr(struct xml_writer *w, const char *name, const char *value)
{
    if (!w->open)
        die("XML: attribute %s outside of a start tag", name);
    if (!value)
        return;
    buf_printf(w->out, " %s=\"", name);
    xml_escape(w->out, value);
    buf_putc(w->out, '"');
}

void xml_attr_int(struct xml_writer *w, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    xml_attr(w, name, text);
}

void xml_put(struct xml_writer *w, const char *text)
{
    end_start_tag(w);
    xml_escape(w->out, text);
}

void xml_close(struct xml_writer *w)
{
    if (w->depth == 0)
        die("XML: nothing to close");
    const char *name = w->names[--w->depth];
    if (w->open)
        buf_puts(w->out, "/>");
    else
        buf_printf(w->out, "</%s>", name);
    w->open = false;
}

void xml_element(struct xml_writer *w, const char *name, const char *text)
{
    xml_open(w, name);
    if (text && *text)
        xml_put(w, text);
    xml_close(w);
}
