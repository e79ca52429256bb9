/* model.c - see model.h. */
#include "ethnomap/model.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"
#include "mediation/mediation.h"
#include "registry/figures_sql.h"
#include "registry/registry.h"
#include "stat/composition.h"

#include <math.h>
#include <string.h>

enum { PER_PEOPLE = 10000 };

/* The definitions of the standard indicators, so that they can be translated; those that an institution adds are shown as
 * it wrote them. */
static const char *const DEFINITIONS[] = {
    N_("Resident population at the date given"), N_("Households at the date given"), N_("Places in general schools by design"),
    N_("Pupils of general schools"), N_("Shifts in which the school teaches"), N_("Places in kindergartens"),
    N_("Share of households with piped or delivered drinking water"), N_("Days of the season in which irrigation water fell short"),
    N_("Pasture in common use divided by households"), N_("Arable land divided by households"), N_("Unemployed among the labour force"),
    N_("Share of households with a member away for work"), N_("Minutes by car to the nearest clinic"),
    N_("Share of households with an internet connection")};

const char *map_definition(struct ctx *cx, const char *definition)
{
    for (size_t i = 0; i < sizeof DEFINITIONS / sizeof *DEFINITIONS; i++)
        if (str_eq(definition, DEFINITIONS[i]))
            return T(cx, DEFINITIONS[i]);
    return definition;
}

/* --- what may be asked ---------------------------------------------------------------------------- */

static bool may(uint64_t permissions, int p)
{
    return (permissions >> p & 1) != 0;
}

int map_indicators(struct ctx *cx, uint64_t permissions, struct map_indicator **rows, size_t *n)
{
    VEC(struct map_indicator) all = {0};
    struct indicator_list_list figures;
    TRY(indicator_list(cx, cx->region_id, &figures));
    for (size_t i = 0; i < figures.n; i++) {
        const struct indicator_list_row *r = &figures.rows[i];
        if (r->on_map)
            vec_push(cx->arena, &all,
                     (struct map_indicator){r->code, registry_name(cx, *r), ctx_pick(cx, r->unit_kk, r->unit_ru, r->unit_en),
                                            map_definition(cx, r->definition), T(cx, N_("Published figures")), MAP_FIGURE, r->decimals, r->direction});
    }
    vec_push(cx->arena, &all,
             (struct map_indicator){"mix", T(cx, N_("How mixed the population is")), "",
                                    T(cx, N_("The chance that two people of the place, met at random, belong to different communities; from "
                                             "published composition only. It describes a place, not a people.")),
                                    T(cx, N_("Published figures")), MAP_MIX, 2, 0});
    if (may(permissions, PERM_RESEARCH_READ) || may(permissions, PERM_QUARTER_READ)) {
        struct map_survey_indicators_list survey;
        TRY(map_survey_indicators(cx, cx->region_id, &survey));
        for (size_t i = 0; i < survey.n; i++)
            vec_push(cx->arena, &all,
                     (struct map_indicator){survey.rows[i].code, registry_name(cx, survey.rows[i]), "%",
                                            T(cx, N_("Share of answers in the quarterly survey, with its 95 % interval")),
                                            T(cx, N_("Survey of the quarter")), MAP_SURVEY, 0, survey.rows[i].direction});
    }
    if (may(permissions, PERM_DISPUTE_STATS)) {
        const char *note = T(cx, N_("By the day on which it happened, in a calendar year that is over, per 10,000 residents; small counts are protected."));
        vec_push(cx->arena, &all, (struct map_indicator){"disputes", T(cx, N_("Everyday disputes per 10,000 people")), "", note,
                                                         T(cx, N_("Disputes")), MAP_DISPUTES, 1, 0});
        vec_push(cx->arena, &all, (struct map_indicator){"offences", T(cx, N_("Offences between residents per 10,000 people")), "", note,
                                                         T(cx, N_("Disputes")), MAP_DISPUTES, 1, 0});
    }
    *rows = all.rows;
    *n = all.n;
    return OK;
}

int map_date(struct ctx *cx, const char *text, const char **on_date)
{
    struct date d;
    if (str_empty(text))
        d = date_today(NULL);
    else if (!date_parse(text, &d))
        return fail(cx, ERR_INVALID, "\"%s\" is not a date; write it as 2025-07-01.", utf8_cut(cx->arena, text, 20));
    *on_date = date_text(cx->arena, d);
    return OK;
}

