/* The frame of `shanyraq stat`: what documents and CSV files may hold, how what is wrong is told, how answers are
 * written. The method under test has an option of every type and repeats what it was given. */
#include "base/fs.h"
#include "base/str.h"
#include "calc/test_calc.h"
#include "calc/test_every.h"

static const char *folder;

static struct buf *answer_with(struct calc_test *t, const char *document, struct calc_request extra)
{
    struct buf *out = buf_new(t->cx.arena, (size_t)1 << 30);
    extra.name = "doc";
    extra.text = document;
    extra.n = strlen(document);
    extra.folder = folder;
    extra.method = &EVERY_METHOD;
    t->status = calc_answer(&t->cx, &extra, out);
    t->text = t->status ? t->cx.err_text : out->data;
    return out;
}

static const struct json *answer(struct calc_test *t, const char *options)
{
    struct buf *out = answer_with(t, arena_printf(t->cx.arena, "{\"method\": \"test.every\", %s}", options), (struct calc_request){0});
    const struct json *j = NULL;
    if (t->status || json_parse(&t->cx, out->data, out->len, 0, &j))
        printf("# %s\n", t->cx.err_text);
    return j;
}

/* The document is wrong, and this is what is told. */
static void wrong(struct calc_test *t, const char *options, const char *text, const char *name)
{
    answer_with(t, arena_printf(t->cx.arena, "{\"method\": \"test.every\", %s}", options), (struct calc_request){0});
    is_int(t->status, CALC_WRONG, name);
    is_str(t->status ? t->text : "", text, "told so");
}

static void put_file(struct calc_test *t, const char *name, const char *text)
{
    if (fs_write(&t->cx, fs_join(t->cx.arena, folder, name), text, strlen(text), 0644))
        exit(2);
}

static void test_options(struct calc_test *t)
{
    const struct json *a = answer(t, "\"seed\": 7, \"options\": {\"wide\": \"-Infinity\", \"int\": 3, \"choice\": \"right\", "
                                     "\"nums\": [1.5, 1e-300], \"matrix\": [[1, 2], [3, 4.5]]}");
    is_num(calc_test_num(a, "num"), 0.95, 0, "a default counts");
    is_num(json_get_num(json_get(a, "options"), "num", 0), 0.95, 0, "and is repeated among the options");
    ok(calc_test_num(a, "wide") == -INFINITY, "an infinite number where it is allowed");
    is_int((int64_t)calc_test_num(a, "choice"), 1, "a choice");
    is_num(calc_test_num(a, "nums[1]"), 1e-300, 0, "a list of numbers");
    is_num(calc_test_num(a, "matrix[1][1]"), 4.5, 0, "a matrix");
    is_int(json_get_int(a, "seed", 0), 7, "the seed is told");
    wrong(t, "\"options\": {\"num\": 1, \"int\": 2.5, \"bool\": 1, \"choice\": \"up\", \"nums\": [1], \"texts\": [1], \"extra\": 1}",
          "doc: options.extra: There is no such option.\n"
          "doc: options.num: 1 is outside of what is allowed here (between 0 and 1, the ends excluded).\n"
          "doc: options.int: This must be a whole number.\n"
          "doc: options.bool: This must be true or false.\n"
          "doc: options.choice: This must be one of: \"left\", \"right\".\n"
          "doc: options.nums: The list needs at least 2 elements.\n"
          "doc: options.texts[0]: This must be a text.",
          "all that is wrong is told at once");
    wrong(t, "\"options\": {\"wide\": 1e999}", "doc: This is not correct JSON: line 1, column 50.", "a number beyond doubles");
    wrong(t, "\"options\": {\"matrix\": [[1], [2, 3]]}",
          "doc: options.matrix: This must be a list of rows of equal length, or the name of a table.", "a ragged matrix");
    wrong(t, "\"options\": {\"part\": {\"column\": \"a\", \"totals\": {\"x\": -1}}}, \"sed\": 1",
          "doc: sed: A document has only method, data, seed, options and comment.\n"
          "doc: options.part.totals.x: -1 is outside of what is allowed here (at least 0).\n"
          "doc: data.first: A file is needed: options.part.column names a column of it.",
          "wrong values inside of objects");
    wrong(t, "\"options\": {\"parts\": [{\"column\": [1, 2]}, {}]}", "doc: options.parts[1].column: This option is needed.",
          "what is needed in an object of a list");
    wrong(t, "\"options\": []", "doc: options: This must be an object with options.", "options that are a list");
    wrong(t, "\"seed\": -1", "doc: seed: This must be a whole number from 0 on.", "a wrong seed");
}

