/* search.c - one index of folded words over places, bodies and proposals; never over the content of cases.
 *
 * A query is folded and cut into words; an object is found when each word of the query begins one of its words. */
#include "registry/search.h"

#include "base/arena.h"
#include "base/str.h"
#include "registry/registry.h"
#include "registry/search_sql.h"

#include <string.h>

enum { WORDS_MOST = 6 };

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

/* The query's words, each once, the longest first: long words are rare words. */
static size_t query_words(struct ctx *cx, const char *query, const char *out[WORDS_MOST])
{
    size_t n, used = 0;
    char **words = str_split(cx->arena, str_fold(cx->arena, query), ' ', &n);
    for (size_t i = 0; i < n && used < WORDS_MOST; i++) {
        bool known = !*words[i];
        for (size_t k = 0; k < used && !known; k++)
            known = str_eq(out[k], words[i]);
        size_t at = used;
        for (; !known && at > 0 && strlen(out[at - 1]) < strlen(words[i]); at--)
            out[at] = out[at - 1];
        if (!known) {
            out[at] = words[i];
            used++;
        }
    }
    return used;
}

int registry_search(struct ctx *cx, const char *query, size_t most, struct search_hits *out)
{
    *out = (struct search_hits){0};
    const char *w[WORDS_MOST], *from[WORDS_MOST], *to[WORDS_MOST];
    size_t used = query_words(cx, query, w);
    if (!used)
        return OK;
    for (size_t i = 0; i < WORDS_MOST; i++) { /* the last of all characters is above all that can follow a word */
        from[i] = i < used ? w[i] : "";
        to[i] = i < used ? arena_printf(cx->arena, "%s\xf4\x8f\xbf\xbf", w[i]) : "";
    }
    struct search_find_list found;
    TRY(search_find(cx, &(struct search_find_in){cx->region_id, from[0], to[0], from[1], to[1], from[2], to[2], from[3], to[3],
                                                 from[4], to[4], from[5], to[5], (int64_t)most}, &found));
    out->rows = arena_array(cx->arena, found.n + 1, sizeof *out->rows);
    out->n = found.n;
    for (size_t i = 0; i < found.n; i++)
        out->rows[i] = (struct search_hit){found.rows[i].kind, found.rows[i].object_id, found.rows[i].region_id};
    return OK;
}
