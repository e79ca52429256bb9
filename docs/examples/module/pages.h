/* pages.h - the model of the page, its form and addresses. */
#ifndef NOTES_PAGES_H
#define NOTES_PAGES_H

#include "access/permission.h"
#include "base/config.h"
#include "http/form.h"
#include "http/route.h"
#include "notes/notes_sql.h"

struct notes_page {
    struct notes_list_list notes;
};
extern const struct form notes_form;
extern const struct route notes_routes[];

#endif
