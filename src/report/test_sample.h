/* test_sample.h - a sample report in three languages for the tests of the renderers, with every
 * kind of block in it. The places and figures are invented for the test. */
#ifndef REPORT_TEST_SAMPLE_H
#define REPORT_TEST_SAMPLE_H

#include "report/chart.h"
#include "report/doc.h"
#include "report/map_svg.h"

#include <math.h>
#include <string.h>

/* A value that is protected everywhere. Tests change it: no byte of any file may depend on it. */
static double sample_secret = 7.654321;
static const char *sample_secret_text = "7,654321";

static const struct doc_labels SAMPLE_LABELS[LANG_COUNT] = {
    [LANG_KK] = {.contents = "Мазмұны",
                 .table = "%d-кесте",
                 .picture = "%d-сурет",
                 .page = "%d-бет, барлығы %d",
                 .source = "Дереккөз",
                 .note = "Ескерту",
                 .hidden = "қорғалған",
                 .no_data = "дерек жоқ",
                 .from = "төменгі",
                 .to = "жоғарғы",
                 .figure_id = "Көрсеткіш",
                 .sheet = "Парақ"},
    [LANG_RU] = {.contents = "Содержание",
                 .table = "Таблица %d",
                 .picture = "Рисунок %d",
                 .page = "страница %d из %d",
                 .source = "Источник",
                 .note = "Примечание",
                 .hidden = "защищено",
                 .no_data = "нет данных",
                 .from = "от",
                 .to = "до",
                 .figure_id = "Показатель",
                 .sheet = "Лист"},
    [LANG_EN] = {.contents = "Contents",
                 .table = "Table %d",
                 .picture = "Figure %d",
                 .page = "page %d of %d",
                 .source = "Source",
                 .note = "Note",
                 .hidden = "protected",
                 .no_data = "no data",
                 .from = "from",
                 .to = "to",
                 .figure_id = "Figure",
                 .sheet = "Sheet"},
};

/* Of three texts the one of the language. */
static inline const char *sample_say(enum lang lang, const char *kk, const char *ru, const char *en)
{
    return lang == LANG_KK ? kk : lang == LANG_RU ? ru : en;
}

/* The reader's number format, as the caller would give it: a decimal comma except in English. */
static inline const char *sample_number(struct ctx *cx, double v, int decimals)
{
    char *s = arena_printf(cx->arena, "%.*f", decimals, v), *dot = strchr(s, '.');
    if (dot && cx->lang != LANG_EN)
        *dot = ',';
    return s;
}

static inline struct doc *sample_doc_new(struct arena *a, enum lang l)
{
    struct doc_meta meta = {
        .title = sample_say(l, "Өңірдегі қоғамдық келісімнің жай-күйі туралы сараптамалық баяндама",
                            "Экспертный доклад о состоянии общественного согласия в регионе",
                            "Expert report on public accord in the region"),
        .subtitle = sample_say(l, "2025 жылғы III тоқсан", "III квартал 2025 года", "Quarter III of 2025"),
        .author = sample_say(l, "«Қоғамдық келісім» мекемесі", "Учреждение «Общественное согласие»",
                             "Public Accord institution"),
        .subject = sample_say(l, "Тоқсандық баяндама", "Квартальный доклад", "Quarterly report"),
        .marking =
            sample_say(l, "Қызмет бабында пайдалану үшін", "Для служебного пользования", "For official use"),
        .date = "2025-10-07",
        .date_text = sample_say(l, "2025 ж. 7 қазан", "7 октября 2025 г.", "7 October 2025"),
        .banner = sample_say(l, "Көрсетілім деректері: шынайы мәліметтер емес",
                             "Демонстрационные данные: не подлинные сведения",
                             "Demonstration data: not real records"),
        .demo = true,
    };
    struct doc_labels labels = SAMPLE_LABELS[l];
    labels.number = sample_number;
    return doc_new(a, l, &meta, &labels);
}

