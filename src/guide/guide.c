/* guide.c - the guide's pages: which there are, finding and showing them in the reader's language. */
#include "guide/guide.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/str.h"
#include "base/version.h"
#include "guide/index_html.h"
#include "guide/page_html.h"
#include "guide/pages.h"
#include "i18n/i18n.h"

#include <string.h>

const char *const GUIDE_PAGES[] = {"start", "map", "registry", "dispute", "case", "research", "visits", "quarter",
                                   "proposals", "protection", "administration", "demonstration", NULL};
static const char ABOUT[] = "about"; /* beside the guide: /about */

/* Puts the program's own words in the place of {{English text}}. */
static void put_words(struct ctx *cx, struct buf *out, const char *s, const char *end)
{
    while (s < end) {
        const char *open = memmem(s, (size_t)(end - s), "{{", 2);
        const char *close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;
        if (!close) {
            buf_put(out, s, (size_t)(end - s));
            return;
        }
        buf_put(out, s, (size_t)(open - s));
        buf_printf(out, "**%s**", T(cx, arena_strndup(cx->arena, open + 2, (size_t)(close - open - 2))));
        s = close + 2;
    }
}

int guide_text(struct ctx *cx, const char *page, const char **text, size_t *n)
{
    const struct embedded *e = embedded_find(arena_printf(cx->arena, "guide/%s/%s.md", lang_code(cx->lang), page));
    if (!e)
        return fail(cx, ERR_NOT_FOUND, "The guide has no such page.");
    struct buf *out = buf_new(cx->arena, 0);
    put_words(cx, out, (const char *)e->data, (const char *)e->data + e->len);
    *text = out->data;
    *n = out->len;
    return OK;
}

/* May the reader open a page of the program? What no fixed address matches is let through. */
static bool may_open(struct request *rq, const char *path, size_t len)
{
    for (size_t i = 0; modules[i]; i++)
        for (const struct route *r = modules[i]->routes; r && r->pattern; r++)
            if (r->method == HTTP_GET && strlen(r->pattern) == len && memcmp(r->pattern, path, len) == 0)
                return (r->flags & ROUTE_PUBLIC) || (rq->account.id && (!r->need || rq_may(rq, r->need)));
    return true;
}

/* Leaves only the words of links to pages that the reader may not open: the guide tells everybody of every page. */
static const char *drop_links(struct request *rq, const char *text)
{
    struct buf *out = buf_new(rq->cx->arena, strlen(text) + 1);
    for (const char *at = text, *link; *at; ) {
        link = strstr(at, "](/");
        const char *open = link ? memrchr(at, '[', (size_t)(link - at)) : NULL;
        const char *end = link ? strchr(link, ')') : NULL;
        if (!open || !end) {
            buf_puts(out, at);
            break;
        }
        bool keep = may_open(rq, link + 2, strcspn(link + 2, "?#)"));
        buf_put(out, at, (size_t)((keep ? end + 1 : open) - at));
        if (!keep)
            buf_put(out, open + 1, (size_t)(link - open - 1));
        at = end + 1;
    }
    return out->data ? out->data : "";
}

static int load(struct request *rq, const char *page, struct guide_entry *entry, struct markdown_page *p, const char **text)
{
    size_t n;
    TRY(guide_text(rq->cx, page, text, &n));
    *text = drop_links(rq, *text);
    markdown_render(rq->cx->arena, *text, strlen(*text), p);
    *entry = (struct guide_entry){page, p->title, p->lead};
    return OK;
}

static const struct field_desc ENTRY_FIELDS[] = {
    FIELD(guide_entry, page, TEXT), FIELD(guide_entry, title, TEXT), FIELD(guide_entry, lead, TEXT)};
static ROW_DESC(ENTRY, "guide_entry", guide_entry, ENTRY_FIELDS);
static const struct field_desc PAGE_FIELDS[] = {
    FIELD_AS("page", guide_page, here.page, TEXT), FIELD_AS("title", guide_page, here.title, TEXT),
    FIELD(guide_page, text, TEXT), FIELD(guide_page, version, TEXT)};
static ROW_DESC(PAGE, "guide_page", guide_page, PAGE_FIELDS);

static const struct view_part INDEX_PARTS[] = {{"pages", VIEW_LIST, offsetof(struct guide_index, pages), &ENTRY}, {0}};
static const struct view INDEX_VIEW = {.name = "guide", .title = N_("Guide"), .html = guide_index_html, .parts = INDEX_PARTS};
static const struct view_part PAGE_PARTS[] = {{"page", VIEW_ROW, 0, &PAGE}, {0}};
static const struct view PAGE_VIEW = {.name = "guide_page", .title = N_("Guide"), .html = guide_page_html, .parts = PAGE_PARTS};

static int get_index(struct request *rq)
{
    struct guide_index m = {0};
    while (GUIDE_PAGES[m.pages.n])
        m.pages.n++;
    m.pages.rows = arena_array(rq->cx->arena, m.pages.n, sizeof *m.pages.rows);
    for (size_t i = 0; i < m.pages.n; i++) {
        struct markdown_page p;
        const char *text;
        TRY(load(rq, GUIDE_PAGES[i], &m.pages.rows[i], &p, &text));
    }
    return respond_view(rq, &INDEX_VIEW, &m);
}

/* The page beside this one, or NULL. */
static int neighbour(struct request *rq, const char *page, const struct guide_entry **out)
{
    struct guide_entry *e = arena_alloc(rq->cx->arena, sizeof *e);
    struct markdown_page p;
    const char *text;
    *out = NULL;
    if (!page)
        return OK;
    TRY(load(rq, page, e, &p, &text));
    *out = e;
    return OK;
}

static int get_page(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct guide_page m = {0};
    const char *page = rq_path(rq, "page");
    size_t i = 0;
    while (GUIDE_PAGES[i] && !str_eq(GUIDE_PAGES[i], page))
        i++;
    if (!GUIDE_PAGES[i])
        return fail(cx, ERR_NOT_FOUND, "The guide has no such page.");
    TRY(load(rq, GUIDE_PAGES[i], &m.here, &m.page, &m.text));
    TRY(neighbour(rq, i ? GUIDE_PAGES[i - 1] : NULL, &m.before));
    TRY(neighbour(rq, GUIDE_PAGES[i + 1], &m.after));
    page_title(rq, m.here.title);
    return respond_view(rq, &PAGE_VIEW, &m);
}

static int get_about(struct request *rq)
{
    struct guide_page m = {.version = PROGRAM_VERSION};
    TRY(load(rq, ABOUT, &m.here, &m.page, &m.text));
    page_title(rq, m.here.title);
    return respond_view(rq, &PAGE_VIEW, &m);
}

static const struct route ROUTES[] = {
    {HTTP_GET, "/guide", get_index, 0, ROUTE_PUBLIC | ROUTE_MEMO, NULL, &INDEX_VIEW, N_("The guide: all pages")},
    {HTTP_GET, "/guide/{page}", get_page, 0, ROUTE_PUBLIC | ROUTE_MEMO, NULL, &PAGE_VIEW, N_("A page of the guide")},
    {HTTP_GET, "/about", get_about, 0, ROUTE_PUBLIC | ROUTE_MEMO, NULL, &PAGE_VIEW, N_("About the program: version, licences, sources")},
    {0}};

const struct module guide_module = {.name = "guide", .title = N_("Guide"), .routes = ROUTES};
