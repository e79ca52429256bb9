/* method_allocation.c - allocation of visits, for `shanyraq stat`. */
#include "calc/method.h"

const struct calc_method calc_methods_allocation[] = {
    {0},
};
