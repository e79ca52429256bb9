/* test_ethnomap.c - the map and the passports on both engines: dates, tiles, classes, protection, what partners see.
 * The region is the real one (the packs in the program); figures and disputes are invented here. */
#include "ethnomap/pages.h"
#include "ethnomap/passport.h"
#include "ethnomap/test_tile.h"
#include "ethnomap/tiles.h"

#include "access/permission.h"
#include "base/id.h"
#include "base/time.h"
#include "db/db_driver.h"
#include "http/internal.h"
#include "i18n/i18n.h"
#include "registry/classifier.h"
#include "registry/cli.h"
#include "registry/figures_sql.h"
#include "registry/organisation_sql.h"
#include "testdb.h"

#define BIT(p) (UINT64_C(1) << (p))
static const uint64_t STAFF = BIT(PERM_REGISTRY_READ) | BIT(PERM_REGISTRY_EDIT) | BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_STATS) |
                              BIT(PERM_RESEARCH_READ) | BIT(PERM_PROPOSAL_READ);
static const uint64_t PARTNER = BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_STATS) | BIT(PERM_QUARTER_READ) | BIT(PERM_PROPOSAL_READ);

/* KATO code * 16 + 1: see registry_territory_id(). */
enum { SECRET = 7 };
static int64_t sairam, keles, tulkibas, shardara, village;

static const char *name(struct testdb *t, const char *what)
{
    return testdb_name(t, what);
}

/* --- a region to look at ---------------------------------------------------------------------------- */

static int load_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    return registry_load_classifiers(cx);
}

static void run_sql(struct testdb *t, const char *sql)
{
    testdb_must(t, db_tx(&t->cx, testdb_sql_tx, (void *)(uintptr_t)sql), sql);
}

/* n disputes in a quarter, at the unit (place 0) or one of its settlements. */
static void put_disputes(struct testdb *t, int64_t unit, int64_t place, const char *quarter, int n, int offence)
{
    struct arena *a = t->cx.arena;
    for (int i = 0; i < n; i++) {
        long long id = (long long)db_new_id();
        run_sql(t, arena_printf(a, "INSERT INTO dispute (region_id, id, number, once_key, territory_id, unit_id, occurred_on, quarter, filed_us,"
                                   " filed_by, kind_code, channel, summary, state, offence) VALUES (61, %lld, 'n%lld', 'k%lld', %lld, %lld, '2024-02-01',"
                                   " '%s', 0, 0, 'water', 'visit', 'secret words of a case', 'intake', %d)",
                                id, id, id, (long long)(place ? place : unit), (long long)unit, quarter, offence));
    }
}

static int64_t unit_of(struct testdb *t, const char *kato)
{
    struct territory_by_kato_row row;
    bool found = false;
    testdb_must(t, territory_by_kato(&t->cx, 61, kato, "", &row, &found), "a unit");
    return found ? row.id : 0;
}

static void put_figure(struct testdb *t, const char *indicator, int64_t place, const char *period, double v)
{
    run_sql(t, arena_printf(t->cx.arena, "INSERT INTO observation (region_id, indicator_code, territory_id, period, source_id, id, value) SELECT"
                                         " 61, '%s', %lld, '%s', id, %lld, %.6f FROM source WHERE region_id = 61 AND code = 'test'",
                            indicator, (long long)place, period, (long long)db_new_id(), v));
}

