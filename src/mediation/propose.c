/* propose.c - mediators for a case: the facts, the order, who is set aside. See propose.h. */
#include "mediation/propose.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "geo/shape.h"
#include "geo/shape_code.h"
#include "i18n/i18n.h"
#include "mediation/pages.h"
#include "mediation/propose_sql.h"
#include "registry/registry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- ties --- */

static const struct {
    const char *code, *name;
} TIES[] = {{"kin", N_("kinship with a side")},
            {"work", N_("work with or for a side")},
            {"help", N_("earlier help to a side")},
            {"body", N_("membership of a body that is a side")},
            {"state", N_("a state function")}};
enum { N_TIES = sizeof TIES / sizeof *TIES };

const char *propose_tie_about(struct ctx *cx, int64_t mediator_id, const struct case_values *v)
{
    const char *const answers[N_TIES] = {v->tie_kin, v->tie_work, v->tie_help, v->tie_body, v->tie_state};
    const char *about = id_text(cx->arena, mediator_id);
    for (size_t i = 0; i < N_TIES; i++)
        if (str_eq(answers[i], "yes"))
            about = arena_printf(cx->arena, "%s %s", about, TIES[i].code);
    return about;
}

static const char *listed(struct ctx *cx, const char *list, const char *next)
{
    return *list ? arena_printf(cx->arena, "%s, %s", list, next) : next;
}

/* The declarations of a case: what propose_tie_about() gave, one text each. */
struct declared {
    const char **rows;
    size_t n;
};

static int declared_of(struct ctx *cx, const struct vault *v, struct declared *out)
{
    struct dispute_event_list_list events;
    TRY(dispute_event_list(cx, cx->region_id, v->dispute_id, &events));
    out->rows = arena_array(cx->arena, events.n + 1, sizeof *out->rows);
    out->n = 0;
    for (size_t i = 0; i < events.n; i++) {
        const struct dispute_event_list_row *e = &events.rows[i];
        const char *note, *about = "";
        if (!str_eq(e->action, "tie"))
            continue;
        TRY(vault_row(cx, v, VAULT_EVENT, e->id, e->sealed, (const char **const[]){&note, &about}));
        out->rows[out->n++] = about;
    }
    return OK;
}

static const char *ties_of(struct ctx *cx, const struct declared *all, int64_t mediator_id)
{
    bool has[N_TIES] = {false};
    const char *out = "";
    for (size_t i = 0; i < all->n; i++) {
        size_t n;
        char **words = str_split(cx->arena, all->rows[i], ' ', &n);
        int64_t id;
        if (!n || !id_parse(words[0], &id) || id != mediator_id)
            continue;
        for (size_t w = 1; w < n; w++)
            for (size_t t = 0; t < N_TIES; t++)
                has[t] |= str_eq(words[w], TIES[t].code);
    }
    for (size_t t = 0; t < N_TIES; t++)
        if (has[t])
            out = listed(cx, out, T(cx, TIES[t].name));
    return out;
}

int propose_tie_of(struct ctx *cx, const struct vault *v, int64_t mediator_id, const char **ties)
{
    struct declared all;
    TRY(declared_of(cx, v, &all));
    *ties = ties_of(cx, &all, mediator_id);
    return OK;
}

/* --- the facts --- */

enum { STEM = 5 }; /* letters from which on two words with the same beginning are forms of one: еңбек, еңбектік */

/* Both are search keys. */
static bool same_word(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    return n >= STEM || (!a[n] && !b[n]);
}

/* Words that join others and say nothing of a field, as search keys. */
static bool joins(const char *key)
{
    static const char *const WORDS[] = {"jane", "men", "arasindagi", "ot", "do", "ili", "dlia", "mejdu", "and", "or", "of", "between"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_eq(key, WORDS[i]))
            return true;
    return strlen(key) < 2;
}

