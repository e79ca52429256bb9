/* routes.c - addresses of disputes and mediators. */
#include "mediation/demo.h"
#include "mediation/mediation.h"
#include "mediation/pages.h"
#include "mediation/papers.h"
#include "mediation/request.h"
#include "mediation/states.h"

#include "access/permission.h"
#include "i18n/i18n.h"

static const struct route ROUTES[] = {
    {HTTP_GET, "/disputes", register_get, PERM_DISPUTE_FILE, 0, NULL, &register_view,
     N_("The register of disputes, rows by right, without content")},
    {HTTP_GET, "/disputes/export", register_export, PERM_DISPUTE_FILE, ROUTE_HEAVY, NULL, NULL,
     N_("The same rows as a file (as=xlsx or csv)")},
    {HTTP_GET, "/disputes/new", intake_get, PERM_DISPUTE_FILE, 0, NULL, &intake_view,
     N_("The form to file a dispute")},
    {HTTP_POST, "/disputes/new", intake_post, PERM_DISPUTE_FILE, 0, &intake_form, NULL,
     N_("Files a dispute")},
    {HTTP_GET, "/request", ask_get, 0, ROUTE_PUBLIC, NULL, &ask_view, N_("The form to ask for mediation, without an account")},
    {HTTP_POST, "/request", ask_post, 0, ROUTE_PUBLIC, &ask_form, NULL, N_("Files a dispute from the public page")},
    {HTTP_GET, "/request/{token}", follow_get, 0, ROUTE_PUBLIC, NULL, &follow_view, N_("The state of a request, by its secret link")},
    {HTTP_GET, "/disputes/statistics", statistics_get, PERM_DISPUTE_STATS, ROUTE_MEMO, NULL, &statistics_view,
     N_("Protected numbers of disputes by period, place and kind")},
    {HTTP_GET, "/disputes/statistics/export", statistics_export, PERM_DISPUTE_STATS, ROUTE_HEAVY, NULL, NULL,
     N_("The same tables as XLSX")},
    {HTTP_GET, "/mediators", mediators_get, 0, ROUTE_PUBLIC | ROUTE_MEMO, NULL, &mediators_view,
     N_("The register of mediators on a day, without contacts")},
    {HTTP_GET, "/mediators/new", mediator_new_get, PERM_DISPUTE_TRIAGE, 0, NULL, &mediator_new_view,
     N_("The form for a new entry of the register")},
    {HTTP_POST, "/mediators/new", mediator_new_post, PERM_DISPUTE_TRIAGE, 0, &mediator_form, NULL,
     N_("Adds a mediator to the register")},
    {HTTP_GET, "/mediators/{id}", mediator_get, 0, ROUTE_PUBLIC | ROUTE_MEMO, NULL, &mediator_view,
     N_("One entry of the register of mediators")},
    {HTTP_POST, "/mediators/{id}/end", mediator_end_post, PERM_DISPUTE_TRIAGE, 0, NULL, NULL,
     N_("Ends an entry of the register today")},
    {HTTP_GET, "/disputes/rules", rules_get, PERM_DISPUTE_FILE, 0, NULL, &rules_view,
     N_("The decision table of triage on a day")},
    {HTTP_GET, "/disputes/rules/{id}", rule_get, PERM_DISPUTE_TRIAGE, 0, NULL, &rule_view,
     N_("The form for a new version of a rule")},
    {HTTP_POST, "/disputes/rules/{id}", rule_post, PERM_DISPUTE_TRIAGE, 0, &rule_form, NULL,
     N_("Records a new version of a rule of triage")},
    {HTTP_GET, "/disputes/{id}/triage", triage_get, PERM_DISPUTE_TRIAGE, 0, NULL, &triage_view,
     N_("The questions of triage")},
    {HTTP_POST, "/disputes/{id}/triage", triage_post, PERM_DISPUTE_TRIAGE, 0, &triage_form, NULL,
     N_("Proposes an outcome; with its rule confirmed, records it")},
    {HTTP_GET, "/disputes/{id}", record_get, PERM_DISPUTE_FILE, 0, NULL, &record_view,
     N_("One dispute, for its clerk and its mediator")},
    {HTTP_GET, "/disputes/{id}/steps/{action}", step_get, PERM_DISPUTE_FILE, 0, NULL, &step_view,
     N_("The form of a step")},
    {HTTP_POST, "/disputes/{id}/steps/{action}", step_post, PERM_DISPUTE_FILE, 0, &step_form, NULL,
     N_("Takes a step of a case")},
    {HTTP_POST, "/disputes/{id}/take-over", take_over_post, PERM_DISPUTE_TRIAGE, 0, &take_over_form, NULL,
     N_("Takes over a case from another clerk, with the reason")},
    {HTTP_POST, "/disputes/{id}/keys", give_keys_post, PERM_DISPUTE_FILE, 0, NULL, NULL,
     N_("Opens the content of a case for its clerk and its mediator")},
    {HTTP_GET, "/disputes/{id}/papers", papers_get, PERM_DISPUTE_FILE, 0, NULL, &papers_view, N_("Papers of the case")},
    {HTTP_GET, "/disputes/{id}/papers/new/{kind}", paper_new_get, PERM_DISPUTE_FILE, 0, NULL, &papers_view, N_("The form of a paper")},
    {HTTP_POST, "/disputes/{id}/papers/new/{kind}", paper_new_post, PERM_DISPUTE_FILE, 0, &paper_form, NULL, N_("Makes a paper of a case")},
    {HTTP_GET, "/disputes/{id}/papers/{paper}/file", paper_get, PERM_DISPUTE_FILE, ROUTE_HEAVY, NULL, NULL, N_("A paper as DOCX or PDF")},
    {HTTP_GET, "/disputes/{id}/papers/{paper}/scan", paper_scan_get, PERM_DISPUTE_FILE, ROUTE_HEAVY, NULL, NULL, N_("The signed scan of a paper")},
    {HTTP_POST, "/disputes/{id}/papers/{paper}/scan", paper_scan_post, PERM_DISPUTE_FILE, ROUTE_UPLOAD, &paper_scan_form, NULL,
     N_("Seals the signed scan of a paper")},
    {HTTP_GET, "/disputes/states", states_get, PERM_DISPUTE_FILE, ROUTE_MEMO, NULL, &states_view, N_("The way of a case")},
    {HTTP_GET, "/disputes/search", search_get, PERM_DISPUTE_FILE, 0, NULL, &search_view, N_("Search in the own cases")},
    {HTTP_POST, "/disputes/search", search_post, PERM_DISPUTE_FILE, 0, &search_form, NULL, N_("Searches in the own cases")},
    {HTTP_GET, "/recovery", recovery_get, 0, 0, NULL, &recovery_view, N_("Recovery of sealed cases")},
    {HTTP_POST, "/recovery/holders", recovery_set_post, 0, 0, &recovery_set_form, NULL,
     N_("Names the two holders of the recovery keys")},
    {HTTP_POST, "/recovery", recovery_ask_post, PERM_DISPUTE_FILE, 0, &recovery_ask_form, NULL,
     N_("Asks the holders to open the own cases again")},
    {HTTP_POST, "/recovery/{id}/agree", recovery_agree_post, 0, 0, NULL, NULL, N_("A holder agrees")},
    {HTTP_POST, "/recovery/{id}/refuse", recovery_refuse_post, 0, 0, NULL, NULL, N_("Refuses or withdraws a request")},
    {0}};

