/* pack_places.c - the places of a region pack: rows of the registry with their parents, changes and words.
 *
 * A pack has one record per period of a place. Records that differ only in what the place belongs to become
 * one territory with several dated parents; a new name or kind opens a new territory row. */
#include "registry/pack_load.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "registry/lists.h"
#include "registry/pack_load_sql.h"
#include "registry/registry.h"

#include <string.h>

/* Territory kinds of the database: fewer than the pack's, because the program treats these alike. */
static const char *place_kind(const struct pack_territory *t)
{
    switch (t->kind) {
    case PACK_KIND_REPUBLIC:
        return "republic";
    case PACK_KIND_REGION:
        return "region";
    case PACK_KIND_REPUBLICAN_CITY:
    case PACK_KIND_REGIONAL_CITY:
    case PACK_KIND_CITY:
        return "city";
    case PACK_KIND_DISTRICT:
    case PACK_KIND_CITY_DISTRICT:
        return "district";
    case PACK_KIND_RURAL_OKRUG:
        return "okrug";
    case PACK_KIND_TOWN_OKRUG:
    case PACK_KIND_TOWN:
        return "town";
    default:
        return pack_kind_inhabited(t->kind) ? "village" : "minor";
    }
}

/* Rows of the republic and of the regions belong to region 0; all below to the region of their code. Codes
 * that began with 51 (South Kazakhstan region until 2018) are kept by the region that holds the places now.
 */
static int64_t place_region(const struct pack_loader *ld, const struct pack_territory *t)
{
    if (t->level <= PACK_REGION)
        return 0;
    if (ld->region_id > 0)
        return ld->region_id;
    int64_t prefix = (t->code[0] - '0') * 10 + (t->code[1] - '0');
    return prefix == 51 ? 61 : prefix;
}

static bool same_place(const struct pack_territory *a, const struct pack_territory *b)
{
    return a->level == b->level && a->kind == b->kind && str_eq(a->kk, b->kk) && str_eq(a->ru, b->ru) &&
           str_eq(a->en, b->en);
}

/* A record that ends on the day on which it begins holds on no day. */
static bool is_empty_period(const struct pack_territory *t)
{
    return t->valid_from && t->valid_to && strcmp(t->valid_from, t->valid_to) >= 0;
}

/* Groups the pack's records into territory rows. */
static void collect_places(struct ctx *cx, struct pack_loader *ld)
{
    const struct pack *p = ld->pack;
    ld->by_code = map_new(cx->arena);
    for (size_t i = 0; i < p->n_territories; i++) {
        const struct pack_territory *t = &p->territories[i];
        if (is_empty_period(t))
            continue;
        struct packed_place *head = map_get(ld->by_code, t->code), *tail = head;
        int record = 1;
        for (; tail && tail->next; tail = tail->next)
            record++;
        if (tail && same_place(tail->last, t)) {
            tail->last = t;
            continue;
        }
        struct packed_place *row = arena_alloc(cx->arena, sizeof *row);
        *row = (struct packed_place){place_region(ld, t),
                                     registry_territory_id(t->code, tail ? record + 1 : 1), t, t, NULL};
        if (tail)
            tail->next = row;
        else
            map_set(ld->by_code, t->code, row);
    }
}

const struct packed_place *packed_place_on(const struct pack_loader *ld, const char *code, const char *date)
{
    const struct packed_place *row = map_get(ld->by_code, code), *last = row;
    for (; row; row = row->next) {
        if (pack_valid_on(row->first->valid_from, row->last->valid_to, date))
            return row;
        last = row;
    }
    return last;
}

const struct packed_place *packed_place_during(const struct pack_loader *ld, const char *code,
                                               const char *from, const char *to)
{
    if (from || !to)
        return packed_place_on(ld, code, from);
    const struct packed_place *row = map_get(ld->by_code, code), *last = row;
    for (; row; row = row->next) {
        bool begun = !row->first->valid_from || strcmp(row->first->valid_from, to) < 0;
        bool holds = !row->last->valid_to || strcmp(row->last->valid_to, to) >= 0;
        if (begun && holds)
            return row;
        last = row;
    }
    return last;
}