/* The words of a mediator's field that are also in the name of the kind, in any of its languages. */
static const char *fitting(struct ctx *cx, const char *fields, const struct dispute_by_id_row *d)
{
    const char *names = arena_printf(cx->arena, "%s %s %s", d->kind_kk, d->kind_ru, d->kind_en), *out = "";
    char *text = arena_strdup(cx->arena, fields);
    size_t n, k;
    for (char *p = text; *p; p++)
        if (strchr(",;./()", *p))
            *p = ' ';
    char **own = str_split(cx->arena, text, ' ', &n), **kind = str_split(cx->arena, str_fold(cx->arena, names), ' ', &k);
    for (size_t i = 0; i < n; i++) {
        const char *key = str_fold(cx->arena, own[i]);
        bool found = false;
        for (size_t j = 0; j < k && !joins(key); j++)
            found |= !joins(kind[j]) && same_word(key, kind[j]);
        if (found)
            out = listed(cx, out, own[i]);
    }
    return out;
}

static bool knows(struct ctx *cx, const char *languages, const char *code)
{
    size_t n;
    char **own = str_split(cx->arena, languages, ' ', &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(own[i], code))
            return true;
    return false;
}

/* Where something is, as far as the registry knows. */
struct spot {
    bool known;
    struct geo_point at;
};

struct places {
    struct settlement_list_list settlements;
    struct outline_list_list outlines; /* of the districts and cities */
};

static int places_of(struct ctx *cx, const char *today, struct places *out)
{
    TRY(settlement_list(cx, cx->region_id, today, &out->settlements));
    return outline_list(cx, &(struct outline_list_in){cx->region_id, LEVEL_UNIT, 0, today}, &out->outlines);
}

static struct spot spot_of(struct opt_num lon, struct opt_num lat)
{
    if (!lon.has || !lat.has)
        return (struct spot){0};
    return (struct spot){true, geo_point_from_degrees(lon.value, lat.value)};
}

/* A district without a point of its own is where its people are: in the middle of its settlements; one without
 * settlements (a city) is inside of its outline. */
static struct spot unit_spot(struct ctx *cx, const struct places *p, int64_t unit_id)
{
    double lon = 0, lat = 0;
    size_t n = 0;
    for (size_t i = 0; i < p->settlements.n; i++) {
        const struct settlement_list_row *s = &p->settlements.rows[i];
        if (s->unit_id != unit_id || !s->lon.has || !s->lat.has || str_eq(s->point_status, "ambiguous"))
            continue;
        lon += s->lon.value;
        lat += s->lat.value;
        n++;
    }
    if (n)
        return (struct spot){true, geo_point_from_degrees(lon / (double)n, lat / (double)n)};
    for (size_t i = 0; i < p->outlines.n; i++)
        if (p->outlines.rows[i].territory_id == unit_id) {
            struct bytes b = p->outlines.rows[i].geometry;
            struct shape *shape = shape_decode(cx->arena, b.data, b.len);
            if (shape)
                return (struct spot){true, shape_label_point(cx->arena, shape)};
        }
    return (struct spot){0};
}

/* The point of the case's place, else its district's. */
static int case_spot(struct ctx *cx, const struct places *p, const struct dispute_by_id_row *d, struct spot *out)
{
    struct territory_by_id_row place;
    TRY(territory_by_id(cx, cx->region_id, d->territory_id, &place));
    *out = spot_of(place.lon, place.lat);
    if (out->known)
        return OK;
    TRY(territory_by_id(cx, cx->region_id, d->unit_id, &place));
    *out = spot_of(place.lon, place.lat);
    if (!out->known)
        *out = unit_spot(cx, p, d->unit_id);
    return OK;
}

