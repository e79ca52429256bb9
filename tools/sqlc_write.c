/* sqlc_write.c - writes the header and the functions of a file of queries. */
#include "sqlc.h"

#include <ctype.h>

static const char *c_type(const struct field *f)
{
    return f->null ? SQLC_TYPES[f->type].c_null : SQLC_TYPES[f->type].c;
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
    fprintf(o, "int %s(struct ctx *cx", q->name);
    if (q->n_params > MAX_POSITIONAL)
        fprintf(o, ", const struct %s_in *in", q->name);
    else
        for (int i = 0; i < q->n_params; i++)
            fprintf(o, ", %s%s", c_type(&q->params[i]), q->params[i].name);
    switch (q->kind) {
    case ONE:
        fprintf(o, ", struct %s_row *out)", q->name);
        break;
    case OPT:
        fprintf(o, ", struct %s_row *out, bool *found)", q->name);
        break;
    case MANY:
        fprintf(o, ", struct %s_list *out)", q->name);
        break;
    case EACH:
        fprintf(o, ",\n    int (*row_)(struct ctx *cx, void *arg, const struct %s_row *row), void *arg_)",
                q->name);
        break;
    case EXEC:
        fprintf(o, ", int64_t *changed)");
        break;
    }
}

static void write_header_query(FILE *o, const struct query *q)
{
    static const char *const WHAT[] = {
        [ONE] = "ERR_NOT_FOUND if there is none.",
        [OPT] = "*found: is there one? Otherwise *out is zero.",
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
    return sqlc_strndup(c, path, sqlc_has_suffix(path, ".sql") ? n - 4 : n);
}

/* The same as a C name: "mediation", "db_job" (the folder's own file has the folder's name only). */
const char *sqlc_c_base(struct sqlc *c)
{
    char *name = sqlc_strndup(c, include_base(c), strlen(include_base(c)));
    char *slash = strrchr(name, '/');
    if (slash && (size_t)(slash - name) == strlen(slash + 1) &&
        memcmp(name, slash + 1, strlen(slash + 1)) == 0)
        name = slash + 1;
    for (char *p = name; *p; p++)
        *p = isalnum((unsigned char)*p) ? *p : '_';
    return name;
}

void sqlc_write_header(struct sqlc *c, FILE *o)
{
    const char *base = sqlc_c_base(c);
    fprintf(o, "/* Made from %s by tools/sqlc.c; do not edit. */\n#ifndef GEN_", c->file);
    for (const char *p = base; *p; p++)
        fputc(toupper((unsigned char)*p), o);
    fprintf(o, "_SQL_H\n#define GEN_");
    for (const char *p = base; *p; p++)
        fputc(toupper((unsigned char)*p), o);
    fprintf(o,
            "_SQL_H\n\n#include \"db/db.h\"\n\n"
            "/* Every statement of the file, ends with NULL; for tests. */\n"
            "extern const struct db_stmt *const %s_sql_statements[];\n",
            base);
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
        fprintf(o, "%s%s", i ? ", " : "", SQLC_TYPES[f[i].type].bind);
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
    fprintf(o, "static void %s_read(void *row, const struct db_value *v)\n{\n    struct %s_row *r = row;\n",
            q->name, q->name);
    for (int i = 0; i < q->n_columns; i++) {
        const struct field *f = &q->columns[i];
        const char *wrap = f->type == DOUBLE ? "opt_num" : "opt_int";
        if (f->type == TEXT || f->type == BYTES || !f->null)
            fprintf(o, "    r->%s = v[%d].%s%s;\n", f->name, i, SQLC_TYPES[f->type].member,
                    f->type == BOOL ? " != 0" : "");
        else
            fprintf(o, "    r->%s = v[%d].null ? (struct %s){0} : %s(v[%d].%s);\n", f->name, i, wrap, wrap, i,
                    SQLC_TYPES[f->type].member);
    }
    fputs("}\n\n", o);
    fprintf(o, "static const struct field_desc %s_fields[] = {\n", q->name);
    int n = 0;
    for (int i = 0; i < q->n_columns; i++) {
        const struct field *f = &q->columns[i];
        const char *kind = f->null ? SQLC_TYPES[f->type].field_null : SQLC_TYPES[f->type].field;
        if (!kind)
            continue; /* bytes have no form outside of C */
        n++;
        fprintf(o, "    {\"%s\", %s, offsetof(struct %s_row, %s), NULL},\n", f->name, kind, q->name, f->name);
    }
    if (!n)
        fputs("    {NULL, FIELD_TEXT, 0, NULL},\n", o);
    fprintf(o, "};\nconst struct row_desc %s_row_desc = {\"%s\", sizeof(struct %s_row), %d, %s_fields};\n\n",
            q->name, q->name, q->name, n, q->name);
}

static void write_param(FILE *o, const struct query *q, int i)
{
    const struct field *f = &q->params[i];
    char name[160];
    snprintf(name, sizeof name, "%s%s", q->n_params > MAX_POSITIONAL ? "in->" : "", f->name);
    fprintf(o, "        {.type = %s, ", SQLC_TYPES[f->type].bind);
    if (f->type == TEXT)
        fprintf(o, ".null = !%s, .text = %s},\n", name, name);
    else if (f->type == BYTES)
        fprintf(o, ".null = !%s.data, .bytes = %s},\n", name, name);
    else if (f->null)
        fprintf(o, ".null = !%s.has, .%s = %s.value},\n", name, SQLC_TYPES[f->type].member, name);
    else
        fprintf(o, ".%s = %s},\n", SQLC_TYPES[f->type].member, name);
}

static void write_function(FILE *o, const struct query *q)
{
    const char *params = q->n_params ? "params_" : "NULL";
    if (q->kind == EACH)
        fprintf(o,
                "struct %s_each {\n    int (*row)(struct ctx *cx, void *arg, const struct %s_row *row);\n"
                "    void *arg;\n};\n\nstatic int %s_pass(struct ctx *cx, void *arg, const struct db_value "
                "*v)\n{\n"
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
        fprintf(o, "    return db_get_row(cx, &%s_stmt, %s, %s_read, out, sizeof *out, NULL);\n", q->name,
                params, q->name);
        break;
    case OPT:
        fprintf(o, "    return db_get_row(cx, &%s_stmt, %s, %s_read, out, sizeof *out, found);\n", q->name,
                params, q->name);
        break;
    case MANY:
        fprintf(o,
                "    void *rows_;\n    int rc_ = db_get_rows(cx, &%s_stmt, %s, %s_read, sizeof *out->rows, "
                "&rows_, "
                "&out->n);\n    out->rows = rows_;\n    return rc_;\n",
                q->name, params, q->name);
        break;
    case EACH:
        fprintf(o,
                "    struct %s_each each_ = {row_, arg_};\n    return db_each(cx, &%s_stmt, %s, %s_pass, "
                "&each_);\n",
                q->name, q->name, params, q->name);
        break;
    case EXEC:
        fprintf(o, "    return db_run(cx, &%s_stmt, %s, NULL, NULL, changed);\n", q->name, params);
        break;
    }
    fputs("}\n\n", o);
}

void sqlc_write_source(struct sqlc *c, FILE *o)
{
    fprintf(o, "/* Made from %s by tools/sqlc.c; do not edit. */\n#include \"%s_sql.h\"\n\n", c->file,
            include_base(c));
    for (const struct query *q = c->queries; q; q = q->next) {
        write_statement(o, q);
        if (q->n_columns)
            write_read(o, q);
        write_function(o, q);
    }
    fprintf(o, "const struct db_stmt *const %s_sql_statements[] = {\n", sqlc_c_base(c));
    for (const struct query *q = c->queries; q; q = q->next)
        fprintf(o, "    &%s_stmt,\n", q->name);
    fputs("    NULL};\n", o);
}
