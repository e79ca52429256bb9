/* doctor.c - looks over an installation and says in plain lines what is right and what is not. */
#include "program/program.h"
#include "program/program_sql.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/embedded.h"
#include "base/fs.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "db/job_sql.h"
#include "db/migrate.h"
#include "i18n/i18n.h"
#include "report/draw.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

const char PROGRAM_DOCTOR_USAGE[] =
    "usage: shanyraq doctor [--data DIR] [--db CONNINFO]\n\n"
    "Checks the data folder, disk, database, migrations, audit chain, long work, fonts and clock. Changes nothing.\n"
    "Exit status 1 when something is wrong.";

enum verdict { GOOD, NOTE, WRONG };

struct checkup {
    struct ctx *cx;
    int wrong;
};

static void say(struct checkup *c, enum verdict v, const char *text)
{
    static const char *const WORDS[] = {N_("good"), N_("note"), N_("WRONG")};
    printf("%-10s %s\n", T(c->cx, WORDS[v]), text);
    c->wrong += v == WRONG;
}

/* The last error as a finding. */
static void say_error(struct checkup *c)
{
    say(c, WRONG, c->cx->err_text ? c->cx->err_text : "?");
}

static void check_permissions(struct checkup *c, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return;
    if (st.st_mode & 077)
        say(c, WRONG, TF(c->cx, "%s can be read by others: chmod go= %s", path, path));
    else
        say(c, GOOD, TF(c->cx, "%s is readable by its owner only", path));
}

static void check_disk(struct checkup *c)
{
    struct statvfs fs;
    if (statvfs(program.data, &fs) != 0) {
        say(c, WRONG, TF(c->cx, "There is no data folder %s", program.data));
        return;
    }
    double free_mb = (double)fs.f_bavail * (double)fs.f_frsize / (1 << 20);
    double share = fs.f_blocks ? (double)fs.f_bavail / (double)fs.f_blocks : 1;
    say(c, free_mb < 200 ? WRONG : free_mb < 2048 && share < 0.1 ? NOTE : GOOD,
        TF(c->cx, "%s MB are free on the disk of %s", fmt_int(c->cx, (int64_t)free_mb), program.data));
}

/* The newest entry's hash. Who can write the database can cut the chain's end and its head alike; noted elsewhere (in the
 * minutes of the day, with the backup), the number and this hash tell. */
static const char *audit_head_text(struct ctx *cx, const struct program_regions_row *head)
{
    return crypto_hex(cx->arena, head->hash.data, head->hash.len);
}

int program_print_heads(struct ctx *cx)
{
    struct program_regions_list regions;
    TRY(program_regions(cx, &regions));
    for (size_t i = 0; i < regions.n; i++)
        printf("%s\n", TF(cx, "Audit chain of region %lld: entry %lld, head %s", (long long)regions.rows[i].region_id,
                          (long long)regions.rows[i].seq, audit_head_text(cx, &regions.rows[i])));
    return 0;
}

static void check_audit(struct checkup *c)
{
    struct ctx *cx = c->cx;
    struct program_regions_list regions;
    int64_t own = cx->region_id;
    if (program_regions(cx, &regions)) {
        say_error(c);
        return;
    }
    for (size_t i = 0; i < regions.n; i++) {
        int64_t entries, broken;
        cx->region_id = regions.rows[i].region_id;
        if (audit_verify(cx, &entries, &broken))
            say_error(c);
        else if (broken)
            say(c, WRONG, TF(cx, "Audit chain of region %lld: entry %lld was changed", (long long)cx->region_id,
                             (long long)broken));
        else
            say(c, GOOD, TF(cx, "Audit chain of region %lld: %lld entries, unbroken; head %s", (long long)cx->region_id,
                            (long long)entries, audit_head_text(cx, &regions.rows[i])));
    }
    cx->region_id = own;
}

static void check_jobs(struct checkup *c)
{
    struct job_counts_list list;
    int64_t failed = 0;
    if (job_counts(c->cx, &list)) {
        say_error(c);
        return;
    }
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.rows[i].state, "failed"))
            failed += list.rows[i].jobs;
    if (failed)
        say(c, NOTE, TN(c->cx, "%lld job was set aside after its last try", "%lld jobs were set aside after their last try",
                        failed));
    else
        say(c, GOOD, T(c->cx, "No long work was set aside"));
}

static void check_database(struct checkup *c)
{
    struct ctx *cx = c->cx;
    struct program_content_row have;
    if (program_open(cx, false)) {
        say_error(c);
        return;
    }
    say(c, GOOD, TF(cx, "The database opens: %s", db_store_engine(program.store) == DB_SQLITE ? "SQLite" : "PostgreSQL"));
    if (db_store_engine(program.store) == DB_SQLITE)
        check_permissions(c, program_conninfo(cx->arena));
    if (migrate_check(cx)) {
        say_error(c);
        return;
    }
    say(c, GOOD, TF(cx, "Migrations: up to date (%d)", migrate_latest()));
    check_audit(c);
    check_jobs(c);
    if (program_content(cx, cx->region_id, &have))
        say_error(c);
    else if (have.demo_parts)
        say(c, NOTE, T(cx, "This is a demonstration database; its accounts have published passwords"));
    else if (!have.accounts)
        say(c, NOTE, T(cx, "There is no account yet: shanyraq user add"));
}

static void check_assets(struct checkup *c)
{
    size_t n, fonts = 0, scripts = 0;
    const struct embedded *all = embedded_all(&n);
    for (size_t i = 0; i < n; i++) {
        fonts += str_ends(all[i].path, ".woff2") || str_ends(all[i].path, ".ttf");
        scripts += str_ends(all[i].path, ".js") || str_ends(all[i].path, ".css");
    }
    say(c, fonts && scripts ? GOOD : WRONG, TF(c->cx, "Built in: %zu fonts, %zu scripts and styles", fonts, scripts));
}

static void check_fonts(struct checkup *c)
{
    const char *missing = draw_missing_font();
    if (missing)
        say(c, WRONG, TF(c->cx, "The font %s of the reports is not installed: Debian's fonts-paratype holds it", missing));
    else
        say(c, GOOD, T(c->cx, "The fonts of the reports are installed: PT Serif, PT Sans"));
}

/* A clock that is far off would date disputes and terms wrongly. */
static void check_clock(struct checkup *c)
{
    int64_t now = time_machine_us();
    bool sane = now > INT64_C(1767225600000000) && now < INT64_C(4102444800000000); /* 2026 .. 2100 */
    say(c, sane ? GOOD : WRONG, TF(c->cx, "The clock says %s", fmt_instant(c->cx, now)));
}

int program_doctor(struct ctx *cx, int argc, char **argv)
{
    struct checkup c = {.cx = cx};
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL));
    check_disk(&c);
    check_permissions(&c, program.data);
    check_database(&c);
    check_assets(&c);
    check_fonts(&c);
    check_clock(&c);
    if (c.wrong)
        return fail(cx, ERR_INVALID, "%s", TN(cx, "%lld finding needs attention.", "%lld findings need attention.", c.wrong));
    return 0;
}
