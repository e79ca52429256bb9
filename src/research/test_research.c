/* test_research.c - the survey in the database, on both engines: the demonstration, weights, whole imports or
 * none, protection. */
#include "testdb.h"

#include "base/csv.h"
#include "base/str.h"
#include "base/time.h"
#include "registry/registry.h"
#include "research/demo.h"
#include "research/distribution.h"
#include "research/export.h"
#include "research/import.h"
#include "research/research.h"
#include "setting/setting.h"

#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

/* The file of the demonstration's last quarter: changes here mean that everybody's figures change. */
static const char DEMO_HASH[] = "2d99de843f983a453708fb4a0b1331e83aa4f5f1f95ff78999f36ec55a830f48";

static int fill_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(registry_module.seed(cx));
    TRY(registry_module.demo(cx));
    TRY(research_module.seed(cx));
    return research_module.demo(cx);
}

static int seed_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    return research_module.seed(cx);
}

static int sql_tx(struct ctx *cx, void *sql)
{
    return db_exec(cx, *(const char **)sql);
}

static void run_sql(struct testdb *t, const char *sql)
{
    testdb_must(t, db_tx(&t->cx, sql_tx, &sql), sql);
}

static int64_t round_id(struct testdb *t, const char *quarter)
{
    struct round_of_quarter_row round;
    bool found;
    testdb_must(t, research_round(&t->cx, quarter, &round, &found), "round");
    return found ? round.id : 0;
}

static int64_t interviews(struct testdb *t, const char *quarter)
{
    struct research_coverage c;
    testdb_must(t, research_coverage(&t->cx, quarter, &c), "coverage");
    return c.answers;
}

/* --- the demonstration ---------------------------------------------------------------------------- */

/* Does every stratum's weight add up to its adults? */
static bool weights_add_up(struct testdb *t, const char *quarter)
{
    struct ctx *cx = &t->cx;
    struct response_list_list all;
    struct frame f;
    bool good = true;
    testdb_must(t, frame_of_round(cx, round_id(t, quarter), &f), "frame");
    testdb_must(t, response_list(cx, 61, round_id(t, quarter), &all), "responses");
    for (size_t s = 0; s < f.n; s++) {
        double sum = 0;
        for (size_t i = 0; i < all.n; i++)
            if (str_eq(all.rows[i].stratum, f.rows[s].code))
                sum += all.rows[i].weight;
        good &= !f.rows[s].answers || fabs(sum - (double)f.rows[s].population) < 1e-6 * sum;
    }
    return good && all.n > 0;
}

static void test_demo(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct round_list_list rounds;
    struct import_list_list imports;
    struct research_coverage c;
    testdb_must(t, db_tx(cx, fill_tx, NULL), "demonstration");
    testdb_must(t, round_list(cx, 61, &rounds), "rounds");
    OK_(rounds.n == 8 && str_eq(rounds.rows[0].quarter, "2025-Q3") &&
            str_eq(rounds.rows[7].quarter, "2023-Q4"),
        "the demonstration has eight quarters");
    bool full = true;
    for (size_t i = 0; i < rounds.n; i++)
        full &=
            rounds.rows[i].answers >= 1050 && rounds.rows[i].answers <= 1150 && rounds.rows[i].units == 17;
    OK_(full, "each has about 1,100 interviews in all 17 districts and cities");
    testdb_must(t, research_coverage(cx, "2025-Q3", &c), "coverage");
    bool enough = c.n == 17;
    for (size_t i = 0; i < c.n; i++)
        enough &= c.rows[i].answers >= 60 && c.rows[i].clusters >= 12;
    OK_(enough, "each of them has 60 interviews from 12 clusters at least");
    testdb_must(t, import_list(cx, 61, round_id(t, "2025-Q3"), &imports), "imports");
    if (imports.n && !str_eq(imports.rows[0].file_hash, DEMO_HASH))
        printf("# %s\n", imports.rows[0].file_hash);
    OK_(imports.n == 1 && str_eq(imports.rows[0].file_hash, DEMO_HASH),
        "the demonstration's answers are always the same");
    OK_(weights_add_up(t, "2025-Q3"), "weights add up to the adults of every stratum");
    testdb_must(t, db_tx(cx, seed_tx, NULL), "seed again");
    struct questionnaire *q;
    testdb_must(t, questionnaire_on(cx, "2025-09-30", &q), "questionnaire");
    OK_(q->n == 38 && questionnaire_question(q, "a6")->sensitive &&
            questionnaire_question(q, "h1")->most == 3,
        "seeding again changes nothing; the questionnaire has all its questions");
    OK_(questionnaire_on(cx, "2020-01-01", &q) == ERR_NOT_FOUND, "before its day no questionnaire is valid");
}

