/* today.c - what waits for the asker: disputes without triage or mediator, clocks that run out, promises that
 * fall due. */
#include "mediation/mediation.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"
#include "mediation/case.h"
#include "mediation/pages.h"

#include <string.h>

enum { MOST = 20, SOON_DAYS = 10 };
typedef VEC(struct mediation_due) due_rows;

static const char *title(struct ctx *cx, const char *number, const char *kind, const char *place)
{
    return arena_printf(cx->arena, "%s: %s, %s", number, kind, place);
}

static const char *href(struct ctx *cx, int64_t id)
{
    return arena_printf(cx->arena, "/disputes/%s", id_text(cx->arena, id));
}

static int add_waiting(struct ctx *cx, const struct case_asker *a, due_rows *out)
{
    struct dispute_waiting_list list;
    TRY(dispute_waiting(cx, cx->region_id, a->account_id, MOST, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct dispute_waiting_row *d = &list.rows[i];
        bool offered = str_eq(d->state, "offered"), emergency = str_eq(d->state, "emergency");
        const char *detail = offered ? T(cx, N_("no mediator yet")) : mediation_state_name(cx, d->state);
        const char *action = offered                      ? T(cx, N_("Assign a mediator"))
                             : str_eq(d->state, "intake") ? T(cx, N_("Triage"))
                                                          : T(cx, "Open");
        vec_push(cx->arena, out,
                 (struct mediation_due){title(cx, d->number, ctx_pick(cx, d->kind_kk, d->kind_ru, d->kind_en),
                                              ctx_pick(cx, d->place_kk, d->place_ru, d->place_en)),
                                        detail, href(cx, d->id), action, "", !emergency, emergency});
    }
    return OK;
}

static int add_clocks(struct ctx *cx, const struct case_asker *a, struct date today, due_rows *out)
{
    struct dispute_due_list list;
    const char *day = date_text(cx->arena, today);
    TRY(dispute_due(cx,
                    &(struct dispute_due_in){cx->region_id, a->clerk ? a->account_id : -1, a->mediator_id,
                                             date_text(cx->arena, date_add_days(today, SOON_DAYS)), MOST},
                    &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct dispute_due_row *d = &list.rows[i];
        struct case_clock k = case_clock(case_state_from(d->state), d->contract_on, d->due_on, day);
        vec_push(cx->arena, out,
                 (struct mediation_due){title(cx, d->number, ctx_pick(cx, d->kind_kk, d->kind_ru, d->kind_en),
                                              ctx_pick(cx, d->place_kk, d->place_ru, d->place_en)),
                                        case_clock_text(cx, &k), href(cx, d->id), T(cx, "Open"), d->due_on,
                                        k.level >= CLOCK_SECOND, false});
    }
    return OK;
}

static int add_promises(struct ctx *cx, const struct case_asker *a, struct date today, due_rows *out)
{
    struct obligation_due_list list;
    TRY(obligation_due(
        cx,
        &(struct obligation_due_in){cx->region_id, a->clerk ? a->account_id : -1, a->mediator_id,
                                    date_text(cx->arena, date_add_days(today, SOON_DAYS)), MOST},
        &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct obligation_due_row *d = &list.rows[i];
        vec_push(cx->arena, out,
                 (struct mediation_due){title(cx, d->number, ctx_pick(cx, d->kind_kk, d->kind_ru, d->kind_en),
                                              ctx_pick(cx, d->place_kk, d->place_ru, d->place_en)),
                                        TF(cx, "a promise falls due on %s", fmt_date(cx, d->first_due)), href(cx, d->id),
                                        T(cx, "Open"), d->first_due,
                                        strcmp(d->first_due, date_text(cx->arena, today)) < 0, false});
    }
    return OK;
}

/* A mediator's cases that no clock runs for yet. */
static int add_offered(struct ctx *cx, const struct case_asker *a, due_rows *out)
{
    struct dispute_of_mediator_list list;
    TRY(dispute_of_mediator(cx, cx->region_id, a->mediator_id, MOST, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct dispute_of_mediator_row *d = &list.rows[i];
        if (str_eq(d->state, "offered") || str_eq(d->state, "settled"))
            vec_push(
                cx->arena, out,
                (struct mediation_due){title(cx, d->number, ctx_pick(cx, d->kind_kk, d->kind_ru, d->kind_en),
                                             ctx_pick(cx, d->place_kk, d->place_ru, d->place_en)),
                                       mediation_state_name(cx, d->state), href(cx, d->id), T(cx, "Open"), "",
                                       false, false});
    }
    return OK;
}

int mediation_today(struct request *rq, struct mediation_due_list *out)
{
    struct ctx *cx = rq->cx;
    struct case_asker a;
    due_rows rows = {0};
    struct date today = date_today(NULL);
    TRY(case_asker_of(rq, &a));
    if (a.clerk)
        TRY(add_waiting(cx, &a, &rows));
    if (a.clerk || a.mediator_id) {
        TRY(add_clocks(cx, &a, today, &rows));
        TRY(add_promises(cx, &a, today, &rows));
    }
    if (a.mediator_id)
        TRY(add_offered(cx, &a, &rows));
    *out = (struct mediation_due_list){rows.rows, rows.n};
    return OK;
}
