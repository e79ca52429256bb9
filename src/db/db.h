/* db.h - one small interface over SQLite and PostgreSQL; the same SQL text runs on both.
 *
 * Features never call db_exec() with SQL of their own: they call the typed functions that
 * tools/sqlc.c makes from their .sql file (see "How to add a query" in ARCHITECTURE.md).
 * Reads outside db_tx() see the last committed state. Writes happen inside db_tx() only. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"
#include "base/fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum db_engine { DB_SQLITE, DB_POSTGRES };

/* The store: what all connections of a process share (SQLite: the one writer thread and its
 * queue). Thread-safe. conninfo: a file name (SQLite) or "postgresql://..." */
struct db_store;
int db_store_open(struct ctx *cx, const char *conninfo, struct db_store **out);
void db_store_close(struct db_store *st);
enum db_engine db_store_engine(const struct db_store *st);

/* One connection, for one thread (a server worker, a command). Set cx->db to it. */
int db_connect(struct ctx *cx, struct db_store *st, struct db **out);
void db_disconnect(struct db *db);
enum db_engine db_engine(const struct db *db);

/* Runs fn in a transaction and commits durably before it returns 0; any other return rolls back.
 * fn may run again after a serialisation failure: it must not keep state outside the database
 * and arg. Nested calls are savepoints. On SQLite fn runs on the writer thread, with cx->db
 * pointing to the writer's connection for that time; many callers' transactions share one commit.
 * A statement that failed ends its transaction (PostgreSQL accepts no more): fn returns the error. To go
 * on after a conflict, run that statement in a nested db_tx, or write ON CONFLICT. */
int db_tx(struct ctx *cx, int (*fn)(struct ctx *cx, void *arg), void *arg);

struct bytes { const unsigned char *data; size_t len; }; /* BYTEA; data NULL is SQL NULL */

/* What a generated function hands to the connection. */
enum db_type { DB_TEXT, DB_BIGINT, DB_DOUBLE, DB_BYTEA };
struct db_value {
    enum db_type type;
    bool null;
    union { const char *text; int64_t i; double d; struct bytes bytes; };
};
struct db_stmt {            /* one named query; a static const of the generated file */
    const char *name;       /* "case_by_id" */
    const char *sql;        /* the text, $1 placeholders; NULL if it exists for the other engine only */
    const char *sql_sqlite; /* set instead of sql where the dialects differ */
    const char *sql_postgres;
    unsigned short params, columns;
    const enum db_type *param_types, *column_types;
    const bool *column_nullable; /* a NULL where false is an error of the query, reported as ERR_DB */
};
/* Runs a statement; row (may be NULL) is called with `columns` values for each row, whose text and
 * bytes live in cx->arena. A non-zero return of row stops and is returned. *changed (may be NULL):
 * rows inserted, updated or deleted. Unique and foreign key violations give ERR_CONFLICT. */
int db_run(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params,
           int (*row)(struct ctx *cx, void *arg, const struct db_value *values), void *arg,
           int64_t *changed);

/* The same for many rows: text and bytes of a row are borrowed until the callback returns, so that
 * memory does not grow with the result. */
int db_each(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params,
            int (*row)(struct ctx *cx, void *arg, const struct db_value *values), void *arg);

/* What generated functions are made of: read puts values into a zeroed row of row_size bytes.
 * db_get_row: the first row; without one ERR_NOT_FOUND, or, if found is given, *found = false.
 * db_get_rows: all rows as an array in cx->arena (*n = 0: *rows is not NULL all the same). */
int db_get_row(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params,
               void (*read)(void *row, const struct db_value *values), void *row, size_t row_size, bool *found);
int db_get_rows(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *params,
                void (*read)(void *row, const struct db_value *values), size_t row_size, void **rows, size_t *n);

/* All statements of the program (generated): a NULL-ended list of NULL-ended lists. */
extern const struct db_stmt *const *const db_statements[];

/* Many rows into one table, fast (SQLite: one prepared insert; PostgreSQL: COPY). Inside db_tx only.
 * next fills `columns` values and returns false at the end. */
int db_bulk(struct ctx *cx, const char *table, const char *const *columns, size_t n_columns,
            const enum db_type *types, bool (*next)(void *arg, struct db_value *values), void *arg,
            int64_t *rows);

/* A new identifier: 63 bits, ordered by time (41 bits of milliseconds since 2020, 10 of node, 12 of
 * counter), unique in this process and between nodes. Text form: base/id.h. */
int64_t db_new_id(void);

/* This process's number among those that write to the same database, 0..1023; without it a random one. */
void db_set_node(unsigned node);

/* Gives the planner fresh statistics: after a migration and after loading much. Outside db_tx. */
int db_optimize(struct ctx *cx);

/* A mark of what is committed now: while it stays the same, every read outside of db_tx gives the same; after a
 * commit by whichever process it is another one, for ever. In cx->arena; NULL: cannot be told (a PostgreSQL that
 * only follows another). Marks of different stores or processes must not be compared. */
int db_mark(struct ctx *cx, const char **mark);

/* Is cx inside db_tx()? */
bool db_in_tx(const struct ctx *cx);

#endif
