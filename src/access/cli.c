/* cli.c - `shanyraq user`: accounts from the command line, the first one above all. */
#include "access/access.h"
#include "access/access_sql.h"
#include "access/internal.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/crypto.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

const char ACCESS_USER_USAGE[] =
    "usage: shanyraq user list\n"
    "       shanyraq user add LOGIN --name NAME [--role ROLE] [--language kk|ru|en] [--password-stdin]\n"
    "       shanyraq user passwd LOGIN [--password-stdin]\n"
    "       shanyraq user grant LOGIN ROLE [--territory KATO] [--body ID] [--from DATE] [--to DATE]\n"
    "       shanyraq user disable|enable LOGIN\n\n"
    "Without --password-stdin a password is made, printed once, and must be changed at the first sign-in.\n"
    "Roles: head, clerk, mediator, branch, researcher, interviewer, press, member, akimat, prosecutor, secretariat,\n"
    "administrator, or those that the institution has made itself.";

/* The password: a line of standard input, or a new one that is printed. */
static int take_password(struct ctx *cx, bool from_stdin, const char **password)
{
    char line[ACCESS_PASSWORD_MAX + 64];
    *password = crypto_token(cx->arena, 12);
    if (!from_stdin)
        return 0;
    struct termios old, silent;
    bool terminal = isatty(0) && tcgetattr(0, &old) == 0;
    if (terminal) {
        fputs(T(cx, N_("Password: ")), stderr);
        silent = old;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(0, TCSAFLUSH, &silent);
    }
    const char *got = fgets(line, sizeof line, stdin);
    if (terminal) {
        tcsetattr(0, TCSAFLUSH, &old);
        fputc('\n', stderr);
    }
    if (!got)
        return fail(cx, ERR_INVALID, "No password came from standard input.");
    line[strcspn(line, "\r\n")] = '\0';
    *password = arena_strdup(cx->arena, line);
    crypto_wipe(line, sizeof line);
    return 0;
}

struct add_job {
    struct access_new_account account;
    const char *role;
};

static int add_tx(struct ctx *cx, void *arg)
{
    const struct add_job *j = arg;
    int64_t id;
    TRY(access_account_create(cx, &j->account, &id));
    return str_empty(j->role) ? 0 : access_grant(cx, &(struct access_new_grant){.account_id = id, .role = j->role}, NULL);
}

static int user_add(struct ctx *cx, int argc, char **argv)
{
    const char *name = NULL, *role = NULL, *language = "kk", *password;
    bool from_stdin = false;
    char **rest;
    const struct option_def options[] = {
        {.name = "name", .to = &name, .type = OPTION_TEXT, .help = N_("Name of the person")},
        {.name = "role", .to = &role, .type = OPTION_TEXT, .help = N_("Role from today on, for the whole region")},
        {.name = "language", .to = &language, .type = OPTION_CHOICE, .choices = "kk|ru|en", .help = N_("Language of pages")},
        {.name = "password-stdin", .to = &from_stdin, .type = OPTION_FLAG, .help = N_("Read the password from standard input")},
        {0}};
    TRY(cli_options(cx, argc, argv, options, &rest));
    if (!rest[0] || rest[1] || !name) {
        fail(cx, ERR_INVALID, "One login and --name are needed.");
        return CLI_USAGE;
    }
    TRY(cli_database(cx));
    TRY(take_password(cx, from_stdin, &password));
    struct add_job j = {{.login = rest[0], .name = name, .password = password, .lang = lang_from_code(language),
                         .must_change = !from_stdin}, role};
    TRY(db_tx(cx, add_tx, &j));
    printf("%s\n", TF(cx, "The account %s was added.", rest[0]));
    if (!from_stdin)
        printf("%s %s\n", T(cx, "Password, to be changed at the first sign-in:"), password);
    return 0;
}

static int user_passwd(struct ctx *cx, int argc, char **argv)
{
    bool from_stdin = false;
    char **rest;
    const char *password;
    int64_t id;
    const struct option_def options[] = {
        {.name = "password-stdin", .to = &from_stdin, .type = OPTION_FLAG, .help = N_("Read the password from standard input")},
        {0}};
    TRY(cli_options(cx, argc, argv, options, &rest));
    if (!rest[0] || rest[1]) {
        fail(cx, ERR_INVALID, "One login is needed.");
        return CLI_USAGE;
    }
    TRY(cli_database(cx));
    TRY(access_account_find(cx, rest[0], &id));
    TRY(take_password(cx, from_stdin, &password));
    TRY(access_set_password(cx, id, password, !from_stdin));
    printf("%s\n", T(cx, "The password was set; all sessions of the account have ended."));
    if (!from_stdin)
        printf("%s %s\n", T(cx, "Password, to be changed at the first sign-in:"), password);
    return 0;
}

