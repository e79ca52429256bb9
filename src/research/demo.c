/* demo.c - see demo.h. The model is described in docs/demonstration.md: every choice of an answer is drawn
 * with a probability proportional to weight * exp(tilt * theta), with theta made of the unit, the quarter,
 * the season, the cluster and the person. What is drawn becomes a file and goes through the same checks as a
 * file of researchers. */
#include "research/demo.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "base/vec.h"
#include "registry/lists.h"
#include "research/import.h"
#include "research/research.h"
#include "stat/rng.h"

#include <math.h>
#include <string.h>

enum { SEED = 20251006, QUARTERS = 8, CLUSTER = 5, LEAST = 60, MOST_CHOICES = 32 };
static const struct quarter FIRST = {2023, 4};

/* Standard deviations on the logit scale: units 0.30; clusters 0.42, which gives 0.05 of the variance of a
 * yes-no answer (0.42^2 / (0.42^2 + pi^2 / 3)); persons 0.50, so that one person's answers go together.
 * Trend: for each quarter. */
static const double UNIT_SD = 0.30, CLUSTER_SD = 0.42, PERSON_SD = 0.50, TREND = 0.025;
static const double SEASON[4] = {0.03, 0.06, -0.08, -0.01}; /* the third quarter: the season of irrigation */

struct model_choice {
    const char *code;
    double weight, tilt;
};
struct model_question {
    struct model_choice rows[MOST_CHOICES];
    size_t n;
};
struct model {
    struct map *questions; /* code -> struct model_question */
    struct model_question groups, languages, wishes;
};

/* --- reading the model --- */

static int add_choice(struct ctx *cx, struct model_question *q, const char *code, double weight, double tilt)
{
    if (q->n == MOST_CHOICES)
        return fail(cx, ERR_LIMIT, "A question of the demonstration has more than %d choices.", MOST_CHOICES);
    q->rows[q->n++] = (struct model_choice){code, weight, tilt};
    return OK;
}

static int read_model(struct ctx *cx, const struct table *t, void *arg)
{
    struct model *m = arg;
    double weight, tilt;
    TRY(table_num(cx, t, "weight", &weight));
    TRY(table_num(cx, t, "tilt", &tilt));
    void **slot = map_at(m->questions, table_cell(t, "question"));
    if (!*slot)
        *slot = arena_alloc(cx->arena, sizeof(struct model_question));
    return add_choice(cx, *slot, list_text(cx, t, "choice"), weight, tilt);
}

static int read_group(struct ctx *cx, const struct table *t, void *arg)
{
    struct model *m = arg;
    double share;
    TRY(table_num(cx, t, "share", &share));
    TRY(add_choice(cx, &m->groups, list_text(cx, t, "code"), share, 0));
    return add_choice(cx, &m->languages, list_text(cx, t, "language"), share, 0);
}

static int read_wish(struct ctx *cx, const struct table *t, void *arg)
{
    struct model *m = arg;
    return add_choice(cx, &m->wishes, list_text(cx, t, "text"), 1, 0);
}

static int read_all(struct ctx *cx, struct model *m)
{
    *m = (struct model){.questions = map_new(cx->arena)};
    TRY(list_each(cx, "demo/survey_model.csv", read_model, m));
    TRY(list_each(cx, "demo/survey_groups.csv", read_group, m));
    return list_each(cx, "demo/survey_wishes.csv", read_wish, m);
}

/* --- drawing --- */

static size_t draw_index(struct rng *r, const struct model_question *q, double theta, uint64_t taken)
{
    double p[MOST_CHOICES], sum = 0;
    for (size_t i = 0; i < q->n; i++)
        sum += p[i] = taken >> i & 1 ? 0 : q->rows[i].weight * exp(q->rows[i].tilt * theta);
    double u = rng_uniform(r) * sum;
    for (size_t i = 0; i < q->n; i++)
        if ((u -= p[i]) < 0)
            return i;
    return q->n - 1;
}

static const char *draw(struct rng *r, const struct model *m, const char *question, double theta)
{
    const struct model_question *q = map_get(m->questions, question);
    return q ? q->rows[draw_index(r, q, theta, 0)].code : "";
}

static bool is_missing(const char *code)
{
    return str_eq(code, "dk") || str_eq(code, "notsay") || str_eq(code, "skip");
}

