/* pages.h - models and handlers of the survey's pages. */
#ifndef RESEARCH_PAGES_H
#define RESEARCH_PAGES_H

#include "http/form.h"
#include "http/request.h"
#include "http/route.h"
#include "http/view.h"
#include "html/html.h"
#include "research/answers.h"
#include "research/distribution.h"
#include "research/frame.h"
#include "research/research.h"

/* All fieldworks. */
struct research_rounds_page {
    struct research_rounds {
        struct research_round_row {
            const char *quarter, *field_from, *field_to;
            struct protected_count answers;
            int64_t planned, units, all_units;
            struct opt_int refused;
            bool closed, demo;
        } * rows;
        size_t n;
    } list;
    bool may_edit;
};

/* One quarter. */
struct research_quarter_page {
    struct research_quarter_facts {
        const char *quarter, *field_from, *field_to;
        struct protected_count answers;
        int64_t planned, clusters;
        struct opt_int refused;
        bool closed, demo;
        const char *indicator; /* the chosen one */
    } facts;
    struct research_units {
        struct research_unit_row {
            const char *kato, *name, *href;
            int64_t adults, planned;
            struct protected_count answers;
            int64_t clusters;
        } * rows;
        size_t n;
    } units;
    struct import_list_list imports;
    struct survey_indicator_list_list indicators;
    struct research_figures {
        struct research_figure {
            int64_t id;
            const char *indicator, *kato, *place, *href, *status, *why;
            bool region;
            struct opt_num value, lower, upper;
            struct protected_count n;
        } * rows;
        size_t n;
    } figures, region; /* of the chosen indicator by place; of the region, every indicator */
    struct research_trend_rows {
        struct research_trend_point {
            const char *quarter;
            struct opt_num value, lower, upper;
        } * rows;
        size_t n;
    } trend;
    struct html dots, line; /* charts; n 0: none */
    const struct questionnaire *questions;
    struct distribution distribution;
    struct html shares;
    bool may_edit, has_round;
};

struct research_questionnaire_page {
    struct questionnaire *q;
};

/* A file between its check and the decision. */
struct research_upload_page {
    struct upload_by_id_row upload;
    struct answers *answers; /* NULL: the file as a whole is refused */
    const char *refused;
    struct research_upload_facts {
        const char *quarter, *file, *kind, *refused;
        int64_t rows_read, good, bad, n_errors;
        bool weighted;
    } facts;
    struct research_upload_errors {
        const struct answers_error *rows;
        size_t n;
    } errors;
};

struct research_import_page {
    const char *quarter;
    const char *const *examples; /* quarters of the demonstration, ends with NULL; empty outside of it */
};

struct research_frame_page {
    const char *quarter;
    bool has_round, closed, may_edit;
    struct research_strata {
        struct stratum *rows;
        size_t n;
    } strata;
    int64_t adults, planned;
};

struct research_upload_values {
    const char *quarter, *sheet;
    const struct file_part *file;
};
struct research_accept_values {
    bool good_rows;
};
struct research_round_values {
    const char *quarter, *field_from, *field_to;
    struct opt_int refused;
};
struct research_stratum_values {
    const char *quarter, *code, *source;
    struct opt_int population, planned;
};
struct research_frame_values {
    const char *quarter;
    const struct file_part *file;
};
extern const struct form research_upload_form, research_accept_form, research_round_form,
    research_stratum_form, research_frame_form;

extern const struct view research_rounds_view, research_quarter_view, research_questionnaire_view,
    research_import_view, research_upload_view, research_frame_view;

int research_rounds_get(struct request *rq);
int research_quarter_get(struct request *rq);
int research_quarter_post(struct request *rq);
int research_questionnaire_get(struct request *rq);
int research_import_get(struct request *rq);
int research_import_post(struct request *rq);
int research_upload_get(struct request *rq);
int research_accept_post(struct request *rq);
int research_discard_post(struct request *rq);
int research_remove_post(struct request *rq);
int research_export_get(struct request *rq);
int research_example_get(struct request *rq);
int research_frame_get(struct request *rq);
int research_stratum_post(struct request *rq);
int research_frame_post(struct request *rq);

extern const struct route research_routes[];
extern const struct nav_item research_nav[];

#endif
