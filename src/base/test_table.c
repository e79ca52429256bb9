/* Tests of base/csv.h, base/xlsx_read.h and base/table.h. */
#include "tap.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/str.h"
#include "base/table.h"
#include "base/zip.h"

static struct ctx cx;

/* All cells of a text as "a|b/c|d", or the error. */
static const char *rows_of(const char *data, size_t n)
{
    struct csv csv;
    bool more = true;
    struct buf *b = buf_new(cx.arena, 0);
    if (csv_open(&cx, "t.csv", data, n, &csv))
        return cx.err_text;
    while (more) {
        if (csv_next(&cx, &csv, &more))
            return cx.err_text;
        for (size_t i = 0; more && i < csv.n; i++)
            buf_printf(b, "%s%s", i ? "|" : b->len ? "/" : "", csv.cells[i]);
    }
    return b->data;
}

static const char *rows(const char *text)
{
    return rows_of(text, strlen(text));
}

static void test_csv_reading(void)
{
    is_str(rows("a,b\n1,2\n"), "a|b/1|2", "rows and cells");
    is_str(rows("a,b\r\n1,\r\n\r\n,2"), "a|b/1|/|2", "CRLF, empty cells, an empty line, no end of line");
    is_str(rows("\xEF\xBB\xBF\"a;\"\"x\"\"\";b\n\"1\r\n2\";3"), "a;\"x\"|b/1\r\n2|3", "a mark, quotes, semicolons");
    is_str(rows("a\tb,c\td\n1\t2"), "a|b,c|d/1|2", "tabs");
    is_str(rows(""), "", "an empty text has no rows");
    is_str(rows("a,b\n1,\"2"), "t.csv: line 2, column 3: the quote that starts here does not end.",
           "an open quote is told with its place");
    is_str(rows("a,b\n\"\",\"2\"x"), "t.csv: line 2, column 7: text follows a closing quote.",
           "text behind a quote is told with its place");
}

static void test_csv_encodings(void)
{
    is_str(rows("\xCA\xE5\xED\xF2\xE0\xF3;\xB9\n1;2"), "Кентау|№/1|2", "windows-1251 is converted");
    is_str(rows_of("\xFF\xFE\x31\x04,\x00\n\x00", 8), "б|", "UTF-16 is converted");
    is_str(rows("name\nab\xFFz"),
           "t.csv: line 2, column 3: this is neither UTF-8 nor windows-1251 text. Save the file as UTF-8 and "
           "try again.",
           "another encoding is refused with line and column");
    is_str(rows("name\nM\xFCller\nGr\xF6\xDF""e\n"),
           "t.csv: line 2, column 2: this is neither UTF-8 nor windows-1251 text. Save the file as UTF-8 and "
           "try again.",
           "a western encoding is not taken for a Cyrillic one");
    is_str(rows_of("a\0b", 3), "t.csv is not a text: there is a zero byte at 2.", "a zero byte is refused");
}

static void test_csv_writing(void)
{
    struct buf *b = buf_new(cx.arena, 0);
    struct csv_writer w;
    csv_begin(&w, b, ',', true);
    csv_put(&w, "a,b");
    csv_put(&w, "say \"so\"");
    csv_put(&w, NULL);
    csv_put(&w, "=1+2");
    csv_put(&w, "-5,5");
    csv_put(&w, "@x");
    csv_put_num(&w, 0.1);
    csv_put_int(&w, -7);
    csv_end_row(&w);
    is_str(b->data, "\xEF\xBB\xBF\"a,b\",\"say \"\"so\"\"\",,'=1+2,\"-5,5\",'@x,0.1,-7\r\n",
           "cells are quoted, formulas disarmed, numbers left");
    is_str(rows(b->data), "a,b|say \"so\"||'=1+2|-5,5|'@x|0.1|-7", "and read back");
}

static const char *value(struct table *t, const char *name)
{
    return table_cell(t, name);
}

