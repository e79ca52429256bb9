/* test_doc.c - the document model, protection in every format, HTML and report.json. */
#include "base/json.h"
#include "base/xml.h"
#include "report/doc_parts.h"
#include "report/test_sample.h"
#include "tap.h"

typedef int render_fn(struct ctx *, struct doc *, struct buf *);

static const struct {
    const char *name;
    render_fn *fn;
} FORMATS[] = {
    {"DOCX", doc_docx}, {"PDF", doc_pdf}, {"XLSX", doc_xlsx}, {"HTML", doc_html}, {"JSON", doc_json}};
enum { N_FORMATS = sizeof FORMATS / sizeof *FORMATS };

/* A file of the sample, with memory of its own. */
struct file {
    struct arena *arena;
    struct buf *bytes;
    int rc;
};

static struct file render(render_fn *fn, enum lang l, size_t rows)
{
    struct file f = {.arena = arena_new((size_t)512 << 20)};
    struct ctx cx = {.arena = f.arena, .lang = l};
    f.bytes = buf_new(f.arena, 0);
    f.rc = fn(&cx, sample_doc(f.arena, l, rows), f.bytes);
    if (f.rc)
        printf("# %s\n", cx.err_text);
    return f;
}

static bool same(const struct file *a, const struct file *b)
{
    return a->bytes->len > 0 && a->bytes->len == b->bytes->len &&
           memcmp(a->bytes->data, b->bytes->data, a->bytes->len) == 0;
}

static bool contains(const struct buf *b, const char *text)
{
    return memmem(b->data, b->len, text, strlen(text)) != NULL;
}

static void test_protection(void)
{
    for (size_t i = 0; i < N_FORMATS; i++)
        for (int l = 0; l < LANG_COUNT; l++) {
            char name[160];
            struct file a = render(FORMATS[i].fn, (enum lang)l, SAMPLE_N),
                        again = render(FORMATS[i].fn, (enum lang)l, SAMPLE_N);
            snprintf(name, sizeof name,
                     "%s in language %d is written, and the same document gives the same bytes",
                     FORMATS[i].name, l);
            ok(!a.rc && !again.rc && same(&a, &again), name);
            sample_secret = 2.25;
            sample_secret_text = "2,25 or more";
            struct file other = render(FORMATS[i].fn, (enum lang)l, SAMPLE_N);
            sample_secret = 7.654321;
            sample_secret_text = "7,654321";
            snprintf(name, sizeof name, "no byte of the %s in language %d depends on a protected value",
                     FORMATS[i].name, l);
            ok(same(&a, &other), name);
            arena_free(a.arena);
            arena_free(again.arena);
            arena_free(other.arena);
        }
}

static void test_model(void)
{
    struct arena *a = arena_new(0);
    struct doc *d = sample_doc_new(a, LANG_EN);
    ok(doc_find_figure(d, "x") == NULL, "a new document has no figures");
    doc_figure(d, &(struct figure){.id = "x", .value = 5, .low = NAN, .high = NAN, .source_id = "s1"});
    doc_figure(d, &(struct figure){.id = "x", .value = 9, .low = NAN, .high = NAN});
    is_num(doc_find_figure(d, "x")->value, 5, 0, "of two registrations of a figure the first stays");
    struct para *p = doc_para(d, NULL);
    para_figure(p, "x", "5");
    doc_seal(d);
    is_str(p->runs->text, "5", "a figure that nobody hides is shown");
    doc_figure(d, &(struct figure){.id = "x", .value = 9, .hidden = true});
    doc_seal(d);
    is_str(p->runs->text, "protected", "a figure hidden later is hidden in the text that stood before");
    ok(isnan(doc_find_figure(d, "x")->value), "a hidden figure keeps no value");
    struct column c[] = {{.title = "t", .type = COLUMN_NUMBER, .unit = "%"}};
    struct table *t = doc_table(d, "T", c, 1);
    struct cell cells[3] = {cell_num(1.5, "1.5", "y"), cell_num(2, "2", "beyond"), cell_num(3, "3", NULL)};
    table_row(t, cells, 3);
    table_row(t, cells, 0);
    cells[0].hidden = true;
    table_row(t, cells, 1);
    ok(isnan(t->last->cells[0].value), "a protected cell loses its value when the row is added");
    is_str(t->rows->next->cells[0].text, "", "a missing cell is empty");
    doc_seal(d);
    is_str(t->rows->cells[0].text, "protected", "a figure protected in one row is protected in all rows");
    ok(doc_find_figure(d, "y")->hidden, "a cell's figure is registered, as protected");
    ok(doc_find_figure(d, "beyond") == NULL, "a cell beyond the last column is ignored");
    is_str(cell_num(NAN, "7", "q").text, NULL, "a cell without a number drops its text");
    is_str(doc_fill(a, "page %d of %d, %d%%", 3, 9), "page 3 of 9, %d%%",
           "two numbers are filled in and nothing else is read");
    is_str(doc_caption(a, "Table %d", 4, NULL), "Table 4", "a caption may be empty");
    for (int i = 0; i < 5000; i++)
        doc_figure(d, &(struct figure){.id = arena_printf(a, "f%d", i), .value = i});
    is_num(doc_find_figure(d, "f4321")->value, 4321, 0, "five thousand figures are found by id");
    arena_free(a);
}