static bool is_approximate(const struct packed_place *row)
{
    return (row->first->flags & PACK_FROM_APPROX) || (row->last->flags & PACK_TO_APPROX);
}

static bool is_unchanged(const struct load_have_row *h, const struct packed_place *row)
{
    const struct pack_territory *t = row->first;
    return h->level == (int64_t)t->level && str_eq(h->kind, place_kind(t)) && str_eq(h->name_kk, t->kk) &&
           str_eq(h->name_ru, t->ru) && str_eq(h->name_en, t->en) &&
           str_eq(h->valid_from, str_or_empty(t->valid_from)) &&
           str_eq(h->valid_to, str_or_empty(row->last->valid_to)) && h->approximate == is_approximate(row);
}

/* The words under which a place is found: its names, its code, and former or colloquial names. */
static void collect_words(struct ctx *cx, struct pack_loader *ld, const struct packed_place *row)
{
    const struct pack_territory *t = row->first;
    const char *alias = map_get(ld->aliases, t->code);
    const char *texts[] = {t->kk, t->ru, t->en, t->code, alias};
    size_t first = ld->fresh_words.n;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t n;
        char **words = str_split(cx->arena, str_fold(cx->arena, str_or_empty(texts[i])), ' ', &n);
        for (size_t w = 0; w < n; w++) {
            bool known = !*words[w];
            for (size_t k = first; k < ld->fresh_words.n && !known; k++)
                known = str_eq(ld->fresh_words.rows[k].word, words[w]);
            if (!known)
                vec_push(cx->arena, &ld->fresh_words,
                         (struct packed_word){row->region_id, row->id, words[w]});
        }
    }
}

static int index_place(struct ctx *cx, const struct pack_loader *ld, const struct packed_place *row)
{
    const struct pack_territory *t = row->first;
    const char *const texts[] = {t->kk, t->ru, t->en, t->code, map_get(ld->aliases, t->code)};
    int64_t own = cx->region_id;
    cx->region_id = row->region_id;
    int rc = registry_search_put(cx, "territory", row->id, texts, sizeof texts / sizeof *texts);
    cx->region_id = own;
    return rc;
}

/* Rows that differ are updated one by one, new ones are kept for writing in bulk. */
static int put_place(struct ctx *cx, struct pack_loader *ld, const struct packed_place *row)
{
    const struct pack_territory *t = row->first;
    TRY(pack_loader_enter(cx, ld, row->region_id));
    if (t->level == PACK_REGION && !row->next && !row->last->valid_to) {
        int64_t prefix = (t->code[0] - '0') * 10 + (t->code[1] - '0');
        if (ld->region_id <= 0 || ld->region_id == prefix)
            TRY(load_region(cx, &(struct load_region_in){prefix, t->code, t->kk, t->ru, t->en}, NULL));
    }
    const struct load_have_row *have = map_get(ld->have, id_text(cx->arena, row->id));
    if (!have) {
        vec_push(cx->arena, &ld->fresh, row);
        collect_words(cx, ld, row);
        return OK;
    }
    if (is_unchanged(have, row))
        return OK;
    TRY(load_territory(
        cx,
        &(struct load_territory_in){.region_id = row->region_id,
                                    .id = row->id,
                                    .level = t->level,
                                    .kind = place_kind(t),
                                    .kato = t->code,
                                    .name_kk = t->kk,
                                    .name_ru = t->ru,
                                    .name_en = t->en,
                                    .name_en_made = (t->flags & PACK_EN_DERIVED) != 0,
                                    .valid_from = str_or_empty(t->valid_from),
                                    .valid_to = str_or_empty(row->last->valid_to),
                                    .approximate = is_approximate(row),
                                    .source_id = pack_loader_source(ld, row->region_id, t->source)},
        NULL));
    return index_place(cx, ld, row);
}

