/* routes.c - the survey's addresses and navigation. */
#include "research/pages.h"

#include "access/permission.h"
#include "i18n/i18n.h"

const struct route research_routes[] = {
    {HTTP_GET, "/research", research_rounds_get, PERM_RESEARCH_READ, ROUTE_MEMO, NULL, &research_rounds_view,
     N_("Fieldworks by quarter: answers, refusals, coverage")},
    {HTTP_GET, "/research/questionnaire", research_questionnaire_get, PERM_RESEARCH_READ, ROUTE_MEMO, NULL,
     &research_questionnaire_view, N_("The questionnaire with its codes")},
    {HTTP_GET, "/research/frame", research_frame_get, PERM_RESEARCH_READ, 0, NULL, &research_frame_view,
     N_("Strata of a fieldwork: adults, planned interviews")},
    {HTTP_POST, "/research/frame", research_frame_post, PERM_RESEARCH_EDIT, ROUTE_UPLOAD,
     &research_frame_form, NULL, N_("Loads the strata of a fieldwork from a file")},
    {HTTP_POST, "/research/frame/stratum", research_stratum_post, PERM_RESEARCH_EDIT, 0,
     &research_stratum_form, NULL, N_("Changes one stratum")},
    {HTTP_GET, "/research/import", research_import_get, PERM_RESEARCH_EDIT, 0, NULL, &research_import_view,
     N_("Loading answers: the file")},
    {HTTP_POST, "/research/import", research_import_post, PERM_RESEARCH_EDIT, ROUTE_UPLOAD,
     &research_upload_form, NULL, N_("Takes a file of answers and checks it")},
    {HTTP_GET, "/research/import/{id}", research_upload_get, PERM_RESEARCH_EDIT, 0, NULL,
     &research_upload_view, N_("What the check of a file found")},
    {HTTP_POST, "/research/import/{id}/accept", research_accept_post, PERM_RESEARCH_EDIT, 0,
     &research_accept_form, NULL, N_("Writes the answers of a checked file")},
    {HTTP_POST, "/research/import/{id}/discard", research_discard_post, PERM_RESEARCH_EDIT, 0, NULL, NULL,
     N_("Gives up a checked file")},
    {HTTP_GET, "/research/{quarter}", research_quarter_get, PERM_RESEARCH_READ, ROUTE_MEMO, NULL,
     &research_quarter_view, N_("One fieldwork: coverage, files, estimates, answers to a question")},
    {HTTP_POST, "/research/{quarter}", research_quarter_post, PERM_RESEARCH_EDIT, 0, &research_round_form,
     NULL, N_("Dates and refusals of a fieldwork")},
    {HTTP_GET, "/research/{quarter}/answers.csv", research_export_get, PERM_RESEARCH_EDIT, ROUTE_HEAVY, NULL,
     NULL, N_("The interviews without sensitive questions, for researchers")},
    {HTTP_GET, "/research/{quarter}/example.csv", research_example_get, PERM_RESEARCH_EDIT, ROUTE_HEAVY, NULL,
     NULL, N_("The answers of the demonstration as a file to try the import with")},
    {HTTP_POST, "/research/{quarter}/imports/{id}/remove", research_remove_post, PERM_RESEARCH_EDIT, 0, NULL,
     NULL, N_("Takes the answers of a file out again")},
    {0}};

const struct nav_item research_nav[] = {{N_("Research"), "/research", PERM_RESEARCH_READ, 30}, {0}};
