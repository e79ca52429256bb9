/* pages.c - the page of the calendar. */
#include "calendar/calendar.h"

const struct module calendar_module = {.name = "calendar", .seed = calendar_seed};
