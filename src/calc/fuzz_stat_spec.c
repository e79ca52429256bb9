/* fuzz_stat_spec.c - any bytes as a document of `shanyraq stat`; its tables are two small files. */
#include "base/arena.h"
#include "base/str.h"
#include "calc/calc.h"
#include "calc/test_every.h"
#include "base/json.h"
#include "i18n/i18n.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int read_table(struct ctx *cx, const char *path, size_t max, struct buf **out)
{
    *out = buf_new(cx->arena, max);
    buf_puts(*out, str_ends(path, "w.csv") ? "a,b\n0,1\n1,0\n" : "y;g;count;label\n1,5;b;3;x\n;a;4;\n-2e1;b;0;z\n");
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.arena = arena_new((size_t)1 << 30), .translate = i18n_lookup, .lang = LANG_KK};
    struct buf *out = buf_new(cx.arena, 0), *again = buf_new(cx.arena, 0);
    struct calc_request rq = {.name = "fuzz", .text = (const char *)data, .n = size, .read = read_table, .method = &EVERY_METHOD};
    int rc = calc_answer(&cx, &rq, out);
    if (rc != OK && (out->len || str_empty(cx.err_text)))
        die("a wrong document has an answer, or no message");
    if (rc == OK && (calc_answer(&cx, &rq, again) != OK || !str_eq(out->data, again->data)))
        die("the same document has two answers");
    const struct json *j;
    if (rc == OK && json_parse(&cx, out->data, out->len, (size_t)1 << 30, &j) != OK)
        die("the answer is not JSON: %s", cx.err_text);
    arena_free(cx.arena);
    return 0;
}
