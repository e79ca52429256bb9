/* Fuzz target: XLSX. Input that starts as a zip is a workbook; any other input is taken as the XML of
 * the sheet of a good workbook, as mutations of a zip seldom come past its checksums. */
#include "base/arena.h"
#include "base/table.h"
#include "base/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char BOOK[] = "<workbook xmlns:r='r'><sheets><sheet name='A' sheetId='1' r:id='x'/></sheets></workbook>";
static const char RELATIONS[] = "<Relationships><Relationship Id='x' Target='s.xml'/></Relationships>";
static const char TEXTS[] = "<sst><si><t>name</t></si><si><r><t>a</t></r><r><t>b</t></r></si></sst>";
static const char STYLES[] = "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='dd.mm.yyyy'/></numFmts>"
                             "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/>"
                             "<xf numFmtId='20'/></cellXfs></styleSheet>";

static void read_all(struct ctx *cx, const void *data, size_t n)
{
    struct table *t;
    bool more = true;
    if (table_open_bytes(cx, "t.xlsx", data, n, NULL, &t))
        return;
    while (table_next(cx, t, &more) == OK && more)
        table_cell(t, "name");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.arena = arena_new((size_t)1 << 30)};
    if (size >= 2 && data[0] == 'P' && data[1] == 'K') {
        read_all(&cx, data, size);
    } else {
        struct zip_item items[] = {{"xl/workbook.xml", BOOK, sizeof BOOK - 1, true},
                                   {"xl/_rels/workbook.xml.rels", RELATIONS, sizeof RELATIONS - 1, true},
                                   {"xl/sharedStrings.xml", TEXTS, sizeof TEXTS - 1, true},
                                   {"xl/styles.xml", STYLES, sizeof STYLES - 1, true},
                                   {"xl/s.xml", data, size, true}};
        struct buf *b = buf_new(cx.arena, 0);
        if (zip_write(&cx, items, 5, b))
            die("the workbook was not written: %s", cx.err_text);
        read_all(&cx, b->data, b->len);
    }
    arena_free(cx.arena);
    return 0;
}
