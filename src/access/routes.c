/* routes.c - the addresses of this feature. */
#include "access/access.h"
#include "access/internal.h"
#include "access/pages.h"

#include "http/route.h"
#include "i18n/i18n.h"

const struct route ACCESS_ROUTES[] = {
    {HTTP_GET, "/signin", access_get_signin, 0, ROUTE_PUBLIC, NULL, &ACCESS_SIGNIN_VIEW, N_("Sign in")},
    {HTTP_POST, "/signin", access_post_signin, 0, ROUTE_PUBLIC, &access_signin_form, NULL, N_("Sign in")},
    {HTTP_POST, "/signout", access_post_signout, 0, 0, NULL, NULL, N_("Sign out")},
    {HTTP_GET, "/account", access_get_own, 0, 0, NULL, &ACCESS_OWN_VIEW, N_("Your account")},
    {HTTP_POST, "/account/password", access_post_password, 0, 0, &access_password_form, NULL, N_("Change the password")},
    {HTTP_POST, "/account/language", access_post_language, 0, 0, &access_language_form, NULL, N_("Choose the language")},
    {HTTP_POST, "/account/sessions/end", access_post_sessions_end, 0, 0, NULL, NULL, N_("End all other sessions")},
    {HTTP_POST, "/account/sessions/{id}/end", access_post_session_end, 0, 0, NULL, NULL, N_("End a session")},
    {0},
};
