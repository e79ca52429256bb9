/* memo.c - see memo.h. A table of chains and one list by last use, under one lock. */
#include "http/memo.h"

#include "base/crypto.h"
#include "base/time.h"
#include "http/internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CHAINS = 1024 };

struct entry {
    struct entry *chain;          /* the next one of the same chain */
    struct entry *newer, *older;  /* by last use */
    uint64_t hash;
    const struct view *view;
    size_t n_key, n, size; /* size: all bytes of the entry */
    char *key, *mark, *title, *data; /* behind the struct, in one piece; title may be NULL */
};

struct memo {
    pthread_mutex_t lock; /* guards all below */
    struct entry *chains[CHAINS];
    struct entry *newest, *oldest;
    size_t bytes, max;
};

struct memo *memo_new(size_t max_bytes)
{
    struct memo *m = calloc(1, sizeof *m);
    if (!m)
        die("out of memory");
    m->max = max_bytes;
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

static void unlink_use(struct memo *m, struct entry *e)
{
    *(e->newer ? &e->newer->older : &m->newest) = e->older;
    *(e->older ? &e->older->newer : &m->oldest) = e->newer;
}

static void link_newest(struct memo *m, struct entry *e)
{
    e->newer = NULL;
    e->older = m->newest;
    *(e->older ? &e->older->newer : &m->oldest) = e;
    m->newest = e;
}

static void drop(struct memo *m, struct entry *e)
{
    struct entry **at = &m->chains[e->hash % CHAINS];
    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    unlink_use(m, e);
    m->bytes -= e->size;
    free(e);
}

void memo_free(struct memo *m)
{
    while (m && m->oldest)
        drop(m, m->oldest);
    if (m)
        pthread_mutex_destroy(&m->lock);
    free(m);
}

/* The key is compared whole: two that share a hash must not share a page. */
static struct entry *find(struct memo *m, uint64_t hash, const struct buf *key)
{
    struct entry *e = m->chains[hash % CHAINS];
    while (e && (e->hash != hash || e->n_key != key->len || memcmp(e->key, key->data, key->len) != 0))
        e = e->chain;
    return e;
}

bool memo_get(struct memo *m, struct arena *a, const struct buf *key, const char *mark, struct memo_body *out)
{
    uint64_t hash = crypto_table_hash(key->data, key->len);
    pthread_mutex_lock(&m->lock);
    struct entry *e = find(m, hash, key);
    bool hit = e && strcmp(e->mark, mark) == 0;
    if (hit) {
        *out = (struct memo_body){.data = arena_strndup(a, e->data, e->n), .n = e->n, .view = e->view,
                                  .title = e->title ? arena_strdup(a, e->title) : NULL};
        unlink_use(m, e);
        link_newest(m, e);
    }
    pthread_mutex_unlock(&m->lock);
    return hit;
}

static char *place(char **at, const char *s, size_t n)
{
    char *to = *at;
    memcpy(to, s, n);
    *at += n;
    return to;
}

void memo_put(struct memo *m, const struct buf *key, const char *mark, const struct memo_body *b)
{
    size_t n_mark = strlen(mark) + 1, n_title = b->title ? strlen(b->title) + 1 : 0;
    size_t size = sizeof(struct entry) + key->len + n_mark + n_title + b->n;
    if (size > m->max / 8) /* one page must not drive out all others */
        return;
    struct entry *e = malloc(size);
    if (!e)
        die("out of memory");
    char *at = (char *)(e + 1);
    *e = (struct entry){.hash = crypto_table_hash(key->data, key->len), .view = b->view, .n_key = key->len, .n = b->n,
                        .size = size};
    e->key = place(&at, key->data, key->len);
    e->mark = place(&at, mark, n_mark);
    e->title = b->title ? place(&at, b->title, n_title) : NULL;
    e->data = place(&at, b->data, b->n);
    pthread_mutex_lock(&m->lock);
    struct entry *old = find(m, e->hash, key);
    if (old)
        drop(m, old);
    while (m->bytes + size > m->max)
        drop(m, m->oldest);
    e->chain = m->chains[e->hash % CHAINS];
    m->chains[e->hash % CHAINS] = e;
    link_newest(m, e);
    m->bytes += size;
    pthread_mutex_unlock(&m->lock);
}

static void add_text(struct buf *b, const char *s)
{
    size_t n = s ? strlen(s) : 0;
    buf_u64(b, n);
    buf_put(b, s ? s : "", n);
}

struct buf *memo_key(struct request *rq)
{
    const struct account *who = &rq->account;
    struct date today = date_today(NULL);
    struct buf *b = buf_new(rq->cx->arena, 0);
    add_text(b, rq->state->target);
    add_text(b, who->login);
    add_text(b, who->name);
    buf_u64(b, (uint64_t)rq->cx->lang);
    buf_u64(b, rq->wants_json);
    buf_u64(b, (uint64_t)rq->cx->region_id);
    buf_u64(b, (uint64_t)who->id);
    buf_u64(b, who->permissions);
    add_text(b, date_text(rq->cx->arena, today));
    for (size_t i = 0; i < who->n_territories; i++)
        buf_u64(b, (uint64_t)who->territories[i]);
    return b;
}
