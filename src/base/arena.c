/* arena.c - a bump allocator: blocks of growing size in a list, clean-ups in a stack.
 *
 * Under a sanitizer (or with -DARENA_SEPARATE) every allocation is a malloc of its own, so
 * that an overrun is seen at the byte where it happens. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) && !defined(ARENA_SEPARATE)
#define ARENA_SEPARATE 1
#endif

enum { FIRST_BLOCK = 8 * 1024, LARGEST_BLOCK = 1024 * 1024, ALIGN = 16 };
static const size_t DEFAULT_CEILING = (size_t)64 << 20;

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGN) unsigned char data[];
};

struct cleanup {
    struct cleanup *next;
    void (*fn)(void *);
    void *p;
};

struct arena {
    struct block *blocks; /* the newest first; only it has room */
    struct cleanup *cleanups;
    size_t used, ceiling, next_block;
};

_Noreturn void die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("shanyraq: fatal: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    abort();
}

struct arena *arena_new(size_t ceiling)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        die("out of memory");
    a->ceiling = ceiling ? ceiling : DEFAULT_CEILING;
    a->next_block = FIRST_BLOCK;
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct cleanup *c = a->cleanups; c; c = c->next)
        c->fn(c->p);
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static struct block *block_add(struct arena *a, size_t size)
{
    struct block *b = malloc(sizeof *b + size);
    if (!b)
        die("out of memory");
    b->size = size;
    b->used = 0;
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > a->ceiling || a->used + size > a->ceiling)
        die("arena ceiling of %zu bytes reached", a->ceiling);
    a->used += size;
#ifdef ARENA_SEPARATE
    struct block *b = block_add(a, size ? size : 1);
    memset(b->data, 0, b->size);
    return b->data;
#else
    size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (need == 0)
        need = ALIGN;
    struct block *b = a->blocks;
    if (!b || b->size - b->used < need) {
        size_t want = a->next_block;
        if (a->next_block < LARGEST_BLOCK)
            a->next_block *= 2;
        b = block_add(a, need > want ? need : want);
    }
    void *p = b->data + b->used;
    b->used += need;
    memset(p, 0, need);
    return p;
#endif
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        die("array of %zu elements of %zu bytes is too large", n, size);
    return arena_alloc(a, n * size);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, s, n);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        die("bad format \"%s\"", fmt);
    char *s = arena_alloc(a, (size_t)n + 1);
    vsnprintf(s, (size_t)n + 1, fmt, again);
    va_end(again);
    return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *s = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return s;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *p)
{
    struct cleanup *c = arena_alloc(a, sizeof *c);
    c->fn = fn;
    c->p = p;
    c->next = a->cleanups;
    a->cleanups = c;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
