/* tmplc.c - compiles an HTML template to a C function.
 *
 *     tmplc src/mediation/register.html out.h out.c
 *
 * makes mediation_register_html(). The language (docs/templates.md has examples):
 *
 *   <%include "mediation/pages.h"%>        a C header that the template needs; at the top
 *   <%view struct mediation_register *m%>  the model: f(rq, o, const void *model), for struct view
 *   <%args const char *label, int n%>      instead of view: a partial f(rq, o, label, n)
 *   <% C statement; %>                     must end in ; { } or :
 *   <%= expr %>                            a value, escaped for its place and C type (html/html.h)
 *   <%t Text to translate %>               T(cx, "Text to translate"), escaped; white space collapses
 *   <%? selected expr %>                   between attributes: the bare word where expr is true
 *   <%-- comment --%>                      not in the output
 *
 * Names in C code: rq, o, cx. "%>" ends a tag wherever it stands. The compiler follows the state of
 * the HTML and refuses (file:line) values where no escaping is safe: in <script>, in an unquoted
 * attribute, in a tag or attribute name; and what the content security policy forbids anyway: script
 * bodies, <style>, style= and on*= attributes, javascript: addresses. At every closing brace the
 * HTML state must be that of its opening brace, so the place of a value never depends on a branch. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum place {
    TEXT,
    TAG_OPEN,
    TAG_NAME,
    TAG,
    ATTR_NAME,
    ATTR_EQUALS,
    QUOTED,
    UNQUOTED,
    COMMENT,
    DECLARATION,
    SCRIPT
};

struct state { /* where in the HTML we are */
    enum place place;
    char quote;      /* QUOTED: " or ' */
    bool closing;    /* in a closing tag */
    bool has_src;    /* of the open <script> */
    bool url_start;  /* QUOTED address: nothing of it written yet */
    int keep_blanks; /* depth of <pre> and <textarea> */
    char tag[24], attr[48];
};

struct text {
    char *s;
    size_t n, cap;
};

enum { MAX_DEPTH = 64 };

struct tmpl {
    const char *file, *src;
    size_t len, pos;
    int line;
    bool begun; /* the function's head is written */
    struct state st;
    struct state open[MAX_DEPTH]; /* the state at each open brace */
    int open_line[MAX_DEPTH], depth;
    struct text *h, *c, lit; /* header, code, literal not yet written */
    char function[256];
    char *error;
    size_t error_size;
    bool failed;
};

static void put(struct text *t, const char *s, size_t n)
{
    if (t->n + n + 1 > t->cap) {
        t->cap = (t->n + n + 1) * 2 + 256;
        t->s = realloc(t->s, t->cap);
        if (!t->s)
            abort();
    }
    if (n)
        memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = '\0';
}

static void putz(struct text *t, const char *s)
{
    put(t, s, strlen(s));
}

__attribute__((format(printf, 2, 3))) static void putf(struct text *t, const char *fmt, ...)
{
    char small[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n > 0)
        put(t, small, (size_t)n < sizeof small ? (size_t)n : sizeof small - 1);
}

/* Keeps the first error; everything stops soon after it. */
__attribute__((format(printf, 2, 3))) static void refuse(struct tmpl *t, const char *fmt, ...)
{
    if (t->failed)
        return;
    t->failed = true;
    int n = snprintf(t->error, t->error_size, "%s:%d: error: ", t->file, t->line);
    va_list ap;
    va_start(ap, fmt);
    if (n > 0 && (size_t)n < t->error_size)
        vsnprintf(t->error + n, t->error_size - (size_t)n, fmt, ap);
    va_end(ap);
}

/* A C string literal, long texts in several pieces. */
static void put_c_string(struct text *out, const char *s, size_t n)
{
    putz(out, "\"");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '\n')
            putz(out, "\\n");
        else if (c == '"' || c == '\\' || c == '?') /* ? could begin a trigraph */
            put(out, (char[]){'\\', (char)c}, 2);
        else if (c < ' ' || c == 127)
            putf(out, "\\%03o", c);
        else
            put(out, s + i, 1);
        if (c == '\n' && i + 1 < n)
            putz(out, "\"\n        \"");
    }
    putz(out, "\"");
}

static void line_mark(struct tmpl *t, int line)
{
    putf(t->c, "#line %d ", line);
    put_c_string(t->c, t->file, strlen(t->file));
    putz(t->c, "\n");
}