static struct propose_row row_of(struct ctx *cx, const struct propose_facts_row *m, const struct dispute_by_id_row *d,
                                 const struct places *places, const struct spot *at, const char *const *langs, size_t n_langs)
{
    struct spot own = spot_of(m->lon, m->lat);
    if (!own.known && m->territory_id.has)
        own = unit_spot(cx, places, m->territory_id.value);
    struct propose_row r = {.id = m->id,
                            .name = m->name,
                            .languages = m->languages,
                            .fields = m->fields,
                            .place = m->place_kk ? ctx_pick(cx, m->place_kk, m->place_ru, m->place_en) : "",
                            .missing = "",
                            .fits = fitting(cx, m->fields, d),
                            .assigned_on = "",
                            .aside = "",
                            .open_cases = m->open_cases,
                            .capacity = m->capacity,
                            .full = m->open_cases >= m->capacity,
                            .present = d->mediator_id.has && d->mediator_id.value == m->id};
    const char *missing = "";
    for (size_t i = 0; i < n_langs; i++)
        if (!knows(cx, m->languages, langs[i])) {
            missing = *missing ? arena_printf(cx->arena, "%s %s", missing, langs[i]) : langs[i];
            r.n_missing++;
        }
    r.missing = mediator_language_names(cx, missing);
    if (own.known && at->known)
        r.km = opt_int(llround(geo_distance_m(own.at, at->at) / 1000));
    if (m->assigned_us.has)
        r.assigned_on = date_text(cx->arena, date_of(m->assigned_us.value, NULL));
    return r;
}

/* --- the order --- */

static int by_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Only what the page shows decides, as it shows it: 0 where two mediators are equal in all of it. */
static int by_facts(const struct propose_row *a, const struct propose_row *b)
{
    int c = by_number(a->full, b->full);
    c = c ? c : by_number(a->n_missing, b->n_missing);
    c = c ? c : by_number(!*a->fits, !*b->fits);
    c = c ? c : by_number(a->open_cases * b->capacity, b->open_cases * a->capacity);
    c = c ? c : by_number(a->km.has ? a->km.value : INT64_MAX, b->km.has ? b->km.value : INT64_MAX);
    return c ? c : strcmp(a->assigned_on, b->assigned_on);
}

static int by_facts_and_id(const void *a, const void *b)
{
    const struct propose_row *x = a, *y = b;
    int c = by_facts(x, y);
    return c ? c : by_number(x->id, y->id);
}

/* Equals take turns: each case begins with another one of them, the same one whenever its page is looked at. */
static void take_turns(struct ctx *cx, struct propose_list *l, const char *number)
{
    const char *dash = strrchr(number, '-');
    int64_t turn = 0;
    if (!dash || !str_to_int(dash + 1, 0, INT64_MAX, &turn))
        turn = 0;
    struct propose_row *was = arena_array(cx->arena, l->n + 1, sizeof *was);
    if (l->n)
        memcpy(was, l->rows, l->n * sizeof *was);
    for (size_t from = 0, to; from < l->n; from = to) {
        for (to = from + 1; to < l->n && by_facts(&was[from], &was[to]) == 0;)
            to++;
        size_t n = to - from, by = (size_t)turn % n;
        for (size_t i = 0; i < n; i++)
            l->rows[from + i] = was[from + (i + by) % n];
    }
}

int propose_mediators(struct ctx *cx, const struct dispute_by_id_row *d, const struct vault *v, const char *today,
                      const char *const *langs, size_t n_langs, struct propose_list *out, struct propose_list *aside)
{
    struct propose_facts_list facts;
    struct declared ties;
    struct places places;
    struct spot at;
    struct date since;
    if (!date_parse(today, &since))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date.", today);
    since = date_add_days(since, -PROPOSE_YEARS * 365);
    TRY(places_of(cx, today, &places));
    TRY(case_spot(cx, &places, d, &at));
    TRY(declared_of(cx, v, &ties));
    TRY(propose_facts(cx, cx->region_id, today, instant_of((struct civil){.date = since}, NULL), &facts));
    *out = (struct propose_list){arena_array(cx->arena, facts.n + 1, sizeof *out->rows), 0};
    *aside = (struct propose_list){arena_array(cx->arena, facts.n + 1, sizeof *aside->rows), 0};
    for (size_t i = 0; i < facts.n; i++) {
        struct propose_row r = row_of(cx, &facts.rows[i], d, &places, &at, langs, n_langs);
        const char *tied = ties_of(cx, &ties, r.id);
        if (*tied)
            r.aside = TF(cx, "declared earlier in this case: %s", tied);
        struct propose_list *l = *tied ? aside : out;
        l->rows[l->n++] = r;
    }
    qsort(out->rows, out->n, sizeof *out->rows, by_facts_and_id);
    take_turns(cx, out, d->number);
    return OK;
}

