/* session.c - who asks: the session cookie, its row, and a short-lived cache so that a page needs no query for it.
 *
 * The cookie holds 32 random bytes as text; the table only their hash, so a copy of the database opens no
 * session. The CSRF token is derived from the session token and needs no column. A change that ends sessions
 * or rights clears the cache of this process; other processes follow within CACHE_SECONDS. */
#include "access/access.h"
#include "access/access_sql.h"
#include "access/internal.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"

#include <pthread.h>

enum { TOKEN_BYTES = 32, TOKEN_CHARS = 43, CACHE_SLOTS = 512, CACHE_SECONDS = 10, CACHE_UNITS = 24, SEEN_SECONDS = 300 };
static const char COOKIE[] = "session";
static const int64_t SECOND = 1000000;

/* --- the cache: one slot a hash value, the newest wins --- */

static struct slot {
    char token_hash[CRYPTO_HEX_CHARS + 1];
    int64_t until_us; /* of the steady clock */
    int64_t region_id, id;
    char login[48], name[512];
    uint64_t permissions;
    int64_t territories[CACHE_UNITS];
    size_t n_territories;
} cache[CACHE_SLOTS];
static uint64_t cache_age; /* grows with every clearing: what was read before is not stored after */
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER; /* guards cache and cache_age */

static struct slot *slot_of(const char *token_hash)
{
    return &cache[crypto_table_hash(token_hash, strlen(token_hash)) % CACHE_SLOTS];
}

void access_cache_clear(void)
{
    pthread_mutex_lock(&cache_lock);
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        cache[i].until_us = 0;
    cache_age++;
    pthread_mutex_unlock(&cache_lock);
}

static bool cache_get(struct ctx *cx, const char *token_hash, struct account *out, uint64_t *age)
{
    pthread_mutex_lock(&cache_lock);
    struct slot *s = slot_of(token_hash);
    bool hit = s->until_us > time_steady_us() && s->region_id == cx->region_id &&
               crypto_equal_text(s->token_hash, token_hash);
    if (hit) {
        int64_t *units = arena_array(cx->arena, s->n_territories, sizeof *units);
        memcpy(units, s->territories, s->n_territories * sizeof *units);
        *out = (struct account){.id = s->id, .region_id = s->region_id, .login = arena_strdup(cx->arena, s->login),
                                .name = arena_strdup(cx->arena, s->name), .permissions = s->permissions,
                                .territories = units, .n_territories = s->n_territories};
    }
    *age = cache_age;
    pthread_mutex_unlock(&cache_lock);
    return hit;
}

static void cache_put(const char *token_hash, const struct account *a, uint64_t age)
{
    if (a->n_territories > CACHE_UNITS || strlen(a->login) >= sizeof cache->login || strlen(a->name) >= sizeof cache->name)
        return;
    pthread_mutex_lock(&cache_lock);
    if (age == cache_age) {
        struct slot *s = slot_of(token_hash);
        *s = (struct slot){.until_us = time_steady_us() + CACHE_SECONDS * SECOND, .region_id = a->region_id, .id = a->id,
                           .permissions = a->permissions, .n_territories = a->n_territories};
        memcpy(s->token_hash, token_hash, strlen(token_hash) + 1);
        memcpy(s->login, a->login, strlen(a->login) + 1);
        memcpy(s->name, a->name, strlen(a->name) + 1);
        if (a->n_territories)
            memcpy(s->territories, a->territories, a->n_territories * sizeof *s->territories);
    }
    pthread_mutex_unlock(&cache_lock);
}

/* --- tokens --- */

const char *access_token(struct request *rq)
{
    const char *token = rq_cookie(rq, COOKIE);
    return token && strlen(token) == TOKEN_CHARS ? token : NULL;
}

const char *access_token_hash(struct request *rq)
{
    const char *token = access_token(rq);
    return token ? crypto_blake2b_hex(rq->cx->arena, token, TOKEN_CHARS) : "";
}

static const char *csrf_of(struct request *rq)
{
    unsigned char mac[CRYPTO_HASH_BYTES];
    crypto_hmac(mac, rq_cookie(rq, COOKIE), TOKEN_CHARS, "csrf", 4);
    return crypto_hex(rq->cx->arena, mac, sizeof mac / 2);
}

