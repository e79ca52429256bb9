/* states.c - draws the states of a case and the moves between them; only the places of the boxes are given here. */
#include "mediation/states.h"
#include "mediation/states_html.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "i18n/i18n.h"
#include "mediation/mediation.h"

#include <math.h>
#include <string.h>

static const struct {
    int x, y;
    bool main;
} PLACES[CASE_STATES] = {
    [CASE_INTAKE] = {10, 205, true},        [CASE_OFFERED] = {225, 205, true},     [CASE_CONTRACT] = {440, 120, true},
    [CASE_SESSIONS] = {440, 205, true},     [CASE_SETTLED] = {655, 120, true},     [CASE_FOLLOW_UP] = {870, 120, true},
    [CASE_CLOSED] = {870, 300, true},       [CASE_EMERGENCY] = {10, 30, false},    [CASE_LAWYER] = {225, 30, false},
    [CASE_REFERRED] = {655, 30, false},     [CASE_REFUSED_ONE] = {655, 230, false}, [CASE_REFUSED_BOTH] = {655, 290, false},
    [CASE_IMPOSSIBLE] = {655, 350, false},  [CASE_EXPIRED] = {655, 410, false},
};

/* A label of more than 18 letters goes on two lines, parted at the space nearest to its middle. */
static void two_lines(struct arena *a, const char *label, const char *line[2])
{
    size_t n = strlen(label), best = 0;
    line[0] = label;
    line[1] = "";
    if (utf8_count(label) <= 18)
        return;
    for (size_t i = 1; i < n; i++)
        if (label[i] == ' ' && (!best || (i > n / 2 ? i - n / 2 : n / 2 - i) < (best > n / 2 ? best - n / 2 : n / 2 - best)))
            best = i;
    if (!best)
        return;
    line[0] = arena_printf(a, "%.*s", (int)best, label);
    line[1] = label + best + 1;
}

/* Where the line from the middle of a box towards a point leaves it. */
static void edge(int x, int y, double dx, double dy, int64_t *ex, int64_t *ey)
{
    double half_w = STATES_BOX_WIDTH / 2.0, half_h = STATES_BOX_HEIGHT / 2.0;
    double sx = dx != 0 ? half_w / fabs(dx) : INFINITY, sy = dy != 0 ? half_h / fabs(dy) : INFINITY, s = sx < sy ? sx : sy;
    *ex = lround(x + half_w + dx * s);
    *ey = lround(y + half_h + dy * s);
}

static struct states_arrow arrow(enum case_state from, enum case_state to)
{
    struct states_arrow a = {.from = case_state_code(from), .to = case_state_code(to)};
    double dx = PLACES[to].x - PLACES[from].x, dy = PLACES[to].y - PLACES[from].y, length = hypot(dx, dy);
    edge(PLACES[from].x, PLACES[from].y, dx, dy, &a.x1, &a.y1);
    edge(PLACES[to].x, PLACES[to].y, -dx, -dy, &a.x2, &a.y2);
    /* Bent a little to its left, so that a way there and the way back part. */
    a.cx = lround((double)(a.x1 + a.x2) / 2 + dy / length * length * 0.08);
    a.cy = lround((double)(a.y1 + a.y2) / 2 - dx / length * length * 0.08);
    return a;
}

static const char *states_text(struct ctx *cx, unsigned set)
{
    struct buf *b = buf_new(cx->arena, 0);
    for (int s = 0; s < CASE_STATES; s++)
        if (set & (1u << s))
            buf_printf(b, "%s%s", b->len ? "; " : "", T(cx, case_state_label((enum case_state)s)));
    return b->len ? b->data : "";
}

static const char *who_text(struct ctx *cx, unsigned who)
{
    return who == CASE_BY_CLERK      ? T(cx, "the clerk")
           : who == CASE_BY_MEDIATOR ? T(cx, "the mediator")
                                     : T(cx, "the clerk or the mediator");
}

int states_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct states_page *m = arena_alloc(cx->arena, sizeof *m);
    struct case_move *moves;
    size_t n = case_moves(cx->arena, &moves);
    m->boxes.rows = arena_array(cx->arena, CASE_STATES, sizeof *m->boxes.rows);
    for (int s = 0; s < CASE_STATES; s++) {
        struct states_box *b = &m->boxes.rows[m->boxes.n++];
        *b = (struct states_box){.code = case_state_code((enum case_state)s), .label = T(cx, case_state_label((enum case_state)s)),
                                 .x = PLACES[s].x, .y = PLACES[s].y, .main = PLACES[s].main};
        two_lines(cx->arena, b->label, b->line);
    }
    m->arrows.rows = arena_array(cx->arena, n, sizeof *m->arrows.rows);
    for (size_t i = 0; i < n; i++)
        m->arrows.rows[m->arrows.n++] = arrow(moves[i].from, moves[i].to);
    VEC(struct states_step) steps = {0};
    unsigned triage = (1u << CASE_INTAKE) | (1u << CASE_LAWYER);
    unsigned triaged = (1u << CASE_EMERGENCY) | (1u << CASE_REFERRED) | (1u << CASE_LAWYER) | (1u << CASE_OFFERED);
    struct states_step first = {T(cx, "Triage"), states_text(cx, triage), states_text(cx, triaged), who_text(cx, CASE_BY_CLERK)};
    vec_push(cx->arena, &steps, first);
    for (const struct case_step *s = CASE_STEPS; s->action; s++) {
        bool stays = s->to == CASE_STATES;
        struct states_step row = {T(cx, s->label), states_text(cx, s->from), stays ? T(cx, "stays") : states_text(cx, 1u << s->to),
                                  who_text(cx, s->who)};
        vec_push(cx->arena, &steps, row);
    }
    struct states_step clock = {T(cx, "The term ends by the clock"), states_text(cx, (1u << CASE_CONTRACT) | (1u << CASE_SESSIONS)),
                                states_text(cx, 1u << CASE_EXPIRED), T(cx, "the program, on the day after the last")};
    vec_push(cx->arena, &steps, clock);
    m->steps.rows = steps.rows;
    m->steps.n = steps.n;
    return respond_view(rq, &states_view, m);
}

static const struct field_desc BOX_FIELDS[] = {FIELD(states_box, code, TEXT), FIELD(states_box, label, TEXT)};
static ROW_DESC(BOX, "case_state", states_box, BOX_FIELDS);
static const struct field_desc ARROW_FIELDS[] = {FIELD(states_arrow, from, TEXT), FIELD(states_arrow, to, TEXT)};
static ROW_DESC(ARROW, "case_move", states_arrow, ARROW_FIELDS);
static const struct field_desc STEP_FIELDS[] = {FIELD(states_step, label, TEXT), FIELD(states_step, from, TEXT),
                                                FIELD(states_step, to, TEXT), FIELD(states_step, who, TEXT)};
static ROW_DESC(STEP, "case_step", states_step, STEP_FIELDS);

const struct view states_view = {
    .name = "case_states",
    .title = N_("The way of a case"),
    .nav = "/disputes",
    .html = mediation_states_html,
    .parts = (const struct view_part[]){{"states", VIEW_LIST, offsetof(struct states_page, boxes), &BOX},
                                        {"moves", VIEW_LIST, offsetof(struct states_page, arrows), &ARROW},
                                        {"steps", VIEW_LIST, offsetof(struct states_page, steps), &STEP},
                                        {0}}};
