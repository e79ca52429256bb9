/* Every method has its section in docs/stat with the table of options as the program prints it, and an example
 * that gives the kept answer byte for byte, with one thread and with three. After a change that is meant:
 * `shanyraq stat docs/examples/stat/X.json --out docs/examples/stat/X.answer.json`. */
#include "base/fs.h"
#include "base/str.h"
#include "calc/test_calc.h"

static const char FOLDER[] = "docs/examples/stat";

static const char *file_text(struct calc_test *t, const char *path)
{
    struct buf *b;
    return fs_exists(path) && fs_read(&t->cx, path, 0, &b) == OK ? b->data : NULL;
}

/* docs/stat.md and all of docs/stat in one. */
static const char *all_docs(struct calc_test *t)
{
    struct buf *b = buf_new(t->cx.arena, 0);
    const char **names;
    size_t n;
    buf_puts(b, file_text(t, "docs/stat.md"));
    if (fs_list(&t->cx, "docs/stat", &names, &n))
        exit(2);
    for (size_t i = 0; i < n; i++)
        buf_puts(b, file_text(t, fs_join(t->cx.arena, "docs/stat", names[i])));
    return b->data;
}

/* The answer to a file in the folder of examples; NULL with the faults told. */
static const char *answer_of(struct calc_test *t, const char *path, unsigned threads)
{
    struct stat_run run = {.threads = threads};
    struct buf *out = buf_new(t->cx.arena, (size_t)1 << 30);
    const char *text = file_text(t, path);
    struct calc_request rq = {.name = path, .text = text, .n = text ? strlen(text) : 0, .folder = FOLDER, .run = &run};
    if (text && calc_answer(&t->cx, &rq, out) == OK)
        return out->data;
    printf("# %s\n", text ? t->cx.err_text : "no file");
    return NULL;
}

/* The lines in which two texts differ first. */
static void show_difference(const char *got, const char *want)
{
    while (got && want && *got && *got == *want) {
        got++;
        want++;
    }
    printf("# got  ...%.*s\n# want ...%.*s\n", got ? (int)strcspn(got, "\n") : 0, got ? got : "",
           want ? (int)strcspn(want, "\n") : 0, want ? want : "");
}

static void test_example(struct calc_test *t, const char *name)
{
    struct arena *a = t->cx.arena;
    const char *path = arena_printf(a, "%s/%s.json", FOLDER, name);
    const char *want = file_text(t, arena_printf(a, "%s/%s.answer.json", FOLDER, name));
    const char *one = answer_of(t, path, 1), *three = answer_of(t, path, 3);
    if (!ok(want && one && str_eq(one, want), arena_printf(a, "the example %s gives the kept answer", name)))
        show_difference(one, want);
    ok(one && three && str_eq(one, three), "and the same bytes with three threads");
}

static void test_method(struct calc_test *t, const struct calc_method *m, const char *docs)
{
    struct arena *a = t->cx.arena;
    struct buf *schema = buf_new(a, 0), *section = buf_new(a, 0);
    const struct json *j = NULL;
    calc_print_schema(&t->cx, m, schema);
    ok(json_parse(&t->cx, schema->data, schema->len, 0, &j) == OK &&
           str_eq(json_get_str(json_get(json_get(j, "properties"), "method"), "const", NULL), m->name),
       arena_printf(a, "%s has a schema that is JSON", m->name));
    calc_print_markdown(&t->cx, m, section);
    if (!ok(strstr(docs, section->data) != NULL, "its section with the table of options stands in docs/stat"))
        printf("# shanyraq stat --schema %s --markdown prints it\n", m->name);
    test_example(t, m->name);
}

/* Examples beside those named after a method: <method>.<what>.json. */
static void test_others(struct calc_test *t)
{
    struct arena *a = t->cx.arena;
    const char **names;
    size_t n;
    if (fs_list(&t->cx, FOLDER, &names, &n))
        exit(2);
    for (size_t i = 0; i < n; i++) {
        if (!str_ends(names[i], ".json") || str_ends(names[i], ".answer.json"))
            continue;
        char *name = arena_strndup(a, names[i], strlen(names[i]) - 5);
        if (!calc_method_find(name))
            test_example(t, name);
    }
}

static void test_unused(struct calc_test *t, const char *docs)
{
    const char **names;
    size_t n, without = 0;
    if (fs_list(&t->cx, FOLDER, &names, &n))
        exit(2);
    for (size_t i = 0; i < n; i++)
        if (str_ends(names[i], ".json") && !str_ends(names[i], ".answer.json") && !strstr(docs, names[i])) {
            printf("# docs/stat does not mention %s\n", names[i]);
            without++;
        }
    is_int((int64_t)without, 0, "docs/stat mentions every example");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    const char *docs = all_docs(&t);
    const struct calc_method *m;
    for (size_t i = 0; (m = calc_method_at(i)) != NULL; i++) {
        struct calc_test one = calc_test_begin();
        test_method(&one, m, docs);
        calc_test_end(&one);
    }
    test_others(&t);
    test_unused(&t, docs);
    calc_test_end(&t);
    return done();
}