static void flush_literal(struct tmpl *t)
{
    if (!t->lit.n)
        return;
    putz(t->c, "    buf_put(o, ");
    put_c_string(t->c, t->lit.s, t->lit.n);
    putf(t->c, ", %zu);\n", t->lit.n);
    t->lit.n = 0;
}

/* --- the HTML state -------------------------------------------------------------------------- */

static bool one_of(const char *s, const char *const *list)
{
    for (; *list; list++)
        if (strcasecmp(s, *list) == 0)
            return true;
    return false;
}

static bool attr_is_url(const char *name)
{
    static const char *const URLS[] = {
        "href",     "src",        "action",      "formaction",     "poster", "cite",    "data",
        "manifest", "background", "ping",        "xlink:href",     "hx-get", "hx-post", "hx-put",
        "hx-patch", "hx-delete",  "hx-push-url", "hx-replace-url", NULL};
    return one_of(name, URLS);
}

static void append_name(struct tmpl *t, char *name, size_t size, char c)
{
    size_t n = strlen(name);
    if (n + 1 >= size)
        refuse(t, "the name \"%s...\" is too long", name);
    else
        name[n] = (char)tolower((unsigned char)c);
}

static void tag_named(struct tmpl *t)
{
    if (strcmp(t->st.tag, "style") == 0)
        refuse(t, "<style> is not allowed: put it into a style sheet");
    if (strcmp(t->st.tag, "plaintext") == 0 || strcmp(t->st.tag, "xmp") == 0)
        refuse(t, "<%s> is not allowed", t->st.tag);
}

static void attr_named(struct tmpl *t)
{
    static const char *const FORBIDDEN[] = {"style", "srcdoc", "hx-vars", NULL};
    const char *name = t->st.attr;
    if (one_of(name, FORBIDDEN))
        refuse(t, "the attribute %s= is not allowed", name);
    if (strncmp(name, "on", 2) == 0 || strncmp(name, "hx-on", 5) == 0)
        refuse(t, "the attribute %s= would be script in the page: put it into a script file", name);
    if (strcmp(t->st.tag, "script") == 0 && strcmp(name, "src") == 0)
        t->st.has_src = true;
}

static void tag_ends(struct tmpl *t)
{
    struct state *st = &t->st;
    bool blanks = strcmp(st->tag, "pre") == 0 || strcmp(st->tag, "textarea") == 0;
    if (blanks)
        st->keep_blanks += st->closing ? -1 : 1;
    if (st->keep_blanks < 0)
        refuse(t, "</%s> without <%s>", st->tag, st->tag);
    st->place = TEXT;
    if (strcmp(st->tag, "script") == 0 && !st->closing) {
        if (!st->has_src)
            refuse(t, "<script> without src=: put the script into a file");
        st->place = SCRIPT;
    }
    st->tag[0] = st->attr[0] = '\0';
    st->closing = st->has_src = false;
}

static bool src_at(const struct tmpl *t, const char *s)
{
    size_t n = strlen(s);
    return t->len - t->pos >= n && strncasecmp(t->src + t->pos, s, n) == 0;
}

static void step_tag_open(struct tmpl *t, char c)
{
    struct state *st = &t->st;
    if (c == '/' && !st->closing)
        st->closing = true;
    else if (isalpha((unsigned char)c)) {
        st->place = TAG_NAME;
        st->tag[0] = '\0';
        memset(st->tag, 0, sizeof st->tag);
        append_name(t, st->tag, sizeof st->tag, c);
    } else if (c == '!' && !st->closing)
        st->place = src_at(t, "!--") ? COMMENT : DECLARATION;
    else
        refuse(t, "\"<\" begins no tag here: write &lt;");
}

static void step_in_tag(struct tmpl *t, char c)
{
    struct state *st = &t->st;
    bool blank = isspace((unsigned char)c), named = st->place == TAG_NAME || st->place == ATTR_NAME;
    if (named && !blank && c != '>' && c != '/' && c != '=') {
        if (c == '"' || c == '\'' || c == '<')
            refuse(t, "unexpected %c in a tag", c);
        append_name(t, st->place == TAG_NAME ? st->tag : st->attr,
                    st->place == TAG_NAME ? sizeof st->tag : sizeof st->attr, c);
        return;
    }
    if (st->place == TAG_NAME)
        tag_named(t);
    if (st->place == ATTR_NAME)
        attr_named(t);
    if (c == '>')
        tag_ends(t);
    else if (c == '=' && st->attr[0])
        st->place = ATTR_EQUALS;
    else if (blank || c == '/')
        st->place = TAG;
    else if (c == '"' || c == '\'' || c == '<' || c == '=')
        refuse(t, "unexpected %c in a tag", c);
    else {
        st->place = ATTR_NAME;
        memset(st->attr, 0, sizeof st->attr);
        append_name(t, st->attr, sizeof st->attr, c);
    }
}

