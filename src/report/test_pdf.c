/* test_pdf.c - what a reader of the PDF sees, through pdftotext and pdfinfo (poppler-utils). */
#include "base/str.h"
#include "report/doc_parts.h"
#include "report/test_sample.h"
#include "tap.h"

#include <unistd.h>

static struct arena *arena;

/* The output of a poppler tool on the bytes ("tool options", "arguments behind the file"); NULL where
 * the tool is absent. */
static const char *poppler(const struct buf *pdf, const char *tool, const char *after)
{
    char path[] = "/tmp/shanyraq-test-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, pdf->data, pdf->len) != (ssize_t)pdf->len)
        return NULL;
    close(fd);
    FILE *f = popen(arena_printf(arena, "%s %s %s 2>/dev/null", tool, path, after), "r");
    struct buf *out = buf_new(arena, 0);
    char chunk[4096];
    size_t n;
    while (f && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_put(out, chunk, n);
    int rc = f ? pclose(f) : -1;
    unlink(path);
    return rc == 0 ? out->data : NULL;
}

static const char *text_of(const struct buf *pdf)
{
    return poppler(pdf, "pdftotext -layout", "-");
}
static const char *info_of(const struct buf *pdf)
{
    return poppler(pdf, "pdfinfo -dests", "");
}

static struct buf *render(struct doc *d, enum lang l)
{
    struct ctx cx = {.arena = arena, .lang = l};
    struct buf *out = buf_new(arena, 0);
    return doc_pdf(&cx, d, out) == OK ? out : NULL;
}

static size_t occurrences(const char *in, const char *what)
{
    size_t n = 0;
    for (const char *at = in; (at = strstr(at, what)) != NULL; at += strlen(what))
        n++;
    return n;
}

static size_t page_count(const char *text)
{
    return occurrences(text, "\f");
}

static void test_texts(void)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        struct doc *d = sample_doc(arena, (enum lang)l, SAMPLE_N);
        struct buf *pdf = render(d, (enum lang)l);
        const char *text = text_of(pdf);
        size_t pages = page_count(text);
        ok(strstr(text, "Қазығұрт") && strstr(text, "Түлкібас") && strstr(text, "Бәйдібек"),
           "Kazakh names can be read and searched");
        if (l == LANG_KK)
            ok(strstr(text, "Әәғқңөұүһі ӘҒҚҢӨҰҮҺІ") != NULL,
               "every Kazakh letter of both cases is in the font");
        is_int(occurrences(text, d->meta.banner), pages, "the demonstration banner stands on every page");
        is_int(occurrences(text, d->meta.marking), pages, "the marking stands on every page");
        for (size_t i = 1; i <= pages; i++)
            if (!strstr(text, doc_fill(arena, d->labels.page, (int)i, (int)pages)))
                ok(false, "every page has its number");
        ok(pages > 3, "the sample has several pages");
        ok(occurrences(text, d->labels.hidden) >= 5,
           "protected values are named in text, table, charts and map");
        const char *info = info_of(pdf);
        ok(strstr(info, "\"h5\"") && strstr(info, "\"h1\""), "every heading is a place that links lead to");
    }
}

static void test_meta(void)
{
    struct buf *pdf = render(sample_doc(arena, LANG_KK, 3), LANG_KK);
    const char *info = poppler(pdf, "TZ=UTC pdfinfo -isodates", "");
    ok(strstr(info, "Қоғамдық келісім") && strstr(info, "CreationDate:    2025-10-07T00:00:00Z"),
       "author and date are those of the document");
    ok(strstr(info, "ModDate:         2025-10-07T00:00:00Z") && strstr(info, "A4"),
       "no clock of the machine is in the file and the paper is A4");
    const char *fonts = poppler(pdf, "pdffonts", "");
    ok(strstr(fonts, "PTSerif") && strstr(fonts, "PTSans") && !strstr(fonts, " no  no"),
       "the fonts are PT Serif and PT Sans, embedded");
    const char *images = poppler(pdf, "pdfimages -list", "");
    ok(images && !strstr(images, "image "), "drawings are vectors, not pictures of dots");
}

