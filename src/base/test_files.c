/* Tests of base/fs.h, base/config.h and base/log.h. */
#include "tap.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static struct ctx cx;

static void test_files(const char *dir)
{
    struct buf *b;
    const char *path = fs_join(cx.arena, dir, "a/b/c.txt"), **names;
    size_t n;
    ok(fs_mkdir(&cx, fs_join(cx.arena, dir, "a/b")) == OK && fs_mkdir(&cx, fs_join(cx.arena, dir, "a/b")) == OK,
       "folders are made, also twice");
    ok(fs_write(&cx, path, "one", 3, 0600) == OK && fs_write(&cx, path, "three", 5, 0600) == OK, "a file is replaced");
    ok(fs_read(&cx, path, 0, &b) == OK && str_eq(b->data, "three"), "and read");
    ok(fs_list(&cx, fs_join(cx.arena, dir, "a/b"), &names, &n) == OK && n == 1 && str_eq(names[0], "c.txt"),
       "nothing else is left beside it");
    ok(fs_read(&cx, path, 4, &b) == ERR_LIMIT, "a file over the limit is refused");
    ok(fs_read(&cx, "/nowhere/x", 0, &b) == ERR_NOT_FOUND && strstr(cx.err_text, "/nowhere/x"), "a missing file is named");
    ok(fs_read(&cx, dir, 0, &b) == ERR_IO, "a folder is not a file");
    ok(fs_mkdir(&cx, fs_join(cx.arena, path, "d")) != OK, "no folder under a file");
    is_str(fs_base("/x/y.tar.gz"), "y.tar.gz", "the last part of a path");
    is_str(fs_extension("/x.d/y.tar.gz"), "gz", "its extension");
    is_str(fs_extension("/x.d/.profile"), "", "a hidden file has none");
    ok(fs_remove(&cx, fs_join(cx.arena, dir, "a")) == OK && !fs_exists(path) && fs_remove(&cx, path) == OK,
       "a folder is removed with its content");
}

