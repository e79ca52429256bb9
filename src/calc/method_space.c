/* method_space.c - composition and space (stat/composition.h, stat/spatial.h), for `shanyraq stat`. */
#include "calc/method.h"

const struct calc_method calc_methods_space[] = {
    {0},
};
