/* calendar.h - the country's working days: public holidays and moved days as dated, editable records. */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "base/time.h"
#include "module.h"

extern const struct module calendar_module;

/* The n-th working day after a day (both ISO, the day itself does not count; n may be negative or 0, see
 * workdays_add() of base/time.h). ERR_INVALID if from is not a date. */
int calendar_workday_add(struct ctx *cx, const char *from, int n, const char **day);

/* Working days in (from, to]. */
int calendar_workdays_between(struct ctx *cx, const char *from, const char *to, int *n);

/* The whole calendar, for many questions: *out lives in cx->arena. */
int calendar_load(struct ctx *cx, struct work_calendar *out);

/* The holidays of 2024 to 2027, where the region has no calendar yet. What has not been compared with an
 * official publication is marked unverified. Inside or outside db_tx. */
int calendar_seed(struct ctx *cx);

#endif
