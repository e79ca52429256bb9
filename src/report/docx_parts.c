/* docx_parts.c - see docx_parts.h. WordprocessingML as in ECMA-376, part 1. */
#include "report/docx_parts.h"

#include "base/xml.h"

#include <string.h>

const char DOCX_NAMESPACES[] =
    " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
    " xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\""
    " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""
    " xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";
const double DOCX_WIDTH = 468;

static const char DECLARATION[] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
static const char *const LANG_TAGS[LANG_COUNT] = {"kk-KZ", "ru-RU", "en-GB"};

#define OFFICE "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

void docx_content_types(struct buf *b)
{
    static const char *const PARTS[][2] = {
        {"/word/document.xml", OFFICE "document.main+xml"},
        {"/word/styles.xml", OFFICE "styles+xml"},
        {"/word/numbering.xml", OFFICE "numbering+xml"},
        {"/word/settings.xml", OFFICE "settings+xml"},
        {"/word/header1.xml", OFFICE "header+xml"},
        {"/word/footer1.xml", OFFICE "footer+xml"},
        {"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
        {"/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"},
    };
    buf_puts(b, DECLARATION);
    buf_puts(b, "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                "<Default Extension=\"rels\" "
                "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                "<Default Extension=\"png\" ContentType=\"image/png\"/>");
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        buf_printf(b, "<Override PartName=\"%s\" ContentType=\"%s\"/>", PARTS[i][0], PARTS[i][1]);
    buf_puts(b, "</Types>");
}

static void relations_begin(struct buf *b)
{
    buf_puts(b, DECLARATION);
    buf_puts(b, "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
}

void docx_root_relations(struct buf *b)
{
    relations_begin(b);
    buf_puts(
        b, "<Relationship Id=\"rId1\" Type=\"" RELATIONS "officeDocument\" Target=\"word/document.xml\"/>"
           "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/"
           "metadata/core-properties\" Target=\"docProps/core.xml\"/>"
           "<Relationship Id=\"rId3\" Type=\"" RELATIONS "extended-properties\" Target=\"docProps/app.xml\"/>"
           "</Relationships>");
}

void docx_relations(struct buf *b, const struct docx_relation *r, size_t n)
{
    static const char *const FIXED[][2] = {{"styles", "styles.xml"},
                                           {"numbering", "numbering.xml"},
                                           {"settings", "settings.xml"},
                                           {"header", "header1.xml"},
                                           {"footer", "footer1.xml"}};
    relations_begin(b);
    for (size_t i = 0; i < sizeof FIXED / sizeof *FIXED; i++)
        buf_printf(b, "<Relationship Id=\"%s\" Type=\"" RELATIONS "%s\" Target=\"%s\"/>", FIXED[i][0],
                   FIXED[i][0], FIXED[i][1]);
    for (size_t i = 0; i < n; i++) {
        buf_printf(b, "<Relationship Id=\"%s\" Type=\"" RELATIONS "%s\" Target=\"", r[i].id,
                   r[i].link ? "hyperlink" : "image");
        xml_escape(b, r[i].target);
        buf_puts(b, r[i].link ? "\" TargetMode=\"External\"/>" : "\"/>");
    }
    buf_puts(b, "</Relationships>");
}

static void element(struct buf *b, const char *start, const char *text, const char *end)
{
    if (!text || !*text)
        return;
    buf_puts(b, start);
    xml_escape(b, text);
    buf_puts(b, end);
}

void docx_core(struct buf *b, const struct doc *d)
{
    const char *date = d->meta.date && *d->meta.date ? d->meta.date : "1970-01-01";
    const char *rest = strchr(date, 'T') ? "" : "T00:00:00Z";
    buf_puts(b, DECLARATION);
    buf_puts(b, "<cp:coreProperties "
                "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\""
                " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\""
                " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    element(b, "<dc:title>", d->meta.title, "</dc:title>");
    element(b, "<dc:subject>", d->meta.subject, "</dc:subject>");
    element(b, "<dc:creator>", d->meta.author, "</dc:creator>");
    element(b, "<cp:category>", d->meta.demo ? d->meta.banner : NULL, "</cp:category>");
    element(b, "<dc:language>", LANG_TAGS[d->lang], "</dc:language>");
    const char *const TERMS[] = {"created", "modified"};
    for (size_t i = 0; i < 2; i++) {
        buf_printf(b, "<dcterms:%s xsi:type=\"dcterms:W3CDTF\">", TERMS[i]);
        xml_escape(b, date);
        buf_printf(b, "%s</dcterms:%s>", rest, TERMS[i]);
    }
    buf_puts(b, "</cp:coreProperties>");
}

void docx_app(struct buf *b, const struct doc *d)
{
    buf_puts(b, DECLARATION);
    buf_puts(
        b, "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">"
           "<Application>Shanyraq</Application>");
    element(b, "<Company>", d->meta.author, "</Company>");
    buf_puts(b, "</Properties>");
}

void docx_settings(struct buf *b, const struct doc *d)
{
    buf_puts(b, DECLARATION);
    buf_printf(
        b,
        "<w:settings%s><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"709\"/>"
        "<w:characterSpacingControl w:val=\"doNotCompress\"/><w:compat><w:compatSetting"
        " w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>"
        "</w:compat><w:themeFontLang w:val=\"%s\"/><w:decimalSymbol w:val=\"%s\"/>"
        "<w:listSeparator w:val=\";\"/></w:settings>",
        DOCX_NAMESPACES, LANG_TAGS[d->lang], d->lang == LANG_EN ? "." : ",");
}

/* --- styles --------------------------------------------------------------------------------------- */

/* Sizes in half points, distances in twentieths of a point, as the format wants them. */
struct style {
    const char *id, *name, *based, *next, *font, *colour, *extra; /* extra: paragraph properties */
    int size, before, after, line;
    bool bold, italic, keep_next;
    int outline; /* 1..3: of headings */
};

static const struct style STYLES[] = {
    {"Title", "Title", "Normal", "Normal", "PT Serif", "1C2530", NULL, 48, 120, 80, 228, true, false, true,
     0},
    {"Subtitle", "Subtitle", "Normal", "Normal", "PT Serif", "5A6572", NULL, 26, 0, 60, 300, false, false,
     true, 0},
    {"Imprint", "Imprint", "Normal", "Normal", "PT Sans", "5A6572",
     "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"8\" w:color=\"D8D9D6\"/></w:pBdr>", 19, 0, 240,
     288, false, false, false, 0},
    {"Heading1", "heading 1", "Normal", "Normal", "PT Serif", "1C2530", NULL, 34, 440, 140, 240, true, false,
     true, 1},
    {"Heading2", "heading 2", "Normal", "Normal", "PT Serif", "1C2530", NULL, 26, 320, 100, 240, true, false,
     true, 2},
    {"Heading3", "heading 3", "Normal", "Normal", "PT Sans", "1C2530", NULL, 22, 240, 60, 240, true, false,
     true, 3},
    {"ContentsHeading", "Contents Heading", "Normal", "Normal", "PT Serif", "1C2530", NULL, 26, 280, 100, 290,
     true, false, true, 0},
    {"TOC1", "toc 1", "Normal", "Normal", "PT Serif", "1C2530",
     "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"9360\"/></w:tabs>", 21, 20, 20, 290, true,
     false, false, 0},
    {"TOC2", "toc 2", "Normal", "Normal", "PT Serif", "1C2530",
     "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"9360\"/></w:tabs><w:ind w:left=\"320\"/>", 20,
     0, 20, 290, false, false, false, 0},
    {"Caption", "caption", "Normal", "Normal", "PT Sans", "1C2530", NULL, 19, 220, 80, 260, true, false, true,
     0},
    {"Source", "Source Line", "Normal", "Normal", "PT Sans", "5A6572", NULL, 16, 40, 200, 250, false, false,
     false, 0},
    {"Note", "Note", "Normal", "Normal", "PT Sans", "1C2530",
     "<w:pBdr><w:left w:val=\"single\" w:sz=\"18\" w:space=\"10\" w:color=\"B47C10\"/></w:pBdr><w:ind "
     "w:left=\"240\"/>",
     18, 100, 180, 280, false, false, false, 0},
    {"Picture", "Picture", "Normal", "Normal", "PT Sans", "1C2530", NULL, 18, 0, 0, 240, false, false, true,
     0},
    {"TableText", "Table Text", "Normal", "TableText", "PT Sans", "1C2530", NULL, 17, 40, 40, 240, false,
     false, false, 0},
    {"TableHead", "Table Head", "TableText", "TableText", "PT Sans", "1C2530", NULL, 17, 40, 40, 240, true,
     false, true, 0},
    {"ListParagraph", "List Paragraph", "Normal", "ListParagraph", "PT Serif", "1C2530", NULL, 21, 0, 60, 276,
     false, false, false, 0},
    {"Header", "header", "Normal", "Header", "PT Sans", "5A6572",
     "<w:tabs><w:tab w:val=\"right\" w:pos=\"9360\"/></w:tabs>", 16, 0, 0, 240, false, false, false, 0},
    {"Footer", "footer", "Normal", "Footer", "PT Sans", "5A6572",
     "<w:tabs><w:tab w:val=\"right\" w:pos=\"9360\"/></w:tabs>", 16, 0, 0, 240, false, false, false, 0},
    {"Banner", "Banner", "Normal", "Header", "PT Sans", "1C2530",
     "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F0DCAE\"/>", 17, 0, 100, 260, true, false, false, 0},
};

static void write_style(struct buf *b, const struct style *s)
{
    buf_printf(
        b,
        "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:basedOn w:val=\"%s\"/>"
        "<w:next w:val=\"%s\"/><w:qFormat/><w:pPr>",
        s->id, s->name, s->based, s->next);
    if (s->keep_next)
        buf_puts(b, "<w:keepNext/><w:keepLines/>");
    /* The schema wants borders, shading and tabs before the spacing, the indent behind it. */
    const char *indent = s->extra ? strstr(s->extra, "<w:ind ") : NULL;
    if (s->extra)
        buf_put(b, s->extra, indent ? (size_t)(indent - s->extra) : strlen(s->extra));
    buf_printf(b, "<w:spacing w:before=\"%d\" w:after=\"%d\" w:line=\"%d\" w:lineRule=\"auto\"/>", s->before,
               s->after, s->line);
    buf_puts(b, indent);
    if (strcmp(s->id, "Banner") == 0)
        buf_puts(b, "<w:jc w:val=\"center\"/>");
    if (s->outline)
        buf_printf(b, "<w:outlineLvl w:val=\"%d\"/>", s->outline - 1);
    buf_printf(b, "</w:pPr><w:rPr><w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" w:cs=\"%s\"/>", s->font, s->font,
               s->font);
    buf_printf(b, "<w:b w:val=\"%d\"/><w:i w:val=\"%d\"/>", s->bold, s->italic);
    buf_printf(b, "<w:color w:val=\"%s\"/><w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr></w:style>",
               s->colour, s->size, s->size);
}

void docx_styles(struct buf *b, const struct doc *d)
{
    buf_puts(b, DECLARATION);
    buf_printf(
        b,
        "<w:styles%s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"PT Serif\" w:hAnsi=\"PT Serif\""
        " w:cs=\"PT Serif\"/><w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/><w:lang w:val=\"%s\" w:eastAsia=\"%s\""
        " w:bidi=\"%s\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>",
        DOCX_NAMESPACES, LANG_TAGS[d->lang], LANG_TAGS[d->lang], LANG_TAGS[d->lang]);
    buf_puts(
        b,
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name "
        "w:val=\"Normal\"/><w:qFormat/>"
        "<w:pPr><w:widowControl/><w:spacing w:after=\"120\" w:line=\"276\" "
        "w:lineRule=\"auto\"/></w:pPr><w:rPr>"
        "<w:color w:val=\"1C2530\"/></w:rPr></w:style>"
        "<w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\">"
        "<w:name w:val=\"Default Paragraph Font\"/></w:style>"
        "<w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/><w:rPr>"
        "<w:color w:val=\"1B74A6\"/></w:rPr></w:style>"
        "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal "
        "Table\"/><w:tblPr>"
        "<w:tblCellMar><w:left w:w=\"80\" w:type=\"dxa\"/><w:right w:w=\"80\" w:type=\"dxa\"/></w:tblCellMar>"
        "</w:tblPr></w:style>");
    for (size_t i = 0; i < sizeof STYLES / sizeof *STYLES; i++)
        write_style(b, &STYLES[i]);
    buf_puts(b, "</w:styles>");
}

void docx_numbering(struct buf *b, size_t ordered_lists)
{
    static const char LEVEL[] =
        "<w:abstractNum w:abstractNumId=\"%d\"><w:multiLevelType w:val=\"singleLevel\"/>"
        "<w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"%s\"/><w:lvlText w:val=\"%s\"/>"
        "<w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"400\" w:hanging=\"360\"/></w:pPr></w:lvl>"
        "</w:abstractNum>";
    buf_puts(b, DECLARATION);
    buf_printf(b, "<w:numbering%s>", DOCX_NAMESPACES);
    buf_printf(b, LEVEL, 0, "bullet", "–");
    buf_printf(b, LEVEL, 1, "decimal", "%1.");
    buf_puts(b, "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
    for (size_t i = 0; i < ordered_lists; i++) /* each list starts at one again */
        buf_printf(b,
                   "<w:num w:numId=\"%zu\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\">"
                   "<w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>",
                   i + 2);
    buf_puts(b, "</w:numbering>");
}

static void run(struct buf *b, const char *text)
{
    buf_puts(b, "<w:r><w:t xml:space=\"preserve\">");
    xml_escape(b, text);
    buf_puts(b, "</w:t></w:r>");
}

void docx_header(struct buf *b, const struct doc *d)
{
    buf_puts(b, DECLARATION);
    buf_printf(b, "<w:hdr%s>", DOCX_NAMESPACES);
    if (d->meta.demo) {
        buf_puts(b, "<w:p><w:pPr><w:pStyle w:val=\"Banner\"/></w:pPr>");
        run(b, d->meta.banner);
        buf_puts(b, "</w:p>");
    }
    buf_puts(b, "<w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr>");
    run(b, d->meta.title);
    if (d->meta.marking) {
        buf_puts(b, "<w:r><w:tab/></w:r>");
        run(b, d->meta.marking);
    }
    buf_puts(b, "</w:p></w:hdr>");
}

static void field(struct buf *b, const char *name)
{
    buf_printf(b,
               "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> %s "
               "</w:instrText>"
               "</w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r>"
               "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
               name);
}

void docx_footer(struct buf *b, const struct doc *d)
{
    static const char *const FIELDS[] = {"PAGE", "NUMPAGES"};
    buf_puts(b, DECLARATION);
    buf_printf(b, "<w:ftr%s><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>", DOCX_NAMESPACES);
    if (d->meta.author)
        run(b, d->meta.author);
    buf_puts(b, "<w:r><w:tab/></w:r>");
    const char *rest = d->labels.page;
    for (size_t i = 0; i < 2; i++) {
        const char *at = strstr(rest, "%d");
        if (!at)
            break;
        run(b, arena_strndup(d->arena, rest, (size_t)(at - rest)));
        field(b, FIELDS[i]);
        rest = at + 2;
    }
    run(b, rest);
    buf_puts(b, "</w:p></w:ftr>");
}
