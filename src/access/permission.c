/* permission.c - the names of permissions: in the database, and for people. */
#include "access/permission.h"

#include "i18n/i18n.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name, *title;
} PERMISSIONS[PERM_COUNT] = {
    [PERM_NONE] = {"", N_("Any signed-in account")},
    [PERM_REGISTRY_READ] = {"registry.read", N_("Read the registry: places, organisations, people in office")},
    [PERM_REGISTRY_EDIT] = {"registry.edit", N_("Change the registry")},
    [PERM_MAP_READ] = {"map.read", N_("See the ethnomap and passports (protected figures)")},
    [PERM_IMPORT] = {"import", N_("Load population, composition and points")},
    [PERM_DISPUTE_FILE] = {"dispute.file", N_("File a dispute")},
    [PERM_DISPUTE_TRIAGE] = {"dispute.triage", N_("Triage disputes, assign mediators, read the cases of the region")},
    [PERM_CASE_MEDIATE] = {"case.mediate", N_("Mediate own cases")},
    [PERM_DISPUTE_STATS] = {"dispute.stats", N_("See protected counts of disputes")},
    [PERM_RESEARCH_READ] = {"research.read", N_("See the estimates of surveys")},
    [PERM_RESEARCH_EDIT] = {"research.edit", N_("Load the answers of surveys")},
    [PERM_QUARTER_READ] = {"quarter.read", N_("Read closed quarters and their reports")},
    [PERM_QUARTER_CLOSE] = {"quarter.close", N_("Close a quarter")},
    [PERM_QUARTER_SIGN] = {"quarter.sign", N_("Sign a quarter off")},
    [PERM_PROPOSAL_READ] = {"proposal.read", N_("Read proposals")},
    [PERM_PROPOSAL_EDIT] = {"proposal.edit", N_("Write and send proposals")},
    [PERM_PROPOSAL_ANSWER] = {"proposal.answer", N_("Answer proposals addressed to the own body")},
    [PERM_VISIT_EDIT] = {"visit.edit", N_("Plan and record visits")},
    [PERM_ADMIN] = {"admin", N_("Accounts, settings and health; no content")},
    [PERM_AUDIT_READ] = {"audit.read", N_("Read the audit log")},
};

const char *permission_name(int permission)
{
    return permission > 0 && permission < PERM_COUNT ? PERMISSIONS[permission].name : "";
}

const char *permission_title(int permission)
{
    return permission >= 0 && permission < PERM_COUNT ? PERMISSIONS[permission].title : "";
}

int permission_from_name(const char *name)
{
    for (int p = 1; name && p < PERM_COUNT; p++)
        if (strcmp(name, PERMISSIONS[p].name) == 0)
            return p;
    return PERM_NONE;
}
