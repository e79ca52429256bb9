/* build_names.c - from the classifier's short forms to names: what a unit is, its name written out in Kazakh
 * and Russian, and an English one; see build.h.
 *
 * English names that are not published are transliterated from Kazakh, letter by letter, after the
 * BGN/PCGN romanization without its marks:
 *   а a  ә a  б b  в v  г g  ғ gh д d  е e  ё yo ж zh з z  и i  й y  к k  қ q  л l  м m  н n  ң ng о o  ө o
 *   п p  р r  с s  т t  у u  ұ u  ү u  ф f  х kh һ h  ц ts ч ch ш sh щ shch ы y  і i  э e  ю yu я ya ъ ь - */
#include "geo/build.h"

#include "base/buf.h"
#include "base/str.h"

#include <string.h>

static const struct {
    const char *small, *capital, *latin;
} LETTERS[] = {
    {"а", "А", "a"},  {"ә", "Ә", "a"},  {"б", "Б", "b"},  {"в", "В", "v"},    {"г", "Г", "g"},  {"ғ", "Ғ", "gh"},
    {"д", "Д", "d"},  {"е", "Е", "e"},  {"ё", "Ё", "yo"}, {"ж", "Ж", "zh"},   {"з", "З", "z"},  {"и", "И", "i"},
    {"й", "Й", "y"},  {"к", "К", "k"},  {"қ", "Қ", "q"},  {"л", "Л", "l"},    {"м", "М", "m"},  {"н", "Н", "n"},
    {"ң", "Ң", "ng"}, {"о", "О", "o"},  {"ө", "Ө", "o"},  {"п", "П", "p"},    {"р", "Р", "r"},  {"с", "С", "s"},
    {"т", "Т", "t"},  {"у", "У", "u"},  {"ұ", "Ұ", "u"},  {"ү", "Ү", "u"},    {"ф", "Ф", "f"},  {"х", "Х", "kh"},
    {"һ", "Һ", "h"},  {"ц", "Ц", "ts"}, {"ч", "Ч", "ch"}, {"ш", "Ш", "sh"},   {"щ", "Щ", "shch"}, {"ы", "Ы", "y"},
    {"і", "І", "i"},  {"э", "Э", "e"},  {"ю", "Ю", "yu"}, {"я", "Я", "ya"},   {"ъ", "Ъ", ""},   {"ь", "Ь", ""},
};

const char *build_transliterate(struct arena *a, const char *name)
{
    struct buf *b = buf_new(a, 0);
    size_t left = strlen(name);
    while (left) {
        size_t n = utf8_length(name, left), k = 0;
        for (; n == 2 && k < sizeof LETTERS / sizeof *LETTERS; k++) {
            bool small = memcmp(name, LETTERS[k].small, 2) == 0;
            if (!small && memcmp(name, LETTERS[k].capital, 2) != 0)
                continue;
            const char *latin = LETTERS[k].latin;
            if (*latin)
                buf_putc(b, small ? *latin : (char)(*latin - 'a' + 'A'));
            if (*latin)
                buf_puts(b, latin + 1);
            break;
        }
        if (n != 2 || k == sizeof LETTERS / sizeof *LETTERS)
            buf_put(b, name, n ? n : 1);
        name += n ? n : 1;
        left -= n ? n : 1;
    }
    return arena_strndup(a, b->data, b->len);
}

/* White space at the ends off, runs of it (also no-break) to one space. */
static const char *tidy(struct arena *a, const char *s)
{
    struct buf *b = buf_new(a, 0);
    for (const char *t = str_trim(a, s); *t; t++) {
        bool wide = (unsigned char)t[0] == 0xC2 && (unsigned char)t[1] == 0xA0;
        bool space = wide || *t == ' ' || *t == '\t';
        if (!space)
            buf_putc(b, *t);
        else if (b->len && b->data[b->len - 1] != ' ')
            buf_putc(b, ' ');
        t += wide;
    }
    return arena_strndup(a, b->data, b->len);
}

/* s without a prefix, or without a suffix, and the space beside it; NULL where it has none. */
static const char *without_prefix(struct arena *a, const char *s, const char *prefix)
{
    return str_starts(s, prefix) ? tidy(a, s + strlen(prefix)) : NULL;
}

static const char *without_suffix(struct arena *a, const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n > m && str_ends(s, suffix) ? tidy(a, arena_strndup(a, s, n - m)) : NULL;
}

