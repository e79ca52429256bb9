/* registry.c - the registry as a module: what it adds to the program. */
#include "registry/registry.h"

#include "registry/classifier.h"
#include "registry/cli.h"
#include "registry/demo.h"
#include "registry/pages.h"

const struct module registry_module = {
    .name = "registry",
    .routes = registry_routes,
    .nav = registry_nav,
    .commands = registry_commands,
    .seed = registry_load_classifiers,
    .demo = registry_demo,
};
