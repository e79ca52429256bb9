/* intake.c - the form by which a dispute is filed; complete without script. */
#include "mediation/intake.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"
#include "mediation/intake_html.h"
#include "registry/registry.h"

#include <string.h>

static const struct form_choice CHANNELS[] = {{"visit", N_("came in person")},
                                              {"phone", N_("phone")},
                                              {"letter", N_("letter")},
                                              {"web", N_("website")},
                                              {"police", N_("police")},
                                              {"court", N_("court")},
                                              {"akimat", N_("akimat")},
                                              {"school", N_("school")},
                                              {"association", N_("association or public structure")},
                                              {"monitoring", N_("monitoring visit")},
                                              {"other", N_("other")},
                                              {0}};
static const struct form_choice RESONANCE[] = {{"unknown", N_("Not known")},
                                               {"no", N_("no")},
                                               {"alleged_side", N_("a side says so")},
                                               {"alleged_public", N_("it is said in public")},
                                               {"established", N_("a competent body has established it")},
                                               {0}};
static const struct form_choice SIDES[] = {
    {"first", N_("first side")}, {"second", N_("second side")}, {"other", N_("another participant")}, {0}};

static const char *choice_name(struct ctx *cx, const struct form_choice *rows, const char *code)
{
    for (; rows->value; rows++)
        if (str_eq(rows->value, code))
            return T(cx, rows->label);
    return code;
}

const char *channel_name(struct ctx *cx, const char *code)
{
    return choice_name(cx, CHANNELS, code);
}
const char *resonance_name(struct ctx *cx, const char *code)
{
    return choice_name(cx, RESONANCE, code);
}

const char *side_name(struct ctx *cx, const char *code)
{
    return str_eq(code, "both") ? T(cx, N_("both sides")) : choice_name(cx, SIDES, code);
}

int intake_kinds(struct request *rq, struct form_choices *out)
{
    struct ctx *cx = rq->cx;
    struct dispute_kind_list_list kinds;
    TRY(dispute_kind_list(cx, cx->region_id, date_text(cx->arena, date_today(NULL)), &kinds));
    struct form_choice *rows = arena_array(cx->arena, kinds.n, sizeof *rows);
    for (size_t i = 0; i < kinds.n; i++)
        rows[i] = (struct form_choice){kinds.rows[i].code, registry_name(cx, kinds.rows[i])};
    *out = (struct form_choices){rows, kinds.n};
    return OK;
}

#define AT(member) FORM_AT(intake_values, member)
#define PARTY(i)                                                                                             \
    {.name = "party_" #i "_side",                                                                            \
     .type = FORM_CHOICE,                                                                                    \
     .label = N_("Which side"),                                                                              \
     .choices = SIDES,                                                                                       \
     AT(party[i - 1].side)},                                                                              \
        {.name = "party_" #i "_name",                                                                        \
         .type = FORM_TEXT,                                                                                  \
         .label = N_("Full name"),                                                                           \
         .max = 120,                                                                                         \
         AT(party[i - 1].name)},                                                                          \
        {.name = "party_" #i "_contact",                                                                     \
         .type = FORM_TEXT,                                                                                  \
         .label = N_("How to reach them"),                                                                   \
         .max = 200,                                                                                         \
         AT(party[i - 1].contact)},                                                                       \
        {.name = "party_" #i "_minor",                                                                       \
         .type = FORM_BOOL,                                                                                  \
         .label = N_("is a minor"),                                                                          \
         AT(party[i - 1].minor)},                                                                         \
    {                                                                                                        \
        .name = "party_" #i "_representative", .type = FORM_TEXT, .label = N_("Legal representative"),       \
        .max = 120, AT(party[i - 1].representative)                                                       \
    }

static const struct form_field FIELDS[] = {
    {.name = "place",
     .type = FORM_TEXT,
     .label = N_("Where did it happen?"),
     .hint = N_("Begin to type the settlement, district or city."),
     .required = true,
     .max = 200,
     AT(place)},
    {.name = "place_id", .type = FORM_HIDDEN, .label = N_("Place"), AT(place_id)},
    {.name = "occurred_on",
     .type = FORM_DATE,
     .label = N_("When did it happen?"),
     .required = true,
     AT(occurred_on)},
    {.name = "kind",
     .type = FORM_CHOICE,
     .label = N_("What is it about?"),
     .required = true,
     .choices_of = intake_kinds,
     AT(kind)},
    {.name = "channel",
     .type = FORM_CHOICE,
     .label = N_("How did it reach us?"),
     .required = true,
     .choices = CHANNELS,
     AT(channel)},
    {.name = "offence",
     .type = FORM_BOOL,
     .label = N_("A competent body counts it as an offence"),
     AT(offence)},
    {.name = "summary",
     .type = FORM_TEXTAREA,
     .label = N_("What happened"),
     .hint = N_("Facts only. Do not write anybody's ethnicity."),
     .required = true,
     .max = 6000,
     AT(summary)},
    PARTY(1),
    PARTY(2),
    PARTY(3),
    PARTY(4),
    PARTY(5),
    PARTY(6),
    PARTY(7),
    PARTY(8),
    {.name = "resonance",
     .type = FORM_CHOICE,
     .label = N_("Is it seen as a matter between communities?"),
     .choices = RESONANCE,
     .required = true,
     AT(resonance)},
    {.name = "resonance_reason",
     .type = FORM_TEXT,
     .label = N_("What makes you think so?"),
     .max = 500,
     AT(resonance_reason)},
    {.name = "parties",
     .type = FORM_INT,
     .label = N_("Sides"),
     .min = 2,
     .max = INTAKE_PARTIES,
     AT(parties)},
    {.name = "more", .type = FORM_HIDDEN, .label = N_("Add a side"), AT(more)},
    {0}};
