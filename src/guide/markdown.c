/* markdown.c - libcmark behind markdown.h; no other file includes it.
 *
 * The library writes the blocks; headings are written here, because they get an id to be linked to. Its safe mode
 * (the default) leaves out raw HTML and javascript: addresses. */
#include "guide/markdown.h"

#include "base/arena.h"
#include "base/vec.h"

#include <cmark.h>
#include <stdlib.h>

struct heading_list { VEC(struct markdown_heading) all; };
struct link_list { VEC(const char *) all; };

static void add_rendered(struct buf *o, cmark_node *node)
{
    char *html = cmark_render_html(node, CMARK_OPT_DEFAULT);
    buf_puts(o, html);
    free(html);
}

/* The words of a block, without marks. */
static const char *plain_text(struct arena *a, cmark_node *block)
{
    struct buf *b = buf_new(a, 0);
    cmark_iter *it = cmark_iter_new(block);
    for (cmark_event_type e; (e = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *n = cmark_iter_get_node(it);
        cmark_node_type type = cmark_node_get_type(n);
        if (e == CMARK_EVENT_ENTER && (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE))
            buf_puts(b, cmark_node_get_literal(n));
        else if (e == CMARK_EVENT_ENTER && (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK))
            buf_putc(b, ' ');
    }
    cmark_iter_free(it);
    return b->data;
}

static void add_heading(struct arena *a, struct buf *o, cmark_node *node, struct heading_list *headings)
{
    int level = cmark_node_get_heading_level(node);
    struct markdown_heading h = {plain_text(a, node), arena_printf(a, "s%zu", headings->all.n + 1)};
    if (level == 2)
        vec_push(a, &headings->all, h);
    buf_printf(o, "<h%d", level);
    if (level == 2)
        buf_printf(o, " id=\"%s\"", h.anchor);
    buf_putc(o, '>');
    for (cmark_node *c = cmark_node_first_child(node); c; c = cmark_node_next(c))
        add_rendered(o, c);
    buf_printf(o, "</h%d>\n", level);
}

static void collect_links(struct arena *a, cmark_node *root, struct link_list *links)
{
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type e; (e = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *n = cmark_iter_get_node(it);
        if (e == CMARK_EVENT_ENTER && cmark_node_get_type(n) == CMARK_NODE_LINK)
            vec_push(a, &links->all, arena_strdup(a, cmark_node_get_url(n)));
    }
    cmark_iter_free(it);
}

void markdown_render(struct arena *a, const char *text, size_t n, struct markdown_page *out)
{
    struct heading_list headings = {0};
    struct link_list links = {0};
    struct buf *o = buf_new(a, 0);
    cmark_node *root = cmark_parse_document(text, n, CMARK_OPT_VALIDATE_UTF8);
    *out = (struct markdown_page){.title = "", .lead = ""};
    for (cmark_node *c = cmark_node_first_child(root); c; c = cmark_node_next(c)) {
        bool heading = cmark_node_get_type(c) == CMARK_NODE_HEADING;
        if (heading && !*out->title && !o->len)
            out->title = plain_text(a, c);
        else if (heading)
            add_heading(a, o, c, &headings);
        else
            add_rendered(o, c);
        if (!heading && !*out->lead && cmark_node_get_type(c) == CMARK_NODE_PARAGRAPH)
            out->lead = plain_text(a, c);
    }
    collect_links(a, root, &links);
    cmark_node_free(root);
    out->body = html_raw(o->data, o->len);
    out->contents.rows = headings.all.rows;
    out->contents.n = headings.all.n;
    out->links.rows = links.all.rows;
    out->links.n = links.all.n;
}
