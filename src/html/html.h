/* html.h - what a template sees: escaping by place and type, raw HTML as a type of its own, and
 * the model of the layout. tools/tmplc.c writes the calls of html_put() and html_put_attr();
 * docs/templates.md describes the template language. */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include "base/buf.h"
#include "base/fields.h"
#include "http/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h> /* templates compare texts */

/* HTML that is already safe: the only type that a template prints without escaping. Made by a
 * template, by the Markdown renderer, or by html_raw() from a constant. */
struct html {
    const char *s;
    size_t n;
};
static inline struct html html_raw(const char *s, size_t n) { return (struct html){s, n}; }

/* Where in the page a value stands. */
enum html_context {
    HTML_TEXT,    /* between tags */
    HTML_ATTR,    /* in a quoted attribute */
    HTML_URL,     /* at the beginning of an attribute that is an address: the scheme is checked */
    HTML_URL_PART,/* later in such an attribute: percent-encoded, "/" stays */
    HTML_COMMENT,
};

/* Prints a value, escaped for its place. Types: text (NULL prints nothing), whole numbers (plain
 * digits; use fmt_int() for people), double (NaN prints nothing), opt_int and opt_num (absent prints
 * nothing), protected_count (the word "protected" where hidden), struct html (between tags only).
 * Any other type, bool among them, does not compile. */
#define html_put(rq, o, where, v) _Generic((v), HTML_TYPES_, struct html: html_put_raw)((rq), (o), (where), (v))
#define html_put_attr(rq, o, where, v) _Generic((v), HTML_TYPES_)((rq), (o), (where), (v))
#define HTML_TYPES_                                                                                \
    char *: html_put_text, const char *: html_put_text, int: html_put_int, long: html_put_int,     \
    long long: html_put_int, unsigned: html_put_int, unsigned short: html_put_int,                 \
    unsigned long: html_put_uint, unsigned long long: html_put_uint, double: html_put_num,         \
    float: html_put_num,                                                                           \
    struct opt_int: html_put_opt_int, struct opt_num: html_put_opt_num,                            \
    struct protected_count: html_put_count

void html_put_text(struct request *rq, struct buf *o, enum html_context where, const char *s);
void html_put_int(struct request *rq, struct buf *o, enum html_context where, int64_t v);
void html_put_uint(struct request *rq, struct buf *o, enum html_context where, uint64_t v);
void html_put_num(struct request *rq, struct buf *o, enum html_context where, double v);
void html_put_opt_int(struct request *rq, struct buf *o, enum html_context where, struct opt_int v);
void html_put_opt_num(struct request *rq, struct buf *o, enum html_context where, struct opt_num v);
void html_put_count(struct request *rq, struct buf *o, enum html_context where, struct protected_count v);
void html_put_raw(struct request *rq, struct buf *o, enum html_context where, struct html v);

/* The escapers themselves, for code that writes HTML or XML without a template (SVG charts). */
void html_escape(struct buf *o, const char *s, size_t n);
/* Percent-encodes all but unreserved characters; "/" stays. */
void html_percent_encode(struct buf *o, const char *s, size_t n);
/* Is it a relative address, or one of http, https, mailto and tel? */
bool html_url_is_safe(const char *url);

/* --- the layout: src/html/layout.html gets this as `const struct page *page` --- */

struct nav_entry {
    const char *label; /* translated */
    const char *path;
    bool current;
    int order;         /* 0-99 the main row, 100+ the second row */
};

struct page {
    const char *title;      /* translated; NULL: only the product's name */
    const char *nav;        /* path of the current nav item */
    struct html body;       /* the rendered page */
    const struct nav_entry *nav_items;
    size_t n_nav;
    unsigned flags;         /* VIEW_BARE, VIEW_WIDE */
    const char *script;     /* address of the island this page needs, "/assets/map-1a2b.js"; NULL: none */
    const char *notice;     /* a sentence shown once; NULL: none */
    const char *self;       /* path and query of this page without lang, for the language switch */
    struct html lang_switch;/* made by html/lang_switch.html */
    const char *institution;/* its name today; NULL: the product's name stands alone */
    const char *place;      /* the region's name; NULL: none */
    bool search;            /* who asks may search */
    bool demo;              /* the region's data is a demonstration: said on every page */
    bool own_calendar;      /* the demonstration's today is not the machine's: said with the mark */
    const char *today;      /* ISO date, printed on paper below the page; NULL: none */
};

/* The address of an asset by its plain name: "app.css" -> "/assets/app-1a2b3c4d.css"; "" where there
 * is none. Constant text, or in the request's arena. (http/static.c) */
const char *asset_url(struct request *rq, const char *name);

/* Templates call this to choose their own title (a record's name) instead of the view's. */
void page_title(struct request *rq, const char *title);

#endif
