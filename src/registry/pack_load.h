/* pack_load.h - shared by pack_load.c (a pack as a whole, and what lies on its places) and pack_places.c (the
 * places themselves: rows, parents, changes, words). */
#ifndef REGISTRY_PACK_LOAD_H
#define REGISTRY_PACK_LOAD_H

#include "base/ctx.h"
#include "base/map.h"
#include "base/vec.h"
#include "geo/pack.h"

#include <stdint.h>

/* A territory row in the making. */
struct packed_place {
    int64_t region_id, id;
    const struct pack_territory *first, *last;
    struct packed_place *next; /* the row of the same code after this one */
};

struct packed_parent {
    int64_t region_id, territory_id, parent_id;
    const char *valid_from, *valid_to;
};
struct packed_word {
    int64_t region_id, object_id;
    const char *word;
};

enum { PACK_LOADER_REGIONS = 100 }; /* codes begin with two digits; 0 is the republic */

struct pack_loader {
    const struct pack *pack;
    int64_t region_id;   /* of a pack of one region; -1: decided by the code */
    struct map *by_code; /* code -> the first struct packed_place of that code */
    /* Of each region met: the ids of the pack's sources there; NULL: not met yet. */
    int64_t *sources[PACK_LOADER_REGIONS];
    struct map *have;         /* what the database holds of the regions met: id -> struct load_have_row */
    struct map *have_parents; /* pack_loader_parent_key() -> struct load_have_parents_row */
    struct map *aliases;      /* code -> other names people search for, in one text */
    VEC(const struct packed_place *) fresh; /* new rows, written in bulk */
    VEC(struct packed_parent) fresh_parents;
    VEC(struct packed_word) fresh_words;
    size_t next; /* of the list that is being written */
};

/* Before the first row of a region: its classifiers, the pack's sources, and what the database holds of it.
 */
int pack_loader_enter(struct ctx *cx, struct pack_loader *ld, int64_t region_id);
/* The id of the pack's n-th source in a region that was entered. */
int64_t pack_loader_source(const struct pack_loader *ld, int64_t region_id, unsigned source);
const char *pack_loader_parent_key(struct ctx *cx, int64_t territory_id, const char *valid_from);

/* Groups the pack's records into rows and writes what differs from the database. */
int packed_places_put(struct ctx *cx, struct pack_loader *ld);

/* The row of a code that holds on a day (NULL: now); the newest one where none does. */
const struct packed_place *packed_place_on(const struct pack_loader *ld, const char *code, const char *date);
/* The row of a code for a record's period. An open start says nothing ("" is not "now"): then the row that
 * holds until the period's end is meant. */
const struct packed_place *packed_place_during(const struct pack_loader *ld, const char *code,
                                               const char *from, const char *to);

#endif
