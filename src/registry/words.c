/* words.c - see words.h. */
#include "registry/words.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "registry/registry.h"

struct word {
    const char *key, *name;
};

static const char *word_of(struct ctx *cx, const struct word *words, const char *key)
{
    for (; words->key; words++)
        if (str_eq(words->key, key))
            return T(cx, words->name);
    return key;
}

const char *registry_today(struct ctx *cx)
{
    return date_text(cx->arena, date_today(NULL));
}

const char *registry_asked_date(struct request *rq)
{
    struct date d;
    const char *asked = rq_query(rq, "date");
    return date_parse(asked, &d) ? asked : registry_today(rq->cx);
}

const char *registry_asked(struct request *rq, const char *name)
{
    const char *v = rq_query(rq, name);
    return v ? str_trim(rq->cx->arena, v) : "";
}

const char *place_kind_name(struct ctx *cx, const char *kind)
{
    static const struct word KINDS[] = {
        {"republic", N_("republic")}, {"region", N_("region")}, {"city", N_("city")}, {"district", N_("district")},
        {"okrug", N_("rural okrug")}, {"town", N_("township")}, {"village", N_("village")},
        {"minor", N_("farm, siding or other small place")}, {0}};
    return word_of(cx, KINDS, kind);
}

const char *place_level_name(struct ctx *cx, int64_t level)
{
    static const char *const LEVELS[] = {N_("Republic"), N_("Region"), N_("District or city"), N_("Rural okrug"), N_("Settlement")};
    return level >= 0 && level <= LEVEL_SETTLEMENT ? T(cx, LEVELS[level]) : "";
}

const char *place_change_name(struct ctx *cx, const char *kind)
{
    static const struct word KINDS[] = {
        {"split", N_("split off")}, {"merge", N_("merged")}, {"rename", N_("renamed")}, {"recode", N_("new code")},
        {"transfer", N_("passed to another unit")}, {"create", N_("formed")}, {0}};
    return word_of(cx, KINDS, kind);
}

const char *point_status_name(struct ctx *cx, const char *status)
{
    static const struct word STATUSES[] = {
        {"sure", N_("point known")}, {"chosen", N_("point chosen by a person")},
        {"ambiguous", N_("several possible points")}, {"none", N_("no point known")}, {0}};
    return word_of(cx, STATUSES, status);
}