static void step_attr_equals(struct tmpl *t, char c)
{
    struct state *st = &t->st;
    if (isspace((unsigned char)c))
        return;
    if (c == '"' || c == '\'') {
        st->place = QUOTED;
        st->quote = c;
        st->url_start = attr_is_url(st->attr);
        if (st->url_start && (t->pos + 1 < t->len)) {
            t->pos++;
            if (src_at(t, "javascript:") || src_at(t, "vbscript:") || src_at(t, "data:text"))
                refuse(t, "this kind of address is not allowed in %s=", st->attr);
            t->pos--;
        }
    } else if (c == '>' || c == '<' || c == '=')
        refuse(t, "the attribute %s= has no value", st->attr);
    else
        st->place = UNQUOTED;
}

/* Follows one literal byte of the source. */
static void step(struct tmpl *t, char c)
{
    struct state *st = &t->st;
    switch (st->place) {
    case TEXT:
        if (c == '<') {
            st->place = TAG_OPEN;
            st->closing = false;
        }
        break;
    case TAG_OPEN:
        step_tag_open(t, c);
        break;
    case TAG_NAME:
    case TAG:
    case ATTR_NAME:
        step_in_tag(t, c);
        break;
    case ATTR_EQUALS:
        step_attr_equals(t, c);
        break;
    case QUOTED:
        st->url_start = false;
        if (c == st->quote) {
            st->place = TAG;
            st->quote = 0;
            memset(st->attr, 0, sizeof st->attr);
        }
        break;
    case UNQUOTED:
        if (isspace((unsigned char)c) || c == '>')
            st->place = TAG;
        if (c == '>')
            tag_ends(t);
        break;
    case COMMENT:
        if (c == '>' && t->pos >= 2 && memcmp(t->src + t->pos - 2, "--", 2) == 0)
            st->place = TEXT;
        break;
    case DECLARATION:
        if (c == '>')
            st->place = TEXT;
        break;
    case SCRIPT:
        if (src_at(t, "</script")) {
            st->place = TAG_OPEN;
            st->closing = false;
        } else if (!isspace((unsigned char)c))
            refuse(t, "a <script> has no body here: put it into a file");
        break;
    }
}

/* Adds a literal byte; runs of blanks with a line end shrink to one, where HTML does not care. */
static void literal(struct tmpl *t, char c)
{
    struct state *st = &t->st;
    char last = t->lit.n ? t->lit.s[t->lit.n - 1] : 0;
    bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (st->place == TEXT && !st->keep_blanks && blank) {
        if (last == '\n')
            return;
        if (c == '\n')
            while (t->lit.n && (t->lit.s[t->lit.n - 1] == ' ' || t->lit.s[t->lit.n - 1] == '\t'))
                t->lit.n--;
    } else if (st->place == TAG && blank) {
        if (last == ' ')
            return;
        c = ' ';
    } else if (st->place == COMMENT && c == '\r')
        return;
    put(&t->lit, &c, 1);
}

/* --- tags ------------------------------------------------------------------------------------ */

static const char *trim(const char *s, size_t *n)
{
    while (*n && isspace((unsigned char)*s))
        s++, --*n;
    while (*n && isspace((unsigned char)s[*n - 1]))
        --*n;
    return s;
}

static bool same_place(const struct state *a, const struct state *b)
{
    bool value = a->place == QUOTED;
    return a->place == b->place && a->quote == b->quote && a->keep_blanks == b->keep_blanks &&
           strcmp(a->tag, b->tag) == 0 && (!value || strcmp(a->attr, b->attr) == 0);
}

static void close_brace(struct tmpl *t)
{
    if (t->depth == 0) {
        refuse(t, "} without {");
        return;
    }
    t->depth--;
    if (!same_place(&t->st, &t->open[t->depth]))
        refuse(t,
               "the HTML at this } is not where it was at the { of line %d "
               "(a tag, attribute or <pre> opened in one branch only)",
               t->open_line[t->depth]);
    /* else and case branches begin where the branch before began */
    t->st.url_start = t->open[t->depth].url_start;
}