/* --- the hook --- */

struct touch {
    int64_t id, now_us;
};

static int touch_tx(struct ctx *cx, void *arg)
{
    const struct touch *t = arg;
    return session_touch(cx, cx->region_id, t->id, t->now_us, NULL);
}

/* Reads the account of a session from the database; out->id stays 0 where the session is none or over. */
static int account_read(struct request *rq, const char *token_hash, struct account *out)
{
    struct ctx *cx = rq->cx;
    struct session_by_token_row s;
    bool found;
    TRY(session_by_token(cx, cx->region_id, token_hash, &s, &found));
    int64_t now = time_now_us();
    if (!found || s.disabled || s.expires_us <= now || s.seen_us <= now - ACCESS_IDLE_HOURS * 3600 * SECOND)
        return 0;
    if (s.seen_us > now + 24 * 3600 * SECOND) /* the clock was set back by days: a session must not last longer for that */
        return 0;
    if (s.seen_us < now - SEEN_SECONDS * SECOND)
        TRY(db_tx(cx, touch_tx, &(struct touch){s.id, now}));
    *out = (struct account){.id = s.account_id, .region_id = cx->region_id, .login = s.login, .name = s.name};
    /* a password that somebody else knows opens one page only: the one that changes it */
    if (s.must_change)
        return 0;
    return access_permissions(cx, s.account_id, &out->permissions, &out->territories, &out->n_territories);
}

int access_authenticate(struct request *rq, struct account *out)
{
    const char *hash = access_token_hash(rq);
    uint64_t age;
    *out = (struct account){0};
    if (!*hash)
        return 0;
    if (!cache_get(rq->cx, hash, out, &age)) {
        TRY(account_read(rq, hash, out));
        if (!out->id)
            return 0;
        cache_put(hash, out, age);
    }
    rq->cx->account_id = out->id;
    out->csrf = csrf_of(rq);
    return 0;
}

/* --- beginning and ending --- */

struct begin {
    struct session_insert_in in;
    const char *old_hash, *token;
    const struct content_key *key;
};

static int begin_tx(struct ctx *cx, void *arg)
{
    const struct begin *b = arg;
    if (*b->old_hash)
        TRY(session_delete_token(cx, cx->region_id, b->old_hash, NULL));
    TRY(session_insert(cx, &b->in, NULL));
    return b->key ? access_session_set_key(cx, b->token, b->key) : OK;
}

int access_session_begin(struct request *rq, int64_t account_id, const struct content_key *key)
{
    struct ctx *cx = rq->cx;
    const char *token = crypto_token(cx->arena, TOKEN_BYTES), *agent = rq_header(rq, "User-Agent");
    int64_t now = time_now_us();
    struct begin b = {
        .in = {.region_id = cx->region_id, .id = db_new_id(), .token_hash = crypto_blake2b_hex(cx->arena, token, TOKEN_CHARS),
               .account_id = account_id, .at_us = now, .expires_us = now + ACCESS_SESSION_DAYS * 86400 * SECOND,
               .user_agent = agent && utf8_valid(agent, strlen(agent)) ? utf8_cut(cx->arena, agent, 200) : ""},
        .old_hash = access_token_hash(rq), .token = token, .key = key};
    TRY(db_tx(cx, begin_tx, &b));
    access_cache_clear();
    respond_cookie(rq, COOKIE, token, ACCESS_SESSION_DAYS * 86400);
    return 0;
}

static int end_tx(struct ctx *cx, void *arg)
{
    TRY(session_delete_token(cx, cx->region_id, arg, NULL));
    return audit_append(cx, "session.end", access_object(cx, "account", cx->account_id), "");
}

int access_session_end(struct request *rq)
{
    TRY(db_tx(rq->cx, end_tx, (void *)access_token_hash(rq)));
    access_cache_clear();
    respond_cookie(rq, COOKIE, "", 0);
    return 0;
}

static int clean_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    int64_t now = time_now_us();
    return session_delete_old(cx, cx->region_id, now, now - ACCESS_IDLE_HOURS * 3600 * SECOND, NULL);
}

int access_clean(struct ctx *cx)
{
    return db_tx(cx, clean_tx, NULL);
}
