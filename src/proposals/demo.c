/* demo.c - the demonstration's proposals: made by the same steps as real ones, each on its own day. The list
 * is demo/proposals.csv; on 6 October 2025 two of them wait for an answer that is overdue. */
#include "proposals/demo.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "proposals/rules.h"
#include "registry/lists.h"
#include "registry/organisation_sql.h"
#include "registry/registry.h"

enum { FIGURES_MOST = 3 };

/* The state body with this number in the list of bodies. */
static int body_by_ordinal(struct ctx *cx, int64_t ordinal, int64_t *id)
{
    struct organisation_list_list all;
    TRY(organisation_list(cx, cx->region_id, "state_body", "2024-01-01", &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.rows[i].ordinal == ordinal) {
            *id = all.rows[i].id;
            return OK;
        }
    return fail(cx, ERR_NOT_FOUND, "The demonstration has no state body number %lld.", (long long)ordinal);
}

/* The figure that the proposal is to be seen by, and what else is published of the place. */
static int read_evidence(struct ctx *cx, struct proposal_draft *d)
{
    int64_t place = d->territory_id;
    struct proposal_observations_list obs;
    struct proposal_evidence_pick *picks = arena_array(cx->arena, FIGURES_MOST, sizeof *picks);
    struct place_path path;
    if (!place)
        return OK;
    TRY(registry_path(cx, place, d->created_on, &path));
    TRY(proposal_observations(cx, cx->region_id, place, &obs));
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < obs.n && d->n_evidence < FIGURES_MOST; i++) {
            const struct proposal_observations_row *v = &obs.rows[i];
            if (str_eq(v->indicator_code, d->indicator) != (round == 0))
                continue;
            picks[d->n_evidence++] = (struct proposal_evidence_pick){
                "observation",
                arena_printf(cx->arena, "%s, %s, %s: %s%s%s", v->name_kk, path.steps[0].name, v->period,
                             fmt_num(cx, v->value, (int)v->decimals), *v->unit_kk ? " " : "", v->unit_kk),
                v->id};
        }
    d->evidence = picks;
    return OK;
}

/* One step on a day, at ten in the morning. */
static int step_on(struct ctx *cx, int64_t id, const char *code, struct proposal_change *c, const char *day,
                   int hour)
{
    struct proposal_by_id_row p;
    struct date d;
    TRY(proposal_by_id(cx, cx->region_id, id, &p));
    if (!date_parse(day, &d))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date (YYYY-MM-DD).", day);
    c->id = id;
    c->version = p.version;
    c->step = proposal_step_find(code);
    c->on_date = day;
    c->at_us = instant_of((struct civil){d, hour, 0, 0}, NULL);
    return proposal_step_do(cx, c);
}

static int put_steps(struct ctx *cx, const struct table *t, int64_t id)
{
    const char *created = list_text(cx, t, "created_on"), *sent = list_text(cx, t, "sent_on");
    const char *registered = list_text(cx, t, "registered_on"), *reply = list_text(cx, t, "reply_on"),
               *done = list_text(cx, t, "done_on");
    if (*sent || list_int(t, "agreed"))
        TRY(step_on(cx, id, "agree", &(struct proposal_change){0}, created, 16));
    if (*sent)
        TRY(step_on(cx, id, "send", &(struct proposal_change){0}, sent, 11));
    if (*registered)
        TRY(step_on(cx, id, "register", &(struct proposal_change){0}, registered, 15));
    if (*reply)
        TRY(step_on(cx, id, "reply",
                    &(struct proposal_change){.number = list_text(cx, t, "reply_number"),
                                              .decision = list_text(cx, t, "decision"),
                                              .text = list_text(cx, t, "reply")},
                    reply, 12));
    if (*done)
        TRY(step_on(cx, id, "reply",
                    &(struct proposal_change){
                        .number = "", .decision = "done", .text = list_text(cx, t, "done_text")},
                    done, 12));
    return OK;
}

static int put_proposal(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    int64_t id;
    struct proposal_draft d = {.once_key = arena_printf(cx->arena, "demo-%s", list_text(cx, t, "key")),
                               .quarter = list_text(cx, t, "quarter"),
                               .problem = list_text(cx, t, "problem"),
                               .text = list_text(cx, t, "text"),
                               .basis = list_text(cx, t, "basis"),
                               .effect = list_text(cx, t, "effect"),
                               .indicator = list_text(cx, t, "indicator"),
                               .term_kind = list_text(cx, t, "term_kind"),
                               .term_days = list_int(t, "term_days"),
                               .created_on = list_text(cx, t, "created_on"),
                               .demo = true};
    TRY(body_by_ordinal(cx, list_int(t, "addressee"), &d.addressee_id));
    const char *kato = list_text(cx, t, "kato");
    if (*kato) {
        struct territory_by_kato_row place;
        bool found = false;
        TRY(territory_by_kato(cx, cx->region_id, kato, "", &place, &found));
        if (!found)
            return fail(cx, ERR_NOT_FOUND,
                        "The registry has no place with the code %s; load the region pack first.", kato);
        d.territory_id = place.id;
    }
    TRY(read_evidence(cx, &d));
    TRY(proposal_create(cx, &d, &id));
    return put_steps(cx, t, id);
}

int proposals_demo(struct ctx *cx)
{
    enum lang was = cx->lang;
    cx->lang = LANG_KK; /* the labels of the figures are kept as they read, in Kazakh */
    int rc = list_each(cx, "demo/proposals.csv", put_proposal, NULL);
    cx->lang = was;
    return rc;
}
