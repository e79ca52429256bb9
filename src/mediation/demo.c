/* demo.c - the demonstration's mediators and disputes: made up by a seeded model (docs/demonstration.md,
 * "Disputes"), marked demo = 1. Two sums are given from outside, the published ones of SUMS; the rest is
 * drawn. */
#include "mediation/demo.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "db/db.h"
#include "mediation/case.h"
#include "mediation/triage.h"
#include "registry/lists.h"
#include "registry/registry.h"
#include "stat/rng.h"

#include <stdlib.h>
#include <string.h>

enum { SEED = 20251006, MEDIATORS = 19 };
static const struct date AS_OF = {2025, 10, 6};

/* Offences and how many of them were settled, as published for 2024 and for the first half of 2025; everyday
 * disputes, and the two quarters around, are plausible. settled < 0: drawn. */
static const struct demo_sum {
    const char *from, *to;
    int64_t offences, settled, everyday;
} SUMS[] = {
    {"2023-10-01", "2023-12-31", 29, -1, 22},
    {"2024-01-01", "2024-12-31", 126, 100, 104},
    {"2025-01-01", "2025-06-30", 34, 20, 51},
    {"2025-07-01", "2025-09-30", 19, -1, 30},
};

struct unit {
    int64_t id;
    double weight;
    int64_t *places;
    double *place_weight;
    size_t n_places;
};
struct kind {
    const char *code;
    bool offence;
    double weight[4];
};
struct text {
    const char *kind, *text, *promise;
};
struct world {
    struct rng rng;
    VEC(struct unit) units;
    VEC(struct kind) kinds;
    VEC(struct text) texts;
    int64_t mediators[MEDIATORS], clerk, branch, mediator_account;
    VEC(struct mediation_demo_case) cases;
};

/* --- what the draws are made from
 * -------------------------------------------------------------------------------------- */

