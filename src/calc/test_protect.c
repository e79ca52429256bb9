/* test_protect.c - disclosure control and allocation by document: figures that are known, what is never in an answer, and
 * faults that are named. */
#include "base/str.h"
#include "calc/test_calc.h"

/* The document is wrong, and the line says what and where. */
static void wrong(struct calc_test *t, const char *document, const char *says, const char *name)
{
    bool refused = calc_test_answer(t, document) == NULL && t->status == CALC_WRONG;
    if (!ok(refused && strstr(t->text, says), name))
        printf("# %s\n", t->text);
}

static const char *refusal(const struct json *a)
{
    const struct json *list = json_get(a, "refused");
    return list && list->n ? json_get_str(&list->items[0], "reason", "") : "";
}

static void test_tables(struct calc_test *t)
{
    const struct json *a = calc_test_both(
        t,
        "{\"method\": \"protect.table\", \"options\": {\"row\": [\"a\", \"a\", \"b\", \"b\", \"c\", \"c\"], \"column\": [\"x\", \"y\", \"x\", \"y\", \"x\", "
        "\"y\"], \"count\": [3, 40, 50, 60, 11, 12]}}",
        "a table of three rows");
    is_num(calc_test_num(a, "primary"), 1, 0, "one count is small");
    is_num(calc_test_num(a, "cost"), 41 + 13 + 12, 0, "the cheapest square goes through 40, 12 and 11");
    ok(calc_test_at(a, "optimal")->b && calc_test_num(a, "narrowest") >= 9, "proven, and audited");
    ok(str_eq(calc_test_str(a, "cells[0].state"), "primary") && isnan(calc_test_num(a, "cells[0].count")),
       "a hidden count is not in the answer");
    a = calc_test_answer(t,
                         "{\"method\": \"protect.table\", \"options\": {\"row\": [\"a\", \"a\", \"b\", \"b\"], \"column\": [\"x\", \"y\", "
                         "\"x\", \"y\"], \"count\": [3, 40, 50, 60], \"published\": [0, 1, 1, 1], \"threshold\": 5}}");
    ok(a && !*refusal(a) && str_eq(calc_test_str(a, "cells[2].state"), "secondary"),
       "where all other counts were published, totals are hidden");
    a = calc_test_answer(t, "{\"method\": \"protect.counts\", \"options\": {\"count\": [4, 5], \"threshold\": 10}}");
    ok(a && !calc_test_at(a, "sum_may_be_shown")->b, "two small counts with a small sum: not even that is shown");
    wrong(t, "{\"method\": \"protect.counts\", \"options\": {\"count\": [4, -5]}}", "count", "a negative count is named");
    wrong(t, "{\"method\": \"protect.tree\", \"options\": {\"name\": [\"a\", \"b\"], \"parent\": [\"\", \"z\"], \"count\": [4, 4]}}",
          "\"z\"", "a parent that is not there is named");
    wrong(t, "{\"method\": \"protect.tree\", \"options\": {\"name\": [\"a\", \"b\"], \"parent\": [\"\", \"a\"], \"count\": [40, 41]}}",
          "sum", "a place that is not the sum of its parts is told");
}

static const char LINKED[] = "\"cell\": [\"p\", \"q\", \"t\"], \"y\": [4, 30, %s], \"relation\": [\"s\", \"s\", \"s\"], \"member\": [\"p\", \"%s\", "
                             "\"t\"], \"coefficient\": [1, 1, -1]";

static void test_linked(struct calc_test *t)
{
    struct arena *a = t->cx.arena;
    const char *good = arena_printf(a, LINKED, "34", "q"), *sum = arena_printf(a, LINKED, "35", "q"),
               *member = arena_printf(a, LINKED, "34", "z");
    const struct json *r = calc_test_both(
        t, arena_printf(a, "{\"method\": \"protect.suppress\", \"options\": {%s, \"primary\": [1, 0, 0], \"width\": [9, 0, 0]}}", good),
        "one sum");
    is_num(calc_test_num(r, "cost"), 31, 0, "the part beside it costs less than the total");
    is_num(calc_test_num(r, "cells[0].high"), 34, 1e-12, "so the hidden part may be up to the total");
    r = calc_test_answer(t, arena_printf(a, "{\"method\": \"protect.suppress\", \"options\": {%s, \"primary\": [1, 0, 0], \"width\": "
                                            "[9, 0, 0], \"published\": [0, 1, 1]}}", good));
    ok(r && str_eq(refusal(r), "not_protected") && isnan(calc_test_num(r, "cost")), "what cannot be protected is refused");
    r = calc_test_answer(t, arena_printf(a, "{\"method\": \"protect.audit\", \"options\": {%s, \"hidden\": [1, 0, 0]}}", good));
    is_num(calc_test_num(r, "disclosed"), 1, 0, "hiding one part alone hides nothing");
    wrong(t, arena_printf(a, "{\"method\": \"protect.audit\", \"options\": {%s, \"hidden\": [1, 0, 0]}}", sum), "\"s\"",
          "a sum that does not hold is named");
    wrong(t, arena_printf(a, "{\"method\": \"protect.audit\", \"options\": {%s, \"hidden\": [1, 0, 0]}}", member), "\"z\"",
          "a member that is no cell is named");
    r = calc_test_answer(t, arena_printf(a, "{\"method\": \"protect.round_linked\", \"options\": {%s, \"base\": 10}}", good));
    is_num(calc_test_num(r, "distance"), 8, 1e-12, "4, 30, 34 become 0, 30, 30");
}

