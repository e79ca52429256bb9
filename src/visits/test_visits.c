/* Visits and decisions about proposed places, on both engines. */
#include "testdb.h"

#include "base/str.h"
#include "base/time.h"
#include "visits/rules.h"

#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

enum { PLACE = 9001, RUN = 70, OLD_RUN = 69 };

static int world_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(db_exec(cx,
                "INSERT INTO territory (region_id, id, level, kind, kato, name_kk, name_ru, name_en, "
                "valid_from, valid_to) "
                "VALUES (61, 9001, 4, 'village', '615230100', 'Ауыл', 'Аул', 'Village', '2000-01-01', '')"));
    TRY(db_exec(cx,
                "INSERT INTO quarter_run (region_id, id, quarter, run_no, state, started_us, account_id) "
                "VALUES (61, 69, '2025-Q2', 1, 'superseded', 0, 0), (61, 70, '2025-Q2', 2, 'closed', 0, 0)"));
    return db_exec(cx, "INSERT INTO recommendation (region_id, run_id, id, territory_id, reason) "
                       "VALUES (61, 70, 1, 9001, '[]'), (61, 70, 2, 9001, '[]'), (61, 69, 1, 9001, '[]')");
}

static struct visit_by_id_row read_one(struct testdb *t, int64_t id)
{
    struct visit_by_id_row v;
    testdb_must(t, visit_by_id(&t->cx, 61, id, &v), "visit");
    return v;
}

static void test_life(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id, again;
    struct visit_new v = {PLACE, "2025-09-01", "Meeting"};
    testdb_must(t, visit_plan(cx, &v, &id), "plan");
    testdb_must(t, visit_plan(cx, &v, &again), "plan");
    OK_(id == again, "planning the same visit twice plans it once");
    v.on_date = "2025-02-30";
    OK_(visit_plan(cx, &v, &again) == ERR_INVALID, "a day that does not exist is refused");
    int64_t seen = read_one(t, id).version;
    struct visit_change c = {
        .id = id, .version = seen, .state = "done", .on_date = "2199-01-01", .summary = "Seen."};
    OK_(visit_change(cx, &c) == ERR_INVALID, "a visit has not taken place in the future");
    c.on_date = "2025-09-02";
    testdb_must(t, visit_change(cx, &c), "done");
    struct visit_by_id_row now = read_one(t, id);
    OK_(str_eq(now.state, "done") && str_eq(now.on_date, "2025-09-02") && str_eq(now.purpose, "Meeting") &&
            str_eq(now.summary, "Seen."),
        "a visit is recorded on the day it took place");
    c.state = "cancelled";
    OK_(visit_change(cx, &c) == ERR_CONFLICT, "a change from an old page is refused");
    c.version = now.version;
    OK_(visit_change(cx, &c) == ERR_CONFLICT && str_eq(read_one(t, id).state, "done"),
        "what took place is not cancelled");
    struct visit_last_list last;
    testdb_must(t, visit_last(cx, 61, PLACE, 5, &last), "last");
    OK_(last.n == 1 && last.rows[0].id == id, "a place knows its visits");
}

static void test_decisions(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id;
    struct visit_new v = {PLACE, "2025-10-10", "Proposed"};
    testdb_must(t, visit_accept(cx, RUN, 1, &v, &id), "accept");
    OK_(read_one(t, id).recommendation_id.value == 1 && str_eq(read_one(t, id).state, "planned"),
        "a place that is accepted gets a visit");
    OK_(visit_accept(cx, RUN, 1, &v, &id) == ERR_CONFLICT && visit_decline(cx, RUN, 1, "no") == ERR_CONFLICT,
        "a decision is made once");
    testdb_must(t, visit_decline(cx, RUN, 2, "The road is closed."), "decline");
    struct visit_proposed_list list;
    testdb_must(t, visit_proposed(cx, &(struct visit_proposed_in){61, RUN, "2025-10-01", 0}, &list), "list");
    bool kept = false;
    for (size_t i = 0; i < list.n; i++)
        kept |= list.rows[i].id == 2 && str_eq(list.rows[i].state, "declined") &&
                str_eq(list.rows[i].note, "The road is closed.");
    OK_(list.n == 2 && kept, "the reason of a refusal stays with the place");
    OK_(visit_accept(cx, OLD_RUN, 1, &v, &id) == ERR_CONFLICT,
        "a run that was superseded decides nothing any more");
    struct visit_counts_row n;
    testdb_must(t,
                visit_counts(cx,
                             &(struct visit_counts_in){
                                 .region_id = 61, .today = "2025-10-10", .from_day = "", .to_day = ""},
                             &n),
                "counts");
    OK_(n.planned == 1 && n.done == 1 && n.due == 1, "what was refused planned nothing");
}

static void test_reasons(struct testdb *t)
{
    struct visit_reasons r;
    testdb_must(t,
                visit_reasons_of(&t->cx,
                                 "[{\"code\":\"not_visited\",\"quarters\":3},{\"code\":\"below_region\","
                                 "\"share\":0.56,\"region\":0.71},"
                                 "{\"code\":\"drawn\"},{\"code\":\"of a later version\"}]",
                                 &r),
                "reasons");
    OK_(r.n == 3, "each known reason is a sentence, unknown ones are left out");
    is_str(r.rows[0], "Not visited for 3 quarters.", testdb_name(t, "with its figure"));
    is_str(r.rows[1], "In the district 56% see relations as friendly, in the region 71%.",
           testdb_name(t, "or both its figures"));
    OK_(visit_reasons_of(&t->cx, "[{", &r) == ERR_INVALID,
        "reasons that cannot be read are an error, not silence");
}

static void cases(struct testdb *t)
{
    testdb_must(t, db_tx(&t->cx, world_tx, NULL), "world");
    test_life(t);
    test_decisions(t);
    test_reasons(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
