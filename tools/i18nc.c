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
#include "i18nc.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const LANG_CODES[LANGS] = {"kk", "ru", "en"};
const int FORMS_OF[LANGS] = {1, 3, 2};

static struct text *texts; /* sorted by msgid after sort_texts() */
static size_t n_texts, cap_texts;
static int errors, warnings;
bool strict;
static bool quiet;

/* --- small things ------------------------------------------------------------------------------ */

void *must(void *p)
{
    if (!p) {
        fputs("i18nc: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

void complain(bool error, struct place at, const char *fmt, ...)
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

void str_add(struct str *b, const char *s, size_t n)
{
    if (b->n + n + 1 > b->cap) {
        b->cap = (b->n + n + 1) * 2;
        b->s = must(realloc(b->s, b->cap));
    }
    memcpy(b->s + b->n, s, n);
    b->n += n;
    b->s[b->n] = '\0';
}

char *str_take(struct str *b)
{
    char *s = b->s ? b->s : must(strdup(""));
    *b = (struct str){0};
    return s;
}

char *read_file(const char *path)
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

struct text *text_of(const char *msgid)
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

void text_used(const char *msgid, const char *plural, bool is_format, struct place at)
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
