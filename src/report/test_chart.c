/* test_chart.c - charts and maps as SVG: scales, protection, odd data. */
#include "base/xml.h"
#include "report/canvas.h"
#include "report/test_sample.h"
#include "tap.h"

static struct arena *arena;
static struct ctx cx;

static const char *draw(const struct chart *c)
{
    struct buf *out = buf_new(arena, 0);
    chart_svg(&cx, c, &SAMPLE_LABELS[LANG_EN], "Title <1>", "What \"it\" says", 720, out);
    return out->data;
}

static bool well_formed(const char *svg)
{
    struct xml *root = NULL;
    return xml_parse(&cx, "chart.svg", svg, strlen(svg), NULL, &root) == OK && strcmp(root->name, "svg") == 0;
}

/* No number of a drawing may have become "nan" or "inf". */
static bool finite_numbers(const char *svg)
{
    return !strstr(svg, "nan") && !strstr(svg, "inf") && !strstr(svg, "-2147483648");
}

static const char *const KINDS[] = {"bars", "dots", "line", "stack", "multiples"};

static void test_odd_data(void)
{
    struct chart_point nothing[] = {{.label = "a", .value = NAN, .low = NAN, .high = NAN},
                                    {.label = NULL, .value = INFINITY}};
    struct chart_point one[] = {{.label = "only", .value = 4, .low = NAN, .high = NAN}};
    struct chart_point negative[] = {{.label = "a", .value = -4, .low = -6, .high = -2},
                                     {.label = "b", .value = 3, .low = 1, .high = 8}};
    struct chart_point zero[] = {{.label = "a", .value = 0, .low = 0, .high = 0},
                                 {.label = "b", .value = 0, .low = NAN, .high = NAN}};
    struct chart_point reversed[] = {{.label = "a", .value = 1e12, .low = 9, .high = 3},
                                     {.label = "b", .value = 1e-12, .low = -INFINITY, .high = 3}};
    struct chart_point hidden[] = {{.label = "a", .value = 987654, .hidden = true},
                                   {.label = "b", .value = 987654, .hidden = true}};
    struct {
        const char *name;
        struct chart_point *points;
        size_t n;
    } data[] = {{"no values", nothing, 2},
                {"one point", one, 1},
                {"negative values", negative, 2},
                {"zeros", zero, 2},
                {"huge, tiny and reversed values", reversed, 2},
                {"only protected values", hidden, 2},
                {"no points", one, 0}};
    for (size_t k = 0; k < 5; k++)
        for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
            struct chart_series s[] = {{"first", data[i].points, data[i].n},
                                       {NULL, data[i].points, data[i].n}};
            const char *svg = draw(
                &(struct chart){.kind = (enum chart_kind)k, .series = s, .n_series = 2, .unit = "share"});
            char name[120];
            snprintf(name, sizeof name, "a chart of %s draws %s", KINDS[k], data[i].name);
            ok(well_formed(svg) && finite_numbers(svg) && !strstr(svg, "987654"), name);
        }
    for (size_t k = 0; k < 5; k++)
        ok(well_formed(draw(&(struct chart){.kind = (enum chart_kind)k})), "a chart without series is drawn");
}

static void test_content(void)
{
    struct chart_point p[] = {
        {.label = "Сарыағаш & Co", .value = 0.25, .low = 0.2, .high = 0.3, .figure_id = "f<1>"},
        {.label = "Кентау", .value = 0.5, .low = 0.4, .high = 0.6}};
    struct chart_series s = {"", p, 2};
    const char *svg = draw(
        &(struct chart){.kind = CHART_DOTS, .series = &s, .n_series = 1, .percent = true, .decimals = 1});
    ok(strstr(svg, "<title>Title &lt;1&gt;</title><desc>What &quot;it&quot; says</desc>") &&
           strstr(svg, "role=\"img\""),
       "a chart has a title and a description that can be read aloud");
    ok(strstr(svg, "Сарыағаш &amp; Co: 25.0 % (20.0 % – 30.0 %)") != NULL,
       "a point says its value and interval");
    ok(strstr(svg, "data-figure=\"f&lt;1&gt;\"") != NULL, "a point carries its figure");
    ok(!strstr(svg, "style") && !strstr(svg, "script") && !strstr(svg, " id="),
       "a chart has no style, script or id");
    ok(strstr(svg, "class=\"f-sky") != NULL && strstr(svg, "fill=\"#"),
       "colours are classes with a print colour");
}

/* Positions: the longer bar is the larger value, the axis covers the intervals. */
static void test_scale(void)
{
    is_num(chart_step(10, 5), 2, 0, "ten in five parts are steps of two");
    is_num(chart_step(0.31, 5), 0.1, 1e-12, "a third in five parts are steps of a tenth");
    is_num(chart_step(97, 5), 20, 0, "97 in five parts are steps of 20");
    is_num(chart_step(0, 5), 1, 0, "no span has a step of one");
    is_num(chart_step(NAN, 5), 1, 0, "an undefined span has a step of one");
    double previous = 0;
    for (int i = 1; i < 400; i++) {
        double span = pow(10, i / 40.0 - 5), step = chart_step(span, 5);
        if (step < previous || span / step > 5.000001 || span / step < 1.9) {
            ok(false, "steps grow with the span and cut it into two to five parts");
            return;
        }
        previous = step;
    }
    ok(true, "steps grow with the span and cut it into two to five parts");
    ok(chart_height(&(struct chart){.kind = CHART_BARS}, 400, 10) > 0, "an empty chart has a height");
}

