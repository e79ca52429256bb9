/* form.c - see form.h: what was typed, what is wrong with it, what it means. */
#include "http/form.h"

#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "http/internal.h"
#include "i18n/i18n.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct form_state {
    struct form_state *next; /* of request_state.filled */
    const struct form *form;
    char *values;     /* form->size bytes */
    struct pairs raw; /* as typed, several entries for FORM_MULTI */
    struct form_message *messages;
    size_t n, cap;
};

static struct form_state *state_new(struct request *rq, const struct form *f)
{
    struct form_state *st = arena_alloc(rq->cx->arena, sizeof *st);
    st->form = f;
    st->values = arena_alloc(rq->cx->arena, f->size ? f->size : 1);
    return st;
}

static struct form_state *state_of(const struct request *rq, const struct form *f)
{
    if (rq->form && rq->form->form == f)
        return rq->form;
    for (struct form_state *st = rq->state->filled; st; st = st->next)
        if (st->form == f)
            return st;
    return NULL;
}

const struct form_field *form_field(const struct form *f, const char *name)
{
    for (const struct form_field *fd = f->fields; fd->name; fd++)
        if (strcmp(fd->name, name) == 0)
            return fd;
    return NULL;
}

int form_choices(struct request *rq, const struct form_field *fd, struct form_choices *out)
{
    *out = (struct form_choices){0};
    if (fd->choices_of)
        return fd->choices_of(rq, out);
    size_t n = 0;
    while (fd->choices && fd->choices[n].value)
        n++;
    struct form_choice *rows = arena_array(rq->cx->arena, n + 1, sizeof *rows);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct form_choice){fd->choices[i].value, T(rq->cx, fd->choices[i].label)};
    *out = (struct form_choices){rows, n};
    return 0;
}

/* --- errors --- */

static void add_message(struct request *rq, struct form_state *st, const char *field, const char *text)
{
    if (st->n == st->cap) {
        st->cap = st->cap ? st->cap * 2 : 8;
        struct form_message *more = arena_array(rq->cx->arena, st->cap, sizeof *more);
        if (st->n)
            memcpy(more, st->messages, st->n * sizeof *more);
        st->messages = more;
    }
    st->messages[st->n++] = (struct form_message){field, text};
}

void form_error(struct request *rq, const char *field, const char *msgid, ...)
{
    if (!rq->form)
        die("form_error() outside of a form's route");
    if (field && !form_field(rq->form->form, field))
        die("form_error(): no field \"%s\"", field);
    va_list ap;
    va_start(ap, msgid);
    add_message(rq, rq->form, field, arena_vprintf(rq->cx->arena, T(rq->cx, msgid), ap));
    va_end(ap);
}

bool form_refused(struct request *rq, const char *field, int rc)
{
    if (rc != ERR_INVALID && rc != ERR_CONFLICT)
        return false;
    form_error(rq, field, "%s", rq->cx->err_text);
    rq->cx->err = OK; /* it is answered by the page */
    if (rc == ERR_CONFLICT)
        rq->status = err_http_status(ERR_CONFLICT);
    return true;
}

bool form_ok(const struct request *rq)
{
    return !rq->form || rq->form->n == 0;
}

const void *form_values(const struct request *rq)
{
    return rq->form ? rq->form->values : NULL;
}

const char *form_error_of(const struct request *rq, const struct form *f, const char *field)
{
    const struct form_state *st = state_of(rq, f);
    for (size_t i = 0; st && i < st->n; i++)
        if (str_eq(st->messages[i].field, field))
            return st->messages[i].text;
    return NULL;
}

size_t form_messages(const struct request *rq, const struct form *f, const struct form_message **out)
{
    struct form_state *st = state_of(rq, f);
    *out = NULL;
    if (!st || !st->n)
        return 0;
    struct form_message *sorted = arena_array(rq->cx->arena, st->n, sizeof *sorted);
    size_t n = 0;
    for (size_t i = 0; i < st->n; i++)
        if (!st->messages[i].field)
            sorted[n++] = st->messages[i];
    for (const struct form_field *fd = f->fields; fd->name; fd++)
        for (size_t i = 0; i < st->n; i++)
            if (str_eq(st->messages[i].field, fd->name))
                sorted[n++] = st->messages[i];
    *out = sorted;
    return n;
}

