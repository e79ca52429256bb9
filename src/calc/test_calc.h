/* test_calc.h - documents in tests: the answer in this process and by the program's command line, with paths
 * from the root of the checkout.
 *
 *     struct calc_test t = calc_test_begin();
 *     const struct json *a = calc_test_answer(&t, "{\"method\": \"count.interval\", \"options\": {\"y\": [3]}}");
 *     is_num(calc_test_num(a, "intervals[0].upper"), 8.767273, 1e-7, "...");
 *     a = calc_test_cli(&t, "{...}");   the same by `shanyraq stat -`
 *     calc_test_end(&t);
 *
 * calc_test_both() asks both ways and fails if the bytes differ. For golden numbers read ../shared/golden by
 * stat/test_golden.h; documents name its files as "../shared/golden/...". */
#ifndef CALC_TEST_CALC_H
#define CALC_TEST_CALC_H

#include "base/arena.h"
#include "base/json.h"
#include "calc/calc.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "tap.h"

#include <sys/wait.h>
#include <unistd.h>

struct calc_test {
    struct ctx cx;
    const char *text; /* of the last answer, or what was wrong */
    int status;       /* of the last run: calc_answer()'s code, or the exit status */
};

static inline struct calc_test calc_test_begin(void)
{
    return (struct calc_test){.cx = {.arena = arena_new((size_t)2 << 30), .translate = i18n_lookup, .lang = LANG_EN}};
}

static inline void calc_test_end(struct calc_test *t)
{
    arena_free(t->cx.arena);
}

static inline const struct json *calc_test_parse(struct calc_test *t, const char *text, size_t n)
{
    const struct json *j = NULL;
    t->text = text;
    if (json_parse(&t->cx, text, n, (size_t)1 << 30, &j))
        printf("# %s\n", t->cx.err_text);
    return j;
}

/* NULL: refused as wrong; t->text tells the faults. */
static inline const struct json *calc_test_answer(struct calc_test *t, const char *document)
{
    struct buf *out = buf_new(t->cx.arena, (size_t)1 << 30);
    struct calc_request rq = {.name = "test", .text = document, .n = strlen(document)};
    t->status = calc_answer(&t->cx, &rq, out);
    if (t->status == OK)
        return calc_test_parse(t, out->data, out->len);
    t->text = t->cx.err_text;
    return NULL;
}

/* The program that was built beside this test: build/<mode>/shanyraq. */
static inline const char *calc_test_program(struct calc_test *t)
{
    char self[512];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    return slash ? arena_printf(t->cx.arena, "%.*s/../shanyraq", (int)(slash - self), self) : "build/shanyraq";
}

/* Standard output of `shanyraq ARGS`; t->status is its exit status. errors: standard error too. */
static inline struct buf *calc_test_run(struct calc_test *t, const char *args, bool errors)
{
    struct buf *out = buf_new(t->cx.arena, (size_t)1 << 30);
    FILE *p = popen(arena_printf(t->cx.arena, "env -u SHANYRAQ_CONFIG SHANYRAQ_LANG=en %s %s%s", calc_test_program(t), args,
                                 errors ? " 2>&1" : ""), "r");
    char piece[8192];
    for (size_t n; p && (n = fread(piece, 1, sizeof piece, p)) > 0;)
        buf_put(out, piece, n);
    int status = p ? pclose(p) : -1;
    t->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    t->text = out->data;
    return out;
}

static inline const struct json *calc_test_cli(struct calc_test *t, const char *document)
{
    char name[] = "/tmp/shanyraq-calc-XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0 || write(fd, document, strlen(document)) != (ssize_t)strlen(document))
        exit(2);
    close(fd);
    struct buf *out = calc_test_run(t, arena_printf(t->cx.arena, "stat - <%s", name), false);
    unlink(name);
    return t->status ? NULL : calc_test_parse(t, out->data, out->len);
}

/* The answer, by both ways; a failed test where they differ. */
static inline const struct json *calc_test_both(struct calc_test *t, const char *document, const char *name)
{
    const struct json *here = calc_test_answer(t, document);
    const char *text = t->text;
    int status = t->status;
    const struct json *there = calc_test_cli(t, document);
    if (!ok(here && there && strcmp(text, t->text) == 0, arena_printf(t->cx.arena, "%s: answered, alike by the command line", name)))
        printf("# %d %d: %s\n", status, t->status, here ? "other bytes" : text);
    return here;
}

/* What stands at a path in the result: "intervals[2].upper", "beta[0]"; NULL: nothing. */
static inline const struct json *calc_test_at(const struct json *answer, const char *path)
{
    const struct json *j = json_get(answer, "result");
    char key[256];
    while (j && *path) {
        if (*path == '[') {
            size_t i = strtoul(path + 1, NULL, 10);
            j = j->type == JSON_IS_ARRAY && i < j->n ? &j->items[i] : NULL;
            path += strcspn(path, "]") + 1;
        } else {
            path += *path == '.';
            size_t n = strcspn(path, ".[");
            snprintf(key, sizeof key, "%.*s", (int)n, path);
            j = json_get(j, key);
            path += n;
        }
    }
    return j;
}

/* A number there; NaN: null or none; infinite ones too. */
static inline double calc_test_num(const struct json *answer, const char *path)
{
    const struct json *j = calc_test_at(answer, path);
    if (j && j->type == JSON_IS_STR && strstr(j->s, "Infinity"))
        return *j->s == '-' ? -INFINITY : INFINITY;
    return j && (j->type == JSON_IS_INT || j->type == JSON_IS_NUM) ? j->num : NAN;
}

static inline const char *calc_test_str(const struct json *answer, const char *path)
{
    const struct json *j = calc_test_at(answer, path);
    return j && j->type == JSON_IS_STR ? j->s : NULL;
}

#endif
