/* pages.c - see pages.h. */
#include "quarter/pages.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/fs.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "db/audit.h"
#include "db/blob.h"
#include "db/job_sql.h"
#include "http/form.h"
#include "i18n/i18n.h"
#include "quarter/freeze_sql.h"
#include "quarter/monitoring_html.h"
#include "quarter/one_html.h"
#include "quarter/quarter.h"
#include "quarter/list_html.h"
#include "quarter/work.h"

#include <math.h>

/* --- the work --------------------------------------------------------------------------------------------------------- */

static int close_job(struct ctx *cx, int64_t job_id, const char *args)
{
    (void)job_id;
    const struct json *j;
    int64_t run;
    TRY(json_parse(cx, args, strlen(args), 0, &j));
    const char *reason = json_get_str(j, "reason", "");
    return quarter_close(cx, json_get_str(j, "quarter", ""), *reason ? reason : NULL, &run);
}

const struct job_kind quarter_jobs[] = {{"quarter.close", N_("Closing a quarter"), close_job, 1}, {0}};

/* --- the list ----------------------------------------------------------------------------------------------------------- */

static const struct field_desc LINE_FIELDS[] = {
    FIELD(quarter_line, quarter, TEXT), FIELD(quarter_line, state, TEXT), FIELD(quarter_line, run_no, INT),
    FIELD(quarter_line, signed_by, TEXT), FIELD(quarter_line, answers, INT)};
static ROW_DESC(LINES, "quarter_line", quarter_line, LINE_FIELDS);
static const struct field_desc JOB_FIELDS[] = {
    FIELD(quarter_job, id, ID), FIELD(quarter_job, state, TEXT),
    FIELD_AS("progress_text", quarter_job, doing, TEXT), FIELD_AS("progress_done", quarter_job, done, INT),
    FIELD_AS("progress_total", quarter_job, total, INT), FIELD(quarter_job, error, TEXT)};
static ROW_DESC(JOB, "quarter_job", quarter_job, JOB_FIELDS);
static const struct field_desc FORECAST_FIELDS[] = {
    FIELD(forecast_line, territory_id, ID), FIELD(forecast_line, place, TEXT), FIELD(forecast_line, period, TEXT),
    FIELD(forecast_line, status, TEXT), FIELD(forecast_line, reason, TEXT), FIELD(forecast_line, mean, OPT_NUM),
    FIELD(forecast_line, lower80, OPT_INT), FIELD(forecast_line, upper80, OPT_INT)};
static ROW_DESC(FORECASTS, "forecast_line", forecast_line, FORECAST_FIELDS);

static int list_get(struct request *rq);
static const struct view list_view = {
    .name = "quarters", .title = N_("Quarters"), .nav = "/quarter", .html = quarter_list_html,
    .parts = (const struct view_part[]){{"quarters", VIEW_LIST, offsetof(struct quarters_page, list), &LINES}, {0}}};

/* The quarters that have answers, a run, or ended within the last two years, newest first. */
static int list_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct quarters_page *m = arena_alloc(cx->arena, sizeof *m);
    m->may_close = rq_may(rq, PERM_QUARTER_CLOSE);
    struct run_list_list runs;
    struct quarter_answers_list answers;
    TRY(run_list(cx, cx->region_id, &runs));
    TRY(quarter_answers(cx, cx->region_id, &answers));
    VEC(struct quarter_line) lines = {0};
    struct quarter now = quarter_of(date_today(NULL)), q = quarter_previous(now), oldest = q;
    struct quarter known;
    if (answers.n && quarter_parse(answers.rows[answers.n - 1].quarter, &known) && quarter_index(known) < quarter_index(oldest))
        oldest = known;
    if (runs.n && quarter_parse(runs.rows[runs.n - 1].quarter, &known) && quarter_index(known) < quarter_index(oldest))
        oldest = known;
    for (; quarter_index(q) >= quarter_index(oldest); q = quarter_previous(q)) {
        struct quarter_line line = {.quarter = quarter_text(cx->arena, q), .state = "open", .signed_by = ""};
        for (size_t i = 0; i < runs.n; i++)
            if (str_eq(runs.rows[i].quarter, line.quarter) && runs.rows[i].run_no > line.run_no) {
                line.state = runs.rows[i].state;
                line.run_no = runs.rows[i].run_no;
                line.signed_by = runs.rows[i].signed_by;
            }
        for (size_t i = 0; i < answers.n; i++)
            if (str_eq(answers.rows[i].quarter, line.quarter)) {
                line.has_answers = true;
                line.answers = answers.rows[i].answers;
            }
        vec_push(cx->arena, &lines, line);
    }
    m->list.rows = lines.rows;
    m->list.n = lines.n;
    return respond_view(rq, &list_view, m);
}

