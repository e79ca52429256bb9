/* doc_pdf.c - the document as a PDF: A4, a quiet newspaper page, contents with page numbers, an
 * outline, drawings as vectors. Two passes over prepared pieces (see struct setter). */
#include "report/pdf_parts.h"

#include "report/chart.h"
#include "report/doc_parts.h"
#include "report/map_svg.h"

#include <math.h>
#include <string.h>

const double PAGE_LEFT = 71, PAGE_WIDTH = 468, PAGE_TOP = 68, PAGE_BOTTOM = 786;
static const double DRAWING_EM = 8.6;

/* A block made ready: its lines, table or drawing. */
struct piece {
    const struct block *block;
    struct laid **lines; /* of the paragraphs */
    struct laid **marks; /* of list items */
    size_t n;
    struct pdf_table *table;
    struct laid *caption, *source;
    double drawing_width, drawing_height;
};

/* --- the page --------------------------------------------------------------------------------------- */

void setter_line(struct setter *s, double x1, double x2, double y, enum paint paint, double width)
{
    if (!s->draw)
        return;
    struct canvas *c = pdf_canvas(s->pdf, 0, 0, 595, 842, DRAWING_EM);
    canvas_line(c, x1, y, x2, y, paint, width);
    pdf_canvas_end(c);
}

static void text_at(struct setter *s, double x, double y, struct text_style t, const char *text, double width)
{
    struct canvas *c = pdf_canvas(s->pdf, 0, 0, 595, 842, DRAWING_EM);
    c->text(c, x, y, &t, canvas_fit(c, &t, text, width));
    pdf_canvas_end(c);
}

static void draw_banner(struct setter *s)
{
    struct canvas *c = pdf_canvas(s->pdf, 0, 0, 595.276, 842, DRAWING_EM);
    struct text_style t = {.size = 8.6, .paint = PAINT_INK, .bold = true, .anchor = ANCHOR_MIDDLE};
    canvas_rect(c, 0, 0, 595.276, 20, PAINT_GOLD_SOFT);
    c->text(c, 595.276 / 2, 13, &t, canvas_fit(c, &t, s->doc->meta.banner, 520));
    pdf_canvas_end(c);
}

static void draw_page_frame(struct setter *s)
{
    const struct doc_meta *m = &s->doc->meta;
    double right = PAGE_LEFT + PAGE_WIDTH;
    struct text_style t = {.size = 8.2, .paint = PAINT_MUTED}, end = t;
    end.anchor = ANCHOR_END;
    if (m->demo)
        draw_banner(s);
    if (s->page > 1) {
        text_at(s, PAGE_LEFT, 42, t, m->title, PAGE_WIDTH * 0.66);
        setter_line(s, PAGE_LEFT, right, 49, PAINT_GRID, 0.5);
    }
    if (m->marking)
        text_at(s, right, 42, end, m->marking, PAGE_WIDTH * 0.3);
    if (m->author)
        text_at(s, PAGE_LEFT, 806, t, m->author, PAGE_WIDTH * 0.7);
    text_at(s, right, 806, end, doc_fill(s->cx->arena, s->doc->labels.page, s->page, s->pages),
            PAGE_WIDTH * 0.28);
}

void setter_new_page(struct setter *s)
{
    if (s->draw && s->page > 0)
        pdf_next_page(s->pdf);
    s->page++;
    s->y = PAGE_TOP;
    if (s->draw)
        draw_page_frame(s);
}

void setter_need(struct setter *s, double height)
{
    if (s->y + height > PAGE_BOTTOM && s->y > PAGE_TOP)
        setter_new_page(s);
}

void setter_set(struct setter *s, const struct laid *l, size_t first, size_t n, double x)
{
    if (s->draw)
        pdf_set(s->pdf, l, first, n, x, s->y);
    s->y += laid_height(l, first, n);
}

/* --- preparing -------------------------------------------------------------------------------------- */

static struct setting heading_setting(int level)
{
    static const double SIZES[] = {0, 17, 13, 10.8};
    return (struct setting){.face = level == 3 ? FACE_SANS : FACE_SERIF,
                            .size = SIZES[level],
                            .leading = 1.22,
                            .width = PAGE_WIDTH,
                            .paint = PAINT_INK,
                            .bold = true};
}

