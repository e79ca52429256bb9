/* sqlc_parse.c - reads a file of queries; its format is described in sqlc.c. */
#include "sqlc.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>

static const char *const KINDS[] = {"one", "opt", "many", "each", "exec"};

const struct sqlc_type SQLC_TYPES[TYPE_COUNT] = {
    [TEXT] = {"text", "const char *", "const char *", "DB_TEXT", "text", "FIELD_TEXT", "FIELD_TEXT"},
    [BIGINT] = {"bigint", "int64_t ", "struct opt_int ", "DB_BIGINT", "i", "FIELD_INT", "FIELD_OPT_INT"},
    [DOUBLE] = {"double", "double ", "struct opt_num ", "DB_DOUBLE", "d", "FIELD_NUM", "FIELD_OPT_NUM"},
    [BYTES] = {"bytes", "struct bytes ", "struct bytes ", "DB_BYTEA", "bytes", NULL, NULL},
    [ID] = {"id", "int64_t ", "struct opt_int ", "DB_BIGINT", "i", "FIELD_ID", "FIELD_OPT_ID"},
    [BOOL] = {"bool", "bool ", "struct opt_int ", "DB_BIGINT", "i", "FIELD_BOOL", "FIELD_OPT_INT"},
};

/* --- memory and messages -------------------------------------------------------------------------- */

void *sqlc_alloc(struct sqlc *c, size_t n)
{
    struct keep *k = calloc(1, sizeof *k + n);
    if (!k)
        abort();
    k->next = c->kept;
    c->kept = k;
    return k + 1;
}

char *sqlc_strndup(struct sqlc *c, const char *s, size_t n)
{
    char *copy = sqlc_alloc(c, n + 1);
    memcpy(copy, s, n);
    return copy;
}

void sqlc_free(struct sqlc *c)
{
    sqlite3_close(c->db);
    for (struct keep *k = c->kept, *next; k; k = next) {
        next = k->next;
        free(k);
    }
}

/* Always false, so that a parser can `return sqlc_error(...)`. */
bool sqlc_error(struct sqlc *c, int line, const char *fmt, ...)
{
    c->errors++;
    if (c->quiet)
        return false;
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: ", c->file, line);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    return false;
}

bool sqlc_has_suffix(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

/* --- reading the file of queries ------------------------------------------------------------------- */

static void skip_blanks(const char **p)
{
    while (**p == ' ' || **p == '\t')
        (*p)++;
}

static const char *take_word(struct sqlc *c, const char **p)
{
    skip_blanks(p);
    const char *start = *p;
    while (isalnum((unsigned char)**p) || **p == '_')
        (*p)++;
    return *p == start ? NULL : sqlc_strndup(c, start, (size_t)(*p - start));
}

/* A name that may stand in C as well as in SQL. */
bool sqlc_good_name(const char *s)
{
    static const char *const RESERVED[] = {
        "auto",   "bool",    "break",    "case",     "char",  "const",    "continue", "default", "do",
        "double", "else",    "enum",     "extern",   "float", "for",      "goto",     "if",      "inline",
        "int",    "long",    "register", "return",   "short", "signed",   "sizeof",   "static",  "struct",
        "switch", "typedef", "union",    "unsigned", "void",  "volatile", "while",    "true",    "false",
        "cx",     "out",     "changed",  "found",    "in"};
    for (size_t i = 0; i < sizeof RESERVED / sizeof *RESERVED; i++)
        if (strcmp(s, RESERVED[i]) == 0)
            return false;
    if (!islower((unsigned char)*s))
        return false;
    for (; *s; s++)
        if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s) && *s != '_')
            return false;
    return true;
}

/* "name type" or "name type?" */
static bool take_field(struct sqlc *c, const char **p, struct field *f)
{
    f->line = c->line;
    f->name = take_word(c, p);
    if (!f->name || !sqlc_good_name(f->name))
        return sqlc_error(c, c->line, "\"%s\" cannot be a name (small letters, digits, _; no word of C)",
                          f->name ? f->name : *p);
    const char *type = take_word(c, p);
    if (!type)
        return sqlc_error(c, c->line, "the type of %s is missing", f->name);
    for (f->type = 0; f->type < TYPE_COUNT && strcmp(SQLC_TYPES[f->type].name, type) != 0;)
        f->type++;
    if (f->type == TYPE_COUNT)
        return sqlc_error(c, c->line,
                          "%s: no type \"%s\" (text, bigint, double, bytes, id, bool; ? for NULL)", f->name,
                          type);
    f->null = **p == '?';
    *p += f->null;
    skip_blanks(p);
    return true;
}