/* --- new rows in bulk --- */

static struct db_value bulk_int(int64_t v)
{
    return (struct db_value){.type = DB_BIGINT, .i = v};
}

static struct db_value bulk_text(const char *v)
{
    return (struct db_value){.type = DB_TEXT, .text = v};
}

static bool next_place(void *arg, struct db_value *v)
{
    struct pack_loader *ld = arg;
    if (ld->next == ld->fresh.n)
        return false;
    const struct packed_place *row = ld->fresh.rows[ld->next++];
    const struct pack_territory *t = row->first;
    v[0] = bulk_int(row->region_id);
    v[1] = bulk_int(row->id);
    v[2] = bulk_int(t->level);
    v[3] = bulk_text(place_kind(t));
    v[4] = bulk_text(t->code);
    v[5] = bulk_text(t->kk);
    v[6] = bulk_text(t->ru);
    v[7] = bulk_text(t->en);
    v[8] = bulk_int((t->flags & PACK_EN_DERIVED) != 0);
    v[9] = bulk_text(str_or_empty(t->valid_from));
    v[10] = bulk_text(str_or_empty(row->last->valid_to));
    v[11] = bulk_int(is_approximate(row));
    v[12] = bulk_int(pack_loader_source(ld, row->region_id, t->source));
    return true;
}

static bool next_parent(void *arg, struct db_value *v)
{
    struct pack_loader *ld = arg;
    if (ld->next == ld->fresh_parents.n)
        return false;
    const struct packed_parent *p = &ld->fresh_parents.rows[ld->next++];
    v[0] = bulk_int(p->region_id);
    v[1] = bulk_int(p->territory_id);
    v[2] = bulk_text(p->valid_from);
    v[3] = bulk_text(p->valid_to);
    v[4] = bulk_int(p->parent_id);
    return true;
}

static bool next_word(void *arg, struct db_value *v)
{
    struct pack_loader *ld = arg;
    if (ld->next == ld->fresh_words.n)
        return false;
    const struct packed_word *w = &ld->fresh_words.rows[ld->next++];
    v[0] = bulk_int(w->region_id);
    v[1] = bulk_text(w->word);
    v[2] = bulk_text("territory");
    v[3] = bulk_int(w->object_id);
    return true;
}

static int put_fresh(struct ctx *cx, struct pack_loader *ld)
{
    static const char *const PLACE[] = {"region_id", "id",          "level",    "kind",         "kato",
                                        "name_kk",   "name_ru",     "name_en",  "name_en_made", "valid_from",
                                        "valid_to",  "approximate", "source_id"};
    static const enum db_type PLACE_TYPES[] = {DB_BIGINT, DB_BIGINT, DB_BIGINT, DB_TEXT,   DB_TEXT,
                                               DB_TEXT,   DB_TEXT,   DB_TEXT,   DB_BIGINT, DB_TEXT,
                                               DB_TEXT,   DB_BIGINT, DB_BIGINT};
    static const char *const WORD[] = {"region_id", "word_key", "kind", "object_id"};
    static const enum db_type WORD_TYPES[] = {DB_BIGINT, DB_TEXT, DB_TEXT, DB_BIGINT};
    int64_t rows;
    ld->next = 0;
    TRY(db_bulk(cx, "territory", PLACE, sizeof PLACE / sizeof *PLACE, PLACE_TYPES, next_place, ld, &rows));
    ld->next = 0;
    return db_bulk(cx, "search_word", WORD, 4, WORD_TYPES, next_word, ld, &rows);
}

static int put_fresh_parents(struct ctx *cx, struct pack_loader *ld)
{
    static const char *const PARENT[] = {"region_id", "territory_id", "valid_from", "valid_to", "parent_id"};
    static const enum db_type PARENT_TYPES[] = {DB_BIGINT, DB_BIGINT, DB_TEXT, DB_TEXT, DB_BIGINT};
    int64_t rows;
    ld->next = 0;
    return db_bulk(cx, "territory_parent", PARENT, 5, PARENT_TYPES, next_parent, ld, &rows);
}

