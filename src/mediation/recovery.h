/* recovery.h - opening sealed cases again when a reader has lost the way in: two named people together.
 *
 * The secret key of recovery is split in two shares (one random, the other its difference by exclusive or), each sealed for
 * one holder; it exists whole only for the moment in which the second holder agrees. The first one's agreement is that
 * holder's share, sealed for the second: so neither can act alone, nor anybody with the database. */
#ifndef MEDIATION_RECOVERY_H
#define MEDIATION_RECOVERY_H

#include "mediation/vault.h"

/* Names the two holders; both must have a key. A recovery in force is replaced: by one of its holders, or, where a holder
 * has lost the key or the account, by whoever administers. ERR_DENIED, ERR_INVALID. */
int recovery_set(struct ctx *cx, const struct case_asker *a, bool administers, int64_t holder_a, int64_t holder_b);

/* Asks that the cases the asker keeps or mediates be opened for their present key. */
int recovery_ask(struct ctx *cx, const struct case_asker *a, const char *reason);

/* A holder agrees. *done: it was the second one, and *cases cases are open for the account that asked. */
int recovery_agree(struct ctx *cx, const struct case_asker *a, int64_t request, bool *done, int64_t *cases);
int recovery_refuse(struct ctx *cx, const struct case_asker *a, int64_t request);

#endif
