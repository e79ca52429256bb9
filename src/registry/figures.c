/* figures.c - see figures.h. */
#include "registry/figures.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "registry/pack_load_sql.h"
#include "registry/registry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum column { KATO, PLACE, DISTRICT, INDICATOR, COMMUNITY, PERIOD, VALUE, POPULATION, N, PERSONS, SHARE, PERCENT, SOURCE, COLUMNS };

/* The names a column may have; the first is the one that messages use. */
static const char *const NAMES[COLUMNS][9] = {
    [KATO] = {"kato", "код", "код като", "като", "әаож", "әаож коды", "kato code"},
    [PLACE] = {"place", "name", "орын", "елді мекен", "атауы", "место", "название", "населённый пункт"},
    [DISTRICT] = {"district", "аудан", "аудан не қала", "район", "район или город", "unit"},
    [INDICATOR] = {"indicator", "көрсеткіш", "показатель"},
    [COMMUNITY] = {"community", "этнос", "ұлт", "национальность"},
    [PERIOD] = {"period", "кезең", "период", "жыл", "год", "year", "date", "күні", "дата"},
    [VALUE] = {"value", "мәні", "мән", "значение"},
    [POPULATION] = {"population", "халық саны", "население", "численность населения"},
    [N] = {"n", "саны", "число ответов"},
    [PERSONS] = {"persons", "адам", "адам саны", "человек", "численность", "count"},
    [SHARE] = {"share", "үлес", "үлесі", "доля"},
    [PERCENT] = {"percent", "пайыз", "процент"},
    [SOURCE] = {"source", "дереккөз", "дереккөзі", "источник"},
};

struct reader {
    struct ctx *cx;
    const struct figures_world *world;
    struct table *t;
    struct figures *out;
    int at[COLUMNS];
    const char *source;
    struct map *seen;        /* place, what, period, source -> line */
    struct map *shares;      /* place, period, source -> double *: their sum */
    struct map *found;       /* place texts met before */
    int64_t line;
    bool bad;                /* the current row has a problem */
};

int figures_world_load(struct ctx *cx, struct figures_world *out)
{
    *out = (struct figures_world){0};
    TRY(place_names_load(cx, date_text(cx->arena, date_today(NULL)), &out->places));
    TRY(indicator_list(cx, cx->region_id, &out->indicators));
    return community_list(cx, &out->communities);
}

static void problem(struct reader *r, const char *column, const char *text, const char *expected)
{
    r->bad = true;
    r->out->n_problems++;
    if (r->out->problems.n < FIGURES_PROBLEMS_MOST)
        vec_push(r->cx->arena, &r->out->problems,
                 (struct figure_problem){r->line, column, utf8_cut(r->cx->arena, text, 80), expected});
}

static const char *column_name(const struct reader *r, enum column c)
{
    size_t n;
    const char *const *header = table_header(r->t, &n);
    return r->at[c] >= 0 && (size_t)r->at[c] < n ? header[r->at[c]] : NAMES[c][0];
}

/* A cell with look-alike letters mended; what was mended is shown. */
static const char *cell(struct reader *r, enum column c)
{
    if (r->at[c] < 0)
        return "";
    const char *text = arena_strdup(r->cx->arena, table_at(r->t, r->at[c]));
    bool changed = false;
    const char *mended = str_fold_lookalikes(r->cx->arena, text, &changed);
    if (changed && r->out->mends.n < FIGURES_PROBLEMS_MOST)
        vec_push(r->cx->arena, &r->out->mends, (struct figure_mend){r->line, column_name(r, c), text, mended});
    return mended;
}

static void find_columns(struct reader *r)
{
    const char *understood = "";
    for (int c = 0; c < COLUMNS; c++) {
        r->at[c] = -1;
        for (size_t k = 0; k < sizeof NAMES[c] / sizeof *NAMES[c] && NAMES[c][k] && r->at[c] < 0; k++)
            r->at[c] = table_column(r->t, NAMES[c][k]);
        if (r->at[c] >= 0)
            understood = arena_printf(r->cx->arena, "%s%s%s", understood, *understood ? ", " : "", NAMES[c][0]);
    }
    r->out->columns = understood;
}

static int check_columns(struct reader *r)
{
    struct ctx *cx = r->cx;
    bool composition = r->at[COMMUNITY] >= 0;
    if (r->at[KATO] < 0 && r->at[PLACE] < 0)
        return fail(cx, ERR_INVALID, "The file has no column with the place: name it \"kato\" (code) or \"place\" (name).");
    if (r->at[PERIOD] < 0)
        return fail(cx, ERR_INVALID, "The file has no column \"period\" (2025, 2025-Q2 or 2025-01-01).");
    if (composition && r->at[PERSONS] < 0 && r->at[SHARE] < 0 && r->at[PERCENT] < 0)
        return fail(cx, ERR_INVALID, "Composition needs a column \"persons\", \"share\" (0 to 1) or \"percent\" (0 to 100).");
    if (!composition && r->at[POPULATION] < 0 && (r->at[INDICATOR] < 0 || r->at[VALUE] < 0))
        return fail(cx, ERR_INVALID, "The file needs the columns \"indicator\" and \"value\", or \"population\", or \"community\".");
    r->out->composition = composition;
    return OK;
}

