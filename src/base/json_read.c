/* json_read.c - the reader of json.h: jansson parses, we copy into a tree of our own. The only
 * file that knows jansson. */
#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"

#include <jansson.h>

static const size_t DEFAULT_MAX = (size_t)16 << 20;

static void free_arena(void *a)
{
    arena_free(a);
}

/* The tree of one text needs at most some 50 bytes for each two of the text. */
static struct arena *tree_arena(struct ctx *cx, size_t n)
{
    struct arena *a = arena_new(n * 64 + (1 << 20));
    arena_defer(cx->arena, free_arena, a);
    return a;
}

static int copy_value(struct ctx *cx, struct arena *a, const json_t *from, int level, struct json *to);

static int copy_object(struct ctx *cx, struct arena *a, json_t *from, int level, struct json *to)
{
    const char *key;
    json_t *value;
    size_t i = 0;
    to->type = JSON_IS_OBJECT;
    to->n = json_object_size(from);
    to->items = arena_array(a, to->n, sizeof *to->items);
    to->keys = arena_array(a, to->n, sizeof *to->keys);
    json_object_foreach (from, key, value) {
        to->keys[i] = arena_strdup(a, key);
        TRY(copy_value(cx, a, value, level + 1, &to->items[i++]));
    }
    return OK;
}

static int copy_array(struct ctx *cx, struct arena *a, const json_t *from, int level, struct json *to)
{
    to->type = JSON_IS_ARRAY;
    to->n = json_array_size(from);
    to->items = arena_array(a, to->n, sizeof *to->items);
    for (size_t i = 0; i < to->n; i++)
        TRY(copy_value(cx, a, json_array_get(from, i), level + 1, &to->items[i]));
    return OK;
}

static int copy_value(struct ctx *cx, struct arena *a, const json_t *from, int level, struct json *to)
{
    if (level > JSON_DEPTH)
        return fail(cx, ERR_INVALID, "This JSON text is nested deeper than %d levels.", JSON_DEPTH);
    switch (json_typeof(from)) {
    case JSON_OBJECT: return copy_object(cx, a, (json_t *)(uintptr_t)from, level, to);
    case JSON_ARRAY: return copy_array(cx, a, from, level, to);
    case JSON_STRING:
        to->type = JSON_IS_STR;
        to->s = arena_strdup(a, json_string_value(from));
        break;
    case JSON_INTEGER:
        to->type = JSON_IS_INT;
        to->i = json_integer_value(from);
        to->num = (double)to->i;
        break;
    case JSON_REAL:
        to->type = JSON_IS_NUM;
        to->num = json_real_value(from);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->type = JSON_IS_BOOL;
        to->b = json_is_true(from);
        break;
    case JSON_NULL: to->type = JSON_IS_NULL; break;
    }
    return OK;
}

int json_parse(struct ctx *cx, const char *text, size_t n, size_t max_bytes, const struct json **out)
{
    json_error_t error;
    if (max_bytes == 0)
        max_bytes = DEFAULT_MAX;
    if (n > max_bytes)
        return fail(cx, ERR_LIMIT, "This JSON text is larger than %zu bytes.", max_bytes);
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!root && json_error_code(&error) == json_error_duplicate_key)
        return fail(cx, ERR_INVALID, "This JSON text has a name twice in one object: line %d, column %d.",
                    error.line, error.column);
    if (!root)
        return fail(cx, ERR_INVALID, "This is not correct JSON: line %d, column %d.", error.line,
                    error.column);
    struct arena *a = tree_arena(cx, n);
    struct json *tree = arena_alloc(a, sizeof *tree);
    int rc = copy_value(cx, a, root, 0, tree);
    json_decref(root);
    if (rc == OK)
        *out = tree;
    return rc;
}

const struct json *json_get(const struct json *j, const char *key)
{
    if (!j || j->type != JSON_IS_OBJECT)
        return NULL;
    for (size_t i = 0; i < j->n; i++)
        if (str_eq(j->keys[i], key))
            return &j->items[i];
    return NULL;
}

const char *json_get_str(const struct json *j, const char *key, const char *fallback)
{
    const struct json *v = json_get(j, key);
    return v && v->type == JSON_IS_STR ? v->s : fallback;
}

int64_t json_get_int(const struct json *j, const char *key, int64_t fallback)
{
    const struct json *v = json_get(j, key);
    return v && v->type == JSON_IS_INT ? v->i : fallback;
}

double json_get_num(const struct json *j, const char *key, double fallback)
{
    const struct json *v = json_get(j, key);
    return v && (v->type == JSON_IS_INT || v->type == JSON_IS_NUM) ? v->num : fallback;
}

bool json_get_bool(const struct json *j, const char *key, bool fallback)
{
    const struct json *v = json_get(j, key);
    return v && v->type == JSON_IS_BOOL ? v->b : fallback;
}

int64_t json_get_id(const struct json *j, const char *key)
{
    int64_t id = 0;
    return id_parse(json_get_str(j, key, NULL), &id) ? id : 0;
}
