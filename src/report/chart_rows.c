/* chart_rows.c - charts of one row per place: bars, dots with intervals, stacked shares. */
#include "report/chart_parts.h"
#include "report/draw.h"

#include <math.h>

static double widest_label(const struct plot *p, const struct chart_point *points, size_t n)
{
    struct text_style t = text_normal(p);
    double widest = 0;
    for (size_t i = 0; i < n; i++)
        if (points[i].label)
            widest = fmax(widest, p->cv->text_width(p->cv, &t, points[i].label));
    return fmin(widest, p->cv->width * 0.36);
}

static double widest_value(const struct plot *p, const struct chart_point *points, size_t n)
{
    struct text_style t = text_normal(p);
    double widest = 0;
    for (size_t i = 0; i < n; i++)
        if (point_shown(&points[i]))
            widest = fmax(widest, p->cv->text_width(p->cv, &t, point_text(p, &points[i])));
    return widest;
}

/* Grid lines with their numbers below the rows, the axis title and the reference line. */
static void draw_value_axis(const struct plot *p)
{
    struct canvas *cv = p->cv;
    struct text_style t = text_small(p);
    t.anchor = ANCHOR_MIDDLE;
    for (int i = 0; p->low + i * p->step <= p->high + p->step * 0.01; i++) {
        double v = p->low + i * p->step, x = plot_x(p, v);
        canvas_line(cv, x, p->top, x, p->bottom, PAINT_GRID, p->em * 0.06);
        cv->text(cv, x, p->bottom + p->em * 1.2, &t, axis_text(p, v));
    }
    if (p->low < 0 && p->high > 0)
        canvas_line(cv, plot_x(p, 0), p->top, plot_x(p, 0), p->bottom, PAINT_MUTED, p->em * 0.08);
    if (p->chart->unit) {
        t.anchor = ANCHOR_START;
        cv->text(cv, p->left, p->bottom + p->em * 2.5, &t,
                 canvas_fit(cv, &t, p->chart->unit, cv->width - p->left));
    }
}

static void draw_reference(const struct plot *p)
{
    const struct chart *c = p->chart;
    if (!c->has_reference || !isfinite(c->reference))
        return;
    double x = plot_x(p, c->reference);
    struct point2 line[2] = {{x, p->top}, {x, p->bottom}};
    p->cv->polyline(p->cv, line, 2, PAINT_GOLD, p->em * 0.11, true);
    if (!c->reference_label)
        return;
    struct text_style t = text_small(p);
    t.paint = PAINT_GOLD;
    double half = p->cv->text_width(p->cv, &t, c->reference_label) / 2;
    double at = fmax(half, fmin(x, p->cv->width - half));
    t.anchor = ANCHOR_MIDDLE;
    p->cv->text(p->cv, at, p->top - p->em * 0.45, &t, c->reference_label);
}

static void draw_whisker(const struct plot *p, const struct chart_point *pt, double y, double cap,
                         enum paint paint)
{
    double a = plot_x(p, pt->low), b = plot_x(p, pt->high), w = p->em * 0.1;
    canvas_line(p->cv, a, y, b, y, paint, w);
    canvas_line(p->cv, a, y - cap, a, y + cap, paint, w);
    canvas_line(p->cv, b, y - cap, b, y + cap, paint, w);
}

static void draw_bar(const struct plot *p, const struct chart_point *pt, double y, bool soft)
{
    double zero = plot_x(p, fmax(p->low, 0)), x = plot_x(p, pt->value), h = p->em * 1.1;
    double left = fmin(zero, x), width = fabs(x - zero);
    enum paint fill = pt->emphasis ? (soft ? PAINT_GOLD_SOFT : PAINT_GOLD)
                      : soft       ? PAINT_SKY_SOFT
                                   : PAINT_SKY;
    if (pt->forecast) {
        struct point2 c[4] = {
            {left, y - h / 2}, {left + width, y - h / 2}, {left + width, y + h / 2}, {left, y + h / 2}};
        struct ring2 r = {c, 4};
        p->cv->polygon(p->cv, &r, 1, PAINT_PAPER, pt->emphasis ? PAINT_GOLD : PAINT_SKY, p->em * 0.1);
    } else {
        canvas_rect(p->cv, left, y - h / 2, width, h, fill);
    }
    if (point_has_interval(pt))
        draw_whisker(p, pt, y, p->em * 0.25, PAINT_INK);
}