/* Finds the braces of a C statement outside of strings, characters and comments. */
static void follow_braces(struct tmpl *t, const char *s, size_t n)
{
    for (size_t i = 0; i < n && !t->failed; i++) {
        if (s[i] == '"' || s[i] == '\'') {
            char quote = s[i++];
            while (i < n && s[i] != quote)
                i += s[i] == '\\' ? 2 : 1;
            if (i >= n)
                refuse(t, "a string or character constant does not end");
        } else if (s[i] == '/' && i + 1 < n && s[i + 1] == '*') {
            const char *end = memmem(s + i + 2, n - i - 2, "*/", 2);
            if (!end)
                refuse(t, "a C comment does not end");
            else
                i = (size_t)(end - s) + 1;
        } else if (s[i] == '/' && i + 1 < n && s[i + 1] == '/')
            refuse(t, "write comments as <%%-- --%%>");
        else if (s[i] == '{') {
            if (t->depth == MAX_DEPTH) {
                refuse(t, "braces nest too deeply");
                return;
            }
            t->open[t->depth] = t->st;
            t->open_line[t->depth++] = t->line;
        } else if (s[i] == '}')
            close_brace(t);
    }
}

static void tag_statement(struct tmpl *t, const char *s, size_t n)
{
    s = trim(s, &n);
    if (!n) {
        refuse(t, "an empty tag");
        return;
    }
    if (!strchr(";{}:", s[n - 1]) && !(n >= 2 && memcmp(s + n - 2, "*/", 2) == 0))
        refuse(t, "a statement must end in ; { } or : (a branch always has braces)");
    if (t->st.place != TEXT && t->st.place != TAG && t->st.place != QUOTED)
        refuse(t, "no statement may stand inside a name, an unquoted attribute, a comment or a script");
    flush_literal(t);
    follow_braces(t, s, n);
    line_mark(t, t->line);
    putz(t->c, "    ");
    put(t->c, s, n);
    putz(t->c, "\n");
}

/* The escaper for a value here; NULL (and an error) where none is safe. */
static const char *escaper(struct tmpl *t)
{
    switch (t->st.place) {
    case TEXT:
        return "HTML_TEXT";
    case COMMENT:
        return "HTML_COMMENT";
    case QUOTED:
        if (attr_is_url(t->st.attr))
            return t->st.url_start ? "HTML_URL" : "HTML_URL_PART";
        return "HTML_ATTR";
    case TAG:
        refuse(t, "a value may not make attributes; use <%%? word condition %%> or a quoted value");
        break;
    case ATTR_EQUALS:
    case UNQUOTED:
        refuse(t, "a value needs quotes: %s=\"...\"", t->st.attr);
        break;
    case SCRIPT:
        refuse(t, "no value inside <script>: use a data- attribute");
        break;
    default:
        refuse(t, "no value may stand inside a tag or attribute name");
    }
    return NULL;
}

static void put_value(struct tmpl *t, const char *where)
{
    flush_literal(t);
    line_mark(t, t->line);
    putf(t->c, "    %s(rq, o, %s, (", strcmp(where, "HTML_TEXT") == 0 ? "html_put" : "html_put_attr", where);
    t->st.url_start = false;
}

static void tag_value(struct tmpl *t, const char *s, size_t n)
{
    s = trim(s, &n);
    const char *where = escaper(t);
    if (!n)
        refuse(t, "<%%= without a value");
    if (t->failed)
        return;
    put_value(t, where);
    put(t->c, s, n);
    putz(t->c, "));\n");
}

static void tag_text(struct tmpl *t, const char *s, size_t n)
{
    s = trim(s, &n);
    const char *where = escaper(t);
    if (!n)
        refuse(t, "<%%t without a text");
    else if (where && strncmp(where, "HTML_URL", 8) == 0)
        refuse(t, "a translated text cannot be an address");
    if (t->failed)
        return;
    struct text msgid = {0};
    for (size_t i = 0; i < n; i++) {
        bool blank = isspace((unsigned char)s[i]);
        if (!blank)
            put(&msgid, s + i, 1);
        else if (msgid.s[msgid.n - 1] != ' ')
            putz(&msgid, " ");
    }
    put_value(t, where);
    putz(t->c, "T(cx, ");
    put_c_string(t->c, msgid.s, msgid.n);
    putz(t->c, ")));\n");
    free(msgid.s);
}

