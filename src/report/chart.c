/* chart.c - what all charts share: scales, words, copies without protected values; see chart.h. */
#include "report/chart_parts.h"

#include <math.h>
#include <string.h>

/* --- points ----------------------------------------------------------------------------------------- */

bool point_shown(const struct chart_point *pt)
{
    return !pt->hidden && isfinite(pt->value);
}

bool point_has_interval(const struct chart_point *pt)
{
    return point_shown(pt) && isfinite(pt->low) && isfinite(pt->high) && pt->low <= pt->high;
}

static const char *format_number(const struct plot *p, double v, int decimals)
{
    double shown = p->chart->percent ? v * 100 : v;
    const char *number = p->labels->number ? p->labels->number(p->cx, shown, decimals)
                                           : arena_printf(p->cx->arena, "%.*f", decimals, shown);
    return p->chart->percent ? arena_printf(p->cx->arena, "%s %%", number) : number;
}

const char *point_text(const struct plot *p, const struct chart_point *pt)
{
    if (pt->hidden)
        return p->labels->hidden;
    if (!isfinite(pt->value))
        return p->labels->no_data;
    return pt->text ? pt->text : format_number(p, pt->value, p->chart->decimals);
}

const char *point_title(const struct plot *p, const char *series, const struct chart_point *pt)
{
    const char *value = point_text(p, pt);
    if (point_has_interval(pt))
        value =
            arena_printf(p->cx->arena, "%s (%s – %s)", value, format_number(p, pt->low, p->chart->decimals),
                         format_number(p, pt->high, p->chart->decimals));
    const char *label = pt->label ? pt->label : "";
    return series && *series ? arena_printf(p->cx->arena, "%s, %s: %s", series, label, value)
                             : arena_printf(p->cx->arena, "%s: %s", label, value);
}

const char *axis_text(const struct plot *p, double v)
{
    double step = p->chart->percent ? p->step * 100 : p->step;
    int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
    return format_number(p, fabs(v) < p->step * 1e-6 ? 0 : v, decimals > 6 ? 6 : decimals);
}

struct text_style text_normal(const struct plot *p)
{
    return (struct text_style){.size = p->em, .paint = PAINT_INK};
}

struct text_style text_small(const struct plot *p)
{
    return (struct text_style){.size = p->em * 0.88, .paint = PAINT_MUTED};
}

/* --- scale ------------------------------------------------------------------------------------------- */

