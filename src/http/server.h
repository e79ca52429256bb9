/* server.h - the HTTP server: one I/O thread, workers that run the handlers, a second queue for heavy
 * requests. The rest of the program is handed over by hooks, so that nothing here knows it. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/route.h"

struct page;

struct server_options {
    const char *listen;           /* "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:80"; port 0: any free one */
    int workers;                  /* 0: one more than the processors */
    int heavy_workers;            /* for ROUTE_HEAVY; 0: 1 */
    const struct route *const *routes;  /* tables that end with pattern NULL; the list ends with NULL */
    const struct nav_item *const *nav;  /* the same, ending with label NULL */
    int64_t region_id;            /* cx->region_id of requests; authenticate may change it */
    const char *title, *version;  /* for /openapi.json */
    const char *sign_in_path;     /* where a GET by nobody is sent; NULL: 401. Gets ?next=PATH */
    const char *assets_dir;       /* development: assets from here instead of the binary; NULL */
    const char *upload_dir;       /* for temporary files; NULL: /tmp */
    bool trust_proxy;             /* X-Forwarded-For names the client (behind our own proxy only) */
    bool https;                   /* cookies get Secure */

    void *arg;                    /* for the hooks */
    /* Each worker thread, at its start and end: gives the database connection of its requests. */
    int (*worker_start)(void *arg, struct db **db);
    void (*worker_end)(void *arg, struct db *db);
    /* Who asks? Leaves out->id 0 for nobody. NULL: nobody ever. rq->cx is ready. */
    int (*authenticate)(struct request *rq, struct account *out);
    /* Completes the layout's model: name of the institution, region, date (html/html.h). NULL: not. */
    void (*fill_page)(struct request *rq, struct page *page);
    /* For /readyz: 0 or an error with a text. NULL: ready. */
    int (*ready)(void *arg, struct ctx *cx);
    /* A text that differs after every committed change, whichever process made it, as cx->db sees it now; NULL
     * where that is not known. With it, routes with ROUTE_MEMO need not make their page twice. */
    int (*data_mark)(void *arg, struct ctx *cx, const char **mark);
    /* Called once with the address in use when the server accepts connections. */
    void (*listening)(void *arg, const char *address);

    /* Limits; 0 is the default in brackets. */
    unsigned max_connections;     /* 1000; from three quarters of them on the idlest makes room for a new one */
    unsigned max_per_ip;          /* off: a proxy or an office is one address */
    size_t max_body;              /* 1 MB: forms */
    size_t max_upload;            /* 256 MB: routes with ROUTE_UPLOAD */
    size_t max_memo;              /* 32 MB: pages that are kept */
    unsigned max_queue;           /* 512 requests waiting; more get 503 */
    int head_seconds;             /* 8: until the head of a request is complete */
    int idle_seconds;             /* 30: between two requests of a connection */
    int body_grace_seconds;       /* 10: then the body must have come at body_rate */
    int body_rate;                /* 2048 bytes/s */
    int drain_seconds;            /* 10 */
};

/* Serves until SIGTERM, SIGINT or server_stop(); then finishes the requests that have begun. Returns
 * 0 after a clean stop; ERR_INVALID, ERR_IO where the address cannot be used. cx is only for the
 * error and the translations (cx->translate is given to the requests). */
int server_run(struct ctx *cx, const struct server_options *options);

/* Ends server_run() from any thread. */
void server_stop(void);

#endif