/* `most` different choices, separated by blanks; "dk" ends the list or stands alone. */
static const char *draw_several(struct ctx *cx, struct rng *r, const struct model *m, const char *question,
                                int most)
{
    const struct model_question *q = map_get(m->questions, question);
    const char *text = "";
    uint64_t taken = 0;
    for (int k = 0; q && k < most; k++) {
        size_t i = draw_index(r, q, 0, taken);
        if (is_missing(q->rows[i].code))
            return k ? text : q->rows[i].code;
        taken |= UINT64_C(1) << i;
        text = k ? arena_printf(cx->arena, "%s %s", text, q->rows[i].code) : q->rows[i].code;
    }
    return text;
}

/* Self-identification by the published shares of the region as a whole, never of a unit: the demonstration
 * says nothing about who lives where. The language at home follows it. */
static void draw_group(struct ctx *cx, struct rng *r, const struct model *m, const char **group,
                       const char **language)
{
    double u = rng_uniform(r);
    size_t i = draw_index(r, &m->groups, 0, 0);
    *group = m->groups.rows[i].code;
    *language = m->languages.rows[i].code;
    if (u < 0.05)
        *group = "notsay";
    else if (u < 0.07) {
        size_t other = draw_index(r, &m->groups, 0, UINT64_C(1) << i);
        *group = arena_printf(cx->arena, "%s %s", *group, m->groups.rows[other].code);
    }
    if (rng_uniform(r) < 0.2 && !str_eq(*language, "ru"))
        *language = arena_printf(cx->arena, "%s ru", *language);
}

/* One person: code of the question -> answer. */
static void draw_person(struct ctx *cx, struct rng *r, const struct model *m, const struct questionnaire *q,
                        double theta, struct map *answers)
{
    const char *group, *language;
    draw_group(cx, r, m, &group, &language);
    for (size_t i = 0; i < q->n; i++) {
        const struct question *x = &q->rows[i];
        const char *text =
            x->kind == QUESTION_MULTI
                ? draw_several(cx, r, m, x->code, str_eq(x->code, "H1") ? 3 : 1 + (int)rng_below(r, 2))
                : draw(r, m, x->code, theta);
        bool left_out = !x->required && rng_uniform(r) < 0.01;
        map_set(answers, x->code, (void *)(uintptr_t)(left_out ? "" : text));
    }
    map_set(answers, "A6", (void *)(uintptr_t)group);
    map_set(answers, "A7", (void *)(uintptr_t)language);
    const char *wish = m->wishes.rows[draw_index(r, &m->wishes, 0, 0)].code;
    map_set(answers, "K3", (void *)(uintptr_t)(rng_uniform(r) < 0.4 ? wish : ""));
}

/* Questions that are asked only after a "yes" (F4 after a "no") to another. */
static void skip_questions(struct map *answers)
{
    static const struct {
        const char *asked, *after, *answer;
    } RULES[] = {{"F2", "F1", "yes"}, {"F3", "F1", "yes"}, {"F4", "F3", "no"}, {"G2", "G1", "yes"},
                 {"G3", "G1", "yes"}, {"J2", "J1", "yes"}, {"J3", "J2", "yes"}};
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (!str_eq(map_get(answers, RULES[i].after), RULES[i].answer))
            map_set(answers, RULES[i].asked, (void *)(uintptr_t) "");
}

/* --- writing --- */

struct fieldwork {
    const struct model *m;
    const struct questionnaire *q;
    struct csv_writer csv;
    const char *quarter;
    struct rng r;
    double quarter_effect;
    int64_t spare; /* interviews that the unit may lose and still have LEAST */
};

static void write_person(struct ctx *cx, struct fieldwork *w, const struct stratum *s, const char *psu,
                         double theta)
{
    struct map *answers = map_new(cx->arena);
    draw_person(cx, &w->r, w->m, w->q, theta + PERSON_SD * rng_normal(&w->r), answers);
    skip_questions(answers);
    csv_put(&w->csv, s->code);
    csv_put(&w->csv, psu);
    csv_put(&w->csv, s->kato);
    for (size_t i = 0; i < w->q->n; i++)
        csv_put(&w->csv, map_get(answers, w->q->rows[i].code));
    csv_end_row(&w->csv);
}

