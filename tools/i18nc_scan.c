/* i18nc_scan.c - finds the texts in C and in templates: a scanner that knows strings, comments and the arguments of
 * our calls. */
#include "i18nc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct call {
    const char *name;
    int first, last; /* which arguments are texts */
    bool is_format;
};
static const struct call CALLS[] = {
    {"T", 1, 1, false}, {"TF", 1, 1, true}, {"TN", 1, 2, true},    {"TC", 1, 2, false},
    {"N_", 0, 0, false}, {"fail", 2, 2, true}, {"form_error", 2, 2, true},
};

struct frame { /* one open parenthesis */
    const struct call *call;
    int argument;
    struct str literal; /* adjacent literals so far */
    bool has_literal;
    char *held; /* TN: the singular; TC: the context */
    int line;
};

enum { MAX_DEPTH = 200 };
struct scan {
    const char *file;
    int line, depth;
    struct frame frames[MAX_DEPTH];
    const struct call *named; /* the identifier just read, if it is one of ours */
};

/* The end of a run of adjacent literals: it is a text if it stands at the right argument. */
static void literal_end(struct scan *s)
{
    struct frame *f = &s->frames[s->depth];
    if (!f->has_literal)
        return;
    f->has_literal = false;
    char *value = str_take(&f->literal);
    const struct call *c = f->call;
    struct place at = {s->file, f->line};
    if (!c || f->argument < c->first || f->argument > c->last)
        return;
    if (c->first == c->last) {
        text_used(value, NULL, c->is_format, at);
    } else if (f->argument == c->first) {
        f->held = value;
    } else if (f->held && strcmp(c->name, "TN") == 0) {
        text_used(f->held, value, true, at);
    } else if (f->held) {
        struct str key = {0};
        str_add(&key, f->held, strlen(f->held));
        str_add(&key, "\004", 1);
        str_add(&key, value, strlen(value));
        text_used(str_take(&key), NULL, false, at);
    }
}

static int octal_or_hex(const char **p, int base, int max_digits)
{
    int v = 0;
    for (int i = 0; i < max_digits && isxdigit((unsigned char)**p); i++, (*p)++) {
        int d = isdigit((unsigned char)**p) ? **p - '0' : tolower((unsigned char)**p) - 'a' + 10;
        if (d >= base)
            break;
        v = v * base + d;
    }
    return v;
}

static void add_utf8(struct str *b, unsigned c)
{
    char u[4];
    size_t n = 0;
    if (c < 0x80) {
        u[n++] = (char)c;
    } else if (c < 0x800) {
        u[n++] = (char)(0xC0 | c >> 6);
        u[n++] = (char)(0x80 | (c & 0x3F));
    } else {
        u[n++] = (char)(0xE0 | c >> 12);
        u[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        u[n++] = (char)(0x80 | (c & 0x3F));
    }
    str_add(b, u, n);
}

/* Reads a quoted literal, C and .po alike, into b; p stands behind the opening quote. NULL: no end on this line. */
const char *quoted(const char *p, char quote, struct str *b)
{
    str_add(b, "", 0);
    while (*p && *p != '\n' && *p != quote) {
        if (*p != '\\') {
            str_add(b, p++, 1);
            continue;
        }
        static const char FROM[] = "ntr\"\\'abfv?", TO[] = "\n\t\r\"\\'\a\b\f\v?";
        char c = *++p;
        const char *known = c ? strchr(FROM, c) : NULL;
        if (known) {
            str_add(b, &TO[known - FROM], 1);
            p++;
        } else if (c == 'u') {
            p++;
            add_utf8(b, (unsigned)octal_or_hex(&p, 16, 4));
        } else if (c == 'x') {
            p++;
            char byte = (char)octal_or_hex(&p, 16, 2);
            str_add(b, &byte, 1);
        } else if (c >= '0' && c <= '7') {
            char byte = (char)octal_or_hex(&p, 8, 3);
            str_add(b, &byte, 1);
        } else {
            return NULL;
        }
    }
    return *p == quote ? p + 1 : NULL;
}

static void open_frame(struct scan *s, const struct call *call)
{
    if (s->depth + 1 >= MAX_DEPTH) {
        complain(true, (struct place){s->file, s->line}, "parentheses are nested too deep");
        exit(1);
    }
    s->frames[++s->depth] = (struct frame){.call = call};
}

static const char *scan_identifier(struct scan *s, const char *p, const char *end)
{
    const char *start = p;
    while (p < end && (isalnum((unsigned char)*p) || *p == '_'))
        p++;
    literal_end(s);
    s->named = NULL;
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++)
        if (strlen(CALLS[i].name) == (size_t)(p - start) && strncmp(CALLS[i].name, start, (size_t)(p - start)) == 0)
            s->named = &CALLS[i];
    struct frame *f = &s->frames[s->depth];
    bool in_text = f->call && f->call->is_format && f->argument >= f->call->first && f->argument <= f->call->last;
    if (in_text && strncmp(start, "PRI", 3) == 0)
        complain(true, (struct place){s->file, s->line}, "a text with %.*s cannot be translated: use %%lld and a cast",
                 (int)(p - start), start);
    return p;
}

