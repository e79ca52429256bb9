/* components.c - see components.h. */
#include "http/components.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "html/html.h"
#include "http/internal.h"
#include "i18n/i18n.h"

#include <inttypes.h>
#include <string.h>

static const char *input_type(const struct form_field *fd)
{
    switch (fd->type) {
    case FORM_DATE:
        return "date";
    case FORM_EMAIL:
        return "email";
    case FORM_PASSWORD:
        return "password";
    case FORM_FILE:
        return "file";
    case FORM_BOOL:
        return "checkbox";
    case FORM_HIDDEN:
        return "hidden";
    default:
        return "text"; /* numbers too: with comma or point, as the reader writes them */
    }
}

/* The quarters that a field without a list of its own offers: this one, three years back, and what stands in it. */
static void list_quarters(struct ctx *cx, const char *value, struct form_choices *out)
{
    enum { BACK = 12 };
    struct form_choice *rows = arena_array(cx->arena, BACK + 2, sizeof *rows);
    struct quarter q = quarter_of(date_today(NULL)), typed;
    bool known = !quarter_parse(value, &typed);
    for (out->n = 0; out->n <= BACK; q = quarter_previous(q)) {
        const char *code = quarter_text(cx->arena, q);
        known |= strcmp(code, value) == 0;
        rows[out->n++] = (struct form_choice){code, fmt_quarter(cx, code)};
    }
    if (!known)
        rows[out->n++] = (struct form_choice){quarter_text(cx->arena, typed), fmt_quarter(cx, value)};
    out->rows = rows;
}

struct field_view component_field(struct request *rq, const struct form *f, const char *name)
{
    const struct form_field *fd = form_field(f, name);
    if (!fd)
        die("the form has no field \"%s\"", name);
    struct ctx *cx = rq->cx;
    struct field_view v = {
        .field = fd,
        .label = fd->label ? T(cx, fd->label) : "",
        .hint = fd->hint ? T(cx, fd->hint) : NULL,
        .error = form_error_of(rq, f, name),
        .value = fd->type == FORM_PASSWORD ? "" : form_raw(rq, f, name),
        .input_type = input_type(fd),
        .autocomplete = fd->autocomplete ? fd->autocomplete : "off",
        .multiline = fd->type == FORM_TEXTAREA,
        .radio = fd->type == FORM_RADIO,
        .multi = fd->type == FORM_MULTI,
        .check = fd->type == FORM_BOOL,
        .hidden = fd->type == FORM_HIDDEN,
    };
    if (fd->choices || fd->choices_of) {
        form_choices(rq, fd, &v.choices);
        v.list = fd->type == FORM_CHOICE || fd->type == FORM_ID || fd->type == FORM_QUARTER;
    } else if (fd->type == FORM_QUARTER) {
        list_quarters(cx, v.value, &v.choices);
        v.list = true;
    }
    bool text = fd->type == FORM_TEXT || fd->type == FORM_TEXTAREA;
    if (text)
        v.maxlength = arena_printf(cx->arena, "%d",
                                   fd->max > 0             ? (int)fd->max
                                   : fd->type == FORM_TEXT ? 200
                                                           : 4000);
    if (v.hint && v.error)
        v.described_by = arena_printf(cx->arena, "%s-hint %s-error", name, name);
    else if (v.hint || v.error)
        v.described_by = arena_printf(cx->arena, v.hint ? "%s-hint" : "%s-error", name);
    return v;
}

bool component_chosen(struct request *rq, const struct form *f, const struct field_view *v, const char *value)
{
    return form_raw_has(rq, f, v->field->name, value);
}

const char *component_url_with(struct request *rq, const char *name, const char *value)
{
    struct buf *b = buf_new(rq->cx->arena, 16384);
    html_percent_encode(b, rq->path ? rq->path : "/", strlen(rq->path ? rq->path : "/"));
    char separator = '?';
    const struct pairs *q = &rq->state->query;
    for (size_t i = 0; i <= q->n; i++) {
        const char *k = i < q->n ? q->rows[i].name : name, *v = i < q->n ? q->rows[i].value : value;
        if (!v ||
            (i < q->n && (strcmp(k, name) == 0 || strcmp(k, "fragment") == 0 || strcmp(k, "lang") == 0)))
            continue;
        buf_putc(b, separator);
        html_percent_encode(b, k, strlen(k));
        buf_putc(b, '=');
        html_percent_encode(b, v, strlen(v));
        separator = '&';
    }
    return b->data[0] == '/' && b->data[1] == '/' ? "/" : b->data;
}

struct pager component_pager(struct request *rq, int64_t total, int64_t per_page)
{
    int64_t pages = (total + per_page - 1) / per_page;
    struct pager p = {.page = rq_query_int(rq, "page", 1, INT32_MAX, 1),
                      .pages = pages,
                      .total = total,
                      .per_page = per_page};
    if (p.page > pages)
        p.page = pages ? pages : 1;
    p.first = total ? (p.page - 1) * per_page + 1 : 0;
    p.last = p.page * per_page < total ? p.page * per_page : total;
    p.base = component_url_with(rq, "page", NULL);
    return p;
}

const char *component_pager_url(struct request *rq, const struct pager *p, int64_t page)
{
    return arena_printf(rq->cx->arena, "%s%cpage=%" PRId64, p->base, strchr(p->base, '?') ? '&' : '?', page);
}
