/* Tests of base/json.h. */
#include "tap.h"

#include "base/arena.h"
#include "base/json.h"

static struct arena *a;

struct year { int64_t year; struct protected_count people; };
struct place {
    const char *name;
    int64_t id;
    bool town;
    double share;
    struct opt_int code;
    struct opt_num area;
    struct opt_int parent;
    struct { struct year *rows; size_t n; } years;
};
static const struct field_desc YEAR_FIELDS[] = {
    FIELD(year, year, INT), FIELD(year, people, COUNT)};
static ROW_DESC(YEAR_DESC, "year", year, YEAR_FIELDS);
static const struct field_desc PLACE_FIELDS[] = {
    FIELD(place, name, TEXT), FIELD(place, id, ID), FIELD(place, town, BOOL), FIELD(place, share, NUM),
    FIELD(place, code, OPT_INT), FIELD(place, area, OPT_NUM), FIELD(place, parent, OPT_ID),
    FIELD_LIST("years", place, years, &YEAR_DESC)};
static ROW_DESC(PLACE_DESC, "place", place, PLACE_FIELDS);

static void test_writer(void)
{
    struct buf *b = buf_new(a, 0);
    struct json_writer w;
    json_begin(&w, b);
    json_obj(&w, NULL);
    json_str(&w, "text", "қала \"a\\b\"\n\x01 \xFF");
    json_arr(&w, "list");
    json_int(&w, NULL, INT64_MIN);
    json_none(&w, NULL);
    json_obj(&w, NULL);
    json_end(&w);
    json_end(&w);
    json_num(&w, "nan", (double)NAN);
    json_str(&w, "none", NULL);
    json_end(&w);
    is_str(b->data,
           "{\"text\":\"қала \\\"a\\\\b\\\"\\n\\u0001 \xEF\xBF\xBD\",\"list\":[-9223372036854775808,null,{}],"
           "\"nan\":null,\"none\":null}",
           "values, nesting and escapes are written");
}

static void test_numbers(void)
{
    static const double VALUES[] = {0.1, 1.0 / 3, 1e21, 123456789.125, -2.5e-300, 5e-324, 1.7976931348623157e308};
    char text[32];
    is_str(num_shortest(text, 0.1), "0.1", "a tenth is short");
    is_str(num_shortest(text, -0.0), "0", "there is no minus zero");
    bool same = true;
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++)
        same &= strtod(num_shortest(text, VALUES[i]), NULL) == VALUES[i];
    ok(same, "numbers read back as they were");
}

/* The rule itself: the first of 15, 16, 17 digits that reads back. */
static void shortest_slowly(char out[32], double v)
{
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(out, 32, "%.*g", precision, v);
        if (strtod(out, NULL) == v)
            return;
    }
}

static void test_shortest(void)
{
    char got[32], want[32];
    uint64_t x = 1;
    int differ = 0;
    for (int i = 0; i < 200000 && differ < 5; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        double u = (double)(x >> 11) * 0x1p-53, v = 0;
        switch (i % 5) {
        case 0: v = u; break;                                        /* shares */
        case 1: v = exp(80 * u - 40) * (i % 2 ? 1 : -1); break;      /* all sizes */
        case 2: v = floor(u * 1e6) / 1000; break;                    /* few decimals */
        case 3: v = nextafter(floor(u * 1e5) / 1e4, i % 2); break;   /* beside them */
        default: v = ldexp(floor(u * 64), (int)(x >> 20) % 60 - 45); /* powers of two and sums of few */
        }
        if (v == 0)
            continue;
        num_shortest(got, v);
        shortest_slowly(want, v);
        if (strcmp(got, want) != 0) {
            printf("# got %s, want %s\n", got, want);
            differ++;
        }
    }
    is_int(differ, 0, "200,000 numbers have the shortest of 15, 16, 17 digits");
}

static void test_rows(void)
{
    struct year years[] = {{2024, {false, 126}}, {2025, {true, 0}}};
    struct place p = {.name = "Кентау", .id = 33, .town = true, .share = NAN, .area = opt_num(2.5)};
    p.years.rows = years;
    p.years.n = 2;
    struct buf *b = buf_new(a, 0);
    struct json_writer w;
    json_begin(&w, b);
    json_rows(&w, NULL, &PLACE_DESC, &p, 1);
    is_str(b->data,
           "[{\"name\":\"Кентау\",\"id\":\"0000000000011\",\"town\":true,\"share\":null,\"code\":null,\"area\":2.5,"
           "\"parent\":null,\"years\":[{\"year\":2024,\"people\":126},{\"year\":2025,\"people\":\"protected\"}]}]",
           "a row is written by its description, a hidden count as protected");
}

int main(void)
{
    a = arena_new(0);
    test_writer();
    test_numbers();
    test_shortest();
    test_rows();
    arena_free(a);
    return done();
}
