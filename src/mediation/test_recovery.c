/* test_recovery.c - a reader who lost the way in: two holders together open the cases again, neither alone. On both
 * engines. */
#include "mediation/recovery.h"
#include "mediation/test_case.h"
#include "mediation/vault_sql.h"

static struct dispute_by_id_row read_case(struct testdb *t, int64_t id)
{
    struct dispute_by_id_row d;
    bool found;
    testdb_must(t, dispute_by_id(&t->cx, 61, id, &d, &found), "read");
    return d;
}

static int opens(struct testdb *t, const struct case_asker *a, int64_t id)
{
    struct dispute_by_id_row d = read_case(t, id);
    struct vault v;
    t->cx.err = OK;
    int rc = vault_open(&t->cx, a, &d, &v);
    t->cx.err = OK;
    return rc;
}

static int new_key_tx(struct ctx *cx, void *arg)
{
    const int64_t *account = arg;
    TRY(account_key_retire(cx, cx->region_id, *account, 1, NULL));
    struct content_key *k = &keys[*account - CLERK];
    int64_t before = k->id;
    crypto_pair_new(&k->pair);
    k->id = before + 100;
    return account_key_insert(cx,
                              &(struct account_key_insert_in){.region_id = cx->region_id,
                                                              .id = k->id,
                                                              .account_id = *account,
                                                              .public_key = {k->pair.public_key, CRYPTO_KEY_BYTES},
                                                              .locked_key = {(const unsigned char *)"-", 1},
                                                              .salt = {(const unsigned char *)"-", 1}},
                              NULL);
}

/* As when somebody else sets the password and the account then chooses its own. */
static void lose_key(struct testdb *t, int64_t account)
{
    testdb_must(t, db_tx(&t->cx, new_key_tx, &account), "new key");
}

static int64_t newest_request(struct testdb *t)
{
    struct request_list_list all;
    testdb_must(t, request_list(&t->cx, 61, 0, &all), "requests");
    return all.n ? all.rows[0].id : 0;
}

static void test_recovery(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t early = file_dispute(t, BRANCH, "key-early", "2025-07-02"), id, request, cases = 0;
    bool done = false;
    testdb_must(t, triage_as(t, &AS_CLERK, early, "ordinary"), "triage");
    OK_(recovery_set(cx, &AS_HEAD, false, HEAD, BRANCH) == ERR_DENIED, "not everybody names holders");
    OK_(recovery_set(cx, &AS_HEAD, true, HEAD, HEAD) == ERR_INVALID, "one person is not two");
    OK_(recovery_set(cx, &AS_HEAD, true, HEAD, 999) == ERR_INVALID, "nor an account without a key");
    cx->err = OK;
    testdb_must(t, recovery_set(cx, &AS_CLERK_2, true, HEAD, BRANCH), "set");
    OK_(recovery_set(cx, &AS_CLERK_2, true, CLERK, CLERK_2) == ERR_DENIED,
        "an administrator does not replace holders who have their keys");
    cx->err = OK;
    id = file_dispute(t, BRANCH, "key-late", "2025-07-02");
    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    struct dispute_by_id_row d = read_case(t, early);
    struct vault v;
    testdb_must(t, vault_open(cx, &AS_CLERK, &d, &v), "open");
    testdb_must(t, vault_keep_recoverable(cx, &v), "keep");
    OK_(opens(t, &AS_HEAD, id) == ERR_DENIED && opens(t, &AS_BRANCH, id) == ERR_DENIED, "a holder reads no case");

    lose_key(t, CLERK);
    OK_(opens(t, &AS_CLERK, id) == ERR_DENIED, "after a password that somebody else set, nothing opens");
    testdb_must(t, recovery_ask(cx, &AS_CLERK, "forgot the password"), "ask");
    request = newest_request(t);
    OK_(recovery_agree(cx, &AS_CLERK_2, request, &done, &cases) == ERR_DENIED, "only holders agree");
    cx->err = OK;
    testdb_must(t, recovery_agree(cx, &AS_HEAD, request, &done, &cases), "first");
    OK_(!done && opens(t, &AS_CLERK, id) == ERR_DENIED, "one holder alone opens nothing");
    OK_(recovery_agree(cx, &AS_HEAD, request, &done, &cases) == ERR_INVALID, "and cannot be the other one too");
    cx->err = OK;
    testdb_must(t, recovery_agree(cx, &AS_BRANCH, request, &done, &cases), "second");
    OK_(done && cases == 2, "together they open the clerk's cases, the one from before the holders too");
    OK_(opens(t, &AS_CLERK, id) == OK && opens(t, &AS_CLERK, early) == OK, "the clerk reads them with the new key");
    OK_(opens(t, &AS_HEAD, id) == ERR_DENIED && opens(t, &AS_CLERK_2, id) == ERR_DENIED, "and nobody else does");
    OK_(recovery_agree(cx, &AS_BRANCH, request, &done, &cases) == ERR_CONFLICT, "a request is answered once");
    cx->err = OK;

    testdb_must(t, recovery_ask(cx, &AS_CLERK, "again"), "ask");
    request = newest_request(t);
    OK_(recovery_refuse(cx, &AS_MEDIATOR, request) == ERR_DENIED, "others do not refuse it");
    cx->err = OK;
    testdb_must(t, recovery_refuse(cx, &AS_HEAD, request), "refuse");
    OK_(recovery_agree(cx, &AS_BRANCH, request, &done, &cases) == ERR_CONFLICT, "what was refused stays refused");
    cx->err = OK;

    lose_key(t, HEAD);
    testdb_must(t, recovery_ask(cx, &AS_CLERK, "once more"), "ask");
    request = newest_request(t);
    OK_(recovery_agree(cx, &AS_HEAD, request, &done, &cases) == ERR_DENIED, "a holder who lost the key cannot agree");
    cx->err = OK;
    OK_(recovery_set(cx, &AS_CLERK_2, true, CLERK, BRANCH) == OK, "then an administrator names holders again");
}

static void cases_of(struct testdb *t)
{
    on_day("2025-07-05");
    fixture(t);
    test_recovery(t);
}

int main(void)
{
    testdb_both(cases_of);
    return done();
}
