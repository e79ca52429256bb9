/* chart_lines.c - lines over quarters with their interval bands; one plot, or one small plot each. */
#include "report/chart_parts.h"

#include <math.h>
#include <stdlib.h>

static const enum paint LINE_PAINTS[] = {PAINT_SKY, PAINT_GOLD, PAINT_MUTED, PAINT_STEP5, PAINT_GREY};
static const enum paint BAND_PAINTS[] = {PAINT_SKY_SOFT, PAINT_GOLD_SOFT, PAINT_GREY_SOFT, PAINT_STEP2,
                                         PAINT_GREY_SOFT};
enum { N_LINE_PAINTS = sizeof LINE_PAINTS / sizeof *LINE_PAINTS };

static size_t longest(const struct chart *c)
{
    size_t n = 0;
    for (size_t s = 0; s < c->n_series; s++)
        n = c->series[s].n > n ? c->series[s].n : n;
    return n;
}

/* Points sit in the middle of equal slots, so that one point alone stands in the middle too. */
static double slot_x(const struct plot *p, size_t i, size_t n)
{
    return p->left + (p->right - p->left) * ((double)i + 0.5) / (double)(n ? n : 1);
}

static void draw_grid(const struct plot *p)
{
    struct text_style t = text_small(p);
    t.anchor = ANCHOR_END;
    for (int i = 0; p->low + i * p->step <= p->high + p->step * 0.01; i++) {
        double v = p->low + i * p->step, y = plot_y(p, v);
        canvas_line(p->cv, p->left, y, p->right, y, v == 0 ? PAINT_MUTED : PAINT_GRID, p->em * 0.06);
        p->cv->text(p->cv, p->left - p->em * 0.5, y + p->em * 0.3, &t, axis_text(p, v));
    }
}

static double axis_width(const struct plot *p)
{
    struct text_style t = text_small(p);
    double widest = 0;
    for (int i = 0; p->low + i * p->step <= p->high + p->step * 0.01; i++)
        widest = fmax(widest, p->cv->text_width(p->cv, &t, axis_text(p, p->low + i * p->step)));
    return widest + p->em * 0.5;
}

/* Labels of the slots, in two lines at most; of too many only every k-th, always the last. */
static void draw_slot_labels(const struct plot *p, const struct chart_series *s, size_t n)
{
    struct text_style t = text_small(p);
    t.anchor = ANCHOR_MIDDLE;
    double slot = (p->right - p->left) / (double)n, need = 0;
    for (size_t i = 0; i < s->n; i++)
        need = fmax(need, fmin(p->cv->text_width(p->cv, &t, s->points[i].label ? s->points[i].label : ""),
                               p->em * 6));
    size_t every = slot > 0 ? (size_t)ceil((need + p->em * 0.4) / slot) : 1;
    if (every < 1)
        every = 1;
    for (size_t i = 0; i < s->n; i++) {
        if ((s->n - 1 - i) % every)
            continue;
        const char *lines[2];
        double width = fmax(slot * (double)every - p->em * 0.4, p->em * 2);
        size_t k = canvas_wrap(p->cv, &t, s->points[i].label, width, lines, 2);
        for (size_t j = 0; j < k; j++)
            p->cv->text(p->cv, slot_x(p, i, n), p->bottom + p->em * (1.2 + 1.1 * (double)j), &t, lines[j]);
    }
}

static void draw_band(const struct plot *p, const struct chart_series *s, size_t n, enum paint paint)
{
    struct point2 *ring = arena_array(p->cx->arena, 2 * s->n + 1, sizeof *ring);
    for (size_t i = 0; i < s->n;) {
        size_t first = i;
        while (i < s->n && point_has_interval(&s->points[i]))
            i++;
        size_t len = i - first;
        for (size_t k = 0; k < len; k++) {
            const struct chart_point *pt = &s->points[first + k];
            ring[k] = (struct point2){slot_x(p, first + k, n), plot_y(p, pt->high)};
            ring[2 * len - 1 - k] = (struct point2){slot_x(p, first + k, n), plot_y(p, pt->low)};
        }
        struct ring2 r = {ring, 2 * len};
        if (len > 1)
            p->cv->polygon(p->cv, &r, 1, paint, PAINT_NONE, 0);
        else if (len == 1)
            canvas_line(p->cv, ring[0].x, ring[0].y, ring[1].x, ring[1].y, paint, p->em * 0.42);
        else
            i++;
    }
}

/* A hidden quarter is a hatched column over the whole plot: it says nothing of the value. */
static void draw_hidden_slots(const struct plot *p, const struct chart_series *s, size_t n)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->points[i].hidden) {
            p->cv->begin(p->cv, point_title(p, s->name, &s->points[i]), s->points[i].figure_id);
            canvas_hatch_rect(p->cv, slot_x(p, i, n) - p->em * 0.5, p->top, p->em, p->bottom - p->top);
            p->cv->end(p->cv);
        }
}

