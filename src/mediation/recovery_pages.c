/* recovery_pages.c - the page of recovery: who holds the keys, who asks, and the holders' agreement. */
#include "mediation/pages.h"
#include "mediation/recovery.h"
#include "mediation/recovery_html.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "i18n/i18n.h"

static int candidates(struct request *rq, struct form_choices *out)
{
    struct ctx *cx = rq->cx;
    struct recovery_candidates_list all;
    TRY(recovery_candidates(cx, cx->region_id, &all));
    struct form_choice *rows = arena_array(cx->arena, all.n, sizeof *rows);
    for (size_t i = 0; i < all.n; i++)
        rows[i] = (struct form_choice){id_text(cx->arena, all.rows[i].id), all.rows[i].name};
    *out = (struct form_choices){rows, all.n};
    return OK;
}

static const struct form_field SET_FIELDS[] = {
    {FORM_OF(recovery_set_values, holder_a), .type = FORM_ID, .label = N_("First holder"), .required = true,
     .choices_of = candidates, .hint = N_("Who has signed in with a password of their own can be named.")},
    {FORM_OF(recovery_set_values, holder_b), .type = FORM_ID, .label = N_("Second holder"), .required = true,
     .choices_of = candidates},
    {0}};
const struct form recovery_set_form = {SET_FIELDS, sizeof(struct recovery_set_values)};
static const struct form_field ASK_FIELDS[] = {
    {FORM_OF(recovery_ask_values, reason), .type = FORM_TEXT, .label = N_("Reason"), .required = true, .max = 500,
     .hint = N_("For example: the password was forgotten. Nothing of a case.")},
    {0}};
const struct form recovery_ask_form = {ASK_FIELDS, sizeof(struct recovery_ask_values)};

static int page(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct recovery_page *m = arena_alloc(cx->arena, sizeof *m);
    int64_t me = rq->account.id;
    bool administers = rq_may(rq, PERM_ADMIN);
    TRY(recovery_state(cx, cx->region_id, &m->state, &m->set));
    m->holder = m->set && (m->state.holder_a == me || m->state.holder_b == me);
    m->may_ask = rq_may(rq, PERM_DISPUTE_FILE);
    m->may_set = m->holder || (administers && !(m->set && m->state.a_holds && m->state.b_holds));
    if (!m->holder && !m->may_ask && !administers)
        return fail(cx, ERR_NOT_FOUND, "There is no such page, or it is not for you.");
    /* The holders and the administration see all requests, others their own. */
    TRY(request_list(cx, cx->region_id, m->holder || administers ? 0 : me, &m->requests));
    return respond_view(rq, &recovery_view, m);
}

int recovery_get(struct request *rq)
{
    return page(rq);
}

int recovery_set_post(struct request *rq)
{
    const struct recovery_set_values *v = form_values(rq);
    struct case_asker a;
    if (!form_ok(rq))
        return page(rq);
    TRY(case_asker_of(rq, &a));
    int rc = recovery_set(rq->cx, &a, rq_may(rq, PERM_ADMIN), v->holder_a.value, v->holder_b.value);
    if (form_refused(rq, NULL, rc))
        return page(rq);
    TRY(rc);
    return respond_redirect(rq, "/recovery", T(rq->cx, "The holders are named. Each case is sealed for them when somebody next opens it."));
}

int recovery_ask_post(struct request *rq)
{
    const struct recovery_ask_values *v = form_values(rq);
    struct case_asker a;
    if (!form_ok(rq))
        return page(rq);
    TRY(case_asker_of(rq, &a));
    TRY(recovery_ask(rq->cx, &a, v->reason));
    return respond_redirect(rq, "/recovery", T(rq->cx, "The two holders see your request now."));
}

int recovery_agree_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct case_asker a;
    int64_t id, cases;
    bool done;
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, &a));
    TRY(recovery_agree(cx, &a, id, &done, &cases));
    return respond_redirect(rq, "/recovery",
                            done ? TN(cx, "%lld case is open again.", "%lld cases are open again.", (long long)cases)
                                 : T(cx, "You have agreed. The other holder must agree too."));
}

int recovery_refuse_post(struct request *rq)
{
    struct case_asker a;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(case_asker_of(rq, &a));
    TRY(recovery_refuse(rq->cx, &a, id));
    return respond_redirect(rq, "/recovery", T(rq->cx, "The request is closed."));
}

static const struct field_desc STATE_FIELDS[] = {
    FIELD(recovery_page, set, BOOL), FIELD_AS("first_holder", recovery_page, state.name_a, TEXT),
    FIELD_AS("second_holder", recovery_page, state.name_b, TEXT)};
static ROW_DESC(STATE, "recovery", recovery_page, STATE_FIELDS);

const struct view recovery_view = {
    .name = "recovery",
    .title = N_("Recovery of sealed cases"),
    .nav = "/admin",
    .html = mediation_recovery_html,
    .parts = (const struct view_part[]){{"recovery", VIEW_ROW, 0, &STATE},
                                        {"requests", VIEW_LIST, offsetof(struct recovery_page, requests), &request_list_row_desc},
                                        {0}}};
