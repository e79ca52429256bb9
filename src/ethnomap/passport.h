/* passport.h - what is known of one place on a day: the model of its passport, without HTML.
 *
 * Counts of disputes are protected before they get here. Shares of communities are those that a source has published;
 * where a share or a count stands for fewer people than the threshold it is hidden, with another one beside it. */
#ifndef ETHNOMAP_PASSPORT_H
#define ETHNOMAP_PASSPORT_H

#include "base/ctx.h"
#include "base/fields.h"
#include "ethnomap/passport_sql.h"
#include "quarter/figures_sql.h"
#include "registry/organisation_sql.h"
#include "registry/registry.h"
#include "registry/territory_sql.h"

struct place_facts {
    int64_t id, level;
    const char *kind, *kato, *name, *name_kk, *name_ru, *name_en;
    const char *valid_from, *valid_to, *on_date, *point_status;
    bool name_en_made, approximate, valid; /* valid: on the day asked for */
    struct opt_num lon, lat;
    struct opt_int unit_id;
    const char *unit, *unit_href;
};

struct place_community {
    const char *code, *name, *on_date, *source, *licence;
    struct opt_num share;
    struct opt_int persons;
    bool hidden, demo;
};

struct place_figure {
    const char *code, *name, *block, *block_name, *value_text, *unit, *definition, *period, *source, *licence;
    double value;
    int64_t id;
    bool demo, first; /* first: of its block */
};

struct place_count {
    const char *period, *period_text, *kind_code, *kind; /* kind_code "": all kinds together */
    struct protected_count cases;
};

/* All cases of a quarter as a band: "fewer than 10", "10–19". */
struct place_quarter {
    const char *period, *period_text, *band;
    int64_t low, high;
};

struct place_trend {
    const char *period, *period_text, *value_text, *interval_text;
    struct opt_num value, low, high;
    int64_t n, id;
};

struct passport {
    struct place_facts facts;
    struct place_path path;
    struct { struct place_up { int64_t id, level; const char *name, *href; } *rows; size_t n; } above; /* republic first */
    struct { struct place_child { int64_t id, level; const char *name, *href, *kato; } *rows; size_t n; } below;
    struct territory_changes_list changes;
    struct { struct place_community *rows; size_t n; } composition;
    bool composition_counts; /* the source gives counts of people */
    struct { struct place_figure *rows; size_t n; } figures;
    const struct place_figure *population; /* NULL: not on record; also in figures */
    struct organisation_at_list bodies, unit_bodies;
    struct passport_offices_list offices;
    struct { struct place_count *rows; size_t n; } disputes;
    struct { struct place_quarter *rows; size_t n; } quarters;
    struct passport_visits_list visits;
    struct passport_proposals_list proposals;
    struct passport_attention_row attention;
    bool under_attention, sees_own, sees_disputes, sees_survey, sees_proposals, demo;
    const char *trend_code, *trend_name;
    struct { struct place_trend *rows; size_t n; } trend;
};

/* What the account may see decides which parts are filled: visits, attention and offices need to read the registry, disputes
 * and estimates their own permissions. trend: code of a survey indicator, NULL or "" for the first. bodies: those the
 * account acts for (a partner sees proposals addressed to them only); n_bodies 0: not a partner.
 * ERR_NOT_FOUND: no such place. */
int passport_load(struct ctx *cx, int64_t place_id, const char *on_date, uint64_t permissions, const char *trend,
                  const int64_t *bodies, size_t n_bodies, struct passport *p);

/* The word for what a block of figures is about. */
const char *place_block_name(struct ctx *cx, const char *block);

#endif
