/* map_svg.c - see map_svg.h. */
#include "report/map_svg.h"

#include "report/canvas.h"
#include "report/doc.h"

#include <math.h>
#include <string.h>

/* --- projection ------------------------------------------------------------------------------------ */

static const double EARTH_KM = 6371.0088, PI = 3.14159265358979323846;

struct albers {
    double n, c, rho0, lon0;
};

/* Standard parallels at a sixth of the height from both edges (Snyder 1987, p. 99). */
static struct albers albers_fit(double west, double south, double east, double north)
{
    double rad = PI / 180, sixth = (north - south) / 6;
    double p1 = (south + sixth) * rad, p2 = (north - sixth) * rad, p0 = (south + north) / 2 * rad;
    struct albers a;
    a.n = (sin(p1) + sin(p2)) / 2; /* eq. 14-6 */
    if (fabs(a.n) < 1e-6)
        a.n = 1e-6;
    a.c = cos(p1) * cos(p1) + 2 * a.n * sin(p1);           /* eq. 14-5 */
    a.rho0 = sqrt(fmax(a.c - 2 * a.n * sin(p0), 0)) / a.n; /* eq. 14-3a */
    a.lon0 = (west + east) / 2 * rad;
    return a;
}

/* Kilometres east and south of the middle. */
static struct point2 albers_point(const struct albers *a, double lon, double lat)
{
    double rad = PI / 180;
    double rho = sqrt(fmax(a->c - 2 * a->n * sin(lat * rad), 0)) / a->n; /* eq. 14-3 */
    double theta = a->n * (lon * rad - a->lon0);                         /* eq. 14-4 */
    return (struct point2){EARTH_KM * rho * sin(theta), -EARTH_KM * (a->rho0 - rho * cos(theta))};
}

struct box {
    double x0, y0, x1, y1;
};

static void box_add(struct box *b, double x, double y)
{
    if (!isfinite(x) || !isfinite(y))
        return;
    b->x0 = fmin(b->x0, x);
    b->y0 = fmin(b->y0, y);
    b->x1 = fmax(b->x1, x);
    b->y1 = fmax(b->y1, y);
}

static const struct box NO_BOX = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static struct albers map_projection(const struct map *m)
{
    struct box b = NO_BOX;
    for (size_t i = 0; i < m->n_areas; i++)
        for (size_t r = 0; !m->areas[i].context && r < m->areas[i].n_rings; r++)
            for (size_t k = 0; k < m->areas[i].rings[r].n; k++)
                box_add(&b, m->areas[i].rings[r].lonlat[2 * k], m->areas[i].rings[r].lonlat[2 * k + 1]);
    for (size_t i = 0; !(b.x0 <= b.x1) && i < m->n_points; i++)
        box_add(&b, m->points[i].lon, m->points[i].lat);
    if (!(b.x0 <= b.x1))
        b = (struct box){66, 41, 71, 46};
    return albers_fit(b.x0, b.y0, b.x1, b.y1);
}

/* The areas' extent in kilometres of the projection. */
static struct box map_extent(const struct map *m, const struct albers *a)
{
    struct box b = NO_BOX;
    for (size_t i = 0; i < m->n_areas; i++)
        for (size_t r = 0; !m->areas[i].context && r < m->areas[i].n_rings; r++)
            for (size_t k = 0; k < m->areas[i].rings[r].n; k++) {
                const double *p = &m->areas[i].rings[r].lonlat[2 * k];
                struct point2 q = albers_point(a, p[0], p[1]);
                box_add(&b, q.x, q.y);
            }
    for (size_t i = 0; i < m->n_points; i++) {
        struct point2 q = albers_point(a, m->points[i].lon, m->points[i].lat);
        if (m->n_areas == 0)
            box_add(&b, q.x, q.y);
    }
    if (!(b.x1 - b.x0 > 1) || !(b.y1 - b.y0 > 1))
        b = (struct box){fmin(b.x0, 0) - 50, fmin(b.y0, 0) - 50, fmax(b.x1, 0) + 50, fmax(b.y1, 0) + 50};
    return b;
}

