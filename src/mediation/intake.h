/* intake.h - what the form of the office and that of the public page share: the place, the kind, the day. */
#ifndef MEDIATION_INTAKE_H
#define MEDIATION_INTAKE_H

#include "mediation/pages.h"

/* Units and settlements of today, to choose from: those of the asker's area, or everywhere. */
int intake_places(struct request *rq, bool everywhere, struct intake_choices *out);

/* What was typed means one place (*id), several, or none: then the form's field "place" has an error and *out lists what
 * it may mean. `choice`: the identifier chosen among those before; "": none. */
int intake_find_place(struct request *rq, bool everywhere, const char *wanted, const char *choice,
                      struct intake_choices *out, int64_t *id);

/* The kinds of disputes of today, for a form's field. */
int intake_kinds(struct request *rq, struct form_choices *out);

/* A day that has not come, or is too long ago, is an error of the form's field "occurred_on". */
void intake_check_day(struct request *rq, const char *day);

extern const struct row_desc intake_place_desc; /* of struct intake_choice */

#endif
