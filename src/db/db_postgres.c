/* db_postgres.c - PostgreSQL behind db.h; the only file that includes libpq-fe.h.
 *
 * A connection is made when it is needed and again when it was lost, so a server restart costs at most
 * one failed piece of work. Outside of db_tx the session is read only, as on SQLite. Statements are
 * prepared once a connection; values travel as text, bytes as they are. */
#include "db/db_driver.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"

#include <libpq-fe.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CACHE_SIZE = 1024 /* a power of two */, MAX_VALUES = 128, RETRIES = 8 };
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25, OID_FLOAT8 = 701 };

struct prepared {
    const char *sql; /* the key: SQL texts are constants */
    unsigned number; /* its name on the server is "s<number>" */
};

struct pg_db {
    struct db base;
    PGconn *conn;
    struct prepared cache[CACHE_SIZE];
    unsigned prepared;
    bool again; /* the last error goes away if the transaction is tried again */
    bool lost;  /* the connection is gone */
    bool had;   /* there was one: the server's words for its loss go to the log, not to who asked for a page */
};

/* Connections made so far. A server that broke down ends them all and may give the numbers of transactions that
 * were not written down once more: marks from before must differ from those after. */
static atomic_ullong openings;

static struct pg_db *pg_of(struct db *db)
{
    return (struct pg_db *)db;
}

/* --- errors
 * ------------------------------------------------------------------------------------------------- */

/* Names the constraint of a result, or its message in one line. */
static const char *detail_of(struct ctx *cx, const PGresult *r, bool constraint)
{
    const char *s = constraint ? PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME) : NULL;
    if (!s)
        s = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (!s)
        s = PQresultErrorMessage(r);
    char *line = arena_strdup(cx->arena, s ? s : "");
    line[strcspn(line, "\n")] = '\0';
    return line;
}

static int connection_failed(struct ctx *cx, struct pg_db *db)
{
    char *why = arena_strdup(cx->arena, PQerrorMessage(db->conn));
    why[strcspn(why, "\n")] = '\0';
    db->lost = db->again = true;
    if (!db->had)
        return fail(cx, ERR_BUSY, "The database server cannot be reached: %s", why);
    log_event(LOG_WARN, "db.lost", log_text("error", why));
    return fail(cx, ERR_BUSY, "The database does not answer just now. What was saved is safe.");
}

static int result_failed(struct ctx *cx, struct pg_db *db, const PGresult *r, const char *what)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    db->base.spoiled = true;
    if (!state || PQstatus(db->conn) == CONNECTION_BAD)
        return connection_failed(cx, db);
    if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0) {
        db->again = true;
        return fail(cx, ERR_BUSY, "Others changed the same at the same time. Please try again.");
    }
    if (strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0)
        return connection_failed(cx, db);
    if (strcmp(state, "23505") == 0)
        return fail(cx, ERR_CONFLICT, "Such an entry exists already (%s).", detail_of(cx, r, true));
    if (strcmp(state, "23503") == 0)
        return fail(cx, ERR_CONFLICT,
                    "Another entry that this one belongs to is missing, or still needs it (%s).",
                    detail_of(cx, r, true));
    if (strncmp(state, "23", 2) == 0 || strncmp(state, "22", 2) == 0)
        return fail(cx, ERR_INVALID, "A value is missing or not allowed (%s).", detail_of(cx, r, true));
    if (strncmp(state, "53100", 5) == 0)
        return fail(cx, ERR_IO, "The disk is full; nothing was saved. Free some space and try again.");
    if (strcmp(state, "25006") == 0) {
        if (cx->db->depth == 0)
            return fail(cx, ERR_DB, "%s writes outside of a transaction.", what);
        db->lost = db->again = true; /* the server became a replica: its successor is found by reconnecting */
        return fail(cx, ERR_BUSY, "The database server cannot be written to now. Please try again.");
    }
    return fail(cx, ERR_DB, "The database refused %s: %s.", what, detail_of(cx, r, false));
}

