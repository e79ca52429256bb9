/* test_router.c - which route a path finds. */
#include "http/internal.h"
#include "tap.h"

static int nothing(struct request *rq)
{
    (void)rq;
    return 0;
}

static const struct route ROUTES[] = {
    {.method = HTTP_GET, .pattern = "/", .handle = nothing, .summary = "root"},
    {.method = HTTP_GET, .pattern = "/disputes", .handle = nothing, .summary = "list"},
    {.method = HTTP_POST, .pattern = "/disputes", .handle = nothing, .summary = "create"},
    {.method = HTTP_GET, .pattern = "/disputes/new", .handle = nothing, .summary = "new"},
    {.method = HTTP_GET, .pattern = "/disputes/{id}", .handle = nothing, .summary = "one"},
    {.method = HTTP_POST, .pattern = "/disputes/{id}/triage", .handle = nothing, .summary = "triage"},
    {.method = HTTP_GET, .pattern = "/disputes/{id}/parties/{party}", .handle = nothing, .summary = "party"},
    {.method = HTTP_GET, .pattern = "/guide/{page*}", .handle = nothing, .summary = "guide"},
    {.method = HTTP_GET, .pattern = "/guide/print/{lang}", .handle = nothing, .summary = "print"},
    {.method = HTTP_HEAD, .pattern = "/submission", .handle = nothing, .summary = "probe"},
    {.method = HTTP_POST, .pattern = "/submission", .handle = nothing, .summary = "submit"},
    {.pattern = NULL},
};

static struct arena *arena;
static struct router *router;
static struct pairs params;
static const char *allow;
static int err;

static const char *find(enum http_method m, const char *path)
{
    params = (struct pairs){0};
    const struct route *r = router_find(router, arena, m, path, strlen(path), &params, &allow, &err);
    return r ? r->summary : NULL;
}

int main(void)
{
    arena = arena_new(0);
    const struct route *tables[] = {ROUTES, NULL};
    router = router_new(arena, tables);
    is_str(find(HTTP_GET, "/"), "root", "the root is found");
    is_str(find(HTTP_GET, "/disputes"), "list", "a fixed path is found");
    is_str(find(HTTP_POST, "/disputes"), "create", "the method decides");
    is_str(find(HTTP_GET, "/disputes/new"), "new", "fixed text goes before a parameter");
    is_str(find(HTTP_GET, "/disputes/0G3"), "one", "a parameter takes one segment");
    is_str(pairs_get(&params, "id", 0), "0G3", "and has its value");
    is_str(find(HTTP_POST, "/disputes/new/triage"), "triage",
           "a dead end in fixed text goes back to the parameter");
    is_str(pairs_get(&params, "id", 0), "new", "with its value");
    is_str(find(HTTP_GET, "/disputes/a/parties/%D2%9B"), "party", "two parameters are found");
    ok(strcmp(pairs_get(&params, "id", 0), "a") == 0 && strcmp(pairs_get(&params, "party", 0), "қ") == 0,
       "each decoded under its name");
    is_str(find(HTTP_GET, "/guide/kk/map/legend"), "guide", "the rest of a path is one parameter");
    is_str(pairs_get(&params, "page", 0), "kk/map/legend", "with its slashes");
    is_str(find(HTTP_GET, "/guide/print/kk"), "print", "a longer pattern goes before the rest");
    is_str(find(HTTP_GET, "/guide/print/kk/x"), "guide", "which takes what is left");
    is_str(find(HTTP_HEAD, "/disputes"), "list", "HEAD is answered by GET");
    is_str(find(HTTP_HEAD, "/submission"), "probe", "unless it has a route of its own");
    is_str(find(HTTP_GET, "/nothing"), NULL, "an unknown path is not found");
    is_str(allow, NULL, "and allows nothing");
    is_str(find(HTTP_GET, "/disputes/"), NULL, "an empty segment is not a parameter");
    is_str(find(HTTP_GET, "/guide/"), NULL, "nor the rest");
    is_str(find(HTTP_GET, "/disputes/x/triage"), NULL, "a path without this method is not found");
    is_str(allow, "POST", "but says which it has");
    is_str(find(HTTP_POST, "/disputes/new"), NULL, "the methods of all patterns count");
    is_str(allow, "GET, HEAD", "of this path");
    find(HTTP_GET, "/disputes/%zz");
    is_int(err, ERR_INVALID, "a malformed escape is an error");
    arena_free(arena);
    return done();
}
