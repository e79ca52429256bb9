/* attention.c - see attention.h. A person puts a settlement on the list and takes it off, each time with a reason. */
#include "registry/attention.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/attention_html.h"
#include "registry/export.h"
#include "registry/place_names.h"
#include "registry/registry.h"
#include "registry/words.h"

#include <string.h>

int registry_in_scope(struct request *rq, int64_t territory_id)
{
    struct place_path path;
    TRY(registry_path(rq->cx, territory_id, registry_today(rq->cx), &path));
    int64_t ids[sizeof path.steps / sizeof *path.steps];
    for (size_t i = 0; i < path.n; i++)
        ids[i] = path.steps[i].id;
    return access_in_scope(rq, ids, path.n);
}

/* The list in its districts (it comes in their order). */
static void make_groups(struct ctx *cx, const struct attention_page_list *list, struct attention_group **rows, size_t *n)
{
    *rows = arena_array(cx->arena, list->n + 1, sizeof **rows);
    for (size_t i = 0; i < list->n; i++) {
        const struct attention_page_row *a = &list->rows[i];
        int64_t unit = a->unit_id.has ? a->unit_id.value : 0;
        if (!*n || (*rows)[*n - 1].unit_id != unit)
            (*rows)[(*n)++] = (struct attention_group){
                .unit_id = unit, .name = unit ? ctx_pick(cx, a->unit_kk, a->unit_ru, a->unit_en) : T(cx, N_("Elsewhere")),
                .since = a->valid_from, .reason = ctx_pick(cx, a->reason_kk, a->reason_ru, a->reason_en), .first = i};
        (*rows)[*n - 1].n++;
    }
}

static void keep_unit(struct attention_page_list *list, int64_t unit)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++)
        if (list->rows[i].unit_id.has && list->rows[i].unit_id.value == unit)
            list->rows[kept++] = list->rows[i];
    list->n = kept;
}

static int attention_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct attention_model *m = arena_alloc(cx->arena, sizeof *m);
    m->on_date = registry_asked_date(rq);
    m->may_edit = rq_may(rq, PERM_REGISTRY_EDIT);
    m->editing = m->may_edit && (rq_query(rq, "change") || rq->route->form == &attention_end_form);
    TRY(attention_page(cx, cx->region_id, m->on_date, &m->list));
    make_groups(cx, &m->list, &m->units.rows, &m->units.n);
    if (id_parse(rq_query(rq, "unit"), &m->unit_id) && m->unit_id)
        keep_unit(&m->list, m->unit_id);
    make_groups(cx, &m->list, &m->groups.rows, &m->groups.n);
    m->alike = m->groups.n > 0;
    for (size_t i = 1; i < m->groups.n; i++)
        m->alike &= str_eq(m->groups.rows[i].since, m->groups.rows->since) && str_eq(m->groups.rows[i].reason, m->groups.rows->reason);
    for (size_t i = 0; i < m->list.n; i++)
        m->demo |= m->list.rows[i].demo;
    const char *format = rq->method == HTTP_GET ? export_asked(rq) : NULL;
    if (format)
        return export_respond(rq, format, "attention", T(cx, "Settlements under attention"), &attention_page_row_desc,
                              m->list.rows, m->list.n);
    return respond_view(rq, &attention_view, m);
}

int attention_get(struct request *rq)
{
    return attention_show(rq);
}

const struct view attention_view = {
    .name = "attention", .title = N_("Settlements under attention"), .nav = "/attention", .html = registry_attention_html,
    .parts = (const struct view_part[]){
        {"settlements", VIEW_LIST, offsetof(struct attention_model, list), &attention_page_row_desc}, {0}}};

static const struct form_field ADD_FIELDS[] = {
    {.name = "place", .type = FORM_TEXT, .label = N_("Settlement"), .hint = N_("Its name or its KATO code"), .required = true,
     .offset = offsetof(struct attention_values, place)},
    {.name = "valid_from", .type = FORM_DATE, .label = N_("From"), .required = true, .offset = offsetof(struct attention_values, valid_from)},
    {.name = "reason", .type = FORM_TEXTAREA, .label = N_("Reason"), .required = true, .max = 1000,
     .hint = N_("Circumstances of the place, not of a people or a person"), .offset = offsetof(struct attention_values, reason)},
    {0}};
