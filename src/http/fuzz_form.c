/* fuzz_form.c - any bytes as the body of a form. The first byte chooses: urlencoded or multipart, and
 * in pieces of which size it comes. Two ways of cutting must give the same. */
#include "http/internal.h"

#include <string.h>

static const struct form_choice KINDS[] = {{"a", "A"}, {"b", "B"}, {NULL, NULL}};
struct values {
    const char *text, *area, *day, *kind, *mail;
    struct opt_int number, id;
    struct opt_num share;
    struct form_multi kinds;
    bool yes;
};
#define AT(m) .offset = offsetof(struct values, m)
static const struct form_field FIELDS[] = {
    {.name = "t", .type = FORM_TEXT, .required = true, AT(text)},
    {.name = "a", .type = FORM_TEXTAREA, AT(area)},
    {.name = "d", .type = FORM_DATE, AT(day)},
    {.name = "k", .type = FORM_CHOICE, .choices = KINDS, AT(kind)},
    {.name = "m", .type = FORM_EMAIL, AT(mail)},
    {.name = "n", .type = FORM_INT, .min = 1, .max = 9, AT(number)},
    {.name = "i", .type = FORM_ID, AT(id)},
    {.name = "s", .type = FORM_NUM, AT(share)},
    {.name = "l", .type = FORM_MULTI, .choices = KINDS, AT(kinds)},
    {.name = "y", .type = FORM_BOOL, AT(yes)},
    {.name = NULL},
};
static const struct form FORM = {FIELDS, sizeof(struct values)};

static int begin(void *arg, const char *name, const char *filename, const char *type)
{
    buf_printf(arg, "[%s|%s|%s|", name, filename ? filename : "", type ? type : "");
    return 0;
}

static int data_in(void *arg, const char *bytes, size_t n)
{
    buf_put(arg, bytes, n);
    return 0;
}

static int end(void *arg)
{
    buf_puts(arg, "]");
    return 0;
}

static int read_multipart(struct arena *a, const char *s, size_t n, size_t piece, struct buf *out)
{
    struct multipart_sink sink = {out, begin, data_in, end};
    struct multipart *m = multipart_new(a, "multipart/form-data; boundary=b", &sink);
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i += piece)
        rc = multipart_feed(m, s + i, n - i < piece ? n - i : piece);
    return rc ? rc : multipart_complete(m) ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct arena *a = arena_new(0);
    struct ctx cx = {.arena = a, .lang = LANG_RU};
    const char *s = (const char *)data + 1;
    if (data[0] & 1) {
        struct buf *one = buf_new(a, 0), *two = buf_new(a, 0);
        int first = read_multipart(a, s, size - 1, 1 + data[0] / 2, one);
        int second = read_multipart(a, s, size - 1, size, two);
        if (first != second || (!first && (one->len != two->len || memcmp(one->data, two->data, one->len))))
            abort();
    } else {
        struct request *rq = request_new(a, &cx);
        if (!urlencoded_read(&cx, s, size - 1, true, &rq->state->fields)) {
            form_parse(rq, &FORM);
            const struct values *v = form_values(rq);
            if (!v->text || !v->day || (v->number.has && (v->number.value < 1 || v->number.value > 9)) ||
                (form_ok(rq) && !*v->text))
                abort();
        }
    }
    arena_free(a);
    return 0;
}
