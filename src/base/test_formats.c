/* Tests of the readers of base/json.h, base/xml.h and base/zip.h, and of what they refuse. */
#include "tap.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xml.h"
#include "base/zip.h"

static struct ctx cx;

static const struct json *parsed(const char *text)
{
    const struct json *j = NULL;
    return json_parse(&cx, text, strlen(text), 0, &j) == OK ? j : NULL;
}

static void test_json(void)
{
    const struct json *j = parsed("{\"b\":[1,2.5,\"қ\"],\"a\":true,\"n\":null,\"id\":\"0000000000011\"}");
    ok(j && j->type == JSON_IS_OBJECT && j->n == 4, "an object is read");
    is_str(j->keys[0], "b", "keys keep their order");
    const struct json *list = json_get(j, "b");
    ok(list && list->n == 3 && list->items[0].i == 1 && list->items[0].num == 1 && list->items[1].num == 2.5 &&
           str_eq(list->items[2].s, "қ"),
       "a list with its values");
    ok(json_get_bool(j, "a", false) && json_get_id(j, "id") == 33, "a truth and an identifier");
    ok(json_get_int(j, "a", 5) == 5 && json_get_int(j, "zz", 6) == 6 && json_get_num(list, "x", 2) == 2 &&
           json_get_id(j, "a") == 0,
       "what is absent or of another type gives the fallback");
    ok(!parsed("{\"a\":\n[1,}") && strstr(cx.err_text, "line 2"), "broken text is refused with its line");
    ok(!parsed("{\"a\":1,\"a\":2}") && !parsed("[1] x") && !parsed("") && !parsed("\"\\u0000\"") && !parsed("\"\xFF\""),
       "double names, rests, nothing, zero characters, broken UTF-8 are refused");
    ok(!parsed("9223372036854775808"), "a number beyond 64 bits is refused");
    char deep[201] = {0};
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    ok(!parsed(deep) && strstr(cx.err_text, "64"), "more than 64 levels are refused");
    ok(json_parse(&cx, "[1,2]", 5, 4, &j) == ERR_LIMIT, "a text over the limit is refused");
}

static struct xml *tree(const char *text)
{
    struct xml *x = NULL;
    return xml_parse(&cx, "x.xml", text, strlen(text), NULL, &x) == OK ? x : NULL;
}

static void test_xml(void)
{
    struct xml *x = tree("<h:a xmlns:h='urn:h' k='&lt;1'>one<b/>two<h:b>қ&#1179;</h:b><![CDATA[<3>]]></h:a>");
    ok(x && str_eq(x->name, "a") && str_eq(x->ns, "urn:h"), "a name without its prefix, with its namespace");
    is_str(xml_get(x, "k"), "<1", "an attribute");
    is_str(xml_text(cx.arena, x), "onetwoққ<3>", "all text in order");
    struct xml *b = xml_next(xml_child(x, "b"), "b");
    ok(b && str_eq(b->ns, "urn:h") && b->parent == x && !xml_next(b, NULL), "the second child of a name");
    ok(!xml_child(b, NULL) && !xml_get(b, "k") && !xml_child(NULL, "a"), "what is absent is NULL");
    ok(!tree("<a>\n<b></a>") && strstr(cx.err_text, "line 2, column"), "broken text is refused with its place");
    ok(!tree("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>") && strstr(cx.err_text, "document type"),
       "a document type is refused");
    struct buf *deep = buf_new(cx.arena, 0);
    for (int i = 0; i < 70; i++)
        buf_puts(deep, "<a>");
    ok(!tree(deep->data) && cx.err == ERR_LIMIT, "too many levels are refused");

    struct buf *out = buf_new(cx.arena, 0);
    struct xml_writer w;
    xml_begin(&w, out);
    xml_open(&w, "a");
    xml_attr(&w, "k", "\"<&>'");
    xml_attr(&w, "none", NULL);
    xml_attr_int(&w, "n", -1);
    xml_element(&w, "b", "x\x01\xFF");
    xml_element(&w, "c", NULL);
    xml_close(&w);
    is_str(out->data,
           "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
           "<a k=\"&quot;&lt;&amp;&gt;&#39;\" n=\"-1\"><b>x\xEF\xBF\xBD\xEF\xBF\xBD</b><c/></a>",
           "elements are written with escapes");
}

static void test_zip(void)
{
    char *zeros = arena_alloc(cx.arena, 4 << 20);
    struct zip_item items[] = {{"mimetype", "text", 4, true}, {"қала.txt", "Кентау", 12, false},
                               {"zeros", zeros, 4 << 20, false}, {"empty", NULL, 0, false}};
    struct buf *one = buf_new(cx.arena, 0), *two = buf_new(cx.arena, 0), *got;
    ok(zip_write(&cx, items, 4, one) == OK && zip_write(&cx, items, 4, two) == OK, "archives are written");
    ok(one->len == two->len && memcmp(one->data, two->data, one->len) == 0, "the same bytes each time");
    struct zip_reader *z;
    ok(zip_reader_open(&cx, "a.zip", one->data, one->len, NULL, &z) == OK && zip_reader_count(z) == 4, "and open");
    is_str(zip_reader_name(z, 1), "қала.txt", "in their order");
    ok(zip_reader_get(&cx, z, "қала.txt", &got) == OK && str_eq(got->data, "Кентау"), "an entry is unpacked");
    ok(zip_reader_get(&cx, z, "empty", &got) == OK && got->len == 0, "an empty one too");
    ok(zip_reader_get(&cx, z, "nothing", &got) == ERR_NOT_FOUND, "a missing one is told");
    ok(zip_reader_get(&cx, z, "zeros", &got) == ERR_LIMIT, "one that swells a thousandfold is refused");
    struct zip_limits small = {.entry_bytes = 10};
    ok(zip_reader_open(&cx, "a.zip", one->data, one->len, &small, &z) == OK &&
           zip_reader_get(&cx, z, "қала.txt", &got) == ERR_LIMIT,
       "so is one over the limit");
    ok(zip_reader_open(&cx, "a.zip", "PK..", 4, NULL, &z) == ERR_INVALID, "what is no archive is told");
    *(char *)memmem(one->data, one->len, "text", 4) = 'T';
    ok(zip_reader_open(&cx, "a.zip", one->data, one->len, NULL, &z) == OK &&
           zip_reader_get(&cx, z, "mimetype", &got) == ERR_INVALID,
       "a changed byte is noticed");
}

int main(void)
{
    cx.arena = arena_new((size_t)256 << 20);
    test_json();
    test_xml();
    test_zip();
    arena_free(cx.arena);
    return done();
}
