/* test_form.c - forms: typed values, messages, re-display; and the reader of multipart bodies. */
#include "http/internal.h"
#include "tap.h"

static const struct form_choice KINDS[] = {{"land", "Land"}, {"water", "Water"}, {NULL, NULL}};

struct values {
    const char *name, *kind, *day, *quarter, *mail;
    struct opt_int people, place;
    struct opt_num area;
    struct form_multi topics;
    bool agreed;
    const struct file_part *file;
};
#define AT(m) .offset = offsetof(struct values, m)
static const struct form_field FIELDS[] = {
    {.name = "name", .type = FORM_TEXT, .required = true, .min = 2, .max = 5, AT(name)},
    {.name = "kind", .type = FORM_CHOICE, .choices = KINDS, AT(kind)},
    {.name = "day", .type = FORM_DATE, AT(day)},
    {.name = "quarter", .type = FORM_QUARTER, AT(quarter)},
    {.name = "mail", .type = FORM_EMAIL, AT(mail)},
    {.name = "people", .type = FORM_INT, .min = 0, .max = 5000, AT(people)},
    {.name = "place", .type = FORM_ID, AT(place)},
    {.name = "area", .type = FORM_NUM, AT(area)},
    {.name = "topics", .type = FORM_MULTI, .choices = KINDS, AT(topics)},
    {.name = "agreed", .type = FORM_BOOL, AT(agreed)},
    {.name = "file", .type = FORM_FILE, AT(file)},
    {.name = NULL},
};
static const struct form FORM = {FIELDS, sizeof(struct values)};

static struct arena *arena;
static struct ctx cx;
static struct request *rq;

static const struct values *parse(const char *body)
{
    cx = (struct ctx){.arena = arena, .lang = LANG_EN};
    rq = request_new(arena, &cx);
    if (urlencoded_read(&cx, body, strlen(body), true, &rq->state->fields) || form_parse(rq, &FORM))
        return NULL;
    return form_values(rq);
}

static bool wrong(const char *body, const char *field)
{
    parse(body);
    return form_error_of(rq, &FORM, field) != NULL;
}

static void test_right(void)
{
    const struct values *v = parse(
        "name=++%D2%9A%D0%B0%D0%B9+&kind=water&day=05.03.2025&quarter=2025-Q3&mail=a%40b.kz&people=1+200"
        "&place=0000000000010&area=2%2C5&topics=land&topics=water&topics=land&agreed=1");
    ok(form_ok(rq), "a right form is accepted");
    is_str(v->name, "Қай", "texts are trimmed");
    is_str(v->kind, "water", "a choice is taken");
    is_str(v->day, "2025-03-05", "a date becomes ISO");
    is_str(v->quarter, "2025-Q3", "a quarter is taken");
    ok(v->people.has && v->people.value == 1200, "a number may have groups");
    ok(v->place.has && v->place.value == 32, "an identifier is read");
    ok(v->area.has && v->area.value == 2.5, "a comma is a decimal point");
    ok(v->topics.n == 2 && strcmp(v->topics.values[1], "water") == 0, "several choices are taken, each once");
    ok(v->agreed && !v->file, "a check box is true, a file absent");
    is_str(form_raw(rq, &FORM, "area"), "2,5", "what was typed is kept");
    ok(form_raw_has(rq, &FORM, "topics", "land") && !form_raw_has(rq, &FORM, "kind", "land"),
       "and what was chosen");
    v = parse("name=ab");
    ok(form_ok(rq) && !v->people.has && !v->area.has && !*v->kind && !*v->day && !v->agreed && !v->topics.n,
       "optional fields may be absent");
}

static void test_wrong(void)
{
    ok(wrong("", "name"), "a required field must be there");
    ok(wrong("name=+++", "name"), "blanks are nothing");
    ok(wrong("name=a", "name"), "too short");
    ok(wrong("name=%D2%9A%D2%9A%D2%9A%D2%9A%D2%9A%D2%9A", "name"), "too long, in characters");
    ok(!wrong("name=%D2%9A%D2%9A%D2%9A%D2%9A%D2%9A", "name"), "not in bytes");
    ok(wrong("name=a%0Ab", "name"), "one line only");
    ok(wrong("kind=fire", "kind"), "not one of the choices");
    ok(wrong("topics=land&topics=fire", "topics"), "one of several is not");
    static const char *const DAYS[] = {"day=2025-02-30", "day=31.04.2025", "day=1.1.2025", "day=2025",
                                       "day=01.01.2025x"};
    for (size_t i = 0; i < 5; i++)
        ok(wrong(DAYS[i], "day"), "no such day");
    ok(wrong("quarter=2025-Q5", "quarter"), "no such quarter");
    ok(wrong("people=12.5", "people"), "not whole");
    ok(wrong("people=5001", "people"), "above the bound");
    ok(wrong("people=-1", "people"), "below the bound");
    ok(wrong("area=1.2.3", "area") && wrong("area=nan", "area"), "not a number");
    ok(wrong("place=0", "place"), "not an identifier");
    ok(wrong("mail=a", "mail") && wrong("mail=a@b", "mail") && wrong("mail=@b.kz", "mail") &&
           !wrong("mail=a@b.kz", "mail"),
       "not an e-mail address");
    const struct values *v = parse("people=x&area=3");
    ok(!v->people.has && v->area.has, "a wrong field is empty, the others are there");
    const struct form_message *m;
    form_error(rq, NULL, "On the whole %d.", 7);
    is_int(form_messages(rq, &FORM, &m), 3, "all messages are listed");
    ok(!m[0].field && strcmp(m[0].text, "On the whole 7.") == 0 && strcmp(m[1].field, "name") == 0 &&
           strcmp(m[2].field, "people") == 0,
       "those of the whole form first, then in the order of the fields");
}

