/* pages.h - the model of the page of settings. */
#ifndef SETTING_PAGES_H
#define SETTING_PAGES_H

#include "http/form.h"
#include "http/view.h"
#include "setting/setting.h"
#include "setting/setting_sql.h"

struct setting_row {
    const char *name, *label, *help, *section, *range;
    const char *value, *fallback;
    bool first_of_section;
    struct setting_history_list history;
};
struct setting_page {
    struct { struct setting_row *rows; size_t n; } settings;
    const char *today;
};
extern const struct form setting_form;

#endif
