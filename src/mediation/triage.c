/* triage.c - see triage.h. */
#include "mediation/triage.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "mediation/papers.h"
#include "mediation/vault.h"
#include "registry/lists.h"

#include <string.h>

const char *triage_answer_of(const struct triage_answers *a, const char *fact_code)
{
    for (size_t i = 0; i < a->n; i++)
        if (str_eq(a->rows[i].code, fact_code))
            return a->rows[i].answer;
    return "unknown";
}

/* Does the outcome open mediation? Handing over, a lawyer or an emergency wait for nothing. */
static bool opens(const char *outcome)
{
    return str_eq(outcome, "mediate") || str_eq(outcome, "condition") || str_eq(outcome, "change_mediator");
}

struct triage_proposal triage_decide(struct arena *arena, const struct triage_rule_list_list *rules,
                                     const struct triage_answers *answers)
{
    struct triage_proposal p = {.conditions = arena_array(arena, rules->n + 1, sizeof *p.conditions)};
    const char *unknown = NULL;
    for (size_t i = 0; i < rules->n && !p.rule; i++) {
        const struct triage_rule_list_row *r = &rules->rows[i];
        const char *answer = str_empty(r->fact_code) ? "yes" : triage_answer_of(answers, r->fact_code);
        if (str_eq(answer, "yes") && !(unknown && opens(r->outcome)))
            p.rule = r;
        else if (str_eq(answer, "yes"))
            p.missing = unknown;
        else if (str_eq(answer, "unknown") && !unknown)
            unknown = r->fact_code;
    }
    if (!p.rule || !opens(p.rule->outcome)) {
        if (p.rule && str_empty(p.rule->fact_code) && !p.missing)
            p.missing = unknown;
        return p;
    }
    for (size_t i = 0; i < rules->n; i++) {
        const struct triage_rule_list_row *r = &rules->rows[i];
        if (str_eq(r->outcome, "condition") && str_eq(triage_answer_of(answers, r->fact_code), "yes"))
            p.conditions[p.n_conditions++] = r;
    }
    return p;
}

enum case_state triage_state(const char *outcome)
{
    return str_eq(outcome, "emergency") ? CASE_EMERGENCY
           : str_eq(outcome, "refer")   ? CASE_REFERRED
           : opens(outcome)             ? CASE_OFFERED
                                        : CASE_LAWYER;
}

const char *triage_outcome_label(const char *outcome)
{
    static const struct {
        const char *code, *label;
    } LABELS[] = {{"emergency", N_("Emergency: call for help now")},
                  {"refer", N_("Not suitable for mediation: hand over")},
                  {"lawyer", N_("A lawyer must look at it")},
                  {"condition", N_("Suitable for mediation on a condition")},
                  {"change_mediator", N_("Suitable for mediation with another mediator")},
                  {"mediate", N_("Suitable for mediation")}};
    for (size_t i = 0; i < sizeof LABELS / sizeof *LABELS; i++)
        if (str_eq(outcome, LABELS[i].code))
            return LABELS[i].label;
    return outcome;
}

/* --- a human confirms
 * -------------------------------------------------------------------------------------------------- */

struct confirm_job {
    const struct case_asker *asker;
    int64_t id;
    const struct triage_answers *answers;
    const struct triage_values *v;
};