static void make_region(struct testdb *t)
{
    time_set_for_tests(instant_of((struct civil){.date = {2025, 10, 6}, .hour = 12}, &ZONE_KZ));
    testdb_must(t, registry_load_embedded_packs(&t->cx), "the packs");
    testdb_must(t, db_tx(&t->cx, load_tx, NULL), "the classifiers");
    run_sql(t, "INSERT INTO source (region_id, id, code, title_kk, title_ru, title_en) VALUES (61, 5, 'test', 'Сынақ', 'Проба', 'A test')");
    sairam = unit_of(t, "615200000");
    keles = unit_of(t, "613900000");
    tulkibas = unit_of(t, "616000000");
    shardara = unit_of(t, "616400000");
    struct settlement_list_list all;
    testdb_must(t, settlement_list(&t->cx, 61, "2025-10-06", &all), "settlements");
    for (size_t i = 0; i < all.n; i++)
        if (all.rows[i].unit_id == sairam && all.rows[i].lon.has)
            village = all.rows[i].id;
    struct territory_list_list units;
    testdb_must(t, territory_list(&t->cx, 61, 2, "2025-10-06", &units), "units");
    run_sql(t, "INSERT INTO dispute_kind (region_id, code, name_kk, name_ru, name_en, ordinal) SELECT 61, 'water', 'су', 'вода', 'water', 1"
               " WHERE NOT EXISTS (SELECT 1 FROM dispute_kind WHERE region_id = 61 AND code = 'water')");
    for (size_t i = 0; i < units.n; i++) {
        put_figure(t, "population", units.rows[i].id, "2023", units.rows[i].id == sairam ? 223676 : 50000 + 1000 * (double)i);
        put_figure(t, "unemployment", units.rows[i].id, "2024", 4 + 0.1 * (double)i);
        bool few = units.rows[i].id == shardara;
        for (int q = 1; q <= 4; q++)
            for (int offence = 0; offence <= 1; offence++)
                put_disputes(t, units.rows[i].id, 0, arena_printf(t->cx.arena, "2024-Q%d", q), few ? (q == 1 ? SECRET : 0) : 3 + q, offence);
    }
    put_disputes(t, sairam, village, "2024-Q4", 3, 1);
    run_sql(t, arena_printf(t->cx.arena, "INSERT INTO attention (region_id, id, territory_id, valid_from, reason_kk, reason_ru, reason_en) VALUES"
                                         " (61, 1, %lld, '2024-01-01', 'себеп', 'причина', 'water is short')", (long long)village));
    run_sql(t, arena_printf(t->cx.arena, "INSERT INTO visit (region_id, id, territory_id, on_date, purpose, summary, state, account_id) VALUES"
                                         " (61, 2, %lld, '2025-05-05', 'meeting of the elders', '', 'done', 1)", (long long)village));
}

/* --- asking as the server does ---------------------------------------------------------------------- */

static const char *no_header(const void *connection, const char *header)
{
    return connection && strcmp(header, "Accept") == 0 ? connection : NULL;
}

/* A request of its own arena; json: as programs ask. */
static struct request *ask(struct testdb *t, uint64_t permissions, const char *target, bool json)
{
    struct arena *a = t->cx.arena;
    struct request *rq = arena_alloc(a, sizeof *rq);
    rq->cx = &t->cx;
    rq->state = arena_alloc(a, sizeof *rq->state);
    rq->state->header = no_header;
    rq->state->file = -1;
    rq->state->target = target;
    rq->account = (struct account){.id = 1, .region_id = 61, .login = "test", .name = "Test", .permissions = permissions, .csrf = "x"};
    rq->out = buf_new(a, 0);
    rq->request_id = "1";
    testdb_must(t, request_read_target(rq, target), target);
    rq->wants_json = json;
    return rq;
}

static const char *answer(struct testdb *t, uint64_t permissions, int (*handle)(struct request *), const char *target, bool json)
{
    struct request *rq = ask(t, permissions, target, json);
    int rc = handle(rq);
    return rc ? arena_printf(t->cx.arena, "error: %s", t->cx.err_text) : rq->out->data;
}

static const char *passport_page(struct testdb *t, uint64_t permissions, int64_t id, bool json)
{
    struct request *rq = ask(t, permissions, arena_printf(t->cx.arena, "/places/%s", id_text(t->cx.arena, id)), json);
    pairs_add(t->cx.arena, &rq->state->params, "id", id_text(t->cx.arena, id));
    int rc = place_get(rq);
    return rc ? arena_printf(t->cx.arena, "error: %s", t->cx.err_text) : rq->out->data;
}

/* --- dates ------------------------------------------------------------------------------------------ */

