/* form.h - a form is declared once; parsing, checking, messages, re-display and /openapi.json follow.
 *
 *     struct intake_values { const char *place; struct opt_int kind_id; const char *day; };
 *     static const struct form_field FIELDS[] = {
 *         {.name = "what", .type = FORM_TEXTAREA, .label = N_("What happened"), .required = true, .max =
 * 4000, .offset = offsetof(struct intake_values, what)},
 *         {.name = NULL}};
 *     const struct form intake_form = {FIELDS, sizeof(struct intake_values)};
 *
 * A handler of a POST route with this form begins with
 *
 *     const struct intake_values *v = form_values(rq);
 *     if (!form_ok(rq)) return intake_page(rq);     // the page again: 422, messages at the fields
 *
 * and the page's template shows each field with html_field_html(rq, o, &intake_form, "what"). What
 * the user typed is kept as typed. For a form that edits an existing record, the GET handler calls
 * form_fill() with a filled values struct. */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "http/request.h"

enum form_type {                /* what stands at .offset in the values struct */
                 FORM_TEXT,     /* const char *, trimmed; "" where empty. max: characters (0: 200) */
                 FORM_TEXTAREA, /* const char *, line ends as \n; max 0: 4000 */
                 FORM_INT,      /* struct opt_int */
                 FORM_NUM,      /* struct opt_num; comma or point */
                 FORM_DATE,     /* const char *, ISO; "" where empty. Also takes 01.03.2025 */
                 FORM_CHOICE,   /* const char *: one of the choices; "" where none */
                 FORM_RADIO,    /* the same, all choices in sight */
                 FORM_MULTI,    /* struct form_multi: several of the choices */
                 FORM_BOOL,     /* bool: a check box */
                 FORM_ID,    /* struct opt_int: an identifier (base/id.h), by a list if there are choices */
                 FORM_FILE,  /* const struct file_part *; NULL where none (route needs ROUTE_UPLOAD) */
                 FORM_EMAIL, /* const char * */
                 FORM_PASSWORD, /* const char *, not trimmed, never shown again */
                 FORM_HIDDEN,   /* const char *: sent along, no label */
                 FORM_QUARTER,  /* const char *: "2025-Q3"; "" where empty */
};

struct form_multi {
    const char *const *values;
    size_t n;
};

struct form_choice {
    const char *value, *label;
};
struct form_choices {
    const struct form_choice *rows;
    size_t n;
};

struct form_field {
    const char *name; /* also the id of its control */
    enum form_type type;
    const char *label; /* msgid */
    const char *hint;  /* msgid; may be NULL */
    size_t offset;
    bool required;
    double min, max; /* texts: characters; numbers: value; both 0: no bound (texts: the default) */
    const struct form_choice *choices; /* ends with value NULL; labels are msgids */
    /* Or made for this request; the labels are ready texts. */
    int (*choices_of)(struct request *rq, struct form_choices *out);
    const char *autocomplete; /* the HTML attribute; NULL: off for text */
};

/* Where a field's value goes: the member of the values struct; FORM_OF: under the member's own name. */
#define FORM_AT(values, member) .offset = offsetof(struct values, member)
#define FORM_OF(values, member) .name = #member, FORM_AT(values, member)

/* The field of every form that changes a record: the version its page was made from (struct opt_int version). */
#define FORM_VERSION(values)                                                                                 \
    {                                                                                                        \
        .name = "version", .type = FORM_INT, .label = N_("Version"), .required = true, .min = 1, .max = 1e9, \
        .offset = offsetof(struct values, version)                                                           \
    }

struct form {
    const struct form_field *fields; /* ends with name NULL */
    size_t size;                     /* of the values struct */
};

/* The typed values of the request's form. Fields with an error are zero ("" for texts). Never NULL
 * on a POST route with a form. */
const void *form_values(const struct request *rq);
/* No field has an error. */
bool form_ok(const struct request *rq);
/* Adds an error (a msgid with printf arguments, translated) to a field, or to the whole form (field NULL). */
void form_error(struct request *rq, const char *field, const char *msgid, ...)
    __attribute__((format(printf, 3, 4)));
/* After a change that answered rc: true where it refused what was typed (ERR_INVALID) or somebody was faster
 * (ERR_CONFLICT). Its sentence then stands at the field (NULL: above the form), and the caller shows the page
 * again: 422 or 409, with what was typed. */
bool form_refused(struct request *rq, const char *field, int rc);

/* For pages: what stands in the field now, as typed; "" where nothing. */
const char *form_raw(const struct request *rq, const struct form *f, const char *field);
/* Is this one of the chosen values (lists, check boxes)? */
bool form_raw_has(const struct request *rq, const struct form *f, const char *field, const char *value);
/* The message at a field (NULL: those of the whole form), or NULL. */
const char *form_error_of(const struct request *rq, const struct form *f, const char *field);
/* All messages in the order of the fields; field NULL for those of the whole form. */
struct form_message {
    const char *field, *text;
};
size_t form_messages(const struct request *rq, const struct form *f, const struct form_message **out);

/* Shows a record in its form: values is a filled values struct of f. */
void form_fill(struct request *rq, const struct form *f, const void *values);
/* Presets one field; value NULL is "". */
void form_preset(struct request *rq, const struct form *f, const char *field, const char *value);

/* --- for the server and the components --- */
const struct form_field *form_field(const struct form *f, const char *name);
/* The choices of a field with labels in the user's language. */
int form_choices(struct request *rq, const struct form_field *fd, struct form_choices *out);
/* Parses and checks rq's body against f: sets rq->form. */
int form_parse(struct request *rq, const struct form *f);

#endif
