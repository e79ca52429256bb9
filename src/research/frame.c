/* frame.c - see frame.h. */
#include "research/frame.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "registry/figures_sql.h"
#include "registry/lists.h"
#include "registry/registry.h"
#include "research/research.h"
#include "setting/setting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int frame_of_round(struct ctx *cx, int64_t round_id, struct frame *out)
{
    struct stratum_list_list list;
    TRY(stratum_list(cx, cx->region_id, round_id, &list));
    *out = (struct frame){arena_array(cx->arena, list.n, sizeof *out->rows), list.n};
    for (size_t i = 0; i < list.n; i++) {
        const struct stratum_list_row *r = &list.rows[i];
        out->rows[i] =
            (struct stratum){r->code,       r->kato,    registry_name(cx, *r), r->unit_id, r->urban,
                             r->population, r->planned, r->computed,           r->source,  r->answers,
                             r->clusters};
    }
    return OK;
}

const struct stratum *frame_stratum(const struct frame *f, const char *code)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->rows[i].code, code))
            return &f->rows[i];
    return NULL;
}

/* --- computing --- */

struct urban_shares {
    const char *kato[64];
    double share[64];
    size_t n;
};

static int read_share(struct ctx *cx, const struct table *t, void *arg)
{
    struct urban_shares *u = arg;
    if (u->n == sizeof u->share / sizeof *u->share)
        return fail(cx, ERR_LIMIT, "The list of urban shares is too long.");
    u->kato[u->n] = list_text(cx, t, "kato");
    return table_num(cx, t, "share", &u->share[u->n++]);
}

static double urban_share(const struct urban_shares *u, const struct territory_list_row *unit)
{
    for (size_t i = 0; i < u->n; i++)
        if (str_eq(u->kato[i], unit->kato))
            return u->share[i];
    return str_eq(unit->kind, "city") ? 1 : 0;
}

static int by_code(const void *a, const void *b)
{
    const struct stratum *x = a, *y = b;
    int c = strcmp(x->kato, y->kato);
    return c ? c : (int)y->urban - (int)x->urban;
}

static const struct population_of_units_row *population_of(const struct population_of_units_list *l,
                                                           int64_t unit)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->rows[i].territory_id == unit)
            return &l->rows[i];
    return NULL;
}

static void add_stratum(struct ctx *cx, struct frame *f, const struct territory_list_row *unit, bool urban,
                        double adults, const struct population_of_units_row *p)
{
    if (adults < 0.5)
        return;
    f->rows[f->n++] =
        (struct stratum){.code = arena_printf(cx->arena, "%s-%c", unit->kato, urban ? 'u' : 'r'),
                         .kato = unit->kato,
                         .unit = registry_name(cx, *unit),
                         .unit_id = unit->id,
                         .urban = urban,
                         .population = (int64_t)adults,
                         .computed = true,
                         .source = p->period};
}

int frame_compute(struct ctx *cx, const char *quarter, struct frame *out)
{
    struct quarter q;
    if (!quarter_parse(quarter, &q))
        return fail(cx, ERR_INVALID, "\"%s\" is not a quarter; write it like 2025-Q3.", quarter);
    const char *day = date_text(cx->arena, quarter_end(q));
    struct urban_shares shares = {0};
    struct territory_list_list units;
    struct population_of_units_list then, newest;
    TRY(list_each(cx, "reference/urban_shares.csv", read_share, &shares));
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, day, &units));
    TRY(population_of_units(cx, cx->region_id, day, &then));
    TRY(population_of_units(cx, cx->region_id, "9999", &newest));
    double adult_share = setting_num(cx, "research.adult_share");
    *out = (struct frame){arena_array(cx->arena, 2 * units.n, sizeof *out->rows), 0};
    for (size_t i = 0; i < units.n; i++) {
        const struct territory_list_row *u = &units.rows[i];
        const struct population_of_units_row *p = population_of(&then, u->id);
        if (!p)
            p = population_of(&newest, u->id);
        if (!p)
            return fail(cx, ERR_INVALID,
                        "%s (%s) has no population figure; import one, then compute the frame.",
                        registry_name(cx, *u), u->kato);
        double adults = round(p->value * adult_share), urban = round(adults * urban_share(&shares, u));
        add_stratum(cx, out, u, true, urban, p);
        add_stratum(cx, out, u, false, adults - urban, p);
    }
    if (out->n)
        qsort(out->rows, out->n, sizeof *out->rows, by_code);
    return OK;
}

/* --- planning --- */

/* Shares `clusters` among k strata by adults, at least two each; what is left over goes where the quotient is
 * largest. */
static void plan_unit(struct stratum *s, size_t k, int64_t clusters, int64_t cluster)
{
    for (size_t i = 0; i < k; i++)
        s[i].planned = 2;
    for (int64_t left = clusters - 2 * (int64_t)k; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < k; i++)
            if ((double)s[i].population / (double)(s[i].planned + 1) >
                (double)s[best].population / (double)(s[best].planned + 1))
                best = i;
        s[best].planned++;
    }
    for (size_t i = 0; i < k; i++)
        s[i].planned *= cluster;
}

static size_t unit_end(const struct frame *f, size_t from)
{
    size_t to = from;
    while (to < f->n && f->rows[to].unit_id == f->rows[from].unit_id)
        to++;
    return to;
}

void frame_plan(struct frame *f, int64_t total, int64_t least, int64_t cluster)
{
    double adults = 0;
    int64_t units = 0, floor_clusters = (least + cluster - 1) / cluster;
    for (size_t i = 0; i < f->n; i++)
        adults += (double)f->rows[i].population;
    for (size_t i = 0; i < f->n; i = unit_end(f, i))
        units++;
    int64_t spare = total / cluster - units * floor_clusters;
    double so_far = 0;
    int64_t given = 0; /* rounding what was to be given up to here loses none */
    for (size_t i = 0, end; i < f->n; i = end) {
        end = unit_end(f, i);
        for (size_t k = i; k < end; k++)
            so_far += (double)f->rows[k].population;
        int64_t to_give = spare > 0 ? (int64_t)floor((double)spare * so_far / adults + 0.5) : 0;
        plan_unit(f->rows + i, end - i, floor_clusters + to_give - given, cluster);
        given = to_give;
    }
}

int frame_put(struct ctx *cx, int64_t round_id, const struct frame *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct stratum *s = &f->rows[i];
        TRY(stratum_put(cx,
                        &(struct stratum_put_in){cx->region_id, round_id, s->code, s->unit_id, s->urban,
                                                 s->population, s->planned, s->computed, s->source},
                        NULL));
    }
    return OK;
}
