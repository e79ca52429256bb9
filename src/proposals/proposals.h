/* proposals.h - proposals to state bodies: what is proposed, on what evidence, to whom, by when, and what came of it.
 *
 * The lists that other features show are the typed queries of proposal.sql: proposal_of_quarter() and proposal_past()
 * for a quarter's report, proposal_at() for a passport, proposal_list() with state "overdue" or "waiting" for Today. */
#ifndef PROPOSALS_PROPOSALS_H
#define PROPOSALS_PROPOSALS_H

#include "base/ctx.h"
#include "module.h"
#include "proposals/proposal_sql.h"

#include <stdbool.h>
#include <stdint.h>

extern const struct module proposals_module;

/* "sent" for people: "sent". A state it does not know comes back as it is. */
const char *proposal_state_name(struct ctx *cx, const char *state);

/* The same with the clock: "overdue" where an answer was due before the day. */
const char *proposal_standing(struct ctx *cx, const char *state, const char *due_on, const char *on_date);

/* Is the answer late on a day? Worked out, never stored. */
bool proposal_overdue(const char *state, const char *due_on, const char *on_date);

/* The last day for the answer to what is sent on a day: working days by the calendar of holidays, or calendar days. */
int proposal_due_on(struct ctx *cx, const char *sent_on, int64_t days, const char *kind, const char **due_on);

/* The body that stands for an addressee on a day: itself, or what came in its place. */
int proposal_addressee_on(struct ctx *cx, int64_t organisation_id, const char *on_date, int64_t *id, const char **name);

/* "/proposals/0J3..." in the arena. */
const char *proposal_href(struct ctx *cx, int64_t id);

#endif