/* A number hidden in one place must not be read off a drawing in another. */
static void test_drawings_are_sealed(void)
{
    struct arena *a = arena_new(0);
    struct doc *d = sample_doc_new(a, LANG_EN);
    struct chart_point points[] = {
        {.label = "p", .value = 41, .low = 40, .high = 42, .text = "41", .figure_id = "f"},
        {.label = "q", .value = 7, .hidden = true, .figure_id = "g"}};
    struct chart_series series = {"s", points, 2};
    doc_chart(d, &(struct chart){.kind = CHART_DOTS, .series = &series, .n_series = 1}, "C", "", NULL);
    struct map_area area = {.name = "A", .title = "A: 41", .step = 2, .figure_id = "f"};
    doc_map(d, &(struct map){.areas = &area, .n_areas = 1}, "M", "", NULL);
    struct column c[] = {{.title = "t", .type = COLUMN_NUMBER}};
    struct table *t = doc_table(d, "T", c, 1);
    table_row(t, (struct cell[]){cell_num(7, "7", "g")}, 1);
    doc_seal(d);
    ok(!d->blocks->picture->chart->series[0].points[0].hidden,
       "a figure that nobody hides stays in the chart");
    ok(t->rows->cells[0].hidden && isnan(t->rows->cells[0].value),
       "a figure hidden in a chart is hidden in the table");
    table_row(t, (struct cell[]){cell_hidden("f")}, 1);
    doc_seal(d);
    const struct chart_point *p = &d->blocks->picture->chart->series[0].points[0];
    ok(p->hidden && isnan(p->value) && isnan(p->high) && !p->text,
       "a figure hidden in a table is hidden in the chart");
    const struct map_area *m = &d->blocks->next->picture->map->areas[0];
    ok(m->hidden && m->step < 0 && !m->title, "and on the map");
    ok(!points[0].hidden && points[0].value == 41, "the caller's own data stays as it was");
    arena_free(a);
}