static int read_unit(struct ctx *cx, const struct table *t, void *arg)
{
    struct world *w = arg;
    struct unit *u = vec_add(cx->arena, &w->units);
    struct rng r = rng_stream(SEED, "mediation-unit", (uint64_t)list_int(t, "kato"));
    struct territory_by_kato_row row;
    bool found = false;
    TRY(territory_by_kato(cx, cx->region_id, list_text(cx, t, "kato"), "", &row, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND,
                    "The registry has no place with the code %s; load the region pack first.",
                    table_cell(t, "kato"));
    u->id = row.id;
    u->weight = (double)list_int(t, "population") *
                rng_gamma(&r, 6, 6); /* heterogeneity between units: gamma, mean 1 */
    return OK;
}

static int read_places(struct ctx *cx, struct world *w)
{
    struct settlement_list_list all;
    TRY(settlement_list(cx, cx->region_id, date_text(cx->arena, AS_OF), &all));
    for (size_t u = 0; u < w->units.n; u++) {
        struct unit *unit = &w->units.rows[u];
        struct rng r = rng_stream(SEED, "mediation-place", (uint64_t)unit->id);
        unit->places = arena_array(cx->arena, all.n + 1, sizeof *unit->places);
        unit->place_weight = arena_array(cx->arena, all.n + 1, sizeof *unit->place_weight);
        for (size_t i = 0; i < all.n; i++)
            if (all.rows[i].unit_id == unit->id) {
                unit->places[unit->n_places] = all.rows[i].id;
                unit->place_weight[unit->n_places++] = rng_gamma(&r, 0.6, 1);
            }
        if (!unit->n_places) { /* a city without villages: the city itself */
            unit->places[0] = unit->id;
            unit->place_weight[unit->n_places++] = 1;
        }
    }
    return OK;
}

static int read_kind(struct ctx *cx, const struct table *t, void *arg)
{
    struct world *w = arg;
    struct kind k = {list_text(cx, t, "kind"),
                     list_int(t, "offence") != 0,
                     {(double)list_int(t, "q1"), (double)list_int(t, "q2"), (double)list_int(t, "q3"),
                      (double)list_int(t, "q4")}};
    vec_push(cx->arena, &w->kinds, k);
    return OK;
}

static int read_text(struct ctx *cx, const struct table *t, void *arg)
{
    struct world *w = arg;
    struct text x = {list_text(cx, t, "kind"), list_text(cx, t, "text"), list_text(cx, t, "promise")};
    vec_push(cx->arena, &w->texts, x);
    return OK;
}

static size_t draw(struct rng *r, const double *weight, size_t n)
{
    double sum = 0, at;
    for (size_t i = 0; i < n; i++)
        sum += weight[i];
    at = rng_uniform(r) * sum;
    for (size_t i = 0; i + 1 < n; i++) {
        if (at < weight[i])
            return i;
        at -= weight[i];
    }
    return n - 1;
}

/* --- people
 * -------------------------------------------------------------------------------------------------------------
 */

/* The account of a demonstration role; 0 where there is none (tests load this part alone). */
static int account_of(struct ctx *cx, const char *login, int64_t *id)
{
    int rc = access_account_find(cx, login, id);
    if (rc == ERR_NOT_FOUND) {
        cx->err = OK;
        *id = 0;
        return OK;
    }
    return rc;
}

static int put_mediators(struct ctx *cx, struct world *w)
{
    static const char *const FIELDS[] = {"тұрмыстық, көршілік", "мал, жайылым, су", "отбасылық",
                                         "еңбек, сауда", "мектеп, жасөспірімдер"};
    int64_t account;
    TRY(account_of(cx, "mediator", &account));
    w->mediator_account = account;
    for (int i = 0; i < MEDIATORS; i++) {
        bool professional = i % 3 == 0; /* 7 of 19 */
        w->mediators[i] = db_new_id();
        TRY(mediator_insert(cx,
                            &(struct mediator_insert_in){
                                .region_id = cx->region_id,
                                .id = w->mediators[i],
                                .name = arena_printf(cx->arena, "Медиатор %02d (көрсетілім)", i + 1),
                                .kind = professional ? "professional" : "public",
                                .languages = i % 4 == 1 ? "kk ru uz" : "kk ru",
                                .fields = FIELDS[i % 5],
                                .basis = professional
                                             ? "Сертификат (көрсетілім)"
                                             : "Жергілікті қоғамдастық жиналысының шешімі (көрсетілім)",
                                .territory_id = opt_int(w->units.rows[(size_t)i % w->units.n].id),
                                .account_id = {i == 0 && account, account},
                                .capacity = 6 + i % 5,
                                .valid_from = i < 12 ? "2023-01-16" : "2024-02-01",
                                .valid_to = "",
                                .demo = true},
                            NULL));
    }
    return OK;
}

/* --- cases
 * ----------------------------------------------------------------------------------------------------------------
 */

static int by_filing(const void *a, const void *b)
{
    const struct mediation_demo_case *x = a, *y = b;
    if (x->filed_us != y->filed_us)
        return x->filed_us < y->filed_us ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Which unit and settlement, which kind in that season, which words. */
static void draw_case(struct ctx *cx, struct world *w, const struct demo_sum *s, bool offence)
{
    struct rng *r = &w->rng;
    struct mediation_demo_case *c = vec_add(cx->arena, &w->cases);
    struct date from = {0}, to = {0};
    double *weight = arena_array(cx->arena, w->kinds.n + w->units.n, sizeof *weight);
    size_t fits = 0, chosen = 0;
    date_parse(s->from, &from);
    date_parse(s->to, &to);
    c->occurred = date_add_days(from, (int64_t)rng_below(r, (uint64_t)date_diff(from, to) + 1));
    c->last = date_cmp(to, (struct date){2025, 9, 30}) < 0 ? to : AS_OF;
    c->today = AS_OF;
    c->offence = offence;
    c->order = (int)w->cases.n;
    c->contract_ago = -1;
    for (size_t i = 0; i < w->units.n; i++)
        weight[i] = w->units.rows[i].weight;
    const struct unit *u = &w->units.rows[draw(r, weight, w->units.n)];
    c->place = u->places[draw(r, u->place_weight, u->n_places)];
    for (size_t i = 0; i < w->kinds.n; i++)
        weight[i] =
            w->kinds.rows[i].offence == offence ? w->kinds.rows[i].weight[quarter_of(c->occurred).q - 1] : 0;
    c->kind = w->kinds.rows[draw(r, weight, w->kinds.n)].code;
    for (size_t i = 0; i < w->texts.n; i++)
        if (str_eq(w->texts.rows[i].kind, c->kind) && rng_below(r, ++fits) == 0)
            chosen = i;
    c->text = w->texts.rows[chosen].text;
    c->promise = w->texts.rows[chosen].promise;
    c->mediator = w->mediators[1 + rng_below(r, MEDIATORS - 1)];
    c->clerk = w->clerk;
    int64_t wait = (int64_t)rng_below(r, 5);
    if (wait > date_diff(c->occurred, c->last))
        wait = date_diff(c->occurred, c->last);
    int hour = 9 + (int)rng_below(r, 8);
    c->filed_us = instant_of(
        (struct civil){date_add_days(c->occurred, wait), hour, (int)rng_below(r, 60), c->order % 60}, NULL);
}

/* How a case ended that was not settled. */
static enum case_state draw_end(struct rng *r)
{
    static const enum case_state ENDS[] = {CASE_REFUSED_ONE, CASE_REFUSED_BOTH, CASE_IMPOSSIBLE, CASE_EXPIRED,
                                           CASE_REFERRED};
    static const double WEIGHT[] = {9, 4, 4, 4, 5};
    return ENDS[draw(r, WEIGHT, 5)];
}

/* Offences and everyday disputes of one period. Settled are as many as are given, by lot among those that
 * happened early enough for a mediation to end within the period. */
static void draw_period(struct ctx *cx, struct world *w, const struct demo_sum *s)
{
    size_t first = w->cases.n, early = 0;
    int64_t total = s->offences + s->everyday, left = s->settled;
    size_t *candidates = arena_array(cx->arena, (size_t)total, sizeof *candidates);
    for (int64_t i = 0; i < total; i++)
        draw_case(cx, w, s, i < s->offences);
    for (size_t i = first; i < w->cases.n; i++) {
        struct mediation_demo_case *c = &w->cases.rows[i];
        bool enough = date_diff(c->occurred, c->last) >= 20;
        c->state = draw_end(&w->rng);
        c->closed = true;
        if (c->offence && s->settled >= 0 && enough)
            candidates[early++] = i;
        else if ((!c->offence || s->settled < 0) && enough && rng_uniform(&w->rng) < 0.72)
            c->state = CASE_FOLLOW_UP;
    }
    if (s->settled < 0)
        return;
    rng_shuffle(&w->rng, candidates, early);
    for (size_t i = 0; i < early && left > 0; i++, left--)
        w->cases.rows[candidates[i]].state = CASE_FOLLOW_UP;
    if (left > 0)
        die("the demonstration has too few early cases to settle %lld", (long long)s->settled);
}

/* The last cases are still open, some in every state, so that every page has something to show. */
static void leave_open(struct world *w)
{
    static const struct {
        enum case_state state;
        int64_t contract_ago;
        bool own, prolonged;
    } OPEN[] = {{CASE_INTAKE, 0, false, false},      {CASE_INTAKE, 0, false, false},
                {CASE_INTAKE, 0, false, false},      {CASE_EMERGENCY, 0, false, false},
                {CASE_LAWYER, 0, false, false},      {CASE_LAWYER, 0, false, false},
                {CASE_OFFERED, 0, false, false},     {CASE_OFFERED, 0, true, false},
                {CASE_OFFERED, 0, false, false},     {CASE_CONTRACT, 3, true, false},
                {CASE_CONTRACT, 8, false, false},    {CASE_SESSIONS, 21, true, false},
                {CASE_SESSIONS, 26, false, false},   {CASE_SESSIONS, 28, true, false},
                {CASE_SESSIONS, 33, false, false},   {CASE_SESSIONS, 52, true, true},
                {CASE_SETTLED, 20, true, false},     {CASE_FOLLOW_UP, 24, true, false},
                {CASE_FOLLOW_UP, 40, false, false},  {CASE_REFUSED_ONE, 12, false, false},
                {CASE_IMPOSSIBLE, 25, false, false}, {CASE_EXPIRED, 34, false, false},
                {CASE_REFERRED, 0, false, false}};
    size_t n = sizeof OPEN / sizeof *OPEN, unassigned = 0;
    for (size_t k = 0; k < n && k < w->cases.n; k++) {
        size_t at = w->cases.n; /* the youngest case that is old enough and not taken yet */
        while (at-- > 0) {
            struct mediation_demo_case *c = &w->cases.rows[at];
            if (c->closed && date_cmp(c->last, AS_OF) == 0 &&
                date_diff(date_of(c->filed_us, NULL), AS_OF) >= OPEN[k].contract_ago + 5)
                break;
        }
        if (at == SIZE_MAX)
            continue;
        struct mediation_demo_case *c = &w->cases.rows[at];
        c->state = OPEN[k].state;
        c->closed = false;
        c->contract_ago = OPEN[k].contract_ago;
        c->prolonged = OPEN[k].prolonged;
        c->own = OPEN[k].own;
        if (c->own) {
            c->mediator = w->mediators[0];
            c->mediator_account = w->mediator_account;
        }
        if (c->state == CASE_OFFERED && !c->own && unassigned++ == 0)
            c->mediator = 0;
        if (c->state == CASE_INTAKE) {
            c->clerk = 0;
            c->filed_by = k == 0 ? w->branch : 0;
        }
    }
}

int mediation_demo(struct ctx *cx)
{
    struct world w = {.rng = rng_stream(SEED, "mediation", 0)};
    TRY(mediation_seed(cx));
    TRY(account_of(cx, "clerk", &w.clerk));
    TRY(account_of(cx, "branch", &w.branch));
    TRY(list_each(cx, "demo/population.csv", read_unit, &w));
    TRY(list_each(cx, "demo/mediation_kinds.csv", read_kind, &w));
    TRY(list_each(cx, "demo/mediation_texts.csv", read_text, &w));
    TRY(read_places(cx, &w));
    TRY(put_mediators(cx, &w));
    for (size_t i = 0; i < sizeof SUMS / sizeof *SUMS; i++)
        draw_period(cx, &w, &SUMS[i]);
    qsort(w.cases.rows, w.cases.n, sizeof *w.cases.rows, by_filing); /* numbers follow the filing */
    leave_open(&w);
    for (size_t i = 0; i < w.cases.n; i++)
        TRY(mediation_demo_play(cx, &w.rng, &w.cases.rows[i]));
    return OK;
}
