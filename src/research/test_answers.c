/* test_answers.c - files of answers: what is taken, what is refused and how it is told; no database. */
#include "tap.h"

#include "base/str.h"
#include "base/zip.h"
#include "research/answers.h"

static struct ctx cx;

static struct choice SEX[] = {{"m", "m", "", "", "", false, false}, {"f", "f", "", "", "", false, false}};
static struct choice RELATIONS[] = {{"friendly", "friendly", "", "", "", true, false},
                                    {"worse", "worse", "", "", "", false, false},
                                    {"dk", "dk", "", "", "", false, true}};
static struct choice PROBLEMS[] = {{"water", "water", "", "", "", false, false},
                                   {"road", "road", "", "", "", false, false},
                                   {"gas", "gas", "", "", "", false, false},
                                   {"dk", "dk", "", "", "", false, true}};
static struct question QUESTIONS[] = {
    {.code = "A1", .key = "a1", .kind = QUESTION_SINGLE, .required = true, .most = 1, .choices = SEX, .n = 2},
    {.code = "B1", .key = "b1", .kind = QUESTION_SINGLE, .most = 1, .choices = RELATIONS, .n = 3},
    {.code = "H1", .key = "h1", .kind = QUESTION_MULTI, .most = 2, .choices = PROBLEMS, .n = 4},
    {.code = "N1", .key = "n1", .kind = QUESTION_NUMBER, .most = 1},
    {.code = "K3", .key = "k3", .kind = QUESTION_OPEN, .most = 1}};
static const struct questionnaire FORM = {.id = 1, .rows = QUESTIONS, .n = 5};
static struct stratum STRATA[] = {
    {.code = "615200000-r", .kato = "615200000", .unit_id = 7, .population = 1000},
    {.code = "615600000-r", .kato = "615600000", .unit_id = 8, .population = 500}};
static const struct frame FRAME = {STRATA, 2};

#define HEAD "stratum,psu,unit,A1,B1,H1,N1,K3\n"
#define PLACE "615200000-r,p1,615200000,"

static struct answers *read_bytes(const char *data, size_t n)
{
    struct answers *a = NULL;
    return answers_read(&cx, &FORM, &FRAME, "t.csv", data, n, NULL, &a) ? NULL : a;
}

static struct answers *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

/* "line column text" of every error, or the file's error. */
static const char *errors_of(const char *text)
{
    struct answers *a = read_text(text);
    if (!a)
        return cx.err_text;
    struct buf *b = buf_new(cx.arena, 0);
    for (size_t i = 0; i < a->errors.n; i++)
        buf_printf(b, "%s%lld %s [%s] %s", i ? "; " : "", (long long)a->errors.rows[i].line,
                   a->errors.rows[i].column, a->errors.rows[i].text, a->errors.rows[i].expected);
    return b->data;
}

static void test_good(void)
{
    struct answers *a = read_text(HEAD PLACE "m,friendly,water road,\"1,5\",Жол керек\n" PLACE "f,dk,,,\n");
    ok(a && a->rows.n == 2 && a->n_errors == 0 && !a->weighted, "good rows are taken");
    ok(a && a->columns[2].values.n == 2 && str_eq(a->columns[2].values.rows[1].value, "road") &&
           a->columns[2].values.rows[1].row == 0,
       "several codes in a cell are several answers");
    ok(a && str_eq(a->columns[3].values.rows[0].value, "1.5") &&
           str_eq(a->columns[4].values.rows[0].value, "Жол керек"),
       "numbers and open texts are kept");
    a = read_text(
        "stratum;psu;unit;А1;В1;weight\n615200000-r;p;615200000;М;Friendly;12,5\n"); /* Cyrillic А, В, М */
    ok(a && a->rows.n == 1 && a->weighted && a->rows.rows[0].weight == 12.5 &&
           str_eq(a->columns[0].values.rows[0].value, "m"),
       "look-alike letters and capitals in headings and codes are folded");
    is_str(code_key(cx.arena, " 18–29 "), "18-29", "a long dash is a hyphen");
}