/* Short forms of settlements: Russian in front, Kazakh behind. The classifier writes no Kazakh form for many. */
static const struct {
    const char *ru;
    enum pack_kind kind;
} SETTLEMENTS[] = {
    {"с.", PACK_KIND_VILLAGE},     {"п.", PACK_KIND_TOWN},        {"г.", PACK_KIND_CITY},
    {"ст.", PACK_KIND_STATION},    {"рзд.", PACK_KIND_STATION},   {"район ", PACK_KIND_CITY_DISTRICT},
    {"зимовка", PACK_KIND_WINTERING}, {"Зимовка", PACK_KIND_WINTERING}, {"Чабанск", PACK_KIND_WINTERING},
    {"Дом чабана", PACK_KIND_WINTERING}, {"отг", PACK_KIND_WINTERING},
    {"ферма", PACK_KIND_FARM},     {"Ферма", PACK_KIND_FARM},     {"МТФ", PACK_KIND_FARM},
    {"уч.", PACK_KIND_FARM},       {"кр.", PACK_KIND_FARM},       {"крес", PACK_KIND_FARM},
    {"Отд", PACK_KIND_FARM},       {"Бригада", PACK_KIND_FARM},   {"Жив", PACK_KIND_FARM},
};
static const char *const SHORT_KK[] = {" а.", " а", " к.", " қ.", " ст.", " рзд.", " атын.а."};

/* Stations and sidings of the railway, whose short forms say little beside a village's bare name: "ст.Чанак", "рзд.51". */
static void name_station(struct arena *a, const char *ru, const char *kk, struct pack_territory *t)
{
    bool siding = str_starts(ru, "рзд.");
    const char *sign = siding ? "рзд." : "ст.", *bare = without_prefix(a, ru, sign), *own = without_prefix(a, kk, sign);
    if (!own)
        own = without_suffix(a, kk, siding ? " рзд." : " ст.");
    if (!own || !*own || !bare || !*bare)
        return;
    bool number = strspn(own, "0123456789") == strlen(own);
    const char *latin = build_transliterate(a, own);
    t->ru = arena_printf(a, "%s %s", siding ? "разъезд" : "станция", bare);
    t->kk = siding ? arena_printf(a, number ? "%s-разъезд" : "%s разъезі", own) : arena_printf(a, "%s станциясы", own);
    t->en = siding ? arena_printf(a, number ? "Siding %s" : "%s Siding", latin) : arena_printf(a, "%s Station", latin);
}

static void name_settlement(struct arena *a, const char *ru, const char *kk, struct pack_territory *t)
{
    t->level = PACK_SETTLEMENT;
    t->kind = PACK_KIND_OTHER;
    t->ru = ru;
    t->kk = kk;
    for (size_t i = 0; i < sizeof SETTLEMENTS / sizeof *SETTLEMENTS; i++) {
        const char *bare = without_prefix(a, ru, SETTLEMENTS[i].ru);
        if (!bare)
            continue;
        t->kind = SETTLEMENTS[i].kind;
        if (pack_kind_inhabited(t->kind) && *bare && t->kind != PACK_KIND_STATION)
            t->ru = bare;
        break;
    }
    for (size_t i = 0; pack_kind_inhabited(t->kind) && i < sizeof SHORT_KK / sizeof *SHORT_KK; i++) {
        const char *bare = without_suffix(a, kk, SHORT_KK[i]);
        if (bare && *bare && t->kind != PACK_KIND_STATION) {
            t->kk = bare;
            break;
        }
    }
    t->en = build_transliterate(a, t->kk);
    if (t->kind == PACK_KIND_STATION)
        name_station(a, ru, kk, t);
}

/* Short forms of okrugs: Kazakh behind; Russian in front or behind. */
static const struct {
    const char *kk, *kk_long, *ru, *ru_long, *en_long;
    enum pack_kind kind;
} OKRUGS[] = {
    {"атын.а.о.", "ауылдық округі", "с.о.", "сельский округ", "Rural Okrug", PACK_KIND_RURAL_OKRUG},
    {"атын.а.о", "ауылдық округі", "с.о", "сельский округ", "Rural Okrug", PACK_KIND_RURAL_OKRUG},
    {"ат.а.о.", "ауылдық округі", "с.о.", "сельский округ", "Rural Okrug", PACK_KIND_RURAL_OKRUG},
    {"а.о.", "ауылдық округі", "с.о.", "сельский округ", "Rural Okrug", PACK_KIND_RURAL_OKRUG},
    {"а.о", "ауылдық округі", "с.о", "сельский округ", "Rural Okrug", PACK_KIND_RURAL_OKRUG},
    {"а.ә.", "ауылының әкімдігі", "с.а.", "сельская администрация", "Village Administration", PACK_KIND_RURAL_OKRUG},
    {"а.ә", "ауылының әкімдігі", "с.а", "сельская администрация", "Village Administration", PACK_KIND_RURAL_OKRUG},
    {"к.ә.", "кентінің әкімдігі", "п.а.", "поселковая администрация", "Town Administration", PACK_KIND_TOWN_OKRUG},
    {"қ.ә.", "қаласының әкімдігі", "г.а.", "городская администрация", "City Administration", PACK_KIND_CITY},
};

