/* i18nc.c - merges the translations beside the code into one table, and checks that none is missing.
 *
 *   i18nc OUT.c SRCDIR          reads all SRCDIR/<folder>/{kk,ru,en}.po, .c and .html; writes the table
 *   i18nc --list-missing SRCDIR prints what has no translation as .po text to paste
 *
 * A text is used where T, TC, TF, TN, N_, fail or form_error has it as a literal, or in <%t ...%> of a template.
 * Tests and fuzz targets (test_*.c, fuzz_*.c) are not read: their texts are seen by nobody.
 * Faults in the form of a file always end the run with status 1. A missing, disagreeing or mismatched
 * translation does so with I18N_STRICT=1 in the environment; without it, it is a warning and the English
 * text stands in. An entry that nothing uses is a warning. The tool lives as long as one run: it frees
 * nothing. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { KK, RU, EN, LANGS, FORMS = 3 };
static const char *const LANG_CODES[LANGS] = {"kk", "ru", "en"};
static const int FORMS_OF[LANGS] = {1, 3, 2};

struct place {
    const char *file;
    int line;
};

/* A text of the program: where it is used first and what the .po files say. */
struct text {
    char *msgid, *plural; /* plural: the second argument of TN or msgid_plural */
    struct place used;    /* file NULL: only in .po files */
    bool is_format;
    struct place po[LANGS];
    char *forms[LANGS][FORMS];
};

static struct text *texts; /* sorted by msgid after sort_texts() */
static size_t n_texts, cap_texts;
static int errors, warnings;
static bool strict, quiet;

/* --- small things ------------------------------------------------------------------------------ */

