/* import.c - see import.h. */
#include "research/import.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "research/research.h"

/* Interviews in a quarter, least in a unit (so that its shares may be published), interviews in a cluster. */
enum { PLAN_TOTAL = 1150, PLAN_LEAST = 60, PLAN_CLUSTER = 5 };

/* --- rounds --- */

static int questionnaire_of_quarter(struct ctx *cx, const char *quarter, struct questionnaire **q)
{
    struct quarter when;
    if (!quarter_parse(quarter, &when))
        return fail(cx, ERR_INVALID, "\"%s\" is not a quarter; write it like 2025-Q3.", quarter);
    if (date_cmp(quarter_start(when), date_today(NULL)) > 0)
        return fail(cx, ERR_INVALID, "%s has not begun yet.", fmt_quarter(cx, quarter));
    return questionnaire_on(cx, date_text(cx->arena, quarter_end(when)), q);
}

void research_plan(struct frame *f)
{
    frame_plan(f, PLAN_TOTAL, PLAN_LEAST, PLAN_CLUSTER);
}

static int standard_frame(struct ctx *cx, const char *quarter, struct frame *f)
{
    TRY(frame_compute(cx, quarter, f));
    research_plan(f);
    return OK;
}

int research_round_open(struct ctx *cx, const struct research_round_in *in, int64_t *round_id)
{
    struct questionnaire *q;
    struct frame computed;
    TRY(research_open(cx, in->quarter));
    TRY(questionnaire_of_quarter(cx, in->quarter, &q));
    if (!in->frame)
        TRY(standard_frame(cx, in->quarter, &computed));
    *round_id = db_new_id();
    TRY(round_insert(cx,
                     &(struct round_insert_in){.region_id = cx->region_id,
                                               .id = *round_id,
                                               .quarter = in->quarter,
                                               .instrument_id = q->id,
                                               .field_from = in->field_from,
                                               .field_to = in->field_to,
                                               .refused = {in->refused >= 0, in->refused},
                                               .demo = in->demo},
                     NULL));
    TRY(frame_put(cx, *round_id, in->frame ? in->frame : &computed));
    return audit_append(cx, "research.round", arena_printf(cx->arena, "round/%s", in->quarter), "");
}

int research_round_need(struct ctx *cx, const char *quarter, bool demo, int64_t *round_id)
{
    struct round_of_quarter_row round;
    bool found;
    TRY(research_open(cx, quarter));
    TRY(research_round(cx, quarter, &round, &found));
    *round_id = round.id;
    if (found)
        return OK;
    return research_round_open(
        cx,
        &(struct research_round_in){
            .quarter = quarter, .field_from = "", .field_to = "", .refused = -1, .demo = demo},
        round_id);
}

int research_check(struct ctx *cx, const char *quarter, const char *name, const void *data, size_t n,
                   const char *sheet, struct answers **out)
{
    struct round_of_quarter_row round;
    struct questionnaire *q;
    struct frame *f = arena_alloc(cx->arena, sizeof *f);
    bool found;
    TRY(research_round(cx, quarter, &round, &found));
    if (found) {
        TRY(questionnaire_by_id(cx, round.instrument_id, &q));
        TRY(frame_of_round(cx, round.id, f));
    } else {
        TRY(questionnaire_of_quarter(cx, quarter, &q));
        TRY(standard_frame(cx, quarter, f));
    }
    return answers_read(cx, q, f, name, data, n, sheet, out);
}

/* --- writing --- */

struct writing {
    struct ctx *cx;
    const struct answers *a;
    int64_t round_id, import_id, first_row;
    size_t question, next;
};

static bool next_response(void *arg, struct db_value *v)
{
    struct writing *w = arg;
    if (w->next == w->a->rows.n)
        return false;
    const struct answers_row *r = &w->a->rows.rows[w->next];
    v[0].i = w->cx->region_id;
    v[1].i = w->round_id;
    v[2].i = w->first_row + (int64_t)w->next++;
    v[3].i = w->import_id;
    v[4].i = r->stratum->unit_id;
    v[5].text = r->stratum->code;
    v[6].text = r->psu;
    v[7].d = r->weight;
    return true;
}

/* In the order of the primary key: question by question. */
static bool next_answer(void *arg, struct db_value *v)
{
    struct writing *w = arg;
    while (w->question < w->a->questions->n && w->next == w->a->columns[w->question].values.n) {
        w->question++;
        w->next = 0;
    }
    if (w->question == w->a->questions->n)
        return false;
    const struct answers_value *x = &w->a->columns[w->question].values.rows[w->next++];
    v[0].i = w->cx->region_id;
    v[1].i = w->round_id;
    v[2].text = w->a->questions->rows[w->question].code;
    v[3].i = w->first_row + x->row;
    v[4].text = x->value;
    return true;
}

