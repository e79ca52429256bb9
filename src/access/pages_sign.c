/* pages_sign.c - signing in and out, and what everybody may do with the own account. */
#include "access/access.h"
#include "access/internal.h"
#include "access/own_html.h"
#include "access/pages.h"
#include "access/signin_html.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "db/audit.h"
#include "http/ratelimit.h"
#include "i18n/i18n.h"

/* --- sign-in --- */

struct signin_values {
    const char *login, *password, *next;
};
static const struct form_field SIGNIN_FIELDS[] = {
    {.name = "login", .type = FORM_TEXT, .label = N_("Login"), .required = true, .max = 60, .autocomplete = "username",
     .offset = offsetof(struct signin_values, login)},
    {.name = "password", .type = FORM_PASSWORD, .label = N_("Password"), .required = true, .max = ACCESS_PASSWORD_MAX,
     .autocomplete = "current-password", .offset = offsetof(struct signin_values, password)},
    {.name = "next", .type = FORM_HIDDEN, .label = N_("Next page"), .max = 500, .offset = offsetof(struct signin_values, next)},
    {0}};
const struct form access_signin_form = {SIGNIN_FIELDS, sizeof(struct signin_values)};

static const struct view_part SIGNIN_PARTS[] = {{0}};
const struct view ACCESS_SIGNIN_VIEW = {.name = "signin", .title = N_("Sign in"), .html = access_signin_html,
                                        .parts = SIGNIN_PARTS, .flags = VIEW_BARE};

static int signin_page(struct request *rq)
{
    struct access_signin_page m = {.demo_password = ACCESS_DEMO_PASSWORD};
    TRY(account_demo_list(rq->cx, rq->cx->region_id, &m.demo));
    return respond_view(rq, &ACCESS_SIGNIN_VIEW, &m);
}

/* A path of ours, so that the form cannot be made to lead elsewhere ("//host" and "/\host" are other sites). */
static bool is_own_path(const char *path)
{
    return path[0] == '/' && path[1] != '/' && !strchr(path, '\\');
}

int access_get_signin(struct request *rq)
{
    const char *next = rq_query(rq, "next");
    if (rq->account.id)
        return respond_redirect(rq, next && is_own_path(next) ? next : "/", NULL);
    form_preset(rq, &access_signin_form, "next", next);
    return signin_page(rq);
}

int access_post_signin(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct signin_values *v = form_values(rq);
    int64_t id = 0;
    bool must_change = false;
    enum lang lang = LANG_KK;
    int retry = 0;
    if (!form_ok(rq))
        return signin_page(rq);
    if (!ratelimit_take("signin.client", rq_client(rq), 60, 60, &retry) ||
        !ratelimit_take("signin.login", v->login, 4, 10, &retry))
        return respond_too_many(rq, retry);
    int rc = access_check_password(cx, v->login, v->password, &id, &must_change, &lang);
    if (rc == ERR_DENIED) {
        form_error(rq, NULL, N_("Login or password is wrong."));
        return signin_page(rq);
    }
    TRY(rc);
    ratelimit_clear("signin.login", v->login);
    cx->account_id = id;
    struct content_key key;
    if (!must_change) /* a password that somebody else knows opens no content */
        TRY(access_key_unlock(cx, id, v->password, &key));
    rc = access_session_begin(rq, id, must_change ? NULL : &key);
    crypto_wipe(&key, sizeof key);
    TRY(rc);
    if (!rq_cookie(rq, "lang"))
        respond_cookie(rq, "lang", lang_code(lang), 365 * 86400);
    if (must_change)
        return respond_redirect(rq, "/account", T(cx, "Please choose a password of your own first."));
    return respond_redirect(rq, is_own_path(v->next) ? v->next : "/", NULL);
}

int access_post_signout(struct request *rq)
{
    TRY(access_session_end(rq));
    return respond_redirect(rq, "/signin", T(rq->cx, "You are signed out."));
}

/* --- the own account --- */

