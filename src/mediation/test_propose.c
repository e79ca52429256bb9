/* Who is proposed as mediator of a case: the order by each fact, alone and against the others; who is set aside. On both
 * engines. */
#include "mediation/propose.h"
#include "mediation/test_case.h"

struct sql_job {
    const char *sql;
};
static int sql_tx(struct ctx *cx, void *arg)
{
    return db_exec(cx, ((struct sql_job *)arg)->sql);
}
static void sql(struct testdb *t, const char *text)
{
    testdb_must(t, db_tx(&t->cx, sql_tx, &(struct sql_job){text}), text);
}

static struct propose_list proposed, set_aside;
static struct dispute_by_id_row seen;

static void propose_for(struct testdb *t, int64_t id, const char *const *langs, size_t n_langs)
{
    struct vault v;
    bool found;
    t->cx.err = OK;
    testdb_must(t, dispute_by_id(&t->cx, 61, id, &seen, &found), "read");
    testdb_must(t, vault_open(&t->cx, &AS_CLERK, &seen, &v), "open");
    testdb_must(t,
                propose_mediators(&t->cx, &seen, &v, date_text(t->cx.arena, date_today(NULL)), langs, n_langs, &proposed,
                                  &set_aside),
                "propose");
}

/* The proposal as "502 501": who, in which order. */
static const char *order(struct testdb *t, int64_t id, const char *lang)
{
    const char *out = "";
    propose_for(t, id, &lang, lang != NULL);
    for (size_t i = 0; i < proposed.n; i++)
        out = arena_printf(t->cx.arena, "%s%s%lld", out, i ? " " : "", (long long)proposed.rows[i].id);
    return out;
}

static const struct propose_row *row(int64_t mediator)
{
    for (size_t i = 0; i < proposed.n; i++)
        if (proposed.rows[i].id == mediator)
            return &proposed.rows[i];
    die("mediator %lld is not proposed", (long long)mediator);
}

static int64_t waiting(struct testdb *t, const char *key)
{
    int64_t id = file_dispute(t, BRANCH, key, "2025-07-02");
    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    return id;
}

#define ORDER(want, lang, what) is_str(order(t, id, lang), want, testdb_name(t, what))

/* Cases 1, 2 ...: with two equals the odd ones begin with the second. */
static void test_turns(struct testdb *t)
{
    int64_t id = waiting(t, "key-1"), next = waiting(t, "key-2");
    ORDER("502 501", NULL, "case 1 begins with one of two equals; one who has left the register is absent");
    ORDER("502 501", NULL, "and does so whenever it is looked at");
    is_str(order(t, next, NULL), "501 502", testdb_name(t, "case 2 begins with the other"));
    OK_(!row(FIRST)->km.has && !row(FIRST)->full && !*row(FIRST)->assigned_on && !*row(FIRST)->fits,
        "what is not known of them is not made up");
}

static void test_language(struct testdb *t, int64_t id)
{
    sql(t, "UPDATE mediator SET languages = 'kk uz' WHERE id = 501");
    sql(t, "UPDATE mediator SET languages = 'kk ru' WHERE id = 502");
    ORDER("501 502", "uz", "who knows the language of the sides comes first");
    OK_(str_eq(row(SECOND)->missing, "Uzbek") && !*row(FIRST)->missing, "and what the other does not know is said");
    ORDER("502 501", "ru", "each by the language that is asked for");
    sql(t, "UPDATE mediator SET fields = 'livestock' WHERE id = 502");
    ORDER("501 502", "uz", "the language goes before the field");
    sql(t, "UPDATE mediator SET fields = '' WHERE id = 502");
}

static void test_field(struct testdb *t, int64_t id)
{
    static const char *const FIELDS[] = {"отбасы, мал және егін", "споры о скоте, потрава", "Livestock; water"};
    static const char *const FITS[] = {"мал", "потрава", "Livestock"};
    for (size_t i = 0; i < 3; i++) {
        sql(t, arena_printf(t->cx.arena, "UPDATE mediator SET fields = '%s' WHERE id = 501", FIELDS[i]));
        ORDER("501 502", NULL, "whose field fits comes first, in whatever language it is written");
        is_str(row(FIRST)->fits, FITS[i], testdb_name(t, "the words that fit are shown, those that only join words not"));
    }
    sql(t, "INSERT INTO dispute (region_id, id, number, once_key, territory_id, unit_id, occurred_on, quarter, filed_us, filed_by, "
           "kind_code, channel, summary, state, mediator_id) VALUES "
           "(61, 900, '2025-9000', 'load', 101, 100, '2020-01-01', '2020-Q1', 1, 0, 'water', 'visit', '', 'sessions', 501)");
    ORDER("501 502", NULL, "the field goes before the load");
    sql(t, "UPDATE mediator SET fields = 'еңбек' WHERE id = 501");
    ORDER("502 501", NULL, "a field of another kind does not count");
    OK_(!*row(FIRST)->fits && row(FIRST)->open_cases == 1, "then the load does");
}

