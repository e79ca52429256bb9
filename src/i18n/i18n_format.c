/* i18n_format.c - numbers, dates and quarters as the three languages write them. See i18n.h. */
#include "i18n/i18n.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define NBSP "\u00a0"
#define MINUS "\u2212"

/* "1234567.5" -> grouped, with the language's separators. digits has no sign. */
static const char *group_digits(struct ctx *cx, const char *digits, bool negative)
{
    size_t whole = strcspn(digits, ".");
    struct buf *o = buf_new(cx->arena, 0);
    if (negative)
        buf_puts(o, MINUS);
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buf_puts(o, cx->lang == LANG_EN ? "," : NBSP);
        buf_putc(o, digits[i]);
    }
    if (digits[whole]) {
        buf_putc(o, cx->lang == LANG_EN ? '.' : ',');
        buf_puts(o, digits + whole + 1);
    }
    return o->data;
}

const char *fmt_num(struct ctx *cx, double v, int decimals)
{
    if (!isfinite(v))
        return "–";
    if (decimals < 0)
        decimals = 0;
    const char *digits = arena_printf(cx->arena, "%.*f", decimals, fabs(v));
    bool zero = strspn(digits, "0.") == strlen(digits); /* no "-0" for -0.04 */
    return group_digits(cx, digits, v < 0 && !zero);
}

const char *fmt_int(struct ctx *cx, int64_t v)
{
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    return group_digits(cx, arena_printf(cx->arena, "%llu", (unsigned long long)u), v < 0);
}

const char *fmt_percent(struct ctx *cx, double share, int decimals)
{
    const char *s = fmt_num(cx, share * 100, decimals);
    if (!isfinite(share))
        return s;
    return arena_printf(cx->arena, "%s%s%%", s, cx->lang == LANG_EN ? "" : NBSP);
}

/* The first n digits of s as a number; -1 where there are others. */
static int digits_at(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + s[i] - '0';
    }
    return v;
}

/* Reads YYYY, YYYY-MM or YYYY-MM-DD; 0 for what is absent. */
static bool date_parts(const char *iso, int *y, int *m, int *d)
{
    size_t n = iso ? strlen(iso) : 0;
    *y = *m = *d = 0;
    if ((n != 4 && n != 7 && n != 10) || (*y = digits_at(iso, 4)) < 0)
        return false;
    if (n >= 7 && (iso[4] != '-' || (*m = digits_at(iso + 5, 2)) < 1 || *m > 12))
        return false;
    if (n == 10 && (iso[7] != '-' || (*d = digits_at(iso + 8, 2)) < 1 || *d > 31))
        return false;
    return true;
}

const char *fmt_date(struct ctx *cx, const char *iso)
{
    int y, m, d;
    if (!date_parts(iso, &y, &m, &d))
        return iso ? iso : "";
    if (d)
        return arena_printf(cx->arena, "%02d.%02d.%04d", d, m, y);
    return m ? arena_printf(cx->arena, "%02d.%04d", m, y) : arena_printf(cx->arena, "%04d", y);
}

/* Names of months: with a day (ru genitive) and alone (ru nominative). */
static const char *const MONTHS[LANG_COUNT][12] = {
    {"қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша",
     "желтоқсан"},
    {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября",
     "ноября", "декабря"},
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
     "November", "December"},
};
static const char *const MONTHS_RU_ALONE[12] = {"январь", "февраль", "март", "апрель", "май", "июнь",
                                                "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"};

const char *fmt_date_long(struct ctx *cx, const char *iso)
{
    int y, m, d;
    if (!date_parts(iso, &y, &m, &d))
        return iso ? iso : "";
    enum lang l = cx->lang < LANG_COUNT ? cx->lang : LANG_KK;
    if (!m)
        return arena_printf(cx->arena, l == LANG_KK ? "%d ж." : l == LANG_RU ? "%d г." : "%d", y);
    const char *name = l == LANG_RU && !d ? MONTHS_RU_ALONE[m - 1] : MONTHS[l][m - 1];
    if (!d)
        return l == LANG_KK   ? arena_printf(cx->arena, "%d ж. %s", y, name)
               : l == LANG_RU ? arena_printf(cx->arena, "%s %d г.", name, y)
                              : arena_printf(cx->arena, "%s %d", name, y);
    return l == LANG_KK   ? arena_printf(cx->arena, "%d ж. %d %s", y, d, name)
           : l == LANG_RU ? arena_printf(cx->arena, "%d %s %d г.", d, name, y)
                          : arena_printf(cx->arena, "%d %s %d", d, name, y);
}

const char *fmt_instant(struct ctx *cx, int64_t us)
{
    struct civil c = civil_of(us, &ZONE_KZ);
    return arena_printf(cx->arena, "%02d.%02d.%04d %02d:%02d", c.date.d, c.date.m, c.date.y, c.hour, c.minute);
}

/* The Roman number of a quarter and its year; NULL where the text is none. */
static const char *quarter_parts(const char *quarter, int *year)
{
    static const char *const ROMAN[] = {"I", "II", "III", "IV"};
    *year = quarter && strlen(quarter) == 7 ? digits_at(quarter, 4) : -1;
    if (*year < 0 || quarter[4] != '-' || quarter[5] != 'Q' || quarter[6] < '1' || quarter[6] > '4')
        return NULL;
    return ROMAN[quarter[6] - '1'];
}

const char *fmt_quarter_short(struct ctx *cx, const char *quarter)
{
    int y;
    const char *q = quarter_parts(quarter, &y);
    return q ? arena_printf(cx->arena, "%d-%s", y, q) : quarter ? quarter : "";
}

const char *fmt_quarter(struct ctx *cx, const char *quarter)
{
    int y;
    const char *q = quarter_parts(quarter, &y);
    if (!q)
        return quarter ? quarter : "";
    switch (cx->lang) {
    case LANG_RU:
        return arena_printf(cx->arena, "%s квартал %d года", q, y);
    case LANG_EN:
        return arena_printf(cx->arena, "Quarter %s of %d", q, y);
    default:
        return arena_printf(cx->arena, "%d жылғы %s тоқсан", y, q);
    }
}
