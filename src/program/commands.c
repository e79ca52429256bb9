/* commands.c - init, migrate, demo, config: making a data folder and filling it. */
#include "program/program.h"
#include "program/program_sql.h"

#include "access/access.h"
#include "access/access_sql.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/fs.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "db/backup.h"
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
    TRY(cli_database(cx));
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

/* The logins of the demonstration, one a role, for whoever tries the program. */
static int demo_accounts_print(struct ctx *cx)
{
    struct account_demo_list_list list;
    TRY(account_demo_list(cx, cx->region_id, &list));
    if (list.n)
        printf("\n%s\n", TF(cx, "Accounts of the demonstration (password of all: %s)", ACCESS_DEMO_PASSWORD));
    for (size_t i = 0; i < list.n; i++) {
        const struct account_demo_list_row *a = &list.rows[i];
        printf("  %-14s %s\n", a->login, cx->lang == LANG_KK ? a->name_kk : cx->lang == LANG_RU ? a->name_ru : a->name_en);
    }
    return 0;
}

/* The first thing of a demonstration: when it was loaded, so that its calendar begins on its day. */
static int demo_clock_tx(struct ctx *cx, void *arg)
{
    return program_demo_add(cx, cx->region_id, PROGRAM_DEMO_CLOCK, *(const int64_t *)arg, NULL);
}

static int demo_begin(struct ctx *cx)
{
    int64_t now = time_machine_us();
    TRY(db_tx(cx, demo_clock_tx, &now));
    program_demo_shift(now);
    return 0;
}

static int command_demo(struct ctx *cx, int argc, char **argv)
{
    struct program_content_row have;
    struct program_demo_done_row row;
    int64_t parts = 0;
    bool if_empty = false;
    const struct option_def options[] = {
        {.name = "if-empty", .to = &if_empty, .type = OPTION_FLAG, .fallback = "no",
         .help = N_("Leave a database with data of its own as it is, without an error")}, {0}};
    TRY(cli_options(cx, argc, argv, options, NULL));
    TRY(cli_database(cx));
    TRY(program_content(cx, cx->region_id, &have));
    bool own = have.demo_parts == 0 && have.accounts + have.bodies + have.disputes > 0;
    if (own && if_empty)
        return 0;
    if (own)
        return fail(cx, ERR_CONFLICT, "This database holds data of its own; the demonstration region needs an empty one.");
    if (!have.demo_parts)
        TRY(demo_begin(cx));
    TRY(program_seed(cx));
    for (size_t i = 0; modules[i]; i++) {
        bool done = true;
        if (!modules[i]->demo)
            continue;
        TRY(program_demo_done(cx, cx->region_id, modules[i]->name, &row, &done));
        if (done)
            continue;
        TRY(db_tx(cx, demo_part_tx, (void *)modules[i]));
        TRY(db_optimize(cx)); /* the next part asks for what this one wrote */
        parts++;
    }
    printf("%s\n", parts ? T(cx, "The demonstration region is loaded.") : T(cx, "The demonstration region was loaded already."));
    return demo_accounts_print(cx);
}

/* --- backup, restore --- */

/* DATA/backups/shanyraq-2025-07-01-140509.db (or .dump) in the country's time. */
static const char *backup_name(struct ctx *cx)
{
    struct civil c = civil_of(time_now_us(), &ZONE_KZ);
    bool file = db_store_engine(program.store) == DB_SQLITE;
    return fs_join(cx->arena, fs_join(cx->arena, program.data, "backups"),
                   arena_printf(cx->arena, "shanyraq-%s-%02d%02d%02d.%s", date_text(cx->arena, c.date), c.hour, c.minute,
                                c.second, file ? "db" : "dump"));
}

static int command_backup(struct ctx *cx, int argc, char **argv)
{
    const char *out = NULL, *hash;
    const struct option_def options[] = {
        {.name = "out", .to = &out, .type = OPTION_TEXT, .help = N_("File to write; without it one in the data folder")}, {0}};
    TRY(cli_options(cx, argc, argv, options, NULL));
    TRY(cli_database(cx));
    if (!out) {
        TRY(fs_mkdir(cx, fs_join(cx->arena, program.data, "backups")));
        out = backup_name(cx);
    }
    TRY(program_print_heads(cx)); /* before the copy, which thus holds these entries, and perhaps newer ones */
    TRY(db_backup(cx, program.store, out));
    TRY(crypto_file_hex(cx, out, &hash));
    TRY(audit_record(cx, "backup", "", hash));
    printf("%s\n", TF(cx, "Written: %s", out));
    printf("BLAKE2b-256 %s\n", hash);
    return 0;
}

static int command_restore(struct ctx *cx, int argc, char **argv)
{
    char **rest;
    const char *hash;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, &rest));
    if (!rest[0] || rest[1]) {
        fail(cx, ERR_INVALID, "One backup file is needed.");
        return CLI_USAGE;
    }
    TRY(program_lock(cx));
    TRY(crypto_file_hex(cx, rest[0], &hash));
    TRY(db_restore(cx, program_conninfo(cx->arena), rest[0]));
    TRY(program_open(cx, false));
    TRY(migrate_check(cx));
    TRY(program_print_heads(cx)); /* as in the copy: the restoring itself is the next entry */
    TRY(audit_record(cx, "restore", "", hash));
    printf("%s\n", TF(cx, "The database was restored from %s.", rest[0]));
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
     "usage: shanyraq demo [--if-empty] [--data DIR] [--db CONNINFO]\n\n"
     "Fills an empty database (see `shanyraq init`) with the demonstration region; everything in it is marked as such. Its\n"
     "calendar begins on 6 October 2025 with the day of loading, so that its terms are not long over.\n"
     "Prints its accounts. Safe to repeat. Refuses a database that holds data of its own; with --if-empty it leaves\n"
     "such a database as it is, without an error.",
     command_demo, 0},
    {"backup", N_("Copy the database while the server works"),
     "usage: shanyraq backup [--out FILE] [--data DIR] [--db CONNINFO]\n\n"
     "Writes a checked copy of the whole database (default: DATA/backups/) and prints its hash, and\n"
     "the newest entry of the audit chain: kept elsewhere, they show whether either was changed. The server may go on.\n"
     "Copy the folder DATA/blobs too: it holds uploaded files, which never change.",
     command_backup, CLI_NO_MIGRATION_CHECK},
    {"restore", N_("Put a backup in the place of the database"),
     "usage: shanyraq restore FILE [--data DIR] [--db CONNINFO]\n\n"
     "Stop the server first. SQLite keeps the former database beside the new one. Prints the newest entry of the audit\n"
     "chain in the backup, to compare with what `shanyraq backup` printed.",
     command_restore, CLI_NO_DB},
    {"doctor", N_("Check database, files and settings"), PROGRAM_DOCTOR_USAGE, program_doctor, CLI_NO_DB},
    {"config", N_("Print a configuration file with every option"),
     "usage: shanyraq config > shanyraq.ini\n\nPrints all options with their defaults and what they are for.",
     command_config, CLI_NO_DB},
    {0},
};
