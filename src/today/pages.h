/* pages.h - models of the first screen, the public front page and the page about the program. */
#ifndef TODAY_PAGES_H
#define TODAY_PAGES_H

#include "base/vec.h"
#include "http/request.h"
#include "http/view.h"
#include "registry/registry.h"
#include "today/today_sql.h"

#include <string.h>

/* Something that needs the reader, with its one action. */
struct today_item {
    const char *title, *detail; /* ready texts */
    const char *href, *action;  /* where to, and the word on the button */
    const char *on_date;        /* when it is due; "" */
    bool attention, danger;     /* late; danger to life */
};

struct today_page {
    const char *on_date;
    VEC(struct today_item) items;
    VEC(struct today_item) news;   /* worth knowing, nothing to do */
    VEC(struct today_item) starts; /* what the reader may begin */
};

/* Collects them for the asker: items.c. */
int today_collect(struct request *rq, struct today_page *m);

struct front_page {
    const char *institution;
    struct today_offices_list offices;
    struct today_mediators_row mediators;
    int64_t branches;
    bool some_phone, demo;
};

struct about_page {
    const char *version;
    struct source_list_list sources;
    const char *licences; /* of fonts and scripts, as one text; "" */
};

extern const struct view today_view, front_view, about_view;
int today_get(struct request *rq);
int about_get(struct request *rq);

#endif
