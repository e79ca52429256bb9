/* builtin.c - the addresses that the server has by itself: health, assets, the description of all. */
#include "http/internal.h"
#include "i18n/i18n.h"

static int healthz(struct request *rq)
{
    return respond_bytes(rq, "text/plain; charset=utf-8", "ok\n", 3, NULL);
}

static int readyz(struct request *rq)
{
    const struct server_options *opt = rq->state->options;
    if (opt->ready && opt->ready(opt->arg, rq->cx)) {
        rq->wants_json = true;
        rq->status = 503;
        return rq->cx->err ? (int)rq->cx->err : fail(rq->cx, ERR_BUSY, "The server is not ready.");
    }
    return healthz(rq);
}

static int openapi(struct request *rq)
{
    struct buf *out = buf_new(rq->cx->arena, 0);
    TRY(openapi_write(rq, out));
    return respond_json(rq, out);
}

const struct route HTTP_ROUTES[] = {
    {HTTP_GET, "/healthz", healthz, .flags = ROUTE_PUBLIC, .summary = N_("The process answers")},
    {HTTP_GET, "/readyz", readyz, .flags = ROUTE_PUBLIC, .summary = N_("The server can do its work")},
    {HTTP_GET, "/openapi.json", openapi, .flags = ROUTE_PUBLIC, .summary = N_("This description")},
    {HTTP_GET, "/assets/{name*}", static_asset, .flags = ROUTE_PUBLIC,
     .summary = N_("Style sheets, scripts, fonts")},
    {.pattern = NULL},
};
