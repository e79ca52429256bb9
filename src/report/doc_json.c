/* doc_json.c - report.json: every published figure with its source, for machines. */
#include "report/doc.h"

#include "base/json.h"

#include <math.h>

static void write_figure(struct json_writer *w, const struct figure *f)
{
    json_obj(w, NULL);
    json_str(w, "id", f->id);
    json_num(w, "value", f->hidden ? NAN : f->value);
    if (!f->hidden && isfinite(f->low) && isfinite(f->high)) {
        json_num(w, "low", f->low);
        json_num(w, "high", f->high);
    }
    if (f->hidden)
        json_bool(w, "protected", true);
    json_str(w, "unit", f->unit);
    json_str(w, "kind", f->kind);
    json_str(w, "place", f->place);
    json_str(w, "period", f->period);
    json_str(w, "source", f->source_id);
    json_end(w);
}

int doc_json(struct ctx *cx, struct doc *d, struct buf *out)
{
    static const char *const LANGS[LANG_COUNT] = {"kk", "ru", "en"};
    doc_seal(d);
    struct json_writer w;
    json_begin(&w, out);
    json_obj(&w, NULL);
    json_str(&w, "title", d->meta.title);
    json_str(&w, "subtitle", d->meta.subtitle);
    json_str(&w, "author", d->meta.author);
    json_str(&w, "date", d->meta.date);
    json_str(&w, "language", LANGS[d->lang]);
    json_bool(&w, "demonstration", d->meta.demo);
    json_arr(&w, "figures");
    for (const struct figure *f = d->figures; f; f = f->next)
        write_figure(&w, f);
    json_end(&w);
    json_end(&w);
    buf_putc(out, '\n');
    if (out->toobig)
        return fail(cx, ERR_LIMIT, "The report is too large.");
    return OK;
}
