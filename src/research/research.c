/* research.c - quarterly social research as a module: what it adds to the program. */
#include "research/research.h"

#include "i18n/i18n.h"
#include "research/cli.h"
#include "research/demo.h"
#include "research/pages.h"
#include "research/questionnaire.h"

static const struct audit_word AUDIT[] = {
    {"research.round", N_("Changed a survey round")},
    {"research.frame", N_("Changed the frame of a survey")},
    {"research.remove", N_("Removed loaded answers")},
    {"import.answers", N_("Loaded answers of a survey")},
    {"import.discard", N_("Discarded uploaded answers")},
    {"export.answers", N_("Downloaded answers of a survey")},
    {0}};

const struct module research_module = {
    .name = "research",
    .title = N_("Research"),
    .audit = AUDIT,
    .routes = research_routes,
    .nav = research_nav,
    .commands = research_commands,
    .seed = questionnaire_seed,
    .demo = research_demo,
};