static void *must(void *p)
{
    if (!p) {
        fputs("i18nc: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

static void complain(bool error, struct place at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void complain(bool error, struct place at, const char *fmt, ...)
{
    if (error)
        errors++;
    else
        warnings++;
    if (quiet && !error)
        return;
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: %s: ", at.file, at.line, error ? "error" : "warning");
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
}

/* A growing string. */
struct str {
    char *s;
    size_t n, cap;
};

static void str_add(struct str *b, const char *s, size_t n)
{
    if (b->n + n + 1 > b->cap) {
        b->cap = (b->n + n + 1) * 2;
        b->s = must(realloc(b->s, b->cap));
    }
    memcpy(b->s + b->n, s, n);
    b->n += n;
    b->s[b->n] = '\0';
}

static char *str_take(struct str *b)
{
    char *s = b->s ? b->s : must(strdup(""));
    *b = (struct str){0};
    return s;
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "i18nc: cannot read %s: %s\n", path, strerror(errno));
        exit(1);
    }
    struct str b = {0};
    char part[65536];
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        str_add(&b, part, n);
    fclose(f);
    return str_take(&b);
}

/* The text with this msgid, made where it does not exist. A hash index keeps it quick. */
static size_t *buckets, n_buckets;
static size_t hash_of(const char *s)
{
    size_t h = 5381;
    while (*s)
        h = h * 33 ^ (unsigned char)*s++;
    return h;
}

static void buckets_grow(void)
{
    free(buckets);
    n_buckets = n_buckets ? n_buckets * 2 : 1024;
    buckets = must(calloc(n_buckets, sizeof *buckets));
    for (size_t i = 0; i < n_texts; i++) {
        size_t h = hash_of(texts[i].msgid);
        while (buckets[h % n_buckets])
            h++;
        buckets[h % n_buckets] = i + 1;
    }
}

static struct text *text_of(const char *msgid)
{
    if (n_texts * 2 >= n_buckets)
        buckets_grow();
    size_t h = hash_of(msgid);
    for (; buckets[h % n_buckets]; h++)
        if (strcmp(texts[buckets[h % n_buckets] - 1].msgid, msgid) == 0)
            return &texts[buckets[h % n_buckets] - 1];
    if (n_texts == cap_texts) {
        cap_texts = cap_texts ? cap_texts * 2 : 512;
        texts = must(realloc(texts, cap_texts * sizeof *texts));
    }
    buckets[h % n_buckets] = n_texts + 1;
    texts[n_texts] = (struct text){.msgid = must(strdup(msgid))};
    return &texts[n_texts++];
}

static void text_used(const char *msgid, const char *plural, bool is_format, struct place at)
{
    if (!*msgid || strcmp(msgid, "%s") == 0) /* a ready text handed on */
        return;
    struct text *t = text_of(msgid);
    if (!t->used.file)
        t->used = at;
    t->is_format |= is_format;
    if (plural && t->plural && strcmp(plural, t->plural) != 0)
        complain(true, at, "\"%s\" has another plural at %s:%d", msgid, t->used.file, t->used.line);
    if (plural && !t->plural)
        t->plural = must(strdup(plural));
}

/* --- reading C: a scanner that knows strings, comments and the arguments of our calls ------------- */

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
static const char *quoted(const char *p, char quote, struct str *b)
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

static void read_c(const char *file)
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

static void read_html(const char *file)
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

/* --- reading .po files --------------------------------------------------------------------------------- */

struct entry {
    struct str context, msgid, plural, forms[FORMS];
    bool has_context, has_msgid, has_plural, has_form[FORMS], fuzzy;
    int line;
};

static void entry_clear(struct entry *e)
{
    free(e->context.s);
    free(e->msgid.s);
    free(e->plural.s);
    for (int i = 0; i < FORMS; i++)
        free(e->forms[i].s);
    *e = (struct entry){0};
}

/* Two folders may translate the same text only alike. */
static bool agrees(struct text *t, int lang, struct entry *e, struct place at)
{
    for (int i = 0; i < FORMS; i++) {
        const char *new = e->has_form[i] && e->forms[i].n ? e->forms[i].s : NULL;
        if (t->forms[lang][i] && new && strcmp(t->forms[lang][i], new) != 0) {
            complain(strict, at, "\"%s\" is \"%s\" here, but \"%s\" at %s:%d", t->msgid, new, t->forms[lang][i],
                     t->po[lang].file, t->po[lang].line);
            return false;
        }
    }
    return true;
}

static void entry_store(struct entry *e, int lang, const char *file)
{
    struct place at = {file, e->line};
    if (!e->has_msgid || e->fuzzy || (e->msgid.n == 0 && !e->has_context)) {
        entry_clear(e); /* the header, or nothing */
        return;
    }
    struct str key = {0};
    if (e->has_context) {
        str_add(&key, e->context.s, e->context.n);
        str_add(&key, "\004", 1);
    }
    str_add(&key, e->msgid.s, e->msgid.n);
    struct text *t = text_of(str_take(&key));
    if (t->po[lang].file && strcmp(t->po[lang].file, file) == 0)
        complain(true, at, "\"%s\" stands in this file already, at line %d", t->msgid, t->po[lang].line);
    int n_forms = e->has_plural ? FORMS_OF[lang] : 1;
    for (int i = 0; i < FORMS; i++)
        if (e->has_form[i] != (i < n_forms) && !(lang == KK && i > 0))
            complain(true, at, "\"%s\" needs %d form%s in %s", t->msgid, n_forms, n_forms > 1 ? "s" : "",
                     LANG_CODES[lang]);
    if (e->has_plural && !t->plural)
        t->plural = must(strdup(e->plural.s));
    if (agrees(t, lang, e, at) && !t->po[lang].file) {
        t->po[lang] = at;
        for (int i = 0; i < n_forms; i++)
            if (e->has_form[i] && e->forms[i].n)
                t->forms[lang][i] = must(strdup(e->forms[i].s));
    }
    entry_clear(e);
}

/* The string that a keyword line starts or a '"' line continues. */
static struct str *po_target(struct entry *e, const char **p, struct place at)
{
    static const char *const FORM[FORMS] = {"msgstr[0]", "msgstr[1]", "msgstr[2]"};
    struct {
        const char *word;
        bool *has;
        struct str *str;
    } words[] = {{"msgctxt", &e->has_context, &e->context},     {"msgid_plural", &e->has_plural, &e->plural},
                 {"msgid", &e->has_msgid, &e->msgid},           {FORM[0], &e->has_form[0], &e->forms[0]},
                 {FORM[1], &e->has_form[1], &e->forms[1]},      {FORM[2], &e->has_form[2], &e->forms[2]},
                 {"msgstr", &e->has_form[0], &e->forms[0]}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i].word);
        if (strncmp(*p, words[i].word, n) != 0 || !isspace((unsigned char)(*p)[n]))
            continue;
        if (*words[i].has)
            complain(true, at, "%s stands twice in one entry", words[i].word);
        *words[i].has = true;
        *p += n;
        while (**p == ' ' || **p == '\t')
            (*p)++;
        return words[i].str;
    }
    complain(true, at, "neither a comment, a keyword of .po nor a string in quotes");
    return NULL;
}

