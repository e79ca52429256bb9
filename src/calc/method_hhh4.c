/* method_hhh4.c - the endemic-epidemic model (stat/hhh4.h), for `shanyraq stat`. */
#include "calc/method.h"

const struct calc_method calc_methods_hhh4[] = {
    {0},
};