#undef PARTY
#undef AT
const struct form intake_form = {FIELDS, sizeof(struct intake_values)};

/* --- the place
 * ----------------------------------------------------------------------------------------------------- */

struct known_place {
    int64_t id, unit_id;
    const char *name, *unit, *kato;
};

/* Units and settlements of today; in the asker's area only, or everywhere. */
static int load_places(struct request *rq, bool everywhere, struct known_place **out, size_t *n)
{
    struct ctx *cx = rq->cx;
    const char *today = date_text(cx->arena, date_today(NULL));
    struct territory_list_list units;
    struct settlement_list_list all;
    VEC(struct known_place) found = {0};
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, today, &units));
    TRY(settlement_list(cx, cx->region_id, today, &all));
    for (size_t u = 0; u < units.n; u++) {
        if (!everywhere && !rq_in_scope(rq, &units.rows[u].id, 1))
            continue;
        const char *unit = registry_name(cx, units.rows[u]);
        vec_push(cx->arena, &found,
                 (struct known_place){units.rows[u].id, units.rows[u].id, unit, "", units.rows[u].kato});
        for (size_t i = 0; i < all.n; i++)
            if (all.rows[i].unit_id == units.rows[u].id)
                vec_push(cx->arena, &found,
                         (struct known_place){all.rows[i].id, all.rows[i].unit_id,
                                              registry_name(cx, all.rows[i]), unit, all.rows[i].kato});
    }
    *out = found.rows;
    *n = found.n;
    return OK;
}

static const char *place_label(struct ctx *cx, const struct known_place *p)
{
    return *p->unit ? arena_printf(cx->arena, "%s, %s", p->name, p->unit) : p->name;
}

int intake_find_place(struct request *rq, bool everywhere, const char *wanted, const char *choice,
                      struct intake_choices *out, int64_t *id)
{
    struct ctx *cx = rq->cx;
    struct known_place *all;
    size_t n;
    VEC(struct intake_choice) found = {0};
    int64_t chosen = 0;
    const char *typed = str_fold(cx->arena, wanted);
    TRY(load_places(rq, everywhere, &all, &n));
    bool has_choice = id_parse(choice, &chosen);
    *id = 0;
    for (int pass = 0; pass < 2 && !found.n; pass++) { /* whole names first, then beginnings */
        for (size_t i = 0; i < n; i++) {
            const char *label = str_fold(cx->arena, place_label(cx, &all[i])),
                       *name = str_fold(cx->arena, all[i].name);
            bool fits = pass ? str_starts(label, typed) : str_eq(label, typed) || str_eq(name, typed);
            if (!fits)
                continue;
            if (has_choice && all[i].id == chosen) {
                *id = chosen;
                return OK;
            }
            vec_push(cx->arena, &found,
                     (struct intake_choice){all[i].id,
                                            TF(cx, "%s (code %s)", place_label(cx, &all[i]), all[i].kato)});
        }
    }
    *out = (struct intake_choices){found.rows, found.n};
    if (found.n == 1) {
        *id = found.rows[0].id;
        return OK;
    }
    if (found.n > 30)
        out->n = 30;
    form_error(rq, "place",
               found.n      ? "Several places fit; choose the right one below."
               : everywhere ? "No place begins with these letters."
                            : "There is no such place in your area.");
    return OK;
}

/* --- the page
 * ------------------------------------------------------------------------------------------------------ */

int intake_places(struct request *rq, bool everywhere, struct intake_choices *out)
{
    struct known_place *all;
    size_t n;
    TRY(load_places(rq, everywhere, &all, &n));
    *out = (struct intake_choices){.rows = arena_array(rq->cx->arena, n, sizeof *out->rows)};
    for (size_t i = 0; i < n; i++)
        out->rows[out->n++] = (struct intake_choice){all[i].id, place_label(rq->cx, &all[i])};
    return OK;
}

