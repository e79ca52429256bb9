/* sources.c - where figures come from: writing a source down, and /sources: every source with its licence,
 * attribution and what rests on it. */
#include "registry/sources.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include "registry/export.h"
#include "registry/pack_load_sql.h"
#include "registry/registry.h"
#include "registry/sources_html.h"

int registry_source_named(struct ctx *cx, const char *code, const char *const titles[LANG_COUNT],
                          const char *on_date, const char *licence, const char *attribution, bool demo,
                          int64_t *id)
{
    TRY(load_source(cx,
                    &(struct load_source_in){.region_id = cx->region_id,
                                             .id = db_new_id(),
                                             .code = code,
                                             .title_kk = titles[LANG_KK],
                                             .title_ru = titles[LANG_RU],
                                             .title_en = titles[LANG_EN],
                                             .on_date = str_or_empty(on_date),
                                             .licence = str_or_empty(licence),
                                             .attribution = str_or_empty(attribution),
                                             .demo = demo},
                    NULL));
    struct source_by_code_row row;
    bool found = false;
    TRY(source_by_code(cx, cx->region_id, code, &row, &found));
    if (!found)
        return fail(cx, ERR_DB, "The source %s could not be written.", code);
    *id = row.id;
    return OK;
}

int registry_source(struct ctx *cx, const char *code, const char *title, const char *on_date,
                    const char *licence, const char *attribution, bool demo, int64_t *id)
{
    return registry_source_named(cx, code, (const char *const[]){title, title, title}, on_date, licence,
                                 attribution, demo, id);
}

int sources_get(struct request *rq)
{
    struct sources_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    TRY(source_use(rq->cx, rq->cx->region_id, &m->list));
    const char *format = export_asked(rq);
    if (format)
        return export_respond(rq, format, "sources", T(rq->cx, "Sources"), &source_use_row_desc, m->list.rows,
                              m->list.n);
    return respond_view(rq, &sources_view, m);
}

const struct view sources_view = {
    .name = "sources",
    .title = N_("Sources"),
    .nav = "/sources",
    .html = registry_sources_html,
    .parts = (const struct view_part[]){
        {"sources", VIEW_LIST, offsetof(struct sources_page, list), &source_use_row_desc}, {0}}};
