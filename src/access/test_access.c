/* Accounts, passwords, roles with place and term, and the session of a request, on both engines. */
#include "testdb.h"

#include "access/access.h"
#include "access/access_sql.h"
#include "access/internal.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "http/internal.h"

#define BIT(p) (UINT64_C(1) << (p))
#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

static int64_t account_new(struct testdb *t, const char *login)
{
    int64_t id;
    struct access_new_account a = {.login = login, .name = "Somebody", .password = "correct horse battery", .lang = LANG_RU};
    testdb_must(t, access_account_create(&t->cx, &a, &id), "account");
    return id;
}

static void test_accounts(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id = account_new(t, "aigul"), got;
    bool must_change;
    enum lang lang;
    struct access_new_account a = {.login = "aigul", .name = "Other", .password = "correct horse battery"};
    OK_(access_account_create(cx, &a, NULL) == ERR_CONFLICT, "a login exists once");
    a.login = "Aigul K";
    OK_(access_account_create(cx, &a, NULL) == ERR_INVALID, "a login is small Latin letters");
    a.login = "berik";
    a.password = "short";
    OK_(access_account_create(cx, &a, NULL) == ERR_INVALID, "a short password is refused");
    a.password = "my name is berik";
    OK_(access_account_create(cx, &a, NULL) == ERR_INVALID, "a password with the login in it is refused");
    a.password = "aaaaaaaaaaaaaa";
    OK_(access_account_create(cx, &a, NULL) == ERR_INVALID, "so is one character repeated");
    OK_(access_check_password(cx, "aigul", "correct horse battery", &got, &must_change, &lang) == 0 && got == id &&
            !must_change && lang == LANG_RU, "the right password opens the account");
    OK_(access_check_password(cx, "aigul", "wrong horse battery", &got, &must_change, &lang) == ERR_DENIED,
        "a wrong one does not");
    const char *wrong = cx->err_text;
    OK_(access_check_password(cx, "nobody", "wrong horse battery", &got, &must_change, &lang) == ERR_DENIED &&
            str_eq(wrong, cx->err_text), "an unknown login gives the same answer");
    struct account_by_id_row row;
    bool found;
    testdb_must(t, account_by_id(cx, 61, id, &row, &found), "read");
    OK_(row.failed == 1, "wrong passwords are counted");
    OK_(str_starts(row.password_hash, "$argon2id$"), "the password is kept as an Argon2id hash");
    testdb_must(t, access_set_password(cx, id, "another long sentence", true), "password");
    OK_(access_check_password(cx, "aigul", "correct horse battery", &got, &must_change, &lang) == ERR_DENIED,
        "an old password is void");
    OK_(access_check_password(cx, "aigul", "another long sentence", &got, &must_change, &lang) == 0 && must_change,
        "a password set by somebody else must be changed");
    testdb_must(t, access_set_disabled(cx, id, true), "disable");
    OK_(access_check_password(cx, "aigul", "another long sentence", &got, &must_change, &lang) == ERR_DENIED,
        "a disabled account does not open");
    cx->region_id = 47;
    OK_(access_account_find(cx, "aigul", &got) == ERR_NOT_FOUND, "an account belongs to its region");
    cx->region_id = 61;
}

