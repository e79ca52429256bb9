/* csrf.c - a POST must come from a page of ours: with a session, by the token that its forms carry;
 * without one, by what the browser says about its origin. */
#include "http/internal.h"

#include <string.h>

static bool same_secret(const char *a, const char *b)
{
    size_t n = strlen(a);
    if (n != strlen(b))
        return false;
    unsigned char diff = 0;
    for (size_t i = 0; i < n; i++)
        diff |= (unsigned char)(a[i] ^ b[i]);
    return diff == 0;
}

/* Browsers say where a request comes from; clients that are not browsers say nothing. */
static bool from_elsewhere(const struct request *rq)
{
    const char *site = rq_header(rq, "Sec-Fetch-Site");
    if (site)
        return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
    const char *origin = rq_header(rq, "Origin"), *host = rq_header(rq, "Host");
    if (!origin || !host)
        return false;
    const char *authority = strstr(origin, "://");
    return !authority || strcmp(authority + 3, host) != 0;
}

int csrf_check(struct request *rq)
{
    if (rq->method != HTTP_POST || (rq->route->flags & ROUTE_NO_CSRF))
        return 0;
    if (from_elsewhere(rq))
        return fail(rq->cx, ERR_DENIED, "This form was sent from another site.");
    if (!rq->account.csrf)
        return 0;
    const char *sent = pairs_get(&rq->state->fields, "csrf", 0);
    if (!sent)
        sent = rq_header(rq, "X-CSRF-Token");
    if (!sent || !same_secret(sent, rq->account.csrf))
        return fail(rq->cx, ERR_DENIED,
                    "This form is out of date. Go back, reload the page and send it again.");
    return 0;
}
