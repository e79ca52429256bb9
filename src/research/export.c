/* export.c - see export.h. */
#include "research/export.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/str.h"
#include "base/time.h"
#include "research/questionnaire.h"
#include "research/research.h"

static void put_header(struct csv_writer *w, const struct questionnaire *q, bool template)
{
    csv_put(w, "stratum");
    csv_put(w, "psu");
    csv_put(w, "unit");
    if (!template)
        csv_put(w, "weight");
    for (size_t i = 0; i < q->n; i++)
        if (template || !q->rows[i].sensitive)
            csv_put(w, q->rows[i].code);
    csv_end_row(w);
}

/* The answers of the interview at *next of the list, by question; several are joined by blanks. */
static void put_answers(struct ctx *cx, struct csv_writer *w, const struct questionnaire *q,
                        const struct answer_list_open_list *all, int64_t row_no, size_t *next)
{
    const char **cells = arena_array(cx->arena, q->n, sizeof *cells);
    for (; *next < all->n && all->rows[*next].row_no == row_no; ++*next)
        for (size_t i = 0; i < q->n; i++)
            if (str_eq(q->rows[i].code, all->rows[*next].question_code)) {
                const char *value = all->rows[*next].value;
                cells[i] = cells[i] ? arena_printf(cx->arena, "%s %s", cells[i], value) : value;
            }
    for (size_t i = 0; i < q->n; i++)
        if (!q->rows[i].sensitive)
            csv_put(w, cells[i]);
}

int research_export(struct ctx *cx, const char *quarter, struct buf *out, int64_t *rows)
{
    struct round_of_quarter_row round;
    struct questionnaire *q;
    struct response_list_list responses = {0};
    struct answer_list_open_list answers = {0};
    struct quarter when;
    struct csv_writer w;
    bool found;
    TRY(research_round(cx, quarter, &round, &found)); /* checks the quarter as well */
    quarter_parse(quarter, &when);
    if (found) {
        TRY(questionnaire_by_id(cx, round.instrument_id, &q));
        TRY(response_list(cx, cx->region_id, round.id, &responses));
        TRY(answer_list_open(cx, cx->region_id, round.id, &answers));
    } else {
        TRY(questionnaire_on(cx, date_text(cx->arena, quarter_end(when)), &q));
    }
    *rows = (int64_t)responses.n;
    csv_begin(&w, out, ',', true);
    put_header(&w, q, responses.n == 0);
    size_t next = 0;
    for (size_t i = 0; i < responses.n; i++) {
        const struct response_list_row *r = &responses.rows[i];
        csv_put(&w, r->stratum);
        csv_put(&w, r->psu);
        csv_put(&w, r->kato);
        csv_put_num(&w, r->weight);
        put_answers(cx, &w, q, &answers, r->row_no, &next);
        csv_end_row(&w);
    }
    return out->toobig ? fail(cx, ERR_LIMIT, "The answers of %s are too many for one file.", quarter) : OK;
}
