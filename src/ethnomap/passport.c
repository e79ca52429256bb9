/* passport.c - see passport.h. */
#include "ethnomap/passport.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "ethnomap/model.h"
#include "i18n/i18n.h"
#include "mediation/mediation.h"
#include "setting/setting.h"
#include "stat/protect.h"

#include <math.h>
#include <string.h>

enum { VISITS_SHOWN = 10 };

const char *place_block_name(struct ctx *cx, const char *block)
{
    static const struct { const char *block, *name; } NAMES[] = {
        {"people", N_("Population")}, {"school", N_("School and kindergarten")}, {"water", N_("Water")}, {"land", N_("Land and pasture")},
        {"work", N_("Work")}, {"road", N_("Road, clinic, connection")}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(block, NAMES[i].block))
            return T(cx, NAMES[i].name);
    return block;
}

/* --- the place and what is around it ---------------------------------------------------------------- */

static int load_facts(struct ctx *cx, int64_t id, const char *on_date, struct passport *p, int64_t *region_id)
{
    struct territory_exists_row row;
    struct territory_by_id_row t;
    bool found = false;
    TRY(territory_exists(cx, cx->region_id, id, &row, &found));
    *region_id = found ? cx->region_id : 0;
    TRY(territory_by_id(cx, *region_id, id, &t));
    bool valid = strcmp(t.valid_from, on_date) <= 0 && (!*t.valid_to || strcmp(t.valid_to, on_date) > 0);
    p->facts = (struct place_facts){.id = id, .level = t.level, .kind = t.kind, .kato = t.kato, .name = registry_name(cx, t),
                                    .name_kk = t.name_kk, .name_ru = t.name_ru, .name_en = t.name_en, .name_en_made = t.name_en_made,
                                    .valid_from = t.valid_from, .valid_to = t.valid_to, .approximate = t.approximate, .on_date = on_date,
                                    .point_status = t.point_status, .lon = t.lon, .lat = t.lat, .valid = valid};
    return OK;
}

/* The tree above and below, on the day, or on the last day on which the place was there. */
static int load_tree(struct ctx *cx, struct passport *p)
{
    struct place_facts *f = &p->facts;
    const char *day = f->on_date;
    struct date d;
    if (*f->valid_to && strcmp(f->valid_to, day) <= 0 && date_parse(f->valid_to, &d))
        day = date_text(cx->arena, date_add_days(d, -1));
    else if (strcmp(f->valid_from, day) > 0)
        day = f->valid_from;
    TRY(registry_path(cx, f->id, day, &p->path));
    p->above.rows = arena_array(cx->arena, p->path.n + 1, sizeof *p->above.rows);
    for (size_t i = p->path.n; i-- > 1;) {
        const struct place_step *s = &p->path.steps[i];
        p->above.rows[p->above.n++] = (struct place_up){s->id, s->level, s->name, registry_place_href(cx, s->id)};
        if (s->level == LEVEL_UNIT) {
            f->unit_id = opt_int(s->id);
            f->unit = s->name;
            f->unit_href = registry_place_href(cx, s->id);
        }
    }
    struct territory_children_list l;
    TRY(territory_children(cx, cx->region_id, f->id, day, &l));
    p->below.rows = arena_array(cx->arena, l.n + 1, sizeof *p->below.rows);
    for (size_t i = 0; i < l.n; i++)
        if (!str_eq(l.rows[i].kind, "minor"))
            p->below.rows[p->below.n++] = (struct place_child){l.rows[i].id, l.rows[i].level, registry_name(cx, l.rows[i]),
                                                               registry_place_href(cx, l.rows[i].id), l.rows[i].kato};
    return OK;
}

/* --- figures ---------------------------------------------------------------------------------------- */

static int load_figures(struct ctx *cx, int64_t region_id, struct passport *p)
{
    struct passport_figures_list l;
    TRY(passport_figures(cx, region_id, p->facts.id, &l));
    p->figures.rows = arena_array(cx->arena, l.n + 1, sizeof *p->figures.rows);
    for (size_t i = 0; i < l.n; i++) {
        const struct passport_figures_row *r = &l.rows[i];
        const char *unit = ctx_pick(cx, r->unit_kk, r->unit_ru, r->unit_en), *number = fmt_num(cx, r->value, (int)r->decimals);
        struct place_figure *f = &p->figures.rows[p->figures.n];
        *f = (struct place_figure){.code = r->code, .name = registry_name(cx, *r), .block = r->block,
                                   .block_name = place_block_name(cx, r->block),
                                   .value_text = *unit ? arena_printf(cx->arena, "%s\u00a0%s", number, unit) : number, .unit = unit,
                                   .definition = map_definition(cx, r->definition), .period = map_period_text(cx, r->period),
                                   .source = ctx_pick(cx, r->source_kk, r->source_ru, r->source_en), .licence = r->licence,
                                   .value = r->value, .id = r->id, .demo = r->demo,
                                   .first = p->figures.n == 0 || !str_eq(p->figures.rows[p->figures.n - 1].block, r->block)};
        if (str_eq(r->code, "population") && !p->population)
            p->population = f;
        p->demo |= r->demo;
        p->figures.n++;
    }
    return OK;
}