static void test_stack_protection(void)
{
    struct chart_point p[] = {{.label = "x", .value = 0.6},
                              {.label = "y", .value = 0.3},
                              {.label = "z", .value = 0.1, .hidden = true}};
    struct chart_series s = {"row", p, 3};
    const char *svg =
        draw(&(struct chart){.kind = CHART_STACK, .series = &s, .n_series = 1, .percent = true});
    ok(!strstr(svg, "60 %") && !strstr(svg, "30 %"),
       "one protected part would be the rest of 100 %, so the whole bar is protected");
    p[1].hidden = true;
    svg = draw(&(struct chart){.kind = CHART_STACK, .series = &s, .n_series = 1, .percent = true});
    ok(strstr(svg, "60 %") && !strstr(svg, "30 %"), "two protected parts share the rest");
}

static void test_canvas(void)
{
    struct buf *out = buf_new(arena, 0);
    struct canvas *c = svg_begin(arena, out, 100, 100, "chart", "t", NULL);
    struct text_style t = {.size = 10, .paint = PAINT_INK};
    double narrow = c->text_width(c, &t, "іі"), wide = c->text_width(c, &t, "ШШ");
    ok(narrow > 2 && wide > 2 * narrow, "text is measured with a real font");
    double plain = c->text_width(c, &t, "Түркістан облысы");
    t.bold = true;
    ok(c->text_width(c, &t, "Түркістан облысы") > plain + 1, "bold text is wider");
    t.bold = false;
    const char *fit = canvas_fit(c, &t, "Қазығұрт ауданының орталығы", 60);
    ok(c->text_width(c, &t, fit) <= 60 && strstr(fit, "…") && strlen(fit) > 8,
       "a long label is cut at a letter with an ellipsis");
    is_str(canvas_fit(c, &t, "Кентау", 200), "Кентау", "a short label is whole");
    const char *lines[3];
    size_t n = canvas_wrap(c, &t, "2025 жылғы үшінші тоқсан туралы есеп", 80, lines, 3);
    ok(n == 3 && c->text_width(c, &t, lines[0]) <= 80 && c->text_width(c, &t, lines[2]) <= 80,
       "text wraps into lines that fit");
    is_int(canvas_wrap(c, &t, "", 80, lines, 3), 0, "empty text has no lines");
    for (int p = PAINT_INK; p < PAINT_COUNT; p++) {
        unsigned rgb = paint_rgb((enum paint)p), red = rgb >> 16, green = (rgb >> 8) & 255;
        if (red > 150 && green < red / 2) {
            ok(false, "no paint is red");
            return;
        }
    }
    ok(true, "no paint is red");
}

static void test_map(void)
{
    static const double square[] = {68, 42, 69, 42, 69, 43, 68, 43},
                        hole[] = {68.4, 42.4, 68.6, 42.4, 68.6, 42.6};
    static const double broken[] = {NAN, 42, 69, INFINITY, 68, 42};
    struct map_ring rings[] = {{square, 4}, {hole, 3}, {broken, 3}, {square, 0}};
    struct map_area areas[] = {
        {.name = "Aa", .title = "Aa: 41", .rings = rings, .n_rings = 2, .step = 0},
        {.name = "Bb", .title = "Bb: 987654", .rings = &rings[0], .n_rings = 1, .step = 2, .hidden = true},
        {.name = "Cc", .rings = &rings[2], .n_rings = 2, .step = 9}};
    const char *words[] = {"few", "some", "many"};
    struct map m = {.areas = areas,
                    .n_areas = 3,
                    .steps = words,
                    .n_steps = 3,
                    .legend_title = "How many",
                    .kilometres = "km",
                    .credit = "Source & date"};
    struct buf *out = buf_new(arena, 0);
    map_svg(&cx, &m, &SAMPLE_LABELS[LANG_EN], "Map", "", 720, out);
    ok(well_formed(out->data) && finite_numbers(out->data),
       "a map with holes and broken points is well formed");
    ok(strstr(out->data, "Aa: 41") && strstr(out->data, "Bb: protected") && !strstr(out->data, "987654"),
       "a protected area says so");
    ok(strstr(out->data, ">few<") && strstr(out->data, ">many<") && strstr(out->data, " km<"),
       "the legend is in words and there is a scale");
    areas[1].step = 0;
    struct buf *other = buf_new(arena, 0);
    map_svg(&cx, &m, &SAMPLE_LABELS[LANG_EN], "Map", "", 720, other);
    is_str(other->data, out->data, "the class of a protected area plays no part");
    buf_reset(out);
    map_svg(&cx, &(struct map){0}, &SAMPLE_LABELS[LANG_EN], "Map", "", 720, out);
    ok(well_formed(out->data) && finite_numbers(out->data), "a map of nothing is drawn");
}

int main(void)
{
    arena = arena_new(0);
    cx = (struct ctx){.arena = arena, .lang = LANG_EN};
    test_odd_data();
    test_content();
    test_scale();
    test_stack_protection();
    test_canvas();
    test_map();
    arena_free(arena);
    return done();
}