static void test_rows(void)
{
    is_str(errors_of(HEAD PLACE "x,friendly,,,\n"), "2 A1 [x] one of m, f",
           "a code that does not exist names line, column, text and the codes");
    is_str(errors_of(HEAD PLACE "m,,,,\n" PLACE ",dk,,,\n"), "3 A1 [] an answer: one of m, f",
           "a required answer that is missing is told");
    is_str(errors_of(HEAD PLACE "m,,water road gas,,\n"), "2 H1 [water road gas] at most 2 codes",
           "more answers than allowed are told");
    is_str(errors_of(HEAD PLACE "m,,water;water,,\n"), "2 H1 [water;water] every code once",
           "the same code twice is told");
    is_str(errors_of(HEAD PLACE "m,,dk road,,\n"), "2 H1 [dk road] \"not to say\" or \"do not know\" alone",
           "\"do not know\" stands alone");
    is_str(errors_of(HEAD PLACE "m,,,many,\n"), "2 N1 [many] a number", "a word is no number");
    is_str(errors_of(HEAD "615200000-r,p1,615600000,m,,,,\n"),
           "2 unit [615600000] 615200000, the unit of the stratum 615200000-r",
           "a unit that does not belong to the stratum is told");
    is_str(errors_of(HEAD "751000000-u,p1,751000000,m,,,,\n"),
           "2 stratum [751000000-u] a stratum of the frame, such as 615200000-r; 2 unit [751000000] the KATO "
           "code of a district or city of this region",
           "a place outside of the region is told");
    is_str(errors_of(HEAD "615200000-r,,615200000,m,,,,\n"),
           "2 psu [] the code of the settlement or route, at most 40 characters", "a cluster is required");
    is_str(errors_of("stratum,psu,unit,A1,weight\n" PLACE "m,-1\n"), "2 weight [-1] a number above 0",
           "a weight is above zero");
    is_str(errors_of(HEAD PLACE "x,y,,,\n"), "2 A1 [x] one of m, f; 2 B1 [y] one of friendly, worse, dk",
           "every error of a row is told");
    struct answers *a = read_text(HEAD PLACE "x,friendly,,,\n" PLACE "f,worse,,,\n");
    ok(a && a->rows.n == 1 && a->bad_rows == 1 && a->columns[1].values.n == 1 &&
           str_eq(a->columns[1].values.rows[0].value, "worse"),
       "nothing of a wrong row is kept, the good row stays");
}

static void test_persons(void)
{
    static const char *const HEADINGS[] = {
        "ФИО",          "Аты-жөні",         "Full name",     "Телефон", "ұялы телефон",
        "phone number", "Адрес проживания", "Мекенжайы",     "ИИН",     "ЖСН",
        "IIN",          "E-mail",           "Дата рождения", "GPS",     "Фамилия, имя"};
    for (size_t i = 0; i < sizeof HEADINGS / sizeof *HEADINGS; i++) {
        const char *text = arena_printf(cx.arena, "stratum;psu;unit;A1;%s\n", HEADINGS[i]);
        ok(!read_text(text) && strstr(cx.err_text, "led to a person") && strstr(cx.err_text, HEADINGS[i]),
           arena_printf(cx.arena, "a column \"%s\" is refused", HEADINGS[i]));
    }
    ok(!read_text("stratum,psu,unit,A1,Z9\n") && strstr(cx.err_text, "neither a code") &&
           strstr(cx.err_text, "Z9"),
       "an unknown column is refused as such");
    is_str(errors_of(HEAD PLACE "m,,,,call 8 701 123-45-67\n"),
           "2 K3 [(not shown)] a text without phone, e-mail or number of a person",
           "a phone in an open answer is refused and not repeated");
    is_str(errors_of(HEAD PLACE "m,,,,850101300123\n"),
           "2 K3 [(not shown)] a text without phone, e-mail or number of a person",
           "so is a personal number");
    ok(read_text(HEAD PLACE "m,,,,2025 жылы 3 көше жарықтансын\n")->n_errors == 0,
       "years and small numbers are no persons");
}

