/* figures_cli.c - `shanyraq import figures` and `shanyraq export figures`. */
#include "registry/figures.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/crypto.h"
#include "base/fs.h"
#include "base/str.h"
#include "db/audit.h"
#include "db/db.h"
#include "http/route.h"
#include "i18n/i18n.h"
#include "registry/export.h"
#include "registry/figures_import_sql.h"

#include <stdio.h>

const char FIGURES_IMPORT_USAGE[] =
    N_("usage: shanyraq import figures FILE [--source TEXT] [--good-rows] [--check]\n\n"
       "Loads population, indicators or composition from a CSV or XLSX file: columns kato (or place and district), period, source;\n"
       "and indicator, value (or population), or community, persons, share. Nothing is written if a row is wrong, unless\n"
       "--good-rows says to leave such rows out. --check only looks. Problems are listed with line and column.\n");
const char FIGURES_EXPORT_USAGE[] =
    N_("usage: shanyraq export figures FILE.csv|FILE.xlsx [--composition]\n\n"
       "Writes all figures of the region in the columns that `import figures` reads; with --composition the "
       "composition.\nEither file can be loaded again.\n");

struct writing {
    const struct figures *figures;
    const char *path, *hash;
};

static int write_tx(struct ctx *cx, void *arg)
{
    const struct writing *w = arg;
    TRY(figures_write(cx, w->figures));
    return audit_append(cx, "import.figures", fs_base(w->path),
                        arena_printf(cx->arena, "rows=%zu left_out=%lld blake2b=%s", w->figures->rows.n, (long long)w->figures->n_bad, w->hash));
}

static void print_problems(struct ctx *cx, const char *path, const struct figures *f)
{
    for (size_t i = 0; i < f->problems.n; i++) {
        const struct figure_problem *p = &f->problems.rows[i];
        fprintf(stderr, "%s\n", TF(cx, "%s, line %lld, column %s: \"%s\"; expected: %s", path, (long long)p->line, p->column, p->text, p->expected));
    }
    for (size_t i = 0; i < f->mends.n; i++) {
        const struct figure_mend *d = &f->mends.rows[i];
        fprintf(stderr, "%s\n", TF(cx, "Line %lld, %s: “%s” was read as “%s”.", (long long)d->line, d->column, d->before, d->after));
    }
}

int figures_import_command(struct ctx *cx, int argc, char **argv)
{
    const char *source = "";
    bool good = false, check = false;
    char **rest;
    const struct option_def options[] = {
        {.name = "source", .to = &source, .type = OPTION_TEXT, .fallback = "", .help = N_("Source of rows that name none")},
        {.name = "good-rows", .to = &good, .type = OPTION_FLAG, .fallback = "no", .help = N_("Write the good rows and leave the others out")},
        {.name = "check", .to = &check, .type = OPTION_FLAG, .fallback = "no", .help = N_("Look only; write nothing")}, {0}};
    TRY(cli_options(cx, argc, argv, options, &rest));
    if (!rest[0] || rest[1]) {
        fail(cx, ERR_INVALID, "Name one file of figures.");
        return CLI_USAGE;
    }
    TRY(cli_database(cx));
    struct figures_world w;
    struct figures f;
    struct table *t;
    struct writing job = {&f, rest[0], NULL};
    TRY(figures_world_load(cx, &w));
    TRY(table_open(cx, rest[0], NULL, &t));
    TRY(figures_read(cx, &w, t, source, &f));
    TRY(crypto_file_hex(cx, rest[0], &job.hash));
    print_problems(cx, rest[0], &f);
    if (f.broken || (f.n_bad && !good))
        return fail(cx, ERR_INVALID, "%lld of %lld rows are wrong; nothing was written.", (long long)f.n_bad, (long long)f.n_read);
    if (!check)
        TRY(db_tx(cx, write_tx, &job));
    printf("%s\n", check ? TF(cx, "%zu rows are good, %lld are wrong; nothing was written.", f.rows.n, (long long)f.n_bad)
                         : TF(cx, "%zu figures were written, %lld rows left out.", f.rows.n, (long long)f.n_bad));
    return OK;
}

int figures_export_command(struct ctx *cx, int argc, char **argv)
{
    bool composition = false;
    char **rest;
    const struct option_def options[] = {
        {.name = "composition", .to = &composition, .type = OPTION_FLAG, .fallback = "no", .help = N_("Composition instead of indicators")}, {0}};
    TRY(cli_options(cx, argc, argv, options, &rest));
    if (!rest[0] || rest[1]) {
        fail(cx, ERR_INVALID, "Name the file to write, ending in .csv or .xlsx.");
        return CLI_USAGE;
    }
    TRY(cli_check_file(cx, rest[0], "csv|xlsx"));
    TRY(cli_database(cx));
    struct export_observations_list values;
    struct export_composition_list shares;
    if (composition) {
        TRY(export_composition(cx, cx->region_id, &shares));
        TRY(export_file(cx, rest[0], "figures", T(cx, "Composition"), &export_composition_row_desc, shares.rows, shares.n));
    } else {
        TRY(export_observations(cx, cx->region_id, &values));
        TRY(export_file(cx, rest[0], "figures", T(cx, "Figures"), &export_observations_row_desc, values.rows, values.n));
    }
    printf("%s\n", TF(cx, "%s: %zu figures.", rest[0], composition ? shares.n : values.n));
    return OK;
}