static void tag_word(struct tmpl *t, const char *s, size_t n)
{
    s = trim(s, &n);
    size_t word = 0;
    while (word < n && (isalnum((unsigned char)s[word]) || s[word] == '-'))
        word++;
    size_t rest = n - word;
    const char *cond = trim(s + word, &rest);
    if (!word || !rest)
        refuse(t, "write <%%? word condition %%>, for example <%%? selected x == 1 %%>");
    else if (t->st.place != TAG)
        refuse(t, "<%%? %%> may stand between attributes only");
    else if (strncasecmp(s, "on", 2) == 0 || (word == 5 && strncasecmp(s, "style", 5) == 0))
        refuse(t, "this attribute is not allowed");
    if (t->failed)
        return;
    flush_literal(t);
    line_mark(t, t->line);
    putz(t->c, "    if (");
    put(t->c, cond, rest);
    putf(t->c, ")\n        buf_puts(o, \" %.*s\");\n", (int)(word < 64 ? word : 64), s);
}

static void tag_include(struct tmpl *t, const char *s, size_t n)
{
    s = trim(s, &n);
    bool named = n >= 3 && ((s[0] == '"' && s[n - 1] == '"') || (s[0] == '<' && s[n - 1] == '>'));
    if (t->begun || !named || memchr(s, '\n', n)) {
        refuse(t, "<%%include \"folder/file.h\"%%> stands at the top, before view or args");
        return;
    }
    putz(t->h, "#include ");
    put(t->h, s, n);
    putz(t->h, "\n");
}

/* Writes the head of the function; args: with its own parameters instead of a model. */
static void tag_head(struct tmpl *t, const char *s, size_t n, bool args)
{
    s = trim(s, &n);
    if (t->begun) {
        refuse(t, "a template has one <%%view%%> or <%%args%%>");
        return;
    }
    size_t stars = 0, name = n;
    while (name && (isalnum((unsigned char)s[name - 1]) || s[name - 1] == '_'))
        name--;
    for (size_t i = 0; i < n; i++) {
        stars += s[i] == '*';
        if (strchr("{};#", s[i]))
            refuse(t, "unexpected %c in the declaration", s[i]);
    }
    if (!args && (n < 10 || strncmp(s, "struct ", 7) || name == n || stars != 1))
        refuse(t, "write <%%view struct folder_page *m%%>");
    if (t->failed)
        return;
    t->begun = true;
    struct text proto = {0};
    putf(&proto, "void %s(struct request *rq, struct buf *o", t->function);
    if (!args)
        putz(&proto, ", const void *model");
    else if (n) {
        putz(&proto, ", ");
        put(&proto, s, n);
    }
    putz(&proto, ")");
    put(t->h, proto.s, proto.n);
    putz(t->h, ";\n");
    put(t->c, proto.s, proto.n);
    putz(t->c, "\n{\n    struct ctx *cx = rq->cx;\n    (void)cx;\n");
    if (!args) {
        line_mark(t, t->line);
        putz(t->c, "    const ");
        put(t->c, s, n);
        putz(t->c, " = model;\n    (void)");
        put(t->c, s + name, n - name);
        putz(t->c, ";\n");
    }
    free(proto.s);
}

static bool keyword(const char *s, size_t n, const char *word)
{
    size_t w = strlen(word);
    return n >= w && memcmp(s, word, w) == 0 && (n == w || isspace((unsigned char)s[w]) || s[w] == '"');
}

/* One <% %>; pos stands at it. */
static void tag(struct tmpl *t)
{
    const char *s = t->src + t->pos + 2;
    size_t left = t->len - t->pos - 2;
    bool comment = left >= 2 && s[0] == '-' && s[1] == '-';
    const char *end = memmem(s, left, comment ? "--%>" : "%>", comment ? 4 : 2);
    if (!end) {
        refuse(t, "this tag does not end");
        return;
    }
    size_t n = (size_t)(end - s);
    bool quiet = true; /* prints nothing: alone on a line, the line goes too */
    if (comment)
        ;
    else if (keyword(s, n, "include"))
        tag_include(t, s + 7, n - 7);
    else if (keyword(s, n, "view"))
        tag_head(t, s + 4, n - 4, false);
    else if (keyword(s, n, "args"))
        tag_head(t, s + 4, n - 4, true);
    else if (!t->begun)
        refuse(t, "a template begins with <%%view struct x *m%%> or <%%args ...%%>");
    else if (n && s[0] == '=')
        tag_value(t, s + 1, n - 1), quiet = false;
    else if (keyword(s, n, "t"))
        tag_text(t, s + 1, n - 1), quiet = false;
    else if (n && s[0] == '?')
        tag_word(t, s + 1, n - 1), quiet = false;
    else if (n && isspace((unsigned char)s[0]))
        tag_statement(t, s, n);
    else
        refuse(t, "an unknown tag; a C statement has a blank after <%%");
    size_t from = t->pos;
    t->pos = (size_t)(end - t->src) + (comment ? 4 : 2);
    for (size_t i = from; i < t->pos; i++)
        t->line += t->src[i] == '\n';
    if (quiet && (from == 0 || t->src[from - 1] == '\n') && t->pos < t->len && t->src[t->pos] == '\n') {
        t->line++;
        t->pos++;
    }
}

