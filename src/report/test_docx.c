/* test_docx.c - what is inside a DOCX: every part well formed, texts, styles, relations. */
#include "base/xml.h"
#include "base/zip.h"
#include "report/test_sample.h"
#include "tap.h"

static struct arena *arena;
static struct ctx cx;

static struct zip_reader *open_sample(enum lang l, size_t rows)
{
    struct buf *out = buf_new(arena, 0);
    struct zip_reader *z = NULL;
    if (doc_docx(&cx, sample_doc(arena, l, rows), out) ||
        zip_reader_open(&cx, "report.docx", out->data, out->len, NULL, &z))
        return NULL;
    return z;
}

static const char *part(struct zip_reader *z, const char *name)
{
    struct buf *b = NULL;
    return zip_reader_get(&cx, z, name, &b) == OK ? b->data : "";
}

static size_t occurrences(const char *in, const char *what)
{
    size_t n = 0;
    for (const char *at = in; (at = strstr(at, what)) != NULL; at += strlen(what))
        n++;
    return n;
}

static void test_parts(struct zip_reader *z)
{
    size_t bad = 0, parts = 0;
    is_str(zip_reader_name(z, 0), "[Content_Types].xml", "the content types come first");
    for (int64_t i = 0; i < zip_reader_count(z); i++) {
        const char *name = zip_reader_name(z, i), *text = part(z, name);
        struct xml *root = NULL;
        if (strstr(name, ".png"))
            continue;
        parts++;
        if (xml_parse(&cx, name, text, strlen(text), NULL, &root)) {
            printf("# %s: %s\n", name, cx.err_text);
            bad++;
        }
    }
    is_int(bad, 0, "every part is well formed");
    is_int(parts, 11, "there are eleven parts of text");
}

/* Every relation of the main part leads to a part, and every r:id and r:embed has one. */
static void test_relations(struct zip_reader *z)
{
    struct xml *root = NULL;
    const char *text = part(z, "word/_rels/document.xml.rels");
    ok(xml_parse(&cx, "rels", text, strlen(text), NULL, &root) == OK, "the relations can be read");
    size_t missing = 0, images = 0;
    const char *document = part(z, "word/document.xml");
    for (struct xml *r = xml_child(root, "Relationship"); r; r = xml_next(r, "Relationship")) {
        const char *target = xml_get(r, "Target");
        if (xml_get(r, "TargetMode"))
            continue;
        if (!zip_reader_has(z, arena_printf(arena, "word/%s", target)))
            missing++;
        if (strstr(target, "media/")) {
            images++;
            if (!strstr(document, arena_printf(arena, "r:embed=\"%s\"", xml_get(r, "Id"))))
                missing++;
            struct buf *png = NULL;
            if (zip_reader_get(&cx, z, arena_printf(arena, "word/%s", target), &png) || png->len < 1000 ||
                memcmp(png->data, "\x89PNG\r\n\x1a\n", 8) != 0)
                missing++;
        }
    }
    is_int(missing, 0, "every relation leads somewhere and is used");
    is_int(images, occurrences(document, "<w:drawing>"), "every drawing has its picture");
}

static void test_texts(void)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        struct zip_reader *z = open_sample((enum lang)l, SAMPLE_N);
        const char *document = part(z, "word/document.xml"), *styles = part(z, "word/styles.xml");
        struct doc *d = sample_doc_new(arena, (enum lang)l);
        ok(strstr(document, d->meta.title) && strstr(document, "Қазығұрт"),
           "the document holds the title and Kazakh names");
        ok(strstr(part(z, "word/header1.xml"), d->meta.banner) &&
               strstr(part(z, "word/header1.xml"), d->meta.marking),
           "the demonstration banner and the marking are in the running header");
        ok(strstr(styles, (const char *[]){"kk-KZ", "ru-RU", "en-GB"}[l]) != NULL, "the language is set");
        ok(occurrences(document, d->labels.hidden) >= 2, "protected values are named in text and table");
        ok(strstr(part(z, "docProps/core.xml"), "2025-10-07T00:00:00Z") &&
               strstr(part(z, "docProps/core.xml"), d->meta.author),
           "author and date come from the document");
        ok(strstr(part(z, "word/footer1.xml"), " PAGE ") && strstr(part(z, "word/footer1.xml"), " NUMPAGES "),
           "pages are numbered");
    }
}

static void test_structure(struct zip_reader *z)
{
    const char *document = part(z, "word/document.xml");
    ok(strstr(document, "w:val=\"Heading1\"") && strstr(document, "w:val=\"Heading2\"") &&
           strstr(document, "w:val=\"Heading3\""),
       "headings have heading styles");
    is_int(occurrences(document, "<w:tblHeader/>"), 1, "the table's header row repeats on every page");
    is_int(occurrences(document, "<w:tr>"), SAMPLE_N + 3,
           "there is a row for each place, the head, the total and the signature");
    is_int(occurrences(document, "<w:bookmarkStart "), 6, "every heading can be linked to");
    is_int(occurrences(document, "PAGEREF"), 5,
           "the contents refer to the pages of the headings of two levels");
    ok(strstr(document, "Small &amp; &lt;large&gt; &quot;things&quot;") != NULL, "text is escaped");
    ok(strstr(document, "descr=\"A map of nine territories.\"") != NULL, "a picture has its description");
    /* The styles that are used exist. */
    const char *styles = part(z, "word/styles.xml");
    size_t missing = 0;
    for (const char *at = document; (at = strstr(at, "<w:pStyle w:val=\"")) != NULL;) {
        at += strlen("<w:pStyle w:val=\"");
        if (!strstr(styles, arena_printf(arena, "w:styleId=\"%.*s\"", (int)strcspn(at, "\""), at)))
            missing++;
    }
    is_int(missing, 0, "every style that is used is defined");
}

static void test_links_and_bytes(void)
{
    struct doc *d = sample_doc_new(arena, LANG_EN);
    d->meta.figure_href = "https://example.org/figures/";
    struct para *p = doc_para(d, "two\nlines \x01\xff ");
    para_figure(p, "a&b", "17");
    para_link(p, "javascript:x", "no link");
    struct buf *out = buf_new(arena, 0);
    struct zip_reader *z = NULL;
    ok(doc_docx(&cx, d, out) == OK && zip_reader_open(&cx, "x.docx", out->data, out->len, NULL, &z) == OK,
       "a document with odd bytes is written");
    const char *document = part(z, "word/document.xml"), *relations = part(z, "word/_rels/document.xml.rels");
    struct xml *root = NULL;
    ok(xml_parse(&cx, "document.xml", document, strlen(document), NULL, &root) == OK, "and well formed");
    ok(strstr(relations, "https://example.org/figures/a&amp;b") && !strstr(relations, "javascript"),
       "only full addresses become links");
    ok(strstr(document, "two</w:t><w:br/>") != NULL, "a line break stays one");
}

int main(void)
{
    arena = arena_new((size_t)1 << 30);
    cx = (struct ctx){.arena = arena, .lang = LANG_EN};
    struct zip_reader *z = open_sample(LANG_EN, SAMPLE_N);
    if (ok(z != NULL, "the sample is written as DOCX and opens as an archive")) {
        test_parts(z);
        test_relations(z);
        test_structure(z);
        test_texts();
        test_links_and_bytes();
    }
    arena_free(arena);
    return done();
}
