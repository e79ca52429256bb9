/* registry.h - places, bodies and published numbers: what other features may ask of the registry. */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "base/ctx.h"
#include "db/db.h"
#include "module.h"
#include "registry/territory_sql.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pack;

extern const struct module registry_module;

enum territory_level { LEVEL_REPUBLIC, LEVEL_REGION, LEVEL_UNIT, LEVEL_OKRUG, LEVEL_SETTLEMENT };

/* A place and everything above it, from itself up to the republic. */
struct place_path {
    size_t n;
    struct place_step {
        int64_t region_id, id;
        int level;
        const char *name; /* in cx->lang */
    } steps[6];
};

/* Where a place stood in the tree on a day ("2025-03-01"). ERR_NOT_FOUND: no such place. */
int registry_path(struct ctx *cx, int64_t territory_id, const char *on_date, struct place_path *out);

/* The unit (district or city) that a place belonged to on a day; a unit gives itself. ERR_INVALID for
 * what is above the units. */
int registry_unit_of(struct ctx *cx, int64_t territory_id, const char *on_date, int64_t *unit_id);

/* The name in cx->lang: registry_name(cx, row.name_kk, row.name_ru, row.name_en). */
#define registry_name(cx, row) ctx_pick((cx), (row).name_kk, (row).name_ru, (row).name_en)

/* The region's own territory (level region) on a day. */
int registry_region_territory(struct ctx *cx, const char *on_date, int64_t *territory_id);

/* Writes a pack into the registry; inside db_tx. Regions found in the pack are added to the table region.
 * Several packs of one region (main, points, shares) are loaded one after the other, the main one first. */
int registry_load_pack(struct ctx *cx, const struct pack *p);

/* The identifier of a place is made of its code, so that every installation gives it the same one:
 * code * 16 + 1 for its first record, + 2 for the record after a change of name, and so on. */
int64_t registry_territory_id(const char *kato, int record);

/* Adds the words of up to n texts to the search index under (kind, object); replaces what stood there.
 * Inside db_tx. kind must be known to the search page (search.c). */
int registry_search_put(struct ctx *cx, const char *kind, int64_t object_id, const char *const *texts, size_t n);

/* The source with this code, or a new one with these titles (all languages alike). Inside db_tx. */
int registry_source(struct ctx *cx, const char *code, const char *title, const char *on_date, const char *licence,
                    const char *attribution, bool demo, int64_t *id);
/* The same with a title in each language. */
int registry_source_named(struct ctx *cx, const char *code, const char *const titles[LANG_COUNT], const char *on_date,
                          const char *licence, const char *attribution, bool demo, int64_t *id);

/* The address of a place's passport, "/places/0J3..."; in the arena. */
const char *registry_place_href(struct ctx *cx, int64_t territory_id);

#endif