static void check_table(struct table *t, const char *kind)
{
    bool more;
    int64_t people = 0;
    double share = 0;
    struct date day = {0};
    size_t n;
    is_str(table_kind(t), kind, "the kind is told");
    table_header(t, &n);
    is_int(n, 4, "four columns");
    ok(table_require(&cx, t, "Атауы", "people", NULL) == OK, "columns are found in any spelling");
    ok(table_require(&cx, t, "people", "share ", "code", NULL) == ERR_INVALID && strstr(cx.err_text, "\"code\""),
       "a missing column is named");
    ok(table_next(&cx, t, &more) == OK && more, "the first row comes");
    is_str(value(t, "атауы"), "Кентау", "a text cell, trimmed");
    ok(table_int(&cx, t, "people", 0, 1000000, &people) == OK && people == 70500, "a whole number");
    ok(table_num(&cx, t, "share", &share) == OK && share == 0.25, "a number");
    ok(table_date(&cx, t, "day", &day) == OK && day.y == 2025 && day.m == 7 && day.d == 1, "a date");
    ok(table_next(&cx, t, &more) == OK && more, "the second row comes");
    is_int(table_line(t), 4, "its line counts the empty one");
    ok(table_int(&cx, t, "people", 0, 10, &people) == ERR_INVALID &&
           strstr(cx.err_text, "line 4, column \"people\": \"x\""),
       "a wrong number is told with line and column");
    is_str(value(t, "day"), "", "a missing cell is empty");
    ok(table_next(&cx, t, &more) == OK && !more, "then it ends");
}

static void test_table_csv(void)
{
    static const char TEXT[] = "Атауы;PEOPLE;share;day\n Кентау ;70 500;0,25;01.07.2025\n;;\nЖетісай;x\n";
    struct table *t;
    ok(table_open_bytes(&cx, "t.csv", TEXT, sizeof TEXT - 1, NULL, &t) == OK, "a CSV opens");
    check_table(t, "CSV, UTF-8");
    ok(table_open_bytes(&cx, "t.csv", "a,A\n", 4, NULL, &t) == ERR_INVALID, "two columns of one name are refused");
    ok(table_open_bytes(&cx, "t.csv", "", 0, NULL, &t) == ERR_INVALID, "an empty file is refused");
    ok(table_open_bytes(&cx, "t.csv", "a\n1,2\n", 6, NULL, &t) == OK, "a table with a row too long opens");
    bool more;
    ok(table_next(&cx, t, &more) == ERR_INVALID && strstr(cx.err_text, "line 2"), "and the row is refused");
    ok(table_int(&cx, t, "a", 0, 9, &(int64_t){0}) == OK, "other cells of it are there");
    ok(table_open_bytes(&cx, "t.csv", "a\n\"1,000\"\n", 10, NULL, &t) == OK && table_next(&cx, t, &more) == OK &&
           table_int(&cx, t, "a", 0, 9999, &(int64_t){0}) == ERR_INVALID,
       "1,000 is not taken for one nor for a thousand");
    ok(table_open_bytes(&cx, "t.xls", "\xD0\xCF\x11\xE0....", 8, NULL, &t) == ERR_INVALID &&
           strstr(cx.err_text, "XLS"),
       "an old workbook is told so");
}

