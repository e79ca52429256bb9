/* test_quarter.c - closes quarters of the demonstration's survey with disputes of its own: figures, same bytes, changed
 * inputs, new editions, interruption, signature, protection, the forecast's ledger. */
#include "testdb.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "db/blob.h"
#include "i18n/i18n.h"
#include "quarter/figures_sql.h"
#include "quarter/quarter.h"
#include "quarter/run_sql.h"
#include "registry/organisation_sql.h"
#include "registry/registry.h"
#include "research/research.h"
#include "stat/rng.h"

/* Disputes of 2023-Q4 to 2025-Q3: a few in most units, many in one, so that small cells exist. */
static int put_disputes(struct ctx *cx)
{
    struct territory_list_list units;
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, "2025-09-30", &units));
    TRY(db_exec(cx, "INSERT INTO dispute_kind (region_id, code, name_kk, name_ru, name_en, ordinal) VALUES (61, 'water', 'су', 'вода', 'water', 1), "
                    "(61, 'livestock', 'мал', 'скот', 'livestock', 2)"));
    struct rng r = rng_stream(7, "disputes", 0);
    struct quarter q = {2023, 4};
    int number = 0;
    for (int t = 0; t < 8; t++, q = quarter_next(q))
        for (size_t u = 0; u < units.n; u++)
            for (int64_t k = rng_poisson(&r, u == 0 ? 14 : 0.8 + 0.2 * (double)u); k > 0; k--) {
                const char *settled = rng_uniform(&r) < 0.7 ? date_text(cx->arena, quarter_end(q)) : "";
                TRY(db_exec(
                    cx,
                    arena_printf(cx->arena,
                                 "INSERT INTO dispute (region_id, id, number, once_key, territory_id, "
                                 "unit_id, occurred_on, quarter, filed_us, filed_by, kind_code, "
                                 "channel, summary, state, settled_on) VALUES (61, %d, 'T-%d', 'k%d', %lld, "
                                 "%lld, '%s', '%s', 0, 0, '%s', 'visit', 'secret words', 'closed', '%s')",
                                 number + 1, number, number, (long long)units.rows[u].id,
                                 (long long)units.rows[u].id, date_text(cx->arena, quarter_start(q)),
                                 quarter_text(cx->arena, q), rng_uniform(&r) < 0.5 ? "water" : "livestock",
                                 settled)));
                number++;
            }
    return OK;
}

static int fill_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(registry_module.seed(cx));
    TRY(registry_module.demo(cx));
    TRY(research_module.seed(cx));
    TRY(research_module.demo(cx));
    return put_disputes(cx);
}

static int sql_tx(struct ctx *cx, void *sql)
{
    return db_exec(cx, *(const char **)sql);
}

static bool stop_at_forecast(struct ctx *cx) { return *(int *)cx->work > 3; }
static void count_steps(struct ctx *cx, int64_t done, int64_t total, const char *doing)
{
    (void)total;
    (void)doing;
    *(int *)cx->work = (int)done;
}

static const char *output_hash(struct testdb *t, int64_t run, const char *name)
{
    struct run_outputs_list files;
    testdb_must(t, run_outputs(&t->cx, 61, run, &files), "outputs");
    for (size_t i = 0; i < files.n; i++)
        if (str_eq(files.rows[i].name, name))
            return files.rows[i].hash;
    return "";
}

static const char *output_text(struct testdb *t, int64_t run, const char *name)
{
    struct buf *bytes;
    const char *path = blob_path(&t->cx, output_hash(t, run, name));
    testdb_must(t, path ? fs_read(&t->cx, path, 0, &bytes) : ERR_IO, "read an output");
    return bytes->data;
}

static void refusals(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t run;
    is_int(quarter_close(cx, "2025-3", NULL, &run), ERR_INVALID, testdb_name(t, "a word that is no quarter is refused"));
    is_int(quarter_close(cx, "2999-Q1", NULL, &run), ERR_INVALID, testdb_name(t, "a quarter that is not over is refused"));
    ok(strstr(cx->err_text, "2999-03-31") != NULL, testdb_name(t, "and the message names its last day"));
    is_int(quarter_close(cx, "2025-Q1", "why not", &run), ERR_CONFLICT, testdb_name(t, "what was never closed cannot be reopened"));
}

static void interruption(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int step = 0;
    int64_t run, again;
    cx->work = &step;
    cx->progress = count_steps;
    cx->cancelled = stop_at_forecast;
    is_int(quarter_close(cx, "2025-Q1", NULL, &run), ERR_BUSY, testdb_name(t, "a close can be stopped"));
    cx->progress = NULL;
    cx->cancelled = NULL;
    struct run_latest_row last;
    bool found = false;
    testdb_must(t, run_latest(cx, 61, "2025-Q1", &last, &found), "latest");
    ok(found && !str_eq(last.state, "closed"), testdb_name(t, "and is not closed then"));
    testdb_must(t, quarter_close(cx, "2025-Q1", NULL, &again), "close again");
    is_int(again, last.id, testdb_name(t, "the next close goes on under the same run"));
}

