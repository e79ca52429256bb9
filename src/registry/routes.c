/* routes.c - the registry's addresses and navigation. */
#include "registry/pages.h"

#include "access/permission.h"
#include "i18n/i18n.h"
#include "registry/attention.h"
#include "registry/bodies.h"
#include "registry/bodies_edit.h"
#include "registry/figures_page.h"
#include "registry/find.h"
#include "registry/points.h"
#include "registry/sources.h"
#include "registry/tree.h"

const struct route registry_routes[] = {
    {HTTP_GET, "/territories", tree_get, PERM_REGISTRY_READ, ROUTE_MEMO, NULL, &tree_view,
     N_("The region on a day: its districts and cities")},
    {HTTP_GET, "/territories/{id}", tree_place_get, PERM_REGISTRY_READ, ROUTE_MEMO, NULL, &tree_view,
     N_("A place on a day: what belongs to it, what changed")},
    {HTTP_GET, "/points", points_get, PERM_REGISTRY_EDIT, 0, NULL, &points_view,
     N_("Settlements whose point a person must choose")},
    {HTTP_GET, "/points/{id}", point_get, PERM_REGISTRY_EDIT, 0, NULL, &point_view,
     N_("The possible points of a settlement")},
    {HTTP_POST, "/points/{id}", point_post, PERM_REGISTRY_EDIT, 0, &point_form, NULL,
     N_("Chooses the point of a settlement")},
    {HTTP_GET, "/attention", attention_get, PERM_REGISTRY_READ, ROUTE_MEMO, NULL, &attention_view,
     N_("Settlements under attention on a day")},
    {HTTP_POST, "/attention", attention_post, PERM_REGISTRY_EDIT, 0, &attention_form, NULL,
     N_("Puts a settlement under attention")},
    {HTTP_POST, "/attention/{id}/end", attention_end_post, PERM_REGISTRY_EDIT, 0, &attention_end_form, NULL,
     N_("Takes a settlement off the list")},
    {HTTP_GET, "/import", import_get, PERM_IMPORT, 0, NULL, &import_view,
     N_("Loading figures from a table: the start and earlier files")},
    {HTTP_POST, "/import", import_post, PERM_IMPORT, ROUTE_UPLOAD, &import_form, NULL,
     N_("Takes a file of figures to be looked at")},
    {HTTP_GET, "/import/template/{kind}", import_template_get, PERM_IMPORT, 0, NULL, NULL,
     N_("A table to fill in")},
    {HTTP_GET, "/import/{id}", import_look_get, PERM_IMPORT, 0, NULL, &import_look_view,
     N_("How a file was understood, and what is wrong in it")},
    {HTTP_POST, "/import/{id}/write", import_write_post, PERM_IMPORT, ROUTE_HEAVY, &import_write_form, NULL,
     N_("Writes the figures of a file")},
    {HTTP_POST, "/import/{id}/drop", import_drop_post, PERM_IMPORT, 0, NULL, NULL,
     N_("Puts a file away without writing")},
    {HTTP_GET, "/search", find_get, PERM_REGISTRY_READ, 0, NULL, &find_view,
     N_("Finds places, organisations and proposals by the beginnings of words")},
    {HTTP_GET, "/sources", sources_get, PERM_REGISTRY_READ, ROUTE_MEMO, NULL, &sources_view,
     N_("Sources with licences and what rests on them")},
    {HTTP_GET, "/institution", institution_get, PERM_REGISTRY_READ, ROUTE_MEMO, NULL, &institution_view,
     N_("The institution on a day: posts, departments, branches")},
    {HTTP_GET, "/organisations", organisations_get, PERM_REGISTRY_READ, ROUTE_MEMO, NULL, &organisations_view,
     N_("Bodies of a kind on a day")},
    {HTTP_GET, "/structures", structures_get, PERM_REGISTRY_READ, ROUTE_MEMO, NULL, &structures_view,
     N_("The public structures with their tasks")},
    {HTTP_GET, "/organisations/{id}", organisation_get, PERM_REGISTRY_READ, 0, NULL, &organisation_view,
     N_("One body: members, meetings, decisions, tasks")},
    {HTTP_POST, "/organisations", body_post, PERM_REGISTRY_EDIT, 0, &body_form, NULL, N_("Records a body")},
    {HTTP_POST, "/organisations/{id}/rename", body_rename_post, PERM_REGISTRY_EDIT, 0, &body_rename_form,
     NULL, N_("Closes a body and opens its successor under a new name")},
    {HTTP_POST, "/organisations/{id}/contact", body_contact_post, PERM_REGISTRY_EDIT, 0, &body_contact_form, NULL,
     N_("Records a body's phone and address")},
    {HTTP_POST, "/organisations/{id}/close", body_close_post, PERM_REGISTRY_EDIT, 0, &body_close_form, NULL,
     N_("Closes a body")},
    {HTTP_POST, "/organisations/{id}/meetings", meeting_post, PERM_REGISTRY_EDIT, 0, &meeting_form, NULL,
     N_("Records a meeting and its decision")},
    {HTTP_POST, "/organisations/{id}/tasks", task_post, PERM_REGISTRY_EDIT, 0, &task_form, NULL,
     N_("Records a task with its due date")},
    {HTTP_POST, "/organisations/{id}/tasks/{object}/done", task_done_post, PERM_REGISTRY_EDIT, 0,
     &task_done_form, NULL, N_("Marks a task as done")},
    {HTTP_POST, "/organisations/{id}/members", member_post, PERM_REGISTRY_EDIT, 0, &member_form, NULL,
     N_("Records a member")},
    {HTTP_POST, "/organisations/{id}/members/{object}/end", member_end_post, PERM_REGISTRY_EDIT, 0, NULL,
     NULL, N_("Ends a membership today")},
    {0}};

const struct nav_item registry_nav[] = {
    {N_("Territories"), "/territories", PERM_REGISTRY_READ, 100},
    {N_("Organisations"), "/organisations", PERM_REGISTRY_READ, 110},
    {N_("Under attention"), "/attention", PERM_REGISTRY_READ, 120},
    {N_("Import"), "/import", PERM_IMPORT, 140},
    {N_("Sources"), "/sources", PERM_REGISTRY_READ, 150},
    {0}};