/* --- cells ------------------------------------------------------------------------------------------------------- */

static bool in_scope(const struct reader *r, const struct place_match *m)
{
    struct place_match unit;
    if (!r->world->n_territories)
        return true;
    for (size_t i = 0; i < r->world->n_territories; i++)
        if (r->world->territories[i] == m->rows[0].id)
            return true;
    if (!*m->rows[0].above)
        return false;
    place_names_find(r->cx, r->world->places, m->rows[0].above, "", &unit);
    for (size_t k = 0; k < unit.shown; k++)
        for (size_t i = 0; i < r->world->n_territories; i++)
            if (unit.rows[k].level == LEVEL_UNIT && r->world->territories[i] == unit.rows[k].id)
                return true;
    return false;
}

static void read_place(struct reader *r, struct figure_row *row)
{
    struct ctx *cx = r->cx;
    const char *code = cell(r, KATO), *name = cell(r, PLACE), *district = cell(r, DISTRICT);
    enum column c = *code || r->at[PLACE] < 0 ? KATO : PLACE;
    const char *text = c == KATO ? code : name;
    if (!*text) {
        problem(r, column_name(r, c), "", T(cx, N_("a KATO code of nine digits or the name of a place")));
        return;
    }
    const char *key = arena_printf(cx->arena, "%s|%s", text, c == PLACE ? district : "");
    struct place_match *m = map_get(r->found, key);
    if (!m) {
        m = arena_alloc(cx->arena, sizeof *m);
        place_names_find(cx, r->world->places, text, c == PLACE ? district : "", m);
        map_set(r->found, key, m);
    }
    if (m->n == 0)
        problem(r, column_name(r, c), text, c == KATO ? T(cx, N_("a KATO code of this region")) : T(cx, N_("the name of a place of this region")));
    else if (m->n > 1)
        problem(r, column_name(r, c), text, TF(cx, "several places have this name; write the KATO code or the district: %s", place_match_text(cx, m)));
    else if (!in_scope(r, m))
        problem(r, column_name(r, c), text, T(cx, N_("a place in your districts")));
    else
        row->territory_id = m->rows[0].id;
    row->kato = m->shown ? m->rows[0].kato : "";
    row->place = m->shown ? m->rows[0].name : text;
}

/* "2025", "2025-Q2", "2025-01-01" or "01.01.2025"; NULL for anything else and for what has not begun. */
static const char *period_of(struct ctx *cx, const char *text)
{
    struct date d, today = date_today(NULL);
    struct quarter q;
    int64_t year;
    int dd, mm, yy, used = 0;
    if (strlen(text) == 4 && str_to_int(text, 1900, today.y, &year))
        return text;
    if (quarter_parse(text, &q))
        return date_cmp(quarter_start(q), today) <= 0 ? text : NULL;
    if (sscanf(text, "%2d.%2d.%4d%n", &dd, &mm, &yy, &used) == 3 && !text[used]) {
        d = (struct date){yy, mm, dd};
        if (!date_valid(d))
            return NULL;
    } else if (!date_parse(text, &d)) {
        return NULL;
    }
    return date_cmp(d, today) <= 0 && d.y >= 1900 ? date_text(cx->arena, d) : NULL;
}

/* Is this the code, or (folded) the name in one of the languages? */
static bool is_called(struct reader *r, const char *code, const char *const names[LANG_COUNT], const char *text)
{
    const char *key = str_fold(r->cx->arena, text);
    bool same = str_eq(code, text);
    for (size_t n = 0; n < LANG_COUNT && !same && *key; n++)
        same = str_eq(str_fold(r->cx->arena, names[n]), key);
    return same;
}

static const struct indicator_list_row *find_indicator(struct reader *r, const char *text)
{
    for (size_t i = 0; i < r->world->indicators.n; i++) {
        const struct indicator_list_row *k = &r->world->indicators.rows[i];
        if (is_called(r, k->code, (const char *const[]){k->name_kk, k->name_ru, k->name_en}, text))
            return k;
    }
    return NULL;
}

