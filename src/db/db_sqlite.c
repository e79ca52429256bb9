/* db_sqlite.c - SQLite behind db.h; the only file that includes sqlite3.h.
 *
 * Each thread has a connection of its own for reading (query_only, so that a write outside of db_tx is
 * refused), and the store has one more that writes, on a thread of its own: see db_writer.c. */
#include "db/collate.h"
#include "db/db_driver.h"
#include "db/db_writer.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = 10000, CACHE_SIZE = 512 /* a power of two */, PROGRAM_ID = 0x53484e59 /* "SHNY" */ };

struct cached {
    const char *sql; /* the key: SQL texts are constants */
    sqlite3_stmt *st;
    bool busy; /* a row callback of it is running */
};

struct sqlite_db {
    struct db base;
    sqlite3 *handle;
    struct collation *kk;
    struct cached cache[CACHE_SIZE];
    int cached;
};

struct sqlite_store {
    struct db *writer_db;
    struct db_writer *writer;
    pthread_mutex_t watch_lock; /* guards the connection below */
    struct db *watch_db;        /* for db_mark(); made when first asked for */
};

static struct sqlite_db *sqlite_of(struct db *db)
{
    return (struct sqlite_db *)db;
}

/* --- errors --------------------------------------------------------------------------------------------- */

static int constraint_failed(struct ctx *cx, int code, const char *message)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
        return fail(cx, ERR_CONFLICT, "Such an entry exists already (%s).", message);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return fail(cx, ERR_CONFLICT,
                    "Another entry that this one belongs to is missing, or still needs it (%s).", message);
    default:
        return fail(cx, ERR_INVALID, "A value is missing or not allowed (%s).", message);
    }
}

/* Not all of SQLite's writing says "full": making the shared memory beside the file, or the disk of a quota. */
static bool no_room(sqlite3 *h, int code)
{
    int error = sqlite3_system_errno(h);
    return code == SQLITE_IOERR_SHMSIZE || ((code & 0xff) == SQLITE_IOERR && (error == ENOSPC || error == EDQUOT));
}

static int sqlite_failed(struct ctx *cx, sqlite3 *h, const char *what)
{
    int code = sqlite3_extended_errcode(h);
    const char *message = sqlite3_errmsg(h);
    if (cx->db)
        cx->db->spoiled = true;
    switch (no_room(h, code) ? SQLITE_FULL : code & 0xff) {
    case SQLITE_CONSTRAINT: {
        const char *colon = strstr(message, "failed: ");
        return constraint_failed(cx, code, colon ? colon + 8 : message);
    }
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(cx, ERR_BUSY, "The database is busy with another program. Please try again.");
    case SQLITE_FULL:
        return fail(cx, ERR_IO, "The disk is full; nothing was saved. Free some space and try again.");
    case SQLITE_IOERR:
        return fail(cx, ERR_IO, "The database file could not be read or written: %s.", message);
    case SQLITE_NOTADB:
        return fail(cx, ERR_INVALID, "The file is not a database of this program.");
    case SQLITE_CORRUPT:
        return fail(cx, ERR_DB, "The database file is damaged: %s. Restore it from a backup.", message);
    case SQLITE_READONLY:
        if (sqlite3_db_readonly(h, "main") == 0)
            return fail(cx, ERR_DB, "%s writes outside of a transaction.", what);
        return fail(cx, ERR_IO, "The database file may not be written.");
    case SQLITE_INTERRUPT:
        return fail(cx, ERR_BUSY, "The work was interrupted.");
    default:
        return fail(cx, ERR_DB, "The database refused %s: %s.", what, message);
    }
}

/* --- opening ---------------------------------------------------------------------------------------------
 */

static int collate_kk(void *arg, int n, const void *a, int m, const void *b)
{
    return collation_compare(arg, a, n, b, m);
}

static void sqlite_disconnect(struct db *base)
{
    struct sqlite_db *db = sqlite_of(base);
    for (int i = 0; i < CACHE_SIZE; i++)
        sqlite3_finalize(db->cache[i].st);
    if (db->handle) {
        sqlite3_exec(db->handle, "PRAGMA optimize", NULL, NULL, NULL);
        sqlite3_close(db->handle);
    }
    collation_free(db->kk);
    free(db);
}

