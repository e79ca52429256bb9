/* mediation.c - the states of a dispute and the steps between them, in one table. */
#include "mediation/case.h"

#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "mediation/mediation.h"

#include <string.h>

static const struct {
    const char *code, *label, *class_;
} STATES[CASE_STATES] = {
    [CASE_INTAKE] = {"intake", N_("filed, no triage yet"), "status-attention"},
    [CASE_EMERGENCY] = {"emergency", N_("emergency"), "status-danger"},
    [CASE_REFERRED] = {"referred", N_("handed over to another body"), "status-done"},
    [CASE_LAWYER] = {"lawyer", N_("with a lawyer"), "status-attention"},
    [CASE_OFFERED] = {"offered", N_("mediation offered"), "status-open"},
    [CASE_CONTRACT] = {"contract", N_("mediation contract signed"), "status-open"},
    [CASE_SESSIONS] = {"sessions", N_("sessions under way"), "status-open"},
    [CASE_SETTLED] = {"settled", N_("settlement signed"), "status-open"},
    [CASE_REFUSED_ONE] = {"refused_one", N_("one side refused"), "status-done"},
    [CASE_REFUSED_BOTH] = {"refused_both", N_("both sides refused"), "status-done"},
    [CASE_IMPOSSIBLE] = {"impossible", N_("mediation impossible"), "status-done"},
    [CASE_EXPIRED] = {"expired", N_("term expired"), "status-done"},
    [CASE_FOLLOW_UP] = {"follow_up", N_("performance is followed"), "status-open"},
    [CASE_CLOSED] = {"closed", N_("closed"), "status-done"},
};

const char *case_state_code(enum case_state s)
{
    return STATES[s].code;
}
const char *case_state_label(enum case_state s)
{
    return STATES[s].label;
}
const char *case_state_class(enum case_state s)
{
    return STATES[s].class_;
}

enum case_state case_state_from(const char *code)
{
    for (int s = 0; s < CASE_STATES; s++)
        if (str_eq(code, STATES[s].code))
            return (enum case_state)s;
    return CASE_STATES;
}

const char *mediation_state_name(struct ctx *cx, const char *state)
{
    enum case_state s = case_state_from(state);
    return s == CASE_STATES ? state : T(cx, STATES[s].label);
}

/* --- why a step is not possible yet
 * ------------------------------------------------------------------------------ */

/* ISO dates sort as texts. */
static bool over(const struct case_facts *f)
{
    return *f->due_on && strcmp(f->today, f->due_on) > 0;
}

static const char *need_consent(const struct case_facts *f)
{
    if (f->parties < 1)
        return N_("No side is recorded.");
    return f->consents >= f->parties ? N_("Every side has agreed already.") : NULL;
}

static const char *need_condition(const struct case_facts *f)
{
    return f->conditions ? NULL : N_("No condition is open.");
}

static const char *need_contract(const struct case_facts *f)
{
    if (!f->mediator)
        return N_("No mediator is assigned.");
    if (f->parties < 2)
        return N_("Two sides at least must be recorded.");
    if (f->consents < f->parties)
        return N_("Not every side has agreed to mediation yet.");
    return f->conditions ? N_("A condition of triage is not met yet.") : NULL;
}

static const char *need_mediator(const struct case_facts *f)
{
    return f->mediator ? NULL : N_("No mediator is assigned.");
}

static const char *need_no_mediator(const struct case_facts *f)
{
    if (f->state == CASE_OFFERED || !f->mediator)
        return NULL;
    return N_("The contract is with the present mediator: record first that the mediator leaves the case.");
}

static const char *need_sides(const struct case_facts *f)
{
    return f->parties > 2 ? NULL : N_("There must be more than two sides.");
}

static const char *need_unsettled(const struct case_facts *f)
{
    if (f->joined)
        return N_("It was joined to another case.");
    if (f->destroyed)
        return N_("Its content has been destroyed.");
    return *f->settled_on ? N_("It was settled. A new quarrel is a new case.") : NULL;
}

static const char *need_term(const struct case_facts *f)
{
    return over(f) ? N_("The term of mediation is over.") : NULL;
}

static const char *need_prolong(const struct case_facts *f)
{
    if (*f->prolonged_on)
        return N_("The term has been prolonged once already.");
    return need_term(f);
}

