/* The command line of the real program: exit statuses, one clear line for what is wrong, and a server that
 * starts, signs in, and stops by SIGTERM. */
#include "tap.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char binary[512], dir[] = "/tmp/shanyraq-cli-XXXXXX", output[65536];

/* Runs "shanyraq ARGS" in an empty environment of our options; output: both streams. */
static int run(const char *args)
{
    char command[1024];
    snprintf(command, sizeof command, "env -u SHANYRAQ_DB -u SHANYRAQ_CONFIG SHANYRAQ_DATA=%s/data SHANYRAQ_LANG=en %s %s 2>&1",
             dir, binary, args);
    FILE *p = popen(command, "r");
    if (!p)
        exit(2);
    size_t n = fread(output, 1, sizeof output - 1, p);
    output[n] = '\0';
    int status = pclose(p);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool one_line(void)
{
    return strchr(output, '\n') == output + strlen(output) - 1;
}

static void wants(int status, const char *args, const char *text, const char *name)
{
    int got = run(args);
    if (!ok(got == status && strstr(output, text) && (status != 2 || one_line()), name))
        printf("# status %d, wanted %d and \"%s\" in:\n# %s\n", got, status, text, output);
}

static void test_usage(void)
{
    wants(0, "--help", "Commands", "--help prints the commands");
    wants(0, "--version", "shanyraq", "--version prints the version");
    wants(2, "fly", "There is no command \"fly\"", "an unknown command: one line, status 2");
    wants(2, "--fly", "There is no option \"--fly\"", "an unknown option: one line, status 2");
    wants(2, "serve --fly", "--fly", "an unknown option of a command too");
    wants(2, "serve --workers many", "many", "a wrong value of an option names it");
    wants(2, "--lang de doctor", "de", "so does a wrong choice");
    wants(2, "init extra", "extra", "a superfluous argument is told");
    static const char *const COMMANDS[] = {"serve", "init", "migrate", "demo", "user", "backup", "restore", "doctor", "config"};
    bool all = true;
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        char args[64];
        snprintf(args, sizeof args, "%s --help", COMMANDS[i]);
        all &= run(args) == 0 && strstr(output, "usage: shanyraq");
    }
    ok(all, "every command has --help");
    run("config");
    ok(strstr(output, "listen") && strstr(output, "127.0.0.1:8080"), "config prints every option with its default");
    wants(0, "--lang ru --help", "Команды", "--lang gives the help in another language");
}

static void test_data(void)
{
    wants(1, "user list", "shanyraq init", "without a database the way to make one is told");
    wants(1, "doctor", "WRONG", "doctor finds that it is missing");
    wants(0, "init", "is ready", "init makes the data folder");
    struct stat st;
    char path[256];
    snprintf(path, sizeof path, "%s/data", dir);
    ok(stat(path, &st) == 0 && (st.st_mode & 077) == 0, "readable by its owner only");
    wants(0, "init", "ready already", "and may be repeated");
    wants(0, "doctor", "up to date", "doctor is content");
    wants(0, "migrate", "up to date", "there is nothing to migrate");
    wants(2, "user add", "--name", "user add says what is missing");
    wants(1, "user passwd nobody", "no account \"nobody\"", "an unknown account is named");
    wants(0, "user add ayan --name 'Аян' --role administrator", "Password", "user add prints a password");
    wants(1, "user add ayan --name 'Аян'", "already", "a login exists once");
    wants(1, "user add bota --name 'Бота' --role sultan", "sultan", "an unknown role is named");
    run("user list");
    ok(strstr(output, "ayan") && strstr(output, "administrator") && !strstr(output, "bota"),
       "and leaves no half-made account behind");
    wants(1, "demo", "empty one", "the demonstration is not mixed with data of one's own");
}

