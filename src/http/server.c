/* server.c - libmicrohttpd behind http/server.h; no other file includes it.
 *
 * One thread of the library reads heads and bodies and writes answers. A complete request is
 * suspended, handed to a worker (worker.c) and resumed with its answer. What the library does not
 * do is done here: deadlines for heads and bodies that trickle, and a stop that lets requests finish.
 *
 *   connection_changed  a connection opens or closes: kept in a list for the deadlines
 *   request_begins      the request line is there: an exchange with its arena
 *   request_step        head complete -> body pieces -> body complete -> (worker) -> answer
 *   request_over        access line; the arena and with it all of the request ends */
#include "http/server.h"

#include "base/log.h"
#include "base/time.h"
#include "http/internal.h"
#include "http/listen.h"
#include "http/upload.h"
#include "http/worker.h"
#include "i18n/i18n.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum phase { IDLE, HEAD, BODY, WORK };

struct connection {
    struct connection *next, *previous;
    int fd;
    enum phase phase;
    int64_t since_us; /* of the phase */
    size_t received;  /* body bytes */
    bool ending;      /* shut down by us; the library has not let it go yet */
};

struct server {
    const struct server_options *options;
    struct MHD_Daemon *daemon;
    struct workers *workers;
    struct router *router;
    struct memo *memo;
    struct arena *arena;
    const char *(*translate)(enum lang, const char *);
    pthread_mutex_t lock; /* guards the list of connections and their number */
    struct connection *connections;
    unsigned n_connections; /* those that are ending do not count */
    atomic_int in_flight; /* requests from head to last byte of the answer */
    atomic_bool draining;
    atomic_ullong requests;
    char boot[9]; /* makes request ids differ between starts */
};

struct exchange {
    struct work work; /* first: done() gets it */
    struct server *server;
    struct connection *connection;
    struct MHD_Connection *mhd;
    struct ctx cx;
    struct request *rq;
    struct upload *upload;
    int64_t begun_us;
    size_t swallowed; /* bytes of a refused body */
    int refused;      /* enum err of the head or body */
    bool head_seen, answer_ready;
    char method[16], request_id[24];
};

static atomic_int stop_fd = -1;

void server_stop(void)
{
    int fd = atomic_load(&stop_fd);
    uint64_t one = 1;
    if (fd >= 0 && write(fd, &one, sizeof one) < 0)
        die("cannot stop the server: %s", strerror(errno));
}

/* --- connections and their deadlines --- */

static unsigned connections_max(const struct server_options *opt)
{
    return opt->max_connections ? opt->max_connections : 1000;
}

static void connection_shut(struct server *s, struct connection *c)
{
    if (!c->ending)
        s->n_connections--;
    c->ending = true;
    shutdown(c->fd, SHUT_RDWR);
}

/* Where connections become scarce, the one that has waited longest without asking anything makes room, so that
 * thousands of idle ones keep nobody out. Under the lock. */
static void make_room(struct server *s)
{
    struct connection *oldest = NULL;
    if (s->n_connections <= connections_max(s->options) / 4 * 3)
        return;
    for (struct connection *c = s->connections; c; c = c->next)
        if (!c->ending && (c->phase == IDLE || c->phase == HEAD) && (!oldest || c->since_us <= oldest->since_us))
            oldest = c;
    if (oldest)
        connection_shut(s, oldest);
}

static void connection_changed(void *cls, struct MHD_Connection *mhd, void **socket_context,
                               enum MHD_ConnectionNotificationCode code)
{
    struct server *s = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        struct connection *c = calloc(1, sizeof *c);
        if (!c)
            die("out of memory");
        c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        c->phase = HEAD;
        c->since_us = time_steady_us();
        *socket_context = c;
        pthread_mutex_lock(&s->lock);
        c->next = s->connections;
        if (c->next)
            c->next->previous = c;
        s->connections = c;
        s->n_connections++;
        make_room(s);
        pthread_mutex_unlock(&s->lock);
        return;
    }
    struct connection *c = *socket_context;
    pthread_mutex_lock(&s->lock);
    s->n_connections -= !c->ending;
    if (c->next)
        c->next->previous = c->previous;
    if (c->previous)
        c->previous->next = c->next;
    else
        s->connections = c->next;
    pthread_mutex_unlock(&s->lock);
    free(c);
}

