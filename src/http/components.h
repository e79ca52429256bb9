/* components.h - the C side of the parts that pages share: fields, error summary, pager, languages.
 *
 * The parts are partial templates in src/html; a page calls
 *     <% html_form_errors_html(rq, o, &intake_form); %>    the summary with links to the fields
 *     <% html_form_keys_html(rq, o); %>                     hidden inputs: csrf, once
 *     <% html_field_html(rq, o, &intake_form, "place"); %>  label, hint, message, control
 *     <% html_pager_html(rq, o, m->pager); %>
 * Class names: field, field-error, hint, error-summary, pager, button. */
#ifndef HTTP_COMPONENTS_H
#define HTTP_COMPONENTS_H

#include "http/form.h"

/* What field.html shows of one field. */
struct field_view {
    const struct form_field *field;
    const char *label, *hint, *error;  /* translated; NULL: none */
    const char *value;                 /* as typed */
    const char *described_by;          /* ids of hint and message, for aria-describedby; NULL: none */
    const char *input_type;            /* "text", "number", "date" ... */
    const char *autocomplete;
    const char *maxlength, *min, *max; /* attributes; NULL: none */
    struct form_choices choices;
    bool multiline, list, radio, multi, check, hidden; /* which control; none of them: <input> */
};
struct field_view component_field(struct request *rq, const struct form *f, const char *name);
bool component_chosen(struct request *rq, const struct form *f, const struct field_view *v, const char *value);

/* Pages of a list. */
struct pager {
    int64_t page, pages;   /* 1-based; pages 0: an empty list */
    int64_t total;         /* entries */
    int64_t first, last;   /* entries of this page, 1-based */
    int64_t per_page;
    const char *base;      /* path and query of the list without "page", for the links */
};
/* From ?page= (and the request's other query parameters); total may be read after offset is known
 * from the page number: offset = (page - 1) * per_page. */
struct pager component_pager(struct request *rq, int64_t total, int64_t per_page);
const char *component_pager_url(struct request *rq, const struct pager *p, int64_t page);

/* Path and query of this request with one parameter set (value NULL: removed). */
const char *component_url_with(struct request *rq, const char *name, const char *value);

#endif