static int user_grant(struct ctx *cx, int argc, char **argv)
{
    struct access_new_grant g = {.from = "", .to = ""};
    const char *kato = NULL, *body = NULL;
    struct date from = {0}, to = {0};
    char **rest;
    const struct option_def options[] = {
        {.name = "territory", .to = &kato, .type = OPTION_TEXT, .help = N_("KATO code of a district or city; without it the whole region")},
        {.name = "body", .to = &body, .type = OPTION_TEXT, .help = N_("Identifier of the body that the person acts for")},
        {.name = "from", .to = &from, .type = OPTION_DATE, .help = N_("First day, YYYY-MM-DD; without it today")},
        {.name = "to", .to = &to, .type = OPTION_DATE, .help = N_("First day without the role; without it no end")},
        {0}};
    TRY(cli_options(cx, argc, argv, options, &rest));
    if (!rest[0] || !rest[1] || rest[2]) {
        fail(cx, ERR_INVALID, "A login and a role are needed.");
        return CLI_USAGE;
    }
    if (body) {
        g.organisation_id.has = id_parse(body, &g.organisation_id.value);
        if (!g.organisation_id.has) {
            fail(cx, ERR_INVALID, "\"%s\" is not an identifier.", body);
            return CLI_USAGE;
        }
    }
    g.from = from.y ? date_text(cx->arena, from) : "";
    g.to = to.y ? date_text(cx->arena, to) : "";
    TRY(cli_database(cx));
    TRY(access_account_find(cx, rest[0], &g.account_id));
    g.role = rest[1];
    if (kato) {
        struct access_territory_by_kato_row t;
        bool found;
        TRY(access_territory_by_kato(cx, cx->region_id, kato, access_today(cx), &t, &found));
        if (!found)
            return fail(cx, ERR_NOT_FOUND, "No place of this region has the KATO code %s today.", kato);
        g.territory_id = opt_int(t.id);
    }
    TRY(access_grant(cx, &g, NULL));
    printf("%s\n", TF(cx, "%s now has the role %s.", rest[0], rest[1]));
    return 0;
}

static int user_list(struct ctx *cx, int argc, char **argv)
{
    struct account_list_list list;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL));
    TRY(cli_database(cx));
    TRY(account_list(cx, cx->region_id, access_today(cx), &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct account_list_row *a = &list.rows[i];
        struct role_grant_list_list grants;
        printf("%-20s %-3s %s%s%s ", a->login, a->lang, a->name, a->disabled ? T(cx, " [disabled]") : "",
               a->demo ? T(cx, " [demonstration]") : "");
        TRY(role_grant_list(cx, cx->region_id, a->id, &grants));
        for (size_t j = 0; j < grants.n; j++)
            printf(" %s", grants.rows[j].role_code);
        fputc('\n', stdout);
    }
    return 0;
}

static int user_enable(struct ctx *cx, int argc, char **argv)
{
    char **rest;
    int64_t id;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, &rest));
    if (!rest[0] || rest[1]) {
        fail(cx, ERR_INVALID, "One login is needed.");
        return CLI_USAGE;
    }
    TRY(cli_database(cx));
    TRY(access_account_find(cx, rest[0], &id));
    bool disable = str_eq(argv[0], "disable");
    TRY(access_set_disabled(cx, id, disable));
    printf("%s\n", disable ? TF(cx, "The account %s is disabled; its sessions have ended.", rest[0])
                           : TF(cx, "The account %s is enabled.", rest[0]));
    return 0;
}

int access_user_command(struct ctx *cx, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct ctx *cx, int argc, char **argv);
    } WHAT[] = {{"add", user_add}, {"list", user_list}, {"passwd", user_passwd}, {"grant", user_grant},
                {"disable", user_enable}, {"enable", user_enable}};
    for (size_t i = 0; argc > 1 && i < sizeof WHAT / sizeof *WHAT; i++)
        if (str_eq(argv[1], WHAT[i].name))
            return WHAT[i].run(cx, argc - 1, argv + 1);
    if (argc > 1 && argv[1][0] == '-')
        TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL)); /* names the option */
    fail(cx, ERR_INVALID, "One of add, list, passwd, grant, disable, enable is needed.");
    return CLI_USAGE;
}
