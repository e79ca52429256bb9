/* write.c - writing a proposal: a new one, and a draft anew. */
#include "proposals/pages.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"
#include "proposals/write_html.h"
#include "registry/organisation_sql.h"

#include <string.h>

enum { TERM_WORKING_DAYS = 15, EVIDENCE_MOST = 40 };

static const char *today(struct request *rq)
{
    return date_text(rq->cx->arena, date_today(NULL));
}

/* The place of the address (?place=), or of the draft that is being written; 0: the whole region. */
static int asked_place(struct request *rq, int64_t *place)
{
    int64_t id;
    *place = 0;
    if (rq_query(rq, "place")) {
        if (*rq_query(rq, "place") && !id_parse(rq_query(rq, "place"), place))
            return fail(rq->cx, ERR_NOT_FOUND, "There is no such place.");
        return OK;
    }
    if (rq_path(rq, "id") && !rq_path_id(rq, "id", &id)) {
        struct proposal_by_id_row p;
        TRY(proposal_by_id(rq->cx, rq->cx->region_id, id, &p));
        *place = p.territory_id.value;
    }
    return OK;
}

static int choices_of_figures(struct request *rq, struct form_choices *out)
{
    int64_t place;
    TRY(asked_place(rq, &place));
    return proposal_figures(rq, place, out);
}

/* State bodies that exist today. */
static int choices_of_bodies(struct request *rq, struct form_choices *out)
{
    struct ctx *cx = rq->cx;
    struct organisation_list_list list;
    TRY(organisation_list(cx, cx->region_id, "state_body", today(rq), &list));
    struct form_choice *rows = arena_array(cx->arena, list.n + 1, sizeof *rows);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct form_choice){id_text(cx->arena, list.rows[i].id), registry_name(cx, list.rows[i])};
    *out = (struct form_choices){rows, list.n};
    return OK;
}

static int choices_of_indicators(struct request *rq, struct form_choices *out)
{
    struct ctx *cx = rq->cx;
    struct proposal_indicators_list list;
    TRY(proposal_indicators(cx, cx->region_id, &list));
    struct form_choice *rows = arena_array(cx->arena, list.n + 1, sizeof *rows);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct form_choice){list.rows[i].code, registry_name(cx, list.rows[i])};
    *out = (struct form_choices){rows, list.n};
    return OK;
}

#define AT(member) FORM_AT(proposal_values, member)
static const struct form_choice TERM_KINDS[] = {
    {"working", N_("working days")}, {"calendar", N_("calendar days")}, {0}};
static const struct form_field FIELDS[] = {
    {.name = "problem",
     .type = FORM_TEXT,
     .label = N_("Problem"),
     .required = true,
     .max = 300,
     AT(problem),
     .hint = N_("One sentence; it is the title of the proposal. Name no person and no community.")},
    {.name = "evidence",
     .type = FORM_MULTI,
     .label = N_("Evidence"),
     AT(evidence),
     .choices_of = choices_of_figures,
     .hint = N_("Figures that show the problem. They are kept as they read today.")},
    {.name = "text",
     .type = FORM_TEXTAREA,
     .label = N_("What is proposed"),
     .required = true,
     .max = 6000,
     AT(text)},
    {.name = "addressee",
     .type = FORM_ID,
     .label = N_("Addressee"),
     .required = true,
     AT(addressee),
     .choices_of = choices_of_bodies},
    {.name = "basis",
     .type = FORM_TEXT,
     .label = N_("Basis"),
     .max = 500,
     AT(basis),
     .hint = N_("The act, decision or report that gives the ground.")},
    {.name = "effect",
     .type = FORM_TEXT,
     .label = N_("Expected effect"),
     .max = 500,
     AT(effect),
     .hint = N_("What should get better.")},
    {.name = "indicator",
     .type = FORM_CHOICE,
     .label = N_("Seen by the figure"),
     AT(indicator),
     .choices_of = choices_of_indicators},
    {.name = "term_days",
     .type = FORM_INT,
     .label = N_("Days for the answer"),
     .required = true,
     .min = 1,
     .max = 366,
     AT(term_days)},
    {.name = "term_kind",
     .type = FORM_RADIO,
     .label = N_("Days are"),
     .required = true,
     AT(term_kind),
     .choices = TERM_KINDS},
    {.name = "quarter",
     .type = FORM_QUARTER,
     .label = N_("Quarter of the report"),
     .required = true,
     AT(quarter)},
    {.name = "version", .type = FORM_HIDDEN, .label = N_("Version"), AT(version_text)},
    {0}};