static struct setting para_setting(enum block_type type)
{
    struct setting body = {
        .face = FACE_SERIF, .size = 10.4, .leading = 1.44, .width = PAGE_WIDTH, .paint = PAINT_INK};
    if (type == BLOCK_LIST)
        body.width -= 18;
    if (type == BLOCK_NOTE) {
        body.face = FACE_SANS;
        body.size = 9.2;
        body.leading = 1.36;
        body.width -= 14;
    }
    return body;
}

static const struct run *linked_runs(struct setter *s, const struct run *runs)
{
    const char *base = s->doc->meta.figure_href;
    struct run *first = NULL, **at = &first;
    if (!base ||
        strncmp(base, "http", 4) != 0) /* a file that leaves the house links to full addresses only */
        return runs;
    for (; runs; runs = runs->next) {
        struct run *copy = arena_alloc(s->cx->arena, sizeof *copy);
        *copy = *runs;
        if (copy->figure_id && !copy->href)
            copy->href = arena_printf(s->cx->arena, "%s%s", base, copy->figure_id);
        copy->next = NULL;
        *at = copy;
        at = &copy->next;
    }
    return first;
}

static void prepare_paras(struct setter *s, struct piece *piece)
{
    const struct block *b = piece->block;
    struct setting set = b->type == BLOCK_HEADING ? heading_setting(b->level) : para_setting(b->type);
    for (const struct para *p = b->paras; p; p = p->next)
        piece->n++;
    piece->lines = arena_array(s->cx->arena, piece->n, sizeof *piece->lines);
    piece->marks = arena_array(s->cx->arena, piece->n, sizeof *piece->marks);
    size_t i = 0;
    for (const struct para *p = b->paras; p; p = p->next, i++) {
        piece->lines[i] = pdf_lay(s->pdf, &set, linked_runs(s, p->runs));
        if (b->type == BLOCK_LIST)
            piece->marks[i] =
                pdf_lay_text(s->pdf, &set, b->ordered ? arena_printf(s->cx->arena, "%zu.", i + 1) : "–");
    }
}

struct laid *setter_caption(struct setter *s, const char *pattern, int number, const char *caption)
{
    struct setting set = {
        .face = FACE_SANS, .size = 9.6, .leading = 1.3, .width = PAGE_WIDTH, .paint = PAINT_INK, .bold = true};
    return pdf_lay_text(s->pdf, &set, doc_caption(s->cx->arena, pattern, number, caption));
}

struct laid *setter_small(struct setter *s, const char *text)
{
    struct setting small = {
        .face = FACE_SANS, .size = 8, .leading = 1.3, .width = PAGE_WIDTH, .paint = PAINT_MUTED};
    return text ? pdf_lay_text(s->pdf, &small, text) : NULL;
}

static void prepare_picture(struct setter *s, struct piece *piece)
{
    const struct picture *p = piece->block->picture;
    piece->caption = setter_caption(s, s->doc->labels.picture, p->number, p->caption);
    piece->source = setter_small(s, doc_source(s->doc, p->source));
    double room = (PAGE_BOTTOM - PAGE_TOP) * 0.74, width = PAGE_WIDTH, height = 0;
    for (int tries = 0; tries < 20; tries++) {
        height = p->chart ? chart_height(p->chart, width, DRAWING_EM) : map_height(p->map, width, DRAWING_EM);
        if (height <= room || !p->map)
            break;
        width *= 0.92;
    }
    piece->drawing_width = width;
    piece->drawing_height = height;
}

static void prepare(struct setter *s, struct piece *piece, const struct block *b)
{
    piece->block = b;
    if (b->table)
        piece->table = pdf_table_prepare(s, b->table);
    else if (b->picture)
        prepare_picture(s, piece);
    else
        prepare_paras(s, piece);
}

/* --- flowing ---------------------------------------------------------------------------------------- */

