/* test_tmplc.c - the template compiler: a golden output, and all that it must refuse, with its line.
 * Runs from the repository's root. */
#define TMPLC_LIBRARY 1
#include "../../tools/tmplc.c"

#include "tap.h"

static char error[1024];

/* Compiles a text; true: accepted. *code (may be NULL) gets the C text, to be freed. */
static bool compile(const char *html, size_t n, const char *file, char **code)
{
    struct text h = {0}, c = {0};
    error[0] = '\0';
    bool good = tmplc_compile(file, html, n, &h, &c, error, sizeof error);
    free(h.s);
    if (code)
        *code = c.s;
    else
        free(c.s);
    return good;
}

static char *slurp(const char *name, size_t *n)
{
    FILE *f = fopen(name, "rb");
    char *s = calloc(1, 1 << 16);
    *n = f && s ? fread(s, 1, (1 << 16) - 1, f) : 0;
    if (f)
        fclose(f);
    return s;
}

static void test_golden(void)
{
    size_t n, want_n;
    char *html = slurp("tests/templates/page.html", &n),
         *want = slurp("tests/templates/page.golden.c", &want_n), *code;
    ok(n && want_n, "the golden files are there");
    ok(compile(html, n, "tests/templates/page.html", &code), "a template with all tags compiles");
    is_str(code, want, "to the golden C text");
    free(html);
    free(want);
    free(code);
}

/* Each is refused at line 2 (line 1 is the head) with these words. */
static const struct {
    const char *body, *words;
} BAD[] = {
    {"<script src=\"/a.js\">alert(<%= x %>)</script>", "no body"},
    {"<script src=\"/a.js\"> <%= x %></script>", "inside <script>"},
    {"<script>f()</script>", "without src="},
    {"<style>p{}</style>", "<style> is not allowed"},
    {"<p style=\"color:red\">", "style= is not allowed"},
    {"<p onclick=\"f()\">", "onclick= would be script"},
    {"<p ONCLICK='f()'>", "onclick= would be script"},
    {"<p hx-on:click=\"f()\">", "hx-on:click= would be script"},
    {"<iframe srcdoc=\"<%= x %>\">", "srcdoc= is not allowed"},
    {"<a href=<%= x %>>", "needs quotes"},
    {"<a class=a<%= x %>>", "needs quotes"},
    {"<a <%= x %>>", "may not make attributes"},
    {"<<%= x %>>", "tag or attribute name"},
    {"<a cl<%= x %>=\"\">", "tag or attribute name"},
    {"<a href=\"javascript:f()\">", "not allowed in href="},
    {"<a href='JavaScript:<%= x %>'>", "not allowed in href="},
    {"<a href=\"<%t Text %>\">", "cannot be an address"},
    {"a < b", "write &lt;"},
    {"<% if (x) %>", "must end in"},
    {"<% f() %>", "must end in"},
    {"<% x = \"; %>", "does not end"},
    {"<% // note; %>", "write comments as"},
    {"<% if (x) { %><a href=\"<% } %>", "not where it was"},
    {"<% if (x) { %><b class=\"a\"<% } %>>", "not where it was"},
    {"<% if (x) { %><pre><% } %>", "not where it was"},
    {"<% } %>", "} without {"},
    {"<% if (x) { %>", "is not closed"},
    {"<a href=\"x", "ends inside a tag"},
    {"<!-- x", "ends inside a tag"},
    {"<textarea>", "ends inside a tag"},
    {"</pre>", "without <pre>"},
    {"<%= %>", "without a value"},
    {"<%t %>", "without a text"},
    {"<% %>", "an empty tag"},
    {"<%foo %>", "unknown tag"},
    {"<%= x", "does not end"},
    {"<%-- x %>", "does not end"},
    {"<%? checked x %>", "between attributes only"},
    {"<p <%? checked %>>", "write <%? word condition %>"},
    {"<p <%? onclick x %>>", "not allowed"},
    {"<%args int n%>", "has one"},
    {"<%include \"a.h\"%>", "stands at the top"},
    {"<p \"x\">", "unexpected"},
    {"<p class=>", "has no value"},
};

static void test_refused(void)
{
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        char html[300];
        int n = snprintf(html, sizeof html, "<%%args int x%%>\n%s", BAD[i].body);
        bool good = compile(html, (size_t)n, "src/a/b.html", NULL);
        if (!ok(!good && strncmp(error, "src/a/b.html:2: error: ", 23) == 0 && strstr(error, BAD[i].words),
                BAD[i].body))
            printf("#   says %s\n", error);
    }
    ok(!compile("<p>", 3, "x.html", NULL) && strstr(error, "begins with"),
       "a template without head is refused");
    ok(!compile("", 0, "x.html", NULL) && strstr(error, "empty"), "an empty one too");
    ok(!compile("<%view int m%>", 14, "x.html", NULL), "a model is a pointer to a struct");
    ok(!compile("<%args%>a\0b", 11, "x.html", NULL) && strstr(error, "NUL"), "a NUL byte is refused");
}

static void test_accepted(void)
{
    static const char *const GOOD[] = {
        "<% switch (x) { %><% case 1: %>a<% break; %><% default: %>b<% } %>",
        "<a <% if (x) { %>class=\"on\"<% } else { %>class=\"off\"<% } %>>y</a>",
        "<p class=\"<% if (x) { %>on<% } %>\">",
        "<input disabled value='<%= x %>'>",
        "<svg viewBox=\"0 0 1 1\"><path d=\"m1 1\"/></svg>",
        "<% f(\"}{\", '}', '\\''); /* } */ %>",
        "<input type=text>",
        "<b>1 &lt; 2</b>",
        "<!-- <b> -->",
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        char html[300];
        int n = snprintf(html, sizeof html, "<%%args int x%%>%s", GOOD[i]);
        if (!ok(compile(html, (size_t)n, "src/a/b.html", NULL), GOOD[i]))
            printf("#   says %s\n", error);
    }
    char *code;
    const char *html =
        "<%args int x%>\n<a href=\"<% if (x) { %><%= a %><% } else { %><%= b %><% } %>/<%= c %>\">";
    compile(html, strlen(html), "b.html", &code);
    ok(strstr(code, "HTML_URL, (a)") && strstr(code, "HTML_URL, (b)") && strstr(code, "HTML_URL_PART, (c)"),
       "each branch of an address begins it, what follows continues it");
    free(code);
}

int main(void)
{
    test_golden();
    test_refused();
    test_accepted();
    return done();
}
