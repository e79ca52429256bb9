/* Neighbours by document: the reference results of s4 (R's spdep on 42 African countries), both ways. */
#include "base/str.h"
#include "calc/test_calc_golden.h"

static const char *document(struct calc_test *t, const char *method, const char *style)
{
    return arena_printf(t->cx.arena,
                        "{\"method\": \"%s\", \"data\": {\"main\": \"" GOLDEN_DIR "s4_spatial_afcon_pennLC/afcon.csv\", "
                        "\"neighbours\": \"" GOLDEN_DIR "s4_spatial_afcon_pennLC/afcon_neighbours.csv\"}, \"options\": {"
                        "\"place\": \"id\", \"y\": \"totcon\", \"from\": \"from\", \"to\": \"to\", \"style\": \"%s\"}}",
                        method, style);
}

/* Five figures of the whole map in the order of the reference. */
static void test_global(struct calc_test *t, const char *json, const char *style, const char *key)
{
    struct arena *a = t->cx.arena;
    const struct json *r = calc_test_both(t, document(t, "space.moran", style), style);
    static const char *const ASSUMED[2][2] = {{"random", "randomisation"}, {"normal", "normality"}};
    for (size_t i = 0; i < 2; i++) {
        double want[5] = {NAN, NAN, NAN, NAN, NAN}, got[5];
        golden_get(json, arena_printf(a, "afcon.%s.moran.%s", key, ASSUMED[i][0]), want, 5);
        got[0] = calc_test_num(r, "value");
        got[1] = calc_test_num(r, "expected");
        got[2] = calc_test_num(r, arena_printf(a, "%s.variance", ASSUMED[i][1]));
        got[3] = calc_test_num(r, arena_printf(a, "%s.z", ASSUMED[i][1]));
        got[4] = calc_test_num(r, arena_printf(a, "%s.p", ASSUMED[i][1]));
        bool same = true;
        for (size_t k = 0; k < 5; k++)
            same = same && fabs(got[k] - want[k]) <= 1e-9 * fabs(want[k]);
        ok(same, arena_printf(a, "%s: Moran's I under %s", style, ASSUMED[i][1]));
    }
}

/* The names of a list of texts in the reference, against "places[%d].quadrant". */
static void test_quadrants(struct calc_test *t, const char *json, const struct json *r, const char *key)
{
    const struct json *all, *want;
    if (json_parse(&t->cx, json, strlen(json), 0, &all))
        exit(2);
    want = json_get(all, key);
    bool same = want && want->n == 42;
    for (size_t i = 0; same && i < want->n; i++) {
        const char *got = calc_test_str(r, arena_printf(t->cx.arena, "places[%zu].quadrant", i));
        char folded[32] = "";
        for (size_t k = 0; want->items[i].s[k] && k < sizeof folded - 1; k++)
            folded[k] = (char)(want->items[i].s[k] | 0x20);
        same = str_eq(got, folded);
    }
    ok(same, key);
}

static void test_local(struct calc_test *t, const char *json, const char *style, const char *key)
{
    static const char *const FIGURES[][2] = {
        {"lisa.Ii", "value"}, {"lisa.E", "expected"}, {"lisa.Var", "variance"},
        {"lisa.Z", "z"},      {"lisa.p", "p"},        {"lisa_total.Var", "variance_total"},
    };
    struct arena *a = t->cx.arena;
    const struct json *r = calc_test_both(t, document(t, "space.lisa", style), style);
    for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++)
        calc_test_golden(t, json, arena_printf(a, "afcon.%s.%s", key, FIGURES[i][0]), r,
                         arena_printf(a, "places[%%d].%s", FIGURES[i][1]), 1e-9);
    test_quadrants(t, json, r, arena_printf(a, "afcon.%s.lisa.quadrant", key));
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    char *json = golden_file("s4_spatial_afcon_pennLC", "expected.json");
    if (!json) {
        skip("the reference results of s4", "../shared/golden is not here");
        return done();
    }
    test_global(&t, json, "row", "W");
    test_global(&t, json, "binary", "B");
    test_local(&t, json, "row", "W");
    test_local(&t, json, "binary", "B");
    free(json);
    calc_test_end(&t);
    return done();
}
