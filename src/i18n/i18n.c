/* i18n.c - looks up texts and plural forms in the generated table. See i18n.h. */
#include "i18n/i18n.h"

#include "base/arena.h"
#include "i18n/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int text_compare(const void *key, const void *text)
{
    return strcmp(key, ((const struct i18n_text *)text)->msgid);
}

static const struct i18n_text *text_find(const char *msgid)
{
    return bsearch(msgid, i18n_texts, i18n_texts_n, sizeof i18n_texts[0], text_compare);
}

/* "month\004May" is shown as "May" where it has no translation. */
static const char *without_context(const char *msgid)
{
    const char *end = strchr(msgid, '\004');
    return end ? end + 1 : msgid;
}

const char *i18n_lookup(enum lang lang, const char *msgid)
{
    if (!msgid || !*msgid)
        return "";
    const struct i18n_text *t = text_find(msgid);
    if (t && (unsigned)lang < LANG_COUNT && t->forms[lang][0])
        return t->forms[lang][0];
    return without_context(msgid);
}

const char *T(const struct ctx *cx, const char *msgid)
{
    return i18n_lookup(cx->lang, msgid);
}

const char *TF(struct ctx *cx, const char *msgid, ...)
{
    va_list ap;
    va_start(ap, msgid);
    const char *s = arena_vprintf(cx->arena, i18n_lookup(cx->lang, msgid), ap);
    va_end(ap);
    return s;
}

int i18n_plural(enum lang lang, long long n)
{
    unsigned long long u = n < 0 ? 0ULL - (unsigned long long)n : (unsigned long long)n;
    switch (lang) {
    case LANG_RU:
        if (u % 10 == 1 && u % 100 != 11)
            return 0;
        return u % 10 >= 2 && u % 10 <= 4 && (u % 100 < 12 || u % 100 > 14) ? 1 : 2;
    case LANG_EN:
        return u == 1 ? 0 : 1;
    default:
        return 0; /* a Kazakh noun stays in the singular after a number */
    }
}

static const char *printf_count(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return s;
}

const char *TN(struct ctx *cx, const char *one, const char *many, long long n)
{
    const struct i18n_text *t = text_find(one);
    const char *form = t ? t->forms[cx->lang][i18n_plural(cx->lang, n)] : NULL;
    if (!form) /* not translated: English, and its rule */
        form = i18n_plural(LANG_EN, n) == 0 ? one : many;
    return printf_count(cx->arena, without_context(form), n);
}

static const struct {
    const char *code, *name;
} LANGUAGES[LANG_COUNT] = {
    [LANG_KK] = {"kk", "Қазақша"},
    [LANG_RU] = {"ru", "Русский"},
    [LANG_EN] = {"en", "English"},
};

const char *lang_code(enum lang lang)
{
    return (unsigned)lang < LANG_COUNT ? LANGUAGES[lang].code : "kk";
}

const char *lang_name(enum lang lang)
{
    return (unsigned)lang < LANG_COUNT ? LANGUAGES[lang].name : "";
}

/* UTF-8: ә ғ қ ң ө ұ ү һ begin with D2 or D3, і is D1 96 and І D0 86; the other Cyrillic letters begin with D0 or D1. */
const char *text_lang(const char *text)
{
    bool cyrillic = false;
    for (const unsigned char *p = (const unsigned char *)text; p && *p; p++) {
        if (*p == 0xD2 || *p == 0xD3 || (*p == 0xD1 && p[1] == 0x96) || (*p == 0xD0 && p[1] == 0x86))
            return lang_code(LANG_KK);
        cyrillic |= *p == 0xD0 || *p == 0xD1;
    }
    return lang_code(cyrillic ? LANG_RU : LANG_EN);
}

enum lang lang_from_code(const char *code)
{
    for (int l = 0; code && l < LANG_COUNT; l++)
        if (strcmp(code, LANGUAGES[l].code) == 0)
            return (enum lang)l;
    return LANG_COUNT;
}

/* The language of one range of the header, "kk-KZ" -> LANG_KK. */
static enum lang lang_of_range(const char *s, size_t n)
{
    for (int l = 0; l < LANG_COUNT; l++)
        if (n >= 2 && strncasecmp(s, LANGUAGES[l].code, 2) == 0 && (n == 2 || s[2] == '-'))
            return (enum lang)l;
    return LANG_COUNT;
}

/* The q value of a range's parameters; 1 where there is none. Not strtod(): it knows locales and "inf". */
static double quality(const char *s, const char *end)
{
    for (; s < end; s++) {
        if (*s != 'q' && *s != 'Q')
            continue;
        const char *p = s + 1;
        while (p < end && *p == ' ')
            p++;
        if (p == end || *p != '=')
            continue;
        for (p++; p < end && *p == ' ';)
            p++;
        double v = p < end && *p >= '0' && *p <= '1' ? *p++ - '0' : 0;
        if (p < end && *p == '.')
            for (double unit = 0.1; ++p < end && *p >= '0' && *p <= '9'; unit /= 10)
                v += (*p - '0') * unit;
        return v > 1 ? 1 : v;
    }
    return 1;
}

enum lang lang_from_accept(const char *header, enum lang fallback)
{
    enum lang best = LANG_COUNT;
    double best_q = 0;
    while (header && *header) {
        const char *end = header + strcspn(header, ",");
        header += strspn(header, " \t");
        if (header < end) {
            size_t n = strcspn(header, ",; \t");
            enum lang l = *header == '*' ? fallback : lang_of_range(header, n);
            double q = quality(header + n, end);
            if (l != LANG_COUNT && q > best_q) {
                best = l;
                best_q = q;
            }
        }
        header = *end ? end + 1 : end;
    }
    return best == LANG_COUNT ? fallback : best;
}
