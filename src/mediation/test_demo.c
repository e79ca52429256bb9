/* The demonstration's disputes: the published sums come out of the records; what is shown of them is
 * protected. */
#include "testdb.h"

#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "mediation/demo.h"
#include "mediation/dispute_sql.h"
#include "mediation/mediation.h"
#include "mediation/stats.h"
#include "mediation/triage.h"
#include "registry/cli.h"
#include "registry/registry.h"

#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

static int demo_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(registry_load_embedded_packs(cx));
    return mediation_demo(cx);
}

static int64_t sum(const struct dispute_cells_list *c, bool offence, int what)
{
    int64_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->rows[i].offence == offence)
            n += what == 0 ? c->rows[i].n : what == 1 ? c->rows[i].settled : c->rows[i].performed;
    return n;
}

static void test_sums(struct testdb *t)
{
    struct dispute_cells_list c;
    testdb_must(t, mediation_cells(&t->cx, "2024-Q1", "2024-Q4", &c), "cells");
    OK_(sum(&c, true, 0) == 126, "126 offences of 2024 are counted from the records");
    OK_(sum(&c, true, 1) == 100, "100 of them were settled");
    OK_(sum(&c, true, 2) <= 100 && sum(&c, true, 2) > 60, "not more were performed than settled");
    testdb_must(t, mediation_cells(&t->cx, "2025-Q1", "2025-Q2", &c), "cells");
    OK_(sum(&c, true, 0) == 34 && sum(&c, true, 1) == 20,
        "34 offences and 20 settlements until 30 June 2025");
    testdb_must(t, mediation_cells(&t->cx, "2025-Q3", "2025-Q3", &c), "cells");
    OK_(sum(&c, true, 0) > 0 && sum(&c, false, 0) > 0, "the third quarter of 2025 has disputes too");
}

static void test_states(struct testdb *t)
{
    int seen[CASE_STATES] = {0};
    struct dispute_list_list all;
    testdb_must(t,
                dispute_list(&t->cx,
                             &(struct dispute_list_in){.region_id = 61,
                                                       .see_all = 1,
                                                       .state = "",
                                                       .kind = "",
                                                       .quarter = "",
                                                       .today = "",
                                                       .most = 2000},
                             &all),
                "list");
    size_t odd = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct dispute_list_row *d = &all.rows[i];
        enum case_state s = case_state_from(d->state);
        seen[s]++;
        odd += !d->demo || (*d->settled_on && strcmp(d->settled_on, d->occurred_on) < 0) ||
               (*d->performed_on && !*d->settled_on) ||
               (*d->due_on && *d->settled_on && strcmp(d->settled_on, d->due_on) > 0) ||
               strcmp(d->closed_on, "2025-10-06") > 0 || strcmp(d->performed_on, "2025-10-06") > 0 ||
               (i && d->filed_us > all.rows[i - 1].filed_us);
    }
    is_int(odd, 0, testdb_name(t, "every made-up case is possible and marked"));
    int missing = 0;
    for (int s = 0; s < CASE_STATES; s++)
        missing += s != CASE_REFUSED_BOTH && !seen[s];
    is_int(missing, 0, testdb_name(t, "there is one in every state for the pages to show"));
}

static const struct stats_period *period(const struct stats_periods *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->rows[i].period, name))
            return &p->rows[i];
    return NULL;
}

/* What anybody can work out with sums and differences of the periods: a value is known when its row or column
 * leaves one unknown. Returns how many hidden small values become known. */
static int leaks(const struct stats_periods *p)
{
    int found = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct stats_period *r = &p->rows[i];
        /* within a row: cases = settled + not settled */
        int hidden = r->cases.hidden + r->settled.hidden + r->not_settled.hidden;
        if (hidden == 1)
            found++;
        if (!r->cases.hidden && r->cases.value > 0 && r->cases.value < 10)
            found++;
        if (!r->settled.hidden && r->settled.value > 0 && r->settled.value < 10)
            found++;
        if (!r->not_settled.hidden && r->not_settled.value > 0 && r->not_settled.value < 10)
            found++;
        if (!r->settled.hidden && !r->performed.hidden && r->settled.value - r->performed.value > 0 &&
            r->settled.value - r->performed.value < 10)
            found++;
    }
    /* between rows: two shown of whole, first and second half give the third */
    for (size_t i = 0; i < p->n; i++)
        for (size_t a = 0; a < p->n; a++)
            for (size_t b = a + 1; b < p->n; b++) {
                const char *w = p->rows[i].period, *f = p->rows[b].period, *s = p->rows[a].period;
                bool year = strlen(w) == 4 && strncmp(w, f, 4) == 0 && str_eq(f + 4, "-H1") &&
                            strncmp(w, s, 4) == 0 && str_eq(s + 4, "-H2");
                bool half1 = str_ends(w, "-H1") && strncmp(w, f, 5) == 0 && strncmp(w, s, 5) == 0 &&
                             str_ends(f, "-Q1") && str_ends(s, "-Q2");
                bool half2 = str_ends(w, "-H2") && strncmp(w, f, 5) == 0 && strncmp(w, s, 5) == 0 &&
                             str_ends(f, "-Q3") && str_ends(s, "-Q4");
                if (!year && !half1 && !half2)
                    continue;
                const struct stats_period *rows[3] = {&p->rows[i], &p->rows[a], &p->rows[b]};
                int cases = 0, settled = 0, not_settled = 0;
                for (int k = 0; k < 3; k++) {
                    cases += rows[k]->cases.hidden;
                    settled += rows[k]->settled.hidden;
                    not_settled += rows[k]->not_settled.hidden;
                }
                found += (cases == 1) + (settled == 1) + (not_settled == 1);
            }
    return found;
}

