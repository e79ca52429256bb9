/* The guide: every page in all three languages, the same sections in each, every link and every named button real. */
#include "tap.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/str.h"
#include "guide/guide.h"
#include "guide/markdown.h"
#include "http/internal.h"
#include "i18n/i18n.h"

static struct arena *arena;
static struct ctx cx;
static struct router *router;

static struct markdown_page page_of(const char *name, enum lang lang)
{
    struct markdown_page p = {0};
    const char *text;
    size_t n;
    cx.lang = lang;
    if (guide_text(&cx, name, &text, &n) == 0)
        markdown_render(arena, text, n, &p);
    return p;
}

/* Does a link of ours lead to a page? */
static bool leads(const char *url)
{
    struct pairs params = {0};
    const char *allow;
    int err = 0;
    if (str_starts(url, "https://") || *url == '#')
        return true;
    if (str_starts(url, "/guide/")) {
        for (size_t i = 0; GUIDE_PAGES[i]; i++)
            if (str_eq(GUIDE_PAGES[i], url + strlen("/guide/")))
                return true;
        return false;
    }
    return *url == '/' && router_find(router, arena, HTTP_GET, url, strcspn(url, "?#"), &params, &allow, &err) && !err;
}

static bool links_lead(const struct markdown_page *p)
{
    bool all = true;
    for (size_t i = 0; i < p->links.n; i++)
        if (!leads(p->links.rows[i])) {
            printf("# %s\n", p->links.rows[i]);
            all = false;
        }
    return all;
}

/* {{Word}} must be a text of the program, so translated. */
static bool words_are_known(const char *name, enum lang lang)
{
    const struct embedded *e = embedded_find(arena_printf(arena, "guide/%s/%s.md", lang_code(lang), name));
    bool all = true;
    for (const char *s = e ? strstr((const char *)e->data, "{{") : NULL; s; s = strstr(s + 2, "{{")) {
        const char *end = strstr(s, "}}");
        const char *word = end ? arena_strndup(arena, s + 2, (size_t)(end - s - 2)) : s;
        if (!end || i18n_lookup(LANG_KK, word) == word || i18n_lookup(LANG_RU, word) == word) {
            printf("# %.60s\n", word);
            all = false;
        }
    }
    return all;
}

static void test_page(const char *name)
{
    struct markdown_page kk = page_of(name, LANG_KK);
    for (int l = 0; l < LANG_COUNT; l++) {
        struct markdown_page p = page_of(name, (enum lang)l);
        const char *where = arena_printf(arena, "%s/%s", lang_code((enum lang)l), name);
        ok(!str_empty(p.title) && !str_empty(p.lead), arena_printf(arena, "%s is there, with a title and a first sentence", where));
        ok(p.contents.n == kk.contents.n && p.links.n == kk.links.n,
           arena_printf(arena, "%s has the sections and links of the Kazakh page", where));
        ok(links_lead(&p), arena_printf(arena, "every link of %s leads somewhere", where));
        ok(words_are_known(name, (enum lang)l), arena_printf(arena, "every button that %s names is in the program", where));
    }
}

static void test_markdown(void)
{
    static const char TEXT[] = "# A *title*\n\nLead.\n\n## One & two\n\n<script>alert(1)</script>\n\n[bad](javascript:alert(1)) [good](/map)\n";
    struct markdown_page p;
    markdown_render(arena, TEXT, sizeof TEXT - 1, &p);
    is_str(p.title, "A title", "the first heading is the title");
    is_str(p.lead, "Lead.", "the first paragraph is the lead");
    ok(strstr(p.body.s, "<h2 id=\"s1\">One &amp; two</h2>") != NULL, "a heading can be linked to");
    ok(p.contents.n == 1 && str_eq(p.contents.rows[0].title, "One & two"), "and stands in the contents");
    ok(!strstr(p.body.s, "<script") && !strstr(p.body.s, "javascript:"), "raw HTML and script addresses are dropped");
    is_int(p.links.n, 2, "links are collected");
}

static void test_words(void)
{
    const char *text;
    size_t n;
    cx.lang = LANG_KK;
    ok(guide_text(&cx, "start", &text, &n) == 0 && strstr(text, arena_printf(arena, "**%s**", T(&cx, "Sign in"))) != NULL,
       "the words of buttons are those of the reader's language");
    ok(guide_text(&cx, "nothing", &text, &n) == ERR_NOT_FOUND, "a page that does not exist is not found");
}

int main(void)
{
    arena = arena_new(0);
    cx = (struct ctx){.arena = arena, .translate = i18n_lookup};
    size_t n = 0;
    while (modules[n])
        n++;
    const struct route **tables = arena_array(arena, n + 2, sizeof *tables);
    size_t filled = 0;
    for (size_t i = 0; i < n; i++)
        if (modules[i]->routes)
            tables[filled++] = modules[i]->routes;
    tables[filled] = HTTP_ROUTES;
    router = router_new(arena, tables);
    test_markdown();
    test_words();
    for (size_t i = 0; GUIDE_PAGES[i]; i++)
        test_page(GUIDE_PAGES[i]);
    test_page("about");
    arena_free(arena);
    return done();
}