static void read_po(const char *file, int lang)
{
    struct entry e = {0};
    struct str *target = NULL;
    bool fuzzy_next = false;
    int line = 0;
    char *text = read_file(file);
    for (char *next, *l = text; l; l = next) {
        next = strchr(l, '\n');
        if (next)
            *next++ = '\0';
        line++;
        const char *p = l + strspn(l, " \t\r");
        struct place at = {file, line};
        if (*p == '#' || !*p) {
            if (e.has_form[0] || *p == '#')
                entry_store(&e, lang, file);
            fuzzy_next = fuzzy_next || (p[0] == '#' && p[1] == ',' && strstr(p, "fuzzy"));
            continue;
        }
        if (*p != '"') {
            if (e.has_form[0] && (strncmp(p, "msgctxt", 7) == 0 || strncmp(p, "msgid ", 6) == 0))
                entry_store(&e, lang, file);
            if (!e.has_context && !e.has_msgid) {
                e.line = line;
                e.fuzzy = fuzzy_next;
                fuzzy_next = false;
            }
            target = po_target(&e, &p, at);
        }
        if (target && (*p != '"' || !(p = quoted(p + 1, '"', target)) || p[strspn(p, " \t\r")]))
            complain(true, at, "a string needs quotes around it, and nothing behind them");
    }
    entry_store(&e, lang, file);
}

/* --- checks ---------------------------------------------------------------------------------------------- */

/* The conversions of a format in order of their arguments, as "lld s ": "%2$s" counts as the second. */
static bool conversions(const char *fmt, bool is_format, char out[10][8], int *n)
{
    int next = 0;
    *n = 0;
    for (int i = 0; i < 10; i++)
        out[i][0] = '\0';
    for (const char *p = fmt; (p = strchr(p, '%'));) {
        p++;
        if (*p == '%') {
            p++;
            continue;
        }
        if (!is_format && (*p == ' ' || !*p))
            continue; /* "25 % of" */
        const char *q = p;
        int index = (int)strtol(p, (char **)&q, 10);
        if (*q == '$' && index >= 1 && index <= 10)
            p = q + 1;
        else
            index = ++next;
        p += strspn(p, "-+ #0'");
        if (*p == '*')
            return false;
        p += strspn(p, "0123456789.");
        size_t length = strspn(p, "hlLzjt");
        if (index > 10 || length > 3 || !p[length] || !strchr("diouxXeEfFgGaAcsp", p[length]))
            return false;
        snprintf(out[index - 1], sizeof out[0], "%.*s", (int)length + 1, p);
        *n = index > *n ? index : *n;
        p += length + 1;
    }
    return true;
}

