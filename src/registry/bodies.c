/* bodies.c - pages about bodies and the people in office. */
#include "registry/bodies.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/bodies_edit.h"
#include "registry/institution_html.h"
#include "registry/organisation_html.h"
#include "registry/organisations_html.h"
#include "registry/registry.h"
#include "registry/structures_html.h"
#include "registry/words.h"

#include <stdlib.h>
#include <string.h>

const char *body_kind_name(struct ctx *cx, const char *kind)
{
    static const struct { const char *kind, *name; } NAMES[] = {
        {"institution", N_("institution")}, {"department", N_("department")}, {"branch", N_("branch")},
        {"association", N_("ethnocultural association")}, {"structure", N_("public structure")},
        {"state_body", N_("state body")}, {"other", N_("other body")}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(kind, NAMES[i].kind))
            return T(cx, NAMES[i].name);
    return kind;
}

const char *body_kinds_name(struct ctx *cx, const char *kind)
{
    static const struct { const char *kind, *name; } NAMES[] = {
        {"institution", N_("The institution")}, {"department", N_("Departments")}, {"branch", N_("Branches")},
        {"association", N_("Ethnocultural associations")}, {"structure", N_("Public structures")},
        {"state_body", N_("State bodies")}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(kind, NAMES[i].kind))
            return T(cx, NAMES[i].name);
    return T(cx, N_("Other bodies"));
}

const char *body_level_name(struct ctx *cx, const char *level)
{
    return str_eq(level, "region") ? T(cx, N_("of the region")) : str_eq(level, "city") ? T(cx, N_("of a city"))
         : str_eq(level, "district") ? T(cx, N_("of a district")) : str_eq(level, "village") ? T(cx, N_("of a village")) : "";
}

const char *member_role_name(struct ctx *cx, const char *role)
{
    return str_eq(role, "head") ? T(cx, N_("head")) : str_eq(role, "chair") ? T(cx, N_("chair"))
         : str_eq(role, "deputy") ? T(cx, N_("deputy")) : str_eq(role, "secretary") ? T(cx, N_("secretary")) : T(cx, N_("member"));
}

/* --- the institution ------------------------------------------------------------------------------------------- */

static int count_bodies(struct ctx *cx, struct institution_page *m)
{
    struct organisation_list_list all;
    TRY(organisation_list(cx, cx->region_id, "", m->on_date, &all));
    struct institution_facts *f = &m->facts;
    for (size_t i = 0; i < all.n; i++) {
        const struct organisation_list_row *o = &all.rows[i];
        if (str_eq(o->kind, "institution")) {
            f->id = o->id;
            f->name = registry_name(cx, *o);
            f->demo = o->demo;
        }
        f->departments += str_eq(o->kind, "department");
        f->branches += str_eq(o->kind, "branch");
        f->structures += str_eq(o->kind, "structure");
        if (str_eq(o->kind, "association")) {
            f->associations++;
            f->associations_region += str_eq(o->level, "region");
            f->associations_city += str_eq(o->level, "city");
            f->associations_district += str_eq(o->level, "district");
            f->associations_village += str_eq(o->level, "village");
        }
    }
    return OK;
}

static int count_posts(struct ctx *cx, struct institution_page *m)
{
    struct staff_by_category_list posts;
    TRY(staff_by_category(cx, cx->region_id, m->on_date, &posts));
    struct institution_facts *f = &m->facts;
    for (size_t i = 0; i < posts.n; i++) {
        f->posts += posts.rows[i].posts;
        if (str_eq(posts.rows[i].category, "region"))
            f->posts_region = posts.rows[i].posts;
        else if (str_eq(posts.rows[i].category, "branch"))
            f->posts_branch = posts.rows[i].posts;
        else
            f->posts_maintenance = posts.rows[i].posts;
    }
    struct staff_history_list opened;
    TRY(staff_history(cx, cx->region_id, &opened));
    m->history.rows = arena_array(cx->arena, opened.n, sizeof *m->history.rows);
    int64_t total = 0;
    for (size_t i = 0; i < opened.n; i++) {
        total += opened.rows[i].opened;
        m->history.rows[m->history.n++] = (struct institution_growth){opened.rows[i].valid_from, opened.rows[i].opened, total};
    }
    return OK;
}

