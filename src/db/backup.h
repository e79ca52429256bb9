/* backup.h - copies of the whole database, made while the program works.
 *
 * SQLite: a database file, checked page by page. PostgreSQL: the archive that pg_dump writes (the
 * program postgresql-client must be installed). The files of db/blob.h are not in it: they never
 * change and are copied by any tool. */
#ifndef DB_BACKUP_H
#define DB_BACKUP_H

#include "db/db.h"

/* Writes path atomically: after an error the old file is unharmed and no half one is left. */
int db_backup(struct ctx *cx, struct db_store *st, const char *path);

/* Puts the backup in the place of the database. No server may use it meanwhile: ERR_BUSY if one does
 * (SQLite). SQLite keeps the former file as "<file>.before-restore". */
int db_restore(struct ctx *cx, const char *conninfo, const char *path);

#endif
