/* freeze.c - what a quarter rests on: units, populations, and a hash over every input row in a fixed order. */
#include "quarter/work.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include "quarter/freeze_sql.h"
#include "quarter/run_sql.h"
#include "registry/figures_sql.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b)
{
    const struct territory_list_row *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

int quarter_unit_index(const struct quarter_work *w, int64_t unit_id)
{
    const struct territory_list_row key = {.id = unit_id};
    const struct territory_list_row *hit = w->units.n ? bsearch(&key, w->units.rows, w->units.n, sizeof key, by_id) : NULL;
    return hit ? (int)(hit - w->units.rows) : -1;
}

int64_t quarter_figure_id(enum quarter_step step, size_t position)
{
    return ((int64_t)step + 1) * 10000000 + (int64_t)position + 1;
}

int quarter_prepare(struct ctx *cx, struct quarter_work *w)
{
    w->name = quarter_text(cx->arena, w->quarter);
    w->last_day = date_text(cx->arena, quarter_end(w->quarter));
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, w->last_day, &w->units));
    if (!w->units.n)
        return fail(cx, ERR_NOT_FOUND, "The registry has no districts for %s; load the region pack first.", w->last_day);
    qsort(w->units.rows, w->units.n, sizeof *w->units.rows, by_id);
    TRY(registry_region_territory(cx, w->last_day, &w->region_territory));
    w->population = arena_array(cx->arena, w->units.n, sizeof *w->population);
    for (size_t i = 0; i < w->units.n; i++)
        w->population[i] = NAN;
    struct population_of_units_list people;
    TRY(population_of_units(cx, cx->region_id, w->last_day, &people));
    for (size_t i = 0; i < people.n; i++) {
        int unit = quarter_unit_index(w, people.rows[i].territory_id);
        if (unit >= 0)
            w->population[unit] = people.rows[i].value;
        w->demo = w->demo || people.rows[i].demo;
    }
    return OK;
}

/* --- hashing -------------------------------------------------------------------------------------------------------- */

struct tally {
    struct crypto_hash hash;
    int64_t rows;
};

/* Each value with its length in front: no two rows can read alike. */
static void tally_text(struct tally *t, const char *s)
{
    uint64_t n = s ? strlen(s) : UINT64_MAX;
    crypto_hash_add(&t->hash, &n, sizeof n);
    if (s)
        crypto_hash_add(&t->hash, s, strlen(s));
}

static void tally_int(struct tally *t, int64_t v) { crypto_hash_add(&t->hash, &v, sizeof v); }
static void tally_num(struct tally *t, double v) { crypto_hash_add(&t->hash, &v, sizeof v); }

static int tally_response(struct ctx *cx, void *arg, const struct freeze_responses_row *r)
{
    struct tally *t = arg;
    tally_int(t, r->row_no);
    tally_int(t, r->unit_id);
    tally_text(t, r->stratum);
    tally_text(t, r->psu);
    tally_num(t, r->weight);
    t->rows++;
    return cx->cancelled && cx->cancelled(cx) ? fail(cx, ERR_BUSY, "The close of the quarter was stopped.") : OK;
}

static int tally_answer(struct ctx *cx, void *arg, const struct freeze_answers_row *r)
{
    (void)cx;
    struct tally *t = arg;
    tally_text(t, r->question_code);
    tally_int(t, r->row_no);
    tally_text(t, r->value);
    t->rows++;
    return OK;
}

static int tally_dispute(struct ctx *cx, void *arg, const struct freeze_disputes_row *r)
{
    (void)cx;
    struct tally *t = arg;
    tally_int(t, r->id);
    tally_int(t, r->unit_id);
    tally_text(t, r->kind_code);
    tally_text(t, r->quarter);
    tally_int(t, *r->settled_on != '\0');
    tally_int(t, *r->performed_on != '\0');
    t->rows++;
    return OK;
}

