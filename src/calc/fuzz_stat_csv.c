/* fuzz_stat_csv.c - any bytes as the table that a document names, every column of it of another type. */
#include "base/arena.h"
#include "base/str.h"
#include "calc/calc.h"
#include "calc/test_every.h"
#include "i18n/i18n.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *bytes;
static size_t n_bytes;

static int read_table(struct ctx *cx, const char *path, size_t max, struct buf **out)
{
    (void)path;
    *out = buf_new(cx->arena, max);
    buf_put(*out, bytes, n_bytes);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const DOCUMENTS[] = {
        "{\"method\": \"test.every\", \"data\": {\"file\": \"f\", \"missing\": [\"NA\"]}, \"options\": {\"y\": \"y\", \"count\": \"count\", "
        "\"label\": \"label\", \"part\": {\"column\": \"g\"}, \"terms\": [\"y\", {\"factor\": \"g\"}]}}",
        "{\"method\": \"test.every\", \"data\": {\"second\": \"f\"}, \"options\": {\"matrix\": \"second\"}}",
    };
    bytes = data;
    n_bytes = size;
    for (size_t i = 0; i < 2; i++) {
        struct ctx cx = {.arena = arena_new((size_t)1 << 30), .translate = i18n_lookup, .lang = LANG_RU};
        struct buf *out = buf_new(cx.arena, (size_t)256 << 20);
        struct calc_request rq = {.name = "fuzz", .text = DOCUMENTS[i], .n = strlen(DOCUMENTS[i]), .read = read_table,
                                  .method = &EVERY_METHOD, .csv = true};
        int rc = calc_answer(&cx, &rq, out);
        if (rc != OK && (out->len || str_empty(cx.err_text)))
            die("a wrong table has an answer, or no message");
        arena_free(cx.arena);
    }
    return 0;
}
