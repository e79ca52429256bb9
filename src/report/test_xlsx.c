/* test_xlsx.c - the workbook read back: sheets, typed numbers, notes, names. */
#include "base/str.h"
#include "base/xlsx_read.h"
#include "base/zip.h"
#include "report/test_sample.h"
#include "tap.h"

static struct arena *arena;
static struct ctx cx;

static struct buf *render(struct doc *d)
{
    struct buf *out = buf_new(arena, 0);
    return doc_xlsx(&cx, d, out) == OK ? out : NULL;
}

static const char *part(const struct buf *file, const char *name)
{
    struct zip_reader *z = NULL;
    struct buf *b = NULL;
    if (zip_reader_open(&cx, "report.xlsx", file->data, file->len, NULL, &z) ||
        zip_reader_get(&cx, z, name, &b))
        return "";
    return b->data;
}

static const char *cell(const struct xlsx_sheet *s, int64_t line, size_t column)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->rows[i].line == line && column < s->rows[i].n)
            return s->rows[i].cells[column];
    return "";
}

static double number(const char *text)
{
    double v = NAN;
    str_to_num(text, &v);
    return v;
}

static void test_sheet(const struct buf *file)
{
    struct xlsx_sheet s = {0};
    ok(xlsx_read(&cx, "report.xlsx", file->data, file->len, "Аумақтар", &s) == OK,
       "the table's sheet has the wished name");
    int64_t head = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.rows[i].n && strcmp(s.rows[i].cells[0], "Аумақ") == 0)
            head = s.rows[i].line;
    ok(head > 1, "the header row is found");
    is_str(cell(&s, 1, 0), "1-кесте. Аумақтар бойынша бағалаулар", "the caption stands on top");
    is_str(cell(&s, 2, 0), "Көрсетілім деректері: шынайы мәліметтер емес",
           "the demonstration banner stands on the sheet");
    is_str(cell(&s, head, 3), "95 % аралық, төменгі", "an interval has a column for its lower end");
    is_str(cell(&s, head, 4), "95 % аралық, жоғарғы", "and one for its upper end");
    is_str(cell(&s, head + 2, 0), "Кентау қ.", "places are text");
    is_num(number(cell(&s, head + 2, 2)), 0.58, 1e-12, "shares are numbers with their full value");
    is_num(number(cell(&s, head + 2, 4)), 0.63, 1e-12, "interval ends are numbers");
    is_str(cell(&s, head + 3, 5), "қорғалған", "a protected cell says so");
    is_str(cell(&s, head + 4, 5), "дерек жоқ", "a missing number says so");
    is_str(cell(&s, head + SAMPLE_N + 1, 1), "1102", "the total is a number");
    struct xlsx_sheet contents = {0};
    ok(xlsx_read(&cx, "report.xlsx", file->data, file->len, NULL, &contents) == OK &&
           strcmp(contents.name, "Мазмұны") == 0,
       "the first sheet holds the contents");
}

static void test_parts(const struct buf *file)
{
    const char *sheet = part(file, "xl/worksheets/sheet2.xml"), *notes = part(file, "xl/comments1.xml");
    ok(strstr(sheet, "state=\"frozen\"") && strstr(sheet, "<c r=\"C"), "the header is frozen");
    ok(strstr(notes, "Көрсеткіш: share.1<") && strstr(notes, "Көрсеткіш: disputes.2<"),
       "the id of a figure is the note of its cell");
    ok(strstr(part(file, "xl/styles.xml"), "0.0%") != NULL, "shares are shown as per cent");
    ok(strstr(part(file, "docProps/core.xml"), "2025-10-07T00:00:00Z") != NULL, "the date is the document's");
}

static void test_names(void)
{
    struct doc *d = sample_doc_new(arena, LANG_EN);
    struct column c[] = {{.title = "A", .type = COLUMN_TEXT}};
    static const char *const WISHES[] = {"Same",
                                         "same",
                                         "SAME",
                                         "[a]:b*?/\\'",
                                         "",
                                         NULL,
                                         "'quoted'",
                                         "History",
                                         "Contents",
                                         "Өте ұзын атау: аумақтар бойынша бағалаулар мен даулар",
                                         "Өте ұзын атау: аумақтар бойынша бағалаулар мен шешімдер",
                                         "=1+1"};
    enum { N = sizeof WISHES / sizeof *WISHES };
    for (size_t i = 0; i < N; i++) {
        struct table *t = doc_table(d, NULL, c, 1);
        t->sheet = WISHES[i];
        table_row(t, (struct cell[]){cell_text("=HYPERLINK(\"http://x\")")}, 1);
    }
    struct buf *file = render(d);
    if (!ok(file != NULL, "sheets of equal, forbidden, empty and long names are written"))
        return;
    const char *book = part(file, "xl/workbook.xml");
    size_t sheets = 0;
    for (const char *at = book; (at = strstr(at, "<sheet name=\"")) != NULL; at++)
        sheets++;
    is_int(sheets, N + 1, "every table has a sheet of its own");
    ok(strstr(book, "\"Same\"") && strstr(book, "\"same (2)\"") && strstr(book, "\"SAME (3)\""),
       "equal names are numbered");
    ok(!strstr(part(file, "xl/worksheets/sheet2.xml"), "<f>"), "text that looks like a formula stays text");
    ok(render(doc_new(arena, LANG_EN, &(struct doc_meta){.title = "x\xff\x01y"}, &(struct doc_labels){0})) !=
           NULL,
       "broken bytes in a title do no harm");
}

int main(void)
{
    arena = arena_new((size_t)1 << 30);
    cx = (struct ctx){.arena = arena, .lang = LANG_KK};
    struct buf *file = render(sample_doc(arena, LANG_KK, SAMPLE_N));
    if (ok(file != NULL, "the sample is written as a workbook")) {
        test_sheet(file);
        test_parts(file);
        test_names();
    }
    arena_free(arena);
    return done();
}
