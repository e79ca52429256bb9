/* pack_format.h - the figures of the file format that reader and writer share; see pack.h. */
#ifndef GEO_PACK_FORMAT_H
#define GEO_PACK_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#define PACK_MAGIC "\x89SHQPK\r\n"
enum { PACK_MAGIC_BYTES = 8, PACK_VERSION = 1, PACK_HEAD_BYTES = 16, PACK_ENTRY_BYTES = 20 };

enum pack_section {
    SECTION_STRINGS,
    SECTION_SOURCES,
    SECTION_TERRITORIES,
    SECTION_LINKS,
    SECTION_ARCS,
    SECTION_OUTLINES,
    SECTION_POINTS,
    SECTION_COMPOSITIONS,
    SECTION_BASE,
    SECTION_COUNT
};
static const char PACK_SECTION_NAMES[SECTION_COUNT][5] = {"STRS", "SRCS", "TERR", "LINK", "ARCS",
                                                         "OUTL", "PNTS", "COMP", "BASE"};

/* What a reader accepts: about ten times the whole country, and little enough that a hostile file cannot take
 * more memory than an arena has (64 MB). */
enum {
    PACK_MAX_SECTION_BYTES = 16 << 20,
    PACK_MAX_STRING_BYTES = 6 << 20,
    PACK_MAX_STRINGS = 300000,
    PACK_MAX_SOURCES = 200,
    PACK_MAX_TERRITORIES = 60000,
    PACK_MAX_LINKS = 30000,
    PACK_MAX_ARCS = 100000,
    PACK_MAX_ARC_POINTS = 1000000,
    PACK_MAX_OUTLINES = 10000,
    PACK_MAX_OUTLINE_ARCS = 500000,
    PACK_MAX_OUTLINE_POINTS = 500000,
    PACK_MAX_POINTS = 100000,
    PACK_MAX_COMPOSITIONS = 60000,
    PACK_MAX_FEATURES = 20000,
    PACK_MAX_FEATURE_POINTS = 500000,
};
enum { PACK_BASE_QUANTUM = 100 }; /* micro-degrees */

#endif
