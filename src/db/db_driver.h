/* db_driver.h - what db.c asks of an engine; included by db.c, db_sqlite.c, db_postgres.c and the
 * other files of this folder only. */
#ifndef DB_DB_DRIVER_H
#define DB_DB_DRIVER_H

#include "db/db.h"

typedef int db_row_fn(struct ctx *cx, void *arg, const struct db_value *values);
typedef int db_tx_fn(struct ctx *cx, void *arg);

struct db_driver {
    enum db_engine engine;
    int (*store_open)(struct ctx *cx, struct db_store *st);
    void (*store_close)(struct db_store *st);
    int (*connect)(struct ctx *cx, struct db_store *st, struct db **out);
    void (*disconnect)(struct db *db);
    /* Runs sql; copy: the values given to row live in cx->arena, otherwise until row returns. */
    int (*run)(struct ctx *cx, const struct db_stmt *stmt, const char *sql, const struct db_value *params,
               db_row_fn *row, void *arg, bool copy, int64_t *changed);
    int (*tx)(struct ctx *cx, db_tx_fn *fn, void *arg); /* the outermost transaction, with retries */
    int (*exec)(struct ctx *cx, const char *sql);       /* one text without parameters */
    int (*bulk)(struct ctx *cx, const char *table, const char *const *columns, size_t n_columns,
                const enum db_type *types, bool (*next)(void *arg, struct db_value *values), void *arg,
                int64_t *rows);
    int (*prepare)(struct ctx *cx, const struct db_stmt *stmt, const char *sql); /* without running it */
    int (*backup)(struct ctx *cx, struct db_store *st, const char *path);
    int (*restore)(struct ctx *cx, const char *conninfo, const char *path);
    int (*mark)(struct ctx *cx, const char **mark); /* see db_mark() */
    void (*optimize)(struct ctx *cx); /* fresh statistics for the planner */
};

extern const struct db_driver db_driver_sqlite, db_driver_postgres;

/* The engines' own structs start with these. */
struct db_store {
    const struct db_driver *driver;
    char *conninfo;
    void *engine; /* the driver's */
};

struct db {
    struct db_store *store;
    int depth;    /* of db_tx: 0 outside */
    bool spoiled; /* a statement failed at this depth: PostgreSQL would accept no other, so it must end */
};

const struct db_driver *db_driver_for(const char *conninfo);

/* Makes the file `from` durable and gives it the name path (backup.c). */
int db_publish(struct ctx *cx, const char *from, const char *path);

/* Does the engine accept the statement? For tests. */
int db_prepare(struct ctx *cx, const struct db_stmt *stmt);

/* Runs one SQL text that no generated function can hold: schema, savepoints, settings. */
int db_exec(struct ctx *cx, const char *sql);

/* Calls fn one level deeper. An error if a statement of that level failed, whatever fn made of it. */
int db_call(struct ctx *cx, struct db *db, db_tx_fn *fn, void *arg);

/* Copies the text and bytes of n values into cx->arena. */
void db_values_copy(struct ctx *cx, struct db_value *values, unsigned n);

/* ERR_DB if a value is NULL that may not be. */
int db_values_check(struct ctx *cx, const struct db_stmt *stmt, const struct db_value *values);

/* "INSERT INTO table (a, b) VALUES ($1, $2)" or "COPY table (a, b) FROM STDIN", in cx->arena. */
const char *db_bulk_sql(struct ctx *cx, bool copy, const char *table, const char *const *columns, size_t n);

#endif