const char *map_period_text(struct ctx *cx, const char *period)
{
    struct quarter q;
    struct date d;
    return quarter_parse(period, &q) ? fmt_quarter(cx, period) : date_parse(period, &d) ? fmt_date(cx, period) : period;
}

/* --- periods -------------------------------------------------------------------------------------- */

/* The last text that sorts as a period not after p: "2023" takes "2023-Q4" and "2023-07-01" with it. */
static const char *until(struct ctx *cx, const char *p)
{
    return arena_printf(cx->arena, "%s~", p);
}

/* Had the period begun on the map's day? */
static bool begun(struct ctx *cx, const char *period, const char *on_date)
{
    struct quarter q;
    const char *start = quarter_parse(period, &q) ? date_text(cx->arena, quarter_start(q)) : period;
    size_t n = strlen(start);
    return strncmp(start, on_date, n < 10 ? n : 10) <= 0;
}

static void add_period(struct ctx *cx, struct map_model *m, const char *code, size_t most)
{
    if (m->periods.n < most && begun(cx, code, m->on_date))
        m->periods.rows[m->periods.n++] = (struct map_period){code, map_period_text(cx, code)};
}

static int list_periods(struct ctx *cx, struct map_model *m)
{
    enum { MOST = 60 };
    m->periods.rows = arena_array(cx->arena, MOST, sizeof *m->periods.rows);
    if (m->chosen.kind == MAP_FIGURE) {
        struct observation_periods_list l;
        TRY(observation_periods(cx, cx->region_id, m->chosen.code, LEVEL_UNIT, &l));
        for (size_t i = 0; i < l.n; i++)
            add_period(cx, m, l.rows[i].period, MOST);
    } else if (m->chosen.kind == MAP_SURVEY) {
        struct map_estimate_periods_list l;
        TRY(map_estimate_periods(cx, cx->region_id, m->chosen.code, &l));
        for (size_t i = 0; i < l.n; i++)
            add_period(cx, m, l.rows[i].period, MOST);
    } else if (m->chosen.kind == MAP_MIX) {
        struct map_composition_dates_list l;
        TRY(map_composition_dates(cx, cx->region_id, &l));
        for (size_t i = 0; i < l.n; i++)
            add_period(cx, m, l.rows[i].on_date, MOST);
    } else {
        int *years;
        size_t n;
        TRY(mediation_years(cx, &years, &n));
        for (size_t i = 0; i < n; i++)
            add_period(cx, m, arena_printf(cx->arena, "%04d", years[i]), MOST);
    }
    return OK;
}

static int choose_period(struct ctx *cx, struct map_model *m, const char *asked)
{
    m->period = m->periods.n ? m->periods.rows[0].code : "";
    if (!str_empty(asked)) {
        bool known = false;
        for (size_t i = 0; i < m->periods.n; i++)
            if (str_eq(m->periods.rows[i].code, asked)) {
                m->period = m->periods.rows[i].code;
                known = true;
            }
        struct date d;
        struct quarter q;
        int64_t year;
        if (!known && !date_parse(asked, &d) && !quarter_parse(asked, &q) && !str_to_int(asked, 1000, 9999, &year))
            return fail(cx, ERR_INVALID, "\"%s\" is not a year or quarter; write 2024 or 2025-Q3.", utf8_cut(cx->arena, asked, 20));
    }
    m->period_text = map_period_text(cx, m->period);
    return OK;
}

/* --- values --------------------------------------------------------------------------------------- */

static struct map_row *find_row(struct map_model *m, int64_t id)
{
    for (size_t i = 0; i < m->units.n; i++)
        if (m->units.rows[i].id == id)
            return &m->units.rows[i];
    return NULL;
}

static const char *value_text(struct ctx *cx, const struct map_model *m, double v)
{
    if (m->chosen.kind == MAP_SURVEY)
        return fmt_percent(cx, v, (int)m->chosen.decimals);
    const char *number = fmt_num(cx, v, (int)m->chosen.decimals);
    return *m->chosen.unit ? arena_printf(cx->arena, "%s\u00a0%s", number, m->chosen.unit) : number;
}

static void set_value(struct ctx *cx, struct map_model *m, struct map_row *r, double v)
{
    r->value = opt_num(v);
    r->value_text = value_text(cx, m, v);
}

