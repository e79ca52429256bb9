/* model.h - one question of the ethnomap: an indicator, a period and a day, answered for every unit of that day.
 *
 * The same struct makes the page, its table, the JSON, the tiles, the printed map and the export: a value that is
 * protected is not in it at all. */
#ifndef ETHNOMAP_MODEL_H
#define ETHNOMAP_MODEL_H

#include "base/ctx.h"
#include "base/fields.h"
#include "ethnomap/map_sql.h"
#include "http/request.h"

#include <stddef.h>
#include <stdint.h>

enum map_kind {
    MAP_FIGURE,   /* a published figure: an indicator of the registry */
    MAP_SURVEY,   /* a share of survey answers with its interval */
    MAP_DISPUTES, /* disputes (or offences) per 10,000 people in a year that is over, protected */
    MAP_MIX,      /* how mixed a place is: a property of the place, never of a people */
};

struct map_indicator {
    const char *code, *name, *unit; /* in cx->lang */
    const char *definition, *group;
    enum map_kind kind;
    int64_t decimals, direction;
};

struct map_class { /* a line of the legend */
    int64_t number; /* 1..5 */
    const char *text;
    int64_t places;
    double from, to; /* of the values in it */
};

struct map_row {
    int64_t id;
    const char *kato, *name, *href;
    struct opt_num value, low, high;
    struct opt_int n; /* answers, or disputes behind the value */
    const char *value_text, *interval_text, *period, *source;
    bool hidden, demo;
    int64_t class_number; /* 0: no information or protected */
    struct opt_int figure_id; /* of the observation or estimate */
};

struct map_model {
    const char *on_date, *today;
    struct map_indicator chosen;
    const char *period, *period_text; /* "": nothing is on record */
    struct { struct map_indicator *rows; size_t n; } indicators;
    struct { struct map_period { const char *code, *text; } *rows; size_t n; } periods;
    struct { struct map_row *rows; size_t n; } units;
    struct { struct map_class *rows; size_t n; } classes;
    int64_t n_none, n_hidden;
    bool demo;
};

/* What the account may ask about; indicators of disputes and of surveys need their own permissions. */
int map_indicators(struct ctx *cx, uint64_t permissions, struct map_indicator **rows, size_t *n);

/* code, period and on_date may be NULL or "": the first indicator, the newest period, today. ERR_NOT_FOUND: no such
 * indicator (or not for this account); ERR_INVALID: the day is none, or the period. */
int map_model_load(struct ctx *cx, uint64_t permissions, const char *code, const char *period, const char *on_date,
                   struct map_model *m);

/* "2018-01-01", today where text is NULL or ""; ERR_INVALID otherwise. */
int map_date(struct ctx *cx, const char *text, const char **on_date);

/* The definition of an indicator in cx->lang, as far as it is one of the standard ones. */
const char *map_definition(struct ctx *cx, const char *definition);

/* 2023, 2025-Q2 and dates for people. */
const char *map_period_text(struct ctx *cx, const char *period);

/* Fills classes and the rows' class_number from the shown values. */
void map_classify(struct ctx *cx, struct map_model *m);

/* A number that changes when anything that the map of this question shows changes. */
uint64_t map_model_stamp(const struct map_model *m, enum lang lang);

/* Hash of a text, continued from h (FNV-1a 64); start with 0. */
uint64_t map_hash(uint64_t h, const void *data, size_t n);

extern const struct row_desc map_row_desc, map_class_desc, map_indicator_desc, map_period_desc;

#endif
