/* main.c - the command line: which command, its options, its exit status.
 *
 * Exit status: 0 done, 1 the command failed (its message on stderr), 2 the command line is wrong. */
#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "calc/cli.h"
#include "db/migrate.h"
#include "geo/cli.h"
#include "i18n/i18n.h"
#include "module.h"
#include "program/program.h"

#include <signal.h>
#include <stdio.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef int visit(const struct command *c, void *arg);

/* Calls f with every command; a non-zero return ends it and is returned. */
static int commands_each(visit *f, void *arg)
{
    int rc = 0;
    for (const struct command *c = program_commands; c->name && !rc; c++)
        rc = f(c, arg);
    for (const struct command *c = geo_commands; c->name && !rc; c++)
        rc = f(c, arg);
    for (const struct command *c = calc_commands; c->name && !rc; c++)
        rc = f(c, arg);
    for (size_t i = 0; modules[i] && !rc; i++)
        for (const struct command *c = modules[i]->commands; c && c->name && !rc; c++)
            rc = f(c, arg);
    return rc;
}

/* A command's name may have two words: "import pack". */
struct search {
    const char *first, *second;
    const struct command *one, *two;
    bool family; /* a two-word command begins with the first word */
};

static int search_visit(const struct command *c, void *arg)
{
    struct search *s = arg;
    size_t n = strlen(s->first);
    if (str_eq(c->name, s->first))
        s->one = c;
    else if (str_starts(c->name, s->first) && c->name[n] == ' ') {
        s->family = true;
        if (s->second && str_eq(c->name + n + 1, s->second))
            s->two = c;
    }
    return 0;
}

struct listing {
    struct ctx *cx;
    struct buf *out;
    const char *family; /* only commands that begin with this word; NULL: all */
};

static int listing_visit(const struct command *c, void *arg)
{
    struct listing *l = arg;
    size_t n = l->family ? strlen(l->family) : 0;
    if (!l->family || (str_starts(c->name, l->family) && (c->name[n] == ' ' || !c->name[n])))
        buf_printf(l->out, "  %-18s %s\n", c->name, T(l->cx, c->summary));
    return 0;
}

static int print_help(struct ctx *cx, FILE *to, const char *family)
{
    struct listing l = {cx, buf_new(cx->arena, 0), family};
    buf_puts(l.out, T(cx, N_("usage: shanyraq [options] COMMAND [arguments]\n\nCommands (each with --help):\n")));
    commands_each(listing_visit, &l);
    if (!family) {
        buf_putc(l.out, '\n');
        config_print_help(cx, PROGRAM_OPTIONS, l.out);
    }
    fputs(l.out->data, to);
    return 0;
}

/* Each line of the error, to stderr. */
static int complain_lines(struct ctx *cx, const char *command)
{
    size_t n;
    char **lines = str_split(cx->arena, cx->err_text, '\n', &n);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "shanyraq %s: %s\n", command, lines[i]);
    return EXIT_USAGE;
}

/* One line, to stderr. */
static int complain(struct ctx *cx, const char *command, int rc)
{
    if (rc == CLI_WRONG_INPUT)
        return complain_lines(cx, command);
    const char *text = cx->err_text ? cx->err_text : T(cx, N_("This command line is not understood."));
    if (rc == CLI_USAGE)
        fprintf(stderr, "shanyraq%s%s: %s (shanyraq%s%s --help)\n", command ? " " : "", command ? command : "", text,
                command ? " " : "", command ? command : "");
    else
        fprintf(stderr, "shanyraq%s%s: %s\n", command ? " " : "", command ? command : "", text);
    return rc == CLI_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

/* The command line cut in two: our options, and the rest with the command's name in front. */
struct line {
    VEC(char *) ours, rest;
    bool help;
};

/* own: the command has an option --region of its own (`pack build`, where "all" is a region too). */
static const struct option_def *option_of(const char *arg, bool all, bool own)
{
    size_t n = strcspn(arg + 2, "=");
    if (own && n == 6 && strncmp(arg + 2, "region", n) == 0)
        return NULL;
    for (int i = 0; PROGRAM_OPTIONS[i].name && (all || i < PROGRAM_GLOBAL_OPTIONS); i++)
        if (strlen(PROGRAM_OPTIONS[i].name) == n && strncmp(PROGRAM_OPTIONS[i].name, arg + 2, n) == 0)
            return &PROGRAM_OPTIONS[i];
    return NULL;
}

static bool is_serve(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const struct option_def *o = str_starts(argv[i], "--") ? option_of(argv[i], true, false) : NULL;
        if (o && o->type != OPTION_FLAG && !strchr(argv[i], '='))
            i++;
        else if (argv[i][0] != '-')
            return str_eq(argv[i], "serve");
    }
    return false;
}

