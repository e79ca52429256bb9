/* estimate.c - perception indicators: for each the share of answers counted as good, for the region and each unit; and how
 * the region's share changed since the quarter before. */
#include "quarter/work.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "quarter/figures_sql.h"
#include "quarter/freeze_sql.h"
#include "setting/setting.h"
#include "stat/survey.h"

#include <math.h>
#include <stdlib.h>

static const char PROBLEM_QUESTION[] = "H1"; /* the main problems of the settlement, up to three */

/* The sample of a round, one element a respondent. */
struct sample {
    VEC(int64_t) row, stratum, psu;
    VEC(double) weight;
    VEC(int32_t) unit;
    struct map *codes; /* text of a stratum or cluster -> its number + 1 */
    const struct quarter_work *work;
};

static int64_t code_number(struct sample *s, const char *kind, const char *text, struct ctx *cx)
{
    const char *key = arena_printf(cx->arena, "%s:%s", kind, text);
    intptr_t known = (intptr_t)map_get(s->codes, key);
    if (!known) {
        known = (intptr_t)s->codes->n + 1;
        map_set(s->codes, key, (void *)known);
    }
    return (int64_t)known;
}

static int sample_row(struct ctx *cx, void *arg, const struct freeze_responses_row *r)
{
    struct sample *s = arg;
    vec_push(cx->arena, &s->row, r->row_no);
    vec_push(cx->arena, &s->stratum, code_number(s, "h", r->stratum, cx));
    /* a cluster's code may repeat from stratum to stratum */
    vec_push(cx->arena, &s->psu, code_number(s, r->stratum, r->psu, cx));
    vec_push(cx->arena, &s->weight, r->weight);
    vec_push(cx->arena, &s->unit, quarter_unit_index(s->work, r->unit_id));
    return OK;
}

/* The answers to one question as categories: 1 good, 0 other, -1 none. */
struct categories {
    const struct sample *sample;
    struct map *choices; /* code -> (good ? 2 : missing ? 1 : 3) */
    int32_t *category;
    size_t at;
};

enum { CHOICE_MISSING = 1, CHOICE_GOOD, CHOICE_OTHER };

static int category_row(struct ctx *cx, void *arg, const struct freeze_question_row *r)
{
    (void)cx;
    struct categories *c = arg;
    const struct sample *s = c->sample;
    while (c->at < s->row.n && s->row.rows[c->at] < r->row_no)
        c->at++;
    if (c->at == s->row.n || s->row.rows[c->at] != r->row_no)
        return OK;
    intptr_t kind = (intptr_t)map_get(c->choices, r->value);
    if (kind == CHOICE_GOOD)
        c->category[c->at] = 1;
    else if (kind == CHOICE_OTHER && c->category[c->at] < 0)
        c->category[c->at] = 0;
    return OK;
}

static int read_categories(struct ctx *cx, const struct sample *s, const struct freeze_round_row *round, const char *question,
                           int32_t **out)
{
    struct categories c = {.sample = s, .choices = map_new(cx->arena)};
    c.category = arena_array(cx->arena, s->row.n, sizeof *c.category);
    for (size_t i = 0; i < s->row.n; i++)
        c.category[i] = -1;
    struct freeze_choices_list choices;
    TRY(freeze_choices(cx, cx->region_id, round->instrument_id, question, &choices));
    for (size_t i = 0; i < choices.n; i++) {
        intptr_t kind = choices.rows[i].missing ? CHOICE_MISSING : choices.rows[i].good ? CHOICE_GOOD : CHOICE_OTHER;
        map_set(c.choices, choices.rows[i].code, (void *)kind);
    }
    TRY(freeze_question(cx, cx->region_id, round->id, question, category_row, &c));
    *out = c.category;
    return OK;
}

/* Of a question with several answers: 1 for who named the choice, 0 for who named others only, -1 for who named none. */
struct named {
    const struct sample *sample;
    const char *choice;
    int32_t *category;
    size_t at;
};

