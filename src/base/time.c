/* time.c - see time.h. Day numbers follow the usual shift of the year's start to March, so that the
 * leap day is the last of the year and month lengths repeat every five months. */
#include "base/time.h"

#include "base/arena.h"

#include <stdatomic.h>

enum { DAY_S = 86400, DAYS_400_YEARS = 146097, DAYS_TO_1970 = 719468 };
static const int64_t SECOND_US = 1000000;

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

int date_month_days(int y, int m)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && leap(y) ? 29 : DAYS[m - 1];
}

bool date_valid(struct date d)
{
    return d.y >= 1 && d.y <= 9999 && d.m >= 1 && d.m <= 12 && d.d >= 1 &&
           d.d <= date_month_days(d.y, d.m);
}

/* n decimal digits at *p; moves *p behind them. */
static bool digits(const char **p, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return false;
        v = v * 10 + (**p - '0');
    }
    *out = v;
    return true;
}

static bool symbol(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

static bool date_scan(const char **p, struct date *d)
{
    struct date v;
    if (!digits(p, 4, &v.y) || !symbol(p, '-') || !digits(p, 2, &v.m) || !symbol(p, '-') ||
        !digits(p, 2, &v.d) || !date_valid(v))
        return false;
    *d = v;
    return true;
}

bool date_parse(const char *text, struct date *d)
{
    struct date v;
    if (!text || !date_scan(&text, &v) || *text)
        return false;
    *d = v;
    return true;
}

const char *date_text(struct arena *a, struct date d)
{
    return arena_printf(a, "%04d-%02d-%02d", d.y, d.m, d.d);
}

int64_t date_to_days(struct date d)
{
    int64_t y = d.m <= 2 ? d.y - 1 : d.y;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (d.m + (d.m > 2 ? -3 : 9)) + 2) / 5 + d.d - 1;
    return era * DAYS_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

struct date date_from_days(int64_t days)
{
    int64_t z = days + DAYS_TO_1970;
    int64_t era = (z >= 0 ? z : z - (DAYS_400_YEARS - 1)) / DAYS_400_YEARS;
    int64_t of_era = z - era * DAYS_400_YEARS;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct date d = {.d = (int)(of_year - (153 * month + 2) / 5 + 1),
                     .m = (int)(month < 10 ? month + 3 : month - 9)};
    d.y = (int)(year + era * 400 + (d.m <= 2));
    return d;
}

struct date date_add_days(struct date d, int64_t n)
{
    return date_from_days(date_to_days(d) + n);
}

struct date date_add_months(struct date d, int n)
{
    int month = d.y * 12 + d.m - 1 + n;
    struct date r = {.y = month / 12, .m = month % 12 + 1, .d = d.d};
    int last = date_month_days(r.y, r.m);
    if (r.d > last)
        r.d = last;
    return r;
}

int64_t date_diff(struct date a, struct date b)
{
    return date_to_days(b) - date_to_days(a);
}

int date_cmp(struct date a, struct date b)
{
    int x = (a.y * 16 + a.m) * 32 + a.d, y = (b.y * 16 + b.m) * 32 + b.d;
    return (x > y) - (x < y);
}

int date_weekday(struct date d)
{
    int64_t w = (date_to_days(d) + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w) + 1;
}

/* --- quarters --- */

bool quarter_parse(const char *text, struct quarter *q)
{
    struct quarter v;
    if (!text || !digits(&text, 4, &v.y) || !symbol(&text, '-') || !symbol(&text, 'Q') ||
        !digits(&text, 1, &v.q) || *text || v.y < 1 || v.q < 1 || v.q > 4)
        return false;
    *q = v;
    return true;
}

const char *quarter_text(struct arena *a, struct quarter q)
{
    return arena_printf(a, "%04d-Q%d", q.y, q.q);
}

struct date quarter_start(struct quarter q)
{
    return (struct date){q.y, q.q * 3 - 2, 1};
}

struct date quarter_end(struct quarter q)
{
    return (struct date){q.y, q.q * 3, date_month_days(q.y, q.q * 3)};
}

struct quarter quarter_of(struct date d)
{
    return (struct quarter){d.y, (d.m + 2) / 3};
}

int quarter_index(struct quarter q)
{
    return q.y * 4 + q.q - 1;
}

struct quarter quarter_add(struct quarter q, int n)
{
    int i = quarter_index(q) + n;
    return (struct quarter){i / 4, i % 4 + 1};
}

struct quarter quarter_next(struct quarter q) { return quarter_add(q, 1); }
struct quarter quarter_previous(struct quarter q) { return quarter_add(q, -1); }

/* --- clock and zones --- */

static _Atomic int64_t frozen_us, shift_us;

static int64_t clock_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t time_now_us(void)
{
    int64_t us = atomic_load(&frozen_us);
    return us ? us : clock_us(CLOCK_REALTIME) + atomic_load(&shift_us);
}

void time_shift_days(int64_t days)
{
    atomic_store(&shift_us, days * DAY_S * SECOND_US);
}

int64_t time_shifted_days(void)
{
    return atomic_load(&shift_us) / SECOND_US / DAY_S;
}

int64_t time_machine_us(void)
{
    int64_t frozen = atomic_load(&frozen_us);
    return frozen ? frozen : clock_us(CLOCK_REALTIME);
}

void time_set_for_tests(int64_t us)
{
    atomic_store(&frozen_us, us);
}

int64_t time_steady_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

/* 2024-03-01T00:00 at UTC+6, when the country went over to one time. */
#define ONE_TIME_SINCE (INT64_C(1709229600) * 1000000)
const struct zone ZONE_KZ = {
    "Kazakhstan", 2, {{INT64_MIN, 6 * 3600}, {ONE_TIME_SINCE, 5 * 3600}}};
const struct zone ZONE_KZ_WEST = {"Kazakhstan, west", 1, {{INT64_MIN, 5 * 3600}}};

int zone_offset(const struct zone *zone, int64_t us)
{
    if (!zone)
        zone = &ZONE_KZ;
    size_t i = zone->n - 1;
    while (i > 0 && us < zone->steps[i].from_us)
        i--;
    return zone->steps[i].offset_s;
}

/* Division that rounds down, for instants before 1970. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct civil civil_of(int64_t us, const struct zone *zone)
{
    int64_t s = floor_div(us, SECOND_US) + zone_offset(zone, us);
    int64_t day = floor_div(s, DAY_S);
    int rest = (int)(s - day * DAY_S);
    return (struct civil){date_from_days(day), rest / 3600, rest / 60 % 60, rest % 60};
}

int64_t instant_of(struct civil c, const struct zone *zone)
{
    if (!zone)
        zone = &ZONE_KZ;
    int64_t local =
        date_to_days(c.date) * DAY_S + c.hour * 3600 + c.minute * 60 + c.second;
    for (size_t i = 0; i < zone->n; i++) {
        int64_t us = (local - zone->steps[i].offset_s) * SECOND_US;
        if (i + 1 == zone->n || us < zone->steps[i + 1].from_us)
            return us;
    }
    return local * SECOND_US; /* not reached: a zone has at least one step */
}

