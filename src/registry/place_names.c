/* place_names.c - see place_names.h. */
#include "registry/place_names.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "registry/registry.h"
#include "registry/tree.h"

#include <string.h>

/* One spelling of one place. */
struct spelling {
    const struct tree_place *place;
    bool full; /* the whole name; else the one without the word for its kind */
    struct spelling *next;
};

struct place_names {
    struct tree_rows tree;
    struct map *by_key;  /* folded name or code -> struct spelling * */
    struct map *by_kato; /* code -> struct tree_place * */
};

/* Words that say what a place is, folded: left out of the short spelling. */
static bool is_kind_word(const char *word)
{
    static const char *const WORDS[] = {"kalasi", "audani", "oblisi", "auldik", "okrugi", "okrug", "kenti", "kentinin", "akimdigi",
                                        "gorod", "raion", "oblast", "selskii", "selski", "poselok", "selo", "aul", "auli",
                                        "city", "district", "region", "rural", "town", "village", "g", "s", "p"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_eq(word, WORDS[i]))
            return true;
    return false;
}

static const char *without_kind(struct arena *a, const char *key)
{
    size_t n;
    char **words = str_split(a, key, ' ', &n);
    const char *out = "";
    for (size_t i = 0; i < n; i++)
        if (*words[i] && !is_kind_word(words[i]))
            out = *out ? arena_printf(a, "%s %s", out, words[i]) : words[i];
    return *out ? out : key;
}

static void add_spelling(struct arena *a, struct place_names *names, const char *key, const struct tree_place *p, bool full)
{
    void **at = map_at(names->by_key, key);
    for (struct spelling *s = *at; s; s = s->next) {
        if (s->place == p) {
            s->full |= full;
            return;
        }
    }
    struct spelling *s = arena_alloc(a, sizeof *s);
    *s = (struct spelling){p, full, *at};
    *at = s;
}

static void add_place(struct arena *a, struct place_names *names, struct tree_place *p)
{
    const char *const texts[] = {p->name_kk, p->name_ru, p->name_en};
    for (size_t i = 0; i < 3; i++) {
        if (str_empty(texts[i]))
            continue;
        const char *key = str_fold(a, texts[i]), *bare = without_kind(a, key);
        add_spelling(a, names, key, p, true);
        add_spelling(a, names, bare, p, str_eq(bare, key));
    }
    map_set(names->by_kato, p->kato, p);
}

int place_names_load(struct ctx *cx, const char *on_date, struct place_names **out)
{
    struct place_names *names = arena_alloc(cx->arena, sizeof *names);
    names->by_key = map_new(cx->arena);
    names->by_kato = map_new(cx->arena);
    TRY(tree_read(cx, cx->region_id, on_date, &names->tree));
    for (size_t i = 0; i < names->tree.n; i++)
        add_place(cx->arena, names, &names->tree.rows[i]);
    *out = names;
    return OK;
}

static const struct tree_place *by_code(const struct place_names *names, const char *code)
{
    return map_get(names->by_kato, code);
}

/* The unit above a place: by the codes of its parents. */
static const struct tree_place *unit_of(const struct place_names *names, const struct tree_place *p)
{
    for (int steps = 0; p && p->level > LEVEL_UNIT && steps < LEVEL_SETTLEMENT; steps++)
        p = by_code(names, p->parent_kato);
    return p && p->level == LEVEL_UNIT ? p : NULL;
}

static bool lies_in(struct ctx *cx, const struct place_names *names, const struct tree_place *p, const char *district)
{
    const struct tree_place *unit = unit_of(names, p);
    if (!unit)
        return false;
    const char *wanted = without_kind(cx->arena, str_fold(cx->arena, district));
    const char *const texts[] = {unit->name_kk, unit->name_ru, unit->name_en, unit->kato};
    for (size_t i = 0; i < 4; i++)
        if (str_eq(without_kind(cx->arena, str_fold(cx->arena, texts[i])), wanted))
            return true;
    return false;
}

static void add_match(struct ctx *cx, const struct place_names *names, struct place_match *m, const struct tree_place *p)
{
    const struct tree_place *unit = p->level > LEVEL_UNIT ? unit_of(names, p) : NULL;
    if (m->shown < sizeof m->rows / sizeof *m->rows)
        m->rows[m->shown++] = (struct place_candidate){p->id, (int)p->level, p->kato, registry_name(cx, *p),
                                                       unit ? registry_name(cx, *unit) : ""};
    m->n++;
}

void place_names_find(struct ctx *cx, const struct place_names *names, const char *text, const char *district,
                      struct place_match *out)
{
    *out = (struct place_match){0};
    const char *key = str_fold(cx->arena, str_fold_lookalikes(cx->arena, text, NULL));
    const struct tree_place *coded = by_code(names, key);
    if (coded) {
        add_match(cx, names, out, coded);
        return;
    }
    const struct spelling *all = map_get(names->by_key, key);
    if (!all)
        all = map_get(names->by_key, without_kind(cx->arena, key));
    /* Whole names go before shortened ones; what lies within a district before the district itself. */
    for (int full = 1; full >= 0 && !out->n; full--)
        for (int itself = str_empty(district); itself < 2 && !out->n; itself++)
            for (const struct spelling *s = all; s; s = s->next)
                if ((s->full || !full) && (itself || s->place->level > LEVEL_UNIT) &&
                    (str_empty(district) || lies_in(cx, names, s->place, district)))
                    add_match(cx, names, out, s->place);
}

const char *place_match_text(struct ctx *cx, const struct place_match *m)
{
    const char *text = "";
    for (size_t i = 0; i < m->shown; i++) {
        const struct place_candidate *c = &m->rows[i];
        text = arena_printf(cx->arena, "%s%s%s (%s%s%s)", text, i ? "; " : "", c->name, c->kato, *c->above ? ", " : "", c->above);
    }
    return m->n > m->shown ? arena_printf(cx->arena, "%s; …", text) : text;
}

int place_names_need(struct ctx *cx, const struct place_names *names, const char *text, int64_t *id)
{
    struct place_match m;
    place_names_find(cx, names, text, "", &m);
    if (m.n == 0)
        return fail(cx, ERR_INVALID, "No place of the region is called \"%s\".", text);
    if (m.n > 1)
        return fail(cx, ERR_INVALID, "Several places are called \"%s\"; write the KATO code: %s.", text, place_match_text(cx, &m));
    *id = m.rows[0].id;
    return OK;
}
