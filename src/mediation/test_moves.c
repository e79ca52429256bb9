/* test_moves.c - what may become of a case: the database refuses unlawful moves, cases are joined, split and opened again,
 * a mediator leaves, the clock ends a term; and random walks that try to break a rule. On both engines. */
#include "mediation/test_case.h"
#include "stat/rng.h"

static struct dispute_by_id_row read_case(struct testdb *t, int64_t id)
{
    struct dispute_by_id_row d;
    bool found;
    testdb_must(t, dispute_by_id(&t->cx, 61, id, &d, &found), "read");
    return d;
}

static int64_t offered(struct testdb *t, const char *key)
{
    int64_t id = file_dispute(t, BRANCH, key, "2025-07-02");
    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    testdb_must(t, assign(t, id, FIRST, "no", NULL), "assign");
    return id;
}

static int64_t under_contract(struct testdb *t, const char *key)
{
    int64_t id = offered(t, key);
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-03", "1"), "consent");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-03", "2"), "consent");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "contract", "2025-07-03", ""), "contract");
    return id;
}

struct move_job {
    int64_t id;
    const char *state;
};

static int move_tx(struct ctx *cx, void *arg)
{
    const struct move_job *j = arg;
    return dispute_move(cx, 61, j->id, j->state, NULL);
}

static void test_database(struct testdb *t)
{
    struct case_move *moves;
    struct case_move_list_list kept;
    size_t n = case_moves(t->cx.arena, &moves), same = 0, refused = 0, tried = 0;
    testdb_must(t, case_move_list(&t->cx, &kept), "moves");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < kept.n; k++)
            same += str_eq(case_state_code(moves[i].from), kept.rows[k].from_state) &&
                    str_eq(case_state_code(moves[i].to), kept.rows[k].to_state);
    OK_(n == kept.n && same == n, "the database knows exactly the moves of the table of steps and of triage");
    int64_t id = file_dispute(t, BRANCH, "key-db", "2025-07-02");
    for (int to = 0; to < CASE_STATES; to++) {
        bool lawful = to == CASE_INTAKE;
        for (size_t i = 0; i < n; i++)
            lawful |= moves[i].from == CASE_INTAKE && (int)moves[i].to == to;
        if (lawful)
            continue;
        tried++;
        refused += db_tx(&t->cx, move_tx, &(struct move_job){id, case_state_code((enum case_state)to)}) != OK;
        t->cx.err = OK;
    }
    OK_(tried >= 6 && refused == tried && str_eq(state_of(t, id), "intake"), "an unlawful move is refused by the database itself");
}

static void test_leave(struct testdb *t)
{
    int64_t id = under_contract(t, "key-leave");
    OK_(assign(t, id, SECOND, "no", NULL) == ERR_INVALID, "a running case keeps its mediator until he leaves");
    t->cx.err = OK;
    testdb_must(t, step(t, &AS_CLERK, id, "leave", "", ""), "leave");
    struct dispute_by_id_row d = read_case(t, id);
    struct vault v;
    OK_(!d.mediator_id.has && str_eq(d.due_on, "2025-08-02"), "he leaves; the clock runs on");
    OK_(vault_open(&t->cx, &AS_MEDIATOR, &d, &v) == ERR_DENIED, "and cannot open the case any more");
    OK_(step(t, &AS_MEDIATOR, id, "session", "2025-07-04", "") != OK, "nor act in it");
    t->cx.err = OK;
    testdb_must(t, assign(t, id, SECOND, "no", NULL), "assign again");
    d = read_case(t, id);
    OK_(vault_open(&t->cx, &AS_OTHER, &d, &v) == OK && str_eq(d.state, "contract"), "another one goes on");
    testdb_must(t, step(t, &AS_OTHER, id, "session", "2025-07-04", ""), "session");
}