/* No count below the threshold stands in any file: report.json tells which figures have a value. */
static void protection(struct testdb *t, int64_t run)
{
    struct ctx *cx = &t->cx;
    struct count_of_run_list counts;
    testdb_must(t, count_of_run(cx, 61, run, &counts), "counts");
    const struct json *report;
    const char *text = output_text(t, run, "report.json");
    testdb_must(t, json_parse(cx, text, strlen(text), 0, &report), "report.json");
    const struct json *figures = json_get(report, "figures");
    int small = 0, leaked = 0, shown = 0;
    for (size_t i = 0; i < counts.n; i++) {
        struct territory_by_id_row place;
        if (*counts.rows[i].kind_code || territory_by_id(cx, 61, counts.rows[i].territory_id, &place))
            continue;
        const char *id = arena_printf(cx->arena, "D-%s-all", place.kato);
        for (size_t k = 0; figures && k < figures->n; k++) {
            if (!str_eq(json_get_str(&figures->items[k], "id", ""), id))
                continue;
            const struct json *value = json_get(&figures->items[k], "value");
            double low = json_get_num(&figures->items[k], "low", 0), high = json_get_num(&figures->items[k], "high", 0);
            bool exact = value && (value->type == JSON_IS_INT || value->type == JSON_IS_NUM);
            bool holds = low <= (double)counts.rows[i].disputes && (double)counts.rows[i].disputes <= high;
            small += counts.rows[i].disputes > 0 && counts.rows[i].disputes < 10;
            shown += holds;
            leaked += exact || high - low < 9;
        }
    }
    ok(small > 3, testdb_name(t, "the test has small counts"));
    is_int(shown, 17, testdb_name(t, "each unit's count lies in its band"));
    is_int(leaked, 0, testdb_name(t, "no unit has an exact count, nor a band narrower than the threshold"));
    static const char *const LANGS[] = {"kk", "ru", "en"};
    for (int l = 0; l < 3; l++)
        ok(!strstr(output_text(t, run, arena_printf(cx->arena, "report-2025-Q3-%s.html", LANGS[l])), "secret words"),
           testdb_name(t, "nothing of a case's content is in the report"));
}

static void editions(struct testdb *t, int64_t run)
{
    struct ctx *cx = &t->cx;
    int64_t again, newer;
    static const char *const NAMES[] = {"report-2025-Q3-kk.docx", "report-2025-Q3-ru.pdf", "report-2025-Q3-en.xlsx", "report-2025-Q3-kk.html", "report.json"};
    const char *before[5];
    for (int i = 0; i < 5; i++)
        before[i] = output_hash(t, run, NAMES[i]);
    testdb_must(t, quarter_close(cx, "2025-Q3", NULL, &again), "close a closed quarter");
    is_int(again, run, testdb_name(t, "closing a closed quarter gives its run"));
    for (int i = 0; i < 5; i++)
        is_str(output_hash(t, run, NAMES[i]), before[i], testdb_name(t, "and the same bytes"));

    const char *mend = "UPDATE answer SET value = 'friendly' WHERE region_id = 61 AND question_code = 'B1' AND value = 'worse' "
                       "AND round_id = (SELECT id FROM survey_round WHERE region_id = 61 AND quarter = '2025-Q3')";
    testdb_must(t, db_tx(cx, sql_tx, &mend), "change an answer");
    is_int(quarter_close(cx, "2025-Q3", NULL, &again), ERR_CONFLICT, testdb_name(t, "changed inputs are refused"));
    ok(strstr(cx->err_text, "answers") && !strstr(cx->err_text, "visits"), testdb_name(t, "and the message names the input that changed"));
    is_str(output_hash(t, run, NAMES[4]), before[4], testdb_name(t, "the edition in force stays as it was"));

    testdb_must(t, quarter_close(cx, "2025-Q3", "answers were mended", &newer), "reopen");
    struct run_by_id_row row;
    testdb_must(t, run_by_id(cx, 61, newer, &row), "run");
    is_int(row.run_no, 2, testdb_name(t, "reopening makes the second edition"));
    testdb_must(t, run_by_id(cx, 61, run, &row), "run");
    is_str(row.state, "superseded", testdb_name(t, "which replaces the first"));
    ok(strstr(output_text(t, newer, "report-2025-Q3-en.html"), "answers were mended") != NULL, testdb_name(t, "the report says why"));
    ok(strstr(output_text(t, newer, "report-2025-Q3-en.html"), "What this edition changed") != NULL, testdb_name(t, "and lists what has changed"));
    ok(!str_eq(output_hash(t, newer, NAMES[4]), before[4]), testdb_name(t, "and its figures differ"));
}

