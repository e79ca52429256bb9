/* setting.c - the table of settings; reading, checking and dating their values. */
#include "setting/setting.h"
#include "setting/setting_sql.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"

#define PROTECTION N_("Protection of small figures")
#define REFUSAL N_("When statistics stay silent")
#define MARKS N_("Marks of the institution")
#define TERMS N_("Terms of mediation")

const struct setting_def SETTINGS[] = {
    {"protect.threshold", SETTING_INT, "10", 5, 100, NULL, N_("Smallest count that is shown"),
     N_("Counts of people or cases below it are shown as protected, in every output."), PROTECTION},
    {"estimate.min_answers", SETTING_INT, "30", 10, 1000, NULL, N_("Fewest answers for an estimate"),
     N_("A place with fewer answers gets no estimate of its own."), REFUSAL},
    {"estimate.max_cv", SETTING_NUM, "0.3", 0.05, 1, NULL, N_("Largest coefficient of variation"),
     N_("An estimate whose standard error is a larger share of it is not shown."), REFUSAL},
    {"estimate.min_df", SETTING_INT, "8", 2, 100, NULL, N_("Fewest degrees of freedom"),
     N_("Clusters less strata; with fewer, no interval can be trusted."), REFUSAL},
    {"forecast.min_quarters", SETTING_INT, "4", 2, 40, NULL, N_("Fewest quarters behind a forecast"),
     N_("A series with fewer past quarters is not forecast."), REFUSAL},
    {"forecast.level", SETTING_NUM, "0.8", 0.5, 0.99, NULL, N_("Coverage of forecast intervals"),
     N_("The share of cases in which the true count should lie within the interval."), REFUSAL},
    {"visit.per_quarter", SETTING_INT, "20", 1, 1000, NULL, N_("Visits a quarter"),
     N_("How many settlements the program proposes for a visit each quarter."), REFUSAL},
    {"research.adult_share", SETTING_NUM, "0.62", 0.3, 0.95, NULL, N_("Share of adults among residents"),
     N_("Computes the frame of the survey where the number of adults is not known."), REFUSAL},
    {"visit.random_share", SETTING_NUM, "0.15", 0, 0.5, NULL, N_("Share of visits drawn at random"),
     N_("Keeps learning about places that no figure points to."), REFUSAL},
    {"mediation.term_days", SETTING_INT, "30", 1, 365, NULL, N_("Days of a mediation"),
     N_("From the day of the contract, day 0, to the last day of the term."), TERMS},
    {"mediation.max_days", SETTING_INT, "60", 1, 730, NULL, N_("Days of a mediation with prolongation"),
     N_("The longest term, where both sides agreed to prolong it once."), TERMS},
    {"mediation.keep_years", SETTING_INT, "5", 1, 100, NULL, N_("Years for which the content of a closed case is kept"),
     N_("Then its texts, scans and keys are destroyed by themselves; the counts stay. To be set by the list of terms in force."), TERMS},
    {"institution.mark_kk", SETTING_TEXT, "", 0, 120, NULL, N_("Name on pages and reports, in Kazakh"),
     N_("Empty: the name of the institution in the registry."), MARKS},
    {"institution.mark_ru", SETTING_TEXT, "", 0, 120, NULL, N_("Name on pages and reports, in Russian"),
     N_("Empty: the name of the institution in the registry."), MARKS},
    {"institution.mark_en", SETTING_TEXT, "", 0, 120, NULL, N_("Name on pages and reports, in English"),
     N_("Empty: the name of the institution in the registry."), MARKS},
    {"institution.stamp", SETTING_TEXT, "", 0, 120, NULL, N_("Line at the head of reports"),
     N_("For example a mark of restricted use, as the institution's rules ask for it."), MARKS},
    {0},
};

const struct setting_def *setting_find(const char *name)
{
    for (const struct setting_def *d = SETTINGS; d->name; d++)
        if (str_eq(d->name, name))
            return d;
    return NULL;
}