static void test_periods(struct testdb *t)
{
    static const char *const DAYS[] = {"2024-07-02", "2025-01-02", "2025-04-02",
                                       "2025-07-02", "2025-10-06", "2026-11-23"};
    struct ctx *cx = &t->cx;
    struct stats_periods p;
    testdb_must(t, stats_by_period(cx, true, "2025-10-06", &p), "periods");
    const struct stats_period *year = period(&p, "2024"), *half = period(&p, "2025-H1");
    OK_(year && !year->cases.hidden && year->cases.value == 126 && !year->settled.hidden &&
            year->settled.value == 100,
        "the sums of 2024 are shown");
    OK_(half && !half->cases.hidden && half->cases.value == 34 && !half->settled.hidden &&
            half->settled.value == 20,
        "those of the first half of 2025 too");
    OK_(!period(&p, "2025-Q4") && !period(&p, "2025") && !period(&p, "2023"),
        "a period that is not over, or not covered by records, is not");
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++)
        for (int offence = 0; offence < 2; offence++) {
            testdb_must(t, stats_by_period(cx, offence, DAYS[i], &p), "periods");
            ok(leaks(&p) == 0,
               arena_printf(cx->arena, "%s: on %s nothing small is shown or can be worked out (%s)",
                            t->engine, DAYS[i], offence ? "offences" : "everyday"));
        }
}

static void test_places(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    struct stats_table s;
    struct mediation_place_counts m;
    testdb_must(t, stats_by_place(cx, true, 2024, "2025-10-06", &s), "places");
    size_t w = s.kinds + 1, small = 0, lone = 0, differ = 0;
    for (size_t u = 0; u <= s.units; u++) {
        int hidden = 0;
        for (size_t k = 0; k < w; k++) {
            struct protected_count c = s.cells[u * w + k];
            small += !c.hidden && c.value > 0 && c.value < 10;
            hidden += c.hidden;
        }
        lone += hidden == 1;
    }
    OK_(s.units == 17 && small == 0 && lone == 0,
        "places by kinds show no small number and leave none alone in a row");
    OK_(s.cells[s.units * w + s.kinds].value == 126, "their total is that of the periods");
    OK_(stats_by_place(cx, true, 2025, "2025-10-06", &s) == ERR_NOT_FOUND,
        "a year that runs has no such table");
    cx->err = OK;
    time_set_for_tests(instant_of((struct civil){.date = {2025, 10, 6}, .hour = 12}, NULL));
    testdb_must(t, stats_by_place(cx, true, 2024, "2025-10-06", &s), "places");
    for (size_t u = 0; u < s.units; u++) {
        testdb_must(t, mediation_place_counts(cx, s.unit_ids[u], &m), "counts");
        for (size_t i = 0; i < m.n; i++)
            if (!*m.rows[i].kind_code)
                differ += m.rows[i].cases.hidden != s.cells[u * w + s.kinds].hidden ||
                          m.rows[i].cases.value != s.cells[u * w + s.kinds].value;
    }
    OK_(differ == 0, "a unit's passport shows what the table shows");
    struct settlement_list_list villages;
    size_t shown = 0;
    testdb_must(t, settlement_list(cx, 61, "2025-10-06", &villages), "settlements");
    for (size_t i = 0; i < villages.n; i += 40) {
        testdb_must(t, mediation_place_counts(cx, villages.rows[i].id, &m), "counts");
        for (size_t k = 0; k < m.n; k++)
            shown += !m.rows[k].cases.hidden && m.rows[k].cases.value > 0 && m.rows[k].cases.value < 10;
    }
    OK_(shown == 0, "no settlement shows a small number");
}

static void cases(struct testdb *t)
{
    testdb_must(t, db_tx(&t->cx, demo_tx, NULL), "demonstration");
    test_sums(t);
    test_states(t);
    test_periods(t);
    test_places(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
