/* Tests of base/time.h and base/id.h. */
#include "tap.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/time.h"

static struct arena *a;

static void test_dates(void)
{
    struct date d = {0};
    ok(date_parse("2024-02-29", &d) && d.y == 2024 && d.m == 2 && d.d == 29, "a leap day is read");
    ok(!date_parse("2025-02-29", &d) && !date_parse("2025-13-01", &d) && !date_parse("2025-04-31", &d) &&
           !date_parse("0000-01-01", &d),
       "days that do not exist are refused");
    ok(!date_parse("2025-1-01", &d) && !date_parse("2025-01-01 ", &d) && !date_parse(" 2025-01-01", &d) &&
           !date_parse("01.01.2025", &d) && !date_parse("", &d) && !date_parse(NULL, &d),
       "other forms are refused");
    is_int(date_to_days((struct date){1970, 1, 1}), 0, "days count from 1970");
    is_int(date_to_days((struct date){2000, 3, 1}), 11017, "2000-03-01 is day 11017");
    bool round_trip = true;
    for (int64_t n = date_to_days((struct date){1, 1, 1}); n <= date_to_days((struct date){9999, 12, 31}); n++) {
        struct date x = date_from_days(n);
        round_trip &= date_valid(x) && date_to_days(x) == n;
    }
    ok(round_trip, "every day of 9999 years is its own day number");
    is_int(date_weekday((struct date){2026, 11, 23}), 1, "2026-11-23 is a Monday");
    is_int(date_weekday((struct date){1969, 12, 28}), 7, "a Sunday before 1970");
    is_str(date_text(a, date_add_days((struct date){2024, 12, 31}, 1)), "2025-01-01", "a day over the year's end");
    is_str(date_text(a, date_add_months((struct date){2024, 1, 31}, 1)), "2024-02-29", "a month on ends in its last day");
    is_str(date_text(a, date_add_months((struct date){2024, 1, 31}, -2)), "2023-11-30", "two months back");
    is_int(date_diff((struct date){2025, 1, 1}, (struct date){2026, 1, 1}), 365, "a year's difference");
    ok(date_cmp((struct date){2025, 1, 2}, (struct date){2025, 2, 1}) < 0, "dates compare");
}

static void test_quarters(void)
{
    struct quarter q = {0};
    ok(quarter_parse("2025-Q3", &q) && q.y == 2025 && q.q == 3, "a quarter is read");
    ok(!quarter_parse("2025-Q5", &q) && !quarter_parse("2025-q3", &q) && !quarter_parse("2025-Q33", &q) &&
           !quarter_parse("2025Q3", &q) && !quarter_parse(NULL, &q),
       "other texts are refused");
    is_str(date_text(a, quarter_start(q)), "2025-07-01", "it starts");
    is_str(date_text(a, quarter_end(q)), "2025-09-30", "and ends");
    is_str(quarter_text(a, quarter_next((struct quarter){2025, 4})), "2026-Q1", "the next over the year's end");
    is_str(quarter_text(a, quarter_previous((struct quarter){2025, 1})), "2024-Q4", "the previous one");
    q = quarter_of((struct date){2025, 12, 31});
    is_str(quarter_text(a, q), "2025-Q4", "the quarter of a day");
    is_int(quarter_index(q) - quarter_index((struct quarter){2024, 1}), 7, "quarters have a distance");
}

