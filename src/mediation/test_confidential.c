/* Who sees what of a dispute: each role's register and record, as HTML and as JSON. On both engines. */
#include "mediation/test_case.h"

#include "access/permission.h"
#include "http/server.h"
#include "mediation/pages.h"
#include "mediation/vault_sql.h"

#define BIT(p) (UINT64_C(1) << (p))
static struct account who;

static int as_who(struct request *rq, struct account *out)
{
    (void)rq;
    *out = who;
    return OK;
}

static void become(int64_t id, uint64_t permissions)
{
    who = (struct account){
        .id = id, .region_id = 61, .login = "x", .name = "x", .csrf = "c", .permissions = permissions,
        .key = id >= CLERK ? &keys[id - CLERK] : NULL};
}

static const uint64_t CLERK_MAY = BIT(PERM_DISPUTE_FILE) | BIT(PERM_DISPUTE_TRIAGE) | BIT(PERM_DISPUTE_STATS);
static const uint64_t MEDIATOR_MAY =
    BIT(PERM_DISPUTE_FILE) | BIT(PERM_CASE_MEDIATE) | BIT(PERM_DISPUTE_STATS);
static const uint64_t BRANCH_MAY = BIT(PERM_DISPUTE_FILE) | BIT(PERM_DISPUTE_STATS);
static const uint64_t PARTNER_MAY = BIT(PERM_DISPUTE_STATS) | BIT(PERM_MAP_READ);

static const char *accept_header;
static const char *header(const void *connection, const char *name)
{
    (void)connection;
    return str_eq(name, "Accept") ? accept_header : NULL;
}

/* The answer to a GET; *status is its code. */
static const char *get(struct testdb *t, const char *target, bool json, int *status)
{
    static const struct route *tables[2];
    static struct server_options options = {.authenticate = as_who, .sign_in_path = "/signin"};
    tables[0] = mediation_module.routes;
    struct request *rq = request_new(t->cx.arena, &t->cx);
    accept_header = json ? "application/json" : "text/html";
    t->cx.err = OK;
    rq->state->header = header;
    rq->state->options = &options;
    rq->state->router = router_new(t->cx.arena, tables);
    rq->out = buf_new(t->cx.arena, 0);
    rq->status = 200;
    testdb_must(t, request_read_target(rq, target), "target");
    request_read_preferences(rq);
    request_handle(rq);
    *status = rq->status;
    return rq->out->data;
}

static bool tells(const char *text)
{
    return strstr(text, "Secret") != NULL;
}

static bool holds(struct bytes b)
{
    return b.data && memmem(b.data, b.len, "Secret", 6) != NULL;
}
static int64_t sealed_case;

struct want {
    const char *role;
    int64_t id;
    uint64_t may;
    int status;
    bool content;
    size_t rows;
};

/* One record and the register for everybody, in both faces. */
static void see(struct testdb *t, int64_t id, const char *when, const struct want *w, size_t n)
{
    const char *record = arena_printf(t->cx.arena, "/disputes/%s", id_text(t->cx.arena, id));
    const char *number = arena_printf(t->cx.arena, "%s", "2025-0001");
    for (size_t i = 0; i < n; i++)
        for (int json = 0; json < 2; json++) {
            int status, listed;
            become(w[i].id, w[i].may);
            const char *text = get(t, record, json, &status), *list = get(t, "/disputes", json, &listed);
            const char *face = json ? "JSON" : "HTML";
            ok(status == w[i].status && tells(text) == w[i].content,
               arena_printf(t->cx.arena, "%s, %s, %s: the %s gets %d%s", t->engine, when, face, w[i].role,
                            w[i].status, w[i].content ? " with the content" : " without content"));
            ok(!tells(list), arena_printf(t->cx.arena, "%s, %s, %s: no content in the %s's register",
                                          t->engine, when, face, w[i].role));
            ok((listed == 200 && strstr(list, number) != NULL) == (w[i].rows > 0),
               arena_printf(t->cx.arena, "%s, %s, %s: the row is%s in the %s's register", t->engine, when,
                            face, w[i].rows ? "" : " not", w[i].role));
        }
}

