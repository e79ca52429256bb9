/* The translation tool: what it reads, and every fault that it must name with file and line. */
#include "tap.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/i18nc-XXXXXX";
static char output[65536];

static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/src/f/%s", dir, name);
    FILE *f = fopen(path, "w");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        exit(2);
}

static void clear(void)
{
    static const char *const NAMES[] = {"a.c", "a.html", "test_a.c", "kk.po", "ru.po", "en.po", "de.po",
                                        "../g/kk.po", "../g/ru.po"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/src/f/%s", dir, NAMES[i]);
        unlink(path);
    }
}

/* Runs the tool; output holds what it said. */
static int run(const char *env, const char *args)
{
    char command[512];
    snprintf(command, sizeof command, "cd %s && %s \"$OLDPWD/build/tools/i18nc\" %s 2>&1", dir, env, args);
    FILE *p = popen(command, "r");
    if (!p)
        exit(2);
    size_t n = fread(output, 1, sizeof output - 1, p);
    output[n] = '\0';
    int status = pclose(p);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void says(int status, const char *want, const char *name)
{
    int got = run("I18N_STRICT=1", "out.c src");
    if (!ok(got == status && strstr(output, want), name))
        printf("# status %d, wanted %d and \"%s\" in:\n# %s\n", got, status, want, output);
}

static const char *const C_ONE = "x = T(cx, \"Save\");\n";

static void test_good(void)
{
    put("a.c", "/* T(cx, \"not this\") */ // T(cx, \"nor this\")\n"
               "const char *s = T(cx, n ? \"Save\" : \"Keep \" /* or */\n   \"it\");\n"
               "return fail(cx, ERR_X, \"No case %s.\", f(T(cx, \"Inner\")));\n"
               "TN(cx, \"%lld case\", \"%lld cases\", n); TC(cx, \"month\", \"May\");\n"
               "struct r t[] = {{\"/path\", N_(\"Quote \\\"q\\\" \\u0416\")}}; other(\"nor that\"); '\"';\n");
    put("a.html", "<p><%t Long\n   text %></p><% if (x) { %><%= T(cx, \"In code\") %><% } %>\n");
    put("test_a.c", "T(cx, \"test only\")\n");
    put("kk.po", "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n"
                 "#: a.c:2\nmsgid \"Save\"\nmsgstr \"Сақтау\"\n\nmsgid \"Keep it\"\nmsgstr \"\"\n\"Қал\"\n\"дыру\"\n\n"
                 "msgid \"No case %s.\"\nmsgstr \"%s ісі жоқ.\"\n\nmsgid \"Inner\"\nmsgstr \"Ішкі\"\n"
                 "msgid \"%lld case\"\nmsgid_plural \"%lld cases\"\nmsgstr[0] \"%lld іс\"\n"
                 "msgctxt \"month\"\nmsgid \"May\"\nmsgstr \"мамыр\"\n"
                 "msgid \"Quote \\\"q\\\" Ж\"\nmsgstr \"«q»\"\nmsgid \"Long text\"\nmsgstr \"Ұзын\"\n"
                 "msgid \"In code\"\nmsgstr \"Кодта\"\n");
    put("ru.po", "msgid \"Save\"\nmsgstr \"Сохранить\"\nmsgid \"Keep it\"\nmsgstr \"Оставить\"\n"
                 "msgid \"No case %s.\"\nmsgstr \"Дела %s нет.\"\nmsgid \"Inner\"\nmsgstr \"Внутри\"\n"
                 "msgid \"%lld case\"\nmsgid_plural \"%lld cases\"\nmsgstr[0] \"%lld дело\"\nmsgstr[1] \"%lld дела\"\n"
                 "msgstr[2] \"%lld дел\"\nmsgctxt \"month\"\nmsgid \"May\"\nmsgstr \"май\"\n"
                 "msgid \"Quote \\\"q\\\" Ж\"\nmsgstr \"«q»\"\nmsgid \"Long text\"\nmsgstr \"Длинный\"\n"
                 "msgid \"In code\"\nmsgstr \"В коде\"\n");
    is_int(run("I18N_STRICT=1", "out.c src"), 0, "a complete folder passes");
    is_str(output, "", "and nothing is said");
    run("", "out.c src && cat out.c");
    ok(strstr(output, "{\"%lld case\", {{\"%lld іс\"}, {\"%lld дело\", \"%lld дела\", \"%lld дел\"}, {0}}}"),
       "plural forms stand in the table");
    ok(strstr(output, "Қалдыру"), "a string over several lines is one text");
    ok(strstr(output, "{\"month\\004May\", {{\"мамыр\"}"), "a context is part of the key");
    ok(strstr(output, "\"In code\"") < strstr(output, "\"Keep it\"") && strstr(output, "\"Keep it\""),
       "the table is sorted");
    ok(!strstr(output, "not this") && !strstr(output, "nor th") && !strstr(output, "test only"),
       "comments, other calls and tests are not read");
}

static void test_missing(void)
{
    clear();
    put("a.c", C_ONE);
    put("kk.po", "msgid \"Save\"\nmsgstr \"Сақтау\"\n");
    says(1, "src/f/a.c:1: error: \"Save\" has no ru translation", "a missing translation is named with file and line");
    is_int(run("", "out.c src"), 0, "without the strict mode it is a warning");
    ok(strstr(output, "1 without ru"), "that tells how many");
    put("ru.po", "#, fuzzy\nmsgid \"Save\"\nmsgstr \"Сохранить?\"\n");
    says(1, "has no ru translation", "a fuzzy entry counts as missing");
    put("ru.po", "msgid \"Save\"\nmsgstr \"\"\n");
    says(1, "has no ru translation", "so does an empty one");
    is_int(run("", "--list-missing src"), 0, "the missing ones are listed");
    is_str(output, "### src/f/ru.po\n\n#: src/f/a.c:1\nmsgid \"Save\"\nmsgstr \"\"\n\n", "as text to paste");
    put("a.html", "\n\n<%t Close %>");
    says(1, "src/f/a.html:3: error: \"Close\" has no kk translation", "a template's text is checked too");
}

static void test_faults(void)
{
    clear();
    put("a.c", C_ONE);
    put("kk.po", "msgid \"Save\"\nmsgstr \"Сақтау\"\n");
    put("ru.po", "msgid \"Save\"\nmsgstr \"Сохранить\"\n\n# old\nmsgid \"Gone\"\nmsgstr \"Нет\"\n");
    says(0, "src/f/ru.po:5: warning: nothing uses \"Gone\"", "an unused entry is a warning");
    put("../g/ru.po", "msgid \"Save\"\nmsgstr \"Записать\"\n");
    says(1, "src/g/ru.po:1: error: \"Save\" is \"Записать\" here, but \"Сохранить\" at src/f/ru.po:1",
         "two folders may not disagree");
    put("../g/ru.po", "msgid \"Save\"\nmsgstr \"Сохранить\"\n");
    says(0, "", "two folders may say the same");
    put("ru.po", "msgid \"Save\"\nmsgstr \"Сохранить\"\n\nmsgid \"Save\"\nmsgstr \"Сохранить\"\n");
    says(1, "src/f/ru.po:4: error: \"Save\" stands in this file already, at line 1", "one file says it once");
    put("ru.po", "msgid \"Save\nmsgstr \"Сохранить\"\n");
    says(1, "src/f/ru.po:1: error", "a string without its end is an error");
    put("ru.po", "msgid \"Save\"\nmsgstr \"Сохранить\"\nsomething\n");
    says(1, "src/f/ru.po:3: error: neither a comment", "an unknown line is an error");
    put("ru.po", "msgid \"Save\"\nmsgid_plural \"Saves\"\nmsgstr[0] \"а\"\nmsgstr[1] \"б\"\n");
    says(1, "src/f/ru.po:1: error: \"Save\" needs 3 forms in ru", "Russian plurals need three forms");
    put("ru.po", "msgid \"Save\"\nmsgstr \"Сохранить\"\n");
    put("de.po", "");
    says(1, "src/f/de.po:1: error: a translation is called", "an unknown language is an error");
}

static void test_placeholders(void)
{
    clear();
    put("a.c", "fail(cx, E, \"Row %lld: %s\", n, s); T(cx, \"25 % of them\");\n");
    put("kk.po", "msgid \"Row %lld: %s\"\nmsgstr \"%2$s: %1$lld-жол\"\nmsgid \"25 % of them\"\nmsgstr \"25 % олардың\"\n");
    put("ru.po", "msgid \"Row %lld: %s\"\nmsgstr \"Строка %lld: %s\"\nmsgid \"25 % of them\"\nmsgstr \"25 % из них\"\n");
    says(0, "", "placeholders may change places by number, and a percent sign in a plain text is one");
    put("ru.po", "msgid \"Row %lld: %s\"\nmsgstr \"Строка %s: %lld\"\nmsgid \"25 % of them\"\nmsgstr \"25 % из них\"\n");
    says(1, "src/f/ru.po:1: error: \"Строка %s: %lld\" has other placeholders", "swapped placeholders are an error");
    is_int(run("", "out.c src"), 0, "without the strict mode a warning");
    run("", "out.c src && cat out.c");
    ok(!strstr(output, "{\"Строка"), "but never a part of the program");
    put("ru.po", "msgid \"Row %lld: %s\"\nmsgstr \"Строка %lld\"\nmsgid \"25 % of them\"\nmsgstr \"25 % из них\"\n");
    says(1, "has other placeholders", "a lost placeholder is an error");
    put("a.c", "fail(cx, E, \"Row %\" PRId64, n);\n");
    says(1, "src/f/a.c:1: error: a text with PRId64", "a macro inside a text is an error");
    put("a.html", "<p>\n<% if (x) {");
    says(1, "src/f/a.html:2: error: \"<%\" without \"%>\"", "a template's code must end");
}

int main(void)
{
    char path[256];
    if (!mkdtemp(dir))
        return 2;
    snprintf(path, sizeof path, "mkdir -p %s/src/f %s/src/g", dir, dir);
    if (system(path) != 0)
        return 2;
    test_good();
    test_missing();
    test_faults();
    test_placeholders();
    is_int(run("", "out.c nowhere"), 1, "a folder that is not there is an error");
    is_int(run("", "out.c"), 2, "wrong use ends with status 2");
    snprintf(path, sizeof path, "rm -rf %s", dir);
    return system(path) != 0 || done();
}
