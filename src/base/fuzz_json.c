/* Fuzz target: JSON. What was read is written and read again; the second writing must be the same. */
#include "base/arena.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_value(struct json_writer *w, const char *key, const struct json *j)
{
    switch (j->type) {
    case JSON_IS_NULL: json_none(w, key); break;
    case JSON_IS_BOOL: json_bool(w, key, j->b); break;
    case JSON_IS_INT: json_int(w, key, j->i); break;
    case JSON_IS_NUM: json_num(w, key, j->num); break;
    case JSON_IS_STR: json_str(w, key, j->s); break;
    case JSON_IS_ARRAY:
    case JSON_IS_OBJECT:
        if (w->depth == JSON_DEPTH) {
            json_none(w, key);
            return;
        }
        if (j->type == JSON_IS_ARRAY)
            json_arr(w, key);
        else
            json_obj(w, key);
        for (size_t i = 0; i < j->n; i++)
            write_value(w, j->type == JSON_IS_ARRAY ? NULL : j->keys[i], &j->items[i]);
        json_end(w);
    }
}

static struct buf *written(struct ctx *cx, const struct json *j)
{
    struct buf *b = buf_new(cx->arena, 0);
    struct json_writer w;
    json_begin(&w, b);
    write_value(&w, NULL, j);
    return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.arena = arena_new(0)};
    const struct json *first, *second;
    if (json_parse(&cx, (const char *)data, size, 1 << 20, &first) == OK) {
        struct buf *one = written(&cx, first);
        if (json_parse(&cx, one->data, one->len, 0, &second))
            die("what was written cannot be read: %s", cx.err_text);
        struct buf *two = written(&cx, second);
        if (one->len != two->len || memcmp(one->data, two->data, one->len))
            die("written twice, not the same: %s / %s", one->data, two->data);
    }
    arena_free(cx.arena);
    return 0;
}
