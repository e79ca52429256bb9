/* collate.c - see collate.h.
 *
 * Sorting a list of 800 places asks some 8,000 times which of two names comes first, and ICU needs half a
 * microsecond for each. Nearly all of these are decided by the first letter that differs. So each letter of the
 * Kazakh and Russian alphabets and each ASCII sign gets its rank among them from ICU once, and ICU is only asked where
 * the ranks tell nothing: names that differ in case or accents only, or hold other characters. */
#include "db/collate.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>

enum { RANKS = 0x500, KEY = 16 };

struct collation {
    UCollator *icu;
    unsigned short rank[RANKS]; /* by code point; 0: ask ICU */
};

struct letter {
    UChar code;
    uint8_t key[KEY]; /* the primary weight */
};

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct letter *)a)->key, ((const struct letter *)b)->key, KEY);
}

/* Letters that are one unit of the order each: no ligatures, no accents that could join the letter before. */
static size_t letters_of(struct letter *out)
{
    static const UChar KAZAKH[] = {0x401, 0x451, 0x406, 0x456, 0x4d8, 0x4d9, 0x492, 0x493, 0x49a, 0x49b, 0x4a2,
                                   0x4a3, 0x4e8, 0x4e9, 0x4b0, 0x4b1, 0x4ae, 0x4af, 0x4ba, 0x4bb};
    size_t n = 0;
    for (UChar c = ' '; c < 127; c++)
        out[n++].code = c;
    for (UChar c = 0x410; c < 0x450; c++)
        out[n++].code = c;
    for (size_t i = 0; i < sizeof KAZAKH / sizeof *KAZAKH; i++)
        out[n++].code = KAZAKH[i];
    return n;
}

static bool ranks_fill(struct collation *c)
{
    struct letter letters[256] = {0};
    size_t n = letters_of(letters);
    UErrorCode status = U_ZERO_ERROR;
    UCollator *primary = ucol_open("kk", &status);
    if (U_FAILURE(status))
        return false;
    ucol_setStrength(primary, UCOL_PRIMARY);
    for (size_t i = 0; i < n; i++)
        ucol_getSortKey(primary, &letters[i].code, 1, letters[i].key, KEY);
    ucol_close(primary);
    qsort(letters, n, sizeof *letters, by_key);
    unsigned short rank = 0;
    for (size_t i = 0; i < n; i++) {
        rank += i == 0 || by_key(&letters[i - 1], &letters[i]) != 0;
        c->rank[letters[i].code] = letters[i].key[0] ? rank : 0; /* an empty key: ICU skips the character */
    }
    return true;
}

int collation_new(struct ctx *cx, struct collation **out)
{
    UErrorCode status = U_ZERO_ERROR;
    struct collation *c = calloc(1, sizeof *c);
    if (!c)
        die("out of memory");
    *out = NULL;
    c->icu = ucol_open("kk", &status);
    if (U_FAILURE(status) || !ranks_fill(c)) {
        collation_free(c);
        return fail(cx, ERR_DB, "The order of the Kazakh alphabet is missing on this machine (%s).",
                    u_errorName(status));
    }
    *out = c;
    return OK;
}

void collation_free(struct collation *c)
{
    if (c && c->icu)
        ucol_close(c->icu);
    free(c);
}

int collation_compare_slow(const struct collation *c, const char *a, int n, const char *b, int m)
{
    UErrorCode status = U_ZERO_ERROR;
    UCollationResult r = ucol_strcollUTF8(c->icu, a, n, b, m, &status);
    if (r != UCOL_EQUAL)
        return r == UCOL_LESS ? -1 : 1;
    int d = memcmp(a, b, (size_t)(n < m ? n : m));
    return d ? d : n - m;
}

/* The rank of the character at p; 0 for one without. *len: its bytes. */
static unsigned rank_at(const struct collation *c, const unsigned char *p, const unsigned char *end, int *len)
{
    if (p < end && *p < 0x80) {
        *len = 1;
        return c->rank[*p];
    }
    if (end - p < 2 || (*p != 0xD0 && *p != 0xD1 && *p != 0xD2 && *p != 0xD3))
        return 0;
    *len = 2;
    return c->rank[(p[0] & 0x1F) << 6 | (p[1] & 0x3F)];
}

/* Nothing follows that could change the character before it. */
static bool stands_alone(const struct collation *c, const unsigned char *p, const unsigned char *end)
{
    int len;
    return p == end || rank_at(c, p, end, &len);
}

int collation_compare(const struct collation *c, const char *a, int n, const char *b, int m)
{
    const unsigned char *p = (const unsigned char *)a, *p_end = p + n, *q = (const unsigned char *)b, *q_end = q + m;
    while (p < p_end && q < q_end) {
        int p_len = 0, q_len = 0;
        unsigned r = rank_at(c, p, p_end, &p_len), s = rank_at(c, q, q_end, &q_len);
        if (!r || !s)
            break;
        p += p_len;
        q += q_len;
        if (r == s)
            continue;
        if (!stands_alone(c, p, p_end) || !stands_alone(c, q, q_end))
            break;
        return r < s ? -1 : 1;
    }
    return collation_compare_slow(c, a, n, b, m);
}
