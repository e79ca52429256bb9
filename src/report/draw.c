/* draw.c - the only file that knows cairo and pango; see draw.h.
 *
 * The fixed font options (no hinting) make line breaks and bytes the same on every screen
 * resolution; what remains are the versions of the libraries and fonts. */
#include "report/draw.h"

#include "base/arena.h"
#include "report/doc.h"
#include "report/text.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

static const double A4_WIDTH = 595.276, A4_HEIGHT = 841.890;
enum { OUTLINE_LEVELS = 3 };

struct pdf {
    struct ctx *cx;
    struct arena *arena; /* of the pdf alone: layouts are handles of the library, freed with it */
    struct buf *out;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoContext *pango;
    PangoLayout *small;                   /* of all canvases: a rule in a table must not cost a layout */
    int outline_last[OUTLINE_LEVELS + 1]; /* the last entry of each level; [0] is the root */
};

struct laid {
    PangoLayout *layout;
    struct setting setting;
    const struct run *runs;
    size_t lines;
};

/* --- fonts --------------------------------------------------------------------------------------- */

static PangoContext *context_new(void)
{
    PangoContext *pc = pango_font_map_create_context(pango_cairo_font_map_get_default());
    cairo_font_options_t *o = cairo_font_options_create();
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(pc, o);
    pango_context_set_round_glyph_positions(pc, FALSE);
    cairo_font_options_destroy(o);
    return pc;
}