double chart_step(double span, int n)
{
    if (!(span > 0) || !isfinite(span) || n < 1)
        return 1;
    double power = pow(10, floor(log10(span / n)));
    static const double NICE[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (span / (NICE[i] * power) <= n + 1e-9)
            return NICE[i] * power;
    return 10 * power;
}

void plot_scale(struct plot *p, bool from_zero)
{
    const struct chart *c = p->chart;
    double low = INFINITY, high = -INFINITY;
    for (size_t s = 0; s < c->n_series; s++)
        for (size_t i = 0; i < c->series[s].n; i++) {
            const struct chart_point *pt = &c->series[s].points[i];
            if (!point_shown(pt))
                continue;
            bool interval = point_has_interval(pt);
            low = fmin(low, interval ? fmin(pt->low, pt->value) : pt->value);
            high = fmax(high, interval ? fmax(pt->high, pt->value) : pt->value);
        }
    if (c->has_reference && isfinite(c->reference)) {
        low = fmin(low, c->reference);
        high = fmax(high, c->reference);
    }
    if (c->min < c->max) {
        low = c->min;
        high = c->max;
    }
    if (!(low <= high)) {
        low = 0;
        high = 1;
    }
    /* A scale that starts far from zero exaggerates; only far-away data may leave zero out. */
    if (from_zero || (low > 0 && low < high - low))
        low = fmin(low, 0);
    if (from_zero)
        high = fmax(high, 0);
    if (!(high - low > fabs(high) * 1e-9)) {
        low = low - (low == 0 ? 0 : fabs(low) * 0.1);
        high = high + (high == 0 ? 1 : fabs(high) * 0.1);
    }
    p->step = chart_step(high - low, 5);
    p->low = floor(low / p->step + 1e-9) * p->step;
    p->high = ceil(high / p->step - 1e-9) * p->step;
}

double plot_x(const struct plot *p, double v)
{
    double t = (v - p->low) / (p->high - p->low);
    return p->left + fmin(fmax(t, 0), 1) * (p->right - p->left);
}

double plot_y(const struct plot *p, double v)
{
    double t = (v - p->low) / (p->high - p->low);
    return p->bottom - fmin(fmax(t, 0), 1) * (p->bottom - p->top);
}

double draw_hidden_key(const struct plot *p, double x, double y)
{
    struct text_style small = text_small(p);
    canvas_hatch_rect(p->cv, x, y - p->em * 0.8, p->em * 1.6, p->em);
    p->cv->text(p->cv, x + p->em * 2.1, y, &small, p->labels->hidden);
    return x + p->em * 3.3 + p->cv->text_width(p->cv, &small, p->labels->hidden);
}

/* --- drawing ------------------------------------------------------------------------------------------ */

double chart_height(const struct chart *c, double width, double em)
{
    size_t rows = c->n_series ? c->series[0].n : 0;
    double extra = (c->unit ? 1.4 : 0) + (c->has_reference ? 1.4 : 0);
    switch (c->kind) {
    case CHART_BARS:
        return em * ((double)rows * 1.75 + 2.2 + extra);
    case CHART_DOTS:
        return em * ((double)rows * 1.6 + 2.2 + extra);
    case CHART_STACK:
        return chart_stack_height(c, width, em);
    case CHART_MULTIPLES:
        return chart_multiples_height(c, width, em);
    case CHART_LINE:
        break;
    }
    double height = width * 0.42;
    return fmin(fmax(height, em * 14), em * 26);
}

void chart_draw(struct ctx *cx, const struct chart *c, const struct doc_labels *labels, struct canvas *cv)
{
    struct plot p = {.cx = cx,
                     .chart = c,
                     .labels = labels,
                     .cv = cv,
                     .em = cv->em,
                     .right = cv->width,
                     .bottom = cv->height,
                     .high = 1,
                     .step = 1};
    size_t points = 0;
    for (size_t s = 0; s < c->n_series; s++)
        points += c->series[s].n;
    if (!points) {
        struct text_style t = text_normal(&p);
        t.anchor = ANCHOR_MIDDLE;
        t.paint = PAINT_MUTED;
        cv->text(cv, cv->width / 2, cv->height / 2, &t, labels->no_data);
        return;
    }
    switch (c->kind) {
    case CHART_BARS:
    case CHART_DOTS:
        chart_draw_rows(&p);
        break;
    case CHART_STACK:
        chart_draw_stack(&p);
        break;
    case CHART_LINE:
        chart_draw_lines(&p);
        break;
    case CHART_MULTIPLES:
        chart_draw_multiples(&p);
        break;
    }
}

static void put_svg(struct ctx *cx, const struct chart *c, const struct doc_labels *labels, const char *kind,
                    const char *title, const char *desc, double width, struct buf *out)
{
    struct canvas *cv = svg_begin(cx->arena, out, width, chart_height(c, width, 13), kind, title, desc);
    chart_draw(cx, c, labels, cv);
    svg_end(cv);
}

void chart_svg(struct ctx *cx, const struct chart *c, const struct doc_labels *labels, const char *title,
               const char *desc, double width, struct buf *out)
{
    put_svg(cx, c, labels, "chart", title, desc, width, out);
}

void chart_svg_page(struct ctx *cx, const struct chart *c, const struct doc_labels *labels, const char *title,
                    const char *desc, double width, struct buf *out)
{
    enum { PHONE = 340 };
    put_svg(cx, c, labels, "chart chart-wide", title, desc, width, out);
    put_svg(cx, c, labels, "chart chart-phone", title, desc, PHONE, out);
}

/* --- copies -------------------------------------------------------------------------------------------- */

static void point_hide(struct chart_point *pt)
{
    *pt = (struct chart_point){.label = pt->label,
                               .value = NAN,
                               .low = NAN,
                               .high = NAN,
                               .figure_id = pt->figure_id,
                               .hidden = true};
}

struct chart *chart_copy(struct arena *a, const struct chart *c)
{
    struct chart *copy = arena_alloc(a, sizeof *copy);
    *copy = *c;
    copy->series = arena_array(a, c->n_series, sizeof *copy->series);
    for (size_t s = 0; s < c->n_series; s++) {
        copy->series[s] = c->series[s];
        copy->series[s].points = arena_array(a, c->series[s].n, sizeof *copy->series[s].points);
        for (size_t i = 0; i < c->series[s].n; i++) {
            copy->series[s].points[i] = c->series[s].points[i];
            if (c->series[s].points[i].hidden)
                point_hide(&copy->series[s].points[i]);
        }
    }
    return copy;
}

void chart_each_hidden(const struct chart *c, void (*fn)(void *work, const char *figure_id), void *work)
{
    for (size_t s = 0; s < c->n_series; s++)
        for (size_t i = 0; i < c->series[s].n; i++)
            if (c->series[s].points[i].hidden && c->series[s].points[i].figure_id)
                fn(work, c->series[s].points[i].figure_id);
}

void chart_hide(struct chart *c, bool (*is_hidden)(void *work, const char *figure_id), void *work)
{
    for (size_t s = 0; s < c->n_series; s++)
        for (size_t i = 0; i < c->series[s].n; i++) {
            struct chart_point *pt = &c->series[s].points[i];
            if (pt->figure_id && is_hidden(work, pt->figure_id))
                point_hide(pt);
        }
}
