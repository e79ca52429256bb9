/* search.h - finding places, bodies and proposals by the beginnings of words, in any spelling. */
#ifndef REGISTRY_SEARCH_H
#define REGISTRY_SEARCH_H

#include "base/ctx.h"

#include <stddef.h>

struct search_hit {
    const char *kind; /* "territory", "organisation", "proposal" */
    int64_t object_id;
    int64_t region_id; /* 0: of the republic (a region) */
};
struct search_hits {
    struct search_hit *rows;
    size_t n;
};

/* At most `most` objects of cx->region_id and of the republic whose words match every word of the query ("кент", "Kentau", "КЕНТАУ
 * ауд"; of a query six words count), exact words first. An empty query finds nothing. */
int registry_search(struct ctx *cx, const char *query, size_t most, struct search_hits *out);

#endif
