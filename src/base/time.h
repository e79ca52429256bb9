/* time.h - dates, quarters, instants, working days; the program's only clock.
 *
 * Dates are days of the civil (proleptic Gregorian) calendar, years 1 to 9999, kept as ISO text
 * "2025-07-01" in the database. Instants are microseconds since 1970-01-01T00:00Z. A zone says how
 * far local clocks are ahead of UTC at an instant. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct date { int y, m, d; };      /* m 1..12, d 1..31 */
struct quarter { int y, q; };      /* q 1..4 */
struct civil {                     /* what a calendar and a clock on the wall show */
    struct date date;
    int hour, minute, second;
};

/* --- dates --- */
bool date_valid(struct date d);
/* Exactly "YYYY-MM-DD" of an existing day; false and *d untouched otherwise. NULL is false. */
bool date_parse(const char *text, struct date *d);
const char *date_text(struct arena *a, struct date d);
/* Days since 1970-01-01 (negative before) and back. */
int64_t date_to_days(struct date d);
struct date date_from_days(int64_t days);
struct date date_add_days(struct date d, int64_t n);
/* The same day n months on; the last of the month where that day does not exist. */
struct date date_add_months(struct date d, int n);
/* b - a in days. */
int64_t date_diff(struct date a, struct date b);
/* <0, 0, >0 as a is before, the same as or after b. */
int date_cmp(struct date a, struct date b);
/* ISO: Monday 1 ... Sunday 7. */
int date_weekday(struct date d);
int date_month_days(int y, int m);

/* --- quarters --- */
/* Exactly "YYYY-Qn", n 1..4. */
bool quarter_parse(const char *text, struct quarter *q);
const char *quarter_text(struct arena *a, struct quarter q);
struct date quarter_start(struct quarter q);
struct date quarter_end(struct quarter q); /* its last day */
struct quarter quarter_of(struct date d);
struct quarter quarter_add(struct quarter q, int n);
struct quarter quarter_next(struct quarter q);
struct quarter quarter_previous(struct quarter q);
/* Quarters since year 0, for differences and comparisons. */
int quarter_index(struct quarter q);

/* --- clock and zones --- */
/* Microseconds since 1970 UTC. */
int64_t time_now_us(void);
/* From now on the clock stands at us (0: the real clock again). Only tests and --as-of use it. */
void time_set_for_tests(int64_t us);
/* The calendar of a demonstration: from now on the program's clock is so many days off the machine's (0: it is the
 * machine's). Set once at the start, before other threads. */
void time_shift_days(int64_t days);
int64_t time_shifted_days(void);
/* Microseconds since 1970 UTC by the machine's own clock, whatever the calendar of the demonstration: for logs and checks of
 * that clock. A test that has stopped the clock stops this one too. */
int64_t time_machine_us(void);
/* Microseconds of a clock that never jumps, for measuring durations. */
int64_t time_steady_us(void);

struct zone {
    const char *name;
    size_t n;
    struct zone_step { int64_t from_us; int offset_s; } steps[4]; /* ascending; the first from INT64_MIN */
};
/* Most regions of Kazakhstan (Turkistan among them): UTC+6 until 2024-02-29T18:00Z, since then UTC+5.
 * Summer time before 2005 is not covered. */
extern const struct zone ZONE_KZ;
/* The regions that had UTC+5 before 2024 too (west of the country), since 2018-12-21 for Kyzylorda. */
extern const struct zone ZONE_KZ_WEST;

/* Seconds ahead of UTC. zone NULL is ZONE_KZ here and below. */
int zone_offset(const struct zone *zone, int64_t us);
struct civil civil_of(int64_t us, const struct zone *zone);
/* The instant of a local time. An hour that comes twice (2024-02-29 23:00-24:00) is its first occurrence. */
int64_t instant_of(struct civil c, const struct zone *zone);
struct date date_today(const struct zone *zone);
struct date date_of(int64_t us, const struct zone *zone);

/* "2025-07-01T09:05:06Z", with ".123456" where there are microseconds. */
const char *instant_text(struct arena *a, int64_t us);
/* ISO 8601 with date, time (seconds and up to 9 decimals optional) and "Z" or "+hh:mm"; strict otherwise. */
bool instant_parse(const char *text, int64_t *us);

/* --- working days --- */
/* Both lists ascending. workdays: Saturdays and Sundays that were made working days in exchange. */
struct work_calendar {
    const struct date *holidays;
    size_t n_holidays;
    const struct date *workdays;
    size_t n_workdays;
};
/* Monday to Friday without holidays, and the moved working days. cal NULL: no list. */
bool workday(struct date d, const struct work_calendar *cal);
/* The n-th working day after start, which is not counted itself (a term runs from the day after).
 * n 0 gives start if it is a working day, else the next one; n < 0 counts backwards. */
struct date workdays_add(struct date start, int n, const struct work_calendar *cal);
/* Working days in (from, to]; 0 where to is not after from. */
int workdays_between(struct date from, struct date to, const struct work_calendar *cal);

#endif