static void test_dates(struct testdb *t)
{
    struct map_model now, then;
    testdb_must(t, map_model_load(&t->cx, STAFF, NULL, NULL, NULL, &now), "today");
    testdb_must(t, map_model_load(&t->cx, STAFF, NULL, NULL, "2018-01-01", &then), "2018");
    is_int(now.units.n, 17, name(t, "today's map has 17 districts and cities"));
    is_int(then.units.n, 15, name(t, "that of 2018-01-01 the 15 of that day, Shymkent among them"));
    bool split = false;
    for (size_t i = 0; i < then.units.n; i++)
        split |= then.units.rows[i].id == keles;
    ok(!split, name(t, "without the district that was split off later"));
    const char *page = answer(t, STAFF, ethnomap_get, "/map?date=2018-01-01", false);
    ok(strstr(page, "Keles District was split off from") != NULL, name(t, "the page lists the splits"));
    ok(strstr(page, "The map shows the borders of 01.01.2018.") != NULL, name(t, "and says whose borders it shows"));
    ok(strstr(answer(t, STAFF, ethnomap_get, "/map?date=2018-13-01", false), "is not a date") != NULL, name(t, "a day that is none is refused"));
    ok(strstr(answer(t, STAFF, ethnomap_get, "/map?indicator=nothing", false), "There is no indicator") != NULL, name(t, "an unknown indicator too"));
    ok(strstr(answer(t, STAFF, ethnomap_get, "/map?period=soon", false), "is not a year or quarter") != NULL, name(t, "and a period that is none"));
}

/* --- classes ---------------------------------------------------------------------------------------- */

static void test_classes(struct testdb *t)
{
    struct map_model m;
    testdb_must(t, map_model_load(&t->cx, STAFF, "unemployment", "2024", NULL, &m), "unemployment");
    is_int(m.classes.n, 5, name(t, "seventeen values are cut into five classes"));
    int64_t places = 0;
    bool ordered = true;
    for (size_t i = 0; i < m.classes.n; i++) {
        places += m.classes.rows[i].places;
        ordered &= i == 0 || (m.classes.rows[i].from > m.classes.rows[i - 1].to && m.classes.rows[i].number > m.classes.rows[i - 1].number);
    }
    is_int(places, 17, name(t, "that hold every place once"));
    ok(ordered, name(t, "and do not overlap"));
    struct map_row rows[] = {{.value = opt_num(1)}, {.value = opt_num(1)}, {.value = opt_num(1)}, {.hidden = true}, {.value = opt_num(2)}, {0}};
    struct map_model ties = {.chosen = {.unit = "", .kind = MAP_FIGURE}, .units = {rows, 6}};
    map_classify(&t->cx, &ties);
    is_int(ties.classes.n, 2, name(t, "equal values stay in one class"));
    ok(rows[0].class_number == rows[2].class_number && rows[4].class_number > rows[0].class_number, name(t, "with one colour"));
    ok(rows[3].class_number == 0 && rows[5].class_number == 0 && ties.n_hidden == 1 && ties.n_none == 1,
       name(t, "what is protected and what is not known have none, and are counted apart"));
}

/* --- tiles ------------------------------------------------------------------------------------------ */

static struct tt_tile *tile(struct testdb *t, const struct tiles_question *q, uint64_t wanted, int z, uint32_t x, uint32_t y, uint64_t *stamp)
{
    const void *data;
    size_t len;
    uint64_t own;
    testdb_must(t, tiles_get(&t->cx, q, wanted, z, x, y, &data, &len, stamp ? stamp : &own), "a tile");
    return tt_read(t->cx.arena, data, len);
}

/* The tile of zoom 5 that holds most of the region: longitude 67.5 to 78.75, latitude 40.98 to 48.92. */
enum { Z = 5, X = 22, Y = 11 };

