/* test_memo.c - pages that are kept: given again only to the same asker for the same question, and never
 * after the data has changed. */
#include "html/form_keys_html.h"
#include "http/internal.h"
#include "tap.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* --- through the requests --- */

static struct arena *arena;
static struct memo *memo;
static int64_t territory[] = {1, 2};
static struct account who;
static enum lang lang;
static const char *data_now;
static int made; /* pages that were made anew */

static int data_mark(void *arg, struct ctx *cx, const char **mark)
{
    (void)arg, (void)cx;
    *mark = data_now;
    return 0;
}

static int authenticate(struct request *rq, struct account *out)
{
    (void)rq;
    *out = who;
    return 0;
}

static void page_html(struct request *rq, struct buf *o, const void *model)
{
    (void)model;
    buf_printf(o, "<h1>made %d</h1>", made);
    if (rq_query(rq, "form"))
        html_form_keys_html(rq, o);
}
static const struct view PAGE = {"page", "Page", "/page", page_html, NULL, 0, NULL};

static int page_get(struct request *rq)
{
    made++;
    if (rq_query(rq, "cookie"))
        respond_cookie(rq, "seen", "1", 60);
    if (rq_query(rq, "meanwhile"))
        data_now = "2";
    if (rq_query(rq, "refused"))
        return fail(rq->cx, ERR_DENIED, "no");
    if (rq_query(rq, "gone"))
        rq->status = 410;
    return respond_view(rq, &PAGE, NULL);
}

static const struct route ROUTES[] = {
    {HTTP_GET, "/page", page_get, 0, ROUTE_PUBLIC | ROUTE_MEMO, NULL, &PAGE, "Kept"},
    {HTTP_GET, "/fresh", page_get, 0, ROUTE_PUBLIC, NULL, &PAGE, "Not kept"},
    {.pattern = NULL},
};
static const struct route *const TABLES[] = {ROUTES, NULL};
static const struct server_options OPTIONS = {.data_mark = data_mark, .authenticate = authenticate, .region_id = 61};

static const char *no_header(const void *connection, const char *name)
{
    (void)connection, (void)name;
    return NULL;
}

static const char *no_words(enum lang l, const char *msgid)
{
    (void)l;
    return msgid;
}

/* The whole answer to a GET. */
static const char *ask(const char *target)
{
    static struct ctx cx;
    cx = (struct ctx){.arena = arena, .lang = lang, .region_id = 61, .translate = no_words};
    struct request *rq = request_new(arena, &cx);
    rq->out = buf_new(arena, 0);
    rq->state->header = no_header;
    rq->state->options = &OPTIONS;
    rq->state->router = router_new(arena, TABLES);
    rq->state->memo = memo;
    rq->state->target = target;
    rq->request_id = "test";
    if (request_read_target(rq, target))
        return "";
    request_handle(rq);
    return rq->out->data;
}

/* Was the page made anew for this request? */
static bool anew(const char *target)
{
    int before = made;
    ask(target);
    return made > before;
}

static void test_same(void)
{
    ok(anew("/page") && !anew("/page"), "the same question is answered from memory");
    const char *first = ask("/page?x=1"), *again = ask("/page?x=1");
    ok(strstr(first, "<h1>made") && strstr(first, "<title>") && strcmp(first, again) == 0, "with the same page in its layout");
    first = ask("/page?fragment=1");
    ok(strcmp(first, ask("/page?fragment=1")) == 0 && strncmp(first, "<h1>", 4) == 0, "a fragment too");
    ok(strcmp(ask("/page?format=json"), ask("/page?format=json")) == 0 && !anew("/page?format=json"), "JSON too");
    ok(anew("/page?x=2"), "another query is another page");
    ok(anew("/fresh") && anew("/fresh"), "without the flag nothing is kept");
}

static void test_data(void)
{
    ask("/page");
    data_now = "b";
    ok(anew("/page") && !anew("/page"), "after a change of the data the page is made anew, once");
    data_now = NULL;
    ok(anew("/page") && anew("/page"), "where changes cannot be told nothing is kept");
    data_now = "1";
    ok(anew("/page?meanwhile=1"), "a change while the page is made,");
    ok(anew("/page?meanwhile=1"), "or by its own handler, makes it stale at once");
}

