/* sources.c - /sources: every source with its licence, attribution and what rests on it. */
#include "registry/sources.h"

#include "base/arena.h"
#include "i18n/i18n.h"
#include "registry/export.h"
#include "registry/sources_html.h"

int sources_get(struct request *rq)
{
    struct sources_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    TRY(source_use(rq->cx, rq->cx->region_id, &m->list));
    const char *format = export_asked(rq);
    if (format)
        return export_respond(rq, format, "sources", T(rq->cx, "Sources"), &source_use_row_desc, m->list.rows, m->list.n);
    return respond_view(rq, &sources_view, m);
}

const struct view sources_view = {
    .name = "sources", .title = N_("Sources"), .nav = "/sources", .html = registry_sources_html,
    .parts = (const struct view_part[]){{"sources", VIEW_LIST, offsetof(struct sources_page, list), &source_use_row_desc}, {0}}};
