/* close.c - the chain of steps that closes a quarter. See quarter.h. */
#include "quarter/quarter.h"

#include "base/arena.h"
#include "base/fs.h"
#include "base/id.h"
#include "base/str.h"
#include "db/audit.h"
#include "db/blob.h"
#include "base/version.h"
#include "quarter/report.h"
#include "quarter/run_sql.h"
#include "quarter/words.h"
#include "quarter/work.h"

struct step {
    const char *name;
    int (*run)(struct ctx *cx, struct quarter_work *w);
};
static const struct step STEPS[STEP_COUNT_OF] = {
    [STEP_FREEZE] = {"freeze", quarter_freeze},       [STEP_ESTIMATE] = {"estimate", quarter_estimate},
    [STEP_COUNT] = {"count", quarter_count},          [STEP_FORECAST] = {"forecast", quarter_forecast},
    [STEP_SCORE] = {"score", quarter_score},          [STEP_CHOOSE] = {"choose", quarter_choose},
    [STEP_REPORT] = {"report", quarter_report},
};

/* What a transaction of the chain needs. */
struct chain {
    struct quarter_work *work;
    const struct step *step;
    int ordinal;
    const char *reopen_reason;
    int64_t run_no;
};

static int put_step(struct ctx *cx, const struct chain *c, const char *state, int64_t started, bool finished)
{
    return run_step_put(cx, &(struct run_step_put_in){.region_id = cx->region_id, .run_id = c->work->run_id, .ordinal = c->ordinal,
                                .name = c->step->name, .state = state, .started_us = opt_int(started),
                                .finished_us = {finished, finished ? time_now_us() : 0}, .note = ""}, NULL);
}

static int step_tx(struct ctx *cx, void *arg)
{
    const struct chain *c = arg;
    int64_t started = time_now_us();
    TRY(c->step->run(cx, c->work));
    return put_step(cx, c, "done", started, true);
}

static int step_begin_tx(struct ctx *cx, void *arg)
{
    return put_step(cx, arg, "running", time_now_us(), false);
}

static int step_failed_tx(struct ctx *cx, void *arg)
{
    const struct chain *c = arg;
    TRY(put_step(cx, c, "failed", time_now_us(), true));
    return run_fail(cx, cx->region_id, c->work->run_id, NULL);
}

static int open_tx(struct ctx *cx, void *arg)
{
    struct chain *c = arg;
    struct quarter_work *w = c->work;
    struct run_latest_row last;
    bool found = false;
    TRY(run_latest(cx, cx->region_id, w->name, &last, &found));
    bool again = found && (str_eq(last.state, "running") || str_eq(last.state, "failed"));
    if (again) {
        w->run_id = last.id;
        TRY(run_restart(cx, &(struct run_restart_in){cx->region_id, last.id, time_now_us(), PROGRAM_VERSION}, NULL));
        TRY(run_clear_estimates(cx, cx->region_id, w->run_id, NULL));
        TRY(run_clear_counts(cx, cx->region_id, w->run_id, NULL));
        TRY(run_clear_scores(cx, cx->region_id, w->run_id, NULL));
        TRY(run_clear_forecasts(cx, cx->region_id, w->run_id, NULL));
        return run_clear_recommendations(cx, cx->region_id, w->run_id, NULL);
    }
    w->run_id = db_new_id();
    TRY(run_insert(cx, &(struct run_insert_in){.region_id = cx->region_id, .id = w->run_id, .quarter = w->name,
                           .run_no = found ? last.run_no + 1 : 1, .program = PROGRAM_VERSION, .started_us = time_now_us(),
                           .account_id = cx->account_id, .reopened_reason = c->reopen_reason ? c->reopen_reason : "",
                           .demo = w->demo}, NULL));
    return audit_append(cx, found ? "quarter.reopen" : "quarter.open", arena_printf(cx->arena, "quarter/%s", w->name), "");
}