static void test_views(struct testdb *t)
{
    int64_t id = file_dispute(t, BRANCH, "key-views", "2025-07-02");
    const struct want filed[] = {{"clerk", CLERK, CLERK_MAY, 200, true, 1},
                                 {"other clerk", CLERK_2, CLERK_MAY, 200, true, 1},
                                 {"mediator", MEDIATOR_1, MEDIATOR_MAY, 404, false, 0},
                                 {"branch specialist who filed it", BRANCH, BRANCH_MAY, 200, true, 1},
                                 {"head", HEAD, BRANCH_MAY, 404, false, 0},
                                 {"partner", PARTNER, PARTNER_MAY, 403, false, 0}};
    see(t, id, "filed", filed, 6);
    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    testdb_must(t, assign(t, id, FIRST, "no", NULL), "assign");
    const struct want assigned[] = {{"clerk", CLERK, CLERK_MAY, 200, true, 1},
                                    {"other clerk", CLERK_2, CLERK_MAY, 200, false, 1},
                                    {"mediator", MEDIATOR_1, MEDIATOR_MAY, 200, true, 1},
                                    {"other mediator", MEDIATOR_2, MEDIATOR_MAY, 404, false, 0},
                                    {"branch specialist who filed it", BRANCH, BRANCH_MAY, 404, false, 0},
                                    {"head", HEAD, BRANCH_MAY, 404, false, 0},
                                    {"partner", PARTNER, PARTNER_MAY, 403, false, 0}};
    see(t, id, "assigned", assigned, 7);

    int status;
    const char *record = arena_printf(t->cx.arena, "/disputes/%s", id_text(t->cx.arena, id));
    become(MEDIATOR_2, MEDIATOR_MAY);
    OK_(!tells(get(t, arena_printf(t->cx.arena, "%s/steps/consent?item=1", record), false, &status)) &&
            status == 404,
        "nor do the pages of steps tell");
    become(CLERK_2, CLERK_MAY);
    OK_(!tells(get(t, arena_printf(t->cx.arena, "%s/triage", record), false, &status)) && status == 404,
        "nor the page of triage");
    OK_(!tells(get(t, arena_printf(t->cx.arena, "%s/steps/consent?item=1", record), false, &status)) &&
            status == 404,
        "nor does a step tell another clerk");
    become(MEDIATOR_1, MEDIATOR_MAY);
    OK_(tells(get(t, arena_printf(t->cx.arena, "%s/steps/consent?item=1", record), false, &status)) &&
            status == 200,
        "the mediator's own does");
    OK_(!tells(get(t, "/disputes/export?as=csv", false, &status)) && status == 200,
        "an export holds no content");
    become(HEAD, BRANCH_MAY);
    const char *nothing = get(t, "/disputes/0000000000ABC", false, &status);
    OK_(status == 404 && nothing != NULL, "a case that does not exist answers as one that may not be known");
    OK_(!tells(get(t, "/disputes/statistics", true, &status)) && status == 200, "statistics hold no content");
    become(0, 0);
    OK_(get(t, "/mediators", false, &status) && status == 200, "the register of mediators is public");
    const char *list = get(t, "/mediators", true, &status);
    OK_(strstr(list, "Mediator One") && !strstr(list, "med1") && !strstr(list, "\"open_cases\":1"),
        "without accounts and loads");
    (void)get(t, record, false, &status);
    OK_(status == 303, "who has not signed in is asked to");
}

static int count_tx(struct ctx *cx, void *arg)
{
    return db_exec(cx, arg);
}

static void test_audit(struct testdb *t)
{
    /* Fails (unique key) unless the chain holds at least one opening of the record with content and one
     * without. */
    int rc =
        db_tx(&t->cx, count_tx,
              (void *)(uintptr_t) "INSERT INTO region (id, kato, name_kk, name_ru, name_en) SELECT 61, '6', "
                                  "'a', 'b', 'c' "
                                  "WHERE (SELECT COUNT(DISTINCT action) FROM audit_entry WHERE region_id = "
                                  "61 AND action IN ('dispute.open', 'dispute.open_head')) = 2");
    OK_(rc == ERR_CONFLICT, "every opening of a record stands in the audit chain");
    t->cx.err = OK;
}

