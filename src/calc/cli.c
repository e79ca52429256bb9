/* cli.c - `shanyraq stat SPEC.json`: the statistical core for those who write documents, not C. */
#include "calc/cli.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/fs.h"
#include "base/str.h"
#include "calc/calc.h"
#include "i18n/i18n.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const size_t MAX_DOCUMENT = (size_t)64 << 20;

/* --- progress and Ctrl-C --------------------------------------------------------------------------
 * While a method works nothing is written yet, so that the process may simply end; the moment in which
 * a file is written is short and is not interrupted. */

static const char *farewell; /* "Stopped; nothing was written.\n" in the user's language */
static bool drawn;           /* a line of progress stands on the terminal */

static void leave(int number)
{
    (void)number;
    ssize_t n = drawn ? write(STDERR_FILENO, "\r\033[K", 4) : 0;
    n += write(STDERR_FILENO, farewell, strlen(farewell));
    _exit(n < 0 ? 1 : CLI_STOPPED_STATUS);
}

static void catch_signals(struct ctx *cx)
{
    farewell = arena_printf(cx->arena, "shanyraq stat: %s\n", T(cx, N_("Stopped; nothing was written.")));
    struct sigaction act = {.sa_handler = leave};
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
}

/* The answer is there: a file is written to its end, standard output may be cut as any other program's. */
static void release_signals(bool file)
{
    signal(SIGINT, file ? SIG_IGN : SIG_DFL);
    signal(SIGTERM, file ? SIG_IGN : SIG_DFL);
    if (!file)
        signal(SIGPIPE, SIG_DFL); /* a reader that has seen enough, as head(1), is no failure to tell */
}

static bool draw_progress(void *arg, size_t done, size_t all)
{
    struct timespec *last = arg, now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t ms = (now.tv_sec - last->tv_sec) * 1000 + (now.tv_nsec - last->tv_nsec) / 1000000;
    if (ms < 200 || all == 0)
        return true;
    *last = now;
    drawn = true;
    fprintf(stderr, "\r\033[K%3.0f %%", 100.0 * (double)done / (double)all);
    return true;
}

static void wipe_progress(void)
{
    if (drawn)
        fputs("\r\033[K", stderr);
    drawn = false;
}

/* --- what libraries say ---------------------------------------------------------------------------
 * libRmath writes its doubts to standard output, in the midst of the answer: while a method works, they go to
 * memory, and the answer tells that there were some. */

static int own_output = -1, heard = -1;

static void begin_listening(void)
{
    fflush(stdout);
    own_output = dup(STDOUT_FILENO);
    heard = memfd_create("heard", MFD_CLOEXEC);
    if (own_output >= 0 && heard >= 0)
        dup2(heard, STDOUT_FILENO);
}

static bool overheard(void)
{
    struct stat st;
    fflush(stdout);
    return heard >= 0 && fstat(heard, &st) == 0 && st.st_size > 0;
}

static void end_listening(void)
{
    fflush(stdout);
    if (own_output >= 0) {
        dup2(own_output, STDOUT_FILENO);
        close(own_output);
    }
    if (heard >= 0)
        close(heard);
    own_output = heard = -1;
}

/* --- the command ---------------------------------------------------------------------------------- */

struct stat_options {
    bool list, json, csv, markdown;
    const char *schema, *table, *out;
    int64_t threads;
};

static int usage_fault(struct ctx *cx, const char *text)
{
    fail(cx, ERR_INVALID, "%s", text);
    return CLI_USAGE;
}

/* To the file, all or nothing, or to standard output. */
static int deliver(struct ctx *cx, const char *file, const struct buf *b)
{
    release_signals(file != NULL);
    if (file)
        return fs_write(cx, file, b->data, b->len, 0644);
    if (fwrite(b->data, 1, b->len, stdout) != b->len || fflush(stdout))
        return fail(cx, ERR_IO, "The answer could not be written: %s.", strerror(errno));
    return OK;
}

static int describe(struct ctx *cx, const struct stat_options *o)
{
    struct buf *b = buf_new(cx->arena, 0);
    if (o->list) {
        calc_print_list(cx, b, o->json);
        return deliver(cx, o->out, b);
    }
    const struct calc_method *m = calc_method_find(o->schema);
    if (!m) {
        fail(cx, ERR_INVALID, "There is no method \"%s\" (see shanyraq stat --list).", o->schema);
        return CLI_USAGE;
    }
    if (o->markdown)
        calc_print_markdown(cx, m, b);
    else
        calc_print_schema(cx, m, b);
    return deliver(cx, o->out, b);
}

