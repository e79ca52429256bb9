/* view.h - one model, two faces: an HTML page and JSON with the same data.
 *
 * A handler fills a plain struct, the model. A view names the template that shows it and lists its
 * parts, so that the JSON answer and /openapi.json come from the same declaration. Row descriptions
 * of query results are made by tools/sqlc.c (`extern const struct row_desc case_list_row_desc`). */
#ifndef HTTP_VIEW_H
#define HTTP_VIEW_H

#include "base/fields.h"
#include "base/buf.h"

struct request;

enum view_part_kind {
    VIEW_ROW,   /* a struct embedded in the model at offset */
    VIEW_LINK,  /* a pointer to a struct at offset; NULL gives null */
    VIEW_LIST,  /* a struct { row *rows; size_t n; } at offset, as the :many functions give */
};

struct view_part {
    const char *name;
    enum view_part_kind kind;
    size_t offset;
    const struct row_desc *desc;
};

struct view {
    const char *name;  /* "disputes": schema name in /openapi.json */
    const char *title; /* msgid of the page title (a model may override: page_title in the template) */
    const char *nav;   /* path of the nav item that is current */
    void (*html)(struct request *rq, struct buf *o, const void *model); /* made from the .html file */
    const struct view_part *parts; /* ends with name NULL */
    unsigned flags;    /* VIEW_BARE: no navigation (sign-in, print sheets); VIEW_WIDE: full width (maps); */
    const char *script; /* an island this page needs, "map" -> assets/map-<hash>.js; NULL: none */
};
enum { VIEW_BARE = 1, VIEW_WIDE = 2 };

#endif
