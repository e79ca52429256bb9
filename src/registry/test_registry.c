/* The registry's tree by dates, its packs, search, names of places, figures and institution, on both engines. */
#include "testdb.h"

#include "base/fs.h"
#include "base/str.h"
#include "base/table.h"
#include "db/audit.h"
#include "geo/pack.h"
#include "registry/attention_sql.h"
#include "registry/bodies_edit_sql.h"
#include "registry/bodies.h"
#include "registry/classifier.h"
#include "registry/cli.h"
#include "registry/demo.h"
#include "registry/figures.h"
#include "registry/organisation_sql.h"
#include "registry/place_names.h"
#include "registry/points_sql.h"
#include "registry/registry.h"
#include "registry/search.h"
#include "registry/tree.h"

#define OK_(cond, what) ok((cond), testdb_name(t, (what)))
#define INT_(got, want, what) is_int((got), (want), testdb_name(t, (what)))
#define STR_(got, want, what) is_str((got), (want), testdb_name(t, (what)))

/* --- the tree ----------------------------------------------------------------------------------------------------- */

static const struct tree_place *by_name(const struct tree_rows *tree, const char *en)
{
    for (size_t i = 0; i < tree->n; i++)
        if (str_eq(tree->rows[i].name_en, en))
            return &tree->rows[i];
    return NULL;
}

static int64_t units(const struct tree_rows *tree)
{
    int64_t n = 0;
    for (size_t i = 0; i < tree->n; i++)
        n += tree->rows[i].level == LEVEL_UNIT;
    return n;
}

static void read_tree(struct testdb *t, const char *day, struct tree_rows *out)
{
    testdb_must(t, tree_read(&t->cx, 61, day, out), "tree");
}

static void test_tree(struct testdb *t)
{
    struct tree_rows tree;
    read_tree(t, "2018-01-01", &tree);
    INT_(units(&tree), 15, "South Kazakhstan region had 15 districts and cities in January 2018, Shymkent among them");
    OK_(!by_name(&tree, "Keles District") && !by_name(&tree, "Zhetysai District") && !by_name(&tree, "Sauran District"),
        "Keles, Zhetysai and Sauran were not yet split off");
    const struct tree_place *p = by_name(&tree, "Sayram District");
    OK_(p && str_eq(p->kato, "515200000") && p->code_approximate, "codes of that time begin with 51 and are marked as derived");
    p = by_name(&tree, "Saryagash District");
    int64_t before = p ? p->settlements : 0;
    read_tree(t, "2018-06-10", &tree);
    INT_(units(&tree), 17, "two districts more in June 2018");
    p = by_name(&tree, "Keles District");
    const struct tree_place *old = by_name(&tree, "Saryagash District");
    OK_(p && old && p->settlements > 0 && p->settlements + old->settlements == before,
        "the settlements of Keles came from Saryagash, none lost");
    read_tree(t, "2019-01-01", &tree);
    INT_(units(&tree), 16, "without Shymkent the region of 2019 has 16");
    p = by_name(&tree, "Sayram District");
    OK_(p && str_eq(p->kato, "615200000") && !p->code_approximate, "codes begin with 61");
    p = by_name(&tree, "Kentau City");
    before = p ? p->settlements : 0;
    read_tree(t, "2022-01-01", &tree);
    INT_(units(&tree), 17, "with Sauran there are 17");
    p = by_name(&tree, "Sauran District");
    old = by_name(&tree, "Kentau City");
    OK_(p && old && p->settlements + old->settlements == before, "the settlements of Sauran came from Kentau");
    int64_t orphans = 0;
    for (size_t i = 0; i < tree.n; i++)
        orphans += !tree.rows[i].parent_id.has;
    INT_(orphans, 0, "every place belongs to something");
}

static void test_regions(struct testdb *t)
{
    struct tree_rows tree;
    testdb_must(t, tree_read(&t->cx, 0, "2018-01-01", &tree), "regions");
    INT_(tree.n - 1, 16, "16 regions and cities of the republic in January 2018");
    OK_(by_name(&tree, "South Kazakhstan Region") && !by_name(&tree, "Turkistan Region"), "South Kazakhstan among them");
    testdb_must(t, tree_read(&t->cx, 0, "2019-01-01", &tree), "regions");
    INT_(tree.n - 1, 17, "17 in 2019");
    testdb_must(t, tree_read(&t->cx, 0, "2023-01-01", &tree), "regions");
    INT_(tree.n - 1, 20, "20 since June 2022");
    OK_(by_name(&tree, "Abay Region") && by_name(&tree, "Zhetysu Region") && by_name(&tree, "Ulytau Region"), "with the three new ones");
    int64_t now, then;
    testdb_must(t, registry_region_territory(&t->cx, "2025-01-01", &now), "region");
    testdb_must(t, registry_region_territory(&t->cx, "2018-01-01", &then), "region");
    INT_(now, registry_territory_id("610000000", 1), "the region of today is Turkistan");
    INT_(then, registry_territory_id("510000000", 1), "before June 2018 South Kazakhstan stands in its place");
    struct place_path path;
    testdb_must(t, registry_path(&t->cx, registry_territory_id("615500000", 1), "2022-01-01", &path), "path");
    OK_(path.n == 3 && path.steps[1].level == LEVEL_REGION && path.steps[2].level == LEVEL_REPUBLIC, "a path goes up to the republic");
}

