/* recovery.c - see recovery.h. */
#include "mediation/recovery.h"
#include "mediation/vault_sql.h"

#include "access/keys.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"

#include <string.h>

enum { SHARE = CRYPTO_KEY_BYTES, SEALED_SHARE = SHARE + CRYPTO_SEAL_EXTRA };

static const char *object_of(struct ctx *cx, const char *kind, int64_t id)
{
    return arena_printf(cx->arena, "%s/%s", kind, id_text(cx->arena, id));
}

/* --- naming the holders --- */

struct set_job {
    const struct case_asker *a;
    bool administers;
    int64_t holder[2];
};

static int may_set(struct ctx *cx, const struct set_job *j)
{
    struct recovery_state_row now;
    bool found;
    TRY(recovery_state(cx, cx->region_id, &now, &found));
    if (!found)
        return j->administers ? OK : fail(cx, ERR_DENIED, "Only an administrator names the first two holders.");
    if (j->a->account_id == now.holder_a || j->a->account_id == now.holder_b)
        return OK;
    if (!j->administers || (now.a_holds && now.b_holds))
        return fail(cx, ERR_DENIED, "While both holders have their keys, only one of them can name others.");
    return OK;
}

static int set_tx(struct ctx *cx, void *arg)
{
    const struct set_job *j = arg;
    struct crypto_pair pair;
    unsigned char share[2][SHARE], sealed[2][SEALED_SHARE], public_key[2][CRYPTO_KEY_BYTES];
    int64_t key_id[2], id = db_new_id();
    TRY(may_set(cx, j));
    for (int i = 0; i < 2; i++) {
        bool found;
        TRY(access_public_key(cx, j->holder[i], &key_id[i], public_key[i], &found));
        if (!found)
            return fail(cx, ERR_INVALID, "A holder must have signed in with a password of their own.");
    }
    crypto_pair_new(&pair);
    crypto_random(share[0], SHARE);
    for (int k = 0; k < SHARE; k++)
        share[1][k] = pair.secret_key[k] ^ share[0][k];
    for (int i = 0; i < 2; i++)
        crypto_seal(sealed[i], public_key[i], share[i], SHARE);
    TRY(recovery_retire(cx, cx->region_id, time_now_us(), NULL));
    int rc = recovery_insert(cx,
                             &(struct recovery_insert_in){.region_id = cx->region_id,
                                                          .id = id,
                                                          .public_key = {pair.public_key, CRYPTO_KEY_BYTES},
                                                          .holder_a = j->holder[0],
                                                          .key_a = key_id[0],
                                                          .share_a = {sealed[0], SEALED_SHARE},
                                                          .holder_b = j->holder[1],
                                                          .key_b = key_id[1],
                                                          .share_b = {sealed[1], SEALED_SHARE},
                                                          .made_by = j->a->account_id,
                                                          .made_us = time_now_us()},
                             NULL);
    crypto_wipe(&pair, sizeof pair);
    crypto_wipe(share, sizeof share);
    TRY(rc);
    return audit_append(cx, "recovery.set", object_of(cx, "recovery", id),
                        arena_printf(cx->arena, "account/%s account/%s", id_text(cx->arena, j->holder[0]),
                                     id_text(cx->arena, j->holder[1])));
}

int recovery_set(struct ctx *cx, const struct case_asker *a, bool administers, int64_t holder_a, int64_t holder_b)
{
    if (holder_a == holder_b)
        return fail(cx, ERR_INVALID, "The two holders must be two people.");
    return db_tx(cx, set_tx, &(struct set_job){a, administers, {holder_a, holder_b}});
}

/* --- asking --- */

struct ask_job {
    const struct case_asker *a;
    const char *reason;
};

static int ask_tx(struct ctx *cx, void *arg)
{
    const struct ask_job *j = arg;
    int64_t id = db_new_id(), me = j->a->account_id;
    TRY(request_insert(cx, &(struct request_insert_in){cx->region_id, id, me, j->reason, me, time_now_us()}, NULL));
    return audit_append(cx, "recovery.ask", object_of(cx, "request", id), j->reason);
}