static const char *const SAMPLE_PLACES[] = {"Сарыағаш", "Кентау қ.", "Түркістан қ.", "Мақтаарал", "Жетісай",
                                            "Келес",    "Қазығұрт",  "Төле би",       "Түлкібас",  "Шардара",
                                            "Арыс қ.",  "Ордабасы",  "Бәйдібек",     "Отырар",    "Созақ",
                                            "Сауран",   "Сайрам"};
enum { SAMPLE_N = sizeof SAMPLE_PLACES / sizeof *SAMPLE_PLACES };

static inline double sample_share(size_t i)
{
    return 0.44 + 0.02 * (double)((i * 7) % 11);
}
static inline const char *sample_percent(struct arena *a, double v)
{
    char *s = arena_printf(a, "%.1f %%", v * 100);
    char *dot = strchr(s, '.');
    if (dot)
        *dot = ',';
    return s;
}

static inline struct table *sample_table(struct doc *d, size_t rows)
{
    struct arena *a = d->arena;
    enum lang l = d->lang;
    struct column columns[] = {
        {.title = sample_say(l, "Аумақ", "Территория", "Territory"), .type = COLUMN_TEXT},
        {.title = sample_say(l, "Сұралды, адам", "Опрошено, чел.", "Asked, persons"), .type = COLUMN_NUMBER},
        {.title = sample_say(l, "Қатынас жақсы, %", "Отношения хорошие, %", "Relations good, %"),
         .type = COLUMN_NUMBER,
         .decimals = 1,
         .percent = true},
        {.title = sample_say(l, "95 % аралық", "Интервал 95 %", "95 % interval"),
         .type = COLUMN_INTERVAL,
         .decimals = 1,
         .percent = true},
        {.title = sample_say(l, "Даулар", "Споры", "Disputes"), .type = COLUMN_NUMBER},
    };
    struct table *t = doc_table(
        d, sample_say(l, "Аумақтар бойынша бағалаулар", "Оценки по территориям", "Estimates by territory"),
        columns, 5);
    t->sheet = sample_say(l, "Аумақтар", "Территории", "Territories");
    table_source(t, sample_say(l, "тұрғындардың тоқсандық сұрауы, 1 102 жауап",
                               "квартальный опрос жителей, 1 102 ответа",
                               "quarterly survey of residents, 1,102 answers"));
    table_note(t, sample_say(l, "10-нан аз болса, мән қорғалады.", "Значения меньше 10 защищены.",
                             "Values below 10 are protected."));
    for (size_t i = 0; i < rows; i++) {
        double v = sample_share(i);
        const char *place =
            i < SAMPLE_N ? SAMPLE_PLACES[i] : arena_printf(a, "%s, %zu", SAMPLE_PLACES[i % SAMPLE_N], i);
        struct cell cells[] = {
            cell_text(place),
            cell_num((double)(40 + i), arena_printf(a, "%zu", 40 + i), arena_printf(a, "n.%zu", i)),
            cell_num(v, sample_percent(a, v), arena_printf(a, "share.%zu", i)),
            cell_interval(v - 0.06, v + 0.05,
                          arena_printf(a, "%.1f – %.1f", (v - 0.06) * 100, (v + 0.05) * 100),
                          arena_printf(a, "share.%zu.interval", i)),
            cell_num((double)(i * 3 % 40), arena_printf(a, "%zu", i * 3 % 40),
                     arena_printf(a, "disputes.%zu", i)),
        };
        if (i == 2) { /* protected in the table by the flag, with the secret still in the caller's cell */
            cells[4] = cell_num(sample_secret, sample_secret_text, "disputes.2");
            cells[4].hidden = true;
        }
        if (i == 3)
            cells[4] = cell_num(NAN, NULL, "disputes.3");
        table_row(t, cells, 5);
    }
    struct cell total[] = {cell_text(sample_say(l, "Өңір", "Регион", "Region")),
                           cell_num(1102, "1 102", "n.all"), cell_num(0.542, "54,2 %", "share.all"),
                           cell_interval(0.521, 0.563, "52,1 – 56,3", NULL),
                           cell_num(126, "126", "disputes.all")};
    table_total(t, total, 5);
    return t;
}

