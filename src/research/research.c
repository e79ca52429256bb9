/* research.c - quarterly social research as a module: what it adds to the program. */
#include "research/research.h"

#include "research/demo.h"
#include "research/questionnaire.h"

const struct module research_module = {
    .name = "research",
    .seed = questionnaire_seed,
    .demo = research_demo,
};
