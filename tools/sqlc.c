/* sqlc.c - turns a feature's .sql file into typed C functions; run by make.
 *
 *   sqlc MIGRATIONS_DIR in.sql out.h out.c     one file of queries
 *   sqlc --list out.c in.sql...                the table of all statements (struct db_stmt, db/db.h)
 *
 * All migrations are applied to a database in memory and every query is prepared there, so a wrong
 * table or column stops the build with "file:line: message". The format of the file is described in
 * docs/queries.md; src/db/test_sqlc.c has an example of each error.
 * The fuzz target includes this file with SQLC_NO_MAIN defined. */
#include "db/split.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_PARAMS = 64, MAX_COLUMNS = 96, MAX_POSITIONAL = 3, MAX_FILE = 4 << 20 };

enum kind { ONE, OPT, MANY, EACH, EXEC };
static const char *const KINDS[] = {"one", "opt", "many", "each", "exec"};

enum type { TEXT, BIGINT, DOUBLE, BYTES, ID, BOOL, TYPE_COUNT };
static const struct {
    const char *name, *c, *c_null, *bind, *member, *field, *field_null;
} TYPES[TYPE_COUNT] = {
    [TEXT] = {"text", "const char *", "const char *", "DB_TEXT", "text", "FIELD_TEXT", "FIELD_TEXT"},
    [BIGINT] = {"bigint", "int64_t ", "struct opt_int ", "DB_BIGINT", "i", "FIELD_INT", "FIELD_OPT_INT"},
    [DOUBLE] = {"double", "double ", "struct opt_num ", "DB_DOUBLE", "d", "FIELD_NUM", "FIELD_OPT_NUM"},
    [BYTES] = {"bytes", "struct bytes ", "struct bytes ", "DB_BYTEA", "bytes", NULL, NULL},
    [ID] = {"id", "int64_t ", "struct opt_int ", "DB_BIGINT", "i", "FIELD_ID", "FIELD_OPT_ID"},
    [BOOL] = {"bool", "bool ", "struct opt_int ", "DB_BIGINT", "i", "FIELD_BOOL", "FIELD_OPT_INT"},
};

struct field { /* a parameter, a column or an annotation */
    const char *name;
    enum type type;
    bool null;
    int line;
};

struct query {
    const char *name, *comment;
    enum kind kind;
    int line, sql_line;
    bool all_regions;
    const char *sql, *sqlite, *postgres; /* sql, or the two dialects */
    struct field params[MAX_PARAMS], columns[MAX_COLUMNS], notes[MAX_COLUMNS];
    int n_params, n_columns, n_notes;
    struct query *next;
};

struct sqlc {
    const char *file;     /* for messages */
    const char *text, *p; /* the file, and how far it is read */
    int line;
    int errors;
    bool quiet;
    struct query *queries, **tail;
    struct keep { struct keep *next; } *kept; /* all memory of a run, freed at its end */
    sqlite3 *db;
};

/* --- memory and messages -------------------------------------------------------------------------- */

static void *sqlc_alloc(struct sqlc *c, size_t n)
{
    struct keep *k = calloc(1, sizeof *k + n);
    if (!k)
        abort();
    k->next = c->kept;
    c->kept = k;
    return k + 1;
}

static char *sqlc_strndup(struct sqlc *c, const char *s, size_t n)
{
    char *copy = sqlc_alloc(c, n + 1);
    memcpy(copy, s, n);
    return copy;
}

static void sqlc_free(struct sqlc *c)
{
    sqlite3_close(c->db);
    for (struct keep *k = c->kept, *next; k; k = next) {
        next = k->next;
        free(k);
    }
}

