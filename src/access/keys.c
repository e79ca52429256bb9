/* keys.c - see keys.h. */
#include "access/keys.h"
#include "access/internal.h"
#include "access/keys_sql.h"

#include "base/arena.h"
#include "base/time.h"
#include "db/audit.h"
#include "db/db.h"
#include "i18n/i18n.h"

#include <string.h>

enum { LOCKED_BYTES = CRYPTO_KEY_BYTES + CRYPTO_LOCK_EXTRA };
static const char BY_PASSWORD[] = "content key by password", BY_TOKEN[] = "content key by token";

/* --- by the password --- */

/* Locks the secret key under a fresh salt. */
static int lock(struct ctx *cx, const struct content_key *key, const char *password, struct bytes *locked,
                struct bytes *salt)
{
    unsigned char by[CRYPTO_KEY_BYTES], *salt_at = arena_alloc(cx->arena, CRYPTO_SALT_BYTES),
                                        *out = arena_alloc(cx->arena, LOCKED_BYTES);
    crypto_random(salt_at, CRYPTO_SALT_BYTES);
    TRY(crypto_password_key(cx, password, salt_at, CRYPTO_COST_ACCOUNT, by));
    crypto_lock(out, by, key->pair.secret_key, CRYPTO_KEY_BYTES, BY_PASSWORD);
    crypto_wipe(by, sizeof by);
    *locked = (struct bytes){out, LOCKED_BYTES};
    *salt = (struct bytes){salt_at, CRYPTO_SALT_BYTES};
    return OK;
}

static int unlock(struct ctx *cx, const struct account_key_now_row *row, const char *password, struct content_key *key,
                  bool *open)
{
    unsigned char by[CRYPTO_KEY_BYTES];
    if (row->salt.len != CRYPTO_SALT_BYTES || row->public_key.len != CRYPTO_KEY_BYTES)
        return fail(cx, ERR_INVALID, "A key of content is damaged.");
    TRY(crypto_password_key(cx, password, row->salt.data, CRYPTO_COST_ACCOUNT, by));
    key->id = row->id;
    memcpy(key->pair.public_key, row->public_key.data, CRYPTO_KEY_BYTES);
    *open = row->locked_key.len == LOCKED_BYTES &&
            crypto_unlock(key->pair.secret_key, by, row->locked_key.data, row->locked_key.len, BY_PASSWORD);
    crypto_wipe(by, sizeof by);
    return OK;
}

int access_key_prepare(struct ctx *cx, int64_t account_id, const char *old, const char *password, struct key_change *c)
{
    struct account_key_now_row row;
    bool found;
    *c = (struct key_change){.account_id = account_id};
    TRY(account_key_now(cx, cx->region_id, account_id, &row, &found));
    if (found)
        TRY(unlock(cx, &row, old, &c->key, &c->had));
    if (c->had && old == password)
        return OK;
    if (!c->had) { /* none, or one that an earlier password locked: nobody can use it any more */
        c->key.id = db_new_id();
        crypto_pair_new(&c->key.pair);
    }
    return lock(cx, &c->key, password, &c->locked, &c->salt);
}

int access_key_write(struct ctx *cx, const struct key_change *c)
{
    if (!c->locked.len)
        return OK;
    if (c->had)
        return account_key_lock(cx, &(struct account_key_lock_in){cx->region_id, c->key.id, c->locked, c->salt}, NULL);
    TRY(account_key_retire(cx, cx->region_id, c->account_id, time_now_us(), NULL));
    TRY(account_key_insert(cx,
                           &(struct account_key_insert_in){.region_id = cx->region_id,
                                                           .id = c->key.id,
                                                           .account_id = c->account_id,
                                                           .public_key = {c->key.pair.public_key, CRYPTO_KEY_BYTES},
                                                           .locked_key = c->locked,
                                                           .salt = c->salt,
                                                           .created_us = time_now_us()},
                           NULL));
    return audit_append(cx, "key.make", access_object(cx, "account", c->account_id), "");
}

static int write_tx(struct ctx *cx, void *arg)
{
    return access_key_write(cx, arg);
}

int access_key_unlock(struct ctx *cx, int64_t account_id, const char *password, struct content_key *key)
{
    struct key_change c;
    TRY(access_key_prepare(cx, account_id, password, password, &c));
    *key = c.key;
    return c.locked.len ? db_tx(cx, write_tx, &c) : OK;
}

int access_key_retire(struct ctx *cx, int64_t account_id)
{
    return account_key_retire(cx, cx->region_id, account_id, time_now_us(), NULL);
}

int access_public_key(struct ctx *cx, int64_t account_id, int64_t *key_id, unsigned char public_key[CRYPTO_KEY_BYTES],
                      bool *found)
{
    struct account_key_now_row row;
    TRY(account_key_now(cx, cx->region_id, account_id, &row, found));
    *found = *found && row.public_key.len == CRYPTO_KEY_BYTES;
    if (*found) {
        *key_id = row.id;
        memcpy(public_key, row.public_key.data, CRYPTO_KEY_BYTES);
    }
    return OK;
}

/* --- by the session's token --- */

/* The table has a plain hash of the token; this one, keyed by the token, cannot be had from it. */
static void token_key(const char *token, unsigned char by[CRYPTO_KEY_BYTES])
{
    crypto_hmac(by, token, strlen(token), BY_TOKEN, sizeof BY_TOKEN - 1);
}

int access_session_set_key(struct ctx *cx, const char *token, const struct content_key *key)
{
    unsigned char by[CRYPTO_KEY_BYTES], locked[LOCKED_BYTES];
    token_key(token, by);
    crypto_lock(locked, by, key->pair.secret_key, CRYPTO_KEY_BYTES, BY_TOKEN);
    crypto_wipe(by, sizeof by);
    return session_set_key(cx,
                           &(struct session_set_key_in){cx->region_id,
                                                        crypto_blake2b_hex(cx->arena, token, strlen(token)), key->id,
                                                        {locked, sizeof locked}},
                           NULL);
}

int access_own_key(struct request *rq, const struct content_key **out)
{
    struct ctx *cx = rq->cx;
    struct session_key_by_token_row row;
    bool found;
    *out = rq->account.key;
    const char *token = access_token(rq);
    if (*out || !token)
        return OK;
    TRY(session_key_by_token(cx, cx->region_id, access_token_hash(rq), &row, &found));
    if (!found || row.locked_key.len != LOCKED_BYTES || row.public_key.len != CRYPTO_KEY_BYTES)
        return OK;
    struct content_key *key = arena_alloc(cx->arena, sizeof *key);
    unsigned char by[CRYPTO_KEY_BYTES];
    token_key(token, by);
    key->id = row.id;
    memcpy(key->pair.public_key, row.public_key.data, CRYPTO_KEY_BYTES);
    if (crypto_unlock(key->pair.secret_key, by, row.locked_key.data, row.locked_key.len, BY_TOKEN))
        *out = rq->account.key = key;
    crypto_wipe(by, sizeof by);
    return OK;
}