static void test_noise(struct calc_test *t)
{
    const struct json *r = calc_test_both(
        t, "{\"method\": \"protect.key_table\", \"data\": {}, \"options\": {\"max_change\": 1, \"variance\": 0.5, \"small\": 0}}",
        "the smallest table of probabilities");
    is_num(calc_test_num(r, "probabilities[1].p"), 0.25, 1e-12, "one of four goes down");
    is_num(calc_test_num(r, "rows[1].entropy"), 1.5 * log(2), 1e-12, "its entropy is one and a half bits");
    wrong(t, "{\"method\": \"protect.key_table\", \"data\": {}, \"options\": {\"variance\": 1.5}}", "between 2 and 5",
          "a variance that a count of 1 cannot have is told with what it could have");
    wrong(t, "{\"method\": \"protect.key_table\", \"data\": {}, \"options\": {\"max_change\": 2, \"small\": 4}}", "1",
          "and a count that cannot keep its mean");
    r = calc_test_answer(t, "{\"method\": \"protect.record_keys\", \"data\": {}, \"options\": {\"record\": [5, 5, 6], \"secret\": [77]}}");
    ok(r && calc_test_num(r, "keys[0].key") == calc_test_num(r, "keys[1].key") &&
           calc_test_num(r, "keys[0].key") != calc_test_num(r, "keys[2].key"),
       "a record keeps its key");
    const char *whole = "{\"method\": \"protect.cell_key\", \"options\": {\"row\": [\"a\", \"a\", \"b\"], \"column\": [\"x\", \"x\", \"x\"], "
                        "\"key\": [4503599627370496, 2251799813685248, 1], \"small\": 0}}";
    const char *part = "{\"method\": \"protect.cell_key\", \"options\": {\"row\": [\"a\", \"a\", \"b\"], \"column\": [\"x\", \"x\", \"x\"], "
                       "\"key\": [0.5, 0.25, 1.1102230246251565e-16], \"keys\": \"fraction\", \"small\": 0}}";
    double first = calc_test_num(calc_test_answer(t, whole), "cells[0].shown");
    ok(isfinite(first) && first == calc_test_num(calc_test_answer(t, part), "cells[0].shown"), "keys may be fractions as well");
    wrong(t, "{\"method\": \"protect.cell_key\", \"options\": {\"row\": [\"a\"], \"column\": [\"x\"], \"key\": [0.5]}}", "whole",
          "a fraction among whole keys is named");
    r = calc_test_both(t,
                       "{\"method\": \"protect.round\", \"options\": {\"row\": [\"a\", \"a\", \"b\"], \"column\": [\"x\", \"y\", \"y\"], "
                       "\"count\": [3, 9, 13], \"base\": 5}}",
                       "a rounded table");
    is_num(calc_test_num(r, "cells[0].rounded") + calc_test_num(r, "cells[1].rounded"), calc_test_num(r, "cells[2].rounded"), 0,
           "adds up");
    is_num(calc_test_num(r, "cells[3].rounded"), 0, 0, "and keeps its zero");
}

static void test_allocation(struct calc_test *t)
{
    const struct json *r = calc_test_both(
        t,
        "{\"method\": \"allocation.visits\", \"options\": {\"place\": [\"a\", \"b\", \"c\"], \"gain\": [5, 4, 3], \"cost\": [6, 3, 3], "
        "\"budget\": 6, \"random_share\": 0}}",
        "three places and a budget for one or two");
    is_num(calc_test_num(r, "gain"), 7, 0, "two cheaper visits gain more than the dearest");
    is_num(calc_test_num(r, "bound"), 7, 0, "and that is the bound");
    r = calc_test_answer(t, "{\"method\": \"allocation.visits\", \"options\": {\"place\": [\"a\", \"b\"], \"gain\": [5, 4], \"cost\": [6, 3], "
                            "\"budget\": 4, \"name\": [\"a\", \"b\"], \"since\": [9, 1], \"rotation\": 8}}");
    ok(r && str_eq(refusal(r), "infeasible"), "a place that is due and cannot be paid for: no plan");
    wrong(t, "{\"method\": \"allocation.visits\", \"options\": {\"place\": [\"a\", \"a\"], \"gain\": [5, 4]}}", "twice",
          "the same visit twice is named");
    wrong(t, "{\"method\": \"allocation.visits\", \"options\": {\"place\": [\"a\"], \"kind\": [\"k\"], \"gain\": [5], \"capacity\": {\"q\": 1}}}",
          "\"q\"", "a capacity of a kind that is not there is named");
    r = calc_test_both(t, "{\"method\": \"allocation.ranks\", \"options\": {\"shape\": [1, 1], \"rate\": [1, 3]}}", "two needs");
    is_num(calc_test_num(r, "ranks[0].expected"), 1.25, 1e-12, "have the expected ranks of exponential variables");
    ok(!calc_test_at(r, "distinguished")->b && json_get(r, "warnings")->n == 1, "and a warning that they cannot be told apart");
    wrong(t, "{\"method\": \"allocation.ranks\", \"options\": {\"shape\": [1, 1], \"mean\": [1, 3]}}", "either",
          "two ways to give the posterior at once are refused");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    test_tables(&t);
    test_linked(&t);
    test_noise(&t);
    test_allocation(&t);
    calc_test_end(&t);
    return done();
}
