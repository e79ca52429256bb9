/* config.c - see config.h. */
#include "base/config.h"

#include "base/arena.h"
#include "base/fs.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"

static const struct option_def *option_find(const struct option_def *table, const char *name)
{
    for (const struct option_def *o = table; o->name; o++)
        if (str_eq(o->name, name))
            return o;
    return NULL;
}

static bool has_range(const struct option_def *o)
{
    return o->min != 0 || o->max != 0;
}

static int set_int(struct ctx *cx, const struct option_def *o, const char *value, const char *where)
{
    int64_t min = has_range(o) ? o->min : INT64_MIN, max = has_range(o) ? o->max : INT64_MAX;
    if (str_to_int(value, min, max, o->to))
        return OK;
    if (has_range(o))
        return fail(cx, ERR_INVALID, "%s: \"%s\" is not a whole number from %lld to %lld.", where, value,
                    (long long)o->min, (long long)o->max);
    return fail(cx, ERR_INVALID, "%s: \"%s\" is not a whole number.", where, value);
}

static int set_size(struct ctx *cx, const struct option_def *o, const char *value, const char *where)
{
    size_t n = strlen(value);
    const char *units = "KMG", *unit = n ? strchr(units, value[n - 1]) : NULL;
    int shift = unit && *unit ? 10 * (int)(unit - units + 1) : 0;
    int64_t v, max = o->max ? o->max : INT64_MAX;
    const char *number = shift ? arena_strndup(cx->arena, value, n - 1) : value;
    if (!str_to_int(number, 0, INT64_MAX >> shift, &v) || v << shift < o->min || v << shift > max)
        return fail(cx, ERR_INVALID, "%s: \"%s\" is not a size like 512K, 64M or 2G from %lld to %lld bytes.",
                    where, value, (long long)o->min, (long long)max);
    *(int64_t *)o->to = v << shift;
    return OK;
}

static int set_num(struct ctx *cx, const struct option_def *o, const char *value, const char *where)
{
    double v;
    if (!str_to_num(value, &v))
        return fail(cx, ERR_INVALID, "%s: \"%s\" is not a number.", where, value);
    if (has_range(o) && (v < (double)o->min || v > (double)o->max))
        return fail(cx, ERR_INVALID, "%s: \"%s\" is not a number from %lld to %lld.", where, value,
                    (long long)o->min, (long long)o->max);
    *(double *)o->to = v;
    return OK;
}

static int set_bool(struct ctx *cx, const struct option_def *o, const char *value, const char *where)
{
    static const char *const WORDS[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_eq(value, WORDS[i])) {
            *(bool *)o->to = i % 2;
            return OK;
        }
    return fail(cx, ERR_INVALID, "%s: \"%s\" is neither yes nor no.", where, value);
}

static int set_choice(struct ctx *cx, const struct option_def *o, const char *value, const char *where)
{
    size_t n;
    char **choices = str_split(cx->arena, o->choices, '|', &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(choices[i], value)) {
            *(const char **)o->to = choices[i];
            return OK;
        }
    return fail(cx, ERR_INVALID, "%s: \"%s\" is not one of %s.", where, value, o->choices);
}

static int option_set(struct ctx *cx, const struct option_def *o, const char *value, const char *where)
{
    switch (o->type) {
    case OPTION_INT: return set_int(cx, o, value, where);
    case OPTION_SIZE: return set_size(cx, o, value, where);
    case OPTION_NUM: return set_num(cx, o, value, where);
    case OPTION_BOOL:
    case OPTION_FLAG: return set_bool(cx, o, value, where);
    case OPTION_CHOICE: return set_choice(cx, o, value, where);
    case OPTION_DATE:
        return date_parse(value, o->to)
                   ? OK
                   : fail(cx, ERR_INVALID, "%s: \"%s\" is not a date like 2025-07-01.", where, value);
    case OPTION_QUARTER:
        return quarter_parse(value, o->to)
                   ? OK
                   : fail(cx, ERR_INVALID, "%s: \"%s\" is not a quarter like 2025-Q3.", where, value);
    case OPTION_TEXT: break;
    }
    *(const char **)o->to = arena_strdup(cx->arena, value);
    return OK;
}

