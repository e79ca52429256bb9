/* pack.h - region packs: places, outlines, points and published figures of a region in one small file.
 *
 * A pack holds what a fresh installation has to know about the land: the dated tree of territories
 * (KATO codes, names in kk/ru/en), predecessors and successors, outlines in two tolerances, points of
 * settlements, published composition, a base map, and for every record the source with its licence.
 * `shanyraq pack build` makes packs from published files; `shanyraq import pack` loads them.
 *
 * Reading:
 *     struct pack *p;
 *     TRY(pack_open(cx, bytes, len, &p));           // checks everything; the file is not trusted
 *     for (size_t i = 0; i < p->n_territories; i++) // parents stand before their children
 *         use(&p->territories[i]);
 *     const struct shape *s = pack_outline_shape(cx->arena, p, &p->outlines[0]);
 * All arrays, strings and shapes live in the arena. Nothing of the pack is NULL except where said.
 *
 * One pack, one licence family: what comes from OpenStreetMap (ODbL) and from Wikipedia (CC BY-SA) is
 * kept in packs of its own beside the main one, and refers to the main pack's places by KATO code.
 * The same sources give the same bytes.
 *
 * --- The file, byte by byte ---------------------------------------------------------------------------
 * Fixed integers are little-endian; `v` is an unsigned LEB128 varint, `z` a zigzag varint (base/buf.h).
 *   0   8   magic 89 53 48 51 50 4B 0D 0A ("\x89SHQPK\r\n": a changed line end shows at once)
 *   8   2   version, 1
 *   10  2   number of sections
 *   12  4   CRC-32 of the section table
 *   16  20  per section: u32 type (four letters), u32 offset from the start of the file, u32 bytes as
 *           stored, u32 bytes unpacked, u32 CRC-32 of the unpacked bytes
 *   ...     the sections, zlib streams, without gaps in the order of the table
 * Sections (each at most once, in this order; a missing one is empty; an unknown one is an error):
 *   STRS  v count; per string: v length, bytes of UTF-8 without NUL. String 0 is "" and stands for
 *         "absent". All other sections name strings by number (`s`, a v).
 *   SRCS  s name of the pack, s region ("61" or "all"), s as_of; v count; per source: s key, s title,
 *         s attribution, s licence, s licence_url, s changes
 *   TERR  v count; per record: s code, s parent, v level, v kind, v flags, s kk, s ru, s en, s valid_from,
 *         s valid_to, v source
 *   LINK  v count; per link: s from, s to, v kind, s date, v flags, v source
 *   ARCS  v count of tolerances (2); per tolerance: v quantum in micro-degrees, v count of arcs; per arc:
 *         v count of points (>= 2), then per point z dx, z dy in quanta (the first point of an arc is
 *         relative to the last point of the arc before it)
 *   OUTL  v count; per outline: s code, s valid_from, s valid_to, v flags, v source, v tolerance,
 *         z label x, z label y (micro-degrees), v count of rings; per ring: v count of arcs, then per arc
 *         v (number * 2 + 1 if the arc runs backwards). The end of an arc is the start of the next.
 *   PNTS  v count; per point: s code, z dx, z dy (micro-degrees, relative to the point before), v rank,
 *         v candidates, v spread in metres, v flags, v source, s id in the source
 *   COMP  v count; per figure: s code, s date, s community, v share in hundredths of a percent plus 1 (0:
 *         absent), v count plus 1 (0: absent), v population plus 1 (0: absent), v flags, v source
 *   BASE  v count; per feature: v layer, s name, v rank, v smallest zoom in tenths, v kind of shape,
 *         v source, v count of parts; per part v count of points; then per point z dx, z dy in units of
 *         100 micro-degrees, relative to the point before it (the first point of a feature to 0, 0) */
#ifndef GEO_PACK_H
#define GEO_PACK_H

#include "base/ctx.h"
#include "geo/shape.h"

#include <stddef.h>

enum pack_level { PACK_REPUBLIC, PACK_REGION, PACK_DISTRICT, PACK_OKRUG, PACK_SETTLEMENT, PACK_LEVEL_COUNT };

/* What a territory is. Of the settlements only VILLAGE, TOWN, STATION and CITY count as settlements where people live
 * as a community (pack_kind_inhabited()); the classifier also lists farms, winterings, single houses. */
