/* demo.c - the registry's part of the demonstration: bodies, posts, members, meetings, tasks, the places under
 * attention, and figures of a passport. What it makes up is drawn from seeded streams and marked demo = 1; the model is
 * described in docs/demonstration.md. */
#include "registry/demo.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "db/db.h"
#include "registry/cli.h"
#include "registry/lists.h"
#include "registry/organisation_sql.h"
#include "registry/pack_load_sql.h"
#include "registry/registry.h"
#include "stat/rng.h"

#include <math.h>

enum { SEED = 20251006 };
static const char AS_OF[] = "2025-10-06"; /* the day on which the demonstration stands */

struct bodies {
    struct map *by_key; /* key of demo/organisations.csv -> int64_t * */
};

static int64_t body_id(const struct bodies *b, const char *key)
{
    const int64_t *id = map_get(b->by_key, key);
    return id ? *id : 0;
}

static int place_by_code(struct ctx *cx, const char *kato, int64_t *id)
{
    struct territory_by_kato_row row;
    bool found = false;
    TRY(territory_by_kato(cx, str_ends(kato, "0000000") ? 0 : cx->region_id, kato, "", &row, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "The registry has no place with the code %s; load the region pack first.", kato);
    *id = row.id;
    return OK;
}

static int put_body(struct ctx *cx, const struct table *t, void *arg)
{
    struct bodies *b = arg;
    int64_t *id = arena_alloc(cx->arena, sizeof *id);
    *id = db_new_id();
    map_set(b->by_key, list_text(cx, t, "key"), id);
    const char *kato = list_text(cx, t, "kato"), *parent = list_text(cx, t, "parent");
    int64_t place = 0, above = body_id(b, parent);
    if (!str_empty(kato))
        TRY(place_by_code(cx, kato, &place));
    const char *kk = list_text(cx, t, "name_kk"), *ru = list_text(cx, t, "name_ru"), *en = list_text(cx, t, "name_en");
    TRY(organisation_insert(cx, &(struct organisation_insert_in){.region_id = cx->region_id, .id = *id,
                                .kind = list_text(cx, t, "kind"), .parent_id = {above != 0, above},
                                .territory_id = {place != 0, place}, .level = list_text(cx, t, "level"), .name_kk = kk,
                                .name_ru = ru, .name_en = en, .tasks_kk = list_text(cx, t, "tasks_kk"),
                                .tasks_ru = list_text(cx, t, "tasks_ru"), .tasks_en = list_text(cx, t, "tasks_en"),
                                .placeholder = list_int(t, "placeholder") != 0,
                                .ordinal = list_int(t, "ordinal"), .valid_from = list_text(cx, t, "valid_from"),
                                .valid_to = list_text(cx, t, "valid_to"), .demo = true}, NULL));
    return registry_search_put(cx, "organisation", *id, (const char *const[]){kk, ru, en}, 3);
}

static int put_posts(struct ctx *cx, const struct table *t, void *arg)
{
    const struct bodies *b = arg;
    int64_t body = body_id(b, table_cell(t, "organisation"));
    for (int64_t i = list_int(t, "count"); i > 0; i--)
        TRY(staff_post_insert(cx, &(struct staff_post_insert_in){.region_id = cx->region_id, .id = db_new_id(),
                                  .organisation_id = body, .category = list_text(cx, t, "category"),
                                  .title_kk = list_text(cx, t, "title_kk"), .title_ru = list_text(cx, t, "title_ru"),
                                  .title_en = list_text(cx, t, "title_en"), .valid_from = list_text(cx, t, "valid_from"),
                                  .valid_to = "", .demo = true}, NULL));
    return OK;
}

static int put_succession(struct ctx *cx, const struct bodies *b)
{
    TRY(organisation_change_insert(cx, &(struct organisation_change_insert_in){.region_id = cx->region_id, .id = db_new_id(),
                                       .on_date = "2014-01-01", .kind = "merger", .from_id = body_id(b, "friendship"),
                                       .to_id = body_id(b, "institution-old"), .note_kk = "", .note_ru = "", .note_en = ""}, NULL));
    return organisation_change_insert(cx, &(struct organisation_change_insert_in){.region_id = cx->region_id, .id = db_new_id(),
                                          .on_date = "2018-06-19", .kind = "successor", .from_id = body_id(b, "institution-old"),
                                          .to_id = body_id(b, "institution"), .note_kk = "", .note_ru = "", .note_en = ""}, NULL);
}

/* Members, two meetings, a decision each, tasks: one done, one open, one overdue, for the structure of a row. */
static int put_structure(struct ctx *cx, const struct table *t, void *arg)
{
    const struct bodies *b = arg;
    int64_t body = body_id(b, table_cell(t, "organisation"));
    for (int64_t i = 1, n = list_int(t, "members"); i <= n; i++)
        TRY(membership_insert(cx, &(struct membership_insert_in){.region_id = cx->region_id, .id = db_new_id(),
                                  .organisation_id = body, .person_name = arena_printf(cx->arena, "Мүше %02d (көрсетілім)", (int)i),
                                  .role = i == 1 ? "chair" : i == 2 ? "secretary" : "member", .mandate = list_text(cx, t, "mandate"),
                                  .valid_from = "2024-01-15", .valid_to = "", .demo = true}, NULL));
    static const char *const DAYS[] = {"2025-03-14", "2025-09-12"};
    for (int m = 0; m < 2; m++) {
        int64_t meeting = db_new_id(), decision = db_new_id();
        TRY(meeting_insert(cx, &(struct meeting_insert_in){.region_id = cx->region_id, .id = meeting, .organisation_id = body,
                               .on_date = DAYS[m], .place = list_text(cx, t, "place"),
                               .agenda = list_text(cx, t, m ? "agenda_2" : "agenda_1"), .minutes = "",
                               .attended = opt_int(list_int(t, "members") - 1 - m), .demo = true}, NULL));
        TRY(decision_insert(cx, &(struct decision_insert_in){cx->region_id, decision, meeting,
                                arena_printf(cx->arena, "%d/1", m + 1), list_text(cx, t, m ? "decision_2" : "decision_1"), true}, NULL));
        TRY(task_insert(cx, &(struct task_insert_in){.region_id = cx->region_id, .id = db_new_id(), .organisation_id = body,
                            .decision_id = opt_int(decision), .text = list_text(cx, t, m ? "task_2" : "task_1"),
                            .due_on = m ? list_text(cx, t, "due_2") : "2025-06-30", .done_on = m ? "" : "2025-06-20",
                            .result = m ? "" : list_text(cx, t, "result_1"), .demo = true}, NULL));
    }
    return OK;
}

/* Settlements of a unit that have a sure point, in the order of their codes. */
static int settlements_of(struct ctx *cx, int64_t unit, struct settlement_list_row **out, size_t *n)
{
    struct settlement_list_list all;
    TRY(settlement_list(cx, cx->region_id, AS_OF, &all));
    *out = arena_array(cx->arena, all.n + 1, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (all.rows[i].unit_id == unit && str_eq(all.rows[i].kind, "village"))
            (*out)[(*n)++] = all.rows[i];
    return OK;
}

/* A demonstration choice: so many settlements of each of the nine places, by lot. */
static int put_attention(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    int64_t unit;
    TRY(place_by_code(cx, list_text(cx, t, "kato"), &unit));
    struct settlement_list_row *rows;
    size_t n;
    TRY(settlements_of(cx, unit, &rows, &n));
    size_t *order = arena_array(cx->arena, n + 1, sizeof *order), kept = 0;
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].point_status, "sure"))
            order[kept++] = i;
    struct rng r = rng_stream(SEED, "attention", (uint64_t)unit);
    rng_shuffle(&r, order, kept);
    int64_t wanted = list_int(t, "settlements");
    if ((int64_t)kept < wanted)
        return fail(cx, ERR_INVALID, "Only %zu settlements of %s have a point; %lld are wanted.", kept, table_cell(t, "kato"),
                    (long long)wanted);
    for (int64_t i = 0; i < wanted; i++)
        TRY(attention_insert(
            cx,
            &(struct attention_insert_in){
                .region_id = cx->region_id,
                .id = db_new_id(),
                .territory_id = rows[order[i]].id,
                .valid_from = "2024-01-01",
                .reason_kk = "Этностар тығыз қоныстанған елді мекен (көрсетілім үшін таңдалған)",
                .reason_ru = "Населённый пункт плотного проживания этносов (выбран для демонстрации)",
                .reason_en = "Settlement where ethnic groups live densely (chosen for the demonstration)",
                .demo = true},
            NULL));
    return OK;
}