/* --- what was typed --- */

const char *form_raw(const struct request *rq, const struct form *f, const char *field)
{
    const struct form_state *st = state_of(rq, f);
    const char *value = st ? pairs_get(&st->raw, field, 0) : NULL;
    return value ? value : "";
}

bool form_raw_has(const struct request *rq, const struct form *f, const char *field, const char *value)
{
    const struct form_state *st = state_of(rq, f);
    const char *have;
    for (size_t i = 0; st && (have = pairs_get(&st->raw, field, i)); i++)
        if (strcmp(have, value) == 0)
            return true;
    return !st && !*value;
}

void form_preset(struct request *rq, const struct form *f, const char *field, const char *value)
{
    struct form_state *st = state_of(rq, f);
    if (!st) {
        st = state_new(rq, f);
        st->next = rq->state->filled;
        rq->state->filled = st;
    }
    for (size_t i = 0; i < st->raw.n; i++)
        if (strcmp(st->raw.rows[i].name, field) == 0) {
            st->raw.rows[i].value = value ? value : "";
            return;
        }
    pairs_add(rq->cx->arena, &st->raw, field, value ? value : "");
}

void form_fill(struct request *rq, const struct form *f, const void *values)
{
    struct arena *a = rq->cx->arena;
    for (const struct form_field *fd = f->fields; fd->name; fd++) {
        const char *at = (const char *)values + fd->offset;
        struct opt_int i;
        struct opt_num d;
        struct form_multi multi;
        const char *text = NULL;
        bool yes;
        switch (fd->type) {
        case FORM_INT:
        case FORM_ID:
            memcpy(&i, at, sizeof i);
            if (i.has)
                text = fd->type == FORM_ID ? id_text(a, i.value) : arena_printf(a, "%" PRId64, i.value);
            break;
        case FORM_NUM:
            memcpy(&d, at, sizeof d);
            if (d.has)
                text = arena_printf(a, "%.15g", d.value);
            break;
        case FORM_BOOL:
            memcpy(&yes, at, sizeof yes);
            text = yes ? "1" : "";
            break;
        case FORM_MULTI:
            memcpy(&multi, at, sizeof multi);
            form_preset(rq, f, fd->name, multi.n ? multi.values[0] : "");
            for (size_t k = 1; k < multi.n; k++)
                pairs_add(a, &state_of(rq, f)->raw, fd->name, multi.values[k]);
            continue;
        case FORM_FILE:
        case FORM_PASSWORD:
            continue;
        default:
            memcpy(&text, at, sizeof text);
        }
        form_preset(rq, f, fd->name, text);
    }
}

/* --- what it means --- */

static void store(struct request *rq, const struct form_field *fd, const void *value, size_t n)
{
    if (fd->offset + n > rq->form->form->size)
        die("the field \"%s\" lies outside of its form's values", fd->name);
    memcpy(rq->form->values + fd->offset, value, n);
}

static void store_text(struct request *rq, const struct form_field *fd, const char *text)
{
    store(rq, fd, &text, sizeof text);
}

static void read_text(struct request *rq, const struct form_field *fd, const char *s)
{
    size_t max = fd->max > 0 ? (size_t)fd->max : fd->type == FORM_TEXTAREA ? 4000 : 200, n = utf8_count(s);
    if (n > max)
        form_error(rq, fd->name, "Please shorten this to %d characters (now %d).", (int)max, (int)n);
    else if (n < (size_t)(fd->min > 0 ? fd->min : 0))
        form_error(rq, fd->name, "Please write at least %d characters.", (int)fd->min);
    else if (fd->type != FORM_TEXTAREA && strpbrk(s, "\r\n"))
        form_error(rq, fd->name, "Please write this in one line.");
    else
        store_text(rq, fd, s);
}