static void test_columns(struct calc_test *t)
{
    put_file(t, "a.csv", "y;g;count;label\n1,5;b;3;\"x; y\"\n;a;4;\n-2.25e1;b;0;z\n");
    const struct json *a = answer(t, "\"data\": \"a.csv\", \"options\": {\"y\": \"y\", \"count\": \"count\", \"label\": \"label\", "
                                     "\"part\": {\"column\": \"g\", \"totals\": {\"a\": 4}}, "
                                     "\"terms\": [\"count\", {\"factor\": \"g\", \"base\": \"b\"}]}");
    is_num(calc_test_num(a, "rows[0].y"), 1.5, 0, "a decimal comma where semicolons part the cells");
    is_num(calc_test_num(a, "rows[2].y"), -22.5, 0, "an exponent");
    is_str(calc_test_str(a, "rows[0].label"), "x; y", "a quoted cell");
    is_str(calc_test_str(a, "part.names[0]"), "a", "categories stand in order");
    is_str(calc_test_str(a, "terms.names[2]"), "g=a", "a factor leaves out its base");
    ok(calc_test_num(a, "terms.x[1][2]") == 1 && calc_test_num(a, "terms.x[0][2]") == 0, "and is one where it fits");
    ok(json_get(a, "data") && json_get_int(json_get(json_get(a, "data"), "first"), "rows", 0) == 3, "the file is told with its rows");
    const struct json *refused = json_get(a, "refused");
    is_str(json_get_str(&refused->items[0], "reason", ""), "few_df", "a refused row is told");
    is_int((int64_t)refused->n, 1, "and its missing figure not twice");
    is_int((int64_t)json_get(a, "warnings")->n, 1, "a flagged row is a warning");
    put_file(t, "ten.csv", "g\n10\n9\n2\n");
    a = answer(t, "\"data\": \"ten.csv\", \"options\": {\"part\": {\"column\": \"g\"}}");
    is_str(calc_test_str(a, "part.names[2]"), "10", "categories that are numbers stand by number");
    is_str(json_get_str(&json_get(a, "refused")->items[0], "reason", ""), "no_figure", "a figure that is none is refused by name");
    put_file(t, "w.csv", "a,b\n0,1\n1,0.5\n");
    a = answer(t, "\"data\": {\"second\": \"w.csv\"}, \"options\": {\"matrix\": \"second\"}");
    is_num(calc_test_num(a, "matrix[1][1]"), 0.5, 0, "a table as a matrix");
    a = answer(t, "\"data\": {\"second\": \"w.csv\"}, \"options\": {\"other\": \"b\", \"y\": [1, null, 3, \"4\"]}");
    ok(calc_test_num(a, "second") == 2 && calc_test_num(a, "rows[3].y") == 4, "two tables, one given as lists");
    put_file(t, "na.csv", "y,z\nNA,1\n3,-9\n");
    a = answer(t, "\"data\": {\"file\": \"na.csv\", \"missing\": [\"NA\", \"-9\"]}, \"options\": {\"columns\": [\"z\"], \"y\": \"y\"}");
    ok(!a, "texts that mean a missing value, where none may be missing");
    is_str(t->text, "doc: na.csv, line 3, column \"z\": The cell is empty.", "are told as such");
}

