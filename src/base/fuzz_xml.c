/* Fuzz target: XML. A tree that was read is written and must be readable with the same text. */
#include "base/arena.h"
#include "base/str.h"
#include "base/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_node(struct xml_writer *w, const struct xml *x)
{
    if (!x->name) {
        xml_put(w, x->text);
        return;
    }
    xml_open(w, x->name);
    for (const struct xml *c = x->first; c; c = c->next)
        write_node(w, c);
    xml_close(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.arena = arena_new((size_t)1 << 30)};
    struct xml *first, *second;
    if (xml_parse(&cx, "x.xml", (const char *)data, size, NULL, &first) == OK) {
        struct buf *b = buf_new(cx.arena, 0);
        struct xml_writer w;
        xml_begin(&w, b);
        write_node(&w, first);
        if (xml_parse(&cx, "again.xml", b->data, b->len, NULL, &second))
            die("what was written cannot be read: %s", cx.err_text);
        if (!str_eq(xml_text(cx.arena, first), xml_text(cx.arena, second)))
            die("the text changed on the way");
    }
    arena_free(cx.arena);
    return 0;
}
