/* care.c - what the calendar does to cases by itself: a term that is over, content that has been kept long enough. */
#include "mediation/vault.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "setting/setting.h"

enum { EXPIRE_MOST = 200, DESTROY_MOST = 200 };

static int expire_tx(struct ctx *cx, void *arg)
{
    const struct dispute_over_row *row = arg;
    int64_t changed = 0;
    TRY(dispute_expire(cx, cx->region_id, row->id, row->version, &changed));
    if (!changed)
        return OK; /* somebody has just settled or ended it */
    TRY(vault_event(cx, &(struct vault){.dispute_id = row->id}, time_now_us(), 0, "expire", "expired", NULL));
    return audit_append(cx, "dispute.expire", case_object(cx, row->id), row->due_on);
}

int case_expire(struct ctx *cx, int64_t *n)
{
    struct dispute_over_list list;
    TRY(dispute_over(cx, cx->region_id, date_text(cx->arena, date_today(NULL)), EXPIRE_MOST, &list));
    for (size_t i = 0; i < list.n; i++)
        TRY(db_tx(cx, expire_tx, &list.rows[i]));
    *n = (int64_t)list.n;
    return OK;
}

/* The keys go with the texts. Backups from before still hold both: they must be kept no longer than the term either. */
static int destroy_tx(struct ctx *cx, void *arg)
{
    const struct dispute_to_destroy_row *row = arg;
    int64_t region = cx->region_id, changed = 0;
    TRY(dispute_destroyed(cx, region, row->id, date_text(cx->arena, date_today(NULL)), &changed));
    if (!changed)
        return OK; /* opened again meanwhile */
    TRY(destroy_keys(cx, region, row->id, NULL));
    TRY(destroy_parties(cx, region, row->id, NULL));
    TRY(destroy_notes(cx, region, row->id, NULL));
    TRY(destroy_minutes(cx, region, row->id, NULL));
    TRY(destroy_promises(cx, region, row->id, NULL));
    TRY(destroy_papers(cx, region, row->id, NULL));
    return audit_append(cx, "dispute.destroy", case_object(cx, row->id), row->closed_on);
}

int case_destroy_old(struct ctx *cx, int64_t *n)
{
    struct dispute_to_destroy_list list;
    struct date today = date_today(NULL);
    int64_t years = setting_int(cx, "mediation.keep_years");
    struct date before = {today.y - (int)years, today.m, today.m == 2 && today.d == 29 ? 28 : today.d};
    TRY(dispute_to_destroy(cx, cx->region_id, date_text(cx->arena, before), DESTROY_MOST, &list));
    for (size_t i = 0; i < list.n; i++)
        TRY(db_tx(cx, destroy_tx, &list.rows[i]));
    *n = (int64_t)list.n;
    return OK;
}