/* --- the sheet --------------------------------------------------------------------------------------- */

struct sheet {
    struct ctx *cx;
    const struct map *map;
    const struct doc_labels *labels;
    struct canvas *cv;
    double em, scale, x0, y0;        /* canvas units per kilometre, canvas position of 0, 0 */
    double left, top, right, bottom; /* of the map frame */
    struct albers albers;
    struct box *taken; /* by labels */
    size_t n_taken;
};

static double legend_width(double width, double em)
{
    return fmin(em * 15, width * 0.34);
}

double map_height(const struct map *m, double width, double em)
{
    struct albers a = map_projection(m);
    struct box b = map_extent(m, &a);
    double w = width - legend_width(width, em) - em, h = w * (b.y1 - b.y0) / (b.x1 - b.x0);
    double legend = em * ((double)(m->n_steps + m->n_symbols) * 1.6 + 8);
    return fmin(fmax(h, legend), width * 1.15) + em * (m->credit ? 2.2 : 0.6);
}

static void sheet_fit(struct sheet *s)
{
    double em = s->em;
    s->left = s->top = em * 0.2;
    s->right = s->cv->width - legend_width(s->cv->width, em) - em;
    s->bottom = s->cv->height - em * (s->map->credit ? 2 : 0.4);
    s->albers = map_projection(s->map);
    struct box b = map_extent(s->map, &s->albers);
    double sx = (s->right - s->left) / (b.x1 - b.x0), sy = (s->bottom - s->top) / (b.y1 - b.y0);
    s->scale = fmin(sx, sy) * 0.985;
    s->x0 = (s->left + s->right) / 2 - s->scale * (b.x0 + b.x1) / 2;
    s->y0 = (s->top + s->bottom) / 2 - s->scale * (b.y0 + b.y1) / 2;
}

static struct point2 sheet_point(const struct sheet *s, double lon, double lat)
{
    struct point2 q = albers_point(&s->albers, lon, lat);
    return (struct point2){s->x0 + s->scale * q.x, s->y0 + s->scale * q.y};
}

/* Points of a ring closer than a fraction of the line's width are left out: print cannot show them. */
static struct ring2 sheet_ring(const struct sheet *s, const struct map_ring *ring)
{
    struct point2 *to = arena_array(s->cx->arena, ring->n + 1, sizeof *to);
    size_t n = 0;
    double least = s->em * 0.03;
    for (size_t k = 0; k < ring->n; k++) {
        struct point2 q = sheet_point(s, ring->lonlat[2 * k], ring->lonlat[2 * k + 1]);
        if (!isfinite(q.x) || !isfinite(q.y))
            continue;
        if (n && hypot(q.x - to[n - 1].x, q.y - to[n - 1].y) < least)
            continue;
        to[n++] = q;
    }
    return (struct ring2){to, n};
}

