/* pages_audit.c - the audit log with the state of its chain, and the health page. */
#include "access/access.h"
#include "access/audit_html.h"
#include "access/health_html.h"
#include "access/internal.h"
#include "access/pages.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "db/audit.h"
#include "db/job_sql.h"
#include "db/migrate.h"
#include "i18n/i18n.h"

enum { PER_PAGE = 50, JOBS_SHOWN = 30 };

/* --- the audit log --- */

static const struct field_desc STATE_FIELDS[] = {
    FIELD(access_audit_state, entries, INT), FIELD(access_audit_state, broken_seq, INT),
    FIELD(access_audit_state, checked, BOOL), FIELD(access_audit_state, hash, TEXT)};
static ROW_DESC(STATE_DESC, "audit_state", access_audit_state, STATE_FIELDS);
static const struct view_part AUDIT_PARTS[] = {
    {"entries", VIEW_LIST, offsetof(struct access_audit_page, entries), &access_audit_list_row_desc},
    {"chain", VIEW_ROW, offsetof(struct access_audit_page, state), &STATE_DESC},
    {0}};
const struct view ACCESS_AUDIT_VIEW = {.name = "audit", .title = N_("Audit log"), .nav = "/admin/audit",
                                       .html = access_audit_html, .parts = AUDIT_PARTS};

const char *access_audit_sentence(struct ctx *cx, const char *action)
{
    for (size_t i = 0; modules[i]; i++)
        for (const struct audit_word *w = modules[i]->audit; w && w->action; w++)
            if (str_eq(w->action, action))
                return T(cx, w->sentence);
    return NULL;
}

static void list_actions(struct ctx *cx, struct access_audit_page *m)
{
    VEC(const struct audit_word *) words = {0};
    for (size_t i = 0; modules[i]; i++)
        for (const struct audit_word *w = modules[i]->audit; w && w->action; w++)
            vec_push(cx->arena, &words, w);
    m->actions.rows = words.rows;
    m->actions.n = words.n;
}

/* The start of a local day as an instant; fallback where the text is no date. */
static int64_t day_start(const char *text, int add_days, int64_t fallback)
{
    struct date d;
    if (!date_parse(text, &d))
        return fallback;
    return instant_of((struct civil){.date = date_add_days(d, add_days)}, &ZONE_KZ);
}

static const char *query_text(struct request *rq, const char *name)
{
    const char *v = rq_query(rq, name);
    return v ? str_trim(rq->cx->arena, v) : "";
}

int access_get_audit(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct access_audit_page m = {.action = query_text(rq, "action"), .from = query_text(rq, "from"),
                                  .to = query_text(rq, "to"), .login = query_text(rq, "login")};
    struct access_audit_list_in in = {.region_id = cx->region_id, .action = m.action,
                                      .from_us = day_start(m.from, 0, INT64_MIN / 2), .to_us = day_start(m.to, 1, INT64_MAX / 2),
                                      .limit_n = PER_PAGE};
    struct account_by_login_row who;
    struct access_audit_count_row count;
    bool found = false;
    if (*m.login) {
        TRY(account_by_login(cx, cx->region_id, m.login, &who, &found));
        in.account_id = found ? who.id : -1;
    }
    TRY(access_audit_count(cx, &(struct access_audit_count_in){in.region_id, in.action, in.account_id, in.from_us, in.to_us},
                           &count));
    m.pager = component_pager(rq, count.total, PER_PAGE);
    in.offset_n = m.pager.page > 0 ? (m.pager.page - 1) * PER_PAGE : 0;
    TRY(access_audit_list(cx, &in, &m.entries));
    list_actions(cx, &m);
    if (rq_query(rq, "verify")) {
        TRY(audit_verify(cx, &m.state.entries, &m.state.broken_seq));
        m.state.checked = true;
        struct access_audit_head_row head;
        TRY(access_audit_head(cx, cx->region_id, &head, &found));
        m.state.hash = found ? crypto_hex(cx->arena, head.hash.data, head.hash.len) : NULL;
    }
    return respond_view(rq, &ACCESS_AUDIT_VIEW, &m);
}

