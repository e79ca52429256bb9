/* pages.h - the models of this feature's pages. */
#ifndef ACCESS_PAGES_H
#define ACCESS_PAGES_H

#include "access/access_sql.h"
#include "http/components.h"
#include "http/form.h"
#include "http/view.h"

extern const struct form access_signin_form, access_password_form, access_language_form;
extern const struct form access_account_form, access_grant_form, access_reset_form;

struct access_signin_page {
    struct account_demo_list_list demo; /* to try the program with; empty in earnest */
    const char *demo_password;
};

struct access_own_session { /* a session as its owner sees it */
    int64_t id, created_us, seen_us;
    const char *user_agent, *device; /* as sent; "Firefox, Windows" */
    bool current;
};
struct access_own_page {
    struct account_by_id_row account;
    struct role_grant_list_list grants;
    struct { struct access_own_session *rows; size_t n; } sessions;
};

struct access_accounts_page {
    struct account_list_list accounts;
};
struct access_account_page {
    struct account_by_id_row account;
    struct role_grant_list_list grants;
    const char *today;
    const char *new_password; /* just set, shown once; NULL: none */
};

/* Addresses by roles. */
struct access_rule {
    const char *method, *path, *summary, *permission;
    const char *part;             /* the feature's heading where it begins, else NULL */
    const char *roles, *codes;    /* who may: names and codes, joined by commas and spaces */
    bool is_public, any_account;
    uint64_t bit;
};
struct access_role_column {
    const char *code, *name;
    const char *may; /* what it may do, in words */
    uint64_t permissions;
};
struct access_rules_page {
    struct { struct access_rule *rows; size_t n; } rules;
    struct { struct access_role_column *rows; size_t n; } roles;
};

struct access_audit_page {
    struct access_audit_list_list entries;
    struct pager pager;
    struct { const struct audit_word **rows; size_t n; } actions; /* one may ask for */
    const char *action, *from, *to, *login; /* the filter as given; "" where not */
    struct access_audit_state { int64_t entries; int64_t broken_seq; bool checked; const char *hash; } state; /* hash: of the newest entry */
};

/* What an action means, in the reader's language; NULL where no feature knows it (an older program wrote it). */
const char *access_audit_sentence(struct ctx *cx, const char *action);

struct access_finding {
    const char *what, *value;
    bool attention;
};
struct access_health_page {
    struct { struct access_finding *rows; size_t n; } findings;
    struct { struct access_job_row { const char *kind, *state, *error; int64_t id, created_us, done, total; } *rows; size_t n; } jobs;
};

struct access_admin_page {
    struct account_count_row count;
};

#endif