static void test_tiles(struct testdb *t)
{
    struct tiles_question q = {.layer = LAYER_UNITS, .lang = LANG_EN, .on_date = "2025-10-06", .indicator = "unemployment", .period = "2024",
                               .permissions = STAFF};
    uint64_t stamp, again;
    struct tt_tile *u = tile(t, &q, 0, Z, X, Y, &stamp);
    ok(u->good && u->n > 10, name(t, "a tile of units is a vector tile"));
    struct map_model m;
    testdb_must(t, map_model_load(&t->cx, STAFF, "unemployment", "2024", NULL, &m), "unemployment");
    bool same = true;
    for (size_t i = 0; i < u->n; i++)
        for (size_t k = 0; strcmp(u->f[i].layer, "units") == 0 && k < m.units.n; k++)
            if (u->f[i].id == (uint64_t)m.units.rows[k].id)
                same &= strcmp(tt_get(&u->f[i], "class"), arena_printf(t->cx.arena, "%lld", (long long)m.units.rows[k].class_number)) == 0 &&
                        strcmp(tt_get(&u->f[i], "value_text"), m.units.rows[k].value_text) == 0 &&
                        strcmp(tt_get(&u->f[i], "id"), id_text(t->cx.arena, m.units.rows[k].id)) == 0 && u->f[i].type == 3;
    ok(same, name(t, "with the classes, values and ids of the table"));
    ok(tt_count(u, "unit_label") > 5, name(t, "and a name for each unit"));
    const void *first, *second;
    size_t n_first, n_second;
    testdb_must(t, tiles_get(&t->cx, &q, stamp, Z, X, Y, &first, &n_first, &again), "the tile again");
    testdb_must(t, tiles_get(&t->cx, &q, stamp, Z, X, Y, &second, &n_second, &again), "and again");
    ok(again == stamp && n_first == n_second && memcmp(first, second, n_first) == 0, name(t, "the same stamp gives the same bytes"));
    put_figure(t, "unemployment", sairam, "2024-Q4", 17.5);
    q.period = "2024";
    tile(t, &q, 0, Z, X, Y, &again);
    ok(again != stamp, name(t, "a new figure gives a new stamp"));
    struct tt_tile *fresh = tile(t, &q, again, Z, X, Y, NULL);
    ok(tt_says(fresh, "17.5"), name(t, "and its value stands in the new tile"));
    q.layer = LAYER_SETTLEMENTS;
    struct tt_tile *s = tile(t, &q, 0, 8, 178, 94, NULL);
    ok(s->good && tt_count(s, "settlements") == s->n && s->n > 3, name(t, "settlements are points of their own layer"));
    ok(tt_get(&s->f[0], "size") && tt_get(&s->f[0], "href") && tt_get(&s->f[0], "name") && s->f[0].type == 1, name(t, "with name, size and address"));
    q.layer = LAYER_BASE;
    struct tt_tile *b = tile(t, &q, 0, Z, X, Y, NULL);
    ok(b->good && tt_count(b, "boundary") > 3 && tt_count(b, "water") + tt_count(b, "waterway") > 0 && tt_count(b, "place") > 0,
       name(t, "the base holds water, borders and towns"));
    const void *nothing;
    size_t len = 1;
    testdb_must(t, tiles_get(&t->cx, &q, 0, 10, 0, 0, &nothing, &len, &again), "an empty tile");
    is_int(len, 0, name(t, "a tile of another part of the world is empty"));
}

static void test_attention_marks(struct testdb *t)
{
    struct tiles_question q = {.layer = LAYER_SETTLEMENTS, .lang = LANG_EN, .on_date = "2025-10-06", .indicator = "", .period = ""};
    struct territory_by_id_row place;
    uint64_t stamp;
    testdb_must(t, territory_by_id(&t->cx, 61, village, &place), "the village");
    uint32_t x = (uint32_t)(mercator_x(geo_point_from_degrees(place.lon.value, 0).x) * 256);
    uint32_t y = (uint32_t)(mercator_y(geo_point_from_degrees(0, place.lat.value).y) * 256);
    q.permissions = STAFF;
    bool marked = false, partner = false;
    struct tt_tile *s = tile(t, &q, 0, 8, x, y, &stamp);
    for (size_t i = 0; i < s->n; i++)
        marked |= strcmp(tt_get(&s->f[i], "attention"), "true") == 0;
    ok(marked, name(t, "staff see which settlements are under attention"));
    q.permissions = PARTNER;
    s = tile(t, &q, stamp, 8, x, y, NULL); /* even with the address that staff got */
    for (size_t i = 0; i < s->n; i++)
        partner |= strcmp(tt_get(&s->f[i], "attention"), "true") == 0;
    ok(s->n > 0 && !partner, name(t, "partners do not, even under the address of staff"));
}

/* --- protection ------------------------------------------------------------------------------------- */

