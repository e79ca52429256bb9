/* method_detect.c - detection (stat/detect.h, stat/scan.h), for `shanyraq stat`. */
#include "calc/method.h"

const struct calc_method calc_methods_detect[] = {
    {0},
};