/* Sutherland and Hodgman (1974): clips a ring to one side of a vertical or horizontal line. */
static struct ring2 ring_clip(const struct sheet *s, struct ring2 ring, bool vertical, double at, double sign)
{
    struct point2 *to = arena_array(s->cx->arena, 2 * ring.n + 2, sizeof *to);
    size_t n = 0;
    for (size_t i = 0; i < ring.n; i++) {
        struct point2 a = ring.points[i], b = ring.points[(i + 1) % ring.n];
        double da = sign * ((vertical ? a.x : a.y) - at), db = sign * ((vertical ? b.x : b.y) - at);
        if (da >= 0)
            to[n++] = a;
        if ((da >= 0) != (db >= 0)) {
            double t = da / (da - db);
            to[n++] = (struct point2){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
        }
    }
    return (struct ring2){to, n};
}

static struct ring2 *area_rings(const struct sheet *s, const struct map_area *area)
{
    struct ring2 *rings = arena_array(s->cx->arena, area->n_rings, sizeof *rings);
    for (size_t r = 0; r < area->n_rings; r++) {
        rings[r] = sheet_ring(s, &area->rings[r]);
        if (!area->context)
            continue;
        rings[r] = ring_clip(s, rings[r], true, s->left, 1);
        rings[r] = ring_clip(s, rings[r], true, s->right, -1);
        rings[r] = ring_clip(s, rings[r], false, s->top, 1);
        rings[r] = ring_clip(s, rings[r], false, s->bottom, -1);
    }
    return rings;
}

/* Few classes are spread over the whole ramp, so that two stay far apart. */
static enum paint step_paint(const struct map *m, int step)
{
    if (step < 0 || (size_t)step >= m->n_steps)
        return PAINT_PAPER;
    int at = m->n_steps > 1 ? (int)lround(step * 4.0 / (double)(m->n_steps - 1)) : 2;
    return (enum paint)(PAINT_STEP1 + (at > 4 ? 4 : at));
}

static void draw_area(const struct sheet *s, const struct map_area *a)
{
    struct ring2 *rings = area_rings(s, a);
    const char *title =
        a->hidden
            ? (a->name ? arena_printf(s->cx->arena, "%s: %s", a->name, s->labels->hidden) : s->labels->hidden)
        : a->title ? a->title
                   : a->name;
    s->cv->begin(s->cv, a->context ? a->name : title, a->context ? NULL : a->figure_id);
    if (a->context) {
        s->cv->polygon(s->cv, rings, a->n_rings, PAINT_GREY_SOFT, PAINT_PAPER, s->em * 0.1);
    } else if (a->hidden) {
        s->cv->polygon(s->cv, rings, a->n_rings, PAINT_GREY_SOFT, PAINT_NONE, 0);
        canvas_hatch(s->cv, rings, a->n_rings, s->em * 0.5);
        s->cv->polygon(s->cv, rings, a->n_rings, PAINT_NONE, PAINT_MUTED, s->em * 0.06);
    } else {
        s->cv->polygon(s->cv, rings, a->n_rings, step_paint(s->map, a->step), PAINT_MUTED, s->em * 0.06);
    }
    s->cv->end(s->cv);
}

/* --- labels ------------------------------------------------------------------------------------------ */

static double ring_area(const struct ring2 *r)
{
    double sum = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct point2 a = r->points[i], b = r->points[(i + 1) % r->n];
        sum += a.x * b.y - b.x * a.y;
    }
    return fabs(sum) / 2;
}

/* The middle of the widest stretch inside the ring among 15 horizontal cuts: a label fits there. */
static struct point2 ring_label_point(const struct ring2 *r, double *width)
{
    struct box b = NO_BOX;
    for (size_t i = 0; i < r->n; i++)
        box_add(&b, r->points[i].x, r->points[i].y);
    struct point2 best = {(b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2};
    double best_score = -1, mid = (b.y0 + b.y1) / 2;
    *width = 0;
    for (int cut = 1; cut < 16; cut++) {
        double y = b.y0 + (b.y1 - b.y0) * cut / 16, at[64];
        size_t n = 0;
        for (size_t i = 0; i < r->n && n < 64; i++) {
            struct point2 p = r->points[i], q = r->points[(i + 1) % r->n];
            if ((p.y < y) != (q.y < y))
                at[n++] = p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x);
        }
        for (size_t i = 1; i < n; i++) /* insertion sort: a handful of crossings */
            for (size_t j = i; j > 0 && at[j] < at[j - 1]; j--) {
                double swap = at[j];
                at[j] = at[j - 1];
                at[j - 1] = swap;
            }
        for (size_t i = 0; i + 1 < n; i += 2) {
            double w = at[i + 1] - at[i], score = w - 0.6 * fabs(y - mid);
            if (score > best_score) {
                best_score = score;
                best = (struct point2){(at[i] + at[i + 1]) / 2, y};
                *width = w;
            }
        }
    }
    return best;
}

static bool overlaps(const struct sheet *s, const struct box *b)
{
    for (size_t i = 0; i < s->n_taken; i++) {
        const struct box *t = &s->taken[i];
        if (b->x0 < t->x1 && b->x1 > t->x0 && b->y0 < t->y1 && b->y1 > t->y0)
            return true;
    }
    return b->x0 < s->left || b->x1 > s->right || b->y0 < s->top || b->y1 > s->bottom;
}