/* Half of the clusters stay from quarter to quarter, the others are new each time. */
static void write_stratum(struct ctx *cx, struct fieldwork *w, const struct stratum *s, double unit_effect)
{
    int64_t clusters = s->planned / CLUSTER, staying = clusters / 2;
    for (int64_t c = 0; c < clusters; c++) {
        const char *psu =
            c < staying ? arena_printf(cx->arena, "%s-%02lld", s->code, (long long)c + 1)
                        : arena_printf(cx->arena, "%s-%s-%02lld", s->code, w->quarter + 2, (long long)c + 1);
        struct rng effect = rng_stream(SEED, psu, 0);
        double theta = unit_effect + w->quarter_effect + CLUSTER_SD * rng_normal(&effect);
        for (int i = 0; i < CLUSTER; i++) {
            if (w->spare > 0 && rng_uniform(&w->r) < 0.06) {
                w->spare--;
                continue;
            }
            write_person(cx, w, s, psu, theta);
        }
    }
}

int research_demo_csv(struct ctx *cx, const char *quarter, const struct frame *f,
                      const struct questionnaire *q, struct buf *out)
{
    struct quarter when;
    struct model m;
    if (!quarter_parse(quarter, &when) || quarter_index(when) < quarter_index(FIRST) ||
        quarter_index(when) >= quarter_index(FIRST) + QUARTERS)
        return fail(cx, ERR_NOT_FOUND, "The demonstration has no answers of %s.", quarter);
    TRY(read_all(cx, &m));
    int t = quarter_index(when) - quarter_index(FIRST);
    struct fieldwork w = {.m = &m,
                          .q = q,
                          .quarter = quarter,
                          .r = rng_stream(SEED, "answers", (uint64_t)t),
                          .quarter_effect = TREND * t + SEASON[when.q - 1]};
    csv_begin(&w.csv, out, ',', true);
    csv_put(&w.csv, "stratum");
    csv_put(&w.csv, "psu");
    csv_put(&w.csv, "unit");
    for (size_t i = 0; i < q->n; i++)
        csv_put(&w.csv, q->rows[i].code);
    csv_end_row(&w.csv);
    for (size_t i = 0, end; i < f->n; i = end) {
        struct rng unit = rng_stream(SEED, f->rows[i].kato, 0);
        double unit_effect = UNIT_SD * rng_normal(&unit);
        w.spare = -LEAST;
        for (end = i; end < f->n && f->rows[end].unit_id == f->rows[i].unit_id; end++)
            w.spare += f->rows[end].planned;
        for (size_t k = i; k < end; k++)
            write_stratum(cx, &w, &f->rows[k], unit_effect);
    }
    return out->toobig ? fail(cx, ERR_LIMIT, "The demonstration's answers are too many.") : OK;
}

/* --- loading --- */

static int load_quarter(struct ctx *cx, struct quarter when, int t)
{
    const char *quarter = quarter_text(cx->arena, when);
    struct date start = quarter_start(when), from = date_add_days(start, 40), to = date_add_days(start, 68);
    struct rng r = rng_stream(SEED, "refused", (uint64_t)t);
    struct frame f;
    struct questionnaire *q;
    int64_t round_id, import_id;
    TRY(research_round_open(cx,
                            &(struct research_round_in){quarter, date_text(cx->arena, from),
                                                        date_text(cx->arena, to), 250 + rng_poisson(&r, 60),
                                                        true, NULL},
                            &round_id));
    TRY(frame_of_round(cx, round_id, &f));
    TRY(questionnaire_on(cx, date_text(cx->arena, quarter_end(when)), &q));
    struct buf *csv = buf_new(cx->arena, 0);
    TRY(research_demo_csv(cx, quarter, &f, q, csv));
    struct answers *a;
    const char *name = arena_printf(cx->arena, "demonstration-%s.csv", quarter);
    TRY(answers_read(cx, q, &f, name, csv->data, csv->len, NULL, &a));
    if (a->n_errors)
        return fail(cx, ERR_INVALID, "%s: line %lld, column %s: \"%s\" is not %s.", name,
                    (long long)a->errors.rows[0].line, a->errors.rows[0].column, a->errors.rows[0].text,
                    a->errors.rows[0].expected);
    return research_import(
        cx,
        &(struct research_import_in){quarter, a, false, true,
                                     instant_of((struct civil){date_add_days(to, 4), 11, 20, 0}, NULL)},
        &import_id);
}

int research_demo(struct ctx *cx)
{
    struct quarter when = FIRST;
    for (int t = 0; t < QUARTERS; t++, when = quarter_next(when))
        TRY(load_quarter(cx, when, t));
    return OK;
}
