/* classifier.c - see classifier.h. Codes of communities are those of region packs (geo/pack.h). */
#include "registry/classifier.h"

#include "registry/pack_load_sql.h"

#include <stddef.h>

static const struct {
    const char *code, *kk, *ru, *en;
} COMMUNITIES[] = {
    {"kazakh", "қазақтар", "казахи", "Kazakhs"},
    {"uzbek", "өзбектер", "узбеки", "Uzbeks"},
    {"russian", "орыстар", "русские", "Russians"},
    {"tajik", "тәжіктер", "таджики", "Tajiks"},
    {"turk", "түріктер", "турки", "Turks"},
    {"azerbaijani", "әзербайжандар", "азербайджанцы", "Azerbaijanis"},
    {"kurd", "күрдтер", "курды", "Kurds"},
    {"uyghur", "ұйғырлар", "уйгуры", "Uyghurs"},
    {"tatar", "татарлар", "татары", "Tatars"},
    {"german", "немістер", "немцы", "Germans"},
    {"kyrgyz", "қырғыздар", "кыргызы", "Kyrgyz"},
    {"korean", "корейлер", "корейцы", "Koreans"},
    {"ukrainian", "украиндар", "украинцы", "Ukrainians"},
    {"greek", "гректер", "греки", "Greeks"},
    {"chechen", "шешендер", "чеченцы", "Chechens"},
    {"bashkir", "башқұрттар", "башкиры", "Bashkirs"},
    {"dungan", "дұңғандар", "дунгане", "Dungans"},
    {"persian", "парсылар", "персы", "Persians"},
    {"turkmen", "түрікмендер", "туркмены", "Turkmens"},
    {"karakalpak", "қарақалпақтар", "каракалпаки", "Karakalpaks"},
    {"belarusian", "беларустар", "белорусы", "Belarusians"},
    {"polish", "поляктар", "поляки", "Poles"},
    {"other", "басқалар", "другие", "others"},
    {"several", "бірнешеуі", "несколько", "several"},
    {"not_stated", "көрсетілмеген", "не указано", "not stated"},
};

/* The fields of a passport. Those of direction 0 describe; only the others can be better or worse. */
static const struct {
    const char *code, *block;
    const char *kk, *ru, *en;
    const char *unit_kk, *unit_ru, *unit_en;
    const char *definition;
    int direction, decimals;
    bool on_map;
} INDICATORS[] = {
    {"population", "people", "Халық саны", "Население", "Population", "адам", "чел.", "people",
     "Resident population at the date given", 0, 0, true},
    {"households", "people", "Үй шаруашылықтары", "Домохозяйства", "Households", "", "", "", "Households at the date given", 0, 0, false},
    {"school_places", "school", "Мектептегі орын", "Места в школах", "School places", "орын", "мест", "places",
     "Places in general schools by design", 1, 0, false},
    {"school_pupils", "school", "Оқушылар", "Ученики", "Pupils", "адам", "чел.", "pupils", "Pupils of general schools", 0, 0, false},
    {"school_shifts", "school", "Мектептегі ауысым саны", "Смен в школе", "School shifts", "", "", "",
     "Shifts in which the school teaches", -1, 0, true},
    {"kindergarten_places", "school", "Балабақшадағы орын", "Места в детских садах", "Kindergarten places", "орын", "мест", "places",
     "Places in kindergartens", 1, 0, false},
    {"water_access", "water", "Ауыз су қолжетімділігі", "Доступ к питьевой воде", "Drinking-water access", "%", "%", "%",
     "Share of households with piped or delivered drinking water", 1, 1, true},
    {"irrigation_shortage", "water", "Суару суы жетпеген күн", "Дней без поливной воды", "Days short of irrigation water", "күн", "дней",
     "days", "Days of the season in which irrigation water fell short", -1, 0, true},
    {"pasture_per_household", "land", "Бір үйге жайылым", "Пастбище на двор", "Pasture per household", "га", "га", "ha",
     "Pasture in common use divided by households", 1, 2, true},
    {"arable_per_household", "land", "Бір үйге егістік", "Пашня на двор", "Arable land per household", "га", "га", "ha",
     "Arable land divided by households", 1, 2, false},
    {"unemployment", "work", "Жұмыссыздық", "Безработица", "Unemployment", "%", "%", "%",
     "Unemployed among the labour force", -1, 1, true},
    {"labour_migration", "work", "Жұмысқа кеткендер", "Выехали на заработки", "Away for work", "%", "%", "%",
     "Share of households with a member away for work", 0, 1, false},
    {"clinic_minutes", "road", "Емханаға дейін", "До поликлиники", "Way to a clinic", "мин", "мин", "min",
     "Minutes by car to the nearest clinic", -1, 0, false},
    {"internet_access", "road", "Интернет қолжетімділігі", "Доступ в интернет", "Internet access", "%", "%", "%",
     "Share of households with an internet connection", 1, 1, false},
};

int registry_load_classifiers(struct ctx *cx)
{
    for (size_t i = 0; i < sizeof COMMUNITIES / sizeof *COMMUNITIES; i++)
        TRY(load_community(cx, &(struct load_community_in){COMMUNITIES[i].code, COMMUNITIES[i].kk, COMMUNITIES[i].ru,
                                                           COMMUNITIES[i].en, (int64_t)i}, NULL));
    for (size_t i = 0; i < sizeof INDICATORS / sizeof *INDICATORS; i++)
        TRY(load_indicator(cx, &(struct load_indicator_in){.region_id = cx->region_id, .code = INDICATORS[i].code,
                               .name_kk = INDICATORS[i].kk, .name_ru = INDICATORS[i].ru, .name_en = INDICATORS[i].en,
                               .unit_kk = INDICATORS[i].unit_kk, .unit_ru = INDICATORS[i].unit_ru, .unit_en = INDICATORS[i].unit_en,
                               .definition = INDICATORS[i].definition, .block = INDICATORS[i].block,
                               .direction = INDICATORS[i].direction, .decimals = INDICATORS[i].decimals,
                               .on_map = INDICATORS[i].on_map, .ordinal = (int64_t)i}, NULL));
    return OK;
}
