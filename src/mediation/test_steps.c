/* The life of a dispute: every step, every step that is not lawful, clocks, numbers, promises. On both
 * engines. */
#include "mediation/test_case.h"

#include <pthread.h>

static void test_table(struct testdb *t)
{
    (void)t;
    /* The lawful pairs of action and state, written down a second time. */
    static const struct {
        const char *action, *states;
    } WANT[] = {{"stand_down", "emergency"},
                {"hand_over", "emergency lawyer"},
                {"lawyer_allows", "lawyer"},
                {"reopen", "referred"},
                {"assign", "offered"}, /* and, without a mediator, contract and sessions */
                {"leave", "offered contract sessions"},
                {"condition", "offered"},
                {"consent", "offered"},
                {"contract", "offered"},
                {"session", "contract sessions"},
                {"prolong", "contract sessions"},
                {"settle", "sessions"},
                {"refuse_one", "intake lawyer offered contract sessions"},
                {"refuse_both", "intake lawyer offered contract sessions"},
                {"impossible", "contract sessions"},
                {"expire", "contract sessions"},
                {"promise", "settled"},
                {"follow", "settled"},
                {"performed", "settled"},
                {"done", "follow_up"},
                {"breach", "follow_up"},
                {"close", "referred refused_one refused_both impossible expired follow_up"},
                {"join", "intake lawyer offered"},
                {"split", "intake lawyer offered"},
                {"resume", "refused_one refused_both impossible expired closed"},
                {"note", "intake emergency referred lawyer offered contract sessions settled refused_one "
                         "refused_both impossible expired follow_up"}};
    size_t n = 0, wrong = 0, pairs = 0;
    for (const struct case_step *s = CASE_STEPS; s->action; s++, n++)
        for (int state = 0; state < CASE_STATES; state++, pairs++) {
            /* Facts under which every precondition but the state holds. */
            bool over = str_eq(s->action, "expire"), closing = str_eq(s->action, "close");
            struct case_facts f = {.state = (enum case_state)state,
                                   .mediator = true,
                                   .parties = str_eq(s->action, "split") ? 3 : 2,
                                   .consents = str_eq(s->action, "consent") ? 1 : 3,
                                   .sessions = 1,
                                   .obligations = str_eq(s->action, "performed") ? 0 : 1,
                                   .undone = 1,
                                   .overdue = 1,
                                   .conditions = str_eq(s->action, "condition"),
                                   .contract_on = "2025-08-01",
                                   .due_on = "2025-08-31",
                                   .prolonged_on = "",
                                   .settled_on = "",
                                   .performed_on = closing ? "2025-08-20" : "",
                                   .breach_on = "",
                                   .today = over ? "2025-09-01" : "2025-08-20"};
            const char *words = arena_printf(t->cx.arena, " %s ", WANT[n].states);
            bool lawful = strstr(words, arena_printf(t->cx.arena, " %s ",
                                                     case_state_code((enum case_state)state))) != NULL;
            wrong += !str_eq(s->action, WANT[n].action) || (case_step_hinder(s, &f) == NULL) != lawful;
        }
    is_int(n, sizeof WANT / sizeof *WANT, "the table has the steps that we know of");
    is_int(wrong, 0,
           arena_printf(t->cx.arena, "of %zu pairs of step and state exactly the lawful ones are possible",
                        pairs));
}