#undef AT
const struct form proposal_form = {FIELDS, sizeof(struct proposal_values)};

/* --- the page --- */

/* Units of the region and the settlements under attention, to choose the place from. */
static int fill_places(struct request *rq, struct proposal_write_page *m)
{
    struct ctx *cx = rq->cx;
    struct territory_list_list units;
    struct attention_list_list marked;
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, today(rq), &units));
    TRY(attention_list(cx, cx->region_id, today(rq), &marked));
    m->units.rows = arena_array(cx->arena, units.n + 1, sizeof *m->units.rows);
    for (size_t i = 0; i < units.n; i++)
        m->units.rows[m->units.n++] =
            (struct proposal_place_choice){units.rows[i].id, registry_name(cx, units.rows[i])};
    m->settlements.rows = arena_array(cx->arena, marked.n + 2, sizeof *m->settlements.rows);
    bool listed = m->place == 0;
    for (size_t i = 0; i < units.n; i++)
        listed |= units.rows[i].id == m->place;
    for (size_t i = 0; i < marked.n; i++) {
        const char *unit = "";
        for (size_t k = 0; k < units.n; k++)
            if (units.rows[k].id == marked.rows[i].unit_id.value)
                unit = registry_name(cx, units.rows[k]);
        listed |= marked.rows[i].territory_id == m->place;
        m->settlements.rows[m->settlements.n++] = (struct proposal_place_choice){
            marked.rows[i].territory_id,
            arena_printf(cx->arena, "%s (%s)", registry_name(cx, marked.rows[i]), unit)};
    }
    if (!listed)
        m->settlements.rows[m->settlements.n++] = (struct proposal_place_choice){m->place, m->place_name};
    return OK;
}

static int write_page(struct request *rq, int64_t id, const char *number)
{
    struct ctx *cx = rq->cx;
    struct proposal_write_page *m = arena_alloc(cx->arena, sizeof *m);
    m->id = id;
    m->number = number;
    TRY(asked_place(rq, &m->place));
    m->place_name = T(cx, N_("the whole region"));
    if (m->place) {
        struct place_path path;
        TRY(registry_path(cx, m->place, today(rq), &path));
        m->place_name = path.steps[0].name;
    }
    m->action =
        id ? arena_printf(cx->arena, "%s/edit?place=%s", proposal_href(cx, id),
                          m->place ? id_text(cx->arena, m->place) : "")
           : arena_printf(cx->arena, "/proposals/new?place=%s", m->place ? id_text(cx->arena, m->place) : "");
    TRY(fill_places(rq, m));
    struct form_choices figures;
    TRY(proposal_figures(rq, m->place, &figures));
    m->n_figures = figures.n;
    int64_t days = TERM_WORKING_DAYS;
    str_to_int(form_raw(rq, &proposal_form, "term_days"), 1, 366, &days);
    const char *kind = form_raw(rq, &proposal_form, "term_kind");
    TRY(proposal_due_on(cx, today(rq), days, str_eq(kind, "calendar") ? kind : "working", &m->due_on));
    return respond_view(rq, &proposal_write_view, m);
}

static const struct field_desc PLACE_FIELDS[] = {
    FIELD(proposal_place_choice, id, ID), FIELD(proposal_place_choice, name, TEXT)};
static ROW_DESC(PLACE, "proposal_place", proposal_place_choice, PLACE_FIELDS);

const struct view proposal_write_view = {
    .name = "proposal_writing",
    .title = N_("Write a proposal"),
    .nav = "/proposals",
    .html = proposals_write_html,
    .parts = (const struct view_part[]){
        {"units", VIEW_LIST, offsetof(struct proposal_write_page, units), &PLACE},
        {"settlements", VIEW_LIST, offsetof(struct proposal_write_page, settlements), &PLACE},
        {0}}};

int proposal_new_get(struct request *rq)
{
    int64_t place;
    TRY(asked_place(rq, &place));
    TRY(place ? proposal_in_area(rq, place) : OK);
    form_preset(rq, &proposal_form, "quarter",
                quarter_text(rq->cx->arena, quarter_previous(quarter_of(date_today(NULL)))));
    form_preset(rq, &proposal_form, "term_days", arena_printf(rq->cx->arena, "%d", TERM_WORKING_DAYS));
    form_preset(rq, &proposal_form, "term_kind", "working");
    return write_page(rq, 0, "");
}

