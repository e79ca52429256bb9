/* config.h - options: one table gives the command line, the configuration file, the environment,
 * --help and config.example.ini.
 *
 *     struct settings { const char *listen; int64_t workers; bool demo; } s;
 *     struct option_def options[] = {
 *         {.name = "listen", .to = &s.listen, .type = OPTION_TEXT, .fallback = "127.0.0.1:8080",
 *          .env = "SHANYRAQ_LISTEN", .help = "Address and port to serve on"},
 *         {.name = "workers", .to = &s.workers, .type = OPTION_INT, .fallback = "4", .min = 1, .max = 64,
 *          .help = "Threads that answer requests"},
 *         {.name = "demo", .to = &s.demo, .type = OPTION_FLAG, .help = "Load the demonstration region"},
 *         {0}};
 *
 * Later sources win: fallback, configuration file, environment, command line. */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/buf.h"
#include "base/ctx.h"

enum option_type {
    OPTION_TEXT,    /* const char *; NULL without fallback */
    OPTION_INT,     /* int64_t in [min, max]; both 0: any */
    OPTION_SIZE,    /* int64_t bytes in [min, max]: "64M"; K, M, G are powers of 1024 */
    OPTION_NUM,     /* double in [min, max]; both 0: any */
    OPTION_BOOL,    /* bool: yes/no, true/false, on/off, 1/0 */
    OPTION_FLAG,    /* bool: "--name" alone means yes; in files as OPTION_BOOL */
    OPTION_CHOICE,  /* const char *, one of `choices`, "sqlite|postgres" */
    OPTION_DATE,    /* struct date */
    OPTION_QUARTER, /* struct quarter */
};

struct option_def {
    const char *name;     /* "data-folder": --data-folder, and the same in the file */
    enum option_type type;
    void *to;             /* where the value goes, of the type above */
    const char *fallback; /* as text; NULL: the target is left as the caller set it */
    const char *env;      /* "SHANYRAQ_DATA"; NULL: none */
    const char *help;     /* msgid, one line */
    int64_t min, max;
    const char *choices;
    const char *section;  /* heading of a group in --help and the example file; NULL: as the one before */
};

/* A wrong option: what CLI_USAGE of http/route.h is to main, exit status 2. */
enum { CLI_WRONG_OPTION = -2 };

/* Reads the options of a command: argv[0] is its name, "--" ends options. *rest (may be NULL: then
 * there must be none): the other arguments, ending with NULL. Fallbacks and environment are applied first.
 * CLI_WRONG_OPTION with one sentence that names the option. */
int cli_options(struct ctx *cx, int argc, char **argv, const struct option_def *table, char ***rest);

/* Opens the database of a command, whose line is right: to be called after its options and arguments were checked, so
 * that a wrong line is told as such (CLI_WRONG_OPTION, exit status 2) with or without a database. Nothing happens where
 * it is open already or the command said that it needs none. ERR_NOT_FOUND, ERR_CONFLICT (another version), ERR_DB. */
int cli_database(struct ctx *cx);

/* Checks of arguments that are no options, with one sentence: CLI_WRONG_OPTION. format: what the file's name may end in,
 * "csv|xlsx". */
int cli_check_quarter(struct ctx *cx, const char *text);
int cli_check_file(struct ctx *cx, const char *path, const char *formats);

/* The same with a configuration file between fallbacks and environment. path NULL: none. ERR_NOT_FOUND,
 * ERR_INVALID naming file and line. */
int config_load(struct ctx *cx, const char *path, int argc, char **argv,
                const struct option_def *table, char ***rest);

/* Sets one option by its name from a text; `where` is named in the message ("--listen", "x.ini line 3"). */
int config_set(struct ctx *cx, const struct option_def *table, const char *name, const char *value,
               const char *where);

/* Fallbacks and environment only. */
int config_defaults(struct ctx *cx, const struct option_def *table);

/* The table as the lines of --help, and as a commented configuration file. Translated by cx. */
void config_print_help(struct ctx *cx, const struct option_def *table, struct buf *out);
void config_print_example(struct ctx *cx, const struct option_def *table, struct buf *out);

#endif
