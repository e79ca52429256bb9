/* access.h - accounts, sessions, roles: who asks, and what they may do.
 *
 * A role is a set of permissions (data). A grant gives an account a role from a day until a day, for
 * the whole region or one unit, and, for partners and members, on behalf of one body. Features check
 * permissions by their routes' `need` and rq_may(), places by access_in_scope(), bodies by access_bodies(). */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "access/permission.h"
#include "http/request.h"
#include "module.h"

extern const struct module access_module;
/* Only a part of the demonstration, behind the registry: which place and body the accounts belong to. */
extern const struct module access_scope_module;

/* For server_options.authenticate: the account of the session cookie, id 0 where there is none. */
int access_authenticate(struct request *rq, struct account *out);

/* 0 where one of ids (a place and its ancestors) is in the asker's scope; else ERR_NOT_FOUND. */
int access_in_scope(struct request *rq, const int64_t *ids, size_t n);

/* The bodies that the asker acts for today, in rq's arena; *n 0: none. */
int access_bodies(struct request *rq, const int64_t **ids, size_t *n);

/* Does the account act for this body today, with this permission? */
int access_acts_for(struct ctx *cx, int64_t account_id, int64_t organisation_id, int permission, bool *yes);

/* The standard roles, where the region has none yet. Inside or outside db_tx. */
int access_seed(struct ctx *cx);

/* Removes sessions that have ended by time; called now and then. */
int access_clean(struct ctx *cx);

struct access_new_account {
    const char *login, *name, *password;
    enum lang lang;
    bool must_change, demo;
};
/* Checks and adds an account. ERR_INVALID: login or password do not fit; ERR_CONFLICT: the login exists. */
int access_account_create(struct ctx *cx, const struct access_new_account *a, int64_t *id);

struct access_new_grant {
    int64_t account_id;
    const char *role;
    struct opt_int territory_id, organisation_id;
    const char *from, *to; /* ISO dates; from "": today; to "": open, else the first day without the role */
};
int access_grant(struct ctx *cx, const struct access_new_grant *g, int64_t *id);
/* Ends a grant today. ERR_NOT_FOUND if there is none. */
int access_grant_end(struct ctx *cx, int64_t id);

/* Sets a password for somebody else: the account's sessions end, and the key of its content is retired. */
int access_set_password(struct ctx *cx, int64_t account_id, const char *password, bool must_change);
int access_set_disabled(struct ctx *cx, int64_t account_id, bool disabled);

/* The account of a login; ERR_NOT_FOUND. */
int access_account_find(struct ctx *cx, const char *login, int64_t *id);

/* Permissions (bit set) and units of an account today: what authenticate puts into struct account.
 * With grants for several units all permissions hold in all of them. */
int access_permissions(struct ctx *cx, int64_t account_id, uint64_t *permissions, const int64_t **territories,
                       size_t *n);

/* Of the demonstration accounts (login = code of the role); printed by ./run. */
#define ACCESS_DEMO_PASSWORD "Shanyraq-2025"

enum { ACCESS_PASSWORD_MIN = 10, ACCESS_PASSWORD_MAX = 200 };

#endif
