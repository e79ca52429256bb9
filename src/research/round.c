/* round.c - the fieldwork of a quarter: whether it may change, and how far it came. */
#include "research/research.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "i18n/i18n.h"
#include "research/frame.h"

#include <string.h>

int research_round(struct ctx *cx, const char *quarter, struct round_of_quarter_row *out, bool *found)
{
    struct quarter q;
    if (!quarter_parse(quarter, &q))
        return fail(cx, ERR_INVALID, "\"%s\" is not a quarter; write it like 2025-Q3.", quarter);
    memset(out, 0, sizeof *out);
    return round_of_quarter(cx, cx->region_id, quarter, out, found);
}

int research_open(struct ctx *cx, const char *quarter)
{
    struct closed_run_row run;
    bool closed;
    TRY(closed_run(cx, cx->region_id, quarter, &run, &closed));
    if (closed)
        return fail(
            cx, ERR_CONFLICT,
            "%s is closed: its answers and its frame do not change any more. Open the quarter again first.",
            fmt_quarter(cx, quarter));
    return OK;
}

int research_coverage(struct ctx *cx, const char *quarter, struct research_coverage *out)
{
    struct round_of_quarter_row round;
    struct frame f;
    bool found;
    *out = (struct research_coverage){.refused = -1};
    TRY(research_round(cx, quarter, &round, &found));
    if (!found)
        return OK;
    if (round.refused.has)
        out->refused = round.refused.value;
    TRY(frame_of_round(cx, round.id, &f));
    out->rows = arena_array(cx->arena, f.n, sizeof *out->rows);
    for (size_t i = 0; i < f.n; i++) {
        const struct stratum *s = &f.rows[i];
        if (!out->n || out->rows[out->n - 1].unit_id != s->unit_id)
            out->rows[out->n++] =
                (struct research_unit_coverage){.unit_id = s->unit_id, .kato = s->kato, .name = s->unit};
        struct research_unit_coverage *u = &out->rows[out->n - 1];
        u->adults += s->population;
        u->planned += s->planned;
        u->answers += s->answers;
        u->clusters += s->clusters;
        out->planned += s->planned;
        out->answers += s->answers;
        out->clusters += s->clusters;
    }
    out->units = (int64_t)out->n;
    for (size_t i = 0; i < out->n; i++)
        out->units_with_answers += out->rows[i].answers > 0;
    return OK;
}
