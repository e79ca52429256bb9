/* fields.h - describes the members of a struct, so that one generic writer turns any row into JSON,
 * XLSX or CSV. The tables are made by tools/sqlc.c for query rows, by hand for other models. */
#ifndef BASE_FIELDS_H
#define BASE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_TEXT,      /* const char *; NULL is absent */
    FIELD_INT,       /* int64_t */
    FIELD_ID,        /* int64_t, written as 13 characters of base32 (base/id.h) */
    FIELD_BOOL,      /* bool */
    FIELD_NUM,       /* double; NaN is absent */
    FIELD_OPT_INT,   /* struct opt_int */
    FIELD_OPT_NUM,   /* struct opt_num */
    FIELD_OPT_ID,    /* struct opt_int holding an identifier */
    FIELD_COUNT,     /* struct protected_count */
    FIELD_ROWS,      /* struct { T *rows; size_t n; }: a nested list, described by `rows` */
};

/* A count of people or cases that may not be shown (below the threshold, or protected because another
 * hidden one could be worked out from it). Shown as "protected", never as zero. */
struct protected_count {
    bool hidden;
    int64_t value; /* 0 where hidden */
};

/* A number that may be absent. */
struct opt_int { bool has; int64_t value; };
struct opt_num { bool has; double value; };
static inline struct opt_int opt_int(int64_t v) { return (struct opt_int){true, v}; }
static inline struct opt_num opt_num(double v) { return (struct opt_num){true, v}; }

struct row_desc;
struct field_desc {
    const char *name;
    enum field_type type;
    size_t offset;
    const struct row_desc *rows; /* FIELD_ROWS only */
};
struct row_desc {
    const char *name;
    size_t size; /* of one row */
    size_t n_fields;
    const struct field_desc *fields;
};

/* Lines of a table made by hand: FIELD(map_row, kato, TEXT) is the member kato under its own name, FIELD_AS gives it
 * another, FIELD_LIST is a nested list with the description of its rows. ROW_DESC makes the description, `static` where no other file needs it. */
#define FIELD(type, member, kind) {#member, FIELD_##kind, offsetof(struct type, member), NULL}
#define FIELD_AS(name, type, member, kind) {name, FIELD_##kind, offsetof(struct type, member), NULL}
#define FIELD_LIST(name, type, member, rows) {name, FIELD_ROWS, offsetof(struct type, member), rows}
#define ROW_DESC(variable, name, type, fields)                                                                \
    const struct row_desc variable = {name, sizeof(struct type), sizeof fields / sizeof *fields, fields}

#endif
