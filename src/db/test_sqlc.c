/* test_sqlc.c - the compiler of queries: what it makes, and that each mistake stops the build with the
 * file, the line and the reason. Runs build/tools/sqlc in a folder of its own. */
#include "tap.h"

#include "base/arena.h"
#include "base/fs.h"

#include <unistd.h>

static struct ctx *cx;
static const char *folder, *tool;

static const char SCHEMA[] =
    "CREATE TABLE t (region_id BIGINT NOT NULL, id BIGINT NOT NULL, u_id BIGINT, name TEXT NOT NULL, "
    "name_key TEXT,\n"
    "flag SMALLINT NOT NULL, x DOUBLE PRECISION, b BYTEA, CONSTRAINT t_pk PRIMARY KEY (region_id, id));\n"
    "CREATE TABLE u (id BIGINT NOT NULL, name TEXT NOT NULL, CONSTRAINT u_pk PRIMARY KEY (id));\n"
    "-- only: postgres\nCREATE EXTENSION nothing;\n";

/* Its exit status; *out: what it wrote to stderr, or the file that it made. */
static int compile(const char *sql, const char *made, const char **out)
{
    struct buf *b;
    const char *log = fs_join(cx->arena, folder, "log");
    if (fs_write(cx, fs_join(cx->arena, folder, "src/f/f.sql"), sql, strlen(sql), 0600))
        die("%s", cx->err_text);
    int rc = system(
        arena_printf(cx->arena, "cd %s && %s migrations src/f/f.sql f_sql.h f_sql.c 2>log", folder, tool));
    if (fs_read(cx, made ? fs_join(cx->arena, folder, made) : log, 0, &b))
        die("%s", cx->err_text);
    *out = b->data;
    return rc;
}

static void refused(const char *sql, const char *message, const char *name)
{
    const char *out;
    int rc = compile(sql, NULL, &out);
    if (!ok(rc != 0 && strncmp(out, message, strlen(message)) == 0, name))
        printf("#   got  %s#   want %s\n", out, message);
}

static void contains(const char *text, const char *part, const char *name)
{
    if (!ok(strstr(text, part) != NULL, name))
        printf("%s\n", text);
}

static const char GOOD[] =
    "-- All of a region.\n-- Two lines.\n"
    "-- name: t_all(region_id bigint, min double?, flag bool, name text?) :many\n"
    "-- > n bigint\n"
    "SELECT t.id, t.u_id, t.region_id, t.name, t.flag, t.x, t.b, u.name AS uname, count(*) AS n\n"
    "FROM t LEFT JOIN u ON u.id = t.u_id WHERE t.region_id = $1 AND t.x > $2 AND t.flag = $3 AND t.name = "
    "$4\n"
    "GROUP BY t.id, t.u_id, t.region_id, t.name, t.flag, t.x, t.b, u.name;\n\n"
    "-- name: u_claim(id id) :opt :sqlite\nSELECT name FROM u WHERE id = $1;\n"
    "-- name: u_claim(id id) :opt :postgres\nSELECT name FROM u WHERE id = $1 FOR UPDATE SKIP LOCKED;\n";

static void good(void)
{
    const char *h, *c;
    is_int(compile(GOOD, "f_sql.h", &h), 0, "a good file compiles");
    compile(GOOD, "f_sql.c", &c);
    contains(h, "/* All of a region.\n * Two lines.", "the comment becomes the function's comment");
    contains(h, "int t_all(struct ctx *cx, const struct t_all_in *in, struct t_all_list *out);",
             "more than three parameters are a struct");
    contains(h, "    struct opt_num min;\n    bool flag;\n    const char *name;\n",
             "with the types of the head");
    contains(h,
             "    int64_t id;\n    struct opt_int u_id;\n    int64_t region_id;\n    const char *name;\n    "
             "bool flag;\n"
             "    struct opt_num x;\n    struct bytes b;\n    const char *uname;\n    int64_t n;\n",
             "columns have the types of the tables");
    contains(c, "{\"id\", FIELD_ID,", "a column id is an identifier");
    contains(c, "{\"u_id\", FIELD_OPT_ID,", "and one that ends in _id, NULL allowed");
    contains(c, "{\"region_id\", FIELD_INT,", "but region_id is a number");
    contains(c, "t_all_nullable[] = {0, 1, 0, 0, 0, 1, 1, 1, 0}", "a column behind LEFT JOIN may be NULL");
    contains(h, "int u_claim(struct ctx *cx, int64_t id, struct u_claim_row *out, bool *found);",
             "a pair of dialects is one function");
    contains(c, ".sql_postgres =\n    \"SELECT name FROM u WHERE id = $1 FOR UPDATE SKIP LOCKED\"",
             "with both texts");
    contains(c,
             "const struct db_stmt *const f_sql_statements[] = {\n    &t_all_stmt,\n    &u_claim_stmt,\n    "
             "NULL};",
             "all statements are listed for tests");
}