/* --- one quarter ---------------------------------------------------------------------------------------------------------- */

struct reopen_values { const char *reason; };
static const struct form_field REOPEN_FIELDS[] = {{.name = "reason",
                                                   .type = FORM_TEXT,
                                                   .label = N_("Why is it computed anew?"),
                                                   .required = true,
                                                   .max = 500,
                                                   .offset = offsetof(struct reopen_values, reason)},
                                                  {0}};
const struct form quarter_reopen_form = {REOPEN_FIELDS, sizeof(struct reopen_values)};

struct sign_values { const char *name; struct opt_int version; };
static const struct form_field SIGN_FIELDS[] = {{.name = "name",
                                                 .type = FORM_TEXT,
                                                 .label = N_("Name of the person who signs"),
                                                 .required = true,
                                                 .max = 120,
                                                 .offset = offsetof(struct sign_values, name)},
                                                FORM_VERSION(sign_values),
                                                {0}};
const struct form quarter_sign_form = {SIGN_FIELDS, sizeof(struct sign_values)};

static const struct view one_view = {
    .name = "quarter", .title = N_("Quarter"), .nav = "/quarter", .html = quarter_one_html, .script = "progress",
    .parts = (const struct view_part[]){
        {"run", VIEW_ROW, offsetof(struct quarter_page, run), &run_latest_row_desc},
        {"steps", VIEW_LIST, offsetof(struct quarter_page, steps), &run_steps_row_desc},
        {"inputs", VIEW_LIST, offsetof(struct quarter_page, inputs), &run_inputs_row_desc},
        {"files", VIEW_LIST, offsetof(struct quarter_page, outputs), &run_outputs_row_desc},
        {"job", VIEW_ROW, offsetof(struct quarter_page, job), &JOB},
        {0}}};

/* The report as a page, in the reader's language, from the file that was kept. */
static int read_article(struct request *rq, struct quarter_page *m)
{
    struct ctx *cx = rq->cx;
    for (size_t i = 0; i < m->outputs.n; i++) {
        const struct run_outputs_row *o = &m->outputs.rows[i];
        if (!str_eq(o->format, "html") || !str_eq(o->lang, lang_code(cx->lang)))
            continue;
        const char *path = blob_path(cx, o->hash);
        struct buf *bytes;
        TRY(path ? fs_read(cx, path, 0, &bytes) : fail(cx, ERR_IO, "The file %s of this quarter is not in the data folder.", o->name));
        m->article = bytes->data;
        m->article_len = bytes->len;
    }
    return OK;
}

static int show_one(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct quarter_page *m = arena_alloc(cx->arena, sizeof *m);
    struct quarter q;
    m->quarter = rq_path(rq, "quarter");
    if (!quarter_parse(m->quarter, &q))
        return fail(cx, ERR_NOT_FOUND, "\"%s\" is not a quarter; write it as 2025-Q3.", m->quarter);
    m->over = date_cmp(quarter_end(q), date_today(NULL)) < 0;
    m->may_close = rq_may(rq, PERM_QUARTER_CLOSE);
    m->may_sign = rq_may(rq, PERM_QUARTER_SIGN);
    m->run = (struct run_latest_row){.quarter = m->quarter, .state = m->over ? "open" : "ahead", .signed_by = "", .program = "",
                                     .inputs_hash = "", .reopened_reason = ""};
    m->job.state = m->job.doing = m->job.error = "";
    struct run_latest_row run;
    TRY(run_latest(cx, cx->region_id, m->quarter, &run, &m->has_run));
    if (m->has_run) {
        m->run = run;
        TRY(run_steps(cx, cx->region_id, run.id, &m->steps));
        TRY(run_inputs(cx, cx->region_id, run.id, &m->inputs));
        struct run_in_force_row in_force; /* while a new edition is made or has failed, the old one stays */
        bool stands = false;
        TRY(run_in_force(cx, cx->region_id, m->quarter, &in_force, &stands));
        if (stands)
            TRY(run_outputs(cx, cx->region_id, in_force.id, &m->outputs));
        TRY(read_article(rq, m));
    }
    struct quarter_job_latest_row job;
    bool found = false;
    TRY(quarter_job_latest(cx, cx->region_id, m->quarter, &job, &found));
    if (found)
        m->job = (struct quarter_job){job.id, job.state, job.progress_text, job.progress_done, job.progress_total, job.error};
    return respond_view(rq, &one_view, m);
}

