/* quarter.c - the quarter as a module. */
#include "quarter/quarter.h"

#include "i18n/i18n.h"
#include "quarter/cli.h"
#include "quarter/demo.h"
#include "quarter/pages.h"

static const struct audit_word AUDIT[] = {
    {"quarter.open", N_("Began to close a quarter")},
    {"quarter.reopen", N_("Opened a quarter again")},
    {"quarter.close", N_("Closed a quarter")},
    {"quarter.sign", N_("Signed a quarter")},
    {"export.quarter", N_("Wrote the files of a quarter")},
    {"export.report", N_("Downloaded a report")},
    {0}};

const struct module quarter_module = {
    .name = "quarter",
    .title = N_("Quarter"),
    .routes = quarter_routes,
    .nav = quarter_nav,
    .commands = quarter_commands,
    .jobs = quarter_jobs,
    .audit = AUDIT,
    .demo = quarter_demo,
};