static void draw_dot(const struct plot *p, const struct chart_point *pt, double y)
{
    enum paint paint = pt->emphasis ? PAINT_GOLD : PAINT_SKY;
    if (point_has_interval(pt)) {
        double a = plot_x(p, pt->low), b = plot_x(p, pt->high);
        canvas_line(p->cv, a, y, b, y, pt->emphasis ? PAINT_GOLD_SOFT : PAINT_SKY_SOFT, p->em * 0.42);
    }
    p->cv->circle(p->cv, plot_x(p, pt->value), y, p->em * 0.34, pt->forecast ? PAINT_PAPER : paint, paint,
                  p->em * 0.12);
}

static void draw_row(const struct plot *p, const struct chart_point *pt, double y, bool soft)
{
    struct canvas *cv = p->cv;
    struct text_style t = text_normal(p);
    cv->begin(cv, point_title(p, NULL, pt), pt->figure_id);
    t.bold = pt->emphasis;
    cv->text(cv, 0, y + p->em * 0.34, &t, canvas_fit(cv, &t, pt->label, p->left - p->em * 0.6));
    double x = p->left;
    if (point_shown(pt)) {
        if (p->chart->kind == CHART_BARS)
            draw_bar(p, pt, y, soft);
        else
            draw_dot(p, pt, y);
        x = plot_x(p, pt->value);
        if (p->chart->kind == CHART_BARS)
            x = fmax(x, plot_x(p, fmax(p->low, 0)));
        if (point_has_interval(pt))
            x = fmax(x, plot_x(p, pt->high));
    } else {
        t.paint = PAINT_MUTED;
        if (pt->hidden) { /* the same width for every hidden value: it says nothing */
            canvas_hatch_rect(cv, p->left, y - p->em * 0.5, p->em * 3, p->em);
            x = p->left + p->em * 3;
        }
    }
    t.halo = true; /* the reference line may pass below */
    cv->text(cv, x + p->em * 0.6, y + p->em * 0.34, &t, point_text(p, pt));
    cv->end(cv);
}

void chart_draw_rows(struct plot *p)
{
    const struct chart_series *s = &p->chart->series[0];
    bool bars = p->chart->kind == CHART_BARS, soft = false;
    double row = p->em * (bars ? 1.75 : 1.6);
    plot_scale(p, bars);
    p->left = widest_label(p, s->points, s->n) + p->em * 0.8;
    p->right = p->cv->width - widest_value(p, s->points, s->n) - p->em * 0.8;
    if (p->right < p->left + p->em * 4)
        p->right = p->left + p->em * 4;
    p->top = p->chart->has_reference ? p->em * 1.4 : p->em * 0.2;
    p->bottom = p->top + row * (double)s->n;
    draw_value_axis(p);
    for (size_t i = 0; i < s->n; i++)
        soft |= point_has_interval(&s->points[i]);
    draw_reference(p);
    for (size_t i = 0; i < s->n; i++)
        draw_row(p, &s->points[i], p->top + row * ((double)i + 0.5), soft);
}

/* --- stacked shares ------------------------------------------------------------------------------------ */

static const double STACK_ROW = 2.1;

static size_t stack_parts(const struct chart *c)
{
    size_t n = 0;
    for (size_t s = 0; s < c->n_series; s++)
        n = c->series[s].n > n ? c->series[s].n : n;
    return n;
}

static enum paint part_paint(size_t i)
{
    return (enum paint)(PAINT_PART1 + (int)(i % 6));
}

double chart_stack_height(const struct chart *c, double width, double em)
{
    double x = 0, lines = 1;
    for (size_t i = 0; c->n_series && i < c->series[0].n; i++) { /* as draw_part_names() lets them flow */
        double w = draw_text_width(c->series[0].points[i].label, em * 0.88, false) + em * 2.4;
        lines += x > 0 && x + w > width;
        x = x > 0 && x + w > width ? w : x + w;
    }
    lines += x > width - em * 10; /* the word "protected" may need a line */
    return em * (STACK_ROW * (double)c->n_series + lines * 1.5 + 0.8);
}

