/* json_number.c - numbers as the shortest text that reads back as the same double.
 *
 * The rule is: 15 significant digits if they read back, else 16, else 17, as "%.*g" writes them. A long table of
 * figures is mostly this, so numbers of everyday size do it in whole numbers: v = m 2^-s, so that v 10^k rounded
 * to a whole number D is one product and one shift in 128 bits, and D 10^-k reads back as v if it lies nearer
 * than half a unit of m. All others, and what lies exactly between, go through the C library. */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 wide;

static const uint64_t POWERS[] = {1,
                                  10,
                                  100,
                                  1000,
                                  10000,
                                  100000,
                                  1000000,
                                  10000000,
                                  100000000,
                                  1000000000,
                                  10000000000,
                                  100000000000,
                                  1000000000000,
                                  10000000000000,
                                  100000000000000,
                                  1000000000000000,
                                  10000000000000000,
                                  100000000000000000,
                                  1000000000000000000,
                                  10000000000000000000u};

static wide power(int k)
{
    return k < 20 ? POWERS[k] : (wide)POWERS[19] * 10;
}

/* How many digits stand before the point of 0.0001 <= a < 1e14; 0 and less for 0.1, 0.01 ... */
static int digits_before(double a)
{
    if (a < 1)
        return a >= 0.1 ? 0 : a >= 0.01 ? -1 : a >= 0.001 ? -2 : -3;
    int n = 1;
    while (a >= (double)POWERS[n])
        n++;
    return n;
}

static char *put_digits(char *to, uint64_t v, int width)
{
    char digits[24];
    int n = 0;
    while (v || n < width) {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    }
    while (n)
        *to++ = digits[--n];
    return to;
}

/* digits 10^-k */
static void put_fixed(char *out, bool minus, uint64_t digits, int k)
{
    while (k > 0 && digits % 10 == 0) {
        digits /= 10;
        k--;
    }
    uint64_t whole = k < 20 ? digits / POWERS[k] : 0;
    if (minus)
        *out++ = '-';
    out = put_digits(out, whole, 1);
    if (k > 0) {
        *out++ = '.';
        out = put_digits(out, k < 20 ? digits % POWERS[k] : digits, k);
    }
    *out = '\0';
}

static bool everyday(char *out, double v)
{
    uint64_t bits;
    double a = fabs(v);
    if (!(a >= 0.0001 && a < 1e14))
        return false;
    if (a == floor(a)) {
        put_fixed(out, v < 0, (uint64_t)a, 0);
        return true;
    }
    memcpy(&bits, &a, sizeof bits);
    int shift = 1075 - (int)(bits >> 52), before = digits_before(a); /* shift: 6 .. 66 */
    uint64_t fraction = bits & 0xFFFFFFFFFFFFFu, m = fraction | 0x10000000000000u;
    for (int p = 15; p <= 17; p++) {
        int k = p - before;
        wide product = m * power(k), rest = product & (((wide)1 << shift) - 1), half = (wide)1 << (shift - 1);
        uint64_t digits = (uint64_t)(product >> shift);
        bool up = rest > half || (rest == half && digits % 2);
        wide miss = up ? ((wide)1 << shift) - rest : rest;
        if (miss == 0 || (fraction && miss * 2 < power(k))) {
            put_fixed(out, v < 0, digits + up, k);
            return true;
        }
    }
    return false; /* a power of two, whose neighbour below is nearer */
}

const char *num_shortest(char out[32], double v)
{
    if (v == 0)
        v = 0; /* no "-0" */
    if (everyday(out, v))
        return out;
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(out, 32, "%.*g", precision, v);
        if (strtod(out, NULL) == v)
            break;
    }
    return out;
}
