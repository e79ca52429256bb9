/* i18nc_po.c - reads .po files: entries with context, plural and forms. */
#include "i18nc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void read_po(const char *file, int lang)
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
