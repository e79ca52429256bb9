/* cli.c - see cli.h. */
#include "research/cli.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/fs.h"
#include "base/str.h"
#include "db/audit.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "research/export.h"
#include "research/import.h"

#include <stdio.h>

enum { FILE_LARGEST = 256 << 20, ERRORS_PRINTED = 50 };

struct import_args {
    struct research_import_in in;
    int64_t id;
};

static int import_tx(struct ctx *cx, void *arg)
{
    struct import_args *a = arg;
    return research_import(cx, &a->in, &a->id);
}

static void print_errors(struct ctx *cx, const struct answers *a)
{
    for (size_t i = 0; i < a->errors.n && i < ERRORS_PRINTED; i++) {
        const struct answers_error *e = &a->errors.rows[i];
        fprintf(stderr, "%s\n",
                TF(cx, "%s, line %lld, column %s: \"%s\"; expected: %s", a->file, (long long)e->line,
                   e->column, e->text, e->expected));
    }
    if (a->n_errors > ERRORS_PRINTED)
        fprintf(stderr, "%s\n", TF(cx, "… and %lld more errors.", (long long)a->n_errors - ERRORS_PRINTED));
}

static int quarter_and_file(struct ctx *cx, char **words)
{
    if (words[0] && words[1] && !words[2])
        return cli_check_quarter(cx, words[0]);
    fail(cx, ERR_INVALID, "Name a quarter and a file.");
    return CLI_USAGE;
}

static int run_import_answers(struct ctx *cx, int argc, char **argv)
{
    const char *sheet = NULL;
    bool good_rows = false;
    char **words;
    const struct option_def options[] = {
        {.name = "accept-good-rows", .to = &good_rows, .type = OPTION_FLAG, .help = N_("Leave the wrong rows out")},
        {.name = "sheet", .to = &sheet, .type = OPTION_TEXT, .help = N_("Sheet of a workbook; without it the first")}, {0}};
    TRY(cli_options(cx, argc, argv, options, &words));
    TRY(quarter_and_file(cx, words));
    TRY(cli_database(cx));
    struct buf *file;
    struct answers *a;
    TRY(fs_read(cx, words[1], FILE_LARGEST, &file));
    TRY(research_check(cx, words[0], fs_base(words[1]), file->data, file->len, sheet, &a));
    print_errors(cx, a);
    struct import_args args = {.in = {.quarter = words[0], .answers = a, .good_rows = good_rows}};
    TRY(db_tx(cx, import_tx, &args));
    printf("%s\n", TF(cx, "%s: %zu of %lld rows were taken (%s).", a->file, a->rows.n,
                      (long long)a->rows_read, a->kind));
    return OK;
}

static int run_export_answers(struct ctx *cx, int argc, char **argv)
{
    int64_t rows;
    char **words;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, &words));
    TRY(quarter_and_file(cx, words));
    TRY(cli_database(cx));
    struct buf *out = buf_new(cx->arena, FILE_LARGEST);
    TRY(research_export(cx, words[0], out, &rows));
    TRY(audit_record(cx, "export.answers", arena_printf(cx->arena, "round/%s", words[0]),
                     arena_printf(cx->arena, "%lld rows", (long long)rows)));
    TRY(fs_write(cx, words[1], out->data, out->len, 0600));
    printf("%s\n",
           rows ? TF(cx, "%s: %lld interviews, without the sensitive questions.", words[1], (long long)rows)
                : TF(cx, "%s: an empty file with the columns to fill.", words[1]));
    return OK;
}

const struct command research_commands[] = {
    {"import answers", N_("loads the answers of a quarter from CSV or XLSX"),
     N_("usage: shanyraq import answers QUARTER FILE [--accept-good-rows] [--sheet NAME]\n\nChecks every row "
        "and writes all or nothing; with "
        "--accept-good-rows the wrong rows are left out.\nColumns: stratum, psu, unit, weight (optional), "
        "then the codes of the questions.\n"),
     run_import_answers, 0},
    {"export answers", N_("writes the answers of a quarter as CSV"),
     N_("usage: shanyraq export answers QUARTER FILE\n\nWrites the interviews of a quarter without sensitive "
        "questions; for a quarter without "
        "answers an empty file\nwith the columns to fill.\n"),
     run_export_answers, 0},
    {0},
};
