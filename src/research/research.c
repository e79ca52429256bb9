/* research.c - quarterly social research as a module: what it adds to the program. */
#include "research/research.h"

#include "research/cli.h"
#include "research/demo.h"
#include "research/pages.h"
#include "research/questionnaire.h"

const struct module research_module = {
    .name = "research",
    .routes = research_routes,
    .nav = research_nav,
    .commands = research_commands,
    .seed = questionnaire_seed,
    .demo = research_demo,
};