struct password_values {
    const char *old, *password, *again;
};
static const struct form_field PASSWORD_FIELDS[] = {
    {.name = "old", .type = FORM_PASSWORD, .label = N_("Present password"), .required = true, .max = ACCESS_PASSWORD_MAX,
     .autocomplete = "current-password", .offset = offsetof(struct password_values, old)},
    {.name = "password", .type = FORM_PASSWORD, .label = N_("New password"), .required = true,
     .hint = N_("At least 10 characters. A sentence is easier to remember than signs."), .max = ACCESS_PASSWORD_MAX,
     .autocomplete = "new-password", .offset = offsetof(struct password_values, password)},
    {.name = "again", .type = FORM_PASSWORD, .label = N_("New password again"), .required = true, .max = ACCESS_PASSWORD_MAX,
     .autocomplete = "new-password", .offset = offsetof(struct password_values, again)},
    {0}};
const struct form access_password_form = {PASSWORD_FIELDS, sizeof(struct password_values)};

static const struct form_choice LANGUAGES[] = {{"kk", "Қазақша"}, {"ru", "Русский"}, {"en", "English"}, {0}};
struct language_values {
    const char *lang;
};
static const struct form_field LANGUAGE_FIELDS[] = {
    {.name = "lang", .type = FORM_RADIO, .label = N_("Language"), .required = true, .choices = LANGUAGES,
     .offset = offsetof(struct language_values, lang)},
    {0}};
const struct form access_language_form = {LANGUAGE_FIELDS, sizeof(struct language_values)};

#define MODEL(part) offsetof(struct access_own_page, part)
static const struct field_desc SESSION_FIELDS[] = {
    FIELD(access_own_session, id, ID), FIELD(access_own_session, created_us, INT),
    FIELD(access_own_session, seen_us, INT), FIELD(access_own_session, user_agent, TEXT),
    FIELD(access_own_session, current, BOOL)};
static ROW_DESC(SESSION_DESC, "session", access_own_session, SESSION_FIELDS);
static const struct field_desc ACCOUNT_FIELDS[] = {
    FIELD(account_by_id_row, id, ID), FIELD(account_by_id_row, login, TEXT), FIELD(account_by_id_row, name, TEXT),
    FIELD(account_by_id_row, lang, TEXT), FIELD(account_by_id_row, disabled, BOOL),
    FIELD(account_by_id_row, must_change, BOOL), FIELD(account_by_id_row, created_us, INT),
    FIELD(account_by_id_row, demo, BOOL)};
/* Without the hash of the password. */
ROW_DESC(ACCESS_ACCOUNT_DESC, "account", account_by_id_row, ACCOUNT_FIELDS);
static const struct view_part OWN_PARTS[] = {{"account", VIEW_ROW, MODEL(account), &ACCESS_ACCOUNT_DESC},
                                             {"grants", VIEW_LIST, MODEL(grants), &role_grant_list_row_desc},
                                             {"sessions", VIEW_LIST, MODEL(sessions), &SESSION_DESC},
                                             {0}};
const struct view ACCESS_OWN_VIEW = {.name = "own_account", .title = N_("Your account"), .html = access_own_html, .parts = OWN_PARTS};

/* What a browser calls itself is half a line of history; these words are what people know it by. The order
 * matters: most of them also say Chrome or Safari. */
