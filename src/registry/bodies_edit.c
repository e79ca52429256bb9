/* bodies_edit.c - see bodies_edit.h. */
#include "registry/bodies_edit.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/bodies.h"
#include "registry/bodies_edit_sql.h"
#include "registry/place_names.h"
#include "registry/registry.h"
#include "registry/words.h"

#include <string.h>

static const struct form_choice KINDS[] = {
    {"association", N_("ethnocultural association")}, {"structure", N_("public structure")}, {"state_body", N_("state body")},
    {"department", N_("department")}, {"branch", N_("branch")}, {"other", N_("other body")}, {0}};
static const struct form_choice LEVELS[] = {
    {"region", N_("of the region")}, {"city", N_("of a city")}, {"district", N_("of a district")}, {"village", N_("of a village")}, {0}};

#define AT(member) FORM_AT(body_values, member)
static const struct form_field BODY_FIELDS[] = {
    {.name = "kind", .type = FORM_CHOICE, .label = N_("Kind"), .required = true, .choices = KINDS, AT(kind)},
    {.name = "level", .type = FORM_CHOICE, .label = N_("Level"), .choices = LEVELS, AT(level)},
    {.name = "name_kk", .type = FORM_TEXT, .label = N_("Name in Kazakh"), .required = true, .max = 300, AT(name_kk)},
    {.name = "name_ru", .type = FORM_TEXT, .label = N_("Name in Russian"), .required = true, .max = 300, AT(name_ru)},
    {.name = "name_en", .type = FORM_TEXT, .label = N_("Name in English"), .max = 300, AT(name_en)},
    {.name = "place", .type = FORM_TEXT, .label = N_("Place"), .hint = N_("Its name or its KATO code"), AT(place)},
    {.name = "office_phone", .type = FORM_TEXT, .label = N_("Office phone"), .max = 40, AT(office_phone)},
    {.name = "address", .type = FORM_TEXT, .label = N_("Address"), AT(address)},
    {.name = "valid_from", .type = FORM_DATE, .label = N_("Since"), .required = true, AT(valid_from)},
    {0}};
#undef AT
const struct form body_form = {BODY_FIELDS, sizeof(struct body_values)};

static const struct form_field RENAME_FIELDS[] = {
    {.name = "name_kk", .type = FORM_TEXT, .label = N_("Name in Kazakh"), .required = true, .max = 300, .offset = offsetof(struct rename_values, name_kk)},
    {.name = "name_ru", .type = FORM_TEXT, .label = N_("Name in Russian"), .required = true, .max = 300, .offset = offsetof(struct rename_values, name_ru)},
    {.name = "name_en", .type = FORM_TEXT, .label = N_("Name in English"), .max = 300, .offset = offsetof(struct rename_values, name_en)},
    {.name = "on_date", .type = FORM_DATE, .label = N_("From"), .required = true, .offset = offsetof(struct rename_values, on_date)},
    FORM_VERSION(rename_values), {0}};
const struct form body_rename_form = {RENAME_FIELDS, sizeof(struct rename_values)};
static const struct form_field CLOSE_FIELDS[] = {
    {.name = "on_date", .type = FORM_DATE, .label = N_("First day without it"), .required = true, .offset = offsetof(struct close_values, on_date)},
    FORM_VERSION(close_values), {0}};
const struct form body_close_form = {CLOSE_FIELDS, sizeof(struct close_values)};

static const struct form_field CONTACT_FIELDS[] = {
    {.name = "office_phone", .type = FORM_TEXT, .label = N_("Office phone"), .max = 60, .offset = offsetof(struct contact_values, office_phone)},
    {.name = "address", .type = FORM_TEXT, .label = N_("Address"), .max = 300, .offset = offsetof(struct contact_values, address)},
    {.name = "on_date", .type = FORM_DATE, .label = N_("From"), .required = true, .offset = offsetof(struct contact_values, on_date)},
    {0}};
const struct form body_contact_form = {CONTACT_FIELDS, sizeof(struct contact_values)};

static const char *object_of(struct ctx *cx, int64_t id)
{
    return arena_printf(cx->arena, "organisation/%s", id_text(cx->arena, id));
}

static const char *page_of(struct ctx *cx, int64_t id)
{
    return arena_printf(cx->arena, "/organisations/%s", id_text(cx->arena, id));
}

/* --- how it is reached ------------------------------------------------------------------------------------------------ */

