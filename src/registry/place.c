/* place.c - the dated tree of places: paths, units, names. See registry.h. */
#include "registry/registry.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "registry/tree_sql.h"

/* A place of the region, or of the republic (region_id 0), to which regions belong. */
static int place_find(struct ctx *cx, int64_t id, struct territory_by_id_row *out)
{
    bool found = false;
    struct territory_exists_row row;
    TRY(territory_exists(cx, cx->region_id, id, &row, &found));
    return territory_by_id(cx, found ? cx->region_id : 0, id, out);
}

static int place_parent(struct ctx *cx, int64_t region_id, int64_t id, const char *on_date, int64_t *parent, bool *found)
{
    struct territory_parent_on_row row = {0};
    TRY(territory_parent_on(cx, region_id, id, on_date, &row, found));
    *parent = row.parent_id;
    return OK;
}

int registry_path(struct ctx *cx, int64_t territory_id, const char *on_date, struct place_path *out)
{
    *out = (struct place_path){0};
    int64_t id = territory_id;
    while (out->n < sizeof out->steps / sizeof *out->steps) {
        struct territory_by_id_row row;
        TRY(place_find(cx, id, &row));
        out->steps[out->n++] = (struct place_step){row.region_id, id, (int)row.level, registry_name(cx, row)};
        bool found = false;
        TRY(place_parent(cx, row.region_id, id, on_date, &id, &found));
        if (!found)
            break;
    }
    return OK;
}

int registry_unit_of(struct ctx *cx, int64_t territory_id, const char *on_date, int64_t *unit_id)
{
    struct place_path path;
    TRY(registry_path(cx, territory_id, on_date, &path));
    for (size_t i = 0; i < path.n; i++) {
        if (path.steps[i].level == LEVEL_UNIT) {
            *unit_id = path.steps[i].id;
            return OK;
        }
    }
    return fail(cx, ERR_INVALID, "%s does not lie in a district or city.", path.n ? path.steps[0].name : "");
}

int registry_region_territory(struct ctx *cx, const char *on_date, int64_t *territory_id)
{
    struct region_by_id_row region;
    bool found = false;
    TRY(region_by_id(cx, cx->region_id, &region, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "This database does not hold the region.");
    struct territory_by_kato_row row;
    TRY(territory_by_kato(cx, 0, region.kato, on_date, &row, &found));
    if (found) {
        *territory_id = row.id;
        return OK;
    }
    /* Before the region was formed: what it carries on (South Kazakhstan region until June 2018). */
    TRY(territory_by_kato(cx, 0, region.kato, "", &row, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "This database does not hold the region.");
    struct tree_predecessor_row before;
    TRY(tree_predecessor(cx, 0, row.id, on_date, &before, &found));
    *territory_id = found ? before.from_id : row.id;
    return OK;
}

int64_t registry_territory_id(const char *kato, int record)
{
    int64_t code = 0;
    if (!str_to_int(kato, 0, 999999999, &code))
        die("\"%s\" is not a code of the classifier", kato);
    return code * 16 + record;
}

const char *registry_place_href(struct ctx *cx, int64_t territory_id)
{
    return arena_printf(cx->arena, "/places/%s", id_text(cx->arena, territory_id));
}
