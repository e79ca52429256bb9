/* view.c - one model, three faces: a page in the layout, a fragment, JSON. */
#include "base/json.h"
#include "html/html.h"
#include "html/lang_switch_html.h"
#include "html/layout_html.h"
#include "html/page_error_html.h"
#include "http/components.h"
#include "http/internal.h"
#include "i18n/i18n.h"

#include <stdlib.h>
#include <string.h>

static const char JSON_TYPE[] = "application/json; charset=utf-8", HTML_TYPE[] = "text/html; charset=utf-8";

void page_title(struct request *rq, const char *title)
{
    rq->state->title = arena_strdup(rq->cx->arena, title);
}

static int by_order(const void *a, const void *b)
{
    return ((const struct nav_entry *)a)->order - ((const struct nav_entry *)b)->order;
}

/* The entries that this account may see. */
static void fill_nav(struct request *rq, struct page *p)
{
    const struct server_options *opt = rq->state->options;
    if (!rq->account.id || !opt || !opt->nav)
        return;
    size_t n = 0;
    for (size_t i = 0; opt->nav[i]; i++)
        for (const struct nav_item *item = opt->nav[i]; item->label; item++)
            n++;
    struct nav_entry *entries = arena_array(rq->cx->arena, n, sizeof *entries);
    for (size_t i = 0; opt->nav[i]; i++)
        for (const struct nav_item *item = opt->nav[i]; item->label; item++)
            if (rq_may(rq, item->need))
                entries[p->n_nav++] =
                    (struct nav_entry){.label = T(rq->cx, item->label),
                                       .path = item->path,
                                       .order = item->order,
                                       .current = p->nav && strcmp(p->nav, item->path) == 0};
    if (p->n_nav)
        qsort(entries, p->n_nav, sizeof *entries, by_order);
    p->nav_items = entries;
}

/* Puts a rendered body into the layout. */
static void write_page(struct request *rq, const struct view *v, const char *title, struct html body)
{
    struct page p = {.title = title, .body = body, .nav = v ? v->nav : NULL, .flags = v ? v->flags : 0};
    const char *notice = rq_cookie(rq, "notice");
    if (notice && *notice) {
        p.notice = notice;
        respond_cookie(rq, "notice", "", 0);
    }
    if (v && v->script)
        p.script = asset_url(rq, arena_printf(rq->cx->arena, "%s.js", v->script));
    p.self = component_url_with(rq, "lang", NULL);
    struct buf *languages = buf_new(rq->cx->arena, 0);
    html_lang_switch_html(rq, languages);
    p.lang_switch = html_raw(languages->data, languages->len);
    fill_nav(rq, &p);
    if (rq->state->options && rq->state->options->fill_page)
        rq->state->options->fill_page(rq, &p);
    rq->content_type = HTML_TYPE;
    html_layout_html(rq, rq->out, &p);
}

void view_error_page(struct request *rq, int status, const char *message)
{
    struct buf *body = buf_new(rq->cx->arena, 0);
    html_page_error_html(rq, body, status, message, rq->request_id);
    write_page(rq, NULL, NULL, html_raw(body->data, body->len));
}

struct any_list {
    const void *rows;
    size_t n;
};

static void write_json(struct request *rq, const struct view *v, const void *model)
{
    struct json_writer w;
    json_begin(&w, rq->out);
    json_obj(&w, NULL);
    for (const struct view_part *p = v->parts; p && p->name; p++) {
        const char *at = (const char *)model + p->offset;
        struct any_list list;
        const void *link;
        switch (p->kind) {
        case VIEW_ROW:
            json_row(&w, p->name, p->desc, at);
            break;
        case VIEW_LINK:
            memcpy(&link, at, sizeof link);
            json_row(&w, p->name, p->desc, link);
            break;
        case VIEW_LIST:
            memcpy(&list, at, sizeof list);
            json_rows(&w, p->name, p->desc, list.rows, list.n);
            break;
        }
    }
    json_end(&w);
    rq->content_type = JSON_TYPE;
}

/* A form that was not accepted, for programs: {"error": "invalid", "fields": {"day": "..."}}. */
static void write_form_errors(struct request *rq, const struct form *f)
{
    const struct form_message *messages;
    size_t n = form_messages(rq, f, &messages);
    struct json_writer w;
    json_begin(&w, rq->out);
    json_obj(&w, NULL);
    json_str(&w, "error", err_name(ERR_INVALID));
    json_str(&w, "message", T(rq->cx, "Please correct the marked fields."));
    json_str(&w, "request_id", rq->request_id);
    json_arr(&w, "fields");
    for (size_t i = 0; i < n; i++) {
        json_obj(&w, NULL);
        json_str(&w, "field", messages[i].field);
        json_str(&w, "message", messages[i].text);
        json_end(&w);
    }
    json_end(&w);
    json_end(&w);
    rq->content_type = JSON_TYPE;
}

static const char *title_of(struct request *rq, const struct view *v)
{
    return rq->state->title ? rq->state->title : v->title ? T(rq->cx, v->title) : NULL;
}

/* Offers a body for the memo. One with the keys of a form is for one browser and one moment only. */
static void offer_body(struct request *rq, const struct view *v, const struct buf *body)
{
    struct request_state *st = rq->state;
    if (!st->once && !st->headers.n && rq->status == 200 && !body->toobig)
        st->rendered = (struct memo_body){.data = body->data, .n = body->len, .title = st->title, .view = v};
}

void view_respond_memo(struct request *rq, const struct memo_body *body)
{
    rq->state->answered = true;
    rq->state->title = body->title;
    if (rq->wants_json || rq_query(rq, "fragment")) {
        rq->content_type = rq->wants_json ? JSON_TYPE : HTML_TYPE;
        buf_put(rq->out, body->data, body->n);
    } else {
        write_page(rq, body->view, title_of(rq, body->view), html_raw(body->data, body->n));
    }
}

int respond_view(struct request *rq, const struct view *v, const void *model)
{
    bool refused = rq->method == HTTP_POST && rq->route && rq->route->form && !form_ok(rq);
    rq->state->answered = true;
    if (refused && rq->status < 400) /* a handler may say 409 itself */
        rq->status = err_http_status(ERR_INVALID);
    if (rq->wants_json && refused)
        write_form_errors(rq, rq->route->form);
    else if (rq->wants_json) {
        write_json(rq, v, model);
        offer_body(rq, v, rq->out);
    } else if (rq_query(rq, "fragment")) {
        rq->content_type = HTML_TYPE;
        v->html(rq, rq->out, model);
        offer_body(rq, v, rq->out);
    } else {
        struct buf *body = buf_new(rq->cx->arena, 0);
        v->html(rq, body, model);
        offer_body(rq, v, body);
        write_page(rq, v, title_of(rq, v), html_raw(body->data, body->len));
        if (body->toobig)
            return fail(rq->cx, ERR_LIMIT, "The page is too large.");
    }
    if (rq->out->toobig)
        return fail(rq->cx, ERR_LIMIT, "The page is too large.");
    return 0;
}
