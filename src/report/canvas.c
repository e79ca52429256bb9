/* canvas.c - paints and the shapes that both back ends share; see canvas.h. */
#include "report/canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Print colours. Sky and gold differ in lightness as well as in hue, so they stay apart for
 * colour-blind readers and on a grey printer. */
static const struct {
    const char *name;
    unsigned rgb;
} PAINTS[PAINT_COUNT] = {
    [PAINT_NONE] = {"none", 0xffffff},           [PAINT_INK] = {"ink", 0x1c2530},
    [PAINT_MUTED] = {"muted", 0x5a6572},         [PAINT_GRID] = {"grid", 0xd8d9d6},
    [PAINT_PAPER] = {"paper", 0xffffff},         [PAINT_SKY] = {"sky", 0x1b74a6},
    [PAINT_SKY_SOFT] = {"sky-soft", 0xb5d7e8},   [PAINT_GOLD] = {"gold", 0xb47c10},
    [PAINT_GOLD_SOFT] = {"gold-soft", 0xf0dcae}, [PAINT_GREY] = {"grey", 0x868f98},
    [PAINT_GREY_SOFT] = {"grey-soft", 0xe9eae8}, [PAINT_STEP1] = {"step1", 0xe6f1f6},
    [PAINT_STEP2] = {"step2", 0xb9d9e8},         [PAINT_STEP3] = {"step3", 0x7db8d3},
    [PAINT_STEP4] = {"step4", 0x3f8fb6},         [PAINT_STEP5] = {"step5", 0x145c85},
    [PAINT_ON_STRONG] = {"on-strong", 0xffffff},
    [PAINT_ON_SOFT] = {"on-soft", 0x1c2530},
    [PAINT_PART1] = {"part1", 0x1b74a6},         [PAINT_PART2] = {"part2", 0xb5d7e8},
    [PAINT_PART3] = {"part3", 0xd6a84a},         [PAINT_PART4] = {"part4", 0x6b7580},
    [PAINT_PART5] = {"part5", 0xf0dcae},         [PAINT_PART6] = {"part6", 0xcfd3d6},
};

const char *paint_name(enum paint p)
{
    return PAINTS[p].name;
}

unsigned paint_rgb(enum paint p)
{
    return PAINTS[p].rgb;
}

enum paint paint_text_on(enum paint p)
{
    unsigned rgb = PAINTS[p].rgb;
    double light =
        0.2126 * (double)(rgb >> 16) + 0.7152 * (double)((rgb >> 8) & 255) + 0.0722 * (double)(rgb & 255);
    return light < 140 ? PAINT_ON_STRONG : PAINT_ON_SOFT;
}

void canvas_rect(struct canvas *c, double x, double y, double w, double h, enum paint fill)
{
    struct point2 p[4] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
    struct ring2 r = {p, 4};
    c->polygon(c, &r, 1, fill, PAINT_NONE, 0);
}

void canvas_line(struct canvas *c, double x1, double y1, double x2, double y2, enum paint stroke,
                 double width)
{
    struct point2 p[2] = {{x1, y1}, {x2, y2}};
    c->polyline(c, p, 2, stroke, width, false);
}

static int compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Where the line x + y = s crosses the rings, as values of x - y; at most max. */
static size_t hatch_crossings(const struct ring2 *rings, size_t n, double s, double *at, size_t max)
{
    size_t found = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < rings[k].n; i++) {
            struct point2 a = rings[k].points[i], b = rings[k].points[(i + 1) % rings[k].n];
            double sa = a.x + a.y - s, sb = b.x + b.y - s;
            if ((sa < 0) == (sb < 0) || found == max)
                continue;
            double t = sa / (sa - sb);
            at[found++] = (a.x - a.y) + t * ((b.x - b.y) - (a.x - a.y));
        }
    qsort(at, found, sizeof *at, compare_double);
    return found;
}

void canvas_hatch(struct canvas *c, const struct ring2 *rings, size_t n, double step)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < rings[k].n; i++) {
            double s = rings[k].points[i].x + rings[k].points[i].y;
            low = fmin(low, s);
            high = fmax(high, s);
        }
    if (!(low < high) || !(step > 0))
        return;
    enum { MAX_CROSSINGS = 512 };
    double at[MAX_CROSSINGS];
    for (double s = floor(low / step) * step + step; s < high; s += step) {
        size_t found = hatch_crossings(rings, n, s, at, MAX_CROSSINGS);
        for (size_t i = 0; i + 1 < found; i += 2)
            canvas_line(c, (s + at[i]) / 2, (s - at[i]) / 2, (s + at[i + 1]) / 2, (s - at[i + 1]) / 2,
                        PAINT_GREY, c->em * 0.06);
    }
}

void canvas_hatch_rect(struct canvas *c, double x, double y, double w, double h)
{
    struct point2 p[4] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
    struct ring2 r = {p, 4};
    c->polygon(c, &r, 1, PAINT_GREY_SOFT, PAINT_NONE, 0);
    canvas_hatch(c, &r, 1, c->em * 0.5);
}

/* The largest byte count <= n that does not cut a character. */
static size_t utf8_floor(const char *s, size_t n)
{
    while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    return n;
}

const char *canvas_fit(struct canvas *c, const struct text_style *style, const char *text, double width)
{
    if (!text || c->text_width(c, style, text) <= width)
        return text ? text : "";
    size_t low = 0, high = strlen(text);
    while (low < high) {
        size_t mid = (low + high + 1) / 2, cut = utf8_floor(text, mid);
        const char *try = arena_printf(c->arena, "%.*s…", (int)cut, text);
        if (c->text_width(c, style, try) <= width)
            low = mid;
        else
            high = mid - 1;
    }
    size_t cut = utf8_floor(text, low);
    while (cut > 0 && text[cut - 1] == ' ')
        cut--;
    return arena_printf(c->arena, "%.*s…", (int)cut, text);
}

size_t canvas_wrap(struct canvas *c, const struct text_style *style, const char *text, double width,
                   const char **lines, size_t max)
{
    size_t n = 0;
    while (text && *text && n < max) {
        size_t best = 0, len = strlen(text);
        if (n + 1 == max || c->text_width(c, style, text) <= width) {
            lines[n++] = canvas_fit(c, style, text, width);
            break;
        }
        for (size_t i = 1; i < len; i++) {
            if (text[i] != ' ')
                continue;
            if (c->text_width(c, style, arena_strndup(c->arena, text, i)) > width)
                break;
            best = i;
        }
        if (!best) { /* one long word */
            const char *space = strchr(text, ' ');
            best = space ? (size_t)(space - text) : len;
        }
        lines[n++] = canvas_fit(c, style, arena_strndup(c->arena, text, best), width);
        text += best;
        while (*text == ' ')
            text++;
    }
    return n;
}
