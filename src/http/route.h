/* route.h - what a feature declares: addresses, who may call them, their forms and their views.
 * The router, the permission check, the form parser and /openapi.json all read these tables. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "http/request.h"
#include "http/view.h"

struct form;

enum route_flag {
    ROUTE_PUBLIC = 1,  /* for anybody, signed in or not */
    ROUTE_HEAVY = 2,   /* exports, passwords: runs in the second queue, never takes the last worker */
    ROUTE_UPLOAD = 4,  /* multipart with files; larger body limit */
    ROUTE_NO_CSRF = 8, /* POST without session: sign-in (own check), machine clients */
    /* GET: the page depends only on address, language, account, day and committed data, so it need not be made
     * twice (memo.h). Never kept: a body with the hidden keys of a form, answers with a header of the
     * handler's own, files. Not for pages whose reading is recorded. */
    ROUTE_MEMO = 16,
};

struct route {
    enum http_method method;
    const char *pattern;      /* "/disputes/{id}/triage"; {name} is one segment, {name*} the rest */
    int (*handle)(struct request *rq);
    int need;                 /* enum permission; 0 with ROUTE_PUBLIC, or: any signed-in account */
    unsigned flags;
    const struct form *form;  /* POST: the fields, checked before the handler runs */
    const struct view *view;  /* GET: what it answers, for /openapi.json */
    const char *summary;      /* msgid, one line, for /openapi.json and the permission audit page */
};

/* An entry of the main navigation. */
struct nav_item {
    const char *label;  /* msgid */
    const char *path;
    int need;           /* shown to those who have it; 0: everybody signed in */
    int order;          /* position; 0-99 main row, 100+ the second row (Registry, Administration) */
};

/* A sub-command of the binary. */
struct command {
    const char *name;    /* "quarter" */
    const char *summary; /* one line for --help */
    const char *usage;   /* the text of `shanyraq quarter --help` */
    int (*run)(struct ctx *cx, int argc, char **argv); /* argv[0] is the name; returns an enum err, or CLI_USAGE */
    unsigned flags;      /* CLI_NO_DB, CLI_NO_MIGRATION_CHECK */
};
/* CLI_WRONG_INPUT: a file that the command was given is wrong; err_text may have several lines. Exit status 2. */
enum { CLI_USAGE = -2, CLI_WRONG_INPUT = -3, CLI_STOPPED_STATUS = 130, CLI_NO_DB = 1, CLI_NO_MIGRATION_CHECK = 2 };

#endif
