/* vault.c - see vault.h. */
#include "mediation/vault.h"
#include "mediation/vault_sql.h"

#include "access/keys.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"

#include <string.h>

enum { SEALED_KEY_BYTES = CRYPTO_KEY_BYTES + CRYPTO_SEAL_EXTRA };
static const struct {
    const char *name;
    int texts;
} ROWS[] = {[VAULT_CASE] = {"case", 2}, [VAULT_PARTY] = {"party", 3}, [VAULT_EVENT] = {"event", 2},
            [VAULT_SESSION] = {"session", 1}, [VAULT_OBLIGATION] = {"obligation", 1}, [VAULT_PAPER] = {"paper", 2}};

/* --- rows --- */

/* Where a row belongs: bound into its lock. */
static const char *place_of(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id)
{
    return arena_printf(cx->arena, "%lld/%lld/%s/%lld", (long long)cx->region_id, (long long)v->dispute_id, ROWS[row].name,
                        (long long)id);
}

/* The texts, each with its end: locked together, so that one cannot be put in place of another. */
struct bytes vault_seal(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id, const char *const *texts)
{
    struct buf *plain = buf_new(cx->arena, 0);
    for (int i = 0; i < ROWS[row].texts; i++)
        buf_put(plain, str_or_empty(texts[i]), strlen(str_or_empty(texts[i])) + 1);
    unsigned char *out = arena_alloc(cx->arena, plain->len + CRYPTO_LOCK_EXTRA);
    crypto_lock(out, v->key, plain->data, plain->len, place_of(cx, v, row, id));
    crypto_wipe(plain->data, plain->len);
    return (struct bytes){out, plain->len + CRYPTO_LOCK_EXTRA};
}

int vault_row(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id, struct bytes sealed,
              const char **const *texts)
{
    if (!sealed.data)
        return OK;
    char *plain = arena_alloc(cx->arena, sealed.len + 1), *p = plain;
    if (!crypto_unlock((unsigned char *)plain, v->key, sealed.data, sealed.len, place_of(cx, v, row, id)))
        return fail(cx, ERR_INVALID, "Sealed content of this case is damaged or stands in the wrong place.");
    char *end = plain + sealed.len - CRYPTO_LOCK_EXTRA;
    *end = '\0';
    for (int i = 0; i < ROWS[row].texts; i++) {
        *texts[i] = p < end ? p : "";
        p += strlen(*texts[i]) + 1;
    }
    return OK;
}

/* Bytes of a row are bound to a place of their own, so that they and its texts do not stand in for each other. */
static const char *place_of_bytes(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id)
{
    return arena_printf(cx->arena, "%s/bytes", place_of(cx, v, row, id));
}

struct bytes vault_seal_bytes(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id, const void *data, size_t n)
{
    unsigned char *out = arena_alloc(cx->arena, n + CRYPTO_LOCK_EXTRA);
    crypto_lock(out, v->key, data, n, place_of_bytes(cx, v, row, id));
    return (struct bytes){out, n + CRYPTO_LOCK_EXTRA};
}

bool vault_open_bytes(struct ctx *cx, const struct vault *v, enum vault_row row, int64_t id, struct bytes sealed, struct bytes *out)
{
    unsigned char *plain = arena_alloc(cx->arena, sealed.len + 1);
    *out = (struct bytes){plain, sealed.len < CRYPTO_LOCK_EXTRA ? 0 : sealed.len - CRYPTO_LOCK_EXTRA};
    return crypto_unlock(plain, v->key, sealed.data, sealed.len, place_of_bytes(cx, v, row, id));
}

/* --- keys --- */

void vault_new(int64_t dispute_id, struct vault *v)
{
    v->dispute_id = dispute_id;
    crypto_random(v->key, sizeof v->key);
}

