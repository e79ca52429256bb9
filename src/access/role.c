/* role.c - the standard roles, grants, and what follows from them for an account. */
#include "access/access.h"
#include "access/access_sql.h"
#include "access/internal.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "db/audit.h"
#include "i18n/i18n.h"

#define BIT(p) (UINT64_C(1) << (p))

/* What a new region starts with; afterwards the rows of the database count. Partners see protected
 * aggregates only, the administrator no content at all. */
const struct access_standard_role ACCESS_ROLES[] = {
    {"head", "Мекеме басшысы", "Руководитель учреждения", "Head of the institution",
     BIT(PERM_REGISTRY_READ) | BIT(PERM_REGISTRY_EDIT) | BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_FILE) |
         BIT(PERM_DISPUTE_STATS) | BIT(PERM_RESEARCH_READ) | BIT(PERM_QUARTER_READ) | BIT(PERM_QUARTER_CLOSE) |
         BIT(PERM_QUARTER_SIGN) | BIT(PERM_PROPOSAL_READ) | BIT(PERM_PROPOSAL_EDIT) | BIT(PERM_VISIT_EDIT) |
         BIT(PERM_AUDIT_READ)},
    {"clerk", "Медиация кеңесінің хатшысы", "Секретарь совета медиации", "Clerk of the mediation council",
     BIT(PERM_REGISTRY_READ) | BIT(PERM_REGISTRY_EDIT) | BIT(PERM_MAP_READ) | BIT(PERM_IMPORT) |
         BIT(PERM_DISPUTE_FILE) | BIT(PERM_DISPUTE_TRIAGE) | BIT(PERM_DISPUTE_STATS) | BIT(PERM_QUARTER_READ) |
         BIT(PERM_PROPOSAL_READ)},
    {"mediator", "Медиатор", "Медиатор", "Mediator",
     BIT(PERM_REGISTRY_READ) | BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_FILE) | BIT(PERM_CASE_MEDIATE) |
         BIT(PERM_DISPUTE_STATS)},
    {"branch", "Филиал маманы", "Специалист филиала", "Branch specialist",
     BIT(PERM_REGISTRY_READ) | BIT(PERM_REGISTRY_EDIT) | BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_FILE) |
         BIT(PERM_DISPUTE_STATS) | BIT(PERM_RESEARCH_READ) | BIT(PERM_QUARTER_READ) | BIT(PERM_PROPOSAL_READ) |
         BIT(PERM_VISIT_EDIT)},
    {"researcher", "Зерттеуші", "Исследователь", "Researcher",
     BIT(PERM_REGISTRY_READ) | BIT(PERM_MAP_READ) | BIT(PERM_IMPORT) | BIT(PERM_DISPUTE_STATS) |
         BIT(PERM_RESEARCH_READ) | BIT(PERM_RESEARCH_EDIT) | BIT(PERM_QUARTER_READ) | BIT(PERM_QUARTER_CLOSE) |
         BIT(PERM_PROPOSAL_READ) | BIT(PERM_PROPOSAL_EDIT)},
    {"interviewer", "Сұхбат алушы", "Интервьюер", "Interviewer", BIT(PERM_REGISTRY_READ) | BIT(PERM_MAP_READ)},
    {"press", "Баспасөз хатшысы", "Пресс-секретарь", "Press officer",
     BIT(PERM_REGISTRY_READ) | BIT(PERM_MAP_READ) | BIT(PERM_QUARTER_READ)},
    {"member", "Құрылым немесе бірлестік мүшесі", "Член структуры или объединения",
     "Member of a structure or association",
     BIT(PERM_REGISTRY_READ) | BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_FILE) | BIT(PERM_PROPOSAL_READ)},
    {"akimat", "Серіктес: әкімдік", "Партнёр: акимат", "Partner: akimat",
     BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_STATS) | BIT(PERM_QUARTER_READ) | BIT(PERM_PROPOSAL_READ) |
         BIT(PERM_PROPOSAL_ANSWER)},
    {"prosecutor", "Серіктес: прокуратура", "Партнёр: прокуратура", "Partner: prosecutor's office",
     BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_STATS) | BIT(PERM_QUARTER_READ) | BIT(PERM_PROPOSAL_READ) |
         BIT(PERM_PROPOSAL_ANSWER)},
    {"secretariat", "Республикалық хатшылық", "Республиканский секретариат", "Republic's secretariat",
     BIT(PERM_MAP_READ) | BIT(PERM_DISPUTE_STATS) | BIT(PERM_RESEARCH_READ) | BIT(PERM_QUARTER_READ) |
         BIT(PERM_PROPOSAL_READ)},
    {"administrator", "Әкімші", "Администратор", "Administrator", BIT(PERM_ADMIN) | BIT(PERM_AUDIT_READ)},
    {NULL, NULL, NULL, NULL, 0},
};

static int seed_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    struct role_list_list have;
    TRY(role_list(cx, cx->region_id, &have));
    if (have.n > 0)
        return 0;
    for (size_t i = 0; ACCESS_ROLES[i].code; i++) {
        const struct access_standard_role *r = &ACCESS_ROLES[i];
        TRY(role_insert(cx, &(struct role_insert_in){cx->region_id, r->code, r->kk, r->ru, r->en, (int64_t)i}, NULL));
        for (int p = 1; p < PERM_COUNT; p++)
            if (r->permissions & BIT(p))
                TRY(role_permission_insert(cx, cx->region_id, r->code, permission_name(p), NULL));
    }
    return 0;
}