static int write_outcome(struct ctx *cx, const struct confirm_job *j, const struct dispute_by_id_row *d,
                         const struct triage_proposal *p, const struct vault *v)
{
    int64_t changed = 0, now = time_now_us();
    enum case_state state = triage_state(p->rule->outcome);
    bool drop = str_eq(p->rule->outcome, "change_mediator");
    TRY(dispute_change(cx,
                       &(struct dispute_change_in){.region_id = cx->region_id,
                                                   .id = d->id,
                                                   .version = j->v->version,
                                                   .state = case_state_code(state),
                                                   .mediator_id = drop ? (struct opt_int){0} : d->mediator_id,
                                                   .clerk_id = opt_int(j->asker->account_id),
                                                   .contract_on = d->contract_on,
                                                   .due_on = d->due_on,
                                                   .prolonged_on = d->prolonged_on,
                                                   .settled_on = d->settled_on,
                                                   .performed_on = d->performed_on,
                                                   .breach_on = d->breach_on,
                                                   .closed_on = d->closed_on},
                       &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "Somebody else has changed this case; look at it again.");
    TRY(dispute_set_triage(cx, &(struct dispute_set_triage_in){cx->region_id, d->id, p->rule->id, now},
                           NULL));
    TRY(condition_clear(cx, cx->region_id, d->id, NULL));
    for (size_t i = 0; i < p->n_conditions; i++)
        TRY(condition_put(cx, &(struct condition_put_in){cx->region_id, d->id, p->conditions[i]->id, ""},
                          NULL));
    for (size_t i = 0; i < j->answers->n; i++)
        TRY(triage_answer_put(cx,
                              &(struct triage_answer_put_in){cx->region_id, d->id, j->answers->rows[i].code,
                                                             j->answers->rows[i].answer},
                              NULL));
    const char *note = arena_printf(cx->arena, "%s (%s). %s", T(cx, triage_outcome_label(p->rule->outcome)),
                                    p->rule->article, j->v->note ? j->v->note : "");
    TRY(vault_event(cx, v, now, j->asker->account_id, "triaged", case_state_code(state), note));
    TRY(vault_keep(cx, d->id, j->asker->account_id, !drop && d->mediator_account.has ? d->mediator_account.value : 0));
    return audit_append(
        cx, "dispute.triage", case_object(cx, d->id),
        arena_printf(cx->arena, "rule %lld %s", (long long)p->rule->ordinal, p->rule->outcome));
}

static int confirm_tx(struct ctx *cx, void *arg)
{
    const struct confirm_job *j = arg;
    struct dispute_by_id_row d;
    enum case_right right;
    struct triage_rule_list_list rules;
    TRY(case_load(cx, j->asker, j->id, &d, &right));
    if (!(case_roles(j->asker, &d) & CASE_BY_CLERK))
        return fail(cx, ERR_DENIED, "Triage belongs to the clerk.");
    if (!str_eq(d.state, "intake") && !str_eq(d.state, "lawyer"))
        return fail(cx, ERR_INVALID, "Triage of this dispute is over.");
    TRY(triage_rule_list(cx, cx->region_id, date_text(cx->arena, date_today(NULL)), &rules));
    struct triage_proposal p = triage_decide(cx->arena, &rules, j->answers);
    if (!p.rule)
        return fail(cx, ERR_INVALID, "The decision table has no last rule; nothing can be decided.");
    if (p.rule->id != j->v->rule_id)
        return fail(cx, ERR_CONFLICT, "The rules or the answers have changed; look at the proposal again.");
    struct vault v;
    TRY(vault_open(cx, j->asker, &d, &v));
    return write_outcome(cx, j, &d, &p, &v);
}

int triage_confirm(struct ctx *cx, const struct case_asker *a, int64_t id,
                   const struct triage_answers *answers, const struct triage_values *v)
{
    return db_tx(cx, confirm_tx, &(struct confirm_job){a, id, answers, v});
}

/* --- the table
 * -----------------------------------------------------------------------------------------------------------
 */

struct rule_job {
    int64_t id;
    const struct triage_rule_values *v;
};

static int rule_tx(struct ctx *cx, void *arg)
{
    const struct rule_job *j = arg;
    struct triage_rule_by_id_row old;
    bool found = false;
    int64_t changed = 0;
    TRY(triage_rule_by_id(cx, cx->region_id, j->id, &old, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such rule.");
    if (strcmp(j->v->valid_from, old.valid_from) <= 0)
        return fail(cx, ERR_INVALID, "The new version must begin after %s, when the present one began.",
                    fmt_date(cx, old.valid_from));
    TRY(triage_rule_end(cx, cx->region_id, j->id, j->v->valid_from, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This rule has a newer version already.");
    int64_t id = db_new_id();
    TRY(triage_rule_put(cx,
                        &(struct triage_rule_put_in){cx->region_id, id, old.ordinal, old.fact_code,
                                                     j->v->outcome, j->v->article, j->v->action_kk,
                                                     j->v->action_ru, j->v->action_en, j->v->verified,
                                                     j->v->valid_from},
                        NULL));
    return audit_append(cx, "triage.rule", arena_printf(cx->arena, "rule/%s", id_text(cx->arena, id)),
                        arena_printf(cx->arena, "%lld from %s", (long long)old.ordinal, j->v->valid_from));
}

int triage_rule_change(struct ctx *cx, int64_t id, const struct triage_rule_values *v)
{
    return db_tx(cx, rule_tx, &(struct rule_job){id, v});
}

static int seed_kind(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    return dispute_kind_put(cx,
                            &(struct dispute_kind_put_in){
                                cx->region_id, list_text(cx, t, "code"), list_text(cx, t, "name_kk"),
                                list_text(cx, t, "name_ru"), list_text(cx, t, "name_en"), table_rows(t)},
                            NULL);
}

static int seed_fact(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    return triage_fact_put(cx,
                           &(struct triage_fact_put_in){cx->region_id, list_text(cx, t, "code"),
                                                        list_text(cx, t, "question_kk"),
                                                        list_text(cx, t, "question_ru"),
                                                        list_text(cx, t, "question_en"), table_rows(t)},
                           NULL);
}

/* The first version of a rule has its number as identifier, so that seeding again finds it. */
static int seed_rule(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    int64_t ordinal = list_int(t, "ordinal");
    return triage_rule_put(
        cx,
        &(struct triage_rule_put_in){cx->region_id, ordinal, ordinal, list_text(cx, t, "fact_code"),
                                     list_text(cx, t, "outcome"), list_text(cx, t, "article"),
                                     list_text(cx, t, "action_kk"), list_text(cx, t, "action_ru"),
                                     list_text(cx, t, "action_en"), list_int(t, "verified") != 0, ""},
        NULL);
}

int mediation_seed(struct ctx *cx)
{
    TRY(list_each(cx, "reference/dispute_kinds.csv", seed_kind, NULL));
    TRY(list_each(cx, "reference/triage_facts.csv", seed_fact, NULL));
    TRY(list_each(cx, "reference/triage_rules.csv", seed_rule, NULL));
    return papers_seed(cx);
}