static void test_long_table(void)
{
    struct doc *d = sample_doc_new(arena, LANG_RU);
    doc_contents(d);
    doc_heading(d, 1, "Первый раздел");
    sample_table(d, 400);
    doc_heading(d, 1, "Последний раздел");
    doc_para(d, "Конец.");
    const char *text = text_of(render(d, LANG_RU));
    size_t pages = page_count(text);
    ok(pages >= 8, "four hundred rows take many pages");
    ok(occurrences(text, "Опрошено, чел.") >= pages - 2, "the header row stands on every page of the table");
    for (int i = 20; i < 400; i++)
        if (!strstr(text, arena_printf(arena, "%s, %d ", SAMPLE_PLACES[i % SAMPLE_N], i))) {
            ok(false, "no row is lost between pages");
            return;
        }
    ok(true, "no row is lost between pages");
    /* The number of the last section's page in the contents is the page it stands on. */
    const char *entry = strstr(text, "Последний раздел");
    int64_t said = 0;
    if (entry) {
        const char *digits = entry + strcspn(entry, "0123456789\n");
        str_to_int(arena_strndup(arena, digits, strspn(digits, "0123456789")), 1, 9999, &said);
    }
    int page = 1;
    const char *last = entry ? strstr(entry + 10, "Последний раздел") : NULL;
    for (const char *s = text; last && s < last; s++)
        page += *s == '\f';
    ok(last && said == page, "the contents name the page where the section stands");
}

static void test_breaks(void)
{
    /* A heading is never the last line of a page, wherever the page ends. */
    size_t alone = 0;
    for (int fill = 20; fill < 44; fill++) {
        struct doc *d = sample_doc_new(arena, LANG_EN);
        for (int i = 0; i < fill; i++)
            doc_para(d, "One line of text.");
        doc_heading(d, 1, "Upper heading");
        doc_heading(d, 2, "Lower heading");
        doc_para(d, "What follows the heading and is long enough to take two lines on the page: first the "
                    "reasons, then the numbers, then what comes of them.");
        const char *text = text_of(render(d, LANG_EN));
        const char *upper = strstr(text, "Upper heading"), *body = strstr(text, "What follows");
        if (!upper || !body || memchr(upper, '\f', (size_t)(body - upper)))
            alone++;
    }
    is_int(alone, 0, "headings stay with the text that follows them");
    struct doc *d = sample_doc_new(arena, LANG_EN);
    struct column c[] = {{.title = "Text", .type = COLUMN_TEXT}, {.title = "N", .type = COLUMN_NUMBER}};
    struct table *t = doc_table(d, "One very tall row", c, 2);
    struct buf *tall = buf_new(arena, 0);
    for (int i = 0; i < 3000; i++)
        buf_printf(tall, "word%d ", i);
    table_row(t, (struct cell[]){cell_text(tall->data), cell_num(1, "1", NULL)}, 2);
    const char *text = text_of(render(d, LANG_EN));
    ok(strstr(text, "word0 ") && strstr(text, "word2999") && page_count(text) > 2,
       "a row taller than a page goes on over pages");
    d = sample_doc_new(arena, LANG_EN);
    struct column many[30];
    struct cell cells[30];
    for (int i = 0; i < 30; i++) {
        many[i] = (struct column){.title = "A column", .type = i % 2 ? COLUMN_NUMBER : COLUMN_TEXT};
        cells[i] = cell_text("Абвгдежзийклмнопрст");
    }
    t = doc_table(d, "Thirty columns", many, 30);
    table_row(t, cells, 30);
    ok(render(d, LANG_EN) != NULL, "a table of too many columns is written");
}

int main(void)
{
    arena = arena_new((size_t)2 << 30);
    struct buf *pdf = render(sample_doc(arena, LANG_EN, 3), LANG_EN);
    if (!ok(pdf && pdf->len > 1000 && memcmp(pdf->data, "%PDF-", 5) == 0, "the sample is written as PDF"))
        return done();
    if (!text_of(pdf) || !info_of(pdf)) {
        skip("the PDF as a reader sees it", "pdftotext and pdfinfo (poppler-utils) are not installed");
    } else {
        test_texts();
        test_meta();
        test_long_table();
        test_breaks();
    }
    arena_free(arena);
    return done();
}