static int take_other(struct testdb *t, int64_t id, const char *action, const char *other)
{
    struct case_values v = NO_VALUES;
    v.note = "Another quarrel about the well";
    v.other = other;
    t->cx.account_id = CLERK;
    t->cx.err = OK;
    int rc = case_take_step(&t->cx, &AS_CLERK, id, action, &v, NULL);
    t->cx.err = OK;
    return rc;
}

static int64_t cases_of_quarter(struct testdb *t)
{
    struct dispute_cells_list cells;
    int64_t n = 0;
    testdb_must(t, mediation_cells(&t->cx, "2025-Q3", "2025-Q3", &cells), "cells");
    for (size_t i = 0; i < cells.n; i++)
        n += cells.rows[i].n;
    return n;
}

static void test_join_and_split(struct testdb *t)
{
    int64_t id = offered(t, "key-join-1"), twin = offered(t, "key-join-2"), before = cases_of_quarter(t);
    struct dispute_by_id_row d = read_case(t, id), end;
    struct party_list_list sides;
    struct dispute_event_list_list events;
    struct vault v;
    OK_(take_other(t, twin, "join", "2025-9999") == ERR_INVALID, "a case is joined to one that exists");
    OK_(take_other(t, twin, "join", read_case(t, twin).number) == ERR_INVALID, "and not to itself");
    testdb_must(t, take_other(t, twin, "join", d.number), "join");
    end = read_case(t, twin);
    OK_(str_eq(end.state, "closed") && end.joined_to.has && end.joined_to.value == id && cases_of_quarter(t) == before - 1,
        "it ends there, points to the other one and is counted once");
    testdb_must(t, vault_open(&t->cx, &AS_MEDIATOR, &d, &v), "open");
    testdb_must(t, vault_parties(&t->cx, &v, &sides), "sides");
    testdb_must(t, vault_events(&t->cx, &v, &events), "events");
    OK_(sides.n == 2 && strstr(events.rows[events.n - 1].note, "Secret summary"),
        "the one that goes on holds what was written, and each side once");
    OK_(step(t, &AS_CLERK, twin, "resume", "", "") == ERR_INVALID, "a joined case is not opened again");
    t->cx.err = OK;

    int64_t big = file_dispute(t, BRANCH, "key-split", "2025-07-02");
    OK_(take_other(t, big, "split", "2") == ERR_INVALID, "two sides are one quarrel");
    testdb_must(t, triage_as(t, &AS_CLERK, big, "ordinary"), "triage");
    testdb_must(t, take_other(t, offered(t, "key-more"), "join", read_case(t, big).number), "join");
    struct dispute_facts_row f;
    testdb_must(t, dispute_facts(&t->cx, 61, big, "2025-07-05", &f), "facts");
    OK_(f.parties == 2, "the same people stay two");
    static const struct case_party THREE[] = {{"first", "Aigul Secretname", "", "", false},
                                              {"second", "Berik Secretname", "", "", false},
                                              {"other", "Dana Secretname", "", "", false}};
    struct case_filing filing = {.once_key = "key-three", .occurred_on = "2025-07-02", .kind = "livestock", .channel = "visit",
                                 .summary = "Secret summary", .resonance = "no", .resonance_reason = "", .territory_id = SETTLEMENT,
                                 .parties = THREE, .n_parties = 3};
    const char *number;
    t->cx.account_id = BRANCH;
    testdb_must(t, case_file(&t->cx, &filing, &big, &number), "file");
    OK_(take_other(t, big, "split", "7") == ERR_INVALID && take_other(t, big, "split", "1 2 3") == ERR_INVALID,
        "sides that are not there, or all of them, do not go");
    before = cases_of_quarter(t);
    testdb_must(t, take_other(t, big, "split", "3"), "split");
    testdb_must(t, dispute_facts(&t->cx, 61, big, "2025-07-05", &f), "facts");
    OK_(f.parties == 2 && cases_of_quarter(t) == before + 1, "a side with a quarrel of its own gets a case of its own");
    struct dispute_list_list all;
    testdb_must(t, dispute_list(&t->cx, &(struct dispute_list_in){.region_id = 61, .see_all = 1, .state = "", .kind = "", .quarter = "",
                                                                   .today = "", .most = 1}, &all), "newest");
    d = read_case(t, all.rows[0].id);
    testdb_must(t, vault_open(&t->cx, &AS_CLERK, &d, &v), "open");
    testdb_must(t, vault_parties(&t->cx, &v, &sides), "sides");
    OK_(d.split_from.has && d.split_from.value == big && sides.n == 1 && str_eq(sides.rows[0].name, "Dana Secretname"),
        "sealed, and with its origin");
}

