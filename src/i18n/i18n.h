/* i18n.h - Kazakh, Russian, English: texts, plurals, numbers, dates, sorting.
 *
 * A text is written in English where it is used, T(cx, "Close the quarter"), and translated in
 * <folder>/kk.po and <folder>/ru.po beside the code (plurals of English in en.po). `make` merges all
 * .po files into one sorted table; a text without translation, or two that disagree, fails the build. */
#ifndef I18N_I18N_H
#define I18N_I18N_H

#include "base/ctx.h"

#include <stddef.h>
#include <stdint.h>

/* Marks a text for translation where only a constant may stand (tables); translate it with T() later. */
#define N_(msgid) msgid

/* The text in cx->lang; the msgid itself where there is none. */
const char *T(const struct ctx *cx, const char *msgid);

/* The same with printf arguments, into cx->arena. */
const char *TF(struct ctx *cx, const char *msgid, ...) __attribute__((format(printf, 2, 3)));

/* A text whose English is ambiguous, with its context: TC(cx, "month", "May"); msgctxt in the .po file. */
#define TC(cx, context, msgid) T((cx), context "\004" msgid)

/* The plural form for n, printf'ed with n as its only argument: TN(cx, "%lld case", "%lld cases", n). */
const char *TN(struct ctx *cx, const char *one, const char *many, long long n);

/* For ctx.translate. */
const char *i18n_lookup(enum lang lang, const char *msgid);

/* "kk", "ru", "en" and back (LANG_COUNT: none of them). The own name of a language: "Қазақша". */
const char *lang_code(enum lang lang);
enum lang lang_from_code(const char *code);
const char *lang_name(enum lang lang);

/* The language that a free text is most likely in, for lang="…": "kk" where it has a letter of Kazakh only, "ru" where it
 * has other Cyrillic ones, else "en". A help for reading aloud; nothing else may depend on it. */
const char *text_lang(const char *text);

/* Of an Accept-Language header the best of the three; fallback if none fits. */
enum lang lang_from_accept(const char *header, enum lang fallback);

/* 1234567.5 -> "1 234 567,5" (kk, ru; no-break spaces) or "1,234,567.5" (en); NaN -> "–". */
const char *fmt_num(struct ctx *cx, double v, int decimals);
const char *fmt_int(struct ctx *cx, int64_t v);
const char *fmt_percent(struct ctx *cx, double share, int decimals); /* 0.256 -> "25,6 %" */

/* "2025-03-01" -> "01.03.2025" (all languages; the country's form); long: "2025 ж. 1 наурыз". */
const char *fmt_date(struct ctx *cx, const char *iso);
const char *fmt_date_long(struct ctx *cx, const char *iso);
/* An instant (microseconds UTC) as local date and time (ZONE_KZ): "01.03.2025 14:05". */
const char *fmt_instant(struct ctx *cx, int64_t us);
/* "2025-Q3" -> "2025 жылғы III тоқсан", "III квартал 2025 года", "Quarter III of 2025". */
const char *fmt_quarter(struct ctx *cx, const char *quarter);
/* The same where there is no room for words, as at the axis of a chart: "2025-Q3" -> "2025-III". */
const char *fmt_quarter_short(struct ctx *cx, const char *quarter);

/* Order of two texts for people, Kazakh alphabet (ICU). For qsort of lists in C. Thread-safe. */
int i18n_collate(const char *a, const char *b);
/* The same for texts without a NUL behind them (collation call-backs of a database). */
int i18n_collate_n(const char *a, size_t a_len, const char *b, size_t b_len);

/* The index of the plural form that n takes: kk always 0, en 0..1, ru 0..2. */
int i18n_plural(enum lang lang, long long n);

#endif