/* The first has one open case. */
static void test_load(struct testdb *t, int64_t id)
{
    sql(t, "UPDATE mediator SET capacity = 4 WHERE id = 502");
    sql(t, "INSERT INTO dispute (region_id, id, number, once_key, territory_id, unit_id, occurred_on, quarter, filed_us, filed_by, "
           "kind_code, channel, summary, state, mediator_id) VALUES "
           "(61, 901, '2025-9001', 'load2', 101, 100, '2020-01-01', '2020-Q1', 1, 0, 'water', 'visit', '', 'sessions', 502)");
    ORDER("501 502", NULL, "one case of eight is less than one of four");
    sql(t, "UPDATE mediator SET capacity = 1, languages = 'kk uz', fields = 'livestock' WHERE id = 501");
    ORDER("502 501", "uz", "whoever has all the cases agreed to comes last, whatever else speaks for him");
    OK_(row(FIRST)->full && !row(SECOND)->full, "and that is said");
    sql(t, "UPDATE dispute SET mediator_id = NULL WHERE id IN (900, 901)");
    sql(t, "UPDATE mediator SET capacity = 8, languages = 'kk ru', fields = ''");
    ORDER("502 501", NULL, "cases that are in other hands do not count");
}

static void test_distance(struct testdb *t, int64_t id)
{
    sql(t, "UPDATE territory SET lon = 68.0, lat = 43.0 WHERE id = 100");
    sql(t, "UPDATE territory SET lon = 68.0, lat = 44.0 WHERE id = 200");
    sql(t, "UPDATE mediator SET territory_id = 100 WHERE id = 501");
    ORDER("501 502", NULL, "whose district is not known comes behind one whose is");
    sql(t, "UPDATE mediator SET territory_id = 200 WHERE id = 502");
    ORDER("501 502", NULL, "the nearer one comes first");
    OK_(row(FIRST)->km.has && row(FIRST)->km.value == 0 && row(SECOND)->km.value == 111,
        "a degree of latitude is 111 km; a place without a point stands for its district");
    sql(t, "UPDATE territory SET lon = 68.0, lat = 43.9 WHERE id = 101");
    ORDER("502 501", NULL, "the point of the place itself goes before that of its district");
    OK_(row(FIRST)->km.value == 100 && row(SECOND)->km.value == 11, "in whole kilometres");
    sql(t, "UPDATE territory SET lon = NULL, lat = NULL WHERE id = 100");
    ORDER("501 502", NULL, "a district without a point is in the middle of its settlements");
    OK_(row(FIRST)->km.value == 0 && row(SECOND)->km.value == 11, "here of its only one");
    sql(t, "INSERT INTO territory (region_id, id, level, kind, kato, name_kk, name_ru, name_en, lon, lat, point_status) VALUES "
           "(61, 102, 4, 'village', '611010200', 'А', 'А', 'A', 68.0, 42.9, 'sure'), "
           "(61, 103, 4, 'village', '611010300', 'Б', 'Б', 'B', 68.0, 10.0, 'ambiguous')");
    sql(t, "INSERT INTO territory_parent (region_id, territory_id, valid_from, valid_to, parent_id) VALUES "
           "(61, 102, '', '', 100), (61, 103, '', '', 100)");
    ORDER("502 501", NULL, "of those whose point is sure");
    OK_(row(FIRST)->km.value == 56, "half a degree from the middle of two that are one apart");
    sql(t, "UPDATE mediator SET capacity = 8, territory_id = 100");
    ORDER("502 501", NULL, "equally far, they take turns again");
}