/* --- health --- */

static const struct field_desc FINDING_FIELDS[] = {
    FIELD(access_finding, what, TEXT), FIELD(access_finding, value, TEXT), FIELD(access_finding, attention, BOOL)};
static ROW_DESC(FINDING_DESC, "finding", access_finding, FINDING_FIELDS);
static const struct field_desc JOB_FIELDS[] = {
    FIELD(access_job_row, id, ID), FIELD(access_job_row, kind, TEXT), FIELD(access_job_row, state, TEXT),
    FIELD(access_job_row, created_us, INT), FIELD(access_job_row, done, INT), FIELD(access_job_row, total, INT),
    FIELD(access_job_row, error, TEXT)};
static ROW_DESC(JOB_DESC, "job", access_job_row, JOB_FIELDS);
static const struct view_part HEALTH_PARTS[] = {
    {"findings", VIEW_LIST, offsetof(struct access_health_page, findings), &FINDING_DESC},
    {"jobs", VIEW_LIST, offsetof(struct access_health_page, jobs), &JOB_DESC},
    {0}};
const struct view ACCESS_HEALTH_VIEW = {.name = "health", .title = N_("Health"), .nav = "/admin",
                                        .html = access_health_html, .parts = HEALTH_PARTS};

/* The title that the feature gave to its kind of work. */
static const char *job_title(struct ctx *cx, const char *kind)
{
    for (size_t i = 0; modules[i]; i++)
        for (const struct job_kind *k = modules[i]->jobs; k && k->name; k++)
            if (str_eq(k->name, kind))
                return T(cx, k->title);
    return kind;
}

static const char *job_state(struct ctx *cx, const char *state)
{
    static const struct {
        const char *state, *text;
    } STATES[] = {{"waiting", N_("waiting")}, {"running", N_("at work")}, {"done", N_("done")},
                  {"failed", N_("set aside")}, {"stopped", N_("stopped")}};
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        if (str_eq(state, STATES[i].state))
            return T(cx, STATES[i].text);
    return state;
}

int access_get_health(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct access_health_page m = {0};
    VEC(struct access_finding) findings = {0};
    struct job_counts_list counts;
    struct job_recent_list recent;
    bool behind = migrate_check(cx) != 0;
    vec_push(cx->arena, &findings, (struct access_finding){T(cx, "Database"), db_engine(cx->db) == DB_SQLITE ? "SQLite" : "PostgreSQL", false});
    vec_push(cx->arena, &findings, (struct access_finding){T(cx, "Migrations"), behind ? cx->err_text : TF(cx, "up to date (%d)", migrate_latest()), behind});
    TRY(job_counts(cx, &counts));
    for (size_t i = 0; i < counts.n; i++)
        vec_push(cx->arena, &findings,
                 (struct access_finding){TF(cx, "Long work: %s", job_state(cx, counts.rows[i].state)),
                                         fmt_int(cx, counts.rows[i].jobs), str_eq(counts.rows[i].state, "failed")});
    vec_push(cx->arena, &findings, (struct access_finding){T(cx, "Clock"), fmt_instant(cx, time_now_us()), false});
    TRY(job_recent(cx, cx->region_id, JOBS_SHOWN, &recent));
    m.jobs.rows = arena_array(cx->arena, recent.n, sizeof *m.jobs.rows);
    m.jobs.n = recent.n;
    for (size_t i = 0; i < recent.n; i++)
        m.jobs.rows[i] = (struct access_job_row){job_title(cx, recent.rows[i].kind), job_state(cx, recent.rows[i].state),
                                                 recent.rows[i].error, recent.rows[i].id, recent.rows[i].created_us,
                                                 recent.rows[i].progress_done, recent.rows[i].progress_total};
    m.findings.rows = findings.rows;
    m.findings.n = findings.n;
    return respond_view(rq, &ACCESS_HEALTH_VIEW, &m);
}
