/* id.c - see id.h. */
#include "base/id.h"

#include "base/arena.h"

static const char DIGITS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *id_write(char out[ID_CHARS + 1], int64_t id)
{
    if (id < 0)
        die("negative identifier %lld", (long long)id);
    for (int i = ID_CHARS - 1; i >= 0; i--) {
        out[i] = DIGITS[id & 31];
        id >>= 5;
    }
    out[ID_CHARS] = '\0';
    return out;
}

const char *id_text(struct arena *a, int64_t id)
{
    return id_write(arena_alloc(a, ID_CHARS + 1), id);
}

static int digit_value(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    const char *p = c ? strchr(DIGITS, c) : NULL;
    return p ? (int)(p - DIGITS) : -1;
}

bool id_parse(const char *text, int64_t *id)
{
    if (!text || strlen(text) != ID_CHARS || text[0] > '7')
        return false; /* 12 x 5 bits leave three for the first character */
    int64_t v = 0;
    for (int i = 0; i < ID_CHARS; i++) {
        int d = digit_value(text[i]);
        if (d < 0)
            return false;
        v = v << 5 | d;
    }
    if (v == 0)
        return false;
    *id = v;
    return true;
}
