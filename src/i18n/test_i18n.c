/* Texts, plural rules, numbers, dates, languages and the Kazakh order. The table here replaces the generated one. */
#include "base/arena.h"
#include "i18n/i18n.h"
#include "i18n/table.h"

#include "tap.h"

const struct i18n_text i18n_texts[] = {
    {"%lld case", {{"%lld іс"}, {"%lld дело", "%lld дела", "%lld дел"}, {"%lld case", "%lld cases"}}},
    {"From %s to %s", {{"%2$s дейін, %1$s бастап"}, {"С %s по %s"}, {0}}},
    {"Save", {{"Сақтау"}, {0}, {0}}},
    {"month\004May", {{"мамыр"}, {"май"}, {0}}},
};
const size_t i18n_texts_n = 4;

static struct ctx cx;

static void test_texts(void)
{
    cx.lang = LANG_KK;
    is_str(T(&cx, "Save"), "Сақтау", "a text comes in the reader's language");
    is_str(TF(&cx, "From %s to %s", "а", "б"), "б дейін, а бастап", "a translation may put the arguments in its own order");
    is_str(TC(&cx, "month", "May"), "мамыр", "a context separates texts that are alike in English");
    cx.lang = LANG_RU;
    is_str(T(&cx, "Save"), "Save", "without a translation the English text stands");
    is_str(T(&cx, "Unknown text"), "Unknown text", "so does a text that the table lacks");
    is_str(TC(&cx, "button", "May"), "May", "the context itself is never shown");
    is_str(T(&cx, NULL), "", "no text is an empty text");
}

static void test_plurals(void)
{
    static const struct { long long n; const char *want; } RU[] = {
        {0, "0 дел"}, {1, "1 дело"}, {2, "2 дела"}, {4, "4 дела"}, {5, "5 дел"}, {11, "11 дел"}, {12, "12 дел"},
        {14, "14 дел"}, {21, "21 дело"}, {22, "22 дела"}, {25, "25 дел"}, {101, "101 дело"}, {111, "111 дел"},
        {112, "112 дел"}, {1004, "1004 дела"}, {-1, "-1 дело"},
    };
    cx.lang = LANG_RU;
    for (size_t i = 0; i < sizeof RU / sizeof RU[0]; i++)
        is_str(TN(&cx, "%lld case", "%lld cases", RU[i].n), RU[i].want, "Russian counts with three forms");
    cx.lang = LANG_KK;
    is_str(TN(&cx, "%lld case", "%lld cases", 1), "1 іс", "Kazakh: one");
    is_str(TN(&cx, "%lld case", "%lld cases", 5), "5 іс", "Kazakh keeps the singular after a number");
    cx.lang = LANG_EN;
    is_str(TN(&cx, "%lld case", "%lld cases", 1), "1 case", "English: one");
    is_str(TN(&cx, "%lld case", "%lld cases", 0), "0 cases", "English: none is plural");
    cx.lang = LANG_KK;
    is_str(TN(&cx, "%lld dog", "%lld dogs", 2), "2 dogs", "an untranslated count follows the English rule");
}

static void test_numbers(void)
{
    cx.lang = LANG_KK;
    is_str(fmt_num(&cx, 1234567.5, 1), "1\u00a0234\u00a0567,5", "kk: groups by no-break spaces, a decimal comma");
    is_str(fmt_int(&cx, 999), "999", "three digits are not grouped");
    is_str(fmt_int(&cx, 1000), "1\u00a0000", "four are");
    is_str(fmt_int(&cx, INT64_MIN), "\u2212" "9\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775\u00a0808",
           "the smallest whole number");
    is_str(fmt_num(&cx, -0.04, 1), "0,0", "what rounds to zero has no sign");
    is_str(fmt_num(&cx, -2.5, 1), "\u2212" "2,5", "a negative number has a minus sign, not a hyphen");
    is_str(fmt_num(&cx, NAN, 2), "–", "an absent number is a dash");
    is_str(fmt_percent(&cx, 0.256, 1), "25,6\u00a0%", "kk: percent with a no-break space");
    cx.lang = LANG_EN;
    is_str(fmt_num(&cx, 1234567.5, 1), "1,234,567.5", "en: commas and a point");
    is_str(fmt_percent(&cx, 0.256, 1), "25.6%", "en: percent without a space");
    is_str(fmt_num(&cx, 12, 0), "12", "no decimals, no separator");
}

