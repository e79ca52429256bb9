/* router.c - finds the route of a path: a tree over segments, fixed text before a parameter before
 * "the rest". A request walks it without allocating, except for the parameters it finds. */
#include "http/internal.h"

#include <string.h>

struct node {
    const char *segment; /* undecoded text this node stands for; NULL: a parameter */
    size_t len;
    struct node *fixed, *next;     /* first child with fixed text; the next one of the same parent */
    struct node *param;            /* child for any segment */
    const struct route *routes[3]; /* that end here, by method */
    const struct route *rest[3];   /* that take the rest of the path from here */
};

struct router {
    struct node root;
};

static struct node *node_child(struct arena *a, struct node *n, const char *s, size_t len)
{
    if (s[0] == '{') {
        if (!n->param)
            n->param = arena_alloc(a, sizeof *n);
        return n->param;
    }
    for (struct node *c = n->fixed; c; c = c->next)
        if (c->len == len && memcmp(c->segment, s, len) == 0)
            return c;
    struct node *c = arena_alloc(a, sizeof *c);
    *c = (struct node){.segment = s, .len = len, .next = n->fixed};
    n->fixed = c;
    return c;
}

static void router_add(struct router *r, struct arena *a, const struct route *route)
{
    struct node *n = &r->root;
    const char *p = route->pattern;
    if (*p != '/')
        die("route %s does not begin with /", p);
    int params = 0;
    const struct route **slot = NULL;
    while (*p == '/' && p[1]) {
        size_t len = strcspn(++p, "/");
        if (p[0] == '{' && (p[len - 1] != '}' || ++params > MAX_PARAMS))
            die("route %s: a malformed parameter, or too many", route->pattern);
        if (p[0] == '{' && p[len - 2] == '*') {
            if (p[len])
                die("route %s: something follows the rest", route->pattern);
            slot = &n->rest[route->method];
            break;
        }
        n = node_child(a, n, p, len);
        p += len;
    }
    if (!slot)
        slot = &n->routes[route->method];
    if (*slot)
        die("two routes for %s", route->pattern);
    *slot = route;
}

struct router *router_new(struct arena *a, const struct route *const *tables)
{
    struct router *r = arena_alloc(a, sizeof *r);
    for (; tables && *tables; tables++)
        for (const struct route *route = *tables; route->pattern; route++)
            router_add(r, a, route);
    return r;
}

struct walk {
    enum http_method method;
    bool seen[3];                     /* methods that the path has */
    const char *segments[MAX_PARAMS]; /* raw values of the parameters met, in order */
    size_t lengths[MAX_PARAMS];
    int n;
};

static const struct route *walk_pick(struct walk *w, const struct route *const routes[3])
{
    for (int i = 0; i < 3; i++)
        w->seen[i] |= routes[i] != NULL;
    /* HEAD is answered by GET, unless a protocol wants an answer of its own. */
    return w->method == HTTP_HEAD && !routes[HTTP_HEAD] ? routes[HTTP_GET] : routes[w->method];
}

static const struct route *walk_node(struct walk *w, const struct node *n, const char *p, const char *end)
{
    if (p == end)
        return walk_pick(w, n->routes);
    const char *s = p + 1, *stop = memchr(s, '/', (size_t)(end - s));
    size_t len = (size_t)((stop ? stop : end) - s);
    const struct route *found = NULL;
    for (const struct node *c = n->fixed; c && !found; c = c->next)
        if (c->len == len && memcmp(c->segment, s, len) == 0)
            found = walk_node(w, c, s + len, end);
    if (found || w->n == MAX_PARAMS || len == 0)
        return found;
    w->segments[w->n] = s;
    w->lengths[w->n] = len;
    if (n->param) {
        w->n++;
        found = walk_node(w, n->param, s + len, end);
        if (!found)
            w->n--;
    }
    if (!found && (found = walk_pick(w, n->rest)) != NULL)
        w->lengths[w->n++] = (size_t)(end - s);
    return found;
}

/* Decodes the parameters by the names of the pattern. */
static int take_params(struct arena *a, const struct route *route, const struct walk *w, struct pairs *params)
{
    const char *p = route->pattern;
    for (int i = 0; i < w->n; i++) {
        p = strchr(p, '{') + 1;
        size_t len = strcspn(p, "*}");
        char *value = percent_decode(a, w->segments[i], w->lengths[i], false, false);
        if (!value)
            return ERR_INVALID;
        pairs_add(a, params, arena_strndup(a, p, len), value);
    }
    return 0;
}

const struct route *router_find(const struct router *r, struct arena *a, enum http_method method,
                                const char *path, size_t n, struct pairs *params, const char **allow,
                                int *err)
{
    struct walk w = {.method = method};
    *allow = NULL;
    *err = 0;
    if (n == 1 && path[0] == '/')
        n = 0; /* the root has no segment */
    const struct route *found = walk_node(&w, &r->root, path, path + n);
    if (found)
        *err = take_params(a, found, &w, params);
    else if (w.seen[HTTP_GET] || w.seen[HTTP_POST])
        *allow = !w.seen[HTTP_POST] ? "GET, HEAD" : w.seen[HTTP_GET] ? "GET, HEAD, POST" : "POST";
    return found;
}
