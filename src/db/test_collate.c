/* test_collate.c - the short way of the Kazakh order says what ICU says. */
#include "db/collate.h"

#include "base/arena.h"
#include "tap.h"

#include <string.h>

static uint64_t state = 88172645463325252u;
static unsigned below(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % n);
}

/* Letters that sort specially, accents that join the letter before, signs, and other scripts. */
static const char *const PIECES[] = {
    "а", "ә", "Ә", "Б", "в", "Г", "ғ", "Е", "ё", "Ё", "и", "й", "Й", "к", "қ", "Қ", "л", "н", "ң", "о", "ө", "Ө",
    "п", "с", "т", "у", "ұ", "ү", "Ү", "х", "һ", "Һ", "ц", "ъ", "ы", "і", "І", "ь", "э", "ю", "я", " ", "-", ".",
    "'", "1", "10", "9", "A", "a", "z", "\xcc\x86", "\xcc\x88", "\xd2\x83", "ї", "ѹ", "中", "№", "«", "\xc2\xad", "\t"};

static int word(char *out, size_t size)
{
    size_t pieces = below(6);
    int n = 0;
    *out = '\0';
    for (size_t i = 0; i < pieces; i++)
        n += snprintf(out + n, size - (size_t)n, "%s", PIECES[below(sizeof PIECES / sizeof *PIECES)]);
    return n;
}

static int sign(int v)
{
    return (v > 0) - (v < 0);
}

int main(void)
{
    struct arena *a = arena_new(0);
    struct ctx cx = {.arena = a};
    struct collation *c;
    is_int(collation_new(&cx, &c), 0, "there is an order of the Kazakh alphabet");
    int wrong = 0;
    char x[64], y[64], first[200] = "";
    for (int i = 0; i < 400000; i++) {
        int n = word(x, sizeof x), m = word(y, sizeof y);
        if (sign(collation_compare(c, x, n, y, m)) != sign(collation_compare_slow(c, x, n, y, m)) && !wrong++)
            snprintf(first, sizeof first, "%s / %s", x, y);
    }
    if (wrong)
        printf("# first difference: %s\n", first);
    is_int(wrong, 0, "400,000 pairs of words sort as ICU sorts them");
    ok(collation_compare(c, "Ақсу", 8, "Әйтеке", 12) < 0, "Ақсу comes before Әйтеке");
    ok(collation_compare(c, "Көксу", 10, "Қазығұрт", 16) < 0, "К comes before Қ");
    is_int(collation_compare(c, "Ұя", 4, "Ұя", 4), 0, "a word equals itself");
    ok(collation_compare(c, "\xff", 1, "а", 2) != 0, "bytes that are no text are no reason to stop");
    collation_free(c);
    arena_free(a);
    return done();
}