static void test_wrong_columns(struct calc_test *t)
{
    put_file(t, "na.csv", "y,z\nNA,1\n");
    wrong(t, "\"data\": \"na.csv\", \"options\": {\"y\": \"y\"}",
          "doc: na.csv, line 2, column \"y\": \"NA\" is not a number; if it means a missing value, name it under \"missing\" beside "
          "\"file\" in data.",
          "what other programs write for a missing value is told as such");
    put_file(t, "b.csv", "y,full,full\n1,2,3\nx,\n\n5,1e400,7\n");
    wrong(t, "\"data\": \"b.csv\", \"options\": {\"y\": \"y\", \"full\": \"full\", \"count\": \"nix\"}",
          "doc: options.full: b.csv has two columns \"full\".\n"
          "doc: options.count: b.csv has no column \"nix\".\n"
          "doc: b.csv, line 3: The row has 2 cells, the first row 3.",
          "columns that are not there, or twice; rows of other lengths");
    put_file(t, "c.csv", "y,full\n1,2\n7,x\n7,1e400\n8,\n9,101\n\"9\n,1\n");
    wrong(t, "\"data\": \"c.csv\", \"options\": {\"full\": \"full\"}",
          "doc: c.csv, line 3, column \"full\": \"x\" is not a number.\n"
          "doc: c.csv, line 4, column \"full\": \"1e400\" is not a number.\n"
          "doc: c.csv, line 5, column \"full\": The cell is empty.\n"
          "doc: c.csv, line 6, column \"full\": 101 is outside of what is allowed here (from 0 to 100).\n"
          "doc: c.csv: line 7, column 1: the quote that starts here does not end.",
          "cells are told by line and column");
    wrong(t, "\"data\": \"nowhere.csv\", \"options\": {\"y\": \"y\"}",
          arena_printf(t->cx.arena, "doc: data.first: There is no file %s/nowhere.csv.", folder), "a file that is not there");
    wrong(t, "\"data\": {\"third\": \"a.csv\"}", "doc: data.third: The method has no such table. It has: first, second.", "an unknown table");
    wrong(t, "\"options\": {\"y\": [1, 2], \"full\": [1]}", "doc: options.full: There are 1 values, but 2 in options.y.", "lists of two lengths");
    wrong(t, "\"data\": \"a.csv\", \"options\": {\"y\": \"y\", \"fault\": 2}", "doc: a.csv, line 4, column \"y\": This row is wrong.",
          "a method names the line it finds wrong");
    wrong(t, "\"data\": \"a.csv\", \"options\": {\"terms\": [{\"factor\": \"g\", \"base\": \"q\"}]}",
          "doc: options.terms[0].base: No row has the category \"q\".", "an unknown base of a factor");
    put_file(t, "empty.csv", "y\n");
    wrong(t, "\"data\": \"empty.csv\", \"options\": {\"y\": \"y\"}", "doc: empty.csv: The table has no rows.", "a table without rows");
    struct buf *b = buf_new(t->cx.arena, 0);
    buf_puts(b, "y\n");
    for (int i = 0; i < 1000; i++)
        buf_puts(b, "x\n");
    put_file(t, "many.csv", b->data);
    answer_with(t, "{\"method\": \"test.every\", \"data\": \"many.csv\", \"options\": {\"y\": \"y\"}}", (struct calc_request){0});
    size_t n;
    str_split(t->cx.arena, t->text, '\n', &n);
    is_int((int64_t)n, 21, "of a thousand faults the first are told");
}

static void test_answers(struct calc_test *t)
{
    const char *document = "{\"method\": \"test.every\", \"options\": {\"y\": [0.1, 2, 1e21], \"label\": [\"a,b\", \"\", \"=1\"], \"nums\": [1, 2]}}";
    struct buf *csv = answer_with(t, document, (struct calc_request){.csv = true});
    is_str(csv->data, "label,y,status,reason\r\n\"a,b\",0.1,ok,\r\n,2,refused,few_df\r\n'=1,1e+21,flag,few_df\r\n", "the main table as CSV");
    answer_with(t, document, (struct calc_request){.csv = true, .table = "nix"});
    is_str(t->text, "doc: --table: The answer has no table \"nix\".", "a table that is not in the answer");
    const struct json *a = answer(t, "\"options\": {\"refuse\": true}");
    is_int((int64_t)json_get(a, "result")->n, 0, "a refused result holds no figure");
    is_str(json_get_str(&json_get(a, "refused")->items[0], "what", ""), "result", "and is told as a whole");
    is_str(json_get_str(&json_get(a, "refused")->items[0], "reason", ""), "not_converged", "with the reason");
    t->cx.lang = LANG_RU;
    wrong(t, "\"options\": {\"int\": 11}", "doc: options.int: 11 — вне допустимого здесь (от 1 до 10).", "in the user's language");
    t->cx.lang = LANG_EN;
    ok(strlen(t->text) > 0 && !calc_method_find("test.every"), "the method of this test is in no list");
}

static void test_confidential(struct calc_test *t)
{
    struct calc_method method = EVERY_METHOD;
    method.confidential = true;
    const char *document = "{\"method\": \"test.every\", \"data\": {\"second\": \"w.csv\"}, \"options\": {\"nums\": [1, 2], "
                           "\"y\": [40, 3], \"columns\": [[5, 6]], \"matrix\": [[7, 8]], \"parts\": [{\"column\": [\"s\", \"t\"]}]}}";
    struct buf *out = buf_new(t->cx.arena, 0);
    struct calc_request rq = {.name = "doc", .text = document, .n = strlen(document), .folder = folder, .method = &method};
    const struct json *j = NULL, *o;
    ok(calc_answer(&t->cx, &rq, out) == OK && json_parse(&t->cx, out->data, out->len, 0, &j) == OK && !strstr(out->data, "blake2b"),
       "where the answer hides what its data hold, no hash of them is told");
    o = json_get(j, "options");
    is_str(json_get_str(o, "y", ""), "2 values", "nor is a column that was given as a list");
    ok(str_eq(json_get_str(o, "columns", ""), "1 values") && str_eq(json_get_str(o, "matrix", ""), "1 values"), "nor are several, nor a matrix");
    is_str(json_get_str(&json_get(o, "parts")->items[0], "column", ""), "2 values", "nor one inside of an object");
    is_int((int64_t)json_get(o, "nums")->n, 2, "other options are");
}