const struct form attention_form = {ADD_FIELDS, sizeof(struct attention_values)};

static const struct form_field END_FIELDS[] = {
    {.name = "valid_to", .type = FORM_DATE, .label = N_("No longer from"), .required = true, .offset = offsetof(struct attention_end_values, valid_to)},
    {.name = "end_reason", .type = FORM_TEXT, .label = N_("Why it is taken off the list"), .required = true, .max = 1000,
     .offset = offsetof(struct attention_end_values, end_reason)},
    {0}};
const struct form attention_end_form = {END_FIELDS, sizeof(struct attention_end_values)};

struct attention_add_tx {
    int64_t territory;
    const char *once;
    const struct attention_values *v;
};

static int add_tx(struct ctx *cx, void *arg)
{
    const struct attention_add_tx *t = arg;
    struct attention_open_row open;
    bool found;
    TRY(attention_open(cx, cx->region_id, t->territory, t->v->valid_from, &open, &found));
    if (found)
        return fail(cx, ERR_CONFLICT, "This settlement is on the list already, from %s.", fmt_date(cx, open.valid_from));
    TRY(attention_add(cx, &(struct attention_add_in){cx->region_id, db_new_id(), t->territory, t->v->valid_from, t->v->reason,
                               t->once, {cx->account_id != 0, cx->account_id}}, NULL));
    return audit_append(cx, "attention.add", arena_printf(cx->arena, "territory/%s", id_text(cx->arena, t->territory)), t->v->valid_from);
}

/* A settlement that the asker may change; otherwise a message at the field. */
static int check_place(struct request *rq, const char *text, int64_t *id)
{
    struct ctx *cx = rq->cx;
    struct place_names *names;
    struct territory_by_id_row row;
    TRY(place_names_load(cx, registry_today(cx), &names));
    if (place_names_need(cx, names, text, id)) {
        form_error(rq, "place", "%s", cx->err_text);
        return OK;
    }
    if (territory_by_id(cx, cx->region_id, *id, &row) || row.level != LEVEL_SETTLEMENT)
        form_error(rq, "place", N_("Only settlements stand on this list."));
    else if (registry_in_scope(rq, *id))
        form_error(rq, "place", N_("This settlement lies outside of your districts."));
    return OK;
}

int attention_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct attention_add_tx t = {.once = rq_once_key(rq), .v = form_values(rq)};
    if (*t.v->place)
        TRY(check_place(rq, t.v->place, &t.territory));
    if (!form_ok(rq))
        return attention_show(rq);
    int rc = db_tx(cx, add_tx, &t);
    if (form_refused(rq, NULL, rc))
        return attention_show(rq);
    TRY(rc);
    return respond_redirect(rq, "/attention", T(cx, N_("The settlement is on the list.")));
}

struct attention_end_tx {
    int64_t id, territory;
    const struct attention_end_values *v;
};

static int end_tx(struct ctx *cx, void *arg)
{
    const struct attention_end_tx *t = arg;
    int64_t changed = 0;
    TRY(attention_end(cx, &(struct attention_end_in){cx->region_id, t->id, t->v->valid_to, t->v->end_reason}, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This settlement was taken off the list already.");
    return audit_append(cx, "attention.end", arena_printf(cx->arena, "territory/%s", id_text(cx->arena, t->territory)), t->v->valid_to);
}

int attention_end_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct attention_end_tx t = {.v = form_values(rq)};
    struct attention_by_id_row row;
    bool found;
    TRY(rq_path_id(rq, "id", &t.id));
    TRY(attention_by_id(cx, cx->region_id, t.id, &row, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such entry.");
    TRY(registry_in_scope(rq, row.territory_id));
    t.territory = row.territory_id;
    if (*t.v->valid_to && strcmp(t.v->valid_to, row.valid_from) <= 0)
        form_error(rq, "valid_to", N_("This day must come after %s, the first on the list."), fmt_date(cx, row.valid_from));
    if (!form_ok(rq))
        return attention_show(rq);
    TRY(db_tx(cx, end_tx, &t));
    return respond_redirect(rq, "/attention", T(cx, N_("The settlement was taken off the list.")));
}
