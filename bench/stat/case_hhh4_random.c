/* case_hhh4_random.c - the endemic-epidemic model with random intercepts in all three components. */
#define RANDOM true
#include "hhh4_epidemic.h"

const char bench_title[] = "hhh4: 200 units x 520 weeks, random intercepts in ar, ne and end";