static int fill_figures(struct ctx *cx, struct map_model *m)
{
    struct map_observations_list l;
    TRY(map_observations(cx, cx->region_id, m->chosen.code, until(cx, m->period), &l));
    for (size_t i = 0; i < l.n; i++) {
        struct map_row *r = find_row(m, l.rows[i].territory_id);
        if (!r || r->value.has)
            continue;
        set_value(cx, m, r, l.rows[i].value);
        r->period = map_period_text(cx, l.rows[i].period);
        r->source = ctx_pick(cx, l.rows[i].source_kk, l.rows[i].source_ru, l.rows[i].source_en);
        r->figure_id = opt_int(l.rows[i].id);
        r->demo = l.rows[i].demo;
    }
    return OK;
}

static int fill_survey(struct ctx *cx, struct map_model *m)
{
    struct map_estimates_list l;
    TRY(map_estimates(cx, cx->region_id, m->chosen.code, m->period, &l));
    for (size_t i = 0; i < l.n; i++) {
        const struct map_estimates_row *e = &l.rows[i];
        struct map_row *r = find_row(m, e->territory_id);
        if (!r || !e->value.has || str_eq(e->status, "refused"))
            continue;
        set_value(cx, m, r, e->value.value);
        r->low = e->lower;
        r->high = e->upper;
        if (e->lower.has && e->upper.has)
            r->interval_text = TF(cx, "%s to %s", fmt_percent(cx, e->lower.value, 0), fmt_percent(cx, e->upper.value, 0));
        r->n = opt_int(e->n);
        r->period = map_period_text(cx, m->period);
        r->source = T(cx, N_("Survey of the quarter"));
        r->figure_id = opt_int(e->id);
        r->demo = e->demo;
    }
    return OK;
}

/* One source of one place: the shares, or shares made of the counts. */
static void fill_mix_of(struct ctx *cx, struct map_model *m, const struct map_compositions_row *c, size_t n)
{
    struct map_row *r = find_row(m, c->territory_id);
    double *counts = arena_array(cx->arena, n, sizeof *counts), sum = 0, persons = 0;
    bool counted = true;
    for (size_t i = 0; i < n; i++)
        counted &= c[i].persons.has;
    for (size_t i = 0; i < n; i++) {
        counts[i] = counted ? (double)c[i].persons.value : c[i].share.has ? c[i].share.value : 0;
        sum += counts[i];
    }
    persons = counted ? sum : COMPOSITION_MIN_PERSONS; /* shares are published of large places only */
    /* One community and no rest says nothing about the others. */
    if (!r || r->value.has || sum < (counted ? 1 : 0.98) || n < 2)
        return;
    for (size_t i = 0; i < n; i++)
        counts[i] *= persons / sum;
    struct composition x = composition_of(counts, n, 0);
    if (persons < COMPOSITION_MIN_PERSONS || !isfinite(x.fractional))
        return;
    set_value(cx, m, r, x.fractional);
    r->period = map_period_text(cx, c->on_date);
    r->source = ctx_pick(cx, c->source_kk, c->source_ru, c->source_en);
    r->demo = c->demo;
}

static int fill_mix(struct ctx *cx, struct map_model *m)
{
    struct map_compositions_list l;
    TRY(map_compositions(cx, cx->region_id, until(cx, m->period), &l));
    for (size_t i = 0, n; i < l.n; i += n) {
        for (n = 1; i + n < l.n && l.rows[i + n].territory_id == l.rows[i].territory_id && l.rows[i + n].source_id == l.rows[i].source_id;)
            n++;
        fill_mix_of(cx, m, &l.rows[i], n);
    }
    return OK;
}

