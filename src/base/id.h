/* id.h - the text form of identifiers: 13 characters of Crockford's base32.
 *
 * An identifier is a positive 63-bit number, ordered by time (see db_new_id() in db/db.h). As text
 * it has always 13 characters of 0123456789ABCDEFGHJKMNPQRSTVWXYZ (no I, L, O, U), the most
 * significant first, so that texts sort as the numbers do. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum { ID_CHARS = 13 };

/* "01H8Z3K7Q2V5A" of an identifier >= 0, in the arena. A negative one is a broken invariant. */
const char *id_text(struct arena *a, int64_t id);

/* The same into a caller's array of ID_CHARS + 1 bytes; returns out. */
char *id_write(char out[ID_CHARS + 1], int64_t id);

/* Reads exactly 13 characters, capital or small; false (and *id untouched) for anything else, for
 * zero and for numbers beyond 63 bits. NULL is false. */
bool id_parse(const char *text, int64_t *id);

#endif