/* --- all Kazakhstan ------------------------------------------------------------------------------------------------- */

static int load_tx(struct ctx *cx, void *pack)
{
    return registry_load_pack(cx, pack);
}

static void test_country(struct testdb *t)
{
    if (!fs_exists("../shared/data/kato")) {
        skip(testdb_name(t, "a pack of all Kazakhstan is loaded"), "../shared/data is not there");
        return;
    }
    struct pack_build_result built;
    struct buf *bytes = buf_new(t->cx.arena, (size_t)256 << 20);
    struct pack *p;
    testdb_must(t, pack_build(&t->cx, "../shared/data", "all", &built), "build");
    testdb_must(t, pack_write(&t->cx, built.main, bytes), "write");
    testdb_must(t, pack_open(&t->cx, bytes->data, bytes->len, &p), "open");
    testdb_must(t, db_tx(&t->cx, load_tx, p), "load");
    struct region_list_list regions;
    testdb_must(t, region_list(&t->cx, &regions), "regions");
    INT_(regions.n, 20, "all Kazakhstan has 20 regions");
    int64_t n = 0, places = 0;
    for (size_t i = 0; i < regions.n; i++) {
        struct tree_rows tree;
        testdb_must(t, tree_read(&t->cx, regions.rows[i].id, "2026-01-01", &tree), "tree");
        places += (int64_t)tree.n;
        for (size_t k = 0; k < tree.n; k++)
            n += tree.rows[k].level == LEVEL_UNIT && !str_starts(tree.rows[k].kato, "71") && !str_starts(tree.rows[k].kato, "75") &&
                 !str_starts(tree.rows[k].kato, "79");
    }
    OK_(n >= 185 && n <= 209, "their districts and cities are there");
    OK_(places > 15000, "and 15 thousand places, each under its own region");
    testdb_must(t, db_tx(&t->cx, load_tx, p), "load again");
    int64_t again = 0;
    for (size_t i = 0; i < regions.n; i++) {
        struct tree_rows tree;
        testdb_must(t, tree_read(&t->cx, regions.rows[i].id, "2026-01-01", &tree), "tree");
        again += (int64_t)tree.n;
    }
    INT_(again, places, "loading it again changes nothing");
}

/* --- search, names ---------------------------------------------------------------------------------------------------- */

static size_t found(struct testdb *t, const char *query, int64_t id)
{
    struct search_hits hits;
    testdb_must(t, registry_search(&t->cx, query, 100, &hits), "search");
    for (size_t i = 0; i < hits.n; i++)
        if (hits.rows[i].object_id == id)
            return i + 1;
    return 0;
}

static void test_search(struct testdb *t)
{
    int64_t kentau = registry_territory_id("612000000", 1), turkistan = registry_territory_id("611000000", 1);
    static const char *const SPELLINGS[] = {"кентау", "Kentau", "КЕНТАУ", "кент", "кентау қала", "612000000"};
    for (size_t i = 0; i < sizeof SPELLINGS / sizeof *SPELLINGS; i++)
        OK_(found(t, SPELLINGS[i], kentau) > 0, arena_printf(t->cx.arena, "\"%s\" finds Kentau", SPELLINGS[i]));
    OK_(found(t, "Туркестан", turkistan) && found(t, "Түркістан", turkistan), "the Russian name finds the same as the Kazakh one");
    OK_(found(t, "Чимкент", registry_territory_id("790000000", 1)), "a former name finds the place");
    OK_(!found(t, "кентау ауданы", kentau) && !found(t, "", kentau) && !found(t, "...", kentau), "every word counts; nothing finds nothing");
    OK_(found(t, "түркістан обл", registry_territory_id("610000000", 1)), "beginnings of several words meet in one name");
    struct search_hits hits;
    testdb_must(t, registry_search(&t->cx, "а", 10, &hits), "search");
    INT_(hits.n, 10, "no more than asked for are given");
}