bool body_may_change(struct request *rq, struct opt_int territory_id)
{
    struct place_path path = {0};
    if (!rq_may(rq, PERM_REGISTRY_EDIT) ||
        (territory_id.has && registry_path(rq->cx, territory_id.value, registry_today(rq->cx), &path)))
        return false;
    int64_t ids[sizeof path.steps / sizeof *path.steps];
    for (size_t i = 0; i < path.n; i++)
        ids[i] = path.steps[i].id;
    return rq_in_scope(rq, ids, path.n);
}

/* A number as people write it: "+7 (72533) 5-00-00, 102". */
static void check_phone(struct request *rq, const char *text)
{
    if (strspn(text, "+0123456789 ()-,;") != strlen(text))
        form_error(rq, "office_phone", N_("A phone number has digits, spaces, brackets, hyphens and a plus only."));
}

static int put_contact(struct ctx *cx, int64_t body, const struct contact_values *v)
{
    return body_contact_put(cx, &(struct body_contact_put_in){cx->region_id, body, v->on_date, v->office_phone, v->address,
                                                              cx->account_id, time_now_us()}, NULL);
}

struct contact_change {
    int64_t body;
    const struct contact_values *v;
};

static int contact_tx(struct ctx *cx, void *arg)
{
    const struct contact_change *c = arg;
    TRY(put_contact(cx, c->body, c->v));
    return audit_append(cx, "organisation.contact", object_of(cx, c->body), arena_printf(cx->arena, "from %s", c->v->on_date));
}

int body_contact_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct contact_change c = {.v = form_values(rq)};
    struct organisation_by_id_row body;
    TRY(rq_path_id(rq, "id", &c.body));
    TRY(organisation_by_id(cx, cx->region_id, c.body, &body));
    if (!body_may_change(rq, body.territory_id))
        return access_in_scope(rq, NULL, 0);
    check_phone(rq, c.v->office_phone);
    if (*c.v->on_date && strcmp(c.v->on_date, body.valid_from) < 0)
        form_error(rq, "on_date", N_("This body exists from %s on."), fmt_date(cx, body.valid_from));
    if (!form_ok(rq))
        return organisation_get(rq);
    TRY(db_tx(cx, contact_tx, &c));
    return respond_redirect(rq, page_of(cx, c.body), T(cx, N_("Phone and address are recorded.")));
}

/* --- adding ---------------------------------------------------------------------------------------------------------- */

struct body_new {
    struct organisation_insert_in row;
    struct contact_values contact;
};

static int insert_tx(struct ctx *cx, void *arg)
{
    const struct body_new *n = arg;
    const struct organisation_insert_in *in = &n->row;
    TRY(organisation_insert(cx, in, NULL));
    if (*n->contact.office_phone || *n->contact.address)
        TRY(put_contact(cx, in->id, &n->contact));
    TRY(registry_search_put(cx, "organisation", in->id, (const char *const[]){in->name_kk, in->name_ru, in->name_en}, 3));
    return audit_append(cx, "organisation.add", object_of(cx, in->id), in->kind);
}

int body_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct body_values *v = form_values(rq);
    struct organisation_insert_in in = {.region_id = cx->region_id, .id = db_new_id(), .kind = v->kind, .level = v->level,
                                        .name_kk = v->name_kk, .name_ru = v->name_ru, .name_en = *v->name_en ? v->name_en : v->name_kk,
                                        .tasks_kk = "", .tasks_ru = "", .tasks_en = "", .ordinal = 1000, .valid_from = v->valid_from, .valid_to = ""};
    if (*v->place) {
        struct place_names *names;
        TRY(place_names_load(cx, registry_today(cx), &names));
        in.territory_id.has = place_names_need(cx, names, v->place, &in.territory_id.value) == 0;
        if (!in.territory_id.has)
            form_error(rq, "place", "%s", cx->err_text);
    }
    if (str_eq(v->kind, "association") && !*v->level)
        form_error(rq, "level", N_("An association is of the region, a city, a district or a village."));
    if (str_eq(v->kind, "department") || str_eq(v->kind, "branch")) {
        struct body_institution_row institution;
        TRY(body_institution(cx, cx->region_id, *v->valid_from ? v->valid_from : registry_today(cx), &institution, &in.parent_id.has));
        in.parent_id.value = institution.id;
    }
    check_phone(rq, v->office_phone);
    if (form_ok(rq) && !body_may_change(rq, in.territory_id))
        form_error(rq, "place", N_("This place lies outside of your districts."));
    if (!form_ok(rq))
        return organisations_get(rq);
    struct body_new n = {in, {v->office_phone, v->address, v->valid_from}};
    TRY(db_tx(cx, insert_tx, &n));
    return respond_redirect(rq, page_of(cx, in.id), T(cx, N_("The body is recorded.")));
}

