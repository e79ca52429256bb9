/* permission.h - what an account may be allowed to do. Routes name one of these; roles (data, in the
 * table role_permission) hold sets of them. There is deliberately no permission that opens the
 * content of every mediation case: a case is read by its own mediator and clerk only. */
#ifndef ACCESS_PERMISSION_H
#define ACCESS_PERMISSION_H

enum permission {
    PERM_NONE = 0,
    PERM_REGISTRY_READ,   /* territories, organisations, people in office */
    PERM_REGISTRY_EDIT,
    PERM_MAP_READ,        /* ethnomap and passports (protected aggregates) */
    PERM_IMPORT,          /* population, composition, points */
    PERM_DISPUTE_FILE,    /* file a dispute; read those one filed oneself until triage */
    PERM_DISPUTE_TRIAGE,  /* council clerk: triage, assign, read disputes and cases of the region */
    PERM_CASE_MEDIATE,    /* mediator: own cases */
    PERM_DISPUTE_STATS,   /* protected counts */
    PERM_RESEARCH_READ,   /* estimates */
    PERM_RESEARCH_EDIT,   /* load answers */
    PERM_QUARTER_READ,    /* closed quarters and their reports */
    PERM_QUARTER_CLOSE,
    PERM_QUARTER_SIGN,
    PERM_PROPOSAL_READ,
    PERM_PROPOSAL_EDIT,
    PERM_PROPOSAL_ANSWER, /* partner: answer what is addressed to one's own body */
    PERM_VISIT_EDIT,      /* plan and record visits */
    PERM_ADMIN,           /* accounts, health, settings; no content */
    PERM_AUDIT_READ,
    PERM_COUNT
};

/* "registry.read", as it stands in role_permission; "" for PERM_NONE. And back (PERM_NONE: no such name). */
const char *permission_name(int permission);
int permission_from_name(const char *name);

/* What it allows, for people (a msgid). */
const char *permission_title(int permission);

#endif