static void test_names(struct testdb *t)
{
    struct place_names *names;
    struct place_match m;
    int64_t id;
    testdb_must(t, place_names_load(&t->cx, "2026-01-01", &names), "names");
    place_names_find(&t->cx, names, "Сайрам ауданы", "", &m);
    OK_(m.n == 1 && str_eq(m.rows[0].kato, "615200000"), "a whole name is understood");
    place_names_find(&t->cx, names, "Cайрам ауданы", "", &m); /* with a Latin C */
    OK_(m.n == 1 && str_eq(m.rows[0].kato, "615200000"), "with look-alike letters too");
    place_names_find(&t->cx, names, "Сайрамский район", "", &m);
    OK_(m.n == 1 && str_eq(m.rows[0].kato, "615200000"), "in Russian too");
    place_names_find(&t->cx, names, "Кентау қаласы", "", &m);
    OK_(m.n == 2 && m.shown == 2, "a name that two places bear gives both, and no answer");
    place_names_find(&t->cx, names, "612000000", "", &m);
    OK_(m.n == 1 && m.rows[0].level == LEVEL_UNIT, "a code is understood");
    OK_(place_names_need(&t->cx, names, "Жоқжер", &id) == ERR_INVALID && strstr(t->cx.err_text, "Жоқжер"), "an unknown name is named");
    size_t several = 0;
    struct tree_rows tree;
    read_tree(t, "2026-01-01", &tree);
    for (size_t i = 0; i < tree.n && !several; i++) {
        place_names_find(&t->cx, names, tree.rows[i].name_kk, "", &m);
        if (m.n < 2 || str_eq(m.rows[0].above, m.rows[1].above) || !*m.rows[0].above)
            continue;
        struct place_match narrowed;
        place_names_find(&t->cx, names, tree.rows[i].name_kk, m.rows[0].above, &narrowed);
        several = m.n;
        OK_(narrowed.n >= 1 && narrowed.n < m.n, arena_printf(t->cx.arena, "the district tells places of one name apart: %s", place_match_text(&t->cx, &m)));
    }
    OK_(several >= 2, "the region has places of one name in several districts");
}

/* --- figures ------------------------------------------------------------------------------------------------------------ */

static int read_text(struct testdb *t, const char *text, struct figures *f)
{
    struct figures_world w;
    struct table *table;
    testdb_must(t, figures_world_load(&t->cx, &w), "world");
    TRY(table_open_bytes(&t->cx, "figures.csv", text, strlen(text), NULL, &table));
    return figures_read(&t->cx, &w, table, "", f);
}

static int write_tx(struct ctx *cx, void *f)
{
    return figures_write(cx, f);
}

static double population_of(struct testdb *t, int64_t place, const char *period, const char *source)
{
    struct observation_of_place_list list;
    testdb_must(t, observation_of_place(&t->cx, 61, place, &list), "observations");
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.rows[i].code, "population") && str_eq(list.rows[i].period, period) && str_eq(list.rows[i].source_kk, source))
            return list.rows[i].value;
    return NAN;
}

