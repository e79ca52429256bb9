/* ratelimit.h - token buckets: how often a client may do a thing (sign in, ask for a code). */
#ifndef HTTP_RATELIMIT_H
#define HTTP_RATELIMIT_H

#include <stdbool.h>

/* Takes one token from the bucket of (class, client): `burst` at once, then `per_minute`. False: none
 * left; *retry_seconds (may be NULL) is when the next comes. Thread-safe; the table has a fixed size, and
 * of colliding clients the one longest unseen is forgotten. */
bool ratelimit_take(const char *class, const char *client, double per_minute, double burst,
                    int *retry_seconds);

/* Gives the bucket its burst back, after a success. */
void ratelimit_clear(const char *class, const char *client);

#endif