/* Lines of a paragraph over pages; never one line alone at either end of a page. */
static void flow_lines(struct setter *s, const struct laid *l, double x)
{
    size_t total = laid_lines(l), done = 0;
    double line = laid_height(l, 0, 1);
    while (done < total) {
        size_t left = total - done,
               fit = s->y < PAGE_BOTTOM ? (size_t)((PAGE_BOTTOM - s->y) / line + 1e-9) : 0;
        if (fit < left && s->y > PAGE_TOP) {
            if (left - fit < 2 && fit > 0)
                fit--;
            if (fit < 2) {
                setter_new_page(s);
                continue;
            }
        }
        size_t n = fit < left ? (fit ? fit : 1) : left;
        setter_set(s, l, done, n, x);
        done += n;
        if (done < total)
            setter_new_page(s);
    }
}

/* Height that must fit below a heading: the first lines or the start of what follows. */
static double start_height(const struct piece *p)
{
    switch (p->block->type) {
    case BLOCK_HEADING:
        return laid_height(p->lines[0], 0, 9) + 18;
    case BLOCK_TABLE:
        return pdf_table_start(p->table);
    case BLOCK_PICTURE:
        return fmin(p->drawing_height + 50, (PAGE_BOTTOM - PAGE_TOP) * 0.8);
    case BLOCK_PARA:
    case BLOCK_LIST:
    case BLOCK_NOTE:
        return p->n ? laid_height(p->lines[0], 0, 2) + 8 : 0;
    default:
        return 30;
    }
}

static void flow_heading(struct setter *s, const struct piece *p, size_t left)
{
    static const double BEFORE[] = {0, 22, 16, 12}, AFTER[] = {0, 7, 5, 3};
    int level = p->block->level;
    double need = laid_height(p->lines[0], 0, 99);
    /* Headings that follow each other stay together, and with what comes after the last. */
    for (size_t i = 1; i < left; i++) {
        need += start_height(&p[i]);
        if (p[i].block->type != BLOCK_HEADING)
            break;
    }
    need = fmin(need + BEFORE[level], (PAGE_BOTTOM - PAGE_TOP) * 0.9);
    setter_need(s, need);
    if (s->y > PAGE_TOP)
        s->y += BEFORE[level];
    s->heading_page[p->block->number] = s->page;
    if (s->draw) {
        const char *place = arena_printf(s->cx->arena, "h%d", p->block->number);
        pdf_place(s->pdf, place, s->y);
        pdf_outline(s->pdf, level, doc_heading_text(s->cx->arena, p->block), place);
    }
    if (level == 1)
        setter_line(s, PAGE_LEFT, PAGE_LEFT + 36, s->y - 3, PAINT_GOLD, 2);
    setter_set(s, p->lines[0], 0, laid_lines(p->lines[0]), PAGE_LEFT);
    s->y += AFTER[level];
}

static void flow_list(struct setter *s, const struct piece *p)
{
    for (size_t i = 0; i < p->n; i++) {
        setter_need(s, laid_height(p->lines[i], 0, 2));
        double y = s->y;
        setter_set(s, p->marks[i], 0, 1, PAGE_LEFT + 2);
        s->y = y;
        flow_lines(s, p->lines[i], PAGE_LEFT + 18);
        s->y += 3;
    }
    s->y += 4;
}

static void flow_note(struct setter *s, const struct piece *p)
{
    for (size_t i = 0; i < p->n; i++) {
        double height = laid_height(p->lines[i], 0, laid_lines(p->lines[i]));
        setter_need(s, fmin(height + 12, PAGE_BOTTOM - PAGE_TOP));
        s->y += 5;
        if (s->draw && s->y + height <= PAGE_BOTTOM + 1) {
            struct canvas *c = pdf_canvas(s->pdf, 0, 0, 595, 842, DRAWING_EM);
            canvas_rect(c, PAGE_LEFT, s->y - 1, 2.4, height + 2, PAINT_GOLD);
            pdf_canvas_end(c);
        }
        flow_lines(s, p->lines[i], PAGE_LEFT + 14);
        s->y += 9;
    }
}