/* Always false, so that a parser can `return sqlc_error(...)`. */
__attribute__((format(printf, 3, 4)))
static bool sqlc_error(struct sqlc *c, int line, const char *fmt, ...)
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
static bool good_name(const char *s)
{
    static const char *const RESERVED[] = {
        "auto", "bool", "break", "case", "char", "const", "continue", "default", "do", "double", "else",
        "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long", "register", "return",
        "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void",
        "volatile", "while", "true", "false", "cx", "out", "changed", "found", "in"};
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
    if (!f->name || !good_name(f->name))
        return sqlc_error(c, c->line, "\"%s\" cannot be a name (small letters, digits, _; no word of C)",
                          f->name ? f->name : *p);
    const char *type = take_word(c, p);
    if (!type)
        return sqlc_error(c, c->line, "the type of %s is missing", f->name);
    for (f->type = 0; f->type < TYPE_COUNT && strcmp(TYPES[f->type].name, type) != 0;)
        f->type++;
    if (f->type == TYPE_COUNT)
        return sqlc_error(c, c->line, "%s: no type \"%s\" (text, bigint, double, bytes, id, bool; ? for NULL)",
                          f->name, type);
    f->null = **p == '?';
    *p += f->null;
    skip_blanks(p);
    return true;
}

static struct field *field_find(struct field *fields, int n, const char *name)
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
        if (field_find(q->params, q->n_params, f->name))
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
        if (strcmp(a->params[i].name, b->params[i].name) != 0 ||
            a->params[i].type != b->params[i].type || a->params[i].null != b->params[i].null)
            return false;
    return true;
}

