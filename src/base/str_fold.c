/* str_fold.c - spellings that should meet: the search key and the mending of mixed alphabets.
 * The tables are explained in str.h. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <utf8proc.h>

struct letter {
    uint32_t code;
    const char *key;
};

/* After decomposition and case folding, so without marks: й is и, ё is е, ў is у. Sorted by code. */
static const struct letter LETTERS[] = {
    {0x00DF, "ss"}, {0x00E6, "ae"}, {0x00F0, "d"},    {0x00F8, "o"},  {0x0111, "d"}, {0x0131, "i"},
    {0x0142, "l"},  {0x014B, "n"},  {0x0153, "oe"},   {0x0259, "a"},  {0x0430, "a"}, {0x0431, "b"},
    {0x0432, "v"},  {0x0433, "g"},  {0x0434, "d"},    {0x0435, "e"},  {0x0436, "j"}, {0x0437, "z"},
    {0x0438, "i"},  {0x043A, "k"},  {0x043B, "l"},    {0x043C, "m"},  {0x043D, "n"}, {0x043E, "o"},
    {0x043F, "p"},  {0x0440, "r"},  {0x0441, "s"},    {0x0442, "t"},  {0x0443, "u"}, {0x0444, "f"},
    {0x0445, "h"},  {0x0446, "ts"}, {0x0447, "ch"},   {0x0448, "sh"}, {0x0449, "shch"},
    {0x044A, ""},   {0x044B, "i"},  {0x044C, ""},     {0x044D, "e"},  {0x044E, "iu"}, {0x044F, "ia"},
    {0x0454, "e"},  {0x0456, "i"},  {0x0491, "g"},    {0x0493, "g"},  {0x0497, "j"}, {0x0499, "z"},
    {0x049B, "k"},  {0x049D, "k"},  {0x04A1, "k"},    {0x04A3, "n"},  {0x04A5, "n"}, {0x04AB, "s"},
    {0x04AF, "u"},  {0x04B1, "u"},  {0x04B3, "h"},    {0x04B7, "ch"}, {0x04BB, "h"}, {0x04D9, "a"},
    {0x04E9, "o"},
};