static void test_clock(struct testdb *t)
{
    (void)t;
    static const struct {
        const char *today;
        int64_t left;
        enum clock_level level;
    } DAYS[] = {{"2025-08-01", 30, CLOCK_RUNS},  {"2025-08-20", 11, CLOCK_RUNS},
                {"2025-08-21", 10, CLOCK_FIRST}, {"2025-08-26", 5, CLOCK_SECOND},
                {"2025-08-31", 0, CLOCK_LAST},   {"2025-09-01", -1, CLOCK_LATE}};
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        struct case_clock k = case_clock(CASE_SESSIONS, "2025-08-01", "2025-08-31", DAYS[i].today);
        ok(k.left == DAYS[i].left && k.level == DAYS[i].level,
           arena_printf(t->cx.arena, "on %s %lld days are left", DAYS[i].today, (long long)DAYS[i].left));
    }
    struct case_clock k = case_clock(CASE_SESSIONS, "2025-08-01", "2025-09-30", "2025-09-20");
    ok(k.day == 50 && k.term == 60 && k.level == CLOCK_FIRST, "a prolonged term warns on day 50");
    ok(case_clock(CASE_SETTLED, "2025-08-01", "2025-08-31", "2025-09-20").level == CLOCK_NONE,
       "a settled case has no clock");
}

static void test_filing(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct dispute_by_id_row d;
    bool found;
    int64_t one = file_dispute(t, BRANCH, "key-1", "2025-06-30"),
            two = file_dispute(t, BRANCH, "key-2", "2025-07-01");
    int64_t again = file_dispute(t, BRANCH, "key-1", "2025-06-30");
    OK_(one != two && one == again, "the same form twice is one dispute");
    testdb_must(t, dispute_by_id(cx, 61, one, &d, &found), "read");
    OK_(str_eq(d.number, "2025-0001") && d.unit_id == OTHER_UNIT && str_eq(d.quarter, "2025-Q2"),
        "the unit is that of the day on which it happened");
    testdb_must(t, dispute_by_id(cx, 61, two, &d, &found), "read");
    OK_(str_eq(d.number, "2025-0002") && d.unit_id == UNIT && str_eq(d.quarter, "2025-Q3"),
        "the same place lies elsewhere a day later");
}

static void test_assignment(struct testdb *t, int64_t id)
{
    bool refused = false;
    OK_(assign(t, id, FIRST, "", &refused) == ERR_INVALID, "every question about ties must be answered");
    OK_(assign(t, id, 503, "no", &refused) == ERR_INVALID,
        "a mediator whose entry has ended cannot be assigned");
    OK_(assign(t, id, SECOND, "yes", &refused) == OK && refused && !str_eq(state_of(t, id), "contract"),
        "a tie is recorded and the mediator refused");
    OK_(step(t, &AS_OTHER, id, "contract", "", "") == ERR_NOT_FOUND,
        "who was refused knows nothing of the case");
    OK_(assign(t, id, SECOND, "no", &refused) == ERR_INVALID, "nor is the tie forgotten when it is asked again");
    OK_(assign(t, id, FIRST, "no", &refused) == OK && !refused, "without a tie the mediator is assigned");
}