/* Every text and every blob of the tables with content, as somebody with the database reads them. */
static bool database_tells(struct testdb *t)
{
    struct party_list_list parties;
    struct dispute_event_list_list events;
    struct meeting_sessions_list sessions;
    struct obligation_list_list promises;
    struct dispute_content_row c;
    int64_t id = sealed_case;
    testdb_must(t, dispute_content(&t->cx, 61, id, &c), "content");
    testdb_must(t, party_list(&t->cx, 61, id, &parties), "parties");
    testdb_must(t, dispute_event_list(&t->cx, 61, id, &events), "events");
    testdb_must(t, meeting_sessions(&t->cx, 61, id, &sessions), "sessions");
    testdb_must(t, obligation_list(&t->cx, 61, id, &promises), "promises");
    bool told = tells(c.summary) || holds(c.sealed) || !c.sealed.len;
    for (size_t i = 0; i < parties.n; i++)
        told |= tells(parties.rows[i].name) || holds(parties.rows[i].sealed) || !parties.rows[i].sealed.len;
    for (size_t i = 0; i < events.n; i++)
        told |= *events.rows[i].note != 0 || holds(events.rows[i].sealed);
    for (size_t i = 0; i < sessions.n; i++)
        told |= *sessions.rows[i].minutes != 0 || holds(sessions.rows[i].sealed) || !sessions.rows[i].sealed.len;
    for (size_t i = 0; i < promises.n; i++)
        told |= *promises.rows[i].text != 0 || holds(promises.rows[i].sealed) || !promises.rows[i].sealed.len;
    return told || sessions.n != 1 || promises.n != 1;
}

static int put_sealed_tx(struct ctx *cx, void *arg)
{
    return case_seal(cx, 61, sealed_case, *(const struct bytes *)arg, NULL);
}

static void test_seals(struct testdb *t)
{
    int64_t id = sealed_case = file_dispute(t, BRANCH, "key-seals", "2025-07-02");
    struct dispute_by_id_row d;
    struct vault v;
    const char *summary, *reason;
    bool found;
    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    testdb_must(t, assign(t, id, FIRST, "no", NULL), "assign");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-03", "1"), "consent");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-03", "2"), "consent");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "contract", "2025-07-03", ""), "contract");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "session", "2025-07-04", ""), "session");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "settle", "2025-07-04", ""), "settle");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "promise", "2025-07-04", ""), "promise");
    OK_(!database_tells(t), "whoever reads the tables finds no word of the case");
    testdb_must(t, dispute_by_id(&t->cx, 61, id, &d, &found), "read");
    const struct case_asker *const allowed[] = {&AS_CLERK, &AS_MEDIATOR};
    for (int i = 0; i < 2; i++) {
        testdb_must(t, vault_open(&t->cx, allowed[i], &d, &v), "open");
        testdb_must(t, vault_case(&t->cx, &v, &summary, &reason), "content");
        OK_(tells(summary), i ? "its mediator opens it" : "its clerk opens it");
    }
    const struct case_asker *const others[] = {&AS_CLERK_2, &AS_OTHER, &AS_BRANCH, &AS_HEAD};
    static const char *const WHO[] = {"another clerk", "another mediator", "the specialist who filed it", "the head"};
    for (int i = 0; i < 4; i++) {
        OK_(vault_open(&t->cx, others[i], &d, &v) == ERR_DENIED, arena_printf(t->cx.arena, "%s cannot", WHO[i]));
        t->cx.err = OK;
    }
    /* An administrator with SQL: gives himself the clerk's sealed key, or a sealed row of another case. */
    testdb_must(t, db_tx(&t->cx, count_tx, (void *)(uintptr_t) "INSERT INTO case_key (region_id, dispute_id, account_id, key_id, sealed, since_us) "
        "SELECT region_id, dispute_id, 16, key_id, sealed, 0 FROM case_key WHERE account_id = 11"), "copy keys");
    OK_(vault_open(&t->cx, &AS_HEAD, &d, &v) == ERR_DENIED, "nor somebody who copies the clerk's sealed key");
    t->cx.err = OK;
    struct case_asker nobody = AS_CLERK;
    nobody.key = NULL;
    OK_(vault_open(&t->cx, &nobody, &d, &v) == ERR_DENIED, "nor the clerk's account without the clerk's password");
    t->cx.err = OK;
    testdb_must(t, vault_open(&t->cx, &AS_CLERK, &d, &v), "open");
    struct vault other = v;
    other.dispute_id = id + 1;
    struct bytes forged = vault_seal(&t->cx, &other, VAULT_CASE, id + 1, (const char *[]){"forged", ""});
    testdb_must(t, db_tx(&t->cx, put_sealed_tx, &forged), "forge");
    OK_(vault_case(&t->cx, &v, &summary, &reason) == ERR_INVALID, "a row put there from another case does not open");
    t->cx.err = OK;
}