static const char *need_settle(const struct case_facts *f)
{
    return f->sessions ? NULL : N_("No session has been held.");
}

static const char *need_over(const struct case_facts *f)
{
    return over(f) ? NULL : N_("The term is not over yet.");
}

static const char *need_promises(const struct case_facts *f)
{
    return f->obligations ? NULL : N_("No promise is recorded; if everything was done at once, record that.");
}

static const char *need_no_promise(const struct case_facts *f)
{
    return f->obligations ? N_("Promises are recorded: follow them one by one.") : NULL;
}

static const char *need_undone(const struct case_facts *f)
{
    return f->undone ? NULL : N_("No promise is open.");
}

static const char *need_overdue(const struct case_facts *f)
{
    if (*f->breach_on)
        return N_("It is recorded already.");
    return f->overdue ? NULL : N_("No promise is overdue.");
}

static const char *need_end(const struct case_facts *f)
{
    if (f->state == CASE_FOLLOW_UP && !*f->performed_on && !*f->breach_on)
        return N_("Promises are open and no breach is recorded.");
    return NULL;
}

/* --- the table
 * ----------------------------------------------------------------------------------------------------- */

#define S(state) (1u << (CASE_##state))
#define BEFORE (S(INTAKE) | S(LAWYER) | S(OFFERED))
#define RUNNING (S(CONTRACT) | S(SESSIONS))
#define ENDED (S(REFERRED) | S(REFUSED_ONE) | S(REFUSED_BOTH) | S(IMPOSSIBLE) | S(EXPIRED) | S(FOLLOW_UP))
#define STAYS CASE_STATES

/* Triage itself (intake or lawyer -> emergency, referred, lawyer, offered) has a page of its own: triage.c.
 */
