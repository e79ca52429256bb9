/* test_case.h - a small region with a clerk, two mediators and a few other accounts, for the tests of
 * disputes. */
#ifndef MEDIATION_TEST_CASE_H
#define MEDIATION_TEST_CASE_H

#include "testdb.h"

#include "access/access.h"
#include "access/keys.h"
#include "access/keys_sql.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "http/internal.h"
#include "mediation/case.h"
#include "mediation/mediation.h"
#include "mediation/triage.h"
#include "mediation/vault.h"

enum { CLERK = 11, CLERK_2, MEDIATOR_1, MEDIATOR_2, BRANCH, HEAD, PARTNER };
enum { UNIT = 100, SETTLEMENT = 101, OTHER_UNIT = 200, FIRST = 501, SECOND = 502 };

#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

/* The day stands still: noon of it, in the region. */
static inline void on_day(const char *iso)
{
    struct date d;
    if (!date_parse(iso, &d))
        die("%s is no date", iso);
    time_set_for_tests(instant_of((struct civil){.date = d, .hour = 12}, NULL));
}

/* The accounts' keys of content, as their sessions would open them; here no password locks them. */
static struct content_key keys[7];
static inline int fixture_key(struct ctx *cx, int64_t account)
{
    struct content_key *k = &keys[account - CLERK];
    k->id = 1000 + account;
    crypto_pair_new(&k->pair);
    return account_key_insert(cx,
                              &(struct account_key_insert_in){.region_id = cx->region_id,
                                                              .id = k->id,
                                                              .account_id = account,
                                                              .public_key = {k->pair.public_key, CRYPTO_KEY_BYTES},
                                                              .locked_key = {(const unsigned char *)"-", 1},
                                                              .salt = {(const unsigned char *)"-", 1}},
                              NULL);
}

static inline int fixture_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(mediation_module.seed(cx));
    TRY(db_exec(
        cx,
        "INSERT INTO region (id, kato, name_kk, name_ru, name_en) VALUES (61, '610000000', 'О', 'О', 'R')"));
    TRY(db_exec(cx,
                "INSERT INTO territory (region_id, id, level, kind, kato, name_kk, name_ru, name_en) VALUES "
                "(61, 100, 2, 'district', '611000000', 'Алғашқы ауданы', 'Первый район', 'First District'), "
                "(61, 101, 4, 'village', '611010100', 'Қарнақ', 'Карнак', 'Karnak'), "
                "(61, 200, 2, 'district', '612000000', 'Екінші ауданы', 'Второй район', 'Second District')"));
    TRY(db_exec(
        cx, "INSERT INTO territory_parent (region_id, territory_id, valid_from, valid_to, parent_id) VALUES "
            "(61, 101, '', '2025-07-01', 200), (61, 101, '2025-07-01', '', 100)"));
    static const char *const LOGINS[] = {"clerk", "clerk2", "med1", "med2", "branch", "head", "partner"};
    for (int i = 0; i < 7; i++)
        TRY(db_exec(
            cx,
            arena_printf(
                cx->arena,
                "INSERT INTO account (region_id, id, login, name, password_hash, created_us, password_us) "
                "VALUES (61, %d, '%s', '%s', '-', 0, 0)",
                CLERK + i, LOGINS[i], LOGINS[i])));
    TRY(db_exec(cx,
                "INSERT INTO mediator (region_id, id, name, kind, account_id, valid_from, valid_to) VALUES "
                "(61, 501, 'Mediator One', 'professional', 13, '2023-01-01', ''), "
                "(61, 502, 'Mediator Two', 'public', 14, '2023-01-01', ''), "
                "(61, 503, 'Mediator Gone', 'public', NULL, '2023-01-01', '2024-01-01')"));
    TRY(db_exec(cx, "INSERT INTO role (region_id, code, name_kk, name_ru, name_en, ordinal) VALUES (61, 'clerk', 'c', 'c', 'c', 1)"));
    TRY(db_exec(cx, "INSERT INTO role_permission (region_id, role_code, permission) VALUES (61, 'clerk', 'dispute.triage')"));
    TRY(db_exec(cx, "INSERT INTO role_grant (region_id, id, account_id, role_code, valid_from, granted_us) VALUES "
                    "(61, 1, 11, 'clerk', '2020-01-01', 0), (61, 2, 12, 'clerk', '2020-01-01', 0)"));
    for (int i = 0; i < 7; i++)
        TRY(fixture_key(cx, CLERK + i));
    return OK;
}

static inline void fixture(struct testdb *t)
{
    testdb_must(t, db_tx(&t->cx, fixture_tx, NULL), "fixture");
}