/* A rate lets the count behind it be worked out: it is hidden with its count. */
static int fill_disputes(struct ctx *cx, struct map_model *m)
{
    struct mediation_unit_count *counts;
    struct population_of_units_list people;
    size_t n;
    int64_t year;
    if (!str_to_int(m->period, 1000, 9999, &year))
        return OK;
    TRY(mediation_unit_counts(cx, str_eq(m->chosen.code, "offences"), (int)year, &counts, &n));
    TRY(population_of_units(cx, cx->region_id, until(cx, m->period), &people));
    for (size_t i = 0; i < n; i++) {
        struct map_row *r = find_row(m, counts[i].unit_id);
        if (!r)
            continue;
        r->period = m->period;
        r->source = T(cx, N_("Register of disputes"));
        r->hidden = counts[i].cases.hidden;
        if (r->hidden)
            continue;
        r->n = opt_int(counts[i].cases.value);
        for (size_t k = 0; k < people.n; k++)
            if (people.rows[k].territory_id == r->id && people.rows[k].value > 0)
                set_value(cx, m, r, (double)r->n.value * PER_PEOPLE / people.rows[k].value);
    }
    return OK;
}

/* --- classes -------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static const char *class_text(struct ctx *cx, const struct map_model *m, double from, double to)
{
    const char *a = value_text(cx, m, from), *b = value_text(cx, m, to);
    return str_eq(a, b) ? a : TF(cx, "%s to %s", a, b);
}

void map_classify(struct ctx *cx, struct map_model *m)
{
    double *v = arena_array(cx->arena, m->units.n + 1, sizeof *v);
    size_t n = 0;
    for (size_t i = 0; i < m->units.n; i++) {
        m->n_hidden += m->units.rows[i].hidden;
        m->n_none += !m->units.rows[i].hidden && !m->units.rows[i].value.has;
        if (m->units.rows[i].value.has && !m->units.rows[i].hidden)
            v[n++] = m->units.rows[i].value.value;
    }
    if (!n)
        return;
    qsort(v, n, sizeof *v, by_value);
    size_t k = n >= 10 ? 5 : n >= 6 ? 3 : n >= 2 ? 2 : 1;
    m->classes.rows = arena_array(cx->arena, k + 1, sizeof *m->classes.rows);
    /* Classes of like size; equal values stay together, so that a class may begin later than its share. */
    for (size_t i = 0, begun_with = 0; i < n; i++) {
        if (i == 0 || (i * k / n > begun_with && v[i] > v[i - 1])) {
            m->classes.rows[m->classes.n++] = (struct map_class){.from = v[i]};
            begun_with = i * k / n;
        }
        m->classes.rows[m->classes.n - 1].to = v[i];
        m->classes.rows[m->classes.n - 1].places++;
    }
    /* Few classes take the colours from light to dark with steps between: 1 3 5, 2 4. */
    for (size_t c = 0; c < m->classes.n; c++) {
        struct map_class *x = &m->classes.rows[c];
        x->number = m->classes.n == 1 ? 3 : 1 + (int64_t)((c * 4 + (m->classes.n - 1) / 2) / (m->classes.n - 1));
        x->text = class_text(cx, m, x->from, x->to);
    }
    for (size_t i = 0; i < m->units.n; i++)
        for (size_t c = 0; c < m->classes.n; c++) {
            struct map_row *r = &m->units.rows[i];
            if (r->value.has && !r->hidden && r->value.value >= m->classes.rows[c].from)
                r->class_number = m->classes.rows[c].number;
        }
}

/* --- the whole ------------------------------------------------------------------------------------ */

static int choose_indicator(struct ctx *cx, uint64_t permissions, const char *code, struct map_model *m)
{
    TRY(map_indicators(cx, permissions, &m->indicators.rows, &m->indicators.n));
    m->chosen = m->indicators.rows[0];
    if (str_empty(code))
        return OK;
    for (size_t i = 0; i < m->indicators.n; i++)
        if (str_eq(m->indicators.rows[i].code, code)) {
            m->chosen = m->indicators.rows[i];
            return OK;
        }
    return fail(cx, ERR_NOT_FOUND, "There is no indicator \"%s\" for the map.", utf8_cut(cx->arena, code, 40));
}

static int list_units(struct ctx *cx, struct map_model *m)
{
    struct territory_list_list units;
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, m->on_date, &units));
    m->units.rows = arena_array(cx->arena, units.n + 1, sizeof *m->units.rows);
    m->units.n = units.n;
    bool past = strcmp(m->on_date, m->today) != 0;
    for (size_t i = 0; i < units.n; i++) {
        const char *href = registry_place_href(cx, units.rows[i].id);
        m->units.rows[i] = (struct map_row){.id = units.rows[i].id, .kato = units.rows[i].kato, .name = registry_name(cx, units.rows[i]),
                                            .href = past ? arena_printf(cx->arena, "%s?date=%s", href, m->on_date) : href,
                                            .value_text = "", .interval_text = "", .period = "", .source = ""};
    }
    return OK;
}

