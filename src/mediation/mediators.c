/* mediators.c - the register of mediators: a public page without contacts; entries are begun and ended by the
 * clerk. */
#include "mediation/pages.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "mediation/mediator_html.h"
#include "mediation/mediator_new_html.h"
#include "mediation/mediators_html.h"
#include "registry/registry.h"

#include <string.h>

static const struct form_choice KINDS[] = {
    {"professional", N_("professional mediator")}, {"public", N_("public mediator")}, {0}};

const char *mediator_kind_name(struct ctx *cx, const char *code)
{
    return T(cx, str_eq(code, "professional") ? "professional mediator" : "public mediator");
}

const char *mediator_language_names(struct ctx *cx, const char *codes)
{
    static const struct { const char *code, *name; } NAMES[] = {
        {"kk", N_("Kazakh")}, {"ru", N_("Russian")}, {"en", N_("English")}, {"uz", N_("Uzbek")}, {"tg", N_("Tajik")},
        {"tr", N_("Turkish")}, {"az", N_("Azerbaijani")}, {"ku", N_("Kurdish")}, {"ug", N_("Uyghur")}};
    size_t n;
    char **parts = str_split(cx->arena, codes, ' ', &n);
    const char *out = "";
    for (size_t i = 0; i < n; i++) {
        const char *name = parts[i];
        for (size_t k = 0; k < sizeof NAMES / sizeof *NAMES; k++)
            if (str_eq(parts[i], NAMES[k].code))
                name = T(cx, NAMES[k].name);
        if (*parts[i])
            out = *out ? arena_printf(cx->arena, "%s, %s", out, name) : name;
    }
    return out;
}

static bool sees_load(const struct request *rq)
{
    return rq->account.id && (rq_may(rq, PERM_DISPUTE_TRIAGE) || rq_may(rq, PERM_CASE_MEDIATE));
}

int mediators_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct mediators_page *m = arena_alloc(cx->arena, sizeof *m);
    struct mediator_list_list all;
    struct date day;
    const char *asked = rq_query(rq, "date");
    m->on_date = date_parse(asked, &day) ? asked : date_text(cx->arena, date_today(NULL));
    m->staff = sees_load(rq);
    m->may_edit = rq->account.id && rq_may(rq, PERM_DISPUTE_TRIAGE);
    TRY(mediator_list(cx, cx->region_id, m->on_date, &all));
    m->list.rows = arena_array(cx->arena, all.n, sizeof *m->list.rows);
    for (size_t i = 0; i < all.n; i++) {
        const struct mediator_list_row *r = &all.rows[i];
        m->list.rows[m->list.n++] =
            (struct mediator_row){r->id,
                                  r->name,
                                  r->kind,
                                  r->languages,
                                  r->fields,
                                  r->basis,
                                  r->place_kk ? ctx_pick(cx, r->place_kk, r->place_ru, r->place_en) : "",
                                  r->valid_from,
                                  r->valid_to,
                                  {m->staff, m->staff ? r->open_cases : 0},
                                  {m->staff, m->staff ? r->capacity : 0},
                                  r->demo};
    }
    return respond_view(rq, &mediators_view, m);
}

static int show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct mediator_page *m = arena_alloc(cx->arena, sizeof *m);
    struct mediator_by_id_row r;
    bool found = false;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(mediator_by_id(cx, cx->region_id, id, &r, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such mediator.");
    m->staff = sees_load(rq);
    m->may_edit = rq->account.id && rq_may(rq, PERM_DISPUTE_TRIAGE) && !*r.valid_to;
    m->m = (struct mediator_row){r.id,
                                 r.name,
                                 r.kind,
                                 r.languages,
                                 r.fields,
                                 r.basis,
                                 r.place_kk ? ctx_pick(cx, r.place_kk, r.place_ru, r.place_en) : "",
                                 r.valid_from,
                                 r.valid_to,
                                 {0},
                                 {m->staff, m->staff ? r.capacity : 0},
                                 r.demo};
    return respond_view(rq, &mediator_view, m);
}

int mediator_get(struct request *rq)
{
    return show(rq);
}

/* --- changes by the clerk
 * ---------------------------------------------------------------------------------------------- */

static int unit_choices(struct request *rq, struct form_choices *out)
{
    struct ctx *cx = rq->cx;
    struct territory_list_list units;
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, date_text(cx->arena, date_today(NULL)), &units));
    struct form_choice *rows = arena_array(cx->arena, units.n, sizeof *rows);
    for (size_t i = 0; i < units.n; i++)
        rows[i] =
            (struct form_choice){id_text(cx->arena, units.rows[i].id), registry_name(cx, units.rows[i])};
    *out = (struct form_choices){rows, units.n};
    return OK;
}

static const struct form_field FIELDS[] = {
    {FORM_OF(mediator_values, name), .type = FORM_TEXT, .label = N_("Full name"), .required = true, .max = 120},
    {FORM_OF(mediator_values, kind), .type = FORM_RADIO, .label = N_("Kind"), .required = true, .choices = KINDS},
    {FORM_OF(mediator_values, basis), .type = FORM_TEXT, .label = N_("Certificate, or decision of the community meeting"),
     .required = true, .max = 300},
    {FORM_OF(mediator_values, languages), .type = FORM_TEXT, .label = N_("Languages of mediation"),
     .hint = N_("Codes with spaces between: kk ru"), .required = true, .max = 60},
    {FORM_OF(mediator_values, fields), .type = FORM_TEXT, .label = N_("Field of mediation"), .max = 200},
    {FORM_OF(mediator_values, place_id), .type = FORM_ID, .label = N_("District or city"), .choices_of = unit_choices},
    {FORM_OF(mediator_values, capacity), .type = FORM_INT, .label = N_("Open cases at a time that the mediator agrees to"),
     .required = true, .min = 1, .max = 100},
    {FORM_OF(mediator_values, login), .type = FORM_TEXT, .label = N_("Login of the mediator's account"), .max = 60},
    {FORM_OF(mediator_values, valid_from), .type = FORM_DATE, .label = N_("From"), .required = true},
    {0}};