int setting_on(struct ctx *cx, const char *name, const char *day, const char **value)
{
    const struct setting_def *d = setting_find(name);
    if (!d)
        return fail(cx, ERR_NOT_FOUND, "There is no setting \"%s\".", name);
    struct setting_value_row row;
    bool found;
    *value = d->fallback;
    TRY(setting_value(cx, cx->region_id, name, day, &row, &found));
    if (found)
        *value = row.value;
    return 0;
}

const char *setting_text(struct ctx *cx, const char *name)
{
    const struct setting_def *d = setting_find(name);
    const char *value;
    if (!d)
        die("no setting \"%s\"", name);
    return setting_on(cx, name, date_text(cx->arena, date_today(&ZONE_KZ)), &value) ? d->fallback : value;
}

int64_t setting_int(struct ctx *cx, const char *name)
{
    int64_t v = 0;
    if (!str_to_int(setting_text(cx, name), INT64_MIN, INT64_MAX, &v))
        die("setting \"%s\" is no whole number", name);
    return v;
}

double setting_num(struct ctx *cx, const char *name)
{
    double v = 0;
    if (!str_to_num(setting_text(cx, name), &v))
        die("setting \"%s\" is no number", name);
    return v;
}

bool setting_bool(struct ctx *cx, const char *name)
{
    return str_eq(setting_text(cx, name), "yes");
}

static bool is_choice(const char *choices, const char *value)
{
    size_t n = strlen(value);
    for (const char *p = choices; p && *p; p += strspn(p, "|")) {
        size_t len = strcspn(p, "|");
        if (len == n && memcmp(p, value, n) == 0)
            return true;
        p += len;
    }
    return false;
}

static int setting_check(struct ctx *cx, const struct setting_def *d, const char *value)
{
    int64_t i;
    double v;
    const char *label = T(cx, d->label);
    switch (d->type) {
    case SETTING_INT:
        if (!str_to_int(value, (int64_t)d->min, (int64_t)d->max, &i))
            return fail(cx, ERR_INVALID, "%s: a whole number from %lld to %lld is needed.", label, (long long)d->min,
                        (long long)d->max);
        return 0;
    case SETTING_NUM:
        if (!str_to_num(value, &v) || v < d->min || v > d->max)
            return fail(cx, ERR_INVALID, "%s: a number from %g to %g is needed.", label, d->min, d->max);
        return 0;
    case SETTING_BOOL:
        return is_choice("yes|no", value) ? 0 : fail(cx, ERR_INVALID, "%s: yes or no is needed.", label);
    case SETTING_CHOICE:
        return is_choice(d->choices, value) ? 0 : fail(cx, ERR_INVALID, "%s: one of %s is needed.", label, d->choices);
    case SETTING_TEXT:
        if (!utf8_valid(value, strlen(value)) || utf8_count(value) > (size_t)d->max)
            return fail(cx, ERR_INVALID, "%s: at most %lld characters.", label, (long long)d->max);
        return 0;
    }
    return 0;
}

struct setting_job {
    const char *name, *value, *from, *note;
};

static int set_tx(struct ctx *cx, void *arg)
{
    const struct setting_job *j = arg;
    TRY(setting_put(cx, &(struct setting_put_in){cx->region_id, j->name, j->from, j->value, j->note, cx->account_id,
                                                 time_now_us()}, NULL));
    return audit_append(cx, "setting.set", arena_printf(cx->arena, "setting/%s", j->name),
                        arena_printf(cx->arena, "from %s", j->from));
}

int setting_set(struct ctx *cx, const char *name, const char *value, const char *from, const char *note)
{
    const struct setting_def *d = setting_find(name);
    if (!d)
        return fail(cx, ERR_NOT_FOUND, "There is no setting \"%s\".", name);
    struct date day;
    struct setting_job j = {name, str_trim(cx->arena, value ? value : ""),
                            str_empty(from) ? date_text(cx->arena, date_today(&ZONE_KZ)) : from, note ? note : ""};
    if (!date_parse(j.from, &day))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date (YYYY-MM-DD).", j.from);
    TRY(setting_check(cx, d, j.value));
    return db_tx(cx, set_tx, &j);
}
