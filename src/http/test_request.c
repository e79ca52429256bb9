/* test_request.c - reading heads: escapes, queries, cookies, preferences; limits per client. */
#include "http/components.h"
#include "http/internal.h"
#include "http/ratelimit.h"
#include "tap.h"

static struct arena *arena;
static struct ctx cx;
static const char *const *headers;

static const char *header(const void *connection, const char *name)
{
    (void)connection;
    for (size_t i = 0; headers && headers[i]; i += 2)
        if (strcmp(headers[i], name) == 0)
            return headers[i + 1];
    return NULL;
}

static struct request *request(const char *target, const char *const *with)
{
    headers = with;
    cx = (struct ctx){.arena = arena, .lang = LANG_EN};
    struct request *rq = request_new(arena, &cx);
    rq->state->header = header;
    rq->out = buf_new(arena, 0);
    if (request_read_target(rq, target))
        return NULL;
    request_read_preferences(rq);
    return rq;
}

static void test_escapes(void)
{
    is_str(percent_decode(arena, "a%20b+c", 7, true, false), "a b c", "escapes and plus are decoded");
    is_str(percent_decode(arena, "a+b", 3, false, false), "a+b", "plus stays in a path");
    static const char *const BAD[] = {"%", "%1", "%g0", "%00", "%0a", "a\x01", "%c3", "%ed%a0%80", "%c0%af"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        ok(!percent_decode(arena, BAD[i], strlen(BAD[i]), true, false),
           "what is malformed or not allowed is refused");
    is_str(percent_decode(arena, "a%0D%0Ab", 8, true, true), "a\r\nb",
           "line ends pass where a text has lines");
}

static void test_query(void)
{
    const char *none[] = {NULL};
    struct request *rq = request("/a%2Fb/c?x=1&y=%D2%9A&x=2&flag&&n=7", none);
    is_str(rq->path, "/a/b/c", "the path is decoded");
    is_str(rq_query(rq, "x"), "1", "the first of several values");
    is_str(rq_query_nth(rq, "x", 1), "2", "the second");
    is_str(rq_query_nth(rq, "x", 2), NULL, "no third");
    is_str(rq_query(rq, "y"), "Қ", "Kazakh letters come through");
    is_str(rq_query(rq, "flag"), "", "a name without value is empty");
    is_int(rq_query_int(rq, "n", 1, 9, 3), 7, "a number within its bounds is taken");
    is_int(rq_query_int(rq, "n", 1, 5, 3), 3, "one outside gives the fallback");
    is_int(rq_query_int(rq, "y", 1, 5, 3), 3, "what is no number too");
    is_str(component_url_with(rq, "x", "3 4"), "/a/b/c?y=%D2%9A&flag=&n=7&x=3%204",
           "one parameter is replaced in an address");
    is_str(component_url_with(rq, "x", NULL), "/a/b/c?y=%D2%9A&flag=&n=7", "or removed");
    ok(!request("no-slash", none), "a target that is not a path is refused");
    rq = request("//evil.example/x", none);
    is_str(component_url_with(rq, "lang", NULL), "/", "an address of ours never becomes one of another host");
}

static void test_preferences(void)
{
    const char *cookies[] = {"Cookie", "a=1; lang=ru;session=x%20y", NULL};
    struct request *rq = request("/", cookies);
    is_str(rq_cookie(rq, "session"), "x y", "a cookie is found and decoded");
    is_str(rq_cookie(rq, "sess"), NULL, "only by its whole name");
    is_int(cx.lang, LANG_RU, "the cookie chooses the language");
    ok(!rq->wants_json, "a page is what is wanted if nothing is said");
    const char *browser[] = {"Accept", "text/html,application/xhtml+xml,*/*;q=0.8", NULL};
    ok(!request("/", browser)->wants_json, "browsers want a page");
    ok(request("/?format=json", browser)->wants_json, "unless the address asks for JSON");
    const char *program[] = {"Accept", "application/json", NULL};
    ok(request("/", program)->wants_json, "programs say that they want JSON");
    const char *both[] = {"Accept", "application/json;q=0.5, text/html", NULL};
    ok(!request("/", both)->wants_json, "what is preferred counts");
}

static void test_once(void)
{
    const char *none[] = {NULL};
    struct request *rq = request("/", none);
    const char *key = rq_once_key(rq);
    is_int(strlen(key), 32, "a form's key has 32 digits");
    is_str(rq_once_key(rq), key, "a request has one key");
    ok(strcmp(rq_once_key(request("/", none)), key) != 0, "another request another one");
    pairs_add(arena, &rq->state->fields, "once", "00112233445566778899aabbccddeeff");
    is_str(rq_once_key(rq), "00112233445566778899aabbccddeeff", "the key that was sent is kept");
    rq->state->fields.rows[0].value = "x' --";
    ok(strlen(rq_once_key(rq)) == 32, "what is not a key is not taken");
}

static void test_ratelimit(void)
{
    int wait;
    for (int i = 0; i < 3; i++)
        ok(ratelimit_take("sign-in", "10.0.0.1", 6, 3, &wait), "the burst is allowed");
    ok(!ratelimit_take("sign-in", "10.0.0.1", 6, 3, &wait), "then no more");
    ok(wait > 0 && wait <= 10, "and it says when again");
    ok(ratelimit_take("sign-in", "10.0.0.2", 6, 3, &wait), "another client is not concerned");
    ok(ratelimit_take("code", "10.0.0.1", 6, 3, &wait), "nor another class");
    ratelimit_clear("sign-in", "10.0.0.1");
    ok(ratelimit_take("sign-in", "10.0.0.1", 6, 3, &wait), "a success gives the burst back");
}

int main(void)
{
    arena = arena_new(0);
    test_escapes();
    test_query();
    test_preferences();
    test_once();
    test_ratelimit();
    arena_free(arena);
    return done();
}
