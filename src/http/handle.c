/* handle.c - from a complete request to a complete answer, on a worker thread: language, who asks,
 * permission, form, token, handler, error page. */
#include "base/log.h"
#include "html/html.h"
#include "http/components.h"
#include "http/internal.h"
#include "i18n/i18n.h"

#include <string.h>
#include <strings.h>

/* ?lang=ru on a page: keeps the choice for a year and shows the same page without the parameter. */
static bool language_chosen(struct request *rq)
{
    const char *asked = rq_query(rq, "lang");
    if (!asked || rq->wants_json || rq->method != HTTP_GET || lang_from_code(asked) == LANG_COUNT)
        return false;
    respond_cookie(rq, "lang", asked, 365 * 24 * 3600);
    respond_redirect(rq, component_url_with(rq, "lang", NULL), NULL);
    return true;
}

/* The body's fields of a POST; files and multipart fields are there already. */
static int read_fields(struct request *rq)
{
    const char *type = rq_header(rq, "Content-Type");
    if (rq->method != HTTP_POST || !type || strncasecmp(type, "application/x-www-form-urlencoded", 33))
        return 0;
    size_t n;
    const char *body = rq_body(rq, &n);
    return body ? urlencoded_read(rq->cx, body, n, true, &rq->state->fields) : 0;
}

static int find_route(struct request *rq)
{
    const char *allow;
    int err;
    struct request_state *st = rq->state;
    st->params.n = 0;
    rq->route = router_find(st->router, rq->cx->arena, rq->method, st->target, strcspn(st->target, "?"),
                            &st->params, &allow, &err);
    if (err)
        return fail(rq->cx, ERR_INVALID, "The request holds characters that are not allowed.");
    if (rq->route)
        return 0;
    if (!allow)
        return fail(rq->cx, ERR_NOT_FOUND, "There is no such page.");
    respond_header(rq, "Allow", allow);
    rq->status = 405;
    return fail(rq->cx, ERR_INVALID, "This address does not take such a request.");
}

/* Lets through, asks to sign in (true: answered by a redirect), or refuses. */
static int check_permission(struct request *rq, bool *answered)
{
    const struct route *route = rq->route;
    *answered = false;
    if ((route->flags & ROUTE_PUBLIC) || rq_may(rq, route->need))
        return 0;
    const char *sign_in = rq->state->options->sign_in_path;
    if (rq->account.id)
        return fail(rq->cx, ERR_DENIED, "You do not have the permission for this.");
    if (sign_in && !rq->wants_json && rq->method != HTTP_POST) {
        struct buf *to = buf_new(rq->cx->arena, 8192);
        buf_printf(to, "%s?next=", sign_in);
        html_percent_encode(to, rq->state->target, strlen(rq->state->target));
        *answered = true;
        return respond_redirect(rq, to->data, NULL);
    }
    rq->status = 401;
    return fail(rq->cx, ERR_DENIED, "Please sign in first.");
}

/* Runs the handler, or gives what it made before. The mark is taken before the handler reads: what is
 * committed meanwhile makes the kept body stale, never fresh. A handler that writes ends its own mark. */
static int handle(struct request *rq)
{
    const struct server_options *opt = rq->state->options;
    struct memo *memo = rq->state->memo;
    const char *mark = NULL;
    if (memo && (rq->route->flags & ROUTE_MEMO) && rq->method == HTTP_GET && opt->data_mark)
        TRY(opt->data_mark(opt->arg, rq->cx, &mark));
    if (!mark)
        return rq->route->handle(rq);
    struct buf *key = memo_key(rq);
    struct memo_body kept;
    if (memo_get(memo, rq->cx->arena, key, mark, &kept)) {
        view_respond_memo(rq, &kept);
        return 0;
    }
    TRY(rq->route->handle(rq));
    if (rq->state->rendered.data)
        memo_put(memo, key, mark, &rq->state->rendered);
    return 0;
}

static int run(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct server_options *opt = rq->state->options;
    if (language_chosen(rq))
        return 0;
    if (opt->authenticate)
        TRY(opt->authenticate(rq, &rq->account));
    cx->account_id = rq->account.id;
    if (rq->account.id && rq->account.region_id)
        cx->region_id = rq->account.region_id;
    TRY(find_route(rq));
    bool answered;
    TRY(check_permission(rq, &answered));
    if (answered)
        return 0;
    TRY(read_fields(rq));
    TRY(csrf_check(rq));
    if (rq->route->form && rq->method == HTTP_POST)
        TRY(form_parse(rq, rq->route->form));
    TRY(handle(rq));
    if (!rq->state->answered && !rq->out->len) {
        rq->status = 204;
        rq->state->answered = true;
    }
    if (rq->out->toobig)
        return fail(cx, ERR_LIMIT, "The page is too large.");
    return 0;
}

void request_handle(struct request *rq)
{
    struct ctx *cx = rq->cx;
    int rc = run(rq);
    if (rc) {
        int status = rq->status >= 400 ? rq->status : err_http_status((enum err)rc);
        if (status == 503)
            respond_header(rq, "Retry-After", "5");
        if (status >= 500)
            log_event(LOG_ERROR, "http.failed", log_text("error", err_name((enum err)rc)),
                      log_text("file", cx->err_file), log_int("line", cx->err_line));
        const char *text =
            cx->err == (enum err)rc && cx->err_text ? cx->err_text : T(cx, "The server could not do this.");
        response_error(rq, status, err_name((enum err)rc), text);
    }
    response_security_headers(rq);
}