static void connection_phase(struct server *s, struct connection *c, enum phase phase)
{
    pthread_mutex_lock(&s->lock);
    c->phase = phase;
    c->since_us = time_steady_us();
    c->received = 0;
    pthread_mutex_unlock(&s->lock);
}

static bool connection_late(const struct server_options *opt, const struct connection *c, int64_t now)
{
    double age = (double)(now - c->since_us) / 1e6;
    switch (c->phase) {
    case HEAD:
        return age > (opt->head_seconds ? opt->head_seconds : 8);
    case IDLE:
        return age > (opt->idle_seconds ? opt->idle_seconds : 30);
    case BODY:
        return age > (opt->body_grace_seconds ? opt->body_grace_seconds : 10) &&
               (double)c->received < age * (opt->body_rate ? opt->body_rate : 2048);
    case WORK:
        return false;
    }
    return false;
}

/* Shuts connections whose client is too slow. The list's lock keeps a descriptor from being closed,
 * and its number from being used again, while we look at it. */
static void reap(struct server *s)
{
    int64_t now = time_steady_us();
    pthread_mutex_lock(&s->lock);
    for (struct connection *c = s->connections; c; c = c->next)
        if (connection_late(s->options, c, now))
            connection_shut(s, c);
    pthread_mutex_unlock(&s->lock);
}

/* --- a request comes in --- */

static const char *header_of(const void *connection, const char *name)
{
    return MHD_lookup_connection_value((struct MHD_Connection *)connection, MHD_HEADER_KIND, name);
}

static void client_address(struct MHD_Connection *mhd, char *out, size_t size)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *sa = info ? info->client_addr : NULL;
    if (sa && sa->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, out, (socklen_t)size);
    else if (sa && sa->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, out,
                  (socklen_t)size);
}

static void work_done(struct work *w);

static void *request_begins(void *cls, const char *target, struct MHD_Connection *mhd)
{
    struct server *s = cls;
    struct arena *a = arena_new(0);
    struct exchange *x = arena_alloc(a, sizeof *x);
    x->server = s;
    x->mhd = mhd;
    x->connection = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    x->begun_us = time_steady_us();
    x->cx = (struct ctx){.arena = a, .region_id = s->options->region_id, .translate = s->translate};
    x->rq = request_new(a, &x->cx);
    x->rq->out = buf_new(a, 0);
    x->rq->state->options = s->options;
    x->rq->state->router = s->router;
    x->rq->state->memo = s->memo;
    x->rq->state->header = header_of;
    x->rq->state->connection = mhd;
    x->rq->state->target = arena_strdup(a, target);
    snprintf(x->request_id, sizeof x->request_id, "%s-%llx", s->boot, atomic_fetch_add(&s->requests, 1));
    x->rq->request_id = x->request_id;
    x->work = (struct work){.rq = x->rq, .done = work_done};
    client_address(mhd, x->rq->state->client, sizeof x->rq->state->client);
    connection_phase(s, x->connection, HEAD);
    return x;
}

/* Refuses methods that nothing here has; true: known. */
static bool method_known(struct exchange *x)
{
    static const char *const NAMES[] = {[HTTP_GET] = "GET", [HTTP_POST] = "POST", [HTTP_HEAD] = "HEAD"};
    for (int i = 0; i < 3; i++)
        if (strcmp(x->method, NAMES[i]) == 0) {
            x->rq->method = (enum http_method)i;
            return true;
        }
    return false;
}