static int one_get(struct request *rq) { return show_one(rq); }

static int enqueue(struct request *rq, const char *reason)
{
    struct ctx *cx = rq->cx;
    const char *quarter = rq_path(rq, "quarter");
    struct quarter q;
    if (!quarter_parse(quarter, &q))
        return fail(cx, ERR_NOT_FOUND, "\"%s\" is not a quarter; write it as 2025-Q3.", quarter);
    if (date_cmp(quarter_end(q), date_today(NULL)) >= 0)
        return fail(cx, ERR_INVALID, "The quarter %s is not over: its last day is %s, today is %s.", quarter,
                    date_text(cx->arena, quarter_end(q)), date_text(cx->arena, date_today(NULL)));
    struct buf *args = buf_new(cx->arena, 0);
    struct json_writer w;
    json_begin(&w, args);
    json_obj(&w, NULL);
    json_str(&w, "quarter", quarter);
    json_str(&w, "reason", reason);
    json_end(&w);
    int64_t job;
    TRY(job_enqueue(cx, "quarter.close", quarter, args->data, &job));
    return respond_redirect(rq, arena_printf(cx->arena, "/quarter/%s", quarter), T(cx, N_("The close of the quarter has begun.")));
}

static int close_post(struct request *rq) { return enqueue(rq, ""); }

static int reopen_post(struct request *rq)
{
    const struct reopen_values *v = form_values(rq);
    return form_ok(rq) ? enqueue(rq, v->reason) : show_one(rq);
}

static int stop_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct quarter_job_latest_row job;
    bool found = false;
    TRY(quarter_job_latest(cx, cx->region_id, rq_path(rq, "quarter"), &job, &found));
    if (found)
        TRY(job_stop(cx, job.id));
    return respond_redirect(rq, arena_printf(cx->arena, "/quarter/%s", rq_path(rq, "quarter")), T(cx, N_("The work stops at its next step.")));
}

static int sign_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct sign_values *v = form_values(rq);
    if (!form_ok(rq))
        return show_one(rq);
    struct run_latest_row run;
    bool found = false;
    TRY(run_latest(cx, cx->region_id, rq_path(rq, "quarter"), &run, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "The quarter %s has not been closed.", rq_path(rq, "quarter"));
    TRY(quarter_sign(cx, run.id, v->name, v->version.value));
    return respond_redirect(rq, arena_printf(cx->arena, "/quarter/%s", run.quarter), T(cx, N_("The quarter is signed off.")));
}

static const char *content_type(const char *format)
{
    return str_eq(format, "pdf") ? "application/pdf" : str_eq(format, "json") ? "application/json" : str_eq(format, "html") ? "text/html; charset=utf-8"
         : str_eq(format, "xlsx") ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
         : "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
}