static inline void sample_charts(struct doc *d)
{
    enum lang l = d->lang;
    const char *source =
        sample_say(l, "тұрғындардың тоқсандық сұрауы", "квартальный опрос жителей", "quarterly survey");
    static struct chart_point rows[SAMPLE_N];
    for (size_t i = 0; i < SAMPLE_N; i++)
        rows[i] = (struct chart_point){.label = SAMPLE_PLACES[i],
                                       .value = sample_share(i),
                                       .low = sample_share(i) - 0.06,
                                       .high = sample_share(i) + 0.05,
                                       .emphasis = i == 4};
    rows[2] = (struct chart_point){.label = SAMPLE_PLACES[2],
                                   .value = sample_secret,
                                   .low = sample_secret - 1,
                                   .high = sample_secret + 1,
                                   .text = sample_secret_text,
                                   .hidden = true};
    rows[3].value = NAN;
    struct chart_series one = {"", rows, SAMPLE_N};
    struct chart dots = {.kind = CHART_DOTS,
                         .series = &one,
                         .n_series = 1,
                         .percent = true,
                         .decimals = 1,
                         .unit = sample_say(l, "жауаптардың үлесі", "доля ответов", "share of answers"),
                         .has_reference = true,
                         .reference = 0.542,
                         .reference_label =
                             sample_say(l, "өңір бойынша 54,2 %", "по региону 54,2 %", "region 54.2 %")};
    doc_chart(d, &dots,
              sample_say(l, "Қатынасты жақсы деп бағалайтындар", "Оценивают отношения как хорошие",
                         "Who call relations good"),
              sample_say(l, "Аумақтардың бағалары 44–64 % аралығында.", "Оценки территорий от 44 до 64 %.",
                         "Estimates of territories between 44 and 64 %."),
              source);
    struct chart bars = dots;
    struct chart_series five = {"", rows, 5};
    bars.kind = CHART_BARS;
    bars.series = &five;
    bars.has_reference = false;
    doc_chart(d, &bars, sample_say(l, "Бес аумақ", "Пять территорий", "Five territories"), "", source);
}

static inline void sample_line_charts(struct doc *d)
{
    enum lang l = d->lang;
    static const char *const QUARTERS[] = {"2024 I", "2024 II", "2024 III", "2024 IV",
                                           "2025 I", "2025 II", "2025 III", "2025 IV"};
    static struct chart_point points[3][8];
    static struct chart_series series[3];
    for (size_t s = 0; s < 3; s++) {
        for (size_t i = 0; i < 8; i++) {
            double v = 20 + 3 * (double)((i * 5 + s * 3) % 7) + 6 * (double)s;
            points[s][i] = (struct chart_point){
                .label = QUARTERS[i], .value = v, .low = v - 4, .high = v + 5, .forecast = i == 7};
        }
        series[s] = (struct chart_series){SAMPLE_PLACES[s], points[s], 8};
    }
    points[1][3].hidden = true;
    points[1][3].value = sample_secret;
    struct chart line = {.kind = CHART_LINE,
                         .series = series,
                         .n_series = 1,
                         .unit = sample_say(l, "тіркелген даулар саны", "число зарегистрированных споров",
                                            "disputes registered")};
    const char *source = sample_say(l, "даулар тізілімі", "реестр споров", "register of disputes");
    doc_chart(d, &line,
              sample_say(l, "Даулар тоқсандар бойынша және болжам", "Споры по кварталам и прогноз",
                         "Disputes by quarter and the forecast"),
              "", source);
    line.n_series = 3;
    doc_chart(d, &line, sample_say(l, "Үш аумақ", "Три территории", "Three territories"), "", source);
    line.kind = CHART_MULTIPLES;
    doc_chart(d, &line,
              sample_say(l, "Әр аумақ жеке", "Каждая территория отдельно", "Each territory by itself"), "",
              source);
    static struct chart_point parts[3][4];
    static struct chart_series bars[3];
    const char *names[] = {
        sample_say(l, "келісіммен аяқталды", "завершено соглашением", "ended in agreement"),
        sample_say(l, "қаралуда", "рассматривается", "under way"),
        sample_say(l, "сотқа жіберілді", "передано в суд", "went to court"),
        sample_say(l, "басқа", "прочее", "other")};
    for (size_t s = 0; s < 3; s++) {
        for (size_t i = 0; i < 4; i++)
            parts[s][i] =
                (struct chart_point){.label = names[i], .value = (double[]){0.52, 0.3, 0.13, 0.05}[i]};
        bars[s] = (struct chart_series){SAMPLE_PLACES[s], parts[s], 4};
    }
    parts[1][2].hidden = parts[2][2].hidden = parts[2][3].hidden = true;
    struct chart stack = {.kind = CHART_STACK, .series = bars, .n_series = 3, .percent = true};
    doc_chart(d, &stack, sample_say(l, "Даулардың нәтижесі", "Исход споров", "How disputes ended"), "",
              source);
}

