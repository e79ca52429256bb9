/* listen.h - opens the socket of "127.0.0.1:8080", "[::1]:8080" or "0.0.0.0:80". */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include "base/ctx.h"

#include <stddef.h>

/* A listening socket, and the address in use ("127.0.0.1:40123" where port 0 was asked for).
 * ERR_INVALID: not an address; ERR_IO: it cannot be used (taken, not permitted). */
int listen_open(struct ctx *cx, const char *text, int *fd, bool *ipv6, char *address, size_t size);

/* Whether the text is an address at all, before anything is opened: ERR_INVALID says how to write one. */
int listen_check(struct ctx *cx, const char *text);

#endif