int institution_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct institution_page *m = arena_alloc(cx->arena, sizeof *m);
    m->on_date = registry_asked_date(rq);
    TRY(count_bodies(cx, m));
    TRY(count_posts(cx, m));
    TRY(staff_by_organisation(cx, cx->region_id, m->on_date, &m->staff));
    if (m->facts.id)
        TRY(organisation_changes(cx, cx->region_id, m->facts.id, &m->changes));
    return respond_view(rq, &institution_view, m);
}

static const struct field_desc FACT_FIELDS[] = {
    FIELD(institution_facts, name, TEXT), FIELD(institution_facts, id, ID), FIELD(institution_facts, posts, INT),
    FIELD(institution_facts, posts_region, INT), FIELD(institution_facts, posts_branch, INT),
    FIELD(institution_facts, posts_maintenance, INT), FIELD(institution_facts, departments, INT),
    FIELD(institution_facts, branches, INT), FIELD(institution_facts, associations, INT),
    FIELD(institution_facts, structures, INT), FIELD(institution_facts, associations_region, INT),
    FIELD(institution_facts, associations_city, INT), FIELD(institution_facts, associations_district, INT),
    FIELD(institution_facts, associations_village, INT), FIELD(institution_facts, demo, BOOL)};
static ROW_DESC(FACTS, "institution_facts", institution_facts, FACT_FIELDS);
static const struct field_desc GROWTH_FIELDS[] = {
    FIELD(institution_growth, valid_from, TEXT), FIELD(institution_growth, opened, INT),
    FIELD(institution_growth, total, INT)};
static ROW_DESC(GROWTH, "institution_growth", institution_growth, GROWTH_FIELDS);

const struct view institution_view = {
    .name = "institution", .title = N_("The institution"), .nav = "/organisations", .html = registry_institution_html,
    .parts = (const struct view_part[]){
        {"facts", VIEW_ROW, offsetof(struct institution_page, facts), &FACTS},
        {"staff", VIEW_LIST, offsetof(struct institution_page, staff), &staff_by_organisation_row_desc},
        {"history", VIEW_LIST, offsetof(struct institution_page, history), &GROWTH},
        {"changes", VIEW_LIST, offsetof(struct institution_page, changes), &organisation_changes_row_desc},
        {0}}};

/* --- lists ----------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const struct organisation_place *x = a, *y = b;
    return i18n_collate(x->name, y->name);
}

/* Every place that has a body of the list, once. */
static void list_places(struct ctx *cx, struct organisations_page *m)
{
    struct map *seen = map_new(cx->arena);
    m->places.rows = arena_array(cx->arena, m->list.n + 1, sizeof *m->places.rows);
    for (size_t i = 0; i < m->list.n; i++) {
        const struct organisation_list_row *b = &m->list.rows[i];
        const char *key = id_text(cx->arena, b->territory_id.value);
        if (!b->territory_id.has || !b->place_kk || map_get(seen, key))
            continue;
        map_set(seen, key, m);
        m->places.rows[m->places.n++] =
            (struct organisation_place){b->territory_id.value, ctx_pick(cx, b->place_kk, b->place_ru, b->place_en)};
    }
    qsort(m->places.rows, m->places.n, sizeof *m->places.rows, by_name);
}

static void keep_asked(struct organisations_page *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->list.n; i++) {
        const struct organisation_list_row *b = &m->list.rows[i];
        if ((!*m->level || str_eq(b->level, m->level)) && (!m->place_id || (b->territory_id.has && b->territory_id.value == m->place_id)))
            m->list.rows[kept++] = *b;
    }
    m->list.n = kept;
}

