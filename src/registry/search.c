/* search.c - one index of folded words over places, bodies and proposals; never over the content of cases.
 *
 * A query is folded and cut into words; an object is found when each word of the query begins one of its words. */
#include "registry/search.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "registry/registry.h"
#include "registry/search_sql.h"

#include <string.h>

enum { WORDS_MOST = 6, HITS_PER_WORD = 2000 };

int registry_search_put(struct ctx *cx, const char *kind, int64_t object_id, const char *const *texts, size_t n)
{
    TRY(search_clear(cx, cx->region_id, kind, object_id, NULL));
    for (size_t i = 0; i < n; i++) {
        if (str_empty(texts[i]))
            continue;
        size_t words;
        char **parts = str_split(cx->arena, str_fold(cx->arena, texts[i]), ' ', &words);
        for (size_t w = 0; w < words; w++)
            if (*parts[w])
                TRY(search_put(cx, &(struct search_put_in){cx->region_id, parts[w], kind, object_id}, NULL));
    }
    return OK;
}

static int find_word(struct ctx *cx, const char *word, struct search_find_list *out)
{
    /* folded keys are ASCII or letters of other scripts: 0xff is above all that can follow */
    const char *to = arena_printf(cx->arena, "%s\xf4\x8f\xbf\xbf", word);
    return search_find(cx, &(struct search_find_in){cx->region_id, word, to, HITS_PER_WORD}, out);
}

static bool among(const struct search_find_list *list, const struct search_find_row *row)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->rows[i].object_id == row->object_id && str_eq(list->rows[i].kind, row->kind))
            return true;
    return false;
}

int registry_search(struct ctx *cx, const char *query, size_t most, struct search_hits *out)
{
    *out = (struct search_hits){0};
    size_t n;
    char **words = str_split(cx->arena, str_fold(cx->arena, query), ' ', &n);
    struct search_find_list found[WORDS_MOST];
    size_t used = 0;
    for (size_t i = 0; i < n && used < WORDS_MOST; i++)
        if (*words[i])
            TRY(find_word(cx, words[i], &found[used++]));
    if (!used)
        return OK;
    VEC(struct search_hit) hits = {0};
    for (size_t i = 0; i < found[0].n && hits.n < most; i++) {
        bool all = true;
        for (size_t w = 1; w < used && all; w++)
            all = among(&found[w], &found[0].rows[i]);
        if (all)
            vec_push(cx->arena, &hits, (struct search_hit){found[0].rows[i].kind, found[0].rows[i].object_id});
    }
    out->rows = hits.rows;
    out->n = hits.n;
    return OK;
}
