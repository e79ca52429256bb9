/* pages.h - the pages of a quarter: the list, one quarter with its chain, signing, files, forecasts' ledger. */
#ifndef QUARTER_PAGES_H
#define QUARTER_PAGES_H

#include "db/job.h"
#include "http/route.h"
#include "quarter/figures_sql.h"
#include "quarter/run_sql.h"

extern const struct route quarter_routes[];
extern const struct nav_item quarter_nav[];
extern const struct job_kind quarter_jobs[];

/* One line a quarter: its newest run, or none. */
struct quarter_line {
    const char *quarter, *state; /* state: of the newest run; "open" (over, not closed), "running" ... */
    int64_t run_no;
    const char *signed_by;
    bool has_answers;
    int64_t answers;
};
struct quarters_page {
    struct quarter_lines { struct quarter_line *rows; size_t n; } list;
    bool may_close;
};

struct quarter_page {
    const char *quarter;
    bool has_run, may_close, may_sign, over;
    struct run_latest_row run;
    struct run_steps_list steps;
    struct run_inputs_list inputs;
    struct run_outputs_list outputs;
    struct quarter_job { int64_t id; const char *state, *doing; int64_t done, total; const char *error; } job; /* id 0: none */
    const char *article; /* the report as HTML in the reader's language; NULL: none */
    size_t article_len;
    struct run_differences_view { int64_t n; } changed;
};

struct monitoring_page {
    struct score_ledger_list ledger;
    struct forecast_lines {
        struct forecast_line {
            int64_t territory_id;
            const char *place, *period, *status, *reason;
            struct opt_num mean;
            struct opt_int lower80, upper80;
        } *rows;
        size_t n;
    } forecasts;
    const char *made_in; /* the quarter whose close made them; NULL: none yet */
};

#endif