static int file_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct run_in_force_row run;
    bool found = false;
    TRY(run_in_force(cx, cx->region_id, rq_path(rq, "quarter"), &run, &found));
    struct run_outputs_list files = {0};
    if (found)
        TRY(run_outputs(cx, cx->region_id, run.id, &files));
    for (size_t i = 0; i < files.n; i++) {
        if (!str_eq(files.rows[i].name, rq_path(rq, "file")) || str_eq(files.rows[i].format, "html"))
            continue;
        const char *path = blob_path(cx, files.rows[i].hash);
        if (!path)
            return fail(cx, ERR_IO, "The file %s of this quarter is not in the data folder.", files.rows[i].name);
        TRY(audit_record(cx, "export.report", arena_printf(cx->arena, "quarter/%s", run.quarter), files.rows[i].hash));
        return respond_file(rq, content_type(files.rows[i].format), path, files.rows[i].name);
    }
    return fail(cx, ERR_NOT_FOUND, "This quarter has no file of that name.");
}

/* --- monitoring: what is foreseen, and how good the forecasts were ----------------------------------------------------------- */

static const struct view monitoring_view = {
    .name = "monitoring", .title = N_("Monitoring"), .nav = "/monitoring", .html = quarter_monitoring_html,
    .parts = (const struct view_part[]){
        {"ledger", VIEW_LIST, offsetof(struct monitoring_page, ledger), &score_ledger_row_desc},
        {"forecasts", VIEW_LIST, offsetof(struct monitoring_page, forecasts), &FORECASTS},
        {0}}};

static int monitoring_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct monitoring_page *m = arena_alloc(cx->arena, sizeof *m);
    TRY(score_ledger(cx, cx->region_id, &m->ledger));
    struct run_newest_row run;
    bool found = false;
    TRY(run_newest(cx, cx->region_id, &run, &found));
    if (!found)
        return respond_view(rq, &monitoring_view, m);
    m->made_in = run.quarter;
    struct forecast_of_run_list forecasts;
    TRY(forecast_of_run(cx, cx->region_id, run.id, &forecasts));
    m->forecasts.rows = arena_array(cx->arena, forecasts.n, sizeof *m->forecasts.rows);
    for (size_t i = 0; i < forecasts.n; i++) {
        const struct forecast_of_run_row *f = &forecasts.rows[i];
        struct place_path path;
        TRY(registry_path(cx, f->territory_id, "9999-01-01", &path));
        m->forecasts.rows[m->forecasts.n++] = (struct forecast_line){f->territory_id, path.n ? path.steps[0].name : "", f->period, f->status,
                                                                     f->reason, f->mean, f->lower80, f->upper80};
    }
    return respond_view(rq, &monitoring_view, m);
}

const struct route quarter_routes[] = {
    {HTTP_GET, "/quarter", list_get, PERM_QUARTER_READ, ROUTE_MEMO, NULL, &list_view,
     N_("All quarters with their state")},
    {HTTP_GET, "/quarter/{quarter}", one_get, PERM_QUARTER_READ, ROUTE_MEMO, NULL, &one_view,
     N_("One quarter: chain, inputs, files, report")},
    {HTTP_POST, "/quarter/{quarter}/close", close_post, PERM_QUARTER_CLOSE, 0, NULL, NULL,
     N_("Begins the close of a quarter")},
    {HTTP_POST, "/quarter/{quarter}/reopen", reopen_post, PERM_QUARTER_CLOSE, 0, &quarter_reopen_form, NULL,
     N_("Computes a closed quarter anew, with a reason")},
    {HTTP_POST, "/quarter/{quarter}/stop", stop_post, PERM_QUARTER_CLOSE, 0, NULL, NULL,
     N_("Stops the work on a quarter")},
    {HTTP_POST, "/quarter/{quarter}/sign", sign_post, PERM_QUARTER_SIGN, 0, &quarter_sign_form, NULL,
     N_("A named person signs a quarter off")},
    {HTTP_GET, "/quarter/{quarter}/files/{file}", file_get, PERM_QUARTER_READ, ROUTE_HEAVY, NULL, NULL,
     N_("A file of the report")},
    {HTTP_GET, "/monitoring", monitoring_get, PERM_QUARTER_READ, ROUTE_MEMO, NULL, &monitoring_view,
     N_("Forecasts and how earlier ones did")},
    {0}};

const struct nav_item quarter_nav[] = {
    {N_("Monitoring"), "/monitoring", PERM_QUARTER_READ, 40},
    {N_("Quarter"), "/quarter", PERM_QUARTER_READ, 60},
    {0}};