/* The head is complete: what can be refused without the body is refused now. */
static int head_read(struct exchange *x)
{
    struct request *rq = x->rq;
    struct request_state *st = rq->state;
    int rc = request_read_target(rq, st->target);
    request_read_preferences(rq);
    if (rc) {
        rq->status = 400;
        return rc;
    }
    if (!method_known(x)) {
        rq->status = 405;
        respond_header(rq, "Allow", "GET, HEAD, POST");
        return fail(&x->cx, ERR_INVALID, "This address does not take such a request.");
    }
    const char *allow;
    int err;
    struct pairs ignored = {0};
    const struct route *route = router_find(st->router, x->cx.arena, rq->method, st->target,
                                            strcspn(st->target, "?"), &ignored, &allow, &err);
    x->work.heavy = route && (route->flags & ROUTE_HEAVY);
    if (rq->method == HTTP_POST)
        return upload_begin(rq, route, &x->upload);
    return 0;
}

/* --- the answer goes out --- */

static struct MHD_Response *response_make(struct request_state *st, struct request *rq)
{
    if (st->file >= 0) {
        int fd = st->file;
        st->file = -1; /* the library closes it */
        return MHD_create_response_from_fd64(st->file_len, fd);
    }
    /* The bytes live in the request's arena (or for ever), which ends in request_over(). */
    const void *data = st->data ? st->data : rq->out->data;
    size_t n = st->data ? st->data_len : rq->out->len;
    return MHD_create_response_from_buffer(n, (void *)(uintptr_t)data, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer(struct exchange *x)
{
    struct request *rq = x->rq;
    struct request_state *st = rq->state;
    struct MHD_Response *r = response_make(st, rq);
    if (!r)
        return MHD_NO;
    for (size_t i = 0; i < st->headers.n; i++)
        MHD_add_response_header(r, st->headers.rows[i].name, st->headers.rows[i].value);
    if (rq->content_type && rq->status != 304 && rq->status != 204)
        MHD_add_response_header(r, "Content-Type", rq->content_type);
    if (atomic_load(&x->server->draining) || x->refused)
        MHD_add_response_header(r, "Connection", "close");
    enum MHD_Result rc = MHD_queue_response(x->mhd, (unsigned)rq->status, r);
    MHD_destroy_response(r);
    return rc;
}

/* Answers an error from the I/O thread, without a worker. */
static enum MHD_Result answer_refused(struct exchange *x)
{
    struct request *rq = x->rq;
    int status = rq->status >= 400           ? rq->status
                 : x->refused == ERR_INVALID ? 400
                                             : err_http_status((enum err)x->refused);
    if (!rq->path)
        rq->path = "/";
    response_error(rq, status, err_name((enum err)x->refused), x->cx.err_text);
    response_security_headers(rq);
    return answer(x);
}

static void work_done(struct work *w)
{
    struct exchange *x = (struct exchange *)(void *)w;
    x->answer_ready = true;
    MHD_resume_connection(x->mhd);
}

static enum MHD_Result hand_to_worker(struct exchange *x)
{
    connection_phase(x->server, x->connection, WORK);
    MHD_suspend_connection(x->mhd);
    if (workers_add(x->server->workers, &x->work))
        return MHD_YES;
    respond_header(x->rq, "Retry-After", "2");
    x->rq->status = 503;
    x->refused = fail(&x->cx, ERR_BUSY, "The server is busy. Please try again in a moment.");
    MHD_resume_connection(x->mhd);
    return MHD_YES;
}

enum { SWALLOW = 4 << 20 }; /* of a refused body, so that the client comes to read the answer */

static enum MHD_Result request_step(void *cls, struct MHD_Connection *mhd, const char *url,
                                    const char *method, const char *version, const char *upload_data,
                                    size_t *upload_size, void **con_cls)
{
    struct exchange *x = *con_cls;
    (void)cls, (void)mhd, (void)url, (void)version;
    if (!x->head_seen) {
        x->head_seen = true;
        atomic_fetch_add(&x->server->in_flight, 1);
        snprintf(x->method, sizeof x->method, "%s", method);
        connection_phase(x->server, x->connection, BODY);
        x->refused = head_read(x);
        return x->refused ? answer_refused(x) : MHD_YES;
    }
    if (*upload_size) {
        pthread_mutex_lock(&x->server->lock);
        x->connection->received += *upload_size;
        pthread_mutex_unlock(&x->server->lock);
        if (x->upload && !x->refused)
            x->refused = upload_feed(x->upload, upload_data, *upload_size);
        else if ((x->swallowed += *upload_size) > SWALLOW)
            return MHD_NO;
        *upload_size = 0;
        return MHD_YES;
    }
    if (x->answer_ready)
        return answer(x);
    if (!x->refused && x->upload)
        x->refused = upload_end(x->upload);
    return x->refused ? answer_refused(x) : hand_to_worker(x);
}

/* One line for each request: the route's pattern, not the path, which names persons' records. */
static void access_line(const struct exchange *x)
{
    const struct request *rq = x->rq;
    double ms = (double)(time_steady_us() - x->begun_us) / 1e3;
    size_t n = rq->state->data ? rq->state->data_len : rq->out->len;
    log_set_request(x->request_id);
    log_event(LOG_INFO, "http.request", log_text("method", x->method),
              log_text("route", rq->route ? rq->route->pattern : "-"), log_int("status", rq->status),
              log_num("ms", ms), log_int("bytes", (int64_t)n), log_int("account", rq->account.id));
    log_set_request(NULL);
}

static void request_over(void *cls, struct MHD_Connection *mhd, void **con_cls,
                         enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *con_cls;
    (void)cls, (void)mhd, (void)why;
    if (!x)
        return;
    struct server *s = x->server;
    connection_phase(s, x->connection, IDLE);
    if (x->head_seen) {
        access_line(x);
        atomic_fetch_sub(&s->in_flight, 1);
    }
    *con_cls = NULL;
    arena_free(x->cx.arena);
}

static size_t keep_undecoded(void *cls, struct MHD_Connection *mhd, char *s)
{
    (void)cls, (void)mhd;
    return strlen(s); /* request.c decodes, strictly */
}

static void library_message(void *cls, const char *fmt, va_list ap)
{
    (void)cls, (void)fmt, (void)ap; /* about clients that break off: not worth a line */
}

/* --- start, wait, stop --- */

static int daemon_start(struct ctx *cx, struct server *s, int listen_fd, bool ipv6)
{
    const struct server_options *opt = s->options;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                     MHD_USE_ERROR_LOG | (ipv6 ? MHD_USE_IPv6 : 0);
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, request_step, s, MHD_OPTION_EXTERNAL_LOGGER, library_message, NULL,
        MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_CONNECTION_LIMIT,
        connections_max(opt), MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        opt->max_per_ip, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)64 * 1024, MHD_OPTION_CONNECTION_TIMEOUT,
        opt->idle_seconds ? (unsigned)opt->idle_seconds : 30u, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_undecoded, NULL, MHD_OPTION_URI_LOG_CALLBACK, request_begins, s,
        MHD_OPTION_NOTIFY_CONNECTION, connection_changed, s, MHD_OPTION_NOTIFY_COMPLETED, request_over, s,
        MHD_OPTION_END);
    if (!s->daemon)
        return fail(cx, ERR_IO, "The server cannot start: %s.", strerror(errno));
    return 0;
}

