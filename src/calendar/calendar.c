/* calendar.c - counts working days by the holidays on record, and knows what a new region starts with. */
#include "calendar/calendar.h"
#include "calendar/calendar_sql.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "db/db.h"

int calendar_load(struct ctx *cx, struct work_calendar *out)
{
    struct holiday_list_list list;
    VEC(struct date) off = {0}, on = {0};
    TRY(holiday_list(cx, cx->region_id, &list));
    for (size_t i = 0; i < list.n; i++) {
        struct date d;
        if (!date_parse(list.rows[i].day, &d))
            return fail(cx, ERR_INVALID, "The calendar holds \"%s\", which is not a date.", list.rows[i].day);
        if (str_eq(list.rows[i].kind, "holiday"))
            vec_push(cx->arena, &off, d);
        else
            vec_push(cx->arena, &on, d);
    }
    *out = (struct work_calendar){off.rows, off.n, on.rows, on.n};
    return 0;
}

static int read_day(struct ctx *cx, const char *text, struct date *d)
{
    return date_parse(text, d) ? 0 : fail(cx, ERR_INVALID, "\"%s\" is not a date (YYYY-MM-DD).", text ? text : "");
}

int calendar_workday_add(struct ctx *cx, const char *from, int n, const char **day)
{
    struct work_calendar cal;
    struct date d;
    TRY(read_day(cx, from, &d));
    TRY(calendar_load(cx, &cal));
    *day = date_text(cx->arena, workdays_add(d, n, &cal));
    return 0;
}

int calendar_workdays_between(struct ctx *cx, const char *from, const char *to, int *n)
{
    struct work_calendar cal;
    struct date a, b;
    TRY(read_day(cx, from, &a));
    TRY(read_day(cx, to, &b));
    TRY(calendar_load(cx, &cal));
    *n = workdays_between(a, b, &cal);
    return 0;
}

/* --- what a new region starts with --- */

enum { FIRST_YEAR = 2024, LAST_YEAR = 2027 };

/* Holidays by date of the year; moves: on a weekend, the next working day is free instead. */
static const struct yearly {
    int month, day, first_year, last_year;
    bool moves, verified;
    const char *kk, *ru, *en;
} YEARLY[] = {
    {1, 1, 0, 9999, true, false, "Жаңа жыл", "Новый год", "New Year"},
    {1, 2, 0, 9999, true, false, "Жаңа жыл", "Новый год", "New Year"},
    {1, 7, 0, 9999, false, false, "Православиелік Рождество", "Православное Рождество", "Orthodox Christmas"},
    {3, 8, 0, 9999, true, false, "Халықаралық әйелдер күні", "Международный женский день",
     "International Women's Day"},
    {3, 15, 2026, 9999, true, true, "Конституция күні", "День Конституции", "Constitution Day"},
    {3, 21, 0, 9999, true, false, "Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"},
    {3, 22, 0, 9999, true, false, "Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"},
    {3, 23, 0, 9999, true, false, "Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"},
    {5, 1, 0, 9999, true, false, "Қазақстан халқының бірлігі мерекесі", "Праздник единства народа Казахстана",
     "Day of Unity of the People of Kazakhstan"},
    {5, 7, 0, 9999, true, false, "Отан қорғаушы күні", "День защитника Отечества",
     "Defender of the Fatherland Day"},
    {5, 9, 0, 9999, true, false, "Жеңіс күні", "День Победы", "Victory Day"},
    {7, 6, 0, 9999, true, false, "Астана күні", "День столицы", "Capital City Day"},
    {8, 30, 0, 2025, true, false, "Конституция күні", "День Конституции", "Constitution Day"},
    {10, 25, 0, 9999, true, false, "Республика күні", "День Республики", "Republic Day"},
    {12, 16, 0, 9999, true, false, "Тәуелсіздік күні", "День независимости", "Independence Day"},
};

/* The first day of Kurban Ait follows the moon; announced year by year, on a weekend not moved. */
static const struct date KURBAN[] = {{2024, 6, 16}, {2025, 6, 6}, {2026, 5, 27}, {2027, 5, 16}};

struct seed {
    struct { struct date day; const struct yearly *of; bool moved; } days[256];
    size_t n;
};

static bool seed_has(const struct seed *s, struct date d)
{
    for (size_t i = 0; i < s->n; i++)
        if (date_cmp(s->days[i].day, d) == 0)
            return true;
    return false;
}

static void seed_year(struct seed *s, int year)
{
    size_t first = s->n;
    for (size_t i = 0; i < sizeof YEARLY / sizeof *YEARLY; i++)
        if (year >= YEARLY[i].first_year && year <= YEARLY[i].last_year) {
            s->days[s->n].day = (struct date){year, YEARLY[i].month, YEARLY[i].day};
            s->days[s->n].moved = false;
            s->days[s->n++].of = &YEARLY[i];
        }
    for (size_t i = first, n = s->n; i < n; i++) {
        struct date d = s->days[i].day;
        if (!s->days[i].of->moves || date_weekday(d) < 6)
            continue;
        while (date_weekday(d) >= 6 || seed_has(s, d))
            d = date_add_days(d, 1);
        s->days[s->n].day = d;
        s->days[s->n].moved = true;
        s->days[s->n++].of = s->days[i].of;
    }
}

static int seed_put(struct ctx *cx, struct date day, const char *kk, const char *ru, const char *en, bool verified)
{
    return holiday_put(cx, &(struct holiday_put_in){cx->region_id, date_text(cx->arena, day), "holiday", kk, ru, en,
                                                    verified}, NULL);
}

static int seed_tx(struct ctx *cx, void *arg)
{
    struct seed *s = arg;
    struct holiday_count_row have;
    TRY(holiday_count(cx, cx->region_id, &have));
    if (have.total > 0)
        return 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct yearly *y = s->days[i].of;
        bool moved = s->days[i].moved;
        TRY(seed_put(cx, s->days[i].day, moved ? arena_printf(cx->arena, "%s (ауысқан күн)", y->kk) : y->kk,
                     moved ? arena_printf(cx->arena, "%s (перенос)", y->ru) : y->ru,
                     moved ? arena_printf(cx->arena, "%s (moved)", y->en) : y->en, y->verified && !moved));
    }
    for (size_t i = 0; i < sizeof KURBAN / sizeof *KURBAN; i++)
        TRY(seed_put(cx, KURBAN[i], "Құрбан айттың бірінші күні", "Первый день Курбан айта",
                     "First day of Kurban Ait", false));
    return 0;
}

int calendar_seed(struct ctx *cx)
{
    struct seed *s = arena_alloc(cx->arena, sizeof *s);
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
        seed_year(s, year);
    return db_tx(cx, seed_tx, s);
}