static void test_figures(struct testdb *t)
{
    struct figures f;
    testdb_must(t, read_text(t, "kato;indicator;period;value;source\n611000000;population;2025;201 000;Letter 7\n"
                                "615200000;Халық саны;01.07.2025;230000;Letter 7\n", &f), "figures");
    OK_(f.rows.n == 2 && !f.n_bad && !f.composition, "good rows are good");
    STR_(f.rows.n == 2 ? f.rows.rows[1].period : "", "2025-07-01", "a date of the country's form is understood");
    testdb_must(t, db_tx(&t->cx, write_tx, &f), "write");
    is_num(population_of(t, registry_territory_id("611000000", 1), "2025", "Letter 7"), 201000, 0, testdb_name(t, "and are written with their source"));
    testdb_must(t, read_text(t, "kato;population;period;source\n611000000;202000;2025;Letter 7\n", &f), "figures");
    testdb_must(t, db_tx(&t->cx, write_tx, &f), "write");
    is_num(population_of(t, registry_territory_id("611000000", 1), "2025", "Letter 7"), 202000, 0, testdb_name(t, "the same figure again replaces it"));

    testdb_must(t,
                read_text(t,
                          "place,indicator,period,value,source\nСайрам "
                          "ауданы,population,2025,12x,L\nЖоқжер,population,2025,5,L\n"
                          "Сайрам ауданы,nonsense,2025,5,L\nСайрам ауданы,population,2199,5,L\nСайрам "
                          "ауданы,population,2025,5,\n"
                          "Кентау қаласы,population,2025,5,L\nCайрам ауданы,population,2025,5.5,L\n"
                          "Сайрам ауданы,population,2025,5,L\nСайрам ауданы,population,2025,6,L\n",
                          &f),
                "figures");
    static const struct { int64_t line; const char *column; } WANT[] = {
        {2, "value"}, {3, "place"}, {4, "indicator"}, {5, "period"}, {6, "source"}, {7, "place"}, {8, "value"}, {10, "indicator"}};
    OK_(f.problems.n == 8 && f.n_bad == 8 && f.rows.n == 1, "each wrong row is found, the good one kept");
    for (size_t i = 0; i < f.problems.n && i < 8; i++)
        OK_(f.problems.rows[i].line == WANT[i].line && str_eq(f.problems.rows[i].column, WANT[i].column) && *f.problems.rows[i].expected,
            arena_printf(t->cx.arena, "line %lld, column %s is named with what is expected", (long long)WANT[i].line, WANT[i].column));
    OK_(f.mends.n == 1 && f.mends.rows[0].line == 8, "the look-alike letter is shown");

    testdb_must(t, read_text(t, "kato;community;period;share;source\n615200000;uzbek;2024;0,6;C\n615200000;қазақтар;2024;0.3;C\n"
                                "615200000;russian;2024;0.2;C\n615200000;martian;2024;0.01;C\n615200000;other;2024;1.2;C\n", &f), "composition");
    OK_(f.composition && f.rows.n == 2 && f.n_bad == 3, "shares above the whole, unknown communities and shares above one are refused");
    testdb_must(t, db_tx(&t->cx, write_tx, &f), "write");
    struct composition_published_list shares;
    testdb_must(t, composition_published(&t->cx, 61, registry_territory_id("615200000", 1), &shares), "composition");
    bool there = false;
    for (size_t i = 0; i < shares.n; i++)
        there |= str_eq(shares.rows[i].community_code, "uzbek") && shares.rows[i].share.has && fabs(shares.rows[i].share.value - 0.6) < 1e-9;
    OK_(there, "the composition is written");
    OK_(read_text(t, "a;b\n1;2\n", &f) == ERR_INVALID, "a file without the needed columns is refused");
    OK_(read_text(t, "kato;population;period;source\n", &f) == ERR_INVALID, "so is one without rows");
    testdb_must(t, read_text(t, "kato;population;period;source\n611000000;1;2025;L\n611000000;1;2025;L;more;cells\n", &f), "broken");
    OK_(f.broken && f.n_bad == 1, "a file that breaks off half-way says so and may not be written");
}

/* --- institution, attention, points ---------------------------------------------------------------------------------------- */

static int64_t posts_on(struct testdb *t, const char *day, const char *category)
{
    struct staff_by_category_list list;
    int64_t n = 0;
    testdb_must(t, staff_by_category(&t->cx, 61, day, &list), "posts");
    for (size_t i = 0; i < list.n; i++)
        if (!category || str_eq(list.rows[i].category, category))
            n += list.rows[i].posts;
    return n;
}

static int64_t bodies(struct testdb *t, const char *kind, const char *level)
{
    struct organisation_list_list list;
    int64_t n = 0;
    testdb_must(t, organisation_list(&t->cx, 61, kind, "2025-10-06", &list), "bodies");
    for (size_t i = 0; i < list.n; i++)
        n += !level || str_eq(list.rows[i].level, level);
    return n;
}

static int put_contact(struct ctx *cx, int64_t body, const char *day, const char *phone)
{
    return body_contact_put(cx, &(struct body_contact_put_in){61, body, day, phone, "Abai street 1", 0, 1}, NULL);
}

static int contacts_tx(struct ctx *cx, void *arg)
{
    const struct organisation_list_list *branches = arg;
    int64_t body = branches->rows[0].id;
    TRY(put_contact(cx, body, "2024-01-01", "1-11"));
    TRY(put_contact(cx, body, "2025-01-01", "2-22"));
    TRY(put_contact(cx, body, "2025-01-01", "3-33"));
    return body_contact_pass_on(cx, &(struct body_contact_pass_on_in){61, body, branches->rows[1].id, "2024-06-01"}, NULL);
}