static bool same_conversions(const struct text *t, const char *translated)
{
    char a[10][8], b[10][8];
    int n_a, n_b;
    bool format = t->is_format || t->plural;
    if (!conversions(t->msgid, format, a, &n_a))
        return !format;
    if (!conversions(translated, format, b, &n_b) || n_a != n_b)
        return false;
    for (int i = 0; i < n_a; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static size_t missing[LANGS];

static void check_text(struct text *t)
{
    const char *shown = strchr(t->msgid, '\004') ? strchr(t->msgid, '\004') + 1 : t->msgid;
    for (int lang = 0; lang < LANGS; lang++) {
        if (!t->used.file) {
            if (t->po[lang].file)
                complain(false, t->po[lang], "nothing uses \"%s\"", shown);
            continue;
        }
        int n_forms = t->plural ? FORMS_OF[lang] : 1;
        for (int i = 0; i < n_forms; i++) {
            char **form = &t->forms[lang][i];
            if (!*form && lang != EN) {
                missing[lang]++;
                if (strict)
                    complain(true, t->used, "\"%s\" has no %s translation", shown, LANG_CODES[lang]);
                break;
            }
            if (*form && !same_conversions(t, *form)) {
                complain(strict, t->po[lang], "\"%s\" has other placeholders than \"%s\"", *form, shown);
                *form = NULL;
            }
        }
        if (t->plural && !t->forms[lang][0]) /* TN asks form by form: half a set is none */
            t->forms[lang][1] = t->forms[lang][2] = NULL;
    }
}

/* --- output ------------------------------------------------------------------------------------------------ */

static void put_quoted(FILE *f, const char *s, bool c)
{
    fputc('"', f);
    for (; *s; s++) {
        unsigned char u = (unsigned char)*s;
        if (u == '\n')
            fputs("\\n", f);
        else if (u == '\t')
            fputs("\\t", f);
        else if (u == '"' || u == '\\')
            fprintf(f, "\\%c", u);
        else if (u < 32 || (c && u == '?'))
            fprintf(f, "\\%03o", u); /* "?": no trigraphs */
        else
            fputc(u, f);
    }
    fputc('"', f);
}

static int text_order(const void *a, const void *b)
{
    return strcmp(((const struct text *)a)->msgid, ((const struct text *)b)->msgid);
}

static int text_order_place(const void *a, const void *b)
{
    const struct text *x = a, *y = b;
    int c = strcmp(x->used.file ? x->used.file : "", y->used.file ? y->used.file : "");
    return c ? c : x->used.line != y->used.line ? (x->used.line > y->used.line) - (x->used.line < y->used.line)
                                                 : text_order(a, b);
}

static bool write_table(const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f) {
        fprintf(stderr, "i18nc: cannot write %s: %s\n", path, strerror(errno));
        return false;
    }
    qsort(texts, n_texts, sizeof *texts, text_order);
    fputs("/* Made by tools/i18nc.c from the .po files. Do not edit. */\n#include \"i18n/table.h\"\n\n"
          "const struct i18n_text i18n_texts[] = {\n", f);
    size_t n = 0;
    for (size_t i = 0; i < n_texts; i++) {
        const struct text *t = &texts[i];
        if (!t->forms[KK][0] && !t->forms[RU][0] && !t->forms[EN][0])
            continue;
        n++;
        fputs("    {", f);
        put_quoted(f, t->msgid, true);
        fputs(", {", f);
        for (int lang = 0; lang < LANGS; lang++) {
            fputs(lang ? ", {" : "{", f);
            for (int j = 0; j < FORMS_OF[lang] && (j == 0 || t->forms[lang][j]); j++) {
                fputs(j ? ", " : "", f);
                if (t->forms[lang][j])
                    put_quoted(f, t->forms[lang][j], true);
                else
                    fputs("0", f);
            }
            fputc('}', f);
        }
        fputs("}},\n", f);
    }
    if (n == 0)
        fputs("    {\"\", {{0}, {0}, {0}}},\n", f);
    fprintf(f, "};\nconst size_t i18n_texts_n = %zu;\n", n ? n : (size_t)1);
    return fclose(f) == 0;
}

static void list_missing(void)
{
    qsort(texts, n_texts, sizeof *texts, text_order_place);
    for (int lang = KK; lang <= RU; lang++) {
        char folder[512] = "";
        for (size_t i = 0; i < n_texts; i++) {
            const struct text *t = &texts[i];
            if (!t->used.file || t->forms[lang][0])
                continue;
            const char *slash = strrchr(t->used.file, '/');
            int n = slash ? (int)(slash - t->used.file) : 0;
            if (strlen(folder) != (size_t)n || strncmp(folder, t->used.file, (size_t)n) != 0)
                printf("### %.*s/%s.po\n\n", n, t->used.file, LANG_CODES[lang]);
            snprintf(folder, sizeof folder, "%.*s", n, t->used.file);
            printf("#: %s:%d\n", t->used.file, t->used.line);
            char *end = strchr(t->msgid, '\004');
            if (end) {
                char *context = must(strndup(t->msgid, (size_t)(end - t->msgid)));
                fputs("msgctxt ", stdout);
                put_quoted(stdout, context, false);
                fputc('\n', stdout);
            }
            fputs("msgid ", stdout);
            put_quoted(stdout, end ? end + 1 : t->msgid, false);
            if (t->plural) {
                fputs("\nmsgid_plural ", stdout);
                put_quoted(stdout, t->plural, false);
            }
            for (int j = 0; j < (t->plural ? FORMS_OF[lang] : 1); j++)
                t->plural ? printf("\nmsgstr[%d] \"\"", j) : printf("\nmsgstr \"\"");
            fputs("\n\n", stdout);
        }
    }
}

/* --- files ------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static int name_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_any(const char *path, const char *name)
{
    if (ends_with(name, ".po")) {
        for (int lang = 0; lang < LANGS; lang++)
            if (strlen(name) == 5 && strncmp(name, LANG_CODES[lang], 2) == 0) {
                read_po(path, lang);
                return;
            }
        complain(true, (struct place){path, 1}, "a translation is called kk.po, ru.po or en.po");
    } else if (ends_with(name, ".html")) {
        read_html(path);
    } else if (ends_with(name, ".c") && strncmp(name, "test_", 5) != 0 && strncmp(name, "fuzz_", 5) != 0) {
        read_c(path);
    }
}

/* All files below dir in the order of their names, so that every run says the same. */
static void walk(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d) {
        fprintf(stderr, "i18nc: cannot read %s: %s\n", dir, strerror(errno));
        exit(1);
    }
    char **names = NULL;
    size_t n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        names = must(realloc(names, (n + 1) * sizeof *names));
        names[n++] = must(strdup(e->d_name));
    }
    closedir(d);
    if (n)
        qsort(names, n, sizeof *names, name_order);
    for (size_t i = 0; i < n; i++) {
        struct str path = {0};
        str_add(&path, dir, strlen(dir));
        str_add(&path, "/", 1);
        str_add(&path, names[i], strlen(names[i]));
        struct stat st;
        if (stat(path.s, &st) == 0 && S_ISDIR(st.st_mode))
            walk(path.s);
        else
            read_any(path.s, names[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: i18nc OUT.c SRCDIR | i18nc --list-missing SRCDIR\n", stderr);
        return 2;
    }
    const char *env = getenv("I18N_STRICT");
    bool list = strcmp(argv[1], "--list-missing") == 0;
    strict = !list && env && strcmp(env, "1") == 0;
    quiet = list;
    walk(argv[2]);
    for (size_t i = 0; i < n_texts; i++)
        check_text(&texts[i]);
    if (list) {
        list_missing();
        return errors ? 1 : 0;
    }
    if (!strict && (missing[KK] || missing[RU]))
        fprintf(stderr, "i18nc: warning: %zu texts without kk, %zu without ru (`i18nc --list-missing %s` prints them)\n",
                missing[KK], missing[RU], argv[2]);
    if (errors) {
        fprintf(stderr, "i18nc: %d error%s\n", errors, errors > 1 ? "s" : "");
        return 1;
    }
    return write_table(argv[1]) ? 0 : 1;
}
