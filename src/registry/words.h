/* words.h - small things that the registry's pages share: the day asked for, words for kinds and levels. */
#ifndef REGISTRY_WORDS_H
#define REGISTRY_WORDS_H

#include "http/request.h"

/* ?date=2020-05-01, or today. A date that is none is today: the page says which day it shows. */
const char *registry_asked_date(struct request *rq);
const char *registry_today(struct ctx *cx);

/* A query parameter without white space around it; "" where it is absent. */
const char *registry_asked(struct request *rq, const char *name);

/* Translated words for territory.kind, enum territory_level, territory_change.kind, territory.point_status. */
const char *place_kind_name(struct ctx *cx, const char *kind);
const char *place_level_name(struct ctx *cx, int64_t level);
const char *place_change_name(struct ctx *cx, const char *kind);
const char *point_status_name(struct ctx *cx, const char *status);

#endif
