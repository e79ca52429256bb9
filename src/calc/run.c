/* run.c - one document from text to answer: reads it, lets the method run, writes what it found. */
#include "base/arena.h"
#include "base/str.h"
#include "base/version.h"
#include "calc/internal.h"
#include "calc/tree.h"
#include "i18n/i18n.h"

#include <string.h>

static const size_t MAX_DOCUMENT = (size_t)64 << 20, MAX_ANSWER = (size_t)2 << 30;

const struct calc_source *calc_sources(const struct calc_method *m)
{
    static const struct calc_source ONE[] = {{"main", "one row an observation", false}, {0}};
    return m->sources ? m->sources : ONE;
}

void calc_fault(struct calc_frame *f, const char *where, const char *text)
{
    f->n_faults++;
    if (f->faults.n < CALC_MAX_FAULTS)
        vec_push(f->cx->arena, &f->faults, where ? arena_printf(f->cx->arena, "%s: %s", where, text) : text);
}

/* All that was found as the lines of one error. */
static int report(struct calc_frame *f)
{
    struct ctx *cx = f->cx;
    struct buf *b = buf_new(cx->arena, 0);
    for (size_t i = 0; i < f->faults.n; i++)
        buf_printf(b, "%s%s: %s", i ? "\n" : "", f->rq->name, f->faults.rows[i]);
    if (f->n_faults > f->faults.n)
        buf_printf(b, "\n%s: %s", f->rq->name, T(cx, N_("There are more faults like these.")));
    fail(cx, ERR_INVALID, "%s", b->data);
    return CALC_WRONG;
}

/* --- the document --------------------------------------------------------------------------------- */

static void read_seed(struct calc_frame *f, const struct json *root)
{
    const struct json *seed = json_get(root, "seed");
    f->c.seed = 1;
    if (!seed)
        return;
    if (!f->method->seeded)
        calc_fault(f, "seed", T(f->cx, N_("This method draws no random numbers.")));
    else if (seed->type != JSON_IS_INT || seed->i < 0)
        calc_fault(f, "seed", T(f->cx, N_("This must be a whole number from 0 on.")));
    else
        f->c.seed = (uint64_t)seed->i;
}

static bool read_method(struct calc_frame *f, const struct json *root)
{
    static const char *const KEYS[] = {"method", "data", "seed", "options", "comment"};
    if (root->type != JSON_IS_OBJECT) {
        calc_fault(f, NULL, T(f->cx, N_("The document must be a JSON object.")));
        return false;
    }
    for (size_t i = 0; i < root->n; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof KEYS / sizeof *KEYS; k++)
            known = known || str_eq(root->keys[i], KEYS[k]);
        if (!known)
            calc_fault(f, root->keys[i], T(f->cx, N_("A document has only method, data, seed, options and comment.")));
    }
    const char *name = json_get_str(root, "method", NULL);
    const struct calc_method *own = f->rq->method;
    f->method = own && str_eq(own->name, name) ? own : name ? calc_method_find(name) : NULL;
    if (!name)
        calc_fault(f, "method", T(f->cx, N_("The name of a method is needed (see shanyraq stat --list).")));
    else if (!f->method)
        calc_fault(f, "method", TF(f->cx, "There is no method \"%s\" (see shanyraq stat --list).", name));
    return f->method != NULL;
}

static int read_document(struct calc_frame *f)
{
    const struct json *root;
    if (json_parse(f->cx, f->rq->text, f->rq->n, MAX_DOCUMENT, &root)) {
        calc_fault(f, NULL, f->cx->err_text);
        return report(f);
    }
    if (!read_method(f, root))
        return report(f);
    read_seed(f, root);
    calc_read_data(f, json_get(root, "data"));
    f->options = calc_check(f, json_get(root, "options"), f->method->fields, "options");
    calc_read_files(f);
    if (f->n_faults == 0)
        calc_prepare(f, f->options);
    return f->n_faults ? report(f) : OK;
}

/* --- the answer ----------------------------------------------------------------------------------- */

static void write_json(const struct json *j, struct buf *out)
{
    char text[32];
    switch (j->type) {
    case JSON_IS_NULL: buf_puts(out, "null"); break;
    case JSON_IS_BOOL: buf_puts(out, j->b ? "true" : "false"); break;
    case JSON_IS_INT: buf_printf(out, "%lld", (long long)j->i); break;
    case JSON_IS_NUM: buf_puts(out, num_shortest(text, j->num)); break;
    case JSON_IS_STR: calc_write_text(j->s, out); break;
    default: {
        bool object = j->type == JSON_IS_OBJECT;
        buf_putc(out, object ? '{' : '[');
        for (size_t i = 0; i < j->n; i++) {
            buf_puts(out, i ? ", " : "");
            if (object) {
                calc_write_text(j->keys[i], out);
                buf_puts(out, ": ");
            }
            write_json(&j->items[i], out);
        }
        buf_putc(out, object ? '}' : ']');
    }
    }
}

static void write_values(const struct calc_values *o, bool confidential, struct buf *out);

static void write_value(const struct calc_value *v, bool confidential, struct buf *out)
{
    bool data = calc_is_column(v->field->type) || v->field->type == CALC_MATRIX;
    if (confidential && data && v->json->type == JSON_IS_ARRAY && (!v->terms.n || v->terms.rows[0].cells->list)) {
        buf_printf(out, "\"%zu values\"", v->json->n);
        return;
    }
    if (!v->objects) {
        write_json(v->json, out);
        return;
    }
    bool list = v->field->type == CALC_OBJECTS;
    buf_puts(out, list ? "[" : "");
    for (size_t i = 0; i < v->n; i++) {
        buf_puts(out, i ? ", " : "");
        write_values(v->objects[i], confidential, out);
    }
    buf_puts(out, list ? "]" : "");
}

