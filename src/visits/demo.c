/* demo.c - the demonstration's visits: drawn from a seeded stream over the settlements under attention, so
 * that some are seen often, most once or twice, and a few not at all. The model is in docs/demonstration.md.
 */
#include "visits/demo.h"

#include "base/arena.h"
#include "base/time.h"
#include "db/db.h"
#include "registry/organisation_sql.h"
#include "stat/rng.h"
#include "visits/visits.h"

enum { SEED = 20251006, DONE = 90, PLANNED = 6, CANCELLED = 2, NEVER_VISITED = 7 };

/* What visits are about; the summary says what came of it. */
static const struct {
    const char *purpose, *summary;
} SUBJECTS[] = {
    {"Суару кезегі туралы ауыл жиыны", "Кезек кестесі талқыланды, жауапты адам аталды."},
    {"Ақсақалдар кеңесімен кездесу",
     "Тұрғындардың өтініштері тыңдалды, үш мәселе округ әкімдігіне жеткізілді."},
    {"Мектепте медиация сабағы", "Жоғары сыныптармен сабақ өтті, мұғалімдерге жаднама берілді."},
    {"Жайылым шекарасын аралау", "Шекара жергілікті жерде қаралды, екі тарап келесі кездесуге келісті."},
    {"Этномәдени бірлестікпен кездесу", "Бірлескен мереке жоспары келісілді."},
    {"Келісімнің орындалуын тексеру", "Келісім орындалып жатыр, ескерту жоқ."},
    {"Жастармен дөңгелек үстел", "Бос уақыт пен жұмыс туралы ұсыныстар жазып алынды."},
    {"Ауызсу туралы шағымды тыңдау", "Шағым жазылды, жауапты мекемеге жолданды."},
};
enum { N_SUBJECTS = sizeof SUBJECTS / sizeof *SUBJECTS };

static int put_visit(struct ctx *cx, int64_t place, struct date day, const char *state, struct rng *r)
{
    while (date_weekday(day) > 5)
        day = date_add_days(day, 1);
    size_t subject = (size_t)rng_below(r, N_SUBJECTS);
    bool done = state[0] == 'd';
    return visit_insert(cx,
                        &(struct visit_insert_in){.region_id = cx->region_id,
                                                  .id = db_new_id(),
                                                  .territory_id = place,
                                                  .on_date = date_text(cx->arena, day),
                                                  .purpose = SUBJECTS[subject].purpose,
                                                  .state = state,
                                                  .summary = done ? SUBJECTS[subject].summary
                                                             : state[0] == 'c'
                                                                 ? "Ауа райына байланысты кейінге қалды."
                                                                 : "",
                                                  .demo = true},
                        NULL);
}

int visits_demo(struct ctx *cx)
{
    struct attention_list_list places;
    TRY(attention_list(cx, cx->region_id, "2025-10-06", &places));
    if (places.n <= NEVER_VISITED)
        return fail(cx, ERR_INVALID, "The demonstration has no settlements under attention to visit.");
    size_t *order = arena_array(cx->arena, places.n, sizeof *order), seen = places.n - NEVER_VISITED;
    for (size_t i = 0; i < places.n; i++)
        order[i] = i;
    struct rng r = rng_stream(SEED, "visits", 0);
    rng_shuffle(&r, order, places.n);
    struct date first = {2024, 1, 15};
    int64_t days = date_diff(first, (struct date){2025, 9, 30});
    for (size_t i = 0; i < DONE; i++) { /* each of the seen once, the rest falls where it falls */
        size_t which = i < seen ? i : (size_t)rng_below(&r, seen);
        struct date day = date_add_days(first, (int64_t)rng_below(&r, (uint64_t)days));
        TRY(put_visit(cx, places.rows[order[which]].territory_id, day, "done", &r));
    }
    for (size_t i = 0; i < PLANNED; i++)
        TRY(put_visit(cx, places.rows[order[(size_t)rng_below(&r, places.n)]].territory_id,
                      date_add_days((struct date){2025, 10, 2}, 3 * (int64_t)i), "planned", &r));
    for (size_t i = 0; i < CANCELLED; i++)
        TRY(put_visit(cx, places.rows[order[i]].territory_id, (struct date){2025, 1, 20 + (int)i},
                      "cancelled", &r));
    return OK;
}