static bool label_try(struct sheet *s, const struct text_style *t, struct point2 at, const char *text)
{
    double w = s->cv->text_width(s->cv, t, text), x = at.x - w * 0.5 * t->anchor;
    struct box b = {x - 1, at.y - t->size * 0.8, x + w + 1, at.y + t->size * 0.3};
    if (overlaps(s, &b))
        return false;
    s->taken[s->n_taken++] = b;
    s->cv->text(s->cv, at.x, at.y, t, text);
    return true;
}

/* Names of areas, the large ones first; a name that does not fit beside the others is left out
 * (the table beside the map has it). */
static void draw_area_labels(struct sheet *s)
{
    const struct map *m = s->map;
    bool *done = arena_array(s->cx->arena, m->n_areas, sizeof *done);
    double *size = arena_array(s->cx->arena, m->n_areas, sizeof *size);
    double *width = arena_array(s->cx->arena, m->n_areas, sizeof *width); /* room for the name inside */
    struct point2 *at = arena_array(s->cx->arena, m->n_areas, sizeof *at);
    for (size_t i = 0; i < m->n_areas; i++) {
        struct ring2 *rings = area_rings(s, &m->areas[i]);
        for (size_t r = 0; r < m->areas[i].n_rings; r++)
            if (ring_area(&rings[r]) > size[i]) {
                size[i] = ring_area(&rings[r]);
                at[i] = ring_label_point(&rings[r], &width[i]);
            }
    }
    struct text_style t = {.size = s->em * 0.85, .paint = PAINT_INK, .anchor = ANCHOR_MIDDLE, .halo = true};
    for (size_t round = 0; round < m->n_areas; round++) {
        size_t best = m->n_areas;
        for (size_t i = 0; i < m->n_areas; i++)
            if (!done[i] && (best == m->n_areas || size[i] > size[best]))
                best = i;
        done[best] = true;
        const struct map_area *a = &m->areas[best];
        if (!a->name || !size[best])
            continue;
        bool inside = s->cv->text_width(s->cv, &t, a->name) < width[best] - s->em * 0.4;
        t.paint = a->context             ? PAINT_MUTED
                  : a->hidden || !inside ? PAINT_INK
                                         : paint_text_on(step_paint(m, a->step));
        t.halo = t.paint != PAINT_ON_STRONG; /* light letters only where the dark area holds all of them */
        static const double SHIFT[] = {0, 0.7, -0.7, 1.4, -1.4};
        for (size_t k = 0; k < (t.halo ? sizeof SHIFT / sizeof *SHIFT : 1); k++)
            if (label_try(s, &t, (struct point2){at[best].x, at[best].y + s->em * (0.3 + SHIFT[k])}, a->name))
                break;
    }
}

static void draw_symbol(const struct sheet *s, enum map_symbol symbol, double x, double y, double r)
{
    struct point2 square[4] = {{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}};
    struct point2 diamond[4] = {{x, y - 1.3 * r}, {x + 1.3 * r, y}, {x, y + 1.3 * r}, {x - 1.3 * r, y}};
    struct ring2 ring = {symbol == SYMBOL_SQUARE ? square : diamond, 4};
    switch (symbol) {
    case SYMBOL_DOT:
        s->cv->circle(s->cv, x, y, r, PAINT_GOLD, PAINT_PAPER, s->em * 0.08);
        break;
    case SYMBOL_RING:
        s->cv->circle(s->cv, x, y, r, PAINT_PAPER, PAINT_GOLD, s->em * 0.14);
        break;
    case SYMBOL_SQUARE:
    case SYMBOL_DIAMOND:
        s->cv->polygon(s->cv, &ring, 1, PAINT_GOLD, PAINT_PAPER, s->em * 0.08);
        break;
    }
}

