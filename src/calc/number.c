/* number.c - cells as numbers, fast: a million respondents have several million cells.
 *
 * A decimal number of at most 15 digits with a power of ten up to 22 is exact in one division or
 * multiplication of doubles (Clinger 1990, "How to read floating point numbers accurately"); all others go
 * through strtod(). So the value is always the nearest double. */
#include "base/str.h"
#include "calc/internal.h"

#include <math.h>
#include <stdlib.h>

static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The form of a plain number: [sign] digits [point digits] [e [sign] digits], spaces around; where it ends. */
struct parts {
    uint64_t digits;
    int count, after; /* significant digits, digits behind the point */
    int exponent;
    bool negative;
};

static const char *scan(const char *s, struct parts *p)
{
    bool some = false, behind = false;
    p->negative = *s == '-';
    s += *s == '-' || *s == '+';
    for (; digit(*s) || (*s == '.' && !behind); s++) {
        if (*s == '.') {
            behind = true;
            continue;
        }
        some = true;
        p->after += behind;
        if (p->count || *s != '0') {
            if (p->count < 18)
                p->digits = p->digits * 10 + (uint64_t)(*s - '0');
            p->count++;
        }
    }
    if (!some)
        return NULL;
    if (*s != 'e' && *s != 'E')
        return s;
    bool minus = s[1] == '-';
    const char *e = s + 1 + (s[1] == '-' || s[1] == '+');
    if (!digit(*e))
        return NULL;
    for (; digit(*e); e++)
        p->exponent = p->exponent < 100000 ? p->exponent * 10 + (*e - '0') : p->exponent;
    p->exponent = minus ? -p->exponent : p->exponent;
    return e;
}

bool calc_parse_num(const char *s, bool comma, double *v)
{
    while (*s == ' ' || *s == '\t')
        s++;
    struct parts p = {0};
    const char *end = scan(s, &p);
    const char *rest = end;
    while (rest && (*rest == ' ' || *rest == '\t'))
        rest++;
    if (!rest || *rest)
        return comma && str_to_num(s, v) && isfinite(*v);
    int power = p.exponent - p.after;
    if (p.count <= 15 && power >= -22 && power <= 22) {
        double d = (double)p.digits;
        d = power < 0 ? d / POWERS[-power] : d * POWERS[power];
        *v = p.negative ? -d : d;
        return true;
    }
    *v = strtod(s, NULL);
    return isfinite(*v);
}

bool calc_parse_whole(const char *s, int64_t *v)
{
    double d;
    while (*s == ' ' || *s == '\t')
        s++;
    struct parts p = {0};
    const char *end = scan(s, &p);
    if (end && p.count <= 18 && p.after == 0 && p.exponent == 0 && !end[strspn(end, " \t")]) {
        *v = p.negative ? -(int64_t)p.digits : (int64_t)p.digits;
        return true;
    }
    if (!calc_parse_num(s, false, &d) || d != floor(d) || fabs(d) > 0x1p53)
        return false;
    *v = (int64_t)d;
    return true;
}

bool calc_infinite_text(const char *s, double *v)
{
    bool minus = *s == '-';
    const char *t = s + (*s == '-' || *s == '+');
    if (!str_eq(t, "Inf") && !str_eq(t, "inf") && !str_eq(t, "Infinity"))
        return false;
    *v = minus ? -INFINITY : INFINITY;
    return true;
}