int config_set(struct ctx *cx, const struct option_def *table, const char *name, const char *value,
               const char *where)
{
    const struct option_def *o = option_find(table, name);
    if (!o)
        return fail(cx, ERR_INVALID, "%s: there is no option \"%s\".", where, name);
    return option_set(cx, o, value, where);
}

static int apply_fallbacks(struct ctx *cx, const struct option_def *table)
{
    for (const struct option_def *o = table; o->name; o++)
        if (o->fallback)
            TRY(option_set(cx, o, o->fallback, o->name));
    return OK;
}

static int apply_environment(struct ctx *cx, const struct option_def *table)
{
    for (const struct option_def *o = table; o->name; o++) {
        const char *value = o->env ? getenv(o->env) : NULL;
        if (value && *value)
            TRY(option_set(cx, o, value, o->env));
    }
    return OK;
}

int config_defaults(struct ctx *cx, const struct option_def *table)
{
    TRY(apply_fallbacks(cx, table));
    return apply_environment(cx, table);
}

/* One "name = value" line; values in double quotes lose them. */
static int file_line(struct ctx *cx, const struct option_def *table, const char *text, const char *where)
{
    const char *line = str_trim(cx->arena, text), *equals = strchr(line, '=');
    if (!*line || *line == '#' || *line == ';')
        return OK;
    if (!equals)
        return fail(cx, ERR_INVALID, "%s: expected \"name = value\".", where);
    const char *name = str_trim(cx->arena, arena_strndup(cx->arena, line, (size_t)(equals - line)));
    const char *value = str_trim(cx->arena, equals + 1);
    size_t n = strlen(value);
    if (n >= 2 && value[0] == '"' && value[n - 1] == '"')
        value = arena_strndup(cx->arena, value + 1, n - 2);
    return config_set(cx, table, name, value, where);
}

static int apply_file(struct ctx *cx, const char *path, const struct option_def *table)
{
    struct buf *b;
    size_t n;
    TRY(fs_read(cx, path, 1 << 20, &b));
    if (!utf8_valid(b->data, b->len) || strlen(b->data) != b->len)
        return fail(cx, ERR_INVALID, "The file %s is not UTF-8 text.", path);
    char **lines = str_split(cx->arena, b->data, '\n', &n);
    for (size_t i = 0; i < n; i++)
        TRY(file_line(cx, table, lines[i], arena_printf(cx->arena, "%s:%zu", path, i + 1)));
    return OK;
}

/* One option at argv[*i], which starts with "--"; takes its value from there or from the next. */
static int take_option(struct ctx *cx, int argc, char **argv, int *i, const struct option_def *table)
{
    const char *text = argv[*i] + 2, *equals = strchr(text, '=');
    const char *name = equals ? arena_strndup(cx->arena, text, (size_t)(equals - text)) : text;
    const char *where = arena_printf(cx->arena, "--%s", name);
    const struct option_def *o = option_find(table, name);
    if (!o)
        return fail(cx, ERR_INVALID, "%s: there is no such option.", where);
    if (equals)
        return option_set(cx, o, equals + 1, where);
    if (o->type == OPTION_FLAG)
        return option_set(cx, o, "yes", where);
    if (*i + 1 >= argc || str_starts(argv[*i + 1], "--"))
        return fail(cx, ERR_INVALID, "%s: a value is missing.", where);
    return option_set(cx, o, argv[++*i], where);
}

static int apply_arguments(struct ctx *cx, int argc, char **argv, const struct option_def *table,
                           char ***rest)
{
    VEC(char *) others = {0};
    bool options = true;
    for (int i = 1; i < argc; i++) {
        if (options && str_eq(argv[i], "--"))
            options = false;
        else if (options && str_starts(argv[i], "--"))
            TRY(take_option(cx, argc, argv, &i, table));
        else if (options && argv[i][0] == '-' && argv[i][1])
            return fail(cx, ERR_INVALID, "%s: there is no such option.", argv[i]);
        else if (rest)
            vec_push(cx->arena, &others, argv[i]);
        else
            return fail(cx, ERR_INVALID, "\"%s\" is one argument too many.", argv[i]);
    }
    vec_push(cx->arena, &others, NULL);
    if (rest)
        *rest = others.rows;
    return OK;
}

