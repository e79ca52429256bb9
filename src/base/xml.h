/* xml.h - XML: reading with limits, as events or as a small tree; writing with escapes.
 *
 * A document type declaration is refused: with it go entities of one's own, expansion bombs and
 * references to other files. Names of elements and attributes come without prefix, the namespace beside them. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/buf.h"
#include "base/ctx.h"

struct xml_limits {
    size_t bytes; /* of the text; 0: 16 MB */
    int depth;    /* nested elements; 0: 64 */
    size_t nodes; /* elements and attributes; 0: 1,000,000 */
};

struct xml_attr {
    const char *name, *ns, *value; /* ns "" where there is none */
};

/* --- events --- */
struct xml_events {
    /* A non-zero return (already recorded by fail()) stops the walk. Each may be NULL. */
    int (*start)(void *arg, const char *ns, const char *name, const struct xml_attr *attrs, size_t n);
    int (*end)(void *arg, const char *ns, const char *name);
    int (*text)(void *arg, const char *s, size_t n); /* may come in pieces */
};
/* Walks over a whole text; what the events are given lives until they return. `what` is named in
 * messages ("xl/workbook.xml"). ERR_INVALID with line and column, ERR_LIMIT. */
int xml_walk(struct ctx *cx, const char *what, const char *data, size_t n,
             const struct xml_limits *limits, const struct xml_events *events, void *arg);

/* The value of an attribute in an event; NULL where absent. */
const char *xml_attr_find(const struct xml_attr *attrs, size_t n, const char *name);

/* --- tree --- */
struct xml {
    const char *name, *ns;  /* name NULL: this is text */
    const char *text;       /* of a text node */
    struct xml_attr *attrs;
    size_t n_attrs;
    struct xml *first, *next, *parent; /* first child, next sibling */
    int line;
};
/* limits NULL: the defaults. The tree ends with cx->arena, but does not count to its ceiling. */
int xml_parse(struct ctx *cx, const char *what, const char *data, size_t n,
              const struct xml_limits *limits, struct xml **root);
/* The first child element of that name; the next sibling element of that name (name NULL: any). */
struct xml *xml_child(const struct xml *x, const char *name);
struct xml *xml_next(const struct xml *x, const char *name);
/* An attribute's value; NULL where absent. */
const char *xml_get(const struct xml *x, const char *name);
/* All text inside, in order; "" for NULL. */
const char *xml_text(struct arena *a, const struct xml *x);

/* --- writing --- */
/* Text with & < > and quotes escaped; what XML cannot hold (control characters, broken UTF-8) becomes U+FFFD. */
void xml_escape(struct buf *b, const char *s);

struct xml_writer {
    struct buf *out;
    bool open; /* a start tag waits for attributes or its end */
    int depth;
    const char *names[64];
};
/* Starts with the XML declaration. Names are kept, not copied. */
void xml_begin(struct xml_writer *w, struct buf *out);
void xml_open(struct xml_writer *w, const char *name);
void xml_attr(struct xml_writer *w, const char *name, const char *value); /* NULL writes none */
void xml_attr_int(struct xml_writer *w, const char *name, int64_t value);
void xml_put(struct xml_writer *w, const char *text);
void xml_close(struct xml_writer *w); /* of the innermost element; <x/> where it is empty */
/* An element with text only; NULL writes an empty one. */
void xml_element(struct xml_writer *w, const char *name, const char *text);

#endif