static void test_numbers(struct calc_test *t)
{
    static const char *const TEXTS[] = {"0.1", "123456789012345678", "1e22", "1e23", "-0.000123456789012345", "9007199254740993",
                                        "4.9e-324", "1.7976931348623157e308", "0.30000000000000004", ".5", "5.", "+7", "00012"};
    bool same = true;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        put_file(t, "n.csv", arena_printf(t->cx.arena, "y\n%s\n", TEXTS[i]));
        const struct json *a = answer(t, "\"data\": \"n.csv\", \"options\": {\"y\": \"y\"}");
        same &= calc_test_num(a, "rows[0].y") == strtod(TEXTS[i], NULL);
    }
    ok(same, "a cell is the double nearest to its digits, and the answer gives the same double");
    static const char *const NOT[] = {"1e", "--1", "0x10", "1,5", "1 2", "nan", "Infinity", "1.2.3", "e5", "."};
    bool none = true;
    for (size_t i = 0; i < sizeof NOT / sizeof *NOT; i++) {
        put_file(t, "n.csv", arena_printf(t->cx.arena, "y,z\n\"%s\",1\n", NOT[i]));
        none &= answer(t, "\"data\": \"n.csv\", \"options\": {\"y\": \"y\"}") == NULL;
    }
    ok(none, "what is no plain number is refused");
}

static void test_cli(struct calc_test *t)
{
    const char *document = "docs/examples/stat/count.interval.json";
    struct buf *out = calc_test_run(t, arena_printf(t->cx.arena, "--data /nonexistent/folder stat %s", document), true);
    struct buf *want;
    ok(t->status == 0 && fs_read(&t->cx, "docs/examples/stat/count.interval.answer.json", 0, &want) == OK &&
           str_eq(out->data, want->data), "the command answers, without a database");
    out = calc_test_run(t, arena_printf(t->cx.arena, "stat %s --out %s/out.json", document, folder), true);
    struct buf *file;
    ok(t->status == 0 && out->len == 0 && fs_read(&t->cx, fs_join(t->cx.arena, folder, "out.json"), 0, &file) == OK &&
           str_eq(file->data, want->data), "--out writes the same into a file");
    out = calc_test_run(t, arena_printf(t->cx.arena, "stat --csv --threads 2 %s", document), true);
    ok(t->status == 0 && str_starts(out->data, "name,y,lower,upper"), "--csv gives the table");
    out = calc_test_run(t, "stat --list", true);
    ok(t->status == 0 && strstr(out->data, "count.interval"), "--list names the methods");
    out = calc_test_run(t, "stat --schema count.interval", true);
    ok(t->status == 0 && calc_test_parse(t, out->data, out->len), "--schema is JSON");
    put_file(t, "wrong.json", "{\"method\": \"count.interval\", \"options\": {\"y\": [-1], \"level\": 2}}");
    out = calc_test_run(t, arena_printf(t->cx.arena, "stat %s/wrong.json --out %s/none.json", folder, folder), true);
    is_int(t->status, 2, "a wrong document: exit status 2");
    is_str(out->data, arena_printf(t->cx.arena, "shanyraq stat: %s/wrong.json: options.level: 2 is outside of what is allowed here "
                                   "(between 0 and 1, the ends excluded).\nshanyraq stat: %s/wrong.json: options.y[0]: -1 is outside of "
                                   "what is allowed here (from 0 to 1e+15).\n", folder, folder), "one line a fault");
    ok(!fs_exists(fs_join(t->cx.arena, folder, "none.json")), "and nothing is written");
    calc_test_run(t, "stat", true);
    is_int(t->status, 2, "no document: exit status 2");
    calc_test_run(t, "stat nowhere.json", true);
    is_int(t->status, 2, "a document that is not there too");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    if (fs_temp_dir(&t.cx, &folder))
        return 2;
    test_options(&t);
    test_columns(&t);
    test_wrong_columns(&t);
    test_answers(&t);
    test_confidential(&t);
    test_numbers(&t);
    test_cli(&t);
    calc_test_end(&t);
    return done();
}