int recovery_ask(struct ctx *cx, const struct case_asker *a, const char *reason)
{
    if (!a->key)
        return fail(cx, ERR_DENIED, "Sign in with a password of your own first: the cases are opened for its key.");
    if (str_empty(reason))
        return fail(cx, ERR_INVALID, "A reason is needed.");
    return db_tx(cx, ask_tx, &(struct ask_job){a, reason});
}

/* --- agreeing --- */

struct agree_job {
    const struct case_asker *a;
    int64_t request, cases;
    bool done;
};

/* The asker's own share of the recovery. */
static int own_share(struct ctx *cx, const struct case_asker *a, const struct recovery_now_row *r, unsigned char share[SHARE])
{
    bool is_a = a->account_id == r->holder_a;
    struct bytes sealed = is_a ? r->share_a : r->share_b;
    if (!is_a && a->account_id != r->holder_b)
        return fail(cx, ERR_DENIED, "Only the two holders of the recovery keys decide about this.");
    if (!a->key || sealed.len != SEALED_SHARE || !crypto_seal_open(share, &a->key->pair, sealed.data, sealed.len))
        return fail(cx, ERR_DENIED, "Your key of recovery does not open any more: your password was set anew. Name the two "
                                    "holders again.");
    return OK;
}

/* The first agreement: the share goes, sealed, to the other holder. */
static int agree_first(struct ctx *cx, const struct agree_job *j, const struct request_by_id_row *q,
                       const struct recovery_now_row *r, const unsigned char *share)
{
    unsigned char public_key[CRYPTO_KEY_BYTES], sealed[SEALED_SHARE];
    int64_t key_id, changed = 0, other = j->a->account_id == r->holder_a ? r->holder_b : r->holder_a;
    bool found;
    TRY(access_public_key(cx, other, &key_id, public_key, &found));
    if (!found)
        return fail(cx, ERR_DENIED, "The other holder has no key any more. Name the two holders again.");
    crypto_seal(sealed, public_key, share, SHARE);
    TRY(request_first(cx,
                      &(struct request_first_in){cx->region_id, q->id, q->version, r->id, j->a->account_id, time_now_us(),
                                                 {sealed, SEALED_SHARE}},
                      &changed));
    return changed ? OK : fail(cx, ERR_CONFLICT, "Somebody else has decided about this request meanwhile.");
}

/* Opens every case for the account that asked. */
static int open_cases(struct ctx *cx, struct agree_job *j, int64_t account, int64_t recovery, const struct crypto_pair *pair)
{
    struct recovery_cases_list list;
    unsigned char public_key[CRYPTO_KEY_BYTES];
    int64_t key_id;
    bool found;
    TRY(access_public_key(cx, account, &key_id, public_key, &found));
    if (!found)
        return fail(cx, ERR_INVALID, "The account that asked has no key; it must sign in first.");
    TRY(recovery_cases(cx, &(struct recovery_cases_in){cx->region_id, account, recovery, key_id}, &list));
    j->cases = 0;
    for (size_t i = 0; i < list.n; i++) {
        struct vault v = {.dispute_id = list.rows[i].id};
        bool given;
        struct bytes sealed = list.rows[i].sealed;
        if (sealed.len != sizeof v.key + CRYPTO_SEAL_EXTRA || !crypto_seal_open(v.key, pair, sealed.data, sealed.len))
            return fail(cx, ERR_INVALID, "Sealed content of this case is damaged or stands in the wrong place.");
        TRY(vault_give(cx, &v, account, &given));
        crypto_wipe(&v, sizeof v);
        TRY(audit_append(cx, "dispute.recover", object_of(cx, "dispute", list.rows[i].id), object_of(cx, "account", account)));
        j->cases += given;
    }
    return OK;
}