/* Anything that would make another report is refused, not only changed inputs. */
static void frozen_files(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t run;
    struct run_latest_row last;
    bool found;
    const char *rename = "UPDATE survey_indicator SET name_en = name_en || ' *' WHERE region_id = 61",
               *back = "UPDATE survey_indicator SET name_en = REPLACE(name_en, ' *', '') WHERE region_id = 61";
    testdb_must(t, run_latest(cx, 61, "2025-Q3", &last, &found), "latest");
    const char *before = output_hash(t, last.id, "report-2025-Q3-en.html");
    testdb_must(t, db_tx(cx, sql_tx, &rename), "rename");
    is_int(quarter_close(cx, "2025-Q3", NULL, &run), ERR_CONFLICT, testdb_name(t, "a closed report is not overwritten when a name has changed"));
    is_str(output_hash(t, last.id, "report-2025-Q3-en.html"), before, testdb_name(t, "and its file stays"));
    testdb_must(t, db_tx(cx, sql_tx, &back), "rename back");
}

/* The power fails while a quarter is computed anew: the work, begun again with the same words, goes on. */
static void reopened_and_interrupted(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int step = 0;
    int64_t run, first;
    struct run_latest_row last;
    bool found;
    testdb_must(t, quarter_close(cx, "2025-Q1", NULL, &first), "first edition");
    cx->work = &step;
    cx->progress = count_steps;
    cx->cancelled = stop_at_forecast;
    is_int(quarter_close(cx, "2025-Q1", "again", &run), ERR_BUSY, testdb_name(t, "a new edition can be stopped"));
    cx->progress = NULL;
    cx->cancelled = NULL;
    testdb_must(t, run_latest(cx, 61, "2025-Q1", &last, &found), "latest");
    is_str(last.state, "failed", testdb_name(t, "what was stopped is marked as interrupted"));
    struct run_in_force_row in_force;
    testdb_must(t, run_in_force(cx, 61, "2025-Q1", &in_force, &found), "in force");
    is_int(found ? in_force.id : 0, first, testdb_name(t, "the first edition stays in force meanwhile"));
    is_int(quarter_close(cx, "2025-Q1", "again", &run), OK, testdb_name(t, "the same request goes on with the new edition"));
    is_int(run, last.id, testdb_name(t, "under its own number"));
}

static void signature(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct run_latest_row run;
    bool found = false;
    testdb_must(t, run_latest(cx, 61, "2025-Q3", &run, &found), "latest");
    is_int(quarter_sign(cx, run.id, "  ", run.version), ERR_INVALID, testdb_name(t, "nobody cannot sign"));
    is_int(quarter_sign(cx, run.id, "A. Head", run.version - 1), ERR_CONFLICT, testdb_name(t, "an old page cannot sign"));
    is_int(quarter_sign(cx, run.id, "A. Head", run.version), OK, testdb_name(t, "a named person signs"));
    is_int(quarter_sign(cx, run.id, "B. Other", run.version + 1), ERR_CONFLICT, testdb_name(t, "once"));
}

static void changes_of_indicators(struct testdb *t, int64_t run, int changes, bool told)
{
    struct ctx *cx = &t->cx;
    struct survey_indicator_list_list indicators;
    testdb_must(t, survey_indicator_list(cx, 61, &indicators), "indicators");
    is_int(changes, (int64_t)indicators.n, testdb_name(t, "every indicator has its change since the quarter before"));
    ok(told, testdb_name(t, "inside of its interval"));
    ok(strstr(output_text(t, run, "report-2025-Q3-en.html"), "the samples&#39; error") != NULL ||
           strstr(output_text(t, run, "report-2025-Q3-en.html"), "the samples' error") != NULL,
       testdb_name(t, "the report says whether the samples can tell it"));
}

