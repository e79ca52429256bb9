/* method_protect.c - disclosure control (stat/protect.h), for `shanyraq stat`. */
#include "calc/method.h"

const struct calc_method calc_methods_protect[] = {
    {0},
};