/* Takes r and frees it; an error unless its status is one of the two. */
static int finish(struct ctx *cx, PGresult *r, const char *what)
{
    ExecStatusType s = PQresultStatus(r);
    int rc = s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK ? OK : result_failed(cx, pg_of(cx->db), r, what);
    PQclear(r);
    return rc;
}

/* --- connections
 * -------------------------------------------------------------------------------------------- */

static void quiet_notices(void *arg, const char *message)
{
    (void)arg;
    (void)message; /* "relation exists already, skipping": nothing for the log */
}

static int pg_open(struct ctx *cx, struct pg_db *db)
{
    PQfinish(db->conn);
    memset(db->cache, 0, sizeof db->cache);
    db->prepared = 0;
    db->lost = false;
    atomic_fetch_add(&openings, 1);
    /* A conninfo of its own values is stronger than those before it. */
    static const char *const KEYS[] = {"connect_timeout", "tcp_user_timeout", "dbname", NULL};
    const char *const values[] = {"10", "30000", db->base.store->conninfo, NULL};
    db->conn = PQconnectdbParams(KEYS, values, 1);
    if (PQstatus(db->conn) != CONNECTION_OK)
        return connection_failed(cx, db);
    PQsetNoticeProcessor(db->conn, quiet_notices, NULL);
    static const char SETTINGS[] = "SET default_transaction_read_only = on; SET client_encoding = 'UTF8'; "
                                   "SET extra_float_digits = 1; SET bytea_output = hex; "
                                   "SET standard_conforming_strings = on; SET lock_timeout = '30s'";
    struct db *before = cx->db;
    cx->db = &db->base;
    int rc = finish(cx, PQexec(db->conn, SETTINGS), "the settings");
    cx->db = before;
    db->had |= rc == OK;
    return rc;
}

static void pg_disconnect(struct db *base)
{
    PQfinish(pg_of(base)->conn);
    free(base);
}

static int pg_connect(struct ctx *cx, struct db_store *st, struct db **out)
{
    struct pg_db *db = calloc(1, sizeof *db);
    if (!db)
        die("out of memory");
    db->base.store = st;
    int rc = pg_open(cx, db);
    if (rc) {
        pg_disconnect(&db->base);
        return rc;
    }
    *out = &db->base;
    return OK;
}

static int pg_store_open(struct ctx *cx, struct db_store *st)
{
    struct db *db;
    if (!PQisthreadsafe())
        die("this libpq is not thread-safe");
    TRY(pg_connect(cx, st, &db)); /* says at once that the server or the database is missing */
    int version = PQserverVersion(pg_of(db)->conn);
    const char *encoding = PQparameterStatus(pg_of(db)->conn, "server_encoding");
    bool utf8 = encoding && strcmp(encoding, "UTF8") == 0;
    pg_disconnect(db);
    if (version < 150000)
        return fail(cx, ERR_INVALID, "The database server is too old: PostgreSQL 15 or newer is needed.");
    return utf8 ? OK : fail(cx, ERR_INVALID, "The database must be created with the encoding UTF8.");
}

static void pg_store_close(struct db_store *st)
{
    (void)st; /* connections belong to their threads */
}

/* --- statements
 * ------------------------------------------------------------------------------------------------ */

static const Oid OIDS[] = {
    [DB_TEXT] = OID_TEXT, [DB_BIGINT] = OID_INT8, [DB_DOUBLE] = OID_FLOAT8, [DB_BYTEA] = OID_BYTEA};

static int pg_prepare(struct ctx *cx, struct pg_db *db, const struct db_stmt *stmt, const char *sql,
                      char name[16])
{
    size_t at = ((uintptr_t)sql >> 4) * 2654435761u % CACHE_SIZE;
    while (db->cache[at].sql && db->cache[at].sql != sql)
        at = (at + 1) % CACHE_SIZE;
    if (!db->cache[at].sql) {
        Oid types[MAX_VALUES];
        for (unsigned i = 0; i < stmt->params; i++)
            types[i] = OIDS[stmt->param_types[i]];
        bool room = db->prepared < CACHE_SIZE * 3 / 4;
        snprintf(name, 16, room ? "s%u" : "", db->prepared); /* "": the unnamed statement */
        TRY(finish(cx, PQprepare(db->conn, name, sql, stmt->params, types), stmt->name));
        if (room)
            db->cache[at] = (struct prepared){sql, db->prepared++};
        return OK;
    }
    snprintf(name, 16, "s%u", db->cache[at].number);
    return OK;
}