static void test_html(void)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        struct file f = render(doc_html, (enum lang)l, 3);
        struct ctx cx = {.arena = f.arena};
        struct xml *root = NULL;
        ok(xml_parse(&cx, "report.html", f.bytes->data, f.bytes->len, NULL, &root) == OK,
           "the HTML is well formed");
        ok(!contains(f.bytes, "style=") && !contains(f.bytes, "<style") && !contains(f.bytes, "<script"),
           "the HTML needs neither inline styles nor scripts");
        ok(contains(f.bytes, "<th scope=\"row\">") && contains(f.bytes, "<caption>"),
           "tables have captions and row heads");
        ok(contains(f.bytes, SAMPLE_LABELS[l].hidden) && contains(f.bytes, "data-figure=\"share.1\""),
           "protected cells say so and figures carry their ids");
        arena_free(f.arena);
    }
    struct arena *a = arena_new(0);
    struct ctx cx = {.arena = a, .lang = LANG_EN};
    struct doc *d = sample_doc_new(a, LANG_EN);
    struct para *p = doc_para(d, "<b>&\"' \xff \x01");
    para_link(p, "javascript:alert(1)", "link");
    para_link(p, "https://example.org/?a=1&b=2", "good");
    struct buf *out = buf_new(a, 0);
    ok(doc_html(&cx, d, out) == OK && contains(out, "&lt;b&gt;&amp;") && !contains(out, "<b>") &&
           !contains(out, "javascript:"),
       "text is escaped and a link to a script is none");
    struct xml *root = NULL;
    ok(xml_parse(&cx, "report.html", out->data, out->len, NULL, &root) == OK,
       "broken bytes leave the HTML well formed");
    ok(contains(out, "https://example.org/?a=1&amp;b=2"), "a proper link stays");
    arena_free(a);
}

static void test_json(void)
{
    struct file f = render(doc_json, LANG_KK, SAMPLE_N);
    struct ctx cx = {.arena = f.arena};
    const struct json *j = NULL;
    ok(json_parse(&cx, f.bytes->data, f.bytes->len, 0, &j) == OK, "report.json is JSON");
    const struct json *figures = json_get(j, "figures");
    ok(figures && figures->n > 4 * SAMPLE_N, "report.json holds every figure of the tables");
    size_t hidden = 0, odd = 0;
    for (size_t i = 0; figures && i < figures->n; i++) {
        const struct json *g = &figures->items[i];
        bool is = json_get_bool(g, "protected", false);
        hidden += is;
        if (is && !isnan(json_get_num(g, "value", NAN)))
            odd++;
        if (strcmp(json_get_str(g, "id", ""), "share.1") == 0)
            is_num(json_get_num(g, "value", NAN), 0.58, 1e-12, "a figure keeps its full value");
    }
    is_int(hidden, 1, "the protected figure is listed as protected");
    is_int(odd, 0, "and without a value");
    ok(json_get_bool(j, "demonstration", false), "report.json says that the data is a demonstration");
    arena_free(f.arena);
}

static void test_empty(void)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        struct arena *a = arena_new(0);
        struct ctx cx = {.arena = a, .lang = LANG_KK};
        struct doc *d = doc_new(a, LANG_KK, &(struct doc_meta){0}, &(struct doc_labels){0});
        struct buf *out = buf_new(a, 0);
        char name[80];
        snprintf(name, sizeof name, "an empty document is a valid %s", FORMATS[i].name);
        ok(FORMATS[i].fn(&cx, d, out) == OK && out->len > 20, name);
        struct table *t = doc_table(d, NULL, NULL, 0);
        table_row(t, NULL, 0);
        doc_table(d, NULL, (struct column[]){{.title = NULL, .type = COLUMN_TEXT}}, 1);
        doc_list(d, true);
        doc_para(d, NULL);
        doc_contents(d);
        doc_signature(d, NULL, NULL, NULL);
        doc_chart(d, &(struct chart){.kind = CHART_LINE}, NULL, NULL, NULL);
        doc_map(d, &(struct map){0}, NULL, NULL, NULL);
        doc_heading(d, 9, NULL);
        buf_reset(out);
        snprintf(name, sizeof name, "empty blocks of every kind are a valid %s", FORMATS[i].name);
        ok(FORMATS[i].fn(&cx, d, out) == OK && out->len > 20, name);
        arena_free(a);
    }
    struct arena *a = arena_new((size_t)512 << 20);
    for (size_t i = 0; i < N_FORMATS; i++) {
        struct ctx cx = {.arena = a, .lang = LANG_EN};
        struct buf *small = buf_new(a, 300);
        ok(FORMATS[i].fn(&cx, sample_doc(a, LANG_EN, 2), small) == ERR_LIMIT,
           "a buffer too small is an error, not half a file");
    }
    arena_free(a);
}

int main(void)
{
    test_model();
    test_drawings_are_sealed();
    test_protection();
    test_html();
    test_json();
    test_empty();
    return done();
}
