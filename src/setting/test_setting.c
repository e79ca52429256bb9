/* Dated settings and the calendar of working days, on both engines. */
#include "testdb.h"

#include "base/str.h"
#include "base/time.h"
#include "calendar/calendar.h"
#include "calendar/calendar_sql.h"
#include "setting/setting.h"
#include "setting/setting_sql.h"

#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

static void test_settings(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    const char *v;
    time_set_for_tests(INT64_C(1750000000000000)); /* 2025-06-15 */
    OK_(setting_int(cx, "protect.threshold") == 10, "the threshold is ten where nobody said otherwise");
    OK_(setting_set(cx, "protect.threshold", "4", "", "why") == ERR_INVALID && strstr(cx->err_text, "5"),
        "below five it is refused, naming the range");
    OK_(setting_set(cx, "protect.threshold", "ten", "", "why") == ERR_INVALID, "so is a word");
    OK_(setting_set(cx, "protect.treshold", "12", "", "why") == ERR_NOT_FOUND, "and a setting that does not exist");
    char long_name[200];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    OK_(setting_set(cx, "institution.mark_kk", long_name, "", "why") == ERR_INVALID, "a text has a greatest length");
    OK_(setting_set(cx, "institution.mark_kk", "\xff\xfe", "", "why") == ERR_INVALID, "and is valid UTF-8");
    testdb_must(t, setting_set(cx, "protect.threshold", "15", "2025-01-01", "order 1"), "set");
    testdb_must(t, setting_set(cx, "protect.threshold", "20", "2025-07-01", "order 2"), "set");
    OK_(setting_int(cx, "protect.threshold") == 15, "a value of tomorrow does not hold today");
    testdb_must(t, setting_on(cx, "protect.threshold", "2024-12-31", &v), "on");
    OK_(str_eq(v, "10"), "before the first value the default holds");
    testdb_must(t, setting_on(cx, "protect.threshold", "2025-07-01", &v), "on");
    OK_(str_eq(v, "20"), "on its day a value holds");
    testdb_must(t, setting_set(cx, "protect.threshold", "25", "2025-07-01", "order 3"), "set");
    struct setting_history_list list;
    testdb_must(t, setting_history(cx, 61, "protect.threshold", &list), "history");
    OK_(list.n == 2 && str_eq(list.rows[0].value, "25"), "a second value for one day replaces the first");
    bool good = true;
    for (const struct setting_def *d = SETTINGS; d->name; d++) {
        int64_t i;
        double x;
        good &= d->type == SETTING_INT ? str_to_int(d->fallback, (int64_t)d->min, (int64_t)d->max, &i)
                : d->type == SETTING_NUM ? str_to_num(d->fallback, &x) && x >= d->min && x <= d->max : true;
    }
    OK_(good, "every default lies within its own range");
    time_set_for_tests(0);
}

static bool adds(struct testdb *t, const char *from, int n, const char *want)
{
    const char *day;
    testdb_must(t, calendar_workday_add(&t->cx, from, n, &day), "add");
    if (!str_eq(day, want))
        printf("# %s + %d: %s, not %s\n", from, n, day, want);
    return str_eq(day, want);
}

static int moved_day_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    return holiday_put(cx, &(struct holiday_put_in){61, "2025-03-29", "workday", "Көшірілген күн", "Перенесённый день",
                                                    "Moved day", true}, NULL);
}

static void test_calendar(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    const char *day;
    int n;
    OK_(adds(t, "2025-03-20", 1, "2025-03-21"), "without a calendar every Monday to Friday counts");
    testdb_must(t, calendar_seed(cx), "seed");
    testdb_must(t, calendar_seed(cx), "seed again");
    struct holiday_count_row count;
    testdb_must(t, holiday_count(cx, 61, &count), "count");
    OK_(count.total > 60, "a new region knows the holidays of four years");
    OK_(adds(t, "2025-03-20", 1, "2025-03-26"), "Nauryz on Friday to Sunday frees Monday and Tuesday too");
    OK_(adds(t, "2025-12-15", 1, "2025-12-17"), "Independence Day is no working day");
    OK_(adds(t, "2025-08-29", 1, "2025-09-02"), "until 2025 Constitution Day is 30 August");
    OK_(adds(t, "2026-08-28", 1, "2026-08-31") && adds(t, "2026-03-13", 1, "2026-03-17"), "since 2026 it is 15 March");
    OK_(adds(t, "2025-06-05", 1, "2025-06-09"), "Kurban Ait of 2025 is a Friday");
    testdb_must(t, calendar_workdays_between(cx, "2024-12-31", "2025-12-31", &n), "between");
    OK_(n > 240 && n < 252, "a year has about 247 working days");
    testdb_must(t, db_tx(cx, moved_day_tx, NULL), "put");
    OK_(adds(t, "2025-03-28", 1, "2025-03-29"), "a moved working Saturday counts");
    OK_(calendar_workday_add(cx, "2025-02-30", 1, &day) == ERR_INVALID, "a day that is none is refused");
}

static void cases(struct testdb *t)
{
    test_settings(t);
    test_calendar(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