static void read_email(struct request *rq, const struct form_field *fd, const char *s)
{
    const char *at = strchr(s, '@');
    size_t n = strlen(s);
    if (!at || at == s || strchr(at + 1, '@') || !strchr(at + 1, '.') || s[n - 1] == '.' || n > 254 ||
        strpbrk(s, " \t,;<>\""))
        form_error(rq, fd->name, "This is not an e-mail address.");
    else
        store_text(rq, fd, s);
}

static void read_int(struct request *rq, const struct form_field *fd, const char *s)
{
    double d;
    struct opt_int v = {true, 0};
    bool bounded = fd->min != 0 || fd->max != 0;
    if (!str_to_num(s, &d) || d != floor(d) || fabs(d) > 9e15)
        form_error(rq, fd->name, "Please write a whole number.");
    else if (bounded && (d < fd->min || d > fd->max))
        form_error(rq, fd->name, "Please write a number from %.15g to %.15g.", fd->min, fd->max);
    else {
        v.value = (int64_t)d;
        store(rq, fd, &v, sizeof v);
    }
}

static void read_num(struct request *rq, const struct form_field *fd, const char *s)
{
    struct opt_num v = {.has = true};
    bool bounded = fd->min != 0 || fd->max != 0;
    if (!str_to_num(s, &v.value))
        form_error(rq, fd->name, "Please write a number.");
    else if (bounded && (v.value < fd->min || v.value > fd->max))
        form_error(rq, fd->name, "Please write a number from %.15g to %.15g.", fd->min, fd->max);
    else
        store(rq, fd, &v, sizeof v);
}

static void read_date(struct request *rq, const struct form_field *fd, const char *s)
{
    struct date d;
    int end = 0;
    if (!date_parse(s, &d)) {
        bool local = sscanf(s, "%2d.%2d.%4d%n", &d.d, &d.m, &d.y, &end) == 3 && !s[end] && strlen(s) == 10;
        if (!local || !date_valid(d)) {
            form_error(rq, fd->name, "Please write a date as day.month.year, for example 05.03.2025.");
            return;
        }
    }
    store_text(rq, fd, date_text(rq->cx->arena, d));
}

static void read_quarter(struct request *rq, const struct form_field *fd, const char *s)
{
    struct quarter q;
    if (quarter_parse(s, &q))
        store_text(rq, fd, quarter_text(rq->cx->arena, q));
    else
        form_error(rq, fd->name, "Please write a quarter as in 2025-Q3.");
}

static bool is_choice(struct request *rq, const struct form_field *fd, const char *value)
{
    struct form_choices c;
    if (form_choices(rq, fd, &c))
        return false;
    for (size_t i = 0; i < c.n; i++)
        if (strcmp(c.rows[i].value, value) == 0)
            return true;
    return false;
}

static void read_id(struct request *rq, const struct form_field *fd, const char *s)
{
    struct opt_int v = {.has = true};
    bool listed = fd->choices || fd->choices_of;
    if (!id_parse(s, &v.value) || (listed && !is_choice(rq, fd, s)))
        form_error(rq, fd->name, "Please choose from the list.");
    else
        store(rq, fd, &v, sizeof v);
}

static void read_multi(struct request *rq, const struct form_field *fd)
{
    const struct pairs *raw = &rq->form->raw;
    const char **values = arena_array(rq->cx->arena, raw->n + 1, sizeof *values), *one;
    struct form_multi v = {.values = values};
    for (size_t i = 0; (one = pairs_get(raw, fd->name, i)); i++) {
        if (!*one)
            continue;
        if (!is_choice(rq, fd, one)) {
            form_error(rq, fd->name, "Please choose from the list.");
            return;
        }
        bool twice = false;
        for (size_t k = 0; k < v.n; k++)
            twice |= strcmp(values[k], one) == 0;
        if (!twice)
            values[v.n++] = one;
    }
    if (fd->required && !v.n)
        form_error(rq, fd->name, "Please choose at least one.");
    else if (fd->max > 0 && v.n > (size_t)fd->max)
        form_error(rq, fd->name, "Please choose at most %d.", (int)fd->max);
    else
        store(rq, fd, &v, sizeof v);
}

