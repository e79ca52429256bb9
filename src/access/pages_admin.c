/* pages_admin.c - administration: accounts, their roles, and which address asks for which permission. */
#include "access/access.h"
#include "access/account_html.h"
#include "access/accounts_html.h"
#include "access/admin_html.h"
#include "access/internal.h"
#include "access/pages.h"
#include "access/rules_html.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/id.h"
#include "base/str.h"
#include "base/vec.h"
#include "db/audit.h"
#include "i18n/i18n.h"

/* --- the entrance --- */

static const struct view_part ADMIN_PARTS[] = {
    {"accounts", VIEW_ROW, offsetof(struct access_admin_page, count), &account_count_row_desc}, {0}};
const struct view ACCESS_ADMIN_VIEW = {.name = "administration", .title = N_("Administration"), .nav = "/admin",
                                       .html = access_admin_html, .parts = ADMIN_PARTS};

int access_get_admin(struct request *rq)
{
    struct access_admin_page m;
    TRY(account_count(rq->cx, rq->cx->region_id, &m.count));
    return respond_view(rq, &ACCESS_ADMIN_VIEW, &m);
}

/* --- accounts --- */

static int choices_of_roles(struct request *rq, struct form_choices *out)
{
    struct role_list_list list;
    TRY(role_list(rq->cx, rq->cx->region_id, &list));
    struct form_choice *rows = arena_array(rq->cx->arena, list.n, sizeof *rows);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct form_choice){list.rows[i].code, ctx_pick(rq->cx, list.rows[i].name_kk, list.rows[i].name_ru,
                                                                   list.rows[i].name_en)};
    *out = (struct form_choices){rows, list.n};
    return 0;
}

static int choices_of_units(struct request *rq, struct form_choices *out)
{
    struct access_territories_list list;
    TRY(access_territories(rq->cx, rq->cx->region_id, access_today(rq->cx), &list));
    struct form_choice *rows = arena_array(rq->cx->arena, list.n, sizeof *rows);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct form_choice){id_text(rq->cx->arena, list.rows[i].id),
                                       ctx_pick(rq->cx, list.rows[i].name_kk, list.rows[i].name_ru, list.rows[i].name_en)};
    *out = (struct form_choices){rows, list.n};
    return 0;
}

static int choices_of_bodies(struct request *rq, struct form_choices *out)
{
    struct access_organisations_list list;
    TRY(access_organisations(rq->cx, rq->cx->region_id, access_today(rq->cx), &list));
    struct form_choice *rows = arena_array(rq->cx->arena, list.n, sizeof *rows);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct form_choice){id_text(rq->cx->arena, list.rows[i].id),
                                       ctx_pick(rq->cx, list.rows[i].name_kk, list.rows[i].name_ru, list.rows[i].name_en)};
    *out = (struct form_choices){rows, list.n};
    return 0;
}

static const struct form_choice LANGUAGES[] = {{"kk", "Қазақша"}, {"ru", "Русский"}, {"en", "English"}, {0}};

struct account_values {
    const char *login, *name, *lang, *role;
};
static const struct form_field ACCOUNT_FIELDS[] = {
    {.name = "login", .type = FORM_TEXT, .label = N_("Login"), .required = true, .max = 40,
     .hint = N_("2 to 40 small Latin letters, digits, \"-\", \"_\" or \".\"."), .offset = offsetof(struct account_values, login)},
    {.name = "name", .type = FORM_TEXT, .label = N_("Full name"), .required = true, .max = 120,
     .offset = offsetof(struct account_values, name)},
    {.name = "lang", .type = FORM_CHOICE, .label = N_("Language"), .required = true, .choices = LANGUAGES,
     .offset = offsetof(struct account_values, lang)},
    {.name = "role", .type = FORM_CHOICE, .label = N_("Role"), .choices_of = choices_of_roles,
     .hint = N_("For the whole region from today on; other grants on the account's page."),
     .offset = offsetof(struct account_values, role)},
    {0}};
const struct form access_account_form = {ACCOUNT_FIELDS, sizeof(struct account_values)};

static const struct view_part ACCOUNTS_PARTS[] = {
    {"accounts", VIEW_LIST, offsetof(struct access_accounts_page, accounts), &account_list_row_desc}, {0}};
const struct view ACCESS_ACCOUNTS_VIEW = {.name = "accounts", .title = N_("Accounts"), .nav = "/admin",
                                          .html = access_accounts_html, .parts = ACCOUNTS_PARTS};

static int accounts_page(struct request *rq)
{
    struct access_accounts_page m;
    TRY(account_list(rq->cx, rq->cx->region_id, access_today(rq->cx), &m.accounts));
    return respond_view(rq, &ACCESS_ACCOUNTS_VIEW, &m);
}

int access_get_accounts(struct request *rq)
{
    return accounts_page(rq);
}

static const struct view_part ACCOUNT_PARTS[] = {
    {"account", VIEW_ROW, offsetof(struct access_account_page, account), &ACCESS_ACCOUNT_DESC},
    {"grants", VIEW_LIST, offsetof(struct access_account_page, grants), &role_grant_list_row_desc},
    {0}};
