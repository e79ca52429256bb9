/* method_area.c - small areas (stat/sae.h), for `shanyraq stat`. */
#include "calc/method.h"

const struct calc_method calc_methods_area[] = {
    {0},
};