/* Nine square districts in a grid, with one neighbour and two points. */
static inline void sample_map(struct doc *d)
{
    enum lang l = d->lang;
    static double grid[9][10];
    static struct map_ring rings[10];
    static struct map_area areas[10];
    for (size_t i = 0; i < 9; i++) {
        double x = 67 + 0.9 * (double)(i % 3), y = 41.5 + 0.7 * (double)(i / 3);
        double ring[10] = {x, y, x + 0.9, y, x + 0.95, y + 0.7, x + 0.05, y + 0.7, x, y};
        memcpy(grid[i], ring, sizeof ring);
        rings[i] = (struct map_ring){grid[i], 5};
        areas[i] = (struct map_area){.name = SAMPLE_PLACES[i],
                                     .rings = &rings[i],
                                     .n_rings = 1,
                                     .step = (int)(i % 4) - (i == 8),
                                     .figure_id = NULL};
    }
    areas[2].hidden = true;
    areas[2].step = sample_secret > 5 ? 3 : 0;
    areas[2].title = arena_printf(d->arena, "Түркістан қ.: %s", sample_secret_text);
    static const double around[] = {66, 40.5, 71, 40.5, 71, 45, 66, 45};
    rings[9] = (struct map_ring){around, 4};
    areas[9] = (struct map_area){.name = NULL, .rings = &rings[9], .n_rings = 1, .context = true};
    static const struct map_point points[] = {{67.5, 41.9, SYMBOL_DOT, 1, "Шаульдер", "Шаульдер"},
                                              {69.0, 42.6, SYMBOL_SQUARE, 1, "Ақсукент", NULL}};
    const char *steps[] = {"0–9", "10–19", "20–29", "30–39"};
    const char **words = arena_array(d->arena, 4, sizeof *words);
    memcpy(words, steps, sizeof steps);
    struct map_key *keys = arena_array(d->arena, 1, sizeof *keys);
    keys[0] = (struct map_key){SYMBOL_DOT, sample_say(l, "бөлімше", "филиал", "branch")};
    struct map m = {.areas = areas,
                    .n_areas = 10,
                    .points = points,
                    .n_points = 2,
                    .steps = words,
                    .n_steps = 4,
                    .symbols = keys,
                    .n_symbols = 1,
                    .legend_title =
                        sample_say(l, "Даулар, 2025 жылғы III тоқсан", "Споры, III квартал 2025 года",
                                   "Disputes, quarter III of 2025"),
                    .kilometres = sample_say(l, "км", "км", "km"),
                    .credit = sample_say(l, "Шекаралар: тест деректері, 2025", "Границы: данные теста, 2025",
                                         "Outlines: test data, 2025")};
    doc_map(
        d, &m, sample_say(l, "Даулар аумақтар бойынша", "Споры по территориям", "Disputes by territory"),
        sample_say(l, "Тоғыз аумақтың картасы.", "Карта девяти территорий.", "A map of nine territories."),
        sample_say(l, "даулар тізілімі", "реестр споров", "register of disputes"));
}

