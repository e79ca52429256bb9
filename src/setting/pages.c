/* pages.c - the page of settings: what holds, what held, and a change from a day on. */
#include "setting/pages.h"
#include "setting/settings_html.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"

#include <string.h>

struct setting_values {
    const char *name, *value, *from, *note;
};
static int choices_of_settings(struct request *rq, struct form_choices *out)
{
    size_t n = 0;
    while (SETTINGS[n].name)
        n++;
    struct form_choice *rows = arena_array(rq->cx->arena, n, sizeof *rows);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct form_choice){SETTINGS[i].name, T(rq->cx, SETTINGS[i].label)};
    *out = (struct form_choices){rows, n};
    return 0;
}

static const struct form_field FIELDS[] = {
    {.name = "name", .type = FORM_CHOICE, .label = N_("Setting"), .required = true, .choices_of = choices_of_settings,
     .offset = offsetof(struct setting_values, name)},
    {.name = "value", .type = FORM_TEXT, .label = N_("New value"), .max = 120, .hint = N_("Within the range of the table above."),
     .offset = offsetof(struct setting_values, value)},
    {.name = "from", .type = FORM_DATE, .label = N_("Holds from"), .required = true, .offset = offsetof(struct setting_values, from)},
    {.name = "note", .type = FORM_TEXT, .label = N_("Grounds"), .required = true, .max = 200,
     .hint = N_("Who decided it, with date and number of the document."), .offset = offsetof(struct setting_values, note)},
    {0}};
const struct form setting_form = {FIELDS, sizeof(struct setting_values)};

static const struct field_desc ROW_FIELDS[] = {
    FIELD(setting_row, name, TEXT), FIELD(setting_row, label, TEXT), FIELD(setting_row, help, TEXT),
    FIELD(setting_row, section, TEXT), FIELD(setting_row, range, TEXT), FIELD(setting_row, value, TEXT),
    FIELD_AS("default", setting_row, fallback, TEXT),
    FIELD_LIST("history", setting_row, history, &setting_history_row_desc)};
static ROW_DESC(ROW, "setting", setting_row, ROW_FIELDS);
static const struct view_part PARTS[] = {{"settings", VIEW_LIST, offsetof(struct setting_page, settings), &ROW}, {0}};
static const struct view VIEW = {.name = "settings", .title = N_("Settings"), .nav = "/admin", .html = setting_settings_html,
                                 .parts = PARTS};

const char *setting_shown(struct ctx *cx, const struct setting_def *d, const char *value)
{
    double v;
    if (!*value)
        return "–";
    if (d->type == SETTING_BOOL)
        return str_eq(value, "yes") ? T(cx, "yes") : T(cx, "no");
    if ((d->type != SETTING_INT && d->type != SETTING_NUM) || !str_to_num(value, &v))
        return value;
    const char *point = strpbrk(value, ".,");
    return fmt_num(cx, v, point ? (int)strlen(point + 1) : 0);
}

static const char *range_of(struct ctx *cx, const struct setting_def *d)
{
    switch (d->type) {
    case SETTING_INT:
    case SETTING_NUM:
        return arena_printf(cx->arena, "%s–%s", setting_shown(cx, d, arena_printf(cx->arena, "%g", d->min)),
                            setting_shown(cx, d, arena_printf(cx->arena, "%g", d->max)));
    case SETTING_BOOL: return arena_printf(cx->arena, "%s, %s", T(cx, "yes"), T(cx, "no"));
    case SETTING_CHOICE: return d->choices;
    case SETTING_TEXT: return TF(cx, "up to %lld characters", (long long)d->max);
    }
    return "";
}

static int page(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct setting_page m = {.today = date_text(cx->arena, date_today(&ZONE_KZ))};
    while (SETTINGS[m.settings.n].name)
        m.settings.n++;
    m.settings.rows = arena_array(cx->arena, m.settings.n, sizeof *m.settings.rows);
    for (size_t i = 0; i < m.settings.n; i++) {
        const struct setting_def *d = &SETTINGS[i];
        struct setting_row *r = &m.settings.rows[i];
        *r = (struct setting_row){.name = d->name, .label = T(cx, d->label), .help = T(cx, d->help), .section = T(cx, d->section),
                                  .range = range_of(cx, d), .fallback = d->fallback,
                                  .first_of_section = i == 0 || !str_eq(d->section, SETTINGS[i - 1].section)};
        TRY(setting_on(cx, d->name, m.today, &r->value));
        r->value_shown = setting_shown(cx, d, r->value);
        r->fallback_shown = setting_shown(cx, d, r->fallback);
        TRY(setting_history(cx, cx->region_id, d->name, &r->history));
    }
    form_preset(rq, &setting_form, "from", m.today);
    return respond_view(rq, &VIEW, &m);
}

static int get_settings(struct request *rq)
{
    return page(rq);
}

static int post_setting(struct request *rq)
{
    const struct setting_values *v = form_values(rq);
    if (!form_ok(rq))
        return page(rq);
    int rc = setting_set(rq->cx, v->name, v->value, v->from, v->note);
    if (form_refused(rq, "value", rc))
        return page(rq);
    TRY(rc);
    return respond_redirect(rq, "/admin/settings", T(rq->cx, "The setting is recorded."));
}

static const struct route ROUTES[] = {
    {HTTP_GET, "/admin/settings", get_settings, PERM_ADMIN, 0, NULL, &VIEW, N_("Settings")},
    {HTTP_POST, "/admin/settings", post_setting, PERM_ADMIN, 0, &setting_form, NULL, N_("Change a setting")},
    {0},
};

static const struct audit_word AUDIT[] = {
    {"setting.set", N_("Changed a setting")},
    {0}};

const struct module setting_module = {.name = "setting", .title = N_("Settings"), .audit = AUDIT, .routes = ROUTES};