static void test_instants(void)
{
    int64_t us = 0;
    ok(instant_parse("2025-07-01T14:05:06.5+05:00", &us), "an instant with an offset is read");
    is_str(instant_text(a, us), "2025-07-01T09:05:06.500000Z", "and written in UTC");
    struct civil c = civil_of(us, NULL);
    ok(c.hour == 14 && c.minute == 5 && c.second == 6 && c.date.d == 1, "the country's clock shows UTC+5");
    ok(instant_parse("2023-07-01T14:05Z", &us) && civil_of(us, NULL).hour == 20, "and UTC+6 in 2023");
    is_int(civil_of(us, &ZONE_KZ_WEST).hour, 19, "but UTC+5 in the west");
    ok(!instant_parse("2025-07-01T14:05:06", &us) && !instant_parse("2025-07-01T24:00Z", &us) &&
           !instant_parse("2025-07-01 14:05Z", &us) && !instant_parse("2025-07-01T14:05:06.Z", &us) &&
           !instant_parse("2025-07-01T14:05Zx", &us),
       "times without zone and other forms are refused");
    int64_t before, after;
    instant_parse("2024-02-29T17:59:59Z", &before);
    instant_parse("2024-02-29T18:00:00Z", &after);
    ok(civil_of(before, NULL).hour == 23 && civil_of(after, NULL).hour == 23 &&
           date_of(after, NULL).d == 29,
       "on the last evening of February 2024 an hour came twice");
    struct civil local = {{2025, 1, 1}, 0, 0, 0};
    is_str(instant_text(a, instant_of(local, NULL)), "2024-12-31T19:00:00Z", "local midnight is an instant");
    local = (struct civil){{1950, 1, 1}, 12, 30, 15};
    struct civil back = civil_of(instant_of(local, NULL), NULL);
    ok(back.hour == 12 && back.minute == 30 && back.second == 15 && back.date.y == 1950,
       "instants before 1970 go there and back");
    time_set_for_tests(after);
    is_int(time_now_us(), after, "tests can stop the clock");
    is_str(date_text(a, date_today(NULL)), "2024-02-29", "today is a local day");
    time_set_for_tests(0);
    ok(time_now_us() > INT64_C(1700000000) * 1000000, "the real clock runs again");
}

static void test_workdays(void)
{
    static const struct date HOLIDAYS[] = {{2025, 3, 21}, {2025, 3, 24}, {2025, 3, 25}};
    static const struct date MOVED[] = {{2025, 3, 29}};
    struct work_calendar cal = {HOLIDAYS, 3, MOVED, 1};
    ok(workday((struct date){2025, 3, 29}, &cal) && !workday((struct date){2025, 3, 30}, &cal),
       "a moved Saturday is a working day");
    is_str(date_text(a, workdays_add((struct date){2025, 3, 20}, 1, &cal)), "2025-03-26",
           "a term jumps over holidays and the weekend");
    is_str(date_text(a, workdays_add((struct date){2025, 3, 28}, 2, &cal)), "2025-03-31",
           "and counts the moved day");
    is_str(date_text(a, workdays_add((struct date){2025, 3, 22}, 0, &cal)), "2025-03-26",
           "no days from a day off is the next working day");
    is_str(date_text(a, workdays_add((struct date){2025, 3, 26}, -1, &cal)), "2025-03-20", "terms run backwards");
    is_int(workdays_between((struct date){2025, 3, 20}, (struct date){2025, 3, 31}, &cal), 5, "working days between");
    is_int(workdays_between((struct date){2025, 3, 31}, (struct date){2025, 3, 20}, NULL), 0, "none backwards");
    is_str(date_text(a, workdays_add((struct date){2025, 3, 21}, 10, NULL)), "2025-04-04", "two weeks without lists");
}

static void test_ids(void)
{
    int64_t id = 0;
    is_str(id_text(a, INT64_MAX), "7ZZZZZZZZZZZZ", "the largest identifier");
    is_str(id_text(a, 33), "0000000000011", "a small one");
    ok(id_parse("7zzzzzzzzzzzz", &id) && id == INT64_MAX, "small letters are read");
    bool round_trip = true;
    for (int64_t i = 1; i > 0 && i < INT64_MAX / 3; i = i * 3 + 1)
        round_trip &= id_parse(id_text(a, i), &id) && id == i;
    ok(round_trip, "identifiers go to text and back");
    id = 5;
    ok(!id_parse("8000000000000", &id) && !id_parse("000000000000", &id) && !id_parse("00000000000011", &id) &&
           !id_parse("000000000001U", &id) && !id_parse("000000000001I", &id) && !id_parse("0000000000000", &id) &&
           !id_parse("00000000-0011", &id) && !id_parse(NULL, &id) && !id_parse("", &id) && id == 5,
       "anything else is refused and changes nothing");
}

int main(void)
{
    a = arena_new(0);
    test_dates();
    test_quarters();
    test_instants();
    test_workdays();
    test_ids();
    arena_free(a);
    return done();
}
