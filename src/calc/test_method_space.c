/* Neighbours by document: the reference results of s4 (R's spdep on 42 African countries), both ways. */
#include "base/fs.h"
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

/* Three places in a row of neighbours; the pairs are given as lists. */
static const struct json *in_a_row(struct calc_test *t, const char *from, const char *to, const char *more)
{
    return calc_test_answer(t, arena_printf(t->cx.arena,
        "{\"method\": \"space.moran\", \"options\": {\"place\": [\"a\", \"b\", \"c\", \"d\"], \"y\": [1, 2, 4, 9], \"from\": %s, "
        "\"to\": %s%s}}", from, to, more));
}

static void test_pairs(struct calc_test *t)
{
    const struct json *each = in_a_row(t, "[\"a\", \"b\", \"b\", \"c\", \"c\", \"d\"]", "[\"b\", \"a\", \"c\", \"b\", \"d\", \"c\"]", "");
    double value = calc_test_num(each, "value");
    ok(value > 0 && value < 1, "neighbours both ways");
    is_num(calc_test_num(in_a_row(t, "[\"a\", \"b\", \"c\"]", "[\"b\", \"c\", \"d\"]", ", \"symmetric\": true"), "value"), value, 1e-15,
           "each pair once, holding both ways, is the same");
    is_num(calc_test_num(in_a_row(t, "[\"a\", \"b\", \"b\", \"c\"]", "[\"b\", \"a\", \"c\", \"d\"]", ", \"symmetric\": true"), "value"), value, 1e-15,
           "and so is a pair that is given both ways there");
    const char *matrix = "{\"method\": \"space.moran\", \"options\": {\"place\": [\"a\", \"b\", \"c\", \"d\"], \"y\": [1, 2, 4, 9], \"matrix\": "
                         "[[0, 1, 0, 0], [3, 0, 3, 0], [0, 1, 0, 1], [0, 0, 2, 0]]}}";
    is_num(calc_test_num(calc_test_answer(t, matrix), "value"), value, 1e-15, "a matrix is the same, its rows made to add up to 1");
    in_a_row(t, "[\"a\", \"a\", \"b\", \"e\"]", "[\"b\", \"b\", \"b\", \"c\"]", "");
    is_str(t->text, "test: options.to[1]: This pair of neighbours stands in the table twice.\n"
                    "test: options.to[2]: A place cannot be its own neighbour.\n"
                    "test: options.from[3]: There is no place \"e\".", "wrong pairs are told each");
}

/* An example of docs/examples/stat as it stands. */
static const struct json *example(struct calc_test *t, const char *name)
{
    struct buf *b;
    if (fs_read(&t->cx, arena_printf(t->cx.arena, "docs/examples/stat/%s.json", name), 0, &b))
        return NULL;
    struct buf *out = buf_new(t->cx.arena, 0);
    struct calc_request rq = {.name = name, .text = b->data, .n = b->len, .folder = "docs/examples/stat"};
    return calc_answer(&t->cx, &rq, out) == OK ? calc_test_parse(t, out->data, out->len) : NULL;
}

/* R 4.2.2, spdep 1.2.7 on the examples' tables: p <- read.csv("places.csv"), n <- read.csv("area_neighbours.csv"),
 * nb from both, W <- nb2listw(nb, style = "W"), B <- nb2listw(nb, style = "B"):
 * geary.test(p$trust, W), globalG.test(p$trust, B), EBest(p$disputes, p$population),
 * EBImoran.mc(p$disputes, p$population, W, 9), localG(p$trust, nb2listw(include.self(nb), style = "B")). */
static void test_examples(struct calc_test *t)
{
    const struct json *r = example(t, "space.geary");
    is_num(calc_test_num(r, "value"), 0.4101577048377628, 1e-14, "Geary's C of the example, as spdep");
    is_num(calc_test_num(r, "randomisation.variance"), 0.0536462564309833, 1e-13, "its variance");
    r = example(t, "space.general_g");
    is_num(calc_test_num(r, "value"), 0.221335629008394, 1e-14, "general G, as spdep");
    is_num(calc_test_num(r, "randomisation.variance"), 4.88594749484192e-05, 1e-17, "its variance");
    r = example(t, "space.rates");
    is_num(calc_test_num(r, "places[1].raw"), 108.784335055752, 1e-12, "raw rate per 100,000");
    is_num(calc_test_num(r, "places[1].estimate"), 73.4665895308015, 1e-12, "shrunken rate, as spdep");
    is_num(calc_test_num(example(t, "space.rates_moran"), "value"), -0.143363778083018, 1e-14, "Moran's I of rates, as spdep");
    r = example(t, "space.getis");
    is_num(calc_test_num(r, "places[0].z"), 0.245930180942309, 1e-14, "G* of one place, as spdep");
    is_num(calc_test_num(r, "places[2].z"), 2.041478377511058, 1e-14, "and of another");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    test_pairs(&t);
    test_examples(&t);
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
