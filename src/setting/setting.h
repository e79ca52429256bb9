/* setting.h - dated settings of the institution: thresholds, rules of refusal, marks.
 *
 * Each has a name, a type, a range, a default and a help text (the table in setting.c). A value holds from its
 * day on; the one before it stays readable, so that an old report can be explained. An unknown name is a
 * broken invariant (die()). Where the database cannot be read, the default is given and the error stays
 * recorded in cx. */
#ifndef SETTING_SETTING_H
#define SETTING_SETTING_H

#include "base/ctx.h"
#include "module.h"

enum setting_type { SETTING_INT, SETTING_NUM, SETTING_BOOL, SETTING_TEXT, SETTING_CHOICE };

struct setting_def {
    const char *name;      /* "protect.threshold" */
    enum setting_type type;
    const char *fallback;  /* as text */
    double min, max;       /* numbers; texts: max characters */
    const char *choices;   /* SETTING_CHOICE: "one|other" */
    const char *label, *help, *section; /* msgids */
};
extern const struct setting_def SETTINGS[]; /* ends with name NULL */

extern const struct module setting_module;

/* The value that holds today. Texts live in cx->arena. */
int64_t setting_int(struct ctx *cx, const char *name);
double setting_num(struct ctx *cx, const char *name);
bool setting_bool(struct ctx *cx, const char *name);
const char *setting_text(struct ctx *cx, const char *name);

/* The value that held on a day (ISO), as text; the default before the first one. */
int setting_on(struct ctx *cx, const char *name, const char *day, const char **value);

/* Sets a value from a day on (NULL or "": today). ERR_INVALID names the setting and its range; ERR_NOT_FOUND:
 * no such setting. A second value for the same day replaces the first. Audited. */
int setting_set(struct ctx *cx, const char *name, const char *value, const char *from, const char *note);

const struct setting_def *setting_find(const char *name); /* NULL: none */

#endif