static int closed_tx(struct ctx *cx, void *arg)
{
    const struct quarter_work *w = ((struct chain *)arg)->work;
    int64_t changed = 0;
    TRY(run_close(cx, &(struct run_close_in){cx->region_id, w->run_id, w->inputs_hash, time_now_us()}, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has closed this quarter in the meantime.");
    TRY(run_supersede(cx, cx->region_id, w->name, w->run_id, NULL));
    return audit_append(cx, "quarter.close", arena_printf(cx->arena, "quarter/%s", w->name), w->inputs_hash);
}

static int run_steps_all(struct ctx *cx, struct chain *c)
{
    for (int i = 0; i < STEP_COUNT_OF; i++) {
        c->step = &STEPS[i];
        c->ordinal = i;
        int rc = ctx_progress(cx, i, STEP_COUNT_OF, quarter_step_word(cx, STEPS[i].name))
                     ? fail(cx, ERR_BUSY, "The close of the quarter was stopped.") : db_tx(cx, step_begin_tx, c);
        if (!rc)
            rc = db_tx(cx, step_tx, c);
        if (rc) { /* keep the message of the step, not that of the note about it */
            struct ctx quiet = *cx;
            db_tx(&quiet, step_failed_tx, c);
            return rc;
        }
    }
    ctx_progress(cx, STEP_COUNT_OF, STEP_COUNT_OF, "");
    return OK;
}

/* A closed quarter again: the same inputs give the same files; changed inputs are refused. So is anything else that would
 * make another report (a setting, a name, a newer program): what is closed, and maybe signed, keeps its bytes. */
struct check {
    struct quarter_work *work;
    const char *frozen;
};

static int files_again(struct ctx *cx, struct quarter_work *w)
{
    struct run_outputs_list before, now;
    TRY(run_outputs(cx, cx->region_id, w->run_id, &before));
    TRY(quarter_report(cx, w));
    TRY(run_outputs(cx, cx->region_id, w->run_id, &now));
    for (size_t i = 0; i < now.n; i++)
        if (now.n != before.n || !str_eq(before.rows[i].hash, now.rows[i].hash))
            return fail(cx, ERR_CONFLICT, "The quarter %s is closed, and its report would read differently now (%s): a setting, a name, a date or "
                        "the program has changed since. Reopen it with a reason to write it anew.", w->name, now.rows[i].name);
    return OK;
}

static int recheck_tx(struct ctx *cx, void *arg)
{
    struct check *c = arg;
    struct run_inputs_list before;
    TRY(run_inputs(cx, cx->region_id, c->work->run_id, &before));
    TRY(quarter_freeze(cx, c->work));
    if (str_eq(c->work->inputs_hash, c->frozen))
        return files_again(cx, c->work);
    struct run_inputs_list now;
    TRY(run_inputs(cx, cx->region_id, c->work->run_id, &now));
    const char *which = "";
    for (size_t i = 0; i < before.n && i < now.n; i++)
        if (!str_eq(before.rows[i].hash, now.rows[i].hash))
            which = arena_printf(cx->arena, "%s%s%s", which, *which ? ", " : "", now.rows[i].name);
    return fail(cx, ERR_CONFLICT, "The quarter %s is closed, and its inputs have changed since (%s). Reopen it with a reason to compute it anew.",
                c->work->name, which);
}

int quarter_close(struct ctx *cx, const char *quarter, const char *reopen_reason, int64_t *run_id)
{
    struct quarter_work w = {0};
    if (!quarter_parse(quarter, &w.quarter))
        return fail(cx, ERR_INVALID, "\"%s\" is not a quarter; write it as 2025-Q3.", quarter);
    const char *today = date_text(cx->arena, date_today(NULL));
    if (date_cmp(quarter_end(w.quarter), date_today(NULL)) >= 0)
        return fail(cx, ERR_INVALID, "The quarter %s is not over: its last day is %s, today is %s.", quarter,
                    date_text(cx->arena, quarter_end(w.quarter)), today);
    TRY(quarter_prepare(cx, &w));
    struct run_latest_row last;
    bool found = false;
    TRY(run_latest(cx, cx->region_id, w.name, &last, &found));
    bool closed = found && (str_eq(last.state, "closed") || str_eq(last.state, "signed"));
    if (closed && str_empty(reopen_reason)) {
        w.run_id = *run_id = last.id;
        return db_tx(cx, recheck_tx, &(struct check){&w, last.inputs_hash});
    }
    bool reopening = found && !closed && !str_empty(last.reopened_reason); /* an edition that was interrupted goes on */
    if (!closed && !reopening && !str_empty(reopen_reason))
        return fail(cx, ERR_CONFLICT, "The quarter %s is not closed, so it cannot be reopened.", w.name);
    struct chain c = {.work = &w, .reopen_reason = reopen_reason};
    TRY(db_tx(cx, open_tx, &c));
    *run_id = w.run_id;
    TRY(run_steps_all(cx, &c));
    return db_tx(cx, closed_tx, &c);
}

/* --- signing and files ----------------------------------------------------------------------------------------------- */

struct signing {
    int64_t run_id, version;
    const char *name;
};

static int sign_tx(struct ctx *cx, void *arg)
{
    const struct signing *s = arg;
    int64_t changed = 0;
    TRY(run_sign(cx, &(struct run_sign_in){cx->region_id, s->run_id, s->name, time_now_us(), s->version}, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This run is not closed, or it is signed already; look at it again.");
    return audit_append(cx, "quarter.sign", arena_printf(cx->arena, "quarter_run/%s", id_text(cx->arena, s->run_id)), "");
}

int quarter_sign(struct ctx *cx, int64_t run_id, const char *name, int64_t version)
{
    if (str_empty(str_trim(cx->arena, name)))
        return fail(cx, ERR_INVALID, "A named person signs the quarter off: write the name.");
    return db_tx(cx, sign_tx, &(struct signing){run_id, version, str_trim(cx->arena, name)});
}

int quarter_export(struct ctx *cx, int64_t run_id, const char *folder)
{
    struct run_outputs_list files;
    TRY(run_outputs(cx, cx->region_id, run_id, &files));
    TRY(fs_mkdir(cx, folder));
    for (size_t i = 0; i < files.n; i++) {
        const char *path = blob_path(cx, files.rows[i].hash);
        if (!path)
            return fail(cx, ERR_IO, "The file %s of this quarter is not in the data folder.", files.rows[i].name);
        struct buf *bytes;
        TRY(fs_read(cx, path, 0, &bytes));
        TRY(fs_write(cx, fs_join(cx->arena, folder, files.rows[i].name), bytes->data, bytes->len, 0644));
    }
    return audit_record(cx, "export.quarter", arena_printf(cx->arena, "quarter_run/%s", id_text(cx->arena, run_id)), "");
}
