/* doc_docx.c - the document as DOCX, written part by part (ECMA-376): real heading styles, tables
 * with repeated header rows, drawings as PNG from the same code as the PDF's vectors. */
#include "report/docx_parts.h"

#include "base/xml.h"
#include "base/zip.h"
#include "report/chart.h"
#include "report/doc_parts.h"
#include "report/draw.h"
#include "report/map_svg.h"
#include "report/table_widths.h"

#include <math.h>
#include <string.h>

static const double DRAWING_EM = 8.6, DRAWING_DPI = 200, TABLE_SIZE = 8.5;
/* Cells have 4 points at either side; the rest is for office programs that set a little wider than we measure. */
static const double CELL_PAD = 5.5;
/* A table of so many rows at most stays on one page. */
enum { ROWS_KEPT = 20 };

/* The file under way. */
struct docx {
    struct ctx *cx;
    struct doc *doc;
    struct buf *body;
    struct docx_relation *relations;
    size_t n_relations, cap_relations;
    struct zip_item *media;
    size_t n_media, ordered_lists;
};

static const char *relation_add(struct docx *x, const char *target, bool link)
{
    if (x->n_relations == x->cap_relations) {
        size_t cap = x->cap_relations ? 2 * x->cap_relations : 32;
        struct docx_relation *more = arena_array(x->cx->arena, cap, sizeof *more);
        if (x->n_relations)
            memcpy(more, x->relations, x->n_relations * sizeof *more);
        x->relations = more;
        x->cap_relations = cap;
    }
    const char *id = arena_printf(x->cx->arena, "r%zu", x->n_relations + 1);
    x->relations[x->n_relations++] = (struct docx_relation){id, target, link};
    return id;
}

/* --- text ------------------------------------------------------------------------------------------- */

static void put_text(struct docx *x, const char *properties, const char *text)
{
    struct buf *b = x->body;
    buf_printf(b, "<w:r>%s%s%s", *properties ? "<w:rPr>" : "", properties, *properties ? "</w:rPr>" : "");
    for (const char *line = text; line;) {
        const char *end = strchr(line, '\n');
        buf_puts(b, "<w:t xml:space=\"preserve\">");
        xml_escape(b, end ? arena_strndup(x->cx->arena, line, (size_t)(end - line)) : line);
        buf_puts(b, end ? "</w:t><w:br/>" : "</w:t>");
        line = end ? end + 1 : NULL;
    }
    buf_puts(b, "</w:r>");
}

/* A file that leaves the house links only to full addresses. */
static const char *run_address(const struct docx *x, const struct run *r)
{
    if (r->href)
        return strncmp(r->href, "http", 4) == 0 || strncmp(r->href, "mailto:", 7) == 0 ? r->href : NULL;
    const char *base = x->doc->meta.figure_href;
    if (!r->figure_id || !base || strncmp(base, "http", 4) != 0)
        return NULL;
    return arena_printf(x->cx->arena, "%s%s", base, r->figure_id);
}

static void put_runs(struct docx *x, const struct run *r)
{
    for (; r; r = r->next) {
        const char *address = run_address(x, r);
        const char *properties =
            arena_printf(x->cx->arena, "%s%s%s", r->href && address ? "<w:rStyle w:val=\"Hyperlink\"/>" : "",
                         r->style & RUN_BOLD ? "<w:b/>" : "", r->style & RUN_ITALIC ? "<w:i/>" : "");
        if (address)
            buf_printf(x->body, "<w:hyperlink r:id=\"%s\">", relation_add(x, address, true));
        put_text(x, properties, r->text);
        if (address)
            buf_puts(x->body, "</w:hyperlink>");
    }
}