/* Published shares are public, but a share of a small place stands for a handful of neighbours: what stands for fewer
 * people than the threshold is hidden, and another with it, as the whole is known. */
static void protect_communities(struct ctx *cx, struct passport *p, bool complete)
{
    int64_t *people = arena_array(cx->arena, p->composition.n + 1, sizeof *people);
    struct protected_count *shown = arena_array(cx->arena, p->composition.n + 1, sizeof *shown);
    double all = p->population ? p->population->value : 0;
    for (size_t i = 0; i < p->composition.n; i++) {
        const struct place_community *c = &p->composition.rows[i];
        people[i] = c->persons.has ? c->persons.value : c->share.has && all > 0 ? llround(c->share.value * all) : INT32_MAX;
        p->composition_counts |= c->persons.has;
    }
    protect_counts(cx->arena, people, p->composition.n, complete, setting_int(cx, "protect.threshold"), shown);
    for (size_t i = 0; i < p->composition.n; i++)
        if (shown[i].hidden) {
            struct place_community *c = &p->composition.rows[i];
            c->hidden = true;
            c->share = (struct opt_num){0};
            c->persons = (struct opt_int){0};
        }
}

/* Of several sources for the same date the first one: sources are not mixed. */
static int load_composition(struct ctx *cx, int64_t region_id, struct passport *p)
{
    struct passport_composition_list l;
    TRY(passport_composition(cx, region_id, p->facts.id, &l));
    p->composition.rows = arena_array(cx->arena, l.n + 1, sizeof *p->composition.rows);
    double shares = 0;
    for (size_t i = 0; i < l.n && l.rows[i].source_id == l.rows[0].source_id; i++) {
        const struct passport_composition_row *r = &l.rows[i];
        p->composition.rows[p->composition.n++] =
            (struct place_community){.code = r->community_code, .name = registry_name(cx, *r), .on_date = map_period_text(cx, r->on_date),
                                     .source = ctx_pick(cx, r->source_kk, r->source_ru, r->source_en), .licence = r->licence,
                                     .share = r->share, .persons = r->persons, .demo = r->demo};
        shares += r->share.has ? r->share.value : 0;
        p->demo |= r->demo;
    }
    protect_communities(cx, p, shares == 0 || shares > 0.99);
    return OK;
}

/* --- what happened ---------------------------------------------------------------------------------- */

/* The counts are protected where they are published first, so that pages cannot be compared to work one out. */
static int load_disputes(struct ctx *cx, struct passport *p)
{
    struct mediation_place_counts l;
    TRY(mediation_place_counts(cx, p->facts.id, &l));
    p->disputes.rows = arena_array(cx->arena, l.n + 1, sizeof *p->disputes.rows);
    for (size_t i = 0; i < l.n; i++)
        p->disputes.rows[p->disputes.n++] =
            (struct place_count){l.rows[i].period, map_period_text(cx, l.rows[i].period), l.rows[i].kind_code, l.rows[i].kind, l.rows[i].cases};
    return OK;
}

static int load_quarters(struct ctx *cx, struct passport *p)
{
    struct mediation_quarters q;
    TRY(mediation_place_quarters(cx, p->facts.id, &q));
    p->quarters.rows = arena_array(cx->arena, q.n + 1, sizeof *p->quarters.rows);
    for (size_t i = 0; i < q.n; i++) {
        const char *band = q.rows[i].low ? arena_printf(cx->arena, "%s–%s", fmt_int(cx, q.rows[i].low), fmt_int(cx, q.rows[i].high))
                                         : TF(cx, "fewer than %s", fmt_int(cx, q.rows[i].high + 1));
        p->quarters.rows[p->quarters.n++] =
            (struct place_quarter){q.rows[i].quarter, fmt_quarter(cx, q.rows[i].quarter), band, q.rows[i].low, q.rows[i].high};
    }
    return OK;
}