/* Waits for a signal or server_stop(), looking at the deadlines four times a second. */
static void wait_for_stop(struct server *s, int signals, int stop)
{
    struct pollfd fds[] = {{.fd = signals, .events = POLLIN}, {.fd = stop, .events = POLLIN}};
    for (;;) {
        int n = poll(fds, 2, 250);
        if (n > 0) {
            /* Taken from the queue, or it would end the process when the mask is put back. */
            struct signalfd_siginfo signal_taken;
            if (fds[0].revents && read(signals, &signal_taken, sizeof signal_taken) < 0)
                die("signalfd: %s", strerror(errno));
            return;
        }
        if (n < 0 && errno != EINTR)
            die("poll: %s", strerror(errno));
        reap(s);
    }
}

/* No new connections; the requests that have begun may finish until the deadline. */
static bool drain(struct server *s)
{
    int seconds = s->options->drain_seconds ? s->options->drain_seconds : 10;
    int64_t deadline = time_steady_us() + (int64_t)seconds * 1000000;
    atomic_store(&s->draining, true);
    MHD_socket listening = MHD_quiesce_daemon(s->daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    while (atomic_load(&s->in_flight) > 0 && time_steady_us() < deadline) {
        reap(s);
        struct timespec pause = {0, 5000000};
        nanosleep(&pause, NULL);
    }
    for (struct work *w; (w = workers_take_back(s->workers));) {
        struct exchange *x = (struct exchange *)(void *)w;
        x->rq->status = 503;
        x->refused = fail(&x->cx, ERR_BUSY, "The server is busy. Please try again in a moment.");
        MHD_resume_connection(x->mhd);
    }
    /* The library must not be stopped while a connection is suspended. */
    if (!workers_stop(s->workers, deadline + 1000000))
        return false;
    MHD_stop_daemon(s->daemon);
    return true;
}

static int serve(struct ctx *cx, struct server *s, int signals, int stop)
{
    char address[128];
    bool ipv6;
    int fd;
    TRY(listen_open(cx, s->options->listen, &fd, &ipv6, address, sizeof address));
    int rc = workers_start(cx, s->options, &s->workers);
    if (!rc && (rc = daemon_start(cx, s, fd, ipv6)))
        workers_stop(s->workers, INT64_MAX);
    if (rc) {
        close(fd);
        return rc;
    }
    if (s->options->listening)
        s->options->listening(s->options->arg, address);
    wait_for_stop(s, signals, stop);
    if (!drain(s)) {
        log_event(LOG_ERROR, "http.stop_forced", log_text("why", "a request did not end in time"));
        _exit(1); /* its transaction ends with the process */
    }
    return 0;
}

int server_run(struct ctx *cx, const struct server_options *options)
{
    struct server s = {.options = options, .arena = arena_new(0), .translate = cx->translate};
    pthread_mutex_init(&s.lock, NULL);
    if (!options->assets_dir) /* whose files change without the database */
        s.memo = memo_new(options->max_memo ? options->max_memo : (size_t)32 << 20);
    snprintf(s.boot, sizeof s.boot, "%08x", (unsigned)(time_now_us() / 1000));
    const struct route *tables[64] = {HTTP_ROUTES};
    for (size_t i = 0; options->routes && options->routes[i]; i++) {
        if (i + 2 == sizeof tables / sizeof *tables)
            die("too many route tables");
        tables[i + 1] = options->routes[i];
    }
    s.router = router_new(s.arena, tables);
    sigset_t ours, before;
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGPIPE); /* blocked for good: a client that left is no reason to end */
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    signal(SIGPIPE, SIG_IGN);
    sigdelset(&ours, SIGPIPE);
    int signals = signalfd(-1, &ours, SFD_CLOEXEC), stop = eventfd(0, EFD_CLOEXEC);
    if (signals < 0 || stop < 0)
        die("signalfd: %s", strerror(errno));
    atomic_store(&stop_fd, stop);
    int rc = serve(cx, &s, signals, stop);
    atomic_store(&stop_fd, -1);
    close(stop);
    close(signals);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    memo_free(s.memo);
    arena_free(s.arena);
    pthread_mutex_destroy(&s.lock);
    return rc;
}