static void cut_line(struct arena *a, int argc, char **argv, struct line *line)
{
    bool all = is_serve(argc, argv), ended = false, pack = false;
    vec_push(a, &line->ours, argv[0]);
    for (int i = 1; i < argc; i++) {
        const struct option_def *o = !ended && str_starts(argv[i], "--") ? option_of(argv[i], all, pack) : NULL;
        ended = ended || str_eq(argv[i], "--");
        if (!ended && (str_eq(argv[i], "--help") || str_eq(argv[i], "-h"))) {
            line->help = true;
        } else if (!o) {
            pack |= !line->rest.n && str_eq(argv[i], "pack");
            vec_push(a, &line->rest, argv[i]);
        } else {
            vec_push(a, &line->ours, argv[i]);
            if (o->type != OPTION_FLAG && !strchr(argv[i], '=') && i + 1 < argc)
                vec_push(a, &line->ours, argv[++i]);
        }
    }
    vec_push(a, &line->ours, NULL);
    vec_push(a, &line->rest, NULL);
}

static enum lang lang_of_terminal(void)
{
    static const char *const NAMES[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < 3; i++) {
        const char *v = getenv(NAMES[i]);
        if (!str_empty(v))
            return str_starts(v, "kk") ? LANG_KK : str_starts(v, "ru") ? LANG_RU : LANG_EN;
    }
    return LANG_EN;
}

/* --config and --lang count before all others: the one names a source of options, the other the language in
 * which a wrong option is told. */
static void read_early(struct line *line, struct ctx *cx, const char **config)
{
    const char *lang = getenv("SHANYRAQ_LANG");
    *config = getenv("SHANYRAQ_CONFIG");
    for (size_t i = 1; i + 1 < line->ours.n; i++) {
        const char *arg = line->ours.rows[i], *next = line->ours.rows[i + 1];
        if (str_starts(arg, "--config="))
            *config = arg + strlen("--config=");
        else if (str_eq(arg, "--config"))
            *config = next;
        else if (str_starts(arg, "--lang="))
            lang = arg + strlen("--lang=");
        else if (str_eq(arg, "--lang"))
            lang = next;
    }
    enum lang l = lang_from_code(lang);
    cx->lang = l == LANG_COUNT ? lang_of_terminal() : l;
}

static int open_any(struct ctx *cx)
{
    return program_open(cx, false);
}

static int open_checked(struct ctx *cx)
{
    TRY(program_open(cx, false));
    return migrate_check(cx);
}

/* The command opens the database itself (cli_database), once it has found its line right. */
static int run_command(struct ctx *cx, const struct command *c, int argc, char **argv)
{
    if (!(c->flags & CLI_NO_DB))
        cx->open_database = c->flags & CLI_NO_MIGRATION_CHECK ? open_any : open_checked;
    return c->run(cx, argc, argv);
}

static int dispatch(struct ctx *cx, struct line *line)
{
    char **rest = line->rest.rows;
    int n = (int)line->rest.n - 1;
    if (n > 0 && str_eq(rest[0], "--version"))
        return printf("shanyraq %s\n", PROGRAM_VERSION) < 0;
    if (n == 0 || str_eq(rest[0], "help"))
        return n == 0 && !line->help ? (print_help(cx, stderr, NULL), EXIT_USAGE) : print_help(cx, stdout, NULL);
    struct search s = {.first = rest[0], .second = n > 1 ? rest[1] : NULL};
    commands_each(search_visit, &s);
    const struct command *c = s.two ? s.two : s.one;
    if (!c && s.family && line->help)
        return print_help(cx, stdout, rest[0]);
    if (!c) {
        fail(cx, ERR_INVALID, rest[0][0] == '-' ? "There is no option \"%s\"." : "There is no command \"%s\".",
             s.family && n > 1 ? arena_printf(cx->arena, "%s %s", rest[0], rest[1]) : rest[0]);
        return complain(cx, NULL, CLI_USAGE);
    }
    if (line->help) {
        printf("%s\n", T(cx, c->usage));
        return 0;
    }
    int skip = s.two ? 1 : 0;
    int rc = run_command(cx, c, n - skip, rest + skip);
    program_close(cx);
    return rc ? complain(cx, c->name, rc) : 0;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new((size_t)4 << 30); /* a command may load a whole country */
    struct ctx cx = {.arena = a, .translate = i18n_lookup};
    struct line line = {0};
    const char *config;
    signal(SIGPIPE, SIG_IGN);
    cut_line(a, argc, argv, &line);
    read_early(&line, &cx, &config);
    int rc = config_load(&cx, config, (int)line.ours.n - 1, line.ours.rows, PROGRAM_OPTIONS, NULL);
    if (rc) {
        rc = complain(&cx, NULL, CLI_USAGE);
    } else {
        cx.region_id = program.region;
        log_set(LOG_INFO, program.log_json);
        rc = dispatch(&cx, &line);
    }
    arena_free(a);
    if (fflush(stdout) != 0 && rc == 0)
        rc = EXIT_FAILED;
    return rc;
}
