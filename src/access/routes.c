/* routes.c - the addresses of this feature. */
#include "access/access.h"
#include "access/internal.h"
#include "access/pages.h"

#include "http/route.h"
#include "i18n/i18n.h"

/* Checking a password costs 0.1 s and 64 MB on purpose: in the second queue, so that many tries hold up no page. */
const struct route ACCESS_ROUTES[] = {
    {HTTP_GET, "/signin", access_get_signin, 0, ROUTE_PUBLIC, NULL, &ACCESS_SIGNIN_VIEW, N_("Sign in")},
    {HTTP_POST, "/signin", access_post_signin, 0, ROUTE_PUBLIC | ROUTE_HEAVY, &access_signin_form, NULL, N_("Sign in")},
    {HTTP_POST, "/signout", access_post_signout, 0, 0, NULL, NULL, N_("Sign out")},
    {HTTP_GET, "/account", access_get_own, 0, 0, NULL, &ACCESS_OWN_VIEW, N_("Your account")},
    {HTTP_POST, "/account/password", access_post_password, 0, ROUTE_HEAVY, &access_password_form, NULL, N_("Change the password")},
    {HTTP_POST, "/account/language", access_post_language, 0, 0, &access_language_form, NULL, N_("Choose the language")},
    {HTTP_POST, "/account/sessions/end", access_post_sessions_end, 0, 0, NULL, NULL, N_("End all other sessions")},
    {HTTP_POST, "/account/sessions/{id}/end", access_post_session_end, 0, 0, NULL, NULL, N_("End a session")},
    {HTTP_GET, "/admin", access_get_admin, PERM_ADMIN, 0, NULL, &ACCESS_ADMIN_VIEW, N_("Administration")},
    {HTTP_GET, "/admin/accounts", access_get_accounts, PERM_ADMIN, 0, NULL, &ACCESS_ACCOUNTS_VIEW, N_("Accounts")},
    {HTTP_POST, "/admin/accounts", access_post_account, PERM_ADMIN, 0, &access_account_form, NULL, N_("Add an account")},
    {HTTP_GET, "/admin/accounts/{id}", access_get_account, PERM_ADMIN, 0, NULL, &ACCESS_ACCOUNT_VIEW, N_("Account")},
    {HTTP_POST, "/admin/accounts/{id}/password", access_post_reset, PERM_ADMIN, 0, NULL, NULL, N_("Make a new password")},
    {HTTP_POST, "/admin/accounts/{id}/disable", access_post_disable, PERM_ADMIN, 0, NULL, NULL, N_("Disable an account")},
    {HTTP_POST, "/admin/accounts/{id}/enable", access_post_enable, PERM_ADMIN, 0, NULL, NULL, N_("Enable an account")},
    {HTTP_POST, "/admin/accounts/{id}/grant", access_post_grant, PERM_ADMIN, 0, &access_grant_form, NULL, N_("Give a role")},
    {HTTP_POST, "/admin/grants/{id}/end", access_post_grant_end, PERM_ADMIN, 0, NULL, NULL, N_("End a role")},
    {HTTP_GET, "/admin/permissions", access_get_rules, PERM_ADMIN, 0, NULL, &ACCESS_RULES_VIEW, N_("Who may open what")},
    {HTTP_GET, "/admin/health", access_get_health, PERM_ADMIN, 0, NULL, &ACCESS_HEALTH_VIEW, N_("Health")},
    {HTTP_GET, "/admin/audit", access_get_audit, PERM_AUDIT_READ, 0, NULL, &ACCESS_AUDIT_VIEW, N_("Audit log")},
    {0},
};
