/* markdown.h - Markdown to HTML that is safe to show: raw HTML and dangerous addresses in it are dropped. */
#ifndef GUIDE_MARKDOWN_H
#define GUIDE_MARKDOWN_H

#include "base/ctx.h"
#include "html/html.h"

struct markdown_heading {
    const char *title, *anchor; /* "s3": the id of the heading */
};

struct markdown_page {
    const char *title, *lead; /* the first heading and the first paragraph as plain text; "" where there is none */
    struct html body;         /* everything but the first heading */
    struct { struct markdown_heading *rows; size_t n; } contents; /* the headings of level 2 */
    struct { const char **rows; size_t n; } links;                /* all addresses in it, for tests */
};

/* All memory is the arena's. */
void markdown_render(struct arena *a, const char *text, size_t n, struct markdown_page *out);

#endif