static void test_resume(struct testdb *t)
{
    int64_t id = under_contract(t, "key-resume");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "refuse_one", "2025-07-04", ""), "refuse");
    testdb_must(t, step(t, &AS_CLERK, id, "close", "2025-07-05", ""), "close");
    testdb_must(t, step(t, &AS_CLERK, id, "resume", "", ""), "resume");
    struct dispute_by_id_row d = read_case(t, id);
    struct dispute_facts_row f;
    testdb_must(t, dispute_facts(&t->cx, 61, id, "2025-07-05", &f), "facts");
    OK_(str_eq(d.state, "intake") && !*d.contract_on && !*d.due_on && !*d.closed_on && !d.mediator_id.has && f.consents == 0,
        "a failed case that is opened again begins with its triage, without the old contract and consents");
}

static void test_expire(struct testdb *t)
{
    int64_t id = under_contract(t, "key-expire"), n = 0;
    testdb_must(t, case_expire(&t->cx, &n), "clock");
    OK_(n == 0 && str_eq(state_of(t, id), "contract"), "before its end the clock ends nothing");
    on_day("2025-08-02");
    testdb_must(t, case_expire(&t->cx, &n), "clock");
    OK_(n == 0, "nor on the last day");
    on_day("2025-08-03");
    testdb_must(t, case_expire(&t->cx, &n), "clock");
    OK_(n >= 1 && str_eq(state_of(t, id), "expired"), "on the day after it the term is over by itself");
    testdb_must(t, case_expire(&t->cx, &n), "clock");
    OK_(n == 0, "once");
    on_day("2025-07-05");
}

static void test_minors(struct testdb *t)
{
    static const struct case_party CHILD[] = {{"first", "Aigul Secretname", "", "Dana Secretname", true},
                                              {"second", "Berik Secretname", "", "", false}};
    struct case_filing filing = {.once_key = "key-minor", .occurred_on = "2025-07-02", .kind = "livestock", .channel = "school",
                                 .summary = "Secret summary", .resonance = "no", .resonance_reason = "", .territory_id = SETTLEMENT,
                                 .offence = true, .parties = CHILD, .n_parties = 2};
    struct case_values v = NO_VALUES;
    const char *number;
    int64_t id;
    t->cx.account_id = BRANCH;
    testdb_must(t, case_file(&t->cx, &filing, &id, &number), "file");
    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    testdb_must(t, assign(t, id, FIRST, "no", NULL), "assign");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-03", "1"), "consent");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-03", "2"), "consent");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "contract", "2025-07-03", ""), "contract");
    v.session_kind = "joint";
    v.minutes = "They met";
    OK_(case_take_step(&t->cx, &AS_MEDIATOR, id, "session", &v, NULL) == ERR_INVALID, "a child's session needs the representative");
    v.guardian = true;
    OK_(case_take_step(&t->cx, &AS_MEDIATOR, id, "session", &v, NULL) == ERR_INVALID,
        "and, where it is about an offence, a teacher or psychologist");
    v.teacher = true;
    t->cx.err = OK;
    OK_(case_take_step(&t->cx, &AS_MEDIATOR, id, "session", &v, NULL) == OK, "with both it is recorded");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "refuse_one", "2025-07-05", ""), "refuse");
    testdb_must(t, step(t, &AS_CLERK, id, "close", "2025-07-05", ""), "close");
    struct dispute_by_id_row d = read_case(t, id);
    struct vault vault;
    OK_(vault_open(&t->cx, &AS_CLERK, &d, &vault) == ERR_DENIED && vault_open(&t->cx, &AS_MEDIATOR, &d, &vault) == OK,
        "when a child's case ends, it is closed to the clerk too");
    t->cx.err = OK;
}

