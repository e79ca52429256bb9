/* canvas_svg.c - the canvas that writes SVG for pages. Colours are classes with the print colour as a
 * presentation attribute: a page's style sheet (dark mode too) overrides it, a saved file keeps it.
 * No style attribute, no script, no id: several drawings fit on one page under a strict policy. */
#include "report/canvas.h"
#include "report/draw.h"
#include "base/xml.h"

#include <math.h>

struct svg {
    struct buf *out;
    int depth;
};

static struct buf *svg_out(struct canvas *c)
{
    return ((struct svg *)c->self)->out;
}

/* One decimal is a tenth of a pixel; "-0" and ".0" are left out to keep pages small. */
static void put_number(struct buf *b, double v)
{
    double r = round(v * 10) / 10;
    if (!isfinite(r))
        r = 0;
    if (r == floor(r) && fabs(r) < 1e9)
        buf_printf(b, "%d", (int)r);
    else
        buf_printf(b, "%.1f", r);
}

static void put_attribute(struct buf *b, const char *name, double v)
{
    buf_printf(b, " %s=\"", name);
    put_number(b, v);
    buf_putc(b, '"');
}

static void put_paint(struct buf *b, enum paint fill, enum paint stroke, double width)
{
    buf_puts(b, " class=\"");
    if (fill)
        buf_printf(b, "f-%s", paint_name(fill));
    if (stroke)
        buf_printf(b, "%ss-%s", fill ? " " : "", paint_name(stroke));
    buf_puts(b, "\"");
    if (fill)
        buf_printf(b, " fill=\"#%06x\"", paint_rgb(fill));
    else
        buf_puts(b, " fill=\"none\"");
    if (stroke) {
        buf_printf(b, " stroke=\"#%06x\"", paint_rgb(stroke));
        buf_printf(b, " stroke-width=\"%.2f\"", width);
    }
}

static void put_points(struct buf *b, const struct point2 *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_putc(b, i ? 'L' : 'M');
        put_number(b, p[i].x);
        buf_putc(b, ' ');
        put_number(b, p[i].y);
    }
}

static void svg_polygon(struct canvas *c, const struct ring2 *rings, size_t n, enum paint fill,
                        enum paint stroke, double width)
{
    struct buf *b = svg_out(c);
    size_t start = b->len, drawn = 0;
    buf_puts(b, "<path d=\"");
    for (size_t i = 0; i < n; i++) {
        if (rings[i].n == 0) /* clipped away */
            continue;
        put_points(b, rings[i].points, rings[i].n);
        buf_putc(b, 'Z');
        drawn++;
    }
    if (!drawn) { /* a path without points is an error to some readers */
        b->len = start;
        b->data[start] = '\0';
        return;
    }
    buf_puts(b, "\"");
    if (n > 1)
        buf_puts(b, " fill-rule=\"evenodd\"");
    put_paint(b, fill, stroke, width);
    buf_puts(b, "/>");
}

static void svg_polyline(struct canvas *c, const struct point2 *points, size_t n, enum paint stroke,
                         double width, bool dashed)
{
    struct buf *b = svg_out(c);
    buf_puts(b, "<path d=\"");
    put_points(b, points, n);
    buf_puts(b, "\"");
    put_paint(b, PAINT_NONE, stroke, width);
    if (dashed)
        buf_printf(b, " stroke-dasharray=\"%.1f %.1f\"", width * 3, width * 2);
    buf_puts(b, " stroke-linejoin=\"round\"/>");
}

static void svg_circle(struct canvas *c, double x, double y, double r, enum paint fill, enum paint stroke,
                       double width)
{
    struct buf *b = svg_out(c);
    buf_puts(b, "<circle");
    put_attribute(b, "cx", x);
    put_attribute(b, "cy", y);
    put_attribute(b, "r", r);
    put_paint(b, fill, stroke, width);
    buf_puts(b, "/>");
}

static void svg_text(struct canvas *c, double x, double y, const struct text_style *s, const char *text)
{
    static const char *const ANCHORS[] = {"start", "middle", "end"};
    struct buf *b = svg_out(c);
    buf_puts(b, "<text");
    put_attribute(b, "x", x);
    put_attribute(b, "y", y);
    put_attribute(b, "font-size", s->size);
    if (s->anchor)
        buf_printf(b, " text-anchor=\"%s\"", ANCHORS[s->anchor]);
    if (s->bold)
        buf_puts(b, " font-weight=\"700\"");
    put_paint(b, s->paint, s->halo ? PAINT_PAPER : PAINT_NONE, s->size * 0.22);
    if (s->halo)
        buf_puts(b, " paint-order=\"stroke\" stroke-linejoin=\"round\"");
    buf_putc(b, '>');
    xml_escape(b, text ? text : "");
    buf_puts(b, "</text>");
}

static double svg_text_width(struct canvas *c, const struct text_style *s, const char *text)
{
    (void)c;
    return draw_text_width(text, s->size, s->bold);
}

static void svg_group(struct canvas *c, const char *title, const char *figure_id)
{
    struct buf *b = svg_out(c);
    buf_puts(b, "<g");
    if (figure_id) {
        buf_puts(b, " data-figure=\"");
        xml_escape(b, figure_id);
        buf_putc(b, '"');
    }
    buf_putc(b, '>');
    if (title && *title) {
        buf_puts(b, "<title>");
        xml_escape(b, title);
        buf_puts(b, "</title>");
    }
}

static void svg_group_end(struct canvas *c)
{
    buf_puts(svg_out(c), "</g>");
}

struct canvas *svg_begin(struct arena *a, struct buf *out, double width, double height, const char *kind,
                         const char *title, const char *desc)
{
    struct canvas *c = arena_alloc(a, sizeof *c);
    struct svg *self = arena_alloc(a, sizeof *self);
    self->out = out;
    *c = (struct canvas){.arena = a,
                         .width = width,
                         .height = height,
                         .em = 13,
                         .self = self,
                         .polygon = svg_polygon,
                         .polyline = svg_polyline,
                         .circle = svg_circle,
                         .text = svg_text,
                         .text_width = svg_text_width,
                         .begin = svg_group,
                         .end = svg_group_end};
    buf_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"%s\" role=\"img\" viewBox=\"0 0 ",
               kind);
    put_number(out, width);
    buf_putc(out, ' ');
    put_number(out, height);
    buf_puts(out, "\" font-family=\"PT Sans, sans-serif\"><title>");
    xml_escape(out, title ? title : "");
    buf_puts(out, "</title>");
    if (desc && *desc) {
        buf_puts(out, "<desc>");
        xml_escape(out, desc);
        buf_puts(out, "</desc>");
    }
    return c;
}

void svg_end(struct canvas *c)
{
    buf_puts(svg_out(c), "</svg>");
}