static const struct community_list_row *find_community(struct reader *r, const char *text)
{
    for (size_t i = 0; i < r->world->communities.n; i++) {
        const struct community_list_row *k = &r->world->communities.rows[i];
        if (is_called(r, k->code, (const char *const[]){k->name_kk, k->name_ru, k->name_en}, text))
            return k;
    }
    return NULL;
}

/* A number in [min, max] of a cell; false where the cell is empty or wrong (a problem, unless it may be empty). */
static bool read_number(struct reader *r, enum column c, bool may_be_empty, bool whole, double min, double max, double *v)
{
    const char *text = r->at[c] < 0 ? "" : arena_strdup(r->cx->arena, table_at(r->t, r->at[c]));
    if (!*text && may_be_empty)
        return false;
    if (!str_to_num(text, v) || *v < min || *v > max || (whole && *v != floor(*v))) {
        problem(r, column_name(r, c), text,
                whole ? TF(r->cx, "a whole number from %.0f to %.0f", min, max) : TF(r->cx, "a number from %g to %g", min, max));
        return false;
    }
    return true;
}

static void read_indicator(struct reader *r, struct figure_row *row)
{
    double v;
    bool whole = false;
    const char *text = r->at[INDICATOR] >= 0 ? cell(r, INDICATOR) : "population";
    const struct indicator_list_row *k = find_indicator(r, text);
    if (!k) {
        problem(r, column_name(r, INDICATOR), text, T(r->cx, N_("the code or the name of an indicator of this program")));
        return;
    }
    row->what = k->code;
    whole = k->decimals == 0 && str_eq(k->code, "population");
    bool percent = str_eq(k->unit_en, "%");
    if (read_number(r, r->at[VALUE] >= 0 ? VALUE : POPULATION, false, whole, 0, percent ? 100 : 1e9, &v))
        row->value = v;
    if (read_number(r, N, true, true, 0, 1e9, &v))
        row->n = opt_int((int64_t)v);
}

static void read_composition(struct reader *r, struct figure_row *row)
{
    double v;
    const char *text = cell(r, COMMUNITY);
    const struct community_list_row *k = find_community(r, text);
    if (!k)
        problem(r, column_name(r, COMMUNITY), text, T(r->cx, N_("a community of the classifier, or \"other\"")));
    row->what = k ? k->code : "";
    if (read_number(r, PERSONS, true, true, 0, 1e9, &v))
        row->persons = opt_int((int64_t)v);
    if (read_number(r, SHARE, true, false, 0, 1, &v))
        row->share = opt_num(v);
    else if (read_number(r, PERCENT, true, false, 0, 100, &v))
        row->share = opt_num(v / 100);
    if (!r->bad && !row->persons.has && !row->share.has)
        problem(r, column_name(r, r->at[PERSONS] >= 0 ? PERSONS : r->at[SHARE] >= 0 ? SHARE : PERCENT), "", T(r->cx, N_("a number of people or a share")));
}

/* What one row cannot show: the same figure twice, shares that add up to more than the whole. */
static void check_together(struct reader *r, const struct figure_row *row)
{
    struct ctx *cx = r->cx;
    const char *place = arena_printf(cx->arena, "%lld|%s|%s", (long long)row->territory_id, row->period, row->source);
    const char *key = arena_printf(cx->arena, "%s|%s", place, row->what);
    const int64_t *before = map_get(r->seen, key);
    if (before) {
        problem(r, column_name(r, r->out->composition ? COMMUNITY : INDICATOR), row->what,
                TF(cx, "each figure once; this one stands in line %lld already", (long long)*before));
        return;
    }
    int64_t *line = arena_alloc(cx->arena, sizeof *line);
    *line = r->line;
    map_set(r->seen, key, line);
    if (!row->share.has)
        return;
    double *sum = map_get(r->shares, place);
    if (!sum)
        map_set(r->shares, place, sum = arena_alloc(cx->arena, sizeof *sum));
    if (*sum + row->share.value > 1.005) /* published shares are rounded */
        problem(r, column_name(r, r->at[SHARE] >= 0 ? SHARE : PERCENT), fmt_percent(cx, row->share.value, 2),
                TF(cx, "shares of one place add up to at most 100 %%; with this one they are %s", fmt_percent(cx, *sum + row->share.value, 2)));
    else
        *sum += row->share.value;
}

static void read_row(struct reader *r)
{
    struct figure_row row = {.line = r->line, .what = ""};
    struct ctx *cx = r->cx;
    r->bad = false;
    read_place(r, &row);
    const char *period = arena_strdup(cx->arena, table_at(r->t, r->at[PERIOD]));
    row.period = period_of(cx, period);
    if (!row.period)
        problem(r, column_name(r, PERIOD), period, T(cx, N_("2025, 2025-Q2 or 2025-01-01, not in the future")));
    if (r->out->composition)
        read_composition(r, &row);
    else
        read_indicator(r, &row);
    row.source = r->at[SOURCE] >= 0 ? cell(r, SOURCE) : "";
    if (!*row.source)
        row.source = r->source;
    if (!*row.source)
        problem(r, column_name(r, SOURCE), "", T(cx, N_("where the figure comes from, in the file or on the page")));
    if (!r->bad)
        check_together(r, &row);
    if (r->bad)
        r->out->n_bad++;
    else
        vec_push(cx->arena, &r->out->rows, row);
}

