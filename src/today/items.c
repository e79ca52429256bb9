/* items.c - what needs somebody: each part of the program is asked for what it has for this reader, by what
 * the reader is allowed to do. Most pressing first; of each kind only so many, so that the screen stays a
 * list to be worked off. */
#include "today/pages.h"

#include "access/access.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "mediation/mediation.h"
#include "proposals/proposals.h"
#include "visits/visits.h"

#include <stdlib.h>

enum { OF_EACH = 5, SOON_DAYS = 7, BACKUP_DAYS = 7 };

static void put(struct request *rq, struct today_page *m, struct today_item item)
{
    if (!item.on_date)
        item.on_date = "";
    item.attention |= *item.on_date && strcmp(item.on_date, m->on_date) < 0;
    vec_push(rq->cx->arena, &m->items, item);
}

/* "due on 06.10.2025, 3 days late" */
static const char *due_text(struct ctx *cx, const struct today_page *m, const char *due_on)
{
    struct date due, now;
    if (!date_parse(due_on, &due) || !date_parse(m->on_date, &now))
        return "";
    int64_t days = date_diff(now, due);
    const char *left = days < 0 ? TN(cx, "%lld day late", "%lld days late", (long long)-days)
                                : TN(cx, "%lld day left", "%lld days left", (long long)days);
    return TF(cx, N_("due on %s, %s"), fmt_date(cx, due_on), left);
}

static const char *soon(struct request *rq)
{
    return date_text(rq->cx->arena, date_add_days(date_today(NULL), SOON_DAYS));
}