static int put_key(struct ctx *cx, const struct vault *v, int64_t account_id, int64_t key_id, const unsigned char *public_key)
{
    unsigned char sealed[SEALED_KEY_BYTES];
    crypto_seal(sealed, public_key, v->key, sizeof v->key);
    return case_key_put(cx,
                        &(struct case_key_put_in){cx->region_id, v->dispute_id, account_id, key_id, {sealed, sizeof sealed},
                                                  time_now_us()},
                        NULL);
}

/* The recovery in force, where the case is not sealed for it yet. */
static int recovery_lacking(struct ctx *cx, const struct vault *v, struct recovery_now_row *r, bool *lacks)
{
    struct case_key_of_row have;
    bool sealed;
    TRY(recovery_now(cx, cx->region_id, r, lacks));
    if (!*lacks)
        return OK;
    TRY(case_key_of(cx, cx->region_id, v->dispute_id, 0, &have, &sealed));
    *lacks = r->public_key.len == CRYPTO_KEY_BYTES && !(sealed && have.key_id == r->id);
    return OK;
}

static int give_recovery(struct ctx *cx, const struct vault *v)
{
    struct recovery_now_row r;
    bool lacks;
    TRY(recovery_lacking(cx, v, &r, &lacks));
    return lacks ? put_key(cx, v, 0, r.id, r.public_key.data) : OK;
}

static int give_recovery_tx(struct ctx *cx, void *arg)
{
    return give_recovery(cx, arg);
}

int vault_keep_recoverable(struct ctx *cx, const struct vault *v)
{
    struct recovery_now_row r;
    bool lacks;
    TRY(recovery_lacking(cx, v, &r, &lacks));
    return lacks ? db_tx(cx, give_recovery_tx, (void *)(uintptr_t)v) : OK;
}

int vault_give(struct ctx *cx, const struct vault *v, int64_t account_id, bool *given)
{
    unsigned char public_key[CRYPTO_KEY_BYTES];
    int64_t key_id;
    TRY(access_public_key(cx, account_id, &key_id, public_key, given));
    if (*given)
        TRY(put_key(cx, v, account_id, key_id, public_key));
    return give_recovery(cx, v);
}

int vault_give_clerks(struct ctx *cx, const struct vault *v, int64_t unit_id, size_t *n)
{
    struct case_clerks_list clerks;
    TRY(case_clerks(cx, cx->region_id, unit_id, date_text(cx->arena, date_today(NULL)), &clerks));
    for (size_t i = 0; i < clerks.n; i++)
        if (clerks.rows[i].public_key.len == CRYPTO_KEY_BYTES)
            TRY(put_key(cx, v, clerks.rows[i].account_id, clerks.rows[i].key_id, clerks.rows[i].public_key.data));
    *n = clerks.n;
    return give_recovery(cx, v);
}

int vault_keep(struct ctx *cx, int64_t dispute_id, int64_t clerk, int64_t mediator_account)
{
    return case_key_keep(cx, &(struct case_key_keep_in){cx->region_id, dispute_id, clerk, mediator_account}, NULL);
}

int vault_holds(struct ctx *cx, int64_t dispute_id, int64_t account_id, bool *holds)
{
    struct case_key_of_row row;
    return case_key_of(cx, cx->region_id, dispute_id, account_id, &row, holds);
}

int vault_lacking(struct ctx *cx, const struct dispute_by_id_row *d, struct vault_lacking *out)
{
    const struct opt_int who[] = {d->clerk_id, d->mediator_account};
    unsigned char public_key[CRYPTO_KEY_BYTES];
    struct case_key_of_row row;
    *out = (struct vault_lacking){0};
    for (size_t i = 0; i < 2; i++) {
        int64_t key_id;
        bool has, holds;
        if (!who[i].has)
            continue;
        TRY(access_public_key(cx, who[i].value, &key_id, public_key, &has));
        TRY(case_key_of(cx, cx->region_id, d->id, who[i].value, &row, &holds));
        if (has && !(holds && row.key_id == key_id))
            out->accounts[out->n++] = who[i].value;
    }
    return OK;
}

/* --- records from before the seals --- */