static int load_trend(struct ctx *cx, const char *asked, struct passport *p)
{
    struct map_survey_indicators_list l;
    struct estimate_series_list series;
    int64_t place = p->facts.level <= LEVEL_UNIT ? p->facts.id : p->facts.unit_id.value;
    TRY(map_survey_indicators(cx, cx->region_id, &l));
    p->trend_code = p->trend_name = "";
    for (size_t i = 0; i < l.n; i++)
        if (i == 0 || str_eq(l.rows[i].code, asked)) {
            p->trend_code = l.rows[i].code;
            p->trend_name = registry_name(cx, l.rows[i]);
        }
    if (!*p->trend_code || !place)
        return OK;
    TRY(estimate_series(cx, cx->region_id, place, p->trend_code, &series));
    p->trend.rows = arena_array(cx->arena, series.n + 1, sizeof *p->trend.rows);
    for (size_t i = 0; i < series.n; i++) {
        const struct estimate_series_row *e = &series.rows[i];
        struct place_trend *t = &p->trend.rows[p->trend.n++];
        *t = (struct place_trend){.period = e->period, .period_text = fmt_quarter(cx, e->period), .n = e->n, .id = e->id, .value_text = "",
                                  .interval_text = ""};
        if (str_eq(e->status, "refused") || !e->value.has)
            continue;
        t->value = e->value;
        t->low = e->lower;
        t->high = e->upper;
        t->value_text = fmt_percent(cx, e->value.value, 0);
        if (e->lower.has && e->upper.has)
            t->interval_text = TF(cx, "%s to %s", fmt_percent(cx, e->lower.value, 0), fmt_percent(cx, e->upper.value, 0));
    }
    return OK;
}

/* A partner sees what is addressed to its own bodies. */
static int load_proposals(struct ctx *cx, const int64_t *bodies, size_t n_bodies, struct passport *p)
{
    int64_t unit = p->facts.unit_id.has ? p->facts.unit_id.value : p->facts.id;
    TRY(passport_proposals(cx, cx->region_id, p->facts.id, unit, &p->proposals));
    if (!n_bodies)
        return OK;
    size_t kept = 0;
    for (size_t i = 0; i < p->proposals.n; i++) {
        bool own = false;
        for (size_t k = 0; k < n_bodies; k++)
            own |= bodies[k] == p->proposals.rows[i].addressee_id;
        if (own)
            p->proposals.rows[kept++] = p->proposals.rows[i];
    }
    p->proposals.n = kept;
    return OK;
}

/* Associations and structures; the branch stands among the offices. */
static void keep_communal(struct organisation_at_list *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++)
        if (!str_eq(l->rows[i].kind, "branch"))
            l->rows[kept++] = l->rows[i];
    l->n = kept;
}

static bool may(uint64_t permissions, int p)
{
    return (permissions >> p & 1) != 0;
}

int passport_load(struct ctx *cx, int64_t place_id, const char *on_date, uint64_t permissions, const char *trend,
                  const int64_t *bodies, size_t n_bodies, struct passport *p)
{
    int64_t region_id;
    *p = (struct passport){.trend_code = "", .trend_name = "", .sees_own = may(permissions, PERM_REGISTRY_READ),
                           .sees_disputes = may(permissions, PERM_DISPUTE_STATS),
                           .sees_survey = may(permissions, PERM_RESEARCH_READ) || may(permissions, PERM_QUARTER_READ),
                           .sees_proposals = may(permissions, PERM_PROPOSAL_READ)};
    TRY(load_facts(cx, place_id, on_date, p, &region_id));
    TRY(load_tree(cx, p));
    TRY(territory_changes(cx, region_id, place_id, &p->changes));
    TRY(load_figures(cx, region_id, p));
    TRY(load_composition(cx, region_id, p));
    int64_t unit = p->facts.unit_id.has ? p->facts.unit_id.value : place_id;
    TRY(organisation_at(cx, cx->region_id, place_id, on_date, &p->bodies));
    if (unit != place_id)
        TRY(organisation_at(cx, cx->region_id, unit, on_date, &p->unit_bodies));
    keep_communal(&p->bodies);
    keep_communal(&p->unit_bodies);
    TRY(passport_offices(cx, cx->region_id, unit, on_date, &p->offices));
    if (p->sees_disputes) {
        TRY(load_disputes(cx, p));
        if (p->facts.level == LEVEL_UNIT || p->facts.level == LEVEL_SETTLEMENT)
            TRY(load_quarters(cx, p));
    }
    if (p->sees_survey)
        TRY(load_trend(cx, trend, p));
    if (p->sees_proposals)
        TRY(load_proposals(cx, bodies, n_bodies, p));
    if (!p->sees_own)
        return OK;
    TRY(passport_visits(cx, cx->region_id, place_id, VISITS_SHOWN, &p->visits));
    return passport_attention(cx, cx->region_id, place_id, on_date, &p->attention, &p->under_attention);
}
