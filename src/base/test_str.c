/* Tests of base/str.h: UTF-8, cutting, numbers, search keys, mixed alphabets. */
#include "tap.h"

#include "base/arena.h"
#include "base/str.h"

static struct arena *a;

static void same_key(const char *x, const char *y)
{
    char name[200];
    snprintf(name, sizeof name, "%s and %s have one search key", x, y);
    is_str(str_fold(a, x), str_fold(a, y), name);
}

static void test_utf8(void)
{
    ok(utf8_valid("қоғам", strlen("қоғам")), "Kazakh text is valid");
    ok(!utf8_valid("\xC0\xAF", 2), "an overlong form is not");
    ok(!utf8_valid("\xED\xA0\x80", 3), "a surrogate is not");
    ok(!utf8_valid("\xF4\x90\x80\x80", 4), "a code point beyond the last is not");
    ok(!utf8_valid("\xE2\x82", 2), "a cut character is not");
    ok(!utf8_valid("\xFF", 1) && !utf8_valid("\x80", 1), "lone bytes are not");
    ok(utf8_valid("\xF4\x8F\xBF\xBF", 4), "the last code point is");
    is_int(utf8_count("ауыл"), 4, "characters are counted, not bytes");
    is_str(utf8_cut(a, "Түркістан", 5), "Түрк…", "a long text is cut at a character");
    is_str(utf8_cut(a, "Түрк", 4), "Түрк", "a text that fits is left alone");
}

static void test_cutting(void)
{
    size_t n;
    is_str(str_trim(a, " \u00A0\tКентау\u202F\r\n"), "Кентау", "all kinds of white space are trimmed");
    is_str(str_trim(a, "  "), "", "nothing is left of white space");
    is_str(str_trim(a, "a b"), "a b", "inner space stays");
    char **p = str_split(a, "a,,b", ',', &n);
    ok(n == 3 && str_eq(p[0], "a") && str_eq(p[1], "") && str_eq(p[2], "b"), "empty pieces count");
    str_split(a, "", ',', &n);
    is_int(n, 1, "an empty text is one empty piece");
    ok(str_starts("report.csv", "rep") && !str_starts("re", "rep"), "beginnings are told");
    ok(str_ends("report.csv", ".csv") && !str_ends("v", ".csv"), "ends are told");
    ok(str_eq(NULL, NULL) && !str_eq(NULL, "") && str_empty(NULL) && str_empty(""), "NULL is a value");
}

static void test_numbers(void)
{
    int64_t i = 7;
    double d = 7;
    ok(str_to_int("-42", -50, 50, &i) && i == -42, "a negative integer is read");
    i = 7;
    ok(!str_to_int("51", -50, 50, &i) && i == 7, "one out of range is refused, nothing changed");
    ok(!str_to_int("9223372036854775808", INT64_MIN, INT64_MAX, &i), "one beyond 64 bits is refused");
    ok(!str_to_int("1x", 0, 9, &i) && !str_to_int(" 1", 0, 9, &i) && !str_to_int("", 0, 9, &i) &&
           !str_to_int("-", -9, 9, &i) && !str_to_int(NULL, 0, 9, &i),
       "anything but the whole integer is refused");
    ok(str_to_num("1 234 567,5", &d) && d == 1234567.5, "spaces and a decimal comma are read");
    ok(str_to_num("1\u00A0234.25", &d) && d == 1234.25, "no-break spaces and a point are read");
    ok(str_to_num("\u22120,5", &d) && d == -0.5, "the real minus sign is read");
    ok(str_to_num("1.5E-3", &d) && d == 0.0015, "an exponent is read");
    ok(str_to_num("0.1000000000000000055511151231257827021181583404541015625", &d) && d == 0.1,
       "more digits than needed are read");
    ok(!str_to_num("1,234.5", &d) && !str_to_num("1 23", &d) && !str_to_num("12 34 567", &d) &&
           !str_to_num("1234 567", &d) && !str_to_num("nan", &d) && !str_to_num("inf", &d) &&
           !str_to_num("5.", &d) && !str_to_num(".5", &d) && !str_to_num("1e999", &d) &&
           !str_to_num("0x10", &d) && !str_to_num("", &d) && !str_to_num("1 ", &d) && !str_to_num("--1", &d),
       "what is not clearly a number is refused");
}

static void test_keys(void)
{
    static const char *const PAIRS[][2] = {
        {"кентау", "Kentau"},        {"КЕНТАУ", "kentaw"},     {"Түркістан", "Turkistan"},
        {"Түркістан", "TÜRKİSTAN"},  {"Шымкент", "Shymkent"},  {"Шымкент", "Şımkent"},
        {"Жетісай", "Zhetysay"},     {"Жетісай", "Jetisai"},   {"Қазығұрт", "Kazygurt"},
        {"Қазығұрт", "Qazyğūrt"},    {"Сарыағаш", "Saryaghash"}, {"Бәйдібек", "Baydibek"},
        {"Мария", "Mariya"},         {"Ёлкин", "Елкин"},       {"Өзбекстан", "Озбекстан"},
        {"Һәм", "хам"},              {"Ленгерский", "Lengersky"}, {"Юлия", "Yuliya"},
        {"О’тов", "Отов"},           {"Қожа Ахмет", "kozha  akhmet"}, {"Чон-Ой", "chon oi"},
        {"ｋｅｎｔａｕ", "Кентау"},
    };
    is_str(str_fold(a, "КЕНТАУ"), "kentau", "the key is small Latin letters");
    is_str(str_fold(a, "  №7, Төле би к-сі "), "no7 tole bi k si", "other signs part words");
    is_str(str_fold(a, "ъ'"), "", "signs without sound leave nothing");
    is_str(str_fold(a, "\xFF"), "", "broken text has no key");
    is_str(str_fold(a, "ئۇيغۇر"), str_fold(a, str_fold(a, "ئۇيغۇر")), "other scripts stay");
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        same_key(PAIRS[i][0], PAIRS[i][1]);
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        char *once = str_fold(a, PAIRS[i][0]);
        is_str(str_fold(a, once), once, "folding twice changes nothing more");
    }
    ok(!str_eq(str_fold(a, "Туркестан"), str_fold(a, "Түркістан")), "different words stay different");
}

static void test_lookalikes(void)
{
    bool changed;
    is_str(str_fold_lookalikes(a, "Kентaу қаласы", &changed), "Кентау қаласы",
           "Latin letters in a Cyrillic word become Cyrillic");
    ok(changed, "and that is told");
    is_str(str_fold_lookalikes(a, "Shyмkent", &changed), "Shyмkent", "a word of no alphabet stays");
    ok(!changed, "and nothing is told");
    is_str(str_fold_lookalikes(a, "Lenger\u0430", &changed), "Lengera", "the reverse in a Latin word");
    is_str(str_fold_lookalikes(a, "C\u0410", &changed), "СА", "letters of both alphabets become Cyrillic");
    is_str(str_fold_lookalikes(a, "Сот Court 12", &changed), "Сот Court 12", "words of one alphabet stay");
    is_str(str_fold_lookalikes(a, "м\u0259селе", &changed), "мәселе", "Latin schwa becomes Kazakh ә");
}

int main(void)
{
    a = arena_new(0);
    test_utf8();
    test_cutting();
    test_numbers();
    test_keys();
    test_lookalikes();
    arena_free(a);
    return done();
}