static void test_destruction(struct testdb *t)
{
    int64_t id = under_contract(t, "key-keep"), n = 0;
    struct dispute_content_row c;
    struct dispute_event_list_list events;
    struct party_list_list sides;
    struct vault v;
    testdb_must(t, step(t, &AS_MEDIATOR, id, "refuse_one", "2025-07-04", ""), "refuse");
    testdb_must(t, step(t, &AS_CLERK, id, "close", "2025-07-05", ""), "close");
    on_day("2030-07-05");
    testdb_must(t, case_destroy_old(&t->cx, &n), "care");
    struct dispute_by_id_row d = read_case(t, id);
    OK_(!*d.destroyed_on && vault_open(&t->cx, &AS_CLERK, &d, &v) == OK, "for five years a closed case is kept");
    on_day("2030-07-06");
    testdb_must(t, case_destroy_old(&t->cx, &n), "care");
    d = read_case(t, id);
    testdb_must(t, dispute_content(&t->cx, 61, id, &c), "content");
    testdb_must(t, dispute_event_list(&t->cx, 61, id, &events), "events");
    testdb_must(t, party_list(&t->cx, 61, id, &sides), "sides");
    bool left = c.sealed.len || *c.summary || sides.n;
    for (size_t i = 0; i < events.n; i++)
        left |= events.rows[i].sealed.len || *events.rows[i].note;
    OK_(n >= 1 && str_eq(d.destroyed_on, "2030-07-06") && !left && events.n > 5,
        "then nothing that was written is left, but that and when it happened is");
    OK_(vault_open(&t->cx, &AS_CLERK, &d, &v) == ERR_DENIED, "and nobody opens it, nor seals it anew");
    t->cx.err = OK;
    OK_(step(t, &AS_CLERK, id, "resume", "", "") != OK, "it is not opened again");
    t->cx.err = OK;
    on_day("2025-07-05");
}

/* --- walks: whatever is tried in whatever order, the rules hold --- */

static bool rules_hold(struct testdb *t, int64_t id, const char *today)
{
    struct dispute_by_id_row d = read_case(t, id);
    struct party_list_list sides;
    bool good = true, running = str_eq(d.state, "contract") || str_eq(d.state, "sessions");
    testdb_must(t, party_list(&t->cx, 61, id, &sides), "sides");
    if (*d.contract_on) {
        struct date from, due;
        good &= date_parse(d.contract_on, &from) && date_parse(d.due_on, &due) && date_diff(from, due) <= 60 && date_diff(from, due) >= 30;
        good &= strcmp(d.contract_on, today) <= 0 && sides.n >= 2;
        for (size_t i = 0; i < sides.n; i++) /* nobody is drawn into a contract */
            good &= *sides.rows[i].consent_on && strcmp(sides.rows[i].consent_on, d.contract_on) <= 0;
        good &= !*d.prolonged_on || strcmp(d.prolonged_on, d.due_on) <= 0;
    }
    good &= !running || *d.contract_on;
    good &= !*d.settled_on || (*d.contract_on && strcmp(d.settled_on, d.contract_on) >= 0 && strcmp(d.settled_on, d.due_on) <= 0);
    good &= !(str_eq(d.state, "settled") || str_eq(d.state, "follow_up")) || *d.settled_on;
    good &= !*d.performed_on || (*d.settled_on && strcmp(d.performed_on, d.settled_on) >= 0);
    good &= str_eq(d.state, "closed") == (*d.closed_on != 0);
    return good;
}

