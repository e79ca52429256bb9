/* arena.h - memory that ends all at once.
 *
 * One arena belongs to one request, job or command. Everything that is taken from it is
 * borrowed until arena_free(): that is the one ownership rule of the whole program.
 * Running out of memory, or over the arena's ceiling, ends the process (see die()):
 * transactions make that safe, and no caller has to check for NULL.
 * Not thread-safe: an arena is used by the thread that owns it. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/banned.h"

struct arena;

/* A new arena that may hold at most ceiling bytes (0: the default, 64 MB). Free with arena_free(). */
struct arena *arena_new(size_t ceiling);

/* Runs the deferred clean-ups, last first, and gives back all memory. NULL is allowed. */
void arena_free(struct arena *a);

/* size zeroed bytes, aligned for any type. size 0 gives a valid, distinct pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* n zeroed elements of size bytes; overflow ends the process. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* A copy of n bytes with a NUL behind them. */
char *arena_strndup(struct arena *a, const char *s, size_t n);

/* A copy of a string; NULL gives NULL. */
char *arena_strdup(struct arena *a, const char *s);

/* printf into the arena. */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);

/* Calls fn(p) when the arena ends: for file descriptors, library handles, locks. */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

/* Writes one line to stderr and aborts: only for broken invariants and for want of memory. */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