static int named_row(struct ctx *cx, void *arg, const struct freeze_question_row *r)
{
    (void)cx;
    struct named *c = arg;
    const struct sample *s = c->sample;
    while (c->at < s->row.n && s->row.rows[c->at] < r->row_no)
        c->at++;
    if (c->at < s->row.n && s->row.rows[c->at] == r->row_no)
        c->category[c->at] = c->category[c->at] == 1 || str_eq(r->value, c->choice);
    return OK;
}

static struct opt_num shown(double v)
{
    return (struct opt_num){!isnan(v), isnan(v) ? 0 : v};
}

static int put_figure(struct ctx *cx, struct quarter_work *w, size_t *position, const char *indicator, int64_t place,
                      const struct survey_estimate *e, const char *method)
{
    static const char *const STATUS[] = {[STAT_OK] = "ok", [STAT_FLAG] = "flag", [STAT_REFUSED] = "refused"};
    bool none = e->status == STAT_REFUSED;
    const double nan = NAN;
    return estimate_insert(cx, &(struct estimate_insert_in){.region_id = cx->region_id, .run_id = w->run_id,
                                   .id = quarter_figure_id(STEP_ESTIMATE, (*position)++), .indicator_code = indicator,
                                   .territory_id = place, .period = w->name, .value = shown(none ? nan : e->est),
                                   .se = shown(none ? nan : e->se), .lower = shown(none ? nan : e->lower),
                                   .upper = shown(none ? nan : e->upper), .n = e->n, .psu = (int64_t)e->n_psu,
                                   .deff = shown(none ? nan : e->deff), .status = STATUS[e->status],
                                   .reason = e->reason ? stat_reason_code(e->reason) : "", .method = method}, NULL);
}

static int put_estimate(struct ctx *cx, struct quarter_work *w, size_t *position, const char *indicator, int64_t place,
                        const struct survey_estimate *e)
{
    return put_figure(cx, w, position, indicator, place, e, "linearised share");
}

static struct survey_rules rules_of(struct ctx *cx)
{
    struct survey_rules r = survey_rules_default();
    r.min_respondents = setting_int(cx, "estimate.min_answers");
    r.min_df = (double)setting_int(cx, "estimate.min_df");
    r.max_cv = setting_num(cx, "estimate.max_cv");
    return r;
}

/* Which problems people name, for the region: one share a choice. */
static int estimate_problems(struct ctx *cx, struct quarter_work *w, const struct sample *s, const struct freeze_round_row *round,
                             const struct survey_design *design, const struct survey_rules *rules, size_t *position)
{
    struct freeze_choices_list choices;
    TRY(freeze_choices(cx, cx->region_id, round->instrument_id, PROBLEM_QUESTION, &choices));
    for (size_t i = 0; i < choices.n; i++) {
        if (choices.rows[i].missing)
            continue;
        struct named n = {.sample = s, .choice = choices.rows[i].code, .category = arena_array(cx->arena, s->row.n, sizeof *n.category)};
        for (size_t k = 0; k < s->row.n; k++)
            n.category[k] = -1;
        TRY(freeze_question(cx, cx->region_id, round->id, PROBLEM_QUESTION, named_row, &n));
        struct survey_estimate share[2];
        survey_shares(cx->arena, design, n.category, 2, NULL, rules, share);
        TRY(put_estimate(cx, w, position, arena_printf(cx->arena, "%s=%s", PROBLEM_QUESTION, choices.rows[i].code), w->region_territory, &share[1]));
    }
    return OK;
}

/* The interviews of a quarter and their design; codes: numbers of strata and clusters, the same in all quarters read with it. */
static int read_sample(struct ctx *cx, const struct quarter_work *w, const char *quarter, struct map *codes, struct sample *s,
                       struct survey_design **design)
{
    *s = (struct sample){.codes = codes, .work = w};
    *design = NULL;
    TRY(freeze_responses(cx, cx->region_id, quarter, sample_row, s));
    if (!s->row.n)
        return OK;
    struct survey_spec spec = {.n = s->row.n, .n_stages = 1, .strata = {s->stratum.rows}, .ids = {s->psu.rows},
                               .weight = s->weight.rows, .lonely = SURVEY_LONELY_ADJUST};
    size_t bad = 0;
    enum stat_reason refused = survey_design_new(cx->arena, &spec, design, &bad);
    if (refused)
        return fail(cx, ERR_INVALID, "The answers of %s do not make a sample: row %lld: %s", quarter, (long long)s->row.rows[bad],
                    stat_reason_text(refused));
    return OK;
}