static const char *ru_written_out(struct arena *a, const char *ru, const char *form, const char *in_full)
{
    const char *bare = without_suffix(a, ru, form);
    if (bare) /* "Акдалинский с.о.": an adjective in front */
        return arena_printf(a, "%s %s", bare, in_full);
    bare = without_prefix(a, ru, form);
    return bare ? arena_printf(a, "%s %s", in_full, bare) : ru;
}

static void name_okrug(struct arena *a, const char *ru, const char *kk, struct pack_territory *t)
{
    t->level = PACK_OKRUG;
    t->kind = PACK_KIND_RURAL_OKRUG;
    t->ru = ru;
    t->kk = kk;
    t->en = build_transliterate(a, kk);
    const char *city = without_suffix(a, kk, " қ.");
    if (city) {
        const char *ru_city = without_prefix(a, ru, "г.");
        t->kind = PACK_KIND_CITY;
        t->kk = arena_printf(a, "%s қаласы", city);
        t->ru = arena_printf(a, "город %s", ru_city ? ru_city : ru);
        t->en = arena_printf(a, "%s City", build_transliterate(a, city));
        return;
    }
    const char *part = without_suffix(a, kk, " ауданы");
    if (part) {
        t->level = PACK_DISTRICT;
        t->kind = PACK_KIND_CITY_DISTRICT;
        t->en = arena_printf(a, "%s District", build_transliterate(a, part));
        return;
    }
    for (size_t i = 0; i < sizeof OKRUGS / sizeof *OKRUGS; i++) {
        const char *bare = without_suffix(a, kk, OKRUGS[i].kk);
        if (!bare)
            continue;
        t->kind = OKRUGS[i].kind;
        t->kk = arena_printf(a, "%s %s", bare, OKRUGS[i].kk_long);
        t->ru = ru_written_out(a, ru, OKRUGS[i].ru, OKRUGS[i].ru_long);
        t->en = arena_printf(a, "%s %s", build_transliterate(a, bare), OKRUGS[i].en_long);
        return;
    }
}

/* Regions and districts. */
static void name_large(struct arena *a, bool region, const char *ru, const char *kk, struct pack_territory *t)
{
    t->level = region ? PACK_REGION : PACK_DISTRICT;
    t->kind = region ? PACK_KIND_REGION : PACK_KIND_DISTRICT;
    t->ru = ru;
    t->kk = kk;
    const char *city = without_suffix(a, kk, region ? " қ." : " Қ.Ә.");
    if (!city && !region)
        city = without_suffix(a, kk, " Г.А."); /* one row has the Russian form in Kazakh */
    if (city) {
        const char *ru_city = region ? without_prefix(a, ru, "г.") : without_suffix(a, ru, " Г.А.");
        t->kind = region ? PACK_KIND_REPUBLICAN_CITY : PACK_KIND_REGIONAL_CITY;
        t->kk = arena_printf(a, "%s қаласы", city);
        t->ru = arena_printf(a, "город %s", ru_city ? ru_city : ru);
        t->en = build_english(a, t->kind, build_transliterate(a, city));
        return;
    }
    const char *bare = without_suffix(a, kk, region ? " облысы" : " ауданы");
    t->en = build_english(a, t->kind, build_transliterate(a, bare ? bare : kk));
}

void build_name_row(struct arena *a, const char *level, const char *type_code, const char *ru, const char *kk,
                    struct pack_territory *t)
{
    (void)type_code;
    ru = tidy(a, ru);
    kk = tidy(a, kk);
    t->flags |= PACK_EN_DERIVED;
    if (strcmp(level, "oblast") == 0 || strcmp(level, "district") == 0)
        name_large(a, level[0] == 'o', ru, kk, t);
    else if (strcmp(level, "sub_district") == 0)
        name_okrug(a, ru, kk, t);
    else
        name_settlement(a, ru, kk, t);
}

const char *build_english(struct arena *a, enum pack_kind kind, const char *bare)
{
    const char *city = without_suffix(a, bare, " (city)");
    const char *name = city ? city : bare;
    if (strcmp(name, "Turkestan") == 0) /* as the region writes itself in English */
        name = "Turkistan";
    if (strcmp(name, "Zharasemey") == 0) /* a slip of the source: Жаңасемей */
        name = "Zhanasemey";
    switch (kind) {
    case PACK_KIND_REGION:
        return arena_printf(a, "%s Region", name);
    case PACK_KIND_DISTRICT:
    case PACK_KIND_CITY_DISTRICT:
        return arena_printf(a, "%s District", name);
    case PACK_KIND_REGIONAL_CITY:
        return arena_printf(a, "%s City", name);
    default:
        return arena_strdup(a, name);
    }
}