struct figures {
    int64_t published, made_up; /* sources */
};

static int put_figure(struct ctx *cx, const char *indicator, int64_t place, const char *period, double value, int64_t source, bool demo)
{
    return load_observation(cx, &(struct load_observation_in){.region_id = cx->region_id, .indicator_code = indicator,
                                .territory_id = place, .period = period, .source_id = source, .id = db_new_id(),
                                .value = value, .demo = demo}, NULL);
}

/* The other figures of a settlement's passport, plausible for its size. */
static int put_passport(struct ctx *cx, const struct figures *f, int64_t place, double people, struct rng *r)
{
    const char *year = "2024";
    double households = round(people / (4.2 + rng_uniform(r)));
    double pupils = round(people * (0.19 + 0.06 * rng_uniform(r))), places = round(pupils * (0.6 + 0.6 * rng_uniform(r)));
    const struct { const char *code; double value; } values[] = {
        {"households", households},
        {"school_pupils", pupils},
        {"school_places", places},
        {"school_shifts", pupils > 1.4 * places ? 3 : pupils > 0.9 * places ? 2 : 1},
        {"kindergarten_places", round(people * 0.04 * rng_uniform(r))},
        {"water_access", round(1000 * (0.7 + 0.3 * rng_uniform(r))) / 10},
        {"irrigation_shortage", (double)rng_poisson(r, 6)},
        {"pasture_per_household", round(100 * rng_gamma(r, 2, 1)) / 100},
        {"internet_access", round(1000 * (0.6 + 0.4 * rng_uniform(r))) / 10},
        {"clinic_minutes", 2 + (double)rng_poisson(r, 12)},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        TRY(put_figure(cx, values[i].code, place, year, values[i].value, f->made_up, true));
    return OK;
}

/* The population of a unit, and of its settlements: shares drawn from a log-normal, adding up to 85 % of the unit (the
 * rest lives in places without a village of their own in the list: towns and the city itself). */
static int put_population(struct ctx *cx, const struct table *t, void *arg)
{
    const struct figures *f = arg;
    int64_t unit;
    bool published = list_int(t, "published") != 0;
    double total = (double)list_int(t, "population");
    TRY(place_by_code(cx, list_text(cx, t, "kato"), &unit));
    TRY(put_figure(cx, "population", unit, list_text(cx, t, "year"), total, published ? f->published : f->made_up, !published));
    struct settlement_list_row *rows;
    size_t n;
    TRY(settlements_of(cx, unit, &rows, &n));
    struct rng r = rng_stream(SEED, "population", (uint64_t)unit);
    double *size = arena_array(cx->arena, n + 1, sizeof *size), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += size[i] = exp(0.9 * rng_normal(&r));
    for (size_t i = 0; i < n; i++) {
        double people = fmax(40, round(0.85 * total * size[i] / sum));
        TRY(put_figure(cx, "population", rows[i].id, "2024", people, f->made_up, true));
        TRY(put_passport(cx, f, rows[i].id, people, &r));
    }
    const struct { const char *code; double low, high; } unit_values[] = {
        {"unemployment", 3.9, 6.1}, {"water_access", 82, 99.5}, {"labour_migration", 4, 16}, {"irrigation_shortage", 0, 18}};
    for (size_t i = 0; i < sizeof unit_values / sizeof *unit_values; i++) {
        double v = unit_values[i].low + (unit_values[i].high - unit_values[i].low) * rng_uniform(&r);
        TRY(put_figure(cx, unit_values[i].code, unit, "2024", round(10 * v) / 10, f->made_up, true));
    }
    return OK;
}

int registry_demo(struct ctx *cx)
{
    struct bodies b = {map_new(cx->arena)};
    struct figures f;
    TRY(registry_load_embedded_packs(cx));
    TRY(db_optimize(cx)); /* what follows asks for places in many ways */
    static const char *const MADE_UP[LANG_COUNT] = {"Көрсетілім деректері", "Демонстрационные данные",
                                                    "Demonstration data"};
    static const char *const PUBLISHED[LANG_COUNT] = {"Жарияланған көрсеткіштер", "Опубликованные данные",
                                                      "Published figures"};
    TRY(registry_source_named(cx, "demonstration", MADE_UP, AS_OF, "", "", true, &f.made_up));
    TRY(registry_source_named(cx, "published", PUBLISHED, AS_OF, "", "", false, &f.published));
    TRY(list_each(cx, "demo/organisations.csv", put_body, &b));
    TRY(list_each(cx, "demo/posts.csv", put_posts, &b));
    TRY(put_succession(cx, &b));
    TRY(list_each(cx, "demo/structures.csv", put_structure, &b));
    TRY(list_each(cx, "demo/population.csv", put_population, &f));
    return list_each(cx, "demo/attention.csv", put_attention, NULL);
}