static int seal_rows_tx(struct ctx *cx, void *arg)
{
    const struct vault *v = arg;
    struct party_list_list parties;
    struct meeting_sessions_list sessions;
    struct obligation_list_list promises;
    struct dispute_event_list_list events;
    struct dispute_content_row c;
    int64_t region = cx->region_id, id = v->dispute_id;
    TRY(dispute_content(cx, region, id, &c));
    TRY(case_seal(cx, region, id, vault_seal(cx, v, VAULT_CASE, id, (const char *[]){c.summary, c.resonance_reason}), NULL));
    TRY(party_list(cx, region, id, &parties));
    for (size_t i = 0; i < parties.n; i++) {
        const struct party_list_row *p = &parties.rows[i];
        struct bytes s = vault_seal(cx, v, VAULT_PARTY, p->ordinal, (const char *[]){p->name, p->contact, p->representative});
        TRY(party_seal(cx, &(struct party_seal_in){region, id, p->ordinal, s}, NULL));
    }
    TRY(dispute_event_list(cx, region, id, &events));
    for (size_t i = 0; i < events.n; i++)
        if (*events.rows[i].note) {
            struct bytes s = vault_seal(cx, v, VAULT_EVENT, events.rows[i].id, (const char *[]){events.rows[i].note, ""});
            TRY(event_seal(cx, &(struct event_seal_in){region, id, events.rows[i].id, s}, NULL));
        }
    TRY(meeting_sessions(cx, region, id, &sessions));
    for (size_t i = 0; i < sessions.n; i++) {
        struct bytes s = vault_seal(cx, v, VAULT_SESSION, sessions.rows[i].id, &sessions.rows[i].minutes);
        TRY(session_seal(cx, &(struct session_seal_in){region, id, sessions.rows[i].id, s}, NULL));
    }
    TRY(obligation_list(cx, region, id, &promises));
    for (size_t i = 0; i < promises.n; i++) {
        struct bytes s = vault_seal(cx, v, VAULT_OBLIGATION, promises.rows[i].id, &promises.rows[i].text);
        TRY(obligation_seal(cx, &(struct obligation_seal_in){region, id, promises.rows[i].id, s}, NULL));
    }
    return OK;
}

struct first_seal {
    const struct dispute_by_id_row *d;
    int64_t asker;
    struct vault v;
};

static int first_seal_tx(struct ctx *cx, void *arg)
{
    struct first_seal *f = arg;
    bool given;
    size_t n;
    vault_new(f->d->id, &f->v);
    TRY(vault_give(cx, &f->v, f->asker, &given));
    if (f->d->clerk_id.has)
        TRY(vault_give(cx, &f->v, f->d->clerk_id.value, &given));
    else
        TRY(vault_give_clerks(cx, &f->v, f->d->unit_id, &n));
    if (f->d->mediator_account.has)
        TRY(vault_give(cx, &f->v, f->d->mediator_account.value, &given));
    TRY(seal_rows_tx(cx, &f->v));
    return audit_append(cx, "dispute.seal", case_object(cx, f->d->id), "");
}

/* --- opening --- */

bool vault_unseal(const struct content_key *key, struct bytes sealed, int64_t dispute_id, struct vault *v)
{
    v->dispute_id = dispute_id;
    return key && sealed.len == SEALED_KEY_BYTES && crypto_seal_open(v->key, &key->pair, sealed.data, sealed.len);
}

