/* request.h - one HTTP request and its answer, from the handler's side.
 *
 * A handler reads from the request, does its work through the feature's functions and ends with one
 * of the respond_ calls; what it returns (0 or enum err, already recorded by fail()) decides
 * between that answer and an error page. Nothing here knows libmicrohttpd. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/buf.h"
#include "base/ctx.h"
#include "db/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_method { HTTP_GET, HTTP_POST, HTTP_HEAD };

struct file_part {          /* one uploaded file */
    const char *field, *name; /* form field; the client's file name (never trusted as a path) */
    const char *path;         /* where the bytes lie until the request ends */
    size_t size;
};

struct content_key;
struct account {            /* who asks; filled by the access feature through server's authenticate hook */
    int64_t id, region_id;  /* id 0: nobody */
    const char *login, *name;
    uint64_t permissions;   /* bit set of enum permission, from all role grants valid today */
    const int64_t *territories; /* scope: ids of the units the grants cover; n 0 = the whole region */
    size_t n_territories;
    const char *csrf;       /* token that all forms of a signed-in browser carry */
    const struct content_key *key; /* NULL until access_own_key() (access/keys.h) was asked, or where there is none */
};

struct form_state;
struct view;
struct request_state; /* what http keeps for itself (http/internal.h) */

struct request {
    struct ctx *cx;
    enum http_method method;
    const char *path;        /* decoded, "/disputes/0G3ABC" */
    const struct route *route;
    struct account account;
    struct form_state *form; /* of route->form, parsed and checked (form.h) */
    bool wants_json;         /* Accept prefers application/json, or ?format=json */
    const char *request_id;

    /* the answer */
    int status;              /* 200 until set */
    struct buf *out;         /* the body, written by respond_* */
    const char *content_type;

    struct request_state *state;
};

/* A path parameter of the route's pattern ("{id}"); a query parameter (NULL: absent); a header; a cookie. */
const char *rq_path(const struct request *rq, const char *name);
const char *rq_query(const struct request *rq, const char *name);
const char *rq_header(const struct request *rq, const char *name);
const char *rq_cookie(const struct request *rq, const char *name);
/* A path parameter as identifier (base32, base/id.h); ERR_NOT_FOUND where it is not one. */
int rq_path_id(struct request *rq, const char *name, int64_t *id);
/* A query parameter as a whole number within [min,max]; fallback where absent or wrong. */
int64_t rq_query_int(const struct request *rq, const char *name, int64_t min, int64_t max, int64_t fallback);
/* The uploaded file of a field, or NULL. */
const struct file_part *rq_file(const struct request *rq, const char *field);

/* The n-th value of a query parameter that comes several times (?kind=1&kind=2); NULL behind the last. */
const char *rq_query_nth(const struct request *rq, const char *name, size_t n);
/* The whole body of a POST that is neither a form nor multipart (JSON, XML); NULL: none. */
const char *rq_body(const struct request *rq, size_t *n);
/* The hidden key of the form that was sent ("once" input, 32 hexadecimal digits): store it in a unique
 * column and a second press of the button gives ERR_CONFLICT instead of a second record. A fresh
 * key where the client sent none. */
const char *rq_once_key(struct request *rq);
/* The client's address, for limits and the log. */
const char *rq_client(const struct request *rq);

/* May the asker do this? (the route's own permission is already checked) */
bool rq_may(const struct request *rq, int permission);
/* Is the territory (or one of its ancestors' list) in the asker's scope? ids: the place and its ancestors. */
bool rq_in_scope(const struct request *rq, const int64_t *ids, size_t n);

/* --- the answer --- */

/* The model as a page in the layout, as a page fragment (?fragment=1), or as JSON: the same data. */
int respond_view(struct request *rq, const struct view *v, const void *model);
/* 303 to a path of ours; `notice` (may be NULL) is a translated sentence shown once on the next page. */
int respond_redirect(struct request *rq, const char *path, const char *notice);
/* A file from memory or disk; download name in UTF-8 (NULL: shown inline). */
int respond_bytes(struct request *rq, const char *content_type, const void *data, size_t n, const char *download);
int respond_file(struct request *rq, const char *content_type, const char *path, const char *download);
/* JSON that is already made. */
int respond_json(struct request *rq, const struct buf *json);
/* 429 with Retry-After: "Too many attempts". */
int respond_too_many(struct request *rq, int retry_after_seconds);
void respond_header(struct request *rq, const char *name, const char *value);
void respond_cookie(struct request *rq, const char *name, const char *value, int max_age_seconds);
/* ETag of content that does not depend on who asks; true: the client has it, a 304 is the answer. */
bool respond_not_modified(struct request *rq, const char *etag, int max_age_seconds);

#endif
