/* audit.h - the append-only, tamper-evident record of who did and saw what.
 *
 * One chain a region: hash(n) = BLAKE2b-256 over hash(n-1) and the entry's fields, each with its length in front.
 * No personal data and no mediation content in `detail`: identifiers, counts and file hashes only. */
#ifndef DB_AUDIT_H
#define DB_AUDIT_H

#include "base/ctx.h"

/* Appends an entry; inside db_tx of the change it belongs to.
 * action: "case.open", "export.xlsx" ...; object: "case/0G3..." or "". */
int audit_append(struct ctx *cx, const char *action, const char *object, const char *detail);

/* The same in a transaction of its own: for reads and exports. */
int audit_record(struct ctx *cx, const char *action, const char *object, const char *detail);

/* Walks the chain of cx->region_id; *entries: how many; *broken_seq: 0, or the first entry that does not fit. */
int audit_verify(struct ctx *cx, int64_t *entries, int64_t *broken_seq);

#endif
