/* internal.h - what the files of src/http share; features do not include it. */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include "base/arena.h"
#include "http/form.h"
#include "http/memo.h"
#include "http/server.h"

struct pair {
    const char *name, *value;
};
struct pairs { /* grows in an arena */
    struct pair *rows;
    size_t n, cap;
};
void pairs_add(struct arena *a, struct pairs *p, const char *name, const char *value);
const char *pairs_get(const struct pairs *p, const char *name, size_t nth);

enum { MAX_PARAMS = 8, MAX_PAIRS = 2000, MAX_FILES = 32 };

struct router;

/* Everything that http knows of a request beyond struct request. */
struct request_state {
    const struct server_options *options;
    const struct router *router;
    const char *target; /* as sent: path and query, undecoded */
    const char *(*header)(const void *connection, const char *name);
    const void *connection;
    struct pairs params, query, fields; /* path parameters; query; form fields of the body */
    struct file_part *files;
    size_t n_files;
    struct buf *body; /* a body that is not multipart */
    char client[64];
    bool draining;

    struct pairs headers; /* of the answer */
    const void *data;     /* instead of rq->out: constant bytes ... */
    size_t data_len;
    int file; /* ... or an open file of file_len bytes; -1: none */
    uint64_t file_len;
    bool answered, rendered_page;
    const char *title, *notice; /* of the page */
    const char *once;
    struct memo *memo;         /* pages that are kept; NULL: none */
    struct memo_body rendered; /* what may be kept of this answer; data NULL: nothing */
    struct form_state *filled; /* forms that form_fill() presets, a list */
};

/* --- request.c --- */
/* Fills rq from the head; ERR_INVALID (with a text) where target or query are malformed. */
int request_read_target(struct request *rq, const char *target);
/* Strictly decodes %XX (and + if plus) of n bytes; NULL for wrong escapes, NUL, control characters
 * (line ends and tabs are let through if multiline) or what is not UTF-8. */
char *percent_decode(struct arena *a, const char *s, size_t n, bool plus, bool multiline);
/* "a=1&b=2" into pairs. */
int urlencoded_read(struct ctx *cx, const char *s, size_t n, bool multiline, struct pairs *out);
void request_read_preferences(struct request *rq); /* wants_json, language, client */
struct request *request_new(struct arena *a, struct ctx *cx);

/* --- router.c --- */
struct router *router_new(struct arena *a, const struct route *const *tables);
/* The route, with its parameters in `params`; NULL: *allow says which methods the path has (NULL: no
 * such path). path is undecoded, without query. ERR_INVALID in *err for a malformed escape. */
const struct route *router_find(const struct router *r, struct arena *a, enum http_method method,
                                const char *path, size_t n, struct pairs *params, const char **allow,
                                int *err);

/* --- csrf.c --- */
int csrf_check(struct request *rq);

/* --- response.c --- */
void response_error(struct request *rq, int status, const char *name, const char *message);
void response_security_headers(struct request *rq);
/* Compresses rq->out where it pays; the state belongs to the calling worker. */
void response_compress(struct request *rq);
const char *http_status_text(int status);

/* --- handle.c: from a complete request to a complete answer --- */
void request_handle(struct request *rq);

/* --- view.c --- */
/* Around a body that was kept comes a layout made anew. */
void view_respond_memo(struct request *rq, const struct memo_body *body);
void view_error_page(struct request *rq, int status, const char *message);

/* --- static.c, openapi.c, built-in routes --- */
extern const struct route HTTP_ROUTES[];
int static_asset(struct request *rq);
int openapi_write(struct request *rq, struct buf *out);

/* --- multipart.c: a streaming reader of multipart/form-data --- */
struct multipart;
struct multipart_sink {
    void *arg;
    /* A part begins; filename NULL: a field. Non-zero stops. */
    int (*begin)(void *arg, const char *name, const char *filename, const char *content_type);
    int (*data)(void *arg, const char *bytes, size_t n);
    int (*end)(void *arg);
};
/* content_type: the header of the request, with its boundary; NULL where that is malformed. */
struct multipart *multipart_new(struct arena *a, const char *content_type, const struct multipart_sink *sink);
int multipart_feed(struct multipart *m, const char *bytes, size_t n); /* 0, or an enum err */
bool multipart_complete(const struct multipart *m);

#endif