static int write_rows(struct ctx *cx, struct writing *w)
{
    static const char *const RESPONSE[] = {"region_id", "round_id", "row_no", "import_id",
                                           "unit_id",   "stratum",  "psu",    "weight"};
    static const enum db_type RESPONSE_TYPES[] = {DB_BIGINT, DB_BIGINT, DB_BIGINT, DB_BIGINT,
                                                  DB_BIGINT, DB_TEXT,   DB_TEXT,   DB_DOUBLE};
    static const char *const ANSWER[] = {"region_id", "round_id", "question_code", "row_no", "value"};
    static const enum db_type ANSWER_TYPES[] = {DB_BIGINT, DB_BIGINT, DB_TEXT, DB_BIGINT, DB_TEXT};
    TRY(db_bulk(cx, "response", RESPONSE, 8, RESPONSE_TYPES, next_response, w, NULL));
    w->next = 0;
    return db_bulk(cx, "answer", ANSWER, 5, ANSWER_TYPES, next_answer, w, NULL);
}

static int refuse_repeated(struct ctx *cx, int64_t round_id, const struct answers *a)
{
    struct import_by_hash_row before;
    struct import_list_list imports;
    bool found;
    TRY(import_by_hash(cx, cx->region_id, round_id, a->hash, &before, &found));
    if (found)
        return fail(cx, ERR_CONFLICT, "This file was loaded before, on %s; its answers are not taken twice.",
                    fmt_instant(cx, before.at_us));
    TRY(import_list(cx, cx->region_id, round_id, &imports));
    for (size_t i = 0; i < imports.n; i++)
        if (imports.rows[i].weighted != a->weighted)
            return fail(cx, ERR_CONFLICT,
                        a->weighted ? "The earlier files of this quarter came without weights; this one has "
                                      "a column \"weight\"."
                                    : "The earlier files of this quarter brought weights; this one has no "
                                      "column \"weight\".");
    return OK;
}

int research_import(struct ctx *cx, const struct research_import_in *in, int64_t *import_id)
{
    const struct answers *a = in->answers;
    int64_t round_id;
    struct last_row_no_row last;
    if (a->bad_rows && !in->good_rows)
        return fail(cx, ERR_INVALID, "%lld of %lld rows have errors; nothing was written.",
                    (long long)a->bad_rows, (long long)a->rows_read);
    if (!a->rows.n)
        return fail(cx, ERR_INVALID, "No row of %s is without errors; nothing was written.", a->file);
    TRY(research_round_need(cx, in->quarter, in->demo, &round_id));
    TRY(refuse_repeated(cx, round_id, a));
    TRY(last_row_no(cx, cx->region_id, round_id, &last));
    *import_id = db_new_id();
    TRY(import_insert(cx,
                      &(struct import_insert_in){.region_id = cx->region_id,
                                                 .id = *import_id,
                                                 .round_id = round_id,
                                                 .file_name = utf8_cut(cx->arena, a->file, 120),
                                                 .file_hash = a->hash,
                                                 .rows_read = a->rows_read,
                                                 .rows_kept = (int64_t)a->rows.n,
                                                 .weighted = a->weighted,
                                                 .account_id = cx->account_id,
                                                 .at_us = in->at_us ? in->at_us : time_now_us(),
                                                 .demo = in->demo},
                      NULL));
    struct writing w = {
        .cx = cx, .a = a, .round_id = round_id, .import_id = *import_id, .first_row = last.last + 1};
    TRY(write_rows(cx, &w));
    TRY(research_weigh(cx, round_id));
    return audit_append(
        cx, "import.answers", arena_printf(cx->arena, "round/%s", in->quarter),
        arena_printf(cx->arena, "%zu rows of %lld, file %s", a->rows.n, (long long)a->rows_read, a->hash));
}

int research_weigh(struct ctx *cx, int64_t round_id)
{
    struct import_list_list imports;
    struct frame f;
    TRY(import_list(cx, cx->region_id, round_id, &imports));
    for (size_t i = 0; i < imports.n; i++)
        if (imports.rows[i].weighted)
            return OK;
    TRY(frame_of_round(cx, round_id, &f));
    for (size_t i = 0; i < f.n; i++)
        if (f.rows[i].answers)
            TRY(stratum_weight_set(
                cx,
                &(struct stratum_weight_set_in){cx->region_id, round_id, f.rows[i].code,
                                                (double)f.rows[i].population / (double)f.rows[i].answers},
                NULL));
    return OK;
}

int research_import_remove(struct ctx *cx, const char *quarter, int64_t import_id)
{
    struct round_of_quarter_row round;
    bool found;
    int64_t rows;
    TRY(research_open(cx, quarter));
    TRY(research_round(cx, quarter, &round, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There was no fieldwork in %s.", fmt_quarter(cx, quarter));
    TRY(answers_of_import_delete(cx, cx->region_id, round.id, import_id, NULL));
    TRY(responses_of_import_delete(cx, cx->region_id, round.id, import_id, &rows));
    TRY(import_delete(cx, cx->region_id, import_id, NULL));
    TRY(research_weigh(cx, round.id));
    return audit_append(
        cx, "research.remove", arena_printf(cx->arena, "round/%s", quarter),
        arena_printf(cx->arena, "import %s, %lld rows", id_text(cx->arena, import_id), (long long)rows));
}
