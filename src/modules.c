/* modules.c - the list of the program's features. Their order is the order in which the demonstration is
 * written, and the direction in which they may use one another: a module may call those above it. */
#include "module.h"

#include "access/access.h"
#include "calendar/calendar.h"
#include "ethnomap/ethnomap.h"
#include "guide/guide.h"
#include "mediation/mediation.h"
#include "proposals/proposals.h"
#include "quarter/quarter.h"
#include "registry/registry.h"
#include "research/research.h"
#include "setting/setting.h"
#include "style/style.h"
#include "today/today.h"
#include "visits/visits.h"

const struct module *const modules[] = {
    &access_module,
    &setting_module,
    &calendar_module,
    &registry_module,
    &access_scope_module,
    &mediation_module,
    &research_module,
    &visits_module,
    &proposals_module,
    &style_module,
    &quarter_module,
    &ethnomap_module,
    &today_module,
    &guide_module,
    NULL,
};