static const char *letter_key(uint32_t c)
{
    size_t low = 0, high = sizeof LETTERS / sizeof *LETTERS;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (LETTERS[mid].code == c)
            return LETTERS[mid].key;
        if (LETTERS[mid].code < c)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Adds one Latin letter; what Latin spellings write with two letters becomes one as soon as it stands. */
static void add_latin(struct buf *b, char c)
{
    if (c == 'q')
        c = 'k';
    else if (c == 'w')
        c = 'u';
    else if (c == 'y')
        c = 'i';
    if (c == 'x') {
        buf_puts(b, "ks");
        return;
    }
    while (c == 'h' && b->len > 0 && strchr("zkg", b->data[b->len - 1])) {
        char last = b->data[b->len - 1];
        b->data[--b->len] = '\0';
        if (last != 'k')
            c = last == 'z' ? 'j' : 'g';
    }
    if (c == 'i' && b->len > 0 && b->data[b->len - 1] == 'i')
        return;
    buf_putc(b, c);
}

static void add_space(struct buf *b)
{
    if (b->len > 0 && b->data[b->len - 1] != ' ')
        buf_putc(b, ' ');
}

static bool is_mark(uint32_t c)
{
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ME ||
           k == UTF8PROC_CATEGORY_LM || k == UTF8PROC_CATEGORY_SK || k == UTF8PROC_CATEGORY_CF;
}

static bool is_letter(uint32_t c)
{
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x201B;
}

static void add_character(struct buf *b, uint32_t c, const char *raw, size_t len)
{
    const char *key = letter_key(c);
    if (key) {
        for (; *key; key++)
            add_latin(b, *key);
    } else if (c >= 'a' && c <= 'z') {
        add_latin(b, (char)c);
    } else if (c == 0x0327 && b->len > 0 && strchr("sc", b->data[b->len - 1])) {
        add_latin(b, 'h'); /* the cedilla of ş and ç makes another letter of it */
    } else if (is_mark(c) || is_apostrophe(c)) {
        return;
    } else if (is_letter(c) || utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_ND) {
        buf_put(b, raw, len);
    } else {
        add_space(b);
    }
}

char *str_fold(struct arena *a, const char *s)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n = utf8proc_map(
        (const utf8proc_uint8_t *)s, (utf8proc_ssize_t)strlen(s), &folded,
        UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (n == UTF8PROC_ERROR_NOMEM)
        die("out of memory");
    if (n < 0)
        return arena_strdup(a, ""); /* not UTF-8: no key, found by nothing */
    struct buf *b = buf_new(a, 0);
    for (utf8proc_ssize_t i = 0, len; i < n; i += len) {
        utf8proc_int32_t c;
        len = utf8proc_iterate(folded + i, n - i, &c);
        if (len <= 0)
            break;
        add_character(b, (uint32_t)c, (const char *)folded + i, (size_t)len);
    }
    free(folded);
    while (b->len > 0 && b->data[b->len - 1] == ' ')
        b->data[--b->len] = '\0';
    return arena_strndup(a, b->data, b->len);
}

/* --- two alphabets in one word --- */

static const struct { uint32_t latin, cyrillic; } TWINS[] = {
    {'A', 0x0410}, {'B', 0x0412}, {'C', 0x0421}, {'E', 0x0415}, {'H', 0x041D},    {'I', 0x0406},
    {'K', 0x041A}, {'M', 0x041C}, {'O', 0x041E}, {'P', 0x0420}, {'T', 0x0422},    {'X', 0x0425},
    {'a', 0x0430}, {'c', 0x0441}, {'e', 0x0435}, {'h', 0x04BB}, {'i', 0x0456},    {'k', 0x043A},
    {'o', 0x043E}, {'p', 0x0440}, {'x', 0x0445}, {'y', 0x0443}, {0x0259, 0x04D9}, {0x018F, 0x04D8},
};

static uint32_t cyrillic_twin(uint32_t latin)
{
    for (size_t i = 0; i < sizeof TWINS / sizeof *TWINS; i++)
        if (TWINS[i].latin == latin)
            return TWINS[i].cyrillic;
    return 0;
}

static uint32_t latin_twin(uint32_t cyrillic)
{
    for (size_t i = 0; i < sizeof TWINS / sizeof *TWINS; i++)
        if (TWINS[i].cyrillic == cyrillic)
            return TWINS[i].latin;
    return 0;
}

static bool is_cyrillic(uint32_t c)
{
    return c >= 0x0400 && c <= 0x052F;
}

static bool is_latin(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || c == 0x0259;
}

static void put_character(struct buf *b, uint32_t c)
{
    utf8proc_uint8_t raw[4];
    buf_put(b, raw, (size_t)utf8proc_encode_char((utf8proc_int32_t)c, raw));
}

/* One word of n bytes, mended into b. */
static bool mend_word(struct buf *b, const char *s, size_t n)
{
    bool latin = false, cyrillic = false, latin_only = false, cyrillic_only = false;
    utf8proc_int32_t c;
    for (size_t i = 0; i < n;) {
        i += (size_t)utf8proc_iterate((const utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(n - i), &c);
        if (is_latin((uint32_t)c)) {
            latin = true;
            latin_only |= !cyrillic_twin((uint32_t)c);
        } else if (is_cyrillic((uint32_t)c)) {
            cyrillic = true;
            cyrillic_only |= !latin_twin((uint32_t)c);
        }
    }
    if (!latin || !cyrillic || (latin_only && cyrillic_only)) {
        buf_put(b, s, n);
        return false;
    }
    for (size_t i = 0; i < n;) {
        i += (size_t)utf8proc_iterate((const utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(n - i), &c);
        uint32_t twin = latin_only ? latin_twin((uint32_t)c) : cyrillic_twin((uint32_t)c);
        put_character(b, twin ? twin : (uint32_t)c);
    }
    return true;
}

char *str_fold_lookalikes(struct arena *a, const char *s, bool *changed)
{
    struct buf *b = buf_new(a, 0);
    size_t n = strlen(s), word = 0;
    bool any = false;
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len =
            utf8proc_iterate((const utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(n - i), &c);
        bool bad = len <= 0;
        size_t step = bad ? 1 : (size_t)len;
        if (bad || !(is_letter((uint32_t)c) || is_mark((uint32_t)c))) {
            any |= mend_word(b, s + word, i - word);
            buf_put(b, s + i, step);
            word = i + step;
        }
        i += step;
    }
    any |= mend_word(b, s + word, n - word);
    if (changed)
        *changed = any;
    return arena_strndup(a, b->data, b->len);
}