static int add_proposals(struct request *rq, struct today_page *m)
{
    struct ctx *cx = rq->cx;
    bool writer = rq_may(rq, PERM_PROPOSAL_EDIT), partner = !writer && rq_may(rq, PERM_PROPOSAL_ANSWER);
    if (!writer && !partner)
        return OK;
    struct proposal_list_list list;
    struct proposal_list_in in = {.region_id = cx->region_id,
                                  .on_date = m->on_date,
                                  .state = partner ? "waiting" : "overdue",
                                  .quarter = "",
                                  .drafts = writer,
                                  .partner = partner ? rq->account.id : 0,
                                  .scoped = rq->account.n_territories ? rq->account.id : 0,
                                  .most = OF_EACH};
    TRY(proposal_list(cx, &in, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct proposal_list_row *p = &list.rows[i];
        put(rq, m,
            (struct today_item){.title = p->problem,
                                .href = proposal_href(cx, p->id),
                                .on_date = p->due_on,
                                .detail = partner ? TF(cx, N_("Proposal %s to your body: answer %s"),
                                                       p->number, due_text(cx, m, p->due_on))
                                                  : TF(cx, N_("Proposal %s, %s: answer %s"), p->number,
                                                       registry_name(cx, *p), due_text(cx, m, p->due_on)),
                                .action = partner ? T(cx, N_("Answer")) : T(cx, N_("See"))});
    }
    if (!writer)
        return OK;
    in.state = "agreed";
    TRY(proposal_list(cx, &in, &list));
    for (size_t i = 0; i < list.n; i++)
        put(rq, m,
            (struct today_item){
                .title = list.rows[i].problem,
                .href = proposal_href(cx, list.rows[i].id),
                .action = T(cx, "Send"),
                .detail = TF(cx, N_("Proposal %s is agreed and not sent yet"), list.rows[i].number)});
    return OK;
}

static int add_tasks(struct request *rq, struct today_page *m)
{
    struct ctx *cx = rq->cx;
    const int64_t *bodies;
    size_t n;
    struct today_tasks_list list;
    if (!rq_may(rq, PERM_REGISTRY_EDIT))
        return OK;
    TRY(access_bodies(rq, &bodies, &n));
    TRY(today_tasks(
        cx, &(struct today_tasks_in){cx->region_id, m->on_date, soon(rq), n ? rq->account.id : 0, OF_EACH},
        &list));
    for (size_t i = 0; i < list.n; i++)
        put(rq, m,
            (struct today_item){.title = list.rows[i].text,
                                .on_date = list.rows[i].due_on,
                                .action = T(cx, "Open"),
                                .detail = arena_printf(cx->arena, "%s · %s", registry_name(cx, list.rows[i]),
                                                       due_text(cx, m, list.rows[i].due_on)),
                                .href = arena_printf(cx->arena, "/organisations/%s",
                                                     id_text(cx->arena, list.rows[i].organisation_id))});
    return OK;
}

static int add_visits(struct request *rq, struct today_page *m)
{
    struct ctx *cx = rq->cx;
    int64_t scoped = rq->account.n_territories ? rq->account.id : 0;
    struct visit_planned_list list;
    struct visit_plan_run_row run;
    bool found = false;
    if (!rq_may(rq, PERM_VISIT_EDIT))
        return OK;
    TRY(visit_planned(cx, &(struct visit_planned_in){cx->region_id, m->on_date, soon(rq), scoped, OF_EACH},
                      &list));
    for (size_t i = 0; i < list.n; i++)
        put(rq, m,
            (struct today_item){.title = TF(cx, N_("Visit: %s"), registry_name(cx, list.rows[i])),
                                .on_date = list.rows[i].on_date,
                                .detail = arena_printf(cx->arena, "%s · %s", list.rows[i].purpose,
                                                       fmt_date(cx, list.rows[i].on_date)),
                                .href = visit_href(cx, list.rows[i].id),
                                .action = T(cx, "Record")});
    TRY(visit_plan_run(cx, cx->region_id, &run, &found));
    if (!found)
        return OK;
    struct today_proposed_row open;
    TRY(today_proposed(cx, &(struct today_proposed_in){cx->region_id, run.id, m->on_date, scoped}, &open));
    if (open.places)
        put(rq, m,
            (struct today_item){.title = TN(cx, "%lld place is proposed for a visit",
                                            "%lld places are proposed for a visit", (long long)open.places),
                                .detail =
                                    TF(cx, N_("By the close of %s; each is accepted or declined by a person"),
                                       fmt_quarter(cx, run.quarter)),
                                .href = "/plan",
                                .action = T(cx, N_("Decide"))});
    return OK;
}

/* Closing and signing, and the answers that a quarter lacks. */
static int add_quarters(struct request *rq, struct today_page *m)
{
    struct ctx *cx = rq->cx;
    struct today_quarters_list list;
    const char *this_quarter = quarter_text(cx->arena, quarter_of(date_today(NULL)));
    if (!rq_may(rq, PERM_QUARTER_CLOSE) && !rq_may(rq, PERM_QUARTER_SIGN))
        return OK;
    TRY(today_quarters(cx, cx->region_id, this_quarter, &list));
    for (size_t i = 0; i < list.n; i++) {
        const char *state = list.rows[i].run_state, *name = fmt_quarter(cx, list.rows[i].quarter);
        const char *href = arena_printf(cx->arena, "/quarter/%s", list.rows[i].quarter);
        struct today_answers_row have;
        TRY(today_answers(cx, cx->region_id, list.rows[i].quarter, &have));
        if (str_eq(state, "closed") && rq_may(rq, PERM_QUARTER_SIGN))
            put(rq, m,
                (struct today_item){.title = TF(cx, N_("%s is closed and not signed"), name),
                                    .href = href,
                                    .attention = true,
                                    .detail = T(cx, N_("Read the report; a named person signs it off")),
                                    .action = T(cx, N_("Read and sign"))});
        else if ((!state || str_eq(state, "failed")) && rq_may(rq, PERM_QUARTER_CLOSE))
            put(rq, m,
                (struct today_item){.title = TF(cx, N_("%s is over and not closed"), name),
                                    .href = href,
                                    .action = T(cx, N_("Open the quarter")),
                                    .detail = TN(cx, "%lld answer is loaded", "%lld answers are loaded",
                                                 (long long)have.answers)});
        else if (str_eq(state, "running"))
            put(rq, m,
                (struct today_item){.title = TF(cx, N_("%s is being closed"), name),
                                    .href = href,
                                    .action = T(cx, N_("Look")),
                                    .detail = T(cx, N_("The computation is at work"))});
    }
    return OK;
}

static int add_fieldwork(struct request *rq, struct today_page *m)
{
    struct ctx *cx = rq->cx;
    struct today_answers_row have;
    const char *last = quarter_text(cx->arena, quarter_previous(quarter_of(date_today(NULL))));
    if (!rq_may(rq, PERM_RESEARCH_EDIT))
        return OK;
    TRY(today_answers(cx, cx->region_id, last, &have));
    if (!have.answers)
        put(rq, m,
            (struct today_item){.title = TF(cx, N_("No answers are loaded for %s"), fmt_quarter(cx, last)),
                                .detail =
                                    T(cx, N_("The quarter is over; without answers it has no estimates")),
                                .href = arena_printf(cx->arena, "/research/%s", last),
                                .action = T(cx, N_("Load answers"))});
    return OK;
}

static int add_system(struct request *rq, struct today_page *m)
{
    struct ctx *cx = rq->cx;
    struct today_system_row s;
    if (!rq_may(rq, PERM_ADMIN))
        return OK;
    TRY(today_system(cx, cx->region_id, &s));
    if (s.failed)
        put(rq, m,
            (struct today_item){.title = TN(cx, "%lld piece of long work was set aside",
                                            "%lld pieces of long work were set aside", (long long)s.failed),
                                .detail = T(cx, N_("It failed several times; the reason stands beside it")),
                                .attention = true,
                                .href = "/admin/health",
                                .action = T(cx, N_("Look"))});
    int64_t age = s.backup_us.has ? (time_now_us() - s.backup_us.value) / INT64_C(86400000000) : -1;
    if (age < 0 || age > BACKUP_DAYS)
        put(rq, m,
            (struct today_item){
                .title = age < 0 ? T(cx, N_("No backup is on record"))
                                 : TN(cx, "The last backup is %lld day old",
                                      "The last backup is %lld days old", (long long)age),
                .detail = T(cx, N_("The command \"shanyraq backup\" makes one while the program works")),
                .href = "/admin/health",
                .action = T(cx, N_("Look")),
                .attention = true});
    vec_push(cx->arena, &m->news,
             (struct today_item){.title = TN(cx, "The audit log has %lld entry",
                                             "The audit log has %lld entries", (long long)s.entries.value),
                                 .detail = "",
                                 .on_date = "",
                                 .href = "/admin/audit?verify=1",
                                 .action = T(cx, N_("Check its chain"))});
    return OK;
}

static int add_disputes(struct request *rq, struct today_page *m)
{
    struct mediation_due_list list;
    TRY(mediation_today(rq, &list));
    for (size_t i = 0; i < list.n; i++)
        put(rq, m,
            (struct today_item){.title = list.rows[i].title,
                                .detail = list.rows[i].detail,
                                .href = list.rows[i].href,
                                .action = list.rows[i].action,
                                .on_date = list.rows[i].on_date,
                                .attention = list.rows[i].attention,
                                .danger = list.rows[i].danger});
    return OK;
}

static int add_news(struct request *rq, struct today_page *m)
{
    struct ctx *cx = rq->cx;
    struct today_report_row r;
    bool found = false;
    if (!rq_may(rq, PERM_QUARTER_READ))
        return OK;
    TRY(today_report(cx, cx->region_id, &r, &found));
    if (found)
        vec_push(cx->arena, &m->news,
                 (struct today_item){.title = TF(cx, N_("Newest report: %s"), fmt_quarter(cx, r.quarter)),
                                     .on_date = "",
                                     .detail = TF(cx, N_("signed by %s"), r.signed_by),
                                     .action = T(cx, N_("Read")),
                                     .href = arena_printf(cx->arena, "/quarter/%s", r.quarter)});
    return OK;
}

static void add_starts(struct request *rq, struct today_page *m)
{
    static const struct {
        int need;
        const char *title, *href;
    } STARTS[] = {{PERM_DISPUTE_FILE, N_("File a dispute"), "/disputes/new"},
                  {PERM_VISIT_EDIT, N_("Plan a visit"), "/visits/new"},
                  {PERM_PROPOSAL_EDIT, N_("Write a proposal"), "/proposals/new"},
                  {PERM_MAP_READ, N_("Open the map"), "/map"},
                  {PERM_ADMIN, N_("Accounts"), "/admin/accounts"}};
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++)
        if (rq_may(rq, STARTS[i].need))
            vec_push(rq->cx->arena, &m->starts,
                     (struct today_item){.title = T(rq->cx, STARTS[i].title),
                                         .href = STARTS[i].href,
                                         .detail = "",
                                         .action = "",
                                         .on_date = ""});
}

/* Danger first, then what is late, then by its day; what has no day comes last. */
static int by_urgency(const void *a, const void *b)
{
    const struct today_item *x = a, *y = b;
    if (x->danger != y->danger)
        return x->danger ? -1 : 1;
    if (x->attention != y->attention)
        return x->attention ? -1 : 1;
    if (!*x->on_date != !*y->on_date)
        return *x->on_date ? -1 : 1;
    int day = strcmp(x->on_date, y->on_date);
    return day ? day : strcmp(x->title, y->title);
}

int today_collect(struct request *rq, struct today_page *m)
{
    TRY(add_disputes(rq, m));
    TRY(add_quarters(rq, m));
    TRY(add_fieldwork(rq, m));
    TRY(add_proposals(rq, m));
    TRY(add_visits(rq, m));
    TRY(add_tasks(rq, m));
    TRY(add_system(rq, m));
    TRY(add_news(rq, m));
    add_starts(rq, m);
    if (m->items.n)
        qsort(m->items.rows, m->items.n, sizeof *m->items.rows, by_urgency);
    return OK;
}
