/* access.c - what this feature is to the program, and its part of the demonstration: one account a role. */
#include "access/access.h"
#include "access/internal.h"

#include "base/arena.h"
#include "db/db.h"
#include "i18n/i18n.h"

static const uint64_t CONTENT = UINT64_C(1) << PERM_DISPUTE_FILE | UINT64_C(1) << PERM_DISPUTE_TRIAGE |
                                UINT64_C(1) << PERM_CASE_MEDIATE;

static int demo(struct ctx *cx)
{
    for (const struct access_standard_role *r = ACCESS_ROLES; r->code; r++) {
        int64_t id;
        struct access_new_account a = {.login = r->code, .name = arena_printf(cx->arena, "%s (көрсетілім)", r->kk),
                                       .password = ACCESS_DEMO_PASSWORD, .lang = LANG_KK, .demo = true};
        struct content_key key;
        TRY(access_account_create(cx, &a, &id));
        if (r->permissions & CONTENT) /* the demonstration's cases are sealed for these before anybody signs in */
            TRY(access_key_unlock(cx, id, a.password, &key));
        TRY(access_grant(cx, &(struct access_new_grant){.account_id = id, .role = r->code, .from = "2024-01-01"}, NULL));
    }
    return 0;
}

static const struct nav_item NAV[] = {
    {N_("Administration"), "/admin", PERM_ADMIN, 190},
    {N_("Audit log"), "/admin/audit", PERM_AUDIT_READ, 191},
    {0},
};

static const struct command COMMANDS[] = {
    {"user", N_("Accounts: add, list, passwd, grant, disable, enable"), ACCESS_USER_USAGE, access_user_command, 0},
    {0},
};

static const struct audit_word AUDIT[] = {
    {"account.create", N_("Added an account")},
    {"key.make", N_("Made a key of content")},
    {"account.password", N_("Changed a password")},
    {"account.disable", N_("Disabled an account")},
    {"account.enable", N_("Enabled an account")},
    {"account.grant", N_("Gave a role")},
    {"account.grant_end", N_("Ended a role")},
    {"session.begin", N_("Signed in")},
    {"session.end", N_("Signed out")},
    {"session.refuse", N_("A sign-in was refused")},
    {"export.xlsx", N_("Downloaded a table (XLSX)")},
    {"export.csv", N_("Downloaded a table (CSV)")},
    {"export.docx", N_("Downloaded a document (DOCX)")},
    {"export.pdf", N_("Downloaded a document (PDF)")},
    {"backup", N_("Made a backup")},
    {"restore", N_("Restored a backup")},
    {"demo.load", N_("Loaded demonstration data")},
    {0}};

const struct module access_module = {
    .name = "access", .title = N_("Accounts"), .audit = AUDIT, .routes = ACCESS_ROUTES, .nav = NAV, .commands = COMMANDS, .seed = access_seed, .care = access_clean,
    .demo = demo};