/* Shardara's seven disputes: 7 of some 60,000 people; no face of the map may say the count or the rate. */
static void test_protection(struct testdb *t)
{
    struct map_model m;
    testdb_must(t, map_model_load(&t->cx, PARTNER, "disputes", "2024", NULL, &m), "disputes");
    const struct map_row *hidden = NULL;
    int n_hidden = 0;
    double population = 0;
    for (size_t i = 0; i < m.units.n; i++) {
        n_hidden += m.units.rows[i].hidden;
        if (m.units.rows[i].id == shardara)
            hidden = &m.units.rows[i];
    }
    struct population_of_units_list people;
    testdb_must(t, population_of_units(&t->cx, 61, "2025", &people), "population");
    for (size_t i = 0; i < people.n; i++)
        if (people.rows[i].territory_id == shardara)
            population = people.rows[i].value;
    ok(hidden && hidden->hidden && !hidden->value.has && !hidden->n.has && !*hidden->value_text && !hidden->class_number,
       name(t, "seven disputes of a district are protected: no value, no number, no class"));
    ok(n_hidden >= 2, name(t, "and not alone, or the region's sum would tell"));
    const char *rate = arena_printf(t->cx.arena, "%.6g", SECRET * 10000.0 / population), *shown_rate = fmt_num(&t->cx, SECRET * 10000.0 / population, 1);
    const char *target = "/map?indicator=disputes&period=2024";
    const char *page = answer(t, PARTNER, ethnomap_get, target, false), *json = answer(t, PARTNER, ethnomap_get, target, true);
    const char *paper = answer(t, PARTNER, ethnomap_print_get, target, false), *svg = answer(t, PARTNER, ethnomap_picture_get, target, false);
    const char *csv = answer(t, PARTNER, ethnomap_export_get, "/map/export?indicator=disputes&period=2024&format=csv", false);
    ok(strstr(page, "class=\"protected\"") && strstr(page, "class-protected"), name(t, "the page says that it is protected, in table and legend"));
    ok(strstr(json, "\"protected\":true") != NULL, name(t, "so does the JSON"));
    ok(strstr(csv, "protected") != NULL, name(t, "and the export"));
    ok(strstr(svg, "protected") && strstr(svg, "<svg"), name(t, "and the picture"));
    const char *const faces[] = {page, json, paper, svg, csv};
    bool silent = true;
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++)
        silent &= !strstr(faces[i], rate) && !strstr(faces[i], arena_printf(t->cx.arena, ">%s<", shown_rate)) &&
                  !strstr(faces[i], arena_printf(t->cx.arena, ": %s<", shown_rate)) && !strstr(faces[i], "secret words");
    ok(silent, name(t, "none of them holds the rate, or a word of a case"));
    struct tiles_question q = {.layer = LAYER_UNITS, .lang = LANG_EN, .on_date = "2025-10-06", .indicator = "disputes", .period = "2024",
                               .permissions = PARTNER};
    bool told = false, found = false;
    for (uint32_t x = 21; x <= 22; x++)
        for (uint32_t y = 11; y <= 12; y++) {
            struct tt_tile *u = tile(t, &q, 0, Z, x, y, NULL);
            for (size_t i = 0; i < u->n; i++)
                if (u->f[i].id == (uint64_t)shardara) {
                    found = true;
                    told |= tt_get(&u->f[i], "value_text") != NULL || strcmp(tt_get(&u->f[i], "class"), "0") != 0 ||
                            strcmp(tt_get(&u->f[i], "protected"), "true") != 0;
                }
        }
    ok(found && !told, name(t, "the tile has neither value nor class of it"));
}

