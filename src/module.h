/* module.h - what a feature is to the rest of the program; src/modules.c lists them all. */
#ifndef MODULE_H
#define MODULE_H

#include "base/ctx.h"
#include "db/job.h"
#include "http/route.h"

/* What an action of the audit log means, as a sentence for people (a msgid): {"quarter.sign", N_("Signed a quarter")}. */
struct audit_word {
    const char *action, *sentence;
};

struct module {
    const char *name;
    const char *title;              /* heading over its part of a list of the whole program (a msgid) */
    const struct route *routes;     /* ends with pattern NULL */
    const struct nav_item *nav;     /* ends with label NULL */
    const struct command *commands; /* ends with name NULL */
    const struct job_kind *jobs;    /* ends with name NULL */
    const struct audit_word *audit; /* of the actions this feature writes; ends with action NULL */
    /* Writes the reference data that a new region starts with (the tables of reference/); harmless when repeated: what an
     * editor has changed stays. NULL: none. Called by `init`, `import pack` and `demo`, in one transaction. */
    int (*seed)(struct ctx *cx);
    /* What falls due by the clock alone (terms that end, sessions that are over); called by the server every few minutes,
     * outside a transaction, and harmless when there is nothing. NULL: none. */
    int (*care)(struct ctx *cx);
    /* Writes this feature's part of the demonstration region (marked as such); NULL: none. Called in
     * the order of modules.c, in one transaction each, with cx->region_id set. */
    int (*demo)(struct ctx *cx);
};

extern const struct module *const modules[]; /* ends with NULL */

#endif
