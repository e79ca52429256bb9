/* memo.h - bodies of pages that were rendered before. A body is given again only to the same account with the
 * same rights, for the same address, language and day, and only while nothing was committed to the database
 * since before it was made. Routes ask for it with ROUTE_MEMO. */
#ifndef HTTP_MEMO_H
#define HTTP_MEMO_H

#include "base/arena.h"
#include "base/buf.h"

struct view;
struct request;

struct memo_body {
    const char *data;
    size_t n;
    const char *title;       /* chosen by the template; NULL: the view's */
    const struct view *view; /* whose layout comes around a page */
};

struct memo;
/* Keeps at most max_bytes, keys and titles included. Thread-safe from here on. */
struct memo *memo_new(size_t max_bytes);
void memo_free(struct memo *m);
/* The body kept under key, copied to the arena, if it was made at this mark of the data. */
bool memo_get(struct memo *m, struct arena *a, const struct buf *key, const char *mark, struct memo_body *out);
/* Keeps a copy, in place of an older one; what was not used for longest makes room. */
void memo_put(struct memo *m, const struct buf *key, const char *mark, const struct memo_body *body);

/* Everything of a request that its page may depend on, besides the data. */
struct buf *memo_key(struct request *rq);

#endif