static void test_dates(void)
{
    static const char *const KK[] = {"қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз",
                                     "қыркүйек", "қазан", "қараша", "желтоқсан"};
    static const char *const RU[] = {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа",
                                     "сентября", "октября", "ноября", "декабря"};
    for (int m = 1; m <= 12; m++) {
        char iso[32], want[64];
        snprintf(iso, sizeof iso, "2025-%02d-09", m);
        cx.lang = LANG_KK;
        snprintf(want, sizeof want, "2025 ж. 9 %s", KK[m - 1]);
        is_str(fmt_date_long(&cx, iso), want, "a month in Kazakh");
        cx.lang = LANG_RU;
        snprintf(want, sizeof want, "9 %s 2025 г.", RU[m - 1]);
        is_str(fmt_date_long(&cx, iso), want, "a month in Russian stands in the genitive");
    }
    is_str(fmt_date_long(&cx, "2025-03"), "март 2025 г.", "without a day, in the nominative");
    cx.lang = LANG_EN;
    is_str(fmt_date_long(&cx, "2025-03-01"), "1 March 2025", "a date in English");
    is_str(fmt_date(&cx, "2025-03-01"), "01.03.2025", "a short date is the country's in every language");
    is_str(fmt_date(&cx, "2025-03"), "03.2025", "a month without a day");
    is_str(fmt_date(&cx, "2025-13-01"), "2025-13-01", "what is no date is left as it stands");
    is_str(fmt_date(&cx, NULL), "", "no date is empty");
    is_str(fmt_instant(&cx, 1740819900000000), "01.03.2025 14:05", "an instant is shown five hours east of UTC");
    is_str(fmt_instant(&cx, 1709146800000000 + 3600LL * 1000000 * 4), "29.02.2024 05:00", "six hours before March 2024, on a leap day");
    is_str(fmt_instant(&cx, -1), "01.01.1970 05:59", "an instant before 1970");
    is_str(fmt_quarter(&cx, "2025-Q3"), "Quarter III of 2025", "a quarter in English");
    cx.lang = LANG_KK;
    is_str(fmt_quarter(&cx, "2025-Q3"), "2025 жылғы III тоқсан", "a quarter in Kazakh");
    cx.lang = LANG_RU;
    is_str(fmt_quarter(&cx, "2025-Q4"), "IV квартал 2025 года", "a quarter in Russian");
    is_str(fmt_quarter(&cx, "2025-Q5"), "2025-Q5", "there is no fifth quarter");
    is_str(fmt_quarter_short(&cx, "2025-Q4"), "2025-IV", "a quarter at an axis is short");
}

static void test_languages(void)
{
    is_int(lang_from_accept("ru-RU,ru;q=0.9,en;q=0.8", LANG_KK), LANG_RU, "the first of equal weight is taken");
    is_int(lang_from_accept("en;q=0.3, kk-KZ;q=0.8, ru;q=0.5", LANG_EN), LANG_KK, "the greatest weight wins");
    is_int(lang_from_accept("de, fr;q=0.5", LANG_KK), LANG_KK, "other languages give the fallback");
    is_int(lang_from_accept("en;q=0", LANG_KK), LANG_KK, "weight 0 refuses a language");
    is_int(lang_from_accept("*;q=0.5, en;q=0.4", LANG_KK), LANG_KK, "the asterisk is the fallback");
    is_int(lang_from_accept("kkx", LANG_RU), LANG_RU, "a longer tag is another language");
    is_int(lang_from_accept(NULL, LANG_RU), LANG_RU, "no header gives the fallback");
    is_int(lang_from_accept(",,;;q==,", LANG_RU), LANG_RU, "nonsense gives the fallback");
    is_int(lang_from_code("ru"), LANG_RU, "a code is read");
    is_int(lang_from_code("de"), LANG_COUNT, "an unknown code is none");
    is_str(lang_name(LANG_KK), "Қазақша", "a language has its own name");
}

static int by_collation(const void *a, const void *b)
{
    return i18n_collate(*(const char *const *)a, *(const char *const *)b);
}

static void test_order(void)
{
    static const char *const ALPHABET[] = {"а", "ә", "б", "в", "г", "ғ", "д", "е", "ё", "ж", "з", "и", "й", "к",
                                           "қ", "л", "м", "н", "ң", "о", "ө", "п", "р", "с", "т", "у", "ұ", "ү",
                                           "ф", "х", "һ", "ц", "ч", "ш", "щ", "ъ", "ы", "і", "ь", "э", "ю", "я"};
    enum { N = sizeof ALPHABET / sizeof ALPHABET[0] };
    const char *mixed[N];
    for (int i = 0; i < N; i++)
        mixed[i] = ALPHABET[i * 17 % N];
    qsort(mixed, N, sizeof *mixed, by_collation);
    bool same = true;
    for (int i = 0; i < N; i++)
        if (strcmp(mixed[i], ALPHABET[i]) != 0 && printf("# %d: %s, not %s\n", i, mixed[i], ALPHABET[i]))
            same = false;
    ok(same, "the 42 letters sort in the order of the Kazakh alphabet");
    ok(i18n_collate("Қазығұрт", "Кентау") > 0, "Қ comes after К, not after Я");
    ok(i18n_collate("кентау", "Кентау") != 0 && i18n_collate("кентау", "Кентаул") < 0, "case decides last only");
    is_int(i18n_collate("Арыс", "Арыс"), 0, "a text equals itself");
    ok(i18n_collate_n("Арысxx", 8, "Арыс", 8) == 0, "lengths bound the comparison");
}

int main(void)
{
    is_str(text_lang("Жайылым кезегін талқылау"), "kk", "a text with Kazakh letters is Kazakh");
    is_str(text_lang("ШАРАП, Іс"), "kk", "also where the letter is a great І");
    is_str(text_lang("Обсудить очередь на пастбище"), "ru", "one in other Cyrillic letters is Russian");
    is_str(text_lang("Agree the queue"), "en", "one in Latin letters is English");

    cx.arena = arena_new(0);
    test_texts();
    test_plurals();
    test_numbers();
    test_dates();
    test_languages();
    test_order();
    arena_free(cx.arena);
    return done();
}