struct date date_of(int64_t us, const struct zone *zone)
{
    return civil_of(us, zone).date;
}

struct date date_today(const struct zone *zone)
{
    return date_of(time_now_us(), zone);
}

static const struct zone UTC = {"UTC", 1, {{INT64_MIN, 0}}};

const char *instant_text(struct arena *a, int64_t us)
{
    struct civil c = civil_of(us, &UTC);
    int rest = (int)(us - floor_div(us, SECOND_US) * SECOND_US);
    const char *fraction = rest ? arena_printf(a, ".%06d", rest) : "";
    return arena_printf(a, "%sT%02d:%02d:%02d%sZ", date_text(a, c.date), c.hour, c.minute, c.second,
                        fraction);
}

/* ".123456" of a second at *p, up to nine digits; none is 0. */
static bool scan_fraction(const char **p, int64_t *us)
{
    *us = 0;
    if (**p != '.')
        return true;
    (*p)++;
    int n = 0;
    for (; **p >= '0' && **p <= '9'; (*p)++, n++)
        if (n < 6)
            *us = *us * 10 + (**p - '0');
    for (int i = n; i < 6; i++)
        *us *= 10;
    return n >= 1 && n <= 9;
}

/* "Z" or "+05:00" at *p as seconds. */
static bool scan_offset(const char **p, int *offset_s)
{
    int h, m, sign = **p == '-' ? -1 : 1;
    *offset_s = 0;
    if (symbol(p, 'Z'))
        return true;
    if (!(symbol(p, '+') || symbol(p, '-')) || !digits(p, 2, &h) || !symbol(p, ':') ||
        !digits(p, 2, &m) || h > 14 || m > 59)
        return false;
    *offset_s = sign * (h * 3600 + m * 60);
    return true;
}

bool instant_parse(const char *text, int64_t *us)
{
    struct civil c = {0};
    int64_t fraction = 0;
    int offset_s;
    if (!text || !date_scan(&text, &c.date) || !symbol(&text, 'T') || !digits(&text, 2, &c.hour) ||
        !symbol(&text, ':') || !digits(&text, 2, &c.minute))
        return false;
    if (*text == ':') {
        text++;
        if (!digits(&text, 2, &c.second) || !scan_fraction(&text, &fraction))
            return false;
    }
    if (!scan_offset(&text, &offset_s) || *text || c.hour > 23 || c.minute > 59 || c.second > 59)
        return false;
    *us = instant_of(c, &UTC) - offset_s * SECOND_US + fraction;
    return true;
}

/* --- working days --- */

static bool listed(const struct date *list, size_t n, struct date d)
{
    size_t low = 0;
    while (n > 0) {
        size_t half = n / 2;
        int order = date_cmp(d, list[low + half]);
        if (order == 0)
            return true;
        if (order > 0) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return false;
}

bool workday(struct date d, const struct work_calendar *cal)
{
    if (cal && listed(cal->workdays, cal->n_workdays, d))
        return true;
    return date_weekday(d) <= 5 && !(cal && listed(cal->holidays, cal->n_holidays, d));
}

struct date workdays_add(struct date start, int n, const struct work_calendar *cal)
{
    int step = n < 0 ? -1 : 1;
    while (n == 0 && !workday(start, cal))
        start = date_add_days(start, 1);
    for (int left = n < 0 ? -n : n; left > 0;) {
        start = date_add_days(start, step);
        left -= workday(start, cal);
    }
    return start;
}

int workdays_between(struct date from, struct date to, const struct work_calendar *cal)
{
    int n = 0;
    for (int64_t day = date_to_days(from) + 1, last = date_to_days(to); day <= last; day++)
        n += workday(date_from_days(day), cal);
    return n;
}