const struct view ACCESS_ACCOUNT_VIEW = {.name = "account", .title = N_("Account"), .nav = "/admin",
                                         .html = access_account_html, .parts = ACCOUNT_PARTS};

static int account_page(struct request *rq, int64_t id, const char *new_password)
{
    struct ctx *cx = rq->cx;
    struct access_account_page m = {.today = access_today(cx), .new_password = new_password};
    bool found;
    TRY(account_by_id(cx, cx->region_id, id, &m.account, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such account.");
    TRY(role_grant_list(cx, cx->region_id, id, &m.grants));
    form_preset(rq, &access_grant_form, "from", m.today);
    page_title(rq, m.account.name);
    return respond_view(rq, &ACCESS_ACCOUNT_VIEW, &m);
}

struct new_account {
    struct access_new_account account;
    const char *role;
    int64_t id;
};

static int new_account_tx(struct ctx *cx, void *arg)
{
    struct new_account *n = arg;
    TRY(access_account_create(cx, &n->account, &n->id));
    return str_empty(n->role) ? 0 : access_grant(cx, &(struct access_new_grant){.account_id = n->id, .role = n->role}, NULL);
}

int access_post_account(struct request *rq)
{
    const struct account_values *v = form_values(rq);
    if (!form_ok(rq))
        return accounts_page(rq);
    struct new_account n = {{.login = v->login, .name = v->name, .password = crypto_token(rq->cx->arena, 12),
                             .lang = lang_from_code(v->lang), .must_change = true}, v->role, 0};
    int rc = db_tx(rq->cx, new_account_tx, &n);
    if (form_refused(rq, "login", rc))
        return accounts_page(rq);
    TRY(rc);
    return account_page(rq, n.id, n.account.password);
}

int access_get_account(struct request *rq)
{
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    return account_page(rq, id, NULL);
}

int access_post_reset(struct request *rq)
{
    int64_t id;
    const char *password = crypto_token(rq->cx->arena, 12);
    TRY(rq_path_id(rq, "id", &id));
    TRY(access_set_password(rq->cx, id, password, true));
    return account_page(rq, id, password);
}

static int set_disabled(struct request *rq, bool disabled)
{
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(access_set_disabled(rq->cx, id, disabled));
    return respond_redirect(rq, arena_printf(rq->cx->arena, "/admin/accounts/%s", id_text(rq->cx->arena, id)),
                            disabled ? T(rq->cx, "The account is disabled; its sessions have ended.")
                                     : T(rq->cx, "The account is enabled."));
}

int access_post_disable(struct request *rq)
{
    return set_disabled(rq, true);
}

int access_post_enable(struct request *rq)
{
    return set_disabled(rq, false);
}

/* --- grants --- */

struct grant_values {
    const char *role, *from, *to;
    struct opt_int territory, body;
};
static const struct form_field GRANT_FIELDS[] = {
    {.name = "role", .type = FORM_CHOICE, .label = N_("Role"), .required = true, .choices_of = choices_of_roles,
     .offset = offsetof(struct grant_values, role)},
    {.name = "territory", .type = FORM_ID, .label = N_("District or city"), .choices_of = choices_of_units,
     .hint = N_("Empty: the whole region."), .offset = offsetof(struct grant_values, territory)},
    {.name = "body", .type = FORM_ID, .label = N_("Acts for"), .choices_of = choices_of_bodies,
     .hint = N_("For partners and members: the body on whose behalf they answer."), .offset = offsetof(struct grant_values, body)},
    {.name = "from", .type = FORM_DATE, .label = N_("From"), .required = true, .offset = offsetof(struct grant_values, from)},
    {.name = "to", .type = FORM_DATE, .label = N_("First day without the role"), .hint = N_("Empty: no end."),
     .offset = offsetof(struct grant_values, to)},
    {0}};
const struct form access_grant_form = {GRANT_FIELDS, sizeof(struct grant_values)};

int access_post_grant(struct request *rq)
{
    int64_t id;
    const struct grant_values *v = form_values(rq);
    TRY(rq_path_id(rq, "id", &id));
    if (!form_ok(rq))
        return account_page(rq, id, NULL);
    struct access_new_grant g = {.account_id = id, .role = v->role, .territory_id = v->territory,
                                 .organisation_id = v->body, .from = v->from, .to = v->to};
    int rc = access_grant(rq->cx, &g, NULL);
    if (rc == ERR_INVALID) {
        form_error(rq, "to", "%s", rq->cx->err_text);
        return account_page(rq, id, NULL);
    }
    TRY(rc);
    return respond_redirect(rq, arena_printf(rq->cx->arena, "/admin/accounts/%s", id_text(rq->cx->arena, id)),
                            T(rq->cx, "The role is given."));
}

int access_post_grant_end(struct request *rq)
{
    struct role_grant_by_id_row g;
    int64_t id;
    bool found;
    TRY(rq_path_id(rq, "id", &id));
    TRY(role_grant_by_id(rq->cx, rq->cx->region_id, id, &g, &found));
    TRY(access_grant_end(rq->cx, id));
    return respond_redirect(rq, arena_printf(rq->cx->arena, "/admin/accounts/%s", id_text(rq->cx->arena, g.account_id)),
                            T(rq->cx, "The role ends today."));
}

/* --- addresses by roles: what the declarations of all features say --- */

static const struct field_desc RULE_FIELDS[] = {
    FIELD(access_rule, method, TEXT), FIELD(access_rule, path, TEXT), FIELD(access_rule, summary, TEXT),
    FIELD(access_rule, permission, TEXT), FIELD_AS("public", access_rule, is_public, BOOL),
    FIELD(access_rule, any_account, BOOL)};
static ROW_DESC(RULE_DESC, "rule", access_rule, RULE_FIELDS);
static const struct field_desc ROLE_FIELDS[] = {
    FIELD(access_role_column, code, TEXT), FIELD(access_role_column, name, TEXT),
    FIELD(access_role_column, permissions, INT)};
static ROW_DESC(ROLE_DESC, "role", access_role_column, ROLE_FIELDS);
static const struct view_part RULES_PARTS[] = {
    {"rules", VIEW_LIST, offsetof(struct access_rules_page, rules), &RULE_DESC},
    {"roles", VIEW_LIST, offsetof(struct access_rules_page, roles), &ROLE_DESC},
    {0}};
const struct view ACCESS_RULES_VIEW = {.name = "permissions", .title = N_("Who may open what"), .nav = "/admin",
                                       .html = access_rules_html, .parts = RULES_PARTS};

static int role_columns(struct ctx *cx, struct access_rules_page *m)
{
    struct role_list_list roles;
    struct role_permission_list_list permissions;
    TRY(role_list(cx, cx->region_id, &roles));
    TRY(role_permission_list(cx, cx->region_id, &permissions));
    m->roles.rows = arena_array(cx->arena, roles.n, sizeof *m->roles.rows);
    m->roles.n = roles.n;
    for (size_t i = 0; i < roles.n; i++) {
        struct access_role_column *c = &m->roles.rows[i];
        c->code = roles.rows[i].code;
        c->name = ctx_pick(cx, roles.rows[i].name_kk, roles.rows[i].name_ru, roles.rows[i].name_en);
        for (size_t j = 0; j < permissions.n; j++)
            if (str_eq(permissions.rows[j].role_code, c->code))
                c->permissions |= UINT64_C(1) << permission_from_name(permissions.rows[j].permission);
    }
    return 0;
}

/* What the roles may do, and who may open an address, in words. */
static void describe_role(struct ctx *cx, struct access_role_column *c)
{
    struct buf *may = buf_new(cx->arena, 0);
    for (int p = PERM_NONE + 1; p < PERM_COUNT; p++)
        if (c->permissions & UINT64_C(1) << p)
            buf_printf(may, "%s%s", may->len ? " · " : "", T(cx, permission_title(p)));
    c->may = may->len ? may->data : "";
}

static void describe_rule(struct ctx *cx, const struct access_rules_page *m, struct access_rule *r)
{
    struct buf *names = buf_new(cx->arena, 0), *codes = buf_new(cx->arena, 0);
    for (size_t j = 0; j < m->roles.n; j++) {
        if (!r->is_public && !r->any_account && !(m->roles.rows[j].permissions & r->bit))
            continue;
        buf_printf(names, "%s%s", names->len ? ", " : "", m->roles.rows[j].name);
        buf_printf(codes, "%s%s", codes->len ? " " : "", m->roles.rows[j].code);
    }
    r->roles = r->is_public ? T(cx, "everybody") : r->any_account ? T(cx, "any signed-in account")
             : names->len ? names->data : T(cx, "nobody");
    r->codes = codes->len ? codes->data : "";
}

int access_get_rules(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct access_rules_page m = {0};
    VEC(struct access_rule) rules = {0};
    TRY(role_columns(cx, &m));
    for (size_t j = 0; j < m.roles.n; j++)
        describe_role(cx, &m.roles.rows[j]);
    for (size_t i = 0; modules[i]; i++)
        for (const struct route *r = modules[i]->routes; r && r->pattern; r++) {
            struct access_rule rule = {.method = r->method == HTTP_POST ? "POST" : "GET", .path = r->pattern,
                                       .summary = T(cx, r->summary), .permission = permission_name(r->need),
                                       .part = r == modules[i]->routes ? T(cx, modules[i]->title) : NULL,
                                       .is_public = r->flags & ROUTE_PUBLIC, .any_account = !(r->flags & ROUTE_PUBLIC) && !r->need,
                                       .bit = r->need ? UINT64_C(1) << r->need : 0};
            describe_rule(cx, &m, &rule);
            vec_push(cx->arena, &rules, rule);
        }
    m.rules.rows = rules.rows;
    m.rules.n = rules.n;
    return respond_view(rq, &ACCESS_RULES_VIEW, &m);
}