static void para_begin(struct docx *x, const char *style, const char *properties)
{
    buf_printf(x->body, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", style, properties);
}

static void para_end(struct docx *x)
{
    buf_puts(x->body, "</w:p>\n");
}

static void put_line(struct docx *x, const char *style, const char *text)
{
    if (!text || !*text)
        return;
    para_begin(x, style, "");
    put_text(x, "", text);
    para_end(x);
}

static void put_heading(struct docx *x, const struct block *h)
{
    para_begin(x, arena_printf(x->cx->arena, "Heading%d", h->level), "");
    buf_printf(x->body, "<w:bookmarkStart w:id=\"%d\" w:name=\"_Toc%d\"/>", h->number, h->number);
    put_runs(x, h->paras->runs);
    buf_printf(x->body, "<w:bookmarkEnd w:id=\"%d\"/>", h->number);
    para_end(x);
}

static void put_list(struct docx *x, const struct block *list)
{
    size_t number = list->ordered ? 2 + x->ordered_lists++ : 1;
    const char *properties = arena_printf(
        x->cx->arena, "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"%zu\"/></w:numPr>", number);
    for (const struct para *p = list->paras; p; p = p->next) {
        para_begin(x, "ListParagraph", properties);
        put_runs(x, p->runs);
        para_end(x);
    }
}

static void put_field(struct docx *x, const char *kind, const char *rest)
{
    buf_printf(x->body, "<w:r><w:fldChar w:fldCharType=\"%s\"%s/></w:r>", kind, rest);
}

/* The contents: every entry leads to its heading, and its page number is a reference that the
 * reader's program works out (a ready-made field around all of it would show stale numbers). */
static void put_contents(struct docx *x)
{
    put_line(x, "ContentsHeading", x->doc->labels.contents);
    for (const struct block *h = x->doc->blocks; h; h = h->next) {
        if (h->type != BLOCK_HEADING || h->level > 2)
            continue;
        para_begin(x, h->level == 1 ? "TOC1" : "TOC2", "");
        buf_printf(x->body, "<w:hyperlink w:anchor=\"_Toc%d\">", h->number);
        put_text(x, "", doc_heading_text(x->cx->arena, h));
        buf_puts(x->body, "<w:r><w:tab/></w:r>");
        put_field(x, "begin", " w:dirty=\"true\"");
        buf_printf(x->body,
                   "<w:r><w:instrText xml:space=\"preserve\"> PAGEREF _Toc%d \\h </w:instrText></w:r>",
                   h->number);
        put_field(x, "separate", "");
        put_text(x, "", " ");
        put_field(x, "end", "");
        buf_puts(x->body, "</w:hyperlink>");
        para_end(x);
    }
}

/* --- tables ---------------------------------------------------------------------------------------- */

static void put_border(struct buf *b, const char *side, int eighths, const char *colour)
{
    buf_printf(b, "<w:%s w:val=\"single\" w:sz=\"%d\" w:space=\"0\" w:color=\"%s\"/>", side, eighths, colour);
}

static void put_cell(struct docx *x, const struct column *c, int width, const char *text, const char *style,
                     bool quiet, bool above, bool keep)
{
    struct buf *b = x->body;
    buf_printf(b, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>", width);
    if (above) {
        buf_puts(b, "<w:tcBorders>");
        put_border(b, "top", 4, "1C2530");
        buf_puts(b, "</w:tcBorders>");
    }
    buf_puts(b, "</w:tcPr>");
    para_begin(x, style, arena_printf(x->cx->arena, "%s%s", keep ? "<w:keepNext/>" : "",
                                      c->type == COLUMN_TEXT ? "" : "<w:jc w:val=\"right\"/>"));
    put_text(x, quiet ? "<w:i/><w:color w:val=\"5A6572\"/>" : "", text);
    buf_puts(b, "</w:p></w:tc>");
}

static void put_rows(struct docx *x, const struct table *t, const int *widths)
{
    struct buf *b = x->body;
    buf_puts(b, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (size_t i = 0; i < t->n_columns; i++)
        put_cell(x, &t->columns[i], widths[i], t->columns[i].title ? t->columns[i].title : "", "TableHead",
                 false, false, true);
    buf_puts(b, "</w:tr>\n");
    bool below_head = true;
    for (const struct table_row *r = t->rows; r; r = r->next) {
        buf_puts(b, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (size_t i = 0; i < t->n_columns; i++) {
            const struct cell *c = &r->cells[i];
            put_cell(x, &t->columns[i], widths[i], c->text, r->total ? "TableHead" : "TableText",
                     c->hidden || (c->figure_id && !c->has_value), r->total || below_head,
                     t->n_rows <= ROWS_KEPT);
        }
        buf_puts(b, "</w:tr>\n");
        below_head = false;
    }
}

static void put_table(struct docx *x, const struct table *t)
{
    struct buf *b = x->body;
    put_line(x, "Caption", doc_caption(x->cx->arena, x->doc->labels.table, t->number, t->caption));
    if (!t->n_columns)
        return;
    double *points = arena_array(x->cx->arena, t->n_columns, sizeof *points);
    int *widths = arena_array(x->cx->arena, t->n_columns, sizeof *widths);
    table_widths(t, TABLE_SIZE, CELL_PAD, DOCX_WIDTH, points);
    buf_printf(b, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblBorders>",
               (int)(DOCX_WIDTH * 20));
    put_border(b, "top", 8, "1C2530");
    put_border(b, "bottom", 6, "1C2530");
    put_border(b, "insideH", 4, "D8D9D6");
    buf_puts(b, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/>"
                "<w:tblCellMar><w:left w:w=\"80\" w:type=\"dxa\"/><w:right w:w=\"80\" w:type=\"dxa\"/></w:tblCellMar>"
                "</w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < t->n_columns; i++) {
        widths[i] = (int)lround(points[i] * 20);
        buf_printf(b, "<w:gridCol w:w=\"%d\"/>", widths[i]);
    }
    buf_puts(b, "</w:tblGrid>\n");
    put_rows(x, t, widths);
    buf_puts(b, "</w:tbl>\n");
    const char *source = doc_source(x->doc, t->source), *note = t->note;
    if (note && *note && *x->doc->labels.note)
        note = arena_printf(x->cx->arena, "%s: %s", x->doc->labels.note, note);
    /* One paragraph always follows: two tables in a row would become one. */
    para_begin(x, "Source", "");
    put_text(x, "",
             note && *note && source ? arena_printf(x->cx->arena, "%s\n%s", note, source)
             : source                ? source
             : note                  ? note
                                     : "");
    para_end(x);
}

/* --- pictures --------------------------------------------------------------------------------------- */

struct picture_work {
    struct docx *x;
    const struct picture *picture;
};

static void paint_picture(struct canvas *c, void *work)
{
    struct picture_work *w = work;
    if (w->picture->chart)
        chart_draw(w->x->cx, w->picture->chart, &w->x->doc->labels, c);
    else
        map_draw(w->x->cx, w->picture->map, &w->x->doc->labels, c);
}

static void put_drawing(struct docx *x, const struct picture *p, const char *relation, double width,
                        double height)
{
    struct buf *b = x->body;
    long cx = lround(width * 12700), cy = lround(height * 12700); /* 12,700 units of the format are a point */
    para_begin(x, "Picture", "");
    buf_printf(b,
               "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent "
               "cx=\"%ld\" cy=\"%ld\"/>"
               "<wp:docPr id=\"%d\" name=\"Picture %d\" descr=\"",
               cx, cy, p->number, p->number);
    xml_escape(b, p->alt && *p->alt ? p->alt : p->caption ? p->caption : "");
    buf_printf(
        b,
        "\"/><a:graphic><a:graphicData "
        "uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
        "<pic:nvPicPr><pic:cNvPr id=\"%d\" name=\"Picture %d\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>"
        "<a:blip r:embed=\"%s\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        "<a:off x=\"0\" y=\"0\"/><a:ext cx=\"%ld\" cy=\"%ld\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/>"
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        p->number, p->number, relation, cx, cy);
    para_end(x);
}

static int put_picture(struct docx *x, const struct picture *p)
{
    double width = DOCX_WIDTH, em = DRAWING_EM;
    double height = p->chart ? chart_height(p->chart, width, em) : map_height(p->map, width, em);
    struct buf *png = buf_new(x->cx->arena, 0);
    struct picture_work work = {x, p};
    TRY(draw_png(x->cx, width, height, em, DRAWING_DPI, paint_picture, &work, png));
    const char *name = arena_printf(x->cx->arena, "media/image%d.png", p->number);
    x->media[x->n_media++] =
        (struct zip_item){arena_printf(x->cx->arena, "word/%s", name), png->data, png->len, true};
    put_line(x, "Caption", doc_caption(x->cx->arena, x->doc->labels.picture, p->number, p->caption));
    double fit = fmin(1, 620 / height); /* a picture higher than the page is shown smaller */
    put_drawing(x, p, relation_add(x, name, false), width * fit, height * fit);
    para_begin(x, "Source", "");
    if (doc_source(x->doc, p->source))
        put_text(x, "", doc_source(x->doc, p->source));
    para_end(x);
    return OK;
}

/* --- the rest ---------------------------------------------------------------------------------------- */

static void put_signature(struct docx *x, const struct block *s)
{
    static const int WIDTHS[] = {4300, 2000, 3060};
    struct buf *b = x->body;
    const struct column text = {.type = COLUMN_TEXT};
    para_begin(x, "Source", "<w:keepNext/>"); /* air above the line to sign on */
    para_end(x);
    buf_puts(b, "<w:tbl><w:tblPr><w:tblW w:w=\"9360\" w:type=\"dxa\"/><w:tblLayout "
                "w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < 3; i++)
        buf_printf(b, "<w:gridCol w:w=\"%d\"/>", WIDTHS[i]);
    buf_puts(b, "</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>");
    put_cell(x, &text, WIDTHS[0], s->role ? s->role : "", "Normal", false, false, false);
    put_cell(x, &text, WIDTHS[1], "_______________", "Normal", false, false, false);
    const char *name = s->name ? s->name : "";
    put_cell(x, &text, WIDTHS[2], s->date ? arena_printf(x->cx->arena, "%s\n%s", name, s->date) : name,
             "Normal", false, false, false);
    buf_puts(b, "</w:tr></w:tbl>\n<w:p><w:pPr><w:pStyle w:val=\"Source\"/></w:pPr></w:p>\n");
}

static int put_block(struct docx *x, const struct block *b)
{
    switch (b->type) {
    case BLOCK_HEADING:
        put_heading(x, b);
        break;
    case BLOCK_PARA:
    case BLOCK_NOTE:
        for (const struct para *p = b->paras; p; p = p->next) {
            para_begin(x, b->type == BLOCK_NOTE ? "Note" : "Normal", "");
            put_runs(x, p->runs);
            para_end(x);
        }
        break;
    case BLOCK_LIST:
        put_list(x, b);
        break;
    case BLOCK_TABLE:
        put_table(x, b->table);
        break;
    case BLOCK_PICTURE:
        return put_picture(x, b->picture);
    case BLOCK_PAGE_BREAK:
        buf_puts(x->body, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>\n");
        break;
    case BLOCK_CONTENTS:
        put_contents(x);
        break;
    case BLOCK_SIGNATURE:
        put_signature(x, b);
        break;
    }
    return OK;
}

static int put_document(struct docx *x)
{
    const struct doc_meta *m = &x->doc->meta;
    buf_printf(x->body,
               "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document%s><w:body>\n",
               DOCX_NAMESPACES);
    put_line(x, "Title", m->title);
    put_line(x, "Subtitle", m->subtitle);
    put_line(x, "Imprint",
             m->author && m->date_text ? arena_printf(x->cx->arena, "%s · %s", m->author, m->date_text)
             : m->author               ? m->author
                                       : m->date_text);
    for (const struct block *b = x->doc->blocks; b; b = b->next)
        TRY(put_block(x, b));
    buf_printf(x->body,
               "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"header\"/>"
               "<w:footerReference w:type=\"default\" r:id=\"footer\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
               "<w:pgMar w:top=\"1360\" w:right=\"1126\" w:bottom=\"1260\" w:left=\"1420\" w:header=\"480\""
               " w:footer=\"560\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>");
    return OK;
}

int doc_docx(struct ctx *cx, struct doc *d, struct buf *out)
{
    doc_seal(d);
    struct docx x = {.cx = cx, .doc = d, .body = buf_new(cx->arena, (size_t)256 << 20)};
    x.media = arena_array(cx->arena, (size_t)d->n_pictures, sizeof *x.media);
    TRY(put_document(&x));
    enum { TYPES, ROOT, CORE, APP, DOCUMENT, RELATIONS, STYLES, NUMBERING, SETTINGS, HEADER, FOOTER, PARTS };
    static const char *const NAMES[PARTS] = {
        "[Content_Types].xml", "_rels/.rels",        "docProps/core.xml",
        "docProps/app.xml",    "word/document.xml",  "word/_rels/document.xml.rels",
        "word/styles.xml",     "word/numbering.xml", "word/settings.xml",
        "word/header1.xml",    "word/footer1.xml",
    };
    struct buf *parts[PARTS];
    for (int i = 0; i < PARTS; i++)
        parts[i] = i == DOCUMENT ? x.body : buf_new(cx->arena, 0);
    docx_content_types(parts[TYPES]);
    docx_root_relations(parts[ROOT]);
    docx_core(parts[CORE], d);
    docx_app(parts[APP], d);
    docx_relations(parts[RELATIONS], x.relations, x.n_relations);
    docx_styles(parts[STYLES], d);
    docx_numbering(parts[NUMBERING], x.ordered_lists);
    docx_settings(parts[SETTINGS], d);
    docx_header(parts[HEADER], d);
    docx_footer(parts[FOOTER], d);
    struct zip_item *items = arena_array(cx->arena, PARTS + x.n_media, sizeof *items);
    for (size_t i = 0; i < PARTS; i++) {
        if (parts[i]->toobig)
            return fail(cx, ERR_LIMIT, "The report is too large.");
        items[i] = (struct zip_item){NAMES[i], parts[i]->data, parts[i]->len, false};
    }
    for (size_t i = 0; i < x.n_media; i++)
        items[PARTS + i] = x.media[i];
    TRY(zip_write(cx, items, PARTS + x.n_media, out));
    if (out->toobig)
        return fail(cx, ERR_LIMIT, "The report is too large.");
    return OK;
}
