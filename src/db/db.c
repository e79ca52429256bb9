/* db.c - the part of the database interface that no engine differs in: choosing the engine, nested
 * transactions, reading rows into structs, identifiers. */
#include "db/db_driver.h"

#include "base/arena.h"
#include "base/buf.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* --- stores and connections ------------------------------------------------------------------------ */

static bool is_postgres(const char *conninfo)
{
    return strncmp(conninfo, "postgresql://", 13) == 0 || strncmp(conninfo, "postgres://", 11) == 0 ||
           strncmp(conninfo, "host=", 5) == 0 || strncmp(conninfo, "dbname=", 7) == 0 ||
           strncmp(conninfo, "service=", 8) == 0;
}

const struct db_driver *db_driver_for(const char *conninfo)
{
    return is_postgres(conninfo) ? &db_driver_postgres : &db_driver_sqlite;
}

int db_store_open(struct ctx *cx, const char *conninfo, struct db_store **out)
{
    struct db_store *st = calloc(1, sizeof *st);
    if (!st || !(st->conninfo = strdup(conninfo)))
        die("out of memory");
    st->driver = db_driver_for(conninfo);
    *out = NULL;
    int rc = st->driver->store_open(cx, st);
    if (rc) {
        free(st->conninfo);
        free(st);
        return rc;
    }
    *out = st;
    return OK;
}

void db_store_close(struct db_store *st)
{
    if (!st)
        return;
    st->driver->store_close(st);
    free(st->conninfo);
    free(st);
}

enum db_engine db_store_engine(const struct db_store *st)
{
    return st->driver->engine;
}

int db_connect(struct ctx *cx, struct db_store *st, struct db **out)
{
    *out = NULL;
    return st->driver->connect(cx, st, out);
}

void db_disconnect(struct db *db)
{
    if (db)
        db->store->driver->disconnect(db);
}

enum db_engine db_engine(const struct db *db)
{
    return db->store->driver->engine;
}

bool db_in_tx(const struct ctx *cx)
{
    return cx->db->depth > 0;
}

/* --- transactions ------------------------------------------------------------------------------------ */

int db_call(struct ctx *cx, struct db *db, db_tx_fn *fn, void *arg)
{
    db->spoiled = false;
    db->depth++;
    int rc = fn(cx, arg);
    db->depth--;
    if (!rc && db->spoiled)
        rc = fail(cx, ERR_DB, "A statement failed, but the transaction went on.");
    db->spoiled = false;
    return rc;
}

/* A transaction within one: a savepoint, so that a failing part takes only itself back. */
static int db_tx_nested(struct ctx *cx, db_tx_fn *fn, void *arg)
{
    struct db *db = cx->db;
    char sql[64];
    int level = db->depth;
    snprintf(sql, sizeof sql, "SAVEPOINT nested_%d", level);
    TRY(db_exec(cx, sql));
    bool outer_spoiled = db->spoiled;
    int rc = db_call(cx, db, fn, arg);
    db->spoiled = outer_spoiled;
    if (rc) { /* the error of fn is what counts; a lost connection shows up again at the outer end */
        struct ctx quiet = *cx;
        snprintf(sql, sizeof sql, "ROLLBACK TO SAVEPOINT nested_%d", level);
        db_exec(&quiet, sql);
        snprintf(sql, sizeof sql, "RELEASE SAVEPOINT nested_%d", level);
        db_exec(&quiet, sql);
        return rc;
    }
    snprintf(sql, sizeof sql, "RELEASE SAVEPOINT nested_%d", level);
    return db_exec(cx, sql);
}

int db_tx(struct ctx *cx, int (*fn)(struct ctx *cx, void *arg), void *arg)
{
    if (!cx->db)
        die("db_tx without a database connection");
    return cx->db->depth ? db_tx_nested(cx, fn, arg) : cx->db->store->driver->tx(cx, fn, arg);
}

int db_exec(struct ctx *cx, const char *sql)
{
    return cx->db->store->driver->exec(cx, sql);
}

/* --- statements ----------------------------------------------------------------------------------------- */

static int sql_for(struct ctx *cx, const struct db_stmt *stmt, const char **sql)
{
    if (!cx->db)
        die("query %s without a database connection", stmt->name);
    *sql = db_engine(cx->db) == DB_SQLITE ? stmt->sql_sqlite : stmt->sql_postgres;
    if (!*sql)
        *sql = stmt->sql;
    return *sql ? OK : fail(cx, ERR_DB, "The query %s does not exist for this kind of database.", stmt->name);
}

int db_prepare(struct ctx *cx, const struct db_stmt *stmt)
{
    const char *sql;
    TRY(sql_for(cx, stmt, &sql));
    return cx->db->store->driver->prepare(cx, stmt, sql);
}

static int db_send(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params, db_row_fn *row,
                   void *arg, bool copy, int64_t *changed)
{
    const char *sql;
    TRY(sql_for(cx, stmt, &sql));
    return cx->db->store->driver->run(cx, stmt, sql, params, row, arg, copy, changed);
}

int db_run(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params, db_row_fn *row,
           void *arg, int64_t *changed)
{
    return db_send(cx, stmt, params, row, arg, true, changed);
}

int db_each(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params, db_row_fn *row,
            void *arg)
{
    return db_send(cx, stmt, params, row, arg, false, NULL);
}

void db_values_copy(struct ctx *cx, struct db_value *values, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct db_value *v = &values[i];
        if (v->null)
            continue;
        if (v->type == DB_TEXT)
            v->text = arena_strdup(cx->arena, v->text);
        else if (v->type == DB_BYTEA)
            v->bytes.data =
                (const unsigned char *)arena_strndup(cx->arena, (const char *)v->bytes.data, v->bytes.len);
    }
}

