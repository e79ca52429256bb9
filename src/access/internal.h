/* internal.h - what the files of src/access share; other features do not include it. */
#ifndef ACCESS_INTERNAL_H
#define ACCESS_INTERNAL_H

#include "access/access.h"
#include "access/keys.h"

struct access_standard_role {
    const char *code, *kk, *ru, *en;
    uint64_t permissions;
};
extern const struct access_standard_role ACCESS_ROLES[]; /* ends with code NULL */

/* Today in the country's zone, ISO. */
const char *access_today(struct ctx *cx);

/* "account/01H..." for the audit log. */
const char *access_object(struct ctx *cx, const char *kind, int64_t id);

/* --- session.c --- */
enum { ACCESS_IDLE_HOURS = 12, ACCESS_SESSION_DAYS = 30 };
/* Begins a session: sets the cookie of the answer. Old sessions of this browser end. key NULL: one that opens no
 * content. */
int access_session_begin(struct request *rq, int64_t account_id, const struct content_key *key);
int access_session_end(struct request *rq);
/* The hash of the request's own token ("" where there is none), as it stands in the table. */
const char *access_token_hash(struct request *rq);
/* The request's own token; NULL where there is none. */
const char *access_token(struct request *rq);
/* Forgets what is cached of all sessions of this process. */
void access_cache_clear(void);

/* --- account.c --- */
/* Login and password: 0 and the account, or ERR_DENIED: wrong, unknown and disabled give the same text in about
 * the same time. How often one may try is the caller's affair. */
int access_check_password(struct ctx *cx, const char *login, const char *password, int64_t *id, bool *must_change,
                          enum lang *lang);
/* Changes the own password: all other sessions end; the key of content is locked anew, for the password and for the
 * session of this token. */
int access_own_password(struct ctx *cx, int64_t account_id, const char *old, const char *password, const char *token);
int access_password_fits(struct ctx *cx, const char *password, const char *login);

/* --- pages --- */
int access_get_signin(struct request *rq);
int access_post_signin(struct request *rq);
int access_post_signout(struct request *rq);
int access_get_own(struct request *rq);
int access_post_password(struct request *rq);
int access_post_language(struct request *rq);
int access_post_session_end(struct request *rq);
int access_post_sessions_end(struct request *rq);
int access_get_admin(struct request *rq);
int access_get_accounts(struct request *rq);
int access_post_account(struct request *rq);
int access_get_account(struct request *rq);
int access_post_reset(struct request *rq);
int access_post_disable(struct request *rq);
int access_post_enable(struct request *rq);
int access_post_grant(struct request *rq);
int access_post_grant_end(struct request *rq);
int access_get_rules(struct request *rq);
int access_get_audit(struct request *rq);
int access_get_health(struct request *rq);
extern const struct view ACCESS_SIGNIN_VIEW, ACCESS_OWN_VIEW, ACCESS_ADMIN_VIEW, ACCESS_ACCOUNTS_VIEW, ACCESS_ACCOUNT_VIEW,
    ACCESS_RULES_VIEW, ACCESS_AUDIT_VIEW, ACCESS_HEALTH_VIEW;
extern const struct row_desc ACCESS_ACCOUNT_DESC; /* of account_by_id_row, without secrets */

extern const struct route ACCESS_ROUTES[]; /* routes.c */
int access_user_command(struct ctx *cx, int argc, char **argv);
extern const char ACCESS_USER_USAGE[];

#endif