/* The path below src/. */
static const char *source_path(const char *file)
{
    for (const char *src; (src = strstr(file, "src/"));)
        file = src + 4;
    return file;
}

static void function_name(struct tmpl *t)
{
    const char *p = source_path(t->file);
    size_t n = strlen(p);
    if (n > 5 && strcmp(p + n - 5, ".html") == 0)
        n -= 5;
    if (n > sizeof t->function - 6)
        n = sizeof t->function - 6;
    for (size_t i = 0; i < n; i++)
        t->function[i] = isalnum((unsigned char)p[i]) ? (char)tolower((unsigned char)p[i]) : '_';
    memcpy(t->function + n, "_html", 6);
}

/* Compiles src into the texts of the header and the C file. False: error holds "file:line: error: ...". */
static bool tmplc_compile(const char *file, const char *src, size_t len, struct text *h, struct text *c,
                          char *error, size_t error_size)
{
    struct tmpl *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    *t = (struct tmpl){.file = file,
                       .src = src,
                       .len = len,
                       .line = 1,
                       .h = h,
                       .c = c,
                       .error = error,
                       .error_size = error_size};
    function_name(t);
    putf(h, "/* made by tools/tmplc.c from %s */\n#pragma once\n#include \"html/html.h\"\n", file);
    putf(c, "/* made by tools/tmplc.c from %s */\n", file);
    const char *path = source_path(file);
    size_t n = strlen(path);
    putf(c, "#include \"%.*s_html.h\"\n#include \"i18n/i18n.h\"\n\n", (int)(n > 5 ? n - 5 : n), path);
    while (t->pos < len && !t->failed) {
        char ch = src[t->pos];
        if (ch == '\0')
            refuse(t, "a NUL byte");
        else if (ch == '<' && t->pos + 1 < len && src[t->pos + 1] == '%') {
            tag(t);
            continue;
        } else if (!t->begun && !isspace((unsigned char)ch))
            refuse(t, "a template begins with <%%view struct x *m%%> or <%%args ...%%>");
        if (t->begun && ch != '\r') {
            literal(t, ch);
            step(t, ch);
        }
        t->line += ch == '\n';
        t->pos++;
    }
    if (!t->failed && !t->begun)
        refuse(t, "an empty template");
    if (t->depth)
        refuse(t, "the { of line %d is not closed", t->open_line[t->depth - 1]);
    if (t->st.place != TEXT || t->st.keep_blanks)
        refuse(t, "the template ends inside a tag, comment, script, <pre> or <textarea>");
    flush_literal(t);
    putz(c, "}\n");
    bool good = !t->failed;
    free(t->lit.s);
    free(t);
    return good;
}

#ifndef TMPLC_LIBRARY
static void write_file(const char *name, const struct text *t)
{
    FILE *out = fopen(name, "wb");
    if (!out || fwrite(t->s, 1, t->n, out) != t->n || fclose(out)) {
        fprintf(stderr, "tmplc: cannot write %s: %s\n", name, strerror(errno));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: tmplc in.html out.h out.c\n", stderr);
        return 2;
    }
    FILE *in = fopen(argv[1], "rb");
    if (!in) {
        fprintf(stderr, "tmplc: cannot open %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    struct text src = {0}, h = {0}, c = {0};
    char chunk[65536], error[1024] = "";
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, in)) > 0;)
        put(&src, chunk, n);
    fclose(in);
    if (!tmplc_compile(argv[1], src.s ? src.s : "", src.n, &h, &c, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    write_file(argv[2], &h);
    write_file(argv[3], &c);
    free(src.s);
    free(h.s);
    free(c.s);
    return 0;
}
#endif