static const struct nav_item NAV[] = {
    {N_("Disputes"), "/disputes", PERM_DISPUTE_FILE, 20},
    {N_("Statistics of disputes"), "/disputes/statistics", PERM_DISPUTE_STATS, 125},
    {0}};

static const struct audit_word AUDIT[] = {
    {"dispute.file", N_("Filed a dispute")},
    {"dispute.open", N_("Read the content of a dispute")},
    {"dispute.open_head", N_("Read the state of a dispute")},
    {"dispute.triage", N_("Triaged a dispute")},
    {"triage.rule", N_("Changed a rule of triage")},
    {"mediator.add", N_("Entered a mediator in the register")},
    {"mediator.end", N_("Ended a mediator's entry")},
    {"dispute.stand_down", N_("The danger is over")},
    {"dispute.hand_over", N_("Handed over")},
    {"dispute.lawyer_allows", N_("Allowed by the lawyer")},
    {"dispute.reopen", N_("Given to a lawyer again")},
    {"dispute.assign", N_("Mediator assigned")},
    {"dispute.tie", N_("A tie was declared")},
    {"dispute.condition", N_("Condition met")},
    {"dispute.consent", N_("Consent to mediation")},
    {"dispute.contract", N_("Contract signed")},
    {"dispute.session", N_("Session")},
    {"dispute.prolong", N_("Term prolonged")},
    {"dispute.settle", N_("Settlement signed")},
    {"dispute.refuse_one", N_("One side refused")},
    {"dispute.refuse_both", N_("Both sides refused")},
    {"dispute.impossible", N_("Found impossible")},
    {"dispute.expire", N_("Term expired")},
    {"dispute.promise", N_("Promise recorded")},
    {"dispute.follow", N_("Performance followed")},
    {"dispute.performed", N_("Performed")},
    {"dispute.done", N_("Promise kept")},
    {"dispute.breach", N_("Breach; court advised")},
    {"dispute.close", N_("Closed")},
    {"dispute.note", N_("Note")},
    {"dispute.take_over", N_("Taken over by another clerk")},
    {"dispute.link", N_("Gave a secret link to follow a request")},
    {"dispute.seal", N_("Sealed a record from before the seals")},
    {"paper.make", N_("Made a paper of a case")},
    {"paper.scan", N_("Sealed the signed scan of a paper")},
    {"paper.read", N_("Opened the signed scan of a paper")},
    {"dispute.leave", N_("The mediator left the case")},
    {"dispute.join", N_("Joined to another case")},
    {"dispute.joined", N_("Another case was joined to this one")},
    {"dispute.split", N_("Some sides got a case of their own")},
    {"dispute.split_off", N_("Filed out of another case")},
    {"dispute.resume", N_("Opened again")},
    {"dispute.destroy", N_("Destroyed the content of a case after its term")},
    {"dispute.search", N_("Searched in the own cases")},
    {"dispute.recover", N_("Opened a case by recovery")},
    {"recovery.set", N_("Named the holders of the recovery keys")},
    {"recovery.ask", N_("Asked for recovery")},
    {"recovery.agree", N_("Agreed to a recovery, as the first")},
    {"recovery.done", N_("Agreed to a recovery, as the second")},
    {"recovery.refuse", N_("Refused or withdrew a recovery")},
    {"dispute.give_key", N_("Opened a case for its clerk or mediator")},
    {0}};

static int mediation_care(struct ctx *cx)
{
    int64_t n;
    TRY(case_expire(cx, &n));
    return case_destroy_old(cx, &n);
}

const struct module mediation_module = {
    .name = "mediation", .title = N_("Disputes and mediation"), .audit = AUDIT, .routes = ROUTES, .nav = NAV, .seed = mediation_seed, .care = mediation_care, .demo = mediation_demo};
