/* ctx.h - what every piece of work carries: memory, database, who asks, in which language,
 * and the last error. One struct ctx belongs to one request, job or command, and to one thread. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct db;

enum lang { LANG_KK, LANG_RU, LANG_EN, LANG_COUNT };

/* What may go wrong. Invalid *input* of a form is data (messages at its fields), not an error. */
enum err {
    OK = 0,
    ERR_NOT_FOUND, /* no such thing, or the asker may not know that it exists */
    ERR_DENIED,    /* the asker lacks the permission */
    ERR_INVALID,   /* a value, file or state that does not make sense; the message says which */
    ERR_CONFLICT,  /* somebody else changed it, or it exists already */
    ERR_BUSY,      /* try again */
    ERR_LIMIT,     /* too large, too many, too often */
    ERR_IO,        /* file or network */
    ERR_DB,        /* the database refused */
    ERR_NUMERIC,   /* a computation has no trustworthy result */
    ERR_COUNT
};

struct ctx {
    struct arena *arena; /* everything of this work lives here */
    struct db *db;       /* this thread's connection; NULL where no database is needed */
    int64_t region_id;   /* whose data: the region's two-digit KATO prefix, 61 is Turkistan region */
    int64_t account_id;  /* who asks; 0: nobody signed in, or the command line */
    enum lang lang;

    /* Translates a message; set by main, NULL in pure tests (base knows no languages). */
    const char *(*translate)(enum lang lang, const char *msgid);

    /* Set by main for a command that works on the database: see cli_database() of base/config.h. */
    int (*open_database)(struct ctx *cx);

    /* Long work tells how far it is and asks whether to stop; both may be NULL. */
    void (*progress)(struct ctx *cx, int64_t done, int64_t total, const char *doing);
    bool (*cancelled)(struct ctx *cx);
    void *work; /* belongs to whoever set progress and cancelled */

    /* The last error, set by fail(). */
    enum err err;
    const char *err_text; /* for the user, in cx->lang */
    const char *err_file; /* for the log */
    int err_line;
};

/* Records an error and returns its code: `return fail(cx, ERR_NOT_FOUND, "No case %s.", id);`
 * msgid is an English sentence for the user (translated; see src/i18n) with printf arguments. */
#define fail(cx, code, ...) ctx_fail((cx), (code), __FILE__, __LINE__, __VA_ARGS__)
int ctx_fail(struct ctx *cx, enum err code, const char *file, int line, const char *msgid, ...)
    __attribute__((format(printf, 5, 6)));

/* Returns early when f fails; the error is already recorded. */
#define TRY(f)                                                                                     \
    do {                                                                                           \
        int try_rc_ = (f);                                                                         \
        if (try_rc_)                                                                               \
            return try_rc_;                                                                        \
    } while (0)

/* The HTTP status and the short English name of a code. */
int err_http_status(enum err code);
const char *err_name(enum err code);

/* Of three texts the one of cx->lang; if that is empty, the first that is not, kk before ru before en. */
const char *ctx_pick(const struct ctx *cx, const char *kk, const char *ru, const char *en);

/* Reports progress if somebody listens. True: the work was asked to stop. */
bool ctx_progress(struct ctx *cx, int64_t done, int64_t total, const char *doing);

#endif