static void test_passport_protection(struct testdb *t)
{
    const char *json = passport_page(t, PARTNER, shardara, true), *page = passport_page(t, PARTNER, shardara, false);
    const char *all = "{\"period\":\"2024\",\"kind_code\":\"\",\"kind\":\"all kinds\",\"cases\":\"protected\"}";
    ok(strstr(json, all) != NULL, name(t, "the passport of the district protects the year"));
    ok(strstr(page, "<span class=\"protected\">") != NULL, name(t, "on its page too"));
    json = passport_page(t, STAFF, village, true);
    ok(strstr(json, all) != NULL, name(t, "three cases of a village are protected from staff as well"));
    run_sql(t, arena_printf(t->cx.arena,
                            "INSERT INTO composition (region_id, territory_id, on_date, community_code, "
                            "source_id, persons) VALUES"
                            " (61, %lld, '2030', 'kazakh', 5, 900), (61, %lld, '2030', 'uzbek', 5, 70), (61, "
                            "%lld, '2030', 'german', 5, 4),"
                            " (61, %lld, '2030', 'tatar', 5, 26)",
                            (long long)village, (long long)village, (long long)village, (long long)village));
    struct passport p;
    testdb_must(t, passport_load(&t->cx, village, "2025-10-06", PARTNER, NULL, NULL, 0, &p), "a passport");
    int hidden = 0;
    bool small = false;
    for (size_t i = 0; i < p.composition.n; i++) {
        hidden += p.composition.rows[i].hidden;
        small |= p.composition.rows[i].persons.has && p.composition.rows[i].persons.value < 10;
    }
    ok(p.composition.n == 4 && !small && hidden >= 2, name(t, "four people of a community are protected, and another community with them"));
    ok(strstr(passport_page(t, PARTNER, village, false), ">4<") == NULL, name(t, "the page does not say four"));
}

/* --- who sees what ---------------------------------------------------------------------------------- */

static void test_partners(struct testdb *t)
{
    const char *staff = passport_page(t, STAFF, village, false), *partner = passport_page(t, PARTNER, village, false);
    ok(strstr(staff, "meeting of the elders") && strstr(staff, "water is short"), name(t, "staff read visits and the reason for attention"));
    ok(!strstr(partner, "meeting of the elders") && !strstr(partner, "water is short") && !strstr(partner, "status-attention"),
       name(t, "partners do not"));
    ok(strstr(partner, "Who lives here") && strstr(partner, "Offences by year"), name(t, "but they read the aggregates"));
    ok(!strstr(partner, "/organisations/") && !strstr(partner, "/points/") && !strstr(partner, "/figures\""),
       name(t, "and find no link to what is not theirs"));
    ok(strstr(staff, "Add a figure") != NULL, name(t, "who may edit finds the form"));
    const uint64_t reader = BIT(PERM_MAP_READ) | BIT(PERM_REGISTRY_READ);
    ok(strstr(answer(t, reader, ethnomap_get, "/map?indicator=disputes", false), "There is no indicator") != NULL,
       name(t, "without the permission for counts there is no map of disputes"));
    struct tiles_question q = {.layer = LAYER_UNITS, .lang = LANG_EN, .on_date = "2025-10-06", .indicator = "disputes", .period = "2024",
                               .permissions = STAFF};
    uint64_t stamp;
    tile(t, &q, 0, Z, X, Y, &stamp);
    const void *data;
    size_t len;
    q.permissions = reader;
    is_int(tiles_get(&t->cx, &q, stamp, Z, X, Y, &data, &len, &stamp), ERR_NOT_FOUND, name(t, "nor a tile, even under the address of one who may"));
}

static void test_mix(struct testdb *t)
{
    struct map_model m;
    testdb_must(t, map_model_load(&t->cx, PARTNER, "mix", NULL, NULL, &m), "mix");
    const struct map_row *a = NULL, *one = NULL;
    for (size_t i = 0; i < m.units.n; i++) {
        if (m.units.rows[i].id == sairam)
            a = &m.units.rows[i];
        if (m.units.rows[i].value.has)
            one = &m.units.rows[i];
    }
    ok(a && a->value.has && a->value.value > 0.3 && a->value.value < 0.6, name(t, "how mixed a place is follows from its published shares"));
    ok(one && *one->source && *one->period, name(t, "with source and year"));
    ok(m.n_none > 0, name(t, "places without published composition say that there is not enough"));
}

static void cases(struct testdb *t)
{
    t->cx.translate = i18n_lookup;
    make_region(t);
    test_dates(t);
    test_classes(t);
    test_tiles(t);
    test_attention_marks(t);
    test_protection(t);
    test_passport_protection(t);
    test_partners(t);
    test_mix(t);
    tiles_forget();
}

int main(void)
{
    testdb_both(cases);
    return done();
}
