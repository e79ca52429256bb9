/* quarter.c - the quarter as a module. */
#include "quarter/quarter.h"

#include "quarter/cli.h"
#include "quarter/demo.h"
#include "quarter/pages.h"

const struct module quarter_module = {
    .name = "quarter",
    .routes = quarter_routes,
    .nav = quarter_nav,
    .commands = quarter_commands,
    .jobs = quarter_jobs,
    .demo = quarter_demo,
};
