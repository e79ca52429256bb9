/* made by tools/tmplc.c from tests/templates/page.html */
#include "tests/templates/page_html.h"
#include "i18n/i18n.h"

void tests_templates_page_html(struct request *rq, struct buf *o, const void *model)
{
    struct ctx *cx = rq->cx;
    (void)cx;
#line 2 "tests/templates/page.html"
    const struct view *m = model;
    (void)m;
    buf_put(o, "<h1 class=\"big\">", 16);
#line 4 "tests/templates/page.html"
    html_put(rq, o, HTML_TEXT, (T(cx, "Register of \"disputes\"\?")));
    buf_put(o, "</h1>\n", 6);
#line 6 "tests/templates/page.html"
    for (unsigned i = 0; i < m->flags; i++) {
    buf_put(o, "   <a href=\"", 12);
#line 7 "tests/templates/page.html"
    html_put_attr(rq, o, HTML_URL, (m->nav));
    buf_put(o, "\?page=", 6);
#line 7 "tests/templates/page.html"
    html_put_attr(rq, o, HTML_URL_PART, (i));
    buf_put(o, "\" title=\"", 9);
#line 8 "tests/templates/page.html"
    html_put_attr(rq, o, HTML_ATTR, (m->title));
    buf_put(o, "\" ", 2);
#line 8 "tests/templates/page.html"
    if (i == 3)
        buf_puts(o, " hidden");
    buf_put(o, ">", 1);
#line 8 "tests/templates/page.html"
    html_put(rq, o, HTML_TEXT, (m->name));
    buf_put(o, "</a>\n", 5);
#line 9 "tests/templates/page.html"
    }
#line 10 "tests/templates/page.html"
    if (m->script) {
    buf_put(o, "<img src=\"", 10);
#line 10 "tests/templates/page.html"
    if (m->nav) {
#line 10 "tests/templates/page.html"
    html_put_attr(rq, o, HTML_URL, (m->nav));
#line 10 "tests/templates/page.html"
    } else {
#line 10 "tests/templates/page.html"
    html_put_attr(rq, o, HTML_URL, (m->script));
#line 10 "tests/templates/page.html"
    }
    buf_put(o, "\" alt=\"\">", 9);
#line 10 "tests/templates/page.html"
    }
    buf_put(o, "\n"
        "<!-- ", 6);
#line 11 "tests/templates/page.html"
    html_put_attr(rq, o, HTML_COMMENT, (m->name));
    buf_put(o, " -->\n"
        "<textarea name=\"t\">\n"
        "  two  blanks\n"
        "</textarea>\n"
        "<script src=\"/assets/", 72);
#line 15 "tests/templates/page.html"
    html_put_attr(rq, o, HTML_URL_PART, (m->script));
    buf_put(o, "\" defer></script>\n", 18);
}
