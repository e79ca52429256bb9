/* test_migrate.c - migrations: in order, once, whole or not at all, and no foreign database. */
#include "testdb.h"

#include "db/migrate_list.h"

#define NAME(what) testdb_name(t, what)
#define STEP(path, text)                                                                                     \
    {                                                                                                        \
        path, (const unsigned char *)(text), sizeof(text) - 1, NULL, 0, ""                                   \
    }

static const struct embedded GOOD[] = {
    STEP("migrations/0001_a.sql",
         "-- first; with a semicolon\nCREATE TABLE a (x BIGINT NOT NULL, y TEXT DEFAULT 'a;b''c');\n"
         "-- only: postgres\nCREATE TABLE a_pg (x BIGINT);\n"
         "-- only: sqlite\nCREATE TABLE a_lite (x BIGINT);\n"),
    STEP("migrations/0002_b.sql", "INSERT INTO a (x) VALUES (1); INSERT INTO a (x) VALUES (2)"),
    STEP("migrations/0003_c.sql",
         "CREATE TABLE c (x BIGINT);\nINSERT INTO c (x) VALUES (1);\n\nINSERT INTO nowhere (x)\n"
         "VALUES (2);"),
};
static const struct embedded CHANGED[] = {STEP("migrations/0001_a.sql", "CREATE TABLE a (x BIGINT);")};
static const struct embedded OTHER[] = {STEP("migrations/0001_a.sql", "CREATE TABLE a (x BIGINT);"),
                                        STEP("migrations/0004_d.sql", "CREATE TABLE d (x BIGINT);")};

static int see(struct ctx *cx, void *arg, const struct db_value *v)
{
    (void)cx;
    *(int64_t *)arg = v[0].i;
    return OK;
}

static int64_t count(struct testdb *t, const char *sql)
{
    static const enum db_type ONE[] = {DB_BIGINT};
    static const bool NEVER[] = {false};
    struct db_stmt s = {
        .name = "count", .sql = sql, .columns = 1, .column_types = ONE, .column_nullable = NEVER};
    int64_t n = -1;
    return db_run(&t->cx, &s, NULL, see, &n, NULL) ? -1 : n;
}

static void cases(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int applied = -1;
    is_int(migrate_list_check(cx, GOOD, 2), ERR_INVALID, NAME("an empty database is not up to date"));
    ok(migrate_list_up(cx, GOOD, 2, &applied) == OK && applied == 2, NAME("two steps are applied"));
    is_int(count(t, "SELECT count(*) FROM a WHERE y = 'a;b''c'"), 2, NAME("quotes do not end a statement"));
    ok(count(t, "SELECT count(*) FROM a_lite") == (db_engine(cx->db) == DB_SQLITE ? 0 : -1) &&
           count(t, "SELECT count(*) FROM a_pg") == (db_engine(cx->db) == DB_SQLITE ? -1 : 0),
       NAME("a marked statement runs on its engine only"));
    ok(migrate_list_up(cx, GOOD, 2, &applied) == OK && applied == 0,
       NAME("a second time there is nothing to do"));
    ok(migrate_list_check(cx, GOOD, 2) == OK, NAME("and the database is up to date"));

    is_int(migrate_list_up(cx, GOOD, 3, &applied), ERR_DB, NAME("a step that fails is an error"));
    ok(strstr(cx->err_text, "0003_c.sql, line 4"), NAME("that names file and line"));
    printf("# %s\n", cx->err_text);
    is_int(count(t, "SELECT count(*) FROM c"), -1, NAME("and nothing of it stays"));
    is_int(migrate_list_check(cx, GOOD, 1), ERR_INVALID, NAME("a newer database is refused"));
    printf("# %s\n", cx->err_text);
    is_int(migrate_list_up(cx, GOOD, 1, &applied), ERR_INVALID, NAME("by migrate too"));
    is_int(migrate_list_up(cx, OTHER, 2, &applied), ERR_INVALID,
           NAME("a step in another wording is refused"));
    printf("# %s\n", cx->err_text);
    is_int(migrate_list_check(cx, CHANGED, 1), ERR_INVALID, NAME("a shorter, changed list is refused"));
}

static void own(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int applied;
    ok(migrate_check(cx) == OK && migrate_up(cx, &applied) == OK && applied == 0,
       NAME("the program's own steps apply to an empty database"));
    ok(migrate_latest() >= 1 && count(t, "SELECT max(version) FROM schema_version") == migrate_latest(),
       NAME("and the newest is the one it knows"));
}

int main(void)
{
    for (int engine = DB_SQLITE; engine <= DB_POSTGRES; engine++) {
        struct testdb t;
        if (testdb_create(&t, engine)) {
            testdb_connect(&t);
            cases(&t);
            testdb_close(&t);
        } else {
            skip("the same on PostgreSQL", "SHANYRAQ_TEST_PG is not set (tests/with-postgres sets it)");
        }
    }
    testdb_both(own);
    return done();
}
