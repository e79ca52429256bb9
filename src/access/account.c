/* account.c - accounts: logins, passwords, what the sign-in checks. */
#include "access/access.h"
#include "access/access_sql.h"
#include "access/internal.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"

#include <pthread.h>

const char *access_object(struct ctx *cx, const char *kind, int64_t id)
{
    return arena_printf(cx->arena, "%s/%s", kind, id_text(cx->arena, id));
}

static int login_fits(struct ctx *cx, const char *login)
{
    size_t n = strlen(login);
    if (n >= 2 && n <= 40 && strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == n)
        return 0;
    return fail(cx, ERR_INVALID, "A login has 2 to 40 small Latin letters, digits, \"-\", \"_\" or \".\".");
}

int access_password_fits(struct ctx *cx, const char *password, const char *login)
{
    if (!utf8_valid(password, strlen(password)) || utf8_count(password) < ACCESS_PASSWORD_MIN)
        return fail(cx, ERR_INVALID, "The password needs at least %d characters.", ACCESS_PASSWORD_MIN);
    if (strlen(password) > ACCESS_PASSWORD_MAX)
        return fail(cx, ERR_INVALID, "The password is longer than %d bytes.", ACCESS_PASSWORD_MAX);
    if (strstr(password, login) || strspn(password, (char[2]){password[0], 0}) == strlen(password))
        return fail(cx, ERR_INVALID, "The password must not hold the login or repeat one character.");
    return 0;
}

/* --- adding --- */

struct create_job {
    const struct access_new_account *a;
    const char *hash;
    int64_t id;
};

static int create_tx(struct ctx *cx, void *arg)
{
    const struct create_job *j = arg;
    struct account_by_login_row row;
    bool found;
    TRY(account_by_login(cx, cx->region_id, j->a->login, &row, &found));
    if (found)
        return fail(cx, ERR_CONFLICT, "There is an account \"%s\" already.", j->a->login);
    struct account_insert_in in = {.region_id = cx->region_id, .id = j->id, .login = j->a->login, .name = j->a->name,
                                   .password_hash = j->hash, .lang = lang_code(j->a->lang),
                                   .must_change = j->a->must_change, .at_us = time_now_us(), .demo = j->a->demo};
    TRY(account_insert(cx, &in, NULL));
    return audit_append(cx, "account.create", access_object(cx, "account", j->id), j->a->demo ? "demo" : "");
}

int access_account_create(struct ctx *cx, const struct access_new_account *a, int64_t *id)
{
    struct create_job j = {.a = a, .id = db_new_id()};
    TRY(login_fits(cx, a->login));
    if (str_empty(a->name) || utf8_count(a->name) > 120)
        return fail(cx, ERR_INVALID, "The name has 1 to 120 characters.");
    TRY(access_password_fits(cx, a->password, a->login));
    TRY(crypto_password_hash(cx, a->password, CRYPTO_COST_ACCOUNT, &j.hash));
    TRY(db_tx(cx, create_tx, &j));
    if (id)
        *id = j.id;
    return 0;
}

