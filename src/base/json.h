/* json.h - JSON: a streaming writer into a buffer, and a reader with limits into an arena tree.
 *
 * Writing: one set of functions for objects and arrays; key is NULL inside arrays (and for the root):
 *
 *     struct json_writer w; json_begin(&w, out);
 *     json_obj(&w, NULL);
 *         json_str(&w, "name", place->name);
 *         json_arr(&w, "years"); json_int(&w, NULL, 2024); json_end(&w);
 *     json_end(&w);
 *
 * (json_obj and json_arr, because the library behind the reader has json_object and json_array.)
 * Commas and nesting are the writer's affair; a key missing or superfluous is a broken invariant
 * (die()). Text that is not UTF-8 gets U+FFFD in place of the wrong bytes. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/fields.h"

enum { JSON_DEPTH = 64 };

struct json_writer {
    struct buf *out;
    int depth;
    bool some[JSON_DEPTH + 1];   /* the level has a member already */
    bool object[JSON_DEPTH + 1]; /* the level is an object */
};

void json_begin(struct json_writer *w, struct buf *out);
void json_obj(struct json_writer *w, const char *key);
void json_arr(struct json_writer *w, const char *key);
void json_end(struct json_writer *w); /* of the innermost object or array */
void json_str(struct json_writer *w, const char *key, const char *s); /* NULL writes null */
void json_strn(struct json_writer *w, const char *key, const char *s, size_t n);
void json_int(struct json_writer *w, const char *key, int64_t v);
void json_id(struct json_writer *w, const char *key, int64_t id); /* base32 text; 0 writes null */
/* The shortest digits that read back as the same double; NaN and infinities write null. */
void json_num(struct json_writer *w, const char *key, double v);
void json_bool(struct json_writer *w, const char *key, bool v);
void json_none(struct json_writer *w, const char *key);
/* Text that is JSON already. */
void json_raw(struct json_writer *w, const char *key, const char *json);

/* A struct by its description, as an object. Absent values write null; a hidden protected_count
 * writes the string "protected". row NULL writes null. */
void json_row(struct json_writer *w, const char *key, const struct row_desc *d, const void *row);
/* n of them, one behind the other in memory, as an array. */
void json_rows(struct json_writer *w, const char *key, const struct row_desc *d, const void *rows,
               size_t n);

/* The shortest text of a double that reads back the same: "0.1", "1e+21"; for other writers too. */
const char *num_shortest(char out[32], double v);

/* --- reading --- */
enum json_is { JSON_IS_NULL, JSON_IS_BOOL, JSON_IS_INT, JSON_IS_NUM, JSON_IS_STR, JSON_IS_ARRAY, JSON_IS_OBJECT };

struct json {
    enum json_is type;
    bool b;               /* JSON_IS_BOOL */
    size_t n;             /* members of an array or object */
    int64_t i;            /* JSON_IS_INT */
    double num;           /* JSON_IS_NUM, and JSON_IS_INT as a double */
    union {
        const char *s;      /* JSON_IS_STR; no NUL inside (refused) */
        struct json *items; /* JSON_IS_ARRAY, JSON_IS_OBJECT: n of them */
    };
    const char **keys;    /* JSON_IS_OBJECT: n keys, in the order of the text, each once */
};

/* Parses n bytes (UTF-8, one value, at most 64 levels, at most max_bytes; 0: 16 MB); the tree ends
 * with cx->arena, but does not count to its ceiling. ERR_INVALID names line and column (or the
 * level), ERR_LIMIT the size. */
int json_parse(struct ctx *cx, const char *text, size_t n, size_t max_bytes, const struct json **out);

/* Members by key; j may be NULL. The getters give the fallback where the key is absent or of another type. */
const struct json *json_get(const struct json *j, const char *key);
const char *json_get_str(const struct json *j, const char *key, const char *fallback);
int64_t json_get_int(const struct json *j, const char *key, int64_t fallback);
double json_get_num(const struct json *j, const char *key, double fallback);
bool json_get_bool(const struct json *j, const char *key, bool fallback);
/* An identifier in its text form; 0 where absent or wrong. */
int64_t json_get_id(const struct json *j, const char *key);

#endif