static void test_backup(void)
{
    char args[512];
    snprintf(args, sizeof args, "backup --out %s/copy.db", dir);
    wants(0, args, "BLAKE2b", "backup prints the hash of its file");
    char head[128] = "";
    const char *at = strstr(output, "Audit chain of region 61: entry ");
    snprintf(head, sizeof head, "%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
    ok(strlen(head) > 96, "and the head of the audit chain");
    run("user add dana --name 'Дана'");
    snprintf(args, sizeof args, "restore %s/copy.db", dir);
    wants(0, args, "restored", "restore puts it back");
    ok(*head && strstr(output, head), "and prints the same head of the chain");
    run("user list");
    ok(strstr(output, "ayan") && !strstr(output, "dana"), "with what it held then");
    wants(1, "restore /etc/hostname", "not a database", "any other file is refused");
    wants(0, "doctor", "unbroken", "and the database is still sound");
}

static pid_t serve(int *port)
{
    int fds[2];
    if (pipe(fds))
        exit(2);
    pid_t pid = fork();
    if (pid == 0) {
        char data[256];
        snprintf(data, sizeof data, "%s/data", dir);
        dup2(fds[1], 1);
        if (!freopen("/dev/null", "w", stderr))
            _exit(2);
        execl(binary, binary, "--lang", "en", "serve", "--data", data, "--listen", "127.0.0.1:0", (char *)NULL);
        _exit(2);
    }
    close(fds[1]);
    FILE *f = fdopen(fds[0], "r");
    char line[256] = "";
    const char *colon = fgets(line, sizeof line, f) ? strrchr(line, ':') : NULL;
    *port = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
    fclose(f);
    return pid;
}

/* What curl prints for an address. */
static void ask(int port, const char *args)
{
    char command[1024];
    snprintf(command, sizeof command, "curl -s -m 20 -c %s/jar -b %s/jar http://127.0.0.1:%d%s", dir, dir, port, args);
    FILE *p = popen(command, "r");
    if (!p)
        exit(2);
    output[fread(output, 1, sizeof output - 1, p)] = '\0';
    pclose(p);
}

static void test_serve(void)
{
    int port, status;
    run("user add erlan --name 'Ерлан' --role administrator --password-stdin <<'EOF'\ncorrect horse battery\nEOF");
    pid_t pid = serve(&port);
    ok(port > 0, "serve tells the address it listens on");
    wants(1, "serve --listen 127.0.0.1:0", "in use", "a second server of the same data folder is refused");
    ask(port, "/admin -o /dev/null -w '%{http_code} %{redirect_url}'");
    ok(strstr(output, "303") && strstr(output, "/signin?next="), "who is not signed in is sent to the sign-in page");
    ask(port, "/admin -H 'Accept: application/json' -o /dev/null -w '%{http_code}'");
    is_str(output, "401", "a program is told so instead");
    ask(port, "/signin -d 'login=erlan&password=wrong' -o /dev/null -w '%{http_code}'");
    is_str(output, "422", "a wrong password does not sign in");
    ask(port, "/signin -d 'login=erlan&password=correct+horse+battery&next=//evil.example/' -o /dev/null -w '%{http_code} %{redirect_url}'");
    ok(strstr(output, "303") && !strstr(output, "evil"), "the right one does, and leads to no other site");
    static const char *const PAGES[] = {"/admin", "/admin/accounts", "/admin/permissions", "/admin/audit?verify=1", "/admin/health",
                                        "/admin/settings", "/admin/calendar?year=2025", "/account"};
    bool html = true, json = true;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        char url[256];
        snprintf(url, sizeof url, "'%s' -H 'Accept-Language: kk'", PAGES[i]);
        ask(port, url);
        html &= strstr(output, "<h1>") != NULL;
        snprintf(url, sizeof url, "'%s' -H 'Accept: application/json'", PAGES[i]);
        ask(port, url);
        json &= output[0] == '{' && !strstr(output, "password_hash");
    }
    ok(html, "every page of the administration opens");
    ok(json, "and gives the same as JSON, without secrets");
    ask(port, "/admin/settings -d 'name=protect.threshold&value=12&from=2026-01-01&note=x' -o /dev/null -w '%{http_code}'");
    is_str(output, "403", "a form without its token is refused");
    kill(pid, SIGTERM);
    ok(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0, "SIGTERM ends the server in order");
    wants(0, "doctor", "unbroken", "what was done stands in an unbroken chain");
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *slash = strrchr(argv[0], '/');
    char cwd[256];
    if (!slash || !mkdtemp(dir) || !getcwd(cwd, sizeof cwd))
        return 2;
    snprintf(binary, sizeof binary, "%s%s%.*s/../shanyraq", argv[0][0] == '/' ? "" : cwd, argv[0][0] == '/' ? "" : "/",
             (int)(slash - argv[0]), argv[0]);
    if (access(binary, X_OK) != 0) {
        skip("the program's command line", "the program itself is not built");
        return done();
    }
    test_usage();
    test_data();
    test_backup();
    test_serve();
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command) != 0 || done();
}