static const struct field_desc FIELDS[] = {
    FIELD(propose_row, id, ID), FIELD(propose_row, name, TEXT), FIELD(propose_row, languages, TEXT),
    FIELD_AS("languages_missing", propose_row, missing, TEXT), FIELD(propose_row, fields, TEXT),
    FIELD_AS("fields_fitting", propose_row, fits, TEXT), FIELD(propose_row, place, TEXT), FIELD(propose_row, km, OPT_INT),
    FIELD(propose_row, open_cases, INT), FIELD(propose_row, capacity, INT), FIELD(propose_row, full, BOOL),
    FIELD(propose_row, assigned_on, TEXT), FIELD_AS("has_it_now", propose_row, present, BOOL),
    FIELD_AS("why_aside", propose_row, aside, TEXT)};
ROW_DESC(propose_desc, "proposed_mediator", propose_row, FIELDS);

/* --- the page --- */

enum { MOST_LANGUAGES = 32 };

static bool among(const char *const *codes, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(codes[i], code))
            return true;
    return false;
}

/* The languages that anybody in the register knows. */
static size_t known_languages(struct ctx *cx, const struct mediator_list_list *m, const char **codes)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        size_t k;
        char **own = str_split(cx->arena, m->rows[i].languages, ' ', &k);
        for (size_t j = 0; j < k && n < MOST_LANGUAGES; j++)
            if (*own[j] && !among(codes, n, own[j]))
                codes[n++] = own[j];
    }
    return n;
}

/* "?lang=kk&lang=uz" of the chosen languages, with `other` turned (NULL: none). */
static const char *query_of(struct ctx *cx, const char *const *codes, size_t n, const char *const *chosen, size_t n_chosen,
                            const char *other)
{
    const char *out = "";
    for (size_t i = 0; i < n; i++)
        if (among(chosen, n_chosen, codes[i]) != (other && str_eq(codes[i], other)))
            out = arena_printf(cx->arena, "%s%slang=%s", out, *out ? "&" : "?", codes[i]);
    return out;
}

int propose_page(struct request *rq, const struct dispute_by_id_row *d, const struct vault *v, const char *self,
                 struct propose_page *out)
{
    struct ctx *cx = rq->cx;
    const char *today = date_text(cx->arena, date_today(NULL)), *codes[MOST_LANGUAGES], *chosen[MOST_LANGUAGES], *one;
    struct mediator_list_list all;
    size_t n_chosen = 0;
    TRY(mediator_list(cx, cx->region_id, today, &all));
    size_t n = known_languages(cx, &all, codes);
    for (size_t i = 0; i < MOST_LANGUAGES && (one = rq_query_nth(rq, "lang", i)); i++)
        if (among(codes, n, one) && !among(chosen, n_chosen, one))
            chosen[n_chosen++] = one;
    out->languages = arena_array(cx->arena, n + 1, sizeof *out->languages);
    for (size_t i = 0; i < n; i++)
        out->languages[out->n_languages++] = (struct propose_language){
            mediator_language_names(cx, codes[i]),
            arena_printf(cx->arena, "%s%s", self, query_of(cx, codes, n, chosen, n_chosen, codes[i])),
            among(chosen, n_chosen, codes[i])};
    out->query = query_of(cx, codes, n, chosen, n_chosen, NULL);
    out->asked = n_chosen > 0;
    return propose_mediators(cx, d, v, today, chosen, n_chosen, &out->rows, &out->aside);
}