int config_load(struct ctx *cx, const char *path, int argc, char **argv,
                const struct option_def *table, char ***rest)
{
    TRY(apply_fallbacks(cx, table));
    if (path)
        TRY(apply_file(cx, path, table));
    if (apply_environment(cx, table) || apply_arguments(cx, argc, argv, table, rest))
        return CLI_WRONG_OPTION;
    return OK;
}

int cli_options(struct ctx *cx, int argc, char **argv, const struct option_def *table, char ***rest)
{
    return config_load(cx, NULL, argc, argv, table, rest);
}

int cli_database(struct ctx *cx)
{
    return cx->db || !cx->open_database ? OK : cx->open_database(cx);
}

int cli_check_quarter(struct ctx *cx, const char *text)
{
    struct quarter q;
    if (quarter_parse(text, &q))
        return OK;
    fail(cx, ERR_INVALID, "\"%s\" is not a quarter; write it as 2025-Q3.", text);
    return CLI_WRONG_OPTION;
}

int cli_check_file(struct ctx *cx, const char *path, const char *formats)
{
    size_t n;
    char **format = str_split(cx->arena, formats, '|', &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(fs_extension(path), format[i]))
            return OK;
    fail(cx, ERR_INVALID, "%s: the name of the file must end in one of %s.", path, formats);
    return CLI_WRONG_OPTION;
}

static const char *translated(const struct ctx *cx, const char *msgid)
{
    return cx->translate && msgid ? cx->translate(cx->lang, msgid) : msgid ? msgid : "";
}

/* "VALUE" as people see it in --help. */
static const char *value_word(struct ctx *cx, const struct option_def *o)
{
    switch (o->type) {
    case OPTION_INT: return " N";
    case OPTION_SIZE: return " 64M";
    case OPTION_NUM: return " 0.5";
    case OPTION_BOOL: return " yes|no";
    case OPTION_FLAG: return "";
    case OPTION_CHOICE: return arena_printf(cx->arena, " %s", o->choices);
    case OPTION_DATE: return " 2025-07-01";
    case OPTION_QUARTER: return " 2025-Q3";
    case OPTION_TEXT: break;
    }
    return " TEXT";
}

void config_print_help(struct ctx *cx, const struct option_def *table, struct buf *out)
{
    for (const struct option_def *o = table; o->name; o++) {
        if (o->section)
            buf_printf(out, "\n%s\n", translated(cx, o->section));
        const char *left = arena_printf(cx->arena, "--%s%s", o->name, value_word(cx, o));
        buf_printf(out, "  %-28s %s", left, translated(cx, o->help));
        if (o->fallback && *o->fallback)
            buf_printf(out, " [%s]", o->fallback);
        if (o->env)
            buf_printf(out, " (%s)", o->env);
        buf_putc(out, '\n');
    }
}

void config_print_example(struct ctx *cx, const struct option_def *table, struct buf *out)
{
    for (const struct option_def *o = table; o->name; o++) {
        if (o->section)
            buf_printf(out, "%s# --- %s ---\n\n", o == table ? "" : "\n", translated(cx, o->section));
        buf_printf(out, "# %s", translated(cx, o->help));
        if (o->type == OPTION_CHOICE)
            buf_printf(out, " (%s)", o->choices);
        else if (has_range(o) && o->type != OPTION_TEXT)
            buf_printf(out, " (%lld ... %lld)", (long long)o->min, (long long)o->max);
        const char *value = o->fallback ? o->fallback : o->type == OPTION_FLAG ? "no" : "";
        buf_printf(out, "\n#%s = %s\n", o->name, value);
    }
}
