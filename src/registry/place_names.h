/* place_names.h - which place a written name or code means: for forms and importers. Every spelling that base/str.h folds
 * together is understood, with the word for the kind ("Кентау қаласы") or without it; a name that several places bear is
 * never guessed. */
#ifndef REGISTRY_PLACE_NAMES_H
#define REGISTRY_PLACE_NAMES_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct place_names;

struct place_match {
    size_t n; /* how many places fit: 1 is an answer, 0 and several are not */
    struct place_candidate {
        int64_t id;
        int level;
        const char *kato, *name, *above; /* above: the unit it belongs to, "" for units */
    } rows[8];               /* the first of them */
    size_t shown;
};

/* The places of cx->region_id on a day (the region itself is none of them). Lives in cx->arena. */
int place_names_load(struct ctx *cx, const char *on_date, struct place_names **out);

/* text: a name or a KATO code; district: the name of the unit it lies in, or "". */
void place_names_find(struct ctx *cx, const struct place_names *names, const char *text, const char *district,
                      struct place_match *out);

/* "Шорнақ (615500000, Сауран ауданы); ...": the candidates, for a message. */
const char *place_match_text(struct ctx *cx, const struct place_match *m);

/* The place that must be: ERR_INVALID naming it where none fits or several do. */
int place_names_need(struct ctx *cx, const struct place_names *names, const char *text, int64_t *id);

#endif
