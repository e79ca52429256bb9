/* visits.c - the feature as a module: its addresses and what it adds to the program. */
#include "visits/visits.h"

#include "access/permission.h"
#include "i18n/i18n.h"
#include "visits/demo.h"
#include "visits/pages.h"

const struct route visits_routes[] = {
    {HTTP_GET, "/plan", plan_get, PERM_RESEARCH_READ, 0, NULL, &plan_view,
     N_("Visits to come and the places a quarter proposes")},
    {HTTP_POST, "/plan/{run}/{id}/accept", plan_accept_post, PERM_VISIT_EDIT, 0, &visit_form, NULL,
     N_("Takes up a proposed place: plans a visit")},
    {HTTP_POST, "/plan/{run}/{id}/decline", plan_decline_post, PERM_VISIT_EDIT, 0, &visit_decline_form, NULL,
     N_("Declines a proposed place, with the reason")},
    {HTTP_GET, "/visits", visits_get, PERM_RESEARCH_READ, 0, NULL, &visits_view,
     N_("Visits with their states")},
    {HTTP_GET, "/visits/new", visit_new_get, PERM_VISIT_EDIT, 0, NULL, &visit_new_view, N_("Plan a visit")},
    {HTTP_POST, "/visits/new", visit_new_post, PERM_VISIT_EDIT, 0, &visit_form, NULL,
     N_("Plans a visit to a place")},
    {HTTP_GET, "/visits/{id}", visit_get, PERM_RESEARCH_READ, 0, NULL, &visit_view, N_("One visit")},
    {HTTP_POST, "/visits/{id}/done", visit_done_post, PERM_VISIT_EDIT, 0, &visit_done_form, NULL,
     N_("Records what a visit brought")},
    {HTTP_POST, "/visits/{id}/cancel", visit_cancel_post, PERM_VISIT_EDIT, 0, &visit_cancel_form, NULL,
     N_("Cancels a planned visit")},
    {0}};

const struct nav_item visits_nav[] = {{N_("Plan"), "/plan", PERM_RESEARCH_READ, 50}, {0}};

static const struct audit_word AUDIT[] = {
    {"visit.plan", N_("Planned a visit")},
    {"visit.move", N_("Changed a planned visit")},
    {"visit.done", N_("Recorded a visit")},
    {"visit.cancel", N_("Cancelled a visit")},
    {"recommendation.accepted", N_("Took up a proposed place")},
    {"recommendation.declined", N_("Declined a proposed place")},
    {0}};

const struct module visits_module = {
    .name = "visits", .title = N_("Visits"), .audit = AUDIT, .routes = visits_routes, .nav = visits_nav, .demo = visits_demo};