static int tally_population(struct ctx *cx, void *arg, const struct freeze_population_row *r)
{
    (void)cx;
    struct tally *t = arg;
    tally_int(t, r->territory_id);
    tally_num(t, r->value);
    tally_text(t, r->period);
    t->rows++;
    return OK;
}

static int tally_proposal(struct ctx *cx, void *arg, const struct freeze_proposals_row *r)
{
    (void)cx;
    struct tally *t = arg;
    tally_int(t, r->id);
    tally_text(t, r->number);
    tally_text(t, r->state);
    tally_text(t, r->due_on);
    t->rows++;
    return OK;
}

static int tally_visit(struct ctx *cx, void *arg, const struct freeze_visits_row *r)
{
    (void)cx;
    struct tally *t = arg;
    tally_int(t, r->id);
    tally_int(t, r->territory_id);
    tally_text(t, r->on_date);
    tally_text(t, r->state);
    t->rows++;
    return OK;
}

/* Ends one input: its row, and its share of the hash over all. */
static int put_input(struct ctx *cx, struct quarter_work *w, struct crypto_hash *all, const char *name, struct tally *t)
{
    unsigned char raw[CRYPTO_HASH_BYTES];
    crypto_hash_end(&t->hash, raw);
    crypto_hash_add(all, raw, sizeof raw);
    char *hex = arena_alloc(cx->arena, CRYPTO_HEX_CHARS + 1);
    for (size_t i = 0; i < sizeof raw; i++)
        snprintf(hex + 2 * i, 3, "%02x", raw[i]);
    return run_input_put(cx, &(struct run_input_put_in){cx->region_id, w->run_id, name, t->rows, hex}, NULL);
}

static void tally_begin(struct tally *t)
{
    t->rows = 0;
    crypto_hash_begin(&t->hash);
}

int quarter_freeze(struct ctx *cx, struct quarter_work *w)
{
    int64_t region = cx->region_id;
    struct crypto_hash all;
    struct tally t;
    crypto_hash_begin(&all);
    tally_begin(&t);
    TRY(freeze_responses(cx, region, w->name, tally_response, &t));
    TRY(put_input(cx, w, &all, "responses", &t));
    tally_begin(&t);
    TRY(freeze_answers(cx, region, w->name, tally_answer, &t));
    TRY(put_input(cx, w, &all, "answers", &t));
    tally_begin(&t);
    TRY(freeze_disputes(cx, region, quarter_text(cx->arena, quarter_add(w->quarter, 1 - SERIES_QUARTERS)), w->name, tally_dispute, &t));
    TRY(put_input(cx, w, &all, "disputes", &t));
    tally_begin(&t);
    TRY(freeze_population(cx, region, w->last_day, tally_population, &t));
    TRY(put_input(cx, w, &all, "population", &t));
    tally_begin(&t);
    TRY(freeze_proposals(cx, region, w->last_day, tally_proposal, &t));
    TRY(put_input(cx, w, &all, "proposals", &t));
    tally_begin(&t);
    TRY(freeze_visits(cx, region, w->last_day, tally_visit, &t));
    TRY(put_input(cx, w, &all, "visits", &t));
    /* changes are counted from the quarter before */
    const char *last = quarter_text(cx->arena, quarter_previous(w->quarter));
    tally_begin(&t);
    TRY(freeze_responses(cx, region, last, tally_response, &t));
    TRY(freeze_answers(cx, region, last, tally_answer, &t));
    TRY(put_input(cx, w, &all, "wave_before", &t));
    unsigned char raw[CRYPTO_HASH_BYTES];
    crypto_hash_end(&all, raw);
    w->inputs_hash = crypto_blake2b_hex(cx->arena, raw, sizeof raw);
    struct freeze_round_row round;
    bool found = false;
    TRY(freeze_round(cx, region, w->name, &round, &found));
    w->demo = w->demo || (found && round.demo);
    return OK;
}
