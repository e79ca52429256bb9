/* doc_html.c - the document as a fragment of semantic HTML for a page: no style attribute, no script,
 * one <h1> (the title), sections from <h2> on. */
#include "report/doc_parts.h"

#include "report/chart.h"
#include "report/map_svg.h"
#include "base/xml.h"

static const double DRAWING_WIDTH = 720;

static void put_attribute(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, " %s=\"", name);
    xml_escape(b, value);
    buf_putc(b, '"');
}

static void put_element(struct buf *b, const char *tag, const char *class, const char *text)
{
    if (!text || !*text)
        return;
    buf_printf(b, "<%s", tag);
    if (class)
        put_attribute(b, "class", class);
    buf_putc(b, '>');
    xml_escape(b, text);
    buf_printf(b, "</%s>", tag);
}

/* The figure behind a number: a link where pages of figures exist, else only its id. */
static const char *open_figure(struct buf *b, const struct doc *d, const char *id)
{
    if (!id)
        return "";
    if (!d->meta.figure_href) {
        buf_puts(b, "<span");
        put_attribute(b, "data-figure", id);
        buf_putc(b, '>');
        return "</span>";
    }
    buf_puts(b, "<a class=\"figure-link\" href=\"");
    xml_escape(b, d->meta.figure_href);
    xml_escape(b, id);
    buf_putc(b, '"');
    put_attribute(b, "data-figure", id);
    buf_putc(b, '>');
    return "</a>";
}

/* Only addresses that lead somewhere: a "javascript:" from a data file must not become a link. */
static bool safe_href(const char *href)
{
    static const char *const STARTS[] = {"https://", "http://", "/", "#", "mailto:"};
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++) {
        size_t k = 0;
        while (STARTS[i][k] && href[k] == STARTS[i][k])
            k++;
        if (!STARTS[i][k])
            return true;
    }
    return false;
}

static void put_runs(struct buf *b, const struct doc *d, const struct run *r)
{
    for (; r; r = r->next) {
        const char *close = "";
        if (r->style & RUN_BOLD)
            buf_puts(b, "<strong>");
        if (r->style & RUN_ITALIC)
            buf_puts(b, "<em>");
        if (r->href && safe_href(r->href)) {
            buf_puts(b, "<a");
            put_attribute(b, "href", r->href);
            buf_putc(b, '>');
            close = "</a>";
        } else {
            close = open_figure(b, d, r->figure_id);
        }
        xml_escape(b, r->text);
        buf_puts(b, close);
        if (r->style & RUN_ITALIC)
            buf_puts(b, "</em>");
        if (r->style & RUN_BOLD)
            buf_puts(b, "</strong>");
    }
}

static void put_cell(struct buf *b, const struct doc *d, const struct table *t, const struct cell *c,
                     size_t i)
{
    bool head = i == 0 && t->columns[0].type == COLUMN_TEXT;
    const char *class = c->hidden ? "num protected" : t->columns[i].type == COLUMN_TEXT ? NULL : "num";
    buf_puts(b, head ? "<th scope=\"row\"" : "<td");
    if (class)
        put_attribute(b, "class", class);
    buf_putc(b, '>');
    const char *close = open_figure(b, d, c->figure_id);
    xml_escape(b, c->text);
    buf_puts(b, close);
    buf_puts(b, head ? "</th>" : "</td>");
}

static void put_table(struct buf *b, const struct doc *d, const struct table *t)
{
    buf_printf(b, "<figure class=\"report-table\" id=\"table-%d\"><table><caption>", t->number);
    xml_escape(b, doc_caption(d->arena, d->labels.table, t->number, t->caption));
    buf_puts(b, "</caption><thead><tr>");
    for (size_t i = 0; i < t->n_columns; i++) {
        buf_puts(b, t->columns[i].type == COLUMN_TEXT ? "<th scope=\"col\">"
                                                      : "<th scope=\"col\" class=\"num\">");
        xml_escape(b, t->columns[i].title ? t->columns[i].title : "");
        buf_puts(b, "</th>");
    }
    buf_puts(b, "</tr></thead><tbody>");
    for (const struct table_row *r = t->rows; r; r = r->next) {
        buf_puts(b, r->total ? "<tr class=\"total\">" : "<tr>");
        for (size_t i = 0; i < t->n_columns; i++)
            put_cell(b, d, t, &r->cells[i], i);
        buf_puts(b, "</tr>\n");
    }
    buf_puts(b, "</tbody></table>");
    if (t->note && *t->note)
        put_element(b, "p", "note",
                    *d->labels.note ? arena_printf(d->arena, "%s: %s", d->labels.note, t->note) : t->note);
    put_element(b, "p", "source", doc_source(d, t->source));
    buf_puts(b, "</figure>\n");
}