int organisations_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct organisations_page *m = arena_alloc(cx->arena, sizeof *m);
    m->on_date = registry_asked_date(rq);
    m->kind = rq_query(rq, "kind") ? rq_query(rq, "kind") : "";
    m->level = rq_query(rq, "level") ? rq_query(rq, "level") : "";
    id_parse(rq_query(rq, "place"), &m->place_id);
    TRY(organisation_list(cx, cx->region_id, m->kind, m->on_date, &m->list));
    list_places(cx, m);
    keep_asked(m);
    return respond_view(rq, &organisations_view, m);
}

const struct view organisations_view = {
    .name = "organisations", .title = N_("Organisations"), .nav = "/organisations", .html = registry_organisations_html,
    .parts = (const struct view_part[]){
        {"organisations", VIEW_LIST, offsetof(struct organisations_page, list), &organisation_list_row_desc}, {0}}};

int structures_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct structures_page *m = arena_alloc(cx->arena, sizeof *m);
    m->on_date = registry_asked_date(rq);
    const char *year_from = arena_printf(cx->arena, "%.4s-01-01", m->on_date);
    TRY(structure_overview(cx, &(struct structure_overview_in){cx->region_id, "structure", m->on_date, year_from}, &m->list));
    return respond_view(rq, &structures_view, m);
}

const struct view structures_view = {
    .name = "structures", .title = N_("Public structures"), .nav = "/organisations", .html = registry_structures_html,
    .parts = (const struct view_part[]){
        {"structures", VIEW_LIST, offsetof(struct structures_page, list), &structure_overview_row_desc}, {0}}};

/* --- one body -------------------------------------------------------------------------------------------------- */

/* How the body is reached, and what the form of it says first: what holds, from today on. */
static int load_contacts(struct request *rq, int64_t id, struct organisation_page *m)
{
    TRY(body_contacts(rq->cx, rq->cx->region_id, id, &m->contacts));
    for (size_t i = 0; i < m->contacts.n && !m->reach; i++)
        if (strcmp(m->contacts.rows[i].valid_from, m->on_date) <= 0)
            m->reach = &m->contacts.rows[i];
    form_preset(rq, &body_contact_form, "office_phone", m->reach ? m->reach->office_phone : "");
    form_preset(rq, &body_contact_form, "address", m->reach ? m->reach->address : "");
    form_preset(rq, &body_contact_form, "on_date", registry_today(rq->cx));
    return OK;
}

static int organisation_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct organisation_page *m = arena_alloc(cx->arena, sizeof *m);
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    m->on_date = registry_asked_date(rq);
    TRY(organisation_by_id(cx, cx->region_id, id, &m->body));
    m->may_edit = body_may_change(rq, m->body.territory_id);
    TRY(load_contacts(rq, id, m));
    TRY(organisation_parts(cx, cx->region_id, id, m->on_date, &m->parts));
    TRY(membership_list(cx, cx->region_id, id, m->on_date, &m->members));
    TRY(meeting_list(cx, cx->region_id, id, &m->meetings));
    TRY(decision_list(cx, cx->region_id, id, &m->decisions));
    TRY(task_list(cx, cx->region_id, id, &m->tasks));
    TRY(organisation_changes(cx, cx->region_id, id, &m->changes));
    return respond_view(rq, &organisation_view, m);
}

int organisation_get(struct request *rq)
{
    return organisation_show(rq);
}

