/* vec.h - a growing array of any type in an arena.
 *
 *     VEC(struct place) found = {0};
 *     vec_push(cx->arena, &found, p);
 *     for (size_t i = 0; i < found.n; i++) use(&found.rows[i]);
 *
 * The members are called rows and n, as in the lists of query results, so that a VEC in a model can be
 * written by the same row descriptions. Old memory is left to the arena: at most as much again. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *rows;                                                                                   \
        size_t n, cap;                                                                             \
    }

/* Appends a value (may be a struct; the arguments after v are one expression). */
#define vec_push(arena, v, ...)                                                                    \
    do {                                                                                           \
        if ((v)->n == (v)->cap)                                                                    \
            (v)->rows = vec_grow((arena), (v)->rows, (v)->n, &(v)->cap, sizeof *(v)->rows);        \
        (v)->rows[(v)->n++] = (__VA_ARGS__);                                                       \
    } while (0)

/* Appends a zeroed element and gives its address, valid until the next push. */
#define vec_add(arena, v)                                                                          \
    ((v)->n == (v)->cap                                                                            \
         ? (void)((v)->rows = vec_grow((arena), (v)->rows, (v)->n, &(v)->cap, sizeof *(v)->rows))  \
         : (void)0,                                                                                \
     memset(&(v)->rows[(v)->n], 0, sizeof *(v)->rows), &(v)->rows[(v)->n++])

/* A copy twice as large, at least eight elements. */
static inline void *vec_grow(struct arena *a, const void *rows, size_t n, size_t *cap, size_t size)
{
    size_t larger = *cap ? *cap * 2 : 8;
    void *copy = arena_array(a, larger, size);
    if (n)
        memcpy(copy, rows, n * size);
    *cap = larger;
    return copy;
}

#endif