static int show(struct request *rq, struct intake_page *m)
{
    TRY(intake_places(rq, false, &m->places));
    if (m->parties < 2)
        m->parties = 2;
    return respond_view(rq, &intake_view, m);
}

int intake_get(struct request *rq)
{
    struct intake_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    form_preset(rq, &intake_form, "occurred_on", date_text(rq->cx->arena, date_today(NULL)));
    form_preset(rq, &intake_form, "resonance", "unknown");
    form_preset(rq, &intake_form, "party_1_side", "first");
    form_preset(rq, &intake_form, "party_2_side", "second");
    return show(rq, m);
}

/* "Add a side": the same page with one more, everything typed kept, nothing complained of. */
static int one_more(struct request *rq, const struct intake_values *v)
{
    struct intake_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    size_t n = sizeof FIELDS / sizeof *FIELDS - 1;
    const char **typed = arena_array(rq->cx->arena, n, sizeof *typed);
    for (size_t i = 0; i < n; i++)
        typed[i] = arena_strdup(rq->cx->arena, form_raw(rq, &intake_form, FIELDS[i].name));
    rq->form = NULL;
    for (size_t i = 0; i < n; i++)
        if (!str_eq(FIELDS[i].name, "more"))
            form_preset(rq, &intake_form, FIELDS[i].name, typed[i]);
    m->parties = (v->parties.has ? v->parties.value : 2) + 1;
    if (m->parties > INTAKE_PARTIES)
        m->parties = INTAKE_PARTIES;
    return show(rq, m);
}

void intake_check_day(struct request *rq, const char *day)
{
    if (*day && strcmp(day, date_text(rq->cx->arena, date_today(NULL))) > 0)
        form_error(rq, "occurred_on", "This day has not come yet.");
    if (*day && strcmp(day, "1991-12-16") < 0)
        form_error(rq, "occurred_on", "This is too long ago.");
}

static void check(struct request *rq, const struct intake_values *v, struct case_party *parties, size_t *n)
{
    intake_check_day(rq, v->occurred_on);
    if (!str_empty(v->resonance) && !str_eq(v->resonance, "unknown") && !str_eq(v->resonance, "no") &&
        str_empty(v->resonance_reason))
        form_error(rq, "resonance_reason", "Say what makes you think so.");
    for (int i = 0; i < INTAKE_PARTIES; i++) {
        const struct intake_party *p = &v->party[i];
        bool some = *p->name || *p->contact || *p->representative || p->minor;
        if (some && !*p->name)
            form_error(rq, arena_printf(rq->cx->arena, "party_%d_name", i + 1),
                       "Write the name, or leave the whole side empty.");
        if (some && *p->name && !*p->side)
            form_error(rq, arena_printf(rq->cx->arena, "party_%d_side", i + 1), "Say which side it is.");
        if (some)
            parties[(*n)++] = (struct case_party){p->side, p->name, p->contact, p->representative, p->minor};
    }
}

int intake_post(struct request *rq)
{
    const struct intake_values *v = form_values(rq);
    if (*v->more)
        return one_more(rq, v);
    struct ctx *cx = rq->cx;
    struct intake_page *m = arena_alloc(cx->arena, sizeof *m);
    struct case_party parties[INTAKE_PARTIES];
    struct case_filing f = {.once_key = rq_once_key(rq),
                            .occurred_on = v->occurred_on,
                            .kind = v->kind,
                            .channel = v->channel,
                            .summary = v->summary,
                            .resonance = v->resonance,
                            .resonance_reason = v->resonance_reason,
                            .offence = v->offence,
                            .parties = parties};
    m->parties = v->parties.has ? v->parties.value : 2;
    check(rq, v, parties, &f.n_parties);
    if (*v->place)
        TRY(intake_find_place(rq, false, v->place, v->place_id, &m->found, &f.territory_id));
    if (!form_ok(rq))
        return show(rq, m);
    int64_t id;
    const char *number;
    TRY(case_file(cx, &f, &id, &number));
    return respond_redirect(rq, arena_printf(cx->arena, "/disputes/%s", id_text(cx->arena, id)),
                            TF(cx, "The dispute is filed under the number %s.", number));
}

static const struct field_desc CHOICE_FIELDS[] = {
    FIELD(intake_choice, id, ID), FIELD_AS("name", intake_choice, label, TEXT)};
ROW_DESC(intake_place_desc, "place_choice", intake_choice, CHOICE_FIELDS);

const struct view intake_view = {.name = "dispute_intake",
                                 .title = N_("File a dispute"),
                                 .nav = "/disputes",
                                 .html = mediation_intake_html,
                                 .parts = (const struct view_part[]){
                                     {"places", VIEW_LIST, offsetof(struct intake_page, places), &intake_place_desc},
                                     {"candidates", VIEW_LIST, offsetof(struct intake_page, found), &intake_place_desc},
                                     {0}}};