/* What an account finds first for some words. */
static const char *search(struct testdb *t, const struct case_asker *a, const char *words, int *status)
{
    t->cx.err = OK;
    t->cx.account_id = a->account_id;
    struct search_page m = {.q = words};
    *status = search_own_cases(&t->cx, a, &m);
    return m.hits.n ? m.hits.rows[0].where : "";
}

static void test_search(struct testdb *t)
{
    int status;
    OK_(tells(search(t, &AS_CLERK, "secretNAME aigul", &status)) && status == OK, "the clerk finds a side by name");
    OK_(tells(search(t, &AS_MEDIATOR, "quarrel", &status)), "the mediator finds words of what happened");
    OK_(!*search(t, &AS_MEDIATOR, "no such words", &status), "other words find nothing");
    OK_(!*search(t, &AS_OTHER, "secretname", &status) && !*search(t, &AS_HEAD, "secretname", &status),
        "nobody finds a case that is not open to them");
}

/* A record from before the seals is sealed by being opened. */
static void test_from_before(struct testdb *t)
{
    int64_t id = sealed_case = file_dispute(t, BRANCH, "key-before", "2025-07-02");
    struct dispute_by_id_row d;
    struct dispute_content_row c;
    struct vault v;
    const char *summary, *reason, *sql = arena_printf(t->cx.arena, "DELETE FROM case_key WHERE dispute_id = %lld", (long long)id);
    bool found;
    testdb_must(t, db_tx(&t->cx, count_tx, (void *)(uintptr_t)sql), "without keys");
    sql = arena_printf(t->cx.arena, "UPDATE dispute SET sealed = NULL, summary = 'Secret summary' WHERE id = %lld", (long long)id);
    testdb_must(t, db_tx(&t->cx, count_tx, (void *)(uintptr_t)sql), "open text");
    testdb_must(t, dispute_by_id(&t->cx, 61, id, &d, &found), "read");
    testdb_must(t, vault_open(&t->cx, &AS_CLERK, &d, &v), "open");
    testdb_must(t, vault_case(&t->cx, &v, &summary, &reason), "content");
    testdb_must(t, dispute_content(&t->cx, 61, id, &c), "columns");
    OK_(str_eq(summary, "Secret summary") && !*c.summary && c.sealed.len && !holds(c.sealed),
        "a record from before the seals is sealed when it is opened");
    testdb_must(t, vault_open(&t->cx, &AS_CLERK_2, &d, &v), "open");
    OK_(vault_case(&t->cx, &v, &summary, &reason) == OK && str_eq(summary, "Secret summary"), "for all who may read it");
}

static void cases(struct testdb *t)
{
    on_day("2025-07-05");
    fixture(t);
    test_views(t);
    test_audit(t);
    test_seals(t);
    test_search(t);
    test_from_before(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