static struct buf *workbook(const char *sheet)
{
    static const char BOOK[] =
        "<workbook xmlns='m' xmlns:r='r'><sheets><sheet name='Бірінші' r:id='a'/><sheet name='Data' r:id='b'/>"
        "</sheets></workbook>";
    static const char RELATIONS[] = "<Relationships><Relationship Id='a' Target='worksheets/1.xml'/>"
                                    "<Relationship Id='b' Target='/xl/worksheets/1.xml'/></Relationships>";
    static const char TEXTS[] = "<sst><si><t>Атауы</t></si><si><r><t xml:space='preserve'> Кен</t></r><r><t>тау</t></r>"
                                "<rPh><t>no</t></rPh></si></sst>";
    static const char STYLES[] = "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='dd\\.mm\\.yyyy;@'/></numFmts>"
                                 "<cellXfs><xf numFmtId='0'/><xf numFmtId='170'/><xf numFmtId='22'/><xf numFmtId='20'/>"
                                 "</cellXfs></styleSheet>";
    struct zip_item items[] = {{"xl/workbook.xml", BOOK, sizeof BOOK - 1, false},
                               {"xl/_rels/workbook.xml.rels", RELATIONS, sizeof RELATIONS - 1, false},
                               {"xl/sharedStrings.xml", TEXTS, sizeof TEXTS - 1, false},
                               {"xl/styles.xml", STYLES, sizeof STYLES - 1, false},
                               {"xl/worksheets/1.xml", sheet, strlen(sheet), false}};
    struct buf *b = buf_new(cx.arena, 0);
    if (zip_write(&cx, items, 5, b))
        die("%s", cx.err_text);
    return b;
}

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static void test_table_xlsx(void)
{
    struct table *t;
    struct buf *b = workbook(SHEET(
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>People</t></is></c><c r='C1' t='str'>"
        "<f>1</f><v>Share</v></c><c r='D1' t='inlineStr'><is><t>day</t></is></c></row>"
        "<row r='2'><c r='A2' t='s'><v>1</v></c><c r='B2'><v>70500</v></c><c r='C2'><v>0.25</v></c>"
        "<c r='D2' s='1'><v>45839</v></c></row>"
        "<row r='3'><c r='B3'/></row><row r='4'><c r='A4'><v>1</v></c><c r='B4' t='inlineStr'><is><t>x</t></is></c></row>"));
    ok(table_open_bytes(&cx, "t.xlsx", b->data, b->len, NULL, &t) == OK, "a workbook opens");
    check_table(t, "XLSX, Бірінші");
    ok(table_open_bytes(&cx, "t.xlsx", b->data, b->len, "data", &t) == OK, "a sheet is found by its name");
    is_str(table_kind(t), "XLSX, Data", "and told");
    ok(table_open_bytes(&cx, "t.xlsx", b->data, b->len, "none", &t) == ERR_NOT_FOUND, "no such sheet is told");
    ok(table_open_bytes(&cx, "t.xlsx", b->data, b->len / 2, NULL, &t) == ERR_INVALID, "half a file is refused");
}

/* The cell A2 of a sheet, or the error. */
static const char *cell(const char *xml)
{
    struct table *t;
    bool more;
    char *sheet = arena_printf(cx.arena, SHEET("<row><c t='inlineStr'><is><t>v</t></is></c></row><row>%s</row>"), xml);
    struct buf *b = workbook(sheet);
    if (table_open_bytes(&cx, "t.xlsx", b->data, b->len, NULL, &t) || table_next(&cx, t, &more))
        return cx.err_text;
    return arena_strdup(cx.arena, table_cell(t, "v"));
}

static void test_xlsx_cells(void)
{
    is_str(cell("<c s='2'><v>45839.5</v></c>"), "2025-07-01T12:00:00", "a date with time");
    is_str(cell("<c s='3'><v>0.25</v></c>"), "06:00:00", "a time");
    is_str(cell("<c s='1'><v>1</v></c>"), "1900-01-01", "the first day of spreadsheets");
    is_str(cell("<c s='1'><v>61</v></c>"), "1900-03-01", "after the leap day that never was");
    is_str(cell("<c><v>1.1000000000000001</v></c>"), "1.1", "a number in its shortest form");
    is_str(cell("<c><v>611000000</v></c>"), "611000000", "a code stays whole");
    is_str(cell("<c t='b'><v>1</v></c>"), "true", "a boolean");
    is_str(cell("<c t='e'><v>#REF!</v></c>"), "t.xlsx, sheet \"Бірінші\", cell A2: \"#REF!\" cannot be read.",
           "an error value is told with sheet and cell");
    is_str(cell("<c t='s'><v>99</v></c>"), "t.xlsx, sheet \"Бірінші\", cell A2: \"99\" cannot be read.",
           "so is a text that is not there");
    ok(strstr(cell("<c r='ZZZ2'><v>1</v></c>"), "more than 1000 columns"), "far columns are refused");
    is_str(cell("<c><v>5</v></c><c r='XFD2' s='1'/>"), "5", "but not where they only have a format");
    ok(strstr(cell("<c r='B2'><v>1</v></c><c r='A2'><v>1</v></c>"), "out of order"), "cells out of order are refused");
}

int main(void)
{
    cx.arena = arena_new((size_t)1 << 30);
    test_csv_reading();
    test_csv_encodings();
    test_csv_writing();
    test_table_csv();
    test_table_xlsx();
    test_xlsx_cells();
    arena_free(cx.arena);
    return done();
}
