/* registry.c - the registry as a module: what it adds to the program. */
#include "registry/registry.h"

#include "i18n/i18n.h"
#include "registry/classifier.h"
#include "registry/cli.h"
#include "registry/demo.h"
#include "registry/pages.h"

static const struct audit_word AUDIT[] = {
    {"organisation.add", N_("Recorded a body")},
    {"organisation.rename", N_("Recorded a body's new name")},
    {"organisation.close", N_("Closed a body's record")},
    {"organisation.contact", N_("Recorded a body's phone and address")},
    {"meeting.add", N_("Recorded a meeting")},
    {"task.add", N_("Recorded a task")},
    {"task.done", N_("Marked a task as done")},
    {"member.add", N_("Recorded a member")},
    {"member.end", N_("Ended a membership")},
    {"attention.add", N_("Put a settlement under attention")},
    {"attention.end", N_("Took a settlement off the list under attention")},
    {"point.choose", N_("Chose the point of a settlement")},
    {"import.pack", N_("Loaded a region pack")},
    {"import.upload", N_("Uploaded a file of figures")},
    {"import.figures", N_("Wrote imported figures")},
    {"import.drop", N_("Discarded an import")},
    {"export.territories", N_("Wrote the territories to a file")},
    {"export.figures", N_("Wrote the figures to a file")},
    {0}};

const struct module registry_module = {
    .name = "registry",
    .title = N_("Registry"),
    .audit = AUDIT,
    .routes = registry_routes,
    .nav = registry_nav,
    .commands = registry_commands,
    .seed = registry_load_classifiers,
    .demo = registry_demo,
};
