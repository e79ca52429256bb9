/* listen.c - see listen.h. */
#include "http/listen.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct addrinfo *resolve(struct ctx *cx, const char *text)
{
    const char *colon = strrchr(text, ':');
    if (!colon || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return NULL;
    size_t n = (size_t)(colon - text);
    if (n >= 2 && text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    } else if (memchr(text, ':', n))
        return NULL;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *found;
    const char *host = n ? arena_strndup(cx->arena, text, n) : NULL;
    return getaddrinfo(host, colon + 1, &hints, &found) ? NULL : found;
}

static int not_an_address(struct ctx *cx, const char *text)
{
    return fail(cx, ERR_INVALID, "\"%s\" is not an address to listen on; write it as 127.0.0.1:8080.", text);
}

int listen_check(struct ctx *cx, const char *text)
{
    struct addrinfo *ai = resolve(cx, text);
    if (!ai)
        return not_an_address(cx, text);
    freeaddrinfo(ai);
    return OK;
}

int listen_open(struct ctx *cx, const char *text, int *fd, bool *ipv6, char *address, size_t size)
{
    struct addrinfo *ai = resolve(cx, text);
    if (!ai)
        return not_an_address(cx, text);
    int one = 1, s = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool good = s >= 0 && !setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) &&
                !bind(s, ai->ai_addr, ai->ai_addrlen) && !listen(s, 1024);
    int error = errno;
    *ipv6 = ai->ai_family == AF_INET6;
    freeaddrinfo(ai);
    if (!good) {
        if (s >= 0)
            close(s);
        return fail(cx, ERR_IO, "Cannot listen on %s: %s.", text, strerror(error));
    }
    struct sockaddr_storage sa;
    socklen_t len = sizeof sa;
    char host[64] = "", port[16] = "";
    getsockname(s, (struct sockaddr *)&sa, &len);
    getnameinfo((struct sockaddr *)&sa, len, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(address, size, *ipv6 ? "[%s]:%s" : "%s:%s", host, port);
    *fd = s;
    return 0;
}
