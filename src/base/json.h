/* json.h - JSON: a streaming writer into a buffer, and a reader with limits into an arena tree.
 *
 * Writing: one set of functions for objects and arrays; key is NULL inside arrays (and for the root):
 *
 *     struct json_writer w; json_begin(&w, out);
 *     json_object(&w, NULL);
 *         json_str(&w, "name", place->name);
 *         json_array(&w, "years"); json_int(&w, NULL, 2024); json_end(&w);
 *     json_end(&w);
 *
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
void json_object(struct json_writer *w, const char *key);
void json_array(struct json_writer *w, const char *key);
void json_end(struct json_writer *w); /* of the innermost object or array */
void json_str(struct json_writer *w, const char *key, const char *s); /* NULL writes null */
void json_strn(struct json_writer *w, const char *key, const char *s, size_t n);
void json_int(struct json_writer *w, const char *key, int64_t v);
void json_id(struct json_writer *w, const char *key, int64_t id); /* base32 text; 0 writes null */
/* The shortest digits that read back as the same double; NaN and infinities write null. */
void json_num(struct json_writer *w, const char *key, double v);
void json_bool(struct json_writer *w, const char *key, bool v);
void json_null(struct json_writer *w, const char *key);
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
enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_NUM, JSON_STR, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_type type;
    bool b;
    int64_t i;            /* JSON_INT */
    double num;           /* JSON_NUM, and JSON_INT as a double */
    const char *s;        /* JSON_STR; no NUL inside (refused) */
    size_t n;             /* members of an array or object */
    struct json *items;   /* n of them */
    const char **keys;    /* JSON_OBJECT: n keys, in the order of the text, each once */
};

/* Parses a text of n bytes (UTF-8, one value, at most 64 levels, at most max_bytes; 0: 16 MB) into
 * cx->arena. ERR_INVALID names line and column, ERR_LIMIT the limit. */
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