static void draw_line(const struct plot *p, const struct chart_series *s, size_t n, enum paint paint)
{
    for (size_t i = 0; i + 1 < s->n; i++) {
        const struct chart_point *a = &s->points[i], *b = &s->points[i + 1];
        if (!point_shown(a) || !point_shown(b))
            continue;
        struct point2 line[2] = {{slot_x(p, i, n), plot_y(p, a->value)},
                                 {slot_x(p, i + 1, n), plot_y(p, b->value)}};
        p->cv->polyline(p->cv, line, 2, paint, p->em * 0.17, b->forecast);
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct chart_point *pt = &s->points[i];
        if (!point_shown(pt))
            continue;
        p->cv->begin(p->cv, point_title(p, s->name, pt), pt->figure_id);
        p->cv->circle(p->cv, slot_x(p, i, n), plot_y(p, pt->value), p->em * (pt->emphasis ? 0.36 : 0.26),
                      pt->forecast ? PAINT_PAPER : paint, paint, p->em * 0.12);
        p->cv->end(p->cv);
    }
}

/* Numbers at the points: all of them where there is room, else the last and those of note. */
static void draw_point_values(const struct plot *p, const struct chart_series *s, size_t n, bool all)
{
    struct text_style t = text_small(p);
    t.anchor = ANCHOR_MIDDLE;
    t.paint = PAINT_INK;
    t.halo = true;
    size_t last = s->n;
    for (size_t i = 0; i < s->n; i++)
        if (point_shown(&s->points[i]))
            last = i;
    for (size_t i = 0; i < s->n; i++) {
        const struct chart_point *pt = &s->points[i];
        if (!point_shown(pt) || !(all || pt->emphasis || i == last))
            continue;
        double y = plot_y(p, pt->value) - p->em * 0.7;
        if (y < p->top + p->em * 0.5)
            y = plot_y(p, pt->value) + p->em * 1.4;
        p->cv->text(p->cv, slot_x(p, i, n), y, &t, point_text(p, pt));
    }
}

static void draw_reference_line(const struct plot *p)
{
    const struct chart *c = p->chart;
    if (!c->has_reference || !isfinite(c->reference))
        return;
    double y = plot_y(p, c->reference);
    struct point2 line[2] = {{p->left, y}, {p->right, y}};
    p->cv->polyline(p->cv, line, 2, PAINT_GOLD, p->em * 0.1, true);
    struct text_style t = text_small(p);
    t.paint = PAINT_GOLD;
    t.halo = true;
    if (c->reference_label)
        p->cv->text(p->cv, p->left + p->em * 0.3, y - p->em * 0.35, &t, c->reference_label);
}

static bool any_hidden(const struct chart *c)
{
    for (size_t s = 0; s < c->n_series; s++)
        for (size_t i = 0; i < c->series[s].n; i++)
            if (c->series[s].points[i].hidden)
                return true;
    return false;
}

struct end_label {
    double y;
    size_t series;
};

static int compare_end(const void *a, const void *b)
{
    const struct end_label *x = a, *y = b;
    return x->y < y->y ? -1 : x->y > y->y ? 1 : x->series < y->series ? -1 : x->series > y->series;
}

/* The names of the lines at their right ends, pushed apart where they would overlap. */
static void draw_end_names(const struct plot *p, size_t n)
{
    const struct chart *c = p->chart;
    struct end_label *ends = arena_array(p->cx->arena, c->n_series, sizeof *ends);
    size_t count = 0;
    for (size_t s = 0; s < c->n_series; s++)
        for (size_t i = c->series[s].n; i-- > 0;)
            if (point_shown(&c->series[s].points[i])) {
                ends[count++] = (struct end_label){plot_y(p, c->series[s].points[i].value), s};
                break;
            }
    qsort(ends, count, sizeof *ends, compare_end);
    for (size_t i = 1; i < count; i++)
        ends[i].y = fmax(ends[i].y, ends[i - 1].y + p->em * 1.2);
    struct text_style t = text_small(p);
    t.bold = true;
    for (size_t i = 0; i < count; i++) {
        t.paint = LINE_PAINTS[ends[i].series % N_LINE_PAINTS];
        double x = slot_x(p, n - 1, n) + p->em * 0.7;
        p->cv->text(p->cv, x, ends[i].y + p->em * 0.3, &t,
                    canvas_fit(p->cv, &t, c->series[ends[i].series].name, p->cv->width - x));
    }
}

