/* pages_frame.c - the frame of a fieldwork: looked at, changed stratum by stratum, or loaded from a file. */
#include "research/pages.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/table.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/registry.h"
#include "research/import.h"

enum { STRATUM_LARGEST = 50000000, PLANNED_LARGEST = 1000000 };

static const struct form_field STRATUM_FIELDS[] = {
    {.name = "quarter",
     .type = FORM_HIDDEN,
     .label = N_("Quarter"),
     .required = true,
     .offset = offsetof(struct research_stratum_values, quarter)},
    {.name = "code",
     .type = FORM_TEXT,
     .label = N_("Stratum"),
     .hint = N_("As in the table, for example 615200000-r"),
     .required = true,
     .max = 20,
     .offset = offsetof(struct research_stratum_values, code)},
    {.name = "population",
     .type = FORM_INT,
     .label = N_("Adults"),
     .required = true,
     .min = 1,
     .max = STRATUM_LARGEST,
     .offset = offsetof(struct research_stratum_values, population)},
    {.name = "planned",
     .type = FORM_INT,
     .label = N_("Planned interviews"),
     .required = true,
     .max = PLANNED_LARGEST,
     .offset = offsetof(struct research_stratum_values, planned)},
    {.name = "source",
     .type = FORM_TEXT,
     .label = N_("Source"),
     .required = true,
     .max = 200,
     .offset = offsetof(struct research_stratum_values, source)},
    {0}};
const struct form research_stratum_form = {STRATUM_FIELDS, sizeof(struct research_stratum_values)};

static const struct form_field FRAME_FIELDS[] = {
    {.name = "quarter",
     .type = FORM_HIDDEN,
     .label = N_("Quarter"),
     .required = true,
     .offset = offsetof(struct research_frame_values, quarter)},
    {.name = "file",
     .type = FORM_FILE,
     .label = N_("File"),
     .hint = N_("CSV or XLSX with the columns stratum, population, planned, source"),
     .required = true,
     .offset = offsetof(struct research_frame_values, file)},
    {0}};
const struct form research_frame_form = {FRAME_FIELDS, sizeof(struct research_frame_values)};

/* The quarter asked for, or that of the newest round, or the current one. */
static int asked_quarter(struct request *rq, const char *asked, const char **quarter)
{
    struct ctx *cx = rq->cx;
    struct round_list_list rounds;
    struct quarter q;
    *quarter = asked;
    if (quarter_parse(asked, &q))
        return OK;
    TRY(round_list(cx, cx->region_id, &rounds));
    *quarter = rounds.n ? rounds.rows[0].quarter : quarter_text(cx->arena, quarter_of(date_today(NULL)));
    return OK;
}

static int show_frame(struct request *rq, const char *asked)
{
    struct ctx *cx = rq->cx;
    struct research_frame_page *m = arena_alloc(cx->arena, sizeof *m);
    struct round_of_quarter_row round;
    struct closed_run_row run;
    struct frame f;
    TRY(asked_quarter(rq, asked, &m->quarter));
    TRY(research_round(cx, m->quarter, &round, &m->has_round));
    TRY(closed_run(cx, cx->region_id, m->quarter, &run, &m->closed));
    if (m->has_round)
        TRY(frame_of_round(cx, round.id, &f));
    else {
        TRY(frame_compute(cx, m->quarter, &f));
        research_plan(&f);
    }
    m->may_edit = rq_may(rq, PERM_RESEARCH_EDIT);
    m->strata.rows = f.rows;
    m->strata.n = f.n;
    for (size_t i = 0; i < f.n; i++) {
        m->adults += f.rows[i].population;
        m->planned += f.rows[i].planned;
    }
    form_preset(rq, &research_stratum_form, "quarter", m->quarter);
    form_preset(rq, &research_frame_form, "quarter", m->quarter);
    return respond_view(rq, &research_frame_view, m);
}

int research_frame_get(struct request *rq)
{
    return show_frame(rq, rq_query(rq, "quarter"));
}

/* --- changing ------------------------------------------------------------------------------------- */

struct frame_change {
    const char *quarter;
    struct frame f; /* the changed strata only */
};

static int change_tx(struct ctx *cx, void *arg)
{
    struct frame_change *c = arg;
    int64_t round;
    TRY(research_round_need(cx, c->quarter, false, &round));
    struct frame now;
    TRY(frame_of_round(cx, round, &now));
    for (size_t i = 0; i < c->f.n; i++) {
        const struct stratum *old = frame_stratum(&now, c->f.rows[i].code);
        if (!old)
            return fail(cx, ERR_INVALID, "There is no stratum \"%s\" in this frame.", c->f.rows[i].code);
        c->f.rows[i].unit_id = old->unit_id;
        c->f.rows[i].urban = old->urban;
    }
    TRY(frame_put(cx, round, &c->f));
    TRY(research_weigh(cx, round));
    return audit_append(cx, "research.frame", arena_printf(cx->arena, "round/%s", c->quarter),
                        arena_printf(cx->arena, "%zu strata", c->f.n));
}

static int change_frame(struct request *rq, struct frame_change *c, const char *field)
{
    struct ctx *cx = rq->cx;
    int rc = db_tx(cx, change_tx, c);
    if (form_refused(rq, field, rc))
        return show_frame(rq, c->quarter);
    TRY(rc);
    return respond_redirect(rq, arena_printf(cx->arena, "/research/frame?quarter=%s", c->quarter),
                            T(cx, "The frame is changed; weights follow it."));
}

int research_stratum_post(struct request *rq)
{
    const struct research_stratum_values *v = form_values(rq);
    if (!form_ok(rq))
        return show_frame(rq, v->quarter);
    struct stratum s = {.code = code_key(rq->cx->arena, v->code),
                        .population = v->population.value,
                        .planned = v->planned.value,
                        .source = v->source};
    return change_frame(rq, &(struct frame_change){v->quarter, {&s, 1}}, "code");
}

static int read_frame(struct ctx *cx, const struct file_part *file, struct frame *out)
{
    struct table *t;
    VEC(struct stratum) rows = {0};
    TRY(table_open(cx, file->path, NULL, &t));
    TRY(table_require(cx, t, "stratum", "population", "planned", "source", NULL));
    for (bool more;;) {
        struct stratum s = {0};
        TRY(table_next(cx, t, &more));
        if (!more)
            break;
        s.code = code_key(cx->arena, table_cell(t, "stratum"));
        TRY(table_int(cx, t, "population", 1, STRATUM_LARGEST, &s.population));
        TRY(table_int(cx, t, "planned", 0, PLANNED_LARGEST, &s.planned));
        s.source = arena_strdup(cx->arena, utf8_cut(cx->arena, table_cell(t, "source"), 200));
        vec_push(cx->arena, &rows, s);
    }
    *out = (struct frame){rows.rows, rows.n};
    return rows.n ? OK : fail(cx, ERR_INVALID, "The file holds no strata, only headings.");
}

int research_frame_post(struct request *rq)
{
    const struct research_frame_values *v = form_values(rq);
    struct frame_change c = {.quarter = v->quarter};
    if (form_ok(rq)) {
        int rc = read_frame(rq->cx, v->file, &c.f);
        if (rc == ERR_INVALID || rc == ERR_LIMIT)
            form_error(rq, "file", "%s", rq->cx->err_text);
        else if (rc)
            return rc;
    }
    return form_ok(rq) ? change_frame(rq, &c, "file") : show_frame(rq, v->quarter);
}