static void test_refused(void)
{
    parse("name=Abc");
    ok(!form_refused(rq, NULL, OK) && !form_refused(rq, NULL, fail(&cx, ERR_DB, "No.")) && form_ok(rq),
       "only a refusal of what was typed is shown in the form");
    is_int(cx.err, ERR_DB, "any other error stays one");
    ok(form_refused(rq, "name", fail(&cx, ERR_INVALID, "Not %d %%.", 5)) && rq->status == 200,
       "what a change refuses is shown");
    is_str(form_error_of(rq, &FORM, "name"), "Not 5 %.", "at the field, in its own words");
    parse("name=Abc");
    ok(form_refused(rq, NULL, fail(&cx, ERR_CONFLICT, "Too late.")) && rq->status == 409,
       "somebody else was faster: 409");
    ok(cx.err == OK && strcmp(form_error_of(rq, &FORM, NULL), "Too late.") == 0,
       "said above the form, and answered by it");
    is_str(form_raw(rq, &FORM, "name"), "Abc", "what was typed is kept");
}

static void test_fill(void)
{
    parse("");
    rq->form = NULL;
    const char *topics[] = {"land"};
    struct values v = {.name = "Ab",
                       .kind = "land",
                       .people = {true, 3},
                       .place = {true, 32},
                       .topics = {topics, 1},
                       .agreed = true};
    form_fill(rq, &FORM, &v);
    ok(strcmp(form_raw(rq, &FORM, "name"), "Ab") == 0 && strcmp(form_raw(rq, &FORM, "people"), "3") == 0 &&
           strcmp(form_raw(rq, &FORM, "place"), "0000000000010") == 0 &&
           form_raw_has(rq, &FORM, "topics", "land") && !*form_raw(rq, &FORM, "area"),
       "a record is shown in its form");
    form_preset(rq, &FORM, "name", "Cd");
    is_str(form_raw(rq, &FORM, "name"), "Cd", "a single field can be preset");
}

/* --- multipart: everything is written into one text --- */

static struct buf *seen;

static int begin(void *arg, const char *name, const char *filename, const char *type)
{
    (void)arg;
    buf_printf(seen, "[%s|%s|%s|", name, filename ? filename : "-", type ? type : "-");
    return 0;
}

static int data(void *arg, const char *bytes, size_t n)
{
    (void)arg;
    buf_put(seen, bytes, n);
    return 0;
}

static int end(void *arg)
{
    (void)arg;
    buf_puts(seen, "]");
    return 0;
}

static int feed(const char *type, const char *body, size_t piece, bool *complete)
{
    struct multipart_sink sink = {NULL, begin, data, end};
    buf_reset(seen);
    struct multipart *m = multipart_new(arena, type, &sink);
    if (!m)
        return -1;
    for (size_t i = 0, n = strlen(body); i < n; i += piece) {
        int rc = multipart_feed(m, body + i, n - i < piece ? n - i : piece);
        if (rc)
            return rc;
    }
    *complete = multipart_complete(m);
    return 0;
}

static void test_multipart(void)
{
    static const char TYPE[] = "multipart/form-data; boundary=\"b1\"";
    static const char BODY[] =
        "--b1\r\nContent-Disposition: form-data; name=\"what\"\r\n\r\nline\r\n--b\r\r\n\r\n--b1\r\n"
        "content-disposition: form-data; name=\"f\"; filename=\"\xD2\x9A%22.csv\"\r\nContent-Type: "
        "text/csv\r\n\r\n"
        "a;b\r\n--b1--\r\nafter";
    static const char WANT[] = "[what|-|-|line\r\n--b\r\r\n][f|Қ\".csv|text/csv|a;b]";
    bool complete, same = true;
    for (size_t piece = 1; piece <= sizeof BODY; piece++) {
        same &= feed(TYPE, BODY, piece, &complete) == 0 && complete && strcmp(seen->data, WANT) == 0;
    }
    ok(same, "a body in pieces of any size gives the same parts");
    is_int(feed("multipart/form-data", BODY, 99, &complete), -1, "a type without boundary is refused");
    is_int(feed("multipart/mixed; boundary=b1", BODY, 99, &complete), -1, "another kind of multipart too");
    ok(feed(TYPE, "--b1\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nabc", 7, &complete) == 0 &&
           !complete,
       "a body that breaks off is not complete");
    static const char *const BAD[] = {
        "x--b1\r\n",
        "--b1x",
        "--b1\r\n\r\ndata",
        "--b1\r\nContent-Disposition: form-data\r\n\r\n",
        "--b1\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\n",
        "--b1\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n",
        "--b1\r\nContent-Disposition: form-data; name=\"x\"\n\n",
        "--b1\r\nContent-Disposition: form-data; name=\"x\r\n\r\n",
        "--b1\r\nContent-Disposition: form-data; name=\"x\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        is_int(feed(TYPE, BAD[i], 5, &complete), ERR_INVALID, "a malformed body is refused");
}

int main(void)
{
    arena = arena_new(0);
    seen = buf_new(arena, 0);
    test_right();
    test_wrong();
    test_refused();
    test_fill();
    test_multipart();
    arena_free(arena);
    return done();
}
