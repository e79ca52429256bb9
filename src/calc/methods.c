/* methods.c - the list of all methods: a new subject adds its table here. */
#include "base/str.h"
#include "calc/calc.h"
#include "calc/method.h"

static const struct calc_method *const SUBJECTS[] = {
    calc_methods_survey,
    calc_methods_area,
    calc_methods_area_space,
    calc_methods_count,
    calc_methods_hhh4,
    calc_methods_detect,
    calc_methods_chart,
    calc_methods_scan,
    calc_methods_score,
    calc_methods_interval,
    calc_methods_reconcile,
    calc_methods_composition,
    calc_methods_space,
    calc_methods_protect,
    calc_methods_allocation,
    NULL,
};

const struct calc_method *calc_method_at(size_t i)
{
    for (size_t s = 0; SUBJECTS[s]; s++)
        for (const struct calc_method *m = SUBJECTS[s]; m->name; m++)
            if (i-- == 0)
                return m;
    return NULL;
}

const struct calc_method *calc_method_find(const char *name)
{
    const struct calc_method *m;
    for (size_t i = 0; (m = calc_method_at(i)) != NULL; i++)
        if (str_eq(m->name, name))
            return m;
    return NULL;
}
