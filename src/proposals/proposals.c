/* proposals.c - the feature as a module: its addresses and what it adds to the program. */
#include "proposals/proposals.h"

#include "access/permission.h"
#include "i18n/i18n.h"
#include "proposals/demo.h"
#include "proposals/pages.h"

const struct route proposals_routes[] = {
    {HTTP_GET, "/proposals", proposals_get, PERM_PROPOSAL_READ, 0, NULL, &proposals_view,
     N_("Proposals with their states and terms")},
    {HTTP_GET, "/proposals/export", proposals_export_get, PERM_PROPOSAL_READ, ROUTE_HEAVY, NULL, NULL,
     N_("The list of proposals as a sheet")},
    {HTTP_GET, "/proposals/new", proposal_new_get, PERM_PROPOSAL_EDIT, 0, NULL, &proposal_write_view,
     N_("Write a proposal")},
    {HTTP_POST, "/proposals/new", proposal_new_post, PERM_PROPOSAL_EDIT, 0, &proposal_form, NULL,
     N_("Keeps the draft of a proposal")},
    {HTTP_GET, "/proposals/{id}", proposal_get, PERM_PROPOSAL_READ, 0, NULL, &proposal_view,
     N_("One proposal: text, evidence, answers")},
    {HTTP_GET, "/proposals/{id}/letter", proposal_letter_get, PERM_PROPOSAL_READ, ROUTE_HEAVY, NULL, NULL,
     N_("The proposal as a letter")},
    {HTTP_GET, "/proposals/{id}/edit", proposal_edit_get, PERM_PROPOSAL_EDIT, 0, NULL, &proposal_write_view,
     N_("A draft to be written anew")},
    {HTTP_POST, "/proposals/{id}/edit", proposal_edit_post, PERM_PROPOSAL_EDIT, 0, &proposal_form, NULL,
     N_("Changes a draft")},
    {HTTP_POST, "/proposals/{id}/send", proposal_send_post, PERM_PROPOSAL_EDIT, 0, &proposal_send_form, NULL,
     N_("Records the sending and fixes the term")},
    {HTTP_POST, "/proposals/{id}/replies", proposal_reply_post, PERM_PROPOSAL_READ, 0, &proposal_reply_form,
     NULL, N_("Records the addressee's answer")},
    {HTTP_POST, "/proposals/{id}/steps/{step}", proposal_step_post, PERM_PROPOSAL_READ, 0,
     &proposal_step_form, NULL, N_("Agrees a proposal or registers its receipt")},
    {0}};

const struct nav_item proposals_nav[] = {{N_("Proposals"), "/proposals", PERM_PROPOSAL_READ, 130}, {0}};

static const struct audit_word AUDIT[] = {
    {"proposal.create", N_("Wrote a proposal")},
    {"proposal.rewrite", N_("Rewrote a proposal")},
    {"proposal.agree", N_("Agreed the text of a proposal")},
    {"proposal.redraft", N_("Put a proposal back to draft")},
    {"proposal.send", N_("Sent a proposal")},
    {"proposal.register", N_("Registered the receipt of a proposal")},
    {"proposal.reply", N_("Recorded an answer to a proposal")},
    {0}};

const struct module proposals_module = {
    .name = "proposals", .title = N_("Proposals"), .audit = AUDIT, .routes = proposals_routes, .nav = proposals_nav, .demo = proposals_demo};