const struct view organisation_view = {
    .name = "organisation", .title = N_("Organisation"), .nav = "/organisations", .html = registry_organisation_html,
    .parts = (const struct view_part[]){
        {"organisation", VIEW_ROW, offsetof(struct organisation_page, body), &organisation_by_id_row_desc},
        {"parts", VIEW_LIST, offsetof(struct organisation_page, parts), &organisation_parts_row_desc},
        {"members", VIEW_LIST, offsetof(struct organisation_page, members), &membership_list_row_desc},
        {"meetings", VIEW_LIST, offsetof(struct organisation_page, meetings), &meeting_list_row_desc},
        {"decisions", VIEW_LIST, offsetof(struct organisation_page, decisions), &decision_list_row_desc},
        {"tasks", VIEW_LIST, offsetof(struct organisation_page, tasks), &task_list_row_desc},
        {"changes", VIEW_LIST, offsetof(struct organisation_page, changes), &organisation_changes_row_desc},
        {"contacts", VIEW_LIST, offsetof(struct organisation_page, contacts), &body_contacts_row_desc},
        {0}}};

/* --- changes ----------------------------------------------------------------------------------------------------- */

static const struct form_field MEETING_FIELDS[] = {
    {.name = "on_date", .type = FORM_DATE, .label = N_("Date"), .required = true, .offset = offsetof(struct meeting_values, on_date)},
    {.name = "place", .type = FORM_TEXT, .label = N_("Place"), .offset = offsetof(struct meeting_values, place)},
    {.name = "agenda", .type = FORM_TEXTAREA, .label = N_("Agenda"), .required = true, .max = 2000, .offset = offsetof(struct meeting_values, agenda)},
    {.name = "minutes", .type = FORM_TEXTAREA, .label = N_("Minutes"), .max = 20000, .offset = offsetof(struct meeting_values, minutes)},
    {.name = "attended", .type = FORM_INT, .label = N_("People present"), .max = 100000, .offset = offsetof(struct meeting_values, attended)},
    {.name = "number", .type = FORM_TEXT, .label = N_("Number of the decision"), .max = 40, .offset = offsetof(struct meeting_values, number)},
    {.name = "decision", .type = FORM_TEXTAREA, .label = N_("Decision"), .max = 4000, .offset = offsetof(struct meeting_values, decision)},
    {0}};
const struct form meeting_form = {MEETING_FIELDS, sizeof(struct meeting_values)};

static const struct form_field TASK_FIELDS[] = {
    {.name = "text", .type = FORM_TEXTAREA, .label = N_("Task"), .required = true, .max = 2000, .offset = offsetof(struct task_values, text)},
    {.name = "due_on", .type = FORM_DATE, .label = N_("Due on"), .required = true, .offset = offsetof(struct task_values, due_on)},
    {0}};
const struct form task_form = {TASK_FIELDS, sizeof(struct task_values)};

static const struct form_field TASK_DONE_FIELDS[] = {
    {.name = "result", .type = FORM_TEXT, .label = N_("What was done"), .required = true, .max = 1000, .offset = offsetof(struct task_done_values, result)},
    FORM_VERSION(task_done_values),
    {0}};
const struct form task_done_form = {TASK_DONE_FIELDS, sizeof(struct task_done_values)};

static const struct form_choice ROLES[] = {{"member", N_("member")}, {"chair", N_("chair")}, {"deputy", N_("deputy")},
                                           {"secretary", N_("secretary")}, {"head", N_("head")}, {0}};
static const struct form_field MEMBER_FIELDS[] = {
    {.name = "name", .type = FORM_TEXT, .label = N_("Full name"), .required = true, .max = 120, .offset = offsetof(struct member_values, name)},
    {.name = "role", .type = FORM_CHOICE, .label = N_("Role"), .required = true, .choices = ROLES, .offset = offsetof(struct member_values, role)},
    {.name = "mandate", .type = FORM_TEXT, .label = N_("Decision of appointment or election"), .offset = offsetof(struct member_values, mandate)},
    {.name = "valid_from", .type = FORM_DATE, .label = N_("From"), .required = true, .offset = offsetof(struct member_values, valid_from)},
    {0}};
const struct form member_form = {MEMBER_FIELDS, sizeof(struct member_values)};

/* One change to one body: what the transaction needs. */
struct body_change {
    int64_t body, object;
    const void *values;
};