static void read_file(struct request *rq, const struct form_field *fd)
{
    const struct file_part *file = rq_file(rq, fd->name);
    if (file && !file->size && !*file->name)
        file = NULL; /* browsers send an empty part where nothing was chosen */
    if (!file && fd->required)
        form_error(rq, fd->name, "Please choose a file.");
    else if (file && !file->size)
        form_error(rq, fd->name, "The file is empty.");
    else if (file && fd->max > 0 && (double)file->size > fd->max)
        form_error(rq, fd->name, "The file is larger than %d MB.", (int)(fd->max / 1e6));
    else
        store(rq, fd, &file, sizeof file);
}

static void read_bool(struct request *rq, const struct form_field *fd, const char *s)
{
    bool yes = *s && strcmp(s, "0") != 0 && strcmp(s, "false") != 0;
    if (fd->required && !yes)
        form_error(rq, fd->name, "Please confirm this.");
    store(rq, fd, &yes, sizeof yes);
}

/* \r\n of browsers to \n; other texts without blanks at the ends. */
static const char *clean(struct arena *a, const struct form_field *fd, const char *typed)
{
    if (fd->type == FORM_PASSWORD)
        return typed;
    char *s = str_trim(a, typed), *to = s;
    for (const char *p = s; *p; p++)
        if (*p != '\r')
            *to++ = *p;
        else if (p[1] != '\n')
            *to++ = '\n';
    *to = '\0';
    return s;
}

static void missing(struct request *rq, const struct form_field *fd)
{
    if (fd->type == FORM_CHOICE || fd->type == FORM_RADIO || fd->type == FORM_ID)
        form_error(rq, fd->name, "Please choose one.");
    else
        form_error(rq, fd->name, "Please fill this in.");
}

static void read_field(struct request *rq, const struct form_field *fd)
{
    const char *typed = pairs_get(&rq->form->raw, fd->name, 0);
    const char *s = clean(rq->cx->arena, fd, typed ? typed : "");
    switch (fd->type) {
    case FORM_MULTI:
        read_multi(rq, fd);
        return;
    case FORM_FILE:
        read_file(rq, fd);
        return;
    case FORM_BOOL:
        read_bool(rq, fd, s);
        return;
    default:
        break;
    }
    if (!*s) {
        if (fd->required)
            missing(rq, fd);
        return;
    }
    switch (fd->type) {
    case FORM_INT:
        read_int(rq, fd, s);
        break;
    case FORM_NUM:
        read_num(rq, fd, s);
        break;
    case FORM_DATE:
        read_date(rq, fd, s);
        break;
    case FORM_QUARTER:
        read_quarter(rq, fd, s);
        break;
    case FORM_ID:
        read_id(rq, fd, s);
        break;
    case FORM_EMAIL:
        read_email(rq, fd, s);
        break;
    case FORM_CHOICE:
    case FORM_RADIO:
        if (is_choice(rq, fd, s))
            store_text(rq, fd, s);
        else
            form_error(rq, fd->name, "Please choose from the list.");
        break;
    default:
        read_text(rq, fd, s);
    }
}

static bool holds_text(enum form_type type)
{
    switch (type) {
    case FORM_INT:
    case FORM_NUM:
    case FORM_ID:
    case FORM_MULTI:
    case FORM_BOOL:
    case FORM_FILE:
        return false;
    default:
        return true;
    }
}

int form_parse(struct request *rq, const struct form *f)
{
    struct form_state *st = state_new(rq, f);
    rq->form = st;
    const char *value;
    for (const struct form_field *fd = f->fields; fd->name; fd++) {
        for (size_t i = 0; (value = pairs_get(&rq->state->fields, fd->name, i)); i++)
            pairs_add(rq->cx->arena, &st->raw, fd->name, value);
        if (holds_text(fd->type))
            store_text(rq, fd, "");
    }
    for (const struct form_field *fd = f->fields; fd->name; fd++)
        read_field(rq, fd);
    return 0;
}