static void test_waiting(struct testdb *t, int64_t id)
{
    int64_t had = waiting(t, "key-3");
    on_day("2025-07-06");
    testdb_must(t, assign(t, had, SECOND, "no", NULL), "assign");
    testdb_must(t, step(t, &AS_CLERK, had, "refuse_both", "", ""), "refuse");
    ORDER("501 502", NULL, "with equal loads who has waited longest comes first");
    is_str(row(SECOND)->assigned_on, "2025-07-06", testdb_name(t, "the day of the latest assignment is shown"));
    int64_t later = waiting(t, "key-4");
    on_day("2025-07-07");
    testdb_must(t, assign(t, later, FIRST, "no", NULL), "assign");
    testdb_must(t, step(t, &AS_CLERK, later, "refuse_both", "", ""), "refuse");
    ORDER("502 501", NULL, "one who was assigned yesterday goes before one of today");
    on_day("2027-07-20");
    ORDER("502 501", NULL, "after two years neither is held against them");
    OK_(!*row(FIRST)->assigned_on && !*row(SECOND)->assigned_on, "and no day is shown");
    on_day("2025-07-08");
}

static void test_ties(struct testdb *t, int64_t id)
{
    struct case_values v = NO_VALUES;
    const char *ties;
    struct vault open;
    bool refused = false;
    sql(t, "INSERT INTO mediator (region_id, id, name, kind, valid_from, valid_to) VALUES "
           "(61, 504, 'Mediator Three', 'public', '2025-08-01', ''), (61, 505, 'Mediator Four', 'public', '2023-01-01', '2025-07-08')");
    ORDER("502 501", NULL, "who is in the register only from later on, or until today, is absent");
    v.mediator_id = opt_int(SECOND);
    v.tie_kin = v.tie_state = "yes";
    v.tie_work = v.tie_help = v.tie_body = "no";
    t->cx.err = OK;
    testdb_must(t, case_take_step(&t->cx, &AS_CLERK, id, "assign", &v, &refused), "tie");
    OK_(refused, "a tie is declared");
    ORDER("501", NULL, "who declared a tie is not proposed any more");
    OK_(set_aside.n == 1 && set_aside.rows[0].id == SECOND &&
            str_eq(set_aside.rows[0].aside, "declared earlier in this case: kinship with a side, a state function"),
        "but stands aside with the reason");
    testdb_must(t, vault_open(&t->cx, &AS_CLERK, &seen, &open), "open");
    testdb_must(t, propose_tie_of(&t->cx, &open, FIRST, &ties), "ties");
    OK_(!*ties, "the other has none");
    OK_(assign(t, id, SECOND, "no", &refused) == ERR_INVALID && strstr(t->cx.err_text, "kinship"),
        "and cannot be assigned by another answer");
    int64_t other = waiting(t, "key-5");
    t->cx.err = OK;
    propose_for(t, other, NULL, 0);
    OK_(proposed.n == 2 && !set_aside.n, "in another case the tie says nothing");
    testdb_must(t, assign(t, id, FIRST, "no", &refused), "assign");
    propose_for(t, id, NULL, 0);
    OK_(proposed.n == 1 && row(FIRST)->present && row(FIRST)->open_cases == 1, "who has the case is told apart");
}

/* The database alone does not tell whom a tie was about. */
static void test_sealed(struct testdb *t, int64_t id)
{
    struct dispute_event_list_list events;
    size_t ties = 0, open = 0;
    testdb_must(t, dispute_event_list(&t->cx, 61, id, &events), "events");
    for (size_t i = 0; i < events.n; i++)
        if (str_eq(events.rows[i].action, "tie")) {
            struct bytes b = events.rows[i].sealed;
            const char *who = id_text(t->cx.arena, SECOND);
            ties++;
            open += *events.rows[i].note || !b.data || memmem(b.data, b.len, who, strlen(who)) != NULL;
        }
    OK_(ties == 1 && !open, "whom a tie was about is sealed");
}

static void cases(struct testdb *t)
{
    on_day("2025-07-05");
    fixture(t);
    test_turns(t);
    struct dispute_by_number_row first;
    bool found;
    testdb_must(t, dispute_by_number(&t->cx, 61, "2025-0001", &first, &found), "find");
    test_language(t, first.id);
    sql(t, "UPDATE mediator SET languages = 'kk ru'");
    test_field(t, first.id);
    test_load(t, first.id);
    test_distance(t, first.id);
    test_waiting(t, first.id);
    test_ties(t, first.id);
    test_sealed(t, first.id);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