int vault_open(struct ctx *cx, const struct case_asker *a, const struct dispute_by_id_row *d, struct vault *v)
{
    struct case_key_of_row row;
    struct case_key_list_list holders;
    bool found;
    if (!a->key)
        return fail(cx, ERR_DENIED, "What is written in this case is sealed. Sign in with a password of your own to open it.");
    TRY(case_key_of(cx, cx->region_id, d->id, a->account_id, &row, &found));
    if (found && vault_unseal(a->key, row.sealed, d->id, v))
        return OK;
    if (*d->destroyed_on)
        return fail(cx, ERR_DENIED, "What was written in this case was destroyed on %s, when its term of keeping was over.",
                    fmt_date(cx, d->destroyed_on));
    TRY(case_key_list(cx, cx->region_id, d->id, &holders));
    if (holders.n == 0) {
        struct first_seal f = {.d = d, .asker = a->account_id};
        TRY(db_tx(cx, first_seal_tx, &f));
        *v = f.v;
        return OK;
    }
    return fail(cx, ERR_DENIED, "What is written in this case is not sealed for you. Its clerk or its mediator can open it for "
                                "you, or the two holders of the recovery keys together.");
}

int vault_case(struct ctx *cx, const struct vault *v, const char **summary, const char **resonance_reason)
{
    struct dispute_content_row c;
    TRY(dispute_content(cx, cx->region_id, v->dispute_id, &c));
    *summary = c.summary;
    *resonance_reason = c.resonance_reason;
    return vault_row(cx, v, VAULT_CASE, v->dispute_id, c.sealed, (const char **const[]){summary, resonance_reason, NULL});
}

int vault_parties(struct ctx *cx, const struct vault *v, struct party_list_list *out)
{
    TRY(party_list(cx, cx->region_id, v->dispute_id, out));
    for (size_t i = 0; i < out->n; i++) {
        struct party_list_row *p = &out->rows[i];
        TRY(vault_row(cx, v, VAULT_PARTY, p->ordinal, p->sealed,
                     (const char **const[]){&p->name, &p->contact, &p->representative}));
    }
    return OK;
}

int vault_sessions(struct ctx *cx, const struct vault *v, struct meeting_sessions_list *out)
{
    TRY(meeting_sessions(cx, cx->region_id, v->dispute_id, out));
    for (size_t i = 0; i < out->n; i++)
        TRY(vault_row(cx, v, VAULT_SESSION, out->rows[i].id, out->rows[i].sealed,
                     (const char **const[]){&out->rows[i].minutes, NULL, NULL}));
    return OK;
}

int vault_obligations(struct ctx *cx, const struct vault *v, struct obligation_list_list *out)
{
    TRY(obligation_list(cx, cx->region_id, v->dispute_id, out));
    for (size_t i = 0; i < out->n; i++)
        TRY(vault_row(cx, v, VAULT_OBLIGATION, out->rows[i].id, out->rows[i].sealed,
                     (const char **const[]){&out->rows[i].text, NULL, NULL}));
    return OK;
}

int vault_events(struct ctx *cx, const struct vault *v, struct dispute_event_list_list *out)
{
    TRY(dispute_event_list(cx, cx->region_id, v->dispute_id, out));
    for (size_t i = 0; i < out->n; i++) {
        const char *about; /* for propose.c alone */
        TRY(vault_row(cx, v, VAULT_EVENT, out->rows[i].id, out->rows[i].sealed,
                     (const char **const[]){&out->rows[i].note, &about}));
    }
    return OK;
}

int vault_event(struct ctx *cx, const struct vault *v, int64_t at_us, int64_t account_id, const char *action,
                const char *state, const char *note)
{
    return vault_event_about(cx, v, at_us, account_id, action, state, note, "");
}

int vault_event_about(struct ctx *cx, const struct vault *v, int64_t at_us, int64_t account_id, const char *action,
                      const char *state, const char *note, const char *about)
{
    bool empty = str_empty(note) && str_empty(about);
    int64_t id = db_new_id();
    return dispute_event_insert(cx,
                                &(struct dispute_event_insert_in){
                                    .region_id = cx->region_id,
                                    .dispute_id = v->dispute_id,
                                    .id = id,
                                    .at_us = at_us,
                                    .account_id = account_id,
                                    .action = action,
                                    .state = state,
                                    .sealed = empty ? (struct bytes){0}
                                                    : vault_seal(cx, v, VAULT_EVENT, id, (const char *[]){note, about})},
                                NULL);
}
