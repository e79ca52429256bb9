/* str.h - text: checks, cutting, numbers, and the search key that makes spellings meet.
 *
 * All text is UTF-8. Functions that give new text take an arena; those without borrow. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* --- bytes and characters --- */
/* Length in bytes of the character at s (n bytes left): 1..4; 0 where it is not valid UTF-8. */
size_t utf8_length(const char *s, size_t n);
/* Whole text valid: no overlong forms, surrogates or code points beyond U+10FFFF. */
bool utf8_valid(const char *s, size_t n);
/* Characters (code points) of a valid text. */
size_t utf8_count(const char *s);
/* At most max characters, "…" as the last one where text was cut. */
const char *utf8_cut(struct arena *a, const char *s, size_t max);

/* --- comparing and cutting --- */
/* Same text; NULL equals only NULL. */
bool str_eq(const char *a, const char *b);
bool str_empty(const char *s); /* NULL or "" */
const char *str_or_empty(const char *s); /* NULL as "" */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* Without white space (ASCII, no-break and other Unicode spaces, BOM) at both ends. */
char *str_trim(struct arena *a, const char *s);
/* The same in place: gives a pointer into s, whose end is overwritten. */
char *str_trim_here(char *s);
/* The pieces between separators, empty ones too; "" gives one empty piece. *n: how many. */
char **str_split(struct arena *a, const char *s, char separator, size_t *n);

/* --- numbers --- */
/* The whole text is a decimal integer (sign allowed, no spaces) within [min, max]; false and *v
 * untouched otherwise. */
bool str_to_int(const char *s, int64_t min, int64_t max, int64_t *v);
/* A number as people type it: point or comma before the decimals, spaces (also no-break and thin)
 * between groups of three digits, "-", "+" or U+2212, an exponent "1.5E-3". "1,234" is one and a bit;
 * both point and comma, wrong groups, "nan" and "inf" are refused. */
bool str_to_num(const char *s, double *v);

/* --- spellings --- */
/* The search key: small Latin letters and digits, one space between words, so that КЕНТАУ, Кентау
 * and Kentau are all "kentau", Түркістан and Turkistan both "turkistan". It is made for matching,
 * never for showing. Applying it twice changes nothing more.
 *
 *   а ә ä ə  a      е э ё   e       м    m      т        t      ч ç (ch)  ch
 *   б        b      ж (zh)  j       н ң ñ n     у ү ұ w  u      ш ş (sh)  sh
 *   в        v      з       z       о ө ö o     ф        f      щ         shch
 *   г ғ (gh) g      и і й ы y ı  i  п    p      х һ (kh) h      ю (yu)    iu
 *   д        d      к қ q   k       р    r      ц (ts)   ts     я (ya)    ia
 *                   л       l       с    s      ъ ь ' ’  nothing
 *
 * Full-width and other compatibility forms, capital letters and marks are folded before (Unicode
 * NFKD and case folding); a doubled i becomes one, so that -ий, -iy, -y meet; other signs separate words.
 * Limits: it knows spellings, not languages. Туркестан (turkestan) and Түркістан, Шымкент and
 * Чимкент stay different: former and Russian names are records of the registry. x is "ks", as in
 * Alexander. Letters of other scripts (Arabic, Greek ...) stay as they are. */
char *str_fold(struct arena *a, const char *s);

/* Mends words in which letters of two alphabets are mixed: Latin letters that look like Cyrillic
 * ones inside a Cyrillic word become Cyrillic ("Kентaу" typed with Latin K, a), and the reverse in a
 * Latin word. A word is Cyrillic if it has a Cyrillic letter without a Latin twin, or if it has no
 * letter that only one of both alphabets has. Words that no replacing makes whole, and words of one alphabet,
 * stay as they are (capital Latin Y too: it may stand for У or Ү). *changed (may be NULL): whether
 * anything was replaced. */
char *str_fold_lookalikes(struct arena *a, const char *s, bool *changed);

#endif
