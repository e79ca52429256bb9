/* migrate.h - numbered, forward-only migrations, embedded in the binary from migrations/.
 * Each runs in a transaction with its checksum recorded in schema_version; one text serves both
 * engines ("-- only: postgres" / "-- only: sqlite" before a statement marks the exceptions). */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "base/ctx.h"
#include "db/db.h"

/* Brings the database to this program's version. Refuses a database of a newer version and one whose
 * applied migrations have other checksums. *applied (may be NULL): how many were run. */
int migrate_up(struct ctx *cx, int *applied);

/* ERR_INVALID with a sentence for the user unless the database has exactly this program's version. */
int migrate_check(struct ctx *cx);

/* The newest version this program knows. */
int migrate_latest(void);

#endif