static void test_grants(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id = account_new(t, "daulet"), grant;
    uint64_t permissions;
    const int64_t *units;
    size_t n;
    time_set_for_tests(INT64_C(1750000000000000)); /* 2025-06-15 */
    testdb_must(t, access_permissions(cx, id, &permissions, &units, &n), "permissions");
    OK_(permissions == 0, "an account without a role may do nothing");
    struct access_new_grant g = {.account_id = id, .role = "branch", .territory_id = opt_int(1001), .from = "2025-06-15", .to = "2025-07-01"};
    testdb_must(t, access_grant(cx, &g, &grant), "grant");
    g.territory_id = opt_int(1002);
    testdb_must(t, access_grant(cx, &g, NULL), "grant");
    testdb_must(t, access_permissions(cx, id, &permissions, &units, &n), "permissions");
    OK_((permissions & BIT(PERM_VISIT_EDIT)) && !(permissions & BIT(PERM_DISPUTE_TRIAGE)), "a role gives its permissions only");
    OK_(n == 2 && units[0] + units[1] == 2003, "the scope is the units of all grants");
    time_set_for_tests(INT64_C(1751310000000000)); /* 2025-06-30T19:00Z: 1 July in Turkistan */
    testdb_must(t, access_permissions(cx, id, &permissions, &units, &n), "permissions");
    OK_(permissions == 0, "a role ends on its day, by the local calendar");
    time_set_for_tests(INT64_C(1750000000000000));
    g = (struct access_new_grant){.account_id = id, .role = "akimat", .organisation_id = opt_int(77), .from = "2025-01-01"};
    testdb_must(t, access_grant(cx, &g, &grant), "grant");
    testdb_must(t, access_permissions(cx, id, &permissions, &units, &n), "permissions");
    OK_(n == 0, "one grant for the whole region opens the whole region");
    bool yes;
    testdb_must(t, access_acts_for(cx, id, 77, PERM_PROPOSAL_ANSWER, &yes), "acts for");
    OK_(yes, "a partner acts for the own body");
    testdb_must(t, access_acts_for(cx, id, 78, PERM_PROPOSAL_ANSWER, &yes), "acts for");
    OK_(!yes, "and for no other");
    testdb_must(t, access_grant_end(cx, grant), "end");
    testdb_must(t, access_acts_for(cx, id, 77, PERM_PROPOSAL_ANSWER, &yes), "acts for");
    OK_(!yes, "a grant ends on the day it is ended");
    OK_(access_grant_end(cx, grant) == ERR_CONFLICT, "it cannot end twice");
    g.role = "sultan";
    OK_(access_grant(cx, &g, NULL) == ERR_NOT_FOUND, "an unknown role is refused");
    g = (struct access_new_grant){.account_id = id, .role = "head", .from = "2025-06-15", .to = "2025-06-15"};
    OK_(access_grant(cx, &g, NULL) == ERR_INVALID, "a role must last a day");
    g.to = "15.07.2025";
    OK_(access_grant(cx, &g, NULL) == ERR_INVALID, "a date that is none is refused");
    time_set_for_tests(0);
}

static void test_roles(struct testdb *t)
{
    struct role_list_list roles;
    struct role_permission_list_list list;
    testdb_must(t, access_seed(&t->cx), "seed again");
    testdb_must(t, role_list(&t->cx, 61, &roles), "roles");
    OK_(roles.n == 12, "a region starts with twelve roles, once");
    testdb_must(t, role_permission_list(&t->cx, 61, &list), "permissions");
    bool known = true, partner = true, administrator = true;
    for (size_t i = 0; i < list.n; i++) {
        int p = permission_from_name(list.rows[i].permission);
        known &= p != PERM_NONE;
        if (str_eq(list.rows[i].role_code, "akimat") || str_eq(list.rows[i].role_code, "prosecutor"))
            partner &= p == PERM_MAP_READ || p == PERM_DISPUTE_STATS || p == PERM_QUARTER_READ || p == PERM_PROPOSAL_READ ||
                       p == PERM_PROPOSAL_ANSWER;
        if (str_eq(list.rows[i].role_code, "administrator"))
            administrator &= p == PERM_ADMIN || p == PERM_AUDIT_READ;
    }
    OK_(known, "every permission of a role is known to the program");
    OK_(partner, "partners see protected aggregates and their proposals only");
    OK_(administrator, "an administrator opens no content");
}

/* --- sessions --- */

static const char *cookie;
static const char *header(const void *connection, const char *name)
{
    (void)connection;
    return str_eq(name, "Cookie") ? cookie : NULL;
}

static struct request *request_by(struct testdb *t)
{
    struct request *rq = request_new(t->cx.arena, &t->cx);
    rq->state->header = header;
    return rq;
}

static int64_t asks(struct testdb *t, struct account *a)
{
    t->cx.account_id = 0;
    testdb_must(t, access_authenticate(request_by(t), a), "authenticate");
    return a->id;
}