static void test_whole_life(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct dispute_by_id_row d;
    struct obligation_list_list promises;
    bool found;
    on_day("2025-07-05");
    int64_t id = file_dispute(t, BRANCH, "key-life", "2025-07-02");
    OK_(step(t, &AS_CLERK, id, "contract", "", "") == ERR_DENIED, "a clerk cannot sign for the mediator");
    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    test_assignment(t, id);
    OK_(step(t, &AS_MEDIATOR, id, "contract", "", "") == ERR_INVALID,
        "no contract before every side has agreed");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-04", "1"), "consent");
    OK_(step(t, &AS_MEDIATOR, id, "contract", "", "") == ERR_INVALID, "one side is not enough");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-05", "2"), "consent");
    OK_(step(t, &AS_MEDIATOR, id, "consent", "2025-07-05", "2") == ERR_INVALID, "a side agrees once");
    OK_(step(t, &AS_MEDIATOR, id, "contract", "2025-07-04", "") == ERR_INVALID,
        "a contract is not older than the last consent");
    OK_(step(t, &AS_MEDIATOR, id, "contract", "2025-07-06", "") == ERR_INVALID, "nor in the future");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "contract", "2025-07-05", ""), "contract");
    testdb_must(t, dispute_by_id(cx, 61, id, &d, &found), "read");
    OK_(str_eq(d.contract_on, "2025-07-05") && str_eq(d.due_on, "2025-08-04"),
        "the term is thirty days from the day of the contract");
    OK_(step(t, &AS_MEDIATOR, id, "settle", "", "") == ERR_INVALID, "no settlement without a session");
    on_day("2025-08-05");
    OK_(step(t, &AS_MEDIATOR, id, "session", "", "") == ERR_INVALID, "no session after the term");
    OK_(step(t, &AS_MEDIATOR, id, "prolong", "", "") == ERR_INVALID, "no prolongation after the term");
    on_day("2025-08-04");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "session", "2025-08-01", ""), "session");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "prolong", "", ""), "prolong");
    testdb_must(t, dispute_by_id(cx, 61, id, &d, &found), "read");
    OK_(str_eq(d.due_on, "2025-09-03"), "a prolonged term is sixty days from the contract");
    OK_(step(t, &AS_MEDIATOR, id, "prolong", "", "") == ERR_INVALID, "it is prolonged once");
    on_day("2025-08-20");
    OK_(step(t, &AS_MEDIATOR, id, "expire", "", "") == ERR_INVALID, "a term that runs does not expire");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "settle", "", ""), "settle");
    OK_(step(t, &AS_MEDIATOR, id, "follow", "", "") == ERR_INVALID,
        "there is nothing to follow without a promise");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "promise", "", ""), "promise");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "promise", "", ""), "promise");
    OK_(step(t, &AS_MEDIATOR, id, "performed", "", "") == ERR_INVALID, "promises are followed one by one");
    testdb_must(t, step(t, &AS_CLERK, id, "follow", "", ""), "follow");
    OK_(step(t, &AS_CLERK, id, "close", "", "") == ERR_INVALID, "a case with open promises is not closed");
    OK_(step(t, &AS_MEDIATOR, id, "breach", "", "") == ERR_INVALID, "no breach before a promise is overdue");
    testdb_must(t, obligation_list(cx, 61, id, &promises), "promises");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "done", "", id_text(cx->arena, promises.rows[0].id)), "done");
    testdb_must(t, dispute_by_id(cx, 61, id, &d, &found), "read");
    OK_(!*d.performed_on, "one of two promises is not the whole settlement");
    on_day("2025-09-02");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "breach", "", ""), "breach");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "done", "", id_text(cx->arena, promises.rows[1].id)), "done");
    testdb_must(t, dispute_by_id(cx, 61, id, &d, &found), "read");
    OK_(str_eq(d.performed_on, "2025-09-02") && str_eq(d.breach_on, "2025-09-02"),
        "kept at last, the settlement is performed");
    OK_(step(t, &AS_MEDIATOR, id, "close", "", "") == ERR_DENIED, "only the clerk closes");
    testdb_must(t, step(t, &AS_CLERK, id, "close", "", ""), "close");
    for (const struct case_step *s = CASE_STEPS; s->action; s++)
        if (step(t, &AS_CLERK, id, s->action, "", "1") == OK)
            OK_(false, "nothing is possible with a settled case that is closed");
    OK_(str_eq(state_of(t, id), "closed"), "a closed case stays closed");
    struct dispute_event_list_list events;
    testdb_must(t, dispute_event_list(cx, 61, id, &events), "events");
    OK_(events.n == 17, "every step stands in the timeline, the refused mediator too");
}