static const struct case_asker AS_CLERK = {CLERK, 0, true, true, &keys[0]}, AS_CLERK_2 = {CLERK_2, 0, true, true, &keys[1]},
                               AS_MEDIATOR = {MEDIATOR_1, FIRST, false, true, &keys[2]},
                               AS_OTHER = {MEDIATOR_2, SECOND, false, true, &keys[3]},
                               AS_BRANCH = {BRANCH, 0, false, true, &keys[4]},
                               AS_HEAD = {HEAD, 0, false, true, &keys[5]};

static const struct case_party TWO_SIDES[] = {{"first", "Aigul Secretname", "8 700", "", false},
                                              {"second", "Berik Secretname", "", "", false}};

static inline int64_t file_dispute(struct testdb *t, int64_t account, const char *key, const char *day)
{
    int64_t id = 0, before = t->cx.account_id;
    const char *number;
    struct case_filing f = {.once_key = key,
                            .occurred_on = day,
                            .kind = "livestock",
                            .channel = "visit",
                            .summary = "Secret summary of the quarrel",
                            .resonance = "no",
                            .resonance_reason = "",
                            .territory_id = SETTLEMENT,
                            .offence = true,
                            .parties = TWO_SIDES,
                            .n_parties = 2};
    t->cx.account_id = account;
    testdb_must(t, case_file(&t->cx, &f, &id, &number), "file");
    t->cx.account_id = before;
    return id;
}

static const struct case_values NO_VALUES = {.on_date = "",
                                             .note = "",
                                             .minutes = "",
                                             .session_kind = "",
                                             .side = "",
                                             .promise = "",
                                             .promise_due = "",
                                             .item = "",
                                             .tie_kin = "",
                                             .tie_work = "",
                                             .tie_help = "",
                                             .tie_body = "",
                                             .tie_state = "",
                                             .other = ""};

/* A step with a note, a date ("": today) and an item. */
static inline int step(struct testdb *t, const struct case_asker *a, int64_t id, const char *action,
                       const char *day, const char *item)
{
    struct case_values v = NO_VALUES;
    v.on_date = day;
    v.item = item;
    v.note = "because";
    v.session_kind = "joint";
    v.side = "first";
    v.promise = "Pay for the field";
    v.promise_due = "2025-09-01";
    v.both = v.each = true;
    t->cx.account_id = a->account_id;
    t->cx.err = OK;
    return case_take_step(&t->cx, a, id, action, &v, NULL);
}

static inline int assign(struct testdb *t, int64_t id, int64_t mediator, const char *tie, bool *refused)
{
    struct case_values v = NO_VALUES;
    v.mediator_id = opt_int(mediator);
    v.tie_kin = v.tie_work = v.tie_help = v.tie_state = "no";
    v.tie_body = tie;
    t->cx.err = OK;
    return case_take_step(&t->cx, &AS_CLERK, id, "assign", &v, refused);
}

static inline const char *state_of(struct testdb *t, int64_t id)
{
    struct dispute_by_id_row d;
    bool found;
    testdb_must(t, dispute_by_id(&t->cx, 61, id, &d, &found), "read");
    return found ? d.state : "";
}

/* Triage with one fact "yes", one "unknown" (or NULL) and all others "no". */
static inline struct triage_answers answers(struct testdb *t, const char *yes, const char *unknown)
{
    struct triage_fact_list_list facts;
    testdb_must(t, triage_fact_list(&t->cx, 61, &facts), "facts");
    struct triage_fact *rows = arena_array(t->cx.arena, facts.n, sizeof *rows);
    for (size_t i = 0; i < facts.n; i++)
        rows[i] = (struct triage_fact){facts.rows[i].code, str_eq(facts.rows[i].code, yes)       ? "yes"
                                                           : str_eq(facts.rows[i].code, unknown) ? "unknown"
                                                                                                 : "no"};
    return (struct triage_answers){rows, facts.n};
}

static inline struct triage_proposal decide(struct testdb *t, const struct triage_answers *a)
{
    struct triage_rule_list_list *rules = arena_alloc(t->cx.arena, sizeof *rules);
    testdb_must(t, triage_rule_list(&t->cx, 61, date_text(t->cx.arena, date_today(NULL)), rules), "rules");
    return triage_decide(t->cx.arena, rules, a);
}

static inline int triage_as(struct testdb *t, const struct case_asker *a, int64_t id, const char *yes)
{
    struct triage_answers given = answers(t, yes, NULL);
    struct triage_proposal p = decide(t, &given);
    struct dispute_by_id_row d;
    bool found;
    testdb_must(t, dispute_by_id(&t->cx, 61, id, &d, &found), "read");
    t->cx.err = OK;
    return triage_confirm(&t->cx, a, id, &given,
                          &(struct triage_values){p.rule->id, d.version, "as the rules say"});
}

#endif
