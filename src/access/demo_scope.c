/* demo_scope.c - the second part of the demonstration: the place and the body of those accounts that have one
 * (demo/accounts.csv). It comes behind the registry, which brings places and bodies. */
#include "access/access.h"
#include "access/access_sql.h"
#include "access/internal.h"

#include "base/str.h"
#include "db/db.h"
#include "registry/lists.h"

static int scope_row(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    struct role_grant_narrow_in in = {.region_id = cx->region_id};
    struct role_grant_list_list grants;
    struct access_territory_by_kato_row unit;
    struct access_body_by_name_row body;
    const char *kato = list_text(cx, t, "territory");
    int64_t account;
    bool found;
    TRY(access_account_find(cx, list_text(cx, t, "login"), &account));
    TRY(role_grant_list(cx, cx->region_id, account, &grants));
    if (!str_empty(kato)) {
        TRY(access_territory_by_kato(cx, cx->region_id, kato, access_today(cx), &unit, &found));
        if (!found)
            return fail(cx, ERR_NOT_FOUND, "No place of this region has the KATO code %s today.", kato);
        in.territory_id = opt_int(unit.id);
    }
    TRY(access_body_by_name(cx, cx->region_id, list_text(cx, t, "body"), access_today(cx), &body, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no organisation \"%s\".", list_text(cx, t, "body"));
    in.organisation_id = opt_int(body.id);
    for (size_t i = 0; i < grants.n; i++) {
        in.id = grants.rows[i].id;
        TRY(role_grant_narrow(cx, &in, NULL));
    }
    return 0;
}

static int demo(struct ctx *cx)
{
    TRY(list_each(cx, "demo/accounts.csv", scope_row, NULL));
    access_cache_clear();
    return 0;
}

const struct module access_scope_module = {.name = "access-scope", .demo = demo};
