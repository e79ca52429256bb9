/* bodies_edit.h - adding, renaming and closing bodies. A name is never overwritten: a renaming closes the record and opens
 * its successor, with the change between them. */
#ifndef REGISTRY_BODIES_EDIT_H
#define REGISTRY_BODIES_EDIT_H

#include "http/form.h"

struct body_values { const char *kind, *level, *name_kk, *name_ru, *name_en, *place, *office_phone, *address, *valid_from; };
struct rename_values { const char *name_kk, *name_ru, *name_en, *on_date; struct opt_int version; };
struct close_values { const char *on_date; struct opt_int version; };
extern const struct form body_form, body_rename_form, body_close_form;

int body_post(struct request *rq);
int body_rename_post(struct request *rq);
int body_close_post(struct request *rq);

#endif
