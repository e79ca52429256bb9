/* pages.h - the models of the guide's pages. */
#ifndef GUIDE_PAGES_H
#define GUIDE_PAGES_H

#include "guide/markdown.h"

#include "http/view.h"

struct guide_entry {
    const char *page, *title, *lead;
};
struct guide_index {
    struct { struct guide_entry *rows; size_t n; } pages;
};
struct guide_page {
    struct guide_entry here;
    const char *text; /* Markdown, for programs */
    struct markdown_page page;
    const struct guide_entry *before, *after; /* NULL: the first, the last */
    const char *version;                      /* of the program; NULL: not on this page */
};

#endif
