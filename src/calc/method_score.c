/* method_score.c - scores and reconciliation (stat/score.h), for `shanyraq stat`. */
#include "calc/method.h"

const struct calc_method calc_methods_score[] = {
    {0},
};