const struct case_step CASE_STEPS[] = {
    {"stand_down",
     N_("The danger is over: triage again"),
     N_("The dispute waits for triage again."),
     S(EMERGENCY),
     CASE_INTAKE,
     CASE_BY_CLERK,
     NULL,
     step_note,
     {"note"},
     false},
    {"hand_over",
     N_("Hand over to another body"),
     N_("The hand-over is recorded."),
     S(EMERGENCY) | S(LAWYER),
     CASE_REFERRED,
     CASE_BY_CLERK,
     NULL,
     step_ending,
     {"on_date", "note"},
     false},
    {"lawyer_allows",
     N_("The lawyer allows mediation"),
     N_("Mediation is offered."),
     S(LAWYER),
     CASE_OFFERED,
     CASE_BY_CLERK,
     NULL,
     step_note,
     {"note"},
     false},
    {"reopen",
     N_("Let a lawyer look at it again"),
     N_("The dispute is with a lawyer."),
     S(REFERRED),
     CASE_LAWYER,
     CASE_BY_CLERK,
     NULL,
     step_note,
     {"note"},
     false},
    {"assign",
     N_("Assign a mediator"),
     N_("The mediator is assigned."),
     S(OFFERED) | RUNNING,
     STAYS,
     CASE_BY_CLERK,
     need_no_mediator,
     step_assign,
     {"mediator_id", "tie_kin", "tie_work", "tie_help", "tie_body", "tie_state", "note"},
     false},
    {"leave",
     N_("The mediator leaves the case"),
     N_("The case has no mediator now; the clock runs on."),
     S(OFFERED) | RUNNING,
     STAYS,
     CASE_BY_CLERK,
     need_mediator,
     step_leave,
     {"note"},
     false},
    {"condition",
     N_("A condition is met"),
     N_("The condition is met."),
     S(OFFERED),
     STAYS,
     CASE_BY_BOTH,
     need_condition,
     step_condition,
     {"on_date", "note"},
     true},
    {"consent",
     N_("A side agrees to mediation"),
     N_("The consent is recorded."),
     S(OFFERED),
     STAYS,
     CASE_BY_BOTH,
     need_consent,
     step_consent,
     {"on_date", "each"},
     true},
    {"contract",
     N_("Sign the mediation contract"),
     N_("The contract is signed; the clock runs."),
     S(OFFERED),
     CASE_CONTRACT,
     CASE_BY_MEDIATOR,
     need_contract,
     step_contract,
     {"on_date", "note"},
     false},
    {"session",
     N_("Record a session"),
     N_("The session is recorded."),
     RUNNING,
     CASE_SESSIONS,
     CASE_BY_MEDIATOR,
     need_term,
     step_session,
     {"on_date", "session_kind", "guardian", "teacher", "minutes"},
     false},
    {"prolong",
     N_("Prolong the term"),
     N_("The term is prolonged."),
     RUNNING,
     STAYS,
     CASE_BY_MEDIATOR,
     need_prolong,
     step_prolong,
     {"on_date", "both", "note"},
     false},
    {"settle",
     N_("Record the settlement"),
     N_("The settlement is recorded; now record what was promised."),
     S(SESSIONS),
     CASE_SETTLED,
     CASE_BY_MEDIATOR,
     need_settle,
     step_settle,
     {"on_date", "note"},
     false},
    {"refuse_one",
     N_("One side refuses or withdraws"),
     N_("The refusal is recorded."),
     BEFORE | RUNNING,
     CASE_REFUSED_ONE,
     CASE_BY_BOTH,
     NULL,
     step_ending,
     {"on_date", "note"},
     false},
    {"refuse_both",
     N_("Both sides refuse or withdraw"),
     N_("The refusal is recorded."),
     BEFORE | RUNNING,
     CASE_REFUSED_BOTH,
     CASE_BY_BOTH,
     NULL,
     step_ending,
     {"on_date", "note"},
     false},
    {"impossible",
     N_("Find mediation impossible"),
     N_("The end of mediation is recorded."),
     RUNNING,
     CASE_IMPOSSIBLE,
     CASE_BY_MEDIATOR,
     NULL,
     step_ending,
     {"on_date", "note"},
     false},
    {"expire",
     N_("The term is over without settlement"),
     N_("The end of mediation is recorded."),
     RUNNING,
     CASE_EXPIRED,
     CASE_BY_BOTH,
     need_over,
     step_ending,
     {"on_date", "note"},
     false},
    {"promise",
     N_("Add a promise"),
     N_("The promise is recorded."),
     S(SETTLED),
     STAYS,
     CASE_BY_MEDIATOR,
     NULL,
     step_obligation,
     {"side", "promise", "promise_due"},
     false},
    {"follow",
     N_("Follow the performance"),
     N_("The performance is followed."),
     S(SETTLED),
     CASE_FOLLOW_UP,
     CASE_BY_BOTH,
     need_promises,
     step_note,
     {"note"},
     false},
    {"performed",
     N_("Everything was done at once"),
     N_("The settlement is performed."),
     S(SETTLED),
     CASE_FOLLOW_UP,
     CASE_BY_BOTH,
     need_no_promise,
     step_performed,
     {"on_date", "note"},
     false},
    {"done",
     N_("A promise is kept"),
     N_("The promise is kept."),
     S(FOLLOW_UP),
     STAYS,
     CASE_BY_BOTH,
     need_undone,
     step_done,
     {"on_date", "note"},
     true},
    {"breach",
     N_("Record a breach and advise the court"),
     N_("The breach is recorded. Advise the side to go to court, with the contract and the settlement."),
     S(FOLLOW_UP),
     STAYS,
     CASE_BY_BOTH,
     need_overdue,
     step_breach,
     {"on_date", "note"},
     false},
    {"close",
     N_("Close the case"),
     N_("The case is closed."),
     ENDED,
     CASE_CLOSED,
     CASE_BY_CLERK,
     need_end,
     step_close,
     {"on_date", "note"},
     false},
    {"join",
     N_("Join it to another case"),
     N_("The case goes on in the other one."),
     BEFORE,
     CASE_CLOSED,
     CASE_BY_CLERK,
     NULL,
     step_join,
     {"other", "note"},
     false},
    {"split",
     N_("Give some sides a case of their own"),
     N_("The other case is filed; it waits for its triage."),
     BEFORE,
     STAYS,
     CASE_BY_CLERK,
     need_sides,
     step_split,
     {"other", "note"},
     false},
    {"resume",
     N_("Open the case again"),
     N_("The case waits for triage again."),
     S(REFUSED_ONE) | S(REFUSED_BOTH) | S(IMPOSSIBLE) | S(EXPIRED) | S(CLOSED),
     CASE_INTAKE,
     CASE_BY_CLERK,
     need_unsettled,
     step_resume,
     {"note"},
     false},
    {"note",
     N_("Add a note"),
     N_("The note is recorded."),
     ~(S(CLOSED)),
     STAYS,
     CASE_BY_BOTH,
     NULL,
     step_note,
     {"note"},
     false},
    {0}};

