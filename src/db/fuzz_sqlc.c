/* fuzz_sqlc.c - any bytes as a file of queries: tools/sqlc.c must refuse or compile them, never crash. */
#include "../../tools/sqlc_parse.c"

#include "../../tools/sqlc_check.c"
#include "../../tools/sqlc_write.c"

#include <stdlib.h>

static const char SCHEMA[] =
    "CREATE TABLE t (region_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, "
    "name_key TEXT, flag SMALLINT NOT NULL, x DOUBLE PRECISION, b BYTEA, "
    "PRIMARY KEY (region_id, id)); CREATE TABLE u (id BIGINT PRIMARY KEY, name TEXT);";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 64 * 1024)
        return 0;
    struct sqlc c = {.file = "src/fuzz/fuzz.sql", .quiet = true};
    c.text = sqlc_strndup(&c, (const char *)data, size);
    if (sqlc_schema_open(&c) && sqlc_schema_apply(&c, SCHEMA) && sqlc_compile(&c)) {
        char *out = NULL;
        size_t n;
        FILE *o = open_memstream(&out, &n);
        sqlc_write_header(&c, o);
        sqlc_write_source(&c, o);
        fclose(o);
        free(out);
    }
    sqlc_free(&c);
    return 0;
}
