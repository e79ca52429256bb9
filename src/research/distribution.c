/* distribution.c - see distribution.h. */
#include "research/distribution.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include "research/research.h"
#include "setting/setting.h"
#include "stat/protect.h"
#include "stat/survey.h"

#include <math.h>

enum { LONG_LIST = 12 };

struct sample {
    size_t n;
    struct response_list_list responses;
    struct survey_design *design;
    bool *answered;   /* with a choice that counts */
    uint64_t *chosen; /* bit k: choice k of the question */
    int64_t *counts;  /* interviews by choice */
};

static int64_t number_of(struct map *m, const char *key)
{
    void **slot = map_at(m, key);
    if (!*slot)
        *slot = (void *)(uintptr_t)m->n;
    return (int64_t)(uintptr_t)*slot;
}

static int make_design(struct ctx *cx, int64_t round_id, struct sample *s)
{
    TRY(response_list(cx, cx->region_id, round_id, &s->responses));
    s->n = s->responses.n;
    int64_t *strata = arena_array(cx->arena, s->n, sizeof *strata),
            *psu = arena_array(cx->arena, s->n, sizeof *psu);
    double *weight = arena_array(cx->arena, s->n, sizeof *weight);
    struct map *stratum_numbers = map_new(cx->arena), *psu_numbers = map_new(cx->arena);
    for (size_t i = 0; i < s->n; i++) {
        strata[i] = number_of(stratum_numbers, s->responses.rows[i].stratum);
        psu[i] = number_of(psu_numbers, s->responses.rows[i].psu);
        weight[i] = s->responses.rows[i].weight;
    }
    struct survey_spec spec = {.n = s->n,
                               .n_stages = 1,
                               .strata = {strata},
                               .ids = {psu},
                               .weight = weight,
                               .nest = true,
                               .lonely = SURVEY_LONELY_ADJUST};
    enum stat_reason why = s->n ? survey_design_new(cx->arena, &spec, &s->design, NULL) : STAT_REASON_EMPTY;
    return why ? fail(cx, ERR_NUMERIC, "%s", T(cx, stat_reason_text(why))) : OK;
}

/* Answers and interviews are both in the order of row_no. */
static int read_choices(struct ctx *cx, int64_t round_id, const struct question *q, struct sample *s)
{
    struct answers_to_question_list answers;
    TRY(answers_to_question(cx, cx->region_id, round_id, q->code, &answers));
    s->answered = arena_array(cx->arena, s->n, sizeof *s->answered);
    s->chosen = arena_array(cx->arena, s->n, sizeof *s->chosen);
    s->counts = arena_array(cx->arena, q->n, sizeof *s->counts);
    for (size_t i = 0, r = 0; i < answers.n; i++) {
        while (r < s->n && s->responses.rows[r].row_no < answers.rows[i].row_no)
            r++;
        const struct choice *c = question_choice(q, code_key(cx->arena, answers.rows[i].value));
        if (!c || c->missing || r == s->n)
            continue;
        s->answered[r] = true;
        s->chosen[r] |= UINT64_C(1) << (c - q->choices);
        s->counts[c - q->choices]++;
    }
    return OK;
}

static struct survey_rules rules_of_settings(struct ctx *cx)
{
    struct survey_rules rules = survey_rules_default();
    rules.min_respondents = setting_int(cx, "estimate.min_answers");
    rules.min_df = (double)setting_int(cx, "estimate.min_df");
    rules.max_cv = setting_num(cx, "estimate.max_cv");
    return rules;
}

static void put_share(struct ctx *cx, const struct sample *s, size_t k, const struct survey_rules *rules,
                      struct distribution_row *row)
{
    double *y = arena_array(cx->arena, s->n, sizeof *y);
    for (size_t i = 0; i < s->n; i++)
        y[i] = (double)(s->chosen[i] >> k & 1);
    struct survey_estimate e = survey_proportion(cx->arena, s->design, y, s->answered, rules);
    row->why = "";
    if (e.status == STAT_REFUSED) {
        row->why = T(cx, stat_reason_text(e.reason));
        return;
    }
    row->share = opt_num(e.est);
    row->lower = opt_num(e.lower);
    row->upper = opt_num(e.upper);
}

static void put_rows(struct ctx *cx, const struct question *q, const struct sample *s,
                     struct distribution *out)
{
    struct survey_rules rules = rules_of_settings(cx);
    struct protected_count *shown = arena_array(cx->arena, q->n, sizeof *shown);
    int64_t *counts = arena_array(cx->arena, q->n, sizeof *counts);
    size_t n = 0;
    for (size_t k = 0; k < q->n; k++)
        if (!q->choices[k].missing)
            counts[n++] = s->counts[k];
    /* With several answers the counts do not add up to anything that is shown. */
    protect_counts(cx->arena, counts, n, !out->several, setting_int(cx, "protect.threshold"), shown);
    out->list.rows = arena_array(cx->arena, n, sizeof *out->list.rows);
    for (size_t k = 0, next = 0; k < q->n; k++) {
        const struct choice *c = &q->choices[k];
        if (c->missing)
            continue;
        struct protected_count count = shown[next++];
        if (!count.hidden && !count.value && q->n > LONG_LIST)
            continue; /* of a long list what nobody named is left out */
        struct distribution_row *row = &out->list.rows[out->list.n];
        *row = (struct distribution_row){
            .code = c->code, .text = ctx_pick(cx, c->text_kk, c->text_ru, c->text_en), .n = count, .why = ""};
        if (row->n.hidden)
            row->why = T(cx, "protected");
        else
            put_share(cx, s, k, &rules, row);
        out->list.n++;
    }
}

int research_distribution(struct ctx *cx, int64_t round_id, const struct question *q,
                          struct distribution *out)
{
    struct sample s = {0};
    *out = (struct distribution){.code = q->code,
                                 .text = ctx_pick(cx, q->text_kk, q->text_ru, q->text_en),
                                 .sensitive = q->sensitive,
                                 .several = q->kind == QUESTION_MULTI};
    if (q->n == 0 || q->n > 64) {
        out->refused = T(cx, "Open answers and numbers have no shares.");
        return OK;
    }
    TRY(make_design(cx, round_id, &s));
    TRY(read_choices(cx, round_id, q, &s));
    int64_t answered = 0, threshold = setting_int(cx, "protect.threshold");
    for (size_t i = 0; i < s.n; i++)
        answered += s.answered[i];
    if (answered < threshold) {
        out->answered.hidden = answered > 0;
        out->refused = T(cx, "Too few people answered this question to show anything.");
        return OK;
    }
    out->answered.value = answered;
    put_rows(cx, q, &s, out);
    return OK;
}

static const struct field_desc ROW_FIELDS[] = {
    FIELD(distribution_row, code, TEXT), FIELD(distribution_row, text, TEXT), FIELD(distribution_row, n, COUNT),
    FIELD(distribution_row, share, OPT_NUM), FIELD(distribution_row, lower, OPT_NUM),
    FIELD(distribution_row, upper, OPT_NUM), FIELD(distribution_row, why, TEXT)};
ROW_DESC(distribution_row_desc, "distribution_row", distribution_row, ROW_FIELDS);
static const struct field_desc FIELDS[] = {
    FIELD(distribution, code, TEXT), FIELD(distribution, text, TEXT), FIELD(distribution, refused, TEXT),
    FIELD(distribution, sensitive, BOOL), FIELD(distribution, several, BOOL), FIELD(distribution, answered, COUNT),
    FIELD_LIST("choices", distribution, list, &distribution_row_desc)};
ROW_DESC(distribution_desc, "distribution", distribution, FIELDS);