/* name(params) :kind [:dialect]; *dialect: 0, 's' or 'p'. */
static bool take_head(struct sqlc *c, const char *p, struct query *q, char *dialect)
{
    q->line = c->line;
    q->name = take_word(c, &p);
    if (!q->name || !good_name(q->name))
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

/* The text of a query up to its semicolon. Comment lines stay as empty lines, so that a position in
 * the text gives the line in the file. */
static bool take_sql(struct sqlc *c, struct query *q, const char **sql)
{
    char *text = sqlc_alloc(c, strlen(c->p) + 2);
    size_t n = 0;
    q->sql_line = c->line + 1;
    for (const char *line; (line = next_line(c));) {
        const char *p = line;
        skip_blanks(&p);
        if (strncmp(p, "--", 2) == 0) {
            const char *inside = p + 2;
            skip_blanks(&inside);
            if (strncmp(inside, "name:", 5) == 0)
                return sqlc_error(c, c->line, "%s has no \";\" before the next query", q->name);
            if (!take_note(c, p + 2, q))
                return false;
            text[n++] = '\n';
            continue;
        }
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
        return sqlc_error(c, q->line, "%s: kind and parameters must be those of line %d", q->name, twin->line);
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
static bool sqlc_parse(struct sqlc *c)
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

/* --- rules for the text of a query ------------------------------------------------------------------- */

/* The next word, sign or literal of an SQL text in tok (small letters); false at its end.
 * A literal gives "'", a number "0". */
static bool sql_token(const char **p, int *line, char *tok, size_t size)
{
    while (isspace((unsigned char)**p))
        *line += *(*p)++ == '\n';
    if (!**p)
        return false;
    size_t n = 0;
    if (**p == '\'') {
        const char *end = *p + strlen(*p);
        *p = split_skip(*p, end, line);
        tok[n++] = '\'';
    } else if (isalpha((unsigned char)**p) || **p == '_' || **p == '"') {
        bool quoted = **p == '"';
        *p += quoted;
        for (; isalnum((unsigned char)**p) || **p == '_'; (*p)++)
            if (n + 1 < size)
                tok[n++] = (char)tolower((unsigned char)**p);
        *p += quoted && **p == '"';
    } else {
        tok[n++] = *(*p)++;
        if (tok[0] == ':' && **p == ':')
            tok[n++] = *(*p)++;
    }
    tok[n] = '\0';
    return true;
}

static const char *sql_of(const struct query *q)
{
    return q->sql ? q->sql : q->sqlite;
}

static bool has_suffix(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

/* What one engine lacks or does otherwise. */
static bool lint_text(struct sqlc *c, const struct query *q, const char *sql, bool dialect)
{
    static const struct {
        const char *word, *next, *why;
    } RULES[] = {
        {"ilike", NULL, "ILIKE is unknown to SQLite: search in a folded *_key column"},
        {"::", NULL, ":: is unknown to SQLite: write CAST(... AS ...)"},
        {"now", "(", "now() is unknown to SQLite: give the instant as a parameter"},
        {"distinct", "on", "DISTINCT ON is unknown to SQLite"},
        {"for", "update", "FOR UPDATE is unknown to SQLite"},
        {"string_agg", NULL, "string_agg is unknown to SQLite"},
        {"group_concat", NULL, "group_concat is unknown to PostgreSQL"},
        {"json_extract", NULL, "json_extract is unknown to PostgreSQL"},
        {"lower", "(", "lower() leaves Cyrillic as it is in SQLite: fold in C into a *_key column"},
        {"upper", "(", "upper() leaves Cyrillic as it is in SQLite: fold in C into a *_key column"},
        {"autoincrement", NULL, "AUTOINCREMENT is unknown to PostgreSQL: db_new_id() makes identifiers"},
    };
    char tok[128], last[128] = "", name[128] = "";
    int line = q->sql_line;
    for (const char *p = sql; sql_token(&p, &line, tok, sizeof tok); strcpy(last, tok)) {
        char next[128];
        const char *ahead = p;
        int ahead_line = line;
        if (!sql_token(&ahead, &ahead_line, next, sizeof next))
            next[0] = '\0';
        for (size_t i = 0; !dialect && i < sizeof RULES / sizeof *RULES; i++)
            if (strcmp(tok, RULES[i].word) == 0 && (!RULES[i].next || strcmp(next, RULES[i].next) == 0))
                return sqlc_error(c, line, "%s: %s", q->name, RULES[i].why);
        if (!dialect && strcmp(tok, "like") == 0 && !has_suffix(name, "_key"))
            return sqlc_error(c, line, "%s: LIKE stands only behind a folded *_key column", q->name);
        if ((isalpha((unsigned char)*tok) || *tok == '_') && strcmp(tok, "not") != 0)
            strcpy(name, tok);
    }
    return true;
}

static bool is_scoped(struct sqlc *c, const char *table)
{
    sqlite3_stmt *st;
    bool scoped = false;
    if (sqlite3_prepare_v2(c->db, "SELECT 1 FROM pragma_table_info(?1) WHERE name = 'region_id' AND pk = 1", -1,
                           &st, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_text(st, 1, table, -1, SQLITE_STATIC);
    scoped = sqlite3_step(st) == SQLITE_ROW;
    sqlite3_finalize(st);
    return scoped;
}

static bool lint_region(struct sqlc *c, const struct query *q, const char *sql)
{
    char tok[128], table[128] = "";
    int line = q->sql_line;
    for (const char *p = sql; sql_token(&p, &line, tok, sizeof tok);) {
        if (strcmp(tok, "region_id") == 0)
            return true;
        if (!*table && is_scoped(c, tok))
            strcpy(table, tok);
    }
    return q->all_regions || !*table ||
           sqlc_error(c, q->line, "%s uses %s without region_id (or say \"-- all regions: why\")", q->name, table);
}

/* Is the table the right side of a LEFT JOIN? Then its columns may be NULL whatever they are declared. */
static bool is_left_joined(const char *sql, const char *table)
{
    char tok[128];
    int line = 0, state = 0;
    for (const char *p = sql; sql_token(&p, &line, tok, sizeof tok);) {
        if (strcmp(tok, "left") == 0)
            state = 1;
        else if (state == 1 && strcmp(tok, "outer") == 0)
            continue;
        else if (state == 1 && strcmp(tok, "join") == 0)
            state = 2;
        else if (state == 2 && strcmp(tok, table) == 0)
            return true;
        else
            state = 0;
    }
    return false;
}

/* --- what SQLite knows about a query ------------------------------------------------------------------- */

static bool check_params(struct sqlc *c, struct query *q, sqlite3_stmt *st)
{
    char name[16];
    for (int i = 0; i < q->n_params; i++) {
        snprintf(name, sizeof name, "$%d", i + 1);
        if (!sqlite3_bind_parameter_index(st, name))
            return sqlc_error(c, q->line, "%s does not use its parameter %s (%s)", q->name, q->params[i].name, name);
    }
    for (int i = 1; i <= sqlite3_bind_parameter_count(st); i++) {
        const char *used = sqlite3_bind_parameter_name(st, i);
        char *end = NULL;
        long n = used && *used == '$' ? strtol(used + 1, &end, 10) : 0;
        if (n < 1 || n > q->n_params || *end)
            return sqlc_error(c, q->line, "%s has no parameter %s", q->name, used ? used : "?");
    }
    return true;
}

static bool type_of_decl(const char *decl, enum type *t)
{
    static const struct {
        const char *decl;
        enum type type;
    } DECLS[] = {{"TEXT", TEXT}, {"BIGINT", BIGINT}, {"INTEGER", BIGINT}, {"SMALLINT", BOOL},
                 {"DOUBLE PRECISION", DOUBLE}, {"BYTEA", BYTES}};
    for (size_t i = 0; i < sizeof DECLS / sizeof *DECLS; i++)
        if (decl && strcasecmp(decl, DECLS[i].decl) == 0) {
            *t = DECLS[i].type;
            return true;
        }
    return false;
}

static bool learn_column(struct sqlc *c, struct query *q, sqlite3_stmt *st, int i)
{
    struct field *f = &q->columns[i];
    f->name = sqlc_strndup(c, sqlite3_column_name(st, i), strlen(sqlite3_column_name(st, i)));
    f->line = q->line;
    struct field *note = field_find(q->notes, q->n_notes, f->name);
    const char *decl = sqlite3_column_decltype(st, i);
    if (!good_name(f->name) && !note)
        return sqlc_error(c, q->line, "%s: column %d is called \"%s\": give it a name with AS", q->name, i + 1, f->name);
    if (field_find(q->columns, i, f->name))
        return sqlc_error(c, q->line, "%s: two columns are called %s", q->name, f->name);
    if (note) {
        f->type = note->type;
        f->null = note->null;
        return true;
    }
    if (!decl)
        return sqlc_error(c, q->line, "%s: column %s is an expression: say its type, \"-- > %s bigint\"", q->name,
                          f->name, f->name);
    if (!type_of_decl(decl, &f->type))
        return sqlc_error(c, q->line, "%s: column %s has the unknown type %s", q->name, f->name, decl);
    const char *table = sqlite3_column_table_name(st, i), *origin = sqlite3_column_origin_name(st, i);
    int not_null = 0, key = 0;
    if (table && origin)
        sqlite3_table_column_metadata(c->db, NULL, table, origin, NULL, NULL, &not_null, &key, NULL);
    f->null = (!not_null && !key) || (table && is_left_joined(sql_of(q), table));
    if (f->type == BIGINT && strcmp(f->name, "region_id") != 0 &&
        (strcmp(f->name, "id") == 0 || has_suffix(f->name, "_id")))
        f->type = ID;
    return true;
}

static int line_at(const char *sql, int offset, int line)
{
    for (int i = 0; i < offset && sql[i]; i++)
        line += sql[i] == '\n';
    return line;
}

static bool learn_query(struct sqlc *c, struct query *q)
{
    const char *sql = sql_of(q);
    if (!sql && q->kind != EXEC)
        return sqlc_error(c, q->line, "%s has rows, so it needs its :sqlite twin", q->name);
    if (q->postgres && !(lint_text(c, q, q->postgres, true) && lint_region(c, q, q->postgres)))
        return false;
    if (!sql)
        return true;
    if (!lint_text(c, q, sql, q->sqlite != NULL))
        return false;
    sqlite3_stmt *st;
    const char *rest;
    if (sqlite3_prepare_v2(c->db, sql, -1, &st, &rest) != SQLITE_OK)
        return sqlc_error(c, line_at(sql, sqlite3_error_offset(c->db), q->sql_line), "%s: %s", q->name,
                          sqlite3_errmsg(c->db));
    bool good = !rest[strspn(rest, " \t\n")] || sqlc_error(c, q->line, "%s: only one statement is allowed", q->name);
    q->n_columns = sqlite3_column_count(st);
    if (good && q->n_columns > MAX_COLUMNS)
        good = sqlc_error(c, q->line, "%s: more than %d columns", q->name, MAX_COLUMNS);
    if (good && (q->n_columns > 0) == (q->kind == EXEC))
        good = sqlc_error(c, q->line, "%s: :exec is for a statement without rows, the others for rows", q->name);
    good = good && check_params(c, q, st) && lint_region(c, q, sql);
    for (int i = 0; good && i < q->n_columns; i++)
        good = learn_column(c, q, st, i);
    for (int i = 0; good && i < q->n_notes; i++)
        if (!field_find(q->columns, q->n_columns, q->notes[i].name))
            good = sqlc_error(c, q->notes[i].line, "%s has no column %s", q->name, q->notes[i].name);
    sqlite3_finalize(st);
    return good;
}

/* --- the schema ------------------------------------------------------------------------------------------ */

/* Sorting is not needed here, only the name of the collation. */
static int collate_plain(void *arg, int n, const void *a, int m, const void *b)
{
    (void)arg;
    int d = memcmp(a, b, (size_t)(n < m ? n : m));
    return d ? d : n - m;
}

static bool schema_open(struct sqlc *c)
{
    return (sqlite3_open(":memory:", &c->db) == SQLITE_OK &&
            sqlite3_create_collation(c->db, "kk", SQLITE_UTF8, NULL, collate_plain) == SQLITE_OK) ||
           sqlc_error(c, 0, "SQLite: %s", sqlite3_errmsg(c->db));
}

static bool schema_apply(struct sqlc *c, const char *text)
{
    const char *p = text, *end = text + strlen(text);
    int line = 1;
    for (struct split_part part; split_next(&p, end, &line, &part);) {
        if (part.only == SPLIT_UNKNOWN)
            return sqlc_error(c, part.line, "\"-- only:\" knows sqlite and postgres");
        if (part.only == SPLIT_POSTGRES)
            continue;
        if (sqlite3_exec(c->db, sqlc_strndup(c, part.text, part.len), NULL, NULL, NULL) != SQLITE_OK) {
            int offset = sqlite3_error_offset(c->db);
            return sqlc_error(c, line_at(part.text, offset, part.line), "%s", sqlite3_errmsg(c->db));
        }
    }
    return true;
}

static char *read_file(struct sqlc *c, const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = sqlc_alloc(c, MAX_FILE + 1);
    size_t n = f ? fread(text, 1, MAX_FILE + 1, f) : 0;
    bool bad = !f || ferror(f) || n > MAX_FILE;
    if (f)
        fclose(f);
    if (bad) {
        fprintf(stderr, "%s: %s\n", path, n > MAX_FILE ? "too large" : strerror(errno));
        c->errors++;
        return NULL;
    }
    text[n] = '\0';
    return text;
}

static int is_sql(const struct dirent *e)
{
    return has_suffix(e->d_name, ".sql");
}

static bool schema_load(struct sqlc *c, const char *dir)
{
    struct dirent **names;
    int n = scandir(dir, &names, is_sql, alphasort);
    if (n < 0) {
        fprintf(stderr, "%s: %s\n", dir, strerror(errno));
        return false;
    }
    bool good = schema_open(c);
    const char *file = c->file;
    for (int i = 0; i < n; i++) {
        char *path = sqlc_alloc(c, strlen(dir) + strlen(names[i]->d_name) + 2);
        sprintf(path, "%s/%s", dir, names[i]->d_name);
        c->file = path;
        const char *text = good ? read_file(c, path) : NULL;
        good = text && schema_apply(c, text);
        free(names[i]);
    }
    free(names);
    c->file = file;
    return good;
}

/* --- writing C -------------------------------------------------------------------------------------------- */

static const char *c_type(const struct field *f)
{
    return f->null ? TYPES[f->type].c_null : TYPES[f->type].c;
}

static void write_string(FILE *o, const char *s)
{
    fputs("\n    \"", o);
    for (; *s; s++) {
        if (*s == '\n') {
            if (s[1] && s[1] != '\n')
                fputs(" \"\n    \"", o);
        } else {
            if (*s == '"' || *s == '\\')
                fputc('\\', o);
            fputc(*s, o);
        }
    }
    fputs("\"", o);
}

/* The parameters as the C function takes them. */
static void write_signature(FILE *o, const struct query *q)
{
    if (q->kind == EACH)
        fprintf(o, "int %s(struct ctx *cx", q->name);
    else
        fprintf(o, "int %s(struct ctx *cx", q->name);
    if (q->n_params > MAX_POSITIONAL)
        fprintf(o, ", const struct %s_in *in", q->name);
    else
        for (int i = 0; i < q->n_params; i++)
            fprintf(o, ", %s%s", c_type(&q->params[i]), q->params[i].name);
    switch (q->kind) {
    case ONE: fprintf(o, ", struct %s_row *out)", q->name); break;
    case OPT: fprintf(o, ", struct %s_row *out, bool *found)", q->name); break;
    case MANY: fprintf(o, ", struct %s_list *out)", q->name); break;
    case EACH:
        fprintf(o, ",\n    int (*row_)(struct ctx *cx, void *arg, const struct %s_row *row), void *arg_)", q->name);
        break;
    case EXEC: fprintf(o, ", int64_t *changed)"); break;
    }
}

static void write_header_query(FILE *o, const struct query *q)
{
    static const char *const WHAT[] = {
        [ONE] = "ERR_NOT_FOUND if there is none.", [OPT] = "*found: is there one? Otherwise *out is zero.",
        [MANY] = "The rows are in cx->arena.",
        [EACH] = "Texts and bytes of a row are borrowed until the callback returns.",
        [EXEC] = "changed may be NULL."};
    fputc('\n', o);
    if (q->n_params > MAX_POSITIONAL) {
        fprintf(o, "struct %s_in {\n", q->name);
        for (int i = 0; i < q->n_params; i++)
            fprintf(o, "    %s%s;\n", c_type(&q->params[i]), q->params[i].name);
        fprintf(o, "};\n");
    }
    if (q->n_columns) {
        fprintf(o, "struct %s_row {\n", q->name);
        for (int i = 0; i < q->n_columns; i++)
            fprintf(o, "    %s%s;\n", c_type(&q->columns[i]), q->columns[i].name);
        fprintf(o, "};\nextern const struct row_desc %s_row_desc;\n", q->name);
    }
    if (q->kind == MANY)
        fprintf(o, "struct %s_list {\n    struct %s_row *rows;\n    size_t n;\n};\n", q->name, q->name);
    fprintf(o, "/* %s%s%s */\n", q->comment ? q->comment : "", q->comment ? "\n * " : "", WHAT[q->kind]);
    write_signature(o, q);
    fputs(";\n", o);
}

/* "src/mediation/mediation.sql" -> "mediation/mediation": where the header is found. */
static const char *include_base(struct sqlc *c)
{
    const char *path = strncmp(c->file, "src/", 4) == 0 ? c->file + 4 : c->file;
    size_t n = strlen(path);
    return sqlc_strndup(c, path, has_suffix(path, ".sql") ? n - 4 : n);
}

/* The same as a C name: "mediation", "db_job" (the folder's own file has the folder's name only). */
static const char *c_base(struct sqlc *c)
{
    char *name = sqlc_strndup(c, include_base(c), strlen(include_base(c)));
    char *slash = strrchr(name, '/');
    if (slash && (size_t)(slash - name) == strlen(slash + 1) && memcmp(name, slash + 1, strlen(slash + 1)) == 0)
        name = slash + 1;
    for (char *p = name; *p; p++)
        *p = isalnum((unsigned char)*p) ? *p : '_';
    return name;
}

static void write_header(struct sqlc *c, FILE *o)
{
    const char *base = c_base(c);
    fprintf(o, "/* Made from %s by tools/sqlc.c; do not edit. */\n#ifndef GEN_", c->file);
    for (const char *p = base; *p; p++)
        fputc(toupper((unsigned char)*p), o);
    fprintf(o, "_SQL_H\n#define GEN_");
    for (const char *p = base; *p; p++)
        fputc(toupper((unsigned char)*p), o);
    fprintf(o, "_SQL_H\n\n#include \"db/db.h\"\n\n"
               "/* Every statement of the file, ends with NULL; for tests. */\n"
               "extern const struct db_stmt *const %s_sql_statements[];\n", base);
    for (const struct query *q = c->queries; q; q = q->next)
        write_header_query(o, q);
    fputs("\n#endif\n", o);
}

static void write_types(FILE *o, const char *name, const char *what, const struct field *f, int n)
{
    if (!n)
        return;
    fprintf(o, "static const enum db_type %s_%s[] = {", name, what);
    for (int i = 0; i < n; i++)
        fprintf(o, "%s%s", i ? ", " : "", TYPES[f[i].type].bind);
    fputs("};\n", o);
}

static void write_statement(FILE *o, const struct query *q)
{
    write_types(o, q->name, "params", q->params, q->n_params);
    write_types(o, q->name, "columns", q->columns, q->n_columns);
    if (q->n_columns) {
        fprintf(o, "static const bool %s_nullable[] = {", q->name);
        for (int i = 0; i < q->n_columns; i++)
            fprintf(o, "%s%d", i ? ", " : "", q->columns[i].null);
        fputs("};\n", o);
    }
    fprintf(o, "static const struct db_stmt %s_stmt = {\n    .name = \"%s\",", q->name, q->name);
    const char *const texts[] = {q->sql, q->sqlite, q->postgres};
    static const char *const members[] = {"sql", "sql_sqlite", "sql_postgres"};
    for (int i = 0; i < 3; i++)
        if (texts[i]) {
            fprintf(o, "\n    .%s =", members[i]);
            write_string(o, texts[i] + strspn(texts[i], " \n"));
            fputc(',', o);
        }
    fprintf(o, "\n    .params = %d, .columns = %d,", q->n_params, q->n_columns);
    if (q->n_params)
        fprintf(o, " .param_types = %s_params,", q->name);
    if (q->n_columns)
        fprintf(o, "\n    .column_types = %s_columns, .column_nullable = %s_nullable,", q->name, q->name);
    fputs("\n};\n\n", o);
}

static void write_read(FILE *o, const struct query *q)
{
    fprintf(o, "static void %s_read(void *row, const struct db_value *v)\n{\n    struct %s_row *r = row;\n", q->name,
            q->name);
    for (int i = 0; i < q->n_columns; i++) {
        const struct field *f = &q->columns[i];
        const char *wrap = f->type == DOUBLE ? "opt_num" : "opt_int";
        if (f->type == TEXT || f->type == BYTES || !f->null)
            fprintf(o, "    r->%s = v[%d].%s%s;\n", f->name, i, TYPES[f->type].member, f->type == BOOL ? " != 0" : "");
        else
            fprintf(o, "    r->%s = v[%d].null ? (struct %s){0} : %s(v[%d].%s);\n", f->name, i, wrap, wrap, i,
                    TYPES[f->type].member);
    }
    fputs("}\n\n", o);
    fprintf(o, "static const struct field_desc %s_fields[] = {\n", q->name);
    int n = 0;
    for (int i = 0; i < q->n_columns; i++) {
        const struct field *f = &q->columns[i];
        const char *kind = f->null ? TYPES[f->type].field_null : TYPES[f->type].field;
        if (!kind)
            continue; /* bytes have no form outside of C */
        n++;
        fprintf(o, "    {\"%s\", %s, offsetof(struct %s_row, %s), NULL},\n", f->name, kind, q->name, f->name);
    }
    if (!n)
        fputs("    {NULL, FIELD_TEXT, 0, NULL},\n", o);
    fprintf(o, "};\nconst struct row_desc %s_row_desc = {\"%s\", sizeof(struct %s_row), %d, %s_fields};\n\n", q->name,
            q->name, q->name, n, q->name);
}

static void write_param(FILE *o, const struct query *q, int i)
{
    const struct field *f = &q->params[i];
    char name[160];
    snprintf(name, sizeof name, "%s%s", q->n_params > MAX_POSITIONAL ? "in->" : "", f->name);
    fprintf(o, "        {.type = %s, ", TYPES[f->type].bind);
    if (f->type == TEXT)
        fprintf(o, ".null = !%s, .text = %s},\n", name, name);
    else if (f->type == BYTES)
        fprintf(o, ".null = !%s.data, .bytes = %s},\n", name, name);
    else if (f->null)
        fprintf(o, ".null = !%s.has, .%s = %s.value},\n", name, TYPES[f->type].member, name);
    else
        fprintf(o, ".%s = %s},\n", TYPES[f->type].member, name);
}

static void write_function(FILE *o, const struct query *q)
{
    const char *params = q->n_params ? "params_" : "NULL";
    if (q->kind == EACH)
        fprintf(o,
                "struct %s_each {\n    int (*row)(struct ctx *cx, void *arg, const struct %s_row *row);\n"
                "    void *arg;\n};\n\nstatic int %s_pass(struct ctx *cx, void *arg, const struct db_value *v)\n{\n"
                "    const struct %s_each *each = arg;\n    struct %s_row row;\n    %s_read(&row, v);\n"
                "    return each->row(cx, each->arg, &row);\n}\n\n",
                q->name, q->name, q->name, q->name, q->name, q->name);
    write_signature(o, q);
    fputs("\n{\n", o);
    if (q->n_params) {
        fputs("    const struct db_value params_[] = {\n", o);
        for (int i = 0; i < q->n_params; i++)
            write_param(o, q, i);
        fputs("    };\n", o);
    }
    switch (q->kind) {
    case ONE:
        fprintf(o, "    return db_get_row(cx, &%s_stmt, %s, %s_read, out, sizeof *out, NULL);\n", q->name, params,
                q->name);
        break;
    case OPT:
        fprintf(o, "    return db_get_row(cx, &%s_stmt, %s, %s_read, out, sizeof *out, found);\n", q->name, params,
                q->name);
        break;
    case MANY:
        fprintf(o, "    void *rows_;\n    int rc_ = db_get_rows(cx, &%s_stmt, %s, %s_read, sizeof *out->rows, &rows_, "
                   "&out->n);\n    out->rows = rows_;\n    return rc_;\n", q->name, params, q->name);
        break;
    case EACH:
        fprintf(o, "    struct %s_each each_ = {row_, arg_};\n    return db_each(cx, &%s_stmt, %s, %s_pass, &each_);\n",
                q->name, q->name, params, q->name);
        break;
    case EXEC: fprintf(o, "    return db_run(cx, &%s_stmt, %s, NULL, NULL, changed);\n", q->name, params); break;
    }
    fputs("}\n\n", o);
}

static void write_source(struct sqlc *c, FILE *o)
{
    fprintf(o, "/* Made from %s by tools/sqlc.c; do not edit. */\n#include \"%s_sql.h\"\n\n", c->file, include_base(c));
    for (const struct query *q = c->queries; q; q = q->next) {
        write_statement(o, q);
        if (q->n_columns)
            write_read(o, q);
        write_function(o, q);
    }
    fprintf(o, "const struct db_stmt *const %s_sql_statements[] = {\n", c_base(c));
    for (const struct query *q = c->queries; q; q = q->next)
        fprintf(o, "    &%s_stmt,\n", q->name);
    fputs("    NULL};\n", o);
}

/* Reads, checks and learns everything; the text is c->text. */
static bool sqlc_compile(struct sqlc *c)
{
    bool good = sqlc_parse(c);
    for (struct query *q = c->queries; q; q = q->next)
        good &= learn_query(c, q);
    return good;
}

#ifndef SQLC_NO_MAIN

static bool write_file(const char *path, struct sqlc *c, void (*write)(struct sqlc *c, FILE *o))
{
    FILE *o = fopen(path, "wb");
    if (o)
        write(c, o);
    if (!o || ferror(o) || fclose(o) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

/* db_statements[] of db/db.h: the statements of all files. */
static int list_main(const char *out, char **files, int n)
{
    FILE *o = fopen(out, "wb");
    if (!o) {
        fprintf(stderr, "%s: %s\n", out, strerror(errno));
        return 1;
    }
    struct sqlc c = {0};
    fputs("/* Made by tools/sqlc.c --list; do not edit. */\n#include \"db/db.h\"\n\n", o);
    for (int i = 0; i < n; i++) {
        c.file = files[i];
        fprintf(o, "extern const struct db_stmt *const %s_sql_statements[];\n", c_base(&c));
    }
    fputs("\nconst struct db_stmt *const *const db_statements[] = {\n", o);
    for (int i = 0; i < n; i++) {
        c.file = files[i];
        fprintf(o, "    %s_sql_statements,\n", c_base(&c));
    }
    fputs("    NULL};\n", o);
    sqlc_free(&c);
    return fclose(o) != 0;
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "--list") == 0)
        return list_main(argv[2], argv + 3, argc - 3);
    if (argc != 5) {
        fputs("usage: sqlc MIGRATIONS_DIR in.sql out.h out.c\n       sqlc --list out.c in.sql...\n", stderr);
        return 2;
    }
    struct sqlc c = {.file = argv[2]};
    c.text = read_file(&c, argv[2]);
    bool good = c.text && schema_load(&c, argv[1]) && sqlc_compile(&c) && write_file(argv[3], &c, write_header) &&
                write_file(argv[4], &c, write_source);
    sqlc_free(&c);
    return good ? 0 : 1;
}

#endif
