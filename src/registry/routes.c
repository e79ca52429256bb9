/* routes.c - the registry's addresses and navigation. */
#include "registry/pages.h"

#include "access/permission.h"
#include "i18n/i18n.h"
#include "registry/bodies.h"

const struct route registry_routes[] = {
    {HTTP_GET, "/institution", institution_get, PERM_REGISTRY_READ, 0, NULL, &institution_view, N_("The institution on a day: posts, departments, branches")},
    {HTTP_GET, "/organisations", organisations_get, PERM_REGISTRY_READ, 0, NULL, &organisations_view, N_("Bodies of a kind on a day")},
    {HTTP_GET, "/structures", structures_get, PERM_REGISTRY_READ, 0, NULL, &structures_view, N_("The public structures with their tasks")},
    {HTTP_GET, "/organisations/{id}", organisation_get, PERM_REGISTRY_READ, 0, NULL, &organisation_view, N_("One body: members, meetings, decisions, tasks")},
    {HTTP_POST, "/organisations/{id}/meetings", meeting_post, PERM_REGISTRY_EDIT, 0, &meeting_form, NULL, N_("Records a meeting and its decision")},
    {HTTP_POST, "/organisations/{id}/tasks", task_post, PERM_REGISTRY_EDIT, 0, &task_form, NULL, N_("Records a task with its due date")},
    {HTTP_POST, "/organisations/{id}/tasks/{object}/done", task_done_post, PERM_REGISTRY_EDIT, 0, &task_done_form, NULL, N_("Marks a task as done")},
    {HTTP_POST, "/organisations/{id}/members", member_post, PERM_REGISTRY_EDIT, 0, &member_form, NULL, N_("Records a member")},
    {HTTP_POST, "/organisations/{id}/members/{object}/end", member_end_post, PERM_REGISTRY_EDIT, 0, NULL, NULL, N_("Ends a membership today")},
    {0}};

const struct nav_item registry_nav[] = {
    {N_("Organisations"), "/organisations", PERM_REGISTRY_READ, 110},
    {0}};