int map_model_load(struct ctx *cx, uint64_t permissions, const char *code, const char *period, const char *on_date,
                   struct map_model *m)
{
    *m = (struct map_model){.today = date_text(cx->arena, date_today(NULL))};
    TRY(map_date(cx, on_date, &m->on_date));
    TRY(choose_indicator(cx, permissions, code, m));
    TRY(list_periods(cx, m));
    TRY(choose_period(cx, m, period));
    TRY(list_units(cx, m));
    if (*m->period) {
        if (m->chosen.kind == MAP_FIGURE)
            TRY(fill_figures(cx, m));
        else if (m->chosen.kind == MAP_SURVEY)
            TRY(fill_survey(cx, m));
        else if (m->chosen.kind == MAP_MIX)
            TRY(fill_mix(cx, m));
        else
            TRY(fill_disputes(cx, m));
    }
    map_classify(cx, m);
    for (size_t i = 0; i < m->units.n; i++)
        m->demo |= m->units.rows[i].demo;
    return OK;
}

uint64_t map_hash(uint64_t h, const void *data, size_t n)
{
    h = h ? h : UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++)
        h = (h ^ ((const unsigned char *)data)[i]) * UINT64_C(1099511628211);
    return h;
}

static uint64_t hash_text(uint64_t h, const char *s)
{
    return map_hash(h, s, strlen(s) + 1);
}

uint64_t map_model_stamp(const struct map_model *m, enum lang lang)
{
    uint64_t h = map_hash(0, &lang, sizeof lang), sum = 0;
    h = hash_text(hash_text(hash_text(h, m->chosen.code), m->period), m->on_date);
    for (size_t i = 0; i < m->units.n; i++) { /* a sum: the order of the table does not matter */
        const struct map_row *r = &m->units.rows[i];
        uint64_t one = hash_text(hash_text(hash_text(0, r->name), r->href), r->value_text);
        one = map_hash(one, &r->id, sizeof r->id);
        one = map_hash(one, &r->class_number, sizeof r->class_number);
        sum += map_hash(one, &r->hidden, sizeof r->hidden);
    }
    return map_hash(h, &sum, sizeof sum);
}

/* --- descriptions for JSON ------------------------------------------------------------------------ */

static const struct field_desc ROW_FIELDS[] = {
    FIELD(map_row, id, ID), FIELD(map_row, kato, TEXT), FIELD(map_row, name, TEXT), FIELD(map_row, href, TEXT),
    FIELD(map_row, value, OPT_NUM), FIELD(map_row, low, OPT_NUM), FIELD(map_row, high, OPT_NUM),
    FIELD(map_row, n, OPT_INT), FIELD(map_row, value_text, TEXT), FIELD(map_row, interval_text, TEXT),
    FIELD(map_row, period, TEXT), FIELD(map_row, source, TEXT), FIELD_AS("protected", map_row, hidden, BOOL),
    FIELD(map_row, demo, BOOL), FIELD_AS("class", map_row, class_number, INT), FIELD(map_row, figure_id, OPT_ID)};
ROW_DESC(map_row_desc, "map_unit", map_row, ROW_FIELDS);

static const struct field_desc CLASS_FIELDS[] = {
    FIELD_AS("class", map_class, number, INT), FIELD(map_class, text, TEXT), FIELD(map_class, from, NUM),
    FIELD(map_class, to, NUM), FIELD(map_class, places, INT)};
ROW_DESC(map_class_desc, "map_class", map_class, CLASS_FIELDS);

static const struct field_desc INDICATOR_FIELDS[] = {
    FIELD(map_indicator, code, TEXT), FIELD(map_indicator, name, TEXT), FIELD(map_indicator, unit, TEXT),
    FIELD(map_indicator, definition, TEXT), FIELD(map_indicator, direction, INT)};
ROW_DESC(map_indicator_desc, "map_indicator", map_indicator, INDICATOR_FIELDS);

static const struct field_desc PERIOD_FIELDS[] = {
    FIELD(map_period, code, TEXT), FIELD(map_period, text, TEXT)};
ROW_DESC(map_period_desc, "map_period", map_period, PERIOD_FIELDS);
