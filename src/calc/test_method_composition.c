/* Composition by document: the reference results of s5 (R's segregation on pupils of schools), both ways. */
#include "calc/test_calc_golden.h"

#define SCHOOLS "\"data\": \"" GOLDEN_DIR "s5_segregation_schools/schools.csv\""

int main(void)
{
    struct calc_test t = calc_test_begin();
    char *json = golden_file("s5_segregation_schools", "expected.json");
    if (!json) {
        skip("the reference results of s5", "../shared/golden is not here");
        return done();
    }
    const struct json *r = calc_test_both(&t, "{\"method\": \"composition.segregation\", " SCHOOLS ", \"options\": {\"groups\": "
        "[\"asian\", \"black\", \"hisp\", \"white\", \"native\"], \"cluster\": \"district\"}}", "pupils of five groups");
    static const char *const FIGURES[][2] = {
        {"entropy_total", "entropy"}, {"theil_H", "h"}, {"mutual_information_M", "m"}, {"multigroup_D", "d"},
        {"interaction_index_I", "interaction"}, {"reardon_R", "r"}, {"local.ls", "groups[%d].local"},
        {"local.p", "groups[%d].share"},
    };
    for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++)
        calc_test_golden(&t, json, FIGURES[i][0], r, FIGURES[i][1], 1e-10);
    double pair[2];
    golden_get(json, "segregation_pkg.M_H", pair, 2);
    ok(fabs(calc_test_num(r, "m") - pair[0]) < 1e-10 && fabs(calc_test_num(r, "h") - pair[1]) < 1e-10, "segregation_pkg.M_H");
    golden_get(json, "within_district.M_H", pair, 2);
    ok(fabs(calc_test_num(r, "within_m") - pair[0]) < 1e-10 && fabs(calc_test_num(r, "within_h") - pair[1]) < 1e-10,
       "within_district.M_H");
    golden_get(json, "between_district.M_H", pair, 2);
    ok(fabs(calc_test_num(r, "between_m") - pair[0]) < 1e-10 && fabs(calc_test_num(r, "between_h") - pair[1]) < 1e-10,
       "between_district.M_H");
    r = calc_test_both(&t, "{\"method\": \"composition.diversity\", " SCHOOLS ", \"options\": {\"groups\": "
        "[\"asian\", \"black\", \"hisp\", \"white\", \"native\"], \"min_persons\": 0}}", "schools");
    calc_test_golden(&t, json, "elf_first20", r, "places[%d].fractional", 1e-10);
    calc_test_golden(&t, json, "shannon_first20", r, "places[%d].shannon", 1e-10);
    r = calc_test_both(&t, "{\"method\": \"composition.two_groups\", " SCHOOLS ", \"options\": {\"x\": \"black\", "
        "\"y\": \"white\", \"others\": [\"asian\", \"hisp\", \"native\"]}}", "two groups of pupils");
    calc_test_golden(&t, json, "bw.D", r, "dissimilarity", 1e-10);
    calc_test_golden(&t, json, "bw.isolation_black_allgroups", r, "isolation_x", 1e-10);
    calc_test_golden(&t, json, "bw.exposure_black_to_white", r, "exposure_x_to_y", 1e-10);
    free(json);
    calc_test_end(&t);
    return done();
}