int db_values_check(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *values)
{
    for (unsigned i = 0; stmt->column_nullable && i < stmt->columns; i++)
        if (values[i].null && !stmt->column_nullable[i])
            return fail(cx, ERR_DB, "The query %s gave no value in column %u, where there must be one.",
                        stmt->name, i + 1);
    return OK;
}

struct one {
    void (*read)(void *row, const struct db_value *values);
    void *row;
    bool found;
};

static int one_row(struct ctx *cx, void *arg, const struct db_value *values)
{
    (void)cx;
    struct one *one = arg;
    if (!one->found)
        one->read(one->row, values);
    one->found = true;
    return OK; /* go on to the end: a statement that is left early leaves its transaction open */
}

int db_get_row(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params,
               void (*read)(void *row, const struct db_value *values), void *row, size_t row_size,
               bool *found)
{
    struct one one = {read, row, false};
    memset(row, 0, row_size);
    if (found)
        *found = false;
    TRY(db_run(cx, stmt, params, one_row, &one, NULL));
    if (found)
        *found = one.found;
    else if (!one.found)
        return fail(cx, ERR_NOT_FOUND, "There is no such entry.");
    return OK;
}

struct many {
    void (*read)(void *row, const struct db_value *values);
    size_t row_size, n, room;
    char *rows;
};

static int many_row(struct ctx *cx, void *arg, const struct db_value *values)
{
    struct many *many = arg;
    if (many->n == many->room) {
        size_t room = many->room ? many->room * 2 : 16;
        char *rows = arena_array(cx->arena, room, many->row_size);
        if (many->n)
            memcpy(rows, many->rows, many->n * many->row_size);
        many->rows = rows;
        many->room = room;
    }
    many->read(many->rows + many->n * many->row_size, values);
    many->n++;
    return OK;
}

int db_get_rows(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params,
                void (*read)(void *row, const struct db_value *values), size_t row_size, void **rows,
                size_t *n)
{
    struct many many = {.read = read, .row_size = row_size};
    *rows = NULL;
    *n = 0;
    TRY(db_run(cx, stmt, params, many_row, &many, NULL));
    *rows = many.rows ? many.rows : arena_alloc(cx->arena, row_size);
    *n = many.n;
    return OK;
}

/* --- bulk --------------------------------------------------------------------------------------------------
 */

const char *db_bulk_sql(struct ctx *cx, bool copy, const char *table, const char *const *columns, size_t n)
{
    struct buf *b = buf_new(cx->arena, 0);
    buf_printf(b, "%s %s (", copy ? "COPY" : "INSERT INTO", table);
    for (size_t i = 0; i < n; i++)
        buf_printf(b, "%s%s", i ? ", " : "", columns[i]);
    buf_puts(b, copy ? ") FROM STDIN" : ") VALUES (");
    for (size_t i = 0; !copy && i < n; i++)
        buf_printf(b, "%s$%zu", i ? ", " : "", i + 1);
    if (!copy)
        buf_putc(b, ')');
    return b->data;
}

int db_bulk(struct ctx *cx, const char *table, const char *const *columns, size_t n_columns,
            const enum db_type *types, bool (*next)(void *arg, struct db_value *values), void *arg,
            int64_t *rows)
{
    if (!db_in_tx(cx))
        die("db_bulk into %s outside of db_tx", table);
    int64_t n = 0;
    TRY(cx->db->store->driver->bulk(cx, table, columns, n_columns, types, next, arg, &n));
    if (rows)
        *rows = n;
    return OK;
}

int db_mark(struct ctx *cx, const char **mark)
{
    *mark = NULL;
    return cx->db->store->driver->mark(cx, mark);
}

static int optimize(struct ctx *cx, void *arg)
{
    (void)arg;
    cx->db->store->driver->optimize(cx);
    return OK;
}

int db_optimize(struct ctx *cx)
{
    return db_tx(cx, optimize, NULL);
}

/* --- identifiers
 * --------------------------------------------------------------------------------------------- */

enum { NODE_BITS = 10, COUNTER_BITS = 12, NODES = 1 << NODE_BITS, COUNTERS = 1 << COUNTER_BITS };
static const int64_t EPOCH_MS = INT64_C(1577836800000); /* 2020-01-01T00:00:00Z */

static struct {
    pthread_mutex_t mutex;
    int64_t ms;
    int node; /* -1: not chosen yet */
    int counter;
} ids = {PTHREAD_MUTEX_INITIALIZER, 0, -1, 0};

void db_set_node(unsigned node)
{
    pthread_mutex_lock(&ids.mutex);
    ids.node = (int)(node % NODES);
    pthread_mutex_unlock(&ids.mutex);
}

static unsigned random_below(unsigned n)
{
    unsigned r;
    if (getrandom(&r, sizeof r, 0) != sizeof r)
        die("no random numbers from the system");
    return r % n;
}

int64_t db_new_id(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 - EPOCH_MS;
    pthread_mutex_lock(&ids.mutex);
    if (ids.node < 0)
        ids.node = (int)random_below(NODES);
    if (ms > ids.ms) {
        /* A random start keeps two processes apart that drew the same node number. */
        ids.ms = ms;
        ids.counter = (int)random_below(COUNTERS / 4);
    } else if (++ids.counter == COUNTERS) { /* full, or the clock went back: run ahead of it */
        ids.ms++;
        ids.counter = 0;
    }
    int64_t id = (ids.ms << (NODE_BITS + COUNTER_BITS)) | ((int64_t)ids.node << COUNTER_BITS) | ids.counter;
    pthread_mutex_unlock(&ids.mutex);
    return id & INT64_MAX;
}
