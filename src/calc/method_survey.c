/* method_survey.c - survey samples (stat/survey.h), for `shanyraq stat`. */
#include "calc/method.h"

const struct calc_method calc_methods_survey[] = {
    {0},
};
