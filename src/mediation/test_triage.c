/* The decision table of triage: every rule, what is unknown, conditions, dated versions. On both engines. */
#include "mediation/test_case.h"

static void test_rules(struct testdb *t)
{
    /* Facts in the order of the table, with what must come of each alone. */
    static const struct {
        const char *fact, *outcome;
        enum case_state state;
    } WANT[] = {{"violence_now", "emergency", CASE_EMERGENCY},
                {"no_consent", "refer", CASE_REFERRED},
                {"corruption", "refer", CASE_REFERRED},
                {"excluded_crime", "refer", CASE_REFERRED},
                {"death", "refer", CASE_REFERRED},
                {"domestic", "refer", CASE_REFERRED},
                {"incapable", "refer", CASE_REFERRED},
                {"grave", "lawyer", CASE_LAWYER},
                {"third_persons", "condition", CASE_OFFERED},
                {"state_body", "lawyer", CASE_LAWYER},
                {"administrative", "condition", CASE_OFFERED},
                {"minor_crime", "condition", CASE_OFFERED},
                {"minor_party", "condition", CASE_OFFERED},
                {"in_court", "condition", CASE_OFFERED},
                {"family_children", "condition", CASE_OFFERED},
                {"mediator_tie", "change_mediator", CASE_OFFERED},
                {"ordinary", "mediate", CASE_OFFERED},
                {"", "lawyer", CASE_LAWYER}};
    size_t n = sizeof WANT / sizeof *WANT;
    OK_(n == 18, "the table has eighteen rules");
    for (size_t i = 0; i < n; i++) {
        struct triage_answers a = answers(t, *WANT[i].fact ? WANT[i].fact : "none of them", NULL);
        struct triage_proposal p = decide(t, &a);
        ok(p.rule && p.rule->ordinal == (int64_t)i + 1 && str_eq(p.rule->outcome, WANT[i].outcome) &&
               triage_state(p.rule->outcome) == WANT[i].state,
           arena_printf(t->cx.arena, "%s: rule %zu decides for %s", t->engine, i + 1,
                        *WANT[i].fact ? WANT[i].fact : "nothing else"));
    }
    for (size_t i = 0; i < n - 1; i++) { /* the first rule wins over every later one */
        struct triage_fact rows[18];
        for (size_t k = 0; k < n - 1; k++)
            rows[k] = (struct triage_fact){WANT[k].fact, k >= i ? "yes" : "no"};
        struct triage_proposal p = decide(t, &(struct triage_answers){rows, n - 1});
        ok(p.rule && p.rule->ordinal == (int64_t)i + 1,
           arena_printf(t->cx.arena, "%s: rule %zu goes before those below it", t->engine, i + 1));
    }
}

static void test_unknown(struct testdb *t)
{
    struct triage_answers a = answers(t, "ordinary", "violence_now");
    struct triage_proposal p = decide(t, &a);
    OK_(p.rule->ordinal == 18 && str_eq(p.missing, "violence_now"),
        "what is unknown above keeps mediation closed: a lawyer looks");
    a = answers(t, "minor_crime", "death");
    OK_(decide(t, &a).rule->ordinal == 18, "so it does for mediation on a condition");
    a = answers(t, "corruption", "no_consent");
    OK_(decide(t, &a).rule->ordinal == 3, "handing over waits for nothing");
    a = answers(t, "third_persons", "ordinary");
    OK_(decide(t, &a).rule->ordinal == 9, "what is unknown below does not matter");
    OK_(decide(t, &(struct triage_answers){NULL, 0}).rule->ordinal == 18,
        "without any answer a lawyer looks");
}

static void test_conditions(struct testdb *t)
{
    struct triage_fact_list_list facts;
    testdb_must(t, triage_fact_list(&t->cx, 61, &facts), "facts");
    struct triage_fact *rows = arena_array(t->cx.arena, facts.n, sizeof *rows);
    for (size_t i = 0; i < facts.n; i++) {
        bool yes = str_eq(facts.rows[i].code, "minor_crime") || str_eq(facts.rows[i].code, "minor_party") ||
                   str_eq(facts.rows[i].code, "in_court");
        rows[i] = (struct triage_fact){facts.rows[i].code, yes ? "yes" : "no"};
    }
    struct triage_proposal p = decide(t, &(struct triage_answers){rows, facts.n});
    OK_(p.rule->ordinal == 12 && p.n_conditions == 3,
        "all conditions that hold are listed, not only the first");
}

static void test_versions(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct triage_rule_values v = {"lawyer", "Art. 1", "kk", "ru", "en", "2025-10-01", true};
    struct triage_rule_list_list rules;
    struct triage_answers a = answers(t, "ordinary", NULL);
    testdb_must(t, triage_rule_change(cx, 17, &v), "change");
    OK_(str_eq(decide(t, &a).rule->outcome, "mediate"), "a new version does not hold before its day");
    testdb_must(t, triage_rule_list(cx, 61, "2025-10-01", &rules), "rules");
    OK_(rules.n == 18 && str_eq(triage_decide(cx->arena, &rules, &a).rule->outcome, "lawyer"),
        "from its day on it does, in its place");
    OK_(triage_rule_change(cx, 17, &v) != OK, "an old version cannot be changed again");
    v.valid_from = "";
    OK_(triage_rule_change(cx, 16, &v) == ERR_INVALID, "a version must begin after the one before it");
    cx->err = OK;
}

static int seed_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    return mediation_module.seed(cx);
}

static void test_confirm(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id = file_dispute(t, BRANCH, "key-confirm", "2025-08-01");
    struct triage_answers a = answers(t, "minor_crime", NULL);
    struct condition_list_list conditions;
    OK_(triage_confirm(cx, &AS_CLERK, id, &a, &(struct triage_values){17, 1, ""}) == ERR_CONFLICT,
        "only the rule that was shown can be confirmed");
    OK_(triage_as(t, &AS_BRANCH, id, "minor_crime") == ERR_DENIED, "who filed it cannot decide about it");
    OK_(triage_as(t, &AS_MEDIATOR, id, "minor_crime") == ERR_NOT_FOUND, "for others it does not exist");
    testdb_must(t, triage_as(t, &AS_CLERK, id, "minor_crime"), "confirm");
    testdb_must(t, condition_list(cx, 61, id, &conditions), "conditions");
    OK_(str_eq(state_of(t, id), "offered") && conditions.n == 1,
        "a clerk confirms; the condition is written down");
    OK_(triage_as(t, &AS_CLERK, id, "ordinary") == ERR_INVALID, "triage is done once");
    struct triage_rule_list_list rules;
    testdb_must(t, db_tx(cx, seed_tx, NULL), "seed again");
    testdb_must(t, triage_rule_list(cx, 61, "", &rules), "rules");
    OK_(rules.n == 18, "seeding again changes nothing");
}

static void cases(struct testdb *t)
{
    on_day("2025-08-10");
    fixture(t);
    test_rules(t);
    test_unknown(t);
    test_conditions(t);
    test_confirm(t);
    test_versions(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