int access_seed(struct ctx *cx)
{
    return db_tx(cx, seed_tx, NULL);
}

const char *access_today(struct ctx *cx)
{
    return date_text(cx->arena, date_today(&ZONE_KZ));
}

/* --- grants --- */

struct grant_job {
    const struct access_new_grant *g;
    const char *from, *to;
    int64_t id;
};

static int grant_tx(struct ctx *cx, void *arg)
{
    struct grant_job *job = arg;
    const struct access_new_grant *g = job->g;
    bool found;
    struct role_by_code_row role;
    TRY(role_by_code(cx, cx->region_id, g->role, &role, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no role \"%s\".", g->role);
    struct account_by_id_row account;
    TRY(account_by_id(cx, cx->region_id, g->account_id, &account, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such account.");
    struct role_grant_insert_in in = {
        .region_id = cx->region_id, .id = job->id, .account_id = g->account_id, .role_code = g->role,
        .territory_id = g->territory_id, .organisation_id = g->organisation_id, .valid_from = job->from,
        .valid_to = job->to, .granted_by = cx->account_id, .granted_us = time_now_us()};
    TRY(role_grant_insert(cx, &in, NULL));
    return audit_append(cx, "account.grant", access_object(cx, "account", g->account_id),
                        arena_printf(cx->arena, "%s %s..%s", g->role, job->from, job->to));
}

int access_grant(struct ctx *cx, const struct access_new_grant *g, int64_t *id)
{
    struct date from, to;
    struct grant_job job = {.g = g, .from = str_empty(g->from) ? access_today(cx) : g->from,
                            .to = g->to ? g->to : "", .id = db_new_id()};
    if (!date_parse(job.from, &from))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date (YYYY-MM-DD).", job.from);
    if (*job.to && !date_parse(job.to, &to))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date (YYYY-MM-DD).", job.to);
    if (*job.to && date_cmp(to, from) <= 0)
        return fail(cx, ERR_INVALID, "The role must end after the day on which it begins.");
    TRY(db_tx(cx, grant_tx, &job));
    access_cache_clear();
    if (id)
        *id = job.id;
    return 0;
}

static int grant_end_tx(struct ctx *cx, void *arg)
{
    int64_t id = *(int64_t *)arg;
    struct role_grant_by_id_row g;
    bool found;
    TRY(role_grant_by_id(cx, cx->region_id, id, &g, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such grant.");
    const char *today = access_today(cx);
    if (*g.valid_to && strcmp(g.valid_to, today) <= 0)
        return fail(cx, ERR_CONFLICT, "This grant has ended already.");
    TRY(role_grant_end(cx, cx->region_id, id, today, NULL));
    return audit_append(cx, "account.grant_end", access_object(cx, "account", g.account_id), g.role_code);
}

int access_grant_end(struct ctx *cx, int64_t id)
{
    TRY(db_tx(cx, grant_end_tx, &id));
    access_cache_clear();
    return 0;
}

/* --- what an account may do --- */

int access_permissions(struct ctx *cx, int64_t account_id, uint64_t *permissions, const int64_t **territories,
                       size_t *n)
{
    struct role_grant_permissions_list list;
    VEC(int64_t) units = {0};
    bool whole = false;
    *permissions = 0;
    TRY(role_grant_permissions(cx, cx->region_id, account_id, access_today(cx), &list));
    for (size_t i = 0; i < list.n; i++) {
        *permissions |= BIT(permission_from_name(list.rows[i].permission));
        whole |= !list.rows[i].territory_id.has;
        bool known = i > 0 && list.rows[i].id == list.rows[i - 1].id;
        if (list.rows[i].territory_id.has && !known)
            vec_push(cx->arena, &units, list.rows[i].territory_id.value);
    }
    *permissions &= ~BIT(PERM_NONE);
    *territories = units.rows;
    *n = whole ? 0 : units.n;
    return 0;
}

int access_acts_for(struct ctx *cx, int64_t account_id, int64_t organisation_id, int permission, bool *yes)
{
    struct role_grant_permissions_list list;
    *yes = false;
    TRY(role_grant_permissions(cx, cx->region_id, account_id, access_today(cx), &list));
    for (size_t i = 0; i < list.n && !*yes; i++)
        *yes = list.rows[i].organisation_id.has && list.rows[i].organisation_id.value == organisation_id &&
               permission_from_name(list.rows[i].permission) == permission;
    return 0;
}

int access_bodies(struct request *rq, const int64_t **ids, size_t *n)
{
    struct ctx *cx = rq->cx;
    struct role_grant_permissions_list list;
    VEC(int64_t) bodies = {0};
    TRY(role_grant_permissions(cx, cx->region_id, rq->account.id, access_today(cx), &list));
    for (size_t i = 0; i < list.n; i++) {
        bool known = !list.rows[i].organisation_id.has;
        for (size_t j = 0; j < bodies.n && !known; j++)
            known = bodies.rows[j] == list.rows[i].organisation_id.value;
        if (!known)
            vec_push(cx->arena, &bodies, list.rows[i].organisation_id.value);
    }
    *ids = bodies.rows;
    *n = bodies.n;
    return 0;
}

int access_in_scope(struct request *rq, const int64_t *ids, size_t n)
{
    if (rq_in_scope(rq, ids, n))
        return 0;
    return fail(rq->cx, ERR_NOT_FOUND, "There is nothing at this address, or it is not in your area.");
}
