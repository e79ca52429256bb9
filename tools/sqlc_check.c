/* sqlc_check.c - the rules for the text of a query, and what SQLite knows about it. */
#include "sqlc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

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

const char *sqlc_sql_of(const struct query *q)
{
    return q->sql ? q->sql : q->sqlite;
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
        if (!dialect && strcmp(tok, "like") == 0 && !sqlc_has_suffix(name, "_key"))
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
    if (sqlite3_prepare_v2(c->db, "SELECT 1 FROM pragma_table_info(?1) WHERE name = 'region_id' AND pk = 1",
                           -1, &st, NULL) != SQLITE_OK)
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
           sqlc_error(c, q->line, "%s uses %s without region_id (or say \"-- all regions: why\")", q->name,
                      table);
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
            return sqlc_error(c, q->line, "%s does not use its parameter %s (%s)", q->name, q->params[i].name,
                              name);
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
    } DECLS[] = {{"TEXT", TEXT},     {"BIGINT", BIGINT},           {"INTEGER", BIGINT},
                 {"SMALLINT", BOOL}, {"DOUBLE PRECISION", DOUBLE}, {"BYTEA", BYTES}};
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
    struct field *note = sqlc_field_find(q->notes, q->n_notes, f->name);
    const char *decl = sqlite3_column_decltype(st, i);
    if (!sqlc_good_name(f->name) && !note)
        return sqlc_error(c, q->line, "%s: column %d is called \"%s\": give it a name with AS", q->name,
                          i + 1, f->name);
    if (sqlc_field_find(q->columns, i, f->name))
        return sqlc_error(c, q->line, "%s: two columns are called %s", q->name, f->name);
    if (note) {
        f->type = note->type;
        f->null = note->null;
        return true;
    }
    if (!decl)
        return sqlc_error(c, q->line, "%s: column %s is an expression: say its type, \"-- > %s bigint\"",
                          q->name, f->name, f->name);
    if (!type_of_decl(decl, &f->type))
        return sqlc_error(c, q->line, "%s: column %s has the unknown type %s", q->name, f->name, decl);
    const char *table = sqlite3_column_table_name(st, i), *origin = sqlite3_column_origin_name(st, i);
    int not_null = 0, key = 0;
    if (table && origin)
        sqlite3_table_column_metadata(c->db, NULL, table, origin, NULL, NULL, &not_null, &key, NULL);
    f->null = (!not_null && !key) || (table && is_left_joined(sqlc_sql_of(q), table));
    if (f->type == BIGINT && strcmp(f->name, "region_id") != 0 &&
        (strcmp(f->name, "id") == 0 || sqlc_has_suffix(f->name, "_id")))
        f->type = ID;
    return true;
}

static int line_at(const char *sql, int offset, int line)
{
    for (int i = 0; i < offset && sql[i]; i++)
        line += sql[i] == '\n';
    return line;
}

bool sqlc_learn(struct sqlc *c, struct query *q)
{
    const char *sql = sqlc_sql_of(q);
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
    bool good =
        !rest[strspn(rest, " \t\n")] || sqlc_error(c, q->line, "%s: only one statement is allowed", q->name);
    q->n_columns = sqlite3_column_count(st);
    if (good && q->n_columns > MAX_COLUMNS)
        good = sqlc_error(c, q->line, "%s: more than %d columns", q->name, MAX_COLUMNS);
    if (good && (q->n_columns > 0) == (q->kind == EXEC))
        good =
            sqlc_error(c, q->line, "%s: :exec is for a statement without rows, the others for rows", q->name);
    good = good && check_params(c, q, st) && lint_region(c, q, sql);
    for (int i = 0; good && i < q->n_columns; i++)
        good = learn_column(c, q, st, i);
    for (int i = 0; good && i < q->n_notes; i++)
        if (!sqlc_field_find(q->columns, q->n_columns, q->notes[i].name))
            good = sqlc_error(c, q->notes[i].line, "%s has no column %s", q->name, q->notes[i].name);
    sqlite3_finalize(st);
    return good;
}

/* --- the schema ------------------------------------------------------------------------------------------
 */

/* Sorting is not needed here, only the name of the collation. */
static int collate_plain(void *arg, int n, const void *a, int m, const void *b)
{
    (void)arg;
    int d = memcmp(a, b, (size_t)(n < m ? n : m));
    return d ? d : n - m;
}

bool sqlc_schema_open(struct sqlc *c)
{
    return (sqlite3_open(":memory:", &c->db) == SQLITE_OK &&
            sqlite3_create_collation(c->db, "kk", SQLITE_UTF8, NULL, collate_plain) == SQLITE_OK) ||
           sqlc_error(c, 0, "SQLite: %s", sqlite3_errmsg(c->db));
}

bool sqlc_schema_apply(struct sqlc *c, const char *text)
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

char *sqlc_read_file(struct sqlc *c, const char *path)
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
    return sqlc_has_suffix(e->d_name, ".sql");
}

bool sqlc_schema_load(struct sqlc *c, const char *dir)
{
    struct dirent **names;
    int n = scandir(dir, &names, is_sql, alphasort);
    if (n < 0) {
        fprintf(stderr, "%s: %s\n", dir, strerror(errno));
        return false;
    }
    bool good = sqlc_schema_open(c);
    const char *file = c->file;
    for (int i = 0; i < n; i++) {
        char *path = sqlc_alloc(c, strlen(dir) + strlen(names[i]->d_name) + 2);
        sprintf(path, "%s/%s", dir, names[i]->d_name);
        c->file = path;
        const char *text = good ? sqlc_read_file(c, path) : NULL;
        good = text && sqlc_schema_apply(c, text);
        free(names[i]);
    }
    free(names);
    c->file = file;
    return good;
}

/* Reads, checks and learns everything; the text is c->text. */
bool sqlc_compile(struct sqlc *c)
{
    bool good = sqlc_parse(c);
    for (struct query *q = c->queries; q; q = q->next)
        good &= sqlc_learn(c, q);
    return good;
}
