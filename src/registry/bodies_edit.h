/* bodies_edit.h - adding, renaming and closing bodies, and how they are reached. A name is never overwritten: a renaming closes the record and opens
 * its successor, with the change between them. */
#ifndef REGISTRY_BODIES_EDIT_H
#define REGISTRY_BODIES_EDIT_H

#include "http/form.h"

struct body_values { const char *kind, *level, *name_kk, *name_ru, *name_en, *place, *office_phone, *address, *valid_from; };
struct rename_values { const char *name_kk, *name_ru, *name_en, *on_date; struct opt_int version; };
struct contact_values { const char *office_phone, *address, *on_date; };
struct close_values { const char *on_date; struct opt_int version; };
extern const struct form body_form, body_rename_form, body_close_form, body_contact_form;

int body_post(struct request *rq);
int body_rename_post(struct request *rq);
int body_close_post(struct request *rq);
/* How the body is reached from a day on; what was recorded before stays. */
int body_contact_post(struct request *rq);

/* May the asker change a body that works in this place (none: only who has no districts)? */
bool body_may_change(struct request *rq, struct opt_int territory_id);

#endif