static void draw_points(struct sheet *s)
{
    struct text_style t = {.size = s->em * 0.8, .paint = PAINT_INK, .halo = true};
    for (size_t i = 0; i < s->map->n_points; i++) {
        const struct map_point *mp = &s->map->points[i];
        struct point2 q = sheet_point(s, mp->lon, mp->lat);
        if (!isfinite(q.x) || !isfinite(q.y) || q.x < s->left || q.x > s->right || q.y < s->top ||
            q.y > s->bottom)
            continue;
        double r = s->em * 0.28 * (mp->scale > 0 ? mp->scale : 1);
        s->cv->begin(s->cv, mp->title ? mp->title : mp->label, NULL);
        draw_symbol(s, mp->symbol, q.x, q.y, r);
        s->cv->end(s->cv);
        s->taken[s->n_taken++] = (struct box){q.x - r, q.y - r, q.x + r, q.y + r};
    }
    for (size_t i = 0; i < s->map->n_points; i++) {
        const struct map_point *mp = &s->map->points[i];
        struct point2 q = sheet_point(s, mp->lon, mp->lat);
        if (!mp->label || !isfinite(q.x) || !isfinite(q.y))
            continue;
        double r = s->em * 0.28 * (mp->scale > 0 ? mp->scale : 1) + s->em * 0.25;
        t.anchor = ANCHOR_START;
        if (label_try(s, &t, (struct point2){q.x + r, q.y + s->em * 0.28}, mp->label))
            continue;
        t.anchor = ANCHOR_END;
        label_try(s, &t, (struct point2){q.x - r, q.y + s->em * 0.28}, mp->label);
    }
}

/* --- legend, scale, credit ----------------------------------------------------------------------------- */

static double draw_legend_text(const struct sheet *s, double x, double y, const struct text_style *t,
                               const char *text)
{
    const char *lines[4];
    size_t n = canvas_wrap(s->cv, t, text, s->cv->width - x, lines, 4);
    for (size_t i = 0; i < n; i++)
        s->cv->text(s->cv, x, y + t->size * 1.25 * (double)i, t, lines[i]);
    return y + t->size * 1.25 * (double)(n ? n : 1);
}

static double draw_swatch(const struct sheet *s, double x, double y, enum paint fill, const char *text)
{
    struct text_style t = {.size = s->em * 0.9, .paint = PAINT_INK};
    struct point2 c[4] = {{x, y - s->em * 0.75},
                          {x + s->em * 1.6, y - s->em * 0.75},
                          {x + s->em * 1.6, y + s->em * 0.25},
                          {x, y + s->em * 0.25}};
    struct ring2 r = {c, 4};
    if (fill == PAINT_NONE)
        canvas_hatch_rect(s->cv, x, y - s->em * 0.75, s->em * 1.6, s->em);
    s->cv->polygon(s->cv, &r, 1, fill, PAINT_MUTED, s->em * 0.05);
    return draw_legend_text(s, x + s->em * 2.2, y, &t, text) + s->em * 0.4;
}

static void draw_legend(const struct sheet *s)
{
    const struct map *m = s->map;
    struct text_style title = {.size = s->em * 0.95, .paint = PAINT_INK, .bold = true};
    double x = s->right + s->em, y = s->top + s->em * 1.1;
    bool hidden = false, missing = false;
    if (m->legend_title)
        y = draw_legend_text(s, x, y, &title, m->legend_title) + s->em * 0.6;
    for (size_t i = 0; i < m->n_steps; i++)
        y = draw_swatch(s, x, y, step_paint(m, (int)i), m->steps[i]);
    for (size_t i = 0; i < m->n_areas; i++) {
        hidden |= !m->areas[i].context && m->areas[i].hidden;
        missing |= !m->areas[i].context && !m->areas[i].hidden && m->n_steps && m->areas[i].step < 0;
    }
    if (missing)
        y = draw_swatch(s, x, y, PAINT_PAPER, s->labels->no_data);
    if (hidden)
        y = draw_swatch(s, x, y, PAINT_NONE, s->labels->hidden);
    struct text_style t = {.size = s->em * 0.9, .paint = PAINT_INK};
    y += m->n_symbols ? s->em * 0.4 : 0;
    for (size_t i = 0; i < m->n_symbols; i++) {
        draw_symbol(s, m->symbols[i].symbol, x + s->em * 0.8, y - s->em * 0.3, s->em * 0.36);
        y = draw_legend_text(s, x + s->em * 2.2, y, &t, m->symbols[i].text) + s->em * 0.4;
    }
}