int main(void)
{
    struct ctx c = {.arena = arena_new(0)};
    char here[1000];
    cx = &c;
    if (!getcwd(here, sizeof here))
        die("no folder");
    tool = arena_printf(cx->arena, "%s/build/tools/sqlc", here);
    if (!fs_exists(tool)) {
        skip("the compiler of queries", "build/tools/sqlc is not built");
        return done();
    }
    if (fs_temp_dir(cx, &folder) || fs_mkdir(cx, fs_join(cx->arena, folder, "src/f")) ||
        fs_mkdir(cx, fs_join(cx->arena, folder, "migrations")) ||
        fs_write(cx, fs_join(cx->arena, folder, "migrations/0001_t.sql"), SCHEMA, sizeof SCHEMA - 1, 0600))
        die("%s", c.err_text);
    good();
    refused("-- name: a(region_id bigint) :many\nSELECT id,\n  titel\nFROM t WHERE region_id = $1;\n",
            "src/f/f.sql:3: a: no such column: titel", "a wrong column is an error with its line");
    refused("-- name: a() :many\nSELECT id FROM uu;\n", "src/f/f.sql:2: a: no such table: uu",
            "a wrong table too");
    refused("\n-- name: a(r bigint) :one\nSELECT count(*) AS n FROM t WHERE region_id = $1;\n",
            "src/f/f.sql:2: a: column n is an expression: say its type, \"-- > n bigint\"",
            "an expression needs its type");
    refused("-- name: a(id id) :one\nSELECT name FROM t WHERE id = $1;\n",
            "src/f/f.sql:1: a uses t without region_id", "a query past the region is an error");
    refused("-- name: a(id id) :one\n-- all regions:\nSELECT name FROM t WHERE id = $1;\n",
            "src/f/f.sql:2: \"all regions:\" needs the reason", "and its exception needs a reason");
    refused("-- name: a(q text) :many\n\nSELECT name FROM u WHERE name LIKE $1;\n",
            "src/f/f.sql:3: a: LIKE stands only behind a folded *_key column", "LIKE needs a folded column");
    refused("-- name: a(q text) :many\nSELECT name FROM u WHERE lower(name) = $1;\n",
            "src/f/f.sql:2: a: lower()", "lower() is refused");
    refused("-- name: a() :many\nSELECT name FROM u\nWHERE id = 1::bigint;\n",
            "src/f/f.sql:3: a: ::", ":: is refused");
    refused("-- name: a() :exec\nUPDATE u SET id = now();\n", "src/f/f.sql:2: a: now()", "now() is refused");
    refused("-- name: a() :one\nSELECT name FROM u FOR UPDATE;\n", "src/f/f.sql:2: a: FOR UPDATE",
            "FOR UPDATE outside of a dialect is refused");
    refused("-- name: a(id id, x text) :one\nSELECT name FROM u WHERE id = $1;\n",
            "src/f/f.sql:1: a does not use its parameter x ($2)", "an unused parameter is an error");
    refused("-- name: a(id id) :one\nSELECT name FROM u WHERE id = $1 OR id = $2;\n",
            "src/f/f.sql:1: a has no parameter $2", "a missing parameter too");
    refused("-- name: a(id number) :one\nSELECT 1;\n", "src/f/f.sql:1: id: no type \"number\"",
            "an unknown type is an error");
    refused("-- name: a(id id) :some\nSELECT 1;\n", "src/f/f.sql:1: a: :one, :opt,",
            "an unknown kind is an error");
    refused("-- name: a() :exec\nSELECT name FROM u;\n", "src/f/f.sql:1: a: :exec is for",
            ":exec has no rows");
    refused("-- name: a() :one\nSELECT name FROM u", "src/f/f.sql:2: a has no \";\"",
            "the semicolon is needed");
    refused("-- name: a() :many\nSELECT name -- > name id\nFROM u;\n", "src/f/f.sql:2: a: a comment stands on a line of its own",
            "a comment behind SQL is an error, for the note in it would be lost");
    refused("-- name: a() :many\nSELECT name FROM u -- all of them;\nWHERE id = 1;\n",
            "src/f/f.sql:2: a: a comment stands on a line of its own", "and a semicolon in it ends no query");
    refused("-- name: a() :many\nSELECT nam FROM u WHERE name = 'a -- b'\n  OR name = '\n-- c';\n", "src/f/f.sql:2: a: no such column: nam",
            "two dashes in a text are none");
    refused("-- name: a() :one\nSELECT name FROM u\n-- name: b() :one\nSELECT 1;\n",
            "src/f/f.sql:3: a has no \";\"", "before the next query");
    refused("-- name: a() :one\n-- > nam text\nSELECT name FROM u;\n", "src/f/f.sql:2: a has no column nam",
            "an annotation of no column is an error");
    refused("-- name: a() :one\nSELECT name FROM u;\n-- name: a() :one\nSELECT name FROM u;\n",
            "src/f/f.sql:3: query a stands twice (first in line 1)", "a name stands once");
    refused("SELECT 1;\n", "src/f/f.sql:1: a query starts with", "a text without a name is an error");
    refused("-- name: a() :one\nSELECT name, id AS name FROM u;\n",
            "src/f/f.sql:1: a: two columns are called name", "two columns of one name are an error");
    refused("-- name: a() :one :postgres\nSELECT name FROM u FOR UPDATE;\n",
            "src/f/f.sql:1: a has rows, so it needs its",
            "a query with rows for PostgreSQL alone is an error");
    arena_free(c.arena);
    return done();
}