const struct form mediator_form = {FIELDS, sizeof(struct mediator_values)};

int mediator_new_get(struct request *rq)
{
    static const struct mediator_page NOTHING;
    if (!rq->form) {
        form_preset(rq, &mediator_form, "languages", "kk ru");
        form_preset(rq, &mediator_form, "capacity", "8");
        form_preset(rq, &mediator_form, "valid_from", date_text(rq->cx->arena, date_today(NULL)));
    }
    return respond_view(rq, &mediator_new_view, &NOTHING);
}

struct mediator_job {
    const struct mediator_values *v;
    int64_t id, account;
    const char *day;
};

static const char *object_of(struct ctx *cx, int64_t id)
{
    return arena_printf(cx->arena, "mediator/%s", id_text(cx->arena, id));
}

static int add_tx(struct ctx *cx, void *arg)
{
    const struct mediator_job *j = arg;
    const struct mediator_values *v = j->v;
    TRY(mediator_insert(cx,
                        &(struct mediator_insert_in){.region_id = cx->region_id,
                                                     .id = j->id,
                                                     .name = v->name,
                                                     .kind = v->kind,
                                                     .languages = v->languages,
                                                     .fields = v->fields,
                                                     .basis = v->basis,
                                                     .territory_id = v->place_id,
                                                     .account_id = {j->account != 0, j->account},
                                                     .capacity = v->capacity.value,
                                                     .valid_from = v->valid_from,
                                                     .valid_to = ""},
                        NULL));
    return audit_append(cx, "mediator.add", object_of(cx, j->id), "");
}

int mediator_new_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct mediator_job j = {.v = form_values(rq), .id = db_new_id()};
    if (*j.v->login && access_account_find(cx, j.v->login, &j.account) != OK) {
        cx->err = OK;
        form_error(rq, "login", "There is no such account.");
    }
    if (!form_ok(rq))
        return mediator_new_get(rq);
    TRY(db_tx(cx, add_tx, &j));
    return respond_redirect(rq, arena_printf(cx->arena, "/mediators/%s", id_text(cx->arena, j.id)),
                            T(cx, N_("The mediator is in the register.")));
}

static int end_tx(struct ctx *cx, void *arg)
{
    const struct mediator_job *j = arg;
    int64_t changed = 0;
    TRY(mediator_end(cx, cx->region_id, j->id, j->day, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This entry has ended already.");
    return audit_append(cx, "mediator.end", object_of(cx, j->id), j->day);
}

int mediator_end_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct mediator_job j = {.day = date_text(cx->arena, date_today(NULL))};
    struct dispute_of_mediator_list open;
    TRY(rq_path_id(rq, "id", &j.id));
    TRY(dispute_of_mediator(cx, cx->region_id, j.id, 1, &open));
    if (open.n)
        return fail(cx, ERR_INVALID,
                    "The mediator has open cases; they must be ended or given to another one first.");
    TRY(db_tx(cx, end_tx, &j));
    return respond_redirect(rq, arena_printf(cx->arena, "/mediators/%s", id_text(cx->arena, j.id)),
                            T(cx, N_("The entry ends today.")));
}

/* --- views
 * ----------------------------------------------------------------------------------------------------------------
 */

static const struct field_desc ROW_FIELDS[] = {
    FIELD(mediator_row, id, ID), FIELD(mediator_row, name, TEXT), FIELD(mediator_row, kind, TEXT),
    FIELD(mediator_row, languages, TEXT), FIELD(mediator_row, fields, TEXT), FIELD(mediator_row, basis, TEXT),
    FIELD(mediator_row, place, TEXT), FIELD(mediator_row, valid_from, TEXT), FIELD(mediator_row, valid_to, TEXT),
    FIELD(mediator_row, open_cases, OPT_INT), FIELD(mediator_row, capacity, OPT_INT),
    FIELD(mediator_row, demo, BOOL)};
static ROW_DESC(ROW, "mediator", mediator_row, ROW_FIELDS);

const struct view mediators_view = {
    .name = "mediators",
    .title = N_("Mediators"),
    .nav = "/disputes",
    .html = mediation_mediators_html,
    .parts = (const struct view_part[]){{"mediators", VIEW_LIST, offsetof(struct mediators_page, list), &ROW},
                                        {0}}};
const struct view mediator_view = {.name = "mediator",
                                   .title = N_("Mediator"),
                                   .nav = "/disputes",
                                   .html = mediation_mediator_html,
                                   .parts = (const struct view_part[]){
                                       {"mediator", VIEW_ROW, offsetof(struct mediator_page, m), &ROW}, {0}}};
const struct view mediator_new_view = {.name = "mediator_new",
                                       .title = N_("Add a mediator"),
                                       .nav = "/disputes",
                                       .html = mediation_mediator_new_html,
                                       .parts = (const struct view_part[]){{0}}};