/* --- importing ------------------------------------------------------------------------------------ */

struct attempt {
    struct research_import_in in;
    int64_t id;
};

static int import_tx(struct ctx *cx, void *arg)
{
    struct attempt *a = arg;
    return research_import(cx, &a->in, &a->id);
}

static int import_text(struct testdb *t, const char *quarter, const char *text, bool good_rows)
{
    struct attempt a = {.in = {.quarter = quarter, .good_rows = good_rows}};
    struct answers *answers;
    TRY(research_check(&t->cx, quarter, "t.csv", text, strlen(text), NULL, &answers));
    a.in.answers = answers;
    return db_tx(&t->cx, import_tx, &a);
}

#define HEAD "stratum,psu,unit,A1,A2,B1\n"
#define SAIRAM "615200000-r,p1,615200000,"

static void test_import(struct testdb *t)
{
    static const char GOOD[] = HEAD SAIRAM "m,18-29,friendly\n" SAIRAM "f,60+,worse\n";
    static const char MIXED[] = HEAD SAIRAM "m,18-29,friendly\n" SAIRAM "x,60+,worse\n";
    struct ctx *cx = &t->cx;
    OK_(import_text(t, "2026-Q1", MIXED, false) == ERR_INVALID && strstr(cx->err_text, "1 of 2 rows"),
        "a file with a wrong row is refused");
    OK_(!round_id(t, "2026-Q1") && interviews(t, "2026-Q1") == 0,
        "and nothing at all is written, no fieldwork either");
    OK_(import_text(t, "2026-Q1", MIXED, true) == OK && interviews(t, "2026-Q1") == 1,
        "its good rows are taken when that is said");
    OK_(import_text(t, "2026-Q1", MIXED, true) == ERR_CONFLICT && strstr(cx->err_text, "loaded before"),
        "the same file is not taken twice");
    OK_(interviews(t, "2026-Q1") == 1, "and a refused file leaves what was there");
    OK_(import_text(t, "2026-Q1", GOOD, false) == OK && interviews(t, "2026-Q1") == 3 &&
            weights_add_up(t, "2026-Q1"),
        "a second file is added, and the weights follow");
    OK_(import_text(t, "2026-Q1", "stratum,psu,unit,A1,A2,B1,weight\n" SAIRAM "m,18-29,dk,3\n", false) ==
            ERR_CONFLICT,
        "weights of a file and computed ones are not mixed");
    OK_(import_text(t, "2026-Q9", GOOD, false) == ERR_INVALID && strstr(cx->err_text, "2026-Q9"),
        "a quarter that is none is refused");
    OK_(import_text(t, "2020-Q1", GOOD, false) == ERR_NOT_FOUND, "so is a quarter without a questionnaire");
    OK_(import_text(t, "2027-Q1", GOOD, false) == ERR_INVALID && strstr(cx->err_text, "not begun"),
        "and one that has not begun");
    run_sql(t, "INSERT INTO quarter_run (region_id, id, quarter, run_no, state, started_us, account_id) "
               "VALUES (61, 5, '2026-Q1', 1, 'closed', 0, 0)");
    OK_(import_text(t, "2026-Q1", HEAD SAIRAM "f,30-44,dk\n", false) == ERR_CONFLICT &&
            strstr(cx->err_text, "closed"),
        "a closed quarter takes no more answers");
    run_sql(t, "UPDATE quarter_run SET state = 'superseded' WHERE region_id = 61 AND id = 5");
    OK_(import_text(t, "2026-Q1", HEAD SAIRAM "f,30-44,dk\n", false) == OK, "one that was opened again does");
}

static int remove_tx(struct ctx *cx, void *id)
{
    return research_import_remove(cx, "2026-Q1", *(int64_t *)id);
}