/* --- parents and changes --- */

/* The republic is the parent of regions whose record names none. */
static const char *parent_code(const struct pack_territory *t)
{
    return t->parent ? t->parent : t->level == PACK_REGION ? "000000000" : NULL;
}

static int put_parents(struct ctx *cx, struct pack_loader *ld)
{
    const struct pack *p = ld->pack;
    for (size_t i = 0; i < p->n_territories; i++) {
        const struct pack_territory *t = &p->territories[i];
        const char *code = is_empty_period(t) ? NULL : parent_code(t);
        const struct packed_place *row = packed_place_during(ld, t->code, t->valid_from, t->valid_to);
        const struct packed_place *parent =
            code ? packed_place_during(ld, code, t->valid_from, t->valid_to) : NULL;
        if (!parent)
            continue;
        struct packed_parent up = {row->region_id, row->id, parent->id, str_or_empty(t->valid_from),
                                   str_or_empty(t->valid_to)};
        const struct load_have_parents_row *have =
            map_get(ld->have_parents, pack_loader_parent_key(cx, up.territory_id, up.valid_from));
        if (!have)
            vec_push(cx->arena, &ld->fresh_parents, up);
        else if (have->parent_id != up.parent_id || !str_eq(have->valid_to, up.valid_to))
            TRY(load_parent(cx,
                            &(struct load_parent_in){up.region_id, up.territory_id, up.valid_from,
                                                     up.valid_to, up.parent_id},
                            NULL));
    }
    return put_fresh_parents(cx, ld);
}

static int put_changes(struct ctx *cx, const struct pack_loader *ld)
{
    const struct pack *p = ld->pack;
    for (size_t i = 0; i < p->n_links; i++) {
        const struct pack_link *l = &p->links[i];
        const struct packed_place *to = packed_place_on(ld, l->to, l->date),
                                  *from = map_get(ld->by_code, l->from);
        if (!to)
            continue;
        while (from && from->next && from->next->id != to->id)
            from = from->next;
        int64_t from_id = from ? from->id : registry_territory_id(l->from, 1);
        TRY(load_change(cx,
                        &(struct load_change_in){.region_id = to->region_id,
                                                 .id = to->id * 64 + (int64_t)(i % 64),
                                                 .on_date = str_or_empty(l->date),
                                                 .approximate = (l->flags & PACK_FROM_APPROX) != 0,
                                                 .kind = pack_link_kind_key(l->kind),
                                                 .from_id = from_id,
                                                 .to_id = to->id},
                        NULL));
    }
    return OK;
}

static int put_alias(struct ctx *cx, const struct table *t, void *arg)
{
    struct pack_loader *ld = arg;
    const char *code = list_text(cx, t, "kato"), *before = map_get(ld->aliases, code);
    map_set(ld->aliases, code, arena_printf(cx->arena, "%s %s", str_or_empty(before), table_cell(t, "name")));
    return OK;
}

int packed_places_put(struct ctx *cx, struct pack_loader *ld)
{
    const struct pack *p = ld->pack;
    ld->aliases = map_new(cx->arena);
    collect_places(cx, ld);
    TRY(list_each(cx, "reference/place_aliases.csv", put_alias, ld));
    for (size_t i = 0; i < p->n_territories; i++) {
        const struct packed_place *row = map_get(ld->by_code, p->territories[i].code);
        for (; row; row = row->next)
            if (row->first == &p->territories[i])
                TRY(put_place(cx, ld, row));
        if (i % 500 == 0 && ctx_progress(cx, (int64_t)i, (int64_t)p->n_territories, "territories"))
            return fail(cx, ERR_BUSY, "The import was stopped; nothing of it was kept.");
    }
    TRY(put_fresh(cx, ld));
    TRY(put_parents(cx, ld));
    return put_changes(cx, ld);
}