static void layout_font(PangoLayout *layout, enum face face, double size, bool bold, bool italic)
{
    PangoFontDescription *f = pango_font_description_new();
    pango_font_description_set_family_static(f, face == FACE_SERIF ? "PT Serif" : "PT Sans");
    pango_font_description_set_absolute_size(f, size * PANGO_SCALE);
    pango_font_description_set_weight(f, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(f, italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    pango_layout_set_font_description(layout, f);
    pango_font_description_free(f);
}

static double layout_width(PangoLayout *layout, const char *text)
{
    PangoRectangle logical;
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

static GPrivate measure_key = G_PRIVATE_INIT(g_object_unref);

double draw_text_width(const char *text, double size, bool bold)
{
    PangoLayout *layout = g_private_get(&measure_key); /* pango's objects belong to one thread */
    if (!layout) {
        PangoContext *pc = context_new();
        layout = pango_layout_new(pc);
        g_object_unref(pc);
        g_private_set(&measure_key, layout);
    }
    layout_font(layout, FACE_SANS, size, bold, false);
    return layout_width(layout, text ? text : "");
}

/* --- the PDF ------------------------------------------------------------------------------------ */

static cairo_status_t write_to_buf(void *out, const unsigned char *data, unsigned length)
{
    buf_put(out, data, length);
    return ((struct buf *)out)->toobig ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void pdf_destroy(void *p)
{
    struct pdf *pdf = p;
    arena_free(pdf->arena);
    g_object_unref(pdf->small);
    g_object_unref(pdf->pango);
    cairo_destroy(pdf->cr);
    cairo_surface_destroy(pdf->surface);
}

static const char *iso_instant(struct arena *a, const char *date)
{
    if (!date || !*date)
        return "1970-01-01T00:00:00Z";
    return strchr(date, 'T') ? date : arena_printf(a, "%sT00:00:00Z", date);
}

struct pdf *pdf_begin(struct ctx *cx, const struct pdf_meta *meta, struct buf *out)
{
    struct pdf *p = arena_alloc(cx->arena, sizeof *p);
    p->cx = cx;
    p->arena = arena_new((size_t)512 << 20);
    p->out = out;
    p->surface = cairo_pdf_surface_create_for_stream(write_to_buf, out, A4_WIDTH, A4_HEIGHT);
    p->cr = cairo_create(p->surface);
    p->pango = context_new();
    p->small = pango_layout_new(p->pango);
    static const char *const TAGS[LANG_COUNT] = {"kk", "ru", "en"};
    pango_context_set_language(p->pango, pango_language_from_string(TAGS[meta->lang]));
    arena_defer(cx->arena, pdf_destroy, p);
    const struct {
        cairo_pdf_metadata_t key;
        const char *text;
    } info[] = {
        {CAIRO_PDF_METADATA_TITLE, meta->title},
        {CAIRO_PDF_METADATA_AUTHOR, meta->author},
        {CAIRO_PDF_METADATA_SUBJECT, meta->subject},
        {CAIRO_PDF_METADATA_CREATE_DATE, iso_instant(cx->arena, meta->date)},
        {CAIRO_PDF_METADATA_MOD_DATE, iso_instant(cx->arena, meta->date)},
    };
    for (size_t i = 0; i < sizeof info / sizeof *info; i++)
        if (info[i].text && *info[i].text)
            cairo_pdf_surface_set_metadata(p->surface, info[i].key, text_clean(cx->arena, info[i].text));
    return p;
}

int pdf_end(struct pdf *p)
{
    cairo_status_t drawn = cairo_status(p->cr);
    cairo_surface_finish(p->surface);
    cairo_status_t status = drawn ? drawn : cairo_surface_status(p->surface);
    if (p->out->toobig)
        return fail(p->cx, ERR_LIMIT, "The report is too large for a PDF.");
    if (status)
        return fail(p->cx, ERR_IO, "The PDF cannot be written: %s.", cairo_status_to_string(status));
    return OK;
}

void pdf_next_page(struct pdf *p)
{
    cairo_show_page(p->cr);
}

/* --- text ---------------------------------------------------------------------------------------- */

static void set_source(cairo_t *cr, enum paint paint)
{
    unsigned rgb = paint_rgb(paint);
    cairo_set_source_rgb(cr, (rgb >> 16) / 255.0, ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0);
}

static void attribute_add(PangoAttrList *list, PangoAttribute *attr, size_t from, size_t to)
{
    attr->start_index = (guint)from;
    attr->end_index = (guint)to;
    pango_attr_list_insert(list, attr);
}

/* In large type a break behind a hyphen inside a word looks like a mistake. */
static void keep_hyphens(PangoAttrList *list, const struct buf *text)
{
    for (size_t i = 1; i + 1 < text->len; i++)
        if (text->data[i] == '-' && text->data[i - 1] != ' ' && text->data[i + 1] != ' ')
            attribute_add(list, pango_attr_allow_breaks_new(FALSE), i, i + 2);
}

/* The text of all runs and, as attributes, how they look. */
static void layout_runs(struct pdf *p, PangoLayout *layout, const struct run *runs, bool large)
{
    PangoAttrList *list = pango_attr_list_new();
    struct buf text;
    buf_init(&text, 0);
    for (const struct run *r = runs; r; r = r->next) {
        size_t from = text.len;
        buf_puts(&text, text_clean(p->arena, r->text));
        if (r->style & RUN_BOLD)
            attribute_add(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, text.len);
        if (r->style & RUN_ITALIC)
            attribute_add(list, pango_attr_style_new(PANGO_STYLE_ITALIC), from, text.len);
        if (r->href && !r->figure_id) { /* numbers are links too, but a page full of colour is no text */
            unsigned rgb = paint_rgb(PAINT_SKY);
            attribute_add(list,
                          pango_attr_foreground_new((guint16)((rgb >> 16) * 257),
                                                    (guint16)(((rgb >> 8) & 255) * 257),
                                                    (guint16)((rgb & 255) * 257)),
                          from, text.len);
        }
    }
    if (large)
        keep_hyphens(list, &text);
    pango_layout_set_text(layout, text.data, (int)text.len);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    buf_free(&text);
}

struct laid *pdf_lay(struct pdf *p, const struct setting *s, const struct run *runs)
{
    struct laid *l = arena_alloc(p->arena, sizeof *l);
    l->setting = *s;
    l->runs = runs;
    l->layout = pango_layout_new(p->pango);
    arena_defer(p->arena, g_object_unref, l->layout);
    layout_font(l->layout, s->face, s->size, s->bold, s->italic);
    pango_layout_set_width(l->layout, s->width > 0 ? (int)(s->width * PANGO_SCALE) : -1);
    pango_layout_set_wrap(l->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(l->layout, (int)(s->indent * PANGO_SCALE));
    pango_layout_set_justify(l->layout, s->justify);
    pango_layout_set_alignment(l->layout, s->align == ALIGN_RIGHT    ? PANGO_ALIGN_RIGHT
                                          : s->align == ALIGN_CENTER ? PANGO_ALIGN_CENTER
                                                                     : PANGO_ALIGN_LEFT);
    layout_runs(p, l->layout, runs, s->size >= 13);
    l->lines = (size_t)pango_layout_get_line_count(l->layout);
    return l;
}

struct laid *pdf_lay_text(struct pdf *p, const struct setting *s, const char *text)
{
    struct run *r = arena_alloc(p->arena, sizeof *r);
    r->text = text ? text : "";
    return pdf_lay(p, s, r);
}

size_t laid_lines(const struct laid *l)
{
    return l->lines;
}

static double line_height(const struct laid *l)
{
    return l->setting.size * (l->setting.leading > 0 ? l->setting.leading : 1.3);
}

double laid_height(const struct laid *l, size_t first, size_t n)
{
    size_t left = first < l->lines ? l->lines - first : 0;
    return line_height(l) * (double)(n < left ? n : left);
}

double laid_width(const struct laid *l)
{
    PangoRectangle logical;
    pango_layout_get_extents(l->layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

/* A link attribute in cairo's syntax: quotes and backslashes are escaped with a backslash. */
static const char *tag_quote(struct arena *a, const char *s)
{
    char *quoted = arena_alloc(a, strlen(s) * 2 + 1), *to = quoted;
    for (; *s; s++) {
        if (*s == '\'' || *s == '\\')
            *to++ = '\\';
        *to++ = *s;
    }
    return quoted;
}

static void tag_rect(struct pdf *p, const char *key, const char *value, double x, double y, double w,
                     double h)
{
    const char *attributes = arena_printf(p->arena, "%s='%s' rect=[%.2f %.2f %.2f %.2f]", key,
                                          tag_quote(p->arena, value), x, y, w, h);
    cairo_tag_begin(p->cr, CAIRO_TAG_LINK, attributes);
    cairo_tag_end(p->cr, CAIRO_TAG_LINK);
}

/* The rectangles of a line's links. */
static void set_links(struct pdf *p, const struct laid *l, PangoLayoutLine *line, double x, double y)
{
    int at = 0;
    for (const struct run *r = l->runs; r; r = r->next) {
        int from = at, to = at + (int)strlen(text_clean(p->arena, r->text));
        at = to;
        if (!r->href || to <= line->start_index || from >= line->start_index + line->length)
            continue;
        int *ranges = NULL, n = 0;
        pango_layout_line_get_x_ranges(line, from, to, &ranges, &n);
        for (int i = 0; i < n; i++) {
            double left = (double)ranges[2 * i] / PANGO_SCALE,
                   right = (double)ranges[2 * i + 1] / PANGO_SCALE;
            tag_rect(p, "uri", r->href, x + left, y, right - left, line_height(l));
        }
        g_free(ranges);
    }
}

void pdf_set(struct pdf *p, const struct laid *l, size_t first, size_t n, double x, double y)
{
    double lead = line_height(l);
    set_source(p->cr, l->setting.paint);
    PangoLayoutIter *it = pango_layout_get_iter(l->layout);
    size_t i = 0;
    do {
        if (i >= first && i < first + n) {
            PangoRectangle logical;
            pango_layout_iter_get_line_extents(it, NULL, &logical);
            double top = y + lead * (double)(i - first);
            PangoLayoutLine *line = pango_layout_iter_get_line_readonly(it);
            cairo_move_to(p->cr, x + (double)logical.x / PANGO_SCALE,
                          top + lead * 0.5 + l->setting.size * 0.34);
            pango_cairo_show_layout_line(p->cr, line);
            set_links(p, l, line, x, top);
        }
        i++;
    } while (pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
}

void pdf_place(struct pdf *p, const char *name, double y)
{
    cairo_tag_begin(p->cr, CAIRO_TAG_DEST, arena_printf(p->arena, "name='%s' x=0 y=%.2f", name, y));
    cairo_tag_end(p->cr, CAIRO_TAG_DEST);
}

void pdf_goto(struct pdf *p, const char *name, double x, double y, double w, double h)
{
    tag_rect(p, "dest", name, x, y, w, h);
}

void pdf_outline(struct pdf *p, int level, const char *text, const char *place)
{
    int parent = 0;
    for (int i = 1; i < level && i < OUTLINE_LEVELS; i++)
        if (p->outline_last[i])
            parent = p->outline_last[i];
    int id = cairo_pdf_surface_add_outline(p->surface, parent, text_clean(p->arena, text),
                                           arena_printf(p->arena, "dest='%s'", place),
                                           level == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : 0);
    p->outline_last[level] = id;
    for (int i = level + 1; i <= OUTLINE_LEVELS; i++)
        p->outline_last[i] = 0;
}

/* --- the canvas ------------------------------------------------------------------------------------ */

struct cairo_canvas {
    cairo_t *cr;
    PangoLayout *layout;
};

static cairo_t *canvas_cr(struct canvas *c)
{
    return ((struct cairo_canvas *)c->self)->cr;
}

static void path_points(cairo_t *cr, const struct point2 *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i)
            cairo_line_to(cr, p[i].x, p[i].y);
        else
            cairo_move_to(cr, p[i].x, p[i].y);
}

static void fill_and_stroke(cairo_t *cr, enum paint fill, enum paint stroke, double width)
{
    if (fill) {
        set_source(cr, fill);
        if (stroke)
            cairo_fill_preserve(cr);
        else
            cairo_fill(cr);
    }
    if (stroke) {
        set_source(cr, stroke);
        cairo_set_line_width(cr, width);
        cairo_stroke(cr);
    }
    cairo_new_path(cr);
}

static void cairo_polygon(struct canvas *c, const struct ring2 *rings, size_t n, enum paint fill,
                          enum paint stroke, double width)
{
    cairo_t *cr = canvas_cr(c);
    for (size_t i = 0; i < n; i++) {
        path_points(cr, rings[i].points, rings[i].n);
        cairo_close_path(cr);
    }
    fill_and_stroke(cr, fill, stroke, width);
}

static void cairo_polyline(struct canvas *c, const struct point2 *points, size_t n, enum paint stroke,
                           double width, bool dashed)
{
    cairo_t *cr = canvas_cr(c);
    path_points(cr, points, n);
    if (dashed)
        cairo_set_dash(cr, (double[]){width * 3, width * 2}, 2, 0);
    fill_and_stroke(cr, PAINT_NONE, stroke, width);
    cairo_set_dash(cr, NULL, 0, 0);
}

static void cairo_circle(struct canvas *c, double x, double y, double r, enum paint fill, enum paint stroke,
                         double width)
{
    cairo_t *cr = canvas_cr(c);
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, r, 0, 2 * G_PI);
    fill_and_stroke(cr, fill, stroke, width);
}

static double cairo_text_width(struct canvas *c, const struct text_style *s, const char *text)
{
    struct cairo_canvas *self = c->self;
    layout_font(self->layout, FACE_SANS, s->size, s->bold, false);
    return layout_width(self->layout, text_clean(c->arena, text));
}

static void cairo_text(struct canvas *c, double x, double y, const struct text_style *s, const char *text)
{
    struct cairo_canvas *self = c->self;
    double width = cairo_text_width(c, s, text);
    PangoLayoutLine *line = pango_layout_get_line_readonly(self->layout, 0);
    cairo_move_to(self->cr, x - width * 0.5 * s->anchor, y);
    if (s->halo) {
        pango_cairo_layout_line_path(self->cr, line);
        set_source(self->cr, PAINT_PAPER);
        cairo_set_line_width(self->cr, s->size * 0.22);
        cairo_set_line_join(self->cr, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(self->cr);
        cairo_set_line_join(self->cr, CAIRO_LINE_JOIN_MITER);
        cairo_move_to(self->cr, x - width * 0.5 * s->anchor, y);
    }
    set_source(self->cr, s->paint);
    pango_cairo_show_layout_line(self->cr, line);
    cairo_new_path(self->cr);
}

static void cairo_group(struct canvas *c, const char *title, const char *figure_id)
{
    (void)c, (void)title, (void)figure_id; /* pages only */
}

static void cairo_group_end(struct canvas *c)
{
    (void)c;
}

static struct canvas *canvas_new(struct arena *a, cairo_t *cr, PangoLayout *layout, double w, double h,
                                 double em)
{
    struct canvas *c = arena_alloc(a, sizeof *c);
    struct cairo_canvas *self = arena_alloc(a, sizeof *self);
    self->cr = cr;
    self->layout = layout;
    *c = (struct canvas){.arena = a,
                         .width = w,
                         .height = h,
                         .em = em,
                         .self = self,
                         .polygon = cairo_polygon,
                         .polyline = cairo_polyline,
                         .circle = cairo_circle,
                         .text = cairo_text,
                         .text_width = cairo_text_width,
                         .begin = cairo_group,
                         .end = cairo_group_end};
    return c;
}

struct canvas *pdf_canvas(struct pdf *p, double x, double y, double w, double h, double em)
{
    cairo_save(p->cr);
    cairo_translate(p->cr, x, y);
    cairo_set_fill_rule(p->cr, CAIRO_FILL_RULE_EVEN_ODD);
    return canvas_new(p->arena, p->cr, p->small, w, h, em);
}

void pdf_canvas_end(struct canvas *c)
{
    cairo_restore(canvas_cr(c));
}

int draw_png(struct ctx *cx, double width, double height, double em, double dpi,
             void (*paint)(struct canvas *c, void *work), void *work, struct buf *out)
{
    double scale = dpi / 72;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * scale), (int)ceil(height * scale));
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, scale, scale);
    set_source(cr, PAINT_PAPER);
    cairo_paint(cr);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
    struct arena *a = arena_new(0);
    PangoContext *pc = context_new();
    PangoLayout *layout = pango_layout_new(pc);
    paint(canvas_new(a, cr, layout, width, height, em), work);
    cairo_status_t status = cairo_status(cr);
    if (!status)
        status = cairo_surface_write_to_png_stream(surface, write_to_buf, out);
    arena_free(a);
    g_object_unref(layout);
    g_object_unref(pc);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    if (status)
        return fail(cx, ERR_IO, "The picture cannot be drawn: %s.", cairo_status_to_string(status));
    return OK;
}

const char *draw_missing_font(void)
{
    static const char *const NEEDED[] = {"PT Serif", "PT Sans"};
    PangoFontFamily **families;
    int n;
    pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &n);
    const char *missing = NULL;
    for (size_t i = 0; i < sizeof NEEDED / sizeof *NEEDED && !missing; i++) {
        bool found = false;
        for (int j = 0; j < n && !found; j++)
            found = strcmp(pango_font_family_get_name(families[j]), NEEDED[i]) == 0;
        missing = found ? NULL : NEEDED[i];
    }
    g_free(families);
    return missing;
}