int figures_read(struct ctx *cx, const struct figures_world *w, struct table *t, const char *source, struct figures *out)
{
    *out = (struct figures){.kind = table_kind(t)};
    struct reader r = {.cx = cx, .world = w, .t = t, .out = out, .source = source, .seen = map_new(cx->arena),
                       .shares = map_new(cx->arena), .found = map_new(cx->arena)};
    find_columns(&r);
    TRY(check_columns(&r));
    for (bool more;;) {
        if (table_next(cx, t, &more)) {
            if (cx->err != ERR_INVALID && cx->err != ERR_LIMIT)
                return cx->err;
            r.line = table_line(t);
            problem(&r, "", "", cx->err_text);
            out->n_bad++;
            out->broken = true;
            return OK;
        }
        if (!more)
            break;
        r.line = table_line(t);
        if (++out->n_read > FIGURES_ROWS_MOST)
            return fail(cx, ERR_LIMIT, "The file has more than %d rows; divide it.", FIGURES_ROWS_MOST);
        read_row(&r);
    }
    if (!out->n_read)
        return fail(cx, ERR_INVALID, "The file has column names but no rows.");
    return OK;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* A source's code is made of its title, so that the same title is the same source. */
static const char *source_code(struct ctx *cx, const char *title)
{
    char *code = arena_printf(cx->arena, "import-%.60s", str_fold(cx->arena, title));
    for (char *c = code; *c; c++)
        if (*c == ' ')
            *c = '-';
    return code;
}

static int source_id(struct ctx *cx, struct map *known, const char *title, int64_t *id)
{
    int64_t *kept = map_get(known, title);
    if (!kept) {
        kept = arena_alloc(cx->arena, sizeof *kept);
        TRY(registry_source(cx, source_code(cx, title), title, date_text(cx->arena, date_today(NULL)), "", "", false, kept));
        map_set(known, title, kept);
    }
    *id = *kept;
    return OK;
}

int figures_write(struct ctx *cx, const struct figures *f)
{
    struct map *sources = map_new(cx->arena);
    for (size_t i = 0; i < f->rows.n; i++) {
        const struct figure_row *r = &f->rows.rows[i];
        int64_t source;
        TRY(source_id(cx, sources, r->source, &source));
        if (f->composition)
            TRY(load_composition(cx, &(struct load_composition_in){.region_id = cx->region_id, .territory_id = r->territory_id,
                                         .on_date = r->period, .community_code = r->what, .source_id = source,
                                         .persons = r->persons, .share = r->share}, NULL));
        else
            TRY(load_observation(cx, &(struct load_observation_in){.region_id = cx->region_id, .indicator_code = r->what,
                                         .territory_id = r->territory_id, .period = r->period, .source_id = source,
                                         .id = db_new_id(), .value = r->value, .n = r->n}, NULL));
    }
    return OK;
}

static const struct field_desc ROW_FIELDS[] = {
    FIELD(figure_row, line, INT), FIELD(figure_row, kato, TEXT), FIELD(figure_row, place, TEXT),
    FIELD(figure_row, what, TEXT), FIELD(figure_row, period, TEXT), FIELD(figure_row, value, NUM),
    FIELD(figure_row, n, OPT_INT), FIELD(figure_row, persons, OPT_INT), FIELD(figure_row, share, OPT_NUM),
    FIELD(figure_row, source, TEXT)};
static const struct field_desc PROBLEM_FIELDS[] = {
    FIELD(figure_problem, line, INT), FIELD(figure_problem, column, TEXT), FIELD(figure_problem, text, TEXT),
    FIELD(figure_problem, expected, TEXT)};
static const struct field_desc MEND_FIELDS[] = {
    FIELD(figure_mend, line, INT), FIELD(figure_mend, column, TEXT), FIELD(figure_mend, before, TEXT),
    FIELD(figure_mend, after, TEXT)};
ROW_DESC(FIGURE_ROW_DESC, "figure_row", figure_row, ROW_FIELDS);
ROW_DESC(FIGURE_PROBLEM_DESC, "figure_problem", figure_problem, PROBLEM_FIELDS);
ROW_DESC(FIGURE_MEND_DESC, "figure_mend", figure_mend, MEND_FIELDS);
