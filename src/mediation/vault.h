/* vault.h - the sealed content of a case: its key, who holds it, and the texts it opens.
 *
 * Each case has a random key. It stands in the database only sealed for its readers' own keys (access/keys.h): the clerks
 * of the place and whoever filed the case until triage, then its clerk and its mediator; and for recovery, where that is
 * set up. Everything said, written or promised in a case is locked by that key, row by row, and bound to its place: a row
 * copied to another case does not open. What statistics need (place, day, kind, state, terms) is not content. */
#ifndef MEDIATION_VAULT_H
#define MEDIATION_VAULT_H

#include "base/crypto.h"
#include "mediation/case.h"

struct vault {
    int64_t dispute_id;
    unsigned char key[CRYPTO_KEY_BYTES];
};

/* The kinds of rows that are sealed, with how many texts each holds. */
enum vault_row {
    VAULT_CASE,       /* summary, reason of the resonance */
    VAULT_PARTY,      /* name, contact, representative; the row's number is the side's ordinal */
    VAULT_EVENT,      /* note; what a declared tie was about (propose.h), absent in events from before */
    VAULT_SESSION,    /* minutes */
    VAULT_OBLIGATION, /* what was promised */
    VAULT_PAPER,      /* its text in Kazakh and in Russian; and its scan, by vault_seal_bytes() */
};

/* A fresh key for a new case; nobody holds it yet. */
void vault_new(int64_t dispute_id, struct vault *v);

/* Seals the key for an account, and for recovery where that is set up and was not yet done. *given false: the account
 * has no key yet. Inside db_tx. */
int vault_give(struct ctx *cx, const struct vault *v, int64_t account_id, bool *given);

/* Seals the key of a new case for all who triage in its unit today. *n: how many. Inside db_tx. */
int vault_give_clerks(struct ctx *cx, const struct vault *v, int64_t unit_id, size_t *n);

/* Takes the key from everybody but the clerk and the mediator's account (0: none). Inside db_tx. */
int vault_keep(struct ctx *cx, int64_t dispute_id, int64_t clerk, int64_t mediator_account);

/* Its clerk and its mediator, where they have a key of their own but do not hold the case's. */
struct vault_lacking {
    int64_t accounts[2];
    size_t n;
};
int vault_lacking(struct ctx *cx, const struct dispute_by_id_row *d, struct vault_lacking *out);

/* Does the account hold a key of the case? */
int vault_holds(struct ctx *cx, int64_t dispute_id, int64_t account_id, bool *holds);

/* Seals an opened case for recovery, where holders are named and it is not yet sealed for them. */
int vault_keep_recoverable(struct ctx *cx, const struct vault *v);

/* Opens the case for the asker. ERR_DENIED: the asker holds no key of it, with what can be done. A case from before the
 * seals is sealed now. Outside or inside db_tx. */
int vault_open(struct ctx *cx, const struct case_asker *a, const struct dispute_by_id_row *d, struct vault *v);

/* The key of a case out of what was sealed for the asker's key. False: sealed for another one. */
bool vault_unseal(const struct content_key *key, struct bytes sealed, int64_t dispute_id, struct vault *v);

/* Opens a row into its texts, in the arena; one that was never sealed leaves them as they are. */
int vault_row(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id, struct bytes sealed,
              const char **const *texts);

/* Seals the texts of a row, in the arena. */
struct bytes vault_seal(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id, const char *const *texts);

/* The same for bytes of any kind that belong to a row (a scan). False from the second: damaged, or another row's. */
struct bytes vault_seal_bytes(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id, const void *data, size_t n);
bool vault_open_bytes(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id, struct bytes sealed, struct bytes *out);

/* --- content, opened; everything in the arena --- */
int vault_case(struct ctx *cx, const struct vault *v, const char **summary, const char **resonance_reason);
int vault_parties(struct ctx *cx, const struct vault *v, struct party_list_list *out);
int vault_sessions(struct ctx *cx, const struct vault *v, struct meeting_sessions_list *out);
int vault_obligations(struct ctx *cx, const struct vault *v, struct obligation_list_list *out);
int vault_events(struct ctx *cx, const struct vault *v, struct dispute_event_list_list *out);

/* Writes an event with its note sealed. Inside db_tx. */
int vault_event(struct ctx *cx, const struct vault *v, int64_t at_us, int64_t account_id, const char *action,
                const char *state, const char *note);
/* The same with what it was about, for the program to read back: vault_row() gives it as the second text. */
int vault_event_about(struct ctx *cx, const struct vault *v, int64_t at_us, int64_t account_id, const char *action,
                      const char *state, const char *note, const char *about);

#endif