static void put_picture(struct ctx *cx, struct buf *b, const struct doc *d, const struct picture *p)
{
    const char *caption = doc_caption(d->arena, d->labels.picture, p->number, p->caption);
    buf_printf(b, "<figure class=\"report-picture\" id=\"picture-%d\"><figcaption>", p->number);
    xml_escape(b, caption);
    buf_puts(b, "</figcaption>");
    if (p->chart)
        chart_svg_page(cx, p->chart, &d->labels, p->caption ? p->caption : caption, p->alt, DRAWING_WIDTH, b);
    else
        map_svg(cx, p->map, &d->labels, p->caption ? p->caption : caption, p->alt, DRAWING_WIDTH, b);
    put_element(b, "p", "source", doc_source(d, p->source));
    buf_puts(b, "</figure>\n");
}

static void put_contents(struct buf *b, const struct doc *d)
{
    buf_puts(b, "<nav class=\"report-contents\"");
    put_attribute(b, "aria-label", d->labels.contents);
    buf_puts(b, "><ol>");
    for (const struct block *h = d->blocks; h; h = h->next) {
        if (h->type != BLOCK_HEADING || h->level > 2)
            continue;
        buf_printf(b, "<li class=\"level-%d\"><a href=\"#section-%d\">", h->level, h->number);
        xml_escape(b, doc_heading_text(d->arena, h));
        buf_puts(b, "</a></li>");
    }
    buf_puts(b, "</ol></nav>\n");
}

static void put_list(struct buf *b, const struct doc *d, const struct block *list)
{
    buf_puts(b, list->ordered ? "<ol>" : "<ul>");
    for (const struct para *p = list->paras; p; p = p->next) {
        buf_puts(b, "<li>");
        put_runs(b, d, p->runs);
        buf_puts(b, "</li>");
    }
    buf_puts(b, list->ordered ? "</ol>\n" : "</ul>\n");
}

static void put_paras(struct buf *b, const struct doc *d, const struct block *block)
{
    for (const struct para *p = block->paras; p; p = p->next) {
        buf_puts(b, block->type == BLOCK_NOTE ? "<p class=\"note\">" : "<p>");
        put_runs(b, d, p->runs);
        buf_puts(b, "</p>\n");
    }
}

static void put_signature(struct buf *b, const struct block *s)
{
    buf_puts(b, "<p class=\"signature\">");
    put_element(b, "span", "role", s->role);
    buf_putc(b, ' ');
    put_element(b, "strong", NULL, s->name);
    buf_putc(b, ' ');
    put_element(b, "span", "date", s->date);
    buf_puts(b, "</p>\n");
}

static void put_block(struct ctx *cx, struct buf *b, const struct doc *d, const struct block *block)
{
    switch (block->type) {
    case BLOCK_HEADING:
        buf_printf(b, "<h%d id=\"section-%d\">", block->level + 1, block->number);
        put_runs(b, d, block->paras->runs);
        buf_printf(b, "</h%d>\n", block->level + 1);
        break;
    case BLOCK_PARA:
    case BLOCK_NOTE:
        put_paras(b, d, block);
        break;
    case BLOCK_LIST:
        put_list(b, d, block);
        break;
    case BLOCK_TABLE:
        put_table(b, d, block->table);
        break;
    case BLOCK_PICTURE:
        put_picture(cx, b, d, block->picture);
        break;
    case BLOCK_PAGE_BREAK:
        break;
    case BLOCK_CONTENTS:
        put_contents(b, d);
        break;
    case BLOCK_SIGNATURE:
        put_signature(b, block);
        break;
    }
}

int doc_html(struct ctx *cx, struct doc *d, struct buf *out)
{
    static const char *const LANGS[LANG_COUNT] = {"kk", "ru", "en"};
    doc_seal(d);
    buf_printf(out, "<article class=\"report\" lang=\"%s\">\n", LANGS[d->lang]);
    if (d->meta.demo)
        put_element(out, "p", "demo-banner", d->meta.banner);
    buf_puts(out, "<header>");
    put_element(out, "p", "marking", d->meta.marking);
    put_element(out, "h1", NULL, d->meta.title);
    put_element(out, "p", "subtitle", d->meta.subtitle);
    put_element(out, "p", "author", d->meta.author);
    put_element(out, "p", "date", d->meta.date_text);
    buf_puts(out, "</header>\n");
    for (const struct block *b = d->blocks; b; b = b->next)
        put_block(cx, out, d, b);
    buf_puts(out, "</article>\n");
    if (out->toobig)
        return fail(cx, ERR_LIMIT, "The report is too large.");
    return OK;
}
