/* pages.h - the model of the calendar's page. */
#ifndef CALENDAR_PAGES_H
#define CALENDAR_PAGES_H

#include "calendar/calendar_sql.h"
#include "http/form.h"
#include "http/view.h"

struct calendar_page {
    struct holiday_of_year_list days;
    int year;
    int workdays; /* of the year, by the days on record */
};
extern const struct form calendar_form;

#endif