/* The names of the parts with their colours, flowing over lines. Returns the y below them. */
static double draw_part_names(const struct plot *p, double y)
{
    struct canvas *cv = p->cv;
    struct text_style t = text_small(p);
    double x = 0;
    bool hidden = false;
    const struct chart *c = p->chart;
    for (size_t i = 0; i < stack_parts(c); i++) {
        const char *name =
            i < c->series[0].n && c->series[0].points[i].label ? c->series[0].points[i].label : "";
        double w = cv->text_width(cv, &t, name) + p->em * 2.4;
        if (x > 0 && x + w > cv->width) {
            x = 0;
            y += p->em * 1.5;
        }
        canvas_rect(cv, x, y - p->em * 0.75, p->em * 0.9, p->em * 0.9, part_paint(i));
        cv->text(cv, x + p->em * 1.2, y, &t, canvas_fit(cv, &t, name, cv->width - x - p->em * 1.2));
        x += w;
    }
    for (size_t s = 0; s < c->n_series; s++)
        for (size_t i = 0; i < c->series[s].n; i++)
            hidden |= c->series[s].points[i].hidden;
    if (hidden) {
        if (x > cv->width - p->em * 10) {
            x = 0;
            y += p->em * 1.5;
        }
        draw_hidden_key(p, x, y);
    }
    return y + p->em * 0.8;
}

static void draw_segment(const struct plot *p, const struct chart_point *pt, size_t part, double x, double w,
                         double y)
{
    struct canvas *cv = p->cv;
    struct text_style t = text_small(p);
    const char *text = point_text(p, pt);
    canvas_rect(cv, x, y, w, p->em * 1.5, part_paint(part));
    t.paint = paint_text_on(part_paint(part));
    t.anchor = ANCHOR_MIDDLE;
    if (cv->text_width(cv, &t, text) < w - p->em * 0.4)
        cv->text(cv, x + w / 2, y + p->em * 1.06, &t, text);
}

/* One bar. A single hidden part could be read off as the rest, so then the whole bar is hatched;
 * several share the rest of the bar without borders between them. */
static void draw_stack_row(const struct plot *p, const struct chart_series *s, double y)
{
    struct canvas *cv = p->cv;
    size_t hidden = 0, last_hidden = 0;
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->points[i].hidden) {
            hidden++;
            last_hidden = i;
        } else if (point_shown(&s->points[i])) {
            sum += fmax(s->points[i].value, 0);
        }
    }
    double width = p->right - p->left, scale = width / fmax(sum, 1), x = p->left;
    if (hidden == 1) {
        cv->begin(cv, point_title(p, s->name, &s->points[last_hidden]), NULL);
        canvas_hatch_rect(cv, p->left, y, width, p->em * 1.5);
        cv->end(cv);
        return;
    }
    if (!hidden && !(sum > 0)) {
        struct text_style t = text_small(p);
        cv->text(cv, p->left, y + p->em, &t, p->labels->no_data);
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct chart_point *pt = &s->points[i];
        if (!point_shown(pt) || !(pt->value > 0))
            continue;
        cv->begin(cv, point_title(p, s->name, pt), pt->figure_id);
        draw_segment(p, pt, i, x, pt->value * scale, y);
        cv->end(cv);
        x += pt->value * scale;
    }
    if (hidden && p->right - x > p->em * 0.05)
        canvas_hatch_rect(cv, x, y, p->right - x, p->em * 1.5);
}

void chart_draw_stack(struct plot *p)
{
    const struct chart *c = p->chart;
    struct text_style t = text_normal(p);
    double widest = 0;
    for (size_t s = 0; s < c->n_series; s++)
        if (c->series[s].name)
            widest = fmax(widest, p->cv->text_width(p->cv, &t, c->series[s].name));
    p->left = widest > 0 ? fmin(widest, p->cv->width * 0.36) + p->em * 0.8 : 0;
    double y = draw_part_names(p, p->em);
    for (size_t s = 0; s < c->n_series; s++, y += p->em * STACK_ROW) {
        p->cv->text(p->cv, 0, y + p->em * 1.08, &t,
                    canvas_fit(p->cv, &t, c->series[s].name, p->left - p->em * 0.6));
        draw_stack_row(p, &c->series[s], y);
    }
}
