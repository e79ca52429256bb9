/* pages.h - the model of the page of settings. */
#ifndef SETTING_PAGES_H
#define SETTING_PAGES_H

#include "http/form.h"
#include "http/view.h"
#include "setting/setting.h"
#include "setting/setting_sql.h"

struct setting_row {
    const char *name, *label, *help, *section, *range;
    const char *value, *fallback;             /* as they are kept */
    const char *value_shown, *fallback_shown; /* as the reader writes them */
    bool first_of_section;
    struct setting_history_list history;
};
struct setting_page {
    struct { struct setting_row *rows; size_t n; } settings;
    const char *today;
};
extern const struct form setting_form;

/* A kept value in the reader's form: 0.3 -> 0,3; "–" where it is empty. */
const char *setting_shown(struct ctx *cx, const struct setting_def *d, const char *value);

#endif