static inline void sample_text(struct doc *d)
{
    enum lang l = d->lang;
    doc_heading(d, 1, sample_say(l, "Қысқаша түйін", "Краткие выводы", "Summary"));
    struct para *p =
        doc_para(d, sample_say(l, "Тоқсан ішінде өңірде ", "За квартал в регионе зарегистрировано ",
                               "In the quarter the region registered "));
    para_figure(p, "disputes.all", "126");
    para_text(p, RUN_PLAIN,
              sample_say(l, " дау тіркелді, оның ", " споров, из них ", " disputes, of which "));
    para_text(p, RUN_BOLD,
              sample_say(l, "100-і медиация арқылы реттелді", "100 урегулированы медиацией",
                         "100 were settled by mediation"));
    para_text(p, RUN_PLAIN,
              sample_say(l, ". Бір аумақта дау саны ", ". В одной территории число споров — ",
                         ". In one territory the number is "));
    para_figure(p, "disputes.2", sample_secret_text); /* hidden by the table: must become the word */
    para_text(
        p, RUN_PLAIN,
        sample_say(
            l,
            ". Әңгіме барысында тұрғындар жер, су және мектеп мәселелерін жиі атады; көршілес ауылдардың "
            "бір-біріне көмегі, үлкендердің беделі және ортақ мерекелер келісімнің тірегі ретінде аталды. "
            "Бұл мәтін беттің қалай терілетінін көрсету үшін жеткілікті ұзын болуы керек.",
            ". В беседах жители чаще всего называли землю, воду и школу; опорой согласия названы взаимная "
            "помощь соседних сёл, авторитет старших и общие праздники. Этот текст должен быть достаточно "
            "длинным, чтобы показать, как набрана страница.",
            ". In talks residents named land, water and school most often; mutual help of neighbouring "
            "villages, the standing of elders and common holidays were named as what accord rests on. This "
            "text has to be long enough to show how a page is set."));
    struct block *list = doc_list(d, false);
    list_item(d, list,
              sample_say(l, "Сумен қамту кестесін ауылдар бірге бекітсін.",
                         "График водоснабжения сёла утверждают вместе.",
                         "Villages agree on the water timetable together."));
    list_item(d, list,
              sample_say(l, "Медиаторға жүгіну жолы мектепте түсіндірілсін.",
                         "Порядок обращения к медиатору разъясняется в школе.",
                         "Schools explain how to turn to a mediator."));
    doc_note(d, sample_say(l, "Бағалаулар іріктеме бойынша алынған; аралық 95 % сенімділікпен берілді.",
                           "Оценки получены по выборке; интервалы приведены с доверием 95 %.",
                           "Estimates come from a sample; intervals are given at 95 % confidence."));
}

/* Everything. */
static inline struct doc *sample_doc(struct arena *a, enum lang l, size_t rows)
{
    struct doc *d = sample_doc_new(a, l);
    doc_contents(d);
    sample_text(d);
    doc_heading(d, 1, sample_say(l, "Қатынастардың жай-күйі", "Состояние отношений", "State of relations"));
    doc_heading(d, 2, sample_say(l, "Аумақтар бойынша", "По территориям", "By territory"));
    sample_table(d, rows);
    sample_charts(d);
    doc_heading(d, 1, sample_say(l, "Даулар және медиация", "Споры и медиация", "Disputes and mediation"));
    doc_heading(d, 3,
                sample_say(l, "Әәғқңөұүһі ӘҒҚҢӨҰҮҺІ", "Ёжик № 5 «кавычки»", "Small & <large> \"things\""));
    sample_line_charts(d);
    sample_map(d);
    doc_page_break(d);
    doc_heading(d, 1, sample_say(l, "Қол қою", "Подписи", "Signatures"));
    doc_signature(d,
                  sample_say(l, "Сараптама тобының жетекшісі", "Руководитель экспертной группы",
                             "Head of the expert group"),
                  "А. Үлгібаев", d->meta.date_text);
    return d;
}

#endif
