/* Fuzz target: CSV tables. Beside memory faults it checks that cells are UTF-8, that lines ascend,
 * and that a search key folded again stays as it is. */
#include "base/arena.h"
#include "base/str.h"
#include "base/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.arena = arena_new((size_t)1 << 30)};
    struct table *t;
    bool more = true;
    int64_t line = 0;
    size_t columns;
    if (size < 200000 && table_open_bytes(&cx, "t.csv", data, size, NULL, &t) == OK) {
        table_header(t, &columns);
        while (table_next(&cx, t, &more) == OK && more) {
            if (table_line(t) <= line)
                die("lines do not ascend");
            line = table_line(t);
            for (size_t i = 0; i < columns; i++) {
                const char *cell = table_at(t, (int)i), *key = str_fold(cx.arena, cell);
                if (!utf8_valid(cell, strlen(cell)) || !str_eq(key, str_fold(cx.arena, key)))
                    die("cell %zu of line %lld is broken: [%s] [%s]", i, (long long)line, cell, key);
                str_fold_lookalikes(cx.arena, cell, NULL);
            }
        }
    }
    arena_free(cx.arena);
    return 0;
}