struct field *sqlc_field_find(struct field *fields, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

/* The next line without its end, in c->line; NULL at the end of the file. */
static const char *next_line(struct sqlc *c)
{
    if (!*c->p)
        return NULL;
    const char *end = strchr(c->p, '\n');
    size_t n = end ? (size_t)(end - c->p) : strlen(c->p);
    char *line = sqlc_strndup(c, c->p, n);
    if (n && line[n - 1] == '\r')
        line[n - 1] = '\0';
    c->p += n + (end != NULL);
    c->line++;
    return line;
}

static bool take_params(struct sqlc *c, const char **p, struct query *q)
{
    (*p)++;
    skip_blanks(p);
    if (**p == ')') {
        (*p)++;
        return true;
    }
    for (;;) {
        if (!**p) { /* goes on in the next comment line */
            const char *line = next_line(c);
            if (!line || strncmp(line, "--", 2) != 0)
                return sqlc_error(c, c->line, "the list of parameters of %s is not closed", q->name);
            *p = line + 2;
            skip_blanks(p);
            continue;
        }
        if (q->n_params == MAX_PARAMS)
            return sqlc_error(c, c->line, "more than %d parameters", MAX_PARAMS);
        struct field *f = &q->params[q->n_params];
        if (!take_field(c, p, f))
            return false;
        if (sqlc_field_find(q->params, q->n_params, f->name))
            return sqlc_error(c, c->line, "parameter %s stands twice", f->name);
        q->n_params++;
        if (**p == ',') {
            (*p)++;
            skip_blanks(p);
        } else if (**p == ')') {
            (*p)++;
            return true;
        } else if (**p) {
            return sqlc_error(c, c->line, "\",\" or \")\" expected before \"%s\"", *p);
        }
    }
}

static bool same_head(const struct query *a, const struct query *b)
{
    if (a->kind != b->kind || a->n_params != b->n_params)
        return false;
    for (int i = 0; i < a->n_params; i++)
        if (strcmp(a->params[i].name, b->params[i].name) != 0 || a->params[i].type != b->params[i].type ||
            a->params[i].null != b->params[i].null)
            return false;
    return true;
}

/* name(params) :kind [:dialect]; *dialect: 0, 's' or 'p'. */
static bool take_head(struct sqlc *c, const char *p, struct query *q, char *dialect)
{
    q->line = c->line;
    q->name = take_word(c, &p);
    if (!q->name || !sqlc_good_name(q->name))
        return sqlc_error(c, c->line, "\"%s\" cannot be the name of a query", q->name ? q->name : p);
    skip_blanks(&p);
    if (*p == '(' && !take_params(c, &p, q))
        return false;
    skip_blanks(&p);
    const char *kind = *p == ':' ? (p++, take_word(c, &p)) : NULL;
    for (q->kind = ONE; kind && q->kind <= EXEC && strcmp(KINDS[q->kind], kind) != 0;)
        q->kind++;
    if (!kind || q->kind > EXEC)
        return sqlc_error(c, c->line, "%s: :one, :opt, :many, :each or :exec is missing", q->name);
    skip_blanks(&p);
    *dialect = 0;
    if (*p == ':') {
        p++;
        const char *word = take_word(c, &p);
        if (!word || (strcmp(word, "sqlite") != 0 && strcmp(word, "postgres") != 0))
            return sqlc_error(c, c->line, "%s: only :sqlite and :postgres are known", q->name);
        *dialect = *word;
    }
    skip_blanks(&p);
    return !*p || sqlc_error(c, c->line, "%s: \"%s\" is not understood", q->name, p);
}

/* A comment line inside a query; p stands behind "--". */
static bool take_note(struct sqlc *c, const char *p, struct query *q)
{
    skip_blanks(&p);
    if (*p == '>') {
        p++;
        if (q->n_notes == MAX_COLUMNS)
            return sqlc_error(c, c->line, "more than %d columns", MAX_COLUMNS);
        if (!take_field(c, &p, &q->notes[q->n_notes]))
            return false;
        q->n_notes++;
        return !*p || sqlc_error(c, c->line, "\"%s\" is not understood", p);
    }
    if (strncmp(p, "all regions:", 12) == 0) {
        p += 12;
        skip_blanks(&p);
        q->all_regions = true;
        return *p || sqlc_error(c, c->line, "\"all regions:\" needs the reason");
    }
    return true;
}

/* Is there a comment behind SQL on this line? Nobody would read the note in it, and a ";" at its end would end the query.
 * *quote: the text or name that is open since a line before, 0: none. */
static bool has_late_comment(const char *line, char *quote)
{
    for (const char *p = line; *p; p++) {
        if (*quote)
            *quote = *p == *quote ? 0 : *quote;
        else if (*p == '\'' || *p == '"')
            *quote = *p;
        else if (p[0] == '-' && p[1] == '-')
            return true;
    }
    return false;
}

/* The text of a query up to its semicolon. Comment lines stay as empty lines, so that a position in
 * the text gives the line in the file. */
static bool take_sql(struct sqlc *c, struct query *q, const char **sql)
{
    char *text = sqlc_alloc(c, strlen(c->p) + 2);
    size_t n = 0;
    char quote = 0;
    q->sql_line = c->line + 1;
    for (const char *line; (line = next_line(c));) {
        const char *p = line;
        skip_blanks(&p);
        if (!quote && strncmp(p, "--", 2) == 0) {
            const char *inside = p + 2;
            skip_blanks(&inside);
            if (strncmp(inside, "name:", 5) == 0)
                return sqlc_error(c, c->line, "%s has no \";\" before the next query", q->name);
            if (!take_note(c, p + 2, q))
                return false;
            text[n++] = '\n';
            continue;
        }
        if (has_late_comment(p, &quote))
            return sqlc_error(c, c->line, "%s: a comment stands on a line of its own, not behind SQL", q->name);
        size_t len = strlen(p);
        while (len && (p[len - 1] == ' ' || p[len - 1] == '\t'))
            len--;
        bool last = len && p[len - 1] == ';';
        memcpy(text + n, p, len - last);
        n += len - last;
        text[n] = '\0';
        if (last) {
            *sql = text;
            return text[strspn(text, " \n")] || sqlc_error(c, q->line, "%s is empty", q->name);
        }
        text[n++] = '\n';
    }
    return sqlc_error(c, c->line, "%s has no \";\" at its end", q->name);
}

static struct query *query_find(struct sqlc *c, const char *name)
{
    for (struct query *q = c->queries; q; q = q->next)
        if (strcmp(q->name, name) == 0)
            return q;
    return NULL;
}

static bool take_query(struct sqlc *c, const char *head, const char *comment)
{
    struct query *q = sqlc_alloc(c, sizeof *q);
    char dialect = 0;
    if (!take_head(c, head, q, &dialect))
        return false;
    q->comment = comment;
    struct query *twin = query_find(c, q->name);
    const char *sql = NULL;
    if (!take_sql(c, q, &sql))
        return false;
    *(dialect == 's' ? &q->sqlite : dialect == 'p' ? &q->postgres : &q->sql) = sql;
    if (!twin) {
        *c->tail = q;
        c->tail = &q->next;
        return true;
    }
    if (!dialect || twin->sql || (dialect == 's' ? twin->sqlite : twin->postgres))
        return sqlc_error(c, q->line, "query %s stands twice (first in line %d)", q->name, twin->line);
    if (!same_head(twin, q))
        return sqlc_error(c, q->line, "%s: kind and parameters must be those of line %d", q->name,
                          twin->line);
    if (dialect == 's') { /* everything that is learnt about the columns comes from this text */
        twin->sqlite = sql;
        twin->line = q->line;
        twin->sql_line = q->sql_line;
        memcpy(twin->notes, q->notes, sizeof q->notes);
        twin->n_notes = q->n_notes;
    } else {
        twin->postgres = sql;
    }
    twin->all_regions |= q->all_regions;
    return true;
}

/* Reads c->text into c->queries. */
bool sqlc_parse(struct sqlc *c)
{
    c->p = c->text;
    c->line = 0;
    c->tail = &c->queries;
    char *comment = NULL;
    for (const char *line; (line = next_line(c));) {
        const char *p = line;
        skip_blanks(&p);
        if (!*p) {
            comment = NULL; /* a comment with an empty line behind belongs to no query */
            continue;
        }
        if (strncmp(p, "--", 2) != 0)
            return sqlc_error(c, c->line, "a query starts with \"-- name: ...\", not with \"%.40s\"", p);
        p += 2;
        skip_blanks(&p);
        if (strncmp(p, "name:", 5) == 0) {
            if (!take_query(c, p + 5, comment))
                return false;
            comment = NULL;
            continue;
        }
        if (strstr(p, "*/") || strstr(p, "/*"))
            return sqlc_error(c, c->line, "a comment must not hold the comment signs of C");
        size_t old = comment ? strlen(comment) : 0;
        char *longer = sqlc_alloc(c, old + strlen(p) + 5);
        sprintf(longer, "%s%s%s", comment ? comment : "", comment ? "\n * " : "", p);
        comment = longer;
    }
    return true;
}