static void figures(struct testdb *t, int64_t run)
{
    struct ctx *cx = &t->cx;
    struct estimate_of_run_list e;
    struct forecast_of_run_list f;
    testdb_must(t, estimate_of_run(cx, 61, run, &e), "estimates");
    testdb_must(t, forecast_of_run(cx, 61, run, &f), "forecasts");
    bool inside = true, refused_empty = true, told = true;
    int changes = 0;
    for (size_t i = 0; i < e.n; i++) {
        if (str_eq(e.rows[i].method, "change of a share")) {
            double value = e.rows[i].value.value;
            changes += strstr(e.rows[i].indicator_code, ":change") != NULL;
            told = told && e.rows[i].value.has && e.rows[i].lower.value <= value && value <= e.rows[i].upper.value && fabs(value) < 1;
        } else if (str_eq(e.rows[i].status, "refused"))
            refused_empty = refused_empty && !e.rows[i].value.has && !e.rows[i].lower.has;
        else
            inside = inside && e.rows[i].lower.value <= e.rows[i].value.value && e.rows[i].value.value <= e.rows[i].upper.value &&
                     e.rows[i].lower.value >= 0 && e.rows[i].upper.value <= 1;
    }
    ok(e.n > 150 && inside, testdb_name(t, "every estimate lies within its interval, between 0 and 1"));
    ok(refused_empty, testdb_name(t, "a refused estimate carries no figure"));
    changes_of_indicators(t, run, changes, told);
    is_int(f.n, 18, testdb_name(t, "there is a forecast for each unit and the region"));
    is_str(f.rows[0].status, "ok", testdb_name(t, "eight quarters and hundreds of disputes carry a forecast"));
    ok(f.rows[3].lower80.value <= f.rows[3].lower50.value && f.rows[3].upper50.value <= f.rows[3].upper80.value, testdb_name(t, "the intervals are nested"));
}

/* The list of visits: as long as the setting, a share by lot, no unit with reasons left out, and within a unit nobody
 * with fewer reasons in front of one with more. */
static void places_to_visit(struct testdb *t, int64_t run)
{
    struct ctx *cx = &t->cx;
    struct recommendation_of_run_list r;
    struct attention_list_list all;
    testdb_must(t, recommendation_of_run(cx, 61, run, &r), "recommendations");
    testdb_must(t, attention_list(cx, 61, "2025-09-30", &all), "attention");
    size_t drawn = 0, unserved = 0, served = 0, without = 0;
    for (size_t i = 0; i < r.n; i++) {
        drawn += r.rows[i].drawn;
        without += !strchr(r.rows[i].reason, '{');
    }
    is_int((int64_t)r.n, 20, testdb_name(t, "twenty of 62 settlements are proposed for a visit"));
    ok(all.n == 62 && drawn >= 3, testdb_name(t, "at least 15 % of them by lot"));
    is_int((int64_t)without, 0, testdb_name(t, "each with its reason"));
    for (size_t i = 0; i < all.n; i++) { /* nobody was visited here: every unit has a reason */
        bool found = false;
        for (size_t k = 0; k < r.n; k++)
            for (size_t l = 0; l < all.n; l++)
                found |= r.rows[k].territory_id == all.rows[l].territory_id && all.rows[l].unit_id.has &&
                         all.rows[l].unit_id.value == all.rows[i].unit_id.value;
        unserved += all.rows[i].unit_id.has && !found;
        served += found;
    }
    is_int((int64_t)unserved, 0, testdb_name(t, "and one in each district that has one under attention"));
    ok(served > 50, testdb_name(t, "(there are such)"));
}

/* A quarter on, what was foreseen stands beside what came. */
static void ledger(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t run;
    struct score_of_run_list s;
    testdb_must(t, quarter_close(cx, "2025-Q4", NULL, &run), "close 2025-Q4");
    testdb_must(t, score_of_run(cx, 61, run, &s), "scores");
    is_int(s.n, 17, testdb_name(t, "the forecasts of the quarter before are scored, unit by unit"));
    is_int(s.n ? s.rows[0].observed : -1, 0, testdb_name(t, "beside what came"));
    ok(s.n && s.rows[0].log_score > 0 && s.rows[0].baseline_log > 0, testdb_name(t, "and beside the baseline's score"));
    struct estimate_of_run_list e;
    testdb_must(t, estimate_of_run(cx, 61, run, &e), "estimates");
    is_int(e.n, 0, testdb_name(t, "a quarter without a survey has no estimates"));
    ok(strstr(output_text(t, run, "report-2025-Q4-en.html"), "No survey was loaded") != NULL, testdb_name(t, "and its report says so"));
    is_int(quarter_close(cx, "2025-Q4", NULL, &run), OK, testdb_name(t, "a quarter with scored forecasts gives the same bytes again"));
    is_int(quarter_close(cx, "2025-Q3", NULL, &run), OK, testdb_name(t, "and so does one before a quarter that was closed since"));
}

static void cases(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    cx->translate = i18n_lookup;
    testdb_must(t, blob_open(cx, arena_printf(cx->arena, "%s/blobs", *t->dir ? t->dir : "/tmp")), "blobs");
    testdb_must(t, db_tx(cx, fill_tx, NULL), "fill");
    refusals(t);
    interruption(t);
    int64_t run;
    testdb_must(t, quarter_close(cx, "2025-Q2", NULL, &run), "close 2025-Q2");
    testdb_must(t, quarter_close(cx, "2025-Q3", NULL, &run), "close 2025-Q3");
    figures(t, run);
    protection(t, run);
    places_to_visit(t, run);
    editions(t, run);
    frozen_files(t);
    signature(t);
    ledger(t);
    reopened_and_interrupted(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
