/* build.h - the parts of pack_build() among themselves; see pack.h for what they make. */
#ifndef GEO_BUILD_H
#define GEO_BUILD_H

#include "base/vec.h"
#include "geo/geojson.h"
#include "geo/pack.h"
#include "geo/topology.h"

/* --- CSV with a header line; cells with commas stand in quotes (RFC 4180) --- */
struct csv_table {
    const char **header;
    size_t n_columns, n_rows;
    const char **cells; /* n_rows * n_columns */
    const size_t *lines; /* of each row, for messages */
};
/* Reads a file of the source folder. ERR_INVALID names file, line and column. */
int build_read_csv(struct ctx *cx, const char *folder, const char *name, struct csv_table *out);
/* The column of that name, or ERR_INVALID. */
int build_column(struct ctx *cx, const struct csv_table *t, const char *file, const char *name, size_t *out);
static inline const char *build_cell(const struct csv_table *t, size_t row, size_t column)
{
    return t->cells[row * t->n_columns + column];
}

/* --- names --- */
/* Latin letters for a Kazakh (or Russian) name, by the table in build_names.c. */
const char *build_transliterate(struct arena *a, const char *name);
/* What a row of the classifier is, and its names written out. level: the classifier's own word. */
void build_name_row(struct arena *a, const char *level, const char *type_code, const char *ru, const char *kk,
                    struct pack_territory *t);
/* English name of a region or district from the bare name of the boundary file. */
const char *build_english(struct arena *a, enum pack_kind kind, const char *bare);

/* --- the work --- */
enum build_source {
    SOURCE_KATO,
    SOURCE_CHANGES,
    SOURCE_BOUNDARIES,
    SOURCE_KENTAU_SAURAN,
    SOURCE_GEONAMES,
    SOURCE_BASEMAP,
    SOURCE_CENSUS,
    SOURCE_MAIN_COUNT
};

/* An area of a boundary file, of the edition 2018 or 2024. */
struct build_area {
    const char *code, *region; /* with the known wrong codes put right */
    const char *en, *kk, *ru; /* bare names, as the file has them */
    const struct shape *shape;
    struct geo_point label;
    bool is_region;
    bool approximate; /* Kentau and Sauran as derived */
};

/* That `code` followed `before` on a date. */
struct build_change {
    const char *code, *before;
    const char *date;
    enum pack_link_kind kind;
    unsigned flags;
    bool reused; /* `code` meant another place before */
};

typedef VEC(struct build_area) build_areas;

struct build {
    struct ctx *cx;
    const char *from, *region; /* "61" or "all" */
    struct pack_build_result *result;
    struct pack *main;
    build_areas now, before; /* editions 2024 and 2018 */
    VEC(struct build_change) changes;
    VEC(struct pack_territory) territories;
    VEC(struct pack_link) links;
    VEC(struct pack_outline) outlines;
    VEC(const char *) notes;
};

/* Is a code part of the wanted region (all of it: "all")? */
bool build_wants(const struct build *b, const char *code);
bool build_is_region_code(const char *code);
void build_note(struct build *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

int build_read_areas(struct build *b);     /* now, before */
void build_find_changes(struct build *b);  /* changes */
int build_tree(struct build *b);           /* territories, links */
int build_outlines(struct build *b);       /* outlines, arcs */
int build_points(struct build *b, const char *file, unsigned source, struct pack *into);
int build_base_map(struct build *b);
int build_census(struct build *b);
int build_shares(struct build *b, struct pack *into);

const struct build_area *build_find_area(const build_areas *areas, const char *code);
/* The district or region (as wanted) that a point lies in. */
const struct build_area *build_area_at(const build_areas *areas, struct geo_point p, bool is_region);
const struct build_change *build_change_of(const struct build *b, const char *code);

#endif
