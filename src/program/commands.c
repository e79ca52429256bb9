/* commands.c - init, migrate, demo, config: making a data folder and filling it. */
#include "program/program.h"
#include "program/program_sql.h"

#include "base/arena.h"
#include "base/fs.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "db/migrate.h"
#include "i18n/i18n.h"
#include "module.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/* --- init, migrate --- */

static int command_init(struct ctx *cx, int argc, char **argv)
{
    int applied = 0;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL));
    TRY(program_lock(cx));
    if (chmod(program.data, 0700) != 0)
        return fs_fail(cx, program.data, errno);
    TRY(program_open(cx, true));
    TRY(program_migrate(cx, &applied));
    printf("%s\n", applied ? TF(cx, "The database is ready: %s", program_conninfo(cx->arena))
                           : TF(cx, "The database was ready already: %s", program_conninfo(cx->arena)));
    return 0;
}

static int command_migrate(struct ctx *cx, int argc, char **argv)
{
    int applied = 0;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL));
    TRY(program_lock(cx));
    TRY(program_migrate(cx, &applied));
    printf("%s\n", applied ? TN(cx, "%lld migration was applied.", "%lld migrations were applied.", applied)
                           : T(cx, "The database is up to date."));
    return 0;
}

/* --- demo --- */

static int demo_part_tx(struct ctx *cx, void *arg)
{
    const struct module *m = arg;
    struct program_demo_done_row row;
    bool done;
    TRY(program_demo_done(cx, cx->region_id, m->name, &row, &done));
    if (done)
        return 0;
    TRY(m->demo(cx));
    TRY(program_demo_add(cx, cx->region_id, m->name, time_now_us(), NULL));
    return audit_append(cx, "demo.load", arena_printf(cx->arena, "module/%s", m->name), "");
}

static int command_demo(struct ctx *cx, int argc, char **argv)
{
    struct program_content_row have;
    struct program_demo_done_row row;
    int64_t parts = 0;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL));
    TRY(program_content(cx, cx->region_id, &have));
    if (have.demo_parts == 0 && have.accounts + have.bodies + have.disputes > 0)
        return fail(cx, ERR_CONFLICT, "This database holds data of its own; the demonstration region needs an empty one.");
    TRY(program_seed(cx));
    for (size_t i = 0; modules[i]; i++) {
        bool done = true;
        if (!modules[i]->demo)
            continue;
        TRY(program_demo_done(cx, cx->region_id, modules[i]->name, &row, &done));
        if (done)
            continue;
        TRY(db_tx(cx, demo_part_tx, (void *)modules[i]));
        parts++;
    }
    if (parts)
        TRY(db_optimize(cx));
    printf("%s\n", parts ? T(cx, "The demonstration region is loaded.") : T(cx, "The demonstration region was loaded already."));
    return 0;
}

/* --- config --- */

static int command_config(struct ctx *cx, int argc, char **argv)
{
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL));
    struct buf *out = buf_new(cx->arena, 0);
    config_print_example(cx, PROGRAM_OPTIONS, out);
    fputs(out->data, stdout);
    return 0;
}

const struct command program_commands[] = {
    {"serve", N_("Answer browsers until it is told to stop"), PROGRAM_SERVE_USAGE, program_serve, CLI_NO_DB},
    {"init", N_("Make the data folder and its database"),
     "usage: shanyraq init [--data DIR] [--db CONNINFO]\n\n"
     "Makes the data folder (readable by its owner only) and an up-to-date database in it. Safe to repeat.",
     command_init, CLI_NO_DB},
    {"migrate", N_("Bring the database to this version"),
     "usage: shanyraq migrate [--data DIR] [--db CONNINFO]\n\n"
     "Applies the migrations that the database lacks, each in a transaction. Stop the server first.",
     command_migrate, CLI_NO_MIGRATION_CHECK},
    {"demo", N_("Load the demonstration region"),
     "usage: shanyraq demo [--data DIR] [--db CONNINFO]\n\n"
     "Fills an empty database with the demonstration region; everything in it is marked as such. Safe to repeat.\n"
     "Refuses a database that holds data of its own.",
     command_demo, 0},
    {"doctor", N_("Check database, files and settings"), PROGRAM_DOCTOR_USAGE, program_doctor, CLI_NO_DB},
    {"config", N_("Print a configuration file with every option"),
     "usage: shanyraq config > shanyraq.ini\n\nPrints all options with their defaults and what they are for.",
     command_config, CLI_NO_DB},
    {0},
};