static const char *cookie_of(struct testdb *t, struct request *rq)
{
    const char *set = pairs_get(&rq->state->headers, "Set-Cookie", 0);
    return set ? arena_strndup(t->cx.arena, set, strcspn(set, ";")) : NULL;
}

static void test_sessions(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id = account_new(t, "saule");
    struct account a;
    cookie = NULL;
    testdb_must(t, access_grant(cx, &(struct access_new_grant){.account_id = id, .role = "clerk"}, NULL), "grant");
    OK_(asks(t, &a) == 0, "without a cookie nobody asks");
    cookie = "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    OK_(asks(t, &a) == 0, "a token that was never given is nobody");
    struct request *rq = request_by(t);
    testdb_must(t, access_session_begin(rq, id, NULL), "begin");
    const char *first = cookie_of(t, rq);
    OK_(strstr(pairs_get(&rq->state->headers, "Set-Cookie", 0), "HttpOnly; SameSite=Lax"), "scripts and other sites do not get the cookie");
    OK_(!str_eq(first, cookie), "a token of the client's choice is not taken over");
    cookie = first;
    OK_(asks(t, &a) == id && (a.permissions & BIT(PERM_DISPUTE_TRIAGE)) && cx->account_id == id, "the session is the account");
    OK_(!str_empty(a.csrf) && !strstr(cookie, a.csrf), "it has a token for its forms that is not the session's");
    const char *csrf = a.csrf;
    OK_(asks(t, &a) == id && str_eq(a.csrf, csrf) && str_eq(a.login, "saule"), "the second time it comes from the cache, the same");
    struct session_list_list list;
    testdb_must(t, session_list(cx, 61, id, &list), "list");
    OK_(list.n == 1 && !strstr(first, list.rows[0].token_hash) && strlen(list.rows[0].token_hash) == 64,
        "the table knows the token's hash only");

    rq = request_by(t);
    testdb_must(t, access_session_begin(rq, id, NULL), "begin again");
    const char *second = cookie_of(t, rq);
    OK_(!str_eq(first, second) && asks(t, &a) == 0, "signing in again gives a new token and ends the old one");
    cookie = second;
    OK_(asks(t, &a) == id, "the new one holds");

    testdb_must(t, access_set_password(cx, id, "yet another sentence", true), "password");
    OK_(asks(t, &a) == 0, "a password set by somebody else ends the sessions");
    rq = request_by(t);
    testdb_must(t, access_session_begin(rq, id, NULL), "begin with it");
    cookie = cookie_of(t, rq);
    OK_(asks(t, &a) == id && a.permissions == 0, "who must change the password may do nothing else");
    testdb_must(t, access_own_password(cx, id, "yet another sentence", "a sentence of my own", access_token(request_by(t))), "password");
    OK_(asks(t, &a) == id && a.permissions != 0, "and everything after");
    OK_(access_set_disabled(cx, id, true) == ERR_CONFLICT, "nobody disables the own account");
    cx->account_id = 0;
    testdb_must(t, access_set_disabled(cx, id, true), "disable");
    OK_(asks(t, &a) == 0, "disabling an account ends its sessions at once");
    testdb_must(t, access_set_disabled(cx, id, false), "enable");
    cookie = NULL;
}

/* What the session of the present cookie opens: the public half of its key, or "". */
static const char *opens(struct testdb *t)
{
    const struct content_key *key;
    struct request *rq = request_by(t);
    testdb_must(t, access_own_key(rq, &key), "own key");
    return key ? crypto_hex(t->cx.arena, key->pair.public_key, CRYPTO_KEY_BYTES) : "";
}

/* Signs in with a password that is the account's own. */
static void sign_in(struct testdb *t, int64_t id, const char *password)
{
    struct content_key key;
    struct request *rq = request_by(t);
    testdb_must(t, access_key_unlock(&t->cx, id, password, &key), "unlock");
    testdb_must(t, access_session_begin(rq, id, &key), "begin");
    cookie = cookie_of(t, rq);
}

