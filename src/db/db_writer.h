/* db_writer.h - the one writing thread of an SQLite store: a queue of transactions and group commit. */
#ifndef DB_DB_WRITER_H
#define DB_DB_WRITER_H

#include "db/db_driver.h"

struct db_writer;

/* Starts the thread; db is the writing connection, from now on used by the thread only.
 * in_tx: has db an open transaction (an error may have ended it)? */
struct db_writer *db_writer_start(struct db *db, bool (*in_tx)(struct db *db));

/* Finishes what is queued and ends the thread. */
void db_writer_stop(struct db_writer *w);

/* Hands fn over and waits until its changes are durable, or taken back. */
int db_writer_tx(struct db_writer *w, struct ctx *cx, db_tx_fn *fn, void *arg);

#endif
