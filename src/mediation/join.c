/* join.c - one quarrel in two records, two quarrels in one. */
#include "mediation/vault.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"

#include <string.h>

enum { MOST_SIDES = 64 };

static int64_t last_ordinal(const struct party_list_list *parties)
{
    return parties->n ? parties->rows[parties->n - 1].ordinal : 0;
}

/* A side, sealed for another case. */
static int put_party(struct ctx *cx, const struct vault *to, int64_t ordinal, const struct party_list_row *p)
{
    struct bytes sealed =
        vault_seal(cx, to, VAULT_PARTY, ordinal, (const char *[]){p->name, p->contact, p->representative});
    return party_insert(
        cx, &(struct party_insert_in){cx->region_id, to->dispute_id, ordinal, p->side, p->minor, sealed}, NULL);
}

/* --- joining --- */

/* The case that goes on: named by its number, kept by the same clerk, not ended. */
static int other_case(struct ctx *cx, const struct case_change *c, struct dispute_by_id_row *d)
{
    struct dispute_by_number_row row;
    enum case_right right;
    bool found;
    TRY(dispute_by_number(cx, cx->region_id, str_or_empty(c->v->other), &row, &found));
    if (!found || row.id == c->id)
        return fail(cx, ERR_INVALID, "Give the number of the other case, such as 2025-0034.");
    TRY(case_load(cx, c->asker, row.id, d, &right));
    if (!(case_roles(c->asker, d) & CASE_BY_CLERK))
        return fail(cx, ERR_INVALID, "You must keep the other case too.");
    if (d->closed_on[0] || d->joined_to.has || str_eq(d->state, "closed"))
        return fail(cx, ERR_INVALID, "The other case is closed.");
    return OK;
}

int step_join(struct ctx *cx, struct case_change *c)
{
    struct dispute_by_id_row d;
    struct vault to;
    struct party_list_list sides, there;
    const char *summary, *reason;
    TRY(step_note(cx, c));
    TRY(other_case(cx, c, &d));
    TRY(vault_open(cx, c->asker, &d, &to));
    TRY(vault_case(cx, c->vault, &summary, &reason));
    TRY(vault_parties(cx, c->vault, &sides));
    TRY(vault_parties(cx, &to, &there));
    int64_t ordinal = last_ordinal(&there);
    for (size_t i = 0; i < sides.n; i++) {
        bool known = false; /* the same person filed twice stands there once */
        for (size_t k = 0; k < there.n; k++)
            known |= str_eq(str_fold(cx->arena, there.rows[k].name), str_fold(cx->arena, sides.rows[i].name));
        if (!known)
            TRY(put_party(cx, &to, ++ordinal, &sides.rows[i]));
    }
    TRY(vault_event(cx, &to, time_now_us(), c->account_id, "joined", d.state,
                    TF(cx, "From %s: %s", c->d.number, summary)));
    TRY(dispute_join(cx, cx->region_id, c->id, d.id, NULL));
    c->set.closed_on = c->today;
    c->note = TF(cx, "Goes on in %s. %s", d.number, c->v->note);
    return audit_append(cx, "dispute.joined", case_object(cx, d.id), case_object(cx, c->id));
}

/* --- splitting --- */

/* The sides named by their numbers: "3 4". Some stay, some go. */
static int chosen_sides(struct ctx *cx, const struct case_change *c, const struct party_list_list *all, bool *goes)
{
    size_t n, n_go = 0;
    char **words = str_split(cx->arena, str_or_empty(c->v->other), ' ', &n);
    for (size_t i = 0; i < n; i++) {
        int64_t ordinal;
        size_t at = all->n;
        if (!*words[i])
            continue;
        if (str_to_int(words[i], 1, 999, &ordinal))
            for (at = 0; at < all->n && all->rows[at].ordinal != ordinal; at++)
                ;
        if (at >= all->n)
            return fail(cx, ERR_INVALID, "The case has no side with the number %s.", words[i]);
        n_go += !goes[at];
        goes[at] = true;
    }
    if (!n_go || n_go == all->n)
        return fail(cx, ERR_INVALID, "Give the numbers of the sides that get a case of their own, such as 3 4; others stay.");
    return OK;
}

int step_split(struct ctx *cx, struct case_change *c)
{
    struct party_list_list all;
    struct case_party moved[MOST_SIDES];
    bool goes[MOST_SIDES] = {false};
    size_t n = 0;
    int64_t id;
    const char *number;
    TRY(step_note(cx, c));
    TRY(vault_parties(cx, c->vault, &all));
    if (all.n > MOST_SIDES)
        return fail(cx, ERR_LIMIT, "A case with so many sides cannot be split here.");
    TRY(chosen_sides(cx, c, &all, goes));
    for (size_t i = 0; i < all.n; i++)
        if (goes[i]) {
            const struct party_list_row *p = &all.rows[i];
            moved[n++] = (struct case_party){p->side, p->name, p->contact, p->representative, p->minor};
            TRY(party_remove(cx, cx->region_id, c->id, p->ordinal, NULL));
        }
    struct case_filing f = {.once_key = crypto_token(cx->arena, 24),
                            .occurred_on = c->d.occurred_on,
                            .kind = c->d.kind_code,
                            .channel = c->d.channel,
                            .summary = c->v->note,
                            .resonance = c->d.resonance,
                            .resonance_reason = "",
                            .territory_id = c->d.territory_id,
                            .offence = c->d.offence,
                            .demo = c->d.demo,
                            .parties = moved,
                            .n_parties = n};
    TRY(case_file_in_tx(cx, &f, &id, &number));
    TRY(dispute_split(cx, cx->region_id, id, c->id, NULL));
    c->note = TF(cx, "Filed as %s. %s", number, c->v->note);
    return audit_append(cx, "dispute.split_off", case_object(cx, id), case_object(cx, c->id));
}
