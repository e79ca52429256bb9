/* serve.c - the server's start and end: lock, database, hooks of the HTTP server, the thread that does long work. */
#include "program/program.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/time.h"
#include "db/job.h"
#include "db/migrate.h"
#include "http/listen.h"
#include "http/server.h"
#include "i18n/i18n.h"
#include "module.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

const char PROGRAM_SERVE_USAGE[] =
    "usage: shanyraq serve [--listen ADDRESS:PORT] [--data DIR] [--db CONNINFO] [--workers N] [--https] [--trust-proxy]\n"
    "                      [--log-json] [--assets DIR] [--config FILE]\n\n"
    "Serves until SIGTERM or Ctrl-C; requests that have begun are finished. One server a data folder.";

enum { JOB_WAIT_MS = 2000, STOP_SECONDS = 10, CARE_SECONDS = 3600 };

/* --- long work: one thread beside the server --- */

static atomic_bool stopping;

struct scheduler {
    pthread_t thread;
    const struct job_kind *const *kinds;
};

/* recover: the turn before failed, perhaps for want of the database; what it left is taken up. True: this one failed. */
static bool scheduler_turn(struct db *db, const struct job_kind *const *kinds, bool care, bool recover)
{
    struct arena *a = arena_new((size_t)4 << 30);
    struct ctx cx = {.arena = a, .db = db, .region_id = program.region, .translate = i18n_lookup, .lang = LANG_KK};
    bool ran = false;
    for (size_t i = 0; care && modules[i]; i++)
        if (modules[i]->care && modules[i]->care(&cx)) {
            log_event(LOG_WARN, "care", log_text("module", modules[i]->name), log_text("error", cx.err_text));
            cx.err = OK;
        }
    if ((care || recover) && job_recover(&cx)) /* care: of other hosts that are gone */
        log_event(LOG_WARN, "job.recover", log_text("error", cx.err_text));
    int rc = job_run_next(&cx, kinds, &ran);
    if (rc)
        log_event(LOG_ERROR, "job.failed", log_text("error", err_name(cx.err)), log_text("file", cx.err_file),
                  log_int("line", cx.err_line));
    arena_free(a);
    if (!ran && !stopping)
        job_wait(JOB_WAIT_MS);
    return rc != 0;
}

static void *scheduler_run(void *arg)
{
    struct scheduler *s = arg;
    struct arena *a = arena_new(0);
    struct ctx cx = {.arena = a, .translate = i18n_lookup};
    if (db_connect(&cx, program.store, &cx.db)) {
        log_event(LOG_ERROR, "job.start", log_text("error", cx.err_text));
        arena_free(a);
        return NULL;
    }
    bool failed = false;
    for (int64_t next_care = 0; !stopping;) {
        bool care = time_steady_us() >= next_care;
        if (care)
            next_care = time_steady_us() + CARE_SECONDS * INT64_C(1000000);
        failed = scheduler_turn(cx.db, s->kinds, care, failed);
    }
    db_disconnect(cx.db);
    arena_free(a);
    return NULL;
}

/* All features' kinds of work, ends with NULL. */
static const struct job_kind *const *job_kinds(struct arena *a)
{
    size_t n = 0;
    for (size_t i = 0; modules[i]; i++)
        for (const struct job_kind *k = modules[i]->jobs; k && k->name; k++)
            n++;
    const struct job_kind **kinds = arena_array(a, n + 1, sizeof *kinds);
    n = 0;
    for (size_t i = 0; modules[i]; i++)
        for (const struct job_kind *k = modules[i]->jobs; k && k->name; k++)
            kinds[n++] = k;
    return kinds;
}

/* Waits for the thread. Work that does not stop in time is taken up again by the next start: then the
 * process ends without closing the database under its feet, as it would by a power cut. */
static void scheduler_stop(struct scheduler *s)
{
    int64_t until = time_steady_us() + STOP_SECONDS * INT64_C(1000000);
    stopping = true;
    job_wake();
    bool ended = false;
    while (!(ended = pthread_tryjoin_np(s->thread, NULL) == 0) && time_steady_us() < until)
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    if (!ended) {
        log_event(LOG_WARN, "job.interrupted", log_int("seconds", STOP_SECONDS));
        fflush(NULL);
        _exit(0);
    }
}

/* --- hooks of the HTTP server --- */

static int worker_start(void *arg, struct db **db)
{
    (void)arg;
    struct arena *a = arena_new(0);
    struct ctx cx = {.arena = a, .translate = i18n_lookup};
    int rc = db_connect(&cx, program.store, db);
    if (rc)
        log_event(LOG_ERROR, "worker.start", log_text("error", cx.err_text));
    arena_free(a);
    return rc;
}

static void worker_end(void *arg, struct db *db)
{
    (void)arg;
    db_disconnect(db);
}

static int ready(void *arg, struct ctx *cx)
{
    (void)arg;
    return migrate_check(cx);
}

static int data_mark(void *arg, struct ctx *cx, const char **mark)
{
    (void)arg;
    return db_mark(cx, mark);
}

static void listening(void *arg, const char *address)
{
    struct ctx *cx = arg;
    printf("%s\n", TF(cx, "Shanyraq is ready: http://%s", address));
    fflush(stdout);
    log_event(LOG_INFO, "serve.ready", log_text("listen", address), log_text("version", PROGRAM_VERSION));
}

static void tables_of_modules(struct arena *a, struct server_options *o)
{
    size_t n = 0, n_routes = 0, n_nav = 0;
    while (modules[n])
        n++;
    const struct route **routes = arena_array(a, n + 1, sizeof *routes);
    const struct nav_item **nav = arena_array(a, n + 1, sizeof *nav);
    for (size_t i = 0; i < n; i++) {
        if (modules[i]->routes)
            routes[n_routes++] = modules[i]->routes;
        if (modules[i]->nav)
            nav[n_nav++] = modules[i]->nav;
    }
    o->routes = routes;
    o->nav = nav;
}

int program_serve(struct ctx *cx, int argc, char **argv)
{
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, NULL));
    if (listen_check(cx, program.listen))
        return CLI_USAGE;
    /* Before any thread begins: all inherit the mask, so that only the server's own waiting sees the signals. */
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stops, NULL);
    TRY(program_lock(cx));
    TRY(program_open(cx, false));
    TRY(migrate_check(cx));
    TRY(job_recover(cx));
    const char *uploads = fs_join(cx->arena, program.data, "uploads");
    TRY(fs_mkdir(cx, uploads));
    struct server_options o = {
        .listen = program.listen, .workers = (int)program.workers, .heavy_workers = 2, .region_id = program.region,
        .title = "Shanyraq", .version = PROGRAM_VERSION, .sign_in_path = "/signin", .assets_dir = program.assets,
        .upload_dir = uploads, .trust_proxy = program.trust_proxy, .https = program.https, .arg = cx,
        .worker_start = worker_start, .worker_end = worker_end, .authenticate = access_authenticate, .fill_page = program_fill_page,
        .ready = ready, .data_mark = data_mark,
        .listening = listening};
    tables_of_modules(cx->arena, &o);
    struct scheduler s = {.kinds = job_kinds(cx->arena)};
    if (pthread_create(&s.thread, NULL, scheduler_run, &s) != 0)
        return fail(cx, ERR_IO, "The thread for long work could not be started.");
    int rc = server_run(cx, &o);
    scheduler_stop(&s);
    log_event(LOG_INFO, "serve.end", log_int("error", rc));
    return rc;
}
