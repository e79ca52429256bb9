/* The demonstration's proposals and visits, as docs/demonstration.md describes them, on both engines. */
#include "testdb.h"

#include "base/str.h"
#include "i18n/i18n.h"
#include "module.h"
#include "proposals/proposals.h"
#include "visits/visits.h"

#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

static int part_tx(struct ctx *cx, void *arg)
{
    const struct module *m = arg;
    return m->demo(cx);
}

static int seed_tx(struct ctx *cx, void *arg)
{
    const struct module *m = arg;
    return m->seed(cx);
}

/* Everything up to the proposals: the quarters are closed after them. */
static void load(struct testdb *t)
{
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->seed)
            testdb_must(t, db_tx(&t->cx, seed_tx, (void *)modules[i]), modules[i]->name);
    for (size_t i = 0; modules[i]; i++) {
        if (modules[i]->demo)
            testdb_must(t, db_tx(&t->cx, part_tx, (void *)modules[i]), modules[i]->name);
        if (modules[i] == &proposals_module)
            return;
    }
}

static void test_proposals(struct testdb *t)
{
    struct proposal_counts_row n;
    struct proposal_list_list list;
    struct proposal_counts_in in = {.region_id = 61, .on_date = "2025-10-06", .quarter = "", .drafts = 1, .state = "overdue"};
    testdb_must(t, proposal_counts(&t->cx, &in, &n), "counts");
    OK_(n.total == 13 && n.draft == 2 && n.waiting == 3 && n.accepted == 2 && n.part == 1 && n.refused == 1 && n.done == 4,
        "thirteen proposals in every state");
    OK_(n.overdue == 2 && n.matching == 2, "two are overdue on the day of the demonstration");
    testdb_must(t, proposal_list(&t->cx, &(struct proposal_list_in){.region_id = 61, .on_date = "2025-10-06", .state = "",
                                                                    .quarter = "", .drafts = 1, .most = 100}, &list), "list");
    bool demo = list.n == 13, dates = true;
    for (size_t i = 0; i < list.n; i++) {
        demo &= list.rows[i].demo;
        dates &= !*list.rows[i].sent_on || strcmp(list.rows[i].due_on, list.rows[i].sent_on) > 0;
    }
    OK_(demo, "all are marked as demonstration");
    OK_(dates, "what was sent has a day for its answer");
    struct proposal_past_list past;
    testdb_must(t, proposal_past(&t->cx, 61, "2025-Q3", "2025-09-30", &past), "past");
    size_t open = 0;
    for (size_t i = 0; i < past.n; i++)
        open += past.rows[i].decision == NULL;
    OK_(past.n == 10 && open == 2, "a report sees the earlier ones and which of them wait");
}

static void test_visits(struct testdb *t)
{
    struct visit_counts_row n;
    testdb_must(t, visit_counts(&t->cx, &(struct visit_counts_in){.region_id = 61, .today = "2025-10-06", .from_day = "",
                                                                  .to_day = ""}, &n), "counts");
    OK_(n.done == 90 && n.planned == 6 && n.cancelled == 2 && n.due == 2, "ninety visits, six planned, two cancelled");
    struct visit_list_list late;
    testdb_must(t, visit_list(&t->cx, &(struct visit_list_in){.region_id = 61, .today = "2025-10-06", .state = "done",
                                                              .from_day = "2025-10-01", .to_day = "", .most = 10}, &late), "list");
    OK_(late.n == 0, "no visit took place after the day of the demonstration");
}

static void cases(struct testdb *t)
{
    t->cx.translate = i18n_lookup;
    load(t);
    test_proposals(t);
    test_visits(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