/* What changed since the quarter before, where it asked the same: settlements and routes that are in both samples count once. */
static int estimate_changes(struct ctx *cx, struct quarter_work *w, const struct sample *now, const struct survey_design *design,
                            const struct freeze_round_row *round, const struct survey_rules *rules,
                            const struct freeze_indicators_list *indicators, size_t *position)
{
    const char *last = quarter_text(cx->arena, quarter_previous(w->quarter));
    struct freeze_round_row round_before;
    struct survey_design *design_before;
    struct sample before;
    bool found = false;
    TRY(freeze_round(cx, cx->region_id, last, &round_before, &found));
    if (!found || !str_eq(round_before.instrument_code, round->instrument_code))
        return OK;
    TRY(read_sample(cx, w, last, now->codes, &before, &design_before));
    if (!design_before)
        return OK;
    struct survey_rules none = survey_rules_none();
    for (size_t i = 0; i < indicators->n; i++) {
        const struct freeze_indicators_row *in = &indicators->rows[i];
        int32_t *category, *category_before;
        struct survey_estimate share[2], share_before[2];
        TRY(read_categories(cx, now, round, in->question_code, &category));
        TRY(read_categories(cx, &before, &round_before, in->question_code, &category_before));
        survey_shares(cx->arena, design, category, 2, NULL, &none, share);
        survey_shares(cx->arena, design_before, category_before, 2, NULL, &none, share_before);
        struct survey_estimate change = survey_change(cx->arena, design_before, &share_before[1], design, &share[1], rules);
        TRY(put_figure(cx, w, position, quarter_change_code(cx, in->code), w->region_territory, &change, "change of a share"));
    }
    return OK;
}

const char *quarter_change_code(struct ctx *cx, const char *indicator)
{
    return arena_printf(cx->arena, "%s:change", indicator);
}

int quarter_estimate(struct ctx *cx, struct quarter_work *w)
{
    struct freeze_round_row round;
    bool found = false;
    TRY(freeze_round(cx, cx->region_id, w->name, &round, &found));
    if (!found)
        return OK; /* a quarter without fieldwork has no estimates; the report says so */
    struct sample s;
    struct survey_design *design;
    TRY(read_sample(cx, w, w->name, map_new(cx->arena), &s, &design));
    if (!design)
        return OK;
    struct survey_rules rules = rules_of(cx);
    struct freeze_indicators_list indicators;
    TRY(freeze_indicators(cx, cx->region_id, round.instrument_code, &indicators));
    struct survey_estimate *by = arena_array(cx->arena, 2 * w->units.n, sizeof *by), all[2];
    size_t position = 0;
    for (size_t i = 0; i < indicators.n; i++) {
        int32_t *category;
        TRY(read_categories(cx, &s, &round, indicators.rows[i].question_code, &category));
        survey_shares(cx->arena, design, category, 2, NULL, &rules, all);
        survey_shares_by(cx->arena, design, category, 2, s.unit.rows, w->units.n, &rules, by);
        TRY(put_estimate(cx, w, &position, indicators.rows[i].code, w->region_territory, &all[1]));
        for (size_t u = 0; u < w->units.n; u++)
            TRY(put_estimate(cx, w, &position, indicators.rows[i].code, w->units.rows[u].id, &by[2 * u + 1]));
        if (ctx_progress(cx, (int64_t)i + 1, (int64_t)indicators.n, "estimates"))
            return fail(cx, ERR_BUSY, "The close of the quarter was stopped.");
    }
    TRY(estimate_problems(cx, w, &s, &round, design, &rules, &position));
    return estimate_changes(cx, w, &s, design, &round, &rules, &indicators, &position);
}
