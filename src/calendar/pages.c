/* pages.c - the page of the calendar: days that are not what their weekday says, year by year. */
#include "calendar/pages.h"
#include "calendar/calendar.h"
#include "calendar/calendar_html.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/str.h"
#include "db/audit.h"
#include "i18n/i18n.h"

static const struct form_choice KINDS[] = {{"holiday", N_("free day")}, {"workday", N_("moved working day")}, {0}};
struct day_values {
    const char *day, *kind, *name_kk, *name_ru, *name_en;
    bool verified;
};
static const struct form_field FIELDS[] = {
    {.name = "day", .type = FORM_DATE, .label = N_("Day"), .required = true, .offset = offsetof(struct day_values, day)},
    {.name = "kind", .type = FORM_RADIO, .label = N_("Kind of day"), .required = true, .choices = KINDS,
     .offset = offsetof(struct day_values, kind)},
    {.name = "name_kk", .type = FORM_TEXT, .label = N_("Name in Kazakh"), .required = true, .max = 120,
     .offset = offsetof(struct day_values, name_kk)},
    {.name = "name_ru", .type = FORM_TEXT, .label = N_("Name in Russian"), .required = true, .max = 120,
     .offset = offsetof(struct day_values, name_ru)},
    {.name = "name_en", .type = FORM_TEXT, .label = N_("Name in English"), .max = 120,
     .offset = offsetof(struct day_values, name_en)},
    {.name = "verified", .type = FORM_BOOL, .label = N_("Compared with the official calendar"),
     .offset = offsetof(struct day_values, verified)},
    {0}};
const struct form calendar_form = {FIELDS, sizeof(struct day_values)};

static const struct view_part PARTS[] = {
    {"days", VIEW_LIST, offsetof(struct calendar_page, days), &holiday_of_year_row_desc}, {0}};
static const struct view VIEW = {.name = "calendar", .title = N_("Calendar"), .nav = "/admin", .html = calendar_calendar_html,
                                 .parts = PARTS};

static int page(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct calendar_page m = {0};
    struct work_calendar cal;
    m.year = (int)rq_query_int(rq, "year", 2000, 2100, date_today(&ZONE_KZ).y);
    TRY(holiday_of_year(cx, cx->region_id, arena_printf(cx->arena, "%04d-01-01", m.year),
                        arena_printf(cx->arena, "%04d-12-31", m.year), &m.days));
    TRY(calendar_load(cx, &cal));
    m.workdays = workdays_between((struct date){m.year - 1, 12, 31}, (struct date){m.year, 12, 31}, &cal);
    return respond_view(rq, &VIEW, &m);
}

static int get_calendar(struct request *rq)
{
    return page(rq);
}

static int put_tx(struct ctx *cx, void *arg)
{
    const struct day_values *v = arg;
    TRY(holiday_put(cx, &(struct holiday_put_in){cx->region_id, v->day, v->kind, v->name_kk, v->name_ru,
                                                 *v->name_en ? v->name_en : v->name_ru, v->verified}, NULL));
    return audit_append(cx, "calendar.set", arena_printf(cx->arena, "holiday/%s", v->day), v->kind);
}

static const char *page_of_year(struct request *rq, const char *day)
{
    return arena_printf(rq->cx->arena, "/admin/calendar?year=%.4s", day);
}

static int post_day(struct request *rq)
{
    const struct day_values *v = form_values(rq);
    struct date d;
    if (form_ok(rq) && str_eq(v->kind, "workday") && date_parse(v->day, &d) && date_weekday(d) < 6)
        form_error(rq, "kind", N_("Only a Saturday or Sunday can become a working day."));
    if (!form_ok(rq))
        return page(rq);
    TRY(db_tx(rq->cx, put_tx, (void *)v));
    return respond_redirect(rq, page_of_year(rq, v->day), T(rq->cx, "The day is recorded."));
}

static int remove_tx(struct ctx *cx, void *arg)
{
    int64_t changed;
    TRY(holiday_delete(cx, cx->region_id, arg, &changed));
    if (!changed)
        return fail(cx, ERR_NOT_FOUND, "The calendar has no entry for %s.", (const char *)arg);
    return audit_append(cx, "calendar.remove", arena_printf(cx->arena, "holiday/%s", (const char *)arg), "");
}

static int post_remove(struct request *rq)
{
    const char *day = rq_path(rq, "day");
    TRY(db_tx(rq->cx, remove_tx, (void *)day));
    return respond_redirect(rq, page_of_year(rq, day), T(rq->cx, "The day is an ordinary one again."));
}

static const struct route ROUTES[] = {
    {HTTP_GET, "/admin/calendar", get_calendar, PERM_ADMIN, 0, NULL, &VIEW, N_("Calendar")},
    {HTTP_POST, "/admin/calendar", post_day, PERM_ADMIN, 0, &calendar_form, NULL, N_("Record a holiday or moved day")},
    {HTTP_POST, "/admin/calendar/{day}/remove", post_remove, PERM_ADMIN, 0, NULL, NULL, N_("Remove a day of the calendar")},
    {0},
};

static const struct audit_word AUDIT[] = {
    {"calendar.set", N_("Marked a day of the calendar")},
    {"calendar.remove", N_("Removed a mark of the calendar")},
    {0}};

const struct module calendar_module = {.name = "calendar", .title = N_("Calendar"), .audit = AUDIT, .routes = ROUTES, .seed = calendar_seed};
