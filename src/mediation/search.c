/* search.c - finding words in the asker's own cases.
 *
 * What is sealed has no index: the cases that are sealed for the asker are opened one by one, newest first, and looked
 * through. That costs as much as the asker has cases. The words are sent by POST, so that no name stands in an address,
 * a history or a log. */
#include "mediation/pages.h"
#include "mediation/search_html.h"
#include "mediation/vault.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "mediation/mediation.h"
#include "registry/registry.h"

#include <string.h>

enum { MOST_CASES = 5000, SHORTEST = 2 };

static const struct form_field FIELDS[] = {
    {FORM_OF(search_values, q), .type = FORM_TEXT, .label = N_("Words"), .required = true, .min = SHORTEST, .max = 100,
     .hint = N_("A name, or words of what happened. Searched in the cases that you keep or mediate.")},
    {0}};
const struct form search_form = {FIELDS, sizeof(struct search_values)};

/* Every word stands somewhere in the text. */
static bool has_words(struct ctx *cx, const char *text, char **words, size_t n)
{
    const char *folded = str_fold(cx->arena, text);
    for (size_t i = 0; i < n; i++)
        if (*words[i] && !strstr(folded, words[i]))
            return false;
    return true;
}

/* The sides of all the asker's cases, in the order of the cases' identifiers. */
struct sides {
    struct own_party_list_list all;
};

static size_t sides_of(const struct sides *s, int64_t dispute)
{
    size_t low = 0, high = s->all.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->all.rows[middle].dispute_id < dispute)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where the words stand in a case, or NULL. */
static int look(struct ctx *cx, const struct vault *v, const struct own_case_list_row *row, const struct sides *s,
                char **words, size_t n, const char **where)
{
    const char *summary = row->summary, *reason = row->resonance_reason;
    *where = NULL;
    for (size_t i = sides_of(s, row->id); i < s->all.n && s->all.rows[i].dispute_id == row->id; i++) {
        const struct own_party_list_row *p = &s->all.rows[i];
        const char *name = p->name, *contact = p->contact, *stands_for = p->representative;
        TRY(vault_row(cx, v, VAULT_PARTY, p->ordinal, p->sealed, (const char **const[]){&name, &contact, &stands_for}));
        if (has_words(cx, arena_printf(cx->arena, "%s %s %s", name, contact, stands_for), words, n)) {
            *where = name;
            return OK;
        }
    }
    TRY(vault_row(cx, v, VAULT_CASE, row->id, row->sealed, (const char **const[]){&summary, &reason}));
    if (has_words(cx, arena_printf(cx->arena, "%s %s", summary, reason), words, n))
        *where = summary;
    return OK;
}

int search_own_cases(struct ctx *cx, const struct case_asker *a, struct search_page *m)
{
    struct own_case_list_list list;
    struct sides sides;
    size_t n_words;
    char **words = str_split(cx->arena, str_fold(cx->arena, m->q), ' ', &n_words);
    TRY(own_case_list(cx, cx->region_id, a->account_id, MOST_CASES + 1, &list));
    TRY(own_party_list(cx, cx->region_id, a->account_id, &sides.all));
    m->most = list.n > MOST_CASES ? MOST_CASES : 0;
    m->hits.rows = arena_array(cx->arena, SEARCH_MOST_HITS, sizeof *m->hits.rows);
    for (size_t i = 0; i < list.n && i < MOST_CASES && m->hits.n < SEARCH_MOST_HITS; i++) {
        const struct own_case_list_row *row = &list.rows[i];
        struct dispute_by_id_row d = {.id = row->id, .state = row->state, .filed_by = row->filed_by, .clerk_id = row->clerk_id,
                                      .mediator_id = row->mediator_id, .mediator_account = row->mediator_account};
        struct vault v;
        const char *where;
        if (case_right_of(a, &d) != CASE_CONTENT || !vault_unseal(a->key, row->key_sealed, row->id, &v))
            continue;
        m->looked++;
        int rc = look(cx, &v, row, &sides, words, n_words, &where);
        if (rc == ERR_INVALID) { /* one damaged case does not hide the others */
            m->damaged++;
            cx->err = OK;
            continue;
        }
        TRY(rc);
        if (where)
            m->hits.rows[m->hits.n++] = (struct search_hit){
                row->id, row->number, row->occurred_on, ctx_pick(cx, row->place_kk, row->place_ru, row->place_en),
                ctx_pick(cx, row->kind_kk, row->kind_ru, row->kind_en), mediation_state_name(cx, row->state),
                utf8_cut(cx->arena, where, 160)};
    }
    return audit_record(cx, "dispute.search", "", arena_printf(cx->arena, "cases=%lld hits=%zu", (long long)m->looked, m->hits.n));
}

int search_get(struct request *rq)
{
    return respond_view(rq, &search_view, arena_alloc(rq->cx->arena, sizeof(struct search_page)));
}

int search_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct search_page *m = arena_alloc(cx->arena, sizeof *m);
    const struct search_values *v = form_values(rq);
    struct case_asker a;
    if (!form_ok(rq))
        return respond_view(rq, &search_view, m);
    TRY(case_asker_of(rq, &a));
    m->q = v->q;
    if (!a.key)
        return fail(cx, ERR_DENIED, "What is written in this case is sealed. Sign in with a password of your own to open it.");
    TRY(search_own_cases(cx, &a, m));
    return respond_view(rq, &search_view, m);
}

static const struct field_desc HIT_FIELDS[] = {
    FIELD(search_hit, id, ID), FIELD(search_hit, number, TEXT), FIELD(search_hit, occurred_on, TEXT),
    FIELD(search_hit, place, TEXT), FIELD(search_hit, kind, TEXT), FIELD(search_hit, state, TEXT), FIELD(search_hit, where, TEXT)};
static ROW_DESC(HIT, "search_hit", search_hit, HIT_FIELDS);

const struct view search_view = {
    .name = "dispute_search",
    .title = N_("Search in the own cases"),
    .nav = "/disputes",
    .html = mediation_search_html,
    .parts = (const struct view_part[]){{"hits", VIEW_LIST, offsetof(struct search_page, hits), &HIT}, {0}}};