static const char *skip_comment(struct scan *s, const char *p, const char *end)
{
    if (p[1] == '/') {
        while (p < end && *p != '\n')
            p++;
        return p;
    }
    for (p += 2; p + 1 < end && !(p[0] == '*' && p[1] == '/'); p++)
        s->line += *p == '\n';
    return p + 2 < end ? p + 2 : end;
}

static const char *scan_literal(struct scan *s, const char *p)
{
    struct frame *f = &s->frames[s->depth];
    struct str ignored = {0};
    bool text = *p == '"';
    if (text && !f->has_literal) {
        f->has_literal = true;
        f->line = s->line;
    }
    if (!text)
        literal_end(s);
    const char *after = quoted(p + 1, *p, text ? &f->literal : &ignored);
    free(ignored.s);
    return after ? after : p + 1;
}

/* Scans C from p to end; state in s may go on over several pieces of one template. */
static void scan_c(struct scan *s, const char *p, const char *end)
{
    while (p < end) {
        char c = *p;
        if (c == '/' && p + 1 < end && (p[1] == '/' || p[1] == '*')) {
            p = skip_comment(s, p, end);
        } else if (c == '"' || c == '\'') {
            p = scan_literal(s, p);
            s->named = NULL;
        } else if (isalpha((unsigned char)c) || c == '_') {
            p = scan_identifier(s, p, end);
        } else if (isspace((unsigned char)c) || c == '\\') {
            s->line += c == '\n';
            p++;
        } else {
            literal_end(s);
            if (c == '(' || c == '[' || c == '{')
                open_frame(s, c == '(' ? s->named : NULL);
            else if ((c == ')' || c == ']' || c == '}') && s->depth > 0)
                s->depth--;
            else if (c == ',')
                s->frames[s->depth].argument++;
            s->named = NULL;
            p++;
        }
    }
    literal_end(s);
}

void read_c(const char *file)
{
    static struct scan s;
    char *text = read_file(file);
    s = (struct scan){.file = file, .line = 1};
    scan_c(&s, text, text + strlen(text));
}

/* --- reading templates ----------------------------------------------------------------------------- */

/* White space of a template's text is folded to single spaces: line breaks are for the source only. */
static char *fold_space(const char *s, const char *end)
{
    struct str b = {0};
    for (; s < end; s++) {
        if (!isspace((unsigned char)*s))
            str_add(&b, s, 1);
        else if (b.n && b.s[b.n - 1] != ' ')
            str_add(&b, " ", 1);
    }
    if (b.n && b.s[b.n - 1] == ' ')
        b.s[--b.n] = '\0';
    return str_take(&b);
}

void read_html(const char *file)
{
    static struct scan s;
    char *text = read_file(file);
    s = (struct scan){.file = file, .line = 1};
    for (const char *p = text; *p;) {
        if (p[0] != '<' || p[1] != '%') {
            s.line += *p++ == '\n';
            continue;
        }
        const char *end = strstr(p, "%>");
        if (!end) {
            complain(true, (struct place){file, s.line}, "\"<%%\" without \"%%>\"");
            return;
        }
        if (p[2] == 't' && isspace((unsigned char)p[3])) {
            text_used(fold_space(p + 3, end), NULL, false, (struct place){file, s.line});
            for (; p < end; p++)
                s.line += *p == '\n';
        } else if (strncmp(p + 2, "--", 2) == 0) {
            for (; p < end; p++)
                s.line += *p == '\n';
        } else {
            scan_c(&s, p + 2, end);
        }
        p = end + 2;
    }
}