struct texts { /* parameters as libpq wants them */
    const char *values[MAX_VALUES];
    int lengths[MAX_VALUES], formats[MAX_VALUES];
    char numbers[MAX_VALUES][32];
};

static void bind(struct texts *t, unsigned n, const struct db_value *values)
{
    for (unsigned i = 0; i < n; i++) {
        const struct db_value *v = &values[i];
        t->values[i] = NULL;
        t->lengths[i] = t->formats[i] = 0;
        if (v->null || (v->type == DB_DOUBLE && isnan(v->d)))
            continue;
        t->values[i] = t->numbers[i];
        if (v->type == DB_TEXT) {
            t->values[i] = v->text;
        } else if (v->type == DB_BIGINT) {
            snprintf(t->numbers[i], sizeof t->numbers[i], "%lld", (long long)v->i);
        } else if (v->type == DB_DOUBLE) {
            snprintf(t->numbers[i], sizeof t->numbers[i], "%.17g", v->d);
        } else {
            t->values[i] = (const char *)v->bytes.data;
            t->lengths[i] = (int)v->bytes.len;
            t->formats[i] = 1;
        }
    }
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* "\x0aff" in place. */
static struct bytes unhex(char *text, size_t len)
{
    size_t n = len >= 2 ? (len - 2) / 2 : 0;
    for (size_t i = 0; i < n; i++)
        text[i] = (char)(hex_digit(text[2 + 2 * i]) << 4 | hex_digit(text[3 + 2 * i]));
    return (struct bytes){(const unsigned char *)text, n};
}

static int pg_value(struct ctx *cx, const struct db_stmt *stmt, PGresult *r, int row, int i,
                    struct db_value *v)
{
    *v = (struct db_value){.type = stmt->column_types[i], .null = PQgetisnull(r, row, i)};
    if (v->null)
        return OK;
    char *text = PQgetvalue(r, row, i), *end = text;
    switch (v->type) {
    case DB_TEXT:
        v->text = text;
        return OK;
    case DB_BYTEA:
        v->bytes = unhex(text, (size_t)PQgetlength(r, row, i));
        return OK;
    case DB_DOUBLE:
        v->d = strtod(text, &end);
        break;
    case DB_BIGINT:
        if ((*text == 't' || *text == 'f') && !text[1]) { /* a condition; SQLite gives 1 or 0 */
            v->i = *text == 't';
            return OK;
        }
        v->i = strtoll(text, &end, 10);
        break;
    }
    if (*end || end == text)
        return fail(cx, ERR_DB, "The query %s gave in column %u something that is no whole number.",
                    stmt->name, (unsigned)i + 1);
    return OK;
}

static int pg_rows(struct ctx *cx, const struct db_stmt *stmt, PGresult *r, db_row_fn *row, void *arg,
                   bool copy)
{
    struct db_value values[MAX_VALUES];
    if (PQnfields(r) != stmt->columns)
        return fail(cx, ERR_DB, "The query %s gave the wrong number of columns (%d).", stmt->name,
                    PQnfields(r));
    for (int k = 0; k < PQntuples(r); k++) {
        for (int i = 0; i < stmt->columns; i++)
            TRY(pg_value(cx, stmt, r, k, i, &values[i]));
        TRY(db_values_check(cx, stmt, values));
        if (copy)
            db_values_copy(cx, values, stmt->columns);
        TRY(row(cx, arg, values));
    }
    return OK;
}

static int64_t pg_changed(PGresult *r)
{
    const char *tag = PQcmdStatus(r); /* SELECT gives a number here too */
    return strncmp(tag, "SELECT", 6) == 0 ? 0 : strtoll(PQcmdTuples(r), NULL, 10);
}

static int pg_run_once(struct ctx *cx, const struct db_stmt *stmt, const char *sql,
                       const struct db_value *params, PGresult **out)
{
    struct pg_db *db = pg_of(cx->db);
    char name[16];
    TRY(pg_prepare(cx, db, stmt, sql, name));
    struct texts t;
    bind(&t, stmt->params, params);
    PGresult *r = PQexecPrepared(db->conn, name, stmt->params, t.values, t.lengths, t.formats, 0);
    ExecStatusType s = PQresultStatus(r);
    if (s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK) {
        *out = r;
        return OK;
    }
    int rc = result_failed(cx, db, r, stmt->name);
    PQclear(r);
    return rc;
}

static int pg_run(struct ctx *cx, const struct db_stmt *stmt, const char *sql, const struct db_value *params,
                  db_row_fn *row, void *arg, bool copy, int64_t *changed)
{
    struct pg_db *db = pg_of(cx->db);
    if (stmt->params > MAX_VALUES || stmt->columns > MAX_VALUES)
        die("query %s has too many parameters or columns", stmt->name);
    if (changed)
        *changed = 0;
    if (db->lost && db->base.depth == 0)
        TRY(pg_open(cx, db));
    PGresult *r = NULL;
    int rc = pg_run_once(cx, stmt, sql, params, &r);
    if (rc && db->lost && db->base.depth == 0) { /* a read on a connection that died meanwhile: once more */
        TRY(pg_open(cx, db));
        rc = pg_run_once(cx, stmt, sql, params, &r);
    }
    if (rc)
        return rc;
    if (changed)
        *changed = pg_changed(r);
    if (row)
        rc = pg_rows(cx, stmt, r, row, arg, copy);
    PQclear(r);
    return rc;
}

static int mark_row(struct ctx *cx, void *arg, const struct db_value *values)
{
    if (*values[0].text)
        *(const char **)arg = arena_printf(cx->arena, "%llu %s", atomic_load(&openings), values[0].text);
    return OK;
}

/* The snapshot is by definition what tells which transactions are seen: equal ones see equal data. A follower
 * does not list its open transactions, so it gives none. */
static int pg_mark(struct ctx *cx, const char **mark)
{
    static const enum db_type TYPE[] = {DB_TEXT};
    static const struct db_stmt STMT = {.name = "mark", .columns = 1, .column_types = TYPE,
        .sql = "SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE pg_current_snapshot()::text END"};
    return pg_run(cx, &STMT, STMT.sql, NULL, mark_row, mark, true, NULL);
}

static int pg_prepare_only(struct ctx *cx, const struct db_stmt *stmt, const char *sql)
{
    char name[16];
    return pg_prepare(cx, pg_of(cx->db), stmt, sql, name);
}

static int pg_exec(struct ctx *cx, const char *sql)
{
    return finish(cx, PQexec(pg_of(cx->db)->conn, sql), "a statement");
}

/* --- transactions
 * ------------------------------------------------------------------------------------------------ */

/* 5, 10, 20 ... ms and as much again by chance, so that those who collided come back apart. */
static void pause_before_retry(int attempt)
{
    unsigned r = 0;
    if (getrandom(&r, sizeof r, 0) != sizeof r)
        r = 0;
    long ms = 5L << (attempt < 8 ? attempt : 8);
    ms += (long)(r % (unsigned)(ms + 1));
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static int pg_commit(struct ctx *cx, struct pg_db *db)
{
    PGresult *r = PQexec(db->conn, "COMMIT");
    /* COMMIT of a transaction that had an error answers ROLLBACK without an error of its own. */
    bool rolled_back = PQresultStatus(r) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(r), "COMMIT") != 0;
    int rc = finish(cx, r, "the end of the transaction");
    if (!rc && rolled_back)
        return fail(cx, ERR_DB, "The database ended the transaction before its end.");
    if (rc && db->lost) { /* done or not? Nobody can tell, so it must not run a second time by itself. */
        db->again = false;
        return fail(cx, ERR_BUSY,
                    "The connection was lost while saving. Please check whether your change "
                    "is there before you repeat it.");
    }
    return rc;
}

static int pg_tx_once(struct ctx *cx, struct pg_db *db, db_tx_fn *fn, void *arg)
{
    if (db->lost)
        TRY(pg_open(cx, db));
    TRY(pg_exec(cx, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
    int rc = db_call(cx, &db->base, fn, arg);
    if (!rc)
        rc = pg_commit(cx, db);
    if (!db->lost && PQtransactionStatus(db->conn) != PQTRANS_IDLE)
        PQclear(PQexec(db->conn, "ROLLBACK"));
    return rc;
}

static int pg_tx(struct ctx *cx, db_tx_fn *fn, void *arg)
{
    struct pg_db *db = pg_of(cx->db);
    for (int attempt = 0;; attempt++) {
        db->again = false;
        int rc = pg_tx_once(cx, db, fn, arg);
        if (!rc || !db->again || attempt == RETRIES)
            return rc;
        pause_before_retry(attempt);
    }
}

/* --- bulk
 * -----------------------------------------------------------------------------------------------------------
 */

static void copy_text(struct buf *b, const char *s)
{
    for (; *s; s++) {
        static const char FROM[] = "\\\t\n\r", TO[] = "\\tnr";
        const char *at = strchr(FROM, *s);
        if (at) {
            buf_putc(b, '\\');
            buf_putc(b, TO[at - FROM]);
        } else {
            buf_putc(b, *s);
        }
    }
}

static void copy_value(struct buf *b, const struct db_value *v)
{
    if (v->null || (v->type == DB_DOUBLE && isnan(v->d))) {
        buf_puts(b, "\\N");
    } else if (v->type == DB_TEXT) {
        copy_text(b, v->text);
    } else if (v->type == DB_BIGINT) {
        buf_printf(b, "%lld", (long long)v->i);
    } else if (v->type == DB_DOUBLE) {
        buf_printf(b, "%.17g", v->d);
    } else {
        buf_puts(b, "\\\\x");
        for (size_t i = 0; i < v->bytes.len; i++)
            buf_printf(b, "%02x", v->bytes.data[i]);
    }
}

static int copy_rows(struct ctx *cx, struct pg_db *db, size_t n_columns, const enum db_type *types,
                     bool (*next)(void *arg, struct db_value *values), void *arg, int64_t *rows)
{
    enum { PIECE = 64 * 1024 };
    struct db_value *values = arena_array(cx->arena, n_columns, sizeof *values);
    struct buf b;
    buf_init(&b, INT_MAX);
    bool more = true, sent = true;
    while (more && sent) {
        for (size_t i = 0; i < n_columns; i++)
            values[i] = (struct db_value){.type = types[i]};
        more = next(arg, values);
        for (size_t i = 0; more && i < n_columns; i++) {
            copy_value(&b, &values[i]);
            buf_putc(&b, i + 1 < n_columns ? '\t' : '\n');
        }
        *rows += more;
        if (b.len && (!more || b.len > PIECE)) {
            sent = PQputCopyData(db->conn, b.data, (int)b.len) == 1;
            buf_reset(&b);
        }
    }
    buf_free(&b);
    return sent && PQputCopyEnd(db->conn, NULL) == 1 ? OK : connection_failed(cx, db);
}

static int pg_bulk(struct ctx *cx, const char *table, const char *const *columns, size_t n_columns,
                   const enum db_type *types, bool (*next)(void *arg, struct db_value *values), void *arg,
                   int64_t *rows)
{
    struct pg_db *db = pg_of(cx->db);
    PGresult *r = PQexec(db->conn, db_bulk_sql(cx, true, table, columns, n_columns));
    if (PQresultStatus(r) != PGRES_COPY_IN)
        return finish(cx, r, table);
    PQclear(r);
    TRY(copy_rows(cx, db, n_columns, types, next, arg, rows));
    int rc = OK;
    while ((r = PQgetResult(db->conn))) {
        int one = finish(cx, r, table);
        rc = rc ? rc : one;
    }
    return rc;
}

static void pg_optimize(struct ctx *cx)
{
    PQclear(PQexec(pg_of(cx->db)->conn, "ANALYZE"));
}

/* --- backup
 * -----------------------------------------------------------------------------------------------------------
 */

/* The conninfo for a child: the password goes through the environment, where other accounts of the
 * machine do not see it. */
static int child_conninfo(struct ctx *cx, const char *conninfo, const char **out, const char **password)
{
    char *why = NULL;
    PQconninfoOption *all = PQconninfoParse(conninfo, &why);
    if (!all) {
        int rc = fail(cx, ERR_INVALID, "The database address is not understood: %s", why ? why : "?");
        PQfreemem(why);
        return rc;
    }
    struct buf *b = buf_new(cx->arena, 0);
    *password = NULL;
    for (PQconninfoOption *o = all; o->keyword; o++) {
        if (!o->val)
            continue;
        if (strcmp(o->keyword, "password") == 0) {
            *password = arena_strdup(cx->arena, o->val);
            continue;
        }
        buf_printf(b, "%s%s='", b->len ? " " : "", o->keyword);
        for (const char *s = o->val; *s; s++) {
            if (*s == '\'' || *s == '\\')
                buf_putc(b, '\\');
            buf_putc(b, *s);
        }
        buf_putc(b, '\'');
    }
    PQconninfoFree(all);
    *out = b->data;
    return OK;
}

/* Runs a program of PostgreSQL and waits; its messages go to our standard error. */
static int run_child(struct ctx *cx, const char *conninfo, const char *const *args, size_t n)
{
    const char *target = NULL, *password = NULL;
    TRY(child_conninfo(cx, conninfo, &target, &password));
    const char **argv = arena_array(cx->arena, n + 2, sizeof *argv);
    memcpy(argv, args, n * sizeof *argv);
    argv[n] = arena_printf(cx->arena, "--dbname=%s", target);
    size_t vars = 0;
    while (environ[vars])
        vars++;
    const char **env = arena_array(cx->arena, vars + 2, sizeof *env);
    if (password) /* in front of one that may be set: the first counts */
        env[0] = arena_printf(cx->arena, "PGPASSWORD=%s", password);
    memcpy(env + (password != NULL), environ, vars * sizeof *env);
    pid_t pid;
    int error = posix_spawnp(&pid, args[0], NULL, NULL, (char *const *)argv, (char *const *)env), status = 0;
    if (error == ENOENT)
        return fail(cx, ERR_NOT_FOUND, "The program %s is missing. Install the package postgresql-client.",
                    args[0]);
    if (error)
        return fail(cx, ERR_IO, "The program %s cannot be started: %s.", args[0], strerror(error));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? OK
               : fail(cx, ERR_DB, "The program %s did not succeed; its message is in the log.", args[0]);
}

static int pg_backup(struct ctx *cx, struct db_store *st, const char *path)
{
    const char *file = arena_printf(cx->arena, "--file=%s", path);
    const char *const args[] = {"pg_dump", "--format=custom", "--no-owner", "--no-privileges", file};
    return run_child(cx, st->conninfo, args, sizeof args / sizeof *args);
}

static int pg_restore(struct ctx *cx, const char *conninfo, const char *path)
{
    const char *const args[] = {"pg_restore", "--clean",         "--if-exists",
                                "--no-owner", "--no-privileges", "--single-transaction",
                                path};
    return run_child(cx, conninfo, args, sizeof args / sizeof *args);
}

const struct db_driver db_driver_postgres = {
    .engine = DB_POSTGRES,
    .store_open = pg_store_open,
    .store_close = pg_store_close,
    .connect = pg_connect,
    .disconnect = pg_disconnect,
    .run = pg_run,
    .prepare = pg_prepare_only,
    .backup = pg_backup,
    .restore = pg_restore,
    .tx = pg_tx,
    .exec = pg_exec,
    .bulk = pg_bulk,
    .mark = pg_mark,
    .optimize = pg_optimize,
};
