/* db_postgres.c - PostgreSQL behind db.h; the only file that includes libpq-fe.h. */
#include "db/db_driver.h"

static int postgres_store_open(struct ctx *cx, struct db_store *st)
{
    return fail(cx, ERR_IO, "The database server %s cannot be reached.", st->conninfo);
}

const struct db_driver db_driver_postgres = {.engine = DB_POSTGRES, .store_open = postgres_store_open};