enum pack_kind {
    PACK_KIND_REPUBLIC,
    PACK_KIND_REGION,
    PACK_KIND_REPUBLICAN_CITY, /* city of republican significance: a region of its own */
    PACK_KIND_DISTRICT,
    PACK_KIND_REGIONAL_CITY,   /* city of regional significance, at the level of districts */
    PACK_KIND_CITY_DISTRICT,   /* district within a city of republican significance */
    PACK_KIND_RURAL_OKRUG,
    PACK_KIND_TOWN_OKRUG,      /* administration of a town (kent, posyolok) */
    PACK_KIND_CITY,            /* a city, at the level of okrugs or of settlements */
    PACK_KIND_TOWN,            /* kent, posyolok */
    PACK_KIND_VILLAGE,
    PACK_KIND_STATION,         /* railway station or siding with a settlement code */
    PACK_KIND_FARM,            /* farm, section, brigade */
    PACK_KIND_WINTERING,       /* herders' wintering place or house */
    PACK_KIND_OTHER,           /* pumping station, mast, sanatorium, single houses ... */
    PACK_KIND_COUNT
};

enum pack_flag {
    PACK_EN_DERIVED = 1,   /* the English name is transliterated from Kazakh, not published */
    PACK_FROM_APPROX = 2,  /* valid_from (of a link: date) is not in the sources to the day: to be checked */
    PACK_TO_APPROX = 4,    /* the same of valid_to */
    PACK_CODE_APPROX = 8,  /* the code in force then is not in the sources: a later or a derived one stands for it */
    PACK_SHAPE_APPROX = 16,/* the outline is approximate, not an official line */
    PACK_AMBIGUOUS = 32,   /* a person has to choose the point */
    PACK_DEMO = 64,        /* for demonstration and sanity checks only */
    PACK_CODE_REUSED = 128,/* another place has this code in another period: not the same place */
};

/* A period of a place. An earlier period of a district or okrug whose code of then is not in the sources stands under its later
 * code (PACK_CODE_APPROX), so that the tree is whole on any date. A place whose parent or name changed has one
 * record per period, with the same code. Dates are ISO "2018-06-19"; valid_to is the first day on which the record
 * is no longer valid;
 * NULL: unknown start, or still valid. */
struct pack_territory {
    const char *code;   /* KATO, nine digits; "000000000" is the republic */
    const char *parent; /* code; NULL: the republic, or (in a pack without it) the region */
    enum pack_level level;
    enum pack_kind kind;
    unsigned flags; /* PACK_EN_DERIVED, PACK_FROM_APPROX, PACK_TO_APPROX, PACK_CODE_APPROX */
    /* "Сауран ауданы", "район Сауран", "Sauran District"; of settlements the bare name ("Шорнақ"). */
    const char *kk, *ru, *en;
    const char *valid_from, *valid_to;
    unsigned source; /* index of pack.sources */
};

enum pack_link_kind { PACK_SPLIT, PACK_MERGE, PACK_RENAME, PACK_RECODE, PACK_LINK_KIND_COUNT };

/* `from` was followed by `to` (wholly or partly). With PACK_SPLIT `from` may live on beside `to`. */
struct pack_link {
    const char *from, *to; /* codes; `from` may be a code that the pack has no record of */
    enum pack_link_kind kind;
    const char *date; /* NULL: unknown */
    unsigned flags;   /* PACK_FROM_APPROX, PACK_CODE_APPROX */
    unsigned source;
};

enum pack_tolerance { PACK_OVERVIEW, PACK_DETAIL, PACK_TOLERANCE_COUNT };

/* An outline of a place in a period. Outlines of one tolerance share their borders point by point.
 * PACK_OVERVIEW suits the whole country (zoom below 8), PACK_DETAIL a district. */
struct pack_outline {
    const char *code;
    const char *valid_from, *valid_to; /* as in pack_territory */
    unsigned flags;                    /* PACK_SHAPE_APPROX, PACK_FROM_APPROX, PACK_TO_APPROX */
    unsigned source;
    enum pack_tolerance tolerance;
    struct geo_point label; /* a point well inside, for the name */
    size_t n_rings;
    const uint32_t *ring_starts; /* n_rings + 1 indexes into arcs */
    const uint32_t *arcs;        /* arc number * 2 + (1: backwards) */
};

/* A point proposed for a settlement. Rank 0 is the proposal of the pack, 1.. are other candidates of the
 * same place. Of several packs the best proposal is the one that pack_point_better() prefers. */
struct pack_point {
    const char *code;
    struct geo_point at;
    unsigned rank;
    unsigned candidates; /* how many places of that name the source has in the district */
    unsigned spread_m;   /* how far apart they lie, metres */
    unsigned flags;      /* PACK_AMBIGUOUS */
    unsigned source;
    const char *source_id; /* GeoNames or OpenStreetMap id; NULL: none */
};