static void test_versions(struct testdb *t)
{
    int64_t id = file_dispute(t, BRANCH, "key-version", "2025-07-02");
    struct case_values v = NO_VALUES;
    v.note = "a note";
    v.version = opt_int(1);
    testdb_must(t, case_take_step(&t->cx, &AS_CLERK, id, "note", &v, NULL), "note");
    OK_(case_take_step(&t->cx, &AS_CLERK, id, "note", &v, NULL) == ERR_CONFLICT,
        "what somebody else changed meanwhile is not overwritten");
    OK_(step(t, &AS_CLERK_2, id, "note", "", "") == ERR_DENIED, "another clerk does not act in a kept case");
    OK_(case_take_over(&t->cx, &AS_MEDIATOR, id, "I want it") == ERR_NOT_FOUND,
        "a mediator cannot take a case over");
    testdb_must(t, case_take_over(&t->cx, &AS_CLERK_2, id, "holidays"), "take over");
    OK_(step(t, &AS_CLERK_2, id, "note", "", "") == ERR_DENIED, "taken over, what is written in it stays sealed");
    size_t given = 0;
    OK_(case_give_keys(&t->cx, &AS_HEAD, id, &given) == ERR_NOT_FOUND, "who holds no key gives none");
    t->cx.err = OK;
    testdb_must(t, case_give_keys(&t->cx, &AS_CLERK, id, &given), "give");
    OK_(given == 1 && step(t, &AS_CLERK_2, id, "note", "", "") == OK &&
            step(t, &AS_CLERK, id, "note", "", "") == ERR_DENIED,
        "the clerk before opens it for the one who has taken it over, and cannot any more");
    OK_(case_give_keys(&t->cx, &AS_CLERK, id, &given) == ERR_DENIED, "nor open it for anybody again");
    t->cx.err = OK;
}

/* --- numbers under load
 * --------------------------------------------------------------------------------------------- */

enum { THREADS = 8, EACH = 10 };
struct filer {
    struct testdb *t;
    int n;
    int failed;
};

static void *filer(void *arg)
{
    struct filer *f = arg;
    struct ctx cx = {.arena = arena_new(0), .region_id = 61, .lang = LANG_EN};
    f->failed = db_connect(&cx, f->t->store, &cx.db) != OK;
    for (int i = 0; i < EACH && !f->failed; i++) {
        int64_t id;
        const char *number;
        /* every key is sent by two threads at once */
        struct case_filing c = {.once_key = arena_printf(cx.arena, "load-%d-%d", f->n / 2, i),
                                .occurred_on = "2025-07-02",
                                .kind = "water",
                                .channel = "phone",
                                .summary = "x",
                                .resonance = "no",
                                .resonance_reason = "",
                                .territory_id = SETTLEMENT};
        f->failed = case_file(&cx, &c, &id, &number) != OK;
        if (f->failed)
            printf("# %s\n", cx.err_text);
    }
    db_disconnect(cx.db);
    arena_free(cx.arena);
    return NULL;
}

static int number_gaps(struct ctx *cx, int64_t *n, int *bad)
{
    struct dispute_list_list all;
    TRY(dispute_list(cx,
                     &(struct dispute_list_in){.region_id = 61,
                                               .see_all = 1,
                                               .state = "",
                                               .kind = "water",
                                               .quarter = "",
                                               .today = "",
                                               .most = 1000},
                     &all));
    *n = (int64_t)all.n;
    *bad = 0;
    for (size_t i = 0; i < all.n; i++)
        for (size_t k = i + 1; k < all.n; k++)
            *bad += str_eq(all.rows[i].number, all.rows[k].number);
    return OK;
}

static void test_concurrency(struct testdb *t)
{
    pthread_t threads[THREADS];
    struct filer filers[THREADS];
    int64_t n = 0;
    int bad = 0, failed = 0;
    for (int i = 0; i < THREADS; i++) {
        filers[i] = (struct filer){t, i, 0};
        pthread_create(&threads[i], NULL, filer, &filers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        failed += filers[i].failed;
    }
    testdb_must(t, number_gaps(&t->cx, &n, &bad), "numbers");
    OK_(failed == 0, "eight people file at once");
    OK_(n == THREADS / 2 * EACH, "each form that was sent twice is filed once");
    OK_(bad == 0, "no number comes twice");
}

static void cases(struct testdb *t)
{
    on_day("2025-07-05");
    fixture(t);
    test_table(t);
    test_clock(t);
    test_filing(t);
    test_whole_life(t);
    test_versions(t);
    test_concurrency(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