static const char *device_of(struct arena *a, const char *agent)
{
    static const char *const BROWSERS[][2] = {{"YaBrowser/", "Yandex"}, {"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"},
        {"SamsungBrowser/", "Samsung Internet"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}};
    static const char *const SYSTEMS[][2] = {{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
        {"Mac OS X", "macOS"}, {"Linux", "Linux"}};
    const char *browser = NULL, *system = NULL;
    for (size_t i = 0; i < sizeof BROWSERS / sizeof *BROWSERS && !browser; i++)
        browser = strstr(agent, BROWSERS[i][0]) ? BROWSERS[i][1] : NULL;
    for (size_t i = 0; i < sizeof SYSTEMS / sizeof *SYSTEMS && !system; i++)
        system = strstr(agent, SYSTEMS[i][0]) ? SYSTEMS[i][1] : NULL;
    if (!browser)
        return *agent ? utf8_cut(a, agent, 60) : "–";
    return system ? arena_printf(a, "%s, %s", browser, system) : browser;
}

static int own_page(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct access_own_page m = {0};
    struct session_list_list list;
    VEC(struct access_own_session) sessions = {0};
    bool found;
    TRY(account_by_id(cx, cx->region_id, rq->account.id, &m.account, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such account.");
    TRY(role_grant_list(cx, cx->region_id, rq->account.id, &m.grants));
    TRY(session_list(cx, cx->region_id, rq->account.id, &list));
    const char *own = access_token_hash(rq);
    for (size_t i = 0; i < list.n; i++)
        vec_push(cx->arena, &sessions,
                 (struct access_own_session){list.rows[i].id, list.rows[i].created_us, list.rows[i].seen_us, list.rows[i].user_agent,
                                             device_of(cx->arena, list.rows[i].user_agent), str_eq(list.rows[i].token_hash, own)});
    m.sessions.rows = sessions.rows;
    m.sessions.n = sessions.n;
    if (!rq->route || rq->route->form != &access_language_form)
        form_preset(rq, &access_language_form, "lang", m.account.lang);
    return respond_view(rq, &ACCESS_OWN_VIEW, &m);
}

int access_get_own(struct request *rq)
{
    return own_page(rq);
}

int access_post_password(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct password_values *v = form_values(rq);
    int64_t id;
    bool must_change;
    enum lang lang;
    int retry;
    if (form_ok(rq) && !str_eq(v->password, v->again))
        form_error(rq, "again", N_("The two new passwords are not the same."));
    if (form_ok(rq) && access_password_fits(cx, v->password, rq->account.login))
        form_error(rq, "password", "%s", cx->err_text);
    if (!form_ok(rq))
        return own_page(rq);
    if (!ratelimit_take("signin.login", rq->account.login, 4, 10, &retry))
        return respond_too_many(rq, retry);
    int rc = access_check_password(cx, rq->account.login, v->old, &id, &must_change, &lang);
    if (rc == ERR_DENIED) {
        form_error(rq, "old", N_("This is not the present password."));
        return own_page(rq);
    }
    TRY(rc);
    TRY(access_own_password(cx, rq->account.id, v->old, v->password, access_token(rq)));
    return respond_redirect(rq, "/account", T(cx, "The password is changed; all other sessions have ended."));
}

struct own_lang {
    int64_t id;
    const char *lang;
};

static int language_tx(struct ctx *cx, void *arg)
{
    const struct own_lang *l = arg;
    return account_set_lang(cx, cx->region_id, l->id, l->lang, NULL);
}

int access_post_language(struct request *rq)
{
    const struct language_values *v = form_values(rq);
    if (!form_ok(rq))
        return own_page(rq);
    TRY(db_tx(rq->cx, language_tx, &(struct own_lang){rq->account.id, v->lang}));
    respond_cookie(rq, "lang", v->lang, 365 * 86400);
    return respond_redirect(rq, "/account", i18n_lookup(lang_from_code(v->lang), N_("The language is set.")));
}

static int end_one_tx(struct ctx *cx, void *arg)
{
    TRY(session_delete(cx, cx->region_id, cx->account_id, *(int64_t *)arg, NULL));
    return audit_append(cx, "session.end", access_object(cx, "account", cx->account_id), "other");
}

int access_post_session_end(struct request *rq)
{
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(db_tx(rq->cx, end_one_tx, &id));
    access_cache_clear();
    return respond_redirect(rq, "/account", T(rq->cx, "The session has ended."));
}

static int end_others_tx(struct ctx *cx, void *arg)
{
    TRY(session_delete_others(cx, cx->region_id, cx->account_id, arg, NULL));
    return audit_append(cx, "session.end", access_object(cx, "account", cx->account_id), "all others");
}

int access_post_sessions_end(struct request *rq)
{
    TRY(db_tx(rq->cx, end_others_tx, (void *)access_token_hash(rq)));
    access_cache_clear();
    return respond_redirect(rq, "/account", T(rq->cx, "All other sessions have ended."));
}
