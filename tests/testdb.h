/* testdb.h - a fresh database for a test, on SQLite and on PostgreSQL.
 *
 *   static void cases(struct testdb *t) { ... uses &t->cx ... }
 *   int main(void) { testdb_both(cases); return done(); }
 *
 * PostgreSQL needs the variable SHANYRAQ_TEST_PG (a conninfo; tests/with-postgres sets it); where it is
 * absent that half is skipped. Each run has a schema or a file of its own, migrated, and removed after. */
#ifndef TESTS_DB_H
#define TESTS_DB_H

#include "tap.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/db_driver.h"
#include "db/migrate.h"

#include <unistd.h>

struct testdb {
    struct ctx cx; /* region 61, language English, connected */
    struct db_store *store;
    const char *engine; /* "SQLite", "PostgreSQL": for the names of the tests */
    char conninfo[512], dir[64], schema[48];
};

/* "SQLite: what holds" in the arena of the test. */
static inline const char *testdb_name(struct testdb *t, const char *what)
{
    return arena_printf(t->cx.arena, "%s: %s", t->engine, what);
}

static inline void testdb_must(struct testdb *t, int rc, const char *what)
{
    if (rc)
        die("%s: %s: %s", t->engine, what, t->cx.err_text ? t->cx.err_text : "no reason given");
}

static inline int testdb_sql_tx(struct ctx *cx, void *sql)
{
    return db_exec(cx, sql);
}

/* Runs one SQL text on a connection of its own. */
static inline void testdb_sql(struct testdb *t, const char *conninfo, const char *sql)
{
    struct db_store *st;
    struct db *db = t->cx.db;
    testdb_must(t, db_store_open(&t->cx, conninfo, &st), "open");
    testdb_must(t, db_connect(&t->cx, st, &t->cx.db), "connect");
    testdb_must(t, db_tx(&t->cx, testdb_sql_tx, (void *)(uintptr_t)sql), sql);
    db_disconnect(t->cx.db);
    db_store_close(st);
    t->cx.db = db;
}

/* An empty database without our tables. False: there is no PostgreSQL to test with. */
static inline bool testdb_create(struct testdb *t, enum db_engine engine)
{
    *t = (struct testdb){.engine = engine == DB_SQLITE ? "SQLite" : "PostgreSQL"};
    const char *pg = getenv("SHANYRAQ_TEST_PG");
    if (engine == DB_POSTGRES && (!pg || !*pg))
        return false;
    t->cx = (struct ctx){.arena = arena_new((size_t)1 << 30), .region_id = 61, .lang = LANG_EN};
    if (engine == DB_SQLITE) {
        snprintf(t->dir, sizeof t->dir, "/tmp/shanyraq-test-XXXXXX");
        if (!mkdtemp(t->dir))
            die("no directory for the test");
        snprintf(t->conninfo, sizeof t->conninfo, "%s/test.db", t->dir);
    } else {
        snprintf(t->schema, sizeof t->schema, "test_%lld", (long long)db_new_id());
        testdb_sql(t, pg, arena_printf(t->cx.arena, "CREATE SCHEMA %s", t->schema));
        snprintf(t->conninfo, sizeof t->conninfo, "%s options='-c search_path=%s'", pg, t->schema);
    }
    return true;
}

static inline void testdb_connect(struct testdb *t)
{
    testdb_must(t, db_store_open(&t->cx, t->conninfo, &t->store), "open");
    testdb_must(t, db_connect(&t->cx, t->store, &t->cx.db), "connect");
}

/* The same with all migrations and a connection: what most tests want. */
static inline bool testdb_open(struct testdb *t, enum db_engine engine)
{
    if (!testdb_create(t, engine))
        return false;
    testdb_connect(t);
    testdb_must(t, migrate_up(&t->cx, NULL), "migrate");
    return true;
}

static inline void testdb_close(struct testdb *t)
{
    if (t->store) {
        db_disconnect(t->cx.db);
        t->cx.db = NULL;
        db_store_close(t->store);
    }
    if (*t->dir) {
        static const char *const FILES[] = {"test.db", "test.db-wal", "test.db-shm"};
        for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++)
            unlink(arena_printf(t->cx.arena, "%s/%s", t->dir, FILES[i]));
        rmdir(t->dir); /* stays where the test left files of its own */
    } else {
        testdb_sql(t, getenv("SHANYRAQ_TEST_PG"), arena_printf(t->cx.arena, "DROP SCHEMA %s CASCADE", t->schema));
    }
    arena_free(t->cx.arena);
}

/* Runs the cases on each engine. */
static inline void testdb_both(void (*cases)(struct testdb *t))
{
    struct testdb t;
    for (int engine = DB_SQLITE; engine <= DB_POSTGRES; engine++) {
        if (testdb_open(&t, engine)) {
            cases(&t);
            testdb_close(&t);
        } else {
            skip("the same on PostgreSQL", "SHANYRAQ_TEST_PG is not set (tests/with-postgres sets it)");
        }
    }
}

#endif