/* What every connection has; the writer in addition writes. */
static int sqlite_settings(struct ctx *cx, struct sqlite_db *db, bool writes)
{
    static const char *const ALL[] = {"PRAGMA journal_mode = WAL",   "PRAGMA synchronous = FULL",
                                      "PRAGMA foreign_keys = ON",    "PRAGMA trusted_schema = OFF",
                                      "PRAGMA cell_size_check = ON", "PRAGMA temp_store = MEMORY",
                                      "PRAGMA cache_size = -16000"};
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_extended_result_codes(db->handle, 1);
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (sqlite3_exec(db->handle, ALL[i], NULL, NULL, NULL) != SQLITE_OK)
            return sqlite_failed(cx, db->handle, ALL[i]);
    if (!writes && sqlite3_exec(db->handle, "PRAGMA query_only = ON", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(cx, db->handle, "query_only");
    TRY(collation_new(cx, &db->kk));
    if (sqlite3_create_collation(db->handle, "kk", SQLITE_UTF8, db->kk, collate_kk) != SQLITE_OK)
        return sqlite_failed(cx, db->handle, "the collation");
    return OK;
}

static int sqlite_open(struct ctx *cx, struct db_store *st, bool writes, struct db **out)
{
    struct sqlite_db *db = calloc(1, sizeof *db);
    if (!db)
        die("out of memory");
    db->base.store = st;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int rc = OK;
    if (sqlite3_open_v2(st->conninfo, &db->handle, flags, NULL) != SQLITE_OK)
        rc = fail(cx, ERR_IO, "The database file %s cannot be opened: %s.", st->conninfo,
                  sqlite3_errmsg(db->handle));
    if (!rc)
        rc = sqlite_settings(cx, db, writes);
    if (rc) {
        sqlite_disconnect(&db->base);
        return rc;
    }
    *out = &db->base;
    return OK;
}

static int sqlite_connect(struct ctx *cx, struct db_store *st, struct db **out)
{
    return sqlite_open(cx, st, false, out);
}

static bool sqlite_in_tx(struct db *db)
{
    return !sqlite3_get_autocommit(sqlite_of(db)->handle);
}

/* A database of another program must not get our tables. */
static int sqlite_is_ours(struct ctx *cx, struct sqlite_db *db, const char *path)
{
    sqlite3_stmt *st = NULL;
    int id = 0, tables = 0;
    if (sqlite3_prepare_v2(db->handle,
                           "SELECT a.application_id, (SELECT count(*) FROM sqlite_master) "
                           "FROM pragma_application_id AS a",
                           -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW) {
        id = sqlite3_column_int(st, 0);
        tables = sqlite3_column_int(st, 1);
    }
    sqlite3_finalize(st);
    if (id == PROGRAM_ID)
        return OK;
    if (id != 0 || tables > 0)
        return fail(cx, ERR_INVALID, "%s is the database of another program.", path);
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d", PROGRAM_ID);
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(cx, db->handle, "the file");
    return OK;
}

static int sqlite_store_open(struct ctx *cx, struct db_store *st)
{
    /* Made here and not by SQLite, so that nobody else may read it from its first moment on. */
    int fd = open(st->conninfo, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_IO, "The database file %s cannot be opened: %s.", st->conninfo, strerror(errno));
    close(fd);
    struct sqlite_store *own = calloc(1, sizeof *own);
    if (!own)
        die("out of memory");
    int rc = sqlite_open(cx, st, true, &own->writer_db);
    if (!rc && (rc = sqlite_is_ours(cx, sqlite_of(own->writer_db), st->conninfo)))
        sqlite_disconnect(own->writer_db);
    if (rc) {
        free(own);
        return rc;
    }
    own->writer = db_writer_start(own->writer_db, sqlite_in_tx);
    pthread_mutex_init(&own->watch_lock, NULL);
    st->engine = own;
    return OK;
}

static void sqlite_store_close(struct db_store *st)
{
    struct sqlite_store *own = st->engine;
    db_writer_stop(own->writer);
    sqlite_disconnect(own->writer_db);
    if (own->watch_db)
        sqlite_disconnect(own->watch_db);
    pthread_mutex_destroy(&own->watch_lock);
    free(own);
}

/* --- statements
 * --------------------------------------------------------------------------------------------- */

/* The prepared statement of sql. *slot: its place in the cache, NULL if it is to be finalised after use. */
static int sqlite_prepare(struct ctx *cx, struct sqlite_db *db, const char *name, const char *sql,
                          sqlite3_stmt **st, struct cached **slot)
{
    size_t at = ((uintptr_t)sql >> 4) * 2654435761u % CACHE_SIZE;
    while (db->cache[at].sql && db->cache[at].sql != sql)
        at = (at + 1) % CACHE_SIZE;
    struct cached *c = &db->cache[at];
    if (c->sql && !c->busy) {
        *slot = c;
        *st = c->st;
        return OK;
    }
    *slot = NULL;
    unsigned flags = SQLITE_PREPARE_PERSISTENT;
    if (sqlite3_prepare_v3(db->handle, sql, -1, flags, st, NULL) != SQLITE_OK)
        return sqlite_failed(cx, db->handle, name);
    if (!c->sql && db->cached < CACHE_SIZE * 3 / 4) {
        *c = (struct cached){.sql = sql, .st = *st};
        db->cached++;
        *slot = c;
    }
    return OK;
}

static void sqlite_release(sqlite3_stmt *st, struct cached *slot)
{
    if (!slot) {
        sqlite3_finalize(st);
        return;
    }
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    slot->busy = false;
}

static void sqlite_bind(sqlite3_stmt *st, int n, const struct db_value *values)
{
    for (int i = 0; i < n; i++) {
        const struct db_value *v = &values[i];
        char name[16];
        snprintf(name, sizeof name, "$%d", i + 1);
        int at = sqlite3_bind_parameter_index(st, name); /* numbered by first appearance, not by $n */
        if (v->null || (v->type == DB_DOUBLE && isnan(v->d)))
            sqlite3_bind_null(st, at);
        else if (v->type == DB_TEXT)
            sqlite3_bind_text(st, at, v->text, -1, SQLITE_STATIC);
        else if (v->type == DB_BIGINT)
            sqlite3_bind_int64(st, at, v->i);
        else if (v->type == DB_DOUBLE)
            sqlite3_bind_double(st, at, v->d);
        else
            sqlite3_bind_blob64(st, at, v->bytes.data, v->bytes.len, SQLITE_STATIC);
    }
}

static int sqlite_value(struct ctx *cx, sqlite3_stmt *st, int i, const struct db_stmt *stmt,
                        struct db_value *v)
{
    int got = sqlite3_column_type(st, i);
    *v = (struct db_value){.type = stmt->column_types[i], .null = got == SQLITE_NULL};
    if (v->null)
        return OK;
    switch (v->type) {
    case DB_TEXT:
        v->text = (const char *)sqlite3_column_text(st, i);
        break;
    case DB_DOUBLE:
        v->d = sqlite3_column_double(st, i);
        break;
    case DB_BYTEA:
        v->bytes.data = sqlite3_column_blob(st, i);
        v->bytes.len = (size_t)sqlite3_column_bytes(st, i);
        if (!v->bytes.data)
            v->bytes.data = (const unsigned char *)""; /* empty is not NULL */
        break;
    case DB_BIGINT:
        if (got != SQLITE_INTEGER) /* PostgreSQL would have refused it */
            return fail(cx, ERR_DB, "The query %s gave in column %u something that is no whole number.",
                        stmt->name, (unsigned)i + 1);
        v->i = sqlite3_column_int64(st, i);
        break;
    }
    return OK;
}

static int sqlite_row(struct ctx *cx, sqlite3_stmt *st, const struct db_stmt *stmt, db_row_fn *row, void *arg,
                      bool copy)
{
    struct db_value values[128];
    if (stmt->columns > sizeof values / sizeof *values)
        die("query %s has too many columns", stmt->name);
    for (int i = 0; i < stmt->columns; i++)
        TRY(sqlite_value(cx, st, i, stmt, &values[i]));
    TRY(db_values_check(cx, stmt, values));
    if (copy)
        db_values_copy(cx, values, stmt->columns);
    return row(cx, arg, values);
}

static int sqlite_run(struct ctx *cx, const struct db_stmt *stmt, const char *sql,
                      const struct db_value *params, db_row_fn *row, void *arg, bool copy, int64_t *changed)
{
    struct sqlite_db *db = sqlite_of(cx->db);
    sqlite3_stmt *st;
    struct cached *slot;
    TRY(sqlite_prepare(cx, db, stmt->name, sql, &st, &slot));
    if (slot)
        slot->busy = true;
    sqlite_bind(st, stmt->params, params);
    int rc = OK, step;
    while ((step = sqlite3_step(st)) == SQLITE_ROW)
        if (row && (rc = sqlite_row(cx, st, stmt, row, arg, copy)))
            break;
    if (!rc && step != SQLITE_DONE)
        rc = sqlite_failed(cx, db->handle, stmt->name);
    if (changed)
        *changed = rc || sqlite3_stmt_readonly(st) ? 0 : sqlite3_changes64(db->handle);
    sqlite_release(st, slot);
    return rc;
}

static int sqlite_prepare_only(struct ctx *cx, const struct db_stmt *stmt, const char *sql)
{
    sqlite3_stmt *st;
    struct cached *slot;
    TRY(sqlite_prepare(cx, sqlite_of(cx->db), stmt->name, sql, &st, &slot));
    sqlite_release(st, slot);
    return OK;
}

static int sqlite_exec(struct ctx *cx, const char *sql)
{
    sqlite3 *h = sqlite_of(cx->db)->handle;
    if (sqlite3_exec(h, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(cx, h, "a statement");
    return OK;
}

static int mark_row(struct ctx *cx, void *arg, const struct db_value *values)
{
    *(const char **)arg = arena_printf(cx->arena, "%lld", (long long)values[0].i);
    return OK;
}

/* The data_version of SQLite counts the commits of all other connections and processes, but from a start of its
 * own in each connection: so one connection, which never writes, is asked for all threads. */
static int sqlite_mark(struct ctx *cx, const char **mark)
{
    static const enum db_type TYPE[] = {DB_BIGINT};
    static const struct db_stmt STMT = {.name = "mark", .sql = "PRAGMA data_version", .columns = 1, .column_types = TYPE};
    struct sqlite_store *own = cx->db->store->engine;
    struct db *before = cx->db;
    pthread_mutex_lock(&own->watch_lock);
    int rc = own->watch_db ? OK : sqlite_open(cx, cx->db->store, false, &own->watch_db);
    if (!rc) {
        cx->db = own->watch_db;
        rc = sqlite_run(cx, &STMT, STMT.sql, NULL, mark_row, mark, true, NULL);
        cx->db = before;
    }
    pthread_mutex_unlock(&own->watch_lock);
    return rc;
}

static int sqlite_tx(struct ctx *cx, db_tx_fn *fn, void *arg)
{
    struct sqlite_store *own = cx->db->store->engine;
    return db_writer_tx(own->writer, cx, fn, arg);
}

static int sqlite_bulk(struct ctx *cx, const char *table, const char *const *columns, size_t n_columns,
                       const enum db_type *types, bool (*next)(void *arg, struct db_value *values), void *arg,
                       int64_t *rows)
{
    struct sqlite_db *db = sqlite_of(cx->db);
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db->handle, db_bulk_sql(cx, false, table, columns, n_columns), -1, &st, NULL) !=
        SQLITE_OK)
        return sqlite_failed(cx, db->handle, table);
    struct db_value *values = arena_array(cx->arena, n_columns, sizeof *values);
    int rc = OK;
    for (;;) {
        for (size_t i = 0; i < n_columns; i++)
            values[i] = (struct db_value){.type = types[i]};
        if (!next(arg, values))
            break;
        sqlite_bind(st, (int)n_columns, values);
        if (sqlite3_step(st) != SQLITE_DONE) {
            rc = sqlite_failed(cx, db->handle, table);
            break;
        }
        sqlite3_reset(st);
        ++*rows;
    }
    sqlite3_finalize(st);
    return rc;
}

/* Without statistics the planner takes the key (region_id = ?) where a better index exists. */
static void sqlite_optimize(struct ctx *cx)
{
    sqlite3_exec(sqlite_of(cx->db)->handle, "ANALYZE", NULL, NULL, NULL);
}

/* --- backup
 * ----------------------------------------------------------------------------------------------------- */

/* One word of a PRAGMA, as "ok" of integrity_check, or the error. */
static int pragma_word(struct ctx *cx, sqlite3 *h, const char *sql, const char **word)
{
    sqlite3_stmt *st;
    int rc = OK;
    *word = "";
    if (sqlite3_prepare_v2(h, sql, -1, &st, NULL) != SQLITE_OK || sqlite3_step(st) != SQLITE_ROW)
        rc = sqlite_failed(cx, h, sql);
    else
        *word = arena_strdup(cx->arena, (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    return rc;
}

/* Is the open file a sound database of ours? */
static int sqlite_inspect(struct ctx *cx, sqlite3 *h, const char *path)
{
    const char *word;
    TRY(pragma_word(cx, h, "PRAGMA application_id", &word));
    if (strtol(word, NULL, 10) != PROGRAM_ID)
        return fail(cx, ERR_INVALID, "%s is the database of another program.", path);
    TRY(pragma_word(cx, h, "PRAGMA integrity_check(1)", &word));
    return strcmp(word, "ok") == 0 ? OK : fail(cx, ERR_DB, "The copy %s is damaged: %s.", path, word);
}

static int sqlite_copy(struct ctx *cx, const char *from, const char *to)
{
    sqlite3 *source = NULL, *target = NULL;
    int rc = OK;
    if (sqlite3_open_v2(from, &source, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        rc = sqlite_failed(cx, source, from);
    else if (sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
        rc = sqlite_failed(cx, target, to);
    if (!rc) {
        sqlite3_busy_timeout(source, BUSY_MS);
        sqlite3_backup *b = sqlite3_backup_init(target, "main", source, "main");
        int step = b ? sqlite3_backup_step(b, -1) : SQLITE_ERROR; /* all at once: one moment's state */
        if (sqlite3_backup_finish(b) != SQLITE_OK || step != SQLITE_DONE)
            rc = sqlite_failed(cx, step == SQLITE_BUSY ? source : target, to);
    }
    struct collation *kk = NULL;
    if (!rc)
        rc = collation_new(cx, &kk);
    if (!rc)
        sqlite3_create_collation(target, "kk", SQLITE_UTF8, kk, collate_kk);
    if (!rc)
        rc = sqlite_inspect(cx, target, to);
    /* One file, without a log beside it, is what people copy. */
    if (!rc && sqlite3_exec(target, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        rc = sqlite_failed(cx, target, to);
    sqlite3_close(target);
    sqlite3_close(source);
    collation_free(kk);
    return rc;
}

static int sqlite_backup(struct ctx *cx, struct db_store *st, const char *path)
{
    return sqlite_copy(cx, st->conninfo, path);
}

/* Leaving the WAL mode needs the file for oneself alone: that tells whether a server uses it. */
static int sqlite_set_aside(struct ctx *cx, const char *file)
{
    sqlite3 *h = NULL;
    int rc = OK;
    if (sqlite3_open_v2(file, &h, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        (sqlite3_exec(h, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) & 0xff) == SQLITE_BUSY)
        rc = fail(cx, ERR_BUSY, "The database %s is in use. Stop the server first.", file);
    sqlite3_close(h);
    if (!rc && rename(file, arena_printf(cx->arena, "%s.before-restore", file)) != 0 && errno != ENOENT)
        rc = fail(cx, ERR_IO, "The database file %s cannot be replaced: %s.", file, strerror(errno));
    return rc;
}

static int sqlite_restore(struct ctx *cx, const char *file, const char *path)
{
    const char *half = arena_printf(cx->arena, "%s.part", file);
    int fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_IO, "The database file %s cannot be opened: %s.", half, strerror(errno));
    close(fd);
    int rc = sqlite_copy(cx, path, half);
    if (!rc)
        rc = sqlite_set_aside(cx, file);
    if (!rc) {
        /* What a damaged or killed database left beside it does not belong to the new one. */
        unlink(arena_printf(cx->arena, "%s-wal", file));
        unlink(arena_printf(cx->arena, "%s-shm", file));
        rc = db_publish(cx, half, file);
    }
    if (rc)
        unlink(half);
    return rc;
}

const struct db_driver db_driver_sqlite = {
    .engine = DB_SQLITE,
    .store_open = sqlite_store_open,
    .store_close = sqlite_store_close,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .run = sqlite_run,
    .prepare = sqlite_prepare_only,
    .backup = sqlite_backup,
    .restore = sqlite_restore,
    .tx = sqlite_tx,
    .exec = sqlite_exec,
    .bulk = sqlite_bulk,
    .mark = sqlite_mark,
    .optimize = sqlite_optimize,
};
