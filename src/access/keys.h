/* keys.h - the keys of content: each account's own pair, unlocked by signing in.
 *
 * The secret key is never stored open. It is locked by a key made of the password (Argon2id, with a salt of its own: the
 * hash that checks the password does not help), and while a session lasts by a key made of the session's token, which
 * only the browser has. Whoever has the database, or sets a password, can open nothing. What a feature seals, and for
 * whom, is its own matter. */
#ifndef ACCESS_KEYS_H
#define ACCESS_KEYS_H

#include "base/crypto.h"
#include "db/db.h"
#include "http/request.h"

struct content_key {
    int64_t id;
    struct crypto_pair pair;
};

/* The asker's key, for this request. *key NULL: there is none (not signed in, or the password was set by somebody else
 * and not changed since). */
int access_own_key(struct request *rq, const struct content_key **key);

/* The public half of an account's key, to seal for it. *found false: the account has never signed in with a password
 * of its own. */
int access_public_key(struct ctx *cx, int64_t account_id, int64_t *key_id, unsigned char public_key[CRYPTO_KEY_BYTES],
                      bool *found);

/* Makes the key of an account whose password is known to nobody else, or unlocks the present one. Outside or inside
 * db_tx. */
int access_key_unlock(struct ctx *cx, int64_t account_id, const char *password, struct content_key *key);

/* The password changes: the present key is to be locked anew where `old` opens it, else there will be a new one. Slow,
 * so outside db_tx; access_key_write() is for inside. */
struct key_change {
    int64_t account_id;
    struct content_key key;
    bool had;                  /* the key stays, only its lock changes */
    struct bytes locked, salt; /* empty: nothing to write */
};
int access_key_prepare(struct ctx *cx, int64_t account_id, const char *old, const char *password, struct key_change *c);
int access_key_write(struct ctx *cx, const struct key_change *c);

/* Somebody else sets the password: what was sealed for the account stays closed to the new one. Inside db_tx. */
int access_key_retire(struct ctx *cx, int64_t account_id);

/* From now on the session of this token opens what is sealed for the key. Inside db_tx. */
int access_session_set_key(struct ctx *cx, const char *token, const struct content_key *key);

#endif
