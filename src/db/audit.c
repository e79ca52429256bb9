/* audit.c - see audit.h.
 *
 * The row of audit_head is locked from the reading of the last hash to the commit, so two transactions
 * cannot both continue the same entry. SQLite has one writer anyway; on PostgreSQL writers of one region
 * queue up here, those of different regions do not. */
#include "db/audit.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/time.h"
#include "db/audit_sql.h"

#include <string.h>

static void add_text(struct buf *b, const char *s)
{
    size_t n = strlen(s);
    buf_u32(b, (uint32_t)n);
    buf_put(b, s, n);
}

static void add_int(struct buf *b, int64_t v)
{
    buf_u32(b, 8);
    buf_u64(b, (uint64_t)v);
}

/* hash(n) of hash(n-1) and the fields of entry n, each with its length in front. */
static void entry_hash(struct buf *b, struct bytes previous, int64_t region_id,
                       const struct audit_chain_row *e, unsigned char out[CRYPTO_HASH_BYTES])
{
    buf_reset(b);
    buf_u32(b, (uint32_t)previous.len);
    buf_put(b, previous.data, previous.len);
    add_int(b, region_id);
    add_int(b, e->seq);
    add_int(b, e->at_us);
    add_int(b, e->account_id);
    add_text(b, e->action);
    add_text(b, e->object);
    add_text(b, e->detail);
    crypto_blake2b(out, b->data, b->len);
}

static const unsigned char CHAIN_START[CRYPTO_HASH_BYTES]; /* zeros */

static int head_lock(struct ctx *cx, struct audit_head_lock_row *head)
{
    bool found;
    TRY(audit_head_lock(cx, cx->region_id, head, &found));
    if (found)
        return OK;
    TRY(audit_head_start(cx, cx->region_id, (struct bytes){CHAIN_START, sizeof CHAIN_START}, NULL));
    TRY(audit_head_lock(cx, cx->region_id, head, &found));
    return found ? OK : fail(cx, ERR_BUSY, "The record of actions is busy. Please try again.");
}

int audit_append(struct ctx *cx, const char *action, const char *object, const char *detail)
{
    struct audit_head_lock_row head;
    TRY(head_lock(cx, &head));
    struct audit_chain_row e = {.seq = head.seq + 1,
                                .at_us = time_now_us(),
                                .account_id = cx->account_id,
                                .action = action,
                                .object = object ? object : "",
                                .detail = detail ? detail : ""};
    unsigned char hash[CRYPTO_HASH_BYTES];
    struct buf b;
    buf_init(&b, 0);
    entry_hash(&b, head.hash, cx->region_id, &e, hash);
    buf_free(&b);
    struct bytes h = {hash, sizeof hash};
    TRY(audit_entry_add(cx,
                        &(struct audit_entry_add_in){.region_id = cx->region_id,
                                                     .seq = e.seq,
                                                     .at_us = e.at_us,
                                                     .account_id = e.account_id,
                                                     .action = e.action,
                                                     .object = e.object,
                                                     .detail = e.detail,
                                                     .hash = h},
                        NULL));
    return audit_head_move(cx, cx->region_id, e.seq, h, NULL);
}

struct record {
    const char *action, *object, *detail;
};

static int record_tx(struct ctx *cx, void *arg)
{
    const struct record *r = arg;
    return audit_append(cx, r->action, r->object, r->detail);
}

int audit_record(struct ctx *cx, const char *action, const char *object, const char *detail)
{
    return db_tx(cx, record_tx, &(struct record){action, object, detail});
}

struct walk {
    struct buf b;
    unsigned char hash[CRYPTO_HASH_BYTES]; /* of the last good entry */
    int64_t entries, broken;
};

static int walk_entry(struct ctx *cx, void *arg, const struct audit_chain_row *e)
{
    struct walk *w = arg;
    w->entries++;
    if (w->broken)
        return OK;
    unsigned char hash[CRYPTO_HASH_BYTES];
    entry_hash(&w->b, (struct bytes){w->hash, sizeof w->hash}, cx->region_id, e, hash);
    if (e->seq != w->entries || e->hash.len != sizeof hash || memcmp(hash, e->hash.data, sizeof hash) != 0)
        w->broken = w->entries; /* the number it should have: a removed entry is named itself */
    memcpy(w->hash, hash, sizeof hash);
    return OK;
}

/* In a transaction, so that the head and the entries are of the same moment. */
static int verify_tx(struct ctx *cx, void *arg)
{
    struct walk *w = arg;
    struct audit_head_lock_row head;
    bool found;
    memset(w->hash, 0, sizeof w->hash);
    w->entries = w->broken = 0;
    TRY(audit_head_lock(cx, cx->region_id, &head, &found));
    TRY(audit_chain(cx, cx->region_id, walk_entry, w));
    bool end_fits = found ? head.seq == w->entries && head.hash.len == sizeof w->hash &&
                                memcmp(head.hash.data, w->hash, sizeof w->hash) == 0
                          : w->entries == 0;
    if (!w->broken && !end_fits) /* the newest entries are gone, or were added past this program */
        w->broken = found && head.seq < w->entries ? head.seq + 1 : w->entries + 1;
    return OK;
}

int audit_verify(struct ctx *cx, int64_t *entries, int64_t *broken_seq)
{
    struct walk w = {.entries = 0};
    buf_init(&w.b, 0);
    int rc = db_tx(cx, verify_tx, &w);
    buf_free(&w.b);
    *entries = w.entries;
    *broken_seq = w.broken;
    return rc;
}