/* The options as they count: given, or by default. */
static void write_values(const struct calc_values *o, bool confidential, struct buf *out)
{
    bool some = false, top = str_eq(o->path, "options");
    buf_putc(out, '{');
    for (size_t i = 0; i < o->n; i++) {
        if (!o->rows[i].json)
            continue;
        buf_puts(out, some ? top ? "," : ", " : "");
        buf_puts(out, top ? "\n    " : "");
        some = true;
        calc_write_text(o->rows[i].field->name, out);
        buf_puts(out, ": ");
        write_value(&o->rows[i], confidential, out);
    }
    buf_puts(out, some && top ? "\n  }" : "}");
}

static void write_member(const char *key, const char *text, struct buf *out)
{
    buf_printf(out, "  \"%s\": ", key);
    calc_write_text(text, out);
    buf_puts(out, ",\n");
}

static void write_data(const struct calc_frame *f, struct buf *out)
{
    bool some = false;
    for (size_t i = 0; i < f->n_files; i++) {
        const struct calc_file *file = &f->files[i];
        if (!file->name)
            continue;
        buf_puts(out, some ? "," : "  \"data\": {");
        some = true;
        buf_printf(out, "\n    \"%s\": {\"file\": ", file->source->name);
        calc_write_text(file->name, out);
        buf_printf(out, ", \"rows\": %zu", file->n);
        if (!f->method->confidential)
            buf_printf(out, ", \"blake2b\": \"%s\"", file->hash);
        buf_putc(out, '}');
    }
    buf_puts(out, some ? "\n  },\n" : "");
}

static void write_refusals(const struct calc_frame *f, struct buf *out)
{
    buf_puts(out, "  \"refused\": [");
    for (size_t i = 0; i < f->refusals.n; i++) {
        const struct calc_refusal *r = &f->refusals.rows[i];
        buf_printf(out, "%s\n    {\"what\": ", i ? "," : "");
        calc_write_text(r->what, out);
        for (size_t k = 0; k < r->n; k++)
            buf_printf(out, "%s%lld", k ? ", " : ", \"rows\": [", (long long)r->rows[k]);
        buf_printf(out, "%s, \"reason\": \"%s\", \"text\": ", r->n ? "]" : "", r->code);
        calc_write_text(r->text, out);
        buf_putc(out, '}');
    }
    buf_puts(out, f->refusals.n ? "\n  ],\n" : "],\n");
}

static void write_answer(const struct calc_frame *f, struct buf *out)
{
    buf_puts(out, "{\n");
    write_member("method", f->method->name, out);
    write_member("reference", f->method->reference, out);
    write_member("version", PROGRAM_VERSION, out);
    write_member("language", lang_code(f->cx->lang), out);
    if (f->method->seeded)
        buf_printf(out, "  \"seed\": %llu,\n", (unsigned long long)f->c.seed);
    write_data(f, out);
    buf_puts(out, "  \"options\": ");
    write_values(f->options, f->method->confidential, out);
    buf_puts(out, ",\n  \"warnings\": [");
    for (size_t i = 0; i < f->warnings.n; i++) {
        buf_puts(out, i ? ",\n    " : "\n    ");
        calc_write_text(f->warnings.rows[i], out);
    }
    buf_puts(out, f->warnings.n ? "\n  ],\n" : "],\n");
    write_refusals(f, out);
    buf_puts(out, "  \"result\": ");
    calc_write_node(f->c.result, 1, out);
    buf_puts(out, "\n}\n");
}

/* Warnings and refusals beside a CSV table, which has no place for them. */
static void write_notes(const struct calc_frame *f, struct buf *out)
{
    for (size_t i = 0; out && i < f->warnings.n; i++)
        buf_printf(out, "%s\n", f->warnings.rows[i]);
    for (size_t i = 0; out && i < f->refusals.n; i++) {
        const struct calc_refusal *r = &f->refusals.rows[i];
        buf_printf(out, "%s", r->what);
        for (size_t k = 0; k < r->n; k++)
            buf_printf(out, "%s%lld", k ? "," : " ", (long long)r->rows[k]);
        buf_printf(out, ": %s: %s\n", r->code, r->text);
    }
}

int calc_answer(struct ctx *cx, const struct calc_request *rq, struct buf *out)
{
    struct calc_frame f = {.c = {.cx = cx, .arena = cx->arena, .run = rq->run}, .cx = cx, .rq = rq};
    f.c.frame = &f;
    TRY(read_document(&f));
    f.c.result = calc_root_new(&f);
    int rc = f.method->run(&f.c, f.options);
    if (f.n_faults)
        return report(&f);
    if (rc)
        return rc;
    for (size_t i = 0; i < f.refusals.n; i++)
        if (str_eq(f.refusals.rows[i].code, stat_reason_code(STAT_REASON_STOPPED)))
            return fail(cx, ERR_CONFLICT, "Stopped; nothing was written.");
    if (rq->overheard && rq->overheard())
        calc_warn(&f.c, N_("A distribution function doubted one of its values: figures may be less exact than they look."));
    calc_settle(&f);
    struct buf *text = buf_new(cx->arena, MAX_ANSWER);
    if (!rq->csv)
        write_answer(&f, text);
    else if (!calc_write_csv(&f, rq->table, text)) {
        calc_fault(&f, "--table", TF(cx, "The answer has no table \"%s\".", rq->table));
        return report(&f);
    }
    if (text->toobig)
        return fail(cx, ERR_LIMIT, "The answer is larger than %zu bytes.", MAX_ANSWER);
    if (rq->csv)
        write_notes(&f, rq->notes);
    buf_put(out, text->data, text->len);
    return OK;
}