/* A published share (or count) of a community in a place. */
struct pack_composition {
    const char *code;
    const char *date;      /* "2021", or "2021-01-01" */
    const char *community; /* key: "kazakh", "uzbek", ..., "other" */
    bool has_share;
    double share; /* 0..1 */
    int64_t count;      /* -1: absent */
    int64_t population; /* of the place in the same source; -1: absent */
    unsigned flags;     /* PACK_DEMO */
    unsigned source;
};

enum pack_layer { PACK_RIVERS, PACK_LAKES, PACK_BORDERS, PACK_PLACES, PACK_LAYER_COUNT };

struct pack_feature {
    enum pack_layer layer;
    const char *name; /* NULL: none. Names of the base map are not official ones. */
    unsigned rank;    /* 0: most important */
    double min_zoom;
    unsigned source;
    const struct shape *shape;
};

/* Where records come from; attribution has to be shown with the map, licence with the data. */
struct pack_source {
    const char *key;         /* "kato-2026", "geonames" */
    const char *title;
    const char *attribution;
    const char *licence;     /* "CC BY 4.0" */
    const char *licence_url; /* NULL: none */
    const char *changes;     /* what was altered */
};

struct pack {
    const char *name, *region; /* region: "61" or "all" */
    const char *as_of;         /* date of the newest source */
    size_t n_sources, n_territories, n_links, n_outlines, n_points, n_compositions, n_features;
    struct pack_source *sources;
    struct pack_territory *territories;
    struct pack_link *links;
    struct pack_outline *outlines;
    struct pack_point *points;
    struct pack_composition *compositions;
    struct pack_feature *features;
    struct pack_arcs {
        unsigned quantum; /* micro-degrees */
        size_t n;
        uint32_t *starts; /* n + 1 indexes into points */
        struct geo_point *points;
    } arcs[PACK_TOLERANCE_COUNT];
};

/* Reads a pack from memory. Every length, number and reference is checked before use; ERR_INVALID names the section and
 * byte, ERR_LIMIT a pack over the limits. The bytes may be freed afterwards. */
int pack_open(struct ctx *cx, const void *bytes, size_t len, struct pack **out);

/* Joins the arcs of an outline to an area. */
struct shape *pack_outline_shape(struct arena *a, const struct pack *p, const struct pack_outline *o);

/* The outline of a place on a date ("2024-05-01"; NULL: the newest), or NULL. */
const struct pack_outline *pack_find_outline(const struct pack *p, const char *code, const char *date,
                                             enum pack_tolerance tolerance);

/* The codes of places whose outlines share a border with o (both regions or both below
 * the regions, same tolerance) and are valid on the date (NULL: now). */
const char **pack_neighbours(struct arena *a, const struct pack *p, const struct pack_outline *o, const char *date,
                             size_t *n);

/* True if a record with that validity holds on the date; NULL dates are open, date NULL is "now". */
bool pack_valid_on(const char *valid_from, const char *valid_to, const char *date);

/* True if a is the better proposal: not ambiguous before ambiguous, rank 0 before others, GeoNames (the main pack) first. */
bool pack_point_better(const struct pack *pa, const struct pack_point *a, const struct pack *pb,
                       const struct pack_point *b);

bool pack_kind_inhabited(enum pack_kind kind);

/* Stable keys for storage and JSON: "district", "rural_okrug" ... */
const char *pack_level_key(enum pack_level level);
const char *pack_kind_key(enum pack_kind kind);
const char *pack_link_kind_key(enum pack_link_kind kind);
const char *pack_layer_key(enum pack_layer layer);

/* Writes p (the inverse of pack_open); the same pack gives the same bytes. */
struct buf;
int pack_write(struct ctx *cx, const struct pack *p, struct buf *out);

/* Builds packs from published files under `from` (layout: from/kato, from/boundaries ...). region: "61" or "all".
 * The three packs hold: the main data; points from OpenStreetMap; published composition under CC BY-SA. */
struct pack_build_result {
    struct pack *main, *osm, *shares; /* osm, shares: NULL where nothing came of it */
    size_t n_level[PACK_LEVEL_COUNT];
    size_t n_inhabited;      /* settlements of an inhabited kind */
    size_t n_pointed;        /* of these, with a point that is not ambiguous */
    size_t n_ambiguous;      /* of these, with ambiguous points only */
    size_t n_without_point;  /* of these, without any */
    size_t n_outlined;       /* regions and districts with an outline now */
    size_t n_not_outlined;
    const char **notes;      /* sentences: gaps met and how each was closed */
    size_t n_notes;
};
int pack_build(struct ctx *cx, const char *from, const char *region, struct pack_build_result *out);

#endif