/* The number of a step that leads on from a state; n_steps + 1: triage. */
static uint64_t forward(enum case_state state, struct rng *r, size_t n_steps)
{
    static const char *const ON[CASE_STATES][4] = {[CASE_OFFERED] = {"assign", "consent", "consent", "contract"},
                                                   [CASE_CONTRACT] = {"session", "session", "prolong", "session"},
                                                   [CASE_SESSIONS] = {"settle", "session", "settle", "prolong"},
                                                   [CASE_SETTLED] = {"promise", "follow", "performed", "promise"},
                                                   [CASE_FOLLOW_UP] = {"done", "breach", "close", "done"}};
    const char *action = state < CASE_STATES ? ON[state][rng_below(r, 4)] : NULL;
    for (size_t i = 0; action && i < n_steps; i++)
        if (str_eq(CASE_STEPS[i].action, action))
            return i;
    return n_steps + 1;
}

static void test_walks(struct testdb *t)
{
    enum { WALKS = 40, STEPS = 45 };
    static const char *const YES[] = {"ordinary", "minor_party", "state_body", "no_consent", "grave"};
    int64_t taken = 0, ended = 0, broken = 0, seen[CASE_STATES] = {0};
    size_t n_steps = 0;
    while (CASE_STEPS[n_steps].action)
        n_steps++;
    for (int w = 0; w < WALKS; w++) {
        struct rng r = rng_stream(7, "walk", (uint64_t)w);
        struct date day = {2025, 7, 5};
        on_day(date_text(t->cx.arena, day));
        int64_t id = file_dispute(t, BRANCH, arena_printf(t->cx.arena, "walk-%d", w), "2025-07-02");
        for (int s = 0; s < STEPS; s++) {
            day = date_add_days(day, (int64_t)rng_below(&r, 4));
            const char *today = date_text(t->cx.arena, day);
            on_day(today);
            const struct case_asker *who = rng_below(&r, 3) ? &AS_MEDIATOR : &AS_CLERK;
            uint64_t what = rng_below(&r, n_steps + 4);
            /* Two walks of three go forward most of the time, so that they get far; the others try anything. */
            if (w % 3 && rng_below(&r, 4))
                what = forward(case_state_from(state_of(t, id)), &r, n_steps);
            const char *action = what < n_steps ? CASE_STEPS[what].action : "";
            const char *when = date_text(t->cx.arena, date_add_days(day, (int64_t)rng_below(&r, 9) - 6));
            const char *item = rng_below(&r, 2) ? "1" : "2";
            int rc;
            if (what >= n_steps + 1)
                rc = triage_as(t, &AS_CLERK, id, YES[rng_below(&r, 3) ? 0 : rng_below(&r, 5)]);
            else if (what == n_steps)
                rc = case_expire(&t->cx, &ended);
            else if (str_eq(action, "assign"))
                rc = assign(t, id, FIRST, rng_below(&r, 4) ? "no" : "yes", NULL);
            else if (str_eq(action, "join") || str_eq(action, "split"))
                continue;
            else
                rc = step(t, who, id, action, rng_below(&r, 3) ? "" : when, item);
            taken += rc == OK;
            t->cx.err = OK;
            seen[case_state_from(state_of(t, id))]++;
            if (!rules_hold(t, id, today) && ++broken < 4)
                printf("# walk %d, step %d: %s left it %s\n", w, s, action, state_of(t, id));
        }
    }
    int states = 0;
    for (int i = 0; i < CASE_STATES; i++)
        states += seen[i] > 0;
    OK_(broken == 0, "no path of steps breaks a clock or skips a consent");
    printf("# %lld steps were possible, %d states were seen\n", (long long)taken, states);
    OK_(taken > 300 && states >= 10, "and the walks went far enough to mean something");
    on_day("2025-07-05");
}

static void cases_of(struct testdb *t)
{
    on_day("2025-07-05");
    fixture(t);
    test_database(t);
    test_leave(t);
    test_join_and_split(t);
    test_resume(t);
    test_expire(t);
    test_minors(t);
    test_destruction(t);
    test_walks(t);
}

int main(void)
{
    testdb_both(cases_of);
    return done();
}
