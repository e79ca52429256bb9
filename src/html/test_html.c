/* test_html.c - what a template prints is safe at its place. */
#include "base/arena.h"
#include "html/field_html.h"
#include "html/html.h"
#include "html/pager_html.h"
#include "http/components.h"
#include "http/internal.h"
#include "i18n/i18n.h"
#include "tap.h"

static struct arena *arena;
static struct ctx cx;
static struct request *rq;

static const char *text(enum html_context where, const char *s)
{
    struct buf *o = buf_new(arena, 0);
    html_put_attr(rq, o, where, s);
    return o->data;
}

static void test_places(void)
{
    is_str(text(HTML_TEXT, "<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;", "text is escaped");
    is_str(text(HTML_ATTR, "\"><script>"), "&quot;&gt;&lt;script&gt;", "an attribute cannot be left");
    is_str(text(HTML_TEXT, NULL), "", "NULL prints nothing");
    is_str(text(HTML_URL_PART, "a b/қ?&\""), "a%20b/%D2%9B%3F%26%22", "a part of an address is percent-encoded");
    is_str(text(HTML_COMMENT, "--><b>"), "....b.", "a comment cannot be left");
    static const char *const SAFE[] = {"/a?b=1&c=2#d", "a/b", "", "?page=2", "#top", "https://a.kz/x", "HTTP://a.kz", "mailto:a@b.kz", "tel:+7"};
    for (size_t i = 0; i < sizeof SAFE / sizeof *SAFE; i++)
        ok(html_url_is_safe(SAFE[i]), "an address that is let through");
    static const char *const UNSAFE[] = {"javascript:alert(1)", "JaVaScript:x", " javascript:x", "java\nscript:x", "\x01javascript:x",
                                         "data:text/html,x", "vbscript:x", "//evil.example", "/\\evil.example", "\\\\evil", "file:///etc"};
    for (size_t i = 0; i < sizeof UNSAFE / sizeof *UNSAFE; i++)
        is_str(text(HTML_URL, UNSAFE[i]), "#unsafe-address", "an address that is not");
    is_str(text(HTML_URL, "/a?b=1&c=\"2"), "/a?b=1&amp;c=&quot;2", "a safe address is escaped as an attribute");
}

static void test_types(void)
{
    struct buf *o = buf_new(arena, 0);
    html_put(rq, o, HTML_TEXT, 7);
    html_put(rq, o, HTML_TEXT, (size_t)8);
    html_put(rq, o, HTML_TEXT, (int64_t)-9);
    html_put(rq, o, HTML_TEXT, 0.1);
    html_put(rq, o, HTML_TEXT, NAN);
    html_put(rq, o, HTML_TEXT, ((struct opt_int){false, 5}));
    html_put(rq, o, HTML_TEXT, opt_num(2.5));
    html_put(rq, o, HTML_TEXT, html_raw("<b>", 3));
    is_str(o->data, "78-90.12.5<b>", "each type in its form; what is absent prints nothing");
    buf_reset(o);
    html_put(rq, o, HTML_TEXT, ((struct protected_count){true, 0}));
    is_str(o->data, "<span class=\"protected\">protected</span>", "a hidden count is a word");
    buf_reset(o);
    html_put(rq, o, HTML_TEXT, ((struct protected_count){false, 12}));
    is_str(o->data, "12", "a shown one a number");
}

struct values { const char *what; };
static const struct form_choice KINDS[] = {{"land", "Land"}, {"water", "Water \"1\""}, {NULL, NULL}};
static const struct form_field FIELDS[] = {
    {.name = "what", .type = FORM_TEXT, .label = "Subject <1>", .hint = "In short", .required = true, .max = 50, .offset = 0},
    {.name = "note", .type = FORM_TEXTAREA, .label = "Note", .offset = 0},
    {.name = "kind", .type = FORM_CHOICE, .label = "Kind", .choices = KINDS, .offset = 0},
    {.name = "side", .type = FORM_RADIO, .label = "Side", .choices = KINDS, .offset = 0},
    {.name = "key", .type = FORM_HIDDEN, .offset = 0},
    {.name = "secret", .type = FORM_PASSWORD, .label = "Password", .offset = 0},
    {.name = NULL},
};
static const struct form FORM = {FIELDS, sizeof(struct values)};

static const char *field(const char *name)
{
    struct buf *o = buf_new(arena, 0);
    html_field_html(rq, o, &FORM, name);
    return o->data;
}

static void test_fields(void)
{
    const char *s = field("what");
    ok(strstr(s, "<label for=\"what\">Subject &lt;1&gt;</label>") && strstr(s, "aria-describedby=\"what-hint\"") &&
           strstr(s, "maxlength=\"50\"") && strstr(s, " required") && !strstr(s, "field-error"),
       "a field has its label, hint and limits");
    form_preset(rq, &FORM, "note", "\n</textarea><script>");
    ok(strstr(field("note"), "&lt;/textarea&gt;&lt;script&gt;</textarea>"), "what was typed cannot leave its control");
    form_preset(rq, &FORM, "kind", "water");
    ok(strstr(field("kind"), "<option value=\"water\"  selected>Water &quot;1&quot;</option>") &&
           !strstr(field("kind"), "value=\"land\"  selected"), "the chosen entry of a list is marked");
    form_preset(rq, &FORM, "side", "land");
    ok(strstr(field("side"), "<fieldset id=\"side\"") && strstr(field("side"), "value=\"land\"  checked>"), "so is the chosen button");
    form_preset(rq, &FORM, "key", "k");
    is_str(field("key"), "<input type=\"hidden\" name=\"key\" value=\"k\">\n", "a hidden field has no label");
    form_preset(rq, &FORM, "secret", "hunter2");
    ok(!strstr(field("secret"), "hunter2"), "a password is never shown again");
}

static void test_pager(void)
{
    request_read_target(rq, "/disputes?state=open&page=2");
    struct pager p = component_pager(rq, 45, 20);
    struct buf *o = buf_new(arena, 0);
    html_pager_html(rq, o, p);
    ok(strstr(o->data, "href=\"/disputes?state=open&amp;page=1\"") && strstr(o->data, "href=\"/disputes?state=open&amp;page=3\"") &&
           strstr(o->data, "21–40 of 45"), "a pager leads back and on, with the list's filter");
    buf_reset(o);
    html_pager_html(rq, o, component_pager(rq, 20, 20));
    is_str(o->data, "", "one page has no pager");
}

int main(void)
{
    arena = arena_new(0);
    cx = (struct ctx){.arena = arena, .lang = LANG_EN, .translate = i18n_lookup};
    rq = request_new(arena, &cx);
    request_read_target(rq, "/");
    test_places();
    test_types();
    test_fields();
    test_pager();
    arena_free(arena);
    return done();
}