static void test_remove_and_export(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct import_list_list imports;
    testdb_must(t, import_list(cx, 61, round_id(t, "2026-Q1"), &imports), "imports");
    testdb_must(t, db_tx(cx, remove_tx, &imports.rows[0].id), "remove");
    OK_(interviews(t, "2026-Q1") == 3 && weights_add_up(t, "2026-Q1"),
        "a file is taken out again, and the weights follow");
    struct buf *out = buf_new(cx->arena, 0);
    int64_t rows;
    testdb_must(t, research_export(cx, "2025-Q3", out, &rows), "export");
    OK_(rows > 1000 && !strstr(out->data, ",A6") && !strstr(out->data, "kazakh") &&
            strstr(out->data, ",weight,A1"),
        "the export leaves sensitive questions out");
    struct answers *a;
    testdb_must(t, research_check(cx, "2026-Q2", "again.csv", out->data, out->len, NULL, &a), "check");
    OK_(a->n_errors == 0 && (int64_t)a->rows.n == rows && a->weighted, "what is exported can be imported");
    buf_reset(out);
    testdb_must(t, research_export(cx, "2026-Q3", out, &rows), "template");
    OK_(rows == 0 && strstr(out->data, "stratum,psu,unit,A1,") && strstr(out->data, "A6"),
        "a quarter without answers gives the empty file to fill");
}

/* --- what is shown -------------------------------------------------------------------------------- */

static void test_distribution(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct questionnaire *q;
    struct distribution d;
    testdb_must(t, questionnaire_on(cx, "2025-09-30", &q), "questionnaire");
    testdb_must(t, research_distribution(cx, round_id(t, "2025-Q3"), questionnaire_question(q, "b1"), &d),
                "B1");
    double sum = 0;
    bool inside = true;
    for (size_t i = 0; i < d.list.n; i++)
        if (d.list.rows[i].share.has) {
            sum += d.list.rows[i].share.value;
            inside &= d.list.rows[i].lower.value < d.list.rows[i].share.value &&
                      d.list.rows[i].share.value < d.list.rows[i].upper.value;
        }
    OK_(!d.refused && d.list.n == 4 && fabs(sum - 1) < 1e-9 && inside,
        "the shares of a question add up and lie within their intervals");
    testdb_must(t, research_distribution(cx, round_id(t, "2025-Q3"), questionnaire_question(q, "a6"), &d),
                "A6");
    int64_t threshold = setting_int(cx, "protect.threshold");
    bool safe = d.sensitive && d.list.n >= 4;
    for (size_t i = 0; i < d.list.n; i++)
        safe &= d.list.rows[i].n.hidden ? !d.list.rows[i].share.has
                                        : d.list.rows[i].n.value == 0 || d.list.rows[i].n.value >= threshold;
    OK_(safe, "of self-identification nothing below the threshold is shown, no share of it either");
    testdb_must(t, research_distribution(cx, round_id(t, "2026-Q1"), questionnaire_question(q, "b1"), &d),
                "few");
    OK_(d.refused && d.list.n == 0, "with fewer answers than the threshold nothing is shown at all");
    testdb_must(t, research_distribution(cx, round_id(t, "2025-Q3"), questionnaire_question(q, "k3"), &d),
                "K3");
    OK_(d.refused && d.list.n == 0, "open answers have no shares");
}

static void test_frame(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct frame f;
    testdb_must(t, frame_compute(cx, "2025-Q3", &f), "frame");
    int64_t units = 0, planned = 0, least = INT64_MAX, here = 0;
    frame_plan(&f, 1150, 60, 5);
    for (size_t i = 0; i < f.n; i++) {
        bool first = i == 0 || f.rows[i].unit_id != f.rows[i - 1].unit_id;
        units += first;
        here = (first ? 0 : here) + f.rows[i].planned;
        if (i + 1 == f.n || f.rows[i + 1].unit_id != f.rows[i].unit_id)
            least = here < least ? here : least;
        planned += f.rows[i].planned;
    }
    OK_(units == 17 && planned == 1150 && least >= 60,
        "the plan gives every interview to a unit, and each unit its least");
    OK_(f.rows[0].computed && frame_stratum(&f, "615200000-r") && frame_stratum(&f, "611000000-u") &&
            !frame_stratum(&f, "611000000-r"),
        "a computed frame says so; a city without a rural part has one stratum");
    run_sql(
        t,
        "DELETE FROM observation WHERE region_id = 61 AND indicator_code = 'population' AND territory_id = "
        "(SELECT id FROM territory WHERE region_id = 61 AND kato = '615200000' AND level = 2)");
    OK_(frame_compute(cx, "2025-Q3", &f) == ERR_INVALID && strstr(cx->err_text, "615200000"),
        "a unit without a population figure is named");
}

static void all(struct testdb *t)
{
    test_demo(t);
    test_import(t);
    test_remove_and_export(t);
    test_distribution(t);
    test_frame(t);
}

int main(void)
{
    time_set_for_tests(INT64_C(1790000000000000)); /* 2026-09-21 */
    testdb_both(all);
    return done();
}