static void test_files(void)
{
    static const char CYRILLIC[] =
        "stratum;psu;unit;A1;K3\n615200000-r;p1;615200000;f;\xCD\xF3\xE6\xED\xE0 \xE4\xEE\xF0\xEE\xE3\xE0\n";
    struct answers *a = read_bytes(CYRILLIC, sizeof CYRILLIC - 1);
    ok(a && str_eq(a->kind, "CSV, windows-1251") &&
           str_eq(a->columns[4].values.rows[0].value, "Нужна дорога"),
       "a windows-1251 file is understood");
    is_str(errors_of(HEAD PLACE "m,\"friendly"),
           "t.csv: line 2, column 28: the quote that starts here does not end.",
           "a file cut inside a cell is refused");
    is_str(errors_of(HEAD PLACE "m,friendly,,,\n615200000-r,p1,61"),
           "3 unit [61] 615200000, the unit of the stratum 615200000-r; 3 A1 [] an answer: one of m, f",
           "a file cut inside a row names that line");
    is_str(errors_of(""), "t.csv is empty.", "an empty file is refused");
    is_str(errors_of(HEAD), "t.csv holds no answers, only headings.", "headings alone are refused");
    is_str(errors_of("psu,unit,A1\n"), "t.csv has no column \"stratum\".", "a missing column is named");
    is_str(errors_of("stratum,psu,unit,B1\n"), "t.csv has no column \"A1\".",
           "so is that of a required question");
    ok(!read_text("stratum,psu,unit,A1,B1,В1\n"), "a column that comes twice is refused");
}

static void test_workbook(void)
{
    static const char BOOK[] =
        "<workbook xmlns='m' xmlns:r='r'><sheets><sheet name='Q3' r:id='a'/></sheets></workbook>";
    static const char RELATIONS_XML[] =
        "<Relationships><Relationship Id='a' Target='worksheets/1.xml'/></Relationships>";
    static const char SHEET[] =
        "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>stratum</t></is></c><c r='B1' "
        "t='inlineStr'><is><t>psu</t></is></c>"
        "<c r='C1' t='inlineStr'><is><t>unit</t></is></c><c r='D1' t='inlineStr'><is><t>A1</t></is></c></row>"
        "<row r='2'><c r='A2' t='inlineStr'><is><t>615200000-r</t></is></c><c r='B2'><v>12</v></c><c "
        "r='C2'><v>615200000</v></c>"
        "<c r='D2' t='inlineStr'><is><t>f</t></is></c></row></sheetData></worksheet>";
    struct zip_item items[] = {{"xl/workbook.xml", BOOK, sizeof BOOK - 1, false},
                               {"xl/_rels/workbook.xml.rels", RELATIONS_XML, sizeof RELATIONS_XML - 1, false},
                               {"xl/worksheets/1.xml", SHEET, sizeof SHEET - 1, false}};
    struct buf *b = buf_new(cx.arena, 0);
    if (zip_write(&cx, items, 3, b))
        die("%s", cx.err_text);
    struct answers *a = read_bytes(b->data, b->len);
    ok(a && str_eq(a->kind, "XLSX, Q3") && a->rows.n == 1 && str_eq(a->rows.rows[0].psu, "12"),
       "a workbook is understood, numbers as codes too");
    ok(!read_bytes(b->data, b->len / 2), "half a workbook is refused");
}

int main(void)
{
    cx = (struct ctx){.arena = arena_new((size_t)1 << 28), .lang = LANG_EN};
    test_good();
    test_rows();
    test_persons();
    test_files();
    test_workbook();
    arena_free(cx.arena);
    return done();
}