size_t case_moves(struct arena *a, struct case_move **out)
{
    /* Triage decides from these two states. */
    static const enum case_state TRIAGED[] = {CASE_EMERGENCY, CASE_REFERRED, CASE_LAWYER, CASE_OFFERED};
    bool seen[CASE_STATES][CASE_STATES] = {{false}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof TRIAGED / sizeof *TRIAGED; i++)
        seen[CASE_INTAKE][TRIAGED[i]] = seen[CASE_LAWYER][TRIAGED[i]] = true;
    for (const struct case_step *s = CASE_STEPS; s->action; s++)
        for (int from = 0; from < CASE_STATES && s->to != CASE_STATES; from++)
            if (s->from & (1u << from))
                seen[from][s->to] = true;
    *out = arena_array(a, (size_t)CASE_STATES * CASE_STATES, sizeof **out);
    for (int from = 0; from < CASE_STATES; from++)
        for (int to = 0; to < CASE_STATES; to++)
            if (seen[from][to] && from != to)
                (*out)[n++] = (struct case_move){(enum case_state)from, (enum case_state)to};
    return n;
}

const struct case_step *case_step_find(const char *action)
{
    for (const struct case_step *s = CASE_STEPS; s->action; s++)
        if (str_eq(s->action, action))
            return s;
    return NULL;
}

const char *case_step_hinder(const struct case_step *s, const struct case_facts *f)
{
    if (!(s->from & (1u << f->state)))
        return f->state == CASE_CLOSED ? N_("The case is closed.")
                                       : N_("This step does not belong to the present state of the case.");
    return s->hinder ? s->hinder(f) : NULL;
}

/* --- the clock
 * ----------------------------------------------------------------------------------------------------- */

struct case_clock case_clock(enum case_state s, const char *contract_on, const char *due_on,
                             const char *today)
{
    struct case_clock k = {0};
    struct date from, due, now;
    if ((s != CASE_CONTRACT && s != CASE_SESSIONS) || !date_parse(contract_on, &from) ||
        !date_parse(due_on, &due) || !date_parse(today, &now))
        return k;
    k.day = date_diff(from, now);
    k.term = date_diff(from, due);
    k.left = k.term - k.day;
    k.level = k.left < 0     ? CLOCK_LATE
              : k.left == 0  ? CLOCK_LAST
              : k.left <= 5  ? CLOCK_SECOND
              : k.left <= 10 ? CLOCK_FIRST
                             : CLOCK_RUNS;
    return k;
}

const char *case_clock_text(struct ctx *cx, const struct case_clock *k)
{
    if (k->level == CLOCK_NONE)
        return "";
    if (k->level == CLOCK_LAST)
        return T(cx, "the last day of the term");
    if (k->level == CLOCK_LATE)
        return TN(cx, "%lld day over the term", "%lld days over the term", (long long)-k->left);
    return TN(cx, "%lld day left", "%lld days left", (long long)k->left);
}

/* --- who may know
 * ---------------------------------------------------------------------------------------------------- */

bool case_is_mediator(const struct case_asker *a, const struct dispute_by_id_row *d)
{
    return a->mediator_id && d->mediator_id.has && d->mediator_id.value == a->mediator_id;
}

unsigned case_roles(const struct case_asker *a, const struct dispute_by_id_row *d)
{
    bool keeps = a->clerk && (!d->clerk_id.has || d->clerk_id.value == a->account_id);
    return (keeps ? CASE_BY_CLERK : 0u) | (case_is_mediator(a, d) ? CASE_BY_MEDIATOR : 0u);
}

enum case_right case_right_of(const struct case_asker *a, const struct dispute_by_id_row *d)
{
    if (case_roles(a, d))
        return CASE_CONTENT;
    /* Who filed it may read it back until triage; what follows is for clerk and mediator. */
    if (a->files && a->account_id && d->filed_by == a->account_id && str_eq(d->state, "intake") &&
        !d->clerk_id.has)
        return CASE_CONTENT;
    return a->clerk ? CASE_HEAD : CASE_UNKNOWN;
}
