/* i18n_collate.c - the Kazakh alphabet's order, by ICU's collator (the only file that includes ICU). */
#include "i18n/i18n.h"

#include "base/arena.h"

#include <pthread.h>
#include <string.h>
#include <unicode/ucol.h>

/* Made once, then only read: ICU allows concurrent comparisons on a collator that nobody changes. */
static UCollator *collator;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void collator_open(void)
{
    UErrorCode status = U_ZERO_ERROR;
    collator = ucol_open("kk", &status);
    if (U_FAILURE(status))
        die("no collation of the Kazakh alphabet: %s", u_errorName(status));
}

int i18n_collate_n(const char *a, size_t a_len, const char *b, size_t b_len)
{
    pthread_once(&once, collator_open);
    UErrorCode status = U_ZERO_ERROR;
    int order = ucol_strcollUTF8(collator, a, (int32_t)a_len, b, (int32_t)b_len, &status);
    if (order)
        return order;
    /* equal to ICU is not the same text: bytes decide, so that sorting is total and repeatable */
    size_t n = a_len < b_len ? a_len : b_len;
    int bytes = memcmp(a, b, n);
    return bytes ? bytes : (a_len > b_len) - (a_len < b_len);
}

int i18n_collate(const char *a, const char *b)
{
    return i18n_collate_n(a, strlen(a), b, strlen(b));
}