/* The picked figures with the labels of the choices they were picked from. */
static int read_evidence(struct request *rq, const struct form_multi *picked, struct proposal_draft *d)
{
    struct form_choices offered;
    VEC(struct proposal_evidence_pick) picks = {0};
    TRY(choices_of_figures(rq, &offered));
    for (size_t i = 0; i < picked->n && i < EVIDENCE_MOST; i++)
        for (size_t k = 0; k < offered.n; k++)
            if (str_eq(offered.rows[k].value, picked->values[i])) {
                const char *colon = strchr(picked->values[i], ':');
                struct proposal_evidence_pick p = {.label = offered.rows[k].label};
                p.kind = arena_strndup(rq->cx->arena, picked->values[i], (size_t)(colon - picked->values[i]));
                str_to_int(colon + 1, 0, INT64_MAX, &p.figure_id);
                vec_push(rq->cx->arena, &picks, p);
                break;
            }
    d->evidence = picks.rows;
    d->n_evidence = picks.n;
    return OK;
}

static int read_draft(struct request *rq, struct proposal_draft *d)
{
    const struct proposal_values *v = form_values(rq);
    *d = (struct proposal_draft){.once_key = rq_once_key(rq),
                                 .quarter = v->quarter,
                                 .problem = v->problem,
                                 .text = v->text,
                                 .basis = v->basis,
                                 .effect = v->effect,
                                 .indicator = v->indicator,
                                 .term_kind = v->term_kind,
                                 .addressee_id = v->addressee.value,
                                 .term_days = v->term_days.value};
    TRY(asked_place(rq, &d->territory_id));
    TRY(proposal_in_area(rq, d->territory_id));
    return read_evidence(rq, &v->evidence, d);
}

int proposal_new_post(struct request *rq)
{
    struct proposal_draft d;
    int64_t id;
    if (!form_ok(rq))
        return write_page(rq, 0, "");
    TRY(read_draft(rq, &d));
    TRY(proposal_create(rq->cx, &d, &id));
    return respond_redirect(rq, proposal_href(rq->cx, id),
                            T(rq->cx, N_("The draft is kept. It is sent when its text is agreed.")));
}

/* The draft of the address; others cannot be written anew. */
static int draft_of(struct request *rq, struct proposal_by_id_row *p)
{
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(proposal_by_id(rq->cx, rq->cx->region_id, id, p));
    TRY(proposal_may_see(rq, p));
    if (!str_eq(p->state, "draft"))
        return fail(rq->cx, ERR_CONFLICT, "Only a draft can be changed; this proposal is %s.",
                    proposal_state_name(rq->cx, p->state));
    return OK;
}

int proposal_edit_get(struct request *rq)
{
    struct proposal_by_id_row p;
    struct proposal_evidence_list_list kept;
    struct arena *a = rq->cx->arena;
    TRY(draft_of(rq, &p));
    TRY(proposal_evidence_list(rq->cx, rq->cx->region_id, p.id, &kept));
    const char **values = arena_array(a, kept.n + 1, sizeof *values);
    for (size_t i = 0; i < kept.n; i++)
        values[i] = arena_printf(a, "%s:%lld", kept.rows[i].kind, (long long)kept.rows[i].figure_id);
    form_fill(rq, &proposal_form,
              &(struct proposal_values){.quarter = p.quarter,
                                        .problem = p.problem,
                                        .text = p.text,
                                        .basis = p.basis,
                                        .effect = p.effect,
                                        .indicator = p.indicator_code,
                                        .term_kind = p.term_kind,
                                        .addressee = opt_int(p.addressee_id),
                                        .term_days = opt_int(p.term_days),
                                        .version_text = arena_printf(a, "%lld", (long long)p.version),
                                        .evidence = {values, kept.n}});
    return write_page(rq, p.id, p.number);
}

int proposal_edit_post(struct request *rq)
{
    struct proposal_by_id_row p;
    struct proposal_draft d;
    int64_t version = 0;
    TRY(draft_of(rq, &p));
    if (!form_ok(rq))
        return write_page(rq, p.id, p.number);
    const struct proposal_values *v = form_values(rq);
    str_to_int(v->version_text, 1, INT64_MAX, &version);
    TRY(read_draft(rq, &d));
    int rc = proposal_rewrite(rq->cx, p.id, version, &d);
    if (form_refused(rq, NULL, rc))
        return write_page(rq, p.id, p.number);
    TRY(rc);
    return respond_redirect(rq, proposal_href(rq->cx, p.id), T(rq->cx, N_("The draft is changed.")));
}
