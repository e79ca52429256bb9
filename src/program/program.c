/* program.c - options, data folder, lock, opening the database. */
#include "program/program.h"
#include "program/program_sql.h"

#include "base/arena.h"
#include "base/fs.h"
#include "base/str.h"
#include "base/time.h"
#include "db/blob.h"
#include "db/migrate.h"
#include "i18n/i18n.h"
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct program program = {.lock = -1};

const struct option_def PROGRAM_OPTIONS[] = {
    {.name = "data", .to = &program.data, .type = OPTION_TEXT, .fallback = "data", .env = "SHANYRAQ_DATA",
     .help = N_("Folder of the database, files and backups"), .section = N_("For every command")},
    {.name = "db", .to = &program.db, .type = OPTION_TEXT, .env = "SHANYRAQ_DB",
     .help = N_("Database: an SQLite file or postgresql://...; without it, shanyraq.db in the data folder")},
    {.name = "lang", .to = &program.lang, .type = OPTION_CHOICE, .choices = "kk|ru|en", .env = "SHANYRAQ_LANG",
     .help = N_("Language of messages; without it, that of the terminal")},
    {.name = "region", .to = &program.region, .type = OPTION_INT, .fallback = "61", .min = 1, .max = 99,
     .env = "SHANYRAQ_REGION", .help = N_("Region: the first two digits of its KATO code")},
    {.name = "config", .to = &program.config, .type = OPTION_TEXT, .env = "SHANYRAQ_CONFIG",
     .help = N_("Configuration file with these options")},
    {.name = "listen", .to = &program.listen, .type = OPTION_TEXT, .fallback = "127.0.0.1:8080",
     .env = "SHANYRAQ_LISTEN", .help = N_("Address and port to serve on; port 0: any free one"), .section = N_("For serve")},
    {.name = "workers", .to = &program.workers, .type = OPTION_INT, .fallback = "0", .min = 0, .max = 256,
     .env = "SHANYRAQ_WORKERS", .help = N_("Threads that answer requests; 0: one more than the processors")},
    {.name = "https", .to = &program.https, .type = OPTION_FLAG, .fallback = "no", .env = "SHANYRAQ_HTTPS",
     .help = N_("A proxy in front serves HTTPS: cookies are for HTTPS only")},
    {.name = "trust-proxy", .to = &program.trust_proxy, .type = OPTION_FLAG, .fallback = "no",
     .env = "SHANYRAQ_TRUST_PROXY", .help = N_("The proxy's X-Forwarded-For names the client")},
    {.name = "log-json", .to = &program.log_json, .type = OPTION_FLAG, .fallback = "no", .env = "SHANYRAQ_LOG_JSON",
     .help = N_("Log lines as JSON")},
    {.name = "assets", .to = &program.assets, .type = OPTION_TEXT,
     .help = N_("For development: scripts and styles from this folder")},
    {0},
};

const char *program_conninfo(struct arena *a)
{
    return program.db ? program.db : fs_join(a, program.data, "shanyraq.db");
}

static bool is_file_database(const char *conninfo)
{
    static const char *const POSTGRES[] = {"postgresql://", "postgres://", "host=", "dbname=", "service="};
    for (size_t i = 0; i < sizeof POSTGRES / sizeof *POSTGRES; i++)
        if (str_starts(conninfo, POSTGRES[i]))
            return false;
    return true;
}

/* The data folder holds what only its owner may read; one that is there already is left as it is (doctor looks). */
static int make_folder(struct ctx *cx)
{
    bool had = fs_exists(program.data);
    TRY(fs_mkdir(cx, program.data));
    return had || chmod(program.data, 0700) == 0 ? OK : fs_fail(cx, program.data, errno);
}

void program_demo_shift(int64_t loaded_us)
{
    struct date day;
    if (date_parse(PROGRAM_DEMO_DAY, &day))
        time_shift_days(date_diff(date_of(loaded_us, &ZONE_KZ), day));
}

/* A demonstration has a calendar of its own; a database that has no tables yet, or another program's, has none. */
static void take_demo_clock(struct ctx *cx)
{
    struct ctx quiet = *cx;
    struct program_demo_done_row row;
    bool found = false;
    if (program_demo_done(&quiet, program.region, PROGRAM_DEMO_CLOCK, &row, &found) == OK && found)
        program_demo_shift(row.loaded_us);
}

int program_open(struct ctx *cx, bool create)
{
    const char *conninfo = program_conninfo(cx->arena);
    if (!create && is_file_database(conninfo) && !fs_exists(conninfo))
        return fail(cx, ERR_NOT_FOUND, "There is no database at %s: `shanyraq init` makes one.", conninfo);
    TRY(make_folder(cx));
    TRY(blob_open(cx, fs_join(cx->arena, program.data, "blobs")));
    TRY(db_store_open(cx, conninfo, &program.store));
    int rc = db_connect(cx, program.store, &cx->db);
    if (rc)
        program_close(cx);
    else
        take_demo_clock(cx);
    return rc;
}

void program_close(struct ctx *cx)
{
    if (cx->db)
        db_disconnect(cx->db);
    cx->db = NULL;
    if (program.store)
        db_store_close(program.store);
    program.store = NULL;
}

int program_lock(struct ctx *cx)
{
    if (program.lock >= 0)
        return 0;
    const char *path = fs_join(cx->arena, program.data, "lock");
    TRY(make_folder(cx));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fs_fail(cx, path, errno);
    char pid[32];
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t n = read(fd, pid, sizeof pid - 1);
        close(fd);
        pid[n > 0 ? n : 0] = '\0';
        return fail(cx, ERR_BUSY, "The data folder %s is in use by another process (%s).", program.data,
                    str_trim(cx->arena, pid));
    }
    int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || write(fd, pid, (size_t)n) != n) {
        int error = errno;
        close(fd);
        return fs_fail(cx, path, error);
    }
    program.lock = fd;
    return 0;
}

void program_unlock(void)
{
    if (program.lock >= 0)
        close(program.lock);
    program.lock = -1;
}

static int seed_tx(struct ctx *cx, void *arg)
{
    const struct module *m = arg;
    return m->seed(cx);
}

int program_seed(struct ctx *cx)
{
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->seed)
            TRY(db_tx(cx, seed_tx, (void *)modules[i]));
    return 0;
}

int program_migrate(struct ctx *cx, int *applied)
{
    TRY(migrate_up(cx, applied));
    return program_seed(cx);
}