static int read_input(struct ctx *cx, const char *file, struct buf **out)
{
    if (!str_eq(file, "-"))
        return fs_read(cx, file, MAX_DOCUMENT, out);
    *out = buf_new(cx->arena, MAX_DOCUMENT);
    char piece[4096];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, stdin)) > 0)
        buf_put(*out, piece, n);
    return (*out)->toobig ? fail(cx, ERR_LIMIT, "The document is larger than %zu bytes.", MAX_DOCUMENT) : OK;
}

static const char *folder_of(struct arena *a, const char *file)
{
    const char *base = fs_base(file);
    return base == file ? NULL : arena_strndup(a, file, (size_t)(base - file));
}

static int answer(struct ctx *cx, const struct stat_options *o, const char *file)
{
    struct buf *text, *out = buf_new(cx->arena, (size_t)2 << 30), *notes = buf_new(cx->arena, 0);
    struct timespec last;
    clock_gettime(CLOCK_MONOTONIC, &last);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t threads = o->threads ? o->threads : processors > 0 ? processors : 1;
    struct stat_run run = {.threads = (unsigned)(threads > STAT_MAX_THREADS ? STAT_MAX_THREADS : threads),
                           .go_on = isatty(STDERR_FILENO) ? draw_progress : NULL, .arg = &last};
    catch_signals(cx);
    int rc = read_input(cx, file, &text);
    if (rc)
        return rc == ERR_NOT_FOUND ? CLI_USAGE : rc;
    struct calc_request rq = {.name = str_eq(file, "-") ? "-" : file, .text = text->data, .n = text->len,
                              .folder = folder_of(cx->arena, file), .run = &run, .csv = o->csv || o->table,
                              .table = o->table, .notes = notes, .overheard = overheard};
    begin_listening();
    rc = calc_answer(cx, &rq, out);
    end_listening();
    wipe_progress();
    if (rc == CALC_WRONG)
        return CLI_WRONG_INPUT;
    TRY(rc);
    fputs(notes->data, stderr);
    return deliver(cx, o->out, out);
}

static int run_stat(struct ctx *cx, int argc, char **argv)
{
    struct stat_options o = {0};
    const struct option_def options[] = {
        {.name = "list", .type = OPTION_FLAG, .to = &o.list, .help = N_("Name all methods")},
        {.name = "json", .type = OPTION_FLAG, .to = &o.json, .help = N_("With --list: as JSON")},
        {.name = "schema", .type = OPTION_TEXT, .to = &o.schema, .help = N_("What the document of this method looks like")},
        {.name = "markdown", .type = OPTION_FLAG, .to = &o.markdown, .help = N_("With --schema: as a table for reading")},
        {.name = "csv", .type = OPTION_FLAG, .to = &o.csv, .help = N_("The answer's main table as CSV")},
        {.name = "table", .type = OPTION_TEXT, .to = &o.table, .help = N_("Another table of the answer as CSV")},
        {.name = "threads", .type = OPTION_INT, .to = &o.threads, .fallback = "0", .min = 0, .max = STAT_MAX_THREADS,
         .help = N_("Threads at work; 0: one a processor. The answer is the same with any number")},
        {.name = "out", .type = OPTION_TEXT, .to = &o.out, .help = N_("File to write, all or nothing")},
        {0}};
    char **rest;
    TRY(cli_options(cx, argc, argv, options, &rest));
    if (o.list || o.schema)
        return rest[0] ? usage_fault(cx, T(cx, N_("--list and --schema take no document."))) : describe(cx, &o);
    if (!rest[0] || rest[1])
        return usage_fault(cx, T(cx, N_("Name one document, or - for standard input.")));
    return answer(cx, &o, rest[0]);
}

const struct command calc_commands[] = {
    {"stat", N_("Compute by a document: estimates, models, tests (docs/stat.md)"),
     "usage: shanyraq stat DOCUMENT.json [--csv | --table NAME] [--threads N] [--out FILE]\n"
     "       shanyraq stat --list [--json]\n"
     "       shanyraq stat --schema METHOD [--markdown]\n\n"
     "The document (- is standard input) names a method, its options and its CSV files, whose paths start at the\n"
     "document. The answer is one JSON document on standard output or in FILE; --csv gives its main table, --table\n"
     "another one. The same document gives the same bytes, with any number of threads. No database is used.\n\n"
     "Exit status: 0 answered (what was refused is told in the answer), 1 failed, 2 the document or its data are\n"
     "wrong (one line a fault), 130 stopped.",
     run_stat, CLI_NO_DB},
    {0},
};
