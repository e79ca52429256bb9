/* sources.h - where figures, names, points and lines come from, under which licence. */
#ifndef REGISTRY_SOURCES_H
#define REGISTRY_SOURCES_H

#include "http/request.h"
#include "http/view.h"
#include "registry/figures_sql.h"

struct sources_page {
    struct source_use_list list;
};
extern const struct view sources_view;
int sources_get(struct request *rq);

#endif