static void flow_picture(struct setter *s, const struct piece *p)
{
    const struct picture *pic = p->block->picture;
    double caption = laid_height(p->caption, 0, 99), source = p->source ? laid_height(p->source, 0, 99) : 0;
    setter_need(s, fmin(10 + caption + 6 + p->drawing_height + source + 4, PAGE_BOTTOM - PAGE_TOP));
    if (s->y > PAGE_TOP)
        s->y += 10;
    setter_set(s, p->caption, 0, laid_lines(p->caption), PAGE_LEFT);
    s->y += 6;
    if (s->draw) {
        /* A chart of more rows than a page holds is drawn smaller rather than cut. */
        double room = PAGE_BOTTOM - s->y - source, em = DRAWING_EM;
        double shrink = p->drawing_height > room ? room / p->drawing_height : 1;
        struct canvas *c =
            pdf_canvas(s->pdf, PAGE_LEFT, s->y, p->drawing_width, p->drawing_height * shrink, em * shrink);
        if (pic->chart)
            chart_draw(s->cx, pic->chart, &s->doc->labels, c);
        else
            map_draw(s->cx, pic->map, &s->doc->labels, c);
        pdf_canvas_end(c);
    }
    s->y = fmin(s->y + p->drawing_height, PAGE_BOTTOM - source);
    if (p->source)
        setter_set(s, p->source, 0, laid_lines(p->source), PAGE_LEFT);
    s->y += 12;
}

static void flow_contents(struct setter *s)
{
    struct setting head = heading_setting(2);
    struct laid *title = pdf_lay_text(s->pdf, &head, s->doc->labels.contents);
    s->y += s->y > PAGE_TOP ? 14 : 0;
    setter_need(s, 60);
    setter_set(s, title, 0, 1, PAGE_LEFT);
    s->y += 5;
    for (const struct block *b = s->doc->blocks; b; b = b->next) {
        if (b->type != BLOCK_HEADING || b->level > 2)
            continue;
        double indent = b->level == 1 ? 0 : 16;
        struct setting set = {.face = FACE_SERIF,
                              .size = b->level == 1 ? 10.4 : 9.8,
                              .leading = 1.4,
                              .width = PAGE_WIDTH - 40 - indent,
                              .paint = PAINT_INK,
                              .bold = b->level == 1};
        struct laid *l = pdf_lay_text(s->pdf, &set, doc_heading_text(s->cx->arena, b));
        double height = laid_height(l, 0, laid_lines(l));
        setter_need(s, height);
        if (s->draw) {
            double base = s->y + height - set.size * 0.42;
            struct text_style t = {.size = 9.6, .paint = PAINT_INK, .anchor = ANCHOR_END};
            text_at(s, PAGE_LEFT + PAGE_WIDTH, base, t,
                    arena_printf(s->cx->arena, "%d", s->heading_page[b->number]), 40);
            pdf_goto(s->pdf, arena_printf(s->cx->arena, "h%d", b->number), PAGE_LEFT, s->y, PAGE_WIDTH,
                     height);
        }
        setter_set(s, l, 0, laid_lines(l), PAGE_LEFT + indent);
        s->y += 1.5;
    }
    s->y += 10;
}

static void flow_signature(struct setter *s, const struct block *b)
{
    setter_need(s, 70);
    s->y += 26;
    struct setting set = {
        .face = FACE_SERIF, .size = 10.4, .leading = 1.3, .width = PAGE_WIDTH * 0.44, .paint = PAINT_INK};
    struct laid *role = pdf_lay_text(s->pdf, &set, b->role);
    set.width = PAGE_WIDTH * 0.3;
    set.bold = true;
    struct laid *name = pdf_lay_text(s->pdf, &set, b->name);
    double y = s->y, height = fmax(laid_height(role, 0, 99), laid_height(name, 0, 99));
    setter_set(s, role, 0, laid_lines(role), PAGE_LEFT);
    s->y = y;
    setter_set(s, name, 0, laid_lines(name), PAGE_LEFT + PAGE_WIDTH * 0.7);
    s->y = y + height;
    setter_line(s, PAGE_LEFT + PAGE_WIDTH * 0.47, PAGE_LEFT + PAGE_WIDTH * 0.67, y + 12, PAINT_MUTED, 0.5);
    if (b->date && s->draw)
        text_at(s, PAGE_LEFT + PAGE_WIDTH * 0.7, s->y + 9,
                (struct text_style){.size = 8.6, .paint = PAINT_MUTED}, b->date, PAGE_WIDTH * 0.3);
    s->y += 16;
}