static int change_body(struct request *rq, int (*tx)(struct ctx *, void *), const char *notice)
{
    struct body_change c = {.values = rq->route->form ? form_values(rq) : NULL};
    TRY(rq_path_id(rq, "id", &c.body));
    if (rq->route->form && !form_ok(rq))
        return organisation_show(rq);
    if (rq_path(rq, "object"))
        TRY(rq_path_id(rq, "object", &c.object));
    struct organisation_by_id_row body;
    TRY(organisation_by_id(rq->cx, rq->cx->region_id, c.body, &body));
    if (!body_may_change(rq, body.territory_id))
        return access_in_scope(rq, NULL, 0);
    TRY(db_tx(rq->cx, tx, &c));
    return respond_redirect(rq, arena_printf(rq->cx->arena, "/organisations/%s", id_text(rq->cx->arena, c.body)), notice);
}

static int note_change(struct ctx *cx, const char *action, int64_t body)
{
    return audit_append(cx, action, arena_printf(cx->arena, "organisation/%s", id_text(cx->arena, body)), "");
}

static int meeting_tx(struct ctx *cx, void *arg)
{
    const struct body_change *c = arg;
    const struct meeting_values *v = c->values;
    int64_t id = db_new_id();
    TRY(meeting_insert(cx, &(struct meeting_insert_in){.region_id = cx->region_id, .id = id, .organisation_id = c->body,
                           .on_date = v->on_date, .place = v->place, .agenda = v->agenda, .minutes = v->minutes,
                           .attended = v->attended}, NULL));
    if (*v->decision)
        TRY(decision_insert(cx, &(struct decision_insert_in){cx->region_id, db_new_id(), id, v->number, v->decision, false}, NULL));
    return note_change(cx, "meeting.add", c->body);
}
int meeting_post(struct request *rq) { return change_body(rq, meeting_tx, T(rq->cx, N_("The meeting is recorded."))); }

static int task_tx(struct ctx *cx, void *arg)
{
    const struct body_change *c = arg;
    const struct task_values *v = c->values;
    TRY(task_insert(cx, &(struct task_insert_in){.region_id = cx->region_id, .id = db_new_id(), .organisation_id = c->body,
                        .text = v->text, .due_on = v->due_on, .done_on = "", .result = ""}, NULL));
    return note_change(cx, "task.add", c->body);
}
int task_post(struct request *rq) { return change_body(rq, task_tx, T(rq->cx, N_("The task is recorded."))); }

static int task_done_tx(struct ctx *cx, void *arg)
{
    const struct body_change *c = arg;
    const struct task_done_values *v = c->values;
    int64_t changed = 0;
    TRY(task_done(cx, &(struct task_done_in){cx->region_id, c->object, v->version.value,
                      registry_today(cx), v->result}, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this task; look at it again.");
    return note_change(cx, "task.done", c->body);
}
int task_done_post(struct request *rq) { return change_body(rq, task_done_tx, T(rq->cx, N_("The task is done."))); }

static int member_tx(struct ctx *cx, void *arg)
{
    const struct body_change *c = arg;
    const struct member_values *v = c->values;
    TRY(membership_insert(cx, &(struct membership_insert_in){.region_id = cx->region_id, .id = db_new_id(), .organisation_id = c->body,
                              .person_name = v->name, .role = v->role, .mandate = v->mandate, .valid_from = v->valid_from,
                              .valid_to = ""}, NULL));
    return note_change(cx, "member.add", c->body);
}
int member_post(struct request *rq) { return change_body(rq, member_tx, T(rq->cx, N_("The member is recorded."))); }

static int member_end_tx(struct ctx *cx, void *arg)
{
    const struct body_change *c = arg;
    int64_t changed = 0;
    TRY(membership_end(cx, cx->region_id, c->object, registry_today(cx), &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This membership has ended already.");
    return note_change(cx, "member.end", c->body);
}
int member_end_post(struct request *rq) { return change_body(rq, member_end_tx, T(rq->cx, N_("The membership has ended today."))); }