static void test_keys(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id = account_new(t, "dana"), key_id;
    unsigned char public_key[CRYPTO_KEY_BYTES];
    bool found;
    cookie = NULL;
    testdb_must(t, access_public_key(cx, id, &key_id, public_key, &found), "public key");
    OK_(!found, "an account that never signed in has no key");
    sign_in(t, id, "correct horse battery");
    const char *first = opens(t);
    testdb_must(t, access_public_key(cx, id, &key_id, public_key, &found), "public key");
    OK_(found && *first && str_eq(first, crypto_hex(cx->arena, public_key, sizeof public_key)),
        "signing in makes a key, and the session opens it");
    const struct content_key *key;
    testdb_must(t, access_own_key(request_by(t), &key), "own key");
    unsigned char sealed[6 + CRYPTO_SEAL_EXTRA], open[6];
    crypto_seal(sealed, public_key, "secret", 6);
    OK_(crypto_seal_open(open, &key->pair, sealed, sizeof sealed) && !memcmp(open, "secret", 6),
        "what was sealed for the account is opened by it");
    const char *old_cookie = cookie;
    sign_in(t, id, "correct horse battery");
    OK_(str_eq(opens(t), first), "signing in again opens the same key");
    cookie = old_cookie;
    OK_(str_eq(opens(t), ""), "a session that ended opens nothing");
    sign_in(t, id, "correct horse battery");
    testdb_must(t, access_own_password(cx, id, "correct horse battery", "a sentence of my own", access_token(request_by(t))), "password");
    OK_(str_eq(opens(t), first), "a new password of one's own leaves the key open where one is signed in");
    sign_in(t, id, "a sentence of my own");
    OK_(str_eq(opens(t), first), "and in the next");
    testdb_must(t, access_set_password(cx, id, "set by somebody else", true), "password");
    testdb_must(t, access_public_key(cx, id, &key_id, public_key, &found), "public key");
    OK_(!found, "a password set by somebody else opens nothing, and nothing more is sealed for the old key");
    sign_in(t, id, "another sentence of mine");
    OK_(*opens(t) && !str_eq(opens(t), first), "the next own password makes another key");
    cookie = NULL;
}

static void test_session_times(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id = account_new(t, "timur"), now = time_now_us(), hour = INT64_C(3600) * 1000000;
    struct account a;
    cookie = NULL;
    struct request *rq = request_by(t);
    testdb_must(t, access_session_begin(rq, id, NULL), "begin");
    cookie = cookie_of(t, rq);
    time_set_for_tests(now + 11 * hour);
    access_cache_clear();
    OK_(asks(t, &a) == id, "a session outlives eleven idle hours");
    time_set_for_tests(now + 22 * hour);
    access_cache_clear();
    OK_(asks(t, &a) == id, "being used prolongs it");
    time_set_for_tests(now + 21 * hour);
    access_cache_clear();
    OK_(asks(t, &a) == id, "a clock set back by an hour does not end it");
    time_set_for_tests(now - 365 * 24 * hour);
    access_cache_clear();
    OK_(asks(t, &a) == 0, "one set back by a year does, so that it lasts no year longer");
    time_set_for_tests(now + 35 * hour);
    access_cache_clear();
    OK_(asks(t, &a) == 0, "thirteen idle hours end it");
    testdb_must(t, access_clean(cx), "clean");
    struct session_list_list list;
    testdb_must(t, session_list(cx, 61, id, &list), "list");
    OK_(list.n == 0, "and cleaning removes it");
    time_set_for_tests(0);
    cookie = NULL;
}

static void cases(struct testdb *t)
{
    int64_t entries, broken;
    testdb_must(t, access_seed(&t->cx), "seed");
    test_roles(t);
    test_accounts(t);
    test_grants(t);
    test_sessions(t);
    test_keys(t);
    test_session_times(t);
    testdb_must(t, audit_verify(&t->cx, &entries, &broken), "audit");
    OK_(entries > 10 && broken == 0, "all of it stands in the audit chain");
}

int main(void)
{
    testdb_both(cases);
    return done();
}
