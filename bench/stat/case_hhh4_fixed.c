/* case_hhh4_fixed.c - the endemic-epidemic model without random intercepts. */
#define RANDOM false
#include "hhh4_epidemic.h"

const char bench_title[] = "hhh4: 200 units x 520 weeks, fixed effects";
