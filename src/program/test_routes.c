/* test_routes.c - walks the routes of all modules: each asks for a permission, or is open to all who sign in, or to
 * everybody, only because it stands in a list here. A new open address must be added on purpose. */
#include "access/permission.h"
#include "base/str.h"
#include "http/internal.h"
#include "module.h"
#include "tap.h"

#include <stdio.h>

static const char *const EVERYBODY[] = {"GET /healthz", "GET /readyz", "GET /openapi.json", "GET /assets/{name*}",
                                        "GET /signin", "POST /signin", "GET /", "GET /about", "GET /about/licences",
                                        "GET /guide", "GET /guide/{page}", "GET /styleguide",
                                        /* the register of mediators is open by law */
                                        "GET /mediators", "GET /mediators/{id}",
                                        /* anybody may ask for mediation; who has the secret link sees the state alone */
                                        "GET /request", "POST /request", "GET /request/{token}"};
static const char *const SIGNED_IN[] = {"POST /signout", "GET /account", "POST /account/password", "POST /account/language",
                                        "POST /account/sessions/end", "POST /account/sessions/{id}/end",
                                        /* asks for the permission of the layer */
                                        "GET /tiles/{layer}/{z}/{x}/{y}",
                                        /* for who keeps cases, administers, or was named a holder: the handler asks which */
                                        "GET /recovery", "POST /recovery/holders", "POST /recovery/{id}/agree",
                                        "POST /recovery/{id}/refuse"};

static bool listed(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], name))
            return true;
    return false;
}

struct tally {
    int routes, open, loose, unsafe, without_summary;
};

static void look(const struct route *r, struct tally *t)
{
    static const char *const METHODS[] = {[HTTP_GET] = "GET", [HTTP_POST] = "POST", [HTTP_HEAD] = "HEAD"};
    char name[200];
    snprintf(name, sizeof name, "%s %s", METHODS[r->method], r->pattern);
    t->routes++;
    if ((r->flags & ROUTE_PUBLIC) && !listed(EVERYBODY, sizeof EVERYBODY / sizeof *EVERYBODY, name) && ++t->open)
        printf("# open to everybody: %s\n", name);
    if (!(r->flags & ROUTE_PUBLIC) && !r->need && !listed(SIGNED_IN, sizeof SIGNED_IN / sizeof *SIGNED_IN, name) && ++t->loose)
        printf("# open to any account: %s\n", name);
    if ((r->flags & ROUTE_NO_CSRF) && ++t->unsafe)
        printf("# without a token: %s\n", name);
    if (str_empty(r->summary) && ++t->without_summary)
        printf("# without a summary: %s\n", name);
}

int main(void)
{
    struct tally t = {0};
    for (const struct route *r = HTTP_ROUTES; r->pattern; r++)
        look(r, &t);
    for (size_t i = 0; modules[i]; i++)
        for (const struct route *r = modules[i]->routes; r && r->pattern; r++)
            look(r, &t);
    ok(t.routes > 80, "the modules have routes");
    is_int(t.open, 0, "only the listed addresses are open to everybody");
    is_int(t.loose, 0, "only the listed addresses are open to every account");
    is_int(t.unsafe, 0, "every form is checked for its origin");
    is_int(t.without_summary, 0, "every address says what it is, for /openapi.json");
    return done();
}
