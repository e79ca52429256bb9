/* lists.c - see lists.h. */
#include "registry/lists.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/str.h"

int list_each(struct ctx *cx, const char *path, int (*row)(struct ctx *cx, const struct table *t, void *arg), void *arg)
{
    const struct embedded *file = embedded_find(path);
    if (!file)
        return fail(cx, ERR_NOT_FOUND, "This program has no file %s.", path);
    struct table *t;
    TRY(table_open_bytes(cx, path, file->data, file->len, NULL, &t));
    for (bool more;;) {
        TRY(table_next(cx, t, &more));
        if (!more)
            return OK;
        TRY(row(cx, t, arg));
    }
}

const char *list_text(struct ctx *cx, const struct table *t, const char *name)
{
    return arena_strdup(cx->arena, table_cell(t, name));
}

int64_t list_int(const struct table *t, const char *name)
{
    int64_t v = 0;
    str_to_int(table_cell(t, name), INT64_MIN, INT64_MAX, &v);
    return v;
}