static int agree_second(struct ctx *cx, struct agree_job *j, const struct request_by_id_row *q,
                        const struct recovery_now_row *r, const unsigned char *share)
{
    unsigned char other[SHARE];
    struct crypto_pair pair;
    int64_t changed = 0;
    if (q->first_by.has && q->first_by.value == j->a->account_id)
        return fail(cx, ERR_INVALID, "You have agreed already; the other holder must agree too.");
    if (!q->recovery_id.has || q->recovery_id.value != r->id || q->first_share.len != SEALED_SHARE ||
        !crypto_seal_open(other, &j->a->key->pair, q->first_share.data, q->first_share.len))
        return fail(cx, ERR_CONFLICT, "The holders have changed since the first one agreed. Refuse this request and ask again.");
    for (int k = 0; k < SHARE; k++)
        other[k] ^= share[k];
    crypto_pair_of(other, &pair);
    crypto_wipe(other, sizeof other);
    int rc = crypto_equal(pair.public_key, r->public_key.data, CRYPTO_KEY_BYTES)
                 ? open_cases(cx, j, q->account_id, r->id, &pair)
                 : fail(cx, ERR_INVALID, "The two shares do not fit together.");
    crypto_wipe(&pair, sizeof pair);
    TRY(rc);
    TRY(request_end(cx,
                    &(struct request_end_in){cx->region_id, q->id, q->version, "done", j->a->account_id, time_now_us(), j->cases},
                    &changed));
    j->done = true;
    return changed ? OK : fail(cx, ERR_CONFLICT, "Somebody else has decided about this request meanwhile.");
}

static int agree_tx(struct ctx *cx, void *arg)
{
    struct agree_job *j = arg;
    struct request_by_id_row q;
    struct recovery_now_row r;
    unsigned char share[SHARE];
    bool found, set;
    j->done = false;
    TRY(recovery_now(cx, cx->region_id, &r, &set));
    TRY(request_by_id(cx, cx->region_id, j->request, &q, &found));
    if (!set || !found)
        return fail(cx, ERR_NOT_FOUND, "There is no such request.");
    TRY(own_share(cx, j->a, &r, share));
    int rc = str_eq(q.state, "asked")  ? agree_first(cx, j, &q, &r, share)
             : str_eq(q.state, "half") ? agree_second(cx, j, &q, &r, share)
                                       : fail(cx, ERR_CONFLICT, "Somebody else has decided about this request meanwhile.");
    crypto_wipe(share, sizeof share);
    TRY(rc);
    return audit_append(cx, j->done ? "recovery.done" : "recovery.agree", object_of(cx, "request", q.id),
                        object_of(cx, "account", q.account_id));
}

int recovery_agree(struct ctx *cx, const struct case_asker *a, int64_t request, bool *done, int64_t *cases)
{
    struct agree_job j = {.a = a, .request = request};
    TRY(db_tx(cx, agree_tx, &j));
    *done = j.done;
    *cases = j.cases;
    return OK;
}

static int refuse_tx(struct ctx *cx, void *arg)
{
    const struct agree_job *j = arg;
    struct request_by_id_row q;
    struct recovery_now_row r;
    int64_t changed = 0;
    bool found, set;
    TRY(recovery_now(cx, cx->region_id, &r, &set));
    TRY(request_by_id(cx, cx->region_id, j->request, &q, &found));
    if (!set || !found)
        return fail(cx, ERR_NOT_FOUND, "There is no such request.");
    if (j->a->account_id != r.holder_a && j->a->account_id != r.holder_b && j->a->account_id != q.account_id)
        return fail(cx, ERR_DENIED, "Only the two holders of the recovery keys decide about this.");
    TRY(request_end(cx, &(struct request_end_in){cx->region_id, q.id, q.version, "refused", j->a->account_id, time_now_us(), 0},
                    &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has decided about this request meanwhile.");
    return audit_append(cx, "recovery.refuse", object_of(cx, "request", q.id), "");
}

int recovery_refuse(struct ctx *cx, const struct case_asker *a, int64_t request)
{
    return db_tx(cx, refuse_tx, &(struct agree_job){.a = a, .request = request});
}
