/* cli.c - `shanyraq quarter close|sign|list|reopen`. */
#include "quarter/cli.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include "quarter/quarter.h"
#include "quarter/run_sql.h"

#include <stdio.h>
#include <unistd.h>

static void print_progress(struct ctx *cx, int64_t done, int64_t total, const char *doing)
{
    (void)cx;
    if (*doing && isatty(STDERR_FILENO))
        fprintf(stderr, "[%lld/%lld] %s\n", (long long)done, (long long)total, doing);
}

static int wrong(struct ctx *cx, const char *text)
{
    fail(cx, ERR_INVALID, "%s", text);
    return CLI_USAGE;
}

static int run_close_command(struct ctx *cx, int argc, char **argv)
{
    const char *out = NULL, *reason = NULL;
    const struct option_def options[] = {
        {.name = "out", .type = OPTION_TEXT, .to = &out, .help = N_("Folder for the files of the report")},
        {.name = "reopen", .type = OPTION_TEXT, .to = &reason, .help = N_("Why a closed quarter is computed anew")},
        {0}};
    char **rest;
    int rc = cli_options(cx, argc, argv, options, &rest);
    if (rc)
        return rc;
    if (!rest[0] || rest[1])
        return wrong(cx, T(cx, N_("Name one quarter, as in 2025-Q3.")));
    TRY(cli_check_quarter(cx, rest[0]));
    TRY(cli_database(cx));
    cx->progress = print_progress;
    int64_t run;
    TRY(quarter_close(cx, rest[0], reason, &run));
    if (out)
        TRY(quarter_export(cx, run, out));
    struct run_outputs_list files;
    TRY(run_outputs(cx, cx->region_id, run, &files));
    printf("%s\n", TF(cx, "The quarter %s is closed; its report has %zu files.", rest[0], files.n));
    return OK;
}

static int run_sign_command(struct ctx *cx, int argc, char **argv)
{
    const char *name = NULL;
    const struct option_def options[] = {
        {.name = "name", .type = OPTION_TEXT, .to = &name, .help = N_("Who signs: the person's name")}, {0}};
    char **rest;
    int rc = cli_options(cx, argc, argv, options, &rest);
    if (rc)
        return rc;
    if (!rest[0] || rest[1] || str_empty(name))
        return wrong(cx, T(cx, N_("Name one quarter and who signs it: quarter sign 2025-Q3 --name NAME.")));
    TRY(cli_check_quarter(cx, rest[0]));
    TRY(cli_database(cx));
    struct run_latest_row run;
    bool found = false;
    TRY(run_latest(cx, cx->region_id, rest[0], &run, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "The quarter %s has not been closed.", rest[0]);
    TRY(quarter_sign(cx, run.id, name, run.version));
    printf("%s\n", TF(cx, "%s is signed by %s.", rest[0], name));
    return OK;
}

static int run_list_command(struct ctx *cx, int argc, char **argv)
{
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL));
    TRY(cli_database(cx));
    struct run_list_list runs;
    TRY(run_list(cx, cx->region_id, &runs));
    for (size_t i = 0; i < runs.n; i++)
        printf("%s  %lld  %-10s  %s  %s\n", runs.rows[i].quarter, (long long)runs.rows[i].run_no, runs.rows[i].state,
               runs.rows[i].inputs_hash, runs.rows[i].signed_by);
    return OK;
}

const struct command quarter_commands[] = {
    {"quarter close", N_("closes a quarter and writes its report"),
     "usage: shanyraq quarter close 2025-Q3 [--out FOLDER] [--reopen REASON]\n\n"
        "Freezes the inputs, estimates, counts, forecasts, chooses places for visits and writes the report in three\n"
        "languages. Closing a closed quarter again writes the same files; --reopen computes it anew.\n",
     run_close_command, 0},
    {"quarter sign", N_("a named person signs a closed quarter off"),
     "usage: shanyraq quarter sign 2025-Q3 --name NAME\n", run_sign_command, 0},
    {"quarter list", N_("lists the runs of all quarters"), "usage: shanyraq quarter list\n", run_list_command, 0},
    {0}};