static void draw_scale_and_credit(const struct sheet *s)
{
    static const double LENGTHS[] = {1000, 500, 200, 100, 50, 20, 10, 5, 2, 1};
    struct text_style t = {.size = s->em * 0.8, .paint = PAINT_MUTED};
    double room = s->cv->width - s->right - s->em * 5, x = s->right + s->em, y = s->bottom - s->em * 0.3;
    for (size_t i = 0; s->map->kilometres && i < sizeof LENGTHS / sizeof *LENGTHS; i++) {
        double w = LENGTHS[i] * s->scale;
        if (w > room)
            continue;
        canvas_line(s->cv, x, y, x + w, y, PAINT_MUTED, s->em * 0.1);
        canvas_line(s->cv, x, y - s->em * 0.3, x, y, PAINT_MUTED, s->em * 0.1);
        canvas_line(s->cv, x + w, y - s->em * 0.3, x + w, y, PAINT_MUTED, s->em * 0.1);
        s->cv->text(s->cv, x + w + s->em * 0.4, y, &t,
                    arena_printf(s->cx->arena, "%.0f %s", LENGTHS[i], s->map->kilometres));
        break;
    }
    if (s->map->credit)
        s->cv->text(s->cv, 0, s->cv->height - s->em * 0.5, &t,
                    canvas_fit(s->cv, &t, s->map->credit, s->cv->width));
}

void map_draw(struct ctx *cx, const struct map *m, const struct doc_labels *labels, struct canvas *cv)
{
    struct sheet s = {.cx = cx, .map = m, .labels = labels, .cv = cv, .em = cv->em};
    s.taken = arena_array(cx->arena, m->n_areas + 2 * m->n_points + 1, sizeof *s.taken);
    sheet_fit(&s);
    for (int context = 1; context >= 0; context--)
        for (size_t i = 0; i < m->n_areas; i++)
            if (m->areas[i].context == (context == 1))
                draw_area(&s, &m->areas[i]);
    draw_points(&s);
    draw_area_labels(&s);
    draw_legend(&s);
    draw_scale_and_credit(&s);
}

void map_svg(struct ctx *cx, const struct map *m, const struct doc_labels *labels, const char *title,
             const char *desc, double width, struct buf *out)
{
    struct canvas *cv = svg_begin(cx->arena, out, width, map_height(m, width, 13), "map", title, desc);
    map_draw(cx, m, labels, cv);
    svg_end(cv);
}

/* --- copies -----------------------------------------------------------------------------------------------
 */

static void area_hide(struct map_area *a)
{
    a->hidden = true;
    a->step = -1;
    a->title = NULL;
}

struct map *map_copy(struct arena *a, const struct map *m)
{
    struct map *copy = arena_alloc(a, sizeof *copy);
    *copy = *m;
    copy->areas = arena_array(a, m->n_areas, sizeof *copy->areas);
    for (size_t i = 0; i < m->n_areas; i++) {
        copy->areas[i] = m->areas[i];
        if (m->areas[i].hidden)
            area_hide(&copy->areas[i]);
    }
    return copy;
}

void map_each_hidden(const struct map *m, void (*fn)(void *work, const char *figure_id), void *work)
{
    for (size_t i = 0; i < m->n_areas; i++)
        if (m->areas[i].hidden && m->areas[i].figure_id)
            fn(work, m->areas[i].figure_id);
}

void map_hide(struct map *m, bool (*is_hidden)(void *work, const char *figure_id), void *work)
{
    for (size_t i = 0; i < m->n_areas; i++)
        if (m->areas[i].figure_id && is_hidden(work, m->areas[i].figure_id))
            area_hide(&m->areas[i]);
}