int access_account_find(struct ctx *cx, const char *login, int64_t *id)
{
    struct account_by_login_row row;
    bool found;
    TRY(account_by_login(cx, cx->region_id, login, &row, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no account \"%s\".", login);
    *id = row.id;
    return 0;
}

/* --- changing --- */

struct password_job {
    int64_t id;
    const char *hash, *old, *password, *token; /* token NULL: set by somebody else */
    struct key_change key;
    bool must_change;
};

static int password_tx(struct ctx *cx, void *arg)
{
    const struct password_job *j = arg;
    TRY(account_set_password(cx, &(struct account_set_password_in){cx->region_id, j->id, j->hash, j->must_change,
                                                                   time_now_us()}, NULL));
    if (j->token) {
        const char *hash = crypto_blake2b_hex(cx->arena, j->token, strlen(j->token));
        TRY(session_delete_others(cx, cx->region_id, j->id, hash, NULL));
        TRY(access_key_write(cx, &j->key));
        TRY(access_session_set_key(cx, j->token, &j->key.key));
    } else {
        TRY(session_delete_all(cx, cx->region_id, j->id, NULL));
        TRY(access_key_retire(cx, j->id));
    }
    return audit_append(cx, "account.password", access_object(cx, "account", j->id), j->token ? "own" : "reset");
}

static int password_set(struct ctx *cx, struct password_job *j)
{
    struct account_by_id_row row;
    bool found;
    TRY(account_by_id(cx, cx->region_id, j->id, &row, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such account.");
    TRY(access_password_fits(cx, j->password, row.login));
    TRY(crypto_password_hash(cx, j->password, CRYPTO_COST_ACCOUNT, &j->hash));
    if (j->token)
        TRY(access_key_prepare(cx, j->id, j->old, j->password, &j->key));
    int rc = db_tx(cx, password_tx, j);
    crypto_wipe(&j->key, sizeof j->key);
    access_cache_clear();
    return rc;
}

int access_set_password(struct ctx *cx, int64_t account_id, const char *password, bool must_change)
{
    return password_set(cx, &(struct password_job){.id = account_id, .password = password, .must_change = must_change});
}

int access_own_password(struct ctx *cx, int64_t account_id, const char *old, const char *password, const char *token)
{
    return password_set(cx, &(struct password_job){.id = account_id, .old = old, .password = password, .token = token});
}

struct disable_job {
    int64_t id;
    bool disabled;
};

static int disable_tx(struct ctx *cx, void *arg)
{
    const struct disable_job *j = arg;
    int64_t changed;
    TRY(account_set_disabled(cx, cx->region_id, j->id, j->disabled, &changed));
    if (!changed)
        return fail(cx, ERR_NOT_FOUND, "There is no such account.");
    if (j->disabled)
        TRY(session_delete_all(cx, cx->region_id, j->id, NULL));
    return audit_append(cx, j->disabled ? "account.disable" : "account.enable", access_object(cx, "account", j->id), "");
}

int access_set_disabled(struct ctx *cx, int64_t account_id, bool disabled)
{
    struct disable_job j = {account_id, disabled};
    if (disabled && account_id == cx->account_id)
        return fail(cx, ERR_CONFLICT, "Nobody can disable the own account.");
    TRY(db_tx(cx, disable_tx, &j));
    access_cache_clear();
    return 0;
}

/* --- signing in --- */

/* A hash that no password fits, made with the cost of the real ones: the check of an unknown login takes as long. */
static const char *decoy;
static char decoy_text[256];
static pthread_once_t decoy_once = PTHREAD_ONCE_INIT;

static void decoy_make(void)
{
    struct arena *a = arena_new(0);
    struct ctx cx = {.arena = a};
    const char *hash;
    if (crypto_password_hash(&cx, crypto_token(a, 32), CRYPTO_COST_ACCOUNT, &hash) == 0)
        snprintf(decoy_text, sizeof decoy_text, "%s", hash);
    decoy = decoy_text;
    arena_free(a);
}

struct check_job {
    int64_t id, failed;
    const char *rehash;
    bool good;
};

static int check_tx(struct ctx *cx, void *arg)
{
    const struct check_job *j = arg;
    struct account_set_failed_in in = {cx->region_id, j->id, j->good ? 0 : j->failed + 1, time_now_us()};
    TRY(account_set_failed(cx, &in, NULL));
    if (j->rehash)
        TRY(account_set_hash(cx, cx->region_id, j->id, j->rehash, NULL));
    int64_t before = cx->account_id;
    if (j->good)
        cx->account_id = j->id; /* who signs in is known from here on */
    int rc = audit_append(cx, j->good ? "session.begin" : "session.refuse", access_object(cx, "account", j->id), "");
    cx->account_id = before;
    return rc;
}

int access_check_password(struct ctx *cx, const char *login, const char *password, int64_t *id, bool *must_change,
                          enum lang *lang)
{
    struct account_by_login_row row;
    bool found;
    pthread_once(&decoy_once, decoy_make);
    TRY(account_by_login(cx, cx->region_id, login, &row, &found));
    bool right = crypto_password_verify(found ? row.password_hash : decoy, password);
    struct check_job j = {.good = found && right && !row.disabled};
    if (found) {
        j.id = row.id;
        j.failed = row.failed;
        if (j.good && crypto_password_outdated(row.password_hash, CRYPTO_COST_ACCOUNT))
            TRY(crypto_password_hash(cx, password, CRYPTO_COST_ACCOUNT, &j.rehash));
        TRY(db_tx(cx, check_tx, &j));
    } else {
        TRY(audit_record(cx, "session.refuse", "", "unknown login"));
    }
    if (!j.good)
        return fail(cx, ERR_DENIED, "Login or password is wrong.");
    *id = row.id;
    *must_change = row.must_change;
    *lang = lang_from_code(row.lang);
    return 0;
}