void chart_draw_lines(struct plot *p)
{
    const struct chart *c = p->chart;
    size_t n = longest(c), most = 0;
    struct text_style small = text_small(p), bold = small;
    bold.bold = true;
    double names = 0;
    for (size_t s = 0; s < c->n_series; s++) {
        if (c->series[s].n == n)
            most = s;
        if (c->n_series > 1 && c->series[s].name)
            names = fmax(names, p->cv->text_width(p->cv, &bold, c->series[s].name) + p->em);
    }
    plot_scale(p, false);
    p->left = axis_width(p);
    p->right = p->cv->width - fmin(names, p->cv->width * 0.3);
    p->top = p->em * (c->unit ? 2 : 0.8);
    p->bottom = p->cv->height - p->em * (any_hidden(c) ? 4.2 : 2.7);
    if (c->unit)
        p->cv->text(p->cv, 0, p->em * 0.9, &small, canvas_fit(p->cv, &small, c->unit, p->cv->width));
    for (size_t s = 0; s < c->n_series; s++)
        draw_band(p, &c->series[s], n, BAND_PAINTS[s % N_LINE_PAINTS]);
    draw_grid(p);
    draw_slot_labels(p, &c->series[most], n);
    draw_reference_line(p);
    for (size_t s = 0; s < c->n_series; s++)
        draw_hidden_slots(p, &c->series[s], n);
    bool all = c->n_series == 1 && (p->right - p->left) / (double)n > p->em * 3.2;
    for (size_t s = 0; s < c->n_series; s++)
        draw_line(p, &c->series[s], n, LINE_PAINTS[s % N_LINE_PAINTS]);
    for (size_t s = 0; s < c->n_series; s++)
        if (c->n_series == 1)
            draw_point_values(p, &c->series[s], n, all);
    if (c->n_series > 1)
        draw_end_names(p, n);
    if (any_hidden(c))
        draw_hidden_key(p, p->left, p->cv->height - p->em * 0.4);
}

/* --- small multiples ---------------------------------------------------------------------------------- */

static const double PANEL_WIDTH = 17, PANEL_HEIGHT = 9.5;

static size_t panel_columns(const struct chart *c, double width, double em)
{
    size_t n = (size_t)fmax(1, floor(width / (PANEL_WIDTH * em)));
    return n > c->n_series ? (c->n_series ? c->n_series : 1) : n;
}

double chart_multiples_height(const struct chart *c, double width, double em)
{
    size_t columns = panel_columns(c, width, em), rows = (c->n_series + columns - 1) / columns;
    return em * (PANEL_HEIGHT * (double)rows + (c->unit ? 1.8 : 0) + (any_hidden(c) ? 1.6 : 0));
}

/* First and last label only: the panels share their slots. */
static void draw_panel_ends(const struct plot *p, const struct chart_series *s, size_t n)
{
    struct text_style t = text_small(p);
    if (!s->n)
        return;
    double half = (p->right - p->left) / 2;
    if (s->n > 1)
        p->cv->text(p->cv, p->left, p->bottom + p->em * 1.1, &t,
                    canvas_fit(p->cv, &t, s->points[0].label, half - p->em * 0.3));
    t.anchor = s->n > 1 ? ANCHOR_END : ANCHOR_MIDDLE;
    p->cv->text(p->cv, s->n > 1 ? p->right : slot_x(p, 0, n), p->bottom + p->em * 1.1, &t,
                canvas_fit(p->cv, &t, s->points[s->n - 1].label, half - p->em * 0.3));
}

static void draw_panel(struct plot *p, const struct chart_series *s, size_t n)
{
    struct text_style t = text_normal(p);
    t.bold = true;
    p->cv->text(p->cv, p->left, p->top - p->em * 0.7, &t, canvas_fit(p->cv, &t, s->name, p->right - p->left));
    draw_band(p, s, n, PAINT_SKY_SOFT);
    draw_grid(p);
    draw_reference_line(p);
    draw_hidden_slots(p, s, n);
    draw_line(p, s, n, PAINT_SKY);
    draw_point_values(p, s, n, false);
    draw_panel_ends(p, s, n);
}

void chart_draw_multiples(struct plot *p)
{
    const struct chart *c = p->chart;
    size_t columns = panel_columns(c, p->cv->width, p->em), n = longest(c);
    struct text_style small = text_small(p);
    double top = 0, width = p->cv->width / (double)columns;
    if (c->unit) {
        p->cv->text(p->cv, 0, p->em * 0.9, &small, canvas_fit(p->cv, &small, c->unit, p->cv->width));
        top = p->em * 1.8;
    }
    plot_scale(p, false);
    double axis = axis_width(p);
    for (size_t s = 0; s < c->n_series; s++) {
        double x = width * (double)(s % columns), y = top + p->em * PANEL_HEIGHT * (double)(s / columns);
        p->left = x + axis;
        p->right = x + width - p->em * 1.2;
        p->top = y + p->em * 2;
        p->bottom = y + p->em * (PANEL_HEIGHT - 1.8);
        draw_panel(p, &c->series[s], n);
    }
    if (any_hidden(c))
        draw_hidden_key(p, 0, p->cv->height - p->em * 0.4);
}