static void test_failed_write(const char *dir)
{
    const char *path = fs_join(cx.arena, dir, "full.txt"), **names;
    struct rlimit old, small;
    struct buf *b;
    size_t n;
    char data[10000] = {0};
    ok(fs_write(&cx, path, "old", 3, 0644) == OK, "a file before the disk is full");
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is the full disk that needs no root */
    getrlimit(RLIMIT_FSIZE, &old);
    small = (struct rlimit){4096, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    int rc = fs_write(&cx, path, data, sizeof data, 0644);
    setrlimit(RLIMIT_FSIZE, &old);
    ok(rc == ERR_IO && strstr(cx.err_text, "full.txt"), "writing that fails is told");
    ok(fs_read(&cx, path, 0, &b) == OK && str_eq(b->data, "old"), "the old file is unharmed");
    ok(fs_list(&cx, dir, &names, &n) == OK && n == 1, "nothing half-written is left");
    if (fs_exists("/dev/full") && fs_fail(&cx, "/x", 28) == ERR_IO)
        ok(strstr(cx.err_text, "full") != NULL, "a full disk is called so");
}

struct settings {
    const char *listen, *engine, *name;
    int64_t workers, memory;
    bool demo, strict;
    double share;
    struct quarter quarter;
};

static int load(struct settings *s, const char *path, char **argv, char ***rest)
{
    struct option_def table[] = {
        {.name = "listen", .to = &s->listen, .type = OPTION_TEXT, .fallback = "127.0.0.1:8080",
         .env = "SHANYRAQ_TEST_LISTEN", .help = "Address", .section = "Server"},
        {.name = "workers", .to = &s->workers, .type = OPTION_INT, .fallback = "4", .min = 1, .max = 64, .help = "Threads"},
        {.name = "memory", .to = &s->memory, .type = OPTION_SIZE, .fallback = "64M", .help = "Memory"},
        {.name = "engine", .to = &s->engine, .type = OPTION_CHOICE, .choices = "sqlite|postgres", .fallback = "sqlite", .help = "Engine"},
        {.name = "demo", .to = &s->demo, .type = OPTION_FLAG, .help = "Demonstration"},
        {.name = "strict", .to = &s->strict, .type = OPTION_BOOL, .fallback = "yes", .help = "Strict"},
        {.name = "share", .to = &s->share, .type = OPTION_NUM, .help = "Share", .max = 1},
        {.name = "quarter", .to = &s->quarter, .type = OPTION_QUARTER, .help = "Quarter"},
        {0}};
    int argc = 0;
    while (argv[argc])
        argc++;
    if (!path)
        return cli_options(&cx, argc, argv, table, rest);
    return config_load(&cx, path, argc, argv, table, rest);
}

#define ARGS(...) ((char **)(uintptr_t)(const char *[]){"test", __VA_ARGS__, NULL})
#define NO_ARGS ((char **)(uintptr_t)(const char *[]){"test", NULL})

static void wrong(char **argv, const char *sentence)
{
    struct settings s = {0};
    char name[160];
    snprintf(name, sizeof name, "refused: %s", sentence);
    int rc = load(&s, NULL, argv, NULL);
    is_str(rc == CLI_WRONG_OPTION ? cx.err_text : "no error", sentence, name);
}

static void test_options(const char *dir)
{
    struct settings s = {0};
    char **rest;
    ok(load(&s, NULL, ARGS("--workers=8", "file", "--demo", "--share", "0,5", "--quarter", "2025-Q3", "--", "--x"), &rest) == OK,
       "options are read");
    ok(s.workers == 8 && s.demo && s.strict && s.share == 0.5 && s.quarter.q == 3 && s.memory == 64 << 20, "into their targets");
    ok(str_eq(s.engine, "sqlite") && str_eq(s.listen, "127.0.0.1:8080"), "with fallbacks for the rest");
    ok(str_eq(rest[0], "file") && str_eq(rest[1], "--x") && !rest[2], "other arguments remain");
    wrong(ARGS("--wokers=8"), "--wokers: there is no such option.");
    wrong(ARGS("-x"), "-x: there is no such option.");
    wrong(ARGS("--workers"), "--workers: a value is missing.");
    wrong(ARGS("--workers", "65"), "--workers: \"65\" is not a whole number from 1 to 64.");
    wrong(ARGS("--engine=mysql"), "--engine: \"mysql\" is not one of sqlite|postgres.");
    wrong(ARGS("--quarter=2025"), "--quarter: \"2025\" is not a quarter like 2025-Q3.");
    wrong(ARGS("--demo=perhaps"), "--demo: \"perhaps\" is neither yes nor no.");
    wrong(ARGS("--share=2"), "--share: \"2\" is not a number from 0 to 1.");
    wrong(ARGS("extra"), "\"extra\" is one argument too many.");

    const char *ini = fs_join(cx.arena, dir, "t.ini");
    static const char GOOD[] = "# comment\r\nlisten = \"0.0.0.0:1\"\n\nworkers=2\nmemory = 1G\n";
    static const char BAD[] = "workers = 2\nspeed = 3\n";
    ok(fs_write(&cx, ini, GOOD, sizeof GOOD - 1, 0600) == OK, "a configuration file");
    ok(load(&s, ini, ARGS("--workers=3"), NULL) == OK && s.workers == 3 && s.memory == INT64_C(1) << 30 &&
           str_eq(s.listen, "0.0.0.0:1"),
       "gives values below the command line");
    setenv("SHANYRAQ_TEST_LISTEN", "[::1]:2", 1);
    ok(load(&s, ini, NO_ARGS, NULL) == OK && str_eq(s.listen, "[::1]:2"), "the environment stands above the file");
    unsetenv("SHANYRAQ_TEST_LISTEN");
    ok(fs_write(&cx, ini, BAD, sizeof BAD - 1, 0600) == OK && load(&s, ini, NO_ARGS, NULL) == ERR_INVALID &&
           str_ends(cx.err_text, "t.ini:2: there is no option \"speed\"."),
       "a wrong line is named");
}

static void test_help(void)
{
    int64_t n;
    struct option_def table[] = {{.name = "workers", .to = &n, .type = OPTION_INT, .fallback = "4", .min = 1, .max = 64,
                                  .help = "Threads", .section = "Server"}, {0}};
    struct buf *b = buf_new(cx.arena, 0);
    config_print_example(&cx, table, b);
    is_str(b->data, "# --- Server ---\n\n# Threads (1 ... 64)\n#workers = 4\n", "the example file comes from the table");
    buf_reset(b);
    config_print_help(&cx, table, b);
    is_str(b->data, "\nServer\n  --workers N                  Threads [4]\n", "and the help too");
}

static void test_log(void)
{
    int ends[2];
    char line[512];
    if (pipe(ends))
        die("no pipe");
    log_set_fd(ends[1]);
    time_set_for_tests(INT64_C(1751360706000000));
    log_set_request("r1");
    log_event(LOG_DEBUG, "not.shown");
    log_event(LOG_WARN, "http.request", log_text("route", "/a b\n"), log_int("status", 200), log_num("ms", 1.5));
    line[read(ends[0], line, sizeof line - 1)] = '\0';
    is_str(line, "ts=2025-07-01T09:05:06Z level=warn request=r1 event=http.request route=\"/a b\\n\" status=200 ms=1.5\n",
           "an event is one line");
    log_set(LOG_INFO, 1);
    log_set_request(NULL);
    log_event(LOG_INFO, "start");
    line[read(ends[0], line, sizeof line - 1)] = '\0';
    is_str(line, "{\"ts\":\"2025-07-01T09:05:06Z\",\"level\":\"info\",\"event\":\"start\"}\n", "or one JSON object");
    time_set_for_tests(0);
}

int main(void)
{
    const char *dir;
    cx.arena = arena_new(0);
    if (fs_temp_dir(&cx, &dir))
        die("%s", cx.err_text);
    test_files(dir);
    test_failed_write(dir);
    test_options(dir);
    test_help();
    test_log();
    const char *copy = strdup(dir);
    arena_free(cx.arena);
    ok(!fs_exists(copy), "a temporary folder ends with its arena");
    free((void *)(uintptr_t)copy);
    return done();
}
