/* find.h - the search page and the suggestions under the search field. */
#ifndef REGISTRY_FIND_H
#define REGISTRY_FIND_H

#include "http/request.h"
#include "http/view.h"

struct find_result {
    const char *kind;                  /* of the group it stands in: a word for people */
    const char *label, *detail, *href; /* name; where it belongs; address */
};
struct find_page {
    const char *query;
    struct { struct find_result *rows; size_t n; } results; /* grouped by kind */
    bool more; /* there are more than are shown */
};

extern const struct view find_view;
int find_get(struct request *rq);

#endif
