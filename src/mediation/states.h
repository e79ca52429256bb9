/* states.h - the page that shows the states of a case and the steps between them, out of the table itself. */
#ifndef MEDIATION_STATES_H
#define MEDIATION_STATES_H

#include "http/view.h"
#include "mediation/case.h"

enum { STATES_WIDTH = 1040, STATES_HEIGHT = 470, STATES_BOX_WIDTH = 150, STATES_BOX_HEIGHT = 44 };

struct states_box {
    const char *code, *label, *line[2]; /* the label on one or two lines */
    int64_t x, y;
    bool main; /* on the way from filing to performance */
};
struct states_arrow {
    const char *from, *to;
    int64_t x1, y1, cx, cy, x2, y2; /* a curve from the edge of one box to that of another */
};
struct states_step {
    const char *label, *from, *to, *who;
};
struct states_page {
    struct {
        struct states_box *rows;
        size_t n;
    } boxes;
    struct {
        struct states_arrow *rows;
        size_t n;
    } arrows;
    struct {
        struct states_step *rows;
        size_t n;
    } steps;
};

int states_get(struct request *rq);
extern const struct view states_view;

#endif