/* --- renaming, closing --------------------------------------------------------------------------------------------------- */

struct body_edit {
    struct organisation_by_id_row old;
    int64_t new_id, version;
    const char *on_date;
    const struct rename_values *names; /* NULL: closing */
};

static int close_tx(struct ctx *cx, const struct body_edit *e)
{
    int64_t changed = 0;
    TRY(organisation_close(cx, &(struct organisation_close_in){cx->region_id, e->old.id, e->version, e->on_date}, &changed));
    return changed ? OK : fail(cx, ERR_CONFLICT, "Somebody else has changed this body meanwhile; look at it again.");
}

static int move_open(struct ctx *cx, int64_t from, int64_t to)
{
    TRY(body_move_parts(cx, cx->region_id, from, to, NULL));
    TRY(body_move_posts(cx, cx->region_id, from, to, NULL));
    TRY(body_move_members(cx, cx->region_id, from, to, NULL));
    TRY(body_move_tasks(cx, cx->region_id, from, to, NULL));
    return body_move_grants(cx, cx->region_id, from, to, NULL);
}

static int edit_tx(struct ctx *cx, void *arg)
{
    const struct body_edit *e = arg;
    const struct organisation_by_id_row *b = &e->old;
    TRY(close_tx(cx, e));
    if (!e->names)
        return audit_append(cx, "organisation.close", object_of(cx, b->id), e->on_date);
    struct organisation_insert_in in = {.region_id = cx->region_id, .id = e->new_id, .kind = b->kind, .parent_id = b->parent_id,
                                        .territory_id = b->territory_id, .level = b->level, .name_kk = e->names->name_kk,
                                        .name_ru = e->names->name_ru, .name_en = *e->names->name_en ? e->names->name_en : e->names->name_kk,
                                        .tasks_kk = b->tasks_kk, .tasks_ru = b->tasks_ru, .tasks_en = b->tasks_en,
                                        .ordinal = b->ordinal,
                                        .valid_from = e->on_date, .valid_to = "", .demo = b->demo};
    TRY(organisation_insert(cx, &in, NULL));
    TRY(registry_search_put(cx, "organisation", in.id, (const char *const[]){in.name_kk, in.name_ru, in.name_en}, 3));
    TRY(organisation_change_insert(cx, &(struct organisation_change_insert_in){.region_id = cx->region_id, .id = db_new_id(),
                                       .on_date = e->on_date, .kind = "rename", .from_id = b->id, .to_id = in.id, .note_kk = "",
                                       .note_ru = "", .note_en = ""}, NULL));
    TRY(move_open(cx, b->id, in.id));
    TRY(body_contact_pass_on(cx, &(struct body_contact_pass_on_in){cx->region_id, b->id, in.id, e->on_date}, NULL));
    return audit_append(cx, "organisation.rename", object_of(cx, b->id), id_text(cx->arena, in.id));
}

static int edit_body(struct request *rq, struct body_edit *e, const char *notice)
{
    struct ctx *cx = rq->cx;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(organisation_by_id(cx, cx->region_id, id, &e->old));
    if (!body_may_change(rq, e->old.territory_id))
        return access_in_scope(rq, NULL, 0);
    if (*e->on_date && strcmp(e->on_date, e->old.valid_from) <= 0)
        form_error(rq, "on_date", N_("This day must come after %s, the first of this record."), fmt_date(cx, e->old.valid_from));
    if (*e->old.valid_to)
        form_error(rq, NULL, N_("This record has ended already."));
    if (!form_ok(rq))
        return organisation_get(rq);
    int rc = db_tx(cx, edit_tx, e);
    if (form_refused(rq, NULL, rc))
        return organisation_get(rq);
    TRY(rc);
    return respond_redirect(rq, page_of(cx, e->names ? e->new_id : id), notice);
}

int body_rename_post(struct request *rq)
{
    const struct rename_values *v = form_values(rq);
    struct body_edit e = {.new_id = db_new_id(), .version = v->version.value, .on_date = v->on_date, .names = v};
    return edit_body(rq, &e, T(rq->cx, N_("The body bears its new name.")));
}

int body_close_post(struct request *rq)
{
    const struct close_values *v = form_values(rq);
    struct body_edit e = {.version = v->version.value, .on_date = v->on_date};
    return edit_body(rq, &e, T(rq->cx, N_("The body is closed.")));
}