static void flow_title(struct setter *s)
{
    const struct doc_meta *m = &s->doc->meta;
    struct setting set = {.face = FACE_SERIF,
                          .size = 25,
                          .leading = 1.14,
                          .width = PAGE_WIDTH,
                          .paint = PAINT_INK,
                          .bold = true};
    struct laid *title = pdf_lay_text(s->pdf, &set, m->title);
    set.size = 13;
    set.leading = 1.3;
    set.bold = false;
    set.paint = PAINT_MUTED;
    setter_line(s, PAGE_LEFT, PAGE_LEFT + PAGE_WIDTH, s->y, PAINT_SKY, 2.2);
    s->y += 12;
    setter_set(s, title, 0, laid_lines(title), PAGE_LEFT);
    s->y += 4;
    if (m->subtitle) {
        struct laid *l = pdf_lay_text(s->pdf, &set, m->subtitle);
        setter_set(s, l, 0, laid_lines(l), PAGE_LEFT);
    }
    set.face = FACE_SANS;
    set.size = 9.4;
    const char *line = m->date_text && m->author
                           ? arena_printf(s->cx->arena, "%s · %s", m->author, m->date_text)
                       : m->author ? m->author
                                   : m->date_text;
    if (line) {
        s->y += 5;
        struct laid *l = pdf_lay_text(s->pdf, &set, line);
        setter_set(s, l, 0, laid_lines(l), PAGE_LEFT);
    }
    s->y += 8;
    setter_line(s, PAGE_LEFT, PAGE_LEFT + PAGE_WIDTH, s->y, PAINT_GRID, 0.6);
    s->y += 12;
}

static void flow_piece(struct setter *s, const struct piece *p, size_t left)
{
    switch (p->block->type) {
    case BLOCK_HEADING:
        flow_heading(s, p, left);
        break;
    case BLOCK_PARA:
        for (size_t i = 0; i < p->n; i++)
            flow_lines(s, p->lines[i], PAGE_LEFT);
        s->y += 6;
        break;
    case BLOCK_LIST:
        flow_list(s, p);
        break;
    case BLOCK_NOTE:
        flow_note(s, p);
        break;
    case BLOCK_TABLE:
        pdf_table_flow(s, p->table);
        break;
    case BLOCK_PICTURE:
        flow_picture(s, p);
        break;
    case BLOCK_PAGE_BREAK:
        if (s->y > PAGE_TOP)
            setter_new_page(s);
        break;
    case BLOCK_CONTENTS:
        flow_contents(s);
        break;
    case BLOCK_SIGNATURE:
        flow_signature(s, p->block);
        break;
    }
}

int doc_pdf(struct ctx *cx, struct doc *d, struct buf *out)
{
    doc_seal(d);
    struct pdf_meta meta = {.title = d->meta.title,
                            .author = d->meta.author,
                            .subject = d->meta.subject,
                            .date = d->meta.date,
                            .lang = d->lang};
    struct setter s = {.cx = cx, .doc = d, .pdf = pdf_begin(cx, &meta, out)};
    s.heading_page = arena_array(cx->arena, (size_t)d->n_headings + 1, sizeof *s.heading_page);
    size_t n = 0;
    for (const struct block *b = d->blocks; b; b = b->next)
        n++;
    struct piece *pieces = arena_array(cx->arena, n, sizeof *pieces);
    n = 0;
    for (const struct block *b = d->blocks; b; b = b->next)
        prepare(&s, &pieces[n++], b);
    for (int pass = 0; pass < 2; pass++) {
        s.draw = pass == 1;
        s.page = 0;
        setter_new_page(&s);
        flow_title(&s);
        for (size_t i = 0; i < n; i++)
            flow_piece(&s, &pieces[i], n - i);
        s.pages = s.page;
    }
    return pdf_end(s.pdf);
}