static void test_askers(void)
{
    who = (struct account){.id = 7, .region_id = 61, .login = "a", .name = "A", .permissions = 6};
    ok(anew("/page") && !anew("/page"), "an account has its own pages");
    who.id = 8;
    ok(anew("/page"), "another account with the same rights does not get them");
    who.permissions = 2;
    ok(anew("/page"), "nor the same one with other permissions");
    who.territories = territory;
    who.n_territories = 1;
    ok(anew("/page"), "nor with a territory instead of the whole region");
    who.territories = territory + 1;
    ok(anew("/page"), "nor with another territory");
    who.territories = territory;
    who.n_territories = 2;
    ok(anew("/page"), "nor with more territories");
    who.region_id = 62;
    ok(anew("/page"), "nor in another region");
    who.name = "B";
    ok(anew("/page"), "nor under another name");
    lang = LANG_RU;
    ok(anew("/page") && !anew("/page"), "nor in another language");
    who = (struct account){0};
}

static void test_never(void)
{
    who = (struct account){.id = 7, .region_id = 61, .login = "a", .name = "A", .csrf = "secret-of-session"};
    ok(strstr(ask("/page?form=1"), "secret-of-session") && anew("/page?form=1"), "a page with a form is never kept");
    who.csrf = "another-session";
    const char *page = ask("/page?form=1");
    ok(strstr(page, "another-session") && !strstr(page, "secret-of-session"), "so no session sees another's token");
    ok(anew("/page?cookie=1") && anew("/page?cookie=1"), "an answer with a header of its own is not kept");
    ok(anew("/page?refused=1") && anew("/page?refused=1"), "nor a refusal");
    ok(anew("/page?gone=1") && anew("/page?gone=1"), "nor another status than 200");
    who = (struct account){0};
}

/* --- the memory itself --- */

static struct buf *key_of(struct arena *a, int number)
{
    struct buf *b = buf_new(a, 0);
    buf_printf(b, "page %d", number);
    return b;
}

static bool holds(struct memo *m, int number, const char *mark)
{
    struct memo_body got;
    return memo_get(m, arena, key_of(arena, number), mark, &got);
}

static void test_room(void)
{
    static char data[1000];
    struct memo *m = memo_new(12000);
    struct memo_body b = {.data = data, .n = sizeof data, .title = "t"};
    for (int i = 0; i < 8; i++)
        memo_put(m, key_of(arena, i), "1", &b);
    ok(holds(m, 0, "1") && holds(m, 7, "1"), "what has room is kept");
    for (int i = 8; i < 14; i++)
        memo_put(m, key_of(arena, i), "1", &b);
    ok(holds(m, 0, "1") && holds(m, 13, "1") && !holds(m, 1, "1"), "what was not used for longest makes room");
    memo_put(m, key_of(arena, 0), "2", &b);
    ok(holds(m, 0, "2") && !holds(m, 0, "1"), "a newer edition takes the place of the older");
    static char large[4000];
    memo_put(m, key_of(arena, 99), "1", &(struct memo_body){.data = large, .n = sizeof large});
    ok(!holds(m, 99, "1") && holds(m, 0, "2"), "one page never drives out all others");
    memo_free(m);
}

struct worker {
    struct memo *m;
    int number, wrong;
    pthread_t thread;
};

/* A body says which key and mark it belongs to, so that a mixture shows. */
static void *work(void *arg)
{
    struct worker *w = arg;
    struct arena *a = arena_new(0);
    for (int i = 0; i < 4000; i++) {
        int page = (i * 7 + w->number) % 40;
        char mark[16], text[600];
        snprintf(mark, sizeof mark, "%d", i / 500);
        int n = snprintf(text, sizeof text, "%d of %s %0*d", page, mark, 100 + page * 10, 0);
        struct memo_body got;
        if (memo_get(w->m, a, key_of(a, page), mark, &got))
            w->wrong += got.n != (size_t)n || strcmp(got.data, text) != 0;
        else
            memo_put(w->m, key_of(a, page), mark, &(struct memo_body){.data = text, .n = (size_t)n});
    }
    arena_free(a);
    return NULL;
}

static void test_threads(void)
{
    struct worker w[4];
    struct memo *m = memo_new(10000);
    int wrong = 0;
    for (int i = 0; i < 4; i++) {
        w[i] = (struct worker){.m = m, .number = i};
        if (pthread_create(&w[i].thread, NULL, work, &w[i]) != 0)
            die("no thread");
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(w[i].thread, NULL);
        wrong += w[i].wrong;
    }
    is_int(wrong, 0, "threads that put, get and drive out see whole pages of the right key and mark");
    memo_free(m);
}

int main(void)
{
    arena = arena_new(0);
    memo = memo_new(1 << 20);
    data_now = "a";
    test_same();
    test_data();
    data_now = "c";
    test_askers();
    test_never();
    test_room();
    test_threads();
    memo_free(memo);
    arena_free(arena);
    return done();
}