/* How a body is reached holds from its day on, and passes to the successor as it was on that day. */
static void test_contacts(struct testdb *t)
{
    struct organisation_list_list branches;
    struct body_contacts_list list;
    testdb_must(t, organisation_list(&t->cx, 61, "branch", "2025-10-06", &branches), "branches");
    testdb_must(t, db_tx(&t->cx, contacts_tx, &branches), "contacts");
    testdb_must(t, body_contacts(&t->cx, 61, branches.rows[0].id, &list), "contacts");
    INT_(list.n, 2, "a second entry of the same day takes the place of the first");
    OK_(str_eq(list.rows[0].office_phone, "3-33") && str_eq(list.rows[1].office_phone, "1-11"), "the one before stays on record");
    testdb_must(t, body_contacts(&t->cx, 61, branches.rows[1].id, &list), "contacts");
    OK_(list.n == 1 && str_eq(list.rows[0].office_phone, "1-11") && str_eq(list.rows[0].valid_from, "2024-06-01"),
        "a successor is reached as its predecessor was on that day");
}

static void test_institution(struct testdb *t)
{
    INT_(posts_on(t, "2014-06-01", NULL), 24, "24 posts in 2014");
    INT_(posts_on(t, "2015-12-31", NULL), 71, "71 posts in 2015");
    INT_(posts_on(t, "2025-10-06", NULL), 104, "104 posts now");
    INT_(posts_on(t, "2025-10-06", "region"), 45, "45 of them in the region");
    INT_(posts_on(t, "2025-10-06", "branch"), 29, "29 in the branches");
    INT_(posts_on(t, "2025-10-06", "maintenance"), 30, "30 for maintenance");
    INT_(bodies(t, "department", NULL), 5, "five departments");
    INT_(bodies(t, "branch", NULL), 9, "nine branches");
    INT_(bodies(t, "structure", NULL), 6, "six public structures");
    INT_(bodies(t, "association", NULL), 19, "19 associations");
    INT_(bodies(t, "association", "region"), 11, "11 of the region");
    INT_(bodies(t, "association", "city"), 2, "2 of cities");
    INT_(bodies(t, "association", "district"), 5, "5 of districts");
    INT_(bodies(t, "association", "village"), 1, "1 of a village");
    struct attention_page_list list;
    testdb_must(t, attention_page(&t->cx, 61, "2025-10-06", &list), "attention");
    INT_(list.n, 62, "62 settlements under attention");
    bool whole = true;
    for (size_t i = 0; i < list.n; i++)
        whole &= list.rows[i].demo && list.rows[i].unit_id.has && *list.rows[i].reason_kk;
    OK_(whole, "each with unit and reason, marked as the demonstration's choice");
}

static int points_tx(struct ctx *cx, void *arg)
{
    int64_t changed = 0;
    TRY(points_choose(cx, arg, &changed));
    return changed ? OK : fail(cx, ERR_CONFLICT, "changed");
}

static void test_points(struct testdb *t)
{
    struct points_queue_list before, after;
    testdb_must(t, points_queue(&t->cx, 61, "2026-01-01", &before), "queue");
    OK_(before.n > 0, "some settlements wait for a point");
    struct points_candidates_list c;
    testdb_must(t, points_candidates(&t->cx, 61, before.rows[0].id, &c), "candidates");
    OK_(c.n == (size_t)before.rows[0].candidates && c.n > 1, "each with its possible points");
    struct territory_by_id_row place;
    testdb_must(t, territory_by_id(&t->cx, 61, before.rows[0].id, &place), "place");
    struct points_choose_in in = {61, place.id, place.version, c.rows[1].lon, c.rows[1].lat, opt_int(c.rows[1].source_id)};
    INT_(db_tx(&t->cx, points_tx, &in), OK, "a person chooses one");
    INT_(db_tx(&t->cx, points_tx, &in), ERR_CONFLICT, "who saw an older state does not overwrite it");
    testdb_must(t, points_queue(&t->cx, 61, "2026-01-01", &after), "queue");
    INT_(after.n, before.n - 1, "the queue is one shorter");
    testdb_must(t, registry_load_embedded_packs(&t->cx), "packs again");
    testdb_must(t, territory_by_id(&t->cx, 61, place.id, &place), "place");
    OK_(str_eq(place.point_status, "chosen") && place.lon.value == c.rows[1].lon, "loading the packs again leaves the choice");
}

static int demo_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(registry_load_classifiers(cx));
    return registry_demo(cx);
}

static void cases(struct testdb *t)
{
    testdb_must(t, db_tx(&t->cx, demo_tx, NULL), "demonstration");
    test_tree(t);
    test_regions(t);
    test_search(t);
    test_names(t);
    test_figures(t);
    test_institution(t);
    test_contacts(t);
    test_points(t);
    test_country(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
