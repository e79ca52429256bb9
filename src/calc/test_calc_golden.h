/* test_calc_golden.h - the figures of an answer against reference results of ../shared/golden. */
#ifndef CALC_TEST_CALC_GOLDEN_H
#define CALC_TEST_CALC_GOLDEN_H

#include "calc/test_calc.h"
#include "stat/test_golden.h"

enum { CALC_TEST_MOST = 5000 };

/* All values of key against the paths with %d from 0 on ("areas[%d].mse", "variance_between"), within tolerance
 * relative to the value (absolute below 1e-8). null there: null here. */
static inline void calc_test_golden(struct calc_test *t, const char *json, const char *key, const struct json *r,
                                    const char *path, double tolerance)
{
    static double want[CALC_TEST_MOST];
    struct arena *a = t->cx.arena;
    int n = golden_get(json, key, want, CALC_TEST_MOST);
    double worst = n > 0 ? 0 : INFINITY;
    const char *p = strstr(path, "%d"), *at = path;
    for (int i = 0; i < n; i++) {
        if (p)
            at = arena_printf(a, "%.*s%d%s", (int)(p - path), path, i, p + 2);
        double got = calc_test_num(r, at), scale = fabs(want[i]) > 1e-8 ? fabs(want[i]) : 1;
        double miss = isnan(got) && isnan(want[i]) ? 0 : fabs(got - want[i]) / scale;
        worst = isnan(miss) ? INFINITY : fmax(worst, miss);
    }
    if (!ok(worst <= tolerance, arena_printf(a, "%s: %d of it", key, n)))
        printf("# %s: relative miss %g\n", path, worst);
}

#endif
